//! Made pages as real recognisers and printers write them: one element a word or a character, each with many
//! attributes, and PDF. What is printed and where is the same as in [`Form`](super::Form): only the writing is wider.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::forms::PrintedLine;

/// A way to write printed lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wide {
    /// ALTO, a `String` a word.
    AltoWords,
    /// ALTO 3, a `Glyph` a character with another reading of it.
    AltoGlyphs,
    /// PAGE, a `Word` a word and the line's own text.
    PageWords,
    /// PAGE, a `Glyph` a character.
    PageGlyphs,
    /// hOCR, a span a word.
    HocrWords,
    /// hOCR, a span a character.
    HocrGlyphs,
    /// PDF, one string a line.
    PdfLines,
    /// PDF, one array a line, a shift between any two characters.
    PdfShifted,
    /// PDF, each character set at its own place.
    PdfGlyphs,
}

/// Every way, with its name on the command line.
pub const WIDE: [(&str, Wide); 9] = [
    ("alto-words", Wide::AltoWords),
    ("alto-glyphs", Wide::AltoGlyphs),
    ("page-words", Wide::PageWords),
    ("page-glyphs", Wide::PageGlyphs),
    ("hocr-words", Wide::HocrWords),
    ("hocr-glyphs", Wide::HocrGlyphs),
    ("pdf-lines", Wide::PdfLines),
    ("pdf-shifted", Wide::PdfShifted),
    ("pdf-glyphs", Wide::PdfGlyphs),
];

/// Characters of a word.
const WORD: usize = 2;
/// Lines of a block, and of a page of a PDF.
const BLOCK: usize = 8;
const PDF_PAGE: usize = 60;

