//! The texts that are compared, read again where their characters are needed, and a few of them kept at hand.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::io;
use std::ops::Deref;
use std::rc::Rc;

use crate::Doc;
use crate::fold::{Code, Folded};

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
    folded: OnceCell<Rc<Folded>>,
}

impl Held<'_> {
    /// The folded characters of some bytes of it.
    pub(crate) fn codes(&self, start: u32, end: u32) -> &[Code] {
        let folded = self.folded();
        let (from, to) = (folded.index_at(start, &self.text), folded.index_at(end, &self.text));
        &folded.codes[from..to.max(from)]
    }

    /// The whole text folded.
    pub(crate) fn folded(&self) -> &Rc<Folded> {
        self.folded.get_or_init(|| Rc::new(Folded::of(&self.text)))
    }
}

/// Slots for texts at hand.
const SLOTS: usize = 1 << 13;
/// Bytes of texts at hand, with their folded views.
const ROOM: usize = 64 << 20;
/// About how many bytes a folded view takes for a byte of text, and the text itself.
const PER_BYTE: usize = 3;
/// Texts longer than this, in bytes, are kept apart, so that they do not push out all others...
const LONG: usize = 1 << 20;
/// ...and so many of them.
const LONG_KEPT: usize = 3;

/// The folded view of a text.
pub(crate) enum View<'s> {
    Kept(&'s Folded),
    AtHand(Rc<Folded>),
}

impl Deref for View<'_> {
    type Target = Folded;

    fn deref(&self) -> &Folded {
        match self {
            View::Kept(folded) => folded,
            View::AtHand(folded) => folded,
        }
    }
}

/// The texts, some of them at hand.
pub(crate) struct Shelf<'t> {
    texts: &'t dyn Texts,
    /// Folded views that are kept from the first reading: those of the first texts, as far as there was room.
    kept: Vec<Folded>,
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
        Shelf { texts, kept: Vec::new(), room: RefCell::new(room) }
    }

    /// A shelf that has the folded views of the first texts already.
    pub(crate) fn with(texts: &'t dyn Texts, kept: Vec<Folded>) -> Shelf<'t> {
        Shelf { kept, ..Shelf::new(texts) }
    }

    /// The folded view of the text at a place.
    pub(crate) fn folded(&self, at: usize) -> io::Result<View<'_>> {
        match self.kept.get(at) {
            Some(folded) => Ok(View::Kept(folded)),
            None => Ok(View::AtHand(Rc::clone(self.get(at)?.folded()))),
        }
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
