use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use clap::Args;
use shiliu_archive::Stage;
use shiliu_reprint::{Doc, DocInfo, Family, MemoryRuns, Passage, Settings, families, passages};
use shiliu_text::{CodePoints, Date, Span};

use super::{CommandError, Finish, Printer, data};
use crate::export::json::Json;

#[derive(Debug, Args)]
pub(super) struct ReprintsArguments {
    /// Files or folders of pages, or one CORPUS.jsonl of {"id","text"} lines (also .gz).
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Print aligned passages in place of families.
    #[arg(long)]
    passages: bool,
    /// Shortest passage, in Han characters or what weighs as much in another script.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    minimum: u32,
    /// Compare only documents whose dates are at most this many days apart.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i32).range(0..=1_000_000))]
    window: Option<i32>,
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

/// One document and what is kept of its line.
struct Document {
    id: String,
    text: String,
    day: Option<i32>,
    outlet: Option<u32>,
    kept: Vec<(String, serde_json::Value)>,
}

pub(super) fn run(arguments: &ReprintsArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let settings = Settings {
        minimum: arguments.minimum,
        window_days: arguments.window,
        noise: if arguments.preset == Preset::Clean { 100 } else { 300 },
        // Pages are cut into articles here; a corpus may hold either.
        articles: !arguments.paths.iter().all(|path| is_corpus(path)),
        ..Settings::default()
    };
    let (documents, findings) = documents(&arguments.paths, printer)?;
    let info: Vec<DocInfo<'_>> = documents
        .iter()
        .enumerate()
        .map(|(key, document)| DocInfo {
            key: u32::try_from(key).expect("fewer than 2^32 documents"),
            name: &document.id,
            text: &document.text,
            day: document.day,
            outlet: document.outlet,
        })
        .collect();
    let mut docs =
        info.iter().map(|info| Doc { key: info.key, text: info.text, day: info.day, outlet: info.outlet });
    let found = passages(&mut docs, &mut MemoryRuns::default(), &settings)
        .map_err(|error| CommandError::write("the index of reprints", &error))?
        .value;
    if arguments.passages {
        print_passages(&documents, &found, &info, &settings, printer)?;
    } else {
        let grouped = families(&info, &found, &settings).value;
        print_families(&documents, &grouped, printer)?;
    }
    Ok(Finish::with(findings))
}

fn is_corpus(path: &Path) -> bool {
    let name = path.to_string_lossy();
    path.is_file() && [".jsonl", ".jsonl.gz", ".json", ".json.gz"].iter().any(|end| name.ends_with(end))
}

fn documents(paths: &[PathBuf], printer: &mut Printer) -> Result<(Vec<Document>, bool), CommandError> {
    if paths.iter().all(|path| is_corpus(path)) {
        let mut documents = Vec::new();
        let mut findings = false;
        for path in paths {
            findings |= read_corpus(path, &mut documents, printer)?;
        }
        return Ok((documents, findings));
    }
    let (reading, ..) = data::reading(paths, "", Stage::Segment, true)?;
    printer.diagnostics(&reading.diagnostics);
    let documents = reading.segmented.articles.iter().map(|article| {
        let identity = &reading.segmented.identities[article.page];
        let day = identity.date.as_ref().or(article.reference.as_ref()).map(|date| date.value.day_number());
        let kept =
            vec![("page".to_owned(), serde_json::Value::from(reading.pages[article.page].key.path.as_str()))];
        Document { id: article.id.0.clone(), text: article.text.text.clone(), day, outlet: None, kept }
    });
    Ok((documents.collect(), data::has_findings(&reading)))
}

/// Reads lines of `{"id","text",…}`; a bad line is said and passed over.
fn read_corpus(
    path: &Path,
    documents: &mut Vec<Document>,
    printer: &mut Printer,
) -> Result<bool, CommandError> {
    let shown = path.display().to_string();
    let unreadable = |error: &io::Error| {
        CommandError::usage(format!("{shown}: cannot be read: {error}"))
            .hint("check the path and its permissions")
    };
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut reader: Box<dyn BufRead> = if shown.ends_with(".gz") {
        Box::new(BufReader::new(shiliu_archive::intake::gunzip(file)))
    } else {
        Box::new(BufReader::with_capacity(1 << 20, file))
    };
    let mut series: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
    let mut findings = false;
    let mut buffer = Vec::new();
    for number in 0.. {
        buffer.clear();
        match reader.read_until(b'\n', &mut buffer) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if number == 0 => return Err(unreadable(&error)),
            Err(error) => {
                findings = true;
                printer.say(&format!("error: {shown} line {}: cannot be read: {error}", number + 1));
                printer.say("  next: fetch the file again; the lines before this one are compared");
                break;
            }
        }
        let Ok(line) = std::str::from_utf8(&buffer) else {
            findings = true;
            printer.say(&format!("error: {shown} line {}: not UTF-8; the line is passed over", number + 1));
            continue;
        };
        if line.trim().is_empty() {
            continue;
        }
        let object = if number == 0 { line.trim_start_matches('\u{feff}') } else { line };
        let parsed = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(object);
        let document = parsed.map_err(|error| error.to_string()).and_then(|mut object| {
            let id = match object.shift_remove("id") {
                Some(serde_json::Value::String(id)) => id,
                Some(other) => other.to_string(),
                None => return Err("no `id`".to_owned()),
            };
            let Some(text) = object.get("text").and_then(serde_json::Value::as_str).map(str::to_owned) else {
                return Err("no `text`".to_owned());
            };
            let day = object.get("date").and_then(serde_json::Value::as_str);
            let day = day.and_then(|day| Date::parse(day.get(..10)?)).map(Date::day_number);
            let next = u32::try_from(series.len()).expect("fewer than 2^32 series");
            let outlet = object
                .get("series")
                .and_then(serde_json::Value::as_str)
                .map(|name| *series.entry(name.to_owned()).or_insert(next));
            // What an earlier run said of it is said anew; two keys of one name would be read as either.
            for ours in ["family", "families"] {
                object.shift_remove(ours);
            }
            Ok(Document { id, text, day, outlet, kept: object.into_iter().collect() })
        });
        match document {
            Ok(document) => documents.push(document),
            Err(message) => {
                findings = true;
                printer
                    .say(&format!("error: {shown} line {}: {message}; the line is passed over", number + 1));
            }
        }
    }
    Ok(findings)
}

