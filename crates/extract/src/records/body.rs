use std::collections::BTreeSet;

use shiliu_lang::Dictionary;
use shiliu_ledger::{FieldBasis, Kind, Label, Record, Value};
use shiliu_text::Span;

use super::doc::{Doc, is_han};
use super::lexicon::{Class, Hit};
use super::name::{Named, governor, named, plain};
use super::person::People;

/// Verbs inside names (`联合实验室`) are no boundary: only verbs that found, hold or propose are.
const GOVERNING: &[Class] = &[
    Class::BodyVerb,
    Class::EventBefore,
    Class::Cue,
    Class::NameEnd,
    Class::Done,
    Class::InstrumentVerb,
    Class::Raised,
];

/// Kinds of bodies that states have in common.
const COMMON: &[&str] = &["council", "platform", "centre", "laboratory", "alliance", "fund", "office"];

/// A name of so many characters names one body.
const OWN: usize = 6;

/// A head word of so many characters is a name of its own (a council of entrepreneurs, a joint research centre).
const TELLING: usize = 5;

/// A verb farther behind a name than so many bytes is not shown with it.
const NEAR: u32 = 30;

/// More characters than this after a verb of founding are its object.
const OBJECT: usize = 2;

/// Bodies: names of the profile, names by their head word where a verb founds, raises or runs them, organisations
/// that act. One record a name, at its fullest place.
pub(super) fn bodies(doc: &Doc<'_>, people: &People, concerned: bool, found: &mut Vec<Record<Span>>) {
    let promised = promised(found);
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut taken: Vec<Span> = Vec::new();
    let mut candidates: Vec<(Record<Span>, bool)> = Vec::new();
    for hit in doc.every(Class::Body) {
        let outer = [Class::Body, Class::Project, Class::Instrument, Class::Meeting];
        if doc.covered(hit.span, &outer) || extended(doc, hit) {
            continue;
        }
        let Some(entry) = doc.entry(hit) else { continue };
        let listed = doc.before(hit.span.start) == Some('、') || doc.char_at(hit.span.end) == Some('、');
        if doc.word(hit).value == "organisation" && listed {
            continue;
        }
        let name = Named { span: hit.span, list: hit.span.start, stem: 9 };
        let verb = governor(doc, name, &[Class::BodyVerb]);
        let after = after_verb(doc, hit.span.end).or_else(|| list_verb(doc, hit.span));
        // The mechanism itself and its neighbourhood are named in passing everywhere; its own bodies are told of.
        let passing = matches!(
            doc.word(hit).value.as_str(),
            "mechanism" | "organisation" | "ministerial" | "ministerial platform"
        );
        if verb.is_none() && after.is_none() && passing {
            continue;
        }
        let near =
            verb.filter(|verb| !doc.text(Span { start: verb.span.end, end: hit.span.start }).contains('、'));
        let mut at = near.map_or(hit.span, |verb| verb.span.cover(hit.span));
        let heads = doc.clause_at(hit.span.start).is_some_and(|clause| clause.span.start == hit.span.start);
        let first = doc.before(hit.span.start) != Some('、');
        if let Some(after) = after
            .filter(|after| follows(doc, hit.span, *after))
            .filter(|after| after.span.start - hit.span.end <= NEAR)
            .filter(|_| first && (heads || doc.char_at(hit.span.end) != Some('、')))
        {
            at = at.cover(after.span);
        }
        let verb = verb.or(after);
        let mut record = Record::new(Kind::Body, "body.profile", at);
        record.printed("name", Value::text(plain(doc, hit.span)), hit.span);
        let id = &doc.word(hit).id;
        record.inferred("type", Value::text(doc.kind(hit, "body")), id);
        status(doc, verb, hit.span, &promised, &mut record);
        if let Some(parent) = entry.parent.as_deref().and_then(|id| doc.profile.find(id)) {
            record.inferred("parent", Value::text(Label::of(parent.1.name("zh"))), id);
        }
        if let Some(before) = entry.lineage.as_deref().and_then(|id| doc.profile.find(id)) {
            record.inferred("lineage", Value::text(Label::of(before.1.name("zh"))), id);
        }
        if let Some(host) = &entry.host {
            record.inferred("host", Value::text(Label::of(host)), id);
        }
        if record.value("since").is_none()
            && let Some(since) = &entry.date
        {
            record.inferred("since", Value::text(Label::of(since)), id);
        }
        // What was founded before this day is there, though the text tells how it was agreed on.
        let day = doc.context.reference.as_ref().map(|day| day.value.to_string());
        let founded = entry.date.as_ref().zip(day).is_some_and(|(since, day)| *since < day);
        if founded && record.text("status") == Some("proposed") {
            record.inferred("status", Value::text("established"), id);
        }
        taken.push(hit.span);
        candidates.push((record, verb.is_some()));
    }
    for hit in doc.every(Class::BodySuffix) {
        if taken.iter().rev().take(8).any(|span| span.contains(hit.span))
            || doc.covered(hit.span, &[Class::Project, Class::Meeting, Class::Place, Class::EventSuffix])
        {
            continue;
        }
        // An organisation inside a title is where somebody serves.
        let near = Span::new((hit.span.start as usize).saturating_sub(150), hit.span.end as usize);
        if people.in_span(near).iter().any(|naming| naming.span.contains(hit.span)) {
            continue;
        }
        if let Some(record) = by_suffix(doc, hit, concerned, &promised) {
            candidates.push(record);
        }
    }
    let mut places: Vec<Span> = candidates.iter().map(|(record, _)| record.at).collect();
    places.sort_unstable();
    for verb in doc.every(Class::BodyVerb).filter(|verb| doc.word(*verb).id.ends_with(".found")) {
        let reach = Span { end: verb.span.end + 1, ..verb.span };
        let before = places.partition_point(|place| place.start < reach.end);
        if places[..before].iter().rev().take(4).any(|place| place.overlaps(reach)) {
            continue;
        }
        if let Some(record) = founded(doc, verb, &promised) {
            candidates.push((record, true));
        }
    }
    candidates.sort_by_key(|(record, _)| record.at.start);
    let mut candidates = merged(doc, candidates);
    // The place where a verb says something of the body is better than a bare naming.
    candidates.sort_by_key(|(record, verb)| (!*verb, record.at.start));
    let names: Vec<(String, Option<String>)> = candidates
        .iter()
        .map(|(record, _)| {
            let text = |field| record.text(field).map(str::to_owned);
            (text("name").unwrap_or_default(), text("type"))
        })
        .collect();
    for (record, _) in candidates {
        // One body, whichever of its names stands there.
        let row = match record.fields.get("type").map(|field| &field.basis) {
            Some(FieldBasis::Inferred(row)) if record.rule == "body.profile" => Some(row.to_string()),
            _ => None,
        };
        let name = row.unwrap_or_else(|| {
            // A name that a longer one of the kind ends with is its short form.
            let own = record.text("name").unwrap_or("");
            let kind = record.text("type");
            let fuller = names
                .iter()
                .filter(|(name, of)| of.as_deref() == kind && name.ends_with(own))
                .max_by_key(|(name, _)| name.len());
            fuller.map_or_else(|| own.to_owned(), |(name, _)| name.clone())
        });
        if known.insert(name) {
            found.push(record);
        }
    }
}

