//! The command line as its users meet it: exit codes, messages, bad input, and the promises of the contract on
//! the sample.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
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

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn codes(folder: &Path) -> Vec<String> {
    let found = lines(&folder.join("diagnostics.jsonl"));
    found.iter().map(|line| line["code"].as_str().unwrap().to_owned()).collect()
}

/// A page that is fine, so that a test can see it survive its neighbours.
const FINE: &str = "# 北砧镇的早市\n\n本报讯（记者 柯以墨）6月3日清晨，北砧镇的早市开张，来自邻镇的三十多户菜农摆出了摊位。\n";

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let made = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(made.path().join(name), bytes).unwrap();
    }
    made
}

/// Reads `folder` and gives the output folder, the process's output and its exit status.
fn read(folder: &Path) -> (tempfile::TempDir, Output, i32) {
    let out = tempfile::tempdir().unwrap();
    let output = run(&["read", folder.to_str().unwrap(), "-o", out.path().to_str().unwrap()]);
    let status = output.status.code().unwrap();
    (out, output, status)
}

fn articles(out: &Path) -> Vec<String> {
    lines(&out.join("articles.jsonl")).iter().map(|line| line["page"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn wrong_words_give_status_2() {
    assert_eq!(run(&["read"]).status.code(), Some(2));
    assert_eq!(run(&["fly"]).status.code(), Some(2));
    let output = run(&["parse", "--ref-date", "yesterday"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(talk(&output).contains("yesterday") && talk(&output).contains("next:"), "{}", talk(&output));
}

#[test]
fn a_path_that_is_not_there_is_named() {
    let out = tempfile::tempdir().unwrap();
    let output = run(&["read", "/no/such/folder", "-o", out.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        talk(&output).contains("/no/such/folder") && talk(&output).contains("next:"),
        "{}",
        talk(&output)
    );
}

#[test]
fn a_missing_path_among_others_harms_no_other() {
    let pages = folder(&[("fine.md", FINE.as_bytes())]);
    let out = tempfile::tempdir().unwrap();
    let output =
        run(&["read", pages.path().to_str().unwrap(), "/no/such", "-o", out.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(articles(out.path()).len(), 1);
    assert!(codes(out.path()).contains(&"path-missing".to_owned()));
}

#[test]
fn a_folder_without_pages_says_so() {
    let pages = folder(&[]);
    let (out, output, status) = read(pages.path());
    assert_eq!((status, codes(out.path())), (1, vec!["no-pages".to_owned()]), "{}", talk(&output));
}

#[test]
fn an_empty_file_and_a_binary_are_findings_and_the_rest_is_read() {
    let noise: Vec<u8> = (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut binary = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    binary.extend(noise);
    let pages = folder(&[("a-empty.txt", b""), ("b-binary.txt", &binary), ("fine.md", FINE.as_bytes())]);
    let (out, output, status) = read(pages.path());
    let found = codes(out.path());
    assert_eq!(status, 1, "{}", talk(&output));
    assert!(
        found.contains(&"empty-file".to_owned()) && found.contains(&"binary-file".to_owned()),
        "{found:?}"
    );
    assert!(articles(out.path()).contains(&"fine.md".to_owned()));
}

#[test]
fn invalid_utf8_is_reported_with_its_place_and_nothing_is_lost() {
    let mut bytes = FINE.as_bytes().to_vec();
    let at = bytes.len();
    bytes.extend(b"\xff\xfe\xe4\xb8");
    bytes.extend("收摊时已近正午。\n".as_bytes());
    let pages = folder(&[("page.txt", &bytes)]);
    let (out, output, _) = read(pages.path());
    let found = lines(&out.path().join("diagnostics.jsonl"));
    let invalid: Vec<&Value> = found.iter().filter(|line| line["code"] == "invalid-utf8").collect();
    assert!(!invalid.is_empty(), "{}", talk(&output));
    let place = String::from_utf8_lossy(&bytes[..at]).chars().count() as u64;
    assert_eq!(invalid[0]["start"].as_u64(), Some(place));
    let page = &lines(&out.path().join("pages.jsonl"))[0];
    // ff, fe and the cut sequence e4 b8: three invalid sequences, one replacement character each.
    let expected = FINE.chars().count() + 3 + "收摊时已近正午。\n".chars().count();
    assert_eq!(page["chars"].as_u64(), Some(expected as u64));
}

#[test]
fn gb18030_is_decoded_and_reported() {
    // "北砧镇的早市开张，来了三十多户菜农。" in GB18030, several lines of it so that detection has matter.
    let text = "北砧镇的早市开张，来了三十多户菜农。镇上的人说，这样的日子过得踏实，买的卖的都高兴。\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    let many = bytes.repeat(8);
    let pages = folder(&[("gb.txt", &many)]);
    let (out, output, status) = read(pages.path());
    assert_eq!(status, 0, "{}", talk(&output));
    let article = &lines(&out.path().join("articles.jsonl"))[0];
    assert!(article["text"].as_str().unwrap().contains("三十多户菜农"), "{article}");
    assert!(codes(out.path()).contains(&"encoding-detected".to_owned()), "{:?}", codes(out.path()));
}

#[test]
fn one_line_of_50_megabytes_and_ten_thousand_tiny_files_are_read() {
    let sentence = "北砧镇的早市开张，来了三十多户菜农，镇上的人说这样的日子过得踏实。";
    let long = sentence.repeat((50 << 20) / sentence.len());
    let pages = folder(&[("long.txt", long.as_bytes())]);
    let out = tempfile::tempdir().unwrap();
    // The segmentation of the whole line, without the later stages: what is tested is that nothing hangs.
    let output = run(&["segment", pages.path().to_str().unwrap()]);
    assert!(output.status.code().is_some_and(|status| status <= 1), "{}", talk(&output));
    assert!(output.stdout.len() > 50 << 20);
    let many = tempfile::tempdir().unwrap();
    for number in 0..10_000 {
        fs::write(many.path().join(format!("{number:05}.txt")), format!("第{number}页的一行字。\n")).unwrap();
    }
    let output = run(&["read", many.path().to_str().unwrap(), "-o", out.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    assert_eq!(lines(&out.path().join("pages.jsonl")).len(), 10_000);
}

#[test]
fn what_may_not_be_read_is_named_and_the_rest_is_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let pages = folder(&[("closed.txt", FINE.as_bytes()), ("fine.md", FINE.as_bytes())]);
    fs::set_permissions(pages.path().join("closed.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(pages.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let out = tempfile::tempdir().unwrap();
    fs::set_permissions(out.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let binary = tempfile::tempdir().unwrap();
    fs::set_permissions(binary.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let copy = binary.path().join("shiliu");
    fs::copy(env!("CARGO_BIN_EXE_shiliu"), &copy).unwrap();
    // Root may read everything, so the command runs as nobody where the test itself runs as root.
    let is_root =
        fs::metadata("/proc/self").map(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0).unwrap();
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&copy);
        command
    } else {
        Command::new(&copy)
    };
    let output = command
        .args(["read", pages.path().to_str().unwrap(), "-o", out.path().to_str().unwrap()])
        .output()
        .expect("setpriv of util-linux is needed to run this test as root");
    assert_eq!(output.status.code(), Some(1), "{}", talk(&output));
    assert!(talk(&output).contains("closed.txt"), "{}", talk(&output));
    assert!(codes(out.path()).contains(&"file-unreadable".to_owned()));
    assert_eq!(articles(out.path()), ["fine.md"]);
}

#[test]
fn a_write_that_fails_for_lack_of_space_is_status_4_and_leaves_no_half_file() {
    let pages = folder(&[("fine.md", FINE.as_bytes())]);
    let out = tempfile::tempdir().unwrap();
    // /dev/full answers every write with "no space left", through the name that the file is first written under.
    std::os::unix::fs::symlink("/dev/full", out.path().join(".pages.jsonl.part")).unwrap();
    let output = run(&["read", pages.path().to_str().unwrap(), "-o", out.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4), "{}", talk(&output));
    assert!(talk(&output).contains("no space") && talk(&output).contains("next:"), "{}", talk(&output));
    assert!(!out.path().join("pages.jsonl").exists());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = shiliu(&["segment", root().join("sample/pages").to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!talk(&output).contains("panicked"), "{}", talk(&output));
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
}

fn parse(arguments: &[&str], input: &[u8]) -> (Vec<Value>, i32) {
    use std::io::Write as _;
    let mut child = shiliu(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), output.status.code().unwrap())
}

#[test]
fn parse_gives_a_line_for_a_line_and_marks_the_bad_ones() {
    let input = "{\"id\":\"x\",\"text\":\"会议于6月 16\\n日至18日举行\",\"ref\":\"2031-06-10T08:00:00\"}\n\nnot json\n";
    let (lines, status) = parse(&["parse", "--jsonl"], input.as_bytes());
    assert_eq!((lines.len(), status), (3, 1));
    assert_eq!(lines[0]["id"], "x");
    let mention = &lines[0]["mentions"][0];
    assert_eq!(
        (&mention["type"], &mention["value"]),
        (&"date_range".into(), &"2031-06-16/2031-06-18".into())
    );
    assert_eq!((mention["start"].as_u64(), mention["end"].as_u64()), (Some(3), Some(14)));
    assert_eq!(lines[1]["mentions"], Value::Array(Vec::new()));
    assert!(lines[2]["error"].is_string());
    let (lines, status) = parse(&["parse"], b"\n\xff\n");
    assert_eq!((lines.len(), status), (2, 1));
}

#[test]
fn collate_takes_texts_and_witness_files() {
    let made = folder(&[
        ("a.txt", "两镇商定修一条通到海边的大路，明年开工。".as_bytes()),
        ("b.txt", "两镇商定修一条通到海边的大道，明年开工。".as_bytes()),
    ]);
    let (a, b) = (made.path().join("a.txt"), made.path().join("b.txt"));
    let output = run(&["collate", a.to_str().unwrap(), b.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let story: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(story["loci"].as_array().unwrap().len(), 1, "{story}");
    let turned = run(&["collate", b.to_str().unwrap(), a.to_str().unwrap()]);
    assert_eq!(output.stdout, turned.stdout, "the order of the witnesses changes nothing");
    let file = made.path().join("w.json");
    fs::write(&file, r#"{"witnesses":[{"id":"A","content":"一二三四五六七八九十"},{"id":"B","content":"一二三四六七八九十"}]}"#).unwrap();
    let output = run(&["collate", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    fs::write(&file, "{\"witness\":[]}").unwrap();
    let output = run(&["collate", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(talk(&output).contains("w.json"), "{}", talk(&output));
}

/// The sample, read once with one thread and once with four.
fn sample() -> (tempfile::TempDir, tempfile::TempDir) {
    let make = |threads: &str| {
        let out = tempfile::tempdir().unwrap();
        let output = shiliu(&["read", "-q", "--profile", "lanhai"])
            .arg(root().join("sample/pages"))
            .arg("-o")
            .arg(out.path())
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
        out
    };
    (make("1"), make("4"))
}

#[test]
fn the_sample_keeps_every_promise_of_the_contract() {
    let (one, four) = sample();
    for name in [
        "pages.jsonl",
        "articles.jsonl",
        "stories.jsonl",
        "mentions.jsonl",
        "records.jsonl",
        "diagnostics.jsonl",
        "manifest.json",
    ] {
        let bytes = fs::read(one.path().join(name)).unwrap();
        assert_eq!(
            bytes,
            fs::read(four.path().join(name)).unwrap(),
            "{name} differs by the number of threads"
        );
    }
    let out = one.path();
    let pages = lines(&out.join("pages.jsonl"));
    let texts: BTreeMap<String, Vec<char>> = pages
        .iter()
        .map(|page| {
            let name = page["page"].as_str().unwrap().to_owned();
            let text = fs::read_to_string(root().join("sample/pages").join(&name)).unwrap();
            (name, text.chars().collect())
        })
        .collect();
    check_zones(&pages, &texts);
    let articles = lines(&out.join("articles.jsonl"));
    check_maps(&articles, &texts);
    check_stories(&lines(&out.join("stories.jsonl")), &articles);
    for line in lines(&out.join("mentions.jsonl")) {
        check_place(&line, &texts);
    }
    let records = lines(&out.join("records.jsonl"));
    for kind in
        ["body", "event", "instrument", "commitment", "project", "person", "quote", "place", "claim", "link"]
    {
        assert!(records.iter().any(|record| record["kind"] == kind), "the sample gives no {kind}");
    }
    for record in &records {
        let evidence = record["evidence"].as_array().unwrap();
        assert!(!evidence.is_empty(), "{record}");
        for item in evidence {
            check_place(item, &texts);
        }
    }
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap_or_else(|| panic!("not a number: {value}"))).unwrap()
}

/// Invariant 3: zones are a partition.
fn check_zones(pages: &[Value], texts: &BTreeMap<String, Vec<char>>) {
    for page in pages {
        let mut at = 0;
        for zone in page["zones"].as_array().unwrap() {
            assert_eq!(number(&zone["start"]), at, "{}", page["page"]);
            at = number(&zone["end"]);
            let alone = matches!(zone["role"].as_str(), Some("furniture" | "blank" | "masthead" | "section"));
            assert!(alone || !zone["article"].is_null(), "{}: {zone}", page["page"]);
        }
        assert_eq!(at, texts[page["page"].as_str().unwrap()].len());
    }
}

/// Invariant 2: the text at the span is what is shown.
fn check_place(item: &Value, texts: &BTreeMap<String, Vec<char>>) {
    let page = &texts[item["page"].as_str().unwrap()];
    let (start, end) = (number(&item["start"]), number(&item["end"]));
    let text: String = page[start..end].iter().collect();
    assert_eq!(item["text"].as_str(), Some(text.as_str()));
    assert!(!text.is_empty());
}

/// Invariant 1: a reading text leads back to the page; characters that are copied are equal there.
fn check_maps(articles: &[Value], texts: &BTreeMap<String, Vec<char>>) {
    for article in articles {
        let text: Vec<char> = article["text"].as_str().unwrap().chars().collect();
        let rows = article["map"].as_array().unwrap();
        for (index, row) in rows.iter().enumerate() {
            let page = &texts[row[1].as_str().unwrap()];
            let (at, start, end) = (number(&row[0]), number(&row[2]), number(&row[3]));
            let next = rows.get(index + 1).map_or(text.len(), |row| number(&row[0]));
            if next - at == end - start {
                let same =
                    text[at..next].iter().zip(&page[start..end]).all(|(a, b)| a == b || a.is_whitespace());
                assert!(same, "{}: row {row}", article["article"]);
            }
        }
    }
}

/// Invariant 5, from the outside: agreements and one witness's readings give its text back within its coverage.
fn check_stories(stories: &[Value], articles: &[Value]) {
    let text_of: BTreeMap<&str, Vec<char>> = articles
        .iter()
        .map(|article| {
            (article["article"].as_str().unwrap(), article["text"].as_str().unwrap().chars().collect())
        })
        .collect();
    let mut several = 0;
    for story in stories {
        let established: Vec<char> = story["established"].as_str().unwrap().chars().collect();
        let loci = story["loci"].as_array().unwrap();
        let mut last = 0;
        for locus in loci {
            assert!(number(&locus["start"]) >= last, "{}: loci overlap", story["story"]);
            last = number(&locus["end"]);
            let readings = locus["readings"].as_array().unwrap();
            assert!(readings.iter().any(|reading| reading["text"] == locus["lemma"]));
            let mut seen = std::collections::BTreeSet::new();
            for witness in readings.iter().flat_map(|reading| reading["witnesses"].as_array().unwrap()) {
                assert!(
                    seen.insert(witness.as_str().unwrap()),
                    "{}: a witness reads twice: {locus}",
                    story["story"]
                );
            }
        }
        let witnesses = story["witnesses"].as_array().unwrap();
        several += usize::from(witnesses.len() > 1);
        for witness in witnesses.iter().filter(|_| loci.iter().all(|locus| locus["move"].is_null())) {
            let siglum = witness["siglum"].as_str().unwrap();
            let own = &text_of[witness["article"].as_str().unwrap()];
            let covered: String = witness["coverage"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|part| &own[number(&part["start"])..number(&part["end"])])
                .collect();
            let mut rebuilt = String::new();
            let mut at = 0;
            for locus in loci {
                rebuilt.extend(&established[at..number(&locus["start"])]);
                at = number(&locus["end"]);
                for reading in locus["readings"].as_array().unwrap() {
                    if reading["witnesses"].as_array().unwrap().iter().any(|name| name == siglum) {
                        rebuilt.push_str(reading["text"].as_str().unwrap());
                    }
                }
            }
            rebuilt.extend(&established[at..]);
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            if witness["relation"] != "excerpt" {
                assert_eq!(bare(&rebuilt), bare(&covered), "{} {siglum}", story["story"]);
            }
        }
    }
    assert!(several >= 3, "the sample has three stories in several printings");
}
