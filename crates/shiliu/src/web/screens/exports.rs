//! A view as a file: the same rows as on the screen.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use shiliu_archive::store::EntrySort;

use super::register;
use crate::export::register as shapes;
use crate::export::views::View;
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::words::{column_heading, word};

/// The type of a workbook.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `/export/VIEW.FORMAT?…`
pub(crate) async fn serve(State(site): State<Arc<Site>>, Path(name): Path<String>, ask: Ask) -> Response {
    let spare = Frame::new(&site, &ask, "register");
    let work = tokio::task::spawn_blocking(move || bytes(&site, &name, &ask));
    match work.await {
        Ok(Ok((kind, name, bytes))) => (
            [
                (header::CONTENT_TYPE, kind.to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            ],
            bytes,
        )
            .into_response(),
        Ok(Err(failure)) => failure.show(spare),
        Err(error) => Failure::Internal(error.to_string()).show(spare),
    }
}

/// The records that the ledger shows at the same query.
fn records(site: &Site, format: &str, ask: &Ask) -> Result<(&'static str, String, Vec<u8>), Failure> {
    let reader = site.archive.reader()?;
    let filter = super::ledger::filter(site, &reader, ask)?;
    let table = crate::export::records::table(&reader, &filter, super::ledger::sort(ask))?;
    let heading = |name: &str| {
        let heading = column_heading(ask.tongue, name);
        if heading == name { word(ask.tongue, "field", name) } else { heading }
    };
    let file = format!("shiliu-records.{format}");
    match format {
        "jsonl" => {
            let lines: String = table.json().map(|line| format!("{line}\n")).collect();
            Ok(("application/x-ndjson; charset=utf-8", file, lines.into_bytes()))
        }
        "csv" => Ok(("text/csv; charset=utf-8", file, table.csv(&heading).into_bytes())),
        "xlsx" => Ok((WORKBOOK, file, table.xlsx("records", &heading).map_err(Failure::Refused)?)),
        _ => Err(Failure::Missing("failure.address")),
    }
}

fn bytes(site: &Site, name: &str, ask: &Ask) -> Result<(&'static str, String, Vec<u8>), Failure> {
    let missing = || Failure::Missing("failure.address");
    let (view, format) = name.rsplit_once('.').ok_or_else(missing)?;
    if view == "records" {
        return records(site, format, ask);
    }
    let view = View::parse(view).ok_or_else(missing)?;
    let reader = site.archive.reader()?;
    let today = register::today();
    let filter = register::filter(ask, &today);
    let sort = if ask.get("sort") == Some("due") { EntrySort::Due } else { EntrySort::Key };
    let file = format!("shiliu-{}.{format}", view.as_str());
    if format == "jsonl" {
        let mut out = String::new();
        let mut line = |value: &crate::export::json::Json| {
            out.push_str(&value.to_string());
            out.push('\n');
        };
        match view {
            View::Events => {
                reader.register_events(0, None)?.iter().for_each(|event| line(&shapes::event(event)))
            }
            View::Entries => {
                reader.all_entries(&filter, sort)?.iter().for_each(|row| line(&shapes::row(row, &today)));
            }
            _ => view.table(&reader, &filter, sort, &today)?.json().for_each(|value| line(&value)),
        }
        return Ok(("application/x-ndjson; charset=utf-8", file, out.into_bytes()));
    }
    let table = view.table(&reader, &filter, sort, &today)?;
    let heading = |name: &str| column_heading(ask.tongue, name);
    match format {
        "csv" => Ok(("text/csv; charset=utf-8", file, table.csv(&heading).into_bytes())),
        "xlsx" => Ok((WORKBOOK, file, table.xlsx(view.as_str(), &heading).map_err(Failure::Refused)?)),
        _ => Err(missing()),
    }
}
