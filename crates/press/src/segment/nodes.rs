//! Units gathered into nodes: a headline with its lines, a stretch of running text with its jump lines and tails,
//! a picture text with its credit, or something that belongs to no article.

use super::evidence::Words;
use super::heads::SHAPED;
use super::strips::{StripKind, is_comma};
use super::units::{EndState, Opens, StartState, Unit, inner_stops};
use crate::Role;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// Headline, kicker, deck, author line.
    Head,
    /// Running text.
    Body,
    /// Picture text and its credit.
    Photo,
    /// Masthead, section head, furniture, notices.
    Aside,
}

/// Contiguous units that belong together whatever happens.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub kind: NodeKind,
    /// Unit index and the role its characters have (a dateline inside keeps its own).
    pub units: Vec<(usize, Role)>,
    /// The unit of running text that represents it in linking.
    pub main: usize,
    pub start: StartState,
    pub end: EndState,
    /// Whether a jump line says where it goes on.
    pub goes_on: bool,
}

/// Longest headline line, in printed width.
const WIDEST_HEAD: u32 = 96;

/// The punctuation inside a line, as far as it tells headlines from lines of running text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeadForm {
    /// None, or such as tells nothing.
    Plain,
    /// Words that stop.
    Stop,
    /// A question or a call, and what follows it.
    Question,
    /// Commas.
    Commas,
    /// A name, a colon and what is told of it.
    Named,
    /// The same with commas.
    NamedCommas,
    /// Another colon.
    Colon,
}

/// The name before a headline's colon has so many characters.
const NAME: std::ops::RangeInclusive<usize> = 2..=8;
/// So many texts either side are looked at for the same words before a colon: those are labels.
const NEAR_LABELS: usize = 40;

impl HeadForm {
    /// How many there are.
    pub(super) const COUNT: usize = HeadForm::Colon as usize + 1;

    /// That of a unit which holds text.
    pub(super) fn of(units: &[Unit], index: usize) -> HeadForm {
        let unit = &units[index];
        let text = &unit.text;
        let inner = &text[..text.len() - 1];
        let commas = inner.iter().any(|character| matches!(character, '，' | '；'));
        if inner_stops(text) > 0 {
            let asks = |character: &char| matches!(character, '？' | '！' | '?' | '!');
            let asked = inner.iter().filter(|character| asks(character)).count();
            return if asked == inner_stops(text) && !commas { HeadForm::Question } else { HeadForm::Stop };
        }
        let Some(colon) = inner.iter().position(|character| *character == '：') else {
            return if commas { HeadForm::Commas } else { HeadForm::Plain };
        };
        let near = index.saturating_sub(NEAR_LABELS)..(index + NEAR_LABELS + 1).min(units.len());
        let label = || near.filter(|at| *at != index).any(|at| units[at].text.starts_with(&text[..=colon]));
        let named = NAME.contains(&colon)
            && unit.start == StartState::Neutral
            && unit.opens != Opens::Follows
            && text[colon + 1].is_alphabetic()
            && !label();
        match (named, commas) {
            (true, false) => HeadForm::Named,
            (true, true) => HeadForm::NamedCommas,
            (false, false) => HeadForm::Colon,
            (false, true) => HeadForm::Commas,
        }
    }

    /// Log odds, in bits, beside what a line without punctuation has by that alone: counted over 1,681 headlines of the news corpus and of
    /// the shared pages and 42,744 pieces of their texts, as long as lines of columns (benchsuite/README.md, "Heads").
    pub(super) fn worth(self) -> i32 {
        match self {
            HeadForm::Plain => 0,
            HeadForm::Stop => -5,
            HeadForm::Question => -3,
            HeadForm::Commas => -5,
            HeadForm::Named => 2,
            HeadForm::NamedCommas => -2,
            HeadForm::Colon => -2,
        }
    }
}

/// The shape of what is no headline whatever its words are.
const NEVER: i32 = -1000;

