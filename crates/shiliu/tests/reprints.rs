//! `shiliu reprints` on a corpus that grows by the day, is stopped, and holds what it should not.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

fn run(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shiliu")).arg("reprints").args(arguments).output().unwrap()
}

fn good(arguments: &[&Path]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn sentence(&mut self) -> String {
        let letters = (0..30).filter_map(|_| char::from_u32(0x4e00 + self.below(9000) as u32));
        letters.chain(['。']).collect()
    }
}

/// Lines of `days` days: stories that go on for three days in full, shortened and noisy, and what each paper has alone.
fn corpus(seed: u64, days: u64) -> Vec<(u64, String)> {
    let mut dice = Dice(seed * 7919 + 17);
    let stock: Vec<String> = (0..6).map(|_| dice.sentence()).collect();
    let mut running: Vec<(u64, Vec<String>)> = Vec::new();
    let mut lines = Vec::new();
    for day in 0..days {
        running.retain(|(first, _)| first + 3 > day);
        for _ in 0..2 {
            let mut story: Vec<String> = (0..6).map(|_| dice.sentence()).collect();
            story.insert(3, stock[dice.below(6) as usize].clone());
            running.push((day, story));
        }
        for paper in 0..5u64 {
            let text = if dice.below(3) == 0 {
                let own: String = (0..4).map(|_| dice.sentence()).collect();
                format!("{own}{}", stock[dice.below(6) as usize])
            } else {
                let (_, story) = &running[dice.below(running.len() as u64) as usize];
                let until = if dice.below(2) == 0 { story.len() } else { 4 };
                let whole: String = story[..until].concat();
                whole.chars().map(|letter| if dice.below(40) == 0 { '某' } else { letter }).collect()
            };
            // Ids do not come in the order of days: a later printing may give a family its name.
            let id = format!("{:02}-{day:02}-{paper}", dice.below(90));
            let date = format!("2021-03-{:02}", day + 1);
            let line = json!({"id": id, "text": text, "series": format!("p{paper}"), "date": date});
            lines.push((day, line.to_string()));
        }
    }
    lines
}

fn write(folder: &Path, name: &str, lines: &[(u64, String)], days: impl Fn(u64) -> bool) -> PathBuf {
    let file = folder.join(name);
    let kept = lines.iter().filter(|(day, _)| days(*day)).map(|(_, line)| format!("{line}\n"));
    fs::write(&file, kept.collect::<String>()).unwrap();
    file
}

fn by_id(output: &str) -> BTreeMap<String, Value> {
    let lines = output.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| (line["id"].as_str().unwrap().to_owned(), line)).collect()
}

/// Whatever was there before, in whatever order the days came: the answer is that of one run over everything. Families
/// that were renamed keep an alias.
#[test]
fn a_day_that_is_added_gives_what_a_full_run_gives() {
    let mut renamed = 0;
    for seed in 1..6 {
        let folder = tempfile::tempdir().unwrap();
        let lines = corpus(seed, 9);
        let window = [Path::new("--window"), Path::new("3")];
        let whole = write(folder.path(), "whole.jsonl", &lines, |_| true);
        let fresh = good(&[&whole, window[0], window[1]]);
        let work = folder.path().join("work");
        let kept = [window[0], window[1], Path::new("--work"), work.as_path()];
        let mut before = BTreeMap::new();
        // In order, but for a day that is late.
        for last in 5..=9 {
            let part = write(folder.path(), "part.jsonl", &lines, |day| day < last && (day != 4 || last > 7));
            let grown = good(&[&part, kept[0], kept[1], kept[2], kept[3]]);
            if last < 9 {
                before = by_id(&grown);
            }
        }
        let grown = good(&[&whole, kept[0], kept[1], kept[2], kept[3]]);
        assert_eq!(grown, fresh, "seed {seed}");
        // In another order of the input, the same answers.
        let mut turned = lines.clone();
        turned.reverse();
        let turned = write(folder.path(), "turned.jsonl", &turned, |_| true);
        assert_eq!(by_id(&good(&[&turned, window[0], window[1]])), by_id(&fresh), "seed {seed}");
        // Every name of a family that is no more leads to the family of the document it was called by.
        let now = by_id(&fresh);
        let aliases = fs::read_to_string(work.join("aliases.jsonl")).unwrap();
        let aliases: BTreeMap<String, String> = aliases
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .map(|line| {
                (line["alias"].as_str().unwrap().to_owned(), line["family"].as_str().unwrap().to_owned())
            })
            .collect();
        let families = now.values().flat_map(|line| line["families"].as_array().unwrap());
        let names: Vec<&str> = families.filter_map(|one| one["family"].as_str()).collect();
        for line in before.values() {
            let name = line["family"].as_str().unwrap();
            if line["id"] != line["family"] && !names.contains(&name) {
                renamed += 1;
                assert_eq!(aliases[name], now[name]["family"].as_str().unwrap(), "seed {seed}");
            }
        }
    }
    assert!(renamed > 0, "no family was renamed: the test shows nothing");
}

