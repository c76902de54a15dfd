//! A model of the characters of Chinese news: how likely a character is behind up to three others.
//!
//! It tells whether two ends of text belong together, whether a text begins as paragraphs begin and whether it ends
//! as they end. The data is `lang/zh/characters.model`; `benchsuite/character_model.py` makes it and describes its
//! format, source and method. Everything is whole numbers: -8 log2 of a probability.

use std::sync::OnceLock;

/// How many characters behind a cut are asked for.
const ASKED: usize = 3;
/// Longest context.
const CONTEXT: usize = 3;
/// The number of the end of a paragraph.
const PARAGRAPH: u16 = 1;
/// Rarity of a character that the model does not know.
const UNKNOWN: i32 = 128;

/// The runs of one length.
#[derive(Debug, Default)]
struct Level {
    /// The last character of each run; the runs of one context stand together, sorted.
    last: Vec<u16>,
    rarity: Vec<u8>,
    /// What an unknown follower takes from the shorter context.
    weight: Vec<u8>,
    /// Where the longer runs begin; one more than there are runs.
    children: Vec<u32>,
}

/// How likely a character of Chinese news is behind up to three others.
#[derive(Debug)]
pub struct CharacterModel {
    /// The number of each code point of two bytes, digits and full-width forms folded; 0 is no character of the model.
    numbers: Box<[u16]>,
    /// Those of longer code points, sorted.
    rare_numbers: Vec<(char, u16)>,
    levels: [Level; 4],
}

/// The characters next to a cut, prepared for many questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CharacterEdge {
    /// Numbers in reading order; 0 is no character of the model.
    numbers: [u16; ASKED],
    length: usize,
    /// Of a beginning: rarity of each character behind those before it, and of all.
    each: [i32; ASKED],
    alone: i32,
    /// Of an end: where its last one, two and three characters stand in the model.
    contexts: Contexts,
}

/// The places of the last one, two and three characters read, each in its level.
type Contexts = [Option<u32>; CONTEXT];

