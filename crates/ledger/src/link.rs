use crate::Record;

/// How two records relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkVerb {
    /// Says again.
    Restates,
    /// Reports as done what the other promises.
    Delivers,
    /// Changes amount, date or actor.
    Revises,
    /// Cannot both be right.
    Contradicts,
    /// Is a part of the other.
    PartOf,
    /// Is the same body, event, project, person.
    SameAs,
}

impl LinkVerb {
    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            LinkVerb::Restates => "restates",
            LinkVerb::Delivers => "delivers",
            LinkVerb::Revises => "revises",
            LinkVerb::Contradicts => "contradicts",
            LinkVerb::PartOf => "part-of",
            LinkVerb::SameAs => "same-as",
        }
    }
}

/// A relation between two records of one list (indexes), with the rule that found it. `from` is `None` where a
/// report of delivery names a promise that no held page prints.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The later or smaller record: it restates, delivers, revises, is part of `to`.
    pub from: Option<usize>,
    /// The other.
    pub to: usize,
    /// How.
    pub verb: LinkVerb,
    /// Id of the rule.
    pub rule: String,
}

/// What linking needs to know of a record beside its fields.
#[derive(Clone, Debug, Default)]
pub struct LinkRules {
    /// For each record, the story it stands in (index) and the day number of that story, where known.
    pub stories: Vec<(usize, Option<i32>)>,
}

/// Links between records.
#[must_use]
pub fn link<P>(_records: &[Record<P>], _rules: &LinkRules) -> Vec<Link> {
    Vec::new()
}
