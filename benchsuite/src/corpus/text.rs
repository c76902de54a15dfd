//! Texts of the made corpora: stories, advertisements, series introductions, telegrams.

use crate::grammar::{Grammar, IssueDay, Writer};
use crate::rng::Rng;

/// Language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
    /// Russian.
    Ru,
    /// Paragraphs in Chinese and English by turns.
    Bilingual,
}

impl Language {
    /// The word in the truth.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Language::Zh => "zh",
            Language::En => "en",
            Language::Ru => "ru",
            Language::Bilingual => "mixed",
        }
    }
}

/// The grammars of all languages.
#[derive(Clone, Debug)]
pub struct Grammars {
    zh: Grammar,
    en: Grammar,
    ru: Grammar,
}

impl Default for Grammars {
    fn default() -> Grammars {
        Grammars {
            zh: Grammar::chinese_corpus(),
            en: Grammar::english_corpus(),
            ru: Grammar::russian_corpus(),
        }
    }
}

impl Grammars {
    /// The grammar of a language; Chinese for bilingual texts.
    #[must_use]
    pub fn of(&self, language: Language) -> &Grammar {
        match language {
            Language::Zh | Language::Bilingual => &self.zh,
            Language::En => &self.en,
            Language::Ru => &self.ru,
        }
    }
}

/// A story before a paper prints it.
#[derive(Clone, Debug)]
pub struct StoryText {
    /// Language.
    pub language: Language,
    /// Headline.
    pub headline: String,
    /// Opening with agency and date, empty where there is none.
    pub opening: String,
    /// Sentences; `true` where a paragraph ends after one.
    pub sentences: Vec<(String, bool)>,
}

/// Joins sentences as a paper prints them.
#[must_use]
pub fn join(language: Language, opening: &str, sentences: &[(String, bool)]) -> String {
    let mut out = String::from(opening);
    let spaced = !matches!(language, Language::Zh);
    let mut fresh = true;
    for (text, ends) in sentences {
        if (!fresh || !out.is_empty()) && spaced && !out.ends_with('\n') && !out.is_empty() {
            out.push(' ');
        }
        out.push_str(text);
        if *ends {
            out.push('\n');
        }
        fresh = false;
    }
    while out.ends_with('\n') {
        out.pop();
    }
    out
}

/// A writer in a topic of its own, with the values that lines need.
#[must_use]
pub fn writer<'g>(grammar: &'g Grammar, mut rng: Rng, day: IssueDay) -> Writer<'g> {
    let topics = grammar.topics();
    let topic = topics[rng.below(topics.len())].clone();
    let mut writer = Writer::new(grammar, rng, &topic, day);
    writer.bind("m", &day.month.to_string());
    writer.bind("d", &day.day.to_string());
    writer.bind("day", &format!("{}.{}", day.day, day.month));
    writer
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn sentence(writer: &mut Writer<'_>, rule: &str) -> String {
    let text = writer.write(rule);
    // A sentence may begin with a clause that the grammar writes small.
    capital(&text)
}

/// Writes a story of `low` to `high` sentences.
#[must_use]
pub fn story(
    grammars: &Grammars,
    rng: Rng,
    language: Language,
    day: IssueDay,
    low: usize,
    high: usize,
) -> StoryText {
    let mut second_rng = rng.clone();
    second_rng.next_u64();
    let mut w = writer(grammars.of(language), rng, day);
    let mut other = (language == Language::Bilingual).then(|| writer(&grammars.en, second_rng, day));
    let n = w.rng.between(low, high);
    let mut sentences = Vec::with_capacity(n);
    for i in 0..n {
        if i % 8 == 7 {
            w.refresh();
            if let Some(o) = &mut other {
                o.refresh();
            }
        }
        let rule = if i == 0 { "cfirst" } else { "csent" };
        let english = i % 4 >= 2;
        let text = match &mut other {
            Some(o) if english => sentence(o, rule),
            _ => sentence(&mut w, rule),
        };
        let turns = other.is_some() && i % 2 == 1;
        let ends = turns || w.rng.chance(30);
        sentences.push((text, ends));
    }
    let headline = sentence(&mut w, "chead");
    let opening = w.write("copen.wire");
    StoryText { language, headline, opening, sentences }
}

/// One line of the grammar in a language, with values bound.
#[must_use]
pub fn line(
    grammars: &Grammars,
    rng: Rng,
    language: Language,
    day: IssueDay,
    rule: &str,
    values: &[(&str, &str)],
) -> String {
    let mut w = writer(grammars.of(language), rng, day);
    for (key, value) in values {
        w.bind(key, value);
    }
    w.write(rule)
}

/// The lines of a telegram: the same words for every state, event and name apart.
#[must_use]
pub fn telegram(grammars: &Grammars, mut rng: Rng, language: Language, day: IssueDay) -> StoryText {
    let seed = rng.next_u64();
    let mut w = writer(grammars.of(language), rng, day);
    let state = w.write("state");
    let leader = w.write("leader");
    let event = w.write("disaster");
    w.bind("state", &state);
    w.bind("leader", &leader);
    w.bind("event", &event);
    let mut sentences: Vec<(String, bool)> =
        w.write_sequence("telegram", 0).into_iter().map(|t| (t, true)).collect();
    // What no other telegram says.
    let mut own = writer(grammars.of(language), Rng::new(seed, 5), day);
    for _ in 0..2 {
        sentences.push((sentence(&mut own, "csent"), true));
    }
    StoryText { language, headline: format!("{state} {event}"), opening: String::new(), sentences }
}
