use std::collections::BTreeMap;

use shiliu_ledger::{Kind, Label, Record, Value};
use shiliu_text::Span;

use super::doc::{Doc, is_han};
use super::layout::Clause;
use super::lexicon::{Class, Hit};
use super::name::{Named, governor, named, pair_ending, plain};
use super::person::People;
use crate::{MentionKind, MentionValue};

/// The day of a meeting stands so many bytes before it.
const REPORTED: u32 = 150;

const GOVERNING: &[Class] = &[Class::EventBefore, Class::EventAct];

/// Meetings by name, and acts that are events by themselves: visits, signings, foundings. One record a name.
pub(super) fn events(doc: &Doc<'_>, people: &People, found: &mut Vec<Record<Span>>) {
    // By name: how much the place tells (a verb of taking place, an edition), the earlier first.
    let mut best: BTreeMap<String, (u8, Record<Span>)> = BTreeMap::new();
    let mut offer = |rank: u8, record: Record<Span>| {
        let name = record.text("name").unwrap_or("").to_owned();
        let better = best.get(&name).is_none_or(|(known, old)| {
            (std::cmp::Reverse(rank), record.at.start) < (std::cmp::Reverse(*known), old.at.start)
        });
        if better {
            best.insert(name, (rank, record));
        }
    };
    let mut taken: Vec<Span> = Vec::new();
    for hit in doc.every(Class::Meeting) {
        if doc.covered(hit.span, &[Class::Body, Class::Instrument, Class::Meeting])
            || doc.layout.pair_around(hit.span, '《').is_some()
        {
            continue;
        }
        taken.push(hit.span);
        // A short form ("the X summit") names a meeting in passing; an edition or a full name tells of it.
        let long = doc.text(hit.span).chars().count() >= 9;
        let ordinal = doc.mentions_in(hit.span).any(|(mention, _)| mention.kind == MentionKind::Ordinal);
        let edition = ordinal
            || long && doc.entry(hit).is_some_and(|entry| entry.edition.is_some() || entry.date.is_some());
        let series = !edition && doc.ending(hit.span.start, Class::EventBefore).is_some();
        if series && doc.at(hit.span.end, Class::EventVerb).is_none() {
            continue;
        }
        let name = Named { span: hit.span, list: hit.span.start, stem: 9 };
        if let Some((rank, mut record)) = meeting(doc, name, "event.profile", &doc.word(hit).value, edition) {
            if let Some(entry) = doc.entry(hit) {
                let id = &doc.word(hit).id;
                if let Some(number) = entry.edition {
                    record.inferred("edition", Value::Integer(number), id);
                }
                if record.value("date").is_none()
                    && let Some(date) = &entry.date
                {
                    record.inferred("date", Value::text(Label::of(date)), id);
                }
                if record.value("place").is_none()
                    && let Some(place) = &entry.place
                {
                    record.inferred("place", Value::text(Label::of(place)), id);
                }
            }
            offer(rank, record);
        }
    }
    for hit in doc.every(Class::EventSuffix) {
        if taken.iter().rev().take(8).any(|span| span.overlaps(hit.span))
            || doc.covered(hit.span, &[Class::Instrument, Class::Meeting, Class::EventSuffix, Class::Title])
            || doc.covered(hit.span, &[Class::BodySuffix]) && !is_held(doc, hit)
            || doc.covered(hit.span, &[Class::Body]) && doc.ending(hit.span.end, Class::Body).is_none()
            || doc.layout.pair_around(hit.span, '《').is_some()
            || doc
                .any_at(
                    hit.span.end,
                    &[Class::BodySuffix, Class::EventSuffix, Class::Title, Class::PlaceSuffix],
                )
                .is_some()
        {
            continue;
        }
        if doc.at(hit.span.end, Class::Compounder).is_some() {
            continue;
        }
        let mut name = named(doc, hit.span, GOVERNING);
        // `召开A、B和C推进会`: the verb of the list tells that the items are parts of one name.
        let listed = Named { span: Span { start: name.list, end: name.span.end }, ..name };
        let whole = doc.text(listed.span);
        if name.list < name.span.start
            && !whole.contains('“')
            && governor(doc, listed, &[Class::EventBefore]).is_some()
        {
            name = listed;
        }
        // A term in marks that opens the clause stands before where the clause begins.
        if let Some(pair) = pair_ending(doc, name.span.start).filter(|pair| pair.open == '“' && pair.atom) {
            name.stem += doc.text(pair.content()).chars().count();
            name.span.start = pair.span.start;
            name.list = name.list.min(pair.span.start);
        }
        let (mut name, ordinal) = with_edition(doc, name);
        // A day before the name is its date; a closed list of fields is no meeting.
        let day = doc.mentions_in(name.span).next().filter(|(mention, at)| {
            matches!(mention.kind, MentionKind::Date | MentionKind::DateRange)
                && at.start == name.span.start
                && at.len() > 7
        });
        if let Some((_, day)) = day {
            name.span.start = day.end.min(hit.span.start);
        }
        let listing = doc.text(name.span).contains('、') && doc.holds(name.span, Class::Tail);
        // A short name is told of where a dated clause holds it (`16日举行清单发布会`).
        let press = doc.word(hit).id.ends_with(".press");
        let held = (name.stem == 2 || press && name.stem <= 4)
            && governor(doc, name, &[Class::EventBefore])
                .is_some_and(|verb| verb.span.end == name.span.start)
            && doc.clause_at(name.span.start).is_some_and(|clause| {
                // The day that somebody meets the press on may stand in a clause before.
                let sentence = doc.layout.sentences[clause.sentence].span.start;
                let near = sentence.max(name.span.start.saturating_sub(REPORTED));
                // `6月15日至16日，五国工商界在某地举办企业对接会`: or the day is a clause by itself.
                let opens = doc
                    .mention_over(near)
                    .is_some_and(|day| day.start == near && day.end + 3 == clause.span.start);
                let from = if press || opens { near } else { clause.span.start };
                let head = Span { start: from, end: name.span.start };
                doc.mentions_in(head)
                    .any(|(mention, _)| matches!(mention.kind, MentionKind::Date | MentionKind::DateRange))
            });
        // `6月15日，纪念活动在某广场举行`: a long head word that takes place on a day.
        let own = doc.text(hit.span).chars().count() >= 4
            && doc.clause_at(hit.span.start).is_some_and(|clause| {
                let behind = Span { start: hit.span.end, end: clause.span.end };
                let sentence = doc.layout.sentences[clause.sentence].span;
                let near = sentence.start.max(hit.span.start.saturating_sub(REPORTED));
                let before = Span { start: near, end: hit.span.start };
                doc.holds(behind, Class::EventVerb)
                    && doc.mentions_in(before).any(|(mention, _)| mention.kind == MentionKind::Date)
            });
        if listing || name.stem < 3 && !ordinal && !held && !own {
            continue;
        }
        if let Some((rank, record)) = meeting(doc, name, &doc.word(hit).id, &doc.word(hit).value, ordinal) {
            offer(rank, record);
        }
    }
    let mut reported = Vec::new();
    acts(doc, people, &mut reported);
    for act in &mut reported {
        at_meeting_before(doc, best.values().map(|(_, meeting)| meeting), act);
    }
    let mut places: Vec<Span> = reported.iter().map(|act: &Record<Span>| act.at).collect();
    places.sort();
    for (_, record) in best.into_values() {
        // A meeting that an act names is told with the act.
        let before = places.partition_point(|act| act.start <= record.at.start);
        if !places[..before].iter().rev().take(4).any(|act| act.contains(record.at)) {
            found.push(record);
        }
    }
    found.extend(reported);
}

