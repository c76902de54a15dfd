//! Fingerprints: grams of about equal information in every script, thinned to samples.
//!
//! A gram is the shortest run of folded characters of a certain weight, so it is five Han characters, eight letters,
//! or a mixture, without any notion of language or words. Its hash is one wide product of its characters (as in Wang
//! Yi's wyhash, with constants of our own). A gram is kept when its hash is among the lowest (sampling by content, as
//! in Manber 1994), and where a window of [`WINDOW`] holds none of those, its smallest (winnowing; Schleimer, Wilkerson
//! and Aiken 2003). All values are pinned by a golden test: they decide what is stored.

use crate::fold::{Code, FIRST_WIDE, is_han, is_wide, units_of};

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
/// in the lowest bit): its length, and which bits of the four characters before the last four belong to it.
#[derive(Clone, Copy)]
struct Shape {
    length: usize,
    high: u64,
}

const fn shapes() -> [Shape; 1 << LONGEST] {
    let mut shapes = [Shape { length: 0, high: 0 }; 1 << LONGEST];
    let mut wide = 0;
    while wide < shapes.len() {
        let (mut length, mut shares) = (0, 0);
        while shares < GRAM_SHARES {
            shares += if wide >> length & 1 == 1 { WIDE_SHARE } else { PLAIN_SHARE };
            length += 1;
        }
        shapes[wide] = Shape { length, high: u64::MAX >> ((LONGEST - length) as u32 * Code::BITS) };
        wide += 1;
    }
    shapes
}

static SHAPES: [Shape; 1 << LONGEST] = shapes();
/// Where nothing but wide characters makes a gram.
const ALL_WIDE: Shape = SHAPES_OF_ONE_KIND[1];
const ALL_PLAIN: Shape = SHAPES_OF_ONE_KIND[0];
const SHAPES_OF_ONE_KIND: [Shape; 2] = [shapes()[0], shapes()[(1 << LONGEST) - 1]];

/// The hash of a gram of its last four characters and of those before them.
#[inline(always)]
fn product(low: u64, high: u64) -> u64 {
    let wide = u128::from(low ^ MIX[0]) * u128::from(high ^ MIX[1]);
    (wide as u64 ^ (wide >> 64) as u64).wrapping_mul(MIX[2])
}

/// The eight characters up to one as two numbers, the last in the lowest bits of the first.
#[derive(Clone, Copy, Default)]
struct Rolling {
    low: u64,
    high: u64,
}

impl Rolling {
    fn of(window: &[Code; LONGEST]) -> Rolling {
        let [a, b, c, d, e, f, g, h] = *window;
        Rolling { low: four(&[e, f, g, h]), high: four(&[a, b, c, d]) }
    }

    #[inline(always)]
    fn push(&mut self, code: Code) {
        self.high = self.high << Code::BITS | self.low >> (u64::BITS - Code::BITS);
        self.low = self.low << Code::BITS | u64::from(code);
    }

    /// The hash of the gram of some shape that ends them.
    #[inline(always)]
    fn hash(self, shape: Shape) -> u64 {
        product(self.low, self.high & shape.high)
    }
}

/// Four characters as one number, the last in its lowest bits.
#[inline(always)]
fn four(&[a, b, c, d]: &[Code; CONTEXT]) -> u64 {
    [b, c, d].into_iter().fold(u64::from(a), |four, code| four << Code::BITS | u64::from(code))
}

/// Some characters before others.
#[inline(always)]
fn rolled(before: &[Code]) -> Rolling {
    let mut rolling = Rolling::default();
    before.iter().for_each(|&code| rolling.push(code));
    rolling
}

/// The eight characters up to one, with nothing for those before the first.
#[inline(always)]
fn window_at(codes: &[Code], end: usize) -> [Code; LONGEST] {
    let whole = (end + 1).checked_sub(LONGEST).and_then(|from| codes[from..].first_chunk());
    whole.copied().unwrap_or_else(|| {
        let mut window = [0; LONGEST];
        window[LONGEST - 1 - end..].copy_from_slice(&codes[..=end]);
        window
    })
}

/// The gram that ends with a character: its length and hash; nothing where the text starts later.
fn gram_at(codes: &[Code], end: usize) -> Option<(usize, u64)> {
    let window = window_at(codes, end);
    let shape = window.iter().fold(0, |shape, &code| shape << 1 | usize::from(is_wide(code)));
    let shape = SHAPES[shape];
    (shape.length <= end + 1).then(|| (shape.length, Rolling::of(&window).hash(shape)))
}

