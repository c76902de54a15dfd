use shiliu_lang::Dictionary;
use shiliu_ledger::Label;
use shiliu_text::Span;

use super::doc::{Doc, is_han};
use super::layout::Clause;
use super::lexicon::{Class, Hit};
use super::person::People;
use super::states::States;

/// Who speaks.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Speaker {
    pub(super) name: Label,
    pub(super) title: Option<Label>,
    /// Whom the speaker speaks for.
    pub(super) states: States,
    /// Whether the speaker holds an office of a state of the profile, or is a group of states.
    pub(super) office: bool,
    /// Where the frame names the speaker; empty where it only follows from what was said before.
    pub(super) at: Span,
}

/// A verb of speech with its subject: what follows is said.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) speaker: Speaker,
    pub(super) verb: Hit,
    /// Where the frame begins: its subject, else its clause.
    pub(super) start: u32,
    /// First byte of what is said.
    pub(super) content: u32,
    /// Whether the frame names its speaker itself.
    pub(super) named: bool,
}

impl Frame {
    /// Whether only what is felt is told (`对此表示感谢，`): nothing is said.
    pub(super) fn only_feels(&self, doc: &Doc<'_>) -> bool {
        let feeling = doc.at(self.verb.span.start, Class::Feeling);
        feeling.is_some_and(|feeling| doc.char_at(feeling.span.end).is_none_or(|mark| !is_han(mark)))
    }
}

/// How many clauses back the subject of a verb of speech is looked for.
const CLAUSES: usize = 40;

/// Every frame in order. A pronoun or a bare verb goes on with the last speaker of the paragraph.
pub(super) fn frames(doc: &Doc<'_>, people: &People) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    // Who closed a quotation after the last frame (`”某某说。`).
    let mut heard: Option<Speaker> = None;
    let mut verbs: Vec<Hit> = doc.every(Class::Speech).chain(damaged_verbs(doc, people)).collect();
    verbs.sort_by_key(|hit| hit.span);
    for hit in verbs {
        let Some(clause) = doc.clause_at(hit.span.start) else { continue };
        let after = doc.char_at(hit.span.end);
        let open = doc.word(hit).value.contains("open");
        let marked = matches!(after, Some('，' | '：' | '“' | '‘'));
        // `…，称某方已…`: a side right behind a bare verb is what it speaks of.
        let sides = [Class::State, Class::Side, Class::Group, Class::Circle];
        let open = open
            || hit.span.start == clause.span.start
                && doc.any_at(hit.span.end, &sides).is_some_and(|s| s.span.len() > 3);
        if after == Some('。') && doc.before(clause.span.start) == Some('”') {
            let last = heard.as_ref().or_else(|| frames.last().map(|frame| &frame.speaker));
            heard = subject(doc, people, clause, hit, last).map(|(speaker, _)| speaker).or(heard);
        }
        if !(marked || open && after.is_some_and(is_han))
            || doc.covered(hit.span, &[Class::Speech, Class::Attributive, Class::Instrument, Class::Title])
        {
            continue;
        }
        if doc.layout.pair_around(hit.span, '“').is_some_and(|pair| pair.atom)
            || doc.layout.pair_around(hit.span, '《').is_some()
        {
            continue;
        }
        // `作出的承诺`: what somebody made is a noun.
        if doc.word(hit).value.contains("act") && doc.ending(hit.span.start, Class::Modifier).is_some() {
            continue;
        }
        // `按照某某的要求，…`: what was asked for is a noun there.
        let required = doc.at(clause.span.start, Class::According);
        if after == Some('，') && required.is_some_and(|word| doc.word(word).value == "required") {
            continue;
        }
        let last = heard.as_ref().or_else(|| frames.last().map(|frame| &frame.speaker));
        let subject = subject(doc, people, clause, hit, last);
        let (speaker, start, named) = match subject {
            Some((speaker, start)) => (speaker, start, true),
            None => {
                let here = doc.layout.clause_at(hit.span.start).unwrap_or(0);
                // A sentence of endless clauses: the subject stands in one of the nearest.
                let first = doc.layout.sentences[clause.sentence].clauses.0.max(here.saturating_sub(CLAUSES));
                let bare =
                    hit.span.start == clause.span.start || head_is_adverbial(doc, clause, hit.span.start);
                let quoted = after == Some('：') && doc.char_at(hit.span.end + 3) == Some('“');
                if !bare && !quoted {
                    continue;
                }
                if quoted && let Some(speaker) = loose_subject(doc, people, clause, hit) {
                    let (start, content) = (clause.span.start, hit.span.end + 3);
                    frames.push(Frame { speaker, verb: hit, start, content, named: true });
                    heard = None;
                    continue;
                }
                // The subject of an earlier clause of the same sentence speaks on.
                let earlier = (first..doc.layout.clauses.len())
                    .map(|index| doc.layout.clauses[index])
                    .take_while(|earlier| earlier.span.start < clause.span.start)
                    .find_map(|earlier| lead(doc, people, earlier, last));
                match earlier.or_else(|| last.filter(|_| marked).cloned()) {
                    Some(speaker) => (speaker, clause.span.start, false),
                    None => continue,
                }
            }
        };
        if !marked && !named && speaker.name.is_empty() {
            continue;
        }
        let mut content = hit.span.end;
        while let Some(mark @ ('，' | '：')) = doc.char_at(content) {
            content += mark.len_utf8() as u32;
        }
        frames.push(Frame { speaker, verb: hit, start, content, named });
        heard = None;
    }
    frames
}

