//! The register for screens and verbs: lists of entries with facets, one entry with its history, events.

use std::collections::BTreeMap;

use rusqlite::types::Value as Parameter;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use shiliu_ledger::LinkVerb;
use shiliu_ledger::register::{Entry, Event, Ground, Standing, Status, undone};
use shiliu_text::{Date, TextId};

use super::substrings::expression;
use super::{KeptEvent, chain, is_undone};
use crate::store::read::{Listing, PageRef, Paging, natural, page_ref};
use crate::store::{Reader, StoreError};

/// Which entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// A status word, or `none` for those never assessed.
    pub status: Option<String>,
    /// Who follows it, or `-` for nobody.
    pub owner: Option<String>,
    /// (facet, name) pairs that must all hold: `actors`, `recipients`, `party` (either), `area`, `sector`, `meeting`.
    pub names: Vec<(String, String)>,
    /// Due on or before this day (`YYYY-MM-DD`), whether or not it has passed.
    pub due_by: Option<String>,
    /// Overdue on this day.
    pub overdue_on: Option<String>,
    /// Only those without a due date.
    pub undated: bool,
    /// Only those that wait for an answer.
    pub waiting: bool,
    /// Only those with an open finding.
    pub findings: bool,
    /// Only those with a ground whose page changed or is gone.
    pub shaken: bool,
    /// Only open ones: neither closed nor suspended.
    pub open: bool,
    /// Nothing printed on it since this day.
    pub silent_since: Option<String>,
    /// At least so many origins.
    pub origins: Option<u32>,
    /// Words that it holds.
    pub text: Option<String>,
    /// Those that were taken back too.
    pub taken_back: bool,
    /// One row for a promise however often it is restated.
    pub once: bool,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntrySort {
    /// By key.
    #[default]
    Key,
    /// Earliest due first, those without date last.
    Due,
    /// Most origins first.
    Origins,
    /// What changed last first.
    Latest,
}

/// An entry in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryRow {
    /// `C-0042`.
    pub key: String,
    /// The promise in its own words.
    pub words: String,
    /// Who promises, separated by `;`.
    pub actors: String,
    /// To whom.
    pub recipients: String,
    /// How much.
    pub amount: String,
    /// Of what.
    pub unit: String,
    /// By when (EDTF).
    pub due: String,
    /// The words that say by when.
    pub due_words: String,
    /// The last day that the date allows.
    pub due_day: Option<String>,
    /// The day on which it was said.
    pub said: String,
    /// Area of cooperation.
    pub area: String,
    /// Sector.
    pub sector: String,
    /// Meeting.
    pub meeting: String,
    /// Status word.
    pub status: Option<String>,
    /// Day of the assessment.
    pub assessed: Option<String>,
    /// Who follows it.
    pub owner: Option<String>,
    /// Whether its entering was undone.
    pub taken_back: bool,
    /// Whether nothing more is owed, or it is suspended.
    pub settled: bool,
    /// How many printings say it.
    pub printings: u64,
    /// How many independent origins.
    pub origins: u64,
    /// How many of its grounds stand on a page that changed or is gone.
    pub shaken: u64,
    /// Day of the last printed word on it.
    pub last_evidence: Option<String>,
    /// Questions that wait for an answer.
    pub waiting: u64,
    /// The earliest day by which an answer was hoped for.
    pub late_answer: Option<String>,
    /// Open findings.
    pub findings: u64,
    /// Day on which it was linked as restated with another amount or date.
    pub revised: Option<String>,
    /// Key of the entry that stands for it in totals: itself, unless it is restated.
    pub speaker: String,
    /// Number of the event that entered it.
    pub first_event: i64,
    /// Number of the last event on it.
    pub last_event: i64,
}

impl EntryRow {
    /// Whether it is overdue on a day: computed, never stored.
    #[must_use]
    pub fn is_overdue(&self, today: &str) -> bool {
        !self.settled && !self.taken_back && self.due_day.as_deref().is_some_and(|due| due < today)
    }

