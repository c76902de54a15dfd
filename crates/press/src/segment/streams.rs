//! Reading a page in file order as several streams of text: each piece goes on with the stream being read, goes
//! back to one that was left, or begins a new one. A beam search keeps the readings that score best.
//!
//! This is what takes apart columns that were read line by line in turn, and stories cut by others in
//! mid-sentence: going back to a stream that broke off costs less than reading nonsense.

use std::collections::{BTreeMap, BTreeSet};

use super::below::{run_from, words_of_run};
use super::chains::{Chain, Ground};
use super::characters::Alike;
use super::common_words::{CommonWords, Part};
use super::condition::{breaks_of, conditions, is_cut_up};
use super::features::{
    COUNT, Common, Moves, Seen, Sees, Surroundings, Worth, beginning, going_on, left, lines_of, manner,
    manners, turning, unfinished,
};
use super::names::Held;
use super::recent::Near;
use super::stream::{Stream, grown};
use super::succession::{OrderWorth, Succession, Visits, piece_worths};
use super::units::{EndState, StartState};
use super::ways::{Choice, Kept, Turns, UNSEEN};

/// What another printing says is counted in a coarser measure than the learned weights (its bits are three to four of
/// theirs): undivided, a chance match of two formulas would outweigh all else.
const HINTED: i32 = 4;
/// In a language without word vectors nothing tells that two texts are near in subject, and what is known of beginnings
/// was learned where that is told: a beginning without a head costs this much more there.
const WITHOUT_VECTORS: i32 = 6000;
/// A headline of the level that the page gave the one before, behind a text that ends with a stop, begins a text by this
/// much more: made pages have few stories as short and as like each other as columns of briefs have.
const NEXT_HEADLINE: i32 = 11_000;
/// A line that says that a notice stands below it goes on with nothing: its text begins one by so much more.
const NOTICE: i32 = 12_000;
/// What begins a column that was read in turn with the one before it is rather another text's by so much.
const COLUMN: i32 = 8000;
/// On a page in order two streams are taken up again, or no more than so many in ten thousand characters.
const TAKEN_UP: usize = 4;
/// Where fewer texts than these are not cut into each other, nothing tells that their page comes in order.
const FEW: usize = 12;
/// How many streams a reading keeps open to be taken up again.
const SUSPENDED: usize = 14;

/// Pieces since the last change within which columns count as alternating.
const SOON: u32 = 5;

/// No step before, no stream.
const NONE: u32 = u32::MAX;

/// How a reading came about: the node and the stream it went to.
struct Step {
    node: usize,
    stream: u32,
    /// What was seen, kept where a lesson is made of it.
    seen: Option<Box<Seen>>,
    before: u32,
}

/// A stream of a reading: its text, and which stream of the reading it is.
#[derive(Clone, Copy, Default)]
struct Open {
    text: u32,
    name: u32,
    visits: Visits,
}

struct Reading {
    score: i32,
    /// Most recently read first; as many as `count`.
    streams: [Open; SUSPENDED + 1],
    count: usize,
    since_change: u32,
    moves: Moves,
    names: u32,
    history: u32,
}

impl Reading {
    fn open(&self) -> &[Open] {
        &self.streams[..self.count]
    }

    /// What it tells of the move that comes next, where the stream read last ends so.
    fn succession(&self, end: EndState, piece: (usize, EndState)) -> Option<Succession> {
        Succession::of(self.open().iter().map(|open| (open.name, open.visits)), end, piece)
    }

