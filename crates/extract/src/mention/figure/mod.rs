//! Figures: a numeral with its bound, its unit and what it counts.

mod count;
mod ordinal;
mod span;
mod unit;

use shiliu_lang::{Class, ClassSet, Decimal, Gap, Hit, Numeral, NumeralStyle, Share};

use super::engine::{Engine, Reading};
use super::{Amount, Bound, MentionKind, MentionValue};

/// What may follow the numeral of a figure.
const UNITS: ClassSet = ClassSet::of(&[
    Class::Measure,
    Class::Currency,
    Class::CurrencyPart,
    Class::Percent,
    Class::PercentPoint,
    Class::Times,
    Class::Tenth,
    Class::Counter,
    Class::Counted,
    Class::Span,
    Class::Anniversary,
]);

/// What a figure that does not start with a numeral may start with.
pub(super) const LEADS: ClassSet = ClassSet::of(&[
    Class::BoundBefore,
    Class::CurrencyBefore,
    Class::OrdinalBefore,
    Class::OrdinalWord,
    Class::Half,
    Class::Past,
    Class::Future,
    Class::Every,
    Class::SetWord,
]);

#[derive(Clone, Copy, Debug, Default)]
struct Limit {
    bound: Bound,
    near: bool,
}

impl Limit {
    fn of(sign: &str) -> Limit {
        let bound = match sign {
            ">" => Bound::Greater,
            ">=" => Bound::GreaterOrEqual,
            "<" | "near" => Bound::Less,
            "<=" => Bound::LessOrEqual,
            "~" => Bound::About,
            _ => Bound::Equal,
        };
        Limit { bound, near: sign == "near" }
    }
}

/// The figure that starts at `at`; `here` are the classes of the words there.
pub(super) fn read(engine: &Engine, at: usize, here: ClassSet) -> Option<Reading> {
    if let Some(reading) = ordinal::ordinal(engine, at, here) {
        return Some(reading);
    }
    if here.meets(span::LEADS)
        && let Some(reading) = span::relative_span(engine, at)
    {
        return Some(reading);
    }
    let mut figure = Figure::at(engine, at)?;
    figure.unit()
}

struct Figure<'e, 'a> {
    engine: &'e Engine<'a>,
    /// A dash before it was read as a sign.
    minus: bool,
    start: usize,
    end: usize,
    limit: Limit,
    currency: Option<&'a str>,
    low: Numeral,
    high: Option<Numeral>,
    flags: Vec<&'static str>,
}

impl<'e, 'a> Figure<'e, 'a> {
    fn at(engine: &'e Engine<'a>, at: usize) -> Option<Figure<'e, 'a>> {
        let view = &engine.view;
        let (mut from, mut limit, mut weak_only) = (at, Limit::default(), false);
        for _ in 0..3 {
            let Some(hit) = engine.word(from, Class::BoundBefore) else { break };
            let next = Limit::of(&hit.sense.text);
            limit = if limit.bound == Bound::Equal || limit.bound == Bound::About { next } else { limit };
            weak_only |= hit.sense.value == 1;
            from = hit.end;
        }
        let mut currency = None;
        if let Some(hit) = engine.word(from, Class::CurrencyBefore) {
            currency = Some(&*hit.sense.text);
            from = hit.end;
            while let Some(hit) = engine.word(from, Class::BoundBefore) {
                limit = Limit::of(&hit.sense.text);
                from = hit.end;
            }
        }
        let before = view.before(from);
        let glued = from > 0 && view.gap(from) == Gap::None && from == at;
        if glued
            && view.at(from).is_ascii_digit()
            && (before.is_ascii_alphanumeric() || matches!(before, '+' | '.' | '_' | '#'))
        {
            return None;
        }
        let minus =
            view.at(from) == '—' && view.at(from + 1).is_ascii_digit() && view.gap(from + 1) == Gap::None;
        if minus && (before == '—' || before.is_ascii_alphanumeric() || matches!(before, ')' | '%')) {
            return None;
        }
        // After a letter and a dash: a code (a type of aircraft, a licence).
        let coded = view.before(from) == '—'
            && from > 1
            && view.gap(from) == Gap::None
            && view.gap(from - 1) == Gap::None
            && view.at(from - 2).is_ascii_alphabetic();
        if coded && view.at(from).is_ascii_digit() && from == at {
            return None;
        }
        let low = match engine.numeral(if minus { from + 1 } else { from }) {
            Some(low) => low,
            None => half_alone(engine, from)?,
        };
        let low = if minus {
            Numeral { start: from, number: from, value: low.value.map(Decimal::negated), ..low }
        } else {
            low
        };
        if weak_only && !low.bare {
            return None;
        }
        let mut figure = Figure {
            engine,
            minus,
            start: at,
            end: low.end,
            limit,
            currency,
            low,
            high: None,
            flags: Vec::new(),
        };
        if low.more {
            figure.limit = Limit { bound: Bound::Greater, near: false };
        }
        if low.damaged {
            figure.flags.push("damaged");
        }
        if low.vague {
            figure.flags.push("vague");
        }
        figure.range();
        figure.middle();
        if low.bare
            && limit.bound == Bound::Equal
            && figure.limit.bound == Bound::Equal
            && low.share.is_none()
            && low.value != Some(Decimal::whole(10))
        {
            return None;
        }
        Some(figure)
    }

