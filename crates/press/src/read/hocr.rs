//! hOCR: HTML whose classes name page, block, paragraph, line and word, with a box in `title`.

use super::Found;
use super::html::{append_collapsed, append_raw, heading_level};
use super::layout::{Lines, PrintedLine};
use super::markup::{Token, Tokens, attribute, whole_number};

/// Elements within elements deeper than this are passed over, their text kept.
const DEEPEST: usize = 200;
/// HTML elements without content.
const VOID: [&str; 7] = ["br", "img", "meta", "link", "hr", "input", "wbr"];

/// The numbers after `bbox` in a title.
fn bounds_of(title: &str) -> Option<[i32; 4]> {
    let property = title.split(';').find_map(|property| property.trim().strip_prefix("bbox "))?;
    let mut numbers = property.split_whitespace().map_while(whole_number);
    Some([numbers.next()?, numbers.next()?, numbers.next()?, numbers.next()?])
}

/// Reads the file; no line where it has none of the classes of a line.
pub(super) fn read(source: &str) -> Found {
    let mut found = Found { lines: Lines::of_file(source.len()), ..Found::default() };
    let (mut sheet, mut block) = (0, 0);
    // Open elements: name, whether it is a line, heading level.
    let mut open: Vec<(&str, bool, u8)> = Vec::new();
    let mut passed_over = 0_usize;
    let (mut line, mut text): (Option<PrintedLine>, _) = (None, String::new());
    let mut space = false;
    let mut decoded = String::new();
    let mut tokens = Tokens::of(source);
    let mut closed = false;
    while let Some(token) = tokens.next() {
        match token {
            Token::Open { name, attributes, empty } => {
                if !empty && ["script", "style", "title"].iter().any(|raw| name.eq_ignore_ascii_case(raw)) {
                    tokens.skip_raw(name);
                    continue;
                }
                let classes = attribute(attributes, "class").unwrap_or_default();
                let (mut is_page, mut is_block, mut is_line) = (false, false, false);
                for class in classes.split_whitespace() {
                    match class {
                        "ocr_page" => is_page = true,
                        "ocr_carea" | "ocr_par" => is_block = true,
                        "ocr_line" | "ocrx_line" | "ocr_header" | "ocr_caption" | "ocr_textfloat" => {
                            is_line = true
                        }
                        _ => {}
                    }
                }
                if is_page {
                    sheet += 1;
                } else if is_block {
                    block += 1;
                }
                if is_line {
                    found.lines.close(&mut line, &mut text);
                    let heading = open.iter().rev().map(|(_, _, level)| *level).find(|level| *level > 0);
                    line = Some(PrintedLine {
                        bounds: attribute(attributes, "title").and_then(|title| bounds_of(&title)),
                        heading: heading.unwrap_or(0).max(heading_level(name)),
                        block,
                        sheet,
                        ..PrintedLine::default()
                    });
                    space = false;
                }
                if empty || VOID.iter().any(|void| name.eq_ignore_ascii_case(void)) {
                    continue;
                }
                if open.len() < DEEPEST {
                    open.push((name, is_line, heading_level(name)));
                } else {
                    passed_over += 1;
                    found.too_deep = true;
                }
            }
            Token::Close(name) => {
                closed |= name.eq_ignore_ascii_case("html") || name.eq_ignore_ascii_case("body");
                if passed_over > 0 {
                    passed_over -= 1;
                    continue;
                }
                if let Some(place) = open.iter().rposition(|(own, ..)| own.eq_ignore_ascii_case(name)) {
                    if open[place..].iter().any(|(_, is_line, _)| *is_line) {
                        found.lines.close(&mut line, &mut text);
                    }
                    open.truncate(place);
                }
            }
            Token::Text(raw) => {
                if line.is_some() {
                    found.unknown_references += append_raw(&mut text, &mut space, raw, &mut decoded);
                }
            }
            Token::Verbatim(raw) => {
                if line.is_some() {
                    append_collapsed(&mut text, &mut space, raw);
                }
            }
            Token::Declarations => found.declarations = true,
            Token::CutOff => {}
        }
    }
    found.lines.close(&mut line, &mut text);
    found.broken_off = !closed;
    found
}
