//! How often each witness errs and in which way, learned from the story itself.
//!
//! With three witnesses or more this is expectation-maximisation in the manner of Dawid and Skene (1979): verdicts
//! give errors, weighted by their probability; errors give rates; rates give verdicts. Two witnesses cannot outvote each other.
//! There the *manner* of the differences decides between two kinds of recogniser: one that reads fluently and drops
//! words (then the longer reading is nearly always right and the witness that loses more is the worse one), and
//! one that misreads glyphs and loses as often as it invents (then a difference of two says nothing).

use crate::decide::{Court, Verdict, unit_is_substitution};
use crate::evidence::{ln_ratio, probabilities};
use crate::table::NONE;
use crate::units::{Unit, UnitKind};

/// The judge's word on a witness weighs as much as this many glyphs of the story.
const PRIOR_GLYPHS: u64 = 150;
/// Shares of losses, inventions and wrong glyphs in the errors of a fluent recogniser, and of one that reads glyphs.
const FLUENT: [u64; 3] = [70, 2, 28];
const BY_GLYPH: [u64; 3] = [15, 15, 70];
/// Printings met in practice are read fluently: log-odds before any difference is seen.
const FLUENT_ODDS: i64 = 3000;
/// What is known of the errors of three and more before any is seen, in thousandths of an error.
const FIRST_ERRORS: [u64; 3] = [13_000, 500, 11_000];
/// Inventions are taken for rare until the story shows otherwise.
const FIRST_INVENTED: (u64, u64) = (5, 1000);

/// How often each witness errs, and in which way; logarithms in milli-nats.
#[derive(Clone, Debug)]
pub(crate) struct Rates {
    /// ln((1 − e) / e) of each witness.
    pub(crate) right: Vec<i64>,
    /// ln of the share of losses in its errors.
    pub(crate) lost: i64,
    /// ln of the share of inventions.
    pub(crate) invented: i64,
    /// ln of the share of wrong glyphs.
    pub(crate) wrong: i64,
    /// ln of how much likelier a second error is where one is than elsewhere: some words are hard for all.
    pub(crate) clump: i64,
}

/// How a candidate departs from the lemma.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Departure {
    less: bool,
    more: bool,
    other: bool,
    letters: bool,
}

impl Rates {
    /// Rates to begin with: from plain majorities, or from the manner of the differences.
    pub(crate) fn first(court: &Court<'_>, units: &[Unit], verdicts: &[Verdict], given: &[i64]) -> Rates {
        if court.witnesses.len() <= 2 {
            let fluent = fluency(court, units);
            return Rates::of_two(given.to_vec(), fluent);
        }
        let voted: Vec<Verdict> = verdicts
            .iter()
            .map(|verdict| {
                let all: usize = verdict.candidates.iter().map(|candidate| candidate.witnesses.len()).sum();
                let share = |count: usize| u32::try_from(count * 1000 / all.max(1)).unwrap_or(0);
                let votes: Vec<usize> =
                    verdict.candidates.iter().map(|candidate| candidate.witnesses.len()).collect();
                Verdict {
                    candidates: verdict.candidates.clone(),
                    probabilities: votes.iter().map(|count| share(*count)).collect(),
                    terms: Vec::new(),
                    lemma: (0..votes.len()).max_by_key(|&at| (votes[at], std::cmp::Reverse(at))).unwrap_or(0),
                    foreign: verdict.foreign,
                    conjecture: None,
                }
            })
            .collect();
        let mut rates = Rates::learn(court, units, &voted, given);
        rates.invented = i64::from(ln_ratio(FIRST_INVENTED.0, FIRST_INVENTED.1));
        rates
    }

    fn of_two(right: Vec<i64>, fluent: u64) -> Rates {
        let share = |kind: usize| {
            i64::from(ln_ratio(FLUENT[kind] * fluent + BY_GLYPH[kind] * (1000 - fluent), 100_000))
        };
        Rates { right, lost: share(0), invented: share(1), wrong: share(2), clump: 0 }
    }

