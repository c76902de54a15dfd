//! What waits for a person: candidates, story joins, restatement links, undecided readings, pages read anew,
//! corrections that lost their place, corrections sent in from outside. Looking decides nothing.

use rusqlite::Connection;
use rusqlite::types::Value as Parameter;
use rusqlite::{OptionalExtension, params_from_iter};
use shiliu_ledger::LinkVerb;
use shiliu_ledger::register::{Act, Event, Ground, Verdict};
use shiliu_text::Span;

use super::chain;
use crate::store::corrections::context;
use crate::store::read::{Listing, Paging, natural};
use crate::store::{Reader, StoreError};

/// What kind of decision an item asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// Does the record become an entry?
    Candidate,
    /// Does one entry restate, revise, deliver, contradict the other?
    Link,
    /// Somebody reports it delivered: is the entry assessed so?
    Status,
    /// Are the printings one story?
    Join,
    /// Which reading is right?
    Reading,
    /// The page of a ground has another text now: where do the words stand?
    Page,
    /// A correction lost its place.
    Lost,
    /// Somebody from outside says that something is wrong.
    Outside,
}

impl ItemKind {
    /// All, in the order in which they come.
    pub const ALL: [ItemKind; 8] = [
        ItemKind::Outside,
        ItemKind::Page,
        ItemKind::Lost,
        ItemKind::Candidate,
        ItemKind::Link,
        ItemKind::Status,
        ItemKind::Reading,
        ItemKind::Join,
    ];

    /// The word used in files; what an item's key begins with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ItemKind::Candidate => "record",
            ItemKind::Link => "link",
            ItemKind::Status => "status",
            ItemKind::Join => "join",
            ItemKind::Reading => "reading",
            ItemKind::Page => "page",
            ItemKind::Lost => "lost",
            ItemKind::Outside => "outside",
        }
    }

    /// The kind of a word used in files.
    #[must_use]
    pub fn parse(word: &str) -> Option<ItemKind> {
        ItemKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether the store keeps the items of the kind in a table of their own: there are very many.
    fn is_kept(self) -> bool {
        matches!(self, ItemKind::Candidate | ItemKind::Link | ItemKind::Join | ItemKind::Reading)
    }

    /// Every item of the kind: its key and an order.
    fn query(self) -> &'static str {
        match self {
            ItemKind::Candidate => "SELECT item, place FROM queue_item WHERE kind = 'record'",
            ItemKind::Join => "SELECT item, place FROM queue_item WHERE kind = 'join'",
            ItemKind::Reading => "SELECT item, place FROM queue_item WHERE kind = 'reading'",
            ItemKind::Link => "SELECT item, place FROM queue_item WHERE kind = 'link'",
            // What is delivered by another entry, or by a record that no entry stands on. Relations and links are few
            // beside entries: the joins begin with them.
            ItemKind::Status => {
                "SELECT 'status:' || entry.key || '<' || teller.key AS item, entry_relation.event AS place
                 FROM entry_relation CROSS JOIN entry AS teller ON teller.id = entry_relation.entry
                 CROSS JOIN entry ON entry.key = entry_relation.other
                 WHERE entry_relation.verb = 'delivers' AND teller.taken_back = 0 AND entry.taken_back = 0
                       AND entry.settled = 0
                 UNION ALL
                 SELECT 'status:' || entry.key || '<' || source.key, min(link.id)
                 FROM link CROSS JOIN record AS source ON source.id = link.source
                 CROSS JOIN record AS target ON target.id = link.target
                 CROSS JOIN entry_record AS two ON two.record = target.key
                 CROSS JOIN entry ON entry.id = two.entry
                 WHERE link.verb = 'delivers' AND entry.settled = 0 AND entry.taken_back = 0
                       AND NOT EXISTS (SELECT 1 FROM entry_record WHERE entry_record.record = source.key)
                 GROUP BY entry.key, source.key"
            }
            ItemKind::Page => {
                "SELECT 'page:' || entry.key || '/' || entry_ground.ordinal AS item,
                        entry.id * 1000 + entry_ground.ordinal AS place
                 FROM entry_ground JOIN entry ON entry.id = entry_ground.entry
                 WHERE entry_ground.state <> 'held' AND entry.taken_back = 0"
            }
            ItemKind::Lost => "SELECT 'lost:' || correction AS item, id AS place FROM review_item",
            // The first condition is that of the index.
            ItemKind::Outside => {
                "SELECT 'outside:' || id AS item, id AS place FROM event WHERE verb IN ('submit', 'draw', 'issue') AND verb = 'submit'"
            }
        }
    }
}

