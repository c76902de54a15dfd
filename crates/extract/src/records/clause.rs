use shiliu_lang::Dictionary;
use shiliu_text::Span;

use super::actor::{Party, party_at};
use super::circle::Circle;
use super::doc::{Doc, is_han};
use super::layout::Clause;
use super::lexicon::{Class, Hit};
use super::person::People;
use super::states::States;

/// What one clause says at its head: who, under which cue, does what.
#[derive(Clone, Debug, Default)]
pub(super) struct Predicate {
    /// First byte after numbering, conjunctions and a frame of speech.
    pub(super) start: u32,
    pub(super) subject: Option<Party>,
    /// The outermost cue.
    pub(super) cue: Option<Hit>,
    /// From the first to the last cue word (`一致同意`, `还将`).
    pub(super) cue_words: Span,
    /// An actor brought in by an agent word after the cue.
    pub(super) agent: Option<Party>,
    /// Parties after a preposition: who it is done with or for.
    pub(super) with: Vec<Party>,
    /// What an object word before the verb brings forward (`把 X 做成 Y`).
    pub(super) taken: Option<Span>,
    /// The verb of doing.
    pub(super) verb: Option<Span>,
    /// Whether an adverb says that it goes on.
    pub(super) continuing: bool,
    /// Whether a word says that it is done.
    pub(super) done: Option<Hit>,
    /// Whether the clause only sets a scene (`在…上`) for the next one.
    pub(super) scene: bool,
    /// Whether the clause begins with something that is none of this: a new subject that is no actor.
    pub(super) foreign: bool,
    /// Whether the numbering itself is a cue (`一要`).
    pub(super) numbered: bool,
    pub(super) negative: bool,
    /// What stands between cue or clause head and the verb, where the verb has no object of its own.
    pub(super) phrase: Span,
}

/// A verb of speech at the head of a clause whose content follows without a mark.
pub(super) struct FrameHead {
    pub(super) party: Party,
    /// First byte of the content.
    pub(super) content: u32,
}

fn frame_free(read: &Predicate) -> bool {
    read.subject.is_none()
}

