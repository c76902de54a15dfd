use std::collections::BTreeSet;
use std::fmt::Write as _;

use shiliu_text::CodePoints;

use super::{decimal, sigla};
use crate::{Cause, Decision, Locus, Reading, Story};

/// Characters of context on either side.
const CONTEXT: usize = 10;
/// A longer reading is shown by its beginning and end.
const LONGEST: usize = 48;

/// The apparatus for a terminal, one difference after the other like the hunks of a diff: where (code points of the
/// established text), the words around, then each reading with its witnesses. `?` marks an undecided locus, `!` one
/// that touches the sense. What is one event is one hunk although others differ inside it, and places in which only white
/// space differs are counted, not shown. No colours; line feeds inside readings are shown as `⏎`.
#[must_use]
pub fn terminal(story: &Story) -> String {
    let mut out = String::new();
    for (index, witness) in story.witnesses.iter().enumerate() {
        let covered: usize = witness.coverage.iter().map(|span| span.of(&witness.text).chars().count()).sum();
        let _ = writeln!(out, "{:>3}  {}  {covered} characters", Story::siglum(index), shown(&witness.key));
    }
    let (layout, words): (Vec<&Locus>, Vec<&Locus>) = story.loci.iter().partition(|locus| is_layout(locus));
    let undecided = words.iter().filter(|locus| locus.decision == Decision::Undecided).count();
    let substantive = words.iter().filter(|locus| locus.substance.is_some()).count();
    let _ = write!(out, "{} differences, {undecided} undecided, {substantive} touch the sense", words.len());
    if !layout.is_empty() {
        let _ = write!(out, "; at {} more places only white space differs", layout.len());
    }
    out.push('\n');
    let points = CodePoints::new(&story.established);
    let mut seen: BTreeSet<(bool, bool, u32)> = BTreeSet::new();
    for (index, locus) in story.loci.iter().enumerate() {
        if is_layout(locus) {
            continue;
        }
        let (mut range, mut pieces) = (locus.at.range(), 1usize);
        if let Some(key) = whole_event(locus) {
            if !seen.insert(key) {
                continue;
            }
            for other in story.loci[index + 1..].iter().filter(|other| whole_event(other) == Some(key)) {
                range.end = other.at.range().end;
                pieces += 1;
            }
        }
        let (start, end) = (points.at_byte(offset(range.start)), points.at_byte(offset(range.end)));
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
        if pieces > 1 {
            notes.push(format!("{pieces} pieces, others differ inside"));
        }
        let _ = write!(
            out,
            "\n@@ {} @ {start}-{end} @@ {}[{}]{}",
            index + 1,
            shown(&left),
            cut(&story.established[range.clone()]),
            shown(&right)
        );
        for note in notes {
            let _ = write!(out, "  {note}");
        }
        out.push('\n');
        for (at, reading) in locus.readings.iter().enumerate() {
            let lemma = at == locus.lemma;
            let mark = if lemma { '+' } else { '-' };
            let text =
                if lemma && pieces > 1 { &story.established[range.clone()] } else { reading.text.as_str() };
            let text = if text.is_empty() { "\u{2205}".to_owned() } else { cut(text) };
            let _ =
                write!(out, "{mark} {text}  {}  {}", sigla(reading, "", " "), decimal(reading.probability));
            if let (Some(kind), Some(cause)) = (reading.kind, reading.cause) {
                let _ = write!(out, "  {} ({})", kind.as_str(), cause.as_str());
            }
            out.push('\n');
        }
        if let Some(conjecture) = &locus.conjecture {
            let _ = writeln!(out, "~ {}  conjecture: no witness has it", cut(conjecture));
        }
    }
    out
}

fn offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

/// Whether only white space differs.
fn is_layout(locus: &Locus) -> bool {
    let solid = |at: usize| locus.readings[at].text.chars().filter(|one| !one.is_whitespace());
    (1..locus.readings.len()).all(|at| solid(0).eq(solid(at)))
}

/// What the pieces of one long loss, or of one place of a moved block, have in common. (A pair of marks stays two.)
fn whole_event(locus: &Locus) -> Option<(bool, bool, u32)> {
    let long = |reading: &Reading| {
        matches!(reading.cause, Some(Cause::Lost | Cause::Abridgement)) && reading.text.trim().is_empty()
    };
    match (locus.moved, locus.event) {
        (Some(number), _) => Some((true, locus.at.is_empty(), number)),
        (None, Some(number)) if locus.readings.iter().any(long) => Some((false, false, number)),
        _ => None,
    }
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
