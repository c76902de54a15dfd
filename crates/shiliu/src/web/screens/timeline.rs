//! The course of the mechanism: meetings, promises, what is due, what was kept, instruments, over one line of time.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{Paging, Reader, RecordFilter, RecordSort, RecordSummary};
use shiliu_ledger::Kind;

use super::chart::{Chart, Dot, Moment, day_of, lanes, middle_of};
use super::page::one_line;
use super::places::{Atlas, source_name};
use super::rows;
use super::values;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

/// The most records of one lane.
const MOST: u32 = 160;
/// The lanes, by the key of their name.
const LANES: [&str; 5] = ["meetings", "promised", "due", "kept", "instruments"];
/// Where what is due stands in [`LANES`].
const DUE: usize = 2;

#[derive(Template)]
#[template(path = "timeline.html")]
struct TimelineScreen {
    frame: Frame,
    chart: Option<Chart>,
    rows: Vec<MomentRow>,
    more: bool,
    /// The first and the last month of what is shown: what may be asked for looks like this.
    months: [String; 2],
    from: String,
    to: String,
    empty_archive: bool,
}

struct MomentRow {
    day: i64,
    edtf: String,
    date: String,
    lane: String,
    class: &'static str,
    label: String,
    href: String,
    words: String,
    link: String,
    source: String,
}

/// `/timeline?after=DAY&before=DAY`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "timeline", |_, reader, ask, frame| screen(reader, ask, frame)).await
}

/// The lanes a record stands in, each with its date as the page gives it.
fn lanes_of(record: &RecordSummary) -> Vec<(usize, String)> {
    let date = |field: &str| record.text(field).map(str::to_owned);
    let told = record.date.clone();
    match record.kind {
        Kind::Event => date("date").map(|date| (0, date)).into_iter().collect(),
        Kind::Instrument => date("date").map(|date| (4, date)).into_iter().collect(),
        Kind::Project => told.map(|date| (3, date)).into_iter().collect(),
        Kind::Commitment if record.text("status") == Some("delivered") => {
            date("deadline").or(told).map(|date| (3, date)).into_iter().collect()
        }
        Kind::Commitment => {
            let due = date("deadline").filter(|due| !due.ends_with("/..")).map(|due| (2, due));
            told.map(|date| (1, date)).into_iter().chain(due).collect()
        }
        _ => Vec::new(),
    }
}

fn screen(reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let (from, to) = (ask.get("after").unwrap_or_default(), ask.get("before").unwrap_or_default());
    let (first, last) = (day_of(from), day_of(to));
    let meetings = ["summit", "ministerial", "meeting"].map(|kind| (Kind::Event, vec![("type", kind)]));
    let wanted = meetings.into_iter().chain([
        (Kind::Commitment, Vec::new()),
        (Kind::Project, vec![("status", "delivered")]),
        (Kind::Instrument, Vec::new()),
    ]);
    let mut atlas = Atlas::new(reader);
    let (mut moments, mut shown, mut more) = (Vec::new(), Vec::new(), false);
    for (kind, facets) in wanted {
        let filter = RecordFilter {
            kinds: vec![kind],
            facets: facets.into_iter().map(|(name, word)| (name.to_owned(), word.to_owned())).collect(),
            once: true,
            ..RecordFilter::default()
        };
        let found = reader.records(&filter, RecordSort::Weight, Paging { offset: 0, limit: MOST })?;
        more |= found.total > u64::from(MOST);
        // Stances are no promises, and what others than the parties promise is no moment of the mechanism.
        let beside = |flag: &String| matches!(flag.as_str(), "stance" | "local");
        for record in found.rows.iter().filter(|record| !record.flags.iter().any(beside)) {
            for (lane, edtf) in lanes_of(record) {
                let Some(day) = day_of(&edtf) else { continue };
                if first.is_some_and(|first| day < first) || last.is_some_and(|last| day > last) {
                    continue;
                }
                let row = moment(&frame, reader, &mut atlas, record, (lane, day, &edtf))?;
                let dot = Dot {
                    x: 0,
                    y: 0,
                    href: row.link.clone(),
                    title: format!("{} · {} · {}", row.date, row.label, row.source),
                    class: row.class,
                };
                // What is due by a year or a month is due by its end.
                let drawn = if lane == DUE { day } else { middle_of(&edtf).unwrap_or(day) };
                moments.push(Moment { lane, day: drawn, dot });
                shown.push(row);
            }
        }
    }
    shown.sort_by(|a, b| (a.day, &a.lane, &a.label).cmp(&(b.day, &b.lane, &b.label)));
    let month = |row: Option<&MomentRow>| -> String {
        let digits = |text: &str| text.chars().all(|sign| sign.is_ascii_digit() || sign == '-');
        row.map_or(String::new(), |row| {
            row.edtf.get(..7).filter(|text| digits(text)).unwrap_or_default().to_owned()
        })
    };
    let whole = || shown.iter().filter(|row| row.edtf.len() >= 7);
    let months = [month(whole().next()), month(whole().next_back())];
    let names: Vec<String> = LANES.iter().map(|lane| frame.word("lane", lane).to_owned()).collect();
    let screen = TimelineScreen {
        chart: lanes(&names, &moments),
        empty_archive: shown.is_empty() && reader.is_empty()?,
        rows: shown,
        months,
        more,
        from: from.to_owned(),
        to: to.to_owned(),
        frame,
    };
    Answer::render(&screen)
}

fn moment(
    frame: &Frame,
    reader: &Reader,
    atlas: &mut Atlas<'_>,
    record: &RecordSummary,
    (lane, day, edtf): (usize, i64, &str),
) -> Result<MomentRow, Failure> {
    const CLASSES: [&str; 5] = ["meeting", "promise", "due", "kept", "instrument"];
    let mut row = MomentRow {
        day,
        edtf: edtf.to_owned(),
        date: values::field(frame, "date", &shiliu_archive::store::FieldValue::Text(edtf.to_owned())),
        lane: frame.word("lane", LANES[lane]).to_owned(),
        class: CLASSES[lane],
        label: rows::shortened(&one_line(&record.label), 70),
        href: rows::address(frame, &record.key),
        words: String::new(),
        link: String::new(),
        source: String::new(),
    };
    if let Some(first) = reader.first_evidence(&record.key)? {
        let words = rows::shortened(&one_line(&first.text), 60);
        // Words that the label says already are not said twice.
        if !words.starts_with(row.label.trim_end_matches('…'))
            && !row.label.starts_with(words.trim_end_matches('…'))
        {
            row.words = words;
        }
        row.link = atlas.link(frame, &first.page, &first.spans)?;
        row.source = source_name(frame, &first.page);
    }
    Ok(row)
}
