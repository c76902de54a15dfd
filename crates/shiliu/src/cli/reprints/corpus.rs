//! Documents of a corpus: only the places of its lines are held, the characters stay in the file.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use shiliu_archive::store::nameless_file;
use shiliu_reprint::{Card, Step, Texts};
use shiliu_text::{Date, digest_of};

use super::super::{CommandError, Printer, Progress};

/// One document without its characters.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) card: Card,
    /// Of the text.
    pub(super) digest: [u8; 16],
    place: Place,
}

enum Place {
    /// File, start and bytes of its line.
    Line(usize, u64, usize),
    /// Held here, with what is kept of it.
    Held(String, Vec<(String, serde_json::Value)>),
}

/// Documents to compare, in the order they came; keys go by id.
pub(super) struct Documents {
    pub(super) entries: Vec<Entry>,
    /// Place in `entries` of every key.
    pub(super) of_key: Vec<u32>,
    files: Vec<RefCell<File>>,
    pub(super) progress: Progress,
}

/// Lines between two times that progress is told.
const TOLD_EVERY: u64 = 4096;

/// What a line has to hold.
#[derive(serde::Deserialize)]
struct TextOfLine<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

impl Documents {
    pub(super) fn empty() -> Documents {
        Documents {
            entries: Vec::new(),
            of_key: Vec::new(),
            files: Vec::new(),
            progress: Progress::new(false),
        }
    }

    /// Adds a document that is held in memory.
    pub(super) fn hold(
        &mut self,
        id: String,
        text: String,
        day: Option<i32>,
        kept: Vec<(String, serde_json::Value)>,
    ) {
        let card = Card { key: 0, day, outlet: None, length: text.len() };
        let digest = short_digest(text.as_bytes());
        self.entries.push(Entry { id, card, digest, place: Place::Held(text, kept) });
    }

