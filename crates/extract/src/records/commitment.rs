use shiliu_ledger::{Kind, Record, Value};
use shiliu_text::Span;

use super::actor::{Circle, Party, names};
use super::clause::{Predicate, predicate};
use super::doc::Doc;
use super::layout::Clause;
use super::lexicon::{Class, Hit};
use super::person::People;
use super::quote::Speech;
use crate::{Amount, Mention, MentionKind, MentionValue};

/// What governs the clauses that follow.
#[derive(Clone, Debug)]
struct Governor {
    party: Party,
    /// The printed words of the cue and the word that grades it.
    cue: Hit,
    words: Span,
    /// Whether the cue stands in this very clause.
    here: bool,
}

/// A clause that sets the stage for the next: its cue is spoken, its verb is still to come.
#[derive(Clone, Copy, Debug)]
struct Pending {
    start: u32,
}

struct Reader<'r, 'd> {
    doc: &'r Doc<'d>,
    people: &'r People,
    speech: &'r Speech,
    circle: &'r Circle,
    found: &'r mut Vec<Record<Span>>,
}

/// Finds who will do what: one record a target. Stances (F0–F1) are kept with the flag `stance`.
pub(super) fn commitments(
    doc: &Doc<'_>,
    people: &People,
    speech: &Speech,
    circle: &Circle,
    found: &mut Vec<Record<Span>>,
) {
    let mut reader = Reader { doc, people, speech, circle, found };
    for paragraph in 0..doc.layout.paragraphs.len() {
        let mut governor: Option<Governor> = None;
        for sentence in doc.layout.sentences_of(paragraph) {
            reader.sentence(sentence, &mut governor);
        }
    }
}

impl Reader<'_, '_> {
    fn sentence(&mut self, sentence: usize, governor: &mut Option<Governor>) {
        let (first, last) = self.doc.layout.sentences[sentence].clauses;
        let mut pending: Option<Pending> = None;
        let mut subject: Option<Party> = None;
        // What an earlier sentence said it would do goes on in a sentence that begins with a verb.
        let mut opening = true;
        for index in first..last {
            let clause = self.doc.layout.clauses[index];
            if self.is_frame(clause, governor, &mut subject) {
                opening = false;
                pending = None;
                continue;
            }
            self.clause(clause, governor, &mut subject, &mut pending, opening);
            opening = false;
        }
    }

    /// A clause that ends in a verb of speech says who speaks, and may itself be a cue (`X宣布，`).
    fn is_frame(&self, clause: Clause, governor: &mut Option<Governor>, subject: &mut Option<Party>) -> bool {
        let frames = &self.speech.frames;
        let index = frames.partition_point(|frame| frame.verb.span.start < clause.span.start);
        let Some(frame) = frames.get(index).filter(|frame| frame.verb.span.end == clause.span.end) else {
            return false;
        };
        let speaker = &frame.speaker;
        let party = Party {
            states: if speaker.states.is_empty() && self.circle.concerned && speaker.title.is_none() {
                self.collective(frame.speaker.at)
            } else {
                speaker.states.clone()
            },
            other: speaker.states.is_empty().then(|| speaker.name.clone()).filter(|name| !name.is_empty()),
            at: speaker.at,
            we: false,
        };
        let party = Party { other: party.other.filter(|_| party.states.is_empty()), ..party };
        let cue = self.doc.at(frame.verb.span.start, Class::Cue);
        *governor = cue.filter(|_| !party.is_empty()).map(|cue| Governor {
            party: party.clone(),
            cue,
            words: frame.verb.span,
            here: true,
        });
        *subject = Some(party).filter(|party| !party.is_empty());
        true
    }

    fn collective(&self, at: Span) -> Vec<String> {
        let hit = self.doc.any_at(at.start, &[Class::Collective, Class::Circle]);
        hit.map(|_| self.circle.states.clone()).unwrap_or_default()
    }

