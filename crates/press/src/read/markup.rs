//! Tags, texts and character references of XML and HTML as they really come: unclosed, broken off, mixed up.
//!
//! A tokenizer of our own rather than a validating parser, because electronic editions are no XML and a file that
//! breaks off must keep what came before. It has no recursion and never replaces anything by more than it was: a
//! declared entity is never expanded, so depth and size of the input bound the work.

use std::borrow::Cow;

use memchr::memchr;

/// One piece of markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// An opening tag: its local name, its attributes as written, and whether it closes itself.
    Open { name: &'a str, attributes: &'a str, empty: bool },
    /// A closing tag's local name.
    Close(&'a str),
    /// Characters with their references undecoded.
    Text(&'a str),
    /// Characters without references (CDATA).
    Verbatim(&'a str),
    /// A document type with declarations of its own: none of them is used.
    Declarations,
    /// The file ends inside a tag, comment or declaration.
    CutOff,
}

/// The tokens of a file, in order. Comments and processing instructions are passed over.
pub(crate) struct Tokens<'a> {
    source: &'a str,
    at: usize,
    /// A quotation mark once ran to the end of the file: from there on they are ordinary characters, so that no
    /// tag scans the rest again.
    quotes_end_tags: bool,
}

/// What a byte means to the walk over a tag.
const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let bytes = b"<>\"'";
    let mut at = 0;
    while at < bytes.len() {
        marks[bytes[at] as usize] = true;
        at += 1;
    }
    marks
};

/// Bytes that a short value is looked through one by one before the fast search is called.
const SHORT: usize = 24;

/// Where a byte stands next: values are mostly a few characters long.
fn near(bytes: &[u8], wanted: u8) -> Option<usize> {
    let short = &bytes[..bytes.len().min(SHORT)];
    short.iter().position(|byte| *byte == wanted).or_else(|| {
        let far = memchr(wanted, bytes.get(SHORT..)?)?;
        Some(far + SHORT)
    })
}

impl<'a> Tokens<'a> {
    pub(crate) fn of(source: &'a str) -> Tokens<'a> {
        Tokens { source, at: 0, quotes_end_tags: true }
    }

    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// Passes over everything up to the closing tag of an element whose content is no markup.
    pub(crate) fn skip_raw(&mut self, name: &str) {
        let mut from = self.at;
        while let Some(found) = self.source[from..].find("</") {
            let start = from + found;
            let after = &self.source.as_bytes()[start + 2..];
            if after.len() >= name.len() && after[..name.len()].eq_ignore_ascii_case(name.as_bytes()) {
                self.at = start;
                return;
            }
            from = start + 2;
        }
        self.at = self.source.len();
    }

    fn pass(&mut self, end: &str) -> Option<&'a str> {
        let rest = self.rest();
        let found = rest.find(end);
        self.at += found.map_or(rest.len(), |found| found + end.len());
        found.map(|found| &rest[..found])
    }

    /// Where a tag's inner part ends, looked for from a place outside its quotation marks, and the length of its end
    /// mark. An opening bracket ends a tag that was left open.
    fn tag_end(&mut self, start: usize, from: usize) -> Option<(usize, usize)> {
        let bytes = self.source.as_bytes();
        let mut at = from;
        loop {
            let byte = *bytes.get(at)?;
            if !MARKS[usize::from(byte)] {
                at += 1;
                continue;
            }
            match byte {
                b'>' => return Some((at, 1)),
                b'<' => return Some((at, 0)),
                _ if !self.quotes_end_tags => at += 1,
                quote => match near(&bytes[at + 1..], quote) {
                    Some(length) => at += length + 2,
                    None => {
                        self.quotes_end_tags = false;
                        at = start;
                    }
                },
            }
        }
    }

    /// The tag whose opening bracket stands here.
    fn tag(&mut self) -> Token<'a> {
        let bytes = self.source.as_bytes();
        let closing = bytes.get(self.at + 1) == Some(&b'/');
        let start = self.at + 1 + usize::from(closing);
        let (mut name_end, mut name_start) = (start, start);
        while let Some(byte) = bytes.get(name_end) {
            match byte {
                b'/' | b'<' | b'>' | b'"' | b'\'' => break,
                byte if byte.is_ascii_whitespace() => break,
                b':' => name_start = name_end + 1,
                _ => {}
            }
            name_end += 1;
        }
        let Some((end, mark)) = self.tag_end(start, name_end) else {
            self.at = bytes.len();
            return Token::CutOff;
        };
        self.at = end + mark;
        let empty = end > start && bytes[end - 1] == b'/';
        let inner_end = end - usize::from(empty);
        if matches!(bytes.get(name_end), Some(b'"' | b'\'')) {
            // A quotation mark within the name is a part of it.
            let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'/';
            let inner = &bytes[start..inner_end];
            name_end = start + inner.iter().position(ends).unwrap_or(inner.len());
            name_start = bytes[start..name_end]
                .iter()
                .rposition(|byte| *byte == b':')
                .map_or(start, |at| start + at + 1);
        }
        let name = &self.source[name_start..name_end];
        let attributes = &self.source[name_end..inner_end];
        if closing { Token::Close(name) } else { Token::Open { name, attributes, empty } }
    }

    /// What begins with `<!` or `<?`: `None` where it is passed over.
    fn declaration(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            self.at += 4;
            self.pass("-->").is_none().then_some(Token::CutOff)
        } else if rest.starts_with("<![CDATA[") {
            self.at += 9;
            let from = self.rest();
            Some(Token::Verbatim(self.pass("]]>").unwrap_or(from)))
        } else if rest.starts_with("<!") {
            match rest.find(['>', '[']) {
                None => {
                    self.at = self.source.len();
                    Some(Token::CutOff)
                }
                Some(end) if rest.as_bytes()[end] == b'>' => {
                    self.at += end + 1;
                    None
                }
                Some(end) => {
                    self.at += end;
                    self.pass("]");
                    self.pass(">");
                    Some(Token::Declarations)
                }
            }
        } else {
            self.pass(">").is_none().then_some(Token::CutOff)
        }
    }
}