    /// A second numeral after a word for "to".
    fn range(&mut self) {
        let (engine, view) = (self.engine, &self.engine.view);
        // The first end may carry the unit too.
        let unit = engine.longest(self.end, UNITS);
        if let Some(high) = unit.and_then(|unit| self.closed_above(unit)) {
            self.end = high.end;
            self.high = Some(high);
            return;
        }
        for from in [Some(self.end), unit.map(|hit| hit.end)].into_iter().flatten() {
            let Some(to) = engine.word(from, Class::To) else { continue };
            let Some(high) = engine.lexicon.numeral(view, to.end) else { continue };
            if high.bare || high.style != self.low.style && self.low.style == NumeralStyle::Words {
                continue;
            }
            let rising = match (self.low.value, high.value) {
                (Some(low), Some(high)) => low.less_than(high),
                _ => false,
            };
            let shared = from == self.end;
            let after = engine.longest(high.end, UNITS);
            let same_unit = match (unit, after) {
                (Some(first), Some(second)) => {
                    first.sense.class == second.sense.class && first.sense.text == second.sense.text
                }
                _ => false,
            };
            if (shared && (rising || high.share.is_some() || self.low.share.is_some())) && after.is_some()
                || shared && rising && self.low.share.is_some()
                || !shared && rising && same_unit
            {
                self.high = Some(high);
                self.end = high.end;
                return;
            }
        }
    }

    /// The second numeral where both have their bound: from so much up, so much down, of one unit.
    fn closed_above(&self, unit: Hit<'a>) -> Option<Numeral> {
        let engine = self.engine;
        let up = engine.word(unit.end, Class::BoundAfter).filter(|hit| hit.sense.text.as_ref() == ">=")?;
        let high = engine.lexicon.numeral(&engine.view, up.end)?;
        let second = engine.longest(high.end, UNITS)?;
        let down = engine.word(second.end, Class::BoundAfter)?;
        let same = second.sense.class == unit.sense.class && second.sense.text == unit.sense.text;
        let rising = self.low.value?.less_than(high.value?);
        (same && rising && down.sense.text.as_ref() == "<=").then_some(high)
    }

    /// A bound between number and unit.
    fn middle(&mut self) {
        let Some(hit) = self.engine.word(self.end, Class::BoundMiddle) else { return };
        let after = self.engine.longest(hit.end, UNITS.or(ClassSet::of(&[Class::Noun, Class::BoundMiddle])));
        if after.is_none() || self.high.is_some() {
            return;
        }
        self.limit = Limit::of(&hit.sense.text);
        self.end = hit.end;
    }

    fn amount(&self, factor: Decimal, unit: Option<String>) -> Option<Amount> {
        let mut amount = Amount { unit, ..Amount::default() };
        let times = |value: Decimal| value.times(factor).map(Decimal::text);
        match (&self.high, self.low.range) {
            (Some(high), _) => {
                let (low, high) = ends(&self.low, high)?;
                amount.low = Some(times(low)?);
                amount.high = Some(times(high)?);
            }
            (None, Some((low, high))) => {
                amount.low = Some(times(low)?);
                amount.high = Some(times(high)?);
                amount.high_open = self.low.vague;
            }
            (None, None) => {
                let value = times(self.low.value?)?;
                amount.value = Some(value);
            }
        }
        Some(amount)
    }

    fn reading(&self, end: usize, kind: MentionKind, amount: Amount, rule: &'static str) -> Reading {
        let mut reading = Reading::new(self.start, end, kind, MentionValue::Amount(amount), rule);
        reading.bound = self.limit.bound;
        reading.flags.extend(self.flags.iter().copied());
        if self.limit.near {
            reading.flags.push("near");
        }
        if self.low.share == Some(Share::Quotient) {
            reading.flags.push("fraction");
        }
        let last = self.high.as_ref().map_or(self.low.end, |high| high.end);
        reading.numeral = Some((self.low.number, last));
        reading
    }

    /// A bound after the unit.
    fn after(&mut self, end: usize) -> usize {
        match self.engine.word(end, Class::BoundAfter) {
            Some(hit) => {
                // Two ends are bounds enough.
                let free = self.limit.bound == Bound::Equal || self.limit.bound == Bound::About;
                if free && (self.high.is_none() || hit.sense.text.as_ref() == "~") {
                    self.limit = Limit::of(&hit.sense.text);
                }
                hit.end
            }
            None => end,
        }
    }

    /// One half after the unit; gives the place after it and what it adds to the value.
    fn half(&mut self, end: usize) -> usize {
        let Some(hit) = self.engine.word(end, Class::Half) else { return end };
        let whole = self.low.value.filter(|_| self.high.is_none() && !self.low.point);
        let Some(sum) = whole.and_then(|whole| whole.plus(Decimal::new(5, 1))) else { return end };
        self.low.value = Some(sum);
        hit.end
    }
}

/// One half of a length of time or of a measure, with no number before it.
fn half_alone(engine: &Engine, at: usize) -> Option<Numeral> {
    let half = engine.word(at, Class::Half)?;
    const MEASURED: ClassSet = ClassSet::of(&[Class::Span, Class::SpanCounter]);
    engine.longest(half.end, MEASURED)?;
    Some(Numeral {
        start: at,
        end: half.end,
        value: Some(Decimal::new(5, 1)),
        range: None,
        style: NumeralStyle::Characters,
        digits: 0,
        more: false,
        bare: false,
        vague: false,
        damaged: false,
        point: true,
        share: None,
        number: at,
    })
}

/// The values at both ends; a myriad on the second alone belongs to both.
fn ends(low: &Numeral, high: &Numeral) -> Option<(Decimal, Decimal)> {
    Some((low.value?, high.value?))
}