    fn clause(
        &mut self,
        clause: Clause,
        governor: &mut Option<Governor>,
        subject: &mut Option<Party>,
        pending: &mut Option<Pending>,
        opening: bool,
    ) {
        let doc = self.doc;
        let speaker = self.speech.speaker_at(doc, clause.span.start).cloned();
        let states = speaker.as_ref().map(|speaker| speaker.states.clone()).unwrap_or_default();
        let read = predicate(doc, self.people, self.circle, &states, clause, governor.is_some());
        if doc.of_class(clause.span, Class::Slogan).first().is_some_and(|s| !in_marks(doc, s.span)) {
            if read.cue.is_none() {
                return;
            }
            *governor = None;
        }
        let mut read = read;
        if read.foreign || read.cue.is_none() && read.subject.is_some() && read.verb.is_none() && !read.scene
        {
            // A new subject that is no actor ends what went before; an organisation with a cue begins anew.
            if !self.organisation(clause, &mut read) {
                *governor = None;
                *pending = None;
                *subject = None;
                return;
            }
        }
        if let Some(cue) = read.cue {
            let party = read
                .subject
                .clone()
                .or_else(|| subject.clone())
                .or_else(|| governor.as_ref().filter(|_| !opening).map(|governor| governor.party.clone()))
                .or_else(|| {
                    self.speaking(&read, &states, speaker.as_ref().map(|s| (s.name.as_str(), s.office)))
                });
            let Some(mut party) = party else {
                *governor = None;
                *pending = None;
                return;
            };
            let force = force_of(doc, cue);
            if party.we && !states.is_empty() {
                // "We will …" is the speaker's side, "we should …" everybody's.
                let office = speaker.as_ref().is_some_and(|speaker| speaker.office);
                let partner = !read.with.is_empty();
                if partner || force == 4 || force >= 3 && !office {
                    party.states.clone_from(&states);
                }
            }
            if force == 2
                && doc.word(cue).id.ends_with(".should")
                && !self.may_urge(&read, speaker.as_ref().is_some_and(|s| s.office), &party)
            {
                *governor = None;
                *pending = None;
                return;
            }
            *subject = Some(party.clone());
            *governor = Some(Governor { party, cue, words: read.cue_words, here: true });
        } else if let Some(party) = &read.subject {
            if read.done.is_some() && read.verb.is_some() {
                self.delivered(clause, &read, party, speaker.is_some());
            }
            *subject = Some(party.clone());
            *governor = None;
            *pending = None;
            return;
        } else if opening && governor.is_some() && !(read.verb.is_some() && read.with.is_empty()) {
            *governor = None;
        }
        let Some(governor) = governor.as_mut() else {
            *pending = None;
            return;
        };
        let verb = match read.verb {
            Some(verb) => verb,
            None => {
                if read.cue.is_some() {
                    *pending = Some(Pending { start: read.start });
                }
                governor.here = read.cue.is_some();
                return;
            }
        };
        if read.numbered && self.is_heading(clause, verb) {
            governor.here = false;
            return;
        }
        let start = pending.take().map_or(read.start, |pending| pending.start);
        let span = Span { start, end: clause.span.end };
        let governor = governor.clone();
        self.emit(span, clause, &read, verb, &governor, read.cue.is_some());
    }

    /// Whose "should" is a promise: states among themselves, or a head of state about both sides; never an
    /// official who exhorts those below.
    fn may_urge(&self, read: &Predicate, office: bool, party: &Party) -> bool {
        let states = !party.states.is_empty() && self.circle.concerned;
        states
            && (read.subject.as_ref().is_some_and(|subject| subject.states.len() > 1 || subject.we) || office)
            && party.other.is_none()
    }

    /// Who acts where the clause names nobody: the speaker, with a "should" everybody the speaker speaks of.
    fn speaking(&self, read: &Predicate, states: &[String], speaker: Option<(&str, bool)>) -> Option<Party> {
        let at = Span::new(read.start as usize, read.start as usize);
        if let Some((_, true)) = speaker {
            let should = read.cue.is_some_and(|cue| self.doc.word(cue).id.ends_with(".should"));
            let states = if should { self.circle.states.clone() } else { states.to_vec() };
            return Some(Party { states, at, ..Party::default() }).filter(|party| !party.is_empty());
        }
        match speaker {
            Some((name, false)) if !name.is_empty() => {
                Some(Party { other: Some(name.to_owned()), at, ..Party::default() })
            }
            None if self.circle.concerned && read.numbered => {
                Some(Party { states: self.circle.states.clone(), at, ..Party::default() })
            }
            _ => None,
        }
    }

