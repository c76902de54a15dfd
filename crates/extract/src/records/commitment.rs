use shiliu_ledger::{Kind, Label, Record, Value};
use shiliu_text::Span;

use super::actor::{Party, names, without_half_marks};
use super::circle::Circle;
use super::clause::{FrameHead, Predicate, invited, predicate};
use super::deadline::{deadline, is_ahead, long_past};
use super::doc::Doc;
use super::layout::Clause;
use super::lexicon::{Class, Grade, Hit};
use super::person::People;
use super::points::{behind_number, is_detailed, outcomes};
use super::quote::Speech;
use super::slots::{area_of, object, quantity};
use super::speech::Speaker;
use super::states::States;

/// What governs the clauses that follow.
#[derive(Clone, Debug)]
pub(super) struct Governor {
    pub(super) party: Party,
    /// The printed words of the cue and the word that grades it.
    pub(super) cue: Hit,
    pub(super) words: Span,
    /// The cue ends a clause of its own: whole clauses stand under it.
    pub(super) framed: bool,
}

/// A clause that sets the stage for the next: its cue is spoken, its verb is still to come.
#[derive(Clone, Copy, Debug)]
struct Pending {
    start: u32,
}

/// What a sentence carries from clause to clause.
#[derive(Default)]
pub(super) struct Course {
    pub(super) subject: Option<Party>,
    pending: Option<Pending>,
    /// A subject that is no actor stood last: a bare cue after it is not the speaker's.
    foreign: bool,
    /// Who speaks in the sentence's frame: a decision or a wish without a subject is theirs, whatever stood last.
    framed: Option<Party>,
    /// Who promised last in the sentence: a word that goes on takes it up again (`…，并将…`).
    last: Option<Party>,
    /// Who headed the sentence before something else was told: a decision without a subject is theirs.
    stood: Option<Party>,
    /// The governor of a list that a colon opens.
    list: Option<Governor>,
    /// The words under which what was agreed is listed.
    pub(super) listed: Option<Hit>,
    /// Index of the last record of the sentence, where it is cooperation in general under the same cue.
    general: Option<usize>,
}

impl Course {
    /// The next promise begins at a byte before its own clause.
    pub(super) fn pending_from(&mut self, start: u32) {
        self.pending.get_or_insert(Pending { start });
    }

    /// What a plan or a proposal contains has no subject from before.
    pub(super) fn turn_to_points(&mut self) {
        self.subject = None;
        self.pending = None;
        self.general = None;
    }

    /// A new subject that is no actor ends what went before; who speaks and an open list stay.
    fn turn_foreign(&mut self) {
        self.subject = None;
        self.pending = None;
        self.general = None;
        self.foreign = true;
    }
}

pub(super) struct Reader<'r, 'd> {
    pub(super) doc: &'r Doc<'d>,
    pub(super) people: &'r People,
    pub(super) speech: &'r Speech,
    pub(super) circle: &'r Circle,
    pub(super) found: &'r mut Vec<Record<Span>>,
    /// What governed where the first numbered point of the paragraph begins; the outer `None` before one.
    pub(super) points_under: Option<Option<Governor>>,
}

/// Finds who will do what: one record a target. Stances (F0–F1) are kept with the flag `stance`.
pub(super) fn commitments(
    doc: &Doc<'_>,
    people: &People,
    speech: &Speech,
    circle: &Circle,
    found: &mut Vec<Record<Span>>,
) {
    let mut reader = Reader { doc, people, speech, circle, found, points_under: None };
    // Who governs the numbered paragraphs that a colon at a paragraph's end opens.
    let mut points: Option<Points> = None;
    for paragraph in 0..doc.layout.paragraphs.len() {
        let mut governor: Option<Governor> = None;
        reader.points_under = None;
        let numbered = doc.numbering_at(doc.layout.paragraphs[paragraph].start).is_some();
        let inherited = points.take().filter(|_| numbered);
        let mut framed = None;
        for sentence in doc.layout.sentences_of(paragraph) {
            framed = reader.sentence(sentence, inherited.clone().unwrap_or_default(), &mut governor);
        }
        let last = doc.layout.sentences_of(paragraph).last().map(|sentence| doc.layout.sentences[sentence]);
        let opens = last.is_some_and(|last| doc.text(last.span).ends_with('：'));
        let listed = outcomes(doc, paragraph);
        points = if opens || listed.is_some() {
            Some(Points { governor, speaks: framed, listed })
        } else {
            inherited
        };
    }
}

