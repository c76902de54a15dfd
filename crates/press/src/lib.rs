//! Bytes of one newspaper page → [`Page`] → zones and [`Article`]s.
//!
//! Two functions carry the crate: [`read`] (one reader for each format, in `read/`) and [`segment`]. It must not
//! know files, stories or the ledger: pages come in as bytes, hints from other printings as [`Seam`]s.

mod article;
mod page;
mod read;
mod segment;

pub use article::{
    Article, ArticleId, Dateline, End, Fragment, JumpTarget, Loss, Role, Segmented, Status, Zone,
};
pub use page::{Format, Identity, Line, ManifestRow, Page, PageKey};
pub use read::{Grade, Quality, quality, quality_of, read, read_recognised};
pub use segment::{
    CutPage, DoubtfulHead, Part, Placement, SeenHead, Segmenter, Weights, doubtful_heads, is_broken,
    is_comma, lesson, parts, seen_heads, segment,
};
