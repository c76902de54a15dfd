//! Alignment of two long texts: unique anchors, their heaviest chain, what lies between, and moved blocks.
//!
//! Time is close to linear in the length of the texts while they agree; memory is linear always. Where two long
//! stretches share no anchor at all they are left unaligned rather than forced together.

use std::ops::Range;

use crate::affine;
use crate::anchors::{Anchor, chain, contained, is_repetitive, unique_matches};
use crate::stream::Glyph;

/// Lengths of the strings that anchor, tried one after the other on what is still open.
const ANCHOR_LENGTHS: [usize; 3] = [8, 5, 4];
/// Up to this many cells a stretch is aligned outright without looking for anchors in it.
const OUTRIGHT_CELLS: usize = 4096;
/// Up to this many cells a stretch without anchors is aligned in full.
const FULL_CELLS: usize = 1 << 20;
/// Up to this many cells it is aligned in a band, beyond that it is left open.
const BAND_CELLS: usize = 1 << 22;
const BAND_HALF: usize = 96;
/// A block that stands elsewhere is a move from this many glyphs on; a shorter one is a local difference.
const SMALLEST_MOVE: usize = 30;
/// Pieces of one moved block are at most so far apart and so much shifted.
const MOVE_REACH: usize = 64;
const MOVE_SHIFT: usize = 12;
/// Beyond the anchors of a moved block so many glyphs are looked at for more of it; a glyph that one side lacks costs so
/// many that agree.
const ORPHANS: usize = 24;
const ORPHAN_GAP: i32 = 1;
/// More moved blocks than this are two arrangements, not one text with moves; the heaviest are kept.
const MOST_MOVES: usize = 200;

/// A text that repeats itself is aligned in full up to this many cells.
const REPETITIVE_CELLS: usize = 1 << 22;
/// A block of which so many hundredths also stand at the place where it would not have moved has not moved.
const STAYED: usize = 40;
/// In a longer gap than this it is not looked for.
const STAYED_REACH: usize = 20_000;

/// A block that stands at another place: `x` glyphs print what `y` has elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) x: Range<usize>,
    pub(crate) y: Range<usize>,
}

/// How `x` stands to `y`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alignment {
    /// Pairs of glyphs that print the same character of the story, increasing on both sides.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// Moved blocks, by place in `x`; none of their glyphs is in `pairs`.
    pub(crate) moves: Vec<Move>,
}

/// Aligns two texts.
pub(crate) fn align(x: &[Glyph], y: &[Glyph]) -> Alignment {
    let mut alignment = Alignment::default();
    let same = |(a, b): (&Glyph, &Glyph)| a.label == b.label;
    let head = x.iter().zip(y).take_while(|(a, b)| same((a, b))).count();
    let tail = x[head..].iter().rev().zip(y[head..].iter().rev()).take_while(|(a, b)| same((a, b))).count();
    let (n, m) = (x.len() - head - tail, y.len() - head - tail);
    if n.min(m) >= SMALLEST_MOVE
        && n.saturating_mul(m) <= REPETITIVE_CELLS
        && (is_repetitive(x, ANCHOR_LENGTHS[0]) || is_repetitive(y, ANCHOR_LENGTHS[0]))
    {
        let whole = |head: usize| (0..head).map(|at| (at, at));
        alignment.pairs.extend(whole(head));
        let inner = affine::align(&x[head..head + n], &y[head..head + m], m);
        alignment.pairs.extend(inner.into_iter().map(|(a, b)| (head + a, head + b)));
        alignment.pairs.extend((0..tail).map(|at| (head + n + at, head + m + at)));
    } else if n.min(m) >= SMALLEST_MOVE {
        align_with_moves(x, y, &mut alignment);
    } else {
        fill(x, y, 0..x.len(), 0..y.len(), 0, &mut alignment.pairs);
    }
    drop_islands(x, y, &mut alignment);
    settle_gaps(x, y, &mut alignment);
    settle_moves(x, y, &mut alignment);
    alignment
}

