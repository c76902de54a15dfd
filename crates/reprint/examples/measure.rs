//! Runs the engine over a corpus of `{"id","text","series","date"}` lines, or over files of one text each, and
//! writes families in the shape of `shiliu reprints`; figures go to standard error.
//!
//! `measure [--memory BYTES] [--runs N] [--disk FOLDER] CORPUS.jsonl > out.jsonl` · `measure --passages FILE…`
//!
//! Of several runs the fastest counts, for every step by itself too.
//! With `--disk` the texts stay in the corpus, which has to be one file, and the index spills into the folder.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measuring tool")]

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{self, BufRead as _, Read, Write as _};

use serde_json::{Value, json};
use shiliu_reprint::{
    Card, Doc, DocInfo, Family, MemoryRuns, Reprints, RunId, RunStore, Settings, Step, Texts,
    count_fingerprints, reprints_of,
};
use shiliu_text::{CodePoints, Date};

/// Runs in memory, and how many bytes they hold.
#[derive(Default)]
struct Counted(MemoryRuns, usize);

impl RunStore for Counted {
    fn put(&mut self, run: &[u8]) -> io::Result<RunId> {
        self.1 += run.len();
        self.0.put(run)
    }

    fn open(&self, id: RunId) -> io::Result<Box<dyn Read + '_>> {
        self.0.open(id)
    }
}

/// Runs on disk, and how many bytes they hold.
struct OnDisk(std::path::PathBuf, u32, usize);

impl RunStore for OnDisk {
    fn put(&mut self, run: &[u8]) -> io::Result<RunId> {
        self.1 += 1;
        self.2 += run.len();
        std::fs::write(self.0.join(self.1.to_string()), run)?;
        Ok(RunId(self.1))
    }

    fn open(&self, id: RunId) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(std::fs::File::open(self.0.join(id.0.to_string()))?))
    }
}

/// Texts, and what each step of comparing them cost: at what processor second it was last heard of, and how many texts
/// had been read by then.
struct Timed<T>(T, RefCell<BTreeMap<Step, (f64, usize)>>, Cell<usize>);

impl<T> Timed<T> {
    fn new(texts: T) -> Timed<T> {
        Timed(texts, RefCell::default(), Cell::default())
    }
}

impl<T: Texts> Texts for Timed<T> {
    fn count(&self) -> usize {
        self.0.count()
    }

    fn card(&self, at: usize) -> Card {
        self.0.card(at)
    }

    fn read(&self, at: usize) -> io::Result<Cow<'_, str>> {
        self.2.set(self.2.get() + 1);
        self.0.read(at)
    }

    fn reached(&self, step: Step, _: usize, _: usize) {
        self.1.borrow_mut().insert(step, (processor_seconds(), self.2.get()));
    }
}

/// A corpus of which only the places of its lines are held.
struct Corpus {
    file: std::fs::File,
    names: Vec<String>,
    /// Start, bytes of the line, and the card.
    lines: Vec<(u64, u32, Card)>,
    /// The line that was read last.
    line: RefCell<Vec<u8>>,
}

/// The text of a line, and nothing else of it.
#[derive(serde::Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

impl Corpus {
    fn open(path: &str) -> Corpus {
        let mut reader = io::BufReader::with_capacity(1 << 20, std::fs::File::open(path).expect("a corpus"));
        let (mut names, mut lines, mut start) = (Vec::new(), Vec::new(), 0u64);
        let mut series: BTreeMap<String, u32> = BTreeMap::new();
        let mut line = String::new();
        while reader.read_line(&mut line).expect("a readable corpus") > 0 {
            let value: Value = serde_json::from_str(&line).expect("a line of JSON");
            let word = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
            let next = series.len() as u32;
            let card = Card {
                key: lines.len() as u32,
                day: Date::parse(word("date").get(..10).unwrap_or_default()).map(Date::day_number),
                outlet: Some(*series.entry(word("series").to_owned()).or_insert(next)),
                length: word("text").len(),
            };
            names.push(word("id").to_owned());
            lines.push((start, line.len() as u32, card));
            start += line.len() as u64;
            line.clear();
        }
        Corpus { file: std::fs::File::open(path).expect("a corpus"), names, lines, line: RefCell::default() }
    }
}

