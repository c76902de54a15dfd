//! The lines of a page in the order in which they read, where a recogniser read columns that stand side by side row by row.
//!
//! What is printed beside each other comes as a line of the first column, one of the second (and one of the third), and so on.
//! Lines go on with the line before, or with the one as many lines before as there are columns: the reading of a whole stretch that
//! goes on best is looked for at once (Viterbi 1967), since columns do not change sides from line to line. What goes on is told by
//! the words at the two edges and by how columns are set: a full line without a stop is followed by no indented one, a
//! short line with one by an indented one. Where nothing is found the lines stay in file order.

use shiliu_text::Span;

use super::datelines::begins_dated;
use super::evidence::{Runs, seam_evidence};
use super::rules::Rules;
use super::strips::{ends_sentence, is_comma, is_space, is_stop, width_of};
use super::units::characters;
use super::wording::Edge;
use crate::{Line, Page};

/// One line as it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'p> {
    /// The page's line.
    pub line: &'p Line,
    /// What of it this is: all but its mark, or a part where columns stand beside each other on one line.
    pub span: Span,
    /// Whether a blank line stands before it.
    pub after_blank: bool,
    /// Whether a column begins with it that stands beside the one before.
    pub begins_column: bool,
}

/// Lines of columns are no wider than this and no narrower.
const WIDEST: u32 = 64;
const NARROWEST: u32 = 12;
/// So many lines in a row are looked at together, and no fewer.
const MOST_ROWS: usize = 2000;
const FEWEST_ROWS: usize = 6;
/// Each column of a stretch has at least so many lines of it.
const FEWEST_IN_COLUMN: usize = 3;

/// What speaks for columns in turn must exceed what speaks for one by this much, in thousandths of a bit.
const ENTER: i64 = 5000;
/// And by this much for each line: the better of several readings looks good by chance.
const EACH_LINE: i64 = 250;
/// A line that comes out of turn costs this much.
const SLIP: i64 = 2500;
/// One line in so many may come out of turn.
const MOST_SLIPS: usize = 8;
/// Leaving a column in mid-sentence costs this much.
const ABANDONED: i64 = 2500;
/// A line of more characters is no headline.
const LONGEST_HEAD: usize = 30;
/// At most so many lines of one of two columns stand between two lines of the other.
const TURN: usize = 3;

/// An indented line behind a full one that does not end a sentence.
const INDENTED_INSIDE: i64 = -6000;
/// A line that is not indented behind a short one that ends a sentence, where the page indents its paragraphs.
const NOT_INDENTED: i64 = -4000;
/// An indented one there.
const INDENTED: i64 = 1500;
/// Whatever follows a short line that breaks off.
const BREAKS_OFF: i64 = -2500;
/// What reads on over a gap that running text stands on either side of costs this much.
const ACROSS: i64 = 3000;
/// The words at two edges tell no more than this.
const LEAST_SEAM: i64 = -6000;
/// Nor than this, where a comma stands between: the words either side are of two clauses.
const LEAST_BEHIND_COMMA: i64 = -2000;
const MOST_SEAM: i64 = 9000;

/// Of the lines around a gap that parts columns more than half have one, and there are more than so many.
const GAP_LINES: usize = 4;
/// A gap inside a line that parts columns has this width at least.
const GAP: usize = 2;
/// A part of a line that stands in a column has so many characters at least.
const LEAST_PART: usize = 2;

/// The page's lines in the order in which they read; blank ones left out.
pub(super) fn rows_of<'p>(page: &'p Page, rules: &Rules<'_>) -> Vec<Row<'p>> {
    let text: &str = &page.layer.text;
    let mut rows = Vec::with_capacity(page.lines.len());
    let mut after_blank = true;
    for line in &page.lines {
        let span = Span { start: line.mark.end.max(line.span.start), end: line.span.end };
        if span.of(text).trim_matches(is_space).is_empty() {
            after_blank = true;
            continue;
        }
        rows.push(Row { line, span, after_blank, begins_column: false });
        after_blank = false;
    }
    if page.lines.iter().any(|line| line.bounds.is_some()) {
        // The format has told the order.
        return rows;
    }
    let mut read: Vec<Row<'p>> = Vec::with_capacity(rows.len());
    let mut from = 0;
    while from < rows.len() {
        let mut to = from + 1;
        while to < rows.len() && to - from < MOST_ROWS && !rows[to].after_blank && rows[to].line.heading == 0
        {
            to += 1;
        }
        let run = &rows[from..to];
        match part_at_gaps(run, text).and_then(|parted| in_order(&parted, text, rules)) {
            Some(parted) => read.extend(parted),
            None => match in_order(run, text, rules) {
                Some(ordered) => read.extend(ordered),
                None => read.extend(run),
            },
        }
        from = to;
    }
    read
}

