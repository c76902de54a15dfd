//! Strips joined into units: a unit is a stretch of lines known to be contiguous.

use std::cell::OnceCell;

use shiliu_lang::{Border, CharacterModel, TextOdds};
use shiliu_text::Span;

use super::datelines::{
    DatelineHit, HEAD_BYTES, Joined, begins_with_dateline, head_dateline, is_bare_dateline, tail_dateline,
};
use super::evidence::{Runs, seam_evidence};
use super::rules::{Rules, first_hit};
use super::strips::{
    Strip, StripKind, WIDEST_LABEL, ends_sentence, head_of, is_closing, is_comma, is_space, is_stop, partner,
    strips_of, tail_of,
};
use super::wording::{Edge, ends_as};
use crate::Page;

/// How a stretch of running text ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum EndState {
    /// In mid-sentence.
    Open,
    /// With a final stop.
    #[default]
    Closed,
    /// With words that close a piece: a dateline or names at the tail, a forward jump.
    Terminal,
}

/// How a stretch of running text begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StartState {
    /// With a dateline: the beginning of a piece.
    Dateline,
    /// With a jump line.
    Jump,
    /// With words that open a paragraph.
    Opening,
    /// Nothing tells.
    Neutral,
    /// With what stands only inside a sentence.
    Inside,
}

/// What the first words tell of what stands before them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Opens {
    /// Nothing.
    #[default]
    Unknown,
    /// They begin a report.
    Report,
    /// They need a text before them.
    Follows,
}

/// What the first line's length tells, in a column of lines of one length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum FirstLine {
    /// Nothing.
    #[default]
    Unknown,
    /// It is shorter by the two characters that open a paragraph.
    Indented,
    /// It fills the column: the text began before it.
    Full,
}

/// A stretch of contiguous lines of one page.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// What its words show it to be; `Text` for running text and headings.
    pub kind: StripKind,
    /// Its strips' spans, in order.
    pub spans: Vec<Span>,
    /// Heading level that the page marks.
    pub heading: u8,
    /// Printed width of all strips.
    pub width: u32,
    /// Printed width of each strip.
    pub widths: Vec<u32>,
    /// Whether a blank line stands before it.
    pub after_blank: bool,
    /// Whether it starts its line.
    pub starts_line: bool,
    /// Whether its first line is indented.
    pub indented: bool,
    /// Whether it follows the unit before in the same wrapped column, its line full: the two may be one paragraph.
    pub flows_on: bool,
    /// Whether a column begins with it that stands beside the one before.
    pub begins_column: bool,
    /// Whether it was cut from the line before, which may be of another column.
    pub cut_from_line_before: bool,
    /// Dateline at its head.
    pub dateline: Option<DatelineHit>,
    /// Dateline at its tail.
    pub tail_dateline: Option<DatelineHit>,
    /// Names in brackets at its tail.
    pub tail_byline: Option<Span>,
    /// How it begins and ends, jumps around it not yet regarded.
    pub start: StartState,
    pub end: EndState,
    /// What its first words tell of what stands before them.
    pub opens: Opens,
    /// Whether its last words are such as end a report.
    pub concludes: bool,
    /// By how much its first characters are such as begin paragraphs and its last ones such as end them, in eighths
    /// of a bit; nothing where no Han stands there.
    pub begins: Option<i32>,
    pub ends: Option<i32>,
    /// Whether it reads like a line above a headline.
    pub kicker: bool,
    /// Whether it says that a notice stands below it.
    pub names_notice: bool,
    /// What its first line's length tells.
    pub first_line: FirstLine,
    /// Marks that open and are not closed in it, outermost first, as their partners.
    pub opened: Vec<char>,
    /// Marks that close and are not opened in it.
    pub closed: Vec<char>,
    /// List number it begins with: style and number.
    pub enumerator: Option<(String, u32)>,
    /// Its characters without white space.
    pub text: Vec<char>,
    /// Its beginning and its end, prepared for comparison with what may stand before and after.
    pub edges: (Edge, Edge),
    /// What [`Unit::lead`] and [`Unit::closing`] give, once they were asked.
    borders: (OnceCell<Option<i32>>, OnceCell<Option<i32>>),
}

