//! The register as a desk meets it on the command line.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

struct Desk {
    folder: tempfile::TempDir,
    archive: String,
}

impl Desk {
    /// An archive of the sample.
    fn new() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("archive").to_string_lossy().into_owned();
        let desk = Desk { folder, archive };
        assert!(
            Command::new(env!("CARGO_BIN_EXE_shiliu"))
                .args(["init", &desk.archive, "--profile", "lanhai"])
                .output()
                .unwrap()
                .status
                .success()
        );
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample/pages");
        desk.done(&["add", "--quiet", sample.to_str().unwrap()]);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    fn run(&self, who: &str, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_shiliu"))
            .args(arguments)
            .args(["--archive", &self.archive])
            .env("SHILIU_USER", who)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run("anna", arguments, "");
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command that is refused says.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run("anna", arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let mut all = arguments.to_vec();
        all.push("--json");
        self.done(&all).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn accept(&self, count: usize) {
        let items = self.json(&["review", "--list", "--kind", "record", "--limit", "500"]);
        let items: Vec<&str> = items.iter().take(count).map(|item| item["item"].as_str().unwrap()).collect();
        let mut arguments = vec!["review", "--accept"];
        arguments.extend(items);
        self.done(&arguments);
    }
}

#[test]
fn a_sitting_of_review_by_single_keys() {
    let desk = Desk::new();
    // Accept, reject with a reason, undo, skip, something that is no key, quit.
    let keys = "e due=2033\ny a clear promise\nn a report\nu\ns\nyes please\nq\n";
    let output = desk.run("anna", &["review", "--kind", "record"], keys);
    let talk = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{talk}");
    assert!(talk.contains("event 1: C-0001") && talk.contains("event 3: event 2 no longer holds"), "{talk}");
    assert!(talk.contains("no such key; nothing was decided"), "{talk}");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("? is this a promise that enters the register"), "{shown}");
    let log = desk.json(&["ledger", "log"]);
    let verbs: Vec<&str> = log.iter().map(|event| event["verb"].as_str().unwrap()).collect();
    assert_eq!(verbs, ["enter", "decide", "undo"]);
    assert_eq!(log[0]["why"], "a clear promise");
    let entry = &desk.json(&["ledger", "show", "C-0001"])[0];
    assert_eq!((entry["due"].as_str(), entry["precision"].as_str()), (Some("2033"), Some("year")));
    let held = entry["evidence"].as_array().unwrap().iter().all(|one| one["state"] == "held");
    assert!(held && !entry["evidence"].as_array().unwrap().is_empty());
    // A second reviewer.
    let second = desk.run("boris", &["review", "--second"], "n is it?\n");
    assert_eq!(second.status.code(), Some(0));
    let disagreed = desk.json(&["review", "--list", "--disagreed"]);
    assert_eq!(disagreed[0]["verdicts"].as_array().unwrap().len(), 2);
    // Looking and leaving decides nothing.
    let before = desk.json(&["ledger", "log"]).len();
    desk.run("anna", &["review"], "");
    desk.run("anna", &["review"], "s\ns\ns\nq\n");
    assert_eq!(desk.json(&["ledger", "log"]).len(), before);
}

#[test]
fn what_is_exported_imports_to_the_same_register() {
    let desk = Desk::new();
    desk.accept(12);
    desk.done(&["ledger", "own", "贸易部", "C-0001", "C-0002"]);
    desk.done(&["ledger", "assess", "C-0001", "no-evidence-found", "--search", "=cmd|'/C calc'!A0"]);
    desk.done(&["ledger", "note", "C-0003", "=1+1"]);
    desk.done(&["brief", "issue", "--title", "@SUM(A1)", "--by", "2034-01-01"]);
    desk.done(&["check", "draw", "--size", "3", "--seed", "9"]);
    let events = desk.text("register.jsonl");
    desk.done(&["export", "-o", &events]);
    let twin = Desk::new();
    twin.done(&["import", &events]);
    let again = desk.text("again.jsonl");
    twin.done(&["export", "-o", &again]);
    assert_eq!(fs::read(&events).unwrap(), fs::read(&again).unwrap(), "event for event");
    assert_eq!(twin.json(&["ledger", "--limit", "0"]), desk.json(&["ledger", "--limit", "0"]), "row for row");
    twin.done(&["doctor"]);
    // Once more adds nothing; a register that went another way is refused.
    assert_eq!(twin.json(&["import", &events])[0]["added"], 0);
    let other = Desk::new();
    // By another hand: anna's first event, made in the same second, would be the same one.
    assert_eq!(other.run("boris", &["review"], "y\nq\n").status.code(), Some(0));
    assert!(other.refused(&["import", &events]).contains("has another event of this number"));
    let forged = fs::read_to_string(&events).unwrap().replacen("anna", "olga", 1);
    fs::write(&again, forged).unwrap();
    assert!(Desk::new().refused(&["import", &again]).contains("changed after it was exported"));

    // The tables: no cell runs, and a table that nobody changed changes nothing.
    for (format, lang) in [("csv", "zh"), ("xlsx", "ru"), ("csv", "en")] {
        let file = desk.text(&format!("entries-{lang}.{format}"));
        desk.done(&["export", "--view", "entries", "--format", format, "--lang", lang, "-o", &file]);
        let said = &desk.json(&["import", &file])[0];
        assert_eq!(
            (said["entered"].as_i64(), said["changed"].as_i64()),
            (Some(0), Some(0)),
            "{format} {lang}"
        );
    }
    let notes = desk.done(&["export", "--view", "follow-up", "--format", "csv"]);
    assert!(notes.contains(",'=1+1,") && !notes.contains(",=1+1"), "{notes}");
    for view in ["evidence", "assessments", "follow-up", "events", "totals", "scale"] {
        for format in ["jsonl", "csv", "xlsx"] {
            let file = desk.text(&format!("{view}.{format}"));
            desk.done(&["export", "--view", view, "--format", format, "-o", &file]);
            assert!(fs::metadata(&file).unwrap().len() > 20, "{view}.{format}");
        }
    }
    // The same register gives the same workbook.
    let (one, two) = (desk.text("one.xlsx"), desk.text("two.xlsx"));
    desk.done(&["export", "--view", "evidence", "--format", "xlsx", "-o", &one]);
    desk.done(&["export", "--view", "evidence", "--format", "xlsx", "-o", &two]);
    assert_eq!(fs::read(one).unwrap(), fs::read(two).unwrap());
    let bibtex = desk.done(&["export", "--format", "bibtex"]);
    assert!(bibtex.matches("@article{C-0001-").count() >= 1 && bibtex.contains("url = {/p/"), "{bibtex}");
    assert!(desk.done(&["export", "--format", "gb7714"]).contains("[N]. "));
}

#[test]
fn a_desks_own_table_comes_in_and_is_edited_by_events() {
    let desk = Desk::new();
    let table = desk.text("desk.csv");
    fs::write(
        &table,
        "\u{feff}序号;承诺;国别;期限;责任单位;备注栏\r\n1;\"修复青石渡口,\n第一期\";云津;2033;贸易部;x\r\n2;;云津;2034;;\r\n3;开通航线;朔原;P2Y;;\r\n",
    )
    .unwrap();
    assert!(desk.refused(&["import", &table]).contains("--map"));
    let map =
        ["--map", "承诺=words", "--map", "国别=actors", "--map", "责任单位=owner", "--map", "备注栏=note"];
    let mut arguments = vec!["import", table.as_str()];
    arguments.extend(map);
    let mut dry = arguments.clone();
    dry.push("--dry-run");
    desk.run("anna", &dry, "");
    assert!(desk.json(&["ledger"]).is_empty(), "a dry run keeps nothing");
    let output = desk.run("anna", &arguments, "");
    assert_eq!(output.status.code(), Some(1), "one row has no words");
    assert!(String::from_utf8_lossy(&output.stderr).contains("row 2: no words of the promise"));
    let rows = desk.json(&["ledger"]);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["words"], "修复青石渡口,\n第一期");
    assert_eq!(
        (rows[0]["owner"].as_str(), rows[0]["due_day"].as_str()),
        (Some("贸易部"), Some("2033-12-31"))
    );
    // Edited in the spreadsheet, taken in again: one event for what changed.
    let entries = desk.text("entries.csv");
    desk.done(&["export", "--view", "entries", "--format", "csv", "--lang", "zh", "-o", &entries]);
    let edited = fs::read_to_string(&entries).unwrap().replace("开通航线", "开通客运航线");
    fs::write(&entries, edited).unwrap();
    let before = desk.json(&["ledger", "log"]).len();
    assert_eq!(desk.json(&["import", &entries])[0]["changed"], 1);
    let log = desk.json(&["ledger", "log"]);
    assert_eq!((log.len(), log.last().unwrap()["verb"].as_str()), (before + 1, Some("edit")));
    assert_eq!(log.last().unwrap()["via"], "import");
}

