//! The ledger: every record, narrowed by facets; each row shows the characters that say it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{Due, FACETS, FieldValue, Query, Reader, RecordFilter, RecordSort};
use shiliu_ledger::Kind;

use super::deadline::Term;
use super::pager::{Pager, asked};
use super::places::Atlas;
use super::rows::{self, RecordRow};
use super::values;
use crate::web::address::with_query;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

/// Names of the query that narrow by a field: what the lists offer, and the name of a thing.
fn narrowing() -> impl Iterator<Item = &'static str> {
    FACETS.iter().copied().chain(["name"])
}

/// Words of one facet that are shown at once.
const WORDS: usize = 12;

#[derive(Template)]
#[template(path = "ledger.html")]
struct LedgerScreen {
    frame: Frame,
    rows: Vec<RecordRow>,
    pager: Pager,
    facets: Vec<FacetRow>,
    active: Vec<(String, String)>,
    empty_archive: bool,
    text: String,
    sorts: Vec<(&'static str, bool)>,
    kept: Vec<(String, String)>,
    each: bool,
    each_href: String,
    /// The same rows as files: format, address.
    exports: Vec<(&'static str, String)>,
}

struct FacetRow {
    name: String,
    words: Vec<FacetWord>,
    rest: Vec<FacetWord>,
}

struct FacetWord {
    text: String,
    href: String,
    count: String,
    on: bool,
}

/// What the address asks for.
pub(super) fn filter(site: &Site, reader: &Reader, ask: &Ask) -> Result<RecordFilter, Failure> {
    let own = |key: &str| ask.get(key).map(str::to_owned);
    let undated = ask.get("due") == Some("none");
    let due = match ask.get("due").and_then(Term::parse) {
        Some(term) => {
            let as_of = super::mechanism::as_of(ask, &reader.overview()?);
            let kept = term == Term::Kept;
            let deadlines = reader.deadlines(kept)?.into_iter().map(|(deadline, _)| deadline);
            let within = |deadline: &String| kept || Term::of(deadline, &as_of) == Some(term);
            Some(Due { deadlines: deadlines.filter(within).collect(), kept })
        }
        None => None,
    };
    Ok(RecordFilter {
        kinds: ask.all("kind").filter_map(Kind::parse).collect(),
        facets: narrowing()
            .flat_map(|name| ask.all(name).map(move |word| (name.to_owned(), word.to_owned())))
            .collect(),
        origins: ask.number("origins"),
        text: ask.get("q").map(|text| Query::fold(text, &site.pack)).filter(|text| !text.is_empty()),
        body: own("body"),
        paper: own("paper"),
        from: own("after"),
        to: own("before"),
        deadline: ask.get("deadline").is_some() || due.is_some(),
        promises: ask.get("promises").is_some() || undated,
        undated,
        due,
        flag: own("flag"),
        once: ask.get("each").is_none(),
    })
}

/// In which order the address asks for them.
pub(super) fn sort(ask: &Ask) -> RecordSort {
    match ask.get("sort") {
        Some("newest") => RecordSort::Newest,
        Some("place") => RecordSort::Place,
        Some("deadline") => RecordSort::Deadline,
        Some("origins") => RecordSort::Origins,
        // What a desk asks for first: promises, then what most papers print on their own account.
        _ => RecordSort::Weight,
    }
}

/// `/ledger?kind=&force=&…&sort=&from=`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "ledger", screen).await
}

fn screen(site: &Site, reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let filter = filter(site, reader, ask)?;
    let found = reader.records(&filter, sort(ask), asked(ask))?;
    let mut atlas = Atlas::new(reader);
    let rows = found
        .rows
        .iter()
        .map(|record| rows::full(&frame, reader, &mut atlas, record))
        .collect::<Result<Vec<_>, _>>()?;
    let chosen = ask.get("sort").unwrap_or("weight");
    let sorts = ["weight", "origins", "newest", "deadline", "place"].map(|name| (name, name == chosen));
    let active =
        ["kind", "promises", "due", "origins", "q", "body", "paper", "after", "before", "deadline", "flag"]
            .into_iter()
            .chain(narrowing())
            .flat_map(|name| ask.all(name).map(move |word| (name, word)))
            .map(|(name, word)| {
                if let "promises" | "due" = name {
                    return (facet_word(&frame, name, word), frame.to(&ask.with(name, "")));
                }
                let label = format!("{}: {}", facet_name(&frame, name), facet_word(&frame, name, word));
                (label, frame.to(&ask.with(name, "")))
            })
            .collect();
    let kept = ask_pairs(ask, &["q", "sort", "from"]);
    let each = ask.get("each").is_some();
    let query = ask_pairs(ask, &["from"]);
    let exports = ["csv", "xlsx", "jsonl"].map(|format| {
        let path = format!("/export/records.{format}");
        (
            format,
            frame.to(&with_query(&path, query.iter().map(|(key, value)| (key.as_str(), value.as_str())))),
        )
    });
    let screen = LedgerScreen {
        empty_archive: found.total == 0 && reader.is_empty()?,
        pager: Pager::new(&frame, ask, rows.len(), found.total).at_least(found.more),
        rows,
        facets: facets(&frame, ask, reader.facets(&filter)?),
        active,
        text: ask.get("q").unwrap_or_default().to_owned(),
        sorts: sorts.into(),
        kept,
        each,
        exports: exports.into(),
        each_href: frame.to(&ask.with("each", if each { "" } else { "1" })),
        frame,
    };
    Answer::render(&screen)
}

/// What of the address a form must carry along.
pub(super) fn ask_pairs(ask: &Ask, but: &[&str]) -> Vec<(String, String)> {
    ask.pairs()
        .filter(|(key, _)| !but.contains(key))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn facet_name<'f>(frame: &'f Frame, name: &'f str) -> &'f str {
    match name {
        "kind" => frame.t("ledger.kind"),
        _ => frame.word("field", name),
    }
}

fn facet_word(frame: &Frame, name: &str, word: &str) -> String {
    match name {
        "kind" => frame.word("kind", word).to_owned(),
        "flag" => frame.word("flag", word).to_owned(),
        "deadline" => frame.t("ledger.with_deadline").to_owned(),
        "promises" => frame.t("ledger.promises").to_owned(),
        "due" => match word {
            "none" => frame.t("ledger.undated").to_owned(),
            _ => Term::parse(word).map_or_else(|| word.to_owned(), |term| frame.t(term.words()).to_owned()),
        },
        _ => values::field(frame, name, &FieldValue::Text(word.to_owned())),
    }
}

fn facets(frame: &Frame, ask: &Ask, facets: Vec<shiliu_archive::store::Facet>) -> Vec<FacetRow> {
    let mut shown = Vec::new();
    for facet in facets {
        let on = |word: &str| ask.all(&facet.name).any(|chosen| chosen == word);
        let mut words: Vec<FacetWord> = facet
            .words
            .iter()
            .map(|(word, count)| FacetWord {
                text: facet_word(frame, &facet.name, word),
                href: frame.to(&ask.with(&facet.name, if on(word) { "" } else { word })),
                count: if *count > 0 { frame.grouped(*count) } else { String::new() },
                on: on(word),
            })
            .collect();
        let rest = words.split_off(words.len().min(WORDS));
        shown.push(FacetRow { name: facet_name(frame, &facet.name).to_owned(), words, rest });
    }
    let origins: Vec<FacetWord> = [2u32, 3, 5]
        .iter()
        .map(|least| {
            let on = ask.number("origins") == Some(*least);
            FacetWord {
                text: frame.f("ledger.origins_least", least),
                href: frame.to(&ask.with("origins", &if on { String::new() } else { least.to_string() })),
                count: String::new(),
                on,
            }
        })
        .collect();
    shown.push(FacetRow { name: frame.t("field.origins").to_owned(), words: origins, rest: Vec::new() });
    shown
}
