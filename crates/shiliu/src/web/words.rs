//! The words of the interface: `ui/zh.toml` and `ui/en.toml`, looked up by key. Templates and handlers hold
//! keys only.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tongue {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Tongue {
    pub(crate) const ALL: [Tongue; 2] = [Tongue::Zh, Tongue::En];

    /// The code used in addresses and in `lang` attributes.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Tongue::Zh => "zh",
            Tongue::En => "en",
        }
    }

    pub(crate) fn parse(code: &str) -> Option<Tongue> {
        Tongue::ALL.into_iter().find(|tongue| tongue.code() == code)
    }

    /// The first language of an `Accept-Language` header that there is, by weight, then by order; English where
    /// none is.
    pub(crate) fn accepted(header: &str) -> Tongue {
        let mut best: Option<(u32, Tongue)> = None;
        for part in header.split(',') {
            let (range, parameters) = part.split_once(';').unwrap_or((part, ""));
            let primary = range.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
            let Some(tongue) = Tongue::parse(&primary) else { continue };
            let weight = parameters.trim().strip_prefix("q=").map_or(1000, thousandths);
            if weight > 0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, tongue));
            }
        }
        best.map_or(Tongue::En, |(_, tongue)| tongue)
    }

    /// The words of the language.
    pub(crate) fn words(self) -> &'static Words {
        static LOADED: OnceLock<[Words; 2]> = OnceLock::new();
        let [zh, en] = LOADED.get_or_init(|| {
            [Words::load(include_str!("../../ui/zh.toml")), Words::load(include_str!("../../ui/en.toml"))]
        });
        match self {
            Tongue::Zh => zh,
            Tongue::En => en,
        }
    }
}

/// `0.8` as 800; what is no weight counts as 0.
fn thousandths(weight: &str) -> u32 {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = format!("{part:0<3}");
    match (whole.parse::<u32>(), digits.get(..3).and_then(|digits| digits.parse::<u32>().ok())) {
        (Ok(whole), Some(part)) => (whole * 1000 + part).min(1000),
        _ => 0,
    }
}

/// The words of one language by dotted key.
#[derive(Debug, Default)]
pub(crate) struct Words {
    entries: BTreeMap<String, String>,
}

impl Words {
    fn load(source: &str) -> Words {
        let mut words = Words::default();
        // The files are part of the binary; a test reads them, so that a broken one is a broken build.
        let document: toml::Table = source.parse().unwrap_or_default();
        words.gather("", &document);
        words
    }

    fn gather(&mut self, prefix: &str, table: &toml::Table) {
        for (key, value) in table {
            match value {
                toml::Value::String(text) => {
                    self.entries.insert(format!("{prefix}{key}"), text.clone());
                }
                toml::Value::Table(inner) => self.gather(&format!("{prefix}{key}."), inner),
                _ => {}
            }
        }
    }

    /// The text of a key, if there is one: values of open vocabularies may have none.
    pub(crate) fn find(&self, key: &str) -> Option<&str> {
        self.entries.get(key).map(String::as_str)
    }

    #[cfg(test)]
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_says_which_language() {
        let cases = [
            ("zh-CN,zh;q=0.9,en;q=0.8", Tongue::Zh),
            ("en-GB,en;q=0.9,zh;q=0.2", Tongue::En),
            ("ru, kk;q=0.9, zh;q=0.5, en;q=0.4", Tongue::Zh),
            ("zh;q=0, en;q=0.1", Tongue::En),
            ("", Tongue::En),
            ("fr", Tongue::En),
        ];
        for (header, tongue) in cases {
            assert_eq!(Tongue::accepted(header), tongue, "{header}");
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() {
        let (zh, en) = (Tongue::Zh.words(), Tongue::En.words());
        let only = |a: &Words, b: &Words| -> Vec<String> {
            a.keys()
                .filter(|key| b.find(key).is_none() && !key.ends_with(".one"))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(only(zh, en), Vec::<String>::new(), "in zh.toml only");
        assert_eq!(only(en, zh), Vec::<String>::new(), "in en.toml only");
        for key in zh.keys() {
            let slots =
                |words: &Words| ["{0}", "{1}", "{2}"].map(|slot| words.find(key).unwrap().contains(slot));
            if !key.ends_with(".one") {
                assert_eq!(slots(zh), slots(en), "{key}");
            }
        }
    }

    /// Whatever a template or a handler asks for by a literal key is there.
    #[test]
    fn every_key_that_is_asked_for_exists() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<_> = Vec::new();
        for folder in ["templates", "src/web", "src/web/screens"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap().flatten() {
                if entry.path().is_file() {
                    files.push(entry.path());
                }
            }
        }
        let mut asked = 0;
        for file in files {
            let source = std::fs::read_to_string(&file).unwrap();
            for call in ["frame.t(\"", "frame.f(\"", "frame.n(\"", "frame.f2(\""] {
                for (at, _) in source.match_indices(call) {
                    let rest = &source[at + call.len()..];
                    let key = &rest[..rest.find('"').unwrap()];
                    asked += 1;
                    assert!(Tongue::En.words().find(key).is_some(), "{}: no text `{key}`", file.display());
                }
            }
        }
        assert!(asked > 100, "only {asked} keys found: the search is broken");
    }
}
