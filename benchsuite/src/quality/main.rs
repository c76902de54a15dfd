//! Quality scores of every stage on the built-in sample and, where it is present, on `../shared`, side by side.
//!
//! `cargo run --release -p shiliu-benchsuite --bin quality [-- --shared DIR] [--errors KIND] [--without-rows] [--made SEEDS]`

mod deletion;
mod facts;
mod fields;
mod grading;
mod links;
mod made;
mod print;
mod rows;
mod segments;
mod stories;
mod truth;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use shiliu_archive::{IntakeLimits, ReadOptions, Reading, intake, read_all};
use shiliu_benchsuite::pages::{Content, Form};
use shiliu_lang::{Pack, Profile, builtin};
use shiliu_reprint::MemoryRuns;

use print::Report;
use truth::Truth;

/// One set of pages with its truth and the profile it is read with.
struct Set {
    name: &'static str,
    pages: PathBuf,
    truth: PathBuf,
    profile: String,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut shared = PathBuf::from("../shared");
    let mut sample_profile = "lanhai".to_owned();
    let mut errors = None;
    let mut made = None;
    let mut without_rows = false;
    let mut form = None;
    let mut sheets = false;
    let mut prose = Vec::new();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--shared" => shared = PathBuf::from(value()?),
            "--sample-profile" => sample_profile = value()?,
            "--without-rows" => without_rows = true,
            "--sheets" => sheets = true,
            "--made" => made = Some(value()?),
            "--prose" => prose = Content::load(value()?.as_ref())?,
            "--form" => {
                let name = value()?;
                let known = Form::named(&name);
                form = Some(known.with_context(|| format!("no format {name}: html, alto, page or hocr"))?);
            }
            "--errors" => errors = Some(value()?),
            _ => bail!(
                "usage: quality [--shared DIR] [--sample-profile NAME] [--errors STAGE-OR-KIND] [--without-rows] [--made A..B [--sheets | --form html|alto|page|hocr] [--prose ARTICLES]]"
            ),
        }
    }
    if let Some(range) = made {
        let (first, last) = range.split_once("..").context("--made needs A..B")?;
        if sheets && form.is_some() {
            bail!("--sheets are text only: leave --form out");
        }
        let pack = Pack::load(builtin()).value;
        let mut report = Report::default();
        if without_rows {
            rows::measure(first.parse()?..=last.parse()?, &mut report)?;
            report.print();
            return Ok(());
        }
        made::score(
            first.parse()?..=last.parse()?,
            (form, sheets),
            &prose,
            &pack,
            &mut report,
            errors.as_deref(),
        )?;
        report.print();
        return Ok(());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sample = Set {
        name: "sample",
        pages: root.join("sample/pages"),
        truth: root.join("sample/truth"),
        profile: sample_profile,
    };
    let shared = Set {
        name: "shared",
        pages: shared.join("pages"),
        truth: shared.join("gold"),
        profile: "china-central-asia".to_owned(),
    };
    let mut report = Report::default();
    for set in [sample, shared] {
        if set.pages.is_dir() {
            measure(&set, &mut report, errors.as_deref(), without_rows)
                .with_context(|| set.name.to_owned())?;
        } else {
            report.note(format!("{}: {} is not here, not measured", set.name, set.pages.display()));
        }
    }
    report.print();
    Ok(())
}

fn read(pages: &Path, pack: &Pack, profile: &Profile) -> Result<Reading> {
    let taken = intake::take(&[pages.to_owned()], &IntakeLimits::default());
    Ok(read_all(&taken.inputs, &mut MemoryRuns::default(), pack, profile, &ReadOptions::default())?)
}

fn measure(set: &Set, report: &mut Report, errors: Option<&str>, without_rows: bool) -> Result<()> {
    let pack = Pack::load(builtin()).value;
    let profile = Profile::load(&set.profile, builtin());
    if let Some(problem) = profile.diagnostics.first() {
        report.note(format!("{}: {}", set.name, problem.message));
    }
    let mut truth = Truth::load(&set.truth)?;
    truth.name_states(&profile.value);
    if without_rows {
        let again = |profile: &Profile| read(&set.pages, &pack, profile);
        return deletion::measure(set.name, &profile.value, &truth, report, &again);
    }
    let reading = read(&set.pages, &pack, &profile.value)?;
    segments::score(set.name, &reading, &truth, &pack, report)?;
    stories::score(set.name, &reading, &truth, report, errors);
    facts::score_mentions(set.name, &reading, &truth, report, errors);
    facts::score_records(set.name, &reading, &truth, report, errors);
    let grades = Path::new(env!("CARGO_MANIFEST_DIR")).join("grading/force.tsv");
    grading::score(set.name, &reading, &grades, report, errors)?;
    links::score(set.name, &reading, &truth, report, errors);
    Ok(())
}
