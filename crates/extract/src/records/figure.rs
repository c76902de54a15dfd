use shiliu_ledger::{Kind, Record, Value};
use shiliu_text::Span;

use super::doc::Doc;
use super::lexicon::Class;
use crate::{Amount, Mention, MentionKind, MentionValue};

/// A figure with its measure, still without a parent.
struct Figure<'d> {
    mention: &'d Mention,
    at: Span,
    measure: Span,
    clause: usize,
    amount: &'d Amount,
}

/// Figures of a measure; the items of a total under `其中` as indicators of it, their sum checked.
pub(super) fn figures(doc: &Doc<'_>, found: &mut Vec<Record<Span>>) {
    let mut all: Vec<Figure<'_>> = Vec::new();
    for (mention, at) in doc.mentions_in(Span::new(0, doc.all().len())) {
        let MentionValue::Amount(amount) = &mention.value else { continue };
        if !matches!(
            mention.kind,
            MentionKind::Money | MentionKind::Quantity | MentionKind::Percent | MentionKind::Count
        ) {
            continue;
        }
        let Some(clause) = doc.layout.clause_at(at.start) else { continue };
        let measure = measure(doc, doc.layout.clauses[clause].span, at);
        all.push(Figure { mention, at, measure, clause, amount });
    }
    let mut index = 0;
    while index < all.len() {
        let items = items_after(doc, &all, index);
        let total = record(doc, &all[index], Kind::Figure);
        if items.len() < 2 {
            found.push(total);
            index += 1;
            continue;
        }
        let parent = doc.text(all[index].measure).to_owned();
        let differs = sum_differs(&all[index], &items.iter().map(|&item| &all[item]).collect::<Vec<_>>());
        found.push(total);
        let last = items.last().copied().unwrap_or(index);
        for item in &items {
            let mut record = record(doc, &all[*item], Kind::Indicator);
            record.printed("parent", Value::text(parent.as_str()), all[index].measure);
            if differs {
                record.flags.push("sum-differs");
            }
            found.push(record);
        }
        // Figures among the items that are no items of their own were passed over: emit them too.
        for (offset, skipped) in all[index + 1..last].iter().enumerate() {
            if !items.contains(&(index + 1 + offset)) {
                found.push(record(doc, skipped, Kind::Figure));
            }
        }
        index = last + 1;
    }
}

/// The words before a figure that say what it measures.
fn measure(doc: &Doc<'_>, clause: Span, at: Span) -> Span {
    let mut start = clause.start.min(at.start);
    let mut end = at.start;
    for (_, other) in doc.mentions_in(Span { start, end: at.start }) {
        if other.end <= at.start {
            start = start.max(other.end);
        }
    }
    while let Some(verb) = doc
        .ending(end, Class::MeasureEnd)
        .or_else(|| doc.ending(end, Class::Adverb))
        .filter(|verb| verb.span.start >= start)
    {
        end = verb.span.start;
    }
    if let Some(breakdown) = doc.at(start, Class::Breakdown).filter(|breakdown| breakdown.span.end <= end) {
        start = breakdown.span.end;
    }
    if let Some(mark) = doc.text(Span { start, end: end.max(start) }).rfind('、') {
        start += mark as u32 + 3;
    }
    Span { start, end: end.max(start) }
}

/// The figures of the same unit that a breakdown word introduces after a total.
fn items_after(doc: &Doc<'_>, all: &[Figure<'_>], total: usize) -> Vec<usize> {
    let mut items = Vec::new();
    let head = &all[total];
    let Some(next) = all.get(total + 1) else { return items };
    let between = Span { start: head.at.end, end: next.at.start.max(head.at.end) };
    let breakdown = doc.of_class(between, Class::Breakdown).first().copied();
    let reach = head.clause + 2;
    if breakdown.is_none() {
        return items;
    }
    let mut clause = next.clause;
    let unit = breakdown_unit(all, total);
    for (offset, figure) in all[total + 1..].iter().enumerate() {
        if figure.clause > clause + 1 || figure.clause > reach + 24 {
            break;
        }
        clause = figure.clause;
        if figure.amount.unit == unit {
            items.push(total + 1 + offset);
        }
    }
    items
}

fn breakdown_unit(all: &[Figure<'_>], total: usize) -> Option<String> {
    all.get(total + 1).and_then(|next| next.amount.unit.clone())
}

/// Whether the items of one unit give another sum than the total. Decimal texts, added as integers.
fn sum_differs(total: &Figure<'_>, items: &[&Figure<'_>]) -> bool {
    let exact = |figure: &Figure<'_>| {
        (figure.mention.bound == crate::Bound::Equal)
            .then(|| scaled(figure.amount.value.as_deref()?))
            .flatten()
    };
    let same = items.iter().filter(|item| item.amount.unit == total.amount.unit);
    let Some(sum) = same.map(|item| exact(item)).sum::<Option<i128>>() else { return false };
    exact(total).is_some_and(|total| sum != 0 && sum != total)
}

/// A decimal text in millionths.
fn scaled(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let whole: i128 = whole.parse().ok()?;
    let fraction: i128 = fraction.parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(if text.starts_with('-') { -fraction } else { fraction })
}

fn record(doc: &Doc<'_>, figure: &Figure<'_>, kind: Kind) -> Record<Span> {
    let at = if figure.measure.is_empty() { figure.at } else { figure.measure.cover(figure.at) };
    let mut record = Record::new(kind, figure.mention.rule.as_str(), at);
    if !figure.measure.is_empty() {
        record.printed("measure", Value::text(doc.text(figure.measure)), figure.measure);
    }
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    let value = match (&figure.amount.value, &figure.amount.low) {
        (None, Some(_)) => {
            Value::Map(vec![("low", text(&figure.amount.low)), ("high", text(&figure.amount.high))])
        }
        _ => text(&figure.amount.value),
    };
    record.printed("value", value, figure.at);
    record.printed("unit", text(&figure.amount.unit), figure.at);
    record.printed("cmp", Value::text(figure.mention.bound.as_str()), figure.at);
    if let Some(sentence) = doc.sentence_at(figure.at.start) {
        let dated = doc
            .mentions_in(Span { start: sentence.start, end: figure.at.start })
            .filter(|(mention, _)| matches!(mention.kind, MentionKind::Date | MentionKind::DateRange))
            .last();
        if let Some((mention, at)) = dated
            && let MentionValue::Text(date) = &mention.value
        {
            record.printed("as_of", Value::text(date.as_str()), at);
        }
    }
    record
}
