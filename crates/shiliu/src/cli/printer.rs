use std::io::{self, BufWriter, Write as _};

use shiliu_text::{Diagnostic, Severity};

use super::CommandError;
use crate::export::json::Json;

/// The only way to stdout (data) and stderr (talk).
pub(crate) struct Printer {
    data: BufWriter<io::Stdout>,
}

impl Printer {
    pub(crate) fn standard() -> Printer {
        Printer { data: BufWriter::with_capacity(1 << 16, io::stdout()) }
    }

    /// One line of data.
    pub(crate) fn line(&mut self, line: &str) -> Result<(), CommandError> {
        self.data
            .write_all(line.as_bytes())
            .and_then(|()| self.data.write_all(b"\n"))
            .map_err(|error| CommandError::write("standard output", &error))
    }

    /// One JSON line of data.
    pub(crate) fn json(&mut self, value: &Json) -> Result<(), CommandError> {
        writeln!(self.data, "{value}").map_err(|error| CommandError::write("standard output", &error))
    }

    /// A whole document of data.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), CommandError> {
        let line_end = if text.ends_with('\n') { "" } else { "\n" };
        self.data
            .write_all(text.as_bytes())
            .and_then(|()| self.data.write_all(line_end.as_bytes()))
            .map_err(|error| CommandError::write("standard output", &error))
    }

    /// Data as it is.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), CommandError> {
        self.data.write_all(bytes).map_err(|error| CommandError::write("standard output", &error))
    }

    pub(crate) fn flush(&mut self) -> Result<(), CommandError> {
        self.data.flush().map_err(|error| CommandError::write("standard output", &error))
    }

    /// A line of talk. Text that came from outside is shown without its control characters and without those
    /// that turn the direction of writing, so that a file's name cannot pass for another line.
    pub(crate) fn say(&mut self, line: &str) {
        let harmful = |c: char| {
            c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        let shown: String = line.chars().map(|c| if harmful(c) { '\u{fffd}' } else { c }).collect();
        // Nobody to talk to is no reason to fail.
        let _ = writeln!(io::stderr(), "{shown}");
    }

    /// Tells of errors and warnings, as many as a person reads, errors first, and counts the rest.
    pub(crate) fn diagnostics(&mut self, diagnostics: &[Diagnostic]) {
        const SHOWN: usize = 20;
        let mut worst: Vec<&Diagnostic> =
            diagnostics.iter().filter(|diagnostic| diagnostic.severity > Severity::Note).collect();
        worst.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
        let rest = diagnostics.len() - worst.len();
        let hidden = worst.len().saturating_sub(SHOWN);
        worst.truncate(SHOWN);
        for diagnostic in worst {
            let place = diagnostic.page.as_deref().map(|page| format!("{page}: ")).unwrap_or_default();
            self.say(&format!(
                "{}: {place}{} [{}]",
                diagnostic.severity.as_str(),
                diagnostic.message,
                diagnostic.code
            ));
            for hint in &diagnostic.hints {
                self.say(&format!("  next: {hint}"));
            }
        }
        if hidden + rest > 0 {
            let more = hidden + rest;
            self.say(&format!(
                "{more} findings not shown here: `shiliu read … -o DIR` writes all to DIR/diagnostics.jsonl"
            ));
        }
    }
}
