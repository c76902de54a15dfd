//! Which lines that look like headlines are pieces of sentences: a line that breaks off where a column was cut stands
//! alone like a headline, but its words go on somewhere, and what goes on there has no better beginning.
//!
//! What is seen of a line and of the texts around it is weighed by `lang/zh/heads.tsv`, fitted by `benchsuite/head_odds.py`
//! to made pages and real prose.

use shiliu_lang::{Border, Pack};

use super::evidence::{Runs, Words, seam_evidence};
use super::nodes::{headline_shape, marked_heads};
use super::strips::StripKind;
use super::units::{EndState, StartState, Unit};
use super::wording::{begins_as, ends_as};

/// A group of which one cell applies: its name in the table and how many cells it has.
const GROUPS: [(&str, usize); 10] = [
    ("shape", 14),
    ("goes-on", EVIDENCE.len() + 2),
    ("goes-on-best", AHEAD.len() + 2),
    ("comes-from", EVIDENCE.len() + 2),
    ("ends", ENDS.len() + 2),
    ("begins", BEGINS.len() + 2),
    ("length", LENGTHS.len() + 1),
    ("next", 7),
    ("headline-end", BORDERS.len() + 1),
    ("headline-begin", BORDERS.len() + 1),
];
/// Bounds of the classes of evidence at a seam, in thousandths of a bit.
const EVIDENCE: [i32; 9] = [-1500, 0, 1500, 3000, 4500, 6000, 7500, 9000, 11_000];
/// Bounds of the classes of how much better a text goes on with the line than with any other, in the same measure.
const AHEAD: [i32; 7] = [-6000, -3000, -1000, 1000, 3000, 6000, 9000];
/// Bounds of the classes of how much a line ends as paragraphs and headlines do, in eighths of a bit.
const ENDS: [i32; 6] = [-40, -24, -8, 8, 24, 36];
/// Bounds of the classes of how much it begins as they do.
const BEGINS: [i32; 7] = [-24, -12, -4, 4, 12, 24, 40];
/// Bounds of the classes of how much it ends or begins as headlines do, in thousandths of a bit.
const BORDERS: [i32; 9] = [-7500, -5000, -3500, -2000, -500, 1000, 2500, 4000, 6000];
/// Bounds of the classes of how long a line is, in characters.
const LENGTHS: [i32; 7] = [5, 8, 11, 15, 20, 28, 40];

/// A line of less than these log odds is taken for a piece. A little below even ones: a headline that is lost costs a reader more
/// than a piece that is printed as one.
const PIECE: i32 = -350;
/// So many units either side are looked at for what goes on with a line.
const REACH: usize = 150;
/// A text is at least this long to be one that a line may go on with.
const LEAST_TEXT: usize = 10;

/// What the groups are worth, in thousandths of a bit, by the table.
#[derive(Clone, Debug, Default)]
pub(super) struct HeadOdds {
    base: i32,
    worth: Vec<Vec<i32>>,
}

impl HeadOdds {
    /// The rows of the table.
    pub(super) fn of(pack: &Pack) -> HeadOdds {
        let rows = pack.table("zh", "heads").map(|table| table.rows.as_slice()).unwrap_or_default();
        let figures = |name: &str| -> Vec<i32> {
            let row = rows.iter().find(|row| row.first().is_some_and(|first| first == name));
            let cells = row.and_then(|row| row.get(1)).map(String::as_str).unwrap_or_default();
            cells.split(' ').filter_map(|figure| figure.parse().ok()).collect()
        };
        let base = figures("base").first().copied().unwrap_or_default();
        HeadOdds { base, worth: GROUPS.iter().map(|(name, _)| figures(name)).collect() }
    }

    /// The log odds that the line is a headline.
    fn weigh(&self, cells: &[usize; GROUPS.len()]) -> i32 {
        let worth = |(group, cell): (&Vec<i32>, &usize)| group.get(*cell).copied().unwrap_or_default();
        self.base + self.worth.iter().zip(cells).map(worth).sum::<i32>()
    }
}

fn class(bounds: &[i32], value: i32) -> usize {
    bounds.partition_point(|bound| *bound <= value)
}

/// The class of what may be missing: 0 where it is.
fn class_or_none(bounds: &[i32], value: Option<i32>) -> usize {
    value.map_or(0, |value| class(bounds, value) + 1)
}