/// What a colon at a paragraph's end opens: the numbered paragraphs below it.
#[derive(Clone, Default)]
struct Points {
    /// What governs them.
    governor: Option<Governor>,
    /// Who speaks in them: theirs are the points that have a cue of their own and no subject.
    speaks: Option<Party>,
    /// The words that say that what was agreed is listed below.
    listed: Option<Hit>,
}

impl Reader<'_, '_> {
    /// `points` govern the numbered points of the sentence that have no governor of their own. Returns who speaks in
    /// its frame.
    fn sentence(
        &mut self,
        sentence: usize,
        points: Points,
        governor: &mut Option<Governor>,
    ) -> Option<Party> {
        let (first, last) = self.doc.layout.sentences[sentence].clauses;
        // What marks open is said anew: no cue before them governs it.
        if self.doc.char_at(self.doc.layout.sentences[sentence].span.start) == Some('“') {
            *governor = None;
        }
        let Points { governor: list, speaks: subject, listed } = points;
        let mut course = Course { list, subject, listed, ..Course::default() };
        // What an earlier sentence said it would do goes on in a sentence that begins with a verb.
        let mut opening = true;
        for index in first..last {
            let clause = self.doc.without_dateline(self.doc.layout.clauses[index]);
            if self.is_frame(clause, governor, &mut course.subject) {
                course.pending = None;
                course.foreign = false;
                course.framed.clone_from(&course.subject);
            } else {
                self.clause(clause, governor, &mut course, opening);
            }
            if clause.mark == '：' {
                course.list.clone_from(governor);
                course.listed = self.doc.ending(clause.span.end, Class::Outcomes).or(course.listed);
            }
            opening = false;
        }
        course.framed
    }

    /// A clause that ends in a verb of speech says who speaks, and may itself be a cue (`X宣布，`).
    fn is_frame(&self, clause: Clause, governor: &mut Option<Governor>, subject: &mut Option<Party>) -> bool {
        let frames = &self.speech.frames;
        let index = frames.partition_point(|frame| frame.verb.span.start < clause.span.start);
        let Some(frame) = frames.get(index).filter(|frame| frame.verb.span.end == clause.span.end) else {
            return false;
        };
        let party = self.spoken_for(&frame.speaker);
        let cue = self.doc.at(frame.verb.span.start, Class::Cue);
        *governor = cue.filter(|_| !party.is_empty()).map(|cue| Governor {
            party: party.clone(),
            cue,
            words: frame.verb.span,
            framed: true,
        });
        *subject = Some(party).filter(|party| !party.is_empty());
        true
    }

    /// Whom a speaker commits: the states spoken for, else the organisation or person as printed.
    fn spoken_for(&self, speaker: &Speaker) -> Party {
        let states = if speaker.states.is_empty() && self.circle.concerned && speaker.title.is_none() {
            self.collective(speaker.at)
        } else {
            speaker.states
        };
        let other = (states.is_empty() && !speaker.name.is_empty()).then(|| speaker.name.clone());
        Party { states, other, at: speaker.at, we: false }
    }

    fn collective(&self, at: Span) -> States {
        let hit = self.doc.any_at(at.start, &[Class::Collective, Class::Circle]);
        match hit.map(|hit| self.doc.word(hit).value.as_str()) {
            None | Some("organ" | "pair") => States::default(),
            Some("both") => self.circle.both(self.doc, at.start),
            Some("three") => self.circle.so_many(at.start, 3, States::default()),
            Some("four") => self.circle.so_many(at.start, 4, States::default()),
            Some(_) => self.circle.states,
        }
    }

