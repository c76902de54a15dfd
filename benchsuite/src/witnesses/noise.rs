//! Errors of single characters and words. Rates are in hundredths of a percent of the characters.

use super::make::Draft;
use super::words::Words;
use super::{Event, Kind};
use crate::pages::cell::is_han;
use crate::rng::Rng;

/// Marks and what recognition makes of them.
const MARKS: [(char, &[char]); 8] = [
    ('\u{ff0c}', &['\u{3001}', ',', '\u{3002}']),
    ('\u{3002}', &['.', '\u{ff0c}']),
    ('\u{3001}', &['\u{ff0c}']),
    ('\u{2014}', &['\u{ff0d}', '-', '\u{4e00}']),
    ('\u{ff1a}', &[':', '\u{ff1b}']),
    ('\u{ff1b}', &[';', '\u{ff0c}']),
    ('\u{ff08}', &['(']),
    ('\u{ff09}', &[')']),
];

/// How often wrong characters occur, and how much witnesses share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    /// Errors in ten thousand characters.
    pub(super) myriad: usize,
    /// A tenth of the places is hard for every witness (five times the rate, the others so much less).
    pub(super) hard_places: bool,
}

/// Whether a place is hard: a property of the story.
fn is_hard(seed: u64, place: usize) -> bool {
    Rng::new(seed ^ 0x4a4d, place as u64).chance(10)
}

fn errs(rate: Rate, seed: u64, place: usize, rng: &mut Rng) -> bool {
    let hard = rate.hard_places && is_hard(seed, place);
    // 0.1 × 5e + 0.9 × 0.556e = e
    let myriad = match (rate.hard_places, hard) {
        (true, true) => rate.myriad * 5,
        (true, false) => rate.myriad * 556 / 1000,
        _ => rate.myriad,
    };
    // Finer than one in ten thousand, so that rare errors keep their rate.
    rng.below(1_000_000) < myriad * 100
}

/// A character of the same script.
fn another(words: &Words, own: char, rng: &mut Rng) -> char {
    for _ in 0..20 {
        let drawn = match own {
            '0'..='9' => char::from_digit(rng.below(10) as u32, 10).unwrap_or('0'),
            '\u{400}'..='\u{4ff}' => char::from_u32(0x430 + rng.below(32) as u32).unwrap_or(own),
            _ if own.is_ascii_alphabetic() => char::from(b'a' + rng.below(26) as u8),
            _ => words.han[rng.below(words.han.len())],
        };
        if drawn != own {
            return drawn;
        }
    }
    own
}

/// The wrong reading that several witnesses may share at a place: a property of the story.
fn usual_error(words: &Words, seed: u64, place: usize, own: char) -> char {
    another(words, own, &mut Rng::new(seed ^ 0x51f1, place as u64))
}

fn cause_of(truth: &[char], printed: &[char]) -> &'static str {
    let all = || truth.iter().chain(printed);
    if all().any(|one| one.is_ascii_digit()) {
        "number"
    } else if all().all(|one| !one.is_alphanumeric()) {
        "punctuation"
    } else {
        "misreading"
    }
}

/// Characters by themselves: 70 % substituted (half of them by the wrong reading that others share), 15 % lost, 15 % put
/// in.
pub(super) fn by_character(draft: &mut Draft<'_>, rate: Rate, rng: &mut Rng) {
    for place in 0..draft.truth.len() {
        let own = draft.truth[place];
        if own.is_whitespace() || !errs(rate, draft.seed, place, rng) {
            continue;
        }
        let usual = usual_error(draft.words, draft.seed, place, own);
        let wrong = if rng.chance(50) { usual } else { another(draft.words, own, rng) };
        let (at, printed, kind) = match rng.below(20) {
            0..=13 => (place..place + 1, vec![wrong], Kind::Substitution),
            14..=16 => (place..place + 1, Vec::new(), Kind::Omission),
            _ => (place + 1..place + 1, vec![wrong], Kind::Addition),
        };
        let cause = cause_of(&draft.truth[at.clone()], &printed);
        draft.add(Event { at, printed, kind, cause, moved_to: None });
    }
}

