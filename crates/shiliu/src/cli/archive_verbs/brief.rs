//! `brief`: what the record says for a meeting, frozen when it is issued, and what changed since the last one.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use shiliu_archive::store::{Draft, Reader};
use shiliu_ledger::register::{Act, Brief, Scope, compare};
use shiliu_text::Date;

use super::super::{CommandError, Finish, Printer};
use super::ledger::{Actor, today};
use super::{Target, failure, one_line};
use crate::export::briefs;
use crate::export::json::Json;
use crate::web::Tongue;

/// Briefs: due, overdue, delivered, restated, silent, disagreeing figures, new since the last one.
///
/// Examples: `shiliu brief draft --by 2031-09-01` · `shiliu brief issue --title "Third meeting" --by 2031-09-01` ·
/// `shiliu brief diff B-0001 B-0002`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct BriefArguments {
    #[command(subcommand)]
    verb: Option<BriefVerb>,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Subcommand)]
enum BriefVerb {
    /// Lists the briefs that were issued.
    List(OwnTarget),
    /// Shows what a brief would say now; keeps nothing.
    Draft(MakeArguments),
    /// Issues a brief: what it says is kept as it is.
    Issue(MakeArguments),
    /// Shows an issued brief.
    Show(ShowArguments),
    /// What changed from one brief to a later one.
    Diff(DiffArguments),
}

