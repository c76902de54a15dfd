//! A JSON value whose bytes are fixed: keys in the order they were put in, no spaces, non-ASCII unescaped,
//! fractions with a fixed number of decimals.

use std::fmt;

/// One JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A number of thousandths, written with three decimals.
    Thousandths(u32),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// Named values in order.
    Object(Vec<(String, Json)>),
    /// JSON that came in and is handed on as it is.
    Verbatim(serde_json::Value),
    /// What was written before.
    Written(String),
}

impl Json {
    /// An object from its keys in order.
    pub(crate) fn object<'k>(pairs: impl IntoIterator<Item = (&'k str, Json)>) -> Json {
        Json::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// A value or `null`.
    pub(crate) fn or_null<T: Into<Json>>(value: Option<T>) -> Json {
        value.map_or(Json::Null, Into::into)
    }

    /// A list of values.
    pub(crate) fn list<T: Into<Json>>(values: impl IntoIterator<Item = T>) -> Json {
        Json::List(values.into_iter().map(Into::into).collect())
    }
}

impl Json {
    /// The same list, each value written as it comes: of very many a twentieth of the memory.
    pub(crate) fn long_list(values: impl IntoIterator<Item = Json>) -> Json {
        use fmt::Write as _;
        let mut written = String::from("[");
        for value in values {
            if written.len() > 1 {
                written.push(',');
            }
            // A text never refuses.
            let _ = write!(written, "{value}");
        }
        written.push(']');
        Json::Written(written)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Text(text.to_owned())
    }
}
impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::Text(text)
    }
}
impl From<bool> for Json {
    fn from(flag: bool) -> Json {
        Json::Flag(flag)
    }
}
impl From<u32> for Json {
    fn from(number: u32) -> Json {
        Json::Integer(i64::from(number))
    }
}
impl From<i64> for Json {
    fn from(number: i64) -> Json {
        Json::Integer(number)
    }
}
impl From<usize> for Json {
    fn from(number: usize) -> Json {
        Json::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Flag(flag) => write!(f, "{flag}"),
            Json::Integer(number) => write!(f, "{number}"),
            Json::Thousandths(number) => write!(f, "{}.{:03}", number / 1000, number % 1000),
            Json::Text(text) => write_text(text, f),
            Json::List(values) => {
                f.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        f.write_str(",")?;
                    }
                    write!(f, "{value}")?;
                }
                f.write_str("]")
            }
            Json::Object(pairs) => {
                f.write_str("{")?;
                for (index, (key, value)) in pairs.iter().enumerate() {
                    if index > 0 {
                        f.write_str(",")?;
                    }
                    write_text(key, f)?;
                    write!(f, ":{value}")?;
                }
                f.write_str("}")
            }
            Json::Verbatim(value) => write!(f, "{value}"),
            Json::Written(value) => f.write_str(value),
        }
    }
}

fn write_text(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    use fmt::Write as _;
    f.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            // The two line separators end a line in some readers of JSON Lines.
            '\u{2028}' | '\u{2029}' => write!(f, "\\u{:04x}", character as u32)?,
            control if (control as u32) < 0x20 || control as u32 == 0x7f => {
                write!(f, "\\u{:04x}", control as u32)?
            }
            other => f.write_char(other)?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// What is written is what any JSON reader reads back.
        #[test]
        fn texts_come_back(text in "\\PC{0,20}[\\x00-\\x1f\"\\\\\u{2028}]{0,4}") {
            let written = Json::from(text.as_str()).to_string();
            let read: serde_json::Value = serde_json::from_str(&written).unwrap();
            assert_eq!(read.as_str(), Some(text.as_str()));
            assert!(!written.contains('\n'));
        }
    }

    #[test]
    fn a_long_list_has_the_same_bytes() {
        for values in [vec![], vec![Json::Null], vec![Json::from("中"), Json::List(vec![]), Json::from(true)]]
        {
            assert_eq!(Json::long_list(values.clone()).to_string(), Json::List(values).to_string());
        }
    }

    #[test]
    fn bytes_are_fixed() {
        let value = Json::object([
            ("b", Json::Thousandths(1000)),
            ("a", Json::list(["中", "x"])),
            ("n", Json::Null),
            ("t", Json::from(true)),
        ]);
        assert_eq!(value.to_string(), r#"{"b":1.000,"a":["中","x"],"n":null,"t":true}"#);
    }
}