/// Reads the head of a clause. `under_cue` tells that an earlier clause's cue governs it. `speaker` is whose
/// words they are.
pub(super) fn predicate(
    doc: &Doc<'_>,
    people: &People,
    circle: &Circle,
    speaker: States,
    clause: Clause,
    under_cue: bool,
    frame: Option<FrameHead>,
) -> Predicate {
    let end = clause.span.end;
    let mut at = clause.span.start;
    let mut read = Predicate { start: at, ..Predicate::default() };
    while let Some(skip) =
        doc.numbering_at(at).or_else(|| doc.at(at, Class::Conjunction)).filter(|skip| skip.span.end <= end)
    {
        if doc.is(skip, Class::Numbering) {
            read.numbered = true;
            if doc.word(skip).value == "cue" {
                // The cue character stays: it is read as any other.
                at = skip.span.end - 3;
                break;
            }
        }
        at = skip.span.end;
    }
    read.start = at;
    if let Some(frame) = frame {
        // A verb of speech inside the clause: what it governs begins after it.
        at = frame.content.max(at).min(end);
        // `X表示云方愿…`: who promises stands after the verb of speech.
        let own = party_at(doc, people, circle, speaker, at, end).filter(|own| !own.states.is_empty());
        if let Some(own) = &own {
            read.start = own.at.start;
            at = own.at.end;
        }
        read.subject = Some(own.unwrap_or(frame.party));
    }
    let mut fresh = frame_free(&read);
    // Whether a word of manner stood last: an unknown word behind it is a verb.
    let mut led = false;
    while at < end {
        if read.subject.is_none()
            && read.cue.is_none()
            && read.verb.is_none()
            && let Some(party) = party_at(doc, people, circle, speaker, at, end)
        {
            at = party.at.end;
            read.subject = Some(party);
            fresh = false;
            continue;
        }
        if let Some(mention) = doc.mention_over(at).filter(|m| m.start == at && m.end <= end) {
            at = mention.end;
            // `今年内`: the word that bounds the time belongs to it.
            at = doc.at(at, Class::Within).filter(|within| within.span.end <= end).map_or(at, |w| w.span.end);
            continue;
        }
        if doc.char_at(at) == Some(' ') {
            at += 1;
            continue;
        }
        let cue = doc.at(at, Class::Cue).filter(|hit| hit.span.end <= end).filter(|hit| {
            // `去年签署的协定`: what was signed before is told of in passing.
            let told = [".bound", ".agree", ".declare"].iter().any(|end| doc.word(*hit).id.ends_with(end));
            // `认真研究了思路`: what was done is told of.
            let wished = doc.word(*hit).value.starts_with("F2");
            // `由该项经费支持的项目`: so is what is backed.
            let told = told || doc.word(*hit).value.starts_with("F1");
            let passing = told && doc.at(hit.span.end, Class::Modifier).is_some()
                || wished && doc.at(hit.span.end, Class::Aspect).is_some();
            !passing
                && !doc.covered(
                    hit.span,
                    &[
                        Class::Instrument,
                        Class::InstrumentHead,
                        Class::Body,
                        Class::Meeting,
                        Class::Project,
                        Class::TitlePart,
                        Class::WorldName,
                    ],
                )
        });
        // `我们会再交付三条`: a word that other names end in is read behind who acts only.
        let modal = || {
            let acts = read.subject.is_some() && read.cue.is_none();
            let word = doc.at(at, Class::Modal).filter(|word| acts && word.span.end < end)?;
            let verbs = [Class::Action, Class::Adverb, Class::Preposition];
            doc.any_at(word.span.end, &verbs).map(|_| word)
        };
        let cue = cue.or_else(modal);
        let action = doc
            .at(at, Class::Action)
            .filter(|hit| hit.span.end <= end && !doc.covered(hit.span, &[Class::WorldName]));
        let adverb = doc.at(at, Class::Adverb).filter(|hit| hit.span.end <= end);
        let behind_manner = std::mem::take(&mut led);
        let preposition = doc.at(at, Class::Preposition).filter(|hit| hit.span.end <= end);
        let longest = [cue, action, adverb, preposition].into_iter().flatten().map(|hit| hit.span.end).max();
        let is_longest = |hit: Option<Hit>| hit.filter(|hit| Some(hit.span.end) == longest);
        if let Some(done) =
            doc.at(at, Class::Done).filter(|hit| Some(hit.span.end) >= longest && hit.span.end <= end)
        {
            read.done = Some(done);
            at = done.span.end;
            continue;
        }
        if let Some(cue) = is_longest(cue) {
            // An invitation has its own force, whatever was promised before it.
            let inviting = doc.word(cue).id.ends_with(".welcome")
                && read.cue.is_none()
                && read.verb.is_none()
                && invited(doc, people, cue.span.end, end);
            let governed = read.cue.is_some() || under_cue && read.subject.is_none() && !inviting;
            let doing = is_longest(action).is_some();
            let future = !doc.word(cue).id.ends_with(".will")
                || doc.text(cue.span).chars().nth(1).is_some()
                || heads_verb(doc, cue.span.end, end)
                || !governed && read.subject.as_ref().is_some_and(|subject| subject.at.end == at);
            // `将同某市商定安排`, `由主管部门商定细节`: to agree is what is to be done.
            let agrees = doc.word(cue).id.ends_with(".agree")
                && cue.span.end < end
                && (read.agent.is_some()
                    || read.cue.is_some_and(|outer| {
                        let outer = &doc.word(outer).id;
                        (outer.ends_with(".will") || outer.ends_with(".should")) && read.cue_words.end < at
                    }));
            if agrees && read.verb.is_none() {
                read.verb = Some(cue.span);
                break;
            }
            if doing && governed && read.cue.is_none_or(|outer| outer.span.end <= at) {
                read.verb = Some(cue.span);
                break;
            }
            if future {
                let better = read.cue.is_none_or(|outer| doc.word(outer).id.ends_with(".declare"));
                if better {
                    read.cue = Some(cue);
                    read.negative |= doc.word(cue).id.ends_with(".refrain");
                }
                read.cue_words =
                    if read.cue_words.is_empty() { cue.span } else { read.cue_words.cover(cue.span) };
                at = cue.span.end;
                fresh = false;
                let stance = doc.word(cue).value.starts_with("F1");
                if doing && (stance || !heads_verb(doc, at, end)) {
                    read.verb = Some(cue.span);
                    break;
                }
                continue;
            }
        }
        // `各方`: a word for parties is longer than the adverb that begins it.
        if read.cue.is_some_and(|cue| doc.word(cue).value.starts_with("F2"))
            && let Some(party) = doc.any_at(at, &[Class::Circle, Class::Group, Class::Side])
            && party.span.end < end
            && Some(party.span.end) > longest
        {
            at = party.span.end;
            continue;
        }
        let topic =
            is_longest(preposition).filter(|word| doc.word(*word).value == "topic").is_some_and(|word| {
                let rest = Span { start: word.span.end, end };
                doc.holds(rest, Class::Carrying)
            });
        // `同意自1月1日起将试点扩大至全部口岸`: the word brings the object forward.
        let brings = || {
            let governed = read.cue.is_some() || under_cue;
            is_longest(preposition).is_some_and(|word| {
                governed
                    && doc.word(word).value == "object"
                    && resulting_verb(doc, word.span.end, end).is_some()
                    && !heads_verb(doc, word.span.end, end)
            })
        };
        if let Some(adverb) =
            is_longest(adverb).filter(|_| is_longest(action).is_none() && !topic && !brings())
        {
            read.continuing |= doc.word(adverb).value == "continuing";
            at = adverb.span.end;
            led = true;
            continue;
        }
        // A preposition with a party or a scene after it; a word that is both (支持 …) is a verb here, but for one of a
        // single character with another verb behind it (`给摊位加装顶棚`).
        let single = |word: &Hit| {
            let rest = Span { start: word.span.end, end };
            word.span.len() == 3
                && doc.of_class(rest, Class::Action).any(|verb| {
                    // `给各国600个培训名额`: a word inside a count is no verb.
                    verb.span.len() > 3
                        && verb.span.start > rest.start + 3
                        && doc.mention_over(verb.span.start).is_none()
                        && !doc.covered(verb.span, &NAMES)
                })
        };
        let preposition = is_longest(preposition).filter(|word| is_longest(action).is_none() || single(word));
        if let Some(preposition) = preposition {
            match after_phrase(doc, people, circle, speaker, preposition, end, &mut read) {
                Some(_) if read.taken.is_some() => break,
                Some(next) => {
                    at = next;
                    fresh = false;
                    continue;
                }
                None => {
                    read.scene = read.verb.is_none();
                    break;
                }
            }
        }
        if let Some(action) = is_longest(action) {
            // `由该项经费支持的项目`: a deed in a modifier is told in passing.
            let modifies = read.agent.is_some() && doc.at(action.span.end, Class::Modifier).is_some();
            if modifies {
                read.foreign = true;
                break;
            }
            read.verb = Some(action.span);
            break;
        }
        if negation(doc, at) {
            read.negative = true;
            at += 3;
            continue;
        }
        // Something else stands here.
        if let Some(cue) = read.cue {
            // Praise and stances are verbs themselves; what is announced must be a known deed.
            let value = doc.word(cue).value.as_str();
            read.verb = if value.starts_with("F0") || value.starts_with("F1") {
                Some(cue.span)
            } else {
                later_verb(doc, people, at, end).filter(|verb| {
                    !value.starts_with("F5 declaration") || doc.at(verb.start, Class::Action).is_some()
                })
            };
        } else if read.agent.is_some()
            && let Some(verb) = later_verb(doc, people, at, end)
                .filter(|verb| doc.at(verb.start, Class::Action).is_some())
                .or_else(|| {
                    let agreed = doc.of_class(Span { start: at, end }, Class::Cue).next()?;
                    doc.word(agreed).id.ends_with(".agree").then_some(agreed.span)
                })
                .filter(|_| under_cue)
        {
            // `由某国科学院牵头组建…`: the rest of the agent's name stands before the verb.
            read.verb = Some(verb);
        } else if let Some(verb) = unlisted_verb(doc, at, end)
            .filter(|_| under_cue && behind_manner && read.subject.is_none() && read.done.is_none())
        {
            read.verb = Some(verb);
        } else if fresh || read.cue.is_none() {
            read.foreign = true;
        }
        break;
    }
    if let Some(verb) = read.verb {
        read.phrase = Span { start: read.start.min(verb.start), end: verb.start };
    }
    read
}

