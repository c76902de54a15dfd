//! The maker's own words (`grammar/witnesses.txt`).

use std::collections::BTreeMap;

use crate::corpus::text::{Grammars, Language};
use crate::pages::cell::is_han;
use crate::rng::Rng;

/// Word lists of the maker.
#[derive(Clone, Debug)]
pub struct Words {
    lists: BTreeMap<&'static str, Vec<&'static str>>,
    /// Frames around sentences, one a line.
    pub(super) frames: Vec<&'static str>,
    /// Characters and two-character words to misread as.
    pub(super) han: Vec<char>,
    pub(super) han_words: Vec<[char; 2]>,
    /// Names by their rule in the grammar.
    pub(super) states: Vec<String>,
    pub(super) capitals: Vec<String>,
    pub(super) leaders: Vec<String>,
    /// Texts of stories.
    pub(super) grammars: Grammars,
}

impl Default for Words {
    fn default() -> Words {
        let mut lists: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut frames = Vec::new();
        for line in include_str!("../../grammar/witnesses.txt").lines() {
            let Some((key, rest)) = line.split_once(": ").filter(|_| !line.starts_with('#')) else {
                continue;
            };
            if key == "frame" {
                frames.push(rest);
            } else {
                lists.entry(key).or_default().extend(rest.split_whitespace());
            }
        }
        let grammars = Grammars::default();
        let zh = grammars.of(Language::Zh);
        let mut han: Vec<char> = zh.texts().flat_map(str::chars).filter(|one| is_han(*one)).collect();
        han.sort_unstable();
        han.dedup();
        let mut han_words: Vec<[char; 2]> = zh
            .texts()
            .filter_map(|text| {
                let mut characters = text.chars();
                let pair = [characters.next()?, characters.next()?];
                pair.iter().all(|one| is_han(*one)).then_some(pair)
            })
            .collect();
        han_words.sort_unstable();
        han_words.dedup();
        let names = |rule: &str| -> Vec<String> {
            let day = crate::grammar::IssueDay { year: 2031, month: 5, day: 9 };
            let mut writer = crate::corpus::text::writer(zh, Rng::new(77, 7), day);
            let mut names: Vec<String> = (0..200).map(|_| writer.write(rule)).collect();
            names.sort();
            names.dedup();
            names
        };
        let (states, capitals, leaders) = (names("state"), names("statecap"), names("leader"));
        Words { lists, frames, han, han_words, states, capitals, leaders, grammars }
    }
}

impl Words {
    /// A list of single characters.
    pub(super) fn characters(&self, key: &str) -> Vec<char> {
        self.lists.get(key).into_iter().flatten().filter_map(|word| word.chars().next()).collect()
    }

    /// A list of pairs.
    pub(super) fn pairs(&self, key: &str) -> Vec<(Vec<char>, Vec<char>)> {
        let split = |word: &&str| {
            let (one, other) = word.split_once('=')?;
            Some((one.chars().collect(), other.chars().collect()))
        };
        self.lists.get(key).into_iter().flatten().filter_map(split).collect()
    }
}