/// Whether the name is a head word with nothing but a word for any of its kind before it.
fn is_generic(doc: &Doc<'_>, name: Named) -> bool {
    doc.at(name.span.start, Class::Generic).is_some_and(|generic| {
        doc.text(Span { start: generic.span.end, end: name.span.end.max(generic.span.end) }).chars().count()
            <= 2
    })
}

/// Organisations side by side that organise something together, or whose people are told of together, are one record;
/// side by side before what each of them is to do they are as many.
fn merged(doc: &Doc<'_>, candidates: Vec<(Record<Span>, bool)>) -> Vec<(Record<Span>, bool)> {
    let mut merged: Vec<(Record<Span>, bool)> = Vec::new();
    for (record, verb) in candidates {
        let government = record.text("type") == Some("government") && !each_for_itself(doc, record.at);
        if government
            && let Some((last, _)) = merged.last_mut()
            && last.text("type") == Some("government")
            && doc.text(Span { start: last.at.end, end: record.at.start.max(last.at.end) }) == "、"
        {
            last.at = last.at.cover(record.at);
            let name = format!("{}、{}", last.text("name").unwrap_or(""), record.text("name").unwrap_or(""));
            let at = last.at;
            last.printed("name", Value::text(name), at);
            continue;
        }
        merged.push((record, verb));
    }
    merged
}