/// Whether somebody of the circle stands right after a word of invitation.
pub(super) fn invited(doc: &Doc<'_>, people: &People, at: u32, end: u32) -> bool {
    let rest = Span { start: at.min(end), end };
    let guest = people.in_span(Span { start: rest.start, end: (rest.start + 1).min(end) }).first();
    guest.is_some_and(|guest| people.persons[guest.person].office)
        || doc.hits_in(rest).any(|hit| {
            let near = hit.span.start <= rest.start + 6;
            near && matches!(hit.class, Class::Group | Class::State | Class::Side | Class::Circle)
        })
}

fn negation(doc: &Doc<'_>, at: u32) -> bool {
    doc.at(at, Class::Negation).is_some()
}

/// Whether what stands at a byte can follow a cue as its predicate.
fn heads_verb(doc: &Doc<'_>, at: u32, end: u32) -> bool {
    if at >= end {
        return false;
    }
    doc.mention_over(at).is_some_and(|m| m.start == at)
        || negation(doc, at)
        || doc
            .any_at(at, &[Class::Action, Class::Adverb, Class::Preposition, Class::Cue, Class::Plan])
            .is_some()
}

/// A verb of doing of two characters further on in the clause.
fn later_verb(doc: &Doc<'_>, people: &People, at: u32, end: u32) -> Option<Span> {
    let rest = Span { start: at, end };
    let near = doc
        .of_class(rest, Class::Action)
        .find(|hit| {
            hit.span.len() > 3 && hit.span.start - at <= 60 && !doc.covered(hit.span, &[Class::WorldName])
        })
        .map(|hit| hit.span);
    // Somebody who is named there does something: the name is no verb.
    let named = !people.in_span(Span { start: at.min(end), end: (at + 1).min(end) }).is_empty();
    near.or_else(|| {
        let barred =
            [Class::Boundary, Class::Modifier, Class::Pronoun, Class::Circle, Class::State, Class::Group];
        let barred = named
            || doc.any_at(at, &barred).is_some()
                && doc.any_at(at, &[Class::Preposition, Class::Quantifier]).is_none();
        let text = doc.text(if barred { Span { start: at, end: at } } else { rest });
        let mut taken = text.char_indices().take(3);
        let two = taken.next().zip(taken.next())?;
        let cut = two.1.0 + two.1.1.len_utf8();
        text[..cut].chars().all(is_han).then(|| Span::new(at as usize, at as usize + cut))
    })
}

