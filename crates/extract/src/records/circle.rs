//! Which states a story is about, and which two "both sides" are at a place of it.

use shiliu_lang::Section;
use shiliu_text::Span;

use super::actor::short_forms;
use super::doc::Doc;
use super::lexicon::{Class, Hit};
use super::person::People;
use super::states::States;

/// The states a story is about: whom "both sides" and "all sides" mean in it.
#[derive(Debug, Default)]
pub(super) struct Circle {
    /// The members of the mechanism, or the two of a meeting of two.
    pub(super) states: States,
    /// Whether the profile's states stand in the story at all.
    pub(super) concerned: bool,
    /// Sentences that name two states and no more, by their first byte, each with the place where both are named and its
    /// states.
    pairs: Vec<(u32, u32, States)>,
    /// Sentences that name three or four states and no more, in the same form.
    several: Vec<(u32, States)>,
    /// Whether a group of states stands in the story: two named on the way are not what it is about.
    grouped: bool,
    /// Where two people who speak for no state are joined by "and".
    strangers: Vec<u32>,
}

/// So many bytes before a word for both it is looked for whom it means.
const JOINED: u32 = 1200;
/// The second of two organisations ends within so many bytes after the word that joins them.
const SECOND: u32 = 60;

/// Longest row of one-character forms, in characters.
const FORMS: usize = 6;

impl Circle {
    pub(super) fn of(doc: &Doc<'_>, people: &People) -> Circle {
        let states = doc.profile.entries(Section::State);
        let mut named: Vec<(u32, usize)> = Vec::new();
        for hit in doc.every(Class::State).chain(doc.every(Class::Side)) {
            if doc.covered(hit.span, &[Class::Group, Class::Meeting, Class::Body]) {
                continue;
            }
            named.push((hit.span.start, doc.word(hit).row));
        }
        // Short forms side by side name their states too.
        for hit in doc.every(Class::Circle).chain(doc.every(Class::Bilateral)) {
            let forms = forms_before(doc, hit).unwrap_or_default();
            named.extend(forms.rows().map(|row| (hit.span.start, row)));
        }
        let two_words = doc.every(Class::Circle).filter(|&hit| doc.word(hit).value == "both").count();
        let grouped = doc.has(Class::Group);
        let heading = heading_states(doc);
        let mut counts = vec![0usize; states.len()];
        for (_, row) in &named {
            counts[*row] += 1;
        }
        let concerned =
            !named.is_empty() || !heading.is_empty() && two_words > 0 || grouped || doc.has(Class::Meeting);
        let many = |hit: Hit| matches!(doc.word(hit).value.as_str(), "three" | "four");
        let several_named = if doc.every(Class::Circle).any(many) {
            named.sort_unstable();
            of_sentences(doc, &named, 3..=4).into_iter().map(|(start, _, states)| (start, states)).collect()
        } else {
            Vec::new()
        };
        if two_words == 0 {
            // Nobody is "both" in it: the members, whoever is named.
            let states = (0..states.len()).collect();
            return Circle { states, concerned, grouped, several: several_named, ..Circle::default() };
        }
        let several = counts.iter().filter(|&&count| count > 0).count();
        let groups = doc.every(Class::Group).count();
        let two = several == 2 && two_words > groups && (two_words >= 2 || groups == 0);
        // Who holds an office of a state speaks for it: two of them who meet are both sides.
        for naming in &people.namings {
            let person = &people.persons[naming.person];
            if let (Some(row), true) = (person.states.only(), person.office) {
                named.push((naming.span.start, row));
            }
        }
        named.sort_unstable();
        let pairs = pairs(doc, &named, heading);
        let chosen = match pairs.first() {
            Some((.., pair))
                if !two && several < 2 && groups == 0 && pairs.iter().all(|(.., p)| p == pair) =>
            {
                *pair
            }
            _ => {
                let members = counts.iter().enumerate().filter(|(_, count)| !two || **count > 0);
                members.map(|(row, _)| row).collect()
            }
        };
        let strangers = strangers(doc, people);
        Circle { states: chosen, concerned, pairs, several: several_named, grouped, strangers }
    }

    /// Everybody of the circle but these.
    pub(super) fn others(&self, than: States) -> States {
        self.states.without(than)
    }

    /// Whether two organisations or two people who speak for no state are joined by "and" between the sentence of the
    /// last two states and a byte, in the byte's paragraph: then "both" may be they.
    fn others_joined(&self, doc: &Doc<'_>, from: u32, at: u32) -> bool {
        let here = doc.layout.paragraphs.partition_point(|paragraph| paragraph.end <= at);
        let floor = doc.layout.paragraphs.get(here).map_or(0, |paragraph| paragraph.start);
        let stretch = Span { start: from.max(floor).max(at.saturating_sub(JOINED)), end: at };
        let firm = |hit: Hit| {
            doc.is(hit, Class::TitlePart) && doc.word(hit).value == "firm"
                || doc.is(hit, Class::BodySuffix) && doc.word(hit).value == "company"
        };
        let near = doc.of_class(stretch, Class::Joiner).any(|joiner| {
            let before = [Class::TitlePart, Class::BodySuffix]
                .iter()
                .any(|&class| doc.ending(joiner.span.start, class).is_some_and(firm));
            let clause_end = doc.clause_at(joiner.span.end).map_or(stretch.end, |clause| clause.span.end);
            let behind = Span {
                start: joiner.span.end,
                end: clause_end.min(joiner.span.end + SECOND).max(joiner.span.end),
            };
            before && doc.hits_in(behind).any(firm)
        });
        near || self.strangers.iter().any(|&pair| stretch.start <= pair && pair < at)
    }

