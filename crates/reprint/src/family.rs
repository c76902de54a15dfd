mod block;
mod boundary;
mod day;
mod edge;
mod extent;
mod forest;
mod recurring;
mod story;
mod template;

use std::cell::Cell;
use std::io;

use shiliu_text::{Outcome, Span};

pub use self::day::{DayLinks, families_of_days, links_of_day};

use self::block::Several;
use self::boundary::Boundaries;
use self::edge::Edge;
use self::extent::Ruler;
use self::forest::Forest;
use self::recurring::Recurring;
use crate::shelf::{Card, Shelf, Texts};
use crate::{Doc, Passage, Settings};

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
    /// Smallest member name; where that text is in several families and an earlier one has it, the smallest that
    /// no other family has.
    pub name: String,
    /// The printings, by name.
    pub members: Vec<Member>,
    /// Texts outside that share a passage, by name.
    pub related: Vec<Member>,
}

/// The passages between two texts, by their places in the input.
#[derive(Debug)]
struct Pairing<'p> {
    a: usize,
    b: usize,
    passages: &'p [Passage],
    /// Kinds of differences between them that come again, once they were counted.
    repeated: Cell<Option<usize>>,
}

/// Families over all texts: every text is in at least one (a text alone is its own family); a print made of two
/// stories is in both, and so is a page that holds several. Sorted by name.
///
/// A pair of texts joins when most of the shorter, without what is common property of many texts, stands in
/// the other. Headlines and bylines play no part.
#[must_use]
pub fn families(docs: &[DocInfo<'_>], passages: &[Passage], settings: &Settings) -> Outcome<Vec<Family>> {
    let names: Vec<&str> = docs.iter().map(|doc| doc.name).collect();
    let texts: Vec<Doc<'_>> = docs
        .iter()
        .map(|doc| Doc { key: doc.key, text: doc.text, day: doc.day, outlet: doc.outlet })
        .collect();
    families_of(&texts.as_slice(), &names, passages, settings).expect("texts in memory can be read")
}

/// A text without its characters.
#[derive(Clone, Copy, Debug)]
struct Listed<'a> {
    key: u32,
    name: &'a str,
    day: Option<i32>,
    outlet: Option<u32>,
    /// Its bytes.
    length: usize,
}

fn listed<'a>(texts: &dyn Texts, names: &[&'a str]) -> Vec<Listed<'a>> {
    let of = |(at, &name): (usize, &&'a str)| {
        let Card { key, day, outlet, length } = texts.card(at);
        Listed { key, name, day, outlet, length }
    };
    names.iter().enumerate().map(of).collect()
}

/// As [`families`], of texts that need not be in memory; `names` are theirs, in the same order.
///
/// # Errors
/// What `texts` gives.
pub fn families_of(
    texts: &dyn Texts,
    names: &[&str],
    passages: &[Passage],
    settings: &Settings,
) -> io::Result<Outcome<Vec<Family>>> {
    let docs = listed(texts, names);
    let (rulers, edges) = weigh_all(&docs, texts, passages, settings)?;
    Ok(Outcome::clean(story::gather(&docs, &rulers, &edges)))
}

