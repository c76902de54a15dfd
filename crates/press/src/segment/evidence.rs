//! What the pages themselves say about which words go together: character runs seen elsewhere (does the text on
//! both sides of a seam occur unbroken in another place?) and the subject words of each unit.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use shiliu_lang::{CharacterModel, CutSpace, Dictionary, Subject, SubjectModel};

use super::characters::Characters;
use super::names::Names;
use super::pairs::{Known, Pairs};
use super::repeats::{Repeats, WORDING};
use super::wording::{Edge, row_of, together};

/// So much information is looked at before its amount counts, in thousandths of a bit.
const FREE: i32 = 1500;
/// What a word inside wording that two units print tells, in thousandths.
const IN_WORDING: i32 = 180;

/// A hasher for keys that are hashes already.
#[derive(Debug, Default)]
pub(super) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (value >> 29);
    }
}

pub(super) type Map<V> = HashMap<u64, V, BuildHasherDefault<Mixed>>;

fn key(characters: &[char]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ characters.len() as u64;
    for character in characters {
        hash = (hash ^ u64::from(*character as u32)).wrapping_mul(0x0000_0100_0000_01b3);
        hash ^= hash >> 31;
    }
    hash
}

/// Characters of a run that is no chance wherever it stands.
const PHRASE: usize = 6;
/// No more characters of all pages together are taken for [`Phrases`]: a table of 8,388,608 places of nine bytes.
const MOST_PHRASES: usize = 4_000_000;

/// Runs of six characters that stand in a line of any of the pages given together: what one page says of a matter others
/// say in the same words, and seldom are two columns joined inside a line. Only a run with half of it on either side of a
/// seam counts: of many pages shorter ends agree by chance.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    seen: HashSet<u64, BuildHasherDefault<Mixed>>,
    counted: usize,
}

impl Phrases {
    /// Whether no more are taken.
    pub(super) fn is_full(&self) -> bool {
        self.counted >= MOST_PHRASES
    }

    /// Takes the runs of one line, as far as there is room.
    pub(super) fn add(&mut self, line: &str) {
        let solid = line.chars().filter(|character| !character.is_whitespace());
        let characters: Vec<char> = solid.take(MOST_PHRASES.saturating_sub(self.counted)).collect();
        self.counted += characters.len();
        self.seen.extend(characters.windows(PHRASE).map(key));
    }
}

/// Runs of 2, 3, 4 and 6 characters that occur inside units.
#[derive(Default)]
pub(super) struct Runs {
    seen: Pairs,
    phrases: Arc<Phrases>,
    between: RefCell<Between>,
}

/// What was found for pairs of units, by their places: the same pair is asked for many times.
#[derive(Default)]
struct Between {
    /// How many units have a row and a column of their own.
    size: usize,
    rows: Vec<i32>,
    /// For pairs of other units.
    others: Map<i32>,
}

/// Nothing was found yet.
const UNASKED: i32 = i32::MIN;
/// On pages with no more units each has a row: a table of two megabytes.
const ROWS: usize = 700;

impl Between {
    fn cell(&mut self, left: usize, right: usize) -> &mut i32 {
        if left.max(right) < self.size {
            return &mut self.rows[left * self.size + right];
        }
        self.others.entry((left as u64) << 32 | right as u64).or_insert(UNASKED)
    }
}

/// No more characters than this are counted: more evidence does not decide better, and memory stays bounded.
const COUNTED: usize = 400_000;

