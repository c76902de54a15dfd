//! Texts that hold several stories, as a page does before it is cut into articles: their pairs are weighed block
//! by block, a block being passages that go on in the same order in both texts.

use shiliu_text::Span;

use super::boundary::Boundaries;
use super::extent::Ruler;
use super::{Listed, Pairing};
use crate::Passage;

/// Largest gap on both sides inside a block, in units...
const GAP: u32 = 240;
/// ...and largest gap on one side where the other goes on at once: sentences that one of the two left out.
const LEFT_OUT: u32 = 260;
const AT_ONCE: u32 = 60;
/// How many blocks before are looked at for the one that goes on.
const LOOK_BACK: usize = 8;
/// Least material of a block that is a printing, in units: a quotation runs to a sentence or two.
pub(super) const PRINTING: u32 = 200;
/// A text of so many units may hold several stories even if no other text tells them apart.
const LONG: u32 = 2400;
/// Two blocks of one text are one place when they share so much of the shorter, in hundredths.
const SAME_PLACE: u64 = 30;

/// The passages of a pair, block by block.
pub(super) fn blocks(rulers: &[Ruler], pairing: &Pairing<'_>, boundaries: &Boundaries) -> Vec<Vec<Passage>> {
    let mut sorted = pairing.passages.to_vec();
    sorted.sort_unstable_by_key(|passage| (passage.a_span, passage.b_span));
    let mut found: Vec<Vec<Passage>> = Vec::new();
    for passage in sorted {
        let goes_on = found.iter().rposition(|block| {
            let Some(last) = block.last() else { return false };
            let between = |ruler: &Ruler, before: Span, after: Span| {
                let (end, start) = (ruler.before(before.end), ruler.before(after.start));
                // Extensions may run a few characters into each other.
                (before.start < after.start && before.end < after.end).then(|| start.saturating_sub(end))
            };
            if boundaries.between(pairing.a, last.a_span, passage.a_span)
                || boundaries.between(pairing.b, last.b_span, passage.b_span)
            {
                return false;
            }
            let left = between(&rulers[pairing.a], last.a_span, passage.a_span);
            let right = between(&rulers[pairing.b], last.b_span, passage.b_span);
            left.zip(right).is_some_and(|(left, right)| {
                let (small, large) = (left.min(right), left.max(right));
                large <= GAP || small <= AT_ONCE && large <= LEFT_OUT
            })
        });
        match goes_on.filter(|&at| at + LOOK_BACK >= found.len()) {
            Some(at) => found[at].push(passage),
            None => found.push(vec![passage]),
        }
    }
    found
}

/// Which texts hold several stories.
#[derive(Debug)]
pub(super) struct Several {
    /// Other texts tell two places of it apart.
    pub(super) told: Vec<bool>,
    /// It is long enough.
    pub(super) long: Vec<bool>,
}

impl Several {
    /// Every text holds one story.
    pub(super) fn none(texts: usize) -> Several {
        Several { told: vec![false; texts], long: vec![false; texts] }
    }

    /// Whether a pair is weighed block by block even where most of one stands in the other.
    pub(super) fn told(&self, pairing: &Pairing<'_>) -> bool {
        self.told[pairing.a] || self.told[pairing.b]
    }

    /// Whether a pair of which neither stands in the other may still share a story.
    pub(super) fn possible(&self, pairing: &Pairing<'_>) -> bool {
        self.told(pairing) || self.long[pairing.a] || self.long[pairing.b]
    }
}

/// Finds the texts that hold several stories.
pub(super) fn several(
    docs: &[Listed<'_>],
    rulers: &[Ruler],
    pairings: &[Pairing<'_>],
    boundaries: &Boundaries,
) -> Several {
    // Text, hull of a block in it, partner.
    let mut places: Vec<(usize, Span, usize)> = Vec::new();
    for pairing in pairings {
        let (mut a_sum, mut b_sum) = (0, 0);
        for passage in pairing.passages {
            a_sum += rulers[pairing.a].length(passage.a_span);
            b_sum += rulers[pairing.b].length(passage.b_span);
        }
        if a_sum.max(b_sum) < PRINTING {
            continue;
        }
        for block in blocks(rulers, pairing, boundaries) {
            let (Some(first), Some(last)) = (block.first(), block.last()) else { continue };
            let sum: u32 = block.iter().map(|passage| rulers[pairing.a].length(passage.a_span)).sum();
            if sum >= PRINTING {
                places.push((pairing.a, first.a_span.cover(last.a_span), pairing.b));
                places.push((pairing.b, first.b_span.cover(last.b_span), pairing.a));
            }
        }
    }
    places.sort_unstable();
    let mut told = vec![false; docs.len()];
    for of_text in places.chunk_by(|left, right| left.0 == right.0) {
        told[of_text[0].0] = apart(of_text);
    }
    Several { told, long: rulers.iter().map(|ruler| ruler.total() >= LONG).collect() }
}

/// Whether the blocks of one text, which come by place, fall into two places with different partners.
fn apart(of_text: &[(usize, Span, usize)]) -> bool {
    let mut zones: Vec<(Span, Vec<usize>)> = Vec::new();
    for &(_, span, partner) in of_text {
        match zones.last_mut() {
            Some((zone, partners))
                if zone.intersect(span).map_or(0, Span::len) as u64 * 100
                    >= zone.len().min(span.len()) as u64 * SAME_PLACE =>
            {
                *zone = zone.cover(span);
                partners.push(partner);
            }
            _ => zones.push((span, vec![partner])),
        }
    }
    for (_, partners) in &mut zones {
        partners.sort_unstable();
        partners.dedup();
    }
    let lacks = |some: &[usize], others: &[usize]| some.iter().any(|one| others.binary_search(one).is_err());
    zones.windows(2).any(|pair| lacks(&pair[0].1, &pair[1].1) && lacks(&pair[1].1, &pair[0].1))
}
