//! Kill -9 at random moments of `add`, `review` and `backup`: nothing that was acknowledged is lost, nothing
//! derived is wrong. Fifty times here; `benchsuite/kill9.sh` does it a thousand times.
//!
//! A kill tells something where it meets the work: it waits until the work has begun (the archive is locked, a
//! decision was acknowledged, the copy is being written), then for a random part of the time that the work takes, which
//! is learned from the runs that ended before their kill. One in eight comes before that, at any time from the start.

#![cfg(unix)]
#![expect(clippy::print_stdout, reason = "what was killed where is told, for the dated results of long runs")]
#![expect(
    clippy::disallowed_methods,
    reason = "the moments of the kills are spread over the time that work takes"
)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use shiliu_archive::store::{Archive, Draft, EntryFilter, EntrySort, Paging, RecordFilter, RecordSort};
use shiliu_ledger::register::{Act, Stamp};

fn shiliu(archive: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shiliu"));
    command.args(arguments).args(["--archive", archive]).env("SHILIU_USER", "crash");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn done(archive: &str, arguments: &[&str]) -> String {
    let output = shiliu(archive, arguments).output().unwrap();
    let talk = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {talk}");
    String::from_utf8(output.stdout).unwrap()
}

/// A page of our own making that promises something, another thing in each round.
fn page(folder: &Path, number: usize, round: usize) {
    let text = format!(
        "望澜日报\n2031年7月{}日 第{}版\n\n# 第{number}号渡口动工\n\n本报讯 云方宣布，将在2033年底前建成第{number}号渡口，并向桐方提供{}个培训名额。\n",
        number % 28 + 1,
        number % 8 + 1,
        number * 10 + round * 1000,
    );
    fs::write(folder.join(format!("{number:04}.txt")), text).unwrap();
}

/// Numbers that look random and are the same at every run.
struct Lot(u64);

impl Lot {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }

    fn part_of(&mut self, time: Duration) -> Duration {
        Duration::from_micros(self.below(u64::try_from(time.as_micros()).unwrap_or(u64::MAX)))
    }
}

/// How a process is seen to be at work.
enum Work {
    /// It holds the lock of the archive, a file with this number.
    Lock(u64),
    /// It acknowledged a decision.
    Decisions,
    /// This file is there.
    Partial(PathBuf),
}

/// A verb under kills.
struct Verb {
    name: &'static str,
    work: Work,
    /// Time from the start until it is at work, and from then to its end.
    start: Duration,
    length: Duration,
    kills: usize,
    /// Kills that met it at work, before, and after it had ended.
    met: [usize; 3],
    /// Of those that met it at work: while it held the lock of the archive.
    writing: usize,
}

/// Whether a process holds a lock on the file of this number, as the system tells; where it does not, that is not known.
fn holds_lock(process: u32, file: u64) -> bool {
    let Ok(locks) = fs::read_to_string("/proc/locks") else { return false };
    let (process, file) = (process.to_string(), format!(":{file}"));
    locks.lines().any(|line| {
        let mut words = line.split_ascii_whitespace().filter(|word| *word != "->");
        words.nth(4) == Some(process.as_str()) && words.next().is_some_and(|place| place.ends_with(&file))
    })
}

/// Lines by which a process acknowledged events, as they come.
#[derive(Clone, Default)]
struct Acknowledged(Arc<Mutex<Vec<i64>>>);

impl Acknowledged {
    fn all(&self) -> Vec<i64> {
        self.0.lock().unwrap().clone()
    }

    /// A line that was cut off acknowledges nothing.
    fn read(&self, line: &str) {
        let number =
            line.strip_prefix("event ").and_then(|rest| rest.split_once(": ")).map(|(number, _)| number);
        self.0.lock().unwrap().extend(number.and_then(|number| number.parse::<i64>().ok()));
    }
}

impl Verb {
    fn new(name: &'static str, work: Work) -> Verb {
        let (start, length) = (Duration::from_millis(50), Duration::from_millis(300));
        Verb { name, work, start, length, kills: 0, met: [0; 3], writing: 0 }
    }