impl Runs {
    /// Takes the runs of the given texts, up to a bound.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t [char]>, phrases: &Arc<Phrases>) -> Runs {
        let mut counted = 0;
        let taken = texts.take_while(|text| {
            let room = counted <= COUNTED;
            counted += text.len();
            room
        });
        Runs { seen: Pairs::of(taken), phrases: Arc::clone(phrases), between: RefCell::default() }
    }

    /// Makes room for what is found for pairs of so many units.
    pub(super) fn for_units(mut self, units: usize) -> Runs {
        let size = if units <= ROWS { units } else { 0 };
        let between = self.between.get_mut();
        (between.size, between.rows) = (size, vec![UNASKED; size * size]);
        self
    }

    /// What the characters at the end of a unit and at the beginning of another one say, by their places; found once.
    pub(super) fn between(&self, left: usize, right: usize, find: impl FnOnce() -> i32) -> i32 {
        let known = *self.between.borrow_mut().cell(left, right);
        if known != UNASKED {
            return known;
        }
        let found = find();
        *self.between.borrow_mut().cell(left, right) = found;
        found
    }

    /// The runs over a cut that stand unbroken elsewhere.
    fn known(&self, left: &[char], right: &[char]) -> Known {
        let mut known = self.seen.known(left, right);
        if let ([.., a, b, c], [d, e, f, ..]) = (left, right)
            && !known.holds((3, 3))
            && self.phrases.seen.contains(&key(&[*a, *b, *c, *d, *e, *f]))
        {
            known.add_run((3, 3));
        }
        known
    }

    /// The longest run of characters over a cut that stands unbroken elsewhere: 0 none, 1 two characters, 2 three,
    /// 3 four, 4 six.
    pub(super) fn over(&self, left: &[char], right: &[char]) -> usize {
        let found = self.known(left, right);
        let known = |splits: &[(usize, usize)]| splits.iter().any(|taken| found.holds(*taken));
        if known(&[(3, 3), (2, 4), (4, 2)]) {
            4
        } else if known(&[(2, 2), (3, 1), (1, 3)]) {
            3
        } else if known(&[(2, 1), (1, 2)]) {
            2
        } else {
            usize::from(known(&[(1, 1)]))
        }
    }

    /// How much the characters on both sides of a seam look like unbroken text, in thousandths of a bit.
    pub(super) fn seam(&self, left: &[char], right: &[char]) -> i32 {
        let (Some(last), Some(first)) = (left.last(), right.first()) else { return 0 };
        let known = self.known(left, right);
        if known.holds((3, 3)) {
            return 9000;
        }
        let fours = [(2, 2), (3, 1), (1, 3)].iter().filter(|taken| known.holds(**taken)).count();
        let letters = last.is_alphanumeric() && first.is_alphanumeric();
        if fours > 0 {
            return if letters { 5000 + 1000 * i32::try_from(fours).unwrap_or(0) } else { 3000 };
        }
        if !letters {
            return 0;
        }
        let threes = [(2, 1), (1, 2)].iter().filter(|taken| known.holds(**taken)).count();
        match threes {
            2 => 4500,
            1 => 3500,
            _ if known.holds((1, 1)) => 1500,
            _ => -1000,
        }
    }
}

/// The network's word counts no more than this, in thousandths of a bit.
const MOST_TOGETHER: i32 = 14_000;

/// What is known of one kind of cut, in thousandths of a bit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SeamOdds {
    /// Log odds by the longest run over the cut that stands elsewhere.
    pub runs: [i32; 5],
    /// What each bit of the character model adds where it speaks against the cut, and where it speaks for it.
    pub slopes: [i32; 2],
    /// The same for each bit of the network that sees more of both sides.
    pub joints: [i32; 2],
}

impl SeamOdds {
    /// The log odds with the character model's word, in eighths of a bit, and the network's, in thousandths.
    fn of(&self, run: usize, across: i32, together: i32) -> i32 {
        let together = together.clamp(-MOST_TOGETHER, MOST_TOGETHER);
        self.runs[run]
            + across * self.slopes[usize::from(across > 0)] / 8
            + together * self.joints[usize::from(together > 0)] / 1000
    }
}

/// The row of the table for cuts with no Han on one side.
const NO_HAN: usize = 7;

/// Words that a seam may cut, from `lang/`.
#[derive(Default)]
pub(super) struct Words {
    /// Two-character words.
    pairs: Map<()>,
    /// Characters that often stand alone as words.
    alone: Vec<char>,
    /// Characters that may follow a numeral.
    after_digits: Vec<char>,
    /// Log odds of cuts, by what the dictionary says and by the runs of characters seen, in thousandths of a bit.
    pub(super) seams: Vec<SeamOdds>,
}

