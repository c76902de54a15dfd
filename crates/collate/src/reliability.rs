//! Reliability of recognisers, pooled over all stories that they printed.

use std::collections::BTreeMap;

use crate::evidence::ln_ratio;
use crate::{Cause, Judge, Story, Substance, Witness};

/// What is known of a recogniser before anything is: it counts as this many glyphs, with this many errors.
const PRIOR: (u64, u64) = (500, 9);
const LEAST: i32 = 500;
const MOST: i32 = 9000;

/// How often each engine ([`Witness::engine`]) errs, learned from the verdicts of many stories (one step of Dawid and
/// Skene's expectation-maximisation, 1979): collate with any judge, learn, collate again with [`Reliabilities::judge`].
/// Each locus counts as many errors for a witness as its reading is likely to be wrong; what a page lost, an editor
/// cut or a jump moved is nobody's misreading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reliabilities {
    /// Glyphs read and errors made, in thousandths, by engine.
    engines: BTreeMap<String, (u64, u64)>,
}

impl Reliabilities {
    /// Learns from stories; their order changes nothing.
    #[must_use]
    pub fn learn<'a>(stories: impl IntoIterator<Item = &'a Story>) -> Reliabilities {
        let mut engines: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for story in stories {
            if story.witnesses.len() < 2 {
                continue;
            }
            for (index, witness) in story.witnesses.iter().enumerate() {
                let Some(engine) = &witness.engine else { continue };
                let glyphs: usize = witness
                    .coverage
                    .iter()
                    .map(|span| span.of(&witness.text).chars().filter(|glyph| !glyph.is_whitespace()).count())
                    .sum();
                let tally = engines.entry(engine.clone()).or_default();
                tally.0 += glyphs as u64 * 1000;
                for locus in &story.loci {
                    let damage = |cause: Option<Cause>| {
                        matches!(
                            cause,
                            Some(
                                Cause::Lost
                                    | Cause::Abridgement
                                    | Cause::Jump
                                    | Cause::Punctuation
                                    | Cause::Wording
                            )
                        )
                    };
                    if locus.readings.iter().any(|reading| damage(reading.cause)) {
                        continue;
                    }
                    if let Some((reading, _)) = story.reading_of(locus, index) {
                        tally.1 += u64::from(1000 - reading.probability.min(1000));
                    }
                }
            }
        }
        Reliabilities { engines }
    }

    /// Log-odds, in milli-nats, that the witness's engine reads a glyph right; `None` for one that is not known.
    #[must_use]
    pub fn log_odds(&self, witness: &Witness) -> Option<i32> {
        let (glyphs, errors) = self.engines.get(witness.engine.as_deref()?)?;
        let (glyphs, errors) = (glyphs + PRIOR.0 * 1000, errors + PRIOR.1 * 1000);
        Some(ln_ratio(glyphs.saturating_sub(errors), errors).clamp(LEAST, MOST))
    }

    /// A judge that knows these reliabilities and asks `other` for the rest.
    #[must_use]
    pub fn judge<'a>(&'a self, other: &'a dyn Judge) -> PooledJudge<'a> {
        PooledJudge { reliabilities: self, other }
    }
}

/// A judge with pooled reliabilities; see [`Reliabilities::judge`].
#[derive(Clone, Copy)]
pub struct PooledJudge<'a> {
    reliabilities: &'a Reliabilities,
    other: &'a dyn Judge,
}

impl Judge for PooledJudge<'_> {
    fn reliability(&self, witness: &Witness) -> i32 {
        self.reliabilities.log_odds(witness).unwrap_or_else(|| self.other.reliability(witness))
    }
    fn confusable(&self, printed: char, meant: char) -> i32 {
        self.other.confusable(printed, meant)
    }
    fn attested(&self, left: &str, reading: &str, right: &str) -> i32 {
        self.other.attested(left, reading, right)
    }
    fn substantive(&self, left: &str, reading: &str, right: &str) -> Option<Substance> {
        self.other.substantive(left, reading, right)
    }
    fn reads_on(&self, left: &str, right: &str) -> i32 {
        self.other.reads_on(left, right)
    }
    fn worded(&self, left: &str, reading: &str, right: &str) -> Option<i32> {
        self.other.worded(left, reading, right)
    }
}
