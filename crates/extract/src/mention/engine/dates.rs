//! Dates, times of day and spans of dates: forms put together with the words around them.

use std::borrow::Cow;

use shiliu_lang::{Class, ClassSet, FormMatch, Gap, Hit, is_han};
use shiliu_text::Date;

use super::super::clock::{Clock, part_name};
use super::super::moment::Moment;
use super::super::when::{Cue, Frame, Parts};
use super::super::{MentionKind, MentionValue};
use super::{Engine, Reading, is_sentence_end};

/// What follows a day: its zone, part of day and hour, as far as printed.
struct Tail {
    end: usize,
    zone: Option<String>,
    part: Option<(&'static str, i64)>,
    clock: Option<Clock>,
}

impl Tail {
    fn none(end: usize, part: Option<(&'static str, i64)>) -> Tail {
        Tail { end, zone: None, part, clock: None }
    }
}

/// Whether a rule gives a range with two printed ends.
fn is_two_ended(rule: &str) -> bool {
    rule.ends_with("+range") || rule.contains(".range.")
}

impl<'a> Engine<'a> {
    /// Where the words around `start..end` point: after it to the end of the clause, then a little before it.
    fn cue(&self, start: usize, end: usize) -> Cue {
        const CUES: ClassSet = ClassSet::of(&[Class::CueFuture, Class::CuePast]);
        let of = |hit: Hit| if hit.sense.class == Class::CueFuture { Cue::Forward } else { Cue::Back };
        for at in end..(end + 24).min(self.view.len()) {
            // `16日在某地签署备忘录，某方将…`: what is to come stands in a clause of its own.
            let clause_end = at > end + 1 && matches!(self.view.at(at), '，' | ',');
            if is_sentence_end(self.view.at(at)) || clause_end {
                break;
            }
            if let Some(hit) = self.longest(at, CUES) {
                return of(hit);
            }
        }
        for at in (start.saturating_sub(8)..start).rev() {
            if is_sentence_end(self.view.at(at)) {
                break;
            }
            if let Some(hit) = self.longest(at, CUES) {
                return of(hit);
            }
        }
        Cue::None
    }

    /// The date, time or span of dates that starts at `at`.
    /// `here` are the classes of the words there.
    pub(super) fn date(&mut self, at: usize, here: ClassSet) -> Option<Reading> {
        let mut start = at;
        let mut flags = Vec::new();
        if here.has(Class::AboutDate)
            && let Some(about) = self.word(start, Class::AboutDate)
        {
            start = about.end;
            flags.push("approximate");
        }
        let (mut since, mut until, mut weak) = (false, false, false);
        const OPENS: ClassSet = ClassSet::of(&[Class::SinceBefore, Class::UntilBefore]);
        if (start > at || here.meets(OPENS))
            && let Some(hit) = self.longest(start, OPENS)
        {
            since = hit.sense.class == Class::SinceBefore;
            until = !since;
            // Value 1: opens a range only together with a word after the date.
            weak = hit.sense.value == 1;
            start = hit.end;
        }
        let mut zone = self.word(start, Class::Zone);
        if let Some(hit) = zone {
            start = hit.end;
        }
        let from = start;
        let core = self.core(start, until).or_else(|| if start > at { self.core(at, until) } else { None });
        let mut reading = match core {
            Some(reading) => reading,
            None => {
                let reading = self.vague(at, start, until)?;
                return Some(reading);
            }
        };
        if start == at {
            zone = None;
        }
        if let Some(hit) = zone {
            reading.zone = Some(hit.sense.text.to_string());
        }
        reading.flags.append(&mut flags);
        let ranged = matches!(&reading.value, MentionValue::Text(text) if text.contains('/'));
        let begin = if since && weak && !ranged && self.word(reading.end, Class::SinceAfter).is_none() {
            since = false;
            reading.start.max(from)
        } else if let Some(before) = self
            .word(at, Class::YearBefore)
            .filter(|_| reading.rule.contains("year-after") && !since && !until)
        {
            before.end
        } else {
            at
        };
        self.open_ends(begin, since, until, reading)
    }

