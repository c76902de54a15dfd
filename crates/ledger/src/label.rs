use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// A short text that stands in many records: a word of the program, or one that all who have it share. To copy it costs
/// no memory.
#[derive(Clone)]
pub struct Label(Held);

#[derive(Clone)]
enum Held {
    Fixed(&'static str),
    Shared(Arc<str>),
}

impl Label {
    /// A word of the program.
    #[must_use]
    pub const fn fixed(text: &'static str) -> Label {
        Label(Held::Fixed(text))
    }

    /// A text that is not there yet.
    #[must_use]
    pub fn of(text: &str) -> Label {
        Label(Held::Shared(Arc::from(text)))
    }

    /// Its characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Held::Fixed(text) => text,
            Held::Shared(text) => text,
        }
    }
}

impl Default for Label {
    fn default() -> Label {
        Label::fixed("")
    }
}

impl Deref for Label {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Label {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Label {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl From<&'static str> for Label {
    fn from(text: &'static str) -> Label {
        Label::fixed(text)
    }
}

impl From<String> for Label {
    fn from(text: String) -> Label {
        Label::of(&text)
    }
}

impl From<&Label> for Label {
    fn from(label: &Label) -> Label {
        label.clone()
    }
}

impl From<Label> for String {
    fn from(label: Label) -> String {
        label.as_str().to_owned()
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl PartialEq for Label {
    fn eq(&self, other: &Label) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Label {}

impl PartialEq<str> for Label {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Label {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for Label {
    fn partial_cmp(&self, other: &Label) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Label {
    fn cmp(&self, other: &Label) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Label {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}