    /// As an agenda sees it.
    #[must_use]
    pub fn standing(&self, today: Date) -> Standing {
        let day = |text: &Option<String>| text.as_deref().and_then(Date::parse);
        Standing {
            key: self.key.clone(),
            due: day(&self.due_day),
            settled: self.settled,
            owned: self.owner.is_some(),
            last_evidence: day(&self.last_evidence),
            revised: day(&self.revised),
            unanswered: day(&self.late_answer).is_some_and(|by| by < today),
            finding: self.findings > 0,
        }
    }
}

pub(super) const COLUMNS: &str =
    "entry.key, words, actors, recipients, amount, unit, due, due_words, due_day, said, area,
    sector, meeting, status, assessed, owner, taken_back, settled, printings, origins, shaken, last_evidence,
    waiting, late_answer, findings, revised, speaker, first_event, last_event";

pub(super) fn entry_row(row: &Row<'_>) -> rusqlite::Result<EntryRow> {
    Ok(EntryRow {
        key: row.get(0)?,
        words: row.get(1)?,
        actors: row.get(2)?,
        recipients: row.get(3)?,
        amount: row.get(4)?,
        unit: row.get(5)?,
        due: row.get(6)?,
        due_words: row.get(7)?,
        due_day: row.get(8)?,
        said: row.get(9)?,
        area: row.get(10)?,
        sector: row.get(11)?,
        meeting: row.get(12)?,
        status: row.get(13)?,
        assessed: row.get(14)?,
        owner: row.get(15)?,
        taken_back: row.get(16)?,
        settled: row.get(17)?,
        printings: natural(row.get(18)?),
        origins: natural(row.get(19)?),
        shaken: natural(row.get(20)?),
        last_evidence: row.get(21)?,
        waiting: natural(row.get(22)?),
        late_answer: row.get(23)?,
        findings: natural(row.get(24)?),
        revised: row.get(25)?,
        speaker: format!("C-{:04}", row.get::<_, i64>(26)?),
        first_event: row.get(27)?,
        last_event: row.get(28)?,
    })
}

/// Which entries a filter asks for, as a query.
struct Conditions {
    clauses: Vec<&'static str>,
    values: Vec<Parameter>,
    /// The index that the entries are walked by; empty where the database chooses.
    by: &'static str,
}

/// Of names and words that fewer entries have, those entries are looked at one by one.
const FEW: i64 = 2000;
/// The index that has all marks.
const BY_MARKS: &str = "INDEXED BY by_entry_marks";

impl Conditions {
    fn of(connection: &Connection, filter: &EntryFilter) -> rusqlite::Result<Conditions> {
        let mut found = Conditions::of_marks(filter);
        let mut fewest = i64::MAX;
        if let Some(expression) = filter.text.as_ref().and_then(|text| expression(&text.to_lowercase())) {
            let few: i64 = connection
                .prepare_cached(
                    "SELECT count(*) FROM (SELECT 1 FROM entry_index WHERE entry_index MATCH ?1 LIMIT ?2)",
                )?
                .query_row(params![expression, FEW + 1], |row| row.get(0))?;
            fewest = few;
            found.clauses.push("entry.id IN (SELECT rowid FROM entry_index WHERE entry_index MATCH ?)");
            found.values.push(Parameter::Text(expression));
        }
        for (facet, name) in &filter.names {
            let many: Option<i64> = connection
                .prepare_cached("SELECT n FROM entry_count WHERE facet = ?1 AND name = ?2")?
                .query_row([facet, name], |row| row.get(0))
                .optional()?;
            fewest = fewest.min(many.unwrap_or(0));
        }
        if kept(filter).is_none() && fewest > FEW {
            found.by = BY_MARKS;
        }
        Ok(found)
    }

