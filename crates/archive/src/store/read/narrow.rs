//! Which records pass a filter. Of several conditions the one that the fewest records meet is asked of the indexes, the
//! others of each record that it gives; what more records pass than anybody looks through is not counted to the end.

use rusqlite::types::Value as Parameter;
use rusqlite::{Connection, params, params_from_iter};

use super::records::{RecordFilter, RecordSort};
use super::stories::Conditions;
use super::{Paging, natural};
use crate::store::derived::tally::{DELIVERED, DUE, PROMISED};
use crate::store::search::phrase;
use crate::store::search::terms::terms;

/// Records that are counted: of more it is said that there are more.
pub(super) const COUNTED: usize = 5000;

/// Fields that name bodies.
const BODY_FACETS: &str = "'name', 'parent', 'host', 'actors', 'participants', 'names'";

/// What passes a filter that asks for more than kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) enum Passing {
    /// These, in no order of use.
    All(Vec<i64>),
    /// More than are counted.
    Many,
}

/// What passed the filter that was asked for last.
pub(in crate::store) type PassingRecords = std::cell::RefCell<Option<(RecordFilter, Passing)>>;

/// Where a search begins.
enum Lead<'f> {
    /// Words, by their index.
    Text(String),
    /// Words of a facet.
    Term(&'f str, &'f str),
    /// A body, in any facet that names bodies.
    Body(&'f str),
    /// The table, or its index by kind.
    Table,
}

/// The conditions of a filter, each asked of the record itself. On a walk in order no index but that of the order is of
/// use: what another one gives would have to be sorted. Kinds have indexes of their own in most orders (`by_kind`).
fn conditions(filter: &RecordFilter, in_order: bool, by_kind: bool) -> Conditions {
    let mut conditions = Conditions::default();
    let text = |text: &str| Parameter::Text(text.to_owned());
    if !filter.kinds.is_empty() {
        let slots = vec!["?"; filter.kinds.len()].join(", ");
        let kinds = filter.kinds.iter().map(|kind| text(kind.as_str()));
        let plus = if in_order && !by_kind { "+" } else { "" };
        conditions.add(&format!("{plus}record.kind IN ({slots})"), kinds);
    }
    for (facet, word) in &filter.facets {
        conditions.add(
            "EXISTS (SELECT 1 FROM term WHERE record = record.id AND facet = ? AND word = ?)",
            [text(facet), text(word)],
        );
    }
    if let Some(body) = &filter.body {
        conditions.add(
            &format!(
                "EXISTS (SELECT 1 FROM term WHERE record = record.id AND facet IN ({BODY_FACETS}) AND word = ?)"
            ),
            [text(body)],
        );
    }
    conditions.text(
        "EXISTS (SELECT 1 FROM term WHERE record = record.id AND facet = 'paper' AND word = ?)",
        filter.paper.as_ref(),
    );
    if let Some(origins) = filter.origins {
        conditions.add("record.origins >= ?", [Parameter::Integer(i64::from(origins))]);
    }
    conditions.text("instr(record.haystack, ?)", filter.text.as_ref());
    let plus = if in_order { "+" } else { "" };
    conditions.text(&format!("{plus}record.day >= ?"), filter.from.as_ref());
    conditions.text(&format!("{plus}record.day <= ?"), filter.to.as_ref());
    if filter.deadline {
        conditions.add("record.deadline IS NOT NULL", []);
    }
    if filter.promises {
        conditions.add(PROMISED, []);
    }
    if filter.undated {
        conditions.add("record.deadline IS NULL", []);
    }
    if let Some(due) = &filter.due {
        let not = if due.kept { "" } else { "NOT" };
        let deadlines = serde_json::to_string(&due.deadlines).unwrap_or_default();
        conditions.add(
            &format!(
                "{PROMISED} AND {DUE} AND record.deadline IN (SELECT value FROM json_each(?)) AND {not} {DELIVERED}"
            ),
            [Parameter::Text(deadlines)],
        );
    }
    if let Some(flag) = &filter.flag {
        conditions
            .add("record.flags <> '' AND instr(' ' || record.flags || ' ', ' ' || ? || ' ')", [text(flag)]);
    }
    if filter.once {
        conditions.add("record.same = record.id", []);
    }
    conditions
}

