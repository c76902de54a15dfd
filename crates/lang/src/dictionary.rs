//! A general dictionary of Chinese: 350,000 words with frequencies and parts of speech, far more than rows of
//! `lang/` can hold. It is the one that comes with `jieba-rs` (MIT), read when first needed.

use std::sync::OnceLock;

use jieba_rs::Jieba;

/// Words with frequencies and parts of speech.
#[derive(Debug)]
pub struct Dictionary {
    words: Jieba,
}

/// A word of a text that was cut into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// Its characters.
    pub text: &'t str,
    /// Its part of speech, the first letter of the tag set of Peking University; `N` for names of people, places
    /// and bodies, `x` where it is not known.
    pub class: char,
}

/// All occurrences that the dictionary's frequencies were counted over.
const COUNTED: u32 = 60_101_967;

impl Dictionary {
    /// The dictionary of Chinese.
    #[must_use]
    pub fn chinese() -> &'static Dictionary {
        static CHINESE: OnceLock<Dictionary> = OnceLock::new();
        CHINESE.get_or_init(|| Dictionary { words: Jieba::new() })
    }

    /// Cuts a text into words: the cut whose words are most frequent together. Characters that begin no word
    /// stand alone. Linear in the length of the text.
    #[must_use]
    pub fn cut<'t>(&'t self, text: &'t str) -> Vec<Word<'t>> {
        self.words
            .tag(text, false)
            .into_iter()
            .map(|tag| Word { text: tag.word, class: class_of(tag.tag) })
            .collect()
    }

    /// How rare a word is in general prose, in tenths of a bit (-10 · log2 of its share of all words); `None` where
    /// it is not in the dictionary.
    #[must_use]
    pub fn rarity(&self, word: &str) -> Option<i32> {
        if !self.words.has_word(word) {
            return None;
        }
        let frequency = u32::try_from(self.words.suggest_freq(word)).unwrap_or(COUNTED).max(1);
        Some(tenth_bits(COUNTED) - tenth_bits(frequency))
    }
}

fn class_of(tag: &str) -> char {
    match tag {
        "nr" | "ns" | "nt" | "nrt" | "nrfg" | "nz" => 'N',
        _ => tag.chars().next().unwrap_or('x'),
    }
}

/// 10 · log2 in integers, so that it is the same on every platform.
fn tenth_bits(value: u32) -> i32 {
    let whole = value.ilog2();
    let mut mantissa = (u64::from(value) << 16) >> whole;
    let (mut hundredths, mut part) = (i32::try_from(whole).unwrap_or(0) * 1000, 500);
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

    #[test]
    fn words_are_cut_and_weighed() {
        let dictionary = Dictionary::chinese();
        let words: Vec<&str> = dictionary.cut("让科研走出论文").iter().map(|word| word.text).collect();
        assert_eq!(words, ["让", "科研", "走出", "论文"]);
        assert!(dictionary.rarity("论文") > dictionary.rarity("工作"));
        assert_eq!(dictionary.rarity("论好"), None);
    }
}
