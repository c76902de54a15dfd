//! Looking after an archive: backup, restore, doctor.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest as _, Sha256};
use shiliu_text::{digest_of, hex};

use super::{Archive, DATABASE, StoreError, corrections, register, schema};

/// A backup that was made and opened again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Bytes of the file.
    pub size: u64,
    /// sha256 of the file.
    pub digest: String,
    /// Sources in it.
    pub sources: u64,
    /// Corrections in it.
    pub corrections: u64,
    /// Events of the register in it.
    pub events: u64,
}

/// One thing that the doctor looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at, in one kebab-case word (`integrity`, `sources`, `layers`, `references`, `corrections`,
    /// `register`, `index`, `unread`, `spill`).
    pub name: &'static str,
    /// How many things of it there are.
    pub seen: u64,
    /// What is wrong, one sentence each; empty where nothing is.
    pub problems: Vec<String>,
    /// What to do where something is wrong.
    pub hint: &'static str,
}

/// What the doctor found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// The checks in order.
    pub checks: Vec<Check>,
}

impl Health {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.checks.iter().all(|check| check.problems.is_empty())
    }
}

/// Most problems named for one check.
const NAMED: usize = 20;

impl Archive {
    /// Copies the archive into one new file, while it is in use, and opens the copy to check it.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where `target` is there already; what the file system gives;
    /// [`StoreError::Damaged`] where the copy does not pass.
    pub fn backup(&self, target: &Path) -> Result<Backup, StoreError> {
        if target.exists() {
            return Err(StoreError::Refused(format!(
                "{}: is there already: name a new file for the backup",
                target.display()
            )));
        }
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
        if let Some(error) = parent.and_then(|parent| fs::metadata(parent).err()) {
            return Err(StoreError::of_place(target, error));
        }
        let connection = schema::open_for_reading(&self.file)?;
        let mut partial = target.as_os_str().to_owned();
        partial.push(".part");
        let partial = std::path::PathBuf::from(partial);
        let _ = fs::remove_file(&partial);
        let made = connection
            .execute("VACUUM INTO ?1", [partial.to_string_lossy().into_owned()])
            .map_err(|error| StoreError::of_database(&partial, error))
            .and_then(|_| check_copy(&partial))
            .and_then(|backup| {
                let moved = fs::rename(&partial, target);
                moved.map(|()| backup).map_err(|error| StoreError::of_file(target, error))
            });
        if made.is_err() {
            let _ = fs::remove_file(&partial);
        }
        made
    }

    /// Makes an archive in `folder` from a backup, after checking it.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where the folder holds an archive; what is wrong with the backup.
    pub fn restore(backup: &Path, folder: &Path) -> Result<Archive, StoreError> {
        let file = folder.join(DATABASE);
        if file.exists() {
            return Err(StoreError::Exists(folder.to_owned()));
        }
        check_copy(backup)?;
        fs::create_dir_all(folder).map_err(|error| StoreError::of_place(folder, error))?;
        let partial = folder.join("shiliu.db.new");
        let copied = fs::copy(backup, &partial)
            .and_then(|_| fs::File::open(&partial)?.sync_all())
            .and_then(|()| fs::rename(&partial, &file));
        if let Err(error) = copied {
            let _ = fs::remove_file(&partial);
            return Err(StoreError::of_file(&file, error));
        }
        Archive::open(folder)
    }

