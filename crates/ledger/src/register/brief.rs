//! A brief: what the record says of a meeting, a pair of states or a day, frozen when it is issued, and what
//! changed since an earlier one.

use std::collections::{BTreeMap, BTreeSet};

use shiliu_text::Date;

use super::act::Ground;

/// Parts of a brief, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// The last day has passed and nothing closes it.
    Overdue,
    /// Due on or before the day of the meeting.
    Due,
    /// Delivered since the brief before, or at all.
    Delivered,
    /// Said again since.
    Restated,
    /// Nothing printed on it for so long.
    Silent,
    /// Printings or statements give different figures.
    Disagreeing,
    /// Entered since the brief before.
    New,
    /// Everything else that is open.
    Open,
}

impl Section {
    /// All, in order.
    pub const ALL: [Section; 8] = [
        Section::Overdue,
        Section::Due,
        Section::Delivered,
        Section::Restated,
        Section::Silent,
        Section::Disagreeing,
        Section::New,
        Section::Open,
    ];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Section::Overdue => "overdue",
            Section::Due => "due",
            Section::Delivered => "delivered",
            Section::Restated => "restated",
            Section::Silent => "silent",
            Section::Disagreeing => "disagreeing",
            Section::New => "new",
            Section::Open => "open",
        }
    }

    /// The section of a word used in files.
    #[must_use]
    pub fn parse(word: &str) -> Option<Section> {
        Section::ALL.into_iter().find(|section| section.as_str() == word)
    }
}

/// What a brief is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// A meeting by name; empty for all.
    pub meeting: String,
    /// States or bodies that must all be party to it.
    pub parties: Vec<String>,
    /// The day of the meeting: what is due by then is due.
    pub by: String,
}

/// One line: an entry as it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Every section that it stands in, in order; it is told in full in the first.
    pub sections: Vec<Section>,
    /// Key of the entry.
    pub entry: String,
    /// The promise in its own words.
    pub words: String,
    /// Who promises.
    pub actors: String,
    /// To whom.
    pub recipients: String,
    /// Due date (EDTF) and its words.
    pub due: String,
    /// The words that say by when.
    pub due_words: String,
    /// How much and of what.
    pub amount: String,
    /// Status word; empty where it was never assessed.
    pub status: String,
    /// Day of the assessment.
    pub assessed: String,
    /// Who follows it.
    pub owner: String,
    /// Day of the last printed word on it.
    pub last_evidence: String,
    /// What is remarked: the other figure, the entry that it restates.
    pub remarks: Vec<String>,
    /// Footnotes: the characters.
    pub grounds: Vec<Ground>,
}

/// A brief that was issued.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brief {
    /// Title, as given.
    pub title: String,
    /// What it is for.
    pub scope: Scope,
    /// The day as of which it speaks.
    pub day: String,
    /// Number of the last event that it knows.
    pub events: i64,
    /// Key of the brief that "since" counts from.
    pub since: Option<String>,
    /// Its lines, by entry.
    pub lines: Vec<Line>,
}

/// What makes a brief of entries: the caller gives each as a line without sections, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// The entry as a line.
    pub line: Option<Line>,
    /// The last day on which it is due.
    pub due_day: Option<Date>,
    /// Whether nothing more is owed.
    pub closed: bool,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Whether it restates or revises an earlier one, or is restated, by the event's number.
    pub restated: Option<i64>,
    /// Number of the event that entered it.
    pub entered: i64,
    /// Whether printings or statements give different figures.
    pub disagrees: bool,
}

/// How long nothing may be printed before an entry counts as silent, in days.
pub const SILENT_AFTER: i32 = 180;

