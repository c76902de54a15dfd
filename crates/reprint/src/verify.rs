//! From chains of seeds to passages: a quick look at weak chains, and the alignment of the pairs selected.

use std::cmp::Reverse;
use std::io;

use shiliu_text::Span;

use crate::chain::{Chain, Hit, Scale};
use crate::fold::{Folded, WIDE, fold_first, weight};
use crate::shelf::{Held, Shelf, WHOLE};
use crate::walk::{Aligned, Search, along, forward};
use crate::{Passage, Settings};

/// What is kept of a text between the first and the last step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// Its place in the input.
    pub(crate) at: u32,
    pub(crate) key: u32,
    /// Its bytes.
    pub(crate) length: u32,
    pub(crate) day: Option<i32>,
    pub(crate) outlet: Option<u32>,
    /// Units a byte, in 1/256.
    pub(crate) scale: Scale,
}

impl Known {
    /// About how many units the text has.
    pub(crate) fn units(&self) -> u32 {
        ((u64::from(self.length) * u64::from(self.scale)) >> 8) as u32
    }
}

/// Folded characters on either side of a seed that a quick look takes in.
const GLANCE: usize = 48;

/// Whether the characters around a shared seed agree far enough to be a passage of `minimum` Han characters, or
/// as far as can be seen.
pub(crate) fn promising(a: &str, b: &str, hit: Hit, minimum: u32) -> bool {
    let ahead = |text: &str, at: u32, codes: &mut [u32; GLANCE]| {
        let characters = text.get(at as usize..).unwrap_or_default().chars();
        fill(codes, characters)
    };
    let back = |text: &str, at: u32, codes: &mut [u32; GLANCE]| {
        let characters = text.get(..at as usize).unwrap_or_default().chars().rev();
        fill(codes, characters)
    };
    let (mut one, mut two) = ([0; GLANCE], [0; GLANCE]);
    let (left, right) = (ahead(a, hit.a, &mut one), ahead(b, hit.b, &mut two));
    let reach = forward(&one[..left], &two[..right]);
    let mut units: u32 = one[..reach.a].iter().map(|&code| weight(code)).sum();
    if reach.a + WIDTH_LEFT > GLANCE || units >= minimum.saturating_mul(WIDE) {
        return true;
    }
    let (left, right) = (back(a, hit.a, &mut one), back(b, hit.b, &mut two));
    let reach = forward(&one[..left], &two[..right]);
    units += one[..reach.a].iter().map(|&code| weight(code)).sum::<u32>();
    reach.a + WIDTH_LEFT > GLANCE || units >= minimum.saturating_mul(WIDE)
}

/// A walk that came this close to the end of what it could see might have gone on.
const WIDTH_LEFT: usize = 8;

fn fill(codes: &mut [u32; GLANCE], characters: impl Iterator<Item = char>) -> usize {
    let mut filled = 0;
    for code in characters.filter_map(fold_first).take(GLANCE) {
        codes[filled] = code;
        filled += 1;
    }
    filled
}

/// Room around a chain that is folded with it in longer texts, in bytes; grows while a walk runs into its end.
const MARGIN: usize = 4 << 10;

/// Aligns pairs.
pub(crate) struct Aligner<'k, 't> {
    known: &'k [Known],
    shelf: &'k Shelf<'t>,
    settings: &'k Settings,
    stretches: Vec<Aligned>,
    search: Search,
}

impl<'k, 't> Aligner<'k, 't> {
    pub(crate) fn new(known: &'k [Known], shelf: &'k Shelf<'t>, settings: &'k Settings) -> Aligner<'k, 't> {
        let search = Search::new(settings.minimum as usize);
        Aligner { known, shelf, settings, stretches: Vec::new(), search }
    }

