//! Who may write: the browser that opened a one-time address. The address is printed for the person who started the
//! server; opening it gives that browser a cookie and leads to a clean address, so that nothing secret stands in what
//! people share. Reading needs none of this: loopback is the border of what may be read.
//!
//! An address is made for a person: what comes from the browser that opened it is kept under that name, so that several
//! people can review at one server.

use std::sync::{Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::http::header::{self, HeaderMap};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::ask::Ask;
use super::failure::Failure;
use super::frame::Frame;
use super::guard::{same, unguessable};
use super::{Answer, Site};

/// Browsers that may be let in at once, and addresses that may wait: more than a desk has.
pub(crate) const MOST_REVIEWERS: usize = 64;
/// The name of whoever did not come in.
pub(crate) const READER: &str = "reader";

/// The door of one process.
#[derive(Debug)]
pub(crate) struct Entrance {
    /// Whether everybody who reads may write: an archive that goes with the process.
    open: bool,
    /// Name of the cookie: browsers do not keep the ports of one host apart.
    cookie: String,
    keys: Mutex<Keys>,
}

#[derive(Debug, Default)]
struct Keys {
    /// One-time addresses that nobody has used, each with the name of whom it is for.
    waiting: Vec<(String, String)>,
    /// What the cookies hold, each with the name of whose it is.
    sessions: Vec<(String, String)>,
}

impl Entrance {
    /// The door of a server at a port; `open` where nothing is guarded.
    pub(crate) fn new(port: u16, open: bool) -> Entrance {
        Entrance { open, cookie: format!("shiliu-{port}"), keys: Mutex::default() }
    }

    /// Whether writing needs a one-time address.
    pub(crate) fn guards(&self) -> bool {
        !self.open
    }

    /// A new one-time address for a person, as a path.
    pub(crate) fn invite(&self, who: &str) -> String {
        let token = unguessable();
        let path = format!("/enter/{token}");
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.waiting.len() >= MOST_REVIEWERS {
            keys.waiting.remove(0);
        }
        keys.waiting.push((token, who.to_owned()));
        path
    }

    /// Uses up a one-time address; gives the session.
    fn enter(&self, token: &str) -> Option<String> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let place = keys.waiting.iter().position(|(known, _)| same(known, token))?;
        let (_, who) = keys.waiting.remove(place);
        if keys.sessions.len() >= MOST_REVIEWERS {
            keys.sessions.remove(0);
        }
        let session = unguessable();
        keys.sessions.push((session.clone(), who));
        Some(session)
    }

    /// For whom an address is that nobody has used.
    fn awaits(&self, token: &str) -> Option<String> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.waiting.iter().find(|(known, _)| same(known, token)).map(|(_, who)| who.clone())
    }

    /// Whether a request may write.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        self.open || self.person(headers).is_some()
    }

    /// Who sends a request, where its browser came in by a one-time address.
    pub(crate) fn person(&self, headers: &HeaderMap) -> Option<String> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let given: Vec<&str> = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.cookie)
            .map(|(_, value)| value)
            .collect();
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = keys.sessions.iter();
        known.find(|(known, _)| given.iter().any(|given| same(known, given))).map(|(_, who)| who.clone())
    }
}

/// The middleware that keeps forms from whoever did not come in by a one-time address.
pub(crate) async fn pass(
    State(site): State<std::sync::Arc<Site>>,
    request: axum::extract::Request,
    next: Next,
) -> Response {
    // A letter is what readers send to the desk: it decides nothing.
    let letter = request.uri().path() == "/letter";
    if request.method() == Method::POST && !letter && !site.entrance.admits(request.headers()) {
        let ask = Ask::of(request.uri(), request.headers());
        return Failure::Outside.show(Frame::new(&site, &ask, ""));
    }
    next.run(request).await
}

