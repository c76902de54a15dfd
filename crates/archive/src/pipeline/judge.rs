//! What the collation asks the world above, answered from the rule data and the rest of the input.

use std::collections::{HashMap, HashSet};

use shiliu_collate::{Judge, Story, Substance, Witness, collate};
use shiliu_extract::MentionKind;
use shiliu_lang::{CharacterModel, Pack, Profile, Section, is_han};
use shiliu_text::{Fold as _, Outcome};

/// Collates texts that came without pages, with the same judge as the pipeline.
#[must_use]
pub fn collate_texts(witnesses: &[Witness], pack: &Pack) -> Outcome<Story> {
    collate(witnesses, pack, &DataJudge::new(pack, None, &Attested::default()))
}

/// In how many families each run of three folded characters is printed. Printings of one story count once:
/// what a story prints in ten papers is no evidence for its own wording.
#[derive(Debug, Default)]
pub(super) struct Attested {
    families: HashMap<[char; 3], u32>,
}

/// Texts beyond this many bytes add nothing: the counts say which of two wordings is usual, and that is settled
/// long before.
const MOST_TEXT: usize = 64 << 20;

impl Attested {
    /// Counts over families given as their texts.
    pub(super) fn count<'t>(families: impl Iterator<Item = Vec<&'t str>>, pack: &Pack) -> Attested {
        let mut attested = Attested::default();
        let mut taken = 0;
        for texts in families {
            let mut seen: HashSet<[char; 3]> = HashSet::new();
            for text in texts {
                taken += text.len();
                let folded: Vec<char> = text.chars().filter_map(|c| pack.fold_char(c)).collect();
                for run in folded.windows(3) {
                    let run = [run[0], run[1], run[2]];
                    if seen.insert(run) {
                        *attested.families.entry(run).or_default() += 1;
                    }
                }
            }
            if taken > MOST_TEXT {
                break;
            }
        }
        attested
    }

    /// How usual `reading` is between its neighbours in other families: the mean, over the runs of three
    /// characters that touch it, of the logarithm of how many other families print the run.
    fn usual(&self, left: &[char], reading: &[char], right: &[char]) -> i32 {
        let mut whole = left[left.len().saturating_sub(2)..].to_vec();
        whole.extend(reading);
        whole.extend(&right[..right.len().min(2)]);
        let others = |run: &[char]| self.families.get(&[run[0], run[1], run[2]]).copied().unwrap_or(0);
        let logs: Vec<i32> = whole.windows(3).map(|run| log_of_more(others(run).saturating_sub(1))).collect();
        match i32::try_from(logs.len()) {
            Ok(runs) if runs > 0 => logs.iter().sum::<i32>() / runs,
            _ => 0,
        }
    }
}

/// Thousandths of the natural logarithm of 1 + n, for small n; a table, so that it is the same everywhere.
fn log_of_more(n: u32) -> i32 {
    const STEPS: [i32; 10] = [0, 693, 1099, 1386, 1609, 1792, 1946, 2079, 2197, 2303];
    let index = usize::try_from(n).unwrap_or(usize::MAX);
    STEPS.get(index).copied().unwrap_or_else(|| 693 * i32::try_from((n + 1).ilog2()).unwrap_or(31))
}

/// Answers from rule data and from what else was read.
pub(super) struct DataJudge<'a> {
    pack: &'a Pack,
    attested: &'a Attested,
    /// Pairs of glyphs that are printed or recognised for one another, with their closeness in milli-nats.
    alike: HashMap<(char, char), i32>,
    /// Names and fixed terms of the profile and the rule data, by their first character.
    terms: HashMap<char, Vec<String>>,
    negations: Vec<String>,
    /// Characters that write foreign names by their sound.
    transliteration: HashSet<char>,
}

/// So many characters in a row that write sounds are a foreign name.
const TRANSLITERATED_FROM: usize = 3;
/// What a reading is worth that completes a known name or fixed term.
const FIXED_TERM: i32 = 2500;
/// Milli-nats in an eighth of a bit, times a thousand: the unit of the character model.
const EIGHTH_OF_A_BIT: i32 = 86_643;
/// At a mark nearly anything follows nearly anything: so many thousandths of what the model says count.
const AT_A_MARK: i32 = 150;
/// Shorter names of a profile (one-character forms of states) prove nothing.
const SHORTEST_TERM: usize = 3;

