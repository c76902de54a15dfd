//! `review`: what waits for a person, one decision at a time, by single keys. Looking decides nothing.

use std::io::{self, BufRead as _};

use clap::Args;
use shiliu_archive::store::{
    AddOptions, Answer, Archive, Consequence, Item, ItemFilter, ItemKind, ItemSummary, Kept, Paging, Reader,
    Sight,
};
use shiliu_ledger::register::{Act, Detail, Details, Ground, Stamp, Verdict};

use super::super::{CommandError, Finish, Printer, data};
use super::ledger::Actor;
use super::{Target, failure, now, number, one_line};
use crate::export::json::Json;

/// Goes through what waits, one decision at a time; the keys are shown at each. A reason may follow the key:
/// `n no promise, a report`.
///
/// Examples: `shiliu review` · `shiliu review --kind record` · `shiliu review --second` ·
/// `shiliu review --list --json` · `shiliu review record:r-0123456789abcdef --accept`
#[derive(Debug, Args)]
pub(in crate::cli) struct ReviewArguments {
    /// Items to decide at once; without any, one after the other.
    items: Vec<String>,
    /// Only items of a kind: record, link, status, join, reading, page, lost, outside.
    #[arg(long)]
    kind: Vec<String>,
    /// A second look at what somebody else decided.
    #[arg(long, conflicts_with_all = ["disagreed", "unsure"])]
    second: bool,
    /// What two people decided differently.
    #[arg(long, conflicts_with = "unsure")]
    disagreed: bool,
    /// What could not be told.
    #[arg(long)]
    unsure: bool,
    /// List what waits; decide nothing.
    #[arg(long)]
    list: bool,
    /// Accept the items named.
    #[arg(long, requires = "items", conflicts_with_all = ["reject", "not_enough"])]
    accept: bool,
    /// Reject the items named.
    #[arg(long, requires = "items", conflicts_with = "not_enough")]
    reject: bool,
    /// Say of the items named that there is not enough to tell.
    #[arg(long, requires = "items")]
    not_enough: bool,
    /// Send in a correction as an outside reader would: what is wrong.
    #[arg(long, value_name = "TEXT", conflicts_with = "items")]
    submit: Option<String>,
    /// What the correction is about: an entry, a record, a page.
    #[arg(long, requires = "submit", default_value = "")]
    about: String,
    /// Most items to list.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

pub(in crate::cli) fn run(
    arguments: &ReviewArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let archive = arguments.target.open()?;
    if let Some(text) = &arguments.submit {
        let stamp = arguments.actor.stamp();
        let act = Act::Submit { from: stamp.who.clone(), text: text.clone(), about: arguments.about.clone() };
        let draft = shiliu_archive::store::Draft { stamp, subject: None, item: None, act };
        let kept = archive.writer().and_then(|mut writer| writer.keep(draft)).map_err(failure)?;
        printer.line(&format!("outside:{}", kept.number))?;
        return Ok(Finish::Done);
    }
    let filter = ItemFilter {
        kinds: arguments
            .kind
            .iter()
            .map(|word| {
                ItemKind::parse(word).ok_or_else(|| {
                    let known: Vec<&str> = ItemKind::ALL.iter().map(|kind| kind.as_str()).collect();
                    CommandError::usage(format!("{word}: no such kind"))
                        .hint(format!("one of {}", known.join(", ")))
                })
            })
            .collect::<Result<_, _>>()?,
        sight: if arguments.second {
            Sight::Second
        } else if arguments.disagreed {
            Sight::Disagreed
        } else if arguments.unsure {
            Sight::Unsure
        } else {
            Sight::Waiting
        },
        who: arguments.actor.name(),
    };
    if arguments.list {
        return list(&archive, &filter, arguments, printer);
    }
    let verdict = if arguments.accept {
        Some(Verdict::Accept)
    } else if arguments.reject {
        Some(Verdict::Reject)
    } else if arguments.not_enough {
        Some(Verdict::Unsure)
    } else {
        None
    };
    if let Some(verdict) = verdict {
        return decide_all(&archive, verdict, arguments, printer);
    }
    Session { archive: &archive, filter, arguments, decided: Vec::new(), corrected: false }.run(printer)
}

fn list(
    archive: &Archive,
    filter: &ItemFilter,
    arguments: &ReviewArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let reader = archive.reader().map_err(failure)?;
    let found = reader.queue(filter, Paging { offset: 0, limit: arguments.limit }).map_err(failure)?;
    for item in &found.rows {
        if arguments.target.json {
            let verdicts = item.verdicts.iter().map(|(who, verdict)| {
                Json::object([("who", who.as_str().into()), ("verdict", verdict.as_str().into())])
            });
            printer.json(&Json::object([
                ("item", item.key.as_str().into()),
                ("kind", item.kind.as_str().into()),
                ("verdicts", Json::List(verdicts.collect())),
            ]))?;
        } else {
            let said: Vec<String> =
                item.verdicts.iter().map(|(who, verdict)| format!("{who}: {}", verdict.as_str())).collect();
            printer.line(&one_line(&format!("{}  {}", item.key, said.join(", "))))?;
        }
    }
    if !arguments.target.json {
        for (kind, count) in reader.queue_counts(filter).map_err(failure)? {
            if count > 0 {
                printer.say(&format!("{:<8} {count}", kind.as_str()));
            }
        }
        printer.say(&format!("{} of {} items", found.rows.len(), found.total));
    }
    Ok(Finish::Done)
}

fn decide_all(
    archive: &Archive,
    verdict: Verdict,
    arguments: &ReviewArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let reader = archive.reader().map_err(failure)?;
    let mut consequences = Vec::new();
    for item in &arguments.items {
        let stamp = arguments.actor.stamp();
        consequences.push(reader.consequence(item, &verdict.into(), stamp).map_err(failure)?);
    }
    drop(reader);
    let settled = archive.writer().and_then(|mut writer| writer.settle(consequences)).map_err(failure)?;
    if settled.corrected {
        read_again(archive, printer)?;
    }
    super::ledger::tell(&settled.kept, arguments.target.json, printer)
}

/// Chosen readings, and printings that are kept apart, take effect.
pub(super) fn read_again(archive: &Archive, printer: &mut Printer) -> Result<(), CommandError> {
    printer.say("reading again with what was decided");
    let overview = archive.reader().and_then(|reader| reader.overview()).map_err(failure)?;
    let (pack, profile) = (data::pack()?, data::profile(&overview.profile)?);
    let when = now();
    let mut writer = archive.writer().map_err(failure)?;
    writer.refresh(&pack, &profile, &AddOptions::at(&when)).map(|_| ()).map_err(failure)
}

/// One sitting.
struct Session<'s> {
    archive: &'s Archive,
    filter: ItemFilter,
    arguments: &'s ReviewArguments,
    /// What was decided in this sitting, to be undone one after the other.
    decided: Vec<Kept>,
    /// Whether something was put right between the stages.
    corrected: bool,
}

