//! Witnesses of one story → [`Story`]: alignment, loci, readings, established text, apparatus; TEI and other
//! published formats. Knows no files, no language (folding, look-alikes and reliabilities are passed in) and no
//! ledger.

mod affine;
mod anchors;
mod classify;
mod cohesion;
mod collation;
mod conjecture;
mod decide;
mod evidence;
pub mod formats;
mod grounds;
mod marks;
mod pairwise;
mod places;
mod rates;
mod reliability;
mod story;
mod stream;
mod table;
mod units;
mod usage;

pub use collation::collate;
pub use decide::DECIDED_FROM;
pub use grounds::Ground;
pub use reliability::{PooledJudge, Reliabilities};
pub use story::{
    Cause, Decision, Judge, Locus, NeutralJudge, Reading, ReadingKind, Story, Substance, Witness,
};
