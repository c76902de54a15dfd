//! Text → mentions (dates, figures) and candidate records. Pure: no files, clocks or storage; the text comes
//! with its reference date, results are spans of it, the caller leads them back to the pages.

mod mention;
mod records;

pub use mention::{Amount, Bound, Mention, MentionKind, MentionValue, Suppressed, explain, mentions};
pub use records::{Context, content_words, records};
