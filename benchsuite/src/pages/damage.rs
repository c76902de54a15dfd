//! What pages do to stories: cut, interleave, displace, lose, print twice.

use super::cell::{Block, BlockKind, Cell, Role, hangs, is_han, is_stop};
use super::layout::Style;
use super::set::{End, Gap, Making, Severity, furniture};
use crate::rng::Rng;

/// A stretch of one story on a page.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    pub(super) owner: u32,
    pub(super) blocks: Vec<Block>,
}

/// The damages that put foreign text, or another page, between the pieces of a story.
pub const INTERRUPTS: [&str; 6] =
    ["cut-by-others", "cut-in-quotation", "resumed-at-end", "columns-alternate", "jump", "tails-interleave"];

/// Every damage the maker knows, in the order of the report.
pub const DAMAGES: [&str; 20] = [
    "columns-alternate",
    "cut-by-others",
    "cut-in-quotation",
    "resumed-at-end",
    "columns-out-of-order",
    "headline-after-body",
    "headline-absent",
    "one-head-for-several",
    "paragraphs-before-head",
    "duplicate-misplaced",
    "caption-in-sentence",
    "text-lost-inside",
    "text-lost-at-end",
    "jump",
    "jump-to-page-not-held",
    "jump-line-absent",
    "front-page-not-held",
    "tail-without-head",
    "continuation-head-after",
    "tails-interleave",
];

fn cut_places(cells: &[Cell], in_quotation: bool) -> Vec<usize> {
    let mut open = false;
    let mut out = Vec::new();
    for (i, pair) in cells.windows(2).enumerate() {
        match pair[0].ch {
            '“' => open = true,
            '”' => open = false,
            _ => {}
        }
        let inside = pair[0].role == Role::Body && pair[1].role == Role::Body;
        if inside
            && i >= 8
            && i + 10 < cells.len()
            && (is_han(pair[0].ch) || pair[0].ch == '，')
            && is_han(pair[1].ch)
            && open == in_quotation
        {
            out.push(i + 1);
        }
    }
    out
}

fn cut_block(block: &Block, at: usize) -> (Block, Block) {
    let left = Block {
        kind: block.kind,
        cells: block.cells[..at].to_vec(),
        glued: block.glued,
        continues: block.continues,
    };
    let right = Block { kind: block.kind, cells: block.cells[at..].to_vec(), glued: false, continues: true };
    (left, right)
}

fn body_chars(blocks: &[Block]) -> usize {
    blocks.iter().filter(|b| b.is_body()).map(|b| b.cells.len()).sum()
}

fn split_where(
    blocks: &[Block],
    rng: &mut Rng,
    least: usize,
    quotation: bool,
) -> Option<(Vec<Block>, Vec<Block>)> {
    let mut places = Vec::new();
    let total = body_chars(blocks);
    let mut before = 0;
    for (i, block) in blocks.iter().enumerate() {
        if !block.is_body() {
            continue;
        }
        for at in cut_places(&block.cells, quotation) {
            if before + at >= least && total - before - at >= least {
                places.push((i, at));
            }
        }
        before += block.cells.len();
    }
    if places.is_empty() {
        return None;
    }
    let (i, at) = places[rng.below(places.len())];
    let (end, start) = cut_block(&blocks[i], at);
    let mut left = blocks[..i].to_vec();
    left.push(end);
    let mut right = vec![start];
    right.extend_from_slice(&blocks[i + 1..]);
    Some((left, right))
}

/// Cuts a story in mid-sentence, at least `least` characters of running text on both sides.
pub(super) fn split(blocks: &[Block], rng: &mut Rng, least: usize) -> Option<(Vec<Block>, Vec<Block>)> {
    split_where(blocks, rng, least, false)
}

fn position_of_head(blocks: &[Block]) -> Vec<usize> {
    (0..blocks.len())
        .filter(|i| {
            blocks[*i]
                .cells
                .first()
                .is_some_and(|c| matches!(c.role, Role::Headline | Role::Deck | Role::Kicker))
        })
        .collect()
}

fn take_head(blocks: &mut Vec<Block>) -> Vec<Block> {
    let mut head = Vec::new();
    for i in position_of_head(blocks).into_iter().rev() {
        head.insert(0, blocks.remove(i));
    }
    head
}

