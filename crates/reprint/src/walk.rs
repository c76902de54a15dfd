//! Alignment of two folded texts from a place where they agree: equal runs, and between them the shortest
//! difference after which the two are in step again. Linear in what is aligned; it ends where the texts stop
//! saying the same, and where they differ by more than an edit in between, the gap is seeded anew.

use crate::distance::distance;
use crate::fold::{Code, is_wide, weight};
use crate::seed::GRAM;

/// Two stretches, in folded characters, that correspond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Aligned {
    /// Folded characters of the first text, end exclusive.
    pub(crate) a: (usize, usize),
    /// Folded characters of the second text, end exclusive.
    pub(crate) b: (usize, usize),
    /// Columns in which both have the same character.
    pub(crate) equal: u32,
    /// All columns.
    pub(crate) columns: u32,
}

impl Aligned {
    /// Equal characters among the aligned ones, in thousandths.
    pub(crate) fn identity(&self) -> u32 {
        self.equal * 1000 / self.columns.max(1)
    }

    /// Units of the lighter side.
    pub(crate) fn units(&self, a: &[Code], b: &[Code]) -> u32 {
        let side = |codes: &[Code]| codes.iter().map(|&code| weight(code)).sum::<u32>();
        side(&a[self.a.0..self.a.1]).min(side(&b[self.b.0..self.b.1]))
    }
}

/// How far a walk came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) equal: u32,
    pub(crate) columns: u32,
}

/// Score lost before a walk gives up, in units: every equal column gains one, every other loses one.
const DROP: i32 = 24;
/// How far ahead a common continuation is looked for, in characters.
const AHEAD: usize = 24;
/// And in a quick look.
const GLANCE_AHEAD: usize = 8;
/// The continuations that are tried before all ahead is looked through: most differences replace one character by one,
/// or leave one out.
const NEAREST: [(usize, usize); 3] = [(1, 1), (1, 0), (0, 1)];
/// Weight of equal characters after which two texts are in step again, in units: two Han characters, four
/// letters.
const IN_STEP: u32 = 4;

/// Walks forward from the starts of `a` and `b`, which are taken to correspond.
fn forward(a: &[Code], b: &[Code]) -> Reach {
    walk::<true, AHEAD>(a, b)
}

/// Walks backward from the ends of `a` and `b`.
fn backward(a: &[Code], b: &[Code]) -> Reach {
    walk::<false, AHEAD>(a, b)
}

/// As [`forward`], for a quick look.
pub(crate) fn glance_forward(a: &[Code], b: &[Code]) -> Reach {
    walk::<true, GLANCE_AHEAD>(a, b)
}

/// As [`backward`], for a quick look.
pub(crate) fn glance_backward(a: &[Code], b: &[Code]) -> Reach {
    walk::<false, GLANCE_AHEAD>(a, b)
}

#[inline(always)]
fn at<const FORWARD: bool>(codes: &[Code], index: usize) -> Option<Code> {
    if FORWARD {
        codes.get(index).copied()
    } else {
        codes.len().checked_sub(index + 1).map(|index| codes[index])
    }
}

fn walk<const FORWARD: bool, const AHEAD: usize>(a: &[Code], b: &[Code]) -> Reach {
    let (mut here, mut score) = (Reach::default(), 0i32);
    let (mut best, mut best_score) = (here, 0i32);
    // One script a walk: what it starts with decides how many columns make the limit.
    let column = at::<FORWARD>(a, 0).map_or(1, weight);
    let drop = DROP / column as i32;
    loop {
        let run = if FORWARD {
            common_start(&a[here.a..], &b[here.b..])
        } else {
            common_end(&a[..a.len() - here.a], &b[..b.len() - here.b])
        };
        here.a += run as usize;
        here.b += run as usize;
        here.equal += run;
        here.columns += run;
        score = score.saturating_add(run as i32);
        if score > best_score {
            (best, best_score) = (here, score);
        }
        let Some((left, right)) = in_step_again::<FORWARD, AHEAD>(a, b, here) else { break };
        let columns = left.max(right);
        let changed = if left < 2 || right < 2 {
            columns
        } else {
            let part = |codes: &'_ [Code], from: usize, length: usize| -> (usize, usize) {
                if FORWARD {
                    (from, from + length)
                } else {
                    (codes.len() - from - length, codes.len() - from)
                }
            };
            let (one, two) = (part(a, here.a, left), part(b, here.b, right));
            distance(&a[one.0..one.1], &b[two.0..two.1])
        };
        here.a += left;
        here.b += right;
        here.equal += (columns - changed) as u32;
        here.columns += columns as u32;
        score += columns as i32 - 2 * changed as i32;
        if score < best_score - drop {
            break;
        }
    }
    best
}

