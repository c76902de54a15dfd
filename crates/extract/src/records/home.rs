//! Whom "we" and "our city" stand for in the mouth of who speaks.

use shiliu_ledger::Label;
use shiliu_text::Span;

use super::actor::Party;
use super::clause::Predicate;
use super::commitment::{Governor, Reader};
use super::layout::Clause;
use super::lexicon::Class;
use super::speech::Speaker;

impl Reader<'_, '_> {
    /// Whom "our city" stands for: the organ that the speaker serves.
    pub(super) fn home(&self, party: &Party, speaker: &Speaker) -> Option<Label> {
        let home = self.doc.at(party.at.start, Class::Circle)?;
        if self.doc.word(home).value != "home" || party.at.is_empty() {
            return None;
        }
        self.organ(speaker)
    }

    /// Whether a speaker is told of without a state, or with an office below that of a state.
    pub(super) fn is_local(&self, speaker: &Speaker) -> bool {
        let office = self.people.in_span(speaker.at).first().and_then(|naming| {
            self.doc.ending(naming.title.end, Class::Title).map(|title| self.doc.word(title).value.as_str())
        });
        !speaker.office && (speaker.states.is_empty() || office == Some("local"))
    }

    /// Whether who promises is no party of the mechanism: no state, no body of the profile, nobody who serves one, and no
    /// word for several sides.
    pub(super) fn is_beside(&self, party: &Party) -> bool {
        let Some(name) = party.other.as_deref().filter(|_| party.states.is_empty()) else { return false };
        let doc = self.doc;
        let own = |span: Span| {
            doc.hits_in(span).any(|hit| match hit.class {
                Class::Body | Class::Meeting | Class::Group | Class::State | Class::Side => true,
                Class::Circle => !matches!(doc.word(hit).value.as_str(), "home" | "pair" | "both"),
                Class::BodySuffix => doc.word(hit).value == "secretariat",
                _ => false,
            })
        };
        let persons = self.people.persons.iter().enumerate().filter(|(_, person)| person.name == *name);
        let serves = |(index, person): (usize, &super::person::Person)| {
            !person.states.is_empty()
                || self.people.of_person[index].iter().any(|&at| own(self.people.namings[at].title))
        };
        !own(party.at) && !persons.into_iter().any(serves)
    }

    /// The organ in a speaker's title: what stands before the office.
    pub(super) fn organ(&self, speaker: &Speaker) -> Option<Label> {
        let naming = self.people.in_span(speaker.at).first()?;
        let office = self.doc.ending(naming.title.end, Class::Title)?;
        let organ = Span { start: naming.title.start, end: office.span.start.max(naming.title.start) };
        let text = self.doc.text(organ);
        (text.chars().count() >= 3 && !text.contains('、')).then(|| Label::of(text))
    }

    /// "We should practise the X initiative" follows an instrument and sets no target.
    pub(super) fn practises(&self, governor: &Governor, verb: Span, clause: Clause) -> bool {
        let doc = self.doc;
        let rest = Span { start: verb.end, end: clause.span.end };
        let whole = doc.at(rest.start, Class::Instrument).is_some_and(|name| name.span.end == rest.end);
        whole && doc.word(governor.cue).id.ends_with(".should")
    }

    /// Whether who speaks where a clause begins holds an office: a scholar who says what states should do binds nobody.
    fn is_official(&self, read: &Predicate) -> bool {
        let speaker = self.speech.speaker_at(self.doc, read.start);
        speaker.is_none_or(|speaker| {
            let naming = self.people.in_span(speaker.at).first();
            let title = naming.and_then(|naming| self.doc.ending(naming.title.end, Class::Title));
            !speaker.states.is_empty()
                || title
                    .is_none_or(|title| matches!(self.doc.word(title).value.as_str(), "state" | "minister"))
        })
    }

    /// Whose "should" is a promise: states among themselves, or a head of state about both sides; never an
    /// official who exhorts those below.
    pub(super) fn may_urge(&self, read: &Predicate, office: bool, spoken: bool, party: &Party) -> bool {
        let states = !party.states.is_empty() && self.circle.concerned;
        let urges = !spoken
            || office
            || read.subject.as_ref().is_none_or(|subject| subject.we)
            || self.is_official(read);
        states
            && urges
            && (office
                || read
                    .subject
                    .as_ref()
                    .is_some_and(|subject| if subject.we { !spoken } else { subject.states.len() > 1 }))
            && party.other.is_none()
    }
}
