//! Where witnesses differ: columns and the layout between them as one sequence of elements, and the stretches of
//! it that are one event each.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::marks::is_unspaced_script;
use crate::stream::{Glyph, Stream};
use crate::table::{Absence, NONE, Table};

/// Two swapped stretches have at most so many glyphs between them.
const SWAP_REACH: usize = 12;
/// Two differences in one word have at most so many equal glyphs between them (scripts with and without spaces).
const WORD_REACH: (usize, usize) = (2, 1);

/// A witness that does not testify to an element.
const SILENT: u16 = u16::MAX;

/// What an element shows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// All witnesses print the same.
    Equal,
    /// All that testify print the same; the witnesses of this set (a number) are silent.
    Hole(usize),
    /// They differ: for each witness the number of its form, or [`SILENT`].
    Differs(Vec<u16>),
}

/// What kind of stretch a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnitKind {
    /// A difference of characters.
    Glyphs,
    /// A difference of white space only.
    Layout,
    /// Two swapped stretches.
    Swap,
    /// Witnesses lack a long stretch or have it elsewhere (number of the move).
    Hole(Absence),
}

/// A stretch of elements that is one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Element numbers: 2c is the layout before column c, 2c + 1 the column.
    pub(crate) elements: Range<usize>,
    pub(crate) kind: UnitKind,
    /// Why a witness is silent here, for those that are.
    pub(crate) silent: Vec<Option<Absence>>,
}

impl Unit {
    /// Its columns.
    pub(crate) fn columns(&self) -> Range<usize> {
        self.elements.start / 2..self.elements.end / 2
    }
}

/// Layout runs by element: which witness has which (bytes of its covered text).
pub(crate) type LayoutPlaces = BTreeMap<usize, Vec<(usize, (usize, usize))>>;

/// Decides between which columns each witness's white space stands. Where a witness lacks columns its white space
/// could stand before or after them: where others have the same, else before.
pub(crate) fn layout_places(table: &Table, streams: &[Stream]) -> LayoutPlaces {
    let mut places: LayoutPlaces = BTreeMap::new();
    let mut open: Vec<(usize, (usize, usize), Range<usize>)> = Vec::new();
    for (witness, stream) in streams.iter().enumerate() {
        let mut next = 0usize;
        let mut slot = 0usize;
        let mut place = |glyph: usize, slots: Range<usize>| {
            let (start, end) = stream.layout_before(glyph);
            if start == end {
            } else if slots.len() == 1 {
                places.entry(slots.start * 2).or_default().push((witness, (start, end)));
            } else {
                open.push((witness, (start, end), slots));
            }
        };
        for column in 0..table.len() {
            if table.column(column)[witness] != NONE {
                place(next, slot..column + 1);
                next += 1;
                slot = column + 1;
            }
        }
        place(next, slot..table.len() + 1);
    }
    for (witness, (start, end), slots) in open {
        let own = &streams[witness].covered[start..end];
        let same = |slot: &usize| {
            places.get(&(slot * 2)).is_some_and(|there| {
                there.iter().any(|(other, (from, to))| &streams[*other].covered[*from..*to] == own)
            })
        };
        // Long gaps are searched at their ends only.
        let mut candidates = slots.clone().take(32).chain(slots.clone().rev().take(32));
        let slot = candidates.find(same).unwrap_or(slots.start);
        places.entry(slot * 2).or_default().push((witness, (start, end)));
    }
    for there in places.values_mut() {
        there.sort_unstable();
    }
    places
}

/// Finds the units of a table.
pub(crate) fn units(table: &Table, streams: &[Stream], layout: &LayoutPlaces) -> Vec<Unit> {
    let mut finder = Finder { table, streams, layout, sets: Vec::new(), next_hole: vec![0; table.width] };
    let states: Vec<State> = (0..=table.len() * 2).map(|element| finder.state(element)).collect();
    let mut units = finder.stretches(&states);
    finder.join_words(&states, &mut units);
    finder.join_swaps(&states, &mut units);
    units
}

