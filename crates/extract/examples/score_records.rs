//! Scores `records` against hand-made truth: articles cut as the truth cuts them, mentions and records run on the
//! reading text, spans led back to the pages, one-to-one match within a kind where the intersection over union of
//! non-blank characters is at least one half.
//!
//! `score_records TRUTH_DIR PAGES_DIR PROFILE [--dump KIND]` (truth: `segments.json`, `facts.jsonl`).
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring tool that prints")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value as Json;
use shiliu_extract::{Context, mentions, records};
use shiliu_lang::{Pack, Profile};
use shiliu_ledger::{Kind, Record, Value};
use shiliu_text::{Basis, Date, Inferred, Span};

type Place = (usize, usize);

struct Article {
    id: String,
    text: String,
    /// For every character of `text`, its place: page and code point.
    places: Vec<Option<Place>>,
    context: Context,
}

struct Found {
    record: Record<Span>,
    at: BTreeSet<Place>,
    article: String,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (truth, pages, profile) = (Path::new(&args[0]), Path::new(&args[1]), &args[2]);
    let dump = args.iter().position(|arg| arg == "--dump").map(|at| args[at + 1].clone());
    let files = shiliu_lang::builtin();
    let pack = Pack::load(files).value;
    let loaded = Profile::load(profile, files);
    let mut profile = loaded.value;
    if let Some(at) = args.iter().position(|arg| arg == "--without") {
        // Leave out every row of those sections whose number modulo N is K: `--without project,body 3 0`.
        let sections: Vec<&str> = args[at + 1].split(',').collect();
        let ids: BTreeSet<&str> = args[at + 2].split(',').collect();
        profile = profile.without(&|section, entry| {
            sections.contains(&section.as_str()) && (ids.contains("*") || ids.contains(entry.id.as_str()))
        });
    }
    for diagnostic in &loaded.diagnostics {
        println!("profile: {} {:?}", diagnostic.message, diagnostic.page);
    }
    let segments: Json =
        serde_json::from_str(&std::fs::read_to_string(truth.join("segments.json")).unwrap()).unwrap();
    let facts: Vec<Json> = std::fs::read_to_string(truth.join("facts.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut names: Vec<String> = Vec::new();
    let mut texts: Vec<Vec<char>> = Vec::new();
    for page in segments["pages"].as_array().unwrap() {
        let name = page["page"].as_str().unwrap();
        names.push(name.to_owned());
        let text = std::fs::read_to_string(pages.join(name)).unwrap();
        texts.push(text.trim_start_matches('\u{feff}').chars().collect());
    }
    let articles = articles(&segments, &texts);
    let mut found = Vec::new();
    let started = std::time::Duration::ZERO;
    let _ = started;
    for article in &articles {
        let mentioned = mentions(&article.text, article.context.reference.as_ref(), &pack).value;
        let made = records(&article.text, &mentioned, &article.context, &pack, &profile).value;
        let chars: Vec<(usize, char)> = article.text.char_indices().collect();
        for record in made {
            let at = chars
                .iter()
                .zip(&article.places)
                .filter(|((offset, character), _)| {
                    record.at.start as usize <= *offset
                        && *offset < record.at.end as usize
                        && !character.is_whitespace()
                })
                .filter_map(|(_, place)| *place)
                .collect();
            found.push(Found { record, at, article: article.id.clone() });
        }
    }
    println!("{:<12}{:>6}{:>6}{:>6}{:>8}{:>8}{:>8}", "kind", "gold", "ours", "match", "P", "R", "F1");
    for kind in Kind::ALL {
        score(kind, &facts, &found, &names, &texts, dump.as_deref());
    }
}

fn articles(segments: &Json, texts: &[Vec<char>]) -> Vec<Article> {
    // A piece that runs over two pages stands on both under one name.
    let mut parts: BTreeMap<String, Vec<(usize, usize, &Json, &Json)>> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for (page, entry) in segments["pages"].as_array().unwrap().iter().enumerate() {
        for article in entry["articles"].as_array().unwrap() {
            let id = article["id"].as_str().unwrap().to_owned();
            if !parts.contains_key(&id) {
                order.push(id.clone());
            }
            let number = article["fragments"][0]["order"].as_u64().unwrap_or(1) as usize;
            parts.entry(id).or_default().push((number, page, article, entry));
        }
    }
    let mut made = Vec::new();
    for id in order {
        let mut pieces = parts.remove(&id).unwrap();
        pieces.sort_by_key(|(number, page, _, _)| (*number, *page));
        let mut text = String::new();
        let mut places = Vec::new();
        let mut context = Context::default();
        for (_, page, article, entry) in pieces {
            let reference = entry["issue_date"].as_str().and_then(Date::parse);
            if context.reference.is_none() {
                context.reference = reference.map(|value| Inferred {
                    value,
                    basis: Basis::Inferred { evidence: "issue date".to_owned(), at: Vec::new() },
                });
            }
            let breaks: BTreeSet<usize> = article["mid_sentence_breaks"]
                .as_array()
                .map(|list| {
                    list.iter().filter_map(|item| item["at"].as_u64()).map(|at| at as usize).collect()
                })
                .unwrap_or_default();
            let fragment_order = |start: usize| {
                article["fragments"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|fragment| fragment["flag"].is_null())
                    .find(|fragment| {
                        fragment["start"].as_u64().unwrap() as usize <= start
                            && start < fragment["end"].as_u64().unwrap() as usize
                    })
                    .and_then(|fragment| fragment["order"].as_u64())
                    .unwrap_or(99)
            };
            let mut elements: Vec<(u64, usize, usize, &str)> = article["elements"]
                .as_array()
                .unwrap()
                .iter()
                .map(|element| {
                    let at = |key: &str| element[key].as_u64().unwrap() as usize;
                    (fragment_order(at("start")), at("start"), at("end"), element["role"].as_str().unwrap())
                })
                .collect();
            elements.sort();
            for (_, start, end, role) in elements {
                let part: String = texts[page][start..end].iter().collect();
                let bare = part.trim_start_matches(['#', ' ']).to_owned();
                match role {
                    "headline" | "continuation_head" => context.headline = Some(bare),
                    "deck" => context.deck = Some(bare),
                    "byline" => context.byline = Some(bare),
                    "dateline" | "body" | "subhead" | "caption" | "tail_dateline" => {
                        reading(&texts[page], page, start, end, &breaks, &mut text, &mut places);
                    }
                    _ => {}
                }
            }
        }
        made.push(Article { id, text, places, context });
    }
    made
}

/// Appends the reading text of one element.
fn reading(
    page_text: &[char],
    page: usize,
    start: usize,
    end: usize,
    breaks: &BTreeSet<usize>,
    text: &mut String,
    places: &mut Vec<Option<Place>>,
) {
    let mut at = start;
    if !text.is_empty() && !text.ends_with('\n') {
        let last = text.chars().next_back().unwrap();
        if "。！？”".contains(last) {
            text.push('\n');
            places.push(None);
        }
    }
    let mut line = 0;
    while at < end {
        let character = page_text[at];
        if !character.is_whitespace() {
            if character == '#' && line == 0 {
                at += 1;
                continue;
            }
            text.push(character);
            places.push(Some((page, at)));
            line += 1;
            at += 1;
            continue;
        }
        let run_start = at;
        while at < end && page_text[at].is_whitespace() {
            at += 1;
        }
        let feeds = page_text[run_start..at].iter().filter(|c| **c == '\n').count();
        let ended = text.chars().next_back().is_some_and(|last| "。！？”：".contains(last));
        if feeds == 0 {
            text.push(' ');
            places.push(None);
        } else if at < end && (feeds > 1 && !breaks.contains(&run_start) || line < 12 && ended) {
            text.push('\n');
            places.push(None);
            line = 0;
        } else {
            line = 0;
        }
    }
}

fn gold_kind(word: &str) -> Option<Kind> {
    match word {
        "priority_area" => Some(Kind::Area),
        "indicator" => Some(Kind::Figure),
        _ => Kind::parse(word),
    }
}

fn our_kind(kind: Kind) -> Kind {
    if kind == Kind::Indicator { Kind::Figure } else { kind }
}

/// Gold commitments that are F0–F1 on the scale: they count neither way.
fn is_stance(fact: &Json) -> bool {
    match fact["force"].as_str() {
        Some(force) => matches!(force, "F0" | "F1"),
        None => {
            let modality = fact["modality"].as_str().unwrap_or("");
            ["主张", "反对", "始终", "坚定支持"].contains(&modality)
        }
    }
}

fn score(
    kind: Kind,
    facts: &[Json],
    found: &[Found],
    names: &[String],
    texts: &[Vec<char>],
    dump: Option<&str>,
) {
    if kind == Kind::Indicator || kind == Kind::Link {
        return;
    }
    let gold: Vec<(&Json, BTreeSet<Place>)> = facts
        .iter()
        .filter(|fact| gold_kind(fact["kind"].as_str().unwrap()) == Some(kind))
        .filter_map(|fact| {
            let page = names.iter().position(|name| Some(name.as_str()) == fact["page"].as_str())?;
            let mut at = BTreeSet::new();
            let mut add = |start: &Json, end: &Json| {
                let (start, end) = (start.as_u64().unwrap() as usize, end.as_u64().unwrap() as usize);
                for (offset, character) in texts[page].iter().enumerate().take(end).skip(start) {
                    if !character.is_whitespace() {
                        at.insert((page, offset));
                    }
                }
            };
            match fact["spans"].as_array() {
                Some(spans) => spans.iter().for_each(|span| match span.as_array() {
                    Some(pair) => add(&pair[0], &pair[1]),
                    None => add(&span["start"], &span["end"]),
                }),
                None => add(&fact["start"], &fact["end"]),
            }
            Some((fact, at))
        })
        .collect();
    let ours: Vec<&Found> = found.iter().filter(|one| our_kind(one.record.kind) == kind).collect();
    let mut pairs = Vec::new();
    for (g, (_, at)) in gold.iter().enumerate() {
        for (o, one) in ours.iter().enumerate() {
            let shared = at.intersection(&one.at).count();
            let whole = at.len() + one.at.len() - shared;
            if shared * 2 >= whole && shared > 0 {
                pairs.push((std::cmp::Reverse(shared * 1000 / whole), g, o));
            }
        }
    }
    pairs.sort();
    let mut of_gold: BTreeMap<usize, usize> = BTreeMap::new();
    let mut of_ours: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, g, o) in pairs {
        if !of_gold.contains_key(&g) && !of_ours.contains_key(&o) {
            of_gold.insert(g, o);
            of_ours.insert(o, g);
        }
    }
    let neutral = |g: usize| kind == Kind::Commitment && is_stance(gold[g].0);
    let our_stance = |o: usize| ours[o].record.flags.contains(&"stance");
    let gold_count = (0..gold.len()).filter(|&g| !neutral(g)).count();
    let matched = of_gold.iter().filter(|(g, _)| !neutral(**g)).count();
    let our_count = (0..ours.len())
        .filter(|&o| match of_ours.get(&o) {
            Some(&g) => !neutral(g),
            None => !our_stance(o),
        })
        .count();
    if gold_count + our_count == 0 {
        return;
    }
    let ratio = |a: usize, b: usize| if b == 0 { 0.0 } else { a as f64 / b as f64 };
    let (p, r) = (ratio(matched, our_count), ratio(matched, gold_count));
    let f = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
    print!("{:<12}{gold_count:>6}{our_count:>6}{matched:>6}{p:>8.3}{r:>8.3}{f:>8.3}", kind.as_str());
    let pairs: Vec<(&Json, &Record<Span>)> =
        of_gold.iter().map(|(g, o)| (gold[*g].0, &ours[*o].record)).collect();
    fields(kind, &pairs);
    println!();
    if dump == Some(kind.as_str()) {
        for (o, one) in ours.iter().enumerate().filter(|(o, _)| !of_ours.contains_key(o)) {
            let text: String = one.at.iter().map(|&(page, at)| texts[page][at]).collect();
            let mark = if our_stance(o) { "(stance)" } else { "" };
            println!("  + {}{mark} [{}] {text}", one.article, one.record.rule);
        }
        for (g, (fact, _)) in gold.iter().enumerate().filter(|(g, _)| !of_gold.contains_key(g)) {
            let mark = if neutral(g) { "(neutral)" } else { "" };
            println!(
                "  - {}{mark} {}",
                fact["article"].as_str().unwrap(),
                fact["text"].as_str().unwrap().replace('\n', "")
            );
        }
        for (fact, record) in &pairs {
            if let Some(wrong) = wrong(kind, fact, record) {
                println!(
                    "  ~ {} {}: {wrong}",
                    fact["article"].as_str().unwrap(),
                    fact["text"].as_str().unwrap().replace('\n', "").chars().take(40).collect::<String>()
                );
            }
        }
    }
}

const SIX: [&str; 6] = ["中国", "哈萨克斯坦", "吉尔吉斯斯坦", "塔吉克斯坦", "土库曼斯坦", "乌兹别克斯坦"];
const FIVE: [&str; 5] = ["云津", "朔原", "东屏", "汐澜", "桐沙"];

fn parties(value: &Json) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for item in value.as_array().into_iter().flatten().filter_map(Json::as_str) {
        match item {
            "中亚五国" => all.extend(SIX[1..].iter().map(|name| (*name).to_owned())),
            "五国" => all.extend(FIVE.iter().map(|name| (*name).to_owned())),
            other => {
                all.insert(other.to_owned());
            }
        }
    }
    all
}

