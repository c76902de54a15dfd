//! Stories: lists, and one with its established text, witnesses, loci and what rests on it.

use rusqlite::types::Value as Parameter;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use shiliu_text::Span;

use super::page::{ARTICLE_COLUMNS, ArticleSummary, article_summary};
use super::records::{RecordSummary, summaries};
use super::{Listing, Paging, natural};
use crate::store::search::phrase;
use crate::store::search::terms::terms;
use crate::store::{Reader, StoreError, encode, misshapen};

/// Which stories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryFilter {
    /// Words that the headline or the established text holds.
    pub text: Option<String>,
    /// The same words folded (see `Query::fold`): the pages that hold them are found by the index first.
    pub folded: Option<String>,
    /// At least this many printings.
    pub printings: Option<u32>,
    /// A paper that prints it.
    pub paper: Option<String>,
    /// Agency of its dateline.
    pub agency: Option<String>,
    /// First day, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// Only stories with loci that the evidence does not settle.
    pub undecided: bool,
    /// Only stories with substantive differences.
    pub substantive: bool,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StorySort {
    /// Newest first.
    #[default]
    Newest,
    /// Most printings first.
    Printings,
    /// Most substantive differences first.
    Differences,
}

/// A story in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorySummary {
    /// Its key.
    pub key: String,
    /// Headline of its first printing that has one.
    pub headline: Option<String>,
    /// Agency.
    pub agency: Option<String>,
    /// Day of its first printing.
    pub date: Option<String>,
    /// How many printings are held.
    pub printings: u64,
    /// In how many papers.
    pub papers: u64,
    /// Places where printings differ.
    pub loci: u64,
    /// Of these, not settled.
    pub undecided: u64,
    /// Of these, touching a number, date, name or negation.
    pub substantive: u64,
    /// Records that rest on it.
    pub records: u64,
}

/// One printing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessView {
    /// Its siglum.
    pub siglum: String,
    /// The article.
    pub article: ArticleSummary,
    /// `full`, `abridged`, `excerpt`.
    pub relation: String,
    /// Bytes of the article's reading text that print the story.
    pub coverage: Vec<Span>,
    /// Pieces of the established text that it prints unchanged: (bytes of established, bytes of its text).
    pub agreements: Vec<(Span, Span)>,
}

/// What some witnesses read at a locus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingView {
    /// The characters.
    pub text: String,
    /// Departure from the lemma, `None` for the lemma.
    pub kind: Option<String>,
    /// Most likely cause.
    pub cause: Option<String>,
    /// Thousandths.
    pub probability: u32,
    /// (index into [`StoryView::witnesses`], bytes of that article's reading text).
    pub witnesses: Vec<(usize, Span)>,
    /// What speaks for it more than for the lemma, as kinds of evidence in log-odds (milli-nats).
    pub grounds: Vec<(String, i32)>,
}

/// A place where printings differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocusView {
    /// Bytes of the established text.
    pub at: Span,
    /// Index of the lemma.
    pub lemma: usize,
    /// Whether the evidence settles it.
    pub decided: bool,
    /// Thousandths.
    pub confidence: u32,
    /// Shared by the two ends of a moved block.
    pub moved: Option<u32>,
    /// `number`, `date`, `name`, `negation`.
    pub substance: Option<String>,
    /// What may have stood here although no witness has it.
    pub conjecture: Option<String>,
    /// The readings.
    pub readings: Vec<ReadingView>,
}

/// A story that shares text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedView {
    /// The other story.
    pub story: StorySummary,
    /// `shared-passage`, `quotation`, `announcement`, `boilerplate`.
    pub relation: String,
    /// Where: article key and bytes of its reading text.
    pub spans: Vec<(String, Span)>,
}

/// A story with everything known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryView {
    /// Its summary.
    pub summary: StorySummary,
    /// Established text.
    pub established: String,
    /// Its printings in order of their sigla.
    pub witnesses: Vec<WitnessView>,
    /// Loci over `established`.
    pub loci: Vec<LocusView>,
    /// Stories that share text.
    pub related: Vec<RelatedView>,
    /// Records that rest on it, with bytes of `established` for those found in it.
    pub records: Vec<(RecordSummary, Option<Span>)>,
}

