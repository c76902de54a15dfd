//! Made pages in the formats of electronic editions and recognisers, with boxes. The lines stand in the damaged
//! order of the file; their boxes stand where a printer would have set them: column by column, each story whole.

use std::fmt::Write as _;

use super::cell::{Cell, Role};
use super::set::MadePage;

/// A format beside text and markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Page view of an electronic edition: headings and paragraphs, no boxes.
    Html,
    /// ALTO 3.
    Alto,
    /// PAGE XML 2019.
    PageXml,
    /// hOCR.
    Hocr,
}

impl Form {
    /// The form of a name on the command line.
    #[must_use]
    pub fn named(name: &str) -> Option<Form> {
        Some(match name {
            "html" => Form::Html,
            "alto" => Form::Alto,
            "page" => Form::PageXml,
            "hocr" => Form::Hocr,
            _ => return None,
        })
    }

    /// File extension.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Form::Html => "html",
            Form::Alto => "alto.xml",
            Form::PageXml => "page.xml",
            Form::Hocr => "hocr",
        }
    }
}

/// Columns of a page.
const COLUMNS: usize = 5;
/// Width of a column with its gutter, and of its text, in pixels.
const COLUMN_WIDTH: (usize, usize) = (440, 400);
/// Height of a line of text, in pixels.
const LINE_HEIGHT: usize = 40;
/// Margin, in pixels.
const MARGIN: usize = 100;

/// A printed line: its text, its block in file order and its box (left, top, right, bottom).
struct Line {
    text: String,
    block: usize,
    bounds: [usize; 4],
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(ch),
        }
    }
    out
}

/// Where a printer sets a line: by story, then by place in it.
type Place = (u32, u32, usize);

fn places(lines: &[Vec<(char, Option<Cell>)>]) -> Vec<Place> {
    let first = |line: &Vec<(char, Option<Cell>)>| line.iter().find_map(|(_, c)| *c);
    let mut out: Vec<Place> = Vec::with_capacity(lines.len());
    let mut before: Place = (0, 0, 0);
    for (n, line) in lines.iter().enumerate() {
        let settled = |c: &Cell| {
            !c.duplicate && !matches!(c.role, Role::JumpTo | Role::JumpFrom | Role::ContinuationHead)
        };
        let place = match first(line) {
            Some(c) if c.owner != 0 && settled(&c) => (c.owner, c.position, n),
            // A back jump line and the head over it stand before the text that follows them.
            Some(c) if matches!(c.role, Role::JumpFrom | Role::ContinuationHead) => {
                let next = lines[n..]
                    .iter()
                    .filter_map(first)
                    .find(|d| d.owner == c.owner && d.role == Role::Body)
                    .map_or(0, |d| d.position);
                (c.owner, next.saturating_sub(1), n)
            }
            // Furniture, second copies and forward jump lines keep the company they have in the file.
            _ => (before.0, before.1, n),
        };
        before = place;
        out.push(place);
    }
    out
}

fn lines(page: &MadePage) -> (Vec<Line>, usize, usize) {
    let mut blocks = Vec::new();
    let mut block = 0;
    let mut printed: Vec<Vec<(char, Option<Cell>)>> = Vec::new();
    for line in page.chars.split(|(ch, _)| *ch == '\n') {
        if line.iter().all(|(ch, _)| ch.is_whitespace()) {
            block += 1;
            continue;
        }
        printed.push(line.to_vec());
        blocks.push(block);
    }
    let places = places(&printed);
    let mut order: Vec<usize> = (0..printed.len()).collect();
    order.sort_by_key(|n| places[*n]);
    let rows = printed.len().div_ceil(COLUMNS).max(1);
    let mut bounds = vec![[0; 4]; printed.len()];
    for (k, n) in order.into_iter().enumerate() {
        let left = MARGIN + (k / rows) * COLUMN_WIDTH.0;
        let top = MARGIN + (k % rows) * LINE_HEIGHT;
        let chars = printed[n].len().clamp(1, 20);
        let right = left + (chars * COLUMN_WIDTH.1 / 20).max(LINE_HEIGHT);
        bounds[n] = [left, top, right, top + LINE_HEIGHT - 4];
    }
    let out = printed
        .iter()
        .zip(blocks)
        .zip(bounds)
        .map(|((line, block), bounds)| Line { text: line.iter().map(|(ch, _)| *ch).collect(), block, bounds })
        .collect();
    (out, MARGIN * 2 + COLUMNS * COLUMN_WIDTH.0, MARGIN * 2 + rows * LINE_HEIGHT)
}

/// Lines that follow each other in one block and one column.
fn groups(lines: &[Line]) -> Vec<&[Line]> {
    lines
        .chunk_by(|a, b| a.block == b.block && a.bounds[0] == b.bounds[0] && a.bounds[1] < b.bounds[1])
        .collect()
}

