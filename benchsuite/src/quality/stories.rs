//! Reprints and collation: pairs of printings in one story, look-alikes kept apart, known variants found.

use std::collections::BTreeMap;

use shiliu_archive::Reading;

use crate::print::{Counts, Report, ratio};
use crate::segments::predicted;
use crate::truth::{Range, Truth};

/// Our article that holds most characters of each article of the truth.
fn counterparts(reading: &Reading, truth: &Truth) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for page in &truth.pages {
        let Some(index) = reading.pages.iter().position(|known| known.key.path == page.page) else {
            continue;
        };
        let clusters = predicted(index, &reading.pages, &reading.segmented);
        for article in &page.articles {
            let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
            for &(start, end) in &article.fragments as &Vec<Range> {
                for &cluster in clusters.iter().take(end).skip(start) {
                    *votes.entry(cluster).or_default() += 1;
                }
            }
            if let Some((cluster, _)) = votes.into_iter().max_by_key(|(_, count)| *count)
                && cluster < reading.segmented.articles.len()
            {
                found.insert(article.id.clone(), cluster);
            }
        }
    }
    found
}

pub(crate) fn score(
    set: &'static str,
    reading: &Reading,
    truth: &Truth,
    report: &mut Report,
    errors: Option<&str>,
) {
    let ours = counterparts(reading, truth);
    let mut story_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, story) in reading.stories.iter().enumerate() {
        for witness in &story.witnesses {
            story_of.entry(witness.article).or_default().push(index);
        }
    }
    let together = |a: usize, b: usize| {
        let empty = Vec::new();
        let stories = story_of.get(&b).unwrap_or(&empty);
        a != b && story_of.get(&a).is_some_and(|known| known.iter().any(|story| stories.contains(story)))
    };
    let mut counts = Counts::default();
    let mut kept_apart = (0, 0);
    for pair in &truth.pairs {
        let (Some(&a), Some(&b)) = (ours.get(&pair.a), ours.get(&pair.b)) else {
            counts.truth += usize::from(pair.same);
            continue;
        };
        if pair.same {
            counts.truth += 1;
            counts.hit += usize::from(together(a, b));
        } else {
            kept_apart.1 += 1;
            kept_apart.0 += usize::from(!together(a, b));
        }
    }
    let joined: usize = reading
        .stories
        .iter()
        .map(|story| story.witnesses.len() * (story.witnesses.len().max(1) - 1) / 2)
        .sum();
    counts.found = joined.max(counts.hit);
    report.share(set, "reprints: pairs found (recall)", counts.recall());
    report.share(set, "reprints: pairs right (precision)", counts.precision());
    report.share(set, "reprints: look-alikes kept apart", ratio(kept_apart.0, kept_apart.1));
    score_variants(set, reading, truth, report, errors);
}

/// A known variant is found where a locus of a story with several witnesses has both readings; it is decided
/// right where the lemma holds the reading judged right.
fn score_variants(
    set: &'static str,
    reading: &Reading,
    truth: &Truth,
    report: &mut Report,
    errors: Option<&str>,
) {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '∅').collect::<String>();
    let mut found = 0;
    let (mut right, mut decidable) = (0, 0);
    for [a, b, class, wanted] in &truth.variants {
        let (a, b) = (bare(a), bare(b));
        let locus = reading.stories.iter().filter(|story| story.witnesses.len() > 1).find_map(|story| {
            story.story.loci.iter().find(|locus| {
                let readings: Vec<String> =
                    locus.readings.iter().map(|reading| bare(&reading.text)).collect();
                // Two signs at the same place may stand one glyph wider on both sides.
                let same = |wanted: &str| {
                    readings.iter().any(|reading| {
                        reading == wanted
                            || (!wanted.is_empty()
                                && reading.contains(wanted)
                                && reading.chars().count() <= wanted.chars().count() + 2)
                    })
                };
                same(&a) && same(&b)
            })
        });
        found += usize::from(locus.is_some());
        if errors == Some("variants") && locus.is_none() {
            report.note(format!("{set}: variant not found: {a:?} / {b:?} ({class})"));
        }
        let Some(locus) = locus else { continue };
        let wanted_text = match wanted.trim_end_matches('?') {
            "A" => &a,
            "B" => &b,
            _ => continue,
        };
        decidable += 1;
        let lemma = bare(&locus.readings[locus.lemma].text);
        let is_right =
            &lemma == wanted_text || !wanted_text.is_empty() && lemma.contains(wanted_text.as_str());
        right += usize::from(is_right);
        if errors == Some("variants") && !is_right {
            let confidence = locus.confidence;
            report.note(format!("{set}: {lemma:?} stands for {wanted_text:?} ({class}, {confidence})"));
        }
    }
    report.share(set, "collation: known variants found", ratio(found, truth.variants.len()));
    report.share(set, "collation: lemma right where one is", ratio(right, decidable));
    let loci: usize = reading.stories.iter().map(|story| story.story.loci.len()).sum();
    report.score(set, "collation: loci (known variants)", format!("{loci} ({})", truth.variants.len()));
}
