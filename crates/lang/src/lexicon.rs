use std::collections::BTreeMap;

use crate::fold::FoldTable;
use crate::view::{Gap, Sort, View, is_spaced_letter};
use crate::{Row, Table};

macro_rules! classes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What a word of a lexicon file can be. The file names it in its `class` column; `value` and `text`
        /// mean what the class says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Class { $($(#[$doc])* $variant,)* }

        impl Class {
            /// The class of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Class> {
                match name { $($name => Some(Class::$variant),)* _ => None }
            }

            /// The name in the files.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Class::$variant => $name,)* }
            }
        }
    };
}

classes! {
    /// A digit of a numeral written with digits, `value` 0–9.
    Digit = "digit",
    /// Multiplies the digit before it: 10, 100, 1000.
    Unit = "unit",
    /// Multiplies all before it in its section: 10^4, 10^8.
    Myriad = "myriad",
    /// Twenty or thirty in one character.
    Tens = "tens",
    /// A whole numeral in one fixed word.
    Fixed = "fixed",
    /// An unnamed digit.
    Vague = "vague",
    /// One half after a unit.
    Half = "half",
    /// The word for the decimal point.
    Point = "point",
    /// The word for a negative number.
    Minus = "minus",
    /// Stands between denominator and numerator.
    FractionOf = "fraction_of",
    /// Joins a whole number to a fraction.
    Mixed = "mixed",
    /// A dozen: multiplies what is before it.
    Pack = "pack",
    /// A word numeral that adds (twenty, five).
    Cardinal = "cardinal",
    /// A word numeral that multiplies what is before it (hundred, thousand, million), `value` the factor.
    Multiplier = "multiplier",
    /// Inside a numeral before a myriad: more than that.
    InnerMore = "inner_more",
    /// A bound before the figure, `text` its sign, or `near`.
    BoundBefore = "bound_before",
    /// A bound between number and unit.
    BoundMiddle = "bound_middle",
    /// A bound after the unit.
    BoundAfter = "bound_after",
    /// Connects two ends of a range.
    To = "to",
    /// Connects the ends where a word after the second closes the range.
    And = "and",
    /// Closes such a range.
    Between = "between",
    /// Makes the numeral after it an ordinal.
    OrdinalBefore = "ordinal_before",
    /// Makes the numeral before it an ordinal.
    OrdinalAfter = "ordinal_after",
    /// A whole ordinal, `value` its number; counts of editions follow it.
    OrdinalWord = "ordinal_word",
    /// What editions, phases, places in an order are counted in.
    Edition = "edition",
    /// A physical unit, `text` its UCUM code.
    Measure = "measure",
    /// A currency after the amount, `text` its ISO 4217 code.
    Currency = "currency",
    /// A currency before the amount.
    CurrencyBefore = "currency_before",
    /// The hundredth or tenth of a currency, `value` how many make one.
    CurrencyPart = "currency_part",
    /// Ends the name of a currency that no row lists.
    CurrencyHead = "currency_head",
    /// A percent sign or word.
    Percent = "percent",
    /// A tenth, `value` how many percent it is.
    Tenth = "tenth",
    /// A percentage point.
    PercentPoint = "percent_point",
    /// Times as much.
    Times = "times",
    /// Counts things; the thing follows.
    Counter = "counter",
    /// Counts and names the thing.
    Counted = "counted",
    /// The head of what is counted.
    Noun = "noun",
    /// Ends the words that can name a counted thing.
    NounStop = "noun_stop",
    /// A length of time, `text` its ISO 8601 designator.
    Span = "span",
    /// A counter that half, or a word for more, may part from its length of time.
    SpanCounter = "span_counter",
    /// A length of time after such a counter, `text` its ISO 8601 designator.
    SpanAfter = "span_after",
    /// An anniversary.
    Anniversary = "anniversary",
    /// Marks a year.
    YearMark = "year_mark",
    /// Marks a month.
    MonthMark = "month_mark",
    /// Marks a day.
    DayMark = "day_mark",
    /// Marks a day only after a month.
    DayMarkWeak = "day_mark_weak",
    /// Marks an hour.
    HourMark = "hour_mark",
    /// Marks a minute.
    MinuteMark = "minute_mark",
    /// Marks a second.
    SecondMark = "second_mark",
    /// A whole word for part of an hour, `value` in minutes.
    MinuteWord = "minute_word",
    /// A month by name.
    MonthName = "month_name",
    /// A weekday by name, 1 Monday … 7 Sunday.
    Weekday = "weekday",
    /// A weekday's number right after a week counted from the reference.
    WeekdayShort = "weekday_short",
    /// Comes before the number of a weekday.
    WeekdayBefore = "weekday_before",
    /// A year counted from the reference, `value` the difference.
    YearWord = "year_word",
    /// A month counted from the reference.
    MonthWord = "month_word",
    /// A day counted from the reference.
    DayWord = "day_word",
    /// A week counted from the reference.
    WeekWord = "week_word",
    /// The same year, month as the date before it.
    SameYear = "same_year",
    /// The same month.
    SameMonth = "same_month",
    /// The same day.
    SameDay = "same_day",
    /// Two or more days from the reference in one word, `value` the first, `text` how many.
    DaysWord = "days_word",
    /// Two or more years from the reference in one word, `value` the first, `text` how many.
    YearsWord = "years_word",
    /// A part of a day, `text` its fixed word; `value` is added to an hour up to 12.
    DayPart = "day_part",
    /// A day word and a part of day in one, `value` the difference, `text` the part.
    DayPartWord = "day_part_word",
    /// A part of a year (its beginning, its end), `text` the rule: `first-month`, `last-month`, `half-1` ….
    YearPart = "year_part",
    /// A part of a month, `text` the rule: `1-10`, `11-20`, `21-end`, `end` ….
    MonthPart = "month_part",
    /// A quarter after its number.
    QuarterMark = "quarter_mark",
    /// A season, `value` 21–24 as in EDTF.
    Season = "season",
    /// A decade after its two digits.
    DecadeMark = "decade_mark",
    /// A century after its number.
    CenturyMark = "century_mark",
    /// The first (`value` 1) or last (-1) so many units of a year.
    FirstPart = "first_part",
    /// What such parts are counted in, `text` `M`, `Q`, `W` or `D`.
    PartUnit = "part_unit",
    /// A weekend counted from the reference.
    WeekendWord = "weekend_word",
    /// A century counted from the reference.
    CenturyWord = "century_word",
    /// A part of the reference month in one word.
    MonthPartWord = "month_part_word",
    /// An era, `value` the year before its first one.
    Era = "era",
    /// The first year of an era.
    FirstYear = "first_year",
    /// A year of the sixty-year cycle, `value` 0–59.
    CycleYear = "cycle_year",
    /// Before a date of the lunar calendar.
    LunarBefore = "lunar_before",
    /// A month of the lunar calendar by name.
    LunarMonth = "lunar_month",
    /// A day of the lunar calendar by name, `value` 1–30 (0: the last one).
    LunarDay = "lunar_day",
    /// A leap month.
    LunarLeap = "lunar_leap",
    /// A period by name, `text` its EDTF interval.
    Period = "period",
    /// May follow a period's name and belongs to it.
    PeriodAfter = "period_after",
    /// A feast on a fixed day, `text` `MM-DD`, or `L` and the lunar day.
    Feast = "feast",
    /// From that date on, after it.
    SinceAfter = "since_after",
    /// From that date on, before it.
    SinceBefore = "since_before",
    /// Up to that date, after it.
    UntilAfter = "until_after",
    /// Up to that date, before it.
    UntilBefore = "until_before",
    /// After a date, excluding it.
    LaterAfter = "later_after",
    /// A date too vague for a value.
    VagueDate = "vague_date",
    /// Now: the day of the reference, month precision.
    Now = "now",
    /// An event that "since" can follow.
    EventNoun = "event_noun",
    /// Back from the reference, after a length of time.
    Ago = "ago",
    /// On from the reference, after a length of time.
    Hence = "hence",
    /// Up to the reference, after a length of time.
    TillNow = "till_now",
    /// Before a length of time that leads up to the reference.
    Past = "past",
    /// Before a length of time that leads on from the reference.
    Future = "future",
    /// Before a unit of time: repeated.
    Every = "every",
    /// A whole word for a repeated time, `text` its value.
    SetWord = "set_word",
    /// Speaks of the future.
    CueFuture = "cue_future",
    /// Speaks of the past.
    CuePast = "cue_past",
    /// Local time and the like, `text` `local` or an offset.
    Zone = "zone",
    /// Letters after the number of a day.
    DaySuffix = "day_suffix",
    /// A preposition before a year that stands alone.
    YearBefore = "year_before",
    /// Before an approximate date.
    AboutDate = "about_date",
    /// Stands between the parts of a date and means nothing.
    Filler = "filler",
    /// Numerals after this word are no figures (flight, licence, telephone).
    CodeBefore = "code_before",
    /// Numerals before this word are names (plant, line, document numbers).
    CodeAfter = "code_after",
    /// A phrase whose numerals are a name or an idiom (rows of `[[trap]]`).
    Trap = "trap",
    /// A character that recognition confuses with a digit: `value` the digit (10: a dash), `text` `capital`
    /// or `small` where only that letter is one.
    LookAlike = "look_alike",
    /// A digit that recognition confuses with a dash.
    DashLike = "dash_like",
    /// Between two numbers: a score.
    Versus = "versus",
    /// Numbers a picture, a table: the number after it ends there.
    Label = "label",
    /// A numeral that an ordinal count of sessions follows.
    SessionAfter = "session_after",
}

