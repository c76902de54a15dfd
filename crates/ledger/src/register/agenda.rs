//! The agenda of a review, made from the record: what is overdue, due before the next review, without owner or
//! date, silent, or newly restated with another amount or date.

use shiliu_text::Date;

use super::brief::SILENT_AFTER;

/// An entry as an agenda sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its key.
    pub key: String,
    /// The last day on which it is due.
    pub due: Option<Date>,
    /// Whether nothing more is owed, or it is suspended.
    pub settled: bool,
    /// Whether somebody follows it.
    pub owned: bool,
    /// Day of the last printed word.
    pub last_evidence: Option<Date>,
    /// Day on which it was linked as restated with another amount or date.
    pub revised: Option<Date>,
    /// Whether an answer that was hoped for by an earlier day has not come.
    pub unanswered: bool,
    /// Whether a finding is open.
    pub finding: bool,
}

/// Why an entry stands on an agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Its last day has passed.
    Overdue,
    /// Its last day falls before the next review.
    DueBefore,
    /// Restated with another amount or date since the last review.
    Revised,
    /// An answer is late.
    Unanswered,
    /// A finding is open.
    Finding,
    /// Nobody follows it.
    NoOwner,
    /// Nothing says by when.
    NoDate,
    /// Nothing was printed on it for half a year.
    Silent,
}

impl Reason {
    /// All, in order.
    pub const ALL: [Reason; 8] = [
        Reason::Overdue,
        Reason::DueBefore,
        Reason::Revised,
        Reason::Unanswered,
        Reason::Finding,
        Reason::NoOwner,
        Reason::NoDate,
        Reason::Silent,
    ];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Overdue => "overdue",
            Reason::DueBefore => "due-before",
            Reason::Revised => "revised",
            Reason::Unanswered => "unanswered",
            Reason::Finding => "finding",
            Reason::NoOwner => "no-owner",
            Reason::NoDate => "no-date",
            Reason::Silent => "silent",
        }
    }
}

/// The agenda of one review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agenda {
    /// For each reason the keys, in the order given.
    pub parts: Vec<(Reason, Vec<String>)>,
}

impl Agenda {
    /// The agenda as of `today`, for a time since `last` and until `next`. An entry stands under each reason that
    /// it has.
    #[must_use]
    pub fn of(standings: &[Standing], today: Date, last: Option<Date>, next: Option<Date>) -> Agenda {
        let has = |reason: Reason, entry: &Standing| {
            if entry.settled {
                return reason == Reason::Finding && entry.finding;
            }
            match reason {
                Reason::Overdue => entry.due.is_some_and(|due| due < today),
                Reason::DueBefore => {
                    entry.due.is_some_and(|due| due >= today && next.is_some_and(|next| due <= next))
                }
                Reason::Revised => entry.revised.is_some_and(|day| last.is_none_or(|last| day > last)),
                Reason::Unanswered => entry.unanswered,
                Reason::Finding => entry.finding,
                Reason::NoOwner => !entry.owned,
                Reason::NoDate => entry.due.is_none(),
                Reason::Silent => entry
                    .last_evidence
                    .is_some_and(|day| today.day_number() - day.day_number() > SILENT_AFTER),
            }
        };
        let parts = Reason::ALL.into_iter().map(|reason| {
            let keys = standings.iter().filter(|entry| has(reason, entry)).map(|entry| entry.key.clone());
            (reason, keys.collect())
        });
        Agenda { parts: parts.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_stands_under_each_reason_that_it_has() {
        let day = |text: &str| Date::parse(text);
        let entries = [
            Standing { key: "late".into(), due: day("2031-01-01"), ..Standing::default() },
            Standing { key: "soon".into(), due: day("2031-03-10"), owned: true, ..Standing::default() },
            Standing { key: "done".into(), due: day("2031-01-01"), settled: true, ..Standing::default() },
            Standing {
                key: "quiet".into(),
                owned: true,
                last_evidence: day("2030-01-01"),
                revised: day("2031-02-20"),
                ..Standing::default()
            },
        ];
        let agenda = Agenda::of(&entries, day("2031-03-01").unwrap(), day("2031-02-01"), day("2031-04-01"));
        let shown: Vec<String> = agenda
            .parts
            .iter()
            .filter(|(_, keys)| !keys.is_empty())
            .map(|(reason, keys)| format!("{} {}", reason.as_str(), keys.join(" ")))
            .collect();
        assert_eq!(
            shown,
            [
                "overdue late",
                "due-before soon",
                "revised quiet",
                "no-owner late",
                "no-date quiet",
                "silent quiet"
            ]
        );
    }
}
