//! The acts on entries.

use clap::Args;
use shiliu_archive::store::{Archive, Consequence, Draft, Kept, Reader};
use shiliu_ledger::LinkVerb;
use shiliu_ledger::register::{Act, Assessment, Detail, Details, Ground, Source, Stage, Status, Step};
use shiliu_text::Date;

use super::super::super::{CommandError, Finish, Printer, data};
use super::super::places;
use super::super::{Target, failure, one_line};
use super::Actor;
use crate::export::json::Json;
use crate::export::register as shapes;

/// An entry by its key.
#[derive(Debug, Args)]
pub(in crate::cli) struct OneEntry {
    /// `C-0042`.
    pub(super) entry: String,
    #[command(flatten)]
    pub(super) target: Target,
}

#[derive(Debug, Args)]
pub(super) struct AcceptArguments {
    /// Ids of records (`shiliu search`, `shiliu show` and Review give them).
    #[arg(required = true)]
    records: Vec<String>,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct NewArguments {
    /// Where the words stand: `/p/HASH#c=120-188` or `PATH#c=120-188`; several for several printings.
    #[arg(long = "at", required = true)]
    places: Vec<String>,
    /// The promise in words; else those of the first place.
    #[arg(long)]
    words: Option<String>,
    /// Details as NAME=VALUE: actors, recipients, due, amount, unit, said, area, meeting …
    #[arg(long = "set", value_name = "NAME=VALUE")]
    details: Vec<String>,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct EditArguments {
    /// `C-0042`.
    entry: String,
    /// Name of the detail: words, actors, recipients, action, object, amount, unit, due, due_words, said, area,
    /// sector, meeting, force.
    detail: String,
    /// The new text; empty to take it away.
    value: String,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct AssessArguments {
    /// `C-0042`.
    entry: String,
    /// The status (`shiliu ledger scale` lists them).
    status: String,
    /// Characters that bear it out; a record's id gives all its printings.
    #[arg(long = "at")]
    places: Vec<String>,
    /// A search whose receipt is kept: what was looked for, in what was held.
    #[arg(long)]
    search: Option<String>,
    /// An interim assessment; else a final one.
    #[arg(long)]
    interim: bool,
    /// The day that it speaks of; else today.
    #[arg(long)]
    day: Option<String>,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct ReplyArguments {
    /// `C-0042`.
    entry: String,
    /// Number of the assessment's event.
    to: i64,
    /// Whose words.
    #[arg(long)]
    from: String,
    /// The words.
    text: String,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct SupportArguments {
    /// `C-0042`.
    entry: String,
    /// Where the words stand.
    #[arg(long = "at", required = true)]
    places: Vec<String>,
    /// The detail that they say (`due`, `amount`); else the promise itself.
    #[arg(long)]
    says: Option<String>,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct RelateArguments {
    /// The later or smaller entry.
    entry: String,
    /// restates, revises, delivers, contradicts, part-of, same-as.
    verb: String,
    /// The other entry.
    other: String,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct OwnArguments {
    /// Who; `-` for nobody.
    owner: String,
    /// The entries.
    #[arg(required = true)]
    entries: Vec<String>,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct PlanArguments {
    /// `C-0042`.
    entry: String,
    /// Steps as NAME=DAYS, days before the due date; none takes the plan away.
    steps: Vec<String>,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct AskArguments {
    /// `C-0042`.
    entry: String,
    /// Whom.
    whom: String,
    /// What is asked.
    about: String,
    /// By when an answer is hoped for.
    #[arg(long)]
    by: Option<String>,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct AnswerArguments {
    /// `C-0042`.
    entry: String,
    /// Number of the asking event.
    to: i64,
    /// The answer.
    text: String,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct NoteArguments {
    /// `C-0042`.
    entry: String,
    /// The remark.
    text: String,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct FindArguments {
    /// `C-0042`.
    entry: String,
    /// The problem.
    problem: String,
    /// Who mends it.
    #[arg(long)]
    mender: String,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct MendArguments {
    /// `C-0042`.
    entry: String,
    /// Number of the finding's event.
    finding: i64,
    /// How it was mended.
    how: String,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct RecheckArguments {
    /// `C-0042`.
    entry: String,
    /// Number of the finding's event.
    finding: i64,
    /// The mending does not hold: the finding is open again.
    #[arg(long)]
    fails: bool,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct UndoArguments {
    /// Numbers of events; without any, the last act of one's own that holds.
    events: Vec<i64>,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct LogArguments {
    /// Only events after this one.
    #[arg(long, default_value_t = 0)]
    after: i64,
    #[command(flatten)]
    target: Target,
}

/// Keeps drafts and says what was kept.
fn keep(
    archive: &Archive,
    drafts: Vec<Draft>,
    json: bool,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let kept = archive.writer().and_then(|mut writer| writer.keep_all(drafts)).map_err(failure)?;
    tell(&kept, json, printer)
}

pub(in crate::cli) fn tell(kept: &[Kept], json: bool, printer: &mut Printer) -> Result<Finish, CommandError> {
    for one in kept {
        if json {
            printer.json(&Json::object([
                ("event", Json::Integer(one.number)),
                ("subject", Json::or_null(one.subject.as_deref())),
            ]))?;
        } else {
            let subject = one.subject.as_deref().unwrap_or("–");
            printer.line(&format!("{subject}  event {}", one.number))?;
        }
    }
    Ok(Finish::Done)
}

fn on(actor: &Actor, entry: &str, act: Act) -> Draft {
    Draft { stamp: actor.stamp(), subject: Some(entry.to_owned()), item: None, act }
}

fn all_grounds(reader: &Reader, at: &[String], says: Option<Detail>) -> Result<Vec<Ground>, CommandError> {
    let mut grounds = Vec::new();
    for place in at {
        grounds.extend(places::grounds(reader, place, says)?);
    }
    Ok(grounds)
}

fn day(text: &str) -> Result<Date, CommandError> {
    Date::parse(text)
        .ok_or_else(|| CommandError::usage(format!("`{text}` is no day")).hint("write it as 2031-06-17"))
}

fn detail(name: &str) -> Result<Detail, CommandError> {
    Detail::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Detail::ALL.iter().map(|detail| detail.as_str()).collect();
        CommandError::usage(format!("{name}: no such detail")).hint(format!("one of {}", known.join(", ")))
    })
}

impl AcceptArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let archive = self.target.open()?;
        let reader = archive.reader().map_err(failure)?;
        let mut drafts = Vec::new();
        for record in &self.records {
            let found = reader.suggestion(record).map_err(failure)?;
            let suggestion = found.ok_or_else(|| {
                CommandError::usage(format!("{record}: the archive has no such record"))
                    .hint("`shiliu review` goes through the candidates")
            })?;
            if let Some(entry) = suggestion.entered.first() {
                return Err(CommandError::usage(format!("{record}: {entry} stands on it already")));
            }
            drafts.push(Draft {
                stamp: self.actor.stamp(),
                subject: None,
                item: Some(format!("record:{}", suggestion.record)),
                act: Act::Enter {
                    details: suggestion.details,
                    grounds: suggestion.grounds,
                    source: Source::Record(suggestion.record),
                },
            });
        }
        drop(reader);
        keep(&archive, drafts, self.target.json, printer)
    }
}

impl NewArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let archive = self.target.open()?;
        let reader = archive.reader().map_err(failure)?;
        let grounds = all_grounds(&reader, &self.places, None)?;
        let mut details = Details::default();
        let first = grounds.first();
        let printed = first.map(|ground| one_line(&ground.quote)).unwrap_or_default();
        details.set(Detail::Words, self.words.as_deref().unwrap_or(&printed));
        details.set(Detail::Said, first.map_or("", |ground| ground.day.as_str()));
        for pair in &self.details {
            let (name, value) = pair.split_once('=').ok_or_else(|| {
                CommandError::usage(format!("{pair}: write NAME=VALUE")).hint("--set due=2033 --set actors=…")
            })?;
            details.set(detail(name.trim())?, value);
        }
        drop(reader);
        let act = Act::Enter { details, grounds, source: Source::Selection };
        let draft = Draft { stamp: self.actor.stamp(), subject: None, item: None, act };
        keep(&archive, vec![draft], self.target.json, printer)
    }
}

impl EditArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let act = Act::Edit { detail: detail(&self.detail)?, value: self.value.clone() };
        keep(&self.target.open()?, vec![on(&self.actor, &self.entry, act)], self.target.json, printer)
    }
}

impl AssessArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let status = Status::parse(&self.status).ok_or_else(|| {
            let known: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
            CommandError::usage(format!("{}: no such status", self.status))
                .hint(format!("one of {}", known.join(", ")))
        })?;
        let archive = self.target.open()?;
        let reader = archive.reader().map_err(failure)?;
        let grounds = all_grounds(&reader, &self.places, None)?;
        let receipt = match &self.search {
            Some(query) => Some(reader.receipt(query, &data::pack()?).map_err(failure)?),
            None => None,
        };
        if let Some(receipt) = &receipt
            && !self.target.json
        {
            printer.say(&format!(
                "searched `{}`: {} of {} pages of {} papers, {} to {}",
                receipt.query, receipt.hits, receipt.pages, receipt.papers, receipt.from, receipt.to
            ));
        }
        drop(reader);
        let today = super::today();
        let act = Act::Assess(Assessment {
            status,
            stage: if self.interim { Stage::Interim } else { Stage::Final },
            day: day(self.day.as_deref().unwrap_or(&today))?,
            rule: status.rule().to_owned(),
            grounds,
            receipt,
        });
        keep(&archive, vec![on(&self.actor, &self.entry, act)], self.target.json, printer)
    }
}

impl ReplyArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let act = Act::Reply { to: self.to, from: self.from.clone(), text: self.text.clone() };
        keep(&self.target.open()?, vec![on(&self.actor, &self.entry, act)], self.target.json, printer)
    }
}

impl SupportArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let archive = self.target.open()?;
        let says = self.says.as_deref().map(detail).transpose()?;
        let grounds = all_grounds(&archive.reader().map_err(failure)?, &self.places, says)?;
        let drafts = grounds.into_iter().map(|ground| on(&self.actor, &self.entry, Act::Support(ground)));
        keep(&archive, drafts.collect(), self.target.json, printer)
    }
}

impl RelateArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let verb = LinkVerb::parse(&self.verb).ok_or_else(|| {
            CommandError::usage(format!("{}: no such relation", self.verb))
                .hint("restates, revises, delivers, contradicts, part-of or same-as")
        })?;
        let act = Act::Relate { verb, other: self.other.clone() };
        keep(&self.target.open()?, vec![on(&self.actor, &self.entry, act)], self.target.json, printer)
    }
}

