//! A second way to lay a page out, so that not all made pages are of one hand: stories get rectangles of a sheet, their
//! text runs through its columns, and a recogniser reads the pieces in an order of its own: story by story, column by
//! column over the borders of stories, or by height. What is cut, and where, follows from the sheet alone.

use super::cell::{Block, BlockKind, Cell, Role};
use super::damage::{Flow, chop, single};
use super::layout::Style;
use super::set::{Gap, Making, Severity};

/// Lines that a head takes on the sheet.
const HEAD_LINES: usize = 3;
/// A sentence of which no more than so many characters are left is ended in its column.
const REACH: usize = 60;
/// Pieces whose heights differ by less than this stand beside each other.
const BAND: usize = 8;

/// What the recogniser takes for one region.
#[derive(Clone, Debug)]
struct Region {
    owner: u32,
    /// Column, counted from the left.
    column: usize,
    /// Line, counted from the top.
    line: usize,
    is_head: bool,
    blocks: Vec<Block>,
}

/// How the sheet is divided.
enum Division {
    Story(Flow),
    Below(Vec<Division>),
    /// Each with the number of its columns.
    Beside(Vec<(usize, Division)>),
}

fn divide(making: &mut Making<'_>, mut flows: Vec<Flow>, columns: usize) -> Division {
    if flows.len() == 1
        && let Some(flow) = flows.pop()
    {
        return Division::Story(flow);
    }
    if columns == 1 {
        return Division::Below(flows.into_iter().map(Division::Story).collect());
    }
    let below = making.rng.chance(55);
    let rest = flows.split_off(making.rng.between(1, flows.len() - 1));
    if below {
        let parts = [flows, rest].map(|flows| divide(making, flows, columns));
        return Division::Below(parts.into());
    }
    let characters = |flows: &[Flow]| -> usize {
        flows.iter().flat_map(|flow| &flow.blocks).map(|block| block.cells.len()).sum()
    };
    let (left, right) = (characters(&flows), characters(&rest));
    let own = (columns * left / (left + right).max(1)).clamp(1, columns - 1);
    let left = divide(making, flows, own);
    let right = divide(making, rest, columns - own);
    Division::Beside(vec![(own, left), (columns - own, right)])
}

/// How a recogniser reads what a division holds.
#[derive(Clone, Copy)]
enum Order {
    /// One part after the other.
    Parts,
    /// Column by column, whatever story stands there.
    Columns,
    /// By height, then from the left.
    Bands,
}

struct Sheet<'m, 'g> {
    making: &'m mut Making<'g>,
    /// Characters of a printed line.
    width: usize,
    severity: Severity,
}

impl Sheet<'_, '_> {
    fn order(&mut self) -> Order {
        let wrong = match self.severity {
            Severity::Light => 15,
            Severity::Medium => 45,
            Severity::Heavy => 70,
        };
        match self.making.rng.below(100) {
            drawn if drawn >= wrong => Order::Parts,
            drawn if drawn * 4 < wrong * 3 => Order::Columns,
            _ => Order::Bands,
        }
    }

    /// The regions of a division in the order in which they are read, and how many lines it takes.
    fn read(
        &mut self,
        division: Division,
        column: usize,
        columns: usize,
        line: usize,
    ) -> (Vec<Region>, usize) {
        let mut regions = Vec::new();
        let mut lines = 0;
        match division {
            Division::Story(flow) => return self.story(flow, column, columns, line),
            Division::Below(parts) => {
                for part in parts {
                    let (more, taken) = self.read(part, column, columns, line + lines);
                    regions.extend(more);
                    lines += taken;
                }
            }
            Division::Beside(parts) => {
                let mut from = column;
                for (own, part) in parts {
                    let (more, taken) = self.read(part, from, own, line);
                    regions.extend(more);
                    lines = lines.max(taken);
                    from += own;
                }
            }
        }
        match self.order() {
            Order::Parts => {}
            Order::Columns => regions.sort_by_key(|region| (region.column, region.line)),
            Order::Bands => regions.sort_by_key(|region| (region.line / BAND, region.column, region.line)),
        }
        (regions, lines)
    }

