//! What recurs without being a story: stretches that many texts carry as a small part of themselves, or that
//! come back over weeks or again and again in one paper.

use std::cmp::Reverse;

use shiliu_text::Span;

use super::block::{PRINTING, Several, blocks};
use super::boundary::Boundaries;
use super::extent::{Ruler, union};
use super::forest::Forest;
use super::lists::Lists;
use super::{Listed, Pairing};
use crate::Passage;

/// A stretch is the same as another of its text when they share this much of the longer, in thousandths.
const SAME: u64 = 750;
/// A stretch recurs when at least this many texts carry it as a minor part...
const CARRIERS: usize = 4;
/// ...of at most this share, in thousandths, of the middle one of them.
const MINOR: u32 = 450;
/// A text that consists of the stretch to this share, in thousandths, prints it for its own sake; where one
/// carrier in so many does, it is a story.
const ALONE: u32 = 800;
const ALONE_ONE_IN: usize = 6;
/// A burst of printings ends after so many days; what is printed later still, on and on, is no news.
const BURST_DAYS: i32 = 7;
/// Days on which a text recurs before it counts as standing matter.
const STANDING_DAYS: usize = 4;
/// Days on which one paper prints the same before it counts as standing matter.
const SAME_PAPER_DAYS: usize = 3;

/// What is common property.
#[derive(Debug)]
pub(super) struct Recurring {
    /// Per text, sorted and disjoint.
    pub(super) spans: Vec<Vec<Span>>,
    /// Per text, whether it is standing matter as a whole: an advertisement, a notice that comes back.
    pub(super) standing: Vec<bool>,
    /// Per text, how much alike it is to the most alike text of quite another time, in thousandths.
    pub(super) elsewhen: Vec<u32>,
    /// Per text, its stretches that stand in texts of quite another time, sorted and disjoint.
    pub(super) far: Lists<Span>,
    /// Per text, its stretches that stand in texts of another time than news are printed in, sorted and disjoint.
    pub(super) later: Lists<Span>,
    /// Per text, the most of its units that are no common property and stand in one other text of about its day.
    pub(super) held: Vec<u32>,
    /// Per text, its longer stretches that stand in another, by place, and how much alike they are.
    pub(super) alike: Lists<(Span, u32)>,
    /// Per text, its stretches that stand in another, and in which.
    pub(super) partners: Lists<(Span, u32)>,
}

impl Recurring {
    /// As if nothing were.
    pub(super) fn nothing(texts: usize) -> Recurring {
        Recurring {
            spans: vec![Vec::new(); texts],
            standing: vec![false; texts],
            elsewhen: vec![0; texts],
            far: Lists::empty(texts),
            later: Lists::empty(texts),
            held: vec![0; texts],
            alike: Lists::empty(texts),
            partners: Lists::empty(texts),
        }
    }

    /// How much alike the most alike stretch of another text is to these of a text.
    pub(super) fn most_alike(&self, text: usize, spans: &[Span]) -> Option<u32> {
        let (first, last) = (spans.first()?, spans.last()?);
        let hull = first.cover(*last);
        let size: usize = spans.iter().map(|span| span.len()).sum();
        let alike = self.alike.of(text);
        let to = alike.partition_point(|(span, _)| span.start < hull.end);
        let known =
            alike[..to].iter().filter(|(span, _)| span.intersect(hull).map_or(0, Span::len) * 2 >= size);
        known.map(|&(_, identity)| identity).max()
    }

    /// The texts in which most of a stretch of a text stands.
    pub(super) fn printed_by(&self, text: usize, stretch: Span) -> Vec<usize> {
        let mut held: Vec<(usize, usize)> = Vec::new();
        for &(span, partner) in self.partners.of(text) {
            let shared = span.intersect(stretch).map_or(0, Span::len);
            match held.iter_mut().find(|one| one.0 == partner as usize) {
                _ if shared == 0 => {}
                Some((_, sum)) => *sum += shared,
                None => held.push((partner as usize, shared)),
            }
        }
        held.retain(|one| one.1 * 2 >= stretch.len());
        held.into_iter().map(|one| one.0).collect()
    }

    /// How far the stretches of a text that stand in another and hold `hull` go on before it and after it, in units:
    /// the furthest before, the furthest after, and the furthest on both sides at once.
    pub(super) fn around(&self, text: usize, hull: Span, ruler: &Ruler) -> Around {
        let alike = self.alike.of(text);
        let to = alike.partition_point(|(span, _)| span.start < hull.end);
        let mut around = Around::default();
        for &(span, _) in &alike[..to] {
            if span.intersect(hull).map_or(0, Span::len) * 10 < hull.len() * 9 {
                continue;
            }
            let before = ruler.before(hull.start).saturating_sub(ruler.before(span.start));
            let after = ruler.before(span.end).saturating_sub(ruler.before(hull.end));
            around.before = around.before.max(before);
            around.after = around.after.max(after);
            around.both = around.both.max(before.min(after));
        }
        around
    }
}

/// How far a stretch goes on in other texts, in units.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    pub(super) before: u32,
    pub(super) after: u32,
    pub(super) both: u32,
}