    /// The reading that goes on with the stream at a place, which comes to stand first, or with a new one: room is left for it.
    fn moved(&self, place: Option<usize>) -> Reading {
        let mut streams = [Open::default(); SUSPENDED + 1];
        let before = place.unwrap_or(self.count);
        streams[1..=before].copy_from_slice(&self.streams[..before]);
        let behind = before + 1..self.count.max(before + 1);
        streams[behind.clone()].copy_from_slice(&self.streams[behind]);
        let count = if place.is_some() { self.count } else { self.count + 1 };
        Reading { streams, count, moves: self.moves.then(place), ..*self }
    }
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

/// The nodes in their order, each with the stream it goes to by these weights.
fn read_by(ground: &Ground<'_>, bodies: &[usize], weights: &[i32]) -> Vec<(usize, u32)> {
    let search = Search::run(ground, bodies, weights, None, &mut |_| ());
    let mut read = Vec::with_capacity(bodies.len());
    let mut at = search.best().map_or(NONE, |best| best.history);
    while let Some(step) = search.steps.get(at as usize) {
        read.push((step.node, step.stream));
        at = step.before;
    }
    read.reverse();
    read
}

/// Whether streams that were left are taken up again more often than on a page that comes nearly in order.
fn is_taken_up(ground: &Ground<'_>, read: &[(usize, u32)]) -> bool {
    let taken_up = times_taken_up(read.iter().map(|(_, stream)| *stream));
    let characters: usize =
        read.iter().map(|(node, _)| ground.units[ground.nodes[*node].main].text.len()).sum();
    taken_up > 2 && taken_up * 10_000 > characters * TAKEN_UP
}

/// How often a stream is gone on with behind another one, by the stream of each piece.
fn times_taken_up(streams: impl Iterator<Item = u32>) -> usize {
    let mut known = BTreeSet::new();
    let mut last = None;
    let is_again = |stream: &u32| {
        let before = last.replace(*stream);
        !known.insert(*stream) && before != Some(*stream)
    };
    streams.filter(is_again).count()
}

/// How the page is read with the weights of pages whose stories are cut into each other, where many of its texts break off or
/// that reading takes up many streams again; nothing on a page that comes nearly in order.
fn read_broken(ground: &Ground<'_>, bodies: &[usize]) -> Option<Vec<(usize, u32)>> {
    let breaks = breaks_of(ground, bodies);
    if breaks == 0 {
        return None;
    }
    let read = read_by(ground, bodies, ground.broken_weights);
    (is_cut_up(breaks, bodies) || is_taken_up(ground, &read)).then_some(read)
}

/// Whether the page's stories are cut into each other, so that it is read with the weights of such pages.
pub(super) fn is_broken(ground: &Ground<'_>, bodies: &[usize]) -> bool {
    read_broken(ground, bodies).is_some()
}

/// Reads the page's running text into streams; each becomes a chain. Pages whose stories are cut into each other are read with
/// weights of their own, and so are pages nearly in order.
pub(super) fn read_streams(ground: &Ground<'_>, bodies: &[usize]) -> Vec<Chain> {
    // What other printings tell is weighed beside the weights of all pages, and few texts tell nothing of how their page comes.
    let is_told = ground.told.has_printings();
    let otherwise = if is_told || bodies.len() < FEW { ground.weights } else { ground.ordered_weights };
    let broken = if is_told { None } else { read_broken(ground, bodies) };
    let read = broken.unwrap_or_else(|| read_by(ground, bodies, otherwise));
    let mut streams: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    read.iter().for_each(|(node, stream)| streams.entry(*stream).or_default().push(*node));
    let mut chains: Vec<Chain> = streams
        .into_values()
        .map(|nodes| {
            let words = ground.topics.words_of(nodes.iter().map(|node| ground.nodes[*node].main));
            Chain::new(nodes, words, ground.nodes)
        })
        .collect();
    chains.sort_by_key(|chain| chain.nodes[0]);
    chains
}

/// What tells the best reading from the true one where they differ most: for each feature, how often the true one
/// has it more. Nothing where the true one is at least as good all along.
pub(super) fn lesson(ground: &Ground<'_>, bodies: &[usize], truth: &[u32], margin: i32) -> Option<Vec<i32>> {
    // (score, history) of the best reading after each step.
    let mut ours: Vec<(i32, u32)> = Vec::new();
    let mut right: Vec<(i32, u32)> = Vec::new();
    let note = |kept: &mut Vec<(i32, u32)>, readings: &[Reading]| {
        if let Some(best) = readings.iter().max_by_key(|reading| reading.score) {
            kept.push((best.score, best.history));
        }
    };
    let free = Teacher { truth, margin, follows: false };
    let last =
        Search::run(ground, bodies, ground.weights, Some(&free), &mut |readings| note(&mut ours, readings));
    let led = Teacher { truth, margin, follows: true };
    let true_last =
        Search::run(ground, bodies, ground.weights, Some(&led), &mut |readings| note(&mut right, readings));
    let worst = (0..ours.len()).max_by_key(|at| (ours[*at].0 - right[*at].0, *at))?;
    let (a, b) = last.best().zip(true_last.best())?;
    let (whole_ours, whole_right) = (a.score + last.end_score(a), b.score + true_last.end_score(b));
    let mut differs = vec![0; COUNT];
    let mut count = |search: &Search<'_>, history: u32, sign: i32| {
        let mut at = history;
        while let Some(step) = search.steps.get(at as usize) {
            step.seen.iter().flat_map(|seen| seen.iter()).for_each(|feature| differs[feature] += sign);
            at = step.before;
        }
    };
    if whole_ours - whole_right >= ours[worst].0 - right[worst].0 {
        if whole_ours <= whole_right {
            return None;
        }
        count(&last, a.history, -1);
        count(&true_last, b.history, 1);
        for (search, reading, sign) in [(&last, a, -1), (&true_last, b, 1)] {
            for stream in reading.open() {
                search.left_at_end(*stream).iter().for_each(|feature| differs[feature] += sign);
            }
        }
    } else {
        if ours[worst].0 <= right[worst].0 {
            return None;
        }
        count(&last, ours[worst].1, -1);
        count(&true_last, right[worst].1, 1);
    }
    Some(differs)
}

