//! The desk: what is owed, what is due, what came in; agendas made from the record, the wall chart, the calendar.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use shiliu_archive::store::{EntryFilter, EntrySort, ItemFilter, Paging, Reader};
use shiliu_text::Date;

use super::register::{PromiseRow, promise_row, today};
use crate::cli::{Cadence, cadences, ics};
use crate::web::address::with_query;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskScreen {
    frame: Frame,
    cadences: Vec<(String, String, bool)>,
    dates: String,
    as_of: String,
    parts: Vec<Part>,
    owners: Vec<(String, String, String)>,
    /// What came in and waits: its name, how many, where.
    came: Vec<(String, String, String)>,
    last_add: String,
    empty: bool,
    /// Promises that wait to be taken in.
    waiting: String,
}

struct Part {
    id: &'static str,
    name: String,
    count: String,
    rows: Vec<PromiseRow>,
    more: String,
}

fn name(frame: &Frame, cadence: &Cadence) -> String {
    let names = cadence.names.get(frame.code()).or_else(|| cadence.names.values().next());
    names.and_then(|names| names.first()).unwrap_or(&cadence.id).clone()
}

/// `/desk?cadence=&owner=&asof=`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "desk", screen).await
}

fn screen(site: &Site, reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    const SHOWN: u32 = 20;
    let as_of = ask.get("asof").map_or_else(today, str::to_owned);
    let day = Date::parse(&as_of).ok_or(Failure::Unusable("failure.date"))?;
    let cadences = cadences(&site.profile);
    let chosen = cadences
        .iter()
        .find(|cadence| Some(cadence.id.as_str()) == ask.get("cadence"))
        .or_else(|| cadences.first());
    let (last, next) = chosen.map_or((None, None), |cadence| cadence.rhythm.around(cadence.first, day));
    let found = reader.agenda(day, last, next, ask.get("owner"), SHOWN)?;
    let parts = found.into_iter().filter(|part| part.count > 0).map(|part| Part {
        id: part.reason.as_str(),
        name: frame.word("reason", part.reason.as_str()).to_owned(),
        count: frame.grouped(part.count),
        rows: part.rows.iter().map(|row| promise_row(&frame, row, &as_of)).collect(),
        more: if part.count > u64::from(SHOWN) {
            let pair = match part.reason.as_str() {
                "overdue" => ("overdue", "1"),
                "no-owner" => ("owner", "-"),
                "no-date" => ("undated", "1"),
                "finding" => ("findings", "1"),
                "unanswered" => ("waiting", "1"),
                _ => ("open", "1"),
            };
            frame.to(&with_query("/register", [pair, ("sort", "due")]))
        } else {
            String::new()
        },
    });
    let dates = [("follow.last", last), ("follow.next", next)]
        .into_iter()
        .filter_map(|(key, day)| day.map(|day| frame.f(key, day)))
        .collect::<Vec<_>>()
        .join(" \u{b7} ");
    let owners = reader.open_by_owner()?;
    let every = EntryFilter { taken_back: true, ..EntryFilter::default() };
    let empty = owners.is_empty() && reader.count_entries(&every)? == 0;
    let owners = owners.into_iter().map(|(owner, count)| {
        let shown = if owner == "-" { frame.t("register.nobody") } else { &owner };
        (shown.to_owned(), frame.grouped(count), frame.to(&with_query("/desk", [("owner", owner.as_str())])))
    });
    let waiting = reader.queue_counts(&ItemFilter::default())?;
    let came = waiting.iter().filter(|(_, count)| *count > 0).map(|(kind, count)| {
        let href = frame.to(&with_query("/review/item", [("kind", kind.as_str())]));
        (frame.word("item", kind.as_str()).to_owned(), frame.grouped(*count), href)
    });
    let candidates =
        waiting.iter().filter(|(kind, _)| kind.as_str() == "record").map(|(_, count)| count).sum();
    let last_add = reader.last_add()?.unwrap_or_default();
    let screen = DeskScreen {
        waiting: frame.grouped(candidates),
        came: came.collect(),
        last_add: last_add.get(..10).unwrap_or_default().to_owned(),
        cadences: cadences
            .iter()
            .map(|cadence| {
                let on = chosen.is_some_and(|chosen| chosen.id == cadence.id);
                (name(&frame, cadence), frame.to(&ask.with("cadence", &cadence.id)), on)
            })
            .collect(),
        dates,
        parts: parts.collect(),
        owners: owners.collect(),
        empty,
        as_of,
        frame,
    };
    Answer::render(&screen)
}

