//! Names and terms of their own that a text shares with a stream: pairs of characters that no news has side by side, and that
//! the page prints in a few places only.
//!
//! Reports of one meeting are alike in all their words but these: the partner, his country, the two-character name of
//! the two states. Words and vectors are drowned by the rest, and a dictionary does not have them.

use shiliu_lang::{CharacterModel, is_han};

use std::collections::HashMap;

/// The second of two characters is this rare behind the first, in eighths of a bit.
const RARE: i32 = 80;
/// A pair in more of the page's texts than this share, in hundredths, tells none from another.
const MOST_TEXTS: usize = 40;
/// What a pair counts in thousandths behind another one of the same run: a long name is one name.
const GOES_ON: i32 = 350;
/// No more pairs are kept.
const MOST: usize = 4096;

/// Which pairs the texts of a page have.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// For each text its pairs, sorted, each with what it tells there, in thousandths of a bit.
    texts: Vec<Vec<(u16, i32)>>,
    /// How many different pairs there are.
    count: usize,
}

/// A set of pairs.
#[derive(Clone, Debug, Default)]
pub(super) struct Held(Vec<u64>);

impl Held {
    fn has(&self, pair: u16) -> bool {
        self.0.get(usize::from(pair) / 64).is_some_and(|bits| bits >> (pair % 64) & 1 == 1)
    }
}

impl Names {
    /// Of the given texts.
    pub(super) fn of(texts: &[&[char]]) -> Names {
        let mut rare: HashMap<(char, char), bool> = HashMap::new();
        // For each pair the last text that has it, how many have it, and its number.
        let mut known: HashMap<(char, char), (usize, usize, u32)> = HashMap::new();
        let mut found: Vec<Vec<(usize, (char, char))>> = Vec::with_capacity(texts.len());
        for (text, characters) in texts.iter().enumerate() {
            let mut own = Vec::new();
            for (at, pair) in characters.windows(2).enumerate() {
                let pair = (pair[0], pair[1]);
                if !is_han(pair.0) || !is_han(pair.1) {
                    continue;
                }
                let is_rare = *rare.entry(pair).or_insert_with(|| {
                    let (mut first, mut second) = ([0; 4], [0; 4]);
                    let first = pair.0.encode_utf8(&mut first);
                    CharacterModel::chinese().rarity_of(first, pair.1.encode_utf8(&mut second), "") >= RARE
                });
                if is_rare {
                    own.push((at, pair));
                    let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
                    let slot = known.entry(pair).or_insert((usize::MAX, 0, next));
                    if slot.0 != text {
                        *slot = (text, slot.1 + 1, slot.2);
                    }
                }
            }
            found.push(own);
        }
        let full = texts.iter().filter(|text| !text.is_empty()).count();
        let most = (full * MOST_TEXTS / 100).max(2);
        let mut telling: Vec<(u32, (char, char), usize)> = known
            .iter()
            .filter(|(_, (_, texts, _))| (2..=most).contains(texts))
            .map(|(pair, (_, texts, number))| (*number, *pair, *texts))
            .collect();
        telling.sort_unstable();
        telling.truncate(MOST);
        let tells = |texts: usize| {
            // Thousandths of a bit; a third of a bit more or less makes no difference.
            let share = full.max(1) * 1000 / texts;
            i32::try_from(share.max(1).ilog2()).unwrap_or(0) * 1000 - 9000
        };
        let numbers: HashMap<(char, char), (u16, i32)> = (0_u16..)
            .zip(&telling)
            .map(|(number, (_, pair, texts))| (*pair, (number, tells(*texts).max(500))))
            .collect();
        let texts = found.into_iter().map(|own| {
            let mut pairs: Vec<(u16, i32)> = Vec::new();
            let mut last = usize::MAX;
            for (at, pair) in own {
                let Some((number, tells)) = numbers.get(&pair) else { continue };
                let worth = if last.wrapping_add(1) == at { tells * GOES_ON / 1000 } else { *tells };
                last = at;
                pairs.push((*number, worth));
            }
            pairs.sort_unstable_by_key(|(number, worth)| (*number, -worth));
            pairs.dedup_by_key(|(number, _)| *number);
            pairs
        });
        Names { texts: texts.collect(), count: telling.len() }
    }

    /// The set with the pairs of more texts.
    pub(super) fn grown(&self, old: Option<&Held>, texts: impl IntoIterator<Item = usize>) -> Held {
        let mut held = old.cloned().unwrap_or_else(|| Held(vec![0; self.count.div_ceil(64)]));
        for (number, _) in texts.into_iter().flat_map(|text| &self.texts[text]) {
            held.0[usize::from(*number) / 64] |= 1 << (number % 64);
        }
        held
    }

    /// What the pairs tell that a text shares with a set, and those that it does not share, in thousandths of a bit;
    /// only pairs of the second set, which were read before, count.
    pub(super) fn shared(&self, text: usize, held: &Held, before: &Held) -> (i32, i32) {
        let (mut shared, mut missing) = (0, 0);
        for (number, tells) in self.texts[text].iter().filter(|(number, _)| before.has(*number)) {
            *(if held.has(*number) { &mut shared } else { &mut missing }) += tells;
        }
        (shared, missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_two_texts_share_is_told_from_what_all_say() {
        let texts: Vec<Vec<char>> = [
            "主席会见来访的塔穆尔总统，双方就合作交换意见",
            "主席会见来访的沃伊总统，双方就合作交换意见",
            "塔穆尔总统表示愿同各方扩大合作",
            "沃伊总统表示愿同各方扩大合作",
            "会议期间双方就合作交换意见",
        ]
        .iter()
        .map(|text| text.chars().collect())
        .collect();
        let texts: Vec<&[char]> = texts.iter().map(Vec::as_slice).collect();
        let names = Names::of(&texts);
        let (first, second) = (names.grown(None, [0]), names.grown(None, [1]));
        let before = names.grown(Some(&first), [1]);
        let (shared, missing) = names.shared(2, &first, &before);
        assert!(shared > 1000 && missing == 0, "{shared} {missing}");
        let (shared, missing) = names.shared(2, &second, &before);
        assert!(shared == 0 && missing > 1000, "{shared} {missing}");
        assert_eq!(names.shared(4, &first, &before), (0, 0));
    }
}