    fn clause(
        &mut self,
        clause: Clause,
        governor: &mut Option<Governor>,
        course: &mut Course,
        opening: bool,
    ) {
        let doc = self.doc;
        let number = doc.numbering_at(clause.span.start);
        if number.is_some() {
            self.under_points(governor);
        }
        if number.is_some_and(|number| number.span.end == clause.span.end) {
            // `第一，`: the point begins in the next clause.
            if governor.is_none() {
                governor.clone_from(&course.list);
            }
            return;
        }
        if number.is_some() && self.heads_items(clause) {
            course.pending = None;
            return;
        }
        if self.only_date(clause) {
            course.pending.get_or_insert(Pending { start: clause.span.start });
            return;
        }
        if self.adds_purpose(clause) || self.only_aims(clause) {
            return;
        }
        let speech = self.speech;
        let speaker = speech.speaker_at(doc, clause.span.start);
        let states = speaker.map_or(States::default(), |speaker| speaker.states);
        if governor.is_none() && number.is_some() {
            governor.clone_from(&course.list);
        }
        if let Some((outer, rest)) = self.puts_forward(clause).or_else(|| self.sets_out(clause)) {
            *governor = Some(outer);
            course.turn_to_points();
            if rest < clause.span.end {
                let clause = Clause { span: Span { start: rest, ..clause.span }, ..clause };
                self.clause(clause, governor, course, false);
            }
            return;
        }
        let frame = self.open_frame(clause);
        let spoken = frame.is_some();
        if let Some(frame) = &frame {
            course.framed = Some(frame.party.clone());
        }
        // Praise and stances carry no promise on to the next clause's own cue.
        let governs = governor.as_ref().is_some_and(|governor| force_of(doc, governor.cue) >= 2);
        let mut read = predicate(doc, self.people, self.circle, states, clause, governs, frame);
        if governs && !opening && read.done.is_some() && read.cue.is_none() && read.subject.is_none() {
            // How far a thing has come is a report beside the promise.
            return;
        }
        // `首期投资1亿`: what a first stage costs is told of the promise.
        if governs
            && !opening
            && read.cue.is_none()
            && read.subject.is_none()
            && self.only_costs(&read, clause)
        {
            return;
        }
        // So is what is being done now (`目前正在斟酌具体办法`).
        let now = doc.at(read.start, Class::Adverb).is_some_and(|word| doc.word(word).value == "now");
        if governs && !opening && now && read.cue.is_none() && read.subject.is_none() {
            return;
        }
        if read.verb.is_some_and(|verb| self.dates_another(verb, clause)) {
            return;
        }
        if self.rescheduled(clause) {
            return;
        }
        if read.foreign && self.only_figure(clause) {
            return;
        }
        let feels = doc.ending(clause.span.end, Class::Feeling).is_some();
        let lost = read.foreign
            || read.cue.is_none() && read.subject.is_some() && read.verb.is_none() && !read.scene;
        if lost && self.completes(clause, governor.as_ref(), speaker)
            || governor.is_none() && self.dated_plan(clause, &read, speaker)
        {
            return;
        }
        if lost && self.opened(clause) {
            *governor = None;
            course.turn_foreign();
            return;
        }
        if lost && self.changes(clause, governor.as_ref()) {
            course.pending = None;
            return;
        }
        let bare = read.cue.is_some() && read.verb.is_none();
        if (lost || bare) && self.reaches(clause, &read, governor.as_ref(), course)
            || lost && self.meets(clause, governor.as_ref())
        {
            course.pending = None;
            return;
        }
        if lost && !self.organisation(clause, &mut read, governor.as_ref(), speaker) {
            if self.planned(clause, governor.as_ref(), course, speaker) {
                return;
            }
            if governor.as_ref().is_some_and(|governor| {
                self.set_out_point(clause, governor, course) || self.decided_of(clause, governor)
            }) {
                course.pending = None;
                return;
            }
            // A new subject that is no actor ends what went before; an actor of whom something else is told stays one.
            *governor = None;
            let stood = course.subject.take().filter(|subject| !subject.we && !spoken);
            course.turn_foreign();
            // `我高度重视…，愿…`: who speaks of themselves goes on speaking.
            course.foreign = read.subject.as_ref().is_none_or(|subject| !subject.we);
            let named = read.subject.filter(|subject| !spoken && !subject.states.is_empty() && !subject.we);
            // `双方对…表示满意，愿…`: who only feels may go on with a promise.
            if feels {
                course.last = named;
            } else if named.is_some() {
                course.subject = named;
            } else {
                // `能源部接受审计结论，将…`: an organ of whom something else is told may go on with a promise.
                // `某国内阁举行例会，专题讨论…，决定…`: so may who headed the sentence.
                let organ = self.organ_told_of(clause, speaker).filter(|_| !spoken);
                course.last = organ.or(course.last.take());
                course.stood = stood.or(course.stood.take());
            }
            return;
        }
        if let Some(cue) = read.cue {
            let office = speaker.as_ref().is_some_and(|speaker| speaker.office);
            let party = read
                .subject
                .clone()
                .or_else(|| course.subject.clone())
                .or_else(|| course.framed.clone().filter(|_| matches!(force_of(doc, cue), 3 | 5)))
                .or_else(|| governor.as_ref().map(|governor| governor.party.clone()))
                .or_else(|| {
                    let goes_on = [Class::Adverb, Class::Conjunction, Class::Cue];
                    let goes_on = doc.any_at(clause.span.start, &goes_on).is_some();
                    let least = |last: &Party| if last.states.is_empty() { 4 } else { 2 };
                    let stood = || {
                        let id = &doc.word(cue).id;
                        // `也将推动…` is what a thing brings about.
                        let opens = doc.at(clause.span.start, Class::Cue).is_some();
                        let ahead = id.ends_with(".will") && (opens || is_ahead(doc, clause.span));
                        course.stood.clone().filter(|_| goes_on && (id.ends_with(".agree") || ahead))
                    };
                    course
                        .last
                        .clone()
                        .filter(|last| goes_on && force_of(doc, cue) >= least(last))
                        .or_else(stood)
                })
                .or_else(|| {
                    let speaker = speaker.as_ref().map(|s| (&s.name, s.office));
                    // `二期工程已启动，将在明年底前…`: what is to come is whose words they are, though a thing stood last.
                    let ahead = || doc.word(cue).id.ends_with(".will") && is_ahead(doc, clause.span);
                    self.speaking(&read, states, speaker).filter(|_| !course.foreign || ahead())
                });
            let should = doc.word(cue).id.ends_with(".should");
            // `双方决定…，宣布启动…`: what both announce behind what they agreed.
            let carried = read.subject.is_none()
                && governor.as_ref().is_some_and(|g| g.party.states.len() > 1 && force_of(doc, g.cue) == 5);
            let advised = read.subject.as_ref().is_some_and(|subject| subject.other.is_some())
                && governor.as_ref().is_some_and(|outer| self.is_advice(outer));
            let refused = party.as_ref().is_none_or(|party| {
                should && long_past(doc, clause.span)
                    || should && !advised && !self.may_urge(&read, office, speaker.is_some(), party)
                    || doc.word(cue).id.ends_with(".welcome")
                        && !invited(doc, self.people, cue.span.end, clause.span.end)
                    || self.only_reports(&read, cue, clause, speaker.is_some(), carried)
            });
            // `我们高度评价每一位关员`: praise by who writes a commentary is no state's.
            let writer = force_of(doc, cue) == 0
                && speaker.is_none()
                && party.as_ref().is_some_and(|party| party.we)
                && number.is_none()
                && !doc.has(Class::InstrumentHead);
            let refused = refused || writer;
            let Some(mut party) = party.clone().filter(|_| !refused) else {
                *governor = None;
                course.subject = party;
                course.pending = None;
                return;
            };
            if party.we && !should {
                // "We will …" is the speaker's side, "we should …" everybody's; in points who opened their list speaks.
                let lists =
                    course.list.as_ref().map(|list| list.party.states).filter(|states| states.len() == 1);
                if !states.is_empty() {
                    party.states = states;
                } else if let Some(own) = lists {
                    party.states = own;
                }
            }
            if let Some(speaker) = speaker.as_ref().filter(|speaker| party.we && self.is_local(speaker)) {
                // "We" in the mouth of who holds no office of a state is whom the speaker works for.
                let name = (!speaker.name.is_empty()).then(|| speaker.name.clone());
                party.other = self.organ(speaker).or(name);
                party.states = States::default();
            }
            party.we = false;
            if let Some(office) = speaker.as_ref().and_then(|speaker| self.home(&party, speaker)) {
                party.other = Some(office);
            }
            course.subject = Some(party.clone());
            course.last = Some(party.clone());
            course.foreign = false;
            course.general = None;
            let framed = read.verb.is_none() && read.cue_words.end == clause.span.end;
            *governor = Some(Governor { party, cue, words: read.cue_words, framed });
        } else if let Some(agreed) = self.listed(&read, course, opening || number.is_some()) {
            course.subject = Some(agreed.party.clone());
            course.foreign = false;
            *governor = Some(agreed);
        } else if let Some(party) = read.subject.clone().filter(|_| !spoken) {
            // Under "proposes that", "agree that" a clause with an actor of its own is what is proposed or agreed.
            let told = read.done.is_some();
            if let Some(outer) =
                governor.as_ref().filter(|outer| outer.framed && read.verb.is_some() && !told)
            {
                let verb = read.verb.unwrap_or(read.phrase);
                let own = Governor { party: party.clone(), ..outer.clone() };
                let span = Span { start: read.start, end: clause.span.end };
                self.emit(span, clause, &read, verb, &own, course);
                course.pending = None;
                return;
            }
            let party = &party;
            if let Some(verb) = read.verb.filter(|_| read.done.is_none()) {
                self.since(clause, party, verb);
            }
            if read.done.is_some() && read.verb.is_some() {
                self.delivered(clause, &read, party, speaker.is_some());
            }
            if feels {
                course.last = Some(party.clone());
                course.foreign = true;
            } else {
                course.subject = Some(party.clone());
            }
            course.pending = None;
            *governor = None;
            return;
        } else if opening && governor.is_some() && !(read.verb.is_some() && read.with.is_empty()) {
            *governor = None;
        }
        let Some(governor) = governor.clone() else {
            course.pending = None;
            return;
        };
        let Some(verb) = read.verb else {
            // Praise and thanks set no stage for what is promised next.
            if read.cue.is_some_and(|cue| force_of(doc, cue) >= 2) {
                course.pending.get_or_insert(Pending { start: read.start });
            }
            return;
        };
        if doc.of_class(clause.span, Class::Slogan).next().is_some_and(|slogan| !in_marks(doc, slogan.span))
            || read.numbered
                && read.subject.is_none()
                && self.is_heading(clause, verb, course.list.is_some() || course.listed.is_some())
            || behind_number(doc, clause)
                && read.subject.is_none()
                && clause.mark == '。'
                && is_detailed(doc, clause)
            || self.practises(&governor, verb, clause)
        {
            course.pending = None;
            return;
        }
        if self.accompanies(&read, verb, clause) {
            course.pending.get_or_insert(Pending { start: read.start });
            return;
        }
        // A point opens no points of its own.
        let opens = clause.mark == '：' || !self.in_point(clause) && self.numbered_next(clause);
        if opens && self.only_counts(verb, clause) {
            // `重点抓好三件事：`: what follows the colon is promised, not their number.
            course.pending = None;
            return;
        }
        let start = course.pending.take().map_or(read.start, |pending| pending.start.min(read.start));
        let span = Span { start, end: clause.span.end };
        self.emit(span, clause, &read, verb, &governor, course);
    }

