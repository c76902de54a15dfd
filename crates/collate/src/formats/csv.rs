use shiliu_text::CodePoints;

use super::{decimal, sigla};
use crate::{Decision, Story};

/// The columns of [`csv`].
const HEAD: &str =
    "locus,start,end,decision,confidence,move,event,substance,reading,lemma,witnesses,kind,cause,probability";

/// One row for each reading of each locus (RFC 4180, with a head): the locus's number and its code points in the
/// established text, the decision, then the reading. White space is kept inside quotes.
#[must_use]
pub fn csv(story: &Story) -> String {
    let mut out = format!("{HEAD}\r\n");
    let points = CodePoints::new(&story.established);
    for (index, locus) in story.loci.iter().enumerate() {
        let number = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
        for (at, reading) in locus.readings.iter().enumerate() {
            let cells = [
                (index + 1).to_string(),
                points.at_byte(locus.at.start).to_string(),
                points.at_byte(locus.at.end).to_string(),
                if locus.decision == Decision::Decided { "decided" } else { "undecided" }.to_owned(),
                decimal(locus.confidence),
                number(locus.moved),
                number(locus.event),
                locus.substance.map(|substance| substance.as_str().to_owned()).unwrap_or_default(),
                quoted(&reading.text),
                (at == locus.lemma).to_string(),
                sigla(reading, "", " "),
                reading.kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
                reading.cause.map(|cause| cause.as_str().to_owned()).unwrap_or_default(),
                decimal(reading.probability),
            ];
            out.push_str(&cells.join(","));
            out.push_str("\r\n");
        }
    }
    out
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
