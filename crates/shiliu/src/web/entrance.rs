//! Who may write: the browser that opened a one-time address. The address is printed for the person who started the
//! server; opening it gives that browser a cookie and leads to a clean address, so that nothing secret stands in what
//! people share. Reading needs none of this: loopback is the border of what may be read.

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
const MOST: usize = 64;

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
    /// One-time addresses that nobody has used, each with the session that it will give.
    waiting: Vec<(String, String)>,
    sessions: Vec<String>,
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

    /// A new one-time address, as a path.
    pub(crate) fn invite(&self) -> String {
        let token = unguessable();
        let path = format!("/enter/{token}");
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.waiting.len() >= MOST {
            keys.waiting.remove(0);
        }
        keys.waiting.push((token, unguessable()));
        path
    }

    /// Uses up a one-time address; gives the session.
    fn enter(&self, token: &str) -> Option<String> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let place = keys.waiting.iter().position(|(known, _)| same(known, token))?;
        let (_, session) = keys.waiting.remove(place);
        if keys.sessions.len() >= MOST {
            keys.sessions.remove(0);
        }
        keys.sessions.push(session.clone());
        Some(session)
    }

    /// Whether a request may write.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        if self.open {
            return true;
        }
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let given: Vec<&str> = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.cookie)
            .map(|(_, value)| value)
            .collect();
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        given.iter().any(|given| keys.sessions.iter().any(|known| same(known, given)))
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
    // A look ahead (HEAD) uses nothing up; neither does a browser that is in already.
    if method == Method::HEAD {
        return StatusCode::NO_CONTENT.into_response();
    }
    if site.entrance.admits(&headers) {
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
}

/// `POST /invite`: another one-time address, for another browser on this machine. The form's token is asked for.
pub(crate) async fn invite(State(site): State<std::sync::Arc<Site>>, ask: Ask, body: String) -> Response {
    let frame = Frame::new(&site, &ask, "");
    if !site.guard.knows(super::ask::Form::parse(&body).get("token")) {
        return Failure::Stale.show(frame);
    }
    let address = format!("http://{}{}", site.address, site.entrance.invite());
    match Answer::render(&InviteScreen { frame: frame.clone(), address }) {
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
        let token = door.invite().trim_start_matches("/enter/").to_owned();
        assert_eq!(token.len(), 64);
        assert!(
            !door.admits(&HeaderMap::new()) && door.enter("").is_none() && door.enter(&token[1..]).is_none()
        );
        let session = door.enter(&token).unwrap();
        assert_ne!(session, token, "what stands in the address is not what opens the door later");
        assert!(door.enter(&token).is_none(), "once");
        assert!(door.admits(&with(&format!("theme=dark; shiliu-7340={session}"))));
        for cookie in
            [format!("shiliu-7341={session}"), format!("shiliu-7340={token}"), "shiliu-7340=".into()]
        {
            assert!(!door.admits(&with(&cookie)), "{cookie}");
        }
        assert!(Entrance::new(7340, true).admits(&HeaderMap::new()));
    }

    #[test]
    fn addresses_that_nobody_uses_do_not_pile_up() {
        let door = Entrance::new(1, false);
        let first = door.invite();
        for _ in 0..MOST {
            door.invite();
        }
        assert!(door.enter(first.trim_start_matches("/enter/")).is_none(), "the oldest one is gone");
        assert_eq!(door.keys.lock().unwrap().waiting.len(), MOST);
    }
}
