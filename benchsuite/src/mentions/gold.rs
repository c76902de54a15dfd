//! Mentions of the three shared pages against their hand-made truth, each with the reference date of its article.

use std::collections::BTreeMap;

use serde_json::Value;
use shiliu_extract::{Bound, Mention, MentionKind, MentionValue, mentions};
use shiliu_lang::Pack;
use shiliu_text::CodePoints;

use crate::{number_of, reference, rows, shared, show, text_of};

/// Spans and values of the hand-made truth, and the numerals that must not be taken.
pub(crate) fn gold(pack: &Pack) {
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
