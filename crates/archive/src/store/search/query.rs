//! What a person types → pages with the spans that hold it.

use rusqlite::types::Value as Parameter;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use shiliu_lang::Pack;
use shiliu_ledger::Kind;
use shiliu_text::{Derived, Fold as _, Layer, SourceId, Span};

use super::terms::{folded, is_paired, is_worded, terms};
use crate::store::read::{PageRef, Paging};
use crate::store::{Reader, StoreError, corrections};

/// Counting stops here: "1,000+".
const COUNTED: i64 = 1000;
/// Records of a kind whose pages are found before the words are.
const FEW_RECORDS: i64 = 20_000;
/// Most hits given for one page.
const HITS_ON_A_PAGE: usize = 50;

/// A search as typed: several words (all must be there), `"a phrase"`, `-word` (must not), `paper:` `from:`
/// `to:` `kind:`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What must be on the page, folded.
    pub all: Vec<String>,
    /// What must not.
    pub none: Vec<String>,
    /// Part of the paper's name.
    pub paper: Option<String>,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// Kinds of records that the page must hold.
    pub kinds: Vec<Kind>,
}

/// A page that holds what was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The page.
    pub page: PageRef,
    /// Where: bytes of the page's text, sorted; at most 50.
    pub spans: Vec<Span>,
    /// How many there are on the page.
    pub count: usize,
    /// The characters of the first.
    pub text: String,
    /// Up to 32 characters before it.
    pub before: String,
    /// Up to 32 characters after it.
    pub after: String,
    /// The article that holds the first: key and headline.
    pub article: Option<(String, Option<String>)>,
    /// The story that this article prints: key and number of printings.
    pub story: Option<(String, u64)>,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchResult {
    /// Pages, newest first.
    pub hits: Vec<Hit>,
    /// Pages in all, at most 1000.
    pub total: u64,
    /// Whether there are more than `total`.
    pub more: bool,
    /// Offset of the next part, if there may be one.
    pub next: Option<u32>,
}

impl Query {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where nothing is looked for, or a day or kind is none.
    pub fn parse(typed: &str, pack: &Pack) -> Result<Query, StoreError> {
        let mut query = Query::default();
        for (negative, quoted, word) in words(typed) {
            if !quoted && !negative && query.take_operator(&word)? {
                continue;
            }
            let needle = folded(&word, pack);
            let needle = needle.trim();
            if terms(needle).is_empty() {
                continue;
            }
            let list = if negative { &mut query.none } else { &mut query.all };
            list.push(needle.to_owned());
        }
        if query.all.is_empty() {
            return Err(StoreError::Refused(
                "nothing to look for: give a word or a \"phrase\"; paper: from: to: kind: and -word narrow it"
                    .to_owned(),
            ));
        }
        Ok(query)
    }

    /// The folded form of words for [`crate::store::RecordFilter::text`].
    #[must_use]
    pub fn fold(text: &str, pack: &Pack) -> String {
        folded(text, pack).trim().to_owned()
    }

