//! What is seen where a piece of text goes on with a stream or begins a new one, as numbered features, and what each
//! of them is worth (`lang/zh/streams.tsv`, learned from made pages and real prose by `benchsuite`'s `learn`).

use shiliu_lang::Pack;

use super::chains::Ground;
use super::condition::CONDITIONS;
use super::nodes::{Above, HEAD_KINDS, HEAD_LENGTHS, NodeKind};
use super::succession::{COMPARISONS, SUCCESSIONS};
use super::units::{EndState, FirstLine, Opens, StartState};
use crate::Role;

/// A group of features of which one applies at a time: its name in the table and how many there are.
pub(super) struct Group {
    pub name: &'static str,
    size: usize,
    first: usize,
}

impl Group {
    /// The number of the feature that a cell is.
    #[inline]
    fn feature(&self, cell: usize) -> usize {
        self.first + cell.min(self.size - 1)
    }
}

const SIZES: [(&str, usize); 51] = [
    ("begin", 21),
    ("begin-below-head", 2),
    ("begin-sure", 4),
    ("turn", 24),
    ("away", 12),
    ("seam-stay", SEAMS.len() + 1),
    ("seam-turn", SEAMS.len() + 1),
    ("start-open", 14),
    ("start-closed", 14),
    ("subject-stay-open", SUBJECTS.len() + 1),
    ("subject-turn-open", SUBJECTS.len() + 1),
    ("subject-stay-closed", SUBJECTS.len() + 1),
    ("subject-turn-closed", SUBJECTS.len() + 1),
    ("marks", 10),
    ("between", 12),
    ("flows-on", 4),
    ("list", 8),
    ("end", 6),
    ("concluded", 4),
    ("first-line", 12),
    ("begin-list", 2),
    ("begins", 5 * (BEGINS.len() + 1)),
    ("ends", 3 * (ENDS.len() + 1)),
    ("begin-subject", 2 * (SUBJECTS.len() + 1)),
    ("begin-length", 4 * (LENGTHS.len() + 1)),
    ("length", 4 * (LENGTHS.len() + 1)),
    ("end-length", 4 * (LENGTHS.len() + 1)),
    ("near", 12 * (NEAR.len() + 1)),
    ("begin-near", 6 * (NEAR.len() + 1)),
    ("moves", 64 * MOVES),
    ("lines", 16 * 2 * MOVES),
    ("lines-moves", 4 * 16 * MOVES),
    ("head-begin", 3 * HEAD_KINDS),
    ("head-passed", 4 * HEAD_KINDS),
    ("level-begin", 3 * LEVELS),
    ("level-passed", 4 * LEVELS),
    ("lead", 7 * (LEADS.len() + 1)),
    ("closing", 3 * (CLOSINGS.len() + 1)),
    ("succession", SUCCESSIONS * 2),
    ("column-length", COMPARISONS * 4),
    ("piece-length", COMPARISONS * 2),
    ("characters", 12 * (ALIKE.len() + 1)),
    ("begin-characters", 6 * (ALIKE.len() + 1)),
    ("names", 4 * SHARED_NAMES * MISSING_NAMES),
    ("begin-names", 2 * SHARED_NAMES * MISSING_NAMES),
    ("condition", CONDITIONS * 6 * MOVES),
    ("head-page", HEAD_MANNERS * 7),
    ("head-near", 4 * (NEAR.len() + 1)),
    ("head-characters", 4 * (ALIKE.len() + 1)),
    ("head-names", 2 * SHARED_NAMES * MISSING_NAMES),
    ("head-lead", 2 * (LEADS.len() + 1)),
];

const fn groups() -> [Group; SIZES.len()] {
    let mut groups = [const { Group { name: "", size: 0, first: 0 } }; SIZES.len()];
    let (mut at, mut first) = (0, 0);
    while at < SIZES.len() {
        groups[at] = Group { name: SIZES[at].0, size: SIZES[at].1, first };
        first += SIZES[at].1;
        at += 1;
    }
    groups
}

/// All groups in the order of the table.
pub(super) static GROUPS: [Group; SIZES.len()] = groups();

