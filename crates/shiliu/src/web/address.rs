//! Addresses within the app: the address is the whole state of a screen.

use shiliu_text::{CodePoints, Span, TextId};

/// Appends `text` with everything encoded that has a meaning in a query.
fn encode(text: &str, out: &mut String) {
    use std::fmt::Write as _;
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b',' | b':' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

/// A path segment, its slashes encoded.
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('/').enumerate() {
        if index > 0 {
            out.push_str("%2F");
        }
        encode(part, &mut out);
    }
    out
}

/// `path?key=value&…`; pairs with an empty value are left out.
pub(crate) fn with_query<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = path.to_owned();
    let mut mark = if path.contains('?') { '&' } else { '?' };
    for (key, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        out.push(mark);
        mark = '&';
        encode(key, &mut out);
        out.push('=');
        encode(value, &mut out);
    }
    out
}

/// `120-188,300-350`: parts of a page in code points.
pub(crate) fn format_parts(parts: &[(u32, u32)]) -> String {
    let parts: Vec<String> = parts.iter().map(|(start, end)| format!("{start}-{end}")).collect();
    parts.join(",")
}

/// Reads what [`format_parts`] writes; a part that is none is left out.
pub(crate) fn parse_parts(text: &str) -> Vec<(u32, u32)> {
    const MOST: usize = 200;
    text.split(',')
        .take(MOST)
        .filter_map(|part| {
            let (start, end) = part.trim().split_once('-')?;
            let (start, end): (u32, u32) = (start.parse().ok()?, end.parse().ok()?);
            (start < end).then_some((start, end))
        })
        .collect()
}

/// The spans of a text in code points.
pub(crate) fn in_code_points(points: &CodePoints<'_>, spans: &[Span]) -> Vec<(u32, u32)> {
    spans.iter().map(|span| (points.at_byte(span.start), points.at_byte(span.end))).collect()
}

/// The permalink of characters: lit without script by the query, found by the fragment, which is also the id of
/// the first lit run.
pub(crate) fn permalink(text: TextId, parts: &[(u32, u32)]) -> String {
    let parts = format_parts(parts);
    format!("/p/{text}?c={parts}#c={parts}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_encoded_and_empty_values_left_out() {
        let address = with_query("/search", [("q", "a&b=#中"), ("kind", ""), ("page", "x/1.md")]);
        assert_eq!(address, "/search?q=a%26b%3D%23%E4%B8%AD&page=x/1.md");
        assert_eq!(with_query("/p/x?c=1-2", [("lang", "zh")]), "/p/x?c=1-2&lang=zh");
        assert_eq!(segment("a/1.md/3"), "a%2F1.md%2F3");
    }

    #[test]
    fn parts_come_back_and_rubbish_is_left_out() {
        assert_eq!(parse_parts("1-5,9-12"), [(1, 5), (9, 12)]);
        assert_eq!(parse_parts("5-1,,x-2,3-3,99999999999-1, 7-8"), [(7, 8)]);
        assert_eq!(format_parts(&[(1, 5), (9, 12)]), "1-5,9-12");
    }
}
