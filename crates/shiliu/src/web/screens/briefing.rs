//! Briefs: drafted, issued, shown, compared.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use shiliu_archive::store::{Consequence, Kept, Reader};
use shiliu_ledger::register::{Act, Brief, Scope, compare};
use shiliu_text::Date;

use super::keeping;
use super::register::{address, today};
use crate::export::briefs::{self, Footnotes};
use crate::web::address::with_query;
use crate::web::ask::{Ask, Form};
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::paper::{BriefPaper, PaperNote, PaperSection, numbered, sections};
use crate::web::{Answer, Site};

#[derive(Template)]
#[template(path = "briefs.html")]
struct BriefsScreen {
    frame: Frame,
    rows: Vec<BriefRow>,
    today: String,
}

struct BriefRow {
    key: String,
    href: String,
    title: String,
    day: String,
    lines: String,
    who: String,
    diff: String,
    diff_name: String,
}

/// `/briefs`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "briefs", |_, reader, _, frame| list(reader, frame)).await
}

fn list(reader: &Reader, frame: Frame) -> Result<Answer, Failure> {
    let found = reader.briefs()?;
    let rows = found.iter().enumerate().map(|(place, brief)| {
        let before = found.get(place + 1);
        BriefRow {
            href: frame.to(&format!("/brief/{}", brief.key)),
            key: brief.key.clone(),
            title: if brief.title.is_empty() {
                frame.t("brief.untitled").to_owned()
            } else {
                brief.title.clone()
            },
            day: brief.day.clone(),
            lines: frame.f("briefs.lines", brief.lines),
            who: brief.stamp.who.clone(),
            diff: before.map_or(String::new(), |before| {
                frame.to(&with_query("/brief/diff", [("a", before.key.as_str()), ("b", brief.key.as_str())]))
            }),
            diff_name: before.map_or(String::new(), |before| frame.f("briefs.diff", &before.key)),
        }
    });
    Answer::render(&BriefsScreen { rows: rows.collect(), today: today(), frame })
}

#[derive(Template)]
#[template(path = "brief.html")]
struct BriefScreen {
    frame: Frame,
    title: String,
    scope: String,
    frozen: String,
    sections: Vec<PaperSection>,
    notes: Vec<PaperNote>,
    forms: Vec<(String, String)>,
    issue: Vec<(&'static str, String)>,
    empty: bool,
}

fn scope_of(get: &dyn Fn(&str) -> String) -> Result<(Scope, Date), Failure> {
    let by = get("by");
    if !by.is_empty() && Date::parse(&by).is_none() {
        return Err(Failure::Unusable("failure.date"));
    }
    let as_of = get("as_of");
    let as_of = if as_of.is_empty() { today() } else { as_of };
    let day = Date::parse(&as_of).ok_or(Failure::Unusable("failure.date"))?;
    // Names are separated by either comma.
    let parties = get("parties");
    let parties = parties.split([',', '\u{ff0c}', '\u{3001}', ';']).map(str::trim);
    let parties = parties.filter(|name| !name.is_empty()).map(str::to_owned).collect();
    Ok((Scope { meeting: get("meeting"), parties, by }, day))
}

fn compose(reader: &Reader, get: &dyn Fn(&str) -> String) -> Result<Brief, Failure> {
    let (scope, day) = scope_of(get)?;
    let since = reader.briefs()?.first().map(|brief| brief.key.clone());
    Ok(reader.compose_brief(&get("title"), scope, day, since.as_deref())?)
}

/// `/brief/draft?title=&meeting=&parties=&by=&as_of=`
pub(crate) async fn draft(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "briefs", |_, reader, ask, frame| {
        let get = |name: &str| ask.get(name).unwrap_or_default().to_owned();
        let brief = compose(reader, &get)?;
        let issue = ["title", "meeting", "parties", "by", "as_of"].map(|name| (name, get(name)));
        screen(reader, frame, None, &brief, String::new(), issue.into())
    })
    .await
}

/// `/brief/B-0001`, with `?as=html` or `?as=md` the file.
pub(crate) async fn one(State(site): State<Arc<Site>>, Path(key): Path<String>, ask: Ask) -> Response {
    match ask.get("as") {
        Some("html") => file(site, ask, key, "text/html; charset=utf-8").await,
        Some("md") => file(site, ask, key, "text/markdown; charset=utf-8").await,
        _ => {
            site.answer(ask, "briefs", move |_, reader, _, frame| {
                let (event, brief) = reader.brief(&key)?.ok_or(Failure::Missing("briefs.missing"))?;
                let day = event.stamp.when.get(..10).unwrap_or_default();
                let frozen = frame.f2("brief.frozen", &event.stamp.who, day);
                screen(reader, frame, Some(&key), &brief, frozen, Vec::new())
            })
            .await
        }
    }
}

