//! Review: one decision a screen. Evidence on the left, the question on the right, rule and reason below. Looking
//! decides nothing; one key is one decision.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{
    Answer as Said, Consequence, Item, ItemFilter, ItemKind, ItemSummary, Kept, Paging, Reader, Sight,
};
use shiliu_ledger::register::{Act, Detail, Details, Ground};

use super::keeping;
use super::page::one_line;
use super::pager::{Pager, asked};
use super::places::{Atlas, source_name};
use super::promise::{ground_link, verdict};
use super::register::address;
use super::{rows, values};
use crate::web::address::{segment, with_query};
use crate::web::ask::{Ask, Form};
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

/// Kinds and sights with their numbers, for the head of Review.
pub(super) struct QueueRow {
    pub(super) name: String,
    pub(super) count: String,
    pub(super) href: String,
    pub(super) on: bool,
}

#[derive(Template)]
#[template(path = "decide.html")]
struct DecideScreen {
    frame: Frame,
    kinds: Vec<QueueRow>,
    sights: Vec<QueueRow>,
    left: String,
    item: Option<ItemCard>,
    /// What `u` takes back: number and words of the last act of this person that holds.
    undo: Option<(i64, String)>,
    done: String,
    here: String,
    list_href: String,
}

struct ItemCard {
    key: String,
    kind: String,
    question: String,
    evidence: Vec<Piece>,
    more: String,
    facts: Vec<(String, String)>,
    edits: Vec<(&'static str, String, String)>,
    choices: Vec<Choice>,
    legend: String,
    rule: String,
    said: Vec<(String, String)>,
    skip_href: String,
    links: Vec<(String, String)>,
}

/// Characters of a printing, with what stands around them.
pub(super) struct Piece {
    pub(super) source: String,
    pub(super) link: String,
    pub(super) before: String,
    pub(super) quote: String,
    pub(super) after: String,
}

struct Choice {
    number: usize,
    text: String,
    note: String,
    lemma: bool,
}

fn filter(site: &Site, ask: &Ask) -> ItemFilter {
    ItemFilter {
        kinds: ask.all("kind").filter_map(ItemKind::parse).collect(),
        sight: match ask.get("sight") {
            Some("second") => Sight::Second,
            Some("disagreed") => Sight::Disagreed,
            Some("unsure") => Sight::Unsure,
            _ => Sight::Waiting,
        },
        who: site.person(&ask.headers),
    }
}

/// How many of each kind, as links into the queue.
pub(super) fn kinds(
    site: &Site,
    reader: &Reader,
    ask: &Ask,
    frame: &Frame,
) -> Result<(Vec<QueueRow>, u64), Failure> {
    let every = ItemFilter { kinds: Vec::new(), ..filter(site, ask) };
    let chosen = ask.get("kind");
    let sight = ask.get("sight").unwrap_or_default();
    let counts = reader.queue_counts(&every)?;
    let total = counts.iter().map(|(_, count)| count).sum();
    let rows = counts.into_iter().filter(|(kind, count)| *count > 0 || chosen == Some(kind.as_str())).map(
        |(kind, count)| {
            let pairs = [("kind", kind.as_str()), ("sight", sight)];
            QueueRow {
                name: frame.word("item", kind.as_str()).to_owned(),
                count: frame.grouped(count),
                href: frame.to(&with_query("/review/item", pairs)),
                on: chosen == Some(kind.as_str()),
            }
        },
    );
    Ok((rows.collect(), total))
}

fn sights(ask: &Ask, frame: &Frame) -> Vec<QueueRow> {
    let chosen = ask.get("sight").unwrap_or("waiting");
    ["waiting", "second", "disagreed", "unsure"]
        .iter()
        .map(|sight| {
            let value = if *sight == "waiting" { "" } else { sight };
            let pairs = [("kind", ask.get("kind").unwrap_or_default()), ("sight", value)];
            QueueRow {
                name: frame.word("sight", sight).to_owned(),
                count: String::new(),
                href: frame.to(&with_query("/review/item", pairs)),
                on: chosen == *sight,
            }
        })
        .collect()
}

/// `/review/item?kind=&sight=&skip=&item=&done=`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "review", screen).await
}

