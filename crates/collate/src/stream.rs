//! A witness as the aligner sees it: the glyphs it covers, folded, without layout.

use shiliu_text::{Fold, Span};

use crate::Witness;

/// One printed character that takes part in alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Glyph {
    /// Its folded form: what is compared.
    pub(crate) label: u32,
    /// As printed.
    pub(crate) raw: char,
    /// Whether it is a mark (neither letter nor digit).
    pub(crate) mark: bool,
}

impl Glyph {
    /// A glyph as printed and its folded form.
    pub(crate) fn new(raw: char, folded: char) -> Glyph {
        Glyph { label: folded as u32, raw, mark: !raw.is_alphanumeric() }
    }
}

/// The covered text of one witness and its glyphs. White space (whatever the folding drops) is *layout*: it
/// belongs to no glyph but stands between two of them, so that hard line breaks never disturb alignment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stream {
    /// The covered stretches joined.
    pub(crate) covered: String,
    /// Where each covered stretch starts: (byte of `covered`, byte of the witness's text).
    parts: Vec<(usize, usize)>,
    /// The glyphs in order.
    pub(crate) glyphs: Vec<Glyph>,
    /// The byte of `covered` where each glyph starts.
    starts: Vec<u32>,
}

impl Stream {
    /// Reads the covered part of a witness. Coverage that does not fit the text is cut to fit.
    pub(crate) fn new(witness: &Witness, fold: &dyn Fold) -> Stream {
        let mut stream = Stream::default();
        let mut reached = 0usize;
        for span in &witness.coverage {
            let start = floor_boundary(&witness.text, span.range().start.max(reached));
            let end = floor_boundary(&witness.text, span.range().end);
            if start >= end {
                continue;
            }
            reached = end;
            stream.parts.push((stream.covered.len(), start));
            stream.covered.push_str(&witness.text[start..end]);
        }
        for (start, raw) in stream.covered.char_indices() {
            if let Some(folded) = fold.fold_char(raw) {
                stream.glyphs.push(Glyph::new(raw, folded));
                stream.starts.push(u32::try_from(start).expect("texts over 4 GiB are refused at the reader"));
            }
        }
        stream
    }

    /// Bytes of `covered` that a glyph takes.
    pub(crate) fn glyph_bytes(&self, glyph: usize) -> (usize, usize) {
        let start = self.starts[glyph] as usize;
        (start, start + self.glyphs[glyph].raw.len_utf8())
    }

    /// Bytes of `covered` between the glyph before `glyph` and `glyph` (which may be one past the last).
    pub(crate) fn layout_before(&self, glyph: usize) -> (usize, usize) {
        let start = glyph.checked_sub(1).map_or(0, |before| self.glyph_bytes(before).1);
        let end = self.starts.get(glyph).map_or(self.covered.len(), |start| *start as usize);
        (start, end)
    }

    /// The starts of the covered stretches in `covered`, without the first.
    pub(crate) fn seams(&self) -> impl Iterator<Item = usize> + '_ {
        self.parts.iter().skip(1).map(|(start, _)| *start)
    }

    /// The witness's own bytes for bytes of `covered`: from the first to the last, so that a reading that runs
    /// over an uncovered stretch includes it.
    pub(crate) fn place(&self, start: usize, end: usize) -> Span {
        if self.parts.is_empty() {
            return Span::new(0, 0);
        }
        let before = |at: usize| self.parts.partition_point(|(from, _)| *from <= at).max(1) - 1;
        // An empty place at a seam belongs to the end of the part before it.
        let first = if start == end { before(start.saturating_sub(1)) } else { before(start) };
        let last = if start == end { first } else { before(end - 1) };
        let map = |part: usize, at: usize| self.parts[part].1 + (at - self.parts[part].0.min(at));
        Span::new(map(first, start), map(last, end))
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
