//! What the archive holds: counts, papers, issues, pages, text layers.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use shiliu_ledger::Kind;
use shiliu_text::{Severity, SourceId, TextId};

use super::{Listing, PAGE_COLUMNS, PageRef, Paging, natural, page_ref};
use crate::store::care::unread_holdings;
use crate::store::{Counts, Reader, StoreError, meta};

/// What the archive holds, for the first screen and `status`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Name of the profile it is read for.
    pub profile: String,
    /// Sizes.
    pub counts: Counts,
    /// Records by kind, in the order of the contract; kinds without records are there with 0.
    pub records: Vec<(Kind, u64)>,
    /// Findings by severity.
    pub findings: BTreeMap<Severity, u64>,
    /// Corrections in force.
    pub corrections: u64,
    /// Corrections that no longer find their place and wait for a person.
    pub review: u64,
    /// When sources were last added, as it was given then.
    pub last_add: Option<String>,
    /// Sources that are held and were not read yet: an `add` was interrupted.
    pub unread: u64,
    /// First and last issue date.
    pub dates: Option<(String, String)>,
}

/// A paper and its issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperSummary {
    /// Its name; `None` gathers the issues of no known paper.
    pub paper: Option<String>,
    /// How many issues are held.
    pub issues: u64,
    /// How many pages.
    pub pages: u64,
    /// First and last issue date.
    pub dates: Option<(String, String)>,
}

/// An issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueSummary {
    /// Its name in the archive.
    pub key: String,
    /// Its paper.
    pub paper: Option<String>,
    /// Its date.
    pub date: Option<String>,
    /// The folder its pages lie in, if it is one.
    pub folder: Option<String>,
    /// Why its pages are together: `identity`, `folder`, `page`.
    pub grouping: String,
    /// How many pages are held.
    pub pages: u64,
}

/// A page in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSummary {
    /// The page.
    pub page: PageRef,
    /// The issue it belongs to.
    pub issue: String,
    /// How many articles start on it.
    pub articles: u64,
    /// How many findings there are about it.
    pub findings: u64,
    /// Its first headlines, at most three.
    pub headlines: Vec<String>,
}

/// A text layer, also one that no page shows any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerText {
    /// Its hash.
    pub id: TextId,
    /// Its source.
    pub source: SourceId,
    /// Its characters.
    pub text: Arc<str>,
    /// Pages that show it now.
    pub pages: Vec<PageRef>,
}

/// A source as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceBytes {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Every path it was taken from, also those that hold something else by now.
    pub paths: Vec<String>,
}

fn number(connection: &Connection, query: &str) -> rusqlite::Result<u64> {
    connection.prepare_cached(query)?.query_row([], |row| row.get(0)).map(natural)
}

/// Numbers as they are kept since the last reading.
fn kept(connection: &Connection, facet: &str) -> rusqlite::Result<BTreeMap<String, u64>> {
    connection
        .prepare_cached("SELECT word, n FROM tally WHERE once = 0 AND facet = ?1 AND n > 0")?
        .query_map([facet], |row| Ok((row.get(0)?, natural(row.get(1)?))))?
        .collect()
}

pub(in crate::store) fn counts(connection: &Connection) -> rusqlite::Result<Counts> {
    let kept = kept(connection, "count")?;
    let count = |name: &str| kept.get(name).copied().unwrap_or(0);
    // Sources may be held that were not read yet.
    let sources = if unread_holdings(connection)? == 0 {
        count("sources")
    } else {
        number(connection, "SELECT count(DISTINCT source) FROM holding WHERE current = 1")?
    };
    Ok(Counts {
        sources,
        pages: count("pages"),
        issues: count("issues"),
        articles: count("articles"),
        stories: count("stories"),
        reprinted: count("reprinted"),
        records: count("records"),
    })
}

pub(in crate::store) fn findings(connection: &Connection) -> rusqlite::Result<BTreeMap<Severity, u64>> {
    let kept = kept(connection, "finding")?;
    Ok(kept.into_iter().filter_map(|(name, count)| Some((parse_severity(&name)?, count))).collect())
}

