//! Readers: bytes of one source → pages. One file for each format.

mod decode;
mod plain;
mod suspect;

use shiliu_lang::Pack;
use shiliu_text::{Diagnostic, Layer, Outcome, Severity, SourceId};

use crate::{Format, Page, PageKey};
use decode::Undecodable;

/// Texts longer than this are refused: offsets are 32 bits.
const LONGEST: usize = 1 << 31;

/// Reads one source into its pages. Never fails: what cannot be read is no page and a diagnostic.
#[must_use]
pub fn read(bytes: &[u8], key: &PageKey, _pack: &Pack) -> Outcome<Vec<Page>> {
    let refuse = |code, message: &str, hint: &str| Outcome {
        value: Vec::new(),
        diagnostics: vec![Diagnostic::new(code, Severity::Error, message).on(&key.path).hint(hint)],
    };
    if bytes.len() > LONGEST {
        return refuse("file-too-large", "the file is larger than 2 GiB", "split it into pages");
    }
    let decoded = match decode::decode(bytes) {
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
                "give plain text, markdown, HTML, ALTO, PAGE or hOCR",
            );
        }
    };
    let layer = Layer::new(SourceId::of(bytes), decoded.text);
    let mut diagnostics = decode::report_broken(&decoded.broken, &decoded.encoding, layer.id, &key.path);
    diagnostics.extend(suspect::report(&layer, &key.path));
    let lines = plain::lines_of(&layer.text);
    let markdown = key.path.ends_with(".md") || key.path.ends_with(".markdown");
    let format = if markdown { Format::Markdown } else { Format::Text };
    let page = Page { key: key.clone(), layer, format, encoding: decoded.encoding, lines };
    Outcome { value: vec![page], diagnostics }
}
