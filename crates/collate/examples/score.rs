//! Scores the collation of the two hand-collated printings against their table of variants.
//!
//! `cargo run -p shiliu-collate --example score [-- SHARED [A]]` (default `../shared`); prints the apparatus.
//! `B` in place of `A` gives the printings in the other order of sigla.
#![allow(clippy::print_stdout, reason = "a measuring tool")]

use std::fs;

use shiliu_collate::{Decision, NeutralJudge, Story, Witness, collate};
use shiliu_text::{Derived, Digest, Fold, Layer, Span};

struct PlainFold;

impl Fold for PlainFold {
    fn fold(&self, _layer: &Layer) -> Derived {
        Derived::default()
    }
    fn fold_char(&self, character: char) -> Option<char> {
        match character {
            '\u{ff0d}' | '-' | '\u{2013}' => Some('\u{2014}'),
            '\u{201d}' => Some('\u{201c}'),
            '\u{2019}' => Some('\u{2018}'),
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0),
            _ if character.is_whitespace() => None,
            _ => Some(character),
        }
    }
    fn digest(&self) -> Digest {
        Digest::default()
    }
}

/// One row of the table.
struct Row {
    id: String,
    a: String,
    b: String,
    left: String,
    class: String,
    right: String,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let shared = arguments.next().unwrap_or_else(|| "../shared".to_owned());
    let turned = arguments.next().is_some_and(|first| first == "B");
    let page = |name: &str| {
        let path = format!("{shared}/pages/{name}");
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let (one, two) = (page("001_493144276345315f.txt"), page("002_6c1e93888320af83.txt"));
    // The body and its credit line, as the hand table has them.
    let rows = rows(&shared);
    let path = format!("{shared}/gold/segments.json");
    let segments = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let segments: serde_json::Value = serde_json::from_str(&segments).unwrap_or_default();
    let body = |text: &str, article: &str| -> String {
        let characters: Vec<char> = text.chars().collect();
        let pages = segments["pages"].as_array().into_iter().flatten();
        let articles = pages.flat_map(|page| page["articles"].as_array().into_iter().flatten());
        let found = articles.filter(|entry| entry["id"] == article);
        let elements = found.flat_map(|entry| entry["elements"].as_array().into_iter().flatten());
        let parts =
            elements.filter(|element| element["role"] == "body" || element["role"] == "tail_dateline");
        let lines: Vec<String> = parts
            .map(|element| {
                let at = |key: &str| element[key].as_u64().unwrap_or(0) as usize;
                characters[at("start")..at("end")].iter().collect()
            })
            .collect();
        join(&lines.join("\n\n").lines().collect::<Vec<_>>())
    };
    let (one, two) = (body(&one, "001/1"), body(&two, "002/1"));
    let witness = |key: &str, text: &str| Witness {
        key: key.to_owned(),
        rank: key.to_owned(),
        text: text.to_owned(),
        coverage: vec![Span::new(0, text.len())],
        engine: None,
    };
    let names = if turned { ["2", "1"] } else { ["1", "2"] };
    let witnesses = [witness(names[0], &one), witness(names[1], &two)];
    let story = collate(&witnesses, &PlainFold, &NeutralJudge).value;
    let (a, b) = if turned { (1, 0) } else { (0, 1) };
    for (at, text) in [(a, &one), (b, &two)] {
        assert_eq!(&story.rebuild(at), text, "a witness does not come back");
    }
    let mut used = vec![false; story.loci.len()];
    let (mut found, mut total, mut right, mut decided, mut decidable) = (0, 0, 0, 0, 0);
    for row in &rows {
        if row.class == "order" {
            continue;
        }
        total += 1;
        let hit = story.loci.iter().enumerate().position(|(at, locus)| {
            let text = |w: usize| {
                story.reading_of(locus, w).map(|(reading, _)| reading.text.clone()).unwrap_or_default()
            };
            let before: String = story.established[..locus.at.start as usize]
                .chars()
                .filter(|character| !character.is_whitespace())
                .collect();
            let near = row.left.chars().rev().take(2).collect::<String>().chars().rev().collect::<String>();
            !used[at]
                && text(a).trim() == row.a
                && text(b).trim() == row.b
                && (row.left.starts_with(&row.a)
                    || row.id == "v17"
                    || row.id == "v16"
                    || before.ends_with(&near))
        });
        let Some(at) = hit else {
            println!("{} NOT FOUND  {} | {}  after {}", row.id, row.a, row.b, row.left);
            continue;
        };
        used[at] = true;
        found += 1;
        let locus = &story.loci[at];
        let lemma = &locus.readings[locus.lemma];
        let has = |w: usize| lemma.witnesses.iter().any(|(witness, _)| *witness == w);
        let verdict = match row.right.trim_end_matches('?') {
            "A" => Some(has(a)),
            "B" => Some(has(b)),
            _ => None,
        };
        if let Some(verdict) = verdict {
            decidable += 1;
            if locus.decision == Decision::Decided {
                decided += 1;
                right += usize::from(verdict);
            }
        }
        println!(
            "{} {} {} {} | gold {} right {} {}",
            row.id,
            show(&story, at),
            locus.decision as u8 == Decision::Decided as u8,
            locus.confidence,
            row.class,
            row.right,
            verdict.map_or("-", |verdict| if verdict { "ok" } else { "WRONG" })
        );
    }
    let layout = |at: usize| story.loci[at].readings.iter().all(|reading| reading.text.trim().is_empty());
    for (at, used) in used.iter().enumerate() {
        if !used && !layout(at) {
            println!("extra {}", show(&story, at));
        }
    }
    let extra = used.iter().enumerate().filter(|(at, used)| !**used && !layout(*at)).count();
    let white = used.iter().enumerate().filter(|(at, used)| !**used && layout(*at)).count();
    println!("units found {found}/{total}, extra {extra}, white space {white}");
    println!("decidable {decidable}, decided {decided}, rightly {right}");
}

fn show(story: &Story, at: usize) -> String {
    let locus = &story.loci[at];
    let mut line = format!("[{}", locus.readings[locus.lemma].text);
    for reading in &locus.readings {
        if let (Some(kind), Some(cause)) = (reading.kind, reading.cause) {
            line +=
                &format!("] {} ({} {} {})", reading.text, kind.as_str(), cause.as_str(), reading.probability);
        }
    }
    line.replace('\n', "\u{23ce}")
}

fn join(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        let line: String = line.chars().filter(|character| !character.is_whitespace()).collect();
        if line.is_empty() {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
        } else {
            text.push_str(&line);
        }
    }
    text
}

fn rows(shared: &str) -> Vec<Row> {
    let path = format!("{shared}/gold/variants.tsv");
    let table = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    table
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let reading = |text: &str| if text == "\u{2205}" { String::new() } else { text.to_owned() };
            Row {
                id: cells[0].to_owned(),
                a: reading(cells[6]),
                b: reading(cells[7]),
                left: if cells[0] == "v17" { cells[9].to_owned() } else { cells[8].to_owned() },
                class: cells[10].to_owned(),
                right: cells[11].to_owned(),
            }
        })
        .collect()
}
