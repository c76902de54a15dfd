use std::path::PathBuf;

use clap::Args;
use shiliu_archive::store::Archive;

use super::super::{CommandError, Finish, Printer, data};
use super::failure;
use crate::export::json::Json;

/// Examples: `shiliu init press` · `shiliu init --profile my-profile/ press`
#[derive(Debug, Args)]
pub(in crate::cli) struct InitArguments {
    /// Folder to make the archive in.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Name of a built-in profile, or the path of one's own, that the archive is read for.
    #[arg(long, default_value = data::DEFAULT_PROFILE)]
    profile: String,
    /// Answer in JSON Lines.
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn run(arguments: &InitArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    // A profile that cannot be loaded is found out now, not at the first `add`.
    data::profile(&arguments.profile)?;
    let own = std::path::Path::new(&arguments.profile);
    let profile = match own.canonicalize() {
        Ok(path) => path.to_string_lossy().into_owned(),
        Err(_) => arguments.profile.clone(),
    };
    let archive = Archive::create(&arguments.folder, &profile).map_err(failure)?;
    let folder = archive.folder().display().to_string();
    if arguments.json {
        printer.json(&Json::object([("archive", folder.into()), ("profile", profile.into())]))?;
    } else {
        printer.say(&format!("{folder}: an empty archive for the profile {profile}"));
        printer.say("  next: shiliu add PATH…");
    }
    Ok(Finish::Done)
}
