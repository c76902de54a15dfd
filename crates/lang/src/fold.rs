use std::collections::BTreeMap;

use shiliu_text::{Derived, DerivedBuilder, Digest, Fold, Layer, Span};

use crate::{Pack, Table};

/// Single characters folded onto one form: width by rule, the rest (dash family, quotation marks, variants) by
/// the rows of `lang/fold.tsv`.
#[derive(Clone, Debug, Default)]
pub(crate) struct FoldTable {
    singles: BTreeMap<char, char>,
}

impl FoldTable {
    pub(crate) fn from_table(table: Option<&Table>) -> FoldTable {
        let mut singles = BTreeMap::new();
        for row in table.map(|table| table.rows.as_slice()).unwrap_or_default() {
            let cell = |index: usize| row.get(index).and_then(|cell| cell.chars().next());
            if let (Some(from), Some(to)) = (cell(0), cell(1)) {
                singles.insert(from, to);
            }
        }
        FoldTable { singles }
    }

    /// The rows of the table.
    pub(crate) fn singles(&self) -> impl Iterator<Item = (char, char)> + '_ {
        self.singles.iter().map(|(&from, &to)| (from, to))
    }

    pub(crate) fn fold(&self, character: char) -> char {
        if let Some(&to) = self.singles.get(&character) {
            return to;
        }
        match character {
            // The full-width forms stand at a fixed distance from ASCII.
            '\u{ff01}'..='\u{ff5e}' => {
                let half = char::from_u32(character as u32 - 0xfee0).unwrap_or(character);
                half.to_ascii_lowercase()
            }
            'A'..='Z' => character.to_ascii_lowercase(),
            _ if character > '\u{7f}' && character.is_uppercase() => {
                let mut lower = character.to_lowercase();
                match (lower.next(), lower.next()) {
                    (Some(one), None) => one,
                    _ => character,
                }
            }
            _ => character,
        }
    }
}

/// Whether a character belongs to a script written without spaces, or to its punctuation.
#[must_use]
pub fn is_unspaced(character: char) -> bool {
    matches!(character as u32,
        0x2e80..=0x303f | 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff
        | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0x2_0000..=0x3_ffff
        | 0x2014 | 0x2018..=0x201d | 0x2026 | 0x00b7)
}

impl Fold for Pack {
    /// White space next to a character of an unspaced script vanishes, any other run becomes one space.
    fn fold(&self, layer: &Layer) -> Derived {
        let mut builder = DerivedBuilder::default();
        let text = &layer.text;
        let mut before: Option<char> = None;
        let mut gap: Option<Span> = None;
        for (start, character) in text.char_indices() {
            let span = Span::new(start, start + character.len_utf8());
            if character.is_whitespace() {
                gap = Some(gap.map_or(span, |gap| gap.cover(span)));
                continue;
            }
            if let Some(gap) = gap.take()
                && before.is_some_and(|before| !is_unspaced(before))
                && !is_unspaced(character)
            {
                builder.replace(layer.id, gap, " ");
            }
            let folded = self.fold.fold(character);
            if folded == character {
                builder.copy(layer, span);
            } else {
                builder.replace(layer.id, span, folded.encode_utf8(&mut [0; 4]));
            }
            before = Some(character);
        }
        builder.finish()
    }

    fn fold_char(&self, character: char) -> Option<char> {
        (!character.is_whitespace()).then(|| self.fold.fold(character))
    }

    fn digest(&self) -> Digest {
        Pack::digest(self)
    }
}
