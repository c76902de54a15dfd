//! Fingerprints: grams of about equal information in every script, thinned to minimizers.
//!
//! A gram is the shortest run of folded characters of a certain weight, so it is five Han characters, eight Latin
//! letters, or a mixture, without any notion of language or words. Hashes are
//! differences of one polynomial over the whole text (Karp and Rabin 1987), finished by an avalanche of our own
//! constants; of every window of [`WINDOW`] units the smallest is kept (winnowing; Schleimer, Wilkerson and
//! Aiken 2003), so two texts that share a gram and a window share a seed. All values are pinned by a golden
//! test: they decide what is stored.

use crate::fold::{WIDE, for_each_folded, weight};

/// About what a gram weighs, in units.
pub(crate) const GRAM: u32 = 10;

/// Grams are weighed by a finer measure: five Han characters, or eight letters, make one. Letters count a little
/// more here than in lengths of text, since every one more in a gram is one more that noise can hit.
const WIDE_SHARE: u32 = 8;
const PLAIN_SHARE: u32 = 5;
/// Least weight of a gram, in shares.
const GRAM_SHARES: u32 = 40;
/// Weight over which one minimizer is kept, in shares: eight Han characters, thirteen letters.
const WINDOW: u32 = 64;
/// Weight of the context of a seed on either side, in shares.
const CONTEXT: u32 = 32;
/// Bits of a key below the hash: eight for the characters before, eight for those after, eight that are empty.
const BELOW_HASH: u32 = 24;

/// A kept fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seed {
    /// 40 bits of the gram's hash, eight of the characters before, eight of those after, eight empty.
    pub(crate) key: u64,
    /// Byte where the gram starts.
    pub(crate) at: u32,
}

/// The part of a key that must be equal.
#[inline]
pub(crate) fn hash_of(key: u64) -> u64 {
    key >> BELOW_HASH
}

/// The part of a key that tells of the characters before the gram.
pub(crate) fn before_of(key: u64) -> u8 {
    (key >> 16) as u8
}

/// The part of a key that tells of the characters after the gram.
pub(crate) fn after_of(key: u64) -> u8 {
    (key >> 8) as u8
}

/// Base of the polynomial.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

const fn powers() -> [u64; 33] {
    let mut powers = [1u64; 33];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1].wrapping_mul(BASE);
        at += 1;
    }
    powers
}

static POWERS: [u64; 33] = powers();

