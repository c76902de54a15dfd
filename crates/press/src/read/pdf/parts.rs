//! The parts of `TJ`, as most files write them: plain numbers and strings. Any array with something else in it is left
//! to the syntax crate, which reads each part twice and looks for references where none can stand.

use std::ops::Range;

/// A part of what is shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// A shift back, in thousandths of the size.
    Shift(f64),
    /// A string: its place in [`Parts::bytes`].
    Text(Range<usize>),
}

/// The parts of one array.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) all: Vec<Part>,
    pub(super) bytes: Vec<u8>,
}

const POWERS_OF_10: [f64; 19] =
    [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18];

/// Digits that a number may have here: so many always fit.
const MOST_DIGITS: usize = 18;

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0xc | b'\r' | b' ')
}

fn ends_number(byte: u8) -> bool {
    is_space(byte) || b"()<>[]{}/%".contains(&byte)
}

/// A hexadecimal digit, 16 for any other byte.
const fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        b'A'..=b'F' => byte - b'A' + 10,
        _ => 16,
    }
}

impl Parts {
    /// Reads what stands between the brackets; says whether all of it is plain.
    pub(super) fn read(&mut self, data: &[u8]) -> bool {
        self.all.clear();
        self.bytes.clear();
        let mut rest = data;
        while let Some((first, after)) = rest.split_first() {
            rest = match first {
                byte if is_space(*byte) => after,
                b'<' => match self.hexadecimal(after) {
                    Some(rest) => rest,
                    None => return false,
                },
                b'(' => match self.literal(after) {
                    Some(rest) => rest,
                    None => return false,
                },
                _ => match number(rest) {
                    Some((shift, rest)) => {
                        self.all.push(Part::Shift(shift));
                        rest
                    }
                    None => return false,
                },
            };
        }
        true
    }

    fn hexadecimal<'a>(&mut self, mut rest: &'a [u8]) -> Option<&'a [u8]> {
        let start = self.bytes.len();
        loop {
            match rest {
                [b'>', after @ ..] => {
                    self.all.push(Part::Text(start..self.bytes.len()));
                    return Some(after);
                }
                [high, low, after @ ..] if digit(*high) < 16 && digit(*low) < 16 => {
                    self.bytes.push(digit(*high) << 4 | digit(*low));
                    rest = after;
                }
                _ => return None,
            }
        }
    }

    fn literal<'a>(&mut self, rest: &'a [u8]) -> Option<&'a [u8]> {
        let end = rest.iter().position(|byte| matches!(byte, b')' | b'(' | b'\\' | b'\r' | b'\n'))?;
        if rest[end] != b')' {
            return None;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&rest[..end]);
        self.all.push(Part::Text(start..self.bytes.len()));
        Some(&rest[end + 1..])
    }
}

/// A plain number and what follows it.
fn number(bytes: &[u8]) -> Option<(f64, &[u8])> {
    let negative = bytes.first() == Some(&b'-');
    let mut at = usize::from(negative || bytes.first() == Some(&b'+'));
    let (mut mantissa, mut digits, mut fraction) = (0_u64, 0, None);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                fraction = fraction.map(|places: usize| places + 1);
                if digits > MOST_DIGITS {
                    return None;
                }
                mantissa = mantissa * 10 + u64::from(byte - b'0');
            }
            b'.' if fraction.is_none() => fraction = Some(0),
            byte if ends_number(*byte) => break,
            _ => return None,
        }
        at += 1;
    }
    if digits == 0 {
        return None;
    }
    let value = mantissa as f64 / POWERS_OF_10[fraction.unwrap_or(0)];
    Some((if negative { -value } else { value }, &bytes[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_parts_are_read_and_others_are_left() {
        let mut parts = Parts::default();
        assert!(parts.read(b" (ab) -12.5<00fF>\n.5(c)7"));
        let expected = [
            Part::Text(0..2),
            Part::Shift(-12.5),
            Part::Text(2..4),
            Part::Shift(0.5),
            Part::Text(4..5),
            Part::Shift(7.0),
        ];
        assert_eq!((parts.all.as_slice(), parts.bytes.as_slice()), (&expected[..], &b"ab\0\xffc"[..]));
        for other in
            ["(a\\)b)", "(a(b))", "<0>", "<0 1>", "<<>>", "1 0 R", "/a", "1e5", "--1", ".", "(a", "1.2.3"]
        {
            assert!(!parts.read(other.as_bytes()), "{other}");
        }
    }
}