/// Damage to one story by itself.
pub(super) fn single(making: &mut Making<'_>, flow: &mut Flow, severity: Severity) {
    let rate = match severity {
        Severity::Light => 12,
        Severity::Medium => 45,
        Severity::Heavy => 68,
    };
    if !making.rng.chance(rate) {
        return;
    }
    let owner = flow.owner;
    match making.rng.below(100) {
        0..=18 => {
            let head = take_head(&mut flow.blocks);
            if !head.is_empty() && !flow.blocks.is_empty() {
                flow.blocks.extend(head);
                making.damaged(owner, "headline-after-body");
            } else {
                flow.blocks.splice(0..0, head);
            }
        }
        19..=42 => {
            let head = take_head(&mut flow.blocks);
            if flow.blocks.iter().any(Block::is_body) {
                if !head.is_empty() {
                    making.damaged(owner, "headline-absent");
                }
            } else {
                flow.blocks.splice(0..0, head);
            }
        }
        43..=53 => before_head(making, flow),
        54..=67 => caption_inside(making, flow),
        68..=79 => lose_inside(making, flow),
        80..=88 => lose_end(making, flow),
        _ => columns_out_of_order(making, flow),
    }
}

fn before_head(making: &mut Making<'_>, flow: &mut Flow) {
    let bodies: Vec<usize> = (0..flow.blocks.len()).filter(|i| flow.blocks[*i].is_body()).collect();
    let headed = !position_of_head(&flow.blocks).is_empty();
    if bodies.len() < 3 || !headed {
        return;
    }
    let n = making.rng.between(1, 2);
    let from = bodies[bodies.len() - n];
    let moved: Vec<Block> = flow.blocks.drain(from..).collect();
    flow.blocks.splice(0..0, moved);
    making.damaged(flow.owner, "paragraphs-before-head");
}

fn caption_inside(making: &mut Making<'_>, flow: &mut Flow) {
    let Some(first) =
        flow.blocks.iter().position(|b| b.cells.first().is_some_and(|c| c.role == Role::Caption))
    else {
        return;
    };
    let picture: Vec<Block> = flow.blocks.drain(first..(first + 2).min(flow.blocks.len())).collect();
    match split(&flow.blocks, &mut making.rng, 25) {
        Some((left, right)) => {
            flow.blocks = left;
            flow.blocks.extend(picture);
            flow.blocks.extend(right);
            making.damaged(flow.owner, "caption-in-sentence");
        }
        None => flow.blocks.extend(picture),
    }
}

fn lose_inside(making: &mut Making<'_>, flow: &mut Flow) {
    // Some places are too near a paragraph's end; a few are tried.
    for _ in 0..8 {
        let Some((left, mut right)) = split(&flow.blocks, &mut making.rng, 50) else { return };
        let lost = making.rng.between(11, 60);
        let Some(first) = right.first_mut() else { return };
        // The text goes on in mid-word in the same paragraph.
        if first.cells.len() < lost + 14 || !is_han(first.cells[lost].ch) || is_stop(first.cells[lost - 1].ch)
        {
            continue;
        }
        first.cells.drain(..lost);
        if let Some(last) = left.last().and_then(|b| b.cells.last()) {
            making.gaps.push(Gap { owner: flow.owner, after: last.position, lost });
        }
        flow.blocks = left;
        flow.blocks.extend(right);
        making.damaged(flow.owner, "text-lost-inside");
        return;
    }
}

fn lose_end(making: &mut Making<'_>, flow: &mut Flow) {
    let jumps = flow.blocks.iter().any(|b| b.cells.first().is_some_and(|c| c.role == Role::JumpTo));
    if jumps {
        return;
    }
    let Some((left, right)) = split(&flow.blocks, &mut making.rng, 40) else { return };
    let keeps: Vec<Block> = right
        .iter()
        .filter(|b| b.cells.first().is_some_and(|c| matches!(c.role, Role::Caption | Role::Credit)))
        .cloned()
        .collect();
    let lost = right.iter().map(|b| b.cells.len()).sum::<usize>();
    if let Some(last) = left.last().and_then(|b| b.cells.last()) {
        making.gaps.push(Gap { owner: flow.owner, after: last.position, lost });
    }
    flow.blocks = keeps;
    flow.blocks.extend(left);
    making.ends[flow.owner as usize - 1].1 = End::Lost;
    making.damaged(flow.owner, "text-lost-at-end");
}

