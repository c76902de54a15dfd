//! Promises of what is to come whose subject is no party: `the tender will be published on 1 July`, `the next meeting is
//! to be held in …`. Who answers for them is who speaks or decides, else whose thing it is.

use shiliu_ledger::{Kind, Label, Record, Value};
use shiliu_text::Span;

use super::actor::{Party, names, party_at};
use super::clause::{FrameHead, predicate};
use super::commitment::{Course, Governor, Reader, force_of, in_marks};
use super::deadline::is_ahead;
use super::doc::is_han;
use super::layout::Clause;
use super::lexicon::{Class, Grade, Hit};
use super::speech::Speaker;
use super::states::States;
use crate::{Mention, MentionKind};

/// Longest name of what is planned, in characters.
const NAME: usize = 30;

impl Reader<'_, '_> {
    /// A thing before a word for what will be, and a deed behind it: a promise where a day to come, a number, a decision or
    /// somebody in office stands behind it.
    pub(super) fn planned(
        &mut self,
        clause: Clause,
        governor: Option<&Governor>,
        course: &Course,
        speaker: Option<&Speaker>,
    ) -> bool {
        let doc = self.doc;
        let mut start = clause.span.start;
        // `第五届会议将…` is no fifth point: a number of points ends in a mark or a word.
        let numbers = |hit: &Hit| {
            doc.before(hit.span.end).is_some_and(|last| !is_han(last))
                || doc.ending(hit.span.end, Class::Boundary).is_some()
        };
        let counts = |hit: &Hit| doc.mention_over(hit.span.start).is_some_and(|at| at.end > hit.span.end);
        while let Some(skip) = doc
            .numbering_at(start)
            .filter(numbers)
            .or_else(|| doc.at(start, Class::Conjunction).filter(|hit| !counts(hit)))
        {
            start = skip.span.end;
        }
        if start >= clause.span.end {
            return false;
        }
        let rest = Span { start, end: clause.span.end };
        let intends = |cue: &Hit| {
            let first = Span { start: cue.span.start, end: cue.span.start + 3 };
            doc.word(*cue).id.ends_with(".will")
                && cue.span.start > start
                && !in_marks(doc, cue.span)
                && !doc.covered(first, &[Class::BodySuffix, Class::TitlePart])
        };
        let Some(cue) = doc.of_class(rest, Class::Cue).find(intends) else { return false };
        let timed = |mention: &Mention| {
            matches!(mention.kind, MentionKind::Date | MentionKind::DateRange | MentionKind::Duration)
        };
        let name = Span { start, end: self.before_cue(start, cue.span.start, timed) };
        if !self.is_thing_planned(name) {
            return false;
        }
        let frame = FrameHead {
            party: Party { other: Some(doc.label(name)), at: name, ..Party::default() },
            content: cue.span.start,
        };
        let behind = Clause { span: Span { start: cue.span.start, ..clause.span }, ..clause };
        let read = predicate(doc, self.people, self.circle, States::default(), behind, false, Some(frame));
        let Some(verb) = read.verb.filter(|verb| verb.len() >= 6 && read.cue.is_some()) else { return false };
        // `大桥将使…时间缩短`: what it brings about is no deed.
        let mut at = read.cue_words.end;
        while let Some(next) = doc
            .at(at, Class::Adverb)
            .map(|adverb| adverb.span.end)
            .or_else(|| doc.mention_over(at).filter(|mention| mention.start == at).map(|mention| mention.end))
        {
            at = next;
        }
        if at < verb.start && doc.at(at, Class::Preposition).is_none() {
            return false;
        }
        let deed = doc.at(verb.start, Class::Action).filter(|deed| doc.word(*deed).value != "advance");
        let changed = doc.at(verb.start, Class::Change).is_some();
        let comes =
            doc.at(verb.start, Class::ProjectAfter).is_some_and(|hit| doc.word(hit).value == "delivered");
        let framed =
            governor.filter(|governor| force_of(doc, governor.cue) >= 4 && !governor.party.is_empty());
        let spoken = speaker.filter(|speaker| speaker.office || speaker.title.is_some());
        let counted = doc
            .mentions_in(Span { start: verb.start, end: clause.span.end })
            .any(|(mention, _)| matches!(mention.kind, MentionKind::Count | MentionKind::Money));
        // What a local office tells of its plans needs a day or a number.
        let official = spoken.is_some_and(|speaker| !speaker.states.is_empty() && !self.is_local(speaker));
        let certain = framed.is_some() || official;
        let ahead = is_ahead(doc, clause.span);
        let told = ahead || counted || certain;
        // With a day to come any deed that names its object or ends the clause.
        let dated = ahead && doc.mentions_in(Span { start, end: verb.start }).next().is_some();
        if !told || !(deed.is_some() || comes || changed && certain || dated) {
            return false;
        }
        // A race or a fair that will be held is an event.
        let event = doc.ending(name.end, Class::EventSuffix);
        if event.is_some_and(|event| {
            matches!(doc.word(event).value.as_str(), "contest" | "festival" | "campaign")
        }) {
            return false;
        }
        let meeting =
            [Class::EventSuffix, Class::Meeting].iter().any(|&class| doc.ending(name.end, class).is_some());
        let held = doc.at(verb.start, Class::EventVerb).is_some();
        let Some((party, basis)) = self.answers_for(clause, name, framed, spoken, course, meeting && held)
        else {
            return false;
        };
        let grading = framed.map_or(cue, |governor| governor.cue);
        let Grade { force, modality, .. } = doc.lexicon.grade(doc.word(grading)).clone();
        let rule = "commitment.planned";
        let mut record = Record::new(Kind::Commitment, rule, rest);
        let actors = match &party.other {
            Some(other) if party.states.is_empty() => vec![other.clone()],
            _ => names(doc, party.states),
        };
        record.inferred("actors", Value::texts(actors), basis);
        record.printed("action", Value::text(doc.label(verb)), verb);
        record.printed("object", Value::text(doc.label(name)), name);
        let words = framed.map_or(cue.span, |governor| governor.words);
        record.printed("cue", Value::text(doc.label(words)), words);
        let polarity = if read.negative { "negative" } else { "positive" };
        let known = [
            ("modality", modality),
            ("force", force),
            ("status", Label::fixed("announced")),
            ("polarity", Label::fixed(polarity)),
        ];
        self.fill(&mut record, rule, &known, clause);
        if self.is_beside(&party) {
            record.flags.push("local");
        }
        if changed {
            record.flags.push("changes");
        }
        self.found.push(record);
        true
    }

