//! The register on disk: events that are only ever added, chained, and the tables projected from them.

mod agenda;
mod briefing;
mod chain;
mod decide;
mod encode;
mod enter;
mod issued;
mod letters;
mod project;
mod queue;
mod read;
mod receipt;
mod substrings;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use shiliu_ledger::register::{Act, Entry, Event, Stamp, refusal};

pub use agenda::{AgendaPart, Dated};
pub use chain::KeptEvent;
pub(super) use chain::verify;
pub use decide::{Answer, Consequence, Settled};
pub use enter::Suggestion;
pub use issued::{BriefSummary, CheckView};
pub use letters::Letter;
pub(super) use project::{after_reading, count_open, queue as make_queue};
pub use queue::{Item, ItemFilter, ItemKind, ItemSummary, QueueCounts, Sight};
pub use read::{EntryFacet, EntryFilter, EntryRow, EntrySort, EntryView, GroundState, GroundView};
pub(super) use substrings::fill as index_words;

use super::{StoreError, Writer};

/// How far a clock may stand behind the last event before it counts as wrong, in seconds.
const SLACK: i64 = 120;

/// An act to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// By whom, when, why.
    pub stamp: Stamp,
    /// What it is about; an act that makes something new (an entry, a brief, a check) gets its key here.
    pub subject: Option<String>,
    /// The review item that it decides.
    pub item: Option<String>,
    /// What is done.
    pub act: Act,
}

/// An act that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Number of the event.
    pub number: i64,
    /// What it is about.
    pub subject: Option<String>,
}

/// A refusal in words, or what the database gives.
enum Trouble {
    Refused(String),
    Database(rusqlite::Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Trouble {
        Trouble::Database(error)
    }
}

fn refused<T>(words: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::Refused(words.into()))
}

impl Writer {
    /// Keeps one act: it is on the disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the act cannot be kept, in one sentence; what the database gives.
    pub fn keep(&mut self, draft: Draft) -> Result<Kept, StoreError> {
        let mut kept = self.keep_all(vec![draft])?;
        kept.pop().ok_or_else(|| StoreError::Refused("nothing to keep".to_owned()))
    }

    /// Keeps several acts, one event each; all of them or, where one is refused, none.
    ///
    /// # Errors
    /// As [`Writer::keep`].
    pub fn keep_all(&mut self, drafts: Vec<Draft>) -> Result<Vec<Kept>, StoreError> {
        self.in_transaction(|connection| drafts.into_iter().map(|draft| append(connection, draft)).collect())
    }

    /// Adds events that were exported from a register, after those that are here. Events that are here already are
    /// passed over; a register that went another way is refused. Gives how many were added.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the events do not continue the chain or were changed; what the database gives.
    pub fn import_events(&mut self, events: &[KeptEvent]) -> Result<u64, StoreError> {
        self.in_transaction(|connection| import(connection, events))
    }

    /// Makes every table that follows from the events again, and what lists keep ready of the reading: orders, numbers,
    /// the index of records, the queue.
    ///
    /// # Errors
    /// What the database gives.
    pub fn project_register(&mut self) -> Result<(), StoreError> {
        self.in_transaction(|connection| {
            super::derived::tally::write(connection)?;
            Ok(project::all(connection)?)
        })
    }

    fn in_transaction<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, Trouble>,
    ) -> Result<T, StoreError> {
        let file = self.archive.file.clone();
        let fault = |error| StoreError::of_database(&file, error);
        // What a person decided is on the disk before we say that it is kept.
        self.connection.pragma_update(None, "synchronous", "FULL").map_err(fault)?;
        let done = (|| -> Result<T, Trouble> {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })();
        self.connection.pragma_update(None, "synchronous", "NORMAL").map_err(fault)?;
        done.map_err(|trouble| match trouble {
            Trouble::Refused(words) => StoreError::Refused(words),
            Trouble::Database(error) => fault(error),
        })
    }
}

/// The prefix under which an act makes something new.
fn makes(act: &Act) -> Option<char> {
    match act {
        Act::Enter { .. } => Some('C'),
        Act::Issue(_) => Some('B'),
        Act::Draw(_) => Some('K'),
        _ => None,
    }
}

/// The next key: one more than any that was ever given.
fn next_key(connection: &Connection, prefix: char) -> rusqlite::Result<String> {
    let verb = match prefix {
        'B' => "issue",
        'K' => "draw",
        _ => {
            let last: i64 = connection
                .prepare_cached("SELECT coalesce(max(id), 0) FROM entry")?
                .query_row([], |row| row.get(0))?;
            return Ok(format!("C-{:04}", last + 1));
        }
    };
    let last: i64 = connection
        .prepare_cached(
            "SELECT coalesce(max(CAST(substr(subject, 3) AS INTEGER)), 0) FROM event WHERE verb = ?1",
        )?
        .query_row([verb], |row| row.get(0))?;
    Ok(format!("{prefix}-{:04}", last + 1))
}

