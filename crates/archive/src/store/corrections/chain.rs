//! The chain of corrections: each row's digest is the sha256 of the digest before it and of its own fields.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use shiliu_text::digest_of;

use super::{Anchor, Correction, Decision, insert, stored};

/// Digest of the last correction; zeros before the first.
pub(in crate::store) fn head(connection: &Connection) -> rusqlite::Result<[u8; 32]> {
    let last = connection
        .query_row("SELECT digest FROM correction ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// Adds a correction at the end of the chain.
pub(super) fn append(connection: &mut Connection, correction: &Correction) -> rusqlite::Result<i64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let number = append_within(&transaction, correction)?;
    transaction.commit()?;
    Ok(number)
}

/// As [`append`], in the caller's transaction.
pub(super) fn append_within(connection: &Connection, correction: &Correction) -> rusqlite::Result<i64> {
    let previous = head(connection)?;
    let number: i64 =
        connection.query_row("SELECT coalesce(max(id), 0) + 1 FROM correction", [], |row| row.get(0))?;
    let digest = link(&previous, number, correction);
    insert(connection, number, correction, &previous, &digest)?;
    Ok(number)
}

/// Each field with its length before it, so that no two corrections give the same bytes.
fn link(previous: &[u8; 32], number: i64, correction: &Correction) -> [u8; 32] {
    let mut bytes = previous.to_vec();
    let mut put = |field: &[u8]| {
        bytes.extend_from_slice(&(field.len() as u64).to_le_bytes());
        bytes.extend_from_slice(field);
    };
    put(&number.to_le_bytes());
    let provenance = &correction.provenance;
    for field in [&provenance.when, &provenance.who, &provenance.via, &provenance.why] {
        put(field.as_bytes());
    }
    put(correction.decision.verb().as_bytes());
    let (first, second) = correction.decision.anchors();
    for anchor in [first, second] {
        match anchor {
            None => put(b""),
            Some(Anchor { text, path, span, quote, before, after }) => {
                put(&text.0);
                put(&span.start.to_le_bytes());
                put(&span.end.to_le_bytes());
                for field in [path, quote, before, after] {
                    put(field.as_bytes());
                }
            }
        }
    }
    put(correction.decision.value().unwrap_or_default().as_bytes());
    if let Decision::Undo { correction } = correction.decision {
        put(&correction.to_le_bytes());
    }
    digest_of(&bytes).0
}

/// The number of corrections, and that of the first whose row does not fit the chain.
pub(in crate::store) fn verify(connection: &Connection) -> rusqlite::Result<(u64, Option<i64>)> {
    let columns = super::COLUMNS;
    let mut statement =
        connection.prepare(&format!("SELECT {columns}, previous, digest FROM correction ORDER BY id"))?;
    let mut rows = statement.query([])?;
    let (mut count, mut known) = (0u64, [0u8; 32]);
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let (previous, digest): ([u8; 32], [u8; 32]) = (row.get(22)?, row.get(23)?);
        let fits = previous == known
            && i64::try_from(count + 1) == Ok(number)
            && stored(row).is_ok_and(|(number, correction)| link(&known, number, &correction) == digest);
        if !fits {
            return Ok((count, Some(number)));
        }
        known = digest;
        count += 1;
    }
    Ok((count, None))
}
