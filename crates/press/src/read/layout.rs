//! Lines with boxes → lines in reading order, and the page's text made of them.
//!
//! Recursive cuts (Nagy and Seth's X-Y cut) with one change: a line much wider than its neighbours (a headline over
//! several columns) is taken out before the columns under it are looked for.

use shiliu_text::Span;

use crate::Line;

/// A line as a format gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PrintedLine {
    /// Its characters in [`Lines::text`].
    pub text: Span,
    /// Left, top, right, bottom.
    pub bounds: Option<[i32; 4]>,
    /// Heading level 1-6, 0 where the format marks none.
    pub heading: u8,
    /// Number of its block or paragraph: where it changes stands a blank line.
    pub block: u32,
    /// Number of its page within the file.
    pub sheet: u32,
}

/// Printed lines with the characters of all of them as the page has them, in the order of the file: a line costs no
/// memory of its own, and where that order stays the text is made.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub text: String,
    pub all: Vec<PrintedLine>,
}

impl Lines {
    /// Room for what a marked-up file of so many bytes holds at least.
    pub(crate) fn of_file(length: usize) -> Lines {
        Lines { text: String::with_capacity(length / 4), all: Vec::with_capacity(length / 512) }
    }

    /// Adds a line with these characters.
    pub(crate) fn push(&mut self, text: &str, line: PrintedLine) {
        if let Some(before) = self.all.last() {
            self.text.push_str(between(before, &line));
        }
        let start = self.text.len();
        push_unbroken(&mut self.text, text);
        self.all.push(PrintedLine { text: Span::new(start, self.text.len()), ..line });
    }

    /// Adds the line that is open, if one is, and empties the room its characters were gathered in.
    pub(crate) fn close(&mut self, open: &mut Option<PrintedLine>, text: &mut String) {
        if let Some(line) = open.take() {
            self.push(text, line);
        }
        text.clear();
    }

    /// Leaves out the lines that hold nothing but white space.
    pub(crate) fn drop_blank(&mut self) {
        let text = &self.text;
        self.all.retain(|line| line.text.of(text).chars().any(|character| !character.is_whitespace()));
    }
}

/// Adds a line's characters. A line is a line: what breaks it inside is a space.
fn push_unbroken(text: &mut String, line: &str) {
    // The first bytes of all that break a line, and of much that does not.
    let doubtful = |byte: &u8| matches!(byte, b'\n' | b'\r' | 0xc | 0xc2 | 0xe2);
    let breaks = |c: char| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{c}');
    if line.bytes().fold(false, |any, byte| any | doubtful(&byte)) && line.contains(breaks) {
        text.extend(line.chars().map(|c| if breaks(c) { ' ' } else { c }));
    } else {
        text.push_str(line);
    }
}

/// What stands between two lines: blocks are apart by a blank line.
fn between(before: &PrintedLine, line: &PrintedLine) -> &'static str {
    if (before.block, before.sheet) == (line.block, line.sheet) { "\n" } else { "\n\n" }
}

/// Joins lines to a text, blocks apart by a blank line.
pub(crate) fn join(lines: Lines) -> (String, Vec<Line>) {
    let Lines { text: characters, all: lines } = lines;
    let gaps: usize = lines.windows(2).map(|pair| between(&pair[0], &pair[1]).len()).sum();
    let blanks = gaps + 1 - lines.len().min(gaps + 1);
    let length: usize = lines.iter().map(|line| line.text.len()).sum();
    let stays = characters.len() == length + gaps
        && lines.windows(2).all(|pair| {
            pair[0].text.range().end + between(&pair[0], &pair[1]).len() == pair[1].text.range().start
        });
    let mut text = String::with_capacity(if stays { 0 } else { length + gaps });
    let mut out = Vec::with_capacity(lines.len() + blanks);
    let mut end = 0;
    for (place, line) in lines.iter().enumerate() {
        let gap = if place == 0 { "" } else { between(&lines[place - 1], line) };
        if gap.len() > 1 {
            let blank = Span::new(end + 1, end + 1);
            out.push(Line { span: blank, bounds: None, heading: 0, mark: blank });
        }
        let start = end + gap.len();
        end = start + line.text.len();
        out.push(Line {
            span: Span::new(start, end),
            bounds: line.bounds,
            heading: line.heading,
            mark: Span::new(start, start),
        });
        if !stays {
            text.push_str(gap);
            text.push_str(line.text.of(&characters));
        }
    }
    (if stays { characters } else { text }, out)
}

