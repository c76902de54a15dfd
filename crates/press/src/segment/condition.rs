//! In which condition a page is: how often a text breaks off and is followed by what does not go on with it, and how many
//! stand below a head.
//!
//! Most pages come in order, and on these a text without a head hardly begins a story. On a page whose columns were cut into each other
//! the same text, with the same words in common, often does. What a move is worth is learned for each condition, so that what
//! bad pages teach does not take plain ones apart.

use super::chains::Ground;
use super::units::EndState;

/// Where the characters on both sides of a cut say less than this, in thousandths of a bit, the one does not go on with the other.
const UNCONNECTED: i32 = -700;
/// So many pieces before and behind one tell in which condition the page is there: a file may hold many pages.
const AROUND: usize = 60;
/// Bounds of the classes of how many of a hundred texts break off and are followed by what does not go on with them.
const BREAKS: [usize; 5] = [2, 5, 9, 15, 25];
/// Bounds of the classes of how many texts stand below a head.
const HEADED: [usize; 4] = [1, 2, 4, 8];
/// How many conditions are told apart.
pub(super) const CONDITIONS: usize = (BREAKS.len() + 1) * (HEADED.len() + 1);

/// So many of a hundred texts are followed by what does not go on with them only where columns were cut into each other.
const CUT_INTO_EACH_OTHER: usize = 12;

/// How many of these nodes of running text break off and are followed by what does not go on with them.
pub(super) fn breaks_of(ground: &Ground<'_>, bodies: &[usize]) -> usize {
    bodies.windows(2).filter(|pair| breaks(ground, pair)).count()
}

/// Whether the page shows by its breaks alone that its stories are cut into each other.
pub(super) fn is_cut_up(breaks: usize, bodies: &[usize]) -> bool {
    breaks > 2 && breaks * 100 > bodies.len() * CUT_INTO_EACH_OTHER
}

/// Whether the first of two nodes breaks off and the second does not go on with it.
fn breaks(ground: &Ground<'_>, pair: &[usize]) -> bool {
    ground.nodes[pair[0]].end == EndState::Open
        && (ground.headed[pair[1]] || ground.between(pair[0], pair[1]) < UNCONNECTED)
}

/// For each of these nodes of running text in which condition the page is around it.
pub(super) fn conditions(ground: &Ground<'_>, bodies: &[usize]) -> Vec<u8> {
    // How many there are up to each.
    let (mut broken, mut headed) = (vec![0; bodies.len() + 1], vec![0; bodies.len() + 1]);
    for at in 0..bodies.len() {
        broken[at + 1] =
            broken[at] + usize::from(bodies.get(at..at + 2).is_some_and(|pair| breaks(ground, pair)));
        headed[at + 1] = headed[at] + usize::from(ground.headed[bodies[at]]);
    }
    let around = |at: usize| (at.saturating_sub(AROUND), (at + AROUND + 1).min(bodies.len()));
    let each = (0..bodies.len()).map(around);
    each.map(|(first, end)| condition(broken[end] - broken[first], headed[end] - headed[first], end - first))
        .collect()
}

/// The condition where so many of so many texts are followed by what does not go on with them, and so many stand below a head.
fn condition(breaks: usize, heads: usize, texts: usize) -> u8 {
    let breaks = BREAKS.partition_point(|bound| bound * texts < breaks * 100);
    let heads = HEADED.partition_point(|bound| *bound <= heads);
    u8::try_from(breaks * (HEADED.len() + 1) + heads).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_texts_break_off_the_worse_a_page_is() {
        assert_eq!(condition(0, 0, 0), 0);
        assert_eq!(condition(0, 0, 40), 0);
        assert_eq!(condition(1, 3, 40), 5 + 2);
        assert_eq!(condition(40, 100, 40), 5 * 5 + 4);
        let worse: Vec<u8> = (0..=20).map(|breaks| condition(breaks, 1, 40)).collect();
        assert!(worse.is_sorted() && usize::from(condition(40, 100, 40)) == CONDITIONS - 1);
    }
}
