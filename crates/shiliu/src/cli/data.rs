//! Loads what every reading verb needs: language data, a profile, inputs.

use std::path::{Path, PathBuf};

use shiliu_archive::{Input, IntakeLimits, ReadOptions, Reading, Stage, intake, read_all};
use shiliu_lang::{Pack, Profile, builtin};
use shiliu_reprint::MemoryRuns;
use shiliu_text::{Diagnostic, Outcome, Severity};

use super::progress::Progress;
use super::{CommandError, Printer};

/// The profile used where none is named.
pub(crate) const DEFAULT_PROFILE: &str = "china-central-asia";

/// The built-in language data. Its rows are checked by tests, so an error here is a broken build.
pub(crate) fn pack() -> Result<Pack, CommandError> {
    let outcome = Pack::load(builtin());
    match outcome.diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error) {
        Some(error) => Err(CommandError::usage(format!(
            "language data: {}: {}",
            error.page.as_deref().unwrap_or("?"),
            error.message
        ))),
        None => Ok(outcome.value),
    }
}

/// A built-in profile by name, or one from a folder or file of the user's, with what is wrong with it.
pub(crate) fn load_profile(name: &str) -> Result<Outcome<Profile>, CommandError> {
    let path = Path::new(name);
    if !path.exists() {
        return Ok(Profile::load(name, builtin()));
    }
    let (label, files) = profile_files(path)?;
    let borrowed: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Ok(Profile::load(&label, &borrowed))
}

/// A profile that can be used.
pub(crate) fn profile(name: &str) -> Result<Profile, CommandError> {
    let outcome = load_profile(name)?;
    match outcome.diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error) {
        Some(error) => {
            let place = error.page.as_deref().map(|page| format!("{page}: ")).unwrap_or_default();
            let failed = CommandError::usage(format!("profile `{name}`: {place}{}", error.message));
            Err(error.hints.iter().fold(failed, |failed, hint| failed.hint(hint)))
        }
        None => Ok(outcome.value),
    }
}

/// A profile's name and its files as (path, contents).
pub(crate) type ProfileFiles = (String, Vec<(String, String)>);

/// The TOML files of a folder, or one file, under the paths that `Profile::load` expects.
pub(crate) fn profile_files(path: &Path) -> Result<ProfileFiles, CommandError> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let label = stem.unwrap_or_else(|| "own".to_owned());
    let unreadable = |path: &Path, error: &std::io::Error| {
        CommandError::usage(format!("{}: cannot be read: {error}", path.display()))
            .hint("give a profile's name, its folder, or one .toml file")
    };
    let mut found: Vec<PathBuf> = Vec::new();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).map_err(|error| unreadable(path, &error))?.flatten() {
            if entry.path().extension().is_some_and(|end| end == "toml") {
                found.push(entry.path());
            }
        }
        found.sort();
    } else {
        found.push(path.to_owned());
    }
    let mut files = Vec::new();
    for file in found {
        let text = std::fs::read_to_string(&file).map_err(|error| unreadable(&file, &error))?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        files.push((format!("profiles/{label}/{name}"), text));
    }
    Ok((label, files))
}

/// Takes the inputs at `paths`: an error where not one of them exists.
pub(crate) fn take(paths: &[PathBuf]) -> Result<(Vec<Input>, Vec<Diagnostic>), CommandError> {
    let taken = intake::take(paths, &IntakeLimits::default());
    if taken.existing == 0 {
        let named: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(CommandError::usage(format!("{}: there is no such file or folder", named.join(", ")))
            .hint("give files or folders of pages (.txt, .md, .html, .xml, .hocr, .zip, .tar)"));
    }
    Ok((taken.inputs, taken.diagnostics))
}

/// Runs the pipeline over paths until a stage.
pub(crate) fn reading(
    paths: &[PathBuf],
    profile_name: &str,
    until: Stage,
    progress: &Progress,
) -> Result<(Reading, Pack, Profile), CommandError> {
    let pack = pack()?;
    let profile = if until >= Stage::Records { profile(profile_name)? } else { Profile::default() };
    let (inputs, diagnostics) = take(paths)?;
    let tell = |stage: Stage, done: usize, total: usize| progress.tell(stage, done, total);
    let options = ReadOptions { until, progress: &tell, ..ReadOptions::default() };
    let read = read_all(&inputs, &mut MemoryRuns::default(), &pack, &profile, &options);
    let mut reading = read.map_err(|error| CommandError::write("the index of reprints", &error))?;
    // What intake could not take stands first: it has no page to be sorted by.
    reading.diagnostics.splice(0..0, diagnostics);
    Ok((reading, pack, profile))
}

/// Whether a reading has something that the exit status must tell.
pub(crate) fn has_findings(reading: &Reading) -> bool {
    reading.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Says what was read.
pub(crate) fn summary(reading: &Reading, printer: &mut Printer) {
    let printings: usize = reading.stories.iter().map(|story| story.witnesses.len()).sum();
    printer.say(&format!(
        "{} pages, {} articles, {} stories in {printings} printings, {} mentions, {} records, {} links",
        reading.pages.len(),
        reading.segmented.articles.len(),
        reading.stories.len(),
        reading.mentions.len(),
        reading.records.len(),
        reading.links.len(),
    ));
}