/// Whether a name that may be that of a body (`第七届智库论坛`) is a meeting's: its edition stands before it and it is held.
fn is_held(doc: &Doc<'_>, head: Hit) -> bool {
    let Some(clause) = doc.clause_at(head.span.start) else { return false };
    let before = Span { start: clause.span.start, end: head.span.start };
    let edition = doc.mentions_in(before).any(|(mention, _)| mention.kind == MentionKind::Ordinal);
    let ends = doc.ending(head.span.end, Class::BodySuffix).is_some();
    ends && edition && doc.holds(Span { start: head.span.end, end: clause.span.end }, Class::EventVerb)
}

/// What was done where a meeting told of earlier in the sentence was held (`峰会在某地举行，五国签署…`) was done there, and
/// on its day where it has none of its own.
fn at_meeting_before<'m>(
    doc: &Doc<'_>,
    meetings: impl Iterator<Item = &'m Record<Span>>,
    act: &mut Record<Span>,
) {
    let there =
        matches!(act.text("type"), Some("signing" | "founding" | "initiative" | "speeches" | "talks"));
    let Some(sentence) = doc.sentence_at(act.at.end.saturating_sub(1)).filter(|_| there) else { return };
    if act.value("place").is_some() {
        return;
    }
    let before = |meeting: &&Record<Span>| {
        meeting.at.start >= sentence.start
            && meeting.at.end <= act.at.start
            && meeting.value("place").is_some()
    };
    if let Some(meeting) = meetings.filter(before).max_by_key(|meeting| meeting.at.start) {
        for field in ["place", "date"] {
            if act.value(field).is_none()
                && let Some(value) = meeting.label(field)
            {
                act.inferred(field, Value::text(value), "the meeting of the sentence");
            }
        }
        return;
    }
    // `在首届峰会期间，…宣布成立…`: the profile says where the meeting was held.
    let head = Span { start: sentence.start, end: act.at.start.max(sentence.start) };
    let named = doc.of_class(head, Class::Meeting).last();
    if let Some(hit) = named
        && let Some(entry) = doc.entry(hit)
        && let Some(place) = &entry.place
    {
        act.inferred("place", Value::text(Label::of(place)), &doc.word(hit).id);
    }
}

