//! Whom "we" and "our city" stand for in the mouth of who speaks.

use shiliu_ledger::Label;
use shiliu_text::Span;

use super::actor::Party;
use super::commitment::Reader;
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

    /// The organ in a speaker's title: what stands before the office.
    pub(super) fn organ(&self, speaker: &Speaker) -> Option<Label> {
        let naming = self.people.in_span(speaker.at).first()?;
        let office = self.doc.ending(naming.title.end, Class::Title)?;
        let organ = Span { start: naming.title.start, end: office.span.start.max(naming.title.start) };
        let text = self.doc.text(organ);
        (text.chars().count() >= 3 && !text.contains('、')).then(|| Label::of(text))
    }
}
