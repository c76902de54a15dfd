//! Fields of matched records against the truth's: how many are filled, how many right.

use std::collections::BTreeSet;

use serde_json::Value;
use shiliu_archive::Reading;
use shiliu_ledger::{Kind, Value as Ours};

use crate::facts::{same_end, same_time};
use crate::print::{Report, ratio};
use crate::truth::Fact;

/// How two values are compared beside being equal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alike {
    /// Only equal ones are right.
    Equal,
    /// The truth writes a longer or shorter form of the same name (`Q` for a hall in Q).
    Contains,
    /// Both name the same days. A truth in words is not compared.
    Time,
    /// Both end on the same day: what a deadline means, whichever of its days is written.
    LastDay,
    /// Verbs: the truth joins several by a slash and adds adverbs or a second verb (`go on providing`).
    Verbs,
    /// The number in it.
    Number,
    /// Grades at most one step apart.
    Step,
    /// Words of one kind of meeting.
    Meeting,
}

/// What is compared in records of one kind: our field, the truth's key, what counts as alike.
type FieldsOfKind = (Kind, &'static [(&'static str, &'static str, Alike)]);

const FIELDS: &[FieldsOfKind] = &[
    (
        Kind::Commitment,
        &[
            ("actors", "actors", Alike::Equal),
            ("recipients", "recipients", Alike::Equal),
            ("force", "force", Alike::Step),
            ("action", "action", Alike::Verbs),
            ("object", "object", Alike::Contains),
            ("quantity", "quantity", Alike::Number),
            ("deadline", "deadline", Alike::LastDay),
            ("cue", "modality", Alike::Contains),
            ("status", "status", Alike::Equal),
            ("polarity", "polarity", Alike::Equal),
        ],
    ),
    (
        Kind::Quote,
        &[
            ("speaker", "speaker", Alike::Contains),
            ("title", "title", Alike::Contains),
            ("cue", "cue", Alike::Contains),
            ("mode", "mode", Alike::Equal),
        ],
    ),
    (
        Kind::Person,
        &[
            ("name", "name", Alike::Equal),
            ("title", "title", Alike::Contains),
            ("country", "country", Alike::Equal),
            ("role", "role", Alike::Equal),
        ],
    ),
    (
        Kind::Event,
        &[
            ("type", "type", Alike::Meeting),
            ("name", "name", Alike::Contains),
            ("date", "date", Alike::Time),
            ("place", "place", Alike::Contains),
        ],
    ),
    (Kind::Body, &[("name", "name", Alike::Contains), ("status", "status", Alike::Equal)]),
    (
        Kind::Instrument,
        &[
            ("name", "name", Alike::Contains),
            ("status", "status", Alike::Equal),
            ("parties", "parties", Alike::Equal),
            ("date", "date", Alike::Time),
        ],
    ),
    (
        Kind::Project,
        &[
            ("name", "name", Alike::Contains),
            ("status", "status", Alike::Equal),
            ("countries", "parties", Alike::Equal),
            ("sector", "sector", Alike::Equal),
        ],
    ),
    (Kind::Area, &[("items", "items", Alike::Equal)]),
    (Kind::Place, &[("country", "country", Alike::Equal)]),
    (Kind::Claim, &[("n", "n", Alike::Number), ("names", "names", Alike::Equal)]),
];

/// Kinds of meetings under one word: the scheme of our types has fewer words than the truth.
const MEETINGS: &[(&str, &[&str])] = &[
    ("summit", &["summit (video)"]),
    ("forum", &["seminar", "round table", "fair"]),
    ("talks", &["bilateral talks", "meeting"]),
    ("meeting", &["congress session", "press briefing", "press appearance", "inspection"]),
    ("campaign", &["lecture", "activity", "programme"]),
    ("festival", &["performance", "fair"]),
    ("ceremony", &["award"]),
];

/// Prints for every field the truth gives: the share filled, right, and right when notations are allowed to differ, of
/// the matched facts that have it.
pub(crate) fn score(
    set: &'static str,
    reading: &Reading,
    kind: Kind,
    facts: &[&Fact],
    matched: &[Option<usize>],
    report: &mut Report,
    errors: Option<&str>,
) {
    let fields = FIELDS.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, fields)| fields);
    for &(ours, theirs, alike) in fields {
        let (mut filled, mut right, mut roughly, mut all) = (0, 0, 0, 0);
        for (fact, index) in facts.iter().zip(matched) {
            let (Some(index), Some(wanted)) = (index, fact.row.get(theirs)) else { continue };
            if is_empty(wanted) || matches!(alike, Alike::Time | Alike::LastDay) && !is_time(wanted) {
                continue;
            }
            all += 1;
            let value = reading.records[*index].record.value(ours);
            filled += usize::from(value.is_some_and(|value| *value != Ours::Null));
            let exact = value.is_some_and(|value| equal(value, wanted, alike));
            let rough = exact || value.is_some_and(|value| near(value, wanted, alike, fact));
            right += usize::from(exact);
            roughly += usize::from(rough);
            if !exact && errors == Some(kind.as_str()) {
                let word = if rough { "written otherwise" } else { "wrong" };
                let value = value.map(|value| format!("{value:?}"));
                report.note(format!(
                    "{set}: {word} {} {ours} of {:?}: {} ours {}",
                    kind.as_str(),
                    fact.text,
                    wanted,
                    value.unwrap_or_default()
                ));
            }
        }
        if all > 0 {
            report.share(set, format!("  {} {ours} right given match", kind.as_str()), ratio(right, all));
            let shares = [ratio(filled, all), ratio(roughly, all)].map(|share| format!("{share:.2}"));
            report.score(
                set,
                format!("    {} {ours} filled / right in other words (of)", kind.as_str()),
                format!("{} ({all})", shares.join("/")),
            );
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(many) => many.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

fn is_time(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit() || c == '.') && text.is_ascii())
}

