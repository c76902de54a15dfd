//! The grammar that writes the made articles: our own words, kept in `benchsuite/grammar/`, shared by the page
//! maker and the corpus maker and by nothing else in Shiliu.

use std::collections::{BTreeMap, BTreeSet};

use crate::rng::Rng;

/// A piece of an alternative.
#[derive(Clone, Debug)]
enum Part {
    Text(String),
    /// A rule, expanded; bound to the key where there is one.
    Rule(String, Option<String>),
    /// A number of the range, both ends included.
    Number(usize, usize, Option<String>),
    /// The value that the maker or an earlier slot bound to the key.
    Value(String),
    /// A day shortly before the issue's: of an event.
    Day,
    /// The day before the issue's: of a dateline.
    Eve,
    /// The issue's year.
    Year,
}

/// One rule: its alternatives, each with the length of its own text and slots.
#[derive(Clone, Debug, Default)]
struct Rule {
    alternatives: Vec<Vec<Part>>,
    lengths: Vec<usize>,
}

/// Rules by name, one set per topic; the topic `*` is shared by all.
#[derive(Clone, Debug, Default)]
pub struct Grammar {
    rules: Vec<Rule>,
    /// By topic (`*` for the shared ones), then by rule name without its dot.
    index: BTreeMap<String, BTreeMap<String, usize>>,
    topics: Vec<String>,
}

fn parse_alternative(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        if open > 0 {
            parts.push(Part::Text(rest[..open].to_owned()));
        }
        let Some(close) = rest[open..].find('>') else { break };
        parts.push(parse_slot(&rest[open + 1..open + close]));
        rest = &rest[open + close + 1..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    parts
}

fn parse_slot(slot: &str) -> Part {
    if let Some(key) = slot.strip_prefix('=') {
        return Part::Value(key.to_owned());
    }
    match slot {
        "!day" => return Part::Day,
        "!eve" => return Part::Eve,
        "!year" => return Part::Year,
        _ => {}
    }
    let (name, key) = match slot.split_once('=') {
        Some((name, key)) => (name, Some(key.to_owned())),
        None => (slot, None),
    };
    if let Some((low, high)) = name.split_once('-')
        && let (Ok(low), Ok(high)) = (low.parse(), high.parse())
    {
        return Part::Number(low, high, key);
    }
    Part::Rule(name.to_owned(), key)
}

impl Grammar {
    /// Reads a grammar file. Lines that are no rule are skipped.
    #[must_use]
    pub fn parse(text: &str) -> Grammar {
        let mut grammar = Grammar::default();
        let mut topic = String::from("*");
        for line in text.lines() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            if let Some(name) = line.strip_prefix("topic ") {
                topic = name.trim().to_owned();
                if topic != "*" && !grammar.topics.contains(&topic) {
                    grammar.topics.push(topic.clone());
                }
                continue;
            }
            let Some((name, alternatives)) = line.split_once(": ") else { continue };
            let next = grammar.rules.len();
            let at = *grammar.index.entry(topic.clone()).or_default().entry(name.to_owned()).or_insert(next);
            if at == next {
                grammar.rules.push(Rule::default());
            }
            let rule = &mut grammar.rules[at];
            for alternative in alternatives.split(" | ") {
                let parts = parse_alternative(alternative.trim());
                rule.lengths
                    .push(parts.iter().map(|p| if let Part::Text(t) = p { t.len() } else { 4 }).sum());
                rule.alternatives.push(parts);
            }
        }
        grammar
    }

    /// The Chinese grammar.
    #[must_use]
    pub fn chinese() -> Grammar {
        Grammar::parse(include_str!("../grammar/zh.txt"))
    }

    /// The Chinese grammar with the clauses of the corpora.
    #[must_use]
    pub fn chinese_corpus() -> Grammar {
        let both = [include_str!("../grammar/zh.txt"), include_str!("../grammar/corpus-zh.txt")].join("\n");
        Grammar::parse(&both)
    }

    /// The English grammar of the corpora.
    #[must_use]
    pub fn english_corpus() -> Grammar {
        Grammar::parse(include_str!("../grammar/corpus-en.txt"))
    }

    /// The Russian grammar of the corpora.
    #[must_use]
    pub fn russian_corpus() -> Grammar {
        Grammar::parse(include_str!("../grammar/corpus-ru.txt"))
    }

    /// Topic names in file order.
    #[must_use]
    pub fn topics(&self) -> &[String] {
        &self.topics
    }

    fn find(&self, topic: &str, name: &str) -> Option<usize> {
        let (topic, name) = match name.strip_prefix('.') {
            Some(own) => (topic, own),
            None => ("*", name),
        };
        self.index.get(topic)?.get(name).copied()
    }

    /// Every alternative's plain text pieces, in file order: words to draw plausible misreadings from.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().flat_map(|r| r.alternatives.iter().flatten()).filter_map(|p| match p {
            Part::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// Every slot that names no rule, for the test of the grammar.
    #[must_use]
    pub fn dangling(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (topic, names) in &self.index {
            for (rule, at) in names {
                for part in self.rules[*at].alternatives.iter().flatten() {
                    let Part::Rule(name, _) = part else { continue };
                    let topics: Vec<&str> = if topic == "*" && name.starts_with('.') {
                        self.topics.iter().map(String::as_str).collect()
                    } else {
                        vec![topic]
                    };
                    for t in topics {
                        if self.find(t, name).is_none() {
                            out.push(format!("{topic}/{rule}: <{name}> in {t}"));
                        }
                    }
                }
            }
        }
        out.sort();
        out.dedup();
        out
    }
}

