//! Times bytes → pages → articles on given pages in processor time, one thread, page by page; `--dump` writes what
//! was found, to compare two builds.
//!
//!     cargo run --release -p shiliu-press --example speed -- [--rounds N] [--dump FILE] PATH...
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for developers")]

use std::io::Write;
use std::path::{Path, PathBuf};

use shiliu_lang::{Pack, builtin};
use shiliu_press::{PageKey, Segmenter, read};

/// Seconds of processor time of this process.
fn spent() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    let nanoseconds: u64 = stat.split(' ').next().unwrap().parse().unwrap();
    #[allow(clippy::cast_precision_loss, reason = "seconds for people")]
    let seconds = nanoseconds as f64 / 1e9;
    seconds
}

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut inner: Vec<PathBuf> =
            std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inner.sort();
        inner.iter().for_each(|path| files(path, found));
    } else {
        found.push(path.to_owned());
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (mut rounds, mut dump, mut found) = (1, None, Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rounds" => rounds = arguments.next().unwrap().parse().unwrap(),
            "--dump" => dump = arguments.next(),
            path => files(Path::new(path), &mut found),
        }
    }
    let start = spent();
    let pack = Pack::load(builtin()).value;
    println!("rules          {:>8.3} s", spent() - start);
    let inputs: Vec<(PageKey, Vec<u8>)> = found
        .iter()
        .map(|path| {
            let key = PageKey { path: path.display().to_string(), ..PageKey::default() };
            (key, std::fs::read(path).unwrap())
        })
        .collect();
    let size: usize = inputs.iter().map(|(_, bytes)| bytes.len()).sum();
    let segmenter = Segmenter::new(&pack);
    let mut out = dump.map(|path| std::io::BufWriter::new(std::fs::File::create(path).unwrap()));
    let (mut reading, mut cutting, mut joining) = (f64::MAX, f64::MAX, f64::MAX);
    for round in 0..=rounds {
        let (mut read_in, mut cut_in, mut joined_in, mut first) = (0.0, 0.0, 0.0, 0.0);
        for (key, bytes) in &inputs {
            let start = spent();
            let pages = read(bytes, key, &pack).value;
            let after_read = spent();
            let cut: Vec<_> =
                pages.iter().enumerate().map(|(index, page)| segmenter.page(index, page, &[])).collect();
            let after_cut = spent();
            let joined = segmenter.join(&pages, cut);
            read_in += after_read - start;
            cut_in += after_cut - after_read;
            joined_in += spent() - after_cut;
            if first == 0.0 {
                first = spent() - start;
            }
            if round == 0
                && let Some(out) = &mut out
            {
                writeln!(out, "{} {joined:#?}", key.path).unwrap();
            }
        }
        if round == 0 {
            println!("first page     {first:>8.3} s");
        } else {
            reading = f64::min(reading, read_in);
            cutting = f64::min(cutting, cut_in);
            joining = f64::min(joining, joined_in);
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "megabytes for people")]
    let megabytes = size as f64 / 1e6;
    println!("{} files, {megabytes:.3} MB", inputs.len());
    for (name, seconds) in
        [("read", reading), ("cut", cutting), ("join", joining), ("all", reading + cutting + joining)]
    {
        println!("{name:<14} {seconds:>8.3} s {:>8.2} MB/s", megabytes / seconds);
    }
}
