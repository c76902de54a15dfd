//! The one place of the app that reads the clock: the day on which promises are due, the time of a correction.

use shiliu_text::Date;

/// Now, in universal time, as it is kept (`2031-06-17T08:30:00Z`).
pub(crate) fn now() -> String {
    let mut text = jiff::Timestamp::now().to_string();
    if let Some(point) = text.find('.') {
        text.replace_range(point..text.len() - 1, "");
    }
    text
}

/// Today, in universal time.
pub(crate) fn today() -> Option<Date> {
    Date::parse(now().get(..10)?)
}
