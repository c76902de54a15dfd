//! Everything that touches the disk, and the driver that runs the stages in order.
//!
//! [`intake`] turns paths into inputs; [`pipeline`] turns inputs into a [`Reading`]: pages, articles, stories,
//! mentions, records, links; [`store`] keeps it in a folder and gives it back. It must not know HTTP, HTML or the public JSON shapes.

pub mod intake;
pub mod pipeline;
pub mod store;

pub use intake::{Input, Intake, IntakeLimits};
pub use pipeline::judge;
pub use pipeline::{
    Alternative, Evidence, GroundedRecord, Interventions, PlacedMention, ReadOptions, Reading, RelatedStory,
    Stage, StoryEntry, StoryWitness, read_all,
};
