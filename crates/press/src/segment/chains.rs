//! Which unit follows which: stretches of running text linked into chains, best evidence first.
//!
//! No single cue decides: a seam is scored by how the left side ends and the right side begins, by open quotation
//! marks, by list numbers, by character runs known from elsewhere, by subject words in common, by distance, and by
//! what other printings show. A link that is not clearly good is not made: a false join is worse than a false cut.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};

use super::evidence::{Runs, Topics, Words, seam_evidence, union};
use super::nodes::{Above, Node, NodeKind};
use super::streams::read_streams;
use super::told::Told;
use super::units::{EndState, StartState, Unit};

/// A link must score more than this.
const LEAST: i32 = 7000;
/// A break in mid-sentence without a partner costs this much: what a link that heals it gains.
const LOSS: i32 = 2400;
/// A link of this gain is made at once.
const CLEAR: i32 = 9000;
/// A partner further down the file (taken off).
const AHEAD: i32 = 3000;
/// A partner further up the file (taken off).
const BACKWARDS: i32 = 8250;
/// The least that words in common count between chains.
const AFFINITY_LEAST: i32 = -8000;
/// The most that words in common count between chains.
const AFFINITY_MOST: i32 = 6000;
/// What words in common count between chains, in thousandths.
const AFFINITY: i32 = 1500;
/// What the characters at a seam count, in thousandths.
const SEAM: i32 = 1000;

/// What is known about one page when its nodes are linked.
pub(super) struct Ground<'a> {
    pub units: &'a [Unit],
    pub nodes: &'a [Node],
    pub runs: &'a Runs,
    pub words: &'a Words,
    pub topics: &'a Topics,
    /// For each node, whether a head is bound to its start.
    pub headed: Vec<bool>,
    /// For each node, the head bound to its start.
    pub head_of: Vec<Option<usize>>,
    /// For each node, the head that stands above it, bound to it or not.
    pub above: Vec<Option<Above>>,
    /// For each node, whether it is left out (second copy of a passage).
    pub left_out: Vec<bool>,
    /// For each unit those with much of its wording.
    pub parallels: &'a [Vec<usize>],
    /// What each feature is worth where other printings tell of the page.
    pub weights: &'a [i32],
    /// The same on a page whose stories are cut into each other.
    pub broken_weights: &'a [i32],
    /// The same on a page that comes nearly in order.
    pub ordered_weights: &'a [i32],
    /// What other printings tell.
    pub told: Told<'a>,
}

/// Nodes of running text in reading order.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub nodes: Vec<usize>,
    pub words: Vec<u32>,
    pub size: usize,
    /// The main units of its nodes.
    pub units: BTreeSet<usize>,
}

impl Chain {
    /// Nodes in reading order that speak of `words`.
    pub(super) fn new(nodes: Vec<usize>, words: Vec<u32>, of: &[Node]) -> Chain {
        let units = nodes.iter().map(|node| of[*node].main).collect();
        Chain { size: nodes.len(), nodes, words, units }
    }

    fn append(&mut self, mut more: Chain) {
        self.nodes.extend(more.nodes);
        self.words = union(&self.words, &more.words);
        self.size += more.size;
        // The smaller set goes into the larger one, so that growing by one piece at a time stays cheap.
        if more.units.len() > self.units.len() {
            std::mem::swap(&mut self.units, &mut more.units);
        }
        self.units.extend(more.units);
    }
}

#[derive(PartialEq, Eq)]
struct Offer {
    score: i32,
    left: usize,
    right: usize,
    versions: (u32, u32),
}

impl Ord for Offer {
    fn cmp(&self, other: &Self) -> Ordering {
        // Equal scores: the pair that stands first in the file.
        (self.score, std::cmp::Reverse((self.left, self.right)))
            .cmp(&(other.score, std::cmp::Reverse((other.left, other.right))))
    }
}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How many chains ahead and behind are tried as partners on pages with more chains than [`ALL_PAIRS`].
const REACH: usize = 12;
const ALL_PAIRS: usize = 160;

/// What the characters at the end of a unit and at the beginning of another one say.
pub(super) fn units_between(
    units: &[Unit],
    (left, right): (usize, usize),
    runs: &Runs,
    words: &Words,
) -> i32 {
    runs.between(left, right, || {
        let (u, v) = (&units[left], &units[right]);
        seam_evidence(runs, words, (&u.text, &u.edges.1), (&v.text, &v.edges.0))
    })
}

