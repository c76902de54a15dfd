//! Where one story of a text ends and another begins, as other texts tell: some of them stop sharing there, and
//! quite others start. A passage that runs across such a place (two pages print the same two stories one after
//! the other) is cut there.

use std::io;

use shiliu_text::Span;

use super::Listed;
use super::lists::Lists;
use crate::Passage;
use crate::shelf::Shelf;

/// How far apart the ends that tell of one place may be, in bytes: openings and bylines differ.
const NEAR: u32 = 96;
/// Passages of one pair are one run when they are no further apart, in bytes.
const RUN_GAP: u32 = 300;
/// Least run that tells anything, in bytes.
const RUN: u32 = 200;
/// Runs that can tell of a place, at least.
const RUNS: usize = 3;
/// Least piece that is cut off, in bytes.
const PIECE: u32 = 60;
/// A line break so near, in bytes, is where the cut belongs.
const LINE: usize = 96;

/// The places of every text at which a story ends and another begins, ascending.
#[derive(Debug)]
pub(super) struct Boundaries(Vec<Vec<u32>>);

impl Boundaries {
    /// No text holds one.
    pub(super) fn none(texts: usize) -> Boundaries {
        Boundaries(vec![Vec::new(); texts])
    }

    /// Whether a boundary of the text lies between two stretches.
    pub(super) fn between(&self, text: usize, before: Span, after: Span) -> bool {
        let near = before.end.min(after.start).saturating_sub(PIECE);
        let far = after.start.max(before.end).saturating_add(PIECE);
        let places = &self.0[text];
        let first = places.partition_point(|&place| place < near);
        places.get(first).is_some_and(|&place| place <= far)
    }
}

