//! Lines of a page cut into strips: running text, and whatever its own words show to be something else.

use shiliu_lang::{TextOdds, is_han};
use shiliu_text::Span;

use super::columns::{Row, rows_of};
use super::rules::{Rules, first_hit, shifted};
use crate::Page;

/// What a strip's own words show it to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StripKind {
    /// Running text, a heading, anything not known by its words.
    Text,
    /// A jump line: where the piece comes from (`back`) or goes on.
    Jump { back: bool, page_no: Option<String>, label: Option<u32> },
    /// Name, date, number of the paper, or a folio.
    Masthead,
    /// Head of a group of articles.
    Section,
    /// Navigation, addresses, staff.
    Furniture,
    /// First line of a notice.
    Notice,
    /// Author line.
    Byline,
    /// Picture or source credit.
    Credit,
    /// Text of a picture; `closed` where its credit ends it.
    Caption,
    /// Agency, place and date alone on a line.
    TailDateline,
    /// Line under a headline that begins with dashes.
    Deck,
    /// Who signs what stands above, and the day below it.
    Signature,
}

/// A stretch of one line.
#[derive(Clone, Debug)]
pub(super) struct Strip {
    /// Bytes of the page, heading mark and outer white space left out.
    pub span: Span,
    /// Printed width of its whole line.
    pub line_width: u32,
    /// Heading level that the page marks, 0 where none.
    pub heading: u8,
    /// What it is.
    pub kind: StripKind,
    /// Printed width: 2 for a full-width character, 1 for others.
    pub width: u32,
    /// Whether a blank line stands before it.
    pub after_blank: bool,
    /// Whether the line is indented.
    pub indented: bool,
    /// Whether it starts its line.
    pub starts_line: bool,
    /// Whether a column begins with it that stands beside the one before.
    pub begins_column: bool,
}

/// A whole line wider than this is running text whatever its words: patterns of whole lines are not tried.
pub(super) const WIDEST_LABEL: u32 = 160;
/// How many bytes at a line's edges the edge patterns look at.
const EDGE_BYTES: usize = 160;

/// Printed width of a text.
pub(super) fn width_of(text: &str) -> u32 {
    text.chars().map(|character| if (character as u32) < 0x1100 { 1 } else { 2 }).sum()
}