    fn of_marks(filter: &EntryFilter) -> Conditions {
        let mut found = Conditions { clauses: Vec::new(), values: Vec::new(), by: "" };
        let mut add = |clause: &'static str, value: Option<&str>| {
            found.clauses.push(clause);
            found.values.extend(value.map(|value| Parameter::Text(value.to_owned())));
        };
        if !filter.taken_back {
            add("taken_back = 0", None);
        }
        match filter.status.as_deref() {
            None => {}
            Some("none") => add("status IS NULL", None),
            Some(status) => add("status = ?", Some(status)),
        }
        match filter.owner.as_deref() {
            None => {}
            Some("-") => add("owner IS NULL", None),
            Some(owner) => add("owner = ?", Some(owner)),
        }
        if let Some(day) = &filter.due_by {
            add("coalesce(due_day, '~') <= ? AND +settled = 0", Some(day));
        }
        if let Some(day) = &filter.overdue_on {
            add("coalesce(due_day, '~') < ? AND +settled = 0", Some(day));
        }
        if filter.undated {
            add("coalesce(due_day, '~') = '~'", None);
        }
        if filter.waiting {
            add("waiting > 0", None);
        }
        if filter.findings {
            add("findings > 0", None);
        }
        if filter.shaken {
            add("shaken > 0", None);
        }
        if filter.open {
            add("+settled = 0", None);
        }
        if let Some(day) = &filter.silent_since {
            add("last_evidence < ? AND +settled = 0", Some(day));
        }
        if filter.once {
            add("speaker = entry.id", None);
        }
        for (facet, name) in &filter.names {
            add("entry.id IN (SELECT entry FROM entry_name WHERE facet = ?", Some(facet));
            add("name = ?)", Some(name));
        }
        if let Some(origins) = filter.origins {
            found.clauses.push("origins >= ?");
            found.values.push(Parameter::Integer(i64::from(origins)));
        }
        found
    }

    /// The part of a query that says from where, and which.
    fn from(&self) -> String {
        let which = if self.clauses.is_empty() { "true".to_owned() } else { self.clauses.join(" AND ") };
        format!("FROM entry {} WHERE {which}", self.by)
    }
}

fn list(
    connection: &Connection,
    filter: &EntryFilter,
    sort: EntrySort,
    paging: Option<Paging>,
) -> rusqlite::Result<Listing<EntryRow>> {
    let mut conditions = Conditions::of(connection, filter)?;
    let order = match sort {
        EntrySort::Key => "entry.id",
        EntrySort::Due => "coalesce(due_day, '~'), entry.id",
        EntrySort::Origins => "origins DESC, printings DESC, entry.id",
        EntrySort::Latest => "last_event DESC",
    };
    // All marks are in one index, but only two orders have one of their own.
    if conditions.by.is_empty()
        && sort == EntrySort::Origins
        && filter.names.is_empty()
        && filter.text.is_none()
    {
        conditions.by = BY_MARKS;
    }
    let from = conditions.from();
    let Some(paging) = paging else {
        let mut statement =
            connection.prepare_cached(&format!("SELECT {COLUMNS} {from} ORDER BY {order}"))?;
        let rows: Vec<EntryRow> = statement
            .query_map(params_from_iter(&conditions.values), entry_row)?
            .collect::<rusqlite::Result<_>>()?;
        let total = rows.len() as u64;
        return Ok(Listing { rows, total, more: false });
    };
    let total = tallied(connection, filter, &conditions)?.values().sum();
    conditions.values.push(Parameter::Integer(paging.limit()));
    conditions.values.push(Parameter::Integer(i64::from(paging.offset)));
    let ids: Vec<i64> = connection
        .prepare_cached(&format!("SELECT entry.id {from} ORDER BY {order} LIMIT ? OFFSET ?"))?
        .query_map(params_from_iter(&conditions.values), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut one = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM entry WHERE id = ?1"))?;
    let rows = ids.iter().map(|id| one.query_row([id], entry_row)).collect::<rusqlite::Result<_>>()?;
    Ok(Listing { rows, total, more: false })
}

/// How many entries that pass have which status (`none`) and owner (`-`).
fn tallied(
    connection: &Connection,
    filter: &EntryFilter,
    conditions: &Conditions,
) -> rusqlite::Result<BTreeMap<(String, String), u64>> {
    if let Some(of) = kept(filter) {
        let words: Vec<(String, i64)> = connection
            .prepare_cached("SELECT name, n FROM entry_count WHERE facet = ?1 AND n > 0")?
            .query_map([format!("{of}status")], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        return Ok(words.into_iter().map(|(status, n)| ((status, String::new()), natural(n))).collect());
    }
    connection
        .prepare_cached(&format!(
            "SELECT coalesce(status, 'none'), coalesce(owner, '-'), count(*) {} GROUP BY status, owner",
            conditions.from()
        ))?
        .query_map(params_from_iter(&conditions.values), |row| {
            Ok(((row.get(0)?, row.get(1)?), natural(row.get(2)?)))
        })?
        .collect()
}

/// Words by which the entries that pass could be narrowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryFacet {
    /// `status`, `owner`, `area`, `meeting`, `actors`, `recipients`.
    pub name: String,
    /// (word, entries), most first; at most 50. Of `status` the word `none`, of `owner` the word `-` stand for none.
    pub words: Vec<(String, u64)>,
}

/// Under which prefix the numbers of a filter are kept: of all entries that hold, of those that are open; `None`
/// where it asks for more.
fn kept(filter: &EntryFilter) -> Option<&'static str> {
    if *filter == EntryFilter::default() {
        Some("")
    } else if *filter == (EntryFilter { open: true, ..EntryFilter::default() }) {
        Some("open ")
    } else {
        None
    }
}