/// A name, two characters of which one is that of a verb of speech at its place, a comma and a party that goes on
/// (`某某指山，桐方将…`): the recogniser gave a wrong character for the verb.
fn damaged_verbs<'d>(doc: &'d Doc<'_>, people: &'d People) -> impl Iterator<Item = Hit> + 'd {
    people.namings.iter().filter_map(|naming| {
        let start = naming.span.end;
        let mut characters = doc.all()[start as usize..].chars();
        let two = [characters.next()?, characters.next()?];
        let marked = two.iter().all(|c| is_han(*c)) && characters.next() == Some('，');
        let end = start + (two[0].len_utf8() + two[1].len_utf8()) as u32;
        if !marked || doc.hits_in(Span { start, end }).any(|hit| hit.span.len() > 3) {
            return None;
        }
        let goes_on = [Class::State, Class::Side, Class::Circle, Class::Group, Class::Cue];
        doc.any_at(end + 3, &goes_on)?;
        // A word of its own is what was printed (`某某指责，桐方将…`).
        if Dictionary::chinese().rarity(&two).is_some() {
            return None;
        }
        let word = doc.lexicon.speech_like(two)?;
        Some(Hit { span: Span { start, end }, word, class: Class::Speech })
    })
}

/// Who speaks before a colon and a quotation where no rule names a subject: the person named earlier in the
/// sentence, else the words before the verb.
fn loose_subject(doc: &Doc<'_>, people: &People, clause: Clause, verb: Hit) -> Option<Speaker> {
    let sentence = doc.layout.sentences[clause.sentence].span;
    let head = Span { start: sentence.start, end: verb.span.start };
    if let Some(naming) = people.in_span(head).first() {
        return Some(spoken_by(people, naming));
    }
    let head = Span { start: clause.span.start, end: verb.span.start };
    // `一名教师在问卷背面写道`: a role before what it does.
    let role = doc.of_class(head, Class::Title).find(|role| {
        let rest = Span { start: role.span.end, end: head.end };
        rest.is_empty() || doc.any_at(rest.start, &[Class::Preposition, Class::Adverb]).is_some()
    });
    let head = match role {
        Some(role) => Span { start: head.start, end: role.span.end },
        None => head,
    };
    let text = doc.text(head);
    let modifier = doc.of_class(head, Class::TitleStop).last().filter(|_| role.is_none());
    let cut = modifier.map_or(0, |hit| (hit.span.end - head.start) as usize);
    let name = &text[cut..];
    let at = Span::new(head.start as usize + cut, head.end as usize);
    let plain = (2..=14).contains(&name.chars().count()) && name.chars().all(is_han);
    let pronoun = doc.at(at.start, Class::Pronoun).is_some();
    (plain && !pronoun).then(|| Speaker { name: Label::of(name), at, ..Speaker::default() })
}

