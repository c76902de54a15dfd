use std::collections::BTreeMap;

use shiliu_text::{Diagnostic, Fold, Outcome, Severity, Span};

use crate::classify::{self, Circumstances, Comparison};
use crate::decide::{Candidate, Court, DECIDED_FROM, Verdict};
use crate::stream::Stream;
use crate::table::{Absence, NONE, Table};
use crate::units::{self, LayoutPlaces, Unit, UnitKind};
use crate::{Cause, Decision, Judge, Locus, Reading, ReadingKind, Story, Substance, Witness};

/// So many characters on either side show whether a difference touches a number, date, name or negation.
const SUBSTANCE_REACH: usize = 10;

/// Collates the witnesses of one story. One witness gives a story whose established text is its own.
///
/// Every witness is listed at every locus, also over what it lacks: reading `established` outside the loci and the
/// witness's own reading at each locus gives its covered text exactly. What a witness lacks on end is one locus
/// (several with one `event` number where others differ inside it). White space in which witnesses differ is a locus
/// of its own, cause `punctuation`, never substantive.
///
/// The result does not depend on the order of `witnesses`. Time is close to linear in the length of the texts while
/// they agree; memory is linear.
#[must_use]
pub fn collate(witnesses: &[Witness], fold: &dyn Fold, judge: &dyn Judge) -> Outcome<Story> {
    let mut witnesses = witnesses.to_vec();
    witnesses.sort_by(|a, b| {
        (&a.rank, &a.key, &a.text, &a.coverage, &a.engine).cmp(&(
            &b.rank,
            &b.key,
            &b.text,
            &b.coverage,
            &b.engine,
        ))
    });
    let streams: Vec<Stream> = witnesses.iter().map(|witness| Stream::new(witness, fold)).collect();
    let table = Table::of(&streams);
    let layout = units::layout_places(&table, &streams);
    let units = units::units(&table, &streams, &layout);
    let cuts = cuts(&table, &streams, &layout, &units);
    // The same characters may have been put in different columns: no difference for a reader.
    let (units, cuts): (Vec<Unit>, Vec<Vec<(usize, usize)>>) = units
        .into_iter()
        .zip(cuts)
        .filter(|(_, cut)| {
            let text = |at: usize| &streams[at].covered[cut[at].0..cut[at].1];
            (1..cut.len()).any(|at| text(at) != text(0))
        })
        .unzip();
    let texts: Vec<Vec<&str>> = cuts
        .iter()
        .map(|cut| {
            streams.iter().zip(cut).map(|(stream, (start, end))| &stream.covered[*start..*end]).collect()
        })
        .collect();
    let court = Court {
        table: &table,
        streams: &streams,
        witnesses: &witnesses,
        judge,
        forms: forms_of_marks(&streams),
    };
    let verdicts = court.decide(&units, &texts);
    let assembly = Assembly {
        table: &table,
        streams: &streams,
        units: &units,
        cuts: &cuts,
        verdicts: &verdicts,
        court: &court,
        judge,
    };
    let (established, loci, agreements) = assembly.build();
    let diagnostics = remarks(&table, &streams, &witnesses);
    Outcome { value: Story { witnesses, established, loci, agreements }, diagnostics }
}

/// For each unit and witness the bytes of the covered text that it takes.
fn cuts(
    table: &Table,
    streams: &[Stream],
    layout: &LayoutPlaces,
    units: &[Unit],
) -> Vec<Vec<(usize, usize)>> {
    let mut cursors = vec![0usize; streams.len()];
    let mut cuts = Vec::with_capacity(units.len());
    let mut next = 0usize;
    let mut starts: Vec<usize> = Vec::new();
    for element in 0..=table.len() * 2 {
        if units.get(next).is_some_and(|unit| unit.elements.start == element) {
            starts.clone_from(&cursors);
        }
        if element % 2 == 0 {
            for (witness, (_, end)) in layout.get(&element).into_iter().flatten() {
                cursors[*witness] = *end;
            }
        } else {
            for (witness, cell) in table.column(element / 2).iter().enumerate() {
                if *cell != NONE {
                    cursors[witness] = streams[witness].glyph_bytes(*cell as usize).1;
                }
            }
        }
        if units.get(next).is_some_and(|unit| unit.elements.end == element + 1) {
            cuts.push(starts.iter().copied().zip(cursors.iter().copied()).collect());
            next += 1;
        }
    }
    cuts
}