/// The day an issue is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IssueDay {
    /// Year.
    pub year: usize,
    /// Month.
    pub month: usize,
    /// Day of the month; 4 to 28, so that the days before it lie in the same month.
    pub day: usize,
}

/// The writing of one article: what is bound stays, a sentence is not used twice.
#[derive(Clone, Debug)]
pub struct Writer<'g> {
    grammar: &'g Grammar,
    /// The article's own draws.
    pub rng: Rng,
    topic: String,
    bound: BTreeMap<String, String>,
    used: BTreeSet<(usize, usize)>,
    last: BTreeMap<usize, usize>,
    day: IssueDay,
}

/// Alternatives shorter than this (in parts' bytes) are words, which may come again; longer ones are sentences.
const SENTENCE_BYTES: usize = 24;

impl<'g> Writer<'g> {
    /// A writer on one topic for an issue of that day.
    #[must_use]
    pub fn new(grammar: &'g Grammar, rng: Rng, topic: &str, day: IssueDay) -> Writer<'g> {
        Writer {
            grammar,
            rng,
            topic: topic.to_owned(),
            bound: BTreeMap::new(),
            used: BTreeSet::new(),
            last: BTreeMap::new(),
            day,
        }
    }

    /// Binds a value.
    pub fn bind(&mut self, key: &str, value: &str) {
        self.bound.insert(key.to_owned(), value.to_owned());
    }

    /// What is bound to a key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.bound.get(key).map(String::as_str)
    }

    /// Expands a rule; empty where there is none.
    pub fn write(&mut self, rule: &str) -> String {
        let mut out = String::new();
        self.expand(rule, &mut out, 0);
        out
    }

    fn choose(&mut self, rule: &str) -> Option<&'g [Part]> {
        let key = self.grammar.find(&self.topic, rule)?;
        let found = &self.grammar.rules[key];
        let n = found.alternatives.len();
        let free = n - self.used.range((key, 0)..(key + 1, 0)).count();
        let picked = if free == 0 {
            self.rng.below(n)
        } else {
            let drawn = self.rng.below(free);
            let mut fresh = (0..n).filter(|i| free == n || !self.used.contains(&(key, *i)));
            let first = fresh.nth(drawn).unwrap_or(0);
            // The same word twice in a row reads badly ("with bodies A and A").
            let again = self.last.get(&key) == Some(&first) && free > 1;
            if again {
                let next = (0..n).filter(|i| !self.used.contains(&(key, *i))).nth((drawn + 1) % free);
                next.unwrap_or(first)
            } else {
                first
            }
        };
        self.last.insert(key, picked);
        if found.lengths[picked] >= SENTENCE_BYTES {
            self.used.insert((key, picked));
        }
        found.alternatives.get(picked).map(Vec::as_slice)
    }

    /// Forgets which sentences were used: for long texts.
    pub fn refresh(&mut self) {
        self.used.clear();
    }

    /// Writes the rule's sentences in their order of the file, `skip_percent` of them left out.
    pub fn write_sequence(&mut self, rule: &str, skip_percent: usize) -> Vec<String> {
        let Some(key) = self.grammar.find(&self.topic, rule) else { return Vec::new() };
        let mut out = Vec::new();
        for (i, parts) in self.grammar.rules[key].alternatives.iter().enumerate() {
            if i > 0 && self.rng.chance(skip_percent) {
                continue;
            }
            let mut text = String::new();
            self.expand_parts(parts, &mut text, 0);
            out.push(text);
        }
        out
    }

    fn expand(&mut self, rule: &str, out: &mut String, depth: usize) {
        // A rule that calls itself ends here instead of on the stack.
        if depth > 12 {
            return;
        }
        if let Some(parts) = self.choose(rule) {
            self.expand_parts(parts, out, depth);
        }
    }

    fn expand_parts(&mut self, parts: &'g [Part], out: &mut String, depth: usize) {
        for part in parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Value(key) => out.push_str(self.bound.get(key).map_or("", String::as_str)),
                Part::Year => out.push_str(&self.day.year.to_string()),
                Part::Day | Part::Eve => {
                    let back = if matches!(part, Part::Eve) { 0 } else { self.rng.below(3) };
                    let day = self.day.day.saturating_sub(1 + back).max(1);
                    self.bind("m", &self.day.month.to_string());
                    self.bind("d", &day.to_string());
                    self.expand("fmt.day", out, depth + 1);
                }
                Part::Number(low, high, key) => {
                    let bound = key.as_ref().and_then(|k| self.bound.get(k).cloned());
                    let text = bound.unwrap_or_else(|| self.rng.between(*low, *high).to_string());
                    out.push_str(&text);
                    if let Some(key) = key {
                        self.bound.insert(key.clone(), text);
                    }
                }
                Part::Rule(name, None) => self.expand(name, out, depth + 1),
                Part::Rule(name, Some(key)) => {
                    if let Some(text) = self.bound.get(key) {
                        out.push_str(text);
                    } else {
                        let mut text = String::new();
                        self.expand(name, &mut text, depth + 1);
                        out.push_str(&text);
                        self.bound.insert(key.clone(), text);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_names_a_rule() {
        for grammar in [
            Grammar::chinese(),
            Grammar::chinese_corpus(),
            Grammar::english_corpus(),
            Grammar::russian_corpus(),
        ] {
            assert_eq!(grammar.dangling(), Vec::<String>::new());
        }
    }

    #[test]
    fn a_bound_name_stays() {
        let grammar = Grammar::chinese();
        let day = IssueDay { year: 2031, month: 5, day: 9 };
        let mut writer = Writer::new(&grammar, Rng::new(1, 2), "grain", day);
        writer.bind("n1", "甲乙");
        assert!(writer.write("req").contains("甲乙") || writer.value("n1") == Some("甲乙"));
    }
}
