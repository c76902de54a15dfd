-- What lists of large archives are found by (store format 5). All of it follows from the other tables and is made
-- again with them.

-- Every mark that lists of entries are narrowed and ordered by, so that they need no row of the table; they are counted by
-- status and owner.
CREATE INDEX by_entry_marks ON entry (status, owner, taken_back, settled, speaker, waiting, findings, shaken,
    origins, printings, due_day, last_evidence, last_event);

-- Any two neighbouring characters of an entry's words, so that a part of them is found wherever it begins.
CREATE VIRTUAL TABLE entry_index USING fts5 (pairs, content = '', contentless_delete = 1, tokenize = 'ascii');

CREATE INDEX by_record_flags ON record (flags, id) WHERE flags <> '';
CREATE INDEX by_record_due ON record (deadline IS NULL, deadline, id, same);
DROP INDEX by_record_same;
CREATE INDEX by_record_same ON record (same, printings);

-- What somebody did last.
CREATE INDEX by_event_who ON event (who);

-- How many review items of the kinds in `queue_item` wait.
CREATE TABLE queue_count (kind TEXT PRIMARY KEY, waiting INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO queue_count VALUES ('record', 0), ('link', 0), ('join', 0), ('reading', 0);
CREATE TRIGGER queue_item_comes AFTER INSERT ON queue_item WHEN NEW.decided = 0
BEGIN UPDATE queue_count SET waiting = waiting + 1 WHERE kind = NEW.kind; END;
CREATE TRIGGER queue_item_goes AFTER DELETE ON queue_item WHEN OLD.decided = 0
BEGIN UPDATE queue_count SET waiting = waiting - 1 WHERE kind = OLD.kind; END;
CREATE TRIGGER queue_item_changes AFTER UPDATE OF decided ON queue_item WHEN OLD.decided <> NEW.decided
BEGIN UPDATE queue_count SET waiting = waiting + OLD.decided - NEW.decided WHERE kind = NEW.kind; END;
