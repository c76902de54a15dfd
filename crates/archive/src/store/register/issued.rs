//! Briefs and spot checks, as they were issued and drawn.

use shiliu_ledger::register::{Act, Brief, Draw, Event, Stamp, Verdict, undone};

use super::chain;
use crate::store::{Reader, StoreError};

/// An issued brief in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BriefSummary {
    /// `B-0003`.
    pub key: String,
    /// Who issued it, when, why.
    pub stamp: Stamp,
    /// Title.
    pub title: String,
    /// The day as of which it speaks.
    pub day: String,
    /// How many lines.
    pub lines: u64,
    /// Number of its event.
    pub event: i64,
}

/// A spot check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckView {
    /// `K-0001`.
    pub key: String,
    /// Who drew it, when, why.
    pub stamp: Stamp,
    /// The draw.
    pub draw: Draw,
    /// Of each drawn key the last verdict in force, in the order of the draw: who, verdict, remark.
    pub checked: Vec<Option<(String, Verdict, String)>>,
}

impl Reader {
    /// Briefs that were issued, newest first; those taken back are left out.
    ///
    /// # Errors
    /// What the database gives.
    pub fn briefs(&self) -> Result<Vec<BriefSummary>, StoreError> {
        let mut found = Vec::new();
        for (key, event, brief) in self.issued()? {
            found.push(BriefSummary {
                key,
                stamp: event.stamp,
                title: brief.title,
                day: brief.day,
                lines: brief.lines.len() as u64,
                event: event.number,
            });
        }
        found.reverse();
        Ok(found)
    }

    fn issued(&self) -> Result<Vec<(String, Event, Brief)>, StoreError> {
        let keys: Vec<String> = self.run(|connection| {
            connection
                .prepare_cached("SELECT subject FROM event WHERE verb IN ('submit', 'draw', 'issue') AND verb = 'issue' ORDER BY id")?
                .query_map([], |row| row.get(0))?
                .collect()
        })?;
        let mut found = Vec::new();
        for key in keys {
            if let Some((event, brief)) = self.brief(&key)? {
                found.push((key, event, brief));
            }
        }
        Ok(found)
    }

    /// A brief by its key; `None` where there is none or it was taken back.
    ///
    /// # Errors
    /// What the database gives.
    pub fn brief(&self, key: &str) -> Result<Option<(Event, Brief)>, StoreError> {
        let events = self.run(|connection| chain::on(connection, "subject", key))?;
        let gone = undone(&events);
        Ok(events.into_iter().find_map(|event| match &event.act {
            Act::Issue(brief) if !gone.contains(&event.number) => {
                let brief = brief.clone();
                Some((event, brief))
            }
            _ => None,
        }))
    }

    /// Spot checks, newest first.
    ///
    /// # Errors
    /// What the database gives.
    pub fn checks(&self) -> Result<Vec<CheckView>, StoreError> {
        let keys: Vec<String> = self.run(|connection| {
            connection
                .prepare_cached("SELECT subject FROM event WHERE verb IN ('submit', 'draw', 'issue') AND verb = 'draw' ORDER BY id DESC")?
                .query_map([], |row| row.get(0))?
                .collect()
        })?;
        keys.iter().filter_map(|key| self.check(key).transpose()).collect()
    }

    /// A spot check by its key.
    ///
    /// # Errors
    /// What the database gives.
    pub fn check(&self, key: &str) -> Result<Option<CheckView>, StoreError> {
        let events = self.run(|connection| chain::on(connection, "subject", key))?;
        let gone = undone(&events);
        let mut found: Option<CheckView> = None;
        for event in events.iter().filter(|event| !gone.contains(&event.number)) {
            match (&event.act, &mut found) {
                (Act::Draw(draw), None) => {
                    found = Some(CheckView {
                        key: key.to_owned(),
                        stamp: event.stamp.clone(),
                        checked: vec![None; draw.keys.len()],
                        draw: draw.clone(),
                    });
                }
                (Act::Check { key, verdict }, Some(view)) => {
                    if let Some(place) = view.draw.keys.iter().position(|known| known == key) {
                        let said = (event.stamp.who.clone(), *verdict, event.stamp.why.clone());
                        view.checked[place] = Some(said);
                    }
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// Every key that a spot check may draw from: entries that hold, or records that may be entered.
    ///
    /// # Errors
    /// What the database gives.
    pub fn population(&self, of: &str) -> Result<Vec<String>, StoreError> {
        let query = if of == "entries" {
            "SELECT key FROM entry WHERE taken_back = 0 ORDER BY id"
        } else {
            "SELECT key FROM record WHERE kind = 'commitment' ORDER BY id"
        };
        self.run(|connection| connection.prepare_cached(query)?.query_map([], |row| row.get(0))?.collect())
    }
}