fn append(connection: &Connection, mut draft: Draft) -> Result<Kept, Trouble> {
    if draft.stamp.who.trim().is_empty() {
        return refused("an act needs the name of who does it");
    }
    let head = chain::head(connection)?;
    if let Some((number, _, made)) = &head {
        check_clock(&draft.stamp.when, *number, made)?;
    }
    check(connection, &mut draft)?;
    let number = head.as_ref().map_or(1, |(number, ..)| number + 1);
    let previous = head.map_or([0; 32], |(_, digest, _)| digest);
    let Draft { stamp, subject, item, act } = draft;
    let event = Event { number, stamp, subject, item, act };
    let kept = KeptEvent::of(&event, previous);
    chain::insert(connection, &kept)?;
    project(connection, &event)?;
    Ok(Kept { number, subject: event.subject })
}

fn project(connection: &Connection, event: &Event) -> rusqlite::Result<()> {
    if let Some(subject) = &event.subject {
        project::entry(connection, subject)?;
    }
    if let Some(item) = &event.item {
        project::item(connection, item)?;
    }
    Ok(())
}

fn check_clock(when: &str, number: i64, made: &str) -> Result<(), Trouble> {
    let (Ok(now), Ok(last)) = (when.parse::<jiff::Timestamp>(), made.parse::<jiff::Timestamp>()) else {
        return if when.parse::<jiff::Timestamp>().is_ok() {
            Ok(())
        } else {
            refused(format!("`{when}` is no time: it is kept as 2031-06-17T08:30:00Z"))
        };
    };
    if now.as_second() + SLACK < last.as_second() {
        return refused(format!(
            "the clock shows {when}, but event {number} was made at {made}: set the clock right, then do it again"
        ));
    }
    Ok(())
}

/// Whether the act can be kept; gives a new thing its key, and an undo what its event was about.
fn check(connection: &Connection, draft: &mut Draft) -> Result<(), Trouble> {
    if let Some(prefix) = makes(&draft.act) {
        draft.subject = Some(next_key(connection, prefix)?);
    }
    match &draft.act {
        Act::Undo { event } => {
            let Some(target) = chain::one(connection, *event)? else {
                return refused(format!("there is no event {event}"));
            };
            let undoes = format!("{{\"event\":{event}}}");
            let taken = connection
                .prepare_cached(
                    "SELECT id FROM event WHERE verb = 'undo' AND body = ?1 ORDER BY id DESC LIMIT 1",
                )?
                .query_row([undoes], |row| row.get::<_, i64>(0))
                .optional()?;
            // The last undo of it counts, unless it was undone in its turn.
            if let Some(by) = taken
                && !is_undone(connection, by)?
            {
                return refused(format!("event {event} was undone already, by {by}"));
            }
            draft.subject = target.subject;
            draft.item = target.item;
            Ok(())
        }
        Act::Decide(_) => {
            if draft.item.is_none() {
                return refused("a decision needs the item that it decides");
            }
            Ok(())
        }
        Act::Submit { from, text, .. } => {
            if from.trim().is_empty() || text.trim().is_empty() {
                return refused("say what is wrong, and who says it");
            }
            Ok(())
        }
        Act::Draw(draw) if draw.keys.is_empty() => refused("there is nothing to draw from"),
        Act::Draw(_) | Act::Issue(_) => Ok(()),
        Act::Check { key, .. } => {
            let subject = draft.subject.as_deref().unwrap_or_default();
            let drawn = chain::on(connection, "subject", subject)?.into_iter().any(|event| match event.act {
                Act::Draw(draw) => draw.keys.contains(key),
                _ => false,
            });
            if drawn { Ok(()) } else { refused(format!("{key} was not drawn in {subject}")) }
        }
        act => {
            let subject = draft.subject.as_deref().unwrap_or_default();
            let events = chain::on(connection, "subject", subject)?;
            let entry = Entry::fold(subject, &events);
            if let Some(words) = refusal(entry.as_ref(), act) {
                let named = if subject.is_empty() { String::new() } else { format!("{subject}: ") };
                return refused(format!("{named}{words}"));
            }
            if let Act::Relate { other, .. } = act
                && Entry::fold(other, &chain::on(connection, "subject", other)?).is_none()
            {
                return refused(format!("{other}: there is no such entry"));
            }
            if let Act::Enter { grounds, .. } = act {
                for ground in grounds {
                    check_ground(connection, ground)?;
                }
            }
            if let Act::Support(ground) | Act::Reanchor { to: ground, .. } = act {
                check_ground(connection, ground)?;
            }
            if let Act::Assess(assessment) = act {
                assessment.grounds.iter().try_for_each(|ground| check_ground(connection, ground))?;
            }
            Ok(())
        }
    }
}

/// Whether an event was taken back by an undo that holds.
fn is_undone(connection: &Connection, number: i64) -> rusqlite::Result<bool> {
    let by = connection
        .prepare_cached("SELECT id FROM event WHERE verb = 'undo' AND body = ?1 ORDER BY id DESC LIMIT 1")?
        .query_row([format!("{{\"event\":{number}}}")], |row| row.get::<_, i64>(0))
        .optional()?;
    match by {
        None => Ok(false),
        Some(by) => Ok(!is_undone(connection, by)?),
    }
}