fn screen(site: &Site, reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let filter = filter(site, ask);
    let skip = ask.number("skip").unwrap_or(0);
    let (row, total) = match ask.get("item") {
        Some(key) => {
            let row = ItemSummary {
                key: key.to_owned(),
                kind: key.split(':').next().and_then(ItemKind::parse).unwrap_or(ItemKind::Candidate),
                verdicts: reader.verdicts(key)?,
            };
            (Some(row), 1)
        }
        None => {
            let found = reader.queue(&filter, Paging { offset: skip, limit: 1 })?;
            (found.rows.into_iter().next(), found.total)
        }
    };
    let item = match &row {
        Some(row) => card(reader, ask, &frame, row, skip)?,
        None => None,
    };
    let (kinds, _) = kinds(site, reader, ask, &frame)?;
    let here =
        [("kind", ask.get("kind").unwrap_or_default()), ("sight", ask.get("sight").unwrap_or_default())];
    let here =
        with_query("/review/item", here.into_iter().chain([("skip", ask.get("skip").unwrap_or_default())]));
    let screen = DecideScreen {
        kinds,
        sights: sights(ask, &frame),
        left: frame.f("decide.left", frame.grouped(total.saturating_sub(u64::from(skip)))),
        item,
        undo: last_act(reader, &frame)?,
        done: ask.number("done").map(|number| frame.f("decide.done", number)).unwrap_or_default(),
        here,
        list_href: frame.to(&ask.with("skip", "").replacen("/review/item", "/review/list", 1)),
        frame,
    };
    Answer::render(&screen)
}

/// The last act of this person that holds; after it is undone, the one before it: without limit.
fn last_act(reader: &Reader, frame: &Frame) -> Result<Option<(i64, String)>, Failure> {
    Ok(reader.last_act_of(&frame.who)?.map(|event| {
        let what = match (&event.act, &event.subject) {
            (Act::Decide(verdict), _) => frame.word("verdict", verdict.as_str()).to_owned(),
            (act, subject) => {
                let about = subject.as_deref().unwrap_or_default();
                format!("{} {about}", frame.word("event", act.verb())).trim().to_owned()
            }
        };
        (event.number, what)
    }))
}

pub(super) fn piece(frame: &Frame, atlas: &mut Atlas<'_>, ground: &Ground) -> Result<Piece, Failure> {
    let named = format!("{} {}", ground.paper, ground.day).trim().to_owned();
    Ok(Piece {
        source: if ground.paper.is_empty() { format!("{named} {}", ground.path) } else { named },
        link: ground_link(frame, atlas, ground)?,
        before: one_line(&ground.before),
        quote: one_line(&ground.quote),
        after: one_line(&ground.after),
    })
}

