use std::fmt::Write as _;

use super::xml::{escape, replacement};
use super::{Part, decimal, parts, sigla};
use crate::{Cause, Decision, Locus, Story};
use shiliu_text::Span;

/// An agreed stretch longer than this, in characters, is folded in the table.
const FOLDED_FROM: usize = 60;
/// What stays visible of a folded stretch at either end.
const FOLDED_ENDS: usize = 20;

const STYLE: &str = "
:root{color-scheme:light dark}
body{font:1rem/1.7 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
.text{white-space:pre-wrap;font-size:1.1rem}
a.locus{color:inherit;text-decoration:underline dotted;text-underline-offset:.25em}
a.locus.substance{background:#ffd86b66}
a.locus.undecided{text-decoration:underline wavy #c33}
a.locus sup{font-size:.65em}
table{border-collapse:collapse;width:100%}
td,th{border-top:1px solid #8886;padding:.25rem .5rem;text-align:left;vertical-align:top}
td.reading{white-space:pre-wrap}
tr.lemma td.reading{font-weight:600}
tbody:target{outline:2px solid #47a}
.context{color:#888}
.empty::after{content:'\\2205'}
.none{display:none}
body:has(#only-substance:checked) tbody.plain,
body:has(#only-undecided:checked) tbody.decided,
body:has(#no-space:checked) tbody.space{display:none}
";

/// One self-contained page: the established text with its loci, the witnesses, and the apparatus with filters. It loads
/// nothing and needs no script.
#[must_use]
pub fn html(story: &Story) -> String {
    let mut out = String::from("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str(
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Collation</title>\n<style>",
    );
    out.push_str(STYLE);
    out.push_str("</style>\n</head>\n<body>\n<h1>Collation</h1>\n<h2>Witnesses</h2>\n");
    witnesses(story, &mut out);
    out.push_str("<h2>Established text</h2>\n<div class=\"text\">");
    let all = parts(story);
    for part in &all {
        match part {
            Part::Agreed(text) => out.push_str(&escape(text, replacement)),
            Part::Differing(number, locus) => {
                let lemma = &locus.readings[locus.lemma].text;
                let class = classes(locus);
                let class = class.replace("plain", "").replace("decided ", "");
                let _ = write!(
                    out,
                    "<a class=\"locus {}\" href=\"#l{number}\">{}<sup>{number}</sup></a>",
                    class.trim(),
                    escape(lemma, replacement)
                );
            }
        }
    }
    out.push_str("</div>\n<h2>Apparatus</h2>\n<p>");
    for (id, label) in [
        ("only-substance", "only what touches numbers, dates, names, negation"),
        ("only-undecided", "only undecided"),
        ("no-space", "without white space"),
    ] {
        let _ = write!(out, "<label><input type=\"checkbox\" id=\"{id}\"> {label}</label> ");
    }
    out.push_str("</p>\n<table>\n<thead><tr><th></th><th>reading</th><th>witnesses</th><th>kind</th><th>cause</th><th>probability</th></tr></thead>\n");
    let mut before = String::new();
    for part in &all {
        match part {
            Part::Agreed(text) => before = folded(text),
            Part::Differing(number, locus) => {
                entry(*number, locus, &before, &mut out);
                before.clear();
            }
        }
    }
    out.push_str("</table>\n");
    outside(story, &mut out);
    out.push_str("</body>\n</html>\n");
    out
}

/// What the witnesses print beside the story: it is not collated, and shown so that nothing is hidden.
fn outside(story: &Story, out: &mut String) {
    let mut rows = String::new();
    for (index, witness) in story.witnesses.iter().enumerate() {
        let end = Span { start: u32::try_from(witness.text.len()).unwrap_or(u32::MAX), end: 0 };
        let mut reached = 0;
        for span in witness.coverage.iter().chain([&end]) {
            let text = witness.text.get(reached..span.start as usize).unwrap_or_default().trim();
            if !text.is_empty() {
                let siglum = Story::siglum(index);
                let _ =
                    writeln!(rows, "<tr><th>{siglum}</th><td class=\"reading\">{}</td></tr>", folded(text));
            }
            reached = reached.max(span.end as usize);
        }
    }
    if !rows.is_empty() {
        out.push_str("<h2>Outside the story</h2>\n<table>\n<tbody>\n");
        out.push_str(&rows);
        out.push_str("</tbody>\n</table>\n");
    }
}

fn witnesses(story: &Story, out: &mut String) {
    out.push_str("<table>\n<thead><tr><th></th><th>witness</th><th>characters</th><th>lacks</th><th>differs from the lemma</th></tr></thead>\n<tbody>\n");
    for (index, witness) in story.witnesses.iter().enumerate() {
        let covered: usize = witness.coverage.iter().map(|span| span.of(&witness.text).chars().count()).sum();
        let (mut lacks, mut differs) = (0usize, 0usize);
        for locus in &story.loci {
            let Some((reading, _)) = story.reading_of(locus, index) else { continue };
            match reading.cause {
                Some(Cause::Lost | Cause::Abridgement) => {
                    lacks += locus.at.of(&story.established).chars().count()
                }
                Some(_) => differs += 1,
                None => {}
            }
        }
        let _ = writeln!(
            out,
            "<tr><th>{}</th><td>{}</td><td>{covered}</td><td>{lacks}</td><td>{differs}</td></tr>",
            Story::siglum(index),
            escape(&witness.key, replacement)
        );
    }
    out.push_str("</tbody>\n</table>\n");
}

fn classes(locus: &Locus) -> String {
    let space = locus.readings.iter().all(|reading| reading.text.trim().is_empty());
    format!(
        "{} {}{}",
        if locus.decision == Decision::Decided { "decided" } else { "undecided" },
        if locus.substance.is_some() { "substance" } else { "plain" },
        if space { " space" } else { "" }
    )
}

fn entry(number: usize, locus: &Locus, before: &str, out: &mut String) {
    let _ = writeln!(out, "<tbody id=\"l{number}\" class=\"{}\">", classes(locus));
    let mut notes = Vec::new();
    if let Some(substance) = locus.substance {
        notes.push(substance.as_str().to_owned());
    }
    if locus.decision == Decision::Undecided {
        notes.push("undecided".to_owned());
    }
    if let Some(moved) = locus.moved {
        notes.push(format!("move {moved}"));
    }
    if let Some(event) = locus.event {
        notes.push(format!("event {event}"));
    }
    let _ = writeln!(
        out,
        "<tr><th>{number}</th><td colspan=\"4\" class=\"context\">{before}</td><td>{}</td></tr>",
        notes.join(", ")
    );
    for (at, reading) in locus.readings.iter().enumerate() {
        let _ = writeln!(
            out,
            "<tr{}><td></td><td class=\"reading{}\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            if at == locus.lemma { " class=\"lemma\"" } else { "" },
            if reading.text.is_empty() { " empty" } else { "" },
            escape(&reading.text, replacement),
            sigla(reading, "", " "),
            reading.kind.map_or("", |kind| kind.as_str()),
            reading.cause.map_or("", |cause| cause.as_str()),
            decimal(reading.probability)
        );
    }
    if let Some(conjecture) = &locus.conjecture {
        let _ = writeln!(
            out,
            "<tr><td></td><td class=\"reading\">{}</td><td colspan=\"4\">conjecture: no witness has it</td></tr>",
            escape(conjecture, replacement)
        );
    }
    out.push_str("</tbody>\n");
}

/// The unvaried run before a locus: its end, the rest behind a click.
fn folded(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let shown = |part: &[char]| escape(&part.iter().collect::<String>(), replacement);
    if characters.len() <= FOLDED_FROM {
        return shown(&characters);
    }
    let (head, tail) = (&characters[..FOLDED_ENDS], &characters[characters.len() - FOLDED_ENDS..]);
    let middle = &characters[FOLDED_ENDS..characters.len() - FOLDED_ENDS];
    format!(
        "{}<details><summary>{} characters</summary>{}</details>{}",
        shown(head),
        middle.len(),
        shown(middle),
        shown(tail)
    )
}
