//! The engine's own view of a text: letters and digits only, without case, width or accents.
//!
//! Language-neutral by Unicode properties: compatibility forms are unfolded (full width, ligatures, circled
//! figures), case and combining marks dropped, white space, punctuation and symbols left out, digits kept.
//! The way back to the source is counted from the nearest of many marks.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;

/// Weight of a Han character or a Hangul syllable; every other letter or digit weighs [`PLAIN`].
///
/// A Han character carries about as much information as two or three Latin letters, so lengths that have to
/// mean the same in every script are measured in these units.
pub(crate) const WIDE: u32 = 2;
/// Weight of a letter of an alphabet, or of a digit.
pub(crate) const PLAIN: u32 = 1;

/// A folded character: its code point; those beyond the first plane go by a hash of their own among the codes of
/// private use, which fold to nothing themselves.
pub(crate) type Code = u16;

/// Where characters beyond the first plane go: wide ones, and letters of alphabets.
const BEYOND_WIDE: Code = 0xe000;
const BEYOND_PLAIN: Code = 0xf000;

/// What a folded character weighs.
#[inline(always)]
pub(crate) fn weight(code: Code) -> u32 {
    if is_wide(code) { WIDE } else { PLAIN }
}

/// The first of the wide characters.
pub(crate) const FIRST_WIDE: Code = 0x3400;

/// Whether a folded character is one of the most Han characters.
#[inline(always)]
pub(crate) fn is_han(code: Code) -> bool {
    code.wrapping_sub(FIRST_WIDE) <= 0x9fff - FIRST_WIDE
}

/// Whether a folded character is a Han character or a Hangul syllable.
#[inline(always)]
pub(crate) fn is_wide(code: Code) -> bool {
    WIDE_PAGES[usize::from(code >> 8)]
}

/// Whether the folded characters of one higher byte are wide.
static WIDE_PAGES: [bool; 256] = {
    let mut pages = [false; 256];
    let mut page = 0;
    while page < pages.len() {
        // Kana stay plain: a syllabary of fifty signs tells hardly more than an alphabet.
        let from = (page as Code) << 8;
        pages[page] = matches!(from, FIRST_WIDE..=0x9fff | 0xac00..=LAST_HANGUL | BEYOND_WIDE..=0xefff | 0xf900..=0xfaff);
        page += 1;
    }
    pages
};

/// The end of the page of the last Hangul syllables.
const LAST_HANGUL: Code = 0xd7ff;

const DROPPED: Code = 0;
/// Folds to several characters, see [`unfold`], or to one of another width, see [`singles`].
const SEVERAL: Code = 1;

/// What every character of the first plane folds to, where that is one character as wide as itself, or none.
fn table() -> &'static [Code] {
    static TABLE: OnceLock<Vec<Code>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = singles().to_vec();
        for (code, folded) in (0u32..).zip(&mut table) {
            let width = char::from_u32(code).map_or(0, char::len_utf8);
            if *folded != DROPPED && width_of(*folded) != width {
                *folded = SEVERAL;
            }
        }
        table
    })
}

/// What every character of the first plane folds to, where that is one character or none.
fn singles() -> &'static [Code] {
    static SINGLES: OnceLock<Vec<Code>> = OnceLock::new();
    SINGLES.get_or_init(|| {
        let mut table = vec![DROPPED; 0x1_0000];
        for code in 0u32..0x1_0000 {
            let Some(character) = char::from_u32(code) else { continue };
            let mut folded = unfold(character);
            table[code as usize] = match (folded.next(), folded.next()) {
                (None, _) => DROPPED,
                (Some(only), None) => only,
                _ => SEVERAL,
            };
        }
        table
    })
}

/// The code of a folded code point.
fn code_of(point: u32) -> Code {
    Code::try_from(point).unwrap_or_else(|_| {
        let hash = (point.wrapping_mul(0x9e37_79b1) >> 16) as Code;
        let wide = (0x20000..=0x3ffff).contains(&point);
        if wide { BEYOND_WIDE | hash & 0xfff } else { BEYOND_PLAIN | hash & 0x7ff }
    })
}