    /// A verb of speech inside the clause with its content right after it (`表示将…`).
    fn open_frame(&self, clause: Clause) -> Option<FrameHead> {
        let frames = &self.speech.frames;
        let index = frames.partition_point(|frame| frame.verb.span.start < clause.span.start);
        let frame = frames.get(index).filter(|frame| frame.verb.span.end < clause.span.end)?;
        if self.doc.at(frame.verb.span.start, Class::Cue).is_some() || frame.only_feels(self.doc) {
            return None;
        }
        let party = self.spoken_for(&frame.speaker);
        (!party.is_empty()).then_some(FrameHead { party, content: frame.content })
    }

    /// What was signed, passed or proclaimed in a report is an event or an instrument and no promise: only
    /// agreements between states bind as such, and only what is announced to be done is a promise.
    fn only_reports(&self, read: &Predicate, cue: Hit, clause: Clause, spoken: bool, carried: bool) -> bool {
        let doc = self.doc;
        let rest = Span { start: read.cue_words.end, end: clause.span.end };
        if doc.word(cue).id.ends_with(".bound") {
            let binding = doc
                .of_class(rest, Class::InstrumentHead)
                .any(|head| matches!(doc.word(head).value.as_str(), "treaty" | "agreement"));
            return !binding || doc.word(cue).value.ends_with("ratified");
        }
        if doc.word(cue).id.ends_with(".declare") {
            let person = read.subject.as_ref().is_some_and(|subject| subject.states.len() == 1);
            let body = doc.hits_in(rest).any(|hit| doc.is(hit, Class::Body));
            // `某国宣布成立某中心`: one word, and a founding, no promise.
            let founded = doc.at(cue.span.start, Class::BodyVerb).is_some_and(|verb| {
                verb.span.len() > cue.span.len() && doc.word(verb).value == "established"
            });
            return body || !spoken && (founded || !carried && !person);
        }
        if doc.word(cue).id.ends_with(".agree") {
            // "Decided to found X" told of years ago; "the meeting set six priorities".
            let priorities = doc.of_class(rest, Class::ListEnd).any(|end| end.span.end == rest.end);
            let promised = doc.at(cue.span.start, Class::PromiseNamed).is_some();
            return priorities || !promised && long_past(doc, doc.layout.sentences[clause.sentence].span);
        }
        false
    }

