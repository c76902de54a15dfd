//! Dates as they are kept (EDTF) in words, and deadlines against a day.

use crate::web::frame::Frame;

/// The last day that an EDTF date allows, as a sortable text: `2033` → `2033-12-31`, `../2035-06` → `2035-06-31`,
/// `2031/2034` → `2034-12-31`; `None` where nothing says when.
pub(crate) fn last_day(edtf: &str) -> Option<String> {
    let end = edtf.rsplit('/').find(|part| !part.is_empty() && *part != "..")?;
    let end = end.trim_end_matches(['~', '?', '%']);
    let mut parts = end.split(['-', 'T']);
    let year =
        parts.next().filter(|year| year.len() == 4 && year.bytes().all(|digit| digit.is_ascii_digit()))?;
    let number = |part: Option<&str>, otherwise: &str| {
        part.filter(|part| part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit()))
            .unwrap_or(otherwise)
            .to_owned()
    };
    let month = match number(parts.next(), "12").as_str() {
        // Half-years, quarters and seasons end with these months.
        "33" => "03".to_owned(),
        "21" => "05".to_owned(),
        "40" | "34" => "06".to_owned(),
        "22" => "08".to_owned(),
        "35" => "09".to_owned(),
        "23" => "11".to_owned(),
        other if other > "12" => "12".to_owned(),
        month => month.to_owned(),
    };
    // Texts are compared, so that the 31st stands for the end of any month.
    let day = number(parts.next(), "31");
    Some(format!("{year}-{month}-{day}"))
}

/// Where a promise with a deadline stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    /// Its last day is over.
    Past,
    /// Due within a year.
    Soon,
    /// Due later.
    Later,
    /// Told as done, whatever the day.
    Kept,
}

impl Term {
    /// In the order of screens.
    pub(crate) const ALL: [Term; 4] = [Term::Past, Term::Soon, Term::Later, Term::Kept];

    /// As addresses name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Term::Past => "past",
            Term::Soon => "soon",
            Term::Later => "later",
            Term::Kept => "kept",
        }
    }

    /// The key of its words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Term::Past => "mechanism.past",
            Term::Soon => "mechanism.soon",
            Term::Later => "mechanism.later",
            Term::Kept => "mechanism.kept",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Term> {
        Term::ALL.into_iter().find(|term| term.name() == name)
    }

    /// Where a deadline (EDTF) stands on a day; nothing where it names none.
    pub(crate) fn of(deadline: &str, as_of: &str) -> Option<Term> {
        let day = last_day(deadline)?;
        Some(match day.as_str() {
            day if day < as_of => Term::Past,
            day if day <= year_after(as_of).as_str() => Term::Soon,
            _ => Term::Later,
        })
    }
}

/// An EDTF date for people; what is no EDTF date stays as it is.
pub(crate) fn in_words(frame: &Frame, edtf: &str) -> String {
    match edtf.split_once('/') {
        None => one(frame, edtf),
        Some((".." | "", end)) => frame.f("date.until", one(frame, end)),
        Some((start, ".." | "")) => frame.f("date.from", one(frame, start)),
        Some((start, end)) => frame.f2("date.between", one(frame, start), one(frame, end)),
    }
}

fn one(frame: &Frame, edtf: &str) -> String {
    let about = edtf.ends_with(['~', '%']);
    let plain = edtf.trim_end_matches(['~', '?', '%']);
    let part = plain.get(5..7).filter(|_| plain.len() == 7).and_then(|part| part.parse::<u32>().ok());
    let words = match (plain.get(..4), part) {
        (Some(year), Some(part)) if part > 12 => frame.f(&format!("date.part{part}"), year),
        _ => plain.to_owned(),
    };
    if about { frame.f("date.about", words) } else { words }
}

/// A year later, as a sortable text.
pub(crate) fn year_after(day: &str) -> String {
    match day.get(..4).and_then(|year| year.parse::<u32>().ok()) {
        Some(year) => format!("{:04}{}", year + 1, &day[4..]),
        None => day.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_that_is_allowed() {
        let cases = [
            ("2031-10-31", Some("2031-10-31")),
            ("2033", Some("2033-12-31")),
            ("../2035", Some("2035-12-31")),
            ("2031/2034-06", Some("2034-06-31")),
            ("2020~", Some("2020-12-31")),
            ("2032-40", Some("2032-06-31")),
            ("../2032-33", Some("2032-03-31")),
            ("2022/..", Some("2022-12-31")),
            ("XXXX-06-16", None),
            ("P2Y", None),
            ("", None),
        ];
        for (edtf, day) in cases {
            assert_eq!(last_day(edtf).as_deref(), day, "{edtf}");
        }
        assert_eq!(year_after("2031-06-17"), "2032-06-17");
    }
}
