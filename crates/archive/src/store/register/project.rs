//! The tables that follow from the events: one row an entry, its names, grounds, relations, records, and who
//! decided what. Each event projects its own subject and item again, in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};
use shiliu_ledger::LinkVerb;
use shiliu_ledger::register::{Act, Countable, Detail, Entry, Source, Verdict, counted, undone};
use shiliu_text::Span;

use super::{chain, substrings};
use crate::store::{encode, misshapen};

/// Tables of the projection, children before parents.
const TABLES: [&str; 7] =
    ["verdict", "entry_count", "entry_record", "entry_relation", "entry_ground", "entry_name", "entry"];

/// Makes every projected table again from the events.
pub(in crate::store) fn all(connection: &Connection) -> rusqlite::Result<()> {
    for table in TABLES {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    substrings::clear(connection)?;
    for column in ["subject", "item"] {
        let keys: Vec<String> = connection
            .prepare(&format!(
                "SELECT {column} FROM event WHERE {column} IS NOT NULL GROUP BY {column} ORDER BY min(id)"
            ))?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for key in keys {
            match column {
                "subject" => entry(connection, &key)?,
                _ => item(connection, &key)?,
            }
        }
    }
    queue(connection)
}

/// Review items of the kinds that there are very many of: one for each group of records that say the same (a stance
/// is no promise), one for each story of several printings, one for each place that is undecided.
pub(in crate::store) fn queue(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DELETE FROM queue_item;
         UPDATE queue_count SET waiting = 0;
         INSERT INTO queue_item (item, kind, place, decided)
         SELECT 'record:' || key, 'record', id,
                EXISTS (SELECT 1 FROM record AS twin JOIN entry_record ON entry_record.record = twin.key
                        WHERE twin.same = record.id)
                OR EXISTS (SELECT 1 FROM record AS twin JOIN verdict ON verdict.item = 'record:' || twin.key
                           WHERE twin.same = record.id)
         FROM record
         WHERE kind = 'commitment' AND same = id AND instr(' ' || flags || ' ', ' stance ') = 0;
         INSERT INTO queue_item (item, kind, place, decided)
         SELECT 'join:' || key, 'join', id, EXISTS (SELECT 1 FROM verdict WHERE item = 'join:' || key)
         FROM story WHERE printings > 1;
         INSERT INTO queue_item (item, kind, place, decided)
         SELECT item, 'reading', place, EXISTS (SELECT 1 FROM verdict WHERE verdict.item = found.item) FROM
             (SELECT 'reading:' || (locus.ordinal - 1) || '@' || story.key AS item,
                     locus.story * 100000 + locus.ordinal AS place
              FROM locus JOIN story ON story.id = locus.story WHERE locus.decision = 'undecided') AS found;
         INSERT INTO queue_item (item, kind, place, decided, one, two)
         SELECT 'link:' || link.verb || ':' || one.entry || '>' || two.entry, 'link', min(link.id), 0, one.entry, two.entry
         FROM link JOIN record AS source ON source.id = link.source
         JOIN record AS target ON target.id = link.target
         JOIN entry_record AS one ON one.record = source.key
         JOIN entry_record AS two ON two.record = target.key
         WHERE link.verb IN ('restates', 'revises', 'delivers', 'contradicts') AND one.entry <> two.entry
         GROUP BY link.verb, one.entry, two.entry;",
    )?;
    connection
        .execute(&format!("UPDATE queue_item SET decided = {LINK_DECIDED} WHERE kind = 'link'"), [])
        .map(|_| ())
}

/// Whether a link between entries was decided: under its key, or by a relation that somebody made.
const LINK_DECIDED: &str = "(EXISTS (SELECT 1 FROM verdict WHERE verdict.item = queue_item.item)
    OR EXISTS (SELECT 1 FROM entry_relation WHERE entry_relation.entry = queue_item.one
        AND entry_relation.verb = substr(queue_item.item, 6, instr(substr(queue_item.item, 6), ':') - 1)
        AND CAST(substr(entry_relation.other, 3) AS INTEGER) = queue_item.two))";

