//! The scale of the register: makes an archive of very many pages and entries, and asks a server on loopback as
//! readers and reviewers do.
//!
//! `… --bin load -- make ARCHIVE PAGES ENTRIES` then `shiliu serve --archive ARCHIVE --port 7399` and
//! `… --bin load -- run 127.0.0.1:7399 SECONDS [PID]`

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use shiliu_archive::store::{AddOptions, Archive, Draft, ItemFilter, ItemKind, Paging};
use shiliu_lang::{Pack, Profile, builtin};
use shiliu_ledger::register::{Act, Source, Stamp};

const WHEN: &str = "2032-07-01T08:00:00Z";
/// Readers and reviewers at once.
const READERS: usize = 50;
const REVIEWERS: usize = 5;
/// How long a reader looks at a screen before the next one.
const LOOK: Duration = Duration::from_millis(900);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["make", archive, pages, entries] => make(Path::new(archive), pages.parse()?, entries.parse()?),
        ["run", address, seconds] => run(address, seconds.parse()?, None),
        ["run", address, seconds, pid] => run(address, seconds.parse()?, Some(pid)),
        _ => bail!("load make ARCHIVE PAGES ENTRIES | load run 127.0.0.1:PORT SECONDS [PID]"),
    }
}

/// Lines of the grammar under a heading.
fn words(section: &str) -> Vec<&'static str> {
    let rest = include_str!("../grammar/load.txt").split(&format!("%{section}\n")).nth(1).unwrap_or_default();
    rest.lines().take_while(|line| !line.starts_with('%')).filter(|line| !line.is_empty()).collect()
}

