//! Links between records against the links of the truth, one to one.
//!
//! What the truth calls the same (several printings of one promise, a report and the speech it reports) is one end:
//! a link to any member of the group is a link to the group, and counts once. Links between names (the same person,
//! body, place in two stories) are outside the truth and not counted.

use std::collections::{BTreeMap, BTreeSet};

use shiliu_archive::Reading;
use shiliu_ledger::{Kind, LinkVerb};
use shiliu_text::CodePoints;

use crate::facts::{characters, page_texts, ranges};
use crate::print::{Counts, Report};
use crate::truth::{Fact, Truth, TruthLink};

/// The groups of things that are the same.
struct Groups(Vec<usize>);

impl Groups {
    fn new(length: usize) -> Groups {
        Groups((0..length).collect())
    }

    fn root(&self, mut at: usize) -> usize {
        while self.0[at] != at {
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// A relation of the truth in our words; `None` for checks that need not be records.
fn verb_of(word: &str) -> Option<LinkVerb> {
    Some(match word {
        "restates" | "restated" => LinkVerb::Restates,
        "delivers" | "delivered" => LinkVerb::Delivers,
        "revises" => LinkVerb::Revises,
        "contradicts" | "conflict" => LinkVerb::Contradicts,
        "part-of" | "part" => LinkVerb::PartOf,
        "same-as" | "same-figure" => LinkVerb::SameAs,
        _ => return None,
    })
}

const VERBS: [LinkVerb; 6] = [
    LinkVerb::SameAs,
    LinkVerb::Restates,
    LinkVerb::Delivers,
    LinkVerb::Revises,
    LinkVerb::Contradicts,
    LinkVerb::PartOf,
];

/// Which of our records stand where a fact stands: they cover most of it, or half of both is shared.
struct Touch {
    /// For each record the facts (indexes) it touches.
    facts_of: Vec<BTreeSet<usize>>,
    /// For each fact the records it is touched by.
    records_of: BTreeMap<usize, BTreeSet<usize>>,
    /// For each record and fact the text that the printing has there.
    printed: BTreeMap<(usize, usize), String>,
}

fn touch(reading: &Reading, facts: &[Fact], ends: &BTreeSet<usize>) -> Touch {
    let texts = page_texts(reading);
    let points: Vec<CodePoints<'_>> =
        reading.pages.iter().map(|page| CodePoints::new(&page.layer.text)).collect();
    let mut by_page: BTreeMap<&str, Vec<(usize, BTreeSet<usize>)>> = BTreeMap::new();
    for &index in ends {
        let fact = &facts[index];
        if let Some(text) = texts.get(&fact.page) {
            by_page.entry(&fact.page).or_default().push((index, characters(text, &fact.spans)));
        }
    }
    let mut found = Touch {
        facts_of: vec![BTreeSet::new(); reading.records.len()],
        records_of: BTreeMap::new(),
        printed: BTreeMap::new(),
    };
    for (record, grounded) in reading.records.iter().enumerate() {
        for evidence in &grounded.record.at {
            let page = reading.pages[evidence.page].key.path.as_str();
            let Some(facts) = by_page.get(page) else { continue };
            let text = &texts[page];
            let place = characters(text, &ranges(&points[evidence.page], &evidence.spans));
            for (fact, wanted) in facts {
                let shared = place.intersection(wanted).count();
                let all = place.len() + wanted.len() - shared;
                // A fact may join two clauses that are two records: each of them stands for it.
                let part = shared * 10 >= place.len() * 8 && place.len() * 3 >= wanted.len();
                if shared * 10 >= wanted.len() * 8 || shared * 2 >= all || part {
                    found.facts_of[record].insert(*fact);
                    found.records_of.entry(*fact).or_default().insert(record);
                    let shown = place.iter().map(|&at| text[at]).collect();
                    found.printed.insert((record, *fact), shown);
                }
            }
        }
    }
    found
}

/// Kinds whose links the truth lists: promises and figures, and whatever reports that a promise is kept.
fn linked(kind: Kind) -> bool {
    matches!(kind, Kind::Commitment | Kind::Figure | Kind::Indicator)
}

/// One end of a link: a group of the truth's facts, or of our own records.
type End = BTreeSet<(bool, usize)>;

pub(crate) fn score(
    set: &'static str,
    reading: &Reading,
    truth: &Truth,
    report: &mut Report,
    errors: Option<&str>,
) {
    let index: BTreeMap<&str, usize> =
        truth.facts.iter().enumerate().map(|(at, fact)| (fact.id.as_str(), at)).collect();
    let ends = |ids: &[String]| -> Vec<usize> {
        ids.iter().filter_map(|id| index.get(id.as_str()).copied()).collect()
    };
    let mut groups = Groups::new(truth.facts.len());
    let mut all_ends = BTreeSet::new();
    for link in &truth.links {
        let (from, to) = (ends(&link.from), ends(&link.to));
        all_ends.extend(from.iter().chain(&to).copied());
        if verb_of(&link.relation) == Some(LinkVerb::SameAs) {
            let mut members = from.iter().chain(&to);
            if let Some(&first) = members.next() {
                members.for_each(|&other| groups.join(first, other));
            }
        }
    }
    let parts: Vec<usize> =
        (0..truth.facts.len()).filter(|&fact| truth.facts[fact].row.get("parent").is_some()).collect();
    all_ends.extend(&parts);
    all_ends.extend(alike(truth, &mut groups, &ends));
    let touched = touch(reading, &truth.facts, &all_ends);
    let mut ours = Groups::new(reading.records.len());
    for link in reading.links.iter().filter(|link| link.verb == LinkVerb::SameAs) {
        if let Some(from) = link.from {
            ours.join(from, link.to);
        }
    }
    // A record's end of a link: the truth's group it stands in, else our own group of records.
    let end_of = |record: usize| -> BTreeSet<(bool, usize)> {
        let known: BTreeSet<(bool, usize)> =
            touched.facts_of[record].iter().map(|&fact| (true, groups.root(fact))).collect();
        if known.is_empty() { BTreeSet::from([(false, ours.root(record))]) } else { known }
    };
    for verb in VERBS {
        let wanted: Vec<&TruthLink> =
            truth.links.iter().filter(|link| verb_of(&link.relation) == Some(verb)).collect();
        let mut edges: BTreeMap<Vec<usize>, bool> = BTreeMap::new();
        for link in &wanted {
            let (from, to) = (ends(&link.from), ends(&link.to));
            let hit = is_found(reading, verb, &from, &to, &groups, &touched, &ours);
            if !hit && errors == Some("links") {
                report.note(format!("{set}: missed {} {} {}", verb.as_str(), link.id, link.title));
            }
            let mut key: Vec<usize> = if verb == LinkVerb::SameAs {
                from.iter().chain(&to).copied().collect()
            } else {
                vec![groups.root(from[0]), to.first().map_or(usize::MAX, |&to| groups.root(to))]
            };
            key.dedup();
            *edges.entry(key).or_default() |= hit;
        }
        // Every item whose fact names its total is a part of it.
        if verb == LinkVerb::PartOf {
            for &part in &parts {
                let hit = reading.links.iter().any(|link| {
                    link.verb == verb
                        && link.from.is_some_and(|from| {
                            touched.facts_of[from].contains(&part)
                                && totals(reading, link.to, &truth.facts[part])
                        })
                });
                if !hit && errors == Some("links") {
                    report.note(format!("{set}: missed part-of {:?}", truth.facts[part].text));
                }
                edges.insert(vec![usize::MAX, part], hit);
            }
        }
        let mut found: BTreeMap<(End, End), bool> = BTreeMap::new();
        for link in reading.links.iter().filter(|link| link.verb == verb) {
            let kind = reading.records[link.to].record.kind;
            if !linked(kind) {
                continue;
            }
            let to = end_of(link.to);
            let from = link.from.map(&end_of).unwrap_or_default();
            let right = match link.from {
                Some(_) if verb == LinkVerb::SameAs => from.intersection(&to).any(|end| end.0),
                Some(part)
                    if verb == LinkVerb::PartOf
                        && parts.iter().any(|fact| {
                            touched.facts_of[part].contains(fact)
                                && totals(reading, link.to, &truth.facts[*fact])
                        }) =>
                {
                    true
                }
                Some(_) => wanted.iter().any(|known| {
                    let meets = |ids: &[String], of: &BTreeSet<(bool, usize)>| {
                        ends(ids).iter().any(|&fact| of.contains(&(true, groups.root(fact))))
                    };
                    let both = |a: &End, b: &End| meets(&known.from, a) && meets(&known.to, b);
                    // Of two that cannot both be right neither is the first.
                    both(&from, &to) || verb == LinkVerb::Contradicts && both(&to, &from)
                }),
                None => wanted.iter().any(|known| {
                    known.to.is_empty()
                        && ends(&known.from).iter().any(|&fact| to.contains(&(true, groups.root(fact))))
                }),
            };
            if !right && errors == Some("links") {
                let text = |record: usize| {
                    let grounded = &reading.records[record];
                    let story = &reading.stories[grounded.stories[0]];
                    format!(
                        "{} {:?}",
                        grounded.record.kind.as_str(),
                        grounded.at.of(&story.story.established)
                    )
                };
                let from = link.from.map_or_else(|| "-".to_owned(), text);
                report.note(format!(
                    "{set}: false {} {from} -> {} by {}",
                    verb.as_str(),
                    text(link.to),
                    link.rule
                ));
            }
            *found.entry((from, to)).or_default() |= right;
        }
        let counts = Counts {
            hit: edges.values().filter(|hit| **hit).count(),
            found: found.len(),
            truth: edges.len(),
        };
        if counts.truth == 0 && counts.found == 0 {
            continue;
        }
        // Several of ours may say one link of the truth and one of ours several of it: precision and recall are
        // counted each on its own side.
        let right = found.values().filter(|right| **right).count();
        let precision = crate::print::ratio(right, counts.found);
        let recall = counts.recall();
        let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
        let name = verb.as_str();
        if !truth.links_complete && verb != LinkVerb::PartOf {
            // The truth lists some links of these pages, not all: only what it lists can be counted.
            report.score(
                set,
                format!("links: {name} found of those listed"),
                format!("{recall:.3}").replace("NaN", "-"),
            );
            continue;
        }
        report.share(set, format!("links: {name} F1"), if precision.is_nan() { 0.0 } else { f1 });
        report.score(
            set,
            format!("  {name} precision / recall (true, found)"),
            format!("{precision:.2}/{recall:.2} ({},{})", counts.truth, counts.found).replace("NaN", "-"),
        );
        report.links(set, right, counts);
    }
    report.links_together(set);
}

/// Facts that the truth itself calls the same without a link: figures of one named measure with one value, promises of
/// one object by the same actors on the pages of one meeting. They join the groups, so that a link between them is
/// right; nobody has to find it. Facts at the two ends of another link stay apart.
fn alike(truth: &Truth, groups: &mut Groups, ends: &dyn Fn(&[String]) -> Vec<usize>) -> BTreeSet<usize> {
    let apart: BTreeSet<(usize, usize)> = truth
        .links
        .iter()
        .filter(|link| verb_of(&link.relation) != Some(LinkVerb::SameAs))
        .flat_map(|link| {
            let (from, to) = (ends(&link.from), ends(&link.to));
            from.iter()
                .flat_map(|&a| to.iter().map(move |&b| (a.min(b), a.max(b))).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        })
        .collect();
    let month = |page: &str| -> String {
        let known = truth.pages.iter().find(|known| known.page == page);
        known.and_then(|known| known.issue_date.clone()).unwrap_or_default().chars().take(7).collect()
    };
    let mut first: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut joined = BTreeSet::new();
    for (index, fact) in truth.facts.iter().enumerate() {
        let cell = |name: &str| fact.row.get(name).filter(|value| !value.is_null()).map(ToString::to_string);
        let key = match fact.kind.as_str() {
            "figure" | "indicator" => {
                let Some(what) = cell("what").or_else(|| cell("name")) else { continue };
                format!(
                    "figure {what} {:?} {:?}",
                    cell("value"),
                    cell("cmp").unwrap_or_else(|| "\"=\"".to_owned())
                )
            }
            "commitment" => {
                let (Some(object), Some(actors)) = (cell("object"), cell("actors")) else { continue };
                format!("promise {object} {actors} {}", month(&fact.page))
            }
            _ => continue,
        };
        let known = first.entry(key).or_default();
        let free = |&other: &usize| !apart.contains(&(other.min(index), other.max(index)));
        if let Some(&other) = known.iter().find(|other| free(other)) {
            groups.join(other, index);
            joined.extend([other, index]);
        }
        known.push(index);
    }
    joined
}

/// Whether a record says the total that a part's fact names: its number, or anything where only a name is given.
fn totals(reading: &Reading, record: usize, part: &Fact) -> bool {
    let parent = part.row.get("parent").and_then(serde_json::Value::as_str).unwrap_or("");
    let digits: String = parent.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let grounded = &reading.records[record];
    let text = grounded.at.of(&reading.stories[grounded.stories[0]].story.established);
    digits.is_empty() || text.contains(&digits)
}

/// Whether our records say the link: a link of the verb between records at both ends; for the same promise or figure
/// one record on both printings, or records that our links join; for a difference between printings one record whose
/// printings differ there.
fn is_found(
    reading: &Reading,
    verb: LinkVerb,
    from: &[usize],
    to: &[usize],
    groups: &Groups,
    touched: &Touch,
    ours: &Groups,
) -> bool {
    let records = |facts: &[usize]| -> BTreeSet<usize> {
        facts.iter().filter_map(|fact| touched.records_of.get(fact)).flatten().copied().collect()
    };
    let (from_records, to_records) = (records(from), records(to));
    if verb == LinkVerb::SameAs {
        let roots = |records: &BTreeSet<usize>| -> BTreeSet<usize> {
            records.iter().map(|&record| ours.root(record)).collect()
        };
        let target = roots(&to_records);
        return !from.is_empty() && from.iter().all(|fact| !roots(&records(&[*fact])).is_disjoint(&target));
    }
    let differs = verb == LinkVerb::Contradicts
        && from_records.intersection(&to_records).any(|&record| {
            let shown = |facts: &[usize]| -> BTreeSet<&str> {
                facts
                    .iter()
                    .filter_map(|&fact| touched.printed.get(&(record, fact)))
                    .map(String::as_str)
                    .collect()
            };
            shown(from).is_disjoint(&shown(to))
        });
    let widen = |facts: &[usize]| -> BTreeSet<usize> {
        let roots: BTreeSet<usize> = facts.iter().map(|&fact| groups.root(fact)).collect();
        touched
            .records_of
            .iter()
            .filter(|(fact, _)| roots.contains(&groups.root(**fact)))
            .flat_map(|(_, records)| records.iter().copied())
            .collect()
    };
    let (from, wide_to) = (widen(from), widen(to));
    differs
        || reading.links.iter().any(|link| {
            link.verb == verb
                && match link.from {
                    None => to.is_empty() && from.contains(&link.to),
                    Some(start) => {
                        let both = |a, b| from.contains(a) && wide_to.contains(b);
                        both(&start, &link.to) || verb == LinkVerb::Contradicts && both(&link.to, &start)
                    }
                }
        })
}