impl Words {
    /// The words of the given rows of a table: field name, then words with spaces between.
    pub(super) fn of<'t>(rows: impl Iterator<Item = (&'t str, &'t str)>) -> Words {
        let mut words = Words::default();
        for (field, list) in rows {
            for word in list.split(' ') {
                let mut characters = word.chars();
                match (field, characters.next(), characters.next(), characters.next()) {
                    ("alone", Some(one), None, _) => words.alone.push(one),
                    ("after_digits", Some(one), None, _) => words.after_digits.push(one),
                    (_, Some(first), Some(second), None) => {
                        words.pairs.insert(key(&[first, second]), ());
                    }
                    _ => {}
                }
            }
        }
        words.alone.sort_unstable();
        words.after_digits.sort_unstable();
        words
    }

    fn pair(&self, first: char, second: char) -> bool {
        self.pairs.contains_key(&key(&[first, second]))
    }

    fn stands_alone(&self, character: char) -> bool {
        self.alone.binary_search(&character).is_ok()
    }

    /// Whether a text ends inside a word, as far as the words known tell.
    pub(super) fn breaks_off(&self, text: &[char]) -> bool {
        let [.., before, last] = text else { return false };
        is_han(*before) && is_han(*last) && !self.pair(*before, *last) && !self.stands_alone(*last)
    }

    /// Whether a seam looks like one inside a word or between words, in thousandths of a bit.
    pub(super) fn seam(&self, left: &[char], right: &[char]) -> i32 {
        let (Some(&last), Some(&first)) = (left.last(), right.first()) else { return 0 };
        if last.is_ascii_digit() {
            let fits = first.is_ascii_digit()
                || matches!(first, '.' | '%' | '％' | '．')
                || self.after_digits.binary_search(&first).is_ok();
            return if fits { 2500 } else { -3500 };
        }
        if !is_han(last) || !is_han(first) {
            return 0;
        }
        let before = left.len().checked_sub(2).map(|at| left[at]);
        let ends_word = before.is_some_and(|before| self.pair(before, last));
        let starts_word = right.get(1).is_some_and(|second| self.pair(first, *second));
        if self.pair(last, first) {
            return match (ends_word, starts_word) {
                (false, false) => 5500,
                (true, true) => 500,
                _ => 2500,
            };
        }
        let whole = [ends_word || self.stands_alone(last), starts_word || self.stands_alone(first)];
        match whole.iter().filter(|whole| **whole).count() {
            2 => 0,
            1 => -800,
            _ => -2000,
        }
    }
}

/// What the characters on both sides of a cut say, with the help of the dictionary and the character model where Han
/// stands near.
pub(super) fn seam_evidence(
    runs: &Runs,
    words: &Words,
    (left, left_edge): (&[char], &Edge),
    (right, right_edge): (&[char], &Edge),
) -> i32 {
    if left_edge.chinese && right_edge.chinese {
        let both = left_edge.ends_in_han() && right_edge.ends_in_han();
        let row = if both { row_of(left_edge, right_edge) } else { NO_HAN };
        let across = CharacterModel::chinese().across(&left_edge.characters, &right_edge.characters);
        // The network has learned nothing of what comes behind these: anything may.
        let introduces = left.last().is_some_and(|last| matches!(last, '：' | ':' | '”' | '’' | '」' | '』'));
        let together = if introduces { 0 } else { together((left, left_edge), (right, right_edge)) };
        return words.seams.get(row).map_or(0, |odds| odds.of(runs.over(left, right), across, together));
    }
    let seen = runs.seam(left, right);
    let words = words.seam(left, right);
    if seen > 3000 || words > 3000 { seen.max(words) } else { seen + words }
}

/// Length of the character runs that show two passages to have the same wording.
const PARALLEL_RUN: usize = 9;
/// So many such runs in common, and at least a third of the shorter one's, and two units are versions of one text.
const PARALLEL_RUNS: u32 = 8;
/// A run in more units than this is a formula, not a parallel.
const FORMULA: usize = 4;