fn texts(value: &Value) -> BTreeSet<&str> {
    match value {
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        Value::String(one) => BTreeSet::from([one.as_str()]),
        _ => BTreeSet::new(),
    }
}

fn equal(ours: &Ours, wanted: &Value, alike: Alike) -> bool {
    match alike {
        Alike::Number => number_of(ours).zip(number_in(wanted)).is_some_and(|(a, b)| same_number(a, b)),
        Alike::Step => {
            let grade = |text: &str| text.strip_prefix('F').and_then(|digit| digit.parse::<i32>().ok());
            let ours = ours.as_texts().first().and_then(|text| grade(text));
            ours.zip(wanted.as_str().and_then(grade)).is_some_and(|(a, b)| (a - b).abs() <= 1)
        }
        _ => ours.as_texts().into_iter().collect::<BTreeSet<&str>>() == texts(wanted),
    }
}

fn near(ours: &Ours, wanted: &Value, alike: Alike, fact: &Fact) -> bool {
    let found: BTreeSet<&str> = ours.as_texts().into_iter().collect();
    let wanted_texts = texts(wanted);
    let (Some(one), Some(other)) = (found.first(), wanted_texts.first()) else { return false };
    match alike {
        Alike::Contains => {
            let bare = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
            let (a, b) = (bare(one), bare(other));
            !a.is_empty() && !b.is_empty() && (a.contains(&b) || b.contains(&a))
        }
        Alike::Time => same_time(one, other, &fact.row),
        Alike::LastDay => same_time(one, other, &fact.row) || same_end(one, other),
        Alike::Verbs => {
            let parts = |text: &str| -> Vec<String> {
                let parts = text.split(['/', '、', '；']);
                parts.map(|part| part.chars().filter(|c| c.is_alphanumeric()).collect()).collect()
            };
            let (ours, theirs) = (parts(one), parts(other));
            let shares = |part: &String| {
                theirs.iter().any(|other| other.contains(part.as_str()) || part.contains(other.as_str()))
            };
            ours.iter().all(shares)
        }
        Alike::Meeting => {
            let known = MEETINGS.iter().filter(|(word, _)| word == one);
            known.flat_map(|(_, words)| words.iter()).any(|word| word == other)
        }
        Alike::Equal | Alike::Number | Alike::Step => false,
    }
}

fn number_of(ours: &Ours) -> Option<f64> {
    match ours {
        Ours::Integer(number) => number.to_string().parse().ok(),
        Ours::Map(entries) => entries
            .iter()
            .filter(|(key, _)| matches!(*key, "value" | "low" | "high"))
            .find_map(|(_, value)| value.as_texts().first().and_then(|text| text.parse().ok())),
        other => other.as_texts().first().and_then(|text| text.parse().ok()),
    }
}

fn number_in(wanted: &Value) -> Option<f64> {
    match wanted {
        Value::Number(number) => number.as_f64(),
        Value::Object(fields) => fields.get("value").and_then(Value::as_f64),
        Value::String(text) => {
            let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
            digits.parse().ok()
        }
        _ => None,
    }
}

fn same_number(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(1.0)
}
