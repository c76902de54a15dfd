//! Immutable sources by content hash, spans, offset maps, derived texts and diagnostics.
//!
//! This crate owns *where a character stands*. It must not know files, clocks or any language.
//! Offsets are UTF-8 bytes everywhere; [`CodePoints`] converts them at the edge.

mod calendar;
mod derived;
mod diagnostic;
mod identity;
mod measure;
mod provenance;
mod span;

pub use calendar::Date;
pub use derived::{Derived, DerivedBuilder, OffsetMap, Piece};
pub use diagnostic::{Diagnostic, Outcome, Severity};
pub use identity::{Digest, Layer, SourceId, TextId, digest_of, hex};
pub use measure::CodePoints;
pub use provenance::{Basis, Excerpt, Fold, Inferred};
pub use span::{Located, Span};
