use std::path::PathBuf;

use clap::Args;
use shiliu_archive::Stage;

use super::{CommandError, Finish, Printer, Progress, data};
use crate::export::contract::Contract;

#[derive(Debug, Args)]
pub(super) struct SegmentArguments {
    /// Files or folders of pages.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

pub(super) fn run(arguments: &SegmentArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let progress = Progress::of_long_work();
    let (reading, ..) = data::reading(&arguments.paths, "", Stage::Segment, &progress)?;
    drop(progress);
    for article in Contract::new(&reading).articles() {
        printer.json(&article)?;
    }
    printer.flush()?;
    printer.diagnostics(&reading.diagnostics);
    Ok(Finish::with(data::has_findings(&reading)))
}