fn align_with_moves(x: &[Glyph], y: &[Glyph], out: &mut Alignment) {
    let anchors = unique_matches(x, y, ANCHOR_LENGTHS[0]);
    let (chained, rest) = chain(&anchors, x.len(), y.len());
    out.moves = moved_blocks(x, y, &chained, &rest);
    let moves = out.moves.clone();
    let mut next = (0, 0);
    let end = Anchor { x: x.len(), y: y.len(), len: 0 };
    for anchor in chained.iter().chain([&end]) {
        let (open_x, open_y) = (next.0..anchor.x, next.1..anchor.y);
        let touched =
            |open: &Range<usize>, part: &Range<usize>| part.start < open.end && open.start < part.end;
        if moves.iter().any(|moved| touched(&open_x, &moved.x) || touched(&open_y, &moved.y)) {
            // Without the blocks that stand elsewhere, what is left may well belong together.
            let kept_x: Vec<usize> =
                open_x.filter(|at| !moves.iter().any(|moved| moved.x.contains(at))).collect();
            let kept_y: Vec<usize> =
                open_y.filter(|at| !moves.iter().any(|moved| moved.y.contains(at))).collect();
            let short_x: Vec<Glyph> = kept_x.iter().map(|&at| x[at]).collect();
            let short_y: Vec<Glyph> = kept_y.iter().map(|&at| y[at]).collect();
            let mut pairs = Vec::new();
            fill(&short_x, &short_y, 0..short_x.len(), 0..short_y.len(), 0, &mut pairs);
            out.pairs.extend(pairs.into_iter().map(|(a, b)| (kept_x[a], kept_y[b])));
        } else {
            fill(x, y, open_x, open_y, 1, &mut out.pairs);
        }
        out.pairs.extend((0..anchor.len).map(|at| (anchor.x + at, anchor.y + at)));
        next = (anchor.x + anchor.len, anchor.y + anchor.len);
    }
}

/// Clusters of anchors outside the chain that lie in stretches which the chain leaves open on both sides.
fn moved_blocks(x: &[Glyph], y: &[Glyph], chained: &[Anchor], rest: &[Anchor]) -> Vec<Move> {
    let open = |at: usize, side: fn(&Anchor) -> usize, whole: usize| -> Range<usize> {
        let after = chained.partition_point(|anchor| side(anchor) <= at);
        let start = after.checked_sub(1).map_or(0, |last| side(&chained[last]) + chained[last].len);
        let end = chained.get(after).map_or(whole, side);
        start..end.max(start)
    };
    let side_x: fn(&Anchor) -> usize = |anchor| anchor.x;
    let side_y: fn(&Anchor) -> usize = |anchor| anchor.y;
    let mut blocks: Vec<(Move, usize)> = Vec::new();
    for anchor in rest {
        // The ends of an anchor may reach into the chain (a full stop that both blocks end with): cut them off.
        let middle = anchor.len / 2;
        let open_x = open(anchor.x + middle, side_x, x.len());
        let open_y = open(anchor.y + middle, side_y, y.len());
        let head = open_x.start.saturating_sub(anchor.x).max(open_y.start.saturating_sub(anchor.y));
        let room = |open: &Range<usize>, at: usize| open.end.saturating_sub(at).min(anchor.len);
        let end = room(&open_x, anchor.x).min(room(&open_y, anchor.y));
        if head >= end {
            continue;
        }
        let (len, anchor) = (end - head, Anchor { x: anchor.x + head, y: anchor.y + head, len: end - head });
        if let Some((last, weight)) = blocks.last_mut()
            && last.x.end <= anchor.x
            && anchor.x - last.x.end <= MOVE_REACH
            && last.y.end <= anchor.y
            && anchor.y - last.y.end <= MOVE_REACH
            && (anchor.x - last.x.end).abs_diff(anchor.y - last.y.end) <= MOVE_SHIFT
            && open_x.contains(&last.x.start)
            && open_y.contains(&last.y.start)
        {
            last.x.end = anchor.x + len;
            last.y.end = anchor.y + len;
            *weight += len;
            continue;
        }
        blocks.push((Move { x: anchor.x..anchor.x + len, y: anchor.y..anchor.y + len }, len));
    }
    blocks.retain(|(block, weight)| block.x.len() >= SMALLEST_MOVE && weight * 10 >= block.x.len() * 6);
    blocks.sort_by_key(|(block, weight)| (std::cmp::Reverse(*weight), block.x.start));
    // The gap of the chain around a place of one side, as a stretch of the other side.
    let across = |at: usize, side: fn(&Anchor) -> usize, other: fn(&Anchor) -> usize, whole: usize| {
        let after = chained.partition_point(|anchor| side(anchor) <= at);
        let start = after.checked_sub(1).map_or(0, |last| other(&chained[last]) + chained[last].len);
        start..chained.get(after).map_or(whole, other).max(start)
    };
    let stayed = |block: &Move| {
        let there = across(block.x.start, side_x, side_y, y.len());
        let here = across(block.y.start, side_y, side_x, x.len());
        there.len().max(here.len()) <= STAYED_REACH
            && (contained(&x[block.x.clone()], &y[there], 4) >= STAYED
                || contained(&y[block.y.clone()], &x[here], 4) >= STAYED)
    };
    let mut kept: Vec<Move> = Vec::new();
    for (mut block, _) in blocks {
        let clash = |other: &Move| {
            other.x.start < block.x.end && block.x.start < other.x.end
                || other.y.start < block.y.end && block.y.start < other.y.end
        };
        if kept.len() == MOST_MOVES {
            break;
        }
        if kept.iter().any(clash) || stayed(&block) {
            continue;
        }
        let (open_x, open_y) = (open(block.x.start, side_x, x.len()), open(block.y.start, side_y, y.len()));
        take_orphans(x, y, &mut block, &open_x, &open_y, &kept);
        kept.push(block);
    }
    kept.sort_by_key(|block| block.x.start);
    kept
}

