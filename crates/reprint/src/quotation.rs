//! Stretches that stand between quotation marks.

use shiliu_text::Span;

use crate::fold::units_until;

/// Share of a stretch that stands between quotation marks, in thousandths, to count as a quotation.
const QUOTED: u32 = 700;
/// How far before a stretch the opening mark is looked for, in bytes.
const MARK_BEFORE: usize = 3000;
/// Bytes that are passed over at once.
const MARKED_AT_ONCE: usize = 32;

/// Whether most of a stretch stands between an opening and a closing quotation mark of its text.
pub(crate) fn quoted(text: &str, span: Span) -> bool {
    let (first, end) = (span.start as usize, span.end as usize);
    let mut start = first.saturating_sub(MARK_BEFORE);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let bytes = text.as_bytes();
    let opens = |at: usize| match bytes[at..] {
        // “ „ 「 『 〝 «
        [0xe2, 0x80, 0x9c | 0x9e, ..] | [0xe3, 0x80, 0x8c | 0x8e | 0x9d, ..] | [0xc2, 0xab, ..] => Some(true),
        // ” 」 』 〞 »
        [0xe2, 0x80, 0x9d, ..] | [0xe3, 0x80, 0x8d | 0x8f | 0x9e, ..] | [0xc2, 0xbb, ..] => Some(false),
        // A quotation does not go on past its paragraph.
        [b'\n', ..] => (at > start && bytes[at - 1] == b'\n').then_some(false),
        _ => None,
    };
    let marked = |part: &[u8]| {
        // Every mark begins with one of few bytes.
        let begins = |byte: &u8| matches!(byte, b'\n' | 0xc2 | 0xe2 | 0xe3);
        part.iter().fold(false, |any, byte| any | begins(byte))
    };
    // What the last mark before it says holds where it starts; what holds none is passed over.
    let mut open = false;
    let mut before = first;
    'back: while before > start {
        let from = before.saturating_sub(MARKED_AT_ONCE).max(start);
        if marked(&bytes[from..before]) {
            for at in (from..before).rev() {
                if let Some(now) = opens(at) {
                    open = now;
                    break 'back;
                }
            }
        }
        before = from;
    }
    let (mut inside, mut from) = (0u32, first);
    let mut next = first;
    while next < end {
        let until = (next + MARKED_AT_ONCE).min(end);
        if marked(&bytes[next..until]) {
            for at in next..until {
                let Some(now) = opens(at).filter(|&now| now != open) else { continue };
                if open {
                    inside += units_until(text, from, at).0;
                }
                (open, from) = (now, at);
            }
        }
        next = until;
    }
    if open {
        inside += units_until(text, from, end).0;
    }
    inside > 0 && u64::from(inside) * 1000 >= u64::from(units_until(text, first, end).0) * u64::from(QUOTED)
}

/// Whether a text holds a mark that opens a quotation.
pub(crate) fn opens_any(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (one, two) = (bytes.get(1..).unwrap_or_default(), bytes.get(2..).unwrap_or_default());
    let mut any = bytes.ends_with(&[0xc2, 0xab]);
    for part in 0..two.len().div_ceil(SCANNED_AT_ONCE) {
        let (from, to) = (part * SCANNED_AT_ONCE, ((part + 1) * SCANNED_AT_ONCE).min(two.len()));
        // Without branches, so that many bytes are looked at at once.
        let bytes = bytes[from..to].iter().zip(&one[from..to]).zip(&two[from..to]);
        any |= bytes.fold(false, |any, ((&a, &b), &c)| {
            let high = (a == 0xe2) & ((c == 0x9c) | (c == 0x9e));
            let wide = (a == 0xe3) & ((c == 0x8c) | (c == 0x8e) | (c == 0x9d));
            any | (b == 0x80) & (high | wide) | (a == 0xc2) & (b == 0xab)
        });
        if any {
            break;
        }
    }
    any
}

/// Bytes that [`opens_any`] looks at before it asks whether there was a mark.
const SCANNED_AT_ONCE: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_that_open_a_quotation_can_hold_one() {
        for mark in ["“", "„", "「", "『", "〝", "«"] {
            let filler = "渡船。«".trim_end_matches('«').repeat(200);
            assert!(opens_any(mark) && opens_any(&format!("{filler}{mark}")));
            let text = format!("{filler}{mark}渡船从明天起停航{filler}");
            assert!(opens_any(&text));
            let start = filler.len() + mark.len();
            assert!(quoted(&text, Span::new(start, start + "渡船从明天起停航".len())));
        }
        for text in ["", "渡", "”渡船」、。》», \"ferry\"", "渡船从明天起停航。"] {
            assert!(!opens_any(text));
        }
    }
}
