//! `verify`, `doctor`, `backup`, `restore`.

use std::path::PathBuf;

use clap::Args;
use shiliu_archive::store::{AddOptions, Archive, Health, Progress as Work};

use super::super::{CommandError, Finish, Printer, data};
use super::add::AddProgress;
use super::{Target, failure, number, one_line};
use crate::export::json::Json;

/// Proves that everything shown follows from the pages held: each piece of evidence stands on its page, and
/// reading everything again gives the same result.
#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyArguments {
    #[command(flatten)]
    target: Target,
    /// Check the evidence only; do not read everything again.
    #[arg(long)]
    evidence_only: bool,
    /// Say nothing while working.
    #[arg(short, long)]
    quiet: bool,
}

/// Looks after the archive's health: the file, the hashes, the chain of corrections, the index.
#[derive(Debug, Args)]
pub(in crate::cli) struct DoctorArguments {
    #[command(flatten)]
    target: Target,
    /// First make everything again that follows from the pages and the events: the search index, the records, the
    /// lists of the register. What people gave and decided is not touched.
    #[arg(long)]
    rebuild: bool,
}

/// Copies the archive into one file, while it is in use, and checks the copy.
#[derive(Debug, Args)]
pub(in crate::cli) struct BackupArguments {
    /// File to write; it must not be there yet.
    file: PathBuf,
    #[command(flatten)]
    target: Target,
}

/// Makes an archive from a backup; it never overwrites one.
#[derive(Debug, Args)]
pub(in crate::cli) struct RestoreArguments {
    /// The backup.
    file: PathBuf,
    #[command(flatten)]
    target: Target,
}

pub(in crate::cli) fn run_verify(
    arguments: &VerifyArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let archive = arguments.target.open()?;
    let health = if arguments.evidence_only {
        archive.check_evidence().map_err(failure)?
    } else {
        let overview = archive.reader().and_then(|reader| reader.overview()).map_err(failure)?;
        let (pack, profile) = (data::pack()?, data::profile(&overview.profile)?);
        let progress = AddProgress::new(arguments.quiet);
        let tell = |work: Work<'_>| progress.tell(work);
        archive.verify(&pack, &profile, &tell).map_err(failure)?
    };
    tell_health(&health, arguments.target.json, printer)
}

pub(in crate::cli) fn run_doctor(
    arguments: &DoctorArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let archive = arguments.target.open()?;
    if arguments.rebuild {
        let overview = archive.reader().and_then(|reader| reader.overview()).map_err(failure)?;
        let (pack, profile) = (data::pack()?, data::profile(&overview.profile)?);
        let progress = AddProgress::new(arguments.target.json);
        let tell = |work: Work<'_>| progress.tell(work);
        let when = super::now();
        let options = AddOptions { progress: &tell, reread: true, ..AddOptions::at(&when) };
        let mut writer = archive.writer().map_err(failure)?;
        writer.refresh(&pack, &profile, &options).map_err(failure)?;
        writer.project_register().map_err(failure)?;
    }
    let health = archive.doctor().map_err(failure)?;
    tell_health(&health, arguments.target.json, printer)
}

fn tell_health(health: &Health, json: bool, printer: &mut Printer) -> Result<Finish, CommandError> {
    for check in &health.checks {
        if json {
            printer.json(&Json::object([
                ("check", check.name.into()),
                ("seen", number(check.seen)),
                ("problems", Json::list(check.problems.iter().map(String::as_str))),
                ("next", if check.problems.is_empty() { Json::Null } else { check.hint.into() }),
            ]))?;
            continue;
        }
        let state = if check.problems.is_empty() { "ok" } else { "wrong" };
        printer.line(&format!("{:<12} {state} ({})", check.name, check.seen))?;
        for problem in &check.problems {
            printer.line(&format!("    {}", one_line(problem)))?;
        }
        if !check.problems.is_empty() {
            printer.line(&format!("    next: {}", check.hint))?;
        }
    }
    Ok(Finish::with(!health.is_well()))
}

pub(in crate::cli) fn run_backup(
    arguments: &BackupArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let backup = arguments.target.open()?.backup(&arguments.file).map_err(failure)?;
    let file = arguments.file.display().to_string();
    if arguments.target.json {
        printer.json(&Json::object([
            ("file", file.into()),
            ("bytes", number(backup.size)),
            ("hash", backup.digest.into()),
            ("sources", number(backup.sources)),
            ("corrections", number(backup.corrections)),
            ("events", number(backup.events)),
        ]))?;
    } else {
        printer.say(&format!("{file}: {} bytes, {} sources, checked", backup.size, backup.sources));
        printer.say(&format!("  sha256 {}", backup.digest));
    }
    Ok(Finish::Done)
}

pub(in crate::cli) fn run_restore(
    arguments: &RestoreArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let archive = Archive::restore(&arguments.file, &arguments.target.archive).map_err(failure)?;
    let folder = archive.folder().display().to_string();
    if arguments.target.json {
        printer.json(&Json::object([("archive", folder.into())]))?;
    } else {
        printer.say(&format!("{folder}: restored"));
    }
    Ok(Finish::Done)
}
