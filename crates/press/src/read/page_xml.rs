//! PAGE XML: regions of lines with outlines, and the order its maker gave them.

use std::collections::BTreeMap;

use super::Found;
use super::layout::{Lines, PrintedLine};
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

/// A line while it is open. One serves for all lines of a file.
#[derive(Default)]
struct OpenLine {
    open: bool,
    bounds: Option<[i32; 4]>,
    has_own_text: bool,
    own_text: String,
    words: String,
}

impl OpenLine {
    fn begin(&mut self) {
        (self.open, self.bounds, self.has_own_text) = (true, None, false);
        self.own_text.clear();
        self.words.clear();
    }

    /// Takes over a reading of the whole line; further ones are less likely.
    fn read_as(&mut self, text: &str) {
        if !self.has_own_text {
            self.own_text.push_str(text);
            self.has_own_text = true;
        }
    }
}

#[derive(Clone, Copy)]
struct Region {
    block: u32,
    heading: u8,
    lines_before: usize,
}

pub(super) fn read(source: &str) -> Found {
    let mut found = Found { lines: Lines::of_file(source.len()), ..Found::default() };
    let mut place_of_region: BTreeMap<String, usize> = BTreeMap::new();
    let mut place_of_block: BTreeMap<u32, usize> = BTreeMap::new();
    let mut regions: Vec<Region> = Vec::new();
    let mut region_text: Option<String> = None;
    let (mut sheet, mut blocks, mut references) = (0, 0, Vec::new());
    let mut line = OpenLine::default();
    let (mut in_word, mut in_glyph, mut ordered_groups) = (false, false, 0);
    // The text of a reading while it is open: one buffer for all.
    let (mut in_unicode, mut unicode) = (false, String::new());
    let mut closed = false;
    let finish = |line: &mut OpenLine, regions: &[Region], sheet: u32, found: &mut Found| {
        if !std::mem::take(&mut line.open) {
            return;
        }
        let (block, heading) = regions.last().map_or((0, 0), |region| (region.block, region.heading));
        let blank = line.own_text.chars().all(char::is_whitespace);
        let text = if blank { &line.words } else { &line.own_text };
        let bounds = line.bounds;
        found.lines.push(text, PrintedLine { bounds, heading, block, sheet, ..PrintedLine::default() });
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
                let heading =
                    if matches!(kind.as_deref(), Some("heading" | "headline" | "title")) { 2 } else { 0 };
                let place = id.and_then(|id| place_of_region.get(&*id).copied());
                let outer =
                    regions.last().and_then(|region: &Region| place_of_block.get(&region.block).copied());
                if let Some(place) = place.or(outer) {
                    place_of_block.insert(blocks, place);
                }
                if !empty && regions.len() < DEEPEST {
                    regions.push(Region { block: blocks, heading, lines_before: found.lines.all.len() });
                } else if !empty {
                    found.too_deep = true;
                }
                region_text = None;
            }
            Token::Close("TextRegion") => {
                finish(&mut line, &regions, sheet, &mut found);
                if let (Some(region), Some(text)) = (regions.pop(), region_text.take())
                    && region.lines_before == found.lines.all.len()
                {
                    let Region { block, heading, .. } = region;
                    let line = PrintedLine { heading, block, sheet, ..PrintedLine::default() };
                    text.lines().for_each(|text| found.lines.push(text, line));
                }
            }
            Token::Open { name: "TextLine", empty: false, .. } => {
                finish(&mut line, &regions, sheet, &mut found);
                line.begin();
                (in_word, in_glyph) = (false, false);
            }
            Token::Close("TextLine") => finish(&mut line, &regions, sheet, &mut found),
            Token::Open { name: "Word", empty, .. } => in_word = !empty,
            Token::Close("Word") => in_word = false,
            Token::Open { name: "Glyph", empty, .. } => in_glyph = !empty,
            Token::Close("Glyph") => in_glyph = false,
            Token::Open { name: "Coords", attributes, .. } if line.open && !in_word && !in_glyph => {
                line.bounds = attribute(attributes, "points").and_then(|points| bounds_of(&points));
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
                match line.open {
                    _ if in_glyph => {}
                    true if in_word => append_word(&mut line.words, &unicode, true),
                    true => line.read_as(&unicode),
                    false => region_text = Some(unicode.clone()),
                }
                in_unicode = false;
                unicode.clear();
            }
            Token::Close("PcGts") => closed = true,
            Token::Declarations => found.declarations = true,
            _ => {}
        }
    }
    if line.open && in_unicode {
        line.read_as(&unicode);
    }
    finish(&mut line, &regions, sheet, &mut found);
    found.broken_off = !closed;
    if !place_of_block.is_empty() {
        let place = |line: &PrintedLine| place_of_block.get(&line.block).copied().unwrap_or(usize::MAX);
        found.lines.all.sort_by_key(|line| (line.sheet, place(line)));
        found.ordered = true;
    }
    found
}
