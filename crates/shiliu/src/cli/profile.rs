use clap::{Args, Subcommand};
use shiliu_lang::Section;

use super::{CommandError, Finish, Printer, data};

#[derive(Debug, Args)]
pub(super) struct ProfileArguments {
    #[command(subcommand)]
    verb: ProfileVerb,
}

#[derive(Debug, Subcommand)]
enum ProfileVerb {
    /// Loads a profile and reports what is wrong with it.
    Check {
        /// Name of a built-in profile, or the path of one's own.
        #[arg(default_value = data::DEFAULT_PROFILE)]
        name: String,
    },
    /// Lists the sections of a profile and how many rows each has.
    Show {
        /// Name of a built-in profile, or the path of one's own.
        #[arg(default_value = data::DEFAULT_PROFILE)]
        name: String,
    },
}

pub(super) fn run(arguments: &ProfileArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    match &arguments.verb {
        ProfileVerb::Check { name } => {
            data::profile(name)?;
            printer.say(&format!("{name}: no findings"));
            Ok(Finish::Done)
        }
        ProfileVerb::Show { name } => {
            let profile = data::profile(name)?;
            for section in Section::ALL {
                printer.line(&format!("{}\t{}", section.as_str(), profile.entries(section).len()))?;
            }
            Ok(Finish::Done)
        }
    }
}
