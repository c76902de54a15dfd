//! Agendas of large registers: the reasons of the ledger's agenda as conditions that the store's indexes answer.

use rusqlite::types::Value as Parameter;
use rusqlite::{Connection, params_from_iter};
use shiliu_ledger::register::{Reason, SILENT_AFTER};
use shiliu_text::Date;

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

impl Reader {
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
