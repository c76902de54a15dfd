//! What a decision on a review item leads to. Looking decides nothing; one decision is one event.

use rusqlite::Connection;
use shiliu_ledger::register::{Act, Assessment, Details, Source, Stage, Stamp, Status, Verdict};
use shiliu_text::{Date, Span};

use super::{Draft, Item, Kept, Trouble, append, chain, refused};
use crate::store::corrections::{self, Anchor, Correction, Decision, Provenance};
use crate::store::read::PageText;
use crate::store::{Reader, StoreError, Writer};

/// A person's answer to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// It is so, it is not so, not enough to tell.
    pub verdict: Verdict,
    /// Where the item offers several (readings, places of the words on the new page, printings of which one is of
    /// another story): which one, from 0.
    pub choice: Option<usize>,
    /// Details put right while a candidate is accepted.
    pub edits: Details,
}

impl From<Verdict> for Answer {
    fn from(verdict: Verdict) -> Answer {
        Answer { verdict, choice: None, edits: Details::default() }
    }
}

/// What an answer leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    /// The event.
    pub draft: Draft,
    /// What is put right between the stages (a reading chosen, printings kept apart): takes effect when the archive
    /// is read again.
    pub decisions: Vec<Decision>,
}

/// What was kept of answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// The events, one for each answer.
    pub kept: Vec<Kept>,
    /// Whether something was put right that takes effect at the next [`Writer::refresh`].
    pub corrected: bool,
}

/// Printings of one story that are kept apart pairwise; of more a person names the foreign one.
const PAIRWISE: usize = 8;

impl Reader {
    /// What an answer to an item leads to.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where there is no such item, or an acceptance leaves open which of several it
    /// means; what the database gives.
    pub fn consequence(&self, key: &str, answer: &Answer, stamp: Stamp) -> Result<Consequence, StoreError> {
        let refusal = |words: &str| StoreError::Refused(format!("{key}: {words}"));
        let item = self.item(key)?.ok_or_else(|| refusal("there is no such item any more"))?;
        let mut decisions = Vec::new();
        let decided = (None, Act::Decide(answer.verdict));
        let (subject, act) = match (&item, answer.verdict) {
            (Item::Join { story }, Verdict::Reject) => {
                decisions = self.apart(story, answer.choice)?;
                decided
            }
            (_, Verdict::Reject | Verdict::Unsure) => decided,
            (Item::Status { entry, grounds, .. }, Verdict::Accept) => {
                let day = grounds.iter().filter_map(|ground| Date::parse(&ground.day)).max();
                let day = day.or_else(|| Date::parse(stamp.when.get(..10).unwrap_or_default()));
                let assessment = Assessment {
                    status: Status::Delivered,
                    // A report is not the end of the matter: a person makes it final.
                    stage: Stage::Interim,
                    day: day.ok_or_else(|| refusal("the report has no day"))?,
                    rule: Status::Delivered.rule().to_owned(),
                    grounds: grounds.clone(),
                    receipt: None,
                };
                (Some(entry.clone()), Act::Assess(assessment))
            }
            (Item::Candidate { record }, Verdict::Accept) => {
                let suggestion =
                    self.suggestion(record)?.ok_or_else(|| refusal("there is no such record any more"))?;
                if suggestion.entered.is_empty() {
                    let mut details = suggestion.details;
                    answer.edits.iter().for_each(|(detail, value)| details.set(detail, value));
                    let source = Source::Record(suggestion.record);
                    (None, Act::Enter { details, grounds: suggestion.grounds, source })
                } else {
                    decided
                }
            }
            (Item::Link { verb, from, to }, Verdict::Accept) => {
                let there = self.entry(from)?.is_some_and(|view| {
                    view.entry.relations.iter().any(|known| known.value == (*verb, to.clone()))
                });
                if there {
                    decided
                } else {
                    (Some(from.clone()), Act::Relate { verb: *verb, other: to.clone() })
                }
            }
            (Item::Page { entry, ground, found, .. }, Verdict::Accept) => {
                let chosen = match (answer.choice, found.as_slice()) {
                    (Some(choice), _) => found.get(choice),
                    (None, [only]) => Some(only),
                    (None, _) => None,
                };
                let to = chosen
                    .cloned()
                    .ok_or_else(|| refusal("say which place: the words stand at several, or at none"))?;
                (Some(entry.clone()), Act::Reanchor { ground: *ground, to })
            }
            (Item::Reading { story, locus }, Verdict::Accept) => {
                let printed = self.reading_anchor(story, *locus, answer.choice)?.ok_or_else(|| {
                    refusal("say which reading: the place is decided already, moved, or has fewer readings")
                })?;
                decisions.push(Decision::Reading { printed });
                decided
            }
            (Item::Outside { .. }, Verdict::Accept) if stamp.why.trim().is_empty() => {
                return Err(refusal("a correction from outside is answered: say what was done"));
            }
            (Item::Join { .. } | Item::Lost { .. } | Item::Outside { .. }, Verdict::Accept) => decided,
        };
        if let (Item::Outside { .. }, Verdict::Reject) = (&item, answer.verdict)
            && stamp.why.trim().is_empty()
        {
            return Err(refusal("a correction from outside is answered: say why it is not taken"));
        }
        let draft = Draft { stamp, subject, item: Some(key.to_owned()), act };
        Ok(Consequence { draft, decisions })
    }

