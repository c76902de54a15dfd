//! Records: lists with facets, and one with its fields, evidence, alternatives and links.

use std::collections::BTreeMap;

use rusqlite::types::Value as Parameter;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use shiliu_ledger::Kind;
use shiliu_text::Span;

use super::narrow::{self, Passing, listed, ordered};
use super::stories::Conditions;
use super::{FieldValue, Listing, PAGE_COLUMNS, PageRef, Paging, characters, natural, page_ref};
use crate::store::derived::tally::{DELIVERED, DUE, PROMISED};
use crate::store::{Reader, StoreError, encode, misshapen};

/// Which records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// Kinds; empty for all.
    pub kinds: Vec<Kind>,
    /// (facet, word) pairs that must all hold: `force`, `status`, `actors`, `area`, `sector`, `meeting`,
    /// `name`, `participants`, `countries` … (see [`Facet`]).
    pub facets: Vec<(String, String)>,
    /// At least this many independent origins.
    pub origins: Option<u32>,
    /// Words that the record's printed text or fields hold, already folded (see `Query::fold`).
    pub text: Option<String>,
    /// A body by its name, in any field that names bodies.
    pub body: Option<String>,
    /// A paper that prints it.
    pub paper: Option<String>,
    /// First day of its story, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// Only records with a deadline.
    pub deadline: bool,
    /// Only promises that are no stances.
    pub promises: bool,
    /// Only those without a deadline.
    pub undated: bool,
    /// Promises with one of these deadlines (EDTF) that can fall due.
    pub due: Option<Due>,
    /// A mark that it must have (`stance`).
    pub flag: Option<String>,
    /// One row for records that are the same thing.
    pub once: bool,
}

/// Promises of the mechanism with a deadline; stances, reports of what is done and promises of no party left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The deadlines (EDTF), as [`Reader::deadlines`] gives them.
    pub deadlines: Vec<String>,
    /// Those that another record tells as done, instead of those that none does.
    pub kept: bool,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordSort {
    /// By story and place.
    #[default]
    Place,
    /// What a desk asks for first: promises, projects, instruments, meetings; then by independent origins. Reporters
    /// come last.
    Weight,
    /// Newest first.
    Newest,
    /// Most independent origins first.
    Origins,
    /// Earliest deadline first, those without last.
    Deadline,
}

/// Words of one facet among the records that pass, with their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// Its name: a field's, or `kind`.
    pub name: String,
    /// (word, records), most first; at most 50. The number is 0 where more records pass than are counted.
    pub words: Vec<(String, u64)>,
}

/// A record in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSummary {
    /// Its key.
    pub key: String,
    /// What it is about.
    pub kind: Kind,
    /// The name, or the first printed words.
    pub label: String,
    /// Key of its own story.
    pub story: String,
    /// Day of that story.
    pub date: Option<String>,
    /// How many independent origins say it.
    pub origins: u64,
    /// How many printings say it, those of the records that are the same thing included.
    pub printings: u64,
    /// Marks.
    pub flags: Vec<String>,
    /// The row or rule that found it.
    pub rule: String,
    /// Its fields (name, value), in the order of the contract.
    pub fields: Vec<(String, FieldValue)>,
    /// How many records say the same thing, itself included.
    pub same: u64,
}

impl RecordSummary {
    /// A field's value.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&FieldValue> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A field's text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_text()
    }
}

/// One printing's characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceView {
    /// Key of the story.
    pub story: String,
    /// The witness.
    pub siglum: String,
    /// Key of the article.
    pub article: String,
    /// Its headline.
    pub headline: Option<String>,
    /// The page.
    pub page: PageRef,
    /// Bytes of the page, in parts where foreign text interrupts.
    pub spans: Vec<Span>,
    /// The exact characters of the parts, joined.
    pub text: String,
    /// Up to 32 characters before.
    pub before: String,
    /// Up to 32 characters after.
    pub after: String,
}

/// A field with its basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: FieldValue,
    /// Whether a page prints it.
    pub printed: bool,
    /// What it follows from where it is not printed.
    pub basis: String,
    /// The characters that say so, by printing.
    pub evidence: Vec<EvidenceView>,
}

