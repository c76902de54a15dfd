//! What the filled places of a date form mean, and which day they are seen from the reference date and the
//! dates before them.

mod resolve;

use shiliu_lang::{Class, Filling, FormMatch, Sense, Slot, Table};
use shiliu_text::Date;

use super::clock::part_name;

/// Where the words around a date point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Cue {
    /// Neither way.
    #[default]
    None,
    /// To the future.
    Forward,
    /// To the past.
    Back,
}

/// What a date is seen from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame<'a> {
    /// Years of the lunisolar calendar.
    pub(super) lunar: Option<&'a Table>,
    pub(super) reference: Option<Date>,
    /// Year, month and day of the date before in the same sentence.
    pub(super) previous: (Option<i32>, Option<u8>, Option<u8>),
    /// The last whole day that was named anywhere before.
    pub(super) last_day: (Option<i32>, Option<u8>, Option<u8>),
    /// The last year that was printed anywhere before.
    pub(super) last_year: Option<i32>,
    pub(super) cue: Cue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum YearOf {
    Given(i32),
    Short(i32),
    Offset(i32),
    Same,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MonthOf {
    Given(u8),
    Offset(i32),
    Same,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DayOf {
    Given(u8),
    Offset(i32),
    Same(i32),
}

/// One end of a date expression, unresolved.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts<'l> {
    year: Option<YearOf>,
    month: Option<MonthOf>,
    day: Option<DayOf>,
    week: Option<i32>,
    weekday: Option<u8>,
    /// EDTF division of the year.
    division: Option<u8>,
    year_part: Option<&'l str>,
    month_part: Option<&'l str>,
    decade: Option<i32>,
    century: Option<i32>,
    era: Option<i32>,
    cycle: Option<i32>,
    /// A weekend, in weeks from the reference's.
    weekend: Option<i32>,
    /// First of several days counted from the reference, and how many.
    days: Option<(i32, i32)>,
    /// First of several years counted from the reference, and how many.
    years: Option<(i32, i32)>,
    /// Two neighbouring decades.
    decades: Option<i32>,
    week_of_year: Option<i32>,
    /// The first (1) or last (-1) so many units of a year.
    first_part: Option<i32>,
    count: Option<i32>,
    part_unit: Option<&'l str>,
    period: Option<&'l str>,
    feast: Option<&'l str>,
    pub(super) lunar: bool,
    leap: bool,
    /// Part of day and what it adds to an hour.
    pub(super) part: Option<(&'static str, i64)>,
    filled: bool,
}

impl<'l> Parts<'l> {
    /// The two ends of a form; the second is empty for a form without "to".
    pub(super) fn of(form: &FormMatch<'l>) -> [Parts<'l>; 2] {
        let mut sides = [Parts::default(), Parts::default()];
        for filled in &form.filled {
            let side = &mut sides[usize::from(filled.side.min(1))];
            match filled.what {
                Filling::Number(slot, value) => side.number(slot, i32::try_from(value).unwrap_or(0)),
                Filling::Word(sense) => side.word(sense),
            }
        }
        sides
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.filled
    }

    /// Only a day of the week is known.
    pub(super) fn is_weekday(&self) -> bool {
        self.weekday.is_some() && self.day.is_none() && self.week.is_none()
    }

    /// Whether a part of day may follow.
    pub(super) fn has_day(&self) -> bool {
        self.day.is_some() || self.weekday.is_some() || self.feast.is_some()
    }

    /// Whether it names its year.
    pub(super) fn has_year(&self) -> bool {
        self.year.is_some() || self.era.is_some()
    }

    /// Whether its value hangs on another date.
    pub(super) fn is_relative(&self) -> bool {
        !matches!(self.year, Some(YearOf::Given(_)))
            && self.era.is_none()
            && self.period.is_none()
            && !(self.century.is_some() && self.filled)
    }

    fn number(&mut self, slot: Slot, value: i32) {
        self.filled = true;
        let small = u8::try_from(value).unwrap_or(0);
        match slot {
            Slot::Year | Slot::RecentYear | Slot::SmallYear | Slot::FarYear => {
                self.year = Some(YearOf::Given(value))
            }
            Slot::ShortYear | Slot::ZeroYear => self.year = Some(YearOf::Short(value)),
            Slot::Month | Slot::Month2 => self.month = Some(MonthOf::Given(small)),
            Slot::Day | Slot::Day2 | Slot::UnmarkedDay => self.day = Some(DayOf::Given(small)),
            Slot::BareDay => {
                self.day = Some(DayOf::Given(small));
            }
            Slot::Weekday => self.weekday = Some(small),
            Slot::Quarter => self.division = Some(32 + small),
            Slot::Decade | Slot::LongDecade => self.decade = Some(value),
            Slot::Decades => self.decades = Some(value),
            Slot::WeekNumber => self.week_of_year = Some(value),
            Slot::Count => self.count = Some(value),
            Slot::Century => self.century = Some(value),
            _ => {}
        }
    }

    fn word(&mut self, sense: &'l Sense) {
        let value = i32::try_from(sense.value).unwrap_or(0);
        let small = u8::try_from(value).unwrap_or(0);
        let before = self.filled;
        self.filled = true;
        match sense.class {
            Class::YearWord => self.year = Some(YearOf::Offset(value)),
            Class::SameYear => self.year = Some(YearOf::Same),
            Class::MonthName => self.month = Some(MonthOf::Given(small)),
            Class::LunarMonth => {
                self.month = Some(MonthOf::Given(small));
                self.lunar = true;
            }
            Class::MonthWord => self.month = Some(MonthOf::Offset(value)),
            Class::SameMonth => self.month = Some(MonthOf::Same),
            Class::DayWord => self.day = self.day.or(Some(DayOf::Offset(value))),
            Class::SameDay => self.day = Some(DayOf::Same(value)),
            Class::LunarDay => {
                self.day = Some(DayOf::Given(small));
                self.lunar = true;
            }
            Class::LunarBefore => self.lunar = true,
            Class::LunarLeap => self.leap = true,
            Class::Weekday | Class::WeekdayShort => self.weekday = Some(small),
            Class::WeekWord => self.week = Some(value),
            Class::DaysWord => self.days = sense.text.parse().ok().map(|count| (value, count)),
            Class::YearsWord => self.years = sense.text.parse().ok().map(|count| (value, count)),
            Class::WeekendWord => self.weekend = Some(value),
            Class::FirstPart => self.first_part = Some(value),
            Class::PartUnit => self.part_unit = Some(&sense.text),
            Class::Season => self.division = Some(small),
            Class::YearPart => self.year_part = Some(&sense.text),
            Class::MonthPart => self.month_part = Some(&sense.text),
            Class::MonthPartWord => {
                self.month_part = Some(&sense.text);
                self.month = self.month.or(Some(MonthOf::Offset(0)));
            }
            Class::CenturyWord => self.century = Some(21 + value),
            Class::Era => self.era = Some(value),
            Class::FirstYear => self.year = Some(YearOf::Given(1)),
            Class::CycleYear => {
                self.cycle = Some(value);
                self.lunar = true;
            }
            Class::Period => self.period = Some(&sense.text),
            Class::Feast => self.feast = Some(&sense.text),
            Class::DayPart => self.part = part_name(&sense.text).map(|name| (name, sense.value)),
            Class::DayPartWord => {
                self.day = Some(DayOf::Offset(value));
                let shift = if matches!(&*sense.text, "afternoon" | "evening") { 12 } else { 0 };
                self.part = part_name(&sense.text).map(|name| (name, shift));
            }
            _ => self.filled = before,
        }
    }

    /// What a second end leaves out is that of the first.
    pub(super) fn inherit(&mut self, first: &Parts<'l>) {
        let relative_day = matches!(self.day, Some(DayOf::Offset(_)));
        if self.is_empty() || self.weekday.is_some() && self.day.is_none() || relative_day {
            return;
        }
        if self.month.is_none() && self.day.is_some() && self.period.is_none() {
            self.month = first.month;
        }
        if self.part.is_none() && self.day.is_none() && self.month.is_none() {
            self.part = first.part;
        }
    }

    /// What a first end leaves out where the second has it (the year after both, 16 to 18 June 2025).
    pub(super) fn complete(&mut self, second: &Parts<'l>) {
        if self.day.is_some() && self.month.is_none() {
            self.month = second.month;
        }
        if self.year.is_none() && (self.month.is_some() || self.division.is_some()) {
            self.year = second.year.filter(|_| self.month.is_some());
        }
        self.era = self.era.or(second.era);
    }

    /// Whether the year was neither printed nor named.
    pub(super) fn lacks_year(&self) -> bool {
        self.year.is_none() && self.era.is_none() && self.period.is_none()
    }
}