    /// Adds the lines of a corpus; a bad one is said and passed over. A packed corpus is unpacked into `work` first.
    /// Tells whether anything was wrong.
    pub(super) fn read_corpus(
        &mut self,
        path: &Path,
        work: &Path,
        papers: &mut BTreeMap<String, u32>,
        printer: &mut Printer,
    ) -> Result<bool, CommandError> {
        let shown = path.display().to_string();
        let unreadable = |error: &io::Error| {
            CommandError::usage(format!("{shown}: cannot be read: {error}"))
                .hint("check the path and its permissions")
        };
        let number = self.files.len();
        let mut findings = false;
        let file = if shown.ends_with(".gz") {
            let packed = File::open(path).map_err(|error| unreadable(&error))?;
            let (unpacked, broken) = unpack(packed, &work.join(format!("corpus-{number}")))?;
            if let Some(error) = broken {
                findings = true;
                printer.say(&format!("error: {shown}: cannot be read to its end: {error}"));
                printer.say("  next: fetch the file again; the lines before that place are compared");
            }
            unpacked
        } else {
            File::open(path).map_err(|error| unreadable(&error))?
        };
        let size = file.metadata().map_or(0, |data| data.len());
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let (mut start, mut buffer, mut bad) = (0u64, Vec::new(), 0usize);
        for count in 1u64.. {
            let length = match read_line(&mut reader, &mut buffer, LONGEST) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) => return Err(unreadable(&error)),
            };
            let place = Place::Line(number, start, buffer.len());
            start += length;
            if count % TOLD_EVERY == 0 {
                let mebibytes = |bytes: u64| usize::try_from(bytes >> 20).unwrap_or(usize::MAX);
                self.progress.tell_step("MiB read", mebibytes(start), mebibytes(size));
            }
            let told = if length > LONGEST as u64 {
                Err(format!("longer than {} MiB: cut it into parts", LONGEST >> 20))
            } else {
                entry(&buffer, count == 1, place, papers)
            };
            match told {
                Ok(Some(entry)) => self.entries.push(entry),
                Ok(None) => {}
                Err(message) => {
                    bad += 1;
                    if bad <= SHOWN_LINES {
                        printer
                            .say(&format!("error: {shown} line {count}: {message}; the line is passed over"));
                    }
                }
            }
        }
        if bad > SHOWN_LINES {
            printer.say(&format!("error: {shown}: {} more lines are passed over", bad - SHOWN_LINES));
        }
        findings |= bad > 0;
        self.files.push(RefCell::new(reader.into_inner()));
        Ok(findings)
    }

    /// Gives every document its key, and says which ids stand for several. `papers` are numbered anew by name, so
    /// that the order of the input does not show.
    pub(super) fn order(&mut self, papers: &BTreeMap<String, u32>, printer: &mut Printer) -> bool {
        let mut by_name = vec![0; papers.len()];
        for (rank, &number) in (0u32..).zip(papers.values()) {
            by_name[number as usize] = rank;
        }
        let entries = &mut self.entries;
        let mut of_key: Vec<u32> = (0u32..).take(entries.len()).collect();
        of_key.sort_by(|&left, &right| {
            let told = |at: u32| {
                let entry = &entries[at as usize];
                (&entry.id, entry.card.day, entry.digest)
            };
            told(left).cmp(&told(right))
        });
        let mut twice: BTreeSet<&str> = BTreeSet::new();
        for pair in of_key.windows(2) {
            let (one, other) = (&entries[pair[0] as usize], &entries[pair[1] as usize]);
            if one.id == other.id {
                twice.insert(&one.id);
            }
        }
        let findings = !twice.is_empty();
        for id in twice.iter().take(SHOWN) {
            printer.say(&format!("error: id {id:?}: several documents have it; each is compared"));
        }
        if twice.len() > SHOWN {
            printer.say(&format!("error: {} more ids stand for several documents", twice.len() - SHOWN));
        }
        if findings {
            printer
                .say("  next: give every document an id of its own, or families cannot be told apart by it");
        }
        for (key, &at) in (0u32..).zip(&of_key) {
            let card = &mut entries[at as usize].card;
            card.key = key;
            card.outlet = card.outlet.map(|number| by_name[number as usize]);
        }
        self.of_key = of_key;
        findings
    }

    /// The line of a document again, but for its id and what an earlier run said of it.
    pub(super) fn kept(&self, at: usize) -> io::Result<Vec<(String, serde_json::Value)>> {
        match &self.entries[at].place {
            Place::Held(_, kept) => Ok(kept.clone()),
            &Place::Line(file, start, length) => {
                let bytes = self.line(file, start, length)?;
                let mut object: serde_json::Map<String, serde_json::Value> =
                    serde_json::from_slice(without_mark(&bytes))?;
                for ours in ["id", "family", "families"] {
                    object.shift_remove(ours);
                }
                Ok(object.into_iter().collect())
            }
        }
    }

    fn line(&self, file: usize, start: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut file = self.files[file].borrow_mut();
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Bytes of the longest line that is read: all of it is held at once, and what it says beside it.
const LONGEST: usize = 512 << 20;
/// Bad lines of a corpus that are named.
const SHOWN_LINES: usize = 20;
/// Ids that are named when they stand for several documents.
const SHOWN: usize = 5;

impl Texts for Documents {
    fn count(&self) -> usize {
        self.entries.len()
    }

    fn card(&self, at: usize) -> Card {
        self.entries[at].card
    }

    fn read(&self, at: usize) -> io::Result<Cow<'_, str>> {
        match &self.entries[at].place {
            Place::Held(text, _) => Ok(Cow::Borrowed(text)),
            &Place::Line(file, start, length) => {
                let bytes = self.line(file, start, length)?;
                let line = without_mark(&bytes);
                if let Ok(line) = serde_json::from_slice::<TextOfLine<'_>>(line) {
                    return Ok(Cow::Owned(line.text.into_owned()));
                }
                // A line may have the field twice: the last counts, as it did when it was first read.
                let mut object: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(line)?;
                match object.remove("text") {
                    Some(serde_json::Value::String(text)) => Ok(Cow::Owned(text)),
                    _ => Err(io::ErrorKind::InvalidData.into()),
                }
            }
        }
    }

    fn reached(&self, step: Step, done: usize, total: usize) {
        let word = match step {
            Step::Fingerprints => "fingerprints",
            Step::Pairs => "pairs",
            Step::Passages => "passages",
            Step::Families => "families",
        };
        self.progress.tell_step(word, done, total);
    }
}

