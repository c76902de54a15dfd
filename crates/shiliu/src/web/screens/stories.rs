//! Stories: the works that papers print, one row each.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{Query, Reader, StoryFilter, StorySort, StorySummary};

use super::ledger::ask_pairs;
use super::pager::{Pager, asked};
use crate::web::address::segment;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

#[derive(Template)]
#[template(path = "stories.html")]
struct StoriesScreen {
    frame: Frame,
    rows: Vec<StoryRow>,
    pager: Pager,
    empty_archive: bool,
    text: String,
    printings: u32,
    undecided: bool,
    substantive: bool,
    sorts: Vec<(&'static str, bool)>,
    kept: Vec<(String, String)>,
}

pub(super) struct StoryRow {
    pub(super) href: String,
    pub(super) headline: String,
    pub(super) date: String,
    pub(super) agency: String,
    pub(super) printings: u64,
    pub(super) papers: u64,
    pub(super) loci: u64,
    pub(super) substantive: u64,
    pub(super) undecided: u64,
    pub(super) records: u64,
}

impl StoryRow {
    pub(super) fn of(frame: &Frame, story: &StorySummary) -> StoryRow {
        StoryRow {
            href: frame.to(&format!("/s/{}", segment(&story.key))),
            headline: story.headline.clone().unwrap_or_else(|| frame.t("article.untitled").to_owned()),
            date: story.date.clone().unwrap_or_default(),
            agency: story.agency.clone().unwrap_or_default(),
            printings: story.printings,
            papers: story.papers,
            loci: story.loci,
            substantive: story.substantive,
            undecided: story.undecided,
            records: story.records,
        }
    }
}

/// `/stories?q=&printings=&paper=&agency=&after=&before=&undecided=1&substantive=1&sort=`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "stories", screen).await
}

fn screen(site: &Site, reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let own = |key: &str| ask.get(key).map(str::to_owned);
    let filter = StoryFilter {
        folded: ask.get("q").map(|text| Query::fold(text, &site.pack)).filter(|text| !text.is_empty()),
        text: own("q"),
        printings: ask.number("printings"),
        paper: own("paper"),
        agency: own("agency"),
        from: own("after"),
        to: own("before"),
        undecided: ask.get("undecided").is_some(),
        substantive: ask.get("substantive").is_some(),
    };
    let chosen = ask.get("sort").unwrap_or("printings");
    let sort = match chosen {
        "newest" => StorySort::Newest,
        "differences" => StorySort::Differences,
        _ => StorySort::Printings,
    };
    let found = reader.stories(&filter, sort, asked(ask))?;
    let screen = StoriesScreen {
        rows: found.rows.iter().map(|story| StoryRow::of(&frame, story)).collect(),
        empty_archive: found.total == 0 && reader.is_empty()?,
        pager: Pager::new(&frame, ask, found.rows.len(), found.total).at_least(found.more),
        text: filter.text.clone().unwrap_or_default(),
        printings: filter.printings.unwrap_or(1),
        undecided: filter.undecided,
        substantive: filter.substantive,
        sorts: ["printings", "newest", "differences"].map(|name| (name, name == chosen)).into(),
        kept: ask_pairs(ask, &["q", "printings", "undecided", "substantive", "sort", "from"]),
        frame,
    };
    Answer::render(&screen)
}