/// Finds the links of one entry to others anew. The joins are crossed so that the database begins with the entry.
fn relink(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM queue_item WHERE one = ?1 OR two = ?1")?.execute([id])?;
    for (here, there, one, two) in
        [("source", "target", "mine", "other"), ("target", "source", "other", "mine")]
    {
        connection
            .prepare_cached(&format!(
                "INSERT OR IGNORE INTO queue_item (item, kind, place, decided, one, two)
                 SELECT 'link:' || link.verb || ':' || {one}.entry || '>' || {two}.entry, 'link', min(link.id), 0,
                        {one}.entry, {two}.entry
                 FROM entry_record AS mine CROSS JOIN record AS near ON near.key = mine.record
                 CROSS JOIN link ON link.{here} = near.id CROSS JOIN record AS far ON far.id = link.{there}
                 CROSS JOIN entry_record AS other ON other.record = far.key
                 WHERE mine.entry = ?1 AND other.entry <> ?1
                       AND +link.verb IN ('restates', 'revises', 'delivers', 'contradicts')
                 GROUP BY link.verb, {one}.entry, {two}.entry"
            ))?
            .execute([id])?;
    }
    connection
        .prepare_cached(&format!(
            "UPDATE queue_item SET decided = {LINK_DECIDED} WHERE one = ?1 OR two = ?1"
        ))?
        .execute([id])
        .map(|_| ())
}

/// The numbers of open entries beside those of all that hold, from tables that an older format made.
pub(in crate::store) fn count_open(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DELETE FROM entry_count WHERE facet LIKE 'open %';
         INSERT INTO entry_count (facet, name, n)
         SELECT 'open ' || facet, name, count(*) FROM entry_name JOIN entry ON entry.id = entry_name.entry
             WHERE taken_back = 0 AND settled = 0 GROUP BY facet, name
         UNION ALL SELECT 'open status', coalesce(status, 'none'), count(*) FROM entry
             WHERE taken_back = 0 AND settled = 0 GROUP BY 2
         UNION ALL SELECT 'open owner', coalesce(owner, '-'), count(*) FROM entry
             WHERE taken_back = 0 AND settled = 0 GROUP BY 2;",
    )
}

/// Whether the group of records is decided: an entry stands on one of them, or somebody decided one.
fn settle_group(connection: &Connection, group: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE queue_item SET decided =
                 EXISTS (SELECT 1 FROM record AS twin JOIN entry_record ON entry_record.record = twin.key
                         WHERE twin.same = ?1)
                 OR EXISTS (SELECT 1 FROM record AS twin JOIN verdict ON verdict.item = 'record:' || twin.key
                            WHERE twin.same = ?1)
             WHERE item = (SELECT 'record:' || key FROM record WHERE id = ?1)",
        )?
        .execute([group])
        .map(|_| ())
}

/// Counts an entry that holds in or out of the numbers by name, status and owner: of all, and of those that are open.
fn count(connection: &Connection, id: i64, by: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO entry_count (facet, name, n)
             SELECT prefix || facet, name, ?2 FROM
                 (SELECT '' AS prefix UNION ALL SELECT 'open ' FROM entry WHERE id = ?1 AND settled = 0),
                 (SELECT facet, name FROM entry_name JOIN entry ON entry.id = entry_name.entry
                      WHERE entry = ?1 AND taken_back = 0
                  UNION ALL SELECT 'status', coalesce(status, 'none') FROM entry WHERE id = ?1 AND taken_back = 0
                  UNION ALL SELECT 'owner', coalesce(owner, '-') FROM entry WHERE id = ?1 AND taken_back = 0)
             WHERE true
             ON CONFLICT (facet, name) DO UPDATE SET n = n + excluded.n",
        )?
        .execute([id, by])
        .map(|_| ())
}

/// After a reading: which grounds are still held, which records say the same now, how many origins stand behind.
pub(in crate::store) fn after_reading(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE entry_ground SET state = CASE
             WHEN EXISTS (SELECT 1 FROM page WHERE page.text_hash = entry_ground.text_hash) THEN 'held'
             WHEN EXISTS (SELECT 1 FROM page WHERE page.path = entry_ground.path) THEN 'changed'
             ELSE 'gone' END",
        [],
    )?;
    // The old ties name records that are gone; the queue is made anew once all are tied.
    connection.execute("DELETE FROM entry_record", [])?;
    let ids: Vec<i64> = connection
        .prepare("SELECT id FROM entry ORDER BY id")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    ids.into_iter().try_for_each(|id| tie(connection, id))?;
    queue(connection)
}

/// The number in a key: 42 of `C-0042`.
pub(super) fn number_of(key: &str) -> Option<i64> {
    key.split_once('-')?.1.parse().ok()
}

