//! How text becomes markup: the one escaper of all templates.

use std::fmt::{self, Write};

/// Escapes what would be markup, and what a browser's parser would change: a carriage return becomes a line
/// feed when written bare, a NUL vanishes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Markup;

impl askama::filters::Escaper for Markup {
    fn write_escaped_str<W: Write>(&self, mut out: W, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(['<', '>', '&', '"', '\'', '\r', '\0']) {
            let (clean, tail) = rest.split_at(at);
            out.write_str(clean)?;
            out.write_str(match tail.as_bytes()[0] {
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'&' => "&amp;",
                b'"' => "&quot;",
                b'\'' => "&#39;",
                b'\r' => "&#13;",
                _ => "\u{fffd}",
            })?;
            rest = &tail[1..];
        }
        out.write_str(rest)
    }

    fn write_escaped_char<W: Write>(&self, out: W, character: char) -> fmt::Result {
        let mut buffer = [0; 4];
        self.write_escaped_str(out, character.encode_utf8(&mut buffer))
    }
}

#[cfg(test)]
mod tests {
    use askama::filters::Escaper as _;

    use super::*;

    #[test]
    fn nothing_is_markup_and_line_ends_survive() {
        let mut out = String::new();
        Markup.write_escaped_str(&mut out, "<a href='x'>\"&\r\n\0").unwrap();
        assert_eq!(out, "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&#13;\n\u{fffd}");
    }
}
