//! What fills a promise: its object, its amount, whom it is for, the priority it falls under.

use shiliu_ledger::{Label, Record, Value};
use shiliu_text::Span;

use super::actor::{Party, names};
use super::clause::Predicate;
use super::commitment::{Reader, in_marks};
use super::doc::Doc;
use super::figure::unlisted_money;
use super::layout::Clause;
use super::lexicon::Class;
use super::states::States;
use crate::{Amount, Mention, MentionKind, MentionValue};

/// What stands after the verb, without an aspect particle.
pub(super) fn object(doc: &Doc<'_>, verb: Span, end: u32) -> Span {
    let rest = Span { start: verb.end.min(end), end };
    let text = doc.text(rest);
    let skipped = doc.at(rest.start, Class::Aspect).map_or(0, |hit| hit.span.len());
    if skipped < text.len() { Span { start: rest.start + skipped as u32, end } } else { rest }
}

fn is_amount(mention: &Mention) -> bool {
    matches!(
        mention.kind,
        MentionKind::Money | MentionKind::Quantity | MentionKind::Count | MentionKind::Percent
    )
}

pub(super) fn quantity(doc: &Doc<'_>, object: Span, record: &mut Record<Span>) -> bool {
    let mut found = doc.mentions_in(object).filter_map(|(mention, at)| {
        let money = unlisted_money(doc, mention, at);
        (money.is_some() || is_amount(mention) && !in_marks(doc, at)).then_some((mention, at, money))
    });
    // What a change leads to counts, not what it starts from.
    let changed = doc.of_class(object, Class::Change).next().map_or(0, |change| change.span.end);
    let Some((mention, at, money)) = found.find(|(_, at, _)| at.start >= changed) else { return false };
    let MentionValue::Amount(Amount { value, unit, low, high, .. }) = &mention.value else { return false };
    let at = money.as_ref().map_or(at, |(_, at)| *at);
    let unit = &money.map(|(unit, _)| unit).or_else(|| unit.clone());
    let text =
        |text: &Option<String>| text.as_deref().map_or(Value::Null, |text| Value::text(Label::of(text)));
    let mut fields = vec![("value", text(value)), ("unit", text(unit))];
    if low.is_some() || high.is_some() {
        fields.push(("low", text(low)));
        fields.push(("high", text(high)));
    }
    fields.push(("cmp", Value::text(mention.bound.as_str())));
    fields.push(("text", Value::text(doc.label(at))));
    record.printed("quantity", Value::Map(fields), at);
    true
}

/// The priority of the profile's latest list that a promise falls under: the item it names, else the first item of
/// its sector.
pub(super) fn area_of(doc: &Doc<'_>, text: &str, sector: &str) -> Option<(Label, Label)> {
    let lists = doc.profile.entries(shiliu_lang::Section::Area);
    let named = doc.lexicon.area_in(text).and_then(|(list, item)| doc.lexicon.area(list, item));
    named.or_else(|| {
        lists.iter().enumerate().rev().find_map(|(row, list)| {
            let place = list.sectors.iter().position(|known| known == sector)?;
            doc.lexicon.area(row, place)
        })
    })
}

impl Reader<'_, '_> {
    /// Cooperation in general: a verb of advancing and an abstract noun, without a figure or a name.
    pub(super) fn is_general(&self, verb: Span, object: Span) -> bool {
        let doc = self.doc;
        let advancing = doc.at(verb.start, Class::Action).is_some_and(|hit| doc.word(hit).value == "advance");
        let named = doc.hits_in(object).any(|hit| {
            matches!(hit.class, Class::Project | Class::Body | Class::Instrument | Class::ProjectSuffix)
        });
        advancing && !named && doc.ending(object.end, Class::Abstract).is_some()
    }

    /// Clauses of cooperation in general in a row are one target.
    pub(super) fn join(&mut self, last: usize, record: &Record<Span>, clause: Clause) {
        let known = &mut self.found[last];
        let text = |record: &Record<Span>, field: &str| record.text(field).unwrap_or("").to_owned();
        let action = format!("{}/{}", text(known, "action"), text(record, "action"));
        let object = format!("{}；{}", text(known, "object"), text(record, "object"));
        known.at = Span { start: known.at.start, end: clause.span.end };
        let at = known.at;
        known.printed("action", Value::text(action), at);
        known.printed("object", Value::text(object), at);
    }

    /// Parties after a preposition or inside the object; else, in a meeting, everybody else.
    pub(super) fn recipients(
        &self,
        read: &Predicate,
        party: &Party,
        record: &mut Record<Span>,
        verb: Span,
        end: u32,
    ) -> bool {
        let doc = self.doc;
        let mut with: Vec<(States, Span)> = read.with.iter().map(|party| (party.states, party.at)).collect();
        if with.is_empty() {
            // Where it is done, before the verb, says for whom; else what it is done to, after it.
            let phrase =
                Span { start: read.cue_words.end.clamp(read.phrase.start, verb.start), end: verb.start };
            let inside = doc.of_class(phrase, Class::State).chain(doc.of_class(phrase, Class::Group)).next();
            let rest = match inside {
                Some(_) if !read.cue_words.is_empty() || read.subject.is_none() => phrase,
                _ => Span { start: verb.end, end },
            };
            for class in [Class::Group, Class::Side, Class::State] {
                for hit in doc.of_class(rest, class) {
                    let outer =
                        [Class::Group, Class::Body, Class::Meeting, Class::Project, Class::Instrument];
                    if doc.covered(hit.span, &outer) || in_marks(doc, hit.span) {
                        continue;
                    }
                    with.push((doc.word(hit).states, hit.span));
                }
                if !with.is_empty() {
                    break;
                }
            }
        }
        let all = with.iter().fold(States::default(), |all, (states, _)| all.with(*states));
        let states = all.without(party.states);
        if !states.is_empty() {
            record.printed("recipients", Value::texts(names(doc, states)), with[0].1);
            return true;
        }
        let lone = party.states.len() == 1 && self.circle.concerned;
        if lone {
            let others = self.circle.others(party.states);
            record.inferred("recipients", Value::texts(names(doc, others)), "the others of the meeting");
        }
        false
    }
}
