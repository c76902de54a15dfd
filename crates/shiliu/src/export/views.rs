//! Views of the register as tables: what a desk takes into its spreadsheet.

use shiliu_archive::store::{EntryFilter, EntryRow, EntrySort, EntryView, Reader, StoreError};
use shiliu_ledger::register::{Precision, Stamp, Status, crosswalk, totals};
use shiliu_text::CodePoints;

use super::json::Json;
use super::register::tree;
use super::table::{Cell, Table};
use crate::cli::countable;

/// A view that can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// One row an entry.
    Entries,
    /// One row a printing that an entry rests on.
    Evidence,
    /// One row an assessment.
    Assessments,
    /// One row a question, finding, note or step.
    FollowUp,
    /// One row an event.
    Events,
    /// One row a unit.
    Totals,
    /// One row a status.
    Scale,
}

impl View {
    pub(crate) const ALL: [View; 7] = [
        View::Entries,
        View::Evidence,
        View::Assessments,
        View::FollowUp,
        View::Events,
        View::Totals,
        View::Scale,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            View::Entries => "entries",
            View::Evidence => "evidence",
            View::Assessments => "assessments",
            View::FollowUp => "follow-up",
            View::Events => "events",
            View::Totals => "totals",
            View::Scale => "scale",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.as_str() == word)
    }

    /// Its rows, of the entries that pass the filter.
    pub(crate) fn table(
        self,
        reader: &Reader,
        filter: &EntryFilter,
        sort: EntrySort,
        today: &str,
    ) -> Result<Table, StoreError> {
        match self {
            View::Entries => Ok(entries(&reader.all_entries(filter, sort)?, today)),
            View::Totals => Ok(sums(&reader.all_entries(filter, sort)?)),
            View::Scale => Ok(scale()),
            View::Events => events(reader),
            View::Evidence => each(reader, filter, sort, EVIDENCE, evidence),
            View::Assessments => each(reader, filter, sort, ASSESSMENTS, assessments),
            View::FollowUp => each(reader, filter, sort, FOLLOW_UP, follow_up),
        }
    }
}

fn entries(rows: &[EntryRow], today: &str) -> Table {
    let mut table = Table::new(&[
        "entry",
        "words",
        "actors",
        "recipients",
        "amount",
        "unit",
        "due",
        "due_words",
        "due_day",
        "precision",
        "said",
        "area",
        "sector",
        "meeting",
        "status",
        "assessed",
        "overdue",
        "owner",
        "origins",
        "printings",
        "last_evidence",
        "waiting",
        "findings",
        "shaken",
        "counted_as",
        "taken_back",
        "ogp",
        "g20",
        "iati",
        "aiddata",
        "crosswalk_lost",
    ]);
    let yes = |flag: bool| Cell::from(if flag { "yes" } else { "" });
    for row in rows {
        let scale = row.status.as_deref().and_then(Status::parse).and_then(Status::crosswalk);
        let mut cells: Vec<Cell> = [
            row.key.as_str(),
            &row.words,
            &row.actors,
            &row.recipients,
            &row.amount,
            &row.unit,
            &row.due,
            &row.due_words,
        ]
        .into_iter()
        .map(Cell::from)
        .collect();
        cells.push(row.due_day.as_deref().into());
        cells.push(Precision::of(&row.due).as_str().into());
        cells.extend([row.said.as_str(), &row.area, &row.sector, &row.meeting].map(Cell::from));
        cells.push(row.status.as_deref().into());
        cells.push(row.assessed.as_deref().into());
        cells.push(yes(row.is_overdue(today)));
        cells.push(row.owner.as_deref().into());
        cells.push(row.origins.into());
        cells.push(row.printings.into());
        cells.push(row.last_evidence.as_deref().into());
        cells.extend([row.waiting, row.findings, row.shaken].map(Cell::from));
        cells.push(row.speaker.as_str().into());
        cells.push(yes(row.taken_back));
        cells.push(scale.and_then(|row| row.ogp).into());
        cells.push(scale.and_then(|row| row.g20).into());
        cells.push(scale.and_then(|row| row.iati).into());
        cells.push(scale.and_then(|row| row.aiddata).into());
        cells.push(scale.map(|row| row.lost).into());
        table.rows.push(cells);
    }
    table
}

