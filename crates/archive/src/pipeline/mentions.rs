//! Mentions on every printing: each article with its own reference date, and the furniture with the page's.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use shiliu_extract::Mention;
use shiliu_lang::Pack;
use shiliu_press::{Article, Role};
use shiliu_text::{Date, Derived, DerivedBuilder, Inferred, Layer, Span, TextId};

use super::grounding::on_first_page;
use super::{PlacedMention, Reading, Stage};

pub(super) fn make(reading: &mut Reading, pack: &Pack, tell: &(dyn Fn(Stage, usize, usize) + Sync)) {
    let articles = reading.segmented.articles.len();
    tell(Stage::Mentions, 0, articles);
    let shared: &Reading = reading;
    // Pages of one text have equal layers.
    let layers: Layers<'_> = shared.pages.iter().map(|page| (page.layer.id, &page.layer)).collect();
    let done = AtomicUsize::new(0);
    let told = |index: usize| {
        let found = of_article(shared, index, &layers, pack);
        tell(Stage::Mentions, done.fetch_add(1, Ordering::Relaxed) + 1, articles);
        found
    };
    let mut placed: Vec<PlacedMention> = (0..articles).into_par_iter().flat_map_iter(told).collect();
    placed.extend((0..reading.pages.len()).flat_map(|page| of_page(shared, page, pack)));
    placed.sort_by(|a, b| (a.page, &a.spans).cmp(&(b.page, &b.spans)));
    // A headline may stand inside what an article's text covers on a damaged page: the first, longest stays.
    placed.dedup_by(|later, kept| {
        later.page == kept.page
            && later.spans.iter().any(|span| kept.spans.iter().any(|known| known.overlaps(*span)))
    });
    reading.mentions = placed;
    tell(Stage::Mentions, articles, articles);
}

/// The day that relative dates of an article count from.
pub(super) fn reference(reading: &Reading, article: &Article) -> Option<Inferred<Date>> {
    let identity = &reading.segmented.identities[article.page];
    article.reference.clone().or_else(|| identity.date.clone())
}

/// The layers of the pages by their texts.
type Layers<'r> = BTreeMap<TextId, &'r Layer>;

fn of_article(reading: &Reading, index: usize, layers: &Layers<'_>, pack: &Pack) -> Vec<PlacedMention> {
    let article = &reading.segmented.articles[index];
    let reference = reference(reading, article);
    let mut placed = Vec::new();
    let mut take = |derived: &Derived, in_text: bool| {
        for mention in shiliu_extract::mentions(&derived.text, reference.as_ref(), pack).value {
            let Some((page, spans)) =
                on_first_page(&derived.map.trace(mention.span), article, &reading.pages)
            else {
                continue;
            };
            let numeral = mention
                .numeral
                .and_then(|numeral| on_first_page(&derived.map.trace(numeral), article, &reading.pages))
                .filter(|(on, _)| *on == page)
                .and_then(|(_, spans)| Some(spans.first()?.cover(*spans.last()?)));
            let at = in_text.then_some(mention.span);
            placed.push(PlacedMention { page, spans, article: Some((index, at)), mention, numeral });
        }
    };
    take(&article.text, true);
    for excerpt in [&article.kicker, &article.headline, &article.deck].into_iter().flatten() {
        let mut derived = DerivedBuilder::default();
        for place in &excerpt.at {
            if let Some(layer) = layers.get(&place.text) {
                derived.copy(layer, place.span);
            }
        }
        take(&derived.finish(), false);
    }
    placed
}

/// Mastheads, section heads, notices: what no article's text holds.
fn of_page(reading: &Reading, index: usize, pack: &Pack) -> Vec<PlacedMention> {
    let page = &reading.pages[index];
    let reference = reading.segmented.identities[index].date.clone();
    let mut placed = Vec::new();
    for zone in &reading.segmented.zones[index] {
        let outside = matches!(zone.role, Role::Masthead | Role::Section | Role::Furniture | Role::Credit);
        if !outside || zone.duplicate {
            continue;
        }
        let mut derived = DerivedBuilder::default();
        derived.copy(&page.layer, zone.span);
        let derived = derived.finish();
        let found: Vec<Mention> = shiliu_extract::mentions(&derived.text, reference.as_ref(), pack).value;
        for mention in found {
            let shift = |span: Span| {
                Span::new((zone.span.start + span.start) as usize, (zone.span.start + span.end) as usize)
            };
            let article = zone.articles.first().map(|&article| (article, None));
            let numeral = mention.numeral.map(shift);
            placed.push(PlacedMention {
                page: index,
                spans: vec![shift(mention.span)],
                article,
                mention,
                numeral,
            });
        }
    }
    placed
}
