use std::borrow::Cow;

use shiliu_ledger::{Kind, Label, Record, Value};
use shiliu_text::Span;

use super::doc::{Doc, is_han};
use super::lexicon::{Class, Hit};
use crate::{Amount, Mention, MentionKind, MentionValue};

/// A figure with its measure, still without a parent.
struct Figure<'d> {
    mention: &'d Mention,
    at: Span,
    measure: Span,
    clause: usize,
    sentence: usize,
    amount: &'d Amount,
    unit: Option<Cow<'d, str>>,
}

/// Figures of a measure; the items of a total under `其中` as indicators of it, their sum checked; of two amounts of
/// one unit in a clause the one that is done so far as an indicator of the other.
pub(super) fn figures(doc: &Doc<'_>, found: &mut Vec<Record<Span>>) {
    let mut all: Vec<Figure<'_>> = Vec::new();
    for (mention, at) in doc.mentions_in(Span::new(0, doc.all().len())) {
        let MentionValue::Amount(amount) = &mention.value else { continue };
        let money = unlisted_money(doc, mention, at);
        if money.is_none()
            && !matches!(
                mention.kind,
                MentionKind::Money | MentionKind::Quantity | MentionKind::Percent | MentionKind::Count
            )
        {
            continue;
        }
        let Some(clause) = doc.layout.clause_at(at.start) else { continue };
        let sentence = doc.layout.clauses[clause].sentence;
        let measure = measure(doc, doc.layout.clauses[clause].span, at);
        let (unit, at) = match money {
            Some((unit, at)) => (Some(Cow::Owned(unit)), at),
            None => (amount.unit.as_deref().map(Cow::Borrowed), at),
        };
        all.push(Figure { mention, at, measure, clause, sentence, amount, unit });
    }
    // For each figure the total it is an item of, and whether the items' sum differs.
    let mut parents: Vec<Option<(usize, bool)>> = vec![None; all.len()];
    let mut index = 0;
    while index < all.len() {
        let Some((total, items)) = breakdown(doc, &all, index) else {
            if let Some(whole) = done_so_far(doc, &all, index) {
                parents[index] = Some((whole, false));
            }
            index += 1;
            continue;
        };
        let differs = sum_differs(&all[total], &items.iter().map(|&item| &all[item]).collect::<Vec<_>>());
        for &item in &items {
            parents[item] = Some((total, differs));
        }
        index = items.last().map_or(index, |last| *last) + 1;
    }
    for (figure, parent) in all.iter().zip(parents) {
        let Some((total, differs)) = parent else {
            found.push(record(doc, figure, Kind::Figure));
            continue;
        };
        let mut record = record(doc, figure, Kind::Indicator);
        let total = all[total].whole();
        record.printed("parent", Value::text(doc.label(total)), total);
        if differs {
            record.flags.push("sum-differs");
        }
        found.push(record);
    }
}

impl Figure<'_> {
    /// The measure and the figure.
    fn whole(&self) -> Span {
        if self.measure.is_empty() { self.at } else { self.measure.cover(self.at) }
    }

    /// Whether another figure can be a part of this one: the same unit, or a counter that this one prints before
    /// the name of what it counts.
    fn counts_like(&self, doc: &Doc<'_>, part: &Figure<'_>) -> bool {
        let Some(unit) = part.unit.as_deref() else { return false };
        let people = |unit: &str| doc.lexicon.is_person_counter(unit);
        self.unit.as_deref() == Some(unit)
            || self.unit.as_deref().is_some_and(people) && people(unit)
            || self.mention.kind == MentionKind::Count
                && part.mention.kind == MentionKind::Count
                && doc.text(self.at).contains(unit)
    }
}

/// A bare number before the name of a currency that no list holds (an invented or a local one): its printed unit in
/// braces, and the characters with it.
pub(super) fn unlisted_money(doc: &Doc<'_>, mention: &Mention, at: Span) -> Option<(String, Span)> {
    const NAME: usize = 3;
    if mention.kind != MentionKind::Number {
        return None;
    }
    let rest = &doc.all()[at.end as usize..];
    let mut end = 0;
    for (count, character) in rest.chars().take(NAME).enumerate() {
        if !is_han(character) {
            return None;
        }
        end += character.len_utf8();
        if count > 0 && doc.lexicon.is_money_end(character) {
            let span = Span { start: at.start, end: at.end + end as u32 };
            return Some((format!("{{{}}}", &rest[..end]), span));
        }
    }
    None
}

