use std::collections::{BTreeMap, BTreeSet};

use super::likeness::{Pair, Rarity, pairs_of};
use super::{Link, LinkRules, LinkVerb, near, same_time};
use crate::{Kind, Record};

/// How much of the smaller measure must stand in the other, in thousandths.
const LIKE: u32 = 600;

/// A figure as linking sees it.
pub(super) struct Figure<'r> {
    pub(super) index: usize,
    pub(super) measure: BTreeSet<Pair>,
    /// Pairs of the whole stretch that says it.
    pub(super) wide: BTreeSet<Pair>,
    core: &'r str,
    text: &'r str,
    /// The number of the total that it is an item of.
    of: Option<String>,
    pub(super) unit: &'r str,
    pub(super) value: Option<i128>,
    bound: &'r str,
    as_of: Option<&'r str>,
    pub(super) day: Option<i32>,
    pub(super) story: usize,
}

pub(super) fn figure<'r, P>(index: usize, record: &'r Record<P>, rules: &'r LinkRules) -> Figure<'r> {
    let words = rules.words(index);
    let core = words.map_or_else(|| record.text("measure").unwrap_or(""), |words| words.core.as_str());
    let wide = words.map_or(core, |words| words.wide.as_str());
    Figure {
        index,
        measure: pairs_of(core),
        wide: pairs_of(wide),
        core: core.trim(),
        text: words.map_or(core, |words| words.text.as_str()),
        of: record
            .text("parent")
            .map(|parent| parent.chars().filter(char::is_ascii_digit).collect())
            .filter(|digits: &String| !digits.is_empty()),
        unit: record.text("unit").unwrap_or(""),
        value: record.text("value").and_then(millionths),
        bound: record.text("cmp").unwrap_or("="),
        as_of: record.text("as_of"),
        day: rules.day(index),
        story: rules.story(index),
    }
}

/// A decimal text in millionths.
pub(super) fn millionths(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let whole: i128 = whole.parse().ok()?;
    let fraction: i128 = fraction.parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(if text.starts_with('-') { -fraction } else { fraction })
}

/// Figures of one measure and unit in different stories: the same value, or a conflict where they cannot both be
/// right for the same time. A value of another time is another point of the series and no link.
pub(super) fn link<P>(records: &[Record<P>], rules: &LinkRules, links: &mut Vec<Link>) {
    let mut all: Vec<Figure<'_>> = records
        .iter()
        .enumerate()
        .filter(|(_, record)| matches!(record.kind, Kind::Figure | Kind::Indicator))
        .map(|(index, record)| figure(index, record, rules))
        .filter(|figure| figure.value.is_some() && !figure.wide.is_empty())
        .collect();
    all.sort_by_key(|figure| (figure.day.unwrap_or(i32::MAX), figure.story, figure.index));
    let mut rarity = Rarity::default();
    for figure in &all {
        rarity.count(&figure.wide);
    }
    for (place, later) in all.iter().enumerate() {
        let mut best: Option<(u32, usize, LinkVerb)> = None;
        for candidate in rarity.candidates(&later.wide) {
            let earlier = &all[candidate];
            if earlier.story == later.story || !same_unit(earlier, later) {
                continue;
            }
            let Some(verb) = compare(earlier, later) else { continue };
            let Some(likeness) = same_measure(&rarity, earlier, later, verb) else { continue };
            let score = likeness + u32::from(verb == LinkVerb::SameAs) * 2000;
            if best.is_none_or(|(known, ..)| score > known) {
                best = Some((score, candidate, verb));
            }
        }
        if let Some((_, earlier, verb)) = best {
            let rule = match verb {
                LinkVerb::SameAs => "link.same-as.figure",
                _ => "link.contradicts.figure",
            };
            let (from, to) = (Some(later.index), all[earlier].index);
            links.push(Link { from, to, verb, rule: rule.to_owned() });
        }
        rarity.enter(&later.wide, place);
    }
}