/// Reads a line that ends in a line feed, a carriage return or both, and its end; of one that is longer than `longest` only
/// so much. Gives the bytes that were read, none at the end.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>, longest: usize) -> io::Result<u64> {
    line.clear();
    let mut length = 0;
    loop {
        let held = match reader.fill_buf() {
            Ok(held) => held,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = held.iter().position(|&byte| matches!(byte, b'\n' | b'\r'));
        let returned = end.is_some_and(|end| held[end] == b'\r');
        let taken = end.map_or(held.len(), |end| end + 1);
        let room = longest.saturating_sub(line.len());
        line.extend_from_slice(&held[..taken.min(room)]);
        reader.consume(taken);
        length += taken as u64;
        if returned && reader.fill_buf()?.first() == Some(&b'\n') {
            reader.consume(1);
            length += 1;
        }
        if end.is_some() || taken == 0 {
            return Ok(length);
        }
    }
}

fn without_mark(line: &[u8]) -> &[u8] {
    line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line)
}

pub(super) fn short_digest(bytes: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&digest_of(bytes).0[..16]);
    short
}

/// The document of a line; nothing for a blank one.
fn entry(
    line: &[u8],
    first: bool,
    place: Place,
    papers: &mut BTreeMap<String, u32>,
) -> Result<Option<Entry>, String> {
    let line = std::str::from_utf8(line).map_err(|_| "not UTF-8".to_owned())?;
    if line.trim().is_empty() {
        return Ok(None);
    }
    let object = if first { line.trim_start_matches('\u{feff}') } else { line };
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(object).map_err(|error| error.to_string())?;
    let id = match object.get("id") {
        Some(serde_json::Value::String(id)) => id.clone(),
        Some(other) => other.to_string(),
        None => return Err("no `id`".to_owned()),
    };
    let word = |name: &str| object.get(name).and_then(serde_json::Value::as_str);
    let text = word("text").ok_or_else(|| "no `text`".to_owned())?;
    let day = word("date").and_then(|day| Date::parse(day.get(..10)?)).map(Date::day_number);
    let next = u32::try_from(papers.len()).map_err(|_| "too many series".to_owned())?;
    let outlet = word("series").map(|name| *papers.entry(name.to_owned()).or_insert(next));
    let card = Card { key: 0, day, outlet, length: text.len() };
    Ok(Some(Entry { id, card, digest: short_digest(text.as_bytes()), place }))
}

/// Unpacks a corpus; what comes before a broken place is kept, and the error told. The file loses its name before it is
/// filled, where the system allows it: so nothing is left of it, whatever ends the process.
fn unpack(packed: File, to: &Path) -> Result<(File, Option<io::Error>), CommandError> {
    let failed = |error: io::Error| CommandError::write(&to.display().to_string(), &error);
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut writer = io::BufWriter::new(nameless_file(to).map_err(failed)?);
    let mut reader = shiliu_archive::intake::gunzip(BufReader::new(packed));
    let mut buffer = vec![0; 1 << 16];
    let broken = loop {
        match reader.read(&mut buffer) {
            Ok(0) => break None,
            Ok(count) => writer.write_all(&buffer[..count]).map_err(failed)?,
            Err(error) => break Some(error),
        }
    };
    let mut file = writer.into_inner().map_err(|error| failed(error.into_error()))?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    Ok((file, broken))
}

/// A folder for what is spilled and unpacked, which goes away with the value unless the user named it.
pub(super) struct WorkFolder {
    pub(super) path: PathBuf,
    named: bool,
}

impl WorkFolder {
    pub(super) fn new(named: Option<&Path>) -> WorkFolder {
        let own = || std::env::temp_dir().join(format!("shiliu-reprints-{}", std::process::id()));
        WorkFolder { path: named.map_or_else(own, Path::to_owned), named: named.is_some() }
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        if !self.named {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_any_way_and_long_ones_are_not_held() {
        let mut reader = BufReader::with_capacity(3, &b"one\r\ntwo\rthree\n\nfour hundred\r"[..]);
        let mut line = Vec::new();
        let mut read = || {
            let length = read_line(&mut reader, &mut line, 8).expect("memory");
            (length, String::from_utf8_lossy(&line).trim().to_owned())
        };
        assert_eq!(read(), (5, "one".to_owned()));
        assert_eq!(read(), (4, "two".to_owned()));
        assert_eq!(read(), (6, "three".to_owned()));
        assert_eq!(read(), (1, String::new()));
        assert_eq!(read(), (13, "four hun".to_owned()));
        assert_eq!(read(), (0, String::new()));
    }
}
