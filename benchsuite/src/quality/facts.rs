//! Mentions and records against the facts of the truth.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shiliu_archive::Reading;
use shiliu_extract::{Bound, MentionKind, MentionValue};
use shiliu_ledger::Kind;
use shiliu_text::{CodePoints, Span};

use crate::fields;
use crate::print::{Counts, Report, ratio};
use crate::truth::{Fact, Range, Truth};

/// The non-blank characters of ranges, by page text.
pub(crate) fn characters(text: &[char], spans: &[Range]) -> BTreeSet<usize> {
    let inside = spans.iter().flat_map(|&(start, end)| start..end.min(text.len()));
    inside.filter(|&index| !text[index].is_whitespace()).collect()
}

pub(crate) fn ranges(points: &CodePoints<'_>, spans: &[Span]) -> Vec<Range> {
    spans
        .iter()
        .map(|span| (points.at_byte(span.start) as usize, points.at_byte(span.end) as usize))
        .collect()
}

/// One thing that we found, on a page.
struct Found {
    page: String,
    place: BTreeSet<usize>,
    index: usize,
}

pub(crate) fn page_texts(reading: &Reading) -> BTreeMap<String, Vec<char>> {
    reading.pages.iter().map(|page| (page.key.path.clone(), page.layer.text.chars().collect())).collect()
}

pub(crate) fn score_mentions(
    set: &'static str,
    reading: &Reading,
    truth: &Truth,
    report: &mut Report,
    errors: Option<&str>,
) {
    let texts = page_texts(reading);
    let points: Vec<CodePoints<'_>> =
        reading.pages.iter().map(|page| CodePoints::new(&page.layer.text)).collect();
    let found: Vec<Found> = reading
        .mentions
        .iter()
        .enumerate()
        .map(|(index, placed)| {
            let page = reading.pages[placed.page].key.path.clone();
            let place = characters(&texts[&page], &ranges(&points[placed.page], &placed.spans));
            Found { page, place, index }
        })
        .collect();
    let mut touched = vec![false; found.len()];
    let mut counts = Counts::default();
    let (mut values, mut scored) = (0, 0);
    let (mut held, mut traps) = (0, 0);
    for fact in &truth.facts {
        let Some(text) = texts.get(&fact.page) else { continue };
        let place = characters(text, &fact.spans);
        let over: Vec<&Found> =
            found.iter().filter(|one| one.page == fact.page && !one.place.is_disjoint(&place)).collect();
        match fact.kind.as_str() {
            "date" | "figure" | "indicator" => {
                counts.truth += 1;
                over.iter().for_each(|one| touched[one.index] = true);
                let best =
                    over.iter().find(|one| place.is_subset(&one.place) || overlap(&one.place, &place) >= 0.5);
                if best.is_some() {
                    counts.hit += 1;
                } else if errors == Some("mentions") {
                    report.note(format!("{set}: missed {} {:?} on {}", fact.kind, fact.text, fact.page));
                }
                if fact.row.get("value_scored") == Some(&Value::Bool(false)) || best.is_none() {
                    continue;
                }
                scored += 1;
                let right = over.iter().any(|one| {
                    let wider = place.is_subset(&one.place) && place.len() < one.place.len();
                    value_matches(fact, &reading.mentions[one.index].mention, wider)
                });
                values += usize::from(right);
                if !right && errors == Some("mentions") {
                    let shown: Vec<String> = over
                        .iter()
                        .map(|one| format!("{:?}", reading.mentions[one.index].mention.value))
                        .collect();
                    report.note(format!("{set}: value of {:?}: {} ours {shown:?}", fact.text, fact.row));
                }
            }
            "not_figure" => {
                traps += 1;
                let broken = over.iter().any(|one| {
                    matches!(
                        reading.mentions[one.index].mention.kind,
                        MentionKind::Money
                            | MentionKind::Quantity
                            | MentionKind::Percent
                            | MentionKind::Count
                            | MentionKind::Number
                    )
                });
                held += usize::from(!broken);
                if broken && errors == Some("mentions") {
                    report.note(format!("{set}: not a figure: {:?} {}", fact.text, fact.row["why"]));
                }
            }
            _ => {}
        }
    }
    // Ordinals and bare numbers are outside the truth; every other mention must touch a fact.
    let judged: Vec<&Found> = found
        .iter()
        .filter(|one| {
            let kind = reading.mentions[one.index].mention.kind;
            !matches!(kind, MentionKind::Ordinal | MentionKind::Number)
        })
        .collect();
    counts.found = judged.len();
    let right = judged.iter().filter(|one| touched[one.index]).count();
    if errors == Some("mentions") {
        for one in judged.iter().filter(|one| !touched[one.index]) {
            let placed = &reading.mentions[one.index];
            let span = placed.spans.first().copied().unwrap_or_default();
            let text = span.of(&reading.pages[placed.page].layer.text);
            report.note(format!("{set}: false {} {text:?}", placed.mention.kind.as_str()));
        }
    }
    let precision = ratio(right, counts.found);
    let recall = counts.recall();
    report.share(set, "mentions: span precision", precision);
    report.share(set, "mentions: span recall", recall);
    report.share(
        set,
        "mentions: span F1",
        2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE),
    );
    report.share(set, "mentions: value right given span", ratio(values, scored));
    report.share(set, "mentions: not_figure held", ratio(held, traps));
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few hundred")]
pub(crate) fn overlap(a: &BTreeSet<usize>, b: &BTreeSet<usize>) -> f64 {
    let shared = a.intersection(b).count();
    let all = a.len() + b.len() - shared;
    if all == 0 { 0.0 } else { shared as f64 / all as f64 }
}

