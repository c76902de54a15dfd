//! Reprints day by day within a date window, and what of it is kept from run to run.
//!
//! What a day adds follows from the documents of that day and of the window before it. In a work folder it is kept
//! under the digest of those documents and of what the days before added: the next run reads it back where nothing of
//! them changed. So a stopped run
//! goes on, and one more day costs that day.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use shiliu_archive::store::SpillFolder;
use shiliu_reprint::{
    Card, DayLinks, Family, Passage, Reprints, Settings, Step, Texts, families_of_days, links_of_day,
};

use super::super::CommandError;
use super::corpus::{Documents, WorkFolder, short_digest};

/// Raised when what is kept would be read wrongly, or other rules would give something else.
const KEPT: u32 = 12;

/// Some of the documents, each with its place among them as its key.
struct Window<'d> {
    documents: &'d Documents,
    places: Vec<u32>,
    /// Whether these are all that are compared, so that its steps are the progress that is told.
    all: bool,
}

impl Texts for Window<'_> {
    fn count(&self) -> usize {
        self.places.len()
    }

    fn card(&self, at: usize) -> Card {
        Card { key: at as u32, ..self.documents.card(self.places[at] as usize) }
    }

    fn read(&self, at: usize) -> io::Result<Cow<'_, str>> {
        self.documents.read(self.places[at] as usize)
    }

    fn reached(&self, step: Step, done: usize, total: usize) {
        if self.all {
            self.documents.reached(step, done, total);
        }
    }
}

impl Window<'_> {
    /// What its links follow from.
    fn digest(&self, settings: &Settings, papers: &BTreeMap<u32, &str>, earlier: &[Passage]) -> [u8; 16] {
        let mut described = Vec::new();
        // How much memory there is changes no answer.
        let settings = Settings { memory: 0, ..settings.clone() };
        described.extend_from_slice(format!("{KEPT} {settings:?}").as_bytes());
        for &place in &self.places {
            let entry = &self.documents.entries[place as usize];
            let paper = entry.card.outlet.and_then(|paper| papers.get(&paper)).copied().unwrap_or_default();
            described
                .extend_from_slice(format!("\n{:?} {:?} {paper:?} ", entry.id, entry.card.day).as_bytes());
            described.extend_from_slice(&entry.digest);
        }
        // They hang on documents before the window.
        for one in earlier {
            let ends = [one.a_span.start, one.a_span.end, one.b_span.start, one.b_span.end];
            for number in [one.a, one.b, one.identity].into_iter().chain(ends) {
                described.extend_from_slice(&number.to_le_bytes());
            }
        }
        short_digest(&described)
    }
}

/// Finds the reprints of all documents, day by day where the settings have a window, else at once.
pub(super) fn find(
    documents: &Documents,
    papers: &BTreeMap<u32, &str>,
    settings: &Settings,
    work: &WorkFolder,
    keep: bool,
) -> Result<Reprints, CommandError> {
    let mut of_day: BTreeMap<Option<i32>, Vec<u32>> = BTreeMap::new();
    for &place in &documents.of_key {
        let day = settings.window_days.and(documents.entries[place as usize].card.day);
        of_day.entry(day).or_default().push(place);
    }
    let mut runs = SpillFolder::below(&work.path);
    let mut days: Vec<(DayLinks, Vec<u32>)> = Vec::new();
    // What the days of the window added, by places of documents.
    let mut lately: Vec<(Option<i32>, Vec<Passage>)> = Vec::new();
    let mut all: Vec<Passage> = Vec::new();
    for (done, &day) in of_day.keys().enumerate() {
        let only = of_day.len() == 1;
        if !only {
            documents.progress.tell_step("days", done, of_day.len());
        }
        let first = day.map(|day| day.saturating_sub(settings.window_days.unwrap_or(0)));
        let inside = |other: Option<i32>| match (first, other) {
            (Some(first), Some(other)) => first <= other && Some(other) <= day,
            (first, other) => first == other,
        };
        let mut places: Vec<u32> = match first {
            Some(first) => of_day.range(Some(first)..=day).flat_map(|(_, places)| places).copied().collect(),
            None => of_day[&day].clone(),
        };
        places.sort_unstable_by_key(|&place| documents.entries[place as usize].card.key);
        let window = Window { documents, places, all: only };
        lately.retain(|(other, _)| inside(*other));
        let local: BTreeMap<u32, u32> =
            (0u32..).zip(&window.places).map(|(at, &place)| (place, at)).collect();
        let mut earlier: Vec<Passage> = Vec::new();
        for passage in lately.iter().flat_map(|(_, passages)| passages) {
            if let (Some(&a), Some(&b)) = (local.get(&passage.a), local.get(&passage.b)) {
                earlier.push(turned(Passage { a, b, ..*passage }));
            }
        }
        let name = day.map_or_else(|| "all".to_owned(), |day| format!("day{day}"));
        let kept = keep.then(|| work.path.join(format!("{name}.links")));
        let digest = window.digest(settings, papers, &earlier);
        let known = match &kept {
            Some(file) => kept_links(file, digest),
            None => None,
        };
        let mut links = match known {
            Some(links) => links,
            None => {
                let failed = |error: io::Error| CommandError::write(&work.path.display().to_string(), &error);
                let links = links_of_day(&window, day, &earlier, &mut runs, settings).map_err(failed)?.value;
                if let Some(file) = &kept {
                    keep_links(file, digest, &links)?;
                }
                links
            }
        };
        let own: Vec<Passage> = links
            .passages
            .iter()
            .map(|one| Passage { a: window.places[one.a as usize], b: window.places[one.b as usize], ..*one })
            .collect();
        let key = |place: u32| documents.entries[place as usize].card.key;
        all.extend(own.iter().map(|one| turned(Passage { a: key(one.a), b: key(one.b), ..*one })));
        if day.is_some() {
            lately.push((day, own));
        }
        links.passages = Vec::new();
        days.push((links, window.places));
    }
    if of_day.len() > 1 {
        documents.progress.tell_step("days", of_day.len(), of_day.len());
    }
    all.sort_unstable();
    let names: Vec<&str> = documents.entries.iter().map(|entry| entry.id.as_str()).collect();
    let families = families_of_days(documents, &names, days);
    if keep {
        aliases(documents, &families, &work.path)?;
    }
    Ok(Reprints { passages: all, families })
}

