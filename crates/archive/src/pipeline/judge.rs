//! What the collation asks the world above, answered from the rule data and the rest of the input.

use shiliu_collate::{Judge, Story, Substance, Witness, collate};
use shiliu_lang::Pack;
use shiliu_text::Outcome;

/// Collates texts that came without pages, with the same judge as the pipeline.
#[must_use]
pub fn collate_texts(witnesses: &[Witness], pack: &Pack) -> Outcome<Story> {
    collate(witnesses, pack, &DataJudge { pack })
}

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
