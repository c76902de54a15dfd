use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use shiliu_archive::intake::{self, IntakeLimits};
use shiliu_archive::judge;
use shiliu_collate::{Story, Witness, formats};
use shiliu_text::{CodePoints, Span};

use super::{CommandError, Finish, Printer, data};
use crate::export::contract::loci;
use crate::export::json::Json;

#[derive(Debug, Args)]
pub(super) struct CollateArguments {
    /// Plain texts, or one WITNESSES.json in CollateX's shape.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// How to write the story.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// The story of stories.jsonl.
    Json,
    /// TEI P5, parallel segmentation.
    Tei,
    /// One locus after the other, to read on a terminal.
    Table,
    /// A row a reading.
    Csv,
    /// The variant graph.
    Graphml,
    /// One self-contained page.
    Html,
    /// CollateX's alignment table.
    Collatex,
    /// W3C Web Annotations on each witness's text.
    Annotations,
}

pub(super) fn run(arguments: &CollateArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let pack = data::pack()?;
    let mut findings = false;
    let witnesses = match arguments.paths.as_slice() {
        [one] if one.extension().is_some_and(|end| end == "json") => from_collatex(one)?,
        paths => {
            let taken = intake::take(paths, &IntakeLimits::default());
            if taken.inputs.is_empty() {
                printer.diagnostics(&taken.diagnostics);
                return Err(CommandError::usage("none of the texts could be read")
                    .hint("give two or more text files"));
            }
            findings = !taken.diagnostics.is_empty();
            printer.diagnostics(&taken.diagnostics);
            let mut witnesses = Vec::new();
            for input in &taken.inputs {
                let outcome = shiliu_press::read(&input.bytes, &input.key, &pack);
                findings |= !outcome.diagnostics.is_empty();
                printer.diagnostics(&outcome.diagnostics);
                for page in outcome.value {
                    witnesses.push(witness(&page.key.path, &page.layer.text));
                }
            }
            witnesses
        }
    };
    if witnesses.is_empty() {
        return Err(CommandError::usage("there is no witness to collate").hint("give two or more text files"));
    }
    let story = judge::collate_texts(&witnesses, &pack).value;
    match arguments.format {
        Format::Json => printer.json(&json(&story))?,
        Format::Tei => printer.text(&formats::tei(&story))?,
        Format::Table => printer.text(&formats::terminal(&story))?,
        Format::Csv => printer.text(&formats::csv(&story))?,
        Format::Graphml => printer.text(&formats::graphml(&story))?,
        Format::Html => printer.text(&formats::html(&story))?,
        Format::Collatex => printer.text(&formats::collatex(&story))?,
        Format::Annotations => printer.text(&formats::annotations(&story))?,
    }
    Ok(Finish::with(findings))
}

fn witness(name: &str, text: &str) -> Witness {
    Witness {
        key: name.to_owned(),
        rank: name.to_owned(),
        text: text.to_owned(),
        coverage: vec![Span::new(0, text.len())],
        engine: None,
    }
}

fn from_collatex(path: &Path) -> Result<Vec<Witness>, CommandError> {
    let shown = path.display();
    let expected = "the shape is {\"witnesses\":[{\"id\":\"A\",\"content\":\"…\"}]}";
    let wrong = |message: String| CommandError::usage(format!("{shown}: {message}")).hint(expected);
    let text = fs::read_to_string(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    formats::read_collatex(text.trim_start_matches('\u{feff}')).map_err(|error| wrong(error.to_string()))
}

fn json(story: &Story) -> Json {
    let names: Vec<&str> = story.witnesses.iter().map(|witness| witness.key.as_str()).collect();
    let points: Vec<CodePoints<'_>> =
        story.witnesses.iter().map(|witness| CodePoints::new(&witness.text)).collect();
    let established = CodePoints::new(&story.established);
    let witnesses = story.witnesses.iter().enumerate().map(|(index, witness)| {
        let coverage = witness.coverage.iter().map(|span| {
            Json::object([
                ("start", points[index].at_byte(span.start).into()),
                ("end", points[index].at_byte(span.end).into()),
            ])
        });
        Json::object([
            ("siglum", Story::siglum(index).into()),
            ("article", witness.key.as_str().into()),
            ("relation", "full".into()),
            ("coverage", Json::List(coverage.collect())),
        ])
    });
    let loci = loci(story, &established, &|witness, span| {
        Some((names[witness], (points[witness].at_byte(span.start), points[witness].at_byte(span.end))))
    });
    Json::object([
        ("story", Json::or_null(names.iter().min().copied())),
        ("headline", Json::Null),
        ("agency", Json::Null),
        ("date", Json::Null),
        ("established", story.established.as_str().into()),
        ("witnesses", Json::List(witnesses.collect())),
        ("related", Json::List(Vec::new())),
        ("loci", loci),
    ])
}
