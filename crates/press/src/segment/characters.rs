//! Which characters a text is made of, beside those of a stream: names, terms and manner of one story recur in all of it, and
//! characters show them where words are too short, unknown or misread to be compared.
//!
//! The measure is the product of the two counts, each character divided by its share of the page (the first term of the log odds of
//! the text under the stream's own frequencies mixed with the page's), over the square root of the text's length: sums of chance
//! grow with that.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

/// Characters of a text count no more than so often: a list repeats one.
const MOST_TIMES: u16 = 2;
/// So many thousandths are added to each share, so that what stands twice on a page does not outweigh all else.
const LEAST_SHARE: i64 = 1;
/// Streams shorter than a few times this say little.
const SURE: i64 = 40;
/// What one over a share is counted in.
const UNIT: i64 = 64;
/// No more different characters are looked at.
const MOST: usize = 4096;

/// The characters of the units of a page.
#[derive(Debug, Default)]
pub(super) struct Characters {
    /// For each unit its characters that the page has more than once, each with how often, and how many it has in all.
    units: Vec<(Vec<(u16, u16)>, u32)>,
    /// For each character one over its share of the page, in [`UNIT`]s, and how often the page has it.
    worth: Vec<(i64, i64)>,
    total: i64,
}

impl Characters {
    /// Of the given texts.
    pub(super) fn of(texts: &[&[char]]) -> Characters {
        let mut times: HashMap<char, (u32, u32)> = HashMap::new();
        let mut total = 0;
        for character in texts.iter().copied().flatten() {
            let next = u32::try_from(times.len()).unwrap_or(u32::MAX);
            times.entry(*character).or_insert((next, 0)).1 += 1;
            total += 1;
        }
        let mut order: Vec<(u32, u32, char)> = times
            .iter()
            .filter(|(_, (_, times))| *times > 1)
            .map(|(c, (first, n))| (*first, *n, *c))
            .collect();
        order.sort_unstable();
        order.truncate(MOST);
        let numbers: HashMap<char, u16> =
            (0_u16..).zip(&order).map(|(number, (.., character))| (*character, number)).collect();
        let worth = order.iter().map(|(_, times, _)| {
            let times = i64::from(*times);
            (UNIT * 1000 * total / (times * 1000 + LEAST_SHARE * total), times)
        });
        let units = texts.iter().map(|text| {
            let mut all: Vec<u16> = text.iter().filter_map(|one| numbers.get(one).copied()).collect();
            all.sort_unstable();
            let counted = all.chunk_by(|a, b| a == b).map(|same| (same[0], in_u16(same.len())));
            (counted.collect(), u32::try_from(text.len()).unwrap_or(u32::MAX))
        });
        Characters { units: units.collect(), worth: worth.collect(), total: total.max(1) }
    }

    /// What texts are compared by: the characters of several units together.
    pub(super) fn sample(&self, units: impl IntoIterator<Item = usize>) -> Sample {
        // For each character where it stands among the weights, one more than that.
        let mut places = vec![0_u16; self.worth.len()];
        let mut weights: Vec<(u16, i64)> = Vec::with_capacity(128);
        let mut length = 0;
        for (counts, own) in units.into_iter().map(|unit| &self.units[unit]) {
            length += i64::from(*own);
            for (number, times) in counts {
                let place = &mut places[usize::from(*number)];
                if *place == 0 {
                    weights.push((*number, 0));
                    *place = in_u16(weights.len());
                }
                let all = &mut weights[usize::from(*place) - 1].1;
                *all = (*all + i64::from(*times)).min(i64::from(MOST_TIMES));
            }
        }
        weights.iter_mut().for_each(|(number, weight)| *weight *= self.worth[usize::from(*number)].0);
        let expected = weights.iter().map(|(number, weight)| weight * self.worth[usize::from(*number)].1);
        Sample {
            expected: expected.sum::<i64>() / self.total,
            weights,
            root: (length * 10_000).isqrt().max(1),
        }
    }

    /// The counts of a stream that goes on with a unit; of one that begins where there is none before.
    pub(super) fn grown(&self, old: Option<&Counts>, units: impl IntoIterator<Item = usize>) -> Counts {
        let mut counts =
            old.cloned().unwrap_or_else(|| Counts { times: vec![0; self.worth.len()], length: 0 });
        for (own, length) in units.into_iter().map(|unit| &self.units[unit]) {
            for (number, times) in own {
                let slot = &mut counts.times[usize::from(*number)];
                *slot = slot.saturating_add(*times);
            }
            counts.length = counts.length.saturating_add(*length);
        }
        counts
    }
}

