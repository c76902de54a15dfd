//! The mechanism at a glance: bodies, claims, meetings, areas, projects, what is due.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use shiliu_ledger::Kind;

use super::records::{list, summaries};
use super::{FieldValue, Paging, RecordFilter, RecordSort, RecordSummary, natural};
use crate::store::{Reader, StoreError};

/// Event types that are meetings of a mechanism, in the vocabulary of the records.
const MEETINGS: &[&str] =
    &["summit", "meeting", "ministerial", "conference", "dialogue", "forum", "round table", "consultation"];

/// Bodies that are shown at most; all of them up to here.
const BODIES: u32 = 300;
/// Rows of the other parts of home, of which a few are shown.
const SOME: u32 = 200;

/// A claim of n with what the page names and what it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimView {
    /// The record.
    pub record: RecordSummary,
    /// What is counted.
    pub claims: String,
    /// How many the text says there are.
    pub claimed: Option<i64>,
    /// Those that it names.
    pub named: Vec<String>,
    /// How many it does not name.
    pub missing: i64,
}

/// An area of cooperation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaSummary {
    /// Its name.
    pub name: String,
    /// Records of kind `area` that list it.
    pub lists: u64,
    /// Commitments in it.
    pub commitments: u64,
}

/// The mechanism as the held pages show it. Records that are the same thing are one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mechanism {
    /// Claims: claimed against named.
    pub claims: Vec<ClaimView>,
    /// Bodies, by name; of very many those that most tell of.
    pub bodies: Vec<RecordSummary>,
    /// How many bodies there are.
    pub body_count: u64,
    /// Meetings in order of their dates, those without last.
    pub meetings: Vec<RecordSummary>,
    /// Areas by number of commitments.
    pub areas: Vec<AreaSummary>,
    /// Projects and programmes, by name; of very many those that most tell of.
    pub projects: Vec<RecordSummary>,
    /// How many projects and programmes there are.
    pub project_count: u64,
    /// Commitments in all (stances not counted).
    pub commitments: u64,
    /// Of these, how many name no deadline.
    pub undated: u64,
}

/// Records of a kind, each thing once, and how many there are: at most `most`, those of most origins.
fn once(connection: &Connection, kind: Kind, most: u32) -> rusqlite::Result<(Vec<RecordSummary>, u64)> {
    let filter = RecordFilter { kinds: vec![kind], once: true, ..RecordFilter::default() };
    let found = list(connection, &filter, None, RecordSort::Weight, Paging { offset: 0, limit: most })?;
    Ok((found.rows, found.total))
}

fn claim(record: RecordSummary) -> ClaimView {
    let claims = record.text("claims").unwrap_or_default().to_owned();
    let claimed = record.value("n").and_then(FieldValue::as_integer);
    let named: Vec<String> = record
        .value("names")
        .map(|names| names.as_texts().into_iter().map(str::to_owned).collect())
        .unwrap_or_default();
    let missing = claimed.map_or(0, |n| (n - i64::try_from(named.len()).unwrap_or(i64::MAX)).max(0));
    ClaimView { record, claims, claimed, named, missing }
}

/// Areas: how many lists name each, and how many promises lie in it.
fn areas(lists: &[RecordSummary], promised: Vec<(String, u64)>) -> Vec<AreaSummary> {
    let mut found: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for record in lists {
        let items: BTreeSet<&str> =
            record.value("items").map(|items| items.as_texts()).unwrap_or_default().into_iter().collect();
        for item in items {
            found.entry(item.to_owned()).or_default().0 += 1;
        }
    }
    for (area, count) in promised {
        found.entry(area).or_default().1 += count;
    }
    let mut areas: Vec<AreaSummary> = found
        .into_iter()
        .map(|(name, (lists, commitments))| AreaSummary { name, lists, commitments })
        .collect();
    areas.sort_by(|a, b| (b.commitments, b.lists, &a.name).cmp(&(a.commitments, a.lists, &b.name)));
    areas
}

/// Numbers of promises that are kept under a name.
fn kept(connection: &Connection, facet: &str) -> rusqlite::Result<Vec<(String, u64)>> {
    connection
        .prepare_cached("SELECT word, n FROM tally WHERE once = 1 AND facet = ?1 ORDER BY word")?
        .query_map([facet], |row| Ok((row.get(0)?, natural(row.get(1)?))))?
        .collect()
}

/// Meetings: events of the types that are, or with the number of an edition.
fn meetings(connection: &Connection) -> rusqlite::Result<Vec<RecordSummary>> {
    let types: Vec<String> = MEETINGS.iter().map(|meeting| format!("type LIKE '{meeting}%'")).collect();
    let ids: Vec<i64> = connection
        .prepare_cached(&format!(
            "SELECT id FROM record WHERE kind = 'event' AND same = id AND ({} OR EXISTS (
                 SELECT 1 FROM field WHERE record = record.id AND name = 'edition' AND value <> 'null'))
             ORDER BY weight, id LIMIT {}",
            types.join(" OR "),
            SOME
        ))?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut meetings = summaries(connection, &ids)?;
    let when = |event: &RecordSummary| event.text("date").map(str::to_owned);
    meetings.sort_by_cached_key(|event| (when(event).is_none(), when(event), event.label.clone()));
    Ok(meetings)
}

fn overview(connection: &Connection) -> rusqlite::Result<Mechanism> {
    let (mut bodies, body_count) = once(connection, Kind::Body, BODIES)?;
    bodies.sort_by(|a, b| (&a.label, &a.key).cmp(&(&b.label, &b.key)));
    let (mut projects, project_count) = once(connection, Kind::Project, SOME)?;
    projects.sort_by(|a, b| (&a.label, &a.key).cmp(&(&b.label, &b.key)));
    let (lists, _) = once(connection, Kind::Area, SOME)?;
    let sum = |facet: &str| -> rusqlite::Result<u64> {
        Ok(kept(connection, facet)?.into_iter().map(|(_, count)| count).sum())
    };
    Ok(Mechanism {
        claims: once(connection, Kind::Claim, SOME)?.0.into_iter().map(claim).collect(),
        bodies,
        body_count,
        meetings: meetings(connection)?,
        areas: areas(&lists, kept(connection, "promised")?),
        projects,
        project_count,
        commitments: sum("promises")?,
        undated: sum("undated")?,
    })
}

impl Reader {
    /// Of these stories those in which one of these states promises, receives or is a party.
    ///
    /// # Errors
    /// What the database gives.
    pub fn stories_of(
        &self,
        stories: &BTreeSet<&str>,
        states: &[String],
    ) -> Result<BTreeSet<String>, StoreError> {
        self.run(|connection| {
            let mut asked = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM story JOIN record ON record.story = story.id
                     JOIN term ON term.record = record.id
                     WHERE story.key = ?1 AND term.facet IN ('actors', 'recipients', 'parties', 'countries')
                     AND term.word IN (SELECT value FROM json_each(?2)))",
            )?;
            let states = serde_json::to_string(states).unwrap_or_default();
            let mut found = BTreeSet::new();
            for story in stories {
                if asked.query_row([*story, states.as_str()], |row| row.get::<_, bool>(0))? {
                    found.insert((*story).to_owned());
                }
            }
            Ok(found)
        })
    }

    /// The mechanism as the held pages show it.
    ///
    /// # Errors
    /// What the database gives.
    pub fn mechanism(&self) -> Result<Mechanism, StoreError> {
        self.run(overview)
    }
}
