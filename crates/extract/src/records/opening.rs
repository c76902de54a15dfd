//! Happenings of things: a centre opens its doors, a bridge is closed in the middle, a school is handed over.

use shiliu_ledger::{Kind, Record, Value};
use shiliu_text::{Date, Span};

use super::deadline::last_day;
use super::doc::Doc;
use super::event::when_and_where;
use super::layout::Clause;
use super::lexicon::{Class, Hit};
use super::name::plain;
use crate::{MentionKind, MentionValue};

/// Longest stretch before the verb that names the thing, with date and place, in characters.
const HEAD: usize = 60;
/// Bytes that may stand behind the verb in its clause.
const BEHIND: u32 = 18;
/// The day is looked for so many bytes before the verb.
const REACH: u32 = 300;

/// Finds clauses in which a thing with a name is opened, closed, founded or handed over on a day that is printed.
pub(super) fn openings(doc: &Doc<'_>, found: &mut Vec<Record<Span>>) {
    for verb in doc.every(Class::EventDone) {
        let Some(clause) = doc.clause_at(verb.span.start).map(|clause| doc.without_dateline(clause)) else {
            continue;
        };
        // `竣工移交`, `竣工并移交`: the last of two tells of both.
        let after = Span { start: verb.span.end, end: clause.span.end.max(verb.span.end) };
        if doc.of_class(after, Class::EventDone).next().is_some_and(|next| next.span.start <= after.start + 3)
        {
            continue;
        }
        if let Some(record) = opening(doc, clause, verb) {
            let told = found.iter().rev().take(8).any(|known| known.at.overlaps(record.at));
            if !told {
                found.push(record);
            }
        }
    }
}

fn opening(doc: &Doc<'_>, clause: Clause, verb: Hit) -> Option<Record<Span>> {
    if verb.span.start <= clause.span.start || clause.span.end > verb.span.end + BEHIND {
        return None;
    }
    let head = Span { start: clause.span.start, end: verb.span.start };
    let barred = [
        Class::Withheld,
        Class::Cue,
        Class::Negation,
        Class::Speech,
        Class::Circle,
        Class::Side,
        Class::Schedule,
    ];
    if doc.text(head).chars().count() > HEAD
        || barred.iter().any(|&class| doc.holds(head, class))
        || doc.layout.pair_around(verb.span, '“').is_some_and(|pair| pair.atom)
        || doc.layout.pair_around(verb.span, '《').is_some()
        || [Class::Modifier, Class::Afterwards, Class::EventSuffix]
            .iter()
            .any(|&class| doc.at(verb.span.end, class).is_some())
        || doc.covered(verb.span, &[Class::EventSuffix, Class::BodySuffix, Class::Schedule, Class::WorldName])
    {
        return None;
    }
    let today = doc.context.reference.as_ref().map(|day| day.value)?;
    let sentence = doc.layout.sentences[clause.sentence].span;
    let before =
        Span { start: sentence.start.max(verb.span.start.saturating_sub(REACH)), end: verb.span.start };
    let day = doc
        .mentions_in(before)
        .filter(|(mention, _)| matches!(mention.kind, MentionKind::Date | MentionKind::Datetime))
        .filter_map(|(mention, _)| match &mention.value {
            MentionValue::Text(text) if is_day(text) => last_day(text.split('T').next()?),
            _ => None,
        })
        .next_back()?;
    let this_month = |day: Date| day.day_number() <= today.day_number() + 31;
    if !this_month(day) {
        return None;
    }
    let name = thing(doc, head)?;
    let at = Span { start: name.start, end: verb.span.end };
    let mut record = Record::new(Kind::Event, doc.word(verb).id.clone(), at);
    record.inferred("type", Value::text(&doc.word(verb).value), &doc.word(verb).id);
    record.printed("name", Value::text(plain(doc, at)), at);
    when_and_where(doc, clause, at, &mut record);
    Some(record)
}

/// Whether a date is a day or a month, no year.
fn is_day(text: &str) -> bool {
    text.len() >= "2031-06".len() && !text.contains('/')
}

/// The thing at the head of a clause: it ends in the head of a name, and date, place and words of manner stand between it
/// and the verb, or before it.
fn thing(doc: &Doc<'_>, head: Span) -> Option<Span> {
    let classes = [
        Class::Body,
        Class::Project,
        Class::BodySuffix,
        Class::ProjectSuffix,
        Class::PlaceSuffix,
        Class::EventThing,
    ];
    let last: Hit = doc
        .hits_in(head)
        .filter(|hit| classes.contains(&hit.class))
        .filter(|hit| !doc.covered(hit.span, &[Class::Title, Class::Group]))
        .filter(|hit| {
            // What a preposition of place governs is where it happens.
            let before =
                doc.of_class(Span { start: head.start, end: hit.span.start }, Class::PlaceBefore).last();
            before.is_none_or(|word| {
                let between = Span { start: word.span.end, end: hit.span.end };
                // `在桐湾的加工厂`: where a thing is belongs to its name.
                doc.mentions_in(between).next().is_some()
                    || doc.of_class(between, Class::Modifier).any(|own| own.span.end <= hit.span.start)
            })
        })
        .max_by_key(|hit| hit.span.end)?;
    let mut start = head.start;
    while let Some(next) = doc
        .mention_over(start)
        .filter(|mention| mention.start == start)
        .map(|mention| mention.end)
        .or_else(|| doc.any_at(start, &[Class::Adverb, Class::Conjunction]).map(|hit| hit.span.end))
        .or_else(|| doc.numbering_at(start).map(|number| number.span.end))
        .or_else(|| (doc.char_at(start) == Some(' ')).then_some(start + 1))
        .filter(|next| *next < last.span.end)
    {
        start = next;
    }
    let name = Span { start, end: last.span.end };
    let rest = Span { start: last.span.end, end: head.end };
    let only_said = doc.hits_in(rest).all(|hit| {
        !matches!(hit.class, Class::Modifier | Class::Title | Class::Person | Class::InstrumentHead)
    });
    (doc.text(name).chars().count() >= 4 && only_said).then_some(name)
}
