//! Word vectors of Chinese news: in what company a word stands.
//!
//! They tell how near two texts are in subject where they share few words. The data is `lang/zh/subjects.model`;
//! `benchsuite/subject_model.py` makes it and describes its format, source and method. Everything is whole numbers.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Dictionary;

/// How many figures a vector has.
pub const SUBJECT_DIMENSIONS: usize = 96;

/// What a text speaks of: the sum of the vectors of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject([i32; SUBJECT_DIMENSIONS]);

impl Default for Subject {
    fn default() -> Subject {
        Subject([0; SUBJECT_DIMENSIONS])
    }
}

/// No figure grows beyond this, so that products of two vectors fit.
const MOST: i32 = 1 << 26;

/// The length of a direction.
const DIRECTION: i64 = 1 << 16;

impl Subject {
    fn grow(&mut self, figures: impl Iterator<Item = i32>) {
        for (sum, figure) in self.0.iter_mut().zip(figures) {
            *sum = (*sum + figure).clamp(-MOST, MOST);
        }
    }

    /// Takes another text's words in.
    pub fn add(&mut self, other: &Subject) {
        self.grow(other.0.iter().copied());
    }

    /// The largest figure of the vector, whatever its sign.
    #[must_use]
    pub fn largest(&self) -> i32 {
        self.0.iter().fold(0, |largest, figure| largest.max(figure.abs()))
    }

    /// Whether texts whose [largest](Subject::largest) figures have this sum can be added up without reaching the bound of a
    /// vector: then products of sums are sums of products.
    #[must_use]
    pub fn is_plain_sum(largest: i64) -> bool {
        largest <= i64::from(MOST)
    }

    /// Whether no word of the text is known, as in a language without vectors.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.0 == [0; SUBJECT_DIMENSIONS]
    }

    /// The product of the vectors of two texts.
    #[must_use]
    pub fn product(&self, other: &Subject) -> i64 {
        self.0.iter().zip(&other.0).map(|(x, y)| i64::from(*x) * i64::from(*y)).sum()
    }

    /// What texts have in common: the mean of their directions, each with its weight.
    #[must_use]
    pub fn common<'a>(texts: impl Iterator<Item = (&'a Subject, u32)>) -> Subject {
        let mut sums = [0_i64; SUBJECT_DIMENSIONS];
        let mut all = 0_i64;
        for (text, weight) in texts {
            let length = text.length();
            if length > 0 {
                all += i64::from(weight);
                let share = |figure: i32| i64::from(figure) * DIRECTION / length * i64::from(weight);
                sums.iter_mut().zip(text.0).for_each(|(sum, figure)| *sum += share(figure));
            }
        }
        // No figure of a direction is above its length.
        Subject(sums.map(|sum| i32::try_from(sum / all.max(1)).unwrap_or(0)))
    }

    /// Makes the part of its vector that points where `common` does shorter by so many thousandths.
    pub fn lessen(&mut self, common: &Subject, thousandths: i64) {
        let square = common.product(common);
        if square == 0 {
            return;
        }
        let part = i128::from(self.product(common)) * i128::from(thousandths);
        let all = i128::from(square) * 1000;
        // Most numbers are small enough for what processors divide by themselves.
        let largest = i128::from(common.largest());
        let small = i64::try_from(part).ok().filter(|_| i64::try_from(part * largest).is_ok());
        let less = |figure: i32| match (small, i64::try_from(all)) {
            (Some(part), Ok(all)) => i128::from(part * i64::from(figure) / all),
            _ => part * i128::from(figure) / all,
        };
        for (own, figure) in self.0.iter_mut().zip(common.0) {
            let figure = i128::from(*own) - less(figure);
            *own = i32::try_from(figure).unwrap_or(0).clamp(-MOST, MOST);
        }
    }

    /// The length of its vector, for [`Subject::nearness_of`].
    #[must_use]
    pub fn length(&self) -> i64 {
        self.product(self).isqrt()
    }

    /// How near two texts are: the cosine of their vectors in thousandths; `None` where one has no known word.
    #[must_use]
    pub fn nearness(&self, other: &Subject) -> Option<i32> {
        self.nearness_of((self.length(), other.length()), other)
    }

    /// As [`Subject::nearness`], the lengths of the two vectors given.
    #[must_use]
    pub fn nearness_of(&self, lengths: (i64, i64), other: &Subject) -> Option<i32> {
        Subject::nearness_by(lengths, self.product(other))
    }

    /// As [`Subject::nearness_of`] of two texts whose [product](Subject::product) is known.
    #[must_use]
    pub fn nearness_by(lengths: (i64, i64), product: i64) -> Option<i32> {
        // No length is above 2^30, so the product of two fits.
        let lengths = lengths.0 * lengths.1;
        if lengths == 0 {
            return None;
        }
        match product.checked_mul(1000) {
            Some(thousandths) => i32::try_from(thousandths / lengths).ok(),
            None => i32::try_from(i128::from(product) * 1000 / i128::from(lengths)).ok(),
        }
    }
}

