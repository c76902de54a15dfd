//! Dates and figures: a view without layout, anchored forms over it, values without floats.

mod clock;
mod engine;
mod figure;
mod lunar;
mod moment;
mod when;

use std::borrow::Cow;

use shiliu_lang::Pack;
use shiliu_text::{Date, Inferred, Outcome, Span};

/// What a mention is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MentionKind {
    /// A day, month, year or vaguer.
    Date,
    /// From one to another, either end may be open.
    DateRange,
    /// Time of day.
    Time,
    /// Day and time.
    Datetime,
    /// A length of time.
    Duration,
    /// Recurring.
    Set,
    /// An amount with currency.
    Money,
    /// An amount with a physical unit.
    Quantity,
    /// A share.
    Percent,
    /// A number of things.
    Count,
    /// A place in an order.
    Ordinal,
    /// A bare number.
    Number,
}

impl MentionKind {
    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            MentionKind::Date => "date",
            MentionKind::DateRange => "date_range",
            MentionKind::Time => "time",
            MentionKind::Datetime => "datetime",
            MentionKind::Duration => "duration",
            MentionKind::Set => "set",
            MentionKind::Money => "money",
            MentionKind::Quantity => "quantity",
            MentionKind::Percent => "percent",
            MentionKind::Count => "count",
            MentionKind::Ordinal => "ordinal",
            MentionKind::Number => "number",
        }
    }
}

/// How the value bounds the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound {
    /// `=`
    #[default]
    Equal,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `~`
    About,
}

impl Bound {
    /// The sign used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Bound::Equal => "=",
            Bound::Greater => ">",
            Bound::GreaterOrEqual => ">=",
            Bound::Less => "<",
            Bound::LessOrEqual => "<=",
            Bound::About => "~",
        }
    }
}

/// A figure: decimal texts, multiplied out, no conversion. Either `value`, or `low`/`high` of a range.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// The number.
    pub value: Option<String>,
    /// ISO 4217, UCUM, `{printed unit}`, `percent-point`, `times`, `%`, or what is counted.
    pub unit: Option<String>,
    /// Lower end of a range.
    pub low: Option<String>,
    /// Upper end of a range.
    pub high: Option<String>,
    /// Whether the lower end itself is excluded or unknown.
    pub low_open: bool,
    /// Whether the upper end itself is excluded or unknown.
    pub high_open: bool,
}

/// The value of a mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MentionValue {
    /// EDTF for dates, ISO 8601 for times, durations and sets.
    Text(String),
    /// A figure.
    Amount(Amount),
    /// Too vague for a value.
    Vague,
}

/// A date or figure in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Its characters, line breaks inside included.
    pub span: Span,
    /// What it is.
    pub kind: MentionKind,
    /// Its value.
    pub value: MentionValue,
    /// Its bound.
    pub bound: Bound,
    /// Part of day in a fixed word (`morning`), where printed.
    pub part: Option<&'static str>,
    /// Zone (`local`, `+05:00`), where printed.
    pub zone: Option<String>,
    /// Whether the reference date was used.
    pub relative: bool,
    /// The reference date that was used.
    pub reference: Option<Inferred<Date>>,
    /// The bare number inside.
    pub numeral: Option<Span>,
    /// Marks in fixed words: `damaged`, `near`, `anniversary`, `approximate` ….
    pub flags: Vec<&'static str>,
    /// Id of the row or rule that fired.
    pub rule: Cow<'static, str>,
}

/// What a rule found and another rule took away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// Its characters.
    pub span: Span,
    /// The rule that found it.
    pub rule: String,
    /// The row that forbade it (a trap) or won over it.
    pub by: String,
}

/// Every date and figure in `text`, sorted, never overlapping, the longest wins. A line feed is page layout or
/// a paragraph's end: an expression may go on over it. Linear in the length of `text`.
#[must_use]
pub fn mentions(text: &str, reference: Option<&Inferred<Date>>, pack: &Pack) -> Outcome<Vec<Mention>> {
    Outcome::clean(engine::Engine::new(text, reference, pack).run(None))
}

/// As [`mentions`], with what was suppressed.
#[must_use]
pub fn explain(
    text: &str,
    reference: Option<&Inferred<Date>>,
    pack: &Pack,
) -> (Outcome<Vec<Mention>>, Vec<Suppressed>) {
    let mut suppressed = Vec::new();
    let found = engine::Engine::new(text, reference, pack).run(Some(&mut suppressed));
    (Outcome::clean(found), suppressed)
}
