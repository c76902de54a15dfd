//! The receipt of a search: what was looked for, in what was held. It can be made again and compared.

use rusqlite::Connection;
use shiliu_lang::Pack;
use shiliu_ledger::register::Receipt;
use shiliu_text::{digest_of, hex};

use crate::store::read::Paging;
use crate::store::{Query, Reader, StoreError, holdings};

/// Pages, papers, first and last issue date, and the digest of the list of what is held.
fn held(connection: &Connection) -> rusqlite::Result<(i64, i64, String, String, String)> {
    let mut listed = Vec::new();
    holdings::describe(connection, &mut listed)?;
    let (pages, papers, from, to) = connection.query_row(
        "SELECT count(*), count(DISTINCT paper), coalesce(min(date), ''), coalesce(max(date), '') FROM page",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    Ok((pages, papers, from, to, hex(&digest_of(&listed).0)))
}

impl Reader {
    /// Searches, and says what was looked for, in what, and how many pages answered.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the query cannot be read; what the database gives.
    pub fn receipt(&self, query: &str, pack: &Pack) -> Result<Receipt, StoreError> {
        let parsed = Query::parse(query, pack)?;
        let found = self.search(&parsed, pack, Paging { offset: 0, limit: 1 })?;
        let (pages, papers, from, to, holdings) = self.run(held)?;
        let natural = |number: i64| u64::try_from(number).unwrap_or(0);
        Ok(Receipt {
            query: query.trim().to_owned(),
            hits: found.total,
            pages: natural(pages),
            papers: natural(papers),
            from,
            to,
            holdings,
        })
    }
}