/// The condition that the fewest records meet, as far as that is counted.
fn lead<'f>(connection: &Connection, filter: &'f RecordFilter) -> rusqlite::Result<Lead<'f>> {
    /// Beyond this it hardly matters which one leads.
    const WEIGHED: i64 = 20_000;
    let mut kinds = 0;
    for kind in &filter.kinds {
        let n: i64 = connection
            .prepare_cached(
                "SELECT coalesce(max(n), 0) FROM tally WHERE once = 0 AND facet = 'kind' AND kind = ?1",
            )?
            .query_row([kind.as_str()], |row| row.get(0))?;
        kinds += n;
    }
    let mut best = (if filter.kinds.is_empty() { i64::MAX } else { kinds }, Lead::Table);
    let mut weigh = |count: i64, lead: Lead<'f>| {
        if count < best.0 {
            best = (count, lead);
        }
    };
    if let Some(words) = filter.text.as_ref().filter(|words| !terms(words).is_empty()) {
        let expression = phrase(words);
        let count = connection
            .prepare_cached(
                "SELECT count(*) FROM (SELECT 1 FROM record_index WHERE record_index MATCH ?1 LIMIT ?2)",
            )?
            .query_row(params![expression, WEIGHED], |row| row.get(0))?;
        weigh(count, Lead::Text(expression));
    }
    let named = filter.facets.iter().map(|(facet, word)| (facet.as_str(), word.as_str()));
    for (facet, word) in named.chain(filter.paper.iter().map(|paper| ("paper", paper.as_str()))) {
        let count = connection
            .prepare_cached(
                "SELECT count(*) FROM (SELECT 1 FROM term WHERE facet = ?1 AND word = ?2 LIMIT ?3)",
            )?
            .query_row(params![facet, word, WEIGHED], |row| row.get(0))?;
        weigh(count, Lead::Term(facet, word));
    }
    if let Some(body) = &filter.body {
        let count = connection
            .prepare_cached(&format!(
                "SELECT count(*) FROM (SELECT 1 FROM term WHERE facet IN ({BODY_FACETS}) AND word = ?1 LIMIT ?2)"
            ))?
            .query_row(params![body, WEIGHED], |row| row.get(0))?;
        weigh(count, Lead::Body(body));
    }
    Ok(best.1)
}

/// Which records pass.
pub(super) fn passing(connection: &Connection, filter: &RecordFilter) -> rusqlite::Result<Passing> {
    let conditions = conditions(filter, false, true);
    let also = conditions.clause().replacen("WHERE", "AND", 1);
    let mut values: Vec<Parameter> = Vec::new();
    let from = match lead(connection, filter)? {
        Lead::Text(expression) => {
            values.push(Parameter::Text(expression));
            format!(
                "FROM record_index CROSS JOIN record ON record.id = record_index.rowid
                 WHERE record_index MATCH ? {also}"
            )
        }
        Lead::Term(facet, word) => {
            values.extend([facet, word].map(|text| Parameter::Text(text.to_owned())));
            format!(
                "FROM term AS leading CROSS JOIN record ON record.id = leading.record
                 WHERE leading.facet = ? AND leading.word = ? {also}"
            )
        }
        Lead::Body(body) => {
            values.push(Parameter::Text(body.to_owned()));
            format!(
                "FROM (SELECT DISTINCT record FROM term WHERE facet IN ({BODY_FACETS}) AND word = ?) AS leading
                 CROSS JOIN record ON record.id = leading.record WHERE true {also}"
            )
        }
        Lead::Table => format!("FROM record WHERE true {also}"),
    };
    values.extend(conditions.values);
    let most = i64::try_from(COUNTED + 1).unwrap_or(i64::MAX);
    values.push(Parameter::Integer(most));
    let ids: Vec<i64> = connection
        .prepare_cached(&format!("SELECT record.id {from} LIMIT ?"))?
        .query_map(params_from_iter(&values), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(if ids.len() > COUNTED { Passing::Many } else { Passing::All(ids) })
}

/// Numbers as the database takes a list.
pub(super) fn listed(ids: &[i64]) -> Parameter {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    Parameter::Text(format!("[{}]", ids.join(",")))
}

/// The rows of one part of a list, in order; `many` says whether more pass than are counted.
pub(super) fn ordered(
    connection: &Connection,
    filter: &RecordFilter,
    (passing, many): (Option<&Passing>, bool),
    sort: RecordSort,
    paging: Paging,
) -> rusqlite::Result<Vec<i64>> {
    let order = match sort {
        RecordSort::Place => "record.id",
        RecordSort::Weight => "record.weight, record.id",
        RecordSort::Newest => "record.day IS NULL, record.day DESC, record.id",
        RecordSort::Origins => "record.origins DESC, record.printings DESC, record.id",
        RecordSort::Deadline if filter.deadline => "record.deadline, record.id",
        RecordSort::Deadline => "record.deadline IS NULL, record.deadline, record.id",
    };
    // Few are sorted; what very many pass is met on a walk in order.
    let (from, mut values) = match passing {
        Some(Passing::All(ids)) => (
            "json_each(?) AS given CROSS JOIN record ON record.id = given.value".to_owned(),
            vec![listed(ids)],
        ),
        _ => {
            let ordered = !matches!(sort, RecordSort::Deadline | RecordSort::Origins);
            let by_kind = filter.kinds.len() < 2 && !filter.deadline && ordered;
            let conditions = conditions(filter, many, by_kind);
            (format!("record {}", conditions.clause()), conditions.values)
        }
    };
    values.push(Parameter::Integer(paging.limit()));
    values.push(Parameter::Integer(i64::from(paging.offset)));
    connection
        .prepare_cached(&format!("SELECT record.id FROM {from} ORDER BY {order} LIMIT ? OFFSET ?"))?
        .query_map(params_from_iter(&values), |row| row.get(0))?
        .collect()
}

impl Passing {
    /// How many there are, and whether there are more.
    pub(super) fn total(&self) -> (u64, bool) {
        match self {
            Passing::All(ids) => (ids.len() as u64, false),
            Passing::Many => (natural(i64::try_from(COUNTED).unwrap_or(0)), true),
        }
    }
}
