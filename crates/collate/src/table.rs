//! All witnesses in one table of columns: each is aligned to a reference, what the reference lacks is aligned
//! among those that have it, and the reference is voted anew from the columns until it is stable.
//!
//! The table depends on the texts and on the order of sigla only. Memory is witnesses × columns × 4 bytes.

use std::ops::Range;

use crate::anchors::shared_grams;
use crate::pairwise::{self, Alignment, Move};
use crate::stream::{Glyph, Stream};

/// No glyph of this witness in this column.
pub(crate) const NONE: u32 = u32::MAX;
/// A witness that lacks so many columns on end is silent about them: a loss or a cut, not so many single omissions.
pub(crate) const LONG_GAP: usize = 16;
/// The same at the head or tail of the story.
const LONG_GAP_AT_END: usize = 6;
const ROUNDS: usize = 3;

/// Why a witness has nothing over a stretch of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Absence {
    /// It lacks the text.
    Lost,
    /// It has the text elsewhere (number of the move).
    Elsewhere(u32),
}

/// A stretch of columns over which a witness does not testify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hole {
    pub(crate) columns: Range<usize>,
    pub(crate) absence: Absence,
}

/// Columns of glyphs that print the same character of the story.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// How many witnesses.
    pub(crate) width: usize,
    /// Glyph numbers, column after column.
    cells: Vec<u32>,
    /// For each column the move whose glyphs stand there out of place, if any.
    pub(crate) moved: Vec<Option<u32>>,
    /// For each witness its holes, in order.
    pub(crate) holes: Vec<Vec<Hole>>,
}

impl Table {
    /// How many columns.
    pub(crate) fn len(&self) -> usize {
        self.moved.len()
    }

    /// The glyph numbers of a column, one a witness.
    pub(crate) fn column(&self, column: usize) -> &[u32] {
        &self.cells[column * self.width..(column + 1) * self.width]
    }

    /// Collates the streams.
    pub(crate) fn of(streams: &[Stream]) -> Table {
        let glyphs: Vec<&[Glyph]> = streams.iter().map(|stream| stream.glyphs.as_slice()).collect();
        let mut reference = match streams.len() {
            0 => return Table::default(),
            1 | 2 => glyphs[0].to_vec(),
            _ => {
                let shared = shared_grams(&glyphs, 8);
                let most =
                    (0..glyphs.len()).max_by_key(|&at| (shared[at], std::cmp::Reverse(at))).unwrap_or(0);
                glyphs[most].to_vec()
            }
        };
        let mut table = Table::on(&glyphs, &reference);
        if streams.len() > 2 {
            for _ in 1..ROUNDS {
                let next = table.consensus(&glyphs);
                if next == reference {
                    break;
                }
                reference = next;
                table = Table::on(&glyphs, &reference);
            }
        }
        table
    }

    /// The table of all witnesses on one reference.
    fn on(glyphs: &[&[Glyph]], reference: &[Glyph]) -> Table {
        let mut alignments: Vec<Alignment> =
            glyphs.iter().map(|own| pairwise::align(own, reference)).collect();
        let moves = MoveNumbers::of(&mut alignments, reference.len());
        let width = glyphs.len();
        let mut builder = Builder {
            width,
            cells: Vec::with_capacity(width * (reference.len() + 8)),
            reference: Vec::with_capacity(reference.len()),
            solid: Vec::new(),
        };
        // The next pair and the next glyph of each witness.
        let mut pair = vec![0usize; width];
        let mut glyph = vec![0usize; width];
        for slot in 0..=reference.len() {
            let mut runs: Vec<(usize, Range<usize>)> = Vec::new();
            for witness in 0..width {
                // What stands between the pairs before and after the slot is inserted at the first slot it fits.
                let (next_glyph, next_slot) = alignments[witness]
                    .pairs
                    .get(pair[witness])
                    .map_or((glyphs[witness].len(), slot), |(own, there)| (*own, *there));
                let next_glyph =
                    next_glyph.min(moves.until(&alignments[witness], witness, glyph[witness], slot));
                if glyph[witness] < next_glyph && next_slot >= slot {
                    runs.push((witness, glyph[witness]..next_glyph));
                    glyph[witness] = next_glyph;
                }
            }
            builder.insert(glyphs, runs);
            if slot < reference.len() {
                let start = builder.cells.len();
                builder.cells.resize(start + width, NONE);
                builder.reference.push(builder.solid.len());
                builder.solid.push(true);
                for witness in 0..width {
                    if let Some((own, there)) = alignments[witness].pairs.get(pair[witness])
                        && *there == slot
                    {
                        builder.cells[start + witness] = u32::try_from(*own).unwrap_or(NONE);
                        glyph[witness] = own + 1;
                        pair[witness] += 1;
                    }
                }
            }
        }
        builder.finish(&alignments, &moves)
    }

