//! What other programs read: the files of `shiliu read` and the lines of the one-shot verbs. Own structs for
//! the public shapes, apart from the domain types.

pub(crate) mod briefs;
pub(crate) mod calendar;
pub(crate) mod citation;
pub(crate) mod contract;
pub(crate) mod json;
mod outside;
pub(crate) mod records;
pub(crate) mod register;
pub(crate) mod table;
pub(crate) mod views;
