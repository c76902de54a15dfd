mod corpus;
mod days;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use shiliu_archive::Stage;
use shiliu_archive::store::SpillFolder;
use shiliu_reprint::{Family, Relation, Reprints, Settings, Texts as _, reprints_of};
use shiliu_text::{CodePoints, Span};

use self::corpus::{Documents, WorkFolder};
use self::days::find;
use super::{CommandError, Finish, Printer, Progress, data};
use crate::export::json::Json;

/// What is printed, below the options.
const PRINTED: &str = "\
Prints a line of JSON for each document: `family` (the story it prints, called by its smallest printing), and `families` \
with `relation` and `spans` (code points) for each story it prints (full, abridged, excerpt) or only touches \
(shared-passage, quotation, announcement, boilerplate). With --passages a line for each aligned passage: `a`, `a_start`, \
`a_end`, `b`, `b_start`, `b_end`, `identity`, `relation`; where many print the same, neighbours are aligned, not all pairs.

  shiliu reprints newspapers.jsonl.gz > families.jsonl
  shiliu reprints --window 30 --work found newspapers.jsonl > families.jsonl   # goes on where it was stopped";

#[derive(Debug, Args)]
#[command(after_long_help = PRINTED)]
pub(super) struct ReprintsArguments {
    /// Files or folders of pages; or corpora in passim's shape, `.jsonl` or `.jsonl.gz`: lines of {"id","text"} and,
    /// where known, "series" (the paper) and "date" (2031-06-17). Other fields come back as they are.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Print aligned passages in place of families.
    #[arg(long)]
    passages: bool,
    /// Shortest passage, in Han characters or what weighs as much in another script.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    minimum: u32,
    /// Compare only documents whose dates are at most this many days apart; what recurs is judged within them too.
    /// Documents without a date are compared with each other.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i32).range(0..=1_000_000))]
    window: Option<i32>,
    /// Keep what was found here: the same command goes on where it was stopped, and with --window a longer corpus
    /// costs the days that are new. `aliases.jsonl` tells which families an earlier run called otherwise.
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
    /// Memory for the index, in MiB; what does not fit goes to disk: into DIR of --work, or the folder for temporary files.
    /// Folded texts that are kept at hand take up to as much more.
    #[arg(long, value_name = "MIB", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    memory: u32,
    /// How noisy the text is.
    #[arg(long, value_enum, default_value_t = Preset::Noisy)]
    preset: Preset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Preset {
    /// Clean text: a passage may differ in a tenth of its characters.
    Clean,
    /// Noisy recognition: in three tenths.
    Noisy,
}

pub(super) fn run(arguments: &ReprintsArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let settings = Settings {
        minimum: arguments.minimum,
        window_days: arguments.window,
        memory: (arguments.memory as usize) << 20,
        noise: if arguments.preset == Preset::Clean { 100 } else { 300 },
        // Pages are cut into articles here; a corpus may hold either.
        articles: !arguments.paths.iter().all(|path| is_corpus(path)),
        ..Settings::default()
    };
    let work = WorkFolder::new(arguments.work.as_deref());
    let mut papers = BTreeMap::new();
    let (mut documents, mut findings) = read(&arguments.paths, &work, &mut papers, printer)?;
    findings |= documents.order(&papers, printer);
    let found = if arguments.work.is_some() || settings.window_days.is_some() {
        let names: BTreeMap<u32, &str> = (0u32..).zip(papers.keys().map(String::as_str)).collect();
        find(&documents, &names, &settings, &work, arguments.work.is_some())?
    } else {
        let failed = |error: io::Error| CommandError::write("the index of reprints", &error);
        let mut runs = SpillFolder::below(&work.path);
        let names: Vec<&str> = documents.entries.iter().map(|entry| entry.id.as_str()).collect();
        reprints_of(&documents, &names, &mut runs, &settings).map_err(failed)?.value
    };
    if arguments.passages {
        print_passages(&documents, &found, printer)?;
    } else {
        print_families(&documents, &found.families, printer)?;
    }
    Ok(Finish::with(findings))
}

fn is_corpus(path: &Path) -> bool {
    let name = path.to_string_lossy();
    path.is_file() && [".jsonl", ".jsonl.gz", ".json", ".json.gz"].iter().any(|end| name.ends_with(end))
}

/// The documents, and whether something was wrong with them.
fn read(
    paths: &[PathBuf],
    work: &WorkFolder,
    papers: &mut BTreeMap<String, u32>,
    printer: &mut Printer,
) -> Result<(Documents, bool), CommandError> {
    let mut documents = Documents::empty();
    if paths.iter().all(|path| is_corpus(path)) {
        let mut findings = false;
        for path in paths {
            findings |= documents.read_corpus(path, &work.path, papers, printer)?;
        }
        return Ok((documents, findings));
    }
    let (reading, ..) = data::reading(paths, "", Stage::Segment, &Progress::of_long_work())?;
    printer.diagnostics(&reading.diagnostics);
    for article in &reading.segmented.articles {
        let identity = &reading.segmented.identities[article.page];
        let day = identity.date.as_ref().or(article.reference.as_ref()).map(|date| date.value.day_number());
        let page = serde_json::Value::from(reading.pages[article.page].key.path.as_str());
        documents.hold(article.id.0.clone(), article.text.text.clone(), day, vec![("page".to_owned(), page)]);
    }
    Ok((documents, data::has_findings(&reading)))
}

/// What `documents` says of reading them again.
fn again(error: &io::Error) -> CommandError {
    CommandError::stopped(format!("a document cannot be read again: {error}"))
        .hint("leave the corpus as it is while it is read, and run the same command again")
}

fn spans(points: &CodePoints<'_>, spans: &[Span]) -> Json {
    let pair =
        |span: &Span| Json::List(vec![points.at_byte(span.start).into(), points.at_byte(span.end).into()]);
    Json::List(spans.iter().map(pair).collect())
}

fn print_families(
    documents: &Documents,
    grouped: &[Family],
    printer: &mut Printer,
) -> Result<(), CommandError> {
    // Per document, its families: printings first, then what it only touches.
    let mut of: Vec<Vec<(u32, u32, bool)>> = vec![Vec::new(); documents.count()];
    for joins in [true, false] {
        for (number, family) in (0u32..).zip(grouped) {
            let members = if joins { &family.members } else { &family.related };
            for (place, member) in (0u32..).zip(members) {
                of[documents.of_key[member.key as usize] as usize].push((number, place, joins));
            }
        }
    }
    for (at, families) in of.into_iter().enumerate() {
        let text = documents.read(at).map_err(|error| again(&error))?;
        let points = CodePoints::new(&text);
        let first = families.iter().find(|one| one.2).map(|one| grouped[one.0 as usize].name.as_str());
        let listed = families.iter().map(|&(number, place, joins)| {
            let family = &grouped[number as usize];
            let members = if joins { &family.members } else { &family.related };
            let member = &members[place as usize];
            Json::object([
                ("family", family.name.as_str().into()),
                ("relation", member.relation.as_str().into()),
                ("spans", spans(&points, &member.spans)),
            ])
        });
        let id = documents.entries[at].id.as_str();
        let mut pairs = vec![
            ("id".to_owned(), Json::from(id)),
            ("family".to_owned(), Json::from(first.unwrap_or(id))),
            ("families".to_owned(), Json::List(listed.collect())),
        ];
        let kept = documents.kept(at).map_err(|error| again(&error))?;
        pairs.extend(kept.into_iter().map(|(name, value)| (name, Json::Verbatim(value))));
        printer.json(&Json::Object(pairs))?;
    }
    Ok(())
}

fn print_passages(
    documents: &Documents,
    found: &Reprints,
    printer: &mut Printer,
) -> Result<(), CommandError> {
    // A passage between two printings of one story has their relation; any other is a shared passage.
    let mut member_of: Vec<Vec<(usize, Relation)>> = vec![Vec::new(); documents.count()];
    for (index, family) in found.families.iter().enumerate() {
        for member in &family.members {
            member_of[member.key as usize].push((index, member.relation));
        }
    }
    for of_one in found.passages.chunk_by(|left, right| left.a == right.a) {
        let a_text = text(documents, of_one[0].a)?;
        let a_points = CodePoints::new(&a_text.1);
        for of_pair in of_one.chunk_by(|left, right| left.b == right.b) {
            let b_text = text(documents, of_pair[0].b)?;
            let b_points = CodePoints::new(&b_text.1);
            let (a, b) = (of_pair[0].a as usize, of_pair[0].b as usize);
            let shared = member_of[a].iter().find_map(|(family, one)| {
                let (_, other) = member_of[b].iter().find(|(known, _)| known == family)?;
                Some((*one).max(*other))
            });
            let relation = shared.unwrap_or(Relation::SharedPassage);
            for passage in of_pair {
                printer.json(&Json::object([
                    ("a", a_text.0.into()),
                    ("a_start", a_points.at_byte(passage.a_span.start).into()),
                    ("a_end", a_points.at_byte(passage.a_span.end).into()),
                    ("b", b_text.0.into()),
                    ("b_start", b_points.at_byte(passage.b_span.start).into()),
                    ("b_end", b_points.at_byte(passage.b_span.end).into()),
                    ("identity", Json::Thousandths(passage.identity)),
                    ("relation", relation.as_str().into()),
                ]))?;
            }
        }
    }
    Ok(())
}

/// Id and text of the document of a key.
fn text(documents: &Documents, key: u32) -> Result<(&str, std::borrow::Cow<'_, str>), CommandError> {
    let at = documents.of_key[key as usize] as usize;
    Ok((&documents.entries[at].id, documents.read(at).map_err(|error| again(&error))?))
}
