//! Alignment of two folded stretches around a chain of seeds: edit distance between the anchors, x-drop
//! extension at the ends, cuts where the two stop saying the same.

use crate::fold::weight;

/// Two stretches, in folded characters, that correspond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Aligned {
    /// Folded characters of the first text, end exclusive.
    pub(crate) a: (usize, usize),
    /// Folded characters of the second text, end exclusive.
    pub(crate) b: (usize, usize),
    /// Columns in which both have the same character.
    pub(crate) equal: u32,
    /// All columns.
    pub(crate) columns: u32,
}

/// A stretch that is equal character by character.
#[derive(Clone, Copy, Debug)]
struct Block {
    a: usize,
    b: usize,
    length: usize,
}

/// Score lost before an extension gives up, in characters.
const DROP: i32 = 12;
/// Half the width of the band around the best diagonal of an extension.
const BAND: usize = 12;
/// A gap between anchors is a break when at least this many characters...
const BREAK_LENGTH: usize = 10;
/// ...differ by more than this share, in thousandths.
const BREAK_SHARE: usize = 620;

/// Aligns around `anchors`: places (in `a`, in `b`) where grams start that have the same hash, ascending in
/// both. Gives the stretches found, left to right.
pub(crate) fn align(a: &[u32], b: &[u32], anchors: &[(usize, usize)]) -> Vec<Aligned> {
    let mut blocks: Vec<Block> = Vec::new();
    for &(at_a, at_b) in anchors {
        let (floor_a, floor_b) =
            blocks.last().map_or((0, 0), |last| (last.a + last.length, last.b + last.length));
        if at_a < floor_a || at_b < floor_b {
            // Inside the last block, on its diagonal or beside it (a repeated syllable): nothing new.
            continue;
        }
        let length = common_prefix(&a[at_a..], &b[at_b..]);
        if length == 0 {
            continue;
        }
        let back = common_suffix(&a[floor_a..at_a], &b[floor_b..at_b]);
        blocks.push(Block { a: at_a - back, b: at_b - back, length: length + back });
    }
    let mut found: Vec<Aligned> = Vec::new();
    let mut open: Option<Aligned> = None;
    for block in blocks {
        if let Some(sofar) = &mut open {
            let (gap_a, gap_b) = (&a[sofar.a.1..block.a], &b[sofar.b.1..block.b]);
            let longer = gap_a.len().max(gap_b.len());
            let distance = distance(gap_a, gap_b);
            if longer < BREAK_LENGTH || distance * 1000 <= longer * BREAK_SHARE {
                sofar.a.1 = block.a + block.length;
                sofar.b.1 = block.b + block.length;
                sofar.equal += (block.length + longer - distance) as u32;
                sofar.columns += (block.length + longer) as u32;
                continue;
            }
            close(a, b, *sofar, block.a, block.b, &mut found);
        }
        let start = Aligned {
            a: (block.a, block.a + block.length),
            b: (block.b, block.b + block.length),
            equal: block.length as u32,
            columns: block.length as u32,
        };
        let (floor_a, floor_b) = found.last().map_or((0, 0), |last| (last.a.1, last.b.1));
        open = Some(extend_left(a, b, start, floor_a.min(block.a), floor_b.min(block.b)));
    }
    if let Some(last) = open {
        close(a, b, last, a.len(), b.len(), &mut found);
    }
    found
}

fn extend_left(a: &[u32], b: &[u32], mut stretch: Aligned, floor_a: usize, floor_b: usize) -> Aligned {
    let (a_part, b_part) = (&a[floor_a..stretch.a.0], &b[floor_b..stretch.b.0]);
    let reach = extend(a_part.iter().rev().copied(), |at| b_part[b_part.len() - 1 - at], b_part.len());
    stretch.a.0 -= reach.a;
    stretch.b.0 -= reach.b;
    stretch.equal += reach.equal;
    stretch.columns += reach.columns;
    stretch
}

