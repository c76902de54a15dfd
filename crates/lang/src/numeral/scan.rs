//! The walk over the digit and unit characters of one numeral, with digits 0–9 mixed in.

use crate::decimal::Decimal;
use crate::lexicon::{Class, ClassSet, Lexicon, Sense};
use crate::view::{Gap, View, is_han, is_spaced_letter};

use super::figures::figures;
use super::{Numeral, NumeralStyle};

/// Low and high reading of an approximate numeral; the two are the same for an exact one.
#[derive(Clone, Copy)]
struct Pair(Decimal, Decimal);

impl Pair {
    const ZERO: Pair = Pair(Decimal::ZERO, Decimal::ZERO);

    fn plus(self, other: Pair) -> Option<Pair> {
        Some(Pair(self.0.plus(other.0)?, self.1.plus(other.1)?))
    }

    fn times(self, factor: i64) -> Option<Pair> {
        let factor = Decimal::whole(factor);
        Some(Pair(self.0.times(factor)?, self.1.times(factor)?))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Figures,
    Digit,
    Zero,
    Unit(i64),
    Myriad(i64),
    Decimals,
}

/// The digit that a word of that class stands for.
fn digit_of(sense: &Sense) -> u8 {
    u8::try_from(sense.value).unwrap_or(0)
}

pub(super) struct Scan<'a, 't> {
    lexicon: &'a Lexicon,
    view: &'a View<'t>,
    start: usize,
    end: usize,
    total: Pair,
    section: Pair,
    current: Option<Pair>,
    last: Last,
    last_myriad: i64,
    style: Option<NumeralStyle>,
    digits: usize,
    plain: bool,
    more: bool,
    bare: bool,
    vague: bool,
    damaged: bool,
    point: bool,
    overflow: bool,
}

impl<'a, 't> Scan<'a, 't> {
    pub(super) fn new(lexicon: &'a Lexicon, view: &'a View<'t>, at: usize) -> Scan<'a, 't> {
        Scan {
            lexicon,
            view,
            start: at,
            end: at,
            total: Pair::ZERO,
            section: Pair::ZERO,
            current: None,
            last: Last::Nothing,
            last_myriad: 0,
            style: None,
            digits: 0,
            plain: true,
            more: false,
            bare: false,
            vague: false,
            damaged: false,
            point: false,
            overflow: false,
        }
    }

    pub(super) fn run(mut self) -> Option<Numeral> {
        // No value has more pieces; the bound keeps a walk over thousands of them linear.
        const PIECES: u32 = 64;
        let mut pieces = 0;
        while self.step() {
            pieces += 1;
            if pieces == PIECES {
                self.overflow = true;
                break;
            }
        }
        if self.end == self.start || (self.vague && self.plain) {
            return None;
        }
        if self.overflow {
            return Some(self.numeral(None, None));
        }
        let Some(sum) = self.sum() else { return Some(self.numeral(None, None)) };
        if sum.0 == sum.1 {
            Some(self.numeral(Some(sum.0), None))
        } else {
            Some(self.numeral(None, Some((sum.0, sum.1))))
        }
    }

    fn numeral(&self, value: Option<Decimal>, range: Option<(Decimal, Decimal)>) -> Numeral {
        Numeral {
            start: self.start,
            end: self.end,
            value,
            range,
            style: self.style.unwrap_or(NumeralStyle::Figures),
            digits: if self.plain { self.digits } else { 0 },
            more: self.more,
            bare: self.bare,
            vague: self.vague,
            damaged: self.damaged,
            point: self.point,
            share: None,
            number: self.start,
        }
    }

    /// The current digit with the place that speech leaves out (four hundred five = 450).
    fn settled(&self) -> Option<Pair> {
        let Some(current) = self.current else { return Some(Pair::ZERO) };
        match self.last {
            Last::Unit(unit) => current.times(unit / 10),
            Last::Myriad(myriad) => current.times(myriad / 10),
            _ => Some(current),
        }
    }

