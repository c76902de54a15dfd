//! People and what they are quoted with.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{Paging, Reader, RecordFilter, RecordSort};
use shiliu_ledger::Kind;

use super::pager::{Pager, asked};
use super::places::Atlas;
use super::rows::{self, RecordRow};
use super::values;
use crate::web::address::with_query;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

/// The most people that one screen lists.
const MOST: u32 = 500;

#[derive(Template)]
#[template(path = "people.html")]
struct PeopleScreen {
    frame: Frame,
    title: String,
    one: bool,
    groups: Vec<CountryGroup>,
    person_count: u64,
    posts: Vec<RecordRow>,
    quotes: Vec<RecordRow>,
    pager: Pager,
    empty_archive: bool,
}

struct CountryGroup {
    bylines: bool,
    country: String,
    people: Vec<PersonRow>,
}

struct PersonRow {
    name: String,
    titles: String,
    href: String,
}

/// `/people`, `/people?name=NAME`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "people", |_, reader, ask, frame| screen(reader, ask, frame)).await
}

fn screen(reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let name = ask.get("name");
    let mut atlas = Atlas::new(reader);
    let quotes = RecordFilter {
        kinds: vec![Kind::Quote],
        facets: name.map(|name| ("speaker".to_owned(), name.to_owned())).into_iter().collect(),
        once: true,
        ..RecordFilter::default()
    };
    let quotes = reader.records(&quotes, RecordSort::Newest, asked(ask))?;
    let people = RecordFilter {
        kinds: vec![Kind::Person],
        facets: name.map(|name| ("name".to_owned(), name.to_owned())).into_iter().collect(),
        once: true,
        ..RecordFilter::default()
    };
    let people = reader.records(&people, RecordSort::Place, Paging { offset: 0, limit: MOST })?;
    let mut posts = Vec::new();
    let mut by_country: BTreeMap<(bool, String), BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for record in &people.rows {
        if name.is_some() {
            posts.push(rows::full(&frame, reader, &mut atlas, record)?);
            continue;
        }
        let word = |name: &str| {
            record.value(name).map(|value| values::field(&frame, name, value)).unwrap_or_default()
        };
        // Who wrote a report stands apart from whom it is about.
        let byline = record.text("role") == Some("byline");
        let group = if byline { (true, String::new()) } else { (false, word("country")) };
        let titles = by_country.entry(group).or_default().entry(record.label.clone()).or_default();
        let title = word("title");
        if !title.is_empty() && !titles.contains(&title) {
            titles.push(title);
        }
    }
    let mut groups: Vec<CountryGroup> = by_country
        .into_iter()
        .map(|((bylines, country), people)| CountryGroup {
            bylines,
            country,
            people: people
                .into_iter()
                .map(|(name, titles)| PersonRow {
                    href: frame.to(&with_query("/people", [("name", name.as_str())])),
                    titles: titles.join(frame.t("list.joint")),
                    name,
                })
                .collect(),
        })
        .collect();
    groups.sort_by_key(|group| {
        (group.bylines, group.country.is_empty(), std::cmp::Reverse(group.people.len()))
    });
    let mut shown = Vec::new();
    for record in &quotes.rows {
        shown.push(rows::full(&frame, reader, &mut atlas, record)?);
    }
    let screen = PeopleScreen {
        title: name.map_or_else(|| frame.t("tab.people").to_owned(), str::to_owned),
        one: name.is_some(),
        person_count: groups.iter().map(|group| group.people.len() as u64).sum(),
        groups,
        posts,
        pager: Pager::new(&frame, ask, shown.len(), quotes.total).at_least(quotes.more),
        empty_archive: people.total + quotes.total == 0 && reader.is_empty()?,
        quotes: shown,
        frame,
    };
    Answer::render(&screen)
}
