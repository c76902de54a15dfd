use std::cell::Cell;
use std::fmt;

use shiliu_text::{Diagnostic, Severity};

use crate::Row;
use crate::lexicon::{Class, ClassSet, Lexicon, Sense};
use crate::view::{Gap, View};

macro_rules! slots {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A number in a form, with the limits its name implies.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Slot { $($(#[$doc])* $variant,)* }

        impl Slot {
            fn from_name(name: &str) -> Option<Slot> {
                match name { $($name => Some(Slot::$variant),)* _ => None }
            }
        }
    };
}

slots! {
    /// A year of four digits.
    Year = "year",
    /// A year 1900–2099.
    RecentYear = "recent_year",
    /// A year of two digits.
    ShortYear = "short_year",
    /// A year of two digits, the first a zero.
    ZeroYear = "zero_year",
    /// A year of an era, or before the year 1000.
    SmallYear = "small_year",
    /// A month 1–12.
    Month = "month",
    /// A month of two digits, 01–12.
    Month2 = "month2",
    /// A day 1–31.
    Day = "day",
    /// A day of two digits, 01–31.
    Day2 = "day2",
    /// A day 10–31 in characters without a mark, not before a word that counts or measures.
    BareDay = "bare_day",
    /// A minute 10–59 in characters without a mark.
    BareMinute = "bare_minute",
    /// An hour 0–24.
    Hour = "hour",
    /// A minute 0–59.
    Minute = "minute",
    /// A minute of two digits.
    Minute2 = "minute2",
    /// A second 0–59.
    Second = "second",
    /// A second of two digits.
    Second2 = "second2",
    /// A weekday 1–6.
    Weekday = "weekday",
    /// A quarter 1–4.
    Quarter = "quarter",
    /// The tens of a decade, two digits.
    Decade = "decade",
    /// Two neighbouring decades (fifties and sixties), the value of both: 5060.
    Decades = "decades",
    /// A year 1000–9999, where a month follows.
    FarYear = "far_year",
    /// A day 1–31 in digits without a mark, not before a word that counts or measures.
    UnmarkedDay = "unmarked_day",
    /// A whole decade, four digits.
    LongDecade = "long_decade",
    /// A century 1–21.
    Century = "century",
    /// A week of the year, 1–53.
    WeekNumber = "week_number",
    /// Any whole number up to 9999.
    Count = "count",
    /// The minutes and hours of a zone, signed by the literal before it.
    ZoneHour = "zone_hour",
}

/// One filled place of a form.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'l> {
    /// Where it stands in the view.
    pub start: usize,
    /// One past it.
    pub end: usize,
    /// What filled it.
    pub what: Filling<'l>,
    /// 0 before the word for "to", 1 after it.
    pub side: u8,
}

/// What fills a place.
#[derive(Clone, Copy, Debug)]
pub enum Filling<'l> {
    /// A number.
    Number(Slot, i64),
    /// A word with its meaning.
    Word(&'l Sense),
}

/// The longest form that fits at a place.
#[derive(Clone, Debug)]
pub struct FormMatch<'l> {
    /// The row.
    pub row: &'l Row,
    /// One past the last character.
    pub end: usize,
    /// Its filled places in order.
    pub filled: Vec<Filled<'l>>,
    /// A look-alike was read as a digit.
    pub damaged: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Element {
    Number(Slot),
    Word(ClassSet),
    Literal(Vec<char>),
}

#[derive(Debug, Default)]
struct Node {
    next: Vec<(Element, usize)>,
    /// The places in `next` that a character can lead to, by what it can begin (see [`NUMBER`]), in order.
    choices: [Vec<Choice>; 8],
    row: Option<usize>,
    /// The classes of all words that may stand next.
    words: ClassSet,
    /// Whether a number may.
    number: bool,
    /// What may stand behind such a number.
    behind: Behind,
    /// The first characters of literals that may.
    literals: Vec<char>,
    /// What may stand next, side by side with the places in `next`.
    ahead: Vec<Ahead>,
}

/// A place in [`Node::next`], with the classes of the word that leads there.
#[derive(Clone, Copy, Debug)]
struct Choice {
    place: u16,
    words: Option<ClassSet>,
}

/// What a node can go on with, in short: most ways behind a number end there.
#[derive(Clone, Copy, Debug)]
struct Ahead {
    words: ClassSet,
    /// A bit for each first character of literals.
    literals: u64,
    number: bool,
    /// A form ends there.
    ends: bool,
}

impl Ahead {
    fn of(node: &Node) -> Ahead {
        Ahead {
            words: node.words,
            literals: node.literals.iter().fold(0, |all, literal| all | bit(*literal)),
            number: node.number,
            ends: node.row.is_some(),
        }
    }

    /// Whether a form may end there or go on with what stands behind.
    #[inline]
    fn goes_on(&self, after: &Here) -> bool {
        self.ends
            || after.open.meets(self.words)
            || self.number && after.numeral
            || self.literals & bit(after.character) != 0
    }
}

/// The bit of a character.
#[inline]
fn bit(character: char) -> u64 {
    1 << (character as u32 % u64::BITS)
}

/// What may stand behind a number.
#[derive(Debug, Default)]
struct Behind {
    words: ClassSet,
    literals: Vec<char>,
    /// Another number.
    number: bool,
    /// The form may end with the number.
    nothing: bool,
}

impl Behind {
    fn add(&mut self, next: &Node) {
        self.words = self.words.or(next.words);
        for literal in &next.literals {
            if !self.literals.contains(literal) {
                self.literals.push(*literal);
            }
        }
        self.number |= next.number;
        self.nothing |= next.row.is_some();
    }

    /// Whether any form goes on behind a number with what stands there.
    fn fits(&self, after: &Here) -> bool {
        self.nothing
            || self.number && after.numeral
            || after.open.meets(self.words)
            || self.literals.contains(&after.character)
    }
}

impl Node {
    /// Fills `choices`.
    fn settle(&mut self) {
        for (kinds, choices) in self.choices.iter_mut().enumerate() {
            let open = |element: &Element| match element {
                Element::Number(_) => kinds & NUMBER != 0,
                Element::Word(_) => kinds & WORD != 0,
                Element::Literal(_) => kinds & LITERAL != 0,
            };
            let places = self.next.iter().enumerate().filter(|(_, (element, _))| open(element));
            let choice = |(place, (element, _)): (usize, &(Element, usize))| {
                let words = if let Element::Word(classes) = element { Some(*classes) } else { None };
                Some(Choice { place: u16::try_from(place).ok()?, words })
            };
            *choices = places.filter_map(choice).collect();
        }
    }
}

/// A number begins at a character, a word, a literal: bits of the place in [`Node::choices`].
const NUMBER: usize = 1;
const WORD: usize = 2;
const LITERAL: usize = 4;

/// Forms of dates and times: rows with a `shape`, a sequence of numbers `{month}`, words `<month_mark>`,
/// literals `'.'`, optional parts `[…]` and alternatives `(… | …)`. All shapes share one tree of their
/// elements, so that a common beginning is matched once.
#[derive(Debug, Default)]
pub struct FormSet {
    rows: Vec<Row>,
    nodes: Vec<Node>,
    /// Classes that a form may start with.
    leads: ClassSet,
}

impl FormSet {
    /// Compiles the rows of one section.
    pub(crate) fn compile(rows: &[Row]) -> (FormSet, Vec<Diagnostic>) {
        let mut set = FormSet { rows: rows.to_vec(), nodes: vec![Node::default()], leads: ClassSet::NONE };
        let mut refused = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let shape = row.text("shape").unwrap_or_default();
            match expand(shape) {
                Ok(sequences) => {
                    for sequence in sequences {
                        if let Some(Element::Word(classes)) = sequence.first() {
                            set.leads = set.leads.or(*classes);
                        }
                        set.insert(sequence, index);
                    }
                }
                Err(message) => refused.push(
                    Diagnostic::new("data-shape", Severity::Error, format!("{}: {message}", row.id))
                        .on(&row.file),
                ),
            }
        }
        set.nodes.iter_mut().for_each(Node::settle);
        for index in 0..set.nodes.len() {
            let mut behind = Behind::default();
            for (element, next) in &set.nodes[index].next {
                if matches!(element, Element::Number(_)) {
                    behind.add(&set.nodes[*next]);
                }
            }
            set.nodes[index].behind = behind;
            let ahead = set.nodes[index].next.iter().map(|(_, next)| Ahead::of(&set.nodes[*next])).collect();
            set.nodes[index].ahead = ahead;
        }
        (set, refused)
    }

    fn insert(&mut self, sequence: Vec<Element>, row: usize) {
        let mut node = 0;
        for element in sequence {
            node = match self.nodes[node].next.iter().find(|(known, _)| *known == element) {
                Some(&(_, next)) => next,
                None => {
                    let next = self.nodes.len();
                    self.nodes.push(Node::default());
                    let known = &mut self.nodes[node];
                    match &element {
                        Element::Number(_) => known.number = true,
                        Element::Word(classes) => known.words = known.words.or(*classes),
                        Element::Literal(characters) => known.literals.extend(characters.first()),
                    }
                    known.next.push((element, next));
                    next
                }
            };
        }
        let known = &mut self.nodes[node].row;
        *known = Some(known.map_or(row, |known| known.min(row)));
    }

    /// The rows, in order of file and line.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The classes of words that a form may start with; a form may also start with a digit.
    #[must_use]
    pub fn leads(&self) -> ClassSet {
        self.leads
    }

    /// The longest form at `at`; of equals the first row. `room` is what the way to it is kept in.
    #[must_use]
    pub fn longest<'l>(
        &'l self,
        view: &View,
        lexicon: &'l Lexicon,
        at: usize,
        room: &Room<'l>,
    ) -> Option<FormMatch<'l>> {
        if self.nodes.is_empty() {
            return None;
        }
        let mut walk = Walk { set: self, view, lexicon, filled: room.0.take(), best: None, steps: 0 };
        walk.from(0, at, 0, false);
        room.0.set(walk.filled);
        let (end, row, filled, damaged) = walk.best?;
        Some(FormMatch { row: &self.rows[row], end, filled, damaged })
    }
}

