//! Tags, texts and character references of XML and HTML as they really come: unclosed, broken off, mixed up.
//!
//! A tokenizer of our own rather than a validating parser, because electronic editions are no XML and a file that
//! breaks off must keep what came before. It has no recursion and never replaces anything by more than it was: a
//! declared entity is never expanded, so depth and size of the input bound the work.

use quick_xml::events::attributes::Attributes;

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

    /// Length of a tag's inner part and of its end mark. An opening bracket ends a tag that was left open.
    fn tag_length(&mut self, inner: &str) -> Option<(usize, usize)> {
        let mut quote = None;
        for (place, byte) in inner.bytes().enumerate() {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') if self.quotes_end_tags => quote = Some(byte),
                (None, b'>') => return Some((place, 1)),
                (None, b'<') => return Some((place, 0)),
                (None, _) => {}
            }
        }
        if quote.is_some() {
            self.quotes_end_tags = false;
            return inner.find(['>', '<']).map(|place| (place, usize::from(inner.as_bytes()[place] == b'>')));
        }
        None
    }

    fn tag(&mut self) -> Token<'a> {
        let closing = self.rest().starts_with("</");
        self.at += 1 + usize::from(closing);
        let rest = self.rest();
        let Some((length, end)) = self.tag_length(rest) else {
            self.at = self.source.len();
            return Token::CutOff;
        };
        self.at += length + end;
        let inner = &rest[..length];
        let (inner, empty) = inner.strip_suffix('/').map_or((inner, false), |inner| (inner, true));
        let name_end = inner.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(name_end);
        let name = name.rsplit(':').next().unwrap_or(name);
        if closing { Token::Close(name) } else { Token::Open { name, attributes, empty } }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            let mut text = 0;
            // A bracket that opens no tag is a character.
            while let Some(found) = rest[text..].find('<') {
                let after = rest.as_bytes().get(text + found + 1).copied();
                text += found;
                if after.is_none_or(|byte| byte.is_ascii_alphabetic() || b"/!?_".contains(&byte)) {
                    break;
                }
                text += 1;
                if !rest[text..].contains('<') {
                    text = rest.len();
                }
            }
            if text == 0 && !rest.starts_with('<') {
                text = rest.len();
            }
            if text > 0 {
                self.at += text;
                return Some(Token::Text(&rest[..text]));
            }
            if rest.len() == 1 {
                self.at += 1;
                return Some(Token::CutOff);
            }
            if rest.starts_with("<!--") {
                self.at += 4;
                if self.pass("-->").is_none() {
                    return Some(Token::CutOff);
                }
            } else if rest.starts_with("<![CDATA[") {
                self.at += 9;
                let from = self.rest();
                return Some(Token::Verbatim(self.pass("]]>").unwrap_or(from)));
            } else if rest.starts_with("<!") {
                let end = rest.find(['>', '[']);
                match end {
                    None => {
                        self.at = self.source.len();
                        return Some(Token::CutOff);
                    }
                    Some(end) if rest.as_bytes()[end] == b'>' => self.at += end + 1,
                    Some(end) => {
                        self.at += end;
                        self.pass("]");
                        self.pass(">");
                        return Some(Token::Declarations);
                    }
                }
            } else if rest.starts_with("<?") {
                if self.pass(">").is_none() {
                    return Some(Token::CutOff);
                }
            } else {
                return Some(self.tag());
            }
        }
    }
}

/// The value of one attribute, by local name whatever its case, references decoded.
pub(crate) fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut all = Attributes::html(attributes, 0);
    all.with_checks(false);
    let found = all.flatten().find(|attribute| {
        let key: &str = attribute.key.local_name().into_inner();
        key.eq_ignore_ascii_case(wanted)
    })?;
    let mut value = String::new();
    decode_references(&found.value, &mut value);
    Some(value)
}

/// A whole number, its fraction cut off; 32 bits at most.
pub(crate) fn whole_number(text: &str) -> Option<i32> {
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
    while let Some(found) = rest.find('&') {
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
    fn references() {
        let mut out = String::new();
        assert_eq!(decode_references("a&amp;b&#x6865;&#26725;&lol;&&#0;&nbsp", &mut out), 1);
        assert_eq!(out, "a&b桥桥&lol;&&#0;&nbsp");
    }
}
