//! The scale of the register: makes an archive of very many pages and entries, and asks a server on loopback as
//! readers and reviewers do.
//!
//! `… --bin load -- make ARCHIVE PAGES`, `python3 benchsuite/load/replicate.py ARCHIVE BLOCKS` (the same rows again
//! under other names), `… --bin load -- enter ARCHIVE ENTRIES`; then `shiliu serve --archive ARCHIVE --port 7399` and
//! `… --bin load -- run http://127.0.0.1:7399/enter/TOKEN SECONDS [PID]` with the one-time address that it prints.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use shiliu_archive::store::{
    AddOptions, Archive, Draft, EntryFilter, ItemFilter, ItemKind, PageRef, Paging, Reader,
};
use shiliu_lang::{Pack, Profile, builtin};
use shiliu_ledger::register::{Act, Detail, Details, Source, Stamp};
use shiliu_text::Span;

/// Before the acts of the run: a clock that goes back is refused.
const WHEN: &str = "2026-01-05T08:00:00Z";
/// Readers and reviewers at once.
const READERS: u64 = 50;
const REVIEWERS: u64 = 5;
/// How long a reader looks at a screen before the next one, and a reviewer at an item: 500 to 1500 ms. People take
/// several times as long.
const LOOK: (u64, u64) = (500, 1000);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["make", archive, pages] => make(Path::new(archive), pages.parse()?),
        ["enter", archive, entries] => enter(&Archive::open(Path::new(archive))?, entries.parse()?),
        ["run", address, seconds] => run(address, seconds.parse()?, None),
        ["run", address, seconds, pid] => run(address, seconds.parse()?, Some(pid)),
        _ => bail!("load make ARCHIVE PAGES | load enter ARCHIVE ENTRIES | load run ADDRESS SECONDS [PID]"),
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
        // The code of the first block, which copies of it replace.
        .replace("{k}", words("blocks").first().copied().unwrap_or_default())
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
fn make(folder: &Path, pages: usize) -> Result<()> {
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
    Ok(())
}

fn stamp() -> Stamp {
    Stamp { who: "load".into(), when: WHEN.into(), via: "api".into(), why: String::new() }
}

/// Fills the register: a hundredth from records that are candidates (the others wait for reviewers), then sentences that
/// are selected on the pages.
#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
#[expect(clippy::disallowed_methods, reason = "timing is what this program is for")]
fn enter(archive: &Archive, entries: usize) -> Result<()> {
    const AT_ONCE: u32 = 500;
    let begun = Instant::now();
    // Rows that were replicated are not in the queue, in the numbers and in the index of words yet.
    archive.writer()?.project_register()?;
    println!("lists made ready: {:.0} s", begun.elapsed().as_secs_f64());
    let every = EntryFilter { taken_back: true, ..EntryFilter::default() };
    let mut made = usize::try_from(archive.reader()?.count_entries(&every)?)?;
    let from_records = entries / 100;
    while made < from_records {
        let reader = archive.reader()?;
        let filter = ItemFilter { kinds: vec![ItemKind::Candidate], ..ItemFilter::default() };
        let found = reader.queue(&filter, Paging { offset: 0, limit: AT_ONCE })?;
        let mut drafts = Vec::new();
        for item in found.rows.iter().take(from_records - made) {
            let record = item.key.trim_start_matches("record:");
            let Some(suggestion) = reader.suggestion(record)? else { continue };
            let act = Act::Enter {
                details: suggestion.details,
                grounds: suggestion.grounds,
                source: Source::Record(suggestion.record),
            };
            drafts.push(Draft { stamp: stamp(), subject: None, item: Some(item.key.clone()), act });
        }
        drop(reader);
        if drafts.is_empty() {
            break;
        }
        made += drafts.len();
        archive.writer()?.keep_all(drafts)?;
        println!("{made} entries, {:.0} s", begun.elapsed().as_secs_f64());
    }
    let mut from = 0;
    while made < entries {
        let reader = archive.reader()?;
        let pages = reader.pages(None, Paging { offset: from, limit: AT_ONCE })?.rows;
        let mut drafts = Vec::new();
        for page in pages.iter().take(entries - made) {
            drafts.extend(selected(&reader, &page.page, made + drafts.len())?);
        }
        from += AT_ONCE;
        drop(reader);
        if drafts.is_empty() {
            break;
        }
        made += drafts.len();
        archive.writer()?.keep_all(drafts)?;
        println!("{made} entries, {:.0} s", begun.elapsed().as_secs_f64());
    }
    let size = std::fs::metadata(archive.file())?.len();
    println!("{made} entries; shiliu.db: {} MiB", size >> 20);
    Ok(())
}

