use shiliu_lang::{Pack, Profile};
use shiliu_text::Span;

use super::lexicon::Lexicon;
use crate::{Mention, MentionValue, mentions};

/// The words of a stretch that tell what it is about: dates, figures and particles are left out, so that two
/// stretches can be compared by what remains.
#[must_use]
pub fn content_words(text: &str, pack: &Pack, profile: &Profile) -> String {
    let lexicon = Lexicon::of(pack, profile);
    let found = mentions(text, None, pack).value;
    // Of a count the counted thing is a word, only the number is none.
    let number = |mention: &Mention| match mention.value {
        MentionValue::Amount(_) => mention
            .numeral
            .map_or(mention.span, |numeral| Span { start: mention.span.start, end: numeral.end }),
        _ => mention.span,
    };
    let mut spans = found.iter().map(number).peekable();
    let mut kept = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        while spans.next_if(|span| span.end as usize <= at).is_some() {}
        let inside = spans.peek().is_some_and(|span| span.start as usize <= at);
        if inside || lexicon.is_particle(character) {
            kept.push(' ');
        } else if character != '\n' {
            kept.push(character);
        }
    }
    kept
}
