//! What an entry would say if a record, or characters that a person selected, became one.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};
use shiliu_ledger::register::{Detail, Details, Ground};
use shiliu_text::{Span, TextId};

use crate::store::corrections::context;
use crate::store::read::{EvidenceView, FieldValue, RecordView};
use crate::store::{Reader, StoreError};

/// What a record says, as an entry would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Key of the record that speaks for its group.
    pub record: String,
    /// What the entry would say.
    pub details: Details,
    /// The characters on every printing of every story that says it.
    pub grounds: Vec<Ground>,
    /// Entries that stand on the record already.
    pub entered: Vec<String>,
}

fn ground(evidence: &EvidenceView, says: Option<Detail>) -> Ground {
    Ground {
        says,
        text: evidence.page.text,
        path: evidence.page.path.clone(),
        spans: evidence.spans.clone(),
        quote: evidence.text.clone(),
        before: evidence.before.clone(),
        after: evidence.after.clone(),
        paper: evidence.page.paper.clone().unwrap_or_default(),
        day: evidence.page.date.clone().unwrap_or_default(),
        story: evidence.story.clone(),
    }
}

fn details(record: &RecordView, words: &str) -> Details {
    let mut details = Details::default();
    let summary = &record.summary;
    details.set(Detail::Words, words);
    let field = |name: &str| record.fields.iter().find(|field| field.name == name);
    let text = |name: &str| field(name).and_then(|field| field.value.as_text()).unwrap_or_default();
    let list = |name: &str| field(name).map(|field| field.value.as_texts().join("; ")).unwrap_or_default();
    details.set(Detail::Actors, &list("actors"));
    details.set(Detail::Recipients, &list("recipients"));
    details.set(Detail::Action, text("action"));
    details.set(Detail::Object, text("object"));
    if let Some(quantity) = field("quantity") {
        let part = |name: &str| match quantity.value.entry(name) {
            Some(FieldValue::Text(text)) => text.clone(),
            Some(FieldValue::Integer(number)) => number.to_string(),
            _ => String::new(),
        };
        details.set(Detail::Amount, &part("value"));
        details.set(Detail::Unit, &part("unit"));
    }
    details.set(Detail::Due, text("deadline"));
    if let Some(first) = field("deadline").and_then(|deadline| deadline.evidence.first()) {
        details.set(Detail::DueWords, &one_line(&first.text));
    }
    details.set(Detail::Said, summary.date.as_deref().unwrap_or_default());
    for (detail, name) in [(Detail::Area, "area"), (Detail::Sector, "sector"), (Detail::Meeting, "meeting")] {
        details.set(detail, &list(name));
    }
    if let Some(level) = field("force").and_then(|force| force.value.as_integer()) {
        details.set(Detail::Force, &format!("F{level}"));
    } else {
        details.set(Detail::Force, text("force"));
    }
    details
}

/// A text whose line breaks, which are the page's layout, are taken out.
fn one_line(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect::<String>().trim().to_owned()
}

/// The records that say the same as one, the one that speaks for them first.
fn twins(connection: &Connection, key: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached(
            "SELECT twin.key FROM record JOIN record AS twin ON twin.same = record.same
             WHERE record.key = ?1 ORDER BY twin.id <> twin.same, twin.id",
        )?
        .query_map([key], |row| row.get(0))?
        .collect()
}