/// Words of a facet that are given.
const WORDS: usize = 50;

/// The numbers that are kept under a prefix.
fn counted(connection: &Connection, of: &str) -> rusqlite::Result<Vec<EntryFacet>> {
    let mut statement = connection.prepare_cached(
        "SELECT name, n FROM entry_count WHERE facet = ?1 AND n > 0 ORDER BY n DESC, name LIMIT 50",
    )?;
    let mut found = Vec::new();
    for name in ["status", "owner", "area", "meeting", "actors", "recipients"] {
        let words: Vec<(String, u64)> = statement
            .query_map([format!("{of}{name}")], |row| Ok((row.get(0)?, natural(row.get(1)?))))?
            .collect::<rusqlite::Result<_>>()?;
        if !words.is_empty() {
            found.push(EntryFacet { name: name.to_owned(), words });
        }
    }
    Ok(found)
}

fn facets(connection: &Connection, filter: &EntryFilter) -> rusqlite::Result<Vec<EntryFacet>> {
    /// Of a larger part of the register only the numbers by status and owner are counted.
    const NAMED: u64 = 5000;
    if let Some(of) = kept(filter) {
        return counted(connection, of);
    }
    let conditions = Conditions::of(connection, filter)?;
    let tallied = tallied(connection, filter, &conditions)?;
    let total: u64 = tallied.values().sum();
    let mut found = Vec::new();
    let mut counted: [BTreeMap<String, u64>; 2] = Default::default();
    for ((status, owner), count) in tallied {
        *counted[0].entry(status).or_default() += count;
        *counted[1].entry(owner).or_default() += count;
    }
    for (name, words) in ["status", "owner"].into_iter().zip(counted) {
        let mut words: Vec<(String, u64)> = words.into_iter().collect();
        words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        words.truncate(WORDS);
        if !words.is_empty() {
            found.push(EntryFacet { name: name.to_owned(), words });
        }
    }
    if total > NAMED {
        return Ok(found);
    }
    for name in ["area", "meeting", "actors", "recipients"] {
        let query = format!(
            "SELECT narrowed.name AS word, count(*) AS n FROM (SELECT entry.id AS id {}) AS passing
             CROSS JOIN entry_name AS narrowed ON narrowed.entry = passing.id
             WHERE narrowed.facet = '{name}' GROUP BY word ORDER BY n DESC, word LIMIT {WORDS}",
            conditions.from()
        );
        let words: Vec<(String, u64)> = connection
            .prepare_cached(&query)?
            .query_map(params_from_iter(&conditions.values), |row| Ok((row.get(0)?, natural(row.get(1)?))))?
            .collect::<rusqlite::Result<_>>()?;
        if !words.is_empty() {
            found.push(EntryFacet { name: name.to_owned(), words });
        }
    }
    Ok(found)
}

