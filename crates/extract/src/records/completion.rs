//! Promises and reports whose subject is the thing itself: `the bridge will open in 2034`, `the ferry opened`, `the
//! completion date was moved to …`.

use shiliu_ledger::{Kind, Label, Record, Value};
use shiliu_text::Span;

use super::actor::names;
use super::clause::Predicate;
use super::commitment::{Governor, Reader, force_of};
use super::deadline::{deadline, is_ahead};
use super::layout::Clause;
use super::lexicon::{Class, Grade, Hit};
use super::name::named;
use super::speech::Speaker;
use super::states::States;
use crate::{MentionKind, MentionValue};

/// A thing that a clause tells of: its name, and the states it belongs to.
struct Thing {
    name: Span,
    states: States,
}

/// How far back, in bytes, a thing is looked for that a promise speaks of.
const TOPIC: u32 = 3000;
/// Longest name of a thing, in characters.
const NAME: usize = 28;

impl Reader<'_, '_> {
    /// Whether a verb says that a thing comes to be there.
    pub(super) fn completion(&self, verb: Span) -> bool {
        let doc = self.doc;
        doc.at(verb.start, Class::ProjectAfter).is_some_and(|hit| doc.word(hit).value == "delivered")
    }

    /// Whether the paragraph of a clause is a numbered point itself.
    pub(super) fn in_point(&self, clause: Clause) -> bool {
        let sentence = self.doc.layout.sentences[clause.sentence];
        let start = self.doc.layout.paragraphs[sentence.paragraph].start;
        self.doc.numbering_at(start).is_some()
    }

    /// Whether the next paragraph is a numbered point.
    pub(super) fn numbered_next(&self, clause: Clause) -> bool {
        let paragraphs = &self.doc.layout.paragraphs;
        let here = paragraphs.partition_point(|paragraph| paragraph.end < clause.span.end);
        let closes =
            paragraphs.get(here).is_some_and(|paragraph| paragraph.end <= clause.span.end.saturating_add(3));
        let next = paragraphs.get(here + 1).filter(|_| closes);
        next.is_some_and(|next| self.doc.at(next.start, Class::Numbering).is_some())
    }

    /// Whether a number of unnamed things is all that stands after a verb.
    pub(super) fn only_counts(&self, verb: Span, clause: Clause) -> bool {
        /// Bytes between the number and the end: the word for the things.
        const WORD: u32 = 9;
        let object = Span { start: verb.end.min(clause.span.end), end: clause.span.end };
        let count = self.doc.mentions_in(object).last();
        count.is_some_and(|(mention, at)| {
            mention.kind == MentionKind::Count && at.start <= object.start + 3 && at.end + WORD >= object.end
        })
    }

    /// The thing that was named last before a byte, in its paragraph or the one before.
    pub(super) fn topic(&self, at: u32) -> Option<Span> {
        let doc = self.doc;
        let paragraphs = &doc.layout.paragraphs;
        let here = paragraphs.partition_point(|paragraph| paragraph.end <= at);
        let from = paragraphs.get(here.saturating_sub(1)).map_or(0, |paragraph| paragraph.start);
        // A name farther off than this is not what is meant.
        let from = doc
            .layout
            .sentence_at(at)
            .map_or(from, |sentence| doc.layout.sentences[sentence.saturating_sub(4)].span.start.max(from));
        let before = Span { start: from.max(at.saturating_sub(TOPIC)).min(at), end: at };
        doc.hits_in(before)
            .filter(|hit| matches!(hit.class, Class::Project | Class::ProjectSuffix))
            .filter_map(|hit| self.thing_at(hit))
            .last()
    }

    fn thing_at(&self, hit: Hit) -> Option<Span> {
        let doc = self.doc;
        if hit.class == Class::Project {
            return Some(hit.span);
        }
        if doc.covered(hit.span, &[Class::Project, Class::ProjectSuffix]) {
            return None;
        }
        let name = named(doc, hit.span, &[Class::ProjectVerb, Class::Cue, Class::Done, Class::Action]);
        (name.stem >= 2).then_some(name.span)
    }