/// How often each form of each mark is printed in all witnesses.
fn forms_of_marks(streams: &[Stream]) -> BTreeMap<(u32, char), u32> {
    let mut forms = BTreeMap::new();
    for glyph in streams.iter().flat_map(|stream| &stream.glyphs).filter(|glyph| glyph.mark) {
        *forms.entry((glyph.label, glyph.raw)).or_insert(0) += 1;
    }
    forms
}

/// What the caller should know of the witnesses.
fn remarks(table: &Table, streams: &[Stream], witnesses: &[Witness]) -> Vec<Diagnostic> {
    if witnesses.len() < 2 {
        return Vec::new();
    }
    let mut shared = vec![0usize; streams.len()];
    for column in 0..table.len() {
        let cells = table.column(column);
        if cells.iter().filter(|cell| **cell != NONE).count() < 2 {
            continue;
        }
        let label = |witness: usize| {
            (cells[witness] != NONE).then(|| streams[witness].glyphs[cells[witness] as usize].label)
        };
        let mut labels: Vec<u32> = (0..cells.len()).filter_map(label).collect();
        labels.sort_unstable();
        for (witness, count) in shared.iter_mut().enumerate() {
            if let Some(own) = label(witness) {
                let first = labels.partition_point(|other| *other < own);
                *count += usize::from(labels.get(first + 1) == Some(&own));
            }
        }
    }
    let others = streams.iter().filter(|stream| !stream.glyphs.is_empty()).count();
    let mut remarks = Vec::new();
    for ((stream, witness), shared) in streams.iter().zip(witnesses).zip(shared) {
        if stream.glyphs.is_empty() {
            let message = format!("witness {} covers no characters of the story", witness.key);
            let remark = Diagnostic::new("witness-empty", Severity::Warning, message);
            remarks.push(remark.hint("leave it out, or mark which part of it prints the story"));
        } else if others > 1 && shared * 5 < stream.glyphs.len() {
            let message =
                format!("witness {} shares less than a fifth of its text with the others", witness.key);
            let remark = Diagnostic::new("witness-unrelated", Severity::Warning, message);
            remarks.push(remark.hint("check that it prints the same story"));
        }
    }
    remarks
}

type Pieces = Vec<Vec<(Span, Span)>>;

struct Assembly<'a> {
    table: &'a Table,
    streams: &'a [Stream],
    units: &'a [Unit],
    cuts: &'a [Vec<(usize, usize)>],
    verdicts: &'a [Verdict],
    court: &'a Court<'a>,
    judge: &'a dyn Judge,
}

