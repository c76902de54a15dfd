//! What the collation asks the world above, answered from the rule data and the rest of the input.

use shiliu_collate::{Judge, Substance, Witness};
use shiliu_lang::Pack;

/// Answers from rule data: substance by the mention stage and name lists.
pub(super) struct DataJudge<'a> {
    pub(super) pack: &'a Pack,
}

impl Judge for DataJudge<'_> {
    fn reliability(&self, _witness: &Witness) -> i32 {
        4000
    }

    fn confusable(&self, _printed: char, _meant: char) -> i32 {
        0
    }

    fn attested(&self, _left: &str, _reading: &str, _right: &str) -> i32 {
        0
    }

    fn substantive(&self, reading: &str) -> Option<Substance> {
        if self.pack.patterns("negation").is_match(reading) {
            return Some(Substance::Negation);
        }
        let found = shiliu_extract::mentions(reading, None, self.pack).value;
        if !found.is_empty() || reading.chars().any(char::is_numeric) {
            return Some(Substance::Number);
        }
        None
    }
}
