//! When something is due: the last day that a date of reduced precision allows, steps backwards from it, and the
//! days on which a cadence calls for a review. Nothing here reads a clock: today is an argument.

use shiliu_text::Date;

/// The last day that an EDTF date allows: `2033` gives 31 December 2033, `../2035-06` 30 June 2035. A length of
/// time (`P2Y`) counts from `said`. `None` where nothing says when.
#[must_use]
pub fn last_day(edtf: &str, said: Option<Date>) -> Option<Date> {
    let edtf = edtf.trim();
    if let Some(length) = edtf.strip_prefix('P') {
        return after(said?, length);
    }
    let end = edtf.rsplit('/').find(|part| !part.is_empty() && *part != "..")?;
    let end = end.trim_end_matches(['~', '?', '%']);
    let end = end.split('T').next()?;
    let mut parts = end.split('-');
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    let year: i16 = parts.next().filter(|part| digits(part, 4))?.parse().ok()?;
    let month: i8 = match parts.next() {
        None => 12,
        Some(part) if digits(part, 2) => part.parse().ok()?,
        Some(_) => return None,
    };
    // Seasons, quarters and halves of a year end with these months.
    let month = match month {
        33 => 3,
        21 => 5,
        34 | 40 => 6,
        22 => 8,
        35 => 9,
        23 => 11,
        24 | 36 | 41 => 12,
        1..=12 => month,
        _ => return None,
    };
    match parts.next() {
        Some(part) if digits(part, 2) => Date::new(year, month, part.parse().ok()?),
        Some(_) => None,
        None => last_of_month(year, month),
    }
}

fn last_of_month(year: i16, month: i8) -> Option<Date> {
    (28..=31).rev().find_map(|day| Date::new(year, month, day))
}

/// `2Y6M`, `18M`, `30D`, `2W` after a day.
fn after(day: Date, length: &str) -> Option<Date> {
    let mut rest = length;
    let (mut months, mut days) = (0i32, 0i32);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: i32 = rest.get(..digits)?.parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        match unit {
            'Y' => months = months.checked_add(number.checked_mul(12)?)?,
            'M' => months = months.checked_add(number)?,
            'W' => days = days.checked_add(number.checked_mul(7)?)?,
            'D' => days = days.checked_add(number)?,
            _ => return None,
        }
        rest = &rest[digits + unit.len_utf8()..];
    }
    let (year, month, of_month) = day.parts();
    let total = i32::from(year) * 12 + i32::from(month) - 1 + months;
    let (year, month) =
        (i16::try_from(total.div_euclid(12)).ok()?, i8::try_from(total.rem_euclid(12) + 1).ok()?);
    let moved = Date::new(year, month, of_month).or_else(|| last_of_month(year, month))?;
    moved.plus_days(days)
}

/// How exactly a date is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// A day.
    Day,
    /// A month.
    Month,
    /// A season, quarter or half of a year.
    Season,
    /// A year.
    Year,
    /// A length of time, counted from the day on which it was said.
    Length,
    /// Not given, or in words that give no day.
    None,
}

impl Precision {
    /// The precision of an EDTF date's end.
    #[must_use]
    pub fn of(edtf: &str) -> Precision {
        if edtf.trim().starts_with('P') {
            return Precision::Length;
        }
        if last_day(edtf, None).is_none() {
            return Precision::None;
        }
        let end = edtf.trim().rsplit('/').find(|part| !part.is_empty() && *part != "..").unwrap_or("");
        let end = end.trim_end_matches(['~', '?', '%']);
        match (end.len(), end.get(5..7).and_then(|month| month.parse::<u8>().ok())) {
            (4, _) => Precision::Year,
            (7, Some(month)) if month > 12 => Precision::Season,
            (7, _) => Precision::Month,
            _ => Precision::Day,
        }
    }

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Precision::Day => "day",
            Precision::Month => "month",
            Precision::Season => "season",
            Precision::Year => "year",
            Precision::Length => "length",
            Precision::None => "none",
        }
    }
}

/// How often something is reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rhythm {
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
}

impl Rhythm {
    /// The rhythm of a word used in profiles.
    #[must_use]
    pub fn parse(word: &str) -> Option<Rhythm> {
        match word {
            "weekly" => Some(Rhythm::Weekly),
            "monthly" => Some(Rhythm::Monthly),
            "quarterly" => Some(Rhythm::Quarterly),
            _ => None,
        }
    }