    /// The passages along `chains` of the texts at `a` and `b`.
    pub(crate) fn align(
        &mut self,
        a: u32,
        b: u32,
        chains: &[Chain],
        found: &mut Vec<Passage>,
    ) -> io::Result<()> {
        let (one, two) = (self.known[a as usize], self.known[b as usize]);
        let (a, b) = (self.shelf.get(one.at as usize)?, self.shelf.get(two.at as usize)?);
        if a.text.len().max(b.text.len()) <= WHOLE {
            self.align_whole((one.key, &a), (two.key, &b), chains, found);
            return Ok(());
        }
        let from = found.len();
        for chain in chains {
            let inside = |passage: &Passage| {
                let covers = |span: Span, start: u32, end: u32| span.start <= start && end < span.end;
                covers(passage.a_span, chain.first.a, chain.last.a)
                    && covers(passage.b_span, chain.first.b, chain.last.b)
            };
            if !found[from..].iter().any(inside) {
                self.align_chain((one.key, &a), (two.key, &b), chain, found);
            }
        }
        prune(found, from);
        Ok(())
    }

    /// Aligns two texts that are folded whole: along the chains, and around what they give.
    fn align_whole(
        &mut self,
        (a_key, a): (u32, &Held<'_>),
        (b_key, b): (u32, &Held<'_>),
        chains: &[Chain],
        found: &mut Vec<Passage>,
    ) {
        let (part_a, part_b) = (a.folded(), b.folded());
        let (a_codes, b_codes) = (part_a.codes.as_slice(), part_b.codes.as_slice());
        let settings = self.settings;
        let least = settings.minimum.saturating_mul(WIDE);
        let wanted = |stretch: &Aligned| {
            stretch.columns > 0
                && stretch.identity() + settings.noise >= 1000
                && stretch.units(a_codes, b_codes) >= least
        };
        let mut stretches = std::mem::take(&mut self.stretches);
        stretches.clear();
        for chain in chains {
            let place = |hit: Hit| (part_a.index_at(hit.a, &a.text), part_b.index_at(hit.b, &b.text));
            let (first, last) = (place(chain.first), place(chain.last));
            let inside = |known: &Aligned| {
                let covers = |(start, end): (usize, usize), from: usize, to: usize| start <= from && to < end;
                covers(known.a, first.0, last.0) && covers(known.b, first.1, last.1)
            };
            if stretches.iter().any(inside) {
                continue;
            }
            let from = stretches.len();
            along(a_codes, b_codes, first, last, &mut stretches);
            let mut kept = from;
            for at in from..stretches.len() {
                if wanted(&stretches[at]) {
                    stretches[kept] = stretches[at];
                    kept += 1;
                }
            }
            stretches.truncate(kept);
        }
        join_overlapping(&mut stretches);
        if !stretches.is_empty() {
            self.search.around(a_codes, b_codes, &mut stretches, wanted);
            join_overlapping(&mut stretches);
        }
        for stretch in &stretches {
            let span = |part: &Folded, text: &str, (start, end): (usize, usize)| Span {
                start: part.byte_of(start, text),
                end: part.end_of(end - 1, text),
            };
            found.push(Passage {
                a: a_key,
                a_span: span(part_a, &a.text, stretch.a),
                b: b_key,
                b_span: span(part_b, &b.text, stretch.b),
                identity: stretch.identity(),
            });
        }
        self.stretches = stretches;
    }

    fn align_chain(
        &mut self,
        (a_key, a): (u32, &Held<'_>),
        (b_key, b): (u32, &Held<'_>),
        chain: &Chain,
        found: &mut Vec<Passage>,
    ) {
        let mut margin = MARGIN;
        loop {
            let (part_a, a_whole) = around(&a.text, chain.first.a, chain.last.a, margin);
            let (part_b, b_whole) = around(&b.text, chain.first.b, chain.last.b, margin);
            let place = |hit: Hit| (part_a.index_at(hit.a, &a.text), part_b.index_at(hit.b, &b.text));
            let mut stretches = std::mem::take(&mut self.stretches);
            stretches.clear();
            along(&part_a.codes, &part_b.codes, place(chain.first), place(chain.last), &mut stretches);
            // A walk that ran into the end of what was folded may go further.
            let short = stretches.iter().any(|stretch| {
                let at_end = |(start, end): (usize, usize), length: usize, whole: bool| {
                    !whole && (start == 0 || end == length)
                };
                at_end(stretch.a, part_a.codes.len(), a_whole)
                    || at_end(stretch.b, part_b.codes.len(), b_whole)
            });
            if short {
                margin *= 8;
                self.stretches = stretches;
                continue;
            }
            for stretch in &stretches {
                let identity = stretch.equal * 1000 / stretch.columns.max(1);
                let long =
                    stretch.units(&part_a.codes, &part_b.codes) >= self.settings.minimum.saturating_mul(WIDE);
                if long && stretch.columns > 0 && identity + self.settings.noise >= 1000 {
                    let span = |part: &Folded, text: &str, (start, end): (usize, usize)| Span {
                        start: part.byte_of(start, text),
                        end: part.end_of(end - 1, text),
                    };
                    found.push(Passage {
                        a: a_key,
                        a_span: span(&part_a, &a.text, stretch.a),
                        b: b_key,
                        b_span: span(&part_b, &b.text, stretch.b),
                        identity,
                    });
                }
            }
            self.stretches = stretches;
            return;
        }
    }
}

/// A text folded around `first..last`, and whether that is all of it.
fn around(text: &str, first: u32, last: u32, margin: usize) -> (Folded, bool) {
    let start = (first as usize).saturating_sub(margin);
    let end = (last as usize).saturating_add(margin);
    (Folded::region(text, start, end), start == 0 && end >= text.len())
}

/// Joins stretches of one pair that overlap on both sides; leaves them by place.
fn join_overlapping(stretches: &mut Vec<Aligned>) {
    if stretches.len() < 2 {
        return;
    }
    stretches.sort_unstable_by_key(|one| (one.a.0, one.b.0, Reverse(one.a.1)));
    let overlaps = |left: (usize, usize), right: (usize, usize)| left.0 < right.1 && right.0 < left.1;
    let mut kept = 0usize;
    for at in 0..stretches.len() {
        let one = stretches[at];
        // Stretches far before cannot overlap; a few dozen cover every real tangle.
        let near = stretches[kept.saturating_sub(64)..kept].iter_mut().rev();
        match near.into_iter().find(|other| overlaps(other.a, one.a) && overlaps(other.b, one.b)) {
            Some(other) => {
                other.a = (other.a.0.min(one.a.0), other.a.1.max(one.a.1));
                other.b = (other.b.0.min(one.b.0), other.b.1.max(one.b.1));
                other.equal += one.equal;
                other.columns += one.columns;
            }
            None => {
                stretches[kept] = one;
                kept += 1;
            }
        }
    }
    stretches.truncate(kept);
}

/// Joins passages of one pair that overlap on both sides.
fn prune(found: &mut Vec<Passage>, from: usize) {
    let mut passages = found.split_off(from);
    passages.sort_unstable_by_key(|one| (one.a_span.start, one.b_span.start, Reverse(one.a_span.end)));
    for passage in passages {
        // Passages far before cannot overlap; a few dozen cover every real tangle.
        let near = found[from..].iter_mut().rev().take(64);
        let twin = near
            .into_iter()
            .find(|other| other.a_span.overlaps(passage.a_span) && other.b_span.overlaps(passage.b_span));
        match twin {
            Some(other) => {
                let (held, new) = (other.a_span.len() as u64, passage.a_span.len() as u64);
                let sum = u64::from(other.identity) * held + u64::from(passage.identity) * new;
                other.identity = (sum / (held + new).max(1)) as u32;
                other.a_span = other.a_span.cover(passage.a_span);
                other.b_span = other.b_span.cover(passage.b_span);
            }
            None => found.push(passage),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_seed_is_looked_at_closely() {
        let a = "昨天下雨。山路修通以后，果农把杏子装上班列，五天就能到海边的城市。";
        let b = "今年丰收。山路修通以后，果农把杏子装上班列，五天就能到海边的城市。";
        let c = "听说山路修通以后集市也搬了家，老人们不大习惯。";
        let at = |text: &str| text.find("山路").map_or(0, |at| at as u32);
        assert!(promising(a, b, Hit { a: at(a), b: at(b), spread: 2, steady: true }, 20));
        assert!(!promising(a, c, Hit { a: at(a), b: at(c), spread: 2, steady: true }, 20));
    }
}