/// The folded characters of one character, by definition.
fn unfold(character: char) -> std::vec::IntoIter<Code> {
    let code = u32::from(character);
    // Syllables would come apart into letters; they stay whole.
    if (0xac00..=0xd7a3).contains(&code) {
        return vec![code_of(code)].into_iter();
    }
    let mut folded = Vec::new();
    for part in character.nfkd() {
        for small in part.to_lowercase() {
            if small.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(small) {
                folded.push(code_of(u32::from(small)));
            }
        }
    }
    folded.into_iter()
}

/// As [`is_wide`], without branches and tables, so that many are looked at at once.
#[inline(always)]
pub(crate) fn is_wide_of_many(code: Code) -> bool {
    let within = |from: Code, to: Code| code.wrapping_sub(from) <= to - from;
    within(FIRST_WIDE, 0x9fff)
        | within(0xac00, LAST_HANGUL)
        | within(BEYOND_WIDE, 0xefff)
        | within(0xf900, 0xfaff)
}

/// Units of folded characters.
pub(crate) fn units_of(codes: &[Code]) -> u32 {
    // In small numbers, so that many are counted at once.
    let wide = |part: &[Code]| part.iter().map(|&code| u16::from(is_wide_of_many(code))).sum::<u16>();
    let wides: u32 = codes.chunks(1 << 12).map(|part| u32::from(wide(part))).sum();
    codes.len() as u32 * PLAIN + wides * (WIDE - PLAIN)
}

/// What every character of the first plane weighs once it is folded; [`UNFOLDS`] where it folds to several.
fn weights() -> &'static [u8] {
    static WEIGHTS: OnceLock<Vec<u8>> = OnceLock::new();
    WEIGHTS.get_or_init(|| {
        let weigh = |&code: &Code| match code {
            DROPPED => 0,
            SEVERAL => UNFOLDS,
            code => weight(code) as u8,
        };
        singles().iter().map(weigh).collect()
    })
}

const UNFOLDS: u8 = u8::MAX;

/// How many wide characters a text has, but for those beyond the first plane.
pub(crate) fn count_wide(text: &str) -> usize {
    let wide = |character: char| Code::try_from(u32::from(character)).is_ok_and(is_wide);
    text.chars().filter(|&character| wide(character)).count()
}

/// What a character weighs by its first byte, where that alone tells: nothing for the bytes that go on, and
/// [`UNDECIDED`] where it does not tell.
fn weights_by_lead() -> &'static [u16; 256] {
    static LEADS: OnceLock<[u16; 256]> = OnceLock::new();
    LEADS.get_or_init(|| {
        let mut leads = [UNDECIDED; 256];
        leads[0x80..0xc0].fill(0);
        let mut seen = [false; 256];
        for (code, &weight) in (0u32..).zip(weights()) {
            let Some(character) = char::from_u32(code) else { continue };
            let lead = usize::from(character.encode_utf8(&mut [0; 4]).as_bytes()[0]);
            let weight = if weight == UNFOLDS { UNDECIDED } else { u16::from(weight) };
            leads[lead] = if !seen[lead] || leads[lead] == weight { weight } else { UNDECIDED };
            seen[lead] = true;
        }
        leads
    })
}

/// More than the bytes of [`WEIGHED`] can weigh together.
const UNDECIDED: u16 = 1 << 8;
/// Bytes that are weighed at once.
const WEIGHED: usize = 32;