/// Which items one looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// Those that nobody decided.
    #[default]
    Waiting,
    /// Those that somebody else decided and this person did not: a second look.
    Second,
    /// Those on which two disagree.
    Disagreed,
    /// Those that could not be told.
    Unsure,
}

/// Which items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// Kinds; empty for all.
    pub kinds: Vec<ItemKind>,
    /// How they stand.
    pub sight: Sight,
    /// Who looks.
    pub who: String,
}

/// An item in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemSummary {
    /// Its key (`record:r-0123456789abcdef`).
    pub key: String,
    /// What it asks.
    pub kind: ItemKind,
    /// Who decided what.
    pub verdicts: Vec<(String, Verdict)>,
}

/// How many items of each kind wait.
pub type QueueCounts = Vec<(ItemKind, u64)>;

/// An item, with what its key names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A record that may become an entry.
    Candidate {
        /// Key of the record.
        record: String,
    },
    /// A relation between two entries.
    Link {
        /// How.
        verb: LinkVerb,
        /// The entry that restates, revises, delivers, contradicts.
        from: String,
        /// The other.
        to: String,
    },
    /// An entry that something printed reports delivered.
    Status {
        /// Key of the entry.
        entry: String,
        /// Key of the entry or record that reports it.
        by: String,
        /// The characters that do.
        grounds: Vec<Ground>,
    },
    /// Printings joined into one story.
    Join {
        /// Key of the story.
        story: String,
    },
    /// A place where printings differ.
    Reading {
        /// Key of the story.
        story: String,
        /// Place of the locus among those of the story.
        locus: usize,
    },
    /// A ground whose page changed.
    Page {
        /// Key of the entry.
        entry: String,
        /// Place of the ground in the entry's list.
        ground: u32,
        /// The old words.
        old: Box<Ground>,
        /// Where the same words stand in the page's text now: to be chosen, never taken by itself.
        found: Vec<Ground>,
    },
    /// A correction that lost its place.
    Lost {
        /// Its number.
        correction: i64,
        /// Why.
        reason: String,
    },
    /// Sent in from outside.
    Outside {
        /// The event that keeps it.
        event: Box<Event>,
    },
}

impl Item {
    /// What it asks.
    #[must_use]
    pub fn kind(&self) -> ItemKind {
        match self {
            Item::Candidate { .. } => ItemKind::Candidate,
            Item::Link { .. } => ItemKind::Link,
            Item::Status { .. } => ItemKind::Status,
            Item::Join { .. } => ItemKind::Join,
            Item::Reading { .. } => ItemKind::Reading,
            Item::Page { .. } => ItemKind::Page,
            Item::Lost { .. } => ItemKind::Lost,
            Item::Outside { .. } => ItemKind::Outside,
        }
    }
}

/// The items of a kind as one looks at them (columns `item`, `place`), and the parameters of the query.
fn source(filter: &ItemFilter, kind: ItemKind) -> (String, Vec<Parameter>) {
    let all = kind.query();
    if filter.sight == Sight::Waiting {
        return if kind.is_kept() {
            (format!("{all} AND decided = 0"), Vec::new())
        } else {
            let query = format!(
                "SELECT item, place FROM ({all}) AS waiting
                 WHERE NOT EXISTS (SELECT 1 FROM verdict WHERE verdict.item = waiting.item)"
            );
            (query, Vec::new())
        };
    }
    let who = Parameter::Text(filter.who.clone());
    let (condition, values) = match filter.sight {
        Sight::Second => ("sum(who <> ?) > 0 AND sum(who = ?) = 0", vec![who.clone(), who]),
        Sight::Unsure => ("sum(verdict = 'unsure') > 0", Vec::new()),
        Sight::Disagreed | Sight::Waiting => ("count(DISTINCT verdict) > 1", Vec::new()),
    };
    // From what was decided, which is less than what there is; what is gone is left out.
    let word = kind.as_str();
    let query = format!(
        "SELECT said.item AS item, place FROM
             (SELECT item FROM verdict WHERE item >= '{word}:' AND item < '{word};' GROUP BY item HAVING {condition})
             AS said CROSS JOIN ({all}) AS known ON known.item = said.item"
    );
    (query, values)
}