/// A word of two characters that no list of ours holds and a dictionary does, with something behind it.
fn unlisted_verb(doc: &Doc<'_>, at: u32, end: u32) -> Option<Span> {
    let mut characters = doc.text(Span { start: at, end }).chars();
    let two = [characters.next()?, characters.next()?];
    let verb = Span { start: at, end: at + (two[0].len_utf8() + two[1].len_utf8()) as u32 };
    let known = doc.hits_in(Span { start: at, end: end.min(verb.end + 12) }).any(|hit| {
        hit.span.start < verb.end
            && (hit.span.len() > 3 || matches!(hit.class, Class::Boundary | Class::Modifier))
    });
    let behind = characters.take(2).filter(|next| is_han(*next)).count();
    let word = two.iter().all(|next| is_han(*next)) && Dictionary::chinese().rarity(&two).is_some();
    (word && behind == 2 && !known && end >= verb.end + 12).then_some(verb)
}

/// Names, and head words of names, that hold words for deeds (`发展银行`).
const NAMES: [Class; 8] = [
    Class::WorldName,
    Class::Body,
    Class::Project,
    Class::Instrument,
    Class::Meeting,
    Class::BodySuffix,
    Class::ProjectSuffix,
    Class::EventSuffix,
];

/// Whether a phrase of place, manner or party begins at a byte, with a word that is nothing but its opener.
fn phrase_follows(doc: &Doc<'_>, at: u32) -> bool {
    doc.at(at, Class::Preposition).is_some_and(|hit| {
        matches!(doc.word(hit).value.as_str(), "at" | "with" | "to" | "by")
            && doc.at(at, Class::Action).is_none()
    })
}

