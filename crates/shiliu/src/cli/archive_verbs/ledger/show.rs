//! One entry in full.

use shiliu_archive::store::{EntryView, GroundState, GroundView};
use shiliu_ledger::register::Stamp;

use super::super::super::{CommandError, Finish, Printer};
use super::super::{failure, one_line};
use super::acts::OneEntry;
use crate::export::register as shapes;

pub(super) fn run(one: &OneEntry, printer: &mut Printer) -> Result<Finish, CommandError> {
    let reader = one.target.open()?.reader().map_err(failure)?;
    let view = reader.entry(&one.entry).map_err(failure)?;
    let view = view.ok_or_else(|| {
        CommandError::usage(format!("{}: the register has no such entry", one.entry))
            .hint("`shiliu ledger` lists them")
    })?;
    if one.target.json {
        let mut texts = |known: &GroundView| match reader.layer(known.ground.text) {
            Ok(layer) => layer.map(|layer| layer.text),
            Err(_) => None,
        };
        printer.json(&shapes::entry(&view, &super::today(), &mut texts))?;
        return Ok(Finish::Done);
    }
    super::tell_rows(std::slice::from_ref(&view.row), &super::today(), false, printer)?;
    for line in lines(&view) {
        printer.line(&one_line(&line))?;
    }
    Ok(Finish::Done)
}

fn signed(stamp: &Stamp) -> String {
    let why = if stamp.why.is_empty() { String::new() } else { format!(": {}", stamp.why) };
    format!("{} {}{why}", stamp.when.get(..10).unwrap_or_default(), stamp.who)
}

fn lines(view: &EntryView) -> Vec<String> {
    let entry = &view.entry;
    let mut lines: Vec<String> = entry
        .details
        .iter()
        .skip(1)
        .map(|(detail, value)| format!("  {:<12} {value}", detail.as_str()))
        .collect();
    for known in &view.grounds {
        let ground = &known.ground;
        let says = ground.says.map(|detail| format!(" [{}]", detail.as_str())).unwrap_or_default();
        let state = match known.state {
            GroundState::Held => "",
            GroundState::Changed => "  ! the page has another text now",
            GroundState::Gone => "  ! no page has it any more",
        };
        lines.push(format!("  {} {}  {}{says}{state}", ground.paper, ground.day, ground.path));
        lines.push(format!("    …{}[{}]{}…", ground.before, ground.quote, ground.after));
    }
    for known in &entry.assessments {
        let value = &known.value;
        let stage = value.stage.as_str();
        lines.push(format!(
            "  {} {} ({stage}, rule {})  event {}, {}",
            value.day,
            value.status.as_str(),
            value.rule,
            known.event,
            signed(&known.stamp)
        ));
        for ground in &value.grounds {
            lines.push(format!("    on {} {}: {}", ground.paper, ground.day, ground.quote));
        }
        if let Some(receipt) = &value.receipt {
            lines.push(format!(
                "    searched `{}`: {} of {} pages of {} papers, {} to {}, holdings {}",
                receipt.query,
                receipt.hits,
                receipt.pages,
                receipt.papers,
                receipt.from,
                receipt.to,
                receipt.holdings.get(..12).unwrap_or_default()
            ));
        }
        for (_, reply) in entry.replies.iter().filter(|(to, _)| *to == known.event) {
            lines.push(format!("    reply of {}: {}", reply.value.from, reply.value.text));
        }
    }
    for (day, name) in entry.milestones() {
        lines.push(format!("  step {day} {name}"));
    }
    for question in &entry.questions {
        let value = &question.value;
        let by = value.by.map(|by| format!(" by {by}")).unwrap_or_default();
        let answer = match &value.answer {
            None => "waiting".to_owned(),
            Some(answer) => format!("answered {}: {}", signed(&answer.stamp), answer.value),
        };
        lines.push(format!(
            "  asked {} (event {}){by}: {} – {answer}",
            value.whom, question.event, value.about
        ));
    }
    for finding in &entry.findings {
        let value = &finding.value;
        let state = match (&value.mended, &value.rechecked) {
            (_, Some(checked)) if checked.value => "mended and checked",
            (_, Some(_)) => "does not hold, open again",
            (Some(_), None) => "mended, to be checked",
            (None, None) => "open",
        };
        lines.push(format!("  finding {} ({state}): {} – {}", finding.event, value.problem, value.mender));
    }
    for relation in &entry.relations {
        let (verb, other) = &relation.value;
        lines.push(format!("  → {} {other}", verb.as_str()));
    }
    lines.extend(view.behind.iter().map(|(verb, other)| format!("  ← {other} {}", verb.as_str())));
    lines.extend(entry.notes.iter().map(|note| format!("  note {}: {}", signed(&note.stamp), note.value)));
    for (event, undone) in &view.history {
        let undone = if *undone { "  (undone)" } else { "" };
        lines.push(format!(
            "  event {} {} {} [{}]{undone}",
            event.number,
            event.act.verb(),
            signed(&event.stamp),
            event.stamp.via
        ));
    }
    lines
}
