//! Text → candidate records: character-level grammars over the words of `lang/` and the names of one profile. No
//! word segmentation: a wrong cut would move a span. Every grammar works on the [`view`](self::view) of the text,
//! sentence by sentence, and leads its spans back.

mod actor;
mod appointed;
mod area;
mod beside;
mod blocks;
mod body;
mod characters;
mod circle;
mod claim;
mod clause;
mod commitment;
mod completion;
mod deadline;
mod decreed;
mod doc;
mod event;
mod figure;
mod home;
mod instrument;
mod introduced;
mod layout;
mod lexicon;
mod name;
mod opening;
mod organ;
mod person;
mod place;
mod planned;
mod points;
mod project;
mod quote;
mod slots;
mod speech;
mod states;
mod told;
mod tree;
mod view;
mod words;

pub use words::content_words;

use shiliu_lang::{Pack, Profile, Traditional};
use shiliu_ledger::{Field, FieldBasis, Kind, Label, Record, Value};
use shiliu_text::{Date, Inferred, Outcome, Span};

use crate::Mention;
use doc::Doc;
use lexicon::{Class, Lexicon};

/// What is known of the story around its text.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Headline of the story.
    pub headline: Option<String>,
    /// Line under it.
    pub deck: Option<String>,
    /// Author line: the speaker of a speech printed in full.
    pub byline: Option<String>,
    /// Agency of the dateline.
    pub agency: Option<String>,
    /// Paper that prints it.
    pub paper: Option<String>,
    /// Place of the dateline.
    pub place: Option<String>,
    /// Day that relative dates count from.
    pub reference: Option<Inferred<Date>>,
}

impl Context {
    /// With simplified characters for traditional ones.
    fn simplified(&self, traditional: &Traditional) -> Context {
        let simplified = |text: &Option<String>| text.as_ref().map(|text| traditional.rewrite(text));
        Context {
            headline: simplified(&self.headline),
            deck: simplified(&self.deck),
            byline: simplified(&self.byline),
            agency: simplified(&self.agency),
            paper: simplified(&self.paper),
            place: simplified(&self.place),
            reference: self.reference.clone(),
        }
    }
}

/// The candidate records of one text, on its characters, sorted by place, kind and rule. A text in traditional characters
/// gives what the same text in simplified ones gives: values are written in simplified characters but for the words of
/// quotations, places are its own.
#[must_use]
pub fn records(
    text: &str,
    mentions: &[Mention],
    context: &Context,
    pack: &Pack,
    profile: &Profile,
) -> Outcome<Vec<Record<Span>>> {
    let lexicon = Lexicon::of(pack, profile);
    // No character changes its number of bytes, so every place stays where it is.
    let folded = lexicon.traditional.fold(text);
    let folded_context = folded.is_some().then(|| context.simplified(&lexicon.traditional));
    let printed = text;
    let (text, context) = (folded.as_deref().unwrap_or(text), folded_context.as_ref().unwrap_or(context));
    let doc = Doc::new(text, mentions, context, &lexicon, profile);
    let people = person::people(&doc);
    let frames = speech::frames(&doc, &people);
    let circle = circle::Circle::of(&doc, &people);
    let mut found = Vec::new();
    let quotes = quote::quotes(&doc, &people, frames, &mut found);
    told::emit(&doc, &people, circle.concerned, &mut found);
    commitment::commitments(&doc, &people, &quotes, &circle, &mut found);
    event::events(&doc, &people, &mut found);
    opening::openings(&doc, &mut found);
    body::bodies(&doc, &people, circle.concerned, &mut found);
    instrument::instruments(&doc, &circle, &mut found);
    at_meeting(&doc, &mut found);
    project::projects(&doc, &mut found);
    place::places(&doc, &mut found);
    area::areas(&doc, &mut found);
    figure::figures(&doc, &mut found);
    claim::claims(&doc, &mut found);
    let mut records: Vec<Record<Span>> =
        found.into_iter().filter_map(|record| lead_back(record, &doc)).collect();
    if folded.is_some() {
        records.iter_mut().for_each(|record| quote_as_printed(record, text, printed));
    }
    records.sort_by(|a, b| {
        (a.at, a.kind, &a.rule)
            .cmp(&(b.at, b.kind, &b.rule))
            .then_with(|| a.fields_key().cmp(&b.fields_key()))
    });
    records.dedup_by(|a, b| a.at == b.at && a.kind == b.kind && a.fields_key() == b.fields_key());
    Outcome::clean(records)
}

