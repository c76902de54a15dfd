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

/// First bytes of the characters that may be suspect, so that all others are passed over by a look at the byte.
const DOUBTFUL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'\t' | b'\n' | b'\r' | 0xc => false,
            // Controls; the upper half of Latin 1; marks of direction; private use.
            0..=0x1f | 0x7f | 0xc2 | 0xd8 | 0xe2 | 0xee | 0xef | 0xf3 | 0xf4 => true,
            _ => false,
        };
        byte += 1;
    }
    table
};

/// Whether the character that begins with these bytes is none of the suspect ones: the punctuation of Chinese text
/// begins as marks of direction and private characters do.
fn is_common(bytes: &[u8]) -> bool {
    match bytes {
        // Quotation marks, dashes and dots; the marks of direction are U+202A-202E and U+2066-2069.
        [0xe2, 0x80, third, ..] => !(0xaa..=0xae).contains(third),
        [0xe2, 0x81, ..] => false,
        [0xe2, ..] => true,
        // U+F900 and above: full-width punctuation.
        [0xef, second, ..] => *second >= 0xa4,
        _ => false,
    }
}

/// One diagnostic for each kind of character that cannot be trusted, with its first place and how many there are.
pub(crate) fn report(layer: &Layer, page: &str) -> Vec<Diagnostic> {
    let mut found: BTreeMap<Suspect, (Span, usize)> = BTreeMap::new();
    let bytes = layer.text.as_bytes();
    for (start, byte) in bytes.iter().enumerate() {
        if !DOUBTFUL[usize::from(*byte)] || is_common(&bytes[start..]) {
            continue;
        }
        let Some(character) = layer.text[start..].chars().next() else { continue };
        let before = layer.text[..start].chars().next_back().unwrap_or(' ');
        if let Some(suspect) = Suspect::of(character, before) {
            let span = Span::new(start, start + character.len_utf8());
            found.entry(suspect).or_insert((span, 0)).1 += 1;
        }
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
    fn no_suspect_is_passed_over_by_its_bytes() {
        let all = (0..=0x0010_ffff).filter_map(char::from_u32);
        let seen: String = all.filter(|c| Suspect::of(*c, 'Ã').is_some()).collect();
        let passed = seen.char_indices().filter(|(start, _)| {
            let bytes = &seen.as_bytes()[*start..];
            !DOUBTFUL[usize::from(bytes[0])] || is_common(bytes)
        });
        assert_eq!(passed.map(|(_, c)| c).collect::<Vec<_>>(), Vec::<char>::new());
    }

    #[test]
    fn an_ordinary_page_has_none() {
        let text = "# 大桥通车\r\n\r\n“桥通了”，他说—— è la vita…\n";
        let layer = Layer::new(SourceId::of(text.as_bytes()), text.to_owned());
        assert_eq!(report(&layer, "p"), []);
    }
}
