//! Sources and the paths they came from.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};
use shiliu_press::{ManifestRow, PageKey};
use shiliu_text::{Date, SourceId};

use super::set_meta;
use crate::Input;

/// What became of one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Held already, nothing changed.
    Known,
    /// Held already; what its manifest says of it changed.
    Relabelled,
    /// The file at its path changed: the new content is current, the old one is kept.
    Changed,
    /// New.
    New,
}

struct Held {
    id: i64,
    path: String,
    source: [u8; 32],
    current: bool,
}

/// Takes one input in a transaction of its own.
pub(super) fn take(connection: &mut Connection, input: &Input, when: &str) -> rusqlite::Result<Taken> {
    let source = SourceId::of(&input.bytes).0;
    let place = absolute(&input.place);
    let transaction = connection.transaction()?;
    let (path, before) = name_of(&transaction, input, &place, &source)?;
    let manifest = input.key.manifest.clone().unwrap_or_default();
    let date = manifest.date.map(|date| date.to_string());
    let folders = input.key.folders.join("/");
    let taken = match &before {
        Some(held) if held.source == source && held.current => {
            let changed = transaction.execute(
                "UPDATE holding SET manifest_paper = ?2, manifest_date = ?3, manifest_page_no = ?4
                 WHERE id = ?1 AND (manifest_paper IS NOT ?2 OR manifest_date IS NOT ?3
                                    OR manifest_page_no IS NOT ?4)",
                params![held.id, manifest.paper, date, manifest.page_no],
            )?;
            if changed == 0 { Taken::Known } else { Taken::Relabelled }
        }
        _ => {
            transaction.execute(
                "INSERT OR IGNORE INTO source (hash, size, bytes) VALUES (?1, ?2, ?3)",
                params![source, i64::try_from(input.bytes.len()).unwrap_or(i64::MAX), input.bytes],
            )?;
            transaction.execute("UPDATE holding SET current = 0 WHERE path = ?1", [&path])?;
            transaction.execute(
                "INSERT INTO holding (path, source, current, given, place, folders, manifest_paper,
                                      manifest_date, manifest_page_no, added)
                 VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (path, source) DO UPDATE SET current = 1, manifest_paper = ?6,
                     manifest_date = ?7, manifest_page_no = ?8",
                params![
                    path,
                    source,
                    input.key.path,
                    place,
                    folders,
                    manifest.paper,
                    date,
                    manifest.page_no,
                    when
                ],
            )?;
            if before.is_some() { Taken::Changed } else { Taken::New }
        }
    };
    if taken != Taken::Known {
        set_meta(&transaction, "last_add", when)?;
    }
    transaction.commit()?;
    Ok(taken)
}

/// The name under which an input is held: its own, unless another file already has that name. Two issues may
/// both hold an `A1.md`; the second is then named with the folders above it, and with a number if need be.
fn name_of(
    connection: &Connection,
    input: &Input,
    place: &str,
    source: &[u8; 32],
) -> rusqlite::Result<(String, Option<Held>)> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Held { id: row.get(0)?, path: row.get(1)?, source: row.get(2)?, current: row.get(3)? })
    };
    let same_file = connection
        .query_row(
            "SELECT id, path, source, current FROM holding WHERE place = ?1 AND given = ?2
             ORDER BY current DESC, id LIMIT 1",
            [place, &input.key.path],
            read,
        )
        .optional()?;
    if let Some(held) = same_file {
        return Ok((held.path.clone(), Some(held)));
    }
    let given = &input.key.path;
    // The folders of the key repeat what stands in the path below the folder that was given.
    let inner = given.matches('/').count();
    let above = &input.key.folders[..input.key.folders.len().saturating_sub(inner)];
    let mut candidates = vec![given.clone()];
    let mut longer = given.clone();
    for folder in above.iter().rev() {
        longer = format!("{folder}/{longer}");
        candidates.push(longer.clone());
    }
    candidates.extend((2..=9999).map(|number| format!("{longer}~{number}")));
    for candidate in candidates {
        let held = connection
            .query_row(
                "SELECT id, path, source, current FROM holding WHERE path = ?1 ORDER BY current DESC LIMIT 1",
                [&candidate],
                read,
            )
            .optional()?;
        match held {
            None => return Ok((candidate, None)),
            Some(held) if held.source == *source => return Ok((candidate, Some(held))),
            Some(_) => {}
        }
    }
    Ok((format!("{longer}~{}", shiliu_text::hex(source)), None))
}

fn absolute(place: &Path) -> String {
    let whole = place.canonicalize().or_else(|_| std::path::absolute(place));
    whole.unwrap_or_else(|_| place.to_owned()).to_string_lossy().into_owned()
}

/// Every current source as an input of the pipeline, sorted bytewise by path.
pub(super) fn inputs(connection: &Connection) -> rusqlite::Result<Vec<Input>> {
    let mut statement = connection.prepare(
        "SELECT path, folders, manifest_paper, manifest_date, manifest_page_no, place, bytes
         FROM holding JOIN source ON source.hash = holding.source WHERE current = 1 ORDER BY path",
    )?;
    let rows = statement.query_map([], |row| {
        let folders: String = row.get(1)?;
        let (paper, date, page_no): (Option<String>, Option<String>, Option<String>) =
            (row.get(2)?, row.get(3)?, row.get(4)?);
        let known = paper.is_some() || date.is_some() || page_no.is_some();
        let date = date.as_deref().and_then(Date::parse);
        let manifest = known.then_some(ManifestRow { paper, date, page_no });
        let folders = folders.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let place: String = row.get(5)?;
        let key = PageKey { path: row.get(0)?, folders, manifest };
        Ok(Input { key, bytes: row.get(6)?, place: PathBuf::from(place) })
    })?;
    rows.collect()
}

/// What the pipeline's result depends on, of the holdings: one line for each current source.
pub(super) fn describe(connection: &Connection, out: &mut Vec<u8>) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "SELECT path, source, folders, manifest_paper, manifest_date, manifest_page_no
         FROM holding WHERE current = 1 ORDER BY path",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let source: [u8; 32] = row.get(1)?;
        out.extend_from_slice(&source);
        for column in [0, 2, 3, 4, 5] {
            let text: Option<String> = row.get(column)?;
            out.extend_from_slice(text.as_deref().unwrap_or("\u{1}").as_bytes());
            out.push(0);
        }
    }
    Ok(())
}
