use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Link, LinkRules, LinkVerb, same_time};
use crate::{Kind, Record, Value};

/// The same name in another story: linked to the first record of the name.
pub(super) fn link<P>(records: &[Record<P>], rules: &LinkRules, links: &mut Vec<Link>) {
    let mut first: BTreeMap<(Kind, String), usize> = BTreeMap::new();
    let mut order: Vec<usize> = (0..records.len()).collect();
    let mut editions: BTreeMap<(&str, i64), Vec<usize>> = BTreeMap::new();
    order.sort_by_key(|&index| (rules.day(index).unwrap_or(i32::MAX), rules.story(index), index));
    for index in order {
        let record = &records[index];
        if !matches!(
            record.kind,
            Kind::Body | Kind::Event | Kind::Instrument | Kind::Project | Kind::Person | Kind::Place
        ) {
            continue;
        }
        let Some(name) = record.text("name") else { continue };
        let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
        if name.is_empty() {
            continue;
        }
        match first.entry((record.kind, name)) {
            Entry::Vacant(entry) => {
                entry.insert(index);
                let Some(edition) = of_edition(record) else { continue };
                let known = editions.entry(edition).or_default();
                if let Some(&to) = known.iter().find(|&&to| is_same_event(record, &records[to])) {
                    let rule = "link.same-as.edition".to_owned();
                    links.push(Link { from: Some(index), to, verb: LinkVerb::SameAs, rule });
                } else if known.len() < NAMES {
                    known.push(index);
                }
            }
            Entry::Occupied(entry) => {
                let to = *entry.get();
                if rules.story(to) != rules.story(index) {
                    let rule = "link.same-as.name".to_owned();
                    links.push(Link { from: Some(index), to, verb: LinkVerb::SameAs, rule });
                }
            }
        }
    }
}

/// Of so many names of one edition a later one is compared with each.
const NAMES: usize = 32;

/// The type and the number of an event that has an edition.
fn of_edition<P>(record: &Record<P>) -> Option<(&str, i64)> {
    match (record.kind, record.value("edition")) {
        (Kind::Event, Some(Value::Integer(edition))) => Some((record.text("type")?, *edition)),
        _ => None,
    }
}

/// Whether two events of one type and edition are one under two names: one day and one place, and one name holds
/// the characters of the other in their order.
fn is_same_event<P>(one: &Record<P>, other: &Record<P>) -> bool {
    let both = |field| one.text(field).zip(other.text(field));
    let holds = |long: &str, short: &str| {
        let mut rest = long.chars();
        short.chars().all(|wanted| rest.any(|character| character == wanted))
    };
    both("date").is_some_and(|(one, other)| same_time(one, other))
        && both("place").is_some_and(|(one, other)| one.contains(other) || other.contains(one))
        && both("name").is_some_and(|(one, other)| holds(one, other) || holds(other, one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edition_under_two_names_is_one_event() {
        let event = |name: &'static str, edition: i64, date: &'static str, place: &'static str| {
            let mut record = Record::new(Kind::Event, "t", ());
            for (field, value) in [("type", "summit"), ("name", name), ("date", date), ("place", place)] {
                record.printed(field, Value::text(value), ());
            }
            record.printed("edition", Value::Integer(edition), ());
            record
        };
        let events = [
            event("首届澜海合作峰会", 1, "2029-06-09", "朔宁"),
            event("首届峰会", 1, "2029", "朔宁"),
            event("首届企业家大会", 1, "2029", "朔宁"),
            event("首届峰会", 1, "2030", "朔宁"),
            event("首届峰会", 1, "2029", "汐港"),
        ];
        assert!(is_same_event(&events[1], &events[0]) && is_same_event(&events[0], &events[1]));
        for other in &events[2..] {
            assert!(!is_same_event(other, &events[0]));
        }
        let rules =
            LinkRules { stories: (0..3).map(|story| (story, None)).collect(), ..LinkRules::default() };
        let mut links = Vec::new();
        link(&events[..3], &rules, &mut links);
        let pairs: Vec<_> = links.iter().map(|link| (link.from, link.to)).collect();
        assert_eq!(pairs, [(Some(1), 0)]);
    }
}