impl Reader {
    /// What an entry made of a record would say; `None` where there is no such record.
    ///
    /// # Errors
    /// What the database gives.
    pub fn suggestion(&self, record: &str) -> Result<Option<Suggestion>, StoreError> {
        let keys = self.run(|connection| twins(connection, record))?;
        let Some(first) = keys.first() else { return Ok(None) };
        let Some(root) = self.record(first)? else { return Ok(None) };
        let established = self.run(|connection| {
            connection
                .prepare_cached("SELECT established FROM story WHERE key = ?1")?
                .query_row([&root.summary.story], |row| row.get::<_, String>(0))
                .optional()
        })?;
        let words = established.as_deref().and_then(|text| text.get(root.at.range()));
        let words = words.map_or_else(
            || root.evidence.first().map(|first| one_line(&first.text)).unwrap_or_default(),
            one_line,
        );
        let details = details(&root, &words);
        let mut grounds: Vec<Ground> = Vec::new();
        let mut seen: BTreeSet<(Option<Detail>, TextId, Vec<Span>)> = BTreeSet::new();
        let mut lay = |evidence: &EvidenceView, says: Option<Detail>| {
            if !evidence.spans.is_empty() && seen.insert((says, evidence.page.text, evidence.spans.clone())) {
                grounds.push(ground(evidence, says));
            }
        };
        let mut views = vec![root];
        for key in keys.iter().skip(1) {
            views.extend(self.record(key)?);
        }
        for view in &views {
            view.evidence.iter().for_each(|evidence| lay(evidence, None));
        }
        for (name, detail) in [("deadline", Detail::Due), ("quantity", Detail::Amount)] {
            for view in &views {
                let field = view.fields.iter().find(|field| field.name == name);
                field.into_iter().flat_map(|field| &field.evidence).for_each(|one| lay(one, Some(detail)));
            }
        }
        let entered = self.run(|connection| {
            connection
                .prepare_cached(
                    "SELECT entry.key FROM entry_record JOIN entry ON entry.id = entry_record.entry
                     WHERE entry_record.record = ?1 ORDER BY entry.id",
                )?
                .query_map([first], |row| row.get(0))?
                .collect()
        })?;
        Ok(Some(Suggestion { record: first.clone(), details, grounds, entered }))
    }

    /// A ground at spans of a held text; `None` where there is no such text or they are none of it. `path` names
    /// the page where several hold the text.
    ///
    /// # Errors
    /// What the database gives.
    pub fn ground(
        &self,
        text: TextId,
        path: Option<&str>,
        spans: &[Span],
        says: Option<Detail>,
    ) -> Result<Option<Ground>, StoreError> {
        let Some(layer) = self.layer(text)? else { return Ok(None) };
        let parts: Option<Vec<&str>> = spans.iter().map(|span| layer.text.get(span.range())).collect();
        let (Some(parts), Some(first), Some(last)) = (parts, spans.first(), spans.last()) else {
            return Ok(None);
        };
        if parts.concat().trim().is_empty() {
            return Ok(None);
        }
        let page = self.run(|connection| {
            connection
                .prepare_cached(
                    "SELECT page.path, page.paper, page.date FROM page WHERE page.text_hash = ?1
                     ORDER BY page.path <> ?2, page.id LIMIT 1",
                )?
                .query_row(rusqlite::params![text.0, path.unwrap_or_default()], |row| {
                    Ok((row.get(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, Option<String>>(2)?))
                })
                .optional()
        })?;
        let Some((path, paper, day)) = page else { return Ok(None) };
        let story = self.run(|connection| {
            connection
                .prepare_cached(
                    "SELECT story.key FROM page JOIN fragment ON fragment.page = page.id
                          AND fragment.start <= ?2 AND ?2 < fragment.end
                     JOIN witness ON witness.article = fragment.article JOIN story ON story.id = witness.story
                     WHERE page.text_hash = ?1 ORDER BY fragment.end - fragment.start, story.id LIMIT 1",
                )?
                .query_row(rusqlite::params![text.0, first.start], |row| row.get::<_, String>(0))
                .optional()
        })?;
        let (before, after) = context(&layer.text, *first, *last);
        Ok(Some(Ground {
            says,
            text,
            path,
            spans: spans.to_vec(),
            quote: parts.concat(),
            before,
            after,
            paper: paper.unwrap_or_default(),
            day: day.unwrap_or_default(),
            story: story.unwrap_or_default(),
        }))
    }
}
