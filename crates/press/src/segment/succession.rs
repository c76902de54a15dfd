//! The order in which streams come on a page that is read column by column over several stories: each column has them in the
//! same order, and a story has as much text in each of its columns.

use super::features::{COLUMN_LENGTH, PIECE_LENGTH, SUCCESSION, Seen, Sees, worth_of};
use super::units::EndState;

/// What a reading knows of the places where one of its streams was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Visits {
    /// The name of the stream that was read behind it when it was left last; nothing where it never was.
    pub next: u32,
    /// How many characters of it were read since it was taken up.
    stay: u32,
    /// How many were read the time before.
    before: u32,
}

impl Visits {
    /// Of a stream that begins with so many characters.
    pub(super) fn begun(length: usize) -> Visits {
        Visits { stay: in_figures(length), ..Visits::default() }
    }

    /// Goes on with so many characters.
    pub(super) fn goes_on(&mut self, length: usize) {
        self.stay = self.stay.saturating_add(in_figures(length));
    }

    /// Is left for the stream of that name.
    pub(super) fn left_for(&mut self, next: u32) {
        self.next = next;
        self.before = self.stay;
        self.stay = 0;
    }
}

fn in_figures(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// How two lengths compare: as good as equal, then from much less to much more.
fn comparison(length: u32, with: u32) -> usize {
    let (length, with) = (u64::from(length), u64::from(with));
    match length {
        _ if length.abs_diff(with) <= 2 => 0,
        _ if length * 10 < with * 6 => 1,
        _ if length * 10 < with * 9 => 2,
        _ if length * 10 <= with * 11 => 3,
        _ if length * 10 <= with * 14 => 4,
        _ => 5,
    }
}

/// How many results [`comparison`] has.
pub(super) const COMPARISONS: usize = 6;
/// How many cells [`Succession::cell`] gives.
pub(super) const SUCCESSIONS: usize = 9;

/// What a reading tells of the move that comes next.
#[derive(Clone, Copy)]
pub(super) struct Succession {
    left: Visits,
    open: bool,
    /// Where the stream stands that followed the one read last, and the name of the one that followed that.
    known: Option<(usize, u32)>,
    /// Characters of the piece.
    length: u32,
    /// Whether the piece breaks off.
    breaks_off: bool,
}

impl Succession {
    /// Of a reading's streams, each with its name and visits, the one read last first; that one ends as `end` says. The piece that
    /// comes next has so many characters, and ends so.
    pub(super) fn of(
        streams: impl Iterator<Item = (u32, Visits)> + Clone,
        end: EndState,
        (length, piece_end): (usize, EndState),
    ) -> Option<Succession> {
        let (_, left) = streams.clone().next()?;
        let next = (left.next != 0).then_some(left.next);
        let known = next.and_then(|next| streams.enumerate().find(|(_, (name, _))| *name == next));
        Some(Succession {
            left,
            open: end == EndState::Open,
            known: known.map(|(place, (_, visits))| (place, visits.next)),
            length: in_figures(length),
            breaks_off: piece_end == EndState::Open,
        })
    }

    fn cell(&self, place: Option<usize>, name: u32) -> usize {
        match (self.known, place) {
            _ if self.left.next == 0 => 0,
            (None, None) => 1,
            (None, Some(0)) => 2,
            (None, Some(_)) => 3,
            (Some((known, _)), Some(place)) if known == place => 4,
            (Some(_), Some(0)) => 5,
            (Some((_, second)), Some(_)) if second == name => 6,
            (Some(_), Some(_)) => 7,
            (Some(_), None) => 8,
        }
    }

    /// What is seen of the move to the stream of a name at a place, whose visits these are, or to a new one.
    pub(super) fn seen(&self, to: Option<(usize, u32, Visits)>) -> Seen {
        let mut seen = Seen::default();
        let place = to.map(|(place, _, _)| place);
        let open = usize::from(self.open);
        let cell = self.cell(place, to.map_or(0, |(_, name, _)| name));
        if cell > 0 {
            seen.add(SUCCESSION, cell * 2 + open);
        }
        if self.left.before > 0 {
            let (stay, manner) = match place {
                Some(0) => (self.left.stay.saturating_add(self.length), 2),
                _ => (self.left.stay, 0),
            };
            seen.add(COLUMN_LENGTH, comparison(stay, self.left.before) * 4 + manner + open);
        }
        if let Some((1.., _, visits)) = to
            && visits.before > 0
        {
            let cell = comparison(self.length, visits.before) * 2 + usize::from(self.breaks_off);
            seen.add(PIECE_LENGTH, cell);
        }
        seen
    }
}

/// What the moves that a reading may make next are worth by the order of its streams: as [`Succession::seen`], all at once.
pub(super) struct OrderWorth {
    succession: Succession,
    /// Of a new stream, and of going on with the one read last.
    pub begins: i32,
    stays: i32,
    /// Of going on with another one, by its [`Succession::cell`].
    turns: [i32; SUCCESSIONS],
}

impl OrderWorth {
    pub(super) fn of(succession: Succession, weights: &[i32]) -> OrderWorth {
        let Succession { left, length, open, .. } = succession;
        let open = usize::from(open);
        let cell = |cell: usize| if cell > 0 { worth_of(SUCCESSION, cell * 2 + open, weights) } else { 0 };
        let column = |stay: u32, manner: usize| match left.before {
            0 => 0,
            before => worth_of(COLUMN_LENGTH, comparison(stay, before) * 4 + manner + open, weights),
        };
        let away = column(left.stay, 0);
        let mut turns = [away; SUCCESSIONS];
        if left.next != 0 {
            turns.iter_mut().enumerate().for_each(|(at, worth)| *worth += cell(at));
        }
        OrderWorth {
            begins: cell(succession.cell(None, 0)) + away,
            stays: cell(succession.cell(Some(0), 0)) + column(left.stay.saturating_add(length), 2),
            turns,
            succession,
        }
    }

    /// Of going on with the stream of a name at a place, whose visits these are; `pieces` is what [`piece_worths`] gives.
    #[inline]
    pub(super) fn goes_on(
        &self,
        (place, name, visits): (usize, u32, Visits),
        pieces: &[i32; COMPARISONS],
    ) -> i32 {
        if place == 0 {
            return self.stays;
        }
        let length = match visits.before {
            0 => 0,
            before => pieces[comparison(self.succession.length, before)],
        };
        self.turns[self.succession.cell(Some(place), name)] + length
    }
}

/// What the length of a piece beside that of the piece of a stream before is worth, by how they compare.
pub(super) fn piece_worths(breaks_off: bool, weights: &[i32]) -> [i32; COMPARISONS] {
    std::array::from_fn(|cell| worth_of(PIECE_LENGTH, cell * 2 + usize::from(breaks_off), weights))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the features that are seen of a move.
    fn cells(succession: Succession, to: Option<(usize, u32, Visits)>) -> Vec<usize> {
        succession.seen(to).iter().collect()
    }

    fn visits(lengths: &[usize], next: u32) -> Visits {
        let mut visits = Visits::begun(lengths[0]);
        for length in &lengths[1..] {
            visits.left_for(next);
            visits.goes_on(*length);
        }
        visits
    }

    #[test]
    fn the_stream_that_came_behind_it_before_is_known() {
        // Streams 1, 2, 3 were read in turn, then 1 and 2 again; 3 follows 2.
        let streams = [(2, visits(&[40, 40], 3)), (1, visits(&[90, 90], 2)), (3, visits(&[60], 0))];
        let of = |end| Succession::of(streams.iter().copied(), end, (60, EndState::Closed)).unwrap();
        let known = of(EndState::Open);
        assert_eq!(known.known, Some((2, 0)));
        assert_eq!(known.cell(Some(2), 3), 4);
        assert_eq!(known.cell(Some(0), 2), 5);
        assert_eq!(known.cell(Some(1), 1), 7);
        assert_eq!(known.cell(None, 0), 8);
        // What is seen differs by how the text read last ends.
        assert_ne!(
            cells(known, Some((2, 3, streams[2].1))),
            cells(of(EndState::Closed), Some((2, 3, streams[2].1)))
        );
    }

    #[test]
    fn moves_are_worth_what_is_seen_of_them() {
        let weights: Vec<i32> =
            (0..super::super::features::COUNT).map(|at| i32::try_from(at * 37 % 991).unwrap()).collect();
        let streams = [(2, visits(&[40, 38, 50], 3)), (1, visits(&[90, 90], 2)), (3, visits(&[60, 41], 1))];
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 1, 0]] {
            let streams = order.map(|at: usize| streams[at]);
            for end in [EndState::Open, EndState::Closed] {
                for (length, piece_end) in
                    [(12, EndState::Open), (41, EndState::Closed), (90, EndState::Open)]
                {
                    for known in 1..=3 {
                        let open = streams[..known].iter().copied();
                        let whole = Succession::of(open, end, (length, piece_end)).unwrap();
                        let worth = OrderWorth::of(whole, &weights);
                        let pieces = piece_worths(piece_end == EndState::Open, &weights);
                        assert_eq!(worth.begins, whole.seen(None).worth(&weights));
                        for (place, (name, visits)) in streams[..known].iter().enumerate() {
                            let to = (place, *name, *visits);
                            assert_eq!(worth.goes_on(to, &pieces), whole.seen(Some(to)).worth(&weights));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_stream_that_was_never_left_tells_nothing() {
        let streams = [(1, visits(&[90], 0))];
        let fresh = Succession::of(streams.iter().copied(), EndState::Open, (5, EndState::Open)).unwrap();
        assert!(cells(fresh, None).is_empty());
        assert!(cells(fresh, Some((0, 1, streams[0].1))).is_empty());
        assert!(Succession::of(std::iter::empty(), EndState::Open, (5, EndState::Open)).is_none());
    }

    #[test]
    fn a_stream_that_ended_is_followed_by_none() {
        let streams = [(2, visits(&[40, 40], 9)), (1, visits(&[90], 0))];
        let gone = Succession::of(streams.iter().copied(), EndState::Open, (60, EndState::Open)).unwrap();
        assert_eq!([gone.cell(None, 0), gone.cell(Some(0), 2), gone.cell(Some(1), 1)], [1, 2, 3]);
    }

    #[test]
    fn lengths_compare() {
        let classes: Vec<usize> =
            [38, 10, 30, 43, 52, 80].iter().map(|length| comparison(*length, 40)).collect();
        assert_eq!(classes, [0, 1, 2, 3, 4, 5]);
        assert_eq!(comparison(u32::MAX, u32::MAX), 0);
        assert!(classes.into_iter().all(|class| class < COMPARISONS));
    }
}
