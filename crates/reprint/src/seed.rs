//! Fingerprints: grams of about equal information in every script, thinned to samples.
//!
//! A gram is the shortest run of folded characters of a certain weight, so it is five Han characters, eight letters,
//! or a mixture, without any notion of language or words. Its hash is one wide product of its characters (as in Wang
//! Yi's wyhash, with constants of our own). A gram is kept when its hash is among the lowest (sampling by content, as
//! in Manber 1994), and where a window of [`WINDOW`] holds none of those, its smallest (winnowing; Schleimer, Wilkerson
//! and Aiken 2003). All values are pinned by a golden test: they decide what is stored.

use crate::fold::{Code, PLAIN, WIDE, is_wide};

/// About what a gram weighs, in units.
pub(crate) const GRAM: u32 = 10;

/// Grams are weighed by a finer measure: five Han characters, or eight letters, make one. Letters count a little
/// more here than in lengths of text, since every one more in a gram is one more that noise can hit.
const WIDE_SHARE: u32 = 8;
const PLAIN_SHARE: u32 = 5;
/// Least weight of a gram, in shares.
const GRAM_SHARES: u32 = 40;
/// Most characters of a gram.
const LONGEST: usize = 8;
/// A gram is sampled when its rank is below this: one in eight that end in a Han character, one in thirteen that end
/// in a letter. Which it is hangs on the gram alone, so that an error beside it takes nothing away; what a minimizer
/// would keep at the same number of seeds is half as much of a noisy text.
const WIDE_SAMPLE: u32 = u32::MAX / 8;
const PLAIN_SAMPLE: u32 = u32::MAX / 13;
/// Weight within which a gram is kept all the same, in shares: sixteen Han characters, twenty-five letters. Two texts
/// that share as much and a gram more share a seed.
const WINDOW: u64 = 128;
/// Grams that end in a window, at most, and the room for them: a power of two.
const RING: usize = 32;
/// Characters of the context of a seed on either side.
const CONTEXT: usize = 4;
/// Bits of a key below the hash: eight for the characters before, eight for those after, four each for those beyond.
const BELOW_HASH: u32 = 24;

/// A kept fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seed {
    /// 40 bits of the gram's hash, eight of the characters before, eight of those after, and four each of those beyond.
    pub(crate) key: u64,
    /// Folded character with which the gram starts.
    pub(crate) at: u32,
}

/// The part of a key that must be equal.
#[inline]
pub(crate) fn hash_of(key: u64) -> u64 {
    key >> BELOW_HASH
}

/// The part of a key that tells of the characters around the gram, alone.
#[inline]
pub(crate) fn context_of(key: u64) -> u32 {
    key as u32 & ((1 << BELOW_HASH) - 1)
}

/// The part of a key that tells of the characters before the gram.
#[inline]
pub(crate) fn before_of(key: u64) -> u8 {
    (key >> 16) as u8
}

/// The part of a key that tells of the characters after the gram.
#[inline]
pub(crate) fn after_of(key: u64) -> u8 {
    (key >> 8) as u8
}

/// The part of a key that tells of the characters before those, four bits, and after those, four bits.
#[inline]
pub(crate) fn further_of(key: u64) -> u8 {
    key as u8
}

/// Constants of the hash.
const MIX: [u64; 3] = [0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93, 0xa0c5_2b41_17e3_96db];

/// What the gram that ends with a character consists of, by which of the eight characters up to it are wide (the last
/// in the lowest bit): its length, and which bits of them belong to it.
#[derive(Clone, Copy)]
struct Shape {
    length: usize,
    low: u64,
    high: u64,
}

const fn shapes() -> [Shape; 1 << LONGEST] {
    let mut shapes = [Shape { length: 0, low: 0, high: 0 }; 1 << LONGEST];
    let mut wide = 0;
    while wide < shapes.len() {
        let (mut length, mut shares) = (0, 0);
        while shares < GRAM_SHARES {
            shares += if wide >> length & 1 == 1 { WIDE_SHARE } else { PLAIN_SHARE };
            length += 1;
        }
        let bits = length as u32 * Code::BITS;
        shapes[wide] = Shape {
            length,
            low: u64::MAX,
            high: if bits == 128 { u64::MAX } else { (1 << (bits - 64)) - 1 },
        };
        wide += 1;
    }
    shapes
}

