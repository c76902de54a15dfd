//! The entries as a brief sees them.

use std::collections::BTreeMap;

use shiliu_ledger::LinkVerb;
use shiliu_ledger::register::{Act, Brief, Candidate, Detail, Line, Scope, Status};
use shiliu_text::Date;

use super::{EntryFilter, EntrySort};
use crate::store::{Reader, StoreError};

/// Entries of one brief: more are no brief, and none that anybody waits for.
const MOST: u64 = 2000;

impl Reader {
    /// The brief that the record gives now: for a meeting, parties, or everything, as of `today`, against the
    /// brief `since`.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where there is no such brief, or too many entries for one; what the database gives.
    pub fn compose_brief(
        &self,
        title: &str,
        scope: Scope,
        today: Date,
        since: Option<&str>,
    ) -> Result<Brief, StoreError> {
        let before = match since {
            None => None,
            Some(key) => {
                let found = self.brief(key)?;
                Some(found.ok_or_else(|| StoreError::Refused(format!("{key}: there is no such brief")))?.1)
            }
        };
        let mut names: Vec<(String, String)> =
            scope.parties.iter().map(|party| ("party".to_owned(), party.clone())).collect();
        if !scope.meeting.is_empty() {
            names.push(("meeting".to_owned(), scope.meeting.clone()));
        }
        let filter = EntryFilter { names, ..EntryFilter::default() };
        let count = self.count_entries(&filter)?;
        if count > MOST {
            return Err(StoreError::Refused(format!(
                "{count} entries are too many for one brief: name a meeting or a party"
            )));
        }
        let rows = self.all_entries(&filter, EntrySort::Key)?;
        let amounts: BTreeMap<String, String> = rows
            .iter()
            .map(|row| (row.key.clone(), format!("{} {}", row.amount, row.unit).trim().to_owned()))
            .collect();
        let mut candidates = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(view) = self.entry(&row.key)? else { continue };
            let entry = &view.entry;
            let mut remarks = Vec::new();
            let mut disagrees = false;
            // Printings of one sentence that give different numbers, or entries that contradict each other.
            let quotes: Vec<&str> = view
                .grounds
                .iter()
                .filter(|known| known.ground.says == Some(Detail::Amount))
                .map(|known| known.ground.quote.as_str())
                .collect();
            if quotes.iter().any(|quote| digits(quote) != digits(quotes[0])) {
                disagrees = true;
                let mut different: Vec<&str> = quotes.clone();
                different.sort_unstable();
                different.dedup();
                remarks.push(different.join(" / "));
            }
            let mut restated = None;
            let both = entry
                .relations
                .iter()
                .map(|known| (known.value.0, &known.value.1))
                .chain(view.behind.iter().map(|(verb, key)| (*verb, key)));
            for (verb, other) in both {
                match verb {
                    LinkVerb::Contradicts => {
                        disagrees = true;
                        let amount = amounts.get(other).map(String::as_str).unwrap_or_default();
                        remarks.push(format!("\u{2260} {other} {amount}").trim().to_owned());
                    }
                    LinkVerb::Restates | LinkVerb::Revises => {
                        remarks.push(format!("{} {other}", verb.as_str()));
                    }
                    _ => {}
                }
            }
            let links = view.history.iter().filter(|(event, undone)| {
                !undone
                    && matches!(event.act, Act::Relate { verb: LinkVerb::Restates | LinkVerb::Revises, .. })
            });
            restated = links.map(|(event, _)| event.number).max().or(restated);
            let status = entry.status();
            let line = Line {
                sections: Vec::new(),
                entry: row.key.clone(),
                words: row.words.clone(),
                actors: row.actors.clone(),
                recipients: row.recipients.clone(),
                due: row.due.clone(),
                due_words: row.due_words.clone(),
                amount: amounts.get(&row.key).cloned().unwrap_or_default(),
                status: row.status.clone().unwrap_or_default(),
                assessed: row.assessed.clone().unwrap_or_default(),
                owner: row.owner.clone().unwrap_or_default(),
                last_evidence: row.last_evidence.clone().unwrap_or_default(),
                remarks,
                grounds: entry
                    .grounds
                    .iter()
                    .filter(|ground| ground.says.is_none())
                    .chain(entry.assessment().into_iter().flat_map(|known| &known.value.grounds))
                    .cloned()
                    .collect(),
            };
            candidates.push(Candidate {
                line: Some(line),
                due_day: entry.due_day(),
                closed: status.is_some_and(Status::is_closed),
                suspended: status == Some(Status::Suspended),
                restated,
                entered: entry.entered.event,
                disagrees,
            });
        }
        let events = self.register_head()?.map_or(0, |(number, _)| number);
        let since = since.zip(before.as_ref());
        Ok(Brief::compose(title, scope, today, events, since, candidates))
    }
}

/// What is left of a printed amount without layout: white space says nothing.
fn digits(quote: &str) -> String {
    quote.chars().filter(|c| !c.is_whitespace()).collect()
}