const COLUMNS: &str = "story.id, story.key, story.headline, story.agency, story.date, printings, papers,
    loci, undecided, substantive, records";

fn summary(row: &Row<'_>) -> rusqlite::Result<StorySummary> {
    Ok(StorySummary {
        key: row.get(1)?,
        headline: row.get(2)?,
        agency: row.get(3)?,
        date: row.get(4)?,
        printings: natural(row.get(5)?),
        papers: natural(row.get(6)?),
        loci: natural(row.get(7)?),
        undecided: natural(row.get(8)?),
        substantive: natural(row.get(9)?),
        records: natural(row.get(10)?),
    })
}

/// Conditions of a query with the values they speak of.
#[derive(Default)]
pub(super) struct Conditions {
    parts: Vec<String>,
    pub(super) values: Vec<Parameter>,
}

impl Conditions {
    /// Adds a condition; each `?` of it takes the next of `values`.
    pub(super) fn add(&mut self, part: &str, values: impl IntoIterator<Item = Parameter>) {
        self.parts.push(format!("({part})"));
        self.values.extend(values);
    }

    pub(super) fn text(&mut self, part: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.add(part, [Parameter::Text(value.clone())]);
        }
    }

    pub(super) fn clause(&self) -> String {
        if self.parts.is_empty() { String::new() } else { format!("WHERE {}", self.parts.join(" AND ")) }
    }
}

/// Stories that are counted where very many pages hold the words; of more it is said that there are more.
const COUNTED: i64 = 1000;

fn list(
    connection: &Connection,
    filter: &StoryFilter,
    sort: StorySort,
    paging: Paging,
) -> rusqlite::Result<Listing<StorySummary>> {
    let mut conditions = Conditions::default();
    if let Some(text) = &filter.text {
        conditions.add(
            "instr(coalesce(headline, ''), ?) OR instr(established, ?)",
            [Parameter::Text(text.clone()), Parameter::Text(text.clone())],
        );
    }
    // Of words that very many pages hold, stories are met on a walk in order, and not counted to the end.
    let words = filter.folded.as_deref().filter(|words| !terms(words).is_empty());
    let pages: i64 = match words {
        Some(words) => connection
            .prepare_cached(
                "SELECT count(*) FROM (SELECT 1 FROM page_index WHERE page_index MATCH ?1 LIMIT ?2)",
            )?
            .query_row(rusqlite::params![phrase(words), COUNTED + 1], |row| row.get(0))?,
        None => 0,
    };
    let many = pages > COUNTED;
    if let Some(words) = words.filter(|_| !many) {
        conditions.add(
            "story.id IN (SELECT witness.story FROM page_index CROSS JOIN page ON page.newness = page_index.rowid
                 CROSS JOIN fragment ON fragment.page = page.id
                 CROSS JOIN witness ON witness.article = fragment.article WHERE page_index MATCH ?)",
            [Parameter::Text(phrase(words))],
        );
    }
    if let Some(printings) = filter.printings {
        conditions.add("printings >= ?", [Parameter::Integer(i64::from(printings))]);
    }
    conditions.text("agency = ?", filter.agency.as_ref());
    conditions.text("date >= ?", filter.from.as_ref());
    conditions.text("date <= ?", filter.to.as_ref());
    conditions.text(
        "EXISTS (SELECT 1 FROM witness JOIN article ON article.id = witness.article
                 JOIN page ON page.id = article.page JOIN issue ON issue.id = page.issue
                 WHERE witness.story = story.id AND issue.paper = ?)",
        filter.paper.as_ref(),
    );
    if filter.undecided {
        conditions.add("undecided > 0", []);
    }
    if filter.substantive {
        conditions.add("substantive > 0", []);
    }
    let clause = conditions.clause();
    let most = if many { format!("LIMIT {}", COUNTED + 1) } else { String::new() };
    let total: i64 = connection
        .prepare_cached(&format!("SELECT count(*) FROM (SELECT 1 FROM story {clause} {most})"))?
        .query_row(params_from_iter(&conditions.values), |row| row.get(0))?;
    let more = many && total > COUNTED;
    let total = if more { COUNTED } else { total };
    let order = match sort {
        // What holds some words is found by them and then sorted.
        StorySort::Newest if words.is_some() && !many => "+date IS NULL, date DESC, printings DESC, id",
        StorySort::Newest => "date IS NULL, date DESC, printings DESC, id",
        StorySort::Printings if words.is_some() && !many => "+printings DESC, date DESC, id",
        StorySort::Printings => "printings DESC, date DESC, id",
        StorySort::Differences => "substantive DESC, undecided DESC, date DESC, id",
    };
    conditions.values.push(Parameter::Integer(paging.limit()));
    conditions.values.push(Parameter::Integer(i64::from(paging.offset)));
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM story {clause} ORDER BY {order} LIMIT ? OFFSET ?"))?;
    let rows = statement.query_map(params_from_iter(&conditions.values), summary)?;
    Ok(Listing { rows: rows.collect::<rusqlite::Result<_>>()?, total: natural(total), more })
}