    /// Under a decision or a promise: who else acts (`其余费用由各成员国分摊`), what is done by a day (`研究报告于3月前提交各国`), what stays
    /// as it is (`资费维持现价不变`).
    pub(super) fn decided_of(&mut self, clause: Clause, governor: &Governor) -> bool {
        let doc = self.doc;
        let barred = [Class::Speech, Class::Done, Class::Earlier, Class::Slogan, Class::Withheld];
        let advice = governor.framed && doc.word(governor.cue).id.ends_with(".propose");
        if force_of(doc, governor.cue) < 4 && !advice
            || doc.word(governor.cue).id.ends_with(".bound")
            || doc.is(governor.cue, Class::SetsOut)
            || governor.party.is_empty()
            || barred.iter().any(|&class| doc.holds(clause.span, class))
        {
            return false;
        }
        let mut party = Party { we: false, ..governor.party.clone() };
        let deed = |from: u32| {
            let rest = Span { start: from.min(clause.span.end), end: clause.span.end };
            let mut deeds: Vec<Span> = doc
                .of_class(rest, Class::Action)
                .chain(doc.of_class(rest, Class::Change))
                .filter(|deed| deed.span.len() > 3 && !in_marks(doc, deed.span))
                .filter(|deed| {
                    !doc.covered(deed.span, &[Class::WorldName, Class::BodySuffix, Class::ProjectSuffix])
                })
                .filter(|deed| doc.at(deed.span.end, Class::Modifier).is_none())
                .map(|deed| deed.span)
                .collect();
            deeds.sort_by_key(|deed| (deed.start, std::cmp::Reverse(deed.end)));
            deeds.first().copied()
        };
        let agent = doc
            .of_class(clause.span, Class::Preposition)
            .find(|word| doc.word(*word).value == "agent" && word.span.start >= clause.span.start + 6);
        let day = doc
            .mentions_in(clause.span)
            .filter(|(mention, at)| {
                matches!(mention.kind, MentionKind::Date | MentionKind::DateRange) && is_ahead(doc, *at)
            })
            .map(|(_, at)| at)
            .next();
        let kept = doc.ending(clause.span.end, Class::Unchanged);
        // `审计署建议，财政部门收回闲置资金`: what an organ is advised to do, without a word for it.
        let organ = [Class::TitlePart, Class::BodySuffix]
            .iter()
            .flat_map(|&class| doc.of_class(clause.span, class))
            .filter(|organ| {
                organ.span.end >= clause.span.start + 9 && organ.span.end <= clause.span.start + 36
            })
            .find(|organ| {
                let next =
                    doc.any_at(organ.span.end, &[Class::Adverb]).map_or(organ.span.end, |word| word.span.end);
                doc.at(next, Class::Action).is_some_and(|deed| deed.span.len() > 3)
            })
            .filter(|_| advice);
        let found = if let Some(organ) = organ {
            let name = Span { start: clause.span.start, end: organ.span.end };
            party = Party { other: Some(doc.label(name)), at: name, ..Party::default() };
            deed(organ.span.end).map(|verb| (organ.span.end, verb))
        } else if advice {
            None
        } else if let Some(agent) = agent {
            let acts =
                party_at(doc, self.people, self.circle, States::default(), agent.span.end, clause.span.end);
            if let Some(acts) = acts.filter(|acts| !acts.is_empty()) {
                party = acts;
            }
            deed(agent.span.end).map(|verb| (agent.span.start, verb))
        } else if let Some(kept) = kept {
            let verb = doc.at(kept.span.start, Class::Action).map_or(kept.span, |verb| verb.span);
            Some((kept.span.start, verb))
        } else {
            day.and_then(|day| {
                let before = doc
                    .ending(day.start, Class::Preposition)
                    .or_else(|| doc.ending(day.start, Class::Adverb));
                let end = before.map_or(day.start, |word| word.span.start);
                deed(day.end).map(|verb| (end, verb))
            })
        };
        let Some((end, verb)) = found else { return false };
        let name = Span { start: clause.span.start, end: end.max(clause.span.start) };
        if !(2..=NAME).contains(&doc.text(name).chars().count())
            || doc
                .any_at(name.start, &[Class::Pronoun, Class::According, Class::Aim, Class::Preposition])
                .is_some_and(|word| {
                    doc.any_at(name.start, &[Class::Generic, Class::Circle])
                        .is_none_or(|own| own.span.len() <= word.span.len())
                })
        {
            return false;
        }
        let Grade { force, modality, .. } = doc.lexicon.grade(doc.word(governor.cue)).clone();
        let rule = "commitment.decided";
        let mut record = Record::new(Kind::Commitment, rule, clause.span);
        let actors = match &party.other {
            Some(other) if party.states.is_empty() => vec![other.clone()],
            _ => names(doc, party.states),
        };
        record.inferred("actors", Value::texts(actors), "who agrees or announces");
        record.printed("action", Value::text(doc.label(verb)), verb);
        // Who acts is no object.
        let object =
            if agent.is_none() && advice { Span { start: verb.end, end: clause.span.end } } else { name };
        record.printed("object", Value::text(doc.label(object)), object);
        record.printed("cue", Value::text(doc.label(governor.words)), governor.words);
        let status = if advice { "proposed" } else { "announced" };
        let known = [("modality", modality), ("force", force), ("status", Label::fixed(status))];
        self.fill(&mut record, rule, &known, clause);
        if self.is_beside(&party) {
            record.flags.push("local");
        }
        self.found.push(record);
        true
    }