/// `wider`: the mention has more characters than the fact; a limit after the unit is then outside the truth's.
fn value_matches(fact: &Fact, mention: &shiliu_extract::Mention, wider: bool) -> bool {
    if fact.kind == "date" {
        let Some(iso) = fact.row.get("iso").and_then(Value::as_str) else { return true };
        return matches!(&mention.value, MentionValue::Text(value) if same_time(value, iso, &fact.row));
    }
    let cmp = fact.row.get("cmp").and_then(Value::as_str).unwrap_or("=");
    let bound = match cmp {
        "≈<" => Bound::Less.as_str(),
        "record" => "=",
        "≈" => "~",
        other => other,
    };
    let wanted = fact.row.get("value");
    let number = |text: &str| text.parse::<f64>().ok();
    // The truth writes a third with four digits.
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(1.0) || a < 1.0 && (a - b).abs() < 5e-5;
    let value = match &mention.value {
        MentionValue::Amount(amount) => {
            let Some(wanted) = wanted.and_then(Value::as_f64) else { return true };
            let ends = [&amount.value, &amount.low, &amount.high];
            ends.into_iter().flatten().filter_map(|text| number(text)).any(|found| near(found, wanted))
        }
        // 2100多 inside 2100多年前: the duration's number.
        MentionValue::Text(text) => {
            let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
            match wanted.and_then(Value::as_f64) {
                Some(wanted) => number(&digits).is_some_and(|found| near(found, wanted)),
                None => true,
            }
        }
        MentionValue::Vague => wanted.is_none_or(Value::is_null),
    };
    let limit = wider && bound == "=" && matches!(mention.bound, Bound::LessOrEqual | Bound::GreaterOrEqual);
    value && (mention.bound.as_str() == bound || limit || matches!(mention.value, MentionValue::Vague))
}

/// The truth writes some times otherwise than the contract: an open end as its known end or closed at the
/// reference, a count back in years as the year it leads to, a length of time from the reference as its two ends, a
/// month, season or half year as its days.
pub(crate) fn same_time(ours: &str, truth: &str, row: &Value) -> bool {
    let counted_back =
        row.get("date_type").and_then(Value::as_str) == Some("open-before") && ours.starts_with('P');
    let open_start = ours.strip_prefix("../").is_some_and(|end| same_days(end, truth));
    let open_end = ours.strip_suffix("/..").is_some_and(|start| {
        truth == start || truth.split_once('/').is_some_and(|(from, _)| from.starts_with(start))
    });
    let both_open = ours.strip_prefix("../").zip(truth.strip_prefix("../")).is_some_and(|(ours, truth)| {
        days(ours).zip(days(truth)).is_some_and(|(ours, truth)| ours.1 == truth.1)
    });
    ours == truth
        || counted_back
        || open_start
        || open_end
        || both_open
        || same_days(ours, truth)
        || spans(ours, truth)
}

