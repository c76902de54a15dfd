//! Reading a page in file order as several streams of text: each piece goes on with the stream being read, goes
//! back to one that was left, or begins a new one. A beam search keeps the readings that score best.
//!
//! This is what takes apart columns that were read line by line in turn, and stories cut by others in
//! mid-sentence: going back to a stream that broke off costs less than reading nonsense.

use std::collections::BTreeMap;
use std::rc::Rc;

use shiliu_lang::Subject;

use super::chains::{Chain, Ground};
use super::evidence::union;
use super::features::{COUNT, Seen, beginning, going_on, left, length_of, turning, unfinished};
use super::units::{EndState, StartState};

/// What another printing says is counted in a coarser measure than the learned weights (its bits are three to four of
/// theirs): undivided, a chance match of two formulas would outweigh all else.
const HINTED: i32 = 4;
/// In a language without word vectors nothing tells that two texts are near in subject, and what is known of beginnings
/// was learned where that is told: a beginning without a head costs this much more there.
const WITHOUT_VECTORS: i32 = 2500;
/// How many units of a stream say what it speaks of: equal for all, so that long streams and short ones compare.
const RECENT: usize = 6;

/// How many readings are kept.
const BEAM: usize = 100;
/// Readings this far behind the best one are dropped.
const BEHIND: i32 = 30_000;
/// How many streams a reading keeps open to be taken up again.
const SUSPENDED: usize = 14;

/// Pieces since the last change within which columns count as alternating.
const SOON: u32 = 5;

/// One stream of a reading.
struct Stream {
    /// Last node.
    tail: usize,
    /// Last node that other printings tell about.
    told: Option<usize>,
    /// Which piece of running text that is.
    at: usize,
    /// Whether a head or a dateline stands over it.
    headed: bool,
    /// How many characters it has.
    length: i32,
    /// How many pieces it has.
    pieces: usize,
    /// Its first unit and its last ones: what it speaks of now.
    recent: Vec<usize>,
    /// How many units these are.
    size: usize,
    /// Their words as bits.
    words: Vec<u64>,
    /// What they speak of together.
    subject: Subject,
    /// Its units as bits.
    units: Vec<u64>,
    /// Last list number of each style.
    numbers: BTreeMap<String, u32>,
    /// Equal for equal streams of different readings.
    version: u32,
    /// Which stream of the reading it is.
    name: u32,
}

/// How a reading came about: the node and the stream it went to.
struct Step {
    node: usize,
    stream: u32,
    /// What was seen, kept where a lesson is made of it.
    seen: Option<Seen>,
    before: Option<Rc<Step>>,
}

#[derive(Clone)]
struct Reading {
    score: i32,
    /// Most recently read first.
    streams: Vec<Rc<Stream>>,
    since_change: u32,
    names: u32,
    history: Option<Rc<Step>>,
}

/// What the readings of a page are compared with when weights are learned.
pub(super) struct Teacher<'t> {
    /// For each node the stream it truly belongs to.
    pub truth: &'t [u32],
    /// What a wrong decision costs, so that the right one is learned with room to spare.
    pub margin: i32,
    /// Whether only the true reading is followed.
    pub follows: bool,
}

/// Reads the page's running text into streams; each becomes a chain.
pub(super) fn read_streams(ground: &Ground<'_>, bodies: &[usize]) -> Vec<Chain> {
    let readings = readings(ground, bodies, None, &mut |_| ());
    let mut streams: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut at = best_of(ground, bodies, &readings).and_then(|best| best.history.clone());
    while let Some(step) = at {
        streams.entry(step.stream).or_default().push(step.node);
        at = step.before.clone();
    }
    let mut chains: Vec<Chain> = streams
        .into_values()
        .map(|mut nodes| {
            nodes.reverse();
            let words = nodes
                .iter()
                .fold(Vec::new(), |words, node| union(&words, ground.topics.words(ground.nodes[*node].main)));
            Chain::new(nodes, words, ground.nodes)
        })
        .collect();
    chains.sort_by_key(|chain| chain.nodes[0]);
    chains
}

