//! Sorting more records than fit in memory: sorted runs through [`RunStore`], merged at the end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read as _};

use crate::{RunId, RunStore};

/// Something of fixed size that can be spilled.
pub(crate) trait Record: Copy + Ord {
    /// Bytes it takes.
    const SIZE: usize;
    fn write(&self, bytes: &mut Vec<u8>);
    fn read(bytes: &[u8]) -> Self;
}

/// Bytes of one stored block. A run is stored as several blocks, each read as a whole, so that no reader stays
/// open while other runs are written.
const BLOCK: usize = 1 << 20;

/// Collects records and gives them back in order.
pub(crate) struct Sorter<R> {
    held: Vec<R>,
    capacity: usize,
    runs: Vec<Vec<RunId>>,
}

impl<R: Record> Sorter<R> {
    /// A sorter that holds at most about `memory` bytes of records before it spills.
    pub(crate) fn new(memory: usize) -> Sorter<R> {
        Sorter { held: Vec::new(), capacity: (memory / R::SIZE).max(256), runs: Vec::new() }
    }

    pub(crate) fn push(&mut self, record: R, store: &mut dyn RunStore) -> io::Result<()> {
        if self.held.len() == self.capacity {
            self.spill(store)?;
        }
        self.held.push(record);
        Ok(())
    }

    fn spill(&mut self, store: &mut dyn RunStore) -> io::Result<()> {
        self.held.sort_unstable();
        let mut run = Vec::new();
        let mut bytes = Vec::new();
        for block in self.held.chunks((BLOCK / R::SIZE).min(self.capacity)) {
            bytes.clear();
            for record in block {
                record.write(&mut bytes);
            }
            run.push(store.put(&bytes)?);
        }
        self.runs.push(run);
        self.held.clear();
        Ok(())
    }

    /// Calls `each` with every record in order; `each` may write other runs to the same store.
    pub(crate) fn drain(
        mut self,
        store: &mut dyn RunStore,
        each: &mut dyn FnMut(R, &mut dyn RunStore) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.runs.is_empty() {
            self.held.sort_unstable();
            return self.held.into_iter().try_for_each(|record| each(record, store));
        }
        if !self.held.is_empty() {
            self.spill(store)?;
        }
        self.held = Vec::new();
        let mut readers: Vec<RunReader<R>> = self.runs.into_iter().map(RunReader::new).collect();
        let mut heap = BinaryHeap::new();
        for (at, reader) in readers.iter_mut().enumerate() {
            if let Some(record) = reader.next(store)? {
                heap.push(Reverse((record, at)));
            }
        }
        while let Some(Reverse((record, at))) = heap.pop() {
            each(record, store)?;
            if let Some(next) = readers[at].next(store)? {
                heap.push(Reverse((next, at)));
            }
        }
        Ok(())
    }
}

struct RunReader<R> {
    blocks: std::vec::IntoIter<RunId>,
    buffer: Vec<u8>,
    at: usize,
    record: std::marker::PhantomData<R>,
}

impl<R: Record> RunReader<R> {
    fn new(blocks: Vec<RunId>) -> RunReader<R> {
        RunReader { blocks: blocks.into_iter(), buffer: Vec::new(), at: 0, record: std::marker::PhantomData }
    }

    fn next(&mut self, store: &dyn RunStore) -> io::Result<Option<R>> {
        if self.at == self.buffer.len() {
            let Some(block) = self.blocks.next() else { return Ok(None) };
            self.buffer.clear();
            self.at = 0;
            store.open(block)?.read_to_end(&mut self.buffer)?;
        }
        let Some(bytes) = self.buffer.get(self.at..self.at + R::SIZE) else {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "a spilled run is shorter than it was written",
            ));
        };
        self.at += R::SIZE;
        Ok(Some(R::read(bytes)))
    }
}
