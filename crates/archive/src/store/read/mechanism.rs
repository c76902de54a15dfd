//! The mechanism at a glance: bodies, claims, meetings, areas, projects, what is due.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use shiliu_ledger::Kind;

use super::records::list;
use super::{FieldValue, Paging, RecordFilter, RecordSort, RecordSummary};
use crate::store::{Reader, StoreError};

/// Event types that are meetings of a mechanism, in the vocabulary of the records.
const MEETINGS: &[&str] =
    &["summit", "meeting", "ministerial", "conference", "dialogue", "forum", "round table", "consultation"];

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
    /// Bodies, by name.
    pub bodies: Vec<RecordSummary>,
    /// Meetings in order of their dates, those without last.
    pub meetings: Vec<RecordSummary>,
    /// Areas by number of commitments.
    pub areas: Vec<AreaSummary>,
    /// Projects and programmes, by name.
    pub projects: Vec<RecordSummary>,
    /// Commitments with a deadline, earliest first.
    pub due: Vec<RecordSummary>,
    /// Commitments in all (stances not counted).
    pub commitments: u64,
    /// Of these, how many name no deadline.
    pub undated: u64,
}

fn once(connection: &Connection, kind: Kind) -> rusqlite::Result<Vec<RecordSummary>> {
    let filter = RecordFilter { kinds: vec![kind], once: true, ..RecordFilter::default() };
    let mut rows = Vec::new();
    loop {
        let paging = Paging { offset: u32::try_from(rows.len()).unwrap_or(u32::MAX), limit: super::MOST };
        let part = list(connection, &filter, RecordSort::Place, paging)?;
        let ended = part.rows.is_empty();
        rows.extend(part.rows);
        if ended || rows.len() as u64 >= part.total {
            return Ok(rows);
        }
    }
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

/// Forces F0 and F1 are stances: kept and marked, no promises.
fn is_stance(record: &RecordSummary) -> bool {
    match record.value("force") {
        Some(FieldValue::Integer(level)) => *level <= 1,
        Some(FieldValue::Text(text)) => text == "F0" || text == "F1",
        _ => false,
    }
}

fn areas(lists: &[RecordSummary], commitments: &[RecordSummary]) -> Vec<AreaSummary> {
    let mut found: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for record in lists {
        let items: BTreeSet<&str> =
            record.value("items").map(|items| items.as_texts()).unwrap_or_default().into_iter().collect();
        for item in items {
            found.entry(item.to_owned()).or_default().0 += 1;
        }
    }
    for record in commitments {
        let areas: BTreeSet<&str> =
            record.value("area").map(|area| area.as_texts()).unwrap_or_default().into_iter().collect();
        for area in areas {
            found.entry(area.to_owned()).or_default().1 += 1;
        }
    }
    let mut areas: Vec<AreaSummary> = found
        .into_iter()
        .map(|(name, (lists, commitments))| AreaSummary { name, lists, commitments })
        .collect();
    areas.sort_by(|a, b| (b.commitments, b.lists, &a.name).cmp(&(a.commitments, a.lists, &b.name)));
    areas
}

fn overview(connection: &Connection) -> rusqlite::Result<Mechanism> {
    let mut bodies = once(connection, Kind::Body)?;
    bodies.sort_by(|a, b| (&a.label, &a.key).cmp(&(&b.label, &b.key)));
    let mut projects = once(connection, Kind::Project)?;
    projects.sort_by(|a, b| (&a.label, &a.key).cmp(&(&b.label, &b.key)));
    let mut meetings: Vec<RecordSummary> = once(connection, Kind::Event)?
        .into_iter()
        .filter(|event| {
            let named = |text: &str| MEETINGS.iter().any(|meeting| text.starts_with(meeting));
            event.text("type").is_some_and(named)
                || event.value("edition").is_some_and(|edition| *edition != FieldValue::Null)
        })
        .collect();
    let when = |event: &RecordSummary| event.text("date").map(str::to_owned);
    meetings.sort_by_cached_key(|event| (when(event).is_none(), when(event), event.label.clone()));
    let commitments: Vec<RecordSummary> =
        once(connection, Kind::Commitment)?.into_iter().filter(|record| !is_stance(record)).collect();
    let lists = once(connection, Kind::Area)?;
    let areas = areas(&lists, &commitments);
    let total = commitments.len() as u64;
    let deadline = |record: &RecordSummary| record.text("deadline").map(str::to_owned);
    let mut due: Vec<RecordSummary> =
        commitments.into_iter().filter(|record| deadline(record).is_some()).collect();
    due.sort_by_cached_key(|record| (deadline(record), record.key.clone()));
    Ok(Mechanism {
        claims: once(connection, Kind::Claim)?.into_iter().map(claim).collect(),
        bodies,
        meetings,
        areas,
        projects,
        commitments: total,
        undated: total - due.len() as u64,
        due,
    })
}

impl Reader {
    /// The mechanism as the held pages show it.
    ///
    /// # Errors
    /// What the database gives.
    pub fn mechanism(&self) -> Result<Mechanism, StoreError> {
        self.run(overview)
    }
}
