//! Exact matches that are unique on both sides, and the best chain of them in one order.
//!
//! Seeding by strings that occur once in each text follows RETAS (Yalniz & Manmatha 2011); chaining with a
//! concave gap cost follows minimap2 (Li 2018).

use crate::stream::Glyph;

/// `x[from_x..from_x + len]` and `y[from_y..from_y + len]` have the same labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) len: usize,
}

const EMPTY: u32 = u32::MAX;
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Polynomial hashes of all `k`-grams.
fn gram_hashes(glyphs: &[Glyph], k: usize) -> Vec<u64> {
    if glyphs.len() < k {
        return Vec::new();
    }
    let mut top = 1u64;
    for _ in 1..k {
        top = top.wrapping_mul(MULTIPLIER);
    }
    let mut hash = 0u64;
    let mut hashes = Vec::with_capacity(glyphs.len() + 1 - k);
    for (index, glyph) in glyphs.iter().enumerate() {
        if index >= k {
            let leaving = u64::from(glyphs[index - k].label) + 1;
            hash = hash.wrapping_sub(leaving.wrapping_mul(top));
        }
        hash = hash.wrapping_mul(MULTIPLIER).wrapping_add(u64::from(glyph.label) + 1);
        if index + 1 >= k {
            // The low bits of a polynomial are weak: mix before it indexes a table.
            hashes.push(hash ^ (hash >> 29));
        }
    }
    hashes
}

/// Positions by hash: open addressing over a power of two.
struct Grams {
    table: Vec<u32>,
    hashes: Vec<u64>,
    /// Occurrences in y and in x of the k-gram first met at a position, up to 2.
    counts: Vec<(u8, u8)>,
}

impl Grams {
    fn of(hashes: Vec<u64>) -> Grams {
        let size = (hashes.len() * 2).next_power_of_two();
        let mut grams = Grams { table: vec![EMPTY; size], counts: vec![(0, 0); hashes.len()], hashes };
        for index in 0..grams.hashes.len() {
            let slot = grams.slot(grams.hashes[index]);
            if grams.table[slot] == EMPTY {
                grams.table[slot] = u32::try_from(index).unwrap_or(EMPTY);
            }
            if let Some(first) = grams.table.get(slot).filter(|first| **first != EMPTY) {
                let count = &mut grams.counts[*first as usize].0;
                *count = count.saturating_add(1).min(2);
            }
        }
        grams
    }