impl Texts for Corpus {
    fn count(&self) -> usize {
        self.lines.len()
    }

    fn card(&self, at: usize) -> Card {
        self.lines[at].2
    }

    fn read(&self, at: usize) -> io::Result<Cow<'_, str>> {
        use std::os::unix::fs::FileExt as _;
        let (start, length, _) = self.lines[at];
        let mut bytes = self.line.borrow_mut();
        bytes.resize(length as usize, 0);
        self.file.read_exact_at(&mut bytes, start)?;
        let line: Line<'_> = serde_json::from_slice(&bytes)?;
        Ok(Cow::Owned(line.text.into_owned()))
    }
}

fn on_disk(path: &str, folder: &str, settings: &Settings) {
    let started = processor_seconds();
    let corpus = Timed::new(Corpus::open(path));
    let bytes: usize = corpus.0.lines.iter().map(|line| line.2.length).sum();
    let megabytes = bytes as f64 / 1e6;
    let indexed = processor_seconds() - started;
    let opened = memory_peak();
    let mut runs = OnDisk(folder.into(), 0, 0);
    std::fs::create_dir_all(folder).expect("a folder");
    let names: Vec<&str> = corpus.0.names.iter().map(String::as_str).collect();
    let Reprints { passages: found, families: all } =
        reprints_of(&corpus, &names, &mut runs, settings).expect("storage").value;
    let whole = processor_seconds() - started;
    eprintln!(
        "{} texts, {megabytes:.2} MB on disk: {whole:.2} s ({:.1} MB/s; lines {indexed:.2}, reprints {:.2}); {} passages; {:.2} bytes spilled a byte of text; peak {} ({opened} with the lines)",
        corpus.0.lines.len(),
        megabytes / whole,
        whole - indexed,
        found.len(),
        runs.2 as f64 / bytes.max(1) as f64,
        memory_peak()
    );
    let mut before = (started + indexed, 0);
    for (step, &(at, reads)) in corpus.1.borrow().iter() {
        eprintln!("{step:?} {:.2} s, {} texts read", at - before.0, reads - before.1);
        before = (at, reads);
    }
    std::fs::remove_dir_all(folder).expect("our own folder");
    let text = |key: u32| corpus.read(key as usize).expect("a text").into_owned();
    print_families(&corpus.0.names, &all, text);
}

