//! Two states: what each promised the other, what they promised together, and what came of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{
    FieldValue, LinkView, Paging, Reader, RecordFilter, RecordSort, RecordSummary, Silence,
};
use shiliu_lang::Section;
use shiliu_ledger::Kind;

use super::page::one_line;
use super::places::Atlas;
use super::rows::{self, RecordRow};
use crate::web::address::with_query;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

/// The most records that one part shows.
const MOST: usize = 200;
/// The most that are read for it, so that an archive of any size answers: the best of them are shown.
const MOST_READ: usize = 2000;
/// How many are asked for at a time.
const ASKED: u32 = 500;

#[derive(Template)]
#[template(path = "pairs.html")]
struct PairsScreen {
    frame: Frame,
    title: String,
    one: bool,
    /// The states as they are called on this screen.
    states: Vec<String>,
    /// What came of the promises, in numbers.
    sums: Vec<String>,
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
    anchor: String,
    href: String,
    /// How many there are; the rows are the first of them.
    count: usize,
    /// How many of them are promises with a deadline, were delivered, are not heard of any more.
    dated: usize,
    kept: usize,
    silent: usize,
    /// There are more than are read.
    cut: bool,
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
    let mut screen = match (chosen("a"), chosen("b")) {
        (Some(a), Some(b)) if a != b => PairsScreen {
            title: frame.f2("pairs.title", frame.named(a), frame.named(b)),
            one: true,
            sums: Vec::new(),
            parts: dossier(reader, &frame, a, b)?,
            states: Vec::new(),
            table: Vec::new(),
            empty_archive,
            frame,
        },
        _ => PairsScreen {
            title: frame.t("pairs.all").to_owned(),
            one: false,
            sums: Vec::new(),
            table: table(reader, &frame, &states)?,
            states: states.iter().map(|state| frame.named(state).to_owned()).collect(),
            parts: Vec::new(),
            empty_archive,
            frame,
        },
    };
    screen.sums = sums(&screen.frame, &screen.parts);
    Answer::render(&screen)
}

/// How many of the promises have a deadline, how many were delivered or are not heard of any more.
fn sums(frame: &Frame, parts: &[Part]) -> Vec<String> {
    let told = |key: &str, count: &dyn Fn(&Part) -> usize| {
        let count: usize = parts.iter().map(count).sum();
        (count > 0).then(|| frame.f(key, frame.grouped(count as u64)))
    };
    [
        parts.iter().any(|part| part.cut).then(|| frame.f("pairs.first", frame.grouped(MOST_READ as u64))),
        told("pairs.dated", &|part| part.dated),
        told("pairs.kept", &|part| part.kept),
        told("pairs.open", &|part| part.silent),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn filter(kinds: &[Kind], facets: &[(&str, &str)]) -> RecordFilter {
    RecordFilter {
        kinds: kinds.to_vec(),
        facets: facets.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned())).collect(),
        once: true,
        ..RecordFilter::default()
    }
}

/// The records that pass, up to a bound.
fn passing(reader: &Reader, filter: &RecordFilter) -> Result<Vec<RecordSummary>, Failure> {
    let mut found: Vec<RecordSummary> = Vec::new();
    while found.len() < MOST_READ {
        let offset = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let part = reader.records(filter, RecordSort::Weight, Paging { offset, limit: ASKED })?;
        let is_last = part.rows.len() < ASKED as usize;
        found.extend(part.rows);
        if is_last {
            break;
        }
    }
    Ok(found)
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
            state: frame.named(from).to_owned(),
            cells: states
                .iter()
                .map(|to| {
                    let count = counts.get(&(from.clone(), to.clone())).copied().unwrap_or(0);
                    Cell {
                        count: if from == to { String::new() } else { frame.grouped(count) },
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
        let shown = frame.f2("pairs.promises", frame.named(from), frame.named(to));
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
        let found = passing(reader, &filter(&[kind], &facets))?;
        // What binds most comes first; what was only called for last.
        let mut records: Vec<&RecordSummary> = found.iter().filter(|record| is_promise(record)).collect();
        // What both promise everybody is told under both, once.
        if kind == Kind::Commitment && facets[0].0 != facets[1].0 {
            let joint =
                |record: &RecordSummary| [a, b].iter().all(|state| names(record, "actors").contains(state));
            records.retain(|record| !joint(record));
        }
        records.sort_by(|one, other| other.text("force").cmp(&one.text("force")));
        let count = records.len();
        let dated = records.iter().filter(|record| record.text("deadline").is_some()).count();
        let promises = kind == Kind::Commitment;
        let dated = if promises { dated } else { 0 };
        let (mut kept, mut silent) = (0, 0);
        let mut rows = Vec::with_capacity(count.min(MOST));
        for (place, record) in records.into_iter().enumerate() {
            let came = came_of(reader, record)?;
            kept += usize::from(promises && came.kept);
            silent += usize::from(came.silence.is_some());
            if place < MOST {
                rows.push(part_row(reader, frame, &mut atlas, record, came)?);
            } else if !promises {
                break;
            }
        }
        let query = [("kind", kind.as_str())].into_iter().chain(facets.iter().copied());
        if !rows.is_empty() {
            let anchor = format!("part-{}", shown.len() + 1);
            shown.push(Part {
                title,
                anchor,
                href: frame.to(&with_query("/ledger", query)),
                count,
                dated,
                kept,
                silent,
                cut: found.len() >= MOST_READ,
                rows,
            });
        }
    }
    Ok(shown)
}

/// What later pages say of a record.
struct CameOf {
    links: Vec<LinkView>,
    kept: bool,
    /// How long the issues held have been silent about a promise that was not kept.
    silence: Option<Silence>,
}

fn came_of(reader: &Reader, record: &RecordSummary) -> Result<CameOf, Failure> {
    let mut links = reader.links(&record.key)?;
    links.retain(|link| !link.outgoing && link.verb != "same-as");
    let kept = record.text("status") == Some("delivered") || links.iter().any(|link| link.verb == "delivers");
    let silence = match record.kind {
        Kind::Commitment if !kept => reader.silence(&record.key)?,
        _ => None,
    };
    Ok(CameOf { links, kept, silence: silence.filter(|silence| silence.issues > 0) })
}

fn part_row(
    reader: &Reader,
    frame: &Frame,
    atlas: &mut Atlas<'_>,
    record: &RecordSummary,
    came: CameOf,
) -> Result<PartRow, Failure> {
    let row = rows::full(frame, reader, atlas, record)?;
    let after = came.links.iter().filter_map(|link| {
        let other = link.other.as_ref()?;
        let label = rows::shortened(&one_line(&other.label), 60);
        let said = match &other.date {
            Some(date) => format!("{date} {label}"),
            None => label,
        };
        Some((frame.word("linked", &link.verb).to_owned(), rows::address(frame, &other.key), said))
    });
    let silence = came.silence.map(|silence| {
        let issues = frame.n("count.held_issues", silence.issues);
        frame
            .f2("pairs.silence", &silence.last, issues)
            .replace("{2}", &frame.n("count.held_papers", silence.papers))
            .replace("{3}", &silence.until)
    });
    Ok(PartRow { row, after: after.collect(), silence: silence.unwrap_or_default() })
}
