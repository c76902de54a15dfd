//! Input as hostile as folders, archives and lists get: nothing waits, nothing is lost silently, and the page
//! beside it is read.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

const FINE: &str = "# 北砧镇的早市\n\n本报讯（记者 柯以墨）6月3日清晨，北砧镇的早市开张，来自邻镇的三十多户菜农摆出了摊位。\n";

/// Runs the program and fails the test where it does not end.
fn run(arguments: &[&Path]) -> Output {
    run_with(arguments, &[])
}

fn run_with(arguments: &[&Path], environment: &[(&str, &Path)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shiliu"));
    command.envs(environment.iter().copied());
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Most end within a few looks; a minute of them is a hang. (Output larger than a pipe would look like one.)
    for look in 0.. {
        if child.try_wait().unwrap().is_some() {
            break;
        }
        if look == 12_000 {
            child.kill().unwrap();
            panic!("{arguments:?} did not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let made = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = made.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    made
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The pages and the diagnostics (code, page) of a reading, and its exit status.
fn read(paths: &[PathBuf]) -> (Vec<String>, Vec<(String, String)>, i32) {
    read_with(paths, &[])
}

fn read_with(paths: &[PathBuf], environment: &[(&str, &Path)]) -> (Vec<String>, Vec<(String, String)>, i32) {
    let out = tempfile::tempdir().unwrap();
    let mut arguments: Vec<&Path> = vec![Path::new("read")];
    arguments.extend(paths.iter().map(PathBuf::as_path));
    arguments.extend([Path::new("-o"), out.path()]);
    let output = run_with(&arguments, environment);
    let of = |name: &str| lines(&fs::read(out.path().join(name)).unwrap());
    let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let pages = of("pages.jsonl").iter().map(|line| word(line, "page")).collect();
    let found = of("diagnostics.jsonl").iter().map(|line| (word(line, "code"), word(line, "page"))).collect();
    (pages, found, output.status.code().unwrap())
}

fn found(code: &str, page: &str) -> (String, String) {
    (code.to_owned(), page.to_owned())
}

#[test]
#[cfg(unix)]
fn a_pipe_in_the_folder_is_named_and_not_waited_for() {
    let folder = folder(&[("a.md", FINE.as_bytes())]);
    for name in ["pipe.md", "manifest.csv"] {
        let made = Command::new("mkfifo").arg(folder.path().join(name)).status().unwrap();
        assert!(made.success());
    }
    let (pages, diagnostics, status) = read(&[folder.path().to_owned()]);
    assert_eq!((pages, status), (vec!["a.md".to_owned()], 1));
    for name in ["pipe.md", "manifest.csv"] {
        assert!(diagnostics.contains(&found("not-a-file", name)), "{diagnostics:?}");
    }
}

#[test]
fn paths_that_end_alike_keep_their_pages_apart_in_any_order() {
    let other = FINE.replace("北砧", "南砧");
    let folder = folder(&[("1/pages/a.md", FINE.as_bytes()), ("2/pages/a.md", other.as_bytes())]);
    let (one, two) = (folder.path().join("1/pages"), folder.path().join("2/pages"));
    let expected = (vec!["1/pages/a.md".to_owned(), "2/pages/a.md".to_owned()], Vec::new(), 0);
    assert_eq!(read(&[one.clone(), two.clone()]), expected);
    assert_eq!(read(&[two.clone(), one.clone()]), expected);
    assert_eq!(read(&[two.join("a.md"), one.join("a.md")]).0, ["1/pages/a.md", "2/pages/a.md"]);
}

#[test]
fn what_is_given_twice_is_read_once() {
    let folder = folder(&[("pages/a.md", FINE.as_bytes())]);
    let pages = folder.path().join("pages");
    for twice in [pages.clone(), pages.join("."), pages.join("../pages"), pages.join("a.md")] {
        assert_eq!(read(&[pages.clone(), twice.clone()]).0, ["pages/a.md"], "{}", twice.display());
        assert_eq!(read(&[twice, pages.clone()]).0, ["pages/a.md"]);
    }
}

#[test]
fn a_folder_may_be_read_into_itself_again_and_again() {
    let folder = folder(&[("a.md", FINE.as_bytes())]);
    for out in [folder.path().join("out"), folder.path().to_owned()] {
        let pages = || {
            let output = run(&[Path::new("read"), folder.path(), Path::new("-o"), &out]);
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
            fs::read(out.join("pages.jsonl")).unwrap()
        };
        let first = pages();
        assert_eq!(lines(&first).len(), 1);
        assert_eq!(first, pages());
    }
}

#[test]
fn an_output_that_is_a_file_is_wrong_usage() {
    let folder = folder(&[("a.md", FINE.as_bytes())]);
    let file = folder.path().join("a.md");
    let output = run(&[Path::new("read"), &file, Path::new("-o"), &file]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read(&file).unwrap(), FINE.as_bytes());
}

#[test]
fn a_bad_line_of_a_corpus_is_named_and_the_others_are_compared() {
    let text = "北砧镇的早市开张，来自邻镇的三十多户菜农摆出了摊位，买主说比去年多了两成。";
    let mut corpus = b"\xef\xbb\xbf".to_vec();
    corpus.extend(format!("{{\"id\":\"a\",\"text\":\"{text}\",\"family\":\"old\"}}\n").into_bytes());
    corpus.extend(b"{\"id\":\"\xff\"}\n[]\n");
    corpus.extend(format!("{{\"id\":\"b\",\"text\":\"{text}\"}}\n").into_bytes());
    let folder = folder(&[("c.jsonl", &corpus)]);
    let output = run(&[Path::new("reprints"), &folder.path().join("c.jsonl")]);
    assert_eq!(output.status.code(), Some(1));
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(talk.contains("line 2: not UTF-8") && talk.contains("line 3: "), "{talk}");
    let families: Vec<Value> = lines(&output.stdout).iter().map(|line| line["family"].clone()).collect();
    assert_eq!(families, ["a", "a"]);
    // An earlier run's answer is replaced, not repeated beside the new one.
    assert_eq!(String::from_utf8_lossy(&output.stdout).matches("\"families\":").count(), 2);
}

#[test]
fn numbers_that_make_no_sense_are_wrong_usage() {
    let folder = folder(&[("c.jsonl", b"{\"id\":\"a\",\"text\":\"a\"}\n")]);
    let corpus = folder.path().join("c.jsonl");
    for minimum in ["0", "4294967295"] {
        let arguments = [Path::new("reprints"), &corpus, Path::new("--minimum"), Path::new(minimum)];
        assert_eq!(run(&arguments).status.code(), Some(2), "{minimum}");
    }
}

/// A file that is written to all the time is named, read by nobody half-way, and harms no other page.
#[test]
fn a_file_that_changes_while_it_is_read_is_a_finding() {
    use std::io::Write as _;
    use std::sync::atomic::{AtomicBool, Ordering};
    let made = folder(&[("still.md", "# 北砧镇的早市\n\n早市六点开张。\n".as_bytes())]);
    let path = made.path().join("moving.txt");
    fs::write(&path, "早市开张。\n".repeat(2 << 20)).unwrap();
    let stop = AtomicBool::new(false);
    let (pages, findings, status) = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
            while !stop.load(Ordering::Relaxed) {
                file.write_all("又一行。\n".as_bytes()).unwrap();
                std::thread::sleep(std::time::Duration::from_micros(200));
            }
        });
        let result = read(&[made.path().to_owned()]);
        stop.store(true, Ordering::Relaxed);
        result
    });
    assert_eq!(status, 1);
    assert!(findings.contains(&found("file-changed", "moving.txt")), "{findings:?}");
    assert_eq!(pages, ["still.md"]);
}

/// A folder with a program called `tesseract` that does what `script` says, and nothing else.
#[cfg(unix)]
fn recogniser(script: &str) -> tempfile::TempDir {
    programs(&[("tesseract", script)])
}

/// A folder with programs of these names, each of which does what its script says, and nothing else.
#[cfg(unix)]
fn programs(scripts: &[(&str, &str)]) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let scripts: Vec<(&str, String)> =
        scripts.iter().map(|(name, script)| (*name, format!("#!/bin/sh\n{script}\n"))).collect();
    let files: Vec<(&str, &[u8])> = scripts.iter().map(|(name, script)| (*name, script.as_bytes())).collect();
    let made = folder(&files);
    for (name, _) in files {
        fs::set_permissions(made.path().join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    made
}

/// A PDF of one page that is a picture.
fn scanned() -> Vec<u8> {
    let stream = |dictionary: &str, data: &str| {
        format!("<< {dictionary} /Length {} >>\nstream\n{data}\nendstream", data.len())
    };
    let image =
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>"
            .to_owned(),
        stream("", "q 400 0 0 400 0 0 cm /X Do Q"),
        stream(image, "x"),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        places += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let at = file.len();
    file += &format!(
        "xref\n0 6\n0000000000 65535 f \n{places}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n"
    );
    file.into_bytes()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes
}

#[test]
#[cfg(unix)]
fn a_picture_without_a_recogniser_is_a_hint_and_the_other_pages_are_read() {
    let nothing = folder(&[]);
    let folder =
        folder(&[("a.md", FINE.as_bytes()), ("b.png", &png(2000, 3000)), ("c.jpg", b"\xff\xd8\xff\xd9")]);
    let (pages, findings, status) = read_with(&[folder.path().to_owned()], &[("PATH", nothing.path())]);
    assert_eq!((pages, status), (vec!["a.md".to_owned()], 1));
    assert_eq!(findings, [found("recogniser-missing", "b.png"), found("picture-damaged", "c.jpg")]);
}

#[cfg(unix)]
const ALTO: &str = "<alto><Layout><Page><TextBlock><TextLine HPOS=\"0\" VPOS=\"0\" WIDTH=\"90\" HEIGHT=\"9\"><String CONTENT=\"早市\"/><SP/><String CONTENT=\"开张\"/></TextLine></TextBlock></Page></Layout></alto>";

#[test]
#[cfg(unix)]
fn a_page_of_a_pdf_that_is_a_picture_is_drawn_and_read() {
    let tesseract = format!("if [ $1 = --list-langs ]; then echo chi_sim; else echo '{ALTO}'; fi");
    // Like the real one it tells its version on the error stream.
    let picture = r"printf '\211PNG\r\n\032\n\0\0\0\015IHDR\0\0\007\320\0\0\013\270'";
    let draws = format!("if [ $1 = -v ]; then echo 'version 1' >&2; else {picture}; fi");
    let fails = "if [ $1 = -v ]; then echo 'version 1' >&2; else echo 'no such page' >&2; exit 1; fi";
    let folder = folder(&[("s.pdf", &scanned())]);
    let read = |scripts: &[(&str, &str)]| {
        let programs = programs(scripts);
        read_with(&[folder.path().to_owned()], &[("PATH", programs.path())])
    };
    let (pages, findings, status) = read(&[("tesseract", &tesseract), ("pdftoppm", &draws)]);
    assert_eq!((pages, findings, status), (vec!["s.pdf#1".to_owned()], Vec::new(), 0));
    let (_, findings, status) = read(&[("tesseract", &tesseract), ("pdftoppm", fails)]);
    assert_eq!((findings, status), (vec![found("recogniser-failed", "s.pdf#1")], 1));
    let (_, findings, status) = read(&[("tesseract", &tesseract)]);
    assert_eq!((findings, status), (vec![found("no-text-layer", "s.pdf#1")], 1));
}

#[test]
#[cfg(unix)]
fn a_picture_is_read_through_the_recogniser() {
    let script = format!("if [ $1 = --list-langs ]; then echo chi_sim; else echo '{ALTO}'; fi");
    let program = recogniser(&script);
    let folder = folder(&[("b.png", &png(2000, 3000))]);
    let out = tempfile::tempdir().unwrap();
    let arguments = [Path::new("read"), folder.path(), Path::new("-o"), out.path()];
    let output = run_with(&arguments, &[("PATH", program.path())]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let page = &lines(&fs::read(out.path().join("pages.jsonl")).unwrap())[0];
    assert_eq!((page["page"].as_str(), page["chars"].as_u64()), (Some("b.png"), Some(4)));
    let text = out.path().join("text").join(format!("{}.txt", page["text_hash"].as_str().unwrap()));
    assert_eq!(fs::read_to_string(text).unwrap(), "早市开张");
}

#[test]
#[cfg(unix)]
fn a_picture_that_is_too_large_never_reaches_the_recogniser_and_one_that_fails_is_named() {
    let ran = folder(&[]);
    let mark = ran.path().join("ran");
    let program = recogniser(&format!(
        "if [ $1 = --list-langs ]; then echo eng; else echo x > {}; echo no >&2; exit 1; fi",
        mark.display()
    ));
    let bomb = folder(&[("b.png", &png(31_000, 31_000))]);
    let environment = [("PATH", program.path())];
    assert_eq!(read_with(&[bomb.path().to_owned()], &environment).1, [found("picture-too-large", "b.png")]);
    assert!(!mark.exists());
    let broken = folder(&[("b.png", &png(100, 100))]);
    assert_eq!(read_with(&[broken.path().to_owned()], &environment).1, [found("recogniser-failed", "b.png")]);
    assert!(mark.exists());
}

#[test]
fn characters_that_nobody_sees_are_named_and_the_page_is_read() {
    let folder = folder(&[
        ("a.md", format!("{FINE}\u{1b}[2J\u{202e}\u{2066}").as_bytes()),
        ("b.xml", "<!DOCTYPE alto [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><alto><TextLine><String CONTENT=\"早市&x;\"/></TextLine></alto>".as_bytes()),
        ("c.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>\nendobj\n"),
    ]);
    let (pages, findings, _) = read(&[folder.path().to_owned()]);
    assert_eq!(pages, ["a.md", "b.xml"]);
    for (code, page) in
        [("control-character", "a.md"), ("bidirectional-control", "a.md"), ("declarations-ignored", "b.xml")]
    {
        assert!(findings.contains(&found(code, page)), "{findings:?}");
    }
    assert!(findings.iter().any(|(_, page)| page == "c.pdf"), "{findings:?}");
}
