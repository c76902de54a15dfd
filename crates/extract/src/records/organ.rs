//! Promises of organisations that the profile does not hold.

use shiliu_ledger::Label;
use shiliu_text::Span;

use super::actor::Party;
use super::clause::{Predicate, predicate};
use super::commitment::{Governor, Reader, force_of, in_marks};
use super::doc::is_han;
use super::layout::Clause;
use super::lexicon::{Class, Hit};
use super::speech::Speaker;
use super::states::States;
use crate::{Mention, MentionKind};

/// Bytes behind the name of a place that still name it (`某港`).
const PLACE_TAIL: u32 = 6;

impl Reader<'_, '_> {
    /// A clause whose subject is an organisation the profile does not hold, with a cue of its own.
    pub(super) fn organisation(
        &self,
        clause: Clause,
        read: &mut Predicate,
        governor: Option<&Governor>,
        speaker: Option<&Speaker>,
    ) -> bool {
        let doc = self.doc;
        // `审计院建议，财政部应…`: what an organ should do is proposed.
        let proposed = governor.is_some_and(|outer| self.is_advice(outer));
        // `年内平台将…`: a date before who acts.
        let timed = |mention: &Mention| {
            matches!(mention.kind, MentionKind::Date | MentionKind::DateRange | MentionKind::Duration)
        };
        let dated = doc.mentions_in(Span { start: read.start, end: read.start + 1 }).next();
        let dated = dated.filter(|(mention, at)| timed(mention) && at.end < clause.span.end);
        let mut from = dated.map_or(read.start, |(_, at)| at.end);
        // `届时某海关也会…`: nor is a word for the time.
        while let Some(word) = doc.at(from, Class::Adverb).filter(|word| {
            word.span.len() > 3 && doc.word(*word).id.ends_with(".time") && word.span.end < clause.span.end
        }) {
            from = word.span.end;
        }
        let rest = Span { start: from, end: clause.span.end };
        let placed = doc.at(from, Class::Place).map(|place| place.span.end);
        let cue = doc.of_class(rest, Class::Cue).find(|&cue| {
            let force = force_of(doc, cue);
            // `商会将`: the first character of `会将` ends the name.
            let first = Span { start: cue.span.start, end: cue.span.start + 3 };
            if doc.covered(first, &[Class::BodySuffix, Class::TitlePart]) {
                return false;
            }
            let bare = self.is_bare_organ(Span { start: from, end: cue.span.start });
            (force >= 4
                || force == 3
                    && (placed == Some(cue.span.start) || bare || self.is_association(from, cue.span.start))
                || doc.word(cue).id.ends_with(".propose")
                    && doc.at(cue.span.start, Class::Speech).is_some_and(|verb| doc.word(verb).value == "act")
                    && self.is_association(from, cue.span.start)
                || proposed && doc.word(cue).id.ends_with(".should")
                || doc.word(cue).id.ends_with(".propose") && self.is_office(from, cue.span.start))
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
            || self.is_short_of_firm(name)
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
        read.subject = Some(self.organ_party(name, speaker));
        true
    }

    /// Whom the name of an organ means: the state that the speaker serves in it, the speaker's own organ where only its last
    /// word is said (`集团将…`), else the organ as printed.
    fn organ_party(&self, name: Span, speaker: Option<&Speaker>) -> Party {
        let doc = self.doc;
        let text = doc.text(name);
        let own = speaker.and_then(|speaker| {
            let organ = self.organ(speaker).filter(|organ| organ.ends_with(text))?;
            Some((speaker, organ))
        });
        match own {
            Some((speaker, _)) if speaker.office && !speaker.states.is_empty() => {
                Party { states: speaker.states, at: name, ..Party::default() }
            }
            Some((_, organ)) => Party { other: Some(organ), at: name, ..Party::default() },
            None => Party { other: Some(Label::of(text)), at: name, ..Party::default() },
        }
    }

    /// Whether an organ, not somebody in office, proposes what follows.
    pub(super) fn is_advice(&self, outer: &Governor) -> bool {
        outer.framed
            && force_of(self.doc, outer.cue) == 2
            && outer.party.other.is_some()
            && self.people.in_span(outer.party.at).is_empty()
    }

    /// Whether a stretch is the word for an organisation and nothing else (`集团`, `商会`).
    fn is_bare_organ(&self, name: Span) -> bool {
        let organs = [Class::TitlePart, Class::BodySuffix];
        name.len() > 3 && self.doc.any_at(name.start, &organs).is_some_and(|organ| organ.span.end == name.end)
    }

    /// Whether the name of an association, a council or a firm stands between two bytes and nothing else.
    fn is_association(&self, from: u32, to: u32) -> bool {
        let doc = self.doc;
        let kinds = ["council", "alliance", "company", "mechanism"];
        let head = doc.ending(to, Class::BodySuffix).filter(|head| head.span.start > from + 3);
        head.is_some_and(|head| kinds.contains(&doc.word(head).value.as_str()))
            && doc.text(Span { start: from, end: to }).chars().all(is_han)
    }

    /// Whether a stretch is the beginning of a firm's name printed before in full (`岚峰储能` of `岚峰储能科技股份有限公司`).
    fn is_short_of_firm(&self, name: Span) -> bool {
        /// Between the short form and the head word of the full one, in bytes.
        const REST: u32 = 30;
        let doc = self.doc;
        let text = doc.text(name);
        if !(2..=8).contains(&text.chars().count()) || !text.chars().all(is_han) {
            return false;
        }
        let firms = |hit: &Hit| {
            doc.is(*hit, Class::BodySuffix) && doc.word(*hit).value == "company"
                || doc.is(*hit, Class::TitlePart) && doc.word(*hit).value == "firm"
        };
        doc.all()[..name.start as usize].match_indices(text).any(|(at, _)| {
            let behind = at as u32 + name.end - name.start;
            let rest = Span { start: behind, end: (behind + REST).min(name.start).max(behind) };
            doc.hits_in(rest).filter(firms).any(|head| {
                doc.text(Span { start: behind, end: head.span.start.max(behind) }).chars().all(is_han)
            })
        })
    }

    /// Whether the name of an office of state stands between two bytes (`审计院`), no firm and no school.
    fn is_office(&self, from: u32, to: u32) -> bool {
        let doc = self.doc;
        let part = doc.ending(to, Class::TitlePart).filter(|part| part.span.start >= from);
        let office = part.is_some_and(|part| doc.word(part).value != "firm");
        let firm = part.is_some_and(|part| doc.covered(part.span, &[Class::TitlePart, Class::BodySuffix]));
        office && !firm && to > from + 6 && doc.text(Span { start: from, end: to }).chars().all(is_han)
    }

    /// An organ at the head of a clause that tells something else of it.
    pub(super) fn organ_told_of(&self, clause: Clause, speaker: Option<&Speaker>) -> Option<Party> {
        const ORGAN: u32 = 30;
        let doc = self.doc;
        let start = clause.span.start;
        let head = Span { start, end: clause.span.end.min(start + ORGAN) };
        let organ = doc.of_class(head, Class::TitlePart).find(|organ| {
            let after =
                [Class::Action, Class::Cue, Class::Adverb, Class::Done, Class::Negation, Class::NameEnd];
            organ.span.end >= start + 6
                && doc.word(*organ).value != "firm"
                && doc.any_at(organ.span.end, &after).is_some()
        })?;
        let name = Span { start, end: organ.span.end };
        let plain = doc.text(name).chars().all(is_han)
            && doc.hits_in(name).all(|hit| {
                !matches!(
                    hit.class,
                    Class::TitleStop | Class::Cue | Class::Speech | Class::Preposition | Class::Circle
                ) || doc.covered(hit.span, &[Class::TitlePart, Class::Sector, Class::Place])
            });
        plain.then(|| self.organ_party(name, speaker))
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
