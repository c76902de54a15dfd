//! Glyphs in the order they were drawn → printed lines in blocks.
//!
//! A line is glyphs of one direction on one height with no wide gap between them: first as they follow each other in
//! the file, then what was drawn apart (a bold word, a figure in another font) is put in its place.

use unicode_normalization::UnicodeNormalization;

use super::super::layout::{Lines, PrintedLine};
use super::super::markup::{append_word, is_wide};
use super::content::{Direction, Drawn, Glyph};

/// Tenths of the size that two glyphs of one line may be apart.
const WIDEST_GAP: i32 = 8;
/// Tenths of the size that two glyphs of one line may overlap.
const WIDEST_OVERLAP: i32 = 6;
/// Bytes of a run that most of those longer than a word have room in.
const USUAL_RUN: usize = 64;
/// Hundredths of the size from which on a gap between letters is a space.
const SPACE: i32 = 18;
/// Tenths of the size that the heights of one line's glyphs may differ.
const HEIGHTS: i32 = 3;

/// Glyphs that stand together.
#[derive(Clone, Debug)]
struct Run {
    text: String,
    direction: Direction,
    from: i32,
    to: i32,
    baseline: i32,
    size: i32,
    bounds: [i32; 4],
    /// A space was printed after its last character.
    space: bool,
    first: usize,
}

fn around(a: [i32; 4], b: [i32; 4]) -> [i32; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

fn within(gap: i32, size: i32) -> bool {
    gap.saturating_mul(10) <= size.saturating_mul(WIDEST_GAP)
        && gap.saturating_mul(10) >= size.saturating_mul(-WIDEST_OVERLAP)
}

fn on_one_height(a: i32, b: i32, size: i32) -> bool {
    a.saturating_sub(b).saturating_abs().saturating_mul(10) <= size.saturating_mul(HEIGHTS)
}

impl Run {
    fn of(glyph: &Glyph, first: usize) -> Run {
        Run {
            text: String::new(),
            direction: glyph.direction,
            from: glyph.from,
            to: glyph.from,
            baseline: glyph.baseline,
            size: glyph.size,
            bounds: glyph.bounds,
            space: false,
            first,
        }
    }

    fn takes(&self, glyph: &Glyph) -> bool {
        let smaller = self.size.min(glyph.size);
        self.direction == glyph.direction
            && self.direction != Direction::Oblique
            && self.size.max(glyph.size) <= smaller.saturating_mul(2)
            && on_one_height(self.baseline, glyph.baseline, self.size.max(glyph.size))
            && within(glyph.from.saturating_sub(self.to), smaller)
    }

    fn append(&mut self, text: &str, from: i32, to: i32, size: i32, bounds: [i32; 4]) {
        let gap =
            from.saturating_sub(self.to).saturating_mul(100) > size.min(self.size).saturating_mul(SPACE);
        self.to = self.to.max(to);
        self.size = self.size.max(size);
        self.bounds = around(self.bounds, bounds);
        if text.chars().all(|character| matches!(character, ' ' | '\u{a0}')) {
            self.space = true;
            return;
        }
        if self.text.is_empty() {
            self.text.reserve(USUAL_RUN);
        }
        if self.space || gap {
            append_word(&mut self.text, text, true);
        } else {
            self.text.push_str(text);
        }
        self.space = text.ends_with([' ', '\u{a0}']);
    }
}

/// The page's lines in the order they were drawn, with their blocks numbered, and whether most of them run from top
/// to bottom, so that the order they were drawn in is the only one known.
pub(super) fn lines_of(drawn: &Drawn, sheet: u32) -> (Lines, bool) {
    let mut runs = runs_of(drawn);
    drop_doubles(&mut runs);
    let mut lines = joined(runs);
    lines.retain(|line| !line.text.trim().is_empty());
    lines.sort_by_key(|line| line.first);
    let blocks = blocks_of(&lines);
    let upright = lines.iter().filter(|line| line.direction == Direction::Down).count() * 2 > lines.len();
    let mut out = Lines::default();
    let mut text = String::new();
    for (line, block) in lines.iter().zip(blocks) {
        // Some files store the radical in place of the character that looks like it, or a ligature.
        text.clear();
        let own = line.text.trim();
        if own.bytes().any(|byte| matches!(byte, 0xe2 | 0xef)) {
            text.extend(own.chars().flat_map(whole_character));
        } else {
            text.push_str(own);
        }
        let bounds = Some(line.bounds);
        out.push(&text, PrintedLine { bounds, block, sheet, ..PrintedLine::default() });
    }
    (out, upright)
}

/// The characters that a radical or a Latin ligature (they begin with the bytes E2 and EF) stands for; any other
/// character is itself.
fn whole_character(character: char) -> impl Iterator<Item = char> {
    let stands_for = matches!(character, '\u{2e80}'..='\u{2fdf}' | '\u{fb00}'..='\u{fb06}');
    let folded = stands_for.then(|| std::iter::once(character).nfkc());
    let kept = (!stands_for).then_some(character);
    folded.into_iter().flatten().chain(kept)
}

fn runs_of(drawn: &Drawn) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut before: Option<&Glyph> = None;
    for (place, glyph) in drawn.glyphs.iter().enumerate() {
        let text = drawn.text.get(glyph.text.0 as usize..glyph.text.1 as usize).unwrap_or_default();
        // A letter drawn twice, a little beside itself, is one bold letter.
        let twice = before.is_some_and(|before| {
            let shift = glyph.from.saturating_sub(before.from).saturating_abs();
            shift.saturating_mul(4) < glyph.size
                && on_one_height(before.baseline, glyph.baseline, glyph.size)
                && drawn.text.get(before.text.0 as usize..before.text.1 as usize) == Some(text)
        });
        if twice {
            continue;
        }
        before = Some(glyph);
        match runs.last_mut() {
            Some(run) if run.takes(glyph) => {}
            _ => runs.push(Run::of(glyph, place)),
        }
        if let Some(run) = runs.last_mut() {
            run.append(text, glyph.from, glyph.to, glyph.size, glyph.bounds);
        }
    }
    runs
}