/// Units of the characters that start at byte `from`, a character boundary, or after it and before byte `until`; and
/// where the next one starts.
pub(crate) fn units_until(text: &str, from: usize, until: usize) -> (u32, usize) {
    let (weights, leads, bytes) = (weights(), weights_by_lead(), text.as_bytes());
    let until = until.min(bytes.len());
    if from >= until {
        return (0, from);
    }
    let mut units = 0u32;
    for (chunk, part) in bytes[from..until].chunks(WEIGHED).enumerate() {
        let sum: u16 = part.iter().map(|&byte| leads[usize::from(byte)]).sum();
        units += u32::from(sum % UNDECIDED);
        if sum < UNDECIDED {
            continue;
        }
        for (at, &byte) in part.iter().enumerate() {
            if leads[usize::from(byte)] == UNDECIDED {
                let (code, _) = decode(bytes, from + chunk * WEIGHED + at);
                match weights.get(code as usize) {
                    Some(&UNFOLDS) | None => several(code, &mut |code| units += weight(code)),
                    Some(&weight) => units += u32::from(weight),
                }
            }
        }
    }
    let mut next = until;
    while bytes.get(next).is_some_and(|byte| byte & 0xc0 == 0x80) {
        next += 1;
    }
    (units, next)
}

/// The code point that starts at a character boundary of valid UTF-8, and its width.
#[inline(always)]
fn decode(bytes: &[u8], at: usize) -> (u32, usize) {
    let rest = |back: usize| u32::from(bytes[at + back] & 0x3f);
    match bytes[at] {
        lead @ ..0x80 => (u32::from(lead), 1),
        lead @ ..0xe0 => (u32::from(lead & 0x1f) << 6 | rest(1), 2),
        lead @ ..0xf0 => (u32::from(lead & 0x0f) << 12 | rest(1) << 6 | rest(2), 3),
        lead => (u32::from(lead & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3), 4),
    }
}

#[cold]
fn several(code: u32, each: &mut dyn FnMut(Code)) {
    char::from_u32(code).into_iter().flat_map(unfold).for_each(each);
}

/// The way back is kept for every so many bytes: a bit for each.
const BLOCK: usize = u32::BITS as usize;
/// The first of the Han characters that fold to themselves, up to 0x9fff.
const FIRST_HAN: Code = 0x4e00;
/// Bytes of ASCII that are taken at once.
const AT_ONCE: usize = 8;
/// Blocks that are looked at on either side of where a character should be.
const NEAR: usize = 3;

/// The way back into one block of a text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mark {
    /// How many folded characters come from before it.
    before: u32,
    /// At which of its bytes characters start that are not left out; of no meaning where one of them became several, or
    /// one of another width.
    starts: u32,
}

/// A text folded, with the way back: a quarter of a byte per byte.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folded {
    /// Folded characters.
    pub(crate) codes: Vec<Code>,
    /// For every block of the text.
    marks: Vec<Mark>,
}

impl Folded {
    /// Folds a text.
    pub(crate) fn of(text: &str) -> Folded {
        let mut folded = Folded::default();
        let count = fold_into(text, &mut folded.codes, 0, &mut folded.marks);
        folded.codes.truncate(count);
        folded.codes.shrink_to_fit();
        folded
    }

    /// Folds a text by way of spare room, whatever stands there: many texts one after the other, without taking and
    /// giving back more than each needs.
    pub(crate) fn with(spare: &mut Vec<Code>, text: &str) -> Folded {
        let mut marks = Vec::with_capacity(text.len().div_ceil(BLOCK));
        let count = fold_into(text, spare, 0, &mut marks);
        Folded { codes: spare[..count].to_vec(), marks }
    }

    /// The text as others read it.
    pub(crate) fn view(&self) -> View<'_> {
        View { codes: &self.codes, marks: &self.marks }
    }
}

/// Folds a text behind the first `from` folded characters of others, and returns where its own end; what stands in
/// `codes` beyond is of no meaning.
pub(crate) fn fold_into(text: &str, codes: &mut Vec<Code>, from: usize, marks: &mut Vec<Mark>) -> usize {
    let bytes = text.as_bytes();
    let mut folding = Folding { count: from, from, ..Folding::default() };
    marks.reserve(bytes.len().div_ceil(BLOCK));
    loop {
        // Room for the most there can be but for unfolded compatibility forms; writing first and counting after keeps
        // the loop free of a branch on every dropped character.
        let room = folding.count + bytes.len() - folding.at + AT_ONCE;
        if codes.len() < room {
            codes.resize(room.max(codes.len() * 2), 0);
        }
        let Some(code) = folding.go_on(bytes, codes, marks) else { return folding.count };
        let mut unfolded = Vec::new();
        several(code, &mut |code| unfolded.push(code));
        codes.splice(folding.count.., unfolded.iter().copied());
        folding.count += unfolded.len();
    }
}