impl Wide {
    /// The lines as a file.
    #[must_use]
    pub fn write(self, lines: &[PrintedLine]) -> Vec<u8> {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = match self {
            Wide::AltoWords => alto(&mut out, lines, false),
            Wide::AltoGlyphs => alto(&mut out, lines, true),
            Wide::PageWords => page_xml(&mut out, lines, false),
            Wide::PageGlyphs => page_xml(&mut out, lines, true),
            Wide::HocrWords => hocr(&mut out, lines, false),
            Wide::HocrGlyphs => hocr(&mut out, lines, true),
            Wide::PdfLines | Wide::PdfShifted | Wide::PdfGlyphs => return pdf(lines, self),
        };
        out.into_bytes()
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A piece of a line and its share of the line's box.
struct Piece {
    text: String,
    bounds: [i32; 4],
}

/// Pieces of so many characters, and whether a space was printed after each.
fn pieces(line: &PrintedLine, length: usize) -> Vec<(Piece, bool)> {
    let characters: Vec<char> = line.text.chars().collect();
    let [left, top, right, bottom] = line.bounds;
    let step = (right - left).max(1) / i32::try_from(characters.len().max(1)).unwrap_or(i32::MAX).max(1);
    let mut out: Vec<(Piece, bool)> = Vec::new();
    let mut at = left;
    for word in characters.split(|character| character.is_whitespace()) {
        for part in word.chunks(length) {
            let end = at + step.max(1) * i32::try_from(part.len()).unwrap_or(1);
            let piece = Piece { text: part.iter().collect(), bounds: [at, top, end, bottom] };
            out.push((piece, false));
            at = end;
        }
        at += step;
        if let Some((_, space)) = out.last_mut() {
            *space = true;
        }
    }
    out
}

fn corners([left, top, right, bottom]: [i32; 4]) -> String {
    format!("HPOS=\"{left}\" VPOS=\"{top}\" WIDTH=\"{}\" HEIGHT=\"{}\"", right - left, bottom - top)
}

fn points([left, top, right, bottom]: [i32; 4]) -> String {
    format!("{left},{top} {right},{top} {right},{bottom} {left},{bottom}")
}

fn alto(out: &mut String, lines: &[PrintedLine], glyphs: bool) -> std::fmt::Result {
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v3#\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n<Layout>\n<Page ID=\"page_0\" PHYSICAL_IMG_NR=\"1\" HEIGHT=\"9000\" WIDTH=\"7000\">\n<PrintSpace>"
    )?;
    let mut number = 0;
    for (place, block) in lines.chunks(BLOCK).enumerate() {
        writeln!(out, "  <TextBlock ID=\"block_{place}\" STYLEREFS=\"TXT_0 PAR_0\" language=\"zh\">")?;
        for line in block {
            number += 1;
            writeln!(
                out,
                "    <TextLine ID=\"line_{number}\" {} BASELINE=\"{}\">",
                corners(line.bounds),
                line.bounds[3]
            )?;
            for (place, (word, space)) in pieces(line, WORD).iter().enumerate() {
                let text = escaped(&word.text);
                let own = corners(word.bounds);
                write!(
                    out,
                    "      <String ID=\"string_{number}_{place}\" {own} WC=\"0.93\" CC=\"0 1\" STYLEREFS=\"TXT_0\" CONTENT=\"{text}\""
                )?;
                if glyphs {
                    writeln!(out, ">")?;
                    for (place, character) in word.text.chars().enumerate() {
                        let text = escaped(&character.to_string());
                        writeln!(
                            out,
                            "        <Glyph ID=\"glyph_{number}_{place}\" {own} GC=\"0.98\" CONTENT=\"{text}\"><Variant CONTENT=\"{text}\" VC=\"0.31\"/></Glyph>"
                        )?;
                    }
                    writeln!(out, "      </String>")?;
                } else {
                    writeln!(out, "/>")?;
                }
                if *space {
                    let [_, top, right, _] = word.bounds;
                    writeln!(out, "      <SP WIDTH=\"9\" VPOS=\"{top}\" HPOS=\"{right}\"/>")?;
                }
            }
            writeln!(out, "    </TextLine>")?;
        }
        writeln!(out, "  </TextBlock>")?;
    }
    writeln!(out, "</PrintSpace>\n</Page>\n</Layout>\n</alto>")
}

fn page_xml(out: &mut String, lines: &[PrintedLine], glyphs: bool) -> std::fmt::Result {
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<PcGts xmlns=\"http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15\" pcGtsId=\"made\">\n<Metadata><Creator>made</Creator></Metadata>\n<Page imageFilename=\"page.png\" imageWidth=\"7000\" imageHeight=\"9000\">\n<ReadingOrder><OrderedGroup id=\"ro\" caption=\"Regions reading order\">"
    )?;
    for place in 0..lines.len().div_ceil(BLOCK) {
        writeln!(out, "<RegionRefIndexed index=\"{place}\" regionRef=\"region_{place}\"/>")?;
    }
    writeln!(out, "</OrderedGroup></ReadingOrder>")?;
    let mut number = 0;
    for (place, block) in lines.chunks(BLOCK).enumerate() {
        writeln!(
            out,
            "<TextRegion type=\"paragraph\" id=\"region_{place}\" custom=\"readingOrder {{index:{place};}}\">"
        )?;
        for line in block {
            number += 1;
            let outline = points(line.bounds);
            writeln!(
                out,
                "<TextLine id=\"line_{number}\" custom=\"readingOrder {{index:{number};}}\"><Coords points=\"{outline}\"/><Baseline points=\"{},{} {},{}\"/>",
                line.bounds[0], line.bounds[3], line.bounds[2], line.bounds[3]
            )?;
            for (place, (word, _)) in pieces(line, WORD).iter().enumerate() {
                let outline = points(word.bounds);
                writeln!(out, "<Word id=\"word_{number}_{place}\"><Coords points=\"{outline}\"/>")?;
                if glyphs {
                    for (at, character) in word.text.chars().enumerate() {
                        let text = escaped(&character.to_string());
                        writeln!(
                            out,
                            "<Glyph id=\"glyph_{number}_{place}_{at}\"><Coords points=\"{outline}\"/><TextEquiv conf=\"0.98\"><Unicode>{text}</Unicode></TextEquiv></Glyph>"
                        )?;
                    }
                }
                let text = escaped(&word.text);
                writeln!(out, "<TextEquiv conf=\"0.93\"><Unicode>{text}</Unicode></TextEquiv></Word>")?;
            }
            let text = escaped(&line.text);
            writeln!(out, "<TextEquiv conf=\"0.91\"><Unicode>{text}</Unicode></TextEquiv></TextLine>")?;
        }
        writeln!(out, "</TextRegion>")?;
    }
    writeln!(out, "</Page>\n</PcGts>")
}