    fn slot(&self, hash: u64) -> usize {
        let mask = self.table.len() - 1;
        let mut slot = usize::try_from(hash.wrapping_mul(MULTIPLIER) >> 20).unwrap_or(0) & mask;
        while self.table[slot] != EMPTY && self.hashes[self.table[slot] as usize] != hash {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

/// Maximal exact matches around every `k`-gram that occurs exactly once in `x` and once in `y`, ordered by `x`.
pub(crate) fn unique_matches(x: &[Glyph], y: &[Glyph], k: usize) -> Vec<Anchor> {
    if x.len() < k || y.len() < k {
        return Vec::new();
    }
    let mut grams = Grams::of(gram_hashes(y, k));
    let hits: Vec<u32> = gram_hashes(x, k)
        .into_iter()
        .map(|hash| {
            let first = grams.table[grams.slot(hash)];
            if first != EMPTY {
                let count = &mut grams.counts[first as usize].1;
                *count = count.saturating_add(1).min(2);
            }
            first
        })
        .collect();
    let mut anchors: Vec<Anchor> = Vec::new();
    for (at, hit) in hits.into_iter().enumerate() {
        if hit == EMPTY || grams.counts[hit as usize] != (1, 1) {
            continue;
        }
        let there = hit as usize;
        if let Some(last) = anchors.last()
            && at < last.x + last.len
            && there + last.x == at + last.y
        {
            continue;
        }
        let mut start = 0;
        let free = anchors.last().map_or(0, |last| last.x + last.len);
        while at > start + free && there > start && x[at - start - 1].label == y[there - start - 1].label {
            start += 1;
        }
        let mut len = start;
        let (from_x, from_y) = (at - start, there - start);
        while from_x + len < x.len()
            && from_y + len < y.len()
            && x[from_x + len].label == y[from_y + len].label
        {
            len += 1;
        }
        // Equal hashes of unequal strings: the match is shorter than the k-gram.
        if len >= k {
            anchors.push(Anchor { x: from_x, y: from_y, len });
        }
    }
    anchors
}

/// Whether more than a quarter of a text's `k`-grams stand in it twice or more: a paragraph printed over and over. What is
/// unique in such a text is so by a misprint and anchors nothing.
pub(crate) fn is_repetitive(glyphs: &[Glyph], k: usize) -> bool {
    let mut hashes = gram_hashes(glyphs, k);
    hashes.sort_unstable();
    let twins = hashes.windows(2).filter(|pair| pair[0] == pair[1]).count();
    twins * 4 > hashes.len()
}

/// The share, in hundredths, of the `k`-grams of `block` that occur in `text`.
pub(crate) fn contained(block: &[Glyph], text: &[Glyph], k: usize) -> usize {
    let mut known = gram_hashes(text, k);
    known.sort_unstable();
    let own = gram_hashes(block, k);
    let found = own.iter().filter(|hash| known.binary_search(hash).is_ok()).count();
    found * 100 / own.len().max(1)
}

/// How many anchors back a predecessor is looked for.
const LOOK_BACK: usize = 48;

/// What a jump from one diagonal to another costs a chain, in matched glyphs: little for a slip, and hardly more for a
/// lost page than for a lost line.
fn shift_cost(shift: usize) -> i64 {
    let shift = i64::try_from(shift).unwrap_or(i64::MAX);
    shift.min(8 + shift / 64)
}

/// Splits the anchors between two texts of lengths `n` and `m` into the best chain in one order on both sides
/// (overlaps trimmed) and the rest. A chain is worth its matched glyphs less the jumps between diagonals.
pub(crate) fn chain(anchors: &[Anchor], n: usize, m: usize) -> (Vec<Anchor>, Vec<Anchor>) {
    let shift = |a: &Anchor, b: &Anchor| (a.x + b.y).abs_diff(b.x + a.y);
    let start = Anchor { x: 0, y: 0, len: 0 };
    let end = Anchor { x: n, y: m, len: 0 };
    // Best chain ending at each anchor; best chain ending at or before each anchor in order of x, as a predecessor that
    // lies farther back than the window.
    let mut scores: Vec<i64> = Vec::with_capacity(anchors.len());
    let mut previous: Vec<usize> = Vec::with_capacity(anchors.len());
    let mut far: Vec<usize> = Vec::with_capacity(anchors.len());
    let mut best = (0i64, usize::MAX);
    for (index, anchor) in anchors.iter().enumerate() {
        let len = i64::try_from(anchor.len).unwrap_or(i64::MAX);
        let mut found = (-shift_cost(shift(&start, anchor)), usize::MAX);
        let first = index.saturating_sub(LOOK_BACK);
        let beyond = first.checked_sub(1).map(|last| far[last]);
        for before in (first..index).rev().chain(beyond) {
            let other = &anchors[before];
            if other.x >= anchor.x || other.y >= anchor.y {
                continue;
            }
            let overlap = (other.x + other.len)
                .saturating_sub(anchor.x)
                .max((other.y + other.len).saturating_sub(anchor.y));
            let lost = i64::try_from(overlap).unwrap_or(i64::MAX).min(len);
            let score = scores[before] - shift_cost(shift(other, anchor)) - lost;
            if score > found.0 {
                found = (score, before);
            }
        }
        scores.push(found.0 + len);
        previous.push(found.1);
        far.push(match far.last() {
            Some(&known) if scores[known] >= scores[index] => known,
            _ => index,
        });
        let whole = scores[index] - shift_cost(shift(anchor, &end));
        if whole > best.0 || best.1 == usize::MAX && whole + shift_cost(n.abs_diff(m)) > 0 {
            best = (whole, index);
        }
    }
    let mut chosen = vec![false; anchors.len()];
    let mut at = best.1;
    while at != usize::MAX {
        chosen[at] = true;
        at = previous[at];
    }
    let mut chained: Vec<Anchor> = Vec::new();
    let mut rest = Vec::new();
    for (index, anchor) in anchors.iter().enumerate() {
        if !chosen[index] {
            rest.push(*anchor);
            continue;
        }
        let overlap = chained.last().map_or(0, |last| {
            (last.x + last.len).saturating_sub(anchor.x).max((last.y + last.len).saturating_sub(anchor.y))
        });
        if overlap < anchor.len {
            chained.push(Anchor { x: anchor.x + overlap, y: anchor.y + overlap, len: anchor.len - overlap });
        }
    }
    (chained, rest)
}

/// How many of its `k`-grams a text shares with others, for choosing the most central of several.
pub(crate) fn shared_grams(streams: &[&[Glyph]], k: usize) -> Vec<u64> {
    let hashes: Vec<Vec<u64>> = streams.iter().map(|glyphs| gram_hashes(glyphs, k)).collect();
    // A quarter of the k-gram space is enough to compare texts with.
    let sampled = |hash: &&u64| hash.wrapping_mul(MULTIPLIER) >> 62 == 0;
    let mut all: Vec<u64> = hashes.iter().flatten().filter(sampled).copied().collect();
    all.sort_unstable();
    let occurrences = |hash: u64| {
        let start = all.partition_point(|other| *other < hash);
        all[start..].partition_point(|other| *other == hash)
    };
    hashes
        .iter()
        .map(|own| own.iter().filter(sampled).map(|hash| occurrences(*hash) as u64 - 1).sum())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str) -> Vec<Glyph> {
        text.chars().map(|raw| Glyph::new(raw, raw)).collect()
    }

    #[test]
    fn a_moved_block_stays_outside_the_chain() {
        let block = "the harbours of the north";
        let rest = "0123456789 figures only 9876543210";
        let (x, y) = (glyphs(&format!("{block}{rest}")), glyphs(&format!("{rest}{block}")));
        let found = unique_matches(&x, &y, 8);
        assert_eq!(found.len(), 2, "{found:?}");
        let (chained, moved) = chain(&found, x.len(), y.len());
        assert_eq!((chained.len(), moved.len()), (1, 1));
        assert_eq!(chained[0], Anchor { x: 25, y: 0, len: 34 });
    }

    #[test]
    fn repeated_strings_anchor_nothing() {
        assert_eq!(unique_matches(&glyphs("aaaaaaaaaa"), &glyphs("aaaaaaaaaaaa"), 4), []);
        assert_eq!(unique_matches(&glyphs("ab"), &glyphs("ab"), 4), []);
    }
}
