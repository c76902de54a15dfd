//! The text layer of PDFs: our own small files, good, odd and hostile.

use std::fmt::Write as _;

use shiliu_lang::Pack;
use shiliu_press::{Page, PageKey, read};

fn pack() -> &'static Pack {
    static PACK: std::sync::OnceLock<Pack> = std::sync::OnceLock::new();
    PACK.get_or_init(|| Pack::load(shiliu_lang::builtin()).value)
}

fn read_pdf(bytes: &[u8]) -> (Vec<Page>, Vec<&'static str>) {
    let key = PageKey { path: "p.pdf".to_owned(), ..PageKey::default() };
    let outcome = read(bytes, &key, pack());
    (outcome.value, outcome.diagnostics.iter().map(|found| found.code).collect())
}

fn texts(pages: &[Page]) -> Vec<&str> {
    pages.iter().map(|page| &*page.layer.text).collect()
}

/// A file of numbered objects (the first is number 1, the catalogue), with a reference table.
fn file(objects: &[String]) -> Vec<u8> {
    let mut out = String::from("%PDF-1.7\n");
    let mut places = Vec::new();
    for (place, object) in objects.iter().enumerate() {
        places.push(out.len());
        write!(out, "{} 0 obj\n{object}\nendobj\n", place + 1).unwrap();
    }
    let table = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for place in places {
        writeln!(out, "{place:010} 00000 n ").unwrap();
    }
    write!(out, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1)
        .unwrap();
    out.into_bytes()
}

fn stream(dictionary: &str, content: &str) -> String {
    format!("<< {dictionary} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

const LATIN: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

/// One page with the font `/F` (object 5), the resources given and the content given (object 4).
fn page_with(page: &str, font: &str, content: String, more: &[String]) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> {page} >>"
        ),
        content,
        font.to_owned(),
    ];
    objects.extend_from_slice(more);
    file(&objects)
}

fn latin_page(content: &str) -> Vec<u8> {
    page_with("", LATIN, stream("", content), &[])
}

/// A Chinese font by glyph numbers: number 1 stands for the first character given, and so on.
fn han_font(characters: &str, encoding: &str) -> (String, Vec<String>) {
    let mut map = String::from("1 begincodespacerange <0000> <FFFF> endcodespacerange\n");
    writeln!(map, "{} beginbfchar", characters.chars().count()).unwrap();
    for (number, character) in characters.chars().enumerate() {
        writeln!(map, "<{:04x}> <{:04x}>", number + 1, u32::from(character)).unwrap();
    }
    map.push_str("endbfchar");
    let font = format!(
        "<< /Type /Font /Subtype /Type0 /Encoding /{encoding} /DescendantFonts [<< /Subtype /CIDFontType2 /DW 1000 >>] /ToUnicode 7 0 R >>"
    );
    (font, vec!["null".to_owned(), stream("", &map)])
}

#[test]
fn columns_are_read_one_after_the_other() {
    let content = "BT /F 10 Tf 20 300 Td (left one) Tj 0 -12 Td (left two) Tj ET \
        BT /F 10 Tf 1 0 0 1 220 300 Tm (right ) Tj (one) Tj 0 -12 Td [(ri) -20 (ght) -300 (two)] TJ ET \
        BT /F 24 Tf 20 350 Td (A wide head over both) Tj ET";
    let (pages, codes) = read_pdf(&latin_page(content));
    assert_eq!(texts(&pages), ["A wide head over both\n\nleft one\nleft two\n\nright one\nright two"]);
    assert!(codes.is_empty(), "{codes:?}");
    let page = &pages[0];
    assert_eq!((page.key.path.as_str(), page.lines[0].heading), ("p.pdf#1", 1));
    // Hundredths of a point from the upper left corner.
    assert_eq!(page.lines[2].bounds.map(|bounds| (bounds[0], bounds[3])), Some((2000, 10_120)));
}

#[test]
fn chinese_by_glyph_numbers() {
    let (font, more) = han_font("青禾大桥通车6月", "Identity-H");
    let content =
        "BT /F 10 Tf 20 300 Td <00010002000300040005> Tj ET BT /F 10 Tf 70 300 Td <000600070008> Tj ET";
    let (pages, codes) = read_pdf(&page_with("", &font, stream("", content), &more));
    assert_eq!((texts(&pages), codes), (vec!["青禾大桥通车6月"], vec![]));
}