/// Finds the boundaries; `place` gives the place of a key in `docs`.
pub(super) fn boundaries(
    docs: &[Listed<'_>],
    shelf: &Shelf<'_>,
    passages: &[Passage],
    place: &dyn Fn(u32) -> Option<usize>,
) -> io::Result<Boundaries> {
    // Partner, stretch.
    let nothing = (0, Span { start: 0, end: 0 });
    let mut sides = Lists::told(docs.len(), nothing, |tell| {
        for passage in passages {
            if let (Some(a), Some(b)) = (place(passage.a), place(passage.b)) {
                tell(a, (b, passage.a_span));
                tell(b, (a, passage.b_span));
            }
        }
    });
    let mut found = vec![Vec::new(); docs.len()];
    let mut runs: Vec<(Span, usize)> = Vec::new();
    for (text, found) in found.iter_mut().enumerate() {
        let of_text = sides.of_mut(text);
        if of_text.len() < RUNS {
            continue;
        }
        of_text.sort_unstable();
        runs.clear();
        for of_pair in of_text.chunk_by(|left, right| left.0 == right.0) {
            let mut run = of_pair[0].1;
            for &(partner, span) in &of_pair[1..] {
                if span.start <= run.end.saturating_add(RUN_GAP) {
                    run = run.cover(span);
                } else {
                    runs.push((run, partner));
                    run = span;
                }
            }
            runs.push((run, of_pair[0].0));
        }
        runs.retain(|(run, _)| run.len() >= RUN as usize);
        if runs.len() >= RUNS {
            // Most texts have none, so that they need not be read.
            *found = told(&runs, |at| Ok(at_line(&shelf.get(text)?.text, at)))?;
        }
    }
    Ok(Boundaries(found))
}

/// The boundaries of one text that its runs tell of; `at_line` gives the nearest line break.
fn told(runs: &[(Span, usize)], at_line: impl Fn(u32) -> io::Result<u32>) -> io::Result<Vec<u32>> {
    let mut starts: Vec<(u32, usize)> = runs.iter().map(|&(run, partner)| (run.start, partner)).collect();
    let mut ends: Vec<(u32, usize)> = runs.iter().map(|&(run, partner)| (run.end, partner)).collect();
    starts.sort_unstable();
    ends.sort_unstable();
    let around = |list: &[(u32, usize)], at: u32| {
        let from = list.partition_point(|one| one.0 < at.saturating_sub(NEAR));
        let to = list.partition_point(|one| one.0 <= at.saturating_add(NEAR));
        let mut partners: Vec<usize> = list[from..to].iter().map(|one| one.1).collect();
        partners.sort_unstable();
        partners.dedup();
        partners
    };
    let mut places: Vec<u32> = Vec::new();
    for &(end, _) in &ends {
        if places.last().is_some_and(|&last| end <= last.saturating_add(NEAR)) {
            continue;
        }
        let (stopping, starting) = (around(&ends, end), around(&starts, end));
        let only = |some: &[usize], others: &[usize]| {
            some.iter().filter(|one| others.binary_search(one).is_err()).count()
        };
        let (stop, start) = (only(&stopping, &starting), only(&starting, &stopping));
        if stop == 0 || start == 0 {
            continue;
        }
        // Runs over the place: all that start well before, but for those that end before it.
        let before = starts.partition_point(|one| one.0 + NEAR < end);
        let over = before - ends.partition_point(|one| one.0 <= end.saturating_add(NEAR)).min(before);
        if stop + start > 2 * over {
            places.push(at_line(end)?);
        }
    }
    places.dedup();
    Ok(places)
}

/// The line break nearest to a byte, or the character boundary at it.
fn at_line(text: &str, byte: u32) -> u32 {
    let mut from = (byte as usize).saturating_sub(LINE);
    let mut to = (byte as usize + LINE).min(text.len());
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    while !text.is_char_boundary(to) {
        to += 1;
    }
    let line = text[from..to].match_indices('\n').map(|(at, _)| from + at + 1);
    let mut near = line.min_by_key(|at| at.abs_diff(byte as usize)).unwrap_or(byte as usize);
    while !text.is_char_boundary(near) {
        near -= 1;
    }
    near as u32
}

/// The passages, cut at the boundaries of both their texts.
pub(super) fn cut(
    shelf: &Shelf<'_>,
    passages: Vec<Passage>,
    place: &dyn Fn(u32) -> Option<usize>,
    boundaries: &Boundaries,
) -> io::Result<Vec<Passage>> {
    let mut whole = Vec::with_capacity(passages.len());
    let mut open = passages;
    open.reverse();
    while let Some(passage) = open.pop() {
        let (Some(a), Some(b)) = (place(passage.a), place(passage.b)) else { continue };
        let inside = |text: usize, span: Span| {
            let places = &boundaries.0[text];
            let first = places.partition_point(|&place| place < span.start + PIECE);
            places.get(first).copied().filter(|&place| place + PIECE <= span.end)
        };
        let across = |from: Span, to: Span, at: u32, text: &str| {
            let share = u64::from(at - from.start) * to.len() as u64 / (from.len() as u64).max(1);
            at_line(text, to.start + share as u32).clamp(to.start, to.end)
        };
        let at = if let Some(at) = inside(a, passage.a_span) {
            Some((at, across(passage.a_span, passage.b_span, at, &shelf.get(b)?.text)))
        } else if let Some(at) = inside(b, passage.b_span) {
            Some((across(passage.b_span, passage.a_span, at, &shelf.get(a)?.text), at))
        } else {
            None
        };
        let Some((a_cut, b_cut)) = at else {
            whole.push(passage);
            continue;
        };
        let span = |start: u32, end: u32| Span { start, end };
        let left = Passage {
            a_span: span(passage.a_span.start, a_cut),
            b_span: span(passage.b_span.start, b_cut),
            ..passage
        };
        let right = Passage {
            a_span: span(a_cut, passage.a_span.end),
            b_span: span(b_cut, passage.b_span.end),
            ..passage
        };
        for piece in [right, left] {
            if !piece.a_span.is_empty() && !piece.b_span.is_empty() {
                open.push(piece);
            }
        }
    }
    Ok(whole)
}
