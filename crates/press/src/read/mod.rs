//! Readers: bytes of one source → pages. One file for each format.

mod alto;
mod decode;
mod detect;
mod hocr;
mod html;
mod layout;
mod markup;
mod page_xml;
mod pdf;
mod plain;
mod quality;
mod suspect;

pub use quality::{Grade, Quality, quality, quality_of};

use std::borrow::Cow;

use shiliu_lang::Pack;
use shiliu_text::{Diagnostic, Layer, Located, Outcome, Severity, SourceId, Span, TextId};

use crate::{Format, Page, PageKey};
use decode::Undecodable;

/// Texts longer than this are refused: offsets are 32 bits.
const LONGEST: usize = 1 << 31;

/// Reads one source into its pages. Never fails: what cannot be read is no page and a diagnostic.
#[must_use]
pub fn read(bytes: &[u8], key: &PageKey, pack: &Pack) -> Outcome<Vec<Page>> {
    if pdf::is_pdf(bytes) {
        return pdf::read(bytes, key);
    }
    read_as(bytes, None, key, pack)
}

/// Reads a picture through what a recogniser wrote of it (ALTO, PAGE or hOCR): the source stays the picture.
#[must_use]
pub fn read_recognised(picture: &[u8], recognised: &[u8], key: &PageKey, pack: &Pack) -> Outcome<Vec<Page>> {
    read_as(recognised, Some(picture), key, pack)
}

fn read_as(bytes: &[u8], picture: Option<&[u8]>, key: &PageKey, _pack: &Pack) -> Outcome<Vec<Page>> {
    let refuse = |code, message: &str, hint: &str| Outcome {
        value: Vec::new(),
        diagnostics: vec![Diagnostic::new(code, Severity::Error, message).on(&key.path).hint(hint)],
    };
    if bytes.len() > LONGEST {
        return refuse("file-too-large", "the file is larger than 2 GiB", "split it into pages");
    }
    let declared = detect::declared_encoding(bytes);
    let decoded = match declared.and_then(|encoding| decode::decode_as_declared(bytes, encoding)) {
        Some(decoded) => Ok(decoded),
        None => decode::decode(bytes),
    };
    let decoded = match decoded {
        Ok(decoded) => decoded,
        Err(Undecodable::Empty) => {
            return refuse(
                "empty-file",
                "the file holds no text",
                "leave it out or read it again from the source",
            );
        }
        Err(Undecodable::Binary) => {
            return refuse(
                "binary-file",
                "the file is not text in any encoding known here",
                "give plain text, markdown, HTML, PDF, ALTO, PAGE, hOCR or a picture",
            );
        }
    };
    let source = SourceId::of(picture.unwrap_or(bytes));
    let format = detect::format_of(&decoded.text, &key.path);
    if matches!(format, Format::Text | Format::Markdown) {
        let layer = match decoded.text {
            // The text is the file: so is its hash.
            Cow::Borrowed(text) if picture.is_none() => {
                Layer { id: TextId(source.0), source, text: text.into() }
            }
            text => Layer::new(source, text.into_owned()),
        };
        let mut diagnostics = decode::report_broken(&decoded.broken, &decoded.encoding, layer.id, &key.path);
        diagnostics.extend(suspect::report(&layer, &key.path));
        let lines = plain::lines_of(&layer.text);
        let page = Page { key: key.clone(), layer, format, encoding: decoded.encoding, lines };
        return Outcome { value: vec![page], diagnostics };
    }
    let mut found = match format {
        Format::Alto => alto::read(&decoded.text),
        Format::PageXml => page_xml::read(&decoded.text),
        Format::Hocr => hocr::read(&decoded.text),
        _ => html::read(&decoded.text),
    };
    if format == Format::Hocr && found.lines.all.is_empty() {
        found = html::read(&decoded.text);
    }
    found.lines.drop_blank();
    if found.lines.all.is_empty() {
        let mut refused =
            refuse("empty-file", "the file holds no text", "read the page again from the source");
        refused.diagnostics.extend(found.notices(&key.path, None));
        return refused;
    }
    layout::mark_high_lines(&mut found.lines);
    if !found.ordered {
        layout::order_by_boxes(&mut found.lines);
    }
    let (text, lines) = layout::join(std::mem::take(&mut found.lines));
    let layer = Layer::new(source, text);
    let broken: Vec<Span> = if decoded.broken.is_empty() {
        Vec::new()
    } else {
        let marks = layer.text.match_indices('\u{fffd}');
        marks.map(|(start, mark)| Span::new(start, start + mark.len())).collect()
    };
    let mut diagnostics = decode::report_broken(&broken, &decoded.encoding, layer.id, &key.path);
    if let Some(declared) = declared
        && !decode::same_encoding(declared, &decoded.encoding)
        && !decoded.text.is_ascii()
    {
        let message = format!("the file says it is {}, but it is {}", declared.name(), decoded.encoding);
        diagnostics.push(
            Diagnostic::new("wrong-encoding-declared", Severity::Note, message)
                .on(&key.path)
                .hint("nothing to do: it was read as what it is"),
        );
    }
    diagnostics.extend(found.notices(&key.path, Some(&layer)));
    diagnostics.extend(suspect::report(&layer, &key.path));
    let page = Page { key: key.clone(), layer, format, encoding: decoded.encoding, lines };
    Outcome { value: vec![page], diagnostics }
}

/// What a reader of a marked-up format found.
#[derive(Default)]
struct Found {
    lines: layout::Lines,
    /// The lines stand in the order that the format itself gives.
    ordered: bool,
    /// The document type declares entities or elements of its own.
    declarations: bool,
    /// The file ends before its outermost element does.
    broken_off: bool,
    /// Elements were nested deeper than any real page.
    too_deep: bool,
    /// References to characters that no table here knows.
    unknown_references: usize,
}

impl Found {
    fn notices(&self, page: &str, layer: Option<&Layer>) -> Vec<Diagnostic> {
        let warn = |code, message: &str, hint: &str| {
            Diagnostic::new(code, Severity::Warning, message).on(page).hint(hint)
        };
        let place = |span| layer.map(|layer| Located { text: layer.id, span });
        let mut notices = Vec::new();
        if self.declarations {
            notices.push(warn(
                "declarations-ignored",
                "the document type declares entities of its own; none of them was used",
                "write the characters themselves",
            ));
        }
        if self.unknown_references > 0 {
            let message =
                format!("{} references to unknown characters stand as written", self.unknown_references);
            let notice = warn("unknown-reference", &message, "write the characters themselves");
            let first = layer.and_then(|layer| layer.text.find('&')).map(|at| Span::new(at, at + 1));
            notices.push(match first.and_then(place) {
                Some(at) => notice.at(at),
                None => notice,
            });
        }
        if self.too_deep {
            notices.push(warn(
                "nested-too-deep",
                "elements are nested deeper than any page; their text is kept, their structure is not",
                "write the file again from its source",
            ));
        }
        if self.broken_off {
            let notice = warn(
                "file-broken-off",
                "the file ends before its last element is closed; what came before is kept",
                "fetch or recognise the page again",
            );
            let end = layer.map(|layer| Span::new(layer.text.len(), layer.text.len()));
            notices.push(match end.and_then(place) {
                Some(at) => notice.at(at),
                None => notice,
            });
        }
        notices
    }
}