/// The words of a class in all word lists with the columns `class` and `words`.
fn words_of_class<'p>(pack: &'p Pack, tables: &[&'p str], class: &str) -> Vec<&'p str> {
    let mut words = Vec::new();
    for name in tables {
        for (_, table) in pack.tables(name) {
            let (Some(kind), Some(list)) = (table.column("class"), table.column("words")) else { continue };
            let rows = table.rows.iter().filter(|row| row[kind] == class);
            words.extend(rows.flat_map(|row| row[list].split_whitespace()));
        }
    }
    words
}

impl<'a> DataJudge<'a> {
    pub(super) fn new(pack: &'a Pack, profile: Option<&Profile>, attested: &'a Attested) -> DataJudge<'a> {
        let mut alike = HashMap::new();
        for (_, table) in pack.tables("look_alikes") {
            for row in &table.rows {
                let glyph = |at: usize| row.get(at).and_then(|cell| cell.chars().next());
                let weight = row.get(2).and_then(|cell| cell.parse().ok()).unwrap_or(1500);
                if let (Some(one), Some(other)) = (glyph(0), glyph(1)) {
                    alike.insert((one, other), weight);
                    alike.insert((other, one), weight);
                }
            }
        }
        let mut terms: HashMap<char, Vec<String>> = HashMap::new();
        let entries = profile
            .into_iter()
            .flat_map(|profile| Section::ALL.into_iter().flat_map(move |section| profile.entries(section)));
        let mut known: Vec<String> =
            entries.flat_map(|entry| entry.all_names()).map(|(_, name)| name.to_owned()).collect();
        known.retain(|name| name.chars().count() >= SHORTEST_TERM);
        known.sort();
        known.dedup();
        for name in known {
            if let Some(first) = name.chars().next() {
                terms.entry(first).or_default().push(name);
            }
        }
        let negations =
            words_of_class(pack, &["actors"], "negation").into_iter().map(str::to_owned).collect();
        let transliteration =
            words_of_class(pack, &["persons"], "transliteration").into_iter().flat_map(str::chars).collect();
        DataJudge { pack, attested, alike, terms, negations, transliteration }
    }

    /// Whether a known name stands in `text` over some of the bytes `from..to`.
    fn names_over(&self, text: &str, from: usize, to: usize) -> bool {
        text.char_indices().take_while(|(at, _)| *at < to.max(from + 1)).any(|(at, first)| {
            self.terms.get(&first).into_iter().flatten().any(|name| {
                let end = at + name.len();
                text[at..].starts_with(name.as_str())
                    && (at < to && from < end || from == to && at < from && from < end)
            })
        })
    }

    /// Whether the bytes `from..to` lie in a run of characters that write the sounds of a foreign name.
    fn transliterated(&self, text: &str, from: usize, to: usize) -> bool {
        let sounds = |one: &char| self.transliteration.contains(one);
        let inner = &text[from..to];
        if !inner.chars().all(|one| sounds(&one)) {
            return false;
        }
        let before = text[..from].chars().rev().take_while(sounds).count();
        let after = text[to..].chars().take_while(sounds).count();
        before + inner.chars().count() + after >= TRANSLITERATED_FROM
    }
}

/// Log-odds that two ends of text belong together, from how much likelier the second is behind the first: the shares of
/// joints so likely among true and false ones of the made development texts. A true joint that the model never met is
/// nearly as unlikely as a false one.
fn joined(likelier: i32) -> i32 {
    const EVEN: i32 = -1500;
    let beyond = likelier - EVEN;
    if beyond > 0 { beyond * 800 / 1000 } else { beyond * 300 / 1000 }
}

