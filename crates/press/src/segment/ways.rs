//! The ways in which readings of a page may go on with a piece of text, and which of them are kept.

use super::features::turning;
use super::units::EndState;

/// How many readings are kept.
const BEAM: usize = 100;
/// Readings this far behind the best one are dropped. One further behind hardly ever comes to be the best: of 982 pages two
/// were cut otherwise at 30,000, at a third more instructions (benchsuite/README.md, "Speed of segmentation").
const BEHIND: i32 = 20_000;

/// One way to go on: its score, the reading, and which of its streams goes on, one more than its place; 0 for a new
/// one. In order of what is kept first: by score from the highest on, then by reading, then by place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Choice(u64);

/// The place of a new stream that begins because nothing else is left.
pub(super) const UNSEEN: u16 = u16::MAX;

impl Choice {
    fn of(score: i32, reading: u16, place: u16) -> Choice {
        let from_highest = !(score.cast_unsigned() ^ 1 << 31);
        Choice(u64::from(from_highest) << 32 | u64::from(reading) << 16 | u64::from(place))
    }

    pub(super) fn score(self) -> i32 {
        let from_highest = u32::try_from(self.0 >> 32).unwrap_or(u32::MAX);
        (!from_highest ^ 1 << 31).cast_signed()
    }

    pub(super) fn reading(self) -> usize {
        (self.0 >> 16 & 0xffff) as usize
    }

    pub(super) fn place(self) -> u16 {
        u16::try_from(self.0 & 0xffff).unwrap_or(UNSEEN)
    }
}

/// The best ways among those offered, readings and their places in order.
#[derive(Default)]
pub(super) struct Kept {
    choices: Vec<Choice>,
    /// So many are above this score, or as high and offered before.
    least: i32,
}

impl Kept {
    pub(super) fn new() -> Kept {
        Kept { choices: Vec::with_capacity(BEAM * 4), least: i32::MIN }
    }

    /// Begins anew.
    pub(super) fn clear(&mut self) {
        self.choices.clear();
        self.least = i32::MIN;
    }

    pub(super) fn offer(&mut self, score: i32, reading: u16, place: usize) {
        if score <= self.least {
            return;
        }
        self.choices.push(Choice::of(score, reading, u16::try_from(place).unwrap_or(UNSEEN)));
        if self.choices.len() == BEAM * 4 {
            self.cut();
            self.least = self.choices[BEAM - 1].score();
        }
    }

    fn cut(&mut self) {
        if self.choices.len() > BEAM {
            self.choices.select_nth_unstable(BEAM - 1);
            self.choices.truncate(BEAM);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    /// Those that are kept, best first.
    pub(super) fn best(&mut self) -> &[Choice] {
        self.cut();
        self.choices.sort_unstable();
        let best = self.choices.first().map_or(0, |choice| choice.score());
        self.choices.retain(|choice| choice.score() >= best - BEHIND);
        &self.choices
    }
}

/// Pieces further away than this are all equally far.
const FAR: usize = 17;

/// What turning to another stream is worth, by how it ends and how far away that is, by how the stream read last ends
/// and whether columns alternate, and by place.
pub(super) struct Turns {
    worth: Vec<i32>,
}

const ENDS: [EndState; 3] = [EndState::Open, EndState::Closed, EndState::Terminal];

/// Places from the third on are alike.
const PLACES: usize = 3;

fn number(end: EndState) -> usize {
    match end {
        EndState::Open => 0,
        EndState::Closed => 1,
        EndState::Terminal => 2,
    }
}

impl Turns {
    pub(super) fn of(weights: &[i32]) -> Turns {
        let mut worth = Vec::with_capacity(ENDS.len() * (FAR + 1) * ENDS.len() * 2 * PLACES);
        for taken in ENDS {
            for away in 0..=FAR {
                for left in ENDS {
                    for soon in [false, true] {
                        let seen = |place| turning(place, soon, left, taken, away).worth(weights);
                        worth.extend((1..=PLACES).map(seen));
                    }
                }
            }
        }
        Turns { worth }
    }

    /// Where the row of a stream begins that ends so and so far away.
    pub(super) fn row(taken: EndState, away: usize) -> usize {
        (number(taken) * (FAR + 1) + away.min(FAR)) * ENDS.len() * 2 * PLACES
    }

    /// Where in a row what the reading tells stands: how the stream read last ends, whether columns alternate.
    pub(super) fn column(left: EndState, soon: bool) -> usize {
        (number(left) * 2 + usize::from(soon)) * PLACES
    }

    /// What turning to the stream at a place is worth; the first place is no turn.
    pub(super) fn worth(&self, row: usize, column: usize, place: usize) -> i32 {
        match place {
            0 => 0,
            _ => self.worth[row + column + place.min(PLACES) - 1],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_in_order() {
        // Scores that go up and down and come again.
        let score = |at: usize| i32::try_from(at * 7919 % 1511).unwrap() * 11 - 9000;
        let mut kept = Kept::new();
        let mut all = Vec::new();
        for reading in 0..90_u16 {
            for place in 0..15 {
                let score = score(usize::from(reading) * 15 + place);
                kept.offer(score, reading, place);
                all.push((std::cmp::Reverse(score), usize::from(reading), place));
            }
        }
        all.sort_unstable();
        all.truncate(BEAM);
        let best = kept.best();
        let seen = best
            .iter()
            .map(|choice| (std::cmp::Reverse(choice.score()), choice.reading(), usize::from(choice.place())));
        assert_eq!(seen.collect::<Vec<_>>(), all);
    }

    #[test]
    fn what_is_far_behind_is_dropped() {
        let mut kept = Kept::new();
        assert!(kept.is_empty());
        for (reading, score) in [(0, -40_000), (1, i32::MAX - 3), (2, 5), (3, i32::MAX - 3)] {
            kept.offer(score, reading, 2);
        }
        let best = kept.best();
        assert_eq!(best.iter().map(|choice| choice.reading()).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(best[0].score(), i32::MAX - 3);
    }

    #[test]
    fn a_turn_is_worth_what_its_features_are() {
        let weights: Vec<i32> =
            (0..super::super::features::COUNT).map(|at| i32::try_from(at * 37 % 991).unwrap()).collect();
        let turns = Turns::of(&weights);
        for (left, taken) in ENDS.into_iter().zip([EndState::Closed, EndState::Open, EndState::Open]) {
            for (place, away) in [(0, 1), (1, 2), (2, 5), (7, 40)] {
                let wanted = turning(place, true, left, taken, away).worth(&weights);
                assert_eq!(turns.worth(Turns::row(taken, away), Turns::column(left, true), place), wanted);
            }
        }
    }
}
