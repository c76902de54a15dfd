//! Read-only connections that are kept for the next request: opening one reads the whole schema again and forgets
//! every prepared statement and every page of the file.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;

use super::{StoreError, schema};

/// How many idle connections are kept; each keeps at most SQLite's page cache of 2 MB.
const IDLE: usize = 8;
/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 256;

/// Idle connections of one archive, shared by its clones.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool(Arc<Mutex<Vec<(FileIdentity, Connection)>>>);

/// Two handles of one archive are equal whatever they keep ready.
impl PartialEq for Pool {
    fn eq(&self, _: &Pool) -> bool {
        true
    }
}

impl Eq for Pool {}

/// What tells a file from another one that was put in its place.
type FileIdentity = (u64, u64);

#[cfg(unix)]
fn identity(file: &Path) -> Option<FileIdentity> {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(file).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Without a number for the file nothing is kept.
#[cfg(not(unix))]
fn identity(file: &Path) -> Option<FileIdentity> {
    let _ = fs::metadata(file);
    None
}

/// A connection that goes back to its pool.
#[derive(Debug)]
pub(super) struct Lent {
    connection: Option<Connection>,
    identity: Option<FileIdentity>,
    pool: Pool,
}

impl Pool {
    /// A connection to the file: an idle one, or a new one.
    pub(super) fn lend(&self, file: &Path) -> Result<Lent, StoreError> {
        let identity = identity(file);
        let idle = identity.and_then(|identity| {
            let mut idle = self.0.lock().ok()?;
            idle.retain(|(known, _)| *known == identity);
            idle.pop().map(|(_, connection)| connection)
        });
        let (connection, keep) = match idle {
            Some(connection) => (connection, true),
            None => {
                let (connection, keep) = schema::open_to_read(file)?;
                connection.set_prepared_statement_cache_capacity(STATEMENTS);
                (connection, keep)
            }
        };
        let identity = identity.filter(|_| keep);
        Ok(Lent { connection: Some(connection), identity, pool: self.clone() })
    }
}

impl Lent {
    /// The connection; `None` never, while it is lent.
    pub(super) fn get(&self) -> Option<&Connection> {
        self.connection.as_ref()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let (Some(connection), Some(identity)) = (self.connection.take(), self.identity) else { return };
        let ended = connection.is_autocommit() || connection.execute_batch("COMMIT").is_ok();
        if ended
            && let Ok(mut idle) = self.pool.0.lock()
            && idle.len() < IDLE
        {
            idle.push((identity, connection));
        }
    }
}