/// What another reading of an undecided locus would give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlternativeView {
    /// Bytes of the story's established text.
    pub at: Span,
    /// The other reading.
    pub reading: String,
    /// Fields that would differ; empty where the record would not be there.
    pub fields: Vec<(String, FieldValue)>,
}

/// A link as seen from one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    /// `restates`, `delivers`, `revises`, `contradicts`, `part-of`, `same-as`.
    pub verb: String,
    /// Whether this record is the one that restates, delivers …; `false` where the other does it to this one.
    pub outgoing: bool,
    /// The other record; `None` where it is a promise that no held page prints.
    pub other: Option<RecordSummary>,
    /// The rule that found it.
    pub rule: String,
}

/// A record with everything known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordView {
    /// Its summary.
    pub summary: RecordSummary,
    /// Bytes of its story's established text.
    pub at: Span,
    /// Its fields with their bases.
    pub fields: Vec<FieldView>,
    /// Its evidence, one item for each printing.
    pub evidence: Vec<EvidenceView>,
    /// What other readings would give.
    pub alternatives: Vec<AlternativeView>,
    /// Links both ways.
    pub links: Vec<LinkView>,
    /// Stories that say it, its own first: key and headline.
    pub stories: Vec<(String, Option<String>)>,
}

const COLUMNS: &str = "record.id, record.key, record.kind, record.label, story.key, record.day,
    record.origins, (SELECT sum(printings) FROM record AS twin WHERE twin.same = record.same),
    record.flags, record.rule,
    (SELECT count(*) FROM record AS twin WHERE twin.same = record.same)";

/// Facets that lists offer, in this order: the one list of their names.
pub const FACETS: &[&str] = &[
    "meeting",
    "force",
    "status",
    "actors",
    "recipients",
    "area",
    "sector",
    "type",
    "host",
    "parent",
    "modality",
    "polarity",
    "countries",
    "country",
    "participants",
    "parties",
    "measure",
    "unit",
    "mode",
    "role",
    "speaker",
];
const MOST_WORDS: u32 = 50;

fn fields_of(
    connection: &Connection,
    record: i64,
) -> rusqlite::Result<Vec<(String, FieldValue, bool, String)>> {
    let mut statement = connection
        .prepare_cached("SELECT name, value, printed, basis FROM field WHERE record = ?1 ORDER BY ordinal")?;
    let rows = statement.query_map([record], |row| {
        let value: String = row.get(1)?;
        let value = encode::parse_value(&value).ok_or_else(|| misshapen("field.value"))?;
        Ok((row.get(0)?, value, row.get(2)?, row.get(3)?))
    })?;
    rows.collect()
}

