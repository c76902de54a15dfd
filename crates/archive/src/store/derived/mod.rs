//! A [`Reading`] → the derived tables, all in the caller's transaction. Row numbers are places in the reading
//! plus one, so that the same reading gives the same rows.

mod library;
mod records;
mod stories;
pub(super) mod tally;

use rusqlite::{Transaction, params};
use shiliu_lang::Pack;
use shiliu_press::Article;
use shiliu_text::TextId;

use super::search;
use crate::Reading;

/// Version of what this module writes; part of the stage key. Raise it when the tables' contents may change.
pub(super) const VERSION: u32 = 1;

/// The tables, children before parents.
pub(super) const TABLES: &[&str] = &[
    "review_item",
    "diagnostic",
    "link",
    "alternative",
    "evidence",
    "record_story",
    "term",
    "field",
    "record",
    "mention",
    "related",
    "reading",
    "locus",
    "witness",
    "story",
    "zone",
    "fragment",
    "article",
    "page",
    "issue",
];

/// Replaces everything derived. `lost` lists corrections that no longer find their place, with the reason.
pub(super) fn replace(
    transaction: &Transaction<'_>,
    reading: &Reading,
    pack: &Pack,
    lost: &[(i64, String)],
) -> rusqlite::Result<()> {
    for table in TABLES {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    library::write(transaction, reading)?;
    stories::write(transaction, reading)?;
    records::write(transaction, reading, pack)?;
    tally::write(transaction)?;
    search::index::write(transaction, reading, pack)?;
    let mut insert =
        transaction.prepare("INSERT INTO review_item (id, correction, reason) VALUES (?1, ?2, ?3)")?;
    for (index, (correction, reason)) in lost.iter().enumerate() {
        insert.execute(params![row(index), correction, reason])?;
    }
    Ok(())
}

/// The row number of a place in a list.
fn row(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX - 1) + 1
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The row of the page that a text of this article stands on. Two pages may hold the same text, so the
/// article's own pages decide.
fn page_row(reading: &Reading, article: &Article, text: TextId) -> Option<i64> {
    let own = [article.page].into_iter().chain(article.fragments.iter().map(|fragment| fragment.page));
    let mut own = own.filter(|&page| reading.pages[page].layer.id == text);
    own.next().map(row)
}