/// Memory for the way through the forms, used again at each place of a text.
#[derive(Default)]
pub struct Room<'l>(Cell<Vec<Filled<'l>>>);

impl fmt::Debug for Room<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Room")
    }
}

struct Walk<'l, 'v, 't> {
    set: &'l FormSet,
    view: &'v View<'t>,
    lexicon: &'l Lexicon,
    filled: Vec<Filled<'l>>,
    best: Option<(usize, usize, Vec<Filled<'l>>, bool)>,
    steps: u32,
}

/// What the character at a place can begin.
#[derive(Clone, Copy)]
struct Here {
    character: char,
    open: ClassSet,
    numeral: bool,
}

/// More branching than any sensible set of shapes has: a guard, so that a row cannot make matching slow.
const STEPS: u32 = 2000;

impl<'l> Walk<'l, '_, '_> {
    fn from(&mut self, node: usize, at: usize, side: u8, damaged: bool) {
        self.steps += 1;
        if self.steps > STEPS {
            return;
        }
        if let Some(row) = self.set.nodes[node].row
            && self.best.as_ref().is_none_or(|best| (at, best.1) > (best.0, row))
        {
            match &mut self.best {
                Some(best) => {
                    (best.0, best.1, best.3) = (at, row, damaged);
                    best.2.clone_from(&self.filled);
                }
                None => self.best = Some((at, row, self.filled.clone(), damaged)),
            }
        }
        if node != 0 && self.view.gap(at) == Gap::Paragraph && !self.may_cross(at) {
            return;
        }
        let here = self.here(at);
        let set = self.set;
        let known = &set.nodes[node];
        let number = here.numeral && known.number;
        let literal = !known.literals.is_empty() && known.literals.contains(&here.character);
        let opens = here.open.meets(known.words);
        if !(number || opens || literal) {
            return;
        }
        // Of the words that begin with the character most go on otherwise.
        let words = if opens { self.lexicon.classes_at(self.view, at, known.words) } else { ClassSet::NONE };
        let read = if number {
            read_numbers(self.view, self.lexicon, at).map(|read| {
                // Most numbers are figures: no mark of a date stands behind them.
                read.map(|read| (read, self.here(read.end))).filter(|(_, after)| known.behind.fits(after))
            })
        } else {
            [None, None]
        };
        let number = read.iter().any(Option::is_some);
        let word = words.meets(known.words);
        let kinds =
            if number { NUMBER } else { 0 } | if word { WORD } else { 0 } | if literal { LITERAL } else { 0 };
        for choice in &known.choices[kinds] {
            if choice.words.is_some_and(|classes| !words.meets(classes)) {
                continue;
            }
            let place = usize::from(choice.place);
            let (element, next) = &known.next[place];
            match element {
                Element::Number(slot) => {
                    let ahead = &known.ahead[place];
                    for way in &read {
                        let Some((read, after)) = way else { continue };
                        if !ahead.goes_on(after) || !slot.takes(read) {
                            continue;
                        }
                        self.filled.push(Filled {
                            start: at,
                            end: read.end,
                            what: Filling::Number(*slot, read.value),
                            side,
                        });
                        self.from(*next, read.end, side, damaged || read.damaged);
                        self.filled.pop();
                    }
                }
                Element::Word(classes) => {
                    let Some(hit) = self.lexicon.longest(self.view, at, *classes) else { continue };
                    let is_to = hit.sense.class == Class::To || hit.sense.class == Class::And;
                    self.filled.push(Filled {
                        start: at,
                        end: hit.end,
                        what: Filling::Word(hit.sense),
                        side,
                    });
                    self.from(*next, hit.end, side + u8::from(is_to), damaged);
                    self.filled.pop();
                }
                Element::Literal(characters) => {
                    let fits = characters.iter().enumerate().all(|(index, &c)| self.view.at(at + index) == c);
                    if fits {
                        self.from(*next, at + characters.len(), side, damaged);
                    }
                }
            }
        }
    }