/// The errors of a fluent recogniser: 60 % losses, 25 % substitutions, 15 % punctuation.
pub(super) fn deletion_heavy(draft: &mut Draft<'_>, rate: Rate, rng: &mut Rng) {
    for place in 0..draft.truth.len() {
        if !errs(rate, draft.seed, place, rng) {
            continue;
        }
        match rng.below(20) {
            0..=11 => lose(draft, place, rng),
            12..=16 => misread(draft, place, rng),
            _ => mark(draft, place, rng),
        }
    }
}

/// What real printings differ in (shares of small differences as counted by hand in three pairs of printings).
pub(super) fn mixed(draft: &mut Draft<'_>, rate: Rate, rng: &mut Rng) {
    for place in 0..draft.truth.len() {
        if !errs(rate, draft.seed, place, rng) {
            continue;
        }
        match rng.below(100) {
            0..=35 => lose(draft, place, rng),
            36..=59 => mark(draft, place, rng),
            60..=76 => misread(draft, place, rng),
            77..=82 => swap(draft, place),
            83..=89 => put_in(draft, place, rng),
            90..=93 => look_alike(draft, place),
            94..=97 => number(draft, place, rng),
            _ => name(draft, place, rng),
        }
    }
}

/// The nearest place from `place` on, within reach, for which `fits`.
fn nearest(draft: &Draft<'_>, place: usize, fits: impl Fn(char) -> bool) -> Option<usize> {
    (place..(place + 120).min(draft.truth.len()))
        .find(|at| fits(draft.truth[*at]) && draft.is_free(*at..at + 1))
}

fn lose(draft: &mut Draft<'_>, place: usize, rng: &mut Rng) {
    let function = draft.words.characters("function");
    // Two in three are function words; else a character or two of a set phrase.
    let found = if rng.chance(66) {
        nearest(draft, place, |one| function.contains(&one)).map(|at| at..at + 1)
    } else {
        let length = rng.between(1, 2);
        nearest(draft, place, is_han).map(|at| at..at + length)
    };
    let Some(at) = found
        .filter(|at| draft.truth[at.start..at.end.min(draft.truth.len())].iter().all(|one| is_han(*one)))
    else {
        return;
    };
    if at.end <= draft.truth.len() {
        draft.add(Event {
            at,
            printed: Vec::new(),
            kind: Kind::Omission,
            cause: "misreading",
            moved_to: None,
        });
    }
}

/// A word for a word: one of the same story from near by, or any.
fn misread(draft: &mut Draft<'_>, place: usize, rng: &mut Rng) {
    let Some(at) = nearest(draft, place, is_han) else { return };
    let length =
        if at + 1 < draft.truth.len() && is_han(draft.truth[at + 1]) { rng.between(1, 2) } else { 1 };
    let own: Vec<char> = draft.truth[at..at + length].to_vec();
    // Half of the wrong readings are those that another witness would share.
    let mut source = if rng.chance(50) { Rng::new(draft.seed ^ 0x77a1, at as u64) } else { rng.clone() };
    rng.next_u64();
    let printed: Vec<char> = if source.chance(50) {
        let from = (at.saturating_sub(200) + source.below(400)) % draft.truth.len();
        match (from..draft.truth.len().saturating_sub(length))
            .find(|from| draft.truth[*from..from + length].iter().all(|one| is_han(*one)))
        {
            Some(from) => draft.truth[from..from + length].to_vec(),
            None => return,
        }
    } else if length == 2 {
        draft.words.han_words[source.below(draft.words.han_words.len())].to_vec()
    } else {
        vec![draft.words.han[source.below(draft.words.han.len())]]
    };
    if printed != own {
        draft.add(Event {
            at: at..at + length,
            printed,
            kind: Kind::Substitution,
            cause: "misreading",
            moved_to: None,
        });
    }
}

fn put_in(draft: &mut Draft<'_>, place: usize, rng: &mut Rng) {
    let extra = draft.words.characters("extra");
    let Some(at) = nearest(draft, place, is_han) else { return };
    let printed = vec![extra[rng.below(extra.len())]];
    // Beside the same character the place could not be told.
    if draft.truth[at] != printed[0] && draft.truth.get(at + 1) != Some(&printed[0]) {
        draft.add(Event {
            at: at + 1..at + 1,
            printed,
            kind: Kind::Addition,
            cause: "misreading",
            moved_to: None,
        });
    }
}

