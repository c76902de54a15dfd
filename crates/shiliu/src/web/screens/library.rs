//! The library: papers, their issues, the pages of an issue.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{IssueSummary, PageSummary, Reader};

use super::page::page_address;
use super::pager::{Pager, asked};
use super::places::source_name;
use crate::web::address::with_query;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

#[derive(Template)]
#[template(path = "library.html")]
struct LibraryScreen {
    frame: Frame,
    title: String,
    crumb: Option<(String, String)>,
    papers: Vec<PaperRow>,
    issues: Vec<YearRow>,
    pages: Vec<PageRow>,
    pager: Option<Pager>,
    empty: bool,
}

struct PaperRow {
    name: String,
    href: String,
    issues: u64,
    pages: u64,
    dates: String,
}

struct YearRow {
    year: String,
    issues: Vec<IssueRow>,
}

struct IssueRow {
    name: String,
    href: String,
    pages: u64,
}

struct PageRow {
    name: String,
    href: String,
    headlines: String,
    articles: u64,
    findings: u64,
    findings_href: String,
}

/// `/library`, `/library?paper=NAME` (`paper=-` for none known), `/library?issue=KEY`, `/library?all=1`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "library", |_, reader, ask, frame| screen(reader, ask, frame)).await
}

fn issue_href(frame: &Frame, key: &str) -> String {
    frame.to(&with_query("/library", [("issue", key)]))
}

fn issue_name(frame: &Frame, issue: &IssueSummary) -> String {
    let parts: Vec<&str> = [issue.paper.as_deref(), issue.date.as_deref()].into_iter().flatten().collect();
    match (parts.is_empty(), &issue.folder) {
        (false, _) => parts.join(" "),
        (true, Some(folder)) => folder.clone(),
        (true, None) if issue.key.trim().is_empty() => frame.t("library.no_issue").to_owned(),
        (true, None) => issue.key.clone(),
    }
}

fn screen(reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let mut screen = LibraryScreen {
        title: frame.t("tab.library").to_owned(),
        crumb: None,
        papers: Vec::new(),
        issues: Vec::new(),
        pages: Vec::new(),
        pager: None,
        empty: false,
        frame,
    };
    let library = (screen.frame.t("tab.library").to_owned(), screen.frame.to("/library"));
    if let Some(key) = ask.get("issue") {
        // Keys may end in a space; the address gives them back without it.
        let mut found = reader.pages(Some(key), asked(ask))?;
        if found.total == 0 {
            found = reader.pages(Some(&format!("{key} ")), asked(ask))?;
        }
        if found.total == 0 {
            return Err(Failure::Missing("failure.issue"));
        }
        screen.pager = Some(Pager::new(&screen.frame, ask, found.rows.len(), found.total));
        screen.title = found.rows.first().map_or_else(String::new, |page| {
            let parts: Vec<String> =
                [page.page.paper.clone(), page.page.date.clone()].into_iter().flatten().collect();
            if parts.is_empty() { page.issue.trim().to_owned() } else { parts.join(" ") }
        });
        screen.crumb = Some(library);
        screen.pages = found.rows.iter().map(|page| page_row(&screen.frame, page)).collect();
    } else if ask.get("all").is_some() {
        let found = reader.pages(None, asked(ask))?;
        screen.pager = Some(Pager::new(&screen.frame, ask, found.rows.len(), found.total));
        screen.title = screen.frame.t("library.all_pages").to_owned();
        screen.crumb = Some(library);
        screen.pages = found.rows.iter().map(|page| page_row(&screen.frame, page)).collect();
        screen.empty = found.total == 0;
    } else if let Some(paper) = ask.get("paper") {
        let named = (paper != "-").then_some(paper);
        let found = reader.issues(Some(named), asked(ask))?;
        screen.pager = Some(Pager::new(&screen.frame, ask, found.rows.len(), found.total));
        screen.title = named.map_or_else(|| screen.frame.t("library.no_paper").to_owned(), str::to_owned);
        screen.crumb = Some(library);
        screen.issues = years(&screen.frame, &found.rows);
        screen.empty = found.total == 0;
    } else {
        let papers = reader.papers()?;
        screen.empty = papers.is_empty();
        for paper in &papers {
            let query = paper.paper.as_deref().unwrap_or("-");
            screen.papers.push(PaperRow {
                name: paper.paper.clone().unwrap_or_else(|| screen.frame.t("library.no_paper").to_owned()),
                href: screen.frame.to(&with_query("/library", [("paper", query)])),
                issues: paper.issues,
                pages: paper.pages,
                dates: paper
                    .dates
                    .as_ref()
                    .map_or(String::new(), |(first, last)| format!("{first} – {last}")),
            });
        }
        let newest = reader.issues(None, asked(ask))?;
        screen.pager = Some(Pager::new(&screen.frame, ask, newest.rows.len(), newest.total));
        screen.issues = years(&screen.frame, &newest.rows);
    }
    Answer::render(&screen)
}

fn years(frame: &Frame, issues: &[IssueSummary]) -> Vec<YearRow> {
    let mut years: Vec<YearRow> = Vec::new();
    for issue in issues {
        let year = issue
            .date
            .as_deref()
            .and_then(|date| date.get(..7))
            .map_or_else(|| frame.t("library.no_date").to_owned(), str::to_owned);
        if years.last().is_none_or(|last| last.year != year) {
            years.push(YearRow { year, issues: Vec::new() });
        }
        if let Some(last) = years.last_mut() {
            last.issues.push(IssueRow {
                name: issue_name(frame, issue),
                href: issue_href(frame, issue.key.trim()),
                pages: issue.pages,
            });
        }
    }
    years
}

fn page_row(frame: &Frame, page: &PageSummary) -> PageRow {
    PageRow {
        name: source_name(frame, &page.page),
        href: frame.to(&page_address(&page.page)),
        headlines: page.headlines.join(frame.t("list.semicolon")),
        articles: page.articles,
        findings: page.findings,
        findings_href: frame.to(&with_query("/review", [("path", page.page.path.as_str())])),
    }
}
