//! Whether a long stretch that some witnesses lack belongs to the story: they lost it, or the others have another
//! story's text in the middle of theirs.
//!
//! Three kinds of evidence. How many read on across the place as if nothing were missing; two pages hardly ever lose the
//! same lines. Whether the seams read on: two characters that stand side by side in a word stand so elsewhere in the
//! text too. And lexical cohesion (Hearst 1997): a text repeats its own words, another story's lines do not.

use crate::decide::Court;
use crate::evidence::ln_ratio;
use crate::marks::{closes, ends_sentence};
use crate::table::{Absence, Hole, NONE};
use crate::units::{Unit, UnitKind};

/// A long stretch that one witness lacks: it lost it.
const LOST_ODDS: i64 = 3500;
const LOST_ODDS_LEAST: i64 = 1000;
const FEWER_HAVE: i64 = 500;
/// The same of a stretch that begins or ends inside a sentence: pages lose such and mix such in.
const BROKEN_ODDS: i64 = 1500;
/// Each witness beyond the first that reads on across a stretch which breaks a sentence.
const READS_ON: i64 = 3000;
/// Holes end at the same place when they differ by so many columns: a misread glyph at an end shifts it.
const SAME_END: usize = 4;
/// Shorter stretches show no cohesion.
const LEAST_PAIRS: usize = 20;
/// Pairs of one word depend on each other: the evidence of a pair counts so many thousandths.
const PAIR_WEIGHT: i64 = 250;
const COHESION_MOST: i64 = 3000;
/// What the language says of a seam counts so many thousandths.
const LANGUAGE: i64 = 700;
/// A pair over a false seam stands elsewhere by chance, in thousandths.
const BY_CHANCE: u64 = 40;

/// Two letters side by side, and where.
type PlacedPair = ((u32, u32), u32);

/// The pairs of neighbouring letters of the witnesses, looked up lazily.
#[derive(Debug, Default)]
pub(crate) struct Cohesion {
    /// (pair, place), sorted; one list a witness.
    pairs: Vec<Option<Vec<PlacedPair>>>,
    /// What was found of each hole, by its columns and how many have the text in question: its pieces ask again.
    holes: std::collections::BTreeMap<(usize, usize, usize), Option<i64>>,
}

impl Cohesion {
    /// Log-odds in milli-nats that the text of a hole belongs to the story; 0 for other units.
    pub(crate) fn belongs(&mut self, court: &Court<'_>, unit: &Unit) -> i64 {
        if !matches!(unit.kind, UnitKind::Hole(Absence::Lost)) {
            return 0;
        }
        let lacking = unit.silent.iter().flatten().count();
        // The more printings do without the text, the less certain it is that they lost it.
        let excess = i64::try_from((2 * lacking).saturating_sub(unit.silent.len())).unwrap_or(0);
        let lost_odds = (LOST_ODDS - FEWER_HAVE * excess).max(LOST_ODDS_LEAST);
        let Some(hole) = hole_around(court, unit) else { return lost_odds };
        // How many have the text in question: within the hole of one witness others may have lost or put in more.
        let level = unit.columns().map(|column| present(court, column)).max().unwrap_or(0);
        let key = (hole.columns.start, hole.columns.end, level);
        let inner = match self.holes.get(&key) {
            Some(known) => *known,
            None => {
                let found = self.of_hole(court, &hole, level);
                self.holes.insert(key, found);
                found
            }
        };
        inner.unwrap_or(lost_odds)
    }

    /// The same of a hole that breaks a sentence; `None` for any other.
    fn of_hole(&mut self, court: &Court<'_>, hole: &Hole, level: usize) -> Option<i64> {
        let columns = hole.columns.clone();
        if columns.start == 0 || columns.end == court.table.len() {
            return None;
        }
        // The columns that about as many have; the others of the hole say nothing of who has the stretch itself.
        let alike = |column: &usize| {
            let count = present(court, *column);
            count * 2 >= level && count <= level * 2
        };
        let common: Vec<usize> = columns.clone().filter(alike).collect();
        let full = |witness: &usize| {
            let own = common.iter().filter(|column| court.table.column(**column)[*witness] != NONE).count();
            own * 2 > common.len()
        };
        let having = (0..court.table.width).find(full)?;
        let own = |range: std::ops::Range<usize>| {
            range.map(|column| court.table.column(column)[having]).find(|cell| *cell != NONE)
        };
        let (first, next) = (own(columns.clone())?, own(columns.end..court.table.len()));
        let glyphs = &court.streams[having].glyphs;
        let (first, next) = (first as usize, next.map_or(glyphs.len(), |next| next as usize));
        let ended = |mark: char| ends_sentence(mark) || closes(mark);
        let starts = first.checked_sub(1).is_none_or(|before| ended(glyphs[before].raw));
        if first >= next || starts && ended(glyphs[next - 1].raw) {
            // Whole sentences: somebody left them out.
            return None;
        }
        let crossing = (0..court.table.width)
            .filter(|&witness| {
                let holes = &court.table.holes[witness];
                holes.iter().any(|other| other.absence == Absence::Lost && same_stretch(other, hole))
            })
            .count();
        let others = (0..court.table.width).filter(full).count();
        let beyond = i64::try_from(crossing).unwrap_or(0) - i64::try_from(others).unwrap_or(0);
        let votes = READS_ON * beyond.clamp(-3, 3);
        Some(BROKEN_ODDS - votes + self.evidence(court, having, first, next))
    }

