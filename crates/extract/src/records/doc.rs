use shiliu_lang::{Entry, Profile, Section};
use shiliu_text::Span;

use super::Context;
use super::layout::{Clause, Layout};
use super::lexicon::{Class, Hit, Lexicon, Word};
use super::view::View;
use crate::Mention;

/// Longest part of a clause that grammars look at, in bytes; no sentence of prose has a longer clause.
const CLAUSE: usize = 3000;

/// One text with everything the grammars look things up in.
pub(super) struct Doc<'a> {
    pub(super) view: View<'a>,
    pub(super) layout: Layout,
    pub(super) lexicon: &'a Lexicon,
    pub(super) profile: &'a Profile,
    pub(super) context: &'a Context,
    pub(super) mentions: &'a [Mention],
    /// The places of the mentions in the view.
    pub(super) mention_spans: Vec<Span>,
    hits: Vec<Hit>,
    /// Indexes of `hits` by end, the longer first.
    by_end: Vec<u32>,
    /// For every byte of the view, the first hit that starts there or later, and the place in `by_end` of the
    /// first hit that ends there or later: grammars ask these several times a character.
    starts: Vec<u32>,
    ends: Vec<u32>,
    /// For every class its hits, those inside a longer one left out.
    by_class: Vec<Vec<u32>>,
}

impl<'a> Doc<'a> {
    pub(super) fn new(
        text: &'a str,
        mentions: &'a [Mention],
        context: &'a Context,
        lexicon: &'a Lexicon,
        profile: &'a Profile,
    ) -> Doc<'a> {
        let view = View::new(text);
        let layout = Layout::of(&view.text);
        let ended = lexicon.hits(&view.text);
        let ends = first_at_or_after(view.text.len(), ended.iter().map(|hit| hit.span.end));
        let (hits, by_end, starts) = by_start(view.text.len(), &ended);
        let mut by_class: Vec<Vec<u32>> = vec![Vec::new(); Class::Last as usize];
        for (index, hit) in hits.iter().enumerate() {
            let list = &mut by_class[hit.class as usize];
            let inside = list.last().is_some_and(|&last| hit.span.end <= hits[last as usize].span.end);
            if !inside {
                list.push(u32::try_from(index).unwrap_or(u32::MAX));
            }
        }
        let mention_spans = mentions.iter().map(|mention| view.view_span(mention.span)).collect();
        Doc {
            view,
            layout,
            lexicon,
            profile,
            context,
            mentions,
            mention_spans,
            hits,
            by_end,
            starts,
            ends,
            by_class,
        }
    }

    /// The characters of a span.
    pub(super) fn text(&self, span: Span) -> &str {
        span.of(&self.view.text)
    }

    /// The whole view.
    pub(super) fn all(&self) -> &str {
        &self.view.text
    }

    /// The word of a hit.
    pub(super) fn word(&self, hit: Hit) -> &Word {
        &self.lexicon.words[hit.word as usize]
    }

    /// Whether a hit is of a class.
    pub(super) fn is(&self, hit: Hit, class: Class) -> bool {
        hit.class == class
    }

    /// The hits that start inside a span and end inside it, in order.
    pub(super) fn hits_in(&self, span: Span) -> impl Iterator<Item = Hit> + '_ {
        let start = self.starts[span.start as usize] as usize;
        self.hits[start..]
            .iter()
            .take_while(move |hit| hit.span.start < span.end)
            .filter(move |hit| hit.span.end <= span.end)
            .copied()
    }

    /// The hits of a class inside a span, in order; a hit inside a longer one of the same class is left out.
    pub(super) fn of_class(&self, span: Span, class: Class) -> Vec<Hit> {
        let mut found: Vec<Hit> = Vec::new();
        for hit in self.hits_in(span).filter(|&hit| self.is(hit, class)) {
            if found.last().is_none_or(|last| hit.span.end > last.span.end) {
                found.push(hit);
            }
        }
        found
    }

    /// The hits of a class over the whole text.
    pub(super) fn every(&self, class: Class) -> Vec<Hit> {
        self.by_class[class as usize].iter().map(|&index| self.hits[index as usize]).collect()
    }

    /// The longest hit of a class that starts at a byte.
    pub(super) fn at(&self, byte: u32, class: Class) -> Option<Hit> {
        let start = self.starts[byte as usize] as usize;
        self.hits[start..]
            .iter()
            .take_while(|hit| hit.span.start == byte)
            .find(|&&hit| self.is(hit, class))
            .copied()
    }

    /// The longest hit of one of the classes that starts at a byte.
    pub(super) fn any_at(&self, byte: u32, classes: &[Class]) -> Option<Hit> {
        classes.iter().filter_map(|&class| self.at(byte, class)).max_by_key(|hit| hit.span.end)
    }

    /// The longest hit of a class that ends at a byte.
    pub(super) fn ending(&self, byte: u32, class: Class) -> Option<Hit> {
        let start = self.ends[byte as usize] as usize;
        self.by_end[start..]
            .iter()
            .map(|&index| self.hits[index as usize])
            .take_while(|hit| hit.span.end == byte)
            .find(|&hit| self.is(hit, class))
    }

    /// Whether a hit lies inside a longer hit of one of the classes.
    pub(super) fn covered(&self, span: Span, classes: &[Class]) -> bool {
        // No name of the data is longer than this many bytes.
        let from = span.start.saturating_sub(120);
        let start = self.starts[from as usize] as usize;
        self.hits[start..].iter().take_while(|hit| hit.span.start <= span.start).any(|&hit| {
            hit.span.contains(span) && hit.span.len() > span.len() && classes.contains(&hit.class)
        })
    }

    /// The profile row behind a hit of a profile class.
    pub(super) fn entry(&self, hit: Hit) -> Option<&'a Entry> {
        let word = self.word(hit);
        let section = match word.class {
            Class::State | Class::Side | Class::Institution => Section::State,
            Class::Press => Section::Press,
            Class::Group => Section::Group,
            Class::Person => Section::Person,
            Class::Body => Section::Body,
            Class::Meeting => Section::Meeting,
            Class::Instrument => Section::Instrument,
            Class::Project => Section::Project,
            Class::Place => Section::Place,
            _ => return None,
        };
        self.profile.entries(section).get(word.row)
    }

    /// The character right before a byte.
    pub(super) fn before(&self, byte: u32) -> Option<char> {
        self.view.text[..byte as usize].chars().next_back()
    }

    /// The character at a byte.
    pub(super) fn char_at(&self, byte: u32) -> Option<char> {
        self.view.text[byte as usize..].chars().next()
    }

    /// The clause that holds a byte; of an endless one the part around the byte.
    pub(super) fn clause_at(&self, byte: u32) -> Option<Clause> {
        let mut clause = self.layout.clause_at(byte).map(|index| self.layout.clauses[index])?;
        if clause.span.len() > CLAUSE {
            let half = (CLAUSE / 2) as u32;
            let boundary = |at: u32| self.view.text.floor_char_boundary(at as usize) as u32;
            clause.span = Span {
                start: boundary(byte.saturating_sub(half)).max(clause.span.start),
                end: boundary(byte.saturating_add(half)).min(clause.span.end),
            };
        }
        Some(clause)
    }

    /// The sentence around a byte, as a span.
    pub(super) fn sentence_at(&self, byte: u32) -> Option<Span> {
        self.layout.sentence_at(byte).map(|index| self.layout.sentences[index].span)
    }

    /// The mentions that start inside a span of the view, with their places there.
    pub(super) fn mentions_in(
        &self,
        span: Span,
    ) -> impl DoubleEndedIterator<Item = (&'a Mention, Span)> + '_ {
        let start = self.mention_spans.partition_point(|at| at.start < span.start);
        let end = self.mention_spans.partition_point(|at| at.start < span.end);
        (start..end).map(|index| (&self.mentions[index], self.mention_spans[index]))
    }

    /// The mention that ends at a byte.
    pub(super) fn mention_ending(&self, byte: u32) -> Option<(&'a Mention, Span)> {
        let index = self.mention_spans.partition_point(|at| at.end < byte);
        let at = *self.mention_spans.get(index)?;
        (at.end == byte).then(|| (&self.mentions[index], at))
    }

    /// The mention around a byte, its last byte excluded.
    pub(super) fn mention_over(&self, byte: u32) -> Option<Span> {
        let index = self.mention_spans.partition_point(|at| at.end <= byte);
        self.mention_spans.get(index).copied().filter(|at| at.start <= byte)
    }

    /// The sector words' verdict on a stretch: the sector whose words cover the most characters, the first of
    /// those in the text where equal.
    pub(super) fn sector(&self, span: Span) -> Option<(String, String)> {
        let mut counts: Vec<(usize, u32, &Word)> = Vec::new();
        for hit in self.of_class(span, Class::Sector) {
            let word = self.word(hit);
            let length = self.text(hit.span).chars().count();
            match counts.iter_mut().find(|(_, _, known)| known.value == word.value) {
                Some(known) => known.0 += length,
                None => counts.push((length, hit.span.start, word)),
            }
        }
        counts
            .into_iter()
            .max_by_key(|&(length, start, _)| (length, std::cmp::Reverse(start)))
            .map(|(_, _, word)| (word.value.clone(), word.id.clone()))
    }
}