/// The speaker that a naming names.
pub(super) fn spoken_by(people: &People, naming: &super::person::Naming) -> Speaker {
    let person = &people.persons[naming.person];
    Speaker {
        name: person.name.clone(),
        title: person.title.clone(),
        states: person.states,
        office: person.office,
        at: naming.span,
    }
}

fn head_is_adverbial(doc: &Doc<'_>, clause: Clause, end: u32) -> bool {
    let mut at = clause.span.start;
    while at < end {
        match doc.any_at(at, &[Class::Adverb, Class::Frame, Class::Conjunction]) {
            Some(hit) if hit.span.end <= end => at = hit.span.end,
            _ => return false,
        }
    }
    true
}

/// The subject of a verb of speech inside its clause and the place where it begins.
fn subject(
    doc: &Doc<'_>,
    people: &People,
    clause: Clause,
    verb: Hit,
    last: Option<&Speaker>,
) -> Option<(Speaker, u32)> {
    let head = Span { start: clause.span.start, end: verb.span.start };
    if head.is_empty() {
        return None;
    }
    // The first person named that no preposition governs.
    for naming in people.in_span(head) {
        if naming.span.end > head.end {
            break;
        }
        if doc.ending(naming.span.start, Class::Preposition).is_some()
            && naming.span.start > head.start
            && people.in_span(head).len() > 1
        {
            continue;
        }
        let speaker = spoken_by(people, naming);
        return Some((speaker, naming.span.start));
    }
    let mut at = head.start;
    while let Some(skip) = doc
        .any_at(at, &[Class::Adverb, Class::Frame, Class::Conjunction, Class::According, Class::Numbering])
        .filter(|skip| {
            // `各国代表` is no adverb with a name behind it.
            doc.any_at(at, &[Class::Circle, Class::Group]).is_none_or(|party| party.span.end <= skip.span.end)
        })
    {
        at = skip.span.end.min(head.end);
    }
    if at >= head.end {
        return None;
    }
    if let Some(speaker) = collective_at(doc, people, at, head.end, last) {
        return Some((speaker, at));
    }
    // An organisation that does something else first (`某理事会向会议提交报告说`).
    if let Some(organ) = organ_at(doc, at, head.end) {
        let speaker = Speaker { name: doc.label(organ), at: organ, ..Speaker::default() };
        return Some((speaker, at));
    }
    // An organisation or a role: what is left of the head once adverbials are gone.
    let mut end = head.end;
    while let Some(skip) = doc
        .ending(end, Class::Frame)
        .or_else(|| doc.ending(end, Class::Adverb))
        .filter(|skip| skip.span.start > at)
    {
        end = skip.span.start;
    }
    let span = Span::new(at as usize, end as usize);
    let text = doc.text(span);
    let length = text.chars().count();
    let role = [Class::Title, Class::BodySuffix, Class::TitlePart]
        .iter()
        .any(|&class| doc.ending(end, class).is_some());
    let acts = doc.hits_in(span).any(|hit| {
        matches!(hit.class, Class::Action | Class::Cue | Class::EventBefore)
            && hit.span.len() > 3
            && !doc.covered(hit.span, &[Class::BodySuffix, Class::Title, Class::TitlePart])
    });
    if (2..=24).contains(&length) && !acts && role && text.chars().all(|c| is_han(c) || c.is_alphanumeric()) {
        let speaker = Speaker { name: Label::of(text), at: span, ..Speaker::default() };
        return Some((speaker, at));
    }
    None
}

