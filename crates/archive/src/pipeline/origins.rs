//! How many independent origins stand behind a record: the stories that say the same, those counted once whose
//! evidence lies in one aligned passage.

use std::collections::BTreeMap;

use shiliu_ledger::{Link, LinkVerb};
use shiliu_reprint::Passage;
use shiliu_text::Span;

use super::Reading;

/// Stories that a record lists beside its own; where more say the same, `origins` still counts all of them. A
/// name that a hundred thousand stories hold would else give each of its records a hundred thousand rows.
const LISTED: usize = 64;

/// Groups the records that `same-as` links join, and notes on each its stories and origins.
pub(super) fn count(reading: &mut Reading, links: &[Link]) {
    let mut same = Joined::by_sameness(reading.records.len(), links);
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for record in 0..reading.records.len() {
        groups.entry(same.root(record)).or_default().push(record);
    }
    groups.retain(|_, records| records.len() > 1);
    let mut evidence: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
    for (&group, records) in &groups {
        for &record in records {
            let grounded = &reading.records[record];
            let story = &reading.stories[grounded.stories[0]];
            for (number, witness) in story.witnesses.iter().enumerate() {
                if let Some(span) = story.story.in_witness(grounded.at, number) {
                    evidence.entry(witness.article).or_default().push(Place { group, span, record });
                }
            }
        }
    }
    let own: Vec<usize> = reading.records.iter().map(|grounded| grounded.stories[0]).collect();
    let groups: Vec<Vec<usize>> = groups.into_values().collect();
    let counts = origins(&groups, &own, evidence, &reading.passages);
    for (records, origins) in groups.iter().zip(counts) {
        let mut stories: Vec<usize> = records.iter().map(|&record| own[record]).collect();
        stories.sort_unstable();
        stories.dedup();
        for &record in records {
            reading.records[record].stories = listed(own[record], &stories);
            reading.records[record].origins = origins;
        }
    }
}

/// A record's stories: its own, then the first of the others.
fn listed(own: usize, stories: &[usize]) -> Vec<usize> {
    let others = stories.iter().copied().filter(|&story| story != own).take(LISTED);
    std::iter::once(own).chain(others).collect()
}

/// Where a record of a group stands in an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    group: usize,
    span: Span,
    record: usize,
}

/// For each group of records the number of their stories (`own`), any two counted once where records of the group
/// lie on both sides of one passage. The work grows with the evidence that the passages hold, never with the
/// pairs of a group.
fn origins(
    groups: &[Vec<usize>],
    own: &[usize],
    mut evidence: BTreeMap<usize, Vec<Place>>,
    passages: &[Passage],
) -> Vec<usize> {
    let mut joined = Joined::of(own.len());
    for records in groups {
        let mut of_story: BTreeMap<usize, usize> = BTreeMap::new();
        for &record in records {
            joined.join(*of_story.entry(own[record]).or_insert(record), record);
        }
    }
    // Per article by place; the longest span tells how far before a passage one that reaches into it may begin.
    let mut longest: BTreeMap<usize, u32> = BTreeMap::new();
    for (&article, places) in &mut evidence {
        places.sort_unstable_by_key(|place| (place.span, place.group, place.record));
        longest.insert(article, places.iter().map(|place| place.span.len() as u32).max().unwrap_or(0));
    }
    let inside = |article: u32, span: Span| {
        let article = article as usize;
        let places = evidence.get(&article).map_or(&[][..], Vec::as_slice);
        let reach = longest.get(&article).copied().unwrap_or(0);
        let first = places.partition_point(|place| place.span.start < span.start.saturating_sub(reach));
        let mut found: Vec<(usize, usize)> = places[first..]
            .iter()
            .take_while(|place| place.span.start < span.end)
            .filter(|place| place.span.overlaps(span))
            .map(|place| (place.group, place.record))
            .collect();
        found.sort_unstable();
        found
    };
    for passage in passages {
        let (here, there) = (inside(passage.a, passage.a_span), inside(passage.b, passage.b_span));
        let mut there = there.as_slice();
        for of_group in here.chunk_by(|x, y| x.0 == y.0) {
            let (group, first) = of_group[0];
            let start = there.partition_point(|(known, _)| *known < group);
            let end = there.partition_point(|(known, _)| *known <= group);
            let others = &there[start..end];
            if !others.is_empty() {
                for (_, record) in of_group.iter().chain(others) {
                    joined.join(first, *record);
                }
            }
            there = &there[end..];
        }
    }
    groups
        .iter()
        .map(|records| {
            let mut roots: Vec<usize> = records.iter().map(|&record| joined.root(record)).collect();
            roots.sort_unstable();
            roots.dedup();
            roots.len()
        })
        .collect()
}

