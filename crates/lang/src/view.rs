use shiliu_text::Span;

use crate::lexicon::Lexicon;

/// What stood between two neighbouring characters of a [`View`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Gap {
    /// Nothing.
    #[default]
    None,
    /// Blanks.
    Space,
    /// One line break: page layout.
    Line,
    /// A blank line: perhaps the end of a paragraph, perhaps layout in the middle of an expression.
    Paragraph,
}

/// A text as matching sees it: folded characters (width, case, dash family, traditional forms) without white
/// space, each with its place in the printed text and the white space that stood before it.
///
/// Twelve bytes a character; the text itself is borrowed.
#[derive(Debug)]
pub struct View<'t> {
    text: &'t str,
    cells: Vec<Cell>,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    character: char,
    start: u32,
    gap: Gap,
}

/// What [`View::at`] gives past the end; no word and no text holds it after folding.
pub const END: char = '\0';

impl<'t> View<'t> {
    /// Folds `text` once, from left to right.
    #[must_use]
    pub fn new(text: &'t str, lexicon: &Lexicon) -> View<'t> {
        let mut cells = Vec::with_capacity(text.len() / 3 + 16);
        let (mut breaks, mut blanks) = (0u32, false);
        for (start, character) in text.char_indices() {
            match character {
                '\n' | '\u{2028}' | '\u{2029}' => breaks += 1,
                ' ' | '\t' | '\r' | '\u{3000}' | '\u{a0}' | '\u{202f}' | '\u{2000}'..='\u{200a}' => {
                    blanks = true
                }
                // Zero-width marks: word joiners, soft hyphen, byte-order mark, bidirectional controls.
                '\u{ad}'
                | '\u{feff}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\0' => {}
                _ => {
                    let gap = match (breaks, blanks) {
                        (0, false) => Gap::None,
                        (0, true) => Gap::Space,
                        (1, _) => Gap::Line,
                        _ => Gap::Paragraph,
                    };
                    (breaks, blanks) = (0, false);
                    let character = lexicon.fold(character);
                    cells.push(Cell { character, start: u32::try_from(start).unwrap_or(u32::MAX), gap });
                }
            }
        }
        View { text, cells }
    }

    /// How many characters it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The folded character at `index`, [`END`] past the end.
    #[must_use]
    #[inline]
    pub fn at(&self, index: usize) -> char {
        self.cells.get(index).map_or(END, |cell| cell.character)
    }

    /// The folded character before `index`, [`END`] at the start.
    #[must_use]
    pub fn before(&self, index: usize) -> char {
        index.checked_sub(1).map_or(END, |index| self.at(index))
    }

    /// The white space before the character at `index`.
    #[must_use]
    #[inline]
    pub fn gap(&self, index: usize) -> Gap {
        self.cells.get(index).map_or(Gap::Paragraph, |cell| cell.gap)
    }

    /// The widest white space inside `start..end`.
    #[must_use]
    pub fn widest_gap(&self, start: usize, end: usize) -> Gap {
        (start + 1..end).map(|index| self.gap(index)).max().unwrap_or_default()
    }

    /// The printed character at `index`.
    #[must_use]
    pub fn printed(&self, index: usize) -> char {
        let cell = self.cells.get(index);
        cell.and_then(|cell| self.text[cell.start as usize..].chars().next()).unwrap_or(END)
    }

    /// The bytes of the printed text that the characters `start..end` of the view stand for, white space
    /// inside included.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let Some(first) = self.cells.get(start).filter(|_| start < end) else {
            let at = self.cells.get(start).map_or(self.text.len(), |cell| cell.start as usize);
            return Span::new(at, at);
        };
        let last = end.min(self.cells.len()) - 1;
        let from = first.start as usize;
        let last_start = self.cells[last].start as usize;
        Span::new(from, last_start + self.printed(last).len_utf8())
    }

    /// The characters `start..end` as printed; of white space one blank between words of a spaced script.
    #[must_use]
    pub fn squeezed(&self, start: usize, end: usize) -> String {
        let mut text = String::new();
        for index in start..end.min(self.len()) {
            let apart = index > start && self.gap(index) != Gap::None;
            if apart && is_spaced_letter(self.at(index - 1)) && is_spaced_letter(self.at(index)) {
                text.push(' ');
            }
            text.push(self.printed(index));
        }
        text
    }
}

/// Whether a folded character is a letter of a script that puts spaces between words.
#[must_use]
pub fn is_spaced_letter(character: char) -> bool {
    (character as u32) < 0x2e80
        && (character.is_ascii_alphabetic() || !character.is_ascii() && character.is_alphabetic())
}

/// Whether a character is a Han character.
#[must_use]
pub fn is_han(character: char) -> bool {
    matches!(character as u32, 0x3005 | 0x3007 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}