#[test]
fn due_agenda_and_calendar() {
    let desk = Desk::new();
    desk.accept(40);
    let keys = |rows: &[Value]| -> Vec<String> {
        rows.iter().map(|row| row["entry"].as_str().unwrap().to_owned()).collect()
    };
    let late = desk.json(&["due", "--overdue", "--as-of", "2032-01-01"]);
    assert!(
        !late.is_empty()
            && late.iter().all(|row| row["overdue"] == true && row["due_day"].as_str() < Some("2032-01-01"))
    );
    let by = desk.json(&["due", "--by", "2033-12-31", "--as-of", "2032-01-01"]);
    assert!(keys(&late).iter().all(|key| keys(&by).contains(key)), "what is overdue is due too");
    let first = keys(&late)[0].clone();
    desk.done(&["ledger", "own", "贸易部", &first]);
    assert_eq!(keys(&desk.json(&["due", "--owner", "贸易部"])), std::slice::from_ref(&first));
    desk.done(&["ledger", "plan", &first, "draft=60"]);
    let calendar = desk.done(&["due", "--ics", "--owner", "贸易部"]);
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 2, "the due day and the step");
    let uids = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect()
    };
    desk.done(&["ledger", "edit", &first, "due", "2035-02-03"]);
    let moved = desk.done(&["due", "--ics", "--owner", "贸易部"]);
    assert_eq!(uids(&calendar), uids(&moved), "what moves keeps its identifier");
    assert!(moved.contains("DTSTART;VALUE=DATE:20350203") && moved.contains("DTSTART;VALUE=DATE:20341205"));
    let agenda = desk.json(&["due", "--agenda", "desk", "--as-of", "2032-01-01"]);
    let reasons: Vec<&str> = agenda.iter().map(|part| part["reason"].as_str().unwrap()).collect();
    assert_eq!(
        reasons,
        ["overdue", "due-before", "revised", "unanswered", "finding", "no-owner", "no-date", "silent"]
    );
    assert_eq!(desk.json(&["due", "--cadences"]).len(), 2);
    assert!(desk.refused(&["due", "--agenda", "never"]).contains("--cadences"));
    assert!(desk.refused(&["due", "--by", "soon"]).contains("2031-12-31"));
}

