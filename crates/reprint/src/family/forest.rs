//! Disjoint sets.

/// Sets over `0..n`, each called by its smallest element.
#[derive(Debug)]
pub(super) struct Forest(Vec<u32>);

impl Forest {
    pub(super) fn new(count: usize) -> Forest {
        Forest((0..count).map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn root(&mut self, at: usize) -> usize {
        let mut here = at;
        while self.0[here] as usize != here {
            self.0[here] = self.0[self.0[here] as usize];
            here = self.0[here] as usize;
        }
        here
    }

    pub(super) fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        let (small, large) = (left.min(right), left.max(right));
        self.0[large] = u32::try_from(small).unwrap_or(u32::MAX);
    }
}