    /// The stretch before a verb without what stands between a name and its verb: dates, adverbs, cues, words that
    /// say it is done; with the cue and whether a word says it is done.
    fn bare_subject(&self, clause: Clause, verb: u32) -> (Span, Option<Hit>, Option<Hit>) {
        let doc = self.doc;
        let (mut end, mut cue, mut done) = (verb, None, None);
        loop {
            let classes = [Class::Cue, Class::Done, Class::Adverb, Class::Preposition, Class::Result];
            let hit = classes.iter().find_map(|&class| doc.ending(end, class));
            let mention = doc.mention_ending(end).filter(|(mention, _)| {
                matches!(
                    mention.kind,
                    MentionKind::Date | MentionKind::DateRange | MentionKind::Duration | MentionKind::Time
                )
            });
            let start = match (hit, mention) {
                (_, Some((_, at))) => at.start,
                (Some(hit), None) => {
                    match hit.class {
                        Class::Cue => cue = Some(hit),
                        Class::Done => done = Some(hit),
                        _ => {}
                    }
                    hit.span.start
                }
                (None, None) => break,
            };
            if start < clause.span.start || start >= end {
                break;
            }
            end = start;
        }
        (Span { start: clause.span.start, end }, cue, done)
    }

    /// A name that a verb of completion can have as its subject.
    fn thing(&self, name: Span) -> Option<Thing> {
        let doc = self.doc;
        let length = doc.text(name).chars().count();
        if name.is_empty() || !(3..=NAME).contains(&length) {
            return None;
        }
        let project = doc.of_class(name, Class::Project).last();
        let headed = [Class::ProjectSuffix, Class::BodySuffix]
            .iter()
            .any(|&class| doc.ending(name.end, class).is_some());
        let counted = doc.mentions_in(name).any(|(mention, _)| mention.kind == MentionKind::Count);
        if project.is_none() && !headed && !counted {
            return None;
        }
        let mut states = project.map(|hit| doc.word(hit).states).unwrap_or_default();
        if states.is_empty() {
            let places = doc.of_class(name, Class::Place);
            states = places.fold(states, |all, hit| all.with(doc.word(hit).states));
        }
        Some(Thing { name, states })
    }

    /// "They agreed that the next meeting will be held in X": who agrees promises the meeting.
    pub(super) fn meets(&mut self, clause: Clause, governor: Option<&Governor>) -> bool {
        let doc = self.doc;
        let Some(governor) = governor.filter(|governor| force_of(doc, governor.cue) >= 5) else {
            return false;
        };
        let Some(verb) = doc.of_class(clause.span, Class::EventVerb).last() else { return false };
        let named = |hit: &Hit| hit.span.end <= verb.span.start;
        let suffix = doc.of_class(clause.span, Class::EventSuffix).filter(named).last();
        let Some(suffix) = suffix.filter(|_| !governor.party.states.is_empty()) else { return false };
        let name = Span { start: clause.span.start, end: suffix.span.end };
        let between = Span { start: name.end, end: verb.span.start };
        let Grade { force, modality, .. } = doc.lexicon.grade(doc.word(governor.cue)).clone();
        // A word of refusal is one cue; a bare `not` is a negation.
        let negative = doc.of_class(between, Class::Negation).next().is_some()
            || doc.of_class(between, Class::Cue).any(|cue| doc.word(cue).id.ends_with(".refrain"));
        let cue = doc.of_class(between, Class::Cue).any(|cue| force_of(doc, cue) >= 4);
        // What was held is announced too: it is a promise only where something says that it is still to come.
        let told = modality == "declaration" && !cue && !negative && !is_ahead(doc, clause.span);
        if told || doc.of_class(between, Class::Done).next().is_some() {
            return false;
        }
        let rule = "commitment.meeting";
        let words = governor.words;
        let mut record = Record::new(Kind::Commitment, rule, clause.span);
        record.inferred("actors", Value::texts(names(doc, governor.party.states)), "who agrees or announces");
        record.printed("action", Value::text(doc.label(verb.span)), verb.span);
        record.printed("object", Value::text(doc.label(name)), name);
        record.printed("cue", Value::text(doc.label(words)), words);
        let polarity = if negative { "negative" } else { "positive" };
        self.fill(
            &mut record,
            rule,
            &[
                ("modality", modality),
                ("force", force),
                ("status", Label::fixed("announced")),
                ("polarity", Label::fixed(polarity)),
            ],
            clause,
        );
        self.found.push(record);
        true
    }

