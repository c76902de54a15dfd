//! The page of an electronic edition: block elements end lines, scripts and navigation are left out. Nothing is run
//! and nothing is fetched.

use memchr::{memchr, memchr2_iter};

use super::Found;
use super::layout::{Lines, PrintedLine};
use super::markup::{Token, Tokens, append_word, attribute, decode_references};

/// Elements whose content is no text of the page and no markup.
const RAW: [&str; 7] = ["script", "style", "title", "textarea", "iframe", "noembed", "xmp"];
/// Elements whose content is no text of the page.
const LEFT_OUT: [&str; 8] = ["head", "nav", "footer", "noscript", "template", "svg", "select", "object"];
/// Elements whose content stands over the line: how a character is read.
const READINGS: [&str; 3] = ["rt", "rp", "rtc"];
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
/// Elements without content: nothing of theirs can be hidden.
const VOID: [&str; 8] = ["br", "img", "input", "hr", "meta", "link", "area", "wbr"];
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

/// Adds text with runs of ASCII white space as one space. Between characters set without spaces, a space within one
/// text was printed and stays; a line break, or what stands between two elements, is only how the file is written.
pub(super) fn append_collapsed(line: &mut String, space: &mut bool, text: &str) {
    let mut rest = text;
    let mut first = true;
    loop {
        let word_start = rest.bytes().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len());
        let (blank, after) = rest.split_at(word_start);
        if after.is_empty() {
            *space |= !blank.is_empty();
            return;
        }
        let word_end = after.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(after.len());
        let (word, next) = after.split_at(word_end);
        let printed = !first && !blank.contains(['\n', '\r']);
        if printed && !line.ends_with(char::is_whitespace) {
            line.push(' ');
            line.push_str(word);
        } else if *space || !blank.is_empty() {
            append_word(line, word, true);
        } else {
            line.push_str(word);
        }
        *space = false;
        first = false;
        rest = next;
    }
}

/// Adds text with its references decoded, as [`append_collapsed`]; gives the number of the unknown ones. `decoded` is
/// room to work in.
pub(super) fn append_raw(line: &mut String, space: &mut bool, raw: &str, decoded: &mut String) -> usize {
    if memchr(b'&', raw.as_bytes()).is_none() {
        append_collapsed(line, space, raw);
        return 0;
    }
    decoded.clear();
    let unknown = decode_references(raw, decoded);
    append_collapsed(line, space, decoded);
    unknown
}

/// Whether an element says of itself that no screen shows it.
fn is_hidden(attributes: &str) -> bool {
    let bytes = attributes.as_bytes();
    let says = |word: &[u8]| {
        let starts = memchr2_iter(word[0], word[0].to_ascii_uppercase(), bytes);
        starts
            .into_iter()
            .any(|at| bytes.get(at..at + word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word)))
    };
    if bytes.is_empty() || (!says(b"hidden") && !says(b"none")) {
        return false;
    }
    let style = attribute(attributes, "style").unwrap_or_default().to_ascii_lowercase();
    let declared = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    let mut declared = declared.map(|(property, value)| (property.trim(), value.trim()));
    declared.any(|(property, value)| {
        (property == "display" && value.starts_with("none"))
            || (property == "visibility" && value.starts_with("hidden"))
    }) || has_flag(attributes, "hidden")
}

/// Whether a word stands among the attributes by itself, outside any value.
fn has_flag(attributes: &str, flag: &str) -> bool {
    let mut outside = String::with_capacity(attributes.len());
    let mut quote = None;
    for character in attributes.chars() {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None => outside.push(character),
        }
    }
    outside
        .split_ascii_whitespace()
        .any(|word| word.split('=').next().is_some_and(|name| name.eq_ignore_ascii_case(flag)))
}

#[derive(Default)]
struct Writer {
    found: Found,
    line: PrintedLine,
    /// The characters of the line so far.
    text: String,
    space: bool,
    /// Bytes of text that no screen shows.
    unseen: usize,
}

impl Writer {
    fn end_line(&mut self) {
        self.space = false;
        if self.text.chars().any(|character| !character.is_whitespace()) {
            self.found.lines.push(&self.text, self.line);
        }
        self.text.clear();
    }

    fn end_paragraph(&mut self) {
        self.end_line();
        self.line.block += 1;
    }
}

pub(super) fn read(source: &str) -> Found {
    let (found, swallowed) = read_leaving_out(source, LeaveOut::All);
    if !swallowed {
        return found;
    }
    // Some editions keep the article itself in a hidden element until a script shows it.
    let (found, swallowed) = read_leaving_out(source, LeaveOut::Furniture);
    if !swallowed {
        return found;
    }
    read_leaving_out(source, LeaveOut::Nothing).0
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LeaveOut {
    /// Elements that hold no text of the page, and what no screen shows.
    All,
    /// Elements that hold no text of the page.
    Furniture,
    /// Scripts only.
    Nothing,
}

/// The page, and whether what was left out swallowed it: an element never closed, or more unseen text than seen.
fn read_leaving_out(source: &str, leave_out: LeaveOut) -> (Found, bool) {
    let found = Found { lines: Lines::of_file(source.len()), ..Found::default() };
    let mut writer = Writer { found, ..Writer::default() };
    // Whether the element being left out is a hidden one.
    let mut unseen = false;
    let mut tokens = Tokens::of(source);
    // The element being left out and how many of its name are open.
    let mut outside: Option<(&str, usize)> = None;
    let mut decoded = String::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Open { name, attributes, empty } => {
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
                let hidden =
                    !empty && leave_out == LeaveOut::All && !among(name, &VOID) && is_hidden(attributes);
                if hidden || (leave_out != LeaveOut::Nothing && !empty && among(name, &LEFT_OUT)) {
                    if !hidden || among(name, &PARAGRAPHS) {
                        writer.end_paragraph();
                    }
                    unseen = hidden;
                    outside = Some((name, 1));
                } else if leave_out != LeaveOut::Nothing && !empty && among(name, &READINGS) {
                    unseen = false;
                    outside = Some((name, 1));
                } else if among(name, &PARAGRAPHS) {
                    writer.end_paragraph();
                    writer.line.heading = heading_level(name);
                } else if among(name, &LINES) {
                    writer.end_line();
                } else if among(name, &["td", "th"]) && !writer.text.is_empty() {
                    writer.text.push('\t');
                    writer.space = false;
                }
            }
            Token::Close(name) => {
                if let Some((left_out, depth)) = &mut outside {
                    *depth -= usize::from(name.eq_ignore_ascii_case(left_out));
                    // The end of a reading is often not written.
                    if *depth == 0 || (among(left_out, &READINGS) && name.eq_ignore_ascii_case("ruby")) {
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
                let Writer { found, text, space, .. } = &mut writer;
                found.unknown_references += append_raw(text, space, raw, &mut decoded);
            }
            Token::Verbatim(text) if outside.is_none() => {
                append_collapsed(&mut writer.text, &mut writer.space, text);
            }
            Token::Text(text) | Token::Verbatim(text) => {
                writer.unseen += if unseen { text.trim().len() } else { 0 };
            }
            Token::Declarations => writer.found.declarations = true,
            Token::CutOff => writer.found.broken_off = true,
        }
    }
    writer.end_line();
    let seen: usize = writer.found.lines.all.iter().map(|line| line.text.len()).sum();
    (writer.found, outside.is_some() || writer.unseen > seen)
}
