use std::cmp::Reverse;
use std::io::{self, Read};

use shiliu_text::{Diagnostic, Outcome, Severity, Span};

use crate::align::{align, units_of};
use crate::chain::{Hit, chains};
use crate::fold::{Folded, WIDE};
use crate::join::{Posting, Shared, Standing, join};
use crate::seed::{Scratch, seeds};
use crate::sorter::Sorter;

/// One text to compare. Offsets of the results are bytes of `text`.
#[derive(Clone, Copy, Debug)]
pub struct Doc<'a> {
    /// The caller's number for it.
    pub key: u32,
    /// Its characters as printed; the engine folds for itself (width, case, white space, punctuation).
    pub text: &'a str,
    /// Day number of its issue, where known.
    pub day: Option<i32>,
    /// The paper it stands in, where known: copies inside one paper are weighed differently.
    pub outlet: Option<u32>,
}

/// A spilled run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub u32);

/// Room to spill sorted runs of the index; `archive` implements it on disk.
pub trait RunStore {
    /// Keeps a run.
    ///
    /// # Errors
    /// What the storage says.
    fn put(&mut self, run: &[u8]) -> io::Result<RunId>;
    /// Opens a run for reading from its start.
    ///
    /// # Errors
    /// What the storage says.
    fn open(&self, id: RunId) -> io::Result<Box<dyn Read + '_>>;
}

/// Runs kept in memory, for small inputs and tests.
#[derive(Debug, Default)]
pub struct MemoryRuns(Vec<Vec<u8>>);

impl RunStore for MemoryRuns {
    fn put(&mut self, run: &[u8]) -> io::Result<RunId> {
        self.0.push(run.to_vec());
        Ok(RunId(u32::try_from(self.0.len() - 1).expect("fewer than 2^32 runs")))
    }

    fn open(&self, id: RunId) -> io::Result<Box<dyn Read + '_>> {
        let run = self.0.get(id.0 as usize).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(run.as_slice()))
    }
}

/// How to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Shortest aligned passage to report, in Han characters or the equivalent of other scripts.
    pub minimum: u32,
    /// Largest share of a passage that may differ, in thousandths.
    pub noise: u32,
    /// Bytes of memory for the index before it spills.
    pub memory: usize,
    /// Only pairs whose days are at most this far apart; `None` compares all.
    pub window_days: Option<i32>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { minimum: 20, noise: 300, memory: 512 << 20, window_days: None }
    }
}

/// Two stretches that say the same, possibly with small differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passage {
    /// Key of the first text (`a < b`).
    pub a: u32,
    /// Its bytes.
    pub a_span: Span,
    /// Key of the second text.
    pub b: u32,
    /// Its bytes.
    pub b_span: Span,
    /// Equal characters among the aligned ones, in thousandths.
    pub identity: u32,
}

/// What is kept of a text between the first and the last step.
struct Known<'a> {
    key: u32,
    text: &'a str,
    day: Option<i32>,
    outlet: Option<u32>,
    /// Units a byte, in 1/256.
    scale: u32,
}

/// Every aligned passage between two different texts, sorted by keys and places.
///
/// Where more than a few texts print the same stretch, each is compared with its nearest neighbours by day,
/// paper and key, not with all: the passages connect all printings, but do not list every pair.
///
/// # Errors
/// Only what `runs` gives.
pub fn passages<'a>(
    docs: &mut dyn Iterator<Item = Doc<'a>>,
    runs: &mut dyn RunStore,
    settings: &Settings,
) -> io::Result<Outcome<Vec<Passage>>> {
    // Half of the room for the seeds, half for what they join to: the second fills while the first empties.
    let mut postings = Sorter::new(settings.memory / 2);
    let mut known: Vec<Known<'a>> = Vec::new();
    let mut scratch = Scratch::default();
    let mut failed = None;
    for doc in docs {
        let text = u32::try_from(known.len()).map_err(|_| io::Error::other("more than 2^32 texts"))?;
        let units = seeds(doc.text, &mut scratch, |seed| {
            if failed.is_none() {
                failed = postings.push(Posting { key: seed.key, text, at: seed.at }, runs).err();
            }
        });
        if let Some(error) = failed.take() {
            return Err(error);
        }
        let scale = (u64::from(units) * 256 / doc.text.len().max(1) as u64) as u32;
        known.push(Known { key: doc.key, text: doc.text, day: doc.day, outlet: doc.outlet, scale });
    }
    let (standings, by_key, diagnostics) = stand(&known);
    let mut shared: Sorter<Shared> = Sorter::new(settings.memory / 2);
    join(postings, &standings, settings, &mut shared, runs)?;
    drop(scratch);

    let mut found = Vec::new();
    let mut pair: Vec<Shared> = Vec::new();
    let mut finish = |pair: &[Shared]| {
        let Some(first) = pair.first() else { return };
        let a = &known[by_key[first.a as usize] as usize];
        let b = &known[by_key[first.b as usize] as usize];
        let hits: Vec<Hit> = pair.iter().map(|shared| Hit { a: shared.at_a, b: shared.at_b }).collect();
        verify(a, b, &hits, settings, &mut found);
    };
    shared.drain(runs, &mut |next, _| {
        if pair.first().is_some_and(|first| (first.a, first.b) != (next.a, next.b)) {
            finish(&pair);
            pair.clear();
        }
        pair.push(next);
        Ok(())
    })?;
    finish(&pair);
    found.sort_unstable_by_key(|passage| (passage.a, passage.b, passage.a_span, passage.b_span));
    Ok(Outcome { value: found, diagnostics })
}

