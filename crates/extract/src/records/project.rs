use std::collections::BTreeSet;

use shiliu_ledger::{Kind, Label, Record, Value};
use shiliu_text::Span;

use super::deadline::is_ahead;
use super::doc::Doc;
use super::lexicon::{Class, Hit};
use super::name::{governor, named, plain};

const GOVERNING: &[Class] = &[
    Class::ProjectVerb,
    Class::BodyVerb,
    Class::Cue,
    Class::EventBefore,
    Class::Done,
    Class::NameEnd,
    Class::Circle,
];

/// Projects and programmes: names of the profile and names by their head word. One record a name.
pub(super) fn projects(doc: &Doc<'_>, found: &mut Vec<Record<Span>>) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut candidates: Vec<(bool, Record<Span>)> = Vec::new();
    let mut taken: Vec<Span> = Vec::new();
    for hit in doc.every(Class::Project) {
        if doc.covered(hit.span, &[Class::Project, Class::Body]) {
            continue;
        }
        // A head word right after a name of the profile belongs to it.
        let end = doc.at(hit.span.end, Class::ProjectSuffix).map_or(hit.span.end, |suffix| suffix.span.end);
        let span = Span { start: hit.span.start, end };
        if doc.at(end, Class::BodySuffix).is_some() {
            continue;
        }
        taken.push(span);
        let mut record = Record::new(Kind::Project, "project.profile", span);
        record.printed("name", Value::text(plain(doc, hit.span)), hit.span);
        if let Some(entry) = doc.entry(hit) {
            let id = &doc.word(hit).id;
            record.inferred("type", Value::text(doc.kind(hit, "project")), id);
            if !entry.states.is_empty() {
                let names = super::actor::names(doc, doc.word(hit).states);
                record.inferred("countries", Value::texts(names), id);
            }
            if let Some(sector) = entry.sectors.first() {
                record.inferred("sector", Value::text(Label::of(sector)), id);
            }
        }
        let told = status(doc, span, span.start, &mut record);
        candidates.push((told, record));
    }
    for hit in doc.every(Class::ProjectSuffix) {
        if taken.iter().rev().take(8).any(|span| span.overlaps(hit.span)) {
            continue;
        }
        if let Some((told, record)) = by_suffix(doc, hit) {
            candidates.push((told, record));
        }
    }
    // A name inside a longer one is a part of it.
    candidates.sort_by_key(|(_, record)| (record.at.start, std::cmp::Reverse(record.at.end)));
    let mut last = Span::default();
    candidates.retain(|(_, record)| {
        let inside = last.contains(record.at) && last != record.at;
        if !inside {
            last = record.at;
        }
        !inside
    });
    candidates.sort_by_key(|(told, record)| (!*told, record.at.start));
    for (_, record) in candidates {
        let name = record.text("name").unwrap_or("").to_owned();
        if known.insert(name) {
            found.push(record);
        }
    }
}

fn by_suffix(doc: &Doc<'_>, hit: Hit) -> Option<(bool, Record<Span>)> {
    let word = doc.word(hit);
    let outer = [
        Class::Body,
        Class::BodySuffix,
        Class::PlaceSuffix,
        Class::Title,
        Class::EventSuffix,
        Class::Meeting,
    ];
    if doc.any_at(hit.span.end, &[Class::ProjectSuffix, Class::BodySuffix, Class::EventSuffix]).is_some()
        || doc.at(hit.span.end, Class::Title).is_some()
        || doc.covered(hit.span, &outer)
        || doc
            .layout
            .pair_around(hit.span, '（')
            .is_some_and(|pair| doc.at(pair.content().start, Class::ShortForm).is_some())
    {
        return None;
    }
    // `云津铁路公司`, `朔原铁路局`: the head word only begins who runs it.
    let organ = |part: &Hit| part.span.len() > 3 || doc.word(*part).value != "firm";
    if doc.at(hit.span.end, Class::TitlePart).filter(organ).is_some() {
        return None;
    }
    let mut name = named(doc, hit.span, GOVERNING);
    // What stands before a state's name is a verb that no list holds.
    let state = doc
        .of_class(Span { start: name.span.start, end: hit.span.start }, Class::State)
        .next()
        .filter(|state| state.span.start >= name.span.start + 6);
    if let Some(state) = state.filter(|_| {
        let lead = Span { start: name.span.start, end: hit.span.start };
        !doc.text(lead).contains(['”', '—', '、']) && doc.of_class(lead, Class::Place).next().is_none()
    }) {
        name.stem -=
            doc.text(Span { start: name.span.start, end: state.span.start }).chars().count().min(name.stem);
        name.span.start = state.span.start;
    }
    // Stage words after the head word belong to the name (二期, a section in brackets).
    let bracket = doc.layout.pairs_in(Span { start: name.span.end, end: name.span.end + 1 }).first().copied();
    if let Some(pair) =
        bracket.filter(|pair| pair.open == '（' && pair.atom && doc.text(pair.span).chars().count() <= 14)
        && doc.at(pair.content().start, Class::ShortForm).is_none()
    {
        name.span.end = pair.span.end;
    }
    let stem = Span { start: name.span.start, end: hit.span.start };
    let placed = doc.hits_in(stem).any(|hit| matches!(hit.class, Class::Place | Class::State | Class::Group))
        || compound_stem(doc, stem);
    // A count of things, a stretch with a verb of speech or a pronoun in it is no name.
    let counted = doc.mentions_in(stem).any(|(mention, _)| {
        !matches!(mention.kind, crate::MentionKind::Ordinal | crate::MentionKind::Number)
    });
    let told_of =
        doc.hits_in(stem).any(|hit| matches!(hit.class, Class::Speech | Class::Pronoun | Class::EventAct));
    if counted || told_of {
        return None;
    }
    let generic = doc.at(name.span.start, Class::Generic).is_some_and(|g| g.span.end >= hit.span.start);
    // A slogan in marks that ends in the head word itself (`“…工程”`) is the name of a campaign or a prize.
    let slogan = doc
        .layout
        .pair_around(hit.span, '“')
        .is_some_and(|pair| pair.atom && pair.content().end == hit.span.end)
        && word.value.starts_with("industry");
    // A long head word (`海水淡化站`) is a name by itself; a port needs a name of its own.
    let own = doc.text(hit.span).chars().count() >= 4;
    let least = if word.id.ends_with(".port") { 3 } else { 2 };
    if name.stem < least && !placed && !own || generic || slogan || doc.before(name.span.start) == Some('+') {
        return None;
    }
    let mut kind = word.value.split(' ');
    let (sector, kind) = (kind.next().unwrap_or(""), kind.next().unwrap_or("project"));
    let mut record = Record::new(Kind::Project, word.id.clone(), name.span);
    record.printed("name", Value::text(plain(doc, name.span)), name.span);
    record.inferred("type", Value::text(Label::of(kind)), &word.id);
    record.inferred("sector", Value::text(Label::of(sector)), &word.id);
    let told = status(doc, name.span, name.list, &mut record);
    let marked = doc.text(name.span).contains('”');
    let modified = doc.ending(name.span.start, Class::TitleStop).is_some();
    // `五国港口`: whose it is names no project; the port of a town is one where something is told of it.
    let bare = word.id.ends_with(".port") && is_bare(doc, stem);
    let town = word.id.ends_with(".port")
        && doc.text(hit.span).chars().count() <= 2
        && doc.at(stem.start, Class::Place).is_some_and(|place| place.span.end == stem.end);
    let works =
        doc.any_at(name.span.end, &[Class::Action, Class::ProjectVerb, Class::ProjectAfter]).is_some();
    if town && !told && !works {
        return None;
    }
    let done = matches!(record.text("status"), Some("delivered" | "delayed" | "launched"));
    if (word.id.ends_with(".facility") && !done || bare) && !is_built(doc, name) {
        // Works of this kind stand everywhere; what is built or opened is a project.
        return None;
    }
    (told || placed || marked || modified && name.stem >= 3).then_some((told, record))
}

