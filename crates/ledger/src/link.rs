use std::collections::{BTreeMap, BTreeSet};

use crate::{Kind, Record, Value};

/// How two records relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkVerb {
    /// Says again.
    Restates,
    /// Reports as done what the other promises.
    Delivers,
    /// Changes amount, date or actor.
    Revises,
    /// Cannot both be right.
    Contradicts,
    /// Is a part of the other.
    PartOf,
    /// Is the same body, event, project, person.
    SameAs,
}

impl LinkVerb {
    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            LinkVerb::Restates => "restates",
            LinkVerb::Delivers => "delivers",
            LinkVerb::Revises => "revises",
            LinkVerb::Contradicts => "contradicts",
            LinkVerb::PartOf => "part-of",
            LinkVerb::SameAs => "same-as",
        }
    }
}

/// A relation between two records of one list (indexes), with the rule that found it. `from` is `None` where a
/// report of delivery names a promise that no held page prints.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The later or smaller record: it restates, delivers, revises, is part of `to`.
    pub from: Option<usize>,
    /// The other.
    pub to: usize,
    /// How.
    pub verb: LinkVerb,
    /// Id of the rule.
    pub rule: String,
}

/// What linking needs to know of a record beside its fields.
#[derive(Clone, Debug, Default)]
pub struct LinkRules {
    /// For each record, the story it stands in (index) and the day number of that story, where known.
    pub stories: Vec<(usize, Option<i32>)>,
}

/// Reports within so many days of each other tell of the same meeting.
const SAME_MEETING: i32 = 4;
/// How much of the rarer half of the smaller text must stand in the other, in thousandths.
const LIKE: u32 = 560;
/// Fewest shared pairs of characters.
const SHARED: usize = 3;
/// A pair of characters in more records than this names nothing.
const COMMON: usize = 120;
/// Of a rarer pair, so many earlier records are compared.
const COMPARED: usize = 24;

/// Links between records of different stories: promises said again, delivered, revised or contradicted; figures
/// of one measure; names of the same body, event, instrument, project or person. Inside one story the items of a
/// total are part of it. Every record is compared only with records that share a rare pair of characters with it,
/// so the work grows with the number of records, not its square. Sorted.
#[must_use]
pub fn link<P>(records: &[Record<P>], rules: &LinkRules) -> Vec<Link> {
    let mut links = Vec::new();
    let story = |index: usize| rules.stories.get(index).copied().unwrap_or((index, None));
    promises(records, &story, &mut links);
    figures(records, &story, &mut links);
    totals(records, &story, &mut links);
    names(records, &story, &mut links);
    links.sort();
    links.dedup();
    links
}

/// A promise as linking sees it.
struct Promise<'r> {
    index: usize,
    pairs: BTreeSet<(char, char)>,
    actors: Vec<&'r str>,
    recipients: Vec<&'r str>,
    day: Option<i32>,
    story: usize,
    deadline: Option<&'r str>,
    amount: Option<(&'r str, &'r str)>,
    delivered: bool,
    stance: bool,
    negative: bool,
}