#[test]
fn chinese_by_a_national_encoding_and_by_utf_16() {
    for (name, codes) in
        [("GBK-EUC-H", "<b4f3c7c531>"), ("UniGB-UCS2-H", "<592768650031>"), ("ETen-B5-H", "<a46abef431>")]
    {
        let font =
            format!("<< /Type /Font /Subtype /Type0 /Encoding /{name} /DescendantFonts [<< /DW 1000 >>] >>");
        let content = format!("BT /F 10 Tf 20 300 Td {codes} Tj ET");
        let (pages, _) = read_pdf(&page_with("", &font, stream("", &content), &[]));
        let expected = if name.starts_with("ETen") { "大橋1" } else { "大桥1" };
        assert_eq!(texts(&pages), [expected], "{name}");
    }
}

#[test]
fn upright_lines_run_from_right_to_left() {
    let (font, more) = han_font("青禾大桥", "Identity-V");
    let content = "BT /F 10 Tf 300 300 Td <00010002> Tj -20 0 Td <00030004> Tj ET";
    let (pages, _) = read_pdf(&page_with("", &font, stream("", content), &more));
    assert_eq!(texts(&pages)[0].replace('\n', " ").split_whitespace().collect::<Vec<_>>(), ["青禾", "大桥"]);
}

#[test]
fn a_turned_page_is_read_upright() {
    let content =
        "BT /F 10 Tf 0 1 -1 0 100 20 Tm (first) Tj ET BT /F 10 Tf 0 1 -1 0 130 20 Tm (second) Tj ET";
    let (pages, _) = read_pdf(&page_with("/Rotate 90", LATIN, stream("", content), &[]));
    assert_eq!(texts(&pages), ["first\n\nsecond"]);
    let bounds = pages[0].lines[0].bounds.unwrap();
    assert!(bounds[2] - bounds[0] > bounds[3] - bounds[1], "{bounds:?}");
}

#[test]
fn what_is_drawn_twice_is_read_once_and_what_is_off_the_page_not_at_all() {
    let content = "BT /F 10 Tf 20 300 Td (bold) Tj ET BT /F 10 Tf 20.3 300 Td (bold) Tj ET BT /F 10 Tf 900 300 Td (slug) Tj ET";
    assert_eq!(texts(&read_pdf(&latin_page(content)).0), ["bold"]);
}

#[test]
fn radicals_in_the_place_of_characters_are_the_characters() {
    let (font, more) = han_font("\u{2f00}\u{2f50}", "Identity-H");
    let content = "BT /F 10 Tf 20 300 Td <00010002> Tj ET";
    let (pages, _) = read_pdf(&page_with("", &font, stream("", content), &more));
    assert_eq!(texts(&pages), ["一比"]);
}

#[test]
fn glyphs_without_a_meaning_are_told() {
    let font = "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<< /DW 1000 >>] >>";
    let content = "BT /F 10 Tf 20 300 Td <00010002> Tj /G 10 Tf ET";
    let (pages, codes) = read_pdf(&page_with("", font, stream("", content), &[]));
    assert!(pages.is_empty());
    assert_eq!(codes, ["pdf-unmapped"]);
}

#[test]
fn a_page_that_is_a_picture_asks_for_a_recogniser() {
    let image = stream(
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
        "x",
    );
    let (pages, codes) =
        read_pdf(&page_with("", LATIN, stream("", "q 400 0 0 400 0 0 cm /X Do Q"), &[image]));
    assert!(pages.is_empty());
    assert_eq!(codes, ["no-text-layer"]);
}

#[test]
fn every_page_that_is_a_picture_is_named() {
    let count = 150;
    let image =
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let kids: Vec<String> = (0..count).map(|page| format!("{} 0 R", page + 5)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {count} >>", kids.join(" ")),
        stream("", "q 400 0 0 400 0 0 cm /X Do Q"),
        stream(image, "x"),
    ];
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 3 0 R /Resources << /XObject << /X 4 0 R >> >> >>";
    objects.extend((0..count).map(|_| page.to_owned()));
    let key = PageKey { path: "p.pdf".to_owned(), ..PageKey::default() };
    let found = read(&file(&objects), &key, pack()).diagnostics;
    let named: Vec<String> = found.iter().filter_map(|finding| finding.page.clone()).collect();
    let wanted: Vec<String> = (1..=count).map(|page| format!("p.pdf#{page}")).collect();
    assert_eq!(named, wanted, "whoever recognises pages is told of each");
}

