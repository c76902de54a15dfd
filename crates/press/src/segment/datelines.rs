//! Datelines: who reports from where and when, at the head of a text or behind it.

use shiliu_text::Span;

use super::rules::{Rules, first_hit};
use super::strips::{Strip, head_of, is_space, tail_of};

/// A dateline's characters and its filled slots, as bytes of the page.
#[derive(Clone, Debug, Default)]
pub(super) struct DatelineHit {
    /// The whole, one span a line.
    pub spans: Vec<Span>,
    pub agency: Option<Span>,
    pub place: Option<Span>,
    pub year: Option<Span>,
    pub month: Option<Span>,
    pub day: Option<Span>,
    /// Names in brackets inside it.
    pub names: Option<Span>,
}

/// The first characters of consecutive spans without line breaks, and the way back to bytes of the page.
pub(super) struct Joined {
    pub(super) text: String,
    /// (byte of `text`, byte of the page) at the start of each part.
    parts: Vec<(usize, u32)>,
}

impl Joined {
    pub(super) fn of(text: &str, spans: impl Iterator<Item = Span>, bytes: usize) -> Joined {
        let mut joined = Joined { text: String::new(), parts: Vec::new() };
        for span in spans {
            if joined.text.len() >= bytes {
                break;
            }
            joined.parts.push((joined.text.len(), span.start));
            joined.text.push_str(head_of(span.of(text), bytes - joined.text.len()));
        }
        joined
    }

    /// Bytes of the page, one span for each part touched.
    pub(super) fn back(&self, hit: Span) -> Vec<Span> {
        let mut found = Vec::new();
        for (index, (at, from)) in self.parts.iter().enumerate() {
            let end = self.parts.get(index + 1).map_or(self.text.len(), |(next, _)| *next);
            let (start, stop) = ((*at).max(hit.start as usize), end.min(hit.end as usize));
            if start < stop {
                let base = *from as usize;
                found.push(Span::new(base + start - at, base + stop - at));
            }
        }
        found
    }
}

/// So many bytes of a text are looked at for its dateline.
pub(super) const HEAD_BYTES: usize = 300;

/// The dateline with which a text begins.
pub(super) fn head_dateline(joined: &Joined, rules: &Rules<'_>) -> Option<DatelineHit> {
    let hit = first_hit(rules.dateline, &joined.text, |row| row.text("at") == Some("head"))?;
    let slot = |name: &str| hit.slot(name).and_then(|span| joined.back(span).first().copied());
    Some(DatelineHit {
        spans: joined.back(hit.span),
        agency: slot("agency"),
        place: slot("place"),
        year: slot("year"),
        month: slot("month"),
        day: slot("day"),
        names: slot("names"),
    })
}

/// Whether a text begins with a dateline on one of these strips.
pub(super) fn begins_with_dateline(text: &str, strips: &[Strip], rules: &Rules<'_>) -> bool {
    let spans = strips.iter().take(3).map(|strip| strip.span);
    head_dateline(&Joined::of(text, spans, HEAD_BYTES), rules).is_some()
}

/// Whether a line begins with a dateline.
pub(super) fn begins_dated(line: Span, text: &str, rules: &Rules<'_>) -> bool {
    let words = head_of(line.of(text).trim_start_matches(is_space), HEAD_BYTES);
    first_hit(rules.dateline, words, |row| row.text("at") == Some("head")).is_some()
}

/// No line that holds only a dateline has more bytes.
const WIDEST_DATELINE: usize = 200;

/// Whether a line holds a dateline of a text's head, with names or a day, and nothing else.
pub(super) fn is_bare_dateline(line: Span, text: &str, rules: &Rules<'_>) -> bool {
    let line = line.of(text);
    // No character of a line is narrower than one.
    if line.len() > WIDEST_DATELINE {
        return false;
    }
    let hit = first_hit(rules.dateline, line, |row| row.text("at") == Some("head"));
    hit.is_some_and(|hit| {
        let told = hit.slot("names").is_some() || hit.slot("day").is_some();
        told && line[hit.span.end as usize..].trim_matches(is_space).is_empty()
    })
}

/// The dateline with which a text's last line ends.
pub(super) fn tail_dateline(last: Span, text: &str, rules: &Rules<'_>) -> Option<DatelineHit> {
    let (shift, tail) = tail_of(last.of(text), 200);
    let hit = first_hit(rules.dateline, tail, |row| row.text("at") == Some("tail"))?;
    let base = last.start as usize + shift;
    let moved = |span: Span| Span::new(base + span.start as usize, base + span.end as usize);
    let slot = |name: &str| hit.slot(name).map(moved);
    Some(DatelineHit {
        spans: vec![moved(hit.span)],
        agency: slot("agency"),
        place: slot("place"),
        year: slot("year"),
        month: slot("month"),
        day: slot("day"),
        names: None,
    })
}