/// `下一届会议`: whether a number is that of the next one or the last one, not the first.
fn is_other_edition(doc: &Doc<'_>, at: Span) -> bool {
    let head = Span { start: at.start.saturating_sub(3), end: at.end.min(at.start + 3) };
    doc.all().is_char_boundary(head.start as usize) && doc.holds(head, Class::OtherEdition)
}

/// The name with the edition before it (`第二届`, a year).
fn with_edition(doc: &Doc<'_>, name: Named) -> (Named, bool) {
    let mut wide = name;
    let mut ordinal = false;
    if let Some((mention, at)) = doc.mention_ending(name.span.start)
        && matches!(mention.kind, MentionKind::Ordinal | MentionKind::Date)
    {
        ordinal = mention.kind == MentionKind::Ordinal;
        let digits = doc.text(at).chars().next().is_some_and(|c| c.is_ascii_digit());
        if ordinal || digits && at.len() <= 7 {
            wide.span.start = at.start;
            wide.list = at.start;
        }
    }
    ordinal |= doc.mentions_in(wide.span).any(|(mention, _)| mention.kind == MentionKind::Ordinal);
    (wide, ordinal)
}

fn meeting(
    doc: &Doc<'_>,
    name: Named,
    rule: impl Into<Label>,
    kind: &Label,
    told: bool,
) -> Option<(u8, Record<Span>)> {
    let rule: Label = rule.into();
    // A clause begins behind the mark that opens the name.
    let clause = doc.clause_at(name.span.start).or_else(|| {
        doc.clause_at(name.span.end.saturating_sub(3)).filter(|c| c.span.start <= name.span.start + 3)
    })?;
    let rest = Span { start: name.span.end.min(clause.span.end), end: clause.span.end };
    let after = doc.of_class(rest, Class::EventVerb).find(|verb| verb.span.start - name.span.end <= 75);
    let before = governor(doc, name, &[Class::EventBefore]);
    if after.is_none() && before.is_none() && !told {
        return None;
    }
    let listed = doc.char_at(name.span.end) == Some('、') || doc.before(name.span.start) == Some('、');
    let head = Span { start: clause.span.start, end: name.span.start.max(clause.span.start) };
    let agreed = doc.of_class(head, Class::Cue).any(|cue| doc.word(cue).value.starts_with("F5"));
    let at = match (after, before) {
        _ if listed => name.span,
        (None, Some(_)) if agreed => Span { start: clause.span.start, end: name.span.end },
        (Some(after), _) => name.span.cover(after.span),
        (None, Some(before)) if rule.ends_with(".press") => {
            Span { start: doc.without_dateline(clause).span.start.min(before.span.start), end: name.span.end }
        }
        (None, Some(before)) => before.span.cover(name.span),
        _ => name.span,
    };
    let mut record = Record::new(Kind::Event, rule, at);
    record.printed("type", Value::text(kind), name.span);
    record.printed("name", Value::text(plain(doc, name.span)), name.span);
    let edition = doc
        .mentions_in(name.span)
        .find(|(mention, at)| mention.kind == MentionKind::Ordinal && !is_other_edition(doc, *at));
    if let Some((mention, at)) = edition
        && let MentionValue::Amount(amount) = &mention.value
        && let Some(number) = amount.value.as_ref().and_then(|value| value.parse().ok())
    {
        record.printed("edition", Value::Integer(number), at);
    }
    when_and_where(doc, clause, at, &mut record);
    let rank = u8::from(after.is_some()) * 2 + u8::from(before.is_some()) + u8::from(told) * 2;
    Some((rank, record))
}

