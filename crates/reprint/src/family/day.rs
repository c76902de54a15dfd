//! Families that grow by the day: what a day adds follows from the texts of that day and of a window before it, and
//! from nothing else. So it can be kept, and a longer archive needs only the days that are new or whose window
//! changed; the families of all days are then put together from what was kept, without reading a text again.

use std::collections::BTreeMap;
use std::io;

use shiliu_text::{Outcome, Span};

use super::edge::Edge;
use super::extent::Ruler;
use super::{Family, Relation, listed, story, weigh_all};
use crate::engine::passages_with;
use crate::sorter::{read_short, write_short};
use crate::{Passage, RunStore, Settings, Texts};

/// Text, units of the whole, and units before the bytes that matter.
type Measured = (u32, u32, Vec<(u32, u32)>);

/// What one day adds: the passages its texts share with each other and with those of the window before, and what
/// those pairs of texts are to each other. Texts go by their places in the window.
#[derive(Debug, Default)]
pub struct DayLinks {
    /// Passages whose later text is of the day; their keys are places in the window.
    pub passages: Vec<Passage>,
    edges: Vec<Edge>,
    rulers: Vec<Measured>,
}

/// What `day` adds. `window` holds its texts and those of the window before it, each with its place as its key, in an
/// order that does not hang on when they came (by name, say); `known` are the passages that the days before added,
/// by the same keys: what recurs is judged by them.
///
/// # Errors
/// What `window` and `runs` give.
pub fn links_of_day(
    window: &dyn Texts,
    day: Option<i32>,
    known: &[Passage],
    runs: &mut dyn RunStore,
    settings: &Settings,
) -> io::Result<Outcome<DayLinks>> {
    let settings = Settings { of_day: day, ..settings.clone() };
    let (found, shelf) = passages_with(window, runs, &settings)?;
    let mut all = known.to_vec();
    all.extend_from_slice(&found.value);
    all.sort_unstable();
    let names = vec![""; window.count()];
    let docs = listed(window, &names);
    let (rulers, mut edges) = weigh_all(&docs, &shelf, &all, &settings)?;
    edges.retain(|edge| day.is_none() || docs[edge.a].day.max(docs[edge.b].day) == day);
    let mut touched: Vec<usize> = edges.iter().flat_map(|edge| [edge.a, edge.b]).collect();
    touched.sort_unstable();
    touched.dedup();
    let kept = |&text: &usize| (text as u32, rulers[text].total(), rulers[text].marks().to_vec());
    let rulers = touched.iter().map(kept).collect();
    let value = DayLinks { passages: found.value, edges, rulers };
    Ok(Outcome { value, diagnostics: found.diagnostics })
}

/// The families of all days. Each comes with the places in `texts` that the places in its window stand for.
#[must_use]
pub fn families_of_days(texts: &dyn Texts, names: &[&str], days: Vec<(DayLinks, Vec<u32>)>) -> Vec<Family> {
    let docs = listed(texts, names);
    let mut marks: BTreeMap<usize, (u32, Vec<(u32, u32)>)> = BTreeMap::new();
    let mut edges: Vec<Edge> = Vec::new();
    for (links, places) in days {
        let place = |at: usize| places[at] as usize;
        for (text, total, own) in links.rulers {
            let entry = marks.entry(place(text as usize)).or_insert((total, Vec::new()));
            entry.1.extend(own);
        }
        edges.extend(links.edges.into_iter().map(|mut edge| {
            (edge.a, edge.b) = (place(edge.a), place(edge.b));
            if docs[edge.a].key > docs[edge.b].key {
                std::mem::swap(&mut edge.a, &mut edge.b);
                std::mem::swap(&mut edge.a_spans, &mut edge.b_spans);
            }
            edge
        }));
    }
    edges.sort_by_cached_key(|edge| {
        (docs[edge.a].key, docs[edge.b].key, edge.a_spans.first().copied(), edge.b_spans.first().copied())
    });
    let mut rulers: Vec<Ruler> = Vec::with_capacity(docs.len());
    for text in 0..docs.len() {
        rulers.push(
            marks.remove(&text).map_or_else(Ruler::default, |(total, own)| Ruler::of_marks(own, total)),
        );
    }
    story::gather(&docs, &rulers, &mut edges)
}