fn columns_out_of_order(making: &mut Making<'_>, flow: &mut Flow) {
    let Some((first, rest)) = split(&flow.blocks, &mut making.rng, 90) else { return };
    let Some((second, third)) = split(&rest, &mut making.rng, 45) else { return };
    flow.blocks = first;
    flow.blocks.extend(third);
    flow.blocks.extend(second);
    making.damaged(flow.owner, "columns-out-of-order");
}

/// Chops a story into the pieces of a column: its heads with the first piece.
pub(super) fn chop(blocks: &[Block], piece: usize, most: usize) -> Vec<Vec<Block>> {
    let mut out: Vec<Vec<Block>> = Vec::new();
    let mut current: Vec<Block> = Vec::new();
    let mut filled = 0;
    for block in blocks {
        if !block.is_body() {
            // A jump line at the end of a text stays with the text.
            match out.last_mut() {
                Some(last) if block.glued && current.is_empty() => last.push(block.clone()),
                _ => current.push(block.clone()),
            }
            continue;
        }
        let mut rest = block.clone();
        while out.len() + 1 < most && filled + rest.cells.len() > piece {
            let mut at = piece - filled;
            while rest.cells.get(at).is_some_and(|c| hangs(c.ch)) {
                at += 1;
            }
            if at == 0 || at >= rest.cells.len() {
                break;
            }
            let (left, right) = cut_block(&rest, at);
            current.push(left);
            out.push(std::mem::take(&mut current));
            filled = 0;
            rest = right;
        }
        filled += rest.cells.len();
        current.push(rest);
        if filled >= piece && out.len() + 1 < most {
            out.push(std::mem::take(&mut current));
            filled = 0;
        }
    }
    if !current.is_empty() {
        out.push(current);
    }
    out
}

fn interleave(left: Flow, right: Flow, piece: usize, most: usize) -> Vec<Flow> {
    let a = chop(&left.blocks, piece, most);
    let b = chop(&right.blocks, piece, most);
    let mut out = Vec::new();
    let (mut a, mut b) = (a.into_iter(), b.into_iter());
    loop {
        let (x, y) = (a.next(), b.next());
        if x.is_none() && y.is_none() {
            return out;
        }
        out.extend(x.map(|blocks| Flow { owner: left.owner, blocks }));
        out.extend(y.map(|blocks| Flow { owner: right.owner, blocks }));
    }
}

fn alternate(making: &mut Making<'_>, sequence: &mut Vec<Flow>, touched: &mut Vec<u32>, style: &Style) {
    let pairs: Vec<usize> = (0..sequence.len().saturating_sub(1))
        .filter(|i| {
            [*i, *i + 1]
                .iter()
                .all(|k| !touched.contains(&sequence[*k].owner) && body_chars(&sequence[*k].blocks) >= 120)
        })
        .collect();
    if pairs.is_empty() {
        return;
    }
    let at = pairs[making.rng.below(pairs.len())];
    let right = sequence.remove(at + 1);
    let left = sequence.remove(at);
    for owner in [left.owner, right.owner] {
        touched.push(owner);
        making.damaged(owner, "columns-alternate");
    }
    let (piece, most) = match style.wrap {
        // Lines of two columns, one to three at a time, for a stretch; then the rest of each.
        Some(width) => (width * making.rng.between(1, 3), making.rng.between(5, 14)),
        None => (making.rng.between(40, 150), making.rng.between(2, 5)),
    };
    let mixed = interleave(left, right, piece, most);
    sequence.splice(at..at, mixed);
}

