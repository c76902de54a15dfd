//! Who answers in an interview.

use shiliu_text::Span;

use super::doc::Doc;
use super::lexicon::Class;
use super::person::chinese;

/// `某某（某公司总经理）：`: a paragraph of an interview names who answers, with the office in brackets.
pub(super) fn introduced(doc: &Doc<'_>, seen: &mut Vec<(Span, Span, &'static str)>) {
    for paragraph in &doc.layout.paragraphs {
        let start = paragraph.start;
        let Some(end) = chinese(doc, start, false) else { continue };
        let bracket = Span { start: end, end: (end + 1).min(paragraph.end) };
        let bracket = doc.layout.pairs_in(bracket).first().filter(|pair| pair.open == '（' && !pair.torn);
        let Some(pair) = bracket.filter(|pair| doc.char_at(pair.span.end) == Some('：')) else { continue };
        if doc.ending(pair.content().end, Class::Title).is_some() {
            seen.push((pair.content(), Span { start, end }, INTRODUCED));
        }
    }
}

/// The rule of a name whose office stands behind it in brackets.
pub(super) const INTRODUCED: &str = "person.introduced";