const BEGIN: usize = 0;
const BEGIN_BELOW_HEAD: usize = 1;
const BEGIN_SURE: usize = 2;
const TURN: usize = 3;
const AWAY: usize = 4;
const SEAM_STAY: usize = 5;
const SEAM_TURN: usize = 6;
const START_OPEN: usize = 7;
const START_CLOSED: usize = 8;
const SUBJECT: usize = 9;
const MARKS: usize = 13;
const BETWEEN: usize = 14;
const FLOWS_ON: usize = 15;
const LIST: usize = 16;
const END: usize = 17;
const CONCLUDED: usize = 18;
const FIRST_LINE: usize = 19;
const BEGIN_LIST: usize = 20;
const LIKE_BEGINNING: usize = 21;
const LIKE_END: usize = 22;
const BEGIN_SUBJECT: usize = 23;
const BEGIN_LENGTH: usize = 24;
const LENGTH: usize = 25;
const END_LENGTH: usize = 26;
const NEAR_SUBJECT: usize = 27;
const BEGIN_NEAR: usize = 28;
const LAST_MOVES: usize = 29;
const LINES: usize = 30;
const LINES_MOVES: usize = 31;
const HEAD_BEGIN: usize = 32;
const HEAD_PASSED: usize = 33;
const LEVEL_BEGIN: usize = 34;
const LEVEL_PASSED: usize = 35;
const LEAD: usize = 36;
const CLOSING: usize = 37;
pub(super) const SUCCESSION: usize = 38;
pub(super) const COLUMN_LENGTH: usize = 39;
pub(super) const PIECE_LENGTH: usize = 40;
const CHARACTERS: usize = 41;
const BEGIN_CHARACTERS: usize = 42;
const NAMES: usize = 43;
const BEGIN_NAMES: usize = 44;
const CONDITION: usize = 45;
const HEAD_PAGE: usize = 46;
const HEAD_NEAR: usize = 47;
const HEAD_CHARACTERS: usize = 48;
const HEAD_NAMES: usize = 49;
const HEAD_LEAD: usize = 50;

/// How many features there are.
pub(super) const COUNT: usize = {
    let (mut at, mut sum) = (0, 0);
    while at < SIZES.len() {
        sum += SIZES[at].1;
        at += 1;
    }
    sum
};

/// Bounds of the classes of evidence at a seam, in thousandths of a bit.
const SEAMS: [i32; 16] =
    [-9000, -6500, -4500, -2500, -1500, -700, 0, 700, 1500, 2500, 3500, 4500, 5500, 6500, 8000, 10_000];
/// Bounds of the classes of how much a text begins as paragraphs do, in eighths of a bit.
const BEGINS: [i32; 8] = [-32, -16, -6, 2, 10, 20, 32, 48];
/// Bounds of the classes of how much a text ends as they do.
const ENDS: [i32; 5] = [-40, -24, -8, 8, 24];
/// Bounds of the classes of how much a text begins rather like a whole text than like a paragraph, in thousandths of a bit.
const LEADS: [i32; 12] = [-8000, -6500, -5500, -4500, -3500, -2500, -1500, -500, 500, 1700, 3000, 5000];
/// Bounds of the classes of how much a text ends rather like a whole text than like a paragraph, in thousandths of a bit.
const CLOSINGS: [i32; 8] = [-1800, -1200, -700, -200, 300, 800, 1400, 2200];
/// Bounds of the classes of words in common.
const SUBJECTS: [i32; 15] =
    [-4000, -2500, -1500, -1000, -600, -300, 0, 1, 700, 1500, 2500, 3500, 5000, 6500, 9000];

/// Bounds of the classes of how long a text is, in characters.
const LENGTHS: [i32; 5] = [16, 31, 61, 121, 241];

/// Bounds of the classes of how near two texts are in subject, in thousandths.
const NEAR: [i32; 10] = [-180, -90, -20, 50, 120, 200, 290, 390, 500, 640];

/// Bounds of the classes of characters in common, in thousandths.
const ALIKE: [i32; 12] = [-3200, -2500, -2000, -1600, -1200, -800, -400, 0, 500, 1100, 2000, 3500];

/// Bounds of the classes of what names in common tell, and of what names tell that only others have, in thousandths of a bit.
const NAMED: [i32; 6] = [1, 2000, 4000, 7000, 11_000, 18_000];
const MISSED: [i32; 4] = [1, 2500, 6000, 12_000];
const SHARED_NAMES: usize = NAMED.len() + 1;
const MISSING_NAMES: usize = MISSED.len() + 1;

/// The cell of names: those shared, and those that only others have.
fn names_cell((shared, missing): (i32, i32)) -> usize {
    class(&NAMED, shared) * MISSING_NAMES + class(&MISSED, missing)
}

