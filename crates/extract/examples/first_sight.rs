//! Counts what is found of a file of cases (`crates/extract/tests/records/*.md`), as the tables of
//! `benchsuite/README.md` on first sight do: `first_sight FILE...`.
//!
//! Wanted is every line of a kind but those marked `too-many`; what is marked `fixme` is wanted too. A line is found
//! where a record of its kind shares half of the characters of both, one record a line; it is right where
//! all fields given are. Every other record of a kind that the file names is one too many.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring tool that prints")]

use std::collections::BTreeMap;

use shiliu_extract::{Context, mentions, records};
use shiliu_lang::{Pack, Profile};
use shiliu_ledger::{Kind, Record, Value};
use shiliu_text::{Basis, Date, Inferred, Span};

/// The day of the cases.
const TODAY: &str = "2031-06-17";

/// A text with the lines that say what stands in it.
#[derive(Default)]
struct Case<'f> {
    text: String,
    byline: Option<&'f str>,
    headline: Option<&'f str>,
    wanted: Vec<Line<'f>>,
}

/// `KIND `characters` field=value …`.
struct Line<'f> {
    kind: Kind,
    characters: &'f str,
    fields: &'f str,
}

#[derive(Clone, Copy, Default)]
struct Count {
    wanted: usize,
    found: usize,
    right: usize,
    too_many: usize,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.wanted += other.wanted;
        self.found += other.found;
        self.right += other.right;
        self.too_many += other.too_many;
    }

    fn print(&self, name: &str) {
        let both = self.wanted + self.found + self.too_many;
        let f1 = if both == 0 { 1.0 } else { 2.0 * self.found as f64 / both as f64 };
        let Count { wanted, found, right, too_many } = self;
        println!("{name:<12}{wanted:>8}{found:>8}{right:>8}{too_many:>10}{f1:>8.2}");
    }
}

fn main() {
    let pack = Pack::load(shiliu_lang::builtin()).value;
    let profile = Profile::load("lanhai", shiliu_lang::builtin()).value;
    for path in std::env::args().skip(1) {
        let contents = std::fs::read_to_string(&path).unwrap();
        let cases = cases(&contents);
        let mut counts: BTreeMap<Kind, Count> = BTreeMap::new();
        for line in cases.iter().flat_map(|case| &case.wanted) {
            counts.entry(line.kind).or_default().wanted += 1;
        }
        for case in &cases {
            count(case, &pack, &profile, &mut counts);
        }
        println!("{path}: {} texts", cases.len());
        println!("{:<12}{:>8}{:>8}{:>8}{:>10}{:>8}", "kind", "wanted", "found", "right", "too many", "F1");
        let mut all = Count::default();
        for (kind, count) in &counts {
            count.print(kind.as_str());
            all.add(*count);
        }
        all.print("all");
    }
}

fn cases(contents: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    for line in contents.lines() {
        if line.starts_with("## ") {
            cases.push(Case::default());
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(text) = line.strip_prefix("> ") {
            if !case.text.is_empty() {
                case.text.push('\n');
            }
            case.text.push_str(text);
        } else if let Some(byline) = line.strip_prefix("byline: ") {
            case.byline = Some(byline);
        } else if let Some(headline) = line.strip_prefix("headline: ") {
            case.headline = Some(headline);
        } else if let Some(line) = line.strip_prefix("- ") {
            let line = line.strip_prefix("fixme ").unwrap_or(line);
            let mut parts = line.split('`');
            let kind = Kind::parse(parts.next().unwrap_or("").trim());
            if let (Some(kind), Some(characters)) = (kind, parts.next()) {
                case.wanted.push(Line { kind, characters, fields: parts.next().unwrap_or("") });
            }
        }
    }
    cases
}

/// Counts one case; only kinds that are in `counts` already.
fn count(case: &Case<'_>, pack: &Pack, profile: &Profile, counts: &mut BTreeMap<Kind, Count>) {
    let reference = Date::parse(TODAY).map(|value| Inferred {
        value,
        basis: Basis::Inferred { evidence: "case".to_owned(), at: Vec::new() },
    });
    let context = Context {
        byline: case.byline.map(str::to_owned),
        headline: case.headline.map(str::to_owned),
        reference,
        ..Context::default()
    };
    let text = &case.text;
    let mentioned = mentions(text, context.reference.as_ref(), pack).value;
    let found = records(text, &mentioned, &context, pack, profile).value;
    let plain = Plain::of(text);
    let places: Vec<Vec<(usize, usize)>> =
        case.wanted.iter().map(|line| plain.places(line.characters)).collect();
    // Every pair that shares enough, the likest first: one record a line.
    let mut pairs: Vec<(bool, usize, usize, usize)> = Vec::new();
    for (index, line) in case.wanted.iter().enumerate() {
        for (number, record) in found.iter().enumerate().filter(|(_, record)| record.kind == line.kind) {
            let own = plain.place(record.at);
            let shared = places[index].iter().map(|place| thousandths(*place, own)).max().unwrap_or(0);
            if shared >= 500 {
                pairs.push((is_right(line, record), shared, index, number));
            }
        }
    }
    pairs.sort_by_key(|&(right, shared, index, number)| (!right, std::cmp::Reverse(shared), index, number));
    let (mut met, mut used) = (vec![false; case.wanted.len()], vec![false; found.len()]);
    for (right, _, index, number) in pairs {
        if met[index] || used[number] {
            continue;
        }
        (met[index], used[number]) = (true, true);
        let count = counts.entry(case.wanted[index].kind).or_default();
        count.found += 1;
        count.right += usize::from(right);
    }
    for (record, _) in found.iter().zip(used).filter(|(_, used)| !used) {
        if let Some(count) = counts.get_mut(&record.kind) {
            count.too_many += 1;
        }
    }
}

/// The characters of a text without line feeds, each with its byte.
struct Plain(Vec<(usize, char)>);

impl Plain {
    fn of(text: &str) -> Plain {
        Plain(text.char_indices().filter(|(_, character)| *character != '\n').collect())
    }

    /// Where some characters stand, as first and one past the last.
    fn places(&self, characters: &str) -> Vec<(usize, usize)> {
        let wanted: Vec<char> = characters.chars().collect();
        let same = |from: &usize| self.0[*from..].iter().map(|(_, one)| one).take(wanted.len()).eq(&wanted);
        (0..self.0.len()).filter(same).map(|from| (from, from + wanted.len())).collect()
    }

    fn place(&self, span: Span) -> (usize, usize) {
        let before = |byte: u32| self.0.partition_point(|(at, _)| *at < byte as usize);
        (before(span.start), before(span.end))
    }
}

/// Shared characters of those of both, in thousandths.
fn thousandths(one: (usize, usize), other: (usize, usize)) -> usize {
    let shared = one.1.min(other.1).saturating_sub(one.0.max(other.0));
    let both = one.1.max(other.1) - one.0.min(other.0);
    (shared * 1000).checked_div(both).unwrap_or(0)
}

fn is_right(line: &Line<'_>, record: &Record<Span>) -> bool {
    line.fields.split_whitespace().all(|field| match field.split_once('=') {
        Some((name, wanted)) => {
            record.value(name).map(flat).as_deref() == Some(wanted.replace('_', " ").as_str())
        }
        None => record.flags.contains(&field),
    })
}

fn flat(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::List(values) => values.iter().map(flat).collect::<Vec<_>>().join("、"),
        Value::Map(entries) => entries.iter().map(|(_, value)| flat(value)).collect::<Vec<_>>().join(" "),
        Value::Null => "null".to_owned(),
    }
}
