//! Values of fields and mentions in words.

use shiliu_archive::store::{FieldValue, MentionView};
use shiliu_ledger::register::Detail;

use super::deadline::in_words;
use crate::web::frame::Frame;

/// Fields whose texts are words of a fixed vocabulary.
const VOCABULARIES: &[&str] =
    &["type", "status", "force", "modality", "polarity", "mode", "role", "relation", "cmp", "unit", "sector"];

/// Fields whose texts are names, told in the language of the screen where the profile knows them.
const NAMED: &[&str] = &[
    "actors",
    "recipients",
    "parties",
    "countries",
    "country",
    "host",
    "parent",
    "lineage",
    "meeting",
    "event",
    "place",
    "participants",
    "speaker",
    "issuer",
    "area",
    "items",
    "list",
];

/// Fields whose texts are EDTF dates.
const DATES: &[&str] = &["date", "deadline", "since", "as_of"];

/// A field's value in words of the interface.
pub(crate) fn field(frame: &Frame, name: &str, value: &FieldValue) -> String {
    match value {
        FieldValue::Null => String::new(),
        FieldValue::Integer(number) => number.to_string(),
        FieldValue::Text(text) if VOCABULARIES.contains(&name) => {
            frame.word(&format!("value.{name}"), text).to_owned()
        }
        FieldValue::Text(text) if DATES.contains(&name) => in_words(frame, text),
        FieldValue::Text(text) if NAMED.contains(&name) => frame.named(text).to_owned(),
        FieldValue::Text(text) => text.clone(),
        FieldValue::List(values) => {
            let parts: Vec<String> = values.iter().map(|value| field(frame, name, value)).collect();
            parts.join(frame.t("list.joint"))
        }
        FieldValue::Map(entries) => {
            let entry = |key: &str| {
                value.entry(key).map(|value| field(frame, key, value)).filter(|text| !text.is_empty())
            };
            if let Some(number) = entry("value") {
                let text = |key: &str| value.entry(key).and_then(FieldValue::as_text).unwrap_or_default();
                return amount(frame, text("cmp"), &number, text("unit"));
            }
            let parts: Vec<String> = entries
                .iter()
                .filter(|(_, value)| *value != FieldValue::Null)
                .map(|(key, value)| format!("{} {}", frame.word("field", key), field(frame, key, value)))
                .collect();
            parts.join(frame.t("list.joint"))
        }
    }
}

/// A bound, a number and its unit as the language writes them: `>2000亿元人民币`, `>200 billion yuan (CNY)`.
pub(crate) fn amount(frame: &Frame, bound: &str, number: &str, unit: &str) -> String {
    let bound = if bound == "=" { "" } else { bound };
    format!("{bound}{}{}", number_in_words(frame, number), unit_after(frame, number, unit))
}

/// A unit behind its number, with what the language sets between them; nothing where there is no unit.
fn unit_after(frame: &Frame, number: &str, unit: &str) -> String {
    let unit = unit.trim_matches(['{', '}']);
    let gap = match unit {
        "" => return String::new(),
        "%" => "number.percent_gap",
        _ => "number.unit_gap",
    };
    let key = format!("value.unit.{unit}");
    // A broken number goes with the form of a few (Russian: `1,5 юаня`).
    let count = if number.contains('.') { Some(2) } else { number.parse().ok() };
    let form = count.and_then(|count| frame.form(&key, count));
    format!("{}{}", frame.t(gap), form.unwrap_or_else(|| frame.word("value.unit", unit)))
}

/// A decimal number as the language writes it: large ones by their thousand millions or their ten thousands where that
/// loses nothing, others in groups of three. What is no number stays as it is.
fn number_in_words(frame: &Frame, text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || !(whole.bytes().chain(fraction.bytes())).all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    // `8=亿;4=万`: powers of ten with their words, the greatest first.
    for step in frame.t("number.steps").split(';') {
        let Some((power, word)) = step.split_once('=') else { continue };
        let Ok(power) = power.parse::<usize>() else { continue };
        let Some(head) = whole.len().checked_sub(power).filter(|head| *head > 0 && fraction.is_empty())
        else {
            continue;
        };
        let rest = whole[head..].trim_end_matches('0');
        // So many digits behind the point are read at a glance.
        if rest.len() <= if head > 2 { 2 } else { 4 - head } {
            let point = if rest.is_empty() { "" } else { frame.t("number.point") };
            return format!("{sign}{}{point}{rest}{word}", frame.in_groups(&whole[..head]));
        }
    }
    let point = if fraction.is_empty() { "" } else { frame.t("number.point") };
    format!("{sign}{}{point}{fraction}", frame.in_groups(whole))
}

/// A detail of an entry in words of the interface.
pub(crate) fn detail(frame: &Frame, detail: Detail, text: &str) -> String {
    match detail {
        Detail::Sector | Detail::Unit | Detail::Force => {
            let vocabulary = format!("value.{}", detail.as_str());
            let words: Vec<&str> = text.split("; ").map(|word| frame.word(&vocabulary, word)).collect();
            words.join(frame.t("list.joint"))
        }
        Detail::Due if !text.starts_with('P') => in_words(frame, text),
        Detail::Area => frame.named(text).to_owned(),
        _ => text.to_owned(),
    }
}

/// A mention's value: EDTF or ISO 8601, or bound, number and unit.
pub(crate) fn mention(frame: &Frame, mention: &MentionView) -> String {
    let number = mention.value.as_deref().unwrap_or_default();
    let unit = unit_after(frame, number, mention.unit.as_deref().unwrap_or_default());
    let bound = if mention.bound == "=" { "" } else { mention.bound.as_str() };
    let end = |end: &Option<(String, bool)>| end.as_ref().map_or(String::new(), |(value, _)| value.clone());
    let part = mention
        .part
        .as_deref()
        .map(|part| format!(" {}", frame.word("value.part", part)))
        .unwrap_or_default();
    match (&mention.value, &mention.low, &mention.high) {
        (Some(value), ..) => format!("{bound}{value}{unit}{part}"),
        (None, None, None) => frame.t("value.vague").to_owned(),
        (None, low, high) => format!("{bound}{}–{}{unit}", end(low), end(high)),
    }
}

/// The class that colours a mention.
pub(crate) fn mention_class(kind: &str) -> &'static str {
    match kind {
        "date" | "date_range" | "time" | "datetime" | "duration" | "set" => "m-date",
        "money" => "m-money",
        "percent" => "m-percent",
        _ => "m-count",
    }
}
