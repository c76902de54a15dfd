//! `export` and `import`: the register and its views out, and in again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use shiliu_archive::store::{Archive, Draft, KeptEvent, Reader};
use shiliu_ledger::register::{Act, Detail, Details, Source, Stamp};

use super::super::{CommandError, Finish, Printer};
use super::ledger::{Actor, ListArguments, today};
use super::{Target, failure, one_line};
use crate::export::json::Json;
use crate::export::table::{read_csv, read_xlsx};
use crate::export::views::View;
use crate::export::{citation, register as shapes};
use crate::web::{Tongue, column_heading, column_of};

/// Examples: `shiliu export > register.jsonl` · `shiliu export --view entries --format xlsx -o ledger.xlsx` ·
/// `shiliu export --format bibtex`
#[derive(Debug, Args)]
pub(in crate::cli) struct ExportArguments {
    /// events (the whole register), entries, evidence, assessments, follow-up, totals, scale.
    #[arg(long, default_value = "events")]
    view: String,
    /// jsonl, csv, xlsx; of the evidence also gb7714 and bibtex.
    #[arg(long, default_value = "jsonl")]
    format: String,
    /// File to write; else standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Headings in this language (zh, en, ru); else the names that files have.
    #[arg(long)]
    lang: Option<String>,
    #[command(flatten)]
    list: ListArguments,
    #[command(flatten)]
    target: Target,
}