#[test]
fn forms_that_draw_forms_come_to_an_end() {
    let form = |next: usize| {
        let resources = format!("/Resources << /Font << /F 5 0 R >> /XObject << /X {next} 0 R >> >>");
        let content = format!("BT /F 10 Tf 20 300 Td (once) Tj ET {}", "/X Do ".repeat(50));
        stream(&format!("/Type /XObject /Subtype /Form {resources}"), &content)
    };
    // Each draws the next one fifty times; the last one draws itself.
    let forms: Vec<String> = (0..15).map(|place| form(7 + place.min(13))).collect();
    let (pages, codes) = read_pdf(&page_with("", LATIN, stream("", "/X Do"), &forms));
    assert_eq!(texts(&pages), ["once"]);
    assert_eq!(codes, ["pdf-cut"]);
}

#[test]
fn page_trees_that_hold_themselves_come_to_an_end() {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [2 0 R 3 0 R 3 0 R] /Count 999999999 /Parent 2 0 R >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>".to_owned(),
        stream("", "BT (no font) Tj ET"),
    ];
    let (pages, codes) = read_pdf(&file(&objects));
    assert!(pages.is_empty());
    assert_eq!(codes, ["empty-file"]);
}

#[test]
fn damaged_files_give_what_they_have_or_say_so() {
    let good = latin_page("BT /F 10 Tf 20 300 Td (kept) Tj ET");
    // Without its table the file is searched for objects.
    let table = good.windows(4).position(|window| window == b"xref").unwrap();
    assert_eq!(texts(&read_pdf(&good[..table]).0), ["kept"]);
    for cut in (0..good.len()).step_by(37) {
        read_pdf(&good[..cut]);
    }
    for damaged in [&b"%PDF-1.7\n"[..], b"%PDF-1.4 nothing else", b"\n\n%PDF-1.0\n1 0 obj\n<<"] {
        let (pages, codes) = read_pdf(damaged);
        assert!(pages.is_empty());
        assert_eq!(codes, ["pdf-damaged"]);
    }
}

#[test]
fn locked_files_say_so() {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [] /Count 0 >>".to_owned(),
    ];
    let zeros = "0".repeat(64);
    objects.push(format!("<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{zeros}> /U <{zeros}> >>"));
    let bytes = String::from_utf8(file(&objects)).unwrap();
    let bytes = bytes.replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>]");
    assert_eq!(read_pdf(bytes.as_bytes()).1, ["pdf-encrypted"]);
}

/// A stream that unpacks to very much: content is cut, objects are refused before they are unpacked.
#[test]
fn unpacking_bombs_are_refused() {
    use std::io::Write as _;
    let packed = |bytes: usize| {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        let chunk = vec![b' '; 1 << 20];
        for _ in 0..bytes >> 20 {
            encoder.write_all(&chunk).unwrap();
        }
        encoder.finish().unwrap()
    };
    let with = |dictionary: &str, packed: &[u8], number: usize| {
        let head = format!(
            "{number} 0 obj\n<< {dictionary} /Filter /FlateDecode /Length {} >>\nstream\n",
            packed.len()
        );
        [head.as_bytes(), packed, b"\nendstream\nendobj\n"].concat()
    };
    let content = packed(200 << 20);
    let mut bytes = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] >>\nendobj\n3 0 obj\n<< /Type /Page /Contents [4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R] >>\nendobj\n".to_vec();
    bytes.extend(with("", &content, 4));
    assert_eq!(read_pdf(&bytes).1, ["empty-file"]);
    bytes.extend(with("/Type /ObjStm /N 1 /First 4", &packed(600 << 20), 5));
    assert_eq!(read_pdf(&bytes).1, ["pdf-bomb"]);
}

#[test]
fn deep_nesting_is_no_matter() {
    let content = format!("BT /F 10 Tf 20 300 Td (kept) Tj ET {}", "[".repeat(200_000));
    assert_eq!(texts(&read_pdf(&latin_page(&content)).0), ["kept"]);
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    objects.push(format!("<< /Type /Pages /Kids {}{} >>", "[".repeat(100_000), "]".repeat(100_000)));
    assert!(read_pdf(&file(&objects)).0.is_empty());
    objects[1] = "<< /Kids [".repeat(100_000);
    assert!(read_pdf(&file(&objects)).0.is_empty());
}

proptest::proptest! {
    #[test]
    fn never_panics(place in 0..3000_usize, byte in proptest::prelude::any::<u8>(), cut in 0..3000_usize) {
        let mut bytes = latin_page("BT /F 10 Tf 20 300 Td (kept) Tj [(a) 3 (b)] TJ T* (c) ' ET /X Do");
        let length = bytes.len();
        bytes[place % length] = byte;
        read_pdf(&bytes);
        read_pdf(&bytes[..cut % length]);
    }
}