impl Brief {
    /// Puts each candidate into its sections as of `today`. `since` is the brief before: what it knew is not new.
    #[must_use]
    pub fn compose(
        title: &str,
        scope: Scope,
        today: Date,
        events: i64,
        since: Option<(&str, &Brief)>,
        candidates: Vec<Candidate>,
    ) -> Brief {
        let by = Date::parse(&scope.by);
        let before = since.map_or(0, |(_, brief)| brief.events);
        let mut lines: Vec<Line> = candidates
            .into_iter()
            .filter_map(|candidate| {
                let mut line = candidate.line?;
                let mut sections = BTreeSet::new();
                let owed = !candidate.closed && !candidate.suspended;
                if owed && candidate.due_day.is_some_and(|due| due < today) {
                    sections.insert(Section::Overdue);
                } else if owed && candidate.due_day.is_some_and(|due| by.is_some_and(|by| due <= by)) {
                    sections.insert(Section::Due);
                }
                if line.status == "delivered" {
                    sections.insert(Section::Delivered);
                }
                if candidate.restated.is_some_and(|event| event > before) {
                    sections.insert(Section::Restated);
                }
                let silent = Date::parse(&line.last_evidence)
                    .is_some_and(|last| today.day_number() - last.day_number() > SILENT_AFTER);
                if owed && silent {
                    sections.insert(Section::Silent);
                }
                if candidate.disagrees {
                    sections.insert(Section::Disagreeing);
                }
                if since.is_some() && candidate.entered > before {
                    sections.insert(Section::New);
                }
                if sections.is_empty() && !candidate.closed {
                    sections.insert(Section::Open);
                }
                line.sections = sections.into_iter().collect();
                (!line.sections.is_empty()).then_some(line)
            })
            .collect();
        lines.sort_by(|a, b| a.entry.cmp(&b.entry));
        Brief {
            title: title.to_owned(),
            scope,
            day: today.to_string(),
            events,
            since: since.map(|(key, _)| key.to_owned()),
            lines,
        }
    }

    /// The lines of a section; those whose first section it is are told in full there.
    pub fn lines_of(&self, section: Section) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.sections.contains(&section))
    }
}

/// What changed on one line between two briefs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Key of the entry.
    pub entry: String,
    /// Its words in the later brief, or in the earlier one where it is gone.
    pub words: String,
    /// What was said before and after, by name (`due`, `status`, `sections`, …); for a line that is new or gone
    /// one row `line` with an empty side.
    pub fields: Vec<(&'static str, String, String)>,
}

/// What changed from one brief to a later one, by entry.
#[must_use]
pub fn compare(earlier: &Brief, later: &Brief) -> Vec<Change> {
    let by_entry = |brief: &'_ Brief| -> BTreeMap<String, Line> {
        brief.lines.iter().map(|line| (line.entry.clone(), line.clone())).collect()
    };
    let (before, after) = (by_entry(earlier), by_entry(later));
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let fields = |line: &Line| {
        let sections: Vec<&str> = line.sections.iter().map(|section| section.as_str()).collect();
        [
            ("sections", sections.join(", ")),
            ("words", line.words.clone()),
            ("actors", line.actors.clone()),
            ("recipients", line.recipients.clone()),
            ("due", line.due.clone()),
            ("amount", line.amount.clone()),
            ("status", line.status.clone()),
            ("owner", line.owner.clone()),
            ("last_evidence", line.last_evidence.clone()),
            ("grounds", line.grounds.len().to_string()),
        ]
    };
    keys.into_iter()
        .filter_map(|key| {
            let (words, changed) = match (before.get(key), after.get(key)) {
                (None, Some(line)) => (&line.words, vec![("line", String::new(), line.words.clone())]),
                (Some(line), None) => (&line.words, vec![("line", line.words.clone(), String::new())]),
                (Some(old), Some(new)) => {
                    let pairs = fields(old).into_iter().zip(fields(new));
                    let changed = pairs
                        .filter(|(old, new)| old.1 != new.1)
                        .map(|((name, old), (_, new))| (name, old, new))
                        .collect();
                    (&new.words, changed)
                }
                (None, None) => return None,
            };
            (!changed.is_empty()).then(|| Change {
                entry: key.clone(),
                words: words.clone(),
                fields: changed,
            })
        })
        .collect()
}
