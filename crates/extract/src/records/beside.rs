//! Clauses that stand beside a promise and are none: what it is for, how and when it is done.

use shiliu_ledger::Kind;
use shiliu_text::Span;

use super::clause::Predicate;
use super::commitment::{Reader, force_of};
use super::layout::Clause;
use super::lexicon::Class;
use super::slots::quantity;
use crate::MentionKind;

/// Longest clause of purpose, in characters.
const PURPOSE: usize = 24;

impl Reader<'_, '_> {
    /// "For small ports", "for 5,000 people": a clause that says what the promise before it is for belongs to it.
    pub(super) fn adds_purpose(&mut self, clause: Clause) -> bool {
        let doc = self.doc;
        if doc.at(clause.span.start, Class::Purpose).is_none() {
            return false;
        }
        let long = doc.text(clause.span).chars().count() > PURPOSE;
        let promises = doc.of_class(clause.span, Class::Cue).any(|cue| force_of(doc, cue) >= 3);
        if long || promises {
            return false;
        }
        let Some(last) = self.found.last_mut().filter(|last| last.kind == Kind::Commitment) else {
            return false;
        };
        if last.at.end + 3 != clause.span.start {
            return false;
        }
        last.at = Span { start: last.at.start, end: clause.span.end };
        if last.value("quantity").is_none() {
            quantity(doc, clause.span, last);
        }
        true
    }

    /// "To carry out these measures,": what the next clause is done for is no target of its own.
    pub(super) fn only_aims(&self, clause: Clause) -> bool {
        let doc = self.doc;
        let Some(aim) = doc.at(clause.span.start, Class::Aim).filter(|_| clause.mark == '，') else {
            return false;
        };
        doc.any_at(aim.span.end, &[Class::Action, Class::Adverb]).is_some_and(|hit| hit.span.len() > 3)
            && !doc.of_class(clause.span, Class::Cue).any(|cue| force_of(doc, cue) >= 3)
    }

    /// A clause that only adds a figure (`为期三年`) leaves its neighbours as they are.
    pub(super) fn only_figure(&self, clause: Clause) -> bool {
        let last = self.doc.mentions_in(clause.span).next_back();
        last.is_some_and(|(_, at)| at.end >= clause.span.end)
            && self.doc.text(clause.span).chars().count() <= 12
            && !self.doc.holds(clause.span, Class::Cue)
    }

    /// "Working closely with all sides": how the next clause is done, no target of its own.
    pub(super) fn accompanies(&self, read: &Predicate, verb: Span, clause: Clause) -> bool {
        let object = Span { start: verb.end.min(clause.span.end), end: clause.span.end };
        let bare = self.doc.at(object.start, Class::Abstract).is_some_and(|word| word.span.end == object.end);
        // Cooperation in a field that is named is a target.
        let field = self.doc.holds(clause.span, Class::PhraseTail);
        bare && !field && !read.with.is_empty() && clause.mark == '，' && object.len() <= 6
    }

    /// Whether a stretch is a date and words of manner and nothing else.
    pub(super) fn only_dated(&self, phrase: Span) -> bool {
        let doc = self.doc;
        let dates: usize = doc.mentions_in(phrase).map(|(_, at)| at.len()).sum();
        dates > 0 && phrase.len() <= dates + 9 && !doc.holds(phrase, Class::EventSuffix)
    }

    /// `首期投资1亿`: a stage and a sum, and the verb between them.
    pub(super) fn only_costs(&self, read: &Predicate, clause: Clause) -> bool {
        let doc = self.doc;
        let Some(verb) = read.verb else { return false };
        let stage = doc.mentions_in(Span { start: read.start, end: verb.start }).next();
        let staged = stage.is_some_and(|(mention, at)| {
            mention.kind == MentionKind::Ordinal && at.start == read.start && at.end == verb.start
        });
        let mut sum = doc.mentions_in(Span { start: verb.end, end: clause.span.end });
        staged && sum.next().is_some_and(|(mention, _)| mention.kind == MentionKind::Money)
    }

    /// A clause of nothing but a date sets the date of the next.
    pub(super) fn only_date(&self, clause: Clause) -> bool {
        clause.mark == '，'
            && clause.span.len() <= 45
            && (self.since_when(clause.span)
                || self.doc.mentions_in(clause.span).any(|(_, at)| {
                    at.start <= clause.span.start + 3 && at.end + 9 >= clause.span.end && at.len() >= 6
                }))
    }

    /// `从下届起`: from when something holds, though no day is named.
    fn since_when(&self, clause: Span) -> bool {
        let doc = self.doc;
        let from = doc.at(clause.start, Class::Preposition).filter(|word| doc.word(*word).value == "at");
        from.is_some() && clause.len() <= 24 && doc.ending(clause.end, Class::Since).is_some()
    }
}
