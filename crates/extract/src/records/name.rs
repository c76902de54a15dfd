use shiliu_text::Span;

use super::doc::{Doc, is_han};
use super::layout::Pair;
use super::lexicon::{Class, Hit};

/// Longest name, in characters.
const LONGEST: usize = 48;

/// A name found by its head word: what belongs to it on the left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    /// The whole name, the head word included.
    pub(super) span: Span,
    /// Where the list begins that the name is the last item of; the name's own start where it stands alone.
    pub(super) list: u32,
    /// Characters of the name before the head word.
    pub(super) stem: usize,
}

/// Reads a name leftwards from its head word up to a governing verb, a count, a particle or a mark. Items before
/// a list mark belong to the name where a word that closes the list stands between (`A、B等机制`).
pub(super) fn named(doc: &Doc<'_>, head: Span, governing: &[Class]) -> Named {
    let floor = doc
        .clause_at(head.start)
        .map_or(head.start, |clause| doc.without_dateline(clause).span.start.min(head.start));
    // A name in marks ends and begins at its marks.
    if let Some(pair) = doc.layout.pair_around(head, '“').filter(|pair| pair.atom && pair.span.start >= floor)
    {
        let start = pair.span.start;
        let whole = if pair.content().end == head.end { pair.span } else { Span { start, end: head.end } };
        return Named {
            span: whole,
            list: start,
            stem: doc.text(Span { start: start + 3, end: head.start }).chars().count(),
        };
    }
    let list_closed = doc.ending(head.start, Class::Tail).is_some() || {
        let from = back(doc, head.start, 20).max(floor);
        doc.of_class(Span { start: from, end: head.start }, Class::Tail).any(|tail| {
            // The tail must follow a list mark to close a list.
            doc.text(Span { start: from, end: tail.span.start }).contains('、')
        })
    };
    let meeting = doc.ending(head.end, Class::EventSuffix).is_some();
    let mut start = head.start;
    let mut list = None;
    let mut count = 0;
    while start > floor && count < LONGEST {
        if let Some(verb) = governing.iter().find_map(|&class| doc.ending(start, class))
            && (verb.span.len() > 3 || doc.mention_over(verb.span.start).is_some())
            && !doc.covered(verb.span, &[Class::Body, Class::Project, Class::Place, Class::Group])
        {
            break;
        }
        if doc.ending(start, Class::Quantifier).is_some() {
            break;
        }
        if let Some((mention, at)) = doc.mention_ending(start)
            && !matches!(mention.kind, crate::MentionKind::Number)
            && at.start >= floor
        {
            // A stage or a number inside a name (`第三净水厂`, `二期工程`) belongs to it; a meeting's edition is read
            // apart.
            let inside = mention.kind == crate::MentionKind::Ordinal
                && !meeting
                && at.start > floor
                && doc.before(at.start).is_some_and(is_han)
                && doc.at(at.start - 3, Class::TitleStop).is_none()
                && governing.iter().all(|&class| doc.ending(at.start, class).is_none());
            if !inside {
                break;
            }
            count += doc.text(at).chars().count();
            start = at.start;
            continue;
        }
        let Some(character) = doc.before(start) else { break };
        let at = start - character.len_utf8() as u32;
        if let Some(left) = parties(doc, at, start, floor, governing).filter(|left| *left >= floor) {
            count += doc.text(Span { start: left, end: start }).chars().count();
            start = left;
            continue;
        }
        match character {
            '”' | '）' | '》' => {
                let Some(pair) = pair_ending(doc, start) else { break };
                let byline = doc.holds(pair.span, Class::Byline);
                if pair.span.start < floor || character == '》' || byline {
                    break;
                }
                count += doc.text(pair.span).chars().count();
                start = pair.span.start;
                continue;
            }
            '、' => {
                let compound = is_compound(doc, at);
                if !list_closed && !compound {
                    list.get_or_insert(start);
                    // Go on to see what governs the whole list.
                    let from = list_head(doc, at, floor, governing);
                    return finish(doc, start, from, head);
                }
            }
            '—' | '·' => {}
            _ if doc.at(at, Class::Joiner).is_some_and(|joiner| joiner.span.end == start)
                && (joins_names(doc, at) || start == head.start) =>
            {
                let from = list_head(doc, at, floor, governing);
                return finish(doc, start, from, head);
            }
            _ if doc.at(at, Class::TitleStop).is_some_and(|stop| stop.span.end == start) => {
                let span = Span { start: at, end: start };
                let inside = [
                    Class::State,
                    Class::Place,
                    Class::Group,
                    Class::Body,
                    Class::Meeting,
                    Class::Sector,
                    Class::Project,
                    Class::BodySuffix,
                    Class::ProjectSuffix,
                ];
                if !doc.covered(span, &inside) {
                    break;
                }
            }
            _ if !is_han(character) && !character.is_ascii_alphanumeric() && character != ' ' => break,
            _ => {}
        }
        start = at;
        count += 1;
    }
    finish(doc, start, start, head)
}