/// Whether the list that a name stands in is closed by a word for what is to be done (`甲厅、乙厅、丙局要加强会商`).
fn each_for_itself(doc: &Doc<'_>, name: Span) -> bool {
    let Some(clause) = doc.clause_at(name.start) else { return false };
    let rest = Span { start: name.end.min(clause.span.end), end: clause.span.end };
    let cue = doc.of_class(rest, Class::Cue).next();
    cue.is_some_and(|cue| {
        let between = Span { start: rest.start, end: cue.span.start };
        // Nothing but more names stands between, and no word for what they do or whose people they are.
        let deeds = [Class::EventBefore, Class::BodyVerb, Class::Title, Class::Modifier];
        !deeds.iter().any(|&class| doc.holds(between, class))
    })
}

/// Whether a longer name goes on from a name of the profile (`X机制` in `X机制青年中心`).
fn extended(doc: &Doc<'_>, hit: Hit) -> bool {
    let Some(clause) = doc.clause_at(hit.span.start) else { return false };
    let rest = Span { start: hit.span.end, end: clause.span.end };
    let next = doc.of_class(rest, Class::BodySuffix).find(|suffix| suffix.span.start - hit.span.end <= 18);
    next.is_some_and(|suffix| named(doc, suffix.span, GOVERNING).span.start <= hit.span.start)
}

