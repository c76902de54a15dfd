use std::collections::BTreeSet;

use shiliu_ledger::{Kind, Label, Record, Value};
use shiliu_text::Span;

use super::actor::names;
use super::circle::Circle;
use super::doc::Doc;
use super::lexicon::{Class, Hit, Word};
use super::name::{Named, governor, named, plain};
use super::states::States;

const GOVERNING: &[Class] = &[Class::InstrumentVerb, Class::Action, Class::Cue, Class::EventBefore];

/// Documents that bind or declare: titles in 《》 by head word and verb, initiatives, plans in marks, and unmarked
/// agreements under a verb of signing or drafting. One record a name.
pub(super) fn instruments(doc: &Doc<'_>, circle: &Circle, found: &mut Vec<Record<Span>>) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut candidates: Vec<(u8, Record<Span>)> = Vec::new();
    for pair in &doc.layout.pairs {
        match pair.open {
            '《' => candidates.extend(titled(doc, circle, pair.span, pair.content())),
            '“' if pair.atom => candidates.extend(in_marks(doc, circle, pair.span, pair.content())),
            _ => {}
        }
    }
    for hit in doc.every(Class::Instrument) {
        if doc.layout.pair_around(hit.span, '《').is_some() || doc.covered(hit.span, &[Class::Instrument]) {
            continue;
        }
        let kind = doc.kind(hit, "document");
        candidates.push(build(doc, circle, hit.span, &kind, "instrument.profile"));
    }
    for hit in doc.every(Class::InstrumentHead) {
        candidates.extend(unmarked(doc, circle, hit));
    }
    candidates.sort_by_key(|(rank, record)| (*rank, record.at.start));
    let mut taken: BTreeSet<Span> = BTreeSet::new();
    for (_, record) in candidates {
        let name: String = record
            .text("name")
            .unwrap_or("")
            .chars()
            .filter(|c| !matches!(c, '“' | '”' | '《' | '》'))
            .collect();
        let until = Span { start: record.at.start, end: u32::MAX };
        if taken.range(..=until).rev().take(4).any(|span| span.contains(record.at)) || !known.insert(name) {
            continue;
        }
        taken.insert(record.at);
        found.push(record);
    }
}

fn titled(doc: &Doc<'_>, circle: &Circle, span: Span, content: Span) -> Option<(u8, Record<Span>)> {
    // `《X计划（2031—2033年）》`: the years in brackets come after the head word.
    let years = doc
        .layout
        .pairs_in(content)
        .iter()
        .rev()
        .find(|pair| pair.open == '（' && pair.span.end == content.end);
    let titled_end = years.map_or(content.end, |pair| pair.span.start);
    let head = doc.ending(titled_end, Class::InstrumentHead);
    let name = Named { span, list: span.start, stem: 9 };
    let verb = verb_of(doc, name);
    let binding =
        verb.is_some_and(|verb| matches!(doc.word(verb).value.as_str(), "signed" | "adopted" | "ratified"));
    // `《某安排》6月15日生效`
    let in_force = || {
        doc.clause_at(span.end.saturating_sub(1)).is_some_and(|clause| {
            let rest = Span { start: span.end.min(clause.span.end), end: clause.span.end };
            doc.of_class(rest, Class::InstrumentVerb).any(|hit| doc.word(hit).value == "in force")
        })
    };
    if head.is_none() && !binding && !in_force() {
        return None;
    }
    let kind = head.map_or(Label::fixed("document"), |head| doc.word(head).value.clone());
    let rule = head.map_or(Label::fixed("instrument.titled"), |head| doc.word(head).id.clone());
    Some(build(doc, circle, span, &kind, rule))
}

