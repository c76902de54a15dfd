//! What every screen has around its contents: words, links that keep the language, the tabs, the token of forms.

use std::borrow::Borrow;
use std::sync::Arc;

use super::address::with_query;
use super::ask::Ask;
use super::names::Names;
use super::words::{Tongue, Words};
use super::{Site, assets};

/// The surroundings of one answer.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    words: &'static Words,
    names: Arc<Names>,
    tongue: Tongue,
    explicit: bool,
    /// Key of the tab that is open.
    pub(crate) tab: &'static str,
    /// This address without its language.
    pub(crate) here: String,
    /// What was searched for, to be shown in the box.
    pub(crate) query: String,
    /// Token of this process's forms.
    pub(crate) token: String,
    /// Whether writing needs a one-time address.
    pub(crate) guarded: bool,
    /// Whether this browser may write.
    pub(crate) writes: bool,
    /// In whose name it writes.
    pub(crate) who: String,
    /// Name of the profile.
    pub(crate) profile: String,
    /// Folder of the archive.
    pub(crate) folder: String,
}

/// A tab of the head line.
pub(crate) struct Tab {
    pub(crate) key: &'static str,
    pub(crate) letter: char,
    pub(crate) href: String,
    pub(crate) open: bool,
}

/// Name, letter after `g`, address.
const TABS: [(&str, char, &str); 13] = [
    ("desk", 'd', "/desk"),
    ("mechanism", 'm', "/"),
    ("register", 'c', "/register"),
    ("briefs", 'i', "/briefs"),
    ("ledger", 'l', "/ledger"),
    ("stories", 's', "/stories"),
    ("timeline", 'o', "/timeline"),
    ("figures", 'f', "/figures"),
    ("people", 'p', "/people"),
    ("library", 'b', "/library"),
    ("review", 'r', "/review"),
    ("history", 'h', "/history"),
    ("try", 't', "/try"),
];

impl Frame {
    pub(crate) fn new(site: &Site, ask: &Ask, tab: &'static str) -> Frame {
        Frame {
            words: ask.tongue.words(),
            names: Arc::clone(&site.names),
            tongue: ask.tongue,
            explicit: ask.explicit,
            tab,
            here: ask.here(),
            query: if ask.path() == "/search" {
                ask.get("q").unwrap_or_default().to_owned()
            } else {
                String::new()
            },
            token: site.guard.token().to_owned(),
            guarded: site.entrance.guards(),
            writes: site.entrance.admits(&ask.headers),
            who: site.person(&ask.headers),
            profile: site.profile.name.clone(),
            folder: site.archive.folder().display().to_string(),
        }
    }

    /// The language of the screen.
    pub(crate) fn tongue(&self) -> Tongue {
        self.tongue
    }

    pub(crate) fn code(&self) -> &'static str {
        self.tongue.code()
    }

    pub(crate) fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    pub(crate) fn assets(&self) -> &'static str {
        assets::version()
    }

    /// Code of the language to be kept in forms; empty where the browser decides.
    pub(crate) fn lang(&self) -> &'static str {
        if self.explicit { self.tongue.code() } else { "" }
    }

    /// A text of the interface. A key without a text shows itself: a test finds those that are asked for
    /// literally.
    pub(crate) fn t(&self, key: &str) -> &str {
        // The two lifetimes differ: a key that is its own text must be found in the words.
        self.words.find(key).unwrap_or_else(|| self.words.find("missing").unwrap_or("?"))
    }

    /// The word of a value of a vocabulary; the value itself where it has none.
    pub(crate) fn word<'a>(&'a self, vocabulary: &str, value: &'a str) -> &'a str {
        self.words.find(&format!("{vocabulary}.{value}")).unwrap_or(value)
    }

    /// What a state, body, meeting or person of the profile is called in the language of the screen.
    pub(crate) fn named<'a>(&'a self, printed: &'a str) -> &'a str {
        self.names.shown(self.tongue, printed)
    }

    /// Whether the profile has a row of this name.
    pub(crate) fn in_profile(&self, printed: &str) -> bool {
        self.names.knows(printed)
    }

    /// One name for all names of a row of the profile.
    pub(crate) fn one_name<'a>(&'a self, printed: &'a str) -> &'a str {
        self.names.one(printed)
    }

    /// A text that need not be there.
    pub(crate) fn known(&self, key: &str) -> Option<&str> {
        self.words.find(key)
    }

    /// A text with `{0}` filled in.
    pub(crate) fn f(&self, key: &str, value: impl std::fmt::Display) -> String {
        self.t(key).replace("{0}", &value.to_string())
    }

    /// A text with `{0}` and `{1}` filled in.
    pub(crate) fn f2(
        &self,
        key: &str,
        first: impl std::fmt::Display,
        second: impl std::fmt::Display,
    ) -> String {
        // In one pass, so that a value that looks like a place is not filled in.
        let text = self.t(key);
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            match rest.get(at..at + 3) {
                Some("{0}") => out.push_str(&first.to_string()),
                Some("{1}") => out.push_str(&second.to_string()),
                _ => {
                    out.push('{');
                    rest = &rest[at + 1..];
                    continue;
                }
            }
            rest = &rest[at + 3..];
        }
        out.push_str(rest);
        out
    }

    /// A number with what it counts, in the form of its number.
    pub(crate) fn n(&self, key: &str, count: impl Borrow<u64>) -> String {
        let count = *count.borrow();
        self.form(key, count).unwrap_or_else(|| self.t(key)).replace("{0}", &self.grouped(count))
    }

    /// The text that goes with a number, where it is not the general one.
    pub(crate) fn form(&self, key: &str, count: u64) -> Option<&str> {
        self.tongue.plural(count).and_then(|form| self.words.find(&format!("{key}.{form}")))
    }

    /// A whole number as the language writes it: `12,345`.
    pub(crate) fn grouped(&self, number: u64) -> String {
        self.in_groups(&number.to_string())
    }

    /// Digits in groups of three where there are more than four.
    pub(crate) fn in_groups(&self, digits: &str) -> String {
        if digits.len() <= 4 {
            return digits.to_owned();
        }
        let mut out = String::with_capacity(digits.len() + digits.len());
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push_str(self.t("number.group"));
            }
            out.push(digit);
        }
        out
    }

    /// A link within the app that keeps the language; a fragment stays at the end.
    pub(crate) fn to(&self, address: &str) -> String {
        let (path, fragment) = match address.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (address, None),
        };
        let mut out = with_query(path, [("lang", self.lang())]);
        if let Some(fragment) = fragment {
            out.push('#');
            out.push_str(fragment);
        }
        out
    }

    /// Where a reader says that something on this screen is wrong.
    pub(crate) fn letter(&self) -> String {
        let about = if self.here.starts_with("/letters") { "" } else { &self.here };
        self.to(&with_query("/letters", [("about", about)]))
    }

    /// This screen in the other languages: address, code, its own name.
    pub(crate) fn others(&self) -> Vec<(String, &'static str, &'static str)> {
        let others = Tongue::ALL.into_iter().filter(|other| *other != self.tongue);
        others
            .map(|other| {
                let code = other.code();
                (
                    with_query(&self.here, [("lang", code)]),
                    code,
                    other.words().find("own_name").unwrap_or(code),
                )
            })
            .collect()
    }

    pub(crate) fn tabs(&self) -> Vec<Tab> {
        TABS.map(|(key, letter, href)| Tab { key, letter, href: self.to(href), open: key == self.tab }).into()
    }
}
