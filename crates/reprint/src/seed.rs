//! Fingerprints: grams of about equal information in every script, thinned to samples.
//!
//! A gram is the shortest run of folded characters of a certain weight, so it is five Han characters, eight Latin
//! letters, or a mixture, without any notion of language or words. Hashes are
//! differences of one polynomial over the whole text (Karp and Rabin 1987), finished by an avalanche of our own
//! constants. A gram is kept when its hash is among the lowest (sampling by content, as in Manber 1994), and where
//! a window of [`WINDOW`] holds none of those, its smallest (winnowing; Schleimer, Wilkerson and Aiken 2003). All
//! values are pinned by a golden test: they decide what is stored.

use crate::fold::{PLAIN, PLAIN_SHARE, UNFOLDS, WIDE, WIDE_SHARE, decode, several, shares as table, weight};

/// About what a gram weighs, in units.
pub(crate) const GRAM: u32 = 10;

/// Least weight of a gram, in shares.
const GRAM_SHARES: u32 = 40;
/// A gram is sampled when its rank is below this: one in eight that end in a Han character, one in thirteen that end
/// in a letter. Which it is hangs on the gram alone, so that an error beside it takes nothing away; what a minimizer
/// would keep at the same number of seeds is half as much of a noisy text.
const WIDE_SAMPLE: u32 = u32::MAX / 8;
const PLAIN_SAMPLE: u32 = u32::MAX / 13;
/// Weight within which a gram is kept all the same, in shares: sixteen Han characters, twenty-five letters. Two texts
/// that share as much and a gram more share a seed.
const WINDOW: u32 = 128;
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
    let table = table();
    let part = text.as_bytes();
    // Room for the most there can be but for forms that unfold; writing first and counting after keeps the loop free
    // of a branch on every dropped character.
    let mut room = part.len() + 1;
    for column in [&mut *shares, &mut *bytes] {
        column.resize(column.len().max(room), 0);
    }
    sums.resize(sums.len().max(room), 0);
    let (mut sum, mut held, mut wide, mut count) = (0u64, 0u32, 0u32, 0usize);
    let mut at = 0;
    while at < part.len() {
        let (code, width) = decode(part, at);
        let entry = table.get(code as usize).copied().unwrap_or(UNFOLDS);
        if entry == UNFOLDS {
            several(code, &mut |code| {
                if count + 1 + part.len() - at >= room {
                    room += 64;
                    for column in [&mut *shares, &mut *bytes] {
                        column.resize(column.len().max(room), 0);
                    }
                    sums.resize(sums.len().max(room), 0);
                }
                (sums[count], shares[count], bytes[count]) = (sum, held, (offset + at) as u32);
                count += 1;
                sum = sum.wrapping_mul(BASE).wrapping_add(u64::from(code) + 1);
                let is_wide = weight(code) == WIDE;
                held += if is_wide { WIDE_SHARE } else { PLAIN_SHARE };
                wide += u32::from(is_wide);
            });
            at += width;
            continue;
        }
        (sums[count], shares[count], bytes[count]) = (sum, held, (offset + at) as u32);
        let share = entry >> 16;
        let kept = share != 0;
        let next = sum.wrapping_mul(BASE).wrapping_add(u64::from(entry & 0xffff) + 1);
        sum = if kept { next } else { sum };
        held += share;
        wide += u32::from(share == WIDE_SHARE);
        count += usize::from(kept);
        at += width;
    }
    (sums[count], shares[count]) = (sum, held);
    let weighed = wide * WIDE + (count as u32 - wide) * PLAIN;
    let (sums, shares, bytes) = (&sums[..=count], &shares[..=count], &bytes[..count]);
    let hash =
        |from: usize, to: usize| finish(sums[to].wrapping_sub(sums[from].wrapping_mul(POWERS[to - from])));
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
    grams.clear();
    // Where the grams start that no window has been closed over since the last that was sampled.
    let mut open = 0;
    let mut smallest = usize::MAX;
    let mut any = false;
    let mut first = 0;
    for end in 1..=count {
        let until = shares[end];
        while until - shares[first + 1] >= GRAM_SHARES {
            first += 1;
        }
        if until - shares[first] < GRAM_SHARES {
            continue;
        }
        let gram = Gram { hash: hash(first, end), first: first as u32, until };
        let limit = if until - shares[end - 1] == WIDE_SHARE { WIDE_SAMPLE } else { PLAIN_SAMPLE };
        grams.push(gram);
        if gram.rank() < limit {
            emit(&gram);
            any = true;
            open = grams.len();
            smallest = usize::MAX;
            continue;
        }
        // A window in which nothing was sampled: its smallest gram, the leftmost among equals.
        if until - grams[open].until + WIDE_SHARE >= WINDOW {
            while until - grams[open].until >= WINDOW {
                open += 1;
            }
            let least = (open..grams.len()).min_by_key(|&at| grams[at].rank()).unwrap_or(open);
            if least != smallest {
                smallest = least;
                emit(&grams[least]);
                any = true;
            }
        }
    }
    if !any && let Some(least) = grams.iter().min_by_key(|gram| gram.rank()) {
        emit(least);
    }
    weighed
}

impl Gram {
    /// What decides whether it is sampled: bits that the key leaves out.
    #[inline]
    fn rank(&self) -> u32 {
        self.hash as u32
    }
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
            "84276f3212b44300@30",
            "6cb19912124f2500@41",
            "9dad8aee094f1400@43",
            "d2055a2611191000@44",
            "ed0a1197113e3f00@47",
            "60d5ea4e0b80fd00@57",
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
