//! What a quick look at a text needs of it: its folded characters told apart as far as a byte does. Two that differ may
//! look the same, hardly two runs of them; and so many more texts stay in memory.
//!
//! Every quick look goes by these, also where the characters themselves are at hand, so that its answer does not hang
//! on how much memory there is.

use crate::fold::{Code, is_wide_of_many};

/// The bit of those that weigh more.
const WIDE: u8 = 0x80;
/// Where those stand once they are taken for folded characters again.
const WIDE_FROM: Code = 0x4e00;

/// A folded character as far as a byte tells it.
#[inline(always)]
fn faint(code: Code) -> u8 {
    // Blocks of alphabets and their digits end up beside each other.
    let mixed = code.wrapping_add((code >> 8) << 3) as u8 & !WIDE;
    mixed | u8::from(is_wide_of_many(code)) << 7
}

/// What stands for it among folded characters, as wide as it is.
#[inline(always)]
fn shown(faint: u8) -> Code {
    let mixed = Code::from(faint & !WIDE);
    if faint & WIDE == 0 { mixed } else { WIDE_FROM | mixed }
}

/// Folded characters on either side of a place that a quick look takes in.
pub(crate) const GLANCE: usize = 48;

/// The characters around a place of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glimpse {
    codes: [Code; 2 * GLANCE],
    middle: u8,
    end: u8,
}

impl Glimpse {
    /// Around a folded character of a text.
    pub(crate) fn of(codes: &[Code], place: usize) -> Glimpse {
        Glimpse::around(codes, place, |code| shown(faint(code)))
    }

    /// Around a folded character of a text of which a byte each is kept.
    pub(crate) fn of_faint(text: &[u8], place: usize) -> Glimpse {
        Glimpse::around(text, place, shown)
    }

    fn around<T: Copy>(text: &[T], place: usize, show: impl Fn(T) -> Code) -> Glimpse {
        let place = place.min(text.len());
        let (from, to) = (place.saturating_sub(GLANCE), (place + GLANCE).min(text.len()));
        let mut codes = [0; 2 * GLANCE];
        for (slot, &one) in codes.iter_mut().zip(&text[from..to]) {
            *slot = show(one);
        }
        Glimpse { codes, middle: (place - from) as u8, end: (to - from) as u8 }
    }

    /// The characters before the place.
    pub(crate) fn before(&self) -> &[Code] {
        &self.codes[..usize::from(self.middle)]
    }

    /// The characters from the place on.
    pub(crate) fn after(&self) -> &[Code] {
        &self.codes[usize::from(self.middle)..usize::from(self.end)]
    }
}

/// Bytes of a block of texts.
const BLOCK: usize = 1 << 20;

/// Texts of which a byte for each folded character is kept, as far as there is room.
#[derive(Debug, Default)]
pub(crate) struct Faint {
    blocks: Vec<Vec<u8>>,
    /// Block, and where its characters begin and end there.
    places: Vec<(u32, u32, u32)>,
    /// What is left of the room, in bytes.
    room: usize,
    /// A text had no room: those that follow are not kept either.
    full: bool,
}

impl Faint {
    /// Room for so many bytes.
    pub(crate) fn new(room: usize) -> Faint {
        Faint { room, ..Faint::default() }
    }

    /// Keeps the next text, where there is room.
    pub(crate) fn push(&mut self, codes: &[Code]) {
        let narrow = u32::try_from(codes.len()).ok();
        let Some(length) = narrow.filter(|_| !self.full && codes.len() <= self.room) else {
            self.full = true;
            return;
        };
        self.room -= codes.len();
        let fits = |block: &Vec<u8>| block.len() + codes.len() <= block.capacity();
        if !self.blocks.last().is_some_and(fits) {
            self.blocks.push(Vec::with_capacity(BLOCK.max(codes.len())));
        }
        let number = self.blocks.len() as u32 - 1;
        let Some(block) = self.blocks.last_mut() else { return };
        let from = block.len() as u32;
        block.extend(codes.iter().map(|&code| faint(code)));
        self.places.push((number, from, from + length));
    }

    /// The text at a place among those that were to be kept.
    pub(crate) fn get(&self, at: usize) -> Option<&[u8]> {
        let &(block, from, to) = self.places.get(at)?;
        Some(&self.blocks.get(block as usize)?[from as usize..to as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::{Folded, weight};

    #[test]
    fn a_glimpse_is_the_same_of_a_text_and_of_what_is_kept_of_it() {
        let codes = Folded::of("石门口岸十九日恢复货运，the first train left at 6 o'clock с чаем.").codes;
        let mut kept = Faint::new(200);
        kept.push(&codes);
        let text = kept.get(0).expect("there is room");
        for place in [0, 7, codes.len()] {
            let (one, other) = (Glimpse::of(&codes, place), Glimpse::of_faint(text, place));
            assert_eq!((one.before(), one.after()), (other.before(), other.after()));
            let shown = one.before().iter().chain(one.after());
            assert!(shown.zip(&codes).all(|(&shown, &code)| weight(shown) == weight(code)));
        }
        // What has no room is not kept, nor is what follows it.
        kept.push(&[1; 300]);
        kept.push(&[1]);
        assert!(kept.get(1).is_none() && kept.get(2).is_none());
    }

    #[test]
    fn letters_of_one_alphabet_are_told_apart() {
        for alphabet in ["abcdefghijklmnopqrstuvwxyz0123456789", "абвгдежзиклмнопрстуфхцчшщъыьэюя0123456789"]
        {
            let mut seen: Vec<u8> = alphabet.chars().map(|one| faint(u32::from(one) as Code)).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), alphabet.chars().count());
        }
    }
}
