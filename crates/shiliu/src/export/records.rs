//! Records of the ledger as a table: what a reader takes away to code, each with the characters that say it first.

use std::collections::BTreeMap;
use std::sync::Arc;

use shiliu_archive::store::{
    EvidenceView, FieldValue, Paging, Reader, RecordFilter, RecordSort, RecordSummary, StoreError,
};
use shiliu_text::{CodePoints, TextId};

use super::table::{Cell, Table};
use crate::web::permalink;

/// Rows of one file; a spreadsheet takes no more than ten times as many.
pub(crate) const MOST: u64 = 100_000;

/// Columns before the fields of the records.
const BEFORE: &[&str] = &["record", "kind", "words", "day", "origins", "printings", "flags"];
/// Columns behind them.
const BEHIND: &[&str] =
    &["paper", "date", "page", "start", "end", "text", "text_hash", "link", "story", "rule"];

/// The records that pass a filter, in an order: one row each, with a column for each field that one of them has.
///
/// # Errors
/// What the database gives.
pub(crate) fn table(reader: &Reader, filter: &RecordFilter, sort: RecordSort) -> Result<Table, StoreError> {
    let mut records = Vec::new();
    loop {
        let offset = u32::try_from(records.len()).unwrap_or(u32::MAX);
        let found = reader.records(filter, sort, Paging { offset, limit: 500 })?;
        let done = found.rows.is_empty();
        records.extend(found.rows);
        if done || records.len() as u64 >= MOST {
            break;
        }
    }
    let mut fields: Vec<String> = Vec::new();
    for (name, value) in records.iter().flat_map(|record| &record.fields) {
        for (column, _) in columns(name, value) {
            if !fields.contains(&column) {
                fields.push(column);
            }
        }
    }
    let names = BEFORE.iter().copied().chain(fields.iter().map(String::as_str)).chain(BEHIND.iter().copied());
    let mut table = Table::new(&names.collect::<Vec<_>>());
    let mut texts: BTreeMap<TextId, Option<Arc<str>>> = BTreeMap::new();
    for record in &records {
        let mut row: Vec<Cell> = vec![
            record.key.as_str().into(),
            record.kind.as_str().into(),
            record.label.as_str().into(),
            record.date.as_deref().into(),
            record.origins.into(),
            record.printings.into(),
            record.flags.join("; ").as_str().into(),
        ];
        let known: BTreeMap<String, String> =
            record.fields.iter().flat_map(|(name, value)| columns(name, value)).collect();
        row.extend(fields.iter().map(|name| Cell::from(known.get(name).map(String::as_str))));
        let first = reader.first_evidence(&record.key)?;
        row.extend(place(reader, &mut texts, record, first.as_ref())?);
        table.rows.push(row);
    }
    Ok(table)
}

/// A value as cells: a list in one, the parts of a map in one each.
fn columns(name: &str, value: &FieldValue) -> Vec<(String, String)> {
    match value {
        FieldValue::Null => Vec::new(),
        FieldValue::Map(parts) => {
            let part = |(part, value): &(String, FieldValue)| columns(&format!("{name}_{part}"), value);
            parts.iter().flat_map(part).collect()
        }
        other => vec![(name.to_owned(), plain(other))],
    }
}

fn plain(value: &FieldValue) -> String {
    match value {
        FieldValue::Null => String::new(),
        FieldValue::Text(text) => text.clone(),
        FieldValue::Integer(number) => number.to_string(),
        FieldValue::List(values) => values.iter().map(plain).collect::<Vec<_>>().join("; "),
        FieldValue::Map(parts) => parts
            .iter()
            .map(|(name, value)| format!("{name}={}", plain(value)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// Where the first printing says it, in code points of the page, and its characters.
fn place(
    reader: &Reader,
    texts: &mut BTreeMap<TextId, Option<Arc<str>>>,
    record: &RecordSummary,
    first: Option<&EvidenceView>,
) -> Result<Vec<Cell>, StoreError> {
    let mut cells = vec![Cell::Empty; BEHIND.len() - 2];
    if let Some(first) = first {
        let id = first.page.text;
        if !texts.contains_key(&id) {
            // Pages come one after the other: the text of the last one is enough.
            texts.clear();
            texts.insert(id, reader.layer(id)?.map(|layer| layer.text));
        }
        let parts = texts.get(&id).cloned().flatten().map_or_else(Vec::new, |text| {
            let points = CodePoints::new(&text);
            first.spans.iter().map(|span| (points.at_byte(span.start), points.at_byte(span.end))).collect()
        });
        let number = |at: Option<u32>| at.map_or(Cell::Empty, |at| Cell::Number(i64::from(at)));
        cells = vec![
            first.page.paper.as_deref().into(),
            first.page.date.as_deref().into(),
            first.page.path.as_str().into(),
            number(parts.first().map(|part| part.0)),
            number(parts.first().map(|part| part.1)),
            first.text.as_str().into(),
            id.to_string().as_str().into(),
            permalink(id, &parts).as_str().into(),
        ];
    }
    cells.push(record.story.as_str().into());
    cells.push(record.rule.as_str().into());
    Ok(cells)
}
