use shiliu_ledger::{Label, Record, Value};
use shiliu_text::{Date, Span};

use super::commitment::in_marks;
use super::doc::Doc;
use super::lexicon::Class;
use crate::{Mention, MentionKind, MentionValue};

/// A date is looked for among so many dates and figures of a sentence.
pub(super) const DATES: usize = 60;
/// Told of so many days ago, a decision is history.
const LONG_PAST: i32 = 120;

/// When a promise is to be kept: a date of the stretch; a length of time that a word bounds (`within`, `the coming`)
/// as its last day, counted from the reference day; else a date that only says when it begins. A length of time
/// alone (`for three years`) is no deadline. Returns whether there is one.
pub(super) fn deadline(doc: &Doc<'_>, span: Span, record: &mut Record<Span>) -> bool {
    let mut begins = None;
    for (mention, at) in doc.mentions_in(span).filter(|(_, at)| !in_marks(doc, *at)) {
        match (mention.kind, &mention.value) {
            (MentionKind::Date | MentionKind::DateRange, MentionValue::Text(text)) => {
                if !text.ends_with("/..") {
                    let text = to_come(doc, mention, at, text);
                    // `不晚于2031年11月`: a word before the date makes it the last day.
                    let latest = doc.ending(at.start, Class::Latest).is_some() && !text.contains("..");
                    let text = if latest { Label::of(&format!("../{text}")) } else { text };
                    record.printed("deadline", Value::text(text), at);
                    return true;
                }
                begins.get_or_insert((text.as_str(), at));
            }
            (MentionKind::Duration, MentionValue::Text(length)) if is_bounded(doc, mention, at) => {
                let reference = doc.context.reference.as_ref().map(|reference| reference.value);
                let last = reference.and_then(|day| after(day, length));
                let value = last.map_or_else(|| length.clone(), |day| format!("../{day}"));
                record.printed("deadline", Value::text(value), at);
                return true;
            }
            _ => {}
        }
    }
    match begins {
        Some((text, at)) => {
            record.printed("deadline", Value::text(Label::of(text)), at);
            true
        }
        None => false,
    }
}

/// A day whose year only follows from a year told of before (`比2029年商定的工期提前，…，确保年底前…`), when that has passed: what
/// is promised is to come, in the year of the reference day.
fn to_come(doc: &Doc<'_>, mention: &Mention, at: Span, text: &str) -> Label {
    let year = text.trim_start_matches("../").get(..4).unwrap_or(text);
    let today = doc.context.reference.as_ref().map(|reference| reference.value);
    let printed = doc.text(at);
    let told = mention.relative || printed.contains(year) || printed.chars().count() > 9;
    let Some(today) = today.filter(|_| !told) else { return Label::of(text) };
    let this = text.replace(year, &today.year().to_string());
    let ahead = |text: &str| last_day(text).is_some_and(|day| day >= today);
    if !ahead(text) && ahead(&this) { Label::of(&this) } else { Label::of(text) }
}

fn is_bounded(doc: &Doc<'_>, mention: &Mention, at: Span) -> bool {
    mention.flags.contains(&"from-reference")
        || doc.ending(at.end, Class::Within).is_some_and(|word| word.span.start > at.start)
        || doc.at(at.start, Class::Within).is_some()
        || doc.at(at.end, Class::Within).is_some()
        || doc.ending(at.start, Class::Within).is_some()
}

/// The day so long after another (`P2Y`, `P18M`, `P90D`, `P6W`); `None` for another shape or a day out of range.
fn after(day: Date, length: &str) -> Option<Date> {
    let digits = length.strip_prefix('P')?;
    let unit = digits.chars().next_back()?;
    let count: i32 = digits[..digits.len() - unit.len_utf8()].parse().ok()?;
    let months = match unit {
        'D' => return day.plus_days(count),
        'W' => return day.plus_days(count.checked_mul(7)?),
        'M' => count,
        'Y' => count.checked_mul(12)?,
        _ => return None,
    };
    let (year, month, date) = day.parts();
    let total = i32::from(year).checked_mul(12)?.checked_add(i32::from(month) - 1)?.checked_add(months)?;
    let (year, month) =
        (i16::try_from(total.div_euclid(12)).ok()?, i8::try_from(total.rem_euclid(12) + 1).ok()?);
    // The last day of a shorter month stands for a day that it does not have.
    (0..4).find_map(|less| Date::new(year, month, date - less))
}

/// Whether a day before a deed in its sentence is told of something else: of what has lasted since (`建交以来`), of the
/// founding of relations, or, in an earlier clause, of another document.
pub(super) fn of_another(doc: &Doc<'_>, at: Span, deed: u32) -> bool {
    let Some(clause) = doc.clause_at(at.start) else { return false };
    let rest = Span { start: at.end, end: clause.span.end.min(deed).max(at.end) };
    let other = |class: Class, value: &str| doc.of_class(rest, class).any(|hit| doc.word(hit).value == value);
    doc.holds(rest, Class::Since)
        || other(Class::EventAct, "diplomatic relations")
        || clause.span.end < deed
            && (other(Class::InstrumentVerb, "signed") || other(Class::InstrumentVerb, "in force"))
}

/// Whether a sentence tells of long ago: its first date lies well before the reference day, and none after it.
pub(super) fn long_past(doc: &Doc<'_>, sentence: Span) -> bool {
    let Some(reference) = doc.context.reference.as_ref().map(|reference| reference.value) else {
        return false;
    };
    let mut dates = doc.mentions_in(sentence).take(DATES).filter_map(|(mention, at)| match &mention.value {
        // `修订1998年《…》`: the year of a document tells of the document.
        MentionValue::Text(_) if doc.char_at(at.end) == Some('《') => None,
        MentionValue::Text(text) if matches!(mention.kind, MentionKind::Date | MentionKind::DateRange) => {
            last_day(text)
        }
        _ => None,
    });
    let Some(first) = dates.next() else { return false };
    let past = |day: Date| day.day_number() + LONG_PAST < reference.day_number();
    past(first) && dates.all(past)
}

/// The last day that a date text can mean.
pub(super) fn last_day(text: &str) -> Option<Date> {
    let end = text.rsplit('/').next().unwrap_or(text);
    let end = end.trim_end_matches(['~', '?', '%']);
    let mut parts = end.splitn(3, '-');
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month = parts.next().map_or(Some(12), |month| month.parse().ok())?;
    let day = parts.next().map_or(Some(31), |day| day.parse().ok())?;
    // Seasons (21 to 41) end within the year.
    let month: i8 = if (1..=12).contains(&month) { month } else { 12 };
    (0..4).find_map(|less: i8| Date::new(year, month, day - less))
}

/// Whether a stretch names a day after the reference day.
pub(super) fn is_ahead(doc: &Doc<'_>, span: Span) -> bool {
    let Some(reference) = doc.context.reference.as_ref().map(|reference| reference.value) else {
        return false;
    };
    doc.mentions_in(span).any(|(mention, _)| match &mention.value {
        MentionValue::Text(text) if matches!(mention.kind, MentionKind::Date | MentionKind::DateRange) => {
            last_day(text).is_some_and(|day| day > reference)
        }
        _ => false,
    })
}
