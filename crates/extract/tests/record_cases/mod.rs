//! Files of cases (`tests/records/*.md`), for the test that holds them and the example that counts them: a text in a
//! quotation block, then what must be found in it, one line a record: `- KIND \`characters\` field=value …` (a list field
//! joins its values with `、`; `field=` says that it is not there; a word without `=` is a flag). All records of a kind
//! that a case names must be listed; `- no KIND` says that there is none. `fixme` before the kind marks what is known to
//! be wrong, `too-many` a record that should not be there.

use shiliu_extract::{Context, mentions, records};
use shiliu_lang::{Pack, Profile};
use shiliu_ledger::{Kind, Record, Value};
use shiliu_text::{Basis, Date, Inferred, Span};

/// The day of the cases.
const TODAY: &str = "2031-06-17";

/// A text with the lines that say what stands in it.
#[derive(Default)]
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) text: String,
    byline: Option<String>,
    headline: Option<String>,
    pub(crate) lines: Vec<Line>,
}

/// What a line says of its record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Wanted,
    /// Wanted, and known to be missed or wrong.
    Fixme,
    /// Found, and known to be wrong.
    TooMany,
    /// No record of the kind is there.
    None,
}

/// `KIND `characters` field=value …`.
pub(crate) struct Line {
    pub(crate) mark: Mark,
    pub(crate) kind: Kind,
    pub(crate) characters: String,
    fields: String,
}

impl Line {
    fn parse(line: &str) -> Option<Line> {
        let marks = [("fixme ", Mark::Fixme), ("too-many ", Mark::TooMany), ("no ", Mark::None)];
        let marked = marks.iter().find_map(|(word, mark)| line.strip_prefix(word).map(|rest| (*mark, rest)));
        let (mark, rest) = marked.unwrap_or((Mark::Wanted, line));
        let mut parts = rest.split('`');
        let kind = Kind::parse(parts.next().unwrap_or("").trim())?;
        let mut part = || parts.next().unwrap_or("").trim().to_owned();
        Some(Line { mark, kind, characters: part(), fields: part() })
    }

    /// Whether all fields that the line gives are those of the record.
    pub(crate) fn is_right(&self, record: &Record<Span>) -> bool {
        self.compared(record).all(|(_, right)| right)
    }

    /// Every field that the line gives, and whether the record has it so.
    pub(crate) fn compared<'l>(&'l self, record: &'l Record<Span>) -> impl Iterator<Item = (&'l str, bool)> {
        self.fields.split_whitespace().map(|field| match field.split_once('=') {
            Some((name, "")) => (name, record.value(name).is_none()),
            Some((name, wanted)) => {
                let wanted = wanted.replace('_', " ");
                (name, record.value(name).map(flat).as_deref() == Some(wanted.as_str()))
            }
            None => (field, record.flags.contains(&field)),
        })
    }

    /// As it stands in the file, without its mark.
    pub(crate) fn words(&self) -> String {
        format!("{} `{}` {}", self.kind.as_str(), self.characters, self.fields)
    }
}

impl Case {
    /// The records that are found in it.
    pub(crate) fn read(&self, pack: &Pack, profile: &Profile) -> Vec<Record<Span>> {
        let reference = Date::parse(TODAY).map(|value| Inferred {
            value,
            basis: Basis::Inferred { evidence: "case".to_owned(), at: Vec::new() },
        });
        let (byline, headline) = (self.byline.clone(), self.headline.clone());
        let context = Context { byline, headline, reference, ..Context::default() };
        let mentioned = mentions(&self.text, context.reference.as_ref(), pack).value;
        records(&self.text, &mentioned, &context, pack, profile).value
    }
}

/// The cases of a file, or the first line that says nothing.
pub(crate) fn cases(contents: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    for line in contents.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            cases.push(Case { title: title.to_owned(), ..Case::default() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(text) = line.strip_prefix("> ") {
            if !case.text.is_empty() {
                case.text.push('\n');
            }
            case.text.push_str(text);
        } else if let Some(byline) = line.strip_prefix("byline: ") {
            case.byline = Some(byline.to_owned());
        } else if let Some(headline) = line.strip_prefix("headline: ") {
            case.headline = Some(headline.to_owned());
        } else if let Some(line) = line.strip_prefix("- ") {
            let parsed = Line::parse(line).ok_or_else(|| format!("{}: no kind in: {line}", case.title))?;
            case.lines.push(parsed);
        }
    }
    Ok(cases)
}

/// A value as the files write it.
fn flat(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::List(values) => values.iter().map(flat).collect::<Vec<_>>().join("、"),
        Value::Map(entries) => entries.iter().map(|(_, value)| flat(value)).collect::<Vec<_>>().join(" "),
        Value::Null => "null".to_owned(),
    }
}

/// A record as a line would say it, with all its fields.
pub(crate) fn told(record: &Record<Span>, text: &str) -> String {
    let fields: Vec<String> =
        record.fields.iter().map(|(name, field)| format!("{name}={}", flat(&field.value))).collect();
    format!("`{}` {} {:?}", record.at.of(text), fields.join(" "), record.flags)
}
