use shiliu_text::Date;

/// A point of the calendar of any precision, as EDTF writes it. A missing year is `XXXX`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A year (0 is 1 BC), perhaps with a month and a day.
    Calendar { year: Option<i32>, month: Option<u8>, day: Option<u8> },
    /// A year with a season, quarter or half (EDTF 21–41).
    Division { year: Option<i32>, code: u8 },
    /// A decade (`199X`, the last digit unspecified) or century (`19XX`), given by its known digits;
    /// `before` the common era.
    Masked { digits: i32, masked: u8, before: bool },
    /// From one to another.
    Between(Box<Moment>, Box<Moment>),
    /// Names a date that the calendar does not have.
    Impossible,
    /// Cannot be told.
    Unknown,
}

impl Moment {
    pub(super) fn year(year: i32) -> Moment {
        Moment::Calendar { year: Some(year), month: None, day: None }
    }

    pub(super) fn day(date: Date) -> Moment {
        let (year, month, day) = date.parts();
        Moment::Calendar {
            year: Some(i32::from(year)),
            month: u8::try_from(month).ok(),
            day: u8::try_from(day).ok(),
        }
    }

    pub(super) fn between(first: Moment, last: Moment) -> Moment {
        Moment::Between(Box::new(first), Box::new(last))
    }

    /// The EDTF string; `None` where there is no value.
    pub(super) fn edtf(&self) -> Option<String> {
        match self {
            Moment::Calendar { year, month, day } => {
                let mut text = year_text(*year);
                for part in [month, day].into_iter().flatten() {
                    text.push('-');
                    text.extend([part / 10, part % 10].map(|digit| char::from(b'0' + digit)));
                }
                Some(text)
            }
            Moment::Division { year, code } => Some(format!("{}-{code}", year_text(*year))),
            Moment::Masked { digits, masked, before } => {
                let width = usize::from(4 - masked.min(&4));
                let sign = if *before { "-" } else { "" };
                Some(format!("{sign}{digits:0width$}{}", "X".repeat(usize::from(*masked))))
            }
            Moment::Between(first, last) => {
                let (first, last) = (first.first().edtf()?, last.last().edtf()?);
                Some(format!("{first}/{last}"))
            }
            Moment::Impossible | Moment::Unknown => None,
        }
    }

    /// Where it starts.
    pub(super) fn first(&self) -> &Moment {
        match self {
            Moment::Between(first, _) => first.first(),
            other => other,
        }
    }

    /// Where it ends.
    pub(super) fn last(&self) -> &Moment {
        match self {
            Moment::Between(_, last) => last.last(),
            other => other,
        }
    }

    /// Year, month and day as far as known.
    pub(super) fn parts(&self) -> (Option<i32>, Option<u8>, Option<u8>) {
        match self {
            Moment::Calendar { year, month, day } => (*year, *month, *day),
            Moment::Division { year, .. } => (*year, None, None),
            Moment::Between(_, last) => last.parts(),
            _ => (None, None, None),
        }
    }

    /// The day after it where `next`, else itself; `None` where it is no day.
    pub(super) fn following(&self, next: bool) -> Option<Moment> {
        if !next {
            return Some(self.clone());
        }
        let (Some(year), Some(month), Some(number)) = self.parts() else { return None };
        date(year, month, number)?.plus_days(1).map(Moment::day)
    }

    pub(super) fn is_range(&self) -> bool {
        matches!(self, Moment::Between(..))
    }
}

fn year_text(year: Option<i32>) -> String {
    match year {
        None => "XXXX".to_owned(),
        // EDTF writes a year of more than four digits so.
        Some(year) if year > 9999 => format!("Y{year}"),
        Some(year) if year < 0 => format!("-{:04}", -year),
        Some(year) => {
            // Room for a day.
            let mut text = String::with_capacity("0000-00-00".len());
            text.extend([1000, 100, 10, 1].map(|unit| char::from(b'0' + (year / unit % 10) as u8)));
            text
        }
    }
}

/// Days in a month; 29 for a February of an unknown year.
pub(super) fn month_length(year: Option<i32>, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => match year {
            Some(year) if year % 4 != 0 || (year % 100 == 0 && year % 400 != 0) => 28,
            _ => 29,
        },
        _ => 31,
    }
}

/// The day, where year, month and day name one within the range of [`Date`].
pub(super) fn date(year: i32, month: u8, day: u8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}