/// What was found for one stream and the piece that is being placed.
#[derive(Clone, Copy, Default)]
struct Asked {
    /// The piece, counted from one.
    piece: usize,
    near: Option<Option<i32>>,
    excess: Option<i32>,
    characters: Option<i32>,
    begin: Option<i32>,
    /// The stream with this piece.
    grown: Option<u32>,
}

/// What every reading asks of a stream, kept close together.
#[derive(Clone, Copy)]
struct Front {
    /// How it ends, and which piece of running text that is.
    end: EndState,
    at: u32,
    /// The piece, counted from one, behind which a reading that is kept has it.
    kept: u32,
    /// The piece, counted from one, that it was asked about; for that its row among the [`Turns`] and what
    /// [`Search::pair`] said.
    piece: u32,
    turn: u32,
    /// Going on after another stream, and with the one read last.
    pair: [i32; 2],
}

/// Nothing was said.
const UNASKED: i32 = i32::MIN;

/// The search over one page.
struct Search<'g> {
    ground: &'g Ground<'g>,
    bodies: &'g [usize],
    /// What each feature is worth.
    weights: &'g [i32],
    teacher: Option<&'g Teacher<'g>>,
    readings: Vec<Reading>,
    /// Room for those behind the next piece, and for the choices between them.
    spare: Vec<Reading>,
    kept: Kept,
    streams: Vec<Stream>,
    /// Places of `streams` that no reading has.
    free: Vec<u32>,
    /// For each stream what is known of it and the current piece.
    asked: Vec<Asked>,
    fronts: Vec<Front>,
    steps: Vec<Step>,
    turns: Turns,
    /// For each unit whether others have its wording.
    repeated: Vec<bool>,
    /// For each piece how many characters it has.
    lengths: Vec<usize>,
    /// For each piece in which condition the page is around it.
    conditions: Vec<u8>,
    own: CommonWords,
    run: CommonWords,
    near: Near,
    /// The characters of the piece, and of it and the text below it.
    alike: Alike,
    alike_below: Alike,
    /// The names read before the piece.
    names: Held,
    /// The stream that begins with a piece, and which piece.
    fresh: Option<(usize, u32)>,
}