impl Unit {
    /// By how much its first words are rather a lead, such as begin an article, than those of a paragraph or a sentence
    /// inside one, in thousandths of a bit; nothing where no Han stands there.
    pub(super) fn lead(&self) -> Option<i32> {
        *self
            .borders
            .0
            .get_or_init(|| self.edges.0.chinese.then(|| TextOdds::chinese_leads().odds(&self.text)))
    }

    /// By how much its characters are those of a headline and not of running text, in thousandths of a bit; nothing where no
    /// Han begins or ends it.
    pub(super) fn headline_wording(&self) -> Option<i32> {
        let chinese = self.edges.0.chinese || self.edges.1.chinese;
        chinese.then(|| TextOdds::chinese_headlines().odds(&self.text))
    }

    /// By how much its last words are rather such as end a text than a paragraph inside one, in thousandths of a bit;
    /// nothing where no Han stands there.
    pub(super) fn closing(&self) -> Option<i32> {
        let of = |border| ends_as(border, &self.text, &self.edges.1);
        let closing = || self.edges.1.chinese.then(|| of(Border::Text) - of(Border::Paragraph));
        *self.borders.1.get_or_init(closing)
    }

    /// Whether it begins with a list number as subheads do.
    pub(super) fn is_numbered(&self) -> bool {
        self.enumerator.as_ref().is_some_and(|(style, _)| style == "comma" || style == "bracket")
    }

    /// A part of its lines as a unit of its own.
    pub(super) fn part(&self, spans: Vec<Span>, text: &str, rules: &Rules<'_>) -> Unit {
        let starts = spans.first().map(|span| span.start) == self.spans.first().map(|span| span.start);
        let widths: Vec<u32> = spans.iter().map(|span| super::strips::width_of(span.of(text))).collect();
        let mut part = Unit {
            width: widths.iter().sum(),
            widths,
            spans,
            flows_on: false,
            after_blank: starts && self.after_blank,
            begins_column: starts && self.begins_column,
            indented: starts && self.indented,
            dateline: None,
            tail_dateline: None,
            tail_byline: None,
            first_line: if starts { self.first_line } else { FirstLine::Unknown },
            opened: Vec::new(),
            closed: Vec::new(),
            enumerator: None,
            text: Vec::new(),
            edges: Default::default(),
            borders: Default::default(),
            ..self.clone()
        };
        describe(&mut part, text, rules);
        part
    }

    /// Its bytes: more than one stretch where lines of other columns stand between its own.
    pub(super) fn stretches(&self, text: &str) -> Vec<Span> {
        let mut found: Vec<Span> = Vec::new();
        for span in &self.spans {
            match found.last_mut() {
                Some(last) if goes_on_behind(*last, *span, text) => last.end = span.end,
                _ => found.push(*span),
            }
        }
        found
    }

    /// First byte.
    pub(super) fn first(&self) -> u32 {
        self.spans[0].start
    }

    /// One past its last byte.
    pub(super) fn last(&self) -> u32 {
        self.spans[self.spans.len() - 1].end
    }

    /// Whether it is running text or a heading.
    pub(super) fn is_text(&self) -> bool {
        self.kind == StripKind::Text
    }
}

/// Whether nothing but blanks stands between two spans of a page.
pub(super) fn goes_on_behind(left: Span, right: Span, text: &str) -> bool {
    let between = text.get(left.end as usize..right.start as usize);
    between.is_some_and(|between| between.chars().all(is_space))
}

/// How many strips either side tell the column's width.
const WIDTH_WINDOW: usize = 7;
/// Lines wider than this are paragraphs, not lines of a column.
pub(super) const WIDEST_COLUMN: u32 = 110;

