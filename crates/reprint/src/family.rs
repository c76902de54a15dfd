mod block;
mod boundary;
mod bridge;
mod cited;
mod day;
mod edge;
mod extent;
mod forest;
mod lists;
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
use self::extent::{Ruler, union};
use self::forest::Forest;
use self::lists::Lists;
use self::recurring::Recurring;
use crate::engine::passages_with;
use crate::shelf::{Card, Shelf, Step, Texts, reached};
use crate::{Doc, Passage, RunStore, Settings};

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
    /// Stretches of the first, sorted and disjoint.
    a_spans: Vec<Span>,
    /// Stretches of the second.
    b_spans: Vec<Span>,
    /// Kinds of differences between them that come again, once they were counted.
    repeated: Cell<Option<usize>>,
}

impl<'p> Pairing<'p> {
    fn new(a: usize, b: usize, passages: &'p [Passage]) -> Pairing<'p> {
        let a_spans = union(passages.iter().map(|passage| passage.a_span).collect());
        let b_spans = union(passages.iter().map(|passage| passage.b_span).collect());
        Pairing { a, b, passages, a_spans, b_spans, repeated: Cell::default() }
    }

    /// How many days lie between the two, as far as is known.
    fn days_apart(&self, docs: &[Listed<'_>]) -> u32 {
        docs[self.a].days_apart(&docs[self.b])
    }
}

/// Places of texts by their keys.
struct Places {
    /// Where keys are dense: the place of every key, or none.
    dense: Vec<u32>,
    /// Otherwise keys and places, by key.
    sorted: Vec<(u32, u32)>,
}

impl Places {
    fn of(docs: &[Listed<'_>]) -> Places {
        let (mut dense, mut sorted) = (Vec::new(), Vec::new());
        let most = docs.iter().map(|doc| doc.key as usize).max().unwrap_or(0);
        if most < 2 * docs.len() {
            dense = vec![u32::MAX; most + 1];
            for (at, doc) in (0u32..).zip(docs) {
                let place = &mut dense[doc.key as usize];
                *place = at.min(*place);
            }
        } else {
            sorted = docs.iter().map(|doc| doc.key).zip(0u32..).collect();
            sorted.sort_unstable();
        }
        Places { dense, sorted }
    }

    fn find(&self, key: u32) -> Option<usize> {
        if let Some(&at) = self.dense.get(key as usize) {
            return (at != u32::MAX).then_some(at as usize);
        }
        let from = self.sorted.partition_point(|one| one.0 < key);
        self.sorted.get(from).filter(|one| one.0 == key).map(|one| one.1 as usize)
    }
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

impl Listed<'_> {
    /// How many days lie between two, as far as is known.
    fn days_apart(&self, other: &Listed<'_>) -> u32 {
        self.day.zip(other.day).map_or(0, |(one, other)| one.abs_diff(other))
    }
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
    let (rulers, mut edges) = weigh_all(&docs, &Shelf::new(texts), passages, settings)?;
    let all = story::gather(&docs, &rulers, &mut edges);
    Ok(Outcome::clean(all))
}

/// What texts share, and the families they make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reprints {
    /// As [`crate::passages_of`] finds them.
    pub passages: Vec<Passage>,
    /// As [`families_of`] finds them.
    pub families: Vec<Family>,
}

/// [`crate::passages_of`] and [`families_of`] in one, which saves to prepare the texts twice; `names` are those of the
/// texts, in the same order.
///
/// # Errors
/// What `runs` and `texts` give.
pub fn reprints_of(
    texts: &dyn Texts,
    names: &[&str],
    runs: &mut dyn RunStore,
    settings: &Settings,
) -> io::Result<Outcome<Reprints>> {
    let (found, shelf) = passages_with(texts, runs, settings)?;
    let docs = listed(texts, names);
    let (rulers, mut edges) = weigh_all(&docs, &shelf, &found.value, settings)?;
    drop(shelf);
    let families = story::gather(&docs, &rulers, &mut edges);
    Ok(Outcome { value: Reprints { passages: found.value, families }, diagnostics: found.diagnostics })
}

/// Measures the texts and weighs every pair that shares a passage.
fn weigh_all(
    docs: &[Listed<'_>],
    shelf: &Shelf<'_>,
    passages: &[Passage],
    settings: &Settings,
) -> io::Result<(Vec<Ruler>, Vec<Edge>)> {
    let places = Places::of(docs);
    let find = |key: u32| places.find(key);
    let boundaries = if settings.articles {
        Boundaries::none(docs.len())
    } else {
        boundary::boundaries(docs, shelf, passages, &find)?
    };
    let mut sorted = boundary::cut(shelf, passages.to_vec(), &find, &boundaries)?;
    let by_place = |passage: &Passage| (passage.a, passage.b, passage.a_span, passage.b_span);
    if !sorted.is_sorted_by_key(by_place) {
        sorted.sort_unstable_by_key(by_place);
    }
    let mut pairings: Vec<Pairing<'_>> = Vec::new();
    for part in sorted.chunk_by(|left, right| (left.a, left.b) == (right.a, right.b)) {
        if let (Some(a), Some(b)) = (find(part[0].a), find(part[0].b))
            && a != b
        {
            pairings.push(Pairing::new(a, b, part));
        }
    }
    let rulers = rulers(docs, shelf, &pairings)?;
    // What is common property is judged by stories, not by texts: a sentence in two printings of one story
    // stands in one. So the plain cases are joined first.
    let nothing = Recurring::nothing(docs.len());
    let mut plain = Forest::new(docs.len());
    let mut elsewhen = vec![0u32; docs.len()];
    let mut evidence: Vec<&Pairing<'_>> = Vec::with_capacity(pairings.len());
    for pairing in &pairings {
        let first = edge::weigh(docs, shelf, &rulers, &nothing, pairing, true)?;
        if first.plainly {
            plain.join(pairing.a, pairing.b);
        }
        if pairing.days_apart(docs) > edge::SAME_DAYS && first.half {
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
    let nowhere = Span { start: 0, end: 0 };
    recurring.alike = Lists::told(docs.len(), (nowhere, 0), |tell| {
        for pairing in &pairings {
            // Two texts of one story each are as much alike as they are over all that they share.
            let whole = (!several.possible(pairing)).then(|| edge::identity(pairing.passages));
            for passage in pairing.passages {
                if rulers[pairing.a].length(passage.a_span) >= block::PRINTING {
                    let identity = whole.unwrap_or(passage.identity);
                    tell(pairing.a, (passage.a_span, identity));
                    tell(pairing.b, (passage.b_span, identity));
                }
            }
        }
    });
    (0..docs.len()).for_each(|text| recurring.alike.of_mut(text).sort_unstable());
    recurring.partners = Lists::told(docs.len(), (nowhere, 0), |tell| {
        for pairing in &pairings {
            pairing.a_spans.iter().for_each(|&span| tell(pairing.a, (span, pairing.b as u32)));
            pairing.b_spans.iter().for_each(|&span| tell(pairing.b, (span, pairing.a as u32)));
        }
    });
    // Stretches of pairs that are more than so many days apart.
    let shared = |days: u32| {
        let spans = Lists::told(docs.len(), nowhere, |tell| {
            for pairing in pairings.iter().filter(|pairing| pairing.days_apart(docs) > days) {
                pairing.a_spans.iter().for_each(|&span| tell(pairing.a, span));
                pairing.b_spans.iter().for_each(|&span| tell(pairing.b, span));
            }
        });
        spans.united()
    };
    // In a long archive some text holds any phrase: what counts is what one other of these days prints that is no phrase.
    for pairing in pairings.iter().filter(|pairing| pairing.days_apart(docs) <= edge::SAME_DAYS) {
        for (text, spans) in [(pairing.a, &pairing.a_spans), (pairing.b, &pairing.b_spans)] {
            let own = rulers[text].sum_without(spans, &recurring.spans[text]);
            recurring.held[text] = recurring.held[text].max(own);
        }
    }
    recurring.far = shared(edge::SAME_DAYS);
    recurring.later = shared(edge::NEWS_DAYS);
    let mut edges: Vec<Edge> = Vec::with_capacity(pairings.len());
    let total = pairings.len();
    for (at, pairing) in pairings.into_iter().enumerate() {
        reached(shelf.texts(), Step::Families, at + 1, total);
        let whole = edge::weigh(docs, shelf, &rulers, &recurring, &pairing, false)?;
        if several.told(&pairing) || !whole.joins && several.possible(&pairing) {
            let blocks = block::blocks(&rulers, &pairing, &boundaries);
            let common = (&rulers[..], &recurring, &several);
            edges.extend(edge::weigh_blocks(docs, shelf, common, pairing, &blocks, whole)?);
        } else {
            edges.push(whole.of(pairing));
        }
    }
    Ok((rulers, edges))
}

/// Measures the texts at the bytes where their passages begin and end.
fn rulers(docs: &[Listed<'_>], shelf: &Shelf<'_>, pairings: &[Pairing<'_>]) -> io::Result<Vec<Ruler>> {
    let cuts = Lists::told(docs.len(), 0, |tell| {
        for pairing in pairings {
            for passage in pairing.passages {
                [passage.a_span.start, passage.a_span.end].into_iter().for_each(|cut| tell(pairing.a, cut));
                [passage.b_span.start, passage.b_span.end].into_iter().for_each(|cut| tell(pairing.b, cut));
            }
        }
    });
    let mut rulers: Vec<Ruler> = Vec::with_capacity(docs.len());
    let mut own: Vec<u32> = Vec::new();
    for text in 0..docs.len() {
        own.clear();
        own.extend_from_slice(cuts.of(text));
        own.sort_unstable();
        own.dedup();
        if own.is_empty() {
            rulers.push(Ruler::default());
            continue;
        }
        rulers.push(match shelf.kept(text).and_then(|view| Ruler::of_view(view, own.iter().copied())) {
            Some(ruler) => ruler,
            None => Ruler::new(&shelf.texts().read(text)?, own.iter().copied()),
        });
    }
    Ok(rulers)
}