/// `“…”计划`, `“…计划”`.
fn in_marks(doc: &Doc<'_>, circle: &Circle, span: Span, content: Span) -> Option<(u8, Record<Span>)> {
    if let Some(head) = doc.at(span.end, Class::InstrumentHead) {
        let kind = &doc.word(head).value;
        let whole = span.cover(head.span);
        return matches!(kind.as_str(), "plan" | "initiative")
            .then(|| build(doc, circle, whole, kind, "instrument.marked"));
    }
    let head = doc.ending(content.end, Class::InstrumentHead)?;
    let kind = &doc.word(head).value;
    matches!(kind.as_str(), "plan" | "initiative" | "agreement")
        .then(|| build(doc, circle, span, kind, "instrument.marked"))
}

/// Without marks: a head word with a stem, under a verb that makes, changes or carries out a document.
fn unmarked(doc: &Doc<'_>, circle: &Circle, head: Hit) -> Option<(u8, Record<Span>)> {
    let kind = &doc.word(head).value;
    if matches!(kind.as_str(), "law" | "document") && doc.text(head.span).chars().count() < 3
        || doc.layout.pair_around(head.span, '《').is_some()
        || doc.layout.pair_around(head.span, '“').is_some_and(|pair| pair.atom)
        || doc.covered(head.span, &[Class::InstrumentHead, Class::Instrument, Class::Cue, Class::Plan])
        || doc.any_at(head.span.end, &[Class::Action, Class::BodyVerb, Class::InstrumentHead]).is_some()
    {
        return None;
    }
    let mut name = named(doc, head.span, GOVERNING);
    // "Four initiatives" are a number of proposals.
    if *kind == "initiative"
        && doc
            .mention_ending(name.span.start)
            .is_some_and(|(mention, _)| mention.kind == crate::MentionKind::Count)
    {
        return None;
    }
    // `2032年工作计划`: the year of a plan is a part of its name.
    if *kind == "plan"
        && let Some((mention, at)) = doc.mention_ending(name.span.start)
        && matches!(mention.kind, crate::MentionKind::Date | crate::MentionKind::DateRange)
    {
        name.span.start = at.start;
        name.list = at.start;
        name.stem += 2;
    }
    let counted = doc.mention_ending(name.span.start).filter(|_| *kind == "agreement");
    if let Some((_, at)) = counted {
        name.span.start = at.start;
    }
    // `关于……的协定`: what it is about belongs to its name.
    if doc.ending(name.span.start, Class::TitleStop).is_some()
        && let Some(clause) = doc.clause_at(name.span.start)
    {
        let before = Span { start: clause.span.start, end: name.span.start };
        if let Some(about) = doc.of_class(before, Class::About).next() {
            name.span.start = about.span.start;
            name.list = about.span.start;
            name.stem += 2;
        }
    }
    // A list of fields before a number of documents is no part of a name.
    let inside = doc
        .mentions_in(name.span)
        .find(|(mention, at)| mention.kind == crate::MentionKind::Count && at.start < head.span.start);
    if let Some((_, at)) = inside.filter(|_| doc.text(name.span).contains('、')) {
        name.span.start = at.start;
    }
    let verb = governor(doc, name, &[Class::InstrumentVerb])?;
    // A head word that says of what (the minutes of a meeting) is a name where it is signed.
    let own = doc.text(head.span).chars().count() >= 4
        && matches!(doc.word(verb).value.as_str(), "signed" | "agreed" | "issued" | "adopted");
    // The word for a law that is a name alone (`贯彻立法法`).
    let law = *kind == "law" && doc.text(head.span).chars().count() >= 3;
    let enough = name.stem >= 2 || counted.is_some() || own || law;
    enough.then(|| build(doc, circle, name.span, kind, doc.word(verb).id.clone()))
}