fn sums(rows: &[EntryRow]) -> Table {
    let mut table = Table::new(&["unit", "once", "promises", "every", "statements"]);
    for total in totals(&countable(rows)) {
        table.rows.push(vec![
            total.unit.as_str().into(),
            total.once.as_str().into(),
            (total.promises as u64).into(),
            total.every.as_str().into(),
            (total.statements as u64).into(),
        ]);
    }
    table
}

fn scale() -> Table {
    let mut table = Table::new(&["status", "rule", "ogp", "g20", "iati", "aiddata", "crosswalk_lost"]);
    for row in crosswalk() {
        let cells =
            [Some(row.status.as_str()), Some(row.status.rule()), row.ogp, row.g20, row.iati, row.aiddata];
        table.rows.push(cells.into_iter().chain([Some(row.lost)]).map(Cell::from).collect());
    }
    table
}

fn events(reader: &Reader) -> Result<Table, StoreError> {
    let mut table = Table::new(&[
        "event", "when", "who", "via", "why", "subject", "item", "verb", "body", "previous", "digest",
    ]);
    for event in reader.register_events(0, None)? {
        let body = event.tree().as_ref().map_or(Json::Null, tree).to_string();
        let mut cells = vec![Cell::Number(event.number)];
        let Stamp { who, when, via, why } = &event.stamp;
        cells.extend([when, who, via, why].map(|text| Cell::from(text.as_str())));
        cells.push(event.subject.as_deref().into());
        cells.push(event.item.as_deref().into());
        cells.push(event.verb.as_str().into());
        cells.push(body.as_str().into());
        cells.push(shiliu_text::hex(&event.previous).as_str().into());
        cells.push(shiliu_text::hex(&event.digest).as_str().into());
        table.rows.push(cells);
    }
    Ok(table)
}

type Rows = fn(&Reader, &EntryView) -> Result<Vec<Vec<Cell>>, StoreError>;

fn each(
    reader: &Reader,
    filter: &EntryFilter,
    sort: EntrySort,
    columns: &[&str],
    rows: Rows,
) -> Result<Table, StoreError> {
    let mut table = Table::new(columns);
    for row in reader.all_entries(filter, sort)? {
        if let Some(view) = reader.entry(&row.key)? {
            table.rows.extend(rows(reader, &view)?);
        }
    }
    Ok(table)
}

const EVIDENCE: &[&str] =
    &["entry", "says", "paper", "date", "page", "start", "end", "text", "state", "text_hash", "story"];

fn evidence(reader: &Reader, view: &EntryView) -> Result<Vec<Vec<Cell>>, StoreError> {
    let mut rows = Vec::new();
    for known in &view.grounds {
        let ground = &known.ground;
        let layer = reader.layer(ground.text)?;
        let at = layer.as_ref().zip(ground.spans.first()).map(|(layer, span)| {
            let points = CodePoints::new(&layer.text);
            (points.at_byte(span.start), points.at_byte(span.end))
        });
        let number = |value: Option<u32>| value.map_or(Cell::Empty, |value| Cell::Number(i64::from(value)));
        let state = match known.state {
            shiliu_archive::store::GroundState::Held => "held",
            shiliu_archive::store::GroundState::Changed => "changed",
            shiliu_archive::store::GroundState::Gone => "gone",
        };
        rows.push(vec![
            view.entry.key.as_str().into(),
            ground.says.map(|detail| detail.as_str()).into(),
            ground.paper.as_str().into(),
            ground.day.as_str().into(),
            ground.path.as_str().into(),
            number(at.map(|at| at.0)),
            number(at.map(|at| at.1)),
            ground.quote.as_str().into(),
            state.into(),
            ground.text.to_string().as_str().into(),
            ground.story.as_str().into(),
        ]);
    }
    Ok(rows)
}