/// A set of classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ClassSet(u128);

impl ClassSet {
    /// The empty set.
    pub const NONE: ClassSet = ClassSet(0);
    /// Every class.
    pub const ALL: ClassSet = ClassSet(u128::MAX);

    /// The set of these classes.
    #[must_use]
    pub const fn of(classes: &[Class]) -> ClassSet {
        let (mut bits, mut index) = (0u128, 0);
        while index < classes.len() {
            bits |= 1 << classes[index] as u8;
            index += 1;
        }
        ClassSet(bits)
    }

    /// Whether it holds `class`.
    #[must_use]
    #[inline]
    pub const fn has(self, class: Class) -> bool {
        self.0 >> class as u8 & 1 == 1
    }

    /// Whether the two share a class.
    #[must_use]
    #[inline]
    pub const fn meets(self, other: ClassSet) -> bool {
        self.0 & other.0 != 0
    }

    /// The classes of either.
    #[must_use]
    pub const fn or(self, other: ClassSet) -> ClassSet {
        ClassSet(self.0 | other.0)
    }
}

/// One meaning of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sense {
    /// What it is.
    pub class: Class,
    /// The number it stands for, as its class says.
    pub value: i64,
    /// The text it stands for, as its class says.
    pub text: Box<str>,
    /// Language folder and word, for `--explain`.
    pub row: Box<str>,
}

