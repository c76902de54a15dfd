//! An entry as its events make it. The fold is the only way to a state: the same events give the same entry.

use std::collections::BTreeSet;

use shiliu_text::Date;

use super::act::{Act, Assessment, Event, Ground, Source, Stamp, Step};
use super::calendar::last_day;
use super::details::{Detail, Details};
use super::status::{Stage, Status};
use crate::LinkVerb;

/// Something that was done, with its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated<T> {
    /// Number of the event.
    pub event: i64,
    /// By whom, when, why.
    pub stamp: Stamp,
    /// What.
    pub value: T,
}

/// A reply beside an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Whose.
    pub from: String,
    /// The words.
    pub text: String,
}

/// A question that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Whom.
    pub whom: String,
    /// About what.
    pub about: String,
    /// By when an answer is hoped for.
    pub by: Option<Date>,
    /// The answer.
    pub answer: Option<Dated<String>>,
}

/// A problem that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub problem: String,
    /// Who mends it.
    pub mender: String,
    /// How it was mended.
    pub mended: Option<Dated<String>>,
    /// Whether the mending held when it was looked at again; a mending that did not hold is open again.
    pub rechecked: Option<Dated<bool>>,
}

impl Finding {
    /// Whether somebody still has to act.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.rechecked.as_ref().is_none_or(|checked| !checked.value)
    }
}

/// An entry of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its key, given once (`C-0042`).
    pub key: String,
    /// When and by whom it was entered.
    pub entered: Dated<Source>,
    /// What it says now.
    pub details: Details,
    /// The characters it rests on: those of the record first, then those that were added.
    pub grounds: Vec<Ground>,
    /// What it has come to, oldest first.
    pub assessments: Vec<Dated<Assessment>>,
    /// Replies: number of the assessment's event, and the words.
    pub replies: Vec<(i64, Dated<Reply>)>,
    /// Relations to other entries: this one `verb`s the other.
    pub relations: Vec<Dated<(LinkVerb, String)>>,
    /// Who follows it.
    pub owner: Option<Dated<String>>,
    /// Steps before the due date.
    pub plan: Vec<Step>,
    /// Questions asked.
    pub questions: Vec<Dated<Question>>,
    /// Remarks.
    pub notes: Vec<Dated<String>>,
    /// Problems found.
    pub findings: Vec<Dated<Finding>>,
    /// Whether its entering was undone: it stays, marked.
    pub taken_back: bool,
    /// The last event on it.
    pub last: i64,
}

/// Numbers of the events that an undo in force takes back. An undo that is itself undone takes nothing back.
#[must_use]
pub fn undone(events: &[Event]) -> BTreeSet<i64> {
    let mut undone = BTreeSet::new();
    for event in events.iter().rev() {
        if let Act::Undo { event: target } = event.act
            && !undone.contains(&event.number)
        {
            undone.insert(target);
        }
    }
    undone
}

impl Entry {
    /// The entry that the events on one key make, oldest first; `None` where none of them enters it.
    #[must_use]
    pub fn fold(key: &str, events: &[Event]) -> Option<Entry> {
        let undone = undone(events);
        let mut entry: Option<Entry> = None;
        for event in events {
            if let Act::Enter { details, grounds, source } = &event.act {
                if entry.is_none() {
                    let entered =
                        Dated { event: event.number, stamp: event.stamp.clone(), value: source.clone() };
                    entry = Some(Entry {
                        key: key.to_owned(),
                        entered,
                        details: details.clone(),
                        grounds: grounds.clone(),
                        assessments: Vec::new(),
                        replies: Vec::new(),
                        relations: Vec::new(),
                        owner: None,
                        plan: Vec::new(),
                        questions: Vec::new(),
                        notes: Vec::new(),
                        findings: Vec::new(),
                        taken_back: undone.contains(&event.number),
                        last: event.number,
                    });
                }
                continue;
            }
            let Some(entry) = entry.as_mut() else { continue };
            entry.last = event.number;
            if !undone.contains(&event.number) {
                entry.apply(event);
            }
        }
        entry
    }

