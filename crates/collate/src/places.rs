//! Where a moved block belongs: at the one place or at the other, for all its pieces alike.

use std::collections::BTreeMap;

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
        let mut odds: BTreeMap<u32, Odds> = BTreeMap::new();
        let mut seen: BTreeMap<u32, [Vec<bool>; 2]> = BTreeMap::new();
        let moves = |unit: &Unit| match unit.kind {
            UnitKind::Hole(Absence::Elsewhere(number)) => Some(number),
            _ => None,
        };
        if !units.iter().any(|unit| moves(unit).is_some()) {
            return Places { odds };
        }
        let pairs = neighbours(court);
        for unit in units {
            let Some(number) = moves(unit) else { continue };
            let column = unit.columns().start;
            let there = court.table.moved.get(column).is_some_and(|moved| moved.is_some());
            let having: Vec<bool> = court.table.column(column).iter().map(|cell| *cell != NONE).collect();
            let votes = seen.entry(number).or_default();
            if votes[usize::from(there)].is_empty() {
                votes[usize::from(there)] = having.clone();
            }
            // With the block the text reads on over two seams, without it over one.
            let with = natural(court, unit, &having, true, &pairs);
            let without = natural(court, unit, &having, false, &pairs);
            let odds = odds.entry(number).or_default();
            if there {
                odds.there += with * SEAM / 1000;
                odds.here += without * SEAM / 1000;
            } else {
                odds.here += with * SEAM / 1000;
                odds.there += without * SEAM / 1000;
            }
        }
        for (number, [here, there]) in seen {
            let votes =
                |having: &[bool]| i64::try_from(having.iter().filter(|has| **has).count()).unwrap_or(0);
            let odds = odds.entry(number).or_default();
            odds.here += VOTE * votes(&here);
            odds.there += VOTE * votes(&there);
            // Of two equal places the one where the first witness has it; both ends must follow the same.
            let first_there = there.first().copied().unwrap_or(false);
            if first_there {
                odds.there += 1;
            } else {
                odds.here += 1;
            }
        }
        Places { odds }
    }

    /// Scores of a move's unit for "the text stands here" and "nothing stands here".
    pub(crate) fn scores(&self, court: &Court<'_>, unit: &Unit, number: u32) -> (i64, i64) {
        let odds = self.odds.get(&number).copied().unwrap_or_default();
        let there = court.table.moved.get(unit.columns().start).is_some_and(|moved| moved.is_some());
        if there { (odds.there, odds.here) } else { (odds.here, odds.there) }
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

/// The share of natural seams, in thousandths, in witnesses that have the block at a unit or that have not.
fn natural(
    court: &Court<'_>,
    unit: &Unit,
    having: &[bool],
    with: bool,
    pairs: &BTreeMap<(u32, u32), usize>,
) -> i64 {
    let lost = |witness: usize| unit.silent[witness] == Some(Absence::Lost);
    let Some(witness) = (0..having.len()).find(|&witness| having[witness] == with && !lost(witness)) else {
        return 0;
    };
    let alike = (0..having.len()).filter(|&other| having[other] == with && !lost(other)).count();
    let glyphs = &court.streams[witness].glyphs;
    let next = (unit.columns().start..court.table.len())
        .map(|column| court.table.column(column)[witness])
        .find(|cell| *cell != NONE)
        .map_or(glyphs.len(), |cell| cell as usize);
    let own = unit.columns().filter(|column| court.table.column(*column)[witness] != NONE).count();
    let seams = if own > 0 { vec![next, next + own] } else { vec![next] };
    let mut sum = 0;
    for seam in &seams {
        let (Some(left), Some(right)) =
            (seam.checked_sub(1).and_then(|at| glyphs.get(at)), glyphs.get(*seam))
        else {
            sum += 1000;
            continue;
        };
        let count = pairs.get(&(left.label, right.label)).copied().unwrap_or(0);
        let natural = count > alike || ends_sentence(left.raw) || closes(left.raw);
        sum += if natural { 1000 } else { 0 };
    }
    sum / i64::try_from(seams.len()).unwrap_or(1)
}