fn ours_parties(record: &Record<Span>, field: &str) -> BTreeSet<String> {
    record.value(field).map(Value::as_texts).unwrap_or_default().into_iter().map(str::to_owned).collect()
}

fn wrong(kind: Kind, fact: &Json, record: &Record<Span>) -> Option<String> {
    match kind {
        Kind::Commitment => {
            let (a, b) = (parties(&fact["actors"]), ours_parties(record, "actors"));
            (a != b).then(|| format!("actors {a:?} ours {b:?}"))
        }
        Kind::Quote => {
            let a = fact["speaker"].as_str().unwrap_or("");
            let b = record.text("speaker").unwrap_or("");
            (!same_speaker(a, b)).then(|| format!("speaker {a} ours {b}"))
        }
        Kind::Event | Kind::Body | Kind::Project | Kind::Person | Kind::Instrument => {
            let a = fact["name"].as_str().unwrap_or("");
            let b = record.text("name").unwrap_or("");
            (a != b).then(|| format!("name {a} ours {b}"))
        }
        _ => None,
    }
}

fn same_speaker(gold: &str, ours: &str) -> bool {
    let gold = gold.split(' ').next().unwrap_or(gold);
    gold == ours
        || !ours.is_empty() && (gold.ends_with(ours) || ours.ends_with(gold))
        || gold == "中亚五国元首" && ours == "五国元首"
}

