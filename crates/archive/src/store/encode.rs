//! How lists and trees are written into single columns: short texts that a person can read in any SQLite tool,
//! and one compact form for offset maps, of which there are many.

use shiliu_collate::Ground;
use shiliu_ledger::Value;
use shiliu_text::{Basis, Located, OffsetMap, Span, TextId};

use super::read::FieldValue;

/// `0-12 15-20`
pub(super) fn spans(spans: &[Span]) -> String {
    let parts: Vec<String> = spans.iter().map(|span| format!("{}-{}", span.start, span.end)).collect();
    parts.join(" ")
}

pub(super) fn parse_span(text: &str) -> Option<Span> {
    let (start, end) = text.split_once('-')?;
    let (start, end): (u32, u32) = (start.parse().ok()?, end.parse().ok()?);
    (start <= end).then_some(Span { start, end })
}

pub(super) fn parse_spans(text: &str) -> Option<Vec<Span>> {
    text.split_ascii_whitespace().map(parse_span).collect()
}

/// A span with the row of what it stands in: `3/0-12 4/15-20`.
pub(super) fn placed(places: &[(i64, Span)]) -> String {
    let parts: Vec<String> =
        places.iter().map(|(row, span)| format!("{row}/{}-{}", span.start, span.end)).collect();
    parts.join(" ")
}

pub(super) fn parse_placed(text: &str) -> Option<Vec<(i64, Span)>> {
    let one = |part: &str| {
        let (row, span) = part.split_once('/')?;
        Some((row.parse().ok()?, parse_span(span)?))
    };
    text.split_ascii_whitespace().map(one).collect()
}

/// Kinds of evidence with log-odds in milli-nats: `testimony:-4120 usage:310`.
pub(super) fn grounds(grounds: &[(Ground, i32)]) -> String {
    let parts: Vec<String> =
        grounds.iter().map(|(ground, odds)| format!("{}:{odds}", ground.as_str())).collect();
    parts.join(" ")
}

pub(super) fn parse_grounds(text: &str) -> Option<Vec<(String, i32)>> {
    let one = |part: &str| {
        let (ground, odds) = part.split_once(':')?;
        Some((ground.to_owned(), odds.parse().ok()?))
    };
    text.split_ascii_whitespace().map(one).collect()
}

pub(super) fn numbers(numbers: impl Iterator<Item = i64>) -> String {
    let parts: Vec<String> = numbers.map(|number| number.to_string()).collect();
    parts.join(" ")
}

pub(super) fn parse_numbers(text: &str) -> Option<Vec<i64>> {
    text.split_ascii_whitespace().map(|part| part.parse().ok()).collect()
}

/// `printed PLACES` or `inferred PLACES | evidence`, places by `row_of`; a place in a text that has no row is
/// left out.
pub(super) fn basis(basis: &Basis, row_of: &dyn Fn(TextId) -> Option<i64>) -> String {
    let at = located(basis.places(), row_of);
    match basis {
        Basis::Printed(_) => format!("printed {at}"),
        Basis::Inferred { evidence, .. } => format!("inferred {at}|{evidence}"),
    }
}

pub(super) fn located(places: &[Located], row_of: &dyn Fn(TextId) -> Option<i64>) -> String {
    let rows: Vec<(i64, Span)> =
        places.iter().filter_map(|place| Some((row_of(place.text)?, place.span))).collect();
    placed(&rows)
}

/// What [`basis`] wrote.
pub(super) struct StoredBasis {
    pub(super) printed: bool,
    pub(super) places: Vec<(i64, Span)>,
    pub(super) evidence: String,
}

/// Reads what [`basis`] wrote.
pub(super) fn parse_basis(text: &str) -> Option<StoredBasis> {
    if let Some(rest) = text.strip_prefix("printed ") {
        return Some(StoredBasis { printed: true, places: parse_placed(rest)?, evidence: String::new() });
    }
    let (places, evidence) = text.strip_prefix("inferred ")?.split_once('|')?;
    Some(StoredBasis { printed: false, places: parse_placed(places)?, evidence: evidence.to_owned() })
}

fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..63).step_by(7) {
        let (&first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// A piece of an offset map: bytes of the derived text, the page row and its bytes, whether copied unchanged.
pub(super) type MapPiece = (Span, Option<(i64, Span)>, bool);

/// An offset map, its texts named by page rows. A piece whose text has no row counts as put in by a rule.
pub(super) fn map(map: &OffsetMap, row_of: &dyn Fn(TextId) -> Option<i64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (at, from, verbatim) in map.origins() {
        put_number(&mut bytes, at.len() as u64);
        match from.and_then(|place| Some((row_of(place.text)?, place.span))) {
            None => put_number(&mut bytes, 0),
            Some((row, span)) => {
                put_number(&mut bytes, u64::try_from(row).unwrap_or(0) << 1 | u64::from(verbatim));
                put_number(&mut bytes, u64::from(span.start));
                if !verbatim {
                    put_number(&mut bytes, span.len() as u64);
                }
            }
        }
    }
    bytes
}

pub(super) fn parse_map(mut bytes: &[u8]) -> Option<Vec<MapPiece>> {
    let mut pieces = Vec::new();
    let mut start = 0u32;
    while !bytes.is_empty() {
        let length = u32::try_from(take_number(&mut bytes)?).ok()?;
        let at = Span { start, end: start.checked_add(length)? };
        start = at.end;
        let head = take_number(&mut bytes)?;
        if head == 0 {
            pieces.push((at, None, false));
            continue;
        }
        let verbatim = head & 1 == 1;
        let row = i64::try_from(head >> 1).ok()?;
        let first = u32::try_from(take_number(&mut bytes)?).ok()?;
        let taken = if verbatim { length } else { u32::try_from(take_number(&mut bytes)?).ok()? };
        let from = Span { start: first, end: first.checked_add(taken)? };
        pieces.push((at, Some((row, from)), verbatim));
    }
    Some(pieces)
}

/// Pairs of spans of equal length: (bytes of established, bytes of witness).
pub(super) fn agreements(pairs: &[(Span, Span)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (here, there) in pairs {
        put_number(&mut bytes, u64::from(here.start));
        put_number(&mut bytes, u64::from(there.start));
        put_number(&mut bytes, here.len() as u64);
        put_number(&mut bytes, there.len() as u64);
    }
    bytes
}

pub(super) fn parse_agreements(mut bytes: &[u8]) -> Option<Vec<(Span, Span)>> {
    let mut pairs = Vec::new();
    while !bytes.is_empty() {
        let mut next = || u32::try_from(take_number(&mut bytes)?).ok();
        let (here, there, length, other) = (next()?, next()?, next()?, next()?);
        pairs.push((
            Span { start: here, end: here.checked_add(length)? },
            Span { start: there, end: there.checked_add(other)? },
        ));
    }
    Some(pairs)
}

/// A field's value in the syntax of JSON, its maps in their own order.
pub(super) fn value(value: &Value) -> String {
    let mut out = String::new();
    write_value(&FieldValue::from(value), &mut out);
    out
}

pub(super) fn write_value(value: &FieldValue, out: &mut String) {
    match value {
        FieldValue::Null => out.push_str("null"),
        FieldValue::Integer(number) => out.push_str(&number.to_string()),
        FieldValue::Text(text) => write_text(text, out),
        FieldValue::List(values) => {
            out.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(value, out);
            }
            out.push(']');
        }
        FieldValue::Map(entries) => {
            out.push('{');
            for (index, (name, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write_value(value, out);
            }
            out.push('}');
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    use std::fmt::Write as _;
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            control if (control as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Deeper trees are damage: no record nests so far.
const DEEPEST: usize = 16;

pub(super) fn parse_value(text: &str) -> Option<FieldValue> {
    let mut rest = text;
    let value = take_value(&mut rest, DEEPEST)?;
    rest.is_empty().then_some(value)
}

fn take_value(rest: &mut &str, depth: usize) -> Option<FieldValue> {
    let depth = depth.checked_sub(1)?;
    match rest.as_bytes().first()? {
        b'n' => {
            *rest = rest.strip_prefix("null")?;
            Some(FieldValue::Null)
        }
        b'"' => Some(FieldValue::Text(take_text(rest)?)),
        b'[' => {
            *rest = &rest[1..];
            let mut values = Vec::new();
            while !rest.starts_with(']') {
                if !values.is_empty() {
                    *rest = rest.strip_prefix(',')?;
                }
                values.push(take_value(rest, depth)?);
            }
            *rest = &rest[1..];
            Some(FieldValue::List(values))
        }
        b'{' => {
            *rest = &rest[1..];
            let mut entries = Vec::new();
            while !rest.starts_with('}') {
                if !entries.is_empty() {
                    *rest = rest.strip_prefix(',')?;
                }
                let name = take_text(rest)?;
                *rest = rest.strip_prefix(':')?;
                entries.push((name, take_value(rest, depth)?));
            }
            *rest = &rest[1..];
            Some(FieldValue::Map(entries))
        }
        _ => {
            let digits = rest.bytes().take_while(|byte| *byte == b'-' || byte.is_ascii_digit()).count();
            let number = rest[..digits].parse().ok()?;
            *rest = &rest[digits..];
            Some(FieldValue::Integer(number))
        }
    }
}

fn take_text(rest: &mut &str) -> Option<String> {
    let mut out = String::new();
    let mut characters = rest.strip_prefix('"')?.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                *rest = &rest[at + 2..];
                return Some(out);
            }
            '\\' => match characters.next()?.1 {
                'n' => out.push('\n'),
                'u' => {
                    let mut code = 0;
                    for _ in 0..4 {
                        code = code * 16 + characters.next()?.1.to_digit(16)?;
                    }
                    out.push(char::from_u32(code)?);
                }
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = FieldValue> {
        let leaf = prop_oneof![
            Just(FieldValue::Null),
            any::<i64>().prop_map(FieldValue::Integer),
            "\\PC{0,8}|[\"\\\\\n\t甲]{0,6}".prop_map(FieldValue::Text),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(FieldValue::List),
                prop::collection::vec(("[a-z\"_]{1,6}", inner), 0..4).prop_map(FieldValue::Map),
            ]
        })
    }

    proptest! {
        #[test]
        fn values_come_back(value in values()) {
            let mut text = String::new();
            write_value(&value, &mut text);
            prop_assert_eq!(parse_value(&text), Some(value));
        }

        /// A damaged column is refused, never a panic.
        #[test]
        fn any_bytes_are_read_or_refused(text in "\\PC{0,40}", bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = (parse_value(&text), parse_spans(&text), parse_placed(&text), parse_basis(&text));
            let _ = (parse_map(&bytes), parse_agreements(&bytes));
        }

        #[test]
        fn pairs_come_back(raw in prop::collection::vec((0u32..9_000_000, 0u32..9_000_000, 0u32..900), 0..20)) {
            let pairs: Vec<(Span, Span)> = raw
                .iter()
                .map(|&(a, b, n)| (Span { start: a, end: a + n }, Span { start: b, end: b + n }))
                .collect();
            prop_assert_eq!(parse_agreements(&agreements(&pairs)), Some(pairs.clone()));
            let only: Vec<Span> = pairs.iter().map(|pair| pair.0).collect();
            prop_assert_eq!(parse_spans(&spans(&only)), Some(only));
        }
    }
}
