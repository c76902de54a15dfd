//! Makes noisy printings of made-up texts, collates them and compares with the truth.
//!
//! `cargo run --release -p shiliu-collate --example noise [-- STORIES GLYPHS]`: consensus error rate beside the best and the
//! mean witness, for independent, correlated, uneven and deletion-heavy noise; decisions, calibration and time.
//! `STRUCTURE=1` for lost feet, moved blocks and the like; `ONLY=losses5-2` for one line, `SHOW=1` its wrong loci,
//! `BINS=1` its calibration.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a measuring tool")]

use std::time::Instant;

use shiliu_collate::{Decision, NeutralJudge, Story, Witness, collate};
use shiliu_text::{Derived, Digest, Fold, Layer, Span};

struct NoFold;

impl Fold for NoFold {
    fn fold(&self, _layer: &Layer) -> Derived {
        Derived::default()
    }
    fn fold_char(&self, character: char) -> Option<char> {
        match character {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0),
            _ => (!character.is_whitespace()).then_some(character),
        }
    }
    fn digest(&self) -> Digest {
        Digest::default()
    }
}

/// xorshift: the same on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 11) as usize % limit
    }
    /// True with a chance of `millionths`.
    fn chance(&mut self, millionths: u64) -> bool {
        (self.next() >> 11) % 1_000_000 < millionths
    }
}

fn glyph(rank: usize) -> char {
    char::from_u32(0x4e00 + (rank as u32 * 7919) % 20_000).unwrap_or('\u{4e00}')
}

/// A text of words whose frequencies fall off, in sentences.
fn text(dice: &mut Dice, glyphs: usize) -> Vec<char> {
    let skewed = |dice: &mut Dice, limit: usize| {
        let first = dice.below(limit);
        dice.below(first + 1)
    };
    let words: Vec<Vec<char>> = (0..1200)
        .map(|_| {
            let length = 1 + dice.below(3);
            (0..length).map(|_| glyph(skewed(dice, 700))).collect()
        })
        .collect();
    let mut text = Vec::new();
    let mut sentence = 0;
    while text.len() < glyphs {
        let word = skewed(dice, words.len());
        text.extend(&words[word]);
        sentence += 1;
        if sentence % 6 == 0 {
            text.push(if sentence % 18 == 0 { '\u{3002}' } else { '\u{ff0c}' });
        }
    }
    text
}

#[derive(Clone, Copy, PartialEq)]
enum Profile {
    Independent,
    Correlated,
    Uneven,
    Losses,
}

/// Printings of `truth` with a share of `rate` millionths of errors.
fn printings(dice: &mut Dice, truth: &[char], count: usize, rate: u64, profile: Profile) -> Vec<String> {
    let hard: Vec<bool> = truth.iter().map(|_| dice.chance(100_000)).collect();
    let shared: Vec<char> = truth.iter().map(|_| glyph(dice.below(700))).collect();
    (0..count)
        .map(|witness| {
            let own = if profile == Profile::Uneven && witness == count / 2 { rate / 4 } else { rate };
            let mut out = String::new();
            for (at, &character) in truth.iter().enumerate() {
                let own = match profile {
                    // Hard places carry half of the errors: the mean stays what it is.
                    Profile::Correlated => {
                        if hard[at] {
                            own * 5
                        } else {
                            own * 5 / 9
                        }
                    }
                    _ => own,
                };
                if !dice.chance(own) {
                    out.push(character);
                    continue;
                }
                let kind = dice.below(100);
                if profile == Profile::Losses {
                    if kind < 60 {
                    } else if kind < 85 || character.is_alphanumeric() && !dice.chance(300_000) {
                        out.push(if kind < 85 { glyph(dice.below(700)) } else { character });
                    } else {
                        out.push(if character == '\u{ff0c}' { ',' } else { '\u{ff0c}' });
                    }
                } else if kind < 70 {
                    let half = profile == Profile::Correlated && dice.chance(500_000);
                    out.push(if half { shared[at] } else { glyph(dice.below(700)) });
                } else if kind >= 85 {
                    out.push(character);
                    out.push(glyph(dice.below(700)));
                }
            }
            out
        })
        .collect()
}

