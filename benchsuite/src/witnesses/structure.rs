//! What a page does to a printing: lost column feet, abridgement, foreign inserts, moved blocks, hard line breaks.

use super::make::Draft;
use super::{Event, Kind, Printed};
use crate::rng::Rng;

fn ends_sentence(one: char) -> bool {
    matches!(one, '\u{3002}' | '.' | '!' | '?' | '\n' | '\u{201d}')
}

/// Whether a sentence ends before `at`.
fn at_sentence_start(truth: &[char], at: usize) -> bool {
    at == 0 || ends_sentence(truth[at - 1]) && truth.get(at) != Some(&'\u{201d}')
}

/// Ends of sentences from `from` on.
fn sentence_ends(truth: &[char], from: usize) -> impl Iterator<Item = usize> + '_ {
    (from + 1..=truth.len()).filter(|at| at_sentence_start(truth, *at) || *at == truth.len())
}

/// A column foot cut off in the middle of a word.
pub(super) fn lost_foot(draft: &mut Draft<'_>, rng: &mut Rng) {
    let length = rng.between(40, 180);
    let start = rng.below(draft.truth.len().saturating_sub(length + 40)) + 20;
    let inner = |at: usize| {
        let (one, other) = (draft.truth[at - 1], draft.truth[at]);
        one.is_alphanumeric() && other.is_alphanumeric()
    };
    let Some(start) = (start..draft.truth.len() - 20).find(|at| inner(*at)) else { return };
    let Some(end) = (start + length..draft.truth.len().saturating_sub(10)).find(|at| inner(*at)) else {
        return;
    };
    let kind = Kind::Omission;
    draft.add(Event { at: start..end, printed: Vec::new(), kind, cause: "lost", moved_to: None });
}

/// Whole sentences left out, inside or at the end.
pub(super) fn abridge(draft: &mut Draft<'_>, rng: &mut Rng) {
    let whole = draft.truth.len();
    let from = if rng.chance(50) { whole * 3 / 4 } else { rng.below(whole * 3 / 4) };
    let Some(start) = sentence_ends(&draft.truth, from).next() else { return };
    let count = rng.between(1, 4);
    let end =
        if from == whole * 3 / 4 { Some(whole) } else { sentence_ends(&draft.truth, start).nth(count - 1) };
    if let Some(end) = end.filter(|end| *end > start + 12) {
        let at = start..end;
        draft.add(Event {
            at,
            printed: Vec::new(),
            kind: Kind::Omission,
            cause: "abridgement",
            moved_to: None,
        });
    }
}

/// Another story's text in the middle of a sentence.
pub(super) fn insert_foreign(draft: &mut Draft<'_>, foreign: &[char], rng: &mut Rng) {
    let length = rng.between(60, 200).min(foreign.len());
    let from = rng.below(foreign.len() - length + 1);
    let start = rng.below(draft.truth.len() - 60) + 30;
    let inner = |at: usize| draft.truth[at - 1].is_alphabetic() && draft.truth[at].is_alphabetic();
    let Some(start) = (start..draft.truth.len() - 20).find(|at| inner(*at)) else { return };
    let printed = foreign[from..from + length].to_vec();
    draft.add(Event { at: start..start, printed, kind: Kind::Addition, cause: "jump", moved_to: None });
}

/// A block stands at another place: cut at sentence ends, or anywhere as lines are cut.
pub(super) fn move_block(draft: &mut Draft<'_>, in_mid_sentence: bool, rng: &mut Rng) {
    let whole = draft.truth.len();
    let length = rng.between(80, 300).min(whole / 4);
    let start = rng.below(whole / 2);
    let place = |at: usize| {
        (at..whole).find(|at| *at == 0 || (in_mid_sentence != at_sentence_start(&draft.truth, *at)))
    };
    let (Some(start), Some(end)) = (place(start), place(start + length)) else { return };
    let Some(to) = place(end + rng.between(100, whole / 3)) else { return };
    if start < end && end < to && draft.is_free(start..end) {
        let (kind, cause) = (Kind::Transposition, "jump");
        draft.add_move(Event { at: start..end, printed: Vec::new(), kind, cause, moved_to: Some(to) });
    }
}

/// Lines as a column sets them.
pub(super) fn hard_breaks(printed: &mut Vec<Printed>, rng: &mut Rng) {
    let width = rng.between(13, 18);
    let mut out = Vec::with_capacity(printed.len() * 15 / 14);
    let mut column = 0;
    for one in printed.drain(..) {
        column = if one.character == '\n' { 0 } else { column + 1 };
        out.push(one);
        if column == width {
            out.push(Printed { character: '\n', origin: None });
            column = 0;
        }
    }
    *printed = out;
}
