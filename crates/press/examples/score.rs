//! Measures segmentation against truth in the form of `segments.json`: character B³ F1 over non-blank characters
//! that a true article covers; a character in no article counts as a cluster of its own.
//!
//! `cargo run -p shiliu-press --example score -- [--stripped] [--dump] TRUTH.json PAGES_DIR`

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measuring tool for developers")]

use std::collections::BTreeMap;

use shiliu_lang::Pack;
use shiliu_press::{PageKey, read, segment};
use shiliu_text::CodePoints;

/// Page text without heading marks and blank lines, and for each of its characters the place in the whole text.
fn stripped(text: &str) -> (String, Vec<usize>) {
    let mut out = String::new();
    let mut places = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        let length = line.chars().count();
        if !content.is_empty() {
            let mut from = 0;
            if content.starts_with('#') {
                from = line.chars().take_while(|c| c.is_whitespace() || *c == '#').count();
            }
            for (index, character) in line.chars().enumerate().skip(from) {
                out.push(character);
                places.push(at + index);
            }
        }
        at += length;
    }
    (out, places)
}

fn b_cubed(truth: &[usize], found: &[usize]) -> (f64, f64, f64) {
    let mut truth_size: BTreeMap<usize, usize> = BTreeMap::new();
    let mut found_size: BTreeMap<usize, usize> = BTreeMap::new();
    let mut both: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (t, f) in truth.iter().zip(found) {
        *truth_size.entry(*t).or_default() += 1;
        *found_size.entry(*f).or_default() += 1;
        *both.entry((*t, *f)).or_default() += 1;
    }
    let (mut precision, mut recall) = (0.0, 0.0);
    for ((t, f), n) in &both {
        let n = *n as f64;
        precision += n * n / found_size[f] as f64;
        recall += n * n / truth_size[t] as f64;
    }
    let all = truth.len() as f64;
    let (precision, recall) = (precision / all, recall / all);
    (precision, recall, 2.0 * precision * recall / (precision + recall))
}

/// Prints a page line by line, each run of characters with its true and its found article.
fn show_lines(text: &str, places: &[usize], gold: &[usize], found: &[usize]) {
    let name = |cluster: usize| if cluster >= 1_000_000 { "-".to_owned() } else { cluster.to_string() };
    let mut at = 0;
    for line in text.split('\n') {
        let mut parts: Vec<(String, String)> = Vec::new();
        for (index, character) in line.chars().enumerate() {
            let place = at + index;
            if !character.is_whitespace() {
                let label = format!("{}/{}", name(gold[places[place]]), name(found[place]));
                match parts.last_mut() {
                    Some((known, words)) if *known == label => words.push(character),
                    _ => parts.push((label, character.to_string())),
                }
            }
        }
        at += line.chars().count() + 1;
        if parts.is_empty() {
            println!();
        }
        for (label, words) in parts {
            println!("{label:8} {words}");
        }
    }
}