    /// Turns a date into an open range where the words before or after it say so.
    fn open_ends(&self, at: usize, since: bool, until: bool, mut reading: Reading) -> Option<Reading> {
        let dated =
            matches!(reading.kind, MentionKind::Date | MentionKind::DateRange | MentionKind::Datetime);
        let open = if reading.kind == MentionKind::Datetime {
            MentionKind::Datetime
        } else {
            MentionKind::DateRange
        };
        // The days of one expression open at its first and close at its last; two ends stay as they are.
        let whole = match &reading.value {
            MentionValue::Text(text) if dated => match text.split_once('/') {
                None => Some((text.clone(), text.clone())),
                Some((low, high)) if !is_two_ended(&reading.rule) && !text.contains("..") => {
                    Some((low.to_owned(), high.to_owned()))
                }
                Some(_) => None,
            },
            _ => None,
        };
        reading.start = at;
        let around = self.word(reading.end, Class::BoundAfter).filter(|hit| hit.sense.text.as_ref() == "~");
        if let (Some((low, high)), true) =
            (&whole, around.is_some() || reading.flags.contains(&"approximate"))
            && low == high
            && reading.kind == MentionKind::Date
            && !until
        {
            reading.value = MentionValue::Text(format!("{low}~"));
            reading.end = around.map_or(reading.end, |hit| hit.end);
            if around.is_some() {
                return Some(reading);
            }
        }
        if until {
            if let Some((_, last)) = whole {
                reading.value = MentionValue::Text(format!("../{last}"));
                reading.kind = open;
            }
            return Some(reading);
        }
        const AFTER: ClassSet = ClassSet::of(&[Class::SinceAfter, Class::UntilAfter, Class::LaterAfter]);
        let after = self.longest(reading.end, AFTER);
        match (after, whole) {
            (Some(hit), Some((first, last))) => {
                let value = if hit.sense.class == Class::UntilAfter {
                    format!("../{last}")
                } else {
                    format!("{first}/..")
                };
                if hit.sense.class == Class::LaterAfter || hit.sense.text.as_ref() == "before" {
                    reading.flags.push("excluded");
                }
                reading.value = MentionValue::Text(value);
                reading.kind = open;
                reading.end = hit.end;
            }
            (None, Some((first, _))) if since => {
                reading.value = MentionValue::Text(format!("{first}/.."));
                reading.kind = open;
            }
            (Some(hit), None) if dated && reading.value == MentionValue::Vague => reading.end = hit.end,
            (None, None) | (Some(_), None) => {}
            (None, Some(_)) => {}
        }
        Some(reading)
    }

    /// A date, a range of two dates, a time, or both.
    fn core(&mut self, at: usize, until: bool) -> Option<Reading> {
        let Some(form) = self.dates.longest(&self.view, self.lexicon, at, &self.room) else {
            return self.clock_only(at);
        };
        if !self.form_stands(at, &form) {
            return None;
        }
        let [mut first, mut second] = Parts::of(&form);
        let mut damaged = form.damaged || form.row.text("damaged").is_some();
        let mut rule = form.row.id.clone();
        // Zone, part of day and hour may stand between the first end and the word for "to".
        let mut tail = if second.is_empty() && first.has_day() {
            self.tail(form.end, first.part)
        } else {
            Tail::none(form.end, first.part)
        };
        let mut second_tail = None;
        if second.has_day() {
            let found = self.tail(form.end, second.part);
            tail.end = found.end;
            second_tail = Some(found);
        }
        let mut closing = tail.end;
        if second.is_empty()
            && let Some((other, joined, between)) = self.other_end(tail.end, until)
        {
            let [next, _] = Parts::of(&other);
            second = next;
            damaged |= other.damaged;
            rule.push_str("+range");
            closing = between.filter(|_| joined == Class::And).unwrap_or(other.end);
            if closing == other.end && second.has_day() {
                let found = self.tail(other.end, second.part);
                closing = found.end;
                second_tail = Some(found);
            }
        }
        let mut frame = self.frame;
        if !(first.has_year() && second.is_empty()) {
            frame.cue = self.cue(at, closing);
        }
        if self.recurring.is_some_and(|before| self.follows(before, at)) {
            (frame.reference, frame.previous, frame.last_year) = (None, (None, None, None), None);
        }
        first.complete(&second);
        second.inherit(&first);
        // The second Sunday of a month is no day that the reference tells.
        let counted = first.is_weekday() && self.numbered == Some(at);
        let low = if counted { Moment::Unknown } else { first.resolve(&frame) };
        let mut relative = first.is_relative() && frame.reference.is_some();
        let moment = if second.is_empty() {
            low
        } else {
            relative |= second.is_relative() && frame.reference.is_some() && !first.has_year();
            let (year, month, day) = low.parts();
            let seen = Frame { previous: (year, month, day), ..frame };
            let high = second.resolve(&seen);
            match (&low, &high) {
                (Moment::Impossible, _) | (_, Moment::Impossible) => Moment::Impossible,
                _ => Moment::between(low.clone(), later(&low, high, second.lacks_year())),
            }
        };
        let mut reading = self.date_reading(at, closing, &moment, rule);
        reading.relative = relative;
        if damaged {
            reading.flags.push("damaged");
        }
        match second_tail {
            Some(last) => self.timed_range(&mut reading, tail, last, &moment),
            None if second.is_empty() => self.timed(&mut reading, &mut tail, &moment),
            None => {
                reading.part =
                    first.part.filter(|_| second.part.is_none() && tail.clock.is_none()).map(|(name, _)| name)
            }
        }
        Some(reading)
    }

