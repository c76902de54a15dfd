use std::borrow::Cow;
use std::collections::BTreeMap;

use shiliu_lang::Dictionary;
use shiliu_ledger::Label;
use shiliu_text::Span;

use super::appointed::{APPOINTED, appointed, origin};
use super::characters::Finder;
use super::doc::{Doc, is_han};
use super::introduced::{INTRODUCED, aged, attendance, introduced, winners};
use super::lexicon::{Class, Hit, Lexicon};
use super::states::States;

/// A place where a person is named.
#[derive(Clone, Debug)]
pub(super) struct Naming {
    /// Title and name.
    pub(super) span: Span,
    /// The name alone.
    pub(super) name: Span,
    /// The title alone; empty where none is printed.
    pub(super) title: Span,
    /// Index into [`People::persons`].
    pub(super) person: usize,
    pub(super) rule: &'static str,
}

/// A person of the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) name: Label,
    /// The title of the fullest naming, else the office the profile gives for the day.
    pub(super) title: Option<Label>,
    /// Whom the person speaks for.
    pub(super) states: States,
    /// Whether the person holds an office of a state in the profile.
    pub(super) office: bool,
    /// The row of the state the person belongs to, and what tells; narrower than whom the person speaks for.
    pub(super) country: Option<(usize, &'static str)>,
    /// `byline` for the writer of the piece.
    pub(super) role: Option<&'static str>,
}

/// Everybody the text names, with every place.
#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) persons: Vec<Person>,
    /// Sorted by place.
    pub(super) namings: Vec<Naming>,
    /// For each of 64 kinds of places whether a naming starts at one.
    heads: u64,
    /// For each person, the indexes of the namings.
    pub(super) of_person: Vec<Vec<usize>>,
}

impl People {
    /// The first naming whose name starts inside a span.
    pub(super) fn first_in(&self, span: Span) -> Option<&Naming> {
        self.in_span(span).first()
    }

    /// The namings whose span starts inside a span.
    #[inline]
    pub(super) fn in_span(&self, span: Span) -> &[Naming] {
        if span.len() == 1 && self.heads >> (span.start % u64::BITS) & 1 == 0 {
            &[]
        } else {
            self.starting_in(span)
        }
    }

    fn starting_in(&self, span: Span) -> &[Naming] {
        let start = self.namings.partition_point(|naming| naming.span.start < span.start);
        let end = self.namings.partition_point(|naming| naming.span.start < span.end);
        &self.namings[start..end]
    }
}

/// Longest title, in characters.
const TITLE: usize = 40;