/// A glyph misread, lost or put in near the end of a block leaves a few glyphs outside its anchors: they belong to it as
/// far as more of them agree than not.
fn take_orphans(
    x: &[Glyph],
    y: &[Glyph],
    block: &mut Move,
    open_x: &Range<usize>,
    open_y: &Range<usize>,
    others: &[Move],
) {
    let free_x = |at: &usize| open_x.contains(at) && !others.iter().any(|other| other.x.contains(at));
    let free_y = |at: &usize| open_y.contains(at) && !others.iter().any(|other| other.y.contains(at));
    let labels = |glyphs: &[Glyph], places: &mut dyn Iterator<Item = usize>| -> Vec<u32> {
        places.take(ORPHANS).map(|at| glyphs[at].label).collect()
    };
    let after = (
        labels(x, &mut (block.x.end..x.len()).take_while(free_x)),
        labels(y, &mut (block.y.end..y.len()).take_while(free_y)),
    );
    let before = (
        labels(x, &mut (0..block.x.start).rev().take_while(free_x)),
        labels(y, &mut (0..block.y.start).rev().take_while(free_y)),
    );
    let (more_x, more_y) = extension(&after.0, &after.1);
    let (less_x, less_y) = extension(&before.0, &before.1);
    block.x = block.x.start - less_x..block.x.end + more_x;
    block.y = block.y.start - less_y..block.y.end + more_y;
}

/// How much of two texts that begin at the same place prints the same: the pair of lengths at which most more glyphs agree
/// than differ or are missing; of equally good ones the shortest.
fn extension(x: &[u32], y: &[u32]) -> (usize, usize) {
    let mut row: Vec<i32> = (0..=y.len()).map(|at| -ORPHAN_GAP * i32::try_from(at).unwrap_or(0)).collect();
    let mut best = (0, (0, 0));
    for (i, one) in x.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] -= ORPHAN_GAP;
        for (j, other) in y.iter().enumerate() {
            let paired = diagonal + if one == other { 1 } else { -1 };
            diagonal = row[j + 1];
            row[j + 1] = paired.max(row[j + 1] - ORPHAN_GAP).max(row[j] - ORPHAN_GAP);
            if paired == row[j + 1] && one == other && paired > best.0 {
                best = (paired, (i + 1, j + 1));
            }
        }
    }
    best.1
}