    /// What can stand at a place: most branches end at its character.
    fn here(&self, at: usize) -> Here {
        Here {
            character: self.view.at(at),
            open: self.lexicon.starting_at(self.view, at),
            numeral: self.lexicon.starts_numeral_at(self.view, at),
        }
    }

    /// A blank line inside a form is layout only between a number and its mark.
    fn may_cross(&self, at: usize) -> bool {
        self.view.before(at).is_ascii_digit() != self.view.at(at).is_ascii_digit()
    }
}

#[derive(Clone, Copy)]
struct Number {
    value: i64,
    end: usize,
    /// Digits it is written with, 0 where it has units.
    digits: usize,
    leading_zero: bool,
    damaged: bool,
    /// It has units, and no word after it counts or measures.
    ends_bare: bool,
    /// It is written with digits, and no word after it counts, measures or goes on with it.
    figures_end_bare: bool,
    /// It is two neighbouring tens.
    decades: bool,
}

impl Slot {
    fn takes(self, read: &Number) -> bool {
        let within = |low: i64, high: i64| (low..=high).contains(&read.value);
        if read.decades {
            return self == Slot::Decades;
        }
        match self {
            Slot::Year => read.digits == 4 && within(1000, 2999),
            Slot::RecentYear => read.digits == 4 && within(1900, 2099),
            Slot::ShortYear => read.digits == 2,
            Slot::ZeroYear => read.digits == 2 && read.leading_zero,
            Slot::SmallYear => within(1, 2999) && !read.leading_zero,
            Slot::Month => within(1, 12) && read.digits <= 2,
            Slot::Month2 => within(1, 12) && read.digits == 2,
            Slot::Day => within(1, 31) && read.digits <= 2,
            Slot::Day2 => within(1, 31) && read.digits == 2,
            Slot::BareDay => within(10, 31) && read.ends_bare,
            Slot::BareMinute => within(10, 59) && read.ends_bare,
            Slot::Hour | Slot::ZoneHour => within(0, 24) && read.digits <= 2,
            Slot::Minute | Slot::Second => within(0, 59) && read.digits <= 2,
            Slot::Minute2 | Slot::Second2 => within(0, 59) && read.digits == 2,
            Slot::Weekday => within(1, 6) && read.digits == 1,
            Slot::Quarter => within(1, 4) && read.digits == 1,
            Slot::Decade => within(0, 90) && read.value % 10 == 0 && (read.digits == 2 || read.digits == 0),
            Slot::LongDecade => read.digits == 4 && within(1000, 2990) && read.value % 10 == 0,
            Slot::Century => within(1, 30) && read.digits <= 2,
            Slot::WeekNumber => within(1, 53) && read.digits <= 2,
            Slot::Count => within(1, 9999) && !read.leading_zero,
            Slot::Decades => false,
            Slot::FarYear => read.digits == 4 && within(1000, 9999),
            Slot::UnmarkedDay => within(1, 31) && (1..=2).contains(&read.digits) && read.figures_end_bare,
        }
    }
}