/// The quoted words stand on the page, character for character.
fn check_ground(connection: &Connection, ground: &shiliu_ledger::register::Ground) -> Result<(), Trouble> {
    let text: Option<String> = connection
        .prepare_cached("SELECT text FROM layer WHERE hash = ?1")?
        .query_row([ground.text.0], |row| row.get(0))
        .optional()?;
    let Some(text) = text else {
        return refused(format!("{}: the archive does not hold this text", ground.path));
    };
    if stands(&text, ground) {
        Ok(())
    } else {
        refused(format!("{}: the quoted words do not stand at this place: select them again", ground.path))
    }
}

/// Whether a ground's words stand at its spans of a text.
pub(super) fn stands(text: &str, ground: &shiliu_ledger::register::Ground) -> bool {
    let parts: Option<Vec<&str>> = ground.spans.iter().map(|span| text.get(span.range())).collect();
    !ground.spans.is_empty() && parts.is_some_and(|parts| parts.concat() == ground.quote)
}

fn import(connection: &Connection, events: &[KeptEvent]) -> Result<u64, Trouble> {
    let mut added = 0;
    for event in events {
        if event.link() != event.digest || event.event().is_none() {
            return refused(format!("event {}: it was changed after it was exported", event.number));
        }
        let here: Option<[u8; 32]> = connection
            .prepare_cached("SELECT digest FROM event WHERE id = ?1")?
            .query_row([event.number], |row| row.get(0))
            .optional()?;
        match here {
            Some(digest) if digest == event.digest => continue,
            Some(_) => {
                return refused(format!(
                    "event {}: this register has another event of this number; import into one without events of its own",
                    event.number
                ));
            }
            None => {}
        }
        let head = chain::head(connection)?;
        let (number, previous) = head.map_or((1, [0; 32]), |(number, digest, _)| (number + 1, digest));
        if event.number != number || event.previous != previous {
            return refused(format!("event {}: it does not follow event {}", event.number, number - 1));
        }
        chain::insert(connection, event)?;
        added += 1;
    }
    if added > 0 {
        project::all(connection)?;
    }
    Ok(added)
}

/// What is wrong with the register, for the doctor and for `verify`: broken chain, words that do not stand on
/// their page, a projection that does not follow from the events.
pub(super) fn problems(connection: &Connection) -> rusqlite::Result<(u64, Vec<String>)> {
    let (seen, broken) = verify(connection)?;
    let mut problems: Vec<String> =
        broken.map(|number| format!("event {number} does not fit the chain")).into_iter().collect();
    if broken.is_some() {
        return Ok((seen, problems));
    }
    let mut layers = connection.prepare("SELECT text FROM layer WHERE hash = ?1")?;
    let keys: Vec<String> = connection
        .prepare("SELECT key FROM entry ORDER BY id")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for (lost, query) in [
        (
            "entries that no search finds",
            "SELECT count(*) FROM entry WHERE NOT EXISTS (SELECT 1 FROM entry_index_docsize AS known
                 WHERE known.id = entry.id)",
        ),
        (
            "review items that were not counted",
            "SELECT coalesce(sum(abs(waiting - (SELECT count(*) FROM queue_item
                 WHERE queue_item.kind = queue_count.kind AND decided = 0))), 0) FROM queue_count",
        ),
    ] {
        let count: i64 = connection.query_row(query, [], |row| row.get(0))?;
        if count > 0 {
            problems.push(format!("{count} {lost}"));
        }
    }
    for key in keys {
        let events = chain::on(connection, "subject", &key)?;
        let Some(entry) = Entry::fold(&key, &events) else {
            problems.push(format!("{key}: no event enters it"));
            continue;
        };
        let last: i64 =
            connection.query_row("SELECT last_event FROM entry WHERE key = ?1", [&key], |row| row.get(0))?;
        if last != entry.last {
            problems.push(format!("{key}: its row does not know event {}", entry.last));
        }
        let assessed = entry.assessments.iter().flat_map(|known| &known.value.grounds);
        for ground in entry.grounds.iter().chain(assessed) {
            let text: Option<String> = layers.query_row([ground.text.0], |row| row.get(0)).optional()?;
            match text {
                None => problems.push(format!("{key}: the text of {} is not held", ground.path)),
                Some(text) if !stands(&text, ground) => {
                    problems.push(format!("{key}: its words do not stand on {}", ground.path));
                }
                Some(_) => {}
            }
        }
    }
    let entered: i64 = connection.query_row(
        "SELECT count(*) FROM event WHERE verb = 'enter' AND subject NOT IN (SELECT key FROM entry)",
        [],
        |row| row.get(0),
    )?;
    if entered > 0 {
        problems.push(format!("{entered} entries are missing from the list of entries"));
    }
    Ok((seen, problems))
}
