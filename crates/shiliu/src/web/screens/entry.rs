//! One record: its words, its printings with their differences, its fields with their bases.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use shiliu_archive::store::{EvidenceView, FieldView, Reader, RecordSummary, RecordView};

use super::compare::{Stretch, compare};
use super::page::{BasisMark, one_line};
use super::places::{Atlas, source_name};
use super::rows::{self, RecordRow, Tag};
use super::values;
use crate::web::address::{segment, with_query};
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryScreen {
    frame: Frame,
    key: String,
    label: String,
    kind: String,
    kind_href: String,
    marks: Vec<Tag>,
    origins: u64,
    printings_count: u64,
    /// Printings of everything that says the same; empty where there are no others.
    in_all: String,
    same: u64,
    same_href: String,
    words: String,
    words_link: String,
    words_source: String,
    fields: Vec<FieldRow>,
    printings: Vec<PrintingRow>,
    alternatives: Vec<AlternativeRow>,
    links: Vec<LinkRow>,
    elsewhere: Vec<RecordRow>,
    stories: Vec<(String, String)>,
    rule: String,
}

struct FieldRow {
    name: String,
    value: String,
    narrowed: String,
    basis: BasisMark,
    quote: String,
}

struct PrintingRow {
    siglum: String,
    story_href: String,
    source: String,
    headline: String,
    link: String,
    before: String,
    after: String,
    stretches: Vec<Stretch>,
    same: bool,
}

struct AlternativeRow {
    reading: String,
    fields: Vec<(String, String)>,
}

struct LinkRow {
    verb: String,
    label: String,
    href: String,
    date: String,
}

/// `/e/KEY`
pub(crate) async fn show(State(site): State<Arc<Site>>, Path(key): Path<String>, ask: Ask) -> Response {
    if key.starts_with("C-") {
        return site
            .answer(ask, "register", move |site, reader, ask, frame| {
                super::promise::screen(site, reader, ask, frame, &key)
            })
            .await;
    }
    site.answer(ask, "ledger", move |_, reader, _, frame| {
        let record = reader.record(&key)?.ok_or(Failure::Missing("failure.record"))?;
        screen(reader, frame, &record)
    })
    .await
}

/// The words as the collation establishes them.
fn established(reader: &Reader, record: &RecordView) -> Result<String, Failure> {
    let story = reader.story(&record.summary.story)?;
    let words = story.as_ref().and_then(|story| story.established.get(record.at.range())).map(str::to_owned);
    Ok(words.unwrap_or_else(|| record.evidence.first().map(|first| first.text.clone()).unwrap_or_default()))
}

