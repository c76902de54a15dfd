//! The words of the interface: `ui/zh.toml`, `ui/en.toml` and `ui/ru.toml`, looked up by key. Templates and handlers hold
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
    /// Russian.
    Ru,
}

impl Tongue {
    pub(crate) const ALL: [Tongue; 3] = [Tongue::Zh, Tongue::En, Tongue::Ru];

    /// The code used in addresses and in `lang` attributes.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Tongue::Zh => "zh",
            Tongue::En => "en",
            Tongue::Ru => "ru",
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

    /// Ending of the key whose text goes with this number, by the plural rules of the Unicode CLDR; none is the
    /// general form, which is the key itself.
    pub(crate) fn plural(self, count: u64) -> Option<&'static str> {
        match (self, count % 10, count % 100) {
            (Tongue::Zh | Tongue::En, ..) => (count == 1).then_some("one"),
            (Tongue::Ru, _, 11..=14) => None,
            (Tongue::Ru, 1, _) => Some("one"),
            (Tongue::Ru, 2..=4, _) => Some("few"),
            (Tongue::Ru, ..) => None,
        }
    }

    /// The words of the language.
    pub(crate) fn words(self) -> &'static Words {
        static LOADED: OnceLock<[Words; 3]> = OnceLock::new();
        let [zh, en, ru] = LOADED.get_or_init(|| {
            [
                Words::load(&[include_str!("../../ui/zh.toml"), include_str!("../../ui/register.zh.toml")]),
                Words::load(&[include_str!("../../ui/en.toml"), include_str!("../../ui/register.en.toml")]),
                Words::load(&[include_str!("../../ui/ru.toml"), include_str!("../../ui/register.ru.toml")]),
            ]
        });
        match self {
            Tongue::Zh => zh,
            Tongue::En => en,
            Tongue::Ru => ru,
        }
    }
}

/// The heading of a table's column; the name that files have where there is no word for it.
pub(crate) fn column_heading(tongue: Tongue, name: &str) -> String {
    tongue.words().find(&format!("column.{name}")).unwrap_or(name).to_owned()
}

/// A text of the interface outside a screen; the key itself where there is none.
pub(crate) fn phrase(tongue: Tongue, key: &str) -> String {
    tongue.words().find(key).unwrap_or(key).to_owned()
}

/// The word of a value of a vocabulary outside a screen; the value itself where it has none.
pub(crate) fn word(tongue: Tongue, vocabulary: &str, value: &str) -> String {
    tongue.words().find(&format!("{vocabulary}.{value}")).unwrap_or(value).to_owned()
}

/// The column whose heading this is, in any language.
pub(crate) fn column_of(heading: &str) -> Option<String> {
    let heading = heading.trim().to_lowercase();
    Tongue::ALL.into_iter().find_map(|tongue| {
        let words = tongue.words();
        words.entries.iter().find_map(|(key, text)| {
            let name = key.strip_prefix("column.")?;
            (name == heading || text.to_lowercase() == heading).then(|| name.to_owned())
        })
    })
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
    fn load(sources: &[&str]) -> Words {
        let mut words = Words::default();
        for source in sources {
            // The files are part of the binary; a test reads them, so that a broken one is a broken build.
            let document: toml::Table = source.parse().unwrap_or_default();
            words.gather("", &document);
        }
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

    /// Every value that the rule data can give a record of this class, with the vocabulary it is told in.
    fn values(vocabulary: &str, classes: &[&str], column: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (path, contents) in shiliu_lang::builtin() {
            if !path.starts_with("lang/zh/") || !path.ends_with(".tsv") {
                continue;
            }
            let mut rows =
                contents.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t'));
            let head: Vec<&str> = rows.next().into_iter().flatten().collect();
            let place = |name: &str| head.iter().position(|known| *known == name);
            let (Some(class), Some(value)) = (place("class"), place(column)) else { continue };
            for row in rows {
                let row: Vec<&str> = row.collect();
                let value = row.get(value).copied().unwrap_or_default();
                if row.get(class).is_some_and(|class| classes.contains(class)) && !value.is_empty() {
                    found.push((format!("value.{vocabulary}.{value}"), (*path).to_owned()));
                }
            }
        }
        assert!(!found.is_empty(), "{vocabulary}");
        found
    }

    #[test]
    fn every_value_that_a_rule_gives_has_a_word_in_every_language() {
        let types =
            ["event-act", "event-suffix", "body-suffix", "instrument-head", "project-suffix", "place-suffix"];
        let statuses = ["body-verb", "instrument-verb", "project-verb", "project-after"];
        let all = [
            values("type", &types, "value"),
            values("status", &statuses, "value"),
            values("sector", &["sector"], "value"),
            values("unit", &["measure"], "text"),
        ];
        let mut missing = Vec::new();
        for (key, path) in all.iter().flatten().filter(|(key, _)| !key.contains('{')) {
            for tongue in Tongue::ALL.iter().filter(|tongue| tongue.words().find(key).is_none()) {
                missing.push(format!("{}: {key} ({path})", tongue.code()));
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn the_browser_says_which_language() {
        let cases = [
            ("zh-CN,zh;q=0.9,en;q=0.8", Tongue::Zh),
            ("en-GB,en;q=0.9,zh;q=0.2", Tongue::En),
            ("ru, kk;q=0.9, zh;q=0.5, en;q=0.4", Tongue::Ru),
            ("kk, zh;q=0.5, en;q=0.4", Tongue::Zh),
            ("zh;q=0, en;q=0.1", Tongue::En),
            ("", Tongue::En),
            ("fr", Tongue::En),
        ];
        for (header, tongue) in cases {
            assert_eq!(Tongue::accepted(header), tongue, "{header}");
        }
    }

    #[test]
    fn all_languages_have_the_same_keys_and_placeholders() {
        let numbered = |key: &str| key.ends_with(".one") || key.ends_with(".few");
        let zh = Tongue::Zh.words();
        for other in [Tongue::En, Tongue::Ru] {
            let words = other.words();
            let only = |a: &Words, b: &Words| -> Vec<String> {
                a.keys().filter(|key| b.find(key).is_none() && !numbered(key)).map(str::to_owned).collect()
            };
            assert_eq!(only(zh, words), Vec::<String>::new(), "not in {}.toml", other.code());
            assert_eq!(only(words, zh), Vec::<String>::new(), "in {}.toml only", other.code());
            for key in zh.keys().filter(|key| !numbered(key)) {
                let slots =
                    |words: &Words| ["{0}", "{1}", "{2}"].map(|slot| words.find(key).unwrap().contains(slot));
                assert_eq!(slots(zh), slots(words), "{}: {key}", other.code());
            }
        }
    }

    #[test]
    fn russian_numbers_take_three_forms() {
        let form = |count| Tongue::Ru.plural(count).unwrap_or("many");
        for (expected, counts) in
            [("one", [1, 21, 101, 1031]), ("few", [2, 4, 23, 1002]), ("many", [0, 5, 11, 112])]
        {
            assert!(counts.iter().all(|&count| form(count) == expected), "{expected}");
        }
        let words = Tongue::Ru.words();
        for key in words.keys().filter_map(|key| key.strip_suffix(".one")) {
            assert!(words.find(&format!("{key}.few")).is_some(), "{key}.few is missing in ru.toml");
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