/// Rows in reading order; nothing where fewer than half of them stand in columns that were read in turn.
fn in_order<'p>(rows: &[Row<'p>], text: &str, rules: &Rules<'_>) -> Option<Vec<Row<'p>>> {
    let stretch = (rows.len() >= FEWEST_ROWS).then(|| Stretch::of(rows, text, rules)).flatten()?;
    let (order, in_columns) = stretch.order(rules);
    let parted = rows.iter().any(|row| row.span.end < row.line.span.end);
    let enough = if parted { in_columns * 2 >= rows.len() } else { in_columns > 0 };
    enough.then(|| order.into_iter().map(|(row, begins_column)| Row { begins_column, ..rows[row] }).collect())
}

/// The parts of a line that wide gaps part.
fn parts(span: Span, text: &str) -> Vec<Span> {
    let line = span.of(text);
    let lead = line.len() - line.trim_start_matches(is_space).len();
    let mut found = Vec::new();
    let (mut from, mut blanks, mut blank_from) = (0, 0, lead);
    for (at, character) in line.char_indices().skip_while(|(at, _)| *at < lead) {
        if is_space(character) {
            if blanks == 0 {
                blank_from = at;
            }
            blanks += width_of_blank(character);
        } else {
            if blanks >= GAP && blank_from > lead {
                // The blanks of a paragraph's first line stay with it.
                found.push((from, blank_from));
                from = blank_from;
            }
            blanks = 0;
        }
    }
    found.push((from, line.len()));
    let base = span.start as usize;
    found.into_iter().map(|(from, to)| Span::new(base + from, base + to)).collect()
}

/// The width of the blanks at the beginning of a span.
fn leading(span: Span, text: &str) -> usize {
    let blanks = span.of(text).chars().take_while(|character| is_space(*character));
    blanks.map(width_of_blank).sum()
}

fn width_of_blank(character: char) -> usize {
    if character == '\u{3000}' { 2 } else { 1 }
}

/// A span without blanks of so much width at its beginning.
fn behind_blanks(span: Span, width: usize, text: &str) -> Span {
    let mut left = width;
    let mut start = span.start as usize;
    for character in span.of(text).chars().take_while(|character| is_space(*character)) {
        let Some(rest) = left.checked_sub(width_of_blank(character)) else { break };
        left = rest;
        start += character.len_utf8();
    }
    Span::new(start, span.end as usize)
}

