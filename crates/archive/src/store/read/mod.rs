//! The typed read API: plain structs, spans in UTF-8 bytes of the text that is named beside them.

mod library;
mod mechanism;
mod narrow;
mod notes;
mod page;
mod records;
mod silence;
mod stories;

use rusqlite::{Connection, Row};
use shiliu_ledger::Value;
use shiliu_text::{Span, TextId};

pub use library::{IssueSummary, LayerText, Overview, PageSummary, PaperSummary, SourceBytes};
pub use mechanism::{AreaSummary, ClaimView, Mechanism};
pub(super) use narrow::PassingRecords;
pub use notes::{DiagnosticFilter, DiagnosticView};
pub use page::{
    ArticleSummary, ArticleView, Evidenced, JumpView, MentionView, PageText, PageView, TextPiece, ZoneView,
};
pub use records::{
    AlternativeView, Due, EvidenceView, FACETS, Facet, FieldView, LinkView, RecordFilter, RecordSort,
    RecordSummary, RecordView,
};
pub use silence::Silence;
pub use stories::{
    LocusView, ReadingView, RelatedView, StoryFilter, StorySort, StorySummary, StoryView, WitnessView,
};

pub(super) use library::{counts, findings};
pub(super) use page::article_view;

/// The most rows that one request gives.
const MOST: u32 = 500;

/// Which rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// How many to pass over.
    pub offset: u32,
    /// How many to give; at most 500.
    pub limit: u32,
}

impl Default for Paging {
    fn default() -> Paging {
        Paging { offset: 0, limit: 50 }
    }
}

impl Paging {
    pub(super) fn limit(self) -> i64 {
        i64::from(self.limit.min(MOST))
    }
}

/// A part of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many there are in all, as far as they are counted.
    pub total: u64,
    /// Whether there are more than `total`.
    pub more: bool,
}

/// A field's value as the store keeps it: the value tree of the ledger with names of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// Known to be absent.
    Null,
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Several, in order.
    List(Vec<FieldValue>),
    /// Named ones, in order.
    Map(Vec<(String, FieldValue)>),
}

impl From<&Value> for FieldValue {
    fn from(value: &Value) -> FieldValue {
        match value {
            Value::Null => FieldValue::Null,
            Value::Text(text) => FieldValue::Text(text.to_string()),
            Value::Integer(number) => FieldValue::Integer(*number),
            Value::List(values) => FieldValue::List(values.iter().map(FieldValue::from).collect()),
            Value::Map(entries) => FieldValue::Map(
                entries.iter().map(|(name, value)| ((*name).to_owned(), FieldValue::from(value))).collect(),
            ),
        }
    }
}

impl FieldValue {
    /// The text of a text value.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            FieldValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a number, or of a text that is one.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            FieldValue::Integer(number) => Some(*number),
            FieldValue::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The texts of a list; a single text counts as a list of one.
    #[must_use]
    pub fn as_texts(&self) -> Vec<&str> {
        match self {
            FieldValue::Text(text) => vec![text],
            FieldValue::List(values) => values.iter().filter_map(FieldValue::as_text).collect(),
            _ => Vec::new(),
        }
    }

    /// An entry of a map.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&FieldValue> {
        match self {
            FieldValue::Map(entries) => {
                entries.iter().find(|(known, _)| known == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }
}

/// A page by name, with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRef {
    /// Its path, unique in the archive.
    pub path: String,
    /// Its text layer.
    pub text: TextId,
    /// Its paper.
    pub paper: Option<String>,
    /// Its issue date, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Section letter and number.
    pub page_no: Option<String>,
}

/// Characters on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The page.
    pub page: PageRef,
    /// Bytes of its text.
    pub span: Span,
}

/// The columns of a page reference, to be read with [`page_ref`].
const PAGE_COLUMNS: &str = "page.path, page.text_hash, page.paper, page.date, page.page_no";

pub(super) fn page_ref(row: &Row<'_>, first: usize) -> rusqlite::Result<PageRef> {
    Ok(PageRef {
        path: row.get(first)?,
        text: TextId(row.get(first + 1)?),
        paper: row.get(first + 2)?,
        date: row.get(first + 3)?,
        page_no: row.get(first + 4)?,
    })
}

fn page_of_row(connection: &Connection, id: i64) -> rusqlite::Result<PageRef> {
    let query = format!("SELECT {PAGE_COLUMNS} FROM page WHERE id = ?1");
    connection.prepare_cached(&query)?.query_row([id], |row| page_ref(row, 0))
}

/// Rows of `page row/span` with their pages spelt out.
fn places(connection: &Connection, placed: &[(i64, Span)]) -> rusqlite::Result<Vec<Place>> {
    let place = |&(page, span): &(i64, Span)| Ok(Place { page: page_of_row(connection, page)?, span });
    placed.iter().map(place).collect()
}

/// The characters of `text` at a span; empty where the span does not fit, which only a damaged store has.
fn characters(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap_or("")
}

pub(super) fn natural(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