/// An entry made of the last line of a page, as a person would select it.
fn selected(reader: &Reader, page: &PageRef, number: usize) -> Result<Option<Draft>> {
    let Some(layer) = reader.layer(page.text)? else { return Ok(None) };
    let words = layer.text.trim_end().lines().last().unwrap_or_default();
    let start = layer.text.rfind(words).unwrap_or(0);
    let span = Span::new(start, start + words.len());
    let Some(ground) = reader.ground(page.text, Some(&page.path), &[span], None)? else { return Ok(None) };
    let states = self::words("states");
    let mut details = Details::default();
    details.set(Detail::Words, words);
    details.set(Detail::Actors, states[number % states.len()]);
    details.set(Detail::Recipients, states[(number + 1) % states.len()]);
    details.set(Detail::Due, &format!("{}-{:02}", 2031 + number % 9, number / 9 % 12 + 1));
    details.set(Detail::Said, page.date.as_deref().unwrap_or_default());
    details.set(Detail::Area, self::words("words")[number % 7]);
    let act = Act::Enter { details, grounds: vec![ground], source: Source::Selection };
    Ok(Some(Draft { stamp: stamp(), subject: None, item: None, act }))
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

fn post(address: &str, cookie: &str, path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {cookie}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// What readers look at, by name; `{n}`, `{p}` and `{f}` are numbers that change.
const SCREENS: &[(&str, &str)] = &[
    ("mechanism", "/"),
    ("desk", "/desk"),
    ("register", "/register?from={f}"),
    ("register due", "/register?sort=due&open=1"),
    ("register words", "/register?q={n}%E5%8F%B7"),
    ("register common", "/register?q=%E5%9F%B9%E8%AE%AD"),
    ("register owner", "/register?owner=-&by=2035-01-01&sort=due"),
    ("register party", "/register?party=%E6%B1%90&sort=origins"),
    ("register area", "/register?area=%E6%A1%A5%E6%A2%81&sort=latest"),
    ("entry", "/e/C-{n}"),
    ("wall", "/wall"),
    ("review", "/review"),
    ("review item", "/review/item?kind=record"),
    ("review join", "/review/item?kind=join"),
    ("review list", "/review/list?kind=reading"),
    ("review second", "/review/item?sight=second"),
    ("review link", "/review/item?kind=link"),
    ("briefs", "/briefs"),
    ("checks", "/checks"),
    ("letters", "/letters"),
    ("history", "/history"),
    ("ledger", "/ledger"),
    ("ledger kind", "/ledger?kind=commitment&from={f}"),
    ("ledger facet", "/ledger?kind=commitment&actors=%E6%B1%90"),
    ("ledger words", "/ledger?q=%E6%A3%A0%E8%88%9F{p}%E5%8F%B7"),
    ("ledger common", "/ledger?q=%E5%9F%B9%E8%AE%AD%E5%90%8D%E9%A2%9D"),
    ("ledger days", "/ledger?kind=commitment&after=2030-01-01&sort=deadline"),
    ("pairs", "/pairs"),
    ("stories", "/stories?from={f}"),
    ("stories printed", "/stories?printings=2"),
    ("stories words", "/stories?q=%E7%81%AF%E5%A1%94"),
    ("timeline", "/timeline"),
    ("figures", "/figures"),
    ("people", "/people"),
    ("library", "/library"),
    ("library pages", "/library?all=1&from={f}"),
    ("try", "/try"),
    ("search", "/search?q=%E6%A3%A0%E8%88%9F{p}%E5%8F%B7"),
    ("search common", "/search?q=%E5%9F%B9%E8%AE%AD%E5%90%8D%E9%A2%9D"),
    ("search two words", "/search?q=%E7%81%AF%E5%A1%94+%E6%9F%B3%E6%B9%BE"),
];

/// Opens the one-time address; gives the cookie.
fn come_in(address: &str, entrance: &str) -> Result<String> {
    if entrance.len() < 2 {
        return Ok(String::new());
    }
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(get(address, entrance).as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let line = text.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    line.and_then(|line| line.split(';').next()).map(str::to_owned).context("the address let nobody in")
}

type Times = Mutex<Vec<(&'static str, u16, Duration)>>;

/// A value in a screen's form.
fn field<'s>(screen: &'s str, name: &str) -> Option<&'s str> {
    screen.split(&format!("name=\"{name}\" value=\"")).nth(1)?.split('"').next()
}

/// An address for another person, as whoever came in may ask for.
fn invited(address: &str, cookie: &str, token: &str, who: &str) -> Result<String> {
    let body = format!("token={token}&who={who}");
    let (_, screen, _) = ask(address, &post(address, cookie, "/invite", &body))?;
    let path = screen.split(&format!("http://{address}")).nth(1).and_then(|rest| rest.split('<').next());
    come_in(address, path.context("nobody was invited")?)
}

/// Numbers that look random.
struct Lot(u64);

impl Lot {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }

    fn look(&mut self) {
        std::thread::sleep(Duration::from_millis(LOOK.0 + self.below(LOOK.1)));
    }
}

/// One person at the server.
struct Sitting<'r> {
    address: &'r str,
    screens: &'r [(&'static str, String)],
    times: &'r Times,
    refused: &'r Mutex<Vec<String>>,
    stop: &'r AtomicBool,
}

