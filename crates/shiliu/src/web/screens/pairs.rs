//! Two states: what each promised the other, what they promised together, and what came of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{FieldValue, Paging, Reader, RecordFilter, RecordSort, RecordSummary};
use shiliu_lang::Section;
use shiliu_ledger::Kind;

use super::page::one_line;
use super::places::Atlas;
use super::rows::{self, RecordRow};
use crate::web::address::with_query;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::{Frame, grouped};
use crate::web::{Answer, Site};

/// The most records of one part.
const MOST: u32 = 200;

#[derive(Template)]
#[template(path = "pairs.html")]
struct PairsScreen {
    frame: Frame,
    title: String,
    one: bool,
    states: Vec<String>,
    table: Vec<TableRow>,
    parts: Vec<Part>,
    empty_archive: bool,
}

/// One state's promises to each other one.
struct TableRow {
    state: String,
    cells: Vec<Cell>,
}

struct Cell {
    count: String,
    href: String,
}

struct Part {
    title: String,
    href: String,
    rows: Vec<PartRow>,
}

struct PartRow {
    row: RecordRow,
    /// What links say came of it: word, address, label.
    after: Vec<(String, String, String)>,
    silence: String,
}

/// `/pairs`, `/pairs?a=STATE&b=STATE`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "ledger", screen).await
}

fn screen(site: &Site, reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    // Records name states in the language of the pages.
    let states: Vec<String> =
        site.profile.entries(Section::State).iter().map(|state| state.name("zh").to_owned()).collect();
    let chosen = |key: &str| ask.get(key).filter(|name| states.iter().any(|state| state == name));
    let empty_archive = reader.is_empty()?;
    let screen = match (chosen("a"), chosen("b")) {
        (Some(a), Some(b)) if a != b => PairsScreen {
            title: frame.f2("pairs.title", a, b),
            one: true,
            parts: dossier(reader, &frame, a, b)?,
            states,
            table: Vec::new(),
            empty_archive,
            frame,
        },
        _ => PairsScreen {
            title: frame.t("pairs.all").to_owned(),
            one: false,
            table: table(reader, &frame, &states)?,
            states,
            parts: Vec::new(),
            empty_archive,
            frame,
        },
    };
    Answer::render(&screen)
}

fn filter(kinds: &[Kind], facets: &[(&str, &str)]) -> RecordFilter {
    RecordFilter {
        kinds: kinds.to_vec(),
        facets: facets.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned())).collect(),
        once: true,
        ..RecordFilter::default()
    }
}

fn names<'r>(record: &'r RecordSummary, field: &str) -> Vec<&'r str> {
    match record.value(field) {
        Some(FieldValue::List(values)) => values.iter().filter_map(FieldValue::as_text).collect(),
        Some(FieldValue::Text(text)) => vec![text],
        _ => Vec::new(),
    }
}

fn is_promise(record: &RecordSummary) -> bool {
    !record.flags.iter().any(|flag| flag == "stance")
}

/// Every state against every other: promises of the one to the other.
fn table(reader: &Reader, frame: &Frame, states: &[String]) -> Result<Vec<TableRow>, Failure> {
    let counts: BTreeMap<(String, String), u64> =
        reader.promised_pairs()?.into_iter().map(|(from, to, count)| ((from, to), count)).collect();
    Ok(states
        .iter()
        .map(|from| TableRow {
            state: from.clone(),
            cells: states
                .iter()
                .map(|to| {
                    let count = counts.get(&(from.clone(), to.clone())).copied().unwrap_or(0);
                    Cell {
                        count: if from == to { String::new() } else { grouped(count) },
                        href: if count == 0 {
                            String::new()
                        } else {
                            frame.to(&with_query("/pairs", [("a", from.as_str()), ("b", to.as_str())]))
                        },
                    }
                })
                .collect(),
        })
        .collect())
}

fn dossier(reader: &Reader, frame: &Frame, a: &str, b: &str) -> Result<Vec<Part>, Failure> {
    let one_way = |from: &str, to: &str| {
        let shown = frame.f2("pairs.promises", from, to);
        (shown, Kind::Commitment, [("actors", from.to_owned()), ("recipients", to.to_owned())])
    };
    let both = |kind: Kind, field: &'static str, key: &str| {
        (frame.t(key).to_owned(), kind, [(field, a.to_owned()), (field, b.to_owned())])
    };
    let parts = [
        both(Kind::Commitment, "actors", "pairs.together"),
        one_way(a, b),
        one_way(b, a),
        both(Kind::Project, "countries", "pairs.projects"),
        both(Kind::Instrument, "parties", "pairs.instruments"),
    ];
    let mut atlas = Atlas::new(reader);
    let mut shown = Vec::new();
    for (title, kind, facets) in parts {
        let facets: Vec<(&str, &str)> = facets.iter().map(|(name, word)| (*name, word.as_str())).collect();
        let found = reader.records(
            &filter(&[kind], &facets),
            RecordSort::Weight,
            Paging { offset: 0, limit: MOST },
        )?;
        let mut rows = Vec::new();
        for record in found.rows.iter().filter(|record| is_promise(record)) {
            // What both promise everybody is told under both, once.
            let joint = names(record, "actors").contains(&a) && names(record, "actors").contains(&b);
            if kind == Kind::Commitment && facets[0].0 != facets[1].0 && joint {
                continue;
            }
            rows.push(part_row(reader, frame, &mut atlas, record)?);
        }
        let query = [("kind", kind.as_str())].into_iter().chain(facets.iter().copied());
        if !rows.is_empty() {
            shown.push(Part { title, href: frame.to(&with_query("/ledger", query)), rows });
        }
    }
    Ok(shown)
}

fn part_row(
    reader: &Reader,
    frame: &Frame,
    atlas: &mut Atlas<'_>,
    record: &RecordSummary,
) -> Result<PartRow, Failure> {
    let row = rows::full(frame, reader, atlas, record)?;
    let mut after = Vec::new();
    let mut kept = record.text("status") == Some("delivered");
    if let Some(view) = reader.record(&record.key)? {
        for link in view.links.iter().filter(|link| !link.outgoing && link.verb != "same-as") {
            let Some(other) = &link.other else { continue };
            kept |= link.verb == "delivers";
            let label = rows::shortened(&one_line(&other.label), 60);
            let said = match &other.date {
                Some(date) => format!("{date} {label}"),
                None => label,
            };
            after.push((frame.word("linked", &link.verb).to_owned(), rows::address(frame, &other.key), said));
        }
    }
    let silence = match record.kind {
        Kind::Commitment if !kept => reader.silence(&record.key)?,
        _ => None,
    };
    let silence = silence.filter(|silence| silence.issues > 0).map(|silence| {
        let issues = frame.n("count.held_issues", silence.issues);
        frame
            .f2("pairs.silence", &silence.last, issues)
            .replace("{2}", &frame.n("count.held_papers", silence.papers))
            .replace("{3}", &silence.until)
    });
    Ok(PartRow { row, after, silence: silence.unwrap_or_default() })
}