/// A line this many tenths of the usual height is a heading.
const HEADING_TENTHS: i64 = 15;
/// Longer lines are no headings, however high.
const LONGEST_HEADING: usize = 40;

/// Marks lines clearly higher than the others of their page as headings.
pub(crate) fn mark_high_lines(lines: &mut Lines) {
    let Lines { text, all } = lines;
    for sheet in all.chunk_by_mut(|a, b| a.sheet == b.sheet) {
        let heights = sheet.iter().filter_map(|line| line.bounds.map(height)).collect();
        let usual = median(heights);
        for line in sheet {
            let Some(bounds) = line.bounds else { continue };
            let high =
                usual > 0 && height(bounds) * 10 >= usual * HEADING_TENTHS && width(bounds) > height(bounds);
            if line.heading == 0 && high && line.text.of(text).chars().nth(LONGEST_HEADING).is_none() {
                line.heading = if height(bounds) >= usual * 2 { 1 } else { 2 };
            }
        }
    }
}

fn height(bounds: [i32; 4]) -> i64 {
    i64::from(bounds[3]) - i64::from(bounds[1])
}

fn width(bounds: [i32; 4]) -> i64 {
    i64::from(bounds[2]) - i64::from(bounds[0])
}

fn median(mut values: Vec<i64>) -> i64 {
    let middle = values.len() / 2;
    if values.is_empty() { 0 } else { *values.select_nth_unstable(middle).1 }
}

/// Puts the lines of each sheet in reading order by their boxes. Where a line has no box, or the lines run from top
/// to bottom, the order of the file stands.
pub(crate) fn order_by_boxes(lines: &mut Lines) {
    if lines.all.iter().all(|line| line.bounds.is_none()) {
        return;
    }
    let mut out = Vec::with_capacity(lines.all.len());
    for sheet in lines.all.chunk_by(|a, b| a.sheet == b.sheet) {
        let boxes: Option<Vec<Boxed>> = sheet
            .iter()
            .enumerate()
            .map(|(index, line)| line.bounds.map(|bounds| Boxed { index, bounds }))
            .collect();
        match boxes {
            Some(boxes) if !runs_downwards(&boxes) => {
                let unit = median(boxes.iter().map(|line| height(line.bounds)).collect()).max(1);
                let mut order = Vec::with_capacity(boxes.len());
                cut(boxes, unit, 0, &mut order);
                out.extend(order.into_iter().map(|index| sheet[index]));
            }
            _ => out.extend(sheet),
        }
    }
    lines.all = out;
}

#[derive(Clone, Copy)]
struct Boxed {
    index: usize,
    bounds: [i32; 4],
}

fn runs_downwards(lines: &[Boxed]) -> bool {
    lines.iter().filter(|line| height(line.bounds) > 2 * width(line.bounds)).count() * 2 > lines.len()
}

/// Deeper than this no page is cut; the order of the file stands there.
const DEEPEST: usize = 24;

