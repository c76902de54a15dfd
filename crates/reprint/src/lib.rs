//! Many texts → aligned passages → families of printings, in near-linear time. Knows no language, no files and
//! no ledger: folding is done by the caller or passed in, spilled runs go through [`RunStore`].

mod engine;
mod family;

pub use engine::{Doc, MemoryRuns, Passage, RunId, RunStore, Settings, passages};
pub use family::{DocInfo, Family, Member, Relation, families};