/// The date of the sentence nearest before the end of the stretch, and the place after a preposition.
pub(super) fn when_and_where(doc: &Doc<'_>, clause: Clause, at: Span, record: &mut Record<Span>) {
    let sentence = doc.layout.sentences[clause.sentence].span;
    let dated = doc
        .mentions_in(Span { start: sentence.start, end: at.end })
        .rev()
        .take(super::deadline::DATES)
        // The years in the title of a document are not the day it is signed on.
        .find(|(mention, at)| {
            matches!(mention.kind, MentionKind::Date | MentionKind::DateRange)
                && doc.layout.pair_around(*at, '《').is_none()
                && !super::deadline::of_another(doc, *at, clause.span.start)
        });
    // The year in a meeting's own name (`2023年推进会`) stands back behind a day that is printed before.
    let year = |text: &str| text.len() == 4;
    let named = dated.filter(|(mention, _)| matches!(&mention.value, MentionValue::Text(date) if year(date)));
    let day = named.and_then(|(_, own)| {
        let before = Span { start: sentence.start, end: own.start.max(sentence.start) };
        doc.mentions_in(before).rev().take(super::deadline::DATES).find(|(mention, at)| {
            matches!(&mention.value, MentionValue::Text(date) if date.len() == 10)
                && mention.kind == MentionKind::Date
                && doc.layout.pair_around(*at, '《').is_none()
        })
    });
    if let Some((mention, at)) = day.or(dated)
        && let MentionValue::Text(date) = &mention.value
    {
        record.printed("date", Value::text(Label::of(date)), at);
    }
    place(doc, clause, record);
}

/// The place after a preposition in a clause; else its venue.
fn place(doc: &Doc<'_>, clause: Clause, record: &mut Record<Span>) {
    let place = doc
        .hits_in(clause.span)
        .filter(|&hit| matches!(hit.class, Class::Place | Class::State))
        .find(|hit| {
            let before = doc.ending(hit.span.start, Class::PlaceBefore);
            before.is_some_and(|word| doc.word(word).value != "capital")
        });
    let capital = place.and_then(|place| {
        let word = doc.at(place.span.end, Class::PlaceBefore)?;
        let city = doc.at(word.span.end, Class::Place)?;
        (doc.word(word).value == "capital").then_some(city.span)
    });
    if let Some(city) = capital {
        // `在某国首都某城`: the city.
        record.printed("place", Value::text(doc.label(city)), city);
    } else if let Some(place) = place {
        // A state and its city side by side are one place.
        let city =
            doc.at(place.span.end, Class::Place).map_or(place.span, |city| place.span.cover(city.span));
        record.printed("place", Value::text(doc.label(city)), city);
    } else if let Some(venue) = venue(doc, clause) {
        record.printed("place", Value::text(doc.label(venue)), venue);
    }
}

/// Longest name of a venue, in characters.
const VENUE: usize = 18;

