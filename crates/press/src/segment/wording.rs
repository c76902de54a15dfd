//! What a dictionary says of the two sides of a cut: does the left end need what the right end gives?
//!
//! Two in five cuts in mid-sentence fall inside a word. A word that begins on the left and ends on the right, and
//! explains both ends better than they explain themselves, is the best evidence there is.

use shiliu_lang::{CharacterEdge, CharacterModel, Dictionary, is_han};

/// Characters of either side that are looked at.
const SIDE: usize = 6;
/// Longest word.
const LONGEST: usize = 8;
/// A character that is no word by itself is this rare, in tenths of a bit.
const NO_WORD: i32 = 240;

/// One end of a stretch of text, prepared for comparison with many other ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Edge {
    /// The Han characters next to the cut, in reading order.
    pub han: Vec<char>,
    /// Rarity of the best cut into words of all but the `n` characters next to the cut.
    pub without: Vec<i32>,
    /// Of an end: for each number of characters next to the cut, their place among the words of the dictionary.
    pub begun: Vec<Option<u32>>,
    /// Whether the word next to the cut, cut off here, is one character that seldom is a word.
    pub leftover: bool,
    /// The characters next to the cut, as the character model knows them.
    pub characters: CharacterEdge,
    /// Whether Han stands among them.
    pub chinese: bool,
}

/// How near the cut Han must stand for the character model to be asked.
const NEAR: usize = 3;

/// Rarity of the best cut into words of each head of `text`.
fn heads(text: &[char]) -> Vec<i32> {
    let mut best = vec![0; text.len() + 1];
    for end in 1..=text.len() {
        best[end] = (end.saturating_sub(4)..end)
            .filter_map(|start| Some(best[start] + rarity(&text[start..end])?))
            .min()
            .unwrap_or(0);
    }
    best
}

fn rarity(word: &[char]) -> Option<i32> {
    Dictionary::chinese().rarity(word).or((word.len() == 1).then_some(NO_WORD))
}

/// A single character at least this rare, in tenths of a bit, is more often part of a word than a word.
const PART: i32 = 110;

fn leftover(han: &[char], last: bool) -> bool {
    let words = Dictionary::chinese().cut(han);
    let word = if last { words.last() } else { words.first() };
    let single = word.filter(|word| word.length == 1);
    single.is_some_and(|word| word.rarity.is_none_or(|rarity| rarity >= PART))
}

impl Edge {
    /// The end of a text.
    pub(super) fn left(text: &[char]) -> Edge {
        let count = text.iter().rev().take(SIDE).take_while(|c| is_han(**c)).count();
        let han = text[text.len() - count..].to_vec();
        let without = heads(&han).into_iter().rev().collect();
        let leftover = leftover(&han, true);
        let chinese = text.iter().rev().take(NEAR).any(|c| is_han(*c));
        let characters =
            if chinese { CharacterModel::chinese().end_of(text) } else { CharacterEdge::default() };
        let begun =
            (1..=han.len()).map(|taken| Dictionary::chinese().place(&han[han.len() - taken..])).collect();
        Edge { without, begun, leftover, han, characters, chinese }
    }

    /// The beginning of a text.
    pub(super) fn right(text: &[char]) -> Edge {
        let count = text.iter().take(SIDE).take_while(|c| is_han(**c)).count();
        let han = text[..count].to_vec();
        // The best cut from each place to the end, from the end backwards.
        let mut best = vec![0; han.len() + 1];
        for start in (0..han.len()).rev() {
            best[start] = (start + 1..=han.len().min(start + 4))
                .filter_map(|end| Some(best[end] + rarity(&han[start..end])?))
                .min()
                .unwrap_or(0);
        }
        let leftover = leftover(&han, false);
        let chinese = text.iter().take(NEAR).any(|c| is_han(*c));
        let characters =
            if chinese { CharacterModel::chinese().beginning_of(text) } else { CharacterEdge::default() };
        Edge { without: best, begun: Vec::new(), leftover, han, characters, chinese }
    }
}

/// By how much a word over the cut explains the two ends better than they explain themselves, in tenths of a bit;
/// `None` where no word lies over the cut.
pub(super) fn word_over(left: &Edge, right: &Edge) -> Option<i32> {
    let dictionary = Dictionary::chinese();
    let mut best: Option<i32> = None;
    for (taken, begun) in (1..).zip(&left.begun) {
        let mut place = *begun;
        for (given, character) in (1..=LONGEST - taken).zip(&right.han) {
            place = place.and_then(|place| dictionary.follow(place, *character));
            let Some(place) = place else { break };
            if let Some(rarity) = dictionary.rarity_at(place) {
                let gain =
                    left.without[0] + right.without[0] - left.without[taken] - right.without[given] - rarity;
                best = best.max(Some(gain));
            }
        }
    }
    best
}

/// The row of the table that a cut falls into, by what the dictionary says: a leftover and no word over the cut,
/// nothing, then words that explain ever more.
pub(super) fn row_of(left: &Edge, right: &Edge) -> usize {
    match word_over(left, right) {
        Some(91..) => 6,
        Some(61..) => 5,
        Some(41..) => 4,
        Some(21..) => 3,
        Some(1..) => 2,
        _ => usize::from(!left.leftover && !right.leftover),
    }
}
