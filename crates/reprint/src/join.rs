//! From postings of one seed to pairs of texts: each posting is linked to its next neighbours instead of to
//! all, so that a story in three hundred papers costs in proportion to its printings.

use std::io;

use crate::seed::{context_agrees, hash_of};
use crate::sorter::{Record, Sorter};
use crate::{RunStore, Settings};

/// One place of one seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posting {
    pub(crate) key: u64,
    /// Number of the text in order of arrival.
    pub(crate) text: u32,
    pub(crate) at: u32,
}

impl Record for Posting {
    const SIZE: usize = 16;

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.key.to_le_bytes());
        bytes.extend_from_slice(&self.text.to_le_bytes());
        bytes.extend_from_slice(&self.at.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Posting {
        Posting { key: long(bytes, 0), text: word(bytes, 8), at: word(bytes, 12) }
    }
}

/// A seed that two texts share; `a` and `b` are places in the order of keys, `a` before `b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shared {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) at_a: u32,
    pub(crate) at_b: u32,
}

impl Record for Shared {
    const SIZE: usize = 16;

    fn write(&self, bytes: &mut Vec<u8>) {
        for value in [self.a, self.b, self.at_a, self.at_b] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }

    fn read(bytes: &[u8]) -> Shared {
        Shared { a: word(bytes, 0), b: word(bytes, 4), at_a: word(bytes, 8), at_b: word(bytes, 12) }
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn long(bytes: &[u8], at: usize) -> u64 {
    u64::from(word(bytes, at)) | u64::from(word(bytes, at + 4)) << 32
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
/// Postings of a seed from which on the characters around it have to agree as well.
const FREQUENT: usize = 12;
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
        if group.first().is_some_and(|first| hash_of(first.key) != hash_of(posting.key)) {
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
    group.sort_unstable_by_key(|posting| (standings[posting.text as usize].order, posting.at));
    // One stretch of the group per text.
    let mut texts: Vec<(Standing, &[Posting])> = Vec::new();
    for part in group.chunk_by(|left, right| left.text == right.text) {
        let standing = standings[part[0].text as usize];
        if !standing.left_out {
            texts.push((standing, &part[..part.len().min(PLACES)]));
        }
    }
    let frequent = texts.len() > FREQUENT;
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
                    if frequent && !context_agrees(here.key, there.key) {
                        continue;
                    }
                    agreed = true;
                    let pair = if left.by_key < right.by_key {
                        Shared { a: left.by_key, b: right.by_key, at_a: here.at, at_b: there.at }
                    } else {
                        Shared { a: right.by_key, b: left.by_key, at_a: there.at, at_b: here.at }
                    };
                    shared.push(pair, store)?;
                }
            }
            linked += usize::from(agreed);
            if linked == NEIGHBOURS {
                break;
            }
        }
    }
    Ok(())
}