fn witnesses(connection: &Connection, story: i64) -> rusqlite::Result<Vec<WitnessView>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {ARTICLE_COLUMNS}, siglum, relation, coverage, agreements FROM witness
         JOIN article ON article.id = witness.article JOIN page ON page.id = article.page
         WHERE witness.story = ?1 ORDER BY witness.ordinal"
    ))?;
    let rows = statement.query_map([story], |row| {
        let coverage: String = row.get(13)?;
        let agreements: Vec<u8> = row.get(14)?;
        Ok(WitnessView {
            siglum: row.get(11)?,
            article: article_summary(connection, row)?,
            relation: row.get(12)?,
            coverage: encode::parse_spans(&coverage).ok_or_else(|| misshapen("witness.coverage"))?,
            agreements: encode::parse_agreements(&agreements)
                .ok_or_else(|| misshapen("witness.agreements"))?,
        })
    })?;
    rows.collect()
}

fn loci(connection: &Connection, story: i64) -> rusqlite::Result<Vec<LocusView>> {
    let mut readings = connection.prepare_cached(
        "SELECT text, kind, cause, probability, witnesses, grounds FROM reading
         WHERE story = ?1 AND locus = ?2 ORDER BY ordinal",
    )?;
    let mut statement = connection.prepare_cached(
        "SELECT ordinal, start, end, lemma, decision, confidence, moved, substance, conjecture FROM locus
         WHERE story = ?1 ORDER BY ordinal",
    )?;
    let mut rows = statement.query([story])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let ordinal: i64 = row.get(0)?;
        let readings = readings.query_map([story, ordinal], |row| {
            let witnesses: String = row.get(4)?;
            let witnesses = encode::parse_placed(&witnesses).ok_or_else(|| misshapen("reading.witnesses"))?;
            Ok(ReadingView {
                text: row.get(0)?,
                kind: row.get(1)?,
                cause: row.get(2)?,
                probability: row.get(3)?,
                witnesses: witnesses
                    .into_iter()
                    .map(|(witness, span)| (usize::try_from(witness).unwrap_or(0), span))
                    .collect(),
                grounds: encode::parse_grounds(&row.get::<_, String>(5)?)
                    .ok_or_else(|| misshapen("reading.grounds"))?,
            })
        })?;
        let decision: String = row.get(4)?;
        found.push(LocusView {
            at: Span { start: row.get(1)?, end: row.get(2)? },
            lemma: usize::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
            decided: decision == "decided",
            confidence: row.get(5)?,
            moved: row.get(6)?,
            substance: row.get(7)?,
            conjecture: row.get(8)?,
            readings: readings.collect::<rusqlite::Result<_>>()?,
        });
    }
    Ok(found)
}