    /// Looks at everything that can be looked at: the file, the hashes of sources and texts, the chain of
    /// corrections, the references, the search index.
    ///
    /// # Errors
    /// What opening the file gives; what is wrong inside is in the result.
    pub fn doctor(&self) -> Result<Health, StoreError> {
        let connection = schema::open_for_reading(&self.file)?;
        schema::identify(&self.file, &connection)?;
        let mut health = Health::default();
        let checks: [(&'static str, &'static str, Look); 9] = [
            ("integrity", "bring back a backup with `shiliu restore`", integrity),
            ("references", "read everything again with `shiliu add --reread`", references),
            ("sources", "bring back a backup; the file itself was changed", sources),
            ("layers", "bring back a backup; the file itself was changed", layers),
            ("corrections", "the history was changed by hand: compare it with a backup", chain),
            (
                "register",
                "compare the register with a backup; `shiliu doctor --rebuild` makes its lists again",
                kept_register,
            ),
            ("review", "open Review, or `shiliu status`, and decide them anew", review),
            ("index", "read everything again with `shiliu add --reread`", index),
            ("unread", "run `shiliu add` with no path to go on", unread),
        ];
        for (name, hint, look) in checks {
            let (seen, mut problems) = look(&connection)
                .unwrap_or_else(|error| (0, vec![StoreError::of_database(&self.file, error).to_string()]));
            if problems.len() > NAMED {
                let rest = problems.len() - NAMED;
                problems.truncate(NAMED);
                problems.push(format!("and {rest} more"));
            }
            health.checks.push(Check { name, seen, problems, hint });
        }
        Ok(health)
    }
}

type Look = fn(&Connection) -> rusqlite::Result<(u64, Vec<String>)>;

fn count(connection: &Connection, query: &str) -> rusqlite::Result<u64> {
    let number: i64 = connection.query_row(query, [], |row| row.get(0))?;
    Ok(u64::try_from(number).unwrap_or(0))
}

fn check_copy(file: &Path) -> Result<Backup, StoreError> {
    let connection = schema::open_for_reading(file)?;
    let format = schema::identify(file, &connection)?;
    let fault = |error| StoreError::of_database(file, error);
    let (_, problems) = integrity(&connection).map_err(fault)?;
    if let Some(problem) = problems.first() {
        return Err(StoreError::Damaged { file: file.to_owned(), detail: problem.clone() });
    }
    let (corrections, broken) = corrections::verify(&connection).map_err(fault)?;
    if let Some(number) = broken {
        let detail = format!("the chain of corrections is broken at {number}");
        return Err(StoreError::Damaged { file: file.to_owned(), detail });
    }
    // A backup of an older format has no register yet; restoring brings it up to date.
    let has_register = format >= schema::WITH_REGISTER;
    let (events, broken) =
        if has_register { register::verify(&connection).map_err(fault)? } else { (0, None) };
    if let Some(number) = broken {
        let detail = format!("the chain of the register is broken at event {number}");
        return Err(StoreError::Damaged { file: file.to_owned(), detail });
    }
    let sources = count(&connection, "SELECT count(*) FROM source").map_err(fault)?;
    drop(connection);
    let (size, digest) = digest_of_file(file).map_err(|error| StoreError::of_file(file, error))?;
    Ok(Backup { size, digest: hex(&digest), sources, corrections, events })
}

/// Bytes and sha256 of a file that may be larger than the memory.
fn digest_of_file(file: &Path) -> std::io::Result<(u64, [u8; 32])> {
    let mut file = fs::File::open(file)?;
    let (mut size, mut hasher, mut part) = (0, Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut part)? {
            0 => return Ok((size, hasher.finalize().into())),
            read => {
                hasher.update(&part[..read]);
                size += read as u64;
            }
        }
    }
}

fn integrity(connection: &Connection) -> rusqlite::Result<(u64, Vec<String>)> {
    let mut statement = connection.prepare("PRAGMA integrity_check(50)")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let said: Vec<String> = rows.collect::<rusqlite::Result<_>>()?;
    let mut problems: Vec<String> = said.into_iter().filter(|line| line != "ok").collect();
    // A page that holds nothing is not read above.
    let size = count(connection, "SELECT page_size FROM pragma_page_size")?.max(1);
    let length = connection.path().and_then(|path| fs::metadata(path).ok()).map_or(0, |data| data.len());
    if !length.is_multiple_of(size) {
        problems.push(format!("the file was cut short: {length} bytes are no whole number of pages"));
    }
    Ok((count(connection, "SELECT page_count FROM pragma_page_count")?, problems))
}