/// What tells the best reading from the true one where they differ most: for each feature, how often the true one
/// has it more. Nothing where the true one is at least as good all along.
pub(super) fn lesson(ground: &Ground<'_>, bodies: &[usize], truth: &[u32], margin: i32) -> Option<Vec<i32>> {
    let mut ours: Vec<(i32, Option<Rc<Step>>)> = Vec::new();
    let mut right: Vec<(i32, Option<Rc<Step>>)> = Vec::new();
    let note = |kept: &mut Vec<(i32, Option<Rc<Step>>)>, readings: &[Reading]| {
        if let Some(best) = readings.iter().max_by_key(|reading| reading.score) {
            kept.push((best.score, best.history.clone()));
        }
    };
    let free = Teacher { truth, margin, follows: false };
    let last = readings(ground, bodies, Some(&free), &mut |readings| note(&mut ours, readings));
    let led = Teacher { truth, margin, follows: true };
    let true_last = readings(ground, bodies, Some(&led), &mut |readings| note(&mut right, readings));
    let worst = (0..ours.len()).max_by_key(|at| (ours[*at].0 - right[*at].0, *at))?;
    let whole = best_of(ground, bodies, &last).zip(best_of(ground, bodies, &true_last));
    let (a, b) = whole?;
    let ends = |reading: &Reading| end_score(ground, bodies, reading);
    let (whole_ours, whole_right) = (a.score + ends(a), b.score + ends(b));
    let mut differs = vec![0; COUNT];
    let mut count = |history: &Option<Rc<Step>>, sign: i32| {
        let mut at = history.clone();
        while let Some(step) = at {
            step.seen.iter().flat_map(Seen::iter).for_each(|feature| differs[feature] += sign);
            at = step.before.clone();
        }
    };
    if whole_ours - whole_right >= ours[worst].0 - right[worst].0 {
        if whole_ours <= whole_right {
            return None;
        }
        count(&a.history, -1);
        count(&b.history, 1);
        for (reading, sign) in [(a, -1), (b, 1)] {
            for stream in &reading.streams {
                left_at_end(ground, bodies, stream).iter().for_each(|feature| differs[feature] += sign);
            }
        }
    } else {
        if ours[worst].0 <= right[worst].0 {
            return None;
        }
        count(&ours[worst].1, -1);
        count(&right[worst].1, 1);
    }
    Some(differs)
}

/// A stream as the page leaves it.
fn left_as(ground: &Ground<'_>, ends_page: bool, stream: &Stream) -> Seen {
    let open = ground.nodes[stream.tail].end == EndState::Open;
    let whole = left(stream.headed, open, stream.length);
    if open { whole.and(&unfinished(ends_page, stream.pieces)) } else { whole }
}

fn left_at_end(ground: &Ground<'_>, bodies: &[usize], stream: &Stream) -> Seen {
    left_as(ground, bodies.last() == Some(&stream.tail), stream)
}

fn end_score(ground: &Ground<'_>, bodies: &[usize], reading: &Reading) -> i32 {
    reading.streams.iter().map(|stream| left_at_end(ground, bodies, stream).worth(ground.weights)).sum()
}

fn best_of<'r>(ground: &Ground<'_>, bodies: &[usize], readings: &'r [Reading]) -> Option<&'r Reading> {
    readings.iter().rev().max_by_key(|reading| reading.score + end_score(ground, bodies, reading))
}

fn readings(
    ground: &Ground<'_>,
    bodies: &[usize],
    teacher: Option<&Teacher<'_>>,
    note: &mut dyn FnMut(&[Reading]),
) -> Vec<Reading> {
    let mut readings =
        vec![Reading { score: 0, streams: Vec::new(), since_change: SOON + 1, names: 0, history: None }];
    let mut versions = 0_u32;
    for at in 0..bodies.len() {
        readings = step(ground, readings, bodies, at, &mut versions, teacher);
        note(&readings);
    }
    readings
}

/// One way to go on.
struct Choice {
    score: i32,
    reading: usize,
    /// Which of its streams goes on; none for a new one.
    place: Option<usize>,
    seen: Seen,
}