/// The width of the column around each strip, 0 where the text is not hard-wrapped.
fn column_widths(strips: &[Strip]) -> Vec<u32> {
    let mut widths = vec![0; strips.len()];
    let mut window: Vec<u32> = Vec::with_capacity(WIDTH_WINDOW * 2 + 1);
    for (index, width) in widths.iter_mut().enumerate() {
        let from = index.saturating_sub(WIDTH_WINDOW);
        let to = (index + WIDTH_WINDOW + 1).min(strips.len());
        window.clear();
        window
            .extend(strips[from..to].iter().filter(|strip| strip.heading == 0).map(|strip| strip.line_width));
        if window.len() < 4 {
            continue;
        }
        window.sort_unstable();
        let typical = window[window.len() * 3 / 5];
        if !(12..=WIDEST_COLUMN).contains(&typical) {
            continue;
        }
        let near =
            window.iter().filter(|other| **other * 5 >= typical * 4 && **other * 5 <= typical * 6).count();
        if near * 2 > window.len() {
            *width = typical;
        }
    }
    widths
}

/// The units of a page, in file order.
pub(super) fn units_of(page: &Page, rules: &Rules<'_>) -> Vec<Unit> {
    let text: &str = &page.layer.text;
    let strips = strips_of(page, rules);
    let columns = column_widths(&strips);
    let mut units: Vec<Unit> = Vec::new();
    for (index, strip) in strips.iter().enumerate() {
        let previous = index.checked_sub(1).map(|before| &strips[before]);
        let mut joined = false;
        let mut flows_on = false;
        // Who reports, alone on its line, has no text but the line below, where that is one and no headline.
        if let (Some(previous), Some(unit)) = (previous, units.last_mut())
            && strip.kind == StripKind::Text
            && strip.starts_line
            && !strip.begins_column
            && !strip.after_blank
            && strip.span.start >= previous.span.end
            && strip.heading == 0
            && unit.heading == 0
            && unit.kind == StripKind::Text
            && unit.spans.len() == 1
            && is_running(strip, columns[index], text, rules)
            && is_bare_dateline(unit.spans[0], text, rules)
            && !begins_with_dateline(text, &strips[index..], rules)
        {
            unit.spans.push(strip.span);
            unit.width += strip.width;
            unit.widths.push(strip.width);
            continue;
        }
        if let (Some(previous), Some(unit)) = (previous, units.last_mut())
            && strip.starts_line
            && !strip.begins_column
            && strip.span.start >= previous.span.end
            && !strip.after_blank
            && strip.kind == StripKind::Text
            && strip.heading == 0
            && previous.heading == 0
            && let column = columns[index - 1]
            && let full = column > 0
            && previous.line_width * 5 >= column * 4
            && match unit.kind {
                StripKind::Text => matches!(previous.kind, StripKind::Text | StripKind::Caption),
                StripKind::Caption | StripKind::Notice => previous.kind != StripKind::Furniture,
                // Of an address or the names of the staff no more than what is left over for a short line.
                StripKind::Furniture => {
                    let number = previous.span.of(text).ends_with(|last: char| last.is_ascii_digit());
                    full && strip.line_width * 5 < column * 4 && !number
                }
                _ => false,
            }
        {
            let previous_text = previous.span.of(text);
            let fresh = || begins_with_dateline(text, &strips[index..], rules);
            flows_on = full && !strip.indented;
            if full && !strip.indented && !ends_sentence(previous_text) && !fresh() {
                unit.spans.push(strip.span);
                unit.width += strip.width;
                unit.widths.push(strip.width);
                joined = true;
            }
        }
        if !joined {
            units.push(Unit {
                kind: strip.kind.clone(),
                spans: vec![strip.span],
                heading: strip.heading,
                width: strip.width,
                widths: vec![strip.width],
                after_blank: strip.after_blank,
                starts_line: strip.starts_line,
                indented: strip.indented,
                flows_on,
                cut_from_line_before: false,
                begins_column: strip.begins_column,
                dateline: None,
                tail_dateline: None,
                tail_byline: None,
                start: StartState::Neutral,
                end: EndState::Closed,
                opens: Opens::Unknown,
                concludes: false,
                begins: None,
                ends: None,
                kicker: false,
                names_notice: false,
                first_line: FirstLine::Unknown,
                opened: Vec::new(),
                closed: Vec::new(),
                enumerator: None,
                text: Vec::new(),
                edges: Default::default(),
                borders: Default::default(),
            });
        }
    }
    join_comma_lines(&mut units, text);
    note_first_lines(&mut units, text);
    for unit in &mut units {
        if unit.kind == StripKind::Text && unit.spans.len() > 1 && unit.width <= WIDEST_LABEL {
            let whole: String = unit.spans.iter().map(|span| span.of(text)).collect();
            unit.kind = wrapped_label(&whole, rules);
        }
        describe(unit, text, rules);
    }
    units
}