fn main() {
    let mut strip = false;
    let mut dump = false;
    let mut show = None;
    let mut paths = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--stripped" => strip = true,
            "--dump" => dump = true,
            _ if argument.starts_with("--show=") => show = Some(argument["--show=".len()..].to_owned()),
            _ => paths.push(argument),
        }
    }
    let pack = Pack::load(shiliu_lang::builtin());
    for diagnostic in pack.diagnostics.iter().chain(&pack.value.check()) {
        eprintln!("{} {}", diagnostic.code, diagnostic.message);
    }
    let pack = pack.value;
    let truth: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&paths[0]).expect("truth")).expect("JSON");
    let mut scores = Vec::new();
    for page in truth["pages"].as_array().expect("pages") {
        let name = page["page"].as_str().expect("name");
        if show.as_ref().is_some_and(|part| !name.contains(part.as_str())) {
            continue;
        }
        let Ok(bytes) = std::fs::read(format!("{}/{name}", paths[1])) else { continue };
        let whole = String::from_utf8_lossy(&bytes).into_owned();
        let whole = whole.trim_start_matches('\u{feff}').to_owned();
        let (text, places) =
            if strip { stripped(&whole) } else { (whole.clone(), (0..whole.chars().count()).collect()) };
        let key = PageKey { path: name.to_owned(), ..PageKey::default() };
        let pages = read(text.as_bytes(), &key, &pack).value;
        let result = segment(&pages, &[], &pack);
        let mut gold = vec![usize::MAX; whole.chars().count()];
        let mut titles = Vec::new();
        for (index, article) in page["articles"].as_array().expect("articles").iter().enumerate() {
            titles.push(article["title"].as_str().unwrap_or("-").to_owned());
            for fragment in article["fragments"].as_array().expect("fragments") {
                let (start, end) =
                    (fragment["start"].as_u64().expect("start"), fragment["end"].as_u64().expect("end"));
                gold[start as usize..end as usize].fill(index);
            }
        }
        let points = CodePoints::new(&text);
        let mut found: Vec<usize> = (1_000_000..1_000_000 + places.len()).collect();
        for zone in &result.value.zones[0] {
            if let Some(article) = zone.articles.first() {
                let (start, end) = (points.at_byte(zone.span.start), points.at_byte(zone.span.end));
                found[start as usize..end as usize].fill(*article);
            }
        }
        if std::env::var("BODYONLY").is_ok() {
            for zone in &result.value.zones[0] {
                if zone.role != shiliu_press::Role::Body {
                    let (start, end) = (points.at_byte(zone.span.start), points.at_byte(zone.span.end));
                    for place in &places[start as usize..end as usize] {
                        gold[*place] = usize::MAX;
                    }
                }
            }
        }
        let (mut t, mut f) = (Vec::new(), Vec::new());
        for ((character, place), cluster) in text.chars().zip(&places).zip(&found) {
            if !character.is_whitespace() && gold[*place] != usize::MAX {
                t.push(gold[*place]);
                f.push(*cluster);
            }
        }
        let (precision, recall, f1) = b_cubed(&t, &f);
        let (wanted, got) = (titles.len(), result.value.articles.len());
        println!("{name:40} P {precision:.4} R {recall:.4} F1 {f1:.4}  articles {wanted} found {got}");
        scores.push(f1);
        if show.is_some() {
            show_lines(&text, &places, &gold, &found);
        }
        if dump {
            for (index, article) in result.value.articles.iter().enumerate() {
                let headline = article.headline.as_ref().map_or("-", |headline| headline.text.as_str());
                let byline = article.byline.as_ref().map_or("-", |byline| byline.text.as_str());
                println!("  [{index}] {headline} | {byline} | {:?} {:?}", article.head, article.tail);
                if let Some(dateline) = &article.dateline {
                    println!(
                        "      dateline {:?} {:?} {:?}",
                        dateline.agency.as_ref().map(|e| &e.text),
                        dateline.place.as_ref().map(|e| &e.text),
                        dateline.date.as_ref().map(|d| d.value.to_string())
                    );
                }
                for fragment in &article.fragments {
                    let part = fragment.span.of(&text);
                    let first: String = part.chars().take(16).collect();
                    let last: String =
                        part.chars().rev().take(16).collect::<Vec<_>>().into_iter().rev().collect();
                    println!("      {} … {}", first.replace('\n', "⏎"), last.replace('\n', "⏎"));
                }
            }
            for zone in
                result.value.zones[0].iter().filter(|z| z.articles.is_empty() && z.role.as_str() != "blank")
            {
                println!("  {} {:?}", zone.role.as_str(), zone.span.of(&text));
            }
        }
    }
    let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
    let worst = scores.iter().copied().fold(1.0, f64::min);
    println!("pages {} mean {mean:.4} worst {worst:.4}", scores.len());
}