/// Whether two moments or intervals have the same first and last day.
fn same_days(ours: &str, truth: &str) -> bool {
    let ends = |text: &str| {
        let (first, last) = text.split_once('/').unwrap_or((text, text));
        Some((days(first)?.0, days(last)?.1))
    };
    ends(ours).zip(ends(truth)).is_some_and(|(ours, truth)| ours == truth)
}

/// Whether two moments or intervals have the same last day.
pub(crate) fn same_end(ours: &str, truth: &str) -> bool {
    let end = |text: &str| days(text.rsplit('/').next().unwrap_or(text)).map(|(_, last)| last);
    end(ours).is_some() && end(ours) == end(truth)
}

/// Year, month, day.
type Day = (i32, u32, u32);

/// The first and the last day of an EDTF year, month, season, quarter, half or day; a month's
/// last day is its 31st, whatever its length, so that both sides agree.
fn days(moment: &str) -> Option<(Day, Day)> {
    let mut parts = moment.split('-');
    let year: i32 = parts.next()?.parse().ok()?;
    let Some(code) = parts.next() else { return Some(((year, 1, 1), (year, 12, 31))) };
    let code: u32 = code.parse().ok()?;
    if let Some(day) = parts.next() {
        let day: u32 = day.parse().ok()?;
        let last = day >= 30 || (code, day) == (2, 28);
        return Some(((year, code, day), (year, code, if last { 31 } else { day })));
    }
    Some(match code {
        1..=12 => ((year, code, 1), (year, code, 31)),
        21..=23 => ((year, code * 3 - 60, 1), (year, code * 3 - 58, 31)),
        24 => ((year, 12, 1), (year + 1, 2, 31)),
        33..=36 => ((year, (code - 33) * 3 + 1, 1), (year, (code - 33) * 3 + 3, 31)),
        40 | 41 => ((year, (code - 40) * 6 + 1, 1), (year, (code - 40) * 6 + 6, 31)),
        _ => return None,
    })
}

/// Whether a length of time is as long as the truth's two ends are apart (`P2Y` and `2031/2033`).
fn spans(ours: &str, truth: &str) -> bool {
    let Some((first, last)) = truth.split_once('/') else { return false };
    let Some((first, last)) = days(first).zip(days(last)) else { return false };
    let length = ours.strip_prefix('P').and_then(|length| {
        let unit = length.chars().next_back()?;
        Some((length[..length.len() - 1].parse::<i32>().ok()?, unit))
    });
    let months = (last.0.0 - first.0.0) * 12 + i32::try_from(last.0.1).unwrap_or(0)
        - i32::try_from(first.0.1).unwrap_or(0);
    match length {
        Some((count, 'Y')) => months == count * 12,
        Some((count, 'M')) => months == count,
        _ => false,
    }
}

/// The word of the contract for a kind of the truth.
fn kind_of(word: &str) -> Option<Kind> {
    match word {
        "priority_area" => Some(Kind::Area),
        "date" | "not_figure" | "figure" | "indicator" | "link" => None,
        other => Kind::parse(other),
    }
}

/// A record's characters on one page: all parts of one printing.
fn evidence_places(reading: &Reading, texts: &BTreeMap<String, Vec<char>>, kind: Kind) -> Vec<Found> {
    let points: Vec<CodePoints<'_>> =
        reading.pages.iter().map(|page| CodePoints::new(&page.layer.text)).collect();
    let mut found = Vec::new();
    for (index, grounded) in reading.records.iter().enumerate().filter(|(_, one)| one.record.kind == kind) {
        for evidence in &grounded.record.at {
            let page = reading.pages[evidence.page].key.path.clone();
            let place = characters(&texts[&page], &ranges(&points[evidence.page], &evidence.spans));
            found.push(Found { page, place, index });
        }
    }
    found
}

