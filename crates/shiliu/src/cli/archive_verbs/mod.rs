//! The verbs that work on an archive: a folder that `init` makes.

mod add;
mod brief;
mod care;
mod check;
mod due;
mod exchange;
mod init;
mod ledger;
mod places;
mod review;
mod search;
mod show;
mod status;

use std::path::PathBuf;

use clap::Args;
use shiliu_archive::store::{Archive, Place, StoreError};
use shiliu_text::{CodePoints, Span};

use super::CommandError;
use crate::export::json::Json;

pub(super) use add::AddArguments;
pub(super) use brief::BriefArguments;
pub(super) use care::{BackupArguments, DoctorArguments, RestoreArguments, VerifyArguments};
pub(super) use check::CheckArguments;
pub(crate) use check::{percent, rate_of};
pub(super) use due::DueArguments;
pub(crate) use due::{Cadence, cadences, ics};
pub(super) use exchange::{ExportArguments, ImportArguments};
pub(super) use init::InitArguments;
pub(super) use ledger::LedgerArguments;
pub(crate) use ledger::countable;
pub(super) use review::ReviewArguments;
pub(super) use search::SearchArguments;
pub(super) use show::ShowArguments;
pub(super) use status::StatusArguments;

pub(super) use add::run as run_add;
pub(super) use brief::run as run_brief;
pub(super) use care::{run_backup, run_doctor, run_restore, run_verify};
pub(super) use check::run as run_check;
pub(super) use due::run as run_due;
pub(super) use exchange::{run_export, run_import};
pub(super) use init::run as run_init;
pub(super) use ledger::run as run_ledger;
pub(super) use review::run as run_review;
pub(super) use search::run as run_search;
pub(super) use show::run as run_show;
pub(super) use status::run as run_status;

/// Which archive, and in which form the answer is given.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// Folder of the archive.
    #[arg(long, value_name = "DIR", default_value = ".")]
    archive: PathBuf,
    /// Answer in JSON Lines.
    #[arg(long)]
    json: bool,
}

impl Target {
    fn open(&self) -> Result<Archive, CommandError> {
        Archive::open(&self.archive).map_err(failure)
    }
}

/// What an error of the store means for the exit status: its message names the file and the next step already.
pub(super) fn failure(error: StoreError) -> CommandError {
    if error.is_partial() {
        return CommandError::stopped(error.to_string());
    }
    match error {
        StoreError::Refused(message) => CommandError::usage(message),
        other => CommandError::archive(other.to_string()),
    }
}

/// The time, for what is kept with it.
fn now() -> String {
    let second = jiff::Unit::Second;
    let now = jiff::Timestamp::now();
    now.round(second).unwrap_or(now).to_string()
}

/// Text that came from outside, for a terminal: control characters other than line feeds are shown as U+FFFD.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// A text on one line; the spaces that it begins with stay.
fn one_line(text: &str) -> String {
    let indent = text.len() - text.trim_start_matches(' ').len();
    let words = shown(text).split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}{words}", " ".repeat(indent))
}

/// A natural number.
fn number(count: u64) -> Json {
    Json::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// `{"start","end"}` in code points.
fn range(points: &CodePoints<'_>, span: Span) -> Json {
    Json::object([("start", points.at_byte(span.start).into()), ("end", points.at_byte(span.end).into())])
}

/// The address of characters in the web app, in code points.
fn permalink(text: shiliu_text::TextId, points: &CodePoints<'_>, span: Span) -> String {
    format!("/p/{text}#c={}-{}", points.at_byte(span.start), points.at_byte(span.end))
}

/// `paper date page_no (path)`, as far as known.
fn page_line(page: &shiliu_archive::store::PageRef) -> String {
    let known = [page.paper.as_deref(), page.date.as_deref(), page.page_no.as_deref()];
    let known: Vec<&str> = known.into_iter().flatten().collect();
    if known.is_empty() { page.path.clone() } else { format!("{} ({})", known.join(" "), page.path) }
}

/// Places of one text in code points need the text; a place whose layer is gone keeps bytes out of the answer.
fn place_json(reader: &shiliu_archive::store::Reader, place: &Place) -> Result<Json, CommandError> {
    let layer = reader.layer(place.page.text).map_err(failure)?;
    let at = layer.as_ref().map(|layer| {
        let points = CodePoints::new(&layer.text);
        (points.at_byte(place.span.start), points.at_byte(place.span.end))
    });
    Ok(Json::object([
        ("page", place.page.path.as_str().into()),
        ("start", Json::or_null(at.map(|at| at.0))),
        ("end", Json::or_null(at.map(|at| at.1))),
    ]))
}
