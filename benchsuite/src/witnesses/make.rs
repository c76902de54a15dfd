//! A seed and a setting → a story with its printings.

use std::ops::Range;

use super::noise::{self, Rate};
use super::words::Words;
use super::{Event, MadeStory, MadeWitness, Printed, structure};
use crate::corpus::text::{Language, join, story};
use crate::grammar::IssueDay;
use crate::rng::Rng;

/// How the printings err.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// Each character by itself, all witnesses alike.
    Independent,
    /// Some places are hard for all.
    Correlated,
    /// The second witness errs a quarter as often as the others.
    Uneven,
    /// 60 % losses, 25 % substitutions, 15 % punctuation.
    DeletionHeavy,
    /// As real printings differ, with what pages do to them.
    Mixed,
    /// One block of one witness stands elsewhere, cut at sentence ends; little noise.
    MovedSentences,
    /// The same, cut in mid-sentence.
    MovedLines,
}

impl Profile {
    /// The word on the command line and in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Profile::Independent => "independent",
            Profile::Correlated => "correlated",
            Profile::Uneven => "uneven",
            Profile::DeletionHeavy => "deletion-heavy",
            Profile::Mixed => "mixed",
            Profile::MovedSentences => "moved-sentences",
            Profile::MovedLines => "moved-lines",
        }
    }
}

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// How the printings err.
    pub profile: Profile,
    /// How many printings, 2 to 32.
    pub witnesses: usize,
    /// Errors in ten thousand characters; of [`Profile::Mixed`] the most a witness may have.
    pub myriad: usize,
    /// Length of the true text, about.
    pub characters: usize,
    /// Language of the text.
    pub language: Language,
}

/// A printing in the making.
pub(super) struct Draft<'a> {
    pub(super) words: &'a Words,
    pub(super) seed: u64,
    pub(super) truth: Vec<char>,
    taken: Vec<bool>,
    events: Vec<Event>,
}

impl Draft<'_> {
    /// Whether no event touches a stretch yet (nor its neighbours, so that two events stay two).
    pub(super) fn is_free(&self, at: Range<usize>) -> bool {
        let start = at.start.saturating_sub(1);
        let end = (at.end + 1).min(self.taken.len());
        !self.taken[start..end].contains(&true)
    }

    /// Adds an event where nothing is yet.
    pub(super) fn add(&mut self, event: Event) {
        let touched = if event.at.is_empty() {
            event.at.start.saturating_sub(1)..(event.at.start + 1).min(self.taken.len())
        } else {
            event.at.clone()
        };
        if event.at.end > self.taken.len() || !self.is_free(touched.clone()) {
            return;
        }
        self.taken[touched].fill(true);
        self.events.push(event);
    }

    /// Adds a moved block; other events may stand inside it, but not at its ends.
    pub(super) fn add_move(&mut self, event: Event) {
        let to = event.moved_to.unwrap_or(event.at.end);
        let ends = [event.at.start, event.at.end, to];
        let whole = self.taken.len();
        let around = |at: usize| at.saturating_sub(2)..(at + 2).min(whole);
        if ends.iter().any(|at| self.taken[around(*at)].contains(&true)) {
            return;
        }
        for at in ends {
            self.taken[around(at)].fill(true);
        }
        self.events.push(event);
    }

    fn print(&self) -> Vec<Printed> {
        let moved = self.events.iter().find(|event| event.moved_to.is_some());
        let mut order: Vec<Range<usize>> = Vec::new();
        let whole = self.truth.len();
        match moved.map(|event| (event.at.clone(), event.moved_to.unwrap_or(whole))) {
            Some((at, to)) => order.extend([0..at.start, at.end..to, at, to..whole]),
            None => order.push(0..whole),
        }
        let mut by_start: Vec<&Event> = self.events.iter().filter(|event| event.moved_to.is_none()).collect();
        by_start.sort_by_key(|event| (event.at.start, event.at.end));
        let mut printed = Vec::with_capacity(whole);
        for range in order {
            let mut next = by_start.partition_point(|event| event.at.start < range.start);
            let mut at = range.start;
            while at < range.end || at == range.end && range.end == whole {
                match by_start.get(next).filter(|event| event.at.start == at) {
                    Some(event) => {
                        printed.extend(event.printed.iter().enumerate().map(|(nth, &character)| Printed {
                            character,
                            origin: (nth < event.at.len()).then_some(event.at.start + nth),
                        }));
                        at = event.at.end;
                        next += 1;
                    }
                    None if at < range.end => {
                        printed.push(Printed { character: self.truth[at], origin: Some(at) });
                        at += 1;
                    }
                    None => break,
                }
            }
        }
        printed
    }
}

