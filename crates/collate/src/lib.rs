//! Witnesses of one story → [`Story`]: alignment, loci, readings, established text, apparatus; TEI and other
//! published formats. Knows no files, no language (folding, look-alikes and reliabilities are passed in) and no
//! ledger.

mod collation;
mod story;

pub use collation::collate;
pub use story::{
    Cause, Decision, Judge, Locus, NeutralJudge, Reading, ReadingKind, Story, Substance, Witness,
};
