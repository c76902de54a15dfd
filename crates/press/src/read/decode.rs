use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, Encoding, GB18030, GBK, KOI8_R, KOI8_U, SHIFT_JIS, UTF_16BE, UTF_16LE};
use shiliu_text::{Diagnostic, Severity, Span};

/// Bytes as characters, and how they were read.
pub(crate) struct Decoded<'a> {
    /// The characters, byte-order mark dropped; the bytes themselves where they are whole UTF-8 without a mark.
    pub text: Cow<'a, str>,
    /// Name of the encoding.
    pub encoding: String,
    /// Bytes of `text` where a U+FFFD stands for a sequence that could not be read.
    pub broken: Vec<Span>,
}

/// Why bytes are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undecodable {
    Empty,
    Binary,
}

/// How many of a file's first bytes the encoding guess looks at: enough to settle it, little enough that a
/// file of 100 MB costs no second pass.
const GUESS_BYTES: usize = 1 << 16;

/// More broken sequences than one for this many whole characters, and the bytes are not taken for UTF-8.
const BROKEN_SHARE: usize = 3;
/// Whole characters of three bytes hardly ever come about by chance: with one of them to this many broken
/// sequences it is UTF-8 with a foreign passage in it.
const LONG_SHARE: usize = 3;

/// Reads bytes as characters: byte-order mark, else valid UTF-8, else UTF-16 by its zero bytes, else UTF-8 with
/// few broken places, else the detector's guess.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Undecodable> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Undecodable::Empty);
    }
    // Its mark begins as that of UTF-16 does.
    if let Some((rest, wide)) = utf_32(bytes) {
        return if rest.is_empty() { Err(Undecodable::Empty) } else { Ok(decode_utf_32(rest, wide)) };
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = &bytes[mark..];
        if rest.is_empty() {
            return Err(Undecodable::Empty);
        }
        return Ok(decode_with(encoding, rest));
    }
    if let Some(text) = whole_utf8(bytes) {
        if is_binary(&text.as_bytes()[..text.len().min(GUESS_BYTES)]) {
            return Err(Undecodable::Binary);
        }
        return Ok(Decoded { text: Cow::Borrowed(text), encoding: "UTF-8".to_owned(), broken: Vec::new() });
    }
    let head = &bytes[..bytes.len().min(GUESS_BYTES)];
    if let Some(encoding) = wide_by_zeros(head) {
        return Ok(decode_with(encoding, bytes));
    }
    if is_binary(head) {
        return Err(Undecodable::Binary);
    }
    let (broken, whole, long) = utf8_census(head);
    if (whole > 0 && broken * BROKEN_SHARE <= whole) || long * LONG_SHARE > broken {
        return Ok(lossy_utf8(bytes));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, head.len() == bytes.len());
    let guess = detector.guess(None, Utf8Detection::Deny);
    let encoding = if guess == GBK {
        GB18030
    } else if guess == KOI8_U {
        KOI8_R
    } else if guess == EUC_JP || guess == SHIFT_JIS {
        // The detector mistakes short Chinese text for Japanese; what decodes without a fault wins.
        [GB18030, BIG5].into_iter().find(|candidate| decodes_cleanly(candidate, head)).unwrap_or(guess)
    } else {
        guess
    };
    Ok(decode_with(encoding, bytes))
}

/// Reads bytes in the encoding the file names, where they are neither marked nor UTF-8 and every byte of them fits.
pub(crate) fn decode_as_declared(bytes: &[u8], declared: &'static Encoding) -> Option<Decoded<'static>> {
    if !declared.is_ascii_compatible()
        || declared == encoding_rs::UTF_8
        || Encoding::for_bom(bytes).is_some()
        || whole_utf8(bytes).is_some()
    {
        return None;
    }
    let encoding = if declared == GBK { GB18030 } else { declared };
    let decoded = decode_with(encoding, bytes);
    // One-byte encodings fit anything; a control character of the upper half shows that they do not.
    let fits = decoded.broken.is_empty() && !decoded.text.chars().any(|c| ('\u{80}'..'\u{a0}').contains(&c));
    fits.then_some(decoded)
}

/// The bytes as characters where all of them are UTF-8. The encoding crate looks at many bytes at once, also where
/// they are Chinese.
fn whole_utf8(bytes: &[u8]) -> Option<&str> {
    match encoding_rs::UTF_8.decode_without_bom_handling_and_without_replacement(bytes)? {
        Cow::Borrowed(text) => Some(text),
        Cow::Owned(_) => None,
    }
}

/// Whether an encoding is the one a page was read in, by its name in [`Decoded`].
pub(crate) fn same_encoding(encoding: &'static Encoding, name: &str) -> bool {
    name_of(encoding) == name || (encoding == GBK && name == "GB18030")
}

fn decodes_cleanly(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    // The cut at the guess limit may fall inside a character: leave a few bytes.
    (0..4).any(|less| {
        bytes.len() > less
            && encoding
                .decode_without_bom_handling_and_without_replacement(&bytes[..bytes.len() - less])
                .is_some()
    })
}

fn decode_with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded<'static> {
    if encoding == encoding_rs::UTF_8 {
        return lossy_utf8(bytes);
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    let mut broken = Vec::new();
    let mut rest = bytes;
    loop {
        let room =
            decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len() * 3 + 16);
        text.reserve(room);
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        rest = &rest[read..];
        match result {
            encoding_rs::DecoderResult::InputEmpty => break,
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(_, _) => {
                let start = text.len();
                text.push('\u{fffd}');
                broken.push(Span::new(start, text.len()));
            }
        }
    }
    Decoded { text: Cow::Owned(text), encoding: name_of(encoding).to_owned(), broken }
}

