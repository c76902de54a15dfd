//! The reprint corpus maker: newspapers that print each other's stories in known ways, with noise, boilerplate,
//! quotations and templates between them, to any size, in Chinese, English, Russian or all of them.

pub mod copies;
pub mod make;
pub mod noise;
pub mod score;
pub mod text;

pub use make::{Document, Maker, Spec, Unit};
pub use noise::{Noise, NoiseKind};
pub use text::Language;