impl Assembly<'_> {
    fn build(&self) -> (String, Vec<Locus>, Pieces) {
        let width = self.streams.len();
        let mut established = String::new();
        let mut agreements: Pieces = vec![Vec::new(); width];
        let mut loci: Vec<Locus> = Vec::with_capacity(self.units.len());
        let mut reached = vec![0usize; width];
        let (moved, mut next_event) = (self.move_numbers(), 1u32);
        let events = self.hole_events(&mut next_event);
        let repeats = self.repeats();
        for at in 0..=self.units.len() {
            let until: Vec<usize> = match self.cuts.get(at) {
                Some(cut) => cut.iter().map(|(start, _)| *start).collect(),
                None => self.streams.iter().map(|stream| stream.covered.len()).collect(),
            };
            if let Some(first) = self.streams.first() {
                let start = established.len();
                established.push_str(&first.covered[reached[0]..until[0]]);
                for witness in 0..width {
                    self.agree(witness, reached[witness]..until[witness], start, &mut agreements[witness]);
                }
            }
            if at == self.units.len() {
                break;
            }
            let before = established.len();
            let verdict = &self.verdicts[at];
            established.push_str(&verdict.candidates[verdict.lemma].text);
            let span = Span::new(before, established.len());
            let mut locus = self.locus(at, span, &established[..before], repeats[at]);
            locus.moved = match self.units[at].kind {
                UnitKind::Hole(Absence::Elsewhere(number)) => moved.get(&number).copied(),
                _ => None,
            };
            locus.event = events[at];
            loci.push(locus);
            reached = self.cuts[at].iter().map(|(_, end)| *end).collect();
        }
        classify::pair_marks(&mut loci, next_event);
        (established, loci, agreements)
    }

    /// Records an agreeing stretch, cut where the witness's coverage has a seam.
    fn agree(
        &self,
        witness: usize,
        range: std::ops::Range<usize>,
        start: usize,
        out: &mut Vec<(Span, Span)>,
    ) {
        let stream = &self.streams[witness];
        let mut from = range.start;
        let seams = stream.seams().filter(|seam| range.start < *seam && *seam < range.end);
        for to in seams.chain([range.end]) {
            if from < to {
                let here = Span::new(start + from - range.start, start + to - range.start);
                out.push((here, stream.place(from, to)));
            }
            from = to;
        }
    }

    /// Numbers of the moves that have both ends, by order of place.
    fn move_numbers(&self) -> BTreeMap<u32, u32> {
        let mut ends: BTreeMap<u32, usize> = BTreeMap::new();
        let mut order: Vec<u32> = Vec::new();
        for unit in self.units {
            if let UnitKind::Hole(Absence::Elsewhere(number)) = unit.kind {
                *ends.entry(number).or_insert(0) += 1;
                if !order.contains(&number) {
                    order.push(number);
                }
            }
        }
        order.retain(|number| ends[number] > 1);
        order.into_iter().zip(1..).collect()
    }

    /// Long losses of one witness that differences of others divide are one event.
    fn hole_events(&self, next: &mut u32) -> Vec<Option<u32>> {
        let mut events = vec![None; self.units.len()];
        let mut known: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for (at, unit) in self.units.iter().enumerate() {
            if !matches!(unit.kind, UnitKind::Hole(Absence::Lost)) {
                continue;
            }
            let Some(witness) = unit.silent.iter().position(Option::is_some) else { continue };
            let column = unit.columns().start;
            let holes = &self.table.holes[witness];
            let hole = holes.partition_point(|hole| hole.columns.end <= column);
            known.entry((witness, hole)).or_default().push(at);
        }
        let mut groups: Vec<Vec<usize>> = known.into_values().filter(|group| group.len() > 1).collect();
        groups.sort_unstable();
        for group in groups {
            for at in group {
                events[at] = Some(*next);
            }
            *next += 1;
        }
        events
    }

    /// Whether the same two readings stand against each other at another unit too.
    fn repeats(&self) -> Vec<bool> {
        let key = |at: usize| -> Option<Vec<&str>> {
            let verdict = &self.verdicts[at];
            let mut texts: Vec<&str> =
                verdict.candidates.iter().map(|candidate| candidate.text.as_str()).collect();
            texts.sort_unstable();
            let full = texts.iter().all(|text| !text.trim().is_empty());
            (self.units[at].kind == UnitKind::Glyphs && texts.len() == 2 && full).then_some(texts)
        };
        let mut counts: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
        for at in 0..self.units.len() {
            if let Some(key) = key(at) {
                *counts.entry(key).or_insert(0) += 1;
            }
        }
        (0..self.units.len()).map(|at| key(at).is_some_and(|key| counts[&key] > 1)).collect()
    }

    fn locus(&self, at: usize, span: Span, before: &str, repeated: bool) -> Locus {
        let (unit, verdict) = (&self.units[at], &self.verdicts[at]);
        let lemma = &verdict.candidates[verdict.lemma];
        let substance = self.substance(unit, verdict);
        let long =
            verdict.candidates.iter().map(|candidate| candidate.text.as_str()).max_by_key(|text| text.len());
        let bare = |text: &str| (!text.is_empty()).then(|| self.judge.substantive("", text, "")).flatten();
        let bare_lemma = bare(&lemma.text);
        let mut order: Vec<usize> = (0..verdict.candidates.len()).collect();
        order.sort_by_key(|&at| (at != verdict.lemma, std::cmp::Reverse(verdict.probabilities[at]), at));
        let readings = order
            .into_iter()
            .map(|index| {
                let candidate = &verdict.candidates[index];
                let witnesses = candidate
                    .witnesses
                    .iter()
                    .map(|&witness| {
                        let (start, end) = self.cuts[at][witness];
                        (witness, self.streams[witness].place(start, end))
                    })
                    .collect();
                let (mut kind, mut cause): (Option<ReadingKind>, Option<Cause>) = (None, None);
                if index != verdict.lemma {
                    let comparison = Comparison {
                        table: self.table,
                        streams: self.streams,
                        unit,
                        reading: speaking(candidate, unit),
                        lemma: speaking(lemma, unit),
                    };
                    let difference = comparison.difference();
                    let witness = comparison.reading;
                    let absence = unit.silent[witness].filter(|_| candidate.text.trim().is_empty());
                    let loss = absence.map(|absence| match absence {
                        Absence::Lost => self.loss_cause(witness, unit.columns().start),
                        Absence::Elsewhere(_) => Cause::Jump,
                    });
                    let circumstances = Circumstances {
                        unit,
                        difference: &difference,
                        substance: bare(&candidate.text)
                            .into_iter()
                            .chain(bare_lemma)
                            .min()
                            .or(substance.filter(|substance| *substance == Substance::Name)),
                        foreign: verdict.foreign,
                        support: (candidate.witnesses.len(), lemma.witnesses.len()),
                        speaking: unit.silent.iter().filter(|silent| silent.is_none()).count(),
                        repeated,
                        long: long.unwrap_or_default(),
                        before: tail(before),
                        at_edge: unit.columns().start == 0 || unit.columns().end == self.table.len(),
                        loss,
                    };
                    kind = Some(classify::kind(unit, &difference, absence, &candidate.text, &lemma.text));
                    cause = Some(classify::cause(self.judge, &circumstances));
                }
                Reading {
                    text: candidate.text.clone(),
                    witnesses,
                    kind,
                    cause,
                    probability: verdict.probabilities[index],
                    grounds: verdict.terms[index].beyond(&verdict.terms[verdict.lemma]),
                }
            })
            .collect();
        let confidence = verdict.probabilities[verdict.lemma];
        Locus {
            at: span,
            lemma: 0,
            decision: if confidence >= DECIDED_FROM { Decision::Decided } else { Decision::Undecided },
            confidence,
            moved: None,
            event: None,
            substance,
            conjecture: verdict.conjecture.clone(),
            readings,
        }
    }

    /// Why a witness lacks the long stretch that holds a column.
    fn loss_cause(&self, witness: usize, column: usize) -> Cause {
        const ENDS: usize = 8;
        let holes = &self.table.holes[witness];
        let Some(hole) = holes.get(holes.partition_point(|hole| hole.columns.end <= column)) else {
            return Cause::Lost;
        };
        let columns = &hole.columns;
        let text = |range: std::ops::Range<usize>| -> String {
            range.filter_map(|column| self.raw(column)).collect()
        };
        let before = text(columns.start.saturating_sub(ENDS)..columns.start);
        let end = text(columns.end.saturating_sub(ENDS).max(columns.start)..columns.end);
        classify::loss_cause(&before, &end, columns.end == self.table.len())
    }

    /// What some witness prints in a column.
    fn raw(&self, column: usize) -> Option<char> {
        let cells = self.table.column(column);
        let witness = cells.iter().position(|cell| *cell != NONE)?;
        Some(self.streams[witness].glyphs[cells[witness] as usize].raw)
    }

    /// Differences of characters touch the sense where a reading holds a number, date, name or negation.
    fn substance(&self, unit: &Unit, verdict: &Verdict) -> Option<Substance> {
        if !matches!(unit.kind, UnitKind::Glyphs | UnitKind::Swap) {
            return None;
        }
        let around = |candidate: &Candidate| {
            let (left, right) = self.court.context(unit, candidate.witnesses[0], SUBSTANCE_REACH);
            self.judge.substantive(&left, &candidate.text, &right)
        };
        verdict.candidates.iter().filter_map(around).min()
    }
}

/// A witness of a reading that testifies: one that lacks a long stretch here says nothing of a single character.
fn speaking(candidate: &Candidate, unit: &Unit) -> usize {
    let speaks = |witness: &&usize| unit.silent[**witness].is_none();
    candidate.witnesses.iter().find(speaks).copied().unwrap_or(candidate.witnesses[0])
}

/// The last characters of a text, enough to see whether a sentence ended.
fn tail(text: &str) -> &str {
    let start = text.char_indices().rev().nth(7).map_or(0, |(at, _)| at);
    &text[start..]
}