    fn sum(&self) -> Option<Pair> {
        self.total.plus(self.section)?.plus(self.settled()?)
    }

    /// Takes one more piece; false where none fits.
    fn step(&mut self) -> bool {
        let at = self.end;
        if at > self.start && self.view.gap(at) == Gap::Paragraph {
            return false;
        }
        let character = self.view.at(at);
        if character.is_ascii_digit() {
            return self.figures(at);
        }
        const PIECES: ClassSet = ClassSet::of(&[
            Class::Digit,
            Class::Unit,
            Class::Myriad,
            Class::Tens,
            Class::Fixed,
            Class::Vague,
            Class::InnerMore,
            Class::Point,
            Class::Multiplier,
        ]);
        let Some(hit) = self.lexicon.longest(self.view, at, PIECES) else { return false };
        match hit.sense.class {
            Class::Digit => self.digit_run(at),
            Class::Fixed if self.last == Last::Nothing => {
                let value = Decimal::whole(hit.sense.value);
                self.section = Pair(value, value);
                self.take(hit.end, Last::Zero);
                false
            }
            Class::Tens if self.current.is_none() => {
                let value = Decimal::whole(hit.sense.value);
                self.add_section(Pair(value, value));
                self.take(hit.end, Last::Unit(10));
                true
            }
            Class::Vague => self.vague_digit(hit.end),
            Class::InnerMore => self.inner_more(hit.end),
            Class::Unit => self.unit(hit.end, hit.sense.value),
            Class::Myriad => self.myriad(hit.end, hit.sense),
            Class::Point => self.decimals(hit.end),
            // `94.8 billion`: a word after digits multiplies them.
            Class::Multiplier if self.last == Last::Figures => {
                self.myriad(hit.end, hit.sense);
                false
            }
            _ => false,
        }
    }

    fn take(&mut self, end: usize, last: Last) {
        if self.style.is_none() {
            self.style = Some(NumeralStyle::Characters);
        }
        self.plain = self.plain && matches!(last, Last::Digit | Last::Figures);
        self.end = end;
        self.last = last;
    }

    fn add_section(&mut self, value: Pair) {
        match self.section.plus(value) {
            Some(sum) => self.section = sum,
            None => self.overflow = true,
        }
    }

    fn figures(&mut self, at: usize) -> bool {
        if self.current.is_some() || !matches!(self.last, Last::Nothing | Last::Unit(_) | Last::Myriad(_)) {
            return false;
        }
        if matches!(self.last, Last::Unit(_) | Last::Myriad(_))
            && self.style == Some(NumeralStyle::Characters)
        {
            return false;
        }
        let Some(figures) = figures(self.lexicon, self.view, at) else { return false };
        if self.style.is_none() {
            self.style = Some(NumeralStyle::Figures);
        }
        self.digits = if figures.grouped { 0 } else { figures.whole };
        self.plain = self.last == Last::Nothing && !figures.point && !figures.grouped;
        self.point |= figures.point;
        self.damaged |= figures.damaged;
        match figures.value {
            Some(value) => self.current = Some(Pair(value, value)),
            None => self.overflow = true,
        }
        self.end = figures.end;
        // Digits after a unit stand for themselves: thirty thousand in characters, then four thousand in digits.
        self.last = Last::Figures;
        true
    }

