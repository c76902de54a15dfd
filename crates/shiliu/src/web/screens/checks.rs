//! Spot checks, and the scale with its printed rules.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use shiliu_archive::store::{CheckView, Consequence, Kept, Reader};
use shiliu_ledger::register::{Act, Verdict, crosswalk, draw};

use super::decide::{Piece, piece};
use super::keeping;
use super::page::one_line;
use super::places::{Atlas, source_name};
use super::promise::verdict;
use super::{register, rows, values};
use crate::cli::{percent, rate_of};
use crate::web::address::{segment, with_query};
use crate::web::ask::{Ask, Form};
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

#[derive(Template)]
#[template(path = "checks.html")]
struct ChecksScreen {
    frame: Frame,
    checks: Vec<CheckBox>,
    kinds: Vec<(&'static str, String)>,
}

/// A spot check with what was found so far.
struct CheckBox {
    key: String,
    href: String,
    signed: String,
    drawn: String,
    done: String,
    of: String,
    /// The word of what it was drawn from, as the command line takes it.
    source: String,
    size: usize,
    seed: String,
    rate: String,
    interval: String,
    rows: Vec<CheckRow>,
}

struct CheckRow {
    key: String,
    look: String,
    said: String,
    class: &'static str,
    who: String,
    why: String,
}

/// `/checks`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "desk", |_, reader, _, frame| {
        let checks = reader.checks()?.iter().map(|check| of(&frame, check)).collect();
        let kinds = ["entries", "records"].map(|name| (name, frame.word("check_of", name).to_owned())).into();
        Answer::render(&ChecksScreen { checks, kinds, frame })
    })
    .await
}

fn address(frame: &Frame, check: &str, key: &str) -> String {
    frame.to(&with_query(&format!("/checks/{}", segment(check)), [("key", key)]))
}

fn of(frame: &Frame, check: &CheckView) -> CheckBox {
    let found = rate_of(check);
    let rows = check.draw.keys.iter().zip(&check.checked).map(|(key, said)| {
        let (word, class) = match said.as_ref().map(|(_, verdict, _)| *verdict) {
            None => ("", ""),
            Some(Verdict::Accept) => (frame.t("checks_page.right"), "good"),
            Some(Verdict::Reject) => (frame.t("checks_page.wrong"), "warn"),
            Some(Verdict::Unsure) => (frame.t("checks_page.unclear"), ""),
        };
        CheckRow {
            key: key.clone(),
            look: address(frame, &check.key, key),
            said: word.to_owned(),
            class,
            who: said.as_ref().map(|(who, ..)| who.clone()).unwrap_or_default(),
            why: said.as_ref().map(|(_, _, why)| why.clone()).unwrap_or_default(),
        }
    });
    let done = check.checked.iter().flatten().count();
    CheckBox {
        key: check.key.clone(),
        href: frame.to(&format!("/checks/{}", segment(&check.key))),
        signed: super::promise::signed(&check.stamp),
        drawn: frame.f2("checks_page.drawn", check.draw.keys.len(), check.draw.population),
        done: frame.f2("checks_page.done", done, check.draw.keys.len()),
        of: frame.word("check_of", &check.draw.of).to_owned(),
        source: check.draw.of.clone(),
        size: check.draw.keys.len(),
        seed: check.draw.seed.to_string(),
        rate: frame.f("checks_page.rate", percent(found.rate)),
        interval: frame.f2("checks_page.interval", percent(found.low), percent(found.high)),
        rows: rows.collect(),
    }
}

#[derive(Template)]
#[template(path = "check.html")]
struct CheckScreen {
    frame: Frame,
    sample: CheckBox,
    card: Option<Card>,
    skip_href: String,
}

/// One of the sample: what the register or the machine says, beside what the pages say.
struct Card {
    key: String,
    href: String,
    evidence: Vec<Piece>,
    facts: Vec<(String, String)>,
}

/// `/checks/K-0001?key=`: one of the sample after the other.
pub(crate) async fn one(State(site): State<Arc<Site>>, Path(key): Path<String>, ask: Ask) -> Response {
    site.answer(ask, "desk", move |_, reader, ask, frame| {
        let check = reader.check(&key)?.ok_or(Failure::Missing("checks_page.missing"))?;
        let keys = &check.draw.keys;
        let open = |place: &usize| check.checked.get(*place).is_some_and(Option::is_none);
        let asked = ask.get("key").and_then(|wanted| keys.iter().position(|key| key == wanted));
        let place = asked.or_else(|| (0..keys.len()).find(open));
        // Round the sample, so that what was passed over comes again.
        let next = place.and_then(|here| (here + 1..keys.len()).chain(0..here).find(open));
        let card = match place.and_then(|place| keys.get(place)) {
            Some(key) => card(reader, &frame, key)?,
            None => None,
        };
        let skip_href = next.and_then(|next| keys.get(next));
        let skip_href = skip_href.map(|next| address(&frame, &check.key, next)).unwrap_or_default();
        Answer::render(&CheckScreen { sample: of(&frame, &check), card, skip_href, frame })
    })
    .await
}