/// How far the folding of a text is.
#[derive(Clone, Copy, Debug, Default)]
struct Folding {
    /// The next byte.
    at: usize,
    /// Folded characters, with those of texts before.
    count: usize,
    /// Folded characters of texts before.
    from: usize,
    /// Where the block at hand starts.
    block: usize,
    /// What will be the mark of the block at hand.
    before: u32,
    starts: u32,
    /// A character of it became several, or one of another width.
    uneven: bool,
}

impl Folding {
    /// Folds on to the end of a text, or to before the folded characters of one that has several, which it returns.
    fn go_on(&mut self, bytes: &[u8], codes: &mut [Code], marks: &mut Vec<Mark>) -> Option<u32> {
        let table: &[Code; 0x1_0000] = table().try_into().ok()?;
        let Folding { mut at, mut count, from, mut block, mut before, mut starts, mut uneven } = *self;
        while block < bytes.len() {
            let block_end = (block + BLOCK).min(bytes.len());
            while at < block_end {
                let rest = &bytes[at..];
                if rest[0] < 0x80 {
                    if let Some(ahead) = rest.first_chunk::<AT_ONCE>()
                        && at + AT_ONCE <= block_end
                        && ahead.is_ascii()
                    {
                        let out = &mut codes[count..count + AT_ONCE];
                        let mut kept = 0;
                        let mut starting = 0u32;
                        for (place, &byte) in ahead.iter().enumerate() {
                            let folded = table[usize::from(byte)];
                            out[kept & (AT_ONCE - 1)] = folded;
                            kept += usize::from(folded != DROPPED);
                            starting |= u32::from(folded != DROPPED) << place;
                        }
                        starts |= starting << (at - block);
                        count += kept;
                        at += AT_ONCE;
                        continue;
                    }
                    let folded = table[usize::from(rest[0])];
                    codes[count] = folded;
                    count += usize::from(folded != DROPPED);
                    starts |= u32::from(folded != DROPPED) << (at - block);
                    at += 1;
                    continue;
                }
                if let Some(&[lead @ 0xe4..=0xe9, next, last]) = rest.first_chunk() {
                    let code =
                        Code::from(lead) << 12 | Code::from(next & 0x3f) << 6 | Code::from(last & 0x3f);
                    if code >= FIRST_HAN {
                        codes[count] = code;
                        count += 1;
                        starts |= 1 << (at - block);
                        at += 3;
                        continue;
                    }
                }
                let (code, width) = decode(bytes, at);
                let folded = table.get(code as usize).copied().unwrap_or(SEVERAL);
                starts |= u32::from(folded != DROPPED) << (at - block);
                at += width;
                if folded == SEVERAL {
                    uneven = true;
                    if let Some(&only) = singles().get(code as usize).filter(|&&only| only != SEVERAL) {
                        codes[count] = only;
                        count += 1;
                        continue;
                    }
                    *self = Folding { at, count, from, block, before, starts, uneven };
                    return Some(code);
                }
                codes[count] = folded;
                count += usize::from(folded != DROPPED);
            }
            // Without a mark the way back is counted in the text, see `starts`: none matches only a block without characters.
            marks.push(Mark { before, starts: if uneven { 0 } else { starts } });
            (before, starts, uneven) = (narrow(count - from), 0, false);
            block = if at < bytes.len() { at / BLOCK * BLOCK } else { bytes.len() };
        }
        *self = Folding { at, count, from, block, before, starts, uneven };
        None
    }
}

/// A folded text that stands among others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'f> {
    /// Folded characters.
    pub(crate) codes: &'f [Code],
    /// For every block of the text.
    pub(crate) marks: &'f [Mark],
}