fn in_u16(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// The characters of a stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    times: Vec<u16>,
    length: u32,
}

/// A text prepared for comparison with streams.
#[derive(Debug)]
pub(super) struct Sample {
    /// Its characters, each with what one of the stream's is worth.
    weights: Vec<(u16, i64)>,
    /// What each character of a stream is worth by chance.
    expected: i64,
    /// A hundred times the square root of how many characters it has.
    root: i64,
}

impl Sample {
    /// By how much the characters in common with a stream exceed what chance gives, in thousandths.
    pub(super) fn excess(&self, stream: &Counts) -> i32 {
        self.excess_of(self.shared(stream), stream.length)
    }

    fn shared(&self, stream: &Counts) -> i64 {
        let each = |(number, weight): &(u16, i64)| weight * i64::from(stream.times[usize::from(*number)]);
        self.weights.iter().map(each).sum()
    }

    /// The same, of a stream of so many characters whose product with the text is known.
    fn excess_of(&self, shared: i64, length: u32) -> i32 {
        let length = i64::from(length);
        let above = (shared - self.expected.saturating_mul(length)).saturating_mul(1000 * 100 / UNIT);
        let above = above / ((length + SURE) * self.root);
        i32::try_from(above).unwrap_or(if above < 0 { i32::MIN } else { i32::MAX })
    }
}

/// So many units of a stream are kept one by one, those before them counted together.
const ONE_BY_ONE: u32 = 16;

/// The units of a stream, each behind the ones before it, which other streams may share.
#[derive(Clone, Debug)]
pub(super) struct Tally(Rc<Link>);

#[derive(Debug)]
struct Link {
    before: Before,
    unit: usize,
    length: u32,
    /// How many links before it are kept one by one.
    links: u32,
    /// For each place of an [`Alike`] the text it was about and the product.
    known: [Cell<(u32, i64)>; 2],
}

#[derive(Debug)]
enum Before {
    Nothing,
    Link(Tally),
    /// All of them together with the unit itself.
    Counts(Counts),
}

impl Tally {
    /// Of units that begin a stream, or that go on with one.
    pub(super) fn grown(
        old: Option<&Tally>,
        units: impl IntoIterator<Item = usize>,
        of: &Characters,
    ) -> Option<Tally> {
        units.into_iter().fold(old.cloned(), |old, unit| Some(Tally::with(old, unit, of)))
    }

    fn with(old: Option<Tally>, unit: usize, of: &Characters) -> Tally {
        let length = old.as_ref().map_or(0, |old| old.0.length).saturating_add(of.units[unit].1);
        let links = old.as_ref().map_or(0, |old| old.0.links + 1);
        let (before, links) = match old {
            None => (Before::Nothing, 0),
            Some(old) if links < ONE_BY_ONE => (Before::Link(old), links),
            Some(old) => (Before::Counts(of.grown(Some(&old.counts(of)), [unit])), 0),
        };
        Tally(Rc::new(Link { before, unit, length, links, known: Default::default() }))
    }

    fn counts(&self, of: &Characters) -> Counts {
        let mut units = Vec::new();
        let mut at = self;
        loop {
            match &at.0.before {
                Before::Counts(counts) => return of.grown(Some(counts), units),
                Before::Nothing => {
                    units.push(at.0.unit);
                    return of.grown(None, units);
                }
                Before::Link(before) => {
                    units.push(at.0.unit);
                    at = before;
                }
            }
        }
    }
}

/// A text beside the units of many streams: its product with each unit is made once.
#[derive(Debug)]
pub(super) struct Alike {
    /// Which of the two of a search it is.
    place: usize,
    /// Counts the texts.
    turn: u32,
    sample: Sample,
    /// What each character of a unit is worth.
    worth: Vec<i64>,
    /// For each unit the text it was compared with last, and the product.
    units: Vec<(u32, i64)>,
}

impl Alike {
    pub(super) fn of(place: usize, characters: &Characters) -> Alike {
        let sample = Sample { weights: Vec::new(), expected: 0, root: 1 };
        let worth = vec![0; characters.worth.len()];
        Alike { place, turn: 0, sample, worth, units: vec![(0, 0); characters.units.len()] }
    }

    /// From now on this is about the text of `sample`.
    pub(super) fn begin(&mut self, sample: Sample) {
        self.turn += 1;
        self.sample.weights.iter().for_each(|(number, _)| self.worth[usize::from(*number)] = 0);
        sample.weights.iter().for_each(|(number, weight)| self.worth[usize::from(*number)] = *weight);
        self.sample = sample;
    }

