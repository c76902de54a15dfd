//! What a numeral is measured in: shares, physical units, money.

use shiliu_lang::{Class, ClassSet, Decimal, Hit, NumeralStyle, Share, is_han};

use super::super::engine::Reading;
use super::super::{Amount, Bound, MentionKind, MentionValue};
use super::{Figure, Limit, UNITS};

impl<'a> Figure<'_, 'a> {
    pub(super) fn unit(&mut self) -> Option<Reading> {
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
        if let Some(hit) = self.parted_span() {
            return self.span(hit);
        }
        let hit = self.unit_word();
        // One half alone measures time only.
        if self.low.end == self.low.start + 1
            && self.low.point
            && hit.is_none_or(|hit| hit.sense.class != Class::Span)
        {
            return None;
        }
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

    /// A length of time that half, or a word for more, parts from its counter (one and a half months).
    fn parted_span(&mut self) -> Option<Hit<'a>> {
        let engine = self.engine;
        let counter = engine.word(self.end, Class::SpanCounter)?;
        let half = engine.word(counter.end, Class::Half);
        let more = engine.word(counter.end, Class::BoundMiddle);
        let unit = engine.word(half.or(more)?.end, Class::SpanAfter)?;
        if half.is_some() {
            let whole = self.low.value.filter(|_| self.high.is_none())?;
            self.low.value = Some(whole.plus(Decimal::new(5, 1))?);
        } else if let Some(more) = more {
            self.limit = Limit::of(&more.sense.text);
        }
        Some(unit)
    }

    /// The longest word that can be the unit; of equal words the order of the files' classes decides.
    pub(super) fn unit_word(&self) -> Option<Hit<'a>> {
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
        // A longer word that starts alike: the number of a road, a lorry in place of a calorie.
        let weak = hit.sense.value == 1 || hit.sense.class == Class::Counted;
        if self.engine.word(self.end, Class::CodeAfter).is_some_and(|other| other.end > hit.end) {
            return false;
        }
        if weak && self.engine.word(self.end, Class::Noun).is_some_and(|other| other.end > hit.end) {
            return false;
        }
        match hit.sense.class {
            // Days of a month are written alike: only a limit makes them a length.
            Class::Span if hit.sense.value == 1 => {
                let limit = self.engine.word(hit.end, Class::BoundAfter);
                limit.is_some_and(|limit| limit.sense.text.as_ref() == "<=")
            }
            // Two or five of them in one character are a group, not a number.
            Class::Counted if hit.sense.value == 1 => {
                self.low.style == NumeralStyle::Figures
                    || self.limit.bound != Bound::Equal
                    || self.low.end - self.low.start > 1 && !is_han(follows)
            }
            Class::Measure if hit.sense.value == 1 => {
                self.low.style == NumeralStyle::Figures
                    || self.limit.bound != Bound::Equal
                    || !is_han(follows)
                    || self.engine.longest(hit.end, ClassSet::of(&[Class::Half, Class::BoundAfter])).is_some()
            }
            Class::Currency if hit.sense.value == 1 => {
                self.low.style == NumeralStyle::Figures || !is_han(follows)
            }
            Class::CurrencyPart => self.low.style == NumeralStyle::Figures || !is_han(follows),
            _ => true,
        }
    }

    fn simple(&mut self, hit: Hit, kind: MentionKind, unit: &str, rule: &'static str) -> Option<Reading> {
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
        let mut unit = hit.sense.text.to_string();
        let end = match self.per(end) {
            Some((part, end)) => {
                unit = format!("{unit}/{part}");
                end
            }
            None => end,
        };
        let end = self.after(end);
        let factor = if hit.sense.value > 1 { hit.sense.value } else { 1 };
        let amount = self.amount(Decimal::whole(factor), Some(unit))?;
        Some(self.reading(end, MentionKind::Quantity, amount, "figure.quantity"))
    }

    /// A slash and what a measure is taken for: the UCUM code and the place after it.
    fn per(&self, end: usize) -> Option<(String, usize)> {
        let engine = self.engine;
        if engine.view.at(end) != '/' {
            return None;
        }
        if let Some(measure) = engine.word(end + 1, Class::Measure) {
            return Some((measure.sense.text.to_string(), measure.end));
        }
        let hit = engine.longest(end + 1, ClassSet::of(&[Class::Span, Class::SpanAfter]))?;
        let code = match hit.sense.text.as_ref() {
            "Y" => "a",
            "M" => "mo",
            "W" => "wk",
            "D" => "d",
            "TH" => "h",
            "TM" => "min",
            "TS" => "s",
            _ => return None,
        };
        Some((code.to_owned(), hit.end))
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
}
