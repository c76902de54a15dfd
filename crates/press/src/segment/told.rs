//! What other printings tell about a page: which of its pieces stand one behind the other in a fuller printing of
//! their story, and which belong to different stories.

use std::collections::BTreeMap;

use shiliu_text::Span;

use super::forms::Forms;
use super::nodes::{Node, NodeKind};
use super::rules::Rules;
use super::strips::{StripKind, is_closing, is_comma, is_stop};
use super::units::{EndState, Unit, goes_on_behind};

/// A stretch of a page, and where it stands in another, fuller printing of its story. That printing itself is not
/// given: pieces whose places touch there belong together here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placement {
    /// Bytes of the page's text.
    pub at: Span,
    /// The story; the printings of one story have one number.
    pub story: u32,
    /// The other printing.
    pub printing: u32,
    /// Bytes of the other printing's text.
    pub place: Span,
    /// Whether a line of the other printing runs on before the stretch, and behind it: there it cannot be a wrong
    /// join of two texts.
    pub firm: (bool, bool),
    /// Whether it begins in mid-sentence there.
    pub inside: bool,
    /// Whether the other printing goes on behind the stretch.
    pub goes_on: bool,
}

impl Placement {
    /// Bytes by which the ends of a stretch are uncertain: marks that are not compared, characters that agree by chance.
    /// Places not further apart touch.
    pub const SLACK: u32 = 18;

    /// Whether `next` goes on where this one ends, in the same printing: how many bytes are between.
    fn touches(&self, next: &Placement) -> Option<u32> {
        let gap = i64::from(next.place.start) - i64::from(self.place.end);
        let touching = self.printing == next.printing && (-OVERLAP..=i64::from(SLACK)).contains(&gap);
        touching.then_some(gap.unsigned_abs() as u32)
    }

    /// What standing before `other` is worth, by stories and places.
    fn before(&self, other: &Placement) -> i32 {
        match (self.printing == other.printing, self.story == other.story) {
            (true, _) if other.place.start >= self.place.start => LATER,
            (true, _) => EARLIER,
            (false, true) => SAME_STORY,
            (false, false) => ANOTHER_STORY,
        }
    }
}

const SLACK: u32 = Placement::SLACK;
/// Bytes by which two stretches may run into each other.
const OVERLAP: i64 = 12;
/// A stretch speaks for a unit that it covers to this share, in hundredths.
const COVERS: u32 = 50;

/// A break in mid-sentence that the other printing heals, inside a line of it.
const HEALS: i32 = 30_000;
/// The same between two lines of it.
const HEALS_LINES: i32 = 14_000;
/// A paragraph that follows another there.
const FOLLOWS: i32 = 15_000;
/// What goes on after some characters that this page has lost, or that the other printing has beyond it.
const RESUMES: i32 = 11_000;
/// A piece of the same printing further on.
const LATER: i32 = 6000;
/// A piece of the same printing that stands before.
const EARLIER: i32 = -9000;
/// A piece of another printing of the same story.
const SAME_STORY: i32 = 1500;
/// A piece of another story.
const ANOTHER_STORY: i32 = -16_000;
/// Bytes of the other printing that may be missing here between two pieces that follow each other.
const MISSING: u32 = 400;
/// What leaves aside a partner that heals a sentence (taken off).
const UNHEALED: i32 = 14_000;
/// The same, where the other printing is less sure.
const UNHEALED_HERE: i32 = 7000;
/// What breaks off, or in, where the other printing's line runs on, and has no partner on this page (taken off).
const ELSEWHERE: i32 = 12_000;
/// What leaves aside a paragraph that follows (taken off).
const PASSED_OVER: i32 = 1500;

/// The same beside a long text of which no other printing has a character: that text is of another story.
const FOREIGN: i32 = 24_000;
/// What more leaves a partner aside for such a text (taken off).
const FOREIGN_INSTEAD: i32 = 10_000;
/// Bytes from which on a text is long enough for that, and a stretch no formula.
const LONG_TEXT: u32 = 120;
const LONG_STRETCH: usize = 300;

