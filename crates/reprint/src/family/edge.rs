//! What two texts are to each other.

use shiliu_text::Span;

use super::extent::{Ruler, subtract, union};
use super::{DocInfo, Pairing, Relation};

/// A weighed pair of texts.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) a: usize,
    pub(super) b: usize,
    /// Whether both print one story.
    pub(super) joins: bool,
    /// Whether nearly all of the shorter stands in the longer.
    pub(super) plainly: bool,
    /// What they are to each other where they do not join.
    pub(super) outside: Relation,
    /// Shared stretches of `a`, sorted and disjoint.
    pub(super) a_spans: Vec<Span>,
    /// Shared stretches of `b`.
    pub(super) b_spans: Vec<Span>,
}

/// Share of the shorter text that has to stand in the longer, in thousandths, when it lies scattered...
const SCATTERED: u32 = 600;
/// ...and when it is one block at the head of both, as the introduction of a series is.
const OPENING: u32 = 750;
/// Share of the shorter text from which on there is no doubt, in thousandths.
const PLAINLY: u32 = 850;
/// Least shared material, in units, that makes one story.
const MATERIAL: u32 = 40;
/// A text shorter than this (units) joins only texts of its own size: a notice inside an essay is no printing
/// of the essay.
const SHORT: u32 = 180;
/// What "its own size" means: at most so many times as long.
const OWN_SIZE: u32 = 4;
/// A text of which so much stands in the other, in thousandths, is announced there rather than quoted.
const WHOLE: u32 = 700;

pub(super) fn weigh(
    docs: &[DocInfo<'_>],
    rulers: &[Ruler],
    common: &[Vec<Span>],
    pairing: &Pairing<'_>,
) -> Edge {
    let (a, b) = (pairing.a, pairing.b);
    let a_spans = union(pairing.passages.iter().map(|passage| passage.a_span).collect());
    let b_spans = union(pairing.passages.iter().map(|passage| passage.b_span).collect());
    let (a_side, b_side) =
        (Side::new(&rulers[a], &common[a], &a_spans), Side::new(&rulers[b], &common[b], &b_spans));
    let (short, long) = if a_side.own <= b_side.own { (&a_side, &b_side) } else { (&b_side, &a_side) };
    // What the longer side holds of it bounds the share: a text that repeats itself is not shared twice.
    let material = short.shared.min(long.shared);
    let share = per_mille(material, short.own);
    let opening = pairing.passages.len() == 1
        && rulers[a].before(a_spans[0].start) * 10 < rulers[a].total()
        && rulers[b].before(b_spans[0].start) * 10 < rulers[b].total();
    let floor = if opening { OPENING } else { SCATTERED };
    let sized = short.own >= SHORT || long.own <= short.own * OWN_SIZE;
    let joins = material >= MATERIAL && share >= floor && sized;
    let outside = if material < MATERIAL.min(short.all / 2) {
        Relation::Boilerplate
    } else if pairing
        .passages
        .iter()
        .all(|passage| quoted(docs[a].text, passage.a_span) || quoted(docs[b].text, passage.b_span))
    {
        Relation::Quotation
    } else if share >= WHOLE {
        Relation::Announcement
    } else {
        Relation::SharedPassage
    };
    let plainly = joins && share >= PLAINLY;
    Edge { a, b, joins, plainly, outside, a_spans, b_spans }
}

/// One text's part in a pair.
struct Side {
    /// Units it shares, common property included.
    all: u32,
    /// Units it shares that are not common property.
    shared: u32,
    /// Units of the whole text that are not common property.
    own: u32,
}

impl Side {
    fn new(ruler: &Ruler, common: &[Span], spans: &[Span]) -> Side {
        Side {
            all: ruler.sum(spans),
            shared: ruler.sum(&subtract(spans, common)),
            own: ruler.total() - ruler.sum(common),
        }
    }
}

fn per_mille(part: u32, whole: u32) -> u32 {
    (u64::from(part) * 1000 / u64::from(whole.max(1))) as u32
}

/// Whether a stretch stands between an opening and a closing quotation mark of its text: the last mark before
/// it opens, or the first mark in it does.
fn quoted(text: &str, span: Span) -> bool {
    let opens = |character: char| matches!(character, '“' | '「' | '『' | '«' | '„' | '‘' | '《' | '〈');
    let closes = |character: char| matches!(character, '”' | '」' | '』' | '»' | '’' | '》' | '〉');
    let before =
        text[..span.start as usize].chars().rev().take(1000).find(|&mark| opens(mark) || closes(mark));
    let inside = span.of(text).chars().find(|&mark| opens(mark) || closes(mark));
    before.is_some_and(opens) && inside.is_none_or(|mark| closes(mark) || opens(mark))
}
