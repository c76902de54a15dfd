//! Numbers counted once, however often a promise is restated.

use std::collections::BTreeMap;

use crate::LinkVerb;

/// An entry as counting sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Countable {
    /// Its key.
    pub key: String,
    /// The day on which it was said, as a sortable text.
    pub said: String,
    /// How much; empty where it says no number.
    pub amount: String,
    /// Of what.
    pub unit: String,
    /// Its relations.
    pub relations: Vec<(LinkVerb, String)>,
}

/// For each entry, by place in the list, the entry that stands for it in totals: of those that restate or revise
/// each other, are the same, or take each other's place, the one said last (the revised number is the promised
/// one), by key where days are equal; a part stands for nothing where its whole is in the list.
#[must_use]
pub fn counted(entries: &[Countable]) -> Vec<usize> {
    let places: BTreeMap<&str, usize> =
        entries.iter().enumerate().map(|(place, entry)| (entry.key.as_str(), place)).collect();
    let mut root: Vec<usize> = (0..entries.len()).collect();
    fn find(root: &mut [usize], mut at: usize) -> usize {
        while root[at] != at {
            root[at] = root[root[at]];
            at = root[at];
        }
        at
    }
    for (place, entry) in entries.iter().enumerate() {
        for (verb, other) in &entry.relations {
            let Some(&other) = places.get(other.as_str()) else { continue };
            if matches!(verb, LinkVerb::Restates | LinkVerb::Revises | LinkVerb::SameAs | LinkVerb::PartOf) {
                let (a, b) = (find(&mut root, place), find(&mut root, other));
                root[a.max(b)] = a.min(b);
            }
        }
    }
    let is_part = |place: usize| {
        entries[place]
            .relations
            .iter()
            .any(|(verb, other)| *verb == LinkVerb::PartOf && places.contains_key(other.as_str()))
    };
    let mut speaker: BTreeMap<usize, usize> = BTreeMap::new();
    for place in 0..entries.len() {
        let group = find(&mut root, place);
        let rank = |place: usize| (!is_part(place), &entries[place].said, &entries[place].key);
        let known = speaker.entry(group).or_insert(place);
        if rank(place) > rank(*known) {
            *known = place;
        }
    }
    (0..entries.len()).map(|place| speaker[&find(&mut root, place)]).collect()
}

/// A sum in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// The unit or currency; units are never converted into each other.
    pub unit: String,
    /// The sum as a decimal number, each promise counted once.
    pub once: String,
    /// The sum of every statement, restated ones again and again: shown on demand, never the default.
    pub every: String,
    /// How many promises.
    pub promises: usize,
    /// How many statements.
    pub statements: usize,
}

/// Units of rates, which are never added.
const RATES: [&str; 3] = ["%", "percent-point", "times"];

/// Sums by unit, each promise once, and what counting every statement would give. Rates, what is no decimal number,
/// and what is too large to add exactly are left out.
#[must_use]
pub fn totals(entries: &[Countable]) -> Vec<Total> {
    let speakers = counted(entries);
    let mut sums: BTreeMap<&str, (i128, i128, usize, usize)> = BTreeMap::new();
    for (place, entry) in entries.iter().enumerate() {
        if RATES.contains(&entry.unit.as_str()) {
            continue;
        }
        let Some(amount) = thousandths(&entry.amount) else { continue };
        let sum = sums.entry(entry.unit.as_str()).or_default();
        sum.1 = sum.1.saturating_add(amount);
        sum.3 += 1;
        if speakers[place] == place {
            sum.0 = sum.0.saturating_add(amount);
            sum.2 += 1;
        }
    }
    sums.into_iter()
        .map(|(unit, (once, every, promises, statements))| Total {
            unit: unit.to_owned(),
            once: decimal(once),
            every: decimal(every),
            promises,
            statements,
        })
        .collect()
}

fn thousandths(text: &str) -> Option<i128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || whole.len() > 30 || part.len() > 3 {
        return None;
    }
    let digits = format!("{part:0<3}");
    let all = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (all(whole) && all(&digits)).then(|| format!("{whole}{digits}").parse().ok()).flatten()
}

fn decimal(thousandths: i128) -> String {
    let (whole, part) = (thousandths / 1000, thousandths % 1000);
    let text = format!("{whole}.{part:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str, said: &str, amount: &str, relations: &[(LinkVerb, &str)]) -> Countable {
        Countable {
            key: key.to_owned(),
            said: said.to_owned(),
            amount: amount.to_owned(),
            unit: "XLY".to_owned(),
            relations: relations.iter().map(|(verb, other)| (*verb, (*other).to_owned())).collect(),
        }
    }

    #[test]
    fn a_restated_promise_is_counted_once_and_the_revised_number_counts() {
        let entries = [
            entry("C-0001", "2029-06-01", "1500000", &[]),
            entry("C-0002", "2031-06-17", "2000000", &[(LinkVerb::Revises, "C-0001")]),
            entry("C-0003", "2031-06-17", "2000000", &[(LinkVerb::Restates, "C-0002")]),
            entry("C-0004", "2031-06-17", "500000", &[(LinkVerb::PartOf, "C-0002")]),
            entry("C-0005", "2031-06-17", "0.5", &[(LinkVerb::Contradicts, "C-0001")]),
            entry("C-0006", "2031-06-17", "many", &[]),
        ];
        assert_eq!(counted(&entries), [2, 2, 2, 2, 4, 5]);
        let totals = totals(&entries);
        assert_eq!((totals[0].once.as_str(), totals[0].every.as_str()), ("2000000.5", "6000000.5"));
        assert_eq!((totals[0].promises, totals[0].statements), (2, 5));
    }
}