/// Whether a stem is nothing but states, groups and words for how many.
fn is_bare(doc: &Doc<'_>, stem: Span) -> bool {
    let mut at = stem.start;
    let known = [
        Class::State,
        Class::Side,
        Class::Group,
        Class::Circle,
        Class::Quantifier,
        Class::Preposition,
        Class::Boundary,
        Class::Generic,
    ];
    while at < stem.end {
        let Some(hit) = doc.any_at(at, &known).filter(|hit| hit.span.end <= stem.end) else { return false };
        at = hit.span.end;
    }
    true
}

/// Whether a verb of building stands right before a name, or one of completion behind it.
fn is_built(doc: &Doc<'_>, name: super::name::Named) -> bool {
    let before = governor(doc, name, &[Class::ProjectVerb])
        .is_some_and(|verb| matches!(doc.word(verb).value.as_str(), "announced" | "launched"));
    before || doc.at(name.span.end, Class::ProjectAfter).is_some()
}

/// Short forms of states as the whole stem.
fn compound_stem(doc: &Doc<'_>, stem: Span) -> bool {
    let states = doc.profile.entries(shiliu_lang::Section::State);
    let short =
        |c: char| states.iter().any(|state| state.short.as_deref().is_some_and(|short| short.starts_with(c)));
    let text = doc.text(stem);
    text.chars().take(2).filter(|&c| short(c)).count() == 2
}

/// What verbs around the name say of its state. Returns whether anything is said.
fn status(doc: &Doc<'_>, name: Span, list: u32, record: &mut Record<Span>) -> bool {
    let Some(clause) = doc.clause_at(name.start) else { return false };
    let rest = Span { start: name.end.min(clause.span.end), end: clause.span.end };
    let after = doc.of_class(rest, Class::ProjectAfter).find(|hit| {
        // The time of completion is no completion.
        hit.span.start - name.end <= 30 && !doc.covered(hit.span, &[Class::Schedule])
    });
    let named = super::name::Named { span: name, list, stem: 9 };
    let before = governor(doc, named, &[Class::ProjectVerb])
        .or_else(|| governor(doc, named, &[Class::Action]))
        .or_else(|| {
            // `穿越大漠的X`: a verb in a modifier before the name.
            let modifier = doc.ending(name.start, Class::TitleStop)?;
            let head = Span { start: clause.span.start, end: modifier.span.start };
            doc.of_class(head, Class::ProjectVerb).last()
        });
    let delivered = after.filter(|hit| doc.word(*hit).value != "in progress");
    let Some(verb) = delivered.or(before).or(after) else { return false };
    let word = doc.word(verb);
    // What will be done is announced, whatever the verb.
    let ahead = doc.of_class(Span { start: clause.span.start, end: verb.span.start }, Class::Cue);
    let ahead = ahead.into_iter().any(|cue| super::commitment::force_of(doc, cue) >= 3);
    let there = matches!(word.value.as_str(), "delivered" | "operating" | "launched");
    // So is what has a day to come, where nothing says that it is done.
    let told = Span { start: clause.span.start, end: verb.span.end };
    let ahead = ahead || is_ahead(doc, told) && !doc.holds(told, Class::Done);
    let announced = doc.is(verb, Class::Action) || ahead && there;
    let value = if announced { Label::fixed("announced") } else { word.value.clone() };
    record.printed("status", Value::text(value), verb.span);
    record.printed("status_line", Value::text(doc.label(clause.span)), clause.span);
    true
}