fn around(lines: &[Line]) -> [usize; 4] {
    lines.iter().fold([usize::MAX, usize::MAX, 0, 0], |a, l| {
        let b = l.bounds;
        [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
    })
}

fn points([left, top, right, bottom]: [usize; 4]) -> String {
    format!("{left},{top} {right},{top} {right},{bottom} {left},{bottom}")
}

fn corners([left, top, right, bottom]: [usize; 4]) -> String {
    format!("HPOS=\"{left}\" VPOS=\"{top}\" WIDTH=\"{}\" HEIGHT=\"{}\"", right - left, bottom - top)
}

/// A printed line as a reader should find it: its characters, and its box (left, top, right, bottom).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedLine {
    /// Its characters, without the marks of a format.
    pub text: String,
    /// Its box, in pixels.
    pub bounds: [i32; 4],
}

impl MadePage {
    /// The page's lines in the order of the file, with the boxes that the forms with boxes print.
    #[must_use]
    pub fn printed_lines(&self) -> Vec<PrintedLine> {
        let (lines, ..) = lines(self);
        let pixel = |value: usize| i32::try_from(value).unwrap_or(i32::MAX);
        lines
            .into_iter()
            .map(|line| PrintedLine { text: line.text, bounds: line.bounds.map(pixel) })
            .collect()
    }

    /// The page as a file of the format.
    #[must_use]
    pub fn form(&self, form: Form) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = match form {
            Form::Html => self.html(&mut out),
            Form::Alto => self.alto(&mut out),
            Form::PageXml => self.page_xml(&mut out),
            Form::Hocr => self.hocr(&mut out),
        };
        out
    }

    fn html(&self, out: &mut String) -> std::fmt::Result {
        writeln!(
            out,
            "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{}</title></head><body>",
            escaped(&self.paper)
        )?;
        writeln!(out, "<div id=\"page\">")?;
        for line in self.text().lines().filter(|l| !l.trim().is_empty()) {
            let text = line.trim_start_matches('#');
            let level = line.len() - text.len();
            let tag = if level > 0 { format!("h{}", level.min(6)) } else { "p".to_owned() };
            writeln!(out, "<{tag}>{}</{tag}>", escaped(text.trim()))?;
        }
        writeln!(out, "</div>\n</body></html>")
    }

    fn alto(&self, out: &mut String) -> std::fmt::Result {
        let (lines, width, height) = lines(self);
        writeln!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v3#\">"
        )?;
        writeln!(out, "<Description><MeasurementUnit>pixel</MeasurementUnit></Description>")?;
        writeln!(
            out,
            "<Layout><Page ID=\"P1\" PHYSICAL_IMG_NR=\"1\" WIDTH=\"{width}\" HEIGHT=\"{height}\"><PrintSpace HPOS=\"0\" VPOS=\"0\" WIDTH=\"{width}\" HEIGHT=\"{height}\">"
        )?;
        for (b, group) in groups(&lines).into_iter().enumerate() {
            writeln!(out, "<TextBlock ID=\"B{b}\" {}>", corners(around(group)))?;
            for line in group {
                let place = corners(line.bounds);
                writeln!(
                    out,
                    "<TextLine {place}><String {place} CONTENT=\"{}\"/></TextLine>",
                    escaped(&line.text)
                )?;
            }
            writeln!(out, "</TextBlock>")?;
        }
        writeln!(out, "</PrintSpace></Page></Layout></alto>")
    }

    fn page_xml(&self, out: &mut String) -> std::fmt::Result {
        let (lines, width, height) = lines(self);
        writeln!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PcGts xmlns=\"http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15\">"
        )?;
        writeln!(out, "<Page imageFilename=\"page.png\" imageWidth=\"{width}\" imageHeight=\"{height}\">")?;
        let mut number = 0;
        for (b, group) in groups(&lines).into_iter().enumerate() {
            writeln!(out, "<TextRegion id=\"r{b}\"><Coords points=\"{}\"/>", points(around(group)))?;
            for line in group {
                number += 1;
                writeln!(
                    out,
                    "<TextLine id=\"l{number}\"><Coords points=\"{}\"/><TextEquiv><Unicode>{}</Unicode></TextEquiv></TextLine>",
                    points(line.bounds),
                    escaped(&line.text)
                )?;
            }
            writeln!(out, "</TextRegion>")?;
        }
        writeln!(out, "</Page></PcGts>")
    }

    fn hocr(&self, out: &mut String) -> std::fmt::Result {
        let (lines, width, height) = lines(self);
        writeln!(
            out,
            "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><meta charset=\"utf-8\"/><meta name=\"ocr-system\" content=\"made\"/></head><body>"
        )?;
        writeln!(out, "<div class=\"ocr_page\" id=\"page_1\" title=\"bbox 0 0 {width} {height}\">")?;
        let bbox = |b: [usize; 4]| format!("bbox {} {} {} {}", b[0], b[1], b[2], b[3]);
        for group in groups(&lines) {
            let place = bbox(around(group));
            writeln!(
                out,
                "<div class=\"ocr_carea\" title=\"{place}\"><p class=\"ocr_par\" title=\"{place}\">"
            )?;
            for line in group {
                writeln!(
                    out,
                    "<span class=\"ocr_line\" title=\"{}\">{}</span>",
                    bbox(line.bounds),
                    escaped(&line.text)
                )?;
            }
            writeln!(out, "</p></div>")?;
        }
        writeln!(out, "</div></body></html>")
    }
}
