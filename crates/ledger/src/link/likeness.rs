use std::collections::{BTreeMap, BTreeSet};

/// A pair of neighbouring letters: two characters of a Han word, two letters of another.
pub(super) type Pair = (char, char);

/// A pair in more records than this names nothing.
const COMMON: usize = 120;
/// Of a rarer pair, so many earlier records are compared.
const COMPARED: usize = 24;

/// Pairs of neighbouring letters; digits, marks and white space name nothing.
pub(super) fn pairs_of(text: &str) -> BTreeSet<Pair> {
    let mut pairs = BTreeSet::new();
    let mut before: Option<char> = None;
    for character in text.chars() {
        let letter = character.is_alphabetic();
        if let (Some(before), true) = (before, letter) {
            pairs.insert((before, character));
        }
        before = letter.then_some(character);
    }
    pairs
}

/// How rare pairs are, and which records have them.
#[derive(Default)]
pub(super) struct Rarity {
    frequency: BTreeMap<Pair, usize>,
    postings: BTreeMap<Pair, Vec<usize>>,
}

impl Rarity {
    pub(super) fn count<'p>(&mut self, pairs: impl IntoIterator<Item = &'p Pair>) {
        for pair in pairs {
            *self.frequency.entry(*pair).or_default() += 1;
        }
    }

    /// More for a rarer pair; nothing for one that stands everywhere.
    pub(super) fn weight(&self, pair: &Pair) -> u32 {
        match self.frequency.get(pair).copied().unwrap_or(1) {
            count if count > COMMON => 0,
            count => 16u32.saturating_sub(count.ilog2() * 2),
        }
    }

    /// The places entered before that share a pair: the first to have it and the latest ones.
    pub(super) fn candidates(&self, pairs: &BTreeSet<Pair>) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for pair in pairs.iter().filter(|pair| self.weight(pair) > 0) {
            if let Some(places) = self.postings.get(pair) {
                found.extend(places.iter().take(COMPARED / 2));
                found.extend(places.iter().rev().take(COMPARED / 2));
            }
        }
        found
    }

    pub(super) fn enter(&mut self, pairs: &BTreeSet<Pair>, place: usize) {
        for pair in pairs {
            self.postings.entry(*pair).or_default().push(place);
        }
    }

    /// How much of `inner` stands in `outer`, in thousandths of its weight, and by how many pairs.
    pub(super) fn contained(&self, inner: &BTreeSet<Pair>, outer: &BTreeSet<Pair>) -> (u32, usize) {
        let total: u32 = inner.iter().map(|pair| self.weight(pair)).sum();
        let shared: Vec<u32> =
            inner.intersection(outer).map(|pair| self.weight(pair)).filter(|weight| *weight > 0).collect();
        (shared.iter().sum::<u32>() * 1000 / total.max(1), shared.len())
    }
}
