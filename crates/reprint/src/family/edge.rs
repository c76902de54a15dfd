//! What two texts are to each other.

use std::io;

use shiliu_text::Span;

use super::block::{PRINTING, Several};
use super::cited::cited;
use super::extent::{Ruler, subtract, union};
use super::recurring::Recurring;
use super::template::{PATTERNED, Stretch, repeated_changes};
use super::{Listed, Pairing, Relation};
use crate::Passage;
use crate::fold::{View, WIDE, count_wide};
use crate::quotation::quoted;
use crate::shelf::Shelf;

/// A weighed pair of texts.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) a: usize,
    pub(super) b: usize,
    /// Whether both print one story.
    pub(super) joins: bool,
    /// Whether nearly all of the shorter stands in the longer.
    pub(super) plainly: bool,
    /// Whether at least half of either stands in the other.
    pub(super) half: bool,
    /// Whether a block of a text that holds several stories was weighed, not the whole of both texts.
    pub(super) block: bool,
    /// Whether both are cut from one pattern: evidence against one story, not only none for it.
    pub(super) template: bool,
    /// Whether others print what the one has for itself in some place, or what the other has, but none prints both.
    pub(super) parted: bool,
    /// How much alike the shared stretches are, in thousandths.
    pub(super) identity: u32,
    /// What they are to each other where they do not join; of no meaning where they do.
    pub(super) outside: Relation,
    /// Shared stretches of `a`, sorted and disjoint.
    pub(super) a_spans: Vec<Span>,
    /// Shared stretches of `b`.
    pub(super) b_spans: Vec<Span>,
}

/// What the weighing of a pair as a whole tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighed {
    pub(super) joins: bool,
    pub(super) plainly: bool,
    pub(super) half: bool,
    pub(super) template: bool,
    pub(super) parted: bool,
    pub(super) identity: u32,
    pub(super) outside: Relation,
}

impl Weighed {
    /// The pair with what was found.
    pub(super) fn of(self, pairing: Pairing<'_>) -> Edge {
        let Weighed { joins, plainly, half, template, parted, identity, outside } = self;
        let (Pairing { a, b, a_spans, b_spans, .. }, block) = (pairing, false);
        Edge { a, b, joins, plainly, half, block, template, parted, identity, outside, a_spans, b_spans }
    }
}

/// Share of the shorter text that has to stand in the longer, in thousandths, when it lies scattered...
const SCATTERED: u32 = 600;
/// ...and when it is one block at the head of both, as the introduction of a series is.
const OPENING: u32 = 750;
/// Share of both texts, in thousandths, from which on they are the same from end to end...
const SAME: u32 = 850;
/// ...and how many days they may be apart.
pub(super) const SAME_DAYS: u32 = 7;
/// How much alike two texts of one issue have to be, in thousandths, to be one story printed twice.
const SAME_ISSUE: u32 = 950;
/// How much more alike than texts of another time, in thousandths, two texts of one pattern have to be.
const CLEARLY: u32 = 12;
/// How much more alike another partner has to be, in thousandths, to be clearly so; and an eighth of what even that
/// one differs by, since the more noise, the more it varies.
const BETTER: u32 = 12;
/// Share of the shorter text, in thousandths, beside which what is left out is no other story...
const NEARLY_ALL: u32 = 900;
/// ...and square of how many standard deviations of its errors a pair may lie behind the best of its texts by chance, which is
/// the best of several.
const CHANCE: u64 = 7;
/// How much another partner has to share before a place and after it, in units, for the place to be the midst of a story.
pub(super) const AROUND: u32 = 40;
/// One part in so many of what two texts share has to follow or precede it in either for them to differ there.
const GOES_ON: u32 = 4;
/// Days within which news are printed.
pub(super) const NEWS_DAYS: u32 = 2;
/// Least material that is a printing though it stands in the midst of a story or comes again days later, in units, where
/// most of it is in an alphabet.
const PRINTING_IN_LETTERS: u32 = 320;
/// Only pairs less alike than this, in thousandths, can be cut from one pattern.
const PATTERN: u32 = 975;
/// Share of the shorter text from which on there is no doubt, in thousandths.
const PLAINLY: u32 = 800;
/// Least shared material, in units, that makes one story.
pub(super) const MATERIAL: u32 = 40;
/// A text shorter than this (units) joins only texts of its own size: a notice inside an essay is no printing
/// of the essay.
const SHORT: u32 = 180;
/// The same where most of it is in an alphabet: advertisements are that long.
const SHORT_IN_LETTERS: u32 = 320;
/// What "its own size" means: at most so many times as long.
const OWN_SIZE: u32 = 4;
/// One part in so many of a stretch that is common property otherwise makes it a printing of its own.
const OCCASION: u32 = 8;
/// A text of which so much stands in the other, in thousandths, is announced there rather than quoted.
const WHOLE: u32 = 700;

