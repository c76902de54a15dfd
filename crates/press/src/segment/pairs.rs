//! Where each pair of neighbouring characters stands in the texts of a page, to answer which longer runs over a cut
//! stand there too: one table of places instead of one of all runs of each length.

/// What parts two texts: no character.
const BETWEEN: u32 = u32::MAX;

/// How many characters of either side are looked at.
const SIDE: usize = 4;

/// So many places of a pair are looked at: a page of one character has a pair that stands everywhere.
const MOST_PLACES: usize = 400;

/// The places of all pairs of neighbouring characters.
#[derive(Default)]
pub(super) struct Pairs {
    /// All texts one behind the other, [`BETWEEN`] them and at both ends.
    characters: Vec<u32>,
    /// Where the places of the pairs of each slot begin, and where the last one's end.
    begins: Vec<u32>,
    /// For each pair the place of its second character, slot by slot.
    places: Vec<u32>,
    /// By how much a mixed pair is shifted to be a slot.
    shift: u32,
}

/// Which runs over a cut are known: a bit for each number of characters before the cut and behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known(u16);

impl Known {
    fn bit((before, behind): (usize, usize)) -> u16 {
        1 << ((before - 1) * SIDE + behind - 1)
    }

    /// Whether the run of so many characters before the cut and so many behind it is known; each one to four.
    pub(super) fn holds(self, taken: (usize, usize)) -> bool {
        self.0 & Known::bit(taken) != 0
    }

    /// A run, and no shorter one.
    pub(super) fn add_run(&mut self, taken: (usize, usize)) {
        self.0 |= Known::bit(taken);
    }

    /// A run and all shorter ones inside it.
    fn add(&mut self, before: usize, behind: usize) {
        let row = (1_u16 << behind) - 1;
        (0..before).for_each(|place| self.0 |= row << (place * SIDE));
    }
}

impl Pairs {
    /// Of texts, each by itself: no pair stands over the end of one.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t [char]>) -> Pairs {
        let mut characters = vec![BETWEEN];
        for text in texts {
            characters.extend(text.iter().map(|character| u32::from(*character)));
            characters.push(BETWEEN);
        }
        let slots = characters.len().max(64).next_power_of_two();
        let mut pairs =
            Pairs { characters, begins: vec![0; slots + 1], places: Vec::new(), shift: 64 - slots.ilog2() };
        for at in 1..pairs.characters.len() {
            if let Some(slot) = pairs.slot(at) {
                pairs.begins[slot] += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut pairs.begins {
            sum += *begin;
            *begin = sum;
        }
        pairs.places = vec![0; sum as usize];
        // From the end backwards, so that each slot's places come to stand in order and its begin is left right.
        for at in (1..pairs.characters.len()).rev() {
            if let Some(slot) = pairs.slot(at) {
                pairs.begins[slot] -= 1;
                let place = pairs.begins[slot] as usize;
                pairs.places[place] = u32::try_from(at).unwrap_or(u32::MAX);
            }
        }
        pairs
    }

    fn slot_of(&self, first: u32, second: u32) -> usize {
        let pair = u64::from(first) << 32 | u64::from(second);
        (pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    /// The slot of the pair whose second character stands at a place.
    fn slot(&self, at: usize) -> Option<usize> {
        let (first, second) = (self.characters[at - 1], self.characters[at]);
        (first != BETWEEN && second != BETWEEN).then(|| self.slot_of(first, second))
    }

    /// Which runs over a cut stand in the texts; of a pair that stands everywhere its first places are looked at.
    pub(super) fn known(&self, left: &[char], right: &[char]) -> Known {
        let mut known = Known::default();
        let (Some(last), Some(first)) = (left.last(), right.first()) else { return known };
        if self.places.is_empty() {
            return known;
        }
        let (last, first) = (u32::from(*last), u32::from(*first));
        let slot = self.slot_of(last, first);
        let places = &self.places[self.begins[slot] as usize..self.begins[slot + 1] as usize];
        for place in places.iter().take(MOST_PLACES) {
            let (before, behind) = self.characters.split_at(*place as usize);
            if before.last() != Some(&last) || behind.first() != Some(&first) {
                continue;
            }
            let same = |pair: &(&u32, &char)| *pair.0 == u32::from(*pair.1);
            let before = before.iter().rev().zip(left.iter().rev()).take(SIDE).take_while(same).count();
            let behind = behind.iter().zip(right).take(SIDE).take_while(same).count();
            known.add(before, behind);
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn characters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn a_pair_that_stands_everywhere_costs_no_more() {
        let page = vec!['一'; 300_000];
        let pairs = Pairs::of(std::iter::once(page.as_slice()));
        // Looking at all places of the pair each time would take minutes.
        for _ in 0..100_000 {
            assert!(pairs.known(&page[..4], &page[..4]).holds((4, 4)));
        }
    }

    #[test]
    fn what_stands_in_a_text_is_known() {
        let texts = ["两岸居民同意修桥", "桥工昨天开工", "居民昨天庆祝"].map(characters);
        let pairs = Pairs::of(texts.iter().map(Vec::as_slice));
        for left in 1..5 {
            for right in 1..5 {
                for (from, to) in
                    [("两岸居民", "同意修桥"), ("修桥", "桥工昨"), ("们居民", "昨天开"), ("", "桥")]
                {
                    let (before, behind) = (characters(from), characters(to));
                    let wanted = left <= before.len() && right <= behind.len() && {
                        let run: Vec<char> =
                            before[before.len() - left..].iter().chain(&behind[..right]).copied().collect();
                        texts.iter().any(|text| text.windows(run.len()).any(|window| window == run))
                    };
                    assert_eq!(
                        pairs.known(&before, &behind).holds((left, right)),
                        wanted,
                        "{from}|{to} {left} {right}"
                    );
                }
            }
        }
    }

    #[test]
    fn no_text_knows_nothing() {
        assert_eq!(Pairs::default().known(&['a'], &['b']), Known::default());
        assert_eq!(Pairs::of(std::iter::empty()).known(&['a'], &['b']), Known::default());
    }
}
