//! The command line: one file a verb; errors become exit codes in one place.

mod collate;
mod data;
mod error;
mod lang;
mod parse;
mod printer;
mod profile;
mod read;
mod reprints;
mod segment;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub(crate) use error::{CommandError, Finish};
pub(crate) use printer::Printer;

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
        Verb::Profile(arguments) => profile::run(&arguments, &mut printer),
        Verb::Lang(arguments) => lang::run(&arguments, &mut printer),
    };
    match result.and_then(|finish| printer.flush().map(|()| finish)) {
        Ok(finish) => finish.code(),
        Err(error) => error.report(&mut printer),
    }
}