/// Hits given in order of their ends, put in order of their starts, the longer first, by counting: with them
/// their indexes in order of the ends, and for every byte the first hit that starts there or later.
fn by_start(length: usize, ended: &[Hit]) -> (Vec<Hit>, Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; length + 2];
    for hit in ended {
        starts[hit.span.start as usize + 1] += 1;
    }
    for byte in 1..starts.len() {
        starts[byte] += starts[byte - 1];
    }
    let mut next = starts.clone();
    let mut hits = ended.to_vec();
    let mut by_end = vec![0u32; ended.len()];
    for (order, hit) in ended.iter().enumerate().rev() {
        let place = &mut next[hit.span.start as usize];
        hits[*place as usize] = *hit;
        by_end[order] = *place;
        *place += 1;
    }
    (hits, by_end, starts)
}

/// For every number up to `length`, how many of the ascending `places` lie before it.
fn first_at_or_after(length: usize, places: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut firsts = Vec::with_capacity(length + 2);
    let mut count = 0u32;
    for place in places {
        firsts.resize((place as usize + 1).max(firsts.len()), count);
        count += 1;
    }
    firsts.resize((length + 2).max(firsts.len()), count);
    firsts
}

/// Whether a character is Han.
pub(super) fn is_han(character: char) -> bool {
    matches!(character as u32, 0x3400..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}