/// The byte after a prepositional phrase, `None` where the phrase takes the rest of the clause.
fn after_phrase(
    doc: &Doc<'_>,
    people: &People,
    circle: &Circle,
    speaker: States,
    preposition: Hit,
    end: u32,
    read: &mut Predicate,
) -> Option<u32> {
    let value = doc.word(preposition).value.as_str();
    let mut at = preposition.span.end;
    let mut whole = None;
    if value == "object"
        && let Some(verb) = resulting_verb(doc, at, end)
    {
        read.taken = Some(Span { start: at, end: verb.start });
        read.verb = Some(verb);
        return Some(verb.end);
    }
    let party = party_at(doc, people, circle, speaker, at, end);
    let partied = party.is_some();
    if let Some(party) = party {
        at = party.at.end;
        if value == "agent" {
            read.agent = Some(party);
            return Some(at);
        }
        if matches!(value, "with" | "to") {
            read.with.push(party);
        } else if value == "behalf"
            && let Some(subject) = read.subject.as_mut().filter(|subject| subject.we)
        {
            // `我代表某国政府宣布`: the state announces.
            (subject.states, subject.we) = (party.states, false);
            return Some(at);
        }
        // `为桐方建设示范基地提供设备`: the deed that it is for is theirs.
        let first = doc.at(at, Class::Action).filter(|_| value == "to");
        if let Some(carrying) =
            first.and_then(|first| carrying_verb(doc, Some(first), Span { start: at, end }))
        {
            return Some(carrying.span.start);
        }
        // A phrase right behind (`同 X 在 Y 领域`) is read as one of its own.
        if doc.any_at(at, &[Class::Action, Class::Adverb, Class::Cue]).is_some() || phrase_follows(doc, at) {
            return Some(at);
        }
        whole = Some(at);
    } else if let Some(mention) = doc.mention_over(at).filter(|m| m.start == at && m.end <= end) {
        at = mention.end;
        // `在五年内`: the phrase is a time and its closing word.
        whole = doc.at(at, Class::PhraseTail).map(|tail| tail.span.end).filter(|&tail| tail < end);
        if whole.is_none() && doc.ending(at, Class::Within).is_some() {
            // `在五年内`, read with its closing word.
            whole = Some(at).filter(|&at| at < end);
        }
    } else {
        while let Some(place) = doc.any_at(at, &[Class::Place, Class::Body, Class::Project]) {
            at = place.span.end;
            if doc.char_at(at) == Some('、') && doc.at(at + 3, Class::Place).is_some() {
                at += 3;
            }
        }
    }
    if value == "at"
        && at > preposition.span.end
        && (doc.any_at(at, &[Class::Action, Class::Adverb, Class::Cue]).is_some() || phrase_follows(doc, at))
    {
        return Some(at);
    }
    let rest = Span { start: at, end };
    // A phrase closed by its own tail word ends there, if something that can go on follows.
    if matches!(value, "at" | "by") {
        // `在汛期到来前派…`: so does a word that says before or after what.
        let tails = || doc.of_class(rest, Class::PhraseTail).chain(doc.of_class(rest, Class::Afterwards));
        let goes_on = |byte: u32| {
            byte < end
                && doc
                    .any_at(
                        byte,
                        &[Class::Action, Class::Adverb, Class::Cue, Class::Preposition, Class::Done],
                    )
                    .is_some()
        };
        if let Some(tail) = tails().find(|tail| goes_on(tail.span.end)) {
            return Some(tail.span.end);
        }
        if tails().any(|tail| tail.span.end == end) || taken_as(doc, preposition, rest) {
            return None;
        }
    }
    let verb = doc.hits_in(rest).find(|&hit| {
        doc.is(hit, Class::Action)
            && (hit.span.len() > 3
                || hit.span.start == at
                // `在两岸各建一处`
                || doc.ending(hit.span.start, Class::Adverb).is_some()
                    && doc.mention_over(hit.span.end).is_some_and(|count| count.start == hit.span.end))
            && !inside_marks(doc, hit.span)
            && !doc.covered(hit.span, &NAMES)
    });
    // `为企业投资提供…`: a deed right before a verb of giving is a noun there.
    let giving = verb.filter(|verb| doc.word(*verb).value != "advance").and_then(|verb| {
        doc.at(verb.span.end, Class::Action)
            .filter(|next| doc.word(*next).value == "provide" && next.span.len() > 3 && next.span.end < end)
    });
    let carrying = if matches!(value, "to" | "topic") { carrying_verb(doc, verb, rest) } else { None };
    let modified = if value == "to" && !partied { behind_modifier(doc, verb, rest) } else { None };
    let verb = carrying.or(giving).or(modified).or(verb);
    let adverb = doc.hits_in(rest).find(|&hit| {
        doc.is(hit, Class::Adverb)
            && hit.span.len() > 3
            && hit.span.end < end
            && !inside_marks(doc, hit.span)
            // `办理长期签证提供便利`: a word of manner before a noun is none of the verb's.
            && (verb.is_none() || heads_verb(doc, hit.span.end, end))
    });
    // `同某港、某港商定，`: those it is agreed with are no parties of the profile.
    let agreed = || {
        let cue = doc.of_class(rest, Class::Cue).find(|cue| {
            doc.word(*cue).id.ends_with(".agree")
                && !inside_marks(doc, cue.span)
                && cue.span.start > rest.start
        });
        cue.filter(|_| value == "with" && read.cue.is_none())
    };
    if verb.is_none()
        && let Some(cue) = agreed()
    {
        return Some(cue.span.start);
    }
    match (verb, adverb) {
        (Some(verb), Some(adverb)) => Some(verb.span.start.min(adverb.span.start)),
        (Some(verb), None) => Some(verb.span.start),
        // Under a cue a verb that no list holds stands right after the phrase.
        _ => whole.filter(|&whole| {
            let modifier = doc.any_at(whole, &[Class::Modifier, Class::TitleStop]).is_some();
            read.cue.is_some_and(|cue| super::commitment::force_of(doc, cue) >= 3) && !modifier && whole < end
        }),
    }
}

