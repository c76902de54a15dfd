//! Times every reader beside its bare parser: the same bytes, in turn, processor time of this thread, the least of
//! several rounds.
//!
//! `cargo run --release -p shiliu-benchsuite --bin read_speed [-- [--rounds N] [--seed N] [-o DIR] [--dump FILE] [PATH...]]`
//!
//! Without a path: pages of the page maker in every format and three sizes, and the same lines written with an element
//! a word or a character (`pages::wide`). *Bare* is a walk that makes nothing: every event of `quick_xml` with its
//! attributes; for PDF `hayro_syntax` over the file, the content unpacked, its operators and the parts of what they
//! show. *Reader* is `shiliu_press::read`: encoding, hashes, characters, lines in their order, diagnostics. `-o` writes
//! the files, `--dump` what was read of them, to compare two builds; `--read` and `--parse` do only one, to profile.
#![expect(clippy::print_stdout, reason = "the times are what this program is for")]

use std::hint::black_box;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use flate2::bufread::ZlibDecoder;
use hayro_syntax::Pdf;
use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Object, Stream};
use quick_xml::Reader;
use quick_xml::events::Event;
use shiliu_benchsuite::grammar::Grammar;
use shiliu_benchsuite::pages::{Form, MadePage, WIDE, make_set};
use shiliu_lang::Pack;
use shiliu_press::{PageKey, read};

const USAGE: &str = "read_speed [--rounds N] [--seed N] [-o DIR] [--dump FILE] [--read | --parse] [PATH...]";

/// Made pages in a file: one, some tenths of a megabyte, some megabytes.
const SIZES: [(&str, usize); 3] = [("page", 1), ("issue", 30), ("volume", 300)];
/// Wider files than of so many pages are not made: they have hundreds of megabytes.
const WIDEST: usize = 30;
/// How long a round should take, in seconds: the clock of a thread moves some milliseconds at a time.
const ROUND: f64 = 0.06;
const FORMS: [(&str, Option<Form>); 6] = [
    ("text.txt", None),
    ("markdown.md", None),
    ("html.html", Some(Form::Html)),
    ("alto.xml", Some(Form::Alto)),
    ("page.xml", Some(Form::PageXml)),
    ("hocr.hocr", Some(Form::Hocr)),
];

/// Seconds that this thread was at work; the clock where the system does not tell.
#[expect(clippy::disallowed_methods, reason = "timing is what this program is for")]
fn spent(start: Instant) -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split(' ').next().and_then(|text| text.parse::<f64>().ok());
    nanoseconds.map_or_else(|| Instant::now().duration_since(start).as_secs_f64(), |number| number / 1e9)
}

/// Events and attributes of marked-up bytes.
fn walk_markup(bytes: &[u8]) -> Result<usize> {
    let mut reader = Reader::from_reader(bytes);
    reader.config_mut().check_end_names = false;
    let mut seen = 0;
    loop {
        match reader.read_event()? {
            Event::Start(tag) | Event::Empty(tag) => {
                seen += tag.name().as_ref().len();
                for attribute in tag.html_attributes().with_checks(false) {
                    seen += attribute?.value.len();
                }
            }
            Event::Text(text) => seen += text.len(),
            Event::Eof => return Ok(seen),
            _ => seen += 1,
        }
    }
}