impl OwnArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let owner = if self.owner == "-" { String::new() } else { self.owner.clone() };
        let drafts =
            self.entries.iter().map(|entry| on(&self.actor, entry, Act::Own { owner: owner.clone() }));
        keep(&self.target.open()?, drafts.collect(), self.target.json, printer)
    }
}

impl PlanArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let step = |text: &String| {
            let parsed = text.rsplit_once('=').and_then(|(name, days)| Some((name, days.parse().ok()?)));
            parsed.map(|(name, days_before)| Step { name: name.trim().to_owned(), days_before }).ok_or_else(
                || CommandError::usage(format!("{text}: write NAME=DAYS")).hint("draft=90 text=30"),
            )
        };
        let steps: Vec<Step> = self.steps.iter().map(step).collect::<Result<_, _>>()?;
        let act = Act::Plan { steps };
        keep(&self.target.open()?, vec![on(&self.actor, &self.entry, act)], self.target.json, printer)
    }
}

impl AskArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let by = self.by.as_deref().map(day).transpose()?;
        let act = Act::Ask { whom: self.whom.clone(), about: self.about.clone(), by };
        keep(&self.target.open()?, vec![on(&self.actor, &self.entry, act)], self.target.json, printer)
    }
}

impl AnswerArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let act = Act::Answer { to: self.to, text: self.text.clone() };
        keep(&self.target.open()?, vec![on(&self.actor, &self.entry, act)], self.target.json, printer)
    }
}