impl Ground<'_> {
    fn unit(&self, node: usize) -> &Unit {
        &self.units[self.nodes[node].main]
    }

    /// How far `right` stands behind `left`, counted in nodes of running text between them; heads and pictures
    /// between do not count. Negative where it stands before.
    fn distance(&self, order: &[usize], left: usize, right: usize) -> i32 {
        let place = |node: usize| i32::try_from(order[node]).unwrap_or(i32::MAX);
        place(right) - place(left) - 1
    }

    /// The score of the seam between two nodes, their chains' subjects left aside.
    pub(super) fn seam(&self, order: &[usize], left: usize, right: usize) -> i32 {
        let (a, b) = (&self.nodes[left], &self.nodes[right]);
        let (u, v) = (self.unit(left), self.unit(right));
        if a.end == EndState::Terminal || self.headed[right] {
            return -30_000;
        }
        if matches!(b.start, StartState::Jump) {
            return -30_000;
        }
        if b.start == StartState::Dateline {
            return -20_000;
        }
        let distance = self.distance(order, left, right);
        let adjacent = distance == 0;
        let head_between =
            adjacent && self.nodes[left + 1..right].iter().any(|node| node.kind == NodeKind::Head);
        let aside_between = adjacent && right > left + 1;
        let mut score = 0;
        let open = a.end == EndState::Open;
        if open {
            score += LOSS + self.between(left, right) * SEAM / 1000;
            score += match b.start {
                StartState::Inside => 2500,
                StartState::Opening => -2500,
                _ => 0,
            };
            if v.enumerator.is_some() {
                score -= 2500;
            }
        } else {
            score += match b.start {
                StartState::Inside => -5000,
                StartState::Opening => 500,
                _ => 0,
            };
        }
        if adjacent {
            score += if head_between {
                if open { 1000 } else { -500 }
            } else if aside_between {
                4500
            } else {
                6000
            };
            if v.flows_on {
                score += 3000;
            }
        } else if distance > 0 {
            score -= AHEAD + 100 * distance.min(10);
        } else {
            score -= BACKWARDS + 100 * (-distance).min(10);
        }
        score += self.marks(u, v, adjacent);
        score += self.told.hint(left, right);
        score
    }

    /// What the characters on both sides of a cut say.
    pub(super) fn between(&self, left: usize, right: usize) -> i32 {
        units_between(self.units, (self.nodes[left].main, self.nodes[right].main), self.runs, self.words)
    }

    /// Quotation marks and brackets that open on one side and close on the other.
    pub(super) fn marks(&self, u: &Unit, v: &Unit, adjacent: bool) -> i32 {
        match (u.opened.last(), v.closed.first()) {
            (Some(open), Some(close)) if open == close => 5000,
            (Some(_), Some(_)) => -2000,
            // A paragraph may repeat the opening mark, or the closing one is lost: weak evidence.
            (Some(_), None) => -1000,
            (None, Some(_)) => {
                if adjacent {
                    -1000
                } else {
                    -3000
                }
            }
            (None, None) => 0,
        }
    }

    /// The score of appending one chain to another.
    fn offer(&self, order: &[usize], left: &Chain, right: &Chain) -> i32 {
        let (Some(&tail), Some(&head)) = (left.nodes.last(), right.nodes.first()) else { return i32::MIN };
        let seam = self.seam(order, tail, head);
        if seam < -9000 {
            return seam;
        }
        seam + self.affinity(left, right) + self.enumeration(left, right)
    }

    /// How much two chains speak of the same things.
    pub(super) fn affinity(&self, left: &Chain, right: &Chain) -> i32 {
        let (whole, part) = if left.words.len() >= right.words.len() { (left, right) } else { (right, left) };
        let excess = (self.topics.excess(&whole.words, whole.size, &part.words) * AFFINITY / 1000)
            .clamp(AFFINITY_LEAST, AFFINITY_MOST);
        // A unit has few parallels and a chain may be the whole page: the chain's units are not walked for each.
        let repeats = |node: &&usize| {
            self.parallels[self.nodes[**node].main].iter().any(|other| whole.units.contains(other))
        };
        match i32::try_from(part.nodes.iter().filter(repeats).take(3).count()).unwrap_or(3) {
            0 => excess,
            repeated => excess.min(0) - 2000 * repeated,
        }
    }

    /// List numbers: the next number speaks for a link, any other against it.
    fn enumeration(&self, left: &Chain, right: &Chain) -> i32 {
        let first = right.nodes.iter().find_map(|node| self.unit(*node).enumerator.as_ref());
        let Some((style, next)) = first else { return 0 };
        let same_style =
            |node: &&usize| self.unit(**node).enumerator.as_ref().is_some_and(|(other, _)| other == style);
        let last =
            left.nodes.iter().rev().find(same_style).and_then(|node| self.unit(*node).enumerator.as_ref());
        match last {
            Some((_, last)) if *next == last + 1 => 4000,
            _ if *next == 1 => 0,
            Some(_) => -4000,
            None => -1500,
        }
    }

    /// A chain of one node.
    pub(super) fn single(&self, node: usize) -> Chain {
        Chain::new(vec![node], self.topics.words(self.nodes[node].main).to_vec(), self.nodes)
    }
}

