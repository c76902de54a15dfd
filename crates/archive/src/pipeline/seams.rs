//! What other printings tell segmentation: stretches that are apart on one page and next to each other on
//! another belong together.

use std::io;

use shiliu_press::{Page, Seam};
use shiliu_reprint::{Doc, RunStore, Settings, adjacencies, passages};
use shiliu_text::{Located, Span};

/// The seams over pages given together.
pub(super) fn between(pages: &[Page], runs: &mut dyn RunStore, settings: &Settings) -> io::Result<Vec<Seam>> {
    if pages.len() < 2 {
        return Ok(Vec::new());
    }
    let docs: Vec<Doc<'_>> =
        pages.iter().enumerate().map(|(index, page)| doc(index, &page.layer.text)).collect();
    let found = passages(&mut docs.iter().copied(), runs, settings)?.value;
    let place = |key: u32, span: Span| Located { text: pages[key as usize].layer.id, span };
    let seams = adjacencies(&docs, &found)
        .into_iter()
        .map(|adjacency| Seam {
            left: place(adjacency.key, adjacency.left),
            right: place(adjacency.key, adjacency.right),
            weight: i32::try_from(adjacency.weight).unwrap_or(i32::MAX),
        })
        .collect();
    Ok(seams)
}

fn doc(index: usize, text: &str) -> Doc<'_> {
    Doc { key: u32::try_from(index).expect("fewer than 2^32 texts"), text, day: None, outlet: None }
}
