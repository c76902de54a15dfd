//! The events of the register. Nothing is edited in place: every act is kept with who, when, why and from where.

use shiliu_text::{Date, Span, TextId};

use super::brief::Brief;
use super::details::{Detail, Details};
use super::sampling::Draw;
use super::status::{Stage, Status};
use crate::LinkVerb;

/// Who acted, when, why, and through what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Name of the person.
    pub who: String,
    /// The time (RFC 3339, universal time), read by the caller.
    pub when: String,
    /// `web`, `cli`, `api`, `import`.
    pub via: String,
    /// The reason given; may be empty.
    pub why: String,
}

/// An act that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number: 1 for the first of the register.
    pub number: i64,
    /// By whom, when, why.
    pub stamp: Stamp,
    /// What it is about: an entry (`C-0042`), a brief (`B-0003`), a spot check (`K-0001`).
    pub subject: Option<String>,
    /// The review item that it decides (`record:r-0123456789abcdef`).
    pub item: Option<String>,
    /// What was done.
    pub act: Act,
}

/// Characters of a printing that an entry rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The detail that they say; `None` for the promise itself.
    pub says: Option<Detail>,
    /// The text layer.
    pub text: TextId,
    /// The page's path.
    pub path: String,
    /// Bytes of the text, in parts where foreign text interrupts; never empty.
    pub spans: Vec<Span>,
    /// The characters of the parts, joined: verbatim.
    pub quote: String,
    /// Up to 32 characters before.
    pub before: String,
    /// Up to 32 characters after.
    pub after: String,
    /// The paper, as known when the ground was laid.
    pub paper: String,
    /// The issue date.
    pub day: String,
    /// Key of the story.
    pub story: String,
}

/// Where an entry came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A record that the machine found: its key.
    Record(String),
    /// Characters that a person selected.
    Selection,
    /// A row of a table that a desk kept: file name and row.
    Table {
        /// Name of the file.
        file: String,
        /// Its row, counted from 1 without the heading.
        row: u32,
    },
}

/// What a search found when it was made: the evidence behind "no evidence found".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What was looked for.
    pub query: String,
    /// How many pages answered.
    pub hits: u64,
    /// How many pages were held.
    pub pages: u64,
    /// Of how many papers.
    pub papers: u64,
    /// First issue date held.
    pub from: String,
    /// Last issue date held.
    pub to: String,
    /// Digest of the list of what was held.
    pub holdings: String,
}

/// A judgement of what a promise has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The status.
    pub status: Status,
    /// Interim or final.
    pub stage: Stage,
    /// The day that it speaks of.
    pub day: Date,
    /// Id of the printed rule.
    pub rule: String,
    /// Characters that bear it out.
    pub grounds: Vec<Ground>,
    /// The search that found nothing, or what it found.
    pub receipt: Option<Receipt>,
}

/// A step before the due date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What shall be done.
    pub name: String,
    /// How many days before the last day on which the promise is due.
    pub days_before: i32,
}

/// A decision on a review item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It is so.
    Accept,
    /// It is not so.
    Reject,
    /// Not enough to tell.
    Unsure,
}

impl Verdict {
    /// All.
    pub const ALL: [Verdict; 3] = [Verdict::Accept, Verdict::Reject, Verdict::Unsure];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Accept => "accept",
            Verdict::Reject => "reject",
            Verdict::Unsure => "unsure",
        }
    }

    /// The verdict of a word used in files.
    #[must_use]
    pub fn parse(word: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == word)
    }
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A promise enters the register. Where it decides a review item, it accepts it.
    Enter {
        /// What it says.
        details: Details,
        /// The characters it rests on.
        grounds: Vec<Ground>,
        /// Where it came from.
        source: Source,
    },
    /// A detail is put right; the empty text takes it away.
    Edit {
        /// Which.
        detail: Detail,
        /// The new text.
        value: String,
    },
    /// More characters that say it.
    Support(Ground),
    /// A ground is set anew after its page changed: by a person, never by itself.
    Reanchor {
        /// Place of the old ground in the entry's list.
        ground: u32,
        /// The new one.
        to: Ground,
    },
    /// What it has come to.
    Assess(Assessment),
    /// Words of somebody concerned on an assessment.
    Reply {
        /// Number of the assessment's event.
        to: i64,
        /// Whose.
        from: String,
        /// The words.
        text: String,
    },
    /// The entry restates, delivers, revises, contradicts, is part of another one.
    Relate {
        /// How.
        verb: LinkVerb,
        /// Key of the other entry.
        other: String,
    },
    /// Somebody is to follow it: a body, a ministry, a person; the empty text takes the owner away.
    Own {
        /// Who.
        owner: String,
    },
    /// Steps before the due date; they replace those before.
    Plan {
        /// The steps.
        steps: Vec<Step>,
    },
    /// Somebody was asked.
    Ask {
        /// Who.
        whom: String,
        /// What.
        about: String,
        /// By when an answer is hoped for.
        by: Option<Date>,
    },
    /// The answer came.
    Answer {
        /// Number of the asking event.
        to: i64,
        /// The words.
        text: String,
    },
    /// A remark.
    Note {
        /// The words.
        text: String,
    },
    /// A problem was found.
    Find {
        /// What.
        problem: String,
        /// Who mends it.
        mender: String,
    },
    /// It was mended.
    Mend {
        /// Number of the finding's event.
        finding: i64,
        /// How.
        how: String,
    },
    /// It was looked at again.
    Recheck {
        /// Number of the finding's event.
        finding: i64,
        /// Whether the mending holds.
        holds: bool,
    },
    /// A review item is decided.
    Decide(Verdict),
    /// A reader from outside says that something is wrong: becomes a review item, to be answered.
    Submit {
        /// Name of the reader, as given.
        from: String,
        /// What is wrong.
        text: String,
        /// What it is about: an entry, a record, a page.
        about: String,
    },
    /// A sample was drawn to be checked against the pages.
    Draw(Draw),
    /// One of the sample was checked.
    Check {
        /// Key of the entry or record.
        key: String,
        /// Accept: the page says so; reject: it does not; unsure: the page cannot tell.
        verdict: Verdict,
    },
    /// A brief was issued: what it said is kept as it was.
    Issue(Brief),
    /// An earlier event no longer holds. Undoing an undo brings the event back.
    Undo {
        /// Its number.
        event: i64,
    },
}

impl Act {
    /// The word under which it is kept.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Act::Enter { .. } => "enter",
            Act::Edit { .. } => "edit",
            Act::Support(_) => "support",
            Act::Reanchor { .. } => "reanchor",
            Act::Assess(_) => "assess",
            Act::Reply { .. } => "reply",
            Act::Relate { .. } => "relate",
            Act::Own { .. } => "own",
            Act::Plan { .. } => "plan",
            Act::Ask { .. } => "ask",
            Act::Answer { .. } => "answer",
            Act::Note { .. } => "note",
            Act::Find { .. } => "find",
            Act::Mend { .. } => "mend",
            Act::Recheck { .. } => "recheck",
            Act::Decide(_) => "decide",
            Act::Submit { .. } => "submit",
            Act::Draw(_) => "draw",
            Act::Check { .. } => "check",
            Act::Issue(_) => "issue",
            Act::Undo { .. } => "undo",
        }
    }
}