fn verdicts(connection: &Connection, item: &str) -> rusqlite::Result<Vec<(String, Verdict)>> {
    let rows: Vec<(String, String)> = connection
        .prepare_cached("SELECT who, verdict FROM verdict WHERE item = ?1 ORDER BY event")?
        .query_map([item], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows.into_iter().filter_map(|(who, word)| Some((who, Verdict::parse(&word)?))).collect())
}

fn counts(connection: &Connection, filter: &ItemFilter) -> rusqlite::Result<QueueCounts> {
    ItemKind::ALL
        .into_iter()
        .filter(|kind| filter.kinds.is_empty() || filter.kinds.contains(kind))
        .map(|kind| {
            let (query, values) = if kind.is_kept() && filter.sight == Sight::Waiting {
                let kind = Parameter::Text(kind.as_str().to_owned());
                ("SELECT waiting FROM queue_count WHERE kind = ?".to_owned(), vec![kind])
            } else {
                let (source, values) = source(filter, kind);
                (format!("SELECT count(*) FROM ({source})"), values)
            };
            let count: i64 =
                connection.prepare_cached(&query)?.query_row(params_from_iter(&values), |row| row.get(0))?;
            Ok((kind, natural(count)))
        })
        .collect()
}

fn list(
    connection: &Connection,
    filter: &ItemFilter,
    paging: Paging,
) -> rusqlite::Result<Listing<ItemSummary>> {
    let counts = counts(connection, filter)?;
    let total = counts.iter().map(|(_, count)| count).sum();
    let (mut passed, mut rows) = (u64::from(paging.offset), Vec::new());
    for (kind, count) in counts {
        let wanted = paging.limit() - rows.len() as i64;
        if passed >= count || wanted <= 0 {
            passed = passed.saturating_sub(count);
            continue;
        }
        let (source, mut values) = source(filter, kind);
        values.push(Parameter::Integer(wanted));
        values.push(Parameter::Integer(i64::try_from(passed).unwrap_or(i64::MAX)));
        passed = 0;
        let query = format!("SELECT item FROM ({source}) ORDER BY place LIMIT ? OFFSET ?");
        let keys: Vec<String> = connection
            .prepare_cached(&query)?
            .query_map(params_from_iter(&values), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for key in keys {
            rows.push(ItemSummary { verdicts: verdicts(connection, &key)?, key, kind });
        }
    }
    Ok(Listing { rows, total, more: false })
}

fn item(connection: &Connection, key: &str) -> rusqlite::Result<Option<Item>> {
    let Some((kind, rest)) = key.split_once(':') else { return Ok(None) };
    let there = |query: &str, key: &str| -> rusqlite::Result<bool> {
        connection.prepare_cached(query)?.query_row([key], |row| row.get(0))
    };
    Ok(match ItemKind::parse(kind) {
        Some(ItemKind::Candidate) => {
            there("SELECT EXISTS (SELECT 1 FROM record WHERE key = ?1 AND kind = 'commitment')", rest)?
                .then(|| Item::Candidate { record: rest.to_owned() })
        }
        Some(ItemKind::Link) => (|| {
            let (verb, pair) = rest.split_once(':')?;
            let (from, to) = pair.split_once('>')?;
            let entry = |number: &str| Some(format!("C-{:04}", number.parse::<u32>().ok()?));
            Some(Item::Link { verb: LinkVerb::parse(verb)?, from: entry(from)?, to: entry(to)? })
        })(),
        Some(ItemKind::Status) => rest.split_once('<').map(|(entry, by)| Item::Status {
            entry: entry.to_owned(),
            by: by.to_owned(),
            grounds: Vec::new(),
        }),
        Some(ItemKind::Join) => there("SELECT EXISTS (SELECT 1 FROM story WHERE key = ?1)", rest)?
            .then(|| Item::Join { story: rest.to_owned() }),
        Some(ItemKind::Reading) => (|| {
            let (locus, story) = rest.split_once('@')?;
            Some(Item::Reading { story: story.to_owned(), locus: locus.parse().ok()? })
        })(),
        Some(ItemKind::Page) => page_item(connection, rest)?,
        Some(ItemKind::Lost) => {
            let number: Option<i64> = rest.parse().ok();
            let reason: Option<String> = connection
                .prepare_cached("SELECT reason FROM review_item WHERE correction = ?1 LIMIT 1")?
                .query_row([number], |row| row.get(0))
                .optional()?;
            number.zip(reason).map(|(correction, reason)| Item::Lost { correction, reason })
        }
        Some(ItemKind::Outside) => {
            let event = match rest.parse() {
                Ok(number) => chain::one(connection, number)?,
                Err(_) => None,
            };
            event
                .filter(|event| matches!(event.act, Act::Submit { .. }))
                .map(|event| Item::Outside { event: Box::new(event) })
        }
        None => None,
    })
}

/// The ground of an entry whose page changed, and every place of the new text where the same words stand.
fn page_item(connection: &Connection, rest: &str) -> rusqlite::Result<Option<Item>> {
    const MOST: usize = 20;
    let Some((entry, ordinal)) = rest.split_once('/') else { return Ok(None) };
    let Ok(ground) = ordinal.parse::<u32>() else { return Ok(None) };
    let events = chain::on(connection, "subject", entry)?;
    let folded = shiliu_ledger::register::Entry::fold(entry, &events);
    let Some(old) = folded.and_then(|folded| folded.grounds.get(ground as usize).cloned()) else {
        return Ok(None);
    };
    let now: Option<([u8; 32], String)> = connection
        .prepare_cached(
            "SELECT layer.hash, layer.text FROM page JOIN layer ON layer.hash = page.text_hash
             WHERE page.path = ?1 LIMIT 1",
        )?
        .query_row([&old.path], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let mut found = Vec::new();
    if let Some((hash, text)) = now {
        for (start, words) in text.match_indices(old.quote.as_str()).take(MOST) {
            let span = Span::new(start, start + words.len());
            let (before, after) = context(&text, span, span);
            found.push(Ground {
                text: shiliu_text::TextId(hash),
                spans: vec![span],
                before,
                after,
                ..old.clone()
            });
        }
    }
    Ok(Some(Item::Page { entry: entry.to_owned(), ground, old: Box::new(old), found }))
}

impl Reader {
    /// Items as one looks at them.
    ///
    /// # Errors
    /// What the database gives.
    pub fn queue(&self, filter: &ItemFilter, paging: Paging) -> Result<Listing<ItemSummary>, StoreError> {
        self.run(|connection| list(connection, filter, paging))
    }

    /// How many items of each kind.
    ///
    /// # Errors
    /// What the database gives.
    pub fn queue_counts(&self, filter: &ItemFilter) -> Result<QueueCounts, StoreError> {
        self.run(|connection| counts(connection, filter))
    }

    /// An item by its key; `None` where there is no such thing (any more).
    ///
    /// # Errors
    /// What the database gives.
    pub fn item(&self, key: &str) -> Result<Option<Item>, StoreError> {
        let mut found = self.run(|connection| item(connection, key))?;
        if let Some(Item::Status { by, grounds, .. }) = &mut found {
            let all = match self.entry(by)? {
                Some(view) => view.entry.grounds,
                None => self.suggestion(by)?.map(|suggestion| suggestion.grounds).unwrap_or_default(),
            };
            grounds.extend(all.into_iter().filter(|ground| ground.says.is_none()));
        }
        Ok(found)
    }

    /// Who decided what on an item.
    ///
    /// # Errors
    /// What the database gives.
    pub fn verdicts(&self, item: &str) -> Result<Vec<(String, Verdict)>, StoreError> {
        self.run(|connection| verdicts(connection, item))
    }

    /// Every event on an item, oldest first, and whether it was undone.
    ///
    /// # Errors
    /// What the database gives.
    pub fn item_history(&self, item: &str) -> Result<Vec<(Event, bool)>, StoreError> {
        let events = self.run(|connection| chain::on(connection, "item", item))?;
        let gone = shiliu_ledger::register::undone(&events);
        Ok(events
            .into_iter()
            .map(|event| (gone.contains(&event.number), event))
            .map(|(a, b)| (b, a))
            .collect())
    }
}
