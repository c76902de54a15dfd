//! Spot checks, and the scale with its printed rules.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{CheckView, Consequence, Reader};
use shiliu_ledger::register::{Act, crosswalk, draw};

use super::keeping;
use super::promise::verdict;
use super::{register, rows};
use crate::cli::{percent, rate_of};
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

struct CheckBox {
    key: String,
    signed: String,
    drawn: String,
    seed: String,
    rate: String,
    interval: String,
    rows: Vec<CheckRow>,
}

struct CheckRow {
    key: String,
    href: String,
    said: String,
    who: String,
    why: String,
}

/// `/checks`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "follow", |_, reader, _, frame| {
        let checks = reader.checks()?.iter().map(|check| of(&frame, check)).collect();
        let kinds = ["entries", "records"].map(|name| (name, frame.word("check_of", name).to_owned())).into();
        Answer::render(&ChecksScreen { checks, kinds, frame })
    })
    .await
}

fn of(frame: &Frame, check: &CheckView) -> CheckBox {
    let found = rate_of(check);
    let rows = check.draw.keys.iter().zip(&check.checked).map(|(key, said)| CheckRow {
        key: key.clone(),
        href: if key.starts_with("C-") { register::address(frame, key) } else { rows::address(frame, key) },
        said: said
            .as_ref()
            .map(|(_, verdict, _)| match verdict {
                shiliu_ledger::register::Verdict::Accept => frame.t("checks_page.right"),
                shiliu_ledger::register::Verdict::Reject => frame.t("checks_page.wrong"),
                shiliu_ledger::register::Verdict::Unsure => frame.t("checks_page.unclear"),
            })
            .unwrap_or_default()
            .to_owned(),
        who: said.as_ref().map(|(who, ..)| who.clone()).unwrap_or_default(),
        why: said.as_ref().map(|(_, _, why)| why.clone()).unwrap_or_default(),
    });
    CheckBox {
        key: check.key.clone(),
        signed: super::promise::signed(&check.stamp),
        drawn: frame.f2("checks_page.drawn", check.draw.keys.len(), check.draw.population),
        seed: check.draw.seed.to_string(),
        rate: frame.f("checks_page.rate", percent(found.rate)),
        interval: frame.f2("checks_page.interval", percent(found.low), percent(found.high)),
        rows: rows.collect(),
    }
}

/// `POST /check`: draws a sample, or keeps what the page says of one of it.
pub(crate) async fn post(State(site): State<Arc<Site>>, ask: Ask, body: String) -> Response {
    keeping::keep(site, ask, body, "follow", made, keeping::back).await
}

fn made(site: &Site, reader: &Reader, form: &Form) -> Result<Vec<Consequence>, Failure> {
    let number = |name: &str| {
        form.get(name).trim().parse::<u64>().map_err(|_| Failure::Unusable("failure.correction"))
    };
    let check = form.get("check");
    if !check.is_empty() {
        let act = Act::Check { key: form.get("key").to_owned(), verdict: verdict(form.get("verdict"))? };
        return Ok(vec![keeping::alone(keeping::draft(site, form, Some(check), act))]);
    }
    let of = if form.get("of") == "records" { "records" } else { "entries" };
    let size = usize::try_from(number("size")?).unwrap_or(usize::MAX);
    let drawn = draw(number("seed")?, of, &reader.population(of)?, size);
    Ok(vec![keeping::alone(keeping::draft(site, form, None, Act::Draw(drawn)))])
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
