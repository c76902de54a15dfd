use clap::Args;
use shiliu_archive::store::{DiagnosticFilter, DiagnosticView, Overview, Paging, Reader};
use shiliu_text::{CodePoints, Severity};

use super::super::{CommandError, Finish, Printer};
use super::{Target, failure, number, one_line};
use crate::export::json::Json;

/// Examples: `shiliu status` · `shiliu status --findings --json`
#[derive(Debug, Args)]
pub(in crate::cli) struct StatusArguments {
    #[command(flatten)]
    target: Target,
    /// List the findings of the stages, worst first.
    #[arg(long)]
    findings: bool,
}

pub(in crate::cli) fn run(
    arguments: &StatusArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let archive = arguments.target.open()?;
    let reader = archive.reader().map_err(failure)?;
    if arguments.findings {
        return findings(&reader, arguments.target.json, printer);
    }
    let overview = reader.overview().map_err(failure)?;
    if arguments.target.json {
        printer.json(&answer(&overview))?;
    } else {
        say(&overview, printer)?;
    }
    Ok(Finish::Done)
}

fn say(overview: &Overview, printer: &mut Printer) -> Result<(), CommandError> {
    let counts = overview.counts;
    let mut line = |name: &str, text: String| printer.line(&format!("{name:<12} {text}"));
    line("profile", overview.profile.clone())?;
    if counts.sources == 0 {
        return line("pages", "none yet: `shiliu add PATH…` takes some".to_owned());
    }
    let dates = overview.dates.as_ref().map(|(first, last)| format!(", {first} to {last}"));
    line("sources", counts.sources.to_string())?;
    line("pages", format!("{} of {} issues{}", counts.pages, counts.issues, dates.unwrap_or_default()))?;
    line("articles", counts.articles.to_string())?;
    line("stories", format!("{}, {} printed more than once", counts.stories, counts.reprinted))?;
    let kinds: Vec<String> = overview
        .records
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{} {count}", kind.as_str()))
        .collect();
    line("records", format!("{}: {}", counts.records, kinds.join(", ")))?;
    let severities: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .iter()
        .filter_map(|severity| Some(format!("{} {}", severity.as_str(), overview.findings.get(severity)?)))
        .collect();
    if !severities.is_empty() {
        line("findings", format!("{} (`shiliu status --findings`)", severities.join(", ")))?;
    }
    line("corrections", format!("{}, {} wait for review", overview.corrections, overview.review))?;
    if let Some(last) = &overview.last_add {
        line("last add", last.clone())?;
    }
    if overview.unread > 0 {
        line("unread", format!("{} sources: an add was interrupted; `shiliu add` goes on", overview.unread))?;
    }
    Ok(())
}

fn answer(overview: &Overview) -> Json {
    let counts = overview.counts;
    let kinds = overview.records.iter().map(|(kind, count)| (kind.as_str(), number(*count)));
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let findings = severities
        .map(|severity| (severity.as_str(), number(overview.findings.get(&severity).copied().unwrap_or(0))));
    Json::object([
        ("profile", overview.profile.as_str().into()),
        ("sources", number(counts.sources)),
        ("pages", number(counts.pages)),
        ("issues", number(counts.issues)),
        ("articles", number(counts.articles)),
        ("stories", number(counts.stories)),
        ("reprinted", number(counts.reprinted)),
        ("records", Json::object(kinds)),
        ("findings", Json::object(findings)),
        ("corrections", number(overview.corrections)),
        ("review", number(overview.review)),
        ("unread", number(overview.unread)),
        ("first_date", Json::or_null(overview.dates.as_ref().map(|dates| dates.0.as_str()))),
        ("last_date", Json::or_null(overview.dates.as_ref().map(|dates| dates.1.as_str()))),
        ("last_add", Json::or_null(overview.last_add.as_deref())),
    ])
}

fn findings(reader: &Reader, json: bool, printer: &mut Printer) -> Result<Finish, CommandError> {
    let mut offset = 0;
    let mut errors = false;
    loop {
        let paging = Paging { offset, limit: 500 };
        let part = reader.diagnostics(&DiagnosticFilter::default(), paging).map_err(failure)?;
        if part.rows.is_empty() {
            return Ok(Finish::with(errors));
        }
        offset += u32::try_from(part.rows.len()).unwrap_or(u32::MAX);
        for finding in &part.rows {
            errors |= finding.severity == Severity::Error;
            if json {
                printer.json(&finding_json(reader, finding)?)?;
            } else {
                let place = finding.path.as_deref().map(|path| format!("{path}: ")).unwrap_or_default();
                let severity = finding.severity.as_str();
                let line = format!("{severity}: {place}{} [{}]", finding.message, finding.code);
                printer.line(&one_line(&line))?;
                for hint in &finding.hints {
                    printer.line(&format!("  next: {}", one_line(hint)))?;
                }
            }
        }
    }
}

fn finding_json(reader: &Reader, finding: &DiagnosticView) -> Result<Json, CommandError> {
    let layer = match (finding.text, finding.span) {
        (Some(text), Some(_)) => reader.layer(text).map_err(failure)?,
        _ => None,
    };
    let at = layer.as_ref().zip(finding.span).map(|(layer, span)| {
        let points = CodePoints::new(&layer.text);
        (points.at_byte(span.start), points.at_byte(span.end))
    });
    Ok(Json::object([
        ("code", finding.code.as_str().into()),
        ("severity", finding.severity.as_str().into()),
        ("message", finding.message.as_str().into()),
        ("page", Json::or_null(finding.path.as_deref())),
        ("start", Json::or_null(at.map(|at| at.0))),
        ("end", Json::or_null(at.map(|at| at.1))),
        ("hints", Json::list(finding.hints.iter().map(String::as_str))),
    ]))
}
