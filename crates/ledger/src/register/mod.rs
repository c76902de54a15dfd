//! The register: promises that people accepted, what they came to, and who follows them. Pure rules over events:
//! no files, no clock (today is an argument).
//!
//! [`Event`]s are only ever added; [`Entry::fold`] turns those of one entry into its state; [`refusal`] says why an
//! act cannot be kept.

mod act;
mod agenda;
mod brief;
mod calendar;
mod details;
mod entry;
mod sampling;
mod status;
mod tally;

pub use act::{Act, Assessment, Event, Ground, Receipt, Source, Stamp, Step, Verdict};
pub use agenda::{Agenda, Reason, Standing};
pub use brief::{Brief, Candidate, Change, Line, SILENT_AFTER, Scope, Section, compare};
pub use calendar::{Precision, Rhythm, last_day};
pub use details::{Detail, Details};
pub use entry::{Dated, Entry, Finding, Question, Reply, refusal, undone};
pub use sampling::{Draw, Rate, draw, rate};
pub use status::{Crosswalk, Stage, Status, crosswalk};
pub use tally::{Countable, Total, counted, totals};