/// The number at `at`: as its digits hang together, and as they do over white space inside it.
fn read_numbers(view: &View, lexicon: &Lexicon, at: usize) -> [Option<Number>; 2] {
    if view.at(at).is_ascii_digit() {
        let whole = read_figures(view, lexicon, at, false);
        // White space inside: another digit stands behind it.
        let parted = whole.filter(|whole| view.at(whole.end).is_ascii_digit());
        let apart = parted
            .and_then(|whole| read_figures(view, lexicon, at, true).filter(|apart| whole.end != apart.end));
        return [whole, apart];
    }
    [read_characters(view, lexicon, at), None]
}

const GOES_ON: ClassSet = ClassSet::of(&[
    Class::Counter,
    Class::Counted,
    Class::Measure,
    Class::Currency,
    Class::Span,
    Class::To,
    Class::DayMark,
    Class::DayMarkWeak,
    Class::BoundMiddle,
    Class::Percent,
    Class::Times,
]);

fn read_characters(view: &View, lexicon: &Lexicon, at: usize) -> Option<Number> {
    // The "two" of counting counts months, it does not name one.
    if lexicon.word(view, at, Class::Digit).is_some_and(|hit| hit.sense.text.as_ref() == "counting") {
        return None;
    }
    let numeral = lexicon.numeral(view, at)?;
    let plain = numeral.share.is_none() && !numeral.more && !numeral.vague && !numeral.bare;
    let decades = match numeral.range.filter(|_| plain) {
        Some((low, high)) => low.as_whole().zip(high.as_whole()),
        None => None,
    };
    if let Some((low, high)) = decades {
        let tens = (10..=80).contains(&low) && low % 10 == 0 && high == low + 10;
        return tens.then_some(Number {
            value: low * 100 + high,
            end: numeral.end,
            digits: 0,
            leading_zero: false,
            damaged: numeral.damaged,
            ends_bare: false,
            figures_end_bare: false,
            decades: true,
        });
    }
    let value = numeral.value.filter(|_| plain)?.as_whole()?;
    let leading_zero =
        numeral.digits > 1 && lexicon.word(view, at, Class::Digit).is_some_and(|hit| hit.sense.value == 0);
    let ends_bare = numeral.digits == 0 && lexicon.longest(view, numeral.end, GOES_ON).is_none();
    Some(Number {
        value,
        end: numeral.end,
        digits: numeral.digits,
        leading_zero,
        damaged: numeral.damaged,
        ends_bare,
        figures_end_bare: false,
        decades: false,
    })
}