fn card(reader: &Reader, frame: &Frame, key: &str) -> Result<Option<Card>, Failure> {
    const SHOWN: usize = 8;
    let mut atlas = Atlas::new(reader);
    let (details, grounds) = if key.starts_with("C-") {
        let Some(view) = reader.entry(key)? else { return Ok(None) };
        (view.entry.details, view.entry.grounds)
    } else {
        return record(reader, frame, &mut atlas, key);
    };
    let own = grounds.iter().filter(|ground| ground.says.is_none()).take(SHOWN);
    Ok(Some(Card {
        key: key.to_owned(),
        href: register::address(frame, key),
        evidence: own.map(|ground| piece(frame, &mut atlas, ground)).collect::<Result<_, _>>()?,
        facts: details
            .iter()
            .map(|(detail, value)| {
                (frame.word("column", detail.as_str()).to_owned(), values::detail(frame, detail, value))
            })
            .collect(),
    }))
}

/// A record of any kind: its fields, and its characters on each printing.
fn record(reader: &Reader, frame: &Frame, atlas: &mut Atlas<'_>, key: &str) -> Result<Option<Card>, Failure> {
    const SHOWN: usize = 8;
    let Some(view) = reader.record(key)? else { return Ok(None) };
    let mut evidence = Vec::new();
    for printing in view.evidence.iter().take(SHOWN) {
        evidence.push(Piece {
            source: source_name(frame, &printing.page),
            link: atlas.link(frame, &printing.page, &printing.spans)?,
            before: one_line(&printing.before),
            quote: one_line(&printing.text),
            after: one_line(&printing.after),
        });
    }
    let fields = view.fields.iter().map(|field| {
        (frame.word("field", &field.name).to_owned(), values::field(frame, &field.name, &field.value))
    });
    let kind = frame.word("kind", view.summary.kind.as_str()).to_owned();
    Ok(Some(Card {
        key: key.to_owned(),
        href: rows::address(frame, key),
        evidence,
        facts: std::iter::once((frame.word("column", "kind").to_owned(), kind)).chain(fields).collect(),
    }))
}

/// `POST /check`: draws a sample, or keeps what the page says of one of it, and goes on to the next.
pub(crate) async fn post(State(site): State<Arc<Site>>, ask: Ask, body: String) -> Response {
    let after = |form: &Form, kept: &[Kept]| {
        let drawn = kept.last().and_then(|kept| kept.subject.clone());
        let check = if form.get("check").is_empty() { drawn } else { Some(form.get("check").to_owned()) };
        format!("/checks/{}", segment(&check.unwrap_or_default()))
    };
    keeping::keep(site, ask, body, "desk", made, after).await
}

fn made(_: &Site, reader: &Reader, form: &Form) -> Result<Vec<Consequence>, Failure> {
    let number = |name: &str| {
        form.get(name).trim().parse::<u64>().map_err(|_| Failure::Unusable("failure.correction"))
    };
    let check = form.get("check");
    if !check.is_empty() {
        let act = Act::Check { key: form.get("key").to_owned(), verdict: verdict(form.get("verdict"))? };
        return Ok(vec![keeping::alone(keeping::draft(form, Some(check), act))]);
    }
    let of = if form.get("of") == "records" { "records" } else { "entries" };
    let size = usize::try_from(number("size")?).unwrap_or(usize::MAX);
    let drawn = draw(number("seed")?, of, &reader.population(of)?, size);
    Ok(vec![keeping::alone(keeping::draft(form, None, Act::Draw(drawn)))])
}

#[derive(Template)]
#[template(path = "scale.html")]
struct ScaleScreen {
    frame: Frame,
    rows: Vec<ScaleRow>,
}

struct ScaleRow {
    name: String,
    rule: &'static str,
    text: String,
    cells: [String; 4],
    lost: &'static str,
}

/// `/scale`
pub(crate) async fn scale(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "register", |_, _, _, frame| {
        let cell = |cell: Option<&'static str>| cell.unwrap_or("\u{2013}").to_owned();
        let rows = crosswalk().iter().map(|row| ScaleRow {
            name: frame.word("promise", row.status.as_str()).to_owned(),
            rule: row.status.rule(),
            text: frame.word("promise_rule", row.status.as_str()).to_owned(),
            cells: [row.ogp, row.g20, row.iati, row.aiddata].map(cell),
            lost: row.lost,
        });
        let rows = rows.collect();
        Answer::render(&ScaleScreen { rows, frame })
    })
    .await
}
