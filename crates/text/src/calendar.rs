use std::fmt;

/// A day of the (proleptic) Gregorian calendar. Values of reduced precision are EDTF strings where they are
/// needed; this is a whole day, as an issue date or a reference date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The day, or `None` where the calendar has none (30 February).
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Date> {
        jiff::civil::Date::new(year, month, day).ok().map(Date)
    }

    /// Reads `YYYY-MM-DD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        let mut parts = text.splitn(3, '-');
        let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
        let month = parts.next().filter(|month| month.len() == 2)?.parse().ok()?;
        let day = parts.next().filter(|day| day.len() == 2)?.parse().ok()?;
        Date::new(year, month, day)
    }

    /// Year, month 1–12, day 1–31.
    #[must_use]
    pub fn parts(self) -> (i16, i8, i8) {
        (self.0.year(), self.0.month(), self.0.day())
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn day_number(self) -> i32 {
        let epoch = jiff::civil::date(1970, 1, 1);
        (self.0 - epoch).get_days()
    }

    /// The day `days` later (earlier where negative); `None` outside the calendar's range.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Option<Date> {
        self.0.checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(Date)
    }

    /// 1 Monday … 7 Sunday.
    #[must_use]
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_it_reads_and_knows_no_thirtieth_of_february() {
        let day = Date::parse("2025-06-17").unwrap();
        assert_eq!(day.to_string(), "2025-06-17");
        assert_eq!((day.plus_days(14).unwrap().to_string(), day.weekday()), ("2025-07-01".to_owned(), 2));
        assert_eq!((Date::parse("2025-02-30"), Date::parse("25-2-3")), (None, None));
        assert_eq!(Date::parse("1970-01-02").unwrap().day_number(), 1);
    }
}
