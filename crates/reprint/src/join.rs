//! From postings of one seed to pairs of texts: each posting is linked to its next neighbours instead of to
//! all, so that a story in three hundred papers costs in proportion to its printings.

use std::io;
use std::ops::RangeInclusive;

use crate::seed::{after_of, before_of, context_of, further_of, hash_of};
use crate::sorter::{Record, Sorter, read_short, write_short};
use crate::{RunStore, Settings};

/// One place of one seed: key, number of the text in order of arrival, folded character. One wide number sorts in half the
/// time of three fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posting(u128);

impl Posting {
    /// Bits of its number, and of that of a text.
    pub(crate) const BITS: (u32, u32) = (128, 32);

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

    fn number(self, _: u32) -> u128 {
        self.0
    }

    /// By hash alone: a seed that stands in thousands of texts is no work then.
    fn sort(records: &mut [Posting]) {
        records.sort_by_key(|posting| hash_of(posting.key()));
    }

    fn write(self, before: Option<Posting>, bytes: &mut Vec<u8>) {
        // The highest byte of a key is that of the shard: said once a run.
        let key = self.key().to_be_bytes();
        if before.is_none() {
            bytes.push(key[0]);
        }
        bytes.extend_from_slice(&key[1..]);
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
        let (key, rest) = bytes.split_at_checked(7)?;
        wide[1..].copy_from_slice(key);
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

    /// Bits of the number of a pair among `texts` texts, and of that of a text.
    pub(crate) fn bits(texts: usize) -> (u32, u32) {
        let text = (usize::BITS - texts.leading_zeros()).min(32);
        (64 + 2 * text, text)
    }

    /// The two texts.
    pub(crate) fn pair(self) -> (u32, u32) {
        ((self.0 >> 96) as u32, (self.0 >> 64) as u32)
    }

    /// The seed's folded character in either.
    pub(crate) fn places(self) -> (u32, u32) {
        let place = |number: u128| number as u32 & ((1 << PLACE_BITS) - 1);
        (place(self.0 >> (PLACE_BITS + TELLING_BITS)), place(self.0 >> TELLING_BITS))
    }

    /// How many texts hold the seed, at least; where the two are near in time, how many of about their days.
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

    /// Without the bits that the second text has for nothing.
    fn number(self, text_bits: u32) -> u128 {
        let (a, b) = self.pair();
        u128::from(a) << (64 + text_bits) | u128::from(b) << 64 | u128::from(self.0 as u64)
    }

    fn sort(records: &mut [Shared]) {
        records.sort_unstable();
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
/// What stands in so many texts is mostly a phrase: only every other such seed is linked. In more, it is mostly a story
/// that hundreds of papers print, and none of them is to be lost.
const PHRASE: RangeInclusive<usize> = 17..=64;
/// What stands in more texts than this is linked by every other seed too: a story that thousands print has plenty.
const WIDEST: usize = 1024;
/// What more texts of about one day hold is hardly ever a story's own.
const PHRASES: usize = 24;
/// Days within which texts print one story. Texts further apart share patterns and phrases, the more of them the larger
/// an archive is.
const NEAR_DAYS: u32 = 7;
/// Where so few texts of about one day hold a seed that many hold, these are linked whatever stands around it.
const FEW_AROUND: usize = 6;
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
    let (placed, dealt, starts, last) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut joiner = Joiner { standings, settings, shared, placed, dealt, starts, last, round: 0 };
    let mut group: Vec<Posting> = Vec::new();
    postings.drain(store, &mut |posting, store| {
        if group.first().is_some_and(|first| hash_of(first.key()) != hash_of(posting.key())) {
            if group.len() > 1 {
                joiner.link(&group, store)?;
            }
            group.clear();
        }
        if !standings[posting.text() as usize].left_out {
            group.push(posting);
        }
        Ok(())
    })?;
    joiner.link(&group, store)
}

/// Of the four characters before a seed, the four before those, the four after it and the four after those: how many of
/// these have to agree in two texts, near in time or not, by how many texts hold the seed. In texts far apart a seed alone
/// is an accident, and the more texts hold it the more of a phrase it takes to tell anything.
fn alike_around(texts: usize, near: bool) -> u32 {
    match near {
        true if texts <= PHRASES => 0,
        true => 2,
        false if texts <= FREQUENT => 2,
        false => 3,
    }
}

/// A posting with what decides its neighbours.
#[derive(Clone, Copy)]
struct Placed {
    /// Place of the text by day, paper and key.
    order: u32,
    /// Place of the text by key.
    by_key: u32,
    at: u32,
    /// Day of the text, or [`NO_DAY`].
    day: i32,
    /// What the key tells of the characters around the seed.
    context: u32,
    /// How many texts hold the seed within [`NEAR_DAYS`] of this one, as far as a byte tells; nothing where that does not
    /// matter or is not known.
    around: u8,
}

/// Stands for a day that is not known.
const NO_DAY: i32 = i32::MIN;

impl Placed {
    fn before(&self) -> u8 {
        before_of(u64::from(self.context))
    }

    fn after(&self) -> u8 {
        after_of(u64::from(self.context))
    }

    /// Whether two texts are near in time, as far as is known.
    fn near(&self, other: &Placed) -> bool {
        self.day == NO_DAY || other.day == NO_DAY || self.day.abs_diff(other.day) <= NEAR_DAYS
    }
}

/// Links the postings of one seed after another.
struct Joiner<'j> {
    standings: &'j [Standing],
    settings: &'j Settings,
    shared: &'j mut Sorter<Shared>,
    /// The postings of a group by the order of their texts.
    placed: Vec<Placed>,
    /// The same, dealt out by the characters before the seed, or those after it.
    dealt: Vec<Placed>,
    /// Where each text begins in them.
    starts: Vec<u32>,
    /// Of every byte that tells of the characters before or after a seed, the last places where it stood.
    last: Vec<Last>,
    /// Groups that were linked by these.
    round: u32,
}

/// The last places of a group where a byte stood, the latest first.
#[derive(Clone, Copy, Default)]
struct Last {
    /// The group.
    round: u32,
    count: u32,
    places: [u32; FREQUENT_NEIGHBOURS],
}

/// What the characters around a seed have to say for two places of it to be linked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Any,
    /// Those before are known to agree.
    Before,
    /// Those after are known to agree; where those before do too, the two are linked already.
    After,
}

