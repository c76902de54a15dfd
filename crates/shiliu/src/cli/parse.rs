use std::io::{self, BufRead as _};

use clap::Args;
use shiliu_extract::{Mention, Suppressed, explain};
use shiliu_lang::Pack;
use shiliu_text::{Basis, CodePoints, Date, Inferred, Span};

use super::{CommandError, Finish, Printer, data};
use crate::export::contract::mention_fields;
use crate::export::json::Json;

#[derive(Debug, Args)]
pub(super) struct ParseArguments {
    /// Day that relative dates count from, YYYY-MM-DD (a time after it is accepted). The clock is never read.
    #[arg(long, value_name = "DATE")]
    ref_date: Option<String>,
    /// Language of the lines; every language's data is used, this one's first.
    #[arg(long, default_value = "zh")]
    lang: String,
    /// Lines are {"id","text","ref"}; a line feed in the text is page layout.
    #[arg(long)]
    jsonl: bool,
    /// Add what was suppressed and by which row.
    #[arg(long)]
    explain: bool,
}

pub(super) fn run(arguments: &ParseArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let pack = data::pack()?;
    let default = match &arguments.ref_date {
        Some(text) => Some(day(text).ok_or_else(|| {
            CommandError::usage(format!("--ref-date {text}: not a day")).hint("write it as 2025-06-17")
        })?),
        None => None,
    };
    let mut failed = false;
    let mut buffer = Vec::new();
    let mut input = io::stdin().lock();
    let mut number = 0usize;
    loop {
        buffer.clear();
        let read = input
            .read_until(b'\n', &mut buffer)
            .map_err(|error| CommandError::stopped(format!("standard input: {error}")))?;
        if read == 0 {
            break;
        }
        number += 1;
        while buffer.last().is_some_and(|&byte| byte == b'\n' || byte == b'\r') {
            buffer.pop();
        }
        match line(&buffer, number, arguments, default, &pack) {
            Ok(json) => printer.json(&json)?,
            Err(message) => {
                failed = true;
                printer.json(&Json::object([
                    ("id", Json::from(number)),
                    ("mentions", Json::List(Vec::new())),
                    ("error", message.into()),
                ]))?;
            }
        }
    }
    Ok(Finish::with(failed))
}

/// Reads a day, or the day of a datetime (`2025-06-17T20:30`, `2025-06-17 20:30:05.5+05:00`).
fn day(text: &str) -> Option<Date> {
    Date::parse(text.get(..10)?).filter(|_| {
        let rest = &text[10..];
        rest.is_empty() || rest.strip_prefix(['T', ' ']).is_some_and(is_time)
    })
}

/// Whether a text is a time of day of ISO 8601, perhaps with its zone.
fn is_time(text: &str) -> bool {
    let two = |text: &str, most: u32| {
        text.len() == 2
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && text.parse().is_ok_and(|number: u32| number <= most)
    };
    let (clock, zone) = match text.find(['Z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, "Z"),
    };
    let zoned = zone == "Z"
        || zone.get(1..).is_some_and(|zone| {
            let (hours, minutes) = zone.split_once(':').unwrap_or((zone, "00"));
            two(hours, 14) && two(minutes, 59)
        });
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':');
    let hour = parts.next().is_some_and(|hour| two(hour, 24));
    let rest: Vec<&str> = parts.collect();
    let fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    zoned && hour && fraction && rest.len() <= 2 && rest.iter().all(|part| two(part, 59))
}

fn line(
    bytes: &[u8],
    number: usize,
    arguments: &ParseArguments,
    default: Option<Date>,
    pack: &Pack,
) -> Result<Json, String> {
    let line = std::str::from_utf8(bytes)
        .map_err(|error| format!("line {number}: not UTF-8 at byte {}", error.valid_up_to()))?;
    let (id, text, reference) = if arguments.jsonl {
        let line = if number == 1 { line.trim_start_matches('\u{feff}') } else { line };
        let value: serde_json::Value = if line.trim().is_empty() {
            serde_json::json!({ "text": "" })
        } else {
            serde_json::from_str(line).map_err(|error| format!("line {number}: not JSON: {error}"))?
        };
        let object = value.as_object().ok_or_else(|| format!("line {number}: not a JSON object"))?;
        let text = match object.get("text") {
            Some(serde_json::Value::String(text)) => text.clone(),
            _ => return Err(format!("line {number}: no `text`")),
        };
        let reference = match object.get("ref") {
            None | Some(serde_json::Value::Null) => default,
            Some(serde_json::Value::String(text)) => {
                Some(day(text).ok_or_else(|| format!("line {number}: `ref` {text:?} is not a day"))?)
            }
            Some(_) => return Err(format!("line {number}: `ref` is not a text")),
        };
        let id = object.get("id").cloned().map_or(Json::from(number), Json::Verbatim);
        (id, text, reference)
    } else {
        (Json::from(number), line.to_owned(), default)
    };
    let reference = reference.map(|value| Inferred {
        value,
        basis: Basis::Inferred { evidence: "given".to_owned(), at: Vec::new() },
    });
    let (outcome, suppressed) = explain(&text, reference.as_ref(), pack);
    let points = CodePoints::new(&text);
    let mut pairs = vec![
        ("id", id),
        (
            "mentions",
            Json::List(outcome.value.iter().map(|mention| mention_line(mention, &text, &points)).collect()),
        ),
    ];
    if arguments.explain {
        let rows = suppressed.iter().map(|suppressed| suppressed_line(suppressed, &text, &points)).collect();
        pairs.push(("suppressed", Json::List(rows)));
    }
    Ok(Json::object(pairs))
}

fn place(span: Span, text: &str, points: &CodePoints<'_>) -> Vec<(&'static str, Json)> {
    vec![
        ("start", points.at_byte(span.start).into()),
        ("end", points.at_byte(span.end).into()),
        ("text", span.of(text).into()),
    ]
}

/// A mention of one line; also what the live page of the web app shows.
pub(crate) fn mention_line(mention: &Mention, text: &str, points: &CodePoints<'_>) -> Json {
    let numeral = mention.numeral.map(|span| {
        Json::object([("start", points.at_byte(span.start).into()), ("end", points.at_byte(span.end).into())])
    });
    let mut pairs = place(mention.span, text, points);
    pairs.extend(mention_fields(mention, numeral));
    Json::object(pairs)
}

fn suppressed_line(suppressed: &Suppressed, text: &str, points: &CodePoints<'_>) -> Json {
    let mut pairs = place(suppressed.span, text, points);
    pairs.push(("rule", suppressed.rule.as_str().into()));
    pairs.push(("by", suppressed.by.as_str().into()));
    Json::object(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_day_or_a_whole_datetime() {
        for good in ["2025-06-17", "2025-06-17T20:30", "2025-06-17 20:30:05.5+05:00", "2025-06-17T00Z"] {
            assert!(day(good).is_some(), "{good}");
        }
        for bad in [
            "2025-06-17T25:99",
            "2025-06-17T",
            "2025-06-17x",
            "2025-02-30",
            "2025-06-17T12:3",
            "2025-06-17T12:30+99:00",
        ] {
            assert!(day(bad).is_none(), "{bad}");
        }
    }
}
