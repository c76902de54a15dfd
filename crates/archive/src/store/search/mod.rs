//! Full-text search over every page, newest first: SQLite's FTS5 holds our own terms (pairs of characters for
//! scripts without spaces, words for the others) of the folded text, contentless; the page itself is then
//! scanned, so that a hit is a span of its characters and nothing is found that is not there.

pub(super) mod index;
mod passage;
mod query;
pub(super) mod terms;

pub use passage::{PassageFinding, PassageMatch, WordingChange};
pub(super) use query::phrase;
pub use query::{Hit, Query, SearchResult};