/// How much a unit looks like a headline by its shape and neighbours; positive means yes.
pub(super) fn headline_shape(units: &[Unit], index: usize, words: &Words, marked_page: i32) -> i32 {
    let unit = &units[index];
    if !unit.is_text()
        || !unit.starts_line
        || unit.width > WIDEST_HEAD
        || unit.start == StartState::Dateline
        || unit.text.is_empty()
    {
        return -10;
    }
    if unit.heading > 0 {
        return 10;
    }
    let previous = index.checked_sub(1).map(|before| &units[before]);
    let next = units.get(index + 1);
    // Text that comes from another page goes on right below the line that says so.
    if previous.is_some_and(|previous| matches!(previous.kind, StripKind::Jump { back: true, .. })) {
        return NEVER;
    }
    if unit.tail_byline.is_some() || unit.tail_dateline.is_some() || unit.start == StartState::Inside {
        return NEVER;
    }
    if unit.text.len() < 3 && next.is_none_or(|next| next.kind != StripKind::Byline) {
        return NEVER;
    }
    // An article of a statute.
    if unit.enumerator.as_ref().is_some_and(|(style, _)| style == "article") {
        return NEVER;
    }
    let last = unit.text[unit.text.len() - 1];
    let mut score = 0;
    score += match unit.end {
        EndState::Closed if matches!(last, '。' | '.' | '…') => -10,
        EndState::Closed => -1,
        _ => 1,
    };
    if is_comma(last) {
        return -10;
    }
    let form = HeadForm::of(units, index);
    score += form.worth();
    if unit.start == StartState::Opening {
        score -= 3;
    }
    if words.breaks_off(&unit.text) {
        score -= 3;
    }
    // Where a page marks its heads, what it does not mark is seldom one.
    score -= marked_page;
    if !unit.opened.is_empty() || !unit.closed.is_empty() {
        score -= 5;
    }
    let plain = form == HeadForm::Named
        || !unit.text.iter().any(|character| matches!(character, '，' | '；' | '。' | '：' | ',' | ';'));
    if plain && unit.text.len() >= 6 {
        score += 2;
    }
    let sentence_before = previous.is_some_and(|previous| {
        previous.is_text() && previous.end == EndState::Open && previous.heading == 0
    });
    // A sentence that breaks off before may go on here, or another article stands in between.
    score += if !sentence_before {
        1
    } else if plain && !unit.flows_on {
        -1
    } else {
        -4
    };
    if unit.flows_on {
        score -= 1;
    }
    match next {
        None => {}
        Some(next) => match next.kind {
            StripKind::Jump { back: true, .. } | StripKind::Byline | StripKind::Deck => score += 4,
            StripKind::Text if next.start == StartState::Dateline => score += 4,
            StripKind::Text if next.heading > 0 => score += 1,
            StripKind::Text if next.start == StartState::Inside => score -= 4,
            StripKind::Text if next.start == StartState::Opening => score += 1,
            _ => {}
        },
    }
    if unit.text.len() <= 36 {
        score += 1;
    }
    score
}

/// What it costs a line to be unmarked, where the page marks its heads.
pub(super) fn marked_heads(units: &[Unit]) -> i32 {
    let marked = units.iter().filter(|unit| unit.heading > 0).count();
    if marked >= 3 { 2 } else { 0 }
}

/// Which units are lines of a headline, by their shape and their neighbours.
pub(super) fn headlines(units: &[Unit], words: &Words) -> Vec<bool> {
    let marked_page = marked_heads(units);
    let is_head =
        |at: usize| units[at].names_notice || headline_shape(units, at, words, marked_page) >= SHAPED;
    (0..units.len()).map(is_head).collect()
}

/// A picture text is at most this long, in printed width.
const WIDEST_CAPTION: u32 = 260;

