//! `ledger`: the register of promises, listed, shown and added to. Every act is one event.

mod acts;
mod show;

pub(in crate::cli) use acts::tell;
use clap::{Args, Subcommand};
use shiliu_archive::store::{EntryFilter, EntryRow, EntrySort, Paging};
use shiliu_ledger::register::{Countable, Stamp, Status, crosswalk, totals};

use super::super::{CommandError, Finish, Printer, serve};
use super::{Target, failure, now, one_line};
use crate::export::json::Json;
use crate::export::register as shapes;

/// The register: what was promised, by whom, by when, in which words, and what came of it.
///
/// Examples: `shiliu ledger` · `shiliu ledger accept r-0123456789abcdef` ·
/// `shiliu ledger assess C-0042 delivered --at r-fedcba9876543210`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct LedgerArguments {
    #[command(subcommand)]
    verb: Option<LedgerVerb>,
    #[command(flatten)]
    list: ListArguments,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Subcommand)]
enum LedgerVerb {
    /// Lists entries; the same as `ledger` alone.
    List(OwnList),
    /// Shows one entry: words by printing, assessments, what rests on what, history.
    Show(acts::OneEntry),
    /// Makes an entry of a record.
    Accept(acts::AcceptArguments),
    /// Makes an entry of characters that one selects.
    New(acts::NewArguments),
    /// Puts a detail right; the old one stays in the history.
    Edit(acts::EditArguments),
    /// Says what a promise has come to, under the printed rule of the status.
    Assess(acts::AssessArguments),
    /// Keeps a reply beside an assessment.
    Reply(acts::ReplyArguments),
    /// Adds characters that say it too.
    Support(acts::SupportArguments),
    /// Says that an entry restates, revises, delivers, contradicts or is part of another one.
    Relate(acts::RelateArguments),
    /// Names who follows it: a body, a ministry, a person.
    Own(acts::OwnArguments),
    /// Sets the steps before the due date: NAME=DAYS before.
    Plan(acts::PlanArguments),
    /// Notes that somebody was asked.
    Ask(acts::AskArguments),
    /// Notes the answer.
    Answer(acts::AnswerArguments),
    /// Adds a remark.
    Note(acts::NoteArguments),
    /// Notes a problem and who mends it.
    Find(acts::FindArguments),
    /// Notes that a problem was mended.
    Mend(acts::MendArguments),
    /// Notes whether the mending holds.
    Recheck(acts::RecheckArguments),
    /// Takes an event back by another one; undoing an undo brings it back.
    Undo(acts::UndoArguments),
    /// Sums by unit, each promise counted once however often it is restated.
    Totals(OwnTarget),
    /// The scale of statuses with the scales of others; what is lost is named.
    Scale(OwnTarget),
    /// Every event, oldest first.
    Log(acts::LogArguments),
}

#[derive(Debug, Args)]
struct OwnTarget {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
struct OwnList {
    #[command(flatten)]
    list: ListArguments,
    #[command(flatten)]
    target: Target,
}

/// Which entries.
#[derive(Debug, Args)]
pub(in crate::cli) struct ListArguments {
    /// A status (`delivered` …), or `none` for those never assessed.
    #[arg(long)]
    status: Option<String>,
    /// Who follows it; `-` for nobody.
    #[arg(long)]
    owner: Option<String>,
    /// A state or body that promises or is promised to.
    #[arg(long)]
    party: Vec<String>,
    /// Area of cooperation.
    #[arg(long)]
    area: Option<String>,
    /// Meeting.
    #[arg(long)]
    meeting: Option<String>,
    /// Words that it holds.
    #[arg(long)]
    text: Option<String>,
    /// At least so many independent origins.
    #[arg(long)]
    origins: Option<u32>,
    /// Only those whose page changed or is gone.
    #[arg(long)]
    shaken: bool,
    /// Each promise once, however often it is restated.
    #[arg(long)]
    once: bool,
    /// Those that were taken back too.
    #[arg(long)]
    taken_back: bool,
    /// The order: key, due, origins, latest.
    #[arg(long, default_value = "key")]
    sort: String,
    /// Most entries to show; 0 for all.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Entries to pass over.
    #[arg(long, default_value_t = 0)]
    offset: u32,
}

impl ListArguments {
    pub(in crate::cli) fn filter(&self) -> Result<EntryFilter, CommandError> {
        if let Some(status) = &self.status
            && status != "none"
            && Status::parse(status).is_none()
        {
            let known: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
            return Err(CommandError::usage(format!("{status}: no such status"))
                .hint(format!("one of {}, none", known.join(", "))));
        }
        let mut names: Vec<(String, String)> =
            self.party.iter().map(|party| ("party".to_owned(), party.clone())).collect();
        names.extend(self.area.iter().map(|area| ("area".to_owned(), area.clone())));
        names.extend(self.meeting.iter().map(|meeting| ("meeting".to_owned(), meeting.clone())));
        Ok(EntryFilter {
            status: self.status.clone(),
            owner: self.owner.clone(),
            names,
            text: self.text.clone(),
            origins: self.origins,
            shaken: self.shaken,
            once: self.once,
            taken_back: self.taken_back,
            ..EntryFilter::default()
        })
    }