impl Joiner<'_> {
    fn link(&mut self, group: &[Posting], store: &mut dyn RunStore) -> io::Result<()> {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { return Ok(()) };
        if group.len() < 2 || group.len() == 2 && first.text() == last.text() {
            return Ok(());
        }
        let mut placed = std::mem::take(&mut self.placed);
        placed.clear();
        placed.extend(group.iter().map(|posting| {
            let Standing { order, by_key, day, .. } = self.standings[posting.text() as usize];
            let context = context_of(posting.key());
            Placed { order, by_key, at: posting.at(), day: day.unwrap_or(NO_DAY), context, around: 0 }
        }));
        let day = self.settings.of_day;
        if day.is_none() || placed.iter().any(|one| Some(one.day) == day) {
            // Those of one text stay as they came.
            if !placed.is_sorted_by_key(|one| one.order) {
                placed.sort_by_key(|one| one.order);
            }
            self.link_placed(hash_of(first.key()), &mut placed, store)?;
        }
        self.placed = placed;
        Ok(())
    }

    fn link_placed(&mut self, hash: u64, placed: &mut [Placed], store: &mut dyn RunStore) -> io::Result<()> {
        let texts = 1 + placed.windows(2).filter(|pair| pair[0].order != pair[1].order).count();
        let every_other = PHRASE.contains(&texts) || texts > WIDEST;
        // Mostly every text holds a seed once, and any day will do.
        let plain =
            texts == placed.len() && self.settings.window_days.is_none() && self.settings.of_day.is_none();
        if texts <= FREQUENT {
            if !plain {
                return self.link_neighbours(placed, texts, Context::Any, store);
            }
            for (at, here) in placed.iter().enumerate() {
                for there in placed[at + 1..].iter().take(NEIGHBOURS) {
                    link_two(self.shared, here, there, texts, Context::Any, store)?;
                }
            }
        } else if !every_other || hash & 1 == 0 {
            self.count_around(placed, texts);
            self.link_near(placed, texts, store)?;
            if plain {
                return self.link_by_context(placed, store);
            }
            let mut dealt = std::mem::take(&mut self.dealt);
            for context in [Context::Before, Context::After] {
                let told = |one: &Placed| if context == Context::Before { one.before() } else { one.after() };
                deal(placed, &mut dealt, told);
                let parts = dealt.chunk_by(|left, right| told(left) == told(right));
                for part in parts.filter(|part| part.len() > 1) {
                    self.link_neighbours(part, texts, context, store)?;
                }
            }
            self.dealt = dealt;
        }
        Ok(())
    }

    /// Links the texts of `placed` where few of about their days hold the seed, whatever stands around it in either.
    fn link_near(&mut self, placed: &[Placed], texts: usize, store: &mut dyn RunStore) -> io::Result<()> {
        let Joiner { settings, shared, .. } = self;
        let few = |one: &Placed| usize::from(one.around) <= FEW_AROUND && one.around > 1;
        for (at, here) in placed.iter().enumerate().filter(|(_, here)| few(here)) {
            let near = |there: &&Placed| {
                let within = |window: i32| there.day.saturating_sub(here.day) <= window;
                here.near(there) && settings.window_days.is_none_or(within)
            };
            for there in placed[at + 1..].iter().take(FEW_AROUND * PLACES).take_while(near) {
                let differs = Placed { context: here.context ^ there.context, ..*here };
                if few(there)
                    && there.order != here.order
                    && settings.of_day.is_none_or(|day| there.day == day)
                    && differs.before() != 0
                    && differs.after() != 0
                {
                    link_two(shared, here, there, texts, Context::Any, store)?;
                }
            }
        }
        Ok(())
    }

    /// Links every text of `placed`, of which none comes twice, with the next few before which, or behind which, the same
    /// stands.
    fn link_by_context(&mut self, placed: &[Placed], store: &mut dyn RunStore) -> io::Result<()> {
        let Joiner { shared, last, round, .. } = self;
        if *round == u32::MAX || last.is_empty() {
            last.clear();
            last.resize(2 << u8::BITS, Last::default());
            *round = 0;
        }
        *round += 1;
        for (at, here) in (0u32..).zip(placed) {
            let both = [
                (usize::from(here.before()), Context::Before),
                ((1 << u8::BITS) + usize::from(here.after()), Context::After),
            ];
            for (slot, context) in both {
                let entry = &mut last[slot];
                if entry.round != *round {
                    *entry = Last { round: *round, ..Last::default() };
                }
                for &other in &entry.places[..entry.count as usize] {
                    link_two(shared, &placed[other as usize], here, placed.len(), context, store)?;
                }
                entry.places.rotate_right(1);
                entry.places[0] = at;
                entry.count = (entry.count + 1).min(FREQUENT_NEIGHBOURS as u32);
            }
        }
        Ok(())
    }

    /// Counts for every text of `placed`, which come by order, those of about its day. A story of these days is as rare
    /// among them in a long archive as in a short one.
    fn count_around(&mut self, placed: &mut [Placed], texts: usize) {
        let starts = &mut self.starts;
        starts.clear();
        if texts == placed.len() {
            starts.extend(0..texts as u32);
        } else {
            let begins = |at: &u32| *at == 0 || placed[*at as usize - 1].order != placed[*at as usize].order;
            starts.extend((0..placed.len() as u32).filter(begins));
        }
        // Texts without a day come first.
        let dated = starts.partition_point(|&start| placed[start as usize].day == NO_DAY);
        let (mut from, mut to) = (dated, dated);
        for text in dated..starts.len() {
            let day = placed[starts[text] as usize].day;
            let apart = |other: usize| placed[starts[other] as usize].day.abs_diff(day);
            while apart(from) > NEAR_DAYS {
                from += 1;
            }
            while to < starts.len() && (to <= text || apart(to) <= NEAR_DAYS) {
                to += 1;
            }
            let around = u8::try_from(to - from).unwrap_or(u8::MAX);
            let end = starts.get(text + 1).map_or(placed.len(), |&next| next as usize);
            for one in &mut placed[starts[text] as usize..end] {
                one.around = around;
            }
        }
    }

    /// Links every text of `placed`, which come by order, with its next few.
    fn link_neighbours(
        &mut self,
        placed: &[Placed],
        texts: usize,
        context: Context,
        store: &mut dyn RunStore,
    ) -> io::Result<()> {
        let Joiner { settings, shared, .. } = self;
        let neighbours = if context == Context::Any { NEIGHBOURS } else { FREQUENT_NEIGHBOURS };
        let mut start = 0;
        while start < placed.len() {
            let own = of_text(placed, start);
            start += own.len();
            let mut next = start;
            for _ in 0..neighbours {
                let others = of_text(placed, next);
                let (Some(left), Some(right)) = (own.first(), others.first()) else { break };
                next += others.len();
                let dated = left.day != NO_DAY && right.day != NO_DAY;
                if dated
                    && settings.window_days.is_some_and(|window| right.day.saturating_sub(left.day) > window)
                {
                    break;
                }
                if settings.of_day.is_some_and(|day| right.day != day) {
                    continue;
                }
                for here in own.iter().take(PLACES) {
                    for there in others.iter().take(PLACES) {
                        link_two(shared, here, there, texts, context, store)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Links two places of a seed that so many texts hold, where enough of what stands around them agrees.
#[inline(always)]
fn link_two(
    shared: &mut Sorter<Shared>,
    here: &Placed,
    there: &Placed,
    texts: usize,
    context: Context,
    store: &mut dyn RunStore,
) -> io::Result<()> {
    let differs = Placed { context: here.context ^ there.context, ..*here };
    let (before, after) = (differs.before() == 0, differs.after() == 0);
    if before && context == Context::After {
        return Ok(());
    }
    let near = here.near(there);
    let around = here.around.min(there.around);
    let spread = if near && around > 0 { usize::from(around) } else { texts };
    let further = further_of(u64::from(differs.context));
    let alike = [before, after, further & 0xf0 == 0, further & 0x0f == 0];
    if alike.into_iter().map(u32::from).sum::<u32>() < alike_around(spread, near) {
        return Ok(());
    }
    let (one, two) = ((here.by_key, here.at), (there.by_key, there.at));
    let (one, two) = if one < two { (one, two) } else { (two, one) };
    shared.push(Shared::new(one, two, spread, before || after), store)
}

/// Places from which on counting is faster than comparing.
const MANY: usize = 100;

/// Deals places out by what is told of them, in order otherwise.
fn deal(placed: &[Placed], dealt: &mut Vec<Placed>, told: impl Fn(&Placed) -> u8) {
    dealt.clear();
    dealt.extend_from_slice(placed);
    if placed.len() < MANY {
        dealt.sort_by_key(told);
        return;
    }
    let mut ends = [0u32; 256];
    for one in placed {
        ends[usize::from(told(one))] += 1;
    }
    let mut sum = 0;
    for end in &mut ends {
        (sum, *end) = (sum + *end, sum);
    }
    for one in placed {
        let end = &mut ends[usize::from(told(one))];
        dealt[*end as usize] = *one;
        *end += 1;
    }
}

/// The places of the text that the one at `from` belongs to.
fn of_text(placed: &[Placed], from: usize) -> &[Placed] {
    let rest = &placed[from..];
    let Some(first) = rest.first() else { return rest };
    let end = rest.iter().position(|one| one.order != first.order).unwrap_or(rest.len());
    &rest[..end]
}