    fn apply(&mut self, event: &Event) {
        fn dated<T>(event: &Event, value: T) -> Dated<T> {
            Dated { event: event.number, stamp: event.stamp.clone(), value }
        }
        match &event.act {
            Act::Edit { detail, value } => self.details.set(*detail, value),
            Act::Support(ground) => self.grounds.push(ground.clone()),
            Act::Reanchor { ground, to } => {
                if let Some(known) = self.grounds.get_mut(*ground as usize) {
                    *known = to.clone();
                }
            }
            Act::Assess(assessment) => self.assessments.push(dated(event, assessment.clone())),
            Act::Reply { to, from, text } => {
                let reply = Reply { from: from.clone(), text: text.clone() };
                self.replies.push((*to, dated(event, reply)));
            }
            Act::Relate { verb, other } => self.relations.push(dated(event, (*verb, other.clone()))),
            Act::Own { owner } => {
                self.owner = (!owner.trim().is_empty()).then(|| dated(event, owner.trim().to_owned()));
            }
            Act::Plan { steps } => self.plan.clone_from(steps),
            Act::Ask { whom, about, by } => {
                let question = Question { whom: whom.clone(), about: about.clone(), by: *by, answer: None };
                self.questions.push(dated(event, question));
            }
            Act::Answer { to, text } => {
                if let Some(known) = self.questions.iter_mut().find(|known| known.event == *to) {
                    known.value.answer = Some(dated(event, text.clone()));
                }
            }
            Act::Note { text } => self.notes.push(dated(event, text.clone())),
            Act::Find { problem, mender } => {
                let finding = Finding {
                    problem: problem.clone(),
                    mender: mender.clone(),
                    mended: None,
                    rechecked: None,
                };
                self.findings.push(dated(event, finding));
            }
            Act::Mend { finding, how } => {
                if let Some(known) = self.findings.iter_mut().find(|known| known.event == *finding) {
                    known.value.mended = Some(dated(event, how.clone()));
                    known.value.rechecked = None;
                }
            }
            Act::Recheck { finding, holds } => {
                if let Some(known) = self.findings.iter_mut().find(|known| known.event == *finding) {
                    known.value.rechecked = Some(dated(event, *holds));
                }
            }
            Act::Enter { .. }
            | Act::Decide(_)
            | Act::Submit { .. }
            | Act::Draw(_)
            | Act::Check { .. }
            | Act::Issue(_)
            | Act::Undo { .. } => {}
        }
    }

    /// The assessment that holds now: the last one made.
    #[must_use]
    pub fn assessment(&self) -> Option<&Dated<Assessment>> {
        self.assessments.last()
    }

    /// The last one of a stage.
    #[must_use]
    pub fn assessment_at(&self, stage: Stage) -> Option<&Dated<Assessment>> {
        self.assessments.iter().rev().find(|known| known.value.stage == stage)
    }

    /// The status that holds now.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.assessment().map(|known| known.value.status)
    }

    /// The day on which it was said.
    #[must_use]
    pub fn said(&self) -> Option<Date> {
        Date::parse(self.details.get(Detail::Said))
    }

    /// The last day on which it is due.
    #[must_use]
    pub fn due_day(&self) -> Option<Date> {
        last_day(self.details.get(Detail::Due), self.said())
    }

    /// Whether it is overdue on a day: computed, never stored. What is closed, suspended or taken back is not.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        !self.taken_back
            && !self.status().is_some_and(|status| status.is_closed() || status == Status::Suspended)
            && self.due_day().is_some_and(|due| due < today)
    }

    /// Its steps with their days, earliest first; nothing where no due date is known.
    #[must_use]
    pub fn milestones(&self) -> Vec<(Date, &str)> {
        let Some(due) = self.due_day() else { return Vec::new() };
        let mut steps: Vec<(Date, &str)> = self
            .plan
            .iter()
            .filter_map(|step| Some((due.plus_days(step.days_before.checked_neg()?)?, step.name.as_str())))
            .collect();
        steps.sort();
        steps
    }

    /// Questions that nobody has answered.
    pub fn waiting(&self) -> impl Iterator<Item = &Dated<Question>> {
        self.questions.iter().filter(|known| known.value.answer.is_none())
    }

    /// The day of the last characters that speak of it: those of its grounds and of its assessments.
    #[must_use]
    pub fn last_evidence(&self) -> Option<&str> {
        let assessed = self.assessments.iter().flat_map(|known| &known.value.grounds);
        self.grounds
            .iter()
            .chain(assessed)
            .map(|ground| ground.day.as_str())
            .filter(|day| !day.is_empty())
            .max()
    }
}

