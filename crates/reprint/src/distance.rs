//! Edit distance between two short stretches.

use crate::fold::Code;

fn common_prefix(a: &[Code], b: &[Code]) -> usize {
    a.iter().zip(b).take_while(|(left, right)| left == right).count()
}

fn common_suffix(a: &[Code], b: &[Code]) -> usize {
    a.iter().rev().zip(b.iter().rev()).take_while(|(left, right)| left == right).count()
}

/// Lengths up to which the plain table is faster than bits.
const SMALL: usize = 8;

fn small(pattern: &[Code], text: &[Code]) -> usize {
    let mut row = [0usize, 1, 2, 3, 4, 5, 6, 7, 8];
    for (i, left) in text.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in pattern.iter().enumerate() {
            let changed = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[pattern.len()]
}

/// Edit distance to a pattern of at most 64 characters.
fn one_word(pattern: &[Code], text: &[Code]) -> usize {
    let (mut plus, mut minus) = (u64::MAX, 0u64);
    let last = pattern.len() - 1;
    let mut score = pattern.len();
    for code in text {
        let mut equal = 0u64;
        for (at, own) in pattern.iter().enumerate() {
            equal |= u64::from(own == code) << at;
        }
        let through = equal | minus;
        let diagonal = (((equal & plus).wrapping_add(plus)) ^ plus) | equal | minus;
        let rise = minus | !(diagonal | plus);
        let fall = plus & diagonal;
        score = score + (rise >> last & 1) as usize - (fall >> last & 1) as usize;
        let (rise, fall) = (rise << 1 | 1, fall << 1);
        plus = fall | !(through | rise);
        minus = rise & through;
    }
    score
}

/// Edit distance; bit-parallel (Myers 1999, in Hyyrö's form) by blocks of 64 rows.
pub(crate) fn distance(a: &[Code], b: &[Code]) -> usize {
    let head = common_prefix(a, b);
    let (a, b) = (&a[head..], &b[head..]);
    let tail = common_suffix(a, b);
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    let (pattern, text) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if pattern.is_empty() {
        return text.len();
    }
    if let [only] = pattern {
        return text.len() - usize::from(text.contains(only));
    }
    if text.len() <= SMALL {
        return small(pattern, text);
    }
    if pattern.len() <= 64 {
        return one_word(pattern, text);
    }
    let words = pattern.len().div_ceil(64);
    // Rows in which each character of the pattern stands, sorted by character.
    let mut rows: Vec<(Code, usize)> = pattern.iter().enumerate().map(|(at, &code)| (code, at)).collect();
    rows.sort_unstable();
    let mut masks: Vec<u64> = Vec::new();
    let mut codes: Vec<Code> = Vec::new();
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

    fn codes(text: &str) -> Vec<Code> {
        text.chars().map(|one| u32::from(one) as Code).collect()
    }

    fn by_definition(a: &[Code], b: &[Code]) -> usize {
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
}