fn by_suffix(doc: &Doc<'_>, hit: Hit, concerned: bool, promised: &[Span]) -> Option<(Record<Span>, bool)> {
    let kind = doc.word(hit).value.as_str();
    // The head word must end the name; a short form in brackets is the name before them.
    if doc
        .layout
        .pair_around(hit.span, '（')
        .is_some_and(|pair| doc.at(pair.content().start, Class::ShortForm).is_some())
        || doc.at(hit.span.end, Class::BodySuffix).is_some()
        // `街道办` in `街道办事处`: a head word that goes on from its last character.
        || doc
            .at(hit.span.end.saturating_sub(3), Class::BodySuffix)
            .is_some_and(|longer| longer.span.end > hit.span.end)
        || doc.at(hit.span.end, Class::TitlePart).is_some()
        || doc.at(hit.span.end, Class::Title).is_some()
    {
        return None;
    }
    let mut name = whole(doc, named(doc, hit.span, GOVERNING));
    let owned =
        [Class::Body, Class::BodySuffix, Class::Group, Class::Meeting, Class::State, Class::Instrument];
    if kind == "secretariat" && owned.iter().all(|&class| doc.ending(hit.span.start, class).is_none()) {
        // Whatever else stands before the word is no name of a body that could have one.
        name = Named { span: hit.span, list: hit.span.start, stem: 0 };
    }
    // A secretariat is known by its head word alone.
    let least = match kind {
        "secretariat" => 0,
        "government" => 1,
        // A head word so long says what the body is for, where a verb founds it.
        _ if doc.text(hit.span).chars().count() >= TELLING
            && governor(doc, name, &[Class::BodyVerb]).is_some() =>
        {
            0
        }
        _ => 2,
    };
    if name.stem < least || is_generic(doc, name) {
        return None;
    }
    // A number of such bodies is a claim, a base without a place could stand anywhere.
    let counted = doc
        .mentions_in(Span { start: name.span.start.saturating_sub(12), end: name.span.end })
        .any(|(mention, at)| mention.kind == crate::MentionKind::Count && at.overlaps(name.span));
    let placed = doc.hits_in(name.span).any(|hit| {
        matches!(hit.class, Class::Place | Class::State | Class::Group | Class::Meeting | Class::Body)
    });
    if counted || doc.word(hit).id.ends_with(".base") && !placed {
        return None;
    }
    let verb = governor(doc, name, &[Class::BodyVerb]).or_else(|| founding_before(doc, name.span));
    let after = after_verb(doc, name.span.end).or_else(|| list_verb(doc, name.span));
    // Mechanisms in general are improved everywhere; only one that is founded is a body.
    // What is still to be built is a project.
    let works =
        doc.ending(name.span.end, Class::ProjectSuffix).is_some_and(|works| works.span.contains(hit.span));
    if works && verb.is_some_and(|verb| doc.word(verb).value == "developing") {
        return None;
    }
    let raised = Raising::of(doc, name.span);
    let founded = raised.is_some()
        || after.is_some_and(|after| doc.word(after).value == "established")
        || verb.is_some_and(|verb| matches!(doc.word(verb).value.as_str(), "established" | "proposed"));
    if doc.word(hit).id.ends_with(".bare") && (!founded || name.stem < 4) {
        return None;
    }
    let introduced = introduces(doc, name.span.end);
    let session = session(doc, name.span.end);
    // A firm that only runs or builds something is none of the bodies of the story.
    let acting = kind == "team"
        || kind == "company" && (!concerned || acts(doc, name.span) || doc.holds(name.span, Class::Body))
        || kind == "government" && organises(doc, name.span)
        || kind == "secretariat" && verb.is_none()
        // In a story of the states a name long enough to be one that does something, or that is explained.
        || concerned
            && !works
            && COMMON.contains(&kind)
            && doc.text(name.span).chars().count() >= OWN
            && (acts(doc, name.span) || placed_before(doc, name.span));
    let told = verb.is_some() || after.is_some() || raised.is_some() || introduced || session.is_some();
    if !told && !acting {
        return None;
    }
    let near =
        verb.filter(|verb| !doc.text(Span { start: verb.span.end, end: name.span.start }).contains('、'));
    let start = near.map_or(name.span.start, |verb| verb.span.start);
    let first = doc.before(name.span.start) != Some('、');
    // The first of a list that heads its clause stands with the verb that closes it (`X、Y在各地落地生根`).
    let heads = doc.clause_at(name.span.start).is_some_and(|clause| clause.span.start == name.span.start);
    let end = after
        .filter(|after| first && follows(doc, name.span, *after))
        .filter(|after| after.span.start - name.span.end <= NEAR)
        .filter(|_| heads || doc.char_at(name.span.end) != Some('、'))
        .map_or(name.span.end, |after| after.span.end);
    let mut record = Record::new(Kind::Body, doc.word(hit).id.clone(), Span { start, end });
    record.printed("name", Value::text(plain(doc, name.span)), name.span);
    record.inferred("type", Value::text(&doc.word(hit).value), &doc.word(hit).id);
    status(doc, verb.or(after), name.span, promised, &mut record);
    if let Some(raising) = raised {
        raising.tell(doc, &mut record);
    } else if let Some(session) = session.filter(|_| record.value("status").is_none()) {
        record.printed("status", Value::text("operating"), session);
    }
    if let Some(host) = host(doc, name.span) {
        record.printed("host", Value::text(doc.label(host)), host);
    }
    Some((record, told))
}

/// How many characters are looked at for the word that begins a name.
const BEGINNING: usize = 4;

/// The name with its first character where that only looks like a word before a name (`向阳街道办事处`): the dictionary knows a
/// word that begins with it and reaches into the name.
fn whole(doc: &Doc<'_>, name: Named) -> Named {
    let start = name.span.start;
    let Some(stop) = doc.ending(start, Class::TitleStop).filter(|stop| stop.span.len() == 3) else {
        return name;
    };
    let beginning: Vec<char> =
        doc.text(Span { start: stop.span.start, ..name.span }).chars().take(BEGINNING).collect();
    let reaches = Dictionary::chinese().cut(&beginning).first().is_some_and(|word| word.length > 1);
    let listed = doc.hits_in(name.span).any(|hit| hit.span.start == start && hit.span.len() > 3);
    if !reaches || listed || name.stem < 2 || name.list < start || !beginning.iter().copied().all(is_han) {
        return name;
    }
    Named { span: Span { start: stop.span.start, ..name.span }, list: stop.span.start, stem: name.stem + 1 }
}

