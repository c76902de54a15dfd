//! Long lists in parts; the place in the list stands in the address.

use shiliu_archive::store::Paging;

use crate::web::ask::Ask;
use crate::web::frame::Frame;

/// Rows on one screen.
pub(crate) const ROWS: u32 = 50;

/// Which rows the address asks for.
pub(crate) fn asked(ask: &Ask) -> Paging {
    Paging { offset: ask.number("from").unwrap_or(0), limit: ROWS }
}

/// The links before and after.
pub(crate) struct Pager {
    pub(crate) total: u64,
    /// Whether there are more than are counted.
    pub(crate) more: bool,
    pub(crate) total_text: String,
    pub(crate) range: String,
    pub(crate) previous: String,
    pub(crate) next: String,
    /// The rows behind these, where the screen is full: a list that was not counted to its end goes on there.
    onward: String,
}

impl Pager {
    /// For a list of which `shown` rows of `total` are shown.
    pub(crate) fn new(frame: &Frame, ask: &Ask, shown: usize, total: u64) -> Pager {
        let first = u64::from(asked(ask).offset);
        let last = first + shown as u64;
        let at = |offset: u64| frame.to(&ask.with("from", &offset.to_string()));
        let rows = u64::from(ROWS);
        Pager {
            total,
            more: false,
            total_text: frame.grouped(total),
            range: if shown == 0 {
                "0".to_owned()
            } else {
                format!("{}–{}", frame.grouped(first + 1), frame.grouped(last))
            },
            previous: if first == 0 { String::new() } else { at(first.saturating_sub(rows)) },
            next: if last < total && shown > 0 { at(last) } else { String::new() },
            onward: if shown as u64 == rows { at(last) } else { String::new() },
        }
    }

    /// For a list that was not counted to its end.
    pub(crate) fn at_least(self, more: bool) -> Pager {
        let sign = if more { "+" } else { "" };
        let next = if more && self.next.is_empty() { self.onward.clone() } else { self.next };
        Pager { more, total_text: format!("{}{sign}", self.total_text), next, ..self }
    }

    /// How many there are, with what they are.
    pub(crate) fn counted(&self, frame: &Frame, key: &str) -> String {
        let shown = frame.grouped(self.total);
        let counted = frame.n(key, self.total);
        if self.more { counted.replacen(&shown, &self.total_text, 1) } else { counted }
    }
}
