//! Published formats of an apparatus: TEI P5 parallel segmentation (written and read), CollateX JSON (read and
//! written), W3C Web Annotations, CSV, GraphML, one HTML page, and a view for terminals. Each is a function from a [`Story`] to text.

mod annotations;
mod collatex;
mod csv;
mod graphml;
mod html;
mod tei;
mod tei_reader;
mod terminal;
mod xml;

pub use annotations::annotations;
pub use collatex::{CollatexError, collatex, read_collatex};
pub use csv::csv;
pub use graphml::graphml;
pub use html::html;
pub use tei::tei;
pub use tei_reader::{TeiError, read_tei};
pub use terminal::terminal;

use crate::{Locus, Reading, Story};

/// A stretch of a story: what all print, or a place where they differ.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part<'a> {
    /// All witnesses print it.
    Agreed(&'a str),
    /// A locus and its number, from 1.
    Differing(usize, &'a Locus),
}

/// A story from left to right; no empty stretches.
pub(crate) fn parts(story: &Story) -> Vec<Part<'_>> {
    let mut parts = Vec::with_capacity(story.loci.len() * 2 + 1);
    let mut reached = 0;
    for (index, locus) in story.loci.iter().enumerate() {
        let range = locus.at.range();
        if reached < range.start {
            parts.push(Part::Agreed(&story.established[reached..range.start]));
        }
        parts.push(Part::Differing(index + 1, locus));
        reached = range.end;
    }
    if reached < story.established.len() {
        parts.push(Part::Agreed(&story.established[reached..]));
    }
    parts
}

/// The sigla of a reading, joined by `between`, each after `before`.
pub(crate) fn sigla(reading: &Reading, before: &str, between: &str) -> String {
    let names: Vec<String> =
        reading.witnesses.iter().map(|(witness, _)| format!("{before}{}", Story::siglum(*witness))).collect();
    names.join(between)
}

/// Thousandths as a decimal of three places.
pub(crate) fn decimal(thousandths: u32) -> String {
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}
