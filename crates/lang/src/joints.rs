//! A small network that tells how well the end of one text and the beginning of another read as one sentence.
//!
//! Where the character model sees three characters on either side, this sees six characters and four words, and knows words
//! by the company they keep: a verb that lacks its object, a name cut in two. Either side is made a vector by itself; how well two
//! go together is the product of their vectors, so that many ends are compared with many beginnings at little cost. The data is
//! `lang/zh/joints.model`; `benchsuite/joint_model.py` makes it and describes its method, sources and format. Everything is
//! whole numbers.

use std::cell::RefCell;
use std::sync::OnceLock;

use crate::{Dictionary, Word};

/// How many characters of a side are seen by themselves.
const CHARACTERS: usize = 6;
/// How many words of a side are seen.
const WORDS: usize = 4;
/// Figures of a character.
const OF_CHARACTER: usize = 32;
/// Figures of a word.
const OF_WORD: usize = 40;
/// Figures between the two layers.
const HIDDEN: usize = 128;
/// How many figures of characters and words a side shows.
const SEEN: usize = CHARACTERS * OF_CHARACTER + WORDS * OF_WORD;
/// Figures of a side.
const FIGURES: usize = 64;
/// Lengths of words that are told apart: none, one to three characters, more.
const LENGTHS: usize = 5;
/// The number of a character that the model does not know; 0 is no character.
const UNKNOWN: u16 = 1;
/// Shifts between the layers, as the data is written: sums of the first layer count in 1/65,536, what goes into the second
/// in 1/256 and no more than 32, its weights in 1/1,024, a side's figures in 1/256 and no more than 16.
const FIRST_SHIFT: u32 = 8;
const MOST_HIDDEN: i32 = 32 << 8;
const SECOND_SHIFT: u32 = 10;
const MOST_FIGURE: i32 = 16 << 8;

/// What may stand on the other side of the first or the last words of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// The border of a whole text.
    Text,
    /// That of a paragraph inside a text.
    Paragraph,
    /// That of a headline.
    Headline,
}

impl Border {
    /// All of them.
    pub const ALL: [Border; 3] = [Border::Text, Border::Paragraph, Border::Headline];

    /// The character that stands for it in the data.
    fn character(self) -> char {
        match self {
            Border::Text => '\u{1}',
            Border::Paragraph => '\u{2}',
            Border::Headline => '\u{3}',
        }
    }
}

/// One side of a cut as the network sees it, for [`JointModel::together`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JointSide([i16; FIGURES]);

impl Default for JointSide {
    fn default() -> JointSide {
        JointSide([0; FIGURES])
    }
}

/// What makes a vector of a side.
#[derive(Debug)]
struct Tower {
    /// What every side begins with.
    base: Vec<i32>,
    /// For each place of a word and each length what it adds.
    lengths: Vec<i32>,
    /// For each place of a character, then of a word, and for each hidden figure a weight of every figure of what stands there:
    /// products of two rows of short numbers are what processors do best.
    weights: Vec<i16>,
    /// For each figure of the vector a weight of every hidden one.
    out: Vec<i16>,
    out_base: Vec<i32>,
}

/// The network.
#[derive(Debug)]
pub struct JointModel {
    /// For each code point of the first plane the character's number.
    numbers: Vec<u16>,
    /// Figures of the characters by number.
    characters: &'static [u8],
    /// For each place of the dictionary one more than the word's number, as far as the model knows it: looking for the place among
    /// sorted ones waits for memory at each step.
    numbers_of_words: Vec<u16>,
    /// Where the figures of each word stand in `data`.
    words: Vec<usize>,
    data: &'static [u8],
    towers: [Tower; 2],
    /// The borders as what stands before a beginning and as what stands behind an end.
    borders: [[JointSide; 3]; 2],
}

/// A character as the network knows it: full width as half width, every digit as 0.
pub(crate) fn folded(character: char) -> char {
    let folded = match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        other => other,
    };
    if folded.is_ascii_digit() { '0' } else { folded }
}

/// Reads the data from its beginning on.
struct Reader {
    data: &'static [u8],
    at: usize,
}

