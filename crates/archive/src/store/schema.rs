//! The store's format: how it is made, recognised, and brought up to date.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};

use super::{StoreError, derived, register, set_meta};

/// Number of the format that this program writes.
pub(super) const FORMAT: i64 = 5;
/// The first format that has the register.
pub(super) const WITH_REGISTER: i64 = 2;
/// Marks an SQLite file as an archive of Shiliu ("SHLU").
const APPLICATION: i64 = 0x5348_4c55;

/// Brings a store from one format to the next.
pub(super) type Step = fn(&Transaction<'_>) -> rusqlite::Result<()>;
/// `STEPS[n]` leads from format n + 1 to n + 2.
pub(super) const STEPS: &[Step] = &[add_register, add_tally, add_grounds, add_ready];

/// Format 2 has the register.
fn add_register(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(include_str!("register.sql"))
}

/// Format 3 keeps orders and numbers of large archives ready; the step to format 5 fills them.
fn add_tally(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(include_str!("tally.sql"))?;
    register::count_open(transaction)
}

/// Format 4 keeps what a decision rests on, and conjectures. Both are filled by the next reading.
fn add_grounds(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "ALTER TABLE locus ADD COLUMN conjecture TEXT;
         ALTER TABLE reading ADD COLUMN grounds TEXT NOT NULL DEFAULT '';",
    )
}

/// Format 5 keeps ready what lists of very many entries and records are found by.
fn add_ready(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    // The queue is made anew below, when it is counted.
    transaction.execute_batch("DELETE FROM queue_item")?;
    transaction.execute_batch(include_str!("ready.sql"))?;
    register::index_words(transaction)?;
    derived::tally::write(transaction)?;
    register::make_queue(transaction)
}

/// How long a statement waits for another connection's short write.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn create(file: &Path, profile: &str) -> rusqlite::Result<()> {
    let mut connection = Connection::open(file)?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(include_str!("schema.sql"))?;
    transaction.execute_batch(include_str!("register.sql"))?;
    transaction.execute_batch(include_str!("tally.sql"))?;
    transaction.execute_batch(include_str!("ready.sql"))?;
    set_meta(&transaction, "profile", profile)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

/// The format number of a store.
pub(super) fn identify(file: &Path, connection: &Connection) -> Result<i64, StoreError> {
    let number = |name: &str| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(|error| StoreError::of_database(file, error))
    };
    let (application, found) = (number("application_id")?, number("user_version")?);
    if application != APPLICATION {
        let what = "it is an SQLite database of another program".to_owned();
        return Err(StoreError::Foreign { file: file.to_owned(), what });
    }
    if found > FORMAT {
        return Err(StoreError::Newer { file: file.to_owned(), found, known: FORMAT });
    }
    if found < 1 {
        let detail = format!("store format {found}");
        return Err(StoreError::Damaged { file: file.to_owned(), detail });
    }
    Ok(found)
}

/// A received store may be hostile: nothing in its schema may run, nothing may write behind our back.
fn harden(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    Ok(())
}

pub(super) fn open_for_reading(file: &Path) -> Result<Connection, StoreError> {
    open_to_read(file).map(|(connection, _)| connection)
}

/// A connection that only reads, and whether it may be kept: one to a file that is taken for unchanging may not.
pub(super) fn open_to_read(file: &Path) -> Result<(Connection, bool), StoreError> {
    // A file that is not there is a missing archive, not a missing right.
    let metadata = fs::metadata(file).map_err(|error| StoreError::of_file(file, error))?;
    fs::File::open(file).map_err(|error| StoreError::of_file(file, error))?;
    if metadata.len() == 0 {
        let what = "it is empty".to_owned();
        return Err(StoreError::Foreign { file: file.to_owned(), what });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let usual = Connection::open_with_flags(file, flags).and_then(|connection| {
        harden(&connection)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    });
    match usual {
        Err(error) if cannot_open(&error) && log_is_empty(file) => {
            // In a folder that may only be read, write-ahead mode needs to be told that nobody writes.
            let name = format!("file:{}?immutable=1", escape_uri(file));
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(name, flags)
                .and_then(|connection| harden(&connection).map(|()| (connection, false)))
        }
        other => other.map(|connection| (connection, true)),
    }
    .map_err(|error| StoreError::of_database(file, error))
}

fn cannot_open(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode;
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied)
    )
}