fn page(number: usize) -> String {
    let (things, places, states) = (words("words"), words("places"), words("states"));
    let template = template();
    let pick = |list: &[&'static str], by: usize| list[by % list.len()];
    let mixed = number.wrapping_mul(2_654_435_761) >> 7;
    template
        .replace("{n}", &number.to_string())
        .replace("{m}", &(mixed % 8999 + 100).to_string())
        .replace("{y}", &(2029 + number % 3).to_string())
        .replace("{o}", &(number / 3 % 12 + 1).to_string())
        .replace("{d}", &(number / 36 % 28 + 1).to_string())
        .replace("{p}", &(mixed % 16 + 1).to_string())
        .replace("{t}", &(2032 + mixed % 8).to_string())
        .replace("{a}", pick(&states, mixed))
        .replace("{b}", pick(&states, mixed + 1 + number % 4))
        .replace("{w}", pick(&things, mixed / 5))
        .replace("{v}", pick(&places, mixed / 50))
}

fn template() -> String {
    let text = include_str!("../grammar/load.txt");
    let body = text.split("%words").next().unwrap_or_default();
    body.lines()
        .skip_while(|line| line.starts_with("# Pages") || line.starts_with("# {a}"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
#[expect(clippy::disallowed_methods, reason = "timing is what this program is for")]
fn make(folder: &Path, pages: usize, entries: usize) -> Result<()> {
    let files = folder.with_extension("pages");
    std::fs::create_dir_all(&files)?;
    for number in 0..pages {
        let shelf = files.join(format!("{:03}", number / 1000));
        if number % 1000 == 0 {
            std::fs::create_dir_all(&shelf)?;
        }
        std::fs::write(shelf.join(format!("{number:06}.txt")), page(number))?;
    }
    let (pack, profile) = (Pack::load(builtin()).value, Profile::load("lanhai", builtin()).value);
    let archive = Archive::create(folder, "lanhai")?;
    let begun = Instant::now();
    let report = archive.writer()?.add(&[files], &pack, &profile, &AddOptions::at(WHEN))?;
    println!(
        "add: {} pages, {} records in {:.0} s",
        report.counts.pages,
        report.counts.records,
        begun.elapsed().as_secs_f64()
    );
    let begun = Instant::now();
    let mut made = 0;
    while made < entries {
        let reader = archive.reader()?;
        let filter = ItemFilter { kinds: vec![ItemKind::Candidate], ..ItemFilter::default() };
        let found = reader.queue(&filter, Paging { offset: 0, limit: 500 })?;
        let mut drafts = Vec::new();
        for item in found.rows.iter().take(entries - made) {
            let record = item.key.trim_start_matches("record:");
            let Some(suggestion) = reader.suggestion(record)? else { continue };
            let stamp =
                Stamp { who: "load".into(), when: WHEN.into(), via: "api".into(), why: String::new() };
            let act = Act::Enter {
                details: suggestion.details,
                grounds: suggestion.grounds,
                source: Source::Record(suggestion.record),
            };
            drafts.push(Draft { stamp, subject: None, item: Some(item.key.clone()), act });
        }
        drop(reader);
        if drafts.is_empty() {
            break;
        }
        made += drafts.len();
        archive.writer()?.keep_all(drafts)?;
    }
    println!("{made} entries in {:.0} s", begun.elapsed().as_secs_f64());
    let size = std::fs::metadata(archive.file())?.len();
    println!("shiliu.db: {} MiB", size >> 20);
    Ok(())
}

/// One request; gives the status, the body and how long it took.
#[expect(clippy::disallowed_methods, reason = "timing is what this program is for")]
fn ask(address: &str, request: &str) -> Result<(u16, String, Duration)> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let took = begun.elapsed();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.get(9..12).and_then(|code| code.parse().ok()).context("no answer")?;
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    Ok((status, body, took))
}

fn get(address: &str, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
}

fn post(address: &str, path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// What readers look at, by name; `{n}` is a number that changes.
const SCREENS: &[(&str, &str)] = &[
    ("mechanism", "/"),
    ("register", "/register?from={f}"),
    ("register due", "/register?sort=due&open=1"),
    ("register words", "/register?q={n}"),
    ("entry", "/e/C-{n}"),
    ("review", "/review"),
    ("review item", "/review/item?kind=record"),
    ("desk", "/desk"),
    ("ledger", "/ledger"),
    ("stories", "/stories"),
    ("library", "/library"),
    ("search", "/search?q={n}%E5%8F%B7"),
    ("search common", "/search?q=%E5%9F%B9%E8%AE%AD%E5%90%8D%E9%A2%9D"),
    ("search two words", "/search?q=%E7%81%AF%E5%A1%94+%E6%9F%B3%E6%B9%BE"),
];

type Times = Mutex<Vec<(&'static str, u16, Duration)>>;

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
#[expect(clippy::cast_precision_loss, reason = "times of a few seconds")]
fn run(address: &str, seconds: u64, pid: Option<&str>) -> Result<()> {
    if !address.starts_with("127.0.0.1:") {
        bail!("{address}: this program asks loopback only");
    }
    let (_, first, _) = ask(address, &get(address, "/review/item?kind=record"))?;
    let token = first
        .split("name=\"token\" value=\"")
        .nth(1)
        .and_then(|rest| rest.get(..64))
        .unwrap_or_default()
        .to_owned();
    let times: Times = Mutex::default();
    let stop = AtomicBool::new(false);
    let refused = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for reader in 0..READERS {
            let (times, stop) = (&times, &stop);
            scope.spawn(move || {
                let mut turn = reader;
                // Readers do not begin in step.
                std::thread::sleep(
                    LOOK * u32::try_from(reader).unwrap_or(0) / u32::try_from(READERS).unwrap_or(1),
                );
                while !stop.load(Ordering::Relaxed) {
                    let (name, path) = SCREENS[turn % SCREENS.len()];
                    let number = turn.wrapping_mul(7919) % 90_000 + 1;
                    let path = path
                        .replace("{n}", &format!("{number:04}"))
                        .replace("{f}", &(number / 50 * 50).to_string());
                    if let Ok((status, _, took)) = ask(address, &get(address, &path))
                        && let Ok(mut times) = times.lock()
                    {
                        times.push((name, status, took));
                    }
                    turn += 1;
                    std::thread::sleep(LOOK);
                }
            });
        }
        for reviewer in 0..REVIEWERS {
            let (times, stop, token, refused) = (&times, &stop, &token, &refused);
            scope.spawn(move || {
                let mut turn = 0;
                while !stop.load(Ordering::Relaxed) {
                    turn += 1;
                    let key = reviewer * 1000 + turn;
                    let body =
                        format!("token={token}&verb=note&entry=C-{key:04}&text=turn+{turn}&back=/register");
                    if let Ok((status, body, took)) = ask(address, &post(address, "/act", &body)) {
                        if status != 303
                            && let Ok(mut refused) = refused.lock()
                        {
                            refused.push(body.chars().take(2000).collect::<String>());
                        }
                        if let Ok(mut times) = times.lock() {
                            times.push(("keep a note", status, took));
                        }
                    }
                    std::thread::sleep(LOOK);
                }
            });
        }
        std::thread::sleep(Duration::from_secs(seconds));
        stop.store(true, Ordering::Relaxed);
    });
    let times = times.into_inner().unwrap_or_default();
    println!("{READERS} readers, {REVIEWERS} reviewers, {seconds} s, {} requests", times.len());
    let names = SCREENS.iter().map(|(name, _)| *name).chain(["keep a note"]);
    for name in names {
        let mut own: Vec<u128> =
            times.iter().filter(|(known, ..)| *known == name).map(|(.., took)| took.as_micros()).collect();
        own.sort_unstable();
        let odd =
            times.iter().filter(|(known, status, _)| *known == name && !matches!(status, 200 | 303)).count();
        let at = |part: usize| own.get(own.len() * part / 100).copied().unwrap_or(0);
        println!(
            "{name:<18} n {:>5}  p50 {:>7.1} ms  p95 {:>7.1} ms  most {:>7.1} ms  not ok {odd}",
            own.len(),
            at(50) as f64 / 1e3,
            at(95) as f64 / 1e3,
            own.last().copied().unwrap_or(0) as f64 / 1e3
        );
    }
    if let Some(words) = refused.into_inner().unwrap_or_default().first() {
        println!("the first refusal: {words}");
    }
    if let Some(pid) = pid {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        for line in status.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS")) {
            println!("{line}");
        }
    }
    Ok(())
}
