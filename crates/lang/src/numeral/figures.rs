//! Numbers written with the digits 0–9: grouping, decimal point, slash, power, exponent.

use crate::decimal::Decimal;
use crate::lexicon::{Class, ClassSet, Lexicon};
use crate::view::{Gap, View, is_han, is_spaced_letter};

use super::{Numeral, NumeralStyle, Share};

/// `3/5`, `1 3/5`: one slash between digits, no other sign about it.
pub(super) fn slashed(lexicon: &Lexicon, view: &View, first: &Numeral) -> Option<Numeral> {
    if first.digits == 0 || first.style != NumeralStyle::Figures || view.before(first.start) == '/' {
        return None;
    }
    let mixed = view.gap(first.end) == Gap::Space && view.at(first.end).is_ascii_digit();
    // The digits are all of the numeral: the slash stands right after it, or after a second number.
    if !mixed && view.at(first.end) != '/' {
        return None;
    }
    let (whole, above) = if mixed {
        (first.value, figures(lexicon, view, first.end)?)
    } else {
        (Some(Decimal::ZERO), figures(lexicon, view, first.start)?)
    };
    let glued = |at: usize| view.gap(at) == Gap::None;
    if view.at(above.end) != '/' || !glued(above.end) || !glued(above.end + 1) || above.whole > 3 {
        return None;
    }
    let below = figures(lexicon, view, above.end + 1)?;
    let next = view.at(below.end);
    if below.whole > 3 || glued(below.end) && (next == '/' || next == '—' || next.is_ascii_alphanumeric()) {
        return None;
    }
    let value = above.value?.over(below.value?)?.plus(whole?)?;
    Some(Numeral { end: below.end, value: Some(value), share: Some(Share::Quotient), digits: 0, ..*first })
}

pub(super) struct Figures {
    pub(super) end: usize,
    pub(super) value: Option<Decimal>,
    pub(super) whole: usize,
    pub(super) grouped: bool,
    pub(super) point: bool,
    /// White space stood inside.
    pub(super) damaged: bool,
}

/// Digits 0–9 with grouping commas or blanks and a decimal point, as far as they hang together.
pub(super) fn figures(lexicon: &Lexicon, view: &View, at: usize) -> Option<Figures> {
    let run = |from: usize| run(view, from);
    let mut end = run(at);
    if end == at {
        return None;
    }
    let mut damaged = false;
    if let Some(apart) = apart(lexicon, view, at) {
        end = apart;
        damaged = true;
    }
    // An item of a list has its number, a point and a blank before it.
    let item = at == 0 || view.gap(at) >= Gap::Line;
    let near = |at: usize| view.gap(at) == Gap::None || !item && view.gap(at) < Gap::Paragraph;
    let whole = end - at;
    let mut text = Digits::default();
    text.take(view, at, end.min(at + 64));
    let mut grouped = false;
    if whole <= 3 {
        loop {
            let tight = view.gap(end) == Gap::None && view.gap(end + 1) == Gap::None;
            let comma = view.at(end) == ','
                && (tight
                    || near(end)
                        && near(end + 1)
                        && view.printed(end) == ','
                        && run(end + 1) == end + 4
                        && measured(lexicon, view, end + 4, widest(view, end, end + 1)));
            // A full-width comma groups full-width digits only; else it is the sentence's.
            let wide = comma && view.printed(end) != ',' && view.printed(end - 1).is_ascii_digit();
            let next = if comma && !wide {
                end + 1
            } else if view.gap(end) == Gap::Space && view.at(end).is_ascii_digit() && blank_groups(view, end)
            {
                end
            } else {
                break;
            };
            let mut stop = run(next);
            if stop - next < 3
                && let Some(apart) = pieces(lexicon, view, next, stop).filter(|apart| apart - next == 3)
            {
                stop = apart;
                damaged = true;
            }
            if stop - next != 3 {
                break;
            }
            text.take(view, next, stop);
            damaged |= comma && !tight;
            end = stop;
            grouped = true;
        }
    }
    let mut point = false;
    let mark = view.at(end);
    if (mark == '.' || mark == ',' && !grouped && is_spaced_letter_after(view, end + 1)) && near(end) {
        let mut stop = run(end + 1);
        if let Some(apart) = pieces(lexicon, view, end + 1, stop).filter(|_| !item && stop > end + 1) {
            stop = apart;
            damaged = true;
        }
        let tight = view.gap(end) == Gap::None && view.gap(end + 1) == Gap::None;
        let glued = tight || near(end + 1) && measured(lexicon, view, stop, widest(view, end, end + 1));
        // A second point makes it a date, a version or an address.
        let second =
            view.at(stop) == '.' && view.at(stop + 1).is_ascii_digit() && view.gap(stop) == Gap::None;
        if stop > end + 1 && glued && !second && (mark == '.' || stop - end - 1 != 3) {
            text.point();
            text.take(view, end + 1, stop.min(end + 41));
            end = stop;
            point = true;
            damaged |= !tight;
        }
    }
    let mut value = text.value();
    if let Some((stop, power)) = caret(view, end) {
        let raised = value.and_then(|value| value.raised(power));
        return Some(Figures { end: stop, value: raised, whole, grouped, point: true, damaged });
    }
    if let Some((stop, exponent)) = exponent(view, end) {
        let power = Decimal::whole(10i64.pow(exponent.unsigned_abs()));
        value = value.and_then(|value| if exponent < 0 { value.over(power) } else { value.times(power) });
        return Some(Figures { end: stop, value, whole, grouped, point: true, damaged });
    }
    Some(Figures { end, value, whole, grouped, point, damaged })
}