fn references(connection: &Connection) -> rusqlite::Result<(u64, Vec<String>)> {
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let rows = statement.query_map([], |row| {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        let number: Option<i64> = row.get(1)?;
        let number = number.map(|number| format!(" {number}")).unwrap_or_default();
        Ok(format!("a row of {table}{number} names a row of {parent} that is not there"))
    })?;
    let problems = rows.collect::<rusqlite::Result<_>>()?;
    Ok((count(connection, "SELECT count(*) FROM record")?, problems))
}

fn sources(connection: &Connection) -> rusqlite::Result<(u64, Vec<String>)> {
    let mut statement = connection.prepare(
        "SELECT hash, bytes, (SELECT path FROM holding WHERE holding.source = source.hash LIMIT 1)
         FROM source ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    let (mut seen, mut problems) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        seen += 1;
        let hash: [u8; 32] = row.get(0)?;
        let path: Option<String> = row.get(2)?;
        let named = path.clone().unwrap_or_else(|| hex(&hash));
        if digest_of(row.get_ref(1)?.as_blob()?).0 != hash {
            problems.push(format!("{named}: its bytes are not those that were taken"));
        }
        if path.is_none() {
            problems.push(format!("{named}: a source that no path leads to"));
        }
    }
    Ok((seen, problems))
}

fn layers(connection: &Connection) -> rusqlite::Result<(u64, Vec<String>)> {
    let mut statement = connection.prepare("SELECT hash, text FROM layer ORDER BY hash")?;
    let mut rows = statement.query([])?;
    let (mut seen, mut problems) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        seen += 1;
        let hash: [u8; 32] = row.get(0)?;
        if digest_of(row.get_ref(1)?.as_bytes()?).0 != hash {
            problems.push(format!("text {}: its characters are not those that were read", hex(&hash)));
        }
    }
    Ok((seen, problems))
}

fn chain(connection: &Connection) -> rusqlite::Result<(u64, Vec<String>)> {
    let (seen, broken) = corrections::verify(connection)?;
    let problem = |number| format!("correction {number} does not fit the chain");
    Ok((seen, broken.map(problem).into_iter().collect()))
}

fn kept_register(connection: &Connection) -> rusqlite::Result<(u64, Vec<String>)> {
    register::problems(connection)
}

fn review(connection: &Connection) -> rusqlite::Result<(u64, Vec<String>)> {
    let mut statement = connection.prepare("SELECT correction, reason FROM review_item ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        Ok(format!("correction {}: {}", row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    let problems: Vec<String> = rows.collect::<rusqlite::Result<_>>()?;
    Ok((problems.len() as u64, problems))
}

fn index(connection: &Connection) -> rusqlite::Result<(u64, Vec<String>)> {
    let indexed: BTreeSet<i64> = connection
        .prepare("SELECT id FROM page_index_docsize")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut statement = connection.prepare("SELECT newness, path FROM page")?;
    let mut rows = statement.query([])?;
    let (mut seen, mut problems) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        seen += 1;
        if !indexed.contains(&row.get(0)?) {
            problems.push(format!("{}: cannot be found by searching", row.get::<_, String>(1)?));
        }
    }
    if indexed.len() as u64 > seen {
        problems.push(format!("{} pages are indexed that are not there", indexed.len() as u64 - seen));
    }
    Ok((seen, problems))
}

fn unread(connection: &Connection) -> rusqlite::Result<(u64, Vec<String>)> {
    let waiting = unread_holdings(connection)?;
    let problems = (waiting > 0).then(|| format!("{waiting} sources are held and were not read yet"));
    Ok((waiting, problems.into_iter().collect()))
}

/// Sources taken since the last reading: an `add` was interrupted.
pub(super) fn unread_holdings(connection: &Connection) -> rusqlite::Result<u64> {
    let read_up_to: Option<String> = connection
        .query_row("SELECT value FROM meta WHERE key = 'read_up_to'", [], |row| row.get(0))
        .optional()?;
    let number = read_up_to.and_then(|number| number.parse::<i64>().ok()).unwrap_or(0);
    let query = "SELECT count(*) FROM holding WHERE current = 1 AND id > ?1";
    let waiting: i64 = connection.query_row(query, [number], |row| row.get(0))?;
    Ok(u64::try_from(waiting).unwrap_or(0))
}
