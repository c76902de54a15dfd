//! One entry: its words printing by printing, what it has come to, who follows it, and every event on it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{Consequence, EntryView, GroundState, GroundView, Kept, PageText, Reader};
use shiliu_ledger::LinkVerb;
use shiliu_ledger::register::{
    Act, Assessment, Dated, Detail, Details, Ground, Source, Stage, Stamp, Status, Step, Verdict,
};
use shiliu_text::{CodePoints, Date, Span, TextId};

use super::compare::{Stretch, compare};
use super::keeping;
use super::page::one_line;
use super::places::Atlas;
use super::register::{address, bodies, marks, promise_row, status_mark, today};
use super::rows::{self, Tag};
use super::values;
use crate::export::citation;
use crate::web::address::parse_parts;
use crate::web::ask::{Ask, Form};
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

#[derive(Template)]
#[template(path = "promise.html")]
struct PromiseScreen {
    frame: Frame,
    key: String,
    words: String,
    marks: Vec<Tag>,
    origins: u64,
    printings_count: u64,
    facts: Vec<(String, String)>,
    printings: Vec<PrintingRow>,
    table: String,
    assessments: Vec<AssessmentRow>,
    milestones: Vec<(String, String)>,
    questions: Vec<FollowRow>,
    findings: Vec<FollowRow>,
    notes: Vec<(String, String)>,
    relations: Vec<(String, String, String)>,
    records: Vec<(String, String)>,
    citations: String,
    bibtex: String,
    history: Vec<EventRow>,
    verdicts: Vec<(String, String)>,
    disagree: bool,
    details: Vec<(&'static str, String, String)>,
    statuses: Vec<(&'static str, String)>,
    verbs: Vec<&'static str>,
    taken_back: bool,
    bodies: Vec<String>,
    today: String,
    back: String,
}

struct PrintingRow {
    says: String,
    source: String,
    link: String,
    before: String,
    after: String,
    stretches: Vec<Stretch>,
    state: String,
    state_class: &'static str,
}

struct AssessmentRow {
    event: i64,
    mark: Tag,
    stage: String,
    day: String,
    signed: String,
    rule: String,
    rule_text: String,
    grounds: Vec<(String, String, String)>,
    receipt: String,
    receipt_more: String,
    search_href: String,
    crosswalk: Vec<(&'static str, String)>,
    lost: String,
    replies: Vec<(String, String)>,
}

struct FollowRow {
    event: i64,
    with: String,
    text: String,
    state: String,
    class: &'static str,
    more: String,
    open: bool,
    to_check: bool,
}

struct EventRow {
    number: i64,
    what: String,
    signed: String,
    via: String,
    undone: bool,
    can_undo: bool,
}

/// `/e/C-0042`
pub(super) fn screen(
    site: &Site,
    reader: &Reader,
    ask: &Ask,
    frame: Frame,
    key: &str,
) -> Result<Answer, Failure> {
    let view = reader.entry(key)?.ok_or(Failure::Missing("promise_page.missing"))?;
    let (entry, row, today) = (&view.entry, &view.row, today());
    let mut atlas = Atlas::new(reader);
    let mut printings = Vec::new();
    for known in &view.grounds {
        printings.push(printing(&frame, &mut atlas, &row.words, known)?);
    }
    let mut assessments = Vec::new();
    for known in entry.assessments.iter().rev() {
        assessments.push(assessment(&frame, &mut atlas, &view, known)?);
    }
    let shown = promise_row(&frame, row, &today);
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut fact = |name: &str, value: &str| {
        if !value.is_empty() {
            facts.push((frame.word("column", name).to_owned(), value.to_owned()));
        }
    };
    for detail in Detail::ALL.into_iter().filter(|detail| !matches!(detail, Detail::Words | Detail::Due)) {
        if detail == Detail::DueWords {
            fact("due", &shown.due);
            fact("due_day", row.due_day.as_deref().unwrap_or_default());
        }
        fact(detail.as_str(), &values::detail(&frame, detail, entry.details.get(detail)));
    }
    fact("owner", &shown.owner);
    fact("last_evidence", row.last_evidence.as_deref().unwrap_or_default());
    let (citations, bibtex) = cited(&mut atlas, &view)?;
    let item = match &entry.entered.value {
        Source::Record(record) => Some(format!("record:{record}")),
        _ => None,
    };
    let said = item.as_deref().map(|item| reader.verdicts(item)).transpose()?.unwrap_or_default();
    let disagree = said.iter().any(|(_, verdict)| *verdict != said[0].1);
    let table = match &entry.entered.value {
        Source::Table { file, row } => frame.f2("promise_page.no_printings", file, row),
        _ => String::new(),
    };
    let relations = entry.relations.iter().map(|known| (true, known.value.0, known.value.1.clone()));
    let relations = relations.chain(view.behind.iter().map(|(verb, key)| (false, *verb, key.clone())));
    let screen = PromiseScreen {
        key: entry.key.clone(),
        words: row.words.clone(),
        marks: marks(&frame, row, &today),
        origins: row.origins,
        printings_count: row.printings,
        facts,
        printings,
        table,
        assessments,
        milestones: entry
            .milestones()
            .into_iter()
            .map(|(day, name)| (day.to_string(), name.to_owned()))
            .collect(),
        questions: questions(&frame, &view),
        findings: findings(&frame, &view),
        notes: entry.notes.iter().map(|note| (signed(&note.stamp), note.value.clone())).collect(),
        relations: relations
            .map(|(outgoing, verb, other)| {
                let vocabulary = if outgoing { "link" } else { "linked" };
                (frame.word(vocabulary, verb.as_str()).to_owned(), address(&frame, &other), other)
            })
            .collect(),
        records: view.records.iter().map(|key| (key.clone(), rows::address(&frame, key))).collect(),
        citations,
        bibtex,
        history: history(&frame, &view),
        verdicts: said
            .iter()
            .map(|(who, verdict)| (who.clone(), frame.word("verdict", verdict.as_str()).to_owned()))
            .collect(),
        disagree,
        details: Detail::ALL
            .into_iter()
            .map(|detail| {
                let word = frame.word("column", detail.as_str()).to_owned();
                (detail.as_str(), word, entry.details.get(detail).to_owned())
            })
            .collect(),
        statuses: Status::ALL
            .into_iter()
            .map(|status| (status.as_str(), frame.word("promise", status.as_str()).to_owned()))
            .collect(),
        verbs: vec!["restates", "revises", "delivers", "contradicts", "part-of", "same-as"],
        taken_back: entry.taken_back,
        bodies: bodies(site, &frame),
        today,
        back: ask.here(),
        frame,
    };
    Answer::render(&screen)
}

/// The day and the person, with the reason where one is given.
pub(super) fn signed(stamp: &Stamp) -> String {
    let why = if stamp.why.is_empty() { String::new() } else { format!(": {}", stamp.why) };
    format!("{} {}{why}", stamp.when.get(..10).unwrap_or_default(), stamp.who)
}

fn source_of(ground: &Ground) -> String {
    let named = format!("{} {}", ground.paper, ground.day).trim().to_owned();
    if ground.paper.is_empty() { format!("{named} {}", ground.path).trim().to_owned() } else { named }
}

/// The permalink of a ground; empty where its text is not held.
pub(super) fn ground_link(frame: &Frame, atlas: &mut Atlas<'_>, ground: &Ground) -> Result<String, Failure> {
    let parts = atlas.parts(ground.text, &ground.spans)?;
    Ok(if parts.is_empty() {
        String::new()
    } else {
        frame.to(&crate::web::address::permalink(ground.text, &parts))
    })
}

/// Every printing of the words as GB/T 7714 and as BibTeX.
fn cited(atlas: &mut Atlas<'_>, view: &EntryView) -> Result<(String, String), Failure> {
    let (mut lines, mut entries) = (String::new(), String::new());
    let own = view.entry.grounds.iter().filter(|ground| ground.says.is_none());
    for (number, ground) in (1..).zip(own) {
        let parts = atlas.parts(ground.text, &ground.spans)?;
        let link = crate::web::address::permalink(ground.text, &parts);
        let printing = citation::of_ground(ground, &ground.quote, if parts.is_empty() { "" } else { &link });
        lines.push_str(&format!("[{number}] {}\n", citation::gb7714(&printing)));
        entries.push_str(&citation::bibtex(&format!("{}-{number}", view.entry.key), &printing));
    }
    Ok((lines, entries))
}

fn printing(
    frame: &Frame,
    atlas: &mut Atlas<'_>,
    words: &str,
    known: &GroundView,
) -> Result<PrintingRow, Failure> {
    let ground = &known.ground;
    let stretches = if ground.says.is_none() {
        compare(words, &ground.quote)
    } else {
        vec![Stretch { text: ground.quote.clone(), differs: false, absent: String::new() }]
    };
    // The old text of a changed page is kept, but no page shows it any more.
    let link =
        if known.state == GroundState::Held { ground_link(frame, atlas, ground)? } else { String::new() };
    let (state, state_class) = match known.state {
        GroundState::Held => ("", ""),
        GroundState::Changed => (frame.t("promise_page.changed"), "warn"),
        GroundState::Gone => (frame.t("promise_page.gone"), "warn"),
    };
    Ok(PrintingRow {
        says: ground.says.map(|detail| frame.word("column", detail.as_str()).to_owned()).unwrap_or_default(),
        source: source_of(ground),
        link,
        before: one_line(&ground.before),
        after: one_line(&ground.after),
        stretches,
        state: state.to_owned(),
        state_class,
    })
}

fn assessment(
    frame: &Frame,
    atlas: &mut Atlas<'_>,
    view: &EntryView,
    known: &Dated<Assessment>,
) -> Result<AssessmentRow, Failure> {
    let value = &known.value;
    let mut grounds = Vec::new();
    for ground in &value.grounds {
        grounds.push((source_of(ground), one_line(&ground.quote), ground_link(frame, atlas, ground)?));
    }
    let (mut receipt, mut receipt_more, mut search_href) = Default::default();
    if let Some(kept) = &value.receipt {
        receipt =
            frame.f2("promise_page.receipt", &kept.query, kept.hits).replace("{2}", &kept.pages.to_string());
        let short = kept.holdings.get(..12).unwrap_or_default();
        receipt_more = frame
            .f2("promise_page.receipt_more", kept.papers, &kept.from)
            .replace("{2}", &kept.to)
            .replace("{3}", short);
        search_href = frame.to(&crate::web::address::with_query("/search", [("q", kept.query.as_str())]));
    }
    let scale = value.status.crosswalk();
    let cell = |cell: Option<&str>| cell.unwrap_or("\u{2013}").to_owned();
    Ok(AssessmentRow {
        event: known.event,
        mark: status_mark(frame, Some(value.status.as_str())),
        stage: frame.word("promise_page", value.stage.as_str()).to_owned(),
        day: value.day.to_string(),
        signed: signed(&known.stamp),
        rule: value.rule.clone(),
        rule_text: frame.word("promise_rule", value.status.as_str()).to_owned(),
        grounds,
        receipt,
        receipt_more,
        search_href,
        crosswalk: scale.map_or_else(Vec::new, |row| {
            vec![
                ("OGP", cell(row.ogp)),
                ("G20", cell(row.g20)),
                ("IATI", cell(row.iati)),
                ("AidData", cell(row.aiddata)),
            ]
        }),
        lost: scale.map(|row| row.lost.to_owned()).unwrap_or_default(),
        replies: view
            .entry
            .replies
            .iter()
            .filter(|(to, _)| *to == known.event)
            .map(|(_, reply)| (reply.value.from.clone(), reply.value.text.clone()))
            .collect(),
    })
}

fn questions(frame: &Frame, view: &EntryView) -> Vec<FollowRow> {
    let row = |known: &Dated<shiliu_ledger::register::Question>| {
        let value = &known.value;
        let by = value.by.map(|by| frame.f("promise_page.by", by)).unwrap_or_default();
        FollowRow {
            event: known.event,
            with: value.whom.clone(),
            text: value.about.clone(),
            state: frame
                .t(if value.answer.is_some() { "promise_page.answered" } else { "promise_page.wait" })
                .to_owned(),
            class: if value.answer.is_some() { "good" } else { "warn" },
            more: value
                .answer
                .as_ref()
                .map_or(by, |answer| format!("{} {}", signed(&answer.stamp), answer.value)),
            open: value.answer.is_none(),
            to_check: false,
        }
    };
    view.entry.questions.iter().map(row).collect()
}

fn findings(frame: &Frame, view: &EntryView) -> Vec<FollowRow> {
    let row = |known: &Dated<shiliu_ledger::register::Finding>| {
        let value = &known.value;
        let mended = value.mended.is_some();
        let failed = value.rechecked.as_ref().is_some_and(|checked| !checked.value);
        let to_check = mended && !failed;
        let (state, class) = match (value.is_open(), to_check) {
            (false, _) => ("promise_page.finding_checked", "good"),
            (true, true) => ("promise_page.finding_mended", "kind"),
            (true, false) => ("promise_page.finding_open", "warn"),
        };
        FollowRow {
            event: known.event,
            with: value.mender.clone(),
            text: value.problem.clone(),
            state: frame.t(state).to_owned(),
            class,
            more: value
                .mended
                .as_ref()
                .map(|how| format!("{} {}", signed(&how.stamp), how.value))
                .unwrap_or_default(),
            open: value.is_open() && !to_check,
            to_check: value.is_open() && to_check,
        }
    };
    view.entry.findings.iter().map(row).collect()
}

fn history(frame: &Frame, view: &EntryView) -> Vec<EventRow> {
    let row = |(event, undone): &(shiliu_ledger::register::Event, bool)| EventRow {
        number: event.number,
        what: match &event.act {
            Act::Edit { detail, value } => {
                format!(
                    "{}: {} \u{2192} {value}",
                    frame.word("event", "edit"),
                    frame.word("column", detail.as_str())
                )
            }
            Act::Own { owner } => format!("{}: {owner}", frame.word("event", "own")),
            Act::Undo { event } => format!("{} {event}", frame.word("event", "undo")),
            act => frame.word("event", act.verb()).to_owned(),
        },
        signed: signed(&event.stamp),
        via: event.stamp.via.clone(),
        undone: *undone,
        can_undo: !undone,
    };
    view.history.iter().rev().map(row).collect()
}

/// `POST /act`: one act on one entry.
pub(crate) async fn act(State(site): State<Arc<Site>>, ask: Ask, body: String) -> Response {
    keeping::keep(site, ask, body, "register", made, keeping::back).await
}

fn made(site: &Site, reader: &Reader, form: &Form) -> Result<Vec<Consequence>, Failure> {
    let text = |key: &str| form.get(key).trim().to_owned();
    let number =
        |key: &str| form.get(key).trim().parse::<i64>().map_err(|_| Failure::Unusable("failure.correction"));
    let day = |key: &str| match form.get(key).trim() {
        "" => Ok(None),
        given => Date::parse(given).map(Some).ok_or(Failure::Unusable("failure.date")),
    };
    let unusable = || Failure::Unusable("failure.correction");
    let entry = text("entry");
    let one = |act: Act| Ok(vec![keeping::alone(keeping::draft(form, Some(&entry), act))]);
    match form.get("verb") {
        "edit" => {
            let detail = Detail::parse(form.get("detail")).ok_or_else(unusable)?;
            one(Act::Edit { detail, value: text("value") })
        }
        "assess" => {
            let status = Status::parse(form.get("status")).ok_or_else(unusable)?;
            let query = text("query");
            let receipt = if query.is_empty() { None } else { Some(reader.receipt(&query, &site.pack)?) };
            one(Act::Assess(Assessment {
                status,
                stage: Stage::parse(form.get("stage")).unwrap_or(Stage::Final),
                day: day("day")?.ok_or(Failure::Unusable("failure.date"))?,
                rule: status.rule().to_owned(),
                grounds: places(reader, form.get("at"))?,
                receipt,
            }))
        }
        "reply" => one(Act::Reply { to: number("to")?, from: text("from"), text: text("text") }),
        "own" => one(Act::Own { owner: text("owner") }),
        "plan" => {
            let steps = form
                .get("steps")
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(|line| {
                    let (name, days) = line.rsplit_once('=')?;
                    Some(Step { name: name.trim().to_owned(), days_before: days.trim().parse().ok()? })
                })
                .collect::<Option<_>>();
            one(Act::Plan { steps: steps.ok_or_else(unusable)? })
        }
        "ask" => one(Act::Ask { whom: text("whom"), about: text("about"), by: day("by")? }),
        "answer" => one(Act::Answer { to: number("to")?, text: text("text") }),
        "note" => one(Act::Note { text: text("text") }),
        "find" => one(Act::Find { problem: text("problem"), mender: text("mender") }),
        "mend" => one(Act::Mend { finding: number("to")?, how: text("text") }),
        "recheck" => one(Act::Recheck { finding: number("to")?, holds: form.get("holds") == "yes" }),
        "relate" => {
            let verb = LinkVerb::parse(form.get("relation")).ok_or_else(unusable)?;
            one(Act::Relate { verb, other: text("other") })
        }
        "support" => {
            let grounds = places(reader, form.get("at"))?;
            let acts = grounds
                .into_iter()
                .map(|ground| keeping::alone(keeping::draft(form, Some(&entry), Act::Support(ground))));
            Ok(acts.collect())
        }
        "undo" => Ok(vec![keeping::alone(keeping::draft(form, None, Act::Undo { event: number("event")? }))]),
        "submit" => Ok(vec![keeping::alone(keeping::draft(
            form,
            None,
            Act::Submit { from: form.who.clone(), text: text("text"), about: text("about") },
        ))]),
        _ => Err(unusable()),
    }
}

/// `POST /enter`: an entry made of characters that a person selected on a page.
pub(crate) async fn enter(State(site): State<Arc<Site>>, ask: Ask, body: String) -> Response {
    let made = |_: &Site, reader: &Reader, form: &Form| {
        let place = format!("/p/{}?c={}", form.get("page"), form.get("range").trim());
        let ground = places(reader, &place)?.pop().ok_or(Failure::Unusable("failure.place"))?;
        let mut details = Details::default();
        details.set(Detail::Words, &one_line(&ground.quote));
        details.set(Detail::Said, &ground.day);
        let act = Act::Enter { details, grounds: vec![ground], source: Source::Selection };
        Ok(vec![keeping::alone(keeping::draft(form, None, act))])
    };
    let after = |_: &Form, kept: &[Kept]| {
        let key = kept.last().and_then(|kept| kept.subject.clone()).unwrap_or_default();
        format!("/e/{key}")
    };
    keeping::keep(site, ask, body, "register", made, after).await
}

/// Places that a person typed, one a line: permalinks and ids of records.
fn places(reader: &Reader, typed: &str) -> Result<Vec<Ground>, Failure> {
    let mut grounds = Vec::new();
    for place in typed.split_whitespace() {
        let unusable = || Failure::Refused(format!("{place}: no place on a held page"));
        if place.starts_with("r-") {
            let found = reader.suggestion(place)?.ok_or_else(unusable)?;
            grounds.extend(found.grounds.into_iter().filter(|ground| ground.says.is_none()));
            continue;
        }
        let at = place.find("/p/").ok_or_else(unusable)?;
        let rest = &place[at + 3..];
        let text = rest.get(..64).and_then(TextId::parse).ok_or_else(unusable)?;
        let parts = rest.rsplit_once("c=").map(|(_, parts)| parse_parts(parts)).unwrap_or_default();
        let page = reader.page(PageText::Hash(text))?.ok_or_else(unusable)?;
        let points = CodePoints::new(&page.text);
        let spans: Vec<Span> = parts
            .iter()
            .filter(|(_, end)| *end <= points.count())
            .map(|(start, end)| Span { start: points.to_byte(*start), end: points.to_byte(*end) })
            .collect();
        grounds.push(reader.ground(text, None, &spans, None)?.ok_or_else(unusable)?);
    }
    Ok(grounds)
}

/// The verdict of a word.
pub(super) fn verdict(word: &str) -> Result<Verdict, Failure> {
    Verdict::parse(word).ok_or(Failure::Unusable("failure.correction"))
}