    fn take_operator(&mut self, word: &str) -> Result<bool, StoreError> {
        let Some((name, value)) = word.split_once([':', '\u{ff1a}']) else { return Ok(false) };
        match name {
            "paper" => self.paper = Some(value.to_owned()),
            "from" => self.from = Some(day(value)?),
            // A year or month stands for its last day: no printed day sorts after `~`.
            "to" => self.to = Some(format!("{}~", day(value)?)),
            "kind" => match Kind::parse(value) {
                Some(kind) => self.kinds.push(kind),
                None => {
                    let known: Vec<&str> = Kind::ALL.into_iter().map(Kind::as_str).collect();
                    let message = format!("kind:{value} is no kind: use one of {}", known.join(" "));
                    return Err(StoreError::Refused(message));
                }
            },
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The expression for FTS5: phrases of terms, which hold letters and digits only.
    fn expression(&self) -> String {
        let all: Vec<String> = self.all.iter().map(|needle| phrase(needle)).collect();
        let mut expression = all.join(" AND ");
        for needle in &self.none {
            expression = format!("({expression}) NOT {}", phrase(needle));
        }
        expression
    }
}

fn day(text: &str) -> Result<String, StoreError> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    if matches!(shape.as_str(), "9999" | "9999-99" | "9999-99-99") {
        return Ok(text.to_owned());
    }
    Err(StoreError::Refused(format!("{text} is no day: write YYYY-MM-DD, YYYY-MM or YYYY")))
}

/// (negative, quoted, word) in order.
fn words(typed: &str) -> Vec<(bool, bool, String)> {
    let is_quote = |character: char| matches!(character, '"' | '\u{201c}' | '\u{201d}');
    let mut found = Vec::new();
    let mut characters = typed.chars().peekable();
    while let Some(&first) = characters.peek() {
        if first.is_whitespace() {
            characters.next();
            continue;
        }
        let negative = first == '-';
        if negative {
            characters.next();
        }
        let quoted = characters.peek().is_some_and(|&character| is_quote(character));
        let mut word = String::new();
        if quoted {
            characters.next();
            word.extend(std::iter::from_fn(|| characters.next_if(|&character| !is_quote(character))));
            characters.next();
        } else {
            word.extend(std::iter::from_fn(|| {
                characters.next_if(|&character| !character.is_whitespace() && !is_quote(character))
            }));
        }
        if !word.is_empty() {
            found.push((negative, quoted, word));
        }
    }
    found
}

/// A folded text as an expression of the index.
pub(in crate::store) fn phrase(needle: &str) -> String {
    let mut list = terms(needle);
    let mut open = false;
    if let Some(last) = list.last().copied()
        && last.ends_run
        && needle.ends_with(last.text)
    {
        // The run may go on in the page: its last character is the second of the pair before, or it begins a pair.
        let paired_before = list.len() > 1 && !list[list.len() - 2].ends_run && {
            let before = list[list.len() - 2].text;
            before.ends_with(last.text) && before.chars().count() == 2 && before.chars().all(is_paired)
        };
        if paired_before {
            list.pop();
        } else {
            open = true;
        }
    }
    let texts: Vec<&str> = list.iter().map(|term| term.text).collect();
    format!("\"{}\"{}", texts.join(" "), if open { " *" } else { "" })
}

/// Bytes of the page where a folded text stands; words are met whole.
pub(super) fn occurrences(view: &Derived, needle: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut from = 0;
    let first = needle.chars().next();
    let last = needle.chars().next_back();
    while let Some(at) = view.text[from..].find(needle).map(|at| at + from) {
        let end = at + needle.len();
        let before = view.text[..at].chars().next_back();
        let after = view.text[end..].chars().next();
        let inside = |edge: Option<char>, beyond: Option<char>| {
            edge.is_some_and(is_worded) && beyond.is_some_and(is_worded)
        };
        if inside(first, before) || inside(last, after) {
            from = at + first.map_or(1, char::len_utf8);
            continue;
        }
        let places = view.map.trace(Span::new(at, end));
        if let (Some(first), Some(last)) = (places.first(), places.last()) {
            found.push(first.span.cover(last.span));
        }
        from = end;
    }
    found
}

struct Candidate {
    page: PageRef,
    id: i64,
    text: String,
}

fn candidates(
    connection: &Connection,
    query: &Query,
    paging: Paging,
) -> rusqlite::Result<(Vec<Candidate>, i64)> {
    let mut clause = "page_index MATCH ?".to_owned();
    let mut values = vec![Parameter::Text(query.expression())];
    let mut narrow = |part: &str, value: &str| {
        clause.push_str(part);
        values.push(Parameter::Text(value.to_owned()));
    };
    if let Some(paper) = &query.paper {
        narrow(" AND instr(coalesce(issue.paper, ''), ?)", paper);
    }
    if let Some(from) = &query.from {
        narrow(" AND page.day >= ?", from);
    }
    if let Some(to) = &query.to {
        narrow(" AND page.day <= ?", to);
    }
    for kind in &query.kinds {
        let records: i64 = connection
            .prepare_cached(
                "SELECT coalesce(max(n), 0) FROM tally WHERE once = 0 AND facet = 'kind' AND kind = ?1",
            )?
            .query_row([kind.as_str()], |row| row.get(0))?;
        // The pages of few records are found once; where there are many, each page is asked.
        let part = if records <= FEW_RECORDS {
            " AND page.id IN (SELECT evidence.page FROM record CROSS JOIN evidence ON evidence.record = record.id
                              WHERE record.kind = ? AND evidence.field = '')"
        } else {
            " AND EXISTS (SELECT 1 FROM evidence JOIN record ON record.id = evidence.record
                          WHERE evidence.page = page.id AND evidence.field = '' AND record.kind = ?)"
        };
        narrow(part, kind.as_str());
    }
    let tables =
        "page_index JOIN page ON page.newness = page_index.rowid JOIN issue ON issue.id = page.issue";
    // Pages are counted and the part that is asked for is found in one look at the index.
    let limit = i64::from(paging.limit.min(200));
    let end = i64::from(paging.offset) + limit;
    values.push(Parameter::Integer(end.max(COUNTED + 1)));
    let found: Vec<i64> = connection
        .prepare_cached(&format!(
            "SELECT page.id FROM {tables} WHERE {clause} ORDER BY page_index.rowid DESC LIMIT ?"
        ))?
        .query_map(params_from_iter(&values), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX).min(COUNTED + 1);
    let mut statement = connection.prepare_cached(
        "SELECT page.path, page.text_hash, issue.paper, issue.date, page.page_no, page.id,
                (SELECT text FROM layer WHERE hash = page.text_hash)
         FROM page JOIN issue ON issue.id = page.issue WHERE page.id = ?1",
    )?;
    let part = found.iter().skip(paging.offset as usize).take(usize::try_from(limit).unwrap_or(0));
    let rows = part.map(|id| {
        statement.query_row([id], |row| {
            Ok(Candidate { page: crate::store::read::page_ref(row, 0)?, id: row.get(5)?, text: row.get(6)? })
        })
    });
    Ok((rows.collect::<rusqlite::Result<_>>()?, total))
}

