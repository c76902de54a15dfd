//! How a form of the register becomes events: the token, the clock, the right to write, and the way back.

use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Redirect, Response};
use shiliu_archive::store::{AddOptions, Consequence, Draft, Kept, Reader, StoreError, Writer};
use shiliu_ledger::register::{Act, Stamp};

use super::history::local;
use crate::web::ask::{Ask, Form};
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Site, clock};

/// How often and how long another writer's short work is waited for.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(30);

/// Who acts now, for the reason that the form gives.
pub(super) fn stamp(form: &Form) -> Stamp {
    Stamp {
        who: form.who.clone(),
        when: clock::now(),
        via: "web".to_owned(),
        why: form.get("why").trim().to_owned(),
    }
}

/// An act on an entry, or on nothing that is there yet.
pub(super) fn draft(form: &Form, subject: Option<&str>, act: Act) -> Draft {
    Draft { stamp: stamp(form), subject: subject.map(str::to_owned), item: None, act }
}

fn writer(site: &Site) -> Result<Writer, StoreError> {
    let mut tries = 0;
    loop {
        match site.archive.writer() {
            Err(StoreError::Busy(_)) if tries < TRIES => {
                tries += 1;
                std::thread::sleep(PAUSE);
            }
            other => return other,
        }
    }
}

/// Keeps what a form leads to, one event each, and goes where `after` says.
pub(super) async fn keep(
    site: Arc<Site>,
    ask: Ask,
    body: String,
    tab: &'static str,
    make: impl FnOnce(&Site, &Reader, &Form) -> Result<Vec<Consequence>, Failure> + Send + 'static,
    after: impl FnOnce(&Form, &[Kept]) -> String + Send + 'static,
) -> Response {
    let form = Form::signed(&body, site.person(&ask.headers));
    let frame = Frame::new(&site, &ask, tab);
    if !site.guard.knows(form.get("token")) {
        return Failure::Stale.show(frame);
    }
    let work = tokio::task::spawn_blocking(move || -> Result<String, Failure> {
        let consequences = make(&site, &site.archive.reader()?, &form)?;
        if consequences.is_empty() {
            return Err(Failure::Unusable("failure.correction"));
        }
        let mut writer = writer(&site)?;
        let settled = writer.settle(consequences)?;
        if settled.corrected {
            let now = clock::now();
            writer.refresh(&site.pack, &site.profile, &AddOptions::at(&now))?;
        }
        Ok(after(&form, &settled.kept))
    });
    match work.await {
        Ok(Ok(back)) => Redirect::to(&frame.to(local(&back))).into_response(),
        Ok(Err(failure)) => failure.show(frame),
        Err(error) => Failure::Internal(error.to_string()).show(frame),
    }
}

/// A draft as a consequence.
pub(super) fn alone(draft: Draft) -> Consequence {
    Consequence { draft, decisions: Vec::new() }
}

/// Back to where the form stood.
pub(super) fn back(form: &Form, _: &[Kept]) -> String {
    form.get("back").to_owned()
}
