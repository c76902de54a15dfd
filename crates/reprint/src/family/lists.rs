//! What is told of many texts, text by text, in one piece of memory.

use shiliu_text::Span;

/// For every text a list, in the order in which it was told.
#[derive(Debug)]
pub(super) struct Lists<T> {
    /// Where the list of each text ends.
    ends: Vec<u32>,
    all: Vec<T>,
}

impl<T: Copy> Lists<T> {
    /// For each of so many texts an empty list.
    pub(super) fn empty(texts: usize) -> Lists<T> {
        Lists { ends: vec![0; texts], all: Vec::new() }
    }

    /// Deals out what `tell` tells of texts below `texts`, which it does twice.
    pub(super) fn told(texts: usize, nothing: T, tell: impl Fn(&mut dyn FnMut(usize, T))) -> Lists<T> {
        let mut ends = vec![0u32; texts];
        tell(&mut |text, _| ends[text] += 1);
        let mut sum = 0;
        for end in &mut ends {
            (sum, *end) = (sum + *end, sum);
        }
        let mut all = vec![nothing; sum as usize];
        tell(&mut |text, one| {
            all[ends[text] as usize] = one;
            ends[text] += 1;
        });
        Lists { ends, all }
    }

    fn range(&self, text: usize) -> std::ops::Range<usize> {
        let start = text.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        start..self.ends[text] as usize
    }

    /// The list of a text.
    pub(super) fn of(&self, text: usize) -> &[T] {
        &self.all[self.range(text)]
    }

    /// The list of a text, for putting it in order.
    pub(super) fn of_mut(&mut self, text: usize) -> &mut [T] {
        let range = self.range(text);
        &mut self.all[range]
    }
}

impl Lists<Span> {
    /// The same bytes as sorted, disjoint, non-adjacent stretches.
    pub(super) fn united(mut self) -> Lists<Span> {
        let (mut from, mut kept) = (0, 0);
        for text in 0..self.ends.len() {
            let end = self.ends[text] as usize;
            let own = &mut self.all[from..end];
            if !own.is_sorted() {
                own.sort_unstable();
            }
            let first = kept;
            for at in from..end {
                let span = self.all[at];
                if kept > first && span.start <= self.all[kept - 1].end {
                    let last = &mut self.all[kept - 1];
                    last.end = last.end.max(span.end);
                } else {
                    self.all[kept] = span;
                    kept += 1;
                }
            }
            (self.ends[text], from) = (kept as u32, end);
        }
        self.all.truncate(kept);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_every_text_are_united() {
        let span = |start, end| Span { start, end };
        let told = [(2, span(5, 9)), (0, span(4, 6)), (2, span(0, 5)), (0, span(8, 9)), (2, span(20, 21))];
        let lists = Lists::told(4, span(0, 0), |tell| told.iter().for_each(|&(text, one)| tell(text, one)));
        assert_eq!(lists.of(2), [span(5, 9), span(0, 5), span(20, 21)]);
        let lists = lists.united();
        assert_eq!(lists.of(0), [span(4, 6), span(8, 9)]);
        assert!(lists.of(1).is_empty() && lists.of(3).is_empty());
        assert_eq!(lists.of(2), [span(0, 9), span(20, 21)]);
    }
}