/// Relations by the number they are written as.
const RELATIONS: [Relation; 7] = [
    Relation::Full,
    Relation::Abridged,
    Relation::Excerpt,
    Relation::SharedPassage,
    Relation::Quotation,
    Relation::Announcement,
    Relation::Boilerplate,
];

impl DayLinks {
    /// As bytes, for keeping.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let put = |number: u32, bytes: &mut Vec<u8>| write_short(u64::from(number), bytes);
        put(self.passages.len() as u32, &mut bytes);
        for one in &self.passages {
            let spans = [one.a_span.start, one.a_span.end, one.b_span.start, one.b_span.end];
            for number in [one.a, one.b].into_iter().chain(spans).chain([one.identity]) {
                put(number, &mut bytes);
            }
        }
        put(self.edges.len() as u32, &mut bytes);
        for edge in &self.edges {
            let flags = [edge.joins, edge.plainly, edge.half, edge.block, edge.template, edge.parted];
            let flags = flags.iter().rev().fold(0, |all, &flag| all << 1 | u32::from(flag));
            let outside = RELATIONS.iter().position(|&one| one == edge.outside).unwrap_or_default() as u32;
            for number in [edge.a as u32, edge.b as u32, flags, edge.identity, outside] {
                put(number, &mut bytes);
            }
            for spans in [&edge.a_spans, &edge.b_spans] {
                put(spans.len() as u32, &mut bytes);
                for span in spans {
                    put(span.start, &mut bytes);
                    put(span.end, &mut bytes);
                }
            }
        }
        put(self.rulers.len() as u32, &mut bytes);
        for (text, total, marks) in &self.rulers {
            for number in [*text, *total, marks.len() as u32] {
                put(number, &mut bytes);
            }
            for &(byte, units) in marks {
                put(byte, &mut bytes);
                put(units, &mut bytes);
            }
        }
        bytes
    }

    /// What [`DayLinks::to_bytes`] gave; nothing where it was not that.
    #[must_use]
    pub fn from_bytes(mut bytes: &[u8]) -> Option<DayLinks> {
        let rest = &mut bytes;
        let mut links = DayLinks::default();
        for _ in 0..number(rest)? {
            let (a, b) = (number(rest)?, number(rest)?);
            let (a_span, b_span) = (span(rest)?, span(rest)?);
            links.passages.push(Passage { a, a_span, b, b_span, identity: number(rest)? });
        }
        for _ in 0..number(rest)? {
            let (a, b) = (number(rest)? as usize, number(rest)? as usize);
            let (flags, identity, outside) = (number(rest)?, number(rest)?, number(rest)?);
            let flag = |at: u32| flags >> at & 1 == 1;
            links.edges.push(Edge {
                a,
                b,
                joins: flag(0),
                plainly: flag(1),
                half: flag(2),
                block: flag(3),
                template: flag(4),
                parted: flag(5),
                identity,
                outside: *RELATIONS.get(outside as usize)?,
                a_spans: spans(rest)?,
                b_spans: spans(rest)?,
            });
        }
        for _ in 0..number(rest)? {
            let (text, total, count) = (number(rest)?, number(rest)?, number(rest)?);
            let mut marks = Vec::new();
            for _ in 0..count {
                marks.push((number(rest)?, number(rest)?));
            }
            links.rulers.push((text, total, marks));
        }
        rest.is_empty().then_some(links)
    }
}

fn number(bytes: &mut &[u8]) -> Option<u32> {
    u32::try_from(read_short(bytes)?).ok()
}

fn span(bytes: &mut &[u8]) -> Option<Span> {
    let (start, end) = (number(bytes)?, number(bytes)?);
    (start <= end).then_some(Span { start, end })
}

fn spans(bytes: &mut &[u8]) -> Option<Vec<Span>> {
    (0..number(bytes)?).map(|_| span(bytes)).collect()
}