/// Weighs a pair as a whole; at the `first` look, what they are to each other if they do not join stays open.
pub(super) fn weigh(
    docs: &[Listed<'_>],
    shelf: &Shelf<'_>,
    rulers: &[Ruler],
    recurring: &Recurring,
    pairing: &Pairing<'_>,
    first: bool,
) -> io::Result<Weighed> {
    let (a, b) = (pairing.a, pairing.b);
    let (a_spans, b_spans) = (&pairing.a_spans[..], &pairing.b_spans[..]);
    let (a_side, b_side) = (
        Side::new(&rulers[a], &recurring.spans[a], a_spans),
        Side::new(&rulers[b], &recurring.spans[b], b_spans),
    );
    let (short, long) = if a_side.own <= b_side.own { (&a_side, &b_side) } else { (&b_side, &a_side) };
    // What the longer side holds of it bounds the share: a text that repeats itself is not shared twice.
    let material = short.shared.min(long.shared);
    let share = per_mille(material, short.own);
    let opening = pairing.passages.len() == 1
        && rulers[a].before(a_spans[0].start) * 10 < rulers[a].total()
        && rulers[b].before(b_spans[0].start) * 10 < rulers[b].total();
    let floor = if opening { OPENING } else { SCATTERED };
    let shorter = if a_side.own <= b_side.own { a } else { b };
    let sized = short.own >= SHORT_IN_LETTERS
        || long.own <= short.own * OWN_SIZE
        || short.own >= SHORT && count_wide(&shelf.get(shorter)?.text) as u32 * WIDE * 2 >= short.own;
    let identity = identity(pairing.passages);
    // Two texts that are the same from end to end are one story even where every sentence of it is used
    // elsewhere (a telegram's), unless they are standing matter, as like to what was printed long before, or
    // far apart in time.
    let same = per_mille(a_side.all, a_side.total).min(per_mille(b_side.all, b_side.total)) >= SAME
        && !(recurring.standing[a] && identity < recurring.elsewhen[a] + CLEARLY)
        && !(recurring.standing[b] && identity < recurring.elsewhen[b] + CLEARLY)
        && docs[a].day.zip(docs[b].day).is_none_or(|(one, other)| one.abs_diff(other) <= SAME_DAYS)
        && a_side.all >= MATERIAL;
    let mut joins = same || material >= MATERIAL && share >= floor && sized;
    if joins && !same && !first && material < QUOTABLE {
        // Whose text stands in others beyond that is itself a story.
        let cited = |second: bool| {
            let little = recurring.held[if second { b } else { a }] < 2 * material;
            Ok::<bool, io::Error>(
                little && cited(shelf, rulers, recurring, pairing, pairing.passages, second)?,
            )
        };
        // A text of the same day that stands in the other whole is no quotation: a brief among the items of a page.
        let brief = per_mille(short.all, short.total) >= WHOLE && docs[a].day == docs[b].day;
        let quoted = |at: usize, spans: &[Span]| !brief && embedded(rulers, recurring, at, spans);
        joins = !cited(false)? && !cited(true)? && !quoted(a, a_spans) && !quoted(b, b_spans);
        let again = || again(rulers, recurring, a, a_spans) || again(rulers, recurring, b, b_spans);
        joins =
            joins && !(material < PRINTING_IN_LETTERS && again() && in_letters(shelf, a, a_spans, material)?);
    }
    let parted = joins && !same && !first && parted(docs, rulers, recurring, pairing);
    joins &= !parted;
    let grounds = || suspect(rulers, recurring, a, a_spans) || suspect(rulers, recurring, b, b_spans);
    // A paper does not print one story twice in one issue: two texts of it that are alike all through are cut
    // from one pattern, unless they are the same to the letter.
    let half = a_side.all * 2 >= a_side.total && b_side.all * 2 >= b_side.total;
    let issue = |at: usize| docs[at].outlet.zip(docs[at].day);
    let mut template = joins && half && issue(a).is_some() && issue(a) == issue(b) && identity < SAME_ISSUE;
    joins &= !template;
    if joins && identity < PATTERN {
        let kinds = match pairing.repeated.get() {
            Some(kinds) => kinds,
            None => {
                let mut stretches: Vec<(Span, Span)> =
                    pairing.passages.iter().map(|passage| (passage.a_span, passage.b_span)).collect();
                stretches.sort_unstable();
                let kinds = repeated(shelf, a, b, &stretches)?;
                pairing.repeated.set(Some(kinds));
                kinds
            }
        };
        let best = outdone(recurring, (a, a_spans), (b, b_spans), identity);
        // Where nearly all of the shorter stands in the other, that takes more than what errors make by chance.
        let outdone = best.is_some_and(|best| share < NEARLY_ALL || !by_chance(best, identity, material));
        template = kinds >= PATTERNED || kinds > 0 && (outdone || grounds());
        joins = !template && !outdone;
    }
    // Quotation marks are looked for only when the answer is wanted.
    let outside =
        if joins || first { Relation::Full } else { outside(shelf, pairing, material, share, short.all)? };
    let plainly = joins && (same || share >= PLAINLY);
    Ok(Weighed { joins, plainly, half, template, parted, identity, outside })
}

/// How many kinds of differences between two texts come again.
fn repeated(shelf: &Shelf<'_>, a: usize, b: usize, stretches: &[(Span, Span)]) -> io::Result<usize> {
    let (seen_a, seen_b) = (shelf.folded(a)?, shelf.folded(b)?);
    let (one, two) = (seen_a.view(), seen_b.view());
    let mut places: Vec<(Stretch, Stretch)> = Vec::with_capacity(stretches.len());
    for &(left, right) in stretches {
        places.push((places_of(shelf, a, one, left)?, places_of(shelf, b, two, right)?));
    }
    Ok(repeated_changes(one.codes, two.codes, &places))
}

/// The folded characters of a stretch; mostly told without reading the text again.
fn places_of(shelf: &Shelf<'_>, at: usize, view: View<'_>, span: Span) -> io::Result<Stretch> {
    let told = view.index_by_marks(span.start).zip(view.index_by_marks(span.end));
    let (from, to) = match told {
        Some(places) => places,
        None => {
            let held = shelf.get(at)?;
            (view.index_at(span.start, &held.text), view.index_at(span.end, &held.text))
        }
    };
    Ok((from, to.max(from)))
}

/// How much alike passages are together, in thousandths.
pub(super) fn identity(passages: &[Passage]) -> u32 {
    let (mut sum, mut bytes) = (0u64, 0u64);
    for passage in passages {
        sum += u64::from(passage.identity) * passage.a_span.len() as u64;
        bytes += passage.a_span.len() as u64;
    }
    (sum / bytes.max(1)) as u32
}

/// What two texts are to each other that print no story in common.
fn outside(
    shelf: &Shelf<'_>,
    pairing: &Pairing<'_>,
    material: u32,
    share: u32,
    shorter: u32,
) -> io::Result<Relation> {
    if material < MATERIAL.min(shorter / 2) {
        return Ok(Relation::Boilerplate);
    }
    // What has no such mark need not be read again.
    let marked = |at: usize| shelf.may_quote(at).then(|| shelf.get(at)).transpose();
    let (a, b) = (marked(pairing.a)?, marked(pairing.b)?);
    let quotes = |passage: &Passage| {
        a.as_ref().is_some_and(|a| quoted(&a.text, passage.a_span))
            || b.as_ref().is_some_and(|b| quoted(&b.text, passage.b_span))
    };
    Ok(if pairing.passages.iter().all(quotes) {
        Relation::Quotation
    } else if share >= WHOLE {
        Relation::Announcement
    } else {
        Relation::SharedPassage
    })
}

/// Weighs a pair of which one holds several stories: what joins, block by block, and whatever else is shared as
/// one.
pub(super) fn weigh_blocks(
    docs: &[Listed<'_>],
    shelf: &Shelf<'_>,
    (rulers, recurring, several): (&[Ruler], &Recurring, &Several),
    pairing: Pairing<'_>,
    blocks: &[Vec<Passage>],
    whole: Weighed,
) -> io::Result<Vec<Edge>> {
    let (a, b) = (pairing.a, pairing.b);
    let mut rest = Vec::new();
    let mut edges = Vec::new();
    for block in blocks {
        let a_spans = union(block.iter().map(|passage| passage.a_span).collect());
        let b_spans = union(block.iter().map(|passage| passage.b_span).collect());
        let own = |at: usize, spans: &[Span]| rulers[at].sum_without(spans, &recurring.spans[at]);
        let material = own(a, &a_spans).min(own(b, &b_spans));
        let identity = identity(block);
        // A text that is no page is a printing when most of it stands there, however short.
        let raw = rulers[a].sum(&a_spans).min(rulers[b].sum(&b_spans));
        let most = |at: usize| {
            let side = rulers[at].total() - rulers[at].sum(&recurring.spans[at]);
            !several.told[at]
                && !several.long[at]
                && raw * 2 >= rulers[at].total()
                && u64::from(material) * 1000 >= u64::from(side) * u64::from(SCATTERED)
        };
        // Common property filled in for an occasion, as a telegram is: enough stands in no other.
        let near = docs[a].day.zip(docs[b].day).is_none_or(|(one, other)| one.abs_diff(other) <= SAME_DAYS);
        let occasion = raw >= PRINTING && near && material >= MATERIAL && material * OCCASION >= raw;
        // Or part of it was printed at quite another time, as the words of a telegram are, and part was not.
        let renewed = |at: usize, spans: &[Span]| {
            let again = rulers[at].sum(&subtract(spans, &subtract(spans, recurring.far.of(at))));
            again * 3 >= raw && again < raw && raw - again >= MATERIAL && (raw - again) * OCCASION >= raw
        };
        let renewed = raw >= PRINTING && near && renewed(a, &a_spans) && renewed(b, &b_spans);
        let around = |at: usize, spans: &[Span]| recurring.around(at, hull(spans), &rulers[at]);
        let (left, right) = (around(a, &a_spans), around(b, &b_spans));
        // A sentence or two from the midst of a story are a quotation.
        let midst = left.both.max(right.both) >= AROUND;
        let again = |at: usize, spans: &[Span]| again(rulers, recurring, at, spans);
        let little = raw < PRINTING_IN_LETTERS
            && (midst || again(a, &a_spans) || again(b, &b_spans))
            && in_letters(shelf, a, &a_spans, raw)?;
        let mut joins = (material >= PRINTING || occasion || renewed) && !little
            || material >= MATERIAL && (most(a) || most(b));
        let grounds = || suspect(rulers, recurring, a, &a_spans) || suspect(rulers, recurring, b, &b_spans);
        let outdone = outdone(recurring, (a, &a_spans), (b, &b_spans), identity).is_some();
        // Where both go on in other texts, but not in each other, they have a passage in common, as two telegrams of
        // one pattern have. If they are one story, those texts will join them.
        let clearly = AROUND.max(raw / GOES_ON);
        joins &= left.both.min(right.both) < AROUND
            && left.before.min(right.before) < clearly
            && left.after.min(right.after) < clearly;
        joins = joins
            && (raw >= QUOTABLE
                || !cited(shelf, rulers, recurring, &pairing, block, false)?
                    && !cited(shelf, rulers, recurring, &pairing, block, true)?);
        let mut template = false;
        if joins && identity < PATTERN {
            let stretches: Vec<(Span, Span)> =
                block.iter().map(|passage| (passage.a_span, passage.b_span)).collect();
            let kinds = repeated(shelf, a, b, &stretches)?;
            template = kinds >= PATTERNED || kinds > 0 && (outdone || grounds());
            joins = !template && !outdone;
        }
        if joins || template {
            edges.push(Edge {
                a,
                b,
                joins,
                plainly: false,
                half: false,
                block: true,
                template,
                parted: false,
                identity,
                outside: Relation::SharedPassage,
                a_spans,
                b_spans,
            });
        } else {
            rest.extend_from_slice(block);
        }
    }
    if edges.is_empty() {
        edges.push(Weighed { joins: false, ..whole }.of(pairing));
    } else if !rest.is_empty() {
        rest.sort_unstable();
        let rest = Pairing::new(a, b, &rest);
        let weighed = weigh(docs, shelf, rulers, recurring, &rest, false)?;
        edges.push(Weighed { joins: false, template: false, parted: false, ..weighed }.of(rest));
    }
    Ok(edges)
}

/// Whether each of two texts has a partner that is clearly more like it: then the pair is none, and those partners
/// will join the two if they are one story. Gives how much alike the less alike of these partners is.
fn outdone(
    recurring: &Recurring,
    (a, a_spans): (usize, &[Span]),
    (b, b_spans): (usize, &[Span]),
    identity: u32,
) -> Option<u32> {
    let better = |at: usize, spans: &[Span]| {
        let best = recurring.most_alike(at, spans)?;
        (identity + BETTER + (1000 - best) / 8 <= best).then_some(best)
    };
    Some(better(a, a_spans)?.min(better(b, b_spans)?))
}

/// Whether errors that fall anywhere may make the difference between two such shares of equal characters over so many
/// units, of which a character has two at most.
fn by_chance(best: u32, identity: u32, units: u32) -> bool {
    let (excess, lost) = (u64::from(best.saturating_sub(identity)), u64::from(1000 - identity.min(1000)));
    excess * excess * u64::from(units / WIDE) < CHANCE * 1000 * lost
}

/// Whether two texts have something else each in one place of what they share, and others print the one or the other, but
/// none prints both: then they are two stories of one pattern, as two telegrams of a day are.
fn parted(docs: &[Listed<'_>], rulers: &[Ruler], recurring: &Recurring, pairing: &Pairing<'_>) -> bool {
    let (a, b) = (pairing.a, pairing.b);
    let (mut before, mut parted) = ((0, 0), 0);
    let end = |at: usize| docs[at].length as u32;
    // What is small beside the rest may be a phrase that stands in the one here and in the other there.
    let size = |passage: &&Passage| rulers[a].length(passage.a_span);
    let most = pairing.passages.iter().map(|passage| size(&passage)).max().unwrap_or(0);
    let large = pairing.passages.iter().filter(|passage| size(passage) * SMALL >= most);
    let stretches = large.map(|passage| (passage.a_span, passage.b_span));
    let ends = [(Span { start: end(a), end: end(a) }, Span { start: end(b), end: end(b) })];
    for (left, right) in stretches.chain(ends) {
        let gap = |from: u32, to: u32| Span { start: from, end: to.max(from) };
        let (one, two) = (gap(before.0, left.start), gap(before.1, right.start));
        before = (before.0.max(left.end), before.1.max(right.end));
        // The cuts of a ruler are those of all passages of its text, and its ends.
        let size = rulers[a].length(one).min(rulers[b].length(two));
        if size < APART {
            continue;
        }
        let (with_one, with_two) = (recurring.printed_by(a, one), recurring.printed_by(b, two));
        let near = |at: usize, other: usize| Listed::days_apart(&docs[at], &docs[other]) <= SAME_DAYS;
        if with_one.iter().any(|&other| near(a, other))
            && with_two.iter().any(|&other| near(b, other))
            && !with_one.iter().any(|other| with_two.contains(other))
        {
            parted += size;
        }
    }
    parted * PARTED >= rulers[a].total().min(rulers[b].total())
}

/// Whether most of what a text shares comes again days later, as no news do.
fn again(rulers: &[Ruler], recurring: &Recurring, at: usize, spans: &[Span]) -> bool {
    rulers[at].sum_without(spans, recurring.later.of(at)) * 2 <= rulers[at].sum(spans)
}

/// Whether most of so many units is in an alphabet.
fn in_letters(shelf: &Shelf<'_>, at: usize, spans: &[Span], units: u32) -> io::Result<bool> {
    let text = shelf.get(at)?;
    let wide: usize = spans.iter().map(|span| count_wide(span.of(&text.text))).sum();
    Ok(wide as u32 * WIDE * 2 < units)
}

/// Whether stretches are a small part in the midst of a text that goes on before and after them with what no other
/// has: it quotes them.
fn embedded(rulers: &[Ruler], recurring: &Recurring, at: usize, spans: &[Span]) -> bool {
    let (hull, ruler) = (hull(spans), &rulers[at]);
    let (before, after) = (ruler.before(hull.start), ruler.total() - ruler.before(hull.end));
    let around = recurring.around(at, hull, ruler);
    ruler.length(hull) * EMBEDDED <= ruler.total()
        && around.before.max(around.after) < AROUND
        && before >= HEADING
        && after >= HEADING
}

/// From the first byte of stretches to the last.
fn hull(spans: &[Span]) -> Span {
    match (spans.first(), spans.last()) {
        (Some(first), Some(last)) => first.cover(*last),
        _ => Span { start: 0, end: 0 },
    }
}

/// Whether what two texts share gives grounds to look for a pattern: a good part of it is known from other times or
/// from many texts.
fn suspect(rulers: &[Ruler], recurring: &Recurring, at: usize, spans: &[Span]) -> bool {
    let own = subtract(&subtract(spans, &recurring.spans[at]), recurring.far.of(at));
    rulers[at].sum(&own) * 4 <= rulers[at].sum(spans) * 3
}

/// One text's part in a pair.
struct Side {
    /// Units it shares, common property included.
    all: u32,
    /// Units it shares that are not common property.
    shared: u32,
    /// Units of the whole text that are not common property.
    own: u32,
    /// Units of the whole text.
    total: u32,
}

impl Side {
    fn new(ruler: &Ruler, common: &[Span], spans: &[Span]) -> Side {
        Side {
            all: ruler.sum(spans),
            shared: ruler.sum_without(spans, common),
            own: ruler.total() - ruler.sum(common),
            total: ruler.total(),
        }
    }
}

fn per_mille(part: u32, whole: u32) -> u32 {
    (u64::from(part) * 1000 / u64::from(whole.max(1))) as u32
}

/// Most material of a quotation that is told by what introduces it, in units.
const QUOTABLE: u32 = 500;
/// What two texts have each for itself in one place tells them apart from so many units on: two printings may each leave
/// out a sentence where the other does not.
const APART: u32 = 110;
/// One part in so many of the shorter of two texts has to be another in either for them to be two stories of one pattern.
const PARTED: u32 = 5;
/// A stretch that two texts share is small beside their largest when it is less than one part in so many of it.
const SMALL: u32 = 3;
/// So many units are the least that a text has before a quotation: under a headline and a dateline with a colon stands a
/// printing.
pub(super) const HEADING: u32 = 100;

/// A quotation in the midst of a text is at most one part in so many of it.
const EMBEDDED: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_errors_more_or_less_are_chance() {
        // Of 270 characters 16 and 9 differ; of 1,350 81 and 45.
        assert!(by_chance(967, 940, 540));
        assert!(!by_chance(967, 940, 2700));
        assert!(!by_chance(990, 900, 540));
        assert!(by_chance(940, 940, 1));
    }
}
