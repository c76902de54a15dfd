//! What a promise has come to, on one published scale, and how that scale maps to those of others.

use std::sync::OnceLock;

/// The status that an assessment gives. There is no percent-complete: nothing printed says one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Put forward; not agreed by those it binds.
    Proposed,
    /// Agreed; nothing shows that it was begun.
    Agreed,
    /// Begun: a first step is printed.
    UnderWayEarly,
    /// Well on: the larger part is printed as done.
    UnderWaySubstantial,
    /// Done: a page says so of the whole promise.
    Delivered,
    /// Stopped for a time.
    Suspended,
    /// Given up by those who promised.
    Withdrawn,
    /// A later promise took its place.
    Superseded,
    /// Looked for, and nothing found: needs the receipt of the search. Never "not done".
    NoEvidenceFound,
}

impl Status {
    /// All, in the order of the scale.
    pub const ALL: [Status; 9] = [
        Status::Proposed,
        Status::Agreed,
        Status::UnderWayEarly,
        Status::UnderWaySubstantial,
        Status::Delivered,
        Status::Suspended,
        Status::Withdrawn,
        Status::Superseded,
        Status::NoEvidenceFound,
    ];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Proposed => "proposed",
            Status::Agreed => "agreed",
            Status::UnderWayEarly => "under-way-early",
            Status::UnderWaySubstantial => "under-way-substantial",
            Status::Delivered => "delivered",
            Status::Suspended => "suspended",
            Status::Withdrawn => "withdrawn",
            Status::Superseded => "superseded",
            Status::NoEvidenceFound => "no-evidence-found",
        }
    }

    /// The status of a word used in files.
    #[must_use]
    pub fn parse(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Id of the printed rule under which the status is given; its text stands in the words of the interface.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Status::Proposed => "status.proposed.1",
            Status::Agreed => "status.agreed.1",
            Status::UnderWayEarly => "status.under-way-early.1",
            Status::UnderWaySubstantial => "status.under-way-substantial.1",
            Status::Delivered => "status.delivered.1",
            Status::Suspended => "status.suspended.1",
            Status::Withdrawn => "status.withdrawn.1",
            Status::Superseded => "status.superseded.1",
            Status::NoEvidenceFound => "status.no-evidence-found.1",
        }
    }

    /// Whether nothing more is owed: such an entry is never due or overdue.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Status::Delivered | Status::Withdrawn | Status::Superseded)
    }

    /// Its row of the crosswalk.
    #[must_use]
    pub fn crosswalk(self) -> Option<&'static Crosswalk> {
        crosswalk().iter().find(|row| row.status == self)
    }
}

/// One status on the scales that others use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crosswalk {
    /// Ours.
    pub status: Status,
    /// Completion level of the Open Government Partnership's reviewers; `None` where there is no counterpart.
    pub ogp: Option<&'static str>,
    /// Score of the G20 Research Group.
    pub g20: Option<&'static str>,
    /// Code of IATI's activity status.
    pub iati: Option<&'static str>,
    /// Stage of AidData.
    pub aiddata: Option<&'static str>,
    /// What the mapping loses.
    pub lost: &'static str,
}

/// The whole crosswalk, in the order of the scale.
#[must_use]
pub fn crosswalk() -> &'static [Crosswalk] {
    static ROWS: OnceLock<Vec<Crosswalk>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let cell = |text: &'static str| (text != "-").then_some(text);
        include_str!("../../data/crosswalk.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut cells = line.split('\t');
                let status = Status::parse(cells.next()?)?;
                let mut next = || cells.next();
                let (ogp, g20, iati, aiddata) = (next()?, next()?, next()?, next()?);
                let lost = next()?;
                Some(Crosswalk {
                    status,
                    ogp: cell(ogp),
                    g20: cell(g20),
                    iati: cell(iati),
                    aiddata: cell(aiddata),
                    lost,
                })
            })
            .collect()
    })
}

/// Whether an assessment closes a period of review or stands between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Between two meetings.
    Interim,
    /// For a meeting; may still be followed by another.
    Final,
}

impl Stage {
    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Interim => "interim",
            Stage::Final => "final",
        }
    }

    /// The stage of a word used in files.
    #[must_use]
    pub fn parse(word: &str) -> Option<Stage> {
        [Stage::Interim, Stage::Final].into_iter().find(|stage| stage.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_row_and_every_empty_cell_is_explained() {
        assert_eq!(crosswalk().len(), Status::ALL.len());
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(status));
            let row = status.crosswalk().unwrap();
            assert!(!row.lost.is_empty(), "{status:?}: says what is lost");
        }
        let none = Status::NoEvidenceFound.crosswalk().unwrap();
        assert_eq!(none.ogp, Some("No Evidence Available"));
        assert_ne!(none.g20, Some("-1"), "a search that found nothing is never a failure");
    }
}