/// For each text the others that have much of its wording: an article seldom says the same twice, so they speak
/// against belonging together, however many words they share.
pub(super) fn parallels(texts: &[&[char]], repeats: &Repeats) -> Vec<Vec<usize>> {
    let mut places: Map<Vec<usize>> = Map::default();
    let mut runs: Vec<u64> = Vec::new();
    let mut begins = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        begins.push(runs.len());
        runs.extend(repeats.longer(at, PARALLEL_RUN).map(|from| key(&text[from..from + PARALLEL_RUN])));
        for run in &runs[begins[at]..] {
            let held = places.entry(*run).or_default();
            if held.last() != Some(&at) && held.len() <= FORMULA {
                held.push(at);
            }
        }
    }
    begins.push(runs.len());
    let mut found = vec![Vec::new(); texts.len()];
    for (at, text) in texts.iter().enumerate() {
        let mut shared: Vec<(usize, u32)> = Vec::new();
        for run in &runs[begins[at]..begins[at + 1]] {
            let Some(held) = places.get(run).filter(|held| held.len() > 1 && held.len() <= FORMULA) else {
                continue;
            };
            for other in held.iter().filter(|other| **other != at) {
                match shared.iter_mut().find(|(known, _)| known == other) {
                    Some((_, count)) => *count += 1,
                    None => shared.push((*other, 1)),
                }
            }
        }
        let enough = |other: usize| {
            let shorter = text.len().min(texts[other].len()).saturating_sub(PARALLEL_RUN - 1);
            PARALLEL_RUNS.max(u32::try_from(shorter).unwrap_or(u32::MAX) * 35 / 100)
        };
        let mut close: Vec<usize> = shared
            .into_iter()
            .filter(|(other, count)| *count >= enough(*other))
            .map(|(other, _)| other)
            .collect();
        close.sort_unstable();
        found[at] = close;
    }
    found
}

/// The subject words of a set of units: words of the dictionary and pairs of characters that stand alone where Han
/// is written, whole words of other scripts.
pub(super) struct Topics {
    /// For each unit its words, sorted, each once.
    words: Vec<Vec<u32>>,
    /// For each unit what it speaks of.
    subjects: Vec<Subject>,
    /// For each word how many units hold it.
    units_with: Vec<u32>,
    /// The units that hold a word, for those that stand in several, word by word, and where those of each word begin.
    holders: (Vec<u32>, Vec<u32>),
    /// For each word what it tells of the subject, in thousandths of a bit.
    tells: Vec<i32>,
    /// Its number in the model of subjects.
    numbers: Vec<Option<u32>>,
    knows_subjects: bool,
    count: u32,
    characters: Characters,
    names: Names,
}

/// What two units that share a word tell of being one story, in thousandths of a bit: by the word's part of speech
/// and rarity, counted over made and real pages (benchsuite/README.md, "Seams").
fn tells(class: char, rarity: Option<i32>, covered: bool) -> i32 {
    let rare = match rarity {
        None => 2,
        Some(160..) => 2,
        Some(120..) => 1,
        Some(_) => 0,
    };
    let figure: i32 = match (class, rare) {
        ('N', 0) => 2000,
        ('N', _) => 3300,
        ('n', 0) => 1100,
        ('n', 1) => 2000,
        ('n', _) => 3300,
        ('?', _) => 2600,
        ('v' | 'a' | 'l' | 'i' | 'j', 0) => 800,
        ('v' | 'a' | 'l' | 'i' | 'j', 1) => 1200,
        ('v' | 'a' | 'l' | 'i' | 'j', _) => 2600,
        (_, 2) => 1500,
        _ => 300,
    };
    if covered && class != 'N' { figure * IN_WORDING / 1000 } else { figure }
}

/// So many thousandths of what the units of a page have in common are no subject of any of them. Set on pairs of pieces
/// (benchsuite/README.md, "Streams"): of all of it pages with few stories would be wronged.
const IN_COMMON: i64 = 500;

