//! Makes a corpus of printings with known families, runs the engine over it and prints precision and recall
//! by kind of copy, speed and memory: `stress [stories] [noise in thousandths] [zh|en] [articles|pages|wide|speed]`.
//!
//! For tuning while building; the frozen corpus and the comparison with other tools are in `benchsuite`.
#![expect(clippy::print_stdout, reason = "a measuring tool")]

use std::collections::BTreeMap;

use shiliu_reprint::{Doc, DocInfo, MemoryRuns, Settings, families, passages};

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }
    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
    fn chance(&mut self, thousandths: u64) -> bool {
        self.next() % 1000 < thousandths
    }
}

struct Tongue {
    words: Vec<String>,
    han: bool,
}

impl Tongue {
    fn new(han: bool, dice: &mut Dice) -> Tongue {
        let words = (0..4000)
            .map(|_| {
                if han {
                    (0..1 + dice.below(3))
                        .filter_map(|_| {
                            let (x, y) = (dice.below(1600), dice.below(1600));
                            char::from_u32(0x4e00 + x.min(y) as u32 * 7)
                        })
                        .collect()
                } else {
                    let mut word = String::new();
                    for _ in 0..1 + dice.below(3) {
                        word.push(*b"bcdfghklmnprstvw".get(dice.below(16)).unwrap_or(&b't') as char);
                        word.push(*b"aeiou".get(dice.below(5)).unwrap_or(&b'e') as char);
                        if dice.chance(300) {
                            word.push(*b"nrstl".get(dice.below(5)).unwrap_or(&b's') as char);
                        }
                    }
                    word
                }
            })
            .collect();
        Tongue { words, han }
    }
    fn sentence(&self, dice: &mut Dice) -> String {
        let mut text = String::new();
        for at in 0..8 + dice.below(14) {
            if at > 0 && !self.han {
                text.push(' ');
            }
            // Frequent words are frequent: the smaller of several throws.
            let place = (0..3).map(|_| dice.below(self.words.len())).min().unwrap_or(0);
            text.push_str(&self.words[place]);
            if dice.chance(80) {
                text.push_str(&dice.below(3000).to_string());
            }
        }
        text.push_str(if self.han { "。" } else { ". " });
        text
    }
    fn noisy(&self, text: &str, noise: u64, dice: &mut Dice) -> String {
        let mut out = String::new();
        let other = |dice: &mut Dice| {
            let word = &self.words[dice.below(self.words.len())];
            word.chars().nth(dice.below(word.chars().count())).unwrap_or('x')
        };
        for letter in text.chars() {
            if letter.is_whitespace() || !dice.chance(noise) {
                out.push(letter);
                continue;
            }
            match dice.below(10) {
                0..6 => out.push(other(dice)),
                6..8 => {}
                _ => {
                    out.push(letter);
                    out.push(other(dice));
                }
            }
        }
        out
    }
}

struct Article {
    text: String,
    story: usize,
    kind: &'static str,
    outlet: u32,
    day: i32,
}