/// The vectors of the words of Chinese news.
#[derive(Debug)]
pub struct SubjectModel {
    /// Words in order, each with the place of its figures.
    words: Vec<(&'static str, usize)>,
    /// Numbers of words by [`slot_of`], one more than they are; 0 is an empty place. Whose place is taken stands behind.
    places: Vec<u32>,
    /// For each place of the dictionary, once it was asked for: two more than the word's number, or [`NO_NUMBER`].
    asked: Box<[AtomicU32]>,
    data: &'static [u8],
}

/// Of a word of the dictionary that has no vector.
const NO_NUMBER: u32 = 1;

/// Where the search for a word begins in a table of 2^`bits` places.
fn slot_of(word: &str, bits: u32) -> usize {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325, mix).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> (64 - bits)) as usize
}

impl SubjectModel {
    /// The model of Chinese, read when first needed.
    ///
    /// # Panics
    /// If the data that is part of the program is damaged.
    #[must_use]
    pub fn chinese() -> &'static SubjectModel {
        static CHINESE: OnceLock<SubjectModel> = OnceLock::new();
        CHINESE.get_or_init(|| {
            SubjectModel::read(include_bytes!("../../../lang/zh/subjects.model"))
                .expect("the data is part of the program")
        })
    }

    /// Reads the format; `None` where it is not that.
    fn read(data: &'static [u8]) -> Option<SubjectModel> {
        let rest = data.strip_prefix(b"SLSM\x01")?;
        let count = usize::from(u16::from_le_bytes([*rest.first()?, *rest.get(1)?]));
        if usize::from(*rest.get(2)?) != SUBJECT_DIMENSIONS {
            return None;
        }
        let mut words = Vec::with_capacity(count);
        let mut at = data.len() - rest.len() + 3;
        for _ in 0..count {
            let length = usize::from(*data.get(at)?);
            let word = std::str::from_utf8(data.get(at + 1..at + 1 + length)?).ok()?;
            let figures = at + 1 + length;
            at = figures + 1 + SUBJECT_DIMENSIONS;
            words.push((word, figures));
        }
        if at != data.len() || !words.is_sorted() {
            return None;
        }
        // At most half full.
        let bits = (words.len() * 2).max(2).next_power_of_two().ilog2();
        let mut places = vec![0; 1 << bits];
        for (number, (word, _)) in (1..).zip(&words) {
            let mut slot = slot_of(word, bits);
            while places[slot] != 0 {
                slot = (slot + 1) % places.len();
            }
            places[slot] = number;
        }
        let asked = (0..Dictionary::chinese().places()).map(|_| AtomicU32::new(0)).collect();
        Some(SubjectModel { words, places, asked, data })
    }

    /// The word's number; `None` where the model does not know it.
    #[must_use]
    pub fn number(&self, word: &str) -> Option<u32> {
        let mut slot = slot_of(word, self.places.len().ilog2());
        loop {
            let number = self.places[slot].checked_sub(1)?;
            if self.words[number as usize].0 == word {
                return Some(number);
            }
            slot = (slot + 1) % self.places.len();
        }
    }

    /// As [`SubjectModel::number`] of a word whose place in the dictionary is known: looked for once.
    #[must_use]
    pub fn number_at(&self, place: u32, word: &[char]) -> Option<u32> {
        let find = || self.number(&word.iter().collect::<String>());
        let Some(slot) = self.asked.get(place as usize) else { return find() };
        // Whoever asks at the same time finds the same.
        let known = slot.load(Ordering::Relaxed);
        if known != 0 {
            return known.checked_sub(NO_NUMBER + 1);
        }
        let number = find();
        slot.store(number.map_or(NO_NUMBER, |number| number + NO_NUMBER + 1), Ordering::Relaxed);
        number
    }

    /// What words speak of together, by their numbers.
    #[must_use]
    pub fn sum(&self, numbers: impl Iterator<Item = u32>) -> Subject {
        let mut subject = Subject::default();
        // As long as no figure can reach the bound, it need not be looked at.
        let mut reached = 0_i32;
        for number in numbers {
            let figures = self.words.get(number as usize).and_then(|(_, at)| self.data.get(*at..));
            let Some([shift, figures @ ..]) = figures else { continue };
            let shift = shift & 15;
            reached = reached.saturating_add(128 << shift);
            let grown = figures.iter().map(|figure| i32::from(figure.cast_signed()) << shift);
            if reached <= MOST {
                subject.0.iter_mut().zip(grown).for_each(|(sum, figure)| *sum += figure);
            } else {
                subject.grow(grown);
            }
        }
        subject
    }

    /// Adds a word, by its number, to what a text speaks of.
    pub fn add(&self, number: u32, subject: &mut Subject) {
        let figures = self.words.get(number as usize).and_then(|(_, at)| self.data.get(*at..));
        let Some([shift, figures @ ..]) = figures else { return };
        subject.grow(figures.iter().map(|figure| i32::from(figure.cast_signed()) << (shift & 15)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Subject {
        let mut subject = Subject::default();
        let model = SubjectModel::chinese();
        words.iter().filter_map(|word| model.number(word)).for_each(|word| model.add(word, &mut subject));
        subject
    }

    #[test]
    fn texts_of_one_subject_are_nearer_though_they_share_no_word() {
        let match_report = of(&["球队", "比赛", "冠军"]);
        let sports = of(&["选手", "决赛", "教练"]).nearness(&match_report).unwrap();
        let farming = of(&["农民", "粮食", "化肥"]).nearness(&match_report).unwrap();
        assert!(sports > farming + 300, "{sports} {farming}");
    }

    #[test]
    fn what_all_speak_of_tells_none_from_another() {
        let mut games = of(&["比赛", "球队", "冠军", "教练"]);
        let mut seats = of(&["比赛", "体育馆", "座位", "观众"]);
        let before = games.nearness(&seats).unwrap();
        let common = Subject::common([(&games, 10), (&seats, 10)].into_iter());
        games.lessen(&common, 500);
        seats.lessen(&common, 500);
        let after = games.nearness(&seats).unwrap();
        assert!(after < before - 200, "{before} {after}");
        let whole = games;
        games.lessen(&Subject::default(), 500);
        assert_eq!(games, whole, "nothing in common, nothing less");
        games.lessen(&whole, 1000);
        assert!(games.is_unknown() && Subject::common([].into_iter()).is_unknown());
    }

    #[test]
    fn a_text_without_known_words_is_near_to_nothing() {
        assert_eq!(of(&["qqq"]).nearness(&of(&["比赛"])), None);
        assert_eq!(of(&["比赛"]).nearness(&of(&["比赛"])), Some(1000));
    }

    #[test]
    fn damaged_data_is_no_model() {
        assert!(SubjectModel::read(b"SLSM\x01\x01\x00\x60\x03abc\x00").is_none());
        assert!(SubjectModel::read(b"").is_none());
    }
}
