//! Pages → articles, in rounds: what is cut first is grouped to families, and where another printing of a story
//! tells otherwise the pages are cut again.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use shiliu_lang::Pack;
use shiliu_press::{Article, CutPage, Page, Placement, Segmented, Segmenter};
use shiliu_reprint::{
    Doc, DocInfo, Family, Member, Passage, Relation, RunStore, Settings, families, passages,
};
use shiliu_text::{Diagnostic, Outcome};

use super::{dating, placements};

/// How often pages are cut again after the first time, at most.
const ROUNDS: usize = 2;

/// Articles with their families.
#[derive(Debug, Default)]
pub(super) struct Grouped {
    pub passages: Vec<Passage>,
    pub families: Vec<Family>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Cuts the pages to articles and groups these; the families are those of the articles returned, or nothing where
/// they were not needed for that.
pub(super) fn make(
    pages: &[Page],
    runs: &mut dyn RunStore,
    pack: &Pack,
    settings: &Settings,
    tell: &(dyn Fn(usize, usize) + Sync),
) -> io::Result<(Outcome<Segmented>, Option<Grouped>)> {
    let segmenter = Segmenter::new(pack).beside(pages);
    let mut cut = cut_all(pages, &segmenter, tell);
    let join = |cut: Vec<CutPage>| {
        let mut joined = segmenter.join(pages, cut);
        dating::refine(pages, &mut joined.value, pack);
        joined
    };
    if pages.len() < 2 {
        return Ok((join(cut), None));
    }
    let mut known: Vec<Vec<Placement>> = vec![Vec::new(); pages.len()];
    let mut joined = join(cut.clone());
    let mut grouped = group(pages, &joined.value, runs, settings, &[])?;
    for _ in 0..ROUNDS {
        let told = placements::of(pages, &joined.value, &grouped.passages, &grouped.families, &known);
        let changed: Vec<usize> = (0..pages.len()).filter(|page| told[*page] != known[*page]).collect();
        if changed.is_empty() {
            break;
        }
        let again: Vec<CutPage> =
            changed.par_iter().map(|page| segmenter.page(*page, &pages[*page], &told[*page])).collect();
        for (page, again) in changed.into_iter().zip(again) {
            cut[page] = again;
        }
        known = told;
        joined = join(cut.clone());
        grouped = group(pages, &joined.value, runs, settings, &[])?;
    }
    Ok((joined, Some(grouped)))
}

/// Cuts the pages for the first time. Told: steps done, and of how many.
fn cut_all(pages: &[Page], segmenter: &Segmenter<'_>, tell: &(dyn Fn(usize, usize) + Sync)) -> Vec<CutPage> {
    let all = pages.iter().map(Segmenter::steps).sum();
    tell(0, all);
    let done = AtomicUsize::new(0);
    let of_page = |(index, page)| {
        let mut step = || tell(done.fetch_add(1, Ordering::Relaxed) + 1, all);
        segmenter.page_in_steps(index, page, &[], &mut step)
    };
    pages.par_iter().enumerate().map(of_page).collect()
}

/// The families of the articles; `apart` are pairs of articles that a person said print no story in common.
pub(super) fn group(
    pages: &[Page],
    segmented: &Segmented,
    runs: &mut dyn RunStore,
    settings: &Settings,
    apart: &[(usize, usize)],
) -> io::Result<Grouped> {
    debug_assert_eq!(pages.len(), segmented.identities.len());
    let outlets = outlets(segmented);
    let day = |article: &Article| {
        let identity = &segmented.identities[article.page];
        identity.date.as_ref().or(article.reference.as_ref()).map(|date| date.value.day_number())
    };
    let info: Vec<DocInfo<'_>> = segmented
        .articles
        .iter()
        .enumerate()
        .map(|(index, article)| DocInfo {
            key: u32::try_from(index).expect("fewer than 2^32 articles"),
            name: &article.id.0,
            text: &article.text.text,
            day: day(article),
            outlet: outlets[article.page],
        })
        .collect();
    let mut docs =
        info.iter().map(|info| Doc { key: info.key, text: info.text, day: info.day, outlet: info.outlet });
    let settings = Settings { articles: true, ..settings.clone() };
    let mut grouped = Grouped::default();
    grouped.passages = passages(&mut docs, runs, &settings)?.collect_into(&mut grouped.diagnostics);
    let are_apart = |a: u32, b: u32| apart.contains(&(a.min(b) as usize, a.max(b) as usize));
    grouped.passages.retain(|passage| !are_apart(passage.a, passage.b));
    grouped.families = families(&info, &grouped.passages, &settings).collect_into(&mut grouped.diagnostics);
    keep_apart(&mut grouped.families, &segmented.articles, are_apart);
    Ok(grouped)
}

/// Takes out of a family what a person said is of another story, where a third printing still joins them: the later
/// one of the two stands alone.
fn keep_apart(grouped: &mut Vec<Family>, articles: &[Article], are_apart: impl Fn(u32, u32) -> bool) {
    let mut alone = Vec::new();
    for family in grouped.iter_mut() {
        let mut kept: Vec<Member> = Vec::with_capacity(family.members.len());
        let mut out = Vec::new();
        for member in family.members.drain(..) {
            if kept.iter().any(|known| are_apart(known.key, member.key)) {
                out.push(member);
            } else {
                kept.push(member);
            }
        }
        family.members = kept;
        for member in out {
            let name = articles[member.key as usize].id.0.clone();
            let members = vec![Member { relation: Relation::Full, spans: Vec::new(), ..member }];
            alone.push(Family { name, members, related: Vec::new() });
        }
    }
    if alone.is_empty() {
        return;
    }
    // One that is in another family as well is not alone.
    let placed: std::collections::BTreeSet<u32> =
        grouped.iter().flat_map(|family| family.members.iter().map(|member| member.key)).collect();
    alone.retain(|family| family.members.iter().all(|member| !placed.contains(&member.key)));
    grouped.extend(alone);
    grouped.sort_by(|a, b| a.name.cmp(&b.name));
}

/// A number for each page's paper, equal for pages of one paper.
fn outlets(segmented: &Segmented) -> Vec<Option<u32>> {
    let mut known: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    let papers = segmented.identities.iter().map(|identity| identity.paper.as_ref());
    papers
        .map(|paper| {
            let paper = paper?.value.as_str();
            let next = u32::try_from(known.len()).expect("fewer than 2^32 papers");
            Some(*known.entry(paper).or_insert(next))
        })
        .collect()
}
