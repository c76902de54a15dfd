//! Measures the mention stage: `score_mentions gold|suites|other|speed|text [REF]`, reading `../shared` in place.
//! Figures are printed; nothing is written.
#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

#[path = "../tests/marks.rs"]
mod marks;

use std::collections::BTreeMap;
use std::io::Read as _;

use serde_json::Value;
use shiliu_extract::{Bound, Mention, MentionKind, MentionValue, explain, mentions};
use shiliu_lang::{Pack, builtin};
use shiliu_text::{Basis, CodePoints, Date, Inferred};

fn pack() -> Pack {
    let loaded = Pack::load(builtin());
    for diagnostic in &loaded.diagnostics {
        println!("! {} {:?}", diagnostic.message, diagnostic.page);
    }
    loaded.value
}

fn reference(text: &str) -> Option<Inferred<Date>> {
    let value = Date::parse(text.get(..10)?)?;
    Some(Inferred { value, basis: Basis::Inferred { evidence: "given".to_owned(), at: Vec::new() } })
}

fn show(text: &str, mention: &Mention) -> String {
    let value = match &mention.value {
        MentionValue::Text(text) => text.clone(),
        MentionValue::Amount(amount) => format!(
            "{}{} {}",
            amount.value.clone().unwrap_or_default(),
            match (&amount.low, &amount.high) {
                (None, None) => String::new(),
                (low, high) => format!(
                    " {}{}..{}{}",
                    if amount.low_open { "(" } else { "[" },
                    low.clone().unwrap_or_default(),
                    high.clone().unwrap_or_default(),
                    if amount.high_open { ")" } else { "]" }
                ),
            },
            amount.unit.clone().unwrap_or_default()
        ),
        MentionValue::Vague => "null".to_owned(),
    };
    format!(
        "{:?} {} {} {}{} {:?} {}",
        mention.span.of(text),
        mention.kind.as_str(),
        mention.bound.as_str(),
        value,
        mention.part.map(|part| format!(" part={part}")).unwrap_or_default(),
        mention.flags,
        mention.rule
    )
}

fn main() {
    let mode = std::env::args().nth(1).unwrap_or_default();
    let pack = pack();
    match mode.as_str() {
        "gold" => gold(&pack),
        "suites" => suites(&pack),
        "speed" => speed(&pack),
        "other" => other(&pack),
        "mark" => {
            // Lines with `⏎` for a line break, marked as found: a draft of cases to read and correct.
            let reference = std::env::args().nth(2).and_then(|text| reference(&text));
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).expect("text on stdin");
            for line in text.lines() {
                let laid = line.replace('⏎', "\n");
                let found = mentions(&laid, reference.as_ref(), &pack).value;
                println!("- {}", marks::marked(&laid, &found).replace('\n', "⏎"));
            }
        }
        _ => {
            let reference = std::env::args().nth(2).and_then(|text| reference(&text));
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).expect("text on stdin");
            for line in text.lines() {
                println!("{line}");
                let (found, suppressed) = explain(line, reference.as_ref(), &pack);
                for mention in &found.value {
                    println!("    {}", show(line, mention));
                }
                for gone in suppressed {
                    println!("    - {:?} {} by {}", gone.span.of(line), gone.rule, gone.by);
                }
            }
        }
    }
}

fn rows(path: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn shared(path: &str) -> String {
    format!("{}/../../../shared/{path}", env!("CARGO_MANIFEST_DIR"))
}

fn text_of<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("")
}

fn number_of(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => String::new(),
    }
}

