//! Try: dates and figures in a text of one's own, with the rules that found them.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_extract::{Bound, Mention, MentionValue, explain};
use shiliu_text::{Basis, Date, Inferred, Span};

use super::values;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::lit::{Mark, Run, Sense, runs};
use crate::web::{Answer, Site};

/// Longest text, in bytes: it stands in the address.
const LONGEST: usize = 16_000;

#[derive(Template)]
#[template(path = "try.html")]
struct TryScreen<'a> {
    frame: Frame,
    text: String,
    reference: String,
    asked: bool,
    runs: Vec<Run<'a>>,
    rows: Vec<MentionRow>,
    suppressed: Vec<(String, String, String)>,
    examples: Vec<(String, String)>,
}

struct MentionRow {
    text: String,
    kind: String,
    value: String,
    relative: bool,
    flags: String,
    rule: String,
}

/// `/try?text=…&ref=YYYY-MM-DD`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "try", |site, _, ask, frame| screen(site, ask, frame)).await
}

fn screen(site: &Site, ask: &Ask, frame: Frame) -> Result<Answer, Failure> {
    let text = ask.get("text").unwrap_or_default().to_owned();
    if text.len() > LONGEST {
        return Err(Failure::Unusable("failure.too_long"));
    }
    let reference = ask.get("ref").unwrap_or_default();
    if !reference.is_empty() && Date::parse(reference).is_none() {
        return Err(Failure::Unusable("failure.date"));
    }
    let known = Date::parse(reference).map(|value| Inferred {
        value,
        basis: Basis::Inferred { evidence: "given".to_owned(), at: Vec::new() },
    });
    let (found, suppressed) = explain(&text, known.as_ref(), &site.pack);
    let marks: Vec<Mark> = found
        .value
        .iter()
        .map(|mention| Mark {
            span: mention.span,
            sense: Sense::Mention {
                class: values::mention_class(mention.kind.as_str()),
                value: value(&frame, mention),
            },
        })
        .collect();
    let rows = found.value.iter().map(|mention| MentionRow {
        text: mention.span.of(&text).to_owned(),
        kind: frame.word("mention", mention.kind.as_str()).to_owned(),
        value: value(&frame, mention),
        relative: mention.relative,
        flags: mention.flags.iter().map(|flag| frame.word("flag", flag)).collect::<Vec<_>>().join(" · "),
        rule: mention.rule.to_string(),
    });
    let suppressed = suppressed
        .iter()
        .map(|taken| (taken.span.of(&text).to_owned(), taken.rule.clone(), taken.by.clone()));
    let examples = ["try.example1", "try.example2", "try.example3"].map(|key| {
        let example = frame.t(key).to_owned();
        let href =
            crate::web::address::with_query("/try", [("text", example.as_str()), ("ref", "2031-06-17")]);
        (example, frame.to(&href))
    });
    let screen = TryScreen {
        asked: !text.is_empty(),
        rows: rows.collect(),
        suppressed: suppressed.collect(),
        runs: runs(&text, Span::new(0, text.len()), &marks),
        reference: reference.to_owned(),
        examples: examples.into(),
        text: text.clone(),
        frame,
    };
    Answer::render(&screen)
}

fn value(frame: &Frame, mention: &Mention) -> String {
    match &mention.value {
        MentionValue::Text(text) => text.clone(),
        MentionValue::Vague => frame.t("value.vague").to_owned(),
        MentionValue::Amount(amount) => {
            let bound = if mention.bound == Bound::Equal { "" } else { mention.bound.as_str() };
            let unit = amount.unit.as_deref().map(|unit| frame.word("value.unit", unit)).unwrap_or_default();
            let number = match &amount.value {
                Some(value) => value.clone(),
                None => format!(
                    "{}–{}",
                    amount.low.as_deref().unwrap_or_default(),
                    amount.high.as_deref().unwrap_or_default()
                ),
            };
            format!("{bound}{number} {unit}").trim().to_owned()
        }
    }
}