fn log_is_empty(file: &Path) -> bool {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    fs::metadata(name).map_or(true, |metadata| metadata.len() == 0)
}

fn escape_uri(file: &Path) -> String {
    file.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

pub(super) fn open_for_writing(file: &Path) -> Result<Connection, StoreError> {
    let open = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        harden(&connection)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(connection)
    };
    let connection = open().map_err(|error| StoreError::of_database(file, error))?;
    if connection.is_readonly("main").unwrap_or(false) {
        return Err(StoreError::ReadOnly(file.to_owned()));
    }
    Ok(connection)
}

/// Copies the store aside (`shiliu.db.format-N`), then takes it step by step to format `target`, each step in a
/// transaction of its own. The caller holds the lock.
pub(super) fn migrate(file: &Path, steps: &[Step], target: i64) -> Result<(), StoreError> {
    let mut connection = open_for_writing(file)?;
    let fault = |error| StoreError::of_database(file, error);
    let mut format: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fault)?;
    if format >= target {
        return Ok(());
    }
    let mut copy = file.as_os_str().to_owned();
    copy.push(format!(".format-{format}"));
    let copy = std::path::PathBuf::from(copy);
    if !copy.exists() {
        let name = copy.to_string_lossy().into_owned();
        connection.execute("VACUUM INTO ?1", [name]).map_err(fault)?;
    }
    while format < target {
        let index = usize::try_from(format - 1).unwrap_or(usize::MAX);
        let Some(step) = steps.get(index) else {
            let detail = format!("no step leads from store format {format} to {}", format + 1);
            return Err(StoreError::Damaged { file: file.to_owned(), detail });
        };
        let transaction = connection.transaction().map_err(fault)?;
        step(&transaction).map_err(fault)?;
        format += 1;
        transaction.pragma_update(None, "user_version", format).map_err(fault)?;
        transaction.commit().map_err(fault)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Archive;
    use super::*;

    #[test]
    fn an_older_store_is_copied_aside_then_migrated_step_by_step() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::create(folder.path(), "fictional").unwrap();
        fn second(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
            transaction.execute_batch("ALTER TABLE issue ADD COLUMN colour TEXT")
        }
        fn third(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
            transaction.execute_batch("UPDATE meta SET value = 'third' WHERE key = 'profile'")
        }
        migrate(
            archive.file(),
            &[add_register, add_tally, add_grounds, add_ready, second, third],
            FORMAT + 2,
        )
        .unwrap();
        let connection = Connection::open(archive.file()).unwrap();
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, FORMAT + 2);
        assert!(connection.prepare("SELECT colour FROM issue").is_ok());
        let copy = Connection::open(folder.path().join(format!("shiliu.db.format-{FORMAT}"))).unwrap();
        let version: i64 = copy.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, FORMAT);
        assert!(copy.prepare("SELECT colour FROM issue").is_err());
        // This program knows its own format only: what was made up above is refused in one sentence.
        let refused = Archive::open(folder.path()).unwrap_err();
        assert!(
            matches!(refused, StoreError::Newer { found, known: FORMAT, .. } if found == FORMAT + 2),
            "{refused}"
        );
        assert_eq!(refused.to_string().matches(". ").count(), 0);
    }

    #[test]
    fn a_failed_step_leaves_the_store_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::create(folder.path(), "fictional").unwrap();
        fn broken(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
            transaction.execute_batch("ALTER TABLE issue ADD COLUMN colour TEXT; SELECT nonsense")
        }
        assert!(
            migrate(archive.file(), &[add_register, add_tally, add_grounds, add_ready, broken], FORMAT + 1)
                .is_err()
        );
        let connection = Connection::open(archive.file()).unwrap();
        assert!(connection.prepare("SELECT colour FROM issue").is_err());
        assert!(Archive::open(folder.path()).is_ok());
    }
}
