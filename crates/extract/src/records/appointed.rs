//! Who is appointed to what: the office stands behind the name.

use shiliu_text::Span;

use super::doc::{Doc, is_han};
use super::lexicon::{Class, Hit};

/// The rule of a name whose new office stands behind it.
pub(super) const APPOINTED: &str = "person.appointed";

/// Longest stretch between the verb and the end of the office, in bytes.
const OFFICE: u32 = 75;
/// Longest former office and name behind a verb of appointing, in bytes.
const FORMER: u32 = 90;

/// `任命某国籍外交官某某为副秘书长`, `某某（某国籍）为处长`, `某某接任秘书长`: the name with the office that follows.
pub(super) fn appointed(doc: &Doc<'_>, seen: &mut Vec<(Span, Span, &'static str)>) {
    for verb in doc.every(Class::Appoints) {
        let Some(clause) = doc.clause_at(verb.span.start) else { continue };
        let found = match doc.word(verb).value.as_str() {
            "to" => doc
                .of_class(Span { start: verb.span.end, end: clause.span.end }, Class::Appointed)
                .take_while(|to| to.span.start - verb.span.end <= FORMER)
                .find_map(|to| named(doc, verb.span.end, to)),
            _ => named(doc, clause.span.start, verb),
        };
        // Whoever the profile holds has the office that it gives.
        let known = |name: Span| doc.word(verb).value != "to" && doc.at(name.start, Class::Person).is_some();
        if let Some((name, office)) = found.filter(|(name, _)| !known(*name)) {
            seen.push((office, name, APPOINTED));
        }
    }
}

/// The name before a word for taking office and the office behind it.
fn named(doc: &Doc<'_>, from: u32, to: Hit) -> Option<(Span, Span)> {
    let clause = doc.clause_at(to.span.start)?;
    let rest = Span { start: to.span.end, end: clause.span.end.min(to.span.end + OFFICE) };
    let office = doc.of_class(rest, Class::Title).last()?;
    let office = Span { start: rest.start, end: office.span.end };
    let plain = doc.text(office).chars().all(|c| is_han(c) || matches!(c, '、' | '（' | '）'))
        && doc.hits_in(office).all(|hit| !matches!(hit.class, Class::Cue | Class::Speech));
    // `负责经济事务的副秘书长`: what the office is for is no part of its name.
    let modifier = doc.of_class(office, Class::Modifier).last();
    let office = modifier.map_or(office, |word| Span { start: word.span.end, end: office.end });
    // `新一届理事长`: nor is which one it is.
    let ordinal = doc.mentions_in(office).last().map(|(_, at)| at.end).filter(|end| *end < office.end);
    let office = Span { start: ordinal.unwrap_or(office.start), end: office.end };
    let closed = doc.char_at(office.end).is_none_or(|next| !is_han(next))
        || doc.any_at(office.end, &[Class::Appointed, Class::Joiner]).is_some();
    if !plain || !closed || office.len() < 6 {
        return None;
    }
    // A remark in brackets on where somebody is from stands between.
    let mut end = to.span.start;
    if doc.before(end) == Some('）')
        && let Some(pair) = doc.layout.pair_around(Span { start: end - 3, end }, '（')
    {
        end = pair.span.start;
    }
    while let Some(word) = doc.ending(end, Class::Adverb).filter(|word| word.span.start > from) {
        end = word.span.start;
    }
    let head = Span { start: from.min(end), end };
    let name = doc
        .ending(end, Class::Person)
        .map(|person| person.span)
        .filter(|person| person.start >= from)
        .or_else(|| name_ending(doc, head))?;
    Some((name, office))
}

/// A family name with a given name that ends a stretch, at its head or behind a title.
fn name_ending(doc: &Doc<'_>, head: Span) -> Option<Span> {
    let text = doc.text(head);
    [3, 2, 4].into_iter().find_map(|length| {
        let start = text.char_indices().rev().nth(length - 1).map(|(at, _)| at)?;
        let name = &text[start..];
        let surname = doc.lexicon.surname(name).filter(|end| *end < name.len())?;
        let given = name[surname..].chars().count();
        let at = head.start + start as u32;
        let titled = at == head.start || doc.ending(at, Class::Title).is_some();
        let own = Span { start: at, end: head.end };
        let word = doc.hits_in(own).any(|hit| {
            hit.span.len() > 3
                && matches!(
                    hit.class,
                    Class::State | Class::Title | Class::TitlePart | Class::Action | Class::Cue
                )
        });
        ((1..=2).contains(&given) && titled && !word && name.chars().all(is_han)).then_some(own)
    })
}

/// Where somebody appointed is from: the state at the head of the former office, or one in brackets behind the name.
pub(super) fn origin(doc: &Doc<'_>, whole: Span, name: Span) -> Option<usize> {
    let former = Span { start: whole.start, end: name.start.max(whole.start) };
    let state = doc.at(former.start, Class::State).filter(|state| state.span.end <= former.end);
    let bracket = doc.layout.pairs_in(Span { start: name.end, end: name.end + 1 }).first();
    let inside = bracket
        .filter(|pair| pair.open == '（')
        .and_then(|pair| doc.at(pair.content().start, Class::State))
        .filter(|state| doc.at(state.span.end, Class::TitleBound).is_some());
    state.or(inside).map(|state| doc.word(state).row)
}
