//! The chain of events: each row's digest is the sha256 of the digest before it and of its own columns.

use rusqlite::{Connection, OptionalExtension, Row, params};
use shiliu_ledger::register::{Event, Stamp};
use shiliu_text::digest_of;

use super::encode;
use crate::store::encode::{parse_value, write_value};
use crate::store::misshapen;
use crate::store::read::FieldValue;

/// An event as it is kept, for whoever carries it elsewhere: every column, the body as its exact text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEvent {
    /// Its number.
    pub number: i64,
    /// By whom, when, why.
    pub stamp: Stamp,
    /// What it is about.
    pub subject: Option<String>,
    /// The review item that it decides.
    pub item: Option<String>,
    /// The word of the act.
    pub verb: String,
    /// The act, in the syntax of JSON.
    pub body: String,
    /// Digest of the event before it.
    pub previous: [u8; 32],
    /// Its own digest.
    pub digest: [u8; 32],
}

pub(super) const COLUMNS: &str = "id, made, who, via, why, subject, item, verb, body, previous, digest";

pub(super) fn kept(row: &Row<'_>) -> rusqlite::Result<KeptEvent> {
    Ok(KeptEvent {
        number: row.get(0)?,
        stamp: Stamp { when: row.get(1)?, who: row.get(2)?, via: row.get(3)?, why: row.get(4)? },
        subject: row.get(5)?,
        item: row.get(6)?,
        verb: row.get(7)?,
        body: row.get(8)?,
        previous: row.get(9)?,
        digest: row.get(10)?,
    })
}

impl KeptEvent {
    /// The event that it holds; `None` where the body does not fit the verb.
    #[must_use]
    pub fn event(&self) -> Option<Event> {
        Some(Event {
            number: self.number,
            stamp: self.stamp.clone(),
            subject: self.subject.clone(),
            item: self.item.clone(),
            act: encode::act(&self.verb, &parse_value(&self.body)?)?,
        })
    }

    /// The tree of its body; `None` where it is none.
    #[must_use]
    pub fn tree(&self) -> Option<FieldValue> {
        parse_value(&self.body)
    }

    /// The exact text that a tree has as the body of an event.
    #[must_use]
    pub fn body_of(tree: &FieldValue) -> String {
        let mut body = String::new();
        write_value(tree, &mut body);
        body
    }

    /// The kept form of an event after the one whose digest is `previous`.
    pub(super) fn of(event: &Event, previous: [u8; 32]) -> KeptEvent {
        let body = KeptEvent::body_of(&encode::body(&event.act));
        let mut kept = KeptEvent {
            number: event.number,
            stamp: event.stamp.clone(),
            subject: event.subject.clone(),
            item: event.item.clone(),
            verb: event.act.verb().to_owned(),
            body,
            previous,
            digest: [0; 32],
        };
        kept.digest = kept.link();
        kept
    }

    /// Its digest as its columns give it. Each column stands with its length, so that no two events give the same
    /// bytes; an absent one differs from an empty one.
    #[must_use]
    pub fn link(&self) -> [u8; 32] {
        let mut bytes = self.previous.to_vec();
        let mut put = |column: Option<&[u8]>| match column {
            None => bytes.extend_from_slice(&u64::MAX.to_le_bytes()),
            Some(column) => {
                bytes.extend_from_slice(&(column.len() as u64).to_le_bytes());
                bytes.extend_from_slice(column);
            }
        };
        put(Some(&self.number.to_le_bytes()));
        for text in [&self.stamp.when, &self.stamp.who, &self.stamp.via, &self.stamp.why] {
            put(Some(text.as_bytes()));
        }
        put(self.subject.as_deref().map(str::as_bytes));
        put(self.item.as_deref().map(str::as_bytes));
        put(Some(self.verb.as_bytes()));
        put(Some(self.body.as_bytes()));
        digest_of(&bytes).0
    }
}

/// Number, digest and time of the last event.
pub(super) fn head(connection: &Connection) -> rusqlite::Result<Option<(i64, [u8; 32], String)>> {
    connection
        .query_row("SELECT id, digest, made FROM event ORDER BY id DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()
}

pub(super) fn insert(connection: &Connection, kept: &KeptEvent) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO event (id, made, who, via, why, subject, item, verb, body, previous, digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            kept.number,
            kept.stamp.when,
            kept.stamp.who,
            kept.stamp.via,
            kept.stamp.why,
            kept.subject,
            kept.item,
            kept.verb,
            kept.body,
            kept.previous,
            kept.digest,
        ])
        .map(|_| ())
}

/// Events on a subject or an item, oldest first.
pub(super) fn on(connection: &Connection, column: &str, key: &str) -> rusqlite::Result<Vec<Event>> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM event WHERE {column} = ?1 ORDER BY id"))?;
    let rows = statement.query_map([key], |row| kept(row)?.event().ok_or_else(|| misshapen("event.body")))?;
    rows.collect()
}

/// One event.
pub(super) fn one(connection: &Connection, number: i64) -> rusqlite::Result<Option<Event>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM event WHERE id = ?1"))?
        .query_row([number], |row| kept(row)?.event().ok_or_else(|| misshapen("event.body")))
        .optional()
}

/// The number of events, and that of the first that does not fit the chain.
pub(in crate::store) fn verify(connection: &Connection) -> rusqlite::Result<(u64, Option<i64>)> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM event ORDER BY id"))?;
    let mut rows = statement.query([])?;
    let (mut count, mut known) = (0u64, [0u8; 32]);
    while let Some(row) = rows.next()? {
        let event = kept(row)?;
        let fits = event.previous == known
            && i64::try_from(count + 1) == Ok(event.number)
            && event.link() == event.digest
            && event.event().is_some();
        if !fits {
            return Ok((count, Some(event.number)));
        }
        known = event.digest;
        count += 1;
    }
    Ok((count, None))
}
