//! Strings taken from a page by stated rules: reading text, headlines, names.

pub(super) use shiliu_lang::is_unspaced;
use shiliu_text::{Derived, DerivedBuilder, Excerpt, Layer, Located, Span};

use super::strips::is_space;

/// One stretch of reading text.
pub(super) struct Passage<'a> {
    pub layer: &'a Layer,
    pub span: Span,
    /// Whether a paragraph ends with it.
    pub ends_paragraph: bool,
}

/// The reading text of passages in order, by the rule of the contract: a run of white space with a line break
/// becomes one line feed at the end of a paragraph, else nothing next to an unspaced script, else one space.
pub(super) fn reading_text(passages: &[Passage<'_>]) -> Derived {
    let mut builder = DerivedBuilder::default();
    let mut before: Option<&Passage<'_>> = None;
    for passage in passages {
        let text = passage.span.of(&passage.layer.text);
        let lead = text.len() - text.trim_start_matches(is_space).len();
        let body = text.trim_matches(is_space);
        if body.is_empty() {
            continue;
        }
        let start = passage.span.start as usize + lead;
        if let Some(previous) = before {
            let gap = (previous.layer.id == passage.layer.id && previous.span.end as usize <= start)
                .then(|| Span::new(previous.span.end as usize, start))
                .filter(|gap| gap.of(&passage.layer.text).chars().all(is_space));
            let left = builder.text().chars().next_back();
            let right = body.chars().next();
            let same_line = gap.is_some_and(|gap| !gap.of(&passage.layer.text).contains(['\n', '\r']));
            if previous.ends_paragraph {
                put(&mut builder, passage.layer, gap.filter(|gap| !gap.is_empty()), "\n");
            } else if let Some(gap) = gap.filter(|_| same_line) {
                builder.copy(passage.layer, gap);
            } else if !left.is_some_and(is_unspaced) && !right.is_some_and(is_unspaced) {
                put(&mut builder, passage.layer, gap.filter(|gap| !gap.is_empty()), " ");
            }
        }
        copy_unwrapped(&mut builder, passage.layer, Span::new(start, start + body.len()));
        before = Some(passage);
    }
    builder.finish()
}

fn put(builder: &mut DerivedBuilder, layer: &Layer, gap: Option<Span>, characters: &str) {
    match gap {
        Some(gap) => builder.replace(layer.id, gap, characters),
        None => builder.insert(characters),
    }
}

/// Copies a stretch without its line breaks.
fn copy_unwrapped(builder: &mut DerivedBuilder, layer: &Layer, span: Span) {
    let text: &str = &layer.text;
    let base = span.start as usize;
    let mut from = 0;
    let body = span.of(text);
    while let Some(found) = body[from..].find(['\n', '\r']) {
        let at = from + found;
        let start = body[..at].trim_end_matches(is_space).len().max(from);
        let end = at + (body[at..].len() - body[at..].trim_start_matches(is_space).len());
        builder.copy(layer, Span::new(base + from, base + start));
        let left = builder.text().chars().next_back();
        let right = body[end..].chars().next();
        if !left.is_some_and(is_unspaced) && !right.is_some_and(is_unspaced) {
            builder.replace(layer.id, Span::new(base + start, base + end), " ");
        }
        from = end;
    }
    builder.copy(layer, Span::new(base + from, span.end as usize));
}

/// Lines joined to one string: nothing between them next to an unspaced script, else a space.
pub(super) fn joined_lines(layer: &Layer, spans: &[Span]) -> Option<Excerpt> {
    let mut text = String::new();
    let mut at = Vec::new();
    for span in spans.iter().filter(|span| !span.is_empty()) {
        let line = span.of(&layer.text);
        let spaced = |character: Option<char>| character.is_some_and(|character| !is_unspaced(character));
        if spaced(text.chars().next_back()) && spaced(line.chars().next()) {
            text.push(' ');
        }
        for piece in line.split(['\n', '\r']) {
            text.push_str(piece.trim_matches(is_space));
        }
        at.push(Located { text: layer.id, span: *span });
    }
    (!at.is_empty()).then_some(Excerpt { text, at })
}

/// An author line without its brackets and marks; the space that aligns a two-character name is dropped.
pub(super) fn author_line(layer: &Layer, span: Span) -> Option<Excerpt> {
    let outer = |c: char| is_space(c) || "()（）[]【】□■◎●".contains(c);
    let whole = span.of(&layer.text);
    let lead = whole.len() - whole.trim_start_matches(outer).len();
    let inner = whole.trim_matches(outer);
    if inner.is_empty() {
        return None;
    }
    let start = span.start as usize + lead;
    let span = Span::new(start, start + inner.len());
    let words: Vec<&str> = inner.split(is_space).filter(|word| !word.is_empty()).collect();
    let mut text = String::new();
    let single = |word: &str| {
        let mut characters = word.chars();
        characters.next().is_some_and(super::evidence::is_han) && characters.next().is_none()
    };
    let mut joined_before = false;
    for (index, word) in words.iter().enumerate() {
        let joins = index > 0 && single(words[index - 1]) && single(word) && !joined_before;
        if index > 0 && !joins {
            text.push(' ');
        }
        joined_before = joins;
        text.push_str(word);
    }
    Some(Excerpt { text, at: vec![Located { text: layer.id, span }] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use shiliu_text::SourceId;

    fn layer(text: &str) -> Layer {
        Layer::new(SourceId::of(text.as_bytes()), text.to_owned())
    }

    #[test]
    fn reading_text_follows_the_contract() {
        let page = layer("大桥3\r\n 月通\n\n车。\nThe new\nbridge opens.");
        let find = |part: &str| {
            let start = page.text.find(part).expect("it is there");
            Span::new(start, start + part.len())
        };
        let passages = [
            Passage { layer: &page, span: find("大桥3\r\n 月通"), ends_paragraph: false },
            Passage { layer: &page, span: find("车。"), ends_paragraph: true },
            Passage { layer: &page, span: find("The new\nbridge opens."), ends_paragraph: true },
        ];
        let text = reading_text(&passages);
        assert_eq!(text.text, "大桥3月通车。\nThe new bridge opens.");
        let traced = text.map.trace(Span::new(0, text.text.len()));
        assert_eq!(traced.first().map(|at| at.span.start), Some(0));
        assert_eq!(traced.last().map(|at| at.span.end as usize), Some(page.text.len()));
    }

    #[test]
    fn alignment_spaces_go_word_spaces_stay() {
        for (printed, wanted) in [
            ("新华社记者 董 越", "新华社记者 董越"),
            ("（记者 林 越 周小乐）", "记者 林越 周小乐"),
            ("□ 林 越 何 乐", "林越 何乐"),
        ] {
            let page = layer(printed);
            let excerpt = author_line(&page, Span::new(0, printed.len())).expect("names");
            assert_eq!(excerpt.text, wanted);
        }
    }
}
