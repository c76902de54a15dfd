//! Briefs as documents: Markdown, and HTML that prints well and loads nothing from elsewhere. Every line has
//! footnotes that open the characters it rests on.

use std::collections::BTreeMap;

use shiliu_archive::store::{Reader, StoreError};
use shiliu_ledger::register::{Brief, Ground, Line, Section};
use shiliu_text::CodePoints;

use super::json::Json;
use crate::web::{Tongue, phrase, word};

/// The footnotes of a brief, in the order of its lines.
pub(crate) struct Footnotes {
    /// For each line by entry the numbers of its notes.
    numbers: BTreeMap<String, Vec<usize>>,
    /// The notes: paper and day, the words, the address of the characters.
    pub(crate) notes: Vec<Footnote>,
}

/// One note.
pub(crate) struct Footnote {
    /// Paper, day.
    pub(crate) source: String,
    /// The characters.
    pub(crate) quote: String,
    /// `/p/HASH#c=…`.
    pub(crate) link: String,
}

impl Footnotes {
    /// The notes of every ground of every line; the same characters are noted once.
    pub(crate) fn of(reader: &Reader, brief: &Brief) -> Result<Footnotes, StoreError> {
        let mut found = Footnotes { numbers: BTreeMap::new(), notes: Vec::new() };
        let mut known: BTreeMap<(shiliu_text::TextId, Vec<shiliu_text::Span>), usize> = BTreeMap::new();
        for line in &brief.lines {
            let mut numbers = Vec::new();
            for ground in &line.grounds {
                let key = (ground.text, ground.spans.clone());
                let number = match known.get(&key) {
                    Some(&number) => number,
                    None => {
                        let link = link(reader, ground)?;
                        let source = format!("{} {}", ground.paper, ground.day).trim().to_owned();
                        let source = if source.is_empty() { ground.path.clone() } else { source };
                        found.notes.push(Footnote { source, quote: one_line(&ground.quote), link });
                        known.insert(key, found.notes.len());
                        found.notes.len()
                    }
                };
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            found.numbers.insert(line.entry.clone(), numbers);
        }
        Ok(found)
    }

    /// The numbers of a line's notes.
    pub(crate) fn of_line(&self, line: &Line) -> &[usize] {
        self.numbers.get(&line.entry).map_or(&[], Vec::as_slice)
    }
}

fn link(reader: &Reader, ground: &Ground) -> Result<String, StoreError> {
    Ok(match reader.layer(ground.text)? {
        None => String::new(),
        Some(layer) => {
            let points = CodePoints::new(&layer.text);
            let parts: Vec<String> = ground
                .spans
                .iter()
                .map(|span| format!("{}-{}", points.at_byte(span.start), points.at_byte(span.end)))
                .collect();
            let parts = parts.join(",");
            format!("/p/{}?c={parts}#c={parts}", ground.text)
        }
    })
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line as JSON.
pub(crate) fn line(brief: Option<&str>, line: &Line) -> Json {
    Json::object([
        ("brief", Json::or_null(brief)),
        ("entry", line.entry.as_str().into()),
        ("sections", Json::list(line.sections.iter().map(|section| section.as_str()))),
        ("words", line.words.as_str().into()),
        ("actors", line.actors.as_str().into()),
        ("recipients", line.recipients.as_str().into()),
        ("due", line.due.as_str().into()),
        ("due_words", line.due_words.as_str().into()),
        ("amount", line.amount.as_str().into()),
        ("status", line.status.as_str().into()),
        ("assessed", line.assessed.as_str().into()),
        ("owner", line.owner.as_str().into()),
        ("last_evidence", line.last_evidence.as_str().into()),
        ("remarks", Json::list(line.remarks.iter().map(String::as_str))),
        ("evidence", line.grounds.len().into()),
    ])
}

/// What a line says beside its words, in the reader's language.
pub(crate) fn facts(tongue: Tongue, line: &Line) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            facts.push((word(tongue, "column", name), value));
        }
    };
    let parties = [line.actors.as_str(), line.recipients.as_str()];
    let parties: Vec<&str> = parties.into_iter().filter(|text| !text.is_empty()).collect();
    add("actors", parties.join(" \u{2192} "));
    let due = match (line.due.as_str(), line.due_words.as_str()) {
        ("", words) => words.to_owned(),
        (due, "") => due.to_owned(),
        (due, words) => format!("{due} ({words})"),
    };
    add("due", due);
    add("amount", line.amount.clone());
    let status = if line.status.is_empty() { "none" } else { &line.status };
    let day = if line.assessed.is_empty() { String::new() } else { format!(" {}", line.assessed) };
    add("status", format!("{}{day}", word(tongue, "promise", status)));
    add("owner", line.owner.clone());
    add("last_evidence", line.last_evidence.clone());
    for remark in &line.remarks {
        add("remark", remark.clone());
    }
    facts
}