struct Finder<'a> {
    table: &'a Table,
    streams: &'a [Stream],
    layout: &'a LayoutPlaces,
    /// The sets of silent witnesses met so far.
    sets: Vec<Vec<Option<Absence>>>,
    next_hole: Vec<usize>,
}

impl Finder<'_> {
    fn glyph(&self, witness: usize, column: usize) -> Option<Glyph> {
        let cell = self.table.column(column)[witness];
        (cell != NONE).then(|| self.streams[witness].glyphs[cell as usize])
    }

    /// Elements must be asked for in order.
    fn state(&mut self, element: usize) -> State {
        let column = element / 2;
        if element % 2 == 1 {
            let cells = self.table.column(column);
            let first = (cells[0] != NONE).then(|| self.streams[0].glyphs[cells[0] as usize].raw);
            if first.is_some()
                && cells.iter().enumerate().all(|(witness, cell)| {
                    *cell != NONE && Some(self.streams[witness].glyphs[*cell as usize].raw) == first
                })
            {
                return State::Equal;
            }
            let silent = self.silent(column, column);
            let forms: Vec<Option<u32>> = (0..self.table.width)
                .map(|witness| self.glyph(witness, column).map(|glyph| glyph.raw as u32))
                .collect();
            return self.judge(&forms, silent);
        }
        let Some(there) = self.layout.get(&element) else {
            return State::Equal;
        };
        let text = |at: usize| {
            let (witness, (start, end)) = there[at];
            &self.streams[witness].covered[start..end]
        };
        if there.len() == self.table.width && (1..there.len()).all(|at| text(at) == text(0)) {
            return State::Equal;
        }
        let mut known: Vec<&str> = Vec::new();
        let mut forms: Vec<Option<u32>> = vec![None; self.table.width];
        for (at, (witness, _)) in there.iter().enumerate() {
            let form = known.iter().position(|known| *known == text(at)).unwrap_or_else(|| {
                known.push(text(at));
                known.len() - 1
            });
            forms[*witness] = u32::try_from(form).ok();
        }
        let silent = self.silent(column.saturating_sub(1), column.min(self.table.len().saturating_sub(1)));
        self.judge(&forms, silent)
    }

    /// Which witnesses are in a hole from column `first` to `last`.
    fn silent(&mut self, first: usize, last: usize) -> Vec<Option<Absence>> {
        (0..self.table.width)
            .map(|witness| {
                let holes = &self.table.holes[witness];
                let next = &mut self.next_hole[witness];
                while holes.get(*next).is_some_and(|hole| hole.columns.end <= first) {
                    *next += 1;
                }
                let hole = holes.get(*next).filter(|hole| hole.columns.contains(&first));
                hole.filter(|hole| hole.columns.contains(&last)).map(|hole| hole.absence)
            })
            .collect()
    }

    fn judge(&mut self, forms: &[Option<u32>], silent: Vec<Option<Absence>>) -> State {
        let mut known: Vec<Option<u32>> = Vec::new();
        let partition: Vec<u16> = forms
            .iter()
            .zip(&silent)
            .map(|(form, silent)| {
                if silent.is_some() && form.is_none() {
                    return SILENT;
                }
                let at = known.iter().position(|known| known == form).unwrap_or_else(|| {
                    known.push(*form);
                    known.len() - 1
                });
                u16::try_from(at).unwrap_or(SILENT - 1)
            })
            .collect();
        if known.len() > 1 {
            return State::Differs(partition);
        }
        let set: Vec<Option<Absence>> = silent
            .into_iter()
            .zip(partition)
            .map(|(silent, part)| silent.filter(|_| part == SILENT))
            .collect();
        let number = self.sets.iter().rposition(|known| *known == set).unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        });
        State::Hole(number)
    }

    fn is_mark(&self, element: usize) -> Option<bool> {
        if element.is_multiple_of(2) {
            return None;
        }
        (0..self.table.width).find_map(|witness| self.glyph(witness, element / 2)).map(|glyph| glyph.mark)
    }

    /// Which witnesses have no glyph in a column.
    fn gaps(&self, element: usize) -> Vec<bool> {
        self.table.column(element / 2).iter().map(|cell| *cell == NONE).collect()
    }

    /// Whether two neighbouring differing elements are one event.
    fn continues(&self, left: (usize, &[u16]), right: (usize, &[u16])) -> bool {
        let (Some(left_mark), Some(right_mark)) = (self.is_mark(left.0), self.is_mark(right.0)) else {
            return same_partition(left.1, right.1);
        };
        if !refines(left.1, right.1) && !refines(right.1, left.1) {
            return false;
        }
        let gaps = self.gaps(left.0);
        left_mark == right_mark || gaps.contains(&true) && gaps == self.gaps(right.0)
    }

    fn stretches(&self, states: &[State]) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::new();
        let mut element = 0;
        while element < states.len() {
            match &states[element] {
                State::Equal => element += 1,
                State::Hole(set) => {
                    let mut end = element + 1;
                    // Layout between two columns of a hole belongs to it even where all agree on none.
                    while end < states.len()
                        && (states[end] == State::Hole(*set)
                            || states[end] == State::Equal
                                && end.is_multiple_of(2)
                                && states.get(end + 1) == Some(&State::Hole(*set)))
                    {
                        end += 1;
                    }
                    let silent = &self.sets[*set];
                    let absence = silent.iter().flatten().max().copied().unwrap_or(Absence::Lost);
                    units.push(Unit {
                        elements: element..end,
                        kind: UnitKind::Hole(absence),
                        silent: silent.clone(),
                    });
                    element = end;
                }
                State::Differs(first) => {
                    let mut last = (element, first.as_slice());
                    let mut end = element + 1;
                    while end < states.len() {
                        match &states[end] {
                            State::Differs(next) if self.continues(last, (end, next)) => {
                                last = (end, next);
                                end += 1;
                            }
                            // Nothing stands between two columns: look at the next one.
                            State::Equal
                                if end.is_multiple_of(2)
                                    && !self.layout.contains_key(&end)
                                    && matches!(states.get(end + 1), Some(State::Differs(next))
                                        if self.continues(last, (end + 1, next))) =>
                            {
                                end += 1;
                            }
                            _ => break,
                        }
                    }
                    let kind = if (element..end).any(|at| at % 2 == 1) {
                        UnitKind::Glyphs
                    } else {
                        UnitKind::Layout
                    };
                    let lost = |form: &u16| (*form == SILENT).then_some(Absence::Lost);
                    let silent = first.iter().map(lost).collect();
                    units.push(Unit { elements: element..end, kind, silent });
                    element = end;
                }
            }
        }
        units
    }

    fn partition_of<'s>(&self, states: &'s [State], unit: &Unit) -> Option<&'s [u16]> {
        unit.elements.clone().find_map(|element| match &states[element] {
            State::Differs(partition) if element % 2 == 1 => Some(partition.as_slice()),
            _ => None,
        })
    }

    /// Whether some column of the unit has glyphs in all witnesses that testify.
    fn substitutes(&self, unit: &Unit) -> bool {
        unit.columns().any(|column| {
            let cells = self.table.column(column);
            cells.iter().zip(&unit.silent).all(|(cell, silent)| silent.is_some() || *cell != NONE)
        })
    }

    /// Joins two differences of the same witnesses inside one word.
    fn join_words(&self, states: &[State], units: &mut Vec<Unit>) {
        let mut joined: Vec<Unit> = Vec::with_capacity(units.len());
        for unit in units.drain(..) {
            if let Some(last) = joined.last_mut()
                && last.kind == UnitKind::Glyphs
                && unit.kind == UnitKind::Glyphs
                && self.one_word(states, last, &unit)
            {
                last.elements.end = unit.elements.end;
                continue;
            }
            joined.push(unit);
        }
        *units = joined;
    }

    fn one_word(&self, states: &[State], left: &Unit, right: &Unit) -> bool {
        let between = left.elements.end..right.elements.start;
        let glyphs = between.clone().filter(|element| element % 2 == 1).count();
        if glyphs == 0
            || glyphs > WORD_REACH.0
            || between.clone().any(|element| self.layout.contains_key(&element))
        {
            return false;
        }
        let mut unspaced = false;
        for element in left.elements.start..right.elements.end {
            if element.is_multiple_of(2) {
                if self.layout.contains_key(&element) {
                    return false;
                }
                continue;
            }
            for witness in 0..self.table.width {
                if let Some(glyph) = self.glyph(witness, element / 2) {
                    if glyph.mark || glyph.raw.is_numeric() {
                        return false;
                    }
                    unspaced |= is_unspaced_script(glyph.raw);
                }
            }
        }
        if unspaced && glyphs > WORD_REACH.1 {
            return false;
        }
        if !(self.substitutes(left) || self.substitutes(right)) {
            return false;
        }
        match (self.partition_of(states, left), self.partition_of(states, right)) {
            (Some(one), Some(other)) => same_partition(one, other),
            _ => false,
        }
    }

    /// Joins an omission and an addition of the same glyphs close by: two stretches changed places.
    fn join_swaps(&self, states: &[State], units: &mut Vec<Unit>) {
        let mut joined: Vec<Unit> = Vec::with_capacity(units.len());
        for unit in units.drain(..) {
            // A line that one of them breaks between the two is no difference of words.
            let left = match unit.kind {
                UnitKind::Glyphs => joined.iter().rposition(|other| other.kind != UnitKind::Layout),
                _ => None,
            };
            if let Some(left) = left
                && joined[left].kind == UnitKind::Glyphs
                && self.swapped(states, &joined[left], &unit)
            {
                joined.truncate(left + 1);
                joined[left].elements.end = unit.elements.end;
                joined[left].kind = UnitKind::Swap;
                continue;
            }
            joined.push(unit);
        }
        *units = joined;
    }

    fn swapped(&self, states: &[State], left: &Unit, right: &Unit) -> bool {
        let between = left.elements.end / 2..right.elements.start / 2;
        if between.is_empty() || between.len() > SWAP_REACH {
            return false;
        }
        let differs = |element: usize| element % 2 == 1 && !matches!(states[element], State::Equal);
        if (left.elements.end..right.elements.start).any(differs) {
            return false;
        }
        let side = |unit: &Unit| -> Option<(Vec<bool>, Vec<u32>)> {
            let columns = unit.columns();
            let gaps: Vec<bool> = self.table.column(columns.start).iter().map(|cell| *cell == NONE).collect();
            let mut labels = Vec::new();
            for column in columns {
                let cells = self.table.column(column);
                if !cells.iter().zip(&gaps).all(|(cell, gap)| (*cell == NONE) == *gap) {
                    return None;
                }
                let mut own = (0..self.table.width).filter_map(|witness| self.glyph(witness, column));
                let label = own.next()?.label;
                if own.any(|glyph| glyph.label != label) {
                    return None;
                }
                labels.push(label);
            }
            Some((gaps, labels))
        };
        let (Some((left_gaps, left_labels)), Some((right_gaps, right_labels))) = (side(left), side(right))
        else {
            return false;
        };
        let sorted = |labels: &[u32]| {
            let mut labels = labels.to_vec();
            labels.sort_unstable();
            labels
        };
        // Where a connective stands between the two, each side takes it along: compare as bags.
        sorted(&left_labels) == sorted(&right_labels)
            && (left_labels.len() >= 2 || between.len() <= 3)
            && left_gaps.iter().zip(&right_gaps).all(|(one, other)| one != other)
    }
}

/// Whether two elements divide the witnesses alike, silent ones aside.
fn same_partition(left: &[u16], right: &[u16]) -> bool {
    refines(left, right) && refines(right, left)
}

/// Whether witnesses that agree on `fine` also agree on `coarse`.
fn refines(fine: &[u16], coarse: &[u16]) -> bool {
    let mut image: Vec<Option<u16>> = Vec::new();
    for (one, other) in fine.iter().zip(coarse) {
        if *one == SILENT || *other == SILENT {
            continue;
        }
        let at = usize::from(*one);
        if image.len() <= at {
            image.resize(at + 1, None);
        }
        match image[at] {
            None => image[at] = Some(*other),
            Some(known) if known != *other => return false,
            Some(_) => {}
        }
    }
    true
}