/// Whether a promise or a wish governs a verb of making a document (`双方将签署…`).
fn is_ahead(doc: &Doc<'_>, verb: Hit) -> bool {
    // An aspect word says that it was done, whatever stands before.
    let end = verb.span.end;
    let done = doc.at(end, Class::Aspect).or_else(|| doc.ending(end, Class::Aspect)).is_some();
    let made = !done
        && matches!(doc.word(verb).value.as_str(), "signed" | "adopted" | "issued" | "ratified" | "agreed");
    let head = doc
        .clause_at(verb.span.start)
        .map(|clause| Span { start: clause.span.start, end: verb.span.start.max(clause.span.start) });
    let hoped = |word: Hit| doc.word(word).value == "hoped";
    made && head.is_some_and(|head| {
        doc.of_class(head, Class::Withheld).any(hoped)
            || doc.of_class(head, Class::Cue).any(|cue| {
                super::commitment::force_of(doc, cue) >= 2
                    && !doc.word(cue).id.ends_with(".declare")
                    && !doc.word(cue).id.ends_with(".bound")
            })
    })
}

/// Whether it is denied, refused or only hoped for that the document was made (`未能达成…`, `拒绝签署…`).
fn is_withheld(doc: &Doc<'_>, verb: Hit) -> bool {
    let clause = doc.clause_at(verb.span.start).map_or(verb.span.start, |clause| clause.span.start);
    let near =
        Span { start: clause.max(verb.span.start.saturating_sub(WITHHELD_WITHIN)), end: verb.span.start };
    let denied = |word: &Hit| doc.word(*word).value != "hoped";
    near.start < near.end
        && (doc.of_class(near, Class::Withheld).any(|word| denied(&word)) || doc.holds(near, Class::Negation))
}

/// Bytes before a verb in which a word stands that denies it.
const WITHHELD_WITHIN: u32 = 24;

/// The verb right before a name, or in a modifier before it (`去年签署的《…》`).
fn verb_of(doc: &Doc<'_>, name: Named) -> Option<Hit> {
    governor(doc, name, &[Class::InstrumentVerb]).or_else(|| {
        doc.ending(doc.ending(name.span.start, Class::Modifier)?.span.start, Class::InstrumentVerb)
    })
}

fn build(
    doc: &Doc<'_>,
    circle: &Circle,
    name: Span,
    kind: &Label,
    rule: impl Into<Label>,
) -> (u8, Record<Span>) {
    let named = Named { span: name, list: name.start, stem: 9 };
    let verb = verb_of(doc, named).filter(|verb| !is_withheld(doc, *verb));
    let mut at = name;
    let passing = doc.ending(name.start, Class::Modifier).is_some();
    if let Some(verb) = verb.filter(|verb| !passing && verb.span.start + 30 > name.start) {
        at = verb.span.cover(name);
    }
    let rule = rule.into();
    let mut record = Record::new(Kind::Instrument, rule.clone(), at);
    let text = plain(doc, name);
    let bare =
        text.strip_prefix('《').and_then(|text| text.strip_suffix('》')).map_or(text.clone(), str::to_owned);
    record.printed("name", Value::text(bare), name);
    record.inferred("type", Value::text(kind), rule);
    let after = doc.clause_at(name.end.saturating_sub(1)).and_then(|clause| {
        let rest = Span { start: name.end.min(clause.span.end), end: clause.span.end };
        doc.of_class(rest, Class::InstrumentVerb)
            .find(|hit| doc.word(*hit).value == "in force" && hit.span.start - name.end <= 60)
    });
    let before = verb;
    if let Some(verb) = after.or(verb).filter(|verb| is_ahead(doc, *verb)) {
        // What will be signed is planned.
        record.printed("status", Value::text("planned"), verb.span);
    } else if let Some(verb) = after.or(verb) {
        record.printed("status", Value::text(&doc.word(verb).value), verb.span);
        // Signed on one day, in force from another: its day is that of signing.
        let signed =
            before.filter(|_| after.is_some()).is_some_and(|signed| dated(doc, name, signed, &mut record));
        if !signed {
            dated(doc, name, verb, &mut record);
        }
        if matches!(doc.word(verb).value.as_str(), "signed" | "adopted" | "agreed") && circle.concerned {
            match signers(doc, verb) {
                Some((states, at)) => record.printed("parties", Value::texts(names(doc, states)), at),
                None => {
                    // "Both signed" are the two named last.
                    let head = doc.clause_at(verb.span.start).map(|clause| Span {
                        start: clause.span.start,
                        end: verb.span.start.max(clause.span.start),
                    });
                    let sides = head.and_then(|head| doc.of_class(head, Class::Circle).next());
                    let states = match sides.map(|hit| (doc.word(hit).value.as_str(), hit.span.start)) {
                        Some(("both", at)) => circle.both(doc, at),
                        Some(("three", at)) => circle.so_many(at, 3, States::default()),
                        Some(("four", at)) => circle.so_many(at, 4, States::default()),
                        _ => circle.states,
                    };
                    record.inferred("parties", Value::texts(names(doc, states)), "the states of the meeting");
                }
            }
        }
    }
    let listed = doc.hits_in(name).find(|&hit| doc.is(hit, Class::Instrument));
    if let Some(hit) = listed
        && let Some(entry) = doc.entry(hit)
    {
        let Word { id, states, .. } = doc.word(hit);
        if !entry.states.is_empty() {
            record.inferred("parties", Value::texts(names(doc, *states)), id);
        }
        if let Some(date) = &entry.date {
            record.inferred("date", Value::text(Label::of(date)), id);
        }
        if let Some((_, meeting)) = entry.meeting.as_deref().and_then(|id| doc.profile.find(id)) {
            record.inferred("event", Value::text(Label::of(meeting.name("zh"))), id);
        }
    }
    (u8::from(verb.is_none()), record)
}