fn promises<P>(records: &[Record<P>], story: &dyn Fn(usize) -> (usize, Option<i32>), links: &mut Vec<Link>) {
    let mut all: Vec<Promise<'_>> = records
        .iter()
        .enumerate()
        .filter(|(_, record)| record.kind == Kind::Commitment)
        .map(|(index, record)| promise(index, record, story(index)))
        .collect();
    // The earlier first: what comes later restates, delivers or revises it.
    all.sort_by_key(|promise| (promise.day.unwrap_or(i32::MAX), promise.story, promise.index));
    let mut frequency: BTreeMap<(char, char), usize> = BTreeMap::new();
    for pair in all.iter().flat_map(|promise| &promise.pairs) {
        *frequency.entry(*pair).or_default() += 1;
    }
    let weight = |pair: &(char, char)| match frequency.get(pair).copied().unwrap_or(1) {
        count if count > COMMON => 0,
        count => 16u32.saturating_sub(count.ilog2() * 2),
    };
    let mut postings: BTreeMap<(char, char), Vec<usize>> = BTreeMap::new();
    for (place, later) in all.iter().enumerate() {
        let mut candidates: BTreeSet<usize> = BTreeSet::new();
        for pair in later.pairs.iter().filter(|pair| weight(pair) > 0) {
            let earlier = postings.entry(*pair).or_default();
            // The first to say it and the latest ones.
            candidates.extend(earlier.iter().take(COMPARED / 2));
            candidates.extend(earlier.iter().rev().take(COMPARED / 2));
            earlier.push(place);
        }
        let total = |promise: &Promise<'_>| promise.pairs.iter().map(weight).sum::<u32>();
        let mine = total(later);
        let mut best: Option<(u32, usize)> = None;
        for candidate in candidates {
            let earlier = &all[candidate];
            if earlier.story == later.story || !related(earlier, later) {
                continue;
            }
            let shared: Vec<u32> =
                later.pairs.intersection(&earlier.pairs).map(weight).filter(|weight| *weight > 0).collect();
            let smaller = mine.min(total(earlier)).max(1);
            let likeness = shared.iter().sum::<u32>() * 1000 / smaller;
            if likeness < LIKE || shared.len() < SHARED {
                continue;
            }
            // Equal figures and dates make a pair likelier than words alone.
            let bonus = u32::from(earlier.amount.is_some() && earlier.amount == later.amount) * 200
                + u32::from(earlier.deadline.is_some() && earlier.deadline == later.deadline) * 100;
            let score = likeness + bonus;
            if best.is_none_or(|(known, _)| score > known) {
                best = Some((score, candidate));
            }
        }
        match best {
            Some((_, earlier)) => {
                let (verb, rule) = relation(&all[earlier], later);
                links.push(Link {
                    from: Some(later.index),
                    to: all[earlier].index,
                    verb,
                    rule: rule.to_owned(),
                });
            }
            None if later.delivered && records[later.index].flags.contains(&"promise-named") => {
                let rule = "link.delivers.promise-not-held".to_owned();
                links.push(Link { from: None, to: later.index, verb: LinkVerb::Delivers, rule });
            }
            None => {}
        }
    }
}

fn promise<P>(index: usize, record: &Record<P>, (story, day): (usize, Option<i32>)) -> Promise<'_> {
    let text = |field| record.text(field).unwrap_or("");
    let list = |field| record.value(field).map(Value::as_texts).unwrap_or_default();
    let mut pairs = pairs_of(text("object"));
    pairs.extend(pairs_of(text("action")));
    let amount = match record.value("quantity") {
        Some(Value::Map(entries)) => {
            let entry =
                |key| entries.iter().find(|(name, _)| *name == key).and_then(|(_, value)| value.as_text());
            entry("value").map(|value| (value, entry("unit").unwrap_or("")))
        }
        _ => None,
    };
    Promise {
        index,
        pairs,
        actors: list("actors"),
        recipients: list("recipients"),
        day,
        story,
        deadline: record.text("deadline"),
        amount,
        delivered: record.text("status") == Some("delivered"),
        stance: record.flags.contains(&"stance"),
        negative: record.text("polarity") == Some("negative"),
    }
}

/// Pairs of neighbouring letters; digits, marks and white space name nothing.
fn pairs_of(text: &str) -> BTreeSet<(char, char)> {
    let mut pairs = BTreeSet::new();
    let mut before: Option<char> = None;
    for character in text.chars() {
        let letter = character.is_alphabetic();
        if let (Some(before), true) = (before, letter) {
            pairs.insert((before, character));
        }
        before = letter.then_some(character);
    }
    pairs
}

/// Whether one's actors can be the other's: a shared actor, a recipient that reports, or nobody known.
fn related(earlier: &Promise<'_>, later: &Promise<'_>) -> bool {
    let meets = |a: &[&str], b: &[&str]| a.iter().any(|one| b.contains(one));
    earlier.actors.is_empty()
        || later.actors.is_empty()
        || meets(&earlier.actors, &later.actors)
        || later.delivered && meets(&earlier.recipients, &later.actors)
        || later.stance && meets(&later.recipients, &earlier.actors)
}

