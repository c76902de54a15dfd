//! The cases of `tests/records/*.md` (what they look like: `record_cases`): a line that is known to be wrong says so when it
//! comes right.

use std::fs;
use std::path::Path;

use shiliu_extract::{Context, mentions, records};
use shiliu_lang::{Pack, Profile};
use shiliu_ledger::{Kind, Record};
use shiliu_text::Span;

#[path = "record_cases/mod.rs"]
mod record_cases;

use record_cases::{Case, Line, Mark, told};

/// Whether a record answers an expected line: the line's kind and characters, then its fields.
fn answers(line: &Line, record: &Record<Span>, text: &str) -> bool {
    let printed = record.at.of(text).chars().filter(|c| *c != '\n');
    line.kind == record.kind && printed.eq(line.characters.chars()) && line.is_right(record)
}

fn wrongs(case: &Case, pack: &Pack, profile: &Profile) -> Vec<String> {
    let found = case.read(pack, profile);
    let text = &case.text;
    let of_kind = |kind: Kind| found.iter().filter(move |record| record.kind == kind);
    let mut wrongs = Vec::new();
    let mut wrong = |word: &str, words: &str| wrongs.push(format!("{}: {word}: {words}", case.title));
    for line in &case.lines {
        let met = found.iter().any(|record| answers(line, record, text));
        let near = || of_kind(line.kind).map(|record| format!("\n      has {}", told(record, text)));
        match line.mark {
            Mark::None => of_kind(line.kind).for_each(|record| wrong("unwanted", &told(record, text))),
            Mark::TooMany if !met => wrong("no longer there, drop it", &line.words()),
            Mark::Fixme if met => wrong("came right, drop its fixme", &line.words()),
            Mark::Wanted if !met => wrong("not found", &(line.words() + &near().collect::<String>())),
            _ => {}
        }
    }
    for kind in Kind::ALL {
        let lines: Vec<&Line> =
            case.lines.iter().filter(|line| line.kind == kind && line.mark != Mark::None).collect();
        if lines.is_empty() || lines.iter().any(|line| line.mark == Mark::Fixme) {
            continue;
        }
        let listed = |record: &Record<Span>| lines.iter().any(|line| answers(line, record, text));
        of_kind(kind).filter(|record| !listed(record)).for_each(|record| {
            wrong("not listed", &format!("{kind:?} `{}`", record.at.of(text)));
        });
    }
    wrongs
}

#[test]
fn marked_cases() {
    let pack = Pack::load(shiliu_lang::builtin()).value;
    let profile = Profile::load("lanhai", shiliu_lang::builtin()).value;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/records");
    let mut names: Vec<_> =
        fs::read_dir(folder).expect("the cases are there").flatten().map(|e| e.path()).collect();
    names.sort();
    let mut all = Vec::new();
    let mut count = 0;
    for name in names {
        for case in record_cases::cases(&fs::read_to_string(name).expect("a text file")).expect("cases") {
            assert!(!case.text.is_empty() && !case.lines.is_empty(), "{}: an empty case", case.title);
            count += 1;
            all.extend(wrongs(&case, &pack, &profile));
        }
    }
    assert!(count > 20, "only {count} cases were read");
    assert!(all.is_empty(), "{} of {count} cases:\n{}", all.len(), all.join("\n"));
}

/// One endless sentence, as a page without full stops gives: an answer that is not linear would not come in time.
#[test]
fn a_sentence_without_end_is_read() {
    let pack = Pack::load(shiliu_lang::builtin()).value;
    let profile = Profile::load("lanhai", shiliu_lang::builtin()).value;
    let piece = "云方将在两年内向各方提供300个助学名额，去年完成率为98.2%，汐方同意建立海事磋商机制，\
                 守钟人贺连山说，“钟楼每天都要上弦，一次也不能忘”，砂泉至桐湾铁路开通，";
    for piece in [piece, "云方将", "，", "“", "《", "（", "说，", "、", "第一届会议", "一是", "5月1日"]
    {
        let text = piece.repeat((200 << 10) / piece.len());
        let mentioned = mentions(&text, None, &pack).value;
        let found = records(&text, &mentioned, &Context::default(), &pack, &profile).value;
        assert!(found.len() < text.len() / 6, "{piece}: {} records", found.len());
    }
}

proptest::proptest! {
    /// Any text gives records on its own character boundaries, sorted, and the same ones again.
    #[test]
    fn any_text_is_read_the_same_twice(text in "(云方|将|，|。|“|”|《|》|建设|说|：|\n| |3|座|部长|李|一是|等|、|和|[a-z]|[一-三]){0,60}") {
        let pack = Pack::load(shiliu_lang::builtin()).value;
        let profile = Profile::load("lanhai", shiliu_lang::builtin()).value;
        let mentioned = mentions(&text, None, &pack).value;
        let first = records(&text, &mentioned, &Context::default(), &pack, &profile).value;
        for record in &first {
            proptest::prop_assert!(text.get(record.at.range()).is_some_and(|part| !part.is_empty()));
            for (name, _) in record.fields.iter() {
                proptest::prop_assert!(record.kind.fields().contains(name));
            }
        }
        proptest::prop_assert!(first.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let second = records(&text, &mentioned, &Context::default(), &pack, &profile).value;
        proptest::prop_assert_eq!(first, second);
    }
}

/// A page in traditional characters says the same as one in simplified ones, at the same places.
#[test]
fn traditional_characters_say_the_same() {
    let pack = Pack::load(shiliu_lang::builtin()).value;
    let profile = Profile::load("lanhai", shiliu_lang::builtin()).value;
    let read = |text: &str| {
        let mentions = mentions(text, None, &pack).value;
        records(text, &mentions, &Context::default(), &pack, &profile).value
    };
    let plain =
        read("云津总统向远亭表示，云津将于2033年底前在汐澜建成两座粮食仓库，并将向各国提供农业援助。");
    let traditional =
        read("雲津總統向遠亭表示，雲津將於2033年底前在汐瀾建成兩座糧食倉庫，並將向各國提供農業援助。");
    assert!(plain.len() >= 4, "{plain:#?}");
    let shape = |found: &[Record<Span>]| -> Vec<_> {
        found.iter().map(|record| (record.kind, record.at, record.text("name").map(str::to_owned))).collect()
    };
    assert_eq!(shape(&plain), shape(&traditional));
    let said = traditional.iter().find(|record| record.kind == Kind::Quote).unwrap();
    assert!(said.text("text").unwrap().starts_with("雲津將於"), "{said:?}");
}