/// Four characters as one number, the first in its lowest bits.
#[inline(always)]
fn four(codes: &[Code; 4]) -> u64 {
    let [a, b, c, d] = codes.map(u64::from);
    a | b << 16 | c << 32 | d << 48
}

/// How many characters two texts have in common at their starts.
#[inline(always)]
pub(crate) fn common_start(a: &[Code], b: &[Code]) -> u32 {
    let (a_fours, b_fours) = (a.as_chunks::<4>().0, b.as_chunks::<4>().0);
    let mut run = 0;
    for (left, right) in a_fours.iter().zip(b_fours) {
        let differs = four(left) ^ four(right);
        if differs != 0 {
            return run + differs.trailing_zeros() / Code::BITS;
        }
        run += 4;
    }
    let at = run as usize;
    run + a[at..].iter().zip(&b[at..]).take_while(|(left, right)| left == right).count() as u32
}

/// How many characters two texts have in common at their ends.
#[inline(always)]
fn common_end(a: &[Code], b: &[Code]) -> u32 {
    let (a_fours, b_fours) = (a.as_rchunks::<4>().1, b.as_rchunks::<4>().1);
    let mut run = 0;
    for (left, right) in a_fours.iter().rev().zip(b_fours.iter().rev()) {
        let differs = four(left) ^ four(right);
        if differs != 0 {
            return run + differs.leading_zeros() / Code::BITS;
        }
        run += 4;
    }
    let at = run as usize;
    let (left, right) = (&a[..a.len() - at], &b[..b.len() - at]);
    run + left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count() as u32
}

/// The smallest numbers of characters to leave out on both sides so that the two agree again: the fewer on the side
/// that leaves out more, then the more alike on both, then more of the first.
fn in_step_again<const FORWARD: bool, const AHEAD: usize>(
    a: &[Code],
    b: &[Code],
    here: Reach,
) -> Option<(usize, usize)> {
    let (rest_a, rest_b) = (a.len() - here.a.min(a.len()), b.len() - here.b.min(b.len()));
    if rest_a == 0 || rest_b == 0 {
        return None;
    }
    for one in NEAREST {
        if agrees::<FORWARD>(a, b, (here.a + one.0, here.b + one.1)) {
            return Some(one);
        }
    }
    // The places of every pair of characters ahead on one side, by a few bits of it.
    const SLOTS: u32 = 64;
    let slot = |pair: &[Code; 2]| {
        let pair = u32::from(pair[0]) | u32::from(pair[1]) << Code::BITS;
        (pair.wrapping_mul(0x9e37_79b1) >> (u32::BITS - SLOTS.ilog2())) as usize
    };
    let (ahead_a, ahead_b) =
        (next_of::<FORWARD>(a, here.a, AHEAD + 2), next_of::<FORWARD>(b, here.b, AHEAD + 2));
    let mut places = [0u32; SLOTS as usize];
    let mut put = |place: usize, pair: &[Code; 2]| places[slot(pair)] |= 1 << place;
    if FORWARD {
        ahead_b.array_windows().enumerate().for_each(|(place, pair)| put(place, pair));
    } else {
        ahead_b.array_windows().rev().enumerate().for_each(|(place, pair)| put(place, pair));
    }
    let order = |(left, right): (usize, usize)| (left.max(right), left.abs_diff(right), left < right);
    let mut best: Option<(usize, usize)> = None;
    for left in 0..ahead_a.len().saturating_sub(1) {
        if best.is_some_and(|(one, two)| left > one.max(two)) {
            break;
        }
        let from = if FORWARD { left } else { ahead_a.len() - 2 - left };
        let Some(pair) = ahead_a[from..].first_chunk() else { break };
        let mut ahead = places[slot(pair)];
        while ahead != 0 {
            let found = (left, ahead.trailing_zeros() as usize);
            ahead &= ahead - 1;
            if found != (0, 0)
                && best.is_none_or(|best| order(found) < order(best))
                && agrees::<FORWARD>(a, b, (here.a + found.0, here.b + found.1))
            {
                best = Some(found);
            }
        }
    }
    // The last character of both.
    let last = (rest_a - 1, rest_b - 1);
    if last != (0, 0)
        && last.0.max(last.1) <= AHEAD
        && best.is_none_or(|best| order(last) < order(best))
        && agrees::<FORWARD>(a, b, (here.a + last.0, here.b + last.1))
    {
        best = Some(last);
    }
    best
}

