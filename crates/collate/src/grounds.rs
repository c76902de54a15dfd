//! What a decision rests on: one term of the log-odds for each kind of evidence.

use std::ops::{Index, IndexMut};

/// A kind of evidence for or against a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// Who prints it, and how reliably each of them reads.
    Testimony,
    /// How errors come about: a loss is likelier than an invention, one error likelier than two alike.
    Manner,
    /// Glyphs that look alike.
    Shape,
    /// The form of a mark that the story prints most.
    Form,
    /// What the rest of the archive prints, and known terms and names.
    Archive,
    /// What the rest of the story prints.
    Usage,
    /// How the language puts its characters together.
    Language,
    /// The same phrase stands near by: it may have been read there.
    Repetition,
    /// Where a moved block reads on, and who has it there.
    Place,
    /// Whether a long stretch belongs to the story.
    Belonging,
    /// White space by the manner of the script.
    Layout,
}

impl Ground {
    /// All of them.
    pub const ALL: [Ground; 11] = [
        Ground::Testimony,
        Ground::Manner,
        Ground::Shape,
        Ground::Form,
        Ground::Archive,
        Ground::Usage,
        Ground::Language,
        Ground::Repetition,
        Ground::Place,
        Ground::Belonging,
        Ground::Layout,
    ];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Ground::Testimony => "testimony",
            Ground::Manner => "manner",
            Ground::Shape => "shape",
            Ground::Form => "form",
            Ground::Archive => "archive",
            Ground::Usage => "usage",
            Ground::Language => "language",
            Ground::Repetition => "repetition",
            Ground::Place => "place",
            Ground::Belonging => "belonging",
            Ground::Layout => "layout",
        }
    }
}

/// The terms of one reading in milli-nats.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terms([i64; Ground::ALL.len()]);

impl Index<Ground> for Terms {
    type Output = i64;
    fn index(&self, ground: Ground) -> &i64 {
        &self.0[ground as usize]
    }
}

impl IndexMut<Ground> for Terms {
    fn index_mut(&mut self, ground: Ground) -> &mut i64 {
        &mut self.0[ground as usize]
    }
}

impl Terms {
    /// One term alone.
    pub(crate) fn of(ground: Ground, value: i64) -> Terms {
        let mut terms = Terms::default();
        terms[ground] = value;
        terms
    }

    pub(crate) fn add(&mut self, other: &Terms) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own += other;
        }
    }

    /// All terms times so many thousandths.
    pub(crate) fn scaled(&self, thousandths: i64) -> Terms {
        Terms(self.0.map(|term| term * thousandths / 1000))
    }

    pub(crate) fn sum(&self) -> i64 {
        self.0.iter().sum()
    }

    /// What differs from `lemma`, by kind.
    pub(crate) fn beyond(&self, lemma: &Terms) -> Vec<(Ground, i32)> {
        let clamp = |value: i64| i32::try_from(value.clamp(-99_999, 99_999)).unwrap_or(0);
        Ground::ALL
            .into_iter()
            .map(|ground| (ground, clamp(self[ground] - lemma[ground])))
            .filter(|(_, value)| *value != 0)
            .collect()
    }
}