/// `举办云津同澜海国家文化年`: the two parties at the head of a name, behind the verb that governs it. Where the first one
/// begins.
fn parties(doc: &Doc<'_>, joiner: u32, second: u32, floor: u32, governing: &[Class]) -> Option<u32> {
    let both = [Class::State, Class::Group];
    doc.at(joiner, Class::Joiner).filter(|joiner| joiner.span.end == second)?;
    doc.any_at(second, &both)?;
    let first = both.iter().find_map(|&class| doc.ending(joiner, class))?.span.start;
    let verb = |class: Class| doc.ending(first, class).is_some_and(|verb| verb.span.len() > 3);
    // At the head of the clause the two may as well be the name's.
    (first == floor || governing.iter().any(|&class| verb(class))).then_some(first)
}

fn finish(doc: &Doc<'_>, start: u32, list: u32, head: Span) -> Named {
    let mut start = start;
    // Adverbs and quantifiers at the head do not belong to the name.
    while let Some(skip) =
        doc.any_at(start, &[Class::Adverb, Class::Quantifier]).filter(|s| s.span.end <= head.start)
    {
        if doc.covered(skip.span, &[Class::Body, Class::Project, Class::Group, Class::State]) {
            break;
        }
        // `成立联合研究中心`: what stands behind the verb of founding is the name's.
        if doc.is(skip, Class::Adverb) && doc.ending(start, Class::BodyVerb).is_some() {
            break;
        }
        start = skip.span.end;
    }
    let stem = doc
        .text(Span { start, end: head.start })
        .chars()
        .filter(|c| is_han(*c) || c.is_alphanumeric())
        .count();
    Named { span: Span { start, end: head.end }, list: list.min(start), stem }
}

fn back(doc: &Doc<'_>, from: u32, characters: usize) -> u32 {
    doc.all()[..from as usize].char_indices().rev().take(characters).last().map_or(from, |(at, _)| at as u32)
}

pub(super) fn pair_ending<'d>(doc: &'d Doc<'_>, end: u32) -> Option<&'d Pair> {
    let from = back(doc, end, 60);
    doc.layout.pairs_in(Span { start: from, end }).iter().rev().find(|pair| pair.span.end == end)
}

/// Whether short forms of states side by side end at a byte.
fn is_compound(doc: &Doc<'_>, end: u32) -> bool {
    if !doc.before(end).is_some_and(|last| doc.lexicon.is_short_state(last)) {
        return false;
    }
    let mut length = 0;
    for character in doc.all()[..end as usize].chars().rev().take(6) {
        if doc.lexicon.short_row(character).is_none() {
            break;
        }
        length += 1;
    }
    length >= 2
}

/// Whether a joiner at a byte stands between two names and not inside one.
fn joins_names(doc: &Doc<'_>, at: u32) -> bool {
    let classes = [
        Class::BodySuffix,
        Class::ProjectSuffix,
        Class::InstrumentHead,
        Class::EventSuffix,
        Class::State,
        Class::Group,
        Class::Body,
        Class::Place,
        Class::Side,
        Class::EventDone,
    ];
    classes.iter().any(|&class| doc.ending(at, class).is_some()) || doc.before(at) == Some('”')
}

/// Where a list that goes on left of `at` begins.
fn list_head(doc: &Doc<'_>, at: u32, floor: u32, governing: &[Class]) -> u32 {
    let mut start = at;
    for _ in 0..LONGEST * 2 {
        // A verb right before a head word (`会晤机制`) stands inside a name of the list.
        let inside = doc.at(start, Class::BodySuffix).is_some();
        let governs = |class: Class| {
            doc.ending(start, class)
                .is_some_and(|verb| verb.span.len() > 3 && !(inside && doc.is(verb, Class::NameEnd)))
        };
        if start <= floor || governing.iter().any(|&class| governs(class)) {
            break;
        }
        match doc.before(start) {
            Some('，' | '；' | '。' | '：') | None => break,
            Some(character) => start -= character.len_utf8() as u32,
        }
    }
    start
}

/// The verb right before a name, an aspect particle or a quantifier between them left out.
pub(super) fn governor(doc: &Doc<'_>, name: Named, classes: &[Class]) -> Option<Hit> {
    // The verb of a list governs its later items too.
    let starts =
        if name.list < name.span.start { [name.span.start, name.list] } else { [name.span.start; 2] };
    for from in starts {
        let mut at = from;
        while let Some(skip) = doc
            .ending(at, Class::Quantifier)
            .or_else(|| doc.ending(at, Class::Aspect))
            .or_else(|| doc.ending(at, Class::Adverb))
        {
            if classes.iter().any(|&class| doc.ending(at, class).is_some()) {
                break;
            }
            at = skip.span.start;
        }
        if let Some((_, mention)) = doc.mention_ending(at) {
            at = mention.start;
        }
        if let Some(verb) =
            classes.iter().filter_map(|&class| doc.ending(at, class)).max_by_key(|v| v.span.len())
        {
            return Some(verb);
        }
    }
    None
}

/// The name without the marks around it.
pub(super) fn plain(doc: &Doc<'_>, span: Span) -> String {
    let text = doc.text(span);
    let inner =
        text.strip_prefix('“').and_then(|text| text.strip_suffix('”')).filter(|text| !text.contains('”'));
    inner.unwrap_or(text).replace(' ', "")
}
