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
CREATE INDEX by_entry_due ON entry (due_day, id) WHERE taken_back = 0;
CREATE INDEX by_entry_owner ON entry (owner, due_day);
CREATE INDEX by_entry_last ON entry (last_event);

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