impl<'f> View<'f> {
    /// The byte in the source where folded character `index` starts; the end of the text when there is none.
    pub(crate) fn byte_of(&self, index: usize, text: &str) -> u32 {
        self.character(index, text).0
    }

    /// The byte after folded character `index`.
    pub(crate) fn end_of(&self, index: usize, text: &str) -> u32 {
        let (start, width) = self.character(index, text);
        start + width
    }

    /// Where the character starts that folded character `index` comes from, and its bytes.
    fn character(&self, index: usize, text: &str) -> (u32, u32) {
        if let Some(found) = self.character_by_marks(index) {
            return found;
        }
        let block = self.marks.partition_point(|mark| mark.before as usize <= index).saturating_sub(1);
        let mut found = text.len();
        self.count_from(block, text, |before, at, folded| {
            if before + folded <= index {
                return true;
            }
            found = at;
            false
        });
        (narrow(found), width_at(text, found))
    }

    /// As [`View::character`]; nothing where that cannot be told without the text.
    fn character_by_marks(&self, index: usize) -> Option<(u32, u32)> {
        let code = *self.codes.get(index)?;
        let block = self.block_of(index);
        let mut starts = self.starts(block)?;
        for _ in self.marks[block].before as usize..index {
            starts &= starts - 1;
        }
        Some((narrow(block * BLOCK) + starts.trailing_zeros(), width_of(code) as u32))
    }

    /// The block that folded character `index` comes from.
    fn block_of(&self, index: usize) -> usize {
        // Mostly the characters of a text are about as wide all through.
        let near = index * self.marks.len() / self.codes.len().max(1);
        let is_before =
            |block: usize| self.marks.get(block).is_some_and(|mark| mark.before as usize <= index);
        let from = (near.saturating_sub(NEAR)..near).rev().find(|&block| is_before(block));
        match from.filter(|_| !is_before(near + NEAR)) {
            Some(from) => (from..near + NEAR).rev().find(|&block| is_before(block)).unwrap_or(from),
            None => self.marks.partition_point(|mark| mark.before as usize <= index).saturating_sub(1),
        }
    }

    /// The bytes of the source from folded character `from` to before `to`; nothing where that cannot be told without
    /// the text.
    pub(crate) fn span_by_marks(&self, (from, to): (usize, usize)) -> Option<(u32, u32)> {
        let (start, _) = self.character_by_marks(from)?;
        let (last, width) = self.character_by_marks(to - 1)?;
        Some((start, last + width))
    }

    /// At which bytes of a block its folded characters start, where each is one of the text's.
    fn starts(&self, block: usize) -> Option<u32> {
        let mark = self.marks.get(block)?;
        let next = self.marks.get(block + 1).map_or(self.codes.len(), |next| next.before as usize);
        (mark.before as usize + mark.starts.count_ones() as usize == next).then_some(mark.starts)
    }

    /// The folded character that starts at `byte`, the start of a character, or after it; nothing where that cannot be told without the text.
    pub(crate) fn index_by_marks(&self, byte: u32) -> Option<usize> {
        let block = byte as usize / BLOCK;
        if block >= self.marks.len() {
            return Some(self.codes.len());
        }
        let before = self.starts(block)? & ((1 << (byte as usize % BLOCK)) - 1);
        Some(self.marks[block].before as usize + before.count_ones() as usize)
    }

    /// The folded character that starts at `byte` or after it.
    pub(crate) fn index_at(&self, byte: u32, text: &str) -> usize {
        if let Some(index) = self.index_by_marks(byte) {
            return index;
        }
        let byte = byte as usize;
        let block = (byte / BLOCK).min(self.marks.len().saturating_sub(1));
        let mut index = self.codes.len();
        self.count_from(block, text, |before, at, _| {
            if at >= byte {
                index = before;
            }
            at < byte
        });
        index
    }

