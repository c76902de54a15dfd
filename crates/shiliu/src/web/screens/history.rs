//! Corrections: made from a page's forms, kept as events, listed and undone here.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use shiliu_archive::store::{
    AddOptions, Anchor, Correction, Decision, PageText, PageView, Provenance, Reader, StoredCorrection,
};
use shiliu_text::{CodePoints, Date, Span};

use super::page::one_line;
use super::places::Atlas;
use super::rows;
use crate::web::address::parse_parts;
use crate::web::ask::{Ask, Form};
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site, clock};

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryScreen {
    frame: Frame,
    rows: Vec<CorrectionRow>,
    count: u64,
}

struct CorrectionRow {
    number: i64,
    when: String,
    who: String,
    why: String,
    what: String,
    place: String,
    href: String,
    other: String,
    other_href: String,
    undone: bool,
    can_undo: bool,
    lost: String,
}

/// `/history`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "history", |_, reader, _, frame| {
        let mut corrections = reader.corrections()?;
        corrections.reverse();
        let mut atlas = Atlas::new(reader);
        let rows = corrections
            .iter()
            .map(|stored| row(&frame, &mut atlas, stored))
            .collect::<Result<Vec<_>, Failure>>()?;
        Answer::render(&HistoryScreen { count: rows.len() as u64, rows, frame })
    })
    .await
}

/// What a decision says, in one line.
fn what(frame: &Frame, decision: &Decision) -> String {
    match decision {
        Decision::Paper { paper, .. } => frame.f("history.paper", paper),
        Decision::IssueDate { date, .. } => frame.f("history.date", date),
        Decision::PageNumber { page_no, .. } => frame.f("history.page_no", page_no),
        Decision::Headline { headline, .. } => frame.f("history.headline", one_line(&headline.quote)),
        Decision::Split { .. } => frame.t("history.split").to_owned(),
        Decision::Join { .. } => frame.t("history.join").to_owned(),
        Decision::Apart { .. } => frame.t("history.apart").to_owned(),
        Decision::Reading { printed } => frame.f("history.reading", one_line(&printed.quote)),
        Decision::Withdraw { .. } => frame.t("history.withdraw").to_owned(),
        Decision::Undo { correction } => frame.f("history.undoes", correction),
    }
}

fn row(frame: &Frame, atlas: &mut Atlas<'_>, stored: &StoredCorrection) -> Result<CorrectionRow, Failure> {
    let decision = &stored.correction.decision;
    let (first, second) = decision.anchors();
    let mut place = |anchor: Option<&Anchor>| -> Result<(String, String), Failure> {
        let Some(anchor) = anchor else { return Ok(Default::default()) };
        let shown = match one_line(&anchor.quote) {
            quote if quote.is_empty() => rows::shortened(&one_line(&anchor.after), 20),
            quote => rows::shortened(&quote, 40),
        };
        let mut span = anchor.span;
        if span.is_empty() {
            let next = anchor.after.chars().next().map_or(0, char::len_utf8);
            span.end += u32::try_from(next).unwrap_or(0);
        }
        let parts = atlas.parts(anchor.text, &[span])?;
        Ok((
            format!("{} {shown}", anchor.path),
            frame.to(&crate::web::address::permalink(anchor.text, &parts)),
        ))
    };
    let ((place_text, href), (other, other_href)) = (place(first)?, place(second)?);
    let provenance = &stored.correction.provenance;
    Ok(CorrectionRow {
        number: stored.number,
        when: provenance.when.replace('T', " ").trim_end_matches('Z').to_owned(),
        who: provenance.who.clone(),
        why: provenance.why.clone(),
        what: what(frame, decision),
        place: place_text,
        href,
        other,
        other_href,
        undone: stored.undone_by.is_some(),
        can_undo: stored.undone_by.is_none() && !matches!(decision, Decision::Undo { .. }),
        lost: stored.lost.clone().unwrap_or_default(),
    })
}

/// Corrections that no longer find their place: what they say, and why.
pub(super) fn lost(reader: &Reader, frame: &Frame) -> Result<Vec<(String, String)>, Failure> {
    let items = reader.review()?;
    Ok(items
        .iter()
        .map(|item| (what(frame, &item.correction.correction.decision), item.reason.clone()))
        .collect())
}

/// `POST /correct`
pub(crate) async fn correct(State(site): State<Arc<Site>>, ask: Ask, body: String) -> Response {
    change(site, ask, body, |reader, form| {
        let page = reader.page(PageText::Path(form.get("page")))?.ok_or(Failure::Missing("failure.page"))?;
        decisions(reader, form, &page)
    })
    .await
}

/// `POST /undo`
pub(crate) async fn undo(State(site): State<Arc<Site>>, ask: Ask, body: String) -> Response {
    change(site, ask, body, |_, form| {
        let correction = form.get("number").parse().map_err(|_| Failure::Unusable("failure.correction"))?;
        Ok(vec![Decision::Undo { correction }])
    })
    .await
}