/// A line of a headline is no wider.
const WIDEST_HEAD_LINE: u32 = 60;

/// A headline that was wrapped behind a comma: no line of running text stops there before its column is full.
fn join_comma_lines(units: &mut Vec<Unit>, text: &str) {
    let line = |unit: &Unit| {
        unit.kind == StripKind::Text
            && unit.heading == 0
            && unit.starts_line
            && !unit.indented
            && unit.width <= WIDEST_HEAD_LINE
    };
    let goes_on = |above: &Unit, below: &Unit| {
        let last = below.spans[below.spans.len() - 1].of(text);
        line(above)
            && line(below)
            && above.spans.len() == 1
            && below.spans.len() <= 2
            && !below.flows_on
            && above.spans[0].of(text).ends_with(|last| is_comma(last) && last != '、')
            && !ends_sentence(last)
            && !last.ends_with(is_comma)
            && goes_on_behind(above.spans[0], below.spans[0], text)
    };
    let mut joined: Vec<Unit> = Vec::with_capacity(units.len());
    for unit in units.drain(..) {
        // Below a sentence that breaks off it may be a piece of that one.
        let open = joined.len().checked_sub(2).map(|before| &joined[before]).is_some_and(|before| {
            let last = before.spans[before.spans.len() - 1];
            before.kind == StripKind::Text && before.heading == 0 && !ends_sentence(last.of(text))
        });
        match joined.last_mut() {
            Some(above) if (above.after_blank || !open) && goes_on(above, &unit) => {
                above.width += unit.width;
                above.spans.extend(unit.spans);
                above.widths.extend(unit.widths);
            }
            _ => joined.push(unit),
        }
    }
    *units = joined;
}

/// Characters of a line, white space left out.
pub(super) fn characters(span: Span, text: &str) -> usize {
    span.of(text).chars().filter(|character| !is_space(*character)).count()
}

/// How many lines either side tell how many characters a line of the column holds.
const LENGTH_WINDOW: usize = 12;