/// Orders the texts by key and by day; of texts with the same key all but one are left out.
fn stand(known: &[Known<'_>]) -> (Vec<Standing>, Vec<u32>, Vec<Diagnostic>) {
    let count = u32::try_from(known.len()).unwrap_or(u32::MAX);
    let mut by_key: Vec<u32> = (0..count).collect();
    by_key.sort_unstable_by(|&left, &right| {
        let (left, right) = (&known[left as usize], &known[right as usize]);
        left.key
            .cmp(&right.key)
            .then_with(|| left.text.cmp(right.text))
            .then_with(|| left.day.cmp(&right.day))
    });
    let nowhere = Standing { order: 0, by_key: 0, day: None, left_out: false };
    let mut standings = vec![nowhere; known.len()];
    let mut diagnostics = Vec::new();
    for (place, &text) in by_key.iter().enumerate() {
        let standing = &mut standings[text as usize];
        standing.by_key = place as u32;
        standing.day = known[text as usize].day;
        let earlier = place.checked_sub(1).map(|before| known[by_key[before] as usize].key);
        if earlier == Some(known[text as usize].key) {
            standing.left_out = true;
            diagnostics.push(
                Diagnostic::new("duplicate-key", Severity::Warning, "two texts have the same key")
                    .hint("give every text a key of its own; only one of them was compared"),
            );
        }
    }
    let mut by_day = by_key.clone();
    by_day.sort_by_key(|&text| {
        let text = &known[text as usize];
        (text.day, text.outlet)
    });
    for (order, &text) in by_day.iter().enumerate() {
        standings[text as usize].order = order as u32;
    }
    (standings, by_key, diagnostics)
}

/// Room around a chain that is folded with it, in bytes; grows while an extension runs into its end.
const MARGIN: usize = 256;

/// Chains the shared seeds of two texts and aligns along each chain.
fn verify(a: &Known<'_>, b: &Known<'_>, hits: &[Hit], settings: &Settings, found: &mut Vec<Passage>) {
    let from = found.len();
    for chain in chains(hits, a.scale, b.scale) {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { continue };
        let inside = |passage: &Passage| {
            let covers = |span: Span, start: u32, end: u32| span.start <= start && end < span.end;
            covers(passage.a_span, first.a, last.a) && covers(passage.b_span, first.b, last.b)
        };
        if found[from..].iter().any(inside) {
            continue;
        }
        align_chain(a, b, &chain, settings, found);
    }
    prune(found, from);
}

fn align_chain(a: &Known<'_>, b: &Known<'_>, chain: &[Hit], settings: &Settings, found: &mut Vec<Passage>) {
    let (first, last) = (chain[0], chain[chain.len() - 1]);
    let mut margin = MARGIN;
    loop {
        let region = |text: &str, from: u32, to: u32| {
            let start = (from as usize).saturating_sub(margin);
            let end = (to as usize).saturating_add(margin);
            (Folded::region(text, start, end), start == 0, end >= text.len())
        };
        let (part_a, a_starts, a_ends) = region(a.text, first.a, last.a);
        let (part_b, b_starts, b_ends) = region(b.text, first.b, last.b);
        let anchors: Vec<(usize, usize)> =
            chain.iter().map(|hit| (part_a.index_at(hit.a), part_b.index_at(hit.b))).collect();
        let stretches = align(&part_a.codes, &part_b.codes, &anchors);
        // An extension that ran into the end of what was folded may go further.
        let short = stretches
            .first()
            .is_some_and(|stretch| (stretch.a.0 < NEAR && !a_starts) || (stretch.b.0 < NEAR && !b_starts))
            || stretches.last().is_some_and(|stretch| {
                (stretch.a.1 + NEAR > part_a.len() && !a_ends)
                    || (stretch.b.1 + NEAR > part_b.len() && !b_ends)
            });
        if short {
            margin *= 4;
            continue;
        }
        for stretch in &stretches {
            let identity = stretch.equal * 1000 / stretch.columns.max(1);
            let long = units_of(&part_a.codes, &part_b.codes, stretch) >= settings.minimum * WIDE;
            if long && identity + settings.noise >= 1000 {
                let span = |part: &Folded, text: &str, (start, end): (usize, usize)| Span {
                    start: part.byte_of(start),
                    end: part.end_of(end - 1, text),
                };
                found.push(Passage {
                    a: a.key,
                    a_span: span(&part_a, a.text, stretch.a),
                    b: b.key,
                    b_span: span(&part_b, b.text, stretch.b),
                    identity,
                });
            }
        }
        return;
    }
}

/// Characters from the end of the folded part at which an extension counts as cut off by it.
const NEAR: usize = 16;

/// Drops passages of one pair that lie inside another, and joins those that overlap on both sides.
fn prune(found: &mut Vec<Passage>, from: usize) {
    let mut passages = found.split_off(from);
    passages.sort_unstable_by_key(|passage| {
        (passage.a_span.start, passage.b_span.start, Reverse(passage.a_span.end))
    });
    for passage in passages {
        let twin = found[from..]
            .iter_mut()
            .rev()
            .find(|other| other.a_span.overlaps(passage.a_span) && other.b_span.overlaps(passage.b_span));
        match twin {
            Some(other) => {
                let (held, new) = (other.a_span.len() as u64, passage.a_span.len() as u64);
                let sum = u64::from(other.identity) * held + u64::from(passage.identity) * new;
                other.identity = (sum / (held + new).max(1)) as u32;
                other.a_span = other.a_span.cover(passage.a_span);
                other.b_span = other.b_span.cover(passage.b_span);
            }
            None => found.push(passage),
        }
    }
}