/// The page's nodes of running text, second copies left out.
pub(super) fn bodies(ground: &Ground<'_>) -> Vec<usize> {
    let kept = |node: &usize| ground.nodes[*node].kind == NodeKind::Body && !ground.left_out[*node];
    (0..ground.nodes.len()).filter(kept).collect()
}

/// Links the page's nodes of running text into chains, in order of their first node.
pub(super) fn link(ground: &Ground<'_>) -> Vec<Chain> {
    let kept = |node: usize| ground.nodes[node].kind == NodeKind::Body && !ground.left_out[node];
    let bodies = bodies(ground);
    let mut order = vec![0; ground.nodes.len()];
    let mut seen = 0;
    for (node, place) in order.iter_mut().enumerate() {
        *place = seen;
        seen += usize::from(kept(node));
    }
    let mut chains = if bodies.len() > MOST_PIECES {
        sure_links(ground, &order, &bodies)
    } else {
        read_streams(ground, &bodies)
    };
    if chains.len() > ALL_PAIRS {
        return link_nearby(ground, &order, chains);
    }
    loop {
        let size = chains.len();
        let mut gains = vec![0_i32; size * size];
        for left in 0..size {
            for right in 0..size {
                if left != right {
                    let gain = ground.offer(&order, &chains[left], &chains[right]);
                    gains[left * size + right] = if gain > LEAST { gain } else { 0 };
                }
            }
        }
        let mut links: Vec<(i32, usize, usize)> = best_assignment(&gains, size)
            .into_iter()
            .enumerate()
            .map(|(left, right)| (gains[left * size + right], left, right))
            .filter(|(gain, _, _)| *gain > 0)
            .collect();
        if links.is_empty() {
            return chains;
        }
        links.sort_unstable_by_key(|(gain, left, right)| (std::cmp::Reverse(*gain), *left, *right));
        // The clearest links first; what they join changes what the rest is worth.
        let sure = links.iter().filter(|(gain, _, _)| *gain >= CLEAR).count();
        links.truncate(sure.max(links.len().div_ceil(3)));
        chains = merged(chains, &links);
    }
}

/// Pages with more pieces of running text than this are linked nearby only.
const MOST_PIECES: usize = 40_000;

/// Merges chains along links; a link that would close a ring is left out.
fn merged(chains: Vec<Chain>, links: &[(i32, usize, usize)]) -> Vec<Chain> {
    let mut next = vec![None; chains.len()];
    let mut leads: Vec<usize> = (0..chains.len()).collect();
    fn lead(leads: &mut [usize], of: usize) -> usize {
        let mut at = of;
        while leads[at] != at {
            leads[at] = leads[leads[at]];
            at = leads[at];
        }
        at
    }
    let mut has_previous = vec![false; chains.len()];
    for (_, left, right) in links {
        let (a, b) = (lead(&mut leads, *left), lead(&mut leads, *right));
        if a != b {
            leads[b] = a;
            next[*left] = Some(*right);
            has_previous[*right] = true;
        }
    }
    let mut slots: Vec<Option<Chain>> = chains.into_iter().map(Some).collect();
    let mut result = Vec::new();
    for start in 0..slots.len() {
        if has_previous[start] {
            continue;
        }
        let Some(mut chain) = slots[start].take() else { continue };
        let mut at = start;
        while let Some(following) = next[at] {
            if let Some(more) = slots[following].take() {
                chain.append(more);
            }
            at = following;
        }
        result.push(chain);
    }
    result
}

