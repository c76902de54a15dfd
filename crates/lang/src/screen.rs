//! Which patterns of a set can hit in a text at all: most patterns hold words without which they hit nothing, and one
//! walk over the text finds all of these.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

use crate::CharacterModel;

/// More words than this of one pattern are not looked for: it is tried everywhere.
const MOST_WORDS: usize = 96;

/// By how many last bits characters are told apart at first sight.
const LETTERS: usize = 1 << 12;

/// Cells of 64 patterns.
const CELLS: usize = 4;

/// No more sets of words are looked for, for all patterns together.
const MOST_SETS: usize = 512;

/// Of one pattern no more than this many sets of words beside the first, each of few words.
const MORE_SETS: usize = 3;
const FEW_WORDS: usize = 24;

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
    /// In order of the last bits of their letters' numbers.
    words: Vec<Sought>,
    /// These bits: most texts hold none of them.
    letters: Box<[u64; LETTERS / 64]>,
    /// For each of these bits how many words stand before its words, as far as that can be told.
    begins_at: Box<[u16; LETTERS]>,
    /// Patterns that need no word.
    always: Chosen,
    /// For each set of words its pattern, in order: a hit holds a word of each set of its pattern.
    patterns: Vec<usize>,
    /// Bytes from the beginning of a text within which the words must stand.
    reach: usize,
    /// For each pattern that hits only where a text begins: the characters that it may begin with.
    begins: Vec<Option<ClassUnicode>>,
}

/// A word that a pattern needs.
#[derive(Debug)]
struct Sought {
    /// Its rarest character: where that stands the whole is looked for.
    letter: char,
    /// Bytes of the word before it.
    before: usize,
    word: String,
    /// The set of words it belongs to.
    set: usize,
}

impl Sought {
    /// Whether it stands in a text that has its letter at a place.
    fn stands_in(&self, text: &str, at: usize) -> bool {
        let rest = || at.checked_sub(self.before).and_then(|from| text.as_bytes().get(from..));
        let alone = self.word.len() == self.letter.len_utf8();
        alone || rest().is_some_and(|rest| rest.starts_with(self.word.as_bytes()))
    }

    fn of(word: String, set: usize) -> Option<Sought> {
        let rarity = |(_, letter): &(usize, char)| CharacterModel::chinese().rarity_alone(*letter);
        let (before, letter) = word.char_indices().max_by_key(rarity)?;
        Some(Sought { letter, before, word, set })
    }
}

/// The last bits of the number of the character that begins at a place of a text, as [`LETTERS`] tells characters apart, and how
/// many bytes it has. They stand in its last two bytes: it need not be put together.
fn place_at(text: &[u8], at: usize) -> (usize, usize) {
    let bits = |place: usize| usize::from(text.get(place).copied().unwrap_or_default()) & 63;
    match text[at] {
        one @ ..0x80 => (usize::from(one), 1),
        two @ ..0xe0 => (usize::from(two & 31) << 6 | bits(at + 1), 2),
        ..0xf0 => (bits(at + 1) << 6 | bits(at + 2), 3),
        _ => (bits(at + 2) << 6 | bits(at + 3), 4),
    }
}

