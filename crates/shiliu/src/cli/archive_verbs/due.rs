//! `due`: what is owed by a day, what is late, the agenda of a review, and the calendar.

use clap::Args;
use shiliu_archive::store::{EntryFilter, EntrySort, Reader, StoreError};
use shiliu_lang::{Profile, Section};
use shiliu_ledger::register::{Agenda, Rhythm};
use shiliu_text::{Date, hex};

use super::super::{CommandError, Finish, Printer, data};
use super::ledger::{tell_rows, today};
use super::{Target, failure, one_line};
use crate::export::calendar;
use crate::export::json::Json;

/// Examples: `shiliu due --by 2031-12-31` · `shiliu due --overdue --owner -` · `shiliu due --agenda monthly` ·
/// `shiliu due --ics > due.ics`
#[derive(Debug, Args)]
pub(in crate::cli) struct DueArguments {
    /// Due on or before this day, overdue ones first.
    #[arg(long, value_name = "DATE")]
    by: Option<String>,
    /// Who follows it; `-` for nobody.
    #[arg(long)]
    owner: Option<String>,
    /// Only what is overdue.
    #[arg(long)]
    overdue: bool,
    /// Only what waits for an answer.
    #[arg(long)]
    waiting: bool,
    /// The agenda of the next review: the name of a cadence of the profile, or weekly, monthly, quarterly.
    #[arg(long, value_name = "NAME")]
    agenda: Option<String>,
    /// The cadences of the profile with their next reviews.
    #[arg(long)]
    cadences: bool,
    /// A calendar of due days and steps (iCalendar).
    #[arg(long)]
    ics: bool,
    /// As of this day; else today.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    #[command(flatten)]
    target: Target,
}

pub(in crate::cli) fn run(arguments: &DueArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let archive = arguments.target.open()?;
    let reader = archive.reader().map_err(failure)?;
    let day = |text: &str| {
        Date::parse(text)
            .ok_or_else(|| CommandError::usage(format!("`{text}` is no day")).hint("write it as 2031-12-31"))
    };
    let as_of = day(arguments.as_of.as_deref().unwrap_or(&today()))?;
    if arguments.ics {
        return printer
            .text(&ics(&reader, arguments.owner.as_deref()).map_err(failure)?)
            .map(|()| Finish::Done);
    }
    if arguments.cadences || arguments.agenda.is_some() {
        let overview = reader.overview().map_err(failure)?;
        let profile = data::profile(&overview.profile)?;
        let cadences = cadences(&profile);
        return match &arguments.agenda {
            None => tell_cadences(&cadences, as_of, arguments.target.json, printer),
            Some(name) => {
                let rhythm = cadences
                    .iter()
                    .find(|cadence| cadence.id == *name)
                    .map(|cadence| (cadence.rhythm, cadence.first))
                    .or_else(|| Some((Rhythm::parse(name)?, Date::new(2024, 1, 1)?)));
                let (rhythm, first) = rhythm.ok_or_else(|| {
                    CommandError::usage(format!("{name}: the profile has no such cadence"))
                        .hint("`shiliu due --cadences` lists them; or weekly, monthly, quarterly")
                })?;
                tell_agenda(&reader, rhythm, first, as_of, arguments, printer)
            }
        };
    }
    let by = arguments.by.as_deref().map(day).transpose()?;
    let filter = EntryFilter {
        owner: arguments.owner.clone(),
        due_by: by.map(|by| by.to_string()),
        overdue_on: arguments.overdue.then(|| as_of.to_string()),
        waiting: arguments.waiting,
        open: true,
        ..EntryFilter::default()
    };
    let rows = reader.all_entries(&filter, EntrySort::Due).map_err(failure)?;
    tell_rows(&rows, &as_of.to_string(), arguments.target.json, printer)?;
    if !arguments.target.json {
        let late = rows.iter().filter(|row| row.is_overdue(&as_of.to_string())).count();
        printer.say(&format!("{} open entries, {late} overdue on {as_of}", rows.len()));
    }
    Ok(Finish::with(false))
}

