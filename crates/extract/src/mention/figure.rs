//! Figures: a numeral with its bound, its unit and what it counts.

use shiliu_lang::{
    Class, ClassSet, Decimal, END, Gap, Hit, Numeral, NumeralStyle, Share, is_han, is_spaced_letter,
};

use super::engine::{Engine, Reading};
use super::moment::Moment;
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

/// The figure that starts at `at`.
pub(super) fn read(engine: &Engine, at: usize) -> Option<Reading> {
    if let Some(reading) = ordinal(engine, at) {
        return Some(reading);
    }
    if let Some(reading) = relative_span(engine, at) {
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
        let low = engine.lexicon.numeral(view, if minus { from + 1 } else { from })?;
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
        let times = |value: Decimal| value.times(factor).map(|value| value.to_string());
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

    fn reading(&self, end: usize, kind: MentionKind, amount: Amount, rule: &str) -> Reading {
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
                if self.limit.bound == Bound::Equal || self.limit.bound == Bound::About {
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

    fn unit(&mut self) -> Option<Reading> {
        let reading = self.with_unit()?;
        // After a Han character a dash is a sign only before degrees and percentages.
        let unit = match &reading.value {
            MentionValue::Amount(amount) => amount.unit.as_deref(),
            _ => None,
        };
        let dash = self.minus && is_han(self.engine.view.before(self.start));
        (!dash || matches!(unit, Some("Cel" | "[degF]" | "%"))).then_some(reading)
    }

    fn with_unit(&mut self) -> Option<Reading> {
        if self.low.share == Some(Share::Percent) {
            let end = self.after(self.end);
            let amount = self.amount(Decimal::whole(1), Some("%".to_owned()))?;
            return Some(self.reading(end, MentionKind::Percent, amount, "figure.percent"));
        }
        let hit = self.unit_word();
        if let Some(code) = self.currency {
            return self.prefixed_money(code, hit);
        }
        let Some(hit) = hit else { return self.without_unit() };
        match hit.sense.class {
            Class::Measure => self.measure(hit),
            Class::Currency | Class::CurrencyPart => self.money(hit),
            Class::Percent => self.simple(hit, MentionKind::Percent, "%", "figure.percent"),
            Class::PercentPoint => {
                self.simple(hit, MentionKind::Percent, "percent-point", "figure.percent-point")
            }
            Class::Times => {
                self.simple(hit, MentionKind::Percent, "times", "figure.times").map(|mut reading| {
                    reading.kind = MentionKind::Quantity;
                    reading
                })
            }
            Class::Tenth => self.tenth(hit),
            Class::Span => self.span(hit),
            Class::Anniversary => self.anniversary(hit),
            _ => self.count(hit),
        }
    }

    /// The longest word that can be the unit; of equal words the order of the files' classes decides.
    fn unit_word(&self) -> Option<Hit<'a>> {
        let engine = self.engine;
        let rank = |class: Class| match class {
            Class::Percent | Class::PercentPoint | Class::Times | Class::Anniversary => 0,
            Class::Currency => 1,
            Class::Measure => 2,
            Class::Span => 3,
            Class::Tenth => 4,
            _ => 5,
        };
        let mut best: Option<Hit> = None;
        engine.lexicon.each(&engine.view, self.end, UNITS, |hit| {
            let better = best.is_none_or(|best| {
                hit.end > best.end || hit.end == best.end && rank(hit.sense.class) < rank(best.sense.class)
            });
            if better && self.takes(&hit) {
                best = Some(hit);
            }
        });
        best
    }

    /// A weak unit (one character with other senses) needs digits, or no Han character after it.
    fn takes(&self, hit: &Hit) -> bool {
        let follows = self.engine.view.at(hit.end);
        // One capital letter is a code (5G), the unit is written small.
        if hit.end == self.end + 1 && self.engine.view.printed(self.end).is_ascii_uppercase() {
            return false;
        }
        // A character said twice is no figure.
        if hit.end == self.end + 1 && self.low.end == self.low.start + 1 {
            let doubled = self.engine.view.at(self.low.start) == self.engine.view.at(self.end);
            if doubled {
                return false;
            }
        }
        match hit.sense.class {
            Class::Measure | Class::Counted if hit.sense.value == 1 => {
                self.low.style == NumeralStyle::Figures
                    || self.limit.bound != Bound::Equal
                    || !is_han(follows)
                    || self.engine.longest(hit.end, ClassSet::of(&[Class::Half, Class::BoundAfter])).is_some()
            }
            Class::CurrencyPart => self.low.style == NumeralStyle::Figures || !is_han(follows),
            _ => true,
        }
    }

    fn simple(&mut self, hit: Hit, kind: MentionKind, unit: &str, rule: &str) -> Option<Reading> {
        let end = self.after(hit.end);
        let amount = self.amount(Decimal::whole(1), Some(unit.to_owned()))?;
        Some(self.reading(end, kind, amount, rule))
    }

    fn tenth(&mut self, hit: Hit) -> Option<Reading> {
        // Two digits side by side are tenths and hundredths.
        let factor = if self.low.digits == 2 && self.low.style == NumeralStyle::Characters {
            1
        } else {
            hit.sense.value
        };
        let mut end = hit.end;
        if self.high.is_none()
            && let Some(digit) = self.engine.word(end, Class::Digit)
            && !self.low.point
            && self.engine.longest(digit.end, UNITS.or(ClassSet::of(&[Class::Unit, Class::Digit]))).is_none()
            && !is_han(self.engine.view.at(digit.end))
        {
            self.low.value =
                self.low.value.and_then(|value| value.plus(Decimal::new(digit.sense.value.into(), 1)));
            end = digit.end;
        }
        let end = self.after(end);
        let amount = self.amount(Decimal::whole(factor), Some("%".to_owned()))?;
        Some(self.reading(end, MentionKind::Percent, amount, "figure.tenth"))
    }

    fn measure(&mut self, hit: Hit) -> Option<Reading> {
        let end = self.half(hit.end);
        let end = self.after(end);
        let factor = if hit.sense.value > 1 { hit.sense.value } else { 1 };
        let amount = self.amount(Decimal::whole(factor), Some(hit.sense.text.to_string()))?;
        Some(self.reading(end, MentionKind::Quantity, amount, "figure.quantity"))
    }

    fn money(&mut self, hit: Hit<'a>) -> Option<Reading> {
        let code = hit.sense.text.to_string();
        if hit.sense.class == Class::CurrencyPart {
            // One character that means many things: a hundredth only where no name goes on after it.
            if hit.sense.value == 100 && is_han(self.engine.view.at(hit.end)) {
                return None;
            }
            let amount = self.part_amount(hit.sense.value, &code)?;
            return Some(self.reading(hit.end, MentionKind::Money, amount, "figure.money-part"));
        }
        if hit.sense.value == -2 {
            let amount = self.part_amount(100, &code)?;
            return Some(self.reading(hit.end, MentionKind::Money, amount, "figure.money-part"));
        }
        // Tenths and hundredths of the currency behind it.
        let mut end = hit.end;
        while self.high.is_none()
            && let Some(next) = self.engine.lexicon.numeral(&self.engine.view, end)
            && let Some(part) = self.engine.word(next.end, Class::CurrencyPart)
            && let Some(value) = next.value.and_then(|value| value.over(Decimal::whole(part.sense.value)))
            && let Some(sum) = self.low.value.and_then(|whole| whole.plus(value))
        {
            self.low.value = Some(sum);
            end = part.end;
        }
        if end == hit.end {
            end = self.half(end);
        }
        let end = self.after(end);
        let amount = self.amount(Decimal::whole(1), Some(code))?;
        Some(self.reading(end, MentionKind::Money, amount, "figure.money"))
    }

    fn part_amount(&mut self, parts: i64, code: &str) -> Option<Amount> {
        self.low.value = Some(self.low.value?.over(Decimal::whole(parts))?);
        self.amount(Decimal::whole(1), Some(code.to_owned()))
    }

    fn prefixed_money(&mut self, code: &str, hit: Option<Hit<'a>>) -> Option<Reading> {
        let end = match hit {
            Some(hit) if hit.sense.class == Class::Currency => hit.end,
            _ => self.end,
        };
        let end = self.after(end);
        let amount = self.amount(Decimal::whole(1), Some(code.to_owned()))?;
        Some(self.reading(end, MentionKind::Money, amount, "figure.money"))
    }

    fn anniversary(&mut self, hit: Hit) -> Option<Reading> {
        let years = self.low.value.and_then(Decimal::as_whole)?;
        let mut reading =
            self.reading(hit.end, MentionKind::Duration, Amount::default(), "figure.anniversary");
        reading.value = MentionValue::Text(format!("P{years}Y"));
        reading.flags.push("anniversary");
        Some(reading)
    }

    /// A length of time, perhaps of several units, perhaps counted from the reference.
    fn span(&mut self, hit: Hit<'a>) -> Option<Reading> {
        let engine = self.engine;
        let first_text = &*hit.sense.text;
        let half_end = self.half(hit.end);
        let halved = half_end > hit.end;
        let mut pieces: Vec<(Decimal, &str)> = Vec::new();
        let ranged = self.high.is_some() || self.low.range.is_some();
        if let Some(value) = self.low.value.filter(|_| !ranged) {
            pieces.push((value, first_text));
        }
        let mut end = half_end;
        while !ranged && !halved && pieces.len() < 7 {
            let from = engine
                .longest(end, ClassSet::of(&[Class::Mixed, Class::BoundMiddle]))
                .map_or(end, |hit| hit.end);
            let Some(next) = engine.lexicon.numeral(&engine.view, from) else { break };
            let Some(unit) = engine.word(next.end, Class::Span) else { break };
            if next.bare || unit.sense.text == hit.sense.text {
                break;
            }
            let Some(value) = next.value else { break };
            pieces.push((value, &unit.sense.text));
            end = unit.end;
        }
        if pieces.len() == 1 && !halved {
            end = half_end;
        }
        let value = if ranged { self.span_range(first_text)? } else { format!("P{}", designators(&pieces)?) };
        let end = self.after(end);
        let mut reading = self.reading(end, MentionKind::Duration, Amount::default(), "figure.duration");
        reading.value = MentionValue::Text(value);
        self.counted_from_reference(&mut reading, &pieces);
        // A lone "one day" is an article and a noun.
        let article = self.low.end - self.low.start == 1 && self.low.style == NumeralStyle::Characters;
        if article
            && reading.rule == "figure.duration"
            && reading.value == MentionValue::Text("P1D".to_owned())
        {
            return None;
        }
        Some(reading)
    }

    fn span_range(&self, unit: &str) -> Option<String> {
        let (low, high) = match (&self.high, self.low.range) {
            (Some(high), _) => (self.low.value?, high.value?),
            (None, Some(range)) => range,
            (None, None) => return None,
        };
        Some(format!("P{}/P{}", designators(&[(low, unit)])?, designators(&[(high, unit)])?))
    }

    /// So long ago, so long from now, for so long.
    fn counted_from_reference(&self, reading: &mut Reading, pieces: &[(Decimal, &str)]) {
        let engine = self.engine;
        const AROUND: ClassSet = ClassSet::of(&[Class::Ago, Class::Hence, Class::TillNow]);
        let Some(hit) = engine.longest(reading.end, AROUND) else { return };
        reading.end = hit.end;
        let (sign, flag, rule) = match hit.sense.class {
            Class::Ago => (-1, "before-reference", "date.ago"),
            Class::Hence => (1, "after-reference", "date.hence"),
            _ => (-1, "until-reference", "date.till-now"),
        };
        reading.rule = rule.to_owned();
        reading.relative = true;
        let exact = reading.bound == Bound::Equal && !self.low.vague;
        let whole = match pieces {
            [(value, unit)] => value.as_whole().map(|value| (value, *unit)),
            _ => None,
        };
        let point = whole.filter(|_| exact).and_then(|(value, unit)| engine.counted(sign * value, unit));
        let Some(point) = point else {
            reading.flags.push(flag);
            return;
        };
        let Some(text) = point.edtf() else { return };
        if hit.sense.class == Class::TillNow {
            let now = engine.frame.reference.map(|day| day.year()).unwrap_or_default();
            let Some((_, "Y")) = whole else {
                reading.flags.push(flag);
                return;
            };
            reading.kind = MentionKind::DateRange;
            reading.value = MentionValue::Text(format!("{text}/{now:04}"));
        } else {
            reading.kind = MentionKind::Date;
            reading.value = MentionValue::Text(text);
        }
    }

    fn count(&mut self, hit: Hit) -> Option<Reading> {
        let (engine, view) = (self.engine, &self.engine.view);
        let plain_character = self.low.style == NumeralStyle::Characters
            && self.low.end - self.low.start == 1
            && self.limit.bound == Bound::Equal
            && self.high.is_none();
        // A lone "one" before a counter is an article.
        if plain_character && self.low.value == Some(Decimal::whole(1)) {
            return None;
        }
        let mut end = hit.end;
        let core = hit.end;
        let mut unit = view.squeezed(self.end, hit.end);
        if hit.sense.class == Class::Counter
            && let Some((from, to)) = counted_thing(engine, hit.end)
        {
            unit = view.squeezed(from, to);
            end = to;
        }
        let end = self.after(end);
        let amount = self.amount(Decimal::whole(1), Some(unit))?;
        let mut reading = self.reading(end, MentionKind::Count, amount, "figure.count");
        reading.core = core;
        Some(reading)
    }

    /// Four digits right before a name, nothing before them: the year of an event.
    fn year_in_name(&self) -> Option<Reading> {
        let view = &self.engine.view;
        let year = self.low.value.and_then(Decimal::as_whole).filter(|year| (1950..2100).contains(year))?;
        let alone = self.low.digits == 4
            && self.low.style == NumeralStyle::Figures
            && self.low.start == self.start
            && is_han(view.at(self.end))
            && !view.before(self.start).is_ascii_alphanumeric();
        alone.then(|| {
            let value = MentionValue::Text(year.to_string());
            let mut reading =
                Reading::new(self.start, self.end, MentionKind::Date, value, "date.year-in-name");
            reading.flags.push("in-name");
            reading
        })
    }

    /// A numeral with no unit: a count where the counted thing follows at once, else a bare number, where
    /// nothing says that it is a code or a name.
    fn without_unit(&mut self) -> Option<Reading> {
        let (engine, view) = (self.engine, &self.engine.view);
        let figures = self.low.style == NumeralStyle::Figures;
        let long = self.low.end - self.low.start > 1;
        if (figures || long)
            && self.low.share.is_none()
            && let Some(noun) = engine.word(self.end, Class::Noun)
            && (!figures || noun.end - self.end > 1)
            && (figures || self.limit.bound != Bound::Equal)
        {
            let unit = view.squeezed(self.end, noun.end);
            let amount = self.amount(Decimal::whole(1), Some(unit))?;
            let mut reading = self.reading(noun.end, MentionKind::Count, amount, "figure.count-noun");
            reading.core = self.end;
            return Some(reading);
        }
        let leading = self.low.vague && self.low.range.is_some();
        let isolated = long && !is_han(view.at(self.end)) && !is_han(view.before(self.start));
        // Nothing else stands in the text: a table cell.
        let alone = view.at(self.end) == END && view.before(self.start) == END;
        if leading || self.low.bare && !isolated {
            return None;
        }
        if self.low.style == NumeralStyle::Words {
            return None;
        }
        let next = view.at(self.end);
        let glued = view.gap(self.end) == Gap::None;
        if figures
            && glued
            && (next.is_ascii_alphabetic() || is_spaced_letter(next) || matches!(next, '+' | '_' | '#' | '/'))
        {
            return None;
        }
        // A number before a name of its kind (plant 2) or a year alone in a name is no figure.
        if figures && engine.word(self.end, Class::CodeAfter).is_some() {
            return None;
        }
        if figures && glued && next == '—' && view.at(self.end + 1).is_ascii_alphanumeric() {
            return None;
        }
        if self.low.digits > 8 {
            return None;
        }
        if let Some(reading) = self.year_in_name() {
            return Some(reading);
        }
        if !figures && self.low.share.is_none() && !alone && (!long || self.low.digits > 0) {
            return None;
        }
        let end = self.after(self.end);
        let amount = self.amount(Decimal::whole(1), None)?;
        Some(self.reading(end, MentionKind::Number, amount, "figure.number"))
    }
}

/// The values at both ends; a myriad on the second alone belongs to both.
fn ends(low: &Numeral, high: &Numeral) -> Option<(Decimal, Decimal)> {
    Some((low.value?, high.value?))
}

/// ISO 8601 designators of a length of time.
fn designators(pieces: &[(Decimal, &str)]) -> Option<String> {
    let (mut date, mut time) = (String::new(), String::new());
    let order = ["Y", "Q", "M", "W", "D", "TH", "TM", "TS", "C"];
    for wanted in order {
        for (value, unit) in pieces.iter().filter(|(_, unit)| *unit == wanted) {
            match *unit {
                "Q" => date.push_str(&format!("{}M", value.times(Decimal::whole(3))?)),
                "C" => date.push_str(&format!("{}Y", value.times(Decimal::whole(100))?)),
                "TH" | "TM" | "TS" => time.push_str(&format!("{value}{}", &unit[1..])),
                _ => date.push_str(&format!("{value}{unit}")),
            }
        }
    }
    if !time.is_empty() {
        date.push('T');
        date.push_str(&time);
    }
    Some(date)
}

/// The thing counted after a counter: up to the first head noun, and further while another follows at once.
fn counted_thing(engine: &Engine, from: usize) -> Option<(usize, usize)> {
    const LONGEST: usize = 12;
    let view = &engine.view;
    let mut at = from;
    while at < from + LONGEST && at < view.len() {
        if let Some(noun) = engine.word(at, Class::Noun) {
            let mut end = noun.end;
            while let Some(next) = engine.word(end, Class::Noun) {
                end = next.end;
            }
            return Some((from, end));
        }
        if engine.word(at, Class::NounStop).is_some()
            || !is_han(view.at(at))
            || view.gap(at) == Gap::Paragraph
        {
            return None;
        }
        at += 1;
    }
    None
}

impl Engine<'_> {
    /// The date so many units away from the reference, as precise as the unit.
    fn counted(&self, count: i64, unit: &str) -> Option<Moment> {
        let reference = self.frame.reference?;
        let (year, month, _) = reference.parts();
        let count = i32::try_from(count).ok()?;
        Some(match unit {
            "Y" => {
                let year = i32::from(year).checked_add(count)?;
                Moment::year(year)
            }
            "M" => {
                let months = (i32::from(year) * 12 + i32::from(month) - 1).checked_add(count)?;
                Moment::Calendar {
                    year: Some(months.div_euclid(12)),
                    month: u8::try_from(months.rem_euclid(12) + 1).ok(),
                    day: None,
                }
            }
            "W" => Moment::day(reference.plus_days(count.checked_mul(7)?)?),
            "D" => Moment::day(reference.plus_days(count)?),
            _ => return None,
        })
    }
}

/// An ordinal: with a word before it, as one word, or by what is counted after it.
fn ordinal(engine: &Engine, at: usize) -> Option<Reading> {
    let view = &engine.view;
    let read = |value: Decimal, numeral: (usize, usize), end: usize, unit: Option<String>, rule: &str| {
        let amount = Amount { value: Some(value.to_string()), unit, ..Amount::default() };
        let mut reading = Reading::new(at, end, MentionKind::Ordinal, MentionValue::Amount(amount), rule);
        reading.numeral = Some(numeral);
        reading
    };
    let edition =
        |from: usize| engine.word(from, Class::Edition).map(|hit| (hit.end, view.squeezed(from, hit.end)));
    if let Some(hit) = engine.word(at, Class::OrdinalBefore) {
        let numeral = engine.lexicon.numeral(view, hit.end)?;
        let value = numeral.value.filter(|_| numeral.share.is_none() && !numeral.point)?;
        let (end, unit) = edition(numeral.end).map_or((numeral.end, None), |(end, unit)| (end, Some(unit)));
        return Some(read(value, (numeral.start, numeral.end), end, unit, "ordinal.prefixed"));
    }
    if let Some(hit) = engine.word(at, Class::OrdinalWord) {
        let (end, unit) = edition(hit.end)?;
        return Some(read(Decimal::whole(hit.sense.value), (at, hit.end), end, Some(unit), "ordinal.first"));
    }
    let numeral = engine.lexicon.numeral(view, at)?;
    let value = numeral
        .value
        .filter(|_| numeral.share.is_none() && !numeral.more && !numeral.point && !numeral.bare)?;
    let hit = engine.word(numeral.end, Class::OrdinalAfter)?;
    // The "two" of counting counts: two phases are not the second one.
    if engine.word(numeral.start, Class::Digit).is_some_and(|digit| digit.sense.text.as_ref() == "counting") {
        return None;
    }
    let characters = numeral.style == NumeralStyle::Characters;
    // Value 1: an ordinal only when written in characters; digits count.
    if hit.sense.value == 1 && !characters {
        return None;
    }
    // Value 2: only before the name of a session.
    if hit.sense.value == 2 && (!characters || engine.word(hit.end, Class::SessionAfter).is_none()) {
        return None;
    }
    let unit = view.squeezed(numeral.end, hit.end);
    Some(read(value, (numeral.start, numeral.end), hit.end, Some(unit), "ordinal.edition"))
}

/// A length of time that leads up to the reference or on from it, or repeats.
fn relative_span(engine: &Engine, at: usize) -> Option<Reading> {
    const LEADS: ClassSet = ClassSet::of(&[Class::Past, Class::Future, Class::Every]);
    if let Some(hit) = engine.word(at, Class::SetWord) {
        let value = MentionValue::Text(hit.sense.text.to_string());
        return Some(Reading::new(at, hit.end, MentionKind::Set, value, "set.word"));
    }
    let lead = engine.longest(at, LEADS)?;
    let mut figure = Figure::at(engine, lead.end)?;
    let unit = figure.unit_word().filter(|hit| hit.sense.class == Class::Span)?;
    // "Nearly twenty years" and "the last three years" begin alike: few years are the last ones.
    if lead.sense.value == 1 && figure.low.value.is_none_or(|value| Decimal::whole(10).less_than(value)) {
        return None;
    }
    let mut reading = figure.span(unit)?;
    reading.start = at;
    match (lead.sense.class, reading.kind) {
        (Class::Every, MentionKind::Duration) => {
            let MentionValue::Text(text) = &reading.value else { return None };
            reading.value = MentionValue::Text(format!("R/{text}"));
            reading.kind = MentionKind::Set;
            reading.rule = "set.every".to_owned();
        }
        (Class::Every, _) => return None,
        (class, MentionKind::Duration) => {
            reading.relative = true;
            reading.flags.retain(|flag| !flag.ends_with("-reference"));
            let past = class == Class::Past;
            reading.flags.push(if past { "until-reference" } else { "from-reference" });
            reading.rule = if past { "duration.past" } else { "duration.future" }.to_owned();
        }
        _ => {}
    }
    Some(reading)
}
