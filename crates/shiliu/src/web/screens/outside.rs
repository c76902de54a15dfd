//! What stands outside the reading text of a story: headlines, bylines and their like, where printings differ in their
//! words or in their place.

use shiliu_archive::store::{ArticleView, Evidenced, StoryView};
use shiliu_text::Span;

use super::page::one_line;
use super::places::Atlas;
use crate::web::failure::Failure;
use crate::web::frame::Frame;

/// One part of an article and how the printings have it.
pub(crate) struct OutsideRow {
    pub(crate) part: String,
    pub(crate) readings: Vec<OutsideReading>,
}

/// What some printings have there, and where.
pub(crate) struct OutsideReading {
    pub(crate) text: String,
    /// Its characters on the first printing's page; empty where it is lacking.
    pub(crate) href: String,
    /// Before or after the text, in words; empty where it is lacking.
    pub(crate) position: String,
    pub(crate) sigla: Vec<String>,
}

/// The words of a part and where they stand beside the text.
type Printed<'a> = (&'a str, Option<&'a str>);
type Part = fn(&ArticleView) -> Option<&Evidenced>;

const PARTS: [(&str, Part); 4] = [
    ("kicker", |article| article.kicker.as_ref()),
    ("headline", |article| article.headline.as_ref()),
    ("deck", |article| article.deck.as_ref()),
    ("byline", |article| article.byline.as_ref()),
];

/// The parts in which the printings of a story differ.
pub(crate) fn rows(
    frame: &Frame,
    atlas: &mut Atlas<'_>,
    story: &StoryView,
    articles: &[Option<ArticleView>],
) -> Result<Vec<OutsideRow>, Failure> {
    let mut rows = Vec::new();
    for (name, part) in PARTS {
        // Words and position, then who has it so.
        let mut found: Vec<(Printed<'_>, Vec<usize>)> = Vec::new();
        for (number, article) in articles.iter().enumerate() {
            let Some(article) = article else { continue };
            let printed = part(article).filter(|known| known.printed);
            let key = printed.map_or(("", None), |known| (known.value.as_str(), position(article, known)));
            match found.iter_mut().find(|(known, _)| *known == key) {
                Some((_, who)) => who.push(number),
                None => found.push((key, vec![number])),
            }
        }
        if found.len() < 2 {
            continue;
        }
        let mut readings = Vec::new();
        for ((text, position), who) in found {
            let printed = articles[who[0]].as_ref().and_then(part).filter(|known| known.printed);
            let href = match printed.and_then(|known| known.places.first().map(|first| (known, first))) {
                Some((known, first)) => {
                    let here = known.places.iter().filter(|place| place.page == first.page);
                    let spans: Vec<Span> = here.map(|place| place.span).collect();
                    atlas.link(frame, &first.page, &spans)?
                }
                None => String::new(),
            };
            let text = if text.is_empty() { frame.t("story.omitted").to_owned() } else { one_line(text) };
            readings.push(OutsideReading {
                text,
                href,
                position: position.map_or_else(String::new, |word| frame.word("position", word).to_owned()),
                sigla: who.iter().map(|number| story.witnesses[*number].siglum.clone()).collect(),
            });
        }
        rows.push(OutsideRow { part: frame.word("role", name).to_owned(), readings });
    }
    Ok(rows)
}

/// Whether a part stands before the first character of the text on its page, after the last, or between.
fn position(article: &ArticleView, part: &Evidenced) -> Option<&'static str> {
    let first = part.places.first()?;
    let own = part.places.iter().filter(|place| place.page == first.page).map(|place| place.span);
    let own = own.reduce(Span::cover)?;
    let body = article
        .map
        .iter()
        .filter_map(|piece| piece.from)
        .filter(|(page, _)| article.pages.get(*page).is_some_and(|known| *known == first.page));
    let body = body.map(|(_, span)| span).reduce(Span::cover)?;
    Some(if own.end <= body.start {
        "before"
    } else if body.end <= own.start {
        "after"
    } else {
        "between"
    })
}