/// Whether an opening bracket before this byte opens a tag.
fn opens(after: u8) -> bool {
    after.is_ascii_alphabetic() || matches!(after, b'/' | b'!' | b'?' | b'_')
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.source.as_bytes();
        loop {
            if self.at >= bytes.len() {
                return None;
            }
            let mut end = self.at;
            // A bracket that opens no tag is a character; one at the end of the file is a tag cut off.
            loop {
                if bytes[end] != b'<' {
                    end = memchr(b'<', &bytes[end..]).map_or(bytes.len(), |found| end + found);
                }
                if end + 1 >= bytes.len() || opens(bytes[end + 1]) {
                    break;
                }
                end += 1;
            }
            if end > self.at {
                let text = &self.source[self.at..end];
                self.at = end;
                return Some(Token::Text(text));
            }
            match bytes.get(end + 1) {
                None => {
                    self.at += 1;
                    return Some(Token::CutOff);
                }
                Some(b'!' | b'?') => {
                    if let Some(token) = self.declaration() {
                        return Some(token);
                    }
                }
                Some(_) => return Some(self.tag()),
            }
        }
    }
}

/// The attributes of a tag as they really come: without quotation marks, without a value, with nothing between them.
struct Attributes<'a> {
    source: &'a str,
    at: usize,
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\r' | b'\n' | b'\t')
}

impl<'a> Iterator for Attributes<'a> {
    /// Name with its prefix, and value with its references undecoded.
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let bytes = self.source.as_bytes();
        let pass = |mut at: usize, blank: bool| {
            while bytes.get(at).is_some_and(|byte| is_blank(*byte) == blank) {
                at += 1;
            }
            at
        };
        let start = pass(self.at, true);
        // Attributes that end too soon end the walk.
        self.at = bytes.len();
        let mut end = start + 1;
        bytes.get(start)?;
        while bytes.get(end).is_some_and(|byte| *byte != b'=' && !is_blank(*byte)) {
            end += 1;
        }
        let key = &self.source[start..end];
        let sign = pass(end, true);
        if bytes.get(sign) != Some(&b'=') {
            self.at = sign;
            return Some((key, ""));
        }
        let from = pass(sign + 1, true);
        let (from, to, next) = match *bytes.get(from)? {
            quote @ (b'"' | b'\'') => {
                let to = from + 1 + near(&bytes[from + 1..], quote)?;
                (from + 1, to, to + 1)
            }
            _ => {
                let to = pass(from, false);
                (from, to, to)
            }
        };
        self.at = next;
        Some((key, &self.source[from..to]))
    }
}

/// The values of some attributes, by local name whatever its case, in one walk; references decoded, of two with one
/// name the first.
pub(crate) fn values<'a, const N: usize>(
    attributes: &'a str,
    wanted: [&str; N],
) -> [Option<Cow<'a, str>>; N] {
    let mut found = [const { None }; N];
    let mut missing = N;
    for (key, value) in (Attributes { source: attributes, at: 0 }) {
        let local = key.as_bytes();
        let place = wanted.iter().position(|wanted| is_named(local, wanted.as_bytes()));
        if let Some(place) = place
            && found[place].is_none()
        {
            found[place] = Some(decoded(value));
            missing -= 1;
            if missing == 0 {
                break;
            }
        }
    }
    found
}

/// Whether an attribute's name is the wanted one behind its prefix.
fn is_named(key: &[u8], wanted: &[u8]) -> bool {
    if key.len() == wanted.len() {
        return key.eq_ignore_ascii_case(wanted);
    }
    key.len() > wanted.len()
        && key[key.len() - wanted.len() - 1] == b':'
        && key[key.len() - wanted.len()..].eq_ignore_ascii_case(wanted)
        && memchr(b':', key) == Some(key.len() - wanted.len() - 1)
}

/// The value of one attribute, as [`values`].
pub(crate) fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<Cow<'a, str>> {
    let [value] = values(attributes, [wanted]);
    value
}

/// A value with its references decoded.
fn decoded(value: &str) -> Cow<'_, str> {
    if near(value.as_bytes(), b'&').is_none() {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    decode_references(value, &mut out);
    Cow::Owned(out)
}