fn spans(text: &str, spans: &[Span]) -> Json {
    let points = CodePoints::new(text);
    Json::List(
        spans
            .iter()
            .map(|span| Json::List(vec![points.at_byte(span.start).into(), points.at_byte(span.end).into()]))
            .collect(),
    )
}

fn print_families(
    documents: &[Document],
    grouped: &[Family],
    printer: &mut Printer,
) -> Result<(), CommandError> {
    let mut of: Vec<Vec<Json>> = vec![Vec::new(); documents.len()];
    let mut first: Vec<Option<&str>> = vec![None; documents.len()];
    for joins in [true, false] {
        for family in grouped {
            let members = if joins { &family.members } else { &family.related };
            for member in members {
                let key = member.key as usize;
                of[key].push(Json::object([
                    ("family", family.name.as_str().into()),
                    ("relation", member.relation.as_str().into()),
                    ("spans", spans(&documents[key].text, &member.spans)),
                ]));
                if joins {
                    first[key].get_or_insert(&family.name);
                }
            }
        }
    }
    for (key, document) in documents.iter().enumerate() {
        let mut pairs = vec![
            ("id".to_owned(), Json::from(document.id.as_str())),
            ("family".to_owned(), Json::from(first[key].unwrap_or(&document.id))),
            ("families".to_owned(), Json::List(std::mem::take(&mut of[key]))),
        ];
        pairs.extend(document.kept.iter().map(|(name, value)| (name.clone(), Json::Verbatim(value.clone()))));
        printer.json(&Json::Object(pairs))?;
    }
    Ok(())
}

fn print_passages(
    documents: &[Document],
    found: &[Passage],
    info: &[DocInfo<'_>],
    settings: &Settings,
    printer: &mut Printer,
) -> Result<(), CommandError> {
    let grouped = families(info, found, settings).value;
    let points: Vec<CodePoints<'_>> =
        documents.iter().map(|document| CodePoints::new(&document.text)).collect();
    // A passage between two printings of one story has their relation; any other is a shared passage.
    let mut member_of: Vec<Vec<(usize, shiliu_reprint::Relation)>> = vec![Vec::new(); documents.len()];
    for (index, family) in grouped.iter().enumerate() {
        for member in &family.members {
            member_of[member.key as usize].push((index, member.relation));
        }
    }
    for passage in found {
        let (a, b) = (passage.a as usize, passage.b as usize);
        let shared = member_of[a].iter().find_map(|(family, one)| {
            let (_, other) = member_of[b].iter().find(|(known, _)| known == family)?;
            Some((*one).max(*other))
        });
        let relation = shared.unwrap_or(shiliu_reprint::Relation::SharedPassage);
        printer.json(&Json::object([
            ("a", documents[a].id.as_str().into()),
            ("a_start", points[a].at_byte(passage.a_span.start).into()),
            ("a_end", points[a].at_byte(passage.a_span.end).into()),
            ("b", documents[b].id.as_str().into()),
            ("b_start", points[b].at_byte(passage.b_span.start).into()),
            ("b_end", points[b].at_byte(passage.b_span.end).into()),
            ("identity", Json::Thousandths(passage.identity)),
            ("relation", relation.as_str().into()),
        ]))?;
    }
    Ok(())
}
