//! The engine's own view of a text: letters and digits only, without case, width or accents.
//!
//! Language-neutral by Unicode properties: compatibility forms are unfolded (full width, ligatures, circled
//! figures), case and combining marks dropped, white space, punctuation and symbols left out, digits kept.
//! The way back to the source is a list of runs: within one, every character takes equally many bytes.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;

/// Weight of a Han character or a Hangul syllable; every other letter or digit weighs [`PLAIN`].
///
/// A Han character carries about as much information as two or three Latin letters, so lengths that have to
/// mean the same in every script are measured in these units.
pub(crate) const WIDE: u32 = 2;
/// Weight of a letter of an alphabet, or of a digit.
pub(crate) const PLAIN: u32 = 1;

/// What a folded character weighs.
#[inline]
pub(crate) fn weight(code: u32) -> u32 {
    // Kana stay plain: a syllabary of fifty signs tells hardly more than an alphabet.
    let wide = (0x3400..=0x9fff).contains(&code)
        || (0xac00..=0xd7a3).contains(&code)
        || (0xf900..=0xfaff).contains(&code)
        || (0x20000..=0x3ffff).contains(&code);
    if wide { WIDE } else { PLAIN }
}

const DROPPED: u16 = 0;
/// Folds to several characters, see [`unfold`].
const SEVERAL: u16 = 1;

fn table() -> &'static [u16] {
    static TABLE: OnceLock<Vec<u16>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = vec![DROPPED; 0x1_0000];
        for code in 0u32..0x1_0000 {
            let Some(character) = char::from_u32(code) else { continue };
            let mut folded = unfold(character);
            table[code as usize] = match (folded.next(), folded.next()) {
                (None, _) => DROPPED,
                (Some(only), None) => u16::try_from(only).unwrap_or(SEVERAL),
                _ => SEVERAL,
            };
        }
        table
    })
}

/// What a fingerprint takes of a folded character: its code, and above it its share of a gram; nothing for one that
/// is dropped, [`UNFOLDS`] where it folds to several.
pub(crate) fn shares() -> &'static [u32] {
    static SHARES: OnceLock<Vec<u32>> = OnceLock::new();
    SHARES.get_or_init(|| {
        let share = |code: u32| if weight(code) == WIDE { WIDE_SHARE } else { PLAIN_SHARE };
        let entry = |code: u16| match code {
            DROPPED => 0,
            SEVERAL => UNFOLDS,
            code => u32::from(code) | share(u32::from(code)) << 16,
        };
        table().iter().map(|&code| entry(code)).collect()
    })
}

/// Grams are weighed by a finer measure: five Han characters, or eight letters, make one. Letters count a little
/// more here than in lengths of text, since every one more in a gram is one more that noise can hit.
pub(crate) const WIDE_SHARE: u32 = 8;
pub(crate) const PLAIN_SHARE: u32 = 5;
/// A character that folds to several, or stands beyond the table.
pub(crate) const UNFOLDS: u32 = u32::MAX;

/// The folded characters of one character, by definition.
fn unfold(character: char) -> std::vec::IntoIter<u32> {
    let code = u32::from(character);
    // Syllables would come apart into letters; they stay whole.
    if (0xac00..=0xd7a3).contains(&code) {
        return vec![code].into_iter();
    }
    let mut folded = Vec::new();
    for part in character.nfkd() {
        for small in part.to_lowercase() {
            if small.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(small) {
                folded.push(u32::from(small));
            }
        }
    }
    folded.into_iter()
}

/// Calls `each` with the byte offset and the code of every folded character.
#[inline]
pub(crate) fn for_each_folded(text: &str, mut each: impl FnMut(usize, u32)) {
    let table = table();
    let mut at = 0;
    while at < text.len() {
        let (code, width) = decode(text.as_bytes(), at);
        match table.get(code as usize) {
            Some(&DROPPED) => {}
            Some(&SEVERAL) | None => several(code, &mut |code| each(at, code)),
            Some(&one) => each(at, u32::from(one)),
        }
        at += width;
    }
}

/// The code point that starts at a character boundary of valid UTF-8, and its width.
#[inline(always)]
pub(crate) fn decode(bytes: &[u8], at: usize) -> (u32, usize) {
    let rest = |back: usize| u32::from(bytes[at + back] & 0x3f);
    match bytes[at] {
        lead @ ..0x80 => (u32::from(lead), 1),
        lead @ ..0xe0 => (u32::from(lead & 0x1f) << 6 | rest(1), 2),
        lead @ ..0xf0 => (u32::from(lead & 0x0f) << 12 | rest(1) << 6 | rest(2), 3),
        lead => (u32::from(lead & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3), 4),
    }
}

#[cold]
pub(crate) fn several(code: u32, each: &mut dyn FnMut(u32)) {
    char::from_u32(code).into_iter().flat_map(unfold).for_each(each);
}

