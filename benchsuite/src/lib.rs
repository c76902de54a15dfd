//! The measuring inputs of Shiliu and their scores. Nothing here depends on the rules or tables of the program
//! that is measured: the makers write their own words (`benchsuite/grammar/`), the scores take plain ids.

pub mod corpus;
pub mod grammar;
pub mod pages;
pub mod rng;
pub mod witnesses;
