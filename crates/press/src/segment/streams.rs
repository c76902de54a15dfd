//! Reading a page in file order as several streams of text: each piece goes on with the stream being read, goes
//! back to one that was left, or begins a new one. A beam search keeps the readings that score best.
//!
//! This is what takes apart columns that were read line by line in turn, and stories cut by others in
//! mid-sentence: going back to a stream that broke off costs less than reading nonsense.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::chains::{Chain, Ground};
use super::evidence::union;
use super::nodes::{Node, NodeKind};
use super::units::{EndState, StartState};

/// Going back to the stream that was left last.
const RETURN: i32 = -5000;
/// Going back soon after, when columns alternate.
const ALTERNATE: i32 = -900;
/// Beginning a stream without a head, a dateline or a jump line.
const HEADLESS: i32 = -7000;
/// Going back where neither the stream left nor the one taken up breaks off in mid-sentence.
const WHOLE: i32 = -4500;
/// Words that open a paragraph, behind an unfinished sentence.
const OPENS_ANEW: i32 = -3000;
/// The next line of the same wrapped column.
const FLOWS_ON: i32 = 7500;
/// Leaving a sentence unfinished for good.
const UNFINISHED: i32 = -7500;
/// What stands only inside a sentence, behind an unfinished one.
const INSIDE_GOES_ON: i32 = 2500;
/// What stands only inside a sentence, behind a finished one.
const INSIDE_BEGINS: i32 = -9000;
/// Words that open a paragraph, behind a finished sentence.
const OPENING_BEGINS: i32 = 500;
/// A list number behind an unfinished sentence (taken off).
const NUMBER_GOES_ON: i32 = 2500;
/// A head between the halves of a sentence (taken off).
const HEAD_IN_SENTENCE: i32 = 2500;
/// A head between two paragraphs (taken off).
const HEAD_BETWEEN: i32 = 6000;
/// What words in common count, in thousandths.
const SUBJECT: i32 = 1500;
/// The least that words in common count.
const SUBJECT_LEAST: i32 = -2000;
/// The most that words in common count.
const SUBJECT_MOST: i32 = 9000;
/// A piece whose wording the stream already has (taken off).
const REPEATS: i32 = 1800;
/// How many units of a stream say what it speaks of: equal for all, so that long streams and short ones compare.
const RECENT: usize = 6;
/// What the characters at a seam count, in thousandths.
const SEAM: i32 = 1500;
/// An unfinished sentence that goes on.
const SEAM_BASE: i32 = 150;

/// How many readings are kept.
const BEAM: usize = 24;
/// Readings this far behind the best one are dropped.
const BEHIND: i32 = 20_000;
/// How many streams a reading keeps open to be taken up again.
const SUSPENDED: usize = 14;

/// Pieces since the last change within which columns count as alternating.
const SOON: u32 = 5;

/// One stream of a reading.
struct Stream {
    /// Last node.
    tail: usize,
    /// Its first unit and its last ones: what it speaks of now.
    recent: Vec<usize>,
    /// How many units these are.
    size: usize,
    /// Their words as bits.
    words: Vec<u64>,
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

/// Reads the page's running text into streams; each becomes a chain.
pub(super) fn read_streams(ground: &Ground<'_>, bodies: &[usize]) -> Vec<Chain> {
    let mut readings =
        vec![Reading { score: 0, streams: Vec::new(), since_change: SOON + 1, names: 0, history: None }];
    let mut versions = 0_u32;
    let mut before = None;
    for &node in bodies {
        readings = step(ground, readings, before, node, &mut versions);
        before = Some(node);
    }
    let best = readings.into_iter().max_by_key(|reading| {
        let unfinished =
            reading.streams.iter().filter(|s| ground.nodes[s.tail].end == EndState::Open).count();
        reading.score + UNFINISHED * i32::try_from(unfinished).unwrap_or(0)
    });
    let mut streams: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut at = best.and_then(|best| best.history);
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

fn step(
    ground: &Ground<'_>,
    readings: Vec<Reading>,
    before: Option<usize>,
    node: usize,
    versions: &mut u32,
) -> Vec<Reading> {
    let fresh =
        ground.headed[node] || matches!(ground.nodes[node].start, StartState::Jump | StartState::Dateline);
    // Equal streams of different readings are scored once.
    let mut known: BTreeMap<(u32, bool), i32> = BTreeMap::new();
    let main = ground.nodes[node].main;
    let own = ground.topics.own_words(main, &ground.parallels[main]);
    // (score, reading, stream to go on with or none for a new one)
    let mut options: Vec<(i32, usize, Option<usize>)> = Vec::new();
    for (index, reading) in readings.iter().enumerate() {
        let begin = if fresh || reading.streams.is_empty() { 0 } else { HEADLESS };
        options.push((reading.score + begin, index, None));
        if fresh {
            continue;
        }
        for (place, stream) in reading.streams.iter().enumerate() {
            let stays = place == 0 && before == Some(stream.tail);
            let evidence = *known
                .entry((stream.version, stays))
                .or_insert_with(|| evidence(ground, stream, node, stays, &own));
            if evidence <= -20_000 {
                continue;
            }
            let open = ground.nodes[stream.tail].end == EndState::Open;
            let left_open =
                reading.streams.first().is_some_and(|s| ground.nodes[s.tail].end == EndState::Open);
            let whole = if open && left_open { 0 } else { WHOLE };
            let prior = match place {
                0 => 0,
                1 if reading.since_change <= SOON => ALTERNATE + whole,
                1 => RETURN + whole,
                _ => RETURN - 500 - 100 * i32::try_from(place.min(10)).unwrap_or(10) + whole,
            };
            options.push((reading.score + prior + evidence, index, Some(place)));
        }
    }
    options.sort_by_key(|(score, reading, place)| (std::cmp::Reverse(*score), *reading, *place));
    let best = options.first().map_or(0, |(score, _, _)| *score);
    options.truncate(BEAM);
    options.retain(|(score, _, _)| *score >= best - BEHIND);
    let mut made: BTreeMap<u32, Rc<Stream>> = BTreeMap::new();
    let mut next = Vec::with_capacity(options.len());
    for (score, index, place) in options {
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
                        Rc::new(grown(ground, Some(&old), node, *versions, old.name))
                    })
                    .clone();
                // A stream of another reading with the same pieces may have another name there.
                let grown = if grown.name == old.name {
                    grown
                } else {
                    *versions += 1;
                    Rc::new(self::grown(ground, Some(&old), node, *versions, old.name))
                };
                (grown, Some(place > 0))
            }
            None => {
                *versions += 1;
                names += 1;
                (Rc::new(grown(ground, None, node, *versions, names)), None)
            }
        };
        let name = stream.name;
        streams.insert(0, stream);
        let mut score = score;
        if streams.len() > SUSPENDED
            && let Some(dropped) = streams.pop()
            && ground.nodes[dropped.tail].end == EndState::Open
        {
            score += UNFINISHED;
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
            history: Some(Rc::new(Step { node, stream: name, before: reading.history.clone() })),
        });
    }
    next
}

