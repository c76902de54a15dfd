//! What the engine must know of punctuation in any script: which marks open, close and end a sentence. Given as
//! code points; no words.

/// Opening marks and their closing partners.
const PAIRS: [(char, char); 14] = [
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('\u{2018}', '\u{2019}'),
    ('\u{201c}', '\u{201d}'),
    ('\u{ff08}', '\u{ff09}'),
    ('\u{300a}', '\u{300b}'),
    ('\u{3008}', '\u{3009}'),
    ('\u{300c}', '\u{300d}'),
    ('\u{300e}', '\u{300f}'),
    ('\u{3010}', '\u{3011}'),
    ('\u{3014}', '\u{3015}'),
    ('\u{ff3b}', '\u{ff3d}'),
    ('\u{00ab}', '\u{00bb}'),
];

/// Whether a mark opens a quotation or bracket.
pub(crate) fn opens(mark: char) -> bool {
    PAIRS.iter().any(|(open, _)| *open == mark)
}

/// Whether a mark closes one.
pub(crate) fn closes(mark: char) -> bool {
    PAIRS.iter().any(|(_, close)| *close == mark)
}

/// The closing mark that belongs to an opening one.
pub(crate) fn partner(open: char) -> Option<char> {
    PAIRS.iter().find(|(mark, _)| *mark == open).map(|(_, close)| *close)
}

/// Whether a mark ends a sentence: full stop, question and exclamation mark, ellipsis.
pub(crate) fn ends_sentence(mark: char) -> bool {
    matches!(
        mark,
        '.' | '!'
            | '?'
            | '\u{2026}'
            | '\u{3002}'
            | '\u{ff01}'
            | '\u{ff1f}'
            | '\u{ff0e}'
            | '\u{ff61}'
            | '\u{061f}'
            | '\u{0964}'
    )
}

/// Whether `text` ends where a sentence ends, closing marks after it included; so does the empty text.
pub(crate) fn at_sentence_end(text: &str) -> bool {
    let mut closed = false;
    for character in text.chars().rev() {
        if ends_sentence(character) {
            return true;
        }
        if character == '\n' {
            return true;
        }
        if closes(character) {
            closed = true;
        } else if !character.is_whitespace() {
            // A bare closing bracket at the end ends a credit or an aside.
            return closed && !character.is_alphanumeric();
        }
    }
    true
}

/// Whether a character belongs to a script that writes words without spaces between them.
pub(crate) fn is_unspaced_script(character: char) -> bool {
    matches!(character as u32,
        0x2e80..=0x303f | 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0xff00..=0xff60
        | 0x2_0000..=0x3_ffff | 0x2014 | 0x2018..=0x201d | 0x2026 | 0x00b7)
}
