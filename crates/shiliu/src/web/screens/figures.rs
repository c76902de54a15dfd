//! Figures: every reported value of a measure side by side, agreeing or not.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{Paging, Query, Reader, RecordFilter, RecordSort, RecordSummary};
use shiliu_ledger::Kind;

use super::chart::{Chart, Dot, Value, day_of, series};
use super::page::one_line;
use super::places::{Atlas, source_name};
use super::rows;
use super::values;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::{Frame, grouped};
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

/// One measure: every value that the pages report for it.
struct MeasureGroup {
    measure: String,
    unnamed: bool,
    differing: bool,
    chart: Option<Chart>,
    rows: Vec<FigureRow>,
}

struct FigureRow {
    value: String,
    as_of: String,
    scope: String,
    href: String,
    words: String,
    link: String,
    source: String,
    origins: u64,
    printings: u64,
    /// Cannot be right together with another value of the group.
    differs: bool,
    day: Option<i64>,
    number: Option<i128>,
    measure: String,
    /// Records that say the same or cannot be right together with it.
    linked: Vec<String>,
    sort: String,
}

/// `/figures?q=WORDS`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "figures", screen).await
}

fn screen(site: &Site, reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let filter = RecordFilter {
        kinds: vec![Kind::Figure, Kind::Indicator],
        text: ask.get("q").map(|text| Query::fold(text, &site.pack)).filter(|text| !text.is_empty()),
        ..RecordFilter::default()
    };
    let found = reader.records(&filter, RecordSort::Newest, Paging { offset: 0, limit: MOST })?;
    let mut atlas = Atlas::new(reader);
    let mut groups: Vec<Vec<FigureRow>> = Vec::new();
    let mut place: BTreeMap<String, usize> = BTreeMap::new();
    for record in &found.rows {
        let row = figure(&frame, reader, &mut atlas, record)?;
        // Figures that are linked, and figures of one measure and unit, are one series.
        let named = (!row.measure.is_empty())
            .then(|| format!("{}\u{0}{}", row.measure, record.text("unit").unwrap_or_default()));
        let keys: Vec<String> =
            named.into_iter().chain([record.key.clone()]).chain(row.linked.iter().cloned()).collect();
        let mut homes: Vec<usize> = keys.iter().filter_map(|key| place.get(key).copied()).collect();
        homes.sort_unstable();
        homes.dedup();
        let home = homes.first().copied().unwrap_or_else(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        for &other in homes.iter().skip(1) {
            let moved = std::mem::take(&mut groups[other]);
            groups[home].extend(moved);
            place.values_mut().filter(|known| **known == other).for_each(|known| *known = home);
        }
        groups[home].push(row);
        for key in keys {
            place.insert(key, home);
        }
    }
    let mut groups: Vec<MeasureGroup> =
        groups.into_iter().filter(|rows| !rows.is_empty()).map(group).collect();
    groups.sort_by(|a, b| {
        (a.unnamed, !a.differing, a.chart.is_none(), b.rows.len(), &a.measure).cmp(&(
            b.unnamed,
            !b.differing,
            b.chart.is_none(),
            a.rows.len(),
            &b.measure,
        ))
    });
    let screen = FiguresScreen {
        empty_archive: found.total == 0 && reader.is_empty()?,
        shown: found.rows.len() as u64,
        total: found.total,
        groups,
        text: ask.get("q").unwrap_or_default().to_owned(),
        frame,
    };
    Answer::render(&screen)
}

/// A series: in order of time, drawn where it has more than one point.
fn group(mut rows: Vec<FigureRow>) -> MeasureGroup {
    rows.sort_by(|a, b| (b.day, &a.sort).cmp(&(a.day, &b.sort)));
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.measure.is_empty()) {
        *named.entry(&row.measure).or_default() += 1;
    }
    let measure = named.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse(name.len())));
    let measure = measure.map_or(String::new(), |(name, _)| (*name).to_owned());
    let points = rows.iter().filter_map(|row| {
        let dot = Dot {
            x: 0,
            y: 0,
            href: row.link.clone(),
            title: format!("{} · {} · {}", row.value, row.as_of, row.source),
            class: if row.differs { "differs" } else { "agrees" },
        };
        Some(Value { day: row.day?, number: row.number?, label: row.value.clone(), dot })
    });
    MeasureGroup {
        unnamed: measure.is_empty(),
        differing: rows.iter().any(|row| row.differs),
        chart: if measure.is_empty() { None } else { series(points.collect()) },
        measure,
        rows,
    }
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
    let as_of = record.text("as_of");
    let mut row = FigureRow {
        value: format!("{bound}{} {}", in_threes(&word("value")), word("unit").trim_matches(['{', '}']))
            .trim()
            .to_owned(),
        // A figure without a day of its own is of the day of its story.
        as_of: if as_of.is_some() { word("as_of") } else { record.date.clone().unwrap_or_default() },
        scope: word("scope"),
        href: rows::address(frame, &record.key),
        words: String::new(),
        link: String::new(),
        source: String::new(),
        origins: record.origins,
        printings: record.printings,
        differs: false,
        day: as_of.or(record.date.as_deref()).and_then(day_of),
        number: record.text("value").and_then(millionths),
        measure: record.text("measure").unwrap_or_default().to_owned(),
        linked: Vec::new(),
        sort: record.key.clone(),
    };
    for link in reader.links(&record.key)? {
        let Some(other) = &link.other else { continue };
        if matches!(other.kind, Kind::Figure | Kind::Indicator)
            && matches!(link.verb.as_str(), "same-as" | "contradicts")
        {
            // Where a sum differs the total stands in a series of its own.
            let sum = link.rule.ends_with(".sum");
            row.differs |= link.verb == "contradicts";
            if !sum {
                row.linked.push(other.key.clone());
            }
        }
    }
    if let Some(first) = reader.first_evidence(&record.key)? {
        row.words = rows::shortened(&one_line(&first.text), 60);
        row.link = atlas.link(frame, &first.page, &first.spans)?;
        row.source = source_name(frame, &first.page);
    }
    Ok(row)
}

/// A number with thin groups of three; what is none stays as it is.
pub(crate) fn in_threes(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    match whole.parse::<u64>() {
        Ok(number) if whole.len() > 4 => format!("{}{rest}", grouped(number)),
        _ => text.to_owned(),
    }
}

/// A decimal text in millionths.
fn millionths(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    let whole: i128 = whole.parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(sign * fraction.parse::<i128>().ok()?)
}
