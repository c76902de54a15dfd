//! From the parts of a date to the day, month or year that is meant.

use shiliu_text::Date;

use super::super::lunar;
use super::super::moment::{Moment, date, month_length};
use super::{Cue, DayOf, Frame, MonthOf, Parts, YearOf};

impl Parts<'_> {
    fn year_number(&self, frame: &Frame) -> Option<i32> {
        let reference = frame.reference.map(|day| i32::from(day.year()));
        if let (Some(era), Some(YearOf::Given(year))) = (self.era, self.year) {
            // Before the common era, year 1 is EDTF's 0.
            return Some(if era < 0 { 1 - year } else { era + year });
        }
        match self.year? {
            YearOf::Given(year) => Some(year),
            YearOf::Short(short) => {
                let limit = reference.unwrap_or(2025) % 100 + 20;
                Some(if short <= limit { 2000 + short } else { 1900 + short })
            }
            YearOf::Offset(offset) => Some(reference? + offset),
            YearOf::Same => frame.previous.0.or(frame.last_year).or(reference),
        }
    }

    /// The date that is meant.
    pub(in crate::mention) fn resolve(&self, frame: &Frame) -> Moment {
        if let Some(period) = self.period {
            let mut ends = period.split('/').filter_map(|year| year.parse().ok()).map(Moment::year);
            return match (ends.next(), ends.next()) {
                (Some(first), Some(last)) => Moment::between(first, last),
                _ => Moment::Unknown,
            };
        }
        if let Some((first, count)) = self.days {
            let start = frame.reference.and_then(|day| day.plus_days(first));
            return span_of(start, start.and_then(|day| day.plus_days(count - 1)));
        }
        if let Some((first, count)) = self.years {
            let Some(year) = frame.reference.map(|day| i32::from(day.year()) + first) else {
                return Moment::Unknown;
            };
            return Moment::between(Moment::year(year), Moment::year(year + count - 1));
        }
        if let Some(decades) = self.decades {
            return Moment::between(
                self.decade_moment(decades / 100, frame),
                self.decade_moment(decades % 100, frame),
            );
        }
        if let Some(decade) = self.decade {
            return self.decade_moment(decade, frame);
        }
        if let Some(century) = self.century {
            let before = self.era.is_some_and(|era| era < 0);
            return Moment::Masked { digits: century - 1, masked: 2, before };
        }
        if self.lunar {
            return self.lunar_moment(frame);
        }
        if let Some(feast) = self.feast {
            return self.feast_moment(feast, frame);
        }
        let year = self.year_number(frame);
        if let Some(first) = self.first_part {
            let year = year.or(frame.reference.map(|day| i32::from(day.year())));
            return self.part_of_year(first, year);
        }
        if let Some(week) = self.week_of_year {
            // ISO 8601: week 1 holds 4 January.
            let fourth = year.and_then(|year| date(year, 1, 4));
            let monday = fourth.and_then(|day| day.plus_days(1 - i32::from(day.weekday()) + 7 * (week - 1)));
            return span_of(monday, monday.and_then(|day| day.plus_days(6)));
        }
        if let Some(weeks) = self.weekend {
            let saturday =
                frame.reference.and_then(|day| day.plus_days(6 - i32::from(day.weekday()) + 7 * weeks));
            return span_of(saturday, saturday.and_then(|day| day.plus_days(1)));
        }
        if let Some(code) = self.division {
            let year = year.or(frame.previous.0).or(frame.reference.map(|day| i32::from(day.year())));
            return Moment::Division { year, code };
        }
        if let Some(rule) = self.year_part {
            let year = year.or(frame.previous.0).or(frame.reference.map(|day| i32::from(day.year())));
            return year_part(year, rule);
        }
        if self.week.is_some() || self.weekday.is_some() && self.day.is_none() {
            return self.week_moment(frame);
        }
        if let Some(day) = self.day {
            return self.day_moment(day, year, frame);
        }
        if let Some(month) = self.month {
            let (year, month) = self.month_numbers(month, year, None, frame);
            return match self.month_part {
                Some(rule) => month_part(year, month, rule),
                None => Moment::Calendar { year, month: Some(month), day: None },
            };
        }
        match (year, self.month_part) {
            (Some(year), Some("end")) => year_part(Some(year), "last-month"),
            (Some(year), Some("start")) => year_part(Some(year), "first-month"),
            (Some(year), _) => Moment::year(year),
            (None, _) => Moment::Unknown,
        }
    }

    fn part_of_year(&self, first: i32, year: Option<i32>) -> Moment {
        let (unit, count) = match (self.part_unit, self.count, self.division) {
            (Some(unit), Some(count), _) => (unit, count),
            (_, _, Some(quarter)) => ("Q", i32::from(quarter) - 32),
            _ => return Moment::Unknown,
        };
        let Some(year) = year else { return Moment::Unknown };
        let months = if unit == "Q" { count * 3 } else { count };
        if matches!(unit, "M" | "Q") {
            let (low, high) = if first > 0 { (1, months) } else { (13 - months, 12) };
            let month = |month: i32| Moment::Calendar {
                year: Some(year),
                month: u8::try_from(month).ok(),
                day: None,
            };
            return if (1..=12).contains(&months) {
                Moment::between(month(low), month(high))
            } else {
                Moment::Impossible
            };
        }
        let days = if unit == "W" { count * 7 } else { count };
        if !(1..=366).contains(&days) {
            return Moment::Impossible;
        }
        if first > 0 {
            let start = date(year, 1, 1);
            span_of(start, start.and_then(|day| day.plus_days(days - 1)))
        } else {
            let end = date(year, 12, 31);
            span_of(end.and_then(|day| day.plus_days(1 - days)), end)
        }
    }

    fn decade_moment(&self, decade: i32, frame: &Frame) -> Moment {
        let hundred = match self.century {
            Some(century) => century - 1,
            None if decade >= 1000 => decade / 100,
            None => {
                let year = frame.reference.map_or(2025, |day| i32::from(day.year()));
                if decade % 100 > year % 100 { year / 100 - 1 } else { year / 100 }
            }
        };
        Moment::Masked { digits: hundred * 10 + decade % 100 / 10, masked: 1, before: false }
    }

    fn lunar_moment(&self, frame: &Frame) -> Moment {
        let reference = frame.reference.map(|day| i32::from(day.year()));
        let year = match self.cycle {
            // The last year of the sixty-year cycle up to the one after the reference; year 4 was the first of a cycle.
            Some(cycle) => frame
                .last_year
                .or(reference)
                .and_then(|near| (near - 58..near + 2).find(|year| (year - 4).rem_euclid(60) == cycle)),
            None => self.year_number(frame).or(frame.previous.0).or(reference),
        };
        let (Some(year), Some(table)) = (year, frame.lunar) else { return Moment::Unknown };
        let month = match self.month {
            Some(MonthOf::Given(month)) => month,
            Some(_) => return Moment::Unknown,
            // The last day of a year without its month is that of the twelfth.
            None if self.day == Some(DayOf::Given(0)) => 12,
            None => return Moment::year(year),
        };
        match self.day {
            Some(DayOf::Given(day)) => {
                let found = lunar::to_common(table, year, month, self.leap, day);
                found.map_or(Moment::Unknown, Moment::day)
            }
            _ => {
                let ends = lunar::whole_month(table, year, month, self.leap);
                ends.map_or(Moment::Unknown, |(first, last)| span_of(Some(first), Some(last)))
            }
        }
    }

    fn feast_moment(&self, feast: &str, frame: &Frame) -> Moment {
        let Some(year) = self.year_number(frame) else { return Moment::Unknown };
        let (feast, lunar) = feast.strip_prefix('L').map_or((feast, false), |rest| (rest, true));
        let mut numbers = feast.split('-').filter_map(|part| part.parse::<u8>().ok());
        match (numbers.next(), numbers.next()) {
            (Some(month), Some(day)) if lunar => frame
                .lunar
                .and_then(|table| lunar::to_common(table, year, month, false, day))
                .map_or(Moment::Unknown, Moment::day),
            (Some(month), Some(day)) => {
                Moment::Calendar { year: Some(year), month: Some(month), day: Some(day) }
            }
            _ => Moment::Unknown,
        }
    }

    fn week_moment(&self, frame: &Frame) -> Moment {
        let Some(reference) = frame.reference else { return Moment::Unknown };
        let monday = 1 - i32::from(reference.weekday());
        let from = |days: i32| reference.plus_days(days);
        let offset = match (self.week, self.weekday) {
            (Some(week), weekday) => {
                let start = monday + 7 * week;
                match weekday {
                    None => return span_of(from(start), from(start + 6)),
                    Some(67) => return span_of(from(start + 5), from(start + 6)),
                    Some(day) => start + i32::from(day) - 1,
                }
            }
            (None, Some(67)) => return span_of(from(monday + 5), from(monday + 6)),
            (None, Some(day)) => {
                let this = monday + i32::from(day) - 1;
                match frame.cue {
                    Cue::Forward if this < 0 => this + 7,
                    Cue::Back if this > 0 => this - 7,
                    _ => this,
                }
            }
            (None, None) => return Moment::Unknown,
        };
        from(offset).map_or(Moment::Unknown, Moment::day)
    }

    fn month_numbers(
        &self,
        month: MonthOf,
        year: Option<i32>,
        day: Option<u8>,
        frame: &Frame,
    ) -> (Option<i32>, u8) {
        let reference = frame.reference.map(Date::parts);
        match month {
            MonthOf::Given(month) => {
                let year = year.or_else(|| {
                    frame.previous.0.filter(|_| frame.previous.1 != Some(month) || day.is_some())
                });
                (year.or_else(|| nearest_year(month, day, frame)), month)
            }
            MonthOf::Offset(offset) => match reference {
                Some((year, month, _)) => {
                    let months = i32::from(year) * 12 + i32::from(month) - 1 + offset;
                    (Some(months.div_euclid(12)), u8::try_from(months.rem_euclid(12) + 1).unwrap_or(1))
                }
                None => (None, 0),
            },
            MonthOf::Same => {
                let month = frame.previous.1.or(reference.and_then(|(_, month, _)| u8::try_from(month).ok()));
                (year.or(frame.previous.0).or(frame.last_year), month.unwrap_or(0))
            }
        }
    }

    fn day_moment(&self, day: DayOf, year: Option<i32>, frame: &Frame) -> Moment {
        let day = match day {
            DayOf::Offset(offset) => {
                return frame
                    .reference
                    .and_then(|day| day.plus_days(offset))
                    .map_or(Moment::Unknown, Moment::day);
            }
            DayOf::Same(offset) => {
                let reference = frame.reference.map(Date::parts).map(|(year, month, day)| {
                    (Some(i32::from(year)), u8::try_from(month).ok(), u8::try_from(day).ok())
                });
                // The day that was named last; else the day that the text is seen from.
                let named = [frame.previous, frame.last_day].into_iter().find(|day| day.2.is_some());
                let (year, month, day) = named.or(reference).unwrap_or_default();
                let base = year.zip(month).zip(day).and_then(|((year, month), day)| date(year, month, day));
                return base.and_then(|day| day.plus_days(offset)).map_or(Moment::Unknown, Moment::day);
            }
            DayOf::Given(day) => day,
        };
        let (year, month) = match self.month {
            Some(month) => {
                let (year, month) = self.month_numbers(month, year, Some(day), frame);
                if month == 0 {
                    return Moment::Unknown;
                }
                (year, month)
            }
            None => match (frame.previous.1, frame.reference) {
                (Some(month), _) => (year.or(frame.previous.0), month),
                (None, Some(reference)) => return nearest_day(day, reference, frame.cue),
                (None, None) => return Moment::Unknown,
            },
        };
        if (month, day) == (2, 29) && self.year.is_none() && month_length(year, 2) == 28 {
            // Nobody printed the year: the last one that had the day.
            let leap =
                year.and_then(|year| (year - 8..year).rev().find(|&year| month_length(Some(year), 2) == 29));
            return Moment::Calendar { year: leap, month: Some(month), day: Some(day) };
        }
        if day == 0 || day > month_length(year, month) {
            return Moment::Impossible;
        }
        Moment::Calendar { year, month: Some(month), day: Some(day) }
    }
}