    /// Who acts where the clause names nobody: the speaker, with a "should" everybody the speaker speaks of.
    fn speaking(&self, read: &Predicate, states: States, speaker: Option<(&Label, bool)>) -> Option<Party> {
        let at = Span::new(read.start as usize, read.start as usize);
        if let Some((_, true)) = speaker {
            let should = read.cue.is_some_and(|cue| self.doc.word(cue).id.ends_with(".should"));
            let states = if should { self.circle.states } else { states };
            return Some(Party { states, at, ..Party::default() }).filter(|party| !party.is_empty());
        }
        match speaker {
            Some((name, false)) if !name.is_empty() => {
                Some(Party { other: Some(name.clone()), at, ..Party::default() })
            }
            None if self.circle.concerned && read.numbered => {
                Some(Party { states: self.circle.states, at, ..Party::default() })
            }
            _ => None,
        }
    }

    /// A numbered head (`二要以A促进B`) names the point, its measures follow.
    fn is_heading(&self, clause: Clause, verb: Span, listed: bool) -> bool {
        let by = self.doc.hits_in(Span { start: clause.span.start, end: verb.start });
        let manner = by
            .into_iter()
            .any(|hit| self.doc.is(hit, Class::Preposition) && self.doc.word(hit).value == "by");
        (manner || clause.mark == '。') && !listed || clause.mark == '。' && is_detailed(self.doc, clause)
    }