pub(crate) fn score_records(
    set: &'static str,
    reading: &Reading,
    truth: &Truth,
    report: &mut Report,
    errors: Option<&str>,
) {
    let texts = page_texts(reading);
    for kind in Kind::ALL {
        let facts: Vec<&Fact> = truth
            .facts
            .iter()
            .filter(|fact| kind_of(&fact.kind) == Some(kind) && texts.contains_key(&fact.page))
            .collect();
        if facts.is_empty() {
            continue;
        }
        let mut found = evidence_places(reading, &texts, kind);
        // Articles whose truth has no facts of the kind count neither way.
        let unmarked: Vec<(&str, BTreeSet<usize>)> = truth
            .pages
            .iter()
            .flat_map(|page| page.articles.iter().map(move |article| (page.page.as_str(), article)))
            .filter(|(_, article)| article.unmarked.iter().any(|word| kind_of(word) == Some(kind)))
            .filter_map(|(page, article)| Some((page, characters(texts.get(page)?, &article.fragments))))
            .collect();
        found.retain(|one| {
            !unmarked.iter().any(|(page, place)| {
                one.page == *page && one.place.intersection(place).count() * 2 > one.place.len()
            }) || facts.iter().any(|fact| {
                fact.page == one.page && !characters(&texts[&fact.page], &fact.spans).is_disjoint(&one.place)
            })
        });
        let places: Vec<BTreeSet<usize>> =
            facts.iter().map(|fact| characters(&texts[&fact.page], &fact.spans)).collect();
        let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
        for (one, candidate) in found.iter().enumerate() {
            for (fact, place) in places.iter().enumerate() {
                if facts[fact].page == candidate.page && !candidate.place.is_disjoint(place) {
                    let mut shared = overlap(&candidate.place, place);
                    // The truth has some people at the bare name, some with the title: one name is one person.
                    let name = reading.records[candidate.index].record.text("name");
                    let named = facts[fact].row.get("name").and_then(Value::as_str);
                    if kind == Kind::Person && name.is_some() && name == named {
                        shared = shared.max(0.5);
                    }
                    if shared >= 0.5 {
                        #[expect(
                            clippy::cast_possible_truncation,
                            clippy::cast_sign_loss,
                            reason = "0 to 1000"
                        )]
                        pairs.push((1000 - (shared * 1000.0) as u32, one, fact));
                    }
                }
            }
        }
        pairs.sort_unstable();
        let (mut used, mut matched) = (vec![false; found.len()], vec![None; facts.len()]);
        for (_, one, fact) in pairs {
            if !used[one] && matched[fact].is_none() {
                used[one] = true;
                matched[fact] = Some(found[one].index);
            }
        }
        // Stances are kept, marked, and no promises: they count neither way.
        let stance = |index: usize| reading.records[index].record.flags.contains(&"stance");
        let standing = |fact: &Fact| {
            kind == Kind::Commitment
                && (fact.row.get("status").and_then(Value::as_str) == Some("standing")
                    || matches!(fact.row.get("force").and_then(Value::as_str), Some("F0" | "F1")))
        };
        let counts = Counts {
            hit: (0..facts.len()).filter(|&fact| matched[fact].is_some() && !standing(facts[fact])).count(),
            found: (0..found.len())
                .filter(|&one| {
                    let outside = !used[one] && stance(found[one].index);
                    let beside = matched.iter().enumerate().any(|(fact, index)| {
                        *index == Some(found[one].index) && used[one] && standing(facts[fact])
                    });
                    !outside && !beside
                })
                .count(),
            truth: facts.iter().filter(|fact| !standing(fact)).count(),
        };
        let name = kind.as_str();
        report.share(set, format!("records: {name} F1"), counts.f1());
        report.score(
            set,
            format!("  {name} precision / recall (true, found)"),
            format!("{:.2}/{:.2} ({},{})", counts.precision(), counts.recall(), counts.truth, counts.found)
                .replace("NaN", "-"),
        );
        fields::score(set, reading, kind, &facts, &matched, report, errors);
        if errors == Some(name) {
            for (fact, _) in facts.iter().zip(&matched).filter(|(_, index)| index.is_none()) {
                report.note(format!("{set}: missed {name} {:?} ({})", fact.text, fact.page));
            }
            for (one, candidate) in found.iter().enumerate().filter(|(one, _)| !used[*one]) {
                debug_assert!(one < used.len());
                let text: String = candidate.place.iter().map(|&at| texts[&candidate.page][at]).collect();
                let rule = &reading.records[candidate.index].record.rule;
                report.note(format!("{set}: false {name} {text:?} by {rule} ({})", candidate.page));
            }
        }
    }
}
