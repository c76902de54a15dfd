use crate::{Layer, Located, Span, TextId};

/// A stretch of a derived text and where it comes from.
///
/// A *verbatim* piece has the same bytes on both sides and is mapped byte by byte; any other piece is atomic:
/// touching a part of it means the whole of its origin. A piece without origin was put in by a rule (the line
/// feed at a paragraph's end where the page has none).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the derived text.
    pub at: Span,
    /// Index into the map's table of texts and the bytes there.
    pub from: Option<(u32, Span)>,
    /// Whether both sides hold the same bytes.
    pub verbatim: bool,
}

/// The way back from a derived text to the layers it was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    texts: Vec<TextId>,
    pieces: Vec<Piece>,
}

impl OffsetMap {
    /// The pieces in order of the derived text; they cover it without gap.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The text that a piece's index names.
    #[must_use]
    pub fn text(&self, index: u32) -> TextId {
        self.texts[index as usize]
    }

    /// Every piece with its origin spelt out.
    pub fn origins(&self) -> impl Iterator<Item = (Span, Option<Located>, bool)> + '_ {
        self.pieces.iter().map(|piece| {
            let from = piece.from.map(|(text, span)| Located { text: self.text(text), span });
            (piece.at, from, piece.verbatim)
        })
    }

    /// Where the characters of `span` stand in the layers: several places where a seam lies inside. Adjacent
    /// places of one layer are given as one. Inserted characters have no place.
    #[must_use]
    pub fn trace(&self, span: Span) -> Vec<Located> {
        let mut found: Vec<Located> = Vec::new();
        let first = self.pieces.partition_point(|piece| piece.at.end <= span.start);
        for piece in &self.pieces[first..] {
            if piece.at.start >= span.end {
                break;
            }
            let Some((text, origin)) = piece.from else { continue };
            let part = if piece.verbatim {
                let Some(shared) = piece.at.intersect(span) else { continue };
                let shift = shared.start - piece.at.start;
                Span { start: origin.start + shift, end: origin.start + shift + (shared.end - shared.start) }
            } else {
                origin
            };
            let located = Located { text: self.text(text), span: part };
            match found.last_mut() {
                Some(last) if last.text == located.text && last.span.end == part.start => {
                    last.span.end = part.end
                }
                Some(last) if *last == located => {}
                _ => found.push(located),
            }
        }
        found
    }

    /// The bytes of the derived text that come from `at`: the smallest span that holds all of them, `None`
    /// where nothing of it was taken over.
    #[must_use]
    pub fn project(&self, at: &Located) -> Option<Span> {
        let mut found: Option<Span> = None;
        for piece in &self.pieces {
            let Some((text, origin)) = piece.from else { continue };
            if self.text(text) != at.text {
                continue;
            }
            let Some(shared) = origin.intersect(at.span) else { continue };
            let part = if piece.verbatim {
                let shift = shared.start - origin.start;
                Span {
                    start: piece.at.start + shift,
                    end: piece.at.start + shift + (shared.end - shared.start),
                }
            } else {
                piece.at
            };
            if !part.is_empty() {
                found = Some(found.map_or(part, |sofar| sofar.cover(part)));
            }
        }
        found
    }

    /// The map of a text derived from a text derived by `self`: `next` leads from the last text to the middle
    /// one, the result from the last one to the layers.
    #[must_use]
    pub fn then(&self, next: &OffsetMap) -> OffsetMap {
        let mut builder = DerivedBuilder::default();
        let mut map = OffsetMap::default();
        for piece in &next.pieces {
            let Some((_, middle)) = piece.from else {
                map.pieces.push(*piece);
                continue;
            };
            if !piece.verbatim {
                let whole = self.trace(middle);
                let from = whole.first().map(|first| {
                    let last = whole.iter().rfind(|part| part.text == first.text).unwrap_or(first);
                    (builder.index_of(first.text), first.span.cover(last.span))
                });
                map.pieces.push(Piece { at: piece.at, from, verbatim: false });
                continue;
            }
            let first = self.pieces.partition_point(|inner| inner.at.end <= middle.start);
            for inner in &self.pieces[first..] {
                if inner.at.start >= middle.end {
                    break;
                }
                let Some(shared) = inner.at.intersect(middle) else { continue };
                let start = piece.at.start + (shared.start - middle.start);
                let at = Span { start, end: start + (shared.end - shared.start) };
                let from = inner.from.map(|(text, origin)| {
                    let text = builder.index_of(self.text(text));
                    if inner.verbatim {
                        let shift = shared.start - inner.at.start;
                        let end = origin.start + shift + (shared.end - shared.start);
                        (text, Span { start: origin.start + shift, end })
                    } else {
                        (text, origin)
                    }
                });
                map.pieces.push(Piece { at, from, verbatim: inner.verbatim });
            }
        }
        map.texts = builder.map.texts;
        map
    }
}

/// A text with the way back: reading text, folded view and established text are all this.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Derived {
    /// The characters.
    pub text: String,
    /// Where each comes from.
    pub map: OffsetMap,
}