impl CharacterModel {
    /// The model of Chinese, read when first needed.
    ///
    /// # Panics
    /// If the data that is part of the program is damaged.
    #[must_use]
    pub fn chinese() -> &'static CharacterModel {
        static CHINESE: OnceLock<CharacterModel> = OnceLock::new();
        CHINESE.get_or_init(|| {
            CharacterModel::read(include_bytes!("../../../lang/zh/characters.model"))
                .expect("the data is part of the program")
        })
    }

    /// Reads the format; `None` where it is not that.
    fn read(bytes: &[u8]) -> Option<CharacterModel> {
        let mut rest = bytes.strip_prefix(b"SLCM\x01")?;
        let count = usize::from(u16::from_le_bytes([byte(&mut rest)?, byte(&mut rest)?]));
        let mut known: Vec<(char, u16)> = Vec::with_capacity(count);
        let mut first = Level { children: vec![0], ..Level::default() };
        let mut groups = Vec::with_capacity(count);
        let mut sum = 0_u32;
        for number in 1..=u16::try_from(count).ok()? {
            let point = u32::from_le_bytes([byte(&mut rest)?, byte(&mut rest)?, byte(&mut rest)?, 0]);
            known.push((char::from_u32(point)?, number));
            first.last.push(number);
            first.rarity.push(byte(&mut rest)?);
            first.weight.push(byte(&mut rest)?);
            let children = varint(&mut rest)?;
            groups.push(children);
            sum = sum.checked_add(children)?;
            first.children.push(sum);
        }
        known.sort_unstable();
        let mut model = CharacterModel {
            numbers: numbers_of(&known),
            rare_numbers: known.into_iter().filter(|(known, _)| known.len_utf16() > 1).collect(),
            levels: Default::default(),
        };
        model.levels[0] = first;
        for length in 1..4 {
            let mut level = Level { children: vec![0], ..Level::default() };
            let mut longer = Vec::new();
            let mut sum = 0_u32;
            for group in &groups {
                let mut number = 0_u16;
                for _ in 0..*group {
                    number = number.checked_add(u16::try_from(varint(&mut rest)?).ok()?)?;
                    level.last.push(number);
                    level.rarity.push(byte(&mut rest)?);
                    if length < 3 {
                        level.weight.push(byte(&mut rest)?);
                        let children = varint(&mut rest)?;
                        longer.push(children);
                        sum = sum.checked_add(children)?;
                        level.children.push(sum);
                    }
                }
            }
            model.levels[length] = level;
            groups = longer;
        }
        rest.is_empty().then_some(model)
    }

    fn number(&self, character: char) -> u16 {
        match self.numbers.get(character as usize) {
            Some(number) => *number,
            None => number_in(&self.rare_numbers, character),
        }
    }

    /// Rarity of a character by itself.
    pub(crate) fn rarity_alone(&self, character: char) -> i32 {
        self.rarity(&[self.number(character)])
    }

    /// Rarity of the last of `run` behind the others; at most four are looked at.
    fn rarity(&self, run: &[u16]) -> i32 {
        let run = &run[run.len().saturating_sub(CONTEXT + 1)..];
        let mut taken = 0;
        for from in 0..run.len() {
            match self.find(&run[from..]) {
                Ok(at) => return taken + i32::from(self.levels[run.len() - from - 1].rarity[at]),
                // The context is known, its follower is not: the shorter context decides.
                Err(Some(context)) => taken += i32::from(self.levels[run.len() - from - 2].weight[context]),
                Err(None) => {}
            }
        }
        taken + UNKNOWN
    }

    /// The place of a run in its level; otherwise that of its context, where that is known.
    fn find(&self, run: &[u16]) -> Result<usize, Option<usize>> {
        let [first, rest @ ..] = run else { return Err(None) };
        let Some(mut at) = usize::from(*first).checked_sub(1) else { return Err(None) };
        for (length, number) in rest.iter().enumerate() {
            let (level, longer) = (&self.levels[length], &self.levels[length + 1]);
            let from = level.children[at] as usize;
            let group = &longer.last[from..level.children[at + 1] as usize];
            match group.binary_search(number) {
                Ok(found) => at = from + found,
                Err(_) => return Err((length + 1 == rest.len()).then_some(at)),
            }
        }
        Ok(at)
    }

    /// The place of the characters of a place with one more; `level` counts them, less one.
    fn follow(&self, level: usize, at: u32, number: u16) -> Option<u32> {
        let children = &self.levels[level].children;
        let (from, to) = (children[at as usize], children[at as usize + 1]);
        let found = self.levels[level + 1].last[from as usize..to as usize].binary_search(&number).ok()?;
        Some(from + u32::try_from(found).ok()?)
    }

    /// The characters of an end of text.
    fn edge(&self, characters: impl Iterator<Item = char>) -> CharacterEdge {
        let mut edge = CharacterEdge::default();
        for character in characters.filter(|character| !character.is_whitespace()).take(ASKED) {
            edge.numbers[edge.length] = self.number(character);
            edge.length += 1;
        }
        edge
    }

    /// The end of a text, for [`CharacterModel::across`].
    #[must_use]
    pub fn end_of(&self, text: &[char]) -> CharacterEdge {
        let mut edge = self.edge(text.iter().rev().copied());
        edge.numbers[..edge.length].reverse();
        edge.contexts = self.contexts(&edge.numbers[..edge.length]);
        edge
    }

    fn contexts(&self, numbers: &[u16]) -> Contexts {
        let mut contexts = Contexts::default();
        for (taken, context) in (1..=numbers.len()).zip(&mut contexts) {
            *context =
                self.find(&numbers[numbers.len() - taken..]).ok().and_then(|at| u32::try_from(at).ok());
        }
        contexts
    }

    /// The beginning of a text, for [`CharacterModel::across`].
    #[must_use]
    pub fn beginning_of(&self, text: &[char]) -> CharacterEdge {
        let mut edge = self.edge(text.iter().copied());
        for length in 1..=edge.length {
            edge.each[length - 1] = self.rarity(&edge.numbers[..length]);
        }
        edge.alone = edge.each.iter().sum();
        edge
    }

    /// By how much the end of one text makes the beginning of another more likely, in eighths of a bit: positive
    /// where the two read as one.
    #[must_use]
    pub fn across(&self, left: &CharacterEdge, right: &CharacterEdge) -> i32 {
        self.behind(left.contexts, right)
    }

    /// Rarity of `text` and of the first characters of `next`, read on from the end of `left`: -8 log2 of their probability.
    /// White space is not read.
    #[must_use]
    pub fn rarity_of(&self, left: &str, text: &str, next: &str) -> i32 {
        let read = |one: &char| !one.is_whitespace();
        let mut run = [0; CONTEXT + 1];
        let mut length = 0;
        for (at, character) in left.chars().rev().filter(read).take(CONTEXT).enumerate() {
            run[CONTEXT - 1 - at] = self.number(character);
            length = at + 1;
        }
        let mut rarity = 0;
        for character in text.chars().filter(read).chain(next.chars().filter(read).take(ASKED)) {
            run[CONTEXT] = self.number(character);
            rarity += self.rarity(&run[CONTEXT - length..]);
            run.copy_within(1.., 0);
            length = (length + 1).min(CONTEXT);
        }
        rarity
    }

    /// As [`CharacterModel::rarity`] of each character of the beginning behind those before it and the contexts, against
    /// its rarity without them. What both have in common was looked up once, when the edges were made.
    fn behind(&self, mut contexts: Contexts, right: &CharacterEdge) -> i32 {
        let mut together = 0;
        for (place, number) in right.numbers[..right.length].iter().enumerate() {
            let mut longer = Contexts::default();
            let mut found = false;
            // Shorter contexts hold nothing but the beginning itself.
            for level in (place..CONTEXT).rev() {
                let Some(at) = contexts[level] else { continue };
                let last = found && (level + 1 == CONTEXT || place + 1 == right.length);
                let next = if last { None } else { self.follow(level, at, *number) };
                if let (Some(next), Some(slot)) = (next, longer.get_mut(level + 1)) {
                    *slot = Some(next);
                }
                if !found {
                    together += match next {
                        Some(next) => i32::from(self.levels[level + 1].rarity[next as usize]),
                        None => i32::from(self.levels[level].weight[at as usize]),
                    };
                    found = next.is_some();
                }
            }
            if !found {
                together += right.each[place];
            }
            contexts = longer;
        }
        right.alone - together
    }

    /// By how much a text begins as paragraphs do, in eighths of a bit.
    #[must_use]
    pub fn begins(&self, right: &CharacterEdge) -> i32 {
        self.behind(self.contexts(&[PARAGRAPH]), right)
    }

    /// By how much a text ends as paragraphs and headlines do, in eighths of a bit.
    #[must_use]
    pub fn ends(&self, left: &CharacterEdge) -> i32 {
        let mut run = [PARAGRAPH; CONTEXT + 1];
        run[..left.length].copy_from_slice(&left.numbers[..left.length]);
        self.rarity(&[PARAGRAPH]) - self.rarity(&run[..=left.length])
    }
}

