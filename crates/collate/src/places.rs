//! Where a moved block belongs: at the one place or at the other, for all its pieces alike.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::decide::Court;
use crate::marks::{closes, ends_sentence};
use crate::table::{Absence, NONE};
use crate::units::{Unit, UnitKind};

/// One more witness for a place.
const VOTE: i64 = 1200;
/// Seams that read on naturally against seams that do not, for one place.
const SEAM: i64 = 1600;

/// Log-odds of the two places of each move, in milli-nats.
pub(crate) struct Places {
    odds: BTreeMap<u32, Odds>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Odds {
    /// The place in the reference, and the one the block moved to.
    here: i64,
    there: i64,
}

impl Places {
    /// Weighs the places of all moves: how many witnesses have the block there, and how naturally the text reads on at the
    /// seams. A block cut out in mid-word leaves seams that are met nowhere else in the story.
    pub(crate) fn of(court: &Court<'_>, units: &[Unit]) -> Places {
        // The stretch of columns at either place of each move; differences inside divide it into several units.
        let mut stretches: BTreeMap<u32, [Option<Stretch<'_>>; 2]> = BTreeMap::new();
        for unit in units {
            let UnitKind::Hole(Absence::Elsewhere(number)) = unit.kind else { continue };
            let columns = unit.columns();
            if columns.is_empty() {
                continue;
            }
            let side = usize::from(is_there(court, unit));
            let stretch = &mut stretches.entry(number).or_default()[side];
            match stretch {
                Some(known) => known.columns.end = columns.end,
                None => *stretch = Some(Stretch { columns, silent: &unit.silent }),
            }
        }
        let mut odds: BTreeMap<u32, Odds> = BTreeMap::new();
        if stretches.is_empty() {
            return Places { odds };
        }
        let pairs = neighbours(court);
        for (number, [here, there]) in stretches {
            let votes = |stretch: &Option<Stretch<'_>>| {
                let having = stretch.as_ref().map_or(0, |stretch| stretch.having(court, true).len());
                VOTE * i64::try_from(having).unwrap_or(0)
            };
            // With the block the text reads on over two seams, without it over one.
            let seams = |stretch: &Option<Stretch<'_>>, with: bool| {
                stretch.as_ref().map_or(0, |stretch| stretch.natural(court, with, &pairs)) * SEAM / 1000
            };
            // Of two equal places the one where the first witness has it; both ends must follow the same.
            let first_there =
                there.as_ref().is_some_and(|stretch| stretch.having(court, true).first() == Some(&0));
            odds.insert(
                number,
                Odds {
                    here: votes(&here) + seams(&here, true) + seams(&there, false) + i64::from(!first_there),
                    there: votes(&there) + seams(&there, true) + seams(&here, false) + i64::from(first_there),
                },
            );
        }
        Places { odds }
    }

    /// Scores of a move's unit for "the text stands here" and "nothing stands here".
    pub(crate) fn scores(&self, court: &Court<'_>, unit: &Unit, number: u32) -> (i64, i64) {
        let odds = self.odds.get(&number).copied().unwrap_or_default();
        if is_there(court, unit) { (odds.there, odds.here) } else { (odds.here, odds.there) }
    }

    /// Whether nothing stands at a unit because it lies in a block that belongs elsewhere.
    pub(crate) fn is_elsewhere(&self, court: &Court<'_>, unit: &Unit) -> bool {
        unit.silent.iter().flatten().any(|absence| match absence {
            Absence::Elsewhere(number) if self.odds.contains_key(number) => {
                let (stands, not) = self.scores(court, unit, *number);
                not > stands
            }
            _ => false,
        })
    }
}

/// How often two glyphs stand side by side in all witnesses.
fn neighbours(court: &Court<'_>) -> BTreeMap<(u32, u32), usize> {
    let mut pairs = BTreeMap::new();
    for stream in court.streams {
        for pair in stream.glyphs.windows(2) {
            *pairs.entry((pair[0].label, pair[1].label)).or_insert(0) += 1;
        }
    }
    pairs
}

/// Whether a unit stands at the place a block moved to, not at its place in the reference.
fn is_there(court: &Court<'_>, unit: &Unit) -> bool {
    court.table.moved.get(unit.columns().start).is_some_and(Option::is_some)
}

/// One place of a moved block.
struct Stretch<'a> {
    columns: Range<usize>,
    silent: &'a [Option<Absence>],
}

impl Stretch<'_> {
    /// The witnesses that have text here, or that have it at the other place.
    fn having(&self, court: &Court<'_>, with: bool) -> Vec<usize> {
        let has =
            |witness: usize| self.columns.clone().any(|column| court.table.column(column)[witness] != NONE);
        (0..court.table.width)
            .filter(|&witness| has(witness) == with && self.silent[witness] != Some(Absence::Lost))
            .collect()
    }

    /// The share of seams that read on naturally, in thousandths, where witnesses have the block here or have not.
    fn natural(&self, court: &Court<'_>, with: bool, pairs: &BTreeMap<(u32, u32), usize>) -> i64 {
        let having = self.having(court, with);
        let Some(&witness) = having.first() else { return 0 };
        let glyphs = &court.streams[witness].glyphs;
        let next = (self.columns.start..court.table.len())
            .map(|column| court.table.column(column)[witness])
            .find(|cell| *cell != NONE)
            .map_or(glyphs.len(), |cell| cell as usize);
        let own = self.columns.clone().filter(|column| court.table.column(*column)[witness] != NONE).count();
        let seams = if own > 0 { vec![next, next + own] } else { vec![next] };
        let natural = |seam: &usize| {
            let (Some(left), Some(right)) = (seam.checked_sub(1).map(|at| glyphs[at]), glyphs.get(*seam))
            else {
                return true;
            };
            let count = pairs.get(&(left.label, right.label)).copied().unwrap_or(0);
            count > having.len() || ends_sentence(left.raw) || closes(left.raw)
        };
        let count = seams.iter().filter(|seam| natural(seam)).count();
        i64::try_from(count * 1000 / seams.len()).unwrap_or(0)
    }
}