fn cut_by_others(making: &mut Making<'_>, sequence: &mut Vec<Flow>, touched: &mut Vec<u32>, last: usize) {
    let candidates: Vec<usize> = (0..last.min(sequence.len()))
        .filter(|i| !touched.contains(&sequence[*i].owner) && body_chars(&sequence[*i].blocks) >= 110)
        .collect();
    if candidates.is_empty() {
        return;
    }
    let at = candidates[making.rng.below(candidates.len())];
    let quotation = making.rng.chance(35);
    let parts = if quotation { split_where(&sequence[at].blocks, &mut making.rng, 35, true) } else { None };
    let quoted = parts.is_some();
    let Some((left, right)) = parts.or_else(|| split(&sequence[at].blocks, &mut making.rng, 45)) else {
        return;
    };
    let owner = sequence[at].owner;
    touched.push(owner);
    sequence[at].blocks = left;
    let to_end = making.rng.chance(30);
    let place = if to_end { sequence.len() } else { (at + 1 + making.rng.between(1, 3)).min(sequence.len()) };
    if place == at + 1 {
        sequence[at].blocks.extend(right);
        return;
    }
    sequence.insert(place, Flow { owner, blocks: right });
    making.damaged(owner, if quoted { "cut-in-quotation" } else { "cut-by-others" });
    if to_end {
        making.damaged(owner, "resumed-at-end");
    }
}

fn duplicate(making: &mut Making<'_>, sequence: &mut [Flow]) {
    let from = making.rng.below(sequence.len());
    let bodies: Vec<usize> = (0..sequence[from].blocks.len())
        .filter(|i| sequence[from].blocks[*i].is_body() && sequence[from].blocks[*i].cells.len() >= 40)
        .collect();
    let to = making.rng.below(sequence.len());
    if bodies.is_empty() || sequence[to].owner == sequence[from].owner {
        return;
    }
    let mut copy = sequence[from].blocks[bodies[making.rng.below(bodies.len())]].clone();
    copy.cells.retain(|c| c.role == Role::Body);
    for cell in &mut copy.cells {
        cell.duplicate = true;
    }
    copy.glued = false;
    let places: Vec<usize> = (1..sequence[to].blocks.len())
        .filter(|i| sequence[to].blocks[*i].is_body() && !sequence[to].blocks[*i].glued)
        .collect();
    let place =
        if places.is_empty() { sequence[to].blocks.len() } else { places[making.rng.below(places.len())] };
    let owner = sequence[from].owner;
    sequence[to].blocks.insert(place, copy);
    making.damaged(owner, "duplicate-misplaced");
}

fn one_head_for_several(making: &mut Making<'_>, sequence: &mut Vec<Flow>, touched: &[u32]) {
    let n = making.rng.between(2, 3);
    let starts: Vec<usize> = (0..sequence.len().saturating_sub(n - 1))
        .filter(|i| {
            (*i..*i + n).all(|k| !touched.contains(&sequence[k].owner) && body_chars(&sequence[k].blocks) > 0)
        })
        .collect();
    if starts.is_empty() {
        return;
    }
    let at = starts[making.rng.below(starts.len())];
    for flow in &mut sequence[at..at + n] {
        let head = take_head(&mut flow.blocks);
        if !head.is_empty() {
            // Whatever was done to the head before is undone with it.
            let damages = &mut making.stories[flow.owner as usize - 1].damages;
            damages.retain(|d| !matches!(*d, "headline-after-body" | "paragraphs-before-head"));
            making.damaged(flow.owner, "one-head-for-several");
        }
    }
    let text = making.lines().write("section");
    let head = Block {
        kind: BlockKind::Head(1),
        cells: furniture(&text, Role::Section),
        glued: false,
        continues: false,
    };
    sequence.insert(at, Flow { owner: 0, blocks: vec![head] });
}

/// Puts the stories of a page in the order a reader of the file meets them.
pub(super) fn arrange(
    making: &mut Making<'_>,
    flows: Vec<Flow>,
    tails: Vec<Flow>,
    severity: Severity,
    style: &Style,
    whole: bool,
) -> Vec<Flow> {
    let mut sequence = flows;
    if whole {
        // The other paper prints its stories whole; only heads move.
        for flow in &mut sequence {
            if making.rng.chance(12) {
                let head = take_head(&mut flow.blocks);
                flow.blocks.extend(head);
                making.damaged(flow.owner, "headline-after-body");
            }
        }
        return sequence;
    }
    for flow in &mut sequence {
        single(making, flow, severity);
    }
    let mut touched: Vec<u32> = making
        .stories
        .iter()
        .filter(|s| s.damages.contains(&"columns-out-of-order"))
        .map(|s| s.owner)
        .collect();
    let (cuts, pairs) = match severity {
        Severity::Light => (making.rng.between(1, 2), 0),
        Severity::Medium => (making.rng.between(3, 4), making.rng.below(2)),
        Severity::Heavy => (making.rng.between(3, 5), making.rng.between(1, 2)),
    };
    if severity != Severity::Light && making.rng.chance(22) {
        one_head_for_several(making, &mut sequence, &touched.clone());
    }
    // Furniture heads count as touched: nothing is cut out of them.
    touched.push(0);
    for _ in 0..pairs {
        if making.rng.chance(60) {
            alternate(making, &mut sequence, &mut touched, style);
        }
    }
    if making.rng.chance(if severity == Severity::Light { 8 } else { 24 }) {
        duplicate(making, &mut sequence);
    }
    let row = tail_row(making, tails);
    for _ in 0..cuts {
        let last = sequence.len();
        cut_by_others(making, &mut sequence, &mut touched, last);
    }
    if !row.is_empty() {
        let place =
            if making.rng.chance(60) { sequence.len() } else { making.rng.between(1, sequence.len()) };
        sequence.splice(place..place, row);
    }
    sequence
}

