//! What is done with the bytes of a fuzzer: one function for each reader. The targets of cargo-fuzz and the driver
//! for a stable compiler both call these.

use std::sync::OnceLock;

use shiliu_archive::{IntakeLimits, intake};
use shiliu_lang::Pack;
use shiliu_press::{PageKey, read};

/// A target's name and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 8] = [
    ("text", text),
    ("markdown", markdown),
    ("html", html),
    ("alto", alto),
    ("page_xml", page_xml),
    ("hocr", hocr),
    ("pdf", pdf),
    ("archives", archives),
];

fn pack() -> &'static Pack {
    static PACK: OnceLock<Pack> = OnceLock::new();
    // The readers use no rows; an empty pack keeps a run about them.
    PACK.get_or_init(|| Pack::load(&[]).value)
}

/// Reads bytes under a name and checks what every page promises.
fn read_as(name: &str, bytes: &[u8]) {
    let key = PageKey { path: name.to_owned(), ..PageKey::default() };
    let outcome = read(bytes, &key, pack());
    for page in &outcome.value {
        let text = &*page.layer.text;
        let mut before = 0;
        for line in &page.lines {
            let (start, end) = (line.span.start as usize, line.span.end as usize);
            assert!(before <= start && start <= end, "lines overlap");
            assert!(text.get(start..end).is_some(), "a line ends outside the text or within a character");
            assert!(text.get(line.mark.start as usize..line.mark.end as usize).is_some(), "a mark is off");
            before = end;
        }
    }
    for found in &outcome.diagnostics {
        assert!(!found.message.is_empty());
        let Some(at) = found.at else { continue };
        let page = outcome.value.iter().find(|page| page.layer.id == at.text);
        let page = page.expect("a finding stands on a text that was given");
        assert!(
            page.layer.text.get(at.span.start as usize..at.span.end as usize).is_some(),
            "{} stands outside its text",
            found.code
        );
    }
    assert!(!outcome.value.is_empty() || !outcome.diagnostics.is_empty(), "nothing read and nothing said");
}

fn behind(head: &[u8], bytes: &[u8]) -> Vec<u8> {
    if bytes.windows(head.len()).take(1024).any(|window| window == head) {
        bytes.to_vec()
    } else {
        [head, bytes].concat()
    }
}

/// Plain text in any encoding.
pub fn text(bytes: &[u8]) {
    read_as("p.txt", bytes);
}

/// Markdown.
pub fn markdown(bytes: &[u8]) {
    read_as("p.md", bytes);
}

/// An electronic edition's page.
pub fn html(bytes: &[u8]) {
    read_as("p.html", bytes);
}

/// ALTO.
pub fn alto(bytes: &[u8]) {
    read_as("p.xml", &behind(b"<alto", bytes));
}

/// PAGE XML.
pub fn page_xml(bytes: &[u8]) {
    read_as("p.xml", &behind(b"<PcGts", bytes));
}

/// hOCR.
pub fn hocr(bytes: &[u8]) {
    read_as("p.hocr", bytes);
}

/// PDF.
pub fn pdf(bytes: &[u8]) {
    read_as("p.pdf", &behind(b"%PDF-", bytes));
}

/// Zip, tar, gzip and gzip of tar, in turn; small limits, so that a run is about their readers.
pub fn archives(bytes: &[u8]) {
    let limits = IntakeLimits { source: 1 << 20, archive: 4 << 20, members: 1000, ..IntakeLimits::default() };
    for name in ["x.zip", "x.tar", "x.txt.gz", "x.tar.gz"] {
        let taken = intake::open_archive(bytes, name, &limits);
        let total: usize = taken.inputs.iter().map(|input| input.bytes.len()).sum();
        assert!(total <= 4 << 20, "more was unpacked than is allowed");
        for input in &taken.inputs {
            assert!(input.key.path.starts_with(name));
        }
    }
}