/// Lines on which columns stand beside each other, parted by gaps, as a row for each column; nothing where no columns stand so.
/// Names, times and numbers before a gap are narrower than columns; two blanks behind each stop are none.
fn part_at_gaps<'p>(rows: &[Row<'p>], text: &str) -> Option<Vec<Row<'p>>> {
    let parted: Vec<Vec<Span>> = rows
        .iter()
        .map(|row| {
            let parts = if row.line.heading == 0 { parts(row.span, text) } else { vec![row.span] };
            let columns = parts.len() == 2 && parts.iter().all(|part| characters(*part, text) >= LEAST_PART);
            if columns { parts } else { vec![row.span] }
        })
        .collect();
    let gaps: Vec<&Vec<Span>> = parted.iter().filter(|parts| parts.len() == 2).collect();
    let wide = |place: usize| {
        let mut widths: Vec<u32> =
            gaps.iter().map(|parts| width_of(parts[place].of(text).trim_matches(is_space))).collect();
        widths.sort_unstable();
        widths.get(widths.len() / 4).is_some_and(|width| *width >= NARROWEST)
    };
    let goes_on = gaps.iter().filter(|parts| !ends_sentence(parts[0].of(text))).count();
    if gaps.len() < FEWEST_IN_COLUMN || goes_on * 3 < gaps.len() * 2 || !wide(0) || !wide(1) {
        return None;
    }
    let mut found = Vec::with_capacity(rows.len() * 2);
    for (at, (row, parts)) in rows.iter().zip(&parted).enumerate() {
        // A gap stands by chance, columns do not: most lines near by have one.
        let near = &parted[at.saturating_sub(4)..(at + 5).min(parted.len())];
        let alike = near.iter().filter(|parts| parts.len() == 2).count();
        if parts.len() == 2 && near.len() > GAP_LINES && alike * 2 > near.len() {
            // Blanks that all second parts begin with are the gap, more are an indent.
            let second = near.iter().filter_map(|parts| parts.get(1));
            let gap = second.map(|part| leading(*part, text)).min().unwrap_or(0);
            let part = |(place, span): (usize, &Span)| Row {
                span: if place == 0 { *span } else { behind_blanks(*span, gap, text) },
                after_blank: row.after_blank && place == 0,
                ..*row
            };
            found.extend(parts.iter().enumerate().map(part));
        } else {
            found.push(*row);
        }
    }
    (found.len() > rows.len()).then_some(found)
}

/// Lines in a row that nothing parts.
struct Stretch {
    lines: Vec<Vec<char>>,
    indented: Vec<bool>,
    /// Whether it fills its column, and whether it ends a sentence.
    full: Vec<bool>,
    stops: Vec<bool>,
    /// Whether paragraphs are indented.
    indents: bool,
    /// Whether it stands behind a gap on the line of the one before it, in running text either side.
    beside: Vec<bool>,
    /// Whether a dateline begins it.
    dated: Vec<bool>,
}

/// Which rows are second parts of lines with running text on both sides of their gaps: commas and stops stand in most of the
/// parts, and most of each side are of one width. Lists and tables are set otherwise.
fn beside(rows: &[Row<'_>], widths: &[u32], text: &str) -> Vec<bool> {
    let second: Vec<bool> =
        (0..rows.len()).map(|at| at > 0 && std::ptr::eq(rows[at].line, rows[at - 1].line)).collect();
    let side = |places: Vec<usize>| {
        let marks = |at: &usize| rows[*at].span.of(text).contains(|c| is_comma(c) || is_stop(c));
        let mut sorted: Vec<u32> = places.iter().map(|at| widths[*at]).collect();
        sorted.sort_unstable();
        let typical = sorted.get(sorted.len() * 3 / 5).copied().unwrap_or(0);
        let alike = places.iter().filter(|at| widths[**at].abs_diff(typical) * 20 <= typical * 3).count();
        let running = places.iter().filter(|at| marks(at)).count();
        places.len() >= FEWEST_ROWS && running * 5 >= places.len() * 3 && alike * 10 >= places.len() * 7
    };
    let right: Vec<usize> = (0..rows.len()).filter(|at| second[*at]).collect();
    let left = right.iter().map(|at| at - 1).collect();
    if side(left) && side(right) { second } else { vec![false; rows.len()] }
}

/// Where a line stands in the search: how many columns there are and how they were left.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// One column.
    One,
    /// Two; the other was left so many lines before.
    Two(usize),
    /// Three in strict turn; so many lines after they began.
    Three(usize),
}

const STATES: [State; 1 + TURN + 3] = [
    State::One,
    State::Two(1),
    State::Two(2),
    State::Two(3),
    State::Three(1),
    State::Three(2),
    State::Three(3),
];

fn place(state: State) -> usize {
    match state {
        State::One => 0,
        State::Two(left) => left,
        State::Three(since) => TURN + since,
    }
}