    /// `X will be finished by …`: a promise whose subject is what is promised. Who promises is who speaks or agrees,
    /// else the states of the thing.
    pub(super) fn completes(
        &mut self,
        clause: Clause,
        governor: Option<&Governor>,
        speaker: Option<&Speaker>,
    ) -> bool {
        let doc = self.doc;
        let verb = doc.of_class(clause.span, Class::ProjectAfter).last();
        let Some(verb) = verb.filter(|verb| {
            doc.word(*verb).value == "delivered"
                && doc.text(Span { start: verb.span.end, end: clause.span.end }).is_empty()
        }) else {
            return false;
        };
        let (name, cue, done) = self.bare_subject(clause, verb.span.start);
        let framed = governor.filter(|governor| force_of(doc, governor.cue) >= 4);
        let ahead = is_ahead(doc, clause.span);
        if done.is_some() || !(cue.is_some_and(|cue| force_of(doc, cue) >= 4) || ahead && framed.is_some()) {
            return false;
        }
        // A modifier before the name (`供各国轮用的两艘船`) is no part of it.
        let modifier = doc.of_class(name, Class::TitleStop).filter(|stop| stop.span.end < name.end).last();
        let bare = Span { start: modifier.map_or(name.start, |stop| stop.span.end), end: name.end };
        let thing = self.thing(bare).or_else(|| self.thing(name));
        let topic = if name.is_empty() { self.topic(clause.span.start) } else { None };
        let spoken = speaker.filter(|speaker| speaker.office).map(|speaker| speaker.states);
        let (states, basis) = match (framed, spoken) {
            (Some(governor), _) if !governor.party.states.is_empty() => {
                (governor.party.states, "who agrees or announces")
            }
            (_, Some(states)) => (states, "the speaker"),
            _ => (thing.as_ref().map(|thing| thing.states).unwrap_or_default(), "the states of the project"),
        };
        let object = thing.as_ref().map(|thing| thing.name).or(topic);
        let (Some(object), false) = (object, states.is_empty()) else { return false };
        let grading = framed.map(|governor| governor.cue).or(cue);
        let Some(grading) = grading else { return false };
        let words = framed.map_or(grading.span, |governor| governor.words);
        let Grade { force, modality, .. } = doc.lexicon.grade(doc.word(grading)).clone();
        let rule = "commitment.completion";
        let mut record = Record::new(Kind::Commitment, rule, clause.span);
        record.inferred("actors", Value::texts(names(doc, states)), basis);
        record.printed("action", Value::text(doc.label(verb.span)), verb.span);
        match topic {
            Some(topic) => record.inferred("object", Value::text(doc.label(topic)), "named before"),
            None => record.printed("object", Value::text(doc.label(object)), object),
        }
        record.printed("cue", Value::text(doc.label(words)), words);
        self.fill(
            &mut record,
            rule,
            &[("modality", modality), ("force", force), ("status", Label::fixed("announced"))],
            clause,
        );
        self.found.push(record);
        true
    }

