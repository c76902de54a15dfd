//! Variants outside the reading text: headline, byline and their like, which the collation of a story does not cover.

use shiliu_archive::{Reading, StoryEntry};
use shiliu_collate::Story;
use shiliu_press::Article;
use shiliu_text::{Excerpt, Span};

use super::json::Json;

/// What the printings have beside the text, where they differ in its words or in its place: before the text or after it.
/// `place` gives the path of a page and code points on it.
pub(super) fn outside<'p>(
    reading: &Reading,
    entry: &StoryEntry,
    place: &dyn Fn(usize, Span) -> (&'p str, (u32, u32)),
) -> Json {
    type Part = fn(&Article) -> Option<&Excerpt>;
    // Words, where they stand beside the text, witnesses, the first one's characters.
    type Printed<'r> = (&'r str, Option<&'r str>, Vec<usize>, Option<(usize, Span)>);
    let parts: [(&str, Part); 4] = [
        ("kicker", |article| article.kicker.as_ref()),
        ("headline", |article| article.headline.as_ref()),
        ("deck", |article| article.deck.as_ref()),
        ("byline", |article| article.byline.as_ref()),
    ];
    let mut rows = Vec::new();
    for (name, part) in parts {
        let mut readings: Vec<Printed<'_>> = Vec::new();
        for (number, witness) in entry.witnesses.iter().enumerate() {
            let article = &reading.segmented.articles[witness.article];
            let excerpt = part(article);
            let (words, at) = excerpt
                .map_or(("", None), |excerpt| (excerpt.text.as_str(), located(reading, article, excerpt)));
            let position = at.and_then(|(page, span)| position(reading, article, page, span));
            match readings.iter_mut().find(|known| known.0 == words && known.1 == position) {
                Some(known) => known.2.push(number),
                None => readings.push((words, position, vec![number], at)),
            }
        }
        if readings.len() < 2 {
            continue;
        }
        let readings = readings.into_iter().map(|(words, position, witnesses, at)| {
            let at = at.map(|(page, span)| place(page, span));
            Json::object([
                ("text", words.into()),
                ("position", Json::or_null(position)),
                ("witnesses", Json::list(witnesses.into_iter().map(Story::siglum))),
                ("page", Json::or_null(at.map(|(page, _)| page))),
                ("start", Json::or_null(at.map(|(_, (start, _))| start))),
                ("end", Json::or_null(at.map(|(_, (_, end))| end))),
            ])
        });
        rows.push(Json::object([("part", name.into()), ("readings", Json::List(readings.collect()))]));
    }
    Json::List(rows)
}

/// The page and the characters of an excerpt, from the first to the last on that page.
fn located(reading: &Reading, article: &Article, excerpt: &Excerpt) -> Option<(usize, Span)> {
    let first = excerpt.at.first()?;
    let page = (article.fragments.iter().map(|part| part.page).chain([article.page]))
        .find(|page| reading.pages[*page].layer.id == first.text)?;
    let spans = excerpt.at.iter().filter(|place| place.text == first.text).map(|place| place.span);
    Some((page, spans.fold(first.span, Span::cover)))
}

/// Whether a stretch of a page stands before the first character of the text or after its last there.
fn position(reading: &Reading, article: &Article, page: usize, span: Span) -> Option<&'static str> {
    let layer = reading.pages[page].layer.id;
    let body = article.text.map.origins().filter_map(|(_, from, _)| from).filter(|from| from.text == layer);
    let body = body.map(|from| from.span).reduce(Span::cover)?;
    if span.end <= body.start {
        Some("before")
    } else if body.end <= span.start {
        Some("after")
    } else {
        Some("between")
    }
}
