//! What fills a promise: its object, its amount, the priority it falls under.

use shiliu_ledger::{Label, Record, Value};
use shiliu_text::Span;

use super::commitment::in_marks;
use super::doc::Doc;
use super::figure::unlisted_money;
use super::lexicon::Class;
use crate::{Amount, Mention, MentionKind, MentionValue};

/// What stands after the verb, without an aspect particle.
pub(super) fn object(doc: &Doc<'_>, verb: Span, end: u32) -> Span {
    let rest = Span { start: verb.end.min(end), end };
    let text = doc.text(rest);
    let skipped = doc.at(rest.start, Class::Aspect).map_or(0, |hit| hit.span.len());
    if skipped < text.len() { Span { start: rest.start + skipped as u32, end } } else { rest }
}

fn is_amount(mention: &Mention) -> bool {
    matches!(
        mention.kind,
        MentionKind::Money | MentionKind::Quantity | MentionKind::Count | MentionKind::Percent
    )
}

pub(super) fn quantity(doc: &Doc<'_>, object: Span, record: &mut Record<Span>) -> bool {
    let mut found = doc.mentions_in(object).filter_map(|(mention, at)| {
        let money = unlisted_money(doc, mention, at);
        (money.is_some() || is_amount(mention) && !in_marks(doc, at)).then_some((mention, at, money))
    });
    // What a change leads to counts, not what it starts from.
    let changed = doc.of_class(object, Class::Change).next().map_or(0, |change| change.span.end);
    let Some((mention, at, money)) = found.find(|(_, at, _)| at.start >= changed) else { return false };
    let MentionValue::Amount(Amount { value, unit, low, high, .. }) = &mention.value else { return false };
    let at = money.as_ref().map_or(at, |(_, at)| *at);
    let unit = &money.map(|(unit, _)| unit).or_else(|| unit.clone());
    let text =
        |text: &Option<String>| text.as_deref().map_or(Value::Null, |text| Value::text(Label::of(text)));
    let mut fields = vec![("value", text(value)), ("unit", text(unit))];
    if low.is_some() || high.is_some() {
        fields.push(("low", text(low)));
        fields.push(("high", text(high)));
    }
    fields.push(("cmp", Value::text(mention.bound.as_str())));
    fields.push(("text", Value::text(doc.label(at))));
    record.printed("quantity", Value::Map(fields), at);
    true
}

/// The priority of the profile's latest list that a promise falls under: the item it names, else the first item of
/// its sector.
pub(super) fn area_of(doc: &Doc<'_>, text: &str, sector: &str) -> Option<(Label, Label)> {
    let lists = doc.profile.entries(shiliu_lang::Section::Area);
    let named = doc.lexicon.area_in(text).and_then(|(list, item)| doc.lexicon.area(list, item));
    named.or_else(|| {
        lists.iter().enumerate().rev().find_map(|(row, list)| {
            let place = list.sectors.iter().position(|known| known == sector)?;
            doc.lexicon.area(row, place)
        })
    })
}