/// The seed of a gram.
fn seed_of(codes: &[Code], end: usize, length: usize, hash: u64) -> Seed {
    let (first, next) = (end + 1 - length, end + 1);
    // Mostly the gram has enough characters on either side.
    let whole = first.checked_sub(2 * CONTEXT).and_then(|from| {
        let (further, near) = codes[from..first].split_at_checked(CONTEXT)?;
        let (after, beyond) = codes.get(next..next + 2 * CONTEXT)?.split_at_checked(CONTEXT)?;
        let told = |codes: &[Code]| codes.first_chunk::<CONTEXT>().map(four);
        Some([told(near)?, told(after)?, told(further)?, told(beyond)?])
    });
    let [before, after, further, beyond] = whole.unwrap_or_else(|| {
        let (back, ahead) = (first.saturating_sub(CONTEXT), (next + CONTEXT).min(codes.len()));
        let end = (ahead + CONTEXT).min(codes.len());
        let parts = [back..first, next..ahead, back.saturating_sub(CONTEXT)..back, ahead..end];
        parts.map(|part| match codes[part.clone()].first_chunk() {
            Some(whole) => four(whole),
            // Fewer are marked as such.
            None => codes[part].iter().fold(1u64, |four, &code| four << Code::BITS | u64::from(code)),
        })
    });
    let [before, after] = [before, after].map(|four| product(four, 0) >> 56);
    let [further, beyond] = [further, beyond].map(|four| (four ^ MIX[1]).wrapping_mul(MIX[0]) >> 60);
    let context = before << 16 | after << 8 | further << 4 | beyond;
    Seed { key: hash >> BELOW_HASH << BELOW_HASH | context, at: first as u32 }
}

/// What decides whether a gram is sampled: bits that the key leaves out.
#[inline(always)]
fn rank_of(hash: u64) -> u32 {
    hash as u32
}

/// Grams that are looked at together, and the characters that they are made of.
const TOGETHER: usize = 8;
const OF_TOGETHER: usize = TOGETHER + LONGEST - 1;

/// Where the sampling stands.
#[derive(Default)]
struct Sampling {
    /// The characters so far.
    rolling: Rolling,
    /// Weight so far, in shares.
    until: u64,
    /// The weight at which a window without a sampled gram is closed.
    deadline: u64,
    /// The rank of the smallest gram of the window that was closed last.
    least: u32,
    any: bool,
}

impl Sampling {
    /// A gram that ends at this weight is kept.
    fn keep(&mut self, until: u64, rank: u32, limit: u32) {
        self.any |= rank < limit;
        (self.deadline, self.least) = (until + WINDOW, if rank < limit { 0 } else { rank });
    }

    /// Looks at some grams of one shape, as far as none of them can close a window, and returns how many.
    #[inline(always)]
    fn look(
        &mut self,
        (codes, from): (&[Code], usize),
        block: &[Code; OF_TOGETHER],
        (shape, share, limit): (Shape, u64, u32),
        each: &mut impl FnMut(Seed),
    ) -> usize {
        let open = (self.deadline - self.until - 1) / share;
        let count = TOGETHER.min(open as usize);
        let mut below = limit.max(self.least);
        let mut rolling = self.rolling;
        for (at, &code) in block[LONGEST - 1..][..count].iter().enumerate() {
            rolling.push(code);
            let hash = rolling.hash(shape);
            if rank_of(hash) < below {
                each(seed_of(codes, from + at, shape.length, hash));
                self.keep(self.until + share * (at as u64 + 1), rank_of(hash), limit);
                below = limit.max(self.least);
            }
        }
        self.rolling = rolling;
        self.until += share * count as u64;
        count
    }

    /// Looks at the gram that ends with a character, given which of the characters up to it are wide.
    #[inline(always)]
    fn look_at(&mut self, codes: &[Code], end: usize, shape: usize, each: &mut impl FnMut(Seed)) {
        self.rolling.push(codes[end]);
        let wide = shape & 1;
        self.until += u64::from(PLAIN_SHARE) + wide as u64 * u64::from(WIDE_SHARE - PLAIN_SHARE);
        let shape = SHAPES[shape];
        let hash = self.rolling.hash(shape);
        let (rank, limit) = (rank_of(hash), if wide == 1 { WIDE_SAMPLE } else { PLAIN_SAMPLE });
        if rank >= limit.max(self.least) && self.until < self.deadline || end + 1 < shape.length {
            return;
        }
        if rank < limit.max(self.least) {
            each(seed_of(codes, end, shape.length, hash));
            self.keep(self.until, rank, limit);
        } else if self.deadline == 0 {
            self.deadline = self.until + WINDOW - u64::from(WIDE_SHARE);
        } else {
            self.close(codes, end, each);
        }
    }

