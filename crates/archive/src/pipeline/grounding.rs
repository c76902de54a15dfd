//! Leads spans of derived texts back to the pages.

use shiliu_press::{Article, Page};
use shiliu_text::{Located, Span};

/// Parts of pages as (page index, spans): parts of one page that only white space separates are one, because
/// what stands between two printed characters of an expression belongs to how it was printed.
pub(super) fn on_pages(places: &[Located], article: &Article, pages: &[Page]) -> Vec<(usize, Vec<Span>)> {
    let mut found: Vec<(usize, Vec<Span>)> = Vec::new();
    for place in places {
        let Some(page) = page_of(place, article, pages) else { continue };
        let text = &pages[page].layer.text;
        match found.last_mut() {
            Some((last, spans)) if *last == page => match spans.last_mut() {
                Some(span)
                    if span.end <= place.span.start
                        && text[span.end as usize..place.span.start as usize].trim().is_empty() =>
                {
                    span.end = place.span.end;
                }
                _ => spans.push(place.span),
            },
            _ => found.push((page, vec![place.span])),
        }
    }
    found
}

/// The page of an article that a place is on. Two pages may hold the same text, so the article decides.
fn page_of(place: &Located, article: &Article, pages: &[Page]) -> Option<usize> {
    article
        .fragments
        .iter()
        .map(|fragment| fragment.page)
        .chain([article.page])
        .find(|&page| pages[page].layer.id == place.text)
}

/// The first page's parts: evidence and mentions name one page; an expression over a page break keeps the part
/// on the page where it starts.
pub(super) fn on_first_page(
    places: &[Located],
    article: &Article,
    pages: &[Page],
) -> Option<(usize, Vec<Span>)> {
    on_pages(places, article, pages).into_iter().next()
}
