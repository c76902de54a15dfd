//! Sorting more records than fit in memory: records are dealt into shards by their leading bits as they come,
//! spilled shard by shard through [`RunStore`] when memory is full, and sorted a shard at a time. Nothing is
//! merged, and each shard is small enough for the fast levels of memory.

use std::io::{self, Read as _};

use crate::{RunId, RunStore};

/// Something of fixed size that can be spilled.
pub(crate) trait Record: Copy + Ord {
    /// Whether runs are sorted before they are written, and what comes twice left out, which makes them shorter.
    const SORTED: bool;
    /// Its number, by the highest bits of which records are dealt out, where no number of a text needs more bits than
    /// this.
    fn number(self, text_bits: u32) -> u128;
    /// Puts records in order, which is that of their numbers as far as it is one; others stay as they came.
    fn sort(records: &mut [Self]);
    /// Writes it in few bytes, given the one before in the same shard.
    fn write(self, before: Option<Self>, bytes: &mut Vec<u8>);
    /// Reads what [`Record::write`] wrote.
    fn read(before: Option<Self>, bytes: &mut &[u8]) -> Option<Self>;
}

/// Writes a number in as few bytes as it needs, seven bits each.
pub(crate) fn write_short(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads what [`write_short`] wrote.
pub(crate) fn read_short(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Number of shards, a power of two.
const SHARDS: usize = 1 << SHARD_BITS;
const SHARD_BITS: u32 = 8;
/// Records per shard that memory always has room for.
const LEAST: usize = 4;

/// Bits by which a shard is dealt out again before it is sorted, at most.
const BUCKET_BITS: u32 = 12;
/// Records that are sorted at once.
const FEW: usize = 32;

/// Sorts a shard, of whose numbers the lowest `bits` differ: dealt into buckets of a few by the highest of these, and
/// bucket by bucket.
fn sort<R: Record>(
    records: &mut Vec<R>,
    spare: &mut Vec<R>,
    ends: &mut Vec<u32>,
    (bits, text_bits): (u32, u32),
) {
    if records.len() <= FEW || records.len() > u32::MAX as usize {
        R::sort(records);
        return;
    }
    let by = records.len().ilog2().min(BUCKET_BITS).min(bits);
    let bucket = |record: R| (record.number(text_bits) >> (bits - by)) as usize & ((1 << by) - 1);
    ends.clear();
    ends.resize((1 << by) + 1, 0);
    for &record in records.iter() {
        ends[bucket(record) + 1] += 1;
    }
    for at in 1..ends.len() {
        ends[at] += ends[at - 1];
    }
    spare.clear();
    spare.resize(records.len(), records[0]);
    // Where the next record of a bucket goes; in the end, where the bucket ends.
    for &record in records.iter() {
        let place = &mut ends[bucket(record)];
        spare[*place as usize] = record;
        *place += 1;
    }
    let mut from = 0;
    for &end in &ends[..1 << by] {
        if end > from + 1 {
            R::sort(&mut spare[from as usize..end as usize]);
        }
        from = end;
    }
    std::mem::swap(records, spare);
}

/// Collects records and gives them back in order.
pub(crate) struct Sorter<R> {
    shards: Vec<Vec<R>>,
    /// Bits of a number below those that tell the shard.
    shift: u32,
    /// Bits of the number of a text.
    text_bits: u32,
    held: usize,
    capacity: usize,
    runs: Vec<Vec<RunId>>,
}

impl<R: Record> Sorter<R> {
    /// A sorter that holds at most about `memory` bytes of records before it spills; the numbers have `bits` bits, those of
    /// texts `text_bits`, and about so many records are `expected`.
    pub(crate) fn new(memory: usize, (bits, text_bits): (u32, u32), expected: usize) -> Sorter<R> {
        let room = expected.min(memory / size_of::<R>() / 2) / SHARDS;
        Sorter {
            shards: (0..SHARDS).map(|_| Vec::with_capacity(room + room / 8)).collect(),
            shift: bits.saturating_sub(SHARD_BITS),
            text_bits,
            held: 0,
            // Growing vectors may take twice what they hold.
            capacity: (memory / size_of::<R>() / 2).max(SHARDS * LEAST),
            runs: vec![Vec::new(); SHARDS],
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, record: R, store: &mut dyn RunStore) -> io::Result<()> {
        if self.held == self.capacity {
            self.spill(store)?;
        }
        self.held += 1;
        let shard = (record.number(self.text_bits) >> self.shift) as usize & (SHARDS - 1);
        self.shards[shard].push(record);
        Ok(())
    }

    fn spill(&mut self, store: &mut dyn RunStore) -> io::Result<()> {
        let mut bytes = Vec::new();
        for (shard, run) in self.shards.iter_mut().zip(&mut self.runs) {
            if shard.is_empty() {
                continue;
            }
            bytes.clear();
            if R::SORTED {
                R::sort(shard);
                shard.dedup();
            }
            let mut before = None;
            for &record in shard.iter() {
                record.write(before, &mut bytes);
                before = Some(record);
            }
            shard.clear();
            run.push(store.put(&bytes)?);
        }
        self.held = 0;
        Ok(())
    }

    /// Calls `each` with every record in order; `each` may write other runs to the same store.
    pub(crate) fn drain(
        self,
        store: &mut dyn RunStore,
        each: &mut dyn FnMut(R, &mut dyn RunStore) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        let (mut spare, mut ends) = (Vec::new(), Vec::new());
        for (held, runs) in self.shards.into_iter().zip(self.runs) {
            // What was spilled came first.
            let (mut records, last) = if runs.is_empty() { (held, Vec::new()) } else { (Vec::new(), held) };
            for run in runs {
                bytes.clear();
                store.open(run)?.read_to_end(&mut bytes)?;
                let mut rest = bytes.as_slice();
                let mut before = None;
                while !rest.is_empty() {
                    let Some(record) = R::read(before, &mut rest) else {
                        return Err(io::Error::new(
                            io::ErrorKind::UnexpectedEof,
                            "a spilled run is shorter than it was written",
                        ));
                    };
                    records.push(record);
                    before = Some(record);
                }
            }
            records.extend_from_slice(&last);
            drop(last);
            sort(&mut records, &mut spare, &mut ends, (self.shift, self.text_bits));
            for record in records {
                each(record, store)?;
            }
        }
        Ok(())
    }
}
