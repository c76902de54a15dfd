//! The texts that are compared, read again where their characters are needed, and a few of them kept at hand.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

use crate::Doc;
use crate::fold::{Code, Folded, Mark, View, fold_into};
use crate::glimpse::{Faint, Glimpse};
use crate::quotation::opens_any;

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

/// What is done with the texts, in order; for telling how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Texts to fingerprints.
    Fingerprints,
    /// Fingerprints to pairs of texts.
    Pairs,
    /// Pairs to passages.
    Passages,
    /// Passages to families.
    Families,
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
    /// Told now and then how far a step is.
    fn reached(&self, step: Step, done: usize, total: usize) {
        let _ = (step, done, total);
    }
}

/// Texts, or pairs of them, between two times that progress is told.
const TOLD_EVERY: usize = 256;

/// Tells how far a step is, now and then.
pub(crate) fn reached(texts: &dyn Texts, step: Step, done: usize, total: usize) {
    if done.is_multiple_of(TOLD_EVERY) || done == total {
        texts.reached(step, done, total);
    }
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

/// Folded characters of a block of kept texts.
const BLOCK: usize = 1 << 18;

/// Folded texts that are kept from the first reading: those of the first texts, as far as there is room, and of those
/// that follow what a quick look needs.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    faint: Faint,
    blocks: Vec<Block>,
    /// Block, and where its characters and marks begin and end there.
    places: Vec<(u32, [u32; 2], [u32; 2])>,
    /// What is left of the room, in bytes.
    room: usize,
    /// Which texts can hold a quotation, a bit each: of all that were folded, kept or not.
    quoting: Vec<u64>,
    folded: usize,
}

#[derive(Debug, Default)]
struct Block {
    codes: Vec<Code>,
    marks: Vec<Mark>,
    /// Characters that are taken.
    used: usize,
}

impl Kept {
    /// Room for so many bytes, and for so many of what quick looks need.
    pub(crate) fn new(room: usize, faint: usize) -> Kept {
        Kept { room, faint: Faint::new(faint), ..Kept::default() }
    }

    /// Folds the text that follows those folded before, and tells its characters to `each`. Where there is no room
    /// left for it, the next takes its place.
    pub(crate) fn fold<T>(&mut self, text: &str, keep: bool, each: impl FnOnce(&[Code]) -> T) -> T {
        if self.folded.is_multiple_of(64) {
            self.quoting.push(0);
        }
        if let Some(bits) = self.quoting.last_mut() {
            *bits |= u64::from(opens_any(text)) << (self.folded % 64);
        }
        self.folded += 1;
        let least = text.len() + text.len() / 8;
        let fits = |block: &Block| block.used + least <= block.codes.len();
        if !self.blocks.last().is_some_and(fits) {
            let block = match self.blocks.pop() {
                // Nothing is kept of it, so that its room is free.
                Some(block) if block.used == 0 => block,
                last => {
                    self.blocks.extend(last);
                    Block { codes: vec![0; BLOCK.max(least + 8)], ..Block::default() }
                }
            };
            self.blocks.push(block);
        }
        let number = self.blocks.len() as u32 - 1;
        let Some(block) = self.blocks.last_mut() else { return each(&[]) };
        let (from, marked) = (block.used, block.marks.len());
        let to = fold_into(text, &mut block.codes, from, &mut block.marks);
        let size = (to - from) * size_of::<Code>() + (block.marks.len() - marked) * size_of::<Mark>();
        if keep && size <= self.room {
            self.room -= size;
            block.used = to;
            let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            self.places.push((
                number,
                [narrow(from), narrow(to)],
                [narrow(marked), narrow(block.marks.len())],
            ));
        } else {
            block.marks.truncate(marked);
            self.faint.push(&block.codes[from..to]);
        }
        each(&block.codes[from..to])
    }

    /// How many texts are kept.
    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    /// Gives the room back in which a text was folded that is not kept.
    pub(crate) fn finish(mut self) -> Kept {
        self.blocks.retain(|block| block.used > 0);
        self
    }

    /// Forgets what only quick looks need.
    pub(crate) fn looked(&mut self) {
        self.faint = Faint::default();
    }

    fn get(&self, at: usize) -> Option<View<'_>> {
        let &(block, codes, marks) = self.places.get(at)?;
        // Only the last block can be gone, and with it texts without a character.
        let block = self.blocks.get(block as usize)?;
        let part = |[from, to]: [u32; 2]| from as usize..to as usize;
        Some(View { codes: &block.codes[part(codes)], marks: &block.marks[part(marks)] })
    }
}

/// Slots for texts at hand: two texts that share something are mostly no further apart.
const SLOTS: usize = 1 << 16;
/// Bytes of texts at hand, with their folded views.
const ROOM: usize = 128 << 20;
/// About how many bytes a folded view takes for a byte of text, and the text itself.
const PER_BYTE: usize = 3;
/// Texts longer than this, in bytes, are kept apart, so that they do not push out all others...
const LONG: usize = 1 << 20;
/// ...and so many of them.
const LONG_KEPT: usize = 3;

