//! What a request asks for: its path, its query in order, its language.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::header::{self, HeaderMap};
use axum::http::request::Parts;

use super::address::with_query;
use super::words::Tongue;

/// A request, read once.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    path: String,
    pairs: Vec<(String, String)>,
    /// Language of the answer.
    pub(crate) tongue: Tongue,
    /// Whether the address says so; else the browser did.
    pub(crate) explicit: bool,
    /// What the browser sent beside the address.
    pub(crate) headers: HeaderMap,
}

impl<S: Send + Sync> FromRequestParts<S> for Ask {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Ask, Infallible> {
        Ok(Ask::of(&parts.uri, &parts.headers))
    }
}

impl Ask {
    pub(crate) fn of(uri: &Uri, headers: &HeaderMap) -> Ask {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let ask = Ask::new(uri.path(), uri.query().unwrap_or_default(), accepted.unwrap_or_default());
        Ask { headers: headers.clone(), ..ask }
    }

    pub(crate) fn new(path: &str, query: &str, accepted: &str) -> Ask {
        let mut pairs = Vec::new();
        let mut named = None;
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let (key, value) = (decode(key), decode(value));
            if key == "lang" {
                named = Tongue::parse(&value);
            } else if !value.trim().is_empty() {
                pairs.push((key, value));
            }
        }
        let tongue = named.unwrap_or_else(|| Tongue::accepted(accepted));
        Ask { path: path.to_owned(), pairs, tongue, explicit: named.is_some(), headers: HeaderMap::new() }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// A value of the query, without the white space around it.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.trim())
    }

    /// All values of a key.
    pub(crate) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.trim())
    }

    /// Every pair of the query but the language, in order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// A whole number of the query.
    pub(crate) fn number(&self, key: &str) -> Option<u32> {
        self.get(key)?.parse().ok()
    }

    /// This address without its language.
    pub(crate) fn here(&self) -> String {
        with_query(&self.path, self.pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())))
    }

    /// This address with a value set, added to or (where `value` is empty) taken out; the place in a list starts
    /// anew.
    pub(crate) fn with(&self, key: &str, value: &str) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| name != key && name != "from");
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        with_query(&self.path, kept.chain([(key, value)]))
    }
}

/// Decodes one part of a query; what is no valid encoding stays as it is, and bytes that are no UTF-8 become
/// U+FFFD.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |index: usize| bytes.get(index).and_then(|byte| char::from(*byte).to_digit(16));
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            (b'+', ..) => {
                out.push(b' ');
                at += 1;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The pairs of a form that was sent (`application/x-www-form-urlencoded`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    pairs: Vec<(String, String)>,
    /// Who sent it.
    pub(crate) who: String,
}

impl Form {
    /// Reads what `who` sent.
    pub(crate) fn signed(body: &str, who: String) -> Form {
        Form { who, ..Form::parse(body) }
    }

    pub(crate) fn parse(body: &str) -> Form {
        let pairs = body
            .split('&')
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (key, value) = part.split_once('=').unwrap_or((part, ""));
                (decode(key), decode(value))
            })
            .collect();
        Form { pairs, who: String::new() }
    }

    /// All values of a field.
    pub(crate) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// A field; the empty text where the form has none.
    pub(crate) fn get(&self, key: &str) -> &str {
        self.pairs.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_rebuilds_addresses() {
        let ask = Ask::new("/ledger", "kind=event&q=%E4%B8%AD+a%26&lang=zh&from=50&actor=x&empty=", "en");
        assert_eq!((ask.tongue, ask.explicit), (Tongue::Zh, true));
        assert_eq!(ask.get("q"), Some("中 a&"));
        assert_eq!(ask.here(), "/ledger?kind=event&q=%E4%B8%AD%20a%26&from=50&actor=x");
        assert_eq!(ask.with("kind", ""), "/ledger?q=%E4%B8%AD%20a%26&actor=x");
        assert_eq!(ask.with("kind", "body"), "/ledger?q=%E4%B8%AD%20a%26&actor=x&kind=body");
    }

    proptest::proptest! {
        /// No query is a panic, and what we write we read.
        #[test]
        fn any_query_is_read(query in "\\PC{0,40}", value in "\\PC{1,12}") {
            let _ = Ask::new("/", &query, "");
            let written = with_query("/x", [("q", value.as_str())]);
            let read = Ask::new("/x", written.split_once('?').map_or("", |(_, query)| query), "");
            assert_eq!(read.get("q").unwrap_or_default(), value.trim());
        }
    }
}
