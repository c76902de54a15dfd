//! The text layer of a PDF: one page for each of its pages, lines with their boxes. Nothing is drawn; a page without
//! characters is a picture and needs a recogniser.
//!
//! The file's syntax is read by `hayro-syntax`; fonts, content and lines are ours, so that every loop has an end and
//! every unpacking a limit.

mod cmap;
mod content;
mod font;
mod glyph_names;
mod lines;
mod parts;
mod streams;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::page::Rotation;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use shiliu_text::{Diagnostic, Layer, Located, Outcome, Severity, SourceId, Span};

use super::{layout, suspect};
use crate::{Format, Page, PageKey};
use content::{Fonts, Interpreter, Matrix, Resources, multiply};

/// Where the mark of a PDF may stand.
const HEAD: usize = 1024;
/// Most pages that are read of one file.
const MOST_PAGES: usize = 50_000;
/// How many pages without text are named one by one; whoever can read pictures reads those that are named.
const NAMED_PAGES: usize = 1000;
/// Bytes of content that any file may unpack to, and how many times its own size beyond that.
const LEAST_BUDGET: usize = 256 << 20;
const BUDGET_RATIO: usize = 30;

/// Whether bytes are a PDF.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(HEAD)].windows(5).any(|window| window == b"%PDF-")
}

/// Reads the pages of a PDF. Never fails: a page that has no text is a diagnostic.
pub(super) fn read(bytes: &[u8], key: &PageKey) -> Outcome<Vec<Page>> {
    let mut outcome = Outcome { value: Vec::new(), diagnostics: Vec::new() };
    // The syntax crate is another's: should it stop at a file nobody thought of, the other files are read.
    let read = catch_unwind(AssertUnwindSafe(|| read_pages(bytes, key, &mut outcome)));
    if read.is_err() {
        outcome.diagnostics.push(damaged(key, "the file broke its reader; what came before is kept"));
    }
    outcome
}

fn damaged(key: &PageKey, message: &str) -> Diagnostic {
    Diagnostic::new("pdf-damaged", Severity::Error, message)
        .on(&key.path)
        .hint("write the file again (qpdf IN.pdf OUT.pdf) or fetch it again")
}