impl Sitting<'_> {
    fn ask(&self, name: &'static str, request: &str) -> Option<String> {
        let (status, body, took) = ask(self.address, request).ok()?;
        if !matches!(status, 200 | 303)
            && let Ok(mut refused) = self.refused.lock()
        {
            refused.push(format!("{name}: {}", body.chars().take(2000).collect::<String>()));
        }
        if let Ok(mut times) = self.times.lock() {
            times.push((name, status, took));
        }
        Some(body)
    }

    /// Looks at one screen after the other, in no order.
    fn read(&self, reader: u64) {
        let mut lot = Lot(reader + 1);
        // Readers do not begin in step.
        std::thread::sleep(Duration::from_millis(lot.below(LOOK.0 + LOOK.1)));
        while !self.stop.load(Ordering::Relaxed) {
            let place = usize::try_from(lot.below(self.screens.len() as u64)).unwrap_or(0);
            let (name, path) = &self.screens[place];
            let number = lot.below(90_000) + 1;
            let path = path
                .replace("{n}", &format!("{number:04}"))
                .replace("{p}", &(number % 2000).to_string())
                .replace("{f}", &(number / 50 * 50).to_string());
            self.ask(name, &get(self.address, &path));
            lot.look();
        }
    }

    /// Decides one item after the other and keeps a note now and then.
    fn review(&self, reviewer: u64, cookie: &str, token: &str) {
        let mut lot = Lot(1000 + reviewer);
        while !self.stop.load(Ordering::Relaxed) {
            lot.look();
            // Reviewers do not look at the same item.
            let skip = reviewer * 40 + lot.below(20);
            let Some(screen) =
                self.ask("review item", &get(self.address, &format!("/review/item?kind=record&skip={skip}")))
            else {
                continue;
            };
            let Some(item) = field(&screen, "item") else { continue };
            lot.look();
            let verdict = ["accept", "reject", "unsure"][usize::try_from(lot.below(3)).unwrap_or(0)];
            let body = format!("token={token}&item={item}&verdict={verdict}&back=/review/item");
            self.ask("decide", &post(self.address, cookie, "/decide", &body));
            let key = lot.below(90_000) + 1;
            let body = format!("token={token}&verb=note&entry=C-{key:04}&text=turn&back=/register");
            self.ask("keep a note", &post(self.address, cookie, "/act", &body));
        }
    }
}

