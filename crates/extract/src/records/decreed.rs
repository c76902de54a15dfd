//! Promises that a plan or a notice makes: `the plan sets out that …`, and the points behind it.

use shiliu_ledger::{Kind, Label, Record, Value};
use shiliu_text::Span;

use super::actor::{Party, names};
use super::clause::Predicate;
use super::commitment::{Course, Governor, Reader, force_of, in_marks};
use super::doc::is_han;
use super::layout::Clause;
use super::lexicon::{Class, Grade, Hit};
use super::slots::quantity;
use crate::MentionKind;

/// Who issued it is looked for in so many sentences before.
const SENTENCES: usize = 4;
/// Longest name of who issues something, in characters.
const ISSUER: usize = 24;

impl Reader<'_, '_> {
    /// `方案明确，…`: a clause in which a document sets out what follows, with the byte where that begins. Whoever issued the
    /// document promises it.
    pub(super) fn sets_out(&self, clause: Clause) -> Option<(Governor, u32)> {
        let doc = self.doc;
        let closing = doc
            .ending(clause.span.end, Class::SetsOut)
            .filter(|verb| verb.span.start > clause.span.start && matches!(clause.mark, '，' | '：'));
        // `提出到2034年…`, behind the clause that tells of the document.
        let verb = closing
            .or_else(|| doc.at(clause.span.start, Class::SetsOut))
            .or_else(|| self.sets_out_inside(clause))?;
        let opens = verb.span.start == clause.span.start;
        let titled = |end: u32| {
            let title = doc.layout.pair_around(Span { start: end.saturating_sub(3), end }, '《');
            let inside = title.map_or(end, |pair| {
                let content = pair.content();
                // The years in brackets come after the head word.
                let years = doc.layout.pairs_in(content).iter().rev().find(|pair| pair.open == '（');
                years.filter(|pair| pair.span.end == content.end).map_or(content.end, |pair| pair.span.start)
            });
            let head = doc.ending(inside, Class::InstrumentHead)?;
            let plans = matches!(doc.word(head).value.as_str(), "plan" | "document" | "law" | "list");
            plans.then_some(title.is_some())
        };
        let before = doc.layout.clause_at(clause.span.start)?.checked_sub(1).map(|i| doc.layout.clauses[i]);
        let name = if opens {
            before.filter(|before| before.sentence == clause.sentence)?.span
        } else {
            let mut end = verb.span.start;
            while let Some(word) = doc.ending(end, Class::Adverb).filter(|w| w.span.start > clause.span.start)
            {
                end = word.span.start;
            }
            Span { start: clause.span.start, end }
        };
        let titled = titled(name.end)?;
        if !opens && doc.holds(name, Class::Modifier) && !titled {
            return None;
        }
        let party = self.issuer(verb.span.start).or_else(|| {
            // A document of the profile binds its parties.
            let listed = doc.of_class(name, Class::Instrument).last()?;
            let states = doc.word(listed).states;
            Some(Party { states, at: listed.span, ..Party::default() }).filter(|party| !party.is_empty())
        })?;
        Some((Governor { party, cue: verb, words: verb.span, framed: true }, verb.span.end))
    }

    /// `方案要求某港2032年底前建成两个泊位`: a document, what it does, and what it contains without a mark between them.
    fn sets_out_inside(&self, clause: Clause) -> Option<Hit> {
        /// Longest name of a document by its head word alone, in bytes.
        const SHORT: u32 = 18;
        let doc = self.doc;
        let verb = doc.of_class(clause.span, Class::SetsOut).find(|verb| {
            verb.span.start > clause.span.start && verb.span.start <= clause.span.start + SHORT
        })?;
        let behind = Span { start: verb.span.end, end: clause.span.end };
        let long = doc.text(behind).chars().count() >= 6;
        let noun =
            [Class::Modifier, Class::Aspect].iter().any(|&class| doc.at(behind.start, class).is_some());
        (long && !noun).then_some(verb)
    }

