//! Fonts of a PDF: codes → characters and widths. Glyphs themselves are never looked at.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, MACINTOSH, SHIFT_JIS, WINDOWS_1252};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::cmap::CharacterMap;
use super::glyph_names;
use super::streams::unpacked;

/// Most bytes of one character map.
const LARGEST_MAP: usize = 2 << 20;
/// Most width ranges of one font.
const MOST_WIDTHS: usize = 1 << 17;
/// Width of a glyph that nothing is said of, in thousandths of the size.
const USUAL_WIDTH: f64 = 500.0;

/// How the bytes of a string are cut into codes, and what the codes are where nothing else says.
#[derive(Debug)]
enum Codes {
    /// One byte each.
    Single(Box<[Option<char>; 256]>),
    /// Two bytes each, numbers of glyphs.
    Glyphs,
    /// UTF-16.
    Wide,
    /// UTF-32.
    Widest,
    /// UTF-8.
    Utf8,
    /// A national encoding of one, two or four bytes.
    National(&'static Encoding),
    /// As the font's own map says.
    Own(CharacterMap),
}

/// One font as far as text needs it.
#[derive(Debug)]
pub(super) struct Font {
    /// Which of the file's fonts it is, from one.
    pub(super) number: u32,
    codes: Codes,
    to_unicode: Option<CharacterMap>,
    /// First code, last code, width; sorted.
    widths: Vec<(u32, u32, f64)>,
    usual_width: f64,
    /// Type 3 fonts have a scale of their own.
    scale: f64,
    /// Lines run from top to bottom.
    pub(super) vertical: bool,
}

/// One code of a string.
#[derive(Debug, PartialEq)]
pub(super) struct Code {
    /// How many bytes it takes.
    pub(super) length: usize,
    /// Its width in parts of the size.
    pub(super) width: f64,
    /// It is the one-byte code of a space, which word spacing widens.
    pub(super) is_space: bool,
    /// Whether its characters are known.
    pub(super) known: bool,
}

fn map_in(stream: &Stream<'_>, budget: &mut usize) -> CharacterMap {
    let (bytes, _) = unpacked(stream, LARGEST_MAP.min(*budget));
    *budget -= bytes.len().min(*budget);
    CharacterMap::parse(&bytes)
}

fn named(object: Option<Object<'_>>) -> Option<Vec<u8>> {
    object.and_then(Object::into_name).map(|name| name.as_ref().to_vec())
}

fn table_of(encoding: &'static Encoding) -> Box<[Option<char>; 256]> {
    let mut table = Box::new([None; 256]);
    for (byte, entry) in (0..=255_u8).zip(table.iter_mut()) {
        let (text, _) = encoding.decode_without_bom_handling(std::slice::from_ref(&byte));
        *entry = text.chars().next().filter(|character| !character.is_control() && *character != '\u{fffd}');
    }
    table
}

fn national(name: &str) -> Option<Codes> {
    let has = |part: &str| name.contains(part);
    Some(if name.starts_with("Identity") {
        Codes::Glyphs
    } else if has("UCS2") || has("UTF16") {
        Codes::Wide
    } else if has("UTF32") {
        Codes::Widest
    } else if has("UTF8") {
        Codes::Utf8
    } else if name.starts_with("GB") {
        Codes::National(GB18030)
    } else if has("B5") || name.starts_with("ETen") || name.starts_with("HK") {
        Codes::National(BIG5)
    } else if name.starts_with("KSC") {
        Codes::National(EUC_KR)
    } else if has("RKSJ") {
        Codes::National(SHIFT_JIS)
    } else if name.starts_with("EUC") {
        Codes::National(EUC_JP)
    } else {
        return None;
    })
}

impl Font {
    /// Reads a font; what its character maps unpack to is taken from `budget`.
    pub(super) fn of(dict: &Dict<'_>, number: u32, budget: &mut usize) -> Font {
        let to_unicode = dict.get::<Stream<'_>>("ToUnicode").map(|stream| map_in(&stream, budget));
        let subtype = named(dict.get::<Object<'_>>("Subtype")).unwrap_or_default();
        let font = if subtype == b"Type0" {
            Font::composite(dict, to_unicode, budget)
        } else {
            Font::simple(dict, &subtype, to_unicode)
        };
        Font { number, ..font }
    }

    fn composite(dict: &Dict<'_>, to_unicode: Option<CharacterMap>, budget: &mut usize) -> Font {
        let name = named(dict.get::<Object<'_>>("Encoding"));
        let name = name.map(|name| String::from_utf8_lossy(&name).into_owned());
        let (codes, vertical) = match (name, dict.get::<Stream<'_>>("Encoding")) {
            (Some(name), _) => (national(&name).unwrap_or(Codes::Glyphs), name.ends_with("-V")),
            (None, Some(stream)) => {
                let own = map_in(&stream, budget);
                let vertical = stream.dict().get::<i32>("WMode") == Some(1);
                (if own.has_spaces() { Codes::Own(own) } else { Codes::Glyphs }, vertical)
            }
            (None, None) => (Codes::Glyphs, false),
        };
        let inner =
            dict.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next());
        let inner = inner.unwrap_or_default();
        // Widths go by glyph numbers, which only the codes of a glyph font are.
        let by_glyph = matches!(codes, Codes::Glyphs | Codes::Own(_));
        let widths = inner.get::<Array<'_>>("W").filter(|_| by_glyph);
        let mut font = Font {
            number: 0,
            codes,
            to_unicode,
            widths: widths.map(|widths| glyph_widths(&widths)).unwrap_or_default(),
            usual_width: inner.get::<f64>("DW").unwrap_or(1000.0),
            scale: 0.001,
            vertical,
        };
        font.widths.sort_by_key(|range| range.0);
        font
    }

    fn simple(dict: &Dict<'_>, subtype: &[u8], to_unicode: Option<CharacterMap>) -> Font {
        let encoding = dict.get::<Dict<'_>>("Encoding");
        let base = match &encoding {
            Some(encoding) => named(encoding.get::<Object<'_>>("BaseEncoding")),
            None => named(dict.get::<Object<'_>>("Encoding")),
        };
        let mut table = match base.as_deref() {
            Some(b"WinAnsiEncoding") => table_of(WINDOWS_1252),
            Some(b"MacRomanEncoding") => table_of(MACINTOSH),
            None if subtype == b"TrueType" => table_of(WINDOWS_1252),
            _ => glyph_names::standard_encoding(),
        };
        if let Some(differences) = encoding.and_then(|encoding| encoding.get::<Array<'_>>("Differences")) {
            let mut code = 0_usize;
            for object in differences.iter::<Object<'_>>() {
                match object {
                    Object::Number(number) => code = usize::try_from(number.as_i64()).unwrap_or(256),
                    Object::Name(name) => {
                        if let Some(entry) = table.get_mut(code) {
                            *entry = glyph_names::character(name.as_str());
                        }
                        code = code.saturating_add(1);
                    }
                    _ => {}
                }
            }
        }
        let first = dict.get::<i32>("FirstChar").and_then(|first| u32::try_from(first).ok()).unwrap_or(0);
        let widths = dict.get::<Array<'_>>("Widths").map(|widths| {
            let codes = first..first.saturating_add(256);
            codes.zip(widths.iter::<f64>()).map(|(code, width)| (code, code, width)).collect::<Vec<_>>()
        });
        let described = dict.get::<Dict<'_>>("FontDescriptor");
        let missing = described.and_then(|described| described.get::<f64>("MissingWidth"));
        let scale = if subtype == b"Type3" {
            let matrix = dict.get::<Array<'_>>("FontMatrix");
            matrix.and_then(|matrix| matrix.iter::<f64>().next()).unwrap_or(0.001)
        } else {
            0.001
        };
        Font {
            number: 0,
            codes: Codes::Single(table),
            to_unicode,
            usual_width: missing.filter(|width| *width > 0.0).unwrap_or(USUAL_WIDTH),
            widths: widths.unwrap_or_default(),
            scale,
            vertical: false,
        }
    }