/// One character of four bytes.
type Wide = fn([u8; 4]) -> u32;

/// What stands behind the mark of UTF-32, and the order of its bytes.
fn utf_32(bytes: &[u8]) -> Option<(&[u8], Wide)> {
    let little = bytes.strip_prefix(b"\xff\xfe\0\0").map(|rest| (rest, u32::from_le_bytes as Wide));
    little.or_else(|| bytes.strip_prefix(b"\0\0\xfe\xff").map(|rest| (rest, u32::from_be_bytes as Wide)))
}

fn decode_utf_32(bytes: &[u8], wide: Wide) -> Decoded<'static> {
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut broken = Vec::new();
    for four in bytes.chunks(4) {
        let character = <[u8; 4]>::try_from(four).ok().and_then(|four| char::from_u32(wide(four)));
        let start = text.len();
        text.push(character.unwrap_or('\u{fffd}'));
        if character.is_none() {
            broken.push(Span::new(start, text.len()));
        }
    }
    Decoded { text: Cow::Owned(text), encoding: "UTF-32".to_owned(), broken }
}

fn name_of(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 {
        "GB18030"
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
        "UTF-16"
    } else {
        encoding.name()
    }
}

fn lossy_utf8(bytes: &[u8]) -> Decoded<'static> {
    let mut text = String::with_capacity(bytes.len());
    let mut broken = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            let start = text.len();
            text.push('\u{fffd}');
            broken.push(Span::new(start, text.len()));
        }
    }
    Decoded { text: Cow::Owned(text), encoding: "UTF-8".to_owned(), broken }
}

/// Broken sequences, whole multi-byte characters, and those of them that take three bytes or more.
fn utf8_census(bytes: &[u8]) -> (usize, usize, usize) {
    let (mut broken, mut whole, mut long) = (0, 0, 0);
    for chunk in bytes.utf8_chunks() {
        long += chunk.valid().bytes().filter(|byte| *byte >= 0xe0).count();
        whole += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    (broken, whole, long)
}

/// UTF-16 without a mark: line feeds, spaces and digits leave zero bytes on one side only.
fn wide_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let zeros = |side: usize| bytes.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // The other side has a zero now and then: U+4E00, the character for "one", is among the commonest of all.
    let encoding = match odd.cmp(&even) {
        std::cmp::Ordering::Greater => UTF_16LE,
        std::cmp::Ordering::Less => UTF_16BE,
        std::cmp::Ordering::Equal => return None,
    };
    let even_length = &bytes[..bytes.len() & !1];
    let (text, _, broken) = encoding.decode(even_length);
    // Characters of two bytes in another encoding, a stray zero among them, come out behind the Han block.
    let letters =
        text.chars().filter(|character| character.is_alphanumeric() && *character < '\u{a000}').count();
    (!broken && letters * 2 > text.chars().count()).then_some(encoding)
}

/// Control characters that no text holds.
fn is_binary(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|byte| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f)).count();
    let zeros = bytes.iter().filter(|byte| **byte == 0).count();
    zeros * 100 > bytes.len()
        || odd * 20 > bytes.len()
        || bytes.starts_with(b"%PDF-")
        || bytes.starts_with(b"PK\x03\x04")
}

/// How many broken places are named one by one; the rest are counted.
const NAMED_PLACES: usize = 100;

