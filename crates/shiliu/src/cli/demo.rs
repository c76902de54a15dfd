//! `shiliu demo`: an archive of the built-in sample, or of one's own pages, read and served at once.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use rust_embed::RustEmbed;
use shiliu_archive::store::{AddOptions, Archive, Progress as Work};

use super::progress::Progress;
use super::serve::{Door, serve};
use super::{CommandError, Finish, Printer, archive_verbs, data};

/// The sample's pages: three fictional papers over three days.
#[derive(RustEmbed)]
#[folder = "../../sample/pages"]
struct Sample;

/// The profile of the sample's fictional mechanism.
const SAMPLE_PROFILE: &str = "lanhai";

#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// Files or folders of pages; the built-in sample where none is given.
    paths: Vec<PathBuf>,
    /// Port on 127.0.0.1; 0 for any free one. Without it 7340, or the next free one.
    #[arg(long)]
    port: Option<u16>,
    /// Do not open the browser.
    #[arg(long)]
    no_open: bool,
    /// Name of a built-in profile, or the path of one's own; only with pages of one's own.
    #[arg(long, requires = "paths", default_value = data::DEFAULT_PROFILE)]
    profile: String,
}

pub(super) fn run(arguments: &DemoArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let own = !arguments.paths.is_empty();
    let folder = TemporaryFolder::make()?;
    let name = if own { arguments.profile.as_str() } else { SAMPLE_PROFILE };
    let (pack, profile) = (data::pack()?, data::profile(name)?);
    let paths = if own { arguments.paths.clone() } else { vec![write_sample(&folder.path)?] };
    let archive = Archive::create(&folder.path.join("archive"), name).map_err(archive_verbs::failure)?;
    let progress = Progress::new(false);
    let tell = |work: Work<'_>| {
        if let Work::Reading(stage, done, total) = work {
            progress.tell(stage, done, total);
        }
    };
    let now = jiff::Timestamp::now().to_string();
    let options = AddOptions { progress: &tell, ..AddOptions::at(&now) };
    let added = archive.writer().and_then(|mut writer| writer.add(&paths, &pack, &profile, &options));
    let report = added.map_err(archive_verbs::failure)?;
    drop(progress);
    if report.existing == 0 {
        return Err(CommandError::usage("there is no such file or folder".to_owned())
            .hint("give files or folders of pages, or none for the built-in sample"));
    }
    printer.diagnostics(&report.diagnostics);
    let counts = report.counts;
    printer.say(&format!(
        "{} pages of {} issues, {} stories, {} records",
        counts.pages, counts.issues, counts.stories, counts.records
    ));
    printer.say("this archive is removed at the end; `shiliu init` and `shiliu add` make one that stays");
    // This archive goes with the process: whoever looks may try every act.
    let door = Door { port: arguments.port, open: !arguments.no_open, reviewers: Vec::new() };
    let served = serve(archive, pack, profile, door, printer);
    drop(folder);
    served
}

/// Writes the sample's pages out, so that they are read as anybody's pages are.
fn write_sample(folder: &Path) -> Result<PathBuf, CommandError> {
    let pages = folder.join("pages");
    for name in Sample::iter() {
        let Some(file) = Sample::get(&name) else { continue };
        let path = pages.join(name.as_ref());
        let parent = path.parent().unwrap_or(&pages);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, &file.data))
            .map_err(|error| CommandError::write(&path.display().to_string(), &error))?;
    }
    Ok(pages)
}

/// A folder of our own that goes when we do.
struct TemporaryFolder {
    path: PathBuf,
}

impl TemporaryFolder {
    fn make() -> Result<TemporaryFolder, CommandError> {
        let base = std::env::temp_dir();
        let process = std::process::id();
        let mut last = None;
        for number in 0..1000 {
            let path = base.join(format!("shiliu-demo-{process}-{number}"));
            let mut builder = fs::DirBuilder::new();
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            match builder.create(&path) {
                Ok(()) => return Ok(TemporaryFolder { path }),
                Err(error) => last = Some((path, error)),
            }
        }
        match last {
            Some((path, error)) => Err(CommandError::write(&path.display().to_string(), &error)),
            None => Err(CommandError::stopped("no temporary folder could be made".to_owned())),
        }
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
