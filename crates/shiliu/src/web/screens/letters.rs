//! Corrections from outside: a reader says that something is wrong, the desk answers. Each becomes a review item.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{Consequence, Kept, Letter, Reader};
use shiliu_ledger::register::{Act, Verdict};

use super::history::local;
use super::keeping;
use super::pager::{Pager, asked};
use super::rows::Tag;
use crate::web::address::{segment, with_query};
use crate::web::ask::{Ask, Form};
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site};

/// Longest text that is taken in, in code points: a letter, not a book.
const LONGEST: usize = 8000;

#[derive(Template)]
#[template(path = "letters.html")]
struct LettersScreen {
    frame: Frame,
    about: String,
    sent: String,
    rows: Vec<LetterRow>,
    pager: Pager,
}

struct LetterRow {
    number: i64,
    from: String,
    day: String,
    text: String,
    about: String,
    about_href: String,
    state: Tag,
    answer: String,
    signed: String,
    item_href: String,
}

/// Where a letter's subject leads: an entry, a record, a screen of ours; nowhere for anything else.
pub(super) fn subject_link(frame: &Frame, about: &str) -> String {
    let key = |prefix: &str| {
        about.strip_prefix(prefix).is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|character| character.is_ascii_alphanumeric())
        })
    };
    if key("C-") || key("r-") {
        return frame.to(&format!("/e/{}", segment(about)));
    }
    if about.starts_with('/') && local(about) == about { frame.to(about) } else { String::new() }
}

/// `/letters?about=&sent=&from=`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "review", |_, reader, ask, frame| screen(reader, ask, frame)).await
}

fn screen(reader: &Reader, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let found = reader.letters(asked(ask))?;
    let rows: Vec<LetterRow> = found.rows.iter().map(|letter| row(&frame, letter)).collect();
    let screen = LettersScreen {
        about: ask.get("about").unwrap_or_default().to_owned(),
        sent: ask.number("sent").map(|number| frame.f("letters.sent", number)).unwrap_or_default(),
        pager: Pager::new(&frame, ask, rows.len(), found.total),
        rows,
        frame,
    };
    Answer::render(&screen)
}

fn row(frame: &Frame, letter: &Letter) -> LetterRow {
    let (word, class) = match letter.answer.as_ref().map(|(verdict, _)| *verdict) {
        None => ("letters.waits", "warn"),
        Some(Verdict::Accept) => ("letters.taken", "good"),
        Some(Verdict::Reject) => ("letters.refused", ""),
        Some(Verdict::Unsure) => ("letters.unsure", "warn"),
    };
    let answer = letter.answer.as_ref().map(|(_, stamp)| stamp);
    LetterRow {
        number: letter.event,
        from: letter.from.clone(),
        day: letter.stamp.when.get(..10).unwrap_or_default().to_owned(),
        text: letter.text.clone(),
        about_href: subject_link(frame, &letter.about),
        about: letter.about.clone(),
        state: Tag { text: frame.t(word).to_owned(), class },
        answer: answer.map(|stamp| stamp.why.clone()).unwrap_or_default(),
        signed: answer
            .map(|stamp| format!("{} {}", stamp.when.get(..10).unwrap_or_default(), stamp.who))
            .unwrap_or_default(),
        item_href: frame
            .to(&with_query("/review/item", [("item", format!("outside:{}", letter.event).as_str())])),
    }
}

/// `POST /letter`
pub(crate) async fn send(State(site): State<Arc<Site>>, ask: Ask, body: String) -> Response {
    let made = |_: &Site, _: &Reader, form: &Form| -> Result<Vec<Consequence>, Failure> {
        let text = form.get("text").trim();
        if text.is_empty() || text.chars().count() > LONGEST {
            return Err(Failure::Unusable("letters.unusable"));
        }
        let from = match form.get("name").trim() {
            "" => form.who.clone(),
            name => name.to_owned(),
        };
        let act = Act::Submit { from, text: text.to_owned(), about: form.get("about").trim().to_owned() };
        Ok(vec![keeping::alone(keeping::draft(form, None, act))])
    };
    let after = |_: &Form, kept: &[Kept]| {
        let number = kept.last().map_or(0, |kept| kept.number);
        with_query("/letters", [("sent", number.to_string().as_str())])
    };
    keeping::keep(site, ask, body, "review", made, after).await
}