pub(super) fn parse_severity(text: &str) -> Option<Severity> {
    [Severity::Note, Severity::Warning, Severity::Error]
        .into_iter()
        .find(|severity| severity.as_str() == text)
}

impl Reader {
    /// What the archive holds.
    ///
    /// # Errors
    /// What the database gives.
    pub fn overview(&self) -> Result<Overview, StoreError> {
        self.run(|connection| {
            let by_kind = kept(connection, "kind")?;
            let of_kind = |kind: Kind| (kind, by_kind.get(kind.as_str()).copied().unwrap_or(0));
            // One after the other: each is the end of an index.
            let day = |query: &str| -> rusqlite::Result<Option<String>> {
                connection.prepare_cached(query)?.query_row([], |row| row.get(0))
            };
            let dates = (day("SELECT min(date) FROM issue")?, day("SELECT max(date) FROM issue")?);
            Ok(Overview {
                profile: meta(connection, "profile")?.unwrap_or_default(),
                counts: counts(connection)?,
                records: Kind::ALL.into_iter().map(of_kind).collect(),
                findings: findings(connection)?,
                corrections: number(
                    connection,
                    "SELECT count(*) FROM correction WHERE undoes IS NULL
                     AND id NOT IN (SELECT undoes FROM correction WHERE undoes IS NOT NULL)",
                )?,
                review: number(connection, "SELECT count(*) FROM review_item")?,
                last_add: meta(connection, "last_add")?,
                unread: unread_holdings(connection)?,
                dates: dates.0.zip(dates.1),
            })
        })
    }

