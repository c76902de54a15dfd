use shiliu_text::{Date, Excerpt, Inferred, Layer, Span};

/// Where a page came from: the `page` of the contract (relative path, archive members `x.zip!m.txt`, PDF pages
/// `x.pdf#3`) and what folder names or a manifest say of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageKey {
    /// `/`-separated path, the page's name everywhere.
    pub path: String,
    /// The names of the folders above the given PATH, outermost first: evidence for paper and date only.
    pub folders: Vec<String>,
    /// What a manifest row says of the page: paper, issue date, page number.
    pub manifest: Option<ManifestRow>,
}

/// What the reader's own manifest CSV says of one page.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ManifestRow {
    /// Paper name.
    pub paper: Option<String>,
    /// Issue date.
    pub date: Option<Date>,
    /// Page number (`A2`).
    pub page_no: Option<String>,
}

/// The format a page was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Plain text: the text is the file.
    Text,
    /// Markdown as recognition models write it: the text is the file.
    Markdown,
    /// An electronic edition's page.
    Html,
    /// A PDF's text layer.
    Pdf,
    /// ALTO 2–4.
    Alto,
    /// PAGE XML.
    PageXml,
    /// hOCR.
    Hocr,
}

/// One printed line of a page's text: its bytes without the line break, and its box where the format has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Bytes of the page's text.
    pub span: Span,
    /// Left, top, right, bottom in the format's own unit.
    pub bounds: Option<[i32; 4]>,
    /// Heading level 1–6 that the format marks, 0 where none.
    pub heading: u8,
    /// Bytes of the heading mark (`## `) that no derived string takes over; empty where there is none.
    pub mark: Span,
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its name and outer evidence.
    pub key: PageKey,
    /// Its characters. For text and markdown the decoded file, else the layer the reader made.
    pub layer: Layer,
    /// What it was read from.
    pub format: Format,
    /// Name of the encoding it was decoded from (`UTF-8`, `GB18030`).
    pub encoding: String,
    /// Its lines in file order, blank ones too.
    pub lines: Vec<Line>,
}

/// What tells which page this is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Paper name.
    pub paper: Option<Inferred<String>>,
    /// Issue date.
    pub date: Option<Inferred<Date>>,
    /// Section letter and number, `A2` or `2`.
    pub page_no: Option<Inferred<String>>,
    /// The latest date that datelines on the page print, with its characters: the reference date of a page
    /// whose issue date is not known.
    pub latest_dateline: Option<(Date, Excerpt)>,
}
