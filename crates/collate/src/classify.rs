//! Kind and cause of every reading that is not the lemma.

use crate::marks::{at_sentence_end, closes, is_unspaced_script, opens, partner};
use crate::stream::{Glyph, Stream};
use crate::table::{Absence, NONE, Table};
use crate::units::{Unit, UnitKind};
use crate::{Cause, Judge, Locus, ReadingKind, Substance};

/// Glyphs at least so confusable (milli-nats) are taken for look-alikes.
const LOOK_ALIKE_FROM: i32 = 1000;
/// A loss of so many glyphs is more than a slip of the recogniser.
const LONG_LOSS: usize = 8;
/// The same at the head or tail of the story, and in words where they are spaced.
const LONG_LOSS_AT_EDGE: usize = 3;
const LONG_LOSS_WORDS: usize = 4;
/// An omission longer than this is not called another number or name because it holds one.
const SHORT_LOSS: usize = 4;

/// A reading beside its lemma, column by column.
pub(crate) struct Comparison<'a> {
    pub(crate) table: &'a Table,
    pub(crate) streams: &'a [Stream],
    pub(crate) unit: &'a Unit,
    /// A witness that has the reading, and one that has the lemma.
    pub(crate) reading: usize,
    pub(crate) lemma: usize,
}

/// What two readings differ in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Difference {
    lost: usize,
    added: usize,
    /// Pairs of different glyphs: the reading's, the lemma's.
    wrong: Vec<(Glyph, Glyph)>,
    /// Variant forms of the same mark.
    variants: usize,
    letters: bool,
}

impl Comparison<'_> {
    fn glyph(&self, witness: usize, column: usize) -> Option<Glyph> {
        let cell = self.table.column(column)[witness];
        (cell != NONE).then(|| self.streams[witness].glyphs[cell as usize])
    }

    /// Counts what differs.
    pub(crate) fn difference(&self) -> Difference {
        let mut found = Difference::default();
        for column in self.unit.columns() {
            match (self.glyph(self.reading, column), self.glyph(self.lemma, column)) {
                (Some(own), Some(meant)) if own.label != meant.label => {
                    found.letters |= !own.mark || !meant.mark;
                    found.wrong.push((own, meant));
                }
                (Some(own), Some(meant)) if own.raw != meant.raw => {
                    found.variants += 1;
                    // A letter of another width is a matter of form as well.
                }
                (None, Some(meant)) => {
                    found.lost += 1;
                    found.letters |= !meant.mark;
                }
                (Some(own), None) => {
                    found.added += 1;
                    found.letters |= !own.mark;
                }
                _ => {}
            }
        }
        found
    }
}

/// The kind of a reading; `absence` where its witnesses lack a long stretch here.
pub(crate) fn kind(
    unit: &Unit,
    difference: &Difference,
    absence: Option<Absence>,
    reading: &str,
    lemma: &str,
) -> ReadingKind {
    match absence {
        Some(Absence::Elsewhere(_)) => return ReadingKind::Transposition,
        Some(Absence::Lost) => return ReadingKind::Omission,
        None => {}
    }
    match unit.kind {
        UnitKind::Swap | UnitKind::Hole(Absence::Elsewhere(_)) => return ReadingKind::Transposition,
        _ => {}
    }
    let glyphs = (difference.lost, difference.added, difference.wrong.len() + difference.variants);
    match glyphs {
        (1.., 0, 0) => ReadingKind::Omission,
        (0, 1.., 0) => ReadingKind::Addition,
        (0, 0, 0) if reading.is_empty() => ReadingKind::Omission,
        (0, 0, 0) if lemma.is_empty() => ReadingKind::Addition,
        _ => ReadingKind::Substitution,
    }
}

/// What the cause of a reading is judged from.
pub(crate) struct Circumstances<'a> {
    pub(crate) unit: &'a Unit,
    pub(crate) difference: &'a Difference,
    pub(crate) substance: Option<Substance>,
    pub(crate) foreign: bool,
    /// Witnesses with the reading and with the lemma.
    pub(crate) support: (usize, usize),
    /// Witnesses that testify.
    pub(crate) speaking: usize,
    /// The same two readings stand against each other elsewhere in the story.
    pub(crate) repeated: bool,
    /// The longer text of a loss, and what stands before it.
    pub(crate) long: &'a str,
    pub(crate) before: &'a str,
    /// The unit stands at the head or tail of the story.
    pub(crate) at_edge: bool,
    /// What a long loss was caused by, if the reading is one.
    pub(crate) loss: Option<Cause>,
}