    fn digit_run(&mut self, at: usize) -> bool {
        if self.current.is_some() || matches!(self.last, Last::Figures | Last::Digit | Last::Decimals) {
            return false;
        }
        /// No value has more digits.
        const LONGEST: usize = 64;
        let (mut digits, mut length, mut end) = ([0u8; LONGEST + 1], 0, at);
        while let Some(hit) = self.lexicon.word(self.view, end, Class::Digit) {
            if end > at && self.view.gap(end) == Gap::Paragraph {
                break;
            }
            // The "two" of counting is never a digit among digits, and inside a numeral a unit follows it.
            if hit.sense.text.as_ref() == "counting" {
                const FOLLOWS: ClassSet = ClassSet::of(&[Class::Unit, Class::Myriad]);
                let stands =
                    self.last == Last::Nothing || self.lexicon.longest(self.view, hit.end, FOLLOWS).is_some();
                if length == 0 && stands {
                    digits[0] = digit_of(hit.sense);
                    length = 1;
                    end = hit.end;
                }
                break;
            }
            digits[length] = digit_of(hit.sense);
            length += 1;
            end = hit.end;
            if length > LONGEST {
                self.overflow = true;
                break;
            }
        }
        let run = &digits[..length];
        if run.is_empty() {
            return false;
        }
        if run.len() > 1 && run[0] == 0 && matches!(self.last, Last::Unit(_) | Last::Myriad(_)) {
            // A zero between places only says that places are empty.
            let zero = self.lexicon.word(self.view, at, Class::Digit).map_or(at + 1, |hit| hit.end);
            self.take(zero, Last::Zero);
            return true;
        }
        if *run == [0] && matches!(self.last, Last::Unit(_) | Last::Myriad(_)) {
            let follows = ClassSet::of(&[Class::Unit, Class::Myriad, Class::Vague]);
            let before_figures = self.view.at(end).is_ascii_digit();
            if before_figures || self.lexicon.longest(self.view, end, follows).is_some() {
                self.take(end, Last::Zero);
                return true;
            }
            return false;
        }
        if let [low, high] = *run
            && low != 0
            && high != 0
            && (high == low + 1 || (low, high) == (3, 5))
        {
            self.current = Some(Pair(Decimal::whole(low.into()), Decimal::whole(high.into())));
            self.digits = 0;
            let last = self.last;
            self.take(end, Last::Digit);
            self.plain = false;
            self.keep_place(last);
            return true;
        }
        if run.len() > 1 && self.last != Last::Nothing {
            return false;
        }
        let mut value = 0i64;
        for digit in run.iter().take(18) {
            value = value * 10 + i64::from(*digit);
        }
        self.overflow |= run.len() > 18;
        self.digits = run.len();
        self.current = Some(Pair(Decimal::whole(value), Decimal::whole(value)));
        let last = self.last;
        self.take(end, Last::Digit);
        if run.len() == 1 {
            self.keep_place(last);
        }
        true
    }

    /// A single digit after a unit keeps that unit in mind, for the place that speech leaves out.
    fn keep_place(&mut self, before: Last) {
        if matches!(before, Last::Unit(_) | Last::Myriad(_)) {
            self.last = before;
            self.plain = false;
        }
    }

    fn vague_digit(&mut self, end: usize) -> bool {
        match self.last {
            Last::Nothing => {
                let follows = ClassSet::of(&[Class::Unit, Class::Myriad]);
                if self.lexicon.longest(self.view, end, follows).is_none() {
                    return false;
                }
                self.current = Some(Pair(Decimal::whole(1), Decimal::whole(10)));
            }
            Last::Unit(_) | Last::Zero if self.current.is_none() => self.more = true,
            _ => return false,
        }
        self.vague = true;
        self.take(end, Last::Zero);
        self.plain = false;
        true
    }

    fn inner_more(&mut self, end: usize) -> bool {
        let follows = ClassSet::of(&[Class::Unit, Class::Myriad]);
        let Some(next) = self.lexicon.longest(self.view, end, follows) else { return false };
        // A thousand or hundred after it is a myriad's part only.
        if self.last == Last::Nothing || (next.sense.class == Class::Unit && next.sense.value < 1000) {
            return false;
        }
        self.more = true;
        self.plain = false;
        self.end = end;
        true
    }

