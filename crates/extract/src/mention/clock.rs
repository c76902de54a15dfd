use shiliu_lang::{Filling, FormMatch, Slot};

/// A time of day as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: Option<u8>,
    pub(super) second: Option<u8>,
}

impl Clock {
    pub(super) fn from_form(form: &FormMatch) -> Option<Clock> {
        let mut clock = Clock { hour: u8::MAX, minute: None, second: None };
        for filled in &form.filled {
            match filled.what {
                Filling::Number(Slot::Hour, value) => clock.hour = u8::try_from(value).ok()?,
                Filling::Number(Slot::Minute | Slot::Minute2 | Slot::BareMinute, value) => {
                    clock.minute = u8::try_from(value).ok();
                }
                Filling::Number(Slot::Second | Slot::Second2, value) => {
                    clock.second = u8::try_from(value).ok()
                }
                Filling::Word(sense) if sense.class == shiliu_lang::Class::MinuteWord => {
                    clock.minute = u8::try_from(sense.value).ok();
                }
                _ => {}
            }
        }
        (clock.hour != u8::MAX).then_some(clock)
    }

    /// The hour that a part of day makes of it (three in the afternoon is 15).
    pub(super) fn in_part(mut self, part: Option<(&'static str, i64)>) -> Clock {
        if let Some((name, shift)) = part {
            let moves = match name {
                "noon" => self.hour <= 3,
                "night" => shift > 0 && (6..12).contains(&self.hour),
                _ => shift > 0 && self.hour < 12,
            };
            if moves {
                self.hour += 12;
            }
        }
        self
    }

    /// ISO 8601, without the `T`.
    pub(super) fn text(self) -> String {
        let mut text = format!("{:02}:{:02}", self.hour, self.minute.unwrap_or(0));
        if let Some(second) = self.second {
            text.push_str(&format!(":{second:02}"));
        }
        text
    }
}

/// The fixed words for parts of day; the data may use no others.
pub(super) fn part_name(text: &str) -> Option<&'static str> {
    ["night", "morning", "forenoon", "noon", "afternoon", "evening"].into_iter().find(|&name| name == text)
}