/// Where lines are wrapped, a paragraph's first line holds two characters less than the others, even where the
/// blanks themselves are lost.
fn note_first_lines(units: &mut [Unit], text: &str) {
    // (unit, characters, width) of each line of running text.
    let mut lines: Vec<(usize, usize, u32)> = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        if unit.kind == StripKind::Text && unit.heading == 0 {
            let line = |span: &Span| (at, characters(*span, text), super::strips::width_of(span.of(text)));
            lines.extend(unit.spans.iter().map(line));
        }
    }
    let mut counts: Vec<usize> = Vec::new();
    for (index, (at, length, width)) in lines.iter().enumerate() {
        let first = index == 0 || lines[index - 1].0 != *at;
        let followed = lines.get(index + 1).is_some_and(|next| next.0 == *at);
        if !first || !followed {
            continue;
        }
        let near = &lines[index.saturating_sub(LENGTH_WINDOW)..(index + LENGTH_WINDOW + 1).min(lines.len())];
        counts.clear();
        counts.extend(near.iter().map(|(_, length, _)| *length));
        counts.sort_unstable();
        let typical = counts[counts.len() * 3 / 5];
        let alike = counts.iter().filter(|count| count.abs_diff(typical) <= 1).count();
        if !(8..=60).contains(&typical) || alike * 2 < counts.len() {
            continue;
        }
        let full = u32::try_from(typical * 2).unwrap_or(u32::MAX);
        units[*at].first_line = if *length + 2 <= typical + 1 && *width + 3 <= full && *length + 4 >= typical
        {
            if *length + 1 == typical { FirstLine::Unknown } else { FirstLine::Indented }
        } else if *length >= typical {
            FirstLine::Full
        } else {
            FirstLine::Unknown
        };
    }
}

/// What speaks for two columns read in turn must exceed what speaks for one column by this much.
const ALTERNATION: i64 = 7000;
/// And by this much for each line: the better of several readings looks good by chance.
const ALTERNATION_LINE: i64 = 600;
/// Each change of column costs this much.
const CHANGE: i64 = 300;
/// And so much to leave one for good in mid-sentence.
const ABANDONED: i64 = 2500;
/// At most so many lines of one column stand between two lines of the other.
const TURN: usize = 4;

/// A line that goes on with the one before it less than this is not of its text.
const WRONG: i32 = -4500;
/// The last line of a text that does not look like one goes on with the one before by no less than this, or is a line of a headline.
const STANDS_OUT: i32 = 2500;
/// The same where no more than its length tells.
const SHORT: i32 = -1000;
/// And it has so many characters.
const SHORTEST_LINE: usize = 4;
/// Where columns are read in turn, lines are kept together from this on.
const SURE: i32 = 5000;

/// No more lines are looked at together, but for a single paragraph.
const MOST_LINES: usize = 2000;

/// How a line comes behind those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follows {
    /// There is one column: it goes on with the line before.
    Straight,
    /// Two columns are read in turn and the line goes on with the one before it.
    Stays,
    /// It goes on with the other column, or begins it: the text is cut before it.
    Turns,
}

/// Where lines read better as two columns in turn than as one: the best reading with one other column, left at one of
/// the last lines, against reading straight on. Linear in the number of lines.
fn alternations(
    seam: &dyn Fn(usize, usize) -> i32,
    ends_open: &dyn Fn(usize) -> bool,
    lines: usize,
) -> Vec<Follows> {
    const NEVER: i64 = i64::MIN / 2;
    let seam = |left: usize, right: usize| i64::from(seam(left, right));
    let leaving = |line: usize| if ends_open(line) { ABANDONED } else { 0 };
    // State 0: no other column; state k: the other column was left k lines before the current one.
    let mut best = [NEVER; TURN + 1];
    best[0] = 0;
    let mut came: Vec<[(u8, Follows); TURN + 1]> = vec![[(0, Follows::Straight); TURN + 1]];
    for line in 1..lines {
        let stay = seam(line - 1, line);
        let mut next = [NEVER; TURN + 1];
        let mut from = [(0, Follows::Straight); TURN + 1];
        let mut offer = |state: usize, score: i64, back: usize, how: Follows| {
            if score > next[state] {
                next[state] = score;
                from[state] = (u8::try_from(back).unwrap_or(0), how);
            }
        };
        for (back, score) in best.iter().enumerate().filter(|(_, score)| **score > NEVER) {
            if back == 0 {
                offer(0, score + stay, 0, Follows::Straight);
                // The other column begins here.
                offer(1, score - CHANGE - ALTERNATION - ALTERNATION_LINE, 0, Follows::Turns);
                continue;
            }
            if back < TURN {
                offer(back + 1, score + stay - ALTERNATION_LINE, back, Follows::Stays);
            }
            if line > back {
                offer(0, score + stay - leaving(line - 1 - back), back, Follows::Stays);
                let turn = score + seam(line - 1 - back, line) - CHANGE;
                offer(1, turn - ALTERNATION_LINE, back, Follows::Turns);
                offer(0, turn - leaving(line - 1), back, Follows::Turns);
            }
        }
        best = next;
        came.push(from);
    }
    let mut state = (0..=TURN).rev().max_by_key(|state| best[*state]).unwrap_or(0);
    let mut follows = vec![Follows::Straight; lines];
    for line in (1..lines).rev() {
        let (back, how) = came[line][state];
        follows[line] = how;
        state = usize::from(back);
    }
    follows
}