/// The first `bytes` of `text`, cut at a character.
pub(super) fn head_of(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The last `bytes` of `text`, cut at a character, and where they start.
pub(super) fn tail_of(text: &str, bytes: usize) -> (usize, &str) {
    let mut start = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    (start, &text[start..])
}

/// Cuts a page into strips, in the order in which its lines read. Blank lines give none.
pub(super) fn strips_of(page: &Page, rules: &Rules<'_>) -> Vec<Strip> {
    let text: &str = &page.layer.text;
    let mut strips = Vec::with_capacity(page.lines.len());
    for Row { line, span, after_blank, begins_column } in rows_of(page, rules) {
        let content = span.of(text);
        let trimmed = content.trim_matches(is_space);
        let lead = content.len() - content.trim_start_matches(is_space).len();
        let start = span.start as usize + lead;
        let span = Span::new(start, start + trimmed.len());
        let base = Strip {
            span,
            line_width: width_of(trimmed),
            heading: line.heading,
            kind: StripKind::Text,
            width: width_of(trimmed),
            after_blank,
            indented: lead >= 2,
            starts_line: true,
            begins_column,
        };
        cut_line(text, base, rules, &mut strips);
    }
    note_paper_lines(text, &mut strips);
    join_edge_lines(text, rules, &mut strips);
    note_names(text, rules, &mut strips);
    note_signatures(text, rules, &mut strips);
    strips
}

/// A line wider than this holds more than names.
const WIDEST_NAMES: u32 = 30;

/// Names alone on a line between a headline and its text: an author line without marks.
fn note_names(text: &str, rules: &Rules<'_>, strips: &mut [Strip]) {
    for at in 1..strips.len() {
        let (before, strip, next) = (&strips[at - 1], &strips[at], strips.get(at + 1));
        let alone = strip.starts_line && strip.width == strip.line_width && strip.heading == 0;
        if strip.kind != StripKind::Text || !alone || strip.width > WIDEST_NAMES {
            continue;
        }
        let words = before.span.of(text);
        let text_follows = next.is_some_and(|next| {
            next.kind == StripKind::Text && next.heading == 0 && next.width > strip.width + strip.width / 2
        });
        // A line of a paragraph that goes on looks like the line above: as wide, with commas.
        let below_head = match before.kind {
            StripKind::Deck | StripKind::Section => true,
            StripKind::Text => {
                before.heading > 0
                    || (before.width <= WIDEST_LABEL
                        && !words.contains(is_comma)
                        && !ends_sentence(words)
                        && (strip.after_blank || before.after_blank || !before.indented))
            }
            _ => false,
        };
        if text_follows && below_head && rules.is_names(strip.span.of(text)) {
            strips[at].kind = StripKind::Byline;
        }
    }
}

/// A line wider than this signs nothing.
const WIDEST_SIGNATURE: u32 = 48;
/// A line that holds a day and nothing else is no wider.
const WIDEST_DAY: u32 = 26;

/// Who signs a text: a short line behind a sentence, with a day below it, or such as only signs.
fn note_signatures(text: &str, rules: &Rules<'_>, strips: &mut [Strip]) {
    let alone = |strip: &Strip| strip.starts_line && strip.width == strip.line_width && strip.heading == 0;
    for at in 1..strips.len() {
        let (before, strip, next) = (&strips[at - 1], &strips[at], strips.get(at + 1));
        let plain = strip.kind == StripKind::Text && alone(strip) && strip.width <= WIDEST_SIGNATURE;
        if !plain || before.kind != StripKind::Text || !ends_sentence(before.span.of(text)) {
            continue;
        }
        let dated = next.is_some_and(|next| {
            next.kind == StripKind::Masthead
                && alone(next)
                && next.width <= WIDEST_DAY
                && first_hit(rules.year, next.span.of(text), |_| true).is_some_and(|hit| hit.span.start == 0)
        });
        let words = strip.span.of(text);
        if first_hit(rules.signature, words, |row| dated || !row.flag("dated")).is_some() {
            strips[at].kind = StripKind::Signature;
            if dated {
                strips[at + 1].kind = StripKind::Signature;
            }
        }
    }
}

/// A line is one of the paper from these odds on, in thousandths of a bit: at the page's edges, and elsewhere.
const PAPER_LINE: (i32, i32) = (-500, 1000);
/// A page of fewer lines has no edges: its headlines stand there.
const LINES_WITH_EDGES: usize = 5 * EDGE_LINES;
/// A line of fewer characters is not told by what it is made of.
const FEWEST_TOLD: usize = 3;

/// Lines of the paper that no row knows, told by what they are made of.
fn note_paper_lines(text: &str, strips: &mut [Strip]) {
    let last = strips.len().saturating_sub(1);
    for (at, strip) in strips.iter_mut().enumerate() {
        let alone = strip.starts_line && strip.width == strip.line_width && strip.heading == 0;
        if strip.kind != StripKind::Text || !alone || strip.width > WIDEST_LABEL {
            continue;
        }
        let characters: Vec<char> = strip.span.of(text).chars().filter(|one| !one.is_whitespace()).collect();
        if characters.len() < FEWEST_TOLD || !characters.iter().any(|one| is_han(*one)) {
            continue;
        }
        let at_edge = last > LINES_WITH_EDGES && (at < EDGE_LINES || at + EDGE_LINES > last);
        let least = if at_edge { PAPER_LINE.0 } else { PAPER_LINE.1 };
        if TextOdds::chinese_paper_lines().odds(&characters) >= least {
            strip.kind = StripKind::Furniture;
        }
    }
}

/// So many lines at the top and at the foot of a page may be a wrapped masthead or staff line.
const EDGE_LINES: usize = 4;

/// A masthead or a staff line that is wrapped over two lines of a narrow column shows itself only as a whole.
fn join_edge_lines(text: &str, rules: &Rules<'_>, strips: &mut [Strip]) {
    let last = strips.len().saturating_sub(1);
    for at in 0..last {
        if at >= EDGE_LINES && at + EDGE_LINES < last {
            continue;
        }
        let (a, b) = (&strips[at], &strips[at + 1]);
        let label = |strip: &Strip| matches!(strip.kind, StripKind::Text | StripKind::Masthead);
        let short = a.width + b.width <= WIDEST_LABEL && a.heading == 0 && b.heading == 0;
        let both_known = a.kind == StripKind::Masthead && b.kind == StripKind::Masthead;
        if !short || both_known || b.after_blank || b.begins_column || !label(a) || !label(b) {
            continue;
        }
        let whole = format!("{}{}", a.span.of(text), b.span.of(text));
        let alone = |strip: &Strip| rules.masthead.is_match(strip.span.of(text));
        let kind = if rules.masthead.is_match(&whole) && !(alone(a) && ends_label(text, b)) {
            StripKind::Masthead
        } else if first_hit(rules.credit, &whole, |row| row.text("kind") == Some("furniture")).is_some() {
            StripKind::Furniture
        } else {
            continue;
        };
        strips[at].kind = kind.clone();
        strips[at + 1].kind = kind;
    }
}

/// Whether a line next to a masthead is a headline rather than the masthead's rest: it holds Han only.
fn ends_label(text: &str, strip: &Strip) -> bool {
    strip.span.of(text).chars().all(|c| !c.is_ascii_digit()) && strip.width > 12
}

/// White space and what prints nothing.
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

fn cut_line(text: &str, base: Strip, rules: &Rules<'_>, strips: &mut Vec<Strip>) {
    let jumps = jumps_in(base.span.of(text), rules);
    let mut at = base.span.start;
    let first = strips.len();
    let push_text = |from: u32, to: u32, strips: &mut Vec<Strip>| {
        let part = Span { start: from, end: to };
        let trimmed = part.of(text).trim_matches(is_space);
        if trimmed.is_empty() {
            return;
        }
        let lead = part.of(text).len() - part.of(text).trim_start_matches(is_space).len();
        let start = from as usize + lead;
        let span = Span::new(start, start + trimmed.len());
        let mut strip = base.clone();
        strip.span = span;
        strip.width = width_of(trimmed);
        strip.starts_line = strips.len() == first;
        strip.after_blank = base.after_blank && strip.starts_line;
        strip.kind = kind_of_text(trimmed, &strip, rules);
        strips.push(strip);
    };
    for (span, kind) in jumps {
        let span = shifted(span, base.span.start);
        push_text(at, span.start, strips);
        let mut strip = base.clone();
        strip.span = span;
        strip.width = width_of(span.of(text));
        strip.kind = kind;
        strip.starts_line = strips.len() == first;
        strip.after_blank = base.after_blank && strip.starts_line;
        strips.push(strip);
        at = span.end;
    }
    push_text(at, base.span.end, strips);
}

/// The jump lines inside one line, in order.
fn jumps_in(line: &str, rules: &Rules<'_>) -> Vec<(Span, StripKind)> {
    let mut found: Vec<(Span, StripKind)> = Vec::new();
    let (tail_start, tail) = tail_of(line, EDGE_BYTES);
    for pattern in rules.jump.likely(line) {
        let row = pattern.row();
        let mut from = 0;
        loop {
            let hit = if row.flag("edge") {
                if from > 0 {
                    None
                } else {
                    let hit = pattern.find(head_of(line, EDGE_BYTES)).filter(|hit| hit.span.start == 0);
                    hit.map(|hit| (hit, 0)).or_else(|| pattern.find(tail).map(|hit| (hit, tail_start)))
                }
            } else {
                pattern.find_at(line, from).map(|hit| (hit, 0))
            };
            let Some((hit, shift)) = hit else { break };
            from = hit.span.end as usize;
            let shift = shift as u32;
            let span = shifted(hit.span, shift);
            // A row anchored at the line's start must not hit at the start of the tail window.
            if row.flag("edge") && span.start != 0 && (span.end as usize) < line.len() {
                break;
            }
            if found.iter().any(|(known, _)| known.overlaps(span)) {
                continue;
            }
            let slot = |name: &str| hit.slot(name).map(|slot| shifted(slot, shift).of(line));
            let kind = StripKind::Jump {
                back: row.text("direction") == Some("back"),
                page_no: slot("page").and_then(|page| rules.page_number(page)),
                label: slot("label").and_then(|label| rules.number(label)),
            };
            let end = span.end as usize - (span.of(line).len() - span.of(line).trim_end().len());
            let start = span.start as usize + (span.of(line).len() - span.of(line).trim_start().len());
            found.push((Span::new(start, end.max(start)), kind));
        }
    }
    found.sort_by_key(|(span, _)| *span);
    found
}

fn kind_of_text(text: &str, strip: &Strip, rules: &Rules<'_>) -> StripKind {
    if strip.width > WIDEST_LABEL {
        // A long picture text still shows itself by its first words.
        if strip.starts_line && first_hit(rules.caption, head_of(text, 30), |row| !row.flag("tail")).is_some()
        {
            return StripKind::Caption;
        }
        return StripKind::Text;
    }
    if rules.masthead.is_match(text) {
        return StripKind::Masthead;
    }
    if rules.furniture.is_match(text) {
        return StripKind::Furniture;
    }
    if rules.section.is_match(text) {
        return StripKind::Section;
    }
    if first_hit(rules.notice, text, |row| !row.flag("label")).is_some() {
        return StripKind::Notice;
    }
    if let Some(hit) = first_hit(rules.credit, text, |_| true) {
        return if hit.row.text("kind") == Some("furniture") {
            StripKind::Furniture
        } else {
            StripKind::Credit
        };
    }
    if first_hit(rules.dateline, text, |row| row.text("at") == Some("tail"))
        .is_some_and(|hit| hit.span.start == 0)
    {
        return StripKind::TailDateline;
    }
    if first_hit(rules.byline, text, |_| true).is_some_and(|hit| hit.span.start == 0) {
        return StripKind::Byline;
    }
    if first_hit(rules.caption, text, |_| true).is_some() {
        return StripKind::Caption;
    }
    if rules.deck.is_match(text) && strip.width <= 80 && !ends_sentence(text) {
        return StripKind::Deck;
    }
    StripKind::Text
}

/// Whether the last character closes a sentence, closing quotation marks and brackets left aside.
pub(super) fn ends_sentence(text: &str) -> bool {
    let inner = text.trim_end_matches(|c: char| is_space(c) || is_closing(c));
    let Some(last) = inner.chars().next_back() else { return false };
    is_stop(last) && !(last == '.' && inner.chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit()))
}

/// Sentence-final marks.
pub(super) fn is_stop(character: char) -> bool {
    matches!(character, '。' | '！' | '？' | '!' | '?' | '…' | '.' | '．' | '｡')
}

/// Marks that part a sentence and end none: commas, colons, semicolons.
#[must_use]
pub fn is_comma(character: char) -> bool {
    matches!(character, '，' | '、' | '；' | '：' | ',' | ';' | ':')
}

/// Closing quotation marks and brackets.
pub(super) fn is_closing(character: char) -> bool {
    matches!(
        character,
        '”' | '’' | '」' | '』' | '）' | ')' | '》' | '〉' | '】' | ']' | '"' | '\'' | '»' | '〕'
    )
}

/// Opening quotation marks and brackets with their partner.
pub(super) fn partner(character: char) -> Option<char> {
    Some(match character {
        '“' => '”',
        '‘' => '’',
        '「' => '」',
        '『' => '』',
        '（' => '）',
        '《' => '》',
        '【' => '】',
        '«' => '»',
        _ => return None,
    })
}