fn print_families(ids: &[String], all: &[Family], text: impl Fn(u32) -> String) {
    let mut of: Vec<Vec<(usize, usize)>> = vec![Vec::new(); ids.len()];
    for (at, family) in all.iter().enumerate() {
        for (member, one) in family.members.iter().enumerate() {
            of[one.key as usize].push((at, member));
        }
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (key, id) in ids.iter().enumerate() {
        let text = text(key as u32);
        let points = CodePoints::new(&text);
        let families: Vec<Value> = of[key]
            .iter()
            .map(|&(family, member)| {
                let (family, member) = (&all[family], &all[family].members[member]);
                let spans: Vec<Value> = member
                    .spans
                    .iter()
                    .map(|span| json!([points.at_byte(span.start), points.at_byte(span.end)]))
                    .collect();
                json!({"family": family.name, "relation": member.relation.as_str(), "spans": spans})
            })
            .collect();
        let first = families.first().map_or(Value::Null, |one| one["family"].clone());
        writeln!(out, "{}", json!({"id": id, "family": first, "families": families})).expect("output");
    }
}

struct Document {
    id: String,
    text: String,
    day: Option<i32>,
    outlet: Option<u32>,
}

fn documents(paths: &[String]) -> Vec<Document> {
    let mut found = Vec::new();
    let mut series: BTreeMap<String, u32> = BTreeMap::new();
    for path in paths {
        let content = String::from_utf8_lossy(&std::fs::read(path).expect("a readable file")).into_owned();
        if !path.ends_with(".jsonl") {
            let id = path.rsplit('/').next().unwrap_or(path).to_owned();
            found.push(Document { id, text: content, day: None, outlet: None });
            continue;
        }
        for line in content.lines() {
            let line: Value = serde_json::from_str(line).expect("a line of JSON");
            let word = |name: &str| line.get(name).and_then(Value::as_str);
            let next = series.len() as u32;
            found.push(Document {
                id: word("id").unwrap_or_default().to_owned(),
                text: word("text").unwrap_or_default().to_owned(),
                day: word("date").and_then(|day| Date::parse(day.get(..10)?)).map(Date::day_number),
                outlet: word("series").map(|name| *series.entry(name.to_owned()).or_insert(next)),
            });
        }
    }
    found
}

/// Processor seconds of this process: other work on the machine does not count.
fn processor_seconds() -> f64 {
    let line = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    line.split(' ').next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn memory_peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: ?");
    line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
}

fn main() {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let only_passages = paths.first().is_some_and(|word| word == "--passages");
    if only_passages {
        paths.remove(0);
    }
    let mut settings = Settings::default();
    if let Some(at) = paths.iter().position(|word| word == "--memory") {
        paths.remove(at);
        settings.memory = paths.remove(at).parse().expect("a number of bytes");
    }
    if let Some(at) = paths.iter().position(|word| word == "--disk") {
        paths.remove(at);
        let folder = paths.remove(at);
        on_disk(&paths[0], &folder, &settings);
        return;
    }
    let mut times = 1;
    if let Some(at) = paths.iter().position(|word| word == "--runs") {
        paths.remove(at);
        times = paths.remove(at).parse().expect("a number of runs");
    }
    let documents = documents(&paths);
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    let mut runs = Counted::default();
    let infos: Vec<DocInfo<'_>> = documents
        .iter()
        .enumerate()
        .map(|(key, document)| DocInfo {
            key: key as u32,
            name: &document.id,
            text: &document.text,
            day: document.day,
            outlet: document.outlet,
        })
        .collect();
    let texts: Vec<Doc<'_>> = infos
        .iter()
        .map(|info| Doc { key: info.key, text: info.text, day: info.day, outlet: info.outlet })
        .collect();
    let names: Vec<&str> = infos.iter().map(|info| info.name).collect();
    let (mut counted, mut whole, mut fingerprints) = (f64::MAX, f64::MAX, 0);
    let mut steps: BTreeMap<Step, f64> = BTreeMap::new();
    let mut result = None;
    for _ in 0..times {
        let started = processor_seconds();
        fingerprints = count_fingerprints(&texts.as_slice()).expect("memory");
        counted = counted.min(processor_seconds() - started);
        let timed = Timed::new(texts.as_slice());
        let mut last = processor_seconds();
        let started = last;
        result = Some(reprints_of(&timed, &names, &mut runs, &settings).expect("memory").value);
        whole = whole.min(processor_seconds() - started);
        for (step, (at, _)) in timed.1.into_inner() {
            let fastest = steps.entry(step).or_insert(f64::MAX);
            *fastest = fastest.min(at - last);
            last = at;
        }
    }
    let Some(Reprints { passages: found, families: all }) = result else { return };
    if only_passages {
        for one in &found {
            let (a, b) = (&documents[one.a as usize], &documents[one.b as usize]);
            let shown =
                |text: &str| text.chars().filter(|mark| !mark.is_whitespace()).take(30).collect::<String>();
            println!(
                "{} {:?} {} {:?} {} | {} | {}",
                a.id,
                one.a_span,
                b.id,
                one.b_span,
                one.identity,
                shown(one.a_span.of(&a.text)),
                shown(one.b_span.of(&b.text))
            );
        }
        return;
    }
    let megabytes = bytes as f64 / 1e6;
    eprintln!(
        "{} texts, {megabytes:.2} MB: {fingerprints} fingerprints {counted:.3} s ({:.0} MB/s), end to end {whole:.3} s ({:.1} MB/s); {} passages; {:.2} bytes spilled a byte of text; peak {}",
        documents.len(),
        megabytes / counted,
        megabytes / whole,
        found.len(),
        runs.1 as f64 / bytes.max(1) as f64,
        memory_peak()
    );
    for (step, seconds) in steps {
        eprintln!("{step:?} {seconds:.3} s");
    }
    let ids: Vec<String> = documents.iter().map(|document| document.id.clone()).collect();
    print_families(&ids, &all, |key| documents[key as usize].text.clone());
}