/// What is seen of the line `at`: for each group its cell.
fn seen(
    units: &[Unit],
    headline: &[bool],
    at: usize,
    (runs, words): (&Runs, &Words),
    marked_page: i32,
) -> [usize; GROUPS.len()] {
    let unit = &units[at];
    let near = at.saturating_sub(REACH)..(at + REACH + 1).min(units.len());
    let between = |left: &Unit, right: &Unit| {
        seam_evidence(runs, words, (&left.text, &left.edges.1), (&right.text, &right.edges.0))
    };
    let is_text = |other: usize| {
        other != at && units[other].is_text() && !headline[other] && units[other].text.len() >= LEAST_TEXT
    };
    let breaks_off = |other: usize| is_text(other) && units[other].end == EndState::Open;
    let follows = |other: usize| {
        is_text(other) && !matches!(units[other].start, StartState::Dateline | StartState::Jump)
    };
    // Of what may go on behind the line, the text that does so best.
    let best = (unit.end == EndState::Open)
        .then(|| {
            near.clone().filter(|other| follows(*other)).map(|other| (between(unit, &units[other]), other))
        })
        .and_then(|texts| texts.max_by_key(|(evidence, other)| (*evidence, std::cmp::Reverse(*other))));
    let ahead = best.map(|(evidence, text)| {
        let other = near.clone().filter(|other| breaks_off(*other) && *other != text);
        let rival = other.map(|other| between(&units[other], &units[text])).max();
        evidence - rival.unwrap_or(0)
    });
    let from = near.filter(|other| breaks_off(*other)).map(|other| between(&units[other], unit)).max();
    let next = units.get(at + 1);
    [
        usize::try_from(headline_shape(units, at, words, marked_page).clamp(0, 13)).unwrap_or_default(),
        class_or_none(&EVIDENCE, best.map(|(evidence, _)| evidence)),
        class_or_none(&AHEAD, ahead),
        class_or_none(&EVIDENCE, from),
        class_or_none(&ENDS, unit.ends),
        class_or_none(&BEGINS, unit.begins),
        class(&LENGTHS, i32::try_from(unit.text.len()).unwrap_or(i32::MAX)),
        match next {
            None => 0,
            Some(_) if headline.get(at + 1) == Some(&true) => 1,
            Some(next) if matches!(next.kind, StripKind::Byline | StripKind::Deck) => 6,
            Some(next) if !next.is_text() => 2,
            Some(next) => match next.start {
                StartState::Dateline | StartState::Jump => 3,
                _ if next.begins.is_some_and(|begins| begins >= 8) => 4,
                _ => 5,
            },
        },
        class(&BORDERS, ends_as(Border::Headline, &unit.text, &unit.edges.1)),
        class(&BORDERS, begins_as(Border::Headline, &unit.text, &unit.edges.0)),
    ]
}

/// Whether the line is one that only its shape makes a headline.
fn is_in_doubt(unit: &Unit, headline: bool) -> bool {
    headline && !unit.names_notice && unit.heading == 0 && unit.edges.0.chinese && unit.edges.1.chinese
}

/// Takes those out of `headline` that are more likely pieces of sentences.
pub(super) fn without_pieces(
    units: &[Unit],
    headline: &mut [bool],
    runs: &Runs,
    words: &Words,
    odds: &HeadOdds,
) {
    let marked_page = marked_heads(units);
    let pieces: Vec<usize> = (0..units.len())
        .filter(|at| is_in_doubt(&units[*at], headline[*at]))
        .filter(|at| odds.weigh(&seen(units, headline, *at, (runs, words), marked_page)) < PIECE)
        .collect();
    pieces.into_iter().for_each(|at| headline[at] = false);
}

/// For each line in doubt its place among the units and what is seen of it: one figure a group.
pub(super) fn in_doubt(
    units: &[Unit],
    headline: &[bool],
    runs: &Runs,
    words: &Words,
) -> Vec<(usize, Vec<usize>)> {
    let marked_page = marked_heads(units);
    (0..units.len())
        .filter(|at| is_in_doubt(&units[*at], headline[*at]))
        .map(|at| (at, seen(units, headline, at, (runs, words), marked_page).to_vec()))
        .collect()
}