/// Keeps what a form decides, reads again, and goes back to where the form stood.
async fn change(
    site: Arc<Site>,
    ask: Ask,
    body: String,
    decide: impl FnOnce(&Reader, &Form) -> Result<Vec<Decision>, Failure> + Send + 'static,
) -> Response {
    let form = Form::signed(&body, site.person(&ask.headers));
    let frame = Frame::new(&site, &ask, "history");
    if !site.guard.knows(form.get("token")) {
        return Failure::Stale.show(frame);
    }
    let back = frame.to(local(form.get("back")));
    let why = form.get("why").trim().to_owned();
    let work = tokio::task::spawn_blocking(move || -> Result<(), Failure> {
        let decisions = decide(&site.archive.reader()?, &form)?;
        if decisions.is_empty() {
            return Err(Failure::Unusable("failure.correction"));
        }
        let now = clock::now();
        let mut writer = site.archive.writer()?;
        for decision in decisions {
            let provenance = Provenance {
                who: form.who.clone(),
                when: now.clone(),
                why: why.clone(),
                via: "web".to_owned(),
            };
            writer.correct(&Correction { decision, provenance })?;
        }
        writer.refresh(&site.pack, &site.profile, &AddOptions::at(&now))?;
        Ok(())
    });
    match work.await {
        Ok(Ok(())) => Redirect::to(&back).into_response(),
        Ok(Err(failure)) => failure.show(frame),
        Err(error) => Failure::Internal(error.to_string()).show(frame),
    }
}

/// An address of ours; the history for anything else.
pub(super) fn local(back: &str) -> &str {
    let ours = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']);
    if ours { back } else { "/history" }
}

fn decisions(reader: &Reader, form: &Form, page: &PageView) -> Result<Vec<Decision>, Failure> {
    let anchor = |span: Span| {
        Anchor::new(page.page.text, &page.page.path, &page.text, span)
            .ok_or(Failure::Unusable("failure.place"))
    };
    match form.get("verb") {
        "identity" => identity(form, page, &anchor),
        "headline" => {
            let span = span_of(form, page).filter(|span| !span.is_empty());
            let span = span.ok_or(Failure::Unusable("failure.headline"))?;
            let article = article_anchor(reader, form.get("article"))?;
            Ok(vec![Decision::Headline { article, headline: anchor(span)? }])
        }
        "split" => {
            let start = span_of(form, page).ok_or(Failure::Unusable("failure.place"))?.start;
            Ok(vec![Decision::Split { at: anchor(Span { start, end: start })? }])
        }
        "join" => {
            let (first, second) = (form.get("article"), form.get("other"));
            if first == second {
                return Err(Failure::Unusable("failure.same_article"));
            }
            let (first, second) = (article_anchor(reader, first)?, article_anchor(reader, second)?);
            Ok(vec![Decision::Join { first, second }])
        }
        "reading" => {
            let span = span_of(form, page).ok_or(Failure::Unusable("failure.place"))?;
            Ok(vec![Decision::Reading { printed: anchor(span)? }])
        }
        _ => Err(Failure::Unusable("failure.correction")),
    }
}

/// Only what differs from what is known is a decision.
fn identity(
    form: &Form,
    page: &PageView,
    anchor: &dyn Fn(Span) -> Result<Anchor, Failure>,
) -> Result<Vec<Decision>, Failure> {
    // Any characters of the page name it; the first ones are enough to tell that the text is the same.
    let first = page.text.char_indices().nth(16).map_or(page.text.len(), |(at, _)| at);
    let here = anchor(Span::new(0, first))?;
    let changed = |name: &str, known: Option<&String>| {
        let given = form.get(name).trim();
        (!given.is_empty() && known.map(String::as_str) != Some(given)).then(|| given.to_owned())
    };
    let mut found = Vec::new();
    if let Some(date) = changed("date", page.page.date.as_ref()) {
        let date = Date::parse(&date).ok_or(Failure::Unusable("failure.date"))?;
        found.push(Decision::IssueDate { page: here.clone(), date });
    }
    if let Some(paper) = changed("paper", page.page.paper.as_ref()) {
        found.push(Decision::Paper { page: here.clone(), paper });
    }
    if let Some(page_no) = changed("page_no", page.page.page_no.as_ref()) {
        found.push(Decision::PageNumber { page: here, page_no });
    }
    Ok(found)
}

/// The place that a form names: `START-END` in code points, typed or selected; else the one chosen from the list.
fn span_of(form: &Form, page: &PageView) -> Option<Span> {
    let points = CodePoints::new(&page.text);
    let typed = form.get("range").trim();
    let chosen = if typed.is_empty() { form.get("place") } else { typed };
    let (start, end) = match parse_parts(chosen).first() {
        Some(&part) => part,
        None => chosen.parse().ok().map(|start| (start, start))?,
    };
    (end <= points.count()).then(|| Span { start: points.to_byte(start), end: points.to_byte(end) })
}

/// Some characters of an article: its first ones.
fn article_anchor(reader: &Reader, key: &str) -> Result<Anchor, Failure> {
    const CHARACTERS: usize = 24;
    let missing = || Failure::Missing("failure.article");
    let article = reader.article(key)?.ok_or_else(missing)?;
    let first = article.summary.fragments.first().ok_or_else(missing)?;
    let page = reader.page(PageText::Path(&first.page.path))?.ok_or_else(missing)?;
    let characters = page.text.get(first.span.range()).ok_or_else(missing)?;
    let end = characters.char_indices().nth(CHARACTERS).map_or(characters.len(), |(at, _)| at);
    let span = Span::new(first.span.start as usize, first.span.start as usize + end);
    Anchor::new(page.page.text, &page.page.path, &page.text, span).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_goes_back_to_an_address_of_ours_only() {
        for (back, ours) in [
            ("/p/abc?c=1-2", true),
            ("/", true),
            ("//evil.example/", false),
            ("https://evil.example/", false),
            ("/\\evil.example", false),
            ("/x\r\nSet-Cookie: a", false),
            ("", false),
        ] {
            assert_eq!(local(back) == back, ours, "{back:?}");
        }
    }
}
