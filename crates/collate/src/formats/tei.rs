use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::xml::escape;
use super::{Part, decimal, parts, sigla};
use crate::{Cause, Decision, Locus, Story};

/// What each cause means, for the taxonomy in the header.
const CAUSES: [(Cause, &str); 9] = [
    (Cause::Punctuation, "width or kind of a mark, or white space"),
    (Cause::LookAlike, "glyphs that look alike"),
    (Cause::Misreading, "a fluent misreading by the recogniser"),
    (Cause::Wording, "an editor's other word"),
    (Cause::Number, "another number or date"),
    (Cause::Name, "another name"),
    (Cause::Lost, "lost on the page, as at a column's foot"),
    (Cause::Abridgement, "cut by an editor, at the end of a sentence"),
    (Cause::Jump, "cut, moved or mixed in by a jump"),
];

/// A character that XML has no place for, as TEI's `g` with its code point.
fn as_glyph(character: char) -> String {
    format!("<g n=\"U+{:04X}\"/>", character as u32)
}

/// The story as a TEI P5 document with an internal apparatus in parallel segmentation (Guidelines, chapter 13).
///
/// Every `app` has a `lem` and its `rdg`s; `type` is the decision and `subtype` the substance on `app`, the kind on `rdg`;
/// `cause` is described in a taxonomy; `cert` is the probability. A long loss holds `lacunaStart` and `lacunaEnd`,
/// one at the head `witStart`, one at the tail `witEnd`. Moved blocks are in `listTranspose`, loci that are one event in a
/// `linkGrp`, both stand-off. The text stands in one `ab` with its white space, so that it can be read back
/// exactly ([`read_tei`](super::read_tei)).
#[must_use]
pub fn tei(story: &Story) -> String {
    let mut out = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\n<teiHeader>\n<fileDesc>\n",
        "<titleStmt><title>Collation</title></titleStmt>\n",
        "<publicationStmt><p>Collated by Shiliu from the witnesses listed below.</p></publicationStmt>\n",
        "<sourceDesc><listWit>\n",
    ));
    for (index, witness) in story.witnesses.iter().enumerate() {
        let _ = writeln!(
            out,
            "<witness xml:id=\"{}\">{}</witness>",
            Story::siglum(index),
            escape(&witness.key, as_glyph)
        );
    }
    if story.witnesses.is_empty() {
        out.push_str("<witness/>\n");
    }
    out.push_str(
        "</listWit></sourceDesc>\n</fileDesc>\n<encodingDesc>\n<classDecl><taxonomy xml:id=\"causes\">\n",
    );
    for (cause, meaning) in CAUSES {
        let _ = writeln!(
            out,
            "<category xml:id=\"cause-{}\"><catDesc>{meaning}</catDesc></category>",
            cause.as_str()
        );
    }
    out.push_str("</taxonomy></classDecl>\n");
    out.push_str("<variantEncoding method=\"parallel-segmentation\" location=\"internal\"/>\n");
    out.push_str("</encodingDesc>\n</teiHeader>\n");
    stand_off(story, &mut out);
    out.push_str("<text><body><ab xml:space=\"preserve\">");
    let all = parts(story);
    let count = all.len();
    for (at, part) in all.into_iter().enumerate() {
        match part {
            Part::Agreed(text) => out.push_str(&escape(text, as_glyph)),
            Part::Differing(number, locus) => app(number, locus, at == 0, at + 1 == count, &mut out),
        }
    }
    out.push_str("</ab></body></text>\n</TEI>\n");
    out
}

/// Moves and events, by their numbers.
fn stand_off(story: &Story, out: &mut String) {
    let mut moves: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut events: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, locus) in story.loci.iter().enumerate() {
        if let Some(number) = locus.moved {
            moves.entry(number).or_default().push(index + 1);
        }
        if let Some(number) = locus.event {
            events.entry(number).or_default().push(index + 1);
        }
    }
    if moves.is_empty() && events.is_empty() {
        return;
    }
    out.push_str("<standOff>\n");
    if !moves.is_empty() {
        out.push_str("<listTranspose>\n");
        for (number, loci) in &moves {
            let _ = write!(out, "<transpose n=\"{number}\">");
            for locus in loci {
                let _ = write!(out, "<ptr target=\"#l{locus}\"/>");
            }
            out.push_str("</transpose>\n");
        }
        out.push_str("</listTranspose>\n");
    }
    if !events.is_empty() {
        out.push_str("<linkGrp type=\"event\">\n");
        for (number, loci) in &events {
            let targets: Vec<String> = loci.iter().map(|locus| format!("#l{locus}")).collect();
            let _ = writeln!(out, "<link n=\"{number}\" target=\"{}\"/>", targets.join(" "));
        }
        out.push_str("</linkGrp>\n");
    }
    out.push_str("</standOff>\n");
}

fn app(number: usize, locus: &Locus, first: bool, last: bool, out: &mut String) {
    let decision = if locus.decision == Decision::Decided { "decided" } else { "undecided" };
    let _ = write!(out, "<app xml:id=\"l{number}\" type=\"{decision}\"");
    if let Some(substance) = locus.substance {
        let _ = write!(out, " subtype=\"{}\"", substance.as_str());
    }
    out.push('>');
    let mut order: Vec<usize> = (0..locus.readings.len()).collect();
    // `lem` comes first in `app`.
    order.sort_by_key(|at| *at != locus.lemma);
    for at in order {
        let reading = &locus.readings[at];
        let name = if at == locus.lemma { "lem" } else { "rdg" };
        let _ = write!(out, "<{name} wit=\"{}\"", sigla(reading, "#", " "));
        if let (Some(kind), Some(cause)) = (reading.kind, reading.cause) {
            let _ = write!(out, " type=\"{}\" cause=\"{}\"", kind.as_str(), cause.as_str());
        }
        let _ = write!(out, " cert=\"{}\"", decimal(reading.probability));
        let lacuna =
            matches!(reading.cause, Some(Cause::Lost | Cause::Abridgement)) && reading.text.is_empty();
        if lacuna {
            out.push_str(match (first, last) {
                (true, false) => "><witStart/>",
                (false, true) => "><witEnd/>",
                _ => "><lacunaStart/><lacunaEnd/>",
            });
            let _ = write!(out, "</{name}>");
        } else if reading.text.is_empty() {
            out.push_str("/>");
        } else {
            let _ = write!(out, ">{}</{name}>", escape(&reading.text, as_glyph));
        }
    }
    if let Some(conjecture) = &locus.conjecture {
        let _ = write!(out, "<note type=\"conjecture\">{}</note>", escape(conjecture, as_glyph));
    }
    out.push_str("</app>");
}