    /// `某某透露，年内把结算币种扩大到五种`: what somebody in office says to be done by a day to come, without a word for it.
    pub(super) fn dated_plan(&mut self, clause: Clause, read: &Predicate, speaker: Option<&Speaker>) -> bool {
        let doc = self.doc;
        let Some(speaker) = speaker.filter(|speaker| speaker.title.is_some()) else { return false };
        let Some(verb) = read.verb.filter(|_| read.cue.is_none() && read.done.is_none()) else {
            return false;
        };
        let subject = read.subject.as_ref().filter(|subject| !subject.is_empty());
        let known = doc.at(verb.start, Class::Action).or_else(|| doc.at(verb.start, Class::Change)).is_some();
        let today: Option<String> = doc.context.reference.as_ref().map(|day| day.value.to_string());
        // A year that has begun is as likely told of.
        let ahead = |text: &str, at: Span| {
            today.as_deref().is_some_and(|today| text > today) || doc.ending(at.end, Class::Within).is_some()
        };
        let before = Span { start: clause.span.start, end: verb.start };
        let dated = doc.mentions_in(before).any(|(mention, at)| match &mention.value {
            MentionValue::Text(text) => {
                matches!(mention.kind, MentionKind::Date | MentionKind::DateRange)
                    && ahead(text.trim_start_matches("../"), at)
            }
            _ => false,
        });
        if !known || !dated || verb.len() < 6 || !is_ahead(doc, clause.span) || subject.is_some_and(|s| s.we)
        {
            return false;
        }
        let object =
            read.taken.unwrap_or(Span { start: verb.end.min(clause.span.end), end: clause.span.end });
        if doc.text(object).chars().count() < 2 {
            return false;
        }
        let actors = match subject {
            Some(subject) if !subject.states.is_empty() => names(doc, subject.states),
            Some(_) => return false,
            None if !speaker.states.is_empty() => names(doc, speaker.states),
            None => vec![speaker.name.clone()],
        };
        let rule = "commitment.dated";
        let mut record =
            Record::new(Kind::Commitment, rule, Span { start: read.start, end: clause.span.end });
        record.inferred("actors", Value::texts(actors), "the speaker");
        record.printed("action", Value::text(doc.label(verb)), verb);
        record.printed("object", Value::text(doc.label(object)), object);
        let known = [
            ("modality", Label::fixed("intent")),
            ("force", Label::fixed("F4")),
            ("status", Label::fixed("announced")),
        ];
        self.fill(&mut record, rule, &known, clause);
        if speaker.states.is_empty() && self.is_local(speaker) {
            record.flags.push("local");
        }
        self.found.push(record);
        true
    }

    /// Under a decision: `from next year the visa-free stay is extended from 15 to 30 days`.
    pub(super) fn changes(&mut self, clause: Clause, governor: Option<&Governor>) -> bool {
        let doc = self.doc;
        let Some(governor) =
            governor.filter(|governor| force_of(doc, governor.cue) >= 4 && !governor.party.states.is_empty())
        else {
            return false;
        };
        // What stands beside something signed is told of.
        if doc.word(governor.cue).id.ends_with(".bound") {
            return false;
        }
        let Some(change) = doc.of_class(clause.span, Class::Change).next() else { return false };
        let mut name = Span { start: clause.span.start, end: change.span.start };
        // `由15天` between the name and the verb; a date before the name.
        let from = doc
            .of_class(name, Class::Preposition)
            .filter(|word| matches!(doc.word(*word).value.as_str(), "agent" | "at"))
            .last();
        if let Some(from) = from.filter(|from| from.span.start > name.start + 6) {
            name.end = from.span.start;
        }
        if let Some((_, day)) = doc.mentions_in(name).next().filter(|(_, day)| day.start == name.start) {
            name.start = day.end.min(name.end);
        }
        while let Some(skip) = doc
            .any_at(name.start, &[Class::Preposition, Class::Adverb, Class::Cue])
            .filter(|s| s.span.end < name.end)
        {
            name.start = skip.span.end;
        }
        let counts = doc.mentions_in(Span { start: change.span.end, end: clause.span.end }).next().is_some();
        if !counts || doc.text(name).chars().count() < 2 {
            return false;
        }
        let Grade { force, modality, .. } = doc.lexicon.grade(doc.word(governor.cue)).clone();
        let rule = "commitment.changes";
        let mut record = Record::new(Kind::Commitment, rule, clause.span);
        let states = names(doc, governor.party.states);
        record.inferred("actors", Value::texts(states), "who agrees or announces");
        record.printed("action", Value::text(doc.label(change.span)), change.span);
        record.printed("object", Value::text(doc.label(name)), name);
        record.printed("cue", Value::text(doc.label(governor.words)), governor.words);
        let known = [("modality", modality), ("force", force), ("status", Label::fixed("announced"))];
        self.fill(&mut record, rule, &known, clause);
        record.flags.push("changes");
        self.found.push(record);
        true
    }

