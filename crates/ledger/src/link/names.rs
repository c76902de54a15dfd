use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Link, LinkRules, LinkVerb};
use crate::{Kind, Record};

/// The same name in another story: linked to the first record of the name.
pub(super) fn link<P>(records: &[Record<P>], rules: &LinkRules, links: &mut Vec<Link>) {
    let mut first: BTreeMap<(Kind, String), usize> = BTreeMap::new();
    let mut order: Vec<usize> = (0..records.len()).collect();
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