impl NoteArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let act = Act::Note { text: self.text.clone() };
        keep(&self.target.open()?, vec![on(&self.actor, &self.entry, act)], self.target.json, printer)
    }
}

impl FindArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let act = Act::Find { problem: self.problem.clone(), mender: self.mender.clone() };
        keep(&self.target.open()?, vec![on(&self.actor, &self.entry, act)], self.target.json, printer)
    }
}

impl MendArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let act = Act::Mend { finding: self.finding, how: self.how.clone() };
        keep(&self.target.open()?, vec![on(&self.actor, &self.entry, act)], self.target.json, printer)
    }
}

impl RecheckArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let act = Act::Recheck { finding: self.finding, holds: !self.fails };
        keep(&self.target.open()?, vec![on(&self.actor, &self.entry, act)], self.target.json, printer)
    }
}

impl UndoArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let archive = self.target.open()?;
        let mut events = self.events.clone();
        if events.is_empty() {
            let who = self.actor.name();
            let last = archive.reader().and_then(|reader| reader.last_act_of(&who)).map_err(failure)?;
            let last = last.ok_or_else(|| CommandError::usage(format!("{who} has done nothing to undo")))?;
            if !self.target.json {
                let subject = last.subject.as_deref().or(last.item.as_deref()).unwrap_or_default();
                printer.say(&format!("undoing event {}: {} {subject}", last.number, last.act.verb()));
            }
            events.push(last.number);
        }
        let undoing = events.iter().map(|event| {
            let act = Act::Undo { event: *event };
            let draft = Draft { stamp: self.actor.stamp(), subject: None, item: None, act };
            Consequence { draft, decisions: Vec::new() }
        });
        let undoing = undoing.collect();
        let settled = archive.writer().and_then(|mut writer| writer.settle(undoing)).map_err(failure)?;
        if settled.corrected {
            super::super::review::read_again(&archive, printer)?;
        }
        super::tell(&settled.kept, self.target.json, printer)
    }
}

impl LogArguments {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let reader = self.target.open()?.reader().map_err(failure)?;
        for event in reader.register_events(self.after, None).map_err(failure)? {
            if self.target.json {
                printer.json(&shapes::event(&event))?;
                continue;
            }
            let about = event.subject.as_deref().or(event.item.as_deref()).unwrap_or("–");
            let why =
                if event.stamp.why.is_empty() { String::new() } else { format!("  ({})", event.stamp.why) };
            printer.line(&one_line(&format!(
                "{:>6}  {}  {} [{}]  {} {about}{why}",
                event.number, event.stamp.when, event.stamp.who, event.stamp.via, event.verb
            )))?;
        }
        Ok(Finish::Done)
    }
}