/// Title, or the word for a brief.
pub(crate) fn title(tongue: Tongue, key: Option<&str>, brief: &Brief) -> String {
    let own = if brief.title.is_empty() { phrase(tongue, "brief.untitled") } else { brief.title.clone() };
    key.map_or(own.clone(), |key| format!("{key} {own}"))
}

/// What it is for, in one line.
pub(crate) fn scope(tongue: Tongue, brief: &Brief) -> String {
    let mut parts = vec![phrase(tongue, "brief.as_of").replace("{0}", &brief.day)];
    if !brief.scope.meeting.is_empty() {
        parts.push(brief.scope.meeting.clone());
    }
    if !brief.scope.parties.is_empty() {
        parts.push(brief.scope.parties.join(" \u{2013} "));
    }
    if !brief.scope.by.is_empty() {
        parts.push(phrase(tongue, "brief.due_by").replace("{0}", &brief.scope.by));
    }
    if let Some(since) = &brief.since {
        parts.push(phrase(tongue, "brief.since").replace("{0}", since));
    }
    parts.join(" \u{b7} ")
}

/// Text that Markdown must not take for its own marks, nor a reader of Markdown that lets HTML through for markup.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in one_line(text).chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '!' | '~' => out.extend(['\\', character]),
            _ => out.push(character),
        }
    }
    out
}

/// The brief in Markdown with footnotes.
pub(crate) fn markdown(tongue: Tongue, key: Option<&str>, brief: &Brief, notes: &Footnotes) -> String {
    let mut out = format!("# {}\n\n{}\n", plain(&title(tongue, key, brief)), plain(&scope(tongue, brief)));
    for section in Section::ALL {
        let lines: Vec<&Line> = brief.lines_of(section).collect();
        if lines.is_empty() {
            continue;
        }
        out.push_str(&format!("\n## {} ({})\n\n", word(tongue, "section", section.as_str()), lines.len()));
        for line in lines {
            let marks: String = notes.of_line(line).iter().map(|number| format!("[^{number}]")).collect();
            out.push_str(&format!("- **{}** {}{marks}\n", line.entry, plain(&line.words)));
            // Told in full where it stands first, named only afterwards.
            if line.sections.first() == Some(&section) {
                for (name, value) in facts(tongue, line) {
                    out.push_str(&format!("  - {name}: {}\n", plain(&value)));
                }
            }
        }
    }
    if !notes.notes.is_empty() {
        out.push('\n');
    }
    for (number, note) in (1..).zip(&notes.notes) {
        out.push_str(&format!(
            "[^{number}]: {}: {} <{}>\n",
            plain(&note.source),
            plain(&note.quote),
            note.link
        ));
    }
    out
}

/// The brief as one HTML file without script and without anything from elsewhere.
pub(crate) fn html(
    tongue: Tongue,
    key: Option<&str>,
    brief: &Brief,
    notes: &Footnotes,
) -> Result<String, askama::Error> {
    use askama::Template as _;
    crate::web::BriefPaper::new(tongue, key, brief, notes).render()
}