    fn unit(&mut self, end: usize, unit: i64) -> bool {
        // After digits the character belongs to the unit of measure, where one starts with it.
        if self.last == Last::Figures && self.measure_starts(end) {
            return false;
        }
        let value = match (self.current, self.last) {
            (Some(current), Last::Unit(before)) if unit < before => current.times(unit),
            (Some(_), Last::Unit(_)) => return false,
            (Some(current), _) => current.times(unit),
            (None, Last::Nothing) => {
                self.bare = unit != 10;
                Some(Pair(Decimal::whole(unit), Decimal::whole(unit)))
            }
            (None, Last::Zero) if !self.vague => Some(Pair(Decimal::whole(unit), Decimal::whole(unit))),
            (None, Last::Unit(before)) if unit == 10 && before == 100 => {
                Some(Pair(Decimal::whole(unit), Decimal::whole(unit)))
            }
            (None, Last::Myriad(_)) if unit == 10 => Some(Pair(Decimal::whole(unit), Decimal::whole(unit))),
            _ => return false,
        };
        let Some(value) = value else {
            self.overflow = true;
            self.take(end, Last::Unit(unit));
            return true;
        };
        self.current = None;
        self.add_section(value);
        self.take(end, Last::Unit(unit));
        true
    }

    fn measure_starts(&self, end: usize) -> bool {
        self.lexicon.word(self.view, self.end, Class::Measure).is_some_and(|hit| hit.end > end)
    }

    fn myriad(&mut self, end: usize, sense: &Sense) -> bool {
        if self.last != Last::Nothing && self.measure_starts(end) {
            return false;
        }
        let myriad = sense.value;
        // A unit of measure writes itself like this myriad: it is one before a currency only.
        if self.last == Last::Figures
            && self.lexicon.word(self.view, self.end, Class::Measure).is_some_and(|hit| hit.end == end)
            && self.lexicon.word(self.view, end, Class::Currency).is_none()
        {
            return false;
        }
        if self.last == Last::Nothing {
            if is_spaced_letter(self.view.at(self.end)) {
                return false;
            }
            self.bare = true;
            self.section = Pair(Decimal::whole(1), Decimal::whole(1));
        } else if let Some(current) = match self.last {
            Last::Unit(_) => self.settled(),
            _ => Some(self.current.unwrap_or(Pair::ZERO)),
        } {
            self.current = None;
            self.add_section(current);
        } else {
            self.overflow = true;
        }
        let multiplied = if myriad >= self.last_myriad && self.last_myriad > 0 {
            self.total.plus(self.section).and_then(|whole| whole.times(myriad))
        } else {
            self.section.times(myriad).and_then(|part| self.total.plus(part))
        };
        match multiplied {
            Some(total) => self.total = total,
            None => self.overflow = true,
        }
        self.section = Pair::ZERO;
        self.last_myriad = myriad;
        self.take(end, Last::Myriad(myriad));
        true
    }

    /// Digits after the word for the point. An hour looks the same: it goes on with a unit, or
    /// with part of an hour, and neither is taken.
    fn decimals(&mut self, after: usize) -> bool {
        if self.last == Last::Nothing || self.style != Some(NumeralStyle::Characters) || self.point {
            return false;
        }
        let (mut end, mut mantissa, mut scale) = (after, 0i128, 0u32);
        while let Some(hit) =
            self.lexicon.word(self.view, end, Class::Digit).filter(|hit| hit.sense.text.is_empty())
        {
            if scale < 18 {
                mantissa = mantissa * 10 + i128::from(hit.sense.value);
                scale += 1;
            }
            end = hit.end;
        }
        const STOPS: ClassSet = ClassSet::of(&[
            Class::Unit,
            Class::MinuteMark,
            Class::MinuteWord,
            Class::HourMark,
            Class::Tens,
            Class::Counter,
        ]);
        if scale == 0 {
            return false;
        }
        if let Some(stop) = self.lexicon.longest(self.view, end, STOPS)
            && (stop.sense.class != Class::Counter || scale > 0 && !is_han(self.view.at(end)))
        {
            return false;
        }
        let Some(settled) = self.settled() else { return false };
        self.current = None;
        self.add_section(settled);
        let part = Decimal::new(mantissa, scale);
        self.add_section(Pair(part, part));
        self.point = true;
        self.take(end, Last::Decimals);
        true
    }
}
