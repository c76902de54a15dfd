//! Times each stage per MB of page text: the given pages (default: the sample), repeated to a stated size.
//!
//! `cargo run --release -p shiliu-benchsuite --bin speed [-- PATH [MEGABYTES]]`

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use shiliu_archive::{Input, IntakeLimits, ReadOptions, Stage, intake, read_all};
use shiliu_lang::{Pack, Profile, builtin};
use shiliu_press::PageKey;
use shiliu_reprint::MemoryRuns;

#[expect(clippy::disallowed_methods, reason = "timing is what this program is for")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed())
}

#[expect(clippy::print_stdout, reason = "the times are what this program is for")]
#[expect(clippy::cast_precision_loss, reason = "sizes of a few megabytes")]
fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample/pages");
    let path = arguments.next().map_or(sample, PathBuf::from);
    let megabytes: usize = arguments.next().map_or(Ok(4), |text| text.parse())?;
    let (pack, loading) = timed(|| Pack::load(builtin()).value);
    println!("load of the language data: {:.1} ms", loading.as_secs_f64() * 1e3);
    let profile = Profile::load("china-central-asia", builtin()).value;
    let taken = intake::take(&[path], &IntakeLimits::default()).inputs;
    let mut inputs: Vec<Input> = Vec::new();
    let mut size = 0;
    for copy in 0.. {
        if size >= megabytes << 20 || taken.is_empty() {
            break;
        }
        for input in &taken {
            size += input.bytes.len();
            let key = PageKey { path: format!("{copy}/{}", input.key.path), ..input.key.clone() };
            inputs.push(Input { key, ..input.clone() });
        }
    }
    let megabytes = size as f64 / f64::from(1 << 20);
    println!("{} pages, {megabytes:.1} MiB, all cores", inputs.len());
    let mut before = Duration::ZERO;
    for until in Stage::ALL {
        let options = ReadOptions { until, ..ReadOptions::default() };
        let (reading, whole) =
            timed(|| read_all(&inputs, &mut MemoryRuns::default(), &pack, &profile, &options));
        drop(reading?);
        let stage = whole.saturating_sub(before);
        let seconds = stage.as_secs_f64();
        println!("{:<9} {seconds:>8.3} s {:>9.1} MiB/s", until.as_str(), megabytes / seconds.max(1e-9));
        before = before.max(whole);
    }
    Ok(())
}
