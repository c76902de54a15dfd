//! The archive on disk: taking, reading again, finding, putting right, and what happens when things go wrong.

mod corrections;
mod everyday;
mod fixture;
mod narrow;
mod register;
mod review;
mod trouble;