/// Operators of all pages and the parts of what they show.
fn walk_pdf(bytes: &[u8]) -> Result<usize> {
    let Ok(pdf) = Pdf::new(bytes.to_vec()) else { bail!("no PDF") };
    let mut seen = 0;
    let mut content = Vec::new();
    for page in pdf.pages().iter() {
        content.clear();
        let dictionary = page.raw();
        let alone = dictionary.get::<Stream<'_>>("Contents");
        let several = dictionary.get::<Array<'_>>("Contents");
        let streams = several.iter().flat_map(Array::iter::<Stream<'_>>).chain(alone);
        for stream in streams {
            ZlibDecoder::new(&*stream.raw_data()).read_to_end(&mut content)?;
            content.push(b' ');
        }
        let mut operators = UntypedIter::new(&content);
        while let Some(operator) = operators.next() {
            seen += operator.operator.len();
            for operand in operator.operands() {
                match operand {
                    Object::Array(parts) => seen += parts.iter::<Object<'_>>().count(),
                    Object::String(text) => seen += text.as_bytes().len(),
                    _ => seen += 1,
                }
            }
        }
    }
    Ok(seen)
}

/// A walk over bytes that makes nothing of them but a number, so that it is not left out.
type Walk = fn(&[u8]) -> Result<usize>;

/// A file and what reads it without making anything of it.
struct Sample {
    name: String,
    bytes: Vec<u8>,
}

impl Sample {
    fn bare(&self) -> Option<Walk> {
        if self.bytes.starts_with(b"%PDF-") {
            return Some(walk_pdf);
        }
        self.bytes.trim_ascii_start().starts_with(b"<").then_some(walk_markup)
    }
}

/// Pages one behind the other as one page.
fn bound(pages: &[MadePage], count: usize) -> Option<MadePage> {
    let mut whole = pages.first()?.clone();
    for page in pages.iter().cycle().skip(1).take(count.saturating_sub(1)) {
        whole.chars.extend([('\n', None); 2]);
        whole.chars.extend(&page.chars);
    }
    Some(whole)
}

fn made(seed: u64) -> Vec<Sample> {
    let grammar = Grammar::chinese();
    let pages: Vec<MadePage> = (seed..seed + 12).flat_map(|seed| make_set(&grammar, seed).pages).collect();
    let mut samples = Vec::new();
    for (size, count) in SIZES {
        let Some(whole) = bound(&pages, count) else { continue };
        for (name, form) in FORMS {
            let text = form.map_or_else(|| whole.text(), |form| whole.form(form));
            samples.push(Sample { name: format!("{size}-{name}"), bytes: text.into_bytes() });
        }
        let lines = whole.printed_lines();
        for (name, way) in WIDE {
            let ending = match name.split('-').next() {
                Some("pdf") => "pdf",
                Some("hocr") => "hocr",
                _ => "xml",
            };
            if count > WIDEST && ending != "pdf" {
                continue;
            }
            samples.push(Sample { name: format!("{size}-{name}.{ending}"), bytes: way.write(&lines) });
        }
    }
    samples
}

fn given(path: &Path, samples: &mut Vec<Sample>) -> Result<()> {
    if path.is_dir() {
        let mut inner: Vec<PathBuf> = std::fs::read_dir(path)?.flatten().map(|entry| entry.path()).collect();
        inner.sort();
        return inner.iter().try_for_each(|path| given(path, samples));
    }
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    samples.push(Sample { name: path.display().to_string(), bytes });
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "timing is what this program is for")]
fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (mut rounds, mut seed, mut out, mut dump) = (5, 1, None, None);
    let (mut reads, mut parses) = (true, true);
    let mut samples = Vec::new();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().context(USAGE);
        match argument.as_str() {
            "--rounds" => rounds = value()?.parse()?,
            "--seed" => seed = value()?.parse()?,
            "-o" => out = Some(PathBuf::from(value()?)),
            "--dump" => dump = Some(value()?),
            "--read" => parses = false,
            "--parse" => reads = false,
            path if !path.starts_with('-') => given(path.as_ref(), &mut samples)?,
            _ => bail!("unknown option {argument}\n{USAGE}"),
        }
    }
    if samples.is_empty() {
        samples = made(seed);
    }
    if let Some(folder) = &out {
        std::fs::create_dir_all(folder)?;
        samples.iter().try_for_each(|sample| std::fs::write(folder.join(&sample.name), &sample.bytes))?;
    }
    let mut dump = dump.map(std::fs::File::create).transpose()?.map(std::io::BufWriter::new);
    // The readers use no rows.
    let pack = Pack::load(&[]).value;
    let start = Instant::now();
    println!("{:<26} {:>11} {:>12} {:>12} {:>7}", "file", "bytes", "bare MB/s", "reader MB/s", "ratio");
    for sample in &samples {
        let key = PageKey { path: sample.name.clone(), ..PageKey::default() };
        if let Some(dump) = &mut dump {
            writeln!(dump, "{} {:#?}", sample.name, read(&sample.bytes, &key, &pack))?;
        }
        let bare = sample.bare().filter(|_| parses);
        // A short file is read several times a round.
        let before = Instant::now();
        match bare {
            Some(walk) => drop(black_box(walk(&sample.bytes))),
            None => drop(black_box(read(&sample.bytes, &key, &pack))),
        }
        let once = before.elapsed().as_secs_f64();
        let times = (ROUND / once.max(1e-6)).ceil().clamp(1.0, 10_000.0) as u32;
        let (mut parsing, mut reading) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..rounds {
            let before = spent(start);
            if let Some(walk) = bare {
                for _ in 0..times {
                    black_box(walk(&sample.bytes).with_context(|| sample.name.clone())?);
                }
            }
            let between = spent(start);
            if reads {
                (0..times).for_each(|_| drop(black_box(read(&sample.bytes, &key, &pack))));
            }
            parsing = parsing.min(between - before);
            reading = reading.min(spent(start) - between);
        }
        #[expect(clippy::cast_precision_loss, reason = "megabytes for people")]
        let megabytes = sample.bytes.len() as f64 * f64::from(times) / 1e6;
        let speed = |seconds: f64| format!("{:.1}", megabytes / seconds);
        println!(
            "{:<26} {:>11} {:>12} {:>12} {:>7}",
            sample.name,
            sample.bytes.len(),
            bare.map_or_else(String::new, |_| speed(parsing)),
            if reads { speed(reading) } else { String::new() },
            bare.filter(|_| reads).map_or_else(String::new, |_| format!("{:.2}", reading / parsing)),
        );
    }
    Ok(())
}
