//! The page of an electronic edition: block elements end lines, scripts and navigation are left out. Nothing is run
//! and nothing is fetched.

use super::Found;
use super::layout::PrintedLine;
use super::markup::{Token, Tokens, append_word, decode_references};

/// Elements whose content is no text of the page and no markup.
const RAW: [&str; 7] = ["script", "style", "title", "textarea", "iframe", "noembed", "xmp"];
/// Elements whose content is no text of the page.
const LEFT_OUT: [&str; 8] = ["head", "nav", "footer", "noscript", "template", "svg", "select", "object"];
/// Elements that begin and end a paragraph.
const PARAGRAPHS: [&str; 27] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "article",
    "section",
    "header",
    "main",
    "aside",
    "body",
    "table",
    "ul",
    "ol",
    "dl",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "form",
    "hr",
    "founder-title",
    "founder-content",
    "center",
];
/// Elements that begin and end a line.
const LINES: [&str; 7] = ["br", "tr", "li", "dt", "dd", "caption", "option"];

fn among(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Level of `h1`–`h6`, 0 for any other element.
pub(super) fn heading_level(name: &str) -> u8 {
    match name.as_bytes() {
        [b'h' | b'H', digit @ b'1'..=b'6'] => digit - b'0',
        _ => 0,
    }
}

/// Adds text with runs of ASCII white space as one space, none between characters set without spaces.
pub(super) fn append_collapsed(line: &mut String, space: &mut bool, text: &str) {
    let is_space = |c: char| c.is_ascii_whitespace();
    *space |= text.starts_with(is_space);
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if *space {
            append_word(line, word, true);
        } else {
            line.push_str(word);
        }
        *space = true;
    }
    *space = text.ends_with(is_space) || (*space && text.chars().all(is_space));
}

struct Writer {
    found: Found,
    line: PrintedLine,
    space: bool,
}

impl Writer {
    fn end_line(&mut self) {
        let text = std::mem::take(&mut self.line.text);
        self.space = false;
        if !text.trim().is_empty() {
            self.found.lines.push(PrintedLine { text, ..self.line.clone() });
        }
    }

    fn end_paragraph(&mut self) {
        self.end_line();
        self.line.block += 1;
    }
}

pub(super) fn read(source: &str) -> Found {
    let (found, left_open) = read_leaving_out(source, true);
    // An element left out and never closed would swallow the page.
    if left_open { read_leaving_out(source, false).0 } else { found }
}

fn read_leaving_out(source: &str, leave_out: bool) -> (Found, bool) {
    let mut writer = Writer { found: Found::default(), line: PrintedLine::default(), space: false };
    let mut tokens = Tokens::of(source);
    // The element being left out and how many of its name are open.
    let mut outside: Option<(&str, usize)> = None;
    let mut decoded = String::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Open { name, empty, .. } => {
                if among(name, &RAW) && !empty {
                    tokens.skip_raw(name);
                    continue;
                }
                if let Some((left_out, depth)) = &mut outside {
                    if left_out.eq_ignore_ascii_case("head") && name.eq_ignore_ascii_case("body") {
                        outside = None;
                    } else {
                        *depth += usize::from(!empty && name.eq_ignore_ascii_case(left_out));
                    }
                    continue;
                }
                if leave_out && !empty && among(name, &LEFT_OUT) {
                    writer.end_paragraph();
                    outside = Some((name, 1));
                } else if among(name, &PARAGRAPHS) {
                    writer.end_paragraph();
                    writer.line.heading = heading_level(name);
                } else if among(name, &LINES) {
                    writer.end_line();
                } else if among(name, &["td", "th"]) && !writer.line.text.is_empty() {
                    writer.line.text.push('\t');
                    writer.space = false;
                }
            }
            Token::Close(name) => {
                if let Some((left_out, depth)) = &mut outside {
                    *depth -= usize::from(name.eq_ignore_ascii_case(left_out));
                    if *depth == 0 {
                        outside = None;
                    }
                } else if among(name, &PARAGRAPHS) {
                    writer.end_paragraph();
                    writer.line.heading = 0;
                } else if among(name, &LINES) {
                    writer.end_line();
                }
            }
            Token::Text(raw) if outside.is_none() => {
                decoded.clear();
                writer.found.unknown_references += decode_references(raw, &mut decoded);
                append_collapsed(&mut writer.line.text, &mut writer.space, &decoded);
            }
            Token::Verbatim(text) if outside.is_none() => {
                append_collapsed(&mut writer.line.text, &mut writer.space, text);
            }
            Token::Text(_) | Token::Verbatim(_) => {}
            Token::Declarations => writer.found.declarations = true,
            Token::CutOff => writer.found.broken_off = true,
        }
    }
    writer.end_line();
    (writer.found, outside.is_some())
}