#[derive(Debug, Args)]
struct OwnTarget {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
struct MakeArguments {
    /// Its title.
    #[arg(long, default_value = "")]
    title: String,
    /// Only promises of this meeting.
    #[arg(long, default_value = "")]
    meeting: String,
    /// States or bodies that must all be party: two for a country pair.
    #[arg(long)]
    party: Vec<String>,
    /// What is due by this day is due.
    #[arg(long, value_name = "DATE", default_value = "")]
    by: String,
    /// The brief that "since" counts from; else the last one issued.
    #[arg(long)]
    since: Option<String>,
    /// As of this day; else today.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
struct ShowArguments {
    /// `B-0003`.
    brief: String,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
struct DiffArguments {
    /// The earlier brief.
    earlier: String,
    /// The later one.
    later: String,
    #[command(flatten)]
    target: Target,
}

/// In which form.
#[derive(Debug, Args)]
struct Form {
    /// md or html.
    #[arg(long, default_value = "md")]
    format: String,
    /// zh, en or ru.
    #[arg(long, default_value = "en")]
    lang: String,
    /// File to write; else standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(in crate::cli) fn run(arguments: &BriefArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    match &arguments.verb {
        None => list(&arguments.target, printer),
        Some(BriefVerb::List(own)) => list(&own.target, printer),
        Some(BriefVerb::Draft(own)) => {
            let reader = own.target.open()?.reader().map_err(failure)?;
            let brief = make(&reader, own)?;
            own.form.write(&reader, None, &brief, own.target.json, printer)
        }
        Some(BriefVerb::Issue(own)) => issue(own, printer),
        Some(BriefVerb::Show(own)) => {
            let reader = own.target.open()?.reader().map_err(failure)?;
            let (_, brief) = known(&reader, &own.brief)?;
            own.form.write(&reader, Some(&own.brief), &brief, own.target.json, printer)
        }
        Some(BriefVerb::Diff(own)) => diff(own, printer),
    }
}

fn known(reader: &Reader, key: &str) -> Result<(shiliu_ledger::register::Event, Brief), CommandError> {
    reader.brief(key).map_err(failure)?.ok_or_else(|| {
        CommandError::usage(format!("{key}: there is no such brief")).hint("`shiliu brief list` lists them")
    })
}

fn list(target: &Target, printer: &mut Printer) -> Result<Finish, CommandError> {
    let reader = target.open()?.reader().map_err(failure)?;
    for brief in reader.briefs().map_err(failure)? {
        if target.json {
            printer.json(&Json::object([
                ("brief", brief.key.as_str().into()),
                ("title", brief.title.as_str().into()),
                ("day", brief.day.as_str().into()),
                ("lines", super::number(brief.lines)),
                ("who", brief.stamp.who.as_str().into()),
                ("when", brief.stamp.when.as_str().into()),
            ]))?;
        } else {
            printer.line(&one_line(&format!(
                "{}  {}  {} lines  {}  {}",
                brief.key, brief.day, brief.lines, brief.stamp.who, brief.title
            )))?;
        }
    }
    Ok(Finish::Done)
}

fn make(reader: &Reader, arguments: &MakeArguments) -> Result<Brief, CommandError> {
    let as_of = arguments.as_of.clone().unwrap_or_else(today);
    let day = |text: &str| {
        Date::parse(text)
            .ok_or_else(|| CommandError::usage(format!("`{text}` is no day")).hint("write it as 2031-09-01"))
    };
    if !arguments.by.is_empty() {
        day(&arguments.by)?;
    }
    let since = match &arguments.since {
        Some(key) => Some(key.clone()),
        None => reader.briefs().map_err(failure)?.first().map(|brief| brief.key.clone()),
    };
    let scope = Scope {
        meeting: arguments.meeting.clone(),
        parties: arguments.party.clone(),
        by: arguments.by.clone(),
    };
    reader.compose_brief(&arguments.title, scope, day(&as_of)?, since.as_deref()).map_err(failure)
}

fn issue(arguments: &MakeArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let archive = arguments.target.open()?;
    let reader = archive.reader().map_err(failure)?;
    let brief = make(&reader, arguments)?;
    if brief.lines.is_empty() {
        return Err(CommandError::usage("the brief would be empty")
            .hint("`shiliu ledger` shows what the register has; widen --meeting and --party"));
    }
    drop(reader);
    let draft =
        Draft { stamp: arguments.actor.stamp(), subject: None, item: None, act: Act::Issue(brief.clone()) };
    let kept = archive.writer().and_then(|mut writer| writer.keep(draft)).map_err(failure)?;
    let key = kept.subject.unwrap_or_default();
    printer.say(&format!("{key}: {} lines, frozen with event {}", brief.lines.len(), kept.number));
    let reader = archive.reader().map_err(failure)?;
    arguments.form.write(&reader, Some(&key), &brief, arguments.target.json, printer)
}

impl Form {
    fn write(
        &self,
        reader: &Reader,
        key: Option<&str>,
        brief: &Brief,
        json: bool,
        printer: &mut Printer,
    ) -> Result<Finish, CommandError> {
        if json {
            for line in &brief.lines {
                printer.json(&briefs::line(key, line))?;
            }
            return Ok(Finish::Done);
        }
        let tongue = Tongue::parse(&self.lang).ok_or_else(|| {
            CommandError::usage(format!("{}: no such language", self.lang)).hint("zh, en or ru")
        })?;
        let notes = briefs::Footnotes::of(reader, brief).map_err(failure)?;
        let text = match self.format.as_str() {
            "md" => briefs::markdown(tongue, key, brief, &notes),
            "html" => briefs::html(tongue, key, brief, &notes)
                .map_err(|error| CommandError::usage(format!("the brief cannot be written: {error}")))?,
            other => {
                return Err(CommandError::usage(format!("{other}: no such format")).hint("md or html"));
            }
        };
        match &self.output {
            None => printer.text(&text)?,
            Some(file) => {
                std::fs::write(file, &text)
                    .map_err(|error| CommandError::write(&file.display().to_string(), &error))?;
                printer.say(&format!("{}: {} bytes", file.display(), text.len()));
            }
        }
        Ok(Finish::Done)
    }
}

fn diff(arguments: &DiffArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let reader = arguments.target.open()?.reader().map_err(failure)?;
    let (_, earlier) = known(&reader, &arguments.earlier)?;
    let (_, later) = known(&reader, &arguments.later)?;
    let changes = compare(&earlier, &later);
    for change in &changes {
        if arguments.target.json {
            let fields = change.fields.iter().map(|(name, before, after)| {
                Json::object([
                    ("name", (*name).into()),
                    ("before", before.as_str().into()),
                    ("after", after.as_str().into()),
                ])
            });
            printer.json(&Json::object([
                ("entry", change.entry.as_str().into()),
                ("words", change.words.as_str().into()),
                ("changes", Json::List(fields.collect())),
            ]))?;
            continue;
        }
        printer.line(&one_line(&format!("{}  {}", change.entry, change.words)))?;
        for (name, before, after) in &change.fields {
            let dash = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
            printer.line(&one_line(&format!("    {name}: {} → {}", dash(before), dash(after))))?;
        }
    }
    if !arguments.target.json {
        printer.say(&format!("{} lines changed", changes.len()));
    }
    Ok(Finish::Done)
}
