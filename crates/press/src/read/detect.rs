//! Which format a file has, by what stands in it first and then by its name.

use encoding_rs::Encoding;

use super::markup::{Token, Tokens};
use crate::Format;

/// How much of a file is looked at.
const HEAD: usize = 1 << 16;

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(text.len().min(HEAD))]
}

pub(super) fn format_of(text: &str, path: &str) -> Format {
    let name = path.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let plain = if ends(&[".md", ".markdown"]) { Format::Markdown } else { Format::Text };
    let head = head(text.trim_start_matches('\u{feff}').trim_start());
    let first = if head.starts_with('<') {
        Tokens::of(head).find_map(|token| match token {
            Token::Open { name, .. } => Some(Some(name)),
            Token::Text(text) if text.trim().is_empty() => None,
            Token::Declarations => None,
            _ => Some(None),
        })
    } else {
        None
    };
    let first = first.flatten().unwrap_or_default();
    let recognised = || ["ocr_page", "ocr_line", "ocrx_line"].iter().any(|class| head.contains(class));
    if first == "alto" {
        Format::Alto
    } else if first == "PcGts" {
        Format::PageXml
    } else if ends(&[".hocr"]) || (first.eq_ignore_ascii_case("html") && recognised()) {
        Format::Hocr
    } else if first.eq_ignore_ascii_case("html") || ends(&[".html", ".htm", ".xhtml", ".shtml"]) {
        Format::Html
    } else {
        plain
    }
}

/// The encoding that the XML declaration or the HTML head names.
pub(super) fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(1024)];
    if !head.trim_ascii_start().starts_with(b"<") && !head.starts_with(b"\xef\xbb\xbf<") {
        return None;
    }
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let after =
        ["encoding=", "charset="].iter().find_map(|key| Some(&head[head.find(key)? + key.len()..]))?;
    let label = after.trim_start_matches(['"', '\'']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:".contains(c)).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}
