use rayon::prelude::*;
use rusqlite::{Transaction, params};
use shiliu_lang::Pack;
use shiliu_text::Fold as _;

use super::terms::joined;
use crate::Reading;

/// Pages whose terms are held in memory at once.
const TOGETHER: usize = 256;

/// Fills the index anew; a page's number in it is its `newness`.
pub(in crate::store) fn write(
    transaction: &Transaction<'_>,
    reading: &Reading,
    pack: &Pack,
) -> rusqlite::Result<()> {
    transaction.execute("INSERT INTO page_index (page_index) VALUES ('delete-all')", [])?;
    let mut statement = transaction.prepare("SELECT id, newness FROM page ORDER BY newness")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let order: Vec<(i64, i64)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut insert = transaction.prepare("INSERT INTO page_index (rowid, terms) VALUES (?1, ?2)")?;
    for chunk in order.chunks(TOGETHER) {
        let terms: Vec<String> = chunk
            .par_iter()
            .map(|&(row, _)| {
                let page = usize::try_from(row - 1).unwrap_or(usize::MAX);
                reading.pages.get(page).map(|page| joined(&pack.fold(&page.layer).text)).unwrap_or_default()
            })
            .collect();
        for (&(_, newness), terms) in chunk.iter().zip(&terms) {
            insert.execute(params![newness, terms])?;
        }
    }
    Ok(())
}
