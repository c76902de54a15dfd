//! A brief as one file for printing: no script, nothing from elsewhere, so that it can be sent and kept.

use askama::Template;
use shiliu_ledger::register::{Brief, Section};

use super::words::{Tongue, phrase, word};
use crate::export::briefs::{Footnotes, facts, scope, title};

/// The file.
#[derive(Template)]
#[template(path = "brief_paper.html")]
pub(crate) struct BriefPaper {
    lang: &'static str,
    title: String,
    scope: String,
    sections: Vec<PaperSection>,
    footnotes: String,
    notes: Vec<PaperNote>,
}

/// Lines of one section.
pub(crate) struct PaperSection {
    pub(crate) id: &'static str,
    pub(crate) name: String,
    pub(crate) lines: Vec<PaperLine>,
}

/// One entry; told in full in the first section that it stands in.
pub(crate) struct PaperLine {
    pub(crate) entry: String,
    pub(crate) words: String,
    pub(crate) notes: Vec<usize>,
    pub(crate) facts: Vec<(String, String)>,
    /// The section where it is told in full; empty where that is here.
    pub(crate) see: String,
}

/// One footnote.
pub(crate) struct PaperNote {
    pub(crate) number: usize,
    pub(crate) source: String,
    pub(crate) quote: String,
    pub(crate) link: String,
}

/// The sections of a brief that have lines.
pub(crate) fn sections(tongue: Tongue, brief: &Brief, notes: &Footnotes) -> Vec<PaperSection> {
    let mut found = Vec::new();
    for section in Section::ALL {
        let lines: Vec<PaperLine> = brief
            .lines_of(section)
            .map(|line| {
                let first = line.sections.first().copied().unwrap_or(section);
                let here = first == section;
                let name = word(tongue, "section", first.as_str());
                PaperLine {
                    entry: line.entry.clone(),
                    words: line.words.clone(),
                    notes: notes.of_line(line).to_vec(),
                    facts: if here { facts(tongue, line) } else { Vec::new() },
                    see: if here { String::new() } else { phrase(tongue, "brief.see").replace("{0}", &name) },
                }
            })
            .collect();
        if !lines.is_empty() {
            found.push(PaperSection {
                id: section.as_str(),
                name: word(tongue, "section", section.as_str()),
                lines,
            });
        }
    }
    found
}

/// The footnotes with their numbers.
pub(crate) fn numbered(notes: &Footnotes) -> Vec<PaperNote> {
    (1..)
        .zip(&notes.notes)
        .map(|(number, note)| PaperNote {
            number,
            source: note.source.clone(),
            quote: note.quote.clone(),
            link: note.link.clone(),
        })
        .collect()
}

impl BriefPaper {
    /// The file of a brief in a language.
    pub(crate) fn new(tongue: Tongue, key: Option<&str>, brief: &Brief, notes: &Footnotes) -> BriefPaper {
        BriefPaper {
            lang: tongue.code(),
            title: title(tongue, key, brief),
            scope: scope(tongue, brief),
            sections: sections(tongue, brief, notes),
            footnotes: phrase(tongue, "brief.footnotes"),
            notes: numbered(notes),
        }
    }
}