/// What somebody said stays in the characters of the page, where it stands on them in one piece.
fn quote_as_printed(record: &mut Record<Span>, folded: &str, printed: &str) {
    let Some(Field { value, basis: FieldBasis::Printed(at) }) = record.fields.get("text") else { return };
    let at = *at;
    if record.kind == Kind::Quote && value.as_text() == Some(at.of(folded)) {
        record.printed("text", Value::text(Label::of(at.of(printed))), at);
    }
}

/// Reports of a meeting appear within so many days of it.
const REPORTED: i32 = 10;

/// The meeting of these days that a story tells of first, by its edition, is where its promises were made.
fn at_meeting(doc: &Doc<'_>, found: &mut [Record<Span>]) {
    let Some(today) = doc.context.reference.as_ref().map(|day| day.value.day_number()) else { return };
    let meeting = found
        .iter()
        .filter(|event| event.kind == Kind::Event && event.value("edition").is_some())
        .filter(|event| matches!(event.text("type"), Some("summit" | "ministerial")))
        .filter(|event| {
            let held = event.text("date").and_then(deadline::last_day);
            held.is_some_and(|day| (day.day_number() - today).abs() <= REPORTED)
        })
        .min_by_key(|event| event.at.start);
    let Some(meeting) = meeting else { return };
    let told = |field| meeting.label(field);
    let (name, date, place) = (told("name"), told("date"), told("place"));
    // What is signed or said there without a day of its own is of its day and place.
    for act in found.iter_mut().filter(|record| record.kind == Kind::Event) {
        let there = matches!(act.text("type"), Some("signing" | "speeches" | "founding" | "exchange of documents"))
                || act.text("type") == Some("ceremony") && act.value("edition").is_none()
            // All who met meet the press.
            || act.text("type") == Some("talks") && doc.holds(act.at, Class::Byline);
        if !there || act.value("date").is_some() || is_earlier(doc, act.at) {
            continue;
        }
        for (field, value) in [("date", &date), ("place", &place)] {
            if let Some(value) = value
                && act.value(field).is_none()
            {
                act.inferred(field, Value::text(value), "the meeting of the story");
            }
        }
    }
    for instrument in found.iter_mut().filter(|record| record.kind == Kind::Instrument) {
        let there = matches!(instrument.text("status"), Some("signed" | "adopted"));
        if there
            && instrument.value("date").is_none()
            && !is_earlier(doc, instrument.at)
            && let Some(date) = &date
        {
            instrument.inferred("date", Value::text(date), "the meeting of the story");
        }
    }
    let Some(meeting) = name else { return };
    for promise in found.iter_mut().filter(|record| record.kind == Kind::Commitment) {
        if promise.text("status") != Some("delivered") {
            promise.inferred("meeting", Value::text(&meeting), "the meeting of the story");
        }
    }
}

/// Whether the text tells of something as of a thing done before the meeting: in a modifier (`签署的…`), or in a clause
/// that says so, alone before it (`此前，…`) or in its own words, but not of somebody there (`曾任部长的某某签署…`).
fn is_earlier(doc: &Doc<'_>, at: Span) -> bool {
    if doc.ending(at.start, Class::Modifier).is_some() {
        return true;
    }
    let Some(index) = doc.layout.clause_at(at.start) else { return false };
    let clause = doc.layout.clauses[index];
    let before = index.checked_sub(1).map(|before| doc.layout.clauses[before]);
    let alone = before.is_some_and(|before| {
        before.sentence == clause.sentence
            && doc.at(before.span.start, Class::Earlier).is_some_and(|word| word.span.end == before.span.end)
    });
    let own = Span { start: clause.span.start, end: at.end.max(clause.span.start) };
    let of_somebody = |word: Span| {
        let between = Span { start: word.end, end: at.start.max(word.end) };
        doc.holds(between, Class::Modifier)
    };
    alone || doc.of_class(own, Class::Earlier).any(|word| !of_somebody(word.span))
}

/// A record on the characters of the source instead of the view.
fn lead_back(record: Record<Span>, doc: &Doc<'_>) -> Option<Record<Span>> {
    if record.at.is_empty() {
        return None;
    }
    Some(record.moved(&mut |span| doc.view.source_span(*span)))
}

/// What tells two records of one place and kind apart.
trait FieldsKey {
    fn fields_key(&self) -> Option<(&str, Option<&Value>)>;
}

impl FieldsKey for Record<Span> {
    fn fields_key(&self) -> Option<(&str, Option<&Value>)> {
        match self.kind {
            Kind::Commitment => Some((self.text("object").unwrap_or(""), self.value("action"))),
            Kind::Figure | Kind::Indicator => Some((self.text("value").unwrap_or(""), self.value("measure"))),
            _ => self.text("name").map(|name| (name, None)),
        }
    }
}