/// Numbers in groups that grow together; the smallest names its group.
pub(crate) struct Joined(Vec<usize>);

impl Joined {
    fn of(count: usize) -> Joined {
        Joined((0..count).collect())
    }

    /// Records that are the same thing, as the links say.
    pub(crate) fn by_sameness(count: usize, links: &[Link]) -> Joined {
        let mut same = Joined::of(count);
        for link in links.iter().filter(|link| link.verb == LinkVerb::SameAs) {
            if let Some(from) = link.from {
                same.join(from, link.to);
            }
        }
        same
    }

    /// The smallest of a number's group.
    pub(crate) fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(a: u32, a_span: (usize, usize), b: u32, b_span: (usize, usize)) -> Passage {
        let (a_span, b_span) = (Span::new(a_span.0, a_span.1), Span::new(b_span.0, b_span.1));
        Passage { a, a_span, b, b_span, identity: 1000 }
    }

    /// One record a story, the record of a number in the article of that number at the same bytes.
    fn alone(count: usize) -> (Vec<usize>, BTreeMap<usize, Vec<Place>>) {
        let place = |record| vec![Place { group: 0, span: Span::new(30, 60), record }];
        ((0..count).collect(), (0..count).map(|record| (record, place(record))).collect())
    }

    #[test]
    fn stories_of_one_passage_are_one_origin_and_others_their_own() {
        let (own, evidence) = alone(4);
        // The second passage ends where the evidence begins.
        let passages = [passage(0, (0, 90), 1, (0, 90)), passage(1, (0, 30), 2, (0, 30))];
        assert_eq!(origins(&[vec![0, 1, 2, 3]], &own, evidence, &passages), [3]);
    }

    #[test]
    fn two_groups_on_one_passage_do_not_mix() {
        let place = |group, record, start| Place { group, span: Span::new(start, start + 9), record };
        // Records 0 and 1 of one group in articles 0 and 1, 2 and 3 of another there, 3 outside the passage.
        let evidence = BTreeMap::from([
            (0, vec![place(0, 0, 10), place(2, 2, 20)]),
            (1, vec![place(0, 1, 10), place(2, 3, 200)]),
        ]);
        let counts =
            origins(&[vec![0, 1], vec![2, 3]], &[0, 1, 0, 1], evidence, &[passage(0, (0, 90), 1, (0, 90))]);
        assert_eq!(counts, [1, 2]);
    }

    #[test]
    fn very_many_equal_stories_are_counted_without_comparing_pairs() {
        // A comparison of all pairs would take hours here.
        let many = 300_000;
        let (own, evidence) = alone(many);
        let passages: Vec<Passage> =
            (1..many as u32 / 2).map(|b| passage(b - 1, (0, 90), b, (0, 90))).collect();
        let records: Vec<usize> = (0..many).collect();
        assert_eq!(origins(&[records], &own, evidence, &passages), [many / 2 + 1]);
        let stories: Vec<usize> = (0..many).collect();
        let listed = listed(1000, &stories);
        assert_eq!((listed[0], listed[1], listed.len()), (1000, 0, LISTED + 1));
    }
}