impl Screen {
    /// Of the sources of patterns, in order.
    pub(crate) fn of<'s>(sources: impl Iterator<Item = &'s str>) -> Screen {
        let (mut words, mut patterns, mut begins) = (Vec::new(), Vec::new(), Vec::new());
        let (mut always, mut reach) = (Chosen::default(), 0);
        for (place, source) in sources.enumerate() {
            let parsed = regex_syntax::parse(source).ok();
            let at_start = parsed.as_ref().filter(|parsed| begins_text(parsed));
            begins.push(at_start.and_then(first_characters));
            // A hit that begins the text ends within the pattern's greatest length.
            let length = at_start.and_then(|parsed| parsed.properties().maximum_len());
            let needed = parsed.as_ref().map(needed_sets).unwrap_or_default();
            if needed.is_empty() || place >= CELLS * 64 {
                always.add(place);
                continue;
            }
            reach = reach.max(length.unwrap_or(usize::MAX));
            for (count, set) in needed.into_iter().enumerate() {
                if count == 0 || patterns.len() < MOST_SETS && set.len() <= FEW_WORDS {
                    words.extend(set.into_iter().filter_map(|word| Sought::of(word, patterns.len())));
                    patterns.push(place);
                }
            }
        }
        let place = |word: &Sought| word.letter as usize % LETTERS;
        words.sort_by_key(place);
        let mut letters = Box::new([0; LETTERS / 64]);
        words.iter().map(place).for_each(|place| letters[place / 64] |= 1 << (place % 64));
        let mut begins_at = Box::new([0; LETTERS]);
        for (at, word) in words.iter().enumerate().rev() {
            begins_at[place(word)] = u16::try_from(at).unwrap_or(u16::MAX);
        }
        Screen { words, letters, begins_at, always, patterns, reach, begins }
    }

    /// Whether a pattern can hit in a text with this first character.
    pub(crate) fn may_begin(&self, place: usize, first: Option<char>) -> bool {
        let Some(Some(begins)) = self.begins.get(place) else { return true };
        let within = |first: char| {
            let at = begins.ranges().partition_point(|range| range.end() < first);
            begins.ranges().get(at).is_some_and(|range| range.start() <= first)
        };
        first.is_some_and(within)
    }

    /// The patterns that can hit in a text.
    pub(crate) fn chosen(&self, text: &str) -> Chosen {
        let mut chosen = self.always;
        if self.words.is_empty() {
            return chosen;
        }
        let mut found = [0_u64; MOST_SETS / 64 + CELLS];
        let mut any = false;
        let bytes = text.as_bytes();
        let mut next = 0;
        while next < bytes.len().min(self.reach) {
            let at = next;
            let (place, length) = place_at(bytes, at);
            next += length;
            if self.letters[place / 64] >> (place % 64) & 1 == 0 {
                continue;
            }
            let Some(letter) = text[at..].chars().next() else { break };
            let from = usize::from(self.begins_at[place]);
            let near = self.words[from..].iter().take_while(|word| word.letter as usize % LETTERS <= place);
            for word in near.filter(|word| word.letter == letter) {
                if word.stands_in(text, at) {
                    found[word.set / 64] |= 1 << (word.set % 64);
                    any = true;
                }
            }
        }
        if any {
            let mut set = 0;
            while let Some(pattern) = self.patterns.get(set) {
                let mut all = true;
                while self.patterns.get(set) == Some(pattern) {
                    all &= found[set / 64] >> (set % 64) & 1 == 1;
                    set += 1;
                }
                if all {
                    chosen.add(*pattern);
                }
            }
        }
        chosen
    }
}

/// Whether a pattern hits only where a text begins.
fn begins_text(expression: &Hir) -> bool {
    expression.properties().look_set_prefix().contains(Look::Start)
}

/// The characters that a hit may begin with; nothing where it may be empty or they are not known.
fn first_characters(expression: &Hir) -> Option<ClassUnicode> {
    let (first, may_be_empty) = beginning(expression)?;
    (!may_be_empty).then_some(first)
}