fn step(
    ground: &Ground<'_>,
    readings: Vec<Reading>,
    bodies: &[usize],
    at: usize,
    versions: &mut u32,
    teacher: Option<&Teacher<'_>>,
) -> Vec<Reading> {
    let node = bodies[at];
    // Equal streams of different readings are scored once.
    let mut known: BTreeMap<(u32, bool), (i32, Seen)> = BTreeMap::new();
    let main = ground.nodes[node].main;
    let unknown = !ground.topics.knows_subjects();
    let own = ground.topics.own_words(main, &ground.parallels[main]);
    let size = i32::try_from(ground.units[main].text.len().min(400)).unwrap_or(0);
    let run = run_from(ground, bodies, at);
    let mut runs: BTreeMap<u32, i32> = BTreeMap::new();
    let mut nearness: BTreeMap<u32, Option<i32>> = BTreeMap::new();
    let mut options: Vec<Choice> = Vec::new();
    for (index, reading) in readings.iter().enumerate() {
        let left = reading.streams.first().map(|stream| stream.tail);
        let left_end = left.map(|left| ground.nodes[left].end).unwrap_or_default();
        let true_place = teacher.map(|teacher| {
            let same = |stream: &Rc<Stream>| teacher.truth[stream.tail] == teacher.truth[node];
            reading.streams.iter().position(same)
        });
        let teach = |place: Option<usize>| match (teacher, true_place) {
            (Some(teacher), Some(right)) if right != place => {
                if teacher.follows {
                    None
                } else {
                    Some(teacher.margin * (100 + size) / 200)
                }
            }
            _ => Some(0),
        };
        let below = reading.streams.first().filter(|_| !run.is_empty()).map(|stream| {
            let excess = || ground.topics.excess_in(&stream.words, stream.size, &run);
            *runs.entry(stream.version).or_insert_with(excess)
        });
        let near = reading.streams.first().and_then(|stream| {
            let near = || stream.subject.nearness(ground.topics.subject(main));
            *nearness.entry(stream.version).or_insert_with(near)
        });
        if let Some(extra) = teach(None) {
            let seen = beginning(ground, node, left, below, near);
            let prior = if unknown && left.is_some() && !ground.headed[node] { WITHOUT_VECTORS } else { 0 };
            let score = reading.score + seen.worth(ground.weights) + extra - prior;
            options.push(Choice { score, reading: index, place: None, seen });
        }
        if ground.nodes[node].start == StartState::Jump {
            if options.is_empty() {
                let seen = beginning(ground, node, left, below, near);
                options.push(Choice { score: reading.score, reading: index, place: None, seen });
            }
            continue;
        }
        for (place, stream) in reading.streams.iter().enumerate() {
            let tail = &ground.nodes[stream.tail];
            let Some(extra) = teach(Some(place)).filter(|_| tail.end != EndState::Terminal) else { continue };
            let stays = place == 0;
            let (pair, seen) = *known.entry((stream.version, stays)).or_insert_with(|| {
                let seen = evidence(ground, stream, node, stays, &own);
                let told = ground.told.behind(stream.tail, stream.told, node);
                (seen.worth(ground.weights) + told / HINTED, seen)
            });
            let soon = reading.since_change <= SOON;
            let turn = turning(place, soon, left_end, tail.end, at - stream.at);
            let score = reading.score + pair + turn.worth(ground.weights) + extra;
            options.push(Choice { score, reading: index, place: Some(place), seen: seen.and(&turn) });
        }
    }
    if options.is_empty() {
        // The true reading cannot be followed here: a new stream begins.
        for (index, reading) in readings.iter().enumerate() {
            let seen = Seen::default();
            options.push(Choice { score: reading.score, reading: index, place: None, seen });
        }
    }
    options.sort_by_key(|choice| (std::cmp::Reverse(choice.score), choice.reading, choice.place));
    let best = options.first().map_or(0, |choice| choice.score);
    options.truncate(BEAM);
    options.retain(|choice| choice.score >= best - BEHIND);
    let mut made: BTreeMap<u32, Rc<Stream>> = BTreeMap::new();
    let mut next = Vec::with_capacity(options.len());
    for Choice { score, reading: index, place, seen } in options {
        let reading = &readings[index];
        let mut streams = reading.streams.clone();
        let mut names = reading.names;
        let (stream, changed) = match place {
            Some(place) => {
                let old = streams.remove(place);
                let grown = made
                    .entry(old.version)
                    .or_insert_with(|| {
                        *versions += 1;
                        Rc::new(grown(ground, Some(&old), (node, at), *versions, old.name))
                    })
                    .clone();
                // A stream of another reading with the same pieces may have another name there.
                let grown = if grown.name == old.name {
                    grown
                } else {
                    *versions += 1;
                    Rc::new(self::grown(ground, Some(&old), (node, at), *versions, old.name))
                };
                (grown, Some(place > 0))
            }
            None => {
                *versions += 1;
                names += 1;
                (Rc::new(grown(ground, None, (node, at), *versions, names)), None)
            }
        };
        let name = stream.name;
        streams.insert(0, stream);
        let mut score = score;
        let mut seen = seen;
        if streams.len() > SUSPENDED
            && let Some(dropped) = streams.pop()
        {
            let end = left_as(ground, false, &dropped);
            score += end.worth(ground.weights);
            seen = seen.and(&end);
        }
        next.push(Reading {
            score,
            streams,
            since_change: match changed {
                Some(true) => 0,
                Some(false) => reading.since_change.saturating_add(1),
                // A new stream is no sign of columns in turn.
                None => SOON + 1,
            },
            names,
            history: Some(Rc::new(Step {
                node,
                stream: name,
                seen: teacher.map(|_| seen),
                before: reading.history.clone(),
            })),
        });
    }
    next
}