/// Gathers a page's units into nodes, in file order.
pub(super) fn nodes_of(units: &[Unit], headline: &[bool]) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    // What stands before running text and belongs to it: back jumps, author lines.
    let mut waiting: Vec<(usize, Role)> = Vec::new();
    let mut waiting_start = StartState::Neutral;
    let mut head_open = false;
    for (index, unit) in units.iter().enumerate() {
        match &unit.kind {
            StripKind::Jump { back: true, .. } => {
                waiting.push((index, Role::Jump));
                waiting_start = StartState::Jump;
                head_open = false;
            }
            StripKind::Jump { back: false, .. } => {
                head_open = false;
                match nodes.last_mut() {
                    Some(node) if node.kind == NodeKind::Body && waiting.is_empty() => {
                        node.units.push((index, Role::Jump));
                        node.end = EndState::Terminal;
                        node.goes_on = true;
                    }
                    _ => nodes.push(node(NodeKind::Aside, index, Role::Furniture)),
                }
            }
            StripKind::TailDateline => {
                head_open = false;
                match nodes.last_mut() {
                    Some(node) if node.kind == NodeKind::Body && waiting.is_empty() => {
                        node.units.push((index, Role::Dateline));
                        node.end = EndState::Terminal;
                    }
                    _ => {
                        waiting.push((index, Role::Dateline));
                        waiting_start = StartState::Dateline;
                    }
                }
            }
            StripKind::Signature => {
                head_open = false;
                match nodes.last_mut() {
                    Some(node) if node.kind == NodeKind::Body && waiting.is_empty() => {
                        let first = node.units.iter().all(|(_, role)| *role == Role::Body);
                        node.units.push((index, if first { Role::Byline } else { Role::Dateline }));
                        node.end = EndState::Terminal;
                    }
                    _ => nodes.push(node(NodeKind::Aside, index, Role::Furniture)),
                }
            }
            StripKind::Byline => {
                // Names in brackets stand behind their text.
                let bracketed = unit.text.first().is_some_and(|first| matches!(first, '（' | '('));
                let into_body = |node: &Node| {
                    let next_is_text =
                        units.get(index + 1).is_some_and(|next| next.is_text() && !headline[index + 1]);
                    let behind = bracketed && node.end != EndState::Open;
                    node.kind == NodeKind::Body && waiting.is_empty() && (behind || !next_is_text)
                };
                match nodes.last_mut() {
                    Some(node) if node.kind == NodeKind::Head && head_open => {
                        node.units.push((index, Role::Byline));
                        head_open = false;
                    }
                    Some(node) if into_body(node) => {
                        node.units.push((index, Role::Byline));
                        node.end = EndState::Terminal;
                    }
                    _ => {
                        waiting.push((index, Role::Byline));
                        if waiting_start != StartState::Jump {
                            waiting_start = StartState::Dateline;
                        }
                    }
                }
            }
            StripKind::Credit => {
                head_open = false;
                if !credit_closes_picture(&mut nodes, units, index) {
                    nodes.push(node(NodeKind::Photo, index, Role::Credit));
                }
            }
            StripKind::Caption => {
                head_open = false;
                nodes.push(node(NodeKind::Photo, index, Role::Caption));
            }
            StripKind::Masthead => nodes.push(node(NodeKind::Aside, index, Role::Masthead)),
            StripKind::Section if unit.heading > 0 || !head_open => {
                head_open = false;
                nodes.push(node(NodeKind::Aside, index, Role::Section));
            }
            StripKind::Furniture | StripKind::Notice => {
                nodes.push(node(NodeKind::Aside, index, Role::Furniture))
            }
            StripKind::Deck => match nodes.last_mut() {
                Some(node) if node.kind == NodeKind::Head && head_open => {
                    node.units.push((index, Role::Deck))
                }
                _ => {
                    nodes.push(node(NodeKind::Head, index, Role::Deck));
                    head_open = true;
                }
            },
            StripKind::Section | StripKind::Text => {
                if unit.kind == StripKind::Section || headline[index] {
                    match nodes.last_mut() {
                        Some(node)
                            if node.kind == NodeKind::Head
                                && head_open
                                && waiting.is_empty()
                                && node.units.len() < 5 =>
                        {
                            node.units.push((index, Role::Headline));
                        }
                        _ => {
                            nodes.push(node(NodeKind::Head, index, Role::Headline));
                            head_open = true;
                        }
                    }
                    continue;
                }
                head_open = false;
                let mut body = node(NodeKind::Body, index, Role::Body);
                body.units = std::mem::take(&mut waiting);
                body.units.push((index, Role::Body));
                body.start = if waiting_start == StartState::Neutral { unit.start } else { waiting_start };
                waiting_start = StartState::Neutral;
                body.end = unit.end;
                nodes.push(body);
            }
        }
    }
    for (index, role) in waiting {
        // Nothing follows: a jump line or an author line alone still is a piece of something.
        let mut lone = node(NodeKind::Body, index, role);
        lone.start = StartState::Jump;
        lone.end = EndState::Closed;
        nodes.push(lone);
    }
    nodes
}

fn node(kind: NodeKind, unit: usize, role: Role) -> Node {
    Node {
        kind,
        units: vec![(unit, role)],
        main: unit,
        start: StartState::Neutral,
        end: EndState::Closed,
        goes_on: false,
    }
}