/// The words before a figure that say what it measures.
fn measure(doc: &Doc<'_>, clause: Span, at: Span) -> Span {
    let floor = clause.start.min(at.start);
    let mut start = floor;
    for (mention, other) in doc.mentions_in(Span { start, end: at.start }) {
        let inside = matches!(mention.kind, MentionKind::Ordinal | MentionKind::Number);
        if other.end <= at.start && !inside {
            start = start.max(other.end);
        }
    }
    let trimmed = trim(doc, Span { start, end: at.start });
    // `X去年为1970`: the measure stands before the date.
    if trimmed.is_empty()
        && let Some((mention, date)) = doc.mention_ending(start)
        && matches!(mention.kind, MentionKind::Date | MentionKind::DateRange)
        && date.start > floor
    {
        // `今年X比去年`: another date may stand before the measure.
        let first = doc.mentions_in(Span { start: floor, end: date.start }).next_back();
        let from = first.map_or(floor, |(_, earlier)| earlier.end.min(date.start));
        let before = trim(doc, Span { start: from, end: date.start });
        if doc.mentions_in(before).next().is_none() {
            return before;
        }
    }
    trimmed
}

/// Longest word for how great a figure is (`创纪录的`), in characters.
const SAID: usize = 6;

/// Whether a word names who or where, so that it tells of what is counted and not of the figure.
fn is_named(class: Class) -> bool {
    matches!(class, Class::State | Class::Group | Class::Place | Class::Circle | Class::Side | Class::Body)
}

/// A stretch without the verb that leads to the figure, a breakdown word at its head, earlier items of a list.
fn trim(doc: &Doc<'_>, span: Span) -> Span {
    let Span { mut start, mut end } = span;
    while let Some(verb) = doc
        .ending(end, Class::MeasureEnd)
        .or_else(|| doc.ending(end, Class::Adverb))
        .filter(|verb| verb.span.start >= start)
    {
        end = verb.span.start;
    }
    // One character (`三项中，…`) closes a clause and opens none: here it begins another word.
    let opens = |word: &Hit| word.span.end <= end && word.span.len() > 3;
    if let Some(breakdown) = doc.at(start, Class::Breakdown).filter(opens) {
        start = breakdown.span.end;
    }
    if let Some(mark) = doc.text(Span { start, end: end.max(start) }).rfind('、') {
        start += mark as u32 + 3;
    }
    // `贸易额达到创纪录的948亿`: what is said of the figure stands between the verb and it.
    if let Some(stop) = doc.ending(end, Class::Modifier).filter(|stop| stop.span.start >= start)
        && let Some(verb) = doc
            .of_class(Span { start, end: stop.span.start }, Class::MeasureEnd)
            .filter(|verb| verb.span.len() > 3)
            .last()
            .filter(|verb| {
                let said = Span { start: verb.span.end, end: stop.span.start };
                doc.text(said).chars().count() <= SAID && doc.hits_in(said).all(|hit| !is_named(hit.class))
            })
    {
        return trim(doc, Span { start, end: verb.span.start });
    }
    // A modifier of what is counted (`来自五国的120名代表`) is no measure.
    if doc.ending(end, Class::Modifier).is_some_and(|stop| stop.span.start >= start) {
        start = end;
    }
    Span { start, end: end.max(start) }
}

/// How many figures before a breakdown word are looked at for the total.
const TOTAL_BEFORE: usize = 6;

