//! Numbers of things, and numbers without a unit.

use shiliu_lang::{Class, Decimal, END, Gap, Hit, NumeralStyle, is_han, is_spaced_letter};

use super::super::engine::{Engine, Reading};
use super::super::{Bound, MentionKind, MentionValue};
use super::{Figure, UNITS};

impl Figure<'_, '_> {
    pub(super) fn count(&mut self, hit: Hit) -> Option<Reading> {
        let (engine, view) = (self.engine, &self.engine.view);
        let plain_character = self.low.style == NumeralStyle::Characters
            && self.low.end - self.low.start == 1
            && self.limit.bound == Bound::Equal
            && self.high.is_none();
        // A lone "one" before a counter is an article, a lone zero the beginning of a word.
        if plain_character && self.low.value.is_some_and(|value| value.less_than(Decimal::whole(2))) {
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

    /// An amount in a currency that no row lists: a name of one character (of two after a large amount) and the
    /// word that ends such names.
    fn unlisted_money(&self) -> Option<Reading> {
        let (engine, view) = (self.engine, &self.engine.view);
        let large = self.low.value.is_some_and(|value| Decimal::whole(9999).less_than(value));
        let year = self.low.digits == 4 && self.year_in_name().is_some();
        if year || self.low.share.is_some() || self.low.end - self.low.start < 2 {
            return None;
        }
        let longest = if large { 2 } else { 1 };
        for head in self.end + 1..=self.end + longest {
            let name = head - 1;
            if !is_han(view.at(name)) || view.gap(name) == Gap::Paragraph {
                return None;
            }
            let stop = engine.word(name, Class::NounStop).is_some();
            if stop || engine.longest(name, UNITS).is_some() {
                return None;
            }
            if let Some(hit) = engine.word(head, Class::CurrencyHead) {
                let unit = format!("{{{}}}", view.squeezed(self.end, hit.end));
                let amount = self.amount(Decimal::whole(1), Some(unit))?;
                return Some(self.reading(hit.end, MentionKind::Money, amount, "figure.money-unlisted"));
            }
        }
        None
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
    pub(super) fn without_unit(&mut self) -> Option<Reading> {
        let (engine, view) = (self.engine, &self.engine.view);
        let figures = self.low.style == NumeralStyle::Figures;
        let long = self.low.end - self.low.start > 1;
        // A number before a name of its kind (plant 2, tower 101) is no figure.
        if engine.word(self.end, Class::CodeAfter).is_some() {
            return None;
        }
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
        // Numbers of documents and generations: in brackets before their mark, or with a zero first.
        let bracketed =
            matches!((view.before(self.start), view.at(self.end)), ('〔', '〕') | ('[', ']') | ('【', '】'))
                || view.before(self.start) == '('
                    && view.at(self.end) == ')'
                    && engine.word(self.end + 1, Class::CodeAfter).is_some();
        let zero = figures && self.low.digits > 1 && view.at(self.low.start) == '0' && !self.low.point;
        if bracketed || zero {
            return None;
        }
        if let Some(money) = self.unlisted_money() {
            return Some(money);
        }
        let leading = self.low.vague && self.low.range.is_some();
        let isolated = long && !is_han(view.at(self.end)) && !is_han(view.before(self.start));
        // Nothing else stands in the text: a table cell.
        let alone = view.at(self.end) == END && view.before(self.start) == END;
        if leading || self.low.bare && !isolated {
            return None;
        }
        // Characters of a numeral right before another word are a name or an idiom.
        if !figures
            && self.low.share.is_none()
            && !self.low.point
            && is_han(view.at(self.end))
            && self.low.digits == 0
            && self.limit.bound == Bound::Equal
        {
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
