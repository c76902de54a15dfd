//! Times the collation of long and of many witnesses.
//!
//! `cargo run --release -p shiliu-collate --example speed`
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a measuring tool")]

use std::time::Instant;

use shiliu_collate::{NeutralJudge, Witness, collate};
use shiliu_text::{Derived, Digest, Fold, Layer, Span};

struct NoFold;

impl Fold for NoFold {
    fn fold(&self, _layer: &Layer) -> Derived {
        Derived::default()
    }
    fn fold_char(&self, character: char) -> Option<char> {
        (!character.is_whitespace()).then_some(character)
    }
    fn digest(&self) -> Digest {
        Digest::default()
    }
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}

fn glyph(dice: &mut Dice) -> char {
    let rank = dice.below(900);
    let rank = dice.below(rank + 1);
    char::from_u32(0x4e00 + (rank as u32 * 7919) % 20_000).unwrap_or('\u{4e00}')
}

/// Peak resident memory in MiB, where the system tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kibi = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kibi| kibi.parse::<u64>().ok());
    kibi.map_or("?".to_owned(), |kibi| (kibi / 1024).to_string())
}

fn main() {
    println!("witnesses  glyphs  noise       ms   loci  peak MiB so far");
    for (count, length, noise) in [
        (2usize, 2500usize, 20usize),
        (2, 3000, 20),
        (16, 3000, 20),
        (16, 3000, 100),
        (2, 100_000, 20),
        (2, 200_000, 20),
        (500, 3000, 20),
        (2, 1_700_000, 20),
        (2, 3000, 1000),
        (2, 200_000, 1000),
    ] {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let truth: Vec<char> = (0..length).map(|_| glyph(&mut dice)).collect();
        let witnesses: Vec<Witness> = (0..count)
            .map(|at| {
                let mut text = String::new();
                for &character in &truth {
                    if dice.below(1000) >= noise {
                        text.push(character);
                    } else if dice.below(100) < 85 {
                        text.push(glyph(&mut dice));
                    }
                }
                let coverage = vec![Span::new(0, text.len())];
                Witness { key: format!("{at:03}"), rank: String::new(), text, coverage, engine: None }
            })
            .collect();
        let mut best = u128::MAX;
        let mut loci = 0;
        for _ in 0..if length * count > 100_000 { 1 } else { 5 } {
            let start = Instant::now();
            loci = collate(&witnesses, &NoFold, &NeutralJudge).value.loci.len();
            best = best.min(start.elapsed().as_micros());
        }
        println!(
            "{count:9} {length:7} {:5.1}% {:8.2} {loci:6}  {}",
            noise as f64 / 10.0,
            best as f64 / 1000.0,
            peak()
        );
    }
}
