//! One page with everything on it, and one article.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row};
use shiliu_text::{SourceId, Span, TextId};

use super::records::{RecordSummary, summaries};
use super::{PAGE_COLUMNS, PageRef, Place, page_of_row, page_ref, places};
use crate::store::{Reader, StoreError, encode, misshapen};

/// A value with its basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidenced {
    /// The value.
    pub value: String,
    /// Whether a page prints it.
    pub printed: bool,
    /// The characters that say so or that it rests on.
    pub places: Vec<Place>,
    /// What it follows from where it is not printed.
    pub evidence: String,
}

/// How a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageText<'a> {
    /// By its path.
    Path(&'a str),
    /// By the hash of its text; the first of several pages by path.
    Hash(TextId),
}

/// A page with everything on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageView {
    /// The page.
    pub page: PageRef,
    /// Its source.
    pub source: SourceId,
    /// `text`, `markdown`, `html`, `pdf`, `alto`, `page`, `hocr`.
    pub format: String,
    /// Name of its encoding.
    pub encoding: String,
    /// The issue it belongs to.
    pub issue: String,
    /// Paper with its basis.
    pub paper: Option<Evidenced>,
    /// Issue date with its basis.
    pub date: Option<Evidenced>,
    /// Page number with its basis.
    pub page_no: Option<Evidenced>,
    /// Its characters.
    pub text: Arc<str>,
    /// Zones: a partition of the text.
    pub zones: Vec<ZoneView>,
    /// Dates and figures on it.
    pub mentions: Vec<MentionView>,
    /// Articles with characters on it, in order of their first.
    pub articles: Vec<ArticleSummary>,
    /// Records with evidence on it: the record and its spans here.
    pub records: Vec<(RecordSummary, Vec<Span>)>,
    /// Other pages with the same text.
    pub twins: Vec<PageRef>,
    /// Pages before and after it in its issue.
    pub neighbours: (Option<PageRef>, Option<PageRef>),
}

/// A stretch of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneView {
    /// Bytes of the page.
    pub span: Span,
    /// Its role, in the words of the contract.
    pub role: String,
    /// Whether it is a second copy.
    pub duplicate: bool,
    /// Keys of the articles it belongs to.
    pub articles: Vec<String>,
}

/// A date or figure on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MentionView {
    /// Bytes of the page, in parts where foreign text interrupts.
    pub spans: Vec<Span>,
    /// Key of its article.
    pub article: Option<String>,
    /// Its type, in the words of the contract.
    pub kind: String,
    /// EDTF, ISO 8601 or the decimal number.
    pub value: Option<String>,
    /// Unit of a figure.
    pub unit: Option<String>,
    /// Lower end of a range, and whether it is open.
    pub low: Option<(String, bool)>,
    /// Upper end of a range, and whether it is open.
    pub high: Option<(String, bool)>,
    /// `=` `>` `>=` `<` `<=` `~`.
    pub bound: String,
    /// Part of day.
    pub part: Option<String>,
    /// Time zone.
    pub zone: Option<String>,
    /// The reference date, where it was used.
    pub reference: Option<String>,
    /// The bare number inside.
    pub numeral: Option<Span>,
    /// Marks.
    pub flags: Vec<String>,
    /// The row or rule that found it.
    pub rule: String,
}

/// An article in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleSummary {
    /// Its key.
    pub key: String,
    /// The page it starts on.
    pub page: PageRef,
    /// Its headline.
    pub headline: Option<String>,
    /// Its byline.
    pub byline: Option<String>,
    /// Agency of its dateline.
    pub agency: Option<String>,
    /// `complete`, `continuation`, `continues`, `cut`.
    pub status: String,
    /// Its stretches in reading order.
    pub fragments: Vec<Place>,
    /// The story it prints: key and number of printings.
    pub story: Option<(String, u64)>,
}