/// So many characters of a text from a place of the walk on, or those that there are, in the order of the text.
#[inline(always)]
fn next_of<const FORWARD: bool>(codes: &[Code], from: usize, count: usize) -> &[Code] {
    if FORWARD {
        &codes[from..(from + count).min(codes.len())]
    } else {
        let end = codes.len() - from;
        &codes[end.saturating_sub(count)..end]
    }
}

/// Whether two texts agree from these places on far enough to be in step.
#[inline(always)]
fn agrees<const FORWARD: bool>(a: &[Code], b: &[Code], from: (usize, usize)) -> bool {
    let (mut held, mut step) = (0, 0);
    // Mostly more than enough is the same.
    let next = |codes: &'_ [Code], from: usize| {
        if FORWARD {
            codes.get(from..)?.first_chunk::<4>().map(four)
        } else {
            codes.get(..codes.len().checked_sub(from)?)?.last_chunk::<4>().map(four)
        }
    };
    if let (Some(one), Some(two)) = (next(a, from.0), next(b, from.1))
        && one == two
    {
        return true;
    }
    while held < IN_STEP {
        match (at::<FORWARD>(a, from.0 + step), at::<FORWARD>(b, from.1 + step)) {
            (Some(one), Some(two)) if one == two => held += weight(one),
            // Both end here: in step as far as there is anything.
            (None, None) => return step > 0,
            _ => return false,
        }
        step += 1;
    }
    true
}

/// Aligns along a chain of seeds that starts at `first` and ends at `last` (folded places in both texts).
pub(crate) fn along(
    a: &[Code],
    b: &[Code],
    first: (usize, usize),
    last: (usize, usize),
    found: &mut Vec<Aligned>,
) {
    let start = from_anchor(a, b, first, (0, 0), (a.len(), b.len()));
    found.push(start);
    if last.0 < start.a.1 || last.1 < start.b.1 {
        return;
    }
    let end = from_anchor(a, b, last, (start.a.1, start.b.1), (a.len(), b.len()));
    fill(a, b, (start.a.1, start.b.1), (end.a.0, end.b.0), found);
    found.push(end);
}

/// Walks both ways from an anchor, inside the given bounds.
fn from_anchor(
    a: &[Code],
    b: &[Code],
    anchor: (usize, usize),
    floor: (usize, usize),
    ceiling: (usize, usize),
) -> Aligned {
    let ahead = forward(&a[anchor.0..ceiling.0], &b[anchor.1..ceiling.1]);
    let back = backward(&a[floor.0..anchor.0], &b[floor.1..anchor.1]);
    Aligned {
        a: (anchor.0 - back.a, anchor.0 + ahead.a),
        b: (anchor.1 - back.b, anchor.1 + ahead.b),
        equal: back.equal + ahead.equal,
        columns: back.columns + ahead.columns,
    }
}

/// Looks for what is shared in a gap of a chain, by grams that occur once on either side.
fn fill(a: &[Code], b: &[Code], from: (usize, usize), to: (usize, usize), found: &mut Vec<Aligned>) {
    let grams = |codes: &[Code], from: usize, to: usize| {
        let mut grams: Vec<([Code; 6], usize)> = Vec::new();
        let mut start = from;
        while start < to {
            let mut gram = [0; 6];
            let mut held = 0;
            for (slot, &code) in gram.iter_mut().zip(&codes[start..to]) {
                *slot = code;
                held += weight(code);
            }
            if held >= GRAM.min(6) {
                grams.push((gram, start));
            }
            start += 1;
        }
        grams.sort_unstable();
        grams
    };
    let mut open = vec![(from, to)];
    // Each anchor splits a gap in two; gaps too small to report are left alone.
    while let Some((from, to)) = open.pop() {
        if to.0 < from.0 + 8 || to.1 < from.1 + 8 {
            continue;
        }
        let (left, right) = (grams(a, from.0, to.0), grams(b, from.1, to.1));
        let mut longest: Option<Aligned> = None;
        let mut other = right.iter().peekable();
        for (gram, at_a) in &left {
            while other.peek().is_some_and(|(next, _)| next < gram) {
                other.next();
            }
            let Some((next, at_b)) = other.peek() else { break };
            let inside = longest.is_some_and(|held| held.a.0 <= *at_a && *at_a < held.a.1);
            if next != gram || inside {
                continue;
            }
            let one = from_anchor(a, b, (*at_a, *at_b), from, to);
            if longest.is_none_or(|held| one.equal > held.equal) {
                longest = Some(one);
            }
        }
        let Some(longest) = longest else { continue };
        found.push(longest);
        open.push((from, (longest.a.0, longest.b.0)));
        open.push(((longest.a.1, longest.b.1), to));
    }
}

