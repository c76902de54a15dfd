//! Paths → inputs: walks folders, opens archives, and says of everything it could not take why not.

mod bundle;
mod manifest;
mod names;
mod picture;
mod recognise;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use shiliu_press::PageKey;
use shiliu_text::{Diagnostic, Severity};

use manifest::Manifest;
use names::{Taken, printable, starts};
pub(crate) use recognise::{Recognised, can_recognise_pdf, drawn, recognise};

/// The bytes of one page or of one multi-page source.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name and outer evidence.
    pub key: PageKey,
    /// Its bytes as received.
    pub bytes: Vec<u8>,
    /// Where it is on this machine, for messages.
    pub place: PathBuf,
}

/// What was found at the given paths.
#[derive(Debug, Default)]
pub struct Intake {
    /// The inputs, sorted bytewise by path.
    pub inputs: Vec<Input>,
    /// What could not be taken.
    pub diagnostics: Vec<Diagnostic>,
    /// How many of the given paths exist.
    pub existing: usize,
}

/// Limits against hostile archives and mistakes, all in bytes or counts of what is really read.
#[derive(Clone, Copy, Debug)]
pub struct IntakeLimits {
    /// Largest single source.
    pub source: u64,
    /// Largest sum of the members of one archive.
    pub archive: u64,
    /// Most members of one archive.
    pub members: usize,
    /// Largest ratio of a member's size to its packed size, above 1 MiB.
    pub ratio: u64,
}

impl Default for IntakeLimits {
    fn default() -> IntakeLimits {
        IntakeLimits { source: 1 << 30, archive: 4 << 30, members: 100_000, ratio: 200 }
    }
}

/// Reads every source at `paths`. Folders are walked to the bottom; names that start with a dot are passed
/// over; links to folders are not followed; a `manifest.csv` says which pages the files beside and below it are.
#[must_use]
pub fn take(paths: &[PathBuf], limits: &IntakeLimits) -> Intake {
    let mut inputs: Vec<Input> = Vec::new();
    let mut intake = take_each(paths, limits, &mut |input| {
        inputs.push(input);
        true
    });
    inputs.sort_by(|a, b| a.key.path.as_bytes().cmp(b.key.path.as_bytes()));
    intake.inputs = inputs;
    intake
}

/// As [`take`], but hands over each input as soon as it is read and keeps none; the walk ends when `sink` says
/// `false`. Paths are walked in the order given, folders by name.
#[must_use]
pub fn take_each(paths: &[PathBuf], limits: &IntakeLimits, sink: &mut dyn FnMut(Input) -> bool) -> Intake {
    let taken_names = Taken::default();
    let mut walk = Walk { limits, intake: Intake::default(), sink, taken_names, taken: 0, ended: false };
    let several = paths.len() > 1;
    for start in starts(paths) {
        let path = start.path;
        let name = start.name.unwrap_or_else(|| path.display().to_string());
        match fs::metadata(path) {
            Ok(_) if start.covered => walk.intake.existing += 1,
            Ok(metadata) if metadata.is_dir() => {
                walk.intake.existing += 1;
                let before = walk.taken + walk.intake.diagnostics.len();
                let prefix = if several { format!("{name}/") } else { String::new() };
                walk.folder(path, &prefix, last_name(path).into_iter().collect(), None);
                if walk.taken + walk.intake.diagnostics.len() == before && !walk.ended {
                    walk.intake.diagnostics.push(
                        Diagnostic::new("no-pages", Severity::Error, "the folder holds no file")
                            .on(path.display().to_string())
                            .hint("give a folder with .txt, .md, .html, .pdf, .xml, .hocr, .png, .jpg, .tif, .zip or .tar files"),
                    );
                }
            }
            Ok(_) => {
                walk.intake.existing += 1;
                // A single file keeps its bare name; among several, its own name is the prefix already.
                let folders = path.parent().and_then(last_name).into_iter().collect();
                walk.file(path, &name, folders, None);
            }
            Err(error) => walk.intake.diagnostics.push(
                Diagnostic::new("path-missing", Severity::Error, describe(&error))
                    .on(path.display().to_string())
                    .hint("check the path; it must be a file or folder that this user may read"),
            ),
        }
    }
    walk.intake
}

/// Opens an archive that is in memory: its members as inputs, and what could not be taken.
#[must_use]
pub fn open_archive(bytes: &[u8], name: &str, limits: &IntakeLimits) -> Intake {
    let key = PageKey { path: name.to_owned(), ..PageKey::default() };
    let mut intake = Intake { existing: 1, ..Intake::default() };
    bundle::open(bytes, &key, Path::new(name), limits, &mut intake);
    intake
}

/// The unpacked bytes of a gzip stream, counted nowhere: for input that is read as a stream.
pub fn gunzip(packed: impl Read) -> impl Read {
    flate2::read::MultiGzDecoder::new(packed)
}

fn last_name(path: &Path) -> Option<String> {
    let whole = if path.file_name().is_none() { path.canonicalize().ok() } else { None };
    let path = whole.as_deref().unwrap_or(path);
    path.file_name().map(printable)
}