/// Projects one entry from its events.
pub(super) fn entry(connection: &Connection, key: &str) -> rusqlite::Result<()> {
    let (true, Some(id)) = (key.starts_with("C-"), number_of(key)) else { return Ok(()) };
    let events = chain::on(connection, "subject", key)?;
    let Some(entry) = Entry::fold(key, &events) else { return Ok(()) };
    count(connection, id, -1)?;
    // Those that are related so far: they may stand for themselves again.
    let mut related = neighbours(connection, id, key)?;
    for table in ["entry_relation", "entry_ground", "entry_name"] {
        connection.prepare_cached(&format!("DELETE FROM {table} WHERE entry = ?1"))?.execute([id])?;
    }
    write(connection, id, &entry)?;
    names(connection, id, &entry)?;
    count(connection, id, 1)?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO entry_ground (entry, ordinal, says, text_hash, path, spans, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6,
             CASE WHEN EXISTS (SELECT 1 FROM page WHERE page.text_hash = ?4) THEN 'held'
                  WHEN EXISTS (SELECT 1 FROM page WHERE page.path = ?5) THEN 'changed' ELSE 'gone' END)",
    )?;
    for (ordinal, ground) in (0i64..).zip(&entry.grounds) {
        insert.execute(params![
            id,
            ordinal,
            ground.says.map(Detail::as_str),
            ground.text.0,
            ground.path,
            encode::spans(&ground.spans),
        ])?;
    }
    let mut insert = connection
        .prepare_cached("INSERT INTO entry_relation (entry, event, verb, other) VALUES (?1, ?2, ?3, ?4)")?;
    for relation in &entry.relations {
        let (verb, other) = &relation.value;
        insert.execute(params![id, relation.event, verb.as_str(), other])?;
    }
    tie(connection, id)?;
    relink(connection, id)?;
    related.insert(key.to_owned());
    related.iter().try_for_each(|key| speakers(connection, key))
}

/// Entries that one is related to, from either side.
fn neighbours(connection: &Connection, id: i64, key: &str) -> rusqlite::Result<BTreeSet<String>> {
    connection
        .prepare_cached(
            "SELECT other FROM entry_relation WHERE entry = ?1
             UNION SELECT entry.key FROM entry_relation JOIN entry ON entry.id = entry_relation.entry
                   WHERE entry_relation.other = ?2",
        )?
        .query_map(params![id, key], |row| row.get(0))?
        .collect()
}

fn write(connection: &Connection, id: i64, entry: &Entry) -> rusqlite::Result<()> {
    let text = |detail| entry.details.get(detail);
    let assessment = entry.assessment();
    let status = entry.status();
    let settled = status
        .is_some_and(|status| status.is_closed() || status == shiliu_ledger::register::Status::Suspended);
    let late = entry.waiting().filter_map(|question| question.value.by).min();
    let revised = entry
        .relations
        .iter()
        .rev()
        .find(|relation| relation.value.0 == LinkVerb::Revises)
        .map(|relation| relation.stamp.when.get(..10).unwrap_or_default().to_owned());
    let source = match &entry.entered.value {
        Source::Record(key) => Some(key.as_str()),
        _ => None,
    };
    let mut haystack = vec![entry.key.as_str()];
    haystack.extend(entry.details.iter().map(|(_, value)| value));
    haystack.extend(entry.owner.as_ref().map(|owner| owner.value.as_str()));
    let haystack = haystack.join("\n").to_lowercase();
    substrings::write(connection, id, &haystack)?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO entry (id, key, words, actors, recipients, amount, unit, due, due_words,
                 due_day, said, area, sector, meeting, status, assessed, owner, taken_back, settled, printings,
                 origins, shaken, last_evidence, waiting, late_answer, findings, revised, speaker,
                 source_record, first_event, last_event, haystack)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                 0, 0, ?21, ?22, ?23, ?24, ?25, ?1, ?26, ?27, ?28, ?29)",
        )?
        .execute(params![
            id,
            entry.key,
            text(Detail::Words),
            text(Detail::Actors),
            text(Detail::Recipients),
            text(Detail::Amount),
            text(Detail::Unit),
            text(Detail::Due),
            text(Detail::DueWords),
            entry.due_day().map(|day| day.to_string()),
            text(Detail::Said),
            text(Detail::Area),
            text(Detail::Sector),
            text(Detail::Meeting),
            status.map(|status| status.as_str()),
            assessment.map(|known| known.value.day.to_string()),
            entry.owner.as_ref().map(|owner| owner.value.as_str()),
            entry.taken_back,
            settled,
            entry.grounds.iter().filter(|ground| ground.says.is_none()).count() as i64,
            entry.last_evidence(),
            entry.waiting().count() as i64,
            late.map(|day| day.to_string()),
            entry.findings.iter().filter(|finding| finding.value.is_open()).count() as i64,
            revised,
            source,
            entry.entered.event,
            entry.last,
            haystack,
        ])
        .map(|_| ())
}