/// A photographer's credit makes the short text before it a picture text, with the title above it if there is one.
fn credit_closes_picture(nodes: &mut Vec<Node>, units: &[Unit], credit: usize) -> bool {
    if let Some(last) = nodes.last_mut()
        && last.kind == NodeKind::Photo
        && last.units.iter().all(|(_, role)| *role != Role::Credit)
    {
        last.units.push((credit, Role::Credit));
        return true;
    }
    let plain = |node: &Node| {
        node.kind == NodeKind::Body
            && node.units.len() == 1
            && units[node.main].width <= WIDEST_CAPTION
            && node.start != StartState::Dateline
            && node.end == EndState::Closed
    };
    let mut first = nodes.len();
    while first > 0 && nodes.len() - first < 3 && plain(&nodes[first - 1]) {
        first -= 1;
    }
    let titled = first > 0
        && first < nodes.len()
        && nodes[first - 1].kind == NodeKind::Head
        && nodes[first - 1].units.len() == 1
        && units[nodes[first - 1].main].heading == 0;
    let from = if titled {
        first - 1
    } else if nodes.last().is_some_and(plain) {
        nodes.len() - 1
    } else {
        return false;
    };
    let mut photo = node(NodeKind::Photo, nodes[nodes.len() - 1].main, Role::Caption);
    photo.units.clear();
    for taken in nodes.drain(from..) {
        let role = if taken.kind == NodeKind::Head { Role::Headline } else { Role::Caption };
        photo.units.extend(taken.units.iter().map(|(unit, _)| (*unit, role)));
    }
    photo.units.push((credit, Role::Credit));
    nodes.push(photo);
    true
}

/// Makes a text a headline, with other texts as its next lines.
pub(super) fn make_head(nodes: &mut [Node], first: usize, more: &[usize]) {
    for node in more {
        let units = std::mem::take(&mut nodes[*node].units);
        nodes[first].units.extend(units);
    }
    nodes[first].kind = NodeKind::Head;
    for (_, role) in nodes[first].units.iter_mut().filter(|(_, role)| *role == Role::Body) {
        *role = Role::Headline;
    }
}

/// How many kinds of head [`heads_above`] tells apart.
pub(super) const HEAD_KINDS: usize = 16;
/// A head of more characters than this is seldom the name of a column or of a section.
const SHORT_HEAD: usize = 9;

/// A head above running text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Above {
    /// Whether the page marks it as a head (1), whether it has a deck, a kicker or an author line (2), whether the name
    /// of a column or a masthead stands over it (4), whether it is longer than the name of a section (8).
    pub kind: u8,
    /// The highest level of its lines by the page's marks, one being the highest; nothing where it has none.
    pub level: u8,
    /// Whether it says that a notice stands below it.
    pub names_notice: bool,
    /// How long the headline is: no more than this class of [`HEAD_LENGTHS`].
    pub length: u8,
    /// Whether the page marks no heads (0), marks this one (1), or marks others but not this one (2).
    pub marks: u8,
}

/// Bounds of the classes of how long a headline is, in characters.
pub(super) const HEAD_LENGTHS: [usize; 5] = [6, 9, 12, 16, 22];

/// For each node the head that stands above it with no running text between.
pub(super) fn heads_above(units: &[Unit], nodes: &[Node]) -> Vec<Option<Above>> {
    let mut above = vec![None; nodes.len()];
    let mut last: Option<Above> = None;
    let mut below_name = false;
    let is_marked = |node: &Node| node.units.iter().any(|(unit, _)| units[*unit].heading > 0);
    let marks_heads = nodes.iter().any(|node| node.kind == NodeKind::Head && is_marked(node));
    for (at, node) in nodes.iter().enumerate() {
        match node.kind {
            NodeKind::Head => {
                let headline = node.units.iter().filter(|(_, role)| *role == Role::Headline);
                let length: usize = headline.map(|(unit, _)| units[*unit].text.len()).sum();
                let levels =
                    node.units.iter().map(|(unit, _)| units[*unit].heading).filter(|level| *level > 0);
                let level = levels.min().unwrap_or(0);
                let more_lines = node.units.iter().any(|(_, role)| *role != Role::Headline);
                let kind = u8::from(level > 0)
                    | u8::from(more_lines) << 1
                    | u8::from(below_name) << 2
                    | u8::from(length > SHORT_HEAD) << 3;
                let names_notice = node.units.iter().any(|(unit, _)| units[*unit].names_notice);
                let class = HEAD_LENGTHS.partition_point(|bound| *bound < length);
                let length = u8::try_from(class).unwrap_or(0);
                let marks = if level > 0 { 1 } else { 2 * u8::from(marks_heads) };
                // Of two heads the first is the other's kicker, whatever the page makes of it.
                last = Some(last.map_or(Above { kind, level, names_notice, length, marks }, |first| Above {
                    names_notice,
                    length: length.max(first.length),
                    marks: if first.marks == 1 { 1 } else { marks },
                    kind: first.kind & 1 | kind | 2,
                    level: if level == 0 || (1..level).contains(&first.level) { first.level } else { level },
                }));
                below_name = false;
            }
            NodeKind::Aside => below_name = matches!(node.units[0].1, Role::Section | Role::Masthead),
            NodeKind::Photo => below_name = false,
            NodeKind::Body => {
                above[at] = last.take();
                below_name = false;
            }
        }
    }
    above
}
