//! A stream's bytes with its filters taken off, never more of them than is allowed.
//!
//! The syntax crate unpacks without a limit, so what a page is drawn from is unpacked here, and what the syntax crate
//! must unpack by itself (object and reference streams) is measured before it is given the file.

use std::borrow::Cow;
use std::io::Read;

use flate2::bufread::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::Filter;
use hayro_syntax::object::Stream;

/// The unpacked bytes of a stream and whether something was left away: the limit reached or damaged data.
pub(super) fn unpacked(stream: &Stream<'_>, limit: usize) -> (Vec<u8>, bool) {
    let raw = stream.raw_data();
    let mut whole = true;
    let mut bytes: Cow<'_, [u8]> = raw;
    for filter in stream.filters() {
        let (next, complete) = match filter {
            Filter::FlateDecode => inflate(&bytes, limit),
            Filter::LzwDecode => lzw(&bytes, limit),
            Filter::Ascii85Decode => ascii_85(&bytes, limit),
            Filter::AsciiHexDecode => ascii_hex(&bytes, limit),
            Filter::RunLengthDecode => run_length(&bytes, limit),
            // Nothing a page is drawn from has the filter of a picture.
            _ => (Vec::new(), false),
        };
        whole &= complete;
        bytes = Cow::Owned(next);
    }
    if bytes.len() > limit {
        whole = false;
    }
    let mut bytes = bytes.into_owned();
    bytes.truncate(limit);
    (bytes, !whole)
}

fn inflate(packed: &[u8], limit: usize) -> (Vec<u8>, bool) {
    let room = Vec::with_capacity(packed.len().saturating_mul(4).min(limit));
    let (out, whole) = read_all(ZlibDecoder::new(packed), room, limit);
    if whole {
        return (out, true);
    }
    // Of damaged data what comes before the damage is given only by reads that are over before it: little room at first.
    let (out, whole) = read_all(ZlibDecoder::new(packed), Vec::new(), limit);
    if !whole && out.is_empty() && packed.len() > 2 {
        // A damaged head: what follows it is tried without.
        return read_all(DeflateDecoder::new(&packed[2..]), Vec::new(), limit);
    }
    (out, whole)
}

fn read_all(packed: impl Read, mut room: Vec<u8>, limit: usize) -> (Vec<u8>, bool) {
    let whole = packed.take(limit as u64 + 1).read_to_end(&mut room).is_ok();
    (room, whole)
}

fn lzw(packed: &[u8], limit: usize) -> (Vec<u8>, bool) {
    // Each entry is the place and length of its bytes in what was written before.
    let mut entries: Vec<(usize, usize)> = Vec::new();
    let mut out: Vec<u8> = Vec::new();
    let mut before: Option<(usize, usize)> = None;
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for byte in packed {
        buffer = buffer << 8 | u32::from(*byte);
        bits += 8;
        // Codes grow one entry early.
        let width = match entries.len() + 258 {
            0..=510 => 9,
            511..=1022 => 10,
            1023..=2046 => 11,
            _ => 12,
        };
        if bits < width {
            continue;
        }
        bits -= width;
        let code = (buffer >> bits) as usize;
        buffer &= (1 << bits) - 1;
        match code {
            256 => {
                entries.clear();
                before = None;
                continue;
            }
            257 => return (out, true),
            _ => {}
        }
        let start = out.len();
        if code < 256 {
            out.push(code as u8);
        } else if let Some((from, length)) = entries.get(code - 258).copied() {
            out.extend_from_within(from..from + length);
        } else if let (true, Some((from, length))) = (code - 258 == entries.len(), before) {
            out.extend_from_within(from..from + length);
            out.push(out[start]);
        } else {
            return (out, false);
        }
        // What stood before, and the first byte of this: they follow each other in what was written.
        if let Some((from, length)) = before
            && entries.len() < 4096 - 258
        {
            entries.push((from, length + 1));
        }
        before = Some((start, out.len() - start));
        if out.len() > limit {
            return (out, false);
        }
    }
    (out, true)
}

fn ascii_hex(packed: &[u8], limit: usize) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity((packed.len() / 2).min(limit));
    let mut high: Option<u8> = None;
    for byte in packed {
        let Some(digit) = (*byte as char).to_digit(16) else {
            match byte {
                b'>' => break,
                byte if byte.is_ascii_whitespace() || *byte == 0 => continue,
                _ => return (out, false),
            }
        };
        let digit = digit as u8;
        match high.take() {
            None => high = Some(digit << 4),
            Some(high) => out.push(high | digit),
        }
        if out.len() > limit {
            return (out, false);
        }
    }
    out.extend(high);
    (out, true)
}