/// The most likely cause of a reading.
pub(crate) fn cause(judge: &dyn Judge, at: &Circumstances<'_>) -> Cause {
    let difference = at.difference;
    if let Some(loss) = at.loss {
        return loss;
    }
    match at.unit.kind {
        UnitKind::Layout => return Cause::Punctuation,
        UnitKind::Hole(Absence::Elsewhere(_)) => return Cause::Jump,
        UnitKind::Hole(Absence::Lost) if at.foreign => return Cause::Jump,
        UnitKind::Hole(Absence::Lost) => return at.loss.unwrap_or(Cause::Lost),
        UnitKind::Swap => return Cause::Wording,
        UnitKind::Glyphs => {}
    }
    if !difference.letters {
        return Cause::Punctuation;
    }
    let one_sided = difference.wrong.is_empty() && (difference.lost == 0 || difference.added == 0);
    let length = difference.lost.max(difference.added);
    if one_sided && (is_long(at.long, length) || at.at_edge && length >= LONG_LOSS_AT_EDGE) {
        return loss_cause(at.before, at.long, false);
    }
    if !one_sided || length <= SHORT_LOSS {
        match at.substance {
            Some(Substance::Number | Substance::Date) => return Cause::Number,
            Some(Substance::Name) => return Cause::Name,
            Some(Substance::Negation) | None => {}
        }
    }
    let alike = |(own, meant): &(Glyph, Glyph)| judge.confusable(own.raw, meant.raw) >= LOOK_ALIKE_FROM;
    if !difference.wrong.is_empty()
        && difference.lost + difference.added == 0
        && difference.wrong.iter().all(alike)
    {
        return Cause::LookAlike;
    }
    // A word that several printings have is an editor's; what recognisers drop alike they drop by chance, and one
    // letter of an alphabet is no word.
    let shared = at.support.0 >= 2 && at.support.1 >= 2 && at.support.0 * 4 >= at.speaking;
    let is_word = at.long.chars().any(is_unspaced_script) || at.long.chars().count() > 2;
    if is_word && (at.repeated || shared && (!one_sided || at.support.0 >= 3)) {
        return Cause::Wording;
    }
    Cause::Misreading
}

fn is_long(text: &str, glyphs: usize) -> bool {
    if text.chars().any(is_unspaced_script) {
        return glyphs >= LONG_LOSS;
    }
    text.split_whitespace().count() >= LONG_LOSS_WORDS
}

/// Why a witness lacks a long stretch: an editor stops where a sentence ends, a page loses its foot in the
/// middle of a word. `before` and `text` are the ends of what stands before it and of what it lacks.
pub(crate) fn loss_cause(before: &str, text: &str, at_tail: bool) -> Cause {
    if at_sentence_end(before) && (at_tail || at_sentence_end(text)) {
        Cause::Abridgement
    } else {
        Cause::Lost
    }
}

/// Numbers the loci that are one event although they stand apart: both marks of a pair that the same witnesses lack
/// or print otherwise. `next` is the first free number.
pub(crate) fn pair_marks(loci: &mut [Locus], next: u32) {
    let mut number = next;
    // Open marks that wait for their partner: (locus, the closing mark, who stands against whom).
    let mut waiting: Vec<(usize, char, Vec<Vec<usize>>)> = Vec::new();
    for at in 0..loci.len() {
        let locus = &loci[at];
        let marks_only = |text: &str| text.chars().all(|mark| !mark.is_alphanumeric());
        if locus.event.is_some() || !locus.readings.iter().all(|reading| marks_only(&reading.text)) {
            continue;
        }
        let mut sides: Vec<Vec<usize>> = locus
            .readings
            .iter()
            .map(|reading| reading.witnesses.iter().map(|(witness, _)| *witness).collect())
            .collect();
        sides.sort_unstable();
        let marks: Vec<char> = locus.readings.iter().flat_map(|reading| reading.text.chars()).collect();
        let closing = waiting
            .iter()
            .rposition(|(_, close, who)| *who == sides && closes(*close) && marks.contains(close));
        if let Some(found) = closing {
            let open = waiting[found].0;
            waiting.truncate(found);
            loci[open].event = Some(number);
            loci[at].event = Some(number);
            number += 1;
        } else if let Some(close) = marks.iter().find(|mark| opens(**mark)).and_then(|mark| partner(*mark)) {
            waiting.push((at, close, sides));
        }
    }
}
