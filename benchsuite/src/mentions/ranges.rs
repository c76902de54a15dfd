//! The suite's ranges of days beside ours: its ends are exclusive, and an open end is told by a modifier.

use shiliu_text::{Date, Inferred};

use crate::suites::Seen;

/// The first day and the day after the last of one EDTF moment.
fn days_of(moment: &str) -> Option<(Date, Date)> {
    let numbers: Vec<&str> = moment.split('-').collect();
    let day = |year: i32, month: i32, day: i32| {
        let months = year * 12 + month - 1;
        Date::new(
            i16::try_from(months.div_euclid(12)).ok()?,
            i8::try_from(months.rem_euclid(12) + 1).ok()?,
            i8::try_from(day).ok()?,
        )
    };
    if let Some(decade) = numbers[0].strip_suffix('X') {
        let first =
            decade.trim_end_matches('X').parse::<i32>().ok()? * if decade.ends_with('X') { 100 } else { 10 };
        let length = if decade.ends_with('X') { 100 } else { 10 };
        return Some((day(first, 1, 1)?, day(first + length, 1, 1)?));
    }
    let year: i32 = numbers[0].parse().ok()?;
    match numbers[1..] {
        [] => Some((day(year, 1, 1)?, day(year + 1, 1, 1)?)),
        ["40"] => Some((day(year, 1, 1)?, day(year, 7, 1)?)),
        ["41"] => Some((day(year, 7, 1)?, day(year + 1, 1, 1)?)),
        [quarter @ ("33" | "34" | "35" | "36")] => {
            let first = (quarter.parse::<i32>().ok()? - 33) * 3 + 1;
            Some((day(year, first, 1)?, day(year, first + 3, 1)?))
        }
        [month] => Some((day(year, month.parse().ok()?, 1)?, day(year, month.parse::<i32>().ok()? + 1, 1)?)),
        [month, number] => {
            let date = day(year, month.parse().ok()?, number.parse().ok()?)?;
            Some((date, date.plus_days(1)?))
        }
        _ => None,
    }
}

pub(crate) fn same_range(
    have: &str,
    start: &str,
    end: &str,
    modifier: &str,
    seen: &Seen,
    day: Option<&Inferred<Date>>,
) -> bool {
    let is = |date: Option<Date>, text: &str| {
        date.is_some_and(|date| date.to_string() == text.get(..10).unwrap_or(""))
    };
    if !modifier.is_empty() {
        // One open end; the suite excludes or includes it by the modifier.
        return match have.split_once('/') {
            Some(("..", last)) => {
                let days = days_of(last);
                is(days.map(|days| days.0), end) || is(days.map(|days| days.1), end)
            }
            Some((first, "..")) => is(days_of(first).map(|days| days.0), start),
            _ => false,
        };
    }
    if let Some(length) = have.strip_prefix('P') {
        // Counted from the reference: the length and the end at the reference must agree.
        let Some(today) = day else { return false };
        let (Ok(count), unit) = (length[..length.len() - 1].parse::<i32>(), &length[length.len() - 1..])
        else {
            return false;
        };
        let (year, month, number) = today.value.parts();
        let moved = |sign: i32| match unit {
            "Y" => Date::new(year + i16::try_from(sign * count).unwrap_or(0), month, number),
            "D" => today.value.plus_days(sign * count),
            "W" => today.value.plus_days(sign * count * 7),
            _ => None,
        };
        let past = seen.mention.flags.contains(&"until-reference");
        return if past { is(moved(-1), start) && is(Some(today.value), end) } else { is(moved(1), end) };
    }
    match have.split_once('/') {
        Some((first, last)) => {
            let (first, last) = (days_of(first), days_of(last));
            // The suite's ends are exclusive: the first day of the last part, or the day after it.
            is(first.map(|days| days.0), start)
                && (is(last.map(|days| days.1), end) || is(last.map(|days| days.0), end))
        }
        None => {
            let days = days_of(have);
            // This year is the year to date there, the calendar year here.
            let to_date = day.is_some_and(|day| is(Some(day.value), end));
            is(days.map(|days| days.0), start) && (is(days.map(|days| days.1), end) || to_date)
        }
    }
}
