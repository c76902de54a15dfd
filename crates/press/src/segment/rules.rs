use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shiliu_lang::{Dictionary, Pack, PatternMatch, PatternSet, Traditional};
use shiliu_text::{Layer, Span};

use super::evidence::Phrases;
use super::evidence::{SeamOdds, Words};
use super::head_lines::LineOdds;
use super::heads::HeadOdds;
use super::strips::is_space;
use crate::Page;

/// The rows of `lang/` that this stage uses, looked up once.
pub(super) struct Rules<'p> {
    pub jump: &'p PatternSet,
    pub dateline: &'p PatternSet,
    pub byline: &'p PatternSet,
    pub credit: &'p PatternSet,
    pub caption: &'p PatternSet,
    pub masthead: &'p PatternSet,
    pub furniture: &'p PatternSet,
    pub section: &'p PatternSet,
    pub notice: &'p PatternSet,
    pub finished: &'p PatternSet,
    pub deck: &'p PatternSet,
    pub opening: &'p PatternSet,
    pub kicker: &'p PatternSet,
    pub inside: &'p PatternSet,
    pub lead: &'p PatternSet,
    pub follow: &'p PatternSet,
    pub concluding: &'p PatternSet,
    pub enumerator: &'p PatternSet,
    pub item: &'p PatternSet,
    pub signature: &'p PatternSet,
    pub year: &'p PatternSet,
    pub words: Words,
    /// What tells headlines from pieces of sentences.
    pub heads: HeadOdds,
    /// What tells kicker, headline and deck apart.
    pub head_lines: LineOdds,
    /// What the pages given together say in the same words.
    pub phrases: Arc<Phrases>,
    /// What each feature of a reading is worth where other printings tell of the page.
    pub weights: Vec<i32>,
    /// The same on a page whose stories are cut into each other.
    pub broken_weights: Vec<i32>,
    /// The same on a page that comes nearly in order.
    pub ordered_weights: Vec<i32>,
    labels: BTreeMap<&'p str, u32>,
    /// What makes a number one of order where it stands before it.
    pub ordinal: char,
    /// Family names.
    surnames: BTreeSet<&'p str>,
    /// Characters that end no name of a person but of a place, a body, a thing.
    no_name_ends: BTreeSet<char>,
    traditional: Traditional,
}

impl<'p> Rules<'p> {
    pub(super) fn new(pack: &'p Pack) -> Rules<'p> {
        let mut labels = BTreeMap::new();
        if let Some(table) = pack.table("zh", "labels") {
            for row in &table.rows {
                if let [printed, value, ..] = row.as_slice()
                    && let Ok(value) = value.parse()
                {
                    labels.insert(printed.as_str(), value);
                }
            }
        }
        let mut words = pack.table("zh", "words").map_or_else(Words::default, |table| {
            Words::of(table.rows.iter().filter_map(|row| Some((row.first()?.as_str(), row.get(1)?.as_str()))))
        });
        if let Some(table) = pack.table("zh", "seams") {
            let figure = |cell: &String| cell.parse::<i32>().ok();
            let row = |row: &Vec<String>| {
                let figures: Vec<i32> = row.iter().skip(2).filter_map(figure).collect();
                let (runs, slopes) = figures.split_at_checked(5)?;
                let runs = <[i32; 5]>::try_from(runs).ok()?.map(|tenths| tenths * 100);
                let (slopes, joints) = slopes.split_at_checked(2)?;
                Some(SeamOdds { runs, slopes: slopes.try_into().ok()?, joints: joints.try_into().ok()? })
            };
            words.seams = table.rows.iter().filter_map(row).collect();
        }
        let counters = pack.table("zh", "counters").map(|table| table.rows.as_slice()).unwrap_or_default();
        let ordinal = counters.iter().find(|row| row.get(1).is_some_and(|class| class == "ordinal_before"));
        let ordinal = ordinal.and_then(|row| row.first()?.chars().next());
        let persons = pack.table("zh", "persons").map(|table| table.rows.as_slice()).unwrap_or_default();
        let of_class = |class: &'static str| {
            let rows = persons.iter().filter(move |row| row.get(1).is_some_and(|cell| cell == class));
            rows.filter_map(|row| row.get(2)).flat_map(|words| words.split(' '))
        };
        Rules {
            surnames: of_class("surname").collect(),
            no_name_ends: of_class("no-name-end").flat_map(str::chars).collect(),
            traditional: Traditional::of(pack),
            jump: pack.patterns("jump"),
            dateline: pack.patterns("dateline"),
            byline: pack.patterns("byline"),
            credit: pack.patterns("credit"),
            caption: pack.patterns("caption"),
            masthead: pack.patterns("masthead"),
            furniture: pack.patterns("furniture"),
            section: pack.patterns("section"),
            notice: pack.patterns("notice"),
            finished: pack.patterns("finished"),
            deck: pack.patterns("deck"),
            opening: pack.patterns("opening"),
            kicker: pack.patterns("kicker"),
            inside: pack.patterns("inside"),
            lead: pack.patterns("lead"),
            follow: pack.patterns("follow"),
            concluding: pack.patterns("concluding"),
            enumerator: pack.patterns("enumerator"),
            item: pack.patterns("item"),
            signature: pack.patterns("signature"),
            ordinal: ordinal.unwrap_or_default(),
            year: pack.patterns("year_mention"),
            words,
            heads: HeadOdds::of(pack),
            head_lines: LineOdds::of(pack),
            phrases: Arc::default(),
            weights: super::features::weights_of(pack, "streams"),
            broken_weights: super::features::weights_of(pack, "streams_broken"),
            ordered_weights: super::features::weights_of(pack, "streams_ordered"),
            labels,
        }
    }