/// Aligns a stretch and appends its pairs.
fn fill(
    x: &[Glyph],
    y: &[Glyph],
    xs: Range<usize>,
    ys: Range<usize>,
    level: usize,
    pairs: &mut Vec<(usize, usize)>,
) {
    let (mut from_x, mut from_y) = (xs.start, ys.start);
    while from_x < xs.end && from_y < ys.end && x[from_x].label == y[from_y].label {
        pairs.push((from_x, from_y));
        from_x += 1;
        from_y += 1;
    }
    let (mut to_x, mut to_y) = (xs.end, ys.end);
    while to_x > from_x && to_y > from_y && x[to_x - 1].label == y[to_y - 1].label {
        to_x -= 1;
        to_y -= 1;
    }
    let (n, m) = (to_x - from_x, to_y - from_y);
    let (inner_x, inner_y) = (&x[from_x..to_x], &y[from_y..to_y]);
    let cells = n.saturating_mul(m);
    if cells == 0 {
    } else if cells <= OUTRIGHT_CELLS {
        pairs.extend(affine::align(inner_x, inner_y, m).into_iter().map(|(a, b)| (from_x + a, from_y + b)));
    } else {
        let (next_level, chained) = (level..ANCHOR_LENGTHS.len())
            .map(|level| (level + 1, chain(&unique_matches(inner_x, inner_y, ANCHOR_LENGTHS[level]), n, m).0))
            .find(|(_, chained)| !chained.is_empty())
            .unwrap_or_default();
        if chained.is_empty() {
            let aligned = if cells <= FULL_CELLS {
                affine::align(inner_x, inner_y, m)
            } else if n.saturating_mul(2 * BAND_HALF) <= BAND_CELLS && n.abs_diff(m) <= BAND_HALF {
                affine::align(inner_x, inner_y, BAND_HALF)
            } else {
                Vec::new()
            };
            // A long stretch in which not even a third agrees is two texts, not one.
            let equal = aligned.iter().filter(|(a, b)| inner_x[*a].label == inner_y[*b].label).count();
            if equal * 3 >= n.min(m) {
                pairs.extend(aligned.into_iter().map(|(a, b)| (from_x + a, from_y + b)));
            }
        } else {
            let mut next = (from_x, from_y);
            for anchor in chained {
                let (at_x, at_y) = (from_x + anchor.x, from_y + anchor.y);
                fill(x, y, next.0..at_x, next.1..at_y, next_level, pairs);
                pairs.extend((0..anchor.len).map(|at| (at_x + at, at_y + at)));
                next = (at_x + anchor.len, at_y + anchor.len);
            }
            fill(x, y, next.0..to_x, next.1..to_y, next_level, pairs);
        }
    }
    pairs.extend((0..xs.end - to_x).map(|at| (to_x + at, to_y + at)));
}

