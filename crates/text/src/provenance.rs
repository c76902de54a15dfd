use crate::{Derived, Digest, Layer, Located};

/// Why a value is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The page says so at these characters.
    Printed(Vec<Located>),
    /// It follows from evidence, named in one short phrase, with the characters it rests on if any.
    Inferred {
        /// The evidence in words (`file name`, `latest dateline on the page`).
        evidence: String,
        /// The characters it rests on.
        at: Vec<Located>,
    },
}

impl Basis {
    /// Whether a page prints the value.
    #[must_use]
    pub fn is_printed(&self) -> bool {
        matches!(self, Basis::Printed(_))
    }

    /// The characters behind it.
    #[must_use]
    pub fn places(&self) -> &[Located] {
        match self {
            Basis::Printed(at) | Basis::Inferred { at, .. } => at,
        }
    }
}

/// A value with its basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inferred<T> {
    /// The value.
    pub value: T,
    /// Why it is believed.
    pub basis: Basis,
}

/// A short string taken from a page by a stated rule (a headline over two lines, a name with its inner space
/// dropped) and the characters it was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The string.
    pub text: String,
    /// Its characters, in reading order; never empty.
    pub at: Vec<Located>,
}

/// A folded view: what matching looks at in place of the printed characters.
pub trait Fold {
    /// The view of a whole layer with its map back.
    fn fold(&self, layer: &Layer) -> Derived;
    /// The folded form of one character: `None` where it vanishes (white space between Han characters is
    /// decided in context by [`Fold::fold`], not here).
    fn fold_char(&self, character: char) -> Option<char>;
    /// Hash of the folding data.
    fn digest(&self) -> Digest;
}
