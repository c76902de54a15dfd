//! Long lists in parts; the place in the list stands in the address.

use shiliu_archive::store::Paging;

use crate::web::ask::Ask;
use crate::web::frame::{Frame, grouped};

/// Rows on one screen.
pub(crate) const ROWS: u32 = 50;

/// Which rows the address asks for.
pub(crate) fn asked(ask: &Ask) -> Paging {
    Paging { offset: ask.number("from").unwrap_or(0), limit: ROWS }
}

/// The links before and after.
pub(crate) struct Pager {
    pub(crate) total: u64,
    pub(crate) total_text: String,
    pub(crate) range: String,
    pub(crate) previous: String,
    pub(crate) next: String,
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
            total_text: grouped(total),
            range: if shown == 0 {
                "0".to_owned()
            } else {
                format!("{}–{}", grouped(first + 1), grouped(last))
            },
            previous: if first == 0 { String::new() } else { at(first.saturating_sub(rows)) },
            next: if last < total && shown > 0 { at(last) } else { String::new() },
        }
    }
}