/// Takes apart short matches that stand alone between long unaligned stretches on both sides: a common phrase
/// met by chance.
fn drop_islands(x: &[Glyph], y: &[Glyph], alignment: &mut Alignment) {
    const LARGEST: usize = 10;
    let pairs = &alignment.pairs;
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in 0..pairs.len() {
        let near = at > 0 && pairs[at].0 - pairs[at - 1].0 + pairs[at].1 - pairs[at - 1].1 <= 2 + 3;
        match runs.last_mut() {
            Some(run) if near => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    if runs.len() < 2 {
        return;
    }
    let mut dropped = vec![false; runs.len()];
    for (index, run) in runs.iter().enumerate() {
        let equal = run.clone().filter(|&at| x[pairs[at].0].label == y[pairs[at].1].label).count();
        if run.len() > LARGEST * 2 || equal >= LARGEST {
            continue;
        }
        let before = (0..index).rev().find(|&other| !dropped[other]).map(|other| pairs[runs[other].end - 1]);
        let start = before.map_or((0, 0), |(a, b)| (a + 1, b + 1));
        let after = runs.get(index + 1).map_or((x.len(), y.len()), |next| pairs[next.start]);
        let last = pairs[run.end - 1];
        let open_x = pairs[run.start].0 - start.0 + after.0 - last.0 - 1;
        let open_y = pairs[run.start].1 - start.1 + after.1 - last.1 - 1;
        dropped[index] = open_x.min(open_y) > 3 * equal + 3;
    }
    if dropped.contains(&true) {
        let mut keep = Vec::with_capacity(pairs.len());
        for (run, dropped) in runs.into_iter().zip(dropped) {
            if !dropped {
                keep.extend_from_slice(&pairs[run]);
            }
        }
        alignment.pairs = keep;
    }
}

/// A gap can often stand at several places with the same cost. Short ones are put leftmost; longer ones after a mark
/// that ends a sentence or clause if one of the places is such.
fn settle_gaps(x: &[Glyph], y: &[Glyph], alignment: &mut Alignment) {
    let moves = &alignment.moves;
    let in_move = |a: Range<usize>, b: Range<usize>| {
        let meets = |one: &Range<usize>, other: &Range<usize>| one.start < other.end && other.start < one.end;
        moves.iter().any(|moved| meets(&moved.x, &a) || meets(&moved.y, &b))
    };
    let pairs = &mut alignment.pairs;
    for index in 1..pairs.len() {
        let ((left_x, left_y), (right_x, right_y)) = (pairs[index - 1], pairs[index]);
        let (gap_x, gap_y) = (right_x - left_x - 1, right_y - left_y - 1);
        // Only a loss on one side alone can slide.
        let on_y = match (gap_x, gap_y) {
            (0, 1..) => true,
            (1.., 0) => false,
            _ => continue,
        };
        if in_move(left_x + 1..right_x, left_y + 1..right_y) {
            continue;
        }
        let gap = gap_x + gap_y;
        let (long, short) = if on_y { (y, x) } else { (x, y) };
        let sides = |(a, b): (usize, usize)| if on_y { (b, a) } else { (a, b) };
        let set = |pairs: &mut Vec<(usize, usize)>, at: usize, long: usize, short: usize| {
            pairs[at] = if on_y { (short, long) } else { (long, short) };
        };
        // Leftwards: the last pair before the gap takes the gap's last glyph instead.
        let mut seam = index;
        while seam > 0 {
            let (at_long, at_short) = sides(pairs[seam - 1]);
            let (glyph, other) = (long[at_long + gap], short[at_short]);
            let kept = long[at_long];
            let adjoins = seam == 1 || {
                let (before_long, before_short) = sides(pairs[seam - 2]);
                before_long + 1 == at_long && before_short + 1 == at_short
            };
            if glyph.label != other.label || kept.label != other.label || (glyph.raw != kept.raw) {
                break;
            }
            set(pairs, seam - 1, at_long + gap, at_short);
            seam -= 1;
            if !adjoins {
                break;
            }
        }
        if gap < 3 {
            continue;
        }
        // Rightwards again to the first place after a closing mark.
        let mut place = seam;
        let mut target = None;
        while place <= index {
            let start = if place == 0 { 0 } else { sides(pairs[place - 1]).0 + 1 };
            if start > 0
                && long[start - 1].mark
                && !crate::marks::opens(long[start - 1].raw)
                && (place == 0 || sides(pairs[place - 1]).0 + 1 == start)
            {
                target = Some(place);
                break;
            }
            if place == index || place >= pairs.len() {
                break;
            }
            let (at_long, at_short) = sides(pairs[place]);
            if at_long < gap || long[at_long - gap].label != short[at_short].label {
                break;
            }
            set(pairs, place, at_long - gap, at_short);
            place += 1;
        }
        if target.is_none() {
            // No mark: back to the leftmost place.
            while place > seam {
                place -= 1;
                let (at_long, at_short) = sides(pairs[place]);
                set(pairs, place, at_long + gap, at_short);
            }
        }
    }
}

/// A block can stand at several places where the text around it begins as it does (a full stop before it and at its end):
/// it is put rightmost, so that the same move is found in the same place in every witness, and ends with the mark.
fn settle_moves(x: &[Glyph], y: &[Glyph], alignment: &mut Alignment) {
    let Alignment { pairs, moves } = alignment;
    for moved in moves {
        let mut block = moved.clone();
        while x.get(block.x.end).is_some_and(|next| next.label == x[block.x.start].label)
            && y.get(block.y.end).is_some_and(|next| next.label == y[block.y.start].label)
        {
            let here = pairs.binary_search_by_key(&block.x.end, |pair| pair.0);
            let there = pairs.binary_search_by_key(&block.y.end, |pair| pair.1);
            let (Ok(here), Ok(there)) = (here, there) else { break };
            if here == there {
                break;
            }
            pairs[here].0 = block.x.start;
            pairs[there].1 = block.y.start;
            let next = |range: &Range<usize>| range.start + 1..range.end + 1;
            block = Move { x: next(&block.x), y: next(&block.y) };
        }
        *moved = block;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str) -> Vec<Glyph> {
        text.chars().map(|raw| Glyph::new(raw, raw)).collect()
    }

    #[test]
    fn a_lost_sentence_is_taken_whole() {
        let (x, y) = (glyphs("风起。山高水长。人归。"), glyphs("风起。人归。"));
        let lost: Vec<usize> =
            (0..x.len()).filter(|at| !align(&x, &y).pairs.iter().any(|(a, _)| a == at)).collect();
        assert_eq!(lost, [3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_block_that_moved_is_found_with_its_misread_glyph() {
        let block = "the secretariat of the six harbours met on the northern island";
        let rest = "0123456789 nothing else stands here but figures 9876543210";
        let x = glyphs(&format!("{block}{rest}"));
        let y = glyphs(&format!("{rest}{}", block.replace("northern", "northexn")));
        let alignment = align(&x, &y);
        assert_eq!(alignment.moves.len(), 1, "{alignment:?}");
        assert!(alignment.moves[0].x.len().max(alignment.moves[0].y.len()) >= 58);
    }

    #[test]
    fn long_repeated_characters_neither_panic_nor_pair_out_of_order() {
        let (x, y) = (glyphs(&"a".repeat(50_000)), glyphs(&"a".repeat(49_000)));
        assert_eq!(align(&x, &y).pairs.len(), 49_000);
        let (x, y) = (glyphs(&"ab".repeat(20_000)), glyphs(&"b".repeat(30_000)));
        let pairs = align(&x, &y).pairs;
        assert!(pairs.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
    }
}