fn grown(ground: &Ground<'_>, old: Option<&Stream>, node: usize, version: u32, name: u32) -> Stream {
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
    let mut numbers = old.map(|old| old.numbers.clone()).unwrap_or_default();
    if let Some((style, number)) = &ground.units[ground.nodes[node].main].enumerator {
        numbers.insert(style.clone(), *number);
    }
    let mut units = old.map_or_else(|| vec![0; ground.units.len().div_ceil(64)], |old| old.units.clone());
    units[main / 64] |= 1 << (main % 64);
    Stream { units, tail: node, size: recent.len(), recent, words, numbers, version, name }
}

/// What speaks for `node` going on with `stream`, priors left aside.
fn evidence(ground: &Ground<'_>, stream: &Stream, node: usize, stays: bool, own: &[u32]) -> i32 {
    let tail = stream.tail;
    let (a, b) = (&ground.nodes[tail], &ground.nodes[node]);
    if a.end == EndState::Terminal {
        return -30_000;
    }
    let (u, v) = (&ground.units[a.main], &ground.units[b.main]);
    let mut score = 0;
    if a.end == EndState::Open {
        score += ground.between(tail, node) * SEAM / 1000 + SEAM_BASE;
        score += match b.start {
            StartState::Inside => INSIDE_GOES_ON,
            StartState::Opening => OPENS_ANEW,
            _ => 0,
        };
        if v.enumerator.is_some() {
            score -= NUMBER_GOES_ON;
        }
    } else {
        score += match b.start {
            StartState::Inside => INSIDE_BEGINS,
            StartState::Opening => OPENING_BEGINS,
            _ => 0,
        };
    }
    if stays {
        let between = &ground.nodes[tail + 1..node];
        let cuts = |node: &Node| node.kind == NodeKind::Head && !ground.units[node.main].is_numbered();
        if between.iter().any(cuts) {
            score -= if a.end == EndState::Open { HEAD_IN_SENTENCE } else { HEAD_BETWEEN };
        } else if !between.is_empty() {
            score -= 500;
        }
        if v.flows_on {
            score += FLOWS_ON;
        }
    }
    score += ground.marks(u, v, stays);
    if let Some((style, number)) = &v.enumerator {
        score += match stream.numbers.get(style) {
            Some(last) if *number == last + 1 => 4000,
            _ if *number == 1 => 0,
            Some(_) => -4000,
            None => -1500,
        };
    }
    score += ground.hint(tail, node);
    let excess = ground.topics.excess_in(&stream.words, stream.size, own);
    let repeats =
        ground.parallels[b.main].iter().any(|other| stream.units[other / 64] >> (other % 64) & 1 == 1);
    score
        + if repeats {
            excess.min(0) / 2 - REPEATS
        } else {
            (excess * SUBJECT / 1000).clamp(SUBJECT_LEAST, SUBJECT_MOST)
        }
}