/// How far beyond a known stretch more of the story is looked for, in characters.
const BEYOND: usize = 320;
/// Folded characters of a gram that is looked for there: wide ones, and letters.
const NEAR_WIDE: usize = 4;
const NEAR_PLAIN: usize = 8;
/// Of the second text, one in so many is looked for.
const STRIDE: usize = 3;
/// A constant that mixes bits.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
/// Slots of the table of such grams, a power of two.
const SLOTS: usize = 1 << 10;
/// How many of them that lead to nothing are tried.
const TRIES: usize = 12;

/// Room for [`Search::around`], kept from pair to pair.
#[derive(Debug)]
pub(crate) struct Search {
    /// Place of a gram, counted from one, and the round in which it was put there.
    slots: Vec<(u32, u32)>,
    round: u32,
    /// Least characters of what can be wanted.
    least: usize,
}

impl Search {
    /// A search for stretches of at least so many characters.
    pub(crate) fn new(least: usize) -> Search {
        Search { slots: vec![(0, 0); SLOTS], round: 0, least: least.max(NEAR_PLAIN) }
    }

    /// Looks around known stretches, which come by place and do not overlap, for more that the samples of the index
    /// were too coarse for; appends what `wanted` takes.
    pub(crate) fn around(
        &mut self,
        a: &[Code],
        b: &[Code],
        known: &mut Vec<Aligned>,
        wanted: impl Fn(&Aligned) -> bool,
    ) {
        for at in 0..known.len() {
            let here = known[at];
            let count = known.len();
            let bounds = |from: usize, to: usize| (from, to.max(from));
            // What follows it...
            let next = known[..count].get(at + 1).map_or((a.len(), b.len()), |next| (next.a.0, next.b.0));
            let next_b = if next.1 < here.b.1 { b.len() } else { next.1 };
            let ahead_a = bounds(here.a.1, next.0.min(here.a.1 + BEYOND));
            let ahead_b = bounds(here.b.1, next_b.min(here.b.1 + BEYOND));
            self.between(a, b, ahead_a, ahead_b, known, &wanted);
            // ...and what goes before, unless that was looked at from the other side.
            let before = at.checked_sub(1).map_or((0, 0), |at| (known[at].a.1, known[at].b.1));
            let before_b = if before.1 > here.b.0 { 0 } else { before.1 };
            let back_a = bounds(before.0.max(here.a.0.saturating_sub(BEYOND)).min(here.a.0), here.a.0);
            let back_b = bounds(before_b.max(here.b.0.saturating_sub(BEYOND)).min(here.b.0), here.b.0);
            let seen = at > 0 && before_b == before.1 && back_a.0 == before.0 && back_b.0 == before.1;
            if !seen {
                self.between(a, b, back_a, back_b, known, &wanted);
            }
        }
    }

