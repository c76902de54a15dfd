//! From seeds that two texts share to chains of them: several a pair, so that reordered columns, jumps and
//! interruptions each keep their own.

use std::cmp::Reverse;

use crate::seed::GRAM;

/// A seed that two texts share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// Folded character of the first text.
    pub(crate) a: u32,
    /// Folded character of the second text.
    pub(crate) b: u32,
    /// How many texts hold the seed, at least; where the two are near in time, how many of about their days.
    pub(crate) spread: u32,
    /// Whether the characters before or after it agree as well.
    pub(crate) steady: bool,
}

/// How many units a text has per folded character, in 1/256: lengths are scaled by it.
pub(crate) type Scale = u32;

/// A chain of seeds, by its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) first: Hit,
    pub(crate) last: Hit,
    /// Seeds in it.
    pub(crate) seeds: u32,
    /// About the units that it covers.
    pub(crate) score: u32,
    /// Units from the first character of the first seed to the last of the last.
    pub(crate) reach: u32,
    /// How many texts hold the rarest of its seeds, at least.
    pub(crate) spread: u32,
}

/// Longest stretch without a shared seed inside a chain, in units.
const GAP: u32 = 160;
/// How far a chain may leave its diagonal at one step, in units, besides an eighth of the gap.
const DRIFT: u32 = 20;
/// How many hits before are looked at as predecessors.
const LOOK_BACK: usize = 24;

/// Finds chains; keeps its room from pair to pair.
#[derive(Debug, Default)]
pub(crate) struct Chainer {
    score: Vec<i32>,
    before: Vec<u32>,
    ends: Vec<u32>,
}

const NONE: u32 = u32::MAX;
const USED: i32 = i32::MIN;

impl Chainer {
    /// Chains of `hits` (sorted), best first. Every hit is in at most one chain.
    pub(crate) fn chains(&mut self, hits: &[Hit], scales: (Scale, Scale), found: &mut Vec<Chain>) {
        found.clear();
        if let [only] = hits {
            found.push(Chain {
                first: *only,
                last: *only,
                seeds: 1,
                score: GRAM,
                reach: GRAM,
                spread: only.spread,
            });
            return;
        }
        let units = |count: u32, scale: Scale| ((u64::from(count) * u64::from(scale)) >> 8) as u32;
        let Chainer { score, before, ends } = self;
        score.clear();
        before.clear();
        for (at, hit) in hits.iter().enumerate() {
            // A seed is worth its new units.
            let (mut best, mut from) = (GRAM as i32, NONE);
            for earlier in (at.saturating_sub(LOOK_BACK)..at).rev() {
                let other = hits[earlier];
                if other.b >= hit.b || other.a >= hit.a {
                    continue;
                }
                let gap_a = units(hit.a - other.a, scales.0);
                if gap_a > GAP {
                    break;
                }
                let gap_b = units(hit.b - other.b, scales.1);
                let drift = gap_a.abs_diff(gap_b);
                if gap_b > GAP || drift > DRIFT + gap_a.min(gap_b) / 8 {
                    continue;
                }
                let new = score[earlier] + gap_a.min(gap_b).min(3 * GRAM) as i32 - (drift / 4) as i32;
                if new > best {
                    (best, from) = (new, earlier as u32);
                }
                // Nothing before a predecessor straight on the diagonal can be better.
                if drift <= 2 && score[earlier] >= GRAM as i32 && from == earlier as u32 {
                    break;
                }
            }
            score.push(best);
            before.push(from);
        }
        ends.clear();
        ends.extend(0..hits.len() as u32);
        ends.sort_unstable_by_key(|&at| (Reverse(score[at as usize]), at));
        for &end in ends.iter() {
            let end = end as usize;
            if score[end] == USED {
                continue;
            }
            let whole = score[end];
            let (mut at, mut first, mut seeds, mut taken, mut spread) = (end as u32, end, 0, 0, u32::MAX);
            while at != NONE {
                let here = at as usize;
                if score[here] == USED {
                    taken = 1;
                    break;
                }
                score[here] = USED;
                first = here;
                seeds += 1;
                spread = spread.min(hits[here].spread);
                at = before[here];
            }
            let covered = units(hits[end].a - hits[first].a, scales.0) + GRAM;
            let score = if taken == 1 { covered.min(whole as u32) } else { whole as u32 };
            let (first, last, score) = (hits[first], hits[end], score.min(covered));
            found.push(Chain { first, last, seeds, score, reach: covered, spread });
        }
    }
}
