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
    for (at, character) in text.char_indices() {
        let code = u32::from(character);
        let Some(&folded) = table.get(code as usize) else {
            unfold(character).for_each(|code| each(at, code));
            continue;
        };
        match folded {
            DROPPED => {}
            SEVERAL => unfold(character).for_each(|code| each(at, code)),
            one => each(at, u32::from(one)),
        }
    }
}

/// The weight of a text, in units (see [`WIDE`]).
pub(crate) fn units(text: &str) -> u32 {
    let mut sum = 0u32;
    for_each_folded(text, |_, code| sum = sum.saturating_add(weight(code)));
    sum
}

/// A stretch of folded characters that take equally many bytes each and stand side by side.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// Index of the first folded character.
    index: u32,
    /// Its byte in the source.
    byte: u32,
    /// Bytes per character; 0 where several folded characters come from one.
    width: u32,
}

/// A part of a text, folded, with the way back.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// Folded characters.
    pub(crate) codes: Vec<u32>,
    runs: Vec<Run>,
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
        let mut folded = Folded::default();
        folded.codes.reserve((end - start) / 2);
        let (mut next, mut before) = (usize::MAX, usize::MAX);
        let part = &text[start..end];
        for_each_folded(part, |at, code| {
            let width = width_at(part, at);
            let index = u32::try_from(folded.codes.len()).unwrap_or(u32::MAX);
            let byte = u32::try_from(start + at).unwrap_or(u32::MAX);
            match folded.runs.last_mut() {
                // Another folded character of the same source character, which gets a run of its own.
                Some(last) if last.byte == byte => last.width = 0,
                Some(_) if before == at => folded.runs.push(Run { index: index - 1, byte, width: 0 }),
                Some(last)
                    if last.width == width
                        && next == at
                        && last.byte + (index - last.index) * width == byte => {}
                _ => folded.runs.push(Run { index, byte, width }),
            }
            next = at + width as usize;
            before = at;
            folded.codes.push(code);
        });
        folded
    }

    /// How many folded characters there are.
    pub(crate) fn len(&self) -> usize {
        self.codes.len()
    }

    /// The byte in the source where folded character `index` starts; the end of the last one for `len`.
    pub(crate) fn byte_of(&self, index: usize) -> u32 {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let at = self.runs.partition_point(|run| run.index <= index);
        let Some(run) = at.checked_sub(1).and_then(|at| self.runs.get(at)) else { return 0 };
        run.byte + (index - run.index) * run.width
    }

    /// The byte after folded character `index`.
    pub(crate) fn end_of(&self, index: usize, text: &str) -> u32 {
        let start = self.byte_of(index);
        start + width_at(text, start as usize)
    }

    /// The folded character that starts at `byte` or after it.
    pub(crate) fn index_at(&self, byte: u32) -> usize {
        let at = self.runs.partition_point(|run| run.byte <= byte);
        let Some(run) = at.checked_sub(1).and_then(|at| self.runs.get(at)) else { return 0 };
        let next = self.runs.get(at).map_or(self.codes.len(), |next| next.index as usize);
        let inside = if run.width == 0 {
            usize::from(byte > run.byte)
        } else {
            (byte - run.byte).div_ceil(run.width) as usize
        };
        (run.index as usize + inside).min(next)
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
        fn every_folded_character_leads_back(text in "[a-cé一-三ﬁ①𠀀 ，\n]{0,60}") {
            let whole = Folded::region(&text, 0, text.len());
            let mut expected = Vec::new();
            for_each_folded(&text, |at, code| expected.push((at as u32, code)));
            assert_eq!(whole.len(), expected.len());
            for (index, &(at, code)) in expected.iter().enumerate() {
                assert_eq!(whole.codes[index], code);
                assert_eq!(whole.byte_of(index), at);
                let first = expected.iter().position(|one| one.0 == at).unwrap_or(index);
                assert_eq!(whole.index_at(at), first);
            }
        }
    }
}
