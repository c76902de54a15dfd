//! Numerals as a page prints them: digits, characters, words of a spaced script, mixtures, fractions.

mod figures;
mod scan;

use crate::decimal::Decimal;
use crate::lexicon::{Class, ClassSet, Lexicon};
use crate::view::{Gap, View, is_spaced_letter};

use figures::slashed;
use scan::Scan;

/// How a numeral is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumeralStyle {
    /// With the digits 0–9, perhaps with a myriad after it.
    Figures,
    /// With the digit and unit characters of the data.
    Characters,
    /// With the words of a spaced script.
    Words,
}

/// What a fraction is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Share {
    /// A hundredth, thousandth or ten-thousandth in the fixed words; the value is in percent.
    Percent,
    /// Any other fraction; the value is the quotient to 15 digits.
    Quotient,
}

/// A numeral in a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numeral {
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Its value; `None` where it is too long to hold exactly, or only a range is meant.
    pub value: Option<Decimal>,
    /// What an approximate numeral lies between (two neighbouring digits, tens of …).
    pub range: Option<(Decimal, Decimal)>,
    /// How it is written.
    pub style: NumeralStyle,
    /// Number of digits where it is digits only, else 0.
    pub digits: usize,
    /// A word for "more than" stands inside, before a myriad.
    pub more: bool,
    /// It starts with a unit or myriad and no digit (a hundred without "one").
    pub bare: bool,
    /// An unnamed digit stands in it.
    pub vague: bool,
    /// A look-alike was read as a digit.
    pub damaged: bool,
    /// A decimal point stands in it.
    pub point: bool,
    /// It is a fraction.
    pub share: Option<Share>,
    /// First character of the number itself: after the words of a percentage.
    pub number: usize,
}

/// What a numeral that is not written with digits starts with.
pub const NUMERAL_LEADS: ClassSet = ClassSet::of(&[
    Class::Digit,
    Class::Unit,
    Class::Myriad,
    Class::Tens,
    Class::Fixed,
    Class::Vague,
    Class::Minus,
    Class::Cardinal,
]);

impl Lexicon {
    /// Whether a numeral may start with this folded character.
    #[must_use]
    #[inline]
    pub fn starts_numeral(&self, character: char) -> bool {
        character.is_ascii_digit() || self.starting(character).meets(NUMERAL_LEADS)
    }

    /// Whether a numeral may start with the character at `at`.
    #[must_use]
    #[inline]
    pub fn starts_numeral_at(&self, view: &View, at: usize) -> bool {
        view.at(at).is_ascii_digit() || self.starting_at(view, at).meets(NUMERAL_LEADS)
    }

    /// The longest numeral that starts at `at`: digits, characters, words or a mixture, with sign, decimals and
    /// fractions. Time is linear in its length.
    #[must_use]
    #[inline]
    pub fn numeral(&self, view: &View, at: usize) -> Option<Numeral> {
        if self.starts_numeral_at(view, at) { self.numeral_at(view, at) } else { None }
    }

    fn numeral_at(&self, view: &View, at: usize) -> Option<Numeral> {
        // Dates, figures and ordinals all ask for the numeral at one place.
        if view.last_place.get() == at {
            return view.last_numeral.get();
        }
        let fresh = self.read_numeral(view, at);
        view.last_place.set(at);
        view.last_numeral.set(fresh);
        fresh
    }

    fn read_numeral(&self, view: &View, at: usize) -> Option<Numeral> {
        let (start, negative) = self.sign(view, at);
        let mut found = self.unsigned(view, start)?;
        if negative {
            found.start = at;
            found.number = at;
            found.value = found.value.map(Decimal::negated);
        }
        Some(found)
    }

    fn unsigned(&self, view: &View, at: usize) -> Option<Numeral> {
        let first = self.plain(view, at)?;
        if let Some(whole) = self.fraction(view, &first) {
            return Some(whole);
        }
        if let Some(slashed) = slashed(self, view, &first) {
            return Some(slashed);
        }
        if let Some(mixed) = self.word(view, first.end, Class::Mixed)
            && let Some(second) = self.plain(view, mixed.end)
            && let Some(part) = self.fraction(view, &second)
            && part.share == Some(Share::Quotient)
        {
            let value = first.value.zip(part.value).and_then(|(whole, part)| whole.plus(part));
            return Some(Numeral { start: at, number: at, value, ..part });
        }
        Some(first)
    }

    fn sign(&self, view: &View, at: usize) -> (usize, bool) {
        if let Some(minus) = self.word(view, at, Class::Minus) {
            return (minus.end, true);
        }
        (at, false)
    }

    /// Denominator, the word between, numerator.
    fn fraction(&self, view: &View, below: &Numeral) -> Option<Numeral> {
        let of = self.word(view, below.end, Class::FractionOf)?;
        let (start, negative) = self.sign(view, of.end);
        let above = self.plain(view, start)?;
        let per = below.value.and_then(Decimal::as_whole);
        let round = per.is_some_and(|per| per >= 100 && 10i64.checked_pow(per.ilog10()) == Some(per));
        let share = if below.bare && round { Share::Percent } else { Share::Quotient };
        let number = if share == Share::Percent { of.end } else { below.start };
        let scale = |value: Decimal| match share {
            Share::Percent => value.times(Decimal::whole(100))?.over(below.value?),
            Share::Quotient => value.over(below.value?),
        };
        let signed = |value: Decimal| if negative { value.negated() } else { value };
        let range = match above.range {
            Some((low, high)) => Some((scale(low)?, scale(high)?)),
            None => None,
        };
        let value = above.value.and_then(scale).map(signed);
        Some(Numeral {
            start: below.start,
            value,
            range,
            digits: 0,
            share: Some(share),
            bare: false,
            number,
            ..above
        })
    }

    fn plain(&self, view: &View, at: usize) -> Option<Numeral> {
        let first = view.at(at);
        if !self.starts_numeral_at(view, at) {
            return None;
        }
        if !first.is_ascii_digit() && is_spaced_letter(first) {
            return self.words(view, at);
        }
        Scan::new(self, view, at).run()
    }

    /// Cardinals and multipliers of a spaced script: each multiplier below a thousand multiplies its section,
    /// any other closes it.
    fn words(&self, view: &View, at: usize) -> Option<Numeral> {
        const WORDS: ClassSet = ClassSet::of(&[Class::Cardinal, Class::Multiplier]);
        let (mut total, mut section, mut end) = (Decimal::ZERO, Decimal::ZERO, at);
        let mut next = at;
        while let Some(hit) = self.longest(view, next, WORDS) {
            let value = Decimal::whole(hit.sense.value);
            match hit.sense.class {
                Class::Cardinal => section = section.plus(value)?,
                _ if end == at => return None,
                _ if hit.sense.value < 1000 => section = section.times(value)?,
                _ => {
                    total = total.plus(section.times(value)?)?;
                    section = Decimal::ZERO;
                }
            }
            end = hit.end;
            next = if view.at(end) == '—' && view.gap(end + 1) == Gap::None { end + 1 } else { end };
        }
        (end > at).then(|| Numeral {
            start: at,
            end,
            value: total.plus(section),
            range: None,
            style: NumeralStyle::Words,
            digits: 0,
            more: false,
            bare: false,
            vague: false,
            damaged: false,
            point: false,
            share: None,
            number: at,
        })
    }
}
