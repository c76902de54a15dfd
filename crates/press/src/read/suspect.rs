use std::collections::BTreeMap;

use shiliu_text::{Diagnostic, Layer, Located, Severity, Span};

/// Characters that a screen cannot show or that change how it shows others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Suspect {
    Control,
    Bidirectional,
    PrivateUse,
    Misread,
}

impl Suspect {
    fn of(character: char, before: char) -> Option<Suspect> {
        match character {
            '\t' | '\n' | '\r' | '\u{c}' | '\u{85}' => None,
            _ if character.is_control() => Some(Suspect::Control),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' => Some(Suspect::Bidirectional),
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10fffd}' => Some(Suspect::PrivateUse),
            // UTF-8 read as a one-byte encoding leaves these pairs.
            '\u{80}'..='\u{bf}' if matches!(before, 'Ã' | 'Â' | 'ä' | 'å' | 'æ' | 'ç' | 'è' | 'é') => {
                Some(Suspect::Misread)
            }
            _ => None,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Suspect::Control => "control-character",
            Suspect::Bidirectional => "bidirectional-control",
            Suspect::PrivateUse => "private-use-character",
            Suspect::Misread => "mojibake",
        }
    }

    fn message(self, count: usize) -> String {
        match self {
            Suspect::Control => {
                format!("{count} control characters that no screen shows; the first is named")
            }
            Suspect::Bidirectional => {
                format!("{count} characters that turn the direction of writing; the first is named")
            }
            Suspect::PrivateUse => {
                format!("{count} private-use characters, without a meaning here; the first is named")
            }
            Suspect::Misread => {
                format!("{count} places look like UTF-8 read in another encoding; the first is named")
            }
        }
    }
}

/// Whether a character cannot be trusted: a screen cannot show it, it is no character at all, or it was misread.
pub(crate) fn is_suspect(character: char, before: char) -> bool {
    character == '\u{fffd}' || Suspect::of(character, before).is_some()
}

/// One diagnostic for each kind of character that cannot be trusted, with its first place and how many there are.
pub(crate) fn report(layer: &Layer, page: &str) -> Vec<Diagnostic> {
    let mut found: BTreeMap<Suspect, (Span, usize)> = BTreeMap::new();
    let mut before = ' ';
    for (start, character) in layer.text.char_indices() {
        // Plain text is the common case and is passed over at once.
        let plain = character.is_ascii() && character >= ' ' && character != '\u{7f}';
        if !plain && let Some(suspect) = Suspect::of(character, before) {
            let span = Span::new(start, start + character.len_utf8());
            found.entry(suspect).or_insert((span, 0)).1 += 1;
        }
        before = character;
    }
    found
        .into_iter()
        .map(|(suspect, (span, count))| {
            Diagnostic::new(suspect.code(), Severity::Warning, suspect.message(count))
                .on(page)
                .at(Located { text: layer.id, span })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shiliu_text::SourceId;

    #[test]
    fn names_each_kind_once() {
        let text = "大桥\u{7}通\u{202e}车\u{e001}\u{e002}，è\u{af}\u{b4}";
        let layer = Layer::new(SourceId::of(text.as_bytes()), text.to_owned());
        let codes: Vec<(&str, String)> = report(&layer, "p")
            .into_iter()
            .map(|d| (d.code, d.at.unwrap().span.of(text).to_owned()))
            .collect();
        assert_eq!(
            codes,
            [
                ("control-character", "\u{7}".to_owned()),
                ("bidirectional-control", "\u{202e}".to_owned()),
                ("private-use-character", "\u{e001}".to_owned()),
                ("mojibake", "\u{af}".to_owned()),
            ]
        );
    }

    #[test]
    fn an_ordinary_page_has_none() {
        let text = "# 大桥通车\r\n\r\n“桥通了”，他说—— è la vita…\n";
        let layer = Layer::new(SourceId::of(text.as_bytes()), text.to_owned());
        assert_eq!(report(&layer, "p"), []);
    }
}