/// Finds what is common property. `stories` numbers the plain stories the texts belong to.
pub(super) fn recurring(
    docs: &[Listed<'_>],
    rulers: &[Ruler],
    pairings: &[&Pairing<'_>],
    stories: &[usize],
    several: &Several,
    boundaries: &Boundaries,
) -> Recurring {
    // Segments: one end of one passage each.
    let mut segments: Vec<(usize, Span)> = Vec::new();
    let mut links: Vec<(usize, usize)> = Vec::new();
    // Whether more goes on around it than a quotation or a stock phrase has.
    let mut printing: Vec<bool> = Vec::new();
    let mut add = |pairing: &Pairing<'_>, passages: &[Passage], prints: bool| {
        for passage in passages {
            links.push((segments.len(), segments.len() + 1));
            segments.push((pairing.a, passage.a_span));
            segments.push((pairing.b, passage.b_span));
            printing.extend([prints, prints]);
        }
    };
    for pairing in pairings {
        if !several.possible(pairing) {
            add(pairing, pairing.passages, false);
            continue;
        }
        for block in blocks(rulers, pairing, boundaries) {
            let sum: u32 = block.iter().map(|passage| rulers[pairing.a].length(passage.a_span)).sum();
            add(pairing, &block, sum >= PRINTING);
        }
    }
    let mut forest = Forest::new(segments.len());
    for (left, right) in links {
        forest.join(left, right);
    }
    let mut by_place: Vec<usize> = (0..segments.len()).collect();
    by_place.sort_unstable_by_key(|&at| (segments[at], at));
    // Segments of one text are compared with the few before them that reach over them.
    for part in by_place.chunk_by(|&left, &right| segments[left].0 == segments[right].0) {
        let mut open: Vec<usize> = Vec::new();
        for &at in part {
            let (_, span) = segments[at];
            open.retain(|&other| segments[other].1.end > span.start);
            for &other in open.iter().rev().take(32) {
                let held = segments[other].1;
                let shared = held.intersect(span).map_or(0, Span::len) as u64;
                let longer = held.len().max(span.len()) as u64;
                if shared * 1000 >= longer * SAME {
                    forest.join(at, other);
                }
            }
            open.push(at);
        }
    }
    let mut by_root: Vec<(usize, usize)> = (0..segments.len()).map(|at| (forest.root(at), at)).collect();
    by_root.sort_unstable();
    let mut common: Vec<Vec<Span>> = vec![Vec::new(); docs.len()];
    let mut standing = vec![false; docs.len()];
    for cluster in by_root.chunk_by(|left, right| left.0 == right.0) {
        // The longest segment of each text stands for it.
        let mut carriers: Vec<Carrier> = Vec::new();
        for &(_, at) in cluster {
            let (text, span) = segments[at];
            carriers.push(Carrier { text, printing: printing[at], length: rulers[text].length(span) });
        }
        carriers.sort_unstable_by_key(|one| (one.text, Reverse(one.printing), Reverse(one.length)));
        carriers.dedup_by_key(|carrier| carrier.text);
        if recurs(docs, rulers, &carriers, stories) {
            for &(_, at) in cluster {
                let (text, span) = segments[at];
                common[text].push(span);
                let share = u64::from(rulers[text].length(span)) * 1000;
                standing[text] |= share >= u64::from(rulers[text].total()) * u64::from(ALONE);
            }
        }
    }
    Recurring { spans: common.into_iter().map(union).collect(), standing, ..Recurring::nothing(docs.len()) }
}

/// A text that holds a stretch.
struct Carrier {
    text: usize,
    /// Units of the stretch in it.
    length: u32,
    /// The text is a page, and prints a story there.
    printing: bool,
}

fn recurs(docs: &[Listed<'_>], rulers: &[Ruler], carriers: &[Carrier], stories: &[usize]) -> bool {
    if carriers.len() < SAME_PAPER_DAYS {
        return false;
    }
    let mut carrying: Vec<usize> = carriers.iter().map(|carrier| stories[carrier.text]).collect();
    carrying.sort_unstable();
    carrying.dedup();
    let mut shares: Vec<u32> = carriers
        .iter()
        .map(|carrier| {
            // On a page every story is a minor part.
            if carrier.printing {
                1000
            } else {
                (u64::from(carrier.length) * 1000 / u64::from(rulers[carrier.text].total().max(1))) as u32
            }
        })
        .collect();
    shares.sort_unstable();
    let alone = shares.iter().filter(|&&share| share >= ALONE).count();
    if carrying.len() >= CARRIERS && shares[shares.len() / 2] <= MINOR && alone * ALONE_ONE_IN < shares.len()
    {
        return true;
    }
    let mut days: Vec<i32> = carriers.iter().filter_map(|carrier| docs[carrier.text].day).collect();
    days.sort_unstable();
    days.dedup();
    if let (Some(first), Some(last)) = (days.first(), days.last())
        && last.saturating_sub(*first) > BURST_DAYS
        && days.len() >= STANDING_DAYS
    {
        return true;
    }
    let issue = |carrier: &Carrier| docs[carrier.text].outlet.zip(docs[carrier.text].day);
    let mut printings: Vec<(u32, i32)> = carriers.iter().filter_map(issue).collect();
    printings.sort_unstable();
    printings.dedup();
    printings.chunk_by(|left, right| left.0 == right.0).any(|paper| paper.len() >= SAME_PAPER_DAYS)
}
