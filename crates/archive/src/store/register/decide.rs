//! What a decision on a review item leads to. Looking decides nothing; one decision is one event.

use shiliu_ledger::register::{Act, Details, Source, Stamp, Verdict};
use shiliu_text::Span;

use super::{Draft, Item, Kept};
use crate::store::corrections::{Anchor, Correction, Decision, Provenance};
use crate::store::read::PageText;
use crate::store::{Reader, StoreError, Writer};

/// A person's answer to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// It is so, it is not so, not enough to tell.
    pub verdict: Verdict,
    /// Where the item offers several (readings, places of the words on the new page): which one, from 0.
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
    /// A reading that is chosen: takes effect when the archive is read again.
    pub correction: Option<Correction>,
}

impl Reader {
    /// What an answer to an item leads to.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where there is no such item, or an acceptance leaves open which of several it
    /// means; what the database gives.
    pub fn consequence(&self, key: &str, answer: &Answer, stamp: Stamp) -> Result<Consequence, StoreError> {
        let refused = |words: &str| StoreError::Refused(format!("{key}: {words}"));
        let item = self.item(key)?.ok_or_else(|| refused("there is no such item any more"))?;
        let mut correction = None;
        let decided = (None, Act::Decide(answer.verdict));
        let (subject, act) = match (&item, answer.verdict) {
            (_, Verdict::Reject | Verdict::Unsure) => decided,
            (Item::Candidate { record }, Verdict::Accept) => {
                let suggestion =
                    self.suggestion(record)?.ok_or_else(|| refused("there is no such record any more"))?;
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
                    .ok_or_else(|| refused("say which place: the words stand at several, or at none"))?;
                (Some(entry.clone()), Act::Reanchor { ground: *ground, to })
            }
            (Item::Reading { story, locus }, Verdict::Accept) => {
                let printed = self.reading_anchor(story, *locus, answer.choice)?.ok_or_else(|| {
                    refused("say which reading: the place is decided already, moved, or has fewer readings")
                })?;
                let Stamp { who, when, via, why } = stamp.clone();
                let provenance = Provenance { who, when, why, via };
                correction = Some(Correction { decision: Decision::Reading { printed }, provenance });
                decided
            }
            (Item::Outside { .. }, Verdict::Accept) if stamp.why.trim().is_empty() => {
                return Err(refused("a correction from outside is answered: say what was done"));
            }
            (Item::Join { .. } | Item::Lost { .. } | Item::Outside { .. }, Verdict::Accept) => decided,
        };
        if let (Item::Outside { .. }, Verdict::Reject) = (&item, answer.verdict)
            && stamp.why.trim().is_empty()
        {
            return Err(refused("a correction from outside is answered: say why it is not taken"));
        }
        let draft = Draft { stamp, subject, item: Some(key.to_owned()), act };
        Ok(Consequence { draft, correction })
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

impl Writer {
    /// Keeps what answers lead to, one event each. A chosen reading takes effect at the next
    /// [`Writer::refresh`].
    ///
    /// # Errors
    /// As [`Writer::keep`].
    pub fn settle(&mut self, consequences: Vec<Consequence>) -> Result<Vec<Kept>, StoreError> {
        for correction in consequences.iter().filter_map(|one| one.correction.as_ref()) {
            self.correct(correction)?;
        }
        self.keep_all(consequences.into_iter().map(|one| one.draft).collect())
    }
}