    pub(in crate::cli) fn sort(&self) -> Result<EntrySort, CommandError> {
        match self.sort.as_str() {
            "key" => Ok(EntrySort::Key),
            "due" => Ok(EntrySort::Due),
            "origins" => Ok(EntrySort::Origins),
            "latest" => Ok(EntrySort::Latest),
            other => Err(CommandError::usage(format!("{other}: no such order"))
                .hint("--sort key, due, origins or latest")),
        }
    }
}

/// Who acts, and why.
#[derive(Debug, Args)]
pub(in crate::cli) struct Actor {
    /// Why; kept with the event.
    #[arg(long, default_value = "")]
    why: String,
    /// In whose name; else $SHILIU_USER, else the user of this machine.
    #[arg(long)]
    who: Option<String>,
}

impl Actor {
    pub(in crate::cli) fn stamp(&self) -> Stamp {
        Stamp { who: self.name(), when: now(), via: "cli".to_owned(), why: self.why.clone() }
    }

    pub(in crate::cli) fn name(&self) -> String {
        self.who.clone().unwrap_or_else(serve::user)
    }
}

pub(in crate::cli) fn run(
    arguments: &LedgerArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let verb = match &arguments.verb {
        None => return list(&arguments.list, &arguments.target, printer),
        Some(verb) => verb,
    };
    match verb {
        LedgerVerb::List(own) => list(&own.list, &own.target, printer),
        LedgerVerb::Show(one) => show::run(one, printer),
        LedgerVerb::Accept(own) => own.run(printer),
        LedgerVerb::New(own) => own.run(printer),
        LedgerVerb::Edit(own) => own.run(printer),
        LedgerVerb::Assess(own) => own.run(printer),
        LedgerVerb::Reply(own) => own.run(printer),
        LedgerVerb::Support(own) => own.run(printer),
        LedgerVerb::Relate(own) => own.run(printer),
        LedgerVerb::Own(own) => own.run(printer),
        LedgerVerb::Plan(own) => own.run(printer),
        LedgerVerb::Ask(own) => own.run(printer),
        LedgerVerb::Answer(own) => own.run(printer),
        LedgerVerb::Note(own) => own.run(printer),
        LedgerVerb::Find(own) => own.run(printer),
        LedgerVerb::Mend(own) => own.run(printer),
        LedgerVerb::Recheck(own) => own.run(printer),
        LedgerVerb::Undo(own) => own.run(printer),
        LedgerVerb::Totals(own) => tell_totals(&own.target, printer),
        LedgerVerb::Scale(own) => tell_scale(&own.target, printer),
        LedgerVerb::Log(own) => own.run(printer),
    }
}

/// The day that it is, in universal time.
pub(in crate::cli) fn today() -> String {
    now().get(..10).unwrap_or_default().to_owned()
}

fn list(arguments: &ListArguments, target: &Target, printer: &mut Printer) -> Result<Finish, CommandError> {
    let reader = target.open()?.reader().map_err(failure)?;
    let (filter, sort) = (arguments.filter()?, arguments.sort()?);
    let (rows, total) = if arguments.limit == 0 {
        let rows = reader.all_entries(&filter, sort).map_err(failure)?;
        let total = rows.len() as u64;
        (rows, total)
    } else {
        let paging = Paging { offset: arguments.offset, limit: arguments.limit };
        let listing = reader.entries(&filter, sort, paging).map_err(failure)?;
        (listing.rows, listing.total)
    };
    tell_rows(&rows, &today(), target.json, printer)?;
    if !target.json {
        printer.say(&format!("{} of {total} entries", rows.len()));
        if total == 0 {
            printer.say("  next: `shiliu review` goes through what waits, one decision at a time");
        }
    }
    Ok(Finish::Done)
}

/// Entries, a line or two each.
pub(in crate::cli) fn tell_rows(
    rows: &[EntryRow],
    today: &str,
    json: bool,
    printer: &mut Printer,
) -> Result<(), CommandError> {
    for row in rows {
        if json {
            printer.json(&shapes::row(row, today))?;
            continue;
        }
        let status = row.status.as_deref().unwrap_or("not assessed");
        let mut marks = vec![status.to_owned()];
        if row.taken_back {
            marks.push("taken back".to_owned());
        }
        if row.is_overdue(today) {
            marks.push("OVERDUE".to_owned());
        }
        if row.shaken > 0 {
            marks.push(format!("{} places to look at again", row.shaken));
        }
        if row.speaker != row.key {
            marks.push(format!("counted as {}", row.speaker));
        }
        let due = if row.due.is_empty() { "no date".to_owned() } else { format!("due {}", row.due) };
        printer.line(&one_line(&format!("{}  {}", row.key, row.words)))?;
        printer.line(&one_line(&format!(
            "    {} → {}; {due}; {}; {}; {} origins, {} printings",
            or_dash(&row.actors),
            or_dash(&row.recipients),
            marks.join(", "),
            row.owner.as_deref().map_or_else(|| "no owner".to_owned(), |owner| format!("owner {owner}")),
            row.origins,
            row.printings,
        )))?;
    }
    Ok(())
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}

/// The entries that totals are made of.
pub(crate) fn countable(rows: &[EntryRow]) -> Vec<Countable> {
    let one = |row: &EntryRow| Countable {
        key: row.key.clone(),
        said: row.said.clone(),
        amount: row.amount.clone(),
        unit: row.unit.clone(),
        // Who stands for whom is known already: a part never speaks for its whole.
        relations: (row.speaker != row.key)
            .then(|| (shiliu_ledger::LinkVerb::PartOf, row.speaker.clone()))
            .into_iter()
            .collect(),
    };
    rows.iter().map(one).collect()
}

fn tell_totals(target: &Target, printer: &mut Printer) -> Result<Finish, CommandError> {
    let reader = target.open()?.reader().map_err(failure)?;
    let rows = reader.all_entries(&EntryFilter::default(), EntrySort::Key).map_err(failure)?;
    let totals = totals(&countable(&rows));
    for total in &totals {
        if target.json {
            printer.json(&Json::object([
                ("unit", total.unit.as_str().into()),
                ("once", total.once.as_str().into()),
                ("promises", total.promises.into()),
                ("every", total.every.as_str().into()),
                ("statements", total.statements.into()),
            ]))?;
        } else {
            printer.line(&one_line(&format!(
                "{:<14} {:>20}  {} promises, each once (every statement: {} in {})",
                or_dash(&total.unit),
                total.once,
                total.promises,
                total.every,
                total.statements
            )))?;
        }
    }
    if !target.json {
        printer.say(
            "units are never converted into each other; a restated promise counts once, with its last number",
        );
    }
    Ok(Finish::Done)
}

fn tell_scale(target: &Target, printer: &mut Printer) -> Result<Finish, CommandError> {
    for row in crosswalk() {
        if target.json {
            printer.json(&Json::object([
                ("status", row.status.as_str().into()),
                ("rule", row.status.rule().into()),
                ("ogp", Json::or_null(row.ogp)),
                ("g20", Json::or_null(row.g20)),
                ("iati", Json::or_null(row.iati)),
                ("aiddata", Json::or_null(row.aiddata)),
                ("lost", row.lost.into()),
            ]))?;
            continue;
        }
        let cell = |cell: Option<&str>| cell.unwrap_or("–").to_owned();
        printer.line(&format!(
            "{:<22} OGP {:<22} G20 {:<12} IATI {:<3} AidData {}",
            row.status.as_str(),
            cell(row.ogp),
            cell(row.g20),
            cell(row.iati),
            cell(row.aiddata)
        ))?;
        printer.line(&format!("    lost: {}", row.lost))?;
    }
    Ok(Finish::Done)
}