    /// Whether no page is held.
    ///
    /// # Errors
    /// What the database gives.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        self.run(|connection| {
            connection
                .prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM page)")?
                .query_row([], |row| row.get(0))
        })
    }

    /// When sources were last added, as it was given then.
    ///
    /// # Errors
    /// What the database gives.
    pub fn last_add(&self) -> Result<Option<String>, StoreError> {
        self.run(|connection| meta(connection, "last_add"))
    }

    /// Papers by name, those without a name last.
    ///
    /// # Errors
    /// What the database gives.
    pub fn papers(&self) -> Result<Vec<PaperSummary>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT issue.paper, count(*),
                        sum((SELECT count(*) FROM page WHERE page.issue = issue.id)), min(issue.date), max(issue.date)
                 FROM issue GROUP BY issue.paper ORDER BY issue.paper IS NULL, issue.paper",
            )?;
            let rows = statement.query_map([], |row| {
                let dates: (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
                Ok(PaperSummary {
                    paper: row.get(0)?,
                    issues: natural(row.get(1)?),
                    pages: natural(row.get(2)?),
                    dates: dates.0.zip(dates.1),
                })
            })?;
            rows.collect()
        })
    }

    /// Issues, newest first: of one paper, of no known paper (`Some(None)`), or all.
    ///
    /// # Errors
    /// What the database gives.
    pub fn issues(
        &self,
        paper: Option<Option<&str>>,
        paging: Paging,
    ) -> Result<Listing<IssueSummary>, StoreError> {
        self.run(|connection| {
            let (any, name) = (paper.is_none(), paper.flatten());
            let total = connection.query_row(
                "SELECT count(*) FROM issue WHERE ?1 OR paper IS ?2",
                params![any, name],
                |row| row.get(0),
            )?;
            let mut statement = connection.prepare_cached(
                "SELECT key, paper, date, folder, grouping,
                        (SELECT count(*) FROM page WHERE page.issue = issue.id)
                 FROM issue WHERE ?1 OR paper IS ?2
                 ORDER BY date IS NULL, date DESC, key LIMIT ?3 OFFSET ?4",
            )?;
            let rows = statement.query_map(params![any, name, paging.limit(), paging.offset], |row| {
                Ok(IssueSummary {
                    key: row.get(0)?,
                    paper: row.get(1)?,
                    date: row.get(2)?,
                    folder: row.get(3)?,
                    grouping: row.get(4)?,
                    pages: natural(row.get(5)?),
                })
            })?;
            Ok(Listing { rows: rows.collect::<rusqlite::Result<_>>()?, total: natural(total), more: false })
        })
    }

    /// Pages of an issue in order of their numbers, or all pages newest first.
    ///
    /// # Errors
    /// What the database gives.
    pub fn pages(&self, issue: Option<&str>, paging: Paging) -> Result<Listing<PageSummary>, StoreError> {
        self.run(|connection| {
            let total = match issue {
                None => {
                    connection.prepare_cached("SELECT count(*) FROM page")?.query_row([], |row| row.get(0))?
                }
                Some(key) => connection
                    .prepare_cached(
                        "SELECT count(*) FROM page WHERE issue = (SELECT id FROM issue WHERE key = ?1)",
                    )?
                    .query_row([key], |row| row.get(0))?,
            };
            let which = if issue.is_some() { "issue.key = ?1" } else { "?1 IS NULL" };
            let order = if issue.is_some() {
                "page.page_no IS NULL, length(page.page_no), page.page_no, page.path"
            } else {
                "page.newness DESC"
            };
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {PAGE_COLUMNS}, issue.key, page.id,
                        (SELECT count(*) FROM article WHERE article.page = page.id),
                        (SELECT count(*) FROM diagnostic WHERE diagnostic.page = page.id)
                 FROM page JOIN issue ON issue.id = page.issue
                 WHERE {which} ORDER BY {order} LIMIT ?2 OFFSET ?3"
            ))?;
            let mut headlines = connection.prepare_cached(
                "SELECT headline FROM article WHERE page = ?1 AND headline IS NOT NULL ORDER BY id LIMIT 3",
            )?;
            let mut rows = statement.query(params![issue, paging.limit(), paging.offset])?;
            let mut pages = Vec::new();
            while let Some(row) = rows.next()? {
                let id: i64 = row.get(6)?;
                let found = headlines.query_map([id], |row| row.get(0))?;
                pages.push(PageSummary {
                    page: page_ref(row, 0)?,
                    issue: row.get(5)?,
                    articles: natural(row.get(7)?),
                    findings: natural(row.get(8)?),
                    headlines: found.collect::<rusqlite::Result<_>>()?,
                });
            }
            Ok(Listing { rows: pages, total: natural(total), more: false })
        })
    }

    /// A text layer by its hash: old layers too, so that a permalink never dies.
    ///
    /// # Errors
    /// What the database gives.
    pub fn layer(&self, id: TextId) -> Result<Option<LayerText>, StoreError> {
        self.run(|connection| {
            let found = connection
                .query_row("SELECT source, text FROM layer WHERE hash = ?1", [id.0], |row| {
                    Ok((SourceId(row.get(0)?), row.get::<_, String>(1)?))
                })
                .optional()?;
            let Some((source, text)) = found else { return Ok(None) };
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {PAGE_COLUMNS} FROM page WHERE text_hash = ?1 ORDER BY path"
            ))?;
            let pages = statement.query_map([id.0], |row| page_ref(row, 0))?;
            let pages = pages.collect::<rusqlite::Result<_>>()?;
            Ok(Some(LayerText { id, source, text: text.into(), pages }))
        })
    }

    /// The bytes of a source as received, and the paths it came from.
    ///
    /// # Errors
    /// What the database gives.
    pub fn source(&self, id: SourceId) -> Result<Option<SourceBytes>, StoreError> {
        self.run(|connection| {
            let bytes = connection
                .query_row("SELECT bytes FROM source WHERE hash = ?1", [id.0], |row| row.get(0))
                .optional()?;
            let Some(bytes) = bytes else { return Ok(None) };
            let mut statement =
                connection.prepare_cached("SELECT path FROM holding WHERE source = ?1 ORDER BY path")?;
            let paths = statement.query_map([id.0], |row| row.get(0))?;
            Ok(Some(SourceBytes { bytes, paths: paths.collect::<rusqlite::Result<_>>()? }))
        })
    }
}
