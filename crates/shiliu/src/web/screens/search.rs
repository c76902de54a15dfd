//! Search: hits open on the page at the characters, lit.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{Hit, PassageFinding, PassageMatch, Query, Reader, StoreError};
use shiliu_text::Span;

use super::compare::{Stretch, compare};
use super::page::one_line;
use super::pager::{Pager, asked};
use super::places::{Atlas, source_name};
use crate::web::address::{segment, with_query};
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

#[derive(Template)]
#[template(path = "search.html")]
struct SearchScreen {
    frame: Frame,
    text: String,
    passage: String,
    asked: bool,
    problem: String,
    rows: Vec<HitRow>,
    pager: Option<Pager>,
    total: String,
    held: u64,
    findings: Vec<FindingRow>,
    passage_asked: bool,
    passage_problem: String,
    ledger_href: String,
}

struct HitRow {
    href: String,
    source: String,
    before: String,
    text: String,
    after: String,
    count: u64,
    others: Vec<(String, String)>,
    headline: String,
    story_href: String,
    printings: u64,
}

struct FindingRow {
    href: String,
    source: String,
    headline: String,
    story_href: String,
    printings: u64,
    same: bool,
    share: String,
    stretches: Vec<Stretch>,
}

/// `/search?q=WORDS&from=` or `/search?passage=SENTENCE`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "search", screen).await
}

fn screen(site: &Site, reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let typed = ask.get("q").unwrap_or_default();
    let passage = ask.get("passage").unwrap_or_default();
    let mut screen = SearchScreen {
        text: typed.to_owned(),
        passage: passage.to_owned(),
        asked: !typed.is_empty(),
        problem: String::new(),
        rows: Vec::new(),
        pager: None,
        total: String::new(),
        held: reader.overview()?.counts.pages,
        findings: Vec::new(),
        passage_asked: !passage.is_empty(),
        passage_problem: String::new(),
        ledger_href: frame.to(&with_query("/ledger", [("q", typed)])),
        frame,
    };
    let mut atlas = Atlas::new(reader);
    if screen.asked {
        match Query::parse(typed, &site.pack) {
            Ok(query) => {
                let found = reader.search(&query, &site.pack, asked(ask))?;
                for hit in &found.hits {
                    screen.rows.push(hit_row(&screen.frame, &mut atlas, hit)?);
                }
                screen.total = screen.frame.n("count.pages", found.total);
                if found.more {
                    screen.total = screen.frame.f("search.more", found.total);
                }
                screen.pager = Some(Pager::new(&screen.frame, ask, found.hits.len(), found.total));
            }
            Err(StoreError::Refused(words)) => screen.problem = words,
            Err(other) => return Err(other.into()),
        }
    }
    if screen.passage_asked {
        match reader.find_passage(passage, &site.pack) {
            Ok(findings) => {
                for finding in &findings {
                    screen.findings.push(finding_row(&screen.frame, &mut atlas, passage, finding)?);
                }
            }
            Err(StoreError::Refused(words)) => screen.passage_problem = words,
            Err(other) => return Err(other.into()),
        }
    }
    Answer::render(&screen)
}

fn hit_row(frame: &Frame, atlas: &mut Atlas<'_>, hit: &Hit) -> Result<HitRow, Failure> {
    /// Further hits of a page that are linked one by one.
    const OTHERS: usize = 8;
    // The first hit opens with all hits of the page lit.
    let href = atlas.link(frame, &hit.page, &hit.spans)?;
    let text = atlas.text(hit.page.text)?;
    let mut others = Vec::new();
    for span in hit.spans.iter().skip(1).take(OTHERS) {
        let words = text.as_deref().map_or(String::new(), |text| snippet(text, *span));
        others.push((words, atlas.link(frame, &hit.page, &[*span])?));
    }
    let (story_href, printings) = match &hit.story {
        Some((key, printings)) => (frame.to(&format!("/s/{}", segment(key))), *printings),
        None => (String::new(), 0),
    };
    Ok(HitRow {
        href,
        source: source_name(frame, &hit.page),
        before: one_line(&hit.before),
        text: one_line(&hit.text),
        after: one_line(&hit.after),
        count: hit.count as u64,
        others,
        headline: hit.article.as_ref().and_then(|(_, headline)| headline.clone()).unwrap_or_default(),
        story_href,
        printings,
    })
}

fn finding_row(
    frame: &Frame,
    atlas: &mut Atlas<'_>,
    passage: &str,
    finding: &PassageFinding,
) -> Result<FindingRow, Failure> {
    let page = finding.places.first().map_or(&finding.article.page, |first| &first.page);
    let spans: Vec<Span> =
        finding.places.iter().filter(|place| place.page.text == page.text).map(|place| place.span).collect();
    let (same, identity) = match &finding.found {
        PassageMatch::Exact => (true, 1000),
        PassageMatch::Variant { identity, .. } => (false, *identity),
    };
    let (story_href, printings) = match &finding.article.story {
        Some((key, printings)) => (frame.to(&format!("/s/{}", segment(key))), *printings),
        None => (String::new(), 0),
    };
    Ok(FindingRow {
        href: atlas.link(frame, page, &spans)?,
        source: source_name(frame, page),
        headline: finding.article.headline.clone().unwrap_or_default(),
        story_href,
        printings,
        same,
        share: frame.f("search.share", format!("{}.{}%", identity / 10, identity % 10)),
        // Exact is what folding calls so: width and case may differ and need no mark.
        stretches: if same {
            vec![Stretch { text: finding.text.clone(), differs: false, absent: String::new() }]
        } else {
            compare(passage, &finding.text)
        },
    })
}

/// A hit with a few characters on either side.
fn snippet(text: &str, span: Span) -> String {
    const CONTEXT: usize = 8;
    let before = text.get(..span.start as usize).unwrap_or_default();
    let start = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
    let after = text.get(span.end as usize..).unwrap_or_default();
    let end = after.char_indices().nth(CONTEXT).map_or(after.len(), |(at, _)| at);
    one_line(&format!("{}{}{}", &before[start..], span.of(text), &after[..end]))
}
