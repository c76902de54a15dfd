//! What one printing tells about the order of another: two stretches that stand side by side in one text, and
//! apart in the other, belong together there too.

use shiliu_text::Span;

use crate::fold::{WIDE, units};
use crate::{Doc, Passage};

/// Two stretches of one text that follow each other without a gap in another text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Adjacency {
    /// Key of the text in which they stand apart.
    pub key: u32,
    /// The bytes that come first; what matters is their end.
    pub left: Span,
    /// The bytes that go on; what matters is their start.
    pub right: Span,
    /// Key of the text in which they stand together.
    pub witness: u32,
    /// Size of the smaller of the two, in Han characters or the equivalent of other scripts.
    pub weight: u32,
}

/// Largest gap between the two in the witness, in units.
const TOUCHING: u32 = 4 * WIDE;
/// Least gap between them in the other text, in units, to count as apart.
const APART: u32 = 10 * WIDE;
/// Bytes of the witness around the end of one within which the next may begin, and how many are looked at.
const NEAR: u32 = 40;
const MOST_NEAR: usize = 16;
/// Least size of either, in Han characters.
const SIZE: u32 = 20;

/// Every pair of stretches that another text shows to belong together, sorted.
#[must_use]
pub fn adjacencies(docs: &[Doc<'_>], passages: &[Passage]) -> Vec<Adjacency> {
    let mut by_key: Vec<&Doc<'_>> = docs.iter().collect();
    by_key.sort_by_key(|doc| doc.key);
    let text = |key: u32| by_key.binary_search_by_key(&key, |doc| doc.key).ok().map(|at| by_key[at].text);
    let mut sorted = passages.to_vec();
    sorted.sort_unstable_by_key(|passage| (passage.a, passage.b));
    let mut found = Vec::new();
    for pair in sorted.chunk_by(|left, right| (left.a, left.b) == (right.a, right.b)) {
        let (Some(a), Some(b)) = (text(pair[0].a), text(pair[0].b)) else { continue };
        let forward: Vec<(Span, Span)> = pair.iter().map(|one| (one.a_span, one.b_span)).collect();
        let backward: Vec<(Span, Span)> = pair.iter().map(|one| (one.b_span, one.a_span)).collect();
        together((pair[0].a, a), (pair[0].b, b), forward, &mut found);
        together((pair[0].b, b), (pair[0].a, a), backward, &mut found);
    }
    found.sort_unstable();
    found
}

/// Neighbours in `witness` that stand apart in `apart`; `stretches` are (there, in the witness).
fn together(
    (key, apart): (u32, &str),
    (witness, text): (u32, &str),
    mut stretches: Vec<(Span, Span)>,
    found: &mut Vec<Adjacency>,
) {
    stretches.sort_unstable_by_key(|&(there, here)| (here.start, here.end, there));
    for &(left, first) in &stretches {
        // Whatever begins about where this one ends: formulas that other stories share may stand in between.
        let begins = |place: u32| stretches.partition_point(|(_, here)| here.start < place);
        let near = begins(first.end.saturating_sub(NEAR))..begins(first.end + NEAR);
        for &(right, second) in stretches[near].iter().take(MOST_NEAR) {
            if (right, second) == (left, first) || second.end <= first.end {
                continue;
            }
            // Extensions may run a few characters into each other.
            let gap = if first.end <= second.start {
                units(&text[first.end as usize..second.start as usize])
            } else {
                units(&text[second.start as usize..first.end as usize])
            };
            if gap > TOUCHING {
                continue;
            }
            let stands_apart = if left.end <= right.start {
                units(&apart[left.end as usize..right.start as usize]) >= APART
            } else {
                // The continuation stands before its beginning, or they overlap (which tells nothing).
                right.end <= left.start
            };
            let weight = units(left.of(apart)).min(units(right.of(apart))) / WIDE;
            if stands_apart && weight >= SIZE {
                found.push(Adjacency { key, left, right, witness, weight });
            }
        }
    }
}
