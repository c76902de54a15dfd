-- The register (store format 2): what people decided of promises. `event` is append-only, each row chained to the
-- one before; every table below it follows from the events and from what was read, and can be made again.

CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    made TEXT NOT NULL,
    who TEXT NOT NULL,
    via TEXT NOT NULL,
    why TEXT NOT NULL,
    subject TEXT,
    item TEXT,
    verb TEXT NOT NULL,
    body TEXT NOT NULL,
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    digest BLOB NOT NULL CHECK (length(digest) = 32)
);
CREATE INDEX by_event_subject ON event (subject) WHERE subject IS NOT NULL;
CREATE INDEX by_event_item ON event (item) WHERE item IS NOT NULL;
CREATE INDEX by_event_verb ON event (verb) WHERE verb IN ('submit', 'draw', 'issue');
CREATE INDEX by_event_undo ON event (body) WHERE verb = 'undo';
CREATE TRIGGER event_never_changes BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed; undo it by another one'); END;
CREATE TRIGGER event_never_goes BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted; undo it by another one'); END;

-- ---- projected ----

-- `due_day` is the last day that `due` allows. `speaker` is the entry that stands for this one in totals.
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    words TEXT NOT NULL,
    actors TEXT NOT NULL,
    recipients TEXT NOT NULL,
    amount TEXT NOT NULL,
    unit TEXT NOT NULL,
    due TEXT NOT NULL,
    due_words TEXT NOT NULL,
    due_day TEXT,
    said TEXT NOT NULL,
    area TEXT NOT NULL,
    sector TEXT NOT NULL,
    meeting TEXT NOT NULL,
    status TEXT,
    assessed TEXT,
    owner TEXT,
    taken_back INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    printings INTEGER NOT NULL,
    origins INTEGER NOT NULL,
    shaken INTEGER NOT NULL,
    last_evidence TEXT,
    waiting INTEGER NOT NULL,
    late_answer TEXT,
    findings INTEGER NOT NULL,
    revised TEXT,
    speaker INTEGER NOT NULL,
    source_record TEXT,
    first_event INTEGER NOT NULL,
    last_event INTEGER NOT NULL,
    haystack TEXT NOT NULL
);
-- Those without a date come last; the order is the index.
CREATE INDEX by_entry_due ON entry (coalesce(due_day, '~'), id, settled, taken_back);
CREATE INDEX by_entry_open ON entry (settled, taken_back, owner, due_day);
CREATE INDEX by_entry_status ON entry (status);
CREATE INDEX by_entry_last ON entry (last_event);
CREATE INDEX by_entry_silent ON entry (last_evidence, settled, taken_back);
CREATE INDEX by_entry_late ON entry (late_answer) WHERE late_answer IS NOT NULL;
CREATE INDEX by_entry_finding ON entry (findings) WHERE findings > 0;
CREATE INDEX by_entry_revised ON entry (revised) WHERE revised IS NOT NULL;
CREATE INDEX by_entry_shaken ON entry (shaken) WHERE shaken > 0;

-- How many entries that hold have a name, a status (`none`), an owner (`-`).
CREATE TABLE entry_count (
    facet TEXT NOT NULL,
    name TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (facet, name)
) WITHOUT ROWID;

CREATE TABLE entry_name (
    entry INTEGER NOT NULL REFERENCES entry (id),
    facet TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (entry, facet, name)
) WITHOUT ROWID;
CREATE INDEX by_entry_name ON entry_name (facet, name, entry);

-- `state`: held; changed (its page has another text now); gone (no page has it any more).
CREATE TABLE entry_ground (
    entry INTEGER NOT NULL REFERENCES entry (id),
    ordinal INTEGER NOT NULL,
    says TEXT,
    text_hash BLOB NOT NULL,
    path TEXT NOT NULL,
    spans TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (entry, ordinal)
) WITHOUT ROWID;
CREATE INDEX by_entry_ground_text ON entry_ground (text_hash);
CREATE INDEX by_entry_ground_state ON entry_ground (state) WHERE state <> 'held';

CREATE TABLE entry_relation (
    entry INTEGER NOT NULL REFERENCES entry (id),
    event INTEGER NOT NULL,
    verb TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (entry, event)
) WITHOUT ROWID;
CREATE INDEX by_entry_relation_other ON entry_relation (other);

-- The records of the present reading that an entry stands on.
CREATE TABLE entry_record (
    record TEXT NOT NULL,
    entry INTEGER NOT NULL REFERENCES entry (id),
    PRIMARY KEY (record, entry)
) WITHOUT ROWID;
CREATE INDEX by_entry_record ON entry_record (entry);

CREATE TABLE verdict (
    item TEXT NOT NULL,
    who TEXT NOT NULL,
    verdict TEXT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (item, who)
) WITHOUT ROWID;

-- Review items of the kinds that there are very many of, and whether somebody decided them.
CREATE TABLE queue_item (
    item TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    place INTEGER NOT NULL,
    decided INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX by_queue_waiting ON queue_item (kind, place) WHERE decided = 0;