impl Reader {
    fn take(&mut self, length: usize) -> Option<&'static [u8]> {
        let taken = self.data.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(taken)
    }

    fn byte(&mut self) -> Option<usize> {
        self.take(1).map(|byte| usize::from(byte[0]))
    }

    fn short(&mut self) -> Option<usize> {
        self.take(2).map(|bytes| usize::from(u16::from_le_bytes([bytes[0], bytes[1]])))
    }

    fn shorts(&mut self, count: usize) -> Option<Vec<i16>> {
        let bytes = self.take(count * 2)?;
        Some(bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect())
    }

    fn longs(&mut self, count: usize) -> Option<Vec<i32>> {
        let bytes = self.take(count * 4)?;
        let long = |four: &[u8]| i32::from_le_bytes([four[0], four[1], four[2], four[3]]);
        Some(bytes.chunks_exact(4).map(long).collect())
    }

    /// Weights that stand by what they weigh, put by what they make.
    fn turned(&mut self, weighed: usize, made: usize) -> Option<Vec<i16>> {
        let weights = self.shorts(weighed * made)?;
        Some((0..made).flat_map(|to| weights.iter().skip(to).step_by(made).copied()).collect())
    }

    /// The weights of the first layer, place by place.
    fn by_place(&mut self) -> Option<Vec<i16>> {
        let mut weights = Vec::with_capacity(SEEN * HIDDEN);
        for width in [OF_CHARACTER; CHARACTERS].into_iter().chain([OF_WORD; WORDS]) {
            weights.extend(self.turned(width, HIDDEN)?);
        }
        Some(weights)
    }

    fn tower(&mut self) -> Option<Tower> {
        Some(Tower {
            base: self.longs(HIDDEN)?,
            lengths: self.longs(WORDS * LENGTHS * HIDDEN)?,
            weights: self.by_place()?,
            out: self.turned(HIDDEN, FIGURES)?,
            out_base: self.longs(FIGURES)?,
        })
    }
}

/// The product of two rows. By itself and with its length known it is made eight figures at a time; inside of other loops it
/// was three times as slow.
#[inline(never)]
fn product<const LENGTH: usize>(figures: &[i16; LENGTH], weights: &[i16; LENGTH]) -> i32 {
    let each = figures.iter().zip(weights).map(|(figure, weight)| i32::from(*figure) * i32::from(*weight));
    each.fold(0, i32::wrapping_add)
}

/// So many [layers](Layers) made lately are kept: four megabytes.
const LAYERS: usize = 1 << 13;

/// What single characters and words add to the hidden figures, made lately: text says the same again and again.
struct Layers {
    /// The data of the network that they are of.
    of: &'static [u8],
    keys: Vec<u32>,
    rows: Vec<[i32; HIDDEN]>,
}

thread_local! {
    static LAYERS_MADE: RefCell<Layers> =
        const { RefCell::new(Layers { of: &[], keys: Vec::new(), rows: Vec::new() }) };
}

impl Layers {
    /// Those of a network.
    fn ready_for(&mut self, data: &'static [u8]) {
        if !std::ptr::eq(self.of, data) {
            self.of = data;
            self.keys = vec![0; LAYERS];
            self.rows = vec![[0; HIDDEN]; LAYERS];
        }
    }

    /// Adds what the character or the word of a key adds; `make` tells it where it was not made lately.
    fn add(&mut self, key: u32, hidden: &mut [i32; HIDDEN], make: impl FnOnce(&mut [i32; HIDDEN])) {
        let slot = (key.wrapping_mul(0x9e37_79b1) >> 16) as usize % LAYERS;
        let row = &mut self.rows[slot];
        if self.keys[slot] != key {
            self.keys[slot] = key;
            make(row);
        }
        hidden.iter_mut().zip(row).for_each(|(sum, more)| *sum = sum.wrapping_add(*more));
    }
}

/// What the figures of one character or word add to the hidden ones.
fn layer<const WIDTH: usize>(figures: &[u8], weights: &[i16], row: &mut [i32; HIDDEN]) {
    let mut wide = [0_i16; WIDTH];
    wide.iter_mut().zip(figures).for_each(|(wide, figure)| *wide = i16::from(figure.cast_signed()));
    for (sum, weights) in row.iter_mut().zip(weights.as_chunks().0) {
        *sum = product::<WIDTH>(&wide, weights);
    }
}

impl JointModel {
    /// How many characters of a side are looked at, white space left aside: enough to cut its words near the cut.
    pub const REACH: usize = 14;

