//! Traditional characters read as the simplified ones that dictionary, models and rows are written with.

use crate::{Pack, is_han};

/// Of so many Han characters one must be traditional, so that a text counts as traditional: names and quotations in a
/// simplified text stay as they are.
const ONE_IN: usize = 50;

/// And so many, but in a very short text.
const LEAST: usize = 5;

/// Traditional characters and the simplified ones that stand for them, from the rows of `lang/zh/simplified.tsv`.
#[derive(Clone, Debug)]
pub struct Traditional {
    /// By number, from [`FIRST`] on; 0 where the character is no traditional one.
    simplified: Box<[u16]>,
    /// For each two leading bytes of a character of three a bit for each third: it is Han.
    han: Box<[u64; LEADS]>,
    /// It is traditional.
    traditional: Box<[u64; LEADS]>,
}

/// How many leading pairs of bytes characters of three bytes have.
const LEADS: usize = 1 << 10;

const FIRST: usize = 0x3400;

impl Traditional {
    /// With the rows of `pack`.
    #[must_use]
    pub fn of(pack: &Pack) -> Traditional {
        let mut simplified = vec![0; 0x1_0000 - FIRST];
        for row in pack.table("zh", "simplified").map(|table| table.rows.as_slice()).unwrap_or_default() {
            let (Some(to), Some(from)) = (row.first().and_then(|cell| cell.chars().next()), row.get(1))
            else {
                continue;
            };
            for character in from.chars() {
                // Spans stay where they are only if both take the same number of bytes.
                if character.len_utf8() == to.len_utf8()
                    && let Some(slot) = (character as usize).checked_sub(FIRST)
                    && let (Some(slot), Ok(to)) = (simplified.get_mut(slot), u16::try_from(to as u32))
                {
                    *slot = to;
                }
            }
        }
        let (mut han, mut traditional) = (Box::new([0; LEADS]), Box::new([0; LEADS]));
        for code in 0..0x1_0000_u32 {
            let known = (code as usize).checked_sub(FIRST).is_some_and(|slot| simplified[slot] != 0);
            han[code as usize >> 6] |= u64::from(char::from_u32(code).is_some_and(is_han)) << (code % 64);
            traditional[code as usize >> 6] |= u64::from(known) << (code % 64);
        }
        Traditional { simplified: simplified.into(), han, traditional }
    }

    /// The simplified character for a traditional one.
    #[must_use]
    pub fn simplified(&self, character: char) -> Option<char> {
        let slot = (character as usize).checked_sub(FIRST)?;
        let to = *self.simplified.get(slot).filter(|to| **to != 0)?;
        char::from_u32(u32::from(to))
    }

    /// A traditional text with simplified characters, each at the place of its own; nothing where the text is not
    /// traditional.
    #[must_use]
    pub fn fold(&self, text: &str) -> Option<String> {
        let traditional = self.counted(text, true);
        if traditional == 0 {
            return None;
        }
        let han = self.counted(text, false);
        // A few of a long text may be a name; of a short one a few are many.
        let few = traditional < LEAST && traditional * 5 < han;
        if few || traditional * ONE_IN < han {
            return None;
        }
        Some(self.rewrite(text))
    }

    /// How many Han characters a text has, or how many of them are traditional.
    fn counted(&self, text: &str, is_traditional: bool) -> usize {
        let bits = if is_traditional { &self.traditional } else { &self.han };
        let mut count = 0;
        let mut rest = text.as_bytes();
        loop {
            // Nearly every character.
            let mut wide = 0;
            for bytes in rest.chunks_exact(3) {
                let &[first @ 0xe0..=0xef, second, third] = bytes else { break };
                let lead = usize::from(first & 0xf) << 6 | usize::from(second & 0x3f);
                count += (bits[lead] >> (third & 0x3f) & 1) as usize;
                wide += 3;
            }
            rest = &rest[wide..];
            match rest {
                [0..=0x7f, behind @ ..] => rest = behind,
                _ => {
                    let at = text.len() - rest.len();
                    let Some(character) = text[at..].chars().next() else { return count };
                    count += usize::from(!is_traditional && is_han(character));
                    rest = &rest[character.len_utf8()..];
                }
            }
        }
    }

    /// Any text with simplified characters, each at the place of its own.
    #[must_use]
    pub fn rewrite(&self, text: &str) -> String {
        text.chars().map(|character| self.simplified(character).unwrap_or(character)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;

    #[test]
    fn a_traditional_text_keeps_its_places() {
        let traditional = Traditional::of(&Pack::load(builtin()).value);
        let text = "本報訊（記者 林越）大橋昨日通車，兩岸居民𠀀慶祝。";
        let folded = traditional.fold(text).unwrap();
        assert_eq!(folded, "本报讯（记者 林越）大桥昨日通车，两岸居民𠀀庆祝。");
        assert_eq!(folded.len(), text.len());
    }

    #[test]
    fn a_simplified_text_stays_as_it_is() {
        let traditional = Traditional::of(&Pack::load(builtin()).value);
        assert_eq!(traditional.fold("大桥昨日通车，两岸居民庆祝。"), None);
        assert_eq!(traditional.fold(""), None);
        let one_name = format!("{}乾隆", "大桥昨日通车，两岸居民庆祝。".repeat(9));
        assert_eq!(traditional.fold(&one_name), None);
    }
}