    /// As [`Sample::excess`].
    pub(super) fn excess(&mut self, stream: &Tally, characters: &Characters) -> i32 {
        let mut unknown: [Option<&Link>; ONE_BY_ONE as usize] = [None; ONE_BY_ONE as usize];
        let mut count = 0;
        let mut at = &*stream.0;
        let mut shared = loop {
            let (turn, product) = at.known[self.place].get();
            if turn == self.turn {
                break product;
            }
            match &at.before {
                Before::Counts(counts) => {
                    let product = self.sample.shared(counts);
                    at.known[self.place].set((self.turn, product));
                    break product;
                }
                before => {
                    unknown[count] = Some(at);
                    count += 1;
                    match before {
                        Before::Link(before) => at = &before.0,
                        _ => break 0,
                    }
                }
            }
        };
        for link in unknown[..count].iter().rev().flatten() {
            let known = &mut self.units[link.unit];
            if known.0 != self.turn {
                let each =
                    |(number, times): &(u16, u16)| self.worth[usize::from(*number)] * i64::from(*times);
                *known = (self.turn, characters.units[link.unit].0.iter().map(each).sum());
            }
            shared += known.1;
            link.known[self.place].set((self.turn, shared));
        }
        self.sample.excess_of(shared, stream.0.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn characters(texts: &[&str]) -> Characters {
        let texts: Vec<Vec<char>> = texts.iter().map(|text| text.chars().collect()).collect();
        Characters::of(&texts.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn a_text_is_nearer_to_the_stream_that_has_its_names() {
        let page = characters(&[
            "青禾大桥昨天建成通车，邵砚平到场祝贺",
            "图书馆昨天开馆，首日接待读者两千人次",
            "邵砚平说，大桥通车以后两岸居民不再绕路",
            "读者说，以后借书不再去市里，馆里什么都有",
        ]);
        let (bridge, library) = (page.grown(None, [0]), page.grown(None, [1]));
        let (of_bridge, of_library) = (page.sample([2]), page.sample([3]));
        assert!(of_bridge.excess(&library) < of_bridge.excess(&bridge));
        assert!(of_library.excess(&bridge) < of_library.excess(&library));
    }

    #[test]
    fn counts_grow_as_the_whole_is_counted() {
        let page = characters(&["甲乙甲丙", "乙乙丁", "丁甲"]);
        let whole = page.grown(None, [0, 1]);
        let grown = page.grown(Some(&page.grown(None, [0])), [1]);
        assert_eq!((whole.times, whole.length), (grown.times, grown.length));
    }

    #[test]
    fn streams_unit_by_unit_are_what_they_are_together() {
        let texts: Vec<String> = (0..60_u32)
            .map(|text| {
                let character = |at: u32| char::from_u32(0x4e00 + (text * 7 + at * at * 3) % 41);
                (0..text % 9 + 4).filter_map(character).collect()
            })
            .collect();
        let page = characters(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        let (mut alike, mut told) = (Alike::of(1, &page), 0);
        let mut stream = Tally::grown(None, [0, 1], &page).unwrap();
        let other = Tally::grown(Some(&stream), [3], &page).unwrap();
        let mut counts = page.grown(None, [0, 1]);
        for unit in 2..60 {
            alike.begin(page.sample([unit]));
            for _ in 0..2 {
                let excess = alike.excess(&stream, &page);
                assert_eq!(excess, page.sample([unit]).excess(&counts), "{unit}");
                assert_eq!(
                    alike.excess(&other, &page),
                    page.sample([unit]).excess(&page.grown(None, [0, 1, 3]))
                );
                told += usize::from(excess != 0);
            }
            counts = page.grown(Some(&counts), [unit]);
            stream = Tally::grown(Some(&stream), [unit], &page).unwrap();
        }
        assert!(told > 60, "{told}");
    }

    #[test]
    fn empty_texts_say_nothing() {
        let page = characters(&["", "甲甲"]);
        assert_eq!(page.sample([0]).excess(&page.grown(None, [1])), 0);
        assert_eq!(page.sample([1]).excess(&page.grown(None, [0])), 0);
    }

    #[test]
    fn a_long_text_stays_within_bounds() {
        let long = "字".repeat(300_000);
        let page = characters(&[&long, "字字文文"]);
        let stream = page.grown(Some(&page.grown(None, [0])), [0]);
        assert!(page.sample([0]).excess(&stream).abs() < 100_000);
        assert!(page.sample([1]).excess(&stream) < 0);
    }
}
