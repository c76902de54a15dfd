//! The texts that are compared, read again where their characters are needed, and a few of them kept at hand.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::io;
use std::rc::Rc;

use crate::Doc;
use crate::fold::Folded;

/// What is known of a text besides its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// The caller's number for it.
    pub key: u32,
    /// Day number of its issue, where known.
    pub day: Option<i32>,
    /// The paper it stands in, where known.
    pub outlet: Option<u32>,
    /// Its bytes.
    pub length: usize,
}

/// Texts that need not be in memory: each is read once in order, and those that share something again.
pub trait Texts {
    /// How many there are.
    fn count(&self) -> usize;
    /// What is known of the text at a place below [`Texts::count`].
    fn card(&self, at: usize) -> Card;
    /// Its characters; the same each time.
    ///
    /// # Errors
    /// What the storage says.
    fn read(&self, at: usize) -> io::Result<Cow<'_, str>>;
}

impl Texts for &[Doc<'_>] {
    fn count(&self) -> usize {
        self.len()
    }

    fn card(&self, at: usize) -> Card {
        let Doc { key, day, outlet, text } = self[at];
        Card { key, day, outlet, length: text.len() }
    }

    fn read(&self, at: usize) -> io::Result<Cow<'_, str>> {
        Ok(Cow::Borrowed(self[at].text))
    }
}

/// A text at hand, and its folded view once that was asked for.
#[derive(Debug)]
pub(crate) struct Held<'t> {
    pub(crate) text: Cow<'t, str>,
    folded: OnceCell<Folded>,
}

impl Held<'_> {
    /// The folded characters of some bytes of it.
    pub(crate) fn codes(&self, start: u32, end: u32) -> Cow<'_, [u32]> {
        if self.text.len() > WHOLE {
            return Cow::Owned(Folded::region(&self.text, start as usize, end as usize).codes);
        }
        let folded = self.folded();
        let (from, to) = (folded.index_at(start, &self.text), folded.index_at(end, &self.text));
        Cow::Borrowed(&folded.codes[from..to.max(from)])
    }

    /// The whole text folded.
    pub(crate) fn folded(&self) -> &Folded {
        self.folded.get_or_init(|| Folded::region(&self.text, 0, self.text.len()))
    }
}

/// Texts up to this many bytes are folded whole.
pub(crate) const WHOLE: usize = 64 << 10;
/// Slots for texts at hand.
const SLOTS: usize = 1 << 13;
/// Bytes of texts at hand, with their folded views.
const ROOM: usize = 64 << 20;
/// About how many bytes a folded view takes for a byte of text, and the text itself.
const PER_BYTE: usize = 5;
/// Texts longer than this, in bytes, are kept apart, so that they do not push out all others...
const LONG: usize = 1 << 20;
/// ...and so many of them.
const LONG_KEPT: usize = 3;

/// The texts, some of them at hand.
pub(crate) struct Shelf<'t> {
    texts: &'t dyn Texts,
    room: RefCell<Room<'t>>,
}

struct Room<'t> {
    slots: Vec<Option<(usize, Rc<Held<'t>>)>>,
    bytes: usize,
    long: Vec<(usize, Rc<Held<'t>>)>,
}

impl<'t> Shelf<'t> {
    pub(crate) fn new(texts: &'t dyn Texts) -> Shelf<'t> {
        let room = Room { slots: vec![None; SLOTS], bytes: 0, long: Vec::new() };
        Shelf { texts, room: RefCell::new(room) }
    }

    /// The text at a place.
    pub(crate) fn get(&self, at: usize) -> io::Result<Rc<Held<'t>>> {
        let room = &mut *self.room.borrow_mut();
        let slot = at % SLOTS;
        if let Some((held, text)) = &room.slots[slot]
            && *held == at
        {
            return Ok(Rc::clone(text));
        }
        if let Some((_, text)) = room.long.iter().find(|(held, _)| *held == at) {
            return Ok(Rc::clone(text));
        }
        let held = Rc::new(Held { text: self.texts.read(at)?, folded: OnceCell::new() });
        if held.text.len() > LONG {
            if room.long.len() == LONG_KEPT {
                room.long.remove(0);
            }
            room.long.push((at, Rc::clone(&held)));
            return Ok(held);
        }
        let size = held.text.len() * PER_BYTE;
        if room.bytes + size > ROOM {
            room.slots.iter_mut().for_each(|slot| *slot = None);
            room.bytes = 0;
        }
        if let Some((_, gone)) = room.slots[slot].replace((at, Rc::clone(&held))) {
            room.bytes -= gone.text.len() * PER_BYTE;
        }
        room.bytes += size;
        Ok(held)
    }
}
