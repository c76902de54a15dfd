use std::collections::BTreeSet;

use super::figures::{Figure, figure, millionths};
use super::likeness::{Pair, Rarity, pairs_of};
use super::{Link, LinkRules, LinkVerb, near, same_time};
use crate::{Kind, Record, Value};

/// How much of what the one promise is about must stand in the other, in thousandths of the weight.
const LIKE: u32 = 560;
/// The same where both name one day or year.
const LIKE_DATED: u32 = 450;
/// The same where a stance names whose proposal it supports.
const LIKE_NAMED: u32 = 200;
/// Fewest shared pairs of characters; fewer where amount or deadline agree.
const SHARED: usize = 3;
const SHARED_WITH_FIGURE: usize = 2;

/// A promise as linking sees it.
struct Promise<'r> {
    index: usize,
    /// What it is about.
    core: BTreeSet<Pair>,
    /// All its words.
    wide: BTreeSet<Pair>,
    actors: Vec<&'r str>,
    recipients: Vec<&'r str>,
    day: Option<i32>,
    story: usize,
    deadline: Option<&'r str>,
    amount: Option<(&'r str, &'r str)>,
    force: &'r str,
    delivered: bool,
    proposed: bool,
    stance: bool,
    negative: bool,
    /// Says itself that it changes what was said before.
    changes: bool,
}

pub(super) fn link<P>(records: &[Record<P>], rules: &LinkRules, links: &mut Vec<Link>) {
    let mut all: Vec<Promise<'_>> = records
        .iter()
        .enumerate()
        .filter(|(_, record)| record.kind == Kind::Commitment)
        // Praise, thanks and congratulations are no position that somebody comes back to.
        .filter(|(_, record)| record.text("force") != Some("F0"))
        .map(|(index, record)| promise(index, record, rules))
        .collect();
    // The earlier first: what comes later restates, delivers or revises it.
    all.sort_by_key(|promise| (promise.day.unwrap_or(i32::MAX), promise.story, promise.index));
    let mut rarity = Rarity::default();
    for promise in &all {
        rarity.count(&promise.wide);
    }
    // What was promised, by the promise that a later one links to, so that each deed is told once a story.
    let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (place, later) in all.iter().enumerate() {
        // The likeliest among the reports of the same meeting, and the likeliest from before it.
        let mut best: [Option<(u32, usize)>; 2] = [None; 2];
        for candidate in rarity.candidates(&later.wide) {
            let earlier = &all[candidate];
            if earlier.story == later.story || !related(earlier, later) {
                continue;
            }
            let Some(score) = alike(&rarity, earlier, later) else { continue };
            let slot = &mut best[usize::from(near(earlier.day, later.day))];
            if slot.is_none_or(|(known, _)| score > known) {
                *slot = Some((score, candidate));
            }
        }
        rarity.enter(&later.wide, place);
        for (_, earlier) in best.into_iter().flatten() {
            let earlier = &all[earlier];
            let (verb, rule) = relation(earlier, later);
            if verb == LinkVerb::Delivers {
                told.insert((earlier.index, later.story));
            }
            let rule = rule.to_owned();
            // On one day the promise as it then stands says again what a report says was changed.
            let turned =
                verb == LinkVerb::Restates && later.changes && !earlier.changes && later.day == earlier.day;
            let (from, to) = if turned { (earlier.index, later.index) } else { (later.index, earlier.index) };
            links.push(Link { from: Some(from), to, verb, rule });
        }
        match best {
            [None, None] if later.delivered && records[later.index].flags.contains(&"promise-named") => {
                let rule = "link.delivers.promise-not-held".to_owned();
                links.push(Link { from: None, to: later.index, verb: LinkVerb::Delivers, rule });
            }
            _ => {}
        }
    }
    progress(records, rules, &all, &rarity, &mut told, links);
    deeds(records, rules, &all, &rarity, &mut told, links);
}

