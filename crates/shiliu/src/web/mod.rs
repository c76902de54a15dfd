//! The web app: server-rendered screens over one archive. It binds to loopback, needs no script to be read and
//! loads nothing from elsewhere.
//!
//! [`router`] is the table of all addresses; a screen is a file in `screens/` that turns what the archive gives
//! into a typed template. The address is the whole state of a screen.

mod address;
mod ask;
mod assets;
mod clock;
mod entrance;
mod failure;
mod frame;
mod guard;
mod lit;
mod markup;
mod memory;
mod names;
mod paper;
mod refusals;
mod screens;
#[cfg(test)]
mod tests;
mod words;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use shiliu_archive::store::{Archive, Reader};
use shiliu_lang::{Pack, Profile};

pub(crate) use address::permalink;
use ask::Ask;
use entrance::Entrance;
pub(crate) use entrance::{MOST_REVIEWERS, READER, name_of};
use failure::Failure;
use frame::Frame;
use guard::Guard;
use memory::Memory;
use names::Names;
pub(crate) use paper::BriefPaper;
pub(crate) use words::{Tongue, column_heading, column_of, phrase, word};

/// The last event of the register, its number and its hash.
type RegisterHead = Option<(i64, [u8; 32])>;

/// What every request shares.
pub(crate) struct Site {
    archive: Archive,
    pack: Pack,
    profile: Profile,
    /// What the profile's rows are called in the languages of the interface.
    names: Arc<Names>,
    guard: Arc<Guard>,
    entrance: Entrance,
    /// Where the server listens.
    address: SocketAddr,
    /// Calendars by the register's last event and the owner.
    calendars: Memory<(RegisterHead, Option<String>)>,
    /// Who started the server.
    who: String,
}

impl Site {
    /// A site over an archive, for a server that listens at `address`. Unless it is `open`, only a browser that came in
    /// by a one-time address ([`Site::invite`]) may write, in the name of whom the address was made for; else everything
    /// is kept in the name of `who`.
    pub(crate) fn new(
        archive: Archive,
        pack: Pack,
        profile: Profile,
        address: SocketAddr,
        who: String,
        open: bool,
    ) -> Site {
        let guard = Arc::new(Guard::new(address));
        Site {
            archive,
            pack,
            names: Arc::new(Names::of(&profile)),
            profile,
            guard,
            entrance: Entrance::new(address.port(), open),
            address,
            calendars: Memory::default(),
            who,
        }
    }

    /// An address that lets one browser write in the name of `who`, once.
    pub(crate) fn invite(&self, who: &str) -> String {
        format!("http://{}{}", self.address, self.entrance.invite(who))
    }

    /// In whose name a request is. Who did not come in where one may is a reader, whoever started the server.
    fn person(&self, headers: &HeaderMap) -> String {
        let otherwise = || if self.entrance.guards() { READER.to_owned() } else { self.who.clone() };
        self.entrance.person(headers).unwrap_or_else(otherwise)
    }

    /// Answers a request with one consistent state of the archive, on a thread that may wait for the disk.
    async fn answer(
        self: Arc<Site>,
        ask: Ask,
        tab: &'static str,
        make: impl FnOnce(&Site, &Reader, &Ask, Frame) -> Result<Answer, Failure> + Send + 'static,
    ) -> Response {
        let frame = Frame::new(&self, &ask, tab);
        let spare = frame.clone();
        let work = tokio::task::spawn_blocking(move || {
            let reader = self.archive.reader()?;
            make(&self, &reader, &ask, frame)
        });
        match work.await {
            Ok(Ok(Answer(markup))) => Html(markup).into_response(),
            Ok(Err(failure)) => failure.show(spare),
            Err(error) => Failure::Internal(error.to_string()).show(spare),
        }
    }
}

/// The markup that a screen gives.
struct Answer(String);

impl Answer {
    fn render(template: &impl askama::Template) -> Result<Answer, Failure> {
        Ok(Answer(template.render()?))
    }
}

/// Every address there is.
pub(crate) fn router(site: Arc<Site>) -> Router {
    let guard = Arc::clone(&site.guard);
    Router::new()
        .route("/", get(screens::mechanism::show))
        .route("/ledger", get(screens::ledger::show))
        .route("/pairs", get(screens::pairs::show))
        .route("/timeline", get(screens::timeline::show))
        .route("/e/{key}", get(screens::entry::show))
        .route("/stories", get(screens::stories::show))
        .route("/s/{key}", get(screens::story::show))
        .route("/library", get(screens::library::show))
        .route("/p/{hash}", get(screens::page::show))
        .route("/search", get(screens::search::show))
        .route("/figures", get(screens::figures::show))
        .route("/people", get(screens::people::show))
        .route("/review", get(screens::review::show))
        .route("/register", get(screens::register::show))
        .route("/own", post(screens::register::own))
        .route("/act", post(screens::promise::act))
        .route("/review/item", get(screens::decide::show))
        .route("/review/list", get(screens::decide::list))
        .route("/decide", post(screens::decide::decide))
        .route("/undo-act", post(screens::decide::undo))
        .route("/desk", get(screens::follow::show))
        .route("/wall", get(screens::follow::wall))
        .route("/due.ics", get(screens::follow::calendar))
        .route("/briefs", get(screens::briefing::show))
        .route("/brief", post(screens::briefing::issue))
        .route("/brief/draft", get(screens::briefing::draft))
        .route("/brief/diff", get(screens::briefing::diff))
        .route("/brief/{key}", get(screens::briefing::one))
        .route("/checks", get(screens::checks::show))
        .route("/checks/{key}", get(screens::checks::one))
        .route("/letters", get(screens::letters::show))
        .route("/letter", post(screens::letters::send))
        .route("/enter", post(screens::promise::enter))
        .route("/check", post(screens::checks::post))
        .route("/scale", get(screens::checks::scale))
        .route("/export/{name}", get(screens::exports::serve))
        .route("/history", get(screens::history::show))
        .route("/correct", post(screens::history::correct))
        .route("/undo", post(screens::history::undo))
        .route("/try", get(screens::attempt::show))
        .route("/enter/{token}", get(entrance::enter))
        .route("/invite", post(entrance::invite))
        .route("/static/{name}", get(assets::serve))
        .fallback(screens::missing)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&site), entrance::pass))
        .layer(axum::middleware::from_fn_with_state(guard, guard::pass))
        .with_state(site)
}
