use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Mutex;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use shiliu_archive::store::{AddOptions, AddReport, Progress as Work, StoreError, Writer};
use shiliu_text::Severity;

use super::super::progress::Progress;
use super::super::{CommandError, Finish, Printer, data};
use super::{Target, failure, now, number};
use crate::export::json::Json;

/// Examples: `shiliu add scans/2025-06` · `shiliu add --archive press page.md issue.zip`
#[derive(Debug, Args)]
pub(in crate::cli) struct AddArguments {
    /// Files or folders of pages; without any, an interrupted `add` goes on.
    paths: Vec<PathBuf>,
    #[command(flatten)]
    target: Target,
    /// Read everything again, even where nothing changed.
    #[arg(long)]
    reread: bool,
    /// Wait while another process writes to the archive.
    #[arg(long)]
    wait: bool,
    /// Say nothing while working.
    #[arg(short, long)]
    quiet: bool,
}

pub(in crate::cli) fn run(arguments: &AddArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let archive = arguments.target.open()?;
    let overview = archive.reader().and_then(|reader| reader.overview()).map_err(failure)?;
    let (pack, profile) = (data::pack()?, data::profile(&overview.profile)?);
    let mut writer = writer(&archive, arguments.wait)?;
    let progress = AddProgress::new(arguments.quiet);
    let tell = |work: Work<'_>| progress.tell(work);
    let when = now();
    let options = AddOptions { progress: &tell, reread: arguments.reread, ..AddOptions::at(&when) };
    let added = writer.add(&arguments.paths, &pack, &profile, &options);
    drop(progress);
    let report = added.map_err(failure)?;
    if report.existing == 0 && !arguments.paths.is_empty() {
        let named: Vec<String> = arguments.paths.iter().map(|path| path.display().to_string()).collect();
        return Err(CommandError::usage(format!("{}: there is no such file or folder", named.join(", ")))
            .hint("give files or folders of pages (.txt, .md, .html, .xml, .hocr, .zip, .tar)"));
    }
    if arguments.target.json {
        printer.json(&answer(&report))?;
    }
    if !arguments.quiet {
        say(&report, printer);
    }
    printer.diagnostics(&report.diagnostics);
    let worst = report.findings.get(&Severity::Error).copied().unwrap_or(0);
    if worst > 0 && !arguments.quiet {
        printer
            .say(&format!("{worst} pages or files could not be read: `shiliu status --findings` names them"));
    }
    if !arguments.quiet {
        let count = |severity: Severity| report.findings.get(&severity).copied().unwrap_or(0);
        let (warnings, notes) = (count(Severity::Warning), count(Severity::Note));
        if warnings + notes > 0 {
            printer.say(&format!(
                "findings: warning {warnings}, note {notes} (`shiliu status --findings` names their places)"
            ));
        }
    }
    let refused = report.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    Ok(Finish::with(refused || worst > 0))
}

fn writer(archive: &shiliu_archive::store::Archive, wait: bool) -> Result<Writer, CommandError> {
    match archive.writer() {
        Err(StoreError::Busy(_)) if wait => archive.writer_after_others().map_err(failure),
        Err(StoreError::Busy(file)) => {
            Err(failure(StoreError::Busy(file)).hint("with --wait this command waits its turn"))
        }
        other => other.map_err(failure),
    }
}

fn say(report: &AddReport, printer: &mut Printer) {
    let counts = report.counts;
    printer.say(&format!(
        "{} new, {} changed, {} held already{}",
        report.new,
        report.changed,
        report.known,
        if report.reread { "" } else { "; nothing to read again" }
    ));
    printer.say(&format!(
        "{} pages of {} issues, {} articles, {} stories ({} printed more than once), {} records",
        counts.pages, counts.issues, counts.articles, counts.stories, counts.reprinted, counts.records
    ));
}

fn answer(report: &AddReport) -> Json {
    let counts = report.counts;
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let findings = severities
        .map(|severity| (severity.as_str(), number(report.findings.get(&severity).copied().unwrap_or(0))));
    Json::object([
        ("new", report.new.into()),
        ("changed", report.changed.into()),
        ("known", report.known.into()),
        ("refused", report.diagnostics.len().into()),
        ("reread", report.reread.into()),
        ("pages", number(counts.pages)),
        ("issues", number(counts.issues)),
        ("articles", number(counts.articles)),
        ("stories", number(counts.stories)),
        ("records", number(counts.records)),
        ("findings", Json::object(findings)),
    ])
}

/// Progress of `add`: sources as they are taken, then the stages; a bar on a terminal, plain lines elsewhere.
pub(in crate::cli) struct AddProgress {
    stages: Progress,
    taking: Option<ProgressBar>,
    quiet: bool,
    last: Mutex<usize>,
}

/// A plain line is said for each so many sources.
const EVERY: usize = 1000;

impl AddProgress {
    pub(in crate::cli) fn new(quiet: bool) -> AddProgress {
        let bar = (io::stderr().is_terminal() && !quiet).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("   taking {pos} {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar
        });
        AddProgress { stages: Progress::new(quiet), taking: bar, quiet, last: Mutex::new(0) }
    }

    pub(in crate::cli) fn tell(&self, work: Work<'_>) {
        match (work, &self.taking) {
            (Work::Taking(name, count), Some(bar)) => {
                bar.set_position(count as u64);
                bar.set_message(super::one_line(name));
            }
            (Work::Taking(_, count), None) => {
                if let Ok(mut last) = self.last.lock() {
                    *last = count;
                    if count.is_multiple_of(EVERY) && !self.quiet {
                        Printer::standard().say(&format!("taking: {count}"));
                    }
                }
            }
            (Work::Reading(stage, done, total), bar) => {
                if let Some(bar) = bar.as_ref().filter(|bar| !bar.is_finished()) {
                    bar.finish_and_clear();
                }
                self.stages.tell(stage, done, total);
            }
            (Work::Writing, _) => self.stages.tell_step("writing", 0, 0),
        }
    }
}
