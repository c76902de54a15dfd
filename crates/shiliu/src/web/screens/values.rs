//! Values of fields and mentions in words.

use shiliu_archive::store::{FieldValue, MentionView};
use shiliu_ledger::register::Detail;

use super::deadline::in_words;
use crate::web::frame::Frame;

/// Fields whose texts are words of a fixed vocabulary.
const VOCABULARIES: &[&str] =
    &["type", "status", "force", "modality", "polarity", "mode", "role", "relation", "cmp", "unit", "sector"];

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
        FieldValue::Text(text) => text.clone(),
        FieldValue::List(values) => {
            let parts: Vec<String> = values.iter().map(|value| field(frame, name, value)).collect();
            parts.join(frame.t("list.joint"))
        }
        FieldValue::Map(entries) => {
            let entry = |key: &str| {
                value.entry(key).map(|value| field(frame, key, value)).filter(|text| !text.is_empty())
            };
            if let Some(amount) = entry("value") {
                let bound = entry("cmp").filter(|sign| sign != "=").unwrap_or_default();
                let unit = entry("unit").unwrap_or_default();
                let amount = super::figures::in_threes(&amount);
                return format!("{bound}{amount} {}", unit.trim_matches(['{', '}'])).trim().to_owned();
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

/// A detail of an entry in words of the interface.
pub(crate) fn detail(frame: &Frame, detail: Detail, text: &str) -> String {
    match detail {
        Detail::Sector | Detail::Unit | Detail::Force => {
            let vocabulary = format!("value.{}", detail.as_str());
            let words: Vec<&str> = text.split("; ").map(|word| frame.word(&vocabulary, word)).collect();
            words.join(frame.t("list.joint"))
        }
        Detail::Due if !text.starts_with('P') => in_words(frame, text),
        _ => text.to_owned(),
    }
}

/// A mention's value: EDTF or ISO 8601, or bound, number and unit.
pub(crate) fn mention(frame: &Frame, mention: &MentionView) -> String {
    let unit = mention
        .unit
        .as_deref()
        .map(|unit| format!(" {}", frame.word("value.unit", unit)))
        .unwrap_or_default();
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