/// Continuations come in a row; sometimes one is interrupted by the next and resumed after it.
fn tail_row(making: &mut Making<'_>, tails: Vec<Flow>) -> Vec<Flow> {
    let mut row = tails;
    if row.len() > 1 && making.rng.chance(35) {
        let at = making.rng.below(row.len() - 1);
        if let Some((left, right)) = split(&row[at].blocks, &mut making.rng, 40) {
            let owner = row[at].owner;
            row[at].blocks = left;
            let place = making.rng.between(at + 2, row.len());
            row.insert(place, Flow { owner, blocks: right });
            making.damaged(owner, "tails-interleave");
        }
    }
    row
}

fn line(text: &str, role: Role, kind: BlockKind) -> Block {
    Block { kind, cells: furniture(text, role), glued: false, continues: false }
}

/// Adds what stands around the stories and joins the flows to the blocks of the page.
pub(super) fn furnish(
    making: &mut Making<'_>,
    sequence: Vec<Flow>,
    paper: &str,
    page_no: usize,
) -> Vec<Block> {
    let mut writer = making.lines();
    writer.bind("paper", paper);
    writer.bind("page", &page_no.to_string());
    let mut out: Vec<Block> = Vec::new();
    let rng = &mut making.rng;
    let headed = rng.chance(55);
    if headed {
        out.push(line(&writer.write("masthead"), Role::Masthead, BlockKind::Line));
    }
    if rng.chance(8) {
        for entry in writer.write_sequence("pagelist", 20) {
            out.push(line(&entry, Role::PageList, BlockKind::Line));
        }
    }
    if rng.chance(6) {
        out.push(line(&writer.write("web"), Role::Web, BlockKind::Line));
    }
    let sections = rng.below(3);
    let boundaries: Vec<usize> = (0..sections).map(|_| rng.below(sequence.len().max(1))).collect();
    let notices = if rng.chance(22) { rng.between(1, 4) } else { 0 };
    let notice_at = rng.below(sequence.len() + 1);
    for (i, flow) in sequence.into_iter().enumerate() {
        if i == notice_at {
            for _ in 0..notices {
                out.push(line(&writer.write("notice"), Role::Notice, BlockKind::Paragraph));
            }
        }
        let starts = flow.blocks.first().is_some_and(|b| matches!(b.kind, BlockKind::Head(_)));
        if boundaries.contains(&i) && (starts || rng.chance(20)) {
            out.push(line(&writer.write("section"), Role::Section, BlockKind::Head(1)));
        }
        // Now and then the next story follows on the same line.
        let closes = out.last().and_then(|b| b.cells.last()).is_some_and(|c| c.ch == '。');
        let mut blocks = flow.blocks;
        if closes
            && rng.chance(2)
            && let Some(first) = blocks.first_mut()
        {
            first.glued = true;
        }
        out.extend(blocks);
    }
    if rng.chance(35) {
        out.push(line(&writer.write("staff"), Role::Staff, BlockKind::Line));
    }
    if rng.chance(15) {
        out.push(line(&writer.write("hotline"), Role::Staff, BlockKind::Line));
    }
    if !headed && rng.chance(25) {
        out.push(line(&writer.write("masthead"), Role::Masthead, BlockKind::Line));
    }
    out
}