fn summary(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<RecordSummary> {
    let kind: String = row.get(2)?;
    let flags: String = row.get(8)?;
    let fields = fields_of(connection, row.get(0)?)?;
    Ok(RecordSummary {
        key: row.get(1)?,
        kind: Kind::parse(&kind).ok_or_else(|| misshapen("record.kind"))?,
        label: row.get(3)?,
        story: row.get(4)?,
        date: row.get(5)?,
        origins: natural(row.get(6)?),
        printings: natural(row.get(7)?),
        flags: flags.split_ascii_whitespace().map(str::to_owned).collect(),
        rule: row.get(9)?,
        fields: fields.into_iter().map(|(name, value, ..)| (name, value)).collect(),
        same: natural(row.get(10)?),
    })
}

/// The summaries of rows, in their order.
pub(super) fn summaries(connection: &Connection, ids: &[i64]) -> rusqlite::Result<Vec<RecordSummary>> {
    let query =
        format!("SELECT {COLUMNS} FROM record JOIN story ON story.id = record.story WHERE record.id = ?1");
    let mut statement = connection.prepare_cached(&query)?;
    ids.iter().map(|id| statement.query_row([id], |row| summary(connection, row))).collect()
}

pub(super) fn list(
    connection: &Connection,
    filter: &RecordFilter,
    passing: Option<&Passing>,
    sort: RecordSort,
    paging: Paging,
) -> rusqlite::Result<Listing<RecordSummary>> {
    let (total, more) = match passing {
        Some(passing) => passing.total(),
        None => {
            let kinds = kept_words(connection, filter, "kind")?;
            (kinds.into_iter().map(|(_, count)| count).sum(), false)
        }
    };
    let many = more || total > narrow::COUNTED as u64;
    let ids = ordered(connection, filter, (passing, many), sort, paging)?;
    Ok(Listing { rows: summaries(connection, &ids)?, total, more })
}

/// Whether a filter asks for no more than kinds: its numbers are kept.
fn is_plain(filter: &RecordFilter) -> bool {
    RecordFilter { kinds: filter.kinds.clone(), once: filter.once, ..RecordFilter::default() } == *filter
}

/// The words of a facet with their numbers as they are kept, whatever else than kinds the filter asks for.
fn kept_words(
    connection: &Connection,
    filter: &RecordFilter,
    facet: &str,
) -> rusqlite::Result<Vec<(String, u64)>> {
    let mut kinds = Conditions::default();
    kinds.add(
        "once = ? AND facet = ?",
        [Parameter::Integer(i64::from(filter.once)), Parameter::Text(facet.to_owned())],
    );
    if !filter.kinds.is_empty() {
        let slots = vec!["?"; filter.kinds.len()].join(", ");
        let words = filter.kinds.iter().map(|kind| Parameter::Text(kind.as_str().to_owned()));
        kinds.add(&format!("kind IN ({slots})"), words);
    }
    connection
        .prepare_cached(&format!(
            "SELECT word, sum(n) AS total FROM tally {} GROUP BY word ORDER BY total DESC, word LIMIT {MOST_WORDS}",
            kinds.clause()
        ))?
        .query_map(params_from_iter(&kinds.values), |row| Ok((row.get(0)?, natural(row.get(1)?))))?
        .collect()
}

fn facets(
    connection: &Connection,
    filter: &RecordFilter,
    passing: Option<&Passing>,
) -> rusqlite::Result<Vec<Facet>> {
    let shown = || ["kind"].into_iter().chain(FACETS.iter().copied());
    let ids = match passing {
        Some(Passing::All(ids)) => ids,
        given => {
            let mut found = Vec::new();
            for name in shown() {
                let mut words = kept_words(connection, filter, name)?;
                if given.is_some() {
                    words.iter_mut().for_each(|(_, count)| *count = 0);
                }
                if !words.is_empty() {
                    found.push(Facet { name: name.to_owned(), words });
                }
            }
            return Ok(found);
        }
    };
    let mut words: BTreeMap<String, Vec<(String, u64)>> = BTreeMap::new();
    for query in [
        "SELECT 'kind', kind, count(*) AS n FROM json_each(?1) AS given
         CROSS JOIN record ON record.id = given.value GROUP BY kind ORDER BY n DESC, kind",
        "SELECT facet, word, count(*) AS n FROM json_each(?1) AS given
         CROSS JOIN term ON term.record = given.value GROUP BY facet, word ORDER BY facet, n DESC, word",
    ] {
        let mut statement = connection.prepare_cached(query)?;
        let mut rows = statement.query([listed(ids)])?;
        while let Some(row) = rows.next()? {
            words.entry(row.get(0)?).or_default().push((row.get(1)?, natural(row.get(2)?)));
        }
    }
    Ok(shown()
        .filter_map(|name| {
            let mut words = words.remove(name)?;
            words.truncate(MOST_WORDS as usize);
            Some(Facet { name: name.to_owned(), words })
        })
        .collect())
}

fn evidence(
    connection: &Connection,
    record: i64,
    which: &str,
) -> rusqlite::Result<BTreeMap<String, Vec<EvidenceView>>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {PAGE_COLUMNS}, evidence.field, story.key, witness.siglum, article.key, article.headline,
                evidence.spans, layer.text
         FROM evidence JOIN page ON page.id = evidence.page JOIN layer ON layer.hash = page.text_hash
         JOIN story ON story.id = evidence.story JOIN article ON article.id = evidence.article
         JOIN witness ON witness.story = evidence.story AND witness.ordinal = evidence.witness
         WHERE evidence.record = ?1 {which} ORDER BY evidence.field, evidence.ordinal"
    ))?;
    let mut rows = statement.query([record])?;
    let mut found: BTreeMap<String, Vec<EvidenceView>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let spans: String = row.get(10)?;
        let spans = encode::parse_spans(&spans).ok_or_else(|| misshapen("evidence.spans"))?;
        let text = row.get_ref(11)?.as_str()?;
        let (first, last) = (spans.first().copied().unwrap_or_default(), spans.last().copied());
        let (before, after) = crate::store::corrections::context(text, first, last.unwrap_or(first));
        found.entry(row.get(5)?).or_default().push(EvidenceView {
            page: page_ref(row, 0)?,
            story: row.get(6)?,
            siglum: row.get(7)?,
            article: row.get(8)?,
            headline: row.get(9)?,
            text: spans.iter().map(|span| characters(text, *span)).collect(),
            spans,
            before,
            after,
        });
    }
    Ok(found)
}

