//! Marked text: `⟦type:characters|value⟧`. Shared by the case test and the tool that prints marked text.
#![allow(dead_code, unreachable_pub)]

use shiliu_extract::{Mention, MentionValue};

/// The value of a mention in one line: bound, value, unit, then part of day, zone and flags that matter.
pub fn value(mention: &Mention) -> String {
    let near = mention.flags.contains(&"near");
    let bound = match mention.bound.as_str() {
        "=" => "",
        "<" if near => "≈<",
        other => other,
    };
    let mut text = match &mention.value {
        MentionValue::Text(text) => format!("{bound}{text}"),
        MentionValue::Vague => "null".to_owned(),
        MentionValue::Amount(amount) => {
            let unit = amount.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
            match (&amount.value, &amount.low, &amount.high) {
                (Some(value), _, _) => format!("{bound}{value}{unit}"),
                (None, low, high) => format!(
                    "{bound}{}..{}{unit}",
                    low.as_deref().unwrap_or_default(),
                    high.as_deref().unwrap_or_default()
                ),
            }
        }
    };
    if let Some(part) = mention.part {
        text.push_str(&format!(" {part}"));
    }
    if let Some(zone) = &mention.zone {
        text.push_str(&format!(" @{zone}"));
    }
    for flag in ["damaged", "anniversary", "impossible", "in-name"] {
        if mention.flags.contains(&flag) {
            text.push_str(&format!(" !{flag}"));
        }
    }
    text
}

/// The text with every mention marked.
pub fn marked(text: &str, found: &[Mention]) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for mention in found {
        let range = mention.span.start as usize..mention.span.end as usize;
        out.push_str(&text[at..range.start]);
        out.push_str(&format!("⟦{}:{}|{}⟧", mention.kind.as_str(), &text[range.clone()], value(mention)));
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The text without its marks.
pub fn bare(marked: &str) -> String {
    let mut out = String::new();
    for (index, piece) in marked.split('⟦').enumerate() {
        if index == 0 {
            out.push_str(piece);
            continue;
        }
        let (inside, after) = piece.split_once('⟧').unwrap_or((piece, ""));
        let characters = inside.split_once(':').map_or(inside, |(_, rest)| rest);
        out.push_str(characters.rsplit_once('|').map_or(characters, |(text, _)| text));
        out.push_str(after);
    }
    out
}