    /// Rates from the verdicts so far, each error weighted by its probability.
    pub(crate) fn learn(court: &Court<'_>, units: &[Unit], verdicts: &[Verdict], given: &[i64]) -> Rates {
        let two = given.len() <= 2;
        // In thousandths of an error.
        let mut errors = vec![0u64; given.len()];
        let [mut lost, mut invented, mut wrong] = FIRST_ERRORS;
        // Pairs of witnesses that depart from the lemma at one unit.
        let mut both = 0u64;
        for (unit, verdict) in units.iter().zip(verdicts) {
            if unit.kind != UnitKind::Glyphs {
                continue;
            }
            let lemma = verdict.candidates[verdict.lemma].witnesses[0];
            let outside: usize = verdict
                .candidates
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != verdict.lemma)
                .flat_map(|(_, candidate)| &candidate.witnesses)
                .filter(|witness| unit.silent[**witness].is_none())
                .count();
            both += (outside * outside.saturating_sub(1) / 2) as u64;
            for (at, candidate) in verdict.candidates.iter().enumerate() {
                let is_lemma = at == verdict.lemma;
                let from = departure(court, unit, candidate.witnesses[0], lemma);
                let doubt = u64::from(1000 - verdict.probabilities[at].min(1000));
                // Of two witnesses only a loss tells who erred.
                let telling = match (two, is_lemma) {
                    (true, true) => is_loss(court, unit),
                    (true, false) => from.letters && from.less && !from.more && !from.other,
                    (false, true) => true,
                    (false, false) => from.letters,
                };
                for witness in &candidate.witnesses {
                    if unit.silent[*witness].is_some() && candidate.text.is_empty() {
                        continue;
                    }
                    errors[*witness] += if telling { doubt } else { 0 };
                    if !is_lemma && from.letters {
                        lost += u64::from(from.less) * doubt;
                        invented += u64::from(from.more) * doubt;
                        wrong += u64::from(from.other) * doubt;
                    }
                }
            }
        }
        let fluent = if two { fluency(court, units) } else { 0 };
        let right = given
            .iter()
            .enumerate()
            .map(|(witness, given)| {
                let glyphs = court.streams[witness].glyphs.len() as u64;
                let prior = PRIOR_GLYPHS * error_share(*given) / 1000;
                // A loss is about half of a fluent recogniser's errors, and tells nothing of another's.
                let seen = if two { errors[witness] * 2 * fluent / 1000 } else { errors[witness] };
                let wrong = seen + prior.max(200);
                let all = (glyphs + PRIOR_GLYPHS) * 1000;
                i64::from(ln_ratio(all.saturating_sub(wrong).max(1), wrong)).clamp(500, 9000)
            })
            .collect();
        if two {
            return Rates::of_two(right, fluent);
        }
        let clump = clump(court, &right, both);
        let all = lost + invented + wrong;
        let share = |part: u64| i64::from(ln_ratio(part, all));
        Rates { right, lost: share(lost), invented: share(invented), wrong: share(wrong), clump }
    }
}

/// How much more often two witnesses err at one place than if they erred independently.
fn clump(court: &Court<'_>, right: &[i64], both: u64) -> i64 {
    const MOST: i64 = 3000;
    // In millionths of an error a glyph; sums over pairs from the sum and the sum of squares.
    let shares: Vec<u64> = right.iter().map(|right| error_share(*right)).collect();
    let sum: u64 = shares.iter().sum();
    let squares: u64 = shares.iter().map(|share| share * share).sum();
    let glyphs = court.streams.iter().map(|stream| stream.glyphs.len() as u64).max().unwrap_or(0);
    let pairs = (sum * sum - squares) / 2 / 1_000_000;
    let expected = pairs * glyphs / 1000;
    // Five of each before anything is seen.
    i64::from(ln_ratio(both * 1000 + 5000, expected + 5000)).clamp(0, MOST)
}

fn departure(court: &Court<'_>, unit: &Unit, reading: usize, lemma: usize) -> Departure {
    let mut found = Departure::default();
    for column in unit.columns() {
        match (court.glyph(reading, column), court.glyph(lemma, column)) {
            (None, Some(glyph)) => {
                found.less = true;
                found.letters |= !glyph.mark;
            }
            (Some(glyph), None) => {
                found.more = true;
                found.letters |= !glyph.mark;
            }
            (Some(own), Some(meant)) if own.label != meant.label => {
                found.other = true;
                found.letters |= !own.mark;
            }
            _ => {}
        }
    }
    found
}

fn has_letters(court: &Court<'_>, unit: &Unit) -> bool {
    unit.columns().any(|column| {
        (0..court.witnesses.len())
            .find_map(|witness| court.glyph(witness, column))
            .is_some_and(|glyph| !glyph.mark)
    })
}

/// Whether a unit is a difference of letters that one side lacks.
fn is_loss(court: &Court<'_>, unit: &Unit) -> bool {
    has_letters(court, unit) && unit.columns().all(|column| court.table.column(column).contains(&NONE))
}

/// The probability, in thousandths, that two witnesses were read fluently: by how many of their differences change the
/// length.
fn fluency(court: &Court<'_>, units: &[Unit]) -> u64 {
    let ln = |fluent: u64, by_glyph: u64| i64::from(ln_ratio(fluent, by_glyph));
    let mut odds = FLUENT_ODDS;
    for unit in units.iter().filter(|unit| unit.kind == UnitKind::Glyphs) {
        if is_loss(court, unit) {
            odds += ln(FLUENT[0] + FLUENT[1], BY_GLYPH[0] + BY_GLYPH[1]);
        } else if unit_is_substitution(court, unit) && has_letters(court, unit) {
            odds += ln(FLUENT[2], BY_GLYPH[2]);
        }
    }
    u64::from(probabilities(&[odds, 0])[0])
}

/// The share of errors, in millionths, for log-odds of being right in milli-nats.
fn error_share(right: i64) -> u64 {
    // e^−right by halving steps of ln 2; between two halvings the curve is close to a line.
    let halvings = (right / 693).clamp(0, 40);
    let rest = u64::try_from(right % 693).unwrap_or(0);
    let base = 1_000_000u64 >> halvings;
    let odds = base - base * rest / (2 * 693);
    (odds * 1_000_000 / (1_000_000 + odds)).clamp(1, 500_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_errors_follows_the_odds() {
        assert_eq!(error_share(0), 500_000);
        // e^−4 / (1 + e^−4) = 0.01799, to a twentieth.
        assert!((17_100..18_900).contains(&error_share(4000)), "{}", error_share(4000));
    }
}