/// How two pieces follow each other in the other printing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SeamKind {
    /// Inside a line.
    Firm,
    /// From one line to the next.
    #[default]
    Lines,
    /// With text between that is missing here.
    Lossy,
}

/// What is told about the nodes of one page.
#[derive(Debug, Default)]
pub(super) struct Told<'p> {
    placements: &'p [Placement],
    /// For each node, the stretches over its first characters, over its last ones, and over most of it.
    starts: Vec<Option<usize>>,
    ends: Vec<Option<usize>>,
    labels: Vec<Option<usize>>,
    /// For each node, the one that goes on where it ends, and the other way round.
    next: Vec<Option<usize>>,
    previous: Vec<Option<usize>>,
    /// For each node with a next one, how the two follow each other.
    seam: Vec<SeamKind>,
    /// For each node, whether it breaks off in mid-sentence and goes on nowhere on this page.
    breaks_off: Vec<bool>,
    /// For each node, whether it begins in mid-sentence and what goes before is nowhere on this page.
    breaks_in: Vec<bool>,
    /// For each node, whether it ends in mid-sentence.
    open: Vec<bool>,
    /// For each node, whether it is long and no other printing has any of it.
    foreign: Vec<bool>,
    /// What the form of the page's own texts tells.
    forms: Forms,
}

/// The stretches of `placements`, sorted by place, that share characters with a span, with the bytes shared.
fn over<'p>(placements: &'p [Placement], span: Span) -> impl Iterator<Item = (usize, u32)> + 'p {
    let end = placements.partition_point(|one| one.at.start < span.end);
    let shared = move |at: usize| {
        let one = placements[at].at;
        one.end.min(span.end).saturating_sub(one.start.max(span.start))
    };
    // Stretches of one story do not overlap; of several they may, so a few are looked at behind the last.
    let mut behind = 0;
    (0..end)
        .rev()
        .take_while(move |at| {
            behind = if placements[*at].at.end > span.start { 0 } else { behind + 1 };
            behind < 8
        })
        .map(move |at| (at, shared(at)))
        .filter(|(_, shared)| *shared > 0)
}

/// How many bytes of the page a text has.
fn size_of(unit: &Unit) -> u32 {
    unit.spans.iter().map(|span| span.end - span.start).sum()
}

/// The stretches that share characters with a text, the last one first, with the bytes shared.
fn over_text(placements: &[Placement], unit: &Unit) -> Vec<(usize, u32)> {
    let mut shared: BTreeMap<usize, u32> = BTreeMap::new();
    for (at, bytes) in unit.spans.iter().flat_map(|span| over(placements, *span)) {
        *shared.entry(at).or_default() += bytes;
    }
    shared.into_iter().rev().collect()
}

/// Whether a text is long and shares nothing with any stretch.
fn is_foreign(placements: &[Placement], unit: &Unit) -> bool {
    size_of(unit) >= LONG_TEXT && over_text(placements, unit).is_empty()
}

