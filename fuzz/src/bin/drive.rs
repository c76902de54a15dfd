//! Runs every target over mutated seeds for a time, with a stable compiler and without coverage.
//!
//!     cargo run --bin drive -- SECONDS [TARGET…]
//!
//! The same seeds and the same number of runs give the same inputs. What breaks a target, or takes it more than ten
//! seconds, is written to `artifacts/TARGET/` and the exit status is 1.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use shiliu_fuzz::TARGETS;

/// Longest input that is made.
const LONGEST: usize = 64 << 10;
const SLOW: Duration = Duration::from_secs(10);

/// xorshift64*: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }
}

/// Pieces that readers look for.
const PIECES: [&[u8]; 24] = [
    b"<", b">", b"&", b"\"", b"&#x6865;", b"<!DOCTYPE x [<!ENTITY a \"b\">]>", b"<![CDATA[", b"]]>", b"<!--",
    b"</p>", b"stream\n", b"endstream", b"obj", b"/Contents 4 0 R", b"<0001>", b"Tj", b"[", b"]", b"\0", b"\xff\xfe",
    b"\xe4\xb8", b"\n\n", b"99999999999", b"-1",
];

fn mutate(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(8) {
        let at = random.below(bytes.len() + 1);
        match random.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = random.below(256) as u8,
            2 => drop(bytes.drain(at..(at + random.below(200)).min(bytes.len()))),
            3 => {
                let piece = PIECES[random.below(PIECES.len())];
                bytes.splice(at..at, piece.repeat(1 + random.below(3)));
            }
            4 => {
                let end = (at + random.below(400)).min(bytes.len());
                let again = bytes[at..end].to_vec();
                let place = random.below(bytes.len() + 1);
                bytes.splice(place..place, again);
            }
            5 => bytes.truncate(at),
            _ => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len() + 1);
                let end = (from + random.below(2000)).min(other.len());
                bytes.splice(at..at, other[from..end].iter().copied());
            }
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default();
    names.sort();
    names.iter().filter_map(|name| fs::read(name).ok()).collect()
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(seconds) = arguments.next().and_then(|seconds| seconds.parse().ok()) else {
        eprintln!("usage: drive SECONDS [TARGET…]");
        return ExitCode::from(2);
    };
    let wanted: Vec<String> = arguments.collect();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut broken = 0;
    for (name, target) in TARGETS {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| wanted == name) {
            continue;
        }
        let seeds = files(&here.join("seeds").join(name));
        if seeds.is_empty() {
            eprintln!("{name}: no seeds: run `python3 fuzz/make_seeds.py` first");
            return ExitCode::from(2);
        }
        let mut random = Random(0x5eed_0001);
        let (started, mut runs, mut found) = (Instant::now(), 0_u64, 0);
        while started.elapsed() < Duration::from_secs(seconds) && found < 10 {
            let bytes = if (runs as usize) < seeds.len() { seeds[runs as usize].clone() } else { mutate(&seeds, &mut random) };
            let before = Instant::now();
            let failed = catch_unwind(AssertUnwindSafe(|| target(&bytes))).is_err();
            runs += 1;
            if failed || before.elapsed() > SLOW {
                found += 1;
                let folder = here.join("artifacts").join(name);
                let path = folder.join(format!("{}-{runs}", if failed { "broken" } else { "slow" }));
                let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, &bytes));
                eprintln!("{name}: {} {:?}", path.display(), written.err());
            }
        }
        println!("{name}: {runs} runs in {} s from {} seeds, {found} broken or slow", started.elapsed().as_secs(), seeds.len());
        broken += found;
    }
    ExitCode::from(u8::from(broken > 0))
}
