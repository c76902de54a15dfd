//! Agendas of large registers: the reasons of the ledger's agenda as conditions that the store's indexes answer.

use rusqlite::types::Value as Parameter;
use rusqlite::{Connection, params_from_iter};
use shiliu_ledger::register::{Entry, Reason, SILENT_AFTER};
use shiliu_text::Date;

use super::chain;
use super::read::{COLUMNS, EntryRow, entry_row};
use crate::store::read::natural;
use crate::store::{Reader, StoreError};

/// Why entries stand on an agenda: how many, and the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaPart {
    /// Why.
    pub reason: Reason,
    /// How many.
    pub count: u64,
    /// The first ones, by due date.
    pub rows: Vec<EntryRow>,
}

/// The condition of a reason (`+` keeps the database from an index that would be read whole), as [`shiliu_ledger::register::Agenda`] has it; a test holds the two together.
fn reason_condition(
    reason: Reason,
    today: Date,
    last: Option<Date>,
    next: Option<Date>,
) -> (&'static str, Vec<Parameter>) {
    let day = |day: Date| Parameter::Text(day.to_string());
    match reason {
        Reason::Overdue => ("coalesce(due_day, '~') < ? AND +settled = 0", vec![day(today)]),
        Reason::DueBefore => match next {
            Some(next) => (
                "coalesce(due_day, '~') >= ? AND coalesce(due_day, '~') <= ? AND +settled = 0",
                vec![day(today), day(next)],
            ),
            None => ("0", Vec::new()),
        },
        Reason::Revised => match last {
            Some(last) => ("revised > ? AND +settled = 0", vec![day(last)]),
            None => ("revised IS NOT NULL AND +settled = 0", Vec::new()),
        },
        Reason::Unanswered => ("late_answer < ? AND +settled = 0", vec![day(today)]),
        Reason::Finding => ("findings > 0", Vec::new()),
        Reason::NoOwner => ("owner IS NULL AND settled = 0", Vec::new()),
        Reason::NoDate => ("coalesce(due_day, '~') = '~' AND +settled = 0", Vec::new()),
        Reason::Silent => {
            let since = today.plus_days(-SILENT_AFTER).unwrap_or(today);
            ("last_evidence < ? AND +settled = 0", vec![day(since)])
        }
    }
}

fn agenda(
    connection: &Connection,
    (today, last, next): (Date, Option<Date>, Option<Date>),
    owner: Option<&str>,
    most: u32,
) -> rusqlite::Result<Vec<AgendaPart>> {
    const SORTED: i64 = 2000;
    let mut parts = Vec::new();
    for reason in Reason::ALL {
        let (condition, mut values) = reason_condition(reason, today, last, next);
        let owned = match owner {
            None => "",
            Some("-") => "AND owner IS NULL",
            Some(owner) => {
                values.push(Parameter::Text(owner.to_owned()));
                "AND owner = ?"
            }
        };
        let clause = format!("WHERE taken_back = 0 AND {condition} {owned}");
        let count: i64 = connection
            .prepare_cached(&format!("SELECT count(*) FROM entry {clause}"))?
            .query_row(params_from_iter(&values), |row| row.get(0))?;
        values.push(Parameter::Integer(i64::from(most)));
        // Few rows are found by their own index and sorted; of very many the first ones by the order's.
        let order = if count <= SORTED { "+coalesce(due_day, '~')" } else { "coalesce(due_day, '~')" };
        let rows = if count == 0 {
            Vec::new()
        } else {
            connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM entry {clause} ORDER BY {order}, entry.id LIMIT ?"
                ))?
                .query_map(params_from_iter(&values), entry_row)?
                .collect::<rusqlite::Result<_>>()?
        };
        parts.push(AgendaPart { reason, count: natural(count), rows });
    }
    Ok(parts)
}

/// An open entry with a due date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// Its row.
    pub row: EntryRow,
    /// When it was last acted on (RFC 3339).
    pub changed: String,
    /// The steps of its plan with their days.
    pub steps: Vec<(Date, String)>,
}

fn dated(connection: &Connection, owner: Option<&str>, most: u32) -> rusqlite::Result<Vec<Dated>> {
    let owned = match owner {
        None => "",
        Some("-") => "AND owner IS NULL",
        Some(_) => "AND owner = ?2",
    };
    let owner = owner.filter(|owner| *owner != "-");
    let mut values = vec![Parameter::Integer(i64::from(most))];
    values.extend(owner.map(|owner| Parameter::Text(owner.to_owned())));
    let ids: Vec<i64> = connection
        .prepare_cached(&format!(
            "SELECT id FROM entry INDEXED BY by_entry_marks
             WHERE taken_back = 0 AND settled = 0 AND due_day IS NOT NULL {owned} ORDER BY due_day, id LIMIT ?1"
        ))?
        .query_map(params_from_iter(&values), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut one = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, coalesce((SELECT made FROM event WHERE event.id = last_event), ''),
                EXISTS (SELECT 1 FROM event WHERE subject = entry.key AND verb = 'plan')
         FROM entry WHERE id = ?1"
    ))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let (row, changed, planned) = one.query_row([id], |row| {
            let after = row.as_ref().column_count();
            Ok((entry_row(row)?, row.get(after - 2)?, row.get::<_, bool>(after - 1)?))
        })?;
        // Most entries have no plan: their events need not be read.
        let events = if planned { chain::on(connection, "subject", &row.key)? } else { Vec::new() };
        let entry = Entry::fold(&row.key, &events);
        let steps = entry.iter().flat_map(Entry::milestones).map(|(day, name)| (day, name.to_owned()));
        let steps = steps.collect();
        found.push(Dated { row, changed, steps });
    }
    Ok(found)
}

impl Reader {
    /// Open entries with a due date and the steps of their plans, those due first: at most `most`. `owner` narrows it
    /// (`-` for nobody).
    ///
    /// # Errors
    /// What the database gives.
    pub fn dated(&self, owner: Option<&str>, most: u32) -> Result<Vec<Dated>, StoreError> {
        self.run(|connection| dated(connection, owner, most))
    }

    /// The agenda of a review as of `today`, for the time since `last` and until `next`: of each reason how many
    /// entries, and at most `most` of them. `owner` narrows it (`-` for nobody).
    ///
    /// # Errors
    /// What the database gives.
    pub fn agenda(
        &self,
        today: Date,
        last: Option<Date>,
        next: Option<Date>,
        owner: Option<&str>,
        most: u32,
    ) -> Result<Vec<AgendaPart>, StoreError> {
        self.run(|connection| agenda(connection, (today, last, next), owner, most))
    }

    /// How many open entries each owner has; `-` for nobody.
    ///
    /// # Errors
    /// What the database gives.
    pub fn open_by_owner(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.run(|connection| {
            connection
                .prepare_cached(
                    "SELECT name, n FROM entry_count WHERE facet = 'open owner' AND n > 0 ORDER BY name",
                )?
                .query_map([], |row| Ok((row.get(0)?, natural(row.get(1)?))))?
                .collect()
        })
    }
}
