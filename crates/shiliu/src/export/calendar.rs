//! Due days and steps as a calendar (RFC 5545), with identifiers that never change, so that a calendar that
//! subscribes does not show anything twice.

use shiliu_archive::store::EntryRow;
use shiliu_text::Date;

/// One day in the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occasion {
    /// Stable name within the archive (`C-0042.due`, `C-0042.step.draft`).
    pub(crate) name: String,
    /// The day.
    pub(crate) day: Date,
    /// What it is, in one line.
    pub(crate) title: String,
    /// More.
    pub(crate) description: String,
    /// Number of the last event on it: a later one replaces an earlier one.
    pub(crate) sequence: i64,
    /// When it was last changed (RFC 3339).
    pub(crate) changed: String,
}

/// The calendar. `archive` tells archives apart: the digest of the register's first event.
pub(crate) fn ics(archive: &str, title: &str, occasions: &[Occasion]) -> String {
    let mut out = String::new();
    let mut line = |text: &str| fold(text, &mut out);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Shiliu//register//EN");
    line("CALSCALE:GREGORIAN");
    line(&format!("X-WR-CALNAME:{}", escaped(title)));
    for occasion in occasions {
        let Some(next) = occasion.day.plus_days(1) else { continue };
        line("BEGIN:VEVENT");
        line(&format!("UID:{}@{archive}.shiliu", escaped(&occasion.name)));
        line(&format!("SEQUENCE:{}", occasion.sequence));
        line(&format!("DTSTAMP:{}", stamp(&occasion.changed)));
        line(&format!("DTSTART;VALUE=DATE:{}", compact(occasion.day)));
        line(&format!("DTEND;VALUE=DATE:{}", compact(next)));
        line("TRANSP:TRANSPARENT");
        line(&format!("SUMMARY:{}", escaped(&occasion.title)));
        if !occasion.description.is_empty() {
            line(&format!("DESCRIPTION:{}", escaped(&occasion.description)));
        }
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    out
}

fn compact(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// `2031-06-17T08:30:00Z` as `20310617T083000Z`.
fn stamp(when: &str) -> String {
    let digits: String = when.chars().filter(char::is_ascii_digit).take(14).collect();
    match (digits.get(..8), digits.get(8..)) {
        (Some(day), Some(time)) if time.len() == 6 => format!("{day}T{time}Z"),
        _ => "19700101T000000Z".to_owned(),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(character);
            }
            '\n' => out.push_str("\\n"),
            control if control.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// Lines of at most 75 bytes, broken between characters.
fn fold(text: &str, out: &mut String) {
    let mut length = 0;
    for character in text.chars() {
        if length + character.len_utf8() > 74 {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(character);
        length += character.len_utf8();
    }
    out.push_str("\r\n");
}

/// The due day of an entry; nothing where it has none.
pub(crate) fn due(row: &EntryRow, changed: &str) -> Option<Occasion> {
    Some(Occasion {
        name: format!("{}.due", row.key),
        day: Date::parse(row.due_day.as_deref()?)?,
        title: format!("{} {}", row.key, row.words.chars().take(60).collect::<String>()),
        description: format!("{}\n{} \u{2192} {}\n{}", row.words, row.actors, row.recipients, row.due),
        sequence: row.last_event,
        changed: changed.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_that_others_read() {
        let occasion = Occasion {
            name: "C-0001.due".to_owned(),
            day: Date::new(2033, 12, 31).unwrap(),
            title: "C-0001 修复青石渡口，并在渡口设立货物登记站，每年培训船工三百名；a,b".to_owned(),
            description: "x\ny".to_owned(),
            sequence: 7,
            changed: "2031-06-17T08:30:00Z".to_owned(),
        };
        let text = ics("ab12", "due", std::slice::from_ref(&occasion));
        assert!(text.lines().all(|line| line.len() <= 76), "{text}");
        assert!(text.contains("UID:C-0001.due@ab12.shiliu\r\nSEQUENCE:7\r\nDTSTAMP:20310617T083000Z\r\n"));
        assert!(text.contains("DTSTART;VALUE=DATE:20331231\r\nDTEND;VALUE=DATE:20340101\r\n"));
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains("三百名；a\\,b\r\nDESCRIPTION:x\\ny\r\n"));
        assert_eq!(text, ics("ab12", "due", &[occasion]), "the same register gives the same calendar");
    }
}