impl Topics {
    /// Collects the words of the given texts.
    pub(super) fn of(texts: &[&[char]], repeats: &Repeats) -> Topics {
        let mut topics = Topics {
            words: Vec::new(),
            subjects: Vec::new(),
            units_with: Vec::new(),
            holders: Default::default(),
            tells: Vec::new(),
            numbers: Vec::new(),
            knows_subjects: false,
            count: 0,
            characters: Characters::of(texts),
            names: Names::of(texts),
        };
        topics.count = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        // A text that stands twice is one: its copy is no formula.
        let mut runs: Map<(u64, bool)> = Map::default();
        for (at, text) in texts.iter().enumerate() {
            if repeats.of_text(at).is_empty() {
                continue;
            }
            let whole = key(text);
            for run in repeats.of_text(at) {
                let held = runs.entry(run.key).or_insert((whole, false));
                held.1 |= held.0 != whole;
            }
        }
        let mut ids: Map<u32> = Map::default();
        let mut covered: Vec<bool> = Vec::new();
        let mut space = CutSpace::default();
        for (at, text) in texts.iter().enumerate() {
            covered.clear();
            covered.resize(text.len(), false);
            for run in repeats.of_text(at) {
                if runs.get(&run.key).is_some_and(|(_, twice)| *twice) {
                    covered[run.at..run.at + WORDING].fill(true);
                }
            }
            let mut found: Vec<u32> = Vec::with_capacity(text.len());
            let mut start = 0;
            while start < text.len() {
                let han = is_han(text[start]);
                if !han && !text[start].is_alphabetic() {
                    start += 1;
                    continue;
                }
                let same = |c: &char| if han { is_han(*c) } else { c.is_alphabetic() && !is_han(*c) };
                let end = text[start..].iter().position(|c| !same(c)).map_or(text.len(), |n| start + n);
                if han {
                    topics.han_words((&mut ids, &mut space), text, &covered, (start, end), &mut found);
                } else if end - start > 3 {
                    // Endings inflect: the first six letters stand for the word.
                    let word = &text[start..end.min(start + 6)];
                    found.push(topics.word(&mut ids, word, Dictionary::chinese().place(word), 2600));
                }
                start = end;
            }
            found.sort_unstable();
            found.dedup();
            found.iter().for_each(|word| topics.units_with[*word as usize] += 1);
            let numbers = found.iter().filter_map(|word| topics.numbers[*word as usize]);
            let subject = SubjectModel::chinese().sum(numbers);
            topics.knows_subjects |= !subject.is_unknown();
            topics.subjects.push(subject);
            topics.words.push(found);
        }
        topics.list_holders();
        topics
    }

    /// Takes from what each unit speaks of a part of what they all speak of, each by its length: on a page about one meeting
    /// that tells no report from another.
    pub(super) fn set_apart(&mut self, texts: &[&[char]]) {
        let weights = texts.iter().map(|text| u32::try_from(text.len()).unwrap_or(u32::MAX));
        let common = Subject::common(self.subjects.iter().zip(weights));
        self.subjects.iter_mut().for_each(|subject| subject.lessen(&common, IN_COMMON));
    }

    fn list_holders(&mut self) {
        let (mut begins, mut sum) = (Vec::with_capacity(self.units_with.len() + 1), 0);
        for count in &self.units_with {
            begins.push(sum);
            sum += if *count >= 2 { *count } else { 0 };
        }
        begins.push(sum);
        let mut units = vec![0; sum as usize];
        let mut next = begins.clone();
        for (unit, words) in (0..).zip(&self.words) {
            for word in words.iter().filter(|word| self.units_with[**word as usize] >= 2) {
                units[next[*word as usize] as usize] = unit;
                next[*word as usize] += 1;
            }
        }
        self.holders = (units, begins);
    }

    /// The units that hold a word, in order; none where there is but one.
    pub(super) fn units_that_hold(&self, word: u32) -> &[u32] {
        let (units, begins) = &self.holders;
        &units[begins[word as usize] as usize..begins[word as usize + 1] as usize]
    }

    fn han_words(
        &mut self,
        (ids, space): (&mut Map<u32>, &mut CutSpace),
        text: &[char],
        covered: &[bool],
        (start, end): (usize, usize),
        found: &mut Vec<u32>,
    ) {
        let mut at = start;
        let mut single_before = false;
        Dictionary::chinese().cut_each(&text[start..end], space, |word| {
            let length = word.length;
            let inside = covered[at..at + length].iter().all(|covered| *covered);
            if length > 1 {
                let figure = tells(word.class, word.rarity, inside);
                found.push(self.word(ids, &text[at..at + length], word.place, figure));
            } else if single_before {
                let pair = &text[at - 1..=at];
                let place = Dictionary::chinese().place(pair);
                found.push(self.word(ids, pair, place, tells('?', None, inside)));
            }
            single_before = length == 1;
            at += length;
        });
    }

