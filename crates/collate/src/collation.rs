use shiliu_text::{Fold, Outcome, Span};

use crate::{Judge, Story, Witness};

/// Collates the witnesses of one story. One witness gives a story whose established text is its own.
#[must_use]
pub fn collate(witnesses: &[Witness], _fold: &dyn Fold, _judge: &dyn Judge) -> Outcome<Story> {
    let mut witnesses = witnesses.to_vec();
    witnesses.sort_by(|a, b| (&a.rank, &a.key).cmp(&(&b.rank, &b.key)));
    let mut established = String::new();
    let mut agreements = vec![Vec::new(); witnesses.len()];
    if let Some(first) = witnesses.first() {
        for span in &first.coverage {
            let start = established.len();
            established.push_str(span.of(&first.text));
            agreements[0].push((Span::new(start, established.len()), *span));
        }
    }
    Outcome::clean(Story { witnesses, established, loci: Vec::new(), agreements })
}
