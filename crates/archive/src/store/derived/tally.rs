//! The order of records in lists, and the numbers beside lists of everything: counted once, when the tables are made.

use rusqlite::{Connection, params};

use crate::store::read::FACETS;
use crate::store::search::terms::joined;

/// Words of one facet that are kept, the most frequent ones.
const KEPT: i64 = 500;

/// Promises that are no stances.
pub(in crate::store) const PROMISED: &str =
    "record.kind = 'commitment' AND coalesce(record.force, '') NOT IN ('F0', 'F1')";

/// What a desk asks for first: promises, projects, instruments, meetings; stances and what others than the parties promise
/// after promises, reporters last; then by independent origins.
const WEIGHT: &str = "
    UPDATE record SET weight =
        (CASE kind WHEN 'commitment' THEN 0 WHEN 'project' THEN 1 WHEN 'instrument' THEN 2 WHEN 'event' THEN 3
              WHEN 'body' THEN 4 WHEN 'claim' THEN 5 WHEN 'quote' THEN 6
              WHEN 'person' THEN CASE WHEN EXISTS (SELECT 1 FROM term WHERE record = record.id
                  AND facet = 'role' AND word = 'byline') THEN 99 ELSE 7 END
              WHEN 'figure' THEN 8 WHEN 'indicator' THEN 9 ELSE 10 END) * 4000000
        + (instr(flags, 'stance') > 0 OR instr(' ' || flags || ' ', ' local ') > 0) * 2000000
        + 1000000 - min(origins, 1000000)";

/// What can fall due: no report of what is done, and no promise of who is no party of the mechanism.
pub(in crate::store) const DUE: &str =
    "coalesce(record.status, '') <> 'delivered' AND instr(' ' || record.flags || ' ', ' local ') = 0";

/// What another record tells as done.
pub(in crate::store) const DELIVERED: &str =
    "EXISTS (SELECT 1 FROM record AS twin JOIN link ON link.target = twin.id
    WHERE twin.same = record.same AND link.verb = 'delivers' AND link.source IS NOT NULL)";

/// The papers that print a record, as words that it is found by.
const PAPERS: &str = "
    DELETE FROM term WHERE facet = 'paper';
    INSERT INTO term (record, facet, word)
        SELECT DISTINCT evidence.record, 'paper', issue.paper FROM evidence
        JOIN page ON page.id = evidence.page JOIN issue ON issue.id = page.issue
        WHERE issue.paper IS NOT NULL;";

/// Makes the order and the numbers from the tables of records.
pub(in crate::store) fn write(connection: &Connection) -> rusqlite::Result<()> {
    let promises = format!("{PROMISED} AND record.same = record.id");
    connection.execute_batch(WEIGHT)?;
    connection.execute_batch(PAPERS)?;
    connection.execute_batch(&format!(
        "DELETE FROM tally;
         INSERT INTO tally SELECT 0, 'kind', kind, kind, count(*) FROM record GROUP BY kind;
         INSERT INTO tally SELECT 1, 'kind', kind, kind, count(*) FROM record WHERE same = id GROUP BY kind;
         INSERT INTO tally SELECT 0, 'count', '', 'sources', count(DISTINCT source) FROM holding WHERE current = 1;
         INSERT INTO tally SELECT 0, 'count', '', 'pages', count(*) FROM page;
         INSERT INTO tally SELECT 0, 'count', '', 'issues', count(*) FROM issue;
         INSERT INTO tally SELECT 0, 'count', '', 'articles', count(*) FROM article;
         INSERT INTO tally SELECT 0, 'count', '', 'stories', count(*) FROM story;
         INSERT INTO tally SELECT 0, 'count', '', 'reprinted', count(*) FROM story WHERE printings > 1;
         INSERT INTO tally SELECT 0, 'count', '', 'records', count(*) FROM record;
         INSERT INTO tally SELECT 0, 'finding', '', severity, count(*) FROM diagnostic GROUP BY severity;
         INSERT INTO tally SELECT 1, 'promises', 'commitment', '', count(*) FROM record WHERE {promises};
         INSERT INTO tally SELECT 1, 'undated', 'commitment', '', count(*) FROM record
             WHERE {promises} AND deadline IS NULL;
         INSERT INTO tally SELECT 1, 'deadline', 'commitment', deadline, count(*) FROM record
             WHERE {promises} AND {DUE} AND deadline IS NOT NULL AND NOT {DELIVERED} GROUP BY deadline;
         INSERT INTO tally SELECT 1, 'kept', 'commitment', deadline, count(*) FROM record
             WHERE {promises} AND {DUE} AND deadline IS NOT NULL AND {DELIVERED} GROUP BY deadline;
         INSERT INTO tally SELECT 1, 'promised', 'commitment', word, count(*) FROM term
             JOIN record ON record.id = term.record WHERE facet = 'area' AND {promises} GROUP BY word;
         INSERT INTO tally SELECT 1, 'pair', 'commitment', one.word || char(10) || two.word,
                 count(DISTINCT one.record) FROM term AS one
             JOIN term AS two ON two.record = one.record AND two.facet IN ('actors', 'recipients')
                  AND two.word <> one.word
             JOIN record ON record.id = one.record
             WHERE one.facet = 'actors' AND kind = 'commitment' AND same = id
                   AND instr(' ' || flags || ' ', ' stance ') = 0
             GROUP BY one.word, two.word;"
    ))?;
    let mut insert = connection.prepare(
        "INSERT INTO tally SELECT ?1, ?2, kind, word, n FROM (
             SELECT kind, word, count(*) AS n,
                    row_number() OVER (PARTITION BY kind ORDER BY count(*) DESC, word) AS place
             FROM term JOIN record ON record.id = term.record
             WHERE facet = ?2 AND (?1 = 0 OR same = id) GROUP BY kind, word)
         WHERE place <= ?3",
    )?;
    for facet in FACETS {
        for once in [0, 1] {
            insert.execute(params![once, facet, KEPT])?;
        }
    }
    connection.execute("INSERT INTO record_index (record_index) VALUES ('delete-all')", [])?;
    let mut insert = connection.prepare("INSERT INTO record_index (rowid, terms) VALUES (?1, ?2)")?;
    let mut records = connection.prepare("SELECT id, haystack FROM record ORDER BY id")?;
    let mut rows = records.query([])?;
    while let Some(row) = rows.next()? {
        insert.execute(params![row.get::<_, i64>(0)?, joined(row.get_ref(1)?.as_str()?)])?;
    }
    Ok(())
}
