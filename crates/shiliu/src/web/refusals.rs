//! What the store and the rules refuse, in the language of the screen: the English sentence is the key, what it fills
//! in stands at the same place of the other sentence.

use std::sync::OnceLock;

use super::words::Tongue;

/// A sentence: in English, in Chinese, in Russian.
type Row = [&'static str; 3];

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let lines = include_str!("../../ui/refusals.tsv").lines();
        let row = |line: &'static str| {
            let mut cells = line.split('\t');
            Some([cells.next()?, cells.next()?, cells.next()?])
        };
        lines.filter(|line| !line.starts_with('#')).skip(1).filter_map(row).collect()
    })
}

/// The texts that fill `{0}`, `{1}`, `{2}` of a pattern, in this order; `None` where the words are not of it.
fn filled<'w>(pattern: &str, words: &'w str) -> Option<Vec<&'w str>> {
    let mut found = Vec::new();
    let (mut pattern, mut words) = (pattern, words);
    loop {
        let Some(at) = pattern.find('{') else {
            return (pattern == words).then_some(found);
        };
        words = words.strip_prefix(&pattern[..at])?;
        pattern = pattern.get(at + 3..)?;
        let literal = pattern.split('{').next().unwrap_or_default();
        let end = if literal.is_empty() { words.len() } else { words.find(literal)? };
        found.push(&words[..end]);
        words = &words[end..];
    }
}

/// The refusal in a language; the words as they are where no sentence is known. What stands before a colon (a key, a
/// path) stays before it.
pub(crate) fn told(tongue: Tongue, words: &str) -> String {
    let column = match tongue {
        Tongue::En => return words.to_owned(),
        Tongue::Zh => 1,
        Tongue::Ru => 2,
    };
    let starts = [0].into_iter().chain(words.match_indices(": ").map(|(at, mark)| at + mark.len()));
    for start in starts {
        for row in rows() {
            let Some(values) = filled(row[0], &words[start..]) else { continue };
            let mut out = words[..start].to_owned();
            let mut rest = row[column];
            while let Some(at) = rest.find('{') {
                out.push_str(&rest[..at]);
                let place = rest[at + 1..].chars().next().and_then(|digit| digit.to_digit(10)).unwrap_or(0);
                out.push_str(values.get(place as usize).copied().unwrap_or_default());
                rest = rest.get(at + 3..).unwrap_or_default();
            }
            out.push_str(rest);
            return out;
        }
    }
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn a_refusal_is_told_in_the_language_of_the_screen() {
        for (words, zh) in [
            ("event 7 was undone already, by 9", "第 7 号事件已由第 9 号撤销"),
            ("C-0001: the entry was taken back: undo that first", "C-0001: 此条目已撤回：请先撤销该撤回"),
            ("a/1.md: the archive does not hold this text", "a/1.md: 档案中没有这一文本"),
            ("something else", "something else"),
        ] {
            assert_eq!(told(Tongue::Zh, words), zh);
            assert_eq!(told(Tongue::En, words), words);
        }
        assert!(told(Tongue::Ru, "there is no event 3").contains('3'));
        assert!(rows().iter().all(|row| row.iter().all(|text| !text.trim().is_empty())));
    }

    /// The texts in the calls that refuse, their slots as `{}`.
    fn literals(source: &str) -> Vec<String> {
        let source = source.split("#[cfg(test)]").next().unwrap();
        let mut found = Vec::new();
        for call in ["refused(", "refusal(", "some(", "Some(", "Refused("] {
            for (at, _) in source.match_indices(call) {
                let rest = source[at + call.len()..].trim_start();
                let rest = rest.strip_prefix("format!(").map_or(rest, str::trim_start);
                let Some(rest) = rest.strip_prefix('"') else { continue };
                let mut text = String::new();
                let mut characters = rest.chars();
                while let Some(character) = characters.next() {
                    match character {
                        '"' => break,
                        '\\' => text.extend(characters.next()),
                        '{' => {
                            text.push_str("{}");
                            characters.by_ref().find(|end| *end == '}');
                        }
                        other => text.push(other),
                    }
                }
                // What only puts a key before a sentence, and words of files, are no sentences.
                let text = text.trim_start_matches("{}: ").trim_start_matches("event {}: ");
                if text.contains(' ') {
                    found.push(text.to_owned());
                }
            }
        }
        found
    }

    #[test]
    fn every_refusal_has_a_row() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let known: Vec<String> = rows()
            .iter()
            .map(|row| {
                ["{0}", "{1}", "{2}"].iter().fold(row[0].to_owned(), |text, slot| text.replace(slot, "{}"))
            })
            .collect();
        let mut seen = 0;
        for file in [
            "archive/src/store/register/mod.rs",
            "archive/src/store/register/decide.rs",
            "archive/src/store/register/briefing.rs",
            "archive/src/store/corrections/mod.rs",
            "ledger/src/register/entry.rs",
        ] {
            for text in literals(&fs::read_to_string(crates.join(file)).unwrap()) {
                seen += 1;
                let bare = text.rsplit("{}: ").next().unwrap();
                assert!(
                    known.iter().any(|row| *row == text || row == bare || text.ends_with(row.as_str())),
                    "{file}: no row of ui/refusals.tsv for {text:?}"
                );
            }
        }
        assert!(seen > 40, "{seen} refusals were found");
    }
}
