//! Places in an order, editions and phases.

use shiliu_lang::{Class, ClassSet, Decimal, NumeralStyle};

use super::super::engine::{Engine, Reading};
use super::super::{Amount, MentionKind, MentionValue};

/// An ordinal: with a word before it, as one word, or by what is counted after it. `here` are the classes of the
/// words at `at`.
pub(super) fn ordinal(engine: &Engine, at: usize, here: ClassSet) -> Option<Reading> {
    let view = &engine.view;
    let read =
        |value: Decimal, numeral: (usize, usize), end: usize, unit: Option<String>, rule: &'static str| {
            let amount = Amount { value: Some(value.text()), unit, ..Amount::default() };
            let mut reading = Reading::new(at, end, MentionKind::Ordinal, MentionValue::Amount(amount), rule);
            reading.numeral = Some(numeral);
            reading
        };
    let edition = |from: usize| {
        let hit = engine.word(from, Class::Edition);
        hit.map(|hit| (hit.end, view.squeezed(from, hit.end)))
    };
    if here.has(Class::OrdinalBefore)
        && let Some(hit) = engine.word(at, Class::OrdinalBefore)
    {
        let numeral = engine.lexicon.numeral(view, hit.end)?;
        let padded = numeral.digits > 1 && view.at(numeral.start) == '0';
        let value = numeral.value.filter(|_| numeral.share.is_none() && !numeral.point && !padded)?;
        // A longer word makes it the number of a road, not an edition.
        let code = engine.word(numeral.end, Class::CodeAfter).map_or(0, |hit| hit.end);
        if code > numeral.end + 1 && edition(numeral.end).is_none_or(|(end, _)| end < code) {
            return None;
        }
        let (end, unit) = edition(numeral.end).map_or((numeral.end, None), |(end, unit)| (end, Some(unit)));
        return Some(read(value, (numeral.start, numeral.end), end, unit, "ordinal.prefixed"));
    }
    if here.has(Class::OrdinalWord)
        && let Some(hit) = engine.word(at, Class::OrdinalWord)
    {
        let (end, unit) = edition(hit.end)?;
        return Some(read(Decimal::whole(hit.sense.value), (at, hit.end), end, Some(unit), "ordinal.first"));
    }
    let numeral = engine.numeral(at)?;
    let value = numeral
        .value
        .filter(|_| numeral.share.is_none() && !numeral.more && !numeral.point && !numeral.bare)?;
    let hit = engine.word(numeral.end, Class::OrdinalAfter)?;
    // The "two" of counting counts: two phases are not the second one.
    if engine.word(numeral.start, Class::Digit).is_some_and(|digit| digit.sense.text.as_ref() == "counting") {
        return None;
    }
    let characters = numeral.style == NumeralStyle::Characters;
    // Value 1: an ordinal only when written in characters; digits count.
    if hit.sense.value == 1 && !characters {
        return None;
    }
    // Value 2: only before the name of a session, soon after the edition that holds it.
    const NEAR: usize = 16;
    let session = engine.edition.is_some_and(|before| at - before <= NEAR)
        && engine.word(hit.end, Class::SessionAfter).is_some();
    if hit.sense.value == 2 && !(characters && session) {
        return None;
    }
    let unit = view.squeezed(numeral.end, hit.end);
    Some(read(value, (numeral.start, numeral.end), hit.end, Some(unit), "ordinal.edition"))
}