fn promise<'r, P>(index: usize, record: &'r Record<P>, rules: &'r LinkRules) -> Promise<'r> {
    let text = |field| record.text(field).unwrap_or("");
    let list = |field| record.value(field).map(Value::as_texts).unwrap_or_default();
    let (core, wide) = match rules.words(index) {
        Some(words) => (pairs_of(&words.core), pairs_of(&words.wide)),
        None => {
            let mut pairs = pairs_of(text("object"));
            pairs.extend(pairs_of(text("action")));
            (pairs.clone(), pairs)
        }
    };
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
        wide: wide.union(&core).copied().collect(),
        core,
        actors: list("actors"),
        recipients: list("recipients"),
        day: rules.day(index),
        story: rules.story(index),
        deadline: record.text("deadline"),
        amount,
        force: text("force"),
        delivered: text("status") == "delivered",
        proposed: text("status") == "proposed",
        stance: record.flags.contains(&"stance"),
        negative: text("polarity") == "negative",
        changes: record.flags.contains(&"changes"),
    }
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

/// How alike two promises are, where they are about the same.
fn alike(rarity: &Rarity, earlier: &Promise<'_>, later: &Promise<'_>) -> Option<u32> {
    let forward = rarity.contained(&later.core, &earlier.wide);
    let back = rarity.contained(&earlier.core, &later.wide);
    let (share, pairs) = forward.max(back);
    // Equal figures and dates make a pair likelier than words alone.
    let amounts = earlier.amount.is_some() && earlier.amount == later.amount;
    let deadlines = earlier.deadline.is_some() && earlier.deadline == later.deadline;
    let supports = later.stance
        && earlier.proposed
        && later.recipients.iter().any(|recipient| earlier.actors.contains(recipient));
    let enough = if amounts || deadlines || supports { SHARED_WITH_FIGURE } else { SHARED };
    let least = match (supports, deadlines) {
        (true, _) => LIKE_NAMED,
        (false, true) => LIKE_DATED,
        (false, false) => LIKE,
    };
    (share >= least && pairs >= enough)
        .then_some(share + u32::from(amounts) * 200 + u32::from(deadlines) * 100)
}

fn relation(earlier: &Promise<'_>, later: &Promise<'_>) -> (LinkVerb, &'static str) {
    if later.delivered && !earlier.delivered {
        return (LinkVerb::Delivers, "link.delivers");
    }
    if later.negative != earlier.negative {
        return (LinkVerb::Contradicts, "link.contradicts.polarity");
    }
    let near = near(earlier.day, later.day);
    let amounts = match (earlier.amount, later.amount) {
        (Some((a, unit)), Some((b, other))) => unit == other && a != b,
        _ => false,
    };
    let deadlines = matches!((earlier.deadline, later.deadline), (Some(a), Some(b)) if !same_time(a, b));
    // In another strength, days later or now with a day: said again, no second report of the same words.
    let apart = matches!((earlier.day, later.day), (Some(a), Some(b)) if b - a > 1);
    let again = earlier.force != later.force
        && (apart || earlier.deadline.is_none() && later.deadline.is_some() && earlier.day != later.day);
    match (amounts, deadlines, near) {
        _ if later.changes && (amounts || deadlines || !near) => (LinkVerb::Revises, "link.revises.said-so"),
        (true, _, true) => (LinkVerb::Contradicts, "link.contradicts.amount"),
        (true, _, false) => (LinkVerb::Revises, "link.revises.amount"),
        (false, true, false) => (LinkVerb::Revises, "link.revises.deadline"),
        (false, _, true) if later.stance != earlier.stance => (LinkVerb::Restates, "link.restates.stance"),
        // That something is changed, and the promise as it then stands, are two statements.
        (false, _, true) if later.changes != earlier.changes => {
            (LinkVerb::Restates, "link.restates.otherwise")
        }
        (false, _, true) if again => (LinkVerb::Restates, "link.restates.otherwise"),
        (false, _, true) => (LinkVerb::SameAs, "link.same-as.promise"),
        (false, false, false) => (LinkVerb::Restates, "link.restates"),
    }
}

/// Statuses of a thing that say it is there.
const THERE: &[&str] = &["delivered", "operating", "established", "signed", "adopted", "in force"];