fn card(
    reader: &Reader,
    ask: &Ask,
    frame: &Frame,
    row: &ItemSummary,
    skip: u32,
) -> Result<Option<ItemCard>, Failure> {
    let Some(item) = reader.item(&row.key)? else { return Ok(None) };
    let mut atlas = Atlas::new(reader);
    let mut card = ItemCard {
        key: row.key.clone(),
        kind: frame.word("item", row.kind.as_str()).to_owned(),
        question: frame.word("decide", &format!("q_{}", row.kind.as_str())).to_owned(),
        evidence: Vec::new(),
        more: String::new(),
        facts: Vec::new(),
        edits: Vec::new(),
        choices: Vec::new(),
        legend: frame.t("decide.question").to_owned(),
        rule: String::new(),
        said: row
            .verdicts
            .iter()
            .map(|(who, verdict)| (who.clone(), frame.word("verdict", verdict.as_str()).to_owned()))
            .collect(),
        skip_href: frame.to(&ask.with("skip", &(skip + 1).to_string())),
        links: Vec::new(),
    };
    let filled = match item {
        Item::Candidate { record } => candidate(reader, frame, &mut atlas, &record, &mut card),
        Item::Link { verb, from, to } => {
            card.question =
                frame.f2("decide.q_link", &from, frame.word("link", verb.as_str())).replace("{2}", &to);
            card.rule = format!("link.{}", verb.as_str());
            relation(reader, frame, &mut atlas, [&from, &to], &mut card)
        }
        Item::Status { entry, by, grounds } => {
            card.question = frame.f2("decide.q_status_of", &by, &entry);
            card.rule = format!("assess.{}", shiliu_ledger::register::Status::Delivered.rule());
            for ground in &grounds {
                card.evidence.push(piece(frame, &mut atlas, ground)?);
            }
            if let Some(view) = reader.entry(&entry)? {
                card.facts.push((entry.clone(), view.row.words.clone()));
                card.facts.push((frame.word("column", "due").to_owned(), view.row.due.clone()));
            }
            card.links.push((entry.clone(), address(frame, &entry)));
            let other = if by.starts_with("C-") { address(frame, &by) } else { rows::address(frame, &by) };
            card.links.push((by, other));
            Ok(())
        }
        Item::Join { story } => join(reader, frame, &story, &mut card),
        Item::Reading { story, locus } => reading(reader, frame, &story, locus, &mut card),
        Item::Page { entry, old, found, .. } => {
            card.links.push((entry.clone(), address(frame, &entry)));
            card.evidence.push(piece(frame, &mut atlas, &old)?);
            card.choices = (1..)
                .zip(&found)
                .map(|(number, ground)| Choice {
                    number,
                    text: format!(
                        "{}[{}]{}",
                        one_line(&ground.before),
                        one_line(&ground.quote),
                        one_line(&ground.after)
                    ),
                    note: String::new(),
                    lemma: found.len() == 1,
                })
                .collect();
            if found.is_empty() {
                card.more = frame.t("decide.nowhere").to_owned();
            }
            Ok(())
        }
        Item::Lost { correction, reason } => {
            card.facts.push((correction.to_string(), reason));
            card.links.push((correction.to_string(), frame.to(&format!("/history#n{correction}"))));
            Ok(())
        }
        Item::Outside { event } => {
            if let Act::Submit { from, text, about } = &event.act {
                card.evidence.push(Piece {
                    source: format!(
                        "{from} \u{b7} {about} \u{b7} {}",
                        event.stamp.when.get(..10).unwrap_or_default()
                    ),
                    link: String::new(),
                    before: String::new(),
                    quote: text.clone(),
                    after: String::new(),
                });
            }
            Ok(())
        }
    };
    filled.map(|()| Some(card))
}

fn candidate(
    reader: &Reader,
    frame: &Frame,
    atlas: &mut Atlas<'_>,
    record: &str,
    card: &mut ItemCard,
) -> Result<(), Failure> {
    const SHOWN: usize = 8;
    let Some(suggestion) = reader.suggestion(record)? else { return Ok(()) };
    let own: Vec<&Ground> = suggestion.grounds.iter().filter(|ground| ground.says.is_none()).collect();
    for ground in own.iter().take(SHOWN) {
        card.evidence.push(piece(frame, atlas, ground)?);
    }
    if own.len() > SHOWN {
        card.more = frame.n("count.printings", own.len() as u64);
    }
    for (detail, value) in suggestion.details.iter().filter(|(detail, _)| *detail != Detail::Words) {
        card.facts
            .push((frame.word("column", detail.as_str()).to_owned(), values::detail(frame, detail, value)));
    }
    card.edits = Detail::ALL
        .into_iter()
        .map(|detail| {
            let word = frame.word("column", detail.as_str()).to_owned();
            (detail.as_str(), word, suggestion.details.get(detail).to_owned())
        })
        .collect();
    card.links.push((record.to_owned(), rows::address(frame, record)));
    card.links.extend(suggestion.entered.iter().map(|key| (key.clone(), address(frame, key))));
    if let Some(view) = reader.record(record)? {
        card.rule.clone_from(&view.summary.rule);
        let origins = frame.n("count.origins", view.summary.origins);
        card.facts.push((frame.word("column", "origins").to_owned(), origins));
    }
    Ok(())
}

