//! `verify`: everything that is shown follows from the pages held.

use std::fs;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use shiliu_lang::{Pack, Profile};
use shiliu_text::{Digest, Span, digest_of};

use super::care::{Check, Health};
use super::{AddOptions, Archive, DATABASE, Progress, StoreError, derived, encode, meta, schema};

impl Archive {
    /// Looks whether every span that the archive keeps lies on characters of its page, and zones partition it.
    ///
    /// # Errors
    /// What the database gives.
    pub fn check_evidence(&self) -> Result<Health, StoreError> {
        let connection = schema::open_for_reading(&self.file)?;
        schema::identify(&self.file, &connection)?;
        let fault = |error| StoreError::of_database(&self.file, error);
        let hint = "read everything again with `shiliu add --reread`";
        let mut checks = Vec::new();
        for (name, query) in [
            (
                "evidence",
                "SELECT page.path, layer.text, evidence.spans FROM evidence
                 JOIN page ON page.id = evidence.page JOIN layer ON layer.hash = page.text_hash",
            ),
            (
                "mentions",
                "SELECT page.path, layer.text, mention.spans FROM mention
                 JOIN page ON page.id = mention.page JOIN layer ON layer.hash = page.text_hash",
            ),
        ] {
            let (seen, problems) = spans_on_characters(&connection, query).map_err(fault)?;
            checks.push(Check { name, seen, problems, hint });
        }
        let (seen, problems) = zones_partition(&connection).map_err(fault)?;
        checks.push(Check { name: "zones", seen, problems, hint });
        Ok(Health { checks })
    }

    /// As [`Archive::check_evidence`], then reads everything again in a copy and compares: the same sources,
    /// data and corrections must give the same tables, byte for byte.
    ///
    /// # Errors
    /// What the database gives, and what reading gives.
    pub fn verify(
        &self,
        pack: &Pack,
        profile: &Profile,
        progress: &(dyn Fn(Progress<'_>) + Sync),
    ) -> Result<Health, StoreError> {
        let mut health = self.check_evidence()?;
        let folder = self.folder.join(".verify");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| StoreError::of_file(&folder, error))?;
        let compared = self.compare_with_copy(&folder, pack, profile, progress);
        let _ = fs::remove_dir_all(&folder);
        let (seen, problems) = compared?;
        let hint = "run `shiliu add`; if the same tables still differ, report it";
        health.checks.push(Check { name: "reread", seen, problems, hint });
        Ok(health)
    }

    fn compare_with_copy(
        &self,
        folder: &std::path::Path,
        pack: &Pack,
        profile: &Profile,
        progress: &(dyn Fn(Progress<'_>) + Sync),
    ) -> Result<(u64, Vec<String>), StoreError> {
        let ours = schema::open_for_reading(&self.file)?;
        ours.execute_batch("BEGIN").map_err(|error| StoreError::of_database(&self.file, error))?;
        let copy = folder.join(DATABASE);
        // A read transaction cannot be vacuumed from; the copy is made from a connection of its own.
        schema::open_for_reading(&self.file)?
            .execute("VACUUM INTO ?1", [copy.to_string_lossy().into_owned()])
            .map_err(|error| StoreError::of_database(&copy, error))?;
        let twin = Archive::open(folder)?;
        let options = AddOptions { progress, reread: true, ..AddOptions::at("") };
        twin.writer()?.refresh(pack, profile, &options)?;
        let theirs = schema::open_for_reading(&copy)?;
        let fault = |error| StoreError::of_database(&self.file, error);
        if meta(&ours, "stage_key").map_err(fault)? != meta(&theirs, "stage_key").map_err(fault)? {
            let changed = "the program, its rule data or the holdings changed since the last reading";
            return Ok((0, vec![changed.to_owned()]));
        }
        let mut problems = Vec::new();
        for table in derived::TABLES {
            let (left, right) =
                (digest(&ours, table).map_err(fault)?, digest(&theirs, table).map_err(fault)?);
            if left != right {
                problems.push(format!("table {table}: another result than the one kept"));
            }
        }
        Ok((derived::TABLES.len() as u64, problems))
    }
}

fn spans_on_characters(connection: &Connection, query: &str) -> rusqlite::Result<(u64, Vec<String>)> {
    let mut statement = connection.prepare(query)?;
    let mut rows = statement.query([])?;
    let (mut seen, mut problems) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        seen += 1;
        let (text, spans) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        let fit = encode::parse_spans(spans).is_some_and(|spans| {
            !spans.is_empty()
                && spans.iter().all(|span| text.get(span.range()).is_some_and(|t| !t.is_empty()))
        });
        if !fit {
            problems.push(format!("{}: bytes {spans} are no characters of it", row.get_ref(0)?.as_str()?));
        }
    }
    Ok((seen, problems))
}

fn zones_partition(connection: &Connection) -> rusqlite::Result<(u64, Vec<String>)> {
    let mut pages = connection.prepare(
        "SELECT page.id, page.path, length(CAST(layer.text AS BLOB)) FROM page
         JOIN layer ON layer.hash = page.text_hash ORDER BY page.id",
    )?;
    let mut zones = connection.prepare("SELECT start, end FROM zone WHERE page = ?1 ORDER BY ordinal")?;
    let mut rows = pages.query([])?;
    let (mut seen, mut problems) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        seen += 1;
        let (page, length): (i64, u32) = (row.get(0)?, row.get(2)?);
        let found = zones.query_map([page], |row| Ok(Span { start: row.get(0)?, end: row.get(1)? }))?;
        let mut end = 0;
        let mut whole = true;
        for zone in found {
            let zone = zone?;
            whole &= zone.start == end && zone.end >= zone.start;
            end = zone.end;
        }
        if !whole || end != length {
            problems.push(format!("{}: its zones are not the whole page", row.get_ref(1)?.as_str()?));
        }
    }
    Ok((seen, problems))
}

/// A digest over every value of a table in the order of its key.
fn digest(connection: &Connection, table: &str) -> rusqlite::Result<Digest> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut chained = Digest::default();
    while let Some(row) = rows.next()? {
        let mut bytes = chained.0.to_vec();
        for column in 0..columns {
            let (kind, value): (u8, &[u8]) = match row.get_ref(column)? {
                ValueRef::Null => (0, &[]),
                ValueRef::Integer(number) => {
                    bytes.push(1);
                    bytes.extend_from_slice(&number.to_le_bytes());
                    continue;
                }
                ValueRef::Real(number) => {
                    bytes.push(2);
                    bytes.extend_from_slice(&number.to_le_bytes());
                    continue;
                }
                ValueRef::Text(text) => (3, text),
                ValueRef::Blob(blob) => (4, blob),
            };
            bytes.push(kind);
            bytes.extend_from_slice(&(value.len() as u64).to_le_bytes());
            bytes.extend_from_slice(value);
        }
        chained = digest_of(&bytes);
    }
    Ok(chained)
}