/// Cuts wrapped running text into its lines where two columns were read line by line in turn; only linking can
/// tell them apart. Heads stay whole.
pub(super) fn pieces_of(
    units: Vec<Unit>,
    headline: &[bool],
    text: &str,
    rules: &Rules<'_>,
) -> (Vec<Unit>, Vec<bool>) {
    let lines_of = |unit: &Unit| -> Vec<Vec<char>> {
        let line = |span: &Span| span.of(text).chars().filter(|character| !is_space(*character)).collect();
        unit.spans.iter().map(line).collect()
    };
    let is_text = |at: usize| !headline[at] && units[at].kind == StripKind::Text && units[at].heading == 0;
    // Nothing to cut where no text has two lines.
    if !(0..units.len()).any(|at| is_text(at) && units[at].spans.len() > 1) {
        return (units, headline.to_vec());
    }
    let wrapped: Vec<Vec<char>> = units.iter().flat_map(lines_of).collect();
    let runs = Runs::of(wrapped.iter().map(Vec::as_slice), &rules.phrases);
    let mut pieces = Vec::with_capacity(units.len());
    let mut heads = Vec::with_capacity(units.len());
    let mut first = 0;
    let mut cuts: Vec<Vec<Follows>> = Vec::with_capacity(units.len());
    while first < units.len() {
        // Text that nothing parts: a column's sentence may end where a line of the other begins.
        let mut end = first + 1;
        let mut count = units[first].spans.len();
        while is_text(first)
            && end < units.len()
            && is_text(end)
            && !units[end].after_blank
            && count < MOST_LINES
        {
            count += units[end].spans.len();
            end += 1;
        }
        let wrapped = is_text(first) && units[first..end].iter().any(|unit| unit.spans.len() > 1);
        if !wrapped {
            cuts.extend(units[first..end].iter().map(|unit| vec![Follows::Straight; unit.spans.len()]));
            first = end;
            continue;
        }
        let lines: Vec<Vec<char>> = units[first..end].iter().flat_map(lines_of).collect();
        let fresh: Vec<bool> = units[first..end]
            .iter()
            .flat_map(|unit| {
                (0..unit.spans.len()).map(|line| line == 0 && unit.start == StartState::Dateline)
            })
            .collect();
        let edges: Vec<(Edge, Edge)> =
            lines.iter().map(|line| (Edge::right(line), Edge::left(line))).collect();
        let seam = |left: usize, right: usize| {
            if fresh[right] || lines[left].last().is_some_and(|last| is_stop(*last)) {
                return 0;
            }
            let (before, after) = ((&*lines[left], &edges[left].1), (&*lines[right], &edges[right].0));
            seam_evidence(&runs, &rules.words, before, after)
        };
        let ends_open = |line: usize| !lines[line].last().is_some_and(|last| is_stop(*last));
        let mut follows = alternations(&seam, &ends_open, lines.len());
        let mut stands_out = vec![None; lines.len()];
        let mut last = 0;
        for at in first..end {
            last += units[at].spans.len();
            if ends_open(last - 1) && lines[last - 1].len() >= SHORTEST_LINE {
                stands_out[last - 1] = last_stands_out(&units[at], units.get(at + 1));
            }
        }
        for (line, follows) in follows.iter_mut().enumerate().skip(1) {
            let needed = match follows {
                Follows::Straight => stands_out[line].unwrap_or(WRONG),
                Follows::Stays => SURE,
                Follows::Turns => continue,
            };
            if seam(line - 1, line) < needed {
                *follows = Follows::Turns;
            }
        }
        let mut at = 0;
        for unit in &units[first..end] {
            cuts.push(follows[at..at + unit.spans.len()].to_vec());
            at += unit.spans.len();
        }
        first = end;
    }
    for ((unit, head), follows) in units.into_iter().zip(headline).zip(cuts) {
        if follows[1..].iter().all(|follows| *follows != Follows::Turns) {
            pieces.push(unit);
            heads.push(*head);
            continue;
        }
        let dateline_end =
            unit.dateline.iter().flat_map(|hit| &hit.spans).map(|span| span.end).max().unwrap_or(0);
        let mut parts: Vec<Vec<Span>> = Vec::new();
        let mut above = 0;
        for (span, follows) in unit.spans.iter().zip(follows) {
            // What stands below a line that ends with the dateline is its text.
            let below_dateline = span.start < dateline_end || above == dateline_end;
            above = span.end;
            let stays = below_dateline || follows != Follows::Turns;
            match parts.last_mut() {
                Some(part) if stays => part.push(*span),
                _ => parts.push(vec![*span]),
            }
        }
        for (index, spans) in parts.into_iter().enumerate() {
            let part = Unit { cut_from_line_before: index > 0, ..unit.part(spans, text, rules) };
            heads.push(part.names_notice);
            pieces.push(part);
        }
    }
    (pieces, heads)
}

