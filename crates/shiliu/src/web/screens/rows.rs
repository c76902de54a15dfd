//! A record as one row of a list: its words, its marks, the characters that say it.

use shiliu_archive::store::{Reader, RecordSummary};
use shiliu_ledger::Kind;

use super::page::one_line;
use super::places::{Atlas, source_name};
use super::values;
use crate::web::address::{segment, with_query};
use crate::web::failure::Failure;
use crate::web::frame::Frame;

/// Longest value of a field, in characters: six states by their names fit.
const FACT: usize = 96;

/// Longest label, in characters.
const LABEL: usize = 140;

/// One row.
#[derive(Default)]
pub(crate) struct RecordRow {
    pub(crate) href: String,
    pub(crate) label: String,
    pub(crate) kind: String,
    pub(crate) kind_href: String,
    pub(crate) marks: Vec<Tag>,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) origins: u64,
    pub(crate) printings: u64,
    pub(crate) quote: String,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) link: String,
    pub(crate) source: String,
}

/// A short mark with its colour.
pub(crate) struct Tag {
    pub(crate) text: String,
    pub(crate) class: &'static str,
}

/// Fields shown in a row, by kind.
fn shown(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Commitment => &["actors", "recipients", "quantity", "deadline", "area"],
        Kind::Event => &["date", "place", "edition"],
        Kind::Body => &["type", "since", "host", "parent"],
        Kind::Instrument => &["type", "date", "parties"],
        Kind::Project => &["type", "countries", "status_line"],
        Kind::Figure | Kind::Indicator => &["measure", "value", "unit", "as_of", "scope"],
        Kind::Person => &["title", "country"],
        Kind::Quote => &["speaker", "mode"],
        Kind::Area => &["meeting"],
        Kind::Place => &["type", "country"],
        Kind::Claim => &["n"],
        Kind::Link => &["relation"],
    }
}

/// The marks of a record: force, status, flags.
pub(crate) fn marks(frame: &Frame, record: &RecordSummary) -> Vec<Tag> {
    let mut marks = Vec::new();
    for name in ["force", "status", "polarity"] {
        let Some(value) = record.value(name) else { continue };
        let text = values::field(frame, name, value);
        let plain = value.as_text().unwrap_or_default();
        if text.is_empty() || (name == "polarity" && plain != "negative") {
            continue;
        }
        let class = match (name, plain) {
            ("status", "delivered" | "in force" | "signed" | "completed" | "opened") => "good",
            ("status", "proposed") | ("polarity", _) => "warn",
            _ => "",
        };
        marks.push(Tag { text, class });
    }
    for flag in &record.flags {
        marks.push(Tag { text: frame.word("flag", flag).to_owned(), class: "warn" });
    }
    marks
}

/// Cut to a number of characters, the cut shown.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The address of a record.
pub(crate) fn address(frame: &Frame, key: &str) -> String {
    frame.to(&format!("/e/{}", segment(key)))
}

/// What a record is called: places, bodies, meetings and lists of priorities in the language of the screen, where the
/// profile knows them; what is printed stands beside.
pub(crate) fn label(frame: &Frame, record: &RecordSummary) -> String {
    let printed = one_line(&record.label);
    match record.kind {
        // A list is called by its items.
        Kind::Area => match record.value("items") {
            Some(items) => values::field(frame, "items", items),
            None => frame.named(&printed).to_owned(),
        },
        Kind::Place | Kind::Body | Kind::Event | Kind::Project | Kind::Instrument => {
            frame.named(&printed).to_owned()
        }
        _ => printed,
    }
}

/// A row without its characters.
pub(crate) fn brief(frame: &Frame, record: &RecordSummary) -> RecordRow {
    let facts = shown(record.kind)
        .iter()
        .filter_map(|name| {
            let value = record.value(name)?;
            // A project of type project says nothing.
            if *name == "type" && value.as_text() == Some(record.kind.as_str()) {
                return None;
            }
            let text = values::field(frame, name, value);
            (!text.is_empty()).then(|| (frame.word("field", name).to_owned(), shortened(&text, FACT)))
        })
        .collect();
    RecordRow {
        href: address(frame, &record.key),
        label: shortened(&label(frame, record), LABEL),
        kind: frame.word("kind", record.kind.as_str()).to_owned(),
        kind_href: frame.to(&with_query("/ledger", [("kind", record.kind.as_str())])),
        marks: marks(frame, record),
        facts,
        origins: record.origins,
        printings: record.printings,
        ..RecordRow::default()
    }
}

/// A row with the characters of its first printing.
pub(crate) fn full(
    frame: &Frame,
    reader: &Reader,
    atlas: &mut Atlas<'_>,
    record: &RecordSummary,
) -> Result<RecordRow, Failure> {
    let mut row = brief(frame, record);
    let Some(view) = reader.record(&record.key)? else { return Ok(row) };
    let Some(first) = view.evidence.first() else { return Ok(row) };
    row.link = atlas.link(frame, &first.page, &first.spans)?;
    row.source = source_name(frame, &first.page);
    let quote = one_line(&first.text);
    let label = row.label.trim_end_matches('…');
    if quote.starts_with(label) && record.kind != Kind::Body {
        // The label is the beginning of the words themselves: they are shown once, whole.
        row.label = shortened(&quote, LABEL * 2);
    } else {
        row.quote = shortened(&quote, LABEL * 2);
        row.before = one_line(&tail(&first.before, 12));
        row.after = one_line(&first.after.chars().take(12).collect::<String>());
    }
    Ok(row)
}

/// The last characters of a text.
pub(crate) fn tail(text: &str, most: usize) -> String {
    let count = text.chars().count();
    text.chars().skip(count.saturating_sub(most)).collect()
}
