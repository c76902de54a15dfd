//! Figures: every reported value of a measure side by side, agreeing or not.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{Paging, Query, Reader, RecordFilter, RecordSort, RecordSummary};
use shiliu_ledger::Kind;

use super::page::one_line;
use super::places::{Atlas, source_name};
use super::rows;
use super::values;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

/// The most figures that one screen groups.
const MOST: u32 = 400;

#[derive(Template)]
#[template(path = "figures.html")]
struct FiguresScreen {
    frame: Frame,
    groups: Vec<MeasureGroup>,
    total: u64,
    shown: u64,
    text: String,
    empty_archive: bool,
}

struct MeasureGroup {
    measure: String,
    unnamed: bool,
    differing: bool,
    rows: Vec<FigureRow>,
}

struct FigureRow {
    value: String,
    unit: String,
    as_of: String,
    scope: String,
    href: String,
    words: String,
    link: String,
    source: String,
    origins: u64,
    printings: u64,
}

/// `/figures?q=WORDS`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "figures", screen).await
}

fn screen(site: &Site, reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let filter = RecordFilter {
        kinds: vec![Kind::Figure, Kind::Indicator],
        text: ask.get("q").map(|text| Query::fold(text, &site.pack)).filter(|text| !text.is_empty()),
        once: true,
        ..RecordFilter::default()
    };
    let found = reader.records(&filter, RecordSort::Newest, Paging { offset: 0, limit: MOST })?;
    let mut by_measure: BTreeMap<String, Vec<&RecordSummary>> = BTreeMap::new();
    for record in &found.rows {
        by_measure.entry(record.text("measure").unwrap_or_default().to_owned()).or_default().push(record);
    }
    let mut atlas = Atlas::new(reader);
    let mut groups = Vec::new();
    for (measure, records) in by_measure {
        let mut rows = Vec::new();
        for record in records {
            rows.push(figure(&frame, reader, &mut atlas, record)?);
        }
        rows.sort_by(|a: &FigureRow, b| b.as_of.cmp(&a.as_of));
        // The same measure for the same time, scope and unit with two values: worth a look.
        let differing = rows.iter().any(|row| {
            let comparable = !measure.is_empty() && !row.as_of.is_empty();
            comparable
                && rows.iter().any(|other| {
                    (&row.as_of, &row.scope, &row.unit) == (&other.as_of, &other.scope, &other.unit)
                        && row.value != other.value
                })
        });
        groups.push(MeasureGroup { unnamed: measure.is_empty(), measure, differing, rows });
    }
    groups.sort_by(|a, b| (a.unnamed, b.rows.len(), &a.measure).cmp(&(b.unnamed, a.rows.len(), &b.measure)));
    let screen = FiguresScreen {
        empty_archive: found.total == 0 && reader.overview()?.counts.pages == 0,
        shown: found.rows.len() as u64,
        total: found.total,
        groups,
        text: ask.get("q").unwrap_or_default().to_owned(),
        frame,
    };
    Answer::render(&screen)
}

fn figure(
    frame: &Frame,
    reader: &Reader,
    atlas: &mut Atlas<'_>,
    record: &RecordSummary,
) -> Result<FigureRow, Failure> {
    let word =
        |name: &str| record.value(name).map(|value| values::field(frame, name, value)).unwrap_or_default();
    let bound = Some(word("cmp")).filter(|sign| sign != "=").unwrap_or_default();
    let mut row = FigureRow {
        value: format!("{bound}{} {}", word("value"), word("unit")).trim().to_owned(),
        unit: word("unit"),
        as_of: word("as_of"),
        scope: word("scope"),
        href: rows::address(frame, &record.key),
        words: String::new(),
        link: String::new(),
        source: String::new(),
        origins: record.origins,
        printings: record.printings,
    };
    if let Some(view) = reader.record(&record.key)?
        && let Some(first) = view.evidence.first()
    {
        row.words = rows::shortened(&one_line(&first.text), 60);
        row.link = atlas.link(frame, &first.page, &first.spans)?;
        row.source = source_name(frame, &first.page);
    }
    Ok(row)
}