/// Code points of a fact without surrounding brackets.
fn gold(pack: &Pack) {
    let facts = rows(&shared("gold/facts.jsonl"));
    let wanted = ["date", "figure", "indicator", "not_figure"];
    let mut pages: Vec<String> = facts.iter().map(|fact| text_of(fact, "page").to_owned()).collect();
    pages.sort();
    pages.dedup();
    let (mut covered, mut total, mut values, mut right, mut held, mut traps, mut extra, mut made) =
        (0, 0, 0, 0, 0, 0, 0, 0);
    for page in &pages {
        let text = std::fs::read_to_string(shared(&format!("pages/{page}"))).expect("page");
        let points = CodePoints::new(&text);
        let issue = match &page[..3] {
            "003" => "2023-05-20",
            _ => "2025-06-16",
        };
        let mut by_reference: BTreeMap<String, Vec<(u32, u32, Mention)>> = BTreeMap::new();
        let mut run = |day: &str| -> Vec<(u32, u32, Mention)> {
            by_reference
                .entry(day.to_owned())
                .or_insert_with(|| {
                    let found = mentions(&text, reference(day).as_ref(), pack).value;
                    found
                        .into_iter()
                        .map(|mention| {
                            (points.at_byte(mention.span.start), points.at_byte(mention.span.end), mention)
                        })
                        .collect()
                })
                .clone()
        };
        let mut used = std::collections::BTreeSet::new();
        for fact in facts.iter().filter(|fact| text_of(fact, "page") == page) {
            let kind = text_of(fact, "kind");
            if !wanted.contains(&kind) || fact["derived"].as_bool() == Some(true) {
                continue;
            }
            let (start, end) = (
                u32::try_from(fact["start"].as_u64().unwrap_or(0)).unwrap_or(0),
                u32::try_from(fact["end"].as_u64().unwrap_or(0)).unwrap_or(0),
            );
            let day = match text_of(fact, "ref") {
                "" | "page" => issue,
                day => day,
            };
            let found = run(day);
            let over: Vec<&(u32, u32, Mention)> =
                found.iter().filter(|(from, to, _)| *from < end && start < *to).collect();
            if kind == "not_figure" {
                traps += 1;
                let broken = over.iter().find(|(_, _, mention)| {
                    matches!(
                        mention.kind,
                        MentionKind::Money
                            | MentionKind::Quantity
                            | MentionKind::Percent
                            | MentionKind::Count
                            | MentionKind::Number
                    )
                });
                match broken {
                    None => held += 1,
                    Some((_, _, mention)) => println!(
                        "trap {} {:?}: {}",
                        text_of(fact, "id"),
                        text_of(fact, "text"),
                        show(&text, mention)
                    ),
                }
                continue;
            }
            for (from, to, _) in &over {
                used.insert((*from, *to));
            }
            total += 1;
            let bracket = u32::from(text_of(fact, "text").starts_with(['(', '（']));
            let scored = fact["value_scored"].as_bool() != Some(false);
            let covers = over
                .iter()
                .any(|(from, to, _)| kind == "indicator" || *from <= start + bracket && *to >= end - bracket);
            if !covers {
                let near: Vec<String> = over.iter().map(|(_, _, mention)| show(&text, mention)).collect();
                println!("span {} {kind} {:?}: {near:?}", text_of(fact, "id"), text_of(fact, "text"));
                continue;
            }
            covered += 1;
            if scored {
                values += 1;
                if over.iter().any(|(_, _, mention)| gold_value(fact, mention, day)) {
                    right += 1;
                } else {
                    let near: Vec<String> = over.iter().map(|(_, _, mention)| show(&text, mention)).collect();
                    println!(
                        "value {} {kind} {:?} want {} {}: {near:?}",
                        text_of(fact, "id"),
                        text_of(fact, "text"),
                        fact["iso"],
                        fact["value"]
                    );
                }
            }
        }
        for (from, to, mention) in run(issue) {
            if matches!(mention.kind, MentionKind::Ordinal | MentionKind::Number) {
                continue;
            }
            made += 1;
            if !used.iter().any(|(start, end)| *start < to && from < *end) {
                extra += 1;
                let context: String = text[..mention.span.start as usize]
                    .chars()
                    .rev()
                    .take(8)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .rev()
                    .collect();
                println!("extra {} …{:?} {}", &page[..3], context, show(&text, &mention));
            }
        }
    }
    let recall = f64::from(covered) / f64::from(total);
    let precision = f64::from(made - extra) / f64::from(made);
    println!(
        "gold: spans {covered}/{total} recall {recall:.3} precision {precision:.3} ({extra} of {made} beside the truth) F1 {:.3}; values {right}/{values} {:.3}; not_figure held {held}/{traps} {:.3}",
        2.0 * recall * precision / (recall + precision),
        f64::from(right) / f64::from(values),
        f64::from(held) / f64::from(traps)
    );
}

