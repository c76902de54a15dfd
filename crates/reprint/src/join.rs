//! From postings of one seed to pairs of texts: each posting is linked to its next neighbours instead of to
//! all, so that a story in three hundred papers costs in proportion to its printings.

use std::io;

use crate::seed::{context_agrees, hash_of};
use crate::sorter::{Record, Sorter};
use crate::{RunStore, Settings};

/// One place of one seed: key, number of the text in order of arrival, byte. One wide number sorts in half the
/// time of three fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posting(u128);

impl Posting {
    pub(crate) fn new(key: u64, text: u32, at: u32) -> Posting {
        Posting(u128::from(key) << 64 | u128::from(text) << 32 | u128::from(at))
    }

    fn key(self) -> u64 {
        (self.0 >> 64) as u64
    }

    fn text(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn at(self) -> u32 {
        self.0 as u32
    }
}

impl Record for Posting {
    const SIZE: usize = 16;

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.0.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Posting {
        Posting(wide(bytes))
    }
}

/// A seed that two texts share; both are given by their places in the order of keys, the first before the
/// second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shared(u128);

impl Shared {
    fn new((a, at_a): (u32, u32), (b, at_b): (u32, u32)) -> Shared {
        let [a, b, at_a, at_b] = [a, b, at_a, at_b].map(u128::from);
        Shared(a << 96 | b << 64 | at_a << 32 | at_b)
    }

    /// The two texts.
    pub(crate) fn pair(self) -> (u32, u32) {
        ((self.0 >> 96) as u32, (self.0 >> 64) as u32)
    }

    /// The seed's byte in either.
    pub(crate) fn places(self) -> (u32, u32) {
        ((self.0 >> 32) as u32, self.0 as u32)
    }
}

impl Record for Shared {
    const SIZE: usize = 16;

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.0.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Shared {
        Shared(wide(bytes))
    }
}

fn wide(bytes: &[u8]) -> u128 {
    let mut number = [0; 16];
    number.copy_from_slice(bytes);
    u128::from_le_bytes(number)
}

/// Where a text stands among the others; decides its neighbours, whatever order the texts arrive in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    /// Place by day, paper and key.
    pub(crate) order: u32,
    /// Place by key.
    pub(crate) by_key: u32,
    pub(crate) day: Option<i32>,
    /// Left out: another text has the same key.
    pub(crate) left_out: bool,
}

/// Texts that a posting is linked to.
const NEIGHBOURS: usize = 8;
/// Where a seed stands in more texts than this, fewer links of each suffice: such a stretch has many seeds.
const WIDESPREAD: usize = 64;
/// The links of a widespread seed.
const WIDESPREAD_NEIGHBOURS: usize = 3;
/// Postings of a seed from which on the characters around it have to agree as well.
const FREQUENT: usize = 4;
/// Places of one seed in one text that are looked at.
const PLACES: usize = 4;

/// Links the postings, which come sorted, into shared seeds.
pub(crate) fn join(
    postings: Sorter<Posting>,
    standings: &[Standing],
    settings: &Settings,
    shared: &mut Sorter<Shared>,
    store: &mut dyn RunStore,
) -> io::Result<()> {
    let mut group: Vec<Posting> = Vec::new();
    postings.drain(store, &mut |posting, store| {
        if group.first().is_some_and(|first| hash_of(first.key()) != hash_of(posting.key())) {
            link(&mut group, standings, settings, shared, store)?;
            group.clear();
        }
        group.push(posting);
        Ok(())
    })?;
    link(&mut group, standings, settings, shared, store)
}

fn link(
    group: &mut [Posting],
    standings: &[Standing],
    settings: &Settings,
    shared: &mut Sorter<Shared>,
    store: &mut dyn RunStore,
) -> io::Result<()> {
    if group.len() < 2 {
        return Ok(());
    }
    group.sort_unstable_by_key(|posting| (standings[posting.text() as usize].order, posting.at()));
    // One stretch of the group per text.
    let mut texts: Vec<(Standing, &[Posting])> = Vec::new();
    for part in group.chunk_by(|left, right| left.text() == right.text()) {
        let standing = standings[part[0].text() as usize];
        if !standing.left_out {
            texts.push((standing, &part[..part.len().min(PLACES)]));
        }
    }
    let frequent = texts.len() > FREQUENT;
    let neighbours = if texts.len() > WIDESPREAD { WIDESPREAD_NEIGHBOURS } else { NEIGHBOURS };
    for (at, (left, left_places)) in texts.iter().enumerate() {
        let mut linked = 0;
        for (right, right_places) in &texts[at + 1..] {
            if let (Some(window), Some(earlier), Some(later)) = (settings.window_days, left.day, right.day)
                && later.saturating_sub(earlier) > window
            {
                break;
            }
            let mut agreed = false;
            for here in *left_places {
                for there in *right_places {
                    if frequent && !context_agrees(here.key(), there.key()) {
                        continue;
                    }
                    agreed = true;
                    let (one, two) = ((left.by_key, here.at()), (right.by_key, there.at()));
                    let pair = if one < two { Shared::new(one, two) } else { Shared::new(two, one) };
                    shared.push(pair, store)?;
                }
            }
            linked += usize::from(agreed);
            if linked == neighbours {
                break;
            }
        }
    }
    Ok(())
}