/// A true text of about so many characters.
#[must_use]
pub fn made_text(words: &Words, seed: u64, language: Language, characters: usize) -> Vec<char> {
    let day = IssueDay { year: 2031, month: 5, day: 9 };
    let per_sentence = if language == Language::Zh { 45 } else { 110 };
    let count = characters / per_sentence + 8;
    let mut rng = Rng::new(seed, 901);
    let made = story(&words.grammars, Rng::new(seed, 900), language, day, count, count);
    let mut sentences = made.sentences;
    if language == Language::Zh {
        for (index, (text, _)) in sentences.iter_mut().enumerate() {
            if index % 3 == 1 {
                *text = framed(words, text, &mut rng);
            }
        }
    }
    let mut length = 0;
    let enough = sentences.iter().position(|(text, _)| {
        length += text.chars().count() + 1;
        length >= characters
    });
    sentences.truncate(enough.map_or(sentences.len(), |last| last + 1));
    join(language, "", &sentences).chars().collect()
}

fn framed(words: &Words, sentence: &str, rng: &mut Rng) -> String {
    let mut out = words.frames[rng.below(words.frames.len())].to_owned();
    for (slot, list) in
        [("{leader}", &words.leaders), ("{state}", &words.states), ("{statecap}", &words.capitals)]
    {
        while out.contains(slot) {
            out = out.replacen(slot, &list[rng.below(list.len())], 1);
        }
    }
    while out.contains("{n}") {
        out = out.replacen("{n}", &rng.between(2, 98).to_string(), 1);
    }
    out = out.replace("{d}", &rng.between(1, 9).to_string());
    out.replace("{s}", sentence)
}

/// Makes the story of a seed.
#[must_use]
pub fn make(words: &Words, setting: &Setting, seed: u64) -> MadeStory {
    let truth = made_text(words, seed, setting.language, setting.characters);
    let foreign = made_text(words, seed + 500_000, setting.language, 400);
    let witnesses = (0..setting.witnesses)
        .map(|number| {
            let mut rng = Rng::new(seed, 1000 + number as u64);
            let taken = vec![false; truth.len()];
            let mut draft = Draft { words, seed, truth: truth.clone(), taken, events: Vec::new() };
            let mut breaks = false;
            let rate = |myriad: usize| Rate { myriad, hard_places: setting.profile == Profile::Correlated };
            match setting.profile {
                Profile::Independent | Profile::Correlated => {
                    noise::by_character(&mut draft, rate(setting.myriad), &mut rng);
                }
                Profile::Uneven => {
                    let myriad = if number == 1 { setting.myriad / 4 } else { setting.myriad };
                    noise::by_character(&mut draft, rate(myriad), &mut rng);
                }
                Profile::DeletionHeavy => noise::deletion_heavy(&mut draft, rate(setting.myriad), &mut rng),
                Profile::Mixed => {
                    if rng.chance(25) {
                        structure::lost_foot(&mut draft, &mut rng);
                    }
                    if rng.chance(15) {
                        structure::abridge(&mut draft, &mut rng);
                    }
                    if rng.chance(10) {
                        structure::insert_foreign(&mut draft, &foreign, &mut rng);
                    }
                    if number == 0 && Rng::new(seed, 33).chance(30) {
                        structure::move_block(&mut draft, setting.witnesses == 2, &mut rng);
                    }
                    if number == 1 && Rng::new(seed, 34).chance(60) {
                        noise::wording(&mut draft, Rng::new(seed, 35).below(64));
                    }
                    let myriad = rng.between(setting.myriad / 4, setting.myriad);
                    noise::mixed(&mut draft, rate(myriad), &mut rng);
                    breaks = rng.chance(30);
                }
                Profile::MovedSentences | Profile::MovedLines => {
                    if number == 0 {
                        structure::move_block(&mut draft, setting.profile == Profile::MovedLines, &mut rng);
                    }
                    noise::mixed(&mut draft, rate(setting.myriad), &mut rng);
                }
            }
            let mut printed = draft.print();
            if breaks {
                structure::hard_breaks(&mut printed, &mut rng);
            }
            let mut events = draft.events;
            events.sort_by_key(|event| (event.at.start, event.at.end));
            MadeWitness { name: format!("w{number:02}"), printed, events }
        })
        .collect();
    MadeStory { truth, witnesses }
}
