//! The cutter that every page must defeat: a new article at each heading (a `#` line, or a short line without a
//! final stop) and at each jump line, nothing joined again.

use super::cell::is_stop;
use super::score::{FURNITURE, SKIP};

/// The words of a back jump line, from the grammar's own data: the characters before the page number.
#[derive(Clone, Debug)]
pub struct Baseline {
    jump_words: Vec<String>,
}

impl Baseline {
    /// A cutter that knows the given openings of jump lines.
    #[must_use]
    pub fn new(jump_words: &[&str]) -> Baseline {
        Baseline { jump_words: jump_words.iter().map(|w| (*w).to_owned()).collect() }
    }

    /// The cutter for Chinese pages.
    #[must_use]
    pub fn chinese() -> Baseline {
        Baseline::new(&[include_str!("../../grammar/zh-jump.txt").trim()])
    }

    fn jumps(&self, line: &str) -> bool {
        let line = line.trim_start_matches(['（', '(', ' ']);
        self.jump_words.iter().any(|w| line.starts_with(w.as_str()))
    }

    /// Article of each character of the text: 1 and up; [`SKIP`] for white space.
    #[must_use]
    pub fn cut(&self, text: &str) -> Vec<u32> {
        let lines: Vec<&str> = text.split('\n').collect();
        let lengths: Vec<usize> = lines.iter().map(|l| l.trim().chars().count()).collect();
        let mut filled: Vec<usize> = lengths.iter().copied().filter(|n| *n > 0).collect();
        filled.sort_unstable();
        // In a page with hard line breaks most lines have one width, and "short" means well under it.
        let median = filled.get(filled.len() / 2).copied().unwrap_or(0);
        let wrapped = median <= 20;
        let blank_lines = lengths.iter().filter(|n| **n == 0).count() * 12 > filled.len();
        let short = if wrapped && !blank_lines { median * 4 / 5 } else { 34 };
        let heading = |i: usize| {
            let line = lines[i].trim();
            let n = lengths[i];
            if n == 0 {
                return false;
            }
            if line.starts_with('#') {
                return true;
            }
            let open = line.chars().last().is_some_and(|c| !is_stop(c) && !matches!(c, '，' | '、' | ','));
            let alone = !blank_lines
                || ((i == 0 || lengths[i - 1] == 0) && (i + 1 >= lines.len() || lengths[i + 1] == 0));
            n <= short && open && alone
        };
        let mut out = Vec::with_capacity(text.len() / 3);
        let mut article = 1;
        let mut in_heading = true;
        for (i, line) in lines.iter().enumerate() {
            if i > 0 {
                out.push(SKIP);
            }
            if lengths[i] > 0 {
                let head = heading(i);
                // Heading lines in a row open one article.
                if (head && !in_heading) || self.jumps(line) {
                    article += 1;
                }
                in_heading = head;
            }
            out.extend(
                line.chars().map(|c| if c.is_whitespace() { SKIP } else { article.max(FURNITURE + 1) }),
            );
        }
        out
    }
}
