//! The ways in which one paper prints another's story.

use super::text::{Grammars, Language, StoryText, join, line};
use crate::grammar::IssueDay;
use crate::rng::Rng;

/// Kind of copy, from the plainest to the most broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The whole text under the agency's dateline.
    Full,
    /// The whole text under the paper's own byline.
    Byline,
    /// The first third to two thirds.
    Head,
    /// 30–50 % of the sentences left out.
    Cut,
    /// One of two parts of a page jump.
    Jump,
    /// Two stories merged into one print.
    Composite,
    /// Another article that quotes a passage: no printing of the story.
    Quoted,
    /// An article of its own.
    Local,
    /// Advertisement.
    Advertisement,
    /// Instalment of a series, with its recurring introduction.
    Series,
    /// A telegram from a template.
    Template,
}

impl Kind {
    /// The word in the truth.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Full => "full",
            Kind::Byline => "byline-swapped",
            Kind::Head => "head",
            Kind::Cut => "cut",
            Kind::Jump => "jump",
            Kind::Composite => "composite",
            Kind::Quoted => "quoted",
            Kind::Local => "local",
            Kind::Advertisement => "advertisement",
            Kind::Series => "series",
            Kind::Template => "template",
        }
    }
}

/// Draws a kind of copy of a story.
pub fn draw_kind(rng: &mut Rng) -> Kind {
    match rng.below(100) {
        0..=31 => Kind::Full,
        32..=48 => Kind::Byline,
        49..=70 => Kind::Head,
        71..=84 => Kind::Cut,
        85..=97 => Kind::Jump,
        _ => Kind::Composite,
    }
}

fn with_headline(story: &StoryText, body: String, rng: &mut Rng) -> String {
    if rng.chance(60) { format!("{}\n{body}", story.headline) } else { body }
}

/// Cuts a text in two at a character, in mid-sentence or not.
fn halves(text: &str, rng: &mut Rng) -> (String, String) {
    let n = text.chars().count();
    let at = rng.between(n * 35 / 100, n * 65 / 100);
    let byte = text.char_indices().nth(at).map_or(text.len(), |(b, _)| b);
    (text[..byte].to_owned(), text[byte..].trim_start().to_owned())
}

/// The texts of one printing: two for a jump, else one. `second` is the story that a composite print adds.
pub fn print(
    grammars: &Grammars,
    story: &StoryText,
    second: &StoryText,
    kind: Kind,
    day: IssueDay,
    rng: &mut Rng,
) -> Vec<String> {
    let language = story.language;
    let n = story.sentences.len();
    match kind {
        Kind::Head => {
            let kept = rng.between(n * 35 / 100, n * 62 / 100).max(3.min(n));
            let body = join(language, &story.opening, &story.sentences[..kept]);
            vec![with_headline(story, body, rng)]
        }
        Kind::Cut => {
            let percent = rng.between(30, 50);
            let mut kept: Vec<(String, bool)> = Vec::new();
            for (i, s) in story.sentences.iter().enumerate() {
                if i == 0 || !rng.chance(percent) {
                    kept.push(s.clone());
                }
            }
            let body = join(language, &story.opening, &kept);
            vec![with_headline(story, body, rng)]
        }
        Kind::Jump => {
            let text = with_headline(story, join(language, &story.opening, &story.sentences), rng);
            let (a, b) = halves(&text, rng);
            vec![a, b]
        }
        Kind::Byline => {
            let own = line(grammars, Rng::new(rng.next_u64(), 6), language, day, "copen.swap", &[]);
            let body = join(language, &own, &story.sentences);
            vec![with_headline(story, body, rng)]
        }
        Kind::Composite => {
            let a = join(language, &story.opening, &story.sentences);
            let b = join(second.language, "", &second.sentences);
            vec![with_headline(story, format!("{a}\n{b}"), rng)]
        }
        _ => {
            let body = join(language, &story.opening, &story.sentences);
            vec![with_headline(story, body, rng)]
        }
    }
}

/// An article of its own that quotes one or two sentences of a story.
pub fn quote(
    grammars: &Grammars,
    story: &StoryText,
    article: &StoryText,
    day: IssueDay,
    rng: &mut Rng,
) -> String {
    let at = rng.below(story.sentences.len().saturating_sub(1).max(1));
    let mut passage = story.sentences[at].0.clone();
    let limit = if story.language == Language::Zh { 90 } else { 240 };
    if passage.chars().count() * 2 < limit
        && let Some((next, _)) = story.sentences.get(at + 1)
    {
        passage.push_str(next);
    }
    let quoted =
        line(grammars, Rng::new(rng.next_u64(), 8), article.language, day, "cquote", &[("quote", &passage)]);
    let mut sentences = article.sentences.clone();
    let place = rng.between(1, sentences.len().max(2) - 1).min(sentences.len());
    sentences.insert(place, (quoted, true));
    with_headline(article, join(article.language, "", &sentences), rng)
}
