use std::io;
use std::path::{Path, PathBuf};

/// Why an archive could not be used. Every message names the file, and what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder holds no archive.
    #[error("{}: no archive here (there is no shiliu.db): make one with `shiliu init`, or name one with --archive", .0.display())]
    Missing(PathBuf),
    /// The folder holds one already.
    #[error("{}: an archive is already here: add pages with `shiliu add`, or choose another folder", .0.display())]
    Exists(PathBuf),
    /// The file or folder cannot be made at this place.
    #[error("{}: cannot be made here ({reason}): name a place in a folder that exists and may be written", file.display())]
    NoPlace {
        /// What was to be made.
        file: PathBuf,
        /// What stands in the way.
        reason: &'static str,
    },
    /// A file of another program, or no database at all.
    #[error("{}: not an archive of Shiliu ({what}): nothing was changed; choose another folder", file.display())]
    Foreign {
        /// The file.
        file: PathBuf,
        /// What it is instead.
        what: String,
    },
    /// Made by a later version of the program.
    #[error("{}: written by a newer Shiliu (store format {found}, this program reads up to {known}): update the program", file.display())]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its format number.
        found: i64,
        /// The highest one that this program reads.
        known: i64,
    },
    /// The database is damaged.
    #[error("{}: the archive is damaged ({detail}): bring back a backup into another folder with `shiliu restore`; nothing here was changed", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What SQLite or the check says.
        detail: String,
    },
    /// Another process is writing.
    #[error("{}: another process is writing to this archive: wait until it has ended, then run the same command again", .0.display())]
    Busy(PathBuf),
    /// It may only be read.
    #[error("{}: the archive can only be read: give this user the right to write the file and its folder", .0.display())]
    ReadOnly(PathBuf),
    /// No room is left.
    #[error("{}: no space left: what was taken before is safe; make room, then run the same command again", .0.display())]
    NoSpace(PathBuf),
    /// This user may not open it.
    #[error("{}: this user may not open it: change the permissions of the file and its folder", .0.display())]
    Permission(PathBuf),
    /// Work stopped because the caller asked for it; what was done is safe.
    #[error("{}: stopped after {taken} sources: run the same command again to go on", file.display())]
    Stopped {
        /// The file.
        file: PathBuf,
        /// How many sources this run took.
        taken: usize,
    },
    /// A request that cannot be carried out.
    #[error("{0}")]
    Refused(String),
    /// Anything else that reading or writing a file gives.
    #[error("{}: {source}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Anything else that the database gives.
    #[error("{}: {source}: run `shiliu doctor`", file.display())]
    Database {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// Names what a database error means for the archive `file`.
    pub(super) fn of_database(file: &Path, error: rusqlite::Error) -> StoreError {
        use rusqlite::ErrorCode as Code;
        let file = file.to_owned();
        let code = match &error {
            rusqlite::Error::SqliteFailure(failure, _) => Some(failure.code),
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => {
                return StoreError::Damaged { file, detail: error.to_string() };
            }
            _ => None,
        };
        match code {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => StoreError::Busy(file),
            Some(Code::ReadOnly) => StoreError::ReadOnly(file),
            Some(Code::DiskFull) => StoreError::NoSpace(file),
            Some(Code::CannotOpen | Code::PermissionDenied | Code::AuthorizationForStatementDenied) => {
                StoreError::Permission(file)
            }
            Some(Code::DatabaseCorrupt) => StoreError::Damaged { file, detail: error.to_string() },
            Some(Code::NotADatabase) => {
                StoreError::Foreign { file, what: "it is not an SQLite database".to_owned() }
            }
            _ => StoreError::Database { file, source: error },
        }
    }

    /// Names what an error of the file system means for `file`.
    pub(super) fn of_file(file: &Path, error: io::Error) -> StoreError {
        let file = file.to_owned();
        match error.kind() {
            io::ErrorKind::PermissionDenied => StoreError::Permission(file),
            io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(file),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::NoSpace(file),
            io::ErrorKind::NotFound => StoreError::Missing(file),
            _ => StoreError::Io { file, source: error },
        }
    }

    /// Names what stands in the way of making `file`: an error of a place that is to be written, not read.
    pub(super) fn of_place(file: &Path, error: io::Error) -> StoreError {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "its folder is missing",
            io::ErrorKind::AlreadyExists => "a file of this name is there",
            io::ErrorKind::NotADirectory => "a part of the path is a file",
            io::ErrorKind::IsADirectory => "a folder of this name is there",
            _ => return StoreError::of_file(file, error),
        };
        StoreError::NoPlace { file: file.to_owned(), reason }
    }

    /// Whether running the same command again goes on where this one stopped.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        matches!(self, StoreError::Stopped { .. } | StoreError::NoSpace(_))
    }
}