async fn file(site: Arc<Site>, ask: Ask, key: String, kind: &'static str) -> Response {
    let spare = Frame::new(&site, &ask, "briefs");
    let work = tokio::task::spawn_blocking(move || -> Result<(String, String), Failure> {
        use askama::Template as _;
        let reader = site.archive.reader()?;
        let (_, brief) = reader.brief(&key)?.ok_or(Failure::Missing("briefs.missing"))?;
        let notes = Footnotes::of(&reader, &brief)?;
        if kind.starts_with("text/html") {
            let text = BriefPaper::new(ask.tongue, Some(&key), &brief, &notes).render()?;
            Ok((format!("attachment; filename=\"{key}.html\""), text))
        } else {
            let text = briefs::markdown(ask.tongue, Some(&key), &brief, &notes);
            Ok((format!("attachment; filename=\"{key}.md\""), text))
        }
    });
    match work.await {
        Ok(Ok((name, text))) => {
            ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], text)
                .into_response()
        }
        Ok(Err(failure)) => failure.show(spare),
        Err(error) => Failure::Internal(error.to_string()).show(spare),
    }
}

fn screen(
    reader: &Reader,
    frame: Frame,
    key: Option<&str>,
    brief: &Brief,
    frozen: String,
    issue: Vec<(&'static str, String)>,
) -> Result<Answer, Failure> {
    let tongue = frame.tongue();
    let notes = Footnotes::of(reader, brief)?;
    let mut numbered = numbered(&notes);
    for note in numbered.iter_mut().filter(|note| !note.link.is_empty()) {
        note.link = frame.to(&note.link);
    }
    let forms = key.map_or_else(Vec::new, |key| {
        vec![
            (
                frame.t("briefs.paper").to_owned(),
                frame.to(&with_query(&format!("/brief/{key}"), [("as", "html")])),
            ),
            (
                frame.t("briefs.markdown").to_owned(),
                frame.to(&with_query(&format!("/brief/{key}"), [("as", "md")])),
            ),
        ]
    });
    let screen = BriefScreen {
        title: briefs::title(tongue, key, brief),
        scope: briefs::scope(tongue, brief),
        frozen,
        sections: sections(tongue, brief, &notes),
        notes: numbered,
        forms,
        issue,
        empty: brief.lines.is_empty(),
        frame,
    };
    Answer::render(&screen)
}

#[derive(Template)]
#[template(path = "brief_diff.html")]
struct DiffScreen {
    frame: Frame,
    names: (String, String),
    rows: Vec<ChangeRow>,
}

/// What changed of one entry.
struct ChangeRow {
    key: String,
    href: String,
    words: String,
    /// Name, before, after.
    fields: Vec<(String, String, String)>,
}

/// `/brief/diff?a=&b=`
pub(crate) async fn diff(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "briefs", |_, reader, ask, frame| {
        let name = |key: &str| ask.get(key).unwrap_or_default().to_owned();
        let names = (name("a"), name("b"));
        let known = |key: &str| -> Result<Brief, Failure> {
            Ok(reader.brief(key)?.ok_or(Failure::Missing("briefs.missing"))?.1)
        };
        let (earlier, later) = (known(&names.0)?, known(&names.1)?);
        let rows = compare(&earlier, &later).into_iter().map(|change| {
            let fields = change.fields.into_iter().map(|(name, before, after)| {
                let shown = |text: String| match name {
                    "status" => {
                        frame.word("promise", if text.is_empty() { "none" } else { &text }).to_owned()
                    }
                    "sections" => text
                        .split(", ")
                        .map(|section| frame.word("section", section))
                        .collect::<Vec<_>>()
                        .join(", "),
                    _ => text,
                };
                let word = match name {
                    "line" => frame.word("column", "words"),
                    "grounds" => frame.word("column", "evidence"),
                    "sections" => frame.word("column", "state"),
                    other => frame.word("column", other),
                };
                (word.to_owned(), shown(before), shown(after))
            });
            ChangeRow {
                href: address(&frame, &change.entry),
                key: change.entry.clone(),
                words: change.words,
                fields: fields.collect(),
            }
        });
        let rows = rows.collect();
        Answer::render(&DiffScreen { names, rows, frame })
    })
    .await
}

/// `POST /brief`
pub(crate) async fn issue(State(site): State<Arc<Site>>, ask: Ask, body: String) -> Response {
    let made = |_: &Site, reader: &Reader, form: &Form| -> Result<Vec<Consequence>, Failure> {
        let brief = compose(reader, &|name| form.get(name).trim().to_owned())?;
        if brief.lines.is_empty() {
            return Err(Failure::Unusable("briefs.nothing"));
        }
        Ok(vec![keeping::alone(keeping::draft(form, None, Act::Issue(brief)))])
    };
    let after = |_: &Form, kept: &[Kept]| {
        let key = kept.last().and_then(|kept| kept.subject.clone()).unwrap_or_default();
        format!("/brief/{key}")
    };
    keeping::keep(site, ask, body, "briefs", made, after).await
}
