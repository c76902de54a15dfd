//! PAGE XML: regions of lines with outlines, and the order its maker gave them.

use std::collections::BTreeMap;

use super::Found;
use super::layout::{PrintedLine, USUAL_LINE};
use super::markup::{Token, Tokens, append_word, attribute, decode_references, values, whole_number};

/// Regions within regions deeper than this are read as parts of the last one.
const DEEPEST: usize = 200;

/// The box around an outline `x,y x,y …`.
fn bounds_of(points: &str) -> Option<[i32; 4]> {
    let mut around: Option<[i32; 4]> = None;
    for point in points.split_whitespace() {
        let comma = point.bytes().position(|byte| byte == b',')?;
        let (x, y) = (&point[..comma], &point[comma + 1..]);
        let (x, y) = (whole_number(x)?, whole_number(y)?);
        let [left, top, right, bottom] = around.unwrap_or([x, y, x, y]);
        around = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
    }
    around
}

#[derive(Default)]
struct OpenLine {
    bounds: Option<[i32; 4]>,
    own_text: Option<String>,
    words: String,
}

#[derive(Clone, Copy)]
struct Region {
    block: usize,
    heading: u8,
    lines_before: usize,
}

pub(super) fn read(source: &str) -> Found {
    let mut found = Found::default();
    let mut place_of_region: BTreeMap<String, usize> = BTreeMap::new();
    let mut place_of_block: BTreeMap<usize, usize> = BTreeMap::new();
    let mut regions: Vec<Region> = Vec::new();
    let mut region_text: Option<String> = None;
    let (mut sheet, mut blocks, mut references) = (0, 0, Vec::new());
    let mut line: Option<OpenLine> = None;
    let (mut in_word, mut in_glyph, mut ordered_groups) = (false, false, 0);
    // The text of a reading while it is open: one buffer for all.
    let (mut in_unicode, mut unicode) = (false, String::new());
    let mut closed = false;
    let finish = |line: &mut Option<OpenLine>, regions: &[Region], sheet: usize, found: &mut Found| {
        let Some(line) = line.take() else { return };
        let (block, heading) = regions.last().map_or((0, 0), |region| (region.block, region.heading));
        let text = line.own_text.filter(|text| !text.trim().is_empty()).unwrap_or(line.words);
        found.lines.push(PrintedLine { text, bounds: line.bounds, heading, block, sheet });
    };
    for token in Tokens::of(source) {
        match token {
            Token::Open { name: "Page", .. } => sheet += 1,
            Token::Open { name: "OrderedGroup" | "OrderedGroupIndexed", .. } => ordered_groups += 1,
            Token::Open { name: "RegionRefIndexed" | "RegionRef", attributes, .. } => {
                let [index, region] = values(attributes, ["index", "regionRef"]);
                let index = index.and_then(|value| whole_number(&value));
                references.push((index, region.unwrap_or_default()));
            }
            Token::Close("ReadingOrder") => {
                // Numbers count within their group: with more than one, the order of the file stands.
                if ordered_groups == 1 {
                    references.sort_by_key(|(index, _)| index.unwrap_or(i32::MAX));
                }
                for (place, (_, region)) in references.drain(..).enumerate() {
                    place_of_region.entry(region.into_owned()).or_insert(place);
                }
            }
            Token::Open { name: "TextRegion", attributes, empty } => {
                blocks += 1;
                let [kind, id] = values(attributes, ["type", "id"]);
                let heading = if matches!(kind.as_deref(), Some("heading" | "headline" | "title")) { 2 } else { 0 };
                let place = id.and_then(|id| place_of_region.get(&*id).copied());
                let outer =
                    regions.last().and_then(|region: &Region| place_of_block.get(&region.block).copied());
                if let Some(place) = place.or(outer) {
                    place_of_block.insert(blocks, place);
                }
                if !empty && regions.len() < DEEPEST {
                    regions.push(Region { block: blocks, heading, lines_before: found.lines.len() });
                } else if !empty {
                    found.too_deep = true;
                }
                region_text = None;
            }
            Token::Close("TextRegion") => {
                finish(&mut line, &regions, sheet, &mut found);
                if let (Some(region), Some(text)) = (regions.pop(), region_text.take())
                    && region.lines_before == found.lines.len()
                {
                    let Region { block, heading, .. } = region;
                    found.lines.extend(text.lines().map(|text| PrintedLine {
                        text: text.to_owned(),
                        bounds: None,
                        heading,
                        block,
                        sheet,
                    }));
                }
            }
            Token::Open { name: "TextLine", empty: false, .. } => {
                finish(&mut line, &regions, sheet, &mut found);
                line = Some(OpenLine { words: String::with_capacity(USUAL_LINE), ..OpenLine::default() });
                (in_word, in_glyph) = (false, false);
            }
            Token::Close("TextLine") => finish(&mut line, &regions, sheet, &mut found),
            Token::Open { name: "Word", empty, .. } => in_word = !empty,
            Token::Close("Word") => in_word = false,
            Token::Open { name: "Glyph", empty, .. } => in_glyph = !empty,
            Token::Close("Glyph") => in_glyph = false,
            Token::Open { name: "Coords", attributes, .. } if !in_word && !in_glyph => {
                if let Some(line) = &mut line {
                    line.bounds = attribute(attributes, "points").and_then(|points| bounds_of(&points));
                }
            }
            Token::Open { name: "Unicode", empty: false, .. } => {
                in_unicode = true;
                unicode.clear();
            }
            Token::Text(raw) if in_unicode => {
                found.unknown_references += decode_references(raw, &mut unicode);
            }
            Token::Verbatim(raw) if in_unicode => unicode.push_str(raw),
            Token::Close("Unicode") => {
                match &mut line {
                    _ if in_glyph => {}
                    Some(line) if in_word => append_word(&mut line.words, &unicode, true),
                    // Further readings of the same line are less likely ones.
                    Some(line) if line.own_text.is_some() => {}
                    Some(line) => line.own_text = Some(unicode.clone()),
                    None => region_text = Some(unicode.clone()),
                }
                in_unicode = false;
                unicode.clear();
            }
            Token::Close("PcGts") => closed = true,
            Token::Declarations => found.declarations = true,
            _ => {}
        }
    }
    if let (Some(line), true) = (&mut line, in_unicode) {
        line.own_text = line.own_text.take().or(Some(unicode));
    }
    finish(&mut line, &regions, sheet, &mut found);
    found.broken_off = !closed;
    if !place_of_block.is_empty() {
        let place = |line: &PrintedLine| place_of_block.get(&line.block).copied().unwrap_or(usize::MAX);
        found.lines.sort_by_key(|line| (line.sheet, place(line)));
        found.ordered = true;
    }
    found
}