    /// One story in its columns: its head over all of them, its text cut where columns end.
    fn story(&mut self, flow: Flow, column: usize, columns: usize, line: usize) -> (Vec<Region>, usize) {
        let Flow { owner, blocks } = flow;
        let first_body = blocks.iter().position(Block::is_body).unwrap_or(0);
        let (head, text) = blocks.split_at(first_body);
        let lines_of =
            |blocks: &[Block]| -> usize { blocks.iter().map(|b| b.cells.len().div_ceil(self.width)).sum() };
        let lines = lines_of(text).div_ceil(columns).max(1);
        let mut pieces = chop(text, lines * self.width, columns);
        for at in 1..pieces.len() {
            if self.making.rng.chance(30) {
                let (left, right) = pieces.split_at_mut(at);
                to_stop(&mut left[at - 1], &mut right[0]);
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        if pieces.len() > 1 && self.making.rng.chance(6) {
            let at = self.making.rng.below(pieces.len() - 1);
            pieces.swap(at, at + 1);
            self.making.damaged(owner, "columns-out-of-order");
        }
        let mut regions = Vec::new();
        if !head.is_empty() {
            regions.push(Region { owner, column, line, is_head: true, blocks: head.to_vec() });
        }
        let below = line + if head.is_empty() { 0 } else { HEAD_LINES };
        for (at, blocks) in pieces.into_iter().enumerate() {
            regions.push(Region { owner, column: column + at, line: below, is_head: false, blocks });
        }
        (regions, below - line + lines)
    }

    /// The last line of a column is lost now and then where a sentence goes on behind it.
    fn lose_feet(&mut self, regions: &mut [Region]) {
        for region in regions.iter_mut().filter(|region| !region.is_head) {
            let Some(last) = region.blocks.last_mut() else { continue };
            let lost = self.making.rng.between(6, self.width);
            let Some(kept) = last.cells.len().checked_sub(lost).filter(|kept| *kept > 24) else { continue };
            let stops = |ch: char| matches!(ch, '。' | '！' | '？' | '”');
            let whole = last.cells.last().is_none_or(|cell| stops(cell.ch));
            let running = last.cells[kept - 1..].iter().all(|cell| cell.role == Role::Body);
            if whole
                || !running
                || stops(last.cells[kept - 1].ch)
                || !last.is_body()
                || !self.making.rng.chance(5)
            {
                continue;
            }
            last.cells.truncate(kept);
            let after = last.cells[kept - 1].position;
            self.making.gaps.push(Gap { owner: region.owner, after, lost });
            self.making.damaged(region.owner, "text-lost-inside");
        }
    }

    /// Heads that come late, and heads that were not read.
    fn move_heads(&mut self, regions: &mut Vec<Region>) {
        if self.making.rng.chance(20) {
            for region in regions.iter().filter(|region| region.is_head) {
                self.making.damaged(region.owner, "headline-absent");
            }
            regions.retain(|region| !region.is_head);
        }
        let mut at = 0;
        while at < regions.len() {
            let owner = regions[at].owner;
            if regions[at].is_head {
                match self.making.rng.below(100) {
                    0..=7 if at + 1 < regions.len() && !regions[at + 1].is_head => {
                        regions.swap(at, at + 1);
                        if regions[at].owner == owner {
                            self.making.damaged(owner, "headline-after-body");
                        }
                        at += 1;
                    }
                    8..=19 => {
                        regions.remove(at);
                        self.making.damaged(owner, "headline-absent");
                        continue;
                    }
                    _ => {}
                }
            }
            at += 1;
        }
    }

    /// Two columns side by side of which the lines are read in turn.
    fn read_in_turn(&mut self, regions: &mut Vec<Region>) {
        let pairs: Vec<(usize, usize)> = (0..regions.len())
            .flat_map(|one| (one + 1..regions.len()).map(move |other| (one, other)))
            .filter(|(one, other)| {
                let (one, other) = (&regions[*one], &regions[*other]);
                let long = |region: &Region| {
                    region.blocks.iter().map(|block| block.cells.len()).sum::<usize>() > 6 * self.width
                };
                !one.is_head
                    && !other.is_head
                    && one.column.abs_diff(other.column) == 1
                    && one.line.abs_diff(other.line) <= 2
                    && long(one)
                    && long(other)
            })
            .collect();
        if pairs.is_empty() {
            return;
        }
        let (one, other) = pairs[self.making.rng.below(pairs.len())];
        let right = regions.remove(other);
        let left = regions.remove(one);
        let rows = self.making.rng.between(1, 3);
        let lines = |region: &Region| chop(&region.blocks, rows * self.width, usize::MAX);
        let (a, b) = (lines(&left), lines(&right));
        let mut mixed = Vec::new();
        for at in 0..a.len().max(b.len()) {
            for (region, lines) in [(&left, &a), (&right, &b)] {
                let blocks = lines.get(at).cloned();
                mixed.extend(blocks.map(|blocks| Region { blocks, ..region.clone() }));
            }
        }
        for owner in [left.owner, right.owner] {
            self.making.damaged(owner, "columns-alternate");
        }
        regions.splice(one..one, mixed);
    }
}

/// A column that ends with a sentence: what is left of it in the next column goes over, and the rest of a paragraph that is as short.
fn to_stop(left: &mut [Block], right: &mut Vec<Block>) {
    let (Some(last), Some(first)) = (left.last_mut(), right.first_mut()) else { return };
    if !first.continues || !first.is_body() || !last.is_body() {
        return;
    }
    let stop = first.cells.iter().take(REACH).position(|cell| cell.ch == '。');
    let Some(stop) = stop.filter(|_| last.cells.last().is_some_and(|cell| cell.ch != '。')) else { return };
    let rest = first.cells.len() - stop - 1;
    let moved = if rest <= REACH / 2 { first.cells.len() } else { stop + 1 };
    last.cells.extend(first.cells.drain(..moved));
    if first.cells.is_empty() {
        right.remove(0);
    }
}

/// Headlines of today: two halves parted by a comma, or behind the name of a place.
fn reword_head(making: &mut Making<'_>, flow: &mut Flow) {
    let heads = flow.blocks.iter_mut().filter(|block| {
        matches!(block.kind, BlockKind::Head(_)) && block.cells.iter().all(|cell| cell.role == Role::Headline)
    });
    let mut heads: Vec<&mut Block> = heads.collect();
    let parted = heads.iter().any(|head| head.cells.iter().any(|cell| cell.ch == ' '));
    if parted && making.rng.chance(60) {
        for cell in heads.iter_mut().flat_map(|head| &mut head.cells).filter(|cell| cell.ch == ' ') {
            cell.ch = '，';
        }
    } else if !parted
        && making.rng.chance(15)
        && let Some(first) = heads.first_mut().and_then(|head| head.cells.first().copied())
        && first.ch != '“'
    {
        let place = making.lines().write("city");
        let named = place.chars().chain(['：']).map(|ch| Cell { ch, ..first });
        heads[0].cells.splice(0..0, named);
    }
}

/// Puts the stories of a page in the order in which a recogniser reads the sheet.
pub(super) fn arrange(
    making: &mut Making<'_>,
    flows: Vec<Flow>,
    severity: Severity,
    style: &Style,
) -> Vec<Flow> {
    let mut flows: Vec<Flow> = flows.into_iter().filter(|flow| !flow.blocks.is_empty()).collect();
    for flow in &mut flows {
        reword_head(making, flow);
        if making.rng.chance(40) {
            single(making, flow, severity);
        }
    }
    let columns = making.rng.between(3, 6);
    let width = style.wrap.unwrap_or_else(|| making.rng.between(12, 18));
    let division = divide(making, flows, columns);
    let mut sheet = Sheet { making, width, severity };
    let (mut regions, _) = sheet.read(division, 0, columns, 0);
    sheet.lose_feet(&mut regions);
    sheet.move_heads(&mut regions);
    let share = if style.wrap.is_some() { 25 } else { 8 };
    if severity != Severity::Light && sheet.making.rng.chance(share) {
        sheet.read_in_turn(&mut regions);
    }
    let mut sequence: Vec<Flow> = Vec::new();
    for region in regions {
        let mut blocks = region.blocks;
        // Now and then a region is read on over the border of two stories.
        let closes_column = sequence
            .last()
            .and_then(|flow| flow.blocks.last())
            .is_some_and(|block| block.kind == BlockKind::Paragraph);
        if closes_column
            && !region.is_head
            && making.rng.chance(2)
            && let Some(first) = blocks.first_mut()
        {
            first.glued = true;
        }
        sequence.push(Flow { owner: region.owner, blocks });
    }
    let mut seen: Vec<u32> = Vec::new();
    let mut last = 0;
    for owner in sequence.iter().map(|flow| flow.owner).collect::<Vec<_>>() {
        if owner != last && seen.contains(&owner) {
            making.damaged(owner, "cut-by-others");
        }
        seen.push(owner);
        last = owner;
    }
    sequence
}