impl Stretch {
    /// Nothing where the lines are no lines of columns.
    fn of(rows: &[Row<'_>], text: &str, rules: &Rules<'_>) -> Option<Stretch> {
        let widths: Vec<u32> =
            rows.iter().map(|row| width_of(row.span.of(text).trim_matches(is_space))).collect();
        let mut sorted = widths.clone();
        sorted.sort_unstable();
        let typical = sorted[sorted.len() * 3 / 5];
        if !(NARROWEST..=WIDEST).contains(&typical) || sorted[sorted.len() * 9 / 10] > typical * 2 {
            return None;
        }
        let lead = |row: &Row<'_>| leading(row.span, text);
        let margin = rows.iter().map(lead).min().unwrap_or(0);
        let indented: Vec<bool> = rows.iter().map(|row| (2..12).contains(&(lead(row) - margin))).collect();
        let indents = indented.iter().filter(|indented| **indented).count() * 25 >= rows.len();
        let outer = |row: &Row<'_>, width: &u32| width + u32::try_from(lead(row) - margin).unwrap_or(0);
        let beside = beside(rows, &widths, text);
        let dated = rows.iter().map(|row| begins_dated(row.span, text, rules)).collect();
        Some(Stretch {
            beside,
            dated,
            lines: rows
                .iter()
                .map(|row| row.span.of(text).chars().filter(|character| !is_space(*character)).collect())
                .collect(),
            full: rows.iter().zip(&widths).map(|(row, width)| outer(row, width) * 5 >= typical * 4).collect(),
            stops: rows.iter().map(|row| ends_sentence(row.span.of(text))).collect(),
            indented,
            indents,
        })
    }

    /// The places of its lines in reading order, and whether a column begins there that stands beside the one before; and how many
    /// stand in such columns.
    fn order(&self, rules: &Rules<'_>) -> (Vec<(usize, bool)>, usize) {
        let count = self.lines.len();
        let runs = Runs::of(self.lines.iter().map(Vec::as_slice), &rules.phrases);
        let edges: Vec<(Edge, Edge)> =
            self.lines.iter().map(|line| (Edge::right(line), Edge::left(line))).collect();
        let words = |left: usize, right: usize| {
            let (before, after) =
                ((&*self.lines[left], &edges[left].1), (&*self.lines[right], &edges[right].0));
            i64::from(seam_evidence(&runs, &rules.words, before, after))
        };
        let follows = |left: usize, right: usize| self.follows(left, right, &words);
        let before = self.best_reading(&follows);
        let mut order = Vec::with_capacity(count);
        let mut in_columns = 0;
        let mut from = 0;
        while from < count {
            // A stretch in which lines do not follow the one before them, with the last line before it.
            let parted = |line: usize| before[line] != Some(line.wrapping_sub(1)) || line == 0;
            let Some(start) = (from.max(1)..count).find(|line| parted(*line)) else {
                order.extend((from..count).map(|line| (line, false)));
                break;
            };
            let first = start - 1;
            let mut end = start + 1;
            while end < count && (end..count.min(end + TURN)).any(parted) {
                end += 1;
            }
            order.extend((from..first.max(from)).map(|line| (line, false)));
            let region: Vec<usize> = (first.max(from)..end).collect();
            match columns_apart(&region, &before) {
                Some(columns) => {
                    in_columns += region.len();
                    self.append(&mut order, columns, &before);
                }
                None => order.extend(region.into_iter().map(|line| (line, false))),
            }
            from = end;
        }
        (order, in_columns)
    }

    /// Appends columns. As many headlines right above them as there are columns stand one above each.
    fn append(&self, order: &mut Vec<(usize, bool)>, mut columns: Vec<Vec<usize>>, before: &[Option<usize>]) {
        let is_head = |line: &usize| {
            let short = self.lines[*line].len() <= LONGEST_HEAD && (self.indents || !self.full[*line]);
            short && !self.stops[*line] && !self.indented[*line]
        };
        if columns[0].len() < FEWEST_IN_COLUMN {
            order.extend(columns.remove(0).into_iter().map(|line| (line, false)));
        }
        // Headlines stand from left to right, as the columns' first lines do.
        columns.sort_by_key(|column| column[0]);
        let begins = |column: &Vec<usize>| !self.indents || self.indented[column[0]];
        let heads = order.iter().rev().take_while(|(line, _)| is_head(line)).count();
        let mut heads = if heads == columns.len() && columns.iter().all(begins) {
            order.split_off(order.len() - heads).into_iter().map(|(line, _)| Some(line)).collect()
        } else {
            vec![None; columns.len()]
        };
        // What goes on below the stretch is read last, unless it also goes on from above.
        let last = (0..columns.len()).max_by_key(|at| columns[*at].last().copied()).unwrap_or(0);
        let above = |line: usize| line.checked_sub(1).filter(|above| before[line] == Some(*above));
        // Nor does the headline of the first column stand above another one that begins with its own dateline.
        let dated = columns[1..].iter().all(|column| self.dated[column[0]]) && !self.dated[columns[0][0]];
        let from_above = heads[last].is_none()
            && last == 0
            && (dated || above(columns[0][0]).is_some_and(|above| !self.stops[above] && self.full[above]));
        if !from_above {
            let (column, head) = (columns.remove(last), heads.remove(last));
            columns.push(column);
            heads.push(head);
        }
        for (head, column) in heads.into_iter().zip(columns) {
            // A line behind one that it does not go on with begins a column; so does the text under a headline of one.
            let behind = order.last().map(|(line, _)| *line);
            let begins = head.is_some() || before[column[0]] != behind;
            order.extend(head.map(|line| (line, true)));
            order.extend(column.iter().map(|line| (*line, begins && *line == column[0])));
        }
    }

    /// How likely the line `right` stands below the line `left` in one column, in thousandths of a bit.
    fn follows(&self, left: usize, right: usize, words: &dyn Fn(usize, usize) -> i64) -> i64 {
        let across = if self.beside[right] && left + 1 == right { ACROSS } else { 0 };
        let told = match (self.stops[left], self.full[left]) {
            (false, true) => {
                let indented = if self.indented[right] { INDENTED_INSIDE } else { 0 };
                let least = if self.lines[left].last().is_some_and(|last| is_comma(*last)) {
                    LEAST_BEHIND_COMMA
                } else {
                    LEAST_SEAM
                };
                words(left, right).clamp(least, MOST_SEAM) + indented
            }
            (false, false) => BREAKS_OFF,
            (true, false) if self.indents => {
                if self.indented[right] {
                    INDENTED
                } else {
                    NOT_INDENTED
                }
            }
            (true, _) => 0,
        };
        told - across
    }

    /// For each line the one above it in its column.
    fn best_reading(&self, follows: &dyn Fn(usize, usize) -> i64) -> Vec<Option<usize>> {
        const NEVER: i64 = i64::MIN / 2;
        let count = self.lines.len();
        let leaving = |line: usize| if self.stops[line] { 0 } else { ABANDONED };
        let mut best = [NEVER; STATES.len()];
        best[0] = 0;
        // The state before and how many lines above the line the one stands that it goes on with; 0: it begins a column.
        let mut came: Vec<[(u8, u8); STATES.len()]> = vec![[(0, 0); STATES.len()]];
        for line in 1..count {
            let mut known = [None; TURN + 2];
            let mut after = |back: usize| {
                if back > line {
                    return NEVER;
                }
                *known[back].get_or_insert_with(|| follows(line - back, line))
            };
            let mut next = [NEVER; STATES.len()];
            let mut from = [(0, 0); STATES.len()];
            let mut offer = |state: State, score: i64, before: State, back: usize| {
                if score > next[place(state)] {
                    next[place(state)] = score;
                    from[place(state)] =
                        (u8::try_from(place(before)).unwrap_or(0), u8::try_from(back).unwrap_or(0));
                }
            };
            for state in STATES {
                let score = best[place(state)];
                if score <= NEVER {
                    continue;
                }
                match state {
                    State::One => {
                        offer(State::One, score + after(1), state, 1);
                        offer(State::Two(1), score - ENTER - EACH_LINE, state, 0);
                        offer(State::Three(1), score - 2 * ENTER - EACH_LINE, state, 0);
                    }
                    State::Two(left) => {
                        let score = score - EACH_LINE;
                        if left < TURN {
                            offer(State::Two(left + 1), score + after(1) - SLIP, state, 1);
                        }
                        let turned = score + after(left + 1) - if left > 1 { SLIP } else { 0 };
                        offer(State::Two(1), turned, state, left + 1);
                        if line > left {
                            offer(State::One, score + after(1) - leaving(line - 1 - left), state, 1);
                            offer(State::One, turned - leaving(line - 1), state, left + 1);
                        }
                    }
                    State::Three(1) => offer(State::Three(2), score - EACH_LINE, state, 0),
                    State::Three(since) => {
                        let score = score - EACH_LINE;
                        offer(State::Three((since + 1).min(3)), score + after(3), state, 3);
                        // One of the three has ended: the line above this one, or the one due now.
                        if line >= 3 {
                            offer(State::Two(1), score + after(2) - leaving(line - 3) - SLIP, state, 2);
                            offer(State::Two(1), score + after(3) - leaving(line - 2) - SLIP, state, 3);
                        }
                    }
                }
            }
            best = next;
            came.push(from);
        }
        let mut state = (0..STATES.len()).rev().max_by_key(|state| best[*state]).unwrap_or(0);
        let mut before = vec![None; count];
        for line in (1..count).rev() {
            let (last, back) = came[line][state];
            before[line] = (back > 0).then(|| line - usize::from(back));
            state = usize::from(last);
        }
        before
    }
}

/// The lines of a stretch column by column; nothing where one of them is too short to tell. A first line with which nothing goes on
/// stands alone before them.
fn columns_apart(region: &[usize], before: &[Option<usize>]) -> Option<Vec<Vec<usize>>> {
    let first = region[0];
    let mut columns: Vec<Vec<usize>> = Vec::new();
    for line in region {
        let above = before[*line].filter(|above| *above >= first);
        let column = above.and_then(|above| columns.iter().position(|column| column.last() == Some(&above)));
        match column {
            Some(column) => columns[column].push(*line),
            None => columns.push(vec![*line]),
        }
    }
    // Columns that stand side by side come strictly in turn; what does not was cut up otherwise.
    let steps: Vec<usize> = region.iter().filter_map(|line| Some(line - before[*line]?)).collect();
    let turns = 2..=columns.len().min(3);
    if steps.iter().filter(|step| !turns.contains(step)).count() * MOST_SLIPS > region.len() {
        return None;
    }
    let lone = columns[0].len() == 1;
    let rest = &columns[usize::from(lone)..];
    if rest.len() < 2 || rest.iter().any(|column| column.len() < FEWEST_IN_COLUMN) {
        return None;
    }
    Some(columns)
}

#[cfg(test)]
mod tests {
    use shiliu_lang::{Pack, builtin};

