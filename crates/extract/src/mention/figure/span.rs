//! Lengths of time: alone, counted from the reference, repeated.

use shiliu_lang::{Class, ClassSet, Decimal, Hit, NumeralStyle};

use super::super::engine::{Engine, Reading};
use super::super::moment::Moment;
use super::super::{Amount, Bound, MentionKind, MentionValue};
use super::Figure;

impl<'a> Figure<'_, 'a> {
    /// A length of time, perhaps of several units, perhaps counted from the reference.
    pub(super) fn span(&mut self, hit: Hit<'a>) -> Option<Reading> {
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
        reading.rule = rule.into();
        reading.relative = true;
        let exact = reading.bound == Bound::Equal && !self.low.vague;
        let whole = match pieces {
            // Half a year is six months.
            [(value, "Y")] if *value == Decimal::new(5, 1) => Some((6, "M")),
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
}

/// ISO 8601 designators of a length of time.
fn designators(pieces: &[(Decimal, &str)]) -> Option<String> {
    let (mut date, mut time) = (String::new(), String::new());
    let add = |text: &mut String, value: Decimal, unit: &str| {
        text.push_str(&value.text());
        text.push_str(unit);
    };
    let order = ["C", "Y", "Q", "M", "W", "D", "TH", "TQ", "TM", "TS"];
    for wanted in order {
        for (value, unit) in pieces.iter().filter(|(_, unit)| *unit == wanted) {
            match *unit {
                "Q" => add(&mut date, value.times(Decimal::whole(3))?, "M"),
                "C" => add(&mut date, value.times(Decimal::whole(100))?, "Y"),
                "TQ" => add(&mut time, value.times(Decimal::whole(15))?, "M"),
                "TH" | "TM" | "TS" => add(&mut time, *value, &unit[1..]),
                _ => add(&mut date, *value, unit),
            }
        }
    }
    if !time.is_empty() {
        date.push('T');
        date.push_str(&time);
    }
    (!date.is_empty()).then_some(date)
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

/// What such a length of time starts with.
pub(super) const LEADS: ClassSet = ClassSet::of(&[Class::Past, Class::Future, Class::Every, Class::SetWord]);

/// A length of time that leads up to the reference or on from it, or repeats.
pub(super) fn relative_span(engine: &Engine, at: usize) -> Option<Reading> {
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
            reading.rule = "set.every".into();
        }
        (Class::Every, _) => return None,
        (class, MentionKind::Duration) => {
            reading.relative = true;
            reading.flags.retain(|flag| !flag.ends_with("-reference"));
            let past = class == Class::Past;
            reading.flags.push(if past { "until-reference" } else { "from-reference" });
            reading.rule = if past { "duration.past" } else { "duration.future" }.into();
        }
        _ => {}
    }
    Some(reading)
}