/// How a reading goes on: with a new stream, with the one read last, with the one before it, with an older one.
const MOVES: usize = 4;

/// The last three moves of a reading, the latest one in the lowest bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moves(u8);

impl Moves {
    /// What the page begins with.
    pub(super) const NONE: Moves = Moves(0);

    /// The move to the stream at a place; a new one has none.
    fn code(place: Option<usize>) -> u8 {
        match place {
            None => 0,
            Some(0) => 1,
            Some(1) => 2,
            Some(_) => 3,
        }
    }

    /// With one more.
    #[must_use]
    pub(super) fn then(self, place: Option<usize>) -> Moves {
        Moves((self.0 << 2 | Moves::code(place)) & 63)
    }
}

/// No line is longer.
const LONGEST_LINE: usize = 80;

/// Which texts near a piece are as long as it, as the lines of columns are that were read in turn: a bit for the one
/// before it, the second before it, the one behind it, the second behind it.
pub(super) fn lines_of(lengths: &[usize], at: usize) -> u8 {
    let own = lengths[at];
    let alike = |other: Option<usize>| {
        let other = other.and_then(|other| lengths.get(other)).copied().unwrap_or(0);
        u8::from(own.abs_diff(other) <= 1 && own <= LONGEST_LINE)
    };
    alike(at.checked_sub(1))
        | alike(at.checked_sub(2)) << 1
        | alike(Some(at + 1)) << 2
        | alike(Some(at + 2)) << 3
}

/// What stands around a piece, whatever reading has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings {
    /// How the text read last ends.
    pub left: Option<EndState>,
    /// Whether a head is bound to the piece.
    pub headed: bool,
    /// In which [condition](super::condition) the page is there.
    pub condition: u8,
}

/// The groups and cells of [`manner`], but for the move itself, which is added to each cell.
fn manner_cells(moves: Moves, lines: u8, surroundings: Surroundings) -> [(usize, usize); 4] {
    let Surroundings { left, headed, condition } = surroundings;
    let open = left == Some(EndState::Open);
    [
        (CONDITION, ((usize::from(condition) * 3 + end_class(left)) * 2 + usize::from(headed)) * MOVES),
        (LAST_MOVES, usize::from(moves.0) * MOVES),
        (LINES, (usize::from(lines) * 2 + usize::from(open)) * MOVES),
        (LINES_MOVES, (usize::from(lines & 3) * 16 + usize::from(moves.0 & 15)) * MOVES),
    ]
}

/// What the way of reading so far tells of the move to a place.
pub(super) fn manner(moves: Moves, lines: u8, around: Surroundings, place: Option<usize>) -> Seen {
    let mut seen = Seen::default();
    let code = usize::from(Moves::code(place));
    manner_cells(moves, lines, around).into_iter().for_each(|(group, cell)| seen.add(group, cell + code));
    seen
}

/// What [`manner`] is worth for each move: to a new stream, the one read last, the one before it, an older one.
pub(super) fn manners(moves: Moves, lines: u8, around: Surroundings, weights: &[i32]) -> [i32; MOVES] {
    let mut worth = [0; MOVES];
    for (group, cell) in manner_cells(moves, lines, around) {
        let first = GROUPS[group].first + cell;
        let figures = weights.get(first..first + MOVES).unwrap_or_default();
        worth.iter_mut().zip(figures).for_each(|(worth, figure)| *worth += figure);
    }
    worth
}

/// The features that apply to one decision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    list: [u16; MOST_SEEN],
    count: usize,
}

/// More features than this do not apply to one decision.
const MOST_SEEN: usize = 52;

impl Default for Seen {
    fn default() -> Seen {
        Seen { list: [0; MOST_SEEN], count: 0 }
    }
}

/// Takes what is seen of one decision: a list of it where a lesson is made of it, else only what it is worth.
pub(super) trait Sees {
    /// The cell of a group that applies.
    fn add(&mut self, group: usize, cell: usize);
}

impl Sees for Seen {
    fn add(&mut self, group: usize, cell: usize) {
        if let Some(slot) = self.list.get_mut(self.count) {
            *slot = u16::try_from(GROUPS[group].feature(cell)).unwrap_or(0);
            self.count += 1;
        }
    }
}

/// What is seen of one decision is worth so much.
pub(super) struct Worth<'w> {
    weights: &'w [i32],
    /// What was seen so far is worth together.
    pub sum: i32,
}

