//! One stream of a reading: the pieces of text that were taken for one story so far, and what the next piece is compared with.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::chains::Ground;
use super::characters::Tally;
use super::features::length_of;
use super::names::Held;
use super::recent::{Near, RECENT, Recent};
use super::units::StartState;

/// One stream's text. Readings that have the same pieces in a stream share it.
pub(super) struct Stream {
    /// Last node.
    pub tail: usize,
    /// Last node that other printings tell about.
    pub told: Option<usize>,
    /// Which piece of running text that is.
    pub at: usize,
    /// Whether a head or a dateline stands over it.
    pub headed: bool,
    /// The marked level of that head; nothing where the page does not mark it.
    pub level: u8,
    /// How many characters it has.
    pub length: i32,
    /// How many pieces it has.
    pub pieces: usize,
    /// Its first unit and its last ones: what it speaks of now.
    pub recent: Recent,
    /// The characters it is made of.
    pub characters: Option<Tally>,
    /// The names in it.
    pub names: Held,
    /// Its units whose wording others have.
    pub repeated: Vec<usize>,
    /// Last list number of each style.
    pub numbers: Rc<BTreeMap<String, u32>>,
}

/// Of a stream's units whose wording others have no more are kept, the last ones: a page may stand twice in a file.
const MOST_REPEATED: usize = 256;

/// A stream with one more piece, a node and which piece of running text it is; one that begins with it where there is none before.
pub(super) fn grown(
    ground: &Ground<'_>,
    old: Option<&Stream>,
    (at, node): (usize, usize),
    repeated: &[bool],
    near: &mut Near,
) -> Stream {
    let main = ground.nodes[node].main;
    let (characters, names) = (ground.topics.characters(), ground.topics.names());
    let (recent, characters, names) = match old {
        Some(old) => (
            old.recent.with(ground.topics, near),
            Tally::grown(old.characters.as_ref(), [main], characters),
            names.grown(Some(&old.names), [main]),
        ),
        None => {
            let head =
                ground.head_of[node].map(|head| ground.nodes[head].units.iter().map(|(unit, _)| *unit));
            let mut units: Vec<usize> = head.into_iter().flatten().collect();
            units.push(main);
            let characters = Tally::grown(None, units.iter().copied(), characters);
            let names = names.grown(None, units.iter().copied());
            if units.len() > RECENT {
                // The first stays: head or opening paragraph name the subject.
                units.remove(1);
            }
            (Recent::of(units, ground.topics, near), characters, names)
        }
    };
    let mut numbers = old.map(|old| old.numbers.clone()).unwrap_or_default();
    if let Some((style, number)) = &ground.units[main].enumerator {
        Rc::make_mut(&mut numbers).insert(style.clone(), *number);
    }
    let mut with_wording = old.map(|old| old.repeated.clone()).unwrap_or_default();
    if repeated[main] {
        with_wording.push(main);
        if with_wording.len() > MOST_REPEATED {
            with_wording.remove(0);
        }
    }
    let told = if ground.told.knows(node) { Some(node) } else { old.and_then(|old| old.told) };
    let headed = old.map_or_else(
        || {
            let start = ground.nodes[node].start;
            ground.headed[node] || matches!(start, StartState::Dateline | StartState::Jump)
        },
        |old| old.headed,
    );
    let level = old.map_or_else(|| ground.above[node].map_or(0, |above| above.level), |old| old.level);
    Stream {
        headed,
        level,
        length: old.map_or(0, |old| old.length).saturating_add(length_of(ground, node)),
        told,
        tail: node,
        at,
        pieces: old.map_or(0, |old| old.pieces) + 1,
        recent,
        characters,
        names,
        repeated: with_wording,
        numbers,
    }
}
