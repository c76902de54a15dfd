//! Figures: every reported value of a measure side by side, agreeing or not; then what is reported once.

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
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

/// A measure of so many characters names one thing wherever it is printed.
const OWN_NAME: usize = 4;

/// The most figures that one screen groups.
const MOST: u32 = 400;

#[derive(Template)]
#[template(path = "figures.html")]
struct FiguresScreen {
    frame: Frame,
    groups: Vec<MeasureGroup>,
    /// Figures of which only one value is reported.
    singles: Vec<FigureRow>,
    /// Values of stories in which no state of the profile acts.
    local: Vec<FigureRow>,
    total: u64,
    shown: u64,
    text: String,
    empty_archive: bool,
}

/// One measure: every value that the pages report for it.
struct MeasureGroup {
    measure: String,
    /// What is counted, where it is no unit of measurement.
    counted: String,
    differing: bool,
    chart: Option<Chart>,
    rows: Vec<FigureRow>,
}

impl MeasureGroup {
    fn own(&self) -> bool {
        self.rows.iter().any(|row| row.own)
    }
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
    /// Its parts do not give it: the address of a part.
    sum_href: String,
    before: String,
    after: String,
    counted: String,
    day: Option<i64>,
    number: Option<i128>,
    measure: String,
    /// Records that say the same or cannot be right together with it.
    linked: Vec<String>,
    /// Whether a state of the profile acts in its story.
    own: bool,
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
    let stories = found.rows.iter().map(|record| record.story.as_str()).collect();
    let acted = super::mechanism::acted_in(site, reader, &stories)?;
    let mut groups: Vec<Vec<FigureRow>> = Vec::new();
    let mut place: BTreeMap<String, usize> = BTreeMap::new();
    for record in &found.rows {
        let mut row = figure(&frame, reader, &mut atlas, record)?;
        row.own = acted.contains(&record.story);
        // Figures that are linked, and figures of one measure and unit, are one series.
        // A short word (a length, a rate) is of something else in another story unless a link says otherwise.
        let whose = if row.measure.chars().count() < OWN_NAME { record.story.as_str() } else { "" };
        let named = (!row.measure.is_empty())
            .then(|| format!("{}\u{0}{}\u{0}{whose}", row.measure, record.text("unit").unwrap_or_default()));
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
    let mut singles = Vec::new();
    let mut series = Vec::new();
    for mut rows in groups.into_iter().filter(|rows| !rows.is_empty()) {
        match rows.pop_if(|row| row.sum_href.is_empty() && !row.differs) {
            Some(row) if rows.is_empty() => singles.push(row),
            row => series.push(group(rows.into_iter().chain(row).collect())),
        }
    }
    // Of one day those that most print, then in the order of their pages.
    singles.sort_by_key(|row| std::cmp::Reverse((row.day, row.printings)));
    let (singles, local): (Vec<_>, Vec<_>) = singles.into_iter().partition(|row| row.own);
    let mut groups: Vec<MeasureGroup> = series;
    groups.sort_by(|a, b| {
        (!a.own(), !a.differing, a.chart.is_none(), b.rows.len(), &a.measure).cmp(&(
            !b.own(),
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
        singles,
        local,
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
    let mut counted: Vec<&str> = rows.iter().map(|row| row.counted.as_str()).collect();
    counted.dedup();
    let counted = match counted.as_slice() {
        // What is counted says what the measure is of, unless the measure says it already.
        [one] if !measure.contains(one) => (*one).to_owned(),
        _ => String::new(),
    };
    MeasureGroup {
        counted,
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
    let text = |name: &str| record.text(name).unwrap_or_default();
    let as_of = record.text("as_of");
    let mut row = FigureRow {
        value: values::amount(frame, text("cmp"), text("value"), text("unit")),
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
        sum_href: String::new(),
        before: String::new(),
        after: String::new(),
        counted: String::new(),
        day: as_of.or(record.date.as_deref()).and_then(day_of),
        number: record.text("value").and_then(millionths),
        measure: record.text("measure").unwrap_or_default().to_owned(),
        linked: Vec::new(),
        own: false,
        sort: record.key.clone(),
    };
    // A unit that no vocabulary knows is the thing that is counted.
    if frame.known(&format!("value.unit.{}", text("unit"))).is_none() {
        row.counted = text("unit").trim_matches(['{', '}']).to_owned();
    }
    for link in reader.links(&record.key)? {
        let Some(other) = &link.other else { continue };
        if matches!(other.kind, Kind::Figure | Kind::Indicator)
            && matches!(link.verb.as_str(), "same-as" | "contradicts")
        {
            // Where a sum differs the total stands in a series of its own.
            let sum = link.rule.ends_with(".sum");
            row.differs |= link.verb == "contradicts" && !sum;
            if sum && link.verb == "contradicts" {
                // The link runs from a part to the total; it is the total that the parts do not give.
                if !link.outgoing {
                    row.sum_href = rows::address(frame, &other.key);
                }
            } else {
                row.linked.push(other.key.clone());
            }
        }
    }
    if let Some(first) = reader.first_evidence(&record.key)? {
        row.words = rows::shortened(&one_line(&first.text), 60);
        row.before = one_line(&rows::tail(&first.before, 16));
        row.after = one_line(&first.after.chars().take(16).collect::<String>());
        row.link = atlas.link(frame, &first.page, &first.spans)?;
        row.source = source_name(frame, &first.page);
    }
    Ok(row)
}

/// A decimal text in millionths.
fn millionths(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    let whole: i128 = whole.parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(sign * fraction.parse::<i128>().ok()?)
}
