//! Which words one text shares with many others: asked for each piece and every stream it may go on with, so each
//! pair of a piece and a unit is compared once.

use super::evidence::{Topics, Weighed};

/// The words of one text, prepared for comparison.
pub(super) struct Part {
    /// Those that tell anything, in order.
    words: Vec<u32>,
    weighed: Weighed,
    /// By how many units they are compared with: what they tell.
    by_size: std::cell::RefCell<Vec<Option<BySize>>>,
    /// Counts the parts.
    number: u32,
    /// Whether it was compared with all units that share a word with it when it was made.
    is_compared: bool,
}

/// Words that more units hold are looked for in each unit that is asked for, others at once in those that hold them.
const FEW: usize = 256;

/// Of a text with more distinct words (a book printed as one piece) the first ones stand for it: what is kept for a unit,
/// and for a number of units, grows with them.
const WORDS: usize = 8192;

/// What a part tells is kept for so many numbers of units.
const SIZES: usize = 64;

struct BySize {
    /// What it tells where no word is shared.
    none: i64,
    /// What each word adds where it is.
    gains: Vec<i64>,
}

/// Compares the parts of a page, one after the other, with its units.
pub(super) struct CommonWords {
    /// For each word its place in the part, counted from one.
    places: Vec<u32>,
    /// For each unit the part it was compared with last and where the answer stands.
    known: Vec<(u32, u32)>,
    /// One bit for each word of the part.
    shared: Vec<u64>,
    /// The same for a set of units.
    together: Vec<u64>,
    parts: u32,
}

impl CommonWords {
    pub(super) fn of(topics: &Topics, units: usize) -> CommonWords {
        CommonWords {
            places: vec![0; topics.vocabulary()],
            known: vec![(0, 0); units],
            shared: Vec::new(),
            together: Vec::new(),
            parts: 0,
        }
    }

    /// The part that is compared from now on, until it is [done](CommonWords::done).
    pub(super) fn part(&mut self, topics: &Topics, mut words: Vec<u32>) -> Part {
        words.retain(|word| topics.tells_anything(*word));
        words.truncate(WORDS);
        self.parts += 1;
        self.shared.clear();
        let is_compared = words.iter().all(|word| topics.units_that_hold(*word).len() <= FEW);
        let cells = words.len().div_ceil(64);
        for (place, word) in words.iter().enumerate() {
            if !is_compared {
                self.places[*word as usize] = u32::try_from(place + 1).unwrap_or(0);
                continue;
            }
            for unit in topics.units_that_hold(*word) {
                let known = &mut self.known[*unit as usize];
                if known.0 != self.parts {
                    *known = (self.parts, u32::try_from(self.shared.len()).unwrap_or(u32::MAX));
                    self.shared.resize(self.shared.len() + cells, 0);
                }
                self.shared[known.1 as usize + place / 64] |= 1 << (place % 64);
            }
        }
        let weighed = topics.weighed(&words);
        Part { words, weighed, by_size: Default::default(), number: self.parts, is_compared }
    }

    pub(super) fn done(&mut self, part: &Part) {
        if !part.is_compared {
            part.words.iter().for_each(|word| self.places[*word as usize] = 0);
        }
    }