/// A word found in a view.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'l> {
    /// One past its last character.
    pub end: usize,
    /// The meaning asked for.
    pub sense: &'l Sense,
}

#[derive(Clone, Debug, Default)]
struct Node {
    /// Range in `edges`, in order of their characters.
    edges: (u32, u32),
    /// Range in `senses`.
    senses: (u32, u32),
    classes: ClassSet,
    /// Classes of all words that go through this node: a walk stops where none is asked for.
    below: ClassSet,
    /// A bit for each edge's character: most characters that follow lead nowhere.
    open: u64,
}

/// The bit of a character among those of a node's edges.
#[inline]
fn bit(character: char) -> u64 {
    1 << (character as u32 % u64::BITS)
}

/// What stands in the table for one character of the basic plane.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entry {
    /// Its folded form.
    pub(crate) folded: char,
    /// The node of the words that begin with the folded form, 0 for none.
    pub(crate) first: u16,
    /// Whether recognition confuses the folded form with a digit or a dash.
    pub(crate) misread: bool,
    /// What a walk over all places of a text looks at it for.
    pub(crate) sort: Sort,
}

/// A node while the tree grows.
#[derive(Default)]
struct Growing {
    next: Vec<(char, u32)>,
    senses: (u32, u32),
    classes: ClassSet,
    below: ClassSet,
}

/// All words of all languages with what they can be, in one tree over folded characters.
///
/// Languages live side by side: words of different scripts never meet, and words of one script are asked for by
/// class. Looking up a place costs the length of the longest word that starts there.
#[derive(Clone, Debug)]
pub struct Lexicon {
    /// The root, then the nodes of all first characters, then the others.
    nodes: Vec<Node>,
    edges: Vec<(char, u32)>,
    senses: Vec<Sense>,
    entries: Box<[Entry; BASIC]>,
    /// `below` of the root and of the nodes of first characters, side by side: most places are decided by it.
    starting: Vec<ClassSet>,
    /// The digit of one stroke that a dash is confused with.
    stroke: Option<char>,
}