/// Finds everybody: names of the profile, names after a title, lists that share a title, names before a verb of
/// speech, and then every other place where a name found so stands.
pub(super) fn people(doc: &Doc<'_>) -> People {
    let mut seen: Vec<(Span, Span, &'static str)> = Vec::new();
    for hit in doc.every(Class::Title).chain(doc.every(Class::Byline)) {
        let byline = doc.is(hit, Class::Byline);
        // `渔业主管部门`: nor is a title that ends inside another word.
        let last = hit.span.end.saturating_sub(3);
        let into = doc.any_at(last, &[Class::TitlePart]).is_some_and(|word| word.span.end > hit.span.end + 3);
        if !byline && (into || doc.covered(hit.span, &[Class::Title, Class::Body, Class::Byline])) {
            continue;
        }
        let mut at = skip_space(doc, hit.span.end);
        let mut first = true;
        while let Some(name) = name_at(doc, at, byline, hit) {
            let rule = if byline { "person.byline" } else { "person.title-name" };
            let title = if !first {
                Span::new(name.start as usize, name.start as usize)
            } else if byline {
                hit.span
            } else {
                Span::new(title_start(doc, hit) as usize, hit.span.end as usize)
            };
            seen.push((title, name, rule));
            first = false;
            at = name.end;
            match doc.char_at(at) {
                Some('、') => at += 3,
                _ if byline && (doc.view.gap_at(at as usize) || doc.char_at(at) == Some(' ')) => {
                    at = skip_space(doc, at);
                }
                _ => break,
            }
            if doc.any_at(at, &[Class::Title, Class::Byline, Class::State, Class::TitlePart]).is_some() {
                break;
            }
        }
    }
    for hit in doc.every(Class::Person) {
        seen.push((Span::new(hit.span.start as usize, hit.span.start as usize), hit.span, "person.profile"));
    }
    aged(doc, &mut seen);
    introduced(doc, &mut seen);
    appointed(doc, &mut seen);
    attendance(doc, &mut seen);
    before_speech(doc, &mut seen);
    winners(doc, &mut seen);
    collect(doc, seen)
}

fn skip_space(doc: &Doc<'_>, at: u32) -> u32 {
    if doc.char_at(at) == Some(' ') { at + 1 } else { at }
}

/// A name at a place: of the profile, transliterated, or family name and given name with a word after it that
/// may follow a name.
fn name_at(doc: &Doc<'_>, at: u32, byline: bool, title: Hit) -> Option<Span> {
    // `总统明年访问…`: a time is no name, though a family name begins it.
    let timed = doc.mentions_in(Span { start: at, end: at + 1 }).next().is_some_and(|(mention, span)| {
        span.start == at
            && matches!(
                mention.kind,
                crate::MentionKind::Date | crate::MentionKind::DateRange | crate::MentionKind::Time
            )
    });
    if timed {
        return None;
    }
    if let Some(hit) = doc.at(at, Class::Person) {
        return Some(hit.span);
    }
    let foreign =
        doc.ending(title.span.start, Class::State).is_some() || !byline && of_other_tongue(doc, title);
    if let Some(end) = transliterated(doc, at, foreign) {
        let end = if byline { end } else { whole_name(doc, at, end) };
        return Some(Span::new(at as usize, end as usize));
    }
    let end = chinese(doc, at, byline)
        .filter(|&end| {
            let name = Span { start: at, end };
            // `科学家常驻`: behind a trade a word is what it is.
            let does = doc.word(title).value == "work"
                && name.len() == 6
                && begins_with_word(doc.lexicon, doc.text(name));
            // `发言人能否`, `副理事长单位`: a word that no name is.
            let listed = doc
                .at(at, Class::NoName)
                .is_some_and(|word| word.span.end == end && doc.word(word).value != "office");
            !(does || listed || doc.word(title).id.ends_with(".state") && is_thing(doc, name))
        })
        .or_else(|| unlisted(doc, at, title).filter(|_| !byline));
    end.map(|end| Span::new(at as usize, end as usize))
}

/// Whether a title begins with a state that writes its names in another script.
fn of_other_tongue(doc: &Doc<'_>, title: Hit) -> bool {
    let start = title_start(doc, title);
    let state = doc.at(start, Class::State).filter(|state| state.span.end <= title.span.start);
    state.and_then(|state| doc.entry(state)).is_some_and(|entry| entry.language.as_deref() != Some("zh"))
}

/// A word that may follow a name, or a mark.
fn closes_name(doc: &Doc<'_>, end: u32) -> bool {
    let after = [
        Class::NameEnd,
        Class::NameDeed,
        Class::Speech,
        Class::SpeechAfter,
        Class::EventAct,
        Class::EventBefore,
        Class::Frame,
        Class::Title,
    ];
    doc.char_at(end).is_none_or(|next| !is_han(next))
        || doc.any_at(end, &after).is_some()
        || doc.mention_over(end).is_some_and(|mention| mention.start == end)
}

/// Where a transliterated name ends: not in a preposition that only looks like its last character, and with the one
/// character more that no list of transliteration holds, where only then a word follows that may follow a name.
fn whole_name(doc: &Doc<'_>, at: u32, end: u32) -> u32 {
    let preposition = doc.ending(end, Class::Preposition).filter(|word| {
        word.span.start > at + 3
            && doc.word(*word).value == "at"
            && (doc.mention_over(end).is_some_and(|mention| mention.start == end)
                || doc.any_at(end, &[Class::Place, Class::State]).is_some())
    });
    if let Some(preposition) = preposition {
        return preposition.span.start;
    }
    let Some(next) = doc.char_at(end).filter(|next| is_han(*next)) else { return end };
    let longer = end + next.len_utf8() as u32;
    let last = Span { start: end, end: longer };
    let word = doc.hits_in(Span { start: end, end: longer + 6 }).any(|hit| hit.span.start == end)
        || doc.lexicon.is_particle(next)
        || doc.covered(last, &[Class::NameEnd, Class::Adverb, Class::Action, Class::Frame]);
    if !word && !closes_name(doc, end) && closes_name(doc, longer) { longer } else { end }
}

/// A name whose family name no list holds, where no other word stands: three or two characters between a title and a
/// verb of speech; after a title that begins with a state also before another deed of so high an office.
fn unlisted(doc: &Doc<'_>, at: u32, title: Hit) -> Option<u32> {
    let high = matches!(doc.word(title).value.as_str(), "state" | "minister");
    let start = title_start(doc, title);
    let of_state = high && start < title.span.start && doc.at(start, Class::State).is_some();
    [3, 2].into_iter().find_map(|length| {
        let name = doc.all()[at as usize..].char_indices().nth(length - 1);
        let end = at + name.map(|(offset, last)| offset + last.len_utf8())? as u32;
        (doc.text(Span { start: at, end }).chars().all(is_han)
            && is_unlisted(doc, at, end, length == 3, high, of_state, high && start < title.span.start))
        .then_some(end)
    })
}

fn is_unlisted(
    doc: &Doc<'_>,
    at: u32,
    end: u32,
    long: bool,
    high: bool,
    of_state: bool,
    organ: bool,
) -> bool {
    // `某某某在座谈会上说`: where it is said may stand before the verb.
    let mut after = end;
    while let Some(skip) = doc.any_at(after, &[Class::Frame, Class::Adverb]).or_else(|| {
        let place = doc.at(after, Class::PlaceBefore)?;
        doc.at(place.span.end, Class::Frame)
    }) {
        after = skip.span.end;
    }
    let span = Span { start: at, end };
    let word = doc.hits_in(Span { start: at, end: after + 12 }).any(|hit| {
        hit.span.start < end
            && (hit.span.len() > 3
                || matches!(hit.class, Class::Preposition | Class::Adverb | Class::Joiner | Class::TitleStop))
    });
    if word || doc.mentions_in(span).next().is_some() {
        return false;
    }
    if let Some(verb) = doc.any_at(after, &[Class::Speech, Class::SpeechAfter]) {
        let marked = doc.char_at(verb.span.end).is_none_or(|mark| !is_han(mark));
        if long && (marked || verb.span.len() > 3) || high && marked && verb.span.len() > 3 {
            return true;
        }
    }
    if begins_with_word(doc.lexicon, doc.text(span)) {
        return false;
    }
    let deed = doc.any_at(end, &[Class::NameEnd, Class::NameDeed, Class::EventAct, Class::EventBefore]);
    let dated = doc.mention_over(end).is_some_and(|mention| mention.start == end);
    // In a list of office holders, or before what is theirs.
    let closed = doc.char_at(end) == Some('、') || doc.at(end, Class::Modifier).is_some();
    // With a family name that few have an office of an organ and any word that may follow a name do.
    let rare = doc.char_at(at).is_some_and(|first| doc.lexicon.is_rare_surname(first));
    let joined = doc.at(end, Class::Joiner).is_some_and(|joiner| {
        doc.any_at(joiner.span.end, &[Class::State, Class::Title, Class::TitlePart]).is_some()
    });
    let marked = doc.char_at(end).is_none_or(|mark| !is_han(mark));
    if rare && long && organ && (marked || joined || dated || deed.is_some()) {
        return true;
    }
    of_state && ((dated || closed || joined) && long || deed.is_some_and(|deed| deed.span.len() > 3))
}

/// Whether two characters behind the office of a head of state are a common word (`总统车队`): what belongs to the office.
fn is_thing(doc: &Doc<'_>, name: Span) -> bool {
    let listed = doc.at(name.start, Class::NoName).filter(|word| word.span.end == name.end);
    if listed.is_some_and(|word| doc.word(word).value == "office") {
        return true;
    }
    let family = doc.char_at(name.start).is_some_and(|first| !doc.lexicon.is_rare_surname(first));
    name.len() == 6
        && begins_with_word(doc.lexicon, doc.text(name))
        // With a family name that many have only a word of every day, or for what goes with an office, is no name
        // (`议长方圆` is one).
        && (!family || is_common(doc.text(name)) || doc.at(name.start, Class::NoName).is_some())
}

/// Whether a text is a word of the dictionary that is often printed.
fn is_common(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    Dictionary::chinese().rarity(&characters).is_some_and(|rarity| rarity < COMMON)
}

/// Words rarer than this, in tenths of a bit, are not of every day.
const COMMON: i32 = 160;

/// Words this rare, in tenths of a bit, may as well be names.
const RARE: i32 = 180;

/// Whether the dictionary knows what stands there as a common word, whole or its first two characters (`夫人`, `专程`).
pub(super) fn begins_with_word(lexicon: &Lexicon, text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let known = |part: &[char], rare: i32| {
        let cut = Dictionary::chinese().cut(part);
        matches!(cut.as_slice(), [word] if word.class != 'N' && word.rarity.is_some_and(|rarity| rarity < rare))
    };
    // Where no rare family name begins it, the dictionary's word for the whole of it is what stands there, however rare.
    let named = |first: &char| lexicon.is_rare_surname(*first);
    let rare = if characters.first().is_some_and(named) { RARE } else { i32::MAX };
    known(&characters, rare) || characters.get(..2).is_some_and(|part| known(part, RARE))
}

fn transliterated(doc: &Doc<'_>, at: u32, foreign: bool) -> Option<u32> {
    let rest = &doc.all()[at as usize..];
    let mut end = 0;
    let mut length = 0;
    for (offset, character) in rest.char_indices() {
        if character == '·' && length > 0 {
            // The dot joins the parts of one name.
        } else if !doc.lexicon.is_transliteration(character)
            || length > 1 && doc.any_at(at + offset as u32, &[Class::Speech, Class::EventAct]).is_some()
        {
            break;
        }
        end = offset + character.len_utf8();
        length += 1;
    }
    let name = rest[..end].trim_end_matches('·');
    let enough = length >= 4 || length >= 2 && foreign;
    enough.then(|| at + name.len() as u32)
}

/// Bytes of the Han character at a place, nothing where none stands there.
fn next_length(doc: &Doc<'_>, at: u32) -> u32 {
    doc.char_at(at).filter(|next| is_han(*next)).map_or(0, |next| next.len_utf8() as u32)
}

/// The end of a Chinese name at a place, where what follows may follow a name.
pub(super) fn chinese(doc: &Doc<'_>, at: u32, byline: bool) -> Option<u32> {
    let rest = &doc.all()[at as usize..];
    let surname = doc.lexicon.surname(rest)?;
    // `负责人和专家`: nor is the word that joins two offices.
    let joined = doc.at(at, Class::Joiner).filter(|joiner| joiner.span.len() == 3);
    if joined.is_some_and(|joiner| doc.any_at(joiner.span.end, &[Class::Title, Class::TitlePart]).is_some()) {
        return None;
    }
    // A word that begins like a name is none.
    let words = [
        Class::State,
        Class::Body,
        Class::Adverb,
        Class::Action,
        Class::PlaceSuffix,
        Class::BodySuffix,
        Class::Sector,
        Class::EventSuffix,
        Class::Title,
        Class::Place,
        Class::Speech,
        Class::EventBefore,
    ];
    if doc.any_at(at, &words).is_some_and(|hit| hit.span.len() > 3) {
        return None;
    }
    let mut ends = rest[surname..].char_indices().filter(|(_, c)| *c != ' ').map(|(o, c)| (surname + o, c));
    let (first_at, first) = ends.next()?;
    // `所长施未迟。`, `部长水无痕在`: a word of refusal may be in a name that an office stands before and a mark behind.
    let whole_name = |end: u32| {
        doc.ending(at, Class::Title).is_some()
            && (doc.char_at(end).is_none_or(|next| !is_han(next)) || doc.at(end, Class::NameEnd).is_some())
    };
    let third = at + (first_at + first.len_utf8()) as u32;
    let third = third + next_length(doc, third);
    let refuses = doc.at(at + first_at as u32, Class::Negation).is_some_and(|word| word.span.len() == 3);
    let particle = doc
        .any_at(at + first_at as u32, &[Class::Modifier, Class::Negation, Class::State, Class::Side])
        .is_some_and(|_| !(refuses && whole_name(third)))
        || doc
            .at(at + first_at as u32, Class::Boundary)
            .is_some_and(|_| doc.at(at + first_at as u32, Class::Aspect).is_some());
    if !is_han(first) || first_at != surname || particle {
        return None;
    }
    let one = at + (first_at + first.len_utf8()) as u32;
    // A preposition is no given name's last character.
    let phrase = |start: u32| {
        doc.at(start, Class::Preposition)
            .filter(|word| word.span.len() == 3)
            .is_some_and(|word| matches!(doc.word(word).value.as_str(), "at" | "object" | "agent"))
    };
    // `濮阳川|则提醒`: nor is a word that goes on a sentence; behind a family name of two characters a word for "with".
    let compound = surname > first.len_utf8();
    let goes_on = |start: u32| {
        let single = |class: Class| doc.at(start, class).filter(|word| word.span.len() == 3);
        single(Class::Boundary).is_some()
            && (single(Class::Adverb).is_some()
                || compound && single(Class::Preposition).is_some_and(|word| doc.word(word).value == "with"))
    };
    let two = ends
        .next()
        .filter(|&(o, c)| is_han(c) && !phrase(at + o as u32) && !goes_on(at + o as u32))
        .map(|(o, c)| at + (o + c.len_utf8()) as u32);
    let follows = |end: u32, strong: bool| {
        let next = doc.char_at(end);
        if next.is_none_or(|next| !is_han(next)) {
            return true;
        }
        let after = [
            Class::NameEnd,
            Class::NameDeed,
            Class::Speech,
            Class::SpeechAfter,
            Class::EventAct,
            Class::Byline,
            Class::Title,
            Class::Action,
            Class::EventBefore,
            Class::Frame,
        ];
        doc.any_at(end, &after).is_some_and(|hit| !strong || hit.span.len() > 3)
            || byline && doc.view.gap_at(end as usize)
            // `某某拍着…`: what somebody is at; `商人和学生多了` names nobody.
            || !strong
                && !byline
                && doc.at(at, Class::Joiner).is_none()
                && doc.at(end + next_length(doc, end), Class::Aspect).is_some()
    };
    // 宇文槐|说，: a one-character verb of speech before its mark is no given name.
    let speaks = two.is_some_and(|two| {
        let verb = doc.any_at(one, &[Class::Speech, Class::SpeechAfter]);
        verb.is_some_and(|verb| verb.span.end == two) && doc.char_at(two).is_none_or(|mark| !is_han(mark))
    });
    match two {
        _ if speaks => Some(one),
        // 李明|出席 against 王照生|出席: a word of two characters right after the shorter name decides for it,
        // unless the longer name is followed by one as well.
        Some(two) if follows(two, true) => Some(two),
        _ if follows(one, true) => Some(one),
        Some(two) if follows(two, false) || doc.mention_over(two).is_some_and(|m| m.start == two) => {
            Some(two)
        }
        _ if follows(one, false) => Some(one),
        _ => None,
    }
}

/// Where the title that ends in `hit` begins.
fn title_start(doc: &Doc<'_>, hit: Hit) -> u32 {
    let text = doc.all();
    let mut start = hit.span.start;
    for (count, (at, character)) in text[..hit.span.start as usize].char_indices().rev().enumerate() {
        let at = at as u32;
        if count >= TITLE || doc.mention_over(at).is_some() {
            break;
        }
        if character == '、' {
            if doc.ending(at, Class::Title).is_none() {
                break;
            }
        } else if doc.at(at, Class::Joiner).is_some() {
            let after = at + character.len_utf8() as u32;
            let fresh = [Class::State, Class::Place, Class::TitlePart, Class::Title, Class::Side];
            if doc.any_at(after, &fresh).is_some() || doc.ending(at, Class::Person).is_some() {
                break;
            }
        } else if doc.at(at, Class::TitleStop).is_some() {
            // A stop word may be a part of a longer word of a title (an emergency office, a contract firm).
            if !doc.covered(
                Span::new(at as usize, at as usize + character.len_utf8()),
                &[Class::Sector, Class::BodySuffix],
            ) {
                break;
            }
        } else if !is_han(character)
            && !character.is_ascii_alphanumeric()
            && !matches!(character, '（' | '）' | '·' | '—')
        {
            break;
        }
        let verbs = [
            Class::EventBefore,
            Class::Speech,
            Class::EventAct,
            Class::EventVerb,
            Class::Adverb,
            Class::Appoints,
        ];
        let verb = verbs.iter().find_map(|&class| doc.ending(start, class)).filter(|v| v.span.len() > 3);
        // A word of manner may be a part of an organ's name (an academy of sciences).
        let organ =
            |verb: &Hit| doc.covered(verb.span, &[Class::TitlePart, Class::BodySuffix, Class::Sector]);
        let verb = verb.filter(|verb| !organ(verb));
        if verb.is_some() || doc.view.spaced_at(start as usize) || begins_with_state(doc, start, hit) {
            break;
        }
        start = at;
    }
    start
}

/// Whether a state's name begins at a byte of a title with nothing of the title before it (`选举|某国商会主席`).
fn begins_with_state(doc: &Doc<'_>, start: u32, office: Hit) -> bool {
    let outer = [Class::Group, Class::Body, Class::Meeting, Class::Press, Class::Place, Class::Project];
    let Some(state) = doc.any_at(start, &[Class::State, Class::Side]).filter(|_| start < office.span.start)
    else {
        return false;
    };
    let before = [
        Class::State,
        Class::Side,
        Class::Group,
        Class::Place,
        Class::Press,
        Class::Body,
        Class::BodySuffix,
        Class::TitlePart,
        Class::Title,
        Class::WorldName,
    ];
    let belongs = |end: u32| before.iter().any(|&class| doc.ending(end, class).is_some());
    // `前驻某国大使`: somebody posted there is of another state.
    if doc.ending(start, Class::TitleBound).is_some_and(|word| doc.word(word).value == "posted") {
        return false;
    }
    // `驻`: one character may stand between two states or an organ and the state it is in.
    let last = doc.before(start).filter(|last| is_han(*last));
    let one = last.map(|last| start - last.len_utf8() as u32);
    !doc.covered(state.span, &outer) && !belongs(start) && !one.is_some_and(belongs)
}

/// The office without the state whose it is: that one is a field of its own.
pub(super) fn office(doc: &Doc<'_>, title: Span) -> Span {
    let Some(state) = doc.at(title.start, Class::State).filter(|state| state.span.end < title.end) else {
        return title;
    };
    // "Embassy in X", "X's party of the north": a longer name that only begins like a state.
    if doc.any_at(title.start, &[Class::Body, Class::Meeting]).is_some_and(|b| b.span.end > state.span.end) {
        return title;
    }
    let rest = Span { start: state.span.end, end: title.end };
    // `某国籍审计师`: where somebody is from is no part of the office.
    let from = doc.at(rest.start, Class::TitleBound).filter(|word| doc.word(*word).value == "nationality");
    if let Some(from) = from {
        let rest = Span { start: from.span.end, end: title.end };
        return if doc.text(rest).chars().count() < 2 { title } else { rest };
    }
    let bound = doc.at(rest.start, Class::TitleBound).is_some();
    if bound || doc.text(rest).chars().count() < 2 { title } else { rest }
}

/// 某某说，: a name without title right before a verb of speech with its mark.
fn before_speech(doc: &Doc<'_>, seen: &mut Vec<(Span, Span, &'static str)>) {
    for hit in doc.every(Class::Speech) {
        let Some(clause) = doc.clause_at(hit.span.start) else { continue };
        let closes = doc.before(clause.span.start) == Some('”') && doc.char_at(hit.span.end) == Some('。');
        if !matches!(doc.char_at(hit.span.end), Some('，' | '：')) && !closes {
            continue;
        }
        let mut end = hit.span.start;
        while let Some(skip) = doc
            .ending(end, Class::Frame)
            .or_else(|| doc.ending(end, Class::Adverb))
            .filter(|h| h.span.start >= clause.span.start)
        {
            end = skip.span.start;
            let left = Span { start: clause.span.start, end: end.max(clause.span.start) };
            // `某某在外长会议上说`: where it is said belongs to the frame.
            if doc.is(skip, Class::Frame)
                && let Some(place) = doc.of_class(left, Class::PlaceBefore).last()
                && place.span.start > clause.span.start
            {
                end = place.span.start;
            }
        }
        let head = Span::new(clause.span.start as usize, end.max(clause.span.start) as usize);
        // `48小时内答复，`: a length of time is nobody.
        if doc.mention_over(head.end.saturating_sub(1)).is_some_and(|mention| mention.end >= head.end) {
            continue;
        }
        let text = doc.text(head);
        let length = text.chars().count();
        // `我可以负责任地说`, `首次公开证实`: a word that no name is.
        let no_name = [6, 9].iter().any(|&bytes| {
            doc.at(head.end.saturating_sub(bytes), Class::NoName)
                .is_some_and(|word| word.span.end == head.end)
        });
        if no_name {
            continue;
        }
        if length > 4 {
            seen.extend(
                tail_name(doc, head).map(|name| {
                    (Span::new(name.start as usize, name.start as usize), name, "person.speaker")
                }),
            );
        } else if (2..=4).contains(&length)
            && text.chars().all(is_han)
            && doc.lexicon.surname(text).is_some_and(|s| s < text.len() && text[s..].chars().count() <= 2)
            && doc
                .any_at(
                    head.start,
                    &[Class::Collective, Class::State, Class::Circle, Class::Group, Class::Side, Class::Body],
                )
                .is_none()
            && doc
                .any_at(head.start, &[Class::BodySuffix, Class::Title])
                .is_none_or(|hit| hit.span.len() <= 3)
            && [Class::BodySuffix, Class::TitlePart, Class::PlaceSuffix, Class::Title]
                .iter()
                .all(|&class| doc.ending(head.end, class).is_none_or(|hit| hit.span.len() <= 3))
        {
            seen.push((Span::new(head.start as usize, head.start as usize), head, "person.speaker"));
        }
    }
}