/// A project that opened, a body that was founded, an instrument that was signed, an event that took place: the
/// report of it delivers the promise of it, where no report by the actor does.
fn deeds<P>(
    records: &[Record<P>],
    rules: &LinkRules,
    promises: &[Promise<'_>],
    rarity: &Rarity,
    told: &mut BTreeSet<(usize, usize)>,
    links: &mut Vec<Link>,
) {
    let mut index = Rarity::default();
    for (place, promise) in promises.iter().enumerate() {
        index.enter(&promise.core, place);
    }
    for (thing, record) in records.iter().enumerate() {
        let named = match record.kind {
            Kind::Project | Kind::Body | Kind::Instrument => {
                record.text("status").is_some_and(|status| THERE.contains(&status))
            }
            Kind::Event => record.text("type") == Some("publication"),
            _ => false,
        };
        let Some(words) = rules.words(thing).filter(|_| named) else { continue };
        let core = pairs_of(&words.core);
        let wide = pairs_of(&words.wide);
        let day = rules.day(thing);
        let mut best: Option<(u32, usize)> = None;
        for candidate in index.candidates(&core) {
            let promise = &promises[candidate];
            let later = matches!((promise.day, day), (Some(a), Some(b)) if b > a) && !near(promise.day, day);
            if !later || promise.delivered || promise.stance {
                continue;
            }
            // The name whole in the promise, or the promise whole in what is told.
            let (name, pairs) = rarity.contained(&core, &promise.wide);
            let (whole, shared) = rarity.contained(&promise.core, &wide);
            let alike = if record.kind == Kind::Event { 0 } else { name };
            if alike >= 900 && pairs >= SHARED || whole >= LIKE && shared >= SHARED {
                let score = alike.max(whole);
                if best.is_none_or(|(known, _)| score > known) {
                    best = Some((score, candidate));
                }
            }
        }
        if let Some((_, candidate)) = best
            && told.insert((promises[candidate].index, rules.story(thing)))
        {
            let rule = "link.delivers.deed".to_owned();
            let to = promises[candidate].index;
            links.push(Link { from: Some(thing), to, verb: LinkVerb::Delivers, rule });
        }
    }
}

/// A later count of what was promised in numbers, not more than was promised: delivered so far.
fn progress<P>(
    records: &[Record<P>],
    rules: &LinkRules,
    promises: &[Promise<'_>],
    rarity: &Rarity,
    told: &mut BTreeSet<(usize, usize)>,
    links: &mut Vec<Link>,
) {
    let mut index = Rarity::default();
    for (place, promise) in promises.iter().enumerate() {
        if promise.amount.is_some() && !promise.delivered && !promise.stance {
            index.enter(&promise.core, place);
        }
    }
    // What a promise of the same story says is no report.
    let own: BTreeSet<(usize, &str)> = records
        .iter()
        .enumerate()
        .filter(|(_, record)| record.kind == Kind::Commitment)
        .filter_map(|(index, _)| Some((rules.story(index), rules.words(index)?.text.as_str())))
        .collect();
    for (told_by, record) in records.iter().enumerate() {
        let Some(words) = rules.words(told_by) else { continue };
        if !matches!(record.kind, Kind::Figure | Kind::Indicator) {
            continue;
        }
        let Figure { wide, unit, value, day, story, .. } = figure(told_by, record, rules);
        let Some(value) = value else { continue };
        let text = words.text.as_str();
        let mut best: Option<(u32, usize)> = None;
        for place in index.candidates(&wide) {
            let promise = &promises[place];
            if promise.amount.is_none_or(|(_, promised)| promised != unit) {
                continue;
            }
            let later = matches!((promise.day, day), (Some(a), Some(b)) if b > a) && !near(promise.day, day);
            let least = promise.amount.and_then(|(amount, _)| millionths(amount));
            if !later || told.contains(&(promise.index, story)) || least.is_none_or(|least| value > least) {
                continue;
            }
            let (share, pairs) = rarity.contained(&promise.core, &wide);
            let (back, shared) = rarity.contained(&wide, &promise.wide);
            let likeness = share.max(back);
            if likeness >= LIKE
                && pairs.max(shared) >= SHARED
                && best.is_none_or(|(known, _)| likeness > known)
            {
                best = Some((likeness, place));
            }
        }
        let Some((_, place)) = best else { continue };
        if own
            .range((story, "")..)
            .take_while(|(known, _)| *known == story)
            .any(|(_, own)| own.contains(text))
        {
            continue;
        }
        told.insert((promises[place].index, story));
        let rule = "link.delivers.so-far".to_owned();
        links.push(Link { from: Some(told_by), to: promises[place].index, verb: LinkVerb::Delivers, rule });
    }
}
