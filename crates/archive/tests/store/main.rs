//! The archive on disk: taking, reading again, finding, and what happens when things go wrong.

mod everyday;
mod fixture;