fn describe(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no file or folder of this name".to_owned(),
        std::io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// A manifest and the names under which its own folder's files are known.
type ManifestAt<'a> = Option<(&'a Manifest, &'a str)>;

/// Files of this program that may lie in a folder that is read.
fn is_our_own(name: &str) -> bool {
    name.starts_with("shiliu.db") || name == "shiliu.lock" || name == manifest::NAME
}

/// What `read -o` writes. Where the first four lie together they are an earlier reading of pages, and a folder
/// may be read into itself as often as one likes.
const READING: [&str; 8] = [
    "manifest.json",
    "pages.jsonl",
    "articles.jsonl",
    "stories.jsonl",
    "mentions.jsonl",
    "records.jsonl",
    "diagnostics.jsonl",
    "text",
];

struct Walk<'a> {
    limits: &'a IntakeLimits,
    intake: Intake,
    sink: &'a mut dyn FnMut(Input) -> bool,
    taken_names: Taken,
    taken: usize,
    ended: bool,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, prefix: &str, folders: Vec<String>, above: ManifestAt<'_>) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.intake.diagnostics.push(
                    Diagnostic::new("folder-unreadable", Severity::Error, describe(&error))
                        .on(folder.display().to_string())
                        .hint("change its permissions or leave it out"),
                );
                return;
            }
        };
        let own = Manifest::of(folder, prefix, &mut self.intake.diagnostics);
        let manifest = own.as_ref().map(|manifest| (manifest, prefix)).or(above);
        let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        names.sort();
        let holds_reading = READING[..4]
            .iter()
            .all(|file| names.binary_search_by(|name| name.as_os_str().cmp(file.as_ref())).is_ok());
        if holds_reading {
            let message = "the files of an earlier reading are passed over";
            let noticed = Diagnostic::new("reading-passed-over", Severity::Note, message);
            self.intake.diagnostics.push(noticed.on(folder.display().to_string()));
        }
        for name in names {
            let shown = printable(&name);
            let path = folder.join(&name);
            if self.ended {
                return;
            }
            let is_reading = holds_reading && READING.contains(&shown.as_str());
            if shown.starts_with('.') || is_our_own(&shown) || is_reading {
                continue;
            }
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            if metadata.is_dir() {
                let mut inner = folders.clone();
                inner.push(shown.clone());
                self.folder(&path, &format!("{prefix}{shown}/"), inner, manifest);
            } else if metadata.is_symlink() && fs::metadata(&path).is_ok_and(|target| target.is_dir()) {
                self.intake.diagnostics.push(
                    Diagnostic::new("link-passed-over", Severity::Note, "a link to a folder is not followed")
                        .on(format!("{prefix}{shown}")),
                );
            } else {
                self.file(&path, &format!("{prefix}{shown}"), folders.clone(), manifest);
            }
        }
    }

    fn file(&mut self, path: &Path, name: &str, folders: Vec<String>, manifest: ManifestAt<'_>) {
        let bytes = match read_steady(path, self.limits) {
            Ok(bytes) => bytes,
            Err(diagnostic) => {
                self.intake.diagnostics.push((*diagnostic).on(name));
                return;
            }
        };
        let key = PageKey { path: name.to_owned(), folders, manifest: None };
        if bundle::is_bundle(name) {
            let before = self.intake.diagnostics.len();
            bundle::open(&bytes, &key, path, self.limits, &mut self.intake);
            if self.intake.inputs.is_empty() && self.intake.diagnostics.len() == before {
                let noticed = Diagnostic::new("no-pages", Severity::Error, "the archive holds no file");
                self.intake.diagnostics.push(noticed.on(name).hint("leave it out or pack it again"));
            }
        } else {
            self.intake.inputs.push(Input { key, bytes, place: path.to_owned() });
        }
        for mut input in std::mem::take(&mut self.intake.inputs) {
            input.key.manifest = manifest
                .and_then(|(manifest, prefix)| manifest.row(input.key.path.strip_prefix(prefix)?).cloned());
            let known = self.taken_names.name(&input.key.path);
            if known != input.key.path {
                let message = format!("another page has this name; this one is called {known}");
                self.intake.diagnostics.push(
                    Diagnostic::new("name-shared", Severity::Warning, message)
                        .on(std::mem::replace(&mut input.key.path, known))
                        .hint("rename one of the two"),
                );
            }
            self.taken += 1;
            if !self.ended && !(self.sink)(input) {
                self.ended = true;
            }
        }
    }
}

/// Reads a file that may be written to meanwhile: a second look at its size and time, and one more try.
fn read_steady(path: &Path, limits: &IntakeLimits) -> Result<Vec<u8>, Box<Diagnostic>> {
    let unreadable = |error: &std::io::Error| {
        Box::new(
            Diagnostic::new("file-unreadable", Severity::Error, describe(error))
                .hint("change its permissions or leave it out; the other pages are read"),
        )
    };
    // Only looked at, not opened: opening a pipe waits for its writer, and opening a device may do anything.
    if !fs::metadata(path).map_err(|error| unreadable(&error))?.is_file() {
        return Err(Box::new(
            Diagnostic::new("not-a-file", Severity::Error, "it is a pipe, a socket or a device, not a file")
                .hint("save what it gives as a file, or leave it out; the other pages are read"),
        ));
    }
    for _ in 0..2 {
        let mut file = File::open(path).map_err(|error| unreadable(&error))?;
        let before = file.metadata().map_err(|error| unreadable(&error))?;
        if before.len() > limits.source {
            let message = format!("{} bytes; at most {} are read", before.len(), limits.source);
            return Err(Box::new(
                Diagnostic::new("file-too-large", Severity::Error, message).hint("split it into pages"),
            ));
        }
        let mut bytes = Vec::new();
        let taken = Read::by_ref(&mut file).take(limits.source + 1).read_to_end(&mut bytes);
        taken.map_err(|error| unreadable(&error))?;
        let after = fs::metadata(path).map_err(|error| unreadable(&error))?;
        let steady = before.len() == after.len()
            && bytes.len() as u64 == after.len()
            && before.modified().ok() == after.modified().ok();
        if steady {
            return Ok(bytes);
        }
    }
    let message = "the file changed twice while it was read";
    let diagnostic = Diagnostic::new("file-changed", Severity::Error, message);
    Err(Box::new(diagnostic.hint("wait until it is complete, then run the same command again")))
}