    /// A clause whose subject is an organisation the profile does not hold, with a cue of its own.
    fn organisation(&self, clause: Clause, read: &mut Predicate) -> bool {
        let doc = self.doc;
        let rest = Span { start: read.start, end: clause.span.end };
        let cue = doc.of_class(rest, Class::Cue).into_iter().find(|&cue| {
            force_of(doc, cue) >= 4 && !in_marks(doc, cue.span) && doc.text(cue.span) != doc.text(rest)
        });
        let Some(cue) = cue.filter(|cue| cue.span.start - read.start <= 75) else { return false };
        let mut end = cue.span.start;
        while let Some(adverb) =
            doc.ending(end, Class::Adverb).filter(|adverb| adverb.span.start > read.start)
        {
            end = adverb.span.start;
        }
        let name = Span { start: read.start, end };
        let text = doc.text(name);
        let organised = [Class::BodySuffix, Class::TitlePart, Class::PlaceSuffix, Class::Body]
            .iter()
            .any(|&class| doc.ending(end, class).is_some())
            || text.ends_with('”');
        if !organised || text.chars().count() < 2 || text.contains(['、', ' ']) && !text.ends_with('”') {
            return false;
        }
        let again = predicate(
            doc,
            self.people,
            self.circle,
            &[],
            Clause { span: Span { start: cue.span.start, ..clause.span }, ..clause },
            false,
        );
        if again.verb.is_none() {
            return false;
        }
        let start = read.start;
        *read = Predicate { start, foreign: false, ..again };
        read.subject = Some(Party { other: Some(text.to_owned()), at: name, ..Party::default() });
        true
    }

    /// A numbered head (`二要以A促进B`) names the point, its measures follow.
    fn is_heading(&self, clause: Clause, verb: Span) -> bool {
        let by = self.doc.hits_in(Span { start: clause.span.start, end: verb.start });
        let manner = by
            .into_iter()
            .any(|hit| self.doc.is(hit, Class::Preposition) && self.doc.word(hit).value == "by");
        manner || clause.mark == '。'
    }

    fn delivered(&mut self, clause: Clause, read: &Predicate, party: &Party, spoken: bool) {
        let (Some(done), Some(verb)) = (read.done, read.verb) else { return };
        let founding =
            self.doc.at(verb.start, Class::BodyVerb).or_else(|| self.doc.at(verb.start, Class::ProjectAfter));
        if founding.is_none() || !spoken {
            return;
        }
        let governor = Governor { party: party.clone(), cue: done, words: done.span, here: true };
        let span = Span { start: read.start, end: clause.span.end };
        self.emit(span, clause, read, verb, &governor, true);
    }

    fn emit(
        &mut self,
        span: Span,
        clause: Clause,
        read: &Predicate,
        verb: Span,
        governor: &Governor,
        own_cue: bool,
    ) {
        let doc = self.doc;
        let done = doc.is(governor.cue, Class::Done);
        let grade = doc.word(governor.cue).value.clone();
        let mut grade = grade.split(' ');
        let (force, modality, status) = if done {
            ("F5", "report", "delivered")
        } else {
            (grade.next().unwrap_or("F4"), grade.next().unwrap_or(""), grade.next().unwrap_or("announced"))
        };
        let object = object(doc, verb, clause.span.end);
        if doc.text(object).chars().count() < 2 {
            return;
        }
        let stance = matches!(force, "F0" | "F1");
        let party = read.agent.as_ref().unwrap_or(&governor.party);
        let mut record = Record::new(Kind::Commitment, doc.word(governor.cue).id.as_str(), span);
        let actors = match &party.other {
            Some(name) => vec![name.clone()],
            None => names(doc, &party.states),
        };
        if actors.is_empty() {
            return;
        }
        if party.at.is_empty() {
            record.inferred("actors", Value::texts(actors), "the speaker");
        } else {
            record.printed("actors", Value::texts(actors), party.at);
        }
        let recipients = self.recipients(read, party, &mut record, verb, clause.span.end);
        record.printed("action", Value::text(doc.text(verb)), verb);
        record.printed("object", Value::text(doc.text(object)), object);
        let inside = Span { start: span.start, end: clause.span.end };
        let quantity = quantity(doc, object, &mut record);
        let deadline = deadline(doc, inside, &mut record);
        record.printed("cue", Value::text(doc.text(governor.words)), governor.words);
        record.inferred("modality", Value::text(modality), doc.word(governor.cue).id.as_str());
        record.inferred("force", Value::text(force), doc.word(governor.cue).id.as_str());
        let place =
            doc.hits_in(inside).any(|hit| matches!(doc.word(hit).class, Class::Place | Class::Instrument));
        let filled = [true, true, recipients, quantity, deadline, place];
        let filled = filled.into_iter().filter(|slot| *slot).count();
        record.inferred("specificity", Value::Integer(i64::try_from(filled).unwrap_or(0)), "filled slots");
        let polarity = if read.negative { "negative" } else { "positive" };
        record.inferred("polarity", Value::text(polarity), "negation words");
        let going_on = read.continuing && !stance && status == "announced";
        let status = if going_on { "in progress" } else { status };
        record.inferred("status", Value::text(status), doc.word(governor.cue).id.as_str());
        if let Some((sector, row)) = doc.sector(Span { start: verb.start, end: clause.span.end }) {
            record.inferred("sector", Value::text(sector), row);
        }
        if stance {
            record.flags.push("stance");
        }
        if !own_cue {
            record.flags.push("cue-carried");
        }
        self.found.push(record);
    }

