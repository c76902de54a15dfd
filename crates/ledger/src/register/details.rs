//! What an entry says of a promise: named texts, so that an edit, an export and an import speak of the same names.

use std::collections::BTreeMap;

/// A named text of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// The promise in the words of its first printing.
    Words,
    /// Who promises: names separated by `;`.
    Actors,
    /// To whom: names separated by `;`.
    Recipients,
    /// What shall be done.
    Action,
    /// To what.
    Object,
    /// How much, as a decimal number.
    Amount,
    /// Of what: a unit or currency.
    Unit,
    /// By when, as an EDTF date: its precision is that of the words.
    Due,
    /// The words that say by when.
    DueWords,
    /// Day on which it was said.
    Said,
    /// Area of cooperation.
    Area,
    /// Sector.
    Sector,
    /// Meeting at which it was made.
    Meeting,
    /// How strongly it binds (`F0` to `F6`).
    Force,
}

impl Detail {
    /// All, in the order in which files list them.
    pub const ALL: [Detail; 14] = [
        Detail::Words,
        Detail::Actors,
        Detail::Recipients,
        Detail::Action,
        Detail::Object,
        Detail::Amount,
        Detail::Unit,
        Detail::Due,
        Detail::DueWords,
        Detail::Said,
        Detail::Area,
        Detail::Sector,
        Detail::Meeting,
        Detail::Force,
    ];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Detail::Words => "words",
            Detail::Actors => "actors",
            Detail::Recipients => "recipients",
            Detail::Action => "action",
            Detail::Object => "object",
            Detail::Amount => "amount",
            Detail::Unit => "unit",
            Detail::Due => "due",
            Detail::DueWords => "due_words",
            Detail::Said => "said",
            Detail::Area => "area",
            Detail::Sector => "sector",
            Detail::Meeting => "meeting",
            Detail::Force => "force",
        }
    }

    /// The detail of a word used in files.
    #[must_use]
    pub fn parse(word: &str) -> Option<Detail> {
        Detail::ALL.into_iter().find(|detail| detail.as_str() == word)
    }
}

/// The details of an entry; one that is not known is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    values: BTreeMap<Detail, String>,
}

impl Details {
    /// The text of a detail; the empty text where it is not known.
    #[must_use]
    pub fn get(&self, detail: Detail) -> &str {
        self.values.get(&detail).map_or("", String::as_str)
    }

    /// Sets a detail; an empty text takes it away.
    pub fn set(&mut self, detail: Detail, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            self.values.remove(&detail);
        } else {
            self.values.insert(detail, value.to_owned());
        }
    }

    /// The names of a detail that lists several.
    #[must_use]
    pub fn names(&self, detail: Detail) -> Vec<&str> {
        self.get(detail).split(';').map(str::trim).filter(|name| !name.is_empty()).collect()
    }

    /// Those that are known, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Detail, &str)> {
        self.values.iter().map(|(detail, value)| (*detail, value.as_str()))
    }
}
