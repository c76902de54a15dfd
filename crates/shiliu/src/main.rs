//! The one binary: command line, exports and the web app. Nothing below knows it.

mod cli;
mod export;
mod web;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
