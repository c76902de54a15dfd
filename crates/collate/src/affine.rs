//! Alignment of two short stretches with a two-piece affine gap cost (Gotoh 1982; two pieces as in minimap2's
//! scoring, Li 2018): a long gap costs hardly more than a middling one, so that one loss is one event.

use crate::stream::Glyph;

/// Same folded form, printed otherwise.
const VARIANT_FORM: i32 = 3;
/// Another glyph.
const SUBSTITUTION: i32 = 60;
/// A mark against a letter or digit: hardly ever the same event.
const MARK_FOR_LETTER: i32 = 95;
const SHORT_OPEN: i32 = 32;
const SHORT_EXTEND: i32 = 30;
const LONG_OPEN: i32 = 180;
/// Two stretches left unaligned pay this twice for each glyph: what a noisy but true alignment may cost at most.
const LONG_EXTEND: i32 = 12;
const FAR: i32 = i32::MAX / 4;

fn cost(x: Glyph, y: Glyph) -> i32 {
    if x.label == y.label {
        if x.raw == y.raw { 0 } else { VARIANT_FORM }
    } else if x.mark != y.mark {
        MARK_FOR_LETTER
    } else {
        SUBSTITUTION
    }
}

// What a cell remembers: three bits where its value comes from, four bits whether each gap was extended.
const FROM_X_SHORT: u8 = 1;
const FROM_Y_SHORT: u8 = 2;
const FROM_X_LONG: u8 = 3;
const FROM_Y_LONG: u8 = 4;
const EXTENDS: [u8; 4] = [8, 16, 32, 64];

/// Aligned pairs of `x` and `y` in order, equal or substituted. Cells farther than `half` from the straight line between
/// the corners are not looked at; time and memory are proportional to `x.len() * min(2 * half, y.len())`.
/// Among equal alignments gaps stand leftmost.
pub(crate) fn align(x: &[Glyph], y: &[Glyph], half: usize) -> Vec<(usize, usize)> {
    let (n, m) = (x.len(), y.len());
    if n == 0 || m == 0 {
        return Vec::new();
    }
    let low = |row: usize| (row * m / n).saturating_sub(half);
    let high = |row: usize| (row * m / n).saturating_add(half).min(m);
    let width = half.saturating_mul(2).saturating_add(1).min(m + 1);
    let mut trace = vec![0u8; (n + 1) * width];
    let mut best = vec![FAR; m + 1];
    let mut x_short = vec![FAR; m + 1];
    let mut x_long = vec![FAR; m + 1];
    best[0] = 0;
    for row in 0..=n {
        let (from, to) = (low(row), high(row));
        let mut diagonal = if from > 0 { best[from - 1] } else { FAR };
        let (mut y_short, mut y_long) = (FAR, FAR);
        // To the left of the band nothing can be reached in this row.
        let mut left = FAR;
        let cells = &mut trace[row * width..(row + 1) * width];
        for column in from..=to {
            let mut mark = 0u8;
            let above = best[column];
            let mut value;
            if row == 0 {
                value = if column == 0 { 0 } else { FAR };
            } else {
                value = if column == 0 { FAR } else { diagonal + cost(x[row - 1], y[column - 1]) };
                let opened = above + SHORT_OPEN + SHORT_EXTEND;
                let extended = x_short[column] + SHORT_EXTEND;
                mark |= if extended < opened { EXTENDS[0] } else { 0 };
                x_short[column] = opened.min(extended).min(FAR);
                let opened = above + LONG_OPEN + LONG_EXTEND;
                let extended = x_long[column] + LONG_EXTEND;
                mark |= if extended < opened { EXTENDS[2] } else { 0 };
                x_long[column] = opened.min(extended).min(FAR);
            }
            let opened = left + SHORT_OPEN + SHORT_EXTEND;
            let extended = y_short + SHORT_EXTEND;
            mark |= if extended < opened { EXTENDS[1] } else { 0 };
            y_short = opened.min(extended).min(FAR);
            let opened = left + LONG_OPEN + LONG_EXTEND;
            let extended = y_long + LONG_EXTEND;
            mark |= if extended < opened { EXTENDS[3] } else { 0 };
            y_long = opened.min(extended).min(FAR);
            let mut source = 0u8;
            for (candidate, from) in [
                (if row == 0 { FAR } else { x_short[column] }, FROM_X_SHORT),
                (y_short, FROM_Y_SHORT),
                (if row == 0 { FAR } else { x_long[column] }, FROM_X_LONG),
                (y_long, FROM_Y_LONG),
            ] {
                if candidate < value {
                    value = candidate;
                    source = from;
                }
            }
            diagonal = above;
            best[column] = value;
            left = value;
            cells[column - from] = source | mark;
        }
    }
    let mut pairs = Vec::with_capacity(n.min(m));
    let (mut row, mut column) = (n, m);
    while row > 0 || column > 0 {
        let at = |row: usize, column: usize| trace[row * width + column - low(row)];
        let source = at(row, column) & 7;
        match source {
            FROM_X_SHORT | FROM_X_LONG => {
                let extends = EXTENDS[usize::from(source - 1)];
                while row > 0 {
                    let going = at(row, column) & extends != 0;
                    row -= 1;
                    if !going {
                        break;
                    }
                }
            }
            FROM_Y_SHORT | FROM_Y_LONG => {
                let extends = EXTENDS[usize::from(source - 1)];
                while column > 0 {
                    let going = at(row, column) & extends != 0;
                    column -= 1;
                    if !going {
                        break;
                    }
                }
            }
            _ => {
                if row == 0 || column == 0 {
                    break;
                }
                row -= 1;
                column -= 1;
                pairs.push((row, column));
            }
        }
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str) -> Vec<Glyph> {
        text.chars().map(|raw| Glyph::new(raw, raw)).collect()
    }

    fn shown(x: &str, y: &str) -> String {
        let (x, y) = (glyphs(x), glyphs(y));
        let mut out = String::new();
        let mut next = (0, 0);
        for (a, b) in align(&x, &y, y.len()).into_iter().chain([(x.len(), y.len())]) {
            let side = |of: &[Glyph], from: usize, to: usize| -> String {
                of[from..to].iter().map(|glyph| glyph.raw).collect()
            };
            let (left, right) = (side(&x, next.0, a), side(&y, next.1, b));
            if !left.is_empty() || !right.is_empty() {
                out += &format!("[{left}/{right}]");
            }
            if a < x.len() {
                if x[a].label == y[b].label {
                    out.push(x[a].raw);
                } else {
                    out += &format!("[{}/{}]", x[a].raw, y[b].raw);
                }
            }
            next = (a + 1, b + 1);
        }
        out
    }

    #[test]
    fn one_loss_is_one_event() {
        assert_eq!(shown("abXcd", "abYcd"), "ab[X/Y]cd");
        assert_eq!(shown("walked shoulder to", "walked to"), "walked[ shoulder/] to");
        assert_eq!(shown("ab", "abcdefghijklmnopqrstuab"), "[/abcdefghijklmnopqrstu]ab");
        assert_eq!(shown("one two three", "two one three"), "[/two ]one[ two/] three");
    }

    #[test]
    fn a_narrow_band_still_ends_in_the_corner() {
        let (x, y) = (glyphs(&"ab".repeat(300)), glyphs(&"ba".repeat(250)));
        let pairs = align(&x, &y, 8);
        assert!(pairs.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
        assert!(pairs.len() > 400);
    }
}
