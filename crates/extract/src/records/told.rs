//! What is told of a person: where they belong, and the record.

use shiliu_lang::Section;
use shiliu_ledger::{Kind, Record, Value};
use shiliu_text::Span;

use super::appointed::APPOINTED;
use super::doc::Doc;
use super::lexicon::Class;
use super::person::{Naming, People, Person, office};
use super::states::States;

/// Where a person belongs: the states of the profile row or the title, else a place or an organ in the title that is
/// one state's, for a reporter the agency's or the paper's state; in a story that concerns no state of the profile
/// everybody is of the paper's state.
/// `first` is the state of several that is named first. Gives the row of the state.
pub(super) fn country(
    doc: &Doc<'_>,
    naming: &Naming,
    person: &Person,
    first: Option<usize>,
) -> Option<(usize, &'static str)> {
    if let Some(state) = first {
        return Some((state, "profile"));
    }
    let of_class = |class: Class| doc.of_class(naming.title, class).map(|hit| doc.word(hit)).last();
    if let Some(side) = of_class(Class::Side) {
        return Some((side.row, "the title"));
    }
    if let Some(state) = of_class(Class::Place).and_then(|place| place.states.only()) {
        return Some((state, "the place in the title"));
    }
    if let Some(organ) = of_class(Class::Institution) {
        return Some((organ.row, "the organ in the title"));
    }
    let press = |name: &str| {
        let rows = doc.profile.entries(Section::Press);
        let row = rows.iter().find(|row| row.all_names().any(|(_, known)| known == name))?;
        super::lexicon::rows(doc.profile, row.states.get(..1)?).first()
    };
    let reporter = person.role == Some("byline");
    if reporter {
        let titled = of_class(Class::Press).and_then(|press| press.states.first());
        let agency = doc.context.agency.as_deref().and_then(press);
        if let Some(state) = titled.or(agency) {
            return Some((state, "the agency"));
        }
    }
    let concerned =
        || [Class::State, Class::Side, Class::Group, Class::Meeting].iter().any(|&class| doc.has(class));
    if !reporter && (naming.title.is_empty() || concerned()) {
        return None;
    }
    if let Some(state) = doc.context.paper.as_deref().and_then(press) {
        return Some((state, "the paper"));
    }
    let states = doc.profile.entries(Section::State);
    let state = states.iter().position(|state| state.language.as_deref() == Some("zh"))?;
    Some((state, "the language of the paper"))
}

/// The state whose organ a title begins with, where the text names the organ with its state elsewhere (`某国农牧部…。农牧部
/// 副部长某某`).
pub(super) fn organ_of(doc: &Doc<'_>, title: Span) -> States {
    let none = States::default();
    let Some(office) = doc.ending(title.end, Class::Title) else { return none };
    let organ = Span { start: title.start, end: office.span.start.max(title.start) };
    let text = doc.text(organ);
    if text.chars().count() < 3 || doc.hits_in(organ).any(|hit| hit.class == Class::State) {
        return none;
    }
    let mut states = doc.every(Class::State).filter(|state| {
        let rest = &doc.all()[state.span.end as usize..];
        rest.starts_with(text)
    });
    let first = states.next().map(|state| doc.word(state).states);
    let same = first.filter(|first| states.all(|state| doc.word(state).states == *first));
    same.unwrap_or(none)
}

/// One record a person, at the fullest naming.
pub(super) fn emit(doc: &Doc<'_>, people: &People, concerned: bool, found: &mut Vec<Record<Span>>) {
    for (index, person) in people.persons.iter().enumerate() {
        let namings = people.of_person[index].iter().map(|&at| &people.namings[at]);
        // A title before the name makes a naming fuller; a form of address after it does not.
        let fullness = |naming: &Naming| match naming.rule {
            // The new office is the one to keep.
            APPOINTED => u32::MAX,
            _ if naming.title.start < naming.name.start => naming.title.len() as u32,
            _ => 0,
        };
        let Some(best) =
            namings.max_by_key(|naming| (fullness(naming), std::cmp::Reverse(naming.name.start)))
        else {
            continue;
        };
        // A head of state in a story about nothing of the mechanism is a reference, not somebody who acts.
        if !concerned && fullness(best) == 0 && doc.at(best.name.start, Class::Person).is_some() {
            continue;
        }
        let mut record = Record::new(Kind::Person, best.rule, best.span);
        record.printed("name", Value::text(&person.name), best.name);
        if best.title.is_empty() {
            if let Some(title) = &person.title {
                record.inferred("title", Value::text(title), "profile");
            }
        } else {
            let title = office(doc, best.title);
            record.printed("title", Value::text(doc.label(title)), title);
        }
        if let Some((state, basis)) = &person.country
            && let Some(name) = doc.lexicon.state_names(States::of(*state)).next()
        {
            record.inferred("country", Value::text(name), *basis);
        }
        if let Some(role) = person.role {
            record.inferred("role", Value::text(role), best.rule);
        }
        found.push(record);
    }
}
