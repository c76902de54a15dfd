//! What was said and then no more: silence is a count over the issues that are held, never a claim about the others.

use rusqlite::{Connection, OptionalExtension as _};

use super::natural;
use crate::store::{Reader, StoreError};

/// How long nothing more was said of something, counted over the issues held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The last day of a story that says it, says it again, reports it kept or changes it.
    pub last: String,
    /// Issues held of later days; none of them says more.
    pub issues: u64,
    /// Of how many papers these are.
    pub papers: u64,
    /// The last day of an issue held.
    pub until: String,
}

/// The record, those that are the same thing, and those that say it again, deliver or revise it, or that it does so to.
const LINKED: &str = "WITH own AS (
        SELECT id FROM record WHERE same = (SELECT same FROM record WHERE key = ?1)
    ), linked AS (
        SELECT id FROM own
        UNION SELECT source FROM link WHERE target IN (SELECT id FROM own) AND source IS NOT NULL
              AND verb IN ('restates', 'delivers', 'revises')
        UNION SELECT target FROM link WHERE source IN (SELECT id FROM own) AND verb IN ('restates', 'delivers', 'revises')
    )";

fn silence(connection: &Connection, key: &str) -> rusqlite::Result<Option<Silence>> {
    let last: Option<String> = connection
        .prepare_cached(&format!("{LINKED} SELECT max(day) FROM record WHERE id IN (SELECT id FROM linked)"))?
        .query_row([key], |row| row.get(0))?;
    let Some(last) = last else { return Ok(None) };
    // A story of a day is printed the next: the issue that prints it says it.
    let printed: Option<String> = connection
        .prepare_cached(&format!(
            "{LINKED} SELECT max(issue.date) FROM evidence JOIN page ON page.id = evidence.page
             JOIN issue ON issue.id = page.issue WHERE evidence.record IN (SELECT id FROM linked)"
        ))?
        .query_row([key], |row| row.get(0))?;
    let from = printed.filter(|printed| *printed > last).unwrap_or_else(|| last.clone());
    connection
        .prepare_cached(
            "SELECT count(*), count(DISTINCT coalesce(paper, folder)), max(date) FROM issue WHERE date > ?1",
        )?
        .query_row([&from], |row| {
            let until: Option<String> = row.get(2)?;
            let (issues, papers) = (natural(row.get(0)?), natural(row.get(1)?));
            Ok(until.map(|until| Silence { last, issues, papers, until }))
        })
        .optional()
        .map(Option::flatten)
}

impl Reader {
    /// How long the issues held have been silent about a record; `None` where no day is known or no later issue held.
    ///
    /// # Errors
    /// What the database gives.
    pub fn silence(&self, key: &str) -> Result<Option<Silence>, StoreError> {
        self.run(|connection| silence(connection, key))
    }
}
