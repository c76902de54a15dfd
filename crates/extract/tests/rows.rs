//! The rows of dates, times and traps against their own examples.

use shiliu_extract::{Mention, mentions};
use shiliu_lang::{Pack, Row, builtin};
use shiliu_text::{Basis, Date, Inferred};

fn pack() -> Pack {
    let loaded = Pack::load(builtin());
    assert_eq!(loaded.diagnostics, [], "the data loads without a remark");
    loaded.value
}

fn found(text: &str, pack: &Pack) -> Vec<Mention> {
    let value = Date::parse("2025-06-16").unwrap();
    let basis = Basis::Inferred { evidence: "example".to_owned(), at: Vec::new() };
    mentions(text, Some(&Inferred { value, basis }), pack).value
}

fn failures(rows: &[Row], hits: impl Fn(&Row, &str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in rows {
        for (key, wanted) in [("yes", true), ("no", false)] {
            if row.texts(key).is_empty() {
                wrong.push(format!("{}: no `{key}` example", row.id));
            }
            for example in row.texts(key) {
                if hits(row, example) != wanted {
                    wrong.push(format!("{}: `{key}` {example:?}", row.id));
                }
            }
        }
    }
    wrong
}

#[test]
fn forms_hold_to_their_examples() {
    let pack = pack();
    let fires = |row: &Row, text: &str| {
        found(text, &pack).iter().any(|mention| mention.rule.split('+').next() == Some(row.id.as_str()))
    };
    let mut wrong = failures(pack.forms("date_form").rows(), fires);
    let clock = |row: &Row, text: &str| {
        let forms = pack.forms("time_form");
        let (view, room) = (shiliu_lang::View::new(text, pack.lexicon()), shiliu_lang::Room::default());
        (0..view.len()).any(|at| {
            let stands = at == 0 || !view.before(at).is_ascii_digit();
            stands && forms.longest(&view, pack.lexicon(), at, &room).is_some_and(|hit| hit.row.id == row.id)
        })
    };
    wrong.extend(failures(pack.forms("time_form").rows(), clock));
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn nothing_is_found_inside_a_trap() {
    let pack = pack();
    let silent = |_: &Row, text: &str| found(text, &pack).is_empty();
    let mut wrong = Vec::new();
    for row in pack.rows("trap") {
        for word in row.texts("words") {
            if !silent(row, word) {
                wrong.push(format!("{}: {word}", row.id));
            }
        }
        let hits = row.texts("yes").into_iter().filter(|text| !silent(row, text));
        wrong.extend(hits.map(|text| format!("{}: yes {text}", row.id)));
    }
    assert_eq!(wrong, Vec::<String>::new());
}
