use std::cell::Cell as Memory;

use shiliu_text::Span;

use crate::Numeral;
use crate::lexicon::{Class, ClassSet, Entry, Lexicon};

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
/// Twelve bytes a character; the text itself is borrowed. It is asked with the lexicon that folded it.
#[derive(Debug)]
pub struct View<'t> {
    text: &'t str,
    cells: Vec<Cell>,
    /// The characters that recognition misread, ascending: each stands as what it is taken for.
    mended: Vec<u32>,
    /// Where a numeral was read last, `usize::MAX` before one was.
    pub(crate) last_place: Memory<usize>,
    /// What it was.
    pub(crate) last_numeral: Memory<Option<Numeral>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    character: char,
    start: u32,
    /// The node of the lexicon's words that start with the character, 0 for none.
    first: u16,
    gap: Gap,
    sort: Sort,
}

/// What a walk over all places of a text looks at a character for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// It ends a sentence.
    End,
    /// It is a digit 0–9.
    Digit,
    /// It is a dash.
    Dash,
    /// Nothing.
    #[default]
    Other,
}

impl Sort {
    pub(crate) fn of(character: char) -> Sort {
        match character {
            '。' | '!' | '?' | ';' | '…' => Sort::End,
            '0'..='9' => Sort::Digit,
            '\u{2014}' => Sort::Dash,
            _ => Sort::Other,
        }
    }
}

