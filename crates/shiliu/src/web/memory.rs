//! Answers that are kept as long as what they follow from stays the same: programs ask for a calendar again and again.

use std::sync::{Arc, Mutex, PoisonError};

use super::failure::Failure;

/// Answers that are kept: more than a desk has owners who subscribe.
const KEPT: usize = 8;

/// Texts by what they follow from.
#[derive(Debug)]
pub(crate) struct Memory<K>(Mutex<Vec<(K, Arc<str>)>>);

impl<K> Default for Memory<K> {
    fn default() -> Memory<K> {
        Memory(Mutex::default())
    }
}

impl<K: PartialEq> Memory<K> {
    /// The text of a key, made where it is not there; the oldest one makes room.
    pub(crate) fn get(
        &self,
        key: K,
        make: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<Arc<str>, Failure> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, text)) = kept().iter().find(|(known, _)| *known == key) {
            return Ok(Arc::clone(text));
        }
        let text: Arc<str> = make()?.into();
        let mut all = kept();
        if all.len() >= KEPT {
            all.remove(0);
        }
        all.push((key, Arc::clone(&text)));
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_not_made_again_and_the_oldest_goes() {
        let memory = Memory::default();
        let text = |key: usize, made: &str| memory.get(key, || Ok(made.to_owned())).unwrap().to_string();
        assert_eq!((text(0, "a"), text(0, "b")), ("a".to_owned(), "a".to_owned()));
        (1..=KEPT).for_each(|key| drop(text(key, "x")));
        assert_eq!(text(0, "c"), "c");
        let failed = memory.get(99, || Err(Failure::Stale));
        assert!(failed.is_err() && text(99, "d") == "d", "a failure is not kept");
    }
}