/// Chains of nodes whose seams leave no doubt.
fn sure_links(ground: &Ground<'_>, order: &[usize], bodies: &[usize]) -> Vec<Chain> {
    let mut chains: Vec<Chain> = Vec::new();
    for (at, node) in bodies.iter().enumerate() {
        let joins = at > 0 && {
            let before = bodies[at - 1];
            let adjacent = before + 1 == *node;
            let evidence = ground.between(before, *node);
            adjacent
                && ground.nodes[before].end == EndState::Open
                && evidence >= SURE
                && ground.seam(order, before, *node) > CLEAR
        };
        match chains.last_mut() {
            Some(chain) if joins => {
                chain.append(ground.single(*node));
            }
            _ => chains.push(ground.single(*node)),
        }
    }
    chains
}

/// Evidence of characters that makes a seam between neighbours sure.
const SURE: i32 = 4500;

/// The assignment of rows to columns with the greatest sum (Kuhn's algorithm with potentials, after Jonker and
/// Volgenant 1987); gives a column for each row. Gains are not negative.
pub(super) fn best_assignment(gains: &[i32], size: usize) -> Vec<usize> {
    let cost = |row: usize, column: usize| -i64::from(gains[row * size + column]);
    let mut row_price = vec![0_i64; size + 1];
    let mut column_price = vec![0_i64; size + 1];
    let mut row_of = vec![0_usize; size + 1];
    let mut way = vec![0_usize; size + 1];
    for row in 1..=size {
        row_of[0] = row;
        let mut column = 0;
        let mut least = vec![i64::MAX; size + 1];
        let mut used = vec![false; size + 1];
        loop {
            used[column] = true;
            let current = row_of[column];
            let (mut delta, mut next) = (i64::MAX, 0);
            for candidate in 1..=size {
                if used[candidate] {
                    continue;
                }
                let reduced = cost(current - 1, candidate - 1) - row_price[current] - column_price[candidate];
                if reduced < least[candidate] {
                    least[candidate] = reduced;
                    way[candidate] = column;
                }
                if least[candidate] < delta {
                    delta = least[candidate];
                    next = candidate;
                }
            }
            for candidate in 0..=size {
                if used[candidate] {
                    row_price[row_of[candidate]] += delta;
                    column_price[candidate] -= delta;
                } else {
                    least[candidate] -= delta;
                }
            }
            column = next;
            if row_of[column] == 0 {
                break;
            }
        }
        while column != 0 {
            row_of[column] = row_of[way[column]];
            column = way[column];
        }
    }
    let mut columns = vec![0; size];
    for column in 1..=size {
        columns[row_of[column] - 1] = column - 1;
    }
    columns
}

/// As [`link`] for pages with very many stretches: partners are sought nearby, best first.
fn link_nearby(ground: &Ground<'_>, order: &[usize], chains: Vec<Chain>) -> Vec<Chain> {
    let mut chains: Vec<Option<Chain>> = chains.into_iter().map(Some).collect();
    let mut versions = vec![0_u32; chains.len()];
    let mut heap: BinaryHeap<Offer> = BinaryHeap::new();
    let offer_of = |chains: &[Option<Chain>], versions: &[u32], left: usize, right: usize| {
        let (Some(a), Some(b)) = (&chains[left], &chains[right]) else { return None };
        let score = ground.offer(order, a, b);
        (score > LEAST).then_some(Offer { score, left, right, versions: (versions[left], versions[right]) })
    };
    for left in 0..chains.len() {
        for right in left.saturating_sub(REACH / 2)..(left + REACH + 1).min(chains.len()) {
            if left != right {
                heap.extend(offer_of(&chains, &versions, left, right));
            }
        }
    }
    while let Some(offer) = heap.pop() {
        if chains[offer.left].is_none() || chains[offer.right].is_none() {
            continue;
        }
        if offer.versions != (versions[offer.left], versions[offer.right]) {
            heap.extend(offer_of(&chains, &versions, offer.left, offer.right));
            continue;
        }
        let (Some(mut left), Some(right)) = (chains[offer.left].take(), chains[offer.right].take()) else {
            continue;
        };
        // The subject of a very long chain is that of its last part; so no merge costs more than another.
        if left.size > LONG_CHAIN {
            left.words.clear();
            left.size = 0;
        }
        left.append(right);
        versions[offer.left] += 1;
        versions[offer.right] += 1;
        chains[offer.left] = Some(left);
        // The merged chain ends where the right one ended: offers from that end start anew.
        for right in offer.right.saturating_sub(REACH)..(offer.right + REACH + 1).min(chains.len()) {
            if right != offer.left {
                heap.extend(offer_of(&chains, &versions, offer.left, right));
            }
        }
    }
    chains.into_iter().flatten().collect()
}

/// Nodes after which a chain counts as very long.
const LONG_CHAIN: usize = 40;