impl<'w> Worth<'w> {
    pub(super) fn by(weights: &'w [i32]) -> Worth<'w> {
        Worth { weights, sum: 0 }
    }
}

impl Sees for Worth<'_> {
    #[inline]
    fn add(&mut self, group: usize, cell: usize) {
        self.sum += worth_of(group, cell, self.weights);
    }
}

/// What a cell of a group is worth.
#[inline]
pub(super) fn worth_of(group: usize, cell: usize, weights: &[i32]) -> i32 {
    weights.get(GROUPS[group].feature(cell)).copied().unwrap_or_default()
}

impl Seen {
    /// Their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.list[..self.count].iter().map(|feature| usize::from(*feature))
    }

    /// What they are worth together.
    pub(super) fn worth(&self, weights: &[i32]) -> i32 {
        self.iter().filter_map(|feature| weights.get(feature)).sum()
    }

    /// Both together.
    pub(super) fn and(mut self, more: &Seen) -> Seen {
        for feature in more.list.iter().take(more.count) {
            if let Some(slot) = self.list.get_mut(self.count) {
                *slot = *feature;
                self.count += 1;
            }
        }
        self
    }
}

/// The weights of a table, by feature.
pub(super) fn weights_of(pack: &Pack, name: &str) -> Vec<i32> {
    let mut weights = vec![0; COUNT];
    if let Some(table) = pack.table("zh", name) {
        for group in &GROUPS {
            let row = table.rows.iter().find(|row| row.first().is_some_and(|name| name == group.name));
            let figures = row.and_then(|row| row.get(1)).map(String::as_str).unwrap_or_default();
            for (cell, figure) in figures.split(' ').enumerate().take(group.size) {
                weights[group.first + cell] = figure.parse().unwrap_or(0);
            }
        }
    }
    weights
}

/// The table that holds these weights.
pub(super) fn table_of(weights: &[i32]) -> String {
    let mut table = String::new();
    for group in &GROUPS {
        let figures: Vec<String> =
            weights.iter().skip(group.first).take(group.size).map(ToString::to_string).collect();
        table.push_str(&format!("{}\t{}\n", group.name, figures.join(" ")));
    }
    table
}

fn class(bounds: &[i32], value: i32) -> usize {
    bounds.partition_point(|bound| *bound <= value)
}

/// How many classes of beginnings there are.
const STARTS: usize = 7;

fn start_class(ground: &Ground<'_>, node: usize) -> usize {
    let node = &ground.nodes[node];
    match (node.start, ground.units[node.main].opens) {
        (StartState::Inside, _) => 2,
        (StartState::Dateline, _) => 3,
        (StartState::Jump, _) => 4,
        (_, Opens::Report) => 5,
        (_, Opens::Follows) => 6,
        (StartState::Neutral, Opens::Unknown) => 0,
        (StartState::Opening, Opens::Unknown) => 1,
    }
}

/// What the first line's length tells, `cell` being where the text goes.
fn first_line(seen: &mut impl Sees, ground: &Ground<'_>, node: usize, cell: usize) {
    match ground.units[ground.nodes[node].main].first_line {
        FirstLine::Unknown => {}
        FirstLine::Indented => seen.add(FIRST_LINE, cell * 2),
        FirstLine::Full => seen.add(FIRST_LINE, cell * 2 + 1),
    }
}

/// How a stream that is left ends: 0 in mid-sentence, 1 with a stop, 2 for good or there is none.
pub(super) fn end_class(end: Option<EndState>) -> usize {
    match end {
        Some(EndState::Open) => 0,
        Some(EndState::Closed) => 1,
        Some(EndState::Terminal) | None => 2,
    }
}

/// What a text and a stream have in common.
pub(super) struct Common<C> {
    /// By how much their words, and their characters, exceed what chance gives.
    pub words: C,
    pub characters: C,
    /// How near the two are in subject.
    pub near: Option<i32>,
    /// What the names tell that they share, and those that only other streams have.
    pub names: (i32, i32),
}