impl<'p> Told<'p> {
    /// `placements` are those of the page, sorted.
    pub(super) fn new(
        placements: &'p [Placement],
        units: &[Unit],
        nodes: &[Node],
        rules: &Rules<'_>,
    ) -> Told<'p> {
        let forms = Forms::of(units, nodes, rules);
        if placements.is_empty() {
            return Told { forms, ..Told::default() };
        }
        let mut told = Told {
            forms,
            placements,
            starts: vec![None; nodes.len()],
            ends: vec![None; nodes.len()],
            labels: vec![None; nodes.len()],
            next: vec![None; nodes.len()],
            previous: vec![None; nodes.len()],
            seam: vec![SeamKind::Lines; nodes.len()],
            breaks_off: vec![false; nodes.len()],
            breaks_in: vec![false; nodes.len()],
            open: nodes.iter().map(|node| node.end == EndState::Open).collect(),
            foreign: nodes.iter().map(|node| is_foreign(placements, &units[node.main])).collect(),
        };
        for (at, node) in nodes.iter().enumerate().filter(|(_, node)| node.kind == NodeKind::Body) {
            told.label(at, &units[node.main]);
        }
        told.connect(units, nodes);
        told
    }

    fn label(&mut self, node: usize, unit: &Unit) {
        let (first, last) = (unit.first(), unit.last());
        let size = size_of(unit);
        let least = SLACK.min(size / 2);
        let best = |found: Option<(u32, usize)>, at: usize, shared: u32| match found {
            Some((most, _)) if most >= shared => found,
            _ => Some((shared, at)),
        };
        let (mut start, mut end, mut label) = (None, None, None);
        for (at, shared) in over_text(self.placements, unit) {
            let one = self.placements[at].at;
            if shared < least {
                continue;
            }
            if one.start <= first + SLACK {
                start = best(start, at, shared);
            }
            if one.end + SLACK >= last {
                end = best(end, at, shared);
            }
            if shared * 100 >= size * COVERS {
                label = best(label, at, shared);
            }
        }
        self.starts[node] = start.map(|(_, at)| at);
        self.ends[node] = end.map(|(_, at)| at);
        self.labels[node] = label.map(|(_, at)| at);
    }

    /// Finds for each node the one that goes on where it ends.
    fn connect(&mut self, units: &[Unit], nodes: &[Node]) {
        // Nodes with the first characters of a stretch, by printing and place.
        let mut beginning: BTreeMap<(u32, u32, usize), usize> = BTreeMap::new();
        // Nodes inside a stretch, in file order.
        let mut inside: BTreeMap<(usize, u32), usize> = BTreeMap::new();
        for (node, start) in self.starts.iter().enumerate() {
            let Some(start) = *start else { continue };
            let one = self.placements[start];
            let first = units[nodes[node].main].first();
            if one.at.start + SLACK >= first {
                beginning.insert((one.printing, one.place.start, node), start);
            } else {
                inside.insert((start, first), node);
            }
        }
        let mut offers: Vec<(u32, usize, usize, SeamKind)> = Vec::new();
        for (node, end) in self.ends.iter().enumerate() {
            let Some(end) = *end else { continue };
            if nodes[node].end == EndState::Terminal {
                continue;
            }
            let one = self.placements[end];
            let last = units[nodes[node].main].last();
            if one.at.end > last + SLACK {
                if let Some((_, next)) = inside.range((end, last)..(end, u32::MAX)).next() {
                    offers.push((0, node, *next, SeamKind::Firm));
                }
                continue;
            }
            let reach = i64::from(one.place.end) - OVERLAP;
            let from = u32::try_from(reach.max(0)).unwrap_or(0);
            let near = (one.printing, from, 0)..(one.printing, one.place.end + SLACK + 1, 0);
            for ((_, _, next), start) in beginning.range(near).take(8) {
                if *next != node
                    && *start != end
                    && let Some(gap) = one.touches(&self.placements[*start])
                {
                    let firm = one.firm.1 && self.placements[*start].firm.0;
                    let kind = if firm { SeamKind::Firm } else { SeamKind::Lines };
                    offers.push((gap + 1, node, *next, kind));
                }
            }
        }
        offers.sort_unstable_by_key(|(gap, left, right, kind)| {
            (*kind != SeamKind::Firm, *gap, left.abs_diff(*right), *left)
        });
        for (_, left, right, kind) in offers {
            self.pair(left, right, kind);
        }
        // Text may be missing: the next piece there is, if it is near.
        let mut lossy: Vec<(u32, usize, usize)> = Vec::new();
        for (node, end) in self.ends.iter().enumerate() {
            let Some(end) = end.filter(|_| self.next[node].is_none()) else { continue };
            let one = self.placements[end];
            if nodes[node].end == EndState::Terminal || one.at.end > units[nodes[node].main].last() + SLACK {
                continue;
            }
            let near = (one.printing, one.place.end, 0)..(one.printing, one.place.end + MISSING, 0);
            if let Some(((_, place, next), start)) = beginning.range(near).next()
                && *next != node
                && *start != end
                && self.previous[*next].is_none()
            {
                lossy.push((place - one.place.end, node, *next));
            }
        }
        lossy.sort_unstable();
        for (_, left, right) in lossy {
            self.pair(left, right, SeamKind::Lossy);
        }
        self.break_off(units, nodes);
    }

    /// Finds the nodes that go on, or come from, where this page has nothing.
    fn break_off(&mut self, units: &[Unit], nodes: &[Node]) {
        for (node, end) in self.ends.iter().enumerate() {
            let Some(end) = end.filter(|_| self.open[node] && self.next[node].is_none()) else { continue };
            let one = self.placements[end];
            self.breaks_off[node] =
                one.goes_on && one.firm.1 && one.at.end <= units[nodes[node].main].last() + SLACK;
        }
        for (node, start) in self.starts.iter().enumerate() {
            let Some(start) = start.filter(|_| self.previous[node].is_none()) else { continue };
            let one = self.placements[start];
            self.breaks_in[node] = one.place.start > SLACK
                && one.firm.0
                && one.inside
                && one.at.start + SLACK >= units[nodes[node].main].first();
        }
    }

    fn pair(&mut self, left: usize, right: usize, kind: SeamKind) {
        if self.next[left].is_none() && self.previous[right].is_none() {
            self.next[left] = Some(right);
            self.previous[right] = Some(left);
            self.seam[left] = kind;
        }
    }

    /// Whether a node goes on with a sentence that another node holds.
    pub(super) fn goes_on(&self, node: usize) -> bool {
        let previous = self.previous.get(node).copied().flatten();
        previous.is_some_and(|left| self.open[left] && self.seam[left] != SeamKind::Lossy)
    }

    /// Whether another printing of any text of the page was found.
    pub(super) fn has_printings(&self) -> bool {
        !self.placements.is_empty()
    }

    /// Whether anything is told about a node.
    pub(super) fn knows(&self, node: usize) -> bool {
        self.labels.get(node).is_some_and(Option::is_some) || self.forms.tells(node)
    }

    /// What is told about `node` in a row that ends with `tail`, `known` being the last node of the row that anything
    /// is told about.
    pub(super) fn behind(&self, tail: usize, known: Option<usize>, node: usize) -> i32 {
        // Between the two stands what no other printing has.
        let before = known.filter(|known| *known != tail).map_or(0, |known| self.hint(known, node) / 2);
        self.hint(tail, node) + before + self.forms.behind(tail, known, node)
    }

    /// What is told about `right` behind `left`, in thousandths of a bit.
    pub(super) fn hint(&self, left: usize, right: usize) -> i32 {
        let (Some(next), Some(previous)) = (self.next.get(left), self.previous.get(right)) else { return 0 };
        if *next == Some(right) {
            return match (self.seam[left], self.open[left]) {
                (SeamKind::Lossy, _) => RESUMES,
                (SeamKind::Firm, true) => HEALS,
                (SeamKind::Lines, true) => HEALS_LINES,
                (_, false) => FOLLOWS,
            };
        }
        let mut score = 0;
        let leaves = |left: usize| match (self.seam[left], self.open[left]) {
            (SeamKind::Firm, true) => UNHEALED,
            (_, true) => UNHEALED_HERE,
            (_, false) => PASSED_OVER,
        };
        let long = |at: Option<usize>| at.is_some_and(|at| self.placements[at].at.len() >= LONG_STRETCH);
        let before_foreign = self.foreign[right] && long(self.ends[left]);
        let behind_foreign = self.foreign[left] && long(self.starts[right]);
        if next.is_some() {
            score -= leaves(left) + if before_foreign { FOREIGN_INSTEAD } else { 0 };
        } else if self.breaks_off[left] {
            score -= if before_foreign { FOREIGN } else { ELSEWHERE };
        }
        if let Some(previous) = previous {
            score -= leaves(*previous) + if behind_foreign { FOREIGN_INSTEAD } else { 0 };
        } else if self.breaks_in[right] {
            score -= if behind_foreign { FOREIGN } else { ELSEWHERE };
        }
        score + self.relation(left, right)
    }

    /// What the two nodes' stories and places tell.
    fn relation(&self, left: usize, right: usize) -> i32 {
        let (Some(one), Some(other)) = (self.labels[left], self.labels[right]) else { return 0 };
        let (one, other) = (self.placements[one], self.placements[other]);
        one.before(&other)
    }

    /// What the first nodes of a row tell about where it comes from: the stretch they begin with.
    pub(super) fn first_of(&self, nodes: &[usize]) -> Option<Placement> {
        let known = nodes.iter().take(2).find_map(|node| *self.starts.get(*node)?);
        known.map(|at| self.placements[at])
    }

    /// The stretch that the last nodes of a row end with.
    pub(super) fn last_of(&self, nodes: &[usize]) -> Option<Placement> {
        let known = nodes.iter().rev().take(2).find_map(|node| *self.ends.get(*node)?);
        known.map(|at| self.placements[at])
    }
}

