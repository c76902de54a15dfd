//! The archive on disk: one folder with `shiliu.db`, an SQLite file in write-ahead mode.
//!
//! What people give (sources by content hash, the paths they came from, text layers) and what they decide
//! (corrections) is only ever added. Everything else is derived from it by the pipeline and replaced in one
//! transaction, so that a reader sees the old state or the new one and a killed run loses nothing.
//!
//! [`Archive`] names the folder; [`Reader`] looks at one consistent state through a short read-only connection;
//! [`Writer`] holds the archive's lock. No SQL leaves this module.

mod add;
mod care;
mod corrections;
mod derived;
mod encode;
mod error;
mod holdings;
mod issues;
mod pool;
mod read;
mod register;
mod schema;
mod search;
mod spill;
mod verify;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

pub use add::{AddOptions, AddReport, Counts, Progress};
pub use care::{Backup, Check, Health};
pub use corrections::{Anchor, Correction, Decision, Provenance, ReviewItem, StoredCorrection};
pub use error::StoreError;
pub use read::*;
pub use register::{
    AgendaPart, Answer, BriefSummary, CheckView, Consequence, Dated, Draft, EntryFacet, EntryFilter,
    EntryRow, EntrySort, EntryView, GroundState, GroundView, Item, ItemFilter, ItemKind, ItemSummary, Kept,
    KeptEvent, Letter, QueueCounts, Settled, Sight, Suggestion,
};
pub use search::{Hit, PassageFinding, PassageMatch, Query, SearchResult, WordingChange};
pub use spill::{SpillFolder, nameless_file};

/// Name of the database file in an archive's folder.
pub const DATABASE: &str = "shiliu.db";
/// Name of the lock file beside it.
const LOCK: &str = "shiliu.lock";

/// A folder that holds an archive. Opening it reads the header of the file only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    folder: PathBuf,
    file: PathBuf,
    pool: pool::Pool,
}

impl Archive {
    /// Makes an empty archive in `folder`, which is made if it is not there. `profile` names the mechanism that
    /// the archive is read for.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where there is one already; what the file system says.
    pub fn create(folder: &Path, profile: &str) -> Result<Archive, StoreError> {
        fs::create_dir_all(folder).map_err(|error| StoreError::of_place(folder, error))?;
        let archive = Archive::at(folder);
        if archive.file.exists() {
            return Err(StoreError::Exists(folder.to_owned()));
        }
        // Made under another name, so that a killed `init` leaves no half-made archive behind.
        let fresh = folder.join("shiliu.db.new");
        let _ = fs::remove_file(&fresh);
        schema::create(&fresh, profile).map_err(|error| StoreError::of_database(&fresh, error))?;
        fs::rename(&fresh, &archive.file).map_err(|error| StoreError::of_file(&archive.file, error))?;
        Archive::open(folder)
    }