/// A stretch of a reading text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPiece {
    /// Bytes of the reading text.
    pub at: Span,
    /// Index into [`ArticleView::pages`] and bytes of that page; `None` where a rule put characters in.
    pub from: Option<(usize, Span)>,
    /// Whether both sides hold the same characters.
    pub verbatim: bool,
}

/// A jump line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JumpView {
    /// Page number as printed.
    pub page_no: Option<String>,
    /// Numbered label.
    pub label: Option<u32>,
    /// The page it was resolved to.
    pub page: Option<PageRef>,
    /// The line's characters.
    pub places: Vec<Place>,
}

/// An article with everything known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleView {
    /// Its summary.
    pub summary: ArticleSummary,
    /// Headline with its characters.
    pub headline: Option<Evidenced>,
    /// Line above it.
    pub kicker: Option<Evidenced>,
    /// Line under it.
    pub deck: Option<Evidenced>,
    /// Author line.
    pub byline: Option<Evidenced>,
    /// Place of the dateline.
    pub place: Option<Evidenced>,
    /// Agency of the dateline.
    pub agency: Option<Evidenced>,
    /// Day of the dateline.
    pub date: Option<Evidenced>,
    /// Jump line that it comes from.
    pub jump_from: Option<JumpView>,
    /// Jump line that it goes to.
    pub jump_to: Option<JumpView>,
    /// `here`, `elsewhere`, `lost`.
    pub head: String,
    /// `here`, `elsewhere`, `lost`.
    pub tail: String,
    /// Places (empty spans) after which text is missing.
    pub losses: Vec<Place>,
    /// Day that relative dates count from.
    pub reference: Option<Evidenced>,
    /// Reading text.
    pub text: String,
    /// Pages that `map` speaks of.
    pub pages: Vec<PageRef>,
    /// The way back from the reading text.
    pub map: Vec<TextPiece>,
    /// Every story it prints, with the relation.
    pub stories: Vec<(String, String)>,
}

impl ArticleView {
    /// Where characters of the reading text stand on the pages: adjacent stretches of one page are one.
    #[must_use]
    pub fn trace(&self, span: Span) -> Vec<Place> {
        let mut found: Vec<(usize, Span)> = Vec::new();
        for piece in &self.map {
            let (Some(shared), Some((page, from))) = (piece.at.intersect(span), piece.from) else { continue };
            let part = if piece.verbatim {
                let shift = shared.start - piece.at.start;
                Span { start: from.start + shift, end: from.start + shift + (shared.end - shared.start) }
            } else {
                from
            };
            match found.last_mut() {
                Some((last, known)) if *last == page && known.end == part.start => known.end = part.end,
                Some(last) if *last == (page, part) => {}
                _ => found.push((page, part)),
            }
        }
        found.into_iter().map(|(page, span)| Place { page: self.pages[page].clone(), span }).collect()
    }
}

pub(super) fn evidenced(
    connection: &Connection,
    value: Option<String>,
    basis: Option<String>,
) -> rusqlite::Result<Option<Evidenced>> {
    let Some(value) = value else { return Ok(None) };
    let basis = basis.unwrap_or_default();
    let (printed, placed, evidence) = match encode::parse_basis(&basis) {
        Some(stored) => (stored.printed, stored.places, stored.evidence),
        // An excerpt keeps its places only: it is printed by its nature.
        None => (true, encode::parse_placed(&basis).ok_or_else(|| misshapen("basis"))?, String::new()),
    };
    Ok(Some(Evidenced { value, printed, places: places(connection, &placed)?, evidence }))
}

pub(super) const ARTICLE_COLUMNS: &str = "article.id, article.key, article.headline, article.byline,
    article.agency, article.status, page.path, page.text_hash, page.paper, page.date, page.page_no";