/// `GET /enter/TOKEN`
pub(crate) async fn enter(
    State(site): State<std::sync::Arc<Site>>,
    method: Method,
    Path(token): Path<String>,
    ask: Ask,
    headers: HeaderMap,
) -> Response {
    // A look ahead (HEAD) uses nothing up; neither does a browser in which the same person is in already.
    if method == Method::HEAD {
        return StatusCode::NO_CONTENT.into_response();
    }
    let here = site.entrance.person(&headers);
    let other = site.entrance.awaits(&token).is_some_and(|who| here.as_ref() != Some(&who));
    if site.entrance.open || (here.is_some() && !other) {
        return Redirect::to("/").into_response();
    }
    match site.entrance.enter(&token) {
        Some(session) => {
            let cookie = format!("{}={session}; HttpOnly; SameSite=Strict; Path=/", site.entrance.cookie);
            ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
        }
        None => Failure::Spent.show(Frame::new(&site, &ask, "")),
    }
}

#[derive(askama::Template)]
#[template(path = "invite.html")]
struct InviteScreen {
    frame: Frame,
    address: String,
    /// Whom the address is for.
    invited: String,
}

/// Longest name of a person, in characters.
const LONGEST_NAME: usize = 80;

/// Marks of direction, joiners and other characters without a shape.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A name as it is kept, on one line; `None` where it is none.
pub(crate) fn name_of(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    // What no screen shows would make two people of one name.
    let shown = |word: &str| word.chars().filter(|c| !is_unseen(*c)).collect::<String>();
    let words: Vec<String> = words.into_iter().map(shown).collect();
    let name = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    (!name.is_empty() && name.chars().count() <= LONGEST_NAME).then_some(name)
}

/// `POST /invite`: another one-time address, for another browser on this machine: of the same person, or of the one
/// whom the form names. The form's token is asked for.
pub(crate) async fn invite(State(site): State<std::sync::Arc<Site>>, ask: Ask, body: String) -> Response {
    let frame = Frame::new(&site, &ask, "");
    let form = super::ask::Form::parse(&body);
    if !site.guard.knows(form.get("token")) {
        return Failure::Stale.show(frame);
    }
    let invited = match form.get("who").trim() {
        "" => site.person(&ask.headers),
        typed => match name_of(typed) {
            Some(name) => name,
            None => return Failure::Unusable("invite.unusable").show(frame),
        },
    };
    let address = site.invite(&invited);
    match Answer::render(&InviteScreen { frame: frame.clone(), address, invited }) {
        Ok(Answer(markup)) => axum::response::Html(markup).into_response(),
        Err(failure) => failure.show(frame),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        headers
    }

    #[test]
    fn an_address_lets_one_browser_in_once() {
        let door = Entrance::new(7340, false);
        let token = door.invite("anna").trim_start_matches("/enter/").to_owned();
        assert_eq!(token.len(), 64);
        assert!(
            !door.admits(&HeaderMap::new()) && door.enter("").is_none() && door.enter(&token[1..]).is_none()
        );
        let session = door.enter(&token).unwrap();
        assert_ne!(session, token, "what stands in the address is not what opens the door later");
        assert!(door.enter(&token).is_none(), "once");
        let in_already = with(&format!("theme=dark; shiliu-7340={session}"));
        assert!(door.admits(&in_already));
        assert_eq!(door.person(&in_already).as_deref(), Some("anna"));
        for cookie in
            [format!("shiliu-7341={session}"), format!("shiliu-7340={token}"), "shiliu-7340=".into()]
        {
            assert!(!door.admits(&with(&cookie)), "{cookie}");
        }
        assert!(Entrance::new(7340, true).admits(&HeaderMap::new()));
        assert_eq!(Entrance::new(7340, true).person(&HeaderMap::new()), None);
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(name_of(" Anna\n B. ").as_deref(), Some("Anna B."));
        assert_eq!(
            name_of("an\u{200b}na\u{202e}").as_deref(),
            Some("anna"),
            "what no screen shows is no part of it"
        );
        assert_eq!((name_of(" \t\u{200b}"), name_of(&"x".repeat(81))), (None, None));
    }

    #[test]
    fn addresses_that_nobody_uses_do_not_pile_up() {
        let door = Entrance::new(1, false);
        let first = door.invite("anna");
        for _ in 0..MOST_REVIEWERS {
            door.invite("boris");
        }
        assert!(door.enter(first.trim_start_matches("/enter/")).is_none(), "the oldest one is gone");
        assert_eq!(door.keys.lock().unwrap().waiting.len(), MOST_REVIEWERS);
    }
}