fn relation(
    reader: &Reader,
    frame: &Frame,
    atlas: &mut Atlas<'_>,
    keys: [&String; 2],
    card: &mut ItemCard,
) -> Result<(), Failure> {
    for key in keys {
        let Some(view) = reader.entry(key)? else { continue };
        if let Some(ground) = view.entry.grounds.first() {
            let mut shown = piece(frame, atlas, ground)?;
            shown.source = format!("{key} \u{b7} {}", shown.source);
            card.evidence.push(shown);
        }
        let amount = format!("{} {}", view.row.amount, view.row.unit);
        let said = [view.row.said.as_str(), amount.trim(), &view.row.due];
        let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
        card.facts.push((key.clone(), said.join(" \u{b7} ")));
        card.links.push((key.clone(), address(frame, key)));
    }
    Ok(())
}

fn join(reader: &Reader, frame: &Frame, story: &str, card: &mut ItemCard) -> Result<(), Failure> {
    const SHOWN: usize = 140;
    let Some(view) = reader.story(story)? else { return Ok(()) };
    for witness in &view.witnesses {
        let article = reader.article(&witness.article.key)?;
        let text = article.map(|article| article.text).unwrap_or_default();
        card.evidence.push(Piece {
            source: format!("{} \u{b7} {}", witness.siglum, source_name(frame, &witness.article.page)),
            link: frame.to(&format!("/p/{}", witness.article.page.text)),
            before: String::new(),
            quote: witness.article.headline.clone().unwrap_or_default(),
            after: rows::shortened(&one_line(&text), SHOWN),
        });
    }
    card.more = frame.f("decide.differs", view.loci.len());
    if view.witnesses.len() > 2 {
        // Where it is not one story, a person names the printing that is of another.
        card.choices = (1..)
            .zip(&view.witnesses)
            .map(|(number, witness)| Choice {
                number,
                text: format!(
                    "{} {}",
                    witness.siglum,
                    witness.article.headline.as_deref().unwrap_or_default()
                ),
                note: source_name(frame, &witness.article.page),
                lemma: false,
            })
            .collect();
        card.legend = frame.t("decide.foreign").to_owned();
    }
    card.links.push((
        view.summary.headline.clone().unwrap_or_else(|| story.to_owned()),
        frame.to(&format!("/s/{}", segment(story))),
    ));
    Ok(())
}

fn reading(
    reader: &Reader,
    frame: &Frame,
    story: &str,
    locus: usize,
    card: &mut ItemCard,
) -> Result<(), Failure> {
    const AROUND: usize = 40;
    let Some(view) = reader.story(story)? else { return Ok(()) };
    let Some(locus) = view.loci.get(locus) else { return Ok(()) };
    let before = view.established.get(..locus.at.start as usize).unwrap_or("");
    let after = view.established.get(locus.at.end as usize..).unwrap_or("");
    let start = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    card.evidence.push(Piece {
        source: view.summary.headline.clone().unwrap_or_default(),
        link: frame.to(&format!("/s/{}#loci", segment(story))),
        before: one_line(&before[start..]),
        quote: locus.readings.get(locus.lemma).map(|lemma| lemma.text.clone()).unwrap_or_default(),
        after: after.chars().take(AROUND).collect(),
    });
    card.choices = (1..)
        .zip(&locus.readings)
        .map(|(number, reading)| {
            let sigla: Vec<&str> = reading
                .witnesses
                .iter()
                .filter_map(|(witness, _)| view.witnesses.get(*witness))
                .map(|witness| witness.siglum.as_str())
                .collect();
            Choice {
                number,
                text: if reading.text.is_empty() {
                    frame.t("decide.omitted").to_owned()
                } else {
                    reading.text.clone()
                },
                note: sigla.join(" "),
                lemma: number == locus.lemma + 1,
            }
        })
        .collect();
    Ok(())
}

/// `POST /decide`
pub(crate) async fn decide(State(site): State<Arc<Site>>, ask: Ask, body: String) -> Response {
    keeping::keep(site, ask, body, "review", decided, after).await
}