/// What a line of the reviewer asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Command {
    Decide(Verdict, Option<usize>, String),
    Edit(Detail, String),
    Undo,
    Skip,
    Quit,
    Unknown,
}

fn command(line: &str) -> Command {
    let line = line.trim();
    let (key, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim().to_owned();
    match key {
        "y" => Command::Decide(Verdict::Accept, None, rest),
        "n" => Command::Decide(Verdict::Reject, None, rest),
        "h" => Command::Decide(Verdict::Unsure, None, rest),
        "e" => match rest.split_once('=') {
            Some((name, value)) => Detail::parse(name.trim())
                .map_or(Command::Unknown, |detail| Command::Edit(detail, value.trim().to_owned())),
            None => Command::Unknown,
        },
        "u" => Command::Undo,
        "s" | "j" => Command::Skip,
        "q" => Command::Quit,
        // The printing that is of another story.
        other if other.starts_with('n') => match other[1..].parse::<usize>() {
            Ok(number) if number > 0 => Command::Decide(Verdict::Reject, Some(number - 1), rest),
            _ => Command::Unknown,
        },
        other => match other.parse::<usize>() {
            Ok(number) if number > 0 => Command::Decide(Verdict::Accept, Some(number - 1), rest),
            _ => Command::Unknown,
        },
    }
}

const KEYS: &str = "y accept · n reject (n2: printing 2) · h not enough · 1–9 choose · e NAME=VALUE edit · u undo · s skip · q quit";

impl Session<'_> {
    fn run(mut self, printer: &mut Printer) -> Result<Finish, CommandError> {
        let mut skipped: u32 = 0;
        let mut input = io::stdin().lock();
        loop {
            let reader = self.archive.reader().map_err(failure)?;
            let waiting =
                reader.queue(&self.filter, Paging { offset: skipped, limit: 1 }).map_err(failure)?;
            let Some(item) = waiting.rows.first() else {
                printer
                    .say(&format!("nothing else waits: {} decided, {skipped} skipped", self.decided.len()));
                break;
            };
            let left = waiting.total.saturating_sub(u64::from(skipped));
            show(&reader, item, left, printer)?;
            drop(reader);
            let mut edits = Details::default();
            let outcome = loop {
                printer.flush()?;
                printer.say(KEYS);
                let mut line = String::new();
                let read = input.read_line(&mut line).map_err(|error| {
                    CommandError::stopped(format!("the answer could not be read: {error}"))
                })?;
                if read == 0 {
                    break Outcome::Quit;
                }
                match command(&line) {
                    Command::Edit(detail, value) => {
                        edits.set(detail, &value);
                        printer.say(&one_line(&format!("{} = {value} (kept with `y`)", detail.as_str())));
                    }
                    Command::Unknown => printer.say("no such key; nothing was decided"),
                    Command::Quit => break Outcome::Quit,
                    Command::Skip => break Outcome::Skipped,
                    Command::Undo => break Outcome::Undo,
                    Command::Decide(verdict, choice, why) => {
                        let stamp = Stamp { why, ..self.arguments.actor.stamp() };
                        match self.decide(&item.key, &Answer { verdict, choice, edits: edits.clone() }, stamp)
                        {
                            Ok(kept) => break Outcome::Decided(kept),
                            // What is refused was not decided: the same item is asked again.
                            Err(error) if error.is_usage() => error.tell(printer),
                            Err(error) => return Err(error),
                        }
                    }
                }
            };
            match outcome {
                Outcome::Decided(kept) => {
                    let subject = kept.subject.clone().unwrap_or_else(|| item.key.clone());
                    printer.say(&format!("event {}: {subject}", kept.number));
                    self.decided.push(kept);
                }
                Outcome::Skipped => skipped += 1,
                Outcome::Undo => self.undo(printer)?,
                Outcome::Quit => {
                    printer.say(&format!("{} decided, {left} wait", self.decided.len()));
                    break;
                }
            }
        }
        if self.corrected {
            read_again(self.archive, printer)?;
        }
        if self.arguments.target.json {
            printer.json(&Json::object([("decided", number(self.decided.len() as u64))]))?;
        }
        Ok(Finish::Done)
    }

    fn decide(&mut self, key: &str, answer: &Answer, stamp: Stamp) -> Result<Kept, CommandError> {
        let reader = self.archive.reader().map_err(failure)?;
        let consequence = reader.consequence(key, answer, stamp).map_err(failure)?;
        drop(reader);
        let mut settled =
            self.archive.writer().and_then(|mut writer| writer.settle(vec![consequence])).map_err(failure)?;
        self.corrected |= settled.corrected;
        settled.kept.pop().ok_or_else(|| CommandError::usage("nothing was kept"))
    }

    /// Takes the last decision back: of this sitting, then of those before, without end.
    fn undo(&mut self, printer: &mut Printer) -> Result<(), CommandError> {
        let who = self.arguments.actor.name();
        let reader = self.archive.reader().map_err(failure)?;
        let last = match self.decided.pop() {
            Some(kept) => Some(kept.number),
            None => reader.last_act_of(&who).map_err(failure)?.map(|event| event.number),
        };
        drop(reader);
        let Some(event) = last else {
            printer.say("there is nothing to undo");
            return Ok(());
        };
        let draft = shiliu_archive::store::Draft {
            stamp: self.arguments.actor.stamp(),
            subject: None,
            item: None,
            act: Act::Undo { event },
        };
        let undoing = vec![Consequence { draft, decisions: Vec::new() }];
        let settled = self.archive.writer().and_then(|mut writer| writer.settle(undoing)).map_err(failure)?;
        self.corrected |= settled.corrected;
        for kept in settled.kept {
            printer.say(&format!("event {}: event {event} no longer holds", kept.number));
        }
        Ok(())
    }
}