fn fields(kind: Kind, pairs: &[(&Json, &Record<Span>)]) {
    let share = |name: &str, right: usize, of: usize| {
        if of > 0 {
            print!("  {name} {right}/{of}={:.2}", right as f64 / of as f64);
        }
    };
    let step = |word: &str| word.strip_prefix('F').and_then(|digit| digit.parse::<i32>().ok());
    match kind {
        Kind::Commitment => {
            let right = |field: &str| {
                pairs
                    .iter()
                    .filter(|(fact, record)| parties(&fact[field]) == ours_parties(record, field))
                    .count()
            };
            share("actors", right("actors"), pairs.len());
            share("recipients", right("recipients"), pairs.len());
            let forces: Vec<(i32, i32)> = pairs
                .iter()
                .filter_map(|(fact, record)| {
                    Some((step(fact["force"].as_str()?)?, step(record.text("force")?)?))
                })
                .collect();
            share("force", forces.iter().filter(|(a, b)| a == b).count(), forces.len());
            share("force±1", forces.iter().filter(|(a, b)| (a - b).abs() <= 1).count(), forces.len());
            let status = pairs
                .iter()
                .filter(|(fact, record)| fact["status"].as_str() == record.text("status"))
                .count();
            share("status", status, pairs.len());
            let sector = pairs
                .iter()
                .filter(|(fact, record)| fact["sector"].as_str() == record.text("sector"))
                .count();
            share("sector", sector, pairs.len());
            for field in ["deadline", "quantity"] {
                let of: Vec<_> = pairs.iter().filter(|(fact, _)| !fact[field].is_null()).collect();
                let have = of.iter().filter(|(_, record)| record.value(field).is_some()).count();
                share(field, have, of.len());
            }
        }
        Kind::Quote => {
            let right = pairs
                .iter()
                .filter(|(fact, record)| {
                    same_speaker(fact["speaker"].as_str().unwrap_or(""), record.text("speaker").unwrap_or(""))
                })
                .count();
            share("speaker", right, pairs.len());
            let mode =
                pairs.iter().filter(|(fact, record)| fact["mode"].as_str() == record.text("mode")).count();
            share("mode", mode, pairs.len());
        }
        Kind::Person | Kind::Body | Kind::Project | Kind::Instrument | Kind::Event | Kind::Place => {
            let name =
                pairs.iter().filter(|(fact, record)| fact["name"].as_str() == record.text("name")).count();
            share("name", name, pairs.len());
            for (ours, theirs) in [
                ("type", "type"),
                ("type", "body_type"),
                ("type", "instrument_type"),
                ("title", "title"),
                ("status", "status"),
                ("date", "date"),
                ("sector", "sector"),
            ] {
                let of: Vec<_> = pairs
                    .iter()
                    .filter(|(fact, record)| fact[theirs].is_string() && record.kind.fields().contains(&ours))
                    .collect();
                let right =
                    of.iter().filter(|(fact, record)| fact[theirs].as_str() == record.text(ours)).count();
                share(theirs, right, of.len());
            }
        }
        Kind::Figure => {
            let value = pairs
                .iter()
                .filter(|(fact, record)| {
                    let gold = fact["value"].as_f64();
                    gold.is_some() && gold == record.text("value").and_then(|text| text.parse().ok())
                })
                .count();
            share("value", value, pairs.len());
        }
        _ => {}
    }
}