/// Names that only a verb of founding tells: from so many to so many characters.
const FOUNDED: std::ops::RangeInclusive<usize> = 5..=20;

/// `成立某某资源库`: only organisations are founded with such a verb, whatever their name ends with.
fn founded(doc: &Doc<'_>, verb: Hit, promised: &[Span]) -> Option<Record<Span>> {
    let clause = doc.clause_at(verb.span.start)?;
    if !has_founder(doc, Span { start: clause.span.start, end: verb.span.start }) {
        return None;
    }
    let mut start = verb.span.end;
    while let Some(skip) = doc.any_at(start, &[Class::Aspect, Class::Quantifier]) {
        start = skip.span.end;
    }
    let rest = Span { start: start.min(clause.span.end), end: clause.span.end };
    let text = doc.text(rest);
    let cut = text.find('、').map_or(rest.end, |at| rest.start + u32::try_from(at).unwrap_or(0));
    let name = Span { start: rest.start, end: cut };
    let outside = [
        Class::BodySuffix,
        Class::EventSuffix,
        Class::ProjectSuffix,
        Class::InstrumentHead,
        Class::Cue,
        Class::Speech,
        Class::Modifier,
        Class::Afterwards,
        Class::BodyVerb,
        Class::EventVerb,
        Class::Body,
        Class::Preposition,
        Class::Tail,
        Class::NameEnd,
    ];
    let is_name = doc.text(name).chars().all(|c| is_han(c) || c.is_alphanumeric() || matches!(c, '“' | '”'))
        && doc.mentions_in(name).next().is_none()
        && doc
            .hits_in(name)
            .all(|hit| !outside.contains(&hit.class) || doc.covered(hit.span, &[Class::Sector]));
    if !is_name || !FOUNDED.contains(&doc.text(name).chars().count()) || !reads_as_name(doc, name) {
        return None;
    }
    let at = verb.span.cover(name);
    let mut record = Record::new(Kind::Body, doc.word(verb).id.clone(), at);
    record.printed("name", Value::text(plain(doc, name)), name);
    record.inferred("type", Value::text("body"), doc.word(verb).id.clone());
    status(doc, Some(verb), name, promised, &mut record);
    Some(record)
}

/// Whether what stands before a verb of founding in its clause leaves it to somebody to found something: nothing but
/// words that go with a verb, or such words behind a state, a group or a word for several. A noun right before the verb
/// is what was founded (`公司成立初期…`).
fn has_founder(doc: &Doc<'_>, head: Span) -> bool {
    const WITH_VERB: [Class; 7] = [
        Class::Adverb,
        Class::Cue,
        Class::Done,
        Class::Speech,
        Class::Conjunction,
        Class::Frame,
        Class::Joiner,
    ];
    const FOUNDERS: [Class; 7] = [
        Class::State,
        Class::Side,
        Class::Group,
        Class::Circle,
        Class::Collective,
        Class::Government,
        Class::Pronoun,
    ];
    let mut end = head.end;
    while end > head.start {
        let founder = FOUNDERS.iter().any(|&class| doc.ending(end, class).is_some());
        if founder {
            return true;
        }
        let word = WITH_VERB.iter().filter_map(|&class| doc.ending(end, class)).map(|hit| hit.span.start);
        let dated = doc.mention_ending(end).map(|(_, at)| at.start);
        match word.chain(dated).min() {
            Some(start) if start >= head.start && start < end => end = start,
            _ => return false,
        }
    }
    true
}

/// Whether what stands behind a verb of founding can be a name: no word for a time or "and" opens it, no verb is in it.
fn reads_as_name(doc: &Doc<'_>, name: Span) -> bool {
    let characters: Vec<char> = doc.text(name).chars().filter(|c| is_han(*c)).collect();
    let words = Dictionary::chinese().cut(&characters);
    let opener = doc.at(name.start, Class::NoName).is_some_and(|hit| {
        if doc.word(hit).value == "office" {
            return false;
        }
        let length = doc.text(hit.span).chars().count();
        words.first().is_some_and(|first| first.length <= length)
    });
    !opener && words.iter().all(|word| word.class != 'v' || word.length < 2)
}

