//! Every text field of every form that a screen shows takes hostile words: a new field is in this test by being there.

use std::collections::BTreeSet;

use super::document::Document;
use super::fixture::{place, sample_pages};
use super::hostile::{PAYLOADS, assert_no_markup, is_screen};
use crate::web::address::with_query;

/// What a form sends for one name.
#[derive(Clone, Debug)]
enum Control {
    /// What the screen itself put there: hidden values, choices, buttons.
    Given(String),
    /// What a person types; with a value that its pattern allows, where it has one.
    Typed(Option<String>),
}

struct Form {
    action: String,
    posts: bool,
    controls: Vec<(String, Control)>,
}

impl Form {
    /// What tells forms apart: where they go, what they hold, and which verb they send.
    fn kind(&self) -> String {
        let parts = self.controls.iter().map(|(name, control)| match control {
            Control::Given(value) if name == "verb" || name == "verdict" => format!("{name}={value}"),
            _ => name.clone(),
        });
        format!("{}?{}", self.action, parts.collect::<Vec<_>>().join("&"))
    }
}

fn forms(document: &Document) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut select: Option<String> = None;
    for (element, attributes) in document.elements() {
        let get =
            |key: &str| attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
        if element == "form" {
            let action = get("action").unwrap_or_default();
            let action = action.split('#').next().unwrap_or_default().to_owned();
            let posts = get("method").as_deref() == Some("post");
            forms.push(Form { action, posts, controls: Vec::new() });
            continue;
        }
        let Some(form) = forms.last_mut() else { continue };
        let value = get("value").unwrap_or_default();
        let control = match (element, get("type").unwrap_or_default().as_str()) {
            ("select", _) => {
                select = get("name");
                continue;
            }
            ("option", _) => {
                // The first choice that says something.
                if let Some(name) = select.take_if(|_| !value.is_empty()) {
                    form.controls.push((name, Control::Given(value)));
                }
                continue;
            }
            ("textarea", _) => Control::Typed(None),
            ("input", "" | "text" | "search") => {
                let numeric = get("inputmode").is_some() || get("pattern").is_some();
                let fallback = if get("pattern").is_some() { "2032-01-02" } else { "1" };
                let known = if value.is_empty() { fallback.to_owned() } else { value };
                Control::Typed(numeric.then_some(known))
            }
            ("input" | "button", _) => Control::Given(value),
            _ => continue,
        };
        let Some(name) = get("name") else { continue };
        // Of several buttons one is pressed.
        if element != "button" || !form.controls.iter().any(|(known, _)| *known == name) {
            form.controls.push((name, control));
        }
    }
    forms
}

#[test]
fn every_text_field_takes_hostile_words() {
    const SCREENS: usize = 60;
    let desk = place(Some(&sample_pages()));
    let payload = PAYLOADS.join(" ");
    let mut waiting: Vec<String> = [
        "/",
        "/desk",
        "/register",
        "/briefs",
        "/checks",
        "/letters",
        "/ledger",
        "/stories?printings=2",
        "/timeline",
        "/figures",
        "/people",
        "/library?all=1",
        "/review",
        "/review/item?kind=record",
        "/review/item?kind=join",
        "/review/list?kind=record",
        "/history",
        "/try",
        "/search?q=a",
        "/wall",
        "/pairs",
    ]
    .map(str::to_owned)
    .into();
    for (list, link) in [("/library?all=1", "/p/"), ("/stories?printings=2", "/s/"), ("/ledger", "/e/")] {
        let document = desk.screen(list);
        let found = document.values("a", "href").find(|href| href.starts_with(link));
        waiting.extend(found.and_then(|href| href.split('#').next()).map(str::to_owned));
    }
    waiting.reverse();
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let (mut kinds, mut fields) = (BTreeSet::new(), BTreeSet::new());
    let mut visited = Vec::new();
    // What was entered meanwhile comes last.
    let mut entered = vec!["/checks/K-0001", "/brief/B-0001", "/e/C-0001"];
    while let Some(address) = waiting.pop().or_else(|| entered.pop().map(str::to_owned)) {
        let answer = desk.get(&address);
        assert!(!answer.status.is_server_error(), "{address}: {}", answer.body);
        let document = answer.document();
        assert_no_markup(&document, &address);
        visited.push(address.clone());
        for form in forms(&document) {
            if form.action.starts_with("/invite") || !kinds.insert(form.kind()) {
                continue;
            }
            // At first the words stand in every field, then only where nothing else is asked for.
            for everywhere in [true, false] {
                let sent: Vec<(&str, &str)> = form
                    .controls
                    .iter()
                    .map(|(name, control)| {
                        let value = match control {
                            Control::Given(value) => value.as_str(),
                            Control::Typed(Some(known)) if !everywhere => known.as_str(),
                            Control::Typed(_) => payload.as_str(),
                        };
                        (name.as_str(), value)
                    })
                    .collect();
                let answer = if form.posts {
                    desk.post(&form.action, &sent)
                } else {
                    desk.get(&with_query(
                        form.action.split('?').next().unwrap_or_default(),
                        sent.iter().copied(),
                    ))
                };
                assert!(!answer.status.is_server_error(), "{} {sent:?}: {}", form.action, answer.body);
                if answer.header("content-type").starts_with("text/html") {
                    assert_no_markup(&answer.document(), &form.action);
                }
            }
            let action = form.action.split('?').next().unwrap_or_default().to_owned();
            for (name, control) in &form.controls {
                if matches!(control, Control::Typed(_)) {
                    fields.insert((action.clone(), name.clone()));
                }
            }
        }
        for href in document.values("a", "href").filter(|href| is_screen(href)) {
            let href = href.split('#').next().unwrap_or_default().to_owned();
            if seen.len() < SCREENS && seen.insert(href.clone()) {
                waiting.insert(0, href);
            }
        }
    }
    // The words are kept, and every screen shows them as words.
    let kept = desk.site.archive.reader().unwrap().register_events(0, None).unwrap();
    let told = kept.iter().filter(|event| event.body.contains("alert(1)")).count();
    for address in visited.iter().map(String::as_str).chain(["/e/C-0001", "/register", "/letters", "/wall"]) {
        let answer = desk.get(address);
        assert!(!answer.status.is_server_error(), "{address}");
        assert_no_markup(&answer.document(), address);
    }
    let fields: Vec<String> = fields.into_iter().map(|(action, name)| format!("{action} {name}")).collect();
    for expected in [
        "/act text",
        "/act owner",
        "/act steps",
        "/letter text",
        "/letter name",
        "/decide why",
        "/correct why",
    ] {
        assert!(fields.iter().any(|field| field == expected), "{expected} is not among {fields:?}");
    }
    assert!(told >= 8 && fields.len() >= 25, "{told} events, fields {fields:?}");
}