/// The organisation whose name begins at a byte, where a preposition or a verb follows it.
fn organ_at(doc: &Doc<'_>, at: u32, end: u32) -> Option<Span> {
    const LONGEST: u32 = 60;
    let listed = doc.at(at, Class::Body).map(|body| body.span.end);
    let rest = Span { start: at, end: end.min(at + LONGEST) };
    let verbs = [Class::Preposition, Class::EventAct, Class::InstrumentVerb, Class::Action];
    let headed = || {
        let mut suffixes = doc.of_class(rest, Class::BodySuffix);
        let suffix = suffixes.find(|s| s.span.start > at && doc.any_at(s.span.end, &verbs).is_some())?;
        let plain = doc.hits_in(Span { start: at, end: suffix.span.end }).all(|hit| {
            !matches!(hit.class, Class::TitleStop | Class::Cue | Class::Speech)
                || doc.covered(hit.span, &[Class::BodySuffix, Class::Place, Class::Sector])
        });
        plain.then_some(suffix.span.end)
    };
    let stop = listed.or_else(headed).filter(|&stop| stop < end)?;
    let does = doc.any_at(stop, &verbs);
    // `某委员会负责人说`: a role goes on from the organ.
    does.filter(|_| doc.at(stop, Class::Title).is_none()).map(|_| Span { start: at, end: stop })
}

fn collective_at(
    doc: &Doc<'_>,
    people: &People,
    at: u32,
    end: u32,
    last: Option<&Speaker>,
) -> Option<Speaker> {
    let classes = [Class::Pronoun, Class::Collective, Class::Group, Class::Circle, Class::State, Class::Side];
    let hit = doc.any_at(at, &classes).filter(|hit| hit.span.end <= end)?;
    let word = doc.word(hit);
    match word.class {
        Class::Pronoun => antecedent(doc, people, at, word.value == "many").or_else(|| last.cloned()),
        Class::Group => {
            // `五国元首`: the office that the name of the group ends in.
            let office = doc.ending(hit.span.end, Class::Title);
            Some(Speaker {
                name: doc.label(hit.span),
                title: office.map(|office| doc.label(office.span)),
                states: word.states,
                office: true,
                at: hit.span,
            })
        }
        // `某国应急管理部表示`: the organ speaks, for its state.
        Class::State if organ_to(doc, hit.span, end).is_some() => {
            let organ = organ_to(doc, hit.span, end)?;
            Some(Speaker {
                name: doc.label(organ),
                title: None,
                states: word.states,
                office: true,
                at: organ,
            })
        }
        Class::State | Class::Side => Some(Speaker {
            name: doc.label(hit.span),
            title: None,
            states: word.states,
            office: true,
            at: hit.span,
        }),
        Class::Circle if word.value == "we" => None,
        _ => Some(Speaker { name: doc.label(hit.span), at: hit.span, ..Speaker::default() }),
    }
}

/// The name of an organ that begins with its state and reaches to the verb of speech or to what stands before it.
fn organ_to(doc: &Doc<'_>, state: Span, verb: u32) -> Option<Span> {
    const LONGEST: usize = 45;
    let mut end = verb;
    while let Some(skip) = [Class::Frame, Class::Adverb].iter().find_map(|&class| doc.ending(end, class)) {
        if skip.span.start <= state.end {
            return None;
        }
        end = skip.span.start;
    }
    let organ = Span { start: state.start, end };
    let headed = [Class::TitlePart, Class::BodySuffix].iter().any(|&class| doc.ending(end, class).is_some());
    let rest = Span { start: state.end, end };
    let outside = [Class::TitleStop, Class::Cue, Class::Speech, Class::Preposition];
    let plain = doc.text(rest).chars().all(is_han)
        && doc.hits_in(rest).all(|hit| !outside.contains(&hit.class))
        && doc.mentions_in(rest).next().is_none();
    (headed && plain && rest.len() >= 6 && organ.len() <= LONGEST).then_some(organ)
}

/// Bytes from the head of a clause within which its subject is named.
const LEAD: usize = 22;

/// Somebody without a name at the head of a clause (`朔原小伙站起来`, `遇到一位老船工`): the role as printed.
fn role_at(doc: &Doc<'_>, clause: Span) -> Option<Speaker> {
    let rest = Span { start: clause.start, end: clause.end };
    if doc.at(clause.start, Class::About).is_some() {
        // `关于船员证书互认的备忘录`: what it is about, nobody who acts.
        return None;
    }
    let role = doc.of_class(rest, Class::Title).find(|role| {
        let heads = role.span.start <= rest.start + 12;
        let closes = role.span.end == rest.end;
        doc.word(*role).value == "work" && (heads || closes)
    })?;
    let state = doc.ending(role.span.start, Class::State).filter(|state| state.span.start >= clause.start);
    let at = state.map_or(role.span, |state| state.span.cover(role.span));
    Some(Speaker { name: doc.label(at), at, ..Speaker::default() })
}

