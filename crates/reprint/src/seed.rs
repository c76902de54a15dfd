//! Fingerprints: grams of about equal information in every script, thinned to minimizers.
//!
//! A gram is the shortest run of folded characters that weighs at least [`GRAM`] units, so it is five Han
//! characters, ten Latin letters, or a mixture, without any notion of language or words. Hashes are a cyclic
//! polynomial over mixed code points (Cohen 1997), finished by an avalanche of our own constants; of every
//! window of [`WINDOW`] units the smallest is kept (winnowing; Schleimer, Wilkerson and Aiken 2003), so two
//! texts that share `GRAM + WINDOW` units share a seed. All values are pinned by a golden test: they decide
//! what is stored.

use crate::fold::{PLAIN, WIDE, for_each_folded, weight};

/// Least weight of a gram, in units.
pub(crate) const GRAM: u32 = 10;
/// Weight over which one minimizer is kept, in units.
pub(crate) const WINDOW: u32 = 16;
/// Characters on either side that go into the context of a seed.
const CONTEXT: usize = 4;

/// A kept fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seed {
    /// 48 bits of the gram's hash above 16 bits of context: eight for the characters before, eight for
    /// those after.
    pub(crate) key: u64,
    /// Byte where the gram starts.
    pub(crate) at: u32,
}

/// The part of a key that must be equal.
#[inline]
pub(crate) fn hash_of(key: u64) -> u64 {
    key >> 16
}

/// Whether the characters before or after the two grams agree as well.
#[inline]
pub(crate) fn context_agrees(left: u64, right: u64) -> bool {
    let differ = (left ^ right) & 0xffff;
    differ & 0xff == 0 || differ & 0xff00 == 0
}

#[inline]
fn mix(code: u32) -> u64 {
    let mut value = u64::from(code).wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value ^ (value >> 29)
}

#[inline]
fn finish(value: u64) -> u64 {
    let mut value = value.wrapping_mul(0xd6e8_feb8_6659_fd93);
    value ^= value >> 32;
    value = value.wrapping_mul(0xd6e8_feb8_6659_fd93);
    value ^ (value >> 32)
}

/// Room that is used again from text to text.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Mixed code points; the lowest bit of each says whether it is wide.
    mixed: Vec<u64>,
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
    let Scratch { mixed, bytes, grams } = scratch;
    mixed.clear();
    bytes.clear();
    grams.clear();
    for_each_folded(text, |at, code| {
        mixed.push(mix(code) & !1 | u64::from(weight(code) == WIDE));
        bytes.push((offset + at) as u32);
    });
    let weigh = |mixed: u64| PLAIN + (mixed & 1) as u32 * (WIDE - PLAIN);
    let (mut hash, mut first, mut held, mut until) = (0u64, 0usize, 0u32, 0u32);
    for (last, &code) in mixed.iter().enumerate() {
        hash = hash.rotate_left(1) ^ code;
        held += weigh(code);
        until += weigh(code);
        while held - weigh(mixed[first]) >= GRAM {
            hash ^= mixed[first].rotate_left((last - first) as u32);
            held -= weigh(mixed[first]);
            first += 1;
        }
        if held >= GRAM {
            let length = (last - first) as u64;
            grams.push(Gram { hash: finish(hash ^ (length << 56)), first: first as u32, until });
        }
    }
    let context = |from: usize, to: usize| -> u64 {
        let mut value = 0u64;
        for &mixed in mixed.get(from..to.min(mixed.len())).unwrap_or_default() {
            value = value.rotate_left(7) ^ mixed;
        }
        finish(value) >> 56
    };
    let mut emit = |gram: &Gram| {
        let first = gram.first as usize;
        let (mut next, mut held) = (first, 0);
        while held < GRAM {
            held += weigh(mixed[next]);
            next += 1;
        }
        let before = context(first.saturating_sub(CONTEXT), first);
        let after = context(next, next + CONTEXT);
        each(Seed { key: (gram.hash & !0xffff) | (before << 8) | after, at: bytes[first] });
    };
    // The window's smallest gram, the leftmost among equals.
    let mut left = 0;
    let mut smallest: Option<usize> = None;
    let mut emitted: Option<usize> = None;
    for right in 0..grams.len() {
        while grams[right].until - grams[left].until >= WINDOW {
            left += 1;
        }
        match smallest {
            Some(known) if known >= left => {
                if grams[right].hash < grams[known].hash {
                    smallest = Some(right);
                }
            }
            _ => smallest = (left..=right).min_by_key(|&at| (grams[at].hash, at)),
        }
        let full = grams[right].until - grams[0].until + 2 >= WINDOW || right + 1 == grams.len();
        if full && smallest != emitted {
            emitted = smallest;
            if let Some(at) = smallest {
                emit(&grams[at]);
            }
        }
    }
    until
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
            "00948a9973a27f08@12",
            "0c455ea8f201e2f4@18",
            "1c8f5c06e7a48b15@30",
            "159fad6b28e4fdba@52",
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