    /// The reference voted from the columns: each has the label of most witnesses that testify; a column stands
    /// where at least half of them have a glyph, a moved block where most have it.
    fn consensus(&self, glyphs: &[&[Glyph]]) -> Vec<Glyph> {
        let mut next_hole = vec![0usize; self.width];
        let mut voted = Vec::with_capacity(self.len());
        let mut votes: Vec<(u32, u32, Glyph)> = Vec::new();
        let place_votes = self.votes_for_places();
        for column in 0..self.len() {
            votes.clear();
            let (mut present, mut silent, mut away) = (0usize, 0usize, None);
            for (witness, cell) in self.column(column).iter().enumerate() {
                if *cell != NONE {
                    present += 1;
                    let glyph = glyphs[witness][*cell as usize];
                    match votes.iter_mut().find(|vote| vote.0 == glyph.label) {
                        Some(vote) => vote.1 += 1,
                        None => votes.push((glyph.label, 1, glyph)),
                    }
                    continue;
                }
                let holes = &self.holes[witness];
                while holes.get(next_hole[witness]).is_some_and(|hole| hole.columns.end <= column) {
                    next_hole[witness] += 1;
                }
                if let Some(hole) = holes.get(next_hole[witness])
                    && hole.columns.contains(&column)
                {
                    silent += 1;
                    if let Absence::Elsewhere(number) = hole.absence {
                        away = Some(number);
                    }
                }
            }
            let stands = match (self.moved[column], away) {
                (Some(number), _) => {
                    let (there, here) = place_votes[number as usize];
                    there > here
                }
                (None, Some(number)) if place_votes[number as usize].0 > place_votes[number as usize].1 => {
                    false
                }
                _ => present * 2 >= self.width - silent,
            };
            if stands && let Some(best) = votes.iter().rev().max_by_key(|vote| vote.1) {
                voted.push(best.2);
            }
        }
        voted
    }

    /// Whether a witness has a glyph in most of some columns.
    pub(crate) fn has_most(&self, witness: usize, columns: Range<usize>) -> bool {
        let count = columns.len();
        let own = columns.filter(|column| self.column(*column)[witness] != NONE).count();
        own * 2 > count
    }

    /// For each move: how many witnesses have the block at the place it moved to, and how many at the place of the
    /// reference.
    fn votes_for_places(&self) -> Vec<(usize, usize)> {
        let moves = self.moved.iter().flatten().map(|number| *number as usize + 1).max().unwrap_or(0);
        // The columns of either place: what the witnesses that have it at the other one lack.
        let mut places: Vec<[Option<Range<usize>>; 2]> = vec![[None, None]; moves];
        for hole in self.holes.iter().flatten() {
            let Absence::Elsewhere(number) = hole.absence else { continue };
            let Some(both) = places.get_mut(number as usize) else { continue };
            let is_here = self.moved[hole.columns.start] != Some(number);
            let place = &mut both[usize::from(is_here)];
            let known = place.get_or_insert_with(|| hole.columns.clone());
            *known = known.start.min(hole.columns.start)..known.end.max(hole.columns.end);
        }
        let count = |place: Option<Range<usize>>| {
            place.map_or(0, |columns| {
                (0..self.width).filter(|&witness| self.has_most(witness, columns.clone())).count()
            })
        };
        places.into_iter().map(|[there, here]| (count(there), count(here))).collect()
    }
}

/// Moves of one block whose places are at most so many glyphs of the reference apart are one move.
const BESIDE: usize = 4;

/// The moves of all witnesses, numbered: those that overlap in the reference and can stand at one place are one.
struct MoveNumbers {
    /// For each witness, the number of each of its moves.
    of: Vec<Vec<u32>>,
    /// The slot of the reference at which the block of each number stands.
    slots: Vec<usize>,
}