/// Where the last of a text's lines, which ends no sentence, is set otherwise than lines of a column that break off (much shorter, or
/// of another length with an indented paragraph below), how much it must go on with the line above to be of its text.
fn last_stands_out(unit: &Unit, next: Option<&Unit>) -> Option<i32> {
    let (last, others) = unit.widths.split_last()?;
    let widest = others.iter().max()?;
    let indented_below = next.is_some_and(|next| next.is_text() && next.heading == 0 && next.indented);
    if indented_below && (last * 6 < widest * 5 || last > widest) {
        Some(STANDS_OUT)
    } else {
        (last * 4 < widest * 3).then_some(SHORT)
    }
}

/// A masthead or staff line that was wrapped over several lines.
fn wrapped_label(whole: &str, rules: &Rules<'_>) -> StripKind {
    if rules.masthead.is_match(whole) {
        StripKind::Masthead
    } else if rules.furniture.is_match(whole)
        || first_hit(rules.credit, whole, |row| row.text("kind") == Some("furniture")).is_some()
    {
        StripKind::Furniture
    } else {
        StripKind::Text
    }
}

/// Lines wider than this stand above no headline.
const WIDEST_KICKER: u32 = 48;

/// Whether a line is running text by its shape: it fills its column, or has a comma or a stop inside; a numbered line may be a
/// heading.
fn is_running(strip: &Strip, column: u32, text: &str, rules: &Rules<'_>) -> bool {
    let line = strip.span.of(text);
    if first_hit(rules.enumerator, head_of(line, 40), |_| true).is_some() {
        return false;
    }
    column > 0 && strip.line_width * 5 >= column * 4 || line.chars().any(|one| is_comma(one) || is_stop(one))
}