/// What a body was before, or is to be from now on: `X is raised to Y`.
struct Raising {
    verb: Hit,
    /// The other body as printed.
    other: Span,
}

impl Raising {
    /// A verb of raising right before or right after a name, with the body on its other side.
    fn of(doc: &Doc<'_>, name: Span) -> Option<Raising> {
        if let Some(verb) = doc.ending(name.start, Class::Raised) {
            let mut end = verb.span.start;
            while let Some(adverb) =
                [Class::Adverb, Class::Done, Class::Cue].iter().find_map(|&class| doc.ending(end, class))
            {
                end = adverb.span.start;
            }
            let head = doc.ending(end, Class::BodySuffix).or_else(|| doc.ending(end, Class::EventSuffix));
            let other = match head {
                Some(head) => named(doc, head.span, GOVERNING).span,
                // What no head word tells the end of begins after its modifier.
                None => {
                    let clause = doc.clause_at(verb.span.start)?;
                    let lead = Span { start: clause.span.start, end: end.max(clause.span.start) };
                    let modifier = doc.of_class(lead, Class::TitleStop).last();
                    Span { start: modifier.map_or(lead.start, |stop| stop.span.end), end: lead.end }
                }
            };
            return (!other.is_empty()).then_some(Raising { verb, other });
        }
        let clause = doc.clause_at(name.end.saturating_sub(1))?;
        let verb = doc.at(skip_adverbs(doc, name.end, clause.span.end), Class::Raised)?;
        let rest = Span { start: verb.span.end.min(clause.span.end), end: clause.span.end };
        let head = doc.of_class(rest, Class::BodySuffix).next();
        let end = head.map_or(rest.end, |head| head.span.end);
        (rest.start < end).then_some(Raising { verb, other: Span { start: rest.start, end } })
    }

    fn tell(&self, doc: &Doc<'_>, record: &mut Record<Span>) {
        record.printed("lineage", Value::text(plain(doc, self.other)), self.other);
        record.printed("status", Value::text(&doc.word(self.verb).value), self.verb.span);
    }
}

/// Whether a short form is introduced right after a name: `X（以下简称“Y”）`.
fn introduces(doc: &Doc<'_>, at: u32) -> bool {
    let bracket = doc.layout.pairs_in(Span { start: at, end: at + 1 }).first().copied();
    bracket.is_some_and(|pair| pair.open == '（' && doc.at(pair.content().start, Class::ShortForm).is_some())
}

/// A numbered session of the body right after its name: a body that meets is there.
fn session(doc: &Doc<'_>, at: u32) -> Option<Span> {
    let (mention, number) = doc.mentions_in(Span { start: at, end: at + 1 }).next()?;
    let kind = doc.at(number.end, Class::EventSuffix)?;
    let numbered = mention.kind == crate::MentionKind::Ordinal && number.start == at;
    numbered.then_some(number.cover(kind.span))
}

/// `设在某地的X`: a modifier that opens the clause says where the body is.
fn placed_before(doc: &Doc<'_>, name: Span) -> bool {
    let Some(clause) = doc.clause_at(name.start).filter(|clause| clause.span.start < name.start) else {
        return false;
    };
    doc.at(clause.span.start, Class::BodyVerb).is_some() && doc.ending(name.start, Class::Modifier).is_some()
}

/// Whether an organ heads a clause and a cue, a verb or a word that says what it is follows it: who acts is there.
fn acts(doc: &Doc<'_>, name: Span) -> bool {
    let Some(clause) = doc.clause_at(name.start).filter(|clause| clause.span.start == name.start) else {
        return false;
    };
    let at = skip_adverbs(doc, name.end, clause.span.end);
    let verb = [
        Class::Cue,
        Class::Speech,
        Class::SpeechAfter,
        Class::EventBefore,
        Class::InstrumentVerb,
        Class::Action,
        Class::Copula,
    ];
    // `X向会议提交报告`: what it does is done to somebody.
    let towards = doc
        .at(at, Class::Preposition)
        .filter(|word| matches!(doc.word(*word).value.as_str(), "to" | "with"))
        .is_some_and(|word| doc.holds(Span { start: word.span.end, end: clause.span.end }, Class::Action));
    at < clause.span.end && (towards || doc.any_at(at, &verb).is_some())
}

