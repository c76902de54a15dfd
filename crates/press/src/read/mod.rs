use shiliu_lang::Pack;
use shiliu_text::{Layer, Outcome, SourceId, Span};

use crate::{Format, Line, Page, PageKey};

/// Reads one source into its pages. Never fails: what cannot be read is no page and a diagnostic.
#[must_use]
pub fn read(bytes: &[u8], key: &PageKey, _pack: &Pack) -> Outcome<Vec<Page>> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let layer = Layer::new(SourceId::of(bytes), text);
    let mut lines = Vec::new();
    let mut start = 0;
    for line in layer.text.split_inclusive('\n') {
        let end = start + line.trim_end_matches(['\n', '\r']).len();
        lines.push(Line {
            span: Span::new(start, end),
            bounds: None,
            heading: 0,
            mark: Span::new(start, start),
        });
        start += line.len();
    }
    let page = Page { key: key.clone(), layer, format: Format::Text, encoding: "UTF-8".to_owned(), lines };
    Outcome::clean(vec![page])
}