    use super::*;
    use crate::{PageKey, read};

    /// The page's lines as they read.
    fn reading(text: &str) -> Vec<String> {
        let pack = Pack::load(builtin()).value;
        let rules = Rules::new(&pack);
        let page = read(text.as_bytes(), &PageKey::default(), &pack).value.remove(0);
        let text: &str = &page.layer.text;
        rows_of(&page, &rules).iter().map(|row| row.span.of(text).trim_matches(is_space).to_owned()).collect()
    }

    const FERRY: [&str; 7] = [
        "　　柳湾渡口昨天恢复通航，停了",
        "半个月的渡船又载着两岸的菜农",
        "来往。船工何满仓天亮前就把缆",
        "绳解开了，头一船坐了四十人。",
        "　　镇上说，渡口的栈桥已经加固，",
        "夜里增设了照明灯，往后每天多",
        "开六班，末班船到晚上九点。",
    ];
    const SCHOOL: [&str; 7] = [
        "　　北坡小学的新图书室上周开放，",
        "书架是木匠师傅用旧课桌改成的，",
        "孩子们自己给每一排书写了标签。",
        "　　校长鲁青禾介绍，图书一半来自",
        "捐赠，另一半由县里统一配送，眼",
        "下共有三千多册，借阅登记由高年",
        "级的学生轮流负责。",
    ];

