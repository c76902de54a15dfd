//! The third-party suite, family by family, with an adapter from our mentions to its answers.

use std::collections::BTreeMap;

use serde_json::Value;
use shiliu_extract::{Mention, MentionKind, MentionValue, mentions};
use shiliu_lang::Pack;
use shiliu_text::{CodePoints, Date, Inferred};

use crate::ranges::same_range;
use crate::{number_of, reference, rows, shared, show, text_of};

/// One found mention as the suite sees it: code points of the whole, of its numeral, and the mention.
pub(crate) struct Seen {
    start: u64,
    end: u64,
    numeral: Option<(u64, u64)>,
    pub(crate) mention: Mention,
}

fn see(text: &str, day: Option<&Inferred<Date>>, pack: &Pack) -> Vec<Seen> {
    let points = CodePoints::new(text);
    let at = |byte: u32| u64::from(points.at_byte(byte));
    mentions(text, day, pack)
        .value
        .into_iter()
        .map(|mention| Seen {
            start: at(mention.span.start),
            end: at(mention.span.end),
            numeral: mention.numeral.map(|span| (at(span.start), at(span.end))),
            mention,
        })
        .collect()
}

fn of_family(family: &str, kind: MentionKind) -> bool {
    match family {
        "number" => matches!(
            kind,
            MentionKind::Number
                | MentionKind::Count
                | MentionKind::Money
                | MentionKind::Quantity
                | MentionKind::Percent
                | MentionKind::Ordinal
                | MentionKind::Duration
        ),
        "percentage" => kind == MentionKind::Percent,
        "currency" => kind == MentionKind::Money,
        "dimension" | "temperature" => kind == MentionKind::Quantity,
        "ordinal" => kind == MentionKind::Ordinal,
        "date" | "daterange" => matches!(kind, MentionKind::Date | MentionKind::DateRange),
        "duration" => kind == MentionKind::Duration,
        "datetime" | "datetimerange" => kind == MentionKind::Datetime || kind == MentionKind::Date,
        "time" | "timerange" => kind == MentionKind::Time,
        "set" => kind == MentionKind::Set,
        "datetime-mixed" | "datetime-negative" => matches!(
            kind,
            MentionKind::Date
                | MentionKind::DateRange
                | MentionKind::Datetime
                | MentionKind::Duration
                | MentionKind::Set
                | MentionKind::Time
        ),
        _ => false,
    }
}

/// Cases whose answer differs from ours on purpose, with the reason.
fn listed() -> BTreeMap<&'static str, &'static str> {
    let list = include_str!("by_design.tsv");
    list.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect()
}

/// The families that the targets are set for.
const TARGETED: [&str; 8] =
    ["number", "percentage", "currency", "dimension", "date", "daterange", "duration", "datetime"];

/// Prints every case that differs on purpose with its reason, and their share of the suite's targeted families.
pub(crate) fn by_design() {
    let listed = listed();
    let (mut cases, mut apart) = (0usize, 0usize);
    for case in rows(&shared("suites/recognizers_zh.jsonl")) {
        if text_of(&case, "tier") != "model" || !TARGETED.contains(&text_of(&case, "family")) {
            continue;
        }
        cases += 1;
        if let Some(reason) = listed.get(text_of(&case, "id")) {
            apart += 1;
            println!(
                "{}\t{}\t{:?}\t{reason}",
                text_of(&case, "family"),
                text_of(&case, "id"),
                text_of(&case, "in")
            );
        }
    }
    println!("{apart} of {cases} cases ({:.1} %)", 100.0 * apart as f64 / cases as f64);
}

pub(crate) fn suites(pack: &Pack, verbose: Option<&str>) {
    let by_design = listed();
    let mut table: BTreeMap<String, [u32; 4]> = BTreeMap::new();
    for case in rows(&shared("suites/recognizers_zh.jsonl")) {
        if text_of(&case, "tier") != "model" {
            continue;
        }
        let (id, family, text) = (text_of(&case, "id"), text_of(&case, "family"), text_of(&case, "in"));
        let day = reference(text_of(&case, "ref"));
        let seen = see(text, day.as_ref(), pack);
        let expected = case["exp"].as_array().cloned().unwrap_or_default();
        let score = table.entry(family.to_owned()).or_default();
        score[0] += 1;
        let (mut spans, mut values) = (true, true);
        let mut used = vec![false; seen.len()];
        for want in &expected {
            let (start, end) = (want["s"].as_u64().unwrap_or(0), want["e"].as_u64().unwrap_or(0));
            let hit = seen.iter().enumerate().find(|(_, seen)| {
                let whole = seen.start == start && seen.end == end;
                match family {
                    "number" => seen.numeral == Some((start, end)),
                    "percentage" | "currency" | "dimension" | "temperature" | "duration" => {
                        of_family(family, seen.mention.kind)
                            && (whole
                                || seen.numeral.is_some_and(|(from, _)| from == start) && seen.end == end)
                    }
                    "ordinal" => seen.mention.kind == MentionKind::Ordinal && seen.start == start,
                    _ => whole,
                }
            });
            match hit {
                None => (spans, values) = (false, false),
                Some((index, seen)) => {
                    used[index] = true;
                    values &= suite_value(text, family, &want["res"], seen, pack, day.as_ref());
                }
            }
        }
        for (seen, used) in seen.iter().zip(&used) {
            // Percentages are a family of their own there.
            if !used
                && of_family(family, seen.mention.kind)
                && !(family == "number" && seen.mention.kind == MentionKind::Percent)
            {
                (spans, values) = (false, false);
            }
        }
        if let Some(reason) = by_design.get(id) {
            score[3] += 1;
            if values && spans {
                println!("{id}: listed as by design ({reason}), but passes");
            }
            continue;
        }
        score[1] += u32::from(spans);
        score[2] += u32::from(values);
        if !values && verbose.is_some_and(|wanted| wanted == family || wanted == "all") {
            println!("{} {id} {text:?} {}", if spans { "VALUE" } else { "SPAN " }, text_of(&case, "ref"));
            for want in &expected {
                println!("      want {:?} {}", text_of(want, "t"), want["res"]);
            }
            for seen in &seen {
                println!("      have {}", show(text, &seen.mention));
            }
        }
    }
    for (family, [cases, spans, values, listed]) in table {
        let of = f64::from(cases - listed);
        println!(
            "{family}: {cases} cases, {listed} by design, spans {spans} {:.1} %, values {values} {:.1} %",
            100.0 * f64::from(spans) / of,
            100.0 * f64::from(values) / of
        );
    }
}