/// The byte after adverbs, words that say it is done, and days.
fn skip_adverbs(doc: &Doc<'_>, at: u32, end: u32) -> u32 {
    let mut at = at;
    while at < end {
        let day = doc.mention_over(at).filter(|day| day.start == at && day.end < end).filter(|day| {
            doc.mentions_in(*day).next().is_some_and(|(mention, _)| {
                matches!(
                    mention.kind,
                    crate::MentionKind::Date | crate::MentionKind::DateRange | crate::MentionKind::Time
                )
            })
        });
        if let Some(day) = day {
            at = day.end;
            continue;
        }
        // `自2030年3月成立以来`
        if let Some(from) = doc.at(at, Class::Preposition).filter(|word| doc.word(*word).value == "at")
            && let Some(day) = doc.mention_over(from.span.end)
            && day.start == from.span.end
            && day.end < end
        {
            at = day.end;
            continue;
        }
        if let Some(preposition) = doc.at(at, Class::PlaceBefore)
            && let Some(place) =
                doc.at(preposition.span.end, Class::Place).filter(|place| place.span.end < end)
        {
            at = place.span.end;
            continue;
        }
        match doc.any_at(at, &[Class::Adverb, Class::Done]).filter(|adverb| adverb.span.end < end) {
            Some(adverb) => at = adverb.span.end,
            None => break,
        }
    }
    at
}

/// A verb of founding or running right after the name, a day or a place phrase between them allowed. A verb with an
/// object of its own tells what the body founds, not that it was founded.
fn after_verb(doc: &Doc<'_>, at: u32) -> Option<Hit> {
    let clause = doc.clause_at(at.saturating_sub(1))?;
    let next = skip_adverbs(doc, at, clause.span.end);
    let Some(verb) = doc.at(next, Class::BodyVerb) else {
        // `X在某地的一座楼里揭牌`: after a longer phrase of place the verb closes the clause.
        let rest = Span { start: next.min(clause.span.end), end: clause.span.end };
        let phrase = next > at || doc.at(at, Class::PlaceBefore).is_some();
        return doc
            .of_class(rest, Class::BodyVerb)
            .last()
            .filter(|verb| phrase && verb.span.end == rest.end && doc.word(*verb).value == "established");
    };
    let rest = Span { start: verb.span.end.min(clause.span.end), end: clause.span.end };
    let object = !rest.is_empty()
        && doc.text(rest).chars().count() > OBJECT
        && doc.any_at(rest.start, &[Class::Afterwards, Class::PlaceBefore, Class::Preposition]).is_none();
    let told = matches!(doc.word(verb).value.as_str(), "established" | "operating");
    (told && !(object && doc.word(verb).value == "established")).then_some(verb)
}

/// Whether nothing that can be left out (a day) stands between a name and its verb.
fn follows(doc: &Doc<'_>, name: Span, verb: Hit) -> bool {
    doc.mentions_in(Span { start: name.end, end: verb.span.start.max(name.end) }).next().is_none()
}

/// The verb that closes a list which the name is an item of.
fn list_verb(doc: &Doc<'_>, name: Span) -> Option<Hit> {
    let closed = doc.at(name.end, Class::Tail).is_some();
    let listed = doc.char_at(name.end) == Some('、') || doc.before(name.start) == Some('、');
    let clause = doc.clause_at(name.start).filter(|_| listed || closed)?;
    let rest = Span { start: name.end.min(clause.span.end), end: clause.span.end };
    doc.of_class(rest, Class::BodyVerb).find(|verb| {
        // `X、Y等相继成立`: a verb of founding without an object closes the clause.
        doc.word(*verb).value == "operating"
            || doc.word(*verb).value == "established" && verb.span.end == clause.span.end
    })
}

