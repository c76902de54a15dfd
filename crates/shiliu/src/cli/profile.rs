use clap::{Args, Subcommand};
use shiliu_lang::{Profile, Section, builtin};
use shiliu_text::{CodePoints, Severity};

use super::{CommandError, Finish, Printer, data};
use crate::export::contract::diagnostic_line;
use crate::export::json::Json;

#[derive(Debug, Args)]
pub(super) struct ProfileArguments {
    #[command(subcommand)]
    verb: ProfileVerb,
}

#[derive(Debug, Subcommand)]
enum ProfileVerb {
    /// Loads a profile and reports what is wrong with it, by file and row.
    Check {
        /// Name of a built-in profile, or the path of one's own.
        #[arg(default_value = data::DEFAULT_PROFILE)]
        name: String,
    },
    /// Lists the rows of a profile, one JSON line each; without a name, the built-in profiles.
    Show {
        /// Name of a built-in profile, or the path of one's own.
        name: Option<String>,
    },
    /// Shows which rows a text names, and where.
    Explain {
        /// The text.
        text: String,
        /// Name of a built-in profile, or the path of one's own.
        #[arg(long, default_value = data::DEFAULT_PROFILE)]
        profile: String,
    },
}

pub(super) fn run(arguments: &ProfileArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    match &arguments.verb {
        ProfileVerb::Check { name } => check(name, printer),
        ProfileVerb::Show { name: None } => {
            let mut names: Vec<&str> = builtin()
                .iter()
                .filter_map(|(path, _)| path.strip_prefix("profiles/")?.split('/').next())
                .collect();
            names.dedup();
            for name in names {
                printer.line(name)?;
            }
            Ok(Finish::Done)
        }
        ProfileVerb::Show { name: Some(name) } => show(&data::profile(name)?, printer),
        ProfileVerb::Explain { text, profile } => explain(text, &data::profile(profile)?, printer),
    }
}

fn check(name: &str, printer: &mut Printer) -> Result<Finish, CommandError> {
    let outcome = data::load_profile(name)?;
    let mut found = outcome.diagnostics;
    found.extend(outcome.value.check());
    for diagnostic in &found {
        printer.json(&diagnostic_line(diagnostic, diagnostic.page.clone(), None))?;
    }
    let rows: usize = Section::ALL.iter().map(|&section| outcome.value.entries(section).len()).sum();
    printer.say(&format!("{name}: {rows} rows, {} findings", found.len()));
    Ok(Finish::with(found.iter().any(|diagnostic| diagnostic.severity > Severity::Note)))
}

fn show(profile: &Profile, printer: &mut Printer) -> Result<Finish, CommandError> {
    for section in Section::ALL {
        for entry in profile.entries(section) {
            let names = entry
                .names
                .iter()
                .map(|(language, names)| (language.as_str(), Json::list(names.iter().map(String::as_str))));
            printer.json(&Json::object([
                ("section", section.as_str().into()),
                ("id", entry.id.as_str().into()),
                ("names", Json::object(names)),
                ("type", Json::or_null(entry.kind.as_deref())),
                ("date", Json::or_null(entry.date.as_deref())),
                ("source", entry.source.as_str().into()),
            ]))?;
        }
    }
    Ok(Finish::Done)
}

fn explain(text: &str, profile: &Profile, printer: &mut Printer) -> Result<Finish, CommandError> {
    let points = CodePoints::new(text);
    for section in Section::ALL {
        for entry in profile.entries(section) {
            for (language, name) in entry.all_names() {
                for (at, _) in text.match_indices(name).filter(|_| !name.is_empty()) {
                    let place = |byte: usize| points.at_byte(u32::try_from(byte).unwrap_or(u32::MAX));
                    printer.json(&Json::object([
                        ("section", section.as_str().into()),
                        ("id", entry.id.as_str().into()),
                        ("language", language.into()),
                        ("start", place(at).into()),
                        ("end", place(at + name.len()).into()),
                        ("text", name.into()),
                        ("row", entry.at.as_str().into()),
                    ]))?;
                }
            }
        }
    }
    Ok(Finish::Done)
}