/// Beginning a new stream with `node` behind the node `left`, the last one read. `common` is what this text and those below
/// have in common with the stream that is left, `level` the level of its head.
pub(super) fn beginning(
    ground: &Ground<'_>,
    node: usize,
    left: Option<usize>,
    common: &Common<Option<i32>>,
    level: u8,
    seen: &mut impl Sees,
) {
    let Common { words: run, characters: alike, near, names } = *common;
    let end = left.map(|left| ground.nodes[left].end);
    seen.add(BEGIN, end_class(end) * STARTS + start_class(ground, node));
    if ground.headed[node] {
        seen.add(BEGIN_SURE, usize::from(end == Some(EndState::Open)));
    } else if below_head(ground, node) {
        seen.add(BEGIN_BELOW_HEAD, usize::from(end == Some(EndState::Open)));
    } else if left.is_none() {
        seen.add(BEGIN_SURE, 2);
    }
    if let Some(above) = ground.above[node] {
        seen.add(HEAD_BEGIN, usize::from(above.kind) * 3 + end_class(end));
        seen.add(HEAD_PAGE, head_manner(&above) * 7 + end_class(end));
        seen.add(LEVEL_BEGIN, level_class(above.level, level) * 3 + end_class(end));
    }
    if left.is_some_and(|left| ground.units[ground.nodes[left].main].concludes) {
        seen.add(CONCLUDED, 2);
    }
    if let Some((_, number)) = &ground.units[ground.nodes[node].main].enumerator {
        seen.add(BEGIN_LIST, usize::from(*number > 1));
    }
    if !ground.headed[node] {
        like_beginning(seen, ground, node, 0);
    }
    if let Some(left) = left {
        like_end(seen, ground, left, 0);
    }
    let behind_open = end == Some(EndState::Open);
    if !behind_open {
        like_last(seen, ground, left, 0);
    }
    like_lead(seen, ground, node, if ground.headed[node] { 6 } else { 3 * usize::from(behind_open) });
    let open = ground.nodes[node].end == EndState::Open;
    seen.add(BEGIN_LENGTH, length_cell(ground.headed[node], open, length_of(ground, node)));
    if let (Some(near), false) = (near, ground.headed[node]) {
        let cell = usize::from(!open) * 3 + shortness(length_of(ground, node));
        seen.add(BEGIN_NEAR, cell * (NEAR.len() + 1) + class(&NEAR, near));
    }
    if let Some(run) = run {
        let closed = usize::from(end != Some(EndState::Open));
        seen.add(BEGIN_SUBJECT, closed * (SUBJECTS.len() + 1) + class(&SUBJECTS, run));
    }
    if let Some(alike) = alike {
        let cell = usize::from(end != Some(EndState::Open)) * 3 + shortness(length_of(ground, node));
        seen.add(BEGIN_CHARACTERS, cell * (ALIKE.len() + 1) + class(&ALIKE, alike));
    }
    first_line(seen, ground, node, if end == Some(EndState::Open) { 0 } else { 1 });
    if !ground.headed[node] && left.is_some() {
        let cell = usize::from(end != Some(EndState::Open)) * SHARED_NAMES * MISSING_NAMES;
        seen.add(BEGIN_NAMES, cell + names_cell(names));
    }
}

/// How many characters a text has.
pub(super) fn length_of(ground: &Ground<'_>, node: usize) -> i32 {
    i32::try_from(ground.units[ground.nodes[node].main].text.len()).unwrap_or(i32::MAX)
}

/// Of short texts the subject is less sure.
fn shortness(length: i32) -> usize {
    match length {
        ..=35 => 0,
        36..=90 => 1,
        _ => 2,
    }
}

/// The cell of a text of a length: with a head or not, in mid-sentence or not.
fn length_cell(headed: bool, open: bool, length: i32) -> usize {
    (usize::from(headed) * 2 + usize::from(open)) * (LENGTHS.len() + 1) + class(&LENGTHS, length)
}

/// How many manners of heads [`head_manner`] tells apart.
const HEAD_MANNERS: usize = 3 * (HEAD_LENGTHS.len() + 1) * 2;

/// What a head is like beside the others of the page: whether the page marks it, how long it is, whether it has other lines.
fn head_manner(above: &Above) -> usize {
    let more_lines = usize::from(above.kind >> 1 & 1);
    (usize::from(above.marks) * (HEAD_LENGTHS.len() + 1) + usize::from(above.length)) * 2 + more_lines
}

/// How many classes of levels there are.
const LEVELS: usize = 5;

/// The marked level of a head beside that of the head of the stream before it: neither, one only, or how they compare.
fn level_class(own: u8, before: u8) -> usize {
    match (own, before) {
        (0, _) => 0,
        (_, 0) => 1,
        _ if own > before => 2,
        _ if own == before => 3,
        _ => 4,
    }
}

