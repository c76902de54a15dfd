use std::io::{self, Read};

use shiliu_text::{Diagnostic, Outcome, Severity, Span};

use crate::chain::{Chain, Chainer, Hit};
use crate::fold::fold_into;
use crate::join::{FREQUENT, PLACE_BITS, Posting, Shared, Standing, join};
use crate::seed::{GRAM, seeds};
use crate::select::{Candidate, places, select, without_holes};
use crate::shelf::{Kept, Shelf, Step, Texts, reached};
use crate::sorter::Sorter;
use crate::verify::{Aligner, Known, promising};

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
    /// Bytes of memory for the index before it spills; folded texts that are kept beside it take up to three quarters as
    /// many more, and twice as many until the pairs are found.
    pub memory: usize,
    /// Only pairs whose days are at most this far apart; `None` compares all.
    pub window_days: Option<i32>,
    /// Only pairs whose later text is of this day, as one more day needs them; `None` compares all.
    pub of_day: Option<i32>,
    /// Whether each text is one article, cut from its page already: then a pair is always weighed as a whole. Where
    /// it is `false`, a text may be a page that holds several stories, and a stretch of it may be a printing.
    pub articles: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            minimum: 20,
            noise: 300,
            memory: 512 << 20,
            window_days: None,
            of_day: None,
            articles: false,
        }
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
    let docs: Vec<Doc<'a>> = docs.collect();
    passages_of(&docs.as_slice(), runs, settings)
}

/// As [`passages`], of texts that need not be in memory.
///
/// # Errors
/// What `runs` and `texts` give.
pub fn passages_of(
    texts: &dyn Texts,
    runs: &mut dyn RunStore,
    settings: &Settings,
) -> io::Result<Outcome<Vec<Passage>>> {
    Ok(passages_with(texts, runs, settings)?.0)
}

/// As [`passages_of`]; what was kept of the texts on the way comes along.
pub(crate) fn passages_with<'t>(
    texts: &'t dyn Texts,
    runs: &mut dyn RunStore,
    settings: &Settings,
) -> io::Result<(Outcome<Vec<Passage>>, Shelf<'t>)> {
    let count = u32::try_from(texts.count()).map_err(|_| io::Error::other("more than 2^32 texts"))?;
    // Half of the room for the seeds, half for what they join to: the second fills while the first empties.
    let bytes: usize = (0..texts.count()).map(|at| texts.card(at).length).sum();
    let mut postings = Sorter::new(settings.memory / 2, Posting::BITS, bytes / BYTES_A_SEED);
    let mut known: Vec<Known> = Vec::with_capacity(texts.count());
    let mut kept = Kept::new(settings.memory / 4 * 3, settings.memory / 4 * 5);
    let mut failed = None;
    for at in 0..count {
        reached(texts, Step::Fingerprints, at as usize + 1, texts.count());
        let card = texts.card(at as usize);
        let text = texts.read(at as usize)?;
        let keep = kept.count() == at as usize;
        let (units, length) = kept.fold(&text, keep, |codes| {
            let units = seeds(codes, |seed| {
                if failed.is_none() && seed.at >> PLACE_BITS == 0 {
                    failed = postings.push(Posting::new(seed.key, at, seed.at), runs).err();
                }
            });
            (units, codes.len())
        });
        if let Some(error) = failed.take() {
            return Err(error);
        }
        let scale = (u64::from(units) * 256 / length.max(1) as u64) as u32;
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        known.push(Known { at, key: card.key, length, day: card.day, outlet: card.outlet, scale });
    }
    let mut shelf = Shelf::with(texts, kept);
    let (standings, by_key, mut diagnostics) = stand(&known, &shelf)?;
    if known.iter().any(|one| one.length >> PLACE_BITS != 0) {
        diagnostics.push(
            Diagnostic::new("text-too-long", Severity::Warning, "a text is longer than 2^29 letters")
                .hint("only its first 2^29 letters were compared; cut it into parts"),
        );
    }
    let expected = bytes / BYTES_A_SEED / 4 * 5;
    let mut shared: Sorter<Shared> = Sorter::new(settings.memory / 2, Shared::bits(known.len()), expected);
    join(postings, &standings, settings, &mut shared, runs)?;

    let orders: Vec<u32> = by_key.iter().map(|&text| standings[text as usize].order).collect();
    let known: Vec<Known> = by_key.iter().map(|&text| known[text as usize]).collect();
    drop((standings, by_key));
    let (candidates, chains) = candidates(shared, &known, &shelf, &orders, settings, runs)?;
    shelf.looked();
    let mut aligner = Aligner::new(&known, &shelf, settings);
    let mut found = Vec::new();
    let selected = select(candidates, known.len(), |at| known[at as usize].length as usize > LONG);
    let total = selected.len();
    for (at, one) in selected.into_iter().enumerate() {
        reached(texts, Step::Passages, at + 1, total);
        let (from, to) = (one.chains.0 as usize, one.chains.1 as usize);
        aligner.align(one.a, one.b, &chains[from..to], &mut found)?;
    }
    found.sort_unstable_by_key(|passage| (passage.a, passage.b, passage.a_span, passage.b_span));
    Ok((Outcome { value: found, diagnostics }, shelf))
}

