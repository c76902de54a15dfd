use std::collections::{BTreeMap, BTreeSet};

use shiliu_lang::Section;
use shiliu_ledger::{Kind, Label, Record, Value};
use shiliu_text::Span;

use super::doc::{Doc, is_han};
use super::lexicon::Class;

/// Fewest items of a list of priorities.
const ITEMS: usize = 3;
/// Longest head of a section, in characters.
const HEAD: usize = 42;
/// Fewest paragraphs that begin alike to be the points of one list.
const ALIKE: usize = 3;

/// Lists of priorities: numbered points, paragraphs that begin alike, enumerations before a word for fields.
pub(super) fn areas(doc: &Doc<'_>, found: &mut Vec<Record<Span>>) {
    numbered(doc, found);
    alike(doc, found);
    enumerations(doc, found);
}

/// `下一阶段航运联通、绿色能源…`: where the profile lists the other items, the first ends with one that it lists, and what
/// stands before it is no part of the name.
fn without_lead(doc: &Doc<'_>, mut items: Vec<String>) -> Vec<String> {
    let known = || doc.profile.entries(Section::Area).iter().flat_map(|row| &row.items);
    let Some((first, others)) = items.split_first_mut() else { return items };
    if !others.is_empty()
        && others.iter().all(|item| known().any(|known| known == item))
        && let Some(known) =
            known().filter(|known| first.ends_with(known.as_str())).max_by_key(|known| known.len())
    {
        first.clone_from(known);
    }
    items
}

fn emit(
    doc: &Doc<'_>,
    span: Span,
    list: &str,
    items: Vec<String>,
    rule: &'static str,
    found: &mut Vec<Record<Span>>,
) {
    let items = without_lead(doc, items);
    let mut record = Record::new(Kind::Area, rule, span);
    record.inferred("list", Value::text(Label::of(list)), rule);
    record.printed("items", Value::texts(items), span);
    found.push(record);
}

/// `一是……。` at the head of a paragraph: the head sentence is the point.
fn numbered(doc: &Doc<'_>, found: &mut Vec<Record<Span>>) {
    for paragraph in &doc.layout.paragraphs {
        let Some(number) = doc.at(paragraph.start, Class::Numbering) else { continue };
        let Some(sentence) = doc.sentence_at(paragraph.start) else { continue };
        let head = Span { start: number.span.end.min(sentence.end), end: sentence.end };
        let text = doc.text(head).trim_end_matches(['。', '；']);
        let short = text.chars().count() <= 16 && !text.contains('，');
        if short
            && !text.is_empty()
            && doc.word(number).value.is_empty()
            && doc.text(sentence).ends_with('。')
        {
            emit(doc, sentence, "numbered points", vec![text.to_owned()], "area.numbered", found);
        }
    }
}

/// Paragraphs whose first sentences begin with the same characters.
fn alike(doc: &Doc<'_>, found: &mut Vec<Record<Span>>) {
    let mut heads: Vec<(String, Span)> = Vec::new();
    for paragraph in &doc.layout.paragraphs {
        let Some(sentence) = doc.sentence_at(paragraph.start) else { continue };
        let text = doc.text(sentence);
        let short = text.chars().count() <= HEAD && text.ends_with('。');
        if short
            && doc.at(paragraph.start, Class::Numbering).is_none()
            && text.chars().take(2).all(is_han)
            && !text.contains('：')
        {
            heads.push((text.to_owned(), sentence));
        }
    }
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, (text, _)) in heads.iter().enumerate() {
        groups.entry(text.chars().take(2).collect()).or_default().push(index);
    }
    for group in groups.values().filter(|group| group.len() >= ALIKE) {
        let first = &heads[group[0]].0;
        let shared = |other: &str| first.chars().zip(other.chars()).take_while(|(x, y)| x == y).count();
        let prefix = group.iter().map(|&index| shared(&heads[index].0)).min().unwrap_or(2);
        let list: String = first.chars().take(prefix).collect();
        for &index in group {
            let (text, span) = &heads[index];
            let text = text.trim_end_matches('。');
            let item = text.split('，').next().unwrap_or(text);
            let at = Span { start: span.start, end: span.end - 3 };
            emit(doc, at, &list, vec![item.to_owned()], "area.alike", found);
        }
    }
}

/// `A、B、C等领域`.
fn enumerations(doc: &Doc<'_>, found: &mut Vec<Record<Span>>) {
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for clause in &doc.layout.clauses {
        let text = doc.text(clause.span);
        if text.matches('、').count() + 1 < ITEMS {
            continue;
        }
        for tail in doc.of_class(clause.span, Class::ListEnd).chain(doc.of_class(clause.span, Class::Tail)) {
            if doc.is(tail, Class::Tail) && !names_fields(doc, tail.span.end, clause.span.end) {
                continue;
            }
            let Some((span, items)) = list_before(doc, clause.span.start, tail.span.start) else { continue };
            if items.len() < ITEMS || !seen.insert(span) {
                continue;
            }
            let list = doc.text(Span { start: tail.span.start, end: clause.span.end }).to_owned();
            emit(doc, span, &list, items, "area.enumeration", found);
        }
    }
}

/// Whether the closed list is said to be fields, a potential, a plan: a list end a few characters on.
fn names_fields(doc: &Doc<'_>, at: u32, end: u32) -> bool {
    doc.of_class(Span { start: at, end }, Class::ListEnd).any(|hit| hit.span.start - at <= 36)
}

/// The items of the list that ends at a byte.
fn list_before(doc: &Doc<'_>, floor: u32, end: u32) -> Option<(Span, Vec<String>)> {
    let text = doc.text(Span { start: floor, end });
    let end = if doc.ending(end, Class::Tail).is_some() { end - 3 } else { end };
    // A count after the last item counts the list.
    let count = doc.mention_over(end.saturating_sub(1)).filter(|count| count.start > floor);
    let end = count.map_or(end, |count| count.start);
    let mut items: Vec<String> = Vec::new();
    let mut at = end;
    for item in doc.text(Span { start: floor, end }).rsplit('、') {
        let start = at - item.len() as u32;
        let mut first = start;
        if start == floor || items.len() + 1 > text.matches('、').count() {
            // The first item: what governs the list stands before it.
            let head = Span { start, end: at };
            for hit in doc.hits_in(head) {
                let governs = matches!(
                    hit.class,
                    Class::Action
                        | Class::BodyVerb
                        | Class::EventBefore
                        | Class::InstrumentVerb
                        | Class::ClaimVerb
                ) && hit.span.len() > 3
                    || matches!(hit.class, Class::PlaceBefore | Class::TitleStop | Class::Preposition);
                if governs
                    && hit.span.end < at
                    && doc.text(Span { start: hit.span.end, end: at }).chars().count() >= 2
                {
                    first = first.max(hit.span.end);
                }
            }
        }
        let item = doc.text(Span { start: first, end: at });
        let length = item.chars().count();
        let noun = !item.contains('：') && doc.mentions_in(Span { start: first, end: at }).next().is_none();
        if !(2..=14).contains(&length) || !noun {
            break;
        }
        items.push(item.to_owned());
        at = start.saturating_sub(3);
        if first != start || start == floor {
            let span = Span { start: first, end };
            items.reverse();
            return Some((span, items));
        }
    }
    items.reverse();
    let start = at + 3;
    (items.len() >= ITEMS && start < end).then_some((Span { start, end }, items))
}