    /// Who issued a document named in a clause: what stands before the last verb of issuing in the sentences before.
    fn issuer(&self, at: u32) -> Option<Party> {
        let doc = self.doc;
        let first = doc.layout.sentence_at(at)?.saturating_sub(SENTENCES);
        let before = Span { start: doc.layout.sentences[first].span.start, end: at };
        let issues = |verb: &Hit| matches!(doc.word(*verb).value.as_str(), "issued" | "adopted" | "planned");
        let verb = doc.of_class(before, Class::InstrumentVerb).filter(issues).last()?;
        let own = doc.without_dateline(doc.clause_at(verb.span.start)?);
        let mut name = Span { start: own.span.start, end: verb.span.start.max(own.span.start) };
        loop {
            let timed = doc
                .mention_ending(name.end)
                .filter(|(mention, _)| matches!(mention.kind, MentionKind::Date | MentionKind::DateRange))
                .map(|(_, at)| at.start);
            let word = [Class::Adverb, Class::Narration, Class::Earlier, Class::Frame, Class::Done]
                .iter()
                .find_map(|&class| doc.ending(name.end, class))
                .map(|word| word.span.start);
            match timed.or(word).filter(|start| *start > name.start) {
                Some(start) => name.end = start,
                None => break,
            }
        }
        if name.is_empty()
            && let Some(before) = doc.layout.clause_at(own.span.start).and_then(|index| index.checked_sub(1))
        {
            // `某局会同某市有关部门，日前联合印发…`: the organ at the head of the clause before.
            name = doc.without_dateline(doc.layout.clauses[before]).span;
            let joined = doc.of_class(name, Class::Preposition).find(|word| doc.word(*word).value == "with");
            name.end = joined.map_or(name.end, |word| word.span.start);
        }
        // `本报讯（记者某某）某省办公厅近日印发…`: behind the bracket.
        if let Some(bracket) = doc.text(name).rfind('）') {
            name.start += (bracket + '）'.len_utf8()) as u32;
        }
        let text = doc.text(name);
        let organ = [Class::TitlePart, Class::BodySuffix, Class::Body, Class::State, Class::Place]
            .iter()
            .any(|&class| doc.ending(name.end, class).is_some());
        let plain = (2..=ISSUER).contains(&text.chars().count()) && text.chars().all(is_han);
        if !organ || !plain {
            return None;
        }
        let state = doc.at(name.start, Class::State).filter(|state| !self.is_longer_name(state.span));
        Some(match state {
            Some(state) => Party { states: doc.word(state).states, at: name, ..Party::default() },
            None => Party { other: Some(Label::of(text)), at: name, ..Party::default() },
        })
    }

    /// Whether a longer name of the profile begins with a state's.
    fn is_longer_name(&self, state: Span) -> bool {
        let longer = [Class::Body, Class::Meeting, Class::Project, Class::Place];
        self.doc.any_at(state.start, &longer).is_some_and(|name| name.span.end > state.end)
    }

    /// `到2033年，全省贸易额达到120亿`: under a plan or a decision, or with a day to come and who speaks for it, what a figure is
    /// to come to.
    pub(super) fn reaches(
        &mut self,
        clause: Clause,
        read: &Predicate,
        governor: Option<&Governor>,
        course: &Course,
    ) -> bool {
        let doc = self.doc;
        let cue = read.cue.filter(|cue| force_of(doc, *cue) >= 3 && read.subject.is_none());
        let outer = governor.filter(|governor| force_of(doc, governor.cue) >= 3);
        let party = outer
            .map(|governor| &governor.party)
            .or_else(|| course.subject.as_ref().filter(|_| cue.is_some()))
            .filter(|party| !party.is_empty());
        let (Some(party), Some(grading)) = (party, cue.or(outer.map(|governor| governor.cue))) else {
            return false;
        };
        if read.done.is_some() || doc.word(grading).id.ends_with(".bound") {
            return false;
        }
        let reaches = doc.of_class(clause.span, Class::Reaches).find(|word| {
            let behind = word.span.end;
            let figure = doc.mentions_in(Span { start: behind, end: clause.span.end }).next();
            // The bound itself may be read as a part of the figure.
            let within =
                doc.mention_over(word.span.start).is_some_and(|figure| figure.end <= clause.span.end);
            (within || figure.is_some_and(|(_, at)| at.start <= behind + 3))
                && !in_marks(doc, word.span)
                // `给予不超过…`: what is given is no target.
                && doc.ending(word.span.start, Class::Action).is_none()
                && doc.text(Span { start: clause.span.start, end: word.span.start }).chars().count() >= 2
        });
        let Some(reaches) = reaches else { return false };
        let mut name = Span { start: clause.span.start, end: reaches.span.start };
        let timed = doc.mentions_in(name).rfind(|(_, at)| at.start <= name.start + 9);
        if let Some((_, at)) = timed {
            name.start = at.end.min(name.end);
        }
        if doc.text(name).chars().count() < 2 || doc.holds(name, Class::Speech) {
            return false;
        }
        let Grade { force, modality, .. } = doc.lexicon.grade(doc.word(grading)).clone();
        let rule = "commitment.reaches";
        let mut record = Record::new(Kind::Commitment, rule, clause.span);
        let actors = match &party.other {
            Some(other) if party.states.is_empty() => vec![other.clone()],
            _ => names(doc, party.states),
        };
        record.inferred("actors", Value::texts(actors), "who agrees or announces");
        record.printed("action", Value::text(doc.label(reaches.span)), reaches.span);
        record.printed("object", Value::text(doc.label(name)), name);
        record.printed("cue", Value::text(doc.label(grading.span)), grading.span);
        let known = [("modality", modality), ("force", force), ("status", Label::fixed("announced"))];
        self.fill(&mut record, rule, &known, clause);
        quantity(doc, Span { start: reaches.span.start, end: clause.span.end }, &mut record);
        if self.is_beside(party) {
            record.flags.push("local");
        }
        self.found.push(record);
        true
    }

