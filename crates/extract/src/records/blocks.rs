//! Where in a list the items of a stretch of text begin, without a search: a place for every few bytes of the text.

/// Bytes of one block, as a power of two.
const BLOCK: u32 = 6;

/// For every block of a text the first of some stretches, in order and without overlap, that ends behind its first byte.
#[derive(Debug, Default)]
pub(super) struct Blocks(Vec<u32>);

impl Blocks {
    /// The blocks of a text of that length, by the ends of the stretches.
    pub(super) fn of(length: usize, ends: impl Iterator<Item = u32>) -> Blocks {
        let count = (length >> BLOCK) + 1;
        let mut firsts = Vec::with_capacity(count);
        let mut index = 0;
        for end in ends {
            // The blocks whose first byte lies before the end of this stretch and not before that of the last.
            let until = ((end.saturating_sub(1) >> BLOCK) as usize + 1).min(count);
            if end > 0 && until > firsts.len() {
                firsts.resize(until, index);
            }
            index += 1;
        }
        firsts.resize(count.max(firsts.len()), index);
        Blocks(firsts)
    }

    /// Where to look from for the first stretch that ends behind a byte: no earlier one does.
    #[inline]
    pub(super) fn first(&self, byte: u32) -> usize {
        let block = ((byte >> BLOCK) as usize).min(self.0.len().saturating_sub(1));
        self.0.get(block).map_or(0, |first| *first as usize)
    }
}

/// For every block of a text which classes of words begin in it.
#[derive(Debug, Default)]
pub(super) struct Presence(Vec<u128>);

/// Longer stretches are not looked through.
const LONGEST: usize = 8;

impl Presence {
    /// Of a text of that length, by the place and the class of each word.
    pub(super) fn of(length: usize, words: impl Iterator<Item = (u32, u8)>) -> Presence {
        let mut blocks = vec![0; (length >> BLOCK) + 1];
        for (start, class) in words {
            if let Some(block) = blocks.get_mut((start >> BLOCK) as usize) {
                *block |= 1_u128 << (class & 127);
            }
        }
        Presence(blocks)
    }

    /// Whether a word of a class may begin between two bytes.
    #[inline]
    pub(super) fn may_hold(&self, start: u32, end: u32, class: u8) -> bool {
        let (first, last) = ((start >> BLOCK) as usize, (end.saturating_sub(1) >> BLOCK) as usize);
        if last >= first + LONGEST {
            return true;
        }
        let last = last.min(self.0.len() - 1);
        self.0
            .get(first..=last)
            .is_some_and(|blocks| blocks.iter().any(|block| block >> (class & 127) & 1 == 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_what_a_search_gives() {
        let ends = [3_u32, 64, 65, 128, 400, 401, 700];
        let blocks = Blocks::of(720, ends.iter().copied());
        for byte in 0..=720_u32 {
            let wanted = ends.partition_point(|end| *end <= byte);
            let mut found = blocks.first(byte);
            assert!(found <= wanted, "{byte}");
            while ends.get(found).is_some_and(|end| *end <= byte) {
                found += 1;
            }
            assert_eq!(found, wanted, "{byte}");
        }
        assert_eq!(Blocks::of(0, [].into_iter()).first(9), 0);
        let presence = Presence::of(300, [(70, 3), (299, 90)].into_iter());
        assert!(presence.may_hold(64, 100, 3) && presence.may_hold(0, 300, 90));
        assert!(!presence.may_hold(0, 64, 3) && !presence.may_hold(64, 100, 90));
    }
}
