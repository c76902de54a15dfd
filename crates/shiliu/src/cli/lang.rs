use clap::{Args, Subcommand};
use shiliu_lang::{Pack, builtin};

use super::{CommandError, Finish, Printer};
use crate::export::contract::diagnostic_line;

#[derive(Debug, Args)]
pub(super) struct LangArguments {
    #[command(subcommand)]
    verb: LangVerb,
}

#[derive(Debug, Subcommand)]
enum LangVerb {
    /// Runs the examples of every row.
    Check,
    /// Shows which rows fire on a text, and where.
    Explain {
        /// The text.
        text: String,
    },
}

pub(super) fn run(arguments: &LangArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let outcome = Pack::load(builtin());
    let pack = outcome.value;
    match &arguments.verb {
        LangVerb::Check => {
            let mut found = outcome.diagnostics;
            found.extend(pack.check());
            for diagnostic in &found {
                printer.json(&diagnostic_line(diagnostic, diagnostic.page.clone(), None))?;
            }
            printer.say(&format!(
                "{} rows in {} sections, {} findings",
                pack.row_count(),
                pack.sections().count(),
                found.len()
            ));
            Ok(Finish::with(!found.is_empty()))
        }
        LangVerb::Explain { text } => {
            for section in pack.sections() {
                for pattern in pack.patterns(section).patterns() {
                    let Some(hit) = pattern.find(text) else { continue };
                    printer.line(&format!("{section}\t{}\t{}", hit.row.id, hit.span.of(text)))?;
                    for (slot, span) in &hit.slots {
                        printer.line(&format!("\t{slot}\t{}", span.of(text)))?;
                    }
                }
            }
            Ok(Finish::Done)
        }
    }
}
