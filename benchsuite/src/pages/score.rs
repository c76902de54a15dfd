//! Scores of a segmentation against truth. They take plain ids, whoever made them.

use std::collections::BTreeMap;

/// A character that is not scored: white space, format marks.
pub const SKIP: u32 = u32::MAX;
/// The cluster of page furniture.
pub const FURNITURE: u32 = 0;

/// Precision, recall and their harmonic mean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Agreement {
    /// Precision.
    pub precision: f64,
    /// Recall.
    pub recall: f64,
    /// F1.
    pub f1: f64,
}

impl Agreement {
    fn of(precision: f64, recall: f64) -> Agreement {
        let sum = precision + recall;
        let f1 = if sum == 0.0 { 0.0 } else { 2.0 * precision * recall / sum };
        Agreement { precision, recall, f1 }
    }
}

/// B-cubed agreement over the characters that `truth` does not skip (Bagga and Baldwin 1998). `guess` gives each
/// character's article, [`FURNITURE`] where it belongs to none.
#[must_use]
pub fn b_cubed(truth: &[u32], guess: &[u32]) -> Agreement {
    let mut both: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    let mut of_truth: BTreeMap<u32, f64> = BTreeMap::new();
    let mut of_guess: BTreeMap<u32, f64> = BTreeMap::new();
    let mut n = 0.0;
    for (t, g) in truth.iter().zip(guess) {
        if *t == SKIP {
            continue;
        }
        let g = if *g == SKIP { FURNITURE } else { *g };
        *both.entry((*t, g)).or_default() += 1.0;
        *of_truth.entry(*t).or_default() += 1.0;
        *of_guess.entry(g).or_default() += 1.0;
        n += 1.0;
    }
    if n == 0.0 {
        return Agreement::of(1.0, 1.0);
    }
    let (mut precision, mut recall) = (0.0, 0.0);
    for ((t, g), count) in &both {
        precision += count * count / of_guess[g];
        recall += count * count / of_truth[t];
    }
    Agreement::of(precision / n, recall / n)
}

fn boundaries(text: &[char], owners: &[u32]) -> Vec<usize> {
    let mut out = Vec::new();
    let (mut line, mut filled) = (0usize, false);
    let mut before: Option<u32> = None;
    for (ch, owner) in text.iter().zip(owners) {
        if *ch == '\n' {
            line += usize::from(filled);
            filled = false;
            continue;
        }
        if *owner == SKIP {
            continue;
        }
        filled = true;
        if before.is_some_and(|b| b != *owner) {
            out.push(line);
        }
        before = Some(*owner);
    }
    out
}