fn screen(reader: &Reader, frame: Frame, record: &RecordView) -> Result<Answer, Failure> {
    let summary = &record.summary;
    let words = established(reader, record)?;
    let mut atlas = Atlas::new(reader);
    let printings = record
        .evidence
        .iter()
        .map(|evidence| printing(&frame, &mut atlas, &words, &summary.story, evidence))
        .collect::<Result<Vec<_>, _>>()?;
    let fields = record
        .fields
        .iter()
        .filter_map(|known| field(&frame, &mut atlas, summary.kind.as_str(), known).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    let alternatives = record.alternatives.iter().map(|alternative| AlternativeRow {
        reading: if alternative.reading.is_empty() {
            frame.t("story.omitted").to_owned()
        } else {
            alternative.reading.clone()
        },
        fields: alternative
            .fields
            .iter()
            .map(|(name, value)| (frame.word("field", name).to_owned(), values::field(&frame, name, value)))
            .collect(),
    });
    let links = record.links.iter().filter(|link| link.verb != "same-as").map(|link| LinkRow {
        verb: frame.word(if link.outgoing { "link" } else { "linked" }, &link.verb).to_owned(),
        label: link.other.as_ref().map_or_else(
            || frame.t("entry.not_held").to_owned(),
            |other| rows::shortened(&one_line(&other.label), 100),
        ),
        href: link.other.as_ref().map_or(String::new(), |other| rows::address(&frame, &other.key)),
        date: link.other.as_ref().and_then(|other| other.date.clone()).unwrap_or_default(),
    });
    let mut stories = Vec::new();
    for (key, headline) in &record.stories {
        let shown = match headline {
            Some(headline) => headline.clone(),
            // A report without a headline is known by how it begins.
            None => {
                let story = reader.story(key)?;
                let begins = story.map(|story| rows::shortened(&one_line(story.established.trim()), 24));
                begins.filter(|words| !words.is_empty()).map_or_else(
                    || frame.t("article.untitled").to_owned(),
                    |words| frame.f("article.begins", words),
                )
            }
        };
        stories.push((shown, frame.to(&format!("/s/{}", segment(key)))));
    }
    let first = printings.first();
    let screen = EntryScreen {
        key: summary.key.clone(),
        label: rows::shortened(&one_line(&summary.label), 90),
        kind: frame.word("kind", summary.kind.as_str()).to_owned(),
        kind_href: frame.to(&with_query("/ledger", [("kind", summary.kind.as_str())])),
        marks: rows::marks(&frame, summary),
        origins: summary.origins,
        printings_count: record.evidence.len() as u64,
        in_all: match summary.printings {
            all if all > record.evidence.len() as u64 => {
                frame.f("entry.of_all", frame.n("count.printings", all))
            }
            _ => String::new(),
        },
        same: summary.same,
        same_href: match summary.text("name") {
            Some(name) if summary.same > 1 => frame
                .to(&with_query("/ledger", [("kind", summary.kind.as_str()), ("name", name), ("each", "1")])),
            _ => String::new(),
        },
        words_link: first.map_or(String::new(), |first| first.link.clone()),
        words_source: first.map_or(String::new(), |first| first.source.clone()),
        words: one_line(&words),
        fields,
        printings,
        alternatives: alternatives.collect(),
        links: links.collect(),
        elsewhere: said_elsewhere(&frame, reader, &mut atlas, record)?,
        stories,
        rule: summary.rule.clone(),
        frame,
    };
    Answer::render(&screen)
}

/// The same thing as other stories say it, in their own words: what the other origins are.
fn said_elsewhere(
    frame: &Frame,
    reader: &Reader,
    atlas: &mut Atlas<'_>,
    record: &RecordView,
) -> Result<Vec<RecordRow>, Failure> {
    const MOST: usize = 40;
    let same = |view: &RecordView| -> Vec<RecordSummary> {
        let links = view.links.iter().filter(|link| link.verb == "same-as");
        links.filter_map(|link| link.other.clone()).collect()
    };
    let mut seen = BTreeSet::from([record.summary.key.clone()]);
    let mut waiting = same(record);
    let mut rows = Vec::new();
    while let Some(other) = waiting.pop() {
        if rows.len() == MOST || !seen.insert(other.key.clone()) {
            continue;
        }
        if other.story != record.summary.story {
            rows.push((other.date.clone(), rows::full(frame, reader, atlas, &other)?));
        }
        if let Some(view) = reader.record(&other.key)? {
            waiting.extend(same(&view));
        }
    }
    rows.sort_by(|a, b| (&a.0, &a.1.href).cmp(&(&b.0, &b.1.href)));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// What stands in the same paragraph before the words; another paragraph is no context.
fn last_paragraph(text: &str) -> &str {
    text.rsplit("\n\n").next().unwrap_or(text)
}

/// What stands in the same paragraph behind the words.
fn first_paragraph(text: &str) -> &str {
    text.split("\n\n").next().unwrap_or(text)
}

fn printing(
    frame: &Frame,
    atlas: &mut Atlas<'_>,
    words: &str,
    own_story: &str,
    evidence: &EvidenceView,
) -> Result<PrintingRow, Failure> {
    // Another story that says the same has words of its own: there is nothing to compare.
    let stretches = if evidence.story == own_story {
        compare(words, &evidence.text)
    } else {
        vec![Stretch { text: evidence.text.clone(), differs: false, absent: String::new() }]
    };
    let same = stretches.iter().all(|stretch| !stretch.differs && stretch.absent.is_empty());
    Ok(PrintingRow {
        siglum: evidence.siglum.clone(),
        story_href: frame.to(&format!("/s/{}", segment(&evidence.story))),
        source: source_name(frame, &evidence.page),
        headline: evidence.headline.clone().unwrap_or_default(),
        link: atlas.link(frame, &evidence.page, &evidence.spans)?,
        before: one_line(last_paragraph(&evidence.before)),
        after: one_line(first_paragraph(&evidence.after)),
        stretches,
        same,
    })
}

/// Why a value is inferred, in words; the rule or the profile's row that gives it where its name is all there is.
fn reason(frame: &Frame, basis: &str) -> String {
    match frame.known(&format!("why.{basis}")) {
        Some(words) => words.to_owned(),
        None if basis.contains(' ') || basis.is_empty() => basis.to_owned(),
        None if basis.contains('.') => frame.f("basis.rule", basis),
        None => frame.f("basis.row", basis),
    }
}

/// A field; nothing where it is known to be absent.
fn field(
    frame: &Frame,
    atlas: &mut Atlas<'_>,
    kind: &str,
    known: &FieldView,
) -> Result<Option<FieldRow>, Failure> {
    let value = values::field(frame, &known.name, &known.value);
    if value.is_empty() {
        return Ok(None);
    }
    let (href, quote) = match known.evidence.first() {
        Some(first) => (atlas.link(frame, &first.page, &first.spans)?, one_line(&first.text)),
        None => (String::new(), String::new()),
    };
    let narrowed = match (known.name.as_str(), known.value.as_text()) {
        ("force" | "status" | "type" | "area" | "sector" | "meeting" | "country" | "speaker", Some(word)) => {
            frame.to(&with_query("/ledger", [("kind", kind), (known.name.as_str(), word)]))
        }
        _ => String::new(),
    };
    Ok(Some(FieldRow {
        name: frame.word("field", &known.name).to_owned(),
        quote: if quote == value { String::new() } else { rows::shortened(&quote, 60) },
        value,
        narrowed,
        basis: BasisMark { printed: known.printed, why: reason(frame, &known.basis), href },
    }))
}
