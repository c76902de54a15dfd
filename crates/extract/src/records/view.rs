use shiliu_text::Span;

use super::blocks::Blocks;

/// The text as the record grammars read it: white space inside unspaced script gone, line feeds kept only where
/// a paragraph ends, marks of one family in one form. Every byte leads back to the text it was made from.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// The characters that grammars match.
    pub(super) text: String,
    source: &'a str,
    /// Where a stretch of `text` begins and where in the source: inside it every character takes as many bytes in both.
    steps: Vec<(u32, u32)>,
    step_blocks: Blocks,
    /// The marks of `text` that part or pair its stretches, and its line feeds, with their places.
    marks: Vec<(u32, char)>,
    /// Places of `text` where white space was dropped, ascending.
    gaps: Vec<u32>,
}

/// A line shorter than this (in characters) without any mark is a heading, not a torn sentence.
const HEADING: usize = 22;

/// A printed space is looked at for so many characters.
const GAP: usize = 8;

impl<'a> View<'a> {
    pub(super) fn new(source: &'a str) -> View<'a> {
        let mut view = View {
            text: String::with_capacity(source.len()),
            source,
            steps: Vec::with_capacity(source.len() / 64 + 8),
            step_blocks: Blocks::default(),
            marks: Vec::with_capacity(source.len() / 16 + 8),
            gaps: Vec::new(),
        };
        let mut line_chars = 0usize;
        let mut line_marked = false;
        let mut straight_open = false;
        let mut gap: Option<(usize, bool)> = None;
        let mut previous: Option<char> = None;
        let mut at = 0;
        while let Some(character) = source[at..].chars().next() {
            let start = at;
            if gap.is_none() && matches!(character, '\u{4e00}'..='\u{9fff}') {
                // The common case: nothing to fold, no white space before it.
                at = plain_end(source, at);
                view.step(start);
                view.text.push_str(&source[start..at]);
                line_chars += (at - start) / 3;
                previous = source[at - 3..].chars().next();
                continue;
            }
            at += character.len_utf8();
            if character.is_whitespace() {
                let feed = character == '\n' || character == '\u{2029}';
                gap = Some(gap.map_or((start, feed), |(at, had)| (at, had || feed)));
                continue;
            }
            if let Some((at, feed)) = gap.take() {
                let ended = previous.is_none_or(|last| {
                    closes_paragraph(last)
                        || line_chars < HEADING && !line_marked
                        || begins_item(&source[start..])
                });
                if feed && ended {
                    view.push('\n', at);
                    line_chars = 0;
                    line_marked = false;
                    straight_open = false;
                } else if previous.is_some_and(is_spaced) && is_spaced(character) {
                    view.push(' ', at);
                } else {
                    view.gaps.push(narrow(view.text.len()));
                }
            }
            let next = source[at..].chars().next();
            let mut folded = fold(character, previous, next);
            if character == '"' || character == '\u{ff02}' {
                folded = if straight_open { '”' } else { '“' };
                straight_open = !straight_open;
            }
            view.push(folded, start);
            line_chars += 1;
            line_marked |= matches!(folded, '，' | '。');
            previous = Some(character);
        }
        view.step_blocks = Blocks::of(view.text.len(), view.steps.iter().skip(1).map(|(start, _)| *start));
        view
    }

    /// What is pushed next stands for what begins at a byte of the source.
    fn step(&mut self, origin: usize) {
        let (at, origin) = (narrow(self.text.len()), narrow(origin));
        let goes_on = self.steps.last().is_some_and(|(view, source)| at - view == origin - source);
        if !goes_on {
            self.steps.push((at, origin));
        }
    }

    fn push(&mut self, character: char, origin: usize) {
        self.step(origin);
        if is_mark(character) {
            self.marks.push((narrow(self.text.len()), character));
        }
        self.text.push(character);
    }

    /// The stretch that holds a byte of the view.
    fn step_of(&self, byte: u32) -> usize {
        let mut place = self.step_blocks.first(byte);
        while self.steps.get(place + 1).is_some_and(|(next, _)| *next <= byte) {
            place += 1;
        }
        place
    }

    /// The first byte of the source character that the one at a byte of the view stands for.
    fn origin(&self, byte: u32) -> u32 {
        self.steps.get(self.step_of(byte)).map_or(0, |(view, source)| source + (byte - view))
    }

    /// The place in the source of a span of the view.
    pub(super) fn source_span(&self, span: Span) -> Span {
        let length = self.text.len();
        if span.is_empty() || span.start as usize >= length {
            let past = span.start as usize >= length;
            let at = if past { narrow(self.source.len()) } else { self.origin(span.start) };
            return Span { start: at, end: at };
        }
        let step = self.step_of(span.start);
        let (view, source) = self.steps[step];
        let start = source + (span.start - view);
        // Nearly always both ends lie in one stretch.
        if self.steps.get(step + 1).is_some_and(|(next, _)| span.end < *next) {
            return Span { start, end: start + span.len() as u32 };
        }
        let last = self.text.floor_char_boundary((span.end as usize).min(length) - 1);
        let last = self.origin(narrow(last)) as usize;
        let end = last + self.source[last..].chars().next().map_or(0, char::len_utf8);
        Span::new(start as usize, end)
    }

    /// The place in the view of a span of the source.
    pub(super) fn view_span(&self, span: Span) -> Span {
        let start = self.place_of_source(span.start);
        let end = self.place_of_source(span.end);
        Span::new(start, end.max(start))
    }

    /// The first character of the view that stands for one of the source at a byte or behind it.
    fn place_of_source(&self, byte: u32) -> usize {
        let place = self.steps.partition_point(|(_, source)| *source <= byte);
        let Some((view, source)) = place.checked_sub(1).map(|place| self.steps[place]) else { return 0 };
        let next = self.steps.get(place).map_or(self.text.len(), |(next, _)| *next as usize);
        self.text.ceil_char_boundary(((view + (byte - source)) as usize).min(next))
    }

    /// The marks that part or pair stretches of the text, and its line feeds, with their places.
    pub(super) fn marks(&self) -> &[(u32, char)] {
        &self.marks
    }

    /// Places where white space was dropped, ascending.
    pub(super) fn gaps(&self) -> &[u32] {
        &self.gaps
    }

    /// Whether white space was dropped right before this byte.
    pub(super) fn gap_at(&self, byte: usize) -> bool {
        self.gaps.binary_search(&narrow(byte)).is_ok()
    }

    /// Whether a printed space, and no line's end, was dropped right before this byte.
    pub(super) fn spaced_at(&self, byte: usize) -> bool {
        if byte >= self.text.len() || !self.gap_at(byte) {
            return false;
        }
        let dropped =
            self.source[..self.origin(narrow(byte)) as usize].chars().rev().take_while(|c| c.is_whitespace());
        dropped.take(GAP).all(|character| character != '\n' && character != '\u{2029}')
    }
}

/// Whether a line begins with the number or the mark of an item of a list: it goes on with no line before it.
fn begins_item(line: &str) -> bool {
    let mut characters = line.chars();
    let Some(first) = characters.next() else { return false };
    if matches!(first, '●' | '■' | '◆' | '★' | '※' | '○' | '□' | '◇') {
        return true;
    }
    let rest = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let digits = line.len() - rest.len();
    let mut behind = rest.chars();
    let mark = behind.next().is_some_and(|mark| matches!(mark, '.' | '．' | '、'));
    (1..=2).contains(&digits) && mark && behind.next().is_some_and(|next| !next.is_ascii_digit())
}

/// Whether a character parts stretches of a text, or pairs with another.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\n' | '，'
            | '；'
            | '：'
            | '。'
            | '！'
            | '？'
            | '!'
            | '?'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '《'
            | '》'
            | '（'
            | '）'
    )
}

