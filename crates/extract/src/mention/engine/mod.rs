//! The walk over a text: at each place that can start an expression the longest reading wins, a trap wins
//! over what is not longer, and what was passed over is kept for `explain`.

mod dates;

use std::borrow::Cow;

use shiliu_lang::{
    Class, ClassSet, FormSet, Gap, Hit, Lexicon, NUMERAL_LEADS, Numeral, Pack, Room, Sort, View,
};
use shiliu_text::{Date, Inferred, Span};

use super::figure;
use super::when::Frame;
use super::{Bound, Mention, MentionKind, MentionValue, Suppressed};

/// A reading of some characters, on the view.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) start: usize,
    pub(super) end: usize,
    /// One past the numeral and its unit: what a trap is measured against.
    pub(super) core: usize,
    pub(super) kind: MentionKind,
    pub(super) value: MentionValue,
    pub(super) bound: Bound,
    pub(super) part: Option<&'static str>,
    pub(super) zone: Option<String>,
    /// The reference was used.
    pub(super) relative: bool,
    pub(super) numeral: Option<(usize, usize)>,
    pub(super) flags: Vec<&'static str>,
    pub(super) rule: Cow<'static, str>,
    /// What a date leaves behind for the dates after it.
    pub(super) leaves: Option<(Option<i32>, Option<u8>, Option<u8>)>,
}

impl Reading {
    pub(super) fn new(
        start: usize,
        end: usize,
        kind: MentionKind,
        value: MentionValue,
        rule: impl Into<Cow<'static, str>>,
    ) -> Reading {
        Reading {
            start,
            end,
            core: end,
            kind,
            value,
            bound: Bound::Equal,
            part: None,
            zone: None,
            relative: false,
            numeral: None,
            flags: Vec::new(),
            rule: rule.into(),
            leaves: None,
        }
    }
}

/// Everything one call needs; made for one text.
pub(super) struct Engine<'a> {
    pub(super) view: View<'a>,
    pub(super) lexicon: &'a Lexicon,
    dates: &'a FormSet,
    times: &'a FormSet,
    room: Room<'a>,
    reference: Option<&'a Inferred<Date>>,
    leads: ClassSet,
    date_leads: ClassSet,
    pub(super) frame: Frame<'a>,
    /// Where the last date ended.
    ended: Option<usize>,
    /// Where the last repeated time ended: dates right after it recur.
    recurring: Option<usize>,
    /// Where the last ordinal ended, if nothing was found since.
    numbered: Option<usize>,
    /// Where the last ordinal of all ended.
    pub(super) edition: Option<usize>,
}

/// What an expression that does not start with a digit may start with, beside the leads of the forms.
const STARTS: ClassSet = ClassSet::of(&[
    Class::Trap,
    Class::CodeBefore,
    Class::Digit,
    Class::Unit,
    Class::Myriad,
    Class::Tens,
    Class::Fixed,
    Class::Vague,
    Class::Minus,
    Class::Cardinal,
    Class::BoundBefore,
    Class::CurrencyBefore,
    Class::OrdinalBefore,
    Class::OrdinalWord,
    Class::SinceBefore,
    Class::UntilBefore,
    Class::VagueDate,
    Class::Now,
    Class::EventNoun,
    Class::Half,
    Class::DaysWord,
    Class::YearsWord,
    Class::Past,
    Class::Future,
    Class::Every,
    Class::SetWord,
    Class::Zone,
    Class::DayPart,
    Class::AboutDate,
]);

/// Those of them that begin a date.
const DATE_STARTS: ClassSet = ClassSet::of(&[
    Class::SinceBefore,
    Class::UntilBefore,
    Class::VagueDate,
    Class::Now,
    Class::EventNoun,
    Class::DaysWord,
    Class::YearsWord,
    Class::Zone,
    Class::DayPart,
    Class::AboutDate,
]);