/// The number of a character among sorted ones.
fn number_in(known: &[(char, u16)], character: char) -> u16 {
    known.binary_search_by_key(&character, |(known, _)| *known).map_or(0, |at| known[at].1)
}

/// The number of each code point of two bytes: full-width forms are read as ASCII, and all digits as one.
fn numbers_of(known: &[(char, u16)]) -> Box<[u16]> {
    let mut numbers = vec![0; 1 << 16].into_boxed_slice();
    for (character, number) in known {
        if let Some(slot) = numbers.get_mut(*character as usize) {
            *slot = *number;
        }
    }
    let zero = numbers['0' as usize];
    numbers['0' as usize..='9' as usize].fill(zero);
    numbers.copy_within(0x21..0x7f, 0xff01);
    numbers
}

/// Takes one byte.
pub(crate) fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (first, more) = rest.split_first()?;
    *rest = more;
    Some(*first)
}

/// Takes a number of 7 bits a byte, low ones first.
pub(crate) fn varint(rest: &mut &[u8]) -> Option<u32> {
    let mut value = 0_u32;
    for shift in [0, 7, 14, 21] {
        let next = byte(rest)?;
        value |= u32::from(next & 127) << shift;
        if next < 128 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn across(left: &str, right: &str) -> i32 {
        let model = CharacterModel::chinese();
        let characters = |text: &str| text.chars().collect::<Vec<_>>();
        model.across(&model.end_of(&characters(left)), &model.beginning_of(&characters(right)))
    }

    #[test]
    fn what_reads_as_one_scores_above_what_does_not() {
        assert!(across("双方同意加强经济合", "作，扩大贸易") > 40);
        assert!(across("双方同意加强经济合", "年，全市粮食") < 0);
        assert!(across("比去年同期增长", "１２．３％") > across("比去年同期增长", "副主任说"));
    }

    #[test]
    fn paragraphs_begin_and_end_in_their_own_way() {
        let model = CharacterModel::chinese();
        let begins = |text: &str| model.begins(&model.beginning_of(&text.chars().collect::<Vec<_>>()));
        let ends = |text: &str| model.ends(&model.end_of(&text.chars().collect::<Vec<_>>()));
        assert!(begins("本报讯昨天") > begins("的工作要求"));
        assert!(ends("工作会议召开") > ends("工作会议在"));
    }

    #[test]
    fn a_reading_is_rarer_where_it_does_not_fit() {
        let model = CharacterModel::chinese();
        let rarity = |reading: &str| model.rarity_of("双方同意加强经", reading, "合作，扩大贸易");
        assert!(rarity("济") + 40 < rarity("剂"));
        assert!(rarity("济") < rarity("浒"));
        assert_eq!(model.rarity_of("山", "", ""), 0);
    }

    #[test]
    fn ends_without_characters_say_nothing() {
        let model = CharacterModel::chinese();
        let (nothing, strange) = (model.end_of(&[]), model.beginning_of(&['\u{e000}']));
        assert_eq!(model.across(&nothing, &model.beginning_of(&[])), 0);
        assert_eq!(model.across(&nothing, &strange), 0);
        let _ = (model.ends(&nothing), model.begins(&strange));
    }

    #[test]
    fn what_was_looked_up_before_gives_the_same() {
        let model = CharacterModel::chinese();
        let ends =
            ["双方同意加强经济合", "比去年同期增长", "合", "在\u{e000}", "\u{e000}合作", "２０", "", "记者a"];
        let beginnings =
            ["作，扩大贸易", "１２．３％", "年", "\u{e000}作", "合\u{e000}的", "", "的的的", "abc"];
        for end in ends {
            for beginning in beginnings {
                let left = model.end_of(&end.chars().collect::<Vec<_>>());
                let right = model.beginning_of(&beginning.chars().collect::<Vec<_>>());
                let (taken, given) = (&left.numbers[..left.length], &right.numbers[..right.length]);
                let run: Vec<u16> = taken.iter().chain(given).copied().collect();
                let together: i32 =
                    (1..=given.len()).map(|length| model.rarity(&run[..taken.len() + length])).sum();
                let alone: i32 = (1..=given.len()).map(|length| model.rarity(&given[..length])).sum();
                assert_eq!(model.across(&left, &right), alone - together, "{end} {beginning}");
            }
        }
    }

    #[test]
    fn what_is_not_the_format_is_refused() {
        for bytes in [&b""[..], b"SLCM\x01", b"SLCM\x02\0\0", b"SLCM\x01\x01\0\x0a\0\0\x01\x01\x05"] {
            assert!(CharacterModel::read(bytes).is_none());
        }
    }
}
