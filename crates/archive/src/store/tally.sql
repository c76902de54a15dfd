-- What large archives keep ready (store format 3): an order of records, and how many there are of what. All of it
-- follows from the derived tables and is made again with them.

ALTER TABLE record ADD COLUMN weight INTEGER NOT NULL DEFAULT 0;
CREATE INDEX by_record_weight ON record (weight, id, same);
CREATE INDEX by_record_kind_weight ON record (kind, weight, id, same);
CREATE INDEX by_record_kind_place ON record (kind, id, same);
CREATE INDEX by_record_newest ON record (day IS NULL, day DESC, id, same);
CREATE INDEX by_record_kind_newest ON record (kind, day IS NULL, day DESC, id, same);
CREATE INDEX by_record_origins ON record (origins DESC, printings DESC, id, same);
CREATE INDEX by_record_deadline ON record (deadline, id, same) WHERE deadline IS NOT NULL;
CREATE INDEX by_story_newest ON story (date IS NULL, date DESC, printings DESC, id);
CREATE INDEX by_story_printings ON story (printings DESC, date DESC, id);
CREATE INDEX by_story_undecided ON story (substantive DESC, undecided DESC, date DESC, id) WHERE undecided > 0;
CREATE INDEX by_story_substantive ON story (substantive DESC, undecided DESC, date DESC, id) WHERE substantive > 0;
CREATE INDEX by_issue_date ON issue (date, paper, folder);
CREATE INDEX by_link_verb ON link (verb, source, target);

-- Links between entries are review items too: the two entries' numbers, to find them when one of them changes.
ALTER TABLE queue_item ADD COLUMN one INTEGER;
ALTER TABLE queue_item ADD COLUMN two INTEGER;
CREATE INDEX by_queue_one ON queue_item (one) WHERE one IS NOT NULL;
CREATE INDEX by_queue_two ON queue_item (two) WHERE two IS NOT NULL;

-- `once`: records that are the same thing count once. Facets beside those of `term`: `kind`; `promises`, promises
-- that are no stances; `undated`, those of them without a deadline; `deadline`, those of them that fall due on it and
-- `kept`, those that another record tells as done, both without those of no party; `promised`, by area; `pair`, those of one party to another, both named in `word`, one a line; `count` and `finding`, how many
-- there are of the rest.
CREATE TABLE tally (
    once INTEGER NOT NULL,
    facet TEXT NOT NULL,
    kind TEXT NOT NULL,
    word TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (once, facet, kind, word)
) WITHOUT ROWID;

-- Words of records, as those of pages are indexed; a record's number in it is its own.
CREATE VIRTUAL TABLE record_index USING fts5 (terms, content = '', tokenize = 'ascii');