/// The digits of a number as they are read.
#[derive(Default)]
struct Digits {
    mantissa: i128,
    scale: u32,
    point: bool,
    /// More digits than a value can have.
    overflow: bool,
}

impl Digits {
    /// Takes the digits `from..to`.
    fn take(&mut self, view: &View, from: usize, to: usize) {
        for index in from..to {
            let digit = view.at(index).to_digit(10).map(i128::from);
            let next = digit.and_then(|digit| self.mantissa.checked_mul(10)?.checked_add(digit));
            match next {
                Some(next) => self.mantissa = next,
                None => self.overflow = true,
            }
            self.scale += u32::from(self.point);
        }
    }

    /// What follows stands behind the decimal point.
    fn point(&mut self) {
        self.point = true;
    }

    fn value(&self) -> Option<Decimal> {
        (!self.overflow).then(|| Decimal::new(self.mantissa, self.scale))
    }
}

/// One past the digits that stand together from `at`.
fn run(view: &View, at: usize) -> usize {
    let mut end = at;
    while view.at(end).is_ascii_digit() && (end == at || view.gap(end) == Gap::None) {
        end += 1;
    }
    end
}

/// Whether something that is counted or measured follows at once: what shows that pieces parted by `gap` are one
/// number. Words of a spaced script have blanks around their numbers, so a blank needs a unit there.
fn measured(lexicon: &Lexicon, view: &View, at: usize, gap: Gap) -> bool {
    const UNITS: ClassSet = ClassSet::of(&[
        Class::Measure,
        Class::Currency,
        Class::Percent,
        Class::PercentPoint,
        Class::Multiplier,
        Class::Times,
    ]);
    const COUNTED: ClassSet = UNITS.or(ClassSet::of(&[Class::Counted, Class::Span]));
    if view.gap(at) == Gap::Paragraph {
        return false;
    }
    if is_han(view.at(at)) || view.at(at) == '%' {
        return true;
    }
    let wanted = if gap == Gap::Line { COUNTED } else { UNITS };
    lexicon.longest(view, at, wanted).is_some()
}

/// The widest white space before the characters `first..=last`.
fn widest(view: &View, first: usize, last: usize) -> Gap {
    (first..=last).map(|at| view.gap(at)).max().unwrap_or_default()
}

/// One past the digits that go on after white space at `end`, where a unit follows them.
fn pieces(lexicon: &Lexicon, view: &View, at: usize, end: usize) -> Option<usize> {
    const LONGEST: usize = 15;
    let (mut stop, mut gap) = (end, Gap::None);
    while stop - at < LONGEST
        && view.at(stop).is_ascii_digit()
        && matches!(view.gap(stop), Gap::Space | Gap::Line)
    {
        gap = gap.max(view.gap(stop));
        stop = run(view, stop);
    }
    (stop > end && measured(lexicon, view, stop, gap)).then_some(stop)
}