/// Who speaks where a colon opens a quotation behind no verb of speech (`他用了一个比喻：“`): whoever heads the clause.
pub(super) fn before_colon(doc: &Doc<'_>, people: &People, quotation: u32) -> Option<Speaker> {
    if doc.before(quotation) != Some('：') {
        return None;
    }
    let colon = quotation - '：'.len_utf8() as u32;
    let clause = doc.clause_at(colon.saturating_sub(1))?;
    let head = Span { start: clause.span.start, end: clause.span.start + 1 };
    if let Some(naming) = people.in_span(head).first() {
        return Some(spoken_by(people, naming));
    }
    let pronoun = doc.at(clause.span.start, Class::Pronoun)?;
    antecedent(doc, people, pronoun.span.start, doc.word(pronoun).value == "many")
}

/// Whom a pronoun stands for: the person or group that heads the nearest clause before in the paragraph.
fn antecedent(doc: &Doc<'_>, people: &People, at: u32, many: bool) -> Option<Speaker> {
    let here = doc.layout.paragraphs.partition_point(|paragraph| paragraph.end <= at);
    let floor = doc.layout.paragraphs.get(here)?.start;
    let clause = doc.layout.clause_at(at)?;
    doc.layout.clauses[..clause].iter().rev().take_while(|clause| clause.span.start >= floor).find_map(
        |clause| {
            if !many {
                let start = clause.span.start as usize;
                // `26岁的某某`: a few words may stand before the name.
                let near = people.in_span(Span::new(start, start + LEAD)).first();
                return match near {
                    Some(naming) if naming.span.end <= clause.span.end => Some(spoken_by(people, naming)),
                    _ => role_at(doc, clause.span),
                };
            }
            let hit = doc.any_at(clause.span.start, &[Class::Group, Class::Circle])?;
            let states = if doc.is(hit, Class::Group) { doc.word(hit).states } else { States::default() };
            let office = !states.is_empty();
            let we = doc.word(hit).value == "we";
            (!we).then(|| Speaker { name: doc.label(hit.span), title: None, states, office, at: hit.span })
        },
    )
}

/// The subject a clause begins with, if somebody who can speak.
fn lead(doc: &Doc<'_>, people: &People, clause: Clause, last: Option<&Speaker>) -> Option<Speaker> {
    let mut at = clause.span.start;
    while let Some(skip) = doc.any_at(at, &[Class::Adverb, Class::Conjunction]) {
        at = skip.span.end;
    }
    if let Some(naming) = people.in_span(Span::new(at as usize, at as usize + 1)).first() {
        return Some(spoken_by(people, naming));
    }
    collective_at(doc, people, at, clause.span.end, last)
}

/// The speaker named right at a byte, before a verb that may stand after a quotation: `”X说`, `”他说`.
pub(super) fn after_quotation(
    doc: &Doc<'_>,
    people: &People,
    at: u32,
    last: Option<&Speaker>,
) -> Option<(Speaker, Hit)> {
    let sentence = doc.sentence_at(at)?;
    let end = (at + 120).min(sentence.end.max(at));
    let clause_end = doc.clause_at(at).map_or(end, |clause| clause.span.end).min(end).max(at);
    let head = Span::new(at as usize, clause_end as usize);
    let verb = doc.of_class(head, Class::SpeechAfter).next()?;
    let before = Span { start: at, end: verb.span.start };
    if doc.text(before).chars().count() > 26 {
        return None;
    }
    let clause = Clause {
        span: Span { start: at, end: clause_end },
        sentence: doc.layout.sentence_at(at)?,
        mark: '\0',
    };
    if before.is_empty() {
        return None;
    }
    let named = subject(doc, people, clause, verb, last).map(|(speaker, _)| speaker);
    Some((named.or_else(|| loose_subject(doc, people, clause, verb))?, verb))
}
