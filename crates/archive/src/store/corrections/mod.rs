//! What people put right, as events that are only ever added: each is chained to the one before, names its
//! place by text hash, span, quote and context, and is applied after the stage that it corrects. One that no
//! longer finds its place becomes a review item; it is never moved.

mod apply;
mod chain;

use rusqlite::{Connection, OptionalExtension, Row, params};
use shiliu_lang::{Pack, Profile};
use shiliu_text::{Date, Span, TextId};

pub(super) use apply::Active;
pub(super) use chain::{head, verify};

use super::{AddOptions, AddReport, Reader, StoreError, Writer, misshapen};

/// Characters of context that an anchor keeps on either side.
const CONTEXT: usize = 32;

/// Up to 32 characters before and after a stretch.
pub(super) fn context(text: &str, first: Span, last: Span) -> (String, String) {
    let before = text.get(..first.start as usize).unwrap_or("");
    let after = text.get(last.end as usize..).unwrap_or("");
    let start = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
    let end = after.char_indices().nth(CONTEXT).map_or(after.len(), |(at, _)| at);
    (before[start..].to_owned(), after[..end].to_owned())
}

/// A place on a page that can be found again: or is known to be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The text layer.
    pub text: TextId,
    /// The page's path, for the case that several pages hold the same text.
    pub path: String,
    /// Bytes of the text; empty for a point.
    pub span: Span,
    /// The characters there.
    pub quote: String,
    /// Up to 32 characters before.
    pub before: String,
    /// Up to 32 characters after.
    pub after: String,
}

impl Anchor {
    /// The anchor of a span of a page's text; `None` where the span does not lie on characters.
    #[must_use]
    pub fn new(text: TextId, path: &str, characters: &str, span: Span) -> Option<Anchor> {
        let quote = characters.get(span.range())?.to_owned();
        let (before, after) = context(characters, span, span);
        Some(Anchor { text, path: path.to_owned(), span, quote, before, after })
    }

    /// Whether a text holds the quote at the span, with the same characters around it.
    fn fits(&self, characters: &str) -> bool {
        characters.get(self.span.range()) == Some(self.quote.as_str())
            && context(characters, self.span, self.span) == (self.before.clone(), self.after.clone())
    }
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The page is of this paper (any place on it).
    Paper {
        /// The page.
        page: Anchor,
        /// Name of the paper.
        paper: String,
    },
    /// The page is of this issue date.
    IssueDate {
        /// The page.
        page: Anchor,
        /// The day.
        date: Date,
    },
    /// The page has this number.
    PageNumber {
        /// The page.
        page: Anchor,
        /// Section letter and number.
        page_no: String,
    },
    /// The page is not to be read: it stays in the archive and out of everything derived.
    Withdraw {
        /// The page.
        page: Anchor,
    },
    /// The article that holds one place has the headline printed at another.
    Headline {
        /// Some characters of the article.
        article: Anchor,
        /// The characters of its headline.
        headline: Anchor,
    },
    /// A new article begins at this place.
    Split {
        /// Where it begins; the span may be empty.
        at: Anchor,
    },
    /// The articles that hold these two places are one, the first one before the second.
    Join {
        /// Some characters of the first.
        first: Anchor,
        /// Some characters of the second.
        second: Anchor,
    },
    /// The articles that hold these two places do not print one story.
    Apart {
        /// Some characters of the first.
        first: Anchor,
        /// Some characters of the second.
        second: Anchor,
    },
    /// At the locus that this place of a printing stands in, this printing is right.
    Reading {
        /// The characters of the reading; empty where this printing leaves out what others have.
        printed: Anchor,
    },
    /// An earlier correction no longer holds.
    Undo {
        /// Its number.
        correction: i64,
    },
}

impl Decision {
    /// The word under which it is stored.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Decision::Paper { .. } => "paper",
            Decision::IssueDate { .. } => "issue-date",
            Decision::PageNumber { .. } => "page-number",
            Decision::Withdraw { .. } => "withdraw",
            Decision::Headline { .. } => "headline",
            Decision::Split { .. } => "split",
            Decision::Join { .. } => "join",
            Decision::Apart { .. } => "apart",
            Decision::Reading { .. } => "reading",
            Decision::Undo { .. } => "undo",
        }
    }

    /// Its anchors: the place it speaks of, and the second one where there are two.
    #[must_use]
    pub fn anchors(&self) -> (Option<&Anchor>, Option<&Anchor>) {
        match self {
            Decision::Paper { page, .. }
            | Decision::IssueDate { page, .. }
            | Decision::PageNumber { page, .. }
            | Decision::Withdraw { page } => (Some(page), None),
            Decision::Headline { article, headline } => (Some(article), Some(headline)),
            Decision::Split { at } => (Some(at), None),
            Decision::Join { first, second } | Decision::Apart { first, second } => {
                (Some(first), Some(second))
            }
            Decision::Reading { printed } => (Some(printed), None),
            Decision::Undo { .. } => (None, None),
        }
    }

    fn value(&self) -> Option<String> {
        match self {
            Decision::Paper { paper, .. } => Some(paper.clone()),
            Decision::IssueDate { date, .. } => Some(date.to_string()),
            Decision::PageNumber { page_no, .. } => Some(page_no.clone()),
            _ => None,
        }
    }
}