    /// Parties after a preposition or inside the object; else, in a meeting, everybody else.
    fn recipients(
        &self,
        read: &Predicate,
        party: &Party,
        record: &mut Record<Span>,
        verb: Span,
        end: u32,
    ) -> bool {
        let doc = self.doc;
        let mut with: Vec<Party> = read.with.clone();
        if with.is_empty() {
            let rest = Span { start: verb.end, end };
            for class in [Class::Group, Class::Side, Class::State] {
                for hit in doc.of_class(rest, class) {
                    let outer =
                        [Class::Group, Class::Body, Class::Meeting, Class::Project, Class::Instrument];
                    if doc.covered(hit.span, &outer) || in_marks(doc, hit.span) {
                        continue;
                    }
                    let Some(entry) = doc.entry(hit) else { continue };
                    let states =
                        if class == Class::Group { entry.members.clone() } else { vec![entry.id.clone()] };
                    with.push(Party { states, at: hit.span, ..Party::default() });
                }
                if !with.is_empty() {
                    break;
                }
            }
        }
        let mut states: Vec<String> = Vec::new();
        for one in &with {
            for state in &one.states {
                if !states.contains(state) && !party.states.contains(state) {
                    states.push(state.clone());
                }
            }
        }
        if !states.is_empty() {
            let at = with[0].at;
            record.printed("recipients", Value::texts(names(doc, &states)), at);
            return true;
        }
        let lone = party.states.len() == 1 && self.circle.concerned;
        if lone {
            let others = self.circle.others(&party.states);
            record.inferred("recipients", Value::texts(names(doc, &others)), "the others of the meeting");
        }
        false
    }
}

fn force_of(doc: &Doc<'_>, cue: Hit) -> u8 {
    doc.word(cue).value.as_bytes().get(1).map_or(0, |digit| digit.wrapping_sub(b'0'))
}

fn in_marks(doc: &Doc<'_>, span: Span) -> bool {
    doc.layout.pair_around(span, '“').is_some_and(|pair| pair.atom)
        || doc.layout.pair_around(span, '《').is_some()
}

/// What stands after the verb, without an aspect particle.
fn object(doc: &Doc<'_>, verb: Span, end: u32) -> Span {
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

fn quantity(doc: &Doc<'_>, object: Span, record: &mut Record<Span>) -> bool {
    let found = doc.mentions_in(object).find(|(mention, at)| is_amount(mention) && !in_marks(doc, *at));
    let Some((mention, at)) = found else { return false };
    let MentionValue::Amount(Amount { value, unit, low, high, .. }) = &mention.value else { return false };
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    let mut fields = vec![("value", text(value)), ("unit", text(unit))];
    if low.is_some() || high.is_some() {
        fields.push(("low", text(low)));
        fields.push(("high", text(high)));
    }
    fields.push(("cmp", Value::text(mention.bound.as_str())));
    fields.push(("text", Value::text(doc.text(at))));
    record.printed("quantity", Value::Map(fields), at);
    true
}

fn deadline(doc: &Doc<'_>, span: Span, record: &mut Record<Span>) -> bool {
    let found = doc.mentions_in(span).find(|(mention, at)| {
        matches!(mention.kind, MentionKind::Date | MentionKind::DateRange | MentionKind::Duration)
            && !in_marks(doc, *at)
    });
    let Some((mention, at)) = found else { return false };
    let value = match &mention.value {
        MentionValue::Text(text) => Value::text(text.as_str()),
        _ => Value::text(doc.text(at)),
    };
    record.printed("deadline", value, at);
    true
}