fn names(connection: &Connection, id: i64, entry: &Entry) -> rusqlite::Result<()> {
    let mut insert = connection
        .prepare_cached("INSERT OR IGNORE INTO entry_name (entry, facet, name) VALUES (?1, ?2, ?3)")?;
    for (facet, detail) in [
        ("actors", Detail::Actors),
        ("recipients", Detail::Recipients),
        ("area", Detail::Area),
        ("sector", Detail::Sector),
        ("meeting", Detail::Meeting),
    ] {
        for name in entry.details.names(detail) {
            insert.execute(params![id, facet, name])?;
        }
    }
    for detail in [Detail::Actors, Detail::Recipients] {
        for name in entry.details.names(detail) {
            insert.execute(params![id, "party", name])?;
        }
    }
    Ok(())
}

/// Whether half of the smaller of two sets of spans lies in the other.
fn meet(a: &[Span], b: &[Span]) -> bool {
    let length = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
    let shared: usize = a.iter().flat_map(|a| b.iter().filter_map(|b| a.intersect(*b))).map(Span::len).sum();
    shared > 0 && shared * 2 >= length(a).min(length(b))
}

/// Ties an entry to the records of the present reading that stand on its characters, and counts the origins.
fn tie(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    let mut touched: BTreeSet<i64> = connection
        .prepare_cached(
            "SELECT DISTINCT record.same FROM entry_record JOIN record ON record.key = entry_record.record
             WHERE entry_record.entry = ?1",
        )?
        .query_map([id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    connection.prepare_cached("DELETE FROM entry_record WHERE entry = ?1")?.execute([id])?;
    let (source, taken_back): (Option<String>, bool) = connection
        .prepare_cached("SELECT source_record, taken_back FROM entry WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut groups: BTreeSet<i64> = BTreeSet::new();
    if let Some(source) = source {
        let same: Option<i64> = connection
            .prepare_cached("SELECT same FROM record WHERE key = ?1")?
            .query_row([source], |row| row.get(0))
            .optional()?;
        groups.extend(same);
    }
    if groups.is_empty() {
        groups = records_at_grounds(connection, id)?;
    }
    let mut origins: i64 = 0;
    touched.extend(&groups);
    for group in groups {
        let more: Option<i64> = connection
            .prepare_cached("SELECT max(origins) FROM record WHERE same = ?1")?
            .query_row([group], |row| row.get(0))?;
        origins = origins.max(more.unwrap_or(0));
        // What was taken back gives its records free again.
        if !taken_back {
            connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO entry_record (record, entry) SELECT key, ?2 FROM record WHERE same = ?1",
                )?
                .execute([group, id])?;
        }
    }
    for group in touched {
        settle_group(connection, group)?;
    }
    if origins == 0 {
        origins = connection
            .prepare_cached(
                "SELECT count(DISTINCT witness.story) FROM entry_ground
                 JOIN page ON page.text_hash = entry_ground.text_hash
                 JOIN fragment ON fragment.page = page.id
                      AND fragment.start <= CAST(entry_ground.spans AS INTEGER)
                      AND CAST(entry_ground.spans AS INTEGER) < fragment.end
                 JOIN witness ON witness.article = fragment.article
                 WHERE entry_ground.entry = ?1 AND entry_ground.says IS NULL",
            )?
            .query_row([id], |row| row.get(0))?;
    }
    connection
        .prepare_cached(
            "UPDATE entry SET origins = ?2, shaken =
                 (SELECT count(*) FROM entry_ground WHERE entry = ?1 AND state <> 'held') WHERE id = ?1",
        )?
        .execute([id, origins])
        .map(|_| ())
}

fn records_at_grounds(connection: &Connection, id: i64) -> rusqlite::Result<BTreeSet<i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT entry_ground.spans, evidence.spans, record.same FROM entry_ground
         JOIN page ON page.text_hash = entry_ground.text_hash
         JOIN evidence ON evidence.page = page.id AND evidence.field = ''
         JOIN record ON record.id = evidence.record AND +record.kind = 'commitment'
         WHERE entry_ground.entry = ?1 AND entry_ground.says IS NULL",
    )?;
    let mut rows = statement.query([id])?;
    let mut groups = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let parse = |column: usize| -> rusqlite::Result<Vec<Span>> {
            encode::parse_spans(row.get_ref(column)?.as_str()?).ok_or_else(|| misshapen("evidence.spans"))
        };
        if meet(&parse(0)?, &parse(1)?) {
            groups.insert(row.get(2)?);
        }
    }
    Ok(groups)
}

