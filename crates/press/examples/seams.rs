//! Lists what tells a true seam from a false one, for `lang/zh/seams.tsv`: articles of pages with known truth are
//! cut in mid-sentence; each left end is put to its own right end and to four others of its page. A line a pair:
//! whether the two belong together, the row and the column of the table, what the character model says, what the network says.
//!
//!     cargo run --release -p shiliu-press --example seams -- TRUTH/segments.json PAGES [TRUTH PAGES ...]
//!     cargo run --release -p shiliu-press --example seams -- ARTICLES.jsonl [EVERY]
//!
//! Of articles one a line (`benchsuite/news_articles.py`) six are taken for a page, and one cut in `EVERY`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for developers")]

use std::collections::BTreeMap;

#[path = "../src/segment/wording.rs"]
#[expect(dead_code, reason = "the table needs a part of it")]
mod wording;

use shiliu_lang::CharacterModel;
use wording::{Edge, row_of, together};

/// Running text of each article of a page, in reading order, without white space.
fn articles(page: &serde_json::Value, text: &[char]) -> Vec<Vec<char>> {
    let number = |value: &serde_json::Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let mut found = Vec::new();
    for article in page["articles"].as_array().unwrap() {
        let mut fragments: Vec<&serde_json::Value> =
            article["fragments"].as_array().unwrap().iter().collect();
        fragments.retain(|fragment| fragment["flag"].is_null());
        fragments.sort_by_key(|fragment| fragment["order"].as_u64());
        let body = fragments.iter().flat_map(|fragment| number(&fragment["start"])..number(&fragment["end"]));
        let label = |at: usize| {
            article["elements"].as_array().unwrap().iter().any(|element| {
                !matches!(element["role"].as_str(), Some("body" | "dateline" | "subhead"))
                    && (number(&element["start"])..number(&element["end"])).contains(&at)
            })
        };
        found.push(body.filter(|at| !label(*at) && !text[*at].is_whitespace()).map(|at| text[at]).collect());
    }
    found
}

/// The longest run over the cut that stands more than `own` times on the page, as a column of the table.
fn column(runs: &BTreeMap<&[char], u32>, left: &[char], right: &[char], own: u32) -> usize {
    let known = |length: usize| {
        (1..length).any(|taken| {
            let run = [&left[left.len() - taken..], &right[..length - taken]].concat();
            runs.get(run.as_slice()).is_some_and(|count| *count > own)
        })
    };
    [6, 4, 3, 2].into_iter().position(known).map_or(0, |at| 4 - at)
}

/// Sentences end with these: nothing goes on behind them.
const STOPS: [char; 8] = ['。', '！', '？', '”', '；', '：', '）', '!'];

/// One line a pair of ends: whether they belong together, the row, the column, what the model says.
fn told(truth: bool, left: &[char], right: &[char], column: usize) {
    let (before, after) = (Edge::left(left), Edge::right(right));
    let row = if before.ends_in_han() && after.ends_in_han() { row_of(&before, &after) } else { 7 };
    if !before.chinese || !after.chinese {
        return;
    }
    let across = CharacterModel::chinese().across(&before.characters, &after.characters);
    let together = together((left, &before), (right, &after));
    println!("{}\t{row}\t{column}\t{across}\t{together}", u8::from(truth));
}

/// Articles of a page, cut at one place in `every`.
fn list(articles: &[Vec<char>], every: usize, state: &mut u64) {
    let mut runs: BTreeMap<&[char], u32> = BTreeMap::new();
    for length in [2, 3, 4, 6] {
        for run in articles.iter().flat_map(|article| article.windows(length)) {
            *runs.entry(run).or_insert(0) += 1;
        }
    }
    let places = |article: usize| {
        let text = &articles[article];
        (8..text.len().saturating_sub(10))
            .filter(move |at| !STOPS.contains(&text[at - 1]))
            .map(move |at| (article, at))
    };
    let cuts: Vec<(usize, usize)> = (0..articles.len()).flat_map(places).step_by(every).collect();
    for (article, at) in &cuts {
        let (left, right) = articles[*article].split_at(*at);
        told(true, left, right, column(&runs, left, right, 1));
        for _ in 0..4 {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (other, place) = cuts[usize::try_from(*state >> 33).unwrap() % cuts.len()];
            if (other, place) != (*article, *at) {
                let right = &articles[other][place..];
                told(false, left, right, column(&runs, left, right, 0));
            }
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut state = 12_345_u64;
    if arguments[0].ends_with(".jsonl") {
        let every = arguments.get(1).map_or(1, |every| every.parse().unwrap());
        let text = std::fs::read_to_string(&arguments[0]).unwrap();
        let article = |line: &str| -> Vec<char> {
            let article: serde_json::Value = serde_json::from_str(line).unwrap();
            let paragraphs = article["paragraphs"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|one| one.as_str().unwrap().chars());
            paragraphs.filter(|one| !one.is_whitespace()).collect()
        };
        let articles: Vec<Vec<char>> = text.lines().map(article).collect();
        articles.chunks(6).for_each(|page| list(page, every, &mut state));
        return;
    }
    for pair in arguments.chunks(2) {
        let truth: serde_json::Value = serde_json::from_slice(&std::fs::read(&pair[0]).unwrap()).unwrap();
        for page in truth["pages"].as_array().unwrap() {
            let path = std::path::Path::new(&pair[1]).join(page["page"].as_str().unwrap());
            let text: Vec<char> = std::fs::read_to_string(path).unwrap().chars().collect();
            list(&articles(page, &text), 1, &mut state);
        }
    }
}