fn mark(draft: &mut Draft<'_>, place: usize, rng: &mut Rng) {
    let quote = |one: char| matches!(one, '\u{201c}' | '\u{201d}');
    if rng.chance(25)
        && let Some(open) = nearest(draft, place, |one| one == '\u{201c}')
        && let Some(close) = (open..draft.truth.len()).find(|at| draft.truth[*at] == '\u{201d}')
        && draft.is_free(close..close + 1)
    {
        // One speech loses both its marks.
        for at in [open, close] {
            let at = at..at + 1;
            draft.add(Event {
                at,
                printed: Vec::new(),
                kind: Kind::Omission,
                cause: "punctuation",
                moved_to: None,
            });
        }
        return;
    }
    let known = |one: char| MARKS.iter().any(|(mark, _)| *mark == one);
    let Some(at) = nearest(draft, place, |one| known(one) && !quote(one)) else { return };
    let Some((_, others)) = MARKS.iter().find(|(mark, _)| *mark == draft.truth[at]) else { return };
    let (printed, kind) = if rng.chance(25) {
        (Vec::new(), Kind::Omission)
    } else {
        (vec![others[rng.below(others.len())]], Kind::Substitution)
    };
    draft.add(Event { at: at..at + 1, printed, kind, cause: "punctuation", moved_to: None });
}

/// Two words change places.
fn swap(draft: &mut Draft<'_>, place: usize) {
    let all_han = |at: &usize| {
        *at + 4 <= draft.truth.len() && draft.truth[*at..at + 4].iter().all(|one| is_han(*one)) && {
            let mut four = draft.truth[*at..at + 4].to_vec();
            four.sort_unstable();
            four.windows(2).all(|pair| pair[0] != pair[1])
        }
    };
    let Some(at) = (place..place + 120).find(all_han) else { return };
    let t = &draft.truth;
    let printed = vec![t[at + 2], t[at + 3], t[at], t[at + 1]];
    draft.add(Event { at: at..at + 4, printed, kind: Kind::Transposition, cause: "wording", moved_to: None });
}

fn look_alike(draft: &mut Draft<'_>, place: usize) {
    let pairs = draft.words.pairs("pairs");
    let other = |one: char| {
        pairs.iter().find_map(|(a, b)| match (a[0] == one, b[0] == one) {
            (true, _) => Some(b[0]),
            (_, true) => Some(a[0]),
            _ => None,
        })
    };
    let Some(at) = nearest(draft, place, |one| other(one).is_some()) else { return };
    let printed = other(draft.truth[at]).into_iter().collect();
    draft.add(Event {
        at: at..at + 1,
        printed,
        kind: Kind::Substitution,
        cause: "look-alike",
        moved_to: None,
    });
}

fn number(draft: &mut Draft<'_>, place: usize, rng: &mut Rng) {
    let Some(at) = nearest(draft, place, |one| one.is_ascii_digit()) else { return };
    let own = draft.truth[at];
    let printed = vec![another(draft.words, own, rng)];
    draft.add(Event { at: at..at + 1, printed, kind: Kind::Substitution, cause: "number", moved_to: None });
}

/// Another name of the same kind and length.
fn name(draft: &mut Draft<'_>, place: usize, rng: &mut Rng) {
    let lists = [&draft.words.states, &draft.words.capitals, &draft.words.leaders];
    for at in place..(place + 400).min(draft.truth.len()) {
        for list in lists {
            for own in list {
                let own: Vec<char> = own.chars().collect();
                if !draft.truth[at..].starts_with(&own) {
                    continue;
                }
                let others: Vec<Vec<char>> = list
                    .iter()
                    .map(|other| other.chars().collect::<Vec<char>>())
                    .filter(|other| other.len() == own.len() && *other != own)
                    .collect();
                if others.is_empty() {
                    continue;
                }
                let printed = others[rng.below(others.len())].clone();
                let at = at..at + own.len();
                draft.add(Event { at, printed, kind: Kind::Substitution, cause: "name", moved_to: None });
                return;
            }
        }
    }
}

/// An editor's word for another, wherever it occurs.
pub(super) fn wording(draft: &mut Draft<'_>, choice: usize) {
    let pairs = draft.words.pairs("wording");
    let (own, other) = pairs[choice % pairs.len()].clone();
    for at in 0..draft.truth.len() {
        if draft.truth[at..].starts_with(&own) {
            let at = at..at + own.len();
            draft.add(Event {
                at,
                printed: other.clone(),
                kind: Kind::Substitution,
                cause: "wording",
                moved_to: None,
            });
        }
    }
}