/// Agreement of the places where one article gives way to another, within one printed line.
#[must_use]
pub fn boundary_agreement(text: &[char], truth: &[u32], guess: &[u32]) -> Agreement {
    let guess: Vec<u32> = truth.iter().zip(guess).map(|(t, g)| if *t == SKIP { SKIP } else { *g }).collect();
    let want = boundaries(text, truth);
    let got = boundaries(text, &guess);
    let (mut i, mut j, mut hits) = (0, 0, 0.0);
    while i < want.len() && j < got.len() {
        if want[i].abs_diff(got[j]) <= 1 {
            hits += 1.0;
            i += 1;
            j += 1;
        } else if want[i] < got[j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    let share = |n: usize| if n == 0 { 1.0 } else { hits / n as f64 };
    Agreement::of(share(got.len()), share(want.len()))
}

/// One page of a set for [`rejoined`]: article ids are those of the whole set.
#[derive(Clone, Debug)]
pub struct PagePair<'a> {
    /// True article of each character.
    pub truth: &'a [u32],
    /// Second copies: no piece of a story is made of them.
    pub duplicate: &'a [bool],
    /// Guessed article of each character.
    pub guess: &'a [u32],
}

/// The interrupted stories of a set: those with text of another story, or a page's end, between their pieces.
/// For each, whether all its pieces got one article that is mostly theirs.
#[must_use]
pub fn rejoined(pages: &[PagePair<'_>]) -> BTreeMap<u32, bool> {
    let mut pieces: BTreeMap<u32, Vec<BTreeMap<u32, usize>>> = BTreeMap::new();
    let mut of_guess: BTreeMap<u32, BTreeMap<u32, usize>> = BTreeMap::new();
    for page in pages {
        let mut last: Option<u32> = None;
        for ((t, duplicate), g) in page.truth.iter().zip(page.duplicate).zip(page.guess) {
            if *t == SKIP {
                continue;
            }
            *of_guess.entry(*g).or_default().entry(*t).or_default() += 1;
            // Furniture between two pieces does not interrupt: no reader is misled by it.
            if *t == FURNITURE {
                continue;
            }
            if *duplicate {
                last = last.filter(|l| l == t);
                continue;
            }
            let list = pieces.entry(*t).or_default();
            if last != Some(*t) || list.is_empty() {
                list.push(BTreeMap::new());
            }
            if let Some(piece) = list.last_mut() {
                *piece.entry(*g).or_default() += 1;
            }
            last = Some(*t);
        }
    }
    let major = |counts: &BTreeMap<u32, usize>| {
        counts.iter().max_by_key(|(id, n)| (**n, std::cmp::Reverse(**id))).map(|(id, _)| *id)
    };
    let mut out = BTreeMap::new();
    for (story, list) in pieces {
        if list.len() < 2 {
            continue;
        }
        let guess = major(&list[0]);
        let one = list.iter().all(|p| major(p) == guess);
        let ours = guess.is_some_and(|g| g != FURNITURE && of_guess.get(&g).and_then(major) == Some(story));
        out.insert(story, one && ours);
    }
    out
}

/// Characters that a reported loss may stand away from the true place.
pub const LOSS_TOLERANCE: usize = 20;

/// Losses told: (true losses reported, true losses, reports that no loss stands behind). Places are (page, code
/// point).
#[must_use]
pub fn losses(truth: &[(usize, usize)], guess: &[(usize, usize)]) -> (usize, usize, usize) {
    let mut open: Vec<(usize, usize)> = guess.to_vec();
    let mut told = 0;
    for (page, at) in truth {
        let near = open
            .iter()
            .enumerate()
            .filter(|(_, (p, a))| p == page && a.abs_diff(*at) <= LOSS_TOLERANCE)
            .min_by_key(|(_, (_, a))| a.abs_diff(*at))
            .map(|(i, _)| i);
        if let Some(i) = near {
            open.swap_remove(i);
            told += 1;
        }
    }
    (told, truth.len(), open.len())
}

/// The printed lines of one article, each null where it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Headline, its lines joined.
    pub headline: Option<String>,
    /// Author names with their title.
    pub byline: Option<String>,
    /// Dateline: agency, place, date as printed.
    pub dateline: [Option<String>; 3],
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn same(a: Option<&String>, b: Option<&String>) -> bool {
    a.map(|s| folded(s)).filter(|s| !s.is_empty()) == b.map(|s| folded(s)).filter(|s| !s.is_empty())
}

/// Whether headline, byline and dateline agree, white space and punctuation aside; an absent line must be absent
/// in both.
#[must_use]
pub fn lines_agree(truth: &Lines, guess: &Lines) -> [bool; 3] {
    let dateline = truth.dateline.iter().zip(&guess.dateline).all(|(a, b)| same(a.as_ref(), b.as_ref()));
    [
        same(truth.headline.as_ref(), guess.headline.as_ref()),
        same(truth.byline.as_ref(), guess.byline.as_ref()),
        dateline,
    ]
}

/// For each true article the guessed one that shares most characters with it, if any does.
#[must_use]
pub fn pairing(pages: &[PagePair<'_>]) -> BTreeMap<u32, u32> {
    let mut shared: BTreeMap<u32, BTreeMap<u32, usize>> = BTreeMap::new();
    for page in pages {
        for (t, g) in page.truth.iter().zip(page.guess) {
            if *t != SKIP && *t != FURNITURE && *g != SKIP && *g != FURNITURE {
                *shared.entry(*t).or_default().entry(*g).or_default() += 1;
            }
        }
    }
    let mut out = BTreeMap::new();
    for (t, counts) in shared {
        if let Some((g, _)) = counts.iter().max_by_key(|(id, n)| (**n, std::cmp::Reverse(**id))) {
            out.insert(t, *g);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_counts_by_hand() {
        assert_eq!(b_cubed(&[1, 1, 2, SKIP], &[7, 7, 8, 9]).f1, 1.0);
        // Everything in one cluster: precision (4+4)/16... of four characters in two articles is one half.
        let one = b_cubed(&[1, 1, 2, 2], &[5, 5, 5, 5]);
        assert_eq!((one.precision, one.recall), (0.5, 1.0));
        let split = b_cubed(&[1, 1], &[3, 4]);
        assert_eq!((split.precision, split.recall), (1.0, 0.5));
    }

    #[test]
    fn a_boundary_may_be_one_line_off() {
        let text: Vec<char> = "a\nb\nc\nd".chars().collect();
        let truth = [1, SKIP, 1, SKIP, 2, SKIP, 2];
        let near = [1, SKIP, 9, SKIP, 9, SKIP, 9];
        assert_eq!(boundary_agreement(&text, &truth, &near).f1, 1.0);
        let none = [1; 7];
        assert_eq!(boundary_agreement(&text, &truth, &none).recall, 0.0);
    }

    #[test]
    fn merging_everything_rejoins_nothing_but_the_largest() {
        let truth = [1, 2, 2, 2, 1];
        let pages = [PagePair { truth: &truth, duplicate: &[false; 5], guess: &[4, 4, 4, 4, 4] }];
        assert_eq!(rejoined(&pages), BTreeMap::from([(1, false)]));
        let right = [PagePair { truth: &truth, duplicate: &[false; 5], guess: &[4, 5, 5, 5, 4] }];
        assert_eq!(rejoined(&right), BTreeMap::from([(1, true)]));
    }

    #[test]
    fn a_report_counts_once() {
        assert_eq!(losses(&[(0, 100), (0, 110)], &[(0, 105), (1, 100)]), (1, 2, 1));
    }
}