    /// `The completion date of X is moved from A to B`.
    pub(super) fn rescheduled(&mut self, clause: Clause) -> bool {
        let doc = self.doc;
        let Some(schedule) = doc.of_class(clause.span, Class::Schedule).next() else {
            return false;
        };
        let rest = Span { start: schedule.span.end, end: clause.span.end };
        let Some(change) = doc.of_class(rest, Class::Change).next() else { return false };
        let mut name = Span { start: clause.span.start, end: schedule.span.start };
        if let Some(particle) = doc.ending(name.end, Class::TitleStop) {
            name.end = particle.span.start.max(name.start);
        }
        let Some(thing) = self.thing(name).filter(|thing| !thing.states.is_empty()) else { return false };
        let rule = "commitment.rescheduled";
        let mut record = Record::new(Kind::Commitment, rule, clause.span);
        record.inferred("actors", Value::texts(names(doc, thing.states)), "the states of the project");
        let action =
            doc.of_class(schedule.span, Class::ProjectAfter).next().map_or(change.span, |hit| hit.span);
        record.printed("action", Value::text(doc.label(action)), action);
        record.printed("object", Value::text(doc.label(thing.name)), thing.name);
        record.printed("cue", Value::text(doc.label(change.span)), change.span);
        let after = Span { start: change.span.end, end: clause.span.end };
        self.fill(
            &mut record,
            rule,
            &[
                ("modality", Label::fixed("decision")),
                ("force", Label::fixed("F5")),
                ("status", Label::fixed("in progress")),
            ],
            Clause { span: after, ..clause },
        );
        record.flags.push("changes");
        self.found.push(record);
        true
    }

    /// A report that a thing is there: the promise behind it is delivered. It needs a day or a word that says it is
    /// done, and states to answer for it.
    pub(super) fn opened(&mut self, clause: Clause) -> bool {
        let doc = self.doc;
        // Of an endless sentence what stands near the clause.
        let sentence = doc.layout.sentences[clause.sentence].span;
        let sentence = Span {
            start: sentence.start.max(clause.span.start.saturating_sub(TOPIC)),
            end: sentence.end.min(clause.span.end.saturating_add(TOPIC)),
        };
        let head = Span { start: sentence.start, end: clause.span.end };
        let dated = doc.mentions_in(head).any(|(mention, _)| mention.kind == MentionKind::Date);
        let verb = doc.of_class(clause.span, Class::ProjectAfter).find(|verb| {
            // `举行新闻通气会`: a word inside a name; `因新船延期交付`: what is late is not there.
            let inside = [Class::EventSuffix, Class::BodySuffix, Class::ProjectSuffix, Class::TitlePart];
            let before = Span { start: clause.span.start, end: verb.span.start };
            let late = doc.of_class(before, Class::ProjectAfter).any(|hit| doc.word(hit).value == "delayed");
            doc.word(*verb).value == "delivered"
                && clause.span.end - verb.span.end <= 36
                && !doc.covered(verb.span, &inside)
                && !late
        });
        let Some(verb) = verb else { return false };
        let (name, cue, done) = self.bare_subject(clause, verb.span.start);
        if cue.is_some() || !dated && done.is_none() || is_ahead(doc, head) {
            return false;
        }
        let Some(mut thing) = self.thing(name) else { return false };
        let named = doc.of_class(sentence, Class::PromiseNamed).next();
        let mut basis = "the states of the project";
        if let Some(promise) = named
            && let Some((_, by)) = self.promised_by(promise)
        {
            // Who gave the word answers for it.
            thing.states = by;
            basis = "whose promise it is";
        }
        if thing.states.is_empty() {
            return false;
        }
        let rule = "commitment.opened";
        let mut record = Record::new(Kind::Commitment, rule, clause.span);
        record.inferred("actors", Value::texts(names(doc, thing.states)), basis);
        record.printed("action", Value::text(doc.label(verb.span)), verb.span);
        record.printed("object", Value::text(doc.label(name)), name);
        record.printed("cue", Value::text(doc.label(verb.span)), verb.span);
        self.fill(
            &mut record,
            rule,
            &[
                ("modality", Label::fixed("report")),
                ("force", Label::fixed("F5")),
                ("status", Label::fixed("delivered")),
            ],
            Clause { span: head, ..clause },
        );
        if named.is_some() {
            record.flags.push("promise-named");
        }
        self.found.push(record);
        true
    }

