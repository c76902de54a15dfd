//! How blocks become the characters of a file: recogniser's markdown, long lines, hard wraps, with or without
//! blank lines and heading marks.

use super::cell::{Block, BlockKind, Cell, hangs, is_han};
use super::forms::Form;
use crate::rng::Rng;

/// How a page is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// Heads carry `#` marks.
    pub marks: bool,
    /// Lines are broken at this many characters.
    pub wrap: Option<usize>,
    /// A blank line stands between blocks.
    pub blank_lines: bool,
    /// The file is called `.md`.
    pub markdown_name: bool,
    /// Spaces stand around the numerals, as text layers have them, in so many of a hundred cases.
    pub number_spaces: usize,
    /// Pieces of a column follow each other without a blank line.
    pub tight_columns: bool,
    /// Brackets are half width.
    pub narrow_brackets: bool,
}

impl Style {
    /// Draws a style.
    pub fn draw(rng: &mut Rng) -> Style {
        let kind = rng.below(100);
        let wrap = rng.between(13, 18);
        let narrow_brackets = rng.chance(25);
        let base = Style {
            marks: false,
            wrap: None,
            blank_lines: true,
            markdown_name: false,
            number_spaces: 0,
            tight_columns: false,
            narrow_brackets,
        };
        match kind {
            // A vision model's markdown.
            0..=41 => Style { marks: true, markdown_name: rng.chance(70), ..base },
            // Long lines without marks, blank lines between.
            42..=56 => base,
            // A text layer: hard wraps, blank lines at paragraph and column ends.
            57..=81 => Style { wrap: Some(wrap), number_spaces: 30, tight_columns: rng.chance(50), ..base },
            // Nothing but lines.
            82..=90 => Style { wrap: Some(wrap), blank_lines: false, number_spaces: 20, ..base },
            _ => Style { blank_lines: false, ..base },
        }
    }

    /// The nearest style that a format can carry: headings in HTML, printed lines where there are boxes.
    #[must_use]
    pub fn for_form(self, form: Form) -> Style {
        match form {
            Form::Html => Style { marks: true, wrap: None, blank_lines: true, ..self },
            _ => Style {
                marks: false,
                wrap: Some(self.wrap.unwrap_or(16)),
                blank_lines: true,
                number_spaces: 0,
                ..self
            },
        }
    }

    /// File extension.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        if self.markdown_name { "md" } else { "txt" }
    }

    /// The word in the truth.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match (self.marks, self.wrap, self.blank_lines) {
            (true, _, _) => "markdown of a recogniser",
            (false, None, true) => "long lines",
            (false, Some(_), true) => "text layer, hard line breaks",
            (false, Some(_), false) => "hard line breaks, no blank lines",
            (false, None, false) => "long lines, no blank lines",
        }
    }
}

/// Characters of a file with what each is; `None` for white space and format marks.
pub type Printed = Vec<(char, Option<Cell>)>;

fn print_text(out: &mut Printed, text: &str) {
    out.extend(text.chars().map(|c| (c, None)));
}

fn print_cells(out: &mut Printed, cells: &[Cell], style: &Style, rng: &mut Rng) {
    let narrow = |ch: char| match ch {
        '（' if style.narrow_brackets => '(',
        '）' if style.narrow_brackets => ')',
        _ => ch,
    };
    for (i, cell) in cells.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|p| cells.get(p));
        let edge = before.is_some_and(|b| b.ch.is_ascii_digit() != cell.ch.is_ascii_digit())
            && before.is_some_and(|b| is_han(b.ch) || is_han(cell.ch));
        if edge && style.number_spaces > 0 && rng.chance(style.number_spaces) {
            out.push((' ', None));
        }
        let printed = Cell { ch: narrow(cell.ch), ..*cell };
        out.push((printed.ch, if printed.ch.is_whitespace() { None } else { Some(printed) }));
    }
}

fn heading_mark(block: &Block, rng: &mut Rng, base: usize) -> Option<String> {
    let BlockKind::Head(level) = block.kind else {
        // Now and then a model marks a caption or a byline as a heading.
        return (block.kind == BlockKind::Line && rng.chance(4)).then(|| "### ".to_owned());
    };
    if !rng.chance(84) {
        return None;
    }
    let jitter = rng.below(3);
    let level = (base + usize::from(level) + jitter).saturating_sub(1).clamp(1, 4);
    Some(format!("{} ", "#".repeat(level)))
}

/// Column ends fall this many lines apart in a wrapped page.
const COLUMN_LINES: (usize, usize) = (34, 58);

/// Writes the blocks of a page.
pub fn render(blocks: &[Block], style: &Style, rng: &mut Rng) -> Printed {
    let mut out = Printed::new();
    let base = rng.below(2);
    let mut lines_left = rng.between(COLUMN_LINES.0, COLUMN_LINES.1);
    for block in blocks {
        if block.cells.is_empty() {
            continue;
        }
        if !out.is_empty() && !block.glued {
            // In half of the wrapped pages the lines of alternating columns follow without a blank line.
            let tight = block.continues && style.tight_columns;
            print_text(&mut out, if style.blank_lines && !tight { "\n\n" } else { "\n" });
        }
        if style.marks
            && !block.glued
            && let Some(mark) = heading_mark(block, rng, base)
        {
            print_text(&mut out, &mark);
        }
        match style.wrap {
            Some(width) if block.cells.len() > width => {
                let indent = if block.glued || block.continues { 0 } else { 2 };
                let mut start = 0;
                while start < block.cells.len() {
                    let room = if start == 0 { width - indent } else { width };
                    let mut end = (start + room.max(4)).min(block.cells.len());
                    // A stop hangs in the margin rather than open a line.
                    while block.cells.get(end).is_some_and(|c| hangs(c.ch)) {
                        end += 1;
                    }
                    if start > 0 {
                        lines_left = lines_left.saturating_sub(1);
                        let column_end = lines_left == 0;
                        if column_end {
                            lines_left = rng.between(COLUMN_LINES.0, COLUMN_LINES.1);
                        }
                        print_text(&mut out, if column_end && style.blank_lines { "\n\n" } else { "\n" });
                    }
                    print_cells(&mut out, &block.cells[start..end], style, rng);
                    start = end;
                }
            }
            _ => {
                let long = style.wrap.is_none() && block.is_body() && block.cells.len() > 120;
                if long && rng.chance(25) {
                    let cut = rng.between(40, block.cells.len() - 40);
                    print_cells(&mut out, &block.cells[..cut], style, rng);
                    print_text(&mut out, if style.blank_lines { "\n\n" } else { "\n" });
                    print_cells(&mut out, &block.cells[cut..], style, rng);
                } else {
                    print_cells(&mut out, &block.cells, style, rng);
                }
            }
        }
    }
    out.push(('\n', None));
    out
}
