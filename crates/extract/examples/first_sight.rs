//! Counts what is found of a file of cases (`crates/extract/tests/records/*.md`), as the tables of
//! `benchsuite/README.md` on first sight do: `first_sight [--errors] FILE...`; with `--errors` it says what is missed, what
//! has a wrong field and what is too many, with `--fields` how many of the fields given are right of what is found. `first_sight --mark FILE` prints the file as the test of cases wants it: what is
//! not found so is marked `fixme`, what should not be there `too-many`; with `--reword` too, lines whose fields are all
//! right get the characters of their record. No mark moves a count.
//!
//! Wanted is every line of a kind but those marked `too-many`; what is marked `fixme` is wanted too. A line is found
//! where a record of its kind shares half of the characters of both, one record a line; it is right where
//! all fields given are. Every other record of a kind that the file names is one too many.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring tool that prints")]

use std::collections::BTreeMap;

use shiliu_lang::{Pack, Profile};
use shiliu_ledger::{Kind, Record};
use shiliu_text::Span;

#[path = "../tests/record_cases/mod.rs"]
mod record_cases;

use record_cases::{Case, Line, Mark, told};

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
    let option = |name: &str| std::env::args().any(|argument| argument == name);
    let errors = option("--errors");
    for path in std::env::args().skip(1).filter(|argument| !argument.starts_with("--")) {
        let contents = std::fs::read_to_string(&path).unwrap();
        let cases = record_cases::cases(&contents).unwrap();
        if option("--mark") {
            mark(&contents, &cases, option("--reword"), &pack, &profile);
            continue;
        }
        let mut counts: BTreeMap<Kind, Count> = BTreeMap::new();
        let mut fields: BTreeMap<(Kind, String), (usize, usize)> = BTreeMap::new();
        for line in cases.iter().flat_map(wanted) {
            counts.entry(line.kind).or_default().wanted += 1;
        }
        for case in &cases {
            let wrongs = count(case, &pack, &profile, &mut counts, &mut fields);
            if errors && !wrongs.is_empty() {
                println!("## {}\n> {}\n{}", case.title, case.text, wrongs.join("\n"));
            }
        }
        println!("{path}: {} texts", cases.len());
        println!("{:<12}{:>8}{:>8}{:>8}{:>10}{:>8}", "kind", "wanted", "found", "right", "too many", "F1");
        let mut all = Count::default();
        for (kind, count) in &counts {
            count.print(kind.as_str());
            all.add(*count);
        }
        all.print("all");
        for ((kind, field), (given, right)) in fields.iter().filter(|_| option("--fields")) {
            println!("{:<12}{field:<12}{right:>6} of {given}", kind.as_str());
        }
    }
}