    /// The states of the party in the clause of a word for a promise.
    fn promised_by(&self, promise: Hit) -> Option<(Span, States)> {
        let doc = self.doc;
        let clause = doc.clause_at(promise.span.start)?;
        doc.hits_in(clause.span)
            .filter(|hit| matches!(hit.class, Class::Side | Class::State | Class::Person))
            .find_map(|hit| {
                let states = doc.word(hit).states;
                (!states.is_empty()).then_some((hit.span, states))
            })
    }

    /// `Since A and B waived visas on 1 March, …`: a dated deed of states, told as known.
    pub(super) fn since(&mut self, clause: Clause, party: &super::actor::Party, verb: Span) -> bool {
        let doc = self.doc;
        let closing = doc.ending(clause.span.end, Class::Afterwards);
        let Some(closing) = closing.filter(|word| doc.word(*word).value != "before") else { return false };
        let dated = doc
            .mentions_in(clause.span)
            .any(|(mention, at)| matches!(mention.kind, MentionKind::Date) && at.end <= verb.start);
        let object = Span { start: verb.end.min(closing.span.start), end: closing.span.start };
        if !dated
            || party.states.is_empty()
            || doc.text(object).chars().count() < 2
            || is_ahead(doc, clause.span)
        {
            return false;
        }
        let rule = "commitment.since";
        let mut record =
            Record::new(Kind::Commitment, rule, Span { start: clause.span.start, end: closing.span.start });
        record.printed("actors", Value::texts(names(doc, party.states)), party.at);
        record.printed("action", Value::text(doc.label(verb)), verb);
        record.printed("object", Value::text(doc.label(object)), object);
        record.printed("cue", Value::text(doc.label(closing.span)), closing.span);
        let known = [
            ("modality", Label::fixed("report")),
            ("force", Label::fixed("F5")),
            ("status", Label::fixed("delivered")),
        ];
        self.fill(&mut record, rule, &known, clause);
        self.found.push(record);
        true
    }

    /// A verb whose clause only says when something else was (`after it is built`).
    pub(super) fn dates_another(&self, verb: Span, clause: Clause) -> bool {
        let doc = self.doc;
        let rest = Span { start: verb.end.min(clause.span.end), end: clause.span.end };
        doc.at(rest.start, Class::Afterwards).is_some_and(|word| word.span.end == rest.end)
    }

    pub(super) fn fill(
        &self,
        record: &mut Record<Span>,
        rule: &'static str,
        known: &[(&'static str, Label)],
        clause: Clause,
    ) {
        let doc = self.doc;
        for (field, value) in known {
            record.inferred(field, Value::text(value), rule);
        }
        if known.iter().all(|(field, _)| *field != "polarity") {
            record.inferred("polarity", Value::text("positive"), rule);
        }
        record.inferred("specificity", Value::Integer(3), "filled slots");
        deadline(doc, clause.span, record);
        if let Some((sector, row)) = doc.sector(record.at) {
            record.inferred("sector", Value::text(sector), row);
        }
    }
}