/// Characters that recognition confuses with digits or dashes.
const MISREAD: ClassSet = ClassSet::of(&[Class::LookAlike, Class::DashLike]);

/// How many characters the basic plane has.
const BASIC: usize = 0x1_0000;

/// Stands in the tree for white space between two words.
const BLANK: char = ' ';

impl Lexicon {
    /// Builds the tree from every table whose first columns are `word` and `class`; what cannot be used is in
    /// the second part, as (language, table, word).
    pub(crate) fn build(
        tables: &BTreeMap<(String, String), Table>,
        traps: &[Row],
        fold: &FoldTable,
    ) -> (Lexicon, Vec<(String, String, String)>) {
        let mut folded: Vec<u16> = (0..=u16::MAX).collect();
        for (code, slot) in folded.iter_mut().enumerate() {
            if let Some(character) = u32::try_from(code).ok().and_then(char::from_u32)
                && !matches!(code, 0x3400..=0x9fff | 0xac00..=0xd7ff)
            {
                *slot = u16::try_from(fold.fold(character) as u32).unwrap_or(*slot);
            }
        }
        for (from, to) in fold.singles() {
            if let (Ok(from), Ok(to)) = (u16::try_from(from as u32), u16::try_from(to as u32)) {
                folded[usize::from(from)] = to;
            }
        }
        // What one language reads otherwise goes before what its script writes.
        for wanted in ["simplified", "traditional"] {
            let rows =
                tables.iter().filter(|((_, name), _)| name == wanted).flat_map(|(_, table)| &table.rows);
            for row in rows {
                let Some(to) = row.first().and_then(|cell| cell.chars().next()) else { continue };
                for from in row.get(1).map(String::as_str).unwrap_or_default().chars() {
                    if let (Ok(from), Ok(to)) = (u16::try_from(from as u32), u16::try_from(to as u32)) {
                        folded[usize::from(from)] = to;
                    }
                }
            }
        }
        let mut lexicon = Lexicon {
            nodes: Vec::new(),
            edges: Vec::new(),
            senses: Vec::new(),
            entries: entries_of(&folded),
            starting: Vec::new(),
            stroke: None,
        };
        let mut growing = vec![Growing::default()];
        let mut refused = Vec::new();
        let mut words: Vec<(Vec<char>, Sense)> = Vec::new();
        for ((language, name), table) in tables {
            if table.columns.first().map(String::as_str) != Some("word")
                || table.columns.get(1).map(String::as_str) != Some("class")
            {
                continue;
            }
            for row in &table.rows {
                let cell = |index: usize| row.get(index).map_or("", String::as_str);
                let value = if cell(2).is_empty() { Some(0) } else { cell(2).parse().ok() };
                let (Some(class), Some(value)) = (Class::from_name(cell(1)), value) else {
                    refused.push((language.clone(), name.clone(), cell(0).to_owned()));
                    continue;
                };
                // One row may list several spellings that mean the same.
                for word in cell(0).split('|') {
                    let folded: Vec<char> = word.chars().map(|character| lexicon.fold(character)).collect();
                    let row = format!("{language}.{name}.{word}").into();
                    words.push((folded, Sense { class, value, text: cell(3).into(), row }));
                }
            }
        }
        for trap in traps {
            for word in trap.texts("words") {
                let folded: Vec<char> = word.chars().map(|character| lexicon.fold(character)).collect();
                let sense =
                    Sense { class: Class::Trap, value: 0, text: "".into(), row: trap.id.as_str().into() };
                words.push((folded, sense));
            }
        }
        let dash_like = words.iter().find(|(_, sense)| sense.class == Class::DashLike);
        lexicon.stroke = dash_like.and_then(|(word, _)| word.first().copied());
        words.sort_by(|left, right| left.0.cmp(&right.0));
        let mut at = 0;
        while at < words.len() {
            let same = words[at..].iter().take_while(|(word, _)| *word == words[at].0).count();
            let classes = words[at..at + same]
                .iter()
                .fold(ClassSet::NONE, |set, (_, sense)| set.or(ClassSet::of(&[sense.class])));
            let node = insert(&mut growing, &words[at].0, classes);
            let from = lexicon.senses.len();
            lexicon.senses.extend(words[at..at + same].iter().map(|(_, sense)| sense.clone()));
            let range = (u32::try_from(from).unwrap_or(0), u32::try_from(lexicon.senses.len()).unwrap_or(0));
            growing[node].senses = range;
            growing[node].classes = classes;
            at += same;
        }
        lexicon.settle(growing);
        (lexicon, refused)
    }

