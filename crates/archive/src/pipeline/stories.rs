//! Articles → families → collated stories.

use std::collections::BTreeMap;

use rayon::prelude::*;
use shiliu_collate::{Decision, Judge, Reliabilities, Witness, collate};
use shiliu_lang::{Pack, Profile};
use shiliu_press::Article;
use shiliu_reprint::{Family, Relation};
use shiliu_text::{Diagnostic, Span};

use super::articles::Grouped;
use super::judge::{Attested, DataJudge};
use super::{ReadOptions, Reading, RelatedStory, Stage, StoryEntry, StoryWitness};

pub(super) fn make(
    reading: &mut Reading,
    families: Grouped,
    pack: &Pack,
    profile: &Profile,
    options: &ReadOptions<'_>,
) {
    let tell = options.progress;
    let Grouped { passages: found, families: grouped, diagnostics } = families;
    reading.diagnostics.extend(diagnostics);
    let articles = &reading.segmented.articles;
    let attested = Attested::count(
        grouped.iter().map(|family| {
            family.members.iter().map(|member| articles[member.key as usize].text.text.as_str()).collect()
        }),
        pack,
    );
    let judge = DataJudge::new(pack, Some(profile), &attested);
    let done = std::sync::atomic::AtomicUsize::new(0);
    let shared: &Reading = reading;
    let first: Vec<(StoryEntry, Vec<Diagnostic>)> = grouped
        .par_iter()
        .map(|family| {
            let entry = entry(shared, family, pack, &judge);
            let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            tell(Stage::Collate, done, grouped.len());
            entry
        })
        .collect();
    // What all stories of a page say of its recogniser decides again where one story alone could not.
    let reliabilities = Reliabilities::learn(first.iter().map(|(entry, _)| &entry.story));
    let pooled = reliabilities.judge(&judge);
    let open = |entry: &StoryEntry| {
        entry.witnesses.len() > 1
            && entry.story.loci.iter().any(|locus| locus.decision == Decision::Undecided)
    };
    let entries: Vec<(StoryEntry, Vec<Diagnostic>)> = first
        .into_par_iter()
        .zip(grouped.par_iter())
        .map(
            |((first, noticed), family)| {
                if open(&first) { entry(shared, family, pack, &pooled) } else { (first, noticed) }
            },
        )
        .collect();
    for (entry, noticed) in entries {
        reading.stories.push(entry);
        reading.diagnostics.extend(noticed);
    }
    relate(reading, &grouped);
    reading.passages = found;
}

/// Sigla follow date, page, place.
fn rank(reading: &Reading, article: &Article) -> String {
    let identity = &reading.segmented.identities[article.page];
    let date = identity.date.as_ref().or(article.reference.as_ref()).map(|date| date.value.to_string());
    let start = article.fragments.first().map_or(0, |fragment| fragment.span.start);
    format!(
        "{}\u{0}{}\u{0}{start:010}",
        date.unwrap_or_else(|| "9999".to_owned()),
        reading.pages[article.page].key.path
    )
}

fn entry(
    reading: &Reading,
    family: &Family,
    pack: &Pack,
    judge: &(dyn Judge + Sync),
) -> (StoryEntry, Vec<Diagnostic>) {
    let articles = &reading.segmented.articles;
    let witnesses: Vec<Witness> = family
        .members
        .iter()
        .map(|member| {
            let article = &articles[member.key as usize];
            Witness {
                key: article.id.0.clone(),
                rank: rank(reading, article),
                text: article.text.text.clone(),
                coverage: coverage(article, member.relation, &member.spans),
                engine: Some(reading.pages[article.page].key.path.clone()),
            }
        })
        .collect();
    let outcome = collate(&witnesses, pack, judge);
    let noticed = outcome.diagnostics;
    let story = outcome.value;
    let by_id: BTreeMap<&str, (usize, Relation)> = family
        .members
        .iter()
        .map(|member| (articles[member.key as usize].id.0.as_str(), (member.key as usize, member.relation)))
        .collect();
    let witnesses = story
        .witnesses
        .iter()
        .filter_map(|witness| {
            let &(article, relation) = by_id.get(witness.key.as_str())?;
            Some(StoryWitness { article, relation, coverage: witness.coverage.clone() })
        })
        .collect();
    (StoryEntry { id: family.name.clone(), witnesses, story, related: Vec::new() }, noticed)
}

/// A full or abridged printing is collated from its first to its last character: what one of them has beside
/// the others is a reading too. Of an excerpt or a composite only the shared stretches belong to the story.
fn coverage(article: &Article, relation: Relation, spans: &[Span]) -> Vec<Span> {
    let whole = Span::new(0, article.text.text.len());
    let shared: usize = spans.iter().map(|span| span.len()).sum();
    if relation != Relation::Excerpt && (spans.is_empty() || shared * 2 >= whole.len()) {
        return vec![whole];
    }
    let mut spans = spans.to_vec();
    spans.sort();
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            // A gap of a few characters between two aligned stretches is a difference, not foreign text.
            Some(last) if span.start <= last.end + 60 => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

fn relate(reading: &mut Reading, grouped: &[Family]) {
    let mut stories_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, entry) in reading.stories.iter().enumerate() {
        for witness in &entry.witnesses {
            stories_of.entry(witness.article).or_default().push(index);
        }
    }
    for (index, family) in grouped.iter().enumerate() {
        let mut related: Vec<RelatedStory> = Vec::new();
        for member in &family.related {
            let article = member.key as usize;
            for &story in stories_of.get(&article).into_iter().flatten() {
                if story == index {
                    continue;
                }
                let spans = member.spans.iter().map(|span| (article, *span));
                match related.iter_mut().find(|one| (one.story, one.relation) == (story, member.relation)) {
                    Some(known) => known.spans.extend(spans),
                    None => {
                        let spans = spans.collect();
                        related.push(RelatedStory { story, relation: member.relation, spans });
                    }
                }
            }
        }
        related.sort_by(|a, b| (a.story, a.relation, &a.spans).cmp(&(b.story, b.relation, &b.spans)));
        reading.stories[index].related = related;
    }
}
