//! From postings of one seed to pairs of texts: each posting is linked to its next neighbours instead of to
//! all, so that a story in three hundred papers costs in proportion to its printings.

use std::io;

use crate::seed::{after_of, before_of, hash_of};
use crate::sorter::{Record, Sorter, read_short, write_short};
use crate::{RunStore, Settings};

/// One place of one seed: key, number of the text in order of arrival, byte. One wide number sorts in half the
/// time of three fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posting(u128);

impl Posting {
    /// Bits of its number.
    pub(crate) const BITS: u32 = 128;

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
    const SORTED: bool = false;

    fn number(self) -> u128 {
        self.0
    }

    fn write(self, before: Option<Posting>, bytes: &mut Vec<u8>) {
        // The highest byte of a key is that of the shard: said once a run. The lowest is empty.
        let key = self.key().to_be_bytes();
        if before.is_none() {
            bytes.push(key[0]);
        }
        bytes.extend_from_slice(&key[1..7]);
        // Postings come text by text, and mostly in order of place.
        let text = self.text().wrapping_sub(before.map_or(0, Posting::text));
        let at = match before {
            Some(before) if text == 0 && before.at() <= self.at() => self.at() - before.at(),
            _ => self.at(),
        };
        let counted = before.is_some_and(|before| text == 0 && before.at() <= self.at());
        write_short(u64::from(text) << 1 | u64::from(counted), bytes);
        write_short(u64::from(at), bytes);
    }

    fn read(before: Option<Posting>, bytes: &mut &[u8]) -> Option<Posting> {
        let mut wide = [0; 8];
        if let Some(before) = before {
            wide[0] = before.key().to_be_bytes()[0];
        } else {
            let (&first, rest) = bytes.split_first()?;
            wide[0] = first;
            *bytes = rest;
        }
        let (key, rest) = bytes.split_at_checked(6)?;
        wide[1..7].copy_from_slice(key);
        *bytes = rest;
        let told = read_short(bytes)?;
        let (text, counted) = ((told >> 1) as u32, told & 1 == 1);
        let at = (read_short(bytes)? as u32).wrapping_add(before.filter(|_| counted).map_or(0, Posting::at));
        Some(Posting::new(u64::from_be_bytes(wide), text.wrapping_add(before.map_or(0, Posting::text)), at))
    }
}

/// Bits of a place in a text: longer texts are not compared beyond.
pub(crate) const PLACE_BITS: u32 = 29;
/// Bits that tell about a shared seed: one whether its context agrees, and the number of texts that hold it;
/// more count as the most there is room for.
const TELLING_BITS: u32 = 128 - 2 * (PLACE_BITS + 32);
const SPREAD_BITS: u32 = TELLING_BITS - 1;

/// A seed that two texts share; both are given by their places in the order of keys, the first before the
/// second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shared(u128);

impl Shared {
    fn new((a, at_a): (u32, u32), (b, at_b): (u32, u32), spread: usize, steady: bool) -> Shared {
        let [a, b, at_a, at_b] = [a, b, at_a, at_b].map(u128::from);
        let places = at_a << PLACE_BITS | at_b;
        let telling = spread.min((1 << SPREAD_BITS) - 1) as u128 | u128::from(!steady) << SPREAD_BITS;
        Shared(a << 96 | b << 64 | places << TELLING_BITS | telling)
    }

    /// Bits of the number of a pair among `texts` texts.
    pub(crate) fn bits(texts: usize) -> u32 {
        96 + usize::BITS - texts.leading_zeros()
    }

    /// The two texts.
    pub(crate) fn pair(self) -> (u32, u32) {
        ((self.0 >> 96) as u32, (self.0 >> 64) as u32)
    }

    /// The seed's byte in either.
    pub(crate) fn places(self) -> (u32, u32) {
        let place = |number: u128| number as u32 & ((1 << PLACE_BITS) - 1);
        (place(self.0 >> (PLACE_BITS + TELLING_BITS)), place(self.0 >> TELLING_BITS))
    }

    /// How many texts hold the seed, at least.
    pub(crate) fn spread(self) -> u32 {
        self.0 as u32 & ((1 << SPREAD_BITS) - 1)
    }

    /// Whether the characters before or after the seed agree as well.
    pub(crate) fn steady(self) -> bool {
        self.0 as u32 >> SPREAD_BITS & 1 == 0
    }
}

impl Record for Shared {
    const SORTED: bool = true;

    fn number(self) -> u128 {
        self.0
    }

    fn write(self, before: Option<Shared>, bytes: &mut Vec<u8>) {
        let (a, b) = self.pair();
        let (at_a, at_b) = self.places();
        let (last, partner) = before.map_or((0, 0), Shared::pair);
        // Runs are sorted: mostly the same first text, often the same pair.
        let first = if a == last { partner } else { a };
        bytes.push(self.spread() as u8 | u8::from(self.steady()) << 7 | u8::from(a == last) << 6);
        if a != last {
            write_short(u64::from(a - last), bytes);
        }
        write_short(u64::from(b - first), bytes);
        write_short(u64::from(at_a), bytes);
        // Copies have their seeds at about the same place.
        let apart = i64::from(at_b) - i64::from(at_a);
        write_short((apart << 1 ^ apart >> 63) as u64, bytes);
    }