impl<'a> Engine<'a> {
    pub(super) fn new(text: &'a str, reference: Option<&'a Inferred<Date>>, pack: &'a Pack) -> Engine<'a> {
        let lexicon = pack.lexicon();
        let dates = pack.forms("date_form");
        let times = pack.forms("time_form");
        Engine {
            view: View::new(text, lexicon),
            lexicon,
            dates,
            times,
            room: Room::default(),
            reference,
            leads: STARTS.or(dates.leads()).or(times.leads()),
            date_leads: DATE_STARTS.or(dates.leads()).or(times.leads()),
            ended: None,
            recurring: None,
            numbered: None,
            edition: None,
            frame: Frame {
                lunar: pack.tables("lunar").next().map(|(_, table)| table),
                reference: reference.map(|day| day.value),
                ..Frame::default()
            },
        }
    }

    /// Everything that is found; what a rule found and another took away goes into `suppressed`, where that is asked for.
    pub(super) fn run(mut self, mut suppressed: Option<&mut Vec<Suppressed>>) -> Vec<Mention> {
        /// Text is seldom fuller of dates and figures than one in so many characters.
        const ONE_IN: usize = 20;
        let mut found = Vec::with_capacity(self.view.len() / ONE_IN);
        let mut at = 0;
        while at < self.view.len() {
            let sort = self.view.sort(at);
            if sort == Sort::End || self.view.gap(at) == Gap::Paragraph {
                self.frame.previous = (None, None, None);
            }
            let number = match sort {
                Sort::Other if !self.view.starts_words(at) => {
                    at += 1;
                    continue;
                }
                Sort::Digit => true,
                Sort::Dash => self.view.sort(at + 1) == Sort::Digit,
                Sort::Other | Sort::End => false,
            };
            if !number && !self.lexicon.starting_at(&self.view, at).meets(self.leads) {
                at += 1;
                continue;
            }
            // Most words that begin with such a character go on otherwise.
            let here = self.lexicon.classes_at(&self.view, at, self.leads);
            if !number && !here.meets(self.leads) {
                at += 1;
                continue;
            }
            at = self.place(at, here, &mut found, suppressed.as_deref_mut());
        }
        found
    }

    /// Reads the place `at`, where words of the classes `here` stand; gives the place to go on from.
    fn place(
        &mut self,
        at: usize,
        here: ClassSet,
        found: &mut Vec<Mention>,
        suppressed: Option<&mut Vec<Suppressed>>,
    ) -> usize {
        let character = self.view.at(at);
        let numeral = character == '—' || character.is_ascii_digit() || here.meets(NUMERAL_LEADS);
        let trap = if here.has(Class::Trap) { self.word(at, Class::Trap) } else { None };
        if let Some(end) =
            self.quoted_code(at).or_else(|| self.named_code(at, here)).or_else(|| self.score(at))
        {
            return end;
        }
        let date = if numeral || here.meets(self.date_leads) { self.date(at, here) } else { None };
        let figure = if numeral || here.meets(figure::LEADS) { figure::read(self, at, here) } else { None };
        let (mut winner, mut loser) = (date, None);
        if let Some(figure) = figure {
            match &winner {
                Some(date) if figure.end > date.end => loser = winner.replace(figure),
                Some(_) => loser = Some(figure),
                None => winner = Some(figure),
            }
        }
        if let Some(trap) = trap
            && winner.as_ref().is_none_or(|winner| winner.core <= trap.end)
        {
            if let (Some(winner), Some(suppressed)) = (winner, suppressed) {
                suppressed.push(self.suppressed(&winner, &trap.sense.row));
            }
            return trap.end;
        }
        let Some(winner) = winner else {
            // A numeral too long for any value is passed over whole: its tail is no figure either.
            if numeral
                && let Some(long) = self.numeral(at)
                && long.value.is_none()
                && long.range.is_none()
            {
                const RUN: ClassSet = ClassSet::of(&[Class::Digit, Class::Unit, Class::Myriad, Class::Tens]);
                let mut end = long.end.max(at + 1);
                while self.view.at(end).is_ascii_digit()
                    || self.lexicon.starting(self.view.at(end)).meets(RUN)
                {
                    end += 1;
                }
                return end;
            }
            return if self.view.at(at).is_ascii_digit() { self.after_digits(at) } else { at + 1 };
        };
        if let (Some(loser), Some(suppressed)) = (loser, suppressed) {
            suppressed.push(self.suppressed(&loser, &winner.rule));
        }
        let end = winner.end;
        self.numbered = (winner.kind == MentionKind::Ordinal).then_some(end);
        self.edition = self.numbered.or(self.edition);
        if winner.kind == MentionKind::Set || self.recurring.is_some_and(|before| self.follows(before, at)) {
            self.recurring = Some(end);
        }
        self.ended = matches!(winner.kind, MentionKind::Date | MentionKind::DateRange).then_some(end);
        if let Some(leaves) = winner.leaves {
            self.frame.previous = leaves;
            self.frame.last_year = leaves.0.or(self.frame.last_year);
            if let (Some(_), Some(_), Some(_)) = leaves {
                self.frame.last_day = leaves;
            }
        }
        found.push(self.mention(winner));
        end.max(at + 1)
    }

    /// A word that codes follow (telephone, licence, flight) with its code; gives the place after the code.
    fn named_code(&self, at: usize, here: ClassSet) -> Option<usize> {
        const LONGEST: usize = 24;
        if !here.has(Class::CodeBefore) {
            return None;
        }
        let mut end = self.word(at, Class::CodeBefore)?.end;
        for _ in 0..2 {
            if matches!(self.view.at(end), ':' | '(' | '#' | '№') {
                end += 1;
            }
        }
        let start = end;
        let mut digits = 0;
        while end < start + LONGEST && self.view.gap(end) < Gap::Paragraph {
            match self.view.at(end) {
                '0'..='9' => digits += 1,
                'a'..='z' | '—' | '/' | '.' | '(' | ')' | '·' => {}
                _ => break,
            }
            end += 1;
        }
        (digits > 0).then_some(end)
    }

    /// Two numbers with the word of a score between them; gives the place after the second.
    fn score(&self, at: usize) -> Option<usize> {
        if !self.view.at(at).is_ascii_digit() || self.view.before(at).is_ascii_alphanumeric() {
            return None;
        }
        let between = self.after_digits(at);
        let second = self.word(between, Class::Versus).filter(|_| between - at <= 3)?.end;
        let end = self.after_digits(second);
        (end > second && end - second <= 3).then_some(end)
    }

    /// Digits and signs alone between quotation marks are a code; gives the place of the closing mark.
    fn quoted_code(&self, at: usize) -> Option<usize> {
        const LONGEST: usize = 12;
        if self.view.before(at) != '“' || !self.view.at(at).is_ascii_digit() {
            return None;
        }
        let end = (at..at + LONGEST).find(|&place| {
            let character = self.view.at(place);
            !character.is_ascii_digit()
                && !matches!(character, '+' | '—' | '/' | '.' | ',' | '·' | '×' | '*' | 'x')
        })?;
        (self.view.at(end) == '“').then_some(end)
    }

    /// The end of a run of digits that is no expression, so that its tail is not read for one.
    fn after_digits(&self, at: usize) -> usize {
        let mut end = at;
        while self.view.at(end).is_ascii_digit() && (end == at || self.view.gap(end) == Gap::None) {
            end += 1;
        }
        end
    }

    /// Whether nothing but a word for "and" or "to" stands between.
    fn follows(&self, before: usize, at: usize) -> bool {
        const JOINS: ClassSet = ClassSet::of(&[Class::And, Class::To]);
        at == before || self.longest(before, JOINS).is_some_and(|hit| hit.end == at)
    }

    fn suppressed(&self, reading: &Reading, by: &str) -> Suppressed {
        Suppressed {
            span: self.view.span(reading.start, reading.end),
            rule: reading.rule.clone().into_owned(),
            by: by.to_owned(),
        }
    }

    fn mention(&self, mut reading: Reading) -> Mention {
        let damaged = self.view.widest_gap(reading.start, reading.end) == Gap::Paragraph
            || self.view.mended(reading.start, reading.end);
        if damaged && !reading.flags.contains(&"damaged") {
            reading.flags.push("damaged");
        }
        reading.flags.sort_unstable();
        let reference = if reading.relative { self.reference.cloned() } else { None };
        let span: Span = self.view.span(reading.start, reading.end);
        Mention {
            span,
            kind: reading.kind,
            value: reading.value,
            bound: reading.bound,
            part: reading.part,
            zone: reading.zone,
            relative: reading.relative && reference.is_some(),
            reference,
            numeral: reading.numeral.map(|(start, end)| self.view.span(start, end)),
            flags: reading.flags,
            rule: reading.rule,
        }
    }

    /// The numeral at `at`.
    pub(super) fn numeral(&self, at: usize) -> Option<Numeral> {
        self.lexicon.numeral(&self.view, at)
    }

    pub(super) fn word(&self, at: usize, class: Class) -> Option<Hit<'a>> {
        self.lexicon.word(&self.view, at, class)
    }

    pub(super) fn longest(&self, at: usize, classes: ClassSet) -> Option<Hit<'a>> {
        self.lexicon.longest(&self.view, at, classes)
    }
}

/// Whether a sentence ends with this folded character.
pub(super) fn is_sentence_end(character: char) -> bool {
    matches!(character, '。' | '!' | '?' | ';' | '…')
}