/// A name at the end of what stands before a verb of speech, a role before it (`摊主X说`).
fn tail_name(doc: &Doc<'_>, head: Span) -> Option<Span> {
    let text = doc.text(head);
    for length in [3, 2, 4] {
        let start = text.char_indices().rev().nth(length - 1).map(|(at, _)| at)?;
        let name = &text[start..];
        let surname = doc.lexicon.surname(name).filter(|&end| end < name.len());
        let given = surname.map_or(0, |end| name[end..].chars().count());
        let at = head.start + start as u32;
        let word = [
            Class::TitlePart,
            Class::BodySuffix,
            Class::Title,
            Class::Collective,
            Class::Circle,
            Class::State,
            Class::Place,
            Class::Adverb,
            Class::Action,
            Class::Sector,
            Class::Frame,
            Class::PlaceSuffix,
            Class::Group,
        ];
        let other = doc.any_at(at, &word).is_some_and(|hit| hit.span.len() > 3)
            || word.iter().any(|&class| doc.ending(head.end, class).is_some());
        // The first character may end a word (`主席|所`).
        let first = Span { start: at, end: at + name.chars().next().map_or(0, char::len_utf8) as u32 };
        let other =
            other || doc.covered(first, &word) || doc.covered(first, &[Class::Title, Class::TitlePart]);
        let own = Span { start: at, end: head.end };
        let other = other || doc.hits_in(own).any(|hit| matches!(hit.class, Class::Side | Class::State));
        let whole = length != 4 || surname.is_some_and(|end| end > 3);
        if (1..=2).contains(&given) && whole && !other && name.chars().all(is_han) {
            return Some(Span { start: at, end: head.end });
        }
    }
    None
}