    /// What the seams and the words of glyphs `first..next` of a witness say for their belonging to it.
    fn evidence(&mut self, court: &Court<'_>, witness: usize, first: usize, next: usize) -> i64 {
        if self.pairs.len() < court.streams.len() {
            self.pairs.resize(court.streams.len(), None);
        }
        let glyphs = &court.streams[witness].glyphs;
        let pairs = self.pairs[witness].get_or_insert_with(|| {
            let mut pairs: Vec<PlacedPair> = glyphs
                .windows(2)
                .zip(0u32..)
                .filter(|(pair, _)| !pair[0].mark && !pair[1].mark)
                .map(|(pair, at)| ((pair[0].label, pair[1].label), at))
                .collect();
            pairs.sort_unstable();
            pairs
        });
        // How often a pair stands outside of the stretch, a place itself not counted.
        let outside = |pair: (u32, u32), itself: Option<usize>| {
            let start = pairs.partition_point(|(known, _)| *known < pair);
            pairs[start..]
                .iter()
                .take_while(|(known, _)| *known == pair)
                .filter(|(_, at)| !(first.saturating_sub(1)..next).contains(&(*at as usize)))
                .filter(|(_, at)| Some(*at as usize) != itself)
                .take(1)
                .count()
                > 0
        };
        let (mut all, mut known, mut inner, mut inner_known) = (0u64, 0u64, 0u64, 0u64);
        for (at, pair) in glyphs.windows(2).enumerate().filter(|(_, pair)| !pair[0].mark && !pair[1].mark) {
            let pair = (pair[0].label, pair[1].label);
            if (first..next - 1).contains(&at) {
                inner += 1;
                inner_known += u64::from(outside(pair, None));
            } else if at + 1 != first && at + 1 != next {
                all += 1;
                known += u64::from(outside(pair, Some(at)));
            }
        }
        // The share of known pairs in the story's own text, kept off the ends.
        let own = (known * 1000 / all.max(1)).clamp(60, 900);
        let mut evidence = 0;
        if inner >= LEAST_PAIRS as u64 {
            let (here, foreign) = (own * 95 / 100, own * 70 / 100);
            let count = |count: u64| i64::try_from(count).unwrap_or(0);
            let sum = count(inner_known) * i64::from(ln_ratio(here, foreign))
                + count(inner - inner_known) * i64::from(ln_ratio(1000 - here, 1000 - foreign));
            evidence += (sum * PAIR_WEIGHT / 1000).clamp(-COHESION_MOST, COHESION_MOST);
        }
        let seam = |left: Option<usize>, right: usize| {
            let Some(left) = left.filter(|_| right < glyphs.len()) else { return 0 };
            let worded = court.joined(witness, left + 1, right) * LANGUAGE / 1000;
            worded
                + if glyphs[left].mark || glyphs[right].mark {
                    0
                } else if outside((glyphs[left].label, glyphs[right].label), None) {
                    i64::from(ln_ratio(own, BY_CHANCE))
                } else {
                    i64::from(ln_ratio(1000 - own, 1000 - BY_CHANCE))
                }
        };
        let before = first.checked_sub(1);
        evidence + seam(before, first) + seam(Some(next - 1), next) - seam(before, next)
    }
}

/// How many witnesses have a glyph in a column.
fn present(court: &Court<'_>, column: usize) -> usize {
    court.table.column(column).iter().filter(|cell| **cell != NONE).count()
}

/// The hole that a unit is part of, so that all its pieces are judged alike: the one that most silent witnesses
/// have, of equally common ones the narrowest.
fn hole_around(court: &Court<'_>, unit: &Unit) -> Option<Hole> {
    let columns = unit.columns();
    let around = |witness: usize| {
        let holes = &court.table.holes[witness];
        let at = holes.partition_point(|hole| hole.columns.end <= columns.start);
        holes.get(at).filter(|hole| hole.absence == Absence::Lost && hole.columns.start <= columns.start)
    };
    let holes: Vec<&Hole> =
        (0..unit.silent.len()).filter(|&witness| unit.silent[witness].is_some()).filter_map(around).collect();
    let alike = |hole: &Hole| holes.iter().filter(|other| same_stretch(hole, other)).count();
    holes
        .iter()
        .max_by_key(|hole| (alike(hole), std::cmp::Reverse((hole.columns.len(), hole.columns.start))))
        .map(|hole| (*hole).clone())
}

fn same_stretch(one: &Hole, other: &Hole) -> bool {
    one.columns.start.abs_diff(other.columns.start) <= SAME_END
        && one.columns.end.abs_diff(other.columns.end) <= SAME_END
}