pub(super) fn article_summary(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<ArticleSummary> {
    let id: i64 = row.get(0)?;
    let mut statement = connection
        .prepare_cached("SELECT page, start, end FROM fragment WHERE article = ?1 ORDER BY ordinal")?;
    let fragments =
        statement.query_map([id], |row| Ok((row.get(0)?, Span { start: row.get(1)?, end: row.get(2)? })))?;
    let fragments: Vec<(i64, Span)> = fragments.collect::<rusqlite::Result<_>>()?;
    let story = connection
        .prepare_cached(
            "SELECT story.key, story.printings FROM witness JOIN story ON story.id = witness.story
             WHERE witness.article = ?1 ORDER BY story.printings DESC, story.id LIMIT 1",
        )?
        .query_row([id], |row| Ok((row.get(0)?, super::natural(row.get(1)?))))
        .optional()?;
    Ok(ArticleSummary {
        key: row.get(1)?,
        page: page_ref(row, 6)?,
        headline: row.get(2)?,
        byline: row.get(3)?,
        agency: row.get(4)?,
        status: row.get(5)?,
        fragments: places(connection, &fragments)?,
        story,
    })
}

fn zones_of(connection: &Connection, page: i64) -> rusqlite::Result<Vec<ZoneView>> {
    let mut keys: BTreeMap<i64, String> = BTreeMap::new();
    let mut key_of = connection.prepare_cached("SELECT key FROM article WHERE id = ?1")?;
    let mut statement = connection.prepare_cached(
        "SELECT start, end, role, duplicate, articles FROM zone WHERE page = ?1 ORDER BY ordinal",
    )?;
    let mut rows = statement.query([page])?;
    let mut zones = Vec::new();
    while let Some(row) = rows.next()? {
        let listed: String = row.get(4)?;
        let mut articles = Vec::new();
        for id in encode::parse_numbers(&listed).ok_or_else(|| misshapen("zone.articles"))? {
            if let std::collections::btree_map::Entry::Vacant(slot) = keys.entry(id) {
                slot.insert(key_of.query_row([id], |row| row.get(0))?);
            }
            articles.push(keys[&id].clone());
        }
        zones.push(ZoneView {
            span: Span { start: row.get(0)?, end: row.get(1)? },
            role: row.get(2)?,
            duplicate: row.get(3)?,
            articles,
        });
    }
    Ok(zones)
}

fn mentions_of(connection: &Connection, page: i64) -> rusqlite::Result<Vec<MentionView>> {
    let mut statement = connection.prepare_cached(
        "SELECT spans, article.key, kind, value, unit, low, low_open, high, high_open, bound, part, zone,
                mention.reference, numeral, flags, rule
         FROM mention LEFT JOIN article ON article.id = mention.article
         WHERE mention.page = ?1 ORDER BY mention.id",
    )?;
    let rows = statement.query_map([page], |row| {
        let spans: String = row.get(0)?;
        let numeral: Option<String> = row.get(13)?;
        let (low, high): (Option<String>, Option<String>) = (row.get(5)?, row.get(7)?);
        let (low_open, high_open): (bool, bool) = (row.get(6)?, row.get(8)?);
        let flags: String = row.get(14)?;
        Ok(MentionView {
            spans: encode::parse_spans(&spans).ok_or_else(|| misshapen("mention.spans"))?,
            article: row.get(1)?,
            kind: row.get(2)?,
            value: row.get(3)?,
            unit: row.get(4)?,
            low: low.map(|low| (low, low_open)),
            high: high.map(|high| (high, high_open)),
            bound: row.get(9)?,
            part: row.get(10)?,
            zone: row.get(11)?,
            reference: row.get(12)?,
            numeral: numeral.as_deref().and_then(encode::parse_span),
            flags: flags.split_ascii_whitespace().map(str::to_owned).collect(),
            rule: row.get(15)?,
        })
    })?;
    rows.collect()
}

fn neighbours(connection: &Connection, page: i64) -> rusqlite::Result<(Option<PageRef>, Option<PageRef>)> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM page WHERE issue = (SELECT issue FROM page WHERE id = ?1)
         ORDER BY page_no IS NULL, length(page_no), page_no, path",
    )?;
    let ids: Vec<i64> = statement.query_map([page], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let at = ids.iter().position(|&id| id == page).unwrap_or(0);
    let of = |id: Option<&i64>| id.map(|&id| page_of_row(connection, id)).transpose();
    Ok((of(at.checked_sub(1).and_then(|before| ids.get(before)))?, of(ids.get(at + 1))?))
}