/// Who decided, when, why, and through what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Name of the person.
    pub who: String,
    /// The time (RFC 3339), read by the caller.
    pub when: String,
    /// The reason given; may be empty.
    pub why: String,
    /// `web`, `cli`, `import`.
    pub via: String,
}

/// A decision to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// What.
    pub decision: Decision,
    /// By whom, when, why.
    pub provenance: Provenance,
}

/// A correction that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCorrection {
    /// Its number.
    pub number: i64,
    /// What and by whom.
    pub correction: Correction,
    /// The correction that took it back.
    pub undone_by: Option<i64>,
    /// Why it does not find its place any more.
    pub lost: Option<String>,
}

/// A correction that waits for a person because its place is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewItem {
    /// The correction.
    pub correction: StoredCorrection,
    /// What is wrong.
    pub reason: String,
}

const COLUMNS: &str = "id, made, who, via, why, verb, text_hash, path, start, end, quote, before, after,
    other_hash, other_path, other_start, other_end, other_quote, other_before, other_after, value, undoes";

fn anchor(row: &Row<'_>, first: usize) -> rusqlite::Result<Anchor> {
    Ok(Anchor {
        text: TextId(row.get(first)?),
        path: row.get(first + 1)?,
        span: Span { start: row.get(first + 2)?, end: row.get(first + 3)? },
        quote: row.get(first + 4)?,
        before: row.get(first + 5)?,
        after: row.get(first + 6)?,
    })
}

fn stored(row: &Row<'_>) -> rusqlite::Result<(i64, Correction)> {
    const ONE: usize = 6;
    const OTHER: usize = 13;
    let verb: String = row.get(5)?;
    let value = || row.get::<_, String>(20);
    let decision = match verb.as_str() {
        "paper" => Decision::Paper { page: anchor(row, ONE)?, paper: value()? },
        "issue-date" => {
            let date = Date::parse(&value()?).ok_or_else(|| misshapen("correction.value"))?;
            Decision::IssueDate { page: anchor(row, ONE)?, date }
        }
        "page-number" => Decision::PageNumber { page: anchor(row, ONE)?, page_no: value()? },
        "withdraw" => Decision::Withdraw { page: anchor(row, ONE)? },
        "headline" => Decision::Headline { article: anchor(row, ONE)?, headline: anchor(row, OTHER)? },
        "split" => Decision::Split { at: anchor(row, ONE)? },
        "join" => Decision::Join { first: anchor(row, ONE)?, second: anchor(row, OTHER)? },
        "apart" => Decision::Apart { first: anchor(row, ONE)?, second: anchor(row, OTHER)? },
        "reading" => Decision::Reading { printed: anchor(row, ONE)? },
        "undo" => Decision::Undo { correction: row.get(21)? },
        _ => return Err(misshapen("correction.verb")),
    };
    let provenance = Provenance { when: row.get(1)?, who: row.get(2)?, via: row.get(3)?, why: row.get(4)? };
    Ok((row.get(0)?, Correction { decision, provenance }))
}

/// Every correction in order, with what took it back and what was lost.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<StoredCorrection>> {
    let mut statement = connection.prepare(&format!(
        "SELECT {COLUMNS},
                (SELECT max(later.id) FROM correction AS later WHERE later.undoes = correction.id),
                (SELECT reason FROM review_item WHERE review_item.correction = correction.id LIMIT 1)
         FROM correction ORDER BY id"
    ))?;
    let rows = statement.query_map([], |row| {
        let (number, correction) = stored(row)?;
        Ok(StoredCorrection { number, correction, undone_by: row.get(22)?, lost: row.get(23)? })
    })?;
    rows.collect()
}

impl Writer {
    /// Keeps a correction and gives its number. It takes effect at the next [`Writer::refresh`].
    ///
    /// # Errors
    /// [`StoreError::Refused`] where its place is not on the page, a value is empty, or what it would undo is
    /// not there or undone already; what the database gives.
    pub fn correct(&mut self, correction: &Correction) -> Result<i64, StoreError> {
        if correction.provenance.who.trim().is_empty() {
            return Err(StoreError::Refused("a correction needs the name of who makes it".to_owned()));
        }
        self.check(&correction.decision)?;
        let file = self.archive.file.clone();
        let fault = |error| StoreError::of_database(&file, error);
        // A decision of a person is on the disk before we say that it is kept.
        self.connection.pragma_update(None, "synchronous", "FULL").map_err(fault)?;
        let appended = chain::append(&mut self.connection, correction).map_err(fault);
        self.connection.pragma_update(None, "synchronous", "NORMAL").map_err(fault)?;
        appended
    }

    /// Reads again what is held, if anything it depends on changed: after corrections.
    ///
    /// # Errors
    /// As [`Writer::add`].
    pub fn refresh(
        &mut self,
        pack: &Pack,
        profile: &Profile,
        options: &AddOptions<'_>,
    ) -> Result<AddReport, StoreError> {
        let mut report = AddReport::default();
        self.read_again(pack, profile, options, &mut report)?;
        Ok(report)
    }

