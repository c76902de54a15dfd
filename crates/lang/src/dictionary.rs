//! A general dictionary of Chinese: 340,000 words with frequencies and parts of speech, far more than rows of `lang/`
//! can hold. The data is `lang/zh/dictionary.model`; `benchsuite/dictionary_model.py` makes it and describes its format
//! and source. Everything is whole numbers.

use std::sync::OnceLock;

use crate::characters::{byte, varint};

/// Words with frequencies and parts of speech, as a tree of characters. The followers of one character stand together,
/// in order.
#[derive(Debug)]
pub struct Dictionary {
    /// For each character of the basic plane its place on the first level, counted from one.
    first: Box<[u16]>,
    characters: Vec<u16>,
    /// What is known of each; one more than there are characters.
    nodes: Vec<Node>,
    /// A bit for each pair of characters that begins a word, by [`pair_of`], and for a few others: most pairs of a text
    /// begin none.
    pairs: Box<[u64]>,
    /// How many characters begin words.
    firsts: u32,
    /// The cost of a word that occurred once.
    once: u32,
}

/// A character of the tree.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// Where its followers begin; they end where those of the next node begin.
    followers: u32,
    /// -log2 of the share of all words that the word has which ends here, in parts of [`FINE`].
    cost: u32,
    /// The same in tenths of a bit, or what its parts are worth together where that is less.
    rarity: u16,
    /// Part of speech of the word that ends here, 0 where none does.
    class: u8,
}

/// Bits of the table of pairs.
const PAIRS: usize = 1 << 21;

/// The cell and the bit of a character that follows one of the first level.
fn pair_of(place: u32, character: u16) -> (usize, u64) {
    let mixed = (place << 16 | u32::from(character)).wrapping_mul(0x9e37_79b1) as usize >> 11;
    (mixed / 64, 1 << (mixed % 64))
}

/// What a cut into words needs beside the text; kept to be used again.
#[derive(Clone, Debug, Default)]
pub struct CutSpace {
    /// For each place: the cost from there to the end, where the first word ends and its place in the tree.
    best: Vec<(u64, u32, u32)>,
}

/// The place of no word.
const NO_PLACE: u32 = u32::MAX;

/// A word of a text that was cut into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// How many characters it has.
    pub length: usize,
    /// Its part of speech, the first letter of the tag set of Peking University; `N` for names of people, places
    /// and bodies, `x` where it is not known.
    pub class: char,
    /// How rare it is, as [`Dictionary::rarity`].
    pub rarity: Option<i32>,
    /// Its place among the words, as [`Dictionary::place`].
    pub place: Option<u32>,
}

/// Part of speech of names in the data.
const NAME: u8 = 27;
/// Binary places of a bit in which costs are counted.
const FINE: u32 = 26;
/// Frequencies below this are looked up.
const COMMON: u32 = 4096;