    fn delivered(&mut self, clause: Clause, read: &Predicate, party: &Party, spoken: bool) {
        let (Some(done), Some(verb)) = (read.done, read.verb) else { return };
        let founding =
            self.doc.at(verb.start, Class::BodyVerb).or_else(|| self.doc.at(verb.start, Class::ProjectAfter));
        if founding.is_none() || !spoken {
            return;
        }
        let governor = Governor { party: party.clone(), cue: done, words: done.span, framed: false };
        let span = Span { start: read.start, end: clause.span.end };
        self.emit(span, clause, read, verb, &governor, &mut Course::default());
    }

    fn emit(
        &mut self,
        span: Span,
        clause: Clause,
        read: &Predicate,
        verb: Span,
        governor: &Governor,
        course: &mut Course,
    ) {
        let doc = self.doc;
        let done = doc.is(governor.cue, Class::Done);
        let (force, modality, status) = if done {
            (Label::fixed("F5"), Label::fixed("report"), Label::fixed("delivered"))
        } else {
            let Grade { force, modality, status } = doc.lexicon.grade(doc.word(governor.cue)).clone();
            (force, modality, status)
        };
        let mut object = read.taken.unwrap_or_else(|| object(doc, verb, clause.span.end));
        let mut topic = None;
        let mut taken_up = None;
        if doc.text(object).chars().count() < 2 && self.completion(verb) {
            // "Will open in 2034": what is told of was named before.
            topic = self.topic(clause.span.start);
        }
        if topic.is_none() && doc.text(object).chars().count() < 2 {
            // "…, on trial from 1 January": when the promise before it takes effect.
            if read.cue.is_none() && self.only_dated(read.phrase) {
                let effect = doc.at(verb.start, Class::InstrumentVerb).is_some_and(|word| {
                    matches!(doc.word(word).value.as_str(), "in force" | "being implemented")
                });
                let joined = doc.at(clause.span.start, Class::Adverb).is_some();
                match self.last_object(clause).filter(|_| !effect && joined) {
                    Some(last) => taken_up = Some(last),
                    None => {
                        self.dates_last(clause);
                        return;
                    }
                }
            }
            if taken_up.is_none()
                && doc.text(read.phrase).chars().count() < 5
                && !(read.cue.is_some() && self.only_dated(read.phrase))
            {
                return;
            }
            // "On X we will go on supporting each other": what it is about stands before the verb.
            object = self.adverbial(read, governor);
        }
        // `外长定于24日访问某国`: so is a visit without a word for what it is.
        if doc.at(verb.start, Class::EventAct).is_some_and(|act| doc.word(act).value == "visit") {
            return;
        }
        // `应某某邀请`: who asked is no task.
        let asked = doc.word(governor.cue).id.ends_with(".should")
            && verb.end == clause.span.end
            && doc.at(verb.start, Class::Cue).is_some_and(|cue| doc.word(cue).id.ends_with(".welcome"));
        if asked {
            return;
        }
        // `将于6月22日进行正式访问`: a visit is an event.
        let visit = doc.ending(clause.span.end, Class::EventAct);
        if visit.is_some_and(|act| doc.word(act).value == "visit" && object.contains(act.span)) {
            return;
        }
        // To agree to study is to study.
        let studies =
            doc.at(verb.start, Class::Cue).is_some_and(|cue| doc.word(cue).id.ends_with(".explore"));
        let force = if studies && !done && force.as_str() > "F3" { Label::fixed("F2") } else { force };
        let stance = matches!(force.as_str(), "F0" | "F1");
        let party = read.agent.as_ref().unwrap_or(&governor.party);
        let mut record = Record::new(Kind::Commitment, doc.word(governor.cue).id.clone(), span);
        let actors = match &party.other {
            // What begins with a word of asking was cut out of a sentence and names nobody.
            Some(_) if !party.at.is_empty() && doc.at(party.at.start, Class::Cue).is_some() => return,
            Some(name) => {
                let whole = without_half_marks(name);
                vec![if whole.len() == name.len() { name.clone() } else { Label::of(whole) }]
            }
            None => names(doc, party.states),
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
        record.printed("action", Value::text(doc.label(verb)), verb);
        match (topic, taken_up) {
            (Some(topic), _) => record.inferred("object", Value::text(doc.label(topic)), "named before"),
            (None, Some(last)) => record.inferred("object", Value::text(last), "named before"),
            _ => record.printed("object", Value::text(doc.label(object)), object),
        }
        let inside = Span { start: span.start, end: clause.span.end };
        // "Raise X to 800": the figure that counts stands after the verb.
        let after = Span { start: verb.end.min(clause.span.end), end: clause.span.end };
        let quantity =
            read.taken.is_some() && quantity(doc, after, &mut record) || quantity(doc, object, &mut record);
        // `董事会5月决定把工期由10月推迟到明年4月`: neither the day of the decision nor the old day is the last one.
        let after = Span { start: governor.words.end.clamp(inside.start, inside.end), end: inside.end };
        let decided = force.as_str() >= "F5"
            && governor.words.start >= inside.start
            && !is_ahead(doc, Span { start: inside.start, end: after.start });
        let bound = if decided { after } else { inside };
        let changed = doc.of_class(bound, Class::Change).last();
        let changed = changed.map(|change| Span { start: change.span.end, end: bound.end });
        let deadline =
            changed.is_some_and(|new| deadline(doc, new, &mut record)) || deadline(doc, bound, &mut record);
        record.printed("cue", Value::text(doc.label(governor.words)), governor.words);
        record.inferred("modality", Value::text(modality), doc.word(governor.cue).id.clone());
        record.inferred("force", Value::text(force), doc.word(governor.cue).id.clone());
        let place = doc.hits_in(inside).any(|hit| matches!(hit.class, Class::Place | Class::Instrument));
        let filled = [true, true, recipients, quantity, deadline, place];
        let filled = filled.into_iter().filter(|slot| *slot).count();
        record.inferred("specificity", Value::Integer(i64::try_from(filled).unwrap_or(0)), "filled slots");
        let polarity = if read.negative { "negative" } else { "positive" };
        record.inferred("polarity", Value::text(polarity), "negation words");
        let going_on = read.continuing && !stance && status == "announced";
        let status = if going_on { Label::fixed("in progress") } else { status };
        record.inferred("status", Value::text(status), doc.word(governor.cue).id.clone());
        if let Some((sector, row)) = doc.sector(Span { start: verb.start, end: clause.span.end }) {
            if let Some((area, entry)) = area_of(doc, doc.text(span), &sector) {
                record.inferred("area", Value::text(area), entry);
            }
            record.inferred("sector", Value::text(sector), row);
        }
        if stance {
            record.flags.push("stance");
        }
        if self.is_beside(party) {
            record.flags.push("local");
        }
        if doc.holds(clause.span, Class::Change) {
            record.flags.push("changes");
        }
        if read.cue.is_none() {
            record.flags.push("cue-carried");
        }
        let general = !stance && self.is_general(verb, object);
        if let Some(last) = course.general.filter(|_| general && read.cue.is_none()) {
            self.join(last, &record, clause);
            return;
        }
        course.general = general.then_some(self.found.len());
        self.found.push(record);
    }

    /// What a promise without an object is about: the phrase before its verb, without who promises, the cue and
    /// words of manner (`将在涉及核心利益的问题上继续坚定相互支持`).
    fn adverbial(&self, read: &Predicate, governor: &Governor) -> Span {
        let doc = self.doc;
        let Span { mut start, mut end } = read.phrase;
        for before in [governor.party.at, governor.words] {
            if before.start >= start && before.end < end {
                start = start.max(before.end);
            }
        }
        while let Some(word) =
            doc.any_at(start, &[Class::Adverb, Class::Cue, Class::Preposition]).filter(|w| w.span.end < end)
        {
            start = word.span.end;
        }
        while let Some(word) = [Class::Adverb, Class::PhraseTail]
            .iter()
            .find_map(|&class| doc.ending(end, class))
            .filter(|word| word.span.start > start)
        {
            end = word.span.start;
        }
        let stretch = Span { start, end };
        if doc.text(stretch).chars().count() < 2 { read.phrase } else { stretch }
    }

    /// The object of the promise before a clause of its sentence.
    fn last_object(&self, clause: Clause) -> Option<Label> {
        let sentence = self.doc.layout.sentences[clause.sentence].span;
        let last = self.found.last().filter(|last| last.kind == Kind::Commitment)?;
        if last.at.start < sentence.start || last.at.end > clause.span.start {
            None
        } else {
            last.label("object")
        }
    }

    /// Gives the promise before a clause of its sentence the clause's day.
    fn dates_last(&mut self, clause: Clause) {
        let sentence = self.doc.layout.sentences[clause.sentence].span;
        let Some(last) = self.found.last_mut() else { return };
        if last.kind == Kind::Commitment
            && last.at.start >= sentence.start
            && last.at.end <= clause.span.start
        {
            last.at = Span { start: last.at.start, end: clause.span.end };
            if last.value("deadline").is_none() {
                deadline(self.doc, clause.span, last);
            }
        }
    }
}

pub(super) fn force_of(doc: &Doc<'_>, cue: Hit) -> u8 {
    doc.word(cue).value.as_bytes().get(1).map_or(0, |digit| digit.wrapping_sub(b'0'))
}

pub(super) fn in_marks(doc: &Doc<'_>, span: Span) -> bool {
    doc.layout.pair_around(span, '“').is_some_and(|pair| pair.atom)
        || doc.layout.pair_around(span, '《').is_some()
}