fn links(connection: &Connection, record: i64) -> rusqlite::Result<Vec<LinkView>> {
    let mut statement = connection.prepare_cached(
        "SELECT source, target, verb, rule FROM link WHERE source = ?1 OR target = ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([record])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (source, target): (Option<i64>, i64) = (row.get(0)?, row.get(1)?);
        let outgoing = source == Some(record);
        let other = if outgoing { Some(target) } else { source };
        let other = match other {
            Some(other) => summaries(connection, &[other])?.pop(),
            None => None,
        };
        found.push(LinkView { verb: row.get(2)?, outgoing, other, rule: row.get(3)? });
    }
    Ok(found)
}

fn view(connection: &Connection, key: &str) -> rusqlite::Result<Option<RecordView>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, record.start, record.end FROM record JOIN story ON story.id = record.story
         WHERE record.key = ?1"
    ))?;
    let mut rows = statement.query([key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let id: i64 = row.get(0)?;
    let mut evidence = evidence(connection, id, "")?;
    let fields = fields_of(connection, id)?
        .into_iter()
        .map(|(name, value, printed, basis)| {
            let evidence = evidence.remove(&name).unwrap_or_default();
            FieldView { name, value, printed, basis, evidence }
        })
        .collect();
    let mut alternatives = connection.prepare_cached(
        "SELECT start, end, reading, fields FROM alternative WHERE record = ?1 ORDER BY ordinal",
    )?;
    let alternatives = alternatives.query_map([id], |row| {
        let fields: String = row.get(3)?;
        let Some(FieldValue::Map(fields)) = encode::parse_value(&fields) else {
            return Err(misshapen("alternative.fields"));
        };
        let at = Span { start: row.get(0)?, end: row.get(1)? };
        Ok(AlternativeView { at, reading: row.get(2)?, fields })
    })?;
    let mut stories = connection.prepare_cached(
        "SELECT story.key, story.headline FROM record_story JOIN story ON story.id = record_story.story
         WHERE record = ?1 ORDER BY ordinal",
    )?;
    let stories = stories.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Some(RecordView {
        summary: summary(connection, row)?,
        at: Span { start: row.get(11)?, end: row.get(12)? },
        fields,
        evidence: evidence.remove("").unwrap_or_default(),
        alternatives: alternatives.collect::<rusqlite::Result<_>>()?,
        links: links(connection, id)?,
        stories: stories.collect::<rusqlite::Result<_>>()?,
    }))
}

impl Reader {
    /// What passes a filter that asks for more than kinds: found once for a list and its facets.
    fn passing(&self, filter: &RecordFilter) -> Result<Option<Passing>, StoreError> {
        if is_plain(filter) {
            // One kind has an index in every order; of several, few are found by their kinds and sorted.
            let counted = self.run(|connection| kept_words(connection, filter, "kind"))?;
            let total: u64 = counted.into_iter().map(|(_, count)| count).sum();
            if filter.kinds.len() < 2 || total > narrow::COUNTED as u64 {
                return Ok(None);
            }
        }
        let known = self.passing.borrow().as_ref().filter(|(known, _)| known == filter).cloned();
        if let Some((_, passing)) = known {
            return Ok(Some(passing));
        }
        let passing = self.run(|connection| narrow::passing(connection, filter))?;
        *self.passing.borrow_mut() = Some((filter.clone(), passing.clone()));
        Ok(Some(passing))
    }