type ArticleAt = (Option<(String, Option<String>)>, Option<(String, u64)>);

/// The article and story that hold a place of a page.
pub(super) fn article_at(connection: &Connection, page: i64, at: Span) -> rusqlite::Result<ArticleAt> {
    let found = connection
        .prepare_cached(
            "SELECT article.id, article.key, article.headline FROM fragment
             JOIN article ON article.id = fragment.article
             WHERE fragment.page = ?1 AND fragment.start <= ?2 AND fragment.end > ?2
             ORDER BY fragment.end - fragment.start LIMIT 1",
        )?
        .query_row(rusqlite::params![page, at.start], |row| {
            Ok((row.get::<_, i64>(0)?, (row.get(1)?, row.get(2)?)))
        })
        .optional()?;
    let Some((id, article)) = found else { return Ok((None, None)) };
    let story = connection
        .prepare_cached(
            "SELECT story.key, story.printings FROM witness JOIN story ON story.id = witness.story
             WHERE witness.article = ?1 ORDER BY story.printings DESC, story.id LIMIT 1",
        )?
        .query_row([id], |row| Ok((row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0))))
        .optional()?;
    Ok((Some(article), story))
}

impl Reader {
    /// Pages that hold what is looked for, newest first, with the characters that do.
    ///
    /// # Errors
    /// What the database gives.
    pub fn search(&self, query: &Query, pack: &Pack, paging: Paging) -> Result<SearchResult, StoreError> {
        self.run(|connection| {
            let (found, total) = candidates(connection, query, paging)?;
            let mut result = SearchResult {
                total: u64::try_from(total.min(COUNTED)).unwrap_or(0),
                more: total > COUNTED,
                ..SearchResult::default()
            };
            if i64::from(paging.offset) + (found.len() as i64) < total && !found.is_empty() {
                result.next = Some(paging.offset + u32::try_from(found.len()).unwrap_or(0));
            }
            for candidate in found {
                let view = pack.fold(&Layer::new(SourceId::default(), candidate.text.clone()));
                let each: Vec<Vec<Span>> =
                    query.all.iter().map(|needle| occurrences(&view, needle)).collect();
                let unwanted = query.none.iter().any(|needle| !occurrences(&view, needle).is_empty());
                // The index does not know punctuation: what only it would match is no hit.
                if unwanted || each.iter().any(Vec::is_empty) {
                    result.total = result.total.saturating_sub(u64::from(!result.more));
                    continue;
                }
                let mut spans: Vec<Span> = each.into_iter().flatten().collect();
                spans.sort();
                spans.dedup();
                let count = spans.len();
                spans.truncate(HITS_ON_A_PAGE);
                let first = spans[0];
                let (before, after) = corrections::context(&candidate.text, first, first);
                let (article, story) = article_at(connection, candidate.id, first)?;
                result.hits.push(Hit {
                    page: candidate.page,
                    text: first.of(&candidate.text).to_owned(),
                    spans,
                    count,
                    before,
                    after,
                    article,
                    story,
                });
            }
            Ok(result)
        })
    }
}
