use memchr::{memchr3_iter, memmem};
use shiliu_text::Span;

use crate::Line;

/// Characters that end a line.
const BREAKS: [char; 6] = ['\n', '\r', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// Where the lines end and the next ones begin.
fn breaks_of(text: &str) -> Box<dyn Iterator<Item = (usize, usize)> + '_> {
    let bytes = text.as_bytes();
    // Hardly any file has one of the three that are longer than a byte.
    if BREAKS[3..].iter().any(|rare| memmem::find(bytes, rare.encode_utf8(&mut [0; 4]).as_bytes()).is_some())
    {
        return Box::new(text.match_indices(BREAKS).map(|(at, found)| (at, at + found.len())));
    }
    Box::new(memchr3_iter(b'\n', b'\r', 0xc, bytes).map(|at| (at, at + 1)))
}

/// The lines of plain text or markdown: the heading mark (`## `) is read off, nothing is changed.
pub(crate) fn lines_of(text: &str) -> Vec<Line> {
    let mut lines = Vec::with_capacity(text.len() / 40 + 1);
    let mut start = 0;
    let last = (start < text.len()).then_some((text.len(), text.len()));
    for (end, next) in breaks_of(text).chain(last) {
        let content = &text[start..end];
        // The LF of a CRLF is no line of its own, and nothing follows the last break.
        let of_pair = content.is_empty()
            && start > 0
            && text.as_bytes()[start - 1] == b'\r'
            && text.as_bytes().get(end) == Some(&b'\n');
        if !of_pair && (next > end || !content.is_empty()) {
            let (heading, mark) = heading_mark(content);
            lines.push(Line {
                span: Span::new(start, end),
                bounds: None,
                heading,
                mark: Span::new(start, start + mark),
            });
        }
        start = next;
    }
    lines
}

/// Level and length in bytes of a leading heading mark with the space after it.
fn heading_mark(line: &str) -> (u8, usize) {
    // Nothing else begins with the first byte of a mark: most lines are told by it.
    if !matches!(line.as_bytes().first(), Some(b' ' | b'#' | 0xef)) {
        return (0, 0);
    }
    let indent = line.len() - line.trim_start_matches([' ', '\u{feff}']).len();
    let marks = line[indent..].bytes().take_while(|byte| *byte == b'#').count();
    let rest = &line[indent + marks..];
    let space = rest.len() - rest.trim_start().len();
    match u8::try_from(marks) {
        Ok(level @ 1..=6) if space > 0 || rest.is_empty() => (level, indent + marks + space),
        _ => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_off_and_line_ends_are_kept_out() {
        let text = "# 大桥通车\r\n\r\n  ## 二\n#号楼\r末行";
        let lines = lines_of(text);
        let seen: Vec<(&str, u8, &str)> =
            lines.iter().map(|line| (line.span.of(text), line.heading, line.mark.of(text))).collect();
        assert_eq!(
            seen,
            [
                ("# 大桥通车", 1, "# "),
                ("", 0, ""),
                ("  ## 二", 2, "  ## "),
                ("#号楼", 0, ""),
                ("末行", 0, "")
            ]
        );
    }
}