/// Where a breakdown word stands right before the figure after `index`: the total, which is the nearest figure
/// before it in the same or the last sentence that the items can be parts of, and the items.
fn breakdown(doc: &Doc<'_>, all: &[Figure<'_>], index: usize) -> Option<(usize, Vec<usize>)> {
    let next = all.get(index + 1)?;
    let between = Span { start: all[index].at.end, end: next.at.start.max(all[index].at.end) };
    let word = doc.of_class(between, Class::Breakdown).last()?;
    // A name may hold such a word: it must head the clause, or the figure follow at once.
    let clause = doc.layout.clauses[next.clause].span;
    let leads = word.span.start == clause.start
        || doc.ending(clause.end, Class::Breakdown).is_some()
        || doc.clause_at(word.span.start).is_some_and(|own| own.span.end == word.span.end)
        || next.measure.start <= word.span.end + 3 && word.span.len() > 3;
    if !leads {
        return None;
    }
    let total = (0..=index).rev().take(TOTAL_BEFORE).find(|&total| {
        let candidate = &all[total];
        candidate.sentence + 1 >= next.sentence
            && candidate.counts_like(doc, next)
            && at_least(candidate, next)
    })?;
    let mut items = Vec::new();
    let mut clause = next.clause;
    for (offset, figure) in all[index + 1..].iter().enumerate() {
        if figure.clause > clause + 1 || figure.sentence != next.sentence {
            break;
        }
        if figure.unit == next.unit && at_least(&all[total], figure) {
            clause = figure.clause;
            items.push(index + 1 + offset);
        } else if figure.unit.is_some() && figure.mention.kind == next.mention.kind {
            // An item that is counted otherwise (`…公顷，堤岸98千米，…公顷`) stands in the list and leads on.
            clause = figure.clause;
        }
    }
    (!items.is_empty()).then_some((total, items))
}

fn at_least(total: &Figure<'_>, part: &Figure<'_>) -> bool {
    let value = |figure: &Figure<'_>| figure.amount.value.as_deref().and_then(scaled);
    matches!((value(total), value(part)), (Some(total), Some(part)) if part <= total)
}

/// `12 of … of which 7 are signed`: the earlier amount of the same unit and clause, where a word says that this one
/// is what is done so far.
fn done_so_far(doc: &Doc<'_>, all: &[Figure<'_>], index: usize) -> Option<usize> {
    let whole = index.checked_sub(1)?;
    let (whole_figure, part) = (&all[whole], &all[index]);
    let between = Span { start: whole_figure.at.end, end: part.at.start.max(whole_figure.at.end) };
    let done = doc.holds(between, Class::Done);
    (done
        && whole_figure.clause == part.clause
        && whole_figure.counts_like(doc, part)
        && at_least(whole_figure, part)
        && !matches!(part.mention.kind, MentionKind::Percent))
    .then_some(whole)
}

/// Of a sum below the total, less than this share (in per cent) is a choice of items, not all of them.
const NEARLY_ALL: i128 = 90;

/// Whether the items give another sum than the total: more than it, or nearly all of it. Decimal texts, added as
/// integers.
fn sum_differs(total: &Figure<'_>, items: &[&Figure<'_>]) -> bool {
    let exact = |figure: &Figure<'_>| {
        (figure.mention.bound == crate::Bound::Equal)
            .then(|| scaled(figure.amount.value.as_deref()?))
            .flatten()
    };
    if items.len() < 2 {
        return false;
    }
    let Some(sum) = items.iter().map(|item| exact(item)).sum::<Option<i128>>() else { return false };
    exact(total).is_some_and(|total| sum != total && sum * 100 >= total * NEARLY_ALL)
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
    let mut record = Record::new(kind, Doc::rule(figure.mention), figure.whole());
    if !figure.measure.is_empty() {
        record.printed("measure", Value::text(doc.label(figure.measure)), figure.measure);
    }
    let text = |text: Option<&str>| text.map_or(Value::Null, |text| Value::text(Label::of(text)));
    let value = match (&figure.amount.value, &figure.amount.low) {
        (None, Some(_)) => Value::Map(vec![
            ("low", text(figure.amount.low.as_deref())),
            ("high", text(figure.amount.high.as_deref())),
        ]),
        _ => text(figure.amount.value.as_deref()),
    };
    record.printed("value", value, figure.at);
    record.printed("unit", text(figure.unit.as_deref()), figure.at);
    record.printed("cmp", Value::text(figure.mention.bound.as_str()), figure.at);
    if let Some(sentence) = doc.sentence_at(figure.at.start) {
        let dated = doc
            .mentions_in(Span { start: sentence.start, end: figure.at.start })
            .rev()
            .take(super::deadline::DATES)
            .find(|(mention, _)| matches!(mention.kind, MentionKind::Date | MentionKind::DateRange));
        if let Some((mention, at)) = dated
            && let MentionValue::Text(date) = &mention.value
        {
            record.printed("as_of", Value::text(Label::of(date)), at);
        }
    }
    record
}