/// Examples: `shiliu import register.jsonl` · `shiliu import desk.xlsx --map "Promise=words" --map "Deadline=due"`
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArguments {
    /// Events (.jsonl, .csv, .xlsx) that were exported, or a table (.csv, .xlsx) that a desk keeps.
    file: PathBuf,
    /// A column of the table and the detail that it holds, as HEADING=DETAIL.
    #[arg(long = "map", value_name = "HEADING=DETAIL")]
    columns: Vec<String>,
    /// Say what would be kept; keep nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

pub(in crate::cli) fn run_export(
    arguments: &ExportArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let reader = arguments.target.open()?.reader().map_err(failure)?;
    let tongue =
        match arguments.lang.as_deref() {
            None => None,
            Some(code) => Some(Tongue::parse(code).ok_or_else(|| {
                CommandError::usage(format!("{code}: no such language")).hint("zh, en or ru")
            })?),
        };
    let bytes = match arguments.format.as_str() {
        "gb7714" | "bibtex" => citations(&reader, arguments)?.into_bytes(),
        format => {
            let view = View::parse(&arguments.view).ok_or_else(|| {
                let known: Vec<&str> = View::ALL.iter().map(|view| view.as_str()).collect();
                CommandError::usage(format!("{}: no such view", arguments.view))
                    .hint(format!("one of {}", known.join(", ")))
            })?;
            let heading = |name: &str| tongue.map_or(name.to_owned(), |tongue| column_heading(tongue, name));
            if format == "jsonl" && view == View::Events {
                let events = reader.register_events(0, None).map_err(failure)?;
                lines(events.iter().map(shapes::event)).into_bytes()
            } else if format == "jsonl" && view == View::Entries {
                let filter = arguments.list.filter()?;
                let rows = reader.all_entries(&filter, arguments.list.sort()?).map_err(failure)?;
                lines(rows.iter().map(|row| shapes::row(row, &today()))).into_bytes()
            } else {
                let filter = arguments.list.filter()?;
                let table =
                    view.table(&reader, &filter, arguments.list.sort()?, &today()).map_err(failure)?;
                match format {
                    "jsonl" => lines(table.json()).into_bytes(),
                    "csv" => table.csv(&heading).into_bytes(),
                    "xlsx" => table.xlsx(view.as_str(), &heading).map_err(|words| {
                        CommandError::usage(format!("the workbook cannot be made: {words}"))
                            .hint("narrow the view, or take --format csv")
                    })?,
                    other => {
                        return Err(CommandError::usage(format!("{other}: no such format"))
                            .hint("jsonl, csv, xlsx, gb7714 or bibtex"));
                    }
                }
            }
        }
    };
    match &arguments.output {
        None => printer.bytes(&bytes)?,
        Some(file) => {
            write_whole(file, &bytes)?;
            printer.say(&format!("{}: {} bytes", file.display(), bytes.len()));
        }
    }
    Ok(Finish::Done)
}

/// The file is there whole or not at all.
fn write_whole(file: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    let mut partial = file.as_os_str().to_owned();
    partial.push(".part");
    let partial = PathBuf::from(partial);
    let written = fs::write(&partial, bytes).and_then(|()| fs::rename(&partial, file));
    written.map_err(|error| {
        let _ = fs::remove_file(&partial);
        CommandError::write(&file.display().to_string(), &error)
    })
}

fn lines(values: impl Iterator<Item = Json>) -> String {
    values.fold(String::new(), |mut out, value| {
        out.push_str(&value.to_string());
        out.push('\n');
        out
    })
}

fn citations(reader: &Reader, arguments: &ExportArguments) -> Result<String, CommandError> {
    let filter = arguments.list.filter()?;
    let mut out = String::new();
    for row in reader.all_entries(&filter, arguments.list.sort()?).map_err(failure)? {
        let Some(view) = reader.entry(&row.key).map_err(failure)? else { continue };
        let own = view.grounds.iter().filter(|known| known.ground.says.is_none());
        for (number, known) in (1..).zip(own) {
            let ground = &known.ground;
            let link = match reader.layer(ground.text).map_err(failure)? {
                Some(layer) => {
                    let points = shiliu_text::CodePoints::new(&layer.text);
                    let first = ground.spans.first().copied().unwrap_or_default();
                    super::permalink(ground.text, &points, first)
                }
                None => String::new(),
            };
            let story = reader.story(&ground.story).map_err(failure)?;
            let headline = story.and_then(|story| story.summary.headline);
            let title = headline.unwrap_or_else(|| ground.quote.clone());
            let mut printing = citation::of_ground(ground, &title, &link);
            let page_no = known.page.as_ref().and_then(|page| page.page_no.clone()).unwrap_or_default();
            printing.page_no = &page_no;
            if arguments.format == "bibtex" {
                out.push_str(&citation::bibtex(&format!("{}-{number}", row.key), &printing));
            } else {
                out.push_str(&format!("[{}-{number}] {}\n", row.key, citation::gb7714(&printing)));
            }
        }
    }
    Ok(out)
}

pub(in crate::cli) fn run_import(
    arguments: &ImportArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    /// Larger tables are no desk's.
    const LARGEST: u64 = 256 << 20;
    let shown = arguments.file.display().to_string();
    let unreadable = |error: &std::io::Error| {
        CommandError::usage(format!("{shown}: cannot be read: {error}"))
            .hint("check the path and its permissions")
    };
    let size = fs::metadata(&arguments.file).map_err(|error| unreadable(&error))?.len();
    let end = arguments.file.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
    if size > LARGEST && end != "jsonl" {
        return Err(CommandError::usage(format!("{shown}: {size} bytes are more than a table may have"))
            .hint("cut it into several files"));
    }
    let bytes = fs::read(&arguments.file).map_err(|error| unreadable(&error))?;
    let archive = arguments.target.open()?;
    match end.as_str() {
        "jsonl" | "ndjson" => import_events(&archive, &shown, &bytes, arguments, printer),
        "csv" | "tsv" | "txt" => {
            let text = String::from_utf8(bytes).map_err(|_| {
                CommandError::usage(format!("{shown}: not UTF-8"))
                    .hint("save it as \"CSV UTF-8\" or as .xlsx")
            })?;
            import_table(&archive, &shown, &read_csv(&text), arguments, printer)
        }
        "xlsx" => {
            let rows = read_xlsx(&bytes).map_err(|words| {
                CommandError::usage(format!("{shown}: cannot be read: {words}"))
                    .hint("save it anew as .xlsx or .csv")
            })?;
            import_table(&archive, &shown, &rows, arguments, printer)
        }
        _ => Err(CommandError::usage(format!("{shown}: no .jsonl, .csv or .xlsx file"))
            .hint("`shiliu export` writes events; a desk's table is saved as .xlsx or .csv")),
    }
}

fn import_events(
    archive: &Archive,
    shown: &str,
    bytes: &[u8],
    arguments: &ImportArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let text = String::from_utf8_lossy(bytes);
    let mut events = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let event = shapes::read_event(line).map_err(|words| {
            CommandError::usage(format!("{shown}:{number}: {words}"))
                .hint("events are what `shiliu export` writes, unchanged")
        })?;
        events.push(event);
    }
    keep_events(archive, &events, arguments, printer)
}

