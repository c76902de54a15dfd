//! The page maker: known stories laid out as pages with the damage that real pages have, and truth for every
//! character. The same seed gives the same bytes.

pub mod baseline;
pub mod cell;
pub mod damage;
pub mod forms;
pub mod layout;
pub mod score;
pub mod set;
mod sheet;
pub mod story;
pub mod truth;
pub mod wide;

pub use forms::Form;
pub use set::{End, Gap, MadePage, MadeSet, make_set, make_set_as, make_set_of, make_sheets};
pub use story::Content;
pub use wide::{WIDE, Wide};