/// What the ends of two pieces on different pages tell of the second going on with the first.
pub(super) fn across(left: Option<Placement>, right: Option<Placement>) -> i32 {
    let (Some(left), Some(right)) = (left, right) else { return 0 };
    if left.touches(&right).is_some() { HEALS } else { left.before(&right) }
}

/// Bytes of the page at which running text has to be cut: what goes on elsewhere ends there, or another story
/// begins. Each with whether it may stand inside a line.
fn cuts(placements: &[Placement], text: &str) -> Vec<(u32, bool)> {
    let mut by_place: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    let mut by_end: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for (at, one) in placements.iter().enumerate() {
        by_place.insert((one.printing, one.place.start), at);
        by_end.insert((one.printing, one.place.end), at);
    }
    let mut found = Vec::new();
    for (at, one) in placements.iter().enumerate() {
        let neighbour = |other: &Placement, before: u32, after: u32| {
            other.story != one.story && before <= after + SLACK && after <= before + SLACK
        };
        let next = placements.get(at + 1).filter(|next| neighbour(next, one.at.end, next.at.start));
        let from = one.place.end.saturating_sub(SLACK);
        let goes_on = by_place
            .range((one.printing, from)..(one.printing, one.place.end + SLACK + 1))
            .map(|(_, other)| &placements[*other])
            .find(|other| other.at != one.at && one.touches(other).is_some());
        let elsewhere =
            |other: &&Placement| other.at.start < one.at.end || other.at.start > one.at.end + SLACK;
        let goes_on = goes_on.filter(|other| one.firm.1 && other.firm.0).filter(elsewhere).is_some();
        if next.is_some() || goes_on {
            let at = after_marks(text, one.at.end);
            let whole = text[..at as usize].chars().next_back().is_some_and(|c| is_stop(c) || is_closing(c));
            found.push((at, next.is_some() && whole));
        }
        let from = one.place.start.saturating_sub(SLACK);
        let comes_from = by_end
            .range((one.printing, from)..(one.printing, one.place.start + SLACK + 1))
            .map(|(_, other)| &placements[*other])
            .find(|other| other.at != one.at && other.touches(one).is_some());
        let elsewhere =
            |other: &&Placement| one.at.start < other.at.end || one.at.start > other.at.end + SLACK;
        let firm = |other: &&Placement| other.firm.1 && one.firm.0;
        if comes_from.filter(firm).filter(elsewhere).is_some() {
            found.push((one.at.start, false));
        }
    }
    found.sort_unstable();
    found.dedup_by_key(|(at, _)| *at);
    found
}

