//! Headlines found last: where an article has none though most articles of its page have one, the likeliest line in it.
//!
//! What a line tells by itself (`heads`) must be weighed against all pieces of sentences that stand alone. Once the texts are linked,
//! a line that no text took up, first or last of an article without a headline, needs far less; and what stands inside such an article
//! like a subhead, the only one, is its headline.

use super::chains::Ground;
use super::drafts::Draft;
use super::nodes::NodeKind;
use super::units::StartState;

/// From these log odds on a line is the headline of an article that has no other.
pub(super) const RESCUED: i32 = -3500;
/// From these on the only subhead is.
const SUBHEAD: i32 = 0;
/// So many articles of a hundred have a headline on a page where one is looked for.
const HEADED: usize = 60;
/// No headline has more lines.
const MOST_LINES: usize = 3;

/// For each article without a headline the line that is likeliest to be it, with its next lines. A subhead is given to its article at
/// once; the others are texts that turn out to be headlines.
pub(super) fn rescue_heads(
    ground: &Ground<'_>,
    odds: &[Option<i32>],
    drafts: &mut [Draft],
    subheads: &mut [bool],
) -> Vec<(usize, Vec<usize>)> {
    let articles = || drafts.iter().filter(|draft| !draft.picture);
    let headed = articles().filter(|draft| draft.head.is_some()).count();
    if headed * 100 < articles().count() * HEADED {
        return Vec::new();
    }
    let mut rescued = Vec::new();
    for draft in drafts {
        if draft.head.is_some() || draft.picture || draft.start == Some(StartState::Jump) {
            continue;
        }
        if let Some((head, more)) = likeliest(ground, odds, &draft.nodes, subheads) {
            draft.nodes.retain(|node| *node != head && !more.contains(node));
            draft.head = Some(head);
            if !std::mem::take(&mut subheads[head]) {
                rescued.push((head, more));
            }
        }
    }
    rescued
}

/// The likeliest headline among the nodes of an article and its next lines.
fn likeliest(
    ground: &Ground<'_>,
    odds: &[Option<i32>],
    nodes: &[usize],
    subheads: &[bool],
) -> Option<(usize, Vec<usize>)> {
    let unit = |node: usize| ground.nodes[node].main;
    let worth = |node: usize| match ground.units[unit(node)].heading {
        0 => odds[unit(node)],
        _ => Some(i32::MAX),
    };
    let line = |node: usize| {
        let alone = ground.nodes[node].kind == NodeKind::Body && ground.nodes[node].units.len() == 1;
        worth(node).filter(|worth| alone && *worth >= RESCUED)
    };
    let only = nodes.iter().filter(|node| subheads[**node]).count() == 1;
    let at_edge = [nodes.first(), nodes.last()].into_iter().flatten().copied();
    let lines = at_edge.filter_map(|node| Some((line(node)?, node)));
    let subhead = nodes.iter().copied().filter(|node| only && subheads[*node]);
    let subhead = subhead.filter_map(|node| Some((worth(node).filter(|worth| *worth >= SUBHEAD)?, node)));
    let (_, head) = lines.chain(subhead).max_by_key(|(worth, node)| (*worth, std::cmp::Reverse(*node)))?;
    let follows = |node: &usize| {
        nodes.contains(node) && !ground.units[unit(*node)].after_blank && line(*node).is_some()
    };
    let more: Vec<usize> = match subheads[head] {
        true => Vec::new(),
        false => (head + 1..head + MOST_LINES).take_while(follows).collect(),
    };
    (nodes.len() > more.len() + 1).then_some((head, more))
}