/// The first folded character of one character.
pub(crate) fn fold_first(character: char) -> Option<u32> {
    match table().get(u32::from(character) as usize) {
        Some(&DROPPED) => None,
        Some(&SEVERAL) | None => unfold(character).next(),
        Some(&one) => Some(u32::from(one)),
    }
}

/// The number of folded characters is kept for every so many bytes; the rest is counted from there.
const BLOCK: usize = 64;

/// A part of a text, folded, with the way back: a sixteenth of a byte per byte.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// Folded characters.
    pub(crate) codes: Vec<u32>,
    /// For every block of the part, how many folded characters come from before it.
    marks: Vec<u32>,
    start: usize,
    end: usize,
}

impl Folded {
    /// Folds `text[start..end]`; offsets lead back into `text`. The ends are moved outwards to character
    /// boundaries.
    pub(crate) fn region(text: &str, start: usize, end: usize) -> Folded {
        let mut start = start.min(text.len());
        let mut end = end.clamp(start, text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let table = table();
        let part = &text.as_bytes()[start..end];
        // Room for the most there can be but for unfolded compatibility forms, cut to size at the end; writing
        // first and counting after keeps the loop free of a branch on every dropped character.
        let mut codes = vec![0u32; part.len() + 1];
        let mut marks = Vec::with_capacity(part.len() / BLOCK + 1);
        let (mut at, mut count) = (0, 0);
        while at < part.len() {
            marks.push(narrow(count));
            let block_end = (at / BLOCK + 1) * BLOCK;
            while at < block_end.min(part.len()) {
                let (code, width) = decode(part, at);
                let folded = table.get(code as usize).copied().unwrap_or(SEVERAL);
                at += width;
                if folded == SEVERAL {
                    several(code, &mut |code| {
                        if count + 1 >= codes.len() {
                            codes.resize(codes.len() * 2, 0);
                        }
                        codes[count] = code;
                        count += 1;
                    });
                    codes.resize(codes.len().max(count + part.len() - at + 1), 0);
                    continue;
                }
                codes[count] = u32::from(folded);
                count += usize::from(folded != DROPPED);
            }
        }
        codes.truncate(count);
        Folded { codes, marks, start, end }
    }

    /// The byte in the source where folded character `index` starts; the end of the part when there is none.
    pub(crate) fn byte_of(&self, index: usize, text: &str) -> u32 {
        let block = self.marks.partition_point(|&before| before as usize <= index).saturating_sub(1);
        let mut found = self.end;
        self.count_from(block, text, |before, at, folded| {
            if before + folded <= index {
                return true;
            }
            found = at;
            false
        });
        narrow(found)
    }

    /// The byte after folded character `index`.
    pub(crate) fn end_of(&self, index: usize, text: &str) -> u32 {
        let start = self.byte_of(index, text);
        start + width_at(text, start as usize)
    }

    /// The folded character that starts at `byte` or after it.
    pub(crate) fn index_at(&self, byte: u32, text: &str) -> usize {
        let byte = byte as usize;
        let block = (byte.saturating_sub(self.start) / BLOCK).min(self.marks.len().saturating_sub(1));
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
    fn count_from(&self, block: usize, text: &str, mut each: impl FnMut(usize, usize, usize) -> bool) {
        let Some(&before) = self.marks.get(block) else { return };
        let mut before = before as usize;
        let mut from = self.start + block * BLOCK;
        while !text.is_char_boundary(from) {
            from += 1;
        }
        for (at, character) in text[from..self.end].char_indices() {
            let folded = folded_length(character);
            if !each(before, from + at, folded) {
                return;
            }
            before += folded;
        }
    }
}

/// How many folded characters one character gives.
fn folded_length(character: char) -> usize {
    match table().get(u32::from(character) as usize) {
        Some(&DROPPED) => 0,
        Some(&SEVERAL) | None => unfold(character).len(),
        Some(_) => 1,
    }
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
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
        Folded::region(text, 0, text.len()).codes.iter().filter_map(|&code| char::from_u32(code)).collect()
    }

    #[test]
    fn folds_by_unicode_alone() {
        assert_eq!(
            folded("Ｃｏｎ-\nﬁrmed Éclair № ５ — Й ё; 第①章：한국어。\u{fa1e}"),
            "confirmedeclairno5ие第1章한국어羽"
        );
    }

    proptest::proptest! {
        #[test]
        fn every_folded_character_leads_back(text in "[a-cé一-三ﬁ①𠀀 ，\n]{0,200}") {
            let whole = Folded::region(&text, 0, text.len());
            let mut expected = Vec::new();
            for_each_folded(&text, |at, code| expected.push((at as u32, code)));
            assert_eq!(whole.codes.len(), expected.len());
            for (index, &(at, code)) in expected.iter().enumerate() {
                assert_eq!(whole.codes[index], code);
                assert_eq!(whole.byte_of(index, &text), at);
                let first = expected.iter().position(|one| one.0 == at).unwrap_or(index);
                assert_eq!(whole.index_at(at, &text), first);
            }
        }
    }
}