/// One past the digits of one number that a line break or blanks cut in pieces; `None` where the pieces can be
/// numbers of their own: a year, the number of a picture or of an item, a date.
fn apart(lexicon: &Lexicon, view: &View, at: usize) -> Option<usize> {
    const LONGEST: usize = 15;
    let first = run(view, at);
    let (mut end, mut last) = (first, at);
    while end - at < LONGEST
        && view.at(end).is_ascii_digit()
        && matches!(view.gap(end), Gap::Space | Gap::Line)
    {
        last = end;
        end = run(view, end);
    }
    // Groups of three with blanks are a way of writing, not damage.
    if end == first || view.at(at) == '0' || first - at <= 3 && blank_groups(view, first) {
        return None;
    }
    let year = |from: usize, to: usize| {
        to - from == 4 && matches!((view.at(from), view.at(from + 1)), ('1', '9') | ('2', '0'))
    };
    const DATES: ClassSet = ClassSet::of(&[Class::MonthMark, Class::DayMark, Class::YearMark]);
    let point = view.at(end) == '.' && view.at(end + 1).is_ascii_digit() && view.gap(end) == Gap::None;
    let item = view.gap(first) == Gap::Space && (at == 0 || view.gap(at) >= Gap::Line);
    let label = at > 0 && lexicon.word(view, at - 1, Class::Label).is_some();
    let own = year(at, first) || year(last, end) && lexicon.word(view, end, Class::YearMark).is_some();
    let date = lexicon.longest(view, end, DATES).is_some() && lexicon.word(view, end, Class::Span).is_none();
    let gap = widest(view, first, last);
    (!own && !item && !label && !date && (measured(lexicon, view, end, gap) || point)).then_some(end)
}

/// `^23`, `^-1` after digits: where it ends, and the power.
fn caret(view: &View, at: usize) -> Option<(usize, i32)> {
    if view.at(at) != '^' {
        return None;
    }
    let (mut from, mut negative) = (at + 1, false);
    while matches!(view.at(from), '+' | '—') && from < at + 3 {
        negative = view.at(from) == '—';
        from += 1;
    }
    let digits: String = (from..from + 3).map(|at| view.at(at)).take_while(char::is_ascii_digit).collect();
    let power: i32 = digits.parse().ok().filter(|power| *power <= 30)?;
    // Two signs undo each other in the way such formulas are written.
    let negative = negative && from == at + 2;
    Some((from + digits.len(), if negative { -power } else { power }))
}

/// `e+14` after digits: where it ends, and the power of ten up to 18 either way.
fn exponent(view: &View, at: usize) -> Option<(usize, i32)> {
    let glued = |at: usize| view.gap(at) == Gap::None;
    if view.at(at) != 'e' || !glued(at) {
        return None;
    }
    let signed = matches!(view.at(at + 1), '+' | '—');
    let from = at + 1 + usize::from(signed);
    let digits: String = (from..from + 3).map(|at| view.at(at)).take_while(char::is_ascii_digit).collect();
    let end = from + digits.len();
    let power: i32 = digits.parse().ok().filter(|power| *power <= 18)?;
    let ends = !(view.at(end).is_ascii_alphanumeric() && glued(end));
    (ends && glued(from)).then_some((end, if view.at(at + 1) == '—' { -power } else { power }))
}

/// Whether blank-separated groups of three go on to a spaced script's word: `1 200 000 rubles`, but not a row
/// of table cells.
fn blank_groups(view: &View, mut at: usize) -> bool {
    // More than a dozen digits in groups is no number that a newspaper prints.
    let limit = at + 15;
    while at < limit
        && (at..at + 3).all(|index| view.at(index).is_ascii_digit())
        && !view.at(at + 3).is_ascii_digit()
        && view.gap(at + 1) == Gap::None
        && view.gap(at + 2) == Gap::None
    {
        at += 3;
        if view.gap(at) != Gap::Space {
            return !view.at(at).is_ascii_digit() && !is_han(view.at(at));
        }
    }
    is_spaced_letter(view.at(at))
}

fn is_spaced_letter_after(view: &View, mut at: usize) -> bool {
    while view.at(at).is_ascii_digit() && view.gap(at) == Gap::None {
        at += 1;
    }
    is_spaced_letter(view.at(at)) || view.at(at) == '%'
}