/// The characters of three bytes from U+3001 on that a text begins with, up to a mark of byte order.
fn wide_run(bytes: &[u8]) -> &[u8] {
    let ends = |bytes: &[u8]| {
        let &[lead, second, third] = bytes else { return true };
        let wide = match lead {
            0xe4..=0xee => true,
            0xe3 => (second, third) != (0x80, 0x80),
            0xef => second != 0xbb,
            _ => false,
        };
        !wide
    };
    let end = bytes.chunks_exact(3).position(ends);
    &bytes[..end.unwrap_or(bytes.len() / 3) * 3]
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// White space with so many line breaks.
fn gap_of(breaks: u32) -> Gap {
    match breaks {
        0 => Gap::Space,
        1 => Gap::Line,
        _ => Gap::Paragraph,
    }
}

/// What [`View::at`] gives past the end; no word and no text holds it after folding.
pub const END: char = '\0';

impl<'t> View<'t> {
    /// Folds `text` once, from left to right.
    #[must_use]
    pub fn new(text: &'t str, lexicon: &Lexicon) -> View<'t> {
        let mut cells = Vec::with_capacity(text.len() / 3 + 16);
        let (mut breaks, mut blanks) = (0u32, false);
        let mut doubtful = Vec::with_capacity(text.len() / 64);
        let bytes = text.as_bytes();
        let mut start = 0;
        loop {
            // Most of a text: no white space, nothing to drop.
            let run = wide_run(&bytes[start..]);
            if !run.is_empty() {
                let base = cells.len();
                cells.extend(run.chunks_exact(3).enumerate().map(|(index, bytes)| {
                    let &[lead, second, third] = bytes else { return Cell::default() };
                    let code =
                        u16::from(lead & 0xf) << 12 | u16::from(second & 0x3f) << 6 | u16::from(third & 0x3f);
                    let Entry { folded: character, first, misread, sort } = lexicon.entry(code);
                    if misread {
                        doubtful.push(base + index);
                    }
                    Cell { character, start: narrow(start + 3 * index), first, gap: Gap::None, sort }
                }));
                if blanks || breaks > 0 {
                    cells[base].gap = gap_of(breaks);
                    (breaks, blanks) = (0, false);
                }
                start += run.len();
            }
            let Some(character) = text[start..].chars().next() else { break };
            let at = start;
            start += character.len_utf8();
            match character {
                '\n' | '\u{2028}' | '\u{2029}' => {
                    breaks += 1;
                    continue;
                }
                ' ' | '\t' | '\r' | '\u{3000}' | '\u{a0}' | '\u{202f}' | '\u{2000}'..='\u{200a}' => {
                    blanks = true;
                    continue;
                }
                // Zero-width marks: word joiners, soft hyphen, byte-order mark, bidirectional controls.
                '\u{ad}'
                | '\u{feff}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\0' => continue,
                _ => {}
            }
            let gap = if blanks || breaks > 0 { gap_of(breaks) } else { Gap::None };
            (breaks, blanks) = (0, false);
            let entry = u16::try_from(character as u32).map(|code| lexicon.entry(code));
            let unknown = Entry { folded: character, sort: Sort::of(character), ..Entry::default() };
            let Entry { folded: character, first, misread, sort } = entry.unwrap_or(unknown);
            if misread {
                doubtful.push(cells.len());
            }
            cells.push(Cell { character, start: narrow(at), first, gap, sort });
        }
        let mut view = View {
            text,
            cells,
            mended: Vec::new(),
            last_place: Memory::new(usize::MAX),
            last_numeral: Memory::new(None),
        };
        for index in doubtful {
            if let Some(character) = misread(&view, lexicon, index) {
                view.cells[index].character = character;
                view.cells[index].sort = Sort::of(character);
                view.cells[index].first = lexicon.first(character);
                view.mended.push(narrow(index));
            }
        }
        view
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

    /// What the character at `index` is for a walk over all places.
    #[must_use]
    #[inline]
    pub fn sort(&self, index: usize) -> Sort {
        self.cells.get(index).map_or(Sort::Other, |cell| cell.sort)
    }

    /// Whether words of a lexicon start with the character at `index`.
    #[must_use]
    #[inline]
    pub fn starts_words(&self, index: usize) -> bool {
        self.first(index) != 0
    }

    /// The node of the words that start with the character at `index`, 0 for none.
    #[inline]
    pub(crate) fn first(&self, index: usize) -> u16 {
        self.cells.get(index).map_or(0, |cell| cell.first)
    }

    /// The folded character before `index`, [`END`] at the start.
    #[must_use]
    #[inline]
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

    /// Whether a character inside `start..end` was misread by recognition and is matched as what it stands for.
    #[must_use]
    pub fn mended(&self, start: usize, end: usize) -> bool {
        let first = self.mended.partition_point(|&at| (at as usize) < start);
        self.mended.get(first).is_some_and(|&at| (at as usize) < end)
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
        let mut text = String::with_capacity(3 * end.saturating_sub(start));
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

/// What the character at `index` stands for where its neighbours show that recognition misread it: a letter among
/// digits, a dash inside a numeral of characters, the one-stroke digit between two numbers.
fn misread(view: &View, lexicon: &Lexicon, index: usize) -> Option<char> {
    let character = view.at(index);
    let is = |at: usize, class: Class| lexicon.word(view, at, class).is_some();
    let before = |back: usize| index.checked_sub(back);
    if character == '\u{2014}' {
        let stroke = lexicon.dash_like()?;
        let after = index + 1;
        if view.at(after) == '\u{2014}' || view.before(index) == '\u{2014}' || !is_han(view.at(after)) {
            return None;
        }
        const NUMERAL: ClassSet = ClassSet::of(&[Class::Digit, Class::Unit, Class::Myriad, Class::Tens]);
        let numeral = |at: usize| lexicon.starting_at(view, at).meets(NUMERAL);
        let unit = |at: usize| is(at, Class::Unit) || is(at, Class::Myriad);
        let prior = before(1).filter(|&at| is_han(view.at(at)));
        // The first digit of a numeral: a unit follows.
        if unit(after) && !is(after, Class::Measure) && prior.is_none_or(|at| !numeral(at)) {
            return Some(stroke);
        }
        // The number of a phase at the start of a clause, where no dash can stand.
        if prior.is_none() && view.gap(after) == Gap::None && is(after, Class::OrdinalAfter) {
            return Some(stroke);
        }
        let prior = prior?;
        let fraction =
            index > 1 && lexicon.word(view, index - 2, Class::FractionOf).is_some_and(|hit| hit.end == index);
        // The last digit of a numeral: a unit or the word that makes it an ordinal stands before it.
        if (unit(prior) || is(prior, Class::OrdinalBefore)) && !numeral(after) {
            return Some(stroke);
        }
        // One of the four digits of a year.
        let digit = |at: usize| is(at, Class::Digit);
        if digit(prior) && before(2).is_some_and(digit) && digit(after) && is(after + 1, Class::YearMark) {
            return Some(stroke);
        }
        // The whole number of a month, day, quarter or share.
        let marked = is(prior, Class::YearMark)
            && (is(after, Class::MonthMark) || is(after, Class::QuarterMark))
            || is(prior, Class::MonthMark) && is(after, Class::DayMark)
            || is(prior, Class::BoundBefore) && is(after, Class::Tenth)
            || fraction
            || is(after, Class::Times)
            || is(after, Class::QuarterMark);
        return marked.then_some(stroke);
    }
    let digit_after = view.at(index + 1).is_ascii_digit();
    if is_han(character) {
        let number_before = view.before(index).is_ascii_digit()
            || before(2).is_some_and(|at| view.at(at).is_ascii_digit())
                && before(1).is_some_and(|at| {
                    const MARKS: ClassSet =
                        ClassSet::of(&[Class::YearMark, Class::MonthMark, Class::DayMark, Class::HourMark]);
                    view.at(at) == '%' || lexicon.longest(view, at, MARKS).is_some_and(|hit| hit.end == index)
                });
        return (digit_after && number_before).then_some('\u{2014}');
    }
    among_digits(view, lexicon, index)
}

/// The digit that a letter stands for inside a run of digits that a Han character or a percent sign follows.
fn among_digits(view: &View, lexicon: &Lexicon, index: usize) -> Option<char> {
    const LONGEST: usize = 12;
    let value = |at: usize| {
        let hit = lexicon.word_anywhere(view, at, Class::LookAlike)?;
        let case = match hit.text.as_ref() {
            "capital" => view.printed(at).is_uppercase(),
            "small" => view.printed(at).is_lowercase(),
            _ => true,
        };
        (case && hit.value < 10)
            .then(|| char::from_digit(u32::try_from(hit.value).unwrap_or(0), 10))
            .flatten()
    };
    let mine = value(index)?;
    let glued = |at: usize| view.gap(at) == Gap::None;
    let part = |at: usize| view.at(at).is_ascii_digit() || value(at).is_some();
    let mut start = index;
    while start > 0 && index - start < LONGEST && glued(start) && part(start - 1) {
        start -= 1;
    }
    let mut end = index + 1;
    while end - index < LONGEST && glued(end) && part(end) {
        end += 1;
    }
    let digits = (start..end).filter(|&at| view.at(at).is_ascii_digit()).count();
    let open = !(glued(start) && view.before(start).is_ascii_alphanumeric());
    let closed = !(glued(end) && view.at(end).is_ascii_alphanumeric());
    let mark = |at: usize| matches!(view.at(at), '.' | ',' | '/' | ':' | '\u{2014}');
    let after = glued(end) && mark(end) && part(end + 1);
    let before = start > 1 && glued(start) && mark(start - 1) && view.at(start - 2).is_ascii_digit();
    // A decimal or grouped number goes on, and a unit follows it.
    let tail = (end + 1..end + LONGEST).find(|&at| !view.at(at).is_ascii_digit()).unwrap_or(end);
    let number = after && tail > end + 1 && (is_han(view.at(tail)) || view.at(tail) == '%');
    const DATES: ClassSet =
        ClassSet::of(&[Class::YearMark, Class::MonthMark, Class::DayMark, Class::DayMarkWeak]);
    let opened = start > 0 && lexicon.longest(view, start - 1, DATES).is_some();
    let dated = opened && lexicon.longest(view, end, DATES).is_some();
    let followed = is_han(view.at(end)) || view.at(end) == '%' || after || before || digits >= 2;
    // One letter beside one digit is as likely a name, unless a unit follows.
    const UNITS: ClassSet = ClassSet::of(&[
        Class::YearMark,
        Class::MonthMark,
        Class::MonthName,
        Class::DayMark,
        Class::DayMarkWeak,
        Class::HourMark,
        Class::Percent,
        Class::Measure,
        Class::Currency,
        Class::Myriad,
        Class::Multiplier,
        Class::Counted,
        Class::Span,
        Class::BoundMiddle,
        Class::To,
    ]);
    const COUNTERS: ClassSet = UNITS.or(ClassSet::of(&[Class::Counter]));
    let character_is_small = view.printed(index).is_lowercase();
    let units = if view.printed(index).is_uppercase() { UNITS } else { COUNTERS };
    let unit = lexicon.longest(view, end, units).is_some();
    // One before a myriad or a currency: no letter stands there.
    let large = character_is_small
        && lexicon.longest(view, end, ClassSet::of(&[Class::Myriad, Class::Currency])).is_some();
    let enough = match digits {
        0 => dated || number || before || large,
        1 => index > start || unit || before || after || opened,
        _ => true,
    };
    let followed = followed || large || digits == 1 && (unit || opened);
    (open && closed && followed && enough).then_some(mine)
}

/// Whether a folded character is a letter of a script that puts spaces between words.
#[must_use]
pub fn is_spaced_letter(character: char) -> bool {
    (character as u32) < 0x2e80
        // Dashes, quotation marks and dots, which every text is full of.
        && !matches!(character, '\u{2010}'..='\u{205f}')
        && (character.is_ascii_alphabetic() || !character.is_ascii() && character.is_alphabetic())
}

/// Whether a character is a Han character.
#[must_use]
pub fn is_han(character: char) -> bool {
    matches!(character as u32, 0x3005 | 0x3007 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}