/// Whether the characters of a ground are still held as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroundState {
    /// A page has them.
    Held,
    /// The page has another text now; the old one is kept.
    Changed,
    /// No page has them: the page was withdrawn.
    Gone,
}

/// A ground with where it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroundView {
    /// The ground.
    pub ground: Ground,
    /// Whether it is still held.
    pub state: GroundState,
    /// The page, where one has the text.
    pub page: Option<PageRef>,
}

/// An entry with everything known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryView {
    /// What its events make of it.
    pub entry: Entry,
    /// Its row.
    pub row: EntryRow,
    /// What it rests on.
    pub grounds: Vec<GroundView>,
    /// Entries that are related to it, from their side.
    pub behind: Vec<(LinkVerb, String)>,
    /// Records of the present reading that stand on its characters.
    pub records: Vec<String>,
    /// Every event on it, oldest first, and whether it was undone.
    pub history: Vec<(Event, bool)>,
}

fn ground_view(connection: &Connection, ground: &Ground) -> rusqlite::Result<GroundView> {
    let page = connection
        .prepare_cached(
            "SELECT page.path, page.text_hash, page.paper, page.date, page.page_no FROM page
             WHERE page.text_hash = ?1 ORDER BY page.path <> ?2, page.id LIMIT 1",
        )?
        .query_row(rusqlite::params![ground.text.0, ground.path], |row| page_ref(row, 0))
        .optional()?;
    let state = match &page {
        Some(_) => GroundState::Held,
        None => {
            let there: bool = connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM page WHERE path = ?1)")?
                .query_row([&ground.path], |row| row.get(0))?;
            if there { GroundState::Changed } else { GroundState::Gone }
        }
    };
    Ok(GroundView { ground: ground.clone(), state, page })
}

fn view(connection: &Connection, key: &str) -> rusqlite::Result<Option<EntryView>> {
    let events = chain::on(connection, "subject", key)?;
    let Some(entry) = Entry::fold(key, &events) else { return Ok(None) };
    let row = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM entry WHERE key = ?1"))?
        .query_row([key], entry_row)?;
    let grounds = entry
        .grounds
        .iter()
        .map(|ground| ground_view(connection, ground))
        .collect::<rusqlite::Result<_>>()?;
    let behind: Vec<(String, String)> = connection
        .prepare_cached(
            "SELECT verb, entry.key FROM entry_relation JOIN entry ON entry.id = entry_relation.entry
             WHERE other = ?1 ORDER BY event",
        )?
        .query_map([key], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let records: Vec<String> = connection
        .prepare_cached(
            "SELECT record FROM entry_record JOIN entry ON entry.id = entry_record.entry WHERE entry.key = ?1",
        )?
        .query_map([key], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let gone = undone(&events);
    let behind = behind.into_iter().filter_map(|(verb, key)| Some((LinkVerb::parse(&verb)?, key))).collect();
    let history = events.into_iter().map(|event| (gone.contains(&event.number), event));
    let history = history.map(|(undone, event)| (event, undone)).collect();
    Ok(Some(EntryView { entry, row, grounds, behind, records, history }))
}

fn events(connection: &Connection, after: i64, limit: Option<u32>) -> rusqlite::Result<Vec<KeptEvent>> {
    let limit = limit.map_or(-1, i64::from);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {} FROM event WHERE id > ?1 ORDER BY id LIMIT ?2",
        chain::COLUMNS
    ))?;
    let rows = statement.query_map([after, limit], chain::kept)?;
    rows.collect()
}

impl Reader {
    /// Entries that pass the filter.
    ///
    /// # Errors
    /// What the database gives.
    pub fn entries(
        &self,
        filter: &EntryFilter,
        sort: EntrySort,
        paging: Paging,
    ) -> Result<Listing<EntryRow>, StoreError> {
        self.run(|connection| list(connection, filter, sort, Some(paging)))
    }