impl MoveNumbers {
    /// Where a lost or misread mark put a block a few glyphs beside the place where others have it, the pairs between are
    /// undone: what they paired finds its place again among the insertions.
    fn of(alignments: &mut [Alignment], reference: usize) -> MoveNumbers {
        // A moved block stands anywhere between the pairs around it.
        let slots = |alignment: &Alignment, at: usize| {
            let after = alignment.pairs.partition_point(|(own, _)| *own < at);
            let first = after.checked_sub(1).map_or(0, |last| alignment.pairs[last].1 + 1);
            let last = alignment.pairs.get(after).map_or(reference, |(_, there)| *there);
            (first, last)
        };
        let mut known: Vec<(Range<usize>, (usize, usize))> = Vec::new();
        let mut of = Vec::with_capacity(alignments.len());
        for alignment in alignments {
            let mut own: Vec<u32> = Vec::new();
            for at in 0..alignment.moves.len() {
                let moved = alignment.moves[at].clone();
                let (mut first, mut last) = slots(alignment, moved.x.start);
                let beside = |(range, (known_first, known_last)): &(Range<usize>, (usize, usize))| {
                    let apart = known_first.saturating_sub(last).max(first.saturating_sub(*known_last));
                    (range.start < moved.y.end && moved.y.start < range.end && apart <= BESIDE)
                        .then_some(apart)
                };
                let found = (0..known.len())
                    .filter_map(|number| Some((beside(&known[number])?, number)))
                    .min()
                    .map(|(_, number)| number);
                if let Some((_, (known_first, known_last))) = found.map(|number| &known[number])
                    && (last < *known_first || *known_last < first)
                {
                    alignment.pairs.retain(|(own, there)| {
                        let behind = *own >= moved.x.end && there < known_first;
                        let ahead = *own < moved.x.start && there >= known_last;
                        !behind && !ahead
                    });
                    (first, last) = slots(alignment, moved.x.start);
                }
                let number = match found {
                    Some(number) => {
                        let places = &mut known[number].1;
                        *places = (places.0.max(first), places.1.min(last));
                        number
                    }
                    None => {
                        known.push((moved.y.clone(), (first, last)));
                        known.len() - 1
                    }
                };
                own.push(u32::try_from(number).unwrap_or(u32::MAX));
            }
            of.push(own);
        }
        MoveNumbers { of, slots: known.into_iter().map(|(_, (first, _))| first).collect() }
    }

    /// Up to which of its glyphs a witness may be read at a slot, its moved blocks waiting for theirs.
    fn until(&self, alignment: &Alignment, witness: usize, from: usize, slot: usize) -> usize {
        let waiting = alignment
            .moves
            .iter()
            .zip(&self.of[witness])
            .find(|(moved, number)| moved.x.start >= from && self.slots[**number as usize] > slot);
        waiting.map_or(usize::MAX, |(moved, _)| moved.x.start)
    }
}

/// Which of the moves, ordered by `x`, holds a glyph.
fn moved_at(moves: &[Move], cell: u32) -> Option<usize> {
    let glyph = cell as usize;
    let at = moves.partition_point(|moved| moved.x.end <= glyph);
    moves.get(at).filter(|moved| cell != NONE && moved.x.contains(&glyph)).map(|_| at)
}

struct Builder {
    width: usize,
    cells: Vec<u32>,
    /// The column of each glyph of the reference.
    reference: Vec<usize>,
    /// Whether a column counts towards the length of a gap: not one of a short insertion by others.
    solid: Vec<bool>,
}

