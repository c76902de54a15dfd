//! Folded text → terms of the index.

use shiliu_lang::Pack;
use shiliu_text::{Derived, Fold as _, Layer, SourceId};

/// Longest word kept whole, in bytes; recognition noise gives longer ones.
const LONGEST_WORD: usize = 120;

/// The folded view of a text that is no layer of the archive.
pub(in crate::store) fn folded_view(text: &str, pack: &Pack) -> Derived {
    pack.fold(&Layer::new(SourceId::default(), text.to_owned()))
}

/// The folded form of a text: equal forms are found as equal.
pub(in crate::store) fn folded(text: &str, pack: &Pack) -> String {
    folded_view(text, pack).text
}

/// Whether a character belongs to a script that is written without spaces and is indexed by pairs.
pub(super) fn is_paired(character: char) -> bool {
    matches!(character as u32,
        0x3005..=0x3007 | 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff
        | 0x2_0000..=0x3_ffff)
}

/// Whether a character is part of a word of a script with spaces.
pub(super) fn is_worded(character: char) -> bool {
    !is_paired(character) && character.is_alphanumeric()
}

/// A term and whether the text goes on inside it: the last character of a run stands alone as a term of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Term<'a> {
    pub(super) text: &'a str,
    /// A run's last character: part of no later pair.
    pub(super) ends_run: bool,
}

/// The terms of a folded text in order: every pair of neighbours in a run of paired characters and then its last
/// one alone, so that each character begins one term; words whole.
pub(in crate::store) fn terms(folded: &str) -> Vec<Term<'_>> {
    let mut found = Vec::new();
    let mut characters = folded.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let end = start + character.len_utf8();
        if is_paired(character) {
            match characters.peek() {
                Some(&(next, neighbour)) if is_paired(neighbour) => {
                    let text = &folded[start..next + neighbour.len_utf8()];
                    found.push(Term { text, ends_run: false });
                }
                _ => found.push(Term { text: &folded[start..end], ends_run: true }),
            }
        } else if is_worded(character) {
            let mut last = end;
            while let Some(&(next, neighbour)) = characters.peek() {
                if !is_worded(neighbour) {
                    break;
                }
                last = next + neighbour.len_utf8();
                characters.next();
            }
            found.push(Term { text: shorten(&folded[start..last]), ends_run: false });
        }
    }
    found
}

fn shorten(word: &str) -> &str {
    let mut end = word.len().min(LONGEST_WORD);
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    &word[..end]
}

/// The terms as the index takes them: separated by spaces.
pub(in crate::store) fn joined(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len() * 3);
    for term in terms(folded) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(term.text);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_words() {
        assert_eq!(joined("榴园与5g网络,open data。"), "榴园 园与 与 5g 网络 络 open data");
        assert_eq!(joined("。、"), "");
    }
}