#[inline]
fn finish(value: u64) -> u64 {
    let value = (value ^ (value >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    value ^ (value >> 29)
}

/// Room that is used again from text to text.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// The polynomial over everything before each character, and over everything.
    sums: Vec<u64>,
    /// Shares before each character, and of everything.
    shares: Vec<u32>,
    bytes: Vec<u32>,
    grams: Vec<Gram>,
}

#[derive(Clone, Copy, Debug)]
struct Gram {
    hash: u64,
    first: u32,
    /// Weight of all characters up to and with the last.
    until: u32,
}

/// Long texts are fingerprinted in parts of this many bytes, so that the room needed does not grow with them.
const PART: usize = 4 << 20;
/// Parts overlap by this, so that no shared stretch is lost at a cut.
const OVERLAP: usize = 1 << 10;

/// Calls `each` with every seed of `text`, in order of place, and returns the weight of the text in units.
pub(crate) fn seeds(text: &str, scratch: &mut Scratch, mut each: impl FnMut(Seed)) -> u32 {
    let mut total = 0u32;
    let mut start = 0;
    loop {
        let mut end = (start + PART).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let units = seeds_of_part(&text[start..end], start, scratch, &mut each);
        total = total.saturating_add(units);
        if end == text.len() {
            return total;
        }
        start = end - OVERLAP;
        while !text.is_char_boundary(start) {
            start -= 1;
        }
    }
}

fn seeds_of_part(text: &str, offset: usize, scratch: &mut Scratch, each: &mut impl FnMut(Seed)) -> u32 {
    let Scratch { sums, shares, bytes, grams } = scratch;
    sums.clear();
    shares.clear();
    bytes.clear();
    grams.clear();
    let (mut sum, mut held, mut weighed) = (0u64, 0u32, 0u32);
    for_each_folded(text, |at, code| {
        sums.push(sum);
        shares.push(held);
        bytes.push((offset + at) as u32);
        sum = sum.wrapping_mul(BASE).wrapping_add(u64::from(code) + 1);
        let weight = weight(code);
        weighed += weight;
        held += if weight == WIDE { WIDE_SHARE } else { PLAIN_SHARE };
    });
    sums.push(sum);
    shares.push(held);
    let count = bytes.len();
    let hash =
        |from: usize, to: usize| finish(sums[to].wrapping_sub(sums[from].wrapping_mul(POWERS[to - from])));
    let mut first = 0;
    for end in 1..=count {
        let until = shares[end];
        while until - shares[first + 1] >= GRAM_SHARES {
            first += 1;
        }
        if until - shares[first] >= GRAM_SHARES {
            grams.push(Gram { hash: hash(first, end), first: first as u32, until });
        }
    }
    let mut emit = |gram: &Gram| {
        let first = gram.first as usize;
        let step = |mut at: usize, weight: u32| {
            let until = shares[at] + weight;
            while at < count && shares[at] < until {
                at += 1;
            }
            at
        };
        let next = step(first, GRAM_SHARES);
        let mut before = first;
        while before > 0 && shares[first] - shares[before] < CONTEXT {
            before -= 1;
        }
        let context = (hash(before, first) >> 56) << 16 | (hash(next, step(next, CONTEXT)) >> 56) << 8;
        each(Seed { key: gram.hash >> BELOW_HASH << BELOW_HASH | context, at: bytes[first] });
    };
    // The window's smallest gram, the leftmost among equals.
    let mut left = 0;
    let mut smallest = 0;
    let mut emitted = usize::MAX;
    for right in 0..grams.len() {
        let Gram { hash, until, .. } = grams[right];
        while until - grams[left].until >= WINDOW {
            left += 1;
        }
        if smallest < left {
            smallest = left;
            for at in left + 1..=right {
                if grams[at].hash < grams[smallest].hash {
                    smallest = at;
                }
            }
        } else if hash < grams[smallest].hash {
            smallest = right;
        }
        let full = until - grams[0].until + WIDE_SHARE >= WINDOW || right + 1 == grams.len();
        if full && smallest != emitted {
            emitted = smallest;
            emit(&grams[smallest]);
        }
    }
    weighed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Seed> {
        let mut found = Vec::new();
        seeds(text, &mut Scratch::default(), |seed| found.push(seed));
        found
    }

    /// The values decide what archives store: a change here is a new index format.
    #[test]
    fn seeds_are_pinned() {
        let shown: Vec<String> = all("石门口岸十九日恢复货运，the first train left at 6 o'clock с чаем.")
            .iter()
            .map(|seed| format!("{:016x}@{}", seed.key, seed.at))
            .collect();
        insta::assert_debug_snapshot!(shown, @r#"
        [
            "132a06a71676cb00@9",
            "24a76274ee797300@24",
            "1f528803447f3400@42",
            "0aed691f9b4d9d00@58",
            "0073df339b10d900@65",
        ]
        "#);
    }

    #[test]
    fn white_space_width_case_and_punctuation_change_no_hash() {
        let hashes = |text: &str| all(text).iter().map(|seed| seed.key).collect::<Vec<_>>();
        assert_eq!(
            hashes("石门口岸十九日恢复货运，Ａ１B２列车开出"),
            hashes("石 门口岸\n十九日——恢复货运a1b2“列车”开出")
        );
    }

    #[test]
    fn a_long_text_has_the_seeds_of_its_parts() {
        let sentence: String = (0u32..600_000)
            .filter_map(|at| char::from_u32(0x4e00 + at.wrapping_mul(2_654_435_761) % 20_000))
            .collect();
        let found = all(&sentence);
        let last = found.last().map_or(0, |seed| seed.at as usize);
        assert!(sentence.len() > PART / 3 && last + 100 > sentence.len());
    }
}