/// Whether an organisation heads a clause or organises something right after its name.
fn organises(doc: &Doc<'_>, name: Span) -> bool {
    let heads = doc.clause_at(name.start).is_some_and(|clause| clause.span.start == name.start);
    let verb = doc.any_at(name.end, &[Class::EventBefore, Class::BodyVerb]);
    heads && verb.is_some()
        || verb.is_some_and(|verb| doc.is(verb, Class::BodyVerb))
        || doc.char_at(name.end) == Some('、')
        || doc.before(name.start) == Some('、')
}

/// `设立总额30亿元的X`: the verb of founding before a modifier of the name.
fn founding_before(doc: &Doc<'_>, name: Span) -> Option<Hit> {
    let modifier = doc.ending(name.start, Class::Modifier)?;
    let clause = doc.clause_at(name.start)?;
    let lead = Span { start: clause.span.start, end: modifier.span.start.max(clause.span.start) };
    let founds = |hit: &Hit| matches!(doc.word(*hit).value.as_str(), "established" | "proposed");
    let verb = doc.of_class(lead, Class::BodyVerb).filter(founds).last()?;
    // Only an amount or a word of size stands between them, no other body.
    let between = Span { start: verb.span.end, end: lead.end.max(verb.span.end) };
    (doc.mentions_in(between).next().is_some() && !doc.holds(between, Class::BodySuffix)).then_some(verb)
}

/// Where something is promised, in order.
fn promised(found: &[Record<Span>]) -> Vec<Span> {
    let promises = found.iter().filter(|record| {
        record.kind == Kind::Commitment
            && record.text("status") != Some("delivered")
            && record.text("force").is_some_and(|force| force > "F1")
    });
    let mut places: Vec<Span> = promises.map(|record| record.at).collect();
    places.sort_unstable();
    places
}

fn status(doc: &Doc<'_>, verb: Option<Hit>, name: Span, promised: &[Span], record: &mut Record<Span>) {
    let Some(verb) = verb else {
        // Who acts, or is named as one that is known, is there.
        let day = doc.context.reference.as_ref().map(|day| day.value.to_string());
        let later = record.text("since").zip(day.as_deref()).is_some_and(|(since, day)| since > day);
        if !later {
            record.inferred("status", Value::text("operating"), "named as one that is there");
        }
        return;
    };
    // What is agreed, proposed or announced to be founded is not there yet.
    let head = doc
        .clause_at(verb.span.start)
        .map(|clause| Span { start: clause.span.start, end: verb.span.start.max(clause.span.start) });
    let ahead = doc.word(verb).value == "established"
        && head.is_some_and(|head| {
            doc.of_class(head, Class::Cue).any(|cue| {
                super::commitment::force_of(doc, cue) >= 2
                    && !doc.word(cue).id.ends_with(".declare")
                    && !name.contains(cue.span)
            })
        });
    // What a promise is to make is not there either, where its cue stands in an earlier clause.
    let making = doc.word(verb).id.ends_with(".make") || doc.word(verb).value == "established";
    let before = promised.partition_point(|place| place.start <= verb.span.start);
    let to_be = making && promised[..before].iter().rev().take(3).any(|place| place.contains(verb.span));
    let value = if ahead || to_be { Label::fixed("proposed") } else { doc.word(verb).value.clone() };
    record.printed("status", Value::text(&value), verb.span);
    if value == "established"
        && let Some(sentence) = doc.sentence_at(name.start)
        && let Some((mention, at)) = doc
            .mentions_in(Span { start: sentence.start, end: name.start.max(verb.span.start) })
            .rev()
            .take(super::deadline::DATES)
            .find(|(mention, _)| mention.kind == crate::MentionKind::Date)
        && let crate::MentionValue::Text(date) = &mention.value
    {
        record.printed("since", Value::text(Label::of(date)), at);
    }
}

/// A place after a preposition in the clause before the name.
fn host(doc: &Doc<'_>, name: Span) -> Option<Span> {
    let clause = doc.clause_at(name.start)?;
    let head = Span { start: clause.span.start, end: name.start.max(clause.span.start) };
    doc.hits_in(head)
        .filter(|&hit| matches!(hit.class, Class::Place | Class::State))
        .find(|hit| doc.ending(hit.span.start, Class::PlaceBefore).is_some())
        .map(|hit| hit.span)
}
