//! Language data: the rows of `lang/` (patterns, word lists, numerals, units) and of `profiles/` (the bodies,
//! states and projects of one mechanism), and the matchers over them.
//!
//! Everything a language or a mechanism knows is a row in a data file with an id and examples; this crate turns
//! rows into matchers. It must not know files (bytes come in, see [`builtin`]) or clocks.

mod characters;
mod decimal;
mod dictionary;
mod fold;
mod form;
mod joints;
mod lexicon;
mod numeral;
mod pack;
mod pattern;
mod profile;
mod screen;
mod subjects;
mod text_odds;
mod traditional;
mod view;

pub use characters::{CharacterEdge, CharacterModel};
pub use decimal::Decimal;
pub use dictionary::{CutSpace, Dictionary, Word};
pub use fold::is_unspaced;
pub use form::{Filled, Filling, FormMatch, FormSet, Room, Slot};
pub use joints::{Border, JointModel, JointSide};
pub use lexicon::{Class, ClassSet, Hit, Lexicon, Sense};
pub use numeral::{NUMERAL_LEADS, Numeral, NumeralStyle, Share};
pub use pack::{Pack, Row, Table};
pub use pattern::{Pattern, PatternMatch, PatternSet};
pub use profile::{Entry, MOST_STATES, Office, Profile, Section};
pub use subjects::{SUBJECT_DIMENSIONS, Subject, SubjectModel};
pub use text_odds::TextOdds;
pub use traditional::Traditional;
pub use view::{END, Gap, Sort, View, is_han, is_spaced_letter};

/// The data files that are part of the program, as (path in the repository, contents), sorted by path.
#[must_use]
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    include!(concat!(env!("OUT_DIR"), "/builtin.rs"))
}
