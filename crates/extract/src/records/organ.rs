//! Promises of organisations that the profile does not hold.

use shiliu_ledger::Label;
use shiliu_text::Span;

use super::actor::Party;
use super::clause::{Predicate, predicate};
use super::commitment::{Reader, force_of, in_marks};
use super::layout::Clause;
use super::lexicon::Class;
use super::states::States;
use crate::{Mention, MentionKind};

/// Bytes behind the name of a place that still name it (`某港`).
const PLACE_TAIL: u32 = 6;

impl Reader<'_, '_> {
    /// A clause whose subject is an organisation the profile does not hold, with a cue of its own.
    pub(super) fn organisation(&self, clause: Clause, read: &mut Predicate) -> bool {
        let doc = self.doc;
        // `年内平台将…`: a date before who acts.
        let timed = |mention: &Mention| {
            matches!(mention.kind, MentionKind::Date | MentionKind::DateRange | MentionKind::Duration)
        };
        let dated = doc.mentions_in(Span { start: read.start, end: read.start + 1 }).next();
        let dated = dated.filter(|(mention, at)| timed(mention) && at.end < clause.span.end);
        let from = dated.map_or(read.start, |(_, at)| at.end);
        let rest = Span { start: from, end: clause.span.end };
        let placed = doc.at(from, Class::Place).map(|place| place.span.end);
        let cue = doc.of_class(rest, Class::Cue).find(|&cue| {
            (force_of(doc, cue) >= 4 || force_of(doc, cue) == 3 && placed == Some(cue.span.start))
                && !in_marks(doc, cue.span)
                // `议会10日批准…` tells of what was done that day.
                && !(doc.word(cue).id.ends_with(".bound") && doc.mention_ending(cue.span.start).is_some())
                && doc.text(cue.span) != doc.text(rest)
        });
        let Some(cue) = cue.filter(|cue| cue.span.start - from <= 75) else { return false };
        let end = self.before_cue(from, cue.span.start, timed);
        let name = Span { start: from, end };
        let text = doc.text(name);
        let organised = [Class::BodySuffix, Class::TitlePart, Class::PlaceSuffix, Class::Body, Class::Collective]
            .iter()
            .any(|&class| doc.ending(end, class).is_some())
            || text.ends_with('”')
            // A town, a province or a port that will do something.
            || doc.at(name.start, Class::Place).is_some_and(|place| place.span.end + PLACE_TAIL >= name.end);
        let meeting =
            doc.ending(end, Class::EventSuffix).is_some() || doc.ending(end, Class::Meeting).is_some();
        if !organised
            || meeting
            || text.chars().count() < 2
            || text.contains(['、', ' ']) && !text.ends_with('”')
        {
            return false;
        }
        let again = predicate(
            doc,
            self.people,
            self.circle,
            States::default(),
            Clause { span: Span { start: cue.span.start, ..clause.span }, ..clause },
            false,
            None,
        );
        // `某局决定，`: what it decides stands in the clauses behind.
        let opens = cue.span.end == clause.span.end && clause.mark == '，' && force_of(doc, cue) == 5;
        if again.verb.is_none() && !opens {
            return false;
        }
        let start = read.start;
        *read = Predicate { start, foreign: false, ..again };
        read.subject = Some(Party { other: Some(Label::of(text)), at: name, ..Party::default() });
        true
    }

    /// Where who acts ends before a cue: words of manner and dates stand between them (`中心今年暑期将…`).
    pub(super) fn before_cue(&self, from: u32, cue: u32, timed: impl Fn(&Mention) -> bool) -> u32 {
        let doc = self.doc;
        let mut end = cue;
        loop {
            let adverb = doc.ending(end, Class::Adverb).map(|adverb| adverb.span.start);
            let date = doc.mention_ending(end).filter(|(mention, _)| timed(mention)).map(|(_, at)| at.start);
            let Some(start) = adverb.or(date).filter(|start| *start > from) else { return end };
            end = start;
        }
    }
}
