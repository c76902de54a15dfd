//! Kill -9 at random moments of `add`, `review` and `backup`: nothing that was acknowledged is lost, nothing
//! derived is wrong. Fifty times here; `benchsuite/kill9.sh` does it a thousand times.

#![expect(clippy::print_stdout, reason = "what was killed where is told, for the dated results of long runs")]
#![expect(
    clippy::disallowed_methods,
    reason = "the moments of the kills are spread over the time that work takes"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

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

/// A page of our own making that promises something.
fn page(folder: &Path, number: usize) {
    let text = format!(
        "望澜日报\n2031年7月{}日 第{}版\n\n# 第{number}号渡口动工\n\n本报讯 云方宣布，将在2033年底前建成第{number}号渡口，并向桐方提供{}个培训名额。\n",
        number % 28 + 1,
        number % 8 + 1,
        number * 10,
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
}

/// Runs a command and kills it after `delay`; gives the numbers of the events that it acknowledged, and whether it
/// was still running.
fn killed(mut command: Command, input: &str, delay: Duration) -> (Vec<i64>, bool) {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let stdout = child.stdout.take().unwrap();
    let drain = std::thread::spawn(move || BufReader::new(stdout).lines().map_while(Result::ok).count());
    let stderr = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut lines: Vec<String> = BufReader::new(stderr)
            .split(b'\n')
            .map_while(Result::ok)
            .map(|line| String::from_utf8_lossy(&line).into_owned())
            .collect();
        // A line that was cut off acknowledges nothing; the last one may be such a line.
        lines.retain(|line| line.starts_with("event ") && line.contains(": "));
        lines
    });
    std::thread::sleep(delay);
    let running = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    child.wait().unwrap();
    let _ = (writer.join(), drain.join());
    let said = reader.join().unwrap();
    let number = |line: &String| line.strip_prefix("event ")?.split(':').next()?.parse().ok();
    (said.iter().filter_map(number).collect(), running)
}

#[test]
fn kill_9_loses_nothing_that_was_acknowledged() {
    let times: usize = std::env::var("SHILIU_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(50);
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive").to_string_lossy().into_owned();
    let pages = folder.path().join("pages");
    fs::create_dir(&pages).unwrap();
    (1..=4).for_each(|number| page(&pages, number));
    let made = Command::new(env!("CARGO_BIN_EXE_shiliu"))
        .args(["init", &archive, "--profile", "lanhai"])
        .output()
        .unwrap();
    assert!(made.status.success());
    let pages_text = pages.to_string_lossy().into_owned();
    let keys = "y\nu\n".repeat(60);

    // How long each takes when nobody kills it.
    let timed = |work: &dyn Fn()| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    let add = timed(&|| drop(done(&archive, &["add", &pages_text])));
    let review = timed(&|| {
        let (events, _) =
            killed(shiliu(&archive, &["review", "--kind", "record"]), "y\nu\n", Duration::from_secs(5));
        assert!(events.len() == 2, "the pages promise something: {events:?}");
    })
    .min(Duration::from_millis(400));
    let first = folder.path().join("first.db").to_string_lossy().into_owned();
    let backup = timed(&|| drop(done(&archive, &["backup", &first])));

    let mut lot = Lot(20_311_121);
    let mut acknowledged: BTreeMap<i64, usize> = BTreeMap::new();
    let mut hit = [0usize; 3];
    let mut whole_backups = 0;
    for round in 0..times {
        let delay = |lot: &mut Lot, most: Duration| {
            Duration::from_micros(lot.below(u64::try_from(most.as_micros()).unwrap_or(1)))
        };
        let (which, (events, running)) = match round % 3 {
            0 => {
                page(&pages, 5 + round % 60);
                (0, killed(shiliu(&archive, &["add", &pages_text]), "", delay(&mut lot, add)))
            }
            1 => {
                (1, killed(shiliu(&archive, &["review", "--kind", "record"]), &keys, delay(&mut lot, review)))
            }
            _ => {
                let target = folder.path().join(format!("backup-{round}.db"));
                let text = target.to_string_lossy().into_owned();
                let outcome = killed(shiliu(&archive, &["backup", &text]), "", delay(&mut lot, backup));
                // A backup is there whole or not at all.
                if target.exists() {
                    whole_backups += 1;
                    let restored = folder.path().join(format!("restored-{round}"));
                    done(&restored.to_string_lossy(), &["restore", &text]);
                    fs::remove_dir_all(restored).unwrap();
                    fs::remove_file(target).unwrap();
                }
                (2, outcome)
            }
        };
        hit[which] += usize::from(running);
        for event in events {
            acknowledged.insert(event, round);
        }
        let log = done(&archive, &["ledger", "log", "--json"]);
        let kept: Vec<i64> = log
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["event"].as_i64().unwrap())
            .collect();
        let last = i64::try_from(kept.len()).unwrap();
        assert!(kept.iter().copied().eq(1..=last), "round {round}: the events are not in order");
        for (event, round) in &acknowledged {
            assert!(*event <= last, "event {event} was acknowledged in round {round} and is lost");
        }
    }
    // What was interrupted goes on, and all that is derived is what a reading from the beginning gives.
    done(&archive, &["add", &pages_text]);
    done(&archive, &["doctor"]);
    done(&archive, &["verify", "--quiet"]);
    let log = done(&archive, &["ledger", "log"]);
    println!(
        "{times} kills: add {} of {} while it ran, review {} of {}, backup {} of {} ({whole_backups} whole); {} events kept, {} acknowledged, none lost",
        hit[0],
        times.div_ceil(3),
        hit[1],
        (times + 1) / 3,
        hit[2],
        times / 3,
        log.lines().count(),
        acknowledged.len(),
    );
    assert!(hit.iter().sum::<usize>() > times / 4, "the kills came too late to tell anything: {hit:?}");
}