/// The day in the sentence on which it was signed, passed, published or came into force: before the verb, or between
/// the name and a verb behind it.
fn dated(doc: &Doc<'_>, name: Span, verb: Hit, record: &mut Record<Span>) -> bool {
    if !matches!(doc.word(verb).value.as_str(), "signed" | "adopted" | "issued" | "ratified" | "in force") {
        return false;
    }
    let Some(sentence) = doc.sentence_at(verb.span.start) else { return false };
    let from = if verb.span.start > name.end { name.end } else { sentence.start };
    let day = doc
        .mentions_in(Span { start: from, end: verb.span.start.max(from) })
        .rev()
        .take(super::deadline::DATES)
        .find(|(mention, at)| {
            mention.kind == crate::MentionKind::Date
                && doc.layout.pair_around(*at, '《').is_none()
                && !super::deadline::of_another(doc, *at, verb.span.start)
        });
    if let Some((mention, at)) = day
        && let crate::MentionValue::Text(date) = &mention.value
    {
        record.printed("date", Value::text(Label::of(date)), at);
        return true;
    }
    false
}

/// The states named before a verb of signing in its clause, or whose organs are, where there are at least two.
fn signers(doc: &Doc<'_>, verb: Hit) -> Option<(States, Span)> {
    let clause = doc.clause_at(verb.span.start)?;
    let head = Span { start: clause.span.start, end: verb.span.start.max(clause.span.start) };
    let mut states = States::default();
    let mut at: Option<Span> = None;
    for hit in doc.hits_in(head) {
        let named = match hit.class {
            Class::State | Class::Side
                if !doc
                    .covered(hit.span, &[Class::Group, Class::Meeting, Class::Instrument, Class::Place]) =>
            {
                Some((doc.word(hit).states, hit.span))
            }
            Class::Circle => {
                let from = doc.all()[..hit.span.start as usize].char_indices().rev().take(6);
                from.filter_map(|(start, _)| super::actor::compound(doc, start as u32))
                    .find(|party| party.at.end == hit.span.end)
                    .map(|party| (party.states, party.at))
            }
            _ => None,
        };
        let Some((more, span)) = named else { continue };
        states = states.with(more);
        at = Some(at.map_or(span, |at| at.cover(span)));
    }
    at.filter(|_| states.len() > 1).map(|at| (states, at))
}