fn cut(mut lines: Vec<Boxed>, unit: i64, depth: usize, order: &mut Vec<usize>) {
    if lines.len() < 2 || depth > DEEPEST {
        order.extend(lines.iter().map(|line| line.index));
        return;
    }
    // Boxes a little narrower, so that a scan that leans does not close its gutters.
    lines.sort_unstable_by_key(|line| (line.bounds[0], line.index));
    let columns = parts(&lines, |b| (i64::from(b[0]) + unit / 4, i64::from(b[2]) - unit / 4), unit * 3 / 4);
    if columns.len() > 1 {
        for column in columns {
            cut(column, unit, depth + 1, order);
        }
        return;
    }
    lines.sort_unstable_by_key(|line| {
        (i64::from(line.bounds[1]) + i64::from(line.bounds[3]), line.bounds[0], line.index)
    });
    let usual = median(lines.iter().map(|line| width(line.bounds)).collect());
    let wide = |line: &Boxed| width(line.bounds) * 2 > usual * 3;
    if lines.iter().any(wide) && !lines.iter().all(wide) {
        for run in lines.chunk_by(|a, b| wide(a) == wide(b)) {
            if wide(&run[0]) {
                in_rows(run.to_vec(), order);
            } else {
                cut(run.to_vec(), unit, depth + 1, order);
            }
        }
        return;
    }
    if side_by_side(&lines) {
        let mut by_top = lines.clone();
        by_top.sort_unstable_by_key(|line| (line.bounds[1], line.index));
        let bands = parts(&by_top, |b| (i64::from(b[1]), i64::from(b[3])), unit);
        if bands.len() > 1 {
            for band in bands {
                cut(band, unit, depth + 1, order);
            }
            return;
        }
    }
    in_rows(lines, order);
}

/// One column from top to bottom; lines that share a row in no clear way keep the order of the file.
fn in_rows(mut lines: Vec<Boxed>, order: &mut Vec<usize>) {
    if side_by_side(&lines) {
        lines.sort_unstable_by_key(|line| line.index);
    }
    order.extend(lines.iter().map(|line| line.index));
}

/// Lines sorted by middle height of which some follow each other on one row.
fn side_by_side(lines: &[Boxed]) -> bool {
    lines.windows(2).any(|pair| {
        let (a, b) = (pair[0].bounds, pair[1].bounds);
        let shared = i64::from(a[3].min(b[3])) - i64::from(a[1].max(b[1]));
        shared * 2 > height(a).min(height(b)) && (a[2] <= b[0] || b[2] <= a[0])
    })
}

/// Parts of lines, sorted by their start, between gaps of at least `gap` in the projection.
fn parts(lines: &[Boxed], range: impl Fn([i32; 4]) -> (i64, i64), gap: i64) -> Vec<Vec<Boxed>> {
    let mut out: Vec<Vec<Boxed>> = Vec::new();
    let mut reach = i64::MIN;
    for line in lines {
        let (start, end) = range(line.bounds);
        if out.is_empty() || start.saturating_sub(reach) >= gap {
            out.push(Vec::new());
        }
        if let Some(part) = out.last_mut() {
            part.push(*line);
        }
        reach = reach.max(end);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(boxes: &[(&str, [i32; 4])]) -> String {
        let mut lines = Lines::default();
        for (text, bounds) in boxes {
            lines.push(text, PrintedLine { bounds: Some(*bounds), ..PrintedLine::default() });
        }
        order_by_boxes(&mut lines);
        lines.all.iter().map(|line| line.text.of(&lines.text)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn columns_under_a_wide_head() {
        let page = [
            ("b1", [500, 100, 880, 130]),
            ("a1", [100, 100, 480, 130]),
            ("b2", [500, 140, 880, 170]),
            ("head", [100, 20, 880, 80]),
            ("a2", [100, 140, 480, 170]),
            ("foot", [100, 300, 880, 330]),
        ];
        assert_eq!(read(&page), "head a1 a2 b1 b2 foot");
    }

    #[test]
    fn a_lone_column_goes_downwards() {
        assert_eq!(
            read(&[("2", [0, 40, 300, 60]), ("1", [0, 0, 300, 20]), ("3", [0, 80, 90, 100])]),
            "1 2 3"
        );
    }

    #[test]
    fn upright_lines_keep_the_order_of_the_file() {
        assert_eq!(read(&[("right", [100, 0, 120, 400]), ("left", [0, 0, 20, 400])]), "right left");
    }

    #[test]
    fn absurd_boxes_are_ordered_too() {
        let far = 1_000_000_000;
        assert_eq!(read(&[("b", [far, far, -far, -far]), ("a", [-far, -far, far, far])]).len(), 3);
    }
}
