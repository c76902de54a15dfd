//! ALTO 2-4: blocks of lines of strings with boxes.

use std::collections::BTreeSet;

use super::Found;
use super::layout::PrintedLine;
use super::markup::{Token, Tokens, append_word, attribute, whole_number};

fn bounds_of(attributes: &str) -> Option<[i32; 4]> {
    let number = |name| attribute(attributes, name).and_then(|value| whole_number(&value));
    let (left, top) = (number("HPOS")?, number("VPOS")?);
    Some([left, top, left + number("WIDTH")?, top + number("HEIGHT")?])
}

/// The format's words for a block that is a head.
fn names_a_head(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    ["headline", "heading", "title"].iter().any(|word| value.contains(word))
}

pub(super) fn read(source: &str) -> Found {
    let mut found = Found::default();
    let mut heads: BTreeSet<String> = BTreeSet::new();
    let (mut block, mut sheet, mut heading) = (0, 0, 0);
    let mut line: Option<PrintedLine> = None;
    let mut space = false;
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
                    heads.insert(id);
                }
            }
            Token::Open { name: "Page", .. } => sheet += 1,
            Token::Open { name: "TextBlock", attributes, .. } => {
                block += 1;
                let by_type = attribute(attributes, "TYPE").is_some_and(|value| names_a_head(&value));
                let by_tag = attribute(attributes, "TAGREFS")
                    .is_some_and(|tags| tags.split_whitespace().any(|tag| heads.contains(tag)));
                heading = if by_type || by_tag { 2 } else { 0 };
            }
            Token::Open { name: "TextLine", attributes, .. } => {
                found.lines.extend(line.take());
                space = false;
                let bounds = bounds_of(attributes);
                line = Some(PrintedLine { text: String::new(), bounds, heading, block, sheet });
            }
            Token::Open { name: "String", attributes, .. } => {
                let Some(line) = &mut line else { continue };
                let part = attribute(attributes, "SUBS_TYPE").unwrap_or_default();
                let content = attribute(attributes, "CONTENT").unwrap_or_default();
                let second = part == "HypPart2" && whole_word_written;
                whole_word_written = false;
                let whole = attribute(attributes, "SUBS_CONTENT").filter(|_| part == "HypPart1");
                if let Some(whole) = whole {
                    whole_word_written = true;
                    append_word(&mut line.text, &whole, space);
                } else if !second {
                    append_word(&mut line.text, &content, space);
                }
                space = false;
            }
            Token::Open { name: "SP", .. } => space = true,
            Token::Open { name: "HYP", attributes, .. } => {
                if let (Some(line), false) = (&mut line, whole_word_written) {
                    line.text.push_str(&attribute(attributes, "CONTENT").unwrap_or_default());
                }
            }
            Token::Close("TextLine" | "TextBlock") => found.lines.extend(line.take()),
            Token::Close("alto") => closed = true,
            Token::Declarations => found.declarations = true,
            _ => {}
        }
    }
    found.lines.extend(line);
    found.broken_off = !closed;
    found
}