/// A folded text, wherever it is held.
pub(crate) enum Seen<'s> {
    Kept(View<'s>),
    AtHand(Rc<Folded>),
}

impl Seen<'_> {
    pub(crate) fn view(&self) -> View<'_> {
        match self {
            Seen::Kept(view) => *view,
            Seen::AtHand(folded) => folded.view(),
        }
    }
}

/// The texts, some of them at hand.
pub(crate) struct Shelf<'t> {
    texts: &'t dyn Texts,
    kept: Kept,
    room: RefCell<Room<'t>>,
    /// Where texts are folded before as much room is taken as that needs.
    spare: RefCell<Vec<Code>>,
}

struct Room<'t> {
    slots: Vec<Option<(usize, Rc<Held<'t>>)>>,
    /// The texts in the slots in the order in which they came, and some that another took the slot of.
    came: VecDeque<usize>,
    bytes: usize,
    long: Vec<(usize, Rc<Held<'t>>)>,
}

impl<'t> Shelf<'t> {
    pub(crate) fn new(texts: &'t dyn Texts) -> Shelf<'t> {
        let slots = texts.count().min(SLOTS);
        let room = Room { slots: vec![None; slots], came: VecDeque::new(), bytes: 0, long: Vec::new() };
        Shelf { texts, kept: Kept::default(), room: RefCell::new(room), spare: RefCell::default() }
    }

    /// A shelf that has the folded views of the first texts already.
    pub(crate) fn with(texts: &'t dyn Texts, kept: Kept) -> Shelf<'t> {
        Shelf { kept: kept.finish(), ..Shelf::new(texts) }
    }

    /// The texts themselves.
    pub(crate) fn texts(&self) -> &'t dyn Texts {
        self.texts
    }

    /// The folded view of the text at a place.
    pub(crate) fn folded(&self, at: usize) -> io::Result<Seen<'_>> {
        match self.kept.get(at) {
            Some(view) => Ok(Seen::Kept(view)),
            None => {
                let held = self.get(at)?;
                let fold = || match held.text.len() {
                    ..=LONG => Folded::with(&mut self.spare.borrow_mut(), &held.text),
                    _ => Folded::of(&held.text),
                };
                Ok(Seen::AtHand(Rc::clone(held.folded.get_or_init(|| Rc::new(fold())))))
            }
        }
    }

    /// What a quick look at a text takes in around a folded character.
    pub(crate) fn glimpse(&self, at: usize, place: usize) -> io::Result<Glimpse> {
        if let Some(view) = self.kept.get(at) {
            return Ok(Glimpse::of(view.codes, place));
        }
        let behind = at - self.kept.count().min(at);
        if let Some(faint) = self.kept.faint.get(behind) {
            return Ok(Glimpse::of_faint(faint, place));
        }
        Ok(Glimpse::of(self.folded(at)?.view().codes, place))
    }

    /// Forgets what only quick looks need.
    pub(crate) fn looked(&mut self) {
        self.kept.looked();
    }

    /// Whether the text at a place can hold a quotation.
    pub(crate) fn may_quote(&self, at: usize) -> bool {
        let Kept { quoting, folded, .. } = &self.kept;
        at >= *folded || quoting[at / 64] >> (at % 64) & 1 == 1
    }

    /// The folded view of the text at a place, where it is kept from the first reading.
    pub(crate) fn kept(&self, at: usize) -> Option<View<'_>> {
        self.kept.get(at)
    }

    /// The text at a place.
    pub(crate) fn get(&self, at: usize) -> io::Result<Rc<Held<'t>>> {
        let room = &mut *self.room.borrow_mut();
        let slot = at % room.slots.len().max(1);
        if let Some(Some((held, text))) = room.slots.get(slot)
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
        // What was folded at the first reading takes no more room here.
        let size = |at: usize, text: &str| match self.kept.get(at) {
            Some(_) => text.len(),
            None => text.len() * PER_BYTE,
        };
        let Room { slots, came, bytes, .. } = room;
        let count = slots.len();
        *bytes += size(at, &held.text);
        came.push_back(at);
        if let Some(slot) = slots.get_mut(slot)
            && let Some((other, gone)) = slot.replace((at, Rc::clone(&held)))
        {
            *bytes -= size(other, &gone.text);
        }
        while (*bytes > ROOM || came.len() > 2 * count)
            && let Some(first) = came.pop_front()
        {
            let slot = &mut slots[first % count];
            if let Some((_, gone)) = slot.take_if(|(at, _)| *at == first) {
                *bytes -= size(first, &gone.text);
            }
        }
        Ok(held)
    }
}