fn corpus(stories: usize, noise: u64, han: bool, copies: (usize, usize), dice: &mut Dice) -> Vec<Article> {
    let tongue = Tongue::new(han, dice);
    let stock: Vec<String> = (0..200).map(|_| tongue.sentence(dice)).collect();
    let mut articles = Vec::new();
    let outlets = 60.max(copies.1 + 20);
    let mut local = usize::MAX / 2;
    for story in 0..stories {
        let mut sentences: Vec<String> = (0..8 + dice.below(22)).map(|_| tongue.sentence(dice)).collect();
        for _ in 0..dice.below(3) {
            let at = dice.below(sentences.len());
            sentences.insert(at, stock[dice.below(stock.len())].clone());
        }
        let day = dice.below(300) as i32;
        let first = dice.below(outlets);
        for copy in 0..copies.0 + dice.below(copies.1 - copies.0 + 1) {
            let (outlet, day) = (((first + copy) % outlets) as u32, day + dice.below(3) as i32);
            let mut put = |parts: &[String], kind, dice: &mut Dice| {
                let text = tongue.noisy(&parts.concat(), noise, dice);
                articles.push(Article { text, story, kind, outlet, day });
            };
            match dice.below(100) {
                0..55 => put(&sentences, "full", dice),
                55..80 => put(&sentences[..sentences.len() / 2], "head", dice),
                80..92 => {
                    let share = 300 + dice.below(200) as u64;
                    let kept: Vec<String> =
                        sentences.iter().filter(|_| !dice.chance(share)).cloned().collect();
                    put(&kept, "cut", dice);
                }
                _ => {
                    let (head, tail) = sentences.split_at(sentences.len() / 2);
                    put(head, "jump", dice);
                    put(tail, "jump", dice);
                }
            }
        }
        // As many articles that stand alone, some of them with a stock sentence.
        for _ in 0..4 {
            let mut own: Vec<String> = (0..3 + dice.below(18)).map(|_| tongue.sentence(dice)).collect();
            if dice.chance(600) {
                let at = dice.below(own.len());
                own.insert(at, stock[dice.below(stock.len())].clone());
            }
            local += 1;
            let text = tongue.noisy(&own.concat(), noise, dice);
            articles.push(Article {
                text,
                story: local,
                kind: "local",
                outlet: dice.below(outlets) as u32,
                day: dice.below(300) as i32,
            });
        }
    }
    articles
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
    let words: Vec<String> = std::env::args().skip(1).collect();
    let stories = words.first().and_then(|word| word.parse().ok()).unwrap_or(300);
    let noise = words.get(1).and_then(|word| word.parse().ok()).unwrap_or(20);
    let han = words.get(2).is_none_or(|word| word == "zh");
    let mode = words.get(3).map_or("articles", String::as_str);
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let copies = if mode == "wide" { (250, 300) } else { (3, 8) };
    let articles = corpus(stories, noise, han, copies, &mut dice);
    let names: Vec<String> = (0..articles.len()).map(|at| format!("d{at:07}")).collect();
    let bytes: usize = articles.iter().map(|article| article.text.len()).sum();

    let started = processor_seconds();
    let settings = Settings::default();
    let mut docs = articles.iter().enumerate().map(|(key, article)| Doc {
        key: key as u32,
        text: &article.text,
        day: Some(article.day),
        outlet: Some(article.outlet),
    });
    let found = passages(&mut docs, &mut MemoryRuns::default(), &settings).expect("memory").value;
    let passed = processor_seconds() - started;
    let infos: Vec<DocInfo<'_>> = articles
        .iter()
        .zip(&names)
        .enumerate()
        .map(|(key, (article, name))| DocInfo {
            key: key as u32,
            name,
            text: &article.text,
            day: Some(article.day),
            outlet: Some(article.outlet),
        })
        .collect();
    let all = families(&infos, &found, &settings).value;
    let whole = processor_seconds() - started;
    let megabytes = bytes as f64 / 1e6;
    println!(
        "{} texts, {megabytes:.2} MB: passages {passed:.2} s ({:.1} MB/s), families {:.2} s, together {:.1} MB/s; {} passages; peak {}",
        articles.len(),
        megabytes / passed,
        whole - passed,
        megabytes / whole,
        found.len(),
        memory_peak()
    );

    // Pairs of different papers.
    let mut right = 0u64;
    let mut given = 0u64;
    let mut by_kind: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut together: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, article) in articles.iter().enumerate() {
        members.entry(article.story).or_default().push(at);
    }
    let mut mixed = 0;
    let mut families_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (family, one) in all.iter().enumerate() {
        let keys: Vec<usize> = one.members.iter().map(|member| member.key as usize).collect();
        let mut stories: Vec<usize> = keys.iter().map(|&key| articles[key].story).collect();
        stories.sort_unstable();
        stories.dedup();
        if stories.len() > 1 {
            mixed += 1;
            if mixed <= 5 {
                println!(
                    "  mixed: {:?}",
                    keys.iter()
                        .map(|&key| (
                            key,
                            articles[key].story % 100_000,
                            articles[key].kind,
                            articles[key].text.len()
                        ))
                        .collect::<Vec<_>>()
                );
            }
        }
        for &key in &keys {
            families_of.entry(key).or_default().push(family);
        }
        together.insert(family, keys);
    }
    for keys in together.values() {
        for (at, &left) in keys.iter().enumerate() {
            for &other in &keys[at + 1..] {
                if articles[left].outlet != articles[other].outlet {
                    given += 1;
                    right += u64::from(articles[left].story == articles[other].story);
                }
            }
        }
    }
    let mut missed = 0;
    for keys in members.values() {
        for (at, &left) in keys.iter().enumerate() {
            for &other in &keys[at + 1..] {
                if articles[left].outlet == articles[other].outlet {
                    continue;
                }
                let same = families_of[&left].iter().any(|family| families_of[&other].contains(family));
                for kind in [articles[left].kind, articles[other].kind] {
                    let count = by_kind.entry(kind).or_default();
                    count.0 += u64::from(same);
                    count.1 += 1;
                }
                missed += u64::from(!same);
            }
        }
    }
    let split: usize = members
        .values()
        .filter(|keys| {
            let mut names: Vec<usize> = keys.iter().map(|key| families_of[key][0]).collect();
            names.sort_unstable();
            names.dedup();
            names.len() > 1
        })
        .count();
    if std::env::var_os("SHOW").is_some() {
        let mut pairs: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        for one in &found {
            *pairs.entry((one.a, one.b)).or_default() += 1;
        }
        println!("  {} pairs", pairs.len());
        for (story, keys) in members.iter().filter(|(_, keys)| keys.len() > 1) {
            let mut sizes: BTreeMap<usize, Vec<String>> = BTreeMap::new();
            for key in keys {
                let one = &articles[*key];
                let mark = format!("{}{}", one.kind, one.text.chars().count());
                sizes.entry(families_of[key][0]).or_default().push(mark);
            }
            if sizes.len() > 1 {
                let shown: Vec<String> = sizes
                    .values()
                    .map(|names| if names.len() > 4 { format!("{}x", names.len()) } else { names.join("+") })
                    .collect();
                println!("  story {story} {:?}: {}", &keys[..3], shown.join(" | "));
            }
        }
    }
    println!(
        "precision {:.4} recall {:.4}; {mixed} mixed families, {split} split stories; {}",
        right as f64 / given.max(1) as f64,
        right as f64 / (right + missed).max(1) as f64,
        by_kind
            .iter()
            .map(|(kind, (hit, all))| format!("{kind} {:.3}", *hit as f64 / (*all).max(1) as f64))
            .collect::<Vec<_>>()
            .join(" ")
    );
}
