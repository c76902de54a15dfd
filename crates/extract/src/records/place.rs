use std::collections::BTreeSet;

use shiliu_ledger::{Kind, Record, Value};
use shiliu_text::Span;

use super::doc::Doc;
use super::lexicon::Class;
use super::name::named;

/// Cities, ports and venues where something takes place: names of the profile after a word of place, names by
/// their head word. One record a name.
pub(super) fn places(doc: &Doc<'_>, found: &mut Vec<Record<Span>>) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let outer = [Class::Project, Class::Body, Class::Meeting, Class::Instrument, Class::Person];
    for hit in doc.every(Class::Place) {
        if doc.covered(hit.span, &outer)
            || doc.any_at(hit.span.end, &[Class::ProjectSuffix, Class::BodySuffix]).is_some()
        {
            continue;
        }
        if !known.insert(doc.text(hit.span).to_owned()) {
            continue;
        }
        let mut record = Record::new(Kind::Place, "place.profile", hit.span);
        record.printed("name", Value::text(doc.label(hit.span)), hit.span);
        if doc.entry(hit).is_some() {
            record.inferred("type", Value::text(doc.kind(hit, "place")), &doc.word(hit).id);
            let country = doc.lexicon.state_names(doc.word(hit).states).next();
            if let Some(country) = country {
                record.inferred("country", Value::text(country), &doc.word(hit).id);
            }
        }
        found.push(record);
    }
    for hit in doc.every(Class::PlaceSuffix) {
        if doc.covered(hit.span, &[Class::PlaceSuffix, Class::BodySuffix, Class::Title]) {
            continue;
        }
        let name = named(doc, hit.span, &[Class::PlaceBefore, Class::EventBefore, Class::Action]);
        let located = doc.ending(name.span.start, Class::PlaceBefore).is_some();
        let text = doc.text(name.span).to_owned();
        if !located || name.stem < 1 || name.stem > 12 || !known.insert(text.clone()) {
            continue;
        }
        let mut record = Record::new(Kind::Place, &doc.word(hit).id, name.span);
        record.printed("name", Value::text(text), name.span);
        record.inferred("type", Value::text(&doc.word(hit).value), &doc.word(hit).id);
        found.push(record);
    }
}
