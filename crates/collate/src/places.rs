//! Where a moved block belongs: at the one place or at the other, for all its pieces alike.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::decide::Court;
use crate::table::{Absence, NONE};
use crate::units::{Unit, UnitKind};
use crate::usage::Usage;

/// One more witness for a place: two pages hardly ever move the same block to the same place.
const VOTE: i64 = 4000;
/// Seams of one cut depend on each other: their evidence counts so many thousandths.
const SEAM: i64 = 500;

/// Log-odds against a block that most witnesses have nowhere.
const FOREIGN: i64 = 4000;

/// Log-odds of the two places of each move, in milli-nats.
pub(crate) struct Places {
    odds: BTreeMap<u32, Odds>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Odds {
    /// The place in the reference, and the one the block moved to.
    here: i64,
    there: i64,
    /// It is another story's text that stands at two places: most witnesses have it at neither.
    foreign: bool,
}

impl Places {
    /// Weighs the places of all moves: how many witnesses have the block there, and how naturally the text reads on at the
    /// seams. A block cut out in mid-word leaves seams that are met nowhere else in the story.
    pub(crate) fn of(court: &Court<'_>, units: &[Unit], usage: &Usage) -> Places {
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
        for (number, [here, there]) in stretches {
            let votes = |stretch: &Option<Stretch<'_>>| {
                let having = stretch.as_ref().map_or(0, |stretch| stretch.having(court, true).len());
                VOTE * i64::try_from(having).unwrap_or(0)
            };
            // The seams at either place share a character: none of them is evidence for another.
            let ends = [&here, &there].into_iter().flatten();
            let ends: Vec<usize> =
                ends.flat_map(|stretch| [stretch.columns.start, stretch.columns.end]).collect();
            let itself = usage.neighbourhoods(&ends);
            // With the block the text reads on over two seams, without it over one.
            let seams = |stretch: &Option<Stretch<'_>>, with: bool| {
                stretch.as_ref().map_or(0, |stretch| stretch.natural(court, with, usage, &itself)) * SEAM
                    / 1000
            };
            let has = |witness: usize| {
                [&here, &there].into_iter().flatten().any(|stretch| stretch.has(court, witness))
            };
            let having = (0..court.table.width).filter(|&witness| has(witness)).count();
            let lacking = court.table.width - having;
            // Of two equal places the one where the first witness has it; both ends must follow the same.
            let first_there =
                there.as_ref().is_some_and(|stretch| stretch.having(court, true).first() == Some(&0));
            odds.insert(
                number,
                Odds {
                    here: votes(&here) + seams(&here, true) + seams(&there, false) + i64::from(!first_there),
                    there: votes(&there) + seams(&there, true) + seams(&here, false) + i64::from(first_there),
                    foreign: lacking >= 2 && lacking >= having,
                },
            );
        }
        Places { odds }
    }

    /// Scores of a move's unit for "the text stands here" and "nothing stands here".
    pub(crate) fn scores(&self, court: &Court<'_>, unit: &Unit, number: u32) -> (i64, i64) {
        let odds = self.odds.get(&number).copied().unwrap_or_default();
        if odds.foreign {
            return (0, FOREIGN);
        }
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
    fn has(&self, court: &Court<'_>, witness: usize) -> bool {
        court.table.has_most(witness, self.columns.clone())
    }

    /// The witnesses that have text here, or that have it at the other place.
    fn having(&self, court: &Court<'_>, with: bool) -> Vec<usize> {
        (0..court.table.width)
            .filter(|&witness| {
                self.has(court, witness) == with && self.silent[witness] != Some(Absence::Lost)
            })
            .collect()
    }

    /// What the seams say for the reading of the witnesses that have the block here, or of those that have it not.
    fn natural(&self, court: &Court<'_>, with: bool, usage: &Usage, itself: &[Range<usize>]) -> i64 {
        let having = self.having(court, with);
        let Some(&witness) = having.first() else { return 0 };
        let cell = |column: &usize| court.table.column(*column)[witness] != NONE;
        let seam = |column: usize| {
            let Some(right) = (column..court.table.len()).find(cell) else { return 0 };
            let glyph = court.table.column(right)[witness] as usize;
            usage.reads_on(&court.streams[witness].glyphs, glyph, itself)
        };
        let first = seam(self.columns.start);
        if self.columns.clone().any(|column| cell(&column)) { first + seam(self.columns.end) } else { first }
    }
}