/// The piece that is being placed.
struct Piece {
    at: usize,
    node: usize,
    main: usize,
    own: Part,
    /// Its words and those of the text below it.
    run: Option<Part>,
    /// Whether anything is known of what stands below it.
    goes_below: bool,
    /// Which texts near it are as long.
    lines: u8,
}

/// So many steps are kept before those that no reading needs are thrown away.
const STEPS: usize = 1 << 18;

impl<'g> Search<'g> {
    fn run(
        ground: &'g Ground<'g>,
        bodies: &'g [usize],
        weights: &'g [i32],
        teacher: Option<&'g Teacher<'g>>,
        note: &mut dyn FnMut(&[Reading]),
    ) -> Search<'g> {
        let first = Reading {
            score: 0,
            streams: Default::default(),
            count: 0,
            since_change: SOON + 1,
            moves: Moves::NONE,
            names: 0,
            history: NONE,
        };
        let mut repeated = vec![false; ground.units.len()];
        ground.parallels.iter().flatten().for_each(|unit| repeated[*unit] = true);
        let mut search = Search {
            ground,
            bodies,
            weights,
            teacher,
            readings: vec![first],
            spare: Vec::new(),
            kept: Kept::new(),
            streams: Vec::new(),
            free: Vec::new(),
            asked: Vec::new(),
            fronts: Vec::new(),
            steps: Vec::new(),
            turns: Turns::of(weights),
            repeated,
            lengths: bodies.iter().map(|node| ground.units[ground.nodes[*node].main].text.len()).collect(),
            conditions: conditions(ground, bodies),
            own: CommonWords::of(ground.topics, ground.units.len()),
            run: CommonWords::of(ground.topics, ground.units.len()),
            near: Near::of(ground.units.len()),
            alike: Alike::of(0, ground.topics.characters()),
            alike_below: Alike::of(1, ground.topics.characters()),
            names: Held::default(),
            fresh: None,
        };
        let mut kept = STEPS;
        for at in 0..bodies.len() {
            search.step(at);
            note(&search.readings);
            if search.steps.len() > kept && teacher.is_none() {
                search.forget_steps();
                kept = search.steps.len() + STEPS;
            }
        }
        search
    }

    /// Throws away the steps of readings that were given up.
    fn forget_steps(&mut self) {
        let mut places = vec![NONE; self.steps.len()];
        for reading in &self.readings {
            let mut at = reading.history;
            while let Some(place) = places.get_mut(at as usize).filter(|place| **place == NONE) {
                *place = 0;
                at = self.steps[at as usize].before;
            }
        }
        for (next, place) in (0..).zip(places.iter_mut().filter(|place| **place == 0)) {
            *place = next;
        }
        let mut at = 0;
        self.steps.retain(|_| {
            at += 1;
            places[at - 1] != NONE
        });
        let moved = |at: u32| places.get(at as usize).copied().unwrap_or(NONE);
        self.steps.iter_mut().for_each(|step| step.before = moved(step.before));
        self.readings.iter_mut().for_each(|reading| reading.history = moved(reading.history));
    }

    fn stream(&self, open: Open) -> &Stream {
        &self.streams[open.text as usize]
    }

    /// A stream as the page leaves it.
    fn left_as(&self, ends_page: bool, stream: Open, seen: &mut impl Sees) {
        let stream = self.stream(stream);
        let open = self.ground.nodes[stream.tail].end == EndState::Open;
        left(stream.headed, open, stream.length, seen);
        if open {
            unfinished(ends_page, stream.pieces, seen);
        }
    }

    fn left_at_end(&self, stream: Open) -> Seen {
        let mut seen = Seen::default();
        self.left_as(self.bodies.last() == Some(&self.stream(stream).tail), stream, &mut seen);
        seen
    }

    fn end_score(&self, reading: &Reading) -> i32 {
        reading.open().iter().map(|stream| self.left_at_end(*stream).worth(self.weights)).sum()
    }

    fn best(&self) -> Option<&Reading> {
        self.readings.iter().rev().max_by_key(|reading| reading.score + self.end_score(reading))
    }

    /// What is known of a stream and the piece.
    fn asked(&mut self, piece: &Piece, text: u32) -> &mut Asked {
        let asked = &mut self.asked[text as usize];
        if asked.piece != piece.at + 1 {
            *asked = Asked { piece: piece.at + 1, ..Asked::default() };
        }
        asked
    }

    fn near(&mut self, piece: &Piece, text: u32) -> Option<i32> {
        if let Some(near) = self.asked(piece, text).near {
            return near;
        }
        let near = self.streams[text as usize].recent.nearness(self.ground.topics, &mut self.near);
        self.asked(piece, text).near = Some(near);
        near
    }

    /// What is seen where a new stream begins behind the stream read last.
    fn seen_beginning(&mut self, piece: &Piece, left: Option<Open>, seen: &mut impl Sees) {
        let below = left.and_then(|left| {
            let recent = self.streams[left.text as usize].recent.units();
            piece.run.as_ref().map(|run| self.run.excess(self.ground.topics, run, recent))
        });
        let near = left.and_then(|left| self.near(piece, left.text));
        let alike = left.and_then(|left| {
            let stream = self.streams[left.text as usize].characters.as_ref().filter(|_| piece.goes_below)?;
            Some(self.alike_below.excess(stream, self.ground.topics.characters()))
        });
        let tail = left.map(|left| self.stream(left).tail);
        let level = left.map_or(0, |left| self.stream(left).level);
        let names = left.map_or((0, 0), |left| {
            let held = &self.streams[left.text as usize].names;
            self.ground.topics.names().shared(piece.main, held, &self.names)
        });
        let common = Common { words: below, characters: alike, near, names };
        beginning(self.ground, piece.node, tail, &common, level, seen);
    }

    /// Whether a node stands under a head that the page marks like the one over the stream before.
    fn is_next_headline(&self, node: usize, left: Option<Open>) -> bool {
        let before = left.map_or(0, |left| self.stream(left).level);
        before > 0
            && self.ground.headed[node]
            && self.ground.above[node].is_some_and(|above| above.level == before)
    }

    fn begin(&mut self, piece: &Piece, left: Option<Open>) -> i32 {
        let known = left.and_then(|left| self.asked(piece, left.text).begin);
        known.unwrap_or_else(|| {
            let mut worth = Worth::by(self.weights);
            self.seen_beginning(piece, left, &mut worth);
            if let Some(left) = left {
                self.asked(piece, left.text).begin = Some(worth.sum);
            }
            worth.sum
        })
    }

    /// What is seen where the piece goes on with a stream, the rest of the reading left aside.
    fn seen_going_on(&mut self, piece: &Piece, text: u32, stays: bool, seen: &mut impl Sees) {
        let ground = self.ground;
        let near = self.near(piece, text);
        let stream = &self.streams[text as usize];
        let excess = match self.asked[text as usize].excess {
            Some(excess) => excess,
            None => self.own.excess(ground.topics, &piece.own, stream.recent.units()),
        };
        let alike = self.asked[text as usize].characters;
        let alike = alike.unwrap_or_else(|| {
            let tally = stream.characters.as_ref();
            tally.map_or(0, |tally| self.alike.excess(tally, ground.topics.characters()))
        });
        let asked = &mut self.asked[text as usize];
        (asked.excess, asked.characters) = (Some(excess), Some(alike));
        let repeats = ground.parallels[piece.main].iter().any(|other| stream.repeated.contains(other));
        let style = ground.units[piece.main].enumerator.as_ref().map(|(style, _)| style);
        let number = style.map(|style| stream.numbers.get(style).copied());
        let behind = (stream.tail, stream.length, stream.level);
        let names = ground.topics.names().shared(piece.main, &stream.names, &self.names);
        let common = Common { words: excess, characters: alike, near, names };
        going_on(ground, behind, piece.node, stays, &common, (repeats, number), seen);
    }

    /// A stream as the piece sees it.
    fn front(&mut self, piece: &Piece, text: u32) -> Front {
        let front = &mut self.fronts[text as usize];
        let now = u32::try_from(piece.at + 1).unwrap_or(u32::MAX);
        if front.piece != now {
            let turn = Turns::row(front.end, piece.at - front.at as usize);
            *front =
                Front { piece: now, turn: u32::try_from(turn).unwrap_or(0), pair: [UNASKED; 2], ..*front };
        }
        *front
    }

    /// What it is worth that the piece goes on with a stream, the rest of the reading left aside.
    fn pair(&mut self, piece: &Piece, text: u32, stays: bool) -> i32 {
        let mut seen = Worth::by(self.weights);
        self.seen_going_on(piece, text, stays, &mut seen);
        let stream = &self.streams[text as usize];
        let worth = seen.sum + self.ground.told.behind(stream.tail, stream.told, piece.node) / HINTED;
        self.fronts[text as usize].pair[usize::from(stays)] = worth;
        worth
    }

    fn step(&mut self, at: usize) {
        let ground = self.ground;
        let node = self.bodies[at];
        let main = ground.nodes[node].main;
        self.near.begin(ground.topics, main);
        let below = run_from(ground, self.bodies, at);
        let run = words_of_run(ground, &below);
        self.alike.begin(ground.topics.characters().sample([main]));
        if !below.is_empty() {
            self.alike_below.begin(ground.topics.characters().sample(below.iter().copied()));
        }
        let piece = Piece {
            at,
            node,
            main,
            own: self.own.part(ground.topics, ground.topics.own_words(main, &ground.parallels[main])),
            run: (!run.is_empty()).then(|| self.run.part(ground.topics, run)),
            goes_below: !below.is_empty(),
            lines: lines_of(&self.lengths, at),
        };
        let readings = std::mem::take(&mut self.readings);
        let mut kept = std::mem::take(&mut self.kept);
        let chosen = self.choices(&piece, &readings, &mut kept);
        let mut made = std::mem::take(&mut self.spare);
        made.extend(chosen.iter().map(|choice| self.made(&piece, &readings, *choice)));
        self.kept = kept;
        (self.readings, self.spare) = (made, readings);
        self.spare.clear();
        let head = ground.head_of[node].into_iter().flat_map(|head| ground.nodes[head].units.iter());
        let units = head.map(|(unit, _)| *unit).chain([main]);
        self.names = ground.topics.names().grown((at > 0).then_some(&self.names), units);
        self.own.done(&piece.own);
        if let Some(run) = &piece.run {
            self.run.done(run);
        }
        let now = u32::try_from(at + 1).unwrap_or(u32::MAX);
        for open in self.readings.iter().flat_map(Reading::open) {
            self.fronts[open.text as usize].kept = now;
        }
        self.free.clear();
        let unused = |front: &Front| front.kept != now;
        self.free
            .extend((0_u32..).zip(&self.fronts).filter(|(_, front)| unused(front)).map(|(text, _)| text));
    }

    /// The ways to go on that are kept, best first.
    fn choices<'k>(&mut self, piece: &Piece, readings: &[Reading], kept: &'k mut Kept) -> &'k [Choice] {
        let ground = self.ground;
        let unknown = !ground.topics.knows_subjects();
        let size = i32::try_from(ground.units[piece.main].text.len().min(400)).unwrap_or(0);
        let of_piece = self.of_piece(piece);
        let pieces = piece_worths(of_piece.1 == EndState::Open, self.weights);
        let jumps = ground.nodes[piece.node].start == StartState::Jump;
        kept.clear();
        for (index, reading) in (0_u16..).zip(readings) {
            let left = reading.open().first().copied();
            let left_end = left.map(|left| self.fronts[left.text as usize].end).unwrap_or_default();
            let true_place = self.teacher.map(|teacher| {
                let same = |open: &Open| teacher.truth[self.stream(*open).tail] == teacher.truth[piece.node];
                reading.open().iter().position(same)
            });
            let teacher = self.teacher;
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
            let around = self.around(piece, left.map(|_| left_end));
            let [new, same, before, older] = manners(reading.moves, piece.lines, around, self.weights);
            let manners = [same, before, older];
            let succession = reading.succession(left_end, of_piece);
            let order = succession.map(|succession| OrderWorth::of(succession, self.weights));
            let mut begins = false;
            if let Some(extra) = teach(None) {
                let bare = unknown && left.is_some() && !ground.headed[piece.node];
                let next = left_end == EndState::Closed && self.is_next_headline(piece.node, left);
                let notice = self.ground.above[piece.node].is_some_and(|above| above.names_notice);
                let prior = if bare { WITHOUT_VECTORS } else { 0 }
                    - if next { NEXT_HEADLINE } else { 0 }
                    - if notice { NOTICE } else { 0 }
                    - if ground.units[piece.main].begins_column { COLUMN } else { 0 };
                let worth = self.begin(piece, left) + new + order.as_ref().map_or(0, |order| order.begins);
                kept.offer(reading.score + worth + extra - prior, index, 0);
                begins = true;
            }
            if jumps {
                if !begins && index == 0 {
                    kept.offer(reading.score, index, 0);
                }
                continue;
            }
            let column = Turns::column(left_end, reading.since_change <= SOON);
            for (place, open) in reading.open().iter().enumerate() {
                if self.fronts[open.text as usize].end == EndState::Terminal {
                    continue;
                }
                let Some(extra) = teach(Some(place)) else { continue };
                let front = self.front(piece, open.text);
                let mut worth = front.pair[usize::from(place == 0)];
                if worth == UNASKED {
                    worth = self.pair(piece, open.text, place == 0);
                }
                worth += self.turns.worth(front.turn as usize, column, place) + manners[place.min(2)];
                if let Some(order) = &order {
                    worth += order.goes_on((place, open.name, open.visits), &pieces);
                }
                kept.offer(reading.score + worth + extra, index, place + 1);
            }
        }
        if kept.is_empty() {
            // The true reading cannot be followed here: a new stream begins.
            for (index, reading) in (0_u16..).zip(readings) {
                kept.offer(reading.score, index, usize::from(UNSEEN));
            }
        }
        kept.best()
    }

    /// What was seen where a choice was made, for a lesson.
    fn seen(&mut self, piece: &Piece, reading: &Reading, place: Option<usize>) -> Seen {
        let left = reading.open().first().copied();
        let end = |open: Open| self.ground.nodes[self.stream(open).tail].end;
        let around = self.around(piece, left.map(end));
        let manner = manner(reading.moves, piece.lines, around, place);
        let to = place.map(|place| (place, reading.streams[place].name, reading.streams[place].visits));
        let succession = reading.succession(left.map(end).unwrap_or_default(), self.of_piece(piece));
        let manner = succession.map_or(manner, |succession| manner.and(&succession.seen(to)));
        let mut seen = Seen::default();
        let Some(place) = place else {
            self.seen_beginning(piece, left, &mut seen);
            return seen.and(&manner);
        };
        let taken = reading.streams[place];
        self.seen_going_on(piece, taken.text, place == 0, &mut seen);
        let end = |open: Open| self.ground.nodes[self.stream(open).tail].end;
        let soon = reading.since_change <= SOON;
        let away = piece.at - self.stream(taken).at;
        seen.and(&turning(place, soon, left.map(end).unwrap_or_default(), end(taken), away)).and(&manner)
    }

    fn around(&self, piece: &Piece, left: Option<EndState>) -> Surroundings {
        Surroundings { left, headed: self.ground.headed[piece.node], condition: self.conditions[piece.at] }
    }

    /// How many characters the piece has, and how it ends.
    fn of_piece(&self, piece: &Piece) -> (usize, EndState) {
        (self.lengths[piece.at], self.ground.nodes[piece.node].end)
    }

    /// The reading that a choice makes.
    fn made(&mut self, piece: &Piece, readings: &[Reading], choice: Choice) -> Reading {
        let before = &readings[choice.reading()];
        let begins = choice.place() == 0 || choice.place() == UNSEEN;
        let place = (!begins).then(|| usize::from(choice.place()) - 1);
        let mut seen = self.teacher.map(|_| match choice.place() {
            UNSEEN => Box::default(),
            _ => Box::new(self.seen(piece, before, place)),
        });
        let length = self.lengths[piece.at];
        let name = place.map_or(before.names + 1, |place| before.streams[place].name);
        let mut reading = before.moved(place);
        reading.score = choice.score();
        if place != Some(0) && before.count > 0 {
            reading.streams[1].visits.left_for(name);
        }
        let stream = match place {
            Some(place) => {
                let mut old = before.streams[place];
                old.visits.goes_on(length);
                reading.since_change = if place > 0 { 0 } else { before.since_change.saturating_add(1) };
                let known = self.asked(piece, old.text).grown;
                let text = known.unwrap_or_else(|| {
                    let before = Some(&self.streams[old.text as usize]);
                    let stream =
                        grown(self.ground, before, (piece.at, piece.node), &self.repeated, &mut self.near);
                    let text = self.keep(stream);
                    self.asked(piece, old.text).grown = Some(text);
                    text
                });
                Open { text, ..old }
            }
            None => {
                reading.names += 1;
                // A new stream is no sign of columns in turn.
                reading.since_change = SOON + 1;
                let text = match self.fresh {
                    Some((at, text)) if at == piece.at => text,
                    _ => {
                        let stream =
                            grown(self.ground, None, (piece.at, piece.node), &self.repeated, &mut self.near);
                        self.keep(stream)
                    }
                };
                self.fresh = Some((piece.at, text));
                Open { text, name: reading.names, visits: Visits::begun(length) }
            }
        };
        reading.streams[0] = stream;
        if reading.count > SUSPENDED {
            reading.count = SUSPENDED;
            let mut end = Seen::default();
            self.left_as(false, reading.streams[SUSPENDED], &mut end);
            reading.score += end.worth(self.weights);
            seen = seen.map(|seen| Box::new(seen.and(&end)));
        }
        let step = Step { node: piece.node, stream: stream.name, seen, before: before.history };
        reading.history = u32::try_from(self.steps.len()).unwrap_or(NONE);
        self.steps.push(step);
        reading
    }

    /// Finds a place for a stream.
    fn keep(&mut self, stream: Stream) -> u32 {
        let front = Front {
            end: self.ground.nodes[stream.tail].end,
            at: u32::try_from(stream.at).unwrap_or(u32::MAX),
            kept: 0,
            piece: 0,
            turn: 0,
            pair: [UNASKED; 2],
        };
        match self.free.pop() {
            Some(text) => {
                self.streams[text as usize] = stream;
                self.asked[text as usize] = Asked::default();
                self.fronts[text as usize] = front;
                text
            }
            None => {
                self.streams.push(stream);
                self.asked.push(Asked::default());
                self.fronts.push(front);
                u32::try_from(self.streams.len() - 1).unwrap_or(NONE)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_streams_that_were_left_are_taken_up() {
        assert_eq!(times_taken_up([1, 1, 2, 2, 3].into_iter()), 0);
        assert_eq!(times_taken_up([1, 2, 1, 1, 2, 1].into_iter()), 3);
        assert_eq!(times_taken_up([1, 2, 3, 1, 1, 4].into_iter()), 1);
    }
}