const ASSESSMENTS: &[&str] = &[
    "entry",
    "event",
    "day",
    "status",
    "stage",
    "rule",
    "who",
    "when",
    "why",
    "evidence",
    "search",
    "hits",
    "pages",
    "holdings",
    "ogp",
    "g20",
    "iati",
    "aiddata",
    "crosswalk_lost",
];

fn assessments(_: &Reader, view: &EntryView) -> Result<Vec<Vec<Cell>>, StoreError> {
    let one = |known: &shiliu_ledger::register::Dated<shiliu_ledger::register::Assessment>| {
        let value = &known.value;
        let quotes: Vec<String> = value
            .grounds
            .iter()
            .map(|ground| format!("{} {}: {}", ground.paper, ground.day, ground.quote))
            .collect();
        let receipt = value.receipt.as_ref();
        let scale = value.status.crosswalk();
        vec![
            view.entry.key.as_str().into(),
            Cell::Number(known.event),
            value.day.to_string().as_str().into(),
            value.status.as_str().into(),
            value.stage.as_str().into(),
            value.rule.as_str().into(),
            known.stamp.who.as_str().into(),
            known.stamp.when.as_str().into(),
            known.stamp.why.as_str().into(),
            quotes.join(" | ").as_str().into(),
            receipt.map(|receipt| receipt.query.as_str()).into(),
            receipt.map_or(Cell::Empty, |receipt| receipt.hits.into()),
            receipt.map_or(Cell::Empty, |receipt| receipt.pages.into()),
            receipt.map(|receipt| receipt.holdings.as_str()).into(),
            scale.and_then(|row| row.ogp).into(),
            scale.and_then(|row| row.g20).into(),
            scale.and_then(|row| row.iati).into(),
            scale.and_then(|row| row.aiddata).into(),
            scale.map(|row| row.lost).into(),
        ]
    };
    Ok(view.entry.assessments.iter().map(one).collect())
}

const FOLLOW_UP: &[&str] = &["entry", "kind", "event", "day", "who", "with", "text", "state"];

fn follow_up(_: &Reader, view: &EntryView) -> Result<Vec<Vec<Cell>>, StoreError> {
    let entry = &view.entry;
    let row = |kind: &str, event: i64, stamp: &Stamp, with: &str, text: &str, state: &str| {
        vec![
            entry.key.as_str().into(),
            kind.into(),
            Cell::Number(event),
            stamp.when.get(..10).unwrap_or_default().into(),
            stamp.who.as_str().into(),
            with.into(),
            text.into(),
            state.into(),
        ]
    };
    let mut rows = Vec::new();
    for known in &entry.questions {
        let value = &known.value;
        let state = if value.answer.is_some() { "answered" } else { "waiting" };
        rows.push(row("question", known.event, &known.stamp, &value.whom, &value.about, state));
    }
    for known in &entry.findings {
        let value = &known.value;
        let state = if !value.is_open() {
            "checked"
        } else if value.mended.is_some() {
            "mended"
        } else {
            "open"
        };
        rows.push(row("finding", known.event, &known.stamp, &value.mender, &value.problem, state));
    }
    for known in &entry.notes {
        rows.push(row("note", known.event, &known.stamp, "", &known.value, ""));
    }
    for (day, name) in entry.milestones() {
        rows.push(vec![
            entry.key.as_str().into(),
            "step".into(),
            Cell::Empty,
            day.to_string().as_str().into(),
            Cell::Empty,
            Cell::Empty,
            name.into(),
            Cell::Empty,
        ]);
    }
    Ok(rows)
}
