//! What XML cannot carry as it stands.

/// Text for element content or attribute values: markup escaped, carriage returns kept as references. Characters that XML
/// 1.0 has no place for are given to `stand_in`.
pub(crate) fn escape(text: &str, stand_in: fn(char) -> String) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            _ if is_allowed(character) => out.push(character),
            _ => out.push_str(&stand_in(character)),
        }
    }
    out
}

/// Whether XML 1.0 allows a character.
pub(crate) fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Where a stand-in cannot be told from the text it stands in: the replacement character.
pub(crate) fn replacement(_: char) -> String {
    '\u{fffd}'.to_string()
}