    /// Every entry that passes the filter: for exports, agendas and briefs.
    ///
    /// # Errors
    /// What the database gives.
    pub fn all_entries(&self, filter: &EntryFilter, sort: EntrySort) -> Result<Vec<EntryRow>, StoreError> {
        self.run(|connection| list(connection, filter, sort, None)).map(|listing| listing.rows)
    }

    /// The words by which the entries that pass could be narrowed.
    ///
    /// # Errors
    /// What the database gives.
    pub fn entry_facets(&self, filter: &EntryFilter) -> Result<Vec<EntryFacet>, StoreError> {
        self.run(|connection| facets(connection, filter))
    }

    /// How many entries pass.
    ///
    /// # Errors
    /// What the database gives.
    pub fn count_entries(&self, filter: &EntryFilter) -> Result<u64, StoreError> {
        self.run(|connection| {
            let conditions = Conditions::of(connection, filter)?;
            let query = format!("SELECT count(*) {}", conditions.from());
            connection
                .prepare_cached(&query)?
                .query_row(params_from_iter(&conditions.values), |row| row.get(0))
        })
        .map(natural)
    }

    /// An entry by its key.
    ///
    /// # Errors
    /// What the database gives.
    pub fn entry(&self, key: &str) -> Result<Option<EntryView>, StoreError> {
        self.run(|connection| view(connection, key))
    }

    /// Entries that rest on a text: what a page that is read anew or withdrawn would shake.
    ///
    /// # Errors
    /// What the database gives.
    pub fn entries_on(&self, text: TextId) -> Result<Vec<EntryRow>, StoreError> {
        self.run(|connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM entry WHERE id IN
                         (SELECT entry FROM entry_ground WHERE text_hash = ?1) ORDER BY id"
                ))?
                .query_map([text.0], entry_row)?
                .collect()
        })
    }

    /// The entries that stand on a record.
    ///
    /// # Errors
    /// What the database gives.
    pub fn entries_of_record(&self, record: &str) -> Result<Vec<String>, StoreError> {
        self.run(|connection| {
            connection
                .prepare_cached(
                    "SELECT entry.key FROM entry_record JOIN entry ON entry.id = entry_record.entry
                     WHERE entry_record.record = ?1 ORDER BY entry.id",
                )?
                .query_map([record], |row| row.get(0))?
                .collect()
        })
    }

    /// Events after a number, oldest first, as they are kept.
    ///
    /// # Errors
    /// What the database gives.
    pub fn register_events(&self, after: i64, limit: Option<u32>) -> Result<Vec<KeptEvent>, StoreError> {
        self.run(|connection| events(connection, after, limit))
    }

    /// Number and digest of the last event; nothing where there is none.
    ///
    /// # Errors
    /// What the database gives.
    pub fn register_head(&self) -> Result<Option<(i64, [u8; 32])>, StoreError> {
        Ok(self.run(chain::head)?.map(|(number, digest, _)| (number, digest)))
    }

    /// The last event that a person made and that holds: what `undo` takes back.
    ///
    /// # Errors
    /// What the database gives.
    pub fn last_act_of(&self, who: &str) -> Result<Option<Event>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id FROM event WHERE who = ?1 AND verb NOT IN ('undo', 'submit') ORDER BY id DESC",
            )?;
            let mut rows = statement.query([who])?;
            while let Some(row) = rows.next()? {
                let number = row.get(0)?;
                if !is_undone(connection, number)? {
                    return chain::one(connection, number);
                }
            }
            Ok(None)
        })
    }

    /// How many entries have each status; `none` for those never assessed.
    ///
    /// # Errors
    /// What the database gives.
    pub fn status_counts(&self) -> Result<Vec<(Option<Status>, u64)>, StoreError> {
        self.run(|connection| {
            connection
                .prepare_cached(
                    "SELECT status, count(*) FROM entry WHERE taken_back = 0 GROUP BY status ORDER BY status",
                )?
                .query_map([], |row| {
                    let status: Option<String> = row.get(0)?;
                    Ok((status.and_then(|word| Status::parse(&word)), natural(row.get(1)?)))
                })?
                .collect()
        })
    }
}
