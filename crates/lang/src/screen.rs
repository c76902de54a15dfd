//! Which patterns of a set can hit in a text at all: most patterns hold words without which they hit nothing, and one
//! walk over the text finds all of these.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::CharacterModel;

/// More words than this of one pattern are not looked for: it is tried everywhere.
const MOST_WORDS: usize = 96;

/// By how many last bits characters are told apart at first sight.
const LETTERS: usize = 1 << 12;

/// Cells of 64 patterns.
const CELLS: usize = 4;

/// A set of patterns, by their places; those beyond the last cell are always in it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Chosen([u64; CELLS]);

impl Chosen {
    fn add(&mut self, place: usize) {
        if let Some(cell) = self.0.get_mut(place / 64) {
            *cell |= 1 << (place % 64);
        }
    }

    pub(crate) fn holds(&self, place: usize) -> bool {
        self.0.get(place / 64).is_none_or(|cell| cell >> (place % 64) & 1 == 1)
    }
}

/// The words of a set of patterns.
#[derive(Debug)]
pub(crate) struct Screen {
    /// In order of their letters.
    words: Vec<Sought>,
    /// The letters of the words, by the last bits of their numbers: most texts hold none of them.
    letters: Box<[u64; LETTERS / 64]>,
    /// Patterns that need no word.
    always: Chosen,
}

/// A word that a pattern needs.
#[derive(Debug)]
struct Sought {
    /// Its rarest character: where that stands the whole is looked for.
    letter: char,
    /// Bytes of the word before it.
    before: usize,
    word: String,
    pattern: usize,
}

impl Sought {
    fn of(word: String, pattern: usize) -> Option<Sought> {
        let rarity = |(_, letter): &(usize, char)| CharacterModel::chinese().rarity_alone(*letter);
        let (before, letter) = word.char_indices().max_by_key(rarity)?;
        Some(Sought { letter, before, word, pattern })
    }
}

impl Screen {
    /// Of the sources of patterns, in order.
    pub(crate) fn of<'s>(sources: impl Iterator<Item = &'s str>) -> Screen {
        let (mut words, mut always) = (Vec::new(), Chosen::default());
        for (place, source) in sources.enumerate() {
            let parsed = regex_syntax::parse(source).ok();
            match parsed.and_then(|parsed| needed(&parsed)).filter(|_| place < CELLS * 64) {
                Some(needed) => {
                    words.extend(needed.into_iter().filter_map(|word| Sought::of(word, place)));
                }
                None => always.add(place),
            }
        }
        words.sort_by_key(|word: &Sought| word.letter);
        let mut letters = Box::new([0; LETTERS / 64]);
        for word in &words {
            let place = word.letter as usize % LETTERS;
            letters[place / 64] |= 1 << (place % 64);
        }
        Screen { words, letters, always }
    }

    /// The patterns that can hit in a text.
    pub(crate) fn chosen(&self, text: &str) -> Chosen {
        let mut chosen = self.always;
        if self.words.is_empty() {
            return chosen;
        }
        for (at, letter) in text.char_indices() {
            let place = letter as usize % LETTERS;
            if self.letters[place / 64] >> (place % 64) & 1 == 0 {
                continue;
            }
            let from = self.words.partition_point(|word| word.letter < letter);
            for word in self.words[from..].iter().take_while(|word| word.letter == letter) {
                let whole = at.checked_sub(word.before).and_then(|from| text.as_bytes().get(from..));
                if whole.is_some_and(|whole| whole.starts_with(word.word.as_bytes())) {
                    chosen.add(word.pattern);
                }
            }
        }
        chosen
    }
}

/// Words of which each hit holds at least one; nothing where none are known.
fn needed(expression: &Hir) -> Option<Vec<String>> {
    let found = match expression.kind() {
        HirKind::Literal(literal) => vec![String::from_utf8(literal.0.to_vec()).ok()?],
        HirKind::Class(Class::Unicode(class)) => {
            let count: usize =
                class.iter().map(|range| range.end() as usize - range.start() as usize + 1).sum();
            if count == 0 || count > MOST_WORDS {
                return None;
            }
            let characters = class.iter().flat_map(|range| range.start()..=range.end());
            characters.map(String::from).collect()
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub)?,
        HirKind::Capture(capture) => needed(&capture.sub)?,
        HirKind::Concat(parts) => parts.iter().filter_map(needed).max_by_key(|words| worth(words))?,
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(needed(part)?);
            }
            all
        }
        _ => return None,
    };
    (found.len() <= MOST_WORDS && found.iter().all(|word| !word.is_empty())).then_some(found)
}

/// Long words are rare, and few are found faster than many.
fn worth(words: &[String]) -> (usize, std::cmp::Reverse<usize>) {
    (words.iter().map(String::len).min().unwrap_or(0).min(9), std::cmp::Reverse(words.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(sources: &[&str], text: &str) -> Vec<bool> {
        let screen = Screen::of(sources.iter().copied());
        let chosen = screen.chosen(text);
        (0..sources.len()).map(|place| chosen.holds(place)).collect()
    }

    #[test]
    fn a_pattern_is_tried_where_what_it_needs_stands() {
        let sources = [r"^\s*下转第?\p{Han}+版", r"\d+", r"(?:记者|通讯员)\s+\p{Han}{2,4}", r"[（(]完[）)]$"];
        assert_eq!(chosen(&sources, "他下转第四版"), [true, true, false, false]);
        assert_eq!(chosen(&sources, "记者 林越（完）"), [false, true, true, true]);
        assert_eq!(chosen(&sources, "大桥通车"), [false, true, false, false]);
    }

    #[test]
    fn whatever_hits_is_chosen() {
        let sources = ["a?b|c", "(?i)Bridge", "x*", "[ab]{2,3}c?", "(ab|cd)(ef)?", r"\bq\b"];
        for text in ["b", "c", "BRIDGE", "", "ab", "cdef", "q"] {
            let chosen = chosen(&sources, text);
            for (source, chosen) in sources.iter().zip(chosen) {
                assert!(chosen || !regex::Regex::new(source).unwrap().is_match(text), "{source} {text}");
            }
        }
    }

    #[test]
    fn no_pattern_is_no_screen() {
        assert!(Screen::of(std::iter::empty()).chosen("大桥").0.iter().all(|cell| *cell == 0));
    }
}