/// A cadence of the profile.
pub(crate) struct Cadence {
    /// Its id.
    pub(crate) id: String,
    /// How often.
    pub(crate) rhythm: Rhythm,
    /// The first review; the others follow it.
    pub(crate) first: Date,
    /// Its name by language.
    pub(crate) names: std::collections::BTreeMap<String, Vec<String>>,
}

/// The cadences that a profile sets.
pub(crate) fn cadences(profile: &Profile) -> Vec<Cadence> {
    profile
        .entries(Section::Cadence)
        .iter()
        .filter_map(|row| {
            Some(Cadence {
                id: row.id.clone(),
                rhythm: Rhythm::parse(row.kind.as_deref()?)?,
                first: Date::parse(row.date.as_deref()?)?,
                names: row.names.clone(),
            })
        })
        .collect()
}

fn tell_cadences(
    cadences: &[Cadence],
    today: Date,
    json: bool,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    for cadence in cadences {
        let (last, next) = cadence.rhythm.around(cadence.first, today);
        let text = |day: Option<Date>| day.map(|day| day.to_string());
        if json {
            printer.json(&Json::object([
                ("cadence", cadence.id.as_str().into()),
                ("rhythm", cadence.rhythm.as_str().into()),
                ("last", Json::or_null(text(last))),
                ("next", Json::or_null(text(next))),
                ("name", Json::or_null(cadence.names.get("en").and_then(|names| names.first()).cloned())),
            ]))?;
        } else {
            let next = text(next).unwrap_or_default();
            printer.line(&format!("{:<20} {:<10} next {next}", cadence.id, cadence.rhythm.as_str()))?;
        }
    }
    Ok(Finish::Done)
}

fn tell_agenda(
    reader: &Reader,
    rhythm: Rhythm,
    first: Date,
    today: Date,
    arguments: &DueArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let filter = EntryFilter { owner: arguments.owner.clone(), ..EntryFilter::default() };
    let rows = reader.all_entries(&filter, EntrySort::Due).map_err(failure)?;
    let standings: Vec<_> = rows.iter().map(|row| row.standing(today)).collect();
    let (last, next) = rhythm.around(first, today);
    let agenda = Agenda::of(&standings, today, last, next);
    if !arguments.target.json {
        let text = |day: Option<Date>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
        printer.line(&format!("{} review: last {}, next {}", rhythm.as_str(), text(last), text(next)))?;
    }
    for (reason, keys) in &agenda.parts {
        if arguments.target.json {
            printer.json(&Json::object([
                ("reason", reason.as_str().into()),
                ("entries", Json::list(keys.iter().map(String::as_str))),
            ]))?;
            continue;
        }
        printer.line(&format!("{} ({})", reason.as_str(), keys.len()))?;
        for key in keys {
            if let Some(row) = rows.iter().find(|row| row.key == *key) {
                let due = if row.due.is_empty() { "no date" } else { &row.due };
                let owner = row.owner.as_deref().unwrap_or("no owner");
                printer.line(&one_line(&format!("    {key}  {due}  {owner}  {}", row.words)))?;
            }
        }
    }
    Ok(Finish::Done)
}

/// The calendar of what is open, for one owner or for all.
pub(crate) fn ics(reader: &Reader, owner: Option<&str>) -> Result<String, StoreError> {
    /// What calendars take; those due first. What is owed longest is not left out.
    const MOST: u32 = 5000;
    let mut occasions = Vec::new();
    for dated in reader.dated(owner, MOST)? {
        let row = &dated.row;
        occasions.extend(calendar::due(row, &dated.changed));
        for (day, name) in dated.steps {
            occasions.push(calendar::Occasion {
                name: format!("{}.step.{name}", row.key),
                day,
                title: format!("{} {name}", row.key),
                description: row.words.clone(),
                sequence: row.last_event,
                changed: dated.changed.clone(),
            });
        }
    }
    let first = reader.register_events(0, Some(1))?;
    let archive = first.first().map(|event| hex(&event.digest[..8])).unwrap_or_default();
    Ok(calendar::ics(&archive, "Shiliu", &occasions))
}
