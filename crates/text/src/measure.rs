/// Converts byte offsets of one text into the units of its readers: Unicode code points (files, API) and
/// UTF-16 code units (browsers). One converter for the whole program, used at the edge only.
///
/// Memory is one entry for every 64 characters; a conversion scans at most 64 characters.
#[derive(Clone, Debug)]
pub struct CodePoints<'a> {
    text: &'a str,
    /// Byte offset of every 64th character.
    marks: Vec<u32>,
    count: u32,
}

const STRIDE: usize = 64;

impl<'a> CodePoints<'a> {
    /// Scans `text` once.
    #[must_use]
    pub fn new(text: &'a str) -> CodePoints<'a> {
        let mut marks = Vec::with_capacity(text.len() / (STRIDE * 2) + 1);
        let mut count = 0u32;
        for (offset, _) in text.char_indices() {
            if (count as usize).is_multiple_of(STRIDE) {
                marks.push(u32::try_from(offset).expect("texts over 4 GiB are refused at the reader"));
            }
            count += 1;
        }
        CodePoints { text, marks, count }
    }

    /// How many code points the text has.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The number of code points before `byte`; `byte` inside a character counts as its start.
    #[must_use]
    pub fn at_byte(&self, byte: u32) -> u32 {
        let byte = byte.min(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let block = self.marks.partition_point(|&mark| mark <= byte).saturating_sub(1);
        let Some(&start) = self.marks.get(block) else { return 0 };
        let within = self.text[start as usize..]
            .char_indices()
            .take_while(|(offset, character)| start as usize + offset + character.len_utf8() <= byte as usize)
            .count();
        u32::try_from(block * STRIDE + within).unwrap_or(u32::MAX)
    }

    /// The byte where code point number `index` starts; the text's length for any number past the end.
    #[must_use]
    pub fn to_byte(&self, index: u32) -> u32 {
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        if index >= self.count {
            return end;
        }
        let start = self.marks[index as usize / STRIDE] as usize;
        let (offset, _) = self.text[start..]
            .char_indices()
            .nth(index as usize % STRIDE)
            .expect("the index is below the count");
        u32::try_from(start + offset).unwrap_or(end)
    }

    /// The number of UTF-16 code units before `byte`.
    #[must_use]
    pub fn utf16_at_byte(&self, byte: u32) -> u32 {
        let end = (byte as usize).min(self.text.len());
        u32::try_from(self.text[..end].chars().map(char::len_utf16).sum::<usize>()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// Invariant 10: conversions agree with counting by hand, both ways.
        #[test]
        fn agrees_with_counting(text in "\\PC{0,300}") {
            let points = CodePoints::new(&text);
            for (index, (offset, _)) in text.char_indices().enumerate() {
                let (index, offset) = (u32::try_from(index).unwrap(), u32::try_from(offset).unwrap());
                assert_eq!(points.at_byte(offset), index);
                assert_eq!(points.to_byte(index), offset);
                let expected = text[..offset as usize].encode_utf16().count();
                assert_eq!(points.utf16_at_byte(offset) as usize, expected);
            }
            assert_eq!(points.count() as usize, text.chars().count());
            assert_eq!(points.to_byte(points.count()) as usize, text.len());
            assert_eq!(points.at_byte(u32::try_from(text.len()).unwrap()), points.count());
        }
    }

    #[test]
    fn units_differ_outside_the_basic_plane() {
        let points = CodePoints::new("a𠮷b");
        assert_eq!((points.at_byte(5), points.utf16_at_byte(5)), (2, 3));
    }
}