/// Builds a [`Derived`] from left to right.
#[derive(Clone, Debug, Default)]
pub struct DerivedBuilder {
    text: String,
    map: OffsetMap,
}

impl DerivedBuilder {
    fn index_of(&mut self, text: TextId) -> u32 {
        let index = self.map.texts.iter().rposition(|&known| known == text).unwrap_or_else(|| {
            self.map.texts.push(text);
            self.map.texts.len() - 1
        });
        u32::try_from(index).expect("a derived text has few sources")
    }

    /// Takes over `span` of `layer` unchanged.
    pub fn copy(&mut self, layer: &Layer, span: Span) {
        self.copy_from(layer.id, span, span.of(&layer.text));
    }

    /// Takes over characters unchanged that are known to stand at `span` of `text`.
    pub fn copy_from(&mut self, text: TextId, span: Span, characters: &str) {
        debug_assert_eq!(span.len(), characters.len());
        if span.is_empty() {
            return;
        }
        let index = self.index_of(text);
        let start = self.text.len();
        self.text.push_str(characters);
        if let Some(last) = self.map.pieces.last_mut()
            && last.verbatim
            && let Some((known, origin)) = &mut last.from
            && *known == index
            && origin.end == span.start
        {
            origin.end = span.end;
            last.at.end = Span::new(start, self.text.len()).end;
            return;
        }
        let at = Span::new(start, self.text.len());
        self.map.pieces.push(Piece { at, from: Some((index, span)), verbatim: true });
    }

    /// Puts `characters` in place of what stands at `span` of `text` (folded characters, a line break that
    /// becomes a space).
    pub fn replace(&mut self, text: TextId, span: Span, characters: &str) {
        let from = Some((self.index_of(text), span));
        self.push(characters, from);
    }

    /// Puts in characters that no page prints.
    pub fn insert(&mut self, characters: &str) {
        self.push(characters, None);
    }

    fn push(&mut self, characters: &str, from: Option<(u32, Span)>) {
        if characters.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(characters);
        self.map.pieces.push(Piece { at: Span::new(start, self.text.len()), from, verbatim: false });
    }

    /// What was built so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The finished text.
    #[must_use]
    pub fn finish(self) -> Derived {
        Derived { text: self.text, map: self.map }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceId;

    fn layer(text: &str) -> Layer {
        Layer::new(SourceId::of(text.as_bytes()), text.to_owned())
    }

    #[test]
    fn traces_through_a_seam_and_projects_back() {
        let page = layer("6 月 16\n日至18日");
        let mut builder = DerivedBuilder::default();
        for (start, character) in page.text.char_indices() {
            if !character.is_whitespace() {
                builder.copy(&page, Span::new(start, start + character.len_utf8()));
            }
        }
        let view = builder.finish();
        assert_eq!(view.text, "6月16日至18日");
        let whole = view.map.trace(Span::new(0, view.text.len()));
        assert_eq!(whole.len(), 4);
        assert_eq!(whole[0].span.of(&page.text), "6");
        let back = view.map.project(&Located { text: page.id, span: Span::new(0, page.text.len()) });
        assert_eq!(back, Some(Span::new(0, view.text.len())));
    }

    #[test]
    fn composition_leads_to_the_layers() {
        let page = layer("ＡＢ中 国");
        let mut first = DerivedBuilder::default();
        for (start, character) in page.text.char_indices() {
            let span = Span::new(start, start + character.len_utf8());
            match character {
                'Ａ' => first.replace(page.id, span, "A"),
                'Ｂ' => first.replace(page.id, span, "B"),
                ' ' => {}
                _ => first.copy(&page, span),
            }
        }
        let first = first.finish();
        assert_eq!(first.text, "AB中国");
        let middle = layer(&first.text);
        let mut second = DerivedBuilder::default();
        second.copy(&middle, Span::new(1, 5));
        let second = second.finish();
        let map = first.map.then(&second.map);
        let traced: Vec<&str> = map.trace(Span::new(0, 4)).iter().map(|at| at.span.of(&page.text)).collect();
        assert_eq!(traced, ["Ｂ中"]);
    }

    proptest::proptest! {
        /// Invariant 1: a view carries a map back, and what the map names is what the view holds.
        #[test]
        fn copied_characters_are_found_at_their_origin(text in "[a-c一-三 \n]{0,40}") {
            let page = layer(&text);
            let mut builder = DerivedBuilder::default();
            for (start, character) in text.char_indices() {
                if !character.is_whitespace() {
                    builder.copy(&page, Span::new(start, start + character.len_utf8()));
                }
            }
            let view = builder.finish();
            for (start, character) in view.text.char_indices() {
                let traced = view.map.trace(Span::new(start, start + character.len_utf8()));
                assert_eq!(traced.len(), 1);
                assert_eq!(traced[0].span.of(&page.text), character.to_string());
                let back = view.map.project(&traced[0]);
                assert_eq!(back, Some(Span::new(start, start + character.len_utf8())));
            }
        }
    }
}