    /// What keeps printings of a story apart: one of them from all others, or each from each.
    fn apart(&self, story: &str, choice: Option<usize>) -> Result<Vec<Decision>, StoreError> {
        let Some(view) = self.story(story)? else { return Ok(Vec::new()) };
        if choice.is_none() && view.witnesses.len() > PAIRWISE {
            return Err(StoreError::Refused(format!(
                "join:{story}: say which printing is of another story: there are many"
            )));
        }
        let mut anchors = Vec::new();
        for witness in &view.witnesses {
            anchors.push(self.article_anchor(&witness.article.key)?);
        }
        let mut decisions = Vec::new();
        for (index, first) in anchors.iter().enumerate() {
            for (other, second) in anchors.iter().enumerate().skip(index + 1) {
                let wanted = choice.is_none_or(|choice| choice == index || choice == other);
                if let (true, Some(first), Some(second)) = (wanted, first, second) {
                    decisions.push(Decision::Apart { first: first.clone(), second: second.clone() });
                }
            }
        }
        Ok(decisions)
    }

    /// Some characters of an article: its first ones.
    fn article_anchor(&self, key: &str) -> Result<Option<Anchor>, StoreError> {
        const CHARACTERS: usize = 24;
        let Some(article) = self.article(key)? else { return Ok(None) };
        let Some(first) = article.summary.fragments.first() else { return Ok(None) };
        let Some(page) = self.page(PageText::Path(&first.page.path))? else { return Ok(None) };
        let start = first.span.start as usize;
        let characters = page.text.get(first.span.range()).unwrap_or_default();
        let end = characters.char_indices().nth(CHARACTERS).map_or(characters.len(), |(at, _)| at);
        Ok(Anchor::new(page.page.text, &page.page.path, &page.text, Span::new(start, start + end)))
    }