    fn plain(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| line.trim_matches(is_space).to_owned()).collect()
    }

    #[test]
    fn columns_read_in_turn_are_read_one_after_the_other() {
        let rows: Vec<String> =
            FERRY.iter().zip(SCHOOL).flat_map(|(a, b)| [(*a).to_owned(), b.to_owned()]).collect();
        assert_eq!(reading(&rows.join("\n")), [plain(&FERRY), plain(&SCHOOL)].concat());
    }

    #[test]
    fn so_are_columns_on_one_line() {
        let rows: Vec<String> = FERRY.iter().zip(SCHOOL).map(|(a, b)| format!("{a}    {b}")).collect();
        assert_eq!(reading(&rows.join("\n")), [plain(&FERRY), plain(&SCHOOL)].concat());
    }

    #[test]
    fn headlines_stand_over_their_columns() {
        let heads = ["柳湾渡口恢复通航", "北坡小学有了图书室"];
        let rows = FERRY.iter().zip(SCHOOL).flat_map(|(a, b)| [*a, b]);
        let page: Vec<&str> = heads.into_iter().chain(rows).collect();
        let wanted = [vec![heads[0].to_owned()], plain(&FERRY), vec![heads[1].to_owned()], plain(&SCHOOL)];
        assert_eq!(reading(&page.join("\n")), wanted.concat());
    }

