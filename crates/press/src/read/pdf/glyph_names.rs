//! Names of glyphs → characters: the names that the PDF reference's Latin encodings use, the systematic ones
//! (`uni6865`, `u26725`), and those of Cyrillic (`afii10017`).

use unicode_normalization::char::compose;

/// Names that say nothing of themselves. Source: the Latin character set of the PDF reference, annex D.
const NAMED: [(&str, char); 108] = [
    ("space", ' '),
    ("exclam", '!'),
    ("quotedbl", '"'),
    ("numbersign", '#'),
    ("dollar", '$'),
    ("percent", '%'),
    ("ampersand", '&'),
    ("quotesingle", '\''),
    ("parenleft", '('),
    ("parenright", ')'),
    ("asterisk", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("hyphen", '-'),
    ("period", '.'),
    ("slash", '/'),
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("colon", ':'),
    ("semicolon", ';'),
    ("less", '<'),
    ("equal", '='),
    ("greater", '>'),
    ("question", '?'),
    ("at", '@'),
    ("bracketleft", '['),
    ("backslash", '\\'),
    ("bracketright", ']'),
    ("asciicircum", '^'),
    ("underscore", '_'),
    ("grave", '`'),
    ("braceleft", '{'),
    ("bar", '|'),
    ("braceright", '}'),
    ("asciitilde", '~'),
    ("quoteleft", '\u{2018}'),
    ("quoteright", '\u{2019}'),
    ("quotedblleft", '\u{201c}'),
    ("quotedblright", '\u{201d}'),
    ("quotesinglbase", '\u{201a}'),
    ("quotedblbase", '\u{201e}'),
    ("guillemotleft", '\u{ab}'),
    ("guillemotright", '\u{bb}'),
    ("guilsinglleft", '\u{2039}'),
    ("guilsinglright", '\u{203a}'),
    ("endash", '\u{2013}'),
    ("emdash", '\u{2014}'),
    ("bullet", '\u{2022}'),
    ("ellipsis", '\u{2026}'),
    ("periodcentered", '\u{b7}'),
    ("dagger", '\u{2020}'),
    ("daggerdbl", '\u{2021}'),
    ("section", '\u{a7}'),
    ("paragraph", '\u{b6}'),
    ("perthousand", '\u{2030}'),
    ("degree", '\u{b0}'),
    ("plusminus", '\u{b1}'),
    ("minus", '\u{2212}'),
    ("multiply", '\u{d7}'),
    ("divide", '\u{f7}'),
    ("fraction", '\u{2044}'),
    ("onehalf", '\u{bd}'),
    ("onequarter", '\u{bc}'),
    ("threequarters", '\u{be}'),
    ("onesuperior", '\u{b9}'),
    ("twosuperior", '\u{b2}'),
    ("threesuperior", '\u{b3}'),
    ("cent", '\u{a2}'),
    ("sterling", '\u{a3}'),
    ("yen", '\u{a5}'),
    ("Euro", '\u{20ac}'),
    ("currency", '\u{a4}'),
    ("florin", '\u{192}'),
    ("copyright", '\u{a9}'),
    ("registered", '\u{ae}'),
    ("trademark", '\u{2122}'),
    ("ordfeminine", '\u{aa}'),
    ("ordmasculine", '\u{ba}'),
    ("exclamdown", '\u{a1}'),
    ("questiondown", '\u{bf}'),
    ("brokenbar", '\u{a6}'),
    ("logicalnot", '\u{ac}'),
    ("mu", '\u{b5}'),
    ("AE", '\u{c6}'),
    ("ae", '\u{e6}'),
    ("OE", '\u{152}'),
    ("oe", '\u{153}'),
    ("Oslash", '\u{d8}'),
    ("oslash", '\u{f8}'),
    ("Lslash", '\u{141}'),
    ("lslash", '\u{142}'),
    ("Eth", '\u{d0}'),
    ("eth", '\u{f0}'),
    ("Thorn", '\u{de}'),
    ("thorn", '\u{fe}'),
    ("germandbls", '\u{df}'),
    ("dotlessi", '\u{131}'),
    ("fi", '\u{fb01}'),
    ("fl", '\u{fb02}'),
    ("nbspace", '\u{a0}'),
];

/// Accents in names such as `eacute`.
const ACCENTS: [(&str, char); 8] = [
    ("acute", '\u{301}'),
    ("grave", '\u{300}'),
    ("circumflex", '\u{302}'),
    ("dieresis", '\u{308}'),
    ("tilde", '\u{303}'),
    ("caron", '\u{30c}'),
    ("ring", '\u{30a}'),
    ("cedilla", '\u{327}'),
];

/// The upper half of the standard encoding: codes and names.
const STANDARD: [(u8, &str); 44] = [
    (0xa1, "exclamdown"),
    (0xa2, "cent"),
    (0xa3, "sterling"),
    (0xa4, "fraction"),
    (0xa5, "yen"),
    (0xa6, "florin"),
    (0xa7, "section"),
    (0xa8, "currency"),
    (0xa9, "quotesingle"),
    (0xaa, "quotedblleft"),
    (0xab, "guillemotleft"),
    (0xac, "guilsinglleft"),
    (0xad, "guilsinglright"),
    (0xae, "fi"),
    (0xaf, "fl"),
    (0xb1, "endash"),
    (0xb2, "dagger"),
    (0xb3, "daggerdbl"),
    (0xb4, "periodcentered"),
    (0xb6, "paragraph"),
    (0xb7, "bullet"),
    (0xb8, "quotesinglbase"),
    (0xb9, "quotedblbase"),
    (0xba, "quotedblright"),
    (0xbb, "guillemotright"),
    (0xbc, "ellipsis"),
    (0xbd, "perthousand"),
    (0xbf, "questiondown"),
    (0xd0, "emdash"),
    (0xe1, "AE"),
    (0xe3, "ordfeminine"),
    (0xe8, "Lslash"),
    (0xe9, "Oslash"),
    (0xea, "OE"),
    (0xeb, "ordmasculine"),
    (0xf1, "ae"),
    (0xf5, "dotlessi"),
    (0xf8, "lslash"),
    (0xf9, "oslash"),
    (0xfa, "oe"),
    (0xfb, "germandbls"),
    (0x27, "quoteright"),
    (0x60, "quoteleft"),
    (0x2d, "hyphen"),
];

/// The encoding of a font that names none.
pub(super) fn standard_encoding() -> Box<[Option<char>; 256]> {
    let mut table = Box::new([None; 256]);
    for byte in b' '..=b'~' {
        table[usize::from(byte)] = Some(char::from(byte));
    }
    for (code, name) in STANDARD {
        table[usize::from(code)] = character(name);
    }
    table
}

/// The character that a glyph's name says.
pub(super) fn character(name: &str) -> Option<char> {
    // What follows a stop is a variant of the same character.
    let name = name.split('.').next().filter(|name| !name.is_empty())?;
    let mut characters = name.chars();
    if let (Some(first), None) = (characters.next(), characters.next()) {
        return Some(first);
    }
    if let Some((_, character)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some(*character);
    }
    let hexadecimal = |digits: &str| {
        let whole = (4..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        whole.then(|| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)).flatten()
    };
    if let Some(character) = name.strip_prefix("uni").and_then(|digits| hexadecimal(digits.get(..4)?)) {
        return Some(character);
    }
    if let Some(character) = name.strip_prefix('u').and_then(hexadecimal) {
        return Some(character);
    }
    if let Some(number) = name.strip_prefix("afii").and_then(|digits| digits.parse::<u32>().ok()) {
        return cyrillic(number);
    }
    let (_, accent) =
        ACCENTS.iter().find(|(accent, _)| name.len() == accent.len() + 1 && name.ends_with(accent))?;
    compose(name.chars().next()?, *accent)
}

/// The Cyrillic glyphs' numbers: the letters in alphabetical order, with the seventh put after the sixth.
fn cyrillic(number: u32) -> Option<char> {
    let code = match number {
        10017..=10022 => 0x410 + (number - 10017),
        10023 => 0x401,
        10024..=10049 => 0x416 + (number - 10024),
        10065..=10070 => 0x430 + (number - 10065),
        10071 => 0x451,
        10072..=10097 => 0x436 + (number - 10072),
        61352 => 0x2116,
        _ => return None,
    };
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_kind() {
        let names = [
            "A",
            "eacute",
            "uni6865",
            "u26865",
            "quoteleft",
            "afii10017",
            "afii10072",
            "a.sc",
            "g123",
            ".notdef",
        ];
        let found: Vec<Option<char>> = names.iter().map(|name| character(name)).collect();
        let expected = "Aé桥\u{26865}‘Ажa".chars().map(Some).chain([None, None]).collect::<Vec<_>>();
        assert_eq!(found, expected);
        assert_eq!(standard_encoding()[0x27], Some('’'));
    }
}