/// What stands between a preposition of place and a verb of taking place.
fn venue(doc: &Doc<'_>, clause: Clause) -> Option<Span> {
    let verb = doc.of_class(clause.span, Class::EventVerb).last()?;
    let head = Span { start: clause.span.start, end: verb.span.start.max(clause.span.start) };
    let before = doc
        .of_class(head, Class::PlaceBefore)
        .filter(|word| doc.at(word.span.start, Class::Preposition).is_some())
        .last()?;
    let venue = Span { start: before.span.end, end: head.end };
    let text = doc.text(venue);
    let length = text.chars().count();
    let plain = text.chars().all(is_han)
        && doc.mentions_in(venue).next().is_none()
        && doc.hits_in(venue).all(|hit| {
            !matches!(hit.class, Class::Tail | Class::PhraseTail | Class::TitleStop | Class::Cue)
                || doc.covered(hit.span, &[Class::PlaceSuffix, Class::Place, Class::Sector])
        });
    (plain && (3..=VENUE).contains(&length)).then_some(venue)
}

/// Clauses that report an act.
fn acts(doc: &Doc<'_>, people: &People, found: &mut Vec<Record<Span>>) {
    let mut last: Option<(usize, Label)> = None;
    for hit in doc.every(Class::EventAct) {
        let Some(clause) = doc.clause_at(hit.span.start) else { continue };
        if doc.layout.pair_around(hit.span, '“').is_some_and(|pair| pair.atom) {
            continue;
        }
        let kind = &doc.word(hit).value;
        let head = Span { start: clause.span.start, end: hit.span.start };
        let hoped = doc.of_class(head, Class::Cue).any(|cue| {
            let announced = doc.word(cue).id.ends_with(".declare");
            // `应约`, `应邀`: a word of its own.
            let other = doc.covered(cue.span, &[Class::NameDeed]);
            !(announced || other || *kind == "visit" && doc.word(cue).id.ends_with(".will"))
        });
        if doc.covered(
            hit.span,
            &[Class::BodySuffix, Class::Body, Class::EventSuffix, Class::Meeting, Class::Title],
        ) {
            continue;
        }
        // `公布之日`, `公布的进度表`: so is what is published in a modifier; views that are exchanged are no documents.
        let results = *kind == "publication" && doc.holds(clause.span, Class::Findings);
        let views = *kind == "exchange of documents"
            && doc.holds(Span { start: hit.span.end, end: clause.span.end }, Class::Views);
        if views || results || *kind == "publication" && doc.at(hit.span.end, Class::Modifier).is_some() {
            continue;
        }
        if *kind == "signing" && doc.at(hit.span.end, Class::Modifier).is_some() {
            // `去年签署的协定`: told of in passing.
            continue;
        }
        let subject = match kind.as_str() {
            "historical" => people.first_in(head).map(|naming| naming.name),
            "signing" => organs(doc, head).or_else(|| subject(doc, people, head)),
            // `某省省长会见某市市长`, `市长率团访问某地`.
            "talks" | "visit" => subject(doc, people, head).or_else(|| head_of_place(doc, people, head)),
            _ => subject(doc, people, head),
        };
        let target = target(doc, people, kind, hit, clause)
            // `对云津进行国事访问`: the place stands before the verb.
            || *kind == "visit"
                && doc.hits_in(head).any(|place| {
                    matches!(place.class, Class::Place | Class::State | Class::Group)
                        && doc
                            .ending(place.span.start, Class::Preposition)
                            .is_some_and(|word| doc.word(word).value == "to")
                });
        // `某国企业赴某地`, `总统何时访问…`: neither a state nor a deed that is told of.
        let other = *kind == "visit"
            && subject.is_some_and(|subject| {
                let between = Span { start: subject.end.min(head.end), end: head.end };
                // The office of a state's leader may stand between.
                doc.of_class(between, Class::Title).any(|title| doc.word(title).value == "work")
                    || [Class::TitlePart, Class::BodySuffix, Class::NoName]
                        .iter()
                        .any(|&class| doc.of_class(between, class).any(|word| word.span.len() > 3))
            });
        let alone = matches!(kind.as_str(), "founding" | "initiative" | "publication");
        // `有望签署…`: it is only hoped for.
        let withheld = *kind == "signing" && doc.holds(head, Class::Withheld);
        if hoped || withheld || other || !target || subject.is_none() && !alone {
            continue;
        }
        let again = last.as_ref().filter(|(sentence, _)| *sentence == clause.sentence);
        // Another pair of organs signs another document.
        let apart = *kind == "signing" && organs(doc, head).is_some();
        if again.is_some_and(|(_, known)| known == kind) && !apart {
            continue;
        }
        // A visit and what was put forward on it are one event of the sentence.
        let joined = again.is_some_and(|(_, known)| *known == "visit" && *kind == "initiative");
        last = Some((clause.sentence, kind.clone()));
        let sentence = doc.layout.sentences[clause.sentence].span;
        let near = hit.span.start - sentence.start <= 150;
        let start = match subject {
            Some(subject) => subject.start,
            // Who published is often an office that no list holds: the deed stands for itself.
            None if *kind == "publication" => hit.span.start,
            None if near => sentence.start,
            None => clause.span.start,
        };
        if joined && let Some(visit) = found.pop() {
            let mut visit: Record<Span> = visit;
            visit.at = Span { start: visit.at.start, end: clause.span.end };
            visit.inferred("type", Value::text(kind), &doc.word(hit).id);
            // Where it was put forward is nearer than where the visit led.
            place(doc, clause, &mut visit);
            found.push(visit);
            continue;
        }
        let opening = if *kind == "historical" { start } else { opening_date(doc, clause, start) };
        // `某某访问某地时作出的…`: what was done on the visit is another thing.
        let when = doc.of_class(Span { start: hit.span.end, end: clause.span.end }, Class::Afterwards).next();
        let end = when.filter(|_| *kind == "visit").map_or(clause.span.end, |when| when.span.start);
        let mut span = Span { start: opening, end };
        if *kind == "telegram" && sentence.end - span.start <= 240 {
            span.end = Span { start: span.start, end: sentence.end - 3 }.end.max(clause.span.end);
        }
        let mut record = Record::new(Kind::Event, doc.word(hit).id.clone(), span);
        record.inferred("type", Value::text(kind), &doc.word(hit).id);
        let name = Span { start, end };
        record.printed("name", Value::text(plain(doc, name)), name);
        when_and_where(doc, clause, span, &mut record);
        // `对某国进行正式访问`: the state before the verb.
        let towards = doc.of_class(head, Class::State).find(|state| {
            doc.ending(state.span.start, Class::Preposition).is_some_and(|word| doc.word(word).value == "to")
        });
        if *kind == "visit"
            && record.value("place").is_none()
            && let Some(state) = towards
        {
            record.printed("place", Value::text(doc.label(state.span)), state.span);
        }
        if *kind == "visit" && record.value("place").is_none() {
            // `出访某地`: where the visit leads is where it takes place.
            let goal = [Class::Place, Class::State].iter().find_map(|&class| doc.at(hit.span.end, class));
            if let Some(goal) = goal {
                record.printed("place", Value::text(doc.label(goal.span)), goal.span);
            }
        }
        let present: Vec<Label> = people
            .in_span(clause.span)
            .iter()
            .map(|naming| people.persons[naming.person].name.clone())
            .collect();
        if !present.is_empty() {
            record.printed("participants", Value::texts(present), clause.span);
        }
        found.push(record);
    }
}

