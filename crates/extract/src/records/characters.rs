/// A set of characters: a bit for each of the basic plane, the few others in a list.
#[derive(Clone, Debug)]
pub(super) struct CharacterSet {
    basic: Box<[u64]>,
    others: Vec<char>,
}

impl CharacterSet {
    fn insert(&mut self, character: char) {
        let code = character as usize;
        match self.basic.get_mut(code / 64) {
            Some(bits) => *bits |= 1 << (code % 64),
            None => self.others.push(character),
        }
    }

    /// Whether it holds a character.
    pub(super) fn has(&self, character: char) -> bool {
        let code = character as usize;
        match self.basic.get(code / 64) {
            Some(bits) => bits >> (code % 64) & 1 == 1,
            None => self.others.contains(&character),
        }
    }
}

impl FromIterator<char> for CharacterSet {
    fn from_iter<I: IntoIterator<Item = char>>(characters: I) -> CharacterSet {
        let mut set = CharacterSet { basic: vec![0; 0x1_0000 / 64].into(), others: Vec::new() };
        for character in characters {
            set.insert(character);
        }
        set
    }
}

/// Finds any of some texts in one walk: at the first place where one begins the longest, then on after it.
pub(super) struct Finder<'n> {
    /// A bit for each first character, and one for each second: most characters begin none of the texts.
    heads: u64,
    seconds: u64,
    sorted: Vec<&'n str>,
    /// The lengths in bytes, the longest first.
    lengths: Vec<usize>,
}

/// The bit of a character.
#[inline]
fn bit(character: char) -> u64 {
    1 << (character as u32 % u64::BITS)
}

impl<'n> Finder<'n> {
    /// A finder of these texts; empty ones are nowhere.
    pub(super) fn of(texts: &'n [String]) -> Finder<'n> {
        let mut sorted: Vec<&str> =
            texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut lengths: Vec<usize> = sorted.iter().map(|text| text.len()).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        let (mut heads, mut seconds) = (0, 0);
        for text in &sorted {
            let mut characters = text.chars();
            heads |= characters.next().map_or(0, bit);
            // After a text of one character any other may stand.
            seconds |= characters.next().map_or(u64::MAX, bit);
        }
        Finder { heads, seconds, sorted, lengths }
    }

    /// The places where they stand, as bytes from and to.
    pub(super) fn places(&self, text: &str) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        if self.sorted.is_empty() {
            return places;
        }
        let bytes = text.as_bytes();
        let mut start = 0;
        loop {
            // The last byte of a character tells its bit.
            while let Some(&[lead, _, last]) = bytes.get(start..start + 3)
                && matches!(lead, 0xe0..=0xef)
                && self.heads >> (last & 0x3f) & 1 == 0
            {
                start += 3;
            }
            let mut characters = text[start..].chars();
            let Some(character) = characters.next() else { return places };
            let after = start + character.len_utf8();
            let begun = start;
            start = after;
            if self.heads & bit(character) == 0 || self.seconds & characters.next().map_or(u64::MAX, bit) == 0
            {
                continue;
            }
            // Of the texts that begin as the text does here, where any do.
            let rest = &text[begun..];
            let first = &text[begun..after];
            let begins = self.sorted.partition_point(|known| *known < first);
            if !self.sorted.get(begins).is_some_and(|known| known.starts_with(character)) {
                continue;
            }
            let found = self.lengths.iter().find_map(|&length| {
                let stretch = rest.get(..length)?;
                self.sorted[begins..].binary_search(&stretch).ok().map(|_| begun + length)
            });
            if let Some(end) = found {
                places.push((begun, end));
                start = end;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_longest_from_the_left() {
        let names: Vec<String> = ["宇文", "宇文槐", "文槐序", "𠮷木"].map(str::to_owned).to_vec();
        let text = "宇文槐序、宇文与𠮷木";
        let finder = Finder::of(&names);
        let found: Vec<&str> =
            finder.places(text).into_iter().map(|(start, end)| &text[start..end]).collect();
        assert_eq!(found, ["宇文槐", "宇文", "𠮷木"]);
        assert!(Finder::of(&[]).places(text).is_empty());
    }
}