    /// Lays the grown tree out, level after level, so that what is looked at together stands together.
    fn settle(&mut self, growing: Vec<Growing>) {
        let mut order: Vec<u32> = vec![0];
        let mut next = 0;
        while next < order.len() {
            let node = &growing[order[next] as usize];
            let first_edge = u32::try_from(self.edges.len()).unwrap_or(u32::MAX);
            for &(character, child) in &node.next {
                self.edges.push((character, u32::try_from(order.len()).unwrap_or(0)));
                order.push(child);
            }
            let end = u32::try_from(self.edges.len()).unwrap_or(u32::MAX);
            self.nodes.push(Node {
                edges: (first_edge, end),
                senses: node.senses,
                classes: node.classes,
                below: node.below,
                open: node.next.iter().fold(0, |open, &(character, _)| open | bit(character)),
            });
            next += 1;
        }
        let firsts = growing[0].next.len();
        self.starting = self.nodes[..=firsts].iter().map(|node| node.below).collect();
        self.starting[0] = ClassSet::NONE;
        for entry in self.entries.iter_mut() {
            let place = self.edges[..firsts].binary_search_by_key(&entry.folded, |&(character, _)| character);
            // Words begin with fewer characters than this by far; one of a higher plane begins none.
            entry.first = place.ok().and_then(|place| u16::try_from(self.edges[place].1).ok()).unwrap_or(0);
            entry.misread = self.starting[usize::from(entry.first)].meets(MISREAD);
        }
    }

    /// The folded form of one character.
    #[must_use]
    #[inline]
    pub fn fold(&self, character: char) -> char {
        match u16::try_from(character as u32) {
            Ok(code) => self.entries[usize::from(code)].folded,
            Err(_) => character,
        }
    }

    /// What is known of a character of the basic plane.
    #[inline]
    pub(crate) fn entry(&self, code: u16) -> Entry {
        self.entries[usize::from(code)]
    }

    /// The node of the words that start with a folded character, 0 for none.
    #[inline]
    pub(crate) fn first(&self, character: char) -> u16 {
        u16::try_from(character as u32).map_or(0, |code| self.entries[usize::from(code)].first)
    }

    /// The classes of all words that start with `character`.
    #[must_use]
    #[inline]
    pub fn starting(&self, character: char) -> ClassSet {
        self.starting[usize::from(self.first(character))]
    }

    /// The classes of all words that start with the character at `at` of a view that this lexicon folded.
    #[must_use]
    #[inline]
    pub fn starting_at(&self, view: &View, at: usize) -> ClassSet {
        self.starting[usize::from(view.first(at))]
    }

    /// The classes of the words that stand at `at` in full: all those in `wanted`, of others perhaps some.
    #[must_use]
    pub fn classes_at(&self, view: &View, at: usize, wanted: ClassSet) -> ClassSet {
        let mut found = ClassSet::NONE;
        self.walk(view, at, wanted, |_, node| found = found.or(node.classes));
        found
    }

    /// Calls `found` for every node in which a word with a meaning in `wanted` ends that starts at `at`, shortest
    /// first, with the place after the word. No word goes over a paragraph break; a spaced script's word starts and
    /// ends at a word's edge.
    #[inline]
    fn walk<'l>(&'l self, view: &View, at: usize, wanted: ClassSet, mut found: impl FnMut(usize, &'l Node)) {
        let first = usize::from(view.first(at));
        if !self.starting[first].meets(wanted) {
            return;
        }
        if is_spaced_letter(view.at(at)) && is_spaced_letter(view.before(at)) && view.gap(at) == Gap::None {
            return;
        }
        let mut node = &self.nodes[first];
        let mut end = at + 1;
        loop {
            if node.classes.meets(wanted) {
                let edge = !is_spaced_letter(view.at(end - 1))
                    || !is_spaced_letter(view.at(end))
                    || view.gap(end) != Gap::None;
                if edge {
                    found(end, node);
                }
            }
            if node.open == 0 {
                return;
            }
            let character = view.at(end);
            let gap = view.gap(end);
            if gap == Gap::Paragraph {
                return;
            }
            if gap != Gap::None && is_spaced_letter(character) && is_spaced_letter(view.at(end - 1)) {
                match self.step(node, BLANK) {
                    Some(next) => node = next,
                    None => return,
                }
            }
            match self.step(node, character) {
                Some(next) if next.below.meets(wanted) => node = next,
                _ => return,
            }
            end += 1;
        }
    }