/// Up to four digits; with `apart` they may stand on two lines or have blanks between them.
fn read_figures(view: &View, lexicon: &Lexicon, at: usize, apart: bool) -> Option<Number> {
    if view.gap(at) == Gap::None && view.before(at).is_ascii_alphabetic() {
        return None;
    }
    let (mut value, mut end, mut damaged) = (0i64, at, false);
    while end - at < 5 {
        let Some(digit) = view.at(end).to_digit(10) else { break };
        if end > at && view.gap(end) != Gap::None {
            if !apart || view.gap(end) == Gap::Paragraph {
                break;
            }
            damaged = true;
        }
        value = value * 10 + i64::from(digit);
        end += 1;
    }
    let digits = end - at;
    const FIGURES_GO_ON: ClassSet = GOES_ON.or(ClassSet::of(&[
        Class::Noun,
        Class::Myriad,
        Class::Unit,
        Class::Tenth,
        Class::CurrencyPart,
    ]));
    let next = view.at(end);
    let grouped = next == ',' && view.at(end + 1).is_ascii_digit();
    let closes =
        !next.is_ascii_alphanumeric() && !grouped && !matches!(next, '.' | '—' | '/' | ':' | '%' | '~' | '·');
    Some(Number {
        value,
        end,
        digits,
        leading_zero: digits > 1 && value < 10i64.pow(u32::try_from(digits).unwrap_or(1) - 1),
        damaged,
        ends_bare: false,
        figures_end_bare: closes && digits <= 2 && lexicon.longest(view, end, FIGURES_GO_ON).is_none(),
        decades: false,
    })
    .filter(|_| digits < 5)
}