fn hocr(out: &mut String, lines: &[PrintedLine], glyphs: bool) -> std::fmt::Result {
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"zh\" lang=\"zh\">\n <head>\n  <title></title>\n  <meta name='ocr-system' content='made'/>\n </head>\n <body>\n  <div class='ocr_page' id='page_1' title='image \"page.png\"; bbox 0 0 7000 9000; ppageno 0'>"
    )?;
    let boxed = |[left, top, right, bottom]: [i32; 4]| format!("{left} {top} {right} {bottom}");
    let mut number = 0;
    for (place, block) in lines.chunks(BLOCK).enumerate() {
        writeln!(
            out,
            "   <div class='ocr_carea' id='block_1_{place}'>\n    <p class='ocr_par' id='par_1_{place}' lang='chi_sim'>"
        )?;
        for line in block {
            number += 1;
            writeln!(
                out,
                "     <span class='ocr_line' id='line_1_{number}' title=\"bbox {}; baseline 0 -5; x_size 40; x_descenders 8; x_ascenders 8\">",
                boxed(line.bounds)
            )?;
            for (place, (word, _)) in pieces(line, WORD).iter().enumerate() {
                let own = boxed(word.bounds);
                write!(
                    out,
                    "      <span class='ocrx_word' id='word_1_{number}_{place}' title='bbox {own}; x_wconf 93'>"
                )?;
                if glyphs {
                    for character in word.text.chars() {
                        let text = escaped(&character.to_string());
                        write!(
                            out,
                            "<span class='ocrx_cinfo' title='x_bboxes {own}; x_conf 98.7'>{text}</span>"
                        )?;
                    }
                    writeln!(out, "</span>")?;
                } else {
                    writeln!(out, "{}</span>", escaped(&word.text))?;
                }
            }
            writeln!(out, "     </span>")?;
        }
        writeln!(out, "    </p>\n   </div>")?;
    }
    writeln!(out, "  </div>\n </body>\n</html>")
}

/// The lines on pages of a PDF with one font, two columns a page.
fn pdf(lines: &[PrintedLine], way: Wide) -> Vec<u8> {
    let mut numbers: BTreeMap<char, usize> = BTreeMap::new();
    for character in lines.iter().flat_map(|line| line.text.chars()) {
        let next = numbers.len() + 1;
        numbers.entry(character).or_insert(next);
    }
    let mut map = String::from("1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
    let rows: Vec<(&char, &usize)> = numbers.iter().collect();
    for rows in rows.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", rows.len());
        for (character, number) in rows {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units);
            let units: String = units.iter().map(|unit| format!("{unit:04X}")).collect();
            let _ = writeln!(map, "<{number:04X}> <{units}>");
        }
        map.push_str("endbfchar\n");
    }
    let pages: Vec<&[PrintedLine]> = lines.chunks(PDF_PAGE).collect();
    let kids: Vec<String> = (0..pages.len()).map(|place| format!("{} 0 R", 5 + 2 * place)).collect();
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Count {} /Kids [{}] >>", pages.len(), kids.join(" ")).into_bytes(),
        b"<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /DW 1000 >>] /ToUnicode 4 0 R >>".to_vec(),
        stream(&map),
    ];
    for (place, page) in pages.into_iter().enumerate() {
        let mut content = String::new();
        for (row, line) in page.iter().enumerate() {
            let (x, y) = (40 + row / (PDF_PAGE / 2) * 430, 960 - row % (PDF_PAGE / 2) * 30);
            let codes: Vec<String> = line.text.chars().map(|c| format!("{:04X}", numbers[&c])).collect();
            let _ = match way {
                Wide::PdfShifted => {
                    writeln!(content, "BT /F 9.5 Tf 1 0 0 1 {x} {y} Tm [<{}>] TJ ET", codes.join("> -3.2 <"))
                }
                Wide::PdfGlyphs => codes.iter().enumerate().try_for_each(|(at, code)| {
                    let x = x as f64 + at as f64 * 9.53;
                    writeln!(content, "BT\n/F 9.5 Tf\n1 0 0 1 {x:.3} {y}.25 Tm\n<{code}> Tj\nET")
                }),
                _ => writeln!(content, "BT /F 9.5 Tf 1 0 0 1 {x} {y} Tm <{}> Tj ET", codes.concat()),
            };
        }
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 1000] /Resources << /Font << /F 3 0 R >> >> /Contents {} 0 R >>",
                6 + 2 * place
            )
            .into_bytes(),
        );
        objects.push(stream(&content));
    }
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (place, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", out.len());
        out.extend(format!("{} 0 obj\n", place + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    let trailer =
        format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    out.extend(table.bytes().chain(trailer.bytes()));
    out
}

fn stream(content: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(content.as_bytes());
    let packed = encoder.finish().unwrap_or_default();
    let mut out = format!("<< /Length {} /Filter /FlateDecode >>\nstream\n", packed.len()).into_bytes();
    out.extend(packed);
    out.extend(b"\nendstream");
    out
}