/// The byte behind the marks that close what ends at `at`.
fn after_marks(text: &str, at: u32) -> u32 {
    let rest = text.get(at as usize..).unwrap_or_default();
    let closes = |character: char| is_closing(character) || is_stop(character) || is_comma(character);
    let marks: usize = rest.chars().take(4).take_while(|mark| closes(*mark)).map(char::len_utf8).sum();
    at + u32::try_from(marks).unwrap_or(0)
}

/// Cuts running text where another printing shows that it does not go on, and takes for running text what looks
/// like a head and stands inside the other printing's text.
pub(super) fn cut_units(
    units: Vec<Unit>,
    headline: Vec<bool>,
    placements: &[Placement],
    text: &str,
    rules: &Rules<'_>,
) -> (Vec<Unit>, Vec<bool>) {
    if placements.is_empty() {
        return (units, headline);
    }
    let cuts = cuts(placements, text);
    let mut pieces = Vec::with_capacity(units.len());
    let mut heads = Vec::with_capacity(units.len());
    for (unit, head) in units.into_iter().zip(headline) {
        // A line of a column that was cut out of its text; a subhead stands inside a longer stretch.
        let line = |(at, shared): (usize, u32)| {
            let one = placements[at].at;
            let ends = one.start + SLACK >= unit.first() || one.end <= unit.last() + SLACK;
            shared + SLACK >= size_of(&unit) && ends
        };
        let head = head && (unit.heading > 0 || !over_text(placements, &unit).into_iter().any(line));
        let parts = if head || unit.kind != StripKind::Text {
            Vec::new()
        } else {
            parts_of(&unit.spans, &cuts, text)
        };
        if parts.len() < 2 {
            pieces.push(unit);
            heads.push(head);
            continue;
        }
        for spans in parts {
            pieces.push(unit.part(spans, text, rules));
            heads.push(false);
        }
    }
    (pieces, heads)
}