    /// Whether two people who speak for no state are joined by "and" a little before a byte.
    pub(super) fn are_people(&self, at: u32) -> bool {
        self.strangers.iter().any(|&pair| pair < at && pair + JOINED >= at)
    }

    /// The three or four that a word for so many sides at a byte means: those named last; all of the story or, in the
    /// mouth of one of them, the others where they are so many; else nobody is known to be meant.
    pub(super) fn so_many(&self, at: u32, count: usize, speaker: States) -> States {
        let before = &self.several[..self.several.partition_point(|(start, _)| *start <= at)];
        if let Some((_, states)) = before.iter().rev().take(8).find(|(_, states)| states.len() == count) {
            return *states;
        }
        let whole = if speaker.len() == 1 { self.others(speaker) } else { self.states };
        if whole.len() == count { whole } else { States::default() }
    }

    /// The two that a word for both at a byte means: those named last, in a story of a group only those of the same
    /// paragraph; else whom the story is about.
    pub(super) fn both(&self, doc: &Doc<'_>, at: u32) -> States {
        // Of a sentence that names them only behind the word those before it are meant.
        let begun = &self.pairs[..self.pairs.partition_point(|(start, ..)| *start <= at)];
        let last = begun.iter().rev().take(2).find(|(_, named, _)| *named <= at).or(begun.last());
        let from = last.map_or(0, |(start, ..)| *start);
        if self.others_joined(doc, from, at) {
            return States::default();
        }
        let here = doc.layout.paragraphs.partition_point(|paragraph| paragraph.end <= at);
        let floor = doc.layout.paragraphs.get(here).map_or(0, |paragraph| paragraph.start);
        match last {
            Some((start, _, pair)) if !self.grouped || *start >= floor => *pair,
            _ => self.states,
        }
    }
}

/// The states whose one-character forms end right before a word.
fn forms_before(doc: &Doc<'_>, word: Hit) -> Option<States> {
    let before = doc.all()[..word.span.start as usize].char_indices().rev().take(FORMS);
    before
        .filter_map(|(start, _)| short_forms(doc, start as u32))
        .filter(|(_, end)| *end == word.span.start)
        .map(|(states, _)| states)
        .max_by_key(|states| states.len())
}

/// Where two named people, of whom neither holds an office of a state, are joined by "and".
fn strangers(doc: &Doc<'_>, people: &People) -> Vec<u32> {
    let joined = people.namings.windows(2).filter(|two| {
        let joiner = doc.at(two[0].span.end, Class::Joiner);
        joiner.is_some_and(|joiner| joiner.span.end == two[1].span.start)
            && two.iter().all(|naming| people.persons[naming.person].states.is_empty())
    });
    joined.map(|two| two[0].span.start).collect()
}

/// The rows of the states that the story's heading names.
fn heading_states(doc: &Doc<'_>) -> Vec<usize> {
    let lines = [&doc.context.headline, &doc.context.deck];
    let mut rows: Vec<usize> = Vec::new();
    for line in lines.into_iter().flatten() {
        let hits = doc.lexicon.hits(line).hits;
        let group = hits.iter().any(|hit| matches!(hit.class, Class::Group | Class::Meeting));
        let named = hits.iter().filter(|hit| matches!(hit.class, Class::State | Class::Side) && !group);
        rows.extend(named.map(|hit| doc.lexicon.words[hit.word as usize].row));
    }
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// The sentences that name so many states and no more, and tell of no earlier thing.
fn of_sentences(
    doc: &Doc<'_>,
    named: &[(u32, usize)],
    count: std::ops::RangeInclusive<usize>,
) -> Vec<(u32, u32, States)> {
    let mut found = Vec::new();
    let mut next = 0;
    for sentence in &doc.layout.sentences {
        let span: Span = sentence.span;
        let mut rows: Vec<usize> = Vec::new();
        let mut all_named = span.start;
        while let Some((at, row)) = named.get(next).filter(|(at, _)| *at < span.end) {
            if !rows.contains(row) {
                all_named = *at;
            }
            rows.push(*row);
            next += 1;
        }
        rows.sort_unstable();
        rows.dedup();
        // What was before is told of in passing.
        if count.contains(&rows.len())
            && ![Class::Group, Class::Earlier].iter().any(|&class| doc.holds(span, class))
        {
            found.push((span.start, all_named, rows.iter().copied().collect()));
        }
    }
    found
}

/// The sentences that name two states and no more; the heading's two come first.
fn pairs(doc: &Doc<'_>, named: &[(u32, usize)], heading: Vec<usize>) -> Vec<(u32, u32, States)> {
    let mut pairs = Vec::new();
    if heading.len() == 2 {
        pairs.push((0, 0, heading.iter().copied().collect()));
    }
    pairs.extend(of_sentences(doc, named, 2..=2));
    pairs
}
