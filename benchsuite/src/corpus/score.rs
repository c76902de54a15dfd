//! Scores of a reprint finder's families against the truth of a made corpus.

use std::collections::{BTreeMap, BTreeSet};

use super::copies::Kind;

/// One part of a document in the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TruePart {
    /// Families it prints.
    pub families: Vec<u32>,
    /// Kind of copy.
    pub kind: Kind,
    /// Language, as the truth names it.
    pub language: String,
}

/// One document of the truth and of the output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scored {
    /// Paper: pairs of one paper are not scored.
    pub paper: u32,
    /// What it holds; one part for an article.
    pub parts: Vec<TruePart>,
    /// Families that the finder put it in.
    pub found: Vec<u32>,
}

/// A count of pairs: found of true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Found.
    pub hit: u64,
    /// All.
    pub of: u64,
}

impl Share {
    /// As a number from 0 to 1; 1 where there is nothing.
    #[must_use]
    pub fn value(self) -> f64 {
        if self.of == 0 { 1.0 } else { self.hit as f64 / self.of as f64 }
    }

    fn add(&mut self, hit: bool) {
        self.of += 1;
        self.hit += u64::from(hit);
    }
}

/// The scores.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// Right pairs among those found.
    pub precision: Share,
    /// True pairs found.
    pub recall: Share,
    /// Recall by kind of copy: the more broken one of the pair.
    pub by_kind: BTreeMap<&'static str, Share>,
    /// Recall by language.
    pub by_language: BTreeMap<String, Share>,
    /// Wrong pairs by what they have in common: a kind that recurs, or `other`.
    pub wrong: BTreeMap<&'static str, u64>,
    /// Found families that hold documents with no story in common; advertisements apart.
    pub mixed_families: u64,
    /// Of those, joined by nothing but a quotation, a series introduction, a template or an advertisement.
    pub joined_by_boilerplate: u64,
    /// Found families that a true family of several documents lies in, summed; and the number of true families.
    pub families_per_story: (u64, u64),
    /// True families of 100 documents and more: documents in the largest found family, of all.
    pub wide: Share,
}

/// Found families larger than this are scored on a sample of their documents.
const LARGE: usize = 3000;

fn families(document: &Scored) -> BTreeSet<u32> {
    document.parts.iter().flat_map(|p| p.families.iter().copied()).collect()
}

fn advertises(document: &Scored) -> bool {
    document.parts.iter().all(|p| p.kind == Kind::Advertisement)
}

fn has(document: &Scored, kind: Kind) -> bool {
    document.parts.iter().any(|p| p.kind == kind)
}

/// Scores documents whose found families are filled in.
#[must_use]
pub fn score(documents: &[Scored]) -> Scores {
    let mut scores = Scores::default();
    let own: Vec<BTreeSet<u32>> = documents.iter().map(families).collect();
    let found: Vec<BTreeSet<u32>> = documents.iter().map(|d| d.found.iter().copied().collect()).collect();
    let mut true_families: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut found_families: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (i, document) in documents.iter().enumerate() {
        for part in document.parts.iter().filter(|p| p.kind != Kind::Advertisement) {
            for f in &part.families {
                let list = true_families.entry(*f).or_default();
                if list.last() != Some(&i) {
                    list.push(i);
                }
            }
        }
        for f in &found[i] {
            found_families.entry(*f).or_default().push(i);
        }
    }
    recall(documents, &own, &found, &true_families, &mut scores);
    precision(documents, &own, &found, &found_families, &mut scores);
    for list in true_families.values().filter(|l| l.len() > 1) {
        let mut homes: BTreeMap<u32, u64> = BTreeMap::new();
        for i in list {
            // A composite print lies in two families; the story's own home is counted once.
            for f in &found[*i] {
                *homes.entry(*f).or_default() += 1;
            }
        }
        let biggest = homes.values().copied().max().unwrap_or(0);
        let outside = list.iter().filter(|i| !in_biggest(&found[**i], &homes, biggest)).count();
        let split: BTreeSet<u32> = list
            .iter()
            .filter(|i| !in_biggest(&found[**i], &homes, biggest))
            .filter_map(|i| found[*i].iter().next().copied())
            .collect();
        scores.families_per_story.0 += 1 + split.len() as u64;
        scores.families_per_story.1 += 1;
        if list.len() >= 100 {
            scores.wide.of += list.len() as u64;
            scores.wide.hit += (list.len() - outside) as u64;
        }
    }
    scores
}