impl Dictionary {
    /// The dictionary of Chinese, read when first needed.
    ///
    /// # Panics
    /// If the data that is part of the program is damaged.
    #[must_use]
    pub fn chinese() -> &'static Dictionary {
        static CHINESE: OnceLock<Dictionary> = OnceLock::new();
        CHINESE.get_or_init(|| {
            Dictionary::read(include_bytes!("../../../lang/zh/dictionary.model"))
                .expect("the data is part of the program")
        })
    }

    /// Reads the format; `None` where it is not that.
    fn read(data: &[u8]) -> Option<Dictionary> {
        let (total, mut rest) = data.strip_prefix(b"SLDM\x01")?.split_first_chunk::<4>()?;
        let total = u32::from_le_bytes(*total).max(1);
        let whole = fine_bits(total);
        let cost = |frequency: u32| whole.saturating_sub(fine_bits(frequency));
        let tenths = |frequency: u32| {
            let rarity = tenth_bits(total).saturating_sub(tenth_bits(frequency));
            u16::try_from(rarity).unwrap_or(u16::MAX)
        };
        let common: Vec<(u32, u16)> = (0..COMMON).map(|f| (cost(f.max(1)), tenths(f.max(1)))).collect();
        let mut dictionary = Dictionary {
            first: vec![0; 1 << 16].into(),
            characters: Vec::new(),
            nodes: Vec::new(),
            pairs: vec![0; PAIRS / 64].into(),
            firsts: 0,
            once: whole,
        };
        let mut groups = vec![varint(&mut rest)?];
        let first = groups[0];
        let mut next = first;
        while !groups.is_empty() {
            let mut longer = Vec::new();
            for group in groups {
                let mut character = 0_u16;
                for _ in 0..group {
                    character = character.checked_add(u16::try_from(varint(&mut rest)?).ok()?)?;
                    let kind = byte(&mut rest)?;
                    let frequency = if kind & 64 == 0 { varint(&mut rest)? } else { 3 };
                    let known = common.get(frequency as usize).copied();
                    let (cost, mut rarity) = known.unwrap_or_else(|| (cost(frequency), tenths(frequency)));
                    if kind & 32 != 0 {
                        rarity = u16::try_from(varint(&mut rest)?).ok()?;
                    }
                    dictionary.characters.push(character);
                    dictionary.nodes.push(Node { followers: next, cost, rarity, class: kind & 31 });
                    if kind & 128 != 0 {
                        let followers = varint(&mut rest)?;
                        next = next.checked_add(followers)?;
                        longer.push(followers);
                    }
                }
            }
            groups = longer;
        }
        dictionary.nodes.push(Node { followers: next, ..Node::default() });
        dictionary.firsts = first;
        if dictionary.characters.len() != next as usize {
            return None;
        }
        for place in 0..first {
            for follower in dictionary.followers(place) {
                let (cell, bit) = pair_of(place, dictionary.characters[follower]);
                dictionary.pairs[cell] |= bit;
            }
        }
        for (place, character) in (1..).zip(&dictionary.characters[..first as usize]) {
            dictionary.first[usize::from(*character)] = place;
        }
        rest.is_empty().then_some(dictionary)
    }

    /// How many places there are.
    #[must_use]
    pub fn places(&self) -> usize {
        self.characters.len()
    }

    /// The places of the followers of a place.
    fn followers(&self, place: u32) -> std::ops::Range<usize> {
        self.nodes[place as usize].followers as usize..self.nodes[place as usize + 1].followers as usize
    }

    /// The place of characters that begin words in the tree of all words; none where no word begins so.
    #[must_use]
    pub fn place(&self, text: &[char]) -> Option<u32> {
        let (first, rest) = text.split_first()?;
        rest.iter().try_fold(self.begin(*first)?, |place, next| self.follow(place, *next))
    }

    fn begin(&self, character: char) -> Option<u32> {
        let place = self.first.get(character as usize)?.checked_sub(1)?;
        Some(u32::from(place))
    }

    /// The place of the characters of another place with one more.
    #[must_use]
    #[inline]
    pub fn follow(&self, place: u32, character: char) -> Option<u32> {
        let character = u16::try_from(character as u32).ok()?;
        if place < self.firsts {
            let (cell, bit) = pair_of(place, character);
            if self.pairs[cell] & bit == 0 {
                return None;
            }
        }
        let followers = self.followers(place);
        let from = followers.start;
        let at = self.characters[followers].binary_search(&character).ok()?;
        u32::try_from(from + at).ok()
    }

    fn is_word(&self, place: u32) -> bool {
        self.nodes[place as usize].class != 0
    }

    /// The rarity of the word that the characters of a place are.
    #[must_use]
    #[inline]
    pub fn rarity_at(&self, place: u32) -> Option<i32> {
        self.is_word(place).then(|| i32::from(self.nodes[place as usize].rarity))
    }

    /// The places of the first character, the first two, and so on, as far as words begin so.
    pub fn walk(&self, text: &[char]) -> impl Iterator<Item = u32> {
        let first = text.first().and_then(|first| self.begin(*first));
        let mut rest = text.get(1..).unwrap_or_default().iter();
        std::iter::successors(first, move |place| self.follow(*place, *rest.next()?))
    }

    /// What the word that the characters of a place are costs in a [cut](Dictionary::cut).
    #[must_use]
    #[inline]
    pub fn cost_at(&self, place: u32) -> Option<u32> {
        self.is_word(place).then(|| self.nodes[place as usize].cost)
    }

    /// What a character costs in a [cut](Dictionary::cut) that begins no word.
    #[must_use]
    pub fn cost_of_unknown(&self) -> u32 {
        self.once
    }

    /// Cuts a text of Han into words: the cut whose words are most frequent together. Characters that begin no word
    /// stand alone. Linear in the length of the text.
    #[must_use]
    pub fn cut(&self, text: &[char]) -> Vec<Word> {
        let mut words = Vec::with_capacity(text.len() / 2 + 1);
        self.cut_each(text, &mut CutSpace::default(), |word| words.push(word));
        words
    }

    /// As [`Dictionary::cut`], for many texts one after the other: `take` is given the words in order.
    pub fn cut_each(&self, text: &[char], space: &mut CutSpace, mut take: impl FnMut(Word)) {
        let best = &mut space.best;
        best.clear();
        best.resize(text.len() + 1, (0, 0, NO_PLACE));
        for start in (0..text.len()).rev() {
            let mut found: Option<(u64, usize, u32)> = None;
            let mut place = self.begin(text[start]);
            let mut end = start;
            while let Some(at) = place {
                end += 1;
                let node = &self.nodes[at as usize];
                if node.class != 0 {
                    let cost = u64::from(node.cost) + best[end].0;
                    // Of equal cuts the one with the longer word.
                    if found.is_none_or(|(least, _, _)| cost <= least) {
                        found = Some((cost, end, at));
                    }
                }
                place = text.get(end).and_then(|character| self.follow(at, *character));
            }
            let (cost, end, place) =
                found.unwrap_or_else(|| (best[start + 1].0 + u64::from(self.once), start + 1, NO_PLACE));
            best[start] = (cost, u32::try_from(end - start).unwrap_or(1), place);
        }
        let mut at = 0;
        while at < text.len() {
            let (_, length, place) = best[at];
            let node = self.nodes.get(place as usize);
            let class = node.map_or('x', |node| match node.class {
                NAME => 'N',
                letter => char::from(letter + b'a' - 1),
            });
            take(Word {
                length: length as usize,
                class,
                rarity: node.map(|node| i32::from(node.rarity)),
                place: node.map(|_| place),
            });
            at += length as usize;
        }
    }

    /// How rare a word is in general prose, in tenths of a bit (-10 · log2 of its share of all words); `None` where
    /// it is not in the dictionary.
    #[must_use]
    pub fn rarity(&self, word: &[char]) -> Option<i32> {
        self.rarity_at(self.place(word)?)
    }
}