    /// The model of Chinese, read when first needed.
    ///
    /// # Panics
    /// If the data that is part of the program is damaged.
    #[must_use]
    pub fn chinese() -> &'static JointModel {
        static CHINESE: OnceLock<JointModel> = OnceLock::new();
        CHINESE.get_or_init(|| {
            JointModel::read(include_bytes!("../../../lang/zh/joints.model"))
                .expect("the data is part of the program")
        })
    }

    /// Reads the format; `None` where it is not that.
    fn read(data: &'static [u8]) -> Option<JointModel> {
        let sizes = [CHARACTERS, WORDS, OF_CHARACTER, OF_WORD, HIDDEN, FIGURES, LENGTHS];
        let mut reader = Reader { data, at: 0 };
        if reader.take(5)? != b"SLJM\x01" {
            return None;
        }
        for size in sizes {
            if reader.byte()? != size {
                return None;
            }
        }
        let count = reader.short()?;
        let mut numbers = vec![UNKNOWN; 1 << 16];
        for number in (2..).take(count) {
            numbers[reader.short()?] = number;
        }
        let characters = reader.take((count + 2) * OF_CHARACTER)?;
        let count = reader.short()?;
        let mut words = Vec::with_capacity(count);
        let dictionary = Dictionary::chinese();
        let mut numbers_of_words = vec![0; dictionary.places()];
        for _ in 0..count {
            let length = reader.byte()?;
            let word = std::str::from_utf8(reader.take(length)?).ok()?;
            let place = dictionary.place(&word.chars().collect::<Vec<char>>());
            if let Some(known) = place.and_then(|place| numbers_of_words.get_mut(place as usize)) {
                words.push(reader.at);
                *known = u16::try_from(words.len()).ok()?;
            }
            reader.take(OF_WORD)?;
        }
        let towers = [reader.tower()?, reader.tower()?];
        let whole = reader.at == data.len();
        let borders = Default::default();
        let mut model = JointModel { numbers, characters, numbers_of_words, words, data, towers, borders };
        model.borders = [
            Border::ALL.map(|border| model.end_of(&[border.character()])),
            Border::ALL.map(|border| model.beginning_of(&[border.character()])),
        ];
        whole.then_some(model)
    }

    /// The number of a word; none where the model does not know it.
    fn number_of(&self, word: &Word) -> Option<usize> {
        let number = *self.numbers_of_words.get(word.place? as usize)?;
        usize::from(number).checked_sub(1)
    }

    /// The vector of a side: its characters and its words, those next to the cut first.
    fn side<'w>(
        &self,
        tower: &Tower,
        characters: impl Iterator<Item = char>,
        mut words: impl Iterator<Item = &'w Word>,
    ) -> JointSide {
        let mut seen = [0; CHARACTERS];
        for (slot, character) in seen.iter_mut().zip(characters) {
            *slot = self.numbers.get(folded(character) as usize).copied().unwrap_or(UNKNOWN);
        }
        let mut hidden = [0_i32; HIDDEN];
        hidden.copy_from_slice(&tower.base);
        let (of_characters, of_words) = tower.weights.split_at(CHARACTERS * OF_CHARACTER * HIDDEN);
        let which = u32::from(std::ptr::eq(tower, &self.towers[1]));
        // No key is 0.
        let key = |number: usize, place: usize| {
            (u32::try_from(number).unwrap_or_default() * 16 + u32::try_from(place).unwrap_or_default() + 1)
                * 2
                + which
        };
        LAYERS_MADE.with_borrow_mut(|layers| {
            layers.ready_for(self.data);
            let places = of_characters.chunks_exact(OF_CHARACTER * HIDDEN);
            for ((place, weights), number) in places.enumerate().zip(seen.map(usize::from)) {
                layers.add(key(number, place), &mut hidden, |row| {
                    layer::<OF_CHARACTER>(&self.characters[number * OF_CHARACTER..], weights, row);
                });
            }
            for (place, weights) in of_words.chunks_exact(OF_WORD * HIDDEN).enumerate() {
                let word = words.next();
                let length = word.map_or(0, |word| word.length.min(LENGTHS - 1));
                let lengths = &tower.lengths[(place * LENGTHS + length) * HIDDEN..][..HIDDEN];
                hidden.iter_mut().zip(lengths).for_each(|(sum, more)| *sum = sum.wrapping_add(*more));
                if let Some(number) = word.and_then(|word| self.number_of(word)) {
                    layers.add(key(number, CHARACTERS + place), &mut hidden, |row| {
                        layer::<OF_WORD>(&self.data[self.words[number]..], weights, row);
                    });
                }
            }
        });
        let shown =
            hidden.map(|sum| i16::try_from((sum >> FIRST_SHIFT).clamp(0, MOST_HIDDEN)).unwrap_or(i16::MAX));
        let mut sums = [0_i32; FIGURES];
        for ((sum, base), weights) in sums.iter_mut().zip(&tower.out_base).zip(tower.out.as_chunks().0) {
            *sum = base.wrapping_add(product::<HIDDEN>(&shown, weights));
        }
        let figure = |sum: i32| (sum >> SECOND_SHIFT).clamp(-MOST_FIGURE, MOST_FIGURE);
        JointSide(sums.map(|sum| i16::try_from(figure(sum)).unwrap_or_default()))
    }

    /// The end of a text.
    #[must_use]
    pub fn end_of(&self, text: &[char]) -> JointSide {
        let mut near: Vec<char> =
            text.iter().rev().copied().filter(|one| !one.is_whitespace()).take(JointModel::REACH).collect();
        near.reverse();
        let words = Dictionary::chinese().cut(&near);
        self.side(&self.towers[0], near.iter().rev().copied(), words.iter().rev())
    }

    /// The beginning of a text.
    #[must_use]
    pub fn beginning_of(&self, text: &[char]) -> JointSide {
        let near: Vec<char> =
            text.iter().copied().filter(|one| !one.is_whitespace()).take(JointModel::REACH).collect();
        let words = Dictionary::chinese().cut(&near);
        self.side(&self.towers[1], near.iter().copied(), words.iter())
    }

    /// How much likelier it is that a border stands before the beginning of a text than that the two met by chance, in
    /// thousandths of a bit.
    #[must_use]
    pub fn begins(&self, border: Border, right: &JointSide) -> i32 {
        self.together(&self.borders[0][border as usize], right)
    }

    /// The same of a border behind the end of a text.
    #[must_use]
    pub fn ends(&self, left: &JointSide, border: Border) -> i32 {
        self.together(left, &self.borders[1][border as usize])
    }

    /// How much likelier it is that the two read as one than that they met by chance, in thousandths of a bit, as the
    /// network has it: an estimate, to be weighed.
    #[must_use]
    pub fn together(&self, left: &JointSide, right: &JointSide) -> i32 {
        // Products count in 1/65,536 of a natural logarithm.
        i32::try_from(i64::from(product(&left.0, &right.0)) * 1443 / 65_536).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn together(left: &str, right: &str) -> i32 {
        let model = JointModel::chinese();
        let characters = |text: &str| text.chars().collect::<Vec<char>>();
        model.together(&model.end_of(&characters(left)), &model.beginning_of(&characters(right)))
    }

    #[test]
    fn what_goes_on_is_told_from_what_does_not() {
        let whole = [
            ("两地海关上月底签署了新鲜水果检", "验检疫的议定书，第一批葡萄已经装车"),
            ("牧民们把羊群赶下山坡，孩子们在草地上追", "着风筝奔跑，笑声传得很远"),
            ("第二届手工艺展览会将于明年春天在滨河城举", "行，二十多个作坊已经报名"),
            ("总理在讲话中强调，要继续扩大粮食", "和能源领域的合作，尽快建成两国之间的"),
            ("球队教练赛后对记者说，队员们的表", "现比上半场好得多，换人也很及时"),
        ];
        for (at, (left, right)) in whole.iter().enumerate() {
            let own = together(left, right);
            let best = whole.iter().enumerate().filter(|(other, _)| *other != at);
            let best = best.map(|(_, (_, other))| together(left, other)).max().unwrap();
            assert!(own > best, "{left}|{right}: {own}, another {best}");
        }
    }

    #[test]
    fn white_space_is_not_read() {
        assert_eq!(together("他们 在山\n谷里", "修 了一座桥"), together("他们在山谷里", "修了一座桥"));
    }

    #[test]
    fn what_is_unknown_or_missing_is_a_side_too() {
        let model = JointModel::chinese();
        for text in ["", " ", "\u{e000}\u{e001}", "abc", "\u{2_0000}\u{2_0001}", "，。；", "７８９"] {
            let characters: Vec<char> = text.chars().collect();
            let (end, beginning) = (model.end_of(&characters), model.beginning_of(&characters));
            assert!(model.together(&end, &beginning).abs() < 10_000_000);
        }
    }

    #[test]
    fn damaged_data_is_no_model() {
        let whole: &[u8] = include_bytes!("../../../lang/zh/joints.model");
        assert!(JointModel::read(whole).is_some());
        assert!(JointModel::read(&whole[..whole.len() - 1]).is_none());
        assert!(JointModel::read(&whole[..9]).is_none());
        assert!(JointModel::read(b"").is_none());
        assert!(JointModel::read(b"SLJM\x01\x06\x04\x20\x28\x80\x40\x05\xff\xff").is_none());
    }
}
