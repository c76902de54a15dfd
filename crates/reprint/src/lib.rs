//! Many texts → aligned passages → families of printings, in near-linear time. Knows no language, no files and
//! no ledger: spilled runs go through [`RunStore`].

mod adjacency;
mod chain;
mod distance;
mod engine;
mod family;
mod fold;
mod join;
mod seed;
mod select;
mod sorter;
mod verify;
mod walk;

pub use adjacency::{Adjacency, adjacencies};
pub use engine::{Doc, MemoryRuns, Passage, RunId, RunStore, Settings, passages};
pub use family::{DocInfo, Family, Member, Relation, families};