/// How much the text begins as paragraphs do, `cell` being where it goes.
fn like_beginning(seen: &mut impl Sees, ground: &Ground<'_>, node: usize, cell: usize) {
    let main = &ground.units[ground.nodes[node].main];
    if let (Some(begins), None) = (main.begins, &main.dateline) {
        seen.add(LIKE_BEGINNING, cell * (BEGINS.len() + 1) + class(&BEGINS, begins));
    }
}

/// How much the text begins as articles do and not as what stands inside them, `cell` being where it goes.
fn like_lead(seen: &mut impl Sees, ground: &Ground<'_>, node: usize, cell: usize) {
    let main = &ground.units[ground.nodes[node].main];
    if let (Some(lead), None) = (main.lead(), &main.dateline) {
        seen.add(LEAD, cell * (LEADS.len() + 1) + class(&LEADS, lead));
    }
}

/// How much the text before, where that ends with a stop, ends as whole texts do and not as paragraphs, `cell` being what
/// comes behind it.
fn like_last(seen: &mut impl Sees, ground: &Ground<'_>, tail: Option<usize>, cell: usize) {
    let tail = tail.map(|tail| &ground.nodes[tail]).filter(|tail| tail.end == EndState::Closed);
    if let Some(closing) = tail.and_then(|tail| ground.units[tail.main].closing()) {
        seen.add(CLOSING, cell * (CLOSINGS.len() + 1) + class(&CLOSINGS, closing));
    }
}

/// How much an unfinished text ends as paragraphs do, `cell` being what comes behind it.
fn like_end(seen: &mut impl Sees, ground: &Ground<'_>, node: usize, cell: usize) {
    if let (EndState::Open, Some(ends)) = (ground.nodes[node].end, ground.units[ground.nodes[node].main].ends)
    {
        seen.add(LIKE_END, cell * (ENDS.len() + 1) + class(&ENDS, ends));
    }
}

/// Whether a head that is bound to nothing stands right before.
fn below_head(ground: &Ground<'_>, node: usize) -> bool {
    ground.nodes[..node]
        .iter()
        .rev()
        .take_while(|before| before.kind != NodeKind::Body)
        .any(|before| before.kind == NodeKind::Head)
}

/// Going on with another stream than the one read last, or with the same.
pub(super) fn turning(place: usize, soon: bool, left: EndState, taken: EndState, away: usize) -> Seen {
    let mut seen = Seen::default();
    if place == 0 {
        return seen;
    }
    let how = match place {
        1 if soon => 0,
        1 => 1,
        2 => 2,
        _ => 3,
    };
    let open = usize::from(taken == EndState::Open);
    seen.add(TURN, how * 6 + end_class(Some(left)) * 2 + open);
    let far = match away {
        0..=2 => 0,
        3 => 1,
        4..=5 => 2,
        6..=9 => 3,
        10..=16 => 4,
        _ => 5,
    };
    seen.add(AWAY, far * 2 + open);
    seen
}