/// How many pieces of text below tell what a text speaks of.
const BELOW: usize = 4;

/// The words of the text at a place and of those below it that nothing parts from it; none where it begins with a head
/// or a dateline.
fn run_from(ground: &Ground<'_>, bodies: &[usize], at: usize) -> Vec<u32> {
    let begins = |node: usize| {
        ground.headed[node] || matches!(ground.nodes[node].start, StartState::Dateline | StartState::Jump)
    };
    let mut words = Vec::new();
    if begins(bodies[at]) {
        return words;
    }
    for (count, node) in bodies[at..].iter().take(BELOW).enumerate() {
        if count > 0 && begins(*node) {
            break;
        }
        words = union(&words, ground.topics.words(ground.nodes[*node].main));
        if ground.nodes[*node].end == EndState::Terminal {
            break;
        }
    }
    words
}

fn grown(
    ground: &Ground<'_>,
    old: Option<&Stream>,
    (node, at): (usize, usize),
    version: u32,
    name: u32,
) -> Stream {
    let main = ground.nodes[node].main;
    let mut recent: Vec<usize> = old.map(|old| old.recent.clone()).unwrap_or_default();
    if old.is_none()
        && let Some(head) = ground.head_of[node]
    {
        recent.extend(ground.nodes[head].units.iter().map(|(unit, _)| *unit));
    }
    recent.push(main);
    if recent.len() > RECENT {
        // The first stays: head or opening paragraph name the subject.
        recent.remove(1);
    }
    let mut words = vec![0_u64; ground.topics.vocabulary().div_ceil(64)];
    for unit in &recent {
        for word in ground.topics.words(*unit) {
            words[*word as usize / 64] |= 1 << (word % 64);
        }
    }
    let subject = ground.topics.subject_of(recent.iter().copied());
    let mut numbers = old.map(|old| old.numbers.clone()).unwrap_or_default();
    if let Some((style, number)) = &ground.units[ground.nodes[node].main].enumerator {
        numbers.insert(style.clone(), *number);
    }
    let mut units = old.map_or_else(|| vec![0; ground.units.len().div_ceil(64)], |old| old.units.clone());
    units[main / 64] |= 1 << (main % 64);
    let pieces = old.map_or(0, |old| old.pieces) + 1;
    let told = if ground.told.knows(node) { Some(node) } else { old.and_then(|old| old.told) };
    let headed = old.map_or_else(
        || {
            let start = ground.nodes[node].start;
            ground.headed[node] || matches!(start, StartState::Dateline | StartState::Jump)
        },
        |old| old.headed,
    );
    let length = old.map_or(0, |old| old.length).saturating_add(length_of(ground, node));
    Stream {
        headed,
        length,
        subject,
        units,
        told,
        tail: node,
        at,
        pieces,
        size: recent.len(),
        recent,
        words,
        numbers,
        version,
        name,
    }
}

/// What is seen where `node` goes on with `stream`, the rest of the reading left aside.
fn evidence(ground: &Ground<'_>, stream: &Stream, node: usize, stays: bool, own: &[u32]) -> Seen {
    let main = ground.nodes[node].main;
    let excess = ground.topics.excess_in(&stream.words, stream.size, own);
    let near = stream.subject.nearness(ground.topics.subject(main));
    let repeats =
        ground.parallels[main].iter().any(|other| stream.units[other / 64] >> (other % 64) & 1 == 1);
    let style = ground.units[main].enumerator.as_ref().map(|(style, _)| style);
    let number = style.map(|style| stream.numbers.get(style).copied());
    going_on(ground, (stream.tail, stream.length), node, stays, (excess, near), repeats, number)
}