static SHAPES: [Shape; 1 << LONGEST] = shapes();

#[inline(always)]
fn product(low: u64, high: u64) -> u64 {
    let wide = u128::from(low ^ MIX[0]) * u128::from(high ^ MIX[1]);
    (wide as u64 ^ (wide >> 64) as u64).wrapping_mul(MIX[2])
}

/// The gram that ends with a character, by definition: its length and hash; nothing where the text starts later.
fn gram_at(codes: &[Code], end: usize) -> Option<(usize, u64)> {
    let (mut low, mut high, mut shape) = (0u64, 0u64, 0usize);
    for &code in &codes[(end + 1).saturating_sub(LONGEST)..=end] {
        high = high << Code::BITS | low >> (64 - Code::BITS);
        low = low << Code::BITS | u64::from(code);
        shape = shape << 1 | usize::from(is_wide(code));
    }
    let Shape { length, low: in_low, high: in_high } = SHAPES[shape];
    (length <= end + 1).then(|| (length, product(low & in_low, high & in_high)))
}

/// The seed of a gram.
fn seed_of(codes: &[Code], end: usize, length: usize, hash: u64) -> Seed {
    let (first, next) = (end + 1 - length, end + 1);
    // Mostly the gram has enough characters on either side.
    let whole = first.checked_sub(2 * CONTEXT).and_then(|from| {
        let (further, near) = codes[from..first].split_at_checked(CONTEXT)?;
        let (after, beyond) = codes.get(next..next + 2 * CONTEXT)?.split_at_checked(CONTEXT)?;
        let four = |codes: &[Code]| codes.first_chunk::<CONTEXT>().map(joined);
        Some([four(near)?, four(after)?, four(further)?, four(beyond)?])
    });
    let [before, after, further, beyond] = whole.unwrap_or_else(|| {
        let (back, ahead) = (first.saturating_sub(CONTEXT), (next + CONTEXT).min(codes.len()));
        let end = (ahead + CONTEXT).min(codes.len());
        let parts = [back..first, next..ahead, back.saturating_sub(CONTEXT)..back, ahead..end];
        parts.map(|part| match codes[part.clone()].first_chunk() {
            Some(four) => joined(four),
            // Fewer are marked as such.
            None => codes[part].iter().fold(1u64, |four, &code| four << Code::BITS | u64::from(code)),
        })
    });
    let [before, after] = [before, after].map(|four| product(four, 0) >> 56);
    let [further, beyond] = [further, beyond].map(|four| (four ^ MIX[1]).wrapping_mul(MIX[0]) >> 60);
    let context = before << 16 | after << 8 | further << 4 | beyond;
    Seed { key: hash >> BELOW_HASH << BELOW_HASH | context, at: first as u32 }
}

/// The characters of a context as one number.
#[inline(always)]
fn joined(&[a, b, c, d]: &[Code; CONTEXT]) -> u64 {
    [b, c, d].into_iter().fold(u64::from(a), |four, code| four << Code::BITS | u64::from(code))
}

/// What decides whether a gram is sampled: bits that the key leaves out.
#[inline(always)]
fn rank_of(hash: u64) -> u32 {
    hash as u32
}

/// The lowest bits of a shape where nothing but wide characters makes a gram.
const ALL_WIDE: usize = (1 << (GRAM_SHARES / WIDE_SHARE)) - 1;

/// What a character weighs, in shares.
fn share(code: Code) -> u64 {
    u64::from(if is_wide(code) { WIDE_SHARE } else { PLAIN_SHARE })
}