/// `node` going on behind `tail`: all that does not depend on the rest of the reading. `length` is that of the stream
/// so far in characters, `level` that of its head, `common` what the two have in common.
pub(super) fn going_on(
    ground: &Ground<'_>,
    (tail, length, level): (usize, i32, u8),
    node: usize,
    stays: bool,
    common: &Common<i32>,
    (repeats, number): (bool, Option<Option<u32>>),
    seen: &mut impl Sees,
) {
    let Common { words: excess, characters: alike, near, names } = *common;
    let (a, b) = (&ground.nodes[tail], &ground.nodes[node]);
    let (u, v) = (&ground.units[a.main], &ground.units[b.main]);
    let open = a.end == EndState::Open;
    seen.add(LENGTH, length_cell(stays, open, length));
    if open {
        let evidence = class(&SEAMS, ground.between(tail, node));
        seen.add(if stays { SEAM_STAY } else { SEAM_TURN }, evidence);
    }
    let start = start_class(ground, node) + if ground.headed[node] { STARTS } else { 0 };
    first_line(seen, ground, node, 2 + usize::from(open) * 2 + usize::from(stays));
    like_beginning(seen, ground, node, 1 + usize::from(open) * 2 + usize::from(stays));
    like_end(seen, ground, tail, 1 + usize::from(stays));
    if !open {
        like_last(seen, ground, Some(tail), 1 + usize::from(stays));
    }
    like_lead(seen, ground, node, 1 + usize::from(open) * 3 + usize::from(stays));
    if u.concludes {
        seen.add(CONCLUDED, usize::from(stays));
    }
    seen.add(if open { START_OPEN } else { START_CLOSED }, start);
    let excess = if repeats { excess.min(0) } else { excess };
    seen.add(SUBJECT + usize::from(!open) * 2 + usize::from(!stays), class(&SUBJECTS, excess));
    if let (Some(near), false) = (near, repeats) {
        let cell = (usize::from(!open) * 2 + usize::from(!stays)) * 3 + shortness(length_of(ground, node));
        seen.add(NEAR_SUBJECT, cell * (NEAR.len() + 1) + class(&NEAR, near));
    }
    if !repeats {
        let cell = (usize::from(!open) * 2 + usize::from(!stays)) * 3 + shortness(length_of(ground, node));
        seen.add(CHARACTERS, cell * (ALIKE.len() + 1) + class(&ALIKE, alike));
    }
    let manner = usize::from(!open) * 2 + usize::from(!stays);
    seen.add(NAMES, manner * SHARED_NAMES * MISSING_NAMES + names_cell(names));
    let marks = match (u.opened.last(), v.closed.first()) {
        (Some(open), Some(close)) if open == close => 0,
        (Some(_), Some(_)) => 1,
        (Some(_), None) => 2,
        (None, Some(_)) => 3,
        (None, None) => 4,
    };
    if marks < 4 {
        seen.add(MARKS, marks * 2 + usize::from(stays));
    }
    if stays {
        let between = &ground.nodes[tail + 1..node];
        let heads = || between.iter().filter(|node| node.kind == NodeKind::Head);
        let cell = if heads().any(|head| !ground.units[head.main].is_numbered()) {
            0
        } else if heads().next().is_some() {
            2
        } else if between.iter().all(|node| node.kind == NodeKind::Photo) {
            8
        } else if between.iter().all(|node| node.units.iter().all(|(_, role)| *role == Role::Furniture)) {
            10
        } else {
            4
        };
        if !between.is_empty() {
            seen.add(BETWEEN, cell + usize::from(open));
        }
        if v.flows_on {
            seen.add(FLOWS_ON, usize::from(open));
        }
    }
    if let Some(above) = ground.above[node] {
        let manner = usize::from(open) * 2 + usize::from(stays);
        seen.add(HEAD_PASSED, usize::from(above.kind) * 4 + manner);
        seen.add(HEAD_PAGE, head_manner(&above) * 7 + 3 + manner);
        let (short, away) = (usize::from(above.length < 2), usize::from(!stays));
        if let (Some(near), false) = (near, repeats) {
            seen.add(HEAD_NEAR, (away * 2 + short) * (NEAR.len() + 1) + class(&NEAR, near));
            seen.add(HEAD_CHARACTERS, (away * 2 + short) * (ALIKE.len() + 1) + class(&ALIKE, alike));
            seen.add(HEAD_NAMES, away * SHARED_NAMES * MISSING_NAMES + names_cell(names));
        }
        if let (Some(lead), None) = (v.lead(), &v.dateline) {
            seen.add(HEAD_LEAD, away * (LEADS.len() + 1) + class(&LEADS, lead));
        }
        seen.add(LEVEL_PASSED, level_class(above.level, level) * 4 + manner);
    }
    if repeats {
        seen.add(BETWEEN, 6 + usize::from(open));
    }
    if v.enumerator.is_some() {
        let expected = v.enumerator.as_ref().map_or(0, |(_, number)| *number);
        let cell = match number {
            Some(Some(last)) if expected == last + 1 => 0,
            _ if expected == 1 => 1,
            Some(Some(_)) => 2,
            _ => 3,
        };
        seen.add(LIST, cell * 2 + usize::from(open));
    }
}

/// A stream as the page leaves it.
pub(super) fn left(headed: bool, open: bool, length: i32, seen: &mut impl Sees) {
    seen.add(END_LENGTH, length_cell(headed, open, length));
}

/// A stream left unfinished at the page's end.
pub(super) fn unfinished(ends_page: bool, pieces: usize, seen: &mut impl Sees) {
    seen.add(END, usize::from(ends_page) * 3 + if pieces > 3 { 2 } else { pieces.saturating_sub(1).min(1) });
}