/// Measures the texts and weighs every pair that shares a passage.
fn weigh_all(
    docs: &[Listed<'_>],
    texts: &dyn Texts,
    passages: &[Passage],
    settings: &Settings,
) -> io::Result<(Vec<Ruler>, Vec<Edge>)> {
    let shelf = Shelf::new(texts);
    let mut by_key: Vec<usize> = (0..docs.len()).collect();
    by_key.sort_by_key(|&at| docs[at].key);
    let find =
        |key: u32| by_key.binary_search_by_key(&key, |&at| docs[at].key).ok().map(|found| by_key[found]);
    let boundaries = if settings.articles {
        Boundaries::none(docs.len())
    } else {
        boundary::boundaries(docs, &shelf, passages, &find)?
    };
    let mut sorted = boundary::cut(&shelf, passages.to_vec(), &find, &boundaries)?;
    sorted.sort_unstable_by_key(|passage| (passage.a, passage.b, passage.a_span, passage.b_span));
    let mut pairings: Vec<Pairing<'_>> = Vec::new();
    for part in sorted.chunk_by(|left, right| (left.a, left.b) == (right.a, right.b)) {
        if let (Some(a), Some(b)) = (find(part[0].a), find(part[0].b))
            && a != b
        {
            pairings.push(Pairing { a, b, passages: part, repeated: Cell::default() });
        }
    }
    let mut cuts: Vec<Vec<u32>> = vec![Vec::new(); docs.len()];
    for pairing in &pairings {
        for passage in pairing.passages {
            cuts[pairing.a].extend([passage.a_span.start, passage.a_span.end]);
            cuts[pairing.b].extend([passage.b_span.start, passage.b_span.end]);
        }
    }
    let mut rulers: Vec<Ruler> = Vec::with_capacity(docs.len());
    for (at, cuts) in cuts.into_iter().enumerate() {
        rulers.push(if cuts.is_empty() { Ruler::default() } else { Ruler::new(&texts.read(at)?, cuts) });
    }
    // What is common property is judged by stories, not by texts: a sentence in two printings of one story
    // stands in one. So the plain cases are joined first.
    let nothing = Recurring::nothing(docs.len());
    let mut plain = Forest::new(docs.len());
    let mut elsewhen = vec![0u32; docs.len()];
    let mut far: Vec<Vec<Span>> = vec![Vec::new(); docs.len()];
    let mut later: Vec<Vec<Span>> = vec![Vec::new(); docs.len()];
    let mut evidence: Vec<&Pairing<'_>> = Vec::with_capacity(pairings.len());
    for pairing in &pairings {
        let first = edge::weigh(docs, &shelf, &rulers, &nothing, pairing, true)?;
        if first.plainly {
            plain.join(pairing.a, pairing.b);
        }
        let days = docs[pairing.a].day.zip(docs[pairing.b].day);
        let apart = days.map_or(0, |(one, other)| one.abs_diff(other));
        let another_time = apart > edge::SAME_DAYS;
        if apart > edge::NEWS_DAYS {
            for passage in pairing.passages {
                later[pairing.a].push(passage.a_span);
                later[pairing.b].push(passage.b_span);
            }
        }
        if another_time {
            for passage in pairing.passages {
                far[pairing.a].push(passage.a_span);
                far[pairing.b].push(passage.b_span);
            }
        }
        if another_time && first.half {
            for text in [pairing.a, pairing.b] {
                elsewhen[text] = elsewhen[text].max(first.identity);
            }
        }
        // What two patterns share is no sign that either text recurs.
        if !first.template {
            evidence.push(pairing);
        }
    }
    let stories: Vec<usize> = (0..docs.len()).map(|at| plain.root(at)).collect();
    let several = if settings.articles {
        Several::none(docs.len())
    } else {
        block::several(docs, &rulers, &pairings, &boundaries)
    };
    let mut recurring = recurring::recurring(docs, &rulers, &evidence, &stories, &several, &boundaries);
    recurring.elsewhen = elsewhen;
    for pairing in &pairings {
        for passage in pairing.passages {
            if rulers[pairing.a].length(passage.a_span) >= block::PRINTING {
                recurring.alike[pairing.a].push((passage.a_span, passage.identity));
                recurring.alike[pairing.b].push((passage.b_span, passage.identity));
            }
        }
    }
    recurring.alike.iter_mut().for_each(|stretches| stretches.sort_unstable());
    recurring.far = far.into_iter().map(extent::union).collect();
    recurring.later = later.into_iter().map(extent::union).collect();
    let mut edges: Vec<Edge> = Vec::with_capacity(pairings.len());
    for pairing in &pairings {
        let whole = edge::weigh(docs, &shelf, &rulers, &recurring, pairing, false)?;
        if several.told(pairing) || !whole.joins && several.possible(pairing) {
            let blocks = block::blocks(&rulers, pairing, &boundaries);
            let common = (&rulers[..], &recurring, &several);
            edges.extend(edge::weigh_blocks(docs, &shelf, common, pairing, &blocks, whole)?);
        } else {
            edges.push(whole);
        }
    }
    Ok((rulers, edges))
}
