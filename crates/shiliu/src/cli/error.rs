use std::io;
use std::process::ExitCode;

use super::Printer;

/// How a command that worked ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// Nothing to remark.
    Done,
    /// Done, but something could not be read or a check failed.
    Findings,
}

impl Finish {
    /// Findings where there are any.
    pub(crate) fn with(findings: bool) -> Finish {
        if findings { Finish::Findings } else { Finish::Done }
    }

    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Finish::Done => 0,
            Finish::Findings => 1,
        })
    }
}

/// Why a command could not do its work: what, where, what to do next, and the exit status.
#[derive(Debug)]
pub(crate) struct CommandError {
    status: u8,
    message: String,
    hints: Vec<String>,
    /// The reader of our output went away: nothing to say, nothing wrong.
    silent: bool,
}

impl CommandError {
    fn new(status: u8, message: impl Into<String>) -> CommandError {
        CommandError { status, message: message.into(), hints: Vec::new(), silent: false }
    }

    /// Exit 2: the words of the command are wrong.
    pub(crate) fn usage(message: impl Into<String>) -> CommandError {
        CommandError::new(2, message)
    }

    /// Exit 3: the archive cannot be used.
    pub(crate) fn archive(message: impl Into<String>) -> CommandError {
        CommandError::new(3, message)
    }

    /// Exit 4: stopped part-way; the same command goes on.
    pub(crate) fn stopped(message: impl Into<String>) -> CommandError {
        CommandError::new(4, message)
    }

    /// With a next step.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> CommandError {
        self.hints.push(hint.into());
        self
    }

    /// A write that failed, at `place`.
    pub(crate) fn write(place: &str, error: &io::Error) -> CommandError {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return CommandError { silent: true, ..CommandError::new(0, "") };
        }
        let message = match error.kind() {
            io::ErrorKind::StorageFull => format!("{place}: no space left on the device"),
            io::ErrorKind::PermissionDenied => format!("{place}: this user may not write here"),
            _ => format!("{place}: cannot be written: {error}"),
        };
        CommandError::stopped(message)
            .hint("make room or choose another folder, then run the same command again")
    }

    /// Whether what was asked cannot be done as it was asked: asking otherwise may work.
    pub(crate) fn is_usage(&self) -> bool {
        self.status == 2
    }

    /// Says what is wrong and goes on.
    pub(crate) fn tell(&self, printer: &mut Printer) {
        self.report(printer);
    }

    pub(crate) fn report(&self, printer: &mut Printer) -> ExitCode {
        if !self.silent {
            printer.say(&format!("error: {}", self.message));
            for hint in &self.hints {
                printer.say(&format!("  next: {hint}"));
            }
        }
        ExitCode::from(self.status)
    }
}