/// An entry and all that it is related to, however far: who stands for whom in totals.
fn speakers(connection: &Connection, key: &str) -> rusqlite::Result<()> {
    let mut group: BTreeMap<String, Countable> = BTreeMap::new();
    let mut waiting = vec![key.to_owned()];
    while let Some(key) = waiting.pop() {
        if group.contains_key(&key) {
            continue;
        }
        let known = connection
            .prepare_cached("SELECT said, amount, unit FROM entry WHERE key = ?1 AND taken_back = 0")?
            .query_row([&key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((said, amount, unit)) = known else { continue };
        let mut statement = connection.prepare_cached(
            "SELECT verb, other FROM entry_relation JOIN entry ON entry.id = entry_relation.entry
             WHERE entry.key = ?1 ORDER BY event",
        )?;
        let relations: Vec<(LinkVerb, String)> = statement
            .query_map([&key], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()?
            .into_iter()
            .filter_map(|(verb, other)| Some((LinkVerb::parse(&verb)?, other)))
            .collect();
        waiting.extend(relations.iter().map(|(_, other)| other.clone()));
        let mut statement = connection.prepare_cached(
            "SELECT entry.key FROM entry_relation JOIN entry ON entry.id = entry_relation.entry
             WHERE entry_relation.other = ?1",
        )?;
        let behind = statement.query_map([&key], |row| row.get::<_, String>(0))?;
        waiting.extend(behind.collect::<rusqlite::Result<Vec<_>>>()?);
        group.insert(key.clone(), Countable { key, said, amount, unit, relations });
    }
    let group: Vec<Countable> = group.into_values().collect();
    let mut update =
        connection.prepare_cached("UPDATE entry SET speaker = ?2 WHERE id = ?1 AND speaker <> ?2")?;
    for (entry, speaker) in group.iter().zip(counted(&group)) {
        if let (Some(id), Some(speaker)) = (number_of(&entry.key), number_of(&group[speaker].key)) {
            update.execute([id, speaker])?;
        }
    }
    Ok(())
}

/// Projects who decided what on a review item: of each person the last decision in force.
pub(super) fn item(connection: &Connection, item: &str) -> rusqlite::Result<()> {
    let events = chain::on(connection, "item", item)?;
    let undone = undone(&events);
    let mut last: BTreeMap<&str, (Verdict, i64)> = BTreeMap::new();
    for event in events.iter().filter(|event| !undone.contains(&event.number)) {
        let verdict = match &event.act {
            Act::Decide(verdict) => *verdict,
            Act::Enter { .. } | Act::Relate { .. } | Act::Reanchor { .. } | Act::Assess(_) => Verdict::Accept,
            _ => continue,
        };
        last.insert(&event.stamp.who, (verdict, event.number));
    }
    connection.prepare_cached("DELETE FROM verdict WHERE item = ?1")?.execute([item])?;
    let mut insert = connection
        .prepare_cached("INSERT INTO verdict (item, who, verdict, event) VALUES (?1, ?2, ?3, ?4)")?;
    for (who, (verdict, event)) in last {
        insert.execute(params![item, who, verdict.as_str(), event])?;
    }
    if let Some(record) = item.strip_prefix("record:") {
        let group: Option<i64> = connection
            .prepare_cached("SELECT same FROM record WHERE key = ?1")?
            .query_row([record], |row| row.get(0))
            .optional()?;
        return group.map_or(Ok(()), |group| settle_group(connection, group));
    }
    if item.starts_with("link:") {
        return connection
            .prepare_cached(&format!("UPDATE queue_item SET decided = {LINK_DECIDED} WHERE item = ?1"))?
            .execute([item])
            .map(|_| ());
    }
    connection
        .prepare_cached(
            "UPDATE queue_item SET decided = EXISTS (SELECT 1 FROM verdict WHERE verdict.item = ?1) WHERE item = ?1",
        )?
        .execute([item])
        .map(|_| ())
}
