//! What waits for a person: corrections that lost their place, findings of the stages, unsettled readings.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{DiagnosticFilter, DiagnosticView, Paging, Reader, StoryFilter, StorySort};
use shiliu_text::{Severity, Span};

use super::page::one_line;
use super::pager::{Pager, asked};
use super::places::Atlas;
use super::rows::{shortened, tail};
use super::stories::StoryRow;
use crate::web::address::permalink;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewScreen {
    frame: Frame,
    queue: Vec<super::decide::QueueRow>,
    waiting: u64,
    lost: Vec<(String, String)>,
    severities: Vec<SeverityRow>,
    findings: Vec<FindingRow>,
    pager: Pager,
    path: String,
    all_href: String,
    undecided: Vec<StoryRow>,
    undecided_count: u64,
    unread: u64,
}

struct SeverityRow {
    name: String,
    count: u64,
    href: String,
    on: bool,
}

struct FindingRow {
    severity: String,
    class: &'static str,
    code: String,
    code_href: String,
    message: String,
    place: String,
    href: String,
    /// The characters that it speaks of, and what follows them.
    quote: (String, String),
    hints: Vec<String>,
}

/// `/review?severity=&code=&path=`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "review", screen).await
}

fn screen(site: &Site, reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    const STORIES: u32 = 10;
    let overview = reader.overview()?;
    let chosen = ask.get("severity");
    let filter = DiagnosticFilter {
        severity: overview.findings.keys().copied().find(|severity| Some(severity.as_str()) == chosen),
        code: ask.get("code").map(str::to_owned),
        path: ask.get("path").map(str::to_owned),
    };
    let found = reader.diagnostics(&filter, asked(ask))?;
    let mut atlas = Atlas::new(reader);
    let mut findings = Vec::new();
    for finding in &found.rows {
        findings.push(finding_row(&frame, ask, &mut atlas, finding)?);
    }
    let severities = [Severity::Error, Severity::Warning, Severity::Note].iter().filter_map(|severity| {
        let on = chosen == Some(severity.as_str());
        Some(SeverityRow {
            name: frame.word("severity", severity.as_str()).to_owned(),
            count: *overview.findings.get(severity)?,
            href: frame.to(&ask.with("severity", if on { "" } else { severity.as_str() })),
            on,
        })
    });
    let stories = StoryFilter { undecided: true, ..StoryFilter::default() };
    let undecided = reader.stories(&stories, StorySort::Differences, Paging { offset: 0, limit: STORIES })?;
    let (queue, waiting) = super::decide::kinds(site, reader, ask, &frame)?;
    let screen = ReviewScreen {
        queue,
        waiting,
        lost: super::history::lost(reader, &frame)?,
        severities: severities.collect(),
        pager: Pager::new(&frame, ask, findings.len(), found.total),
        findings,
        path: filter.path.clone().or(filter.code.clone()).unwrap_or_default(),
        all_href: frame.to("/review"),
        undecided: undecided.rows.iter().map(|story| StoryRow::of(&frame, story)).collect(),
        undecided_count: undecided.total,
        unread: overview.unread,
        frame,
    };
    Answer::render(&screen)
}

/// The characters of a finding and those behind it; of a mere place those before it.
fn words_at(text: &str, span: Span) -> (String, String) {
    const WORDS: usize = 40;
    const AROUND: usize = 16;
    let whole = text.get(span.range()).unwrap_or_default();
    let words = if span.is_empty() {
        tail(text.get(..span.start as usize).unwrap_or_default().trim_end(), AROUND)
    } else {
        shortened(whole, WORDS)
    };
    let cut = whole.chars().nth(WORDS).is_some();
    let behind = text.get(span.end as usize..).filter(|_| !cut).unwrap_or_default();
    (one_line(&words), one_line(&behind.chars().take(AROUND).collect::<String>()))
}

fn finding_row(
    frame: &Frame,
    ask: &Ask,
    atlas: &mut Atlas<'_>,
    finding: &DiagnosticView,
) -> Result<FindingRow, Failure> {
    let href = match (finding.text, finding.span) {
        (Some(text), Some(span)) if !span.is_empty() => {
            frame.to(&permalink(text, &atlas.parts(text, &[span])?))
        }
        (Some(text), _) => frame.to(&format!("/p/{text}")),
        _ => String::new(),
    };
    let quote = match (finding.text, finding.span) {
        (Some(text), Some(span)) => atlas.text(text)?.map(|text| words_at(&text, span)).unwrap_or_default(),
        _ => Default::default(),
    };
    Ok(FindingRow {
        quote,
        severity: frame.word("severity", finding.severity.as_str()).to_owned(),
        class: match finding.severity {
            Severity::Error => "kind",
            Severity::Warning => "warn",
            Severity::Note => "",
        },
        code_href: frame.to(&ask.with("code", &finding.code)),
        code: finding.code.clone(),
        message: frame.known(&format!("finding.{}", finding.code)).unwrap_or(&finding.message).to_owned(),
        place: finding.path.clone().unwrap_or_default(),
        href,
        hints: finding.hints.iter().map(|hint| frame.word("hint", hint).to_owned()).collect(),
    })
}