impl Judge for DataJudge<'_> {
    fn reliability(&self, _witness: &Witness) -> i32 {
        // Odds of 99.3 to 0.7: what two printings of one story differ in on ordinary pages.
        5000
    }

    fn confusable(&self, printed: char, meant: char) -> i32 {
        self.alike.get(&(printed, meant)).copied().unwrap_or(0)
    }

    fn attested(&self, left: &str, reading: &str, right: &str) -> i32 {
        let fold = |text: &str| text.chars().filter_map(|c| self.pack.fold_char(c)).collect::<Vec<char>>();
        let usual = self.attested.usual(&fold(left), &fold(reading), &fold(right));
        let text = format!("{left}{reading}{right}");
        let fixed = self.names_over(&text, left.len(), left.len() + reading.len());
        usual + if fixed { FIXED_TERM } else { 0 }
    }

    fn reads_on(&self, left: &str, right: &str) -> i32 {
        let is_chinese = |text: &str| text.chars().any(is_han);
        if !is_chinese(left) || !is_chinese(right) {
            return 0;
        }
        let model = CharacterModel::chinese();
        let characters = |text: &str| text.chars().collect::<Vec<char>>();
        let (end, beginning) = (model.end_of(&characters(left)), model.beginning_of(&characters(right)));
        let likelier = model.across(&end, &beginning) * EIGHTH_OF_A_BIT / 1000;
        let inner = |one: Option<char>| one.is_some_and(char::is_alphanumeric);
        if inner(left.chars().next_back()) && inner(right.chars().next()) {
            joined(likelier)
        } else {
            likelier * AT_A_MARK / 1000
        }
    }

    fn worded(&self, left: &str, reading: &str, right: &str) -> Option<i32> {
        let is_chinese = |one: Option<char>| one.is_some_and(is_han);
        if !reading.chars().all(is_han)
            || !(is_chinese(left.chars().next_back()) || is_chinese(right.chars().next()))
        {
            return None;
        }
        // A reading may be as long as a lost stretch.
        let rarity = i64::from(CharacterModel::chinese().rarity_of(left, reading, right));
        i32::try_from(rarity * i64::from(-EIGHTH_OF_A_BIT) / 1000).ok()
    }

    fn substantive(&self, left: &str, reading: &str, right: &str) -> Option<Substance> {
        let text = format!("{left}{reading}{right}");
        let (from, to) = (left.len(), left.len() + reading.len());
        // What a difference of no length touches is what it stands inside of.
        let touches = |start: usize, end: usize| {
            if from == to { start < from && to < end } else { start < to && from < end }
        };
        let mut found: Option<Substance> = None;
        let mut add = |one: Substance| found = Some(found.map_or(one, |known| known.min(one)));
        if reading.chars().any(char::is_numeric) {
            add(Substance::Number);
        }
        for mention in shiliu_extract::mentions(&text, None, self.pack).value {
            let range = mention.span.range();
            if touches(range.start, range.end) {
                add(match mention.kind {
                    MentionKind::Date | MentionKind::DateRange | MentionKind::Datetime => Substance::Date,
                    _ => Substance::Number,
                });
            }
        }
        if self.names_over(&text, from, to) || !reading.is_empty() && self.transliterated(&text, from, to) {
            add(Substance::Name);
        }
        let negated =
            |word: &String| text.match_indices(word.as_str()).any(|(at, _)| touches(at, at + word.len()));
        if self.negations.iter().any(negated) {
            add(Substance::Negation);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wording_is_attested_by_other_stories_only() {
        let pack = Pack::load(shiliu_lang::builtin()).value;
        let own = vec!["两镇商定修一条大路通到海边", "两镇商定修一条大道通到海边"];
        let others = [vec!["他们修一条大路通向山里"], vec!["再修一条大路通往港口"]];
        let all = std::iter::once(own).chain(others);
        let attested = Attested::count(all, &pack);
        let judge = DataJudge::new(&pack, None, &attested);
        assert!(judge.attested("修一条大", "路", "通到海边") > judge.attested("修一条大", "道", "通到海边"));
        assert_eq!(judge.attested("修一条大", "道", "通到海边"), 0);
    }

    #[test]
    fn a_reading_as_long_as_a_lost_stretch_is_weighed_without_overflow() {
        let pack = Pack::load(shiliu_lang::builtin()).value;
        let attested = Attested::count(std::iter::empty::<Vec<&str>>(), &pack);
        let judge = DataJudge::new(&pack, None, &attested);
        let weighed = judge.worded("修一条", &"龘靐齉".repeat(400), "大路").unwrap();
        assert!(weighed < judge.worded("修一条", "宽", "大路").unwrap());
    }
}
