//! Runs the engine over a corpus of `{"id","text","series","date"}` lines, or over files of one text each, and
//! writes families in the shape of `shiliu reprints`; figures go to standard error.
//!
//! `measure [--memory BYTES] CORPUS.jsonl > out.jsonl` · `measure --passages FILE…`
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measuring tool")]

use std::collections::BTreeMap;
use std::io::{self, Read};

use serde_json::{Value, json};
use shiliu_reprint::{Doc, DocInfo, MemoryRuns, RunId, RunStore, Settings, families, passages};
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
    let started = processor_seconds();
    let mut docs =
        infos.iter().map(|info| Doc { key: info.key, text: info.text, day: info.day, outlet: info.outlet });
    let found = passages(&mut docs, &mut runs, &settings).expect("memory").value;
    let passed = processor_seconds() - started;
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
    let all = families(&infos, &found, &settings).value;
    let whole = processor_seconds() - started;
    let megabytes = bytes as f64 / 1e6;
    eprintln!(
        "{} texts, {megabytes:.2} MB: passages {passed:.2} s ({:.1} MB/s), families {:.2} s, together {:.1} MB/s; {} passages; {:.2} bytes spilled a byte of text; peak {}",
        documents.len(),
        megabytes / passed,
        whole - passed,
        megabytes / whole,
        found.len(),
        runs.1 as f64 / bytes.max(1) as f64,
        memory_peak()
    );
    let mut lines: Vec<Vec<Value>> = vec![Vec::new(); documents.len()];
    for family in &all {
        for member in &family.members {
            let points = CodePoints::new(&documents[member.key as usize].text);
            let spans: Vec<Value> = member
                .spans
                .iter()
                .map(|span| {
                    let span = (points.at_byte(span.start), points.at_byte(span.end));
                    json!([span.0, span.1])
                })
                .collect();
            lines[member.key as usize]
                .push(json!({"family": family.name, "relation": member.relation.as_str(), "spans": spans}));
        }
    }
    for (document, families) in documents.iter().zip(lines) {
        let first = families.first().map_or(Value::Null, |one| one["family"].clone());
        println!("{}", json!({"id": document.id, "family": first, "families": families}));
    }
}