enum Outcome {
    Decided(Kept),
    Skipped,
    Undo,
    Quit,
}

/// One item: evidence first, then the question, then the rule.
fn show(reader: &Reader, item: &ItemSummary, left: u64, printer: &mut Printer) -> Result<(), CommandError> {
    let mut lines = vec![String::new(), format!("── {left} wait ── {}", item.key)];
    match reader.item(&item.key).map_err(failure)? {
        None => lines.push("  it is gone".to_owned()),
        Some(Item::Candidate { record }) => candidate(reader, &record, &mut lines)?,
        Some(Item::Link { verb, from, to }) => {
            for key in [&from, &to] {
                if let Some(view) = reader.entry(key).map_err(failure)? {
                    lines.push(format!("  {key} {}: {}", view.row.said, view.row.words));
                    lines.push(format!("      {} {}; due {}", view.row.amount, view.row.unit, view.row.due));
                }
            }
            lines.push(format!("  ? does {from} {} {to}", verb.as_str()));
        }
        Some(Item::Status { entry, by, grounds }) => {
            if let Some(view) = reader.entry(&entry).map_err(failure)? {
                lines.push(format!("  {entry} {}: {}", view.row.said, view.row.words));
            }
            for ground in &grounds {
                lines.push(format!(
                    "  {} {} {}: {}",
                    ground.paper,
                    ground.day,
                    ground.path,
                    one_line(&ground.quote)
                ));
            }
            lines.push(format!("  ? does {by} bear out that {entry} is delivered"));
        }
        Some(Item::Join { story }) => {
            if let Some(view) = reader.story(&story).map_err(failure)? {
                for (number, witness) in (1..).zip(&view.witnesses) {
                    lines.push(format!(
                        "  {number}. {} {} {}",
                        witness.siglum,
                        super::page_line(&witness.article.page),
                        witness.article.headline.as_deref().unwrap_or_default()
                    ));
                }
                let substantive = view.loci.iter().filter(|locus| locus.substance.is_some()).count();
                lines
                    .push(format!("  they differ at {} places, {substantive} in substance", view.loci.len()));
            }
            lines.push("  ? are these printings one story, and so one origin".to_owned());
        }
        Some(Item::Reading { story, locus }) => {
            if let Some(view) = reader.story(&story).map_err(failure)?
                && let Some(locus) = view.loci.get(locus)
            {
                let before: String = view.established.get(..locus.at.start as usize).unwrap_or("").to_owned();
                let tail = before.chars().rev().take(30).collect::<Vec<_>>().into_iter().rev();
                let after = view.established.get(locus.at.end as usize..).unwrap_or("");
                let context: String = tail.collect();
                lines.push(format!("  …{context}[?]{}…", after.chars().take(30).collect::<String>()));
                for (index, reading) in (1..).zip(&locus.readings) {
                    let text = if reading.text.is_empty() { "∅" } else { &reading.text };
                    let sigla: Vec<&str> = reading
                        .witnesses
                        .iter()
                        .filter_map(|(witness, _)| view.witnesses.get(*witness))
                        .map(|witness| witness.siglum.as_str())
                        .collect();
                    let lemma = if index == locus.lemma + 1 { " (provisional)" } else { "" };
                    lines.push(format!("  {index}. {text}  {}{lemma}", sigla.join(" ")));
                }
            }
            lines.push("  ? which reading is right".to_owned());
        }
        Some(Item::Page { entry, old, found, .. }) => {
            lines.push(format!("  {entry} rests on {}:", old.path));
            lines.push(format!("    …{}[{}]{}…", old.before, old.quote, old.after));
            if found.is_empty() {
                lines.push("  these words stand nowhere on the page as it is read now".to_owned());
            }
            for (index, ground) in (1..).zip(&found) {
                lines.push(format!("  {index}. …{}[{}]{}…", ground.before, ground.quote, ground.after));
            }
            lines.push("  ? where do the words stand now; n if nowhere".to_owned());
        }
        Some(Item::Lost { correction, reason }) => {
            lines.push(format!("  correction {correction}: {reason}"));
            lines.push("  ? may it rest".to_owned());
        }
        Some(Item::Outside { event }) => {
            if let Act::Submit { from, text, about } = &event.act {
                lines.push(format!("  {from} on {about}, {}:", event.stamp.when));
                lines.push(format!("    {text}"));
            }
            lines.push("  ? is it right; the answer follows the key".to_owned());
        }
    }
    for (who, verdict) in &item.verdicts {
        lines.push(format!("  {who} said {}", verdict.as_str()));
    }
    for line in lines {
        printer.line(&one_line(&line))?;
    }
    Ok(())
}

