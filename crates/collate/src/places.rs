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

/// The same for what the language says of them.
const LANGUAGE: i64 = 700;
/// So many glyphs of a block show where a witness has it, though it lost the rest.
const LEAST: usize = 8;
/// Two moves are one block where one of their places has at most so many columns between them, the other so many.
const SIDE_BY_SIDE: usize = 4;
const PIECES_REACH: usize = 400;
/// The seams are read in so many witnesses.
const SEAMS_OF: usize = 3;
/// A witness that reads worse elsewhere is the likelier one to have its blocks out of order: so many thousandths of the
/// difference count, and no more than this in all.
const READER: i64 = 500;
const READER_MOST: i64 = 350;

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
    pub(crate) fn of(court: &Court<'_>, units: &[Unit], usage: &Usage, right: &[i64]) -> Places {
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
        let mean = right.iter().sum::<i64>() / i64::try_from(right.len().max(1)).unwrap_or(1);
        let weighed: Vec<(u32, Weighed)> = stretches
            .iter()
            .map(|(number, [here, there])| {
                let both = Both { court, here: here.as_ref(), there: there.as_ref() };
                let reader = |witness: usize| {
                    ((right[witness] - mean) * READER / 1000).clamp(-READER_MOST, READER_MOST)
                };
                let votes = |is_there| both.at(is_there).map(|witness| VOTE + reader(witness)).sum::<i64>();
                // The seams at either place share a character: none of them is evidence for another.
                let ends = [here, there].into_iter().flatten();
                let ends: Vec<usize> =
                    ends.flat_map(|stretch| [stretch.columns.start, stretch.columns.end]).collect();
                let itself = usage.neighbourhoods(&ends);
                let seams = |stretch: &Option<Stretch<'_>>| {
                    stretch.as_ref().map_or([0; 3], |stretch| stretch.seams(court, usage, &itself))
                };
                let having = both.at(false).chain(both.at(true)).count();
                let lacking = court.table.width - having;
                let weighed = Weighed {
                    votes: [votes(false), votes(true)],
                    seams: [seams(here), seams(there)],
                    // Of two equal places the one where the first witness has it; both ends must follow the same.
                    first_there: both.at(true).next() == Some(0),
                    foreign: lacking >= 2 && lacking >= having,
                };
                (*number, weighed)
            })
            .collect();
        for pieces in blocks(&stretches, &weighed) {
            let (first, last) = (&weighed[pieces[0]].1, &weighed[pieces[pieces.len() - 1]].1);
            let mean = |part: &dyn Fn(&Weighed) -> i64| {
                pieces.iter().map(|piece| part(&weighed[*piece].1)).sum::<i64>()
                    / i64::try_from(pieces.len()).unwrap_or(1)
            };
            // With the block the text reads on over two seams, without it over one.
            let side = |side: usize| {
                mean(&|piece| piece.votes[side])
                    + first.seams[side][0]
                    + last.seams[side][1]
                    + mean(&|piece| piece.seams[1 - side][2])
            };
            let (here, there) = (side(0), side(1));
            for piece in pieces {
                let (number, weighed) = &weighed[piece];
                odds.insert(
                    *number,
                    Odds {
                        here: here + i64::from(!first.first_there),
                        there: there + i64::from(first.first_there),
                        foreign: weighed.foreign,
                    },
                );
            }
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

/// What speaks for the two places of a move; the first of two is the one in the reference.
struct Weighed {
    votes: [i64; 2],
    /// Of each place: where the block begins, where it ends, and where the text reads on without it.
    seams: [[i64; 3]; 2],
    first_there: bool,
    foreign: bool,
}

/// The moves that are pieces of one block, in order: what one witness lost or put in has divided it, while another has
/// the pieces side by side.
fn blocks(
    stretches: &BTreeMap<u32, [Option<Stretch<'_>>; 2]>,
    weighed: &[(u32, Weighed)],
) -> Vec<Vec<usize>> {
    let columns = |at: usize, side: usize| {
        stretches.get(&weighed[at].0)?[side].as_ref().map(|stretch| stretch.columns.clone())
    };
    let follows = |left: usize, right: usize| {
        let apart = [0, 1].map(|side| {
            let (left, right) = (columns(left, side)?, columns(right, side)?);
            right.start.checked_sub(left.end)
        });
        let [Some(here), Some(there)] = apart else { return false };
        here.min(there) <= SIDE_BY_SIDE && here.max(there) <= PIECES_REACH
    };
    let mut order: Vec<usize> = (0..weighed.len()).collect();
    order.sort_by_key(|at| (columns(*at, 0).map(|columns| columns.start), *at));
    let mut found: Vec<Vec<usize>> = Vec::new();
    for at in order {
        match found.last_mut().filter(|block| block.last().is_some_and(|last| follows(*last, at))) {
            Some(block) => block.push(at),
            None => found.push(vec![at]),
        }
    }
    found
}

/// Whether a unit stands at the place a block moved to, not at its place in the reference.
fn is_there(court: &Court<'_>, unit: &Unit) -> bool {
    court.table.moved.get(unit.columns().start).is_some_and(Option::is_some)
}

/// The two places of a moved block.
struct Both<'a> {
    court: &'a Court<'a>,
    here: Option<&'a Stretch<'a>>,
    there: Option<&'a Stretch<'a>>,
}

impl Both<'_> {
    /// The witnesses that have the block at one of the places: most of it, or what they have of it at all.
    fn at(&self, is_there: bool) -> impl Iterator<Item = usize> + '_ {
        let count = |stretch: Option<&Stretch<'_>>, witness| {
            stretch.map_or(0, |stretch| stretch.count(self.court, witness))
        };
        let whole = [self.here, self.there].into_iter().flatten().map(|stretch| stretch.columns.len()).max();
        let least = LEAST.max(whole.unwrap_or(0) / 16);
        (0..self.court.table.width).filter(move |&witness| {
            let (here, there) = (count(self.here, witness), count(self.there, witness));
            let (own, other) = if is_there { (there, here) } else { (here, there) };
            own >= least && own > other
        })
    }
}