fn read_pages(bytes: &[u8], key: &PageKey, outcome: &mut Outcome<Vec<Page>>) {
    let notices = &mut outcome.diagnostics;
    if !streams::objects_are_bounded(bytes) {
        notices.push(
            Diagnostic::new(
                "pdf-bomb",
                Severity::Error,
                "its objects unpack to more than any page needs: left closed",
            )
            .on(&key.path)
            .hint("write the file again (qpdf --object-streams=disable IN.pdf OUT.pdf)"),
        );
        return;
    }
    let pdf = match Pdf::new(bytes.to_vec()) {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(why)) => {
            let message = match why {
                DecryptionError::PasswordProtected => "the file is locked with a password",
                _ => "the file is encrypted in a way that is not known here",
            };
            notices.push(
                Diagnostic::new("pdf-encrypted", Severity::Error, message)
                    .on(&key.path)
                    .hint("unlock it (qpdf --decrypt --password=… IN.pdf OUT.pdf) and give the result"),
            );
            return;
        }
        Err(LoadPdfError::Invalid) => {
            notices.push(damaged(key, "the file says it is a PDF, but has no readable structure"));
            return;
        }
    };
    let all = pdf.pages();
    if all.is_empty() {
        notices.push(damaged(key, "the file has no pages"));
        return;
    }
    if all.len() > MOST_PAGES {
        let message = format!("{} pages; the first {MOST_PAGES} are read", all.len());
        notices.push(
            Diagnostic::new("pdf-cut", Severity::Error, message)
                .on(&key.path)
                .hint("split it (qpdf --split-pages)"),
        );
    }
    let source = SourceId::of(bytes);
    let mut fonts = Fonts::default();
    let mut budget = LEAST_BUDGET.saturating_add(bytes.len().saturating_mul(BUDGET_RATIO));
    let mut pictures: Vec<usize> = Vec::new();
    let (mut empty, mut unreadable) = (0_usize, 0_usize);
    for (place, page) in all.iter().take(MOST_PAGES).enumerate() {
        let own_key = PageKey { path: format!("{}#{}", key.path, place + 1), ..key.clone() };
        let (width, height) = page.render_dimensions();
        let resources = page.resources();
        let resources = Resources { fonts: resources.fonts.clone(), forms: resources.x_objects.clone() };
        let interpreter = Interpreter::new(&mut fonts, &mut budget, (f64::from(width), f64::from(height)));
        let drawn = interpreter.page(page.raw(), &resources, upper_left(page));
        let (mut found, upright) = lines::lines_of(&drawn, 1);
        let known = drawn.glyphs.len().saturating_sub(drawn.unknown);
        let unmapped = (drawn.unknown > 0).then(|| {
            let severity = if drawn.unknown > known { Severity::Error } else { Severity::Warning };
            let all = known + drawn.unknown;
            let message = format!("{} of {all} characters have a picture but no meaning", drawn.unknown);
            Diagnostic::new("pdf-unmapped", severity, message)
                .on(&own_key.path)
                .hint("make images of the page (pdftoppm -r 300 -png) and give these: tesseract reads them")
        });
        if !lines::holds_text(&found) {
            match unmapped {
                Some(unmapped) => {
                    unreadable += 1;
                    notices.push(unmapped);
                }
                None if drawn.pictures > 0 => pictures.push(place + 1),
                None => empty += 1,
            }
            continue;
        }
        layout::mark_high_lines(&mut found);
        if !upright {
            layout::order_by_boxes(&mut found);
        }
        let (text, lines) = layout::join(found);
        let layer = Layer::new(source, text);
        if let Some(unmapped) = unmapped {
            let first = layer.text.find('\u{fffd}').map(|at| Span::new(at, at + 3));
            notices.push(match first {
                Some(span) => unmapped.at(Located { text: layer.id, span }),
                None => unmapped,
            });
        }
        if drawn.incomplete {
            notices.push(
                Diagnostic::new(
                    "pdf-cut",
                    Severity::Warning,
                    "part of the page is damaged or too large and is not read",
                )
                .on(&own_key.path)
                .hint("write the file again (qpdf IN.pdf OUT.pdf)"),
            );
        }
        notices.extend(suspect::report(&layer, &own_key.path));
        outcome.value.push(Page {
            key: own_key,
            layer,
            format: Format::Pdf,
            encoding: "UTF-8".to_owned(),
            lines,
        });
    }
    report_pictures(key, &pictures, notices);
    if outcome.value.is_empty() && pictures.is_empty() && unreadable == 0 {
        notices.push(
            Diagnostic::new("empty-file", Severity::Error, "no page of the file holds text or a picture")
                .on(&key.path)
                .hint("leave it out or fetch it again"),
        );
    } else if empty > 0 {
        let message = format!("{empty} pages hold neither text nor a picture");
        notices.push(Diagnostic::new("pdf-empty-pages", Severity::Note, message).on(&key.path));
    }
}

fn report_pictures(key: &PageKey, pictures: &[usize], notices: &mut Vec<Diagnostic>) {
    let notice = |message: String, page: String| {
        Diagnostic::new("no-text-layer", Severity::Error, message).on(page).hint(
            "install pdftoppm and tesseract and run the same command again (Debian: apt install poppler-utils tesseract-ocr tesseract-ocr-chi-sim), or give images of its pages",
        )
    };
    for page in pictures.iter().take(NAMED_PAGES) {
        let message = "the page is a picture without a text layer";
        notices.push(notice(message.to_owned(), format!("{}#{page}", key.path)));
    }
    if pictures.len() > NAMED_PAGES {
        let message =
            format!("{} more pages are pictures without a text layer", pictures.len() - NAMED_PAGES);
        notices.push(notice(message, key.path.clone()));
    }
}

/// The way from the page's own points (upwards, any corner, any turn) to points from its upper left corner.
fn upper_left(page: &hayro_syntax::page::Page<'_>) -> Matrix {
    let visible = page.intersected_crop_box();
    let (width, height) = page.base_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let moved = [1.0, 0.0, 0.0, 1.0, -visible.x0, -visible.y0];
    let turned = match page.rotation() {
        Rotation::None => [1.0, 0.0, 0.0, -1.0, 0.0, height],
        Rotation::Horizontal => [0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
        Rotation::Flipped => [-1.0, 0.0, 0.0, 1.0, width, 0.0],
        Rotation::FlippedHorizontal => [0.0, -1.0, -1.0, 0.0, height, width],
    };
    multiply(moved, turned)
}
