//! The command line: one file a verb; errors become exit codes in one place.

mod archive_verbs;
mod collate;
mod data;
mod demo;
mod error;
mod lang;
mod parse;
mod printer;
mod profile;
mod progress;
mod read;
mod reprints;
mod segment;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub(crate) use archive_verbs::{Cadence, cadences, countable, ics, percent, rate_of};
pub(crate) use error::{CommandError, Finish};
pub(crate) use printer::Printer;
pub(crate) use progress::Progress;

/// Reads newspaper pages and keeps an evidence ledger of a cooperation mechanism.
#[derive(Debug, Parser)]
#[command(name = "shiliu", version, about, long_about = None, max_term_width = 100)]
#[command(
    after_help = "Exit status: 0 done; 1 done, with findings; 2 wrong usage; 3 the archive cannot be used; \
4 stopped part-way, safe to run again."
)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Reads pages and writes articles, stories, mentions and records.
    Read(read::ReadArguments),
    /// Cuts pages into articles.
    Segment(segment::SegmentArguments),
    /// Finds which articles or documents print the same story.
    Reprints(reprints::ReprintsArguments),
    /// Collates printings of one story.
    Collate(collate::CollateArguments),
    /// Finds dates and figures in lines of text.
    Parse(parse::ParseArguments),
    /// Makes an archive: a folder that keeps pages and what was read from them.
    Init(archive_verbs::InitArguments),
    /// Takes pages into the archive and reads them.
    Add(archive_verbs::AddArguments),
    /// Says what the archive holds.
    Status(archive_verbs::StatusArguments),
    /// Finds words on the pages, or where a passage was printed.
    Search(archive_verbs::SearchArguments),
    /// Shows a record, a story, an article or a page.
    Show(archive_verbs::ShowArguments),
    /// The register of promises: lists it, shows an entry, adds to it.
    Ledger(archive_verbs::LedgerArguments),
    /// Goes through what waits for a person, one decision at a time.
    Review(archive_verbs::ReviewArguments),
    /// Spot checks by seed, with the error rate and its interval.
    Check(archive_verbs::CheckArguments),
    /// Briefs for a meeting, a country pair or a day; frozen when issued.
    Brief(archive_verbs::BriefArguments),
    /// What is owed by a day, what is late, agendas, and the calendar.
    Due(archive_verbs::DueArguments),
    /// Writes the register, or a view of it, as JSON Lines, CSV, XLSX or citations.
    Export(archive_verbs::ExportArguments),
    /// Takes exported events, or a table that a desk keeps, into the register.
    Import(archive_verbs::ImportArguments),
    /// Proves that what is shown follows from the pages held.
    Verify(archive_verbs::VerifyArguments),
    /// Checks the archive's health.
    Doctor(archive_verbs::DoctorArguments),
    /// Copies the archive into one file and checks the copy.
    Backup(archive_verbs::BackupArguments),
    /// Makes an archive from a backup.
    Restore(archive_verbs::RestoreArguments),
    /// Serves the web app over an archive, on this machine only.
    Serve(serve::ServeArguments),
    /// Reads the built-in sample, or pages of one's own, and serves the web app over it.
    Demo(demo::DemoArguments),
    /// Checks, shows or explains a profile.
    Profile(profile::ProfileArguments),
    /// Checks or explains the language data.
    Lang(lang::LangArguments),
}

/// Runs the command line and gives the exit status.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let mut printer = Printer::standard();
    let result = match arguments.verb {
        Verb::Read(arguments) => read::run(&arguments, &mut printer),
        Verb::Segment(arguments) => segment::run(&arguments, &mut printer),
        Verb::Reprints(arguments) => reprints::run(&arguments, &mut printer),
        Verb::Collate(arguments) => collate::run(&arguments, &mut printer),
        Verb::Parse(arguments) => parse::run(&arguments, &mut printer),
        Verb::Init(arguments) => archive_verbs::run_init(&arguments, &mut printer),
        Verb::Add(arguments) => archive_verbs::run_add(&arguments, &mut printer),
        Verb::Status(arguments) => archive_verbs::run_status(&arguments, &mut printer),
        Verb::Search(arguments) => archive_verbs::run_search(&arguments, &mut printer),
        Verb::Show(arguments) => archive_verbs::run_show(&arguments, &mut printer),
        Verb::Ledger(arguments) => archive_verbs::run_ledger(&arguments, &mut printer),
        Verb::Due(arguments) => archive_verbs::run_due(&arguments, &mut printer),
        Verb::Export(arguments) => archive_verbs::run_export(&arguments, &mut printer),
        Verb::Import(arguments) => archive_verbs::run_import(&arguments, &mut printer),
        Verb::Review(arguments) => archive_verbs::run_review(&arguments, &mut printer),
        Verb::Check(arguments) => archive_verbs::run_check(&arguments, &mut printer),
        Verb::Brief(arguments) => archive_verbs::run_brief(&arguments, &mut printer),
        Verb::Verify(arguments) => archive_verbs::run_verify(&arguments, &mut printer),
        Verb::Doctor(arguments) => archive_verbs::run_doctor(&arguments, &mut printer),
        Verb::Backup(arguments) => archive_verbs::run_backup(&arguments, &mut printer),
        Verb::Restore(arguments) => archive_verbs::run_restore(&arguments, &mut printer),
        Verb::Serve(arguments) => serve::run(&arguments, &mut printer),
        Verb::Demo(arguments) => demo::run(&arguments, &mut printer),
        Verb::Profile(arguments) => profile::run(&arguments, &mut printer),
        Verb::Lang(arguments) => lang::run(&arguments, &mut printer),
    };
    match result.and_then(|finish| printer.flush().map(|()| finish)) {
        Ok(finish) => finish.code(),
        Err(error) => error.report(&mut printer),
    }
}