    /// A page of traditional characters with simplified ones at the same places; nothing for any other page.
    pub(super) fn folded(&self, page: &Page) -> Option<Page> {
        let text = self.traditional.fold(&page.layer.text)?;
        // The spans found are those of the page's own text, and so is the identity of the layer: this page is looked at
        // and thrown away.
        Some(Page { layer: Layer { text: text.into(), ..page.layer.clone() }, ..page.clone() })
    }

    /// Whether a line holds names of persons and nothing else.
    pub(super) fn is_names(&self, line: &str) -> bool {
        let mut words =
            line.split(|c: char| is_space(c) || c == '、').filter(|word| !word.is_empty()).peekable();
        let mut count = 0;
        while let Some(word) = words.next() {
            let mut name: Vec<char> = word.chars().collect();
            // A space aligns a name of two characters.
            if let ([_], Some(given)) = (name.as_slice(), words.peek())
                && given.chars().count() == 1
            {
                name.extend(words.next().into_iter().flat_map(str::chars));
            }
            count += 1;
            if !self.is_name(&name) {
                return false;
            }
        }
        (1..=MOST_NAMES).contains(&count)
    }

    fn is_name(&self, name: &[char]) -> bool {
        let letters = name.iter().all(|character| character.is_alphabetic());
        if name.len() < 2 || !letters || name.last().is_some_and(|last| self.no_name_ends.contains(last)) {
            return false;
        }
        let begins = |characters: usize| {
            let surname: String = name.iter().take(characters).collect();
            name.len() > characters
                && name.len() <= characters + 2
                && self.surnames.contains(surname.as_str())
        };
        (begins(1) || begins(2)) && Dictionary::chinese().rarity(name).is_none()
    }

    /// The number that a label, a list number or a page number prints, in any digits.
    pub(super) fn number(&self, printed: &str) -> Option<u32> {
        let inner = printed.trim_matches(|c: char| "()（）[]【】、．. ".contains(c));
        if let Some(value) = self.labels.get(inner) {
            return Some(*value);
        }
        let digits: String = inner.chars().map(half_width).collect();
        digits.parse().ok()
    }

    /// A printed page number as section letter and number: `第三版` gives `3`, `A02版` gives `A2`.
    pub(super) fn page_number(&self, printed: &str) -> Option<String> {
        let printed = printed.split([':', '：']).next().unwrap_or(printed);
        let mut letters = String::new();
        let mut number = String::new();
        let mut words = String::new();
        for character in printed.chars().map(half_width).filter(|c| !c.is_whitespace()) {
            match character {
                'A'..='Z' | 'a'..='z' if number.is_empty() => letters.push(character.to_ascii_uppercase()),
                '0'..='9' => number.push(character),
                _ => words.push(character),
            }
        }
        let value = if number.is_empty() {
            // The longest run of the words that is a number: the page word stands before or after it.
            let characters: Vec<char> = words.chars().collect();
            let mut best = None;
            for start in 0..characters.len() {
                for end in (start + 1..=characters.len()).rev() {
                    let part: String = characters[start..end].iter().collect();
                    if let Some(value) = self.labels.get(part.as_str()) {
                        best = best.or(Some(*value));
                        break;
                    }
                }
            }
            best?
        } else {
            number.parse().ok()?
        };
        Some(format!("{letters}{value}"))
    }
}

/// More names stand in no author line.
const MOST_NAMES: usize = 4;

/// Full-width digits and letters as ASCII.
pub(super) fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        '\u{3000}' => ' ',
        _ => character,
    }
}

/// The first row (of those that `keep` takes) that hits, with its hit.
pub(super) fn first_hit<'p>(
    set: &'p PatternSet,
    text: &str,
    keep: impl Fn(&shiliu_lang::Row) -> bool,
) -> Option<PatternMatch<'p>> {
    set.likely(text).filter(|pattern| keep(pattern.row())).find_map(|pattern| pattern.find(text))
}

/// A hit's spans moved to where its text starts.
pub(super) fn shifted(span: Span, by: u32) -> Span {
    Span { start: span.start + by, end: span.end + by }
}
