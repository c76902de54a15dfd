use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

/// A sha256 over data or inputs, used in cache keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest(pub [u8; 32]);

/// The sha256 of one immutable text layer (its UTF-8 bytes).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TextId(pub [u8; 32]);

/// The sha256 of the bytes of one source as received.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SourceId(pub [u8; 32]);

/// The sha256 of `bytes`.
#[must_use]
pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// Lower-case hexadecimal of a hash.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

macro_rules! hexadecimal {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({}…)", stringify!($name), &hex(&self.0[..4]))
            }
        }
        impl $name {
            /// Reads 64 hexadecimal digits; `None` for anything else.
            #[must_use]
            pub fn parse(text: &str) -> Option<$name> {
                let bytes = text.as_bytes();
                if bytes.len() != 64 || !bytes.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                let mut out = [0u8; 32];
                for (slot, pair) in out.iter_mut().zip(text.as_bytes().chunks(2)) {
                    *slot = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
                }
                Some($name(out))
            }
        }
    )*};
}
hexadecimal!(Digest, TextId, SourceId);

impl TextId {
    /// The id of a text.
    #[must_use]
    pub fn of(text: &str) -> TextId {
        TextId(digest_of(text.as_bytes()).0)
    }
}

impl SourceId {
    /// The id of a source's bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> SourceId {
        SourceId(digest_of(bytes).0)
    }
}

/// One immutable text made from one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Hash of `text`.
    pub id: TextId,
    /// Hash of the bytes it was read from.
    pub source: SourceId,
    /// The characters, never changed afterwards.
    pub text: Arc<str>,
}

impl Layer {
    /// A layer over `text`, read from `source`.
    #[must_use]
    pub fn new(source: SourceId, text: String) -> Layer {
        Layer { id: TextId::of(&text), source, text: text.into() }
    }
}
