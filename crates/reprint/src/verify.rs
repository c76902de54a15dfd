//! From chains of seeds to passages: a quick look at weak chains, and the alignment of the pairs selected.

use std::cmp::Reverse;
use std::io;

use shiliu_text::Span;

use crate::chain::{Chain, Hit, Scale};
use crate::fold::{Code, View, WIDE, weight};
use crate::glimpse::{GLANCE, Glimpse};
use crate::shelf::Shelf;
use crate::walk::{Aligned, Search, along, glance_backward, glance_forward};
use crate::{Passage, Settings};

/// What is kept of a text between the first and the last step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// Its place in the input.
    pub(crate) at: u32,
    pub(crate) key: u32,
    /// Its folded characters.
    pub(crate) length: u32,
    pub(crate) day: Option<i32>,
    pub(crate) outlet: Option<u32>,
    /// Units a folded character, in 1/256.
    pub(crate) scale: Scale,
}

impl Known {
    /// About how many units lie between two of its folded characters.
    pub(crate) fn units_between(&self, from: u32, to: u32) -> u32 {
        ((u64::from(to - from) * u64::from(self.scale)) >> 8) as u32
    }

    /// About how many units the text has.
    pub(crate) fn units(&self) -> u32 {
        ((u64::from(self.length) * u64::from(self.scale)) >> 8) as u32
    }
}

/// Whether the characters around a shared seed agree far enough to be a passage of `minimum` Han characters, or
/// as far as can be seen.
pub(crate) fn promising(a: &Glimpse, b: &Glimpse, minimum: u32) -> bool {
    let least = minimum.saturating_mul(WIDE);
    let weigh = |codes: &[Code]| codes.iter().map(|&code| weight(code)).sum::<u32>();
    let reach = glance_forward(a.after(), b.after());
    let mut units = weigh(&a.after()[..reach.a]);
    if reach.a + WIDTH_LEFT > GLANCE || units >= least {
        return true;
    }
    let reach = glance_backward(a.before(), b.before());
    units += weigh(&a.before()[a.before().len() - reach.a..]);
    reach.a + WIDTH_LEFT > GLANCE || units >= least
}

/// A walk that came this close to the end of what it could see might have gone on.
const WIDTH_LEFT: usize = 8;

/// Where so much of what two texts share is equal, in thousandths, their samples have told of all of it; where there is
/// more noise, more may stand around it...
const CLEAN: u32 = 950;
/// ...and so it may in a text of so many units, which may hold several stories.
const SEVERAL_STORIES: u32 = 2400;
/// Stretches that are known already, of which so many are asked whether a chain lies inside them.
const ASKED: usize = 256;

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

    /// The passages along `chains` of the texts at `a` and `b`, and around what they give.
    pub(crate) fn align(
        &mut self,
        a: u32,
        b: u32,
        chains: &[Chain],
        found: &mut Vec<Passage>,
    ) -> io::Result<()> {
        let (one, two) = (self.known[a as usize], self.known[b as usize]);
        let (seen_a, seen_b) = (self.shelf.folded(one.at as usize)?, self.shelf.folded(two.at as usize)?);
        let (part_a, part_b) = (seen_a.view(), seen_b.view());
        let (a_codes, b_codes) = (part_a.codes, part_b.codes);
        let settings = self.settings;
        let least = settings.minimum.saturating_mul(WIDE);
        let wanted = |stretch: &Aligned| {
            // No character weighs less than one unit.
            let long = (stretch.a.1 - stretch.a.0).min(stretch.b.1 - stretch.b.0) >= least as usize;
            stretch.columns > 0
                && stretch.identity() + settings.noise >= 1000
                && (long || stretch.units(a_codes, b_codes) >= least)
        };
        let stretches = &mut self.stretches;
        stretches.clear();
        for chain in chains {
            let place = |hit: Hit| (hit.a as usize, hit.b as usize);
            let (first, last) = (place(chain.first), place(chain.last));
            let inside = |known: &Aligned| {
                let covers = |(start, end): (usize, usize), from: usize, to: usize| start <= from && to < end;
                covers(known.a, first.0, last.0) && covers(known.b, first.1, last.1)
            };
            if stretches.iter().rev().take(ASKED).any(inside) {
                continue;
            }
            let from = stretches.len();
            along(a_codes, b_codes, first, last, stretches);
            let mut kept = from;
            for at in from..stretches.len() {
                if wanted(&stretches[at]) {
                    stretches[kept] = stretches[at];
                    kept += 1;
                }
            }
            stretches.truncate(kept);
        }
        join_overlapping(stretches);
        if stretches.is_empty() {
            return Ok(());
        }
        let (equal, columns) = stretches.iter().fold((0, 0), |(equal, columns), one| {
            (equal + u64::from(one.equal), columns + u64::from(one.columns))
        });
        let noisy = equal * 1000 < columns * u64::from(CLEAN);
        if noisy || one.units().max(two.units()) >= SEVERAL_STORIES {
            self.search.around(a_codes, b_codes, stretches, wanted);
            join_overlapping(stretches);
        }
        for stretch in &*stretches {
            found.push(Passage {
                a: one.key,
                a_span: span_of(self.shelf, one.at, part_a, stretch.a)?,
                b: two.key,
                b_span: span_of(self.shelf, two.at, part_b, stretch.b)?,
                identity: stretch.identity(),
            });
        }
        Ok(())
    }
}

/// The bytes of some folded characters of a text; mostly told without reading it again.
fn span_of(shelf: &Shelf<'_>, at: u32, view: View<'_>, (from, to): (usize, usize)) -> io::Result<Span> {
    if let Some((start, end)) = view.span_by_marks((from, to)) {
        return Ok(Span { start, end });
    }
    let held = shelf.get(at as usize)?;
    Ok(Span { start: view.byte_of(from, &held.text), end: view.end_of(to - 1, &held.text) })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::Folded;

    #[test]
    fn a_lone_seed_is_looked_at_closely() {
        let a = "昨天下雨。山路修通以后，果农把杏子装上班列，五天就能到海边的城市。";
        let b = "今年丰收。山路修通以后，果农把杏子装上班列，五天就能到海边的城市。";
        let c = "听说山路修通以后集市也搬了家，老人们不大习惯。";
        let [a, b, c] = [a, b, c].map(|text| Folded::of(text).codes);
        let mountain = Folded::of("山路").codes;
        let at = |codes: &[Code]| codes.windows(2).position(|pair| pair == mountain.as_slice()).unwrap_or(0);
        let glimpse = |codes: &[Code]| Glimpse::of(codes, at(codes));
        assert!(promising(&glimpse(&a), &glimpse(&b), 20));
        assert!(!promising(&glimpse(&a), &glimpse(&c), 20));
    }
}