fn ascii_85(packed: &[u8], limit: usize) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(packed.len().min(limit));
    let mut group: Vec<u8> = Vec::with_capacity(5);
    let value = |group: &[u8]| group.iter().fold(0_u64, |sum, digit| sum * 85 + u64::from(*digit)) as u32;
    for byte in packed {
        match byte {
            b'!'..=b'u' => group.push(byte - b'!'),
            b'z' if group.is_empty() => out.extend_from_slice(&[0; 4]),
            b'~' => break,
            byte if byte.is_ascii_whitespace() || *byte == 0 => {}
            _ => return (out, false),
        }
        if group.len() == 5 {
            out.extend_from_slice(&value(&group).to_be_bytes());
            group.clear();
        }
        if out.len() > limit {
            return (out, false);
        }
    }
    let rest = group.len();
    if rest > 1 {
        group.resize(5, 84);
        out.extend_from_slice(&value(&group).to_be_bytes()[..rest - 1]);
    }
    (out, true)
}

fn run_length(packed: &[u8], limit: usize) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut rest = packed;
    while let Some((length, after)) = rest.split_first() {
        match length {
            128 => return (out, true),
            0..=127 => {
                let count = usize::from(*length) + 1;
                let Some((bytes, after)) = after.split_at_checked(count) else { return (out, false) };
                out.extend_from_slice(bytes);
                rest = after;
            }
            _ => {
                let Some((byte, after)) = after.split_first() else { return (out, false) };
                out.extend(std::iter::repeat_n(*byte, 257 - usize::from(*length)));
                rest = after;
            }
        }
        if out.len() > limit {
            return (out, false);
        }
    }
    (out, true)
}

/// Most bytes that all object and reference streams of a file may unpack to.
const LARGEST_OBJECTS: usize = 512 << 20;
/// Most bytes of such streams where their size cannot be told beforehand: encrypted, or with unusual filters.
const LARGEST_UNTOLD: usize = 4 << 20;
/// How far before its bytes a stream's dictionary is looked for.
const DICTIONARY: usize = 1024;

/// Whether the streams that the syntax crate unpacks by itself are small enough for it.
pub(super) fn objects_are_bounded(file: &[u8]) -> bool {
    let encrypted = find(file, b"/Encrypt").is_some();
    let (mut told, mut untold, mut at) = (0_usize, 0_usize, 0_usize);
    while let Some(found) = find(&file[at..], b"stream") {
        let keyword = at + found;
        at = keyword + b"stream".len();
        let before = &file[keyword.saturating_sub(DICTIONARY)..keyword];
        if before.ends_with(b"end") {
            continue;
        }
        let dictionary = &before[rfind(before, b"obj").unwrap_or(0)..];
        let names = |wanted: &[u8]| find(dictionary, wanted).is_some();
        // A name may be written with any of its characters as `#` and two digits.
        if !names(b"ObjStm") && !names(b"XRef") && !dictionary.contains(&b'#') {
            continue;
        }
        let data = &file[at..];
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        let filters = dictionary.windows(6).filter(|window| *window == b"Decode").count()
            - dictionary.windows(11).filter(|window| *window == b"DecodeParms").count();
        if filters == 1 && names(b"FlateDecode") && !encrypted && !dictionary.contains(&b'#') {
            let room = LARGEST_OBJECTS - told;
            // Counted, not kept.
            let unpacked =
                std::io::copy(&mut ZlibDecoder::new(data).take(room as u64 + 1), &mut std::io::sink());
            told += unpacked.map_or(0, |bytes| bytes as usize);
        } else if filters > 0 {
            untold += find(data, b"endstream").unwrap_or(data.len());
        }
        if told > LARGEST_OBJECTS || untold > LARGEST_UNTOLD {
            return false;
        }
    }
    true
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, wanted)
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::rfind(bytes, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_filters() {
        assert_eq!(ascii_hex(b"48 65 6C 6c 6F7>", 99), (b"Hellop".to_vec(), true));
        assert_eq!(ascii_85(b"87cURD]i,\"Ebo80~>", 99), (b"Hello World!".to_vec(), true));
        assert_eq!(run_length(&[2, b'a', b'b', b'c', 254, b'x', 128], 99), (b"abcxxx".to_vec(), true));
        // The example of the PDF reference: 45 45 45 45 45 65 45 45 45 66.
        let packed = [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01];
        assert_eq!(lzw(&packed, 99), (vec![45, 45, 45, 45, 45, 65, 45, 45, 45, 66], true));
    }

    #[test]
    fn nothing_grows_beyond_its_limit() {
        let bomb = [129, b'x'].repeat(10_000);
        let (out, whole) = run_length(&bomb, 1000);
        assert!(out.len() < 1200 && !whole);
        assert!(!ascii_85(&b"z".repeat(10_000), 1000).1);
    }
}