    /// The number of a word; what begins words of the dictionary is known by its `place` there.
    fn word(&mut self, ids: &mut Map<u32>, characters: &[char], place: Option<u32>, tells: i32) -> u32 {
        let next = u32::try_from(self.tells.len()).unwrap_or(u32::MAX);
        let id = *ids.entry(place.map_or_else(|| key(characters), u64::from)).or_insert(next);
        if id == next {
            let model = SubjectModel::chinese();
            self.units_with.push(0);
            self.tells.push(tells);
            self.numbers.push(match place {
                Some(place) => model.number_at(place, characters),
                None => model.number(&characters.iter().collect::<String>()),
            });
        } else if let Some(known) = self.tells.get_mut(id as usize) {
            // Where it stands in wording of its own it tells more.
            *known = (*known).max(tells);
        }
        id
    }

    /// The words of one unit.
    pub(super) fn words(&self, unit: usize) -> &[u32] {
        &self.words[unit]
    }

    /// The words of several units, each once.
    pub(super) fn words_of(&self, units: impl IntoIterator<Item = usize>) -> Vec<u32> {
        let mut words: Vec<u32> =
            units.into_iter().flat_map(|unit| self.words(unit).iter().copied()).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// Whether the page is in a language whose words have vectors.
    pub(super) fn knows_subjects(&self) -> bool {
        self.knows_subjects
    }

    /// The characters of the units.
    pub(super) fn characters(&self) -> &Characters {
        &self.characters
    }

    /// The names that the units have.
    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// What one unit speaks of.
    pub(super) fn subject(&self, unit: usize) -> &Subject {
        &self.subjects[unit]
    }

    /// What several units speak of together.
    pub(super) fn subject_of(&self, units: impl IntoIterator<Item = usize>) -> Subject {
        let mut subject = Subject::default();
        units.into_iter().for_each(|unit| subject.add(&self.subjects[unit]));
        subject
    }

    /// By how much the words that `part` shares with `whole` (`size` units) exceed what chance gives, in
    /// thousandths of a bit, divided by the square root of how many words were looked at.
    pub(super) fn excess(&self, whole: &[u32], size: usize, part: &[u32]) -> i32 {
        let mut at = 0;
        self.excess_where(size, part, |word| {
            while at < whole.len() && whole[at] < word {
                at += 1;
            }
            at < whole.len() && whole[at] == word
        })
    }

    /// As [`Topics::excess`]; `shares` tells whether the whole holds a word.
    fn excess_where(&self, size: usize, part: &[u32], mut shares: impl FnMut(u32) -> bool) -> i32 {
        let mut sum = 0_i64;
        for word in part.iter().filter(|word| self.tells_anything(**word)) {
            let (without, with) = self.told_by(*word, size);
            sum += if shares(*word) { with } else { without };
        }
        self.weighed(part).of(sum)
    }

    /// Whether a word stands in more than one unit.
    pub(super) fn tells_anything(&self, word: u32) -> bool {
        self.units_with[word as usize] >= 2
    }

    /// What a word tells that a whole of `size` units does not hold, and what it tells where the whole holds it.
    pub(super) fn told_by(&self, word: u32, size: usize) -> (i64, i64) {
        let others = i64::from(self.count.saturating_sub(1)).max(1);
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let with = self.units_with[word as usize];
        let tells = i64::from(self.tells[word as usize]);
        let chance = (1000 * size * i64::from(with.saturating_sub(1)) / others).min(1000);
        (-(tells * chance / 1000), tells * (1000 - chance) / 1000)
    }

    /// How much the words of a part tell by themselves.
    pub(super) fn weighed(&self, part: &[u32]) -> Weighed {
        let telling = part.iter().filter(|word| self.tells_anything(**word));
        let looked_at: i64 = telling.map(|word| i64::from(self.tells[*word as usize])).sum();
        // Words of one sentence are not independent of each other.
        let root = square_root((looked_at + i64::from(FREE)) * 10_000 / TELLS_UNIT);
        Weighed { looked_at, root }
    }

    /// The words of one unit without those of units that have much of its wording: these would only say again
    /// that the two are versions of one text.
    pub(super) fn own_words(&self, unit: usize, parallels: &[usize]) -> Vec<u32> {
        let mut words = self.words[unit].clone();
        for other in parallels {
            let theirs = &self.words[*other];
            words.retain(|word| theirs.binary_search(word).is_err());
        }
        words
    }

    /// How many different words there are.
    pub(super) fn vocabulary(&self) -> usize {
        self.units_with.len()
    }

    /// The share of `part`'s information that `whole` holds too, in thousandths.
    pub(super) fn share(&self, whole: &[u32], part: &[u32]) -> i32 {
        let (mut held, mut all) = (0_i64, 0_i64);
        let mut at = 0;
        for word in part {
            let weight = i64::from(self.tells[*word as usize]).max(1);
            all += weight;
            while at < whole.len() && whole[at] < *word {
                at += 1;
            }
            if at < whole.len() && whole[at] == *word {
                held += weight;
            }
        }
        if all == 0 { 0 } else { i32::try_from(held * 1000 / all).unwrap_or(0) }
    }
}

/// How much the words of a text tell by themselves.
pub(super) struct Weighed {
    looked_at: i64,
    root: i64,
}

impl Weighed {
    /// Whether no word tells anything.
    pub(super) fn is_nothing(&self) -> bool {
        self.looked_at == 0
    }

