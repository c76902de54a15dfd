//! Numbers written with the digits 0–9: grouping, decimal point, slash, power, exponent.

use crate::decimal::Decimal;
use crate::view::{Gap, View, is_han, is_spaced_letter};

use super::{Numeral, NumeralStyle, Share};

/// `3/5`, `1 3/5`: one slash between digits, no other sign about it.
pub(super) fn slashed(view: &View, first: &Numeral) -> Option<Numeral> {
    if first.digits == 0 || first.style != NumeralStyle::Figures || view.before(first.start) == '/' {
        return None;
    }
    let (whole, above) = if view.gap(first.end) == Gap::Space && view.at(first.end).is_ascii_digit() {
        (first.value, figures(view, first.end)?)
    } else {
        (Some(Decimal::ZERO), figures(view, first.start)?)
    };
    let glued = |at: usize| view.gap(at) == Gap::None;
    if view.at(above.end) != '/' || !glued(above.end) || !glued(above.end + 1) || above.whole > 3 {
        return None;
    }
    let below = figures(view, above.end + 1)?;
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
}

/// Digits 0–9 with grouping commas or blanks and a decimal point, as far as they hang together.
pub(super) fn figures(view: &View, at: usize) -> Option<Figures> {
    let run = |from: usize| {
        let mut end = from;
        while view.at(end).is_ascii_digit() && (end == from || view.gap(end) == Gap::None) {
            end += 1;
        }
        end
    };
    let mut end = run(at);
    if end == at {
        return None;
    }
    let whole = end - at;
    let mut text: String = (at..end).take(64).map(|index| view.at(index)).collect();
    let mut grouped = false;
    if whole <= 3 {
        loop {
            let comma = view.at(end) == ',' && view.gap(end) == Gap::None && view.gap(end + 1) == Gap::None;
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
            let stop = run(next);
            if stop - next != 3 {
                break;
            }
            text.extend((next..stop).map(|index| view.at(index)));
            end = stop;
            grouped = true;
        }
    }
    let mut point = false;
    let mark = view.at(end);
    if (mark == '.' || mark == ',' && !grouped && is_spaced_letter_after(view, end + 1))
        && view.gap(end) == Gap::None
    {
        let stop = run(end + 1);
        let glued = view.gap(end + 1) == Gap::None;
        // A second point makes it a date, a version or an address.
        let second =
            view.at(stop) == '.' && view.at(stop + 1).is_ascii_digit() && view.gap(stop) == Gap::None;
        if stop > end + 1 && glued && !second && (mark == '.' || stop - end - 1 != 3) {
            text.push('.');
            text.extend((end + 1..stop).take(40).map(|index| view.at(index)));
            end = stop;
            point = true;
        }
    }
    let mut value = Decimal::parse(&text);
    if let Some((stop, power)) = caret(view, end) {
        let raised = value.and_then(|value| value.raised(power));
        return Some(Figures { end: stop, value: raised, whole, grouped, point: true });
    }
    if let Some((stop, exponent)) = exponent(view, end) {
        let power = Decimal::whole(10i64.pow(exponent.unsigned_abs()));
        value = value.and_then(|value| if exponent < 0 { value.over(power) } else { value.times(power) });
        return Some(Figures { end: stop, value, whole, grouped, point: true });
    }
    Some(Figures { end, value, whole, grouped, point })
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