/// How many fingerprints the texts are indexed by; for measuring what that alone costs.
///
/// # Errors
/// What `texts` gives.
pub fn count_fingerprints(texts: &dyn Texts) -> io::Result<u64> {
    let (mut codes, mut marks) = (Vec::new(), Vec::new());
    let mut count = 0;
    for at in 0..texts.count() {
        marks.clear();
        let end = fold_into(&texts.read(at)?, &mut codes, 0, &mut marks);
        seeds(&codes[..end], |_| count += 1);
    }
    Ok(count)
}

/// Orders the texts by key and by day; of texts with the same key all but one are left out.
fn stand(known: &[Known], shelf: &Shelf<'_>) -> io::Result<(Vec<Standing>, Vec<u32>, Vec<Diagnostic>)> {
    let mut by_key: Vec<u32> = (0..known.len() as u32).collect();
    by_key.sort_by_key(|&text| known[text as usize].key);
    let same_key = |&left: &u32, &right: &u32| known[left as usize].key == known[right as usize].key;
    for twins in by_key.chunk_by_mut(same_key).filter(|twins| twins.len() > 1) {
        // Which of them counts must not hang on the order of the input.
        let mut read = Vec::with_capacity(twins.len());
        for &text in twins.iter() {
            read.push((shelf.get(text as usize)?, known[text as usize].day, text));
        }
        read.sort_by(|left, right| (&left.0.text, left.1).cmp(&(&right.0.text, right.1)));
        for (slot, one) in twins.iter_mut().zip(read) {
            *slot = one.2;
        }
    }
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
    Ok((standings, by_key, diagnostics))
}