/// Fills in what the unit's words tell of its two ends.
fn describe(unit: &mut Unit, text: &str, rules: &Rules<'_>) {
    unit.text = unit
        .spans
        .iter()
        .flat_map(|span| span.of(text).chars())
        .filter(|character| !is_space(*character))
        .collect();
    if !matches!(unit.kind, StripKind::Text | StripKind::TailDateline) {
        return;
    }
    let last = unit.spans[unit.spans.len() - 1];
    if unit.kind == StripKind::TailDateline {
        unit.tail_dateline = tail_dateline(last, text, rules);
        unit.end = EndState::Terminal;
        return;
    }
    let joined = Joined::of(text, unit.spans.iter().copied(), HEAD_BYTES);
    unit.start = StartState::Neutral;
    if unit.heading == 0 {
        unit.dateline = head_dateline(&joined, rules);
    }
    if unit.dateline.is_some() {
        unit.start = StartState::Dateline;
    } else if rules.inside.is_match(&joined.text) {
        unit.start = StartState::Inside;
    } else if rules.opening.is_match(&joined.text) {
        unit.start = StartState::Opening;
    }
    unit.names_notice = unit.width <= WIDEST_KICKER
        && first_hit(rules.notice, &joined.text, |row| row.flag("label")).is_some();
    unit.kicker = unit.width <= WIDEST_KICKER && rules.kicker.is_match(&joined.text);
    unit.opens = if rules.lead.is_match(&joined.text) {
        Opens::Report
    } else if rules.follow.is_match(&joined.text) {
        Opens::Follows
    } else {
        Opens::Unknown
    };
    if let Some(hit) = first_hit(rules.enumerator, head_of(&joined.text, 40), |_| true)
        && let Some(number) = hit.slot("number").and_then(|slot| rules.number(slot.of(&joined.text)))
    {
        unit.enumerator = Some((hit.row.text("style").unwrap_or_default().to_owned(), number));
    }
    let last_text = last.of(text);
    unit.end = if ends_sentence(last_text) { EndState::Closed } else { EndState::Open };
    let (shift, tail) = tail_of(last_text, 200);
    unit.concludes = rules.concluding.is_match(tail);
    let moved = |span: Span| {
        Span::new(
            last.start as usize + shift + span.start as usize,
            last.start as usize + shift + span.end as usize,
        )
    };
    let bare = unit.spans.len() == 1 && unit.dateline.is_some() && is_bare_dateline(last, text, rules);
    if bare {
        // The names are those of the dateline, and its text stands elsewhere.
        unit.end = EndState::Open;
    } else if let Some(hit) = first_hit(rules.byline, tail, |row| row.text("at") == Some("tail")) {
        unit.tail_byline = Some(moved(hit.span));
        unit.end = EndState::Terminal;
    } else if let Some(hit) = tail_dateline(last, text, rules) {
        unit.tail_dateline = Some(hit);
        unit.end = EndState::Terminal;
    } else if rules.finished.is_match(tail) {
        unit.end = EndState::Terminal;
    }
    let mut opened: Vec<char> = Vec::new();
    for character in &unit.text {
        if let Some(close) = partner(*character) {
            opened.push(close);
        } else if is_closing(*character) {
            match opened.iter().rposition(|open| open == character) {
                Some(at) => opened.truncate(at),
                None if partner_exists(*character) => unit.closed.push(*character),
                None => {}
            }
        }
    }
    unit.opened = opened;
    unit.edges = (Edge::right(&unit.text), Edge::left(&unit.text));
    let model = CharacterModel::chinese();
    let (first, last) = (&unit.edges.0, &unit.edges.1);
    unit.begins = first.chinese.then(|| model.begins(&first.characters));
    unit.ends = last.chinese.then(|| model.ends(&last.characters));
}

/// Marks whose closing form differs from the opening one.
fn partner_exists(character: char) -> bool {
    matches!(character, '”' | '’' | '」' | '』' | '）' | '》' | '】' | '»')
}

/// How many stops stand inside, before the last character.
pub(super) fn inner_stops(text: &[char]) -> usize {
    let end = text.len().saturating_sub(1);
    text[..end]
        .iter()
        .filter(|character| is_stop(**character) && **character != '.' && **character != '…')
        .count()
}