/// `为某国企业赴某地投资兴业提供便利`, `就文本达成一致`: a verb that only carries a noun stands behind the deeds that the phrase is
/// about.
fn carrying_verb(doc: &Doc<'_>, first: Option<Hit>, rest: Span) -> Option<Hit> {
    let carrying = doc.of_class(rest, Class::Carrying).find(|word| {
        word.span.end < rest.end && !inside_marks(doc, word.span) && !doc.covered(word.span, &NAMES)
    })?;
    let first = first.filter(|first| first.span.start < carrying.span.start)?;
    let between = Span { start: first.span.end, end: carrying.span.start };
    // `派遣教师并提供设备`: two deeds.
    let two =
        doc.of_class(between, Class::Boundary).any(|word| doc.at(word.span.start, Class::Adverb).is_some());
    (!two).then_some(Hit { class: Class::Action, ..carrying })
}

/// `对采用滴灌的农户补助`: a deed in a modifier of whom it is for is not what is done.
fn behind_modifier(doc: &Doc<'_>, first: Option<Hit>, rest: Span) -> Option<Hit> {
    let first = first.filter(|first| doc.at(first.span.start, Class::Carrying).is_none())?;
    let behind = Span { start: first.span.end, end: rest.end };
    let modifier = doc.of_class(behind, Class::Modifier).next()?;
    let behind = Span { start: modifier.span.end + 3, end: rest.end };
    doc.of_class(behind, Class::Action)
        .find(|verb| verb.span.len() > 3 && !inside_marks(doc, verb.span) && !doc.covered(verb.span, &NAMES))
}

/// Longest word for what something is taken as, in bytes.
const TAKEN_AS: u32 = 15;