/// Edits between two texts (Ukkonen's diagonals), and which positions of `a` they touch.
fn edits(a: &[char], b: &[char]) -> (usize, Vec<bool>) {
    let (n, m) = (a.len(), b.len());
    let half = n.abs_diff(m) + 600;
    let width = 2 * half + 1;
    let mut rows = vec![vec![u32::MAX / 2; width]; n + 1];
    for i in 0..=n {
        for k in 0..width {
            let Some(j) = (i + k).checked_sub(half).filter(|j| *j <= m) else { continue };
            let mut best = if i == 0 && j == 0 { 0 } else { u32::MAX / 2 };
            if i > 0 && j > 0 {
                best = best.min(rows[i - 1][k] + u32::from(a[i - 1] != b[j - 1]));
            }
            if i > 0 && k + 1 < width {
                best = best.min(rows[i - 1][k + 1] + 1);
            }
            if j > 0 && k > 0 {
                best = best.min(rows[i][k - 1] + 1);
            }
            rows[i][k] = best;
        }
    }
    let mut touched = vec![false; n + 1];
    let (mut i, mut j) = (n, m);
    while i > 0 || j > 0 {
        let k = j + half - i;
        let here = rows[i][k];
        if i > 0 && j > 0 && here == rows[i - 1][k] + u32::from(a[i - 1] != b[j - 1]) {
            touched[i - 1] |= a[i - 1] != b[j - 1];
            (i, j) = (i - 1, j - 1);
        } else if i > 0 && k + 1 < width && here == rows[i - 1][k + 1] + 1 {
            touched[i - 1] = true;
            i -= 1;
        } else {
            touched[i] = true;
            j -= 1;
        }
    }
    (rows[n][m + half - n] as usize, touched)
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let only = std::env::var("ONLY").ok();
    let stories = arguments.next().unwrap_or(20);
    let glyphs = arguments.next().unwrap_or(3000);
    if std::env::var("STRUCTURE").is_ok() {
        structure(stories, glyphs);
        return;
    }
    println!(
        "{stories} stories of {glyphs} glyphs; error rates in percent; right = decided loci whose lemma is the truth"
    );
    println!("noise            N   best   mean  consensus  ratio  decided right   ece  ms/story");
    for (profile, name) in [
        (Profile::Independent, "independent"),
        (Profile::Correlated, "correlated"),
        (Profile::Uneven, "uneven"),
        (Profile::Losses, "losses"),
    ] {
        for rate in [20_000u64, 50_000, 100_000] {
            for count in [2usize, 3, 4, 8, 16] {
                if only.as_ref().is_some_and(|only| *only != format!("{name}{}-{count}", rate / 10_000)) {
                    continue;
                }
                measure(profile, name, rate, count, stories, glyphs);
            }
        }
    }
}

/// The long and the moved loci of a story.
fn show_long(number: usize, errors: usize, story: &Story) {
    println!("  story {number}: {errors} wrong");
    for locus in &story.loci {
        let length = |text: &str| text.chars().count();
        let longest = locus.readings.iter().map(|reading| length(&reading.text)).max();
        if longest <= Some(12) && locus.moved.is_none() {
            continue;
        }
        let readings: Vec<String> = locus
            .readings
            .iter()
            .map(|reading| {
                let who: Vec<usize> = reading.witnesses.iter().map(|(at, _)| *at).collect();
                let cause = reading.cause.map_or("lemma", |cause| cause.as_str());
                format!("{} {who:?} {cause} {}", length(&reading.text), reading.probability)
            })
            .collect();
        println!("    at {} move {:?} | {}", locus.at.start / 3, locus.moved, readings.join(" | "));
    }
}

/// Damage as pages do it: lost feet, left-out sentences, cut tails, moved blocks, foreign text, besides 1 % of noise.
fn structure(stories: usize, glyphs: usize) {
    println!(
        "\ndamage                N   mean  consensus  covered  ms/story   (covered: share of the truth in one order)"
    );
    for damage in ["foot", "sentences", "tail", "moved", "foreign", "all"] {
        for count in [2usize, 3, 4, 8] {
            if std::env::var("ONLY").is_ok_and(|only| only != format!("{damage}-{count}")) {
                continue;
            }
            let mut dice = Dice(0x1234_5678_9abc_def1 ^ (count as u64) << 20);
            let (mut mean, mut ours, mut missing, mut total, mut time) =
                (0usize, 0usize, 0usize, 0usize, 0u128);
            for number in 0..stories {
                let truth = text(&mut dice, glyphs);
                let other = text(&mut dice, 400);
                let mut texts = Vec::new();
                for (at, noisy) in
                    printings(&mut dice, &truth, count, 10_000, Profile::Losses).iter().enumerate()
                {
                    let mut own: Vec<char> = noisy.chars().collect();
                    let hit = |kind: &str| damage == kind || damage == "all";
                    // Each kind of damage hits one witness, at another place for each kind.
                    let turn = |shift: usize| (number + shift) % count == at;
                    if hit("foot") && turn(0) {
                        let start = own.len() / 5 + dice.below(own.len() / 5);
                        let length = 60 + dice.below(90);
                        own.drain(start..start + length);
                    }
                    if hit("sentences") && turn(1) {
                        let stops: Vec<usize> = (0..own.len()).filter(|at| own[*at] == '\u{3002}').collect();
                        let first = stops.len() / 2 + dice.below(stops.len() / 4);
                        own.drain(stops[first] + 1..stops[first + 2] + 1);
                    }
                    if hit("tail") && turn(2) {
                        own.truncate(own.len() - 100 - dice.below(200));
                    }
                    if hit("moved") && turn(3) {
                        let start = own.len() / 10;
                        let block: Vec<char> = own.drain(start..start + 40 + dice.below(100)).collect();
                        let to = own.len() * 2 / 3 + dice.below(own.len() / 10);
                        own.splice(to..to, block);
                    }
                    if hit("foreign") && turn(4) && count > 2 {
                        let to = own.len() / 2 + dice.below(own.len() / 20);
                        own.splice(to..to, other[..80 + dice.below(200)].iter().copied());
                    }
                    texts.push(own.into_iter().collect::<String>());
                }
                let witnesses: Vec<Witness> = texts
                    .iter()
                    .enumerate()
                    .map(|(at, text)| Witness {
                        key: format!("{at:03}"),
                        rank: String::new(),
                        text: text.clone(),
                        coverage: vec![Span::new(0, text.len())],
                        engine: None,
                    })
                    .collect();
                let start = Instant::now();
                let story = collate(&witnesses, &NoFold, &NeutralJudge).value;
                time += start.elapsed().as_micros();
                for text in &texts {
                    mean += edits(&text.chars().collect::<Vec<_>>(), &truth).0;
                }
                let characters: Vec<char> = story.established.chars().collect();
                ours += edits(&characters, &truth).0;
                missing +=
                    edits(&truth, &characters).1[..truth.len()].iter().filter(|touched| **touched).count();
                total += truth.len();
                if std::env::var("SHOW").is_ok() {
                    show_long(number, edits(&characters, &truth).0, &story);
                }
            }
            let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
            println!(
                "{damage:20} {count:2} {:6.2} {:10.3} {:8.2} {:9.2}",
                percent(mean, total * count),
                percent(ours, total),
                100.0 - percent(missing, total),
                time as f64 / 1000.0 / stories as f64
            );
        }
    }
}