fn relation(earlier: &Promise<'_>, later: &Promise<'_>) -> (LinkVerb, &'static str) {
    if later.delivered && !earlier.delivered {
        return (LinkVerb::Delivers, "link.delivers");
    }
    if later.negative != earlier.negative {
        return (LinkVerb::Contradicts, "link.contradicts.polarity");
    }
    let near = matches!((earlier.day, later.day), (Some(a), Some(b)) if (b - a).abs() <= SAME_MEETING);
    let amounts = match (earlier.amount, later.amount) {
        (Some((a, unit)), Some((b, other))) => unit == other && a != b,
        _ => false,
    };
    let deadlines = matches!((earlier.deadline, later.deadline), (Some(a), Some(b)) if !same_day(a, b));
    match (amounts, deadlines, near) {
        (true, _, true) => (LinkVerb::Contradicts, "link.contradicts.amount"),
        (true, _, false) => (LinkVerb::Revises, "link.revises.amount"),
        (false, true, false) => (LinkVerb::Revises, "link.revises.deadline"),
        (false, _, true) if later.stance != earlier.stance => (LinkVerb::Restates, "link.restates.stance"),
        (false, _, true) => (LinkVerb::SameAs, "link.same-as.promise"),
        (false, false, false) => (LinkVerb::Restates, "link.restates"),
    }
}

/// Whether two EDTF texts can mean the same day: equal, or one says the other more roughly.
fn same_day(a: &str, b: &str) -> bool {
    let bare = |text: &str| text.trim_start_matches("../").trim_end_matches("/..").to_owned();
    let (a, b) = (bare(a), bare(b));
    a == b || a.starts_with(&b) || b.starts_with(&a) || a.starts_with('P') != b.starts_with('P')
}

/// Figures of one measure and unit in different stories: the same value, or a conflict where both are exact and
/// of the same time.
fn figures<P>(records: &[Record<P>], story: &dyn Fn(usize) -> (usize, Option<i32>), links: &mut Vec<Link>) {
    let mut groups: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        if !matches!(record.kind, Kind::Figure | Kind::Indicator) {
            continue;
        }
        let Some(measure) = record.text("measure").filter(|measure| measure.chars().nth(3).is_some()) else {
            continue;
        };
        groups.entry((measure, record.text("unit").unwrap_or(""))).or_default().push(index);
    }
    for group in groups.values() {
        let Some((&first, rest)) = group.split_first() else { continue };
        for &index in rest {
            if story(first).0 == story(index).0 {
                continue;
            }
            let (a, b) = (&records[first], &records[index]);
            let (from, to) = if story(first).1 <= story(index).1 { (index, first) } else { (first, index) };
            let exact = a.text("cmp") == Some("=") && b.text("cmp") == Some("=");
            let when = match (a.text("as_of"), b.text("as_of")) {
                (Some(a), Some(b)) => same_day(a, b),
                _ => {
                    matches!((story(first).1, story(index).1), (Some(a), Some(b)) if (b - a).abs() <= SAME_MEETING)
                }
            };
            let (verb, rule) = if a.text("value") == b.text("value") {
                (LinkVerb::SameAs, "link.same-as.figure")
            } else if exact && when {
                (LinkVerb::Contradicts, "link.contradicts.figure")
            } else {
                continue;
            };
            links.push(Link { from: Some(from), to, verb, rule: rule.to_owned() });
        }
    }
}