/// Where the Han characters (`4e00` to `9fff`) that begin at a byte end; the byte itself where none stands there.
fn plain_end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    // Their first byte is e5 to e9, or e4 before b8 to bf; all have three.
    while let Some(lead) = bytes.get(at) {
        let plain = matches!(lead, 0xe5..=0xe9) || *lead == 0xe4 && bytes.get(at + 1) >= Some(&0xb8);
        if !plain {
            break;
        }
        at += 3;
    }
    at
}

/// An offset or a count as the lists keep it.
pub(super) fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

fn is_spaced(character: char) -> bool {
    character.is_alphanumeric() && (character as u32) < 0x2e80 || matches!(character, ',' | '.' | ';' | '-')
}

/// Characters after which a line may end a paragraph.
fn closes_paragraph(character: char) -> bool {
    matches!(
        character,
        '。' | '！'
            | '？'
            | '：'
            | '；'
            | '…'
            | '”'
            | '’'
            | '）'
            | '》'
            | '】'
            | '.'
            | '!'
            | '?'
            | ':'
            | ';'
            | ')'
            | '"'
    )
}

fn is_han(character: char) -> bool {
    matches!(character as u32, 0x3400..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
        || matches!(character, '”' | '》' | '）' | '“' | '《')
}

fn fold(character: char, previous: Option<char>, next: Option<char>) -> char {
    let han = previous.is_some_and(is_han) || next.is_some_and(is_han);
    match character {
        '－' | '─' | '–' | '―' | '‐' | '‑' | '‒' | '﹣' | '−' => '—',
        '-' if previous.is_some_and(is_han) && next.is_some_and(is_han) => '—',
        '「' => '“',
        '」' => '”',
        '『' => '‘',
        '』' => '’',
        '〈' => '《',
        '〉' => '》',
        '•' | '・' | '‧' | '∙' => '·',
        ',' | '﹐' if han => '，',
        ';' | '﹔' if han => '；',
        ':' | '﹕' if han => '：',
        '!' if han => '！',
        '?' if han => '？',
        '(' if han => '（',
        ')' if han => '）',
        '％' => '%',
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            char::from_u32(character as u32 - 0xfee0).unwrap_or(character)
        }
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_torn_lines_and_leads_back() {
        let source =
            "第二 届会议在霁\n城举行,各方将继续推进港口建设并按照商定的计划加\n快通关。\n一是坚持互信。";
        let view = View::new(source);
        let lines: Vec<&str> = view.text.lines().collect();
        assert_eq!(lines.last(), Some(&"一是坚持互信。"));
        assert!(view.text.contains("加快通关"));
        let at = view.text.find("加快").unwrap();
        let span = view.source_span(Span::new(at, at + "加快".len()));
        assert_eq!(span.of(source), "加\n快");
        assert_eq!(view.view_span(span), Span::new(at, at + "加快".len()));
    }
}
