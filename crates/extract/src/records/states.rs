use shiliu_lang::MOST_STATES;

/// Some states of the profile, by the rows in which they stand there. Copied about for every clause, so it holds no memory
/// of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct States([u64; MOST_STATES / 64]);

impl States {
    /// The state of a row.
    pub(super) fn of(row: usize) -> States {
        let mut states = States::default();
        states.insert(row);
        states
    }

    /// Adds the state of a row.
    pub(super) fn insert(&mut self, row: usize) {
        if let Some(bits) = self.0.get_mut(row / 64) {
            *bits |= 1 << (row % 64);
        }
    }

    /// Whether the state of a row is among them.
    pub(super) fn has(self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }

    /// How many they are.
    pub(super) fn len(self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    /// Whether there is none.
    pub(super) fn is_empty(self) -> bool {
        self == States::default()
    }

    /// These and those.
    pub(super) fn with(mut self, others: States) -> States {
        self.0.iter_mut().zip(others.0).for_each(|(own, other)| *own |= other);
        self
    }

    /// These without those.
    pub(super) fn without(mut self, others: States) -> States {
        self.0.iter_mut().zip(others.0).for_each(|(own, other)| *own &= !other);
        self
    }

    /// Whether one is among both.
    pub(super) fn meet(self, others: States) -> bool {
        self.0.iter().zip(others.0).any(|(own, other)| own & other != 0)
    }

    /// The row of the first, in the order of the profile.
    pub(super) fn first(self) -> Option<usize> {
        self.rows().next()
    }

    /// The row of the one state, where there is no other.
    pub(super) fn only(self) -> Option<usize> {
        self.first().filter(|_| self.len() == 1)
    }

    /// Their rows, in the order of the profile.
    pub(super) fn rows(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(index, bits)| {
            let mut left = bits;
            std::iter::from_fn(move || {
                let next = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(index * 64 + next)
            })
        })
    }
}

impl FromIterator<usize> for States {
    fn from_iter<I: IntoIterator<Item = usize>>(rows: I) -> States {
        let mut states = States::default();
        rows.into_iter().for_each(|row| states.insert(row));
        states
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_rows_in_the_order_of_the_profile() {
        let some: States = [200, 3, 64, 3].into_iter().collect();
        assert_eq!(some.rows().collect::<Vec<_>>(), [3, 64, 200]);
        assert_eq!((some.len(), some.first(), some.only()), (3, Some(3), None));
        assert!(some.has(64) && !some.has(65) && some.meet(States::of(200)) && !some.meet(States::of(4)));
        assert_eq!(some.without(States::of(64)).with(States::of(7)).rows().collect::<Vec<_>>(), [3, 7, 200]);
        assert_eq!(States::of(9).only(), Some(9));
        assert!(States::default().is_empty() && States::of(1000).is_empty());
    }
}