/// How alike two measures are, where they are the same: equal words, or the shorter one's in the other. A unit that
/// itself says what is counted, and items of totals of one size, make up for a short measure. Values that differ
/// need more than values that agree.
fn same_measure(rarity: &Rarity, a: &Figure<'_>, b: &Figure<'_>, verb: LinkVerb) -> Option<u32> {
    let (small, large) = if a.measure.len() <= b.measure.len() { (a, b) } else { (b, a) };
    let (share, pairs) = rarity.contained(&small.measure, &large.wide);
    let siblings = a.of.is_some() && a.of == b.of;
    let equal = !a.core.is_empty() && a.core == b.core;
    if verb == LinkVerb::Contradicts {
        let whole = equal || share == 1000;
        return (whole && (pairs >= 3 || siblings && pairs >= 1)).then_some(share);
    }
    let naming = |figure: &Figure<'_>| figure.unit.chars().filter(|c| !c.is_ascii()).count();
    let counted = naming(a).max(naming(b));
    let money = a.unit.starts_with('{');
    (equal && pairs >= 2
        || share >= LIKE && pairs >= 3
        || siblings && pairs >= 1
        || !money && counted >= 2 && pairs >= 1
        || !money && counted >= 4)
        .then_some(share.max(500))
}

/// Whether two figures count the same: equal units, or a bare counter against the name of what is counted, where
/// each stands in the other's words.
fn same_unit(a: &Figure<'_>, b: &Figure<'_>) -> bool {
    a.unit == b.unit
        || !a.unit.is_empty() && !b.unit.is_empty() && a.text.contains(b.unit) && b.text.contains(a.unit)
}

/// The same value, or values that cannot both be right; `None` where they are of different times or where nothing
/// tells.
fn compare(a: &Figure<'_>, b: &Figure<'_>) -> Option<LinkVerb> {
    let (first, second) = (a.value?, b.value?);
    let same = match (a.as_of, b.as_of) {
        (Some(a), Some(b)) => same_time(a, b),
        _ => near(a.day, b.day),
    };
    if first == second && a.bound == b.bound {
        // A number of few digits says the same only of one time.
        let telling = first % 10_000_000 != 0 || first >= 30_000_000;
        return (same || telling).then_some(LinkVerb::SameAs);
    }
    let above = |bound: &str| bound.starts_with('>');
    let below = |bound: &str| bound.starts_with('<');
    let apart = match (a.bound, b.bound) {
        ("=", "=") => first != second,
        (one, "=") if above(one) => second < first,
        (one, "=") if below(one) => second > first,
        ("=", two) if above(two) => first < second,
        ("=", two) if below(two) => first > second,
        (one, two) if above(one) && below(two) => second < first,
        (one, two) if below(one) && above(two) => first < second,
        _ => false,
    };
    (apart && same).then_some(LinkVerb::Contradicts)
}

/// Items of a total in the same story, found by the words of the total that they name; where the items of a sum
/// do not make it, the first of them contradicts it.
pub(super) fn totals<P>(records: &[Record<P>], rules: &LinkRules, links: &mut Vec<Link>) {
    let mut totals: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        if !matches!(record.kind, Kind::Figure | Kind::Indicator) {
            continue;
        }
        let own = rules.words(index).map(|words| words.text.as_str());
        for name in own.into_iter().chain(record.text("measure")) {
            totals.entry((rules.story(index), name)).or_insert(index);
        }
    }
    let mut questioned: BTreeSet<usize> = BTreeSet::new();
    for (index, record) in records.iter().enumerate().filter(|(_, record)| record.kind == Kind::Indicator) {
        let Some(parent) = record.text("parent") else { continue };
        let Some(&total) = totals.get(&(rules.story(index), parent)).filter(|&&total| total != index) else {
            continue;
        };
        let mut push = |verb, rule: &str| {
            links.push(Link { from: Some(index), to: total, verb, rule: rule.to_owned() });
        };
        push(LinkVerb::PartOf, "link.part-of.total");
        if record.flags.contains(&"sum-differs") && questioned.insert(total) {
            push(LinkVerb::Contradicts, "link.contradicts.sum");
        }
    }
}
