//! Which characters a text is made of, beside those of a stream: names, terms and manner of one story recur in all of it, and
//! characters show them where words are too short, unknown or misread to be compared.
//!
//! The measure is the product of the two counts, each character divided by its share of the page (the first term of the log odds of
//! the text under the stream's own frequencies mixed with the page's), over the square root of the text's length: sums of chance
//! grow with that.

use std::collections::HashMap;

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
        let (mut all, mut length) = (Vec::new(), 0);
        for (counts, own) in units.into_iter().map(|unit| &self.units[unit]) {
            all.extend_from_slice(counts);
            length += i64::from(*own);
        }
        all.sort_unstable();
        let weights: Vec<(u16, i64)> = all
            .chunk_by(|a, b| a.0 == b.0)
            .map(|same| {
                let times: u32 = same.iter().map(|(_, times)| u32::from(*times)).sum();
                let times = times.min(u32::from(MOST_TIMES));
                (same[0].0, i64::from(times) * self.worth[usize::from(same[0].0)].0)
            })
            .collect();
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
        let length = i64::from(stream.length);
        let shared: i64 = self
            .weights
            .iter()
            .map(|(number, weight)| weight * i64::from(stream.times[usize::from(*number)]))
            .sum();
        let above = (shared - self.expected.saturating_mul(length)).saturating_mul(1000 * 100 / UNIT);
        let above = above / ((length + SURE) * self.root);
        i32::try_from(above).unwrap_or(if above < 0 { i32::MIN } else { i32::MAX })
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