/// Why an act on an entry cannot be kept, in one sentence for people; `None` where it can. `entry` is the state
/// that it meets.
#[must_use]
pub fn refusal(entry: Option<&Entry>, act: &Act) -> Option<String> {
    let some = |message: &str| Some(message.to_owned());
    let blank = |text: &str| text.trim().is_empty();
    if let Act::Enter { details, grounds, source } = act {
        return if entry.is_some() {
            some("the entry is there already")
        } else if blank(details.get(Detail::Words)) {
            some("an entry needs the words of the promise")
        } else if grounds.is_empty() && !matches!(source, Source::Table { .. }) {
            some("an entry rests on characters of a page: select them")
        } else {
            None
        };
    }
    let Some(entry) = entry else { return some("there is no such entry") };
    if entry.taken_back {
        return some("the entry was taken back: undo that first");
    }
    match act {
        Act::Edit { detail: Detail::Words, value } if blank(value) => {
            some("an entry needs the words of the promise")
        }
        Act::Edit { detail, value } if entry.details.get(*detail) == value.trim() => {
            Some(format!("{} says so already", detail.as_str()))
        }
        Act::Edit { detail: Detail::Due, value }
            if !blank(value) && last_day(value, entry.said()).is_none() =>
        {
            Some(format!(
                "`{value}` names no day: write 2031, 2031-06, 2031-06-17, or P2Y from the day it was said"
            ))
        }
        Act::Edit { detail: Detail::Said, value } if !blank(value) && Date::parse(value).is_none() => {
            Some(format!("`{value}` is no day: write it as 2031-06-17"))
        }
        Act::Reanchor { ground, .. } if entry.grounds.get(*ground as usize).is_none() => {
            some("the entry has no such ground")
        }
        Act::Assess(assessment) => {
            if assessment.status == Status::NoEvidenceFound && assessment.receipt.is_none() {
                some(
                    "\"no evidence found\" needs the receipt of the search: what was looked for, in what was held",
                )
            } else if assessment.grounds.is_empty() && assessment.receipt.is_none() {
                some("an assessment needs characters that bear it out, or the receipt of a search")
            } else {
                None
            }
        }
        Act::Reply { to, from, text } => {
            if !entry.assessments.iter().any(|known| known.event == *to) {
                Some(format!("event {to} is no assessment of this entry"))
            } else if blank(from) || blank(text) {
                some("a reply needs its words and whose they are")
            } else {
                None
            }
        }
        Act::Relate { other, .. } if *other == entry.key => some("an entry has no relation to itself"),
        Act::Relate { verb, other }
            if entry.relations.iter().any(|known| known.value == (*verb, other.clone())) =>
        {
            some("the relation is there already")
        }
        Act::Ask { whom, about, .. } if blank(whom) || blank(about) => {
            some("a question needs whom it goes to and what it asks")
        }
        Act::Answer { to, .. } if !entry.waiting().any(|known| known.event == *to) => {
            Some(format!("no question {to} of this entry waits for an answer"))
        }
        Act::Note { text } if blank(text) => some("the note is empty"),
        Act::Find { problem, mender } if blank(problem) || blank(mender) => {
            some("a finding needs the problem and who mends it")
        }
        Act::Mend { finding, .. } if !entry.findings.iter().any(|known| known.event == *finding) => {
            Some(format!("event {finding} is no finding of this entry"))
        }
        Act::Recheck { finding, .. } => match entry.findings.iter().find(|known| known.event == *finding) {
            None => Some(format!("event {finding} is no finding of this entry")),
            Some(known) if known.value.mended.is_none() => some("it was not mended yet"),
            Some(_) => None,
        },
        Act::Plan { steps } if steps.iter().any(|step| blank(&step.name)) => some("a step needs a name"),
        _ => None,
    }
}