    /// Records that pass the filter. More than 5000 are not counted to the end, unless they are asked for by kinds only.
    ///
    /// # Errors
    /// What the database gives.
    pub fn records(
        &self,
        filter: &RecordFilter,
        sort: RecordSort,
        paging: Paging,
    ) -> Result<Listing<RecordSummary>, StoreError> {
        let passing = self.passing(filter)?;
        self.run(|connection| list(connection, filter, passing.as_ref(), sort, paging))
    }

    /// The words by which the records that pass could be narrowed, with their numbers.
    ///
    /// # Errors
    /// What the database gives.
    pub fn facets(&self, filter: &RecordFilter) -> Result<Vec<Facet>, StoreError> {
        let passing = self.passing(filter)?;
        self.run(|connection| facets(connection, filter, passing.as_ref()))
    }

    /// The first printing that says a record.
    ///
    /// # Errors
    /// What the database gives.
    pub fn first_evidence(&self, key: &str) -> Result<Option<EvidenceView>, StoreError> {
        self.run(|connection| {
            let id: Option<i64> = connection
                .prepare_cached("SELECT id FROM record WHERE key = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()?;
            let Some(id) = id else { return Ok(None) };
            let mut found = evidence(connection, id, "AND evidence.field = '' AND evidence.ordinal = 1")?;
            Ok(found.remove("").and_then(|mut first| first.pop()))
        })
    }

    /// Links of a record, both ways.
    ///
    /// # Errors
    /// What the database gives.
    pub fn links(&self, key: &str) -> Result<Vec<LinkView>, StoreError> {
        self.run(|connection| {
            let id: Option<i64> = connection
                .prepare_cached("SELECT id FROM record WHERE key = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()?;
            id.map_or(Ok(Vec::new()), |id| links(connection, id))
        })
    }

    /// Promises that fall due: with a deadline, of parties of the mechanism, not told as done; stances left out, each thing
    /// once: every deadline (EDTF) with their number. With `kept` those that another record tells as done instead.
    ///
    /// # Errors
    /// What the database gives.
    pub fn deadlines(&self, kept: bool) -> Result<Vec<(String, u64)>, StoreError> {
        self.run(|connection| {
            connection
                .prepare_cached("SELECT word, n FROM tally WHERE once = 1 AND facet = ?1 ORDER BY word")?
                .query_map([if kept { "kept" } else { "deadline" }], |row| {
                    Ok((row.get(0)?, natural(row.get(1)?)))
                })?
                .collect()
        })
    }

    /// The first promises of one deadline, by place, as [`Reader::deadlines`] counts them.
    ///
    /// # Errors
    /// What the database gives.
    pub fn due_at(&self, deadline: &str, kept: bool, most: u32) -> Result<Vec<RecordSummary>, StoreError> {
        let not = if kept { "" } else { "NOT" };
        self.run(|connection| {
            let ids: Vec<i64> = connection
                .prepare_cached(&format!(
                    "SELECT id FROM record WHERE deadline = ?1 AND +{PROMISED} AND +same = id
                     AND {DUE} AND {not} {DELIVERED} ORDER BY id LIMIT ?2"
                ))?
                .query_map(rusqlite::params![deadline, most], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            summaries(connection, &ids)
        })
    }

    /// How many promises one party made to another: (from, to, promises).
    ///
    /// # Errors
    /// What the database gives.
    pub fn promised_pairs(&self) -> Result<Vec<(String, String, u64)>, StoreError> {
        self.run(|connection| {
            let rows: Vec<(String, u64)> = connection
                .prepare_cached("SELECT word, n FROM tally WHERE once = 1 AND facet = 'pair' ORDER BY word")?
                .query_map([], |row| Ok((row.get(0)?, natural(row.get(1)?))))?
                .collect::<rusqlite::Result<_>>()?;
            let pair = |(word, count): (String, u64)| {
                let (from, to) = word.split_once('\n')?;
                Some((from.to_owned(), to.to_owned(), count))
            };
            Ok(rows.into_iter().filter_map(pair).collect())
        })
    }

    /// A record by its key.
    ///
    /// # Errors
    /// What the database gives.
    pub fn record(&self, key: &str) -> Result<Option<RecordView>, StoreError> {
        self.run(|connection| view(connection, key))
    }
}