fn related(connection: &Connection, story: i64) -> rusqlite::Result<Vec<RelatedView>> {
    let mut key_of = connection.prepare_cached("SELECT key FROM article WHERE id = ?1")?;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, relation, spans FROM related JOIN story ON story.id = related.other
         WHERE related.story = ?1 ORDER BY related.ordinal"
    ))?;
    let mut rows = statement.query([story])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let spans: String = row.get(12)?;
        let spans = encode::parse_placed(&spans).ok_or_else(|| misshapen("related.spans"))?;
        let spans = spans
            .into_iter()
            .map(|(article, span)| Ok((key_of.query_row([article], |row| row.get(0))?, span)))
            .collect::<rusqlite::Result<_>>()?;
        found.push(RelatedView { story: summary(row)?, relation: row.get(11)?, spans });
    }
    Ok(found)
}

fn records(connection: &Connection, story: i64) -> rusqlite::Result<Vec<(RecordSummary, Option<Span>)>> {
    let mut statement = connection.prepare_cached(
        "SELECT record.id, record.story = ?1, record.start, record.end FROM record_story
         JOIN record ON record.id = record_story.record WHERE record_story.story = ?1
         ORDER BY record.story <> ?1, record.start, record.id",
    )?;
    let rows = statement.query_map([story], |row| {
        let own: bool = row.get(1)?;
        let at = Span { start: row.get(2)?, end: row.get(3)? };
        Ok((row.get::<_, i64>(0)?, own.then_some(at)))
    })?;
    let found: Vec<(i64, Option<Span>)> = rows.collect::<rusqlite::Result<_>>()?;
    let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
    Ok(summaries(connection, &ids)?.into_iter().zip(found.into_iter().map(|(_, at)| at)).collect())
}

fn view(connection: &Connection, key: &str) -> rusqlite::Result<Option<StoryView>> {
    let query = format!("SELECT {COLUMNS}, established FROM story WHERE key = ?1");
    let by_key = |key: &str| {
        connection
            .query_row(&query, [key], |row| {
                Ok((row.get::<_, i64>(0)?, summary(row)?, row.get::<_, String>(11)?))
            })
            .optional()
    };
    let mut found = by_key(key)?;
    if found.is_none() {
        // A story is named after its smallest article: a name that a merge took away is still an article's.
        let now: Option<String> = connection
            .query_row(
                "SELECT story.key FROM article JOIN witness ON witness.article = article.id
                 JOIN story ON story.id = witness.story WHERE article.key = ?1
                 ORDER BY story.printings DESC, story.id LIMIT 1",
                [key],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(now) = now {
            found = by_key(&now)?;
        }
    }
    let Some((id, summary, established)) = found else { return Ok(None) };
    Ok(Some(StoryView {
        summary,
        established,
        witnesses: witnesses(connection, id)?,
        loci: loci(connection, id)?,
        related: related(connection, id)?,
        records: records(connection, id)?,
    }))
}

impl Reader {
    /// Stories that pass the filter.
    ///
    /// # Errors
    /// What the database gives.
    pub fn stories(
        &self,
        filter: &StoryFilter,
        sort: StorySort,
        paging: Paging,
    ) -> Result<Listing<StorySummary>, StoreError> {
        self.run(|connection| list(connection, filter, sort, paging))
    }

    /// The summary of a story by its key.
    ///
    /// # Errors
    /// What the database gives.
    pub fn story_summary(&self, key: &str) -> Result<Option<StorySummary>, StoreError> {
        self.run(|connection| {
            connection
                .prepare_cached(&format!("SELECT {COLUMNS} FROM story WHERE key = ?1"))?
                .query_row([key], summary)
                .optional()
        })
    }

    /// The texts of the readings at a locus of a story, by its place among them.
    ///
    /// # Errors
    /// What the database gives.
    pub fn readings_at(&self, key: &str, locus: usize) -> Result<Vec<String>, StoreError> {
        self.run(|connection| {
            connection
                .prepare_cached(
                    "SELECT reading.text FROM story JOIN reading ON reading.story = story.id
                     WHERE story.key = ?1 AND reading.locus = ?2 ORDER BY reading.ordinal",
                )?
                .query_map(rusqlite::params![key, locus as i64 + 1], |row| row.get(0))?
                .collect()
        })
    }

    /// A story by its key, or by the key of any article that prints it.
    ///
    /// # Errors
    /// What the database gives.
    pub fn story(&self, key: &str) -> Result<Option<StoryView>, StoreError> {
        self.run(|connection| view(connection, key))
    }
}