/// Chains the shared seeds of every pair of texts; chains of a seed or two are kept only when the characters
/// around them agree.
fn candidates(
    shared: Sorter<Shared>,
    texts: &[Known],
    shelf: &Shelf<'_>,
    orders: &[u32],
    settings: &Settings,
    runs: &mut dyn RunStore,
) -> io::Result<(Vec<Candidate>, Vec<Chain>)> {
    let mut chainer = Chainer::default();
    let mut hits: Vec<Hit> = Vec::new();
    let mut of_pair: Vec<Chain> = Vec::new();
    let mut kept: Vec<Chain> = Vec::new();
    let mut found: Vec<Candidate> = Vec::new();
    let mut finish = |pair: (u32, u32), hits: &mut Vec<Hit>| -> io::Result<()> {
        let (a, b) = (&texts[pair.0 as usize], &texts[pair.1 as usize]);
        // Most pairs share one seed, by accident.
        if let [only] = hits.as_slice()
            && (!only.steady && only.spread > FEW
                || only.spread as usize > FREQUENT && GRAM * 2 < a.units().min(b.units()))
        {
            hits.clear();
            return Ok(());
        }
        if nothing_but_phrases(hits, a, b) {
            hits.clear();
            return Ok(());
        }
        let rare = hits.iter().filter(|hit| hit.spread as usize <= FREQUENT).count();
        let own = hits.iter().filter(|hit| hit.spread <= OWN).count();
        let all = hits.len();
        chainer.chains(hits, (a.scale, b.scale), &mut of_pair);
        hits.clear();
        let start = kept.len();
        let mut candidate = Candidate {
            a: pair.0,
            b: pair.1,
            score: 0,
            distance: orders[pair.0 as usize].abs_diff(orders[pair.1 as usize]),
            clear: false,
            a_places: 0,
            b_places: 0,
            chains: (start as u32, 0),
        };
        let reach: u32 = of_pair.iter().map(|chain| chain.reach).sum();
        for chain in &of_pair {
            // What many texts hold is common property unless it is a good part of one of them.
            let common = chain.spread as usize > FREQUENT
                && chain.reach < COMMON
                && reach < TOGETHER
                && reach * 3 < a.units().min(b.units());
            if common
                || chain.first.spread > FEW && chain.seeds == 1 && !chain.first.steady && rare < ACCIDENTS
            {
                continue;
            }
            if chain.seeds <= LOOKED_AT {
                let one = shelf.glimpse(a.at as usize, chain.first.a as usize)?;
                let two = shelf.glimpse(b.at as usize, chain.first.b as usize)?;
                if !promising(&one, &two, settings.minimum) {
                    continue;
                }
            }
            candidate.score += chain.score;
            candidate.a_places |= places(chain.first.a, chain.last.a, a.length as usize);
            candidate.b_places |= places(chain.first.b, chain.last.b, b.length as usize);
            kept.push(*chain);
        }
        candidate.clear = own * CLEAR_SEEDS >= all * (CLEAR_SEEDS - 1)
            && candidate.score * CLEAR_SHARE >= a.units().min(b.units());
        candidate.a_places = without_holes(candidate.a_places);
        candidate.b_places = without_holes(candidate.b_places);
        candidate.chains.1 = kept.len() as u32;
        if kept.len() > start {
            found.push(candidate);
        }
        Ok(())
    };
    let mut pair = None;
    shared.drain(runs, &mut |next, _| {
        if let Some(held) = pair
            && held != next.pair()
        {
            finish(held, &mut hits)?;
            if held.0 != next.pair().0 {
                reached(shelf.texts(), Step::Pairs, held.0 as usize, texts.len());
            }
        }
        pair = Some(next.pair());
        let (a, b) = next.places();
        let hit = Hit { a, b, spread: next.spread(), steady: next.steady() };
        // Both sides of a context may agree.
        if hits.last() != Some(&hit) {
            hits.push(hit);
        }
        Ok(())
    })?;
    if let Some(held) = pair {
        finish(held, &mut hits)?;
    }
    Ok((found, kept))
}

/// Whether no chains that such hits could make, which come by place, would be more than stock phrases.
fn nothing_but_phrases(hits: &[Hit], a: &Known, b: &Known) -> bool {
    let (Some(first), Some(last)) = (hits.first(), hits.last()) else { return true };
    let reach = a.units_between(first.a, last.a) + GRAM;
    let count = hits.len() as u32;
    if reach >= COMMON {
        return false;
    }
    // Chains of two or more seeds, and what is left over.
    let together = (count / 2).saturating_mul(reach).saturating_add(GRAM).max(count.saturating_mul(GRAM));
    together < TOGETHER
        && together * 3 < a.units().min(b.units())
        && hits.iter().all(|hit| hit.spread as usize > FREQUENT)
}

/// A seed that more texts hold may be that of a pattern or a phrase.
const OWN: u32 = 16;
/// Two texts print one story with little doubt when all but one part in so many of the seeds they share are not of that
/// kind...
const CLEAR_SEEDS: usize = 4;
/// ...and their chains cover one part in so many of the shorter.
const CLEAR_SHARE: u32 = 3;
/// About how many bytes of text there are for every seed.
const BYTES_A_SEED: usize = 17;
/// Texts longer than this, in folded characters, are whole volumes, not pages: none of their partners is left out.
const LONG: usize = 32 << 10;
/// Chains of frequent seeds that reach less far than this, in units, are stock phrases.
const COMMON: u32 = 120;
/// Unless the two texts share this much of them, in units: the sentences that a shortened printing kept.
const TOGETHER: u32 = 300;
/// So many rare seeds that two texts share are no accident.
const ACCIDENTS: usize = 2;
/// A seed that so few texts hold is worth a look, even if the characters around it differ.
const FEW: u32 = 3;
/// Chains of at most so many seeds are looked at before they count.
const LOOKED_AT: u32 = 2;