/// Takes out runs drawn a second time at almost the same place: shadows and bold type of some programs.
fn drop_doubles(runs: &mut Vec<Run>) {
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by(|a, b| (&runs[*a].text, runs[*a].first).cmp(&(&runs[*b].text, runs[*b].first)));
    let mut doubled = vec![false; runs.len()];
    for pair in order.windows(2) {
        let (a, b) = (&runs[pair[0]], &runs[pair[1]]);
        let near = |x: i32, y: i32| x.saturating_sub(y).saturating_abs().saturating_mul(4) < b.size;
        if a.text == b.text
            && a.text.chars().nth(1).is_some()
            && a.direction == b.direction
            && near(a.from, b.from)
            && near(a.baseline, b.baseline)
        {
            doubled[pair[1]] = true;
        }
    }
    let mut place = 0;
    runs.retain(|_| {
        place += 1;
        !doubled[place - 1]
    });
}

/// Joins runs of one height that follow each other without a wide gap.
fn joined(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort_by_key(|run| (run.direction, run.baseline, run.from, run.first));
    let same_row = |a: &Run, b: &Run| {
        a.direction == b.direction
            && a.direction != Direction::Oblique
            && on_one_height(a.baseline, b.baseline, a.size.min(b.size))
    };
    let mut out: Vec<Run> = Vec::with_capacity(runs.len());
    let mut row: Vec<Run> = Vec::new();
    let mut flush = |row: &mut Vec<Run>| {
        row.sort_by_key(|run| (run.from, run.first));
        let mut open: Option<Run> = None;
        for run in row.drain(..) {
            match &mut open {
                Some(line)
                    if line.size.max(run.size) <= line.size.min(run.size).saturating_mul(2)
                        && within(run.from.saturating_sub(line.to), line.size.min(run.size)) =>
                {
                    line.append(&run.text, run.from, run.to, run.size, run.bounds);
                    line.space |= run.space;
                    line.first = line.first.min(run.first);
                }
                _ => out.extend(open.replace(run)),
            }
        }
        out.extend(open);
    };
    for run in runs {
        // Measured from the row's first run, so that a row does not wander.
        if row.first().is_some_and(|first| !same_row(first, &run)) {
            flush(&mut row);
        }
        row.push(run);
    }
    flush(&mut row);
    out
}

/// Most lines above that are looked at for one that goes on in this one.
const NEIGHBOURS: usize = 64;

/// A number for each line: lines of one column and size that follow each other closely have the same.
fn blocks_of(lines: &[Run]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|place| (lines[*place].bounds[1], lines[*place].first));
    let mut block: Vec<u32> = (0..).take(lines.len()).collect();
    let mut open: Vec<usize> = Vec::new();
    for place in order {
        let line = &lines[place];
        let [left, top, right, _] = line.bounds;
        open.retain(|above| top.saturating_sub(lines[*above].bounds[3]) <= lines[*above].size);
        let above = open.iter().rposition(|above| {
            let other = &lines[*above];
            let shared = right.min(other.bounds[2]).saturating_sub(left.max(other.bounds[0]));
            let narrower = (right.saturating_sub(left)).min(other.bounds[2].saturating_sub(other.bounds[0]));
            let gap = top.saturating_sub(other.bounds[3]);
            line.direction == other.direction
                && line.size.saturating_mul(5) <= other.size.saturating_mul(6)
                && other.size.saturating_mul(5) <= line.size.saturating_mul(6)
                && shared.saturating_mul(2) > narrower
                && gap.saturating_mul(10) <= line.size.min(other.size).saturating_mul(8)
                && gap.saturating_mul(2) >= -line.size
        });
        if let Some(above) = above {
            block[place] = block[open[above]];
            open.remove(above);
        }
        open.push(place);
        if open.len() > NEIGHBOURS {
            open.remove(0);
        }
    }
    block
}

/// Whether any line holds a letter, a figure or a Han character.
pub(super) fn holds_text(lines: &Lines) -> bool {
    lines.text.chars().any(|c| c.is_alphanumeric() || is_wide(c))
}