/// `以建交30周年为新起点`: a phrase of manner that a second preposition closes takes the rest of its clause.
fn taken_as(doc: &Doc<'_>, preposition: Hit, rest: Span) -> bool {
    let by = |hit: &Hit| doc.word(*hit).value == "by" || doc.word(*hit).value == "to";
    let single = preposition.span.len() == 3;
    let closing = doc.of_class(rest, Class::Preposition).filter(by).last();
    single
        && closing.is_some_and(|word| {
            let after = Span { start: word.span.end, end: rest.end };
            word.span.len() == 3
                && word.span.start > rest.start
                && (1..=TAKEN_AS).contains(&(after.end - after.start))
                && !doc.hits_in(after).any(|hit| doc.is(hit, Class::Action) && hit.span.len() > 3)
        })
}

/// The verb after an object that stands before it: the first that says what the object is brought to, so that a
/// verb inside the object's own name is none.
fn resulting_verb(doc: &Doc<'_>, at: u32, end: u32) -> Option<Span> {
    let rest = Span { start: at, end };
    let verbs: Vec<Span> = doc
        .of_class(rest, Class::Action)
        .chain(doc.of_class(rest, Class::Change))
        .map(|hit| hit.span)
        .filter(|verb| verb.start >= at + 6 && !inside_marks(doc, *verb))
        .collect();
    let results = |verb: &&Span| {
        // `翻一番`: a word for a change is brought to its end by itself.
        let changed = doc.at(verb.start, Class::Change).is_some_and(|hit| hit.span == **verb);
        let closed =
            changed || doc.ending(verb.end, Class::Result).is_some_and(|hit| hit.span.start > verb.start);
        closed || doc.at(verb.end, Class::Result).is_some_and(|hit| hit.span.end < end)
    };
    // `将资料向各国免费开放`, `把草案分送各国`: the last verb, where nothing or only whom or how much stands behind it.
    let closes = |verb: &&Span| {
        let parties = [Class::Circle, Class::Group, Class::State, Class::Side];
        let whole = |at: u32| doc.any_at(at, &parties).is_some_and(|party| party.span.end == end);
        let amount = doc.mention_over(verb.end).is_some_and(|at| at.start == verb.end && at.end == end);
        verb.len() > 3 && (verb.end == end || whole(verb.end) || amount)
    };
    let verb = verbs
        .iter()
        .filter(results)
        .min_by_key(|verb| (verb.start, std::cmp::Reverse(verb.end)))
        .or_else(|| verbs.iter().filter(closes).max_by_key(|verb| (verb.end, std::cmp::Reverse(verb.start))))
        .copied()
        .or_else(|| unlisted_result(doc, at, rest));
    verb.map(|verb| {
        // `提升为`: the word that says as what is none of the verb's.
        let as_what = doc
            .at(verb.end, Class::Preposition)
            .is_some_and(|word| matches!(doc.word(word).value.as_str(), "to" | "by"));
        let after = doc.at(verb.end, Class::Result).filter(|hit| hit.span.end < end && !as_what);
        Span { start: verb.start, end: after.map_or(verb.end, |hit| hit.span.end) }
    })
}

/// `把任务分解到部门`: a word of two characters that no list holds, before a word that says what something is brought to.
fn unlisted_result(doc: &Doc<'_>, at: u32, rest: Span) -> Option<Span> {
    doc.of_class(rest, Class::Result).find_map(|result| {
        let start = result.span.start.checked_sub(6).filter(|start| *start >= at + 6)?;
        let verb = Span { start, end: result.span.start };
        let two: Vec<char> = doc.all().get(start as usize..verb.end as usize)?.chars().collect();
        let word = two.len() == 2 && Dictionary::chinese().rarity(&two).is_some();
        let other = doc.hits_in(verb).any(|hit| hit.span.len() > 3) || inside_marks(doc, verb);
        (word && !other && result.span.end < rest.end && result.span.len() == 3).then_some(verb)
    })
}

fn inside_marks(doc: &Doc<'_>, span: Span) -> bool {
    doc.layout.pair_around(span, '“').is_some_and(|pair| pair.atom)
        || doc.layout.pair_around(span, '《').is_some()
}