    /// The other end of a range: its form, the word that joins it, and where a closing word ends.
    fn other_end(&self, end: usize, until: bool) -> Option<(FormMatch<'a>, Class, Option<usize>)> {
        let to = self.longest(end, ClassSet::of(&[Class::To, Class::And]))?;
        let other = self.dates.longest(&self.view, self.lexicon, to.end, &self.room)?;
        if !self.form_stands(to.end, &other) || until && to.sense.class == Class::To {
            return None;
        }
        let between = self.word(other.end, Class::Between);
        let [_, nothing] = Parts::of(&other);
        (nothing.is_empty() && (to.sense.class == Class::To || between.is_some()))
            .then(|| (other, to.sense.class, between.map(|hit| hit.end)))
    }

    fn date_reading(
        &self,
        at: usize,
        end: usize,
        moment: &Moment,
        rule: impl Into<Cow<'static, str>>,
    ) -> Reading {
        let kind = if moment.is_range() { MentionKind::DateRange } else { MentionKind::Date };
        let value = moment.edtf().map_or(MentionValue::Vague, MentionValue::Text);
        let mut reading = Reading::new(at, end, kind, value, rule);
        if *moment == Moment::Impossible {
            reading.flags.push("impossible");
        }
        let parts = moment.parts();
        if parts.0.is_some() {
            reading.leaves = Some(parts);
        }
        reading
    }