/// Two organs joined by "and" that stand before a verb: from the first one's name to the second one's end.
fn organs(doc: &Doc<'_>, head: Span) -> Option<Span> {
    let head = doc.without_dateline(doc.clause_at(head.start)?).span.start.max(head.start)..head.end;
    let span = Span { start: head.start, end: head.end };
    let ends = |at: u32| {
        [Class::TitlePart, Class::BodySuffix, Class::Body, Class::PlaceSuffix]
            .iter()
            .filter_map(|&class| doc.ending(at, class))
            .any(|hit| hit.span.len() > 3 || doc.is(hit, Class::TitlePart))
    };
    let joiner = doc.of_class(span, Class::Joiner).find(|joiner| ends(joiner.span.start))?;
    let second = Span { start: joiner.span.end, end: span.end };
    let closed = doc
        .hits_in(second)
        .filter(|hit| matches!(hit.class, Class::TitlePart | Class::BodySuffix | Class::Body))
        .any(|hit| hit.span.end > second.start + 6);
    let mut start = span.start;
    loop {
        let mention = doc.mention_over(start).filter(|at| at.start == start).map(|at| at.end);
        let number = doc.numbering_at(start).map(|number| number.span.end);
        let blank = doc.char_at(start).filter(|next| *next == ' ').map(|_| start + 1);
        match number.or(mention).or(blank).filter(|next| *next < joiner.span.start) {
            Some(next) => start = next,
            None => break,
        }
    }
    (closed && !doc.text(span).contains('，')).then_some(Span { start, end: span.end })
}