fn span_of(first: Option<Date>, last: Option<Date>) -> Moment {
    match (first, last) {
        (Some(first), Some(last)) => Moment::between(Moment::day(first), Moment::day(last)),
        _ => Moment::Unknown,
    }
}

/// The year of a month (and day) printed without one: that of the reference, the next or last one where the
/// words around say so, the one before or after where that is far nearer.
fn nearest_year(month: u8, day: Option<u8>, frame: &Frame) -> Option<i32> {
    let (year, now_month, now_day) = frame.reference?.parts();
    let (year, now_month, now_day) = (i32::from(year), i32::from(now_month), i32::from(now_day));
    let here = i32::from(month) * 31 + day.map_or(now_day, i32::from);
    let ahead = here - (now_month * 31 + now_day);
    Some(match frame.cue {
        Cue::Forward if ahead < 0 => year + 1,
        Cue::Back if ahead > 31 => year - 1,
        Cue::Forward | Cue::Back => year,
        Cue::None if ahead > 270 => year - 1,
        Cue::None if ahead < -300 => year + 1,
        Cue::None => year,
    })
}

/// The day of a month printed without the month: within half a month of the reference.
fn nearest_day(day: u8, reference: Date, cue: Cue) -> Moment {
    let (_, _, now) = reference.parts();
    let ahead = i32::from(day) - i32::from(now);
    let shift = match cue {
        Cue::Forward if ahead < 0 => 1,
        Cue::Back if ahead > 0 => -1,
        Cue::Forward | Cue::Back => 0,
        Cue::None if ahead > 15 => -1,
        Cue::None if ahead < -20 => 1,
        Cue::None => 0,
    };
    let (year, month, _) = reference.parts();
    let months = i32::from(year) * 12 + i32::from(month) - 1 + shift;
    let (year, month) = (months.div_euclid(12), u8::try_from(months.rem_euclid(12) + 1).unwrap_or(1));
    if day == 0 || day > month_length(Some(year), month) {
        return Moment::Impossible;
    }
    Moment::Calendar { year: Some(year), month: Some(month), day: Some(day) }
}

fn year_part(year: Option<i32>, rule: &str) -> Moment {
    let month = |month: u8| Moment::Calendar { year, month: Some(month), day: None };
    match rule {
        "first-month" => month(1),
        "last-month" => month(12),
        "middle" => Moment::between(month(6), month(7)),
        "half-1" => Moment::Division { year, code: 40 },
        "half-2" => Moment::Division { year, code: 41 },
        _ => match year {
            Some(year) => Moment::year(year),
            None => Moment::Unknown,
        },
    }
}

fn month_part(year: Option<i32>, month: u8, rule: &str) -> Moment {
    if month == 0 {
        return Moment::Unknown;
    }
    let day = |day: u8| Moment::Calendar { year, month: Some(month), day: Some(day) };
    let last = month_length(year, month);
    let ends = |first: u8, last: u8| Moment::between(day(first), day(last));
    match rule {
        "1-10" => ends(1, 10),
        "11-20" => ends(11, 20),
        "21-end" => ends(21, last),
        "1-15" => ends(1, 15),
        "16-end" => ends(16, last),
        _ => Moment::Calendar { year, month: Some(month), day: None },
    }
}