fn measure(profile: Profile, name: &str, rate: u64, count: usize, stories: usize, glyphs: usize) {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d ^ rate ^ (count as u64) << 32);
    let (mut best, mut mean, mut ours, mut total, mut time) = (0usize, 0usize, 0usize, 0usize, 0u128);
    let (mut loci, mut decided, mut right) = (0usize, 0usize, 0usize);
    // Calibration in ten bins: loci, right ones, sum of confidences.
    let mut bins = [(0usize, 0usize, 0u64); 10];
    for _ in 0..stories {
        let truth = text(&mut dice, glyphs);
        let texts = printings(&mut dice, &truth, count, rate, profile);
        let witnesses: Vec<Witness> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| Witness {
                key: format!("{at:03}"),
                rank: String::new(),
                text: text.clone(),
                coverage: vec![Span::new(0, text.len())],
                engine: None,
            })
            .collect();
        let start = Instant::now();
        let story: Story = collate(&witnesses, &NoFold, &NeutralJudge).value;
        time += start.elapsed().as_micros();
        let single: Vec<usize> =
            texts.iter().map(|text| edits(&text.chars().collect::<Vec<_>>(), &truth).0).collect();
        best += single.iter().min().copied().unwrap_or(0);
        mean += single.iter().sum::<usize>();
        let characters: Vec<char> = story.established.chars().collect();
        let (errors, touched) = edits(&characters, &truth);
        ours += errors;
        total += truth.len();
        let index: std::collections::BTreeMap<usize, usize> = story
            .established
            .char_indices()
            .map(|(byte, _)| byte)
            .chain([story.established.len()])
            .zip(0..)
            .collect();
        for locus in &story.loci {
            let (from, to) = (index[&(locus.at.start as usize)], index[&(locus.at.end as usize)]);
            let ok = if from == to { !touched[from] } else { !touched[from..to].contains(&true) };
            if !ok && std::env::var("SHOW").is_ok() {
                let around: String =
                    characters[from.saturating_sub(4)..(to + 4).min(characters.len())].iter().collect();
                let readings: Vec<String> = locus
                    .readings
                    .iter()
                    .map(|reading| {
                        format!("{:?}*{}({})", reading.text, reading.witnesses.len(), reading.probability)
                    })
                    .collect();
                println!("  wrong {around} {}", readings.join(" | "));
            }
            let bin = &mut bins[(locus.confidence as usize / 100).min(9)];
            bin.0 += 1;
            bin.1 += usize::from(ok);
            bin.2 += u64::from(locus.confidence);
            loci += 1;
            if locus.decision == Decision::Decided {
                decided += 1;
                right += usize::from(ok);
            }
        }
    }
    if std::env::var("BINS").is_ok() {
        for (count, right, sum) in bins.iter().filter(|bin| bin.0 > 0) {
            println!(
                "   {count:5} loci, mean confidence {:.3}, right {:.3}",
                *sum as f64 / 1000.0 / *count as f64,
                *right as f64 / *count as f64
            );
        }
    }
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    let error: f64 =
        bins.iter().map(|(_, right, sum)| (*right as f64 - *sum as f64 / 1000.0).abs()).sum::<f64>()
            / loci.max(1) as f64;
    println!(
        "{name:12} {:2}% {count:3} {:6.2} {:6.2} {:10.3} {:6.3}  {:5.1}% {:5.1}% {error:5.3} {:8.2}",
        rate / 10_000,
        percent(best, total),
        percent(mean, total * count),
        percent(ours, total),
        ours as f64 / best.max(1) as f64,
        percent(decided, loci),
        percent(right, decided),
        time as f64 / 1000.0 / stories as f64,
    );
}