    fn check(&self, decision: &Decision) -> Result<(), StoreError> {
        let refusal = refusal(&self.connection, decision)
            .map_err(|error| StoreError::of_database(&self.archive.file, error))?;
        refusal.map_or(Ok(()), |words| Err(StoreError::Refused(words)))
    }
}

/// Why a decision cannot be kept, in one sentence.
fn refusal(connection: &Connection, decision: &Decision) -> rusqlite::Result<Option<String>> {
    let refused = |message: &str| Ok(Some(message.to_owned()));
    if decision.value().is_some_and(|value| value.trim().is_empty()) {
        return refused("the new value is empty: give one");
    }
    let (first, second) = decision.anchors();
    for anchor in first.into_iter().chain(second) {
        let text: Option<String> = connection
            .query_row("SELECT text FROM layer WHERE hash = ?1", [anchor.text.0], |row| row.get(0))
            .optional()?;
        if !text.is_some_and(|text| anchor.fits(&text)) {
            return Ok(Some(format!(
                "{}: the quoted words do not stand at this place of the page: select them again",
                anchor.path
            )));
        }
    }
    match decision {
        Decision::Undo { correction } => {
            let known = all(connection)?;
            match known.iter().find(|known| known.number == *correction) {
                None => Ok(Some(format!("there is no correction {correction}"))),
                Some(StoredCorrection { undone_by: Some(by), .. }) => {
                    Ok(Some(format!("correction {correction} was undone already, by {by}")))
                }
                Some(known) if matches!(known.correction.decision, Decision::Undo { .. }) => {
                    refused("an undo is not undone: make the correction anew")
                }
                Some(_) => Ok(None),
            }
        }
        Decision::Headline { headline, .. } if headline.quote.trim().is_empty() => {
            refused("a headline is printed somewhere: select its characters")
        }
        _ => Ok(None),
    }
}

/// Keeps a correction in the caller's transaction; gives why it cannot be kept.
pub(super) fn add(connection: &Connection, correction: &Correction) -> rusqlite::Result<Option<String>> {
    let refusal = refusal(connection, &correction.decision)?;
    if refusal.is_none() {
        chain::append_within(connection, correction)?;
    }
    Ok(refusal)
}

impl Reader {
    /// Every correction, oldest first.
    ///
    /// # Errors
    /// What the database gives.
    pub fn corrections(&self) -> Result<Vec<StoredCorrection>, StoreError> {
        self.run(all)
    }

    /// Corrections that no longer find their place.
    ///
    /// # Errors
    /// What the database gives.
    pub fn review(&self) -> Result<Vec<ReviewItem>, StoreError> {
        let lost = |correction: StoredCorrection| {
            correction.lost.clone().map(|reason| ReviewItem { correction, reason })
        };
        Ok(self.corrections()?.into_iter().filter_map(lost).collect())
    }

    /// An anchor for a span of a held text; `None` where there is no such text or the span is none of it.
    ///
    /// # Errors
    /// What the database gives.
    pub fn anchor(&self, text: TextId, path: &str, span: Span) -> Result<Option<Anchor>, StoreError> {
        let layer = self.layer(text)?;
        Ok(layer.and_then(|layer| Anchor::new(text, path, &layer.text, span)))
    }
}

fn parameters(anchor: Option<&Anchor>) -> [Option<rusqlite::types::Value>; 7] {
    use rusqlite::types::Value;
    match anchor {
        None => Default::default(),
        Some(anchor) => [
            Some(Value::Blob(anchor.text.0.to_vec())),
            Some(Value::Text(anchor.path.clone())),
            Some(Value::Integer(i64::from(anchor.span.start))),
            Some(Value::Integer(i64::from(anchor.span.end))),
            Some(Value::Text(anchor.quote.clone())),
            Some(Value::Text(anchor.before.clone())),
            Some(Value::Text(anchor.after.clone())),
        ],
    }
}

/// Writes the row of a correction.
fn insert(
    connection: &Connection,
    number: i64,
    correction: &Correction,
    previous: &[u8; 32],
    digest: &[u8; 32],
) -> rusqlite::Result<()> {
    let Provenance { who, when, why, via } = &correction.provenance;
    let (first, second) = correction.decision.anchors();
    let (one, other) = (parameters(first), parameters(second));
    let undoes = match correction.decision {
        Decision::Undo { correction } => Some(correction),
        _ => None,
    };
    connection
        .execute(
            &format!(
                "INSERT INTO correction ({COLUMNS}, previous, digest)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                         ?19, ?20, ?21, ?22, ?23, ?24)"
            ),
            params![
                number,
                when,
                who,
                via,
                why,
                correction.decision.verb(),
                one[0],
                one[1],
                one[2],
                one[3],
                one[4],
                one[5],
                one[6],
                other[0],
                other[1],
                other[2],
                other[3],
                other[4],
                other[5],
                other[6],
                correction.decision.value(),
                undoes,
                previous,
                digest,
            ],
        )
        .map(|_| ())
}