fn keep_events(
    archive: &Archive,
    events: &[KeptEvent],
    arguments: &ImportArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    if arguments.dry_run {
        printer.say(&format!("{} events would be looked at; nothing was kept", events.len()));
        return Ok(Finish::Done);
    }
    let added = archive.writer().and_then(|mut writer| writer.import_events(events)).map_err(failure)?;
    if arguments.target.json {
        printer.json(&Json::object([("events", events.len().into()), ("added", super::number(added))]))?;
    } else {
        printer.say(&format!("{added} of {} events added, the chain holds", events.len()));
    }
    Ok(Finish::Done)
}

/// What a column of a desk's table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Entry,
    Detail(Detail),
    Owner,
    Note,
}

fn column(heading: &str, given: &BTreeMap<String, String>) -> Result<Option<Column>, CommandError> {
    let heading = heading.trim();
    let mapped = given.get(heading);
    let name = match mapped {
        Some(name) => name.clone(),
        None => column_of(heading).unwrap_or_else(|| heading.to_lowercase()),
    };
    let found = match name.as_str() {
        "entry" => Some(Column::Entry),
        "owner" => Some(Column::Owner),
        "note" => Some(Column::Note),
        other => Detail::parse(other).map(Column::Detail),
    };
    if found.is_none() && mapped.is_some() {
        let known: Vec<&str> = Detail::ALL.iter().map(|detail| detail.as_str()).collect();
        return Err(CommandError::usage(format!("{name}: no such detail"))
            .hint(format!("one of {}, owner, note, entry", known.join(", "))));
    }
    Ok(found)
}

fn import_table(
    archive: &Archive,
    shown: &str,
    rows: &[Vec<String>],
    arguments: &ImportArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let mut given = BTreeMap::new();
    for pair in &arguments.columns {
        let (heading, name) = pair.rsplit_once('=').ok_or_else(|| {
            CommandError::usage(format!("{pair}: write HEADING=DETAIL")).hint("--map \"Deadline=due\"")
        })?;
        given.insert(heading.trim().to_owned(), name.trim().to_owned());
    }
    let Some((head, rows)) = rows.split_first() else {
        return Err(
            CommandError::usage(format!("{shown}: an empty table")).hint("its first row names the columns")
        );
    };
    // What `export --view events` wrote as a table is the register itself.
    if let Some(events) = shapes::read_event_table(head, rows) {
        let events = events.map_err(|(number, words)| {
            CommandError::usage(format!("{shown}: row {number}: {words}")).hint(
                "events are what `shiliu export --view events` writes, unchanged; where a cell of a workbook cuts a long one, take .jsonl or .csv",
            )
        })?;
        return keep_events(archive, &events, arguments, printer);
    }
    let columns: Vec<Option<Column>> =
        head.iter().map(|heading| column(heading, &given)).collect::<Result<_, _>>()?;
    if !columns.contains(&Some(Column::Detail(Detail::Words))) {
        return Err(CommandError::usage(format!("{shown}: no column holds the words of the promise"))
            .hint("name it: --map \"HEADING=words\""));
    }
    let passed: Vec<&str> = head
        .iter()
        .zip(&columns)
        .filter(|(_, column)| column.is_none())
        .map(|(name, _)| name.as_str())
        .collect();
    if !passed.is_empty() && !arguments.target.json {
        printer.say(&format!("columns passed over: {}", passed.join(", ")));
    }
    let reader = archive.reader().map_err(failure)?;
    let file = arguments.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut plan = Plan { stamp: arguments.actor.stamp(), ..Plan::default() };
    plan.stamp.via = "import".to_owned();
    for (number, row) in (1u32..).zip(rows) {
        plan.take(&reader, &file, number, &columns, row)?;
    }
    drop(reader);
    for trouble in &plan.troubles {
        printer.say(&one_line(&format!("{shown}: {trouble}")));
    }
    let (entered, changed) = (plan.entered, plan.changed);
    if !arguments.dry_run && !plan.batches.is_empty() {
        let mut writer = archive.writer().map_err(failure)?;
        // Entries first, all or none; what is said of a new one needs its key.
        let mut rests = Vec::with_capacity(plan.batches.len());
        let mut firsts = Vec::with_capacity(plan.batches.len());
        for batch in plan.batches {
            firsts.push(batch.first);
            rests.push(batch.rest);
        }
        let kept = writer.keep_all(firsts).map_err(failure)?;
        let rest = kept.into_iter().zip(rests).flat_map(|(kept, rest)| {
            let subject = kept.subject;
            rest.into_iter().map(move |draft| Draft {
                subject: draft.subject.clone().or_else(|| subject.clone()),
                ..draft
            })
        });
        let rest: Vec<Draft> = rest.collect();
        if !rest.is_empty() {
            writer.keep_all(rest).map_err(failure)?;
        }
    }
    if arguments.target.json {
        printer.json(&Json::object([
            ("rows", rows.len().into()),
            ("entered", entered.into()),
            ("changed", changed.into()),
            ("passed_over", plan.troubles.len().into()),
            ("kept", (!arguments.dry_run).into()),
        ]))?;
    } else {
        let would = if arguments.dry_run { "would be " } else { "" };
        printer
            .say(&format!("{} rows: {entered} {would}entered, {changed} details {would}changed", rows.len()));
    }
    Ok(Finish::with(!plan.troubles.is_empty()))
}