/// One place of a moved block.
struct Stretch<'a> {
    columns: Range<usize>,
    silent: &'a [Option<Absence>],
}

impl Stretch<'_> {
    /// How many glyphs a witness has here.
    fn count(&self, court: &Court<'_>, witness: usize) -> usize {
        self.columns.clone().filter(|column| court.table.column(*column)[witness] != NONE).count()
    }

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

    /// What the seams say: where the block begins here, where it ends, and where the text reads on without it. Each is the
    /// mean of the first few witnesses, any one of which may have misread it.
    fn seams(&self, court: &Court<'_>, usage: &Usage, itself: &[Range<usize>]) -> [i64; 3] {
        let mean = |with: bool, column: usize| {
            let having = self.having(court, with);
            let asked = &having[..having.len().min(SEAMS_OF)];
            let sum: i64 = asked.iter().map(|witness| seam(court, *witness, column, usage, itself)).sum();
            sum / i64::try_from(asked.len().max(1)).unwrap_or(1)
        };
        let Range { start, end } = self.columns;
        [mean(true, start), mean(true, end), mean(false, start)]
    }
}

/// How naturally a witness reads on from what it has before a column to what it has from there on.
fn seam(court: &Court<'_>, witness: usize, column: usize, usage: &Usage, itself: &[Range<usize>]) -> i64 {
    let cell = |column: &usize| court.table.column(*column)[witness] != NONE;
    let Some(right) = (column..court.table.len()).find(cell) else { return 0 };
    let glyph = court.table.column(right)[witness] as usize;
    let usual = usage.reads_on(&court.streams[witness].glyphs, glyph, itself);
    (usual * SEAM + court.reads_on(witness, glyph) * LANGUAGE) / 1000
}
