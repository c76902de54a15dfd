//! Cases of `tests/records/*.md`: a text in a quotation block, then what must be found in it, one line a record:
//! `- KIND \`characters\` field=value …` (a list field joins its values with `、`; `field=` says that it is not there). All records of a kind that a case
//! names must be listed; `- no KIND` says that there is none. A line that begins with `- fixme` is known to be
//! wrong, one that begins with `- too-many` a record that should not be there: the test says so when it comes right.

use std::fs;
use std::path::Path;

use shiliu_extract::{Context, mentions, records};
use shiliu_lang::{Pack, Profile};
use shiliu_ledger::{Kind, Record, Value};
use shiliu_text::{Basis, Date, Inferred, Span};

struct Case {
    title: String,
    text: String,
    byline: Option<String>,
    headline: Option<String>,
    expected: Vec<String>,
}

fn cases(contents: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in contents.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let title = title.to_owned();
            cases.push(Case {
                title,
                text: String::new(),
                byline: None,
                headline: None,
                expected: Vec::new(),
            });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(text) = line.strip_prefix("> ") {
            if !case.text.is_empty() {
                case.text.push('\n');
            }
            case.text.push_str(text);
        } else if let Some(byline) = line.strip_prefix("byline: ") {
            case.byline = Some(byline.to_owned());
        } else if let Some(headline) = line.strip_prefix("headline: ") {
            case.headline = Some(headline.to_owned());
        } else if let Some(expected) = line.strip_prefix("- ") {
            case.expected.push(expected.to_owned());
        }
    }
    cases
}

fn flat(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::List(values) => values.iter().map(flat).collect::<Vec<_>>().join("、"),
        Value::Map(entries) => entries.iter().map(|(_, value)| flat(value)).collect::<Vec<_>>().join(" "),
        Value::Null => "null".to_owned(),
    }
}

/// Whether a record answers an expected line; the line's kind and characters, then its fields.
fn answers(line: &str, record: &Record<Span>, text: &str) -> bool {
    let mut parts = line.split('`');
    let kind = parts.next().unwrap_or("").trim();
    let characters = parts.next().unwrap_or("");
    let fields = parts.next().unwrap_or("");
    let printed: String = record.at.of(text).chars().filter(|c| *c != '\n').collect();
    Kind::parse(kind) == Some(record.kind)
        && printed == characters
        && fields.split_whitespace().all(|field| match field.split_once('=') {
            Some((name, "")) => record.value(name).is_none(),
            Some((name, wanted)) => {
                record.value(name).map(flat).as_deref() == Some(wanted.replace('_', " ").as_str())
            }
            None => record.flags.contains(&field),
        })
}

fn wrongs(case: &Case, pack: &Pack, profile: &Profile) -> Vec<String> {
    let reference = Date::parse("2031-06-17").map(|value| Inferred {
        value,
        basis: Basis::Inferred { evidence: "case".to_owned(), at: Vec::new() },
    });
    let (byline, headline) = (case.byline.clone(), case.headline.clone());
    let context = Context { byline, headline, reference, ..Context::default() };
    let mentioned = mentions(&case.text, context.reference.as_ref(), pack).value;
    let found = records(&case.text, &mentioned, &context, pack, profile).value;
    let mut wrongs = Vec::new();
    for line in &case.expected {
        if let Some(kind) = line.strip_prefix("no ") {
            let kind = Kind::parse(kind.trim()).expect("a kind of the contract");
            for record in found.iter().filter(|record| record.kind == kind) {
                wrongs.push(format!("{}: unwanted {kind:?} {}", case.title, record.at.of(&case.text)));
            }
            continue;
        }
        if let Some(line) = line.strip_prefix("too-many ") {
            if !found.iter().any(|record| answers(line, record, &case.text)) {
                wrongs.push(format!("{}: no longer there, drop it: too-many {line}", case.title));
            }
            continue;
        }
        let (known_wrong, line) = match line.strip_prefix("fixme ") {
            Some(line) => (true, line),
            None => (false, line.as_str()),
        };
        let met = found.iter().any(|record| answers(line, record, &case.text));
        if met == known_wrong {
            let word = if met { "came right, drop its fixme" } else { "not found" };
            let kind = line.split(' ').next().unwrap_or("");
            let near: Vec<String> = found
                .iter()
                .filter(|record| record.kind.as_str() == kind)
                .map(|record| {
                    let fields: Vec<String> = record
                        .fields
                        .iter()
                        .map(|(name, field)| format!("{name}={}", flat(&field.value)))
                        .collect();
                    format!(
                        "\n      has `{}` {} {:?}",
                        record.at.of(&case.text),
                        fields.join(" "),
                        record.flags
                    )
                })
                .collect();
            wrongs.push(format!("{}: {word}: {line}{}", case.title, near.concat()));
        }
    }
    for kind in Kind::ALL {
        let lines: Vec<&String> = case
            .expected
            .iter()
            .filter(|line| {
                let line = line.trim_start_matches("fixme ").trim_start_matches("too-many ");
                line.split(' ').next() == Some(kind.as_str())
            })
            .collect();
        if lines.is_empty() || lines.iter().any(|line| line.starts_with("fixme ")) {
            continue;
        }
        for record in found.iter().filter(|record| record.kind == kind) {
            let listed = |line: &&String| answers(line.trim_start_matches("too-many "), record, &case.text);
            if !lines.iter().any(listed) {
                wrongs.push(format!("{}: not listed: {kind:?} `{}`", case.title, record.at.of(&case.text)));
            }
        }
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
        for case in cases(&fs::read_to_string(name).expect("a text file")) {
            assert!(!case.text.is_empty() && !case.expected.is_empty(), "{}: an empty case", case.title);
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
