//! Lengths of stretches of a text in units, counted once.

use shiliu_text::Span;

use crate::fold::{View, units_of, units_until};

/// A text measured at the bytes that matter.
#[derive(Debug, Default)]
pub(super) struct Ruler {
    /// Byte and units before it, ascending.
    marks: Vec<(u32, u32)>,
    total: u32,
}

impl Ruler {
    /// Measures `text` at every byte of `cuts`.
    ///
    /// Where nothing has to be measured, the total is left at nothing.
    pub(super) fn new(text: &str, cuts: impl IntoIterator<Item = u32>) -> Ruler {
        let mut cuts: Vec<u32> = cuts.into_iter().collect();
        if cuts.is_empty() {
            return Ruler::default();
        }
        cuts.sort_unstable();
        cuts.dedup();
        let mut marks = Vec::with_capacity(cuts.len());
        let (mut sum, mut at) = (0u32, 0);
        for cut in cuts {
            let (units, next) = units_until(text, at, cut as usize);
            sum = sum.saturating_add(units);
            at = next;
            marks.push((cut, sum));
        }
        let total = sum.saturating_add(units_until(text, at, text.len()).0);
        Ruler { marks, total }
    }

    /// As [`Ruler::new`], of the folded view of the text and of `cuts` that ascend; nothing where those do not tell.
    pub(super) fn of_view(view: View<'_>, cuts: impl ExactSizeIterator<Item = u32>) -> Option<Ruler> {
        let mut marks = Vec::with_capacity(cuts.len());
        let (mut sum, mut at) = (0u32, 0);
        for cut in cuts {
            let index = view.index_by_marks(cut)?;
            sum = sum.saturating_add(units_of(&view.codes[at..index]));
            at = index;
            marks.push((cut, sum));
        }
        let total = sum.saturating_add(units_of(&view.codes[at..]));
        Some(Ruler { marks, total })
    }

    /// A ruler of marks that others made of the same text.
    pub(super) fn of_marks(mut marks: Vec<(u32, u32)>, total: u32) -> Ruler {
        marks.sort_unstable();
        marks.dedup();
        Ruler { marks, total }
    }

    /// Byte and units before it, ascending.
    pub(super) fn marks(&self) -> &[(u32, u32)] {
        &self.marks
    }

    /// Units of the whole text.
    pub(super) fn total(&self) -> u32 {
        self.total
    }

    /// Units before `byte`, which must be one of the cuts.
    #[inline]
    pub(super) fn before(&self, byte: u32) -> u32 {
        let at = self.marks.partition_point(|&(mark, _)| mark < byte);
        self.marks.get(at).map_or(self.total, |&(_, units)| units)
    }

    /// Units of a stretch whose ends are cuts.
    pub(super) fn length(&self, span: Span) -> u32 {
        self.before(span.end) - self.before(span.start)
    }

    /// Units of stretches that are sorted and disjoint, without those that are in `without`, which are so too.
    pub(super) fn sum_without(&self, spans: &[Span], without: &[Span]) -> u32 {
        if without.is_empty() { self.sum(spans) } else { self.sum(&subtract(spans, without)) }
    }

    /// Units of stretches that are sorted and disjoint.
    pub(super) fn sum(&self, spans: &[Span]) -> u32 {
        spans.iter().map(|&span| self.length(span)).sum()
    }
}

/// The same bytes as sorted, disjoint, non-adjacent stretches.
pub(super) fn union(mut spans: Vec<Span>) -> Vec<Span> {
    if !spans.is_sorted() {
        spans.sort_unstable();
    }
    spans.dedup_by(|span, last| {
        let touches = span.start <= last.end;
        if touches {
            last.end = last.end.max(span.end);
        }
        touches
    });
    spans
}

/// The bytes of `spans` that are not in `without`; both sorted and disjoint.
pub(super) fn subtract(spans: &[Span], without: &[Span]) -> Vec<Span> {
    let mut left = Vec::with_capacity(spans.len());
    for &span in spans {
        let mut rest = span;
        let first = without.partition_point(|hole| hole.end <= span.start);
        for hole in &without[first..] {
            if hole.start >= rest.end {
                break;
            }
            if hole.start > rest.start {
                left.push(Span { start: rest.start, end: hole.start });
            }
            rest.start = rest.start.max(hole.end).min(rest.end);
        }
        if !rest.is_empty() {
            left.push(rest);
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_in_units() {
        let ruler = Ruler::new("ab 汉字, c", [0, 3, 9, 12]);
        assert_eq!(ruler.total(), 7);
        assert_eq!(ruler.length(Span { start: 0, end: 3 }), 2);
        assert_eq!(ruler.length(Span { start: 3, end: 9 }), 4);
        assert_eq!(ruler.length(Span { start: 9, end: 12 }), 1);
    }

    #[test]
    fn subtracts() {
        let span = |start, end| Span { start, end };
        assert_eq!(
            subtract(&[span(0, 10), span(20, 30)], &[span(2, 4), span(8, 22), span(29, 40)]),
            [span(0, 2), span(4, 8), span(22, 29)]
        );
    }
}
