//! Corrections that readers from outside sent in, each with the answer that it was given.

use rusqlite::{Connection, params};
use shiliu_ledger::register::{Act, Event, Stamp, Verdict};

use super::chain;
use crate::store::read::{Listing, Paging, natural};
use crate::store::{Reader, StoreError, misshapen};

/// A correction that was sent in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Number of its event.
    pub event: i64,
    /// When it came, and who took it in.
    pub stamp: Stamp,
    /// Name of the reader, as given.
    pub from: String,
    /// What is said to be wrong.
    pub text: String,
    /// What it is about: an entry, a record, an address of the app.
    pub about: String,
    /// What was decided on it, by whom; the reason is the answer to the reader.
    pub answer: Option<(Verdict, Stamp)>,
}

fn answer(connection: &Connection, letter: i64) -> rusqlite::Result<Option<(Verdict, Stamp)>> {
    let events = chain::on(connection, "item", &format!("outside:{letter}"))?;
    let standing = connection
        .prepare_cached("SELECT event FROM verdict WHERE item = ?1 ORDER BY event DESC LIMIT 1")?
        .query_map([format!("outside:{letter}")], |row| row.get::<_, i64>(0))?
        .next()
        .transpose()?;
    let decided = events.into_iter().find(|event| Some(event.number) == standing);
    Ok(decided.and_then(|event| match event.act {
        Act::Decide(verdict) => Some((verdict, event.stamp)),
        _ => None,
    }))
}

fn letters(connection: &Connection, paging: Paging) -> rusqlite::Result<Listing<Letter>> {
    let total: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM event WHERE verb IN ('submit', 'draw', 'issue') AND verb = 'submit'",
        )?
        .query_row([], |row| row.get(0))?;
    let events: Vec<Event> = connection
        .prepare_cached(&format!(
            "SELECT {} FROM event WHERE verb IN ('submit', 'draw', 'issue') AND verb = 'submit' ORDER BY id DESC LIMIT ?1 OFFSET ?2",
            chain::COLUMNS
        ))?
        .query_map(params![paging.limit(), paging.offset], |row| {
            chain::kept(row)?.event().ok_or_else(|| misshapen("event.body"))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let Act::Submit { from, text, about } = event.act else { continue };
        let answer = answer(connection, event.number)?;
        rows.push(Letter { event: event.number, stamp: event.stamp, from, text, about, answer });
    }
    Ok(Listing { rows, total: natural(total), more: false })
}

impl Reader {
    /// Corrections that were sent in, the newest first.
    ///
    /// # Errors
    /// What the database gives.
    pub fn letters(&self, paging: Paging) -> Result<Listing<Letter>, StoreError> {
        self.run(|connection| letters(connection, paging))
    }
}