fn in_biggest(found: &BTreeSet<u32>, homes: &BTreeMap<u32, u64>, biggest: u64) -> bool {
    found.iter().any(|f| homes.get(f) == Some(&biggest))
}

fn kind_in(document: &Scored, family: u32) -> Kind {
    document
        .parts
        .iter()
        .filter(|p| p.families.contains(&family))
        .map(|p| p.kind)
        .max()
        .unwrap_or(Kind::Local)
}

fn recall(
    documents: &[Scored],
    own: &[BTreeSet<u32>],
    found: &[BTreeSet<u32>],
    true_families: &BTreeMap<u32, Vec<usize>>,
    scores: &mut Scores,
) {
    for (family, list) in true_families {
        for (k, i) in list.iter().enumerate() {
            for j in &list[k + 1..] {
                let (a, b) = (&documents[*i], &documents[*j]);
                // A pair that shares two families is counted with the first.
                let first = own[*i].intersection(&own[*j]).next();
                if a.paper == b.paper || first != Some(family) {
                    continue;
                }
                let hit = !found[*i].is_disjoint(&found[*j]);
                scores.recall.add(hit);
                let kind = kind_in(a, *family).max(kind_in(b, *family));
                scores.by_kind.entry(kind.as_str()).or_default().add(hit);
                let language =
                    a.parts.iter().find(|p| p.families.contains(family)).map(|p| p.language.clone());
                scores.by_language.entry(language.unwrap_or_default()).or_default().add(hit);
            }
        }
    }
}

fn precision(
    documents: &[Scored],
    own: &[BTreeSet<u32>],
    found: &[BTreeSet<u32>],
    found_families: &BTreeMap<u32, Vec<usize>>,
    scores: &mut Scores,
) {
    for (family, list) in found_families {
        let step = list.len().div_ceil(LARGE);
        let sample: Vec<usize> = list.iter().copied().step_by(step.max(1)).collect();
        // A pair of a sampled family stands for the pairs that were not looked at.
        let weight = (step.max(1) * step.max(1)) as u64;
        let (mut mixed, mut boilerplate_only) = (false, true);
        for (k, i) in sample.iter().enumerate() {
            for j in &sample[k + 1..] {
                let (a, b) = (&documents[*i], &documents[*j]);
                let first = found[*i].intersection(&found[*j]).next();
                if a.paper == b.paper || first != Some(family) || advertises(a) && advertises(b) {
                    continue;
                }
                let right = !own[*i].is_disjoint(&own[*j]);
                scores.precision.of += weight;
                if right {
                    scores.precision.hit += weight;
                    continue;
                }
                let reason =
                    [Kind::Advertisement, Kind::Template, Kind::Series, Kind::Quoted, Kind::Composite]
                        .into_iter()
                        .find(|kind| {
                            let both = matches!(kind, Kind::Template | Kind::Series);
                            if both { has(a, *kind) && has(b, *kind) } else { has(a, *kind) || has(b, *kind) }
                        });
                *scores.wrong.entry(reason.map_or("other", Kind::as_str)).or_default() += weight;
                mixed = true;
                boilerplate_only &= !matches!(reason, None | Some(Kind::Composite));
            }
        }
        scores.mixed_families += u64::from(mixed);
        scores.joined_by_boilerplate += u64::from(mixed && boilerplate_only);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(paper: u32, family: u32, kind: Kind, found: &[u32]) -> Scored {
        let part = TruePart { families: vec![family], kind, language: "zh".into() };
        Scored { paper, parts: vec![part], found: found.to_vec() }
    }

    #[test]
    fn pairs_are_counted_by_hand() {
        let documents = [
            document(1, 7, Kind::Full, &[1]),
            document(2, 7, Kind::Head, &[1]),
            document(3, 7, Kind::Cut, &[2]),
            document(4, 8, Kind::Quoted, &[1]),
        ];
        let scores = score(&documents);
        assert_eq!(scores.recall, Share { hit: 1, of: 3 });
        assert_eq!(scores.precision, Share { hit: 1, of: 3 });
        assert_eq!(scores.by_kind["head"], Share { hit: 1, of: 1 });
        assert_eq!(scores.by_kind["cut"], Share { hit: 0, of: 2 });
        assert_eq!((scores.mixed_families, scores.joined_by_boilerplate), (1, 1));
        assert_eq!(scores.families_per_story, (2, 1));
    }

    #[test]
    fn pairs_of_one_paper_are_not_scored() {
        let scores = score(&[document(1, 7, Kind::Jump, &[1]), document(1, 7, Kind::Jump, &[2])]);
        assert_eq!(scores.recall.of, 0);
    }
}