    fn at_work(&self, child: &Child, said: &Acknowledged) -> bool {
        match &self.work {
            Work::Lock(file) => holds_lock(child.id(), *file),
            Work::Decisions => !said.all().is_empty(),
            Work::Partial(file) => file.exists(),
        }
    }

    /// Runs a command and kills it at a random moment; gives the numbers of the events that it acknowledged.
    fn kill(&mut self, mut command: Command, input: &str, lock: u64, lot: &mut Lot) -> Vec<i64> {
        self.kills += 1;
        let begun = Instant::now();
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        let writer = std::thread::spawn(move || {
            let _ = stdin.write_all(input.as_bytes());
        });
        let stdout = child.stdout.take().unwrap();
        let drain = std::thread::spawn(move || BufReader::new(stdout).lines().map_while(Result::ok).count());
        let (stderr, said) = (child.stderr.take().unwrap(), Acknowledged::default());
        let heard = said.clone();
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
                heard.read(&String::from_utf8_lossy(&line));
            }
        });
        let wait_until = |moment: Duration| {
            if let Some(rest) = moment.checked_sub(begun.elapsed()) {
                std::thread::sleep(rest);
            }
        };
        let mut ended = None;
        if lot.below(8) == 0 {
            wait_until(lot.part_of(self.start));
        } else {
            while !self.at_work(&child, &said) && ended.is_none() {
                ended = child.try_wait().unwrap();
                std::thread::sleep(Duration::from_micros(300));
            }
            let at_work = begun.elapsed();
            let moment = at_work + lot.part_of(self.length);
            while begun.elapsed() < moment && ended.is_none() {
                ended = child.try_wait().unwrap();
                wait_until(moment.min(begun.elapsed() + Duration::from_millis(1)));
            }
            self.start = at_work;
            // The time that the work takes is met from both sides.
            self.length = match ended {
                Some(_) => (begun.elapsed() - at_work).max(Duration::from_millis(2)),
                None => self.length * 16 / 15,
            };
        }
        // Held still, it is asked what it was doing; this is the moment at which it dies.
        let hold = format!("kill -STOP {} 2>/dev/null", child.id());
        let _ = Command::new("sh").args(["-c", &hold]).status();
        ended = ended.or(child.try_wait().unwrap());
        let place = match ended {
            Some(_) => 2,
            None => usize::from(!self.at_work(&child, &said)),
        };
        self.met[place] += 1;
        self.writing += usize::from(place == 0 && holds_lock(child.id(), lock));
        let _ = child.kill();
        child.wait().unwrap();
        let _ = (writer.join(), drain.join(), reader.join());
        said.all()
    }

    fn told(&self) -> String {
        let [at_work, before, after] = self.met;
        let Verb { name, kills, writing, .. } = self;
        format!(
            "{name} {kills}: {at_work} at work ({writing} with the lock held), {before} before, {after} after"
        )
    }
}

/// Everything that is derived, and the register's rows.
fn state(archive: &Archive) -> String {
    let reader = archive.reader().unwrap();
    let every = EntryFilter { taken_back: true, ..EntryFilter::default() };
    let records = reader
        .records(&RecordFilter::default(), RecordSort::Place, Paging { offset: 0, limit: 10_000 })
        .unwrap();
    let pages = reader.pages(None, Paging { offset: 0, limit: 10_000 }).unwrap();
    let rows = reader.all_entries(&every, EntrySort::Key).unwrap();
    let overview = reader.overview().unwrap().counts;
    format!("{overview:?}\n{records:?}\n{pages:?}\n{rows:?}")
}