fn close(a: &[u32], b: &[u32], mut stretch: Aligned, end_a: usize, end_b: usize, found: &mut Vec<Aligned>) {
    let (a_part, b_part) = (&a[stretch.a.1..end_a], &b[stretch.b.1..end_b]);
    let reach = extend(a_part.iter().copied(), |at| b_part[at], b_part.len());
    stretch.a.1 += reach.a;
    stretch.b.1 += reach.b;
    stretch.equal += reach.equal;
    stretch.columns += reach.columns;
    found.push(stretch);
}

/// Units of the lighter side.
pub(crate) fn units_of(a: &[u32], b: &[u32], stretch: &Aligned) -> u32 {
    let side = |codes: &[u32]| codes.iter().map(|&code| weight(code)).sum::<u32>();
    side(&a[stretch.a.0..stretch.a.1]).min(side(&b[stretch.b.0..stretch.b.1]))
}

fn common_prefix(a: &[u32], b: &[u32]) -> usize {
    a.iter().zip(b).take_while(|(left, right)| left == right).count()
}

fn common_suffix(a: &[u32], b: &[u32]) -> usize {
    a.iter().rev().zip(b.iter().rev()).take_while(|(left, right)| left == right).count()
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reach {
    a: usize,
    b: usize,
    equal: u32,
    columns: u32,
}

#[derive(Clone, Copy)]
struct Cell {
    score: i32,
    equal: u32,
    columns: u32,
}

const OUTSIDE: Cell = Cell { score: i32::MIN / 2, equal: 0, columns: 0 };

/// Banded x-drop extension (after Zhang, Berman and Miller 1998): one for an equal character, minus one for
/// any other column; gives up once the best of a row is `DROP` under the best of all.
fn extend(a: impl Iterator<Item = u32>, b: impl Fn(usize) -> u32, b_length: usize) -> Reach {
    const WIDTH: usize = 2 * BAND + 1;
    // Cell `k` of a row stands for b index `centre + k - BAND`, where the centre follows the best diagonal.
    let mut row = [OUTSIDE; WIDTH];
    let mut centre = 0usize;
    for (k, cell) in row.iter_mut().enumerate().skip(BAND) {
        let ahead = k - BAND;
        if ahead <= b_length {
            *cell = Cell { score: -(ahead as i32), equal: 0, columns: ahead as u32 };
        }
    }
    let mut best = (0i32, Reach::default());
    for (done, code) in a.enumerate() {
        let next_centre = centre + 1;
        let mut next = [OUTSIDE; WIDTH];
        let mut row_best = (i32::MIN, 0usize);
        for k in 0..WIDTH {
            let Some(j) = (next_centre + k).checked_sub(BAND) else { continue };
            if j > b_length {
                break;
            }
            // Same k: one further on both sides.
            let mut cell = OUTSIDE;
            if j > 0 {
                let from = row[k];
                let same = b(j - 1) == code;
                cell = Cell {
                    score: from.score + if same { 1 } else { -1 },
                    equal: from.equal + u32::from(same),
                    columns: from.columns + 1,
                };
            }
            // A character of `a` alone.
            if let Some(from) = row.get(k + 1)
                && from.score - 1 > cell.score
            {
                cell = Cell { score: from.score - 1, equal: from.equal, columns: from.columns + 1 };
            }
            // A character of `b` alone.
            if k > 0 && next[k - 1].score - 1 > cell.score {
                let from = next[k - 1];
                cell = Cell { score: from.score - 1, equal: from.equal, columns: from.columns + 1 };
            }
            next[k] = cell;
            if cell.score > row_best.0 {
                row_best = (cell.score, k);
            }
            if cell.score > best.0 {
                best = (cell.score, Reach { a: done + 1, b: j, equal: cell.equal, columns: cell.columns });
            }
        }
        if row_best.0 < best.0 - DROP {
            break;
        }
        row = next;
        centre = next_centre;
        // Follow the best diagonal so that a long extension with many small gaps stays inside the band.
        if row_best.1 > BAND + BAND / 2 {
            row.copy_within(1.., 0);
            row[WIDTH - 1] = OUTSIDE;
            centre += 1;
        } else if row_best.1 < BAND / 2 && centre > 0 {
            row.copy_within(..WIDTH - 1, 1);
            row[0] = OUTSIDE;
            centre -= 1;
        }
    }
    best.1
}

/// Edit distance; bit-parallel (Myers 1999, in Hyyrö's form) by blocks of 64 rows.
pub(crate) fn distance(a: &[u32], b: &[u32]) -> usize {
    let head = common_prefix(a, b);
    let (a, b) = (&a[head..], &b[head..]);
    let tail = common_suffix(a, b);
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    let (pattern, text) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if pattern.is_empty() {
        return text.len();
    }
    let words = pattern.len().div_ceil(64);
    // Rows in which each character of the pattern stands, sorted by character.
    let mut rows: Vec<(u32, usize)> = pattern.iter().enumerate().map(|(at, &code)| (code, at)).collect();
    rows.sort_unstable();
    let mut masks: Vec<u64> = Vec::new();
    let mut codes: Vec<u32> = Vec::new();
    for (code, at) in rows {
        if codes.last() != Some(&code) {
            codes.push(code);
            masks.resize(masks.len() + words, 0);
        }
        let base = masks.len() - words;
        masks[base + at / 64] |= 1 << (at % 64);
    }
    let mut plus = vec![u64::MAX; words];
    let mut minus = vec![0u64; words];
    let last_bit = 1u64 << ((pattern.len() - 1) % 64);
    let mut score = pattern.len();
    for code in text {
        let base = codes.binary_search(code).ok().map(|at| at * words);
        let (mut carry_plus, mut carry_minus) = (1u64, 0u64);
        for word in 0..words {
            let equal = base.map_or(0, |base| masks[base + word]);
            let (up, down) = (plus[word], minus[word]);
            let through = equal | down;
            let equal = equal | carry_minus;
            let diagonal = (((equal & up).wrapping_add(up)) ^ up) | equal;
            let mut rise = down | !(diagonal | up);
            let mut fall = up & diagonal;
            if word + 1 == words {
                if rise & last_bit != 0 {
                    score += 1;
                }
                if fall & last_bit != 0 {
                    score -= 1;
                }
            }
            let (next_plus, next_minus) = (rise >> 63, fall >> 63);
            rise = (rise << 1) | carry_plus;
            fall = (fall << 1) | carry_minus;
            plus[word] = fall | !(through | rise);
            minus[word] = rise & through;
            carry_plus = next_plus;
            carry_minus = next_minus;
        }
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<u32> {
        text.chars().map(u32::from).collect()
    }

    fn by_definition(a: &[u32], b: &[u32]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, left) in a.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, right) in b.iter().enumerate() {
                let changed = diagonal + usize::from(left != right);
                diagonal = row[j + 1];
                row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
            }
        }
        row[b.len()]
    }

    proptest::proptest! {
        #[test]
        fn distance_is_the_edit_distance(a in "[a-d]{0,200}", b in "[a-d]{0,200}") {
            let (a, b) = (codes(&a), codes(&b));
            assert_eq!(distance(&a, &b), by_definition(&a, &b));
        }
    }

    #[test]
    fn extension_stops_where_the_texts_part() {
        let a = codes("thequickbrownfoxjumpsXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX");
        let b = codes("thequickbrawnfoxjumpsYYYYYYYYYYYYYYYYYYYYYYYYYYYYYY");
        let found = align(&a, &b, &[(0, 0)]);
        assert_eq!(found, [Aligned { a: (0, 21), b: (0, 21), equal: 20, columns: 21 }]);
    }
}
