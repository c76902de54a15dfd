//! How well a page's text can be trusted, by its characters alone: counts, and a grade with its reason. It says nothing
//! of fluent errors, which only another printing shows.

use super::markup::is_wide;
use super::suspect::is_suspect;
use crate::{Line, Page};

/// What to expect of a page's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Nothing speaks against it.
    Good,
    /// Read it with care.
    Fair,
    /// Much of it is lost: fetch or recognise the page again.
    Poor,
}

impl Grade {
    /// `good`, `fair`, `poor`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::Good => "good",
            Grade::Fair => "fair",
            Grade::Poor => "poor",
        }
    }
}

/// The quality note of one page. Shares are thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quality {
    /// The grade.
    pub grade: Grade,
    /// Why it is not better; none for a good one.
    pub reason: Option<&'static str>,
    /// The reason as a word that stays: `broken`, `noise`, `cut-up`, `some-broken`, `some-noise`, `tiny-lines`, `apart`,
    /// `little`.
    pub cause: Option<&'static str>,
    /// Characters that cannot be trusted (U+FFFD, controls, private use, misread), of those that are not blank.
    pub suspect: u32,
    /// Characters that are neither letters, digits nor punctuation of a text (`¤`, `■`, `~`), of those not blank.
    pub odd: u32,
    /// Lines of one or two characters, of the lines that are not blank.
    pub tiny_lines: u32,
    /// Han characters with a space on both sides, of all Han characters.
    pub spaced: u32,
    /// Lines that end within a sentence, of the lines that are not blank.
    pub open_lines: u32,
    /// Median length of the lines that are not blank, in code points.
    pub median_line: u32,
}

/// Measures a page's text.
#[must_use]
pub fn quality(page: &Page) -> Quality {
    measured(&page.layer.text, &page.lines)
}

/// Measures a text whose lines are not known otherwise.
#[must_use]
pub fn quality_of(text: &str) -> Quality {
    measured(text, &super::plain::lines_of(text))
}

fn measured(text: &str, page_lines: &[Line]) -> Quality {
    let (mut printed, mut suspect, mut odd, mut han, mut spaced) = (0_u64, 0_u64, 0_u64, 0_u64, 0_u64);
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if !character.is_whitespace() {
            printed += 1;
            // ASCII is the common case of what needs no table.
            let plain = character.is_ascii_alphanumeric();
            suspect += u64::from(!plain && is_suspect(character, before));
            odd += u64::from(!plain && is_odd(character));
            if is_wide(character) && character.is_alphabetic() {
                han += 1;
                let alone = before == ' ' && characters.peek() == Some(&' ');
                spaced += u64::from(alone);
            }
        }
        before = character;
    }
    let mut lengths: Vec<u32> = Vec::with_capacity(page_lines.len());
    let (mut tiny, mut open) = (0_u64, 0_u64);
    for line in page_lines {
        let words = line.span.of(text).trim();
        let Some(last) = words.chars().next_back() else { continue };
        let length = words.chars().count();
        lengths.push(u32::try_from(length).unwrap_or(u32::MAX));
        tiny += u64::from(length <= 2);
        open += u64::from(
            line.heading == 0
                && (last.is_alphanumeric()
                    || matches!(
                        last,
                        '\u{ff0c}'
                            | '\u{3001}'
                            | ','
                            | '-'
                            | '\u{2014}'
                            | '\u{201c}'
                            | '\u{2018}'
                            | '\u{ff08}'
                            | '('
                    )),
        );
    }
    let lines = lengths.len() as u64;
    let middle = lengths.len() / 2;
    let median_line = if lengths.is_empty() { 0 } else { *lengths.select_nth_unstable(middle).1 };
    let mut note = Quality {
        grade: Grade::Good,
        reason: None,
        cause: None,
        suspect: thousandths(suspect, printed),
        odd: thousandths(odd, printed),
        tiny_lines: thousandths(tiny, lines),
        spaced: thousandths(spaced, han),
        open_lines: thousandths(open, lines),
        median_line,
    };
    (note.grade, note.cause, note.reason) = grade(&note, printed, suspect);
    note
}