/// A run that was stopped goes on: days that are kept are not found again, a damaged file counts as none.
#[test]
fn what_was_kept_is_read_back_and_a_damaged_file_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let lines = corpus(9, 6);
    let whole = write(folder.path(), "whole.jsonl", &lines, |_| true);
    for window in [&["--window", "2"][..], &[]] {
        let work = folder.path().join(format!("work{}", window.len()));
        let mut arguments: Vec<&Path> = vec![&whole, Path::new("--work"), &work];
        arguments.extend(window.iter().map(Path::new));
        let first = good(&arguments);
        let mut kept: Vec<PathBuf> =
            fs::read_dir(&work).unwrap().map(|entry| entry.unwrap().path()).collect();
        kept.retain(|path| path.extension().is_some_and(|end| end == "links"));
        kept.sort();
        assert_eq!(kept.len(), if window.is_empty() { 1 } else { 6 });
        let written = fs::metadata(&kept[0]).unwrap().modified().unwrap();
        let whole_file = fs::read(kept.last().unwrap()).unwrap();
        assert_eq!(good(&arguments), first);
        assert_eq!(fs::metadata(&kept[0]).unwrap().modified().unwrap(), written);
        for damage in [&whole_file[..whole_file.len() / 2], &[], &[whole_file.as_slice(), b"x"].concat()] {
            fs::write(kept.last().unwrap(), damage).unwrap();
            assert_eq!(good(&arguments), first);
            assert_eq!(fs::read(kept.last().unwrap()).unwrap(), whole_file);
        }
    }
}

#[test]
fn ids_that_stand_for_several_documents_are_named_and_each_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(5);
    let text: String = (0..4).map(|_| dice.sentence()).collect();
    let line = |id: &str, text: &str| format!("{}\n", json!({"id": id, "text": text}));
    let file = folder.path().join("c.jsonl");
    let content =
        [line("a", &text), line("b", &text), line("a", "山"), line("a", ""), line("c", &text)].concat();
    fs::write(&file, content).unwrap();
    let output = run(&[&file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("id \"a\": several documents have it"));
    let families: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["family"].clone())
        .collect();
    assert_eq!((&families[0], families.len()), (&families[1], 5));
    assert_eq!(families[0], families[4]);
    assert_ne!(families[2], families[0]);
}

#[test]
fn a_work_folder_that_cannot_be_made_is_said_and_nothing_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let lines = corpus(3, 2);
    let whole = write(folder.path(), "whole.jsonl", &lines, |_| true);
    let output = run(&[&whole, Path::new("--work"), &whole]);
    assert_eq!(output.status.code(), Some(4));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("next: "));
}

#[test]
fn a_line_that_is_not_utf8_is_said_and_the_others_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(11);
    let text: String = (0..4).map(|_| dice.sentence()).collect();
    let line = |id: &str| format!("{}\n", json!({"id": id, "text": text})).into_bytes();
    let broken = b"{\"id\":\"\xff\xfe\",\"text\":\"x\"}\n".to_vec();
    let file = folder.path().join("c.jsonl");
    fs::write(&file, [line("a"), broken, line("b")].concat()).unwrap();
    let output = run(&[&file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 2: not UTF-8"));
    let found = by_id(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(found.len(), 2);
    assert_eq!(found["a"]["family"], found["b"]["family"]);
}

/// What does not fit into memory is spilled: the answer is the same, and no file is left of it.
#[test]
fn little_memory_gives_the_same_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let spill = folder.path().join("tmp");
    fs::create_dir(&spill).unwrap();
    let mut lines = corpus(4, 12);
    let mut dice = Dice(23);
    // Enough of it that a mebibyte does not hold its index.
    for at in 0..400u64 {
        let own: String = (0..60).map(|_| dice.sentence()).collect();
        let line = json!({"id": format!("own-{at}"), "text": own, "date": "2021-03-02"});
        lines.push((at % 12, line.to_string()));
    }
    let whole = write(folder.path(), "whole.jsonl", &lines, |_| true);
    let plain = good(&[&whole]);
    let output = Command::new(env!("CARGO_BIN_EXE_shiliu"))
        .args([Path::new("reprints"), &whole, Path::new("--memory"), Path::new("1")])
        .env("TMPDIR", &spill)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(plain.as_bytes() == output.stdout);
    assert_eq!(fs::read_dir(&spill).unwrap().count(), 0);
}

#[test]
fn the_steps_of_one_comparison_are_told_and_of_several_the_days() {
    let folder = tempfile::tempdir().unwrap();
    let whole = write(folder.path(), "whole.jsonl", &corpus(3, 3), |_| true);
    let work = folder.path().join("work");
    let told = |arguments: &[&Path]| String::from_utf8_lossy(&run(arguments).stderr).into_owned();
    let at_once = told(&[&whole, Path::new("--work"), &work]);
    assert!(at_once.contains("fingerprints: ") && !at_once.contains("days: "), "{at_once}");
    let by_days = told(&[&whole, Path::new("--window"), Path::new("1")]);
    assert!(by_days.contains("days: 3") && !by_days.contains("fingerprints: "), "{by_days}");
}
