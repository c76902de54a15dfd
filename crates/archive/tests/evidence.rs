//! What a record stands on: every printing of its story, the origins behind it, and what another reading of an
//! undecided place would give. Fictional pages, and the sample.

use std::fs;
use std::path::Path;

use shiliu_archive::{GroundedRecord, Input, ReadOptions, Reading, read_all};
use shiliu_lang::{Pack, Profile, builtin};
use shiliu_ledger::{Kind, Value};
use shiliu_press::PageKey;
use shiliu_reprint::MemoryRuns;

fn read(pages: &[(String, String)]) -> Reading {
    let inputs: Vec<Input> = pages
        .iter()
        .map(|(path, text)| Input {
            key: PageKey { path: path.clone(), ..PageKey::default() },
            bytes: text.clone().into_bytes(),
            place: path.into(),
        })
        .collect();
    let pack = Pack::load(builtin()).value;
    let profile = Profile::load("lanhai", builtin()).value;
    read_all(&inputs, &mut MemoryRuns::default(), &pack, &profile, &ReadOptions::default())
        .expect("memory does not fail")
}

/// The promises whose object holds some words.
fn promises<'r>(reading: &'r Reading, words: &str) -> Vec<&'r GroundedRecord> {
    let about = |found: &&GroundedRecord| {
        let object = found.record.text("object");
        found.record.kind == Kind::Commitment && object.is_some_and(|object| object.contains(words))
    };
    reading.records.iter().filter(about).collect()
}

/// The number of a promise's quantity.
fn amount(value: &Value) -> Option<&str> {
    let Value::Map(entries) = value else { return None };
    entries.iter().find(|(name, _)| *name == "value")?.1.as_text()
}

fn report(places: &str) -> String {
    format!(
        "# 澜海五国商定通航\n\n\
         本报霁城6月16日电 澜海合作机制第二届峰会16日在霁城举行，五国领导人围坐一张圆桌，谈了整整一个下午。\n\n\
         林砚舟宣布，云方将在未来两年向各方提供{places}个渔业培训名额，第一批学员今年秋天到望澜报到。\n\n\
         会场外的码头上，两条新渡船正在试水，船工们说，等航线开通，去对岸探亲再也不用绕半个海湾。\n"
    )
}

fn page(paper: &str, day: &str, story: &str) -> (String, String) {
    (format!("{paper}/{day}/1.md"), format!("{paper}\n2031年6月17日 第1版\n\n{story}"))
}

/// A third paper's report that tells of the promise in these words.
fn own(promise: &str) -> String {
    format!(
        "# 渔业学员秋天启程\n\n\
         桐津早报望澜6月17日电 记者昨天在渔业学校见到正在粉刷宿舍的工人，走廊里还堆着没有拆封的床板。\n\n\
         校方介绍说，秋天要来的客人不少。{promise}\n"
    )
}

#[test]
fn a_reprint_adds_evidence_and_an_own_report_an_origin() {
    let two = [page("海声报", "2031-06-17", &report("300")), page("白渡日报", "2031-06-17", &report("300"))];
    let reading = read(&two);
    let found = promises(&reading, "渔业培训名额");
    assert_eq!(found.len(), 1, "one story, one record");
    assert_eq!((found[0].record.at.len(), found[0].stories.len(), found[0].origins), (2, 1, 1));

    let with = |promise: &str| {
        let [first, second] = two.clone();
        let reading = read(&[first, second, page("桐津早报", "2031-06-17", &own(promise))]);
        let mut counts: Vec<(usize, usize, usize)> = promises(&reading, "渔业培训名额")
            .iter()
            .map(|one| (one.record.at.len(), one.stories.len(), one.origins))
            .collect();
        counts.sort_unstable();
        counts
    };
    // In words of its own: two independent reports are two origins, the printings of one are not.
    assert_eq!(with("林砚舟说，云方将拿出300个渔业培训名额给年轻人。"), [(1, 2, 2), (2, 2, 2)]);
    // The same sentence: the passage that both hold is counted once.
    let copied = "林砚舟宣布，云方将在未来两年向各方提供300个渔业培训名额，第一批学员今年秋天到望澜报到。";
    assert_eq!(with(copied), [(1, 2, 1), (2, 2, 1)]);
}

#[test]
fn an_undecided_number_shows_on_the_record_what_the_other_would_give() {
    let reading =
        read(&[page("海声报", "2031-06-17", &report("300")), page("白渡日报", "2031-06-17", &report("800"))]);
    let found = promises(&reading, "渔业培训名额");
    assert_eq!(found.len(), 1);
    let shown = found[0].record.value("quantity").and_then(amount).expect("the record has the number");
    let others: Vec<&str> = found[0]
        .alternatives
        .iter()
        .flat_map(|other| &other.fields)
        .filter(|(name, _)| *name == "quantity")
        .filter_map(|(_, value)| amount(value))
        .collect();
    let mut both = [&[shown], others.as_slice()].concat();
    both.sort_unstable();
    assert_eq!(both, ["300", "800"]);
}

#[test]
fn numbers_that_all_printings_share_leave_no_alternative() {
    let reading =
        read(&[page("海声报", "2031-06-17", &report("300")), page("白渡日报", "2031-06-17", &report("300"))]);
    let found = promises(&reading, "渔业培训名额");
    assert_eq!(found.len(), 1);
    assert!(found[0].alternatives.is_empty());
}

#[test]
fn origins_of_the_sample() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample/pages");
    let mut pages = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                pages.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    pages.sort();
    let reading = read(&pages);
    // The summit's report is printed four times; the speech at it repeats the sentence to the letter; one paper
    // reports the speech and another the summit in words of their own: three origins.
    let places = promises(&reading, "600个海事培训名额");
    let widest = places.iter().max_by_key(|found| found.record.at.len()).expect("the promise is found");
    assert_eq!((widest.record.at.len(), widest.stories.len(), widest.origins), (4, 4, 3));
    for found in &places {
        assert!(found.origins <= found.stories.len());
        assert!(found.record.at.iter().all(|evidence| evidence.story == found.stories[0]));
    }
    // Printings of one story alone are one origin, however many they are.
    let lone = reading.records.iter().filter(|found| found.stories.len() == 1);
    assert!(lone.clone().any(|found| found.record.at.len() > 1));
    assert!(lone.into_iter().all(|found| found.origins == 1));
}
