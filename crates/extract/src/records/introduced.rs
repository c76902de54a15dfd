//! Who is named without a title before the name: in an interview, behind an age, before a count of people.

use shiliu_text::Span;

use super::doc::{Doc, is_han};
use super::lexicon::Class;
use super::person::{begins_with_word, chinese};

/// `某某（某公司总经理）：`: a paragraph of an interview names who answers, with the office in brackets.
pub(super) fn introduced(doc: &Doc<'_>, seen: &mut Vec<(Span, Span, &'static str)>) {
    for paragraph in &doc.layout.paragraphs {
        let start = paragraph.start;
        let Some(end) = chinese(doc, start, false) else { continue };
        let bracket = Span { start: end, end: (end + 1).min(paragraph.end) };
        let bracket = doc.layout.pairs_in(bracket).first().filter(|pair| pair.open == '（' && !pair.torn);
        let Some(pair) = bracket.filter(|pair| doc.char_at(pair.span.end) == Some('：')) else { continue };
        if doc.ending(pair.content().end, Class::Title).is_some() {
            seen.push((pair.content(), Span { start, end }, INTRODUCED));
        }
    }
}

/// The rule of a name whose office stands behind it in brackets.
pub(super) const INTRODUCED: &str = "person.introduced";

/// `26岁的某某`, `名叫某某`: a word that leads to a name of somebody without a title.
pub(super) fn aged(doc: &Doc<'_>, seen: &mut Vec<(Span, Span, &'static str)>) {
    for hit in doc.every(Class::NameLead) {
        let named = chinese(doc, hit.span.end, false);
        // `47岁的农场组长`: a word before a title is no name.
        let thing = |end: u32| {
            doc.at(end, Class::Title).is_some()
                && begins_with_word(doc.lexicon, doc.text(Span { start: hit.span.end, end }))
        };
        if let Some(end) = named.filter(|end| !thing(*end)) {
            let empty = Span::new(hit.span.end as usize, hit.span.end as usize);
            seen.push((empty, Span { start: hit.span.end, end }, "person.led"));
        }
    }
}

/// 某某等8人获得: a name before a count of people.
pub(super) fn winners(doc: &Doc<'_>, seen: &mut Vec<(Span, Span, &'static str)>) {
    for clause in &doc.layout.clauses {
        let text = doc.text(clause.span);
        let Some(surname) = doc.lexicon.surname(text) else { continue };
        let reach = Span::new(
            clause.span.start as usize,
            (clause.span.start as usize + 15).min(clause.span.end as usize),
        );
        let Some(tail) = doc.hits_in(reach).find(|&hit| doc.is(hit, Class::Tail)) else { continue };
        let cut = (tail.span.start - clause.span.start) as usize;
        if cut <= surname || text[surname..cut].chars().count() > 2 || !text[..cut].chars().all(is_han) {
            continue;
        }
        let after = doc.all()[tail.span.end as usize..].trim_start_matches(|c: char| c.is_ascii_digit());
        let after_at = (doc.all().len() - after.len()) as u32;
        if after_at > tail.span.end && doc.at(after_at, Class::PersonCounter).is_some() {
            let start = clause.span.start as usize;
            let name = Span::new(start, start + cut);
            seen.push((Span::new(start, start), name, "person.among"));
        }
    }
}

/// 甲、乙等参加上述活动: names without titles at the head of a sentence of attendance.
pub(super) fn attendance(doc: &Doc<'_>, seen: &mut Vec<(Span, Span, &'static str)>) {
    for sentence in &doc.layout.sentences {
        let mut at = sentence.span.start;
        let mut names = Vec::new();
        let ended = loop {
            let name = doc.at(at, Class::Person).map(|hit| hit.span.end).or_else(|| listed_name(doc, at));
            let Some(end) = name else { break false };
            names.push(Span::new(at as usize, end as usize));
            let rest = &doc.all()[end as usize..];
            if let Some(rest) = rest.strip_prefix('、') {
                at = (doc.all().len() - rest.len()) as u32;
                continue;
            }
            let rest_at = doc.at(end, Class::Tail).map_or(end, |tail| tail.span.end);
            let before = doc.any_at(rest_at, &[Class::EventBefore, Class::NameEnd]);
            break names.len() > 1 && before.is_some();
        };
        if ended {
            let empty = |at: u32| Span::new(at as usize, at as usize);
            seen.extend(names.into_iter().map(|name| (empty(name.start), name, "person.attendance")));
        }
    }
}

/// A name in a list: it ends at the list's next mark or at the word that closes the list.
fn listed_name(doc: &Doc<'_>, at: u32) -> Option<u32> {
    let rest = &doc.all()[at as usize..];
    let surname = doc.lexicon.surname(rest)?;
    let mut end = surname;
    for (count, character) in rest[surname..].chars().enumerate() {
        let here = at + end as u32;
        if count > 0 && (character == '、' || doc.at(here, Class::NameEnd).is_some()) {
            return Some(here);
        }
        if count >= 2 || !is_han(character) {
            return None;
        }
        end += character.len_utf8();
    }
    None
}