    /// Zone, part of day and hour after a day.
    fn tail(&self, from: usize, part: Option<(&'static str, i64)>) -> Tail {
        let mut tail = Tail::none(from, part);
        if let Some(zone) = self.word(tail.end, Class::Zone) {
            tail.zone = Some(zone.sense.text.to_string());
            tail.end = zone.end;
        }
        if let Some(hit) = self.word(tail.end, Class::DayPart) {
            tail.part = part_name(&hit.sense.text).map(|name| (name, hit.sense.value)).or(part);
            tail.end = hit.end;
        }
        if let Some((clock, end)) = self.clock(tail.end, true) {
            tail.clock = Some(clock.in_part(tail.part));
            tail.end = end;
        }
        tail
    }

    /// A day with what follows it; a range of hours on it.
    fn timed(&self, reading: &mut Reading, tail: &mut Tail, moment: &Moment) {
        reading.part = tail.part.map(|(name, _)| name);
        reading.zone = tail.zone.take();
        let Some(clock) = tail.clock else { return };
        let Some(day) = moment.last().edtf().filter(|_| !moment.is_range()) else { return };
        reading.kind = MentionKind::Datetime;
        let low = format!("{day}T{}", clock.text());
        if let Some((high, next, end)) = self.clock_end(tail.end, tail.part) {
            let last = moment.following(next).and_then(|moment| moment.edtf()).unwrap_or(day);
            reading.value = MentionValue::Text(format!("{low}/{last}T{}", high.text()));
            reading.end = end;
        } else {
            reading.value = MentionValue::Text(low);
        }
        reading.core = reading.end;
    }

    /// A range of days whose ends have their own parts of day or hours.
    fn timed_range(&self, reading: &mut Reading, first: Tail, last: Tail, moment: &Moment) {
        reading.zone = first.zone.or(last.zone);
        reading.part = match (first.part, last.part) {
            (Some((low, _)), Some((high, _))) if low == high => Some(low),
            (Some((low, _)), None) if last.clock.is_none() => Some(low),
            _ => None,
        };
        if let (Some(low), Some(high)) = (first.clock, last.clock)
            && let (Some(from), Some(to)) = (moment.first().edtf(), moment.last().edtf())
        {
            reading.kind = MentionKind::Datetime;
            reading.value = MentionValue::Text(format!("{from}T{}/{to}T{}", low.text(), high.text()));
        }
    }

    /// The second hour of a range: the clock, whether it is the next day's, and where it ends.
    fn clock_end(&self, at: usize, part: Option<(&'static str, i64)>) -> Option<(Clock, bool, usize)> {
        let to = self.word(at, Class::To)?;
        let next = self.word(to.end, Class::SameDay).filter(|hit| hit.sense.value == 1);
        let from = next.map_or(to.end, |hit| hit.end);
        let own = self.word(from, Class::DayPart);
        let from = own.map_or(from, |hit| hit.end);
        let own = own.and_then(|hit| part_name(&hit.sense.text).map(|name| (name, hit.sense.value)));
        let (high, end) = self.clock(from, true)?;
        let part = own.or(part.filter(|_| next.is_none()));
        Some((high.in_part(part), next.is_some(), end))
    }

    fn clock(&self, at: usize, dated: bool) -> Option<(Clock, usize)> {
        let form = self.times.longest(&self.view, self.lexicon, at, &self.room)?;
        let clock = Clock::from_form(&form)?;
        // The character for "point" marks an hour only in company.
        let weak = clock.minute.is_none()
            && clock.hour != 0
            && form.filled.last().is_some_and(|last| match last.what {
                shiliu_lang::Filling::Word(sense) => sense.value == 1,
                _ => false,
            });
        (dated || !weak).then_some((clock, form.end))
    }

    /// A part of day or an hour without a date.
    fn clock_only(&self, at: usize) -> Option<Reading> {
        let part_hit = self.word(at, Class::DayPart);
        let part = part_hit.and_then(|hit| part_name(&hit.sense.text).map(|name| (name, hit.sense.value)));
        let from = part_hit.map_or(at, |hit| hit.end);
        if part_hit.is_none() && self.view.before(at).is_alphanumeric() && !is_han(self.view.before(at)) {
            return None;
        }
        let (clock, end) = self.clock(from, part.is_some())?;
        let low = clock.in_part(part);
        let mut reading = Reading::new(
            at,
            end,
            MentionKind::Time,
            MentionValue::Text(format!("T{}", low.text())),
            "time.clock",
        );
        reading.part = part.map(|(name, _)| name);
        if let Some((high, _, high_end)) = self.clock_end(end, part) {
            reading.value = MentionValue::Text(format!("T{}/T{}", low.text(), high.text()));
            reading.end = high_end;
            reading.core = high_end;
        }
        Some(reading)
    }

    /// Dates that have no value, or only the reference's.
    fn vague(&self, at: usize, start: usize, until: bool) -> Option<Reading> {
        let now = self.word(start, Class::Now);
        let vague = self.word(start, Class::VagueDate);
        if let Some(hit) = now
            && vague.is_none_or(|vague| vague.end <= hit.end)
        {
            let (year, month, _) = self.frame.reference.map(Date::parts)?;
            let moment =
                Moment::Calendar { year: Some(i32::from(year)), month: u8::try_from(month).ok(), day: None };
            let mut reading = self.date_reading(at, hit.end, &moment, "date.now");
            reading.relative = true;
            reading.leaves = None;
            if until && let MentionValue::Text(text) = &reading.value {
                reading.value = MentionValue::Text(format!("../{text}"));
                reading.kind = MentionKind::DateRange;
            }
            return Some(reading);
        }
        if let Some(hit) = vague {
            let mut reading = Reading::new(at, hit.end, MentionKind::Date, MentionValue::Vague, "date.vague");
            reading.flags.push("vague");
            return Some(reading);
        }
        if self.view.gap(start) == Gap::None && self.word_ends_date(start) {
            return None;
        }
        let event = self.word(start, Class::EventNoun)?;
        let since = self.word(event.end, Class::SinceAfter)?;
        let mut reading =
            Reading::new(at, since.end, MentionKind::DateRange, MentionValue::Vague, "date.event-since");
        reading.flags.push("vague");
        Some(reading)
    }

    /// Whether a date ended right before: the event then happened at that date.
    fn word_ends_date(&self, at: usize) -> bool {
        self.ended == Some(at)
    }

    /// Whether the characters around a form let it be a date: no digit before it, and a bare day or month not
    /// part of a longer figure.
    fn form_stands(&self, at: usize, form: &FormMatch) -> bool {
        let before = self.view.before(at);
        let after = self.view.at(form.end);
        // "A better tomorrow": a day word after an attribute is no day.
        let day_word = matches!(form.filled.first().map(|first| first.what),
            Some(shiliu_lang::Filling::Word(sense)) if sense.class == Class::DayWord);
        if day_word && (before == '《' || at > 0 && self.word(at - 1, Class::Filler).is_some()) {
            return false;
        }
        // Within so many days, for so many days: no day of a month.
        let bare_day = matches!(
            form.filled.first().map(|first| first.what),
            Some(shiliu_lang::Filling::Number(shiliu_lang::Slot::Day, _))
        ) && form.filled.len() == 2;
        if bare_day
            && self.word(form.end, Class::BoundAfter).is_some_and(|hit| hit.sense.text.as_ref() == "<=")
        {
            return false;
        }
        // A day after the mark of a month that is none, a number that is the tail of a longer one.
        if bare_day && at > 0 && self.word(at - 1, Class::MonthMark).is_some() {
            return false;
        }
        const CHARACTERS: ClassSet = ClassSet::of(&[Class::Digit, Class::Unit, Class::Tens]);
        let numeral = |at: usize| self.longest(at, CHARACTERS).is_some();
        if at > 0 && self.view.gap(at) == Gap::None && numeral(at) && numeral(at - 1) {
            return false;
        }
        // A part of a year after a numeral belongs to that numeral (in three years' time).
        let year_part = matches!(form.filled.first().map(|first| first.what),
            Some(shiliu_lang::Filling::Word(sense)) if sense.class == Class::YearPart);
        if year_part && at > 0 && self.view.gap(at) == Gap::None {
            const NUMERAL: ClassSet = ClassSet::of(&[Class::Digit, Class::Unit, Class::Half, Class::Vague]);
            if before.is_ascii_digit() || self.longest(at - 1, NUMERAL).is_some() {
                return false;
            }
        }
        const COUNTS: ClassSet = ClassSet::of(&[
            Class::Counted,
            Class::Measure,
            Class::Currency,
            Class::Percent,
            Class::Multiplier,
        ]);
        if matches!(
            form.filled.last().map(|last| last.what),
            Some(shiliu_lang::Filling::Number(shiliu_lang::Slot::RecentYear, _))
        ) && self.longest(form.end, COUNTS).is_some()
        {
            return false;
        }
        let digit_first = self.view.at(at).is_ascii_digit();
        if digit_first
            && self.view.gap(at) == Gap::None
            && (before.is_ascii_digit() || before == '.' || before.is_ascii_alphabetic())
        {
            return false;
        }
        let digit_last = self.view.at(form.end - 1).is_ascii_digit();
        let dashed = (at..form.end).any(|place| self.view.at(place) == '—');
        if digit_last
            && self.view.gap(form.end) == Gap::None
            && (after.is_ascii_digit() || after == '—' && dashed)
        {
            return false;
        }
        true
    }
}

/// The end of a range whose year nobody printed is not before its start: August to February ends in the next year.
fn later(low: &Moment, high: Moment, free: bool) -> Moment {
    let (from, to) = (low.parts(), high.parts());
    if let Moment::Calendar { year: Some(year), month: Some(month), day } = high
        && free
        && from.0 == Some(year)
        && (from.1, from.2) > (Some(month), day)
        && to.1 != from.1
    {
        return Moment::Calendar { year: Some(year + 1), month: Some(month), day };
    }
    high
}
