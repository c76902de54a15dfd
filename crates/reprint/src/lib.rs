//! Many texts → aligned passages → families of printings, in near-linear time. Knows no language, no files and
//! no ledger: spilled runs go through [`RunStore`].

mod chain;
mod distance;
mod engine;
mod family;
mod fold;
mod glimpse;
mod join;
mod quotation;
mod seed;
mod select;
mod shelf;
mod sorter;
mod trace;
mod verify;
mod walk;

pub use engine::{
    Doc, MemoryRuns, Passage, RunId, RunStore, Settings, count_fingerprints, passages, passages_of,
};
pub use family::{
    DayLinks, DocInfo, Family, Member, Relation, Reprints, families, families_of, families_of_days,
    links_of_day, reprints_of,
};
pub use shelf::{Card, Step, Texts};
pub use trace::{Traced, Tracer};
