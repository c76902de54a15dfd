//! What every request passes: which host it names, where a form comes from, and the headers of every answer.

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use shiliu_text::{digest_of, hex};

/// Nothing from elsewhere, nothing inline.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Names under which this process may be asked, and the token that its own forms carry.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    hosts: Vec<String>,
    token: String,
}

impl Guard {
    /// For a server that listens at `address`.
    pub(crate) fn new(address: SocketAddr) -> Guard {
        let port = address.port();
        let mut hosts: Vec<String> =
            ["127.0.0.1", "localhost", "[::1]"].iter().map(|name| format!("{name}:{port}")).collect();
        if port == 80 {
            hosts.extend(["127.0.0.1", "localhost", "[::1]"].map(str::to_owned));
        }
        Guard { hosts, token: unguessable() }
    }

    /// The token of this process, to be put into its forms.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Whether a form carries the token.
    pub(crate) fn knows(&self, token: &str) -> bool {
        same(&self.token, token)
    }

    fn is_our_host(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        host.is_some_and(|host| self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host)))
    }

    /// Whether the browser says that a page of ours sent the form. One of the two headers must be there. Under
    /// our referrer policy a browser names the origin of our own forms `null`: then the other header must vouch.
    fn is_our_form(&self, headers: &HeaderMap) -> bool {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let ours = |origin: &str| {
            origin.strip_prefix("http://").is_some_and(|host| self.hosts.iter().any(|known| known == host))
        };
        match (text(HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
            (Some("same-origin"), origin) => origin.is_none_or(|origin| origin == "null" || ours(origin)),
            (None, Some(origin)) => ours(origin),
            _ => false,
        }
    }
}

/// Whether two secrets are equal; the time it takes does not tell how much of them is.
pub(super) fn same(known: &str, given: &str) -> bool {
    known.len() == given.len()
        && known.bytes().zip(given.bytes()).fold(0, |sofar, (a, b)| sofar | (a ^ b)) == 0
}

/// 256 bits from the operating system, by way of the keys that the standard library's hash maps get from it.
pub(super) fn unguessable() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    let state = RandomState::new();
    let drawn: Vec<u8> = (0u64..4).flat_map(|number| state.hash_one(number).to_le_bytes()).collect();
    hex(&digest_of(&drawn).0)
}

/// The middleware around every route.
pub(crate) async fn pass(
    State(guard): State<std::sync::Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let refused = |status: StatusCode, words: &'static str| (status, words).into_response();
    let mut response = if !guard.is_our_host(request.headers()) {
        refused(StatusCode::MISDIRECTED_REQUEST, "this server answers only to its own loopback address\n")
    } else if !matches!(*request.method(), Method::GET | Method::HEAD | Method::POST) {
        refused(StatusCode::METHOD_NOT_ALLOWED, "only GET, HEAD and POST\n")
    } else if request.method() == Method::POST && !guard.is_our_form(request.headers()) {
        refused(StatusCode::FORBIDDEN, "a form must be sent from a page of this server\n")
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_loopback_names_with_the_port() {
        let guard = Guard::new(([127, 0, 0, 1], 7340).into());
        for (host, allowed) in [
            ("127.0.0.1:7340", true),
            ("LocalHost:7340", true),
            ("[::1]:7340", true),
            ("127.0.0.1", false),
            ("127.0.0.1:80", false),
            ("evil.example:7340", false),
            ("localhost.evil.example:7340", false),
        ] {
            assert_eq!(guard.is_our_host(&headers(&[("host", host)])), allowed, "{host}");
        }
        assert!(!guard.is_our_host(&HeaderMap::new()));
    }

    #[test]
    fn forms_come_from_our_own_pages() {
        let guard = Guard::new(([127, 0, 0, 1], 7340).into());
        for (pairs, allowed) in [
            (&[][..], false),
            (&[("origin", "http://127.0.0.1:7340")][..], true),
            (&[("origin", "http://localhost:7340"), ("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:7340")][..], false),
            (&[("sec-fetch-site", "same-site")][..], false),
            (&[("origin", "null")][..], false),
            (&[("origin", "null"), ("sec-fetch-site", "same-origin")][..], true),
            (&[("origin", "null"), ("sec-fetch-site", "cross-site")][..], false),
            (&[("origin", "https://127.0.0.1:7340")][..], false),
            (&[("origin", "http://evil.example")][..], false),
        ] {
            assert_eq!(guard.is_our_form(&headers(pairs)), allowed, "{pairs:?}");
        }
    }

    #[test]
    fn the_token_is_new_for_each_process_and_compared_whole() {
        let (a, b) = (Guard::new(([127, 0, 0, 1], 1).into()), Guard::new(([127, 0, 0, 1], 1).into()));
        assert_ne!(a.token(), b.token());
        assert_eq!(a.token().len(), 64);
        assert!(a.knows(a.token()) && !a.knows(b.token()) && !a.knows("") && !a.knows(&a.token()[..63]));
    }
}
