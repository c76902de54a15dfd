use shiliu_text::Span;

use crate::Line;

/// The lines of plain text or markdown: the heading mark (`## `) is read off, nothing is changed.
pub(crate) fn lines_of(text: &str) -> Vec<Line> {
    let mut lines = Vec::with_capacity(text.len() / 40 + 1);
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{c}']) {
        let content = line.trim_end_matches(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{c}']);
        // The LF of a CRLF is no line of its own.
        if !(content.is_empty() && line == "\n" && start > 0 && text.as_bytes()[start - 1] == b'\r') {
            let (heading, mark) = heading_mark(content);
            lines.push(Line {
                span: Span::new(start, start + content.len()),
                bounds: None,
                heading,
                mark: Span::new(start, start + mark),
            });
        }
        start += line.len();
    }
    lines
}

/// Level and length in bytes of a leading heading mark with the space after it.
fn heading_mark(line: &str) -> (u8, usize) {
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