    /// What it took to read the font, in rows.
    pub(super) fn cost(&self) -> usize {
        self.widths.len() + self.to_unicode.as_ref().map_or(0, CharacterMap::rows)
    }

    /// The first code of `bytes` (not empty) and how many of them it takes.
    #[inline]
    pub(super) fn next_code(&self, bytes: &[u8]) -> (u32, usize) {
        // Numbers of glyphs are the common case.
        if let (Codes::Glyphs, [high, low, ..]) = (&self.codes, bytes) {
            return (u32::from(*high) << 8 | u32::from(*low), 2);
        }
        let number = |length: usize| {
            bytes[..length.min(bytes.len())].iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte))
        };
        let (code, length) = match &self.codes {
            Codes::Single(_) => (number(1), 1),
            Codes::Glyphs => (number(2), 2),
            Codes::Wide => {
                let length = if (0xd8..0xdc).contains(&bytes[0]) { 4 } else { 2 };
                (number(length), length)
            }
            Codes::Widest => (number(4), 4),
            Codes::Utf8 => {
                let length = match bytes[0] {
                    0xf0.. => 4,
                    0xe0.. => 3,
                    0xc0.. => 2,
                    _ => 1,
                };
                (number(length), length)
            }
            Codes::National(encoding) => {
                let four = *encoding == GB18030 && bytes.get(1).is_some_and(u8::is_ascii_digit);
                let length = match bytes[0] {
                    0..=0x80 => 1,
                    0xa1..=0xdf if *encoding == SHIFT_JIS => 1,
                    _ if four => 4,
                    _ => 2,
                };
                (number(length), length)
            }
            Codes::Own(map) => map.next_code(bytes),
        };
        (code, length.min(bytes.len()))
    }

    /// Adds the characters of a code, which `bytes` are; says whether there are any, and its width in parts of the
    /// size.
    pub(super) fn meaning(&self, bytes: &[u8], code: u32, out: &mut String) -> (bool, f64) {
        let mapped = self.to_unicode.as_ref().is_some_and(|map| map.append(code, out));
        let known = mapped || self.own_meaning(bytes, code, out);
        let half = matches!(&self.codes, Codes::National(_) | Codes::Wide | Codes::Utf8) && code < 0x80;
        let width = if half { USUAL_WIDTH } else { self.width(code) };
        (known, width * self.scale)
    }

    /// What a code stands for by the font's own encoding.
    fn own_meaning(&self, bytes: &[u8], code: u32, out: &mut String) -> bool {
        let decoded = match &self.codes {
            Codes::Single(table) => table.get(code as usize).copied().flatten(),
            Codes::Widest => char::from_u32(code),
            Codes::Wide => {
                let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                char::decode_utf16(units).next().and_then(Result::ok)
            }
            Codes::Utf8 => String::from_utf8_lossy(bytes).chars().next(),
            Codes::National(encoding) => encoding.decode_without_bom_handling(bytes).0.chars().next(),
            Codes::Own(_) | Codes::Glyphs => None,
        };
        let decoded = decoded.filter(|character| !character.is_control() && *character != '\u{fffd}');
        out.extend(decoded);
        decoded.is_some()
    }

    fn width(&self, code: u32) -> f64 {
        let after = self.widths.partition_point(|range| range.0 <= code);
        match self.widths[..after].last() {
            Some((_, last, width)) if code <= *last => *width,
            _ => self.usual_width,
        }
    }
}

/// `[first [w w …] first last w …]`.
fn glyph_widths(array: &Array<'_>) -> Vec<(u32, u32, f64)> {
    let mut out = Vec::new();
    let mut numbers: Vec<f64> = Vec::with_capacity(3);
    for object in array.iter::<Object<'_>>() {
        if out.len() >= MOST_WIDTHS {
            break;
        }
        match object {
            Object::Number(number) => numbers.push(number.as_f64()),
            Object::Array(list) => {
                let first = numbers.pop().unwrap_or(0.0) as u32;
                let room = MOST_WIDTHS - out.len();
                let codes = first..u32::MAX;
                out.extend(codes.zip(list.iter::<f64>()).take(room).map(|(code, width)| (code, code, width)));
                numbers.clear();
            }
            _ => {}
        }
        if let [first, last, width] = numbers[..] {
            out.push((first as u32, last as u32, width));
            numbers.clear();
        }
    }
    out
}

/// The name under which a resource is called, as bytes.
pub(super) fn bytes_of<'a>(name: &'a Name<'_>) -> &'a [u8] {
    name.as_ref()
}