/// Prints a file with the marks that the test of cases wants.
fn mark(contents: &str, cases: &[Case], reword: bool, pack: &Pack, profile: &Profile) {
    let mut bodies = contents.split("\n## ");
    println!("{}", bodies.next().unwrap_or("").trim_end());
    for (case, body) in cases.iter().zip(bodies) {
        println!(
            "\n## {}",
            body.lines().filter(|line| !line.starts_with("- ")).collect::<Vec<_>>().join("\n").trim_end()
        );
        let found = case.read(pack, profile);
        let plain = Plain::of(&case.text);
        let printed = |record: &Record<Span>| -> String {
            record.at.of(&case.text).chars().filter(|character| *character != '\n').collect()
        };
        let mut used: Vec<usize> = Vec::new();
        let mut open: Vec<Kind> = Vec::new();
        for line in wanted(case) {
            let right = |number: &usize| found[*number].kind == line.kind && line.is_right(&found[*number]);
            let fresh = |number: &usize| !used.contains(number);
            let same = (0..found.len())
                .filter(fresh)
                .filter(right)
                .find(|&number| printed(&found[number]) == line.characters);
            let places = plain.places(&line.characters);
            let share = |number: usize| {
                let own = plain.place(found[number].at);
                places.iter().map(|place| thousandths(*place, own)).max().unwrap_or(0)
            };
            let near = (0..found.len())
                .filter(fresh)
                .filter(right)
                .filter(|&number| share(number) >= 500)
                .max_by_key(|&number| share(number));
            match same.or(near.filter(|_| reword)) {
                Some(number) => {
                    used.push(number);
                    println!(
                        "- {}",
                        line.words().replace(&line.characters, &printed(&found[number])).trim_end()
                    );
                }
                None => {
                    open.push(line.kind);
                    println!("- fixme {}", line.words().trim_end());
                }
            }
        }
        let named = |kind: Kind| wanted(case).any(|line| line.kind == kind);
        let denied = |kind: Kind| case.lines.iter().any(|line| line.mark == Mark::None && line.kind == kind);
        for (number, record) in found.iter().enumerate().filter(|(number, _)| !used.contains(number)) {
            if denied(record.kind) || named(record.kind) && !open.contains(&record.kind) {
                println!("- too-many {} `{}`", record.kind.as_str(), printed(&found[number]));
            }
        }
        for line in case.lines.iter().filter(|line| line.mark == Mark::None) {
            if found.iter().all(|record| record.kind != line.kind) {
                println!("- no {}", line.kind.as_str());
            }
        }
    }
}

/// What should be found.
fn wanted(case: &Case) -> impl Iterator<Item = &Line> {
    case.lines.iter().filter(|line| matches!(line.mark, Mark::Wanted | Mark::Fixme))
}

/// Counts one case; only kinds that are in `counts` already. Says what is wrong.
fn count(
    case: &Case,
    pack: &Pack,
    profile: &Profile,
    counts: &mut BTreeMap<Kind, Count>,
    fields: &mut BTreeMap<(Kind, String), (usize, usize)>,
) -> Vec<String> {
    let text = &case.text;
    let found = case.read(pack, profile);
    let lines: Vec<&Line> = wanted(case).collect();
    let plain = Plain::of(text);
    let places: Vec<Vec<(usize, usize)>> = lines.iter().map(|line| plain.places(&line.characters)).collect();
    // Every pair that shares enough, the likest first: one record a line.
    let mut pairs: Vec<(bool, usize, usize, usize)> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        for (number, record) in found.iter().enumerate().filter(|(_, record)| record.kind == line.kind) {
            let own = plain.place(record.at);
            let shared = places[index].iter().map(|place| thousandths(*place, own)).max().unwrap_or(0);
            if shared >= 500 {
                pairs.push((line.is_right(record), shared, index, number));
            }
        }
    }
    pairs.sort_by_key(|&(right, shared, index, number)| (!right, std::cmp::Reverse(shared), index, number));
    let mut wrongs = Vec::new();
    let (mut met, mut used) = (vec![false; lines.len()], vec![false; found.len()]);
    for (right, _, index, number) in pairs {
        if met[index] || used[number] {
            continue;
        }
        (met[index], used[number]) = (true, true);
        let count = counts.entry(lines[index].kind).or_default();
        count.found += 1;
        count.right += usize::from(right);
        for (field, right) in lines[index].compared(&found[number]) {
            let known = fields.entry((lines[index].kind, field.to_owned())).or_default();
            *known = (known.0 + 1, known.1 + usize::from(right));
        }
        if !right {
            let (line, has) = (lines[index].words(), told(&found[number], text));
            wrongs.push(format!("wrong field: {line}\n    has {has}"));
        }
    }
    let missed = lines.iter().zip(met).filter(|(_, met)| !met);
    wrongs.extend(missed.map(|(line, _)| format!("missed: {}", line.words())));
    for (record, _) in found.iter().zip(used).filter(|(_, used)| !used) {
        if let Some(count) = counts.get_mut(&record.kind) {
            count.too_many += 1;
            wrongs.push(format!("too many: {} {}", record.kind.as_str(), told(record, text)));
        }
    }
    wrongs
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
