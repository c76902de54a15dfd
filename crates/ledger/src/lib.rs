//! The record model and the register: what candidates are, what entries, evidence and assessments are, how
//! records link. Rules only: no files, no storage, no web, no clock (today is an argument).

mod label;
mod link;
mod record;
pub mod register;

pub use label::Label;
pub use link::{Link, LinkRules, LinkVerb, Words, link};
pub use record::{Field, FieldBasis, Fields, Kind, Record, Value};
