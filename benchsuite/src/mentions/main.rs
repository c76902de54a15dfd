//! Scores of the mention stage alone: on the shared pages' truth, on the third-party suites (read in place), and speed.
//!
//! `cargo run --release -p shiliu-benchsuite --bin mentions -- gold|suites [FAMILY]|by-design|other|speed|mark [DATE]|show [DATE]`
#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

mod gold;
#[path = "../../../crates/extract/tests/marks.rs"]
mod marks;
mod ranges;
mod suites;

use std::collections::BTreeMap;
use std::io::Read as _;

use serde_json::Value;
use shiliu_extract::{Mention, MentionValue, explain, mentions};
use shiliu_lang::{Pack, builtin};
use shiliu_text::{Basis, Date, Inferred};

fn pack() -> Pack {
    let loaded = Pack::load(builtin());
    for diagnostic in &loaded.diagnostics {
        println!("! {} {:?}", diagnostic.message, diagnostic.page);
    }
    loaded.value
}

fn reference(text: &str) -> Option<Inferred<Date>> {
    let value = Date::parse(text.get(..10)?)?;
    Some(Inferred { value, basis: Basis::Inferred { evidence: "given".to_owned(), at: Vec::new() } })
}

fn show(text: &str, mention: &Mention) -> String {
    let value = match &mention.value {
        MentionValue::Text(text) => text.clone(),
        MentionValue::Amount(amount) => format!(
            "{}{} {}",
            amount.value.clone().unwrap_or_default(),
            match (&amount.low, &amount.high) {
                (None, None) => String::new(),
                (low, high) => format!(
                    " {}{}..{}{}",
                    if amount.low_open { "(" } else { "[" },
                    low.clone().unwrap_or_default(),
                    high.clone().unwrap_or_default(),
                    if amount.high_open { ")" } else { "]" }
                ),
            },
            amount.unit.clone().unwrap_or_default()
        ),
        MentionValue::Vague => "null".to_owned(),
    };
    format!(
        "{:?} {} {} {}{} {:?} {}",
        mention.span.of(text),
        mention.kind.as_str(),
        mention.bound.as_str(),
        value,
        mention.part.map(|part| format!(" part={part}")).unwrap_or_default(),
        mention.flags,
        mention.rule
    )
}

fn main() {
    let mode = std::env::args().nth(1).unwrap_or_default();
    let pack = pack();
    match mode.as_str() {
        "gold" => gold::gold(&pack),
        "suites" => suites::suites(&pack, std::env::args().nth(2).as_deref()),
        "by-design" => suites::by_design(),
        "speed" => speed(&pack),
        "other" => other(&pack),
        "mark" => {
            // Lines with `⏎` for a line break, marked as found: a draft of cases to read and correct.
            let reference = std::env::args().nth(2).and_then(|text| reference(&text));
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).expect("text on stdin");
            for line in text.lines() {
                let laid = line.replace('⏎', "\n");
                let found = mentions(&laid, reference.as_ref(), &pack).value;
                println!("- {}", marks::marked(&laid, &found).replace('\n', "⏎"));
            }
        }
        _ => {
            let reference = std::env::args().nth(2).and_then(|text| reference(&text));
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).expect("text on stdin");
            for line in text.lines() {
                println!("{line}");
                let (found, suppressed) = explain(line, reference.as_ref(), &pack);
                for mention in &found.value {
                    println!("    {}", show(line, mention));
                }
                for gone in suppressed {
                    println!("    - {:?} {} by {}", gone.span.of(line), gone.rule, gone.by);
                }
            }
        }
    }
}

fn rows(path: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn shared(path: &str) -> String {
    format!("{}/../../shared/{path}", env!("CARGO_MANIFEST_DIR"))
}

fn text_of<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("")
}

fn number_of(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => String::new(),
    }
}

/// Colloquial and dialect forms: how many are found as one mention over all their characters. Values are not
/// compared (the suites keep them as their own source strings).
fn other(pack: &Pack) {
    let mut table: BTreeMap<String, [u32; 3]> = BTreeMap::new();
    for case in rows(&shared("suites/zh_numtime_other.jsonl")) {
        let text = text_of(&case, "in");
        let day = reference(text_of(&case, "ref"));
        let found = mentions(text, day.as_ref(), pack).value;
        let score = table.entry(text_of(&case, "family").to_owned()).or_default();
        score[0] += 1;
        score[1] += u32::from(!found.is_empty());
        score[2] += u32::from(found.iter().any(|mention| mention.span.of(text) == text.trim()));
    }
    for (family, [cases, some, whole]) in table {
        println!("{family}: {cases} cases, something found in {some}, the whole as one mention in {whole}");
    }
}

fn speed(pack: &Pack) {
    let started = std::time::Instant::now();
    let again = Pack::load(builtin());
    println!("load of all data: {:.1} ms", started.elapsed().as_secs_f64() * 1000.0);
    drop(again);
    let page = std::fs::read_to_string(shared("pages/001_493144276345315f.txt")).unwrap_or_default();
    let sizes = [
        ("32 MB of news text", page.repeat(32_000_000 / page.len().max(1))),
        ("one line of 10 MB", page.replace('\n', "").repeat(10_000_000 / page.len().max(1))),
    ];
    let day = reference("2025-06-16");
    for (name, text) in sizes {
        let started = std::time::Instant::now();
        let view = shiliu_lang::View::new(&text, pack.lexicon());
        let seconds = started.elapsed().as_secs_f64();
        println!(
            "{name}: view alone {:.1} MB/s, {} characters",
            text.len() as f64 / 1e6 / seconds,
            view.len()
        );
        drop(view);
        let started = std::time::Instant::now();
        let found = mentions(&text, day.as_ref(), pack).value.len();
        let seconds = started.elapsed().as_secs_f64();
        println!("{name}: {:.1} MB/s, {found} mentions", text.len() as f64 / 1e6 / seconds);
    }
}
