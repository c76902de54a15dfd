use shiliu_text::{Outcome, Span};

use crate::{Passage, Settings};

/// What families need to know of a text besides its passages.
#[derive(Clone, Debug)]
pub struct DocInfo<'a> {
    /// The key used in the passages.
    pub key: u32,
    /// Its name in the output; a family is called by its smallest member name.
    pub name: &'a str,
    /// Its characters.
    pub text: &'a str,
    /// Day number of its issue, where known.
    pub day: Option<i32>,
    /// Its paper, where known.
    pub outlet: Option<u32>,
}

/// How a printing relates to its story, or a text to a story it does not belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Prints the story whole.
    Full,
    /// Prints it shortened.
    Abridged,
    /// Prints a piece of it.
    Excerpt,
    /// Shares a passage; never joins.
    SharedPassage,
    /// Shares a quotation; never joins.
    Quotation,
    /// Shares an announcement; never joins.
    Announcement,
    /// Shares text that recurs for months or across unrelated texts; never joins.
    Boilerplate,
}

impl Relation {
    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Relation::Full => "full",
            Relation::Abridged => "abridged",
            Relation::Excerpt => "excerpt",
            Relation::SharedPassage => "shared-passage",
            Relation::Quotation => "quotation",
            Relation::Announcement => "announcement",
            Relation::Boilerplate => "boilerplate",
        }
    }

    /// Whether it makes its text a printing of the story.
    #[must_use]
    pub fn joins(self) -> bool {
        matches!(self, Relation::Full | Relation::Abridged | Relation::Excerpt)
    }
}

/// One text of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Key of the text.
    pub key: u32,
    /// Its relation to the story.
    pub relation: Relation,
    /// The bytes of it that print the story.
    pub spans: Vec<Span>,
}

/// Printings of one story and what else touches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// Smallest member name.
    pub name: String,
    /// The printings, by name.
    pub members: Vec<Member>,
    /// Texts outside that share a passage, by name.
    pub related: Vec<Member>,
}

/// Families over all texts: every text is in at least one (a text alone is its own family); a print made of two
/// stories is in both. Sorted by name.
#[must_use]
pub fn families(docs: &[DocInfo<'_>], _passages: &[Passage], _settings: &Settings) -> Outcome<Vec<Family>> {
    let mut families: Vec<Family> = docs
        .iter()
        .map(|doc| Family {
            name: doc.name.to_owned(),
            members: vec![Member {
                key: doc.key,
                relation: Relation::Full,
                spans: vec![Span::new(0, doc.text.len())],
            }],
            related: Vec::new(),
        })
        .collect();
    families.sort_by(|a, b| a.name.cmp(&b.name));
    Outcome::clean(families)
}
