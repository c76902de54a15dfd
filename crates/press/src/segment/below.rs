//! The text below a piece: what it and the next ones speak of together tells whether a stream begins with it.

use super::chains::Ground;
use super::evidence::union;
use super::units::{EndState, StartState};

/// How many pieces of text below tell what a text speaks of.
const BELOW: usize = 4;

/// The units of the text at a place and of those below it that nothing parts from it; none where it begins with a head
/// or a dateline.
pub(super) fn run_from(ground: &Ground<'_>, bodies: &[usize], at: usize) -> Vec<usize> {
    let begins = |node: usize| {
        ground.headed[node] || matches!(ground.nodes[node].start, StartState::Dateline | StartState::Jump)
    };
    let mut units = Vec::new();
    if begins(bodies[at]) {
        return units;
    }
    for (count, node) in bodies[at..].iter().take(BELOW).enumerate() {
        if count > 0 && begins(*node) {
            break;
        }
        units.push(ground.nodes[*node].main);
        if ground.nodes[*node].end == EndState::Terminal {
            break;
        }
    }
    units
}

/// The words of these units, each once.
pub(super) fn words_of_run(ground: &Ground<'_>, units: &[usize]) -> Vec<u32> {
    units.iter().fold(Vec::new(), |words, unit| union(&words, ground.topics.words(*unit)))
}