/// Calls `each` with every seed of a folded text, in order of place, and returns the weight of the text in units.
pub(crate) fn seeds(codes: &[Code], mut each: impl FnMut(Seed)) -> u32 {
    // The grams of the latest window.
    let mut hashes = [0u64; RING];
    let (mut low, mut high, mut shape, mut until, mut wides) = (0u64, 0u64, 0usize, 0u64, 0u32);
    // The weight at which a window without a sampled gram is closed, and the rank of the smallest gram of the window
    // that was closed last.
    let (mut deadline, mut least) = (0u64, 0u32);
    let mut any = false;
    for (end, &code) in codes.iter().enumerate() {
        high = high << Code::BITS | low >> (64 - Code::BITS);
        low = low << Code::BITS | u64::from(code);
        let wide = u32::from(is_wide(code));
        shape = (shape << 1 | wide as usize) & (SHAPES.len() - 1);
        wides += wide;
        until += u64::from(PLAIN_SHARE + wide * (WIDE_SHARE - PLAIN_SHARE));
        // Mostly all of it is of one kind.
        let hash = if shape == 0 {
            product(low, high)
        } else if shape & ALL_WIDE == ALL_WIDE {
            product(low, high & u64::from(Code::MAX))
        } else {
            let Shape { low: in_low, high: in_high, .. } = SHAPES[shape];
            product(low & in_low, high & in_high)
        };
        let rank = rank_of(hash);
        let limit = if wide == 1 { WIDE_SAMPLE } else { PLAIN_SAMPLE };
        hashes[end % RING] = hash;
        // Mostly it is neither sampled, nor smaller than the smallest of a closed window, nor closes a window.
        if rank >= limit.max(least) && until < deadline {
            continue;
        }
        let length = SHAPES[shape].length;
        if end + 1 < length {
            hashes[end % RING] = u64::MAX;
            continue;
        }
        if rank < limit {
            each(seed_of(codes, end, length, hash));
            any = true;
            (deadline, least) = (until + WINDOW, 0);
        } else if deadline == 0 {
            deadline = until + WINDOW - u64::from(WIDE_SHARE);
        } else if rank < least {
            each(seed_of(codes, end, length, hash));
            (deadline, least) = (until + WINDOW, rank);
        } else {
            // The smallest gram of the window, the leftmost among equals.
            let (mut at, mut back) = (end, 0);
            let (mut smallest, mut after) = (end, 0);
            loop {
                if rank_of(hashes[at % RING]) <= rank_of(hashes[smallest % RING]) {
                    (smallest, after) = (at, back);
                }
                back += share(codes[at]);
                if back >= WINDOW || at == 0 || end - at + 1 == RING {
                    break;
                }
                at -= 1;
            }
            if let Some((length, hash)) = gram_at(codes, smallest) {
                each(seed_of(codes, smallest, length, hash));
                any = true;
            }
            (deadline, least) = (until - after + WINDOW, rank_of(hashes[smallest % RING]));
        }
    }
    if !any {
        let grams =
            (0..codes.len()).filter_map(|end| gram_at(codes, end).map(|(length, hash)| (end, length, hash)));
        if let Some((end, length, hash)) = grams.min_by_key(|&(_, _, hash)| rank_of(hash)) {
            each(seed_of(codes, end, length, hash));
        }
    }
    wides * WIDE + (codes.len() as u32 - wides) * PLAIN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::Folded;

    fn all(text: &str) -> Vec<Seed> {
        let mut found = Vec::new();
        seeds(&Folded::of(text).codes, |seed| found.push(seed));
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
            "8201ddb416621f6d@5",
            "90aea9e81844b99e@6",
            "03bcb82a010292c3@7",
            "01fa4bd208873686@8",
            "534ac73d09b9cc9e@9",
            "e89ceb680f1fe57d@14",
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

    /// Which grams are kept hangs on the window around them alone: two texts that share a window and a gram share a
    /// seed, and the walk keeps what the definition keeps.
    #[test]
    fn every_window_holds_a_seed() {
        let mut state = 7u32;
        let mut next = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        let text: String = (0..20_000)
            .filter_map(|_| char::from_u32(if next(3) == 0 { 0x61 + next(20) } else { 0x4e00 + next(4000) }))
            .collect();
        let codes = Folded::of(&text).codes;
        let kept: Vec<u32> = all(&text).iter().map(|seed| seed.at).collect();
        assert!(kept.windows(2).all(|pair| pair[0] <= pair[1]));
        let shares = |from: u32, to: u32| -> u32 {
            let share = |code: &Code| if is_wide(*code) { WIDE_SHARE } else { PLAIN_SHARE };
            codes[from as usize..to as usize].iter().map(share).sum()
        };
        assert!(kept.windows(2).all(|pair| shares(pair[0], pair[1]) <= WINDOW as u32 + 2 * GRAM_SHARES));
    }
}