    /// Opens the archive in `folder`. A store of an older format is copied aside, then brought up to date.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Foreign`], [`StoreError::Newer`], [`StoreError::Damaged`],
    /// [`StoreError::Permission`].
    pub fn open(folder: &Path) -> Result<Archive, StoreError> {
        let archive = Archive::at(folder);
        match fs::metadata(&archive.file) {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => {
                return Err(StoreError::Foreign { file: archive.file, what: "it is a folder".to_owned() });
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::Missing(folder.to_owned()));
            }
            Err(error) => return Err(StoreError::of_file(&archive.file, error)),
        }
        let connection = schema::open_for_reading(&archive.file)?;
        let found = schema::identify(&archive.file, &connection)?;
        drop(connection);
        if found < schema::FORMAT {
            let _lock = archive.lock()?;
            schema::migrate(&archive.file, schema::STEPS, schema::FORMAT)?;
        }
        Ok(archive)
    }

    fn at(folder: &Path) -> Archive {
        let file = folder.join(DATABASE);
        Archive { folder: folder.to_owned(), file, pool: pool::Pool::default() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The database file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// One consistent state of the archive, to read from. Open one for each request and drop it.
    ///
    /// # Errors
    /// What opening the file gives.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        let reader = Reader {
            connection: self.pool.lend(&self.file)?,
            file: self.file.clone(),
            passing: read::PassingRecords::default(),
        };
        reader.run(|connection| connection.execute_batch("BEGIN"))?;
        Ok(reader)
    }

    /// The right to write; there is one at a time.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another process or thread has it; what opening the file gives.
    pub fn writer(&self) -> Result<Writer, StoreError> {
        let lock = self.lock()?;
        let connection = schema::open_for_writing(&self.file)?;
        Ok(Writer { archive: self.clone(), connection, _lock: lock })
    }

    /// As [`Archive::writer`], but waits until those before it have ended.
    ///
    /// # Errors
    /// What opening the files gives.
    pub fn writer_after_others(&self) -> Result<Writer, StoreError> {
        let lock = self.lock_file()?;
        lock.lock().map_err(|error| StoreError::of_file(&self.folder.join(LOCK), error))?;
        let connection = schema::open_for_writing(&self.file)?;
        Ok(Writer { archive: self.clone(), connection, _lock: lock })
    }

    fn lock_file(&self) -> Result<File, StoreError> {
        let path = self.folder.join(LOCK);
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        opened.map_err(|error| match error.kind() {
            std::io::ErrorKind::PermissionDenied => StoreError::ReadOnly(self.file.clone()),
            _ => StoreError::of_file(&path, error),
        })
    }

    fn lock(&self) -> Result<File, StoreError> {
        let lock = self.lock_file()?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy(self.file.clone())),
            Err(TryLockError::Error(error)) => Err(StoreError::of_file(&self.folder.join(LOCK), error)),
        }
    }
}

/// One consistent state of an archive. Every span it gives is in UTF-8 bytes.
#[derive(Debug)]
pub struct Reader {
    connection: pool::Lent,
    file: PathBuf,
    /// What passed the last filter of records.
    passing: read::PassingRecords,
}

impl Reader {
    /// Runs a query; names its errors for this archive's file.
    fn run<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let connection = self.connection.get().ok_or_else(|| StoreError::Missing(self.file.clone()))?;
        query(connection).map_err(|error| StoreError::of_database(&self.file, error))
    }
}

/// The right to write to an archive, held until dropped.
#[derive(Debug)]
pub struct Writer {
    archive: Archive,
    connection: Connection,
    _lock: File,
}

impl Drop for Writer {
    /// Empties the write-ahead log into the file, as the last connection to close would: connections that only read may
    /// be kept open after this one. Who reads just now is not waited for.
    fn drop(&mut self) {
        let _ = self.connection.busy_timeout(std::time::Duration::ZERO);
        let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
}

impl Writer {
    /// Keeps this writer from letting the file grow beyond about `bytes`; what would not fit is
    /// [`StoreError::NoSpace`].
    ///
    /// # Errors
    /// What the database gives.
    pub fn limit_size(&mut self, bytes: u64) -> Result<(), StoreError> {
        let fault = |error| StoreError::of_database(&self.archive.file, error);
        let page: i64 =
            self.connection.pragma_query_value(None, "page_size", |row| row.get(0)).map_err(fault)?;
        let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / page.max(1);
        self.connection
            .query_row(&format!("PRAGMA max_page_count = {}", pages.max(1)), [], |_| Ok(()))
            .map_err(fault)
    }
}

/// A value of the `meta` table.
fn meta(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}

fn set_meta(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    connection
        .execute(
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
            [key, value],
        )
        .map(|_| ())
}

/// A column whose text does not have the form it was written in: the file was damaged or changed by hand.
fn misshapen(column: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        0,
        rusqlite::types::Type::Text,
        format!("column `{column}` does not have its form").into(),
    )
}