/// log2 in parts of [`FINE`], in integers.
fn fine_bits(value: u32) -> u32 {
    let whole = value.max(1).ilog2();
    let mut mantissa = (u64::from(value.max(1)) << 31) >> whole;
    let mut bits = whole;
    for _ in 0..FINE {
        mantissa = (mantissa * mantissa) >> 31;
        bits <<= 1;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            bits |= 1;
        }
    }
    bits
}

/// 10 · log2 in integers, so that it is the same on every platform.
fn tenth_bits(value: u32) -> u32 {
    let whole = value.max(1).ilog2();
    let mut mantissa = (u64::from(value.max(1)) << 16) >> whole;
    let (mut hundredths, mut part) = (whole * 1000, 500);
    for _ in 0..8 {
        mantissa = (mantissa * mantissa) >> 16;
        if mantissa >= 2 << 16 {
            mantissa >>= 1;
            hundredths += part;
        }
        part /= 2;
    }
    hundredths / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn characters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn words_are_cut_and_weighed() {
        let dictionary = Dictionary::chinese();
        let text = characters("让科研走出论文");
        let mut at = 0;
        let cut = dictionary.cut(&text).into_iter().map(|word| {
            at += word.length;
            text[at - word.length..at].iter().collect::<String>()
        });
        assert_eq!(cut.collect::<Vec<_>>(), ["让", "科研", "走出", "论文"]);
        let rarity = |word: &str| dictionary.rarity(&characters(word));
        assert!(rarity("论文") > rarity("工作"));
        assert_eq!(rarity("论好"), None);
        assert_eq!(rarity(""), None);
    }

    #[test]
    fn what_is_no_word_stands_alone() {
        let cut = Dictionary::chinese().cut(&['\u{2_0000}', '桥', '\u{e000}']);
        let seen: Vec<(usize, char)> = cut.iter().map(|word| (word.length, word.class)).collect();
        assert_eq!(seen, [(1, 'x'), (1, 'n'), (1, 'x')]);
        assert!(Dictionary::chinese().cut(&[]).is_empty());
    }

    #[test]
    fn what_is_not_the_format_is_refused() {
        for data in [&b""[..], b"SLDM\x01", b"SLDM\x02\0\0\0\0\0", b"SLDM\x01\x01\0\0\0\x02\x05\x01"] {
            assert!(Dictionary::read(data).is_none());
        }
    }
}
