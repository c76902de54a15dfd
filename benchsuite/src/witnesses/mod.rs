//! The witness maker: printings of one story with known errors, for measuring collation. Independent, correlated, uneven
//! and deletion-heavy noise, and a mixed kind as real printings have it: words lost and exchanged, marks changed,
//! editors' words, numbers, names, moved blocks, lost column feet, foreign inserts, abridgement.
//!
//! A witness is made of events; each knows which characters of the true text it concerns, what was printed there, and
//! of which kind and cause it is in the words of the public contract.

mod make;
mod noise;
pub mod score;
mod structure;
mod words;

use std::ops::Range;

pub use make::{Profile, Setting, made_text, make};
pub use words::Words;

/// What kind of departure from the truth an event is; the words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Other characters.
    Substitution,
    /// Fewer.
    Omission,
    /// More.
    Addition,
    /// The same at another place.
    Transposition,
}

/// What one witness does to one stretch of the true text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Characters of the true text; empty where something is added before `at.start`.
    pub at: Range<usize>,
    /// What is printed there; of a moved block nothing (it is printed at [`Event::moved_to`]).
    pub printed: Vec<char>,
    /// Kind.
    pub kind: Kind,
    /// Cause, a word of the contract.
    pub cause: &'static str,
    /// Before which character of the true text a moved block is printed.
    pub moved_to: Option<usize>,
}

/// A printed character and the character of the true text that it stands for, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed {
    /// As printed.
    pub character: char,
    /// Place in the true text.
    pub origin: Option<usize>,
}

/// One printing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeWitness {
    /// Its name.
    pub name: String,
    /// Its text with origins.
    pub printed: Vec<Printed>,
    /// What was done to the true text, by place.
    pub events: Vec<Event>,
}

impl MadeWitness {
    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        self.printed.iter().map(|one| one.character).collect()
    }
}

/// Printings of one story with their truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeStory {
    /// The true text.
    pub truth: Vec<char>,
    /// The printings.
    pub witnesses: Vec<MadeWitness>,
}

impl MadeStory {
    /// Which characters of the truth at least one witness prints (rightly or not).
    #[must_use]
    pub fn union(&self) -> Vec<bool> {
        let mut known = vec![false; self.truth.len()];
        for origin in self.witnesses.iter().flat_map(|witness| &witness.printed).filter_map(|one| one.origin)
        {
            known[origin] = true;
        }
        known
    }
}