fn gold_value(fact: &Value, mention: &Mention, day: &str) -> bool {
    let kind = text_of(fact, "kind");
    if kind == "date" {
        let want = text_of(fact, "iso");
        let MentionValue::Text(have) = &mention.value else { return false };
        if have == want {
            return true;
        }
        let year: i32 = day[..4].parse().unwrap_or(0);
        // Counted back with a bound: the contract keeps the duration.
        if let (Some(back), Some(count)) =
            (want.strip_prefix("../"), have.strip_prefix('P').and_then(|p| p.strip_suffix('Y')))
        {
            let back: i32 = back.parse().unwrap_or(0);
            return count.parse::<i32>().is_ok_and(|count| (year - count - back).abs() <= 1)
                && mention.bound == Bound::Greater;
        }
        // An open end is the reference's month in the truth.
        if let Some(start) = have.strip_suffix("/..") {
            return want.starts_with(start);
        }
        if let Some(end) = have.strip_prefix("../") {
            return want == end;
        }
        return false;
    }
    let want = number_of(&fact["value"]);
    let same = |have: &str| {
        have == want
            || matches!((have.parse::<f64>(), want.parse::<f64>()), (Ok(have), Ok(want)) if (have - want).abs() < 1e-9)
    };
    let bound = match text_of(fact, "cmp") {
        ">" => mention.bound == Bound::Greater,
        "≈<" => mention.bound == Bound::Less && mention.flags.contains(&"near"),
        _ => true,
    };
    let value = match &mention.value {
        MentionValue::Amount(amount) => {
            let unit = text_of(fact, "unit");
            let unit_right = match unit {
                "CNY" | "USD" | "%" => amount.unit.as_deref() == Some(unit),
                "ha" => amount.unit.as_deref() == Some("har"),
                "km" => amount.unit.as_deref() == Some("km"),
                _ => true,
            };
            unit_right && amount.value.as_deref().is_some_and(same)
        }
        MentionValue::Text(text) => {
            text.trim_matches(|c: char| !c.is_ascii_digit()) == want || {
                let digits: String =
                    text.chars().take_while(|c| *c != 'Y').filter(char::is_ascii_digit).collect();
                digits == want || text.starts_with(char::is_numeric)
            }
        }
        MentionValue::Vague => false,
    };
    value && bound
}