    /// Calls `found` for every meaning in `wanted` of every word that starts at `at`, shortest first. No word
    /// goes over a paragraph break; a spaced script's word starts and ends at a word's edge.
    pub fn each<'l>(&'l self, view: &View, at: usize, wanted: ClassSet, mut found: impl FnMut(Hit<'l>)) {
        self.walk(view, at, wanted, |end, node| {
            for sense in self.senses_of(node).iter().filter(|sense| wanted.has(sense.class)) {
                found(Hit { end, sense });
            }
        });
    }

    fn senses_of(&self, node: &Node) -> &[Sense] {
        &self.senses[node.senses.0 as usize..node.senses.1 as usize]
    }

    /// The longest word that starts at `at` with a meaning in `wanted`; of several meanings, the first one.
    #[must_use]
    #[inline]
    pub fn longest<'l>(&'l self, view: &View, at: usize, wanted: ClassSet) -> Option<Hit<'l>> {
        // Most characters begin no such word.
        if self.starting_at(view, at).meets(wanted) { self.longest_from(view, at, wanted) } else { None }
    }

    fn longest_from<'l>(&'l self, view: &View, at: usize, wanted: ClassSet) -> Option<Hit<'l>> {
        let mut best: Option<(usize, &Node)> = None;
        self.walk(view, at, wanted, |end, node| best = Some((end, node)));
        let (end, node) = best?;
        let sense = self.senses_of(node).iter().find(|sense| wanted.has(sense.class))?;
        Some(Hit { end, sense })
    }

    /// The meaning of the one character at `at` in a class, wherever it stands in a word.
    pub(crate) fn word_anywhere(&self, view: &View, at: usize, class: Class) -> Option<&Sense> {
        let node = &self.nodes[usize::from(view.first(at))];
        self.senses_of(node).iter().find(|sense| sense.class == class)
    }

    /// The digit that a dash is confused with.
    pub(crate) fn dash_like(&self) -> Option<char> {
        self.stroke
    }

    /// The longest word of one class that starts at `at`.
    #[must_use]
    #[inline]
    pub fn word<'l>(&'l self, view: &View, at: usize, class: Class) -> Option<Hit<'l>> {
        self.longest(view, at, ClassSet::of(&[class]))
    }

    #[inline]
    fn step(&self, node: &Node, character: char) -> Option<&Node> {
        /// Up to so many edges are looked through one after the other.
        const FEW: usize = 8;
        if node.open & bit(character) == 0 {
            return None;
        }
        let next = &self.edges[node.edges.0 as usize..node.edges.1 as usize];
        let place = if next.len() <= FEW {
            next.iter().position(|&(known, _)| known == character)?
        } else {
            next.binary_search_by_key(&character, |&(known, _)| known).ok()?
        };
        Some(&self.nodes[next[place].1 as usize])
    }
}

/// The table of characters, each with its folded form.
fn entries_of(folded: &[u16]) -> Box<[Entry; BASIC]> {
    let mut entries = Box::new([Entry::default(); BASIC]);
    for (code, (entry, folded)) in (0..).zip(entries.iter_mut().zip(folded)) {
        let own = char::from_u32(code).unwrap_or_default();
        entry.folded = char::from_u32(u32::from(*folded)).unwrap_or(own);
        entry.sort = Sort::of(entry.folded);
    }
    entries
}

/// The node of a word in the growing tree.
fn insert(growing: &mut Vec<Growing>, word: &[char], classes: ClassSet) -> usize {
    let mut node = 0;
    for &character in word {
        growing[node].below = growing[node].below.or(classes);
        node = match growing[node].next.binary_search_by_key(&character, |&(known, _)| known) {
            Ok(found) => growing[node].next[found].1 as usize,
            Err(place) => {
                let fresh = growing.len();
                growing.push(Growing::default());
                growing[node].next.insert(place, (character, u32::try_from(fresh).unwrap_or(0)));
                fresh
            }
        };
    }
    growing[node].below = growing[node].below.or(classes);
    node
}