/// Writes out every choice of a shape as a plain sequence.
fn expand(shape: &str) -> Result<Vec<Vec<Element>>, String> {
    let characters: Vec<char> = shape.chars().collect();
    let mut at = 0;
    let sequences = alternatives(&characters, &mut at, 0)?;
    if at < characters.len() {
        return Err(format!("`{}` too many in the shape", characters[at]));
    }
    let sequences: Vec<_> = sequences.into_iter().filter(|sequence| !sequence.is_empty()).collect();
    if sequences.is_empty() || sequences.len() > 4096 {
        return Err(format!("the shape stands for {} sequences, 1 to 4096 are possible", sequences.len()));
    }
    Ok(sequences)
}

fn alternatives(shape: &[char], at: &mut usize, depth: u32) -> Result<Vec<Vec<Element>>, String> {
    if depth > 16 {
        return Err("brackets nested more than 16 deep".to_owned());
    }
    let mut done: Vec<Vec<Element>> = Vec::new();
    let mut open: Vec<Vec<Element>> = vec![Vec::new()];
    while let Some(&character) = shape.get(*at) {
        let close = |at: &mut usize, end: char| {
            let from = *at + 1;
            let length = shape[from..].iter().position(|&c| c == end).ok_or(format!("no `{end}`"))?;
            *at = from + length + 1;
            Ok::<String, String>(shape[from..from + length].iter().collect())
        };
        match character {
            ' ' => *at += 1,
            ')' | ']' => break,
            '|' => {
                *at += 1;
                done.append(&mut open);
                open.push(Vec::new());
            }
            '(' | '[' => {
                *at += 1;
                let mut inner = alternatives(shape, at, depth + 1)?;
                let wanted = if character == '(' { ')' } else { ']' };
                if shape.get(*at) != Some(&wanted) {
                    return Err(format!("no `{wanted}`"));
                }
                *at += 1;
                if character == '[' {
                    inner.push(Vec::new());
                }
                if open.len() * inner.len() > 4096 {
                    return Err("more than 4096 sequences".to_owned());
                }
                open = open
                    .iter()
                    .flat_map(|head| inner.iter().map(|tail| [head.as_slice(), tail.as_slice()].concat()))
                    .collect();
            }
            '{' => {
                let name = close(at, '}')?;
                let slot = Slot::from_name(&name).ok_or_else(|| format!("no slot `{name}`"))?;
                open.iter_mut().for_each(|sequence| sequence.push(Element::Number(slot)));
            }
            '<' => {
                let names = close(at, '>')?;
                let mut classes = ClassSet::NONE;
                for name in names.split('|') {
                    let class = Class::from_name(name).ok_or_else(|| format!("no class `{name}`"))?;
                    classes = classes.or(ClassSet::of(&[class]));
                }
                open.iter_mut().for_each(|sequence| sequence.push(Element::Word(classes)));
            }
            '\'' => {
                let literal: Vec<char> = close(at, '\'')?.chars().collect();
                open.iter_mut().for_each(|sequence| sequence.push(Element::Literal(literal.clone())));
            }
            other => return Err(format!("`{other}` has no meaning in a shape")),
        }
    }
    done.append(&mut open);
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_written_out_and_faults_are_named() {
        assert_eq!(expand("{year} <year_mark> [{month} <month_mark> [{day}]]").unwrap().len(), 3);
        assert_eq!(expand("({day} | <day_word>) '.'").unwrap().len(), 2);
        for (shape, fault) in
            [("{yeer}", "no slot"), ("<x>", "no class"), ("[{day}", "no `]`"), ("]", "too many"), ("", "0")]
        {
            assert!(expand(shape).unwrap_err().contains(fault), "{shape}");
        }
    }
}
