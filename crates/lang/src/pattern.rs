use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::Regex;
use shiliu_text::{Diagnostic, Outcome, Severity, Span};

use crate::Row;
use crate::screen::Screen;

/// One compiled `form`: a regular expression with named slots `{name:class}` and nothing positional. Slots are
/// one level deep: a class is plain expression text from a `[class]` table.
#[derive(Debug)]
pub struct Pattern {
    row: Row,
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

/// A hit of one pattern.
#[derive(Clone, Debug)]
pub struct PatternMatch<'p> {
    /// The row that fired.
    pub row: &'p Row,
    /// Its characters.
    pub span: Span,
    /// The filled slots, by name, in order of place.
    pub slots: Vec<(&'p str, Span)>,
}

impl PatternMatch<'_> {
    /// The first slot of that name.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<Span> {
        self.slots.iter().find(|(slot, _)| *slot == name).map(|(_, span)| *span)
    }
}

impl Pattern {
    /// The data row.
    #[must_use]
    pub fn row(&self) -> &Row {
        &self.row
    }

    fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.source).ok()).as_ref()
    }

    /// The leftmost hit in `text` at or after byte `from`.
    #[must_use]
    pub fn find_at<'p>(&'p self, text: &str, from: usize) -> Option<PatternMatch<'p>> {
        let regex = self.regex()?;
        // `find_at` is several times faster than capturing, and most lines hold no hit.
        regex.find_at(text, from)?;
        let captures = regex.captures_at(text, from)?;
        let whole = captures.get(0)?;
        let mut slots: Vec<(&str, Span)> = regex
            .capture_names()
            .flatten()
            .filter_map(|name| captures.name(name).map(|hit| (name, Span::new(hit.start(), hit.end()))))
            .collect();
        slots.sort_by_key(|(_, span)| *span);
        Some(PatternMatch { row: &self.row, span: Span::new(whole.start(), whole.end()), slots })
    }

    /// The leftmost hit in `text`.
    #[must_use]
    pub fn find<'p>(&'p self, text: &str) -> Option<PatternMatch<'p>> {
        self.find_at(text, 0)
    }
}

/// The patterns of one section.
#[derive(Debug, Default)]
pub struct PatternSet {
    patterns: Vec<Pattern>,
    screen: OnceLock<Screen>,
}

impl PatternSet {
    pub(crate) const fn empty() -> PatternSet {
        PatternSet { patterns: Vec::new(), screen: OnceLock::new() }
    }

    pub(crate) fn compile(rows: &[Row], classes: &BTreeMap<String, String>) -> Outcome<PatternSet> {
        let mut diagnostics = Vec::new();
        let mut patterns = Vec::new();
        for row in rows {
            let Some(form) = row.text("form") else { continue };
            match expand(form, classes) {
                Ok(source) => patterns.push(Pattern { row: row.clone(), source, compiled: OnceLock::new() }),
                Err(message) => diagnostics.push(
                    Diagnostic::new("data-form", Severity::Error, format!("{}: {message}", row.id))
                        .on(&row.file),
                ),
            }
        }
        Outcome { value: PatternSet { patterns, screen: OnceLock::new() }, diagnostics }
    }

    /// The patterns, in order of file and line.
    #[must_use]
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// The patterns that can hit in `text`, in order: all but those that need words which it does not hold.
    pub fn likely(&self, text: &str) -> impl Iterator<Item = &Pattern> {
        let sources = || self.patterns.iter().map(|pattern| pattern.source.as_str());
        let screen = self.screen.get_or_init(|| Screen::of(sources()));
        let (chosen, first) = (screen.chosen(text), text.chars().next());
        self.patterns
            .iter()
            .enumerate()
            .filter(move |(place, _)| chosen.holds(*place) && screen.may_begin(*place, first))
            .map(|(_, pattern)| pattern)
    }

    /// The best hit in `text`: leftmost, then longest, then first row.
    #[must_use]
    pub fn find<'p>(&'p self, text: &str) -> Option<PatternMatch<'p>> {
        let mut best: Option<PatternMatch<'p>> = None;
        for hit in self.likely(text).filter_map(|pattern| pattern.find(text)) {
            let better = best.as_ref().is_none_or(|best| {
                (hit.span.start, std::cmp::Reverse(hit.span.end))
                    < (best.span.start, std::cmp::Reverse(best.span.end))
            });
            if better {
                best = Some(hit);
            }
        }
        best
    }

    /// Whether any pattern hits.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.likely(text).any(|pattern| pattern.regex().is_some_and(|regex| regex.is_match(text)))
    }

    /// Runs the examples of every row: each `yes` must hit, no `no` may, and every row needs both.
    pub(crate) fn check(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut report = |row: &Row, message: String| {
            let message = format!("{}: {message}", row.id);
            found.push(
                Diagnostic::new("data-example", Severity::Error, message)
                    .on(&row.file)
                    .hint("mend the form or the example; `shiliu lang check` runs them all"),
            );
        };
        for pattern in &self.patterns {
            let row = &pattern.row;
            if pattern.regex().is_none() {
                report(row, format!("the form does not compile: {}", pattern.source));
                continue;
            }
            for (key, wanted) in [("yes", true), ("no", false)] {
                let examples = row.texts(key);
                if examples.is_empty() {
                    report(row, format!("no `{key}` example"));
                }
                for example in examples {
                    if pattern.find(example).is_some() != wanted {
                        report(
                            row,
                            format!(
                                "`{key}` example {example:?} {}",
                                if wanted { "is missed" } else { "hits" }
                            ),
                        );
                    }
                }
            }
        }
        found
    }
}

/// Replaces each `{name:class}` by a named group over the class and each `{class}` by an unnamed one.
fn expand(form: &str, classes: &BTreeMap<String, String>) -> Result<String, String> {
    static SLOT: OnceLock<Regex> = OnceLock::new();
    let slot =
        SLOT.get_or_init(|| Regex::new(r"\{([a-z_]+)(?::([a-z_]+))?\}").expect("a constant expression"));
    let mut out = String::with_capacity(form.len() * 2);
    let mut at = 0;
    for captures in slot.captures_iter(form) {
        let whole = captures.get(0).expect("group 0 is the hit");
        let name = &captures[1];
        let (group, class) = match captures.get(2) {
            Some(class) => (format!("?P<{name}>"), class.as_str()),
            None => ("?:".to_owned(), name),
        };
        let class = classes.get(class).ok_or_else(|| format!("no class `{class}` in any [class] table"))?;
        out.push_str(&form[at..whole.start()]);
        out.push('(');
        out.push_str(&group);
        out.push_str(class);
        out.push(')');
        at = whole.end();
    }
    out.push_str(&form[at..]);
    Ok(out)
}