/// One found mention as the suite sees it: code points of the whole, of its numeral, and the mention.
struct Seen {
    start: u64,
    end: u64,
    numeral: Option<(u64, u64)>,
    mention: Mention,
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

fn suites(pack: &Pack) {
    let list = include_str!("suite_by_design.tsv");
    let by_design: BTreeMap<&str, &str> =
        list.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect();
    let verbose: Option<String> = std::env::args().nth(2);
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
        if !values && verbose.as_deref().is_some_and(|wanted| wanted == family || wanted == "all") {
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
                "{斤}" => "Jin",
                "{两}" => "Liang",
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

/// The first day and the day after the last of one EDTF moment.
fn days_of(moment: &str) -> Option<(Date, Date)> {
    let numbers: Vec<&str> = moment.split('-').collect();
    let day = |year: i32, month: i32, day: i32| {
        let months = year * 12 + month - 1;
        Date::new(
            i16::try_from(months.div_euclid(12)).ok()?,
            i8::try_from(months.rem_euclid(12) + 1).ok()?,
            i8::try_from(day).ok()?,
        )
    };
    if let Some(decade) = numbers[0].strip_suffix('X') {
        let first =
            decade.trim_end_matches('X').parse::<i32>().ok()? * if decade.ends_with('X') { 100 } else { 10 };
        let length = if decade.ends_with('X') { 100 } else { 10 };
        return Some((day(first, 1, 1)?, day(first + length, 1, 1)?));
    }
    let year: i32 = numbers[0].parse().ok()?;
    match numbers[1..] {
        [] => Some((day(year, 1, 1)?, day(year + 1, 1, 1)?)),
        ["40"] => Some((day(year, 1, 1)?, day(year, 7, 1)?)),
        ["41"] => Some((day(year, 7, 1)?, day(year + 1, 1, 1)?)),
        [quarter @ ("33" | "34" | "35" | "36")] => {
            let first = (quarter.parse::<i32>().ok()? - 33) * 3 + 1;
            Some((day(year, first, 1)?, day(year, first + 3, 1)?))
        }
        [month] => Some((day(year, month.parse().ok()?, 1)?, day(year, month.parse::<i32>().ok()? + 1, 1)?)),
        [month, number] => {
            let date = day(year, month.parse().ok()?, number.parse().ok()?)?;
            Some((date, date.plus_days(1)?))
        }
        _ => None,
    }
}

fn same_range(
    have: &str,
    start: &str,
    end: &str,
    modifier: &str,
    seen: &Seen,
    day: Option<&Inferred<Date>>,
) -> bool {
    let is = |date: Option<Date>, text: &str| {
        date.is_some_and(|date| date.to_string() == text.get(..10).unwrap_or(""))
    };
    if !modifier.is_empty() {
        // One open end; the suite excludes or includes it by the modifier.
        return match have.split_once('/') {
            Some(("..", last)) => {
                let days = days_of(last);
                is(days.map(|days| days.0), end) || is(days.map(|days| days.1), end)
            }
            Some((first, "..")) => is(days_of(first).map(|days| days.0), start),
            _ => false,
        };
    }
    if let Some(length) = have.strip_prefix('P') {
        // Counted from the reference: the length and the end at the reference must agree.
        let Some(today) = day else { return false };
        let (Ok(count), unit) = (length[..length.len() - 1].parse::<i32>(), &length[length.len() - 1..])
        else {
            return false;
        };
        let (year, month, number) = today.value.parts();
        let moved = |sign: i32| match unit {
            "Y" => Date::new(year + i16::try_from(sign * count).unwrap_or(0), month, number),
            "D" => today.value.plus_days(sign * count),
            "W" => today.value.plus_days(sign * count * 7),
            _ => None,
        };
        let past = seen.mention.flags.contains(&"until-reference");
        return if past { is(moved(-1), start) && is(Some(today.value), end) } else { is(moved(1), end) };
    }
    match have.split_once('/') {
        Some((first, last)) => {
            let (first, last) = (days_of(first), days_of(last));
            // The suite's ends are exclusive: the first day of the last part, or the day after it.
            is(first.map(|days| days.0), start)
                && (is(last.map(|days| days.1), end) || is(last.map(|days| days.0), end))
        }
        None => {
            let days = days_of(have);
            // This year is the year to date there, the calendar year here.
            let to_date = day.is_some_and(|day| is(Some(day.value), end));
            is(days.map(|days| days.0), start) && (is(days.map(|days| days.1), end) || to_date)
        }
    }
}

/// Colloquial and dialect forms: how many are found as one mention over all their characters. Values are not
/// compared (the suites keep them as their own source strings).
fn other(pack: &Pack) {
    let mut table: BTreeMap<String, [u32; 3]> = BTreeMap::new();
    for case in rows(&shared("suites/zh_numtime_other.jsonl")) {
        let text = text_of(&case, "in");
        let day = reference(text_of(&case, "ref"));
        let found = mentions(text, day.as_ref(), pack).value;
        let score = table.entry(text_of(&case, "family").to_owned()).or_default();
        score[0] += 1;
        score[1] += u32::from(!found.is_empty());
        score[2] += u32::from(found.iter().any(|mention| mention.span.of(text) == text.trim()));
    }
    for (family, [cases, some, whole]) in table {
        println!("{family}: {cases} cases, something found in {some}, the whole as one mention in {whole}");
    }
}

fn speed(pack: &Pack) {
    let started = std::time::Instant::now();
    let again = Pack::load(builtin());
    println!("load of all data: {:.1} ms", started.elapsed().as_secs_f64() * 1000.0);
    drop(again);
    let page = std::fs::read_to_string(shared("pages/001_493144276345315f.txt")).unwrap_or_default();
    let sizes = [
        ("32 MB of news text", page.repeat(32_000_000 / page.len().max(1))),
        ("one line of 10 MB", page.replace('\n', "").repeat(10_000_000 / page.len().max(1))),
    ];
    let day = reference("2025-06-16");
    for (name, text) in sizes {
        let started = std::time::Instant::now();
        let view = shiliu_lang::View::new(&text, pack.lexicon());
        let seconds = started.elapsed().as_secs_f64();
        println!(
            "{name}: view alone {:.1} MB/s, {} characters",
            text.len() as f64 / 1e6 / seconds,
            view.len()
        );
        drop(view);
        let started = std::time::Instant::now();
        let found = mentions(&text, day.as_ref(), pack).value.len();
        let seconds = started.elapsed().as_secs_f64();
        println!("{name}: {:.1} MB/s, {found} mentions", text.len() as f64 / 1e6 / seconds);
    }
}