/// One diagnostic for each broken sequence (the first hundred), with its place.
pub(crate) fn report_broken(
    broken: &[Span],
    encoding: &str,
    text: shiliu_text::TextId,
    page: &str,
) -> Vec<Diagnostic> {
    let code = if encoding == "UTF-8" { "invalid-utf8" } else { "invalid-encoding" };
    let mut found: Vec<Diagnostic> = broken
        .iter()
        .take(NAMED_PLACES)
        .map(|span| {
            Diagnostic::new(
                code,
                Severity::Warning,
                format!("a byte sequence is not {encoding}; U+FFFD stands for it"),
            )
            .on(page)
            .at(shiliu_text::Located { text, span: *span })
        })
        .collect();
    if broken.len() > NAMED_PLACES {
        let more = broken.len() - NAMED_PLACES;
        found.push(
            Diagnostic::new(
                code,
                Severity::Warning,
                format!("{more} more byte sequences are not {encoding}"),
            )
            .on(page),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: &[u8]) -> (String, String, usize) {
        let decoded = decode(bytes).unwrap_or_else(|why| panic!("{why:?}"));
        (decoded.text.into_owned(), decoded.encoding, decoded.broken.len())
    }

    #[test]
    fn reads_every_encoding_of_the_contract() {
        let chinese = "本报讯（记者林小满）昨日，青禾河口大桥正式通车，两岸居民往来时间缩短一半。";
        for (encoding, name) in [(GB18030, "GB18030"), (BIG5, "Big5")] {
            let printed = if name == "Big5" {
                "本報訊昨日，青禾河口大橋正式通車，兩岸居民往來時間縮短一半。"
            } else {
                chinese
            };
            let (bytes, _, _) = encoding.encode(printed);
            assert_eq!(text_of(&bytes), (printed.to_owned(), name.to_owned(), 0));
        }
        let russian = "Открытие моста через реку прошло вчера, передает наш корреспондент из города.";
        for (encoding, name) in [(encoding_rs::WINDOWS_1251, "windows-1251"), (KOI8_R, "KOI8-R")] {
            let (bytes, _, _) = encoding.encode(russian);
            assert_eq!(text_of(&bytes), (russian.to_owned(), name.to_owned(), 0));
        }
        let wide: Vec<u8> = "\u{feff}大桥 1\n通车".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text_of(&wide), ("大桥 1\n通车".to_owned(), "UTF-16".to_owned(), 0));
        assert_eq!(text_of(&wide[2..]), ("大桥 1\n通车".to_owned(), "UTF-16".to_owned(), 0));
    }

    #[test]
    fn utf_32_by_its_mark() {
        let printed = "大桥 1\n通车";
        for wide in [u32::to_le_bytes as fn(u32) -> [u8; 4], u32::to_be_bytes] {
            let mut bytes: Vec<u8> =
                format!("\u{feff}{printed}").chars().flat_map(|c| wide(u32::from(c))).collect();
            assert_eq!(text_of(&bytes), (printed.to_owned(), "UTF-32".to_owned(), 0));
            bytes.extend([0xff; 6]);
            assert_eq!(text_of(&bytes), (format!("{printed}\u{fffd}\u{fffd}"), "UTF-32".to_owned(), 2));
        }
    }

    #[test]
    fn one_mark_for_each_broken_sequence() {
        let mut bytes = "大桥通车，两岸往来时间缩短一半。".as_bytes().to_vec();
        bytes.extend_from_slice(&[0xe5, 0xa4]);
        bytes.extend_from_slice("完".as_bytes());
        bytes.push(0xff);
        let (text, encoding, broken) = text_of(&bytes);
        assert_eq!(text, "大桥通车，两岸往来时间缩短一半。\u{fffd}完\u{fffd}");
        assert_eq!((encoding.as_str(), broken), ("UTF-8", 2));
    }

    #[test]
    fn empty_and_binary_are_no_text() {
        assert_eq!(decode(b" \n").err(), Some(Undecodable::Empty));
        assert_eq!(decode(b"\xef\xbb\xbf").err(), Some(Undecodable::Empty));
        assert_eq!(
            decode(&[0x89, b'P', b'N', b'G', 0, 0, 0, 13, 1, 2, 0xff, 0xd8]).err(),
            Some(Undecodable::Binary)
        );
    }

    #[test]
    fn a_common_character_with_a_zero_byte_does_not_hide_utf_16() {
        let printed = "一桥 1\n通车，一年";
        for (wide, name) in [(u16::to_le_bytes as fn(u16) -> [u8; 2], "UTF-16"), (u16::to_be_bytes, "UTF-16")]
        {
            let bytes: Vec<u8> = printed.encode_utf16().flat_map(wide).collect();
            assert_eq!(text_of(&bytes), (printed.to_owned(), name.to_owned(), 0));
        }
    }

    #[test]
    fn a_foreign_passage_does_not_spoil_the_page() {
        let page =
            "# 青禾河口大桥\n本报讯（记者林小满）昨日，青禾河口大桥正式通车，两岸居民往来时间缩短一半。\n";
        let mut bytes = page.as_bytes().to_vec();
        bytes.extend_from_slice(&GB18030.encode(page).0);
        bytes.extend_from_slice(page.as_bytes());
        let (text, encoding, broken) = text_of(&bytes);
        assert!(text.starts_with(page) && text.ends_with(page), "{text}");
        assert!(encoding == "UTF-8" && broken > 0);
        // The same page in its own encoding with a stray zero is still that encoding.
        let long = page.repeat(4);
        let mut alone = GB18030.encode(&long).0.into_owned();
        alone.insert(0, 0);
        assert_eq!(text_of(&alone), (format!("\0{long}"), "GB18030".to_owned(), 0));
    }
}