    /// Keeps the smallest gram of a window that ends with a character, the leftmost among equals.
    fn close(&mut self, codes: &[Code], end: usize, each: &mut impl FnMut(Seed)) {
        let of_letters = codes[..=end].last_chunk::<OF_LETTERS>();
        let of_han = codes[..=end].last_chunk::<OF_HAN>();
        let (rank, at, after) = if let Some(part) = of_letters.filter(|part| all_letters(&part[..])) {
            smallest(part, end, ALL_PLAIN, u64::from(PLAIN_SHARE))
        } else if let Some(part) = of_han.filter(|part| all_han(&part[LONGEST - ALL_WIDE.length..])) {
            smallest(part, end, ALL_WIDE, u64::from(WIDE_SHARE))
        } else {
            let (mut at, mut back) = (end, 0);
            let mut smallest = (u32::MAX, end, 0);
            loop {
                if let Some((_, hash)) = gram_at(codes, at)
                    && rank_of(hash) <= smallest.0
                {
                    smallest = (rank_of(hash), at, back);
                }
                back += u64::from(if is_wide(codes[at]) { WIDE_SHARE } else { PLAIN_SHARE });
                if back >= WINDOW || at == 0 {
                    break;
                }
                at -= 1;
            }
            smallest
        };
        if let Some((length, hash)) = gram_at(codes, at) {
            each(seed_of(codes, at, length, hash));
            self.any = true;
        }
        (self.deadline, self.least) = (self.until - after + WINDOW, rank);
    }
}

/// Characters of a window of letters, and of one of Han characters, with all of its grams.
const OF_LETTERS: usize = WINDOW.div_ceil(PLAIN_SHARE as u64) as usize + LONGEST - 1;
const OF_HAN: usize = WINDOW.div_ceil(WIDE_SHARE as u64) as usize + LONGEST - 1;

#[inline(always)]
fn all_letters(codes: &[Code]) -> bool {
    codes.iter().fold(true, |all, &code| all & (code < FIRST_WIDE))
}

#[inline(always)]
fn all_han(codes: &[Code]) -> bool {
    codes.iter().fold(true, |all, &code| all & is_han(code))
}

/// The rank of the smallest gram of one shape in a window that ends with a character, where it ends, and the weight after
/// it.
#[inline(always)]
fn smallest(part: &[Code], end: usize, shape: Shape, share: u64) -> (u32, usize, u64) {
    let (before, ends) = part.split_at(LONGEST - 1);
    let mut rolling = rolled(before);
    let last = ends.len() - 1;
    let mut smallest = (u32::MAX, last);
    for (at, &code) in ends.iter().enumerate() {
        rolling.push(code);
        let rank = rank_of(rolling.hash(shape));
        if rank < smallest.0 {
            smallest = (rank, at);
        }
    }
    let after = last - smallest.1;
    (smallest.0, end - after, share * after as u64)
}

/// Calls `each` with every seed of a folded text, in order of place, and returns the weight of the text in units.
pub(crate) fn seeds(codes: &[Code], mut each: impl FnMut(Seed)) -> u32 {
    let mut sampling = Sampling::default();
    let mut end = 0;
    while end < codes.len() {
        // Mostly all is of one kind for a while, and no window ends there.
        let block = (end + 1).checked_sub(LONGEST).and_then(|from| codes[from..].first_chunk());
        if let Some(block) = block {
            let within = |share: u32| sampling.until + u64::from(share) < sampling.deadline;
            if within(PLAIN_SHARE) && all_letters(&block[..]) {
                let kind = (ALL_PLAIN, u64::from(PLAIN_SHARE), PLAIN_SAMPLE);
                end += sampling.look((codes, end), block, kind, &mut each);
                continue;
            }
            if within(WIDE_SHARE) && all_han(&block[LONGEST - ALL_WIDE.length..]) {
                let kind = (ALL_WIDE, u64::from(WIDE_SHARE), WIDE_SAMPLE);
                end += sampling.look((codes, end), block, kind, &mut each);
                continue;
            }
        }
        let before = &codes[end.saturating_sub(LONGEST - 1)..end];
        let mut shape = before.iter().fold(0, |shape, &code| shape << 1 | usize::from(is_wide(code)));
        // What closes a window stands for itself; what is mixed goes on for a while.
        let mixed = sampling.until + u64::from(WIDE_SHARE) < sampling.deadline;
        let count = if mixed { TOGETHER } else { 1 };
        for end in end..codes.len().min(end + count) {
            shape = (shape << 1 | usize::from(is_wide(codes[end]))) & (SHAPES.len() - 1);
            sampling.look_at(codes, end, shape, &mut each);
        }
        end += count;
    }
    if !sampling.any {
        let grams =
            (0..codes.len()).filter_map(|end| gram_at(codes, end).map(|(length, hash)| (end, length, hash)));
        if let Some((end, length, hash)) = grams.min_by_key(|&(_, _, hash)| rank_of(hash)) {
            each(seed_of(codes, end, length, hash));
        }
    }
    units_of(codes)
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
