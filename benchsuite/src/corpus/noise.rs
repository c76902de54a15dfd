//! Recognition noise: independent characters, or words for words as a language model errs.

use super::text::{Grammars, Language};
use crate::pages::cell::is_han;
use crate::rng::Rng;

/// How characters are lost and changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoiseKind {
    /// Each character by itself: 60 % substituted, 20 % deleted, 20 % inserted.
    Independent,
    /// A word becomes another word.
    Fluent,
}

/// Pools of characters and words that noise draws from.
#[derive(Clone, Debug)]
pub struct Noise {
    kind: NoiseKind,
    percent: usize,
    han: Vec<char>,
    han_words: Vec<[char; 2]>,
    latin_words: Vec<String>,
    russian_words: Vec<String>,
}

fn words(grammars: &Grammars, language: Language) -> Vec<String> {
    let mut out: Vec<String> = grammars
        .of(language)
        .texts()
        .flat_map(|t| t.split(|c: char| !c.is_alphabetic()))
        .filter(|w| w.chars().count() >= 3)
        .map(str::to_lowercase)
        .collect();
    out.sort();
    out.dedup();
    out
}

impl Noise {
    /// Noise of so many characters in a hundred.
    #[must_use]
    pub fn new(grammars: &Grammars, kind: NoiseKind, percent: usize) -> Noise {
        let zh = grammars.of(Language::Zh);
        let mut han: Vec<char> = zh.texts().flat_map(str::chars).filter(|c| is_han(*c)).collect();
        han.sort_unstable();
        han.dedup();
        let mut han_words: Vec<[char; 2]> = Vec::new();
        for text in zh.texts() {
            let chars: Vec<char> = text.chars().take(2).collect();
            if let [a, b] = chars[..]
                && is_han(a)
                && is_han(b)
            {
                han_words.push([a, b]);
            }
        }
        han_words.sort_unstable();
        han_words.dedup();
        let latin_words = words(grammars, Language::En);
        let russian_words = words(grammars, Language::Ru);
        Noise { kind, percent, han, han_words, latin_words, russian_words }
    }

    /// A text with the noise on it.
    pub fn apply(&self, text: &str, rng: &mut Rng) -> String {
        if self.percent == 0 {
            return text.to_owned();
        }
        match self.kind {
            NoiseKind::Independent => self.independent(text, rng),
            NoiseKind::Fluent => self.fluent(text, rng),
        }
    }

    fn like(&self, ch: char, rng: &mut Rng) -> char {
        if is_han(ch) || !ch.is_ascii() && !ch.is_alphabetic() {
            return self.han[rng.below(self.han.len())];
        }
        let pick = |low: char, n: usize, rng: &mut Rng| {
            char::from_u32(low as u32 + rng.below(n) as u32).unwrap_or(low)
        };
        match ch {
            '0'..='9' => pick('0', 10, rng),
            '\u{400}'..='\u{4FF}' => pick('\u{430}', 32, rng),
            _ => pick('a', 26, rng),
        }
    }

    fn independent(&self, text: &str, rng: &mut Rng) -> String {
        let mut out = String::with_capacity(text.len() + 16);
        for ch in text.chars() {
            if ch == '\n' || !rng.per_myriad(self.percent * 100) {
                out.push(ch);
                continue;
            }
            match rng.below(10) {
                0..=5 => out.push(self.like(ch, rng)),
                6 | 7 => {}
                _ => {
                    out.push(ch);
                    out.push(self.like(ch, rng));
                }
            }
        }
        out
    }

    fn fluent(&self, text: &str, rng: &mut Rng) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mut out = String::with_capacity(text.len() + 16);
        let mut i = 0;
        while i < chars.len() {
            let ch = chars[i];
            if is_han(ch) && i + 1 < chars.len() && is_han(chars[i + 1]) {
                // Two characters change at once: a two-character step changes as often as the percent says.
                if rng.per_myriad(self.percent * 100) {
                    out.extend(self.han_words[rng.below(self.han_words.len())]);
                } else {
                    out.extend([ch, chars[i + 1]]);
                }
                i += 2;
                continue;
            }
            if ch.is_alphabetic() && !is_han(ch) {
                let end = (i..chars.len()).find(|k| !chars[*k].is_alphabetic() || is_han(chars[*k]));
                let end = end.unwrap_or(chars.len());
                if rng.per_myriad(self.percent * 100) {
                    let pool = if ('\u{400}'..='\u{4FF}').contains(&ch) {
                        &self.russian_words
                    } else {
                        &self.latin_words
                    };
                    out.push_str(&pool[rng.below(pool.len())]);
                } else {
                    out.extend(&chars[i..end]);
                }
                i = end;
                continue;
            }
            if ch.is_ascii_digit() && rng.per_myriad(self.percent * 100) {
                out.push(self.like(ch, rng));
            } else {
                out.push(ch);
            }
            i += 1;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_changes_about_as_much_as_it_says() {
        let grammars = Grammars::default();
        let text = "水库管理员把库位写在门前的黑板上谁路过都能看见".repeat(200);
        for kind in [NoiseKind::Independent, NoiseKind::Fluent] {
            let noisy = Noise::new(&grammars, kind, 10).apply(&text, &mut Rng::new(3, 3));
            let n = text.chars().count() as f64;
            // Deletions shift what follows: only the fluent kind keeps places.
            if kind == NoiseKind::Fluent {
                let changed = text.chars().zip(noisy.chars()).filter(|(a, b)| a != b).count() as f64;
                assert!((0.08..0.12).contains(&(changed / n)), "{}", changed / n);
            }
            assert!((noisy.chars().count() as f64 / n - 1.0).abs() < 0.02);
        }
        let none = Noise::new(&grammars, NoiseKind::Fluent, 0);
        assert_eq!(none.apply(&text, &mut Rng::new(3, 3)), text);
    }
}