/// Items of a total in the same story.
fn totals<P>(records: &[Record<P>], story: &dyn Fn(usize) -> (usize, Option<i32>), links: &mut Vec<Link>) {
    let mut totals: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        if record.kind == Kind::Figure
            && let Some(measure) = record.text("measure")
        {
            totals.entry((story(index).0, measure)).or_insert(index);
        }
    }
    for (index, record) in records.iter().enumerate().filter(|(_, record)| record.kind == Kind::Indicator) {
        let Some(parent) = record.text("parent") else { continue };
        let Some(&total) = totals.get(&(story(index).0, parent)) else { continue };
        let (verb, rule) = if record.flags.contains(&"sum-differs") {
            (LinkVerb::Contradicts, "link.contradicts.sum")
        } else {
            (LinkVerb::PartOf, "link.part-of.total")
        };
        links.push(Link { from: Some(index), to: total, verb, rule: rule.to_owned() });
    }
}

/// The same name in another story: linked to the first record of the name.
fn names<P>(records: &[Record<P>], story: &dyn Fn(usize) -> (usize, Option<i32>), links: &mut Vec<Link>) {
    let mut first: BTreeMap<(Kind, String), usize> = BTreeMap::new();
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|&index| (story(index).1.unwrap_or(i32::MAX), story(index).0, index));
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
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(index);
            }
            std::collections::btree_map::Entry::Occupied(entry) => {
                let to = *entry.get();
                if story(to).0 != story(index).0 {
                    let rule = "link.same-as.name".to_owned();
                    links.push(Link { from: Some(index), to, verb: LinkVerb::SameAs, rule });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promise(object: &str, fields: &[(&'static str, &str)]) -> Record<()> {
        let mut record = Record::new(Kind::Commitment, "t", ());
        record.printed("object", Value::text(object), ());
        for (name, value) in fields {
            let value = if *name == "actors" { Value::texts([*value]) } else { Value::text(*value) };
            record.inferred(name, value, "t");
        }
        record
    }

    fn verbs(records: &[Record<()>], days: &[i32]) -> Vec<(Option<usize>, usize, &'static str)> {
        let stories = days.iter().enumerate().map(|(index, day)| (index, Some(*day))).collect();
        link(records, &LinkRules { stories }).iter().map(|l| (l.from, l.to, l.verb.as_str())).collect()
    }

    #[test]
    fn a_promise_is_said_again_put_off_and_kept() {
        let records = [
            promise("望澜至银礁货运航线", &[("actors", "云津"), ("deadline", "2031")]),
            promise("望澜至银礁货运航线", &[("actors", "云津"), ("deadline", "2031")]),
            promise("望澜至银礁货运航线", &[("actors", "云津"), ("deadline", "2033")]),
            promise("望澜至银礁货运航线", &[("actors", "云津"), ("status", "delivered")]),
            promise("渔业学校奖学金", &[("actors", "云津")]),
        ];
        assert_eq!(
            verbs(&records, &[100, 101, 400, 800, 801]),
            [(Some(1), 0, "same-as"), (Some(2), 0, "revises"), (Some(3), 0, "delivers")]
        );
    }

    #[test]
    fn another_actor_or_one_story_is_no_link() {
        let records = [
            promise("望澜至银礁货运航线", &[("actors", "云津")]),
            promise("望澜至银礁货运航线", &[("actors", "朔原")]),
        ];
        assert_eq!(verbs(&records, &[1, 400]), []);
        let same = [promise("望澜货运航线", &[]), promise("望澜货运航线", &[])];
        assert_eq!(link(&same, &LinkRules { stories: vec![(0, Some(1)), (0, Some(1))] }), []);
    }

    #[test]
    fn exact_figures_of_one_time_conflict() {
        let figure = |value: &str| {
            let mut record = Record::new(Kind::Figure, "t", ());
            record.printed("measure", Value::text("五国贸易额"), ());
            record.printed("value", Value::text(value), ());
            record.printed("unit", Value::text("{澜元}"), ());
            record.printed("cmp", Value::text("="), ());
            record.printed("as_of", Value::text("2030"), ());
            record
        };
        let records = [figure("1860"), figure("1840"), figure("1860")];
        assert_eq!(verbs(&records, &[1, 2, 3]), [(Some(1), 0, "contradicts"), (Some(2), 0, "same-as")]);
    }
}