    /// By how much the words that the part shares with the units exceed what chance gives, as [`Topics::excess`].
    pub(super) fn excess(&mut self, topics: &Topics, part: &Part, units: &[usize]) -> i32 {
        if part.weighed.is_nothing() {
            return 0;
        }
        let cells = part.words.len().div_ceil(64);
        self.together.clear();
        self.together.resize(cells, 0);
        for unit in units {
            let (number, mut at) = self.known[*unit];
            if number != part.number {
                if part.is_compared {
                    continue;
                }
                at = u32::try_from(self.shared.len()).unwrap_or(u32::MAX);
                self.known[*unit] = (part.number, at);
                self.shared.resize(self.shared.len() + cells, 0);
                let bits = &mut self.shared[at as usize..];
                for word in topics.words(*unit) {
                    if let Some(place) = self.places[*word as usize].checked_sub(1) {
                        bits[place as usize / 64] |= 1 << (place % 64);
                    }
                }
            }
            let bits = &self.shared[at as usize..at as usize + cells];
            self.together.iter_mut().zip(bits).for_each(|(all, one)| *all |= one);
        }
        let mut by_size = part.by_size.borrow_mut();
        if by_size.len() <= units.len() {
            by_size.resize_with(units.len() + 1, || None);
        }
        if by_size[units.len()].is_none() && by_size.iter().flatten().nth(SIZES - 1).is_some() {
            by_size.fill_with(|| None);
        }
        let known = by_size[units.len()].get_or_insert_with(|| {
            let each = |word: &u32| topics.told_by(*word, units.len());
            BySize {
                none: part.words.iter().map(|word| each(word).0).sum(),
                gains: part.words.iter().map(|word| each(word).1 - each(word).0).collect(),
            }
        });
        let mut sum = known.none;
        for (cell, bits) in self.together.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                sum += known.gains[cell * 64 + bits.trailing_zeros() as usize];
                bits &= bits - 1;
            }
        }
        part.weighed.of(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::super::repeats::Repeats;
    use super::*;

    #[test]
    fn what_is_in_common_is_what_the_topics_say() {
        let texts: Vec<Vec<char>> = [
            "青禾大桥昨天建成通车，两岸居民往来的时间缩短一半。",
            "大桥由河口建设集团承建，历时四年完工，两岸居民期盼已久。",
            "明河图书馆昨天开馆，首日接待读者两千人次。",
            "图书馆藏书三十万册，读者可以通借通还。",
            "河口戏曲节持续十天，六个剧团登台演出，居民到场观看。",
        ]
        .iter()
        .map(|text| text.chars().collect())
        .collect();
        let slices: Vec<&[char]> = texts.iter().map(Vec::as_slice).collect();
        let topics = Topics::of(&slices, &Repeats::of(&slices));
        let mut common = CommonWords::of(&topics, texts.len());
        let mut differing = 0;
        for unit in 0..texts.len() {
            let part = common.part(&topics, topics.words(unit).to_vec());
            for whole in [vec![0], vec![0, 1], vec![2, 3], vec![0, 2, 4], vec![0, 1, 2, 3, 4]] {
                let words = topics.words_of(whole.iter().copied());
                let wanted = topics.excess(&words, whole.len(), topics.words(unit));
                assert_eq!(common.excess(&topics, &part, &whole), wanted, "{unit} and {whole:?}");
                differing += usize::from(wanted != 0);
            }
            common.done(&part);
        }
        assert!(differing > 10, "{differing}: the texts share too little to tell");
        // A book in one piece is not kept word for word.
        let book: Vec<char> =
            (0..60_000_u32).filter_map(|at| char::from_u32(0x4e00 + at * at % 20_011)).collect();
        let book = [slices[0], book.as_slice(), book.as_slice()];
        let topics = Topics::of(&book, &Repeats::of(&book));
        assert!(topics.words(1).len() > WORDS, "{}", topics.words(1).len());
        let mut common = CommonWords::of(&topics, book.len());
        let part = common.part(&topics, topics.words(1).to_vec());
        assert!(part.words.len() <= WORDS && common.shared.len() <= book.len() * WORDS / 64);
        for size in 0..SIZES * 2 {
            common.excess(&topics, &part, &vec![0; size]);
        }
        assert!(part.by_size.borrow().iter().flatten().count() <= SIZES);
        // The same where words stand in very many units.
        let many: Vec<&[char]> = slices.iter().copied().cycle().take(FEW * 2).collect();
        let topics = Topics::of(&many, &Repeats::of(&many));
        let mut common = CommonWords::of(&topics, many.len());
        for unit in 0..8 {
            let part = common.part(&topics, topics.words(unit).to_vec());
            assert_eq!(
                part.is_compared,
                topics.words(unit).iter().all(|word| topics.units_that_hold(*word).len() <= FEW)
            );
            let words = topics.words_of([1, 2, 8]);
            assert_eq!(
                common.excess(&topics, &part, &[1, 2, 8]),
                topics.excess(&words, 3, topics.words(unit))
            );
            common.done(&part);
        }
    }
}
