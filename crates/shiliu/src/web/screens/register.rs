//! The register: entries, narrowed by facets, with the characters that say them one click away.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{Consequence, EntryFilter, EntryRow, EntrySort, ItemFilter, Reader};
use shiliu_lang::Section;
use shiliu_ledger::register::{Act, totals};

use super::deadline;
use super::keeping;
use super::ledger::ask_pairs;
use super::pager::{Pager, asked};
use super::rows::Tag;
use crate::cli::countable;
use crate::export::views::View;
use crate::web::address::with_query;
use crate::web::ask::{Ask, Form};
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site, clock};

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterScreen {
    frame: Frame,
    rows: Vec<PromiseRow>,
    pager: Pager,
    facets: Vec<FacetBox>,
    active: Vec<(String, String)>,
    text: String,
    sorts: Vec<(&'static str, bool)>,
    kept: Vec<(String, String)>,
    once: bool,
    once_href: String,
    empty: bool,
    waiting: u64,
    totals: Vec<TotalRow>,
    exports: Vec<(String, Vec<(&'static str, String)>)>,
    bodies: Vec<String>,
    back: String,
}

/// An entry in a list.
pub(crate) struct PromiseRow {
    pub(crate) key: String,
    pub(crate) href: String,
    pub(crate) words: String,
    pub(crate) actors: String,
    pub(crate) recipients: String,
    pub(crate) due: String,
    pub(crate) due_words: String,
    pub(crate) owner: String,
    pub(crate) amount: String,
    pub(crate) marks: Vec<Tag>,
    pub(crate) origins: u64,
    pub(crate) printings: u64,
}

struct FacetBox {
    name: String,
    words: Vec<(String, String, String, bool)>,
}

struct TotalRow {
    unit: String,
    once: String,
    promises: String,
    every: String,
    statements: String,
}

/// The address of an entry.
pub(crate) fn address(frame: &Frame, key: &str) -> String {
    frame.to(&format!("/e/{key}"))
}

/// The status as a mark.
pub(crate) fn status_mark(frame: &Frame, status: Option<&str>) -> Tag {
    let class = match status {
        Some("delivered") => "good",
        Some("withdrawn" | "suspended" | "no-evidence-found") => "warn",
        Some(_) => "kind",
        None => "",
    };
    Tag { text: frame.word("promise", status.unwrap_or("none")).to_owned(), class }
}

/// Everything that a row should warn of.
pub(crate) fn marks(frame: &Frame, row: &EntryRow, today: &str) -> Vec<Tag> {
    let warn = |text: String| Tag { text, class: "warn" };
    let mut marks = vec![status_mark(frame, row.status.as_deref())];
    if row.is_overdue(today) {
        marks.push(warn(frame.t("register.overdue").to_owned()));
    }
    if row.taken_back {
        marks.push(warn(frame.t("register.taken_back").to_owned()));
    }
    if row.shaken > 0 {
        marks.push(warn(frame.f("register.shaken", row.shaken)));
    }
    if row.speaker != row.key {
        marks.push(Tag { text: frame.f("register.counted_as", &row.speaker), class: "" });
    }
    marks
}

/// A row for a list.
pub(crate) fn promise_row(frame: &Frame, row: &EntryRow, today: &str) -> PromiseRow {
    PromiseRow {
        key: row.key.clone(),
        href: address(frame, &row.key),
        words: row.words.clone(),
        actors: row.actors.clone(),
        recipients: row.recipients.clone(),
        due: if row.due.is_empty() {
            frame.t("register.no_date").to_owned()
        } else if row.due.starts_with('P') {
            row.due_day.clone().unwrap_or_else(|| row.due.clone())
        } else {
            deadline::in_words(frame, &row.due)
        },
        due_words: row.due_words.clone(),
        owner: row.owner.clone().unwrap_or_else(|| frame.t("register.nobody").to_owned()),
        amount: format!("{} {}", row.amount, row.unit).trim().to_owned(),
        marks: marks(frame, row, today),
        origins: row.origins,
        printings: row.printings,
    }
}

/// What the address asks for.
pub(super) fn filter(ask: &Ask, today: &str) -> EntryFilter {
    let own = |key: &str| ask.get(key).map(str::to_owned);
    let names = ["actors", "recipients", "party", "area", "sector", "meeting"];
    EntryFilter {
        status: own("status"),
        owner: own("owner"),
        names: names
            .iter()
            .flat_map(|name| ask.all(name).map(|word| ((*name).to_owned(), word.to_owned())))
            .collect(),
        due_by: own("by"),
        overdue_on: ask.get("overdue").map(|_| today.to_owned()),
        undated: ask.get("undated").is_some(),
        waiting: ask.get("waiting").is_some(),
        findings: ask.get("findings").is_some(),
        shaken: ask.get("shaken").is_some(),
        open: ask.get("open").is_some(),
        silent_since: own("silent"),
        origins: ask.number("origins"),
        text: own("q"),
        taken_back: ask.get("all").is_some(),
        once: ask.get("once").is_some(),
    }
}

pub(super) fn today() -> String {
    clock::now().get(..10).unwrap_or_default().to_owned()
}

/// `/register?status=&owner=&party=&area=&by=&overdue=&q=&once=&sort=&from=`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "register", screen).await
}

/// Names of bodies and states of the profile, to be offered where somebody is to follow an entry.
pub(super) fn bodies(site: &Site, frame: &Frame) -> Vec<String> {
    const OFFERED: usize = 200;
    let sections = [Section::Body, Section::State];
    let known = sections.iter().flat_map(|section| site.profile.entries(*section));
    let names = known.map(|entry| entry.name(frame.code()).to_owned()).filter(|name| !name.is_empty());
    names.take(OFFERED).collect()
}

fn screen(site: &Site, reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    /// Totals of a larger view are left to the export.
    const SUMMED: u64 = 2000;
    let today = today();
    let filter = filter(ask, &today);
    let chosen = ask.get("sort").unwrap_or("key");
    let sort = match chosen {
        "due" => EntrySort::Due,
        "origins" => EntrySort::Origins,
        "latest" => EntrySort::Latest,
        _ => EntrySort::Key,
    };
    let found = reader.entries(&filter, sort, asked(ask))?;
    let rows: Vec<PromiseRow> = found.rows.iter().map(|row| promise_row(&frame, row, &today)).collect();
    let sums = if found.total > 0 && found.total <= SUMMED {
        totals(&countable(&reader.all_entries(&filter, EntrySort::Key)?))
    } else {
        Vec::new()
    };
    let conditions = [
        "status",
        "owner",
        "actors",
        "recipients",
        "party",
        "area",
        "sector",
        "meeting",
        "by",
        "overdue",
        "undated",
        "waiting",
        "findings",
        "shaken",
        "open",
        "silent",
        "origins",
        "q",
        "all",
    ];
    let active = conditions
        .iter()
        .flat_map(|name| ask.all(name).map(move |word| (*name, word)))
        .map(|(name, word)| {
            let label = format!("{}: {}", frame.word("column", name), facet_word(&frame, name, word));
            (label, frame.to(&ask.with(name, "")))
        })
        .collect();
    let mut facets = Vec::new();
    for facet in reader.entry_facets(&filter)? {
        let words = facet.words.iter().take(12).map(|(word, count)| {
            let on = ask.all(&facet.name).any(|chosen| chosen == word);
            let href = frame.to(&ask.with(&facet.name, if on { "" } else { word }));
            (facet_word(&frame, &facet.name, word), href, frame.grouped(*count), on)
        });
        facets.push(FacetBox {
            name: frame.word("register_facet", &facet.name).to_owned(),
            words: words.collect(),
        });
    }
    let kept = ask_pairs(ask, &["q", "sort", "from"]);
    let pairs: Vec<(&str, &str)> = ask.pairs().filter(|(key, _)| *key != "from").collect();
    let exports = View::ALL.iter().filter(|view| !matches!(view, View::Scale)).map(|view| {
        let file = |format: &'static str| {
            let path = format!("/export/{}.{format}", view.as_str());
            (format, frame.to(&with_query(&path, pairs.iter().copied())))
        };
        (frame.word("export", view.as_str()).to_owned(), ["csv", "xlsx", "jsonl"].map(file).into())
    });
    let exports: Vec<(String, Vec<(&'static str, String)>)> = exports.collect();
    let once = ask.get("once").is_some();
    let every = EntryFilter { taken_back: true, ..EntryFilter::default() };
    let empty = found.total == 0 && reader.count_entries(&every)? == 0;
    let waiting = if empty {
        reader.queue_counts(&ItemFilter::default())?.iter().map(|(_, count)| count).sum()
    } else {
        0
    };
    let screen = RegisterScreen {
        pager: Pager::new(&frame, ask, rows.len(), found.total),
        rows,
        facets,
        active,
        text: ask.get("q").unwrap_or_default().to_owned(),
        sorts: ["key", "due", "origins", "latest"].map(|name| (name, name == chosen)).into(),
        kept,
        once,
        once_href: frame.to(&ask.with("once", if once { "" } else { "1" })),
        empty,
        waiting,
        totals: sums
            .into_iter()
            .map(|total| TotalRow {
                unit: total.unit,
                once: total.once,
                promises: total.promises.to_string(),
                every: total.every,
                statements: total.statements.to_string(),
            })
            .collect(),
        exports,
        bodies: bodies(site, &frame),
        back: ask.here(),
        frame,
    };
    Answer::render(&screen)
}

fn facet_word(frame: &Frame, name: &str, word: &str) -> String {
    match (name, word) {
        ("status", word) => frame.word("promise", word).to_owned(),
        ("owner", "-") => frame.t("register.nobody").to_owned(),
        _ => word.to_owned(),
    }
}

/// `POST /own`: one event for each marked row that is shown.
pub(crate) async fn own(State(site): State<Arc<Site>>, ask: Ask, body: String) -> Response {
    keeping::keep(site, ask, body, "register", owned, keeping::back).await
}

fn owned(_: &Site, _: &Reader, form: &Form) -> Result<Vec<Consequence>, Failure> {
    let owner = form.get("owner").trim();
    let act = || Act::Own { owner: owner.to_owned() };
    Ok(form.all("entry").map(|key| keeping::alone(keeping::draft(form, Some(key), act()))).collect())
}