    fn read(before: Option<Shared>, bytes: &mut &[u8]) -> Option<Shared> {
        let (&told, rest) = bytes.split_first()?;
        *bytes = rest;
        let (last, partner) = before.map_or((0, 0), Shared::pair);
        let same = told & 0x40 != 0;
        let a = if same { last } else { (read_short(bytes)? as u32).wrapping_add(last) };
        let b = (read_short(bytes)? as u32).wrapping_add(if same { partner } else { a });
        let at_a = read_short(bytes)? as u32;
        let apart = read_short(bytes)?;
        let at_b = at_a.wrapping_add((apart >> 1) as u32 ^ 0u32.wrapping_sub((apart & 1) as u32));
        Some(Shared::new((a, at_a), (b, at_b), usize::from(told & 0x3f), told & 0x80 != 0))
    }
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
const NEIGHBOURS: usize = 6;
/// The links of a frequent seed, for either side of its context: such a stretch has many seeds.
const FREQUENT_NEIGHBOURS: usize = 2;
/// Texts from which on the characters around a seed have to agree as well.
pub(crate) const FREQUENT: usize = 6;
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
    let mut places: Vec<Place> = Vec::new();
    postings.drain(store, &mut |posting, store| {
        if group.first().is_some_and(|first| hash_of(first.key()) != hash_of(posting.key())) {
            link(&group, &mut places, standings, settings, shared, store)?;
            group.clear();
        }
        group.push(posting);
        Ok(())
    })?;
    link(&group, &mut places, standings, settings, shared, store)
}

/// A posting with what its neighbours are found by.
#[derive(Clone, Copy)]
struct Place {
    /// The part of its context that has to agree; nothing for a seed in few texts.
    context: u8,
    key: u64,
    order: u32,
    at: u32,
    by_key: u32,
    day: Option<i32>,
}

fn link(
    group: &[Posting],
    places: &mut Vec<Place>,
    standings: &[Standing],
    settings: &Settings,
    shared: &mut Sorter<Shared>,
    store: &mut dyn RunStore,
) -> io::Result<()> {
    if group.len() < 2 {
        return Ok(());
    }
    if let [left, right] = group
        && left.text() == right.text()
    {
        return Ok(());
    }
    let of_day = |posting: &Posting| standings[posting.text() as usize].day == settings.of_day;
    if settings.of_day.is_some() && !group.iter().any(of_day) {
        return Ok(());
    }
    let fill = |places: &mut Vec<Place>, context: fn(u64) -> u8| {
        places.clear();
        places.extend(group.iter().filter_map(|posting| {
            let Standing { order, by_key, day, left_out } = standings[posting.text() as usize];
            let (key, at) = (posting.key(), posting.at());
            (!left_out).then_some(Place { context: context(key), key, order, at, by_key, day })
        }));
        places.sort_unstable_by_key(|place| (place.context, place.order, place.at));
    };
    fill(places, |_| 0);
    let texts = places.chunk_by(|left, right| left.order == right.order).count();
    if texts <= FREQUENT {
        return link_neighbours(places, texts, NEIGHBOURS, settings, shared, store);
    }
    for context in [before_of as fn(u64) -> u8, after_of] {
        fill(places, context);
        for part in places.chunk_by(|left, right| left.context == right.context) {
            link_neighbours(part, texts, FREQUENT_NEIGHBOURS, settings, shared, store)?;
        }
    }
    Ok(())
}

/// Links every text of `places` with its next `neighbours`.
fn link_neighbours(
    places: &[Place],
    texts: usize,
    neighbours: usize,
    settings: &Settings,
    shared: &mut Sorter<Shared>,
    store: &mut dyn RunStore,
) -> io::Result<()> {
    let mut start = 0;
    while start < places.len() {
        let own = of_text(places, start);
        start += own.len();
        let mut next = start;
        for _ in 0..neighbours {
            let others = of_text(places, next);
            let Some(right) = others.first() else { break };
            next += others.len();
            if let (Some(window), Some(earlier), Some(later)) = (settings.window_days, own[0].day, right.day)
                && later.saturating_sub(earlier) > window
            {
                break;
            }
            if settings.of_day.is_some() && right.day != settings.of_day {
                continue;
            }
            for here in own.iter().take(PLACES) {
                for there in others.iter().take(PLACES) {
                    let (one, two) = ((here.by_key, here.at), (there.by_key, there.at));
                    let (one, two) = if one < two { (one, two) } else { (two, one) };
                    let steady = before_of(here.key) == before_of(there.key)
                        || after_of(here.key) == after_of(there.key);
                    shared.push(Shared::new(one, two, texts, steady), store)?;
                }
            }
        }
    }
    Ok(())
}

/// The places of the text that the one at `from` belongs to.
fn of_text(places: &[Place], from: usize) -> &[Place] {
    let rest = &places[from..];
    let Some(first) = rest.first() else { return rest };
    let end = rest.iter().position(|place| place.order != first.order).unwrap_or(rest.len());
    &rest[..end]
}