#[test]
fn kill_9_loses_nothing_that_was_acknowledged() {
    /// Pages that are written anew, one a round.
    const CHANGING: usize = 12;
    let times: usize = std::env::var("SHILIU_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(50);
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("archive").to_string_lossy().into_owned();
    let pages = folder.path().join("pages");
    fs::create_dir(&pages).unwrap();
    (1..=4 + CHANGING).for_each(|number| page(&pages, number, 0));
    let made = Command::new(env!("CARGO_BIN_EXE_shiliu"))
        .args(["init", &name, "--profile", "lanhai"])
        .output()
        .unwrap();
    assert!(made.status.success());
    let pages_text = pages.to_string_lossy().into_owned();
    done(&name, &["add", &pages_text]);
    let archive = Archive::open(Path::new(&name)).unwrap();
    let lock = fs::metadata(folder.path().join("archive/shiliu.lock")).unwrap().ino();
    let keys = "y\nu\nn\nu\nh\nu\n".repeat(8);

    let mut lot = Lot(20_311_121);
    let target = folder.path().join("backup.db");
    let partial = folder.path().join("backup.db.part");
    let mut add = Verb::new("add", Work::Lock(lock));
    let mut review = Verb::new("review", Work::Decisions);
    let mut backup = Verb::new("backup", Work::Partial(partial.clone()));
    let (mut last, mut acknowledged, mut whole_backups) = (0, 0, 0);
    for round in 0..times {
        let events = match round % 3 {
            0 => {
                page(&pages, 5 + round / 3 % CHANGING, round + 1);
                add.kill(shiliu(&name, &["add", &pages_text]), "", lock, &mut lot)
            }
            1 => review.kill(shiliu(&name, &["review", "--kind", "record"]), &keys, lock, &mut lot),
            _ => {
                let text = target.to_string_lossy().into_owned();
                backup.kill(shiliu(&name, &["backup", &text]), "", lock, &mut lot);
                // A backup is there whole or not at all.
                if target.exists() {
                    whole_backups += 1;
                    let restored = folder.path().join("restored");
                    let copy = Archive::restore(&target, &restored).unwrap();
                    assert!(copy.doctor().unwrap().checks.iter().all(is_well), "round {round}: the backup");
                    assert_eq!(
                        copy.reader().unwrap().register_head().unwrap(),
                        archive.reader().unwrap().register_head().unwrap()
                    );
                    drop(copy);
                    fs::remove_dir_all(restored).unwrap();
                    fs::remove_file(&target).unwrap();
                }
                let _ = fs::remove_file(&partial);
                Vec::new()
            }
        };
        // The events go on from those of the last round without a gap, and none that was acknowledged is missing.
        let kept = archive.reader().unwrap().register_events(last, None).unwrap();
        let numbers: Vec<i64> = kept.iter().map(|event| event.number).collect();
        assert!(
            (last + 1..).zip(&numbers).all(|(a, b)| a == *b),
            "round {round}: the events are not in order"
        );
        let lost: Vec<&i64> = events.iter().filter(|event| !numbers.contains(event)).collect();
        assert!(lost.is_empty(), "round {round}: {lost:?} were acknowledged and are lost");
        acknowledged += events.len();
        last += i64::try_from(numbers.len()).unwrap();
        // What was decided last is taken back, so that there is always something to decide.
        if let Some(event) = kept.last().filter(|event| event.verb != "undo") {
            let stamp = Stamp {
                who: "crash".into(),
                when: event.stamp.when.clone(),
                via: "api".into(),
                why: String::new(),
            };
            let act = Act::Undo { event: event.number };
            last = archive
                .writer()
                .unwrap()
                .keep(Draft { stamp, subject: None, item: None, act })
                .unwrap()
                .number;
        }
        if round % 20 == 19 {
            let health = archive.doctor().unwrap();
            assert!(health.checks.iter().all(is_well), "round {round}: {health:?}");
        }
    }
    // What was interrupted goes on, and all that is derived is what a reading from the beginning gives.
    done(&name, &["add", &pages_text]);
    done(&name, &["doctor"]);
    done(&name, &["verify", "--quiet"]);
    let after = state(&archive);
    done(&name, &["add", "--reread", &pages_text]);
    done(&name, &["doctor", "--rebuild"]);
    assert_eq!(after, state(&archive));
    println!("{times} kills: {}; {}; {} ({whole_backups} whole)", add.told(), review.told(), backup.told());
    println!("{last} events kept, {acknowledged} acknowledged, none lost");
    // How many kills meet the work is a matter of time: only of many can something be asked.
    if times >= 300 && Path::new("/proc/locks").exists() {
        for verb in [&add, &review, &backup] {
            assert!(verb.met[0] * 4 >= verb.kills, "too few kills met the work: {}", verb.told());
        }
    }
}

/// Nothing is wrong but that a reading was interrupted.
fn is_well(check: &shiliu_archive::store::Check) -> bool {
    check.name == "unread" || check.problems.is_empty()
}