    /// The characters of one reading on one printing: of the lemma where none is named.
    fn reading_anchor(
        &self,
        story: &str,
        locus: usize,
        choice: Option<usize>,
    ) -> Result<Option<Anchor>, StoreError> {
        let Some(story) = self.story(story)? else { return Ok(None) };
        let Some(locus) = story.loci.get(locus).filter(|locus| !locus.decided && locus.moved.is_none())
        else {
            return Ok(None);
        };
        let reading = locus.readings.get(choice.unwrap_or(locus.lemma));
        let Some((witness, there)) = reading.and_then(|reading| reading.witnesses.first().copied()) else {
            return Ok(None);
        };
        let Some(witness) = story.witnesses.get(witness) else { return Ok(None) };
        let Some(article) = self.article(&witness.article.key)? else { return Ok(None) };
        // The page characters behind the reading; behind an omission the point where it would stand.
        let mut found: Option<(usize, Span)> = None;
        for piece in &article.map {
            let Some((page, from)) = piece.from else { continue };
            if there.is_empty() {
                if piece.at.start <= there.start && there.start <= piece.at.end {
                    let into = if piece.verbatim { there.start - piece.at.start } else { 0 };
                    found = Some((page, Span { start: from.start + into, end: from.start + into }));
                    break;
                }
            } else if let Some(shared) = piece.at.intersect(there) {
                let part = if piece.verbatim {
                    let start = from.start + (shared.start - piece.at.start);
                    Span { start, end: start + (shared.end - shared.start) }
                } else {
                    from
                };
                found = match found {
                    None => Some((page, part)),
                    Some((known, span)) if known == page => Some((page, span.cover(part))),
                    other => other,
                };
            }
        }
        let Some((page, span)) = found else { return Ok(None) };
        let Some(page) = article.pages.get(page) else { return Ok(None) };
        let Some(view) = self.page(PageText::Path(&page.path))? else { return Ok(None) };
        Ok(Anchor::new(page.text, &page.path, &view.text, span))
    }
}

/// What stands between the way an act came and the event that a correction belongs to.
const OF_EVENT: &str = " event ";

/// A decision of an event as a correction: its number stands in `via`, so that taking the event back finds it.
fn correction(decision: Decision, stamp: &Stamp, event: i64) -> Correction {
    let Stamp { who, when, via, why } = stamp.clone();
    let provenance = Provenance { who, when, why, via: format!("{via}{OF_EVENT}{event}") };
    Correction { decision, provenance }
}

/// What taking an event back, or taking that back in its turn, means for the corrections that it led to.
fn follow(connection: &Connection, event: i64) -> Result<Vec<Decision>, Trouble> {
    // An undo of an undo brings back what the first one took: every second step.
    let (mut root, mut again) = (event, false);
    while let Some(Act::Undo { event }) = chain::one(connection, root)?.map(|target| target.act) {
        // An undo names an event before it.
        if event >= root {
            return Ok(Vec::new());
        }
        (root, again) = (event, !again);
    }
    let known = corrections::all(connection)?;
    let suffix = format!("{OF_EVENT}{root}");
    let mut made: Vec<&Decision> = Vec::new();
    for stored in known.iter().filter(|stored| stored.correction.provenance.via.ends_with(&suffix)) {
        let decision = &stored.correction.decision;
        if !matches!(decision, Decision::Undo { .. }) && !made.contains(&decision) {
            made.push(decision);
        }
    }
    let holding = |decision: &Decision| {
        let same = |stored: &&corrections::StoredCorrection| {
            stored.undone_by.is_none() && stored.correction.decision == *decision
        };
        known.iter().find(same).map(|stored| stored.number)
    };
    Ok(made
        .into_iter()
        .filter_map(|decision| match (holding(decision), again) {
            (Some(correction), false) => Some(Decision::Undo { correction }),
            (None, true) => Some(decision.clone()),
            _ => None,
        })
        .collect())
}

impl Writer {
    /// Keeps what answers lead to, one event each, and what they put right; all of it or, where one is refused, none.
    ///
    /// # Errors
    /// As [`Writer::keep`].
    pub fn settle(&mut self, consequences: Vec<Consequence>) -> Result<Settled, StoreError> {
        self.in_transaction(|connection| {
            let mut settled = Settled::default();
            for Consequence { draft, mut decisions } in consequences {
                let stamp = draft.stamp.clone();
                let undoes = match draft.act {
                    Act::Undo { event } => Some(event),
                    _ => None,
                };
                let kept = append(connection, draft)?;
                if let Some(event) = undoes {
                    decisions.extend(follow(connection, event)?);
                }
                for decision in decisions {
                    let correction = correction(decision, &stamp, kept.number);
                    if let Some(words) = corrections::add(connection, &correction)? {
                        return refused(words);
                    }
                    settled.corrected = true;
                }
                settled.kept.push(kept);
            }
            Ok(settled)
        })
    }
}
