//! ALTO 2-4: blocks of lines of strings with boxes.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use super::layout::{Lines, PrintedLine};
use super::markup::{Token, Tokens, append_word, attribute, values, whole_number};

fn bounds_of(attributes: &str) -> Option<[i32; 4]> {
    let [left, top, width, height] = values(attributes, ["HPOS", "VPOS", "WIDTH", "HEIGHT"]);
    let (left, top) = (whole_number(&left?)?, whole_number(&top?)?);
    Some([left, top, left + whole_number(&width?)?, top + whole_number(&height?)?])
}

/// The format's words for a block that is a head.
fn names_a_head(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    ["headline", "heading", "title"].iter().any(|word| value.contains(word))
}

pub(super) fn read(source: &str) -> Found {
    let mut found = Found { lines: Lines::of_file(source.len()), ..Found::default() };
    let mut heads: BTreeSet<String> = BTreeSet::new();
    // The order that the file itself gives (from ALTO 4.3 on, before the pages): places of blocks and lines by name.
    let mut place_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut places: Vec<usize> = Vec::new();
    let (mut block_place, mut line_place) = (usize::MAX, usize::MAX);
    let (mut block, mut sheet, mut heading) = (0, 0, 0);
    let (mut line, mut text): (Option<PrintedLine>, _) = (None, String::new());
    let mut space = false;
    let mut own_box_missing = false;
    // The first half of a broken word was written whole: its hyphen and its second half are not.
    let mut whole_word_written = false;
    let mut closed = false;
    for token in Tokens::of(source) {
        match token {
            Token::Open {
                name: "StructureTag" | "LayoutTag" | "OtherTag" | "RoleTag", attributes, ..
            } => {
                let says = |key| attribute(attributes, key).is_some_and(|value| names_a_head(&value));
                if (says("LABEL") || says("TYPE"))
                    && let Some(id) = attribute(attributes, "ID")
                {
                    heads.insert(id.into_owned());
                }
            }
            Token::Open { name: "Page", .. } => sheet += 1,
            Token::Open { name: "ElementRef", attributes, .. } => {
                let next = place_of.len();
                if let Some(id) = attribute(attributes, "REF") {
                    place_of.entry(id.into_owned()).or_insert(next);
                }
            }
            Token::Open { name: "TextBlock", attributes, .. } => {
                block += 1;
                block_place = place(&place_of, attributes).unwrap_or(usize::MAX);
                let [kind, tags] = values(attributes, ["TYPE", "TAGREFS"]);
                let by_type = kind.is_some_and(|value| names_a_head(&value));
                let by_tag = tags.is_some_and(|tags| tags.split_whitespace().any(|tag| heads.contains(tag)));
                heading = if by_type || by_tag { 2 } else { 0 };
            }
            Token::Open { name: "TextLine", attributes, .. } => {
                found.lines.close(&mut line, &mut text);
                places.resize(found.lines.all.len(), line_place);
                line_place = place(&place_of, attributes).unwrap_or(block_place);
                space = false;
                let bounds = bounds_of(attributes);
                own_box_missing = bounds.is_none();
                line = Some(PrintedLine { bounds, heading, block, sheet, ..PrintedLine::default() });
            }
            Token::Open { name: "String", attributes, .. } => {
                let Some(line) = &mut line else { continue };
                if own_box_missing {
                    line.bounds = around(line.bounds, bounds_of(attributes));
                }
                let [part, content, whole] = values(attributes, ["SUBS_TYPE", "CONTENT", "SUBS_CONTENT"]);
                let (part, content) = (part.unwrap_or_default(), content.unwrap_or_default());
                let second = part == "HypPart2" && whole_word_written;
                whole_word_written = false;
                let whole = whole.filter(|_| part == "HypPart1");
                if let Some(whole) = whole {
                    whole_word_written = true;
                    append_word(&mut text, &whole, space);
                } else if !second {
                    append_word(&mut text, &content, space);
                }
                space = false;
            }
            Token::Open { name: "SP", .. } => space = true,
            Token::Open { name: "HYP", attributes, .. } if line.is_some() && !whole_word_written => {
                text.push_str(&attribute(attributes, "CONTENT").unwrap_or_default());
            }
            Token::Close("TextLine" | "TextBlock") => {
                found.lines.close(&mut line, &mut text);
                places.resize(found.lines.all.len(), line_place);
            }
            Token::Close("alto") => closed = true,
            Token::Declarations => found.declarations = true,
            _ => {}
        }
    }
    found.lines.close(&mut line, &mut text);
    places.resize(found.lines.all.len(), line_place);
    found.broken_off = !closed;
    if places.iter().any(|place| *place < usize::MAX) {
        let mut ordered: Vec<(usize, PrintedLine)> = places.into_iter().zip(found.lines.all).collect();
        ordered.sort_by_key(|(place, line)| (line.sheet, *place));
        found.lines.all = ordered.into_iter().map(|(_, line)| line).collect();
        found.ordered = true;
    }
    found
}

/// Where the file's own order puts an element.
fn place(place_of: &BTreeMap<String, usize>, attributes: &str) -> Option<usize> {
    if place_of.is_empty() { None } else { place_of.get(&*attribute(attributes, "ID")?).copied() }
}

fn around(line: Option<[i32; 4]>, word: Option<[i32; 4]>) -> Option<[i32; 4]> {
    match (line, word) {
        (Some(a), Some(b)) => Some([a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]),
        (line, word) => line.or(word),
    }
}