/// A name without the blanks it may be printed with.
fn unspaced(name: &str) -> Cow<'_, str> {
    if name.as_bytes().contains(&b' ') { Cow::Owned(name.replace(' ', "")) } else { Cow::Borrowed(name) }
}

fn collect(doc: &Doc<'_>, seen: Vec<(Span, Span, &'static str)>) -> People {
    let mut people = People::default();
    let mut names: Vec<String> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut places: Vec<(Span, Span, &'static str)> = seen;
    for (_, name, _) in &places {
        let name = unspaced(doc.text(*name));
        if !known.contains_key(name.as_ref()) {
            known.insert(name.clone().into_owned(), known.len());
            names.push(name.into_owned());
        }
    }
    // Every other place of a name found so.
    for (start, end) in Finder::of(&names).places(doc.all()) {
        let name = Span::new(start, end);
        let title = doc.ending(name.start, Class::Title).map_or(Span::new(start, start), |hit| {
            Span::new(title_start(doc, hit) as usize, hit.span.end as usize)
        });
        places.push((title, name, "person.again"));
    }
    places.sort_by_key(|(title, name, rule)| {
        let sure = *rule != APPOINTED;
        (name.start, sure, std::cmp::Reverse(name.end), *rule != INTRODUCED, title.start, *rule)
    });
    let mut last_end = 0;
    for (title, name, rule) in places {
        if name.start < last_end {
            continue;
        }
        last_end = name.end;
        let Some(&person) = known.get(unspaced(doc.text(name)).as_ref()) else { continue };
        let after = doc.at(name.end, Class::Title).filter(|_| title.is_empty());
        let mut span = if title.is_empty() { name } else { title.cover(name) };
        if let Some(after) = after {
            span = name.cover(after.span);
        }
        if rule == INTRODUCED {
            // With the mark that closes the bracket.
            span.end = title.end + '）'.len_utf8() as u32;
        }
        if let Some(former) = doc.ending(name.start, Class::Title).filter(|_| rule == APPOINTED) {
            span = Span { start: title_start(doc, former), end: name.end };
        }
        let title = after.map_or(title, |hit| hit.span);
        people.namings.push(Naming { span, name, title, person, rule });
    }
    people.persons =
        names.into_iter().map(|name| Person { name: Label::of(&name), ..Person::default() }).collect();
    people.of_person = vec![Vec::new(); people.persons.len()];
    people.namings.sort_by_key(|naming| (naming.span.start, naming.name.start));
    people.heads =
        people.namings.iter().fold(0, |heads, naming| heads | 1 << (naming.span.start % u64::BITS));
    for (index, naming) in people.namings.iter().enumerate() {
        people.of_person[naming.person].push(index);
    }
    for index in 0..people.persons.len() {
        describe(doc, &mut people, index);
    }
    people
}

/// What all namings of a person together tell.
fn describe(doc: &Doc<'_>, people: &mut People, index: usize) {
    let fullest = people.of_person[index].iter().map(|&at| &people.namings[at]).max_by_key(|naming| {
        (naming.rule == APPOINTED, naming.title.len(), std::cmp::Reverse(naming.name.start))
    });
    let Some(fullest) = fullest else { return };
    // Of several states the one named first.
    let mut first = None;
    let mut described = Person { name: people.persons[index].name.clone(), ..Person::default() };
    if !fullest.title.is_empty() {
        described.title = Some(doc.label(office(doc, fullest.title)));
        let mut states = doc.of_class(fullest.title, Class::State).map(|hit| doc.word(hit).row).peekable();
        first = states.peek().copied();
        // "A's ambassador to B" speaks for A.
        let one = doc.at(fullest.title.start, Class::State).is_some();
        described.states = states.take(if one { 1 } else { usize::MAX }).collect();
    }
    if fullest.rule == APPOINTED && described.states.is_empty() {
        first = origin(doc, fullest.span, fullest.name);
    } else if described.states.is_empty() && !fullest.title.is_empty() {
        described.states = super::told::organ_of(doc, fullest.title);
    }
    let byline = people.of_person[index].iter().any(|&at| people.namings[at].rule == "person.byline");
    if byline {
        described.role = Some("byline");
    }
    if let Some(hit) = doc.at(fullest.name.start, Class::Person)
        && let Some(entry) = doc.entry(hit)
    {
        described.states = doc.word(hit).states;
        first = entry
            .states
            .first()
            .and_then(|id| super::lexicon::rows(doc.profile, std::slice::from_ref(id)).first());
        described.office = !entry.states.is_empty();
        let day = doc.context.reference.as_ref().map(|day| day.value.to_string());
        let held = entry.title_on(day.as_deref());
        // A form of address (`某某主席`) is short for the office.
        if held.is_some_and(|held| described.title.as_deref().is_none_or(|title| held.ends_with(title))) {
            described.title = held.map(Label::of);
        }
    } else if !described.states.is_empty() {
        described.office = doc
            .ending(fullest.title.end, Class::Title)
            .is_some_and(|hit| matches!(doc.word(hit).value.as_str(), "state" | "minister"));
    }
    described.country = super::told::country(doc, fullest, &described, first);
    people.persons[index] = described;
}
