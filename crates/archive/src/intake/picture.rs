//! Pictures of pages: what kind a file is and how many points it has, by its head alone. Nothing is unpacked, so a
//! small file that claims to be a very large picture is known before anybody tries to draw it.

/// Largest side of a picture that is recognised, in points: the recogniser's own limit.
pub(super) const LONGEST_SIDE: u32 = 32_000;
/// Most points of all the pictures in one file: a newspaper's double page at 600 points an inch has 250 million.
pub(super) const MOST_POINTS: u64 = 300_000_000;
/// Most pictures in one TIFF file.
const MOST_PICTURES: usize = 200;

/// A picture's size by its own head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PictureSize {
    /// The longest side of any picture in the file, in points.
    pub(super) longest: u32,
    /// Points of all pictures in the file.
    pub(super) points: u64,
}

impl PictureSize {
    fn of(width: u32, height: u32) -> PictureSize {
        PictureSize { longest: width.max(height), points: u64::from(width) * u64::from(height) }
    }
}

/// What is known of a file that may be a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Picture {
    /// It is none of the kinds known here.
    None,
    /// It begins as a picture, but does not say how large it is.
    Damaged,
    /// It is a picture.
    Sized(PictureSize),
}

/// Looks at the head of a file: PNG, JPEG, TIFF, BMP, JPEG 2000.
pub(super) fn picture(bytes: &[u8]) -> Picture {
    let size = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        big(bytes, 16).zip(big(bytes, 20))
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        jpeg(bytes)
    } else if bytes.starts_with(b"BM") && little(bytes, 6) == Some(0) {
        little(bytes, 18)
            .zip(little(bytes, 22))
            .map(|(width, height)| (width, (height as i32).unsigned_abs()))
    } else if bytes.starts_with(b"\0\0\0\x0cjP  \r\n\x87\n") {
        let head = bytes[..bytes.len().min(4096)].windows(4).position(|window| window == b"ihdr");
        head.and_then(|at| big(bytes, at + 8).zip(big(bytes, at + 4)))
    } else if bytes.starts_with(b"\xff\x4f\xff\x51") {
        big(bytes, 8).zip(big(bytes, 12))
    } else if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
        return tiff(bytes).map_or(Picture::Damaged, Picture::Sized);
    } else {
        return Picture::None;
    };
    match size {
        Some((width, height)) if width > 0 && height > 0 => Picture::Sized(PictureSize::of(width, height)),
        _ => Picture::Damaged,
    }
}

fn four(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok()
}

fn big(bytes: &[u8], at: usize) -> Option<u32> {
    four(bytes, at).map(u32::from_be_bytes)
}

fn little(bytes: &[u8], at: usize) -> Option<u32> {
    four(bytes, at).map(u32::from_le_bytes)
}

/// Width and height of the first frame of a JPEG.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let [mark, kind, high, low] = four(bytes, at)?;
        if mark != 0xff {
            return None;
        }
        match kind {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            // A frame, whatever its coding; the three others of this range are tables.
            0xc0..=0xcf if !matches!(kind, 0xc4 | 0xc8 | 0xcc) => {
                let sides = big(bytes, at + 5)?;
                return Some((sides & 0xffff, sides >> 16));
            }
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2),
        }
    }
}

/// The sizes of all pictures in a TIFF, added up.
fn tiff(bytes: &[u8]) -> Option<PictureSize> {
    let from_low = bytes.starts_with(b"II");
    let long = |at: usize| if from_low { little(bytes, at) } else { big(bytes, at) };
    let short = |at: usize| {
        let two: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(u32::from(if from_low { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) }))
    };
    let mut size = PictureSize { longest: 0, points: 0 };
    let mut directory = long(4)? as usize;
    for _ in 0..MOST_PICTURES {
        let entries = short(directory)? as usize;
        let (mut width, mut height) = (None, None);
        for place in 0..entries {
            let entry = directory + 2 + place * 12;
            let value = if short(entry + 2)? == 3 { short(entry + 8) } else { long(entry + 8) };
            match short(entry)? {
                256 => width = value,
                257 => height = value,
                _ => {}
            }
        }
        let own = PictureSize::of(width?, height?);
        size = PictureSize {
            longest: size.longest.max(own.longest),
            points: size.points.saturating_add(own.points),
        };
        match long(directory + 2 + entries * 12) {
            Some(0) | None => return Some(size),
            Some(next) => directory = next as usize,
        }
    }
    // A chain without an end: larger than anything that is taken.
    Some(PictureSize { points: u64::MAX, ..size })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sized(width: u32, height: u32) -> Picture {
        Picture::Sized(PictureSize::of(width, height))
    }

    #[test]
    fn sizes_by_their_heads() {
        let png =
            [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &700_u32.to_be_bytes(), &500_u32.to_be_bytes()]
                .concat();
        assert_eq!(picture(&png), sized(700, 500));
        assert_eq!(picture(&png[..20]), Picture::Damaged);
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc4\0\x03x\xff\xc2\0\x11\x08\x01\xf4\x02\xbc\x03";
        assert_eq!(picture(jpeg), sized(700, 500));
        let bmp = [
            b"BM\x99\x99\x99\x99\0\0\0\0\x36\0\0\0\x28\0\0\0".as_slice(),
            &700_i32.to_le_bytes(),
            &(-500_i32).to_le_bytes(),
        ]
        .concat();
        assert_eq!(picture(&bmp), sized(700, 500));
        let jp2 = [
            b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 \0\0\0\x2djp2h\0\0\0\x16ihdr".as_slice(),
            &500_u32.to_be_bytes(),
            &700_u32.to_be_bytes(),
        ]
        .concat();
        assert_eq!(picture(&jp2), sized(700, 500));
        assert_eq!(picture(b"\x89PN"), Picture::None);
        assert_eq!(picture("本报讯".as_bytes()), Picture::None);
    }

    fn tiff_of(next: u32) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0\x02\0".to_vec();
        bytes.extend(b"\0\x01\x03\0\x01\0\0\0\xbc\x02\0\0");
        bytes.extend(b"\x01\x01\x04\0\x01\0\0\0\xf4\x01\0\0");
        bytes.extend(next.to_le_bytes());
        bytes
    }

    #[test]
    fn pictures_of_a_tiff_are_added_and_a_ring_of_them_ends() {
        assert_eq!(picture(&tiff_of(0)), sized(700, 500));
        let Picture::Sized(ring) = picture(&tiff_of(8)) else { panic!("no size") };
        assert!(ring.points > MOST_POINTS);
        assert_eq!(picture(&tiff_of(0)[..20]), Picture::Damaged);
        assert_eq!(picture(b"MM\0*\xff\xff\xff\xff"), Picture::Damaged);
    }
}
