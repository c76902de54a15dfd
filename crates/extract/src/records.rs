use shiliu_lang::{Pack, Profile};
use shiliu_ledger::Record;
use shiliu_text::{Date, Inferred, Outcome, Span};

use crate::Mention;

/// What is known of the story around its text.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Headline of the story.
    pub headline: Option<String>,
    /// Line under it.
    pub deck: Option<String>,
    /// Author line: the speaker of a speech printed in full.
    pub byline: Option<String>,
    /// Agency of the dateline.
    pub agency: Option<String>,
    /// Place of the dateline.
    pub place: Option<String>,
    /// Day that relative dates count from.
    pub reference: Option<Inferred<Date>>,
}

/// The candidate records of one text, on its characters, sorted by place, kind and rule.
#[must_use]
pub fn records(
    _text: &str,
    _mentions: &[Mention],
    _context: &Context,
    _pack: &Pack,
    _profile: &Profile,
) -> Outcome<Vec<Record<Span>>> {
    Outcome::clean(Vec::new())
}