#[derive(Template)]
#[template(path = "wall.html")]
struct WallScreen {
    frame: Frame,
    as_of: String,
    columns: Vec<String>,
    rows: Vec<(String, Vec<Vec<WallCell>>)>,
    /// Says that not all entries are on it.
    cut: String,
    /// The sheet it is printed on: `a3` or `a4`, lying.
    sheet: &'static str,
    /// Sheets to choose from: name, address, whether chosen.
    sheets: Vec<(&'static str, String, bool)>,
    empty: bool,
}

struct WallCell {
    key: String,
    href: String,
    due: String,
    words: String,
    late: bool,
    /// Whether others promise it too, under whom it hangs as well.
    joint: bool,
}

/// `/wall`: areas by who promises, by due date; made to be printed.
pub(crate) async fn wall(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "desk", |_, reader, ask, frame| wall_screen(reader, ask, frame)).await
}

fn wall_screen(reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    /// Columns that fit on a sheet; the rest is one column.
    const COLUMNS: usize = 8;
    /// Entries that are hung up: those due first.
    const HUNG: u32 = 300;
    let as_of = ask.get("asof").map_or_else(today, str::to_owned);
    let filter = EntryFilter { open: true, ..EntryFilter::default() };
    let mut entries = Vec::new();
    let total = loop {
        let offset = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let found = reader.entries(&filter, EntrySort::Due, Paging { offset, limit: HUNG })?;
        let more = !found.rows.is_empty();
        entries.extend(found.rows);
        if !more || entries.len() >= HUNG as usize {
            break found.total;
        }
    };
    let first = |text: &str, none: &str| {
        let name = text.split(';').next().unwrap_or_default().trim();
        if name.is_empty() { none.to_owned() } else { name.to_owned() }
    };
    let (no_area, no_actor) = (frame.t("follow.no_area").to_owned(), frame.t("follow.no_actor").to_owned());
    // What several promise together hangs under each of them.
    let all = |text: &str, none: &str| -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in text.split(';').map(str::trim).filter(|name| !name.is_empty()) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        if names.is_empty() { vec![none.to_owned()] } else { names }
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in entries.iter().flat_map(|row| all(&row.actors, &no_actor)) {
        *counts.entry(name).or_default() += 1;
    }
    let mut columns: Vec<(usize, String)> = counts.into_iter().map(|(name, count)| (count, name)).collect();
    columns.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let others = columns.len() > COLUMNS;
    columns.truncate(COLUMNS);
    let mut columns: Vec<String> = columns.into_iter().map(|(_, name)| name).collect();
    if others {
        columns.push("\u{2026}".to_owned());
    }
    let mut rows: BTreeMap<String, Vec<Vec<WallCell>>> = BTreeMap::new();
    for row in &entries {
        let actors = all(&row.actors, &no_actor);
        let places: BTreeSet<usize> = actors
            .iter()
            .map(|actor| {
                columns.iter().position(|name| name == actor).unwrap_or(columns.len().saturating_sub(1))
            })
            .collect();
        let cells = rows
            .entry(first(&row.area, &no_area))
            .or_insert_with(|| columns.iter().map(|_| Vec::new()).collect());
        for place in places {
            if let Some(cell) = cells.get_mut(place) {
                cell.push(WallCell {
                    key: row.key.clone(),
                    href: super::register::address(&frame, &row.key),
                    due: row.due_day.clone().unwrap_or_else(|| frame.t("register.no_date").to_owned()),
                    words: super::rows::shortened(&row.words, 46),
                    late: row.is_overdue(&as_of),
                    joint: actors.len() > 1,
                });
            }
        }
    }
    // What belongs to no area comes last.
    let loose = rows.remove(&no_area);
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(area, cells)| (frame.named(&area).to_owned(), cells))
        .chain(loose.map(|cells| (no_area, cells)))
        .collect();
    let sheet = if ask.get("sheet") == Some("a4") { "a4" } else { "a3" };
    let sheets = [("A3", "a3"), ("A4", "a4")];
    let sheets = sheets.map(|(name, code)| (name, frame.to(&ask.with("sheet", code)), code == sheet)).into();
    let cut = if total > entries.len() as u64 {
        frame.f2("follow.cut", frame.grouped(entries.len() as u64), frame.grouped(total))
    } else {
        String::new()
    };
    let screen = WallScreen { columns, cut, empty: rows.is_empty(), rows, sheet, sheets, as_of, frame };
    Answer::render(&screen)
}

/// `/due.ics`
pub(crate) async fn calendar(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    let spare = Frame::new(&site, &ask, "desk");
    let work = tokio::task::spawn_blocking(move || {
        let reader = site.archive.reader()?;
        let head = reader.register_head()?;
        let owner = ask.get("owner").map(str::to_owned);
        site.calendars.get((head, owner.clone()), || Ok(ics(&reader, owner.as_deref())?))
    });
    match work.await {
        Ok(Ok(text)) => {
            ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text.to_string()).into_response()
        }
        Ok(Err(failure)) => failure.show(spare),
        Err(error) => Failure::Internal(error.to_string()).show(spare),
    }
}
