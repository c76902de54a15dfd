//! Which states a story is about, and which two "both sides" are at a place of it.

use shiliu_lang::Section;
use shiliu_text::Span;

use super::actor::short_forms;
use super::doc::Doc;
use super::lexicon::{Class, Hit};
use super::person::People;

/// The states a story is about: whom "both sides" and "all sides" mean in it.
#[derive(Debug, Default)]
pub(super) struct Circle {
    /// Ids in the order of the profile; the members of the mechanism, or the two of a meeting of two.
    pub(super) states: Vec<String>,
    /// Whether the profile's states stand in the story at all.
    pub(super) concerned: bool,
    /// Sentences that name two states and no more, by their first byte, each with its states.
    pairs: Vec<(u32, Vec<String>)>,
    /// Whether a group of states stands in the story: two named on the way are not what it is about.
    grouped: bool,
}

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
        let row = |id: &String| states.iter().position(|state| &state.id == id);
        // Short forms side by side name their states too.
        for hit in doc.every(Class::Circle).chain(doc.every(Class::Bilateral)) {
            let forms = forms_before(doc, hit).unwrap_or_default();
            named.extend(forms.iter().filter_map(row).map(|row| (hit.span.start, row)));
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
        if two_words == 0 {
            // Nobody is "both" in it: the members, whoever is named.
            let states = states.iter().map(|state| state.id.clone()).collect();
            return Circle { states, concerned, pairs: Vec::new(), grouped };
        }
        let several = counts.iter().filter(|&&count| count > 0).count();
        let groups = doc.every(Class::Group).count();
        let two = several == 2 && two_words > groups && (two_words >= 2 || groups == 0);
        // Who holds an office of a state speaks for it: two of them who meet are both sides.
        for naming in &people.namings {
            let person = &people.persons[naming.person];
            if let ([state], true) = (&person.states[..], person.office) {
                named.extend(row(state).map(|row| (naming.span.start, row)));
            }
        }
        named.sort_unstable();
        let pairs = pairs(doc, &named, heading);
        let chosen = match pairs.first() {
            Some((_, pair)) if !two && several < 2 && groups == 0 && pairs.iter().all(|(_, p)| p == pair) => {
                pair.clone()
            }
            _ => {
                let members = states.iter().zip(&counts).filter(|(_, count)| !two || **count > 0);
                members.map(|(state, _)| state.id.clone()).collect()
            }
        };
        Circle { states: chosen, concerned, pairs, grouped }
    }

    /// Everybody of the circle but these.
    pub(super) fn others(&self, than: &[String]) -> Vec<String> {
        self.states.iter().filter(|state| !than.contains(state)).cloned().collect()
    }

    /// The two that a word for both at a byte means: those named last, in a story of a group only those of the same
    /// paragraph; else whom the story is about.
    pub(super) fn both(&self, doc: &Doc<'_>, at: u32) -> &[String] {
        let last = self.pairs[..self.pairs.partition_point(|(start, _)| *start <= at)].last();
        let here = doc.layout.paragraphs.partition_point(|paragraph| paragraph.end <= at);
        let floor = doc.layout.paragraphs.get(here).map_or(0, |paragraph| paragraph.start);
        match last {
            Some((start, pair)) if !self.grouped || *start >= floor => pair,
            _ => &self.states,
        }
    }
}

/// The states whose one-character forms end right before a word.
fn forms_before(doc: &Doc<'_>, word: Hit) -> Option<Vec<String>> {
    let before = doc.all()[..word.span.start as usize].char_indices().rev().take(FORMS);
    before
        .filter_map(|(start, _)| short_forms(doc, start as u32))
        .filter(|(_, end)| *end == word.span.start)
        .map(|(states, _)| states)
        .max_by_key(Vec::len)
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

/// The sentences that name two states and no more; the heading's two come first.
fn pairs(doc: &Doc<'_>, named: &[(u32, usize)], heading: Vec<usize>) -> Vec<(u32, Vec<String>)> {
    let states = doc.profile.entries(Section::State);
    let ids = |rows: &[usize]| rows.iter().map(|row| states[*row].id.clone()).collect::<Vec<String>>();
    let mut pairs = Vec::new();
    if heading.len() == 2 {
        pairs.push((0, ids(&heading)));
    }
    let mut next = 0;
    for sentence in &doc.layout.sentences {
        let span: Span = sentence.span;
        let mut rows: Vec<usize> = Vec::new();
        while let Some((_, row)) = named.get(next).filter(|(at, _)| *at < span.end) {
            rows.push(*row);
            next += 1;
        }
        rows.sort_unstable();
        rows.dedup();
        if rows.len() == 2 && !doc.holds(span, Class::Group) {
            pairs.push((span.start, ids(&rows)));
        }
    }
    pairs
}