    #[test]
    fn a_column_that_begins_with_a_dateline_stands_under_no_headline_of_the_first() {
        let mut school = SCHOOL;
        school[0] = "　　本报讯（记者 鲁青）北坡小学";
        let rows = FERRY.iter().zip(school).take(6).map(|(a, b)| format!("{a}　　{b}"));
        let page: Vec<String> = rows.chain([FERRY[6].to_owned()]).collect();
        let read = reading(&page.join("\n"));
        assert_eq!(read[..6], plain(&FERRY[..6]));
    }

    #[test]
    fn running_text_either_side_of_a_gap_is_not_read_across_it() {
        // No word stands over an end of a line, so the words tell nothing.
        let left = ["渡口的老人说起当年的事情，", "总要先指一指对面的山崖，", "再数一数自家船舷上的铁钉，"];
        let right =
            ["小学的新教室刚刚刷完了漆，", "孩子们隔着窗户朝里边张望，", "校长把钥匙交给了值日学生，"];
        let rows: Vec<String> =
            left.iter().zip(right).cycle().take(9).map(|(a, b)| format!("{a}　　{b}")).collect();
        let read = reading(&rows.join("\n"));
        assert_eq!(read[..3], plain(&left));
    }

    #[test]
    fn a_column_alone_stays_in_file_order() {
        let page: Vec<&str> = FERRY.into_iter().chain(SCHOOL).collect();
        assert_eq!(reading(&page.join("\n")), plain(&page));
    }

    #[test]
    fn a_gap_in_one_line_parts_no_columns() {
        let mut page: Vec<&str> = FERRY.into_iter().chain(SCHOOL).collect();
        page[3] = "绳解开了，头一船    坐了四十人。";
        assert_eq!(reading(&page.join("\n")), plain(&page));
    }

    #[test]
    fn gaps_of_lists_and_behind_stops_part_no_columns() {
        let staff =
            ["责任编辑  林青禾", "版式设计  何柳", "校　　对  石小满", "值班主任  鲁山", "摄　　影  白云"];
        let english = [
            "The ferry sails again.  It had been laid up",
            "for two weeks.  Forty people took the first",
            "boat.  The landing stage is new.  Six more",
            "boats a day are planned.  The last one goes",
            "at nine in the evening.  Tickets cost less",
            "than before.  Children travel for nothing.",
        ];
        for page in [staff.repeat(2), english.to_vec()] {
            assert_eq!(reading(&page.join("\n")), plain(&page));
        }
    }

    #[test]
    fn the_column_that_goes_on_from_above_is_read_first() {
        let above: Vec<String> = FERRY[..3].iter().map(|line| line.trim_start().to_owned()).collect();
        let (ferry, school) = (plain(&FERRY[3..]), plain(&SCHOOL[1..5]));
        let turn = ferry.iter().zip(&school).flat_map(|(a, b)| [b.clone(), a.clone()]);
        let page: Vec<String> = above.iter().cloned().chain(turn).collect();
        let read = reading(&page.join("\n"));
        assert_eq!(read[..7], [above, ferry].concat());
    }
}