/// The first characters of a part of a pattern, and whether it may hold none.
fn beginning(expression: &Hir) -> Option<(ClassUnicode, bool)> {
    Some(match expression.kind() {
        HirKind::Empty | HirKind::Look(_) => (ClassUnicode::empty(), true),
        HirKind::Literal(literal) => {
            let first = std::str::from_utf8(&literal.0).ok()?.chars().next()?;
            (ClassUnicode::new([ClassUnicodeRange::new(first, first)]), false)
        }
        HirKind::Class(Class::Unicode(class)) => (class.clone(), false),
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(repetition) => {
            let (first, may_be_empty) = beginning(&repetition.sub)?;
            (first, may_be_empty || repetition.min == 0)
        }
        HirKind::Capture(capture) => beginning(&capture.sub)?,
        HirKind::Concat(parts) => {
            let mut all = ClassUnicode::empty();
            for part in parts {
                let (first, may_be_empty) = beginning(part)?;
                all.union(&first);
                if !may_be_empty {
                    return Some((all, false));
                }
            }
            (all, true)
        }
        HirKind::Alternation(parts) => {
            let (mut all, mut empty) = (ClassUnicode::empty(), false);
            for part in parts {
                let (first, may_be_empty) = beginning(part)?;
                all.union(&first);
                empty |= may_be_empty;
            }
            (all, empty)
        }
    })
}

/// Sets of words: each hit holds a word of each set; the one that tells most first. Empty where none are known.
fn needed_sets(expression: &Hir) -> Vec<Vec<String>> {
    match expression.kind() {
        HirKind::Concat(parts) => {
            let mut sets: Vec<Vec<String>> = parts.iter().filter_map(needed).collect();
            sets.sort_by_key(|words| std::cmp::Reverse(worth(words)));
            sets.truncate(MORE_SETS + 1);
            sets
        }
        _ => needed(expression).into_iter().collect(),
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
    fn characters_are_told_apart_by_their_last_bits() {
        let text = "aé¿ſ߿ࠀ東一龥\u{e000}豈\u{fffd}\u{1_0000}𠀀\u{10_ffff}~";
        let mut at = 0;
        for letter in text.chars() {
            let (place, length) = place_at(text.as_bytes(), at);
            assert_eq!((place, length), (letter as usize % LETTERS, letter.len_utf8()), "{letter:?}");
            at += length;
        }
        assert_eq!(at, text.len());
    }

    #[test]
    fn all_that_a_pattern_needs_must_stand() {
        let sources = [r"(?:河口社|林港社).{0,9}[0-9]+月.{0,4}(?:电|讯)", "大桥"];
        assert_eq!(chosen(&sources, "河口社青禾6月1日电"), [true, false]);
        assert_eq!(chosen(&sources, "河口社青禾六月一日电"), [false, false]);
        assert_eq!(chosen(&sources, "河口社青禾6月1日大桥"), [false, true]);
        let many: Vec<String> = (0..300).map(|number| format!("a{number}b[0-9]c{number}")).collect();
        let screen = Screen::of(many.iter().map(String::as_str));
        for (place, number) in [(0, "a0b1c0"), (200, "a200b7c200"), (299, "a299b7c299")] {
            assert!(screen.chosen(number).holds(place), "{number}");
        }
        assert!(!screen.chosen("a0b").holds(0));
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
    fn what_hits_at_the_beginning_is_looked_for_there() {
        let sources = ["^(?:据悉|记者).{0,2}报道", "^[0-9]{1,2}月", "^(?:a|)b", "(?m)^大桥", "^x*"];
        let screen = Screen::of(sources.iter().copied());
        for text in
            ["据悉报道", "记者他们报道", "这里报道", "12月", "一月", "b", "ab", "路\n大桥", "大桥", "", "xx"]
        {
            let chosen = screen.chosen(text);
            for (place, source) in sources.iter().enumerate() {
                let tried = chosen.holds(place) && screen.may_begin(place, text.chars().next());
                assert!(tried || !regex::Regex::new(source).unwrap().is_match(text), "{source} {text}");
            }
        }
        assert!(!screen.may_begin(0, Some('这')) && screen.may_begin(2, Some('b')));
        let far = format!("据悉{}报道", "大桥".repeat(20));
        assert!(!Screen::of(sources[..1].iter().copied()).chosen(&far).holds(0));
    }

    #[test]
    fn no_pattern_is_no_screen() {
        assert!(Screen::of(std::iter::empty()).chosen("大桥").0.iter().all(|cell| *cell == 0));
    }
}
