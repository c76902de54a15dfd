//! From seeds that two texts share to chains of them: several a pair, so that reordered columns, jumps and
//! interruptions each keep their own.

/// A seed that two texts share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// Byte in the first text.
    pub(crate) a: u32,
    /// Byte in the second text.
    pub(crate) b: u32,
}

/// How many units a text has per byte, in 1/256: lengths in bytes are scaled by it.
pub(crate) type Scale = u32;

/// Longest stretch without a shared seed inside a chain, in units.
const GAP: u32 = 160;
/// How far a chain may leave its diagonal at one step, in units, besides an eighth of the gap.
const DRIFT: u32 = 20;
/// How many hits before are looked at as predecessors.
const LOOK_BACK: usize = 32;

/// Chains of `hits` (sorted), best first. Every hit is in at most one chain.
pub(crate) fn chains(hits: &[Hit], scale_a: Scale, scale_b: Scale) -> Vec<Vec<Hit>> {
    let units = |bytes: u32, scale: Scale| (u64::from(bytes) * u64::from(scale) / 256) as u32;
    let mut score = vec![0i64; hits.len()];
    let mut before: Vec<Option<u32>> = vec![None; hits.len()];
    for (at, hit) in hits.iter().enumerate() {
        // A seed is worth its new units, up to those of a whole gram.
        score[at] = i64::from(crate::seed::GRAM);
        for earlier in (at.saturating_sub(LOOK_BACK)..at).rev() {
            let other = hits[earlier];
            if other.b >= hit.b || other.a >= hit.a {
                continue;
            }
            let gap_a = units(hit.a - other.a, scale_a);
            let gap_b = units(hit.b - other.b, scale_b);
            if gap_a > GAP {
                break;
            }
            let drift = gap_a.abs_diff(gap_b);
            if gap_b > GAP || drift > DRIFT + gap_a.min(gap_b) / 8 {
                continue;
            }
            let new = i64::from(gap_a.min(gap_b).min(crate::seed::GRAM)) - i64::from(drift / 4);
            if score[earlier] + new > score[at] {
                score[at] = score[earlier] + new;
                before[at] = Some(earlier as u32);
            }
        }
    }
    let mut ends: Vec<usize> = (0..hits.len()).collect();
    ends.sort_unstable_by_key(|&at| (-score[at], at));
    let mut used = vec![false; hits.len()];
    let mut found = Vec::new();
    for end in ends {
        if used[end] {
            continue;
        }
        let mut chain = Vec::new();
        let mut at = Some(end);
        while let Some(here) = at {
            if used[here] {
                break;
            }
            used[here] = true;
            chain.push(hits[here]);
            at = before[here].map(|earlier| earlier as usize);
        }
        chain.reverse();
        found.push(chain);
    }
    found
}
