//! Character maps inside a PDF: which codes a font has and which characters they stand for.
//!
//! Ranges are kept as ranges, so that a map costs no more memory than it has bytes.

/// What a character map says.
#[derive(Debug, Default)]
pub(super) struct CharacterMap {
    /// Codes of one length: bytes of a code, first, last.
    spaces: Vec<(usize, u32, u32)>,
    /// First code, last code, UTF-16 of the first.
    ranges: Vec<(u32, u32, Vec<u16>)>,
}

/// One token of the map's PostScript.
#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    Hex(Vec<u8>),
    Number(u32),
    Open,
    Close,
    Word(&'a [u8]),
}

struct Tokens<'a> {
    rest: &'a [u8],
}

fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"<>[]()/%{}\0".contains(&byte)
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let (first, after) = self.rest.split_first()?;
            self.rest = after;
            match first {
                b'%' => {
                    let end = after.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    self.rest = &after[end.unwrap_or(after.len())..];
                }
                b'[' => return Some(Token::Open),
                b']' => return Some(Token::Close),
                b'<' if after.first() == Some(&b'<') => self.rest = &after[1..],
                b'<' => {
                    let end = after.iter().position(|byte| *byte == b'>').unwrap_or(after.len());
                    self.rest = after.get(end + 1..).unwrap_or_default();
                    let digits: Vec<u8> = after[..end]
                        .iter()
                        .filter_map(|byte| Some((*byte as char).to_digit(16)? as u8))
                        .collect();
                    let pair = |pair: &[u8]| pair[0] << 4 | pair.get(1).copied().unwrap_or(0);
                    return Some(Token::Hex(digits.chunks(2).map(pair).collect()));
                }
                b'/' => {
                    let end = after.iter().position(|byte| ends_word(*byte)).unwrap_or(after.len());
                    self.rest = &after[end..];
                }
                byte if ends_word(*byte) => {}
                _ => {
                    let length = after.iter().position(|byte| ends_word(*byte)).unwrap_or(after.len());
                    self.rest = &after[length..];
                    let digits = std::iter::once(first).chain(&after[..length]);
                    let number = digits.clone().all(u8::is_ascii_digit).then(|| {
                        digits.fold(0_u32, |sum, digit| {
                            sum.saturating_mul(10).saturating_add(u32::from(digit - b'0'))
                        })
                    });
                    return Some(number.map_or(Token::Word(&after[..length]), Token::Number));
                }
            }
        }
    }
}

fn code(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes
        .chunks(2)
        .map(|pair| u16::from(pair[0]) << 8 | pair.get(1).map_or(0, |low| u16::from(*low)))
        .collect()
}

impl CharacterMap {
    pub(super) fn parse(bytes: &[u8]) -> CharacterMap {
        let mut map = CharacterMap::default();
        // Strings and numbers since the last word; a list within them stands apart.
        let mut strings: Vec<Vec<u8>> = Vec::new();
        let mut list: Option<Vec<Vec<u8>>> = None;
        for token in (Tokens { rest: bytes }) {
            match token {
                Token::Hex(string) => match &mut list {
                    Some(list) => list.push(string),
                    None => strings.push(string),
                },
                Token::Number(_) => {}
                Token::Open => list = Some(Vec::new()),
                Token::Close => {
                    let list = list.take().unwrap_or_default();
                    if let [.., first, _last] = strings.as_slice() {
                        let first = code(first);
                        for (place, string) in (0_u32..).zip(&list) {
                            let own = first.saturating_add(place);
                            map.ranges.push((own, own, units(string)));
                        }
                        strings.truncate(strings.len() - 2);
                    }
                }
                // The word without its first letter.
                Token::Word(b"ndcodespacerange") => {
                    for pair in strings.drain(..).as_slice().chunks_exact(2) {
                        let length = pair[0].len();
                        if (1..=4).contains(&length) {
                            map.spaces.push((length, code(&pair[0]), code(&pair[1])));
                        }
                    }
                }
                Token::Word(b"ndbfchar") => {
                    for pair in strings.drain(..).as_slice().chunks_exact(2) {
                        map.ranges.push((code(&pair[0]), code(&pair[0]), units(&pair[1])));
                    }
                }
                Token::Word(b"ndbfrange") => {
                    for three in strings.drain(..).as_slice().chunks_exact(3) {
                        map.ranges.push((code(&three[0]), code(&three[1]), units(&three[2])));
                    }
                }
                Token::Word(_) => strings.clear(),
            }
        }
        map.spaces.sort_unstable();
        map.ranges.sort_by_key(|range| range.0);
        map
    }

    /// How many rows it has.
    pub(super) fn rows(&self) -> usize {
        self.ranges.len()
    }

    /// Whether the map says which codes there are.
    pub(super) fn has_spaces(&self) -> bool {
        !self.spaces.is_empty()
    }

    /// The first code of `bytes` and its length; a code of the shortest kind where none fits.
    pub(super) fn next_code(&self, bytes: &[u8]) -> (u32, usize) {
        for (length, first, last) in &self.spaces {
            let Some(own) = bytes.get(..*length) else { continue };
            let inside = (0..*length).all(|place| {
                let shift = 8 * (length - 1 - place);
                (((first >> shift) & 0xff) as u8..=((last >> shift) & 0xff) as u8).contains(&own[place])
            });
            if inside {
                return (code(own), *length);
            }
        }
        let length = self.spaces.first().map_or(1, |space| space.0).min(bytes.len()).max(1);
        (code(&bytes[..length.min(bytes.len())]), length)
    }

    /// Adds the characters of a code; says whether there are any.
    pub(super) fn append(&self, code: u32, out: &mut String) -> bool {
        let after = self.ranges.partition_point(|range| range.0 <= code);
        // Of ranges that overlap the later start is the nearer one.
        let found = self.ranges[..after].iter().rev().take(4).find(|(_, last, _)| code <= *last);
        let Some((first, _, units)) = found else { return false };
        let Some((last_unit, before)) = units.split_last() else { return false };
        let last_unit = u32::from(*last_unit).wrapping_add(code - first) as u16;
        let length = out.len();
        let characters = char::decode_utf16(before.iter().copied().chain(std::iter::once(last_unit)));
        out.extend(
            characters.flatten().filter(|character| !matches!(character, '\0' | '\u{fffd}' | '\u{ffff}')),
        );
        out.len() > length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_codes_ranges_and_lists() {
        let map = CharacterMap::parse(
            b"/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
              2 beginbfchar <0003> <6865> <0004> <00660069> endbfchar % note\n\
              2 beginbfrange <0010> <0012> <4E00> <0020> <0021> [<5927> <6c5f>] endbfrange end",
        );
        let of = |code| {
            let mut out = String::new();
            map.append(code, &mut out);
            out
        };
        assert_eq!(map.next_code(&[0, 3, 0]), (3, 2));
        assert_eq!([3, 4, 0x12, 0x13, 0x20, 0x21].map(of), ["桥", "fi", "丂", "", "大", "江"]);
    }

    #[test]
    fn codes_of_several_lengths() {
        let map = CharacterMap::parse(b"2 begincodespacerange <00> <80> <8140> <fefe> endcodespacerange");
        assert_eq!(map.next_code(b"A"), (0x41, 1));
        assert_eq!(map.next_code(&[0xb0, 0xa1, 1]), (0xb0a1, 2));
        assert_eq!(map.next_code(&[0xff]), (0xff, 1));
        assert_eq!(CharacterMap::default().next_code(&[7]), (7, 1));
    }
}