/// An event, and those that need its entry's key.
struct Batch {
    first: Draft,
    rest: Vec<Draft>,
}

/// What a table asks for.
#[derive(Default)]
struct Plan {
    stamp: Stamp,
    batches: Vec<Batch>,
    entered: usize,
    changed: usize,
    troubles: Vec<String>,
}

impl Plan {
    /// One row: a new entry, or changes of one that is here.
    fn take(
        &mut self,
        reader: &Reader,
        file: &str,
        number: u32,
        columns: &[Option<Column>],
        row: &[String],
    ) -> Result<(), CommandError> {
        let mut details = Details::default();
        let mut given: Vec<Detail> = Vec::new();
        let (mut key, mut owner, mut note) = (String::new(), None, String::new());
        for (column, cell) in columns.iter().zip(row) {
            match column {
                Some(Column::Entry) => key = cell.trim().to_owned(),
                Some(Column::Owner) => owner = Some(cell.trim().to_owned()),
                Some(Column::Note) => note = cell.trim().to_owned(),
                Some(Column::Detail(detail)) => {
                    details.set(*detail, cell);
                    given.push(*detail);
                }
                None => {}
            }
        }
        let draft = |subject: Option<&str>, act: Act| Draft {
            stamp: self.stamp.clone(),
            subject: subject.map(str::to_owned),
            item: None,
            act,
        };
        let known = if key.is_empty() { None } else { reader.entry(&key).map_err(failure)? };
        let Some(known) = known else {
            if details.get(Detail::Words).is_empty() {
                self.troubles.push(format!("row {number}: no words of the promise; passed over"));
                return Ok(());
            }
            let mut rest = Vec::new();
            rest.extend(owner.filter(|owner| !owner.is_empty()).map(|owner| draft(None, Act::Own { owner })));
            if !note.is_empty() {
                rest.push(draft(None, Act::Note { text: note }));
            }
            let source = Source::Table { file: file.to_owned(), row: number };
            let first = draft(None, Act::Enter { details, grounds: Vec::new(), source });
            self.batches.push(Batch { first, rest });
            self.entered += 1;
            return Ok(());
        };
        let mut changes: Vec<Draft> = given
            .into_iter()
            .filter(|detail| known.entry.details.get(*detail) != details.get(*detail))
            .map(|detail| draft(Some(&key), Act::Edit { detail, value: details.get(detail).to_owned() }))
            .collect();
        if let Some(owner) = owner
            && known.row.owner.as_deref().unwrap_or_default() != owner
        {
            changes.push(draft(Some(&key), Act::Own { owner }));
        }
        if !note.is_empty() {
            changes.push(draft(Some(&key), Act::Note { text: note }));
        }
        self.changed += changes.len();
        if !changes.is_empty() {
            let first = changes.remove(0);
            self.batches.push(Batch { first, rest: changes });
        }
        Ok(())
    }
}