fn records_on(connection: &Connection, page: i64) -> rusqlite::Result<Vec<(RecordSummary, Vec<Span>)>> {
    let mut statement = connection.prepare_cached(
        "SELECT record, group_concat(spans, ' ') FROM evidence WHERE page = ?1 AND field = ''
         GROUP BY record ORDER BY record",
    )?;
    let rows = statement.query_map([page], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    let found: Vec<(i64, String)> = rows.collect::<rusqlite::Result<_>>()?;
    let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
    let spans = found
        .iter()
        .map(|(_, spans)| encode::parse_spans(spans).ok_or_else(|| misshapen("evidence.spans")))
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(summaries(connection, &ids)?.into_iter().zip(spans).collect())
}

fn page_view(connection: &Connection, id: i64) -> rusqlite::Result<PageView> {
    let query = format!(
        "SELECT {PAGE_COLUMNS}, page.source, format, encoding, issue.key, paper_basis, date_basis,
                page_no_basis, layer.text
         FROM page JOIN issue ON issue.id = page.issue JOIN layer ON layer.hash = page.text_hash
         WHERE page.id = ?1"
    );
    let mut statement = connection.prepare_cached(&query)?;
    let mut rows = statement.query([id])?;
    let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let page = page_ref(row, 0)?;
    let text: String = row.get(12)?;
    let mut articles = connection.prepare_cached(&format!(
        "SELECT {ARTICLE_COLUMNS}, min(fragment.start) AS first FROM fragment
         JOIN article ON article.id = fragment.article JOIN page ON page.id = article.page
         WHERE fragment.page = ?1 GROUP BY article.id ORDER BY first, article.id"
    ))?;
    let articles = articles.query_map([id], |row| article_summary(connection, row))?;
    let mut twins = connection.prepare_cached(&format!(
        "SELECT {PAGE_COLUMNS} FROM page WHERE text_hash = ?1 AND path <> ?2 ORDER BY path"
    ))?;
    let twins = twins.query_map(rusqlite::params![page.text.0, page.path], |row| page_ref(row, 0))?;
    Ok(PageView {
        source: SourceId(row.get(5)?),
        format: row.get(6)?,
        encoding: row.get(7)?,
        issue: row.get(8)?,
        paper: evidenced(connection, page.paper.clone(), row.get(9)?)?,
        date: evidenced(connection, page.date.clone(), row.get(10)?)?,
        page_no: evidenced(connection, page.page_no.clone(), row.get(11)?)?,
        text: text.into(),
        zones: zones_of(connection, id)?,
        mentions: mentions_of(connection, id)?,
        articles: articles.collect::<rusqlite::Result<_>>()?,
        records: records_on(connection, id)?,
        twins: twins.collect::<rusqlite::Result<_>>()?,
        neighbours: neighbours(connection, id)?,
        page,
    })
}

fn jump_view(connection: &Connection, text: Option<String>) -> rusqlite::Result<Option<JumpView>> {
    let Some(text) = text else { return Ok(None) };
    // Page numbers hold no bar; read from the end, so that a strange one does no harm.
    let mut parts = text.rsplitn(4, '|');
    let mut next = || parts.next().ok_or_else(|| misshapen("article.jump"));
    let (at, page, label, page_no) = (next()?, next()?, next()?, next()?);
    let placed = encode::parse_placed(at).ok_or_else(|| misshapen("article.jump"))?;
    let page = page.parse::<i64>().ok().map(|page| page_of_row(connection, page)).transpose()?;
    Ok(Some(JumpView {
        page_no: (!page_no.is_empty()).then(|| page_no.to_owned()),
        label: label.parse().ok(),
        page,
        places: places(connection, &placed)?,
    }))
}

pub(in crate::store) fn article_view(
    connection: &Connection,
    key: &str,
) -> rusqlite::Result<Option<ArticleView>> {
    let query = format!(
        "SELECT {ARTICLE_COLUMNS}, headline_at, kicker, kicker_at, deck, deck_at, byline_at, place, place_at,
                agency_at, article.date, article.date_basis, jump_from, jump_to, head, tail, losses, reference,
                reference_basis, text, map
         FROM article JOIN page ON page.id = article.page WHERE article.key = ?1"
    );
    let mut statement = connection.prepare_cached(&query)?;
    let mut rows = statement.query([key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let id: i64 = row.get(0)?;
    let summary = article_summary(connection, row)?;
    let own = |value: Option<String>, at: usize| evidenced(connection, value, row.get(at)?);
    let losses: String = row.get(26)?;
    let losses = encode::parse_placed(&losses).ok_or_else(|| misshapen("article.losses"))?;
    let map: Vec<u8> = row.get(30)?;
    let map = encode::parse_map(&map).ok_or_else(|| misshapen("article.map"))?;
    let mut numbers: Vec<i64> = map.iter().filter_map(|piece| piece.1.map(|from| from.0)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let index_of = |page: i64| numbers.binary_search(&page).unwrap_or(0);
    let mut stories = connection.prepare_cached(
        "SELECT story.key, relation FROM witness JOIN story ON story.id = witness.story
         WHERE article = ?1 ORDER BY story.id",
    )?;
    let stories = stories.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Some(ArticleView {
        headline: own(summary.headline.clone(), 11)?,
        kicker: own(row.get(12)?, 13)?,
        deck: own(row.get(14)?, 15)?,
        byline: own(summary.byline.clone(), 16)?,
        place: own(row.get(17)?, 18)?,
        agency: own(summary.agency.clone(), 19)?,
        date: own(row.get(20)?, 21)?,
        jump_from: jump_view(connection, row.get(22)?)?,
        jump_to: jump_view(connection, row.get(23)?)?,
        head: row.get(24)?,
        tail: row.get(25)?,
        losses: places(connection, &losses)?,
        reference: own(row.get(27)?, 28)?,
        text: row.get(29)?,
        pages: numbers.iter().map(|&page| page_of_row(connection, page)).collect::<Result<_, _>>()?,
        map: map
            .into_iter()
            .map(|(at, from, verbatim)| TextPiece {
                at,
                from: from.map(|(page, span)| (index_of(page), span)),
                verbatim,
            })
            .collect(),
        stories: stories.collect::<rusqlite::Result<_>>()?,
        summary,
    }))
}

impl Reader {
    /// A page with everything on it.
    ///
    /// # Errors
    /// What the database gives.
    pub fn page(&self, which: PageText<'_>) -> Result<Option<PageView>, StoreError> {
        self.run(|connection| {
            let id: Option<i64> = match which {
                PageText::Path(path) => connection
                    .query_row("SELECT id FROM page WHERE path = ?1 ORDER BY id LIMIT 1", [path], |row| {
                        row.get(0)
                    })
                    .optional()?,
                PageText::Hash(text) => connection
                    .query_row(
                        "SELECT id FROM page WHERE text_hash = ?1 ORDER BY id LIMIT 1",
                        [text.0],
                        |row| row.get(0),
                    )
                    .optional()?,
            };
            id.map(|id| page_view(connection, id)).transpose()
        })
    }

    /// An article by its key.
    ///
    /// # Errors
    /// What the database gives.
    pub fn article(&self, key: &str) -> Result<Option<ArticleView>, StoreError> {
        self.run(|connection| article_view(connection, key))
    }
}