/// A whole number, its fraction cut off; 32 bits at most.
pub(crate) fn whole_number(text: &str) -> Option<i32> {
    // Nine digits always fit.
    if (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.bytes().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')));
    }
    let whole = text.trim().split('.').next().unwrap_or_default();
    let number: i64 = whole.parse().ok()?;
    i32::try_from(number.clamp(-1_000_000_000, 1_000_000_000)).ok()
}

/// The longest name of a reference that is looked at.
const LONGEST_REFERENCE: usize = 12;

/// Adds text with its numeric references, the five of XML and the common ones of HTML decoded; any other stays as
/// written. Gives the number of those others.
pub(crate) fn decode_references(raw: &str, out: &mut String) -> usize {
    let mut unknown = 0;
    let mut rest = raw;
    while let Some(found) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..found]);
        rest = &rest[found + 1..];
        let end = rest.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';');
        let decoded = end.and_then(|end| Some((end, character_of(rest.get(..end)?)?)));
        if let Some((end, character)) = decoded {
            out.push(character);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            let named = end.and_then(|end| rest.get(..end)).is_some_and(|name| {
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
            unknown += usize::from(named);
        }
    }
    out.push_str(rest);
    unknown
}

fn character_of(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|character| *character != '\0');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "ensp" => '\u{2002}',
        "emsp" => '\u{2003}',
        "thinsp" => '\u{2009}',
        "middot" => '\u{b7}',
        "bull" => '\u{2022}',
        "hellip" => '\u{2026}',
        "ndash" => '\u{2013}',
        "mdash" => '\u{2014}',
        "lsquo" => '\u{2018}',
        "rsquo" => '\u{2019}',
        "ldquo" => '\u{201c}',
        "rdquo" => '\u{201d}',
        "laquo" => '\u{ab}',
        "raquo" => '\u{bb}',
        "times" => '\u{d7}',
        "deg" => '\u{b0}',
        "plusmn" => '\u{b1}',
        "permil" => '\u{2030}',
        "yen" => '\u{a5}',
        "pound" => '\u{a3}',
        "euro" => '\u{20ac}',
        "copy" => '\u{a9}',
        "reg" => '\u{ae}',
        "trade" => '\u{2122}',
        "sect" => '\u{a7}',
        "shy" => '\u{ad}',
        _ => return None,
    })
}

/// Whether a character is set without spaces between words (Han, kana, full-width punctuation).
pub(crate) fn is_wide(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Adds a word, with a space before it unless both neighbours are set without spaces.
pub(crate) fn append_word(line: &mut String, word: &str, space_printed: bool) {
    if let (Some(before), Some(after)) = (line.chars().next_back(), word.chars().next()) {
        let both_wide = is_wide(before) && is_wide(after);
        let both_letters =
            !is_wide(before) && !is_wide(after) && before.is_alphanumeric() && after.is_alphanumeric();
        if !before.is_whitespace() && !both_wide && (space_printed || both_letters) {
            line.push(' ');
        }
    }
    line.push_str(word);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_lax_markup() {
        let seen: Vec<Token> = Tokens::of("<!-- x --><a:b c='>'>1 < 2<br/></A:B><i").collect();
        assert_eq!(
            seen,
            [
                Token::Open { name: "b", attributes: " c='>'", empty: false },
                Token::Text("1 < 2"),
                Token::Open { name: "br", attributes: "", empty: true },
                Token::Close("B"),
                Token::CutOff
            ]
        );
    }

    #[test]
    fn an_open_quotation_mark_costs_one_scan() {
        let source = "<a b=\"1>text".repeat(20_001);
        assert_eq!(Tokens::of(&source).filter(|token| matches!(token, Token::Text(_))).count(), 10_001);
    }

    #[test]
    fn attributes_as_they_come() {
        let written = " x:ID=a  flag CONTENT = 'b&amp;c'width=\"3\"id='second' late=\"open";
        let [id, content, width, flag, late] = values(written, ["id", "CONTENT", "WIDTH", "flag", "late"]);
        let seen = [&id, &content, &width, &flag, &late].map(|value| value.as_deref());
        assert_eq!(seen, [Some("a"), Some("b&c"), Some("3"), Some(""), None]);
        assert!(matches!(width, Some(Cow::Borrowed(_))), "a value without references is copied");
        assert_eq!(attribute(" a:b:c='1' c='2'", "c").as_deref(), Some("2"));
        assert_eq!(attribute(" a:b:c='1'", "b:c").as_deref(), Some("1"));
    }

    #[test]
    fn numbers() {
        let seen = ["12", " 7 ", "3.9", "-4", "+5", "99999999999", "", "x", "1_0"].map(whole_number);
        let limit = Some(1_000_000_000);
        assert_eq!(seen, [Some(12), Some(7), Some(3), Some(-4), Some(5), limit, None, None, None]);
    }

    #[test]
    fn references() {
        let mut out = String::new();
        assert_eq!(decode_references("a&amp;b&#x6865;&#26725;&lol;&&#0;&nbsp", &mut out), 1);
        assert_eq!(out, "a&b桥桥&lol;&&#0;&nbsp");
    }
}