/// Few characters say little: a page of less than this is not graded by its lines.
const FEW: u64 = 40;

fn grade(note: &Quality, printed: u64, suspect: u64) -> (Grade, Option<&'static str>, Option<&'static str>) {
    // Each: whether it holds, the grade it gives, the cause, and the reason to print. The first one counts.
    let reasons = [
        (note.suspect >= 20, Grade::Poor, "broken", "many characters are broken or cannot be shown"),
        (
            note.odd >= 80,
            Grade::Poor,
            "noise",
            "many signs that no text has: the recogniser read pictures or noise",
        ),
        (
            printed >= FEW && note.tiny_lines >= 500,
            Grade::Poor,
            "cut-up",
            "most lines are one or two characters: lines were cut up",
        ),
        (suspect > 0, Grade::Fair, "some-broken", "some characters are broken or cannot be shown"),
        (note.odd >= 25, Grade::Fair, "some-noise", "signs that texts hardly have: parts may be noise"),
        (
            printed >= FEW && note.tiny_lines >= 250,
            Grade::Fair,
            "tiny-lines",
            "many lines of one or two characters",
        ),
        (note.spaced >= 300, Grade::Fair, "apart", "characters stand apart, as some recognisers write them"),
        (printed < FEW, Grade::Fair, "little", "there is very little text"),
    ];
    let found = reasons.into_iter().find(|(holds, ..)| *holds);
    found.map_or((Grade::Good, None, None), |(_, grade, cause, reason)| (grade, Some(cause), Some(reason)))
}

/// Signs that a text hardly has: neither letters and digits nor the punctuation of any language here.
fn is_odd(character: char) -> bool {
    !character.is_alphanumeric()
        && !matches!(character,
            '!'..='/' | ':'..=';' | '?' | '[' | ']' | '|' | '\u{a0}' | '\u{b7}' | '«' | '»' | '°'
            | '\u{2010}'..='\u{2027}' | '\u{2030}' | '№' | '℃' | '\u{2460}'..='\u{24ff}' | '\u{25a0}'..='\u{25ff}'
            | '\u{3001}'..='\u{303f}' | '\u{fe10}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{301}' | '\u{fffd}')
}

fn thousandths(part: u64, whole: u64) -> u32 {
    u32::try_from((part * 1000).div_ceil(whole.max(1))).unwrap_or(1000)
}

#[cfg(test)]
mod tests {
    use shiliu_lang::Pack;

    use super::*;
    use crate::{PageKey, read};

    fn of(text: &str) -> Quality {
        let key = PageKey { path: "p.md".to_owned(), ..PageKey::default() };
        quality(&read(text.as_bytes(), &key, &Pack::load(&[]).value).value[0])
    }

    #[test]
    fn grades_and_their_reasons() {
        let fine = "# 北砧镇的早市\n\n本报讯（记者 柯以墨）6月3日清晨，北砧镇的早市开张，来自邻镇的三十多户\n菜农摆出了摊位。买主说，价钱比去年低了一成。\n";
        let note = of(fine);
        assert_eq!((note.grade, note.reason, note.open_lines), (Grade::Good, None, 334));
        assert_eq!(of(&fine.replace(['菜', '镇'], "\u{fffd}")).grade, Grade::Poor);
        assert_eq!(of(&format!("{}{}", fine.repeat(9), "\u{e001}")).grade, Grade::Fair);
        assert_eq!(of(&fine.replace('，', "~^¤")).grade, Grade::Poor);
        let apart: String = fine.chars().flat_map(|c| [c, ' ']).collect();
        assert!(of(&apart).reason.is_some_and(|reason| reason.starts_with("characters stand apart")));
        let cut: String = fine.chars().filter(|c| !c.is_whitespace()).flat_map(|c| [c, '\n']).collect();
        assert_eq!((of(&cut).grade, of(&cut).median_line), (Grade::Poor, 1));
        assert_eq!(of("早市").grade, Grade::Fair);
    }
}
