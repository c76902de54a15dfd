//! The archive verbs as their users meet them.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample/pages").canonicalize().unwrap()
}

fn shiliu(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shiliu"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    shiliu(arguments).output().unwrap()
}

fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn answers(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"))).collect()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Home {
        Home { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    fn sample() -> (Home, String) {
        let home = Home::new();
        let archive = home.path("archive");
        assert_eq!(code(&run(&["init", &archive, "--profile", "lanhai"])), 0);
        let added = run(&["add", "--archive", &archive, sample().to_str().unwrap()]);
        assert_eq!(code(&added), 0, "{}", talk(&added));
        (home, archive)
    }
}

#[test]
fn from_an_empty_folder_to_the_characters() {
    let (home, archive) = Home::sample();
    let again = run(&["add", "--archive", &archive, "--json", sample().to_str().unwrap()]);
    let answer = &answers(&again)[0];
    assert_eq!((answer["new"].as_i64(), answer["reread"].as_bool()), (Some(0), Some(false)));
    let status = &answers(&run(&["status", "--archive", &archive, "--json"]))[0];
    assert_eq!(status["pages"], answer["pages"]);
    assert_eq!(status["unread"], 0);
    assert!(status["records"]["commitment"].as_i64().unwrap() > 0);

    let hits = answers(&run(&["search", "--archive", &archive, "--json", "海事培训"]));
    assert!(!hits.is_empty());
    for hit in &hits {
        let page: Vec<char> =
            fs::read_to_string(sample().join(hit["page"].as_str().unwrap())).unwrap().chars().collect();
        for span in hit["spans"].as_array().unwrap() {
            let at = |name: &str| usize::try_from(span[name].as_u64().unwrap()).unwrap();
            let printed: String = page[at("start")..at("end")].iter().collect();
            let bare: String = printed.chars().filter(|c| !c.is_whitespace()).collect();
            assert_eq!(bare, "海事培训");
        }
        let link = format!("/p/{}#c={}-{}", hit["text_hash"].as_str().unwrap(), hit["start"], hit["end"]);
        assert_eq!(hit["link"], link);
        for (name, kind) in [("page", "page"), ("article", "article"), ("story", "story")] {
            let Some(id) = hit[name].as_str() else { continue };
            let shown = run(&["show", "--archive", &archive, "--json", "--as", kind, id]);
            assert_eq!(code(&shown), 0, "{}", talk(&shown));
            assert_eq!(code(&run(&["show", "--archive", &archive, "--as", kind, id])), 0);
        }
    }
    let page = answers(&run(&["show", "--archive", &archive, "--json", hits[0]["page"].as_str().unwrap()]));
    let record = page[0]["records"][0].as_str().unwrap();
    let shown = &answers(&run(&["show", "--archive", &archive, "--json", record]))[0];
    assert!(!shown["evidence"].as_array().unwrap().is_empty());

    for verb in ["doctor", "verify"] {
        let checked = run(&[verb, "--archive", &archive, "--json"]);
        assert_eq!(code(&checked), 0, "{}", String::from_utf8_lossy(&checked.stdout));
        assert!(answers(&checked).iter().all(|check| check["problems"].as_array().unwrap().is_empty()));
    }
    let backup = home.path("copy.shiliu");
    assert_eq!(code(&run(&["backup", "--archive", &archive, &backup])), 0);
    assert_eq!(code(&run(&["backup", "--archive", &archive, &backup])), 2, "no backup is overwritten");
    let twin = home.path("twin");
    assert_eq!(code(&run(&["restore", "--archive", &twin, &backup])), 0);
    assert_eq!(answers(&run(&["status", "--archive", &twin, "--json"]))[0], *status);
    let refused = run(&["restore", "--archive", &twin, &backup]);
    assert_eq!(code(&refused), 3, "{}", talk(&refused));
}

#[test]
fn a_passage_is_found_in_its_wordings() {
    let (_home, archive) = Home::sample();
    let asked = "云方将在未来两年向各方提供600个海事培训名额";
    let found = answers(&run(&["search", "--archive", &archive, "--json", "--passage", asked]));
    let matches = |word: &str| found.iter().filter(|finding| finding["match"] == word).count();
    assert!(matches("exact") >= 2 && matches("variant") >= 1, "{found:?}");
    assert_eq!(found[0]["match"], "exact");
    let changed = found.iter().find(|finding| finding["match"] == "variant").unwrap();
    assert!(!changed["changes"].as_array().unwrap().is_empty());
}

#[test]
fn what_cannot_be_used_says_so() {
    let home = Home::new();
    let nowhere = home.path("nowhere");
    for verb in [&["status"][..], &["add", "x"], &["search", "x"], &["show", "x"], &["verify"], &["doctor"]] {
        let mut arguments = verb.to_vec();
        arguments.extend(["--archive", &nowhere]);
        let refused = run(&arguments);
        assert_eq!(code(&refused), 3, "{verb:?}: {}", talk(&refused));
        assert!(talk(&refused).contains("shiliu init"), "{}", talk(&refused));
    }
    let archive = home.path("archive");
    assert_eq!(code(&run(&["init", &archive])), 0);
    assert_eq!(code(&run(&["init", &archive])), 3);
    let missing = run(&["add", "--archive", &archive, &home.path("no-such-page.md")]);
    assert_eq!(code(&missing), 2, "{}", talk(&missing));
    assert_eq!(code(&run(&["search", "--archive", &archive, "。"])), 2);
    assert_eq!(code(&run(&["show", "--archive", &archive, "nothing"])), 2);
    assert_eq!(code(&run(&["init", &home.path("other"), "--profile", "no-such-profile"])), 2);
    fs::create_dir(home.path("foreign")).unwrap();
    fs::write(home.path("foreign/shiliu.db"), "a letter").unwrap();
    let foreign = run(&["status", "--archive", &home.path("foreign")]);
    assert_eq!(code(&foreign), 3);
    assert!(talk(&foreign).contains("shiliu.db"), "{}", talk(&foreign));
    // An empty archive answers, and says what to do.
    let empty = run(&["status", "--archive", &archive]);
    assert!(String::from_utf8_lossy(&empty.stdout).contains("shiliu add"));
}

/// A real kill in the middle of taking; the same command then goes on.
/// A place that cannot be written says what stands in the way, not that the archive is missing.
#[test]
fn a_place_that_cannot_be_made_says_why() {
    let home = Home::new();
    let file = home.path("a-file");
    fs::write(&file, "text").unwrap();
    let archive = home.path("archive");
    assert_eq!(code(&run(&["init", &archive])), 0);
    let inside = format!("{file}/inside");
    let missing = home.path("no/such/folder.backup");
    let cases: [(&[&str], &str); 3] = [
        (&["init", &file], "a file of this name is there"),
        (&["init", &inside], "a part of the path is a file"),
        (&["backup", &missing, "--archive", &archive], "its folder is missing"),
    ];
    for (arguments, reason) in cases {
        let output = run(arguments);
        let said = talk(&output);
        assert_eq!(code(&output), 3, "{arguments:?}: {said}");
        assert!(said.contains(reason) && said.contains("name a place"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_killed_add_goes_on() {
    let home = Home::new();
    let (archive, pages) = (home.path("archive"), home.path("pages"));
    fs::create_dir(&pages).unwrap();
    for number in 0..2500 {
        let text = format!("第{number}号告示：渡口今日停航{}次。\n", number % 7);
        fs::write(Path::new(&pages).join(format!("{number:04}.txt")), text).unwrap();
    }
    assert_eq!(code(&run(&["init", &archive])), 0);
    let mut adding = shiliu(&["add", "--archive", &archive, &pages]).stderr(Stdio::piped()).spawn().unwrap();
    let first = BufReader::new(adding.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    assert_eq!(first, "taking: 1000");
    adding.kill().unwrap();
    adding.wait().unwrap();
    let before = &answers(&run(&["status", "--archive", &archive, "--json"]))[0];
    assert!(before["unread"].as_i64().unwrap() >= 999, "{before}");
    let rest = run(&["add", "--archive", &archive, "--json", &pages]);
    let rest = &answers(&rest)[0];
    assert!(rest["known"].as_i64().unwrap() >= 999, "{rest}");
    assert_eq!(rest["known"].as_i64().unwrap() + rest["new"].as_i64().unwrap(), 2500);
    assert_eq!(rest["pages"], 2500);
    assert_eq!(code(&run(&["doctor", "--archive", &archive])), 0);
}

#[cfg(unix)]
#[test]
fn a_user_without_the_right_is_told() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    const NOBODY: u32 = 65534;
    let home = Home::new();
    let (archive, pages) = (home.path("archive"), home.path("pages"));
    fs::create_dir(&pages).unwrap();
    fs::write(Path::new(&pages).join("open.txt"), "渡口今日开航。\n").unwrap();
    fs::write(Path::new(&pages).join("shut.txt"), "渡口今日停航。\n").unwrap();
    let set = |path: &str, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set(home.folder.path().to_str().unwrap(), 0o755);
    // Root may do everything: then the command is run as nobody.
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    // The build's folder may be closed to nobody: a copy beside the pages is not.
    let binary = home.path("shiliu");
    fs::copy(env!("CARGO_BIN_EXE_shiliu"), &binary).unwrap();
    set(&binary, 0o755);
    let as_user = |arguments: &[&str]| {
        let mut command = Command::new(&binary);
        command.args(arguments).stdin(Stdio::null());
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.output()
    };
    assert_eq!(code(&run(&["init", &archive])), 0);
    assert_eq!(code(&run(&["add", "--archive", &archive, &format!("{pages}/open.txt")])), 0);
    // It may read, not write.
    set(&archive, 0o555);
    for entry in fs::read_dir(&archive).unwrap() {
        set(entry.unwrap().path().to_str().unwrap(), 0o444);
    }
    let read = as_user(&["status", "--archive", &archive, "--json"]).unwrap();
    assert_eq!(code(&read), 0, "{}", talk(&read));
    let refused = as_user(&["add", "--archive", &archive, &pages]).unwrap();
    assert_eq!(code(&refused), 3, "{}", talk(&refused));
    assert!(talk(&refused).contains("can only be read"), "{}", talk(&refused));
    // It may not even read.
    set(&format!("{archive}/shiliu.db"), 0o000);
    let refused = as_user(&["status", "--archive", &archive]).unwrap();
    assert_eq!(code(&refused), 3, "{}", talk(&refused));
    assert!(talk(&refused).contains("may not open it"), "{}", talk(&refused));
    set(&archive, 0o755);
    set(&format!("{archive}/shiliu.db"), 0o644);
    // A page that may not be read does no harm to the others.
    set(&format!("{pages}/shut.txt"), 0o000);
    let own = home.path("own");
    fs::create_dir(&own).unwrap();
    set(&own, 0o777);
    assert_eq!(code(&as_user(&["init", &own]).unwrap()), 0);
    let added = as_user(&["add", "--archive", &own, &pages, "--json"]).unwrap();
    assert_eq!(code(&added), 1, "{}", talk(&added));
    assert_eq!(answers(&added)[0]["pages"], 1);
    assert!(talk(&added).contains("shut.txt"), "{}", talk(&added));
}
