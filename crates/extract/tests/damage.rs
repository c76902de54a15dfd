//! Damage put into every marked case and every example row: white space and line breaks at each place inside an
//! expression, a paragraph break between a number and its unit, look-alike characters. Kind, value and the printed
//! characters stay; what is known to be lost stands in `damage/known.tsv`, and a case that comes right must leave it.

#[path = "marks.rs"]
mod marks;

use std::collections::BTreeSet;

use shiliu_extract::{Mention, mentions};
use shiliu_lang::{Pack, builtin, is_spaced_letter};
use shiliu_text::{Basis, Date, Inferred};

fn reference(day: &str) -> Option<Inferred<Date>> {
    let value = Date::parse(day)?;
    Some(Inferred { value, basis: Basis::Inferred { evidence: "case".to_owned(), at: Vec::new() } })
}

/// Texts with at least one mention: the marked cases, and the examples of the forms of dates.
fn texts(pack: &Pack) -> Vec<(String, Option<Inferred<Date>>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let mut day = reference("2025-06-16");
        for line in std::fs::read_to_string(file).unwrap().lines() {
            if let Some(text) = line.strip_prefix("ref ") {
                day = reference(text);
            }
            if let Some(text) = line.strip_prefix("- ").filter(|text| !text.starts_with("fixme ")) {
                found.push((marks::bare(&text.replace('⏎', "\n")), day.clone()));
            }
        }
    }
    let rows = [pack.forms("date_form"), pack.forms("time_form")];
    for row in rows.into_iter().flat_map(|forms| forms.rows()) {
        found.extend(row.texts("yes").into_iter().map(|text| (text.to_owned(), reference("2025-06-16"))));
    }
    found
}

/// What damage must not change.
fn essence(mention: &Mention, text: &str, restore: impl Fn(&str) -> String) -> (String, String, String) {
    let value = marks::value(mention).replace(" !damaged", "");
    let printed = mention.span.of(text).chars().filter(|character| !character.is_whitespace());
    (mention.kind.as_str().to_owned(), value, restore(&printed.collect::<String>()))
}

struct Damage {
    name: &'static str,
    text: String,
    /// Undoes it in the characters of one mention.
    undo: Option<(char, char)>,
    flagged: bool,
}

/// Every way to damage the characters of one mention.
fn damages(text: &str, mention: &Mention) -> Vec<Damage> {
    let mut made = Vec::new();
    let span = mention.span.range();
    let characters: Vec<(usize, char)> =
        text[span.clone()].char_indices().map(|(at, character)| (at + span.start, character)).collect();
    let insert = |at: usize, what: &str| format!("{}{what}{}", &text[..at], &text[at..]);
    for pair in characters.windows(2) {
        let ((_, before), (at, after)) = (pair[0], pair[1]);
        if is_spaced_letter(before) && is_spaced_letter(after)
            || before.is_whitespace()
            || after.is_whitespace()
        {
            continue;
        }
        made.push(Damage { name: "blank", text: insert(at, " "), undo: None, flagged: false });
        made.push(Damage { name: "line", text: insert(at, "\n"), undo: None, flagged: false });
    }
    let after_number = mention.numeral.map(|numeral| numeral.range().end).filter(|end| *end < span.end);
    let spaced = |at: usize| text[at..].starts_with(char::is_whitespace);
    if let Some(at) = after_number.filter(|at| !spaced(*at)) {
        made.push(Damage { name: "paragraph", text: insert(at, "\n\n"), undo: None, flagged: true });
    }
    for &(at, character) in &characters {
        let swap = match character {
            '0' => Some(('O', '0')),
            '1' => Some(('l', '1')),
            '一' => Some(('—', '一')),
            '—' | '-' | '–' => Some(('一', character)),
            _ => None,
        };
        let Some((wrong, right)) = swap else { continue };
        let swapped = format!("{}{wrong}{}", &text[..at], &text[at + character.len_utf8()..]);
        let name = match right {
            '0' | '1' => "letter",
            '一' => "dash",
            _ => "stroke",
        };
        made.push(Damage { name, text: swapped, undo: Some((wrong, right)), flagged: true });
    }
    made
}

#[test]
fn damage_changes_neither_kind_nor_value_nor_characters() {
    let pack = Pack::load(builtin()).value;
    let known: BTreeSet<&str> =
        include_str!("damage/known.tsv").lines().filter(|line| !line.starts_with('#')).collect();
    let (mut lost, mut tried) = (BTreeSet::new(), 0usize);
    for (text, day) in texts(&pack) {
        let whole = mentions(&text, day.as_ref(), &pack).value;
        for (index, mention) in whole.iter().enumerate() {
            let wanted = essence(mention, &text, str::to_owned);
            for damage in damages(&text, mention) {
                tried += 1;
                let found = mentions(&damage.text, day.as_ref(), &pack).value;
                let undo = |text: &str| match damage.undo {
                    Some((wrong, right)) if wanted.2.matches(wrong).count() == 0 => {
                        text.replace(wrong, &right.to_string())
                    }
                    _ => text.to_owned(),
                };
                let same = found.len() == whole.len()
                    && found.get(index).is_some_and(|other| {
                        let essence = essence(other, &damage.text, undo);
                        essence == wanted && (!damage.flagged || other.flags.contains(&"damaged"))
                    });
                if !same {
                    let start = text[..mention.span.range().start]
                        .char_indices()
                        .rev()
                        .nth(3)
                        .map_or(0, |(at, _)| at);
                    let shown: String = damage.text[start..].chars().take(24).collect();
                    lost.insert(format!("{}\t{}", damage.name, shown.replace('\n', "⏎")));
                }
            }
        }
    }
    let lost: BTreeSet<&str> = lost.iter().map(String::as_str).collect();
    let fresh: Vec<&&str> = lost.difference(&known).collect();
    let right: Vec<&&str> = known.difference(&lost).collect();
    assert!(tried > 5000, "only {tried} places were damaged");
    assert!(
        fresh.is_empty(),
        "{} of {tried} are lost:\n{}",
        fresh.len(),
        fresh.iter().map(|line| format!("{line}\n")).collect::<String>()
    );
    assert!(right.is_empty(), "no longer lost, drop them from known.tsv: {right:#?}");
}