    fn between(
        &mut self,
        a: &[Code],
        b: &[Code],
        in_a: (usize, usize),
        in_b: (usize, usize),
        found: &mut Vec<Aligned>,
        wanted: &impl Fn(&Aligned) -> bool,
    ) {
        if in_a.1 < in_a.0 + self.least || in_b.1 < in_b.0 + self.least {
            return;
        }
        self.round += 1;
        let slot_of = |number: u64| (number.wrapping_mul(MIX) >> (u64::BITS - SLOTS.ilog2())) as usize;
        // From here a gram starts: four wide characters, or eight.
        let gram = |part: &[Code; NEAR_PLAIN]| {
            let [a, b, c, d, e, f, g, h] = *part;
            let (left, right) = (four(&[a, b, c, d]), four(&[e, f, g, h]));
            slot_of(if is_wide(a) { left } else { left ^ right.wrapping_mul(MIX).rotate_left(29) })
        };
        let last_gram = |codes: &[Code], at: usize, end: usize| {
            let part = codes.get(at..(at + NEAR_WIDE).min(end))?.first_chunk::<NEAR_WIDE>()?;
            is_wide(part[0]).then(|| slot_of(four(part)))
        };
        let count = in_a.1 - in_a.0;
        for (at, slot) in a[in_a.0..in_a.1]
            .windows(NEAR_PLAIN)
            .map(|part| part.first_chunk::<NEAR_PLAIN>().map(gram))
            .chain((count - (NEAR_PLAIN - 1)..count).map(|at| last_gram(a, in_a.0 + at, in_a.1)))
            .enumerate()
        {
            let Some(slot) = slot else { continue };
            // The first place of a gram that comes again stays.
            if self.slots[slot].1 != self.round {
                self.slots[slot] = ((in_a.0 + at) as u32, self.round);
            }
        }
        let (mut at, mut floor, mut tries) = (in_b.0, in_a.0, 0);
        let mut floor_b = in_b.0;
        while at < in_b.1 && tries < TRIES {
            let whole = b[at..in_b.1].first_chunk::<NEAR_PLAIN>().map(gram);
            let Some(slot) = whole.or_else(|| last_gram(b, at, in_b.1)) else {
                at += STRIDE;
                continue;
            };
            let (place, round) = self.slots[slot];
            let place = place as usize;
            let length = if is_wide(b[at]) { NEAR_WIDE } else { NEAR_PLAIN };
            if round != self.round || place < floor || a.get(place..place + length) != b.get(at..at + length)
            {
                at += STRIDE;
                continue;
            }
            let one = from_anchor(a, b, (place, at), (floor, floor_b), (in_a.1, in_b.1));
            if wanted(&one) {
                (floor, floor_b) = (one.a.1, one.b.1);
                at = one.b.1.max(at + 1);
                found.push(one);
            } else {
                tries += 1;
                at += length;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<Code> {
        text.chars().map(|one| u32::from(one) as Code).collect()
    }

    #[test]
    fn a_walk_stops_where_the_texts_part() {
        let a = codes("thequickbrownfoxjumpsXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX");
        let b = codes("thequickbrawnfoxjumpsYYYYYYYYYYYYYYYYYYYYYYYYYYYYYY");
        assert_eq!(forward(&a, &b), Reach { a: 21, b: 21, equal: 20, columns: 21 });
        let turned = |codes: &[Code]| codes.iter().rev().copied().collect::<Vec<_>>();
        assert_eq!(backward(&turned(&a), &turned(&b)), Reach { a: 21, b: 21, equal: 20, columns: 21 });
    }

    #[test]
    fn a_gap_in_a_chain_is_seeded_anew() {
        let (one, two, three) =
            ("甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥", "东南西北春夏秋冬金木水火土");
        let a = codes(&format!(
            "{one}一二三四五六七八九十百千万亿兆京{two}天地玄黄宇宙洪荒日月盈昃辰宿列张{three}"
        ));
        let b = codes(&format!(
            "{one}赤橙黄绿青蓝紫黑白灰棕粉米驼褐墨{two}寒来暑往收藏闰余成岁律吕调阳云腾{three}"
        ));
        let mut found = Vec::new();
        along(&a, &b, (0, 0), (a.len() - 13, b.len() - 13), &mut found);
        found.sort_unstable_by_key(|one| one.a);
        let spans: Vec<_> = found.iter().map(|one| (one.a, one.b)).collect();
        assert_eq!(spans, [((0, 10), (0, 10)), ((26, 38), (26, 38)), ((54, 67), (54, 67))]);
    }

    /// The search by definition.
    fn in_step_by_definition(a: &[Code], b: &[Code], here: Reach) -> Option<(usize, usize)> {
        if here.a >= a.len() || here.b >= b.len() {
            return None;
        }
        let ahead = |left: usize, right: usize| agrees::<true>(a, b, (here.a + left, here.b + right));
        for longer in 1..=AHEAD {
            for (left, right) in std::iter::once((longer, longer))
                .chain((0..longer).rev().flat_map(|shorter| [(longer, shorter), (shorter, longer)]))
            {
                if ahead(left, right) {
                    return Some((left, right));
                }
            }
        }
        None
    }

    proptest::proptest! {
        #[test]
        fn the_nearest_common_continuation_is_found(a in "[abc一二]{0,40}", b in "[abc一二]{0,40}", x in 0usize..9, y in 0usize..9) {
            let (a, b) = (codes(&a), codes(&b));
            let here = Reach { a: x.min(a.len()), b: y.min(b.len()), ..Reach::default() };
            assert_eq!(in_step_again::<true, AHEAD>(&a, &b, here), in_step_by_definition(&a, &b, here));
        }

        /// Whatever is aligned lies inside, and counts no more equal characters than columns.
        #[test]
        fn walks_stay_inside(a in "[ab一二]{0,80}", b in "[ab一二]{0,80}") {
            let (a, b) = (codes(&a), codes(&b));
            for reach in [forward(&a, &b), backward(&a, &b)] {
                assert!(reach.a <= a.len() && reach.b <= b.len() && reach.equal <= reach.columns);
                assert!(reach.columns as usize >= reach.a.max(reach.b));
            }
        }
    }
}