/// On to what comes next, with the way to take this one back.
fn after(form: &Form, kept: &[Kept]) -> String {
    let back = form.get("back");
    match kept.last() {
        Some(last) if back.starts_with("/review/item") => {
            with_query(back, [("done", last.number.to_string().as_str())])
        }
        _ => back.to_owned(),
    }
}

fn decided(_: &Site, reader: &Reader, form: &Form) -> Result<Vec<Consequence>, Failure> {
    let verdict = verdict(form.get("verdict"))?;
    let mut edits = Details::default();
    for detail in Detail::ALL {
        let given = form.get(&format!("edit_{}", detail.as_str()));
        if given != form.get(&format!("was_{}", detail.as_str())) {
            edits.set(detail, given);
        }
    }
    let choice = form.get("choice").parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let said = Said { verdict, choice, edits };
    let items: Vec<&str> = form.all("item").collect();
    items.into_iter().map(|item| Ok(reader.consequence(item, &said, keeping::stamp(form))?)).collect()
}

/// `POST /undo-act`
pub(crate) async fn undo(State(site): State<Arc<Site>>, ask: Ask, body: String) -> Response {
    let made = |_: &Site, _: &Reader, form: &Form| {
        let event = form.get("event").parse().map_err(|_| Failure::Unusable("failure.correction"))?;
        Ok(vec![keeping::alone(keeping::draft(form, None, Act::Undo { event }))])
    };
    keeping::keep(site, ask, body, "review", made, keeping::back).await
}

#[derive(Template)]
#[template(path = "queue.html")]
struct QueueScreen {
    frame: Frame,
    kinds: Vec<QueueRow>,
    sights: Vec<QueueRow>,
    rows: Vec<ListRow>,
    pager: Pager,
    here: String,
}

struct ListRow {
    key: String,
    kind: String,
    href: String,
    label: String,
    said: String,
}

/// `/review/list?kind=&sight=&from=`
pub(crate) async fn list(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "review", listed).await
}

fn listed(site: &Site, reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let filter = filter(site, ask);
    let found = reader.queue(&filter, asked(ask))?;
    let mut rows = Vec::new();
    for row in &found.rows {
        let label = match reader.item(&row.key)? {
            Some(Item::Candidate { record }) => {
                reader.record(&record)?.map(|view| view.summary.label).unwrap_or_default()
            }
            Some(Item::Link { verb, from, to }) => {
                format!("{from} {} {to}", frame.word("link", verb.as_str()))
            }
            Some(Item::Status { entry, by, .. }) => {
                let words = reader.entry(&entry)?.map(|view| view.row.words).unwrap_or_default();
                format!("{by} \u{2192} {entry} {words}")
            }
            Some(Item::Join { story }) => {
                reader.story_summary(&story)?.and_then(|story| story.headline).unwrap_or(story)
            }
            Some(Item::Reading { story, locus }) => reader.readings_at(&story, locus)?.join(" / "),
            Some(Item::Page { entry, old, .. }) => format!("{entry} {}", one_line(&old.quote)),
            Some(Item::Lost { reason, .. }) => reason,
            Some(Item::Outside { event }) => match &event.act {
                Act::Submit { text, .. } => text.clone(),
                _ => String::new(),
            },
            None => frame.t("decide.gone").to_owned(),
        };
        let said: Vec<String> = row
            .verdicts
            .iter()
            .map(|(who, verdict)| format!("{who}: {}", frame.word("verdict", verdict.as_str())))
            .collect();
        rows.push(ListRow {
            href: frame.to(&with_query("/review/item", [("item", row.key.as_str())])),
            key: row.key.clone(),
            kind: frame.word("item", row.kind.as_str()).to_owned(),
            label: rows::shortened(&one_line(&label), 110),
            said: said.join(", "),
        });
    }
    let (kinds, _) = kinds(site, reader, ask, &frame)?;
    let screen = QueueScreen {
        kinds,
        sights: sights(ask, &frame),
        pager: Pager::new(&frame, ask, rows.len(), found.total),
        rows,
        here: ask.here(),
        frame,
    };
    Answer::render(&screen)
}