/// With the smaller key first.
fn turned(passage: Passage) -> Passage {
    if passage.a <= passage.b {
        return passage;
    }
    Passage { a: passage.b, a_span: passage.b_span, b: passage.a, b_span: passage.a_span, ..passage }
}

fn kept_links(file: &Path, digest: [u8; 16]) -> Option<DayLinks> {
    let bytes = fs::read(file).ok()?;
    let links = bytes.strip_prefix(&digest)?;
    // A file that was damaged is as good as none.
    let (sum, links) = links.split_at_checked(16)?;
    if sum != short_digest(links) {
        return None;
    }
    DayLinks::from_bytes(links)
}

fn keep_links(file: &Path, digest: [u8; 16], links: &DayLinks) -> Result<(), CommandError> {
    let links = links.to_bytes();
    write_whole(file, &[&digest[..], &short_digest(&links), &links].concat())
}

/// Writes a file under another name first, so that no half of it is ever read.
fn write_whole(file: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    let half = file.with_extension("half");
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    folder.and_then(|()| fs::write(&half, bytes)).and_then(|()| fs::rename(&half, file)).map_err(|error| {
        let _ = fs::remove_file(&half);
        CommandError::write(&file.display().to_string(), &error)
    })
}

/// Keeps the names of all families of several documents, and under which family goes now what an earlier run called
/// otherwise: lines of `{"alias","family"}` in `aliases.jsonl`.
fn aliases(documents: &Documents, families: &[Family], folder: &Path) -> Result<(), CommandError> {
    let file = folder.join("names");
    let mut names: BTreeSet<String> =
        fs::read_to_string(&file).unwrap_or_default().lines().map(str::to_owned).collect();
    let now = families
        .iter()
        .filter(|family| family.members.len() > 1)
        .map(|family| family.name.replace('\n', " "));
    names.extend(now);
    write_whole(&file, names.iter().map(|name| format!("{name}\n")).collect::<String>().as_bytes())?;
    // A family is called by one of its documents: where that is now, its family is.
    let current: BTreeSet<&str> = families.iter().map(|family| family.name.as_str()).collect();
    let mut family_of: BTreeMap<&str, &str> = BTreeMap::new();
    for family in families {
        for member in &family.members {
            let place = documents.of_key[member.key as usize] as usize;
            family_of.entry(&documents.entries[place].id).or_insert(&family.name);
        }
    }
    let mut lines = String::new();
    for name in names.iter().filter(|name| !current.contains(name.as_str())) {
        if let Some(family) = family_of.get(name.as_str()) {
            lines.push_str(&serde_json::json!({"alias": name, "family": family}).to_string());
            lines.push('\n');
        }
    }
    write_whole(&folder.join("aliases.jsonl"), lines.as_bytes())
}