fn same_number(have: &str, want: &str) -> bool {
    let (Ok(have), Ok(want)) = (have.parse::<f64>(), want.trim_end_matches('%').parse::<f64>()) else {
        return false;
    };
    (have - want).abs() <= want.abs() * 1e-12
}

fn suite_value(
    text: &str,
    family: &str,
    want: &Value,
    seen: &Seen,
    pack: &Pack,
    day: Option<&Inferred<Date>>,
) -> bool {
    let value = number_of(&want["value"]);
    let amount = match &seen.mention.value {
        MentionValue::Amount(amount) => Some(amount),
        _ => None,
    };
    let printed = amount.and_then(|amount| amount.value.clone().or(amount.low.clone()));
    match family {
        "number" => {
            let Some(span) = seen.mention.numeral else { return false };
            let view = shiliu_lang::View::new(span.of(text), pack.lexicon());
            let minus = view.at(0) == '\u{2014}';
            let numeral = pack
                .lexicon()
                .numeral(&view, usize::from(minus))
                .and_then(|numeral| numeral.value.or(numeral.range.map(|range| range.0)));
            numeral.is_some_and(|have| {
                same_number(&have.to_string(), value.trim_start_matches(if minus { "-" } else { " " }))
            })
        }
        "percentage" => printed.is_some_and(|have| same_number(&have, &value)),
        "currency" => {
            let code = text_of(want, "isoCurrency");
            let unit = amount.and_then(|amount| amount.unit.clone()).unwrap_or_default();
            printed.is_some_and(|have| same_number(&have, &value)) && (code == unit || code.is_empty())
        }
        "dimension" | "temperature" => {
            let unit = amount.and_then(|amount| amount.unit.clone()).unwrap_or_default();
            let name = match unit.as_str() {
                "kg" => "Kilogram",
                "cm" => "Centimeter",
                "t" => "Ton",
                "m" => "Meter",
                "km" => "Kilometer",
                "{\u{65a4}}" => "Jin",
                "{\u{4e24}}" => "Liang",
                "kBy" => "Kilobyte",
                "MBy" => "Megabyte",
                "kbit" => "Kilobit",
                "MHz" => "Megahertz",
                "Hz" => "Hertz",
                "kcal" => "Kilocalorie",
                "Cel" => "C",
                "[degF]" => "F",
                other => other,
            };
            // A thousand bits are a kilobit: the suite moves the thousand into the unit.
            let thousand = name == "bit" && text_of(want, "unit") == "Kilobit"
                || name == "By" && text_of(want, "unit") == "Kilobyte";
            printed.is_some_and(|have| {
                same_number(&have, &value) || thousand && same_number(&have, &format!("{value}000"))
            }) && (name == text_of(want, "unit") || thousand)
        }
        "ordinal" => printed.is_some_and(|have| have == value),
        _ => {
            let Some(options) = want["values"].as_array() else { return false };
            let have = match &seen.mention.value {
                MentionValue::Text(text) => text.clone(),
                _ => String::new(),
            };
            options.iter().any(|option| {
                let value = text_of(option, "value");
                let (start, end) = (text_of(option, "start"), text_of(option, "end"));
                match text_of(option, "type") {
                    "duration" => have == text_of(option, "timex"),
                    "datetime" => {
                        let spaced = have.replace('T', " ");
                        spaced == value || format!("{spaced}:00") == value
                    }
                    "set" => have.trim_start_matches("R/") == text_of(option, "timex"),
                    "time" => {
                        let bare = have.trim_start_matches('T');
                        bare == value || format!("{bare}:00") == value
                    }
                    "date" => have == value || value == "not resolved" && have.is_empty(),
                    "daterange" => same_range(&have, start, end, text_of(option, "Mod"), seen, day),
                    "timerange" => {
                        let short = |text: &str| text.strip_suffix(":00").unwrap_or(text).to_owned();
                        have == format!("T{}/T{}", short(start), short(end))
                            || have == format!("T{start}/T{end}")
                    }
                    _ => have == format!("{}/{}", start.replace(' ', "T"), end.replace(' ', "T")),
                }
            })
        }
    }
}
