//! The table of scores: one line a measure, one column a set.

use std::collections::BTreeMap;

/// Scores by measure and set, in order of first mention.
#[derive(Default)]
pub(crate) struct Report {
    order: Vec<String>,
    scores: BTreeMap<String, BTreeMap<&'static str, String>>,
    notes: Vec<String>,
    /// Right ones among ours, and the counts, of all relations of a set.
    links: BTreeMap<&'static str, (usize, Counts)>,
}

impl Report {
    /// A share between 0 and 1, or a count.
    pub(crate) fn score(&mut self, set: &'static str, measure: impl Into<String>, value: impl ToString) {
        let measure = measure.into();
        if !self.scores.contains_key(&measure) {
            self.order.push(measure.clone());
        }
        self.scores.entry(measure).or_default().insert(set, value.to_string());
    }

    /// A share with three decimals.
    pub(crate) fn share(&mut self, set: &'static str, measure: impl Into<String>, value: f64) {
        // Nothing measured is not a score.
        let shown = if value.is_nan() { "-".to_owned() } else { format!("{value:.3}") };
        self.score(set, measure, shown);
    }

    /// A share that was scored.
    pub(crate) fn value(&self, set: &str, measure: &str) -> Option<f64> {
        self.scores.get(measure)?.get(set)?.parse().ok()
    }

    /// A remark printed after the table.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Adds one relation's counts to the sum over all relations.
    pub(crate) fn links(&mut self, set: &'static str, right: usize, counts: Counts) {
        let (sum, all) = self.links.entry(set).or_default();
        *sum += right;
        all.hit += counts.hit;
        all.found += counts.found;
        all.truth += counts.truth;
    }

    /// The score over all relations.
    pub(crate) fn links_together(&mut self, set: &'static str) {
        let Some(&(right, counts)) = self.links.get(set) else { return };
        let (precision, recall) = (ratio(right, counts.found), counts.recall());
        self.share(
            set,
            "links: all F1",
            2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE),
        );
        let counted = format!("{precision:.2}/{recall:.2} ({},{})", counts.truth, counts.found);
        self.score(set, "  all precision / recall (true, found)", counted);
    }

    #[expect(clippy::print_stdout, reason = "the scores are what this program is for")]
    pub(crate) fn print(&self) {
        println!("{:<58} {:>14} {:>14} {:>8}", "measure", "sample", "shared", "gap");
        for measure in &self.order {
            let cell = |set: &str| self.scores[measure].get(set).cloned().unwrap_or_else(|| "-".to_owned());
            let (sample, shared) = (cell("sample"), cell("shared"));
            let gap = match (sample.parse::<f64>(), shared.parse::<f64>()) {
                (Ok(a), Ok(b)) if sample.contains('.') && shared.contains('.') => format!("{:+.3}", b - a),
                _ => String::new(),
            };
            println!("{measure:<58} {sample:>14} {shared:>14} {gap:>8}");
        }
        for note in &self.notes {
            println!("note: {note}");
        }
    }
}

/// Counts of a matching.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    /// Found and true.
    pub(crate) hit: usize,
    /// Found.
    pub(crate) found: usize,
    /// True.
    pub(crate) truth: usize,
}

impl Counts {
    pub(crate) fn precision(self) -> f64 {
        ratio(self.hit, self.found)
    }
    pub(crate) fn recall(self) -> f64 {
        ratio(self.hit, self.truth)
    }
    pub(crate) fn f1(self) -> f64 {
        ratio(2 * self.hit, self.found + self.truth)
    }
}

/// A share; 0 of 0 is no number.
#[expect(clippy::cast_precision_loss, reason = "counts of a few thousand")]
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { f64::NAN } else { part as f64 / whole as f64 }
}
