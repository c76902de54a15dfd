//! Parts of entries' words, found wherever they begin: every two neighbouring characters are a term of the index, whatever
//! they are, so that a run of terms is exactly the characters that one looks for.

use std::fmt::Write as _;

use rusqlite::{Connection, params};

/// Puts an entry's words into the index in place of those that it had.
pub(super) fn write(connection: &Connection, entry: i64, words: &str) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM entry_index WHERE rowid = ?1")?.execute([entry])?;
    connection
        .prepare_cached("INSERT INTO entry_index (rowid, pairs) VALUES (?1, ?2)")?
        .execute(params![entry, pairs(words)])
        .map(|_| ())
}

/// Fills the index anew from the table of entries.
pub(in crate::store) fn fill(connection: &Connection) -> rusqlite::Result<()> {
    clear(connection)?;
    let mut entries = connection.prepare("SELECT id, haystack FROM entry ORDER BY id")?;
    let mut insert = connection.prepare("INSERT INTO entry_index (rowid, pairs) VALUES (?1, ?2)")?;
    let mut rows = entries.query([])?;
    while let Some(row) = rows.next()? {
        insert.execute(params![row.get::<_, i64>(0)?, pairs(row.get_ref(1)?.as_str()?)])?;
    }
    Ok(())
}

/// Empties the index.
pub(super) fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("INSERT INTO entry_index (entry_index) VALUES ('delete-all')", []).map(|_| ())
}

/// The expression that finds a text; `None` for the empty one.
pub(super) fn expression(text: &str) -> Option<String> {
    let mut characters = text.chars();
    let (first, second) = (characters.next()?, characters.next());
    // One character begins a pair; the last one of the words has a term of its own.
    Some(if second.is_some() { format!("\"{}\"", inner(text)) } else { format!("\"{:x}z\" *", first as u32) })
}

/// The pairs of neighbours, and the last character with none.
fn pairs(text: &str) -> String {
    let mut out = inner(text);
    if let Some(last) = text.chars().next_back() {
        let _ = write!(out, " {:x}z", last as u32);
    }
    out
}

/// The pairs of neighbours; a term is made of letters and digits only.
fn inner(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 4);
    for (one, two) in text.chars().zip(text.chars().skip(1)) {
        let _ = write!(out, " {:x}z{:x}", one as u32, two as u32);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index(words: &[String]) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE entry (id INTEGER PRIMARY KEY, haystack TEXT NOT NULL);
                 CREATE VIRTUAL TABLE entry_index USING
                     fts5 (pairs, content = '', contentless_delete = 1, tokenize = 'ascii');",
            )
            .unwrap();
        for (id, words) in (1..).zip(words) {
            connection.execute("INSERT INTO entry VALUES (?1, ?2)", params![id, words]).unwrap();
            write(&connection, id, words).unwrap();
        }
        connection
    }

    fn found(connection: &Connection, text: &str) -> Vec<i64> {
        let mut statement =
            connection.prepare("SELECT rowid FROM entry_index WHERE entry_index MATCH ?1").unwrap();
        let rows = statement.query_map([expression(text).unwrap()], |row| row.get(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    }

    proptest! {
        /// What the index finds is what has the text, however it is cut out, and after the words were changed.
        #[test]
        fn what_is_found_has_the_text(
            words in prop::collection::vec("[ab1甲乙，\"\n z]{0,9}", 1..5),
            text in "[ab1甲乙，\"\n z]{1,4}",
        ) {
            let connection = index(&words);
            let holding = |words: &[String]| -> Vec<i64> {
                (1..).zip(words).filter(|(_, words)| words.contains(&text)).map(|(id, _)| id).collect()
            };
            prop_assert_eq!(found(&connection, &text), holding(&words));
            let changed: Vec<String> = words.iter().map(|words| words.chars().rev().collect()).collect();
            for (id, words) in (1..).zip(&changed) {
                write(&connection, id, words).unwrap();
            }
            prop_assert_eq!(found(&connection, &text), holding(&changed));
            fill(&connection).unwrap();
            prop_assert_eq!(found(&connection, &text), holding(&words));
        }
    }
}