    /// Calls `each` with the folded characters before, the byte, and the number of folded characters of every
    /// character from a block on, until it says no.
    #[inline(always)]
    fn count_from(&self, block: usize, text: &str, mut each: impl FnMut(usize, usize, usize) -> bool) {
        let Some(mark) = self.marks.get(block) else { return };
        let mut before = mark.before as usize;
        let mut at = block * BLOCK;
        while !text.is_char_boundary(at) {
            at += 1;
        }
        let (table, bytes) = (table(), text.as_bytes());
        while at < bytes.len() {
            let (code, width) = decode(bytes, at);
            let folded = match table.get(code as usize) {
                Some(&DROPPED) => 0,
                Some(&SEVERAL) | None => char::from_u32(code).map_or(0, |character| unfold(character).len()),
                Some(_) => 1,
            };
            if !each(before, at, folded) {
                return;
            }
            before += folded;
            at += width;
        }
    }
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// The bytes of the character that a folded one is, where it is one of the text's.
#[inline(always)]
fn width_of(code: Code) -> usize {
    match code {
        ..0x80 => 1,
        0x80..0x800 => 2,
        BEYOND_WIDE..0xf800 => 4,
        _ => 3,
    }
}

fn width_at(text: &str, at: usize) -> u32 {
    match text.as_bytes().get(at) {
        None => 0,
        Some(..0x80) => 1,
        Some(..0xe0) => 2,
        Some(..0xf0) => 3,
        Some(_) => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        Folded::of(text).codes.iter().filter_map(|&code| char::from_u32(u32::from(code))).collect()
    }

    #[test]
    fn folds_by_unicode_alone() {
        assert_eq!(
            folded("Ｃｏｎ-\nﬁrmed Éclair № ５ — Й ё; 第①章：한국어。\u{fa1e}"),
            "confirmedeclairno5ие第1章한국어羽"
        );
    }

    /// The byte and the code of every folded character, by definition.
    fn for_each_folded(text: &str, mut each: impl FnMut(usize, Code)) {
        for (at, character) in text.char_indices() {
            unfold(character).for_each(|code| each(at, code));
        }
    }

    #[test]
    fn han_characters_fold_to_themselves() {
        let folds = |code: Code| table()[usize::from(code)] == code;
        assert!((FIRST_HAN..=0x9fff).all(folds));
    }

    #[test]
    fn a_block_as_full_as_its_marks_is_counted_in_the_text() {
        let text = format!("{}{}，一", "㍿".repeat(8), " ".repeat(8));
        let folded = Folded::of(&text);
        let whole = folded.view();
        assert_eq!(whole.codes.len(), 33);
        for index in 0..32 {
            assert_eq!(whole.byte_of(index, &text), 3 * (index as u32 / 4));
            assert_eq!(whole.span_by_marks((index, index + 1)), None);
        }
        assert_eq!(whole.byte_of(32, &text), 35);
    }

    proptest::proptest! {
        #[test]
        fn every_folded_character_leads_back(text in "[a-cé一-三ﬁ①㍿𠀀 ，\n]{0,200}") {
            let folded = Folded::of(&text);
            let whole = folded.view();
            let mut expected = Vec::new();
            for_each_folded(&text, |at, code| expected.push((at as u32, code)));
            assert_eq!(whole.codes.len(), expected.len());
            for (index, &(at, code)) in expected.iter().enumerate() {
                assert_eq!(whole.codes[index], code);
                assert_eq!(whole.byte_of(index, &text), at);
                let by_marks = whole.span_by_marks((0, index + 1));
                assert!(by_marks.is_none_or(|span| span == (expected[0].0, whole.end_of(index, &text))));
                assert_eq!(whole.end_of(index, &text), at + width_at(&text, at as usize));
                let first = expected.iter().position(|one| one.0 == at).unwrap_or(index);
                assert_eq!(whole.index_at(at, &text), first);
                assert!(whole.index_by_marks(at).is_none_or(|index| index == first));
                let units: u32 = whole.codes[..first].iter().map(|&code| weight(code)).sum();
                assert_eq!(units_of(&whole.codes[..first]), units);
                assert_eq!(units_until(&text, 0, at as usize).0, units);
            }
        }
    }
}