/// Prints the times of requests by name, of all searches, and of everything.
#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
#[expect(clippy::cast_precision_loss, reason = "times of a few seconds")]
fn tell(times: &[(&'static str, u16, Duration)]) {
    let tell = |name: &str, known: &dyn Fn(&str) -> bool| {
        let own = times.iter().filter(|(name, ..)| known(name));
        let odd = own.clone().filter(|(_, status, _)| !matches!(status, 200 | 303)).count();
        let mut own: Vec<u128> = own.map(|(.., took)| took.as_micros()).collect();
        own.sort_unstable();
        let at = |part: usize| own.get((own.len() * part).div_ceil(100).max(1) - 1).copied().unwrap_or(0);
        println!(
            "{name:<18} n {:>5}  p50 {:>7.1} ms  p95 {:>7.1} ms  most {:>7.1} ms  not ok {odd}",
            own.len(),
            at(50) as f64 / 1e3,
            at(95) as f64 / 1e3,
            own.last().copied().unwrap_or(0) as f64 / 1e3
        );
        at(95)
    };
    let names = SCREENS.iter().map(|(name, _)| *name).chain(["story", "page", "decide", "keep a note"]);
    let worst = names.map(|name| (tell(name, &|known| known == name), name)).max();
    tell("every search", &|name| name.starts_with("search"));
    tell("every screen", &|_| true);
    if let Some((worst, name)) = worst {
        println!("the slowest screen by p95: {name}, {:.1} ms", worst as f64 / 1e3);
    }
}

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
#[expect(clippy::cast_precision_loss, reason = "times of a few seconds")]
fn run(given: &str, seconds: u64, pid: Option<&str>) -> Result<()> {
    let bare = given.strip_prefix("http://").unwrap_or(given);
    let (address, entrance) = bare.split_at(bare.find('/').unwrap_or(bare.len()));
    if !address.starts_with("127.0.0.1:") {
        bail!("{address}: this program asks loopback only");
    }
    let cookie = come_in(address, entrance)?;
    let (_, first, _) = ask(address, &get(address, "/review/item?kind=record"))?;
    let token = field(&first, "token").unwrap_or_default().to_owned();
    let mut screens: Vec<(&'static str, String)> =
        SCREENS.iter().map(|(name, path)| (*name, (*path).to_owned())).collect();
    for (name, list, link) in [("story", "/stories?printings=2", "/s/"), ("page", "/library?all=1", "/p/")] {
        let (_, body, _) = ask(address, &get(address, list))?;
        let found = body.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
        let found = found.filter(|address| address.starts_with(link)).take(4);
        screens.extend(found.map(|path| (name, path.replace("&amp;", "&"))));
    }
    let mut reviewers = Vec::new();
    for reviewer in 1..=REVIEWERS {
        reviewers.push(invited(address, &cookie, &token, &format!("reviewer-{reviewer}"))?);
    }
    let (times, refused, stop) = (Times::default(), Mutex::default(), AtomicBool::new(false));
    let sitting = Sitting { address, screens: &screens, times: &times, refused: &refused, stop: &stop };
    std::thread::scope(|scope| {
        let (sitting, token) = (&sitting, &token);
        for reader in 0..READERS {
            scope.spawn(move || sitting.read(reader));
        }
        for (reviewer, cookie) in (0..).zip(&reviewers) {
            scope.spawn(move || sitting.review(reviewer, cookie, token));
        }
        std::thread::sleep(Duration::from_secs(seconds));
        stop.store(true, Ordering::Relaxed);
    });
    let times = times.into_inner().unwrap_or_default();
    println!(
        "{READERS} readers who look {} to {} ms at a screen, {REVIEWERS} reviewers who decide as fast, {seconds} s: {} requests, {:.1} a second",
        LOOK.0,
        LOOK.0 + LOOK.1,
        times.len(),
        times.len() as f64 / seconds as f64
    );
    tell(&times);
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