/// The spans of a unit, parted at the cuts.
fn parts_of(spans: &[Span], cuts: &[(u32, bool)], text: &str) -> Vec<Vec<Span>> {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return Vec::new() };
    let from = cuts.partition_point(|(at, _)| *at <= first.start + SLACK);
    let to = cuts.partition_point(|(at, _)| at + SLACK < last.end);
    if from >= to {
        return vec![spans.to_vec()];
    }
    let inner = &cuts[from..to];
    let mut parts: Vec<Vec<Span>> = vec![Vec::new()];
    for (at, span) in spans.iter().enumerate() {
        if at > 0 && parts.last().is_some_and(|part| !part.is_empty()) {
            let (end, start) = (spans[at - 1].end, span.start);
            let near = inner.partition_point(|(cut, _)| cut + SLACK <= end);
            // Lines of another column between them are other text, whatever is told of it.
            let together = goes_on_behind(spans[at - 1], *span, text);
            if together && inner.get(near).is_some_and(|(cut, _)| *cut < start + SLACK) {
                parts.push(Vec::new());
            }
        }
        let mut rest = *span;
        let near = inner.partition_point(|(cut, _)| *cut <= span.start);
        for (cut, in_line) in inner[near..].iter().take_while(|(cut, _)| *cut < span.end) {
            let inside = *cut > rest.start + SLACK && cut + SLACK < rest.end;
            if *in_line && inside && text.is_char_boundary(*cut as usize) {
                if let Some(part) = parts.last_mut() {
                    part.push(Span { start: rest.start, end: *cut });
                }
                parts.push(Vec::new());
                rest.start = *cut;
            }
        }
        if let Some(part) = parts.last_mut() {
            part.push(rest);
        }
    }
    parts
}
