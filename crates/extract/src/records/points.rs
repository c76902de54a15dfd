//! Numbered points: what governs them, and lists of what was agreed.

use shiliu_text::Span;

use super::actor::Party;
use super::clause::Predicate;
use super::commitment::{Course, Governor, Reader};
use super::doc::Doc;
use super::layout::Clause;
use super::lexicon::{Class, Hit};

/// A line that heads a list of what was agreed is no longer than this, in characters; one that a colon ends may be.
const HEADING: usize = 30;

/// The number of proposals begins within so many bytes before the word for them.
const COUNTED: u32 = 12;

/// The words at the end of a paragraph that say that what was agreed is listed below it.
pub(super) fn outcomes(doc: &Doc<'_>, paragraph: usize) -> Option<Hit> {
    let span = doc.layout.paragraphs[paragraph];
    let text = doc.text(span);
    let kept = text.trim_end_matches(['：', '。']);
    let end = span.start + u32::try_from(kept.len()).unwrap_or(0);
    let short = text.chars().nth(HEADING).is_none();
    doc.ending(end, Class::Outcomes).filter(|_| short || text.ends_with('：'))
}

impl Reader<'_, '_> {
    /// Every numbered point of a paragraph stands under what governed before the first, not under the point before it.
    pub(super) fn under_points(&mut self, governor: &mut Option<Governor>) {
        match &self.points_under {
            None => self.points_under = Some(governor.clone()),
            Some(first) => governor.clone_from(first),
        }
    }

    /// `三、新设机构`, above items with numbers of their own: a line that only names them.
    pub(super) fn heads_items(&self, clause: Clause) -> bool {
        /// Longest such line, in characters.
        const LINE: usize = 20;
        let doc = self.doc;
        let sentence = doc.layout.sentences[clause.sentence];
        let lines = &doc.layout.paragraphs;
        let Some(line) = lines.get(sentence.paragraph) else { return false };
        let whole = clause.span.start <= line.start && clause.span.end + 3 >= line.end;
        let own = doc.numbering_at(line.start);
        let next = lines.get(sentence.paragraph + 1).and_then(|next| doc.numbering_at(next.start));
        let (Some(own), Some(next)) = (own, next) else { return false };
        whole
            && matches!(clause.mark, '\0' | '：')
            && doc.text(*line).chars().count() <= LINE
            && doc.word(own).id != doc.word(next).id
    }

    /// `我提出四点建议`: what the points after it say is proposed to everybody.
    pub(super) fn puts_forward(&self, clause: Clause) -> Option<(Governor, u32)> {
        let doc = self.doc;
        let cue =
            doc.ending(clause.span.end, Class::Cue).filter(|cue| doc.word(*cue).id.ends_with(".propose"))?;
        let counted = Span { start: cue.span.start.saturating_sub(COUNTED), end: cue.span.start };
        if doc.ending(cue.span.start, Class::Quantifier).is_none() {
            doc.mentions_in(counted).next()?;
        }
        let at = Span { start: cue.span.start, end: cue.span.start };
        let party = Party { states: self.circle.states, at, ..Party::default() };
        let governor = Governor { party, cue, words: cue.span, framed: true };
        (self.circle.concerned && !governor.party.is_empty()).then_some((governor, clause.span.end))
    }

    /// A point of a list of what was agreed: who does what, without a cue of its own; without a subject it is everybody's.
    pub(super) fn listed(&self, read: &Predicate, course: &Course, opening: bool) -> Option<Governor> {
        let cue = course.listed?;
        // `联合发布的文件`: a verb in a modifier is a heading's.
        let modifies = |verb: &Span| self.doc.at(verb.end, Class::Modifier).is_some();
        let verb = read.verb.filter(|verb| read.done.is_none() && !modifies(verb))?;
        // The points of a document also tell how the meeting was; only who is named in one promises something.
        let document = self.doc.word(cue).id.ends_with(".document");
        let collective = self.doc.at(read.start, Class::Collective).is_some();
        if document && (read.subject.is_none() || collective) || self.tells_of_meeting(read, verb) {
            return None;
        }
        let party = match &read.subject {
            Some(subject) => subject.clone(),
            None if opening && course.subject.as_ref().is_some_and(|party| !party.we) => {
                course.subject.clone()?
            }
            None if opening && self.circle.concerned => {
                let at = Span { start: read.start, end: read.start };
                Party { states: self.circle.states, at, ..Party::default() }
            }
            None => return None,
        };
        (!party.is_empty()).then_some(Governor { party, cue, words: cue.span, framed: false })
    }

    /// `会议在…举行`: a meeting that is held promises nothing, nor does what stands inside a phrase of place or manner.
    fn tells_of_meeting(&self, read: &Predicate, verb: Span) -> bool {
        let doc = self.doc;
        let Some(clause) = doc.clause_at(verb.start) else { return false };
        let collective = doc.at(read.start, Class::Collective).is_some();
        let rest = Span { start: verb.start, end: clause.span.end };
        let held = doc.of_class(rest, Class::EventVerb).any(|hit| hit.span.end == clause.span.end);
        let open = doc.of_class(Span { start: read.start, end: verb.start }, Class::Preposition).last();
        let within = open.is_some_and(|open| {
            doc.word(open).value == "at"
                && doc
                    .of_class(Span { start: open.span.end, end: clause.span.end }, Class::Frame)
                    .any(|_| true)
        });
        held && (collective || within || read.subject.is_none())
    }
}

/// Whether a number alone stands before a clause in its sentence (`第一，…`).
pub(super) fn behind_number(doc: &Doc<'_>, clause: Clause) -> bool {
    let index = doc.layout.clause_at(clause.span.start).and_then(|index| index.checked_sub(1));
    index.map(|index| doc.layout.clauses[index]).is_some_and(|before| {
        let number = doc.numbering_at(before.span.start);
        before.sentence == clause.sentence && number.is_some_and(|number| number.span.end == before.span.end)
    })
}

/// Whether the sentence of a numbered head goes on in the same paragraph with a sentence about who does what, so that
/// the head only names the point.
pub(super) fn is_detailed(doc: &Doc<'_>, clause: Clause) -> bool {
    let here = doc.layout.sentences[clause.sentence];
    let next = doc.layout.sentences.get(clause.sentence + 1).filter(|next| next.paragraph == here.paragraph);
    next.is_some_and(|next| {
        let start = next.span.start;
        let acts = [Class::State, Class::Side, Class::Group, Class::Circle, Class::Cue];
        doc.numbering_at(start).is_none() && doc.any_at(start, &acts).is_some()
    })
}
