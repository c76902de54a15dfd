//! Which pairs of texts are worth aligning: for every stretch of every text its best few partners, and beyond
//! them what is needed to keep all that hangs together connected.
//!
//! A story in three hundred papers makes tens of thousands of pairs that all say the same. Aligning each text
//! with a few of its most alike costs in proportion to the printings.

use std::cmp::Reverse;

/// A pair of texts that share chains of seeds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    /// Places of the texts in the order of keys.
    pub(crate) a: u32,
    pub(crate) b: u32,
    /// About the units shared.
    pub(crate) score: u32,
    /// Distance of the two in the order of days and papers.
    pub(crate) distance: u32,
    /// Whether it leaves little doubt that both print one story: then it stands for two partners.
    pub(crate) clear: bool,
    /// Sixty-fourths of either text that are touched.
    pub(crate) a_places: u64,
    pub(crate) b_places: u64,
    /// Its chains in the common list.
    pub(crate) chains: (u32, u32),
}

/// Partners that every stretch of a text is compared with: four, or two that leave little doubt.
#[cfg(test)]
const PARTNERS: usize = 4;
/// A pair that keeps two groups of texts together counts when it shares at least this share of what the best
/// pair of either text shares, in hundredths.
const CONNECTS: u32 = 25;

/// Sixty-fourths of a text of `length` folded characters that `from..to` touches.
pub(crate) fn places(from: u32, to: u32, length: usize) -> u64 {
    let place = |at: u32| (u64::from(at) * 64 / (length as u64).max(1)).min(63);
    let (first, last) = (place(from), place(to.max(from)));
    (u64::MAX >> (63 - (last - first))) << first
}

/// All from the first to the last place, where a third of them is touched: under noise, chains have holes that
/// the alignment fills.
pub(crate) fn without_holes(places: u64) -> u64 {
    if places == 0 {
        return 0;
    }
    let hull = (u64::MAX << places.trailing_zeros()) & (u64::MAX >> places.leading_zeros());
    if places.count_ones() * 3 >= hull.count_ones() { hull } else { places }
}

/// The candidates to align, by key.
///
/// `long` tells which texts are so long that sixty-fourths are too coarse to count by; they get every partner.
pub(crate) fn select(
    mut candidates: Vec<Candidate>,
    texts: usize,
    long: impl Fn(u32) -> bool,
) -> Vec<Candidate> {
    candidates.sort_unstable_by_key(|one| (Reverse(one.score), one.distance, one.a, one.b));
    let mut depths: Vec<Depth> = vec![Depth::default(); texts];
    let mut best: Vec<u32> = vec![0; texts];
    let mut parent: Vec<u32> = (0..texts as u32).collect();
    let root = |mut at: u32, parent: &mut Vec<u32>| {
        while parent[at as usize] != at {
            parent[at as usize] = parent[parent[at as usize] as usize];
            at = parent[at as usize];
        }
        at
    };
    candidates.retain(|one| {
        let (a, b) = (one.a as usize, one.b as usize);
        best[a] = best[a].max(one.score);
        best[b] = best[b].max(one.score);
        let (left, right) = (root(one.a, &mut parent), root(one.b, &mut parent));
        let wanted =
            long(one.a) || long(one.b) || depths[a].lacks(one.a_places) || depths[b].lacks(one.b_places);
        let enough = one.score * 100 >= best[a].min(best[b]) * CONNECTS;
        if !wanted && (left == right || !enough) {
            return false;
        }
        for _ in 0..1 + u32::from(one.clear) {
            depths[a].deepen(one.a_places);
            depths[b].deepen(one.b_places);
        }
        parent[left.max(right) as usize] = left.min(right);
        true
    });
    candidates.sort_unstable_by_key(|one| (one.a, one.b));
    candidates
}

/// How many partners every place of a text has, up to four: for each place one bit of the number in each word.
#[derive(Clone, Copy, Debug, Default)]
struct Depth {
    ones: u64,
    twos: u64,
    /// Those that have enough.
    enough: u64,
}

impl Depth {
    /// Whether at least a quarter of the places has too few partners yet.
    fn lacks(&self, places: u64) -> bool {
        (places & !self.enough).count_ones() * 4 >= places.count_ones()
    }

    fn deepen(&mut self, places: u64) {
        let carry = self.ones & places;
        self.ones ^= places;
        self.enough |= self.twos & carry;
        self.twos ^= carry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_sixty_fourths() {
        assert_eq!(places(0, 63, 64), u64::MAX);
        assert_eq!(places(0, 0, 64), 1);
        assert_eq!(places(320, 639, 640), u64::MAX << 32);
        assert_eq!(places(5, 5, 0), 1 << 63);
    }

    #[test]
    fn holes_are_filled_where_much_is_touched() {
        assert_eq!(without_holes(0b1_0100_0100), 0b1_1111_1100);
        assert_eq!(without_holes(1 << 63 | 1), 1 << 63 | 1);
        assert_eq!(without_holes(0), 0);
    }

    #[test]
    fn many_alike_keep_few_pairs_and_stay_connected() {
        let mut all = Vec::new();
        for a in 0..40u32 {
            for b in a + 1..40 {
                // Two editions of one story: pairs within one are more alike.
                let score = if a % 2 == b % 2 { 900 } else { 700 };
                let (a_places, b_places) = (u64::MAX, u64::MAX);
                all.push(Candidate {
                    a,
                    b,
                    score,
                    distance: b - a,
                    clear: false,
                    a_places,
                    b_places,
                    chains: (0, 0),
                });
            }
        }
        let kept = select(all, 40, |_| false);
        assert!(kept.len() <= 40 * PARTNERS, "{}", kept.len());
        assert_eq!(kept.iter().filter(|one| one.a % 2 != one.b % 2).count(), 1);
    }
}