impl Builder {
    /// Aligns runs that the reference lacks among themselves and appends their columns.
    fn insert(&mut self, glyphs: &[&[Glyph]], runs: Vec<(usize, Range<usize>)>) {
        match &runs[..] {
            [] => return,
            [(witness, run)] => {
                let solid = run.len() >= LONG_GAP;
                for glyph in run.clone() {
                    self.push(&[(*witness, glyph)], solid);
                }
                return;
            }
            _ => {}
        }
        let text = |(witness, run): &(usize, Range<usize>)| &glyphs[*witness][run.clone()];
        let labels: Vec<Vec<u32>> =
            runs.iter().map(|run| text(run).iter().map(|glyph| glyph.label).collect()).collect();
        let mut sorted: Vec<&Vec<u32>> = labels.iter().collect();
        sorted.sort_unstable();
        // The commonest run leads; among equally common ones the longest, then the first.
        let lead = (0..runs.len())
            .max_by_key(|&at| {
                let own = &labels[at];
                let start = sorted.partition_point(|other| *other < own);
                let alike = sorted[start..].partition_point(|other| *other == own);
                (alike, own.len(), std::cmp::Reverse(at))
            })
            .unwrap_or(0);
        let lead_glyphs: Vec<Glyph> = text(&runs[lead]).to_vec();
        let solid = lead_glyphs.len() >= LONG_GAP;
        let aligned: Vec<Vec<(usize, usize)>> =
            runs.iter().map(|run| pairwise::align(text(run), &lead_glyphs).pairs).collect();
        let mut next = vec![0usize; runs.len()];
        let mut at: Vec<usize> = runs.iter().map(|(_, run)| run.start).collect();
        for slot in 0..=lead_glyphs.len() {
            let mut inner: Vec<(usize, Range<usize>)> = Vec::new();
            let mut column: Vec<(usize, usize)> = Vec::new();
            for (index, (witness, run)) in runs.iter().enumerate() {
                let pair = aligned[index].get(next[index]);
                let until = pair.map_or(run.end, |(own, _)| run.start + own);
                if at[index] < until {
                    inner.push((*witness, at[index]..until));
                    at[index] = until;
                }
                if let Some((own, there)) = pair
                    && *there == slot
                {
                    column.push((*witness, run.start + own));
                    at[index] = run.start + own + 1;
                    next[index] += 1;
                }
            }
            self.insert(glyphs, inner);
            if slot < lead_glyphs.len() {
                self.push(&column, solid);
            }
        }
    }

    fn push(&mut self, column: &[(usize, usize)], solid: bool) {
        let start = self.cells.len();
        self.cells.resize(start + self.width, NONE);
        for (witness, glyph) in column {
            self.cells[start + witness] = u32::try_from(*glyph).unwrap_or(NONE);
        }
        self.solid.push(solid);
    }

    fn finish(self, alignments: &[Alignment], moves: &MoveNumbers) -> Table {
        let (width, columns) = (self.width, self.solid.len());
        let mut table =
            Table { width, cells: self.cells, moved: vec![None; columns], holes: vec![Vec::new(); width] };
        for (witness, alignment) in alignments.iter().enumerate() {
            let own = &alignment.moves;
            for column in 0..if own.is_empty() { 0 } else { columns } {
                let cell = table.cells[column * width + witness];
                if let Some(at) = moved_at(own, cell) {
                    table.moved[column] = Some(moves.of[witness][at]);
                }
            }
        }
        for (witness, alignment) in alignments.iter().enumerate() {
            let elsewhere: Vec<(Range<usize>, u32)> = alignment
                .moves
                .iter()
                .zip(&moves.of[witness])
                .map(|(moved, number)| {
                    (self.reference[moved.y.start]..self.reference[moved.y.end - 1] + 1, *number)
                })
                .collect();
            // Why a cell is empty: its glyph stands elsewhere, or in this place stands what others moved here.
            let reason = |column: usize| {
                let own =
                    elsewhere.iter().find(|(range, _)| range.contains(&column)).map(|(_, number)| *number);
                own.or(table.moved[column])
            };
            let mut holes: Vec<Hole> = Vec::new();
            let mut start = 0;
            while start < columns {
                if table.cells[start * width + witness] != NONE {
                    start += 1;
                    continue;
                }
                let why = reason(start);
                let (mut end, mut solid) = (start, 0);
                while end < columns && table.cells[end * width + witness] == NONE && reason(end) == why {
                    solid += usize::from(self.solid[end]);
                    end += 1;
                }
                match why {
                    Some(number) => {
                        holes.push(Hole { columns: start..end, absence: Absence::Elsewhere(number) });
                    }
                    None if solid >= LONG_GAP
                        || (start == 0 || end == columns) && solid >= LONG_GAP_AT_END =>
                    {
                        holes.push(Hole { columns: start..end, absence: Absence::Lost });
                    }
                    None => {}
                }
                start = end;
            }
            table.holes[witness] = holes;
        }
        table
    }
}