    /// The word used in profiles.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Rhythm::Weekly => "weekly",
            Rhythm::Monthly => "monthly",
            Rhythm::Quarterly => "quarterly",
        }
    }

    /// The last review on or before `today` and the first after it, counted from `first`. Before the first there
    /// is no last one.
    #[must_use]
    pub fn around(self, first: Date, today: Date) -> (Option<Date>, Option<Date>) {
        if today < first {
            return (None, Some(first));
        }
        let at = |number: i32| match self {
            Rhythm::Weekly => first.plus_days(number.checked_mul(7)?),
            Rhythm::Monthly => after(first, &format!("{number}M")),
            Rhythm::Quarterly => after(first, &format!("{}M", number.checked_mul(3)?)),
        };
        let span = today.day_number() - first.day_number();
        let guess = match self {
            Rhythm::Weekly => span / 7,
            Rhythm::Monthly => span / 31,
            Rhythm::Quarterly => span / 92,
        };
        let mut number = guess;
        // The guess is never too late, and at most a few steps early over centuries of months.
        while at(number + 1).is_some_and(|next| next <= today) {
            number += 1;
        }
        (at(number), at(number + 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn the_last_day_that_is_allowed() {
        let said = Some(day("2031-06-17"));
        let cases = [
            ("2031-10-31", Some("2031-10-31"), Precision::Day),
            ("2033", Some("2033-12-31"), Precision::Year),
            ("../2035", Some("2035-12-31"), Precision::Year),
            ("2031/2034-06", Some("2034-06-30"), Precision::Month),
            ("2032-02", Some("2032-02-29"), Precision::Month),
            ("2020~", Some("2020-12-31"), Precision::Year),
            ("2032-40", Some("2032-06-30"), Precision::Season),
            ("2022/..", Some("2022-12-31"), Precision::Year),
            ("2031-10-31T15:00", Some("2031-10-31"), Precision::Day),
            ("P2Y", Some("2033-06-17"), Precision::Length),
            ("P18M", Some("2032-12-17"), Precision::Length),
            ("P2W3D", Some("2031-07-04"), Precision::Length),
            ("XXXX-06-16", None, Precision::None),
            ("2031-13x", None, Precision::None),
            ("P", None, Precision::Length),
            ("", None, Precision::None),
        ];
        for (edtf, last, precision) in cases {
            assert_eq!(last_day(edtf, said), last.map(day), "{edtf}");
            assert_eq!(Precision::of(edtf), precision, "{edtf}");
        }
        assert_eq!(last_day("P2Y", None), None, "a length counts from a day");
        assert_eq!(last_day("P1M", Some(day("2031-01-31"))), Some(day("2031-02-28")));
    }

    #[test]
    fn reviews_follow_each_other() {
        let around = |rhythm: Rhythm, today: &str| {
            let (last, next) = rhythm.around(day("2031-01-06"), day(today));
            (last.map(|d| d.to_string()).unwrap_or_default(), next.map(|d| d.to_string()).unwrap_or_default())
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(around(Rhythm::Weekly, "2031-01-13"), pair("2031-01-13", "2031-01-20"));
        assert_eq!(around(Rhythm::Monthly, "2031-12-31"), pair("2031-12-06", "2032-01-06"));
        assert_eq!(around(Rhythm::Quarterly, "2032-07-05"), pair("2032-04-06", "2032-07-06"));
        assert_eq!(around(Rhythm::Monthly, "2030-12-31"), pair("", "2031-01-06"));
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in "\\PC{0,16}|P[0-9]{1,12}[YMDW]|[0-9]{4}-[0-9]{2}") {
            let _ = (last_day(&text, Date::new(2031, 1, 31)), Precision::of(&text));
        }

        #[test]
        fn today_lies_between_two_reviews(offset in 0i32..40_000, which in 0usize..3) {
            let first = day("1999-12-31");
            let today = first.plus_days(offset).unwrap();
            let rhythm = [Rhythm::Weekly, Rhythm::Monthly, Rhythm::Quarterly][which];
            let (last, next) = rhythm.around(first, today);
            prop_assert!(last.unwrap() <= today && today < next.unwrap());
        }
    }
}
