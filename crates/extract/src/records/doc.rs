use std::borrow::Cow;

use shiliu_lang::{Entry, Profile, Section};
use shiliu_ledger::Label;
use shiliu_text::Span;

use super::Context;
use super::blocks::{Blocks, Presence};
use super::layout::{Clause, Layout};
use super::lexicon::{Class, Hit, Lexicon, Word};
use super::tree::{Found, sieve, sieve_of};
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
    found: Found,
    /// The hits by class, each class by place, and where each class begins.
    by_class: Vec<Hit>,
    class_starts: Vec<u32>,
    presence: Presence,
    mention_blocks: Blocks,
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
        let found = lexicon.hits(&view.text);
        let layout = Layout::of(&view.text, view.marks(), &lost_stops(&view, &found));
        let (by_class, class_starts) = by_class(&found.hits);
        let mention_spans: Vec<Span> = mentions.iter().map(|mention| view.view_span(mention.span)).collect();
        let length = view.text.len();
        let presence = Presence::of(length, found.hits.iter().map(|hit| (hit.span.start, hit.class as u8)));
        let mention_blocks = Blocks::of(length, mention_spans.iter().map(|span| span.end));
        Doc {
            view,
            layout,
            lexicon,
            profile,
            context,
            mentions,
            mention_spans,
            found,
            by_class,
            class_starts,
            presence,
            mention_blocks,
        }
    }

    /// The characters of a span.
    pub(super) fn text(&self, span: Span) -> &str {
        span.of(&self.view.text)
    }

    /// The characters of a span, for a value.
    pub(super) fn label(&self, span: Span) -> Label {
        Label::of(self.text(span))
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
        let start = self.found.first_from(span.start);
        self.found.hits[start..]
            .iter()
            .take_while(move |hit| hit.span.start < span.end)
            .filter(move |hit| hit.span.end <= span.end)
            .copied()
    }

    fn class(&self, class: Class) -> &[Hit] {
        let class = class as usize;
        &self.by_class[self.class_starts[class] as usize..self.class_starts[class + 1] as usize]
    }

    /// The hits of a class from the first that starts inside a span, if one may.
    #[inline]
    fn class_from(&self, class: Class, span: Span) -> &[Hit] {
        if !self.presence.may_hold(span.start, span.end, class as u8) {
            return &[];
        }
        let all = self.class(class);
        &all[all.partition_point(|hit| hit.span.start < span.start)..]
    }

    /// The hits of a class inside a span, in order; a hit inside a longer one of the same class is left out.
    pub(super) fn of_class(&self, span: Span, class: Class) -> impl Iterator<Item = Hit> + '_ {
        let all = self.class_from(class, span);
        let mut end = 0;
        let near = all.iter().copied().take_while(move |hit| hit.span.start < span.end);
        near.filter(move |hit| {
            let outer = hit.span.end <= span.end && hit.span.end > end;
            if outer {
                end = hit.span.end;
            }
            outer
        })
    }

    /// Whether a hit of a class lies inside a span.
    pub(super) fn holds(&self, span: Span, class: Class) -> bool {
        self.class_from(class, span)
            .iter()
            .take_while(|hit| hit.span.start < span.end)
            .any(|hit| hit.span.end <= span.end)
    }

    /// The hits of a class over the whole text; a hit inside a longer one is left out.
    pub(super) fn every(&self, class: Class) -> impl Iterator<Item = Hit> + '_ {
        let mut end = 0;
        self.class(class).iter().copied().filter(move |hit| {
            let outer = hit.span.end > end;
            end = end.max(hit.span.end);
            outer
        })
    }

    /// Whether the text has a word of a class.
    pub(super) fn has(&self, class: Class) -> bool {
        !self.class(class).is_empty()
    }

    /// The longest hit of a class that starts at a byte.
    pub(super) fn at(&self, byte: u32, class: Class) -> Option<Hit> {
        let mut here = self.found.starting(byte, sieve(class)).iter();
        here.find(|hit| hit.class == class || hit.span.start != byte)
            .filter(|hit| hit.span.start == byte)
            .copied()
    }

    /// The numbering of a point at a byte. A dash or another mark numbers only where a line, a list or a sentence
    /// begins: inside a sentence it is a dash.
    pub(super) fn numbering_at(&self, byte: u32) -> Option<Hit> {
        // `第四届会议`: an ordinal that counts something numbers no point.
        let counts =
            |hit: &Hit| self.mention_over(byte).is_some_and(|at| at.start == byte && at.end > hit.span.end);
        self.at(byte, Class::Numbering).filter(|hit| !counts(hit)).filter(|hit| {
            self.word(*hit).value != "mark"
                || self
                    .before(byte)
                    .is_none_or(|before| matches!(before, '\n' | '：' | '；' | '。' | '！' | '？'))
        })
    }

    /// The longest hit of one of the classes that starts at a byte; of one length that of the last class.
    #[inline]
    pub(super) fn any_at(&self, byte: u32, classes: &[Class]) -> Option<Hit> {
        if self.found.starting(byte, sieve_of(classes)).is_empty() {
            return None;
        }
        self.longest_at(byte, classes)
    }

    fn longest_at(&self, byte: u32, classes: &[Class]) -> Option<Hit> {
        classes.iter().filter_map(|&class| self.at(byte, class)).max_by_key(|hit| hit.span.end)
    }

    /// The rule that found a mention.
    pub(super) fn rule(mention: &Mention) -> Label {
        match &mention.rule {
            Cow::Borrowed(rule) => Label::fixed(rule),
            Cow::Owned(rule) => Label::of(rule),
        }
    }

    /// The longest hit of a class that ends at a byte.
    pub(super) fn ending(&self, byte: u32, class: Class) -> Option<Hit> {
        self.found.ending(byte, class)
    }

    /// Whether a hit lies inside a longer hit of one of the classes.
    pub(super) fn covered(&self, span: Span, classes: &[Class]) -> bool {
        self.found
            .over(span.start)
            .iter()
            .any(|hit| hit.span.contains(span) && hit.span.len() > span.len() && classes.contains(&hit.class))
    }

    /// The type that the profile gives for what a hit names, or another word where it gives none.
    pub(super) fn kind(&self, hit: Hit, without: &'static str) -> Label {
        let kind = &self.word(hit).value;
        if kind.is_empty() { Label::fixed(without) } else { kind.clone() }
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

    /// A clause without the dateline that opens its line.
    pub(super) fn without_dateline(&self, clause: Clause) -> Clause {
        let Some(after) = dateline_end(self, clause.span.start, clause.span.end) else { return clause };
        Clause { span: Span { start: after, end: clause.span.end }, ..clause }
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
        let mut start = self.mention_blocks.first(span.start);
        while self.mention_spans.get(start).is_some_and(|at| at.start < span.start) {
            start += 1;
        }
        let mut end = self.mention_blocks.first(span.end).max(start);
        while self.mention_spans.get(end).is_some_and(|at| at.start < span.end) {
            end += 1;
        }
        (start..end).map(|index| (&self.mentions[index], self.mention_spans[index]))
    }

    /// The mention that ends at a byte.
    pub(super) fn mention_ending(&self, byte: u32) -> Option<(&'a Mention, Span)> {
        let mut index = self.mention_blocks.first(byte.saturating_sub(1));
        while self.mention_spans.get(index).is_some_and(|at| at.end < byte) {
            index += 1;
        }
        let at = *self.mention_spans.get(index)?;
        (at.end == byte).then(|| (&self.mentions[index], at))
    }

    /// The mention around a byte, its last byte excluded.
    pub(super) fn mention_over(&self, byte: u32) -> Option<Span> {
        let mut index = self.mention_blocks.first(byte);
        while self.mention_spans.get(index).is_some_and(|at| at.end <= byte) {
            index += 1;
        }
        self.mention_spans.get(index).copied().filter(|at| at.start <= byte)
    }

    /// The sector words' verdict on a stretch: the sector whose words cover the most characters, the first of
    /// those in the text where equal.
    pub(super) fn sector(&self, span: Span) -> Option<(Label, Label)> {
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

/// Spaces nearer to each other than this, in bytes, are how the text is set, no lost marks.
const SET_WIDE: u32 = 24;

/// Printed spaces before a party that will do something: where a recogniser lost a full stop.
fn lost_stops(view: &View<'_>, found: &Found) -> Vec<u32> {
    let gaps = view.gaps();
    let lone = |index: usize| {
        let at = gaps[index];
        let before = index.checked_sub(1).is_none_or(|before| at - gaps[before] > SET_WIDE);
        before && gaps.get(index + 1).is_none_or(|next| next - at > SET_WIDE)
    };
    let parties = [Class::State, Class::Side, Class::Group, Class::Circle, Class::Person];
    let opens = |at: u32| {
        let mut next = found.end_of(at, &parties)?;
        loop {
            if let Some(cue) = found.end_of(next, &[Class::Cue, Class::Speech]) {
                return Some(cue);
            }
            next = found.end_of(next, &[Class::Adverb])?;
        }
    };
    let lost = (0..gaps.len()).filter(|&index| lone(index) && opens(gaps[index]).is_some());
    lost.map(|index| gaps[index])
        .filter(|&at| view.spaced_at(at as usize) && !ends_dateline(&view.text, found, at))
        .collect()
}

/// Longest dateline, in characters.
const DATELINE: usize = 48;

/// Whether what stands before a byte, from where its line or sentence begins, is a dateline: it closes with a word of
/// datelines, perhaps with a remark in brackets behind, and either that word holds the day or an agency or a paper
/// opens it.
fn ends_dateline(text: &str, found: &Found, at: u32) -> bool {
    let before = &text[..at as usize];
    let mut start = before.len();
    for (place, character) in before.char_indices().rev().take(DATELINE) {
        if matches!(character, '\n' | '。' | '！' | '？' | '；') {
            break;
        }
        start = place;
    }
    let line = &before[start..];
    let remark = line.rfind('（').filter(|_| line.ends_with('）'));
    let end = (start + remark.unwrap_or(line.len())) as u32;
    let opened = || found.end_of(start as u32, &[Class::DatelineStart, Class::Press]).is_some();
    found.ending(end, Class::DatelineDay).is_some()
        || found.ending(end, Class::DatelineEnd).is_some() && opened()
}

/// Where the dateline ends that opens a line at a byte (`某社某地6月16日电（记者某某）`), before `end`: behind the word that holds
/// its day, and behind a remark in brackets.
fn dateline_end(doc: &Doc<'_>, at: u32, end: u32) -> Option<u32> {
    let opens = at == 0 || doc.before(at) == Some('\n');
    if !opens || !doc.has(Class::DatelineDay) {
        return None;
    }
    let reach = doc.all().floor_char_boundary((at as usize + 3 * DATELINE).min(end as usize)) as u32;
    let day = doc.of_class(Span { start: at, end: reach }, Class::DatelineDay).next()?;
    let remark = doc.layout.pairs_in(Span { start: day.span.end, end: day.span.end + 1 }).first();
    let remark = remark.filter(|pair| pair.open == '（' && pair.atom && !pair.torn);
    Some(remark.map_or(day.span.end, |pair| pair.span.end)).filter(|after| *after < end)
}

/// The hits by class, in order within each, and where each class begins.
fn by_class(hits: &[Hit]) -> (Vec<Hit>, Vec<u32>) {
    let mut starts = vec![0u32; Class::Last as usize + 2];
    for hit in hits {
        starts[hit.class as usize + 1] += 1;
    }
    for class in 1..starts.len() {
        starts[class] += starts[class - 1];
    }
    let mut ordered = hits.to_vec();
    let mut next = starts.clone();
    for hit in hits {
        let place = &mut next[hit.class as usize];
        ordered[*place as usize] = *hit;
        *place += 1;
    }
    (ordered, starts)
}

/// Whether a character is Han.
pub(super) fn is_han(character: char) -> bool {
    matches!(character as u32, 0x3400..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

#[cfg(test)]
mod tests {
    use shiliu_lang::Pack;

    use super::*;

    #[test]
    fn datelines_end_no_sentence() {
        let pack = Pack::load(shiliu_lang::builtin()).value;
        let profile = Profile::load("lanhai", shiliu_lang::builtin()).value;
        let lexicon = Lexicon::of(&pack, &profile);
        let broken = |text: &str| {
            let view = View::new(text);
            !lost_stops(&view, &lexicon.hits(&view.text)).is_empty()
        };
        for text in [
            "本报云港6月17日电 云方将建设码头",
            "本报云港讯　云方将建设码头",
            "港口新闻\n本报云港6月17日讯（记者冼浪生） 云方将建设码头",
            "渔汛将至。本报朔宁6月17日电 云方将建设码头",
        ] {
            assert!(!broken(text), "{text}");
        }
        for text in ["桐沙总统发来贺电 云方将建设码头", "本报记者写下渔民的故事 云方将建设码头"]
        {
            assert!(broken(text), "{text}");
        }
    }
}