    /// `两市口岸对团队游客实行…` under a plan, `已购票旅客可全额退票` under a list of promises: who is named in a point is not who
    /// promises it.
    pub(super) fn set_out_point(&mut self, clause: Clause, governor: &Governor, course: &mut Course) -> bool {
        const SUBJECT: u32 = 60;
        let doc = self.doc;
        let lists = doc.is(governor.cue, Class::SetsOut)
            || force_of(doc, governor.cue) == 5 && doc.char_at(governor.words.end) == Some('：');
        let told = [Class::Done, Class::Earlier, Class::Speech, Class::Pronoun, Class::Negation];
        let head = Span { start: clause.span.start, end: (clause.span.start + 12).min(clause.span.end) };
        if !lists || !governor.framed || told.iter().any(|&class| doc.holds(head, class)) {
            return false;
        }
        let party = [Class::Circle, Class::State, Class::Side, Class::Group];
        if !doc.is(governor.cue, Class::SetsOut)
            && doc.any_at(clause.span.start, &party).is_some_and(|party| party.span.len() > 3)
        {
            return false;
        }
        if doc.at(clause.span.start, Class::Preposition).is_some() && clause.mark == '，' {
            // `对新开通的航线，给予…`: for whom the next clause is.
            course.turn_to_points();
            course.pending_from(clause.span.start);
            return true;
        }
        let verb = doc.of_class(clause.span, Class::Action).find(|verb| {
            verb.span.len() > 3
                && (verb.span.start > clause.span.start)
                && verb.span.start <= clause.span.start + SUBJECT
                && !in_marks(doc, verb.span)
                && !doc.covered(
                    verb.span,
                    &[Class::WorldName, Class::BodySuffix, Class::ProjectSuffix, Class::Place],
                )
                && doc.at(verb.span.end, Class::Modifier).is_none()
                && doc.at(verb.span.end, Class::Action).is_none()
        });
        let Some(verb) = verb else { return false };
        let Grade { force, modality, .. } = doc.lexicon.grade(doc.word(governor.cue)).clone();
        let rule = "commitment.set-out";
        let mut record = Record::new(Kind::Commitment, rule, clause.span);
        let actors = match &governor.party.other {
            Some(other) if governor.party.states.is_empty() => vec![other.clone()],
            _ => names(doc, governor.party.states),
        };
        let object = Span { start: verb.span.end.min(clause.span.end), end: clause.span.end };
        let object =
            if object.is_empty() { Span { start: clause.span.start, end: verb.span.start } } else { object };
        record.inferred("actors", Value::texts(actors), "who issued it");
        record.printed("action", Value::text(doc.label(verb.span)), verb.span);
        record.printed("object", Value::text(doc.label(object)), object);
        record.printed("cue", Value::text(doc.label(governor.words)), governor.words);
        let known = [("modality", modality), ("force", force), ("status", Label::fixed("announced"))];
        self.fill(&mut record, rule, &known, clause);
        quantity(doc, object, &mut record);
        if self.is_beside(&governor.party) {
            record.flags.push("local");
        }
        self.found.push(record);
        course.turn_to_points();
        true
    }
}
