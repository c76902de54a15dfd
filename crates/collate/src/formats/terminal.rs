use std::fmt::Write as _;

use shiliu_text::CodePoints;

use super::{decimal, sigla};
use crate::{Decision, Story};

/// Characters of context on either side.
const CONTEXT: usize = 10;
/// A longer reading is shown by its beginning and end.
const LONGEST: usize = 48;

/// The apparatus for a terminal, one locus after the other like the hunks of a diff: where (code points of the
/// established text), the words around, then each reading with its witnesses. `?` marks an undecided locus, `!` one
/// that touches the sense. No colours; line feeds inside readings are shown as `⏎`.
#[must_use]
pub fn terminal(story: &Story) -> String {
    let mut out = String::new();
    for (index, witness) in story.witnesses.iter().enumerate() {
        let covered: usize = witness.coverage.iter().map(|span| span.of(&witness.text).chars().count()).sum();
        let _ = writeln!(out, "{:>3}  {}  {covered} characters", Story::siglum(index), shown(&witness.key));
    }
    let undecided = story.loci.iter().filter(|locus| locus.decision == Decision::Undecided).count();
    let _ = writeln!(out, "{} loci, {undecided} undecided", story.loci.len());
    let points = CodePoints::new(&story.established);
    for (index, locus) in story.loci.iter().enumerate() {
        let range = locus.at.range();
        let (start, end) = (points.at_byte(locus.at.start), points.at_byte(locus.at.end));
        let left: String = story.established[..range.start].chars().rev().take(CONTEXT).collect();
        let left: String = left.chars().rev().collect();
        let right: String = story.established[range.end..].chars().take(CONTEXT).collect();
        let mut notes: Vec<String> = Vec::new();
        if locus.decision == Decision::Undecided {
            notes.push("?".to_owned());
        }
        if let Some(substance) = locus.substance {
            notes.push(format!("!{}", substance.as_str()));
        }
        if let Some(number) = locus.moved {
            notes.push(format!("move {number}"));
        }
        if let Some(number) = locus.event {
            notes.push(format!("event {number}"));
        }
        let lemma = &locus.readings[locus.lemma];
        let _ = write!(
            out,
            "\n@@ {} @ {start}-{end} @@ {}[{}]{}",
            index + 1,
            shown(&left),
            cut(&lemma.text),
            shown(&right)
        );
        for note in notes {
            let _ = write!(out, "  {note}");
        }
        out.push('\n');
        for (at, reading) in locus.readings.iter().enumerate() {
            let mark = if at == locus.lemma { '+' } else { '-' };
            let text = if reading.text.is_empty() { "\u{2205}".to_owned() } else { cut(&reading.text) };
            let _ =
                write!(out, "{mark} {text}  {}  {}", sigla(reading, "", " "), decimal(reading.probability));
            if let (Some(kind), Some(cause)) = (reading.kind, reading.cause) {
                let _ = write!(out, "  {} ({})", kind.as_str(), cause.as_str());
            }
            out.push('\n');
        }
    }
    out
}

/// Line feeds made visible; other control characters, which could steer a terminal, replaced.
fn shown(text: &str) -> String {
    let visible = |character: char| match character {
        '\n' => '\u{23ce}',
        _ if character.is_control() => '\u{fffd}',
        _ => character,
    };
    text.chars().map(visible).collect()
}

fn cut(text: &str) -> String {
    let characters: Vec<char> = shown(text).chars().collect();
    if characters.len() <= LONGEST {
        return characters.into_iter().collect();
    }
    let half = LONGEST / 2 - 6;
    let (head, tail) = (&characters[..half], &characters[characters.len() - half..]);
    let between = characters.len() - 2 * half;
    format!(
        "{}\u{2026}({between})\u{2026}{}",
        head.iter().collect::<String>(),
        tail.iter().collect::<String>()
    )
}
