use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use shiliu_archive::{Reading, Stage};
use shiliu_lang::{Pack, Profile};
use shiliu_press::Format;

use super::{CommandError, Finish, Printer, Progress, data};
use crate::export::contract::Contract;
use crate::export::json::Json;

#[derive(Debug, Args)]
pub(super) struct ReadArguments {
    /// Files or folders of pages.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Folder to write to; made where it is missing.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Name of a built-in profile, or the path of one's own.
    #[arg(long, default_value = data::DEFAULT_PROFILE)]
    profile: String,
    /// Say nothing while working.
    #[arg(short, long)]
    quiet: bool,
}

pub(super) fn run(arguments: &ReadArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    // An output folder that cannot be made or written to is found out before the work, not after it.
    if fs::metadata(&arguments.output).is_ok_and(|found| !found.is_dir()) {
        let shown = arguments.output.display();
        return Err(CommandError::usage(format!("{shown}: it is a file; `-o` takes a folder"))
            .hint("give another folder; it is made where it is missing"));
    }
    make_folder(&arguments.output)?;
    let probe = arguments.output.join(".shiliu.part");
    write_file(&probe, b"")?;
    let _ = fs::remove_file(&probe);
    let progress = Progress::new(arguments.quiet);
    let (reading, pack, profile) =
        data::reading(&arguments.paths, &arguments.profile, Stage::Records, &progress)?;
    write_all(&reading, &pack, &profile, &arguments.output, &progress)?;
    drop(progress);
    if !arguments.quiet {
        data::summary(&reading, printer);
    }
    printer.diagnostics(&reading.diagnostics);
    Ok(Finish::with(data::has_findings(&reading)))
}

fn make_folder(folder: &Path) -> Result<(), CommandError> {
    fs::create_dir_all(folder).map_err(|error| CommandError::write(&folder.display().to_string(), &error))
}

fn write_all(
    reading: &Reading,
    pack: &Pack,
    profile: &Profile,
    folder: &Path,
    progress: &Progress,
) -> Result<(), CommandError> {
    let contract = Contract::new(reading);
    let counts = [
        reading.pages.len(),
        reading.segmented.articles.len(),
        reading.stories.len(),
        reading.mentions.len(),
        reading.records.len(),
        reading.diagnostics.len(),
    ];
    let (all, mut done) = (counts.iter().sum(), 0);
    let mut tell = || {
        progress.tell_step("write", done, all);
        done += 1;
    };
    write_lines(folder, "pages.jsonl", contract.pages(), &mut tell)?;
    write_lines(folder, "articles.jsonl", contract.articles(), &mut tell)?;
    write_lines(folder, "stories.jsonl", contract.stories(), &mut tell)?;
    write_lines(folder, "mentions.jsonl", contract.mentions(), &mut tell)?;
    write_lines(folder, "records.jsonl", contract.records(), &mut tell)?;
    write_lines(folder, "diagnostics.jsonl", contract.diagnostics(), &mut tell)?;
    write_lines(folder, "manifest.json", [manifest(pack, profile)].into_iter(), &mut || ())?;
    for page in &reading.pages {
        // The text of plain text and markdown is the file itself; any other layer is ours and is written out.
        if !matches!(page.format, Format::Text | Format::Markdown) {
            let texts = folder.join("text");
            make_folder(&texts)?;
            write_file(&texts.join(format!("{}.txt", page.layer.id)), page.layer.text.as_bytes())?;
        }
    }
    Ok(())
}

/// What made the files: no time, so that the same input gives the same bytes.
pub(crate) fn manifest(pack: &Pack, profile: &Profile) -> Json {
    let stages = Stage::ALL.iter().map(|stage| (stage.as_str(), Json::from(stage.version())));
    Json::object([
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("stages", Json::object(stages)),
        (
            "data",
            Json::object([
                ("lang", pack.digest().to_string().into()),
                ("profile", profile.name.as_str().into()),
                ("profile_hash", profile.digest().to_string().into()),
            ]),
        ),
    ])
}

/// Writes a file of lines; `tell` is called before each of them.
fn write_lines(
    folder: &Path,
    name: &str,
    lines: impl Iterator<Item = Json>,
    tell: &mut dyn FnMut(),
) -> Result<(), CommandError> {
    let path = folder.join(name);
    let failed = |error: &std::io::Error| CommandError::write(&path.display().to_string(), error);
    // Written beside and renamed when complete: whoever reads the file reads all of it.
    let partial = folder.join(format!(".{name}.part"));
    let written = (|| {
        let mut file = BufWriter::with_capacity(1 << 16, fs::File::create(&partial)?);
        for line in lines {
            tell();
            writeln!(file, "{line}")?;
        }
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&partial, &path)
    })();
    written.map_err(|error| {
        let _ = fs::remove_file(&partial);
        failed(&error)
    })
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    fs::write(path, bytes).map_err(|error| CommandError::write(&path.display().to_string(), &error))
}