    /// What the sum of what they tell of a whole means.
    pub(super) fn of(&self, sum: i64) -> i32 {
        if self.is_nothing() { 0 } else { i32::try_from(sum * 100 / self.root.max(1)).unwrap_or(0) }
    }
}

/// So much, in thousandths of a bit, counts as one word.
const TELLS_UNIT: i64 = 2500;

pub(super) fn is_han(character: char) -> bool {
    matches!(character as u32, 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

fn square_root(value: i64) -> i64 {
    u64::try_from(value).map_or(0, |value| i64::try_from(value.isqrt()).unwrap_or(i64::MAX))
}

/// The union of two sorted lists.
pub(super) fn union(left: &[u32], right: &[u32]) -> Vec<u32> {
    let mut all = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() || j < right.len() {
        let take_left = j == right.len() || (i < left.len() && left[i] <= right[j]);
        let word = if take_left { left[i] } else { right[j] };
        i += usize::from(take_left || (i < left.len() && left[i] == word));
        j += usize::from(j < right.len() && right[j] == word);
        all.push(word);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unions_are_right() {
        assert_eq!(union(&[1, 3, 5], &[1, 2, 5, 9]), [1, 2, 3, 5, 9]);
    }

    #[test]
    fn a_seam_seen_unbroken_elsewhere_scores_higher() {
        let text: Vec<char> = "各方建立会晤和对话机制，推动合作".chars().collect();
        let runs = Runs::of([text.as_slice()].into_iter(), &Arc::default());
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        assert!(
            runs.seam(&chars("领域会晤和"), &chars("对话机制"))
                > runs.seam(&chars("以学"), &chars("对话机制"))
        );
    }

    #[test]
    fn a_line_of_another_page_tells_what_goes_on() {
        let mut phrases = Phrases::default();
        phrases.add("　　两地同意 深化贸易投资、农业和能源合作");
        let runs = Runs::of([].into_iter(), &Arc::new(phrases));
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        let over = |left: &str, right: &str| runs.over(&chars(left), &chars(right));
        assert_eq!(over("将深化贸易", "投资、农业等领域"), 4);
        // Three characters on either side: fewer agree by chance.
        assert_eq!(over("易", "投资、农业等领域"), 0);
        assert_eq!(over("将深化贸易", "投产后"), 0);
        assert_eq!(over("扩大了贸易", "投资、农业等领域"), 0);
    }
}