fn candidate(reader: &Reader, record: &str, lines: &mut Vec<String>) -> Result<(), CommandError> {
    const SHOWN: usize = 6;
    let Some(suggestion) = reader.suggestion(record).map_err(failure)? else { return Ok(()) };
    let own: Vec<&Ground> = suggestion.grounds.iter().filter(|ground| ground.says.is_none()).collect();
    for ground in own.iter().take(SHOWN) {
        lines.push(format!("  {} {}  {}", ground.paper, ground.day, ground.path));
        lines.push(format!("    …{}[{}]{}…", ground.before, ground.quote, ground.after));
    }
    if own.len() > SHOWN {
        lines.push(format!("  and {} printings more", own.len() - SHOWN));
    }
    for (detail, value) in suggestion.details.iter().filter(|(detail, _)| *detail != Detail::Words) {
        lines.push(format!("    {:<11} {value}", detail.as_str()));
    }
    if let Some(view) = reader.record(record).map_err(failure)? {
        lines.push(format!("    {} independent origins; rule {}", view.summary.origins, view.summary.rule));
        for alternative in &view.alternatives {
            lines.push(format!("    another reading: {}", alternative.reading));
        }
    }
    lines.push("  ? is this a promise that enters the register".to_owned());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_is_one_decision_and_anything_else_decides_nothing() {
        assert_eq!(command("y\n"), Command::Decide(Verdict::Accept, None, String::new()));
        assert_eq!(command("n a report"), Command::Decide(Verdict::Reject, None, "a report".to_owned()));
        assert_eq!(command("2"), Command::Decide(Verdict::Accept, Some(1), String::new()));
        assert_eq!(command("e due=2033"), Command::Edit(Detail::Due, "2033".to_owned()));
        for nothing in ["", "yes", "Y", "0", "e", "e colour=red", "-1", "\u{1b}[A"] {
            assert_eq!(command(nothing), Command::Unknown, "{nothing:?}");
        }
    }
}