    /// Whether a stretch before a word for what will be can name a thing.
    fn is_thing_planned(&self, name: Span) -> bool {
        let doc = self.doc;
        let length = doc.text(name).chars().count();
        let barred = [Class::Preposition, Class::Modifier, Class::Negation, Class::Joiner, Class::Speech];
        // Parties that nobody knows promise for themselves.
        let party = doc.any_at(name.start, &[Class::Circle, Class::Collective, Class::Group, Class::State]);
        (2..=NAME).contains(&length)
            && party.is_none_or(|party| party.span.end < name.end)
            && barred.iter().all(|&class| doc.ending(name.end, class).is_none())
            // `其余部分将…`: a longer word that only begins like a pronoun.
            && doc
                .any_at(name.start, &[Class::Pronoun, Class::According, Class::Aim, Class::Generic])
                .is_none_or(|word| doc.is(word, Class::Generic))
            && !doc.of_class(name, Class::Cue).any(|cue| force_of(doc, cue) >= 3 && !in_marks(doc, cue.span))
    }

    /// Who answers for a thing that is planned, and how that is known.
    fn answers_for(
        &self,
        clause: Clause,
        name: Span,
        framed: Option<&Governor>,
        spoken: Option<&Speaker>,
        course: &Course,
        meeting: bool,
    ) -> Option<(Party, &'static str)> {
        let doc = self.doc;
        let of = |states: States| Party { states, ..Party::default() };
        if let Some(governor) = framed {
            return Some((Party { we: false, ..governor.party.clone() }, "who agrees or announces"));
        }
        if meeting && self.circle.concerned {
            return Some((of(self.circle.states), "who meets"));
        }
        if let Some(speaker) = spoken {
            if !speaker.states.is_empty() && !self.is_local(speaker) {
                return Some((of(speaker.states), "the speaker"));
            }
            let other = self.organ(speaker).unwrap_or_else(|| speaker.name.clone());
            let at = speaker.at;
            return Some((Party { other: Some(other), at, ..Party::default() }, "the speaker"))
                .filter(|(party, _)| party.other.as_ref().is_some_and(|other| !other.is_empty()));
        }
        if let Some(subject) = course.subject.as_ref().filter(|subject| !subject.is_empty() && !subject.we) {
            return Some((subject.clone(), "named before"));
        }
        let own = doc
            .hits_in(name)
            .filter(|hit| matches!(hit.class, Class::State | Class::Side | Class::Project | Class::Place))
            .fold(States::default(), |all, hit| all.with(doc.word(hit).states));
        if !own.is_empty() {
            return Some((of(own), "the states of the project"));
        }
        if !is_ahead(doc, clause.span) {
            return None;
        }
        // What is promised beside it in the paragraph.
        let paragraph = doc.layout.paragraphs.partition_point(|paragraph| paragraph.end <= name.start);
        let from = doc.layout.paragraphs.get(paragraph)?.start;
        let before = Span { start: from, end: name.start };
        let state = doc
            .hits_in(before)
            .filter(|hit| matches!(hit.class, Class::State | Class::Side))
            .filter(|hit| !doc.covered(hit.span, &[Class::Group, Class::Meeting, Class::Press]))
            .last();
        if let Some(state) = state {
            return Some((of(doc.word(state).states), "the state named before"));
        }
        // `主塔将于11月底封顶`: a part of the project that the story tells of.
        let told = Span { start: 0, end: name.start };
        let project = doc.of_class(told, Class::Project).last()?;
        Some((of(doc.word(project).states), "the states of the project"))
            .filter(|(party, _)| !party.is_empty())
    }
}