/// Who acts: the first person or party in the stretch before the verb.
fn subject(doc: &Doc<'_>, people: &People, head: Span) -> Option<Span> {
    let person =
        people.first_in(head).filter(|naming| people.persons[naming.person].office).map(|naming| naming.span);
    let party = doc
        .hits_in(head)
        .find(|&hit| matches!(hit.class, Class::Circle | Class::Group | Class::State | Class::Side))
        .map(|hit| hit.span);
    match (person, party) {
        (Some(person), Some(party)) => Some(if party.start < person.start { party } else { person }),
        (person, party) => person.or(party),
    }
}

/// Who governs a province, a city or an organ of state, in the stretch before the verb.
fn head_of_place(doc: &Doc<'_>, people: &People, head: Span) -> Option<Span> {
    let naming = people.first_in(head)?;
    let office = doc.ending(naming.title.end, Class::Title)?;
    let place = Span { start: naming.title.start, end: office.span.start };
    let named = doc.of_class(place, Class::Place).next().is_some();
    (doc.word(office).id.ends_with(".local") && named).then_some(naming.span)
}

/// Whether what the act needs stands after it.
fn target(doc: &Doc<'_>, people: &People, kind: &str, hit: Hit, clause: Clause) -> bool {
    let rest = Span { start: hit.span.end.min(clause.span.end), end: clause.span.end };
    let before = Span { start: clause.span.start, end: hit.span.start.max(clause.span.start) };
    let any = |classes: &[Class]| doc.hits_in(rest).any(|hit| classes.contains(&hit.class));
    match kind {
        "visit" => any(&[Class::Place, Class::State, Class::Group, Class::Meeting]),
        "signing" => doc.text(rest).starts_with(['《', '“']) || any(&[Class::InstrumentHead]),
        "exchange of documents" | "telegram" => rest.len() > 6,
        // `某某同某某举行会谈`: with whom stands before the verb.
        "talks" if rest.is_empty() => {
            let offices = |naming: &&super::person::Naming| people.persons[naming.person].office;
            // `两国元首举行会谈`, `五国外长在某地会晤`: everybody who meets in one word.
            let party = doc.hits_in(before).find(|hit| matches!(hit.class, Class::Group | Class::Circle));
            let together = party.is_some_and(|party| {
                let office = Span { start: party.span.start, end: before.end.min(party.span.end + 9) };
                // `…会晤，宣布建立…`: what they did there is the event.
                let ends = clause.mark != '，' && clause.mark != '：';
                ends && doc.holds(office, Class::Title) && people.in_span(before).is_empty()
            });
            together || people.in_span(before).iter().filter(offices).count() > 1
        }
        "talks" => any(&[Class::Person, Class::Title, Class::Byline, Class::Group]),
        "diplomatic relations" => {
            !doc.covered(hit.span, &[Class::Meeting]) && clause.mark != '\0' && rest.is_empty()
        }
        "historical" | "speeches" => true,
        "call" => {
            let named = |class: Class| doc.of_class(before, class).count();
            people.in_span(before).len() > 1 || named(Class::State) + named(Class::Side) > 1
        }
        "initiative" => any(&[Class::Instrument, Class::InstrumentHead]),
        _ => rest.len() > 9,
    }
}

/// A clause before that is only a date or a moment opens the sentence.
fn opening_date(doc: &Doc<'_>, clause: Clause, start: u32) -> u32 {
    let first = doc.layout.sentences[clause.sentence].clauses.0;
    let head = doc.layout.clauses[first];
    if head.span.start == clause.span.start || start > clause.span.start + 6 {
        return start;
    }
    let second =
        doc.layout.clauses.get(first + 1).is_some_and(|second| second.span.start == clause.span.start);
    let dated = doc
        .mentions_in(head.span)
        .next()
        .is_some_and(|(_, at)| at.start == head.span.start && at.end == head.span.end);
    let moment = doc.text(head.span).chars().count() <= 6 && !doc.holds(head.span, Class::Speech);
    if second && (dated || moment) { head.span.start } else { start }
}
