//! Where something stands, in the units and addresses of the reader: bytes become code points here.

use std::collections::BTreeMap;
use std::sync::Arc;

use shiliu_archive::store::{PageRef, Reader, StoreError};
use shiliu_text::{CodePoints, Span, TextId};

use crate::web::address::{in_code_points, permalink};
use crate::web::frame::Frame;

/// The texts that one screen speaks of, each read once.
pub(crate) struct Atlas<'r> {
    reader: &'r Reader,
    texts: BTreeMap<TextId, Option<Arc<str>>>,
}

impl<'r> Atlas<'r> {
    pub(crate) fn new(reader: &'r Reader) -> Atlas<'r> {
        Atlas { reader, texts: BTreeMap::new() }
    }

    /// A text, if it is held.
    pub(crate) fn text(&mut self, id: TextId) -> Result<Option<Arc<str>>, StoreError> {
        if let Some(known) = self.texts.get(&id) {
            return Ok(known.clone());
        }
        let text = self.reader.layer(id)?.map(|layer| layer.text);
        self.texts.insert(id, text.clone());
        Ok(text)
    }

    /// Spans of a text in code points; nothing where the text is not held.
    pub(crate) fn parts(&mut self, id: TextId, spans: &[Span]) -> Result<Vec<(u32, u32)>, StoreError> {
        let Some(text) = self.text(id)? else { return Ok(Vec::new()) };
        Ok(in_code_points(&CodePoints::new(&text), spans))
    }

    /// The permalink of characters of a page, in the language of the screen; the page is named where another
    /// one has the same text.
    pub(crate) fn link(
        &mut self,
        frame: &Frame,
        page: &PageRef,
        spans: &[Span],
    ) -> Result<String, StoreError> {
        let parts = self.parts(page.text, spans)?;
        Ok(if parts.is_empty() {
            frame.to(&format!("/p/{}", page.text))
        } else {
            frame.to(&permalink(page.text, &parts))
        })
    }
}

/// Paper, day and page number in one line; where the paper is not known, the path tells which page it is.
pub(crate) fn source_name(frame: &Frame, page: &PageRef) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(page.paper.clone());
    parts.extend(page.date.clone());
    parts.extend(page.page_no.as_ref().map(|number| frame.f("source.page_no", number)));
    if page.paper.is_none() {
        parts.push(page.path.clone());
    }
    parts.join(" ")
}