#[test]
fn the_shape_of_an_exported_event_is_fixed() {
    let desk = Desk::new();
    desk.accept(1);
    let line = desk.done(&["export"]);
    let keys =
        ["event", "when", "who", "via", "why", "subject", "item", "verb", "body", "previous", "digest"];
    let mut at = 0;
    for key in keys {
        let found = line[at..].find(&format!("\"{key}\":"));
        at += found.unwrap_or_else(|| panic!("{key} is missing or out of order: {line}"));
    }
    assert!(line.starts_with("{\"event\":1,\"when\":\"") && line.lines().count() == 1);
}

/// As somebody who may only read: tests may run as root, whom no permission stops.
#[cfg(unix)]
#[test]
fn what_may_only_be_read_is_read_and_an_act_says_so() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65534;
    let desk = Desk::new();
    desk.accept(1);
    let mode = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(desk.folder.path(), 0o755);
    let archive = Path::new(&desk.archive);
    for file in fs::read_dir(archive).unwrap() {
        mode(&file.unwrap().path(), 0o444);
    }
    mode(archive, 0o555);
    let root = std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").unwrap()) == 0;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shiliu"));
        command.args(arguments).args(["--archive", &desk.archive]).env("SHILIU_USER", "anna");
        if root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.stdin(Stdio::null()).output().unwrap()
    };
    let listed = run(&["ledger", "--json"]);
    assert_eq!(listed.status.code(), Some(0), "{}", String::from_utf8_lossy(&listed.stderr));
    assert!(String::from_utf8_lossy(&listed.stdout).contains("C-0001"));
    for act in [
        &["ledger", "note", "C-0001", "x"][..],
        &["ledger", "undo", "1"],
        &["review", "--submit", "x", "--about", "C-0001"],
    ] {
        let refused = run(act);
        let words = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(3), "{act:?}: {words}");
        assert!(words.contains("shiliu.db") && words.contains("right to write"), "{act:?}: {words}");
    }
    mode(archive, 0o755);
    assert_eq!(desk.json(&["ledger", "log"]).len(), 1, "nothing was kept");
}

#[test]
fn events_come_in_again_from_a_table() {
    let desk = Desk::new();
    desk.accept(3);
    desk.done(&["ledger", "note", "C-0001", "=SUM(1;2), \"zitiert\"\nzweite Zeile"]);
    desk.done(&["ledger", "undo"]);
    let before = desk.done(&["export"]);
    for format in ["csv", "xlsx"] {
        let table = desk.text(&format!("events.{format}"));
        desk.done(&["export", "--view", "events", "--format", format, "-o", &table]);
        let twin = Desk::new();
        twin.done(&["import", &table]);
        assert_eq!(twin.done(&["export"]), before, "{format}: event for event");
        twin.done(&["import", &table]);
        assert_eq!(twin.done(&["export"]), before, "{format}: what is there already is passed over");
    }
    let csv = desk.path("events.csv");
    let forged = fs::read_to_string(&csv).unwrap().replacen("anna", "hanna", 1);
    fs::write(&csv, forged).unwrap();
    let twin = Desk::new();
    assert!(twin.refused(&["import", csv.to_str().unwrap()]).contains("changed after it was exported"));
}
