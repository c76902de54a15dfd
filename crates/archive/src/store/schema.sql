-- What people gave and decided (source, holding, layer, correction, meta) is kept for ever;
-- everything below "derived" is made again from it and replaced in one transaction.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Bytes as received.
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    size INTEGER NOT NULL,
    bytes BLOB NOT NULL
);

-- Where a source was taken from. A path whose file changed has one row for each content, one of them current.
CREATE TABLE holding (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    source BLOB NOT NULL REFERENCES source (hash),
    current INTEGER NOT NULL CHECK (current IN (0, 1)),
    given TEXT NOT NULL,
    place TEXT NOT NULL,
    folders TEXT NOT NULL,
    manifest_paper TEXT,
    manifest_date TEXT,
    manifest_page_no TEXT,
    added TEXT NOT NULL,
    UNIQUE (path, source)
);
CREATE UNIQUE INDEX by_holding_current ON holding (path) WHERE current = 1;
CREATE INDEX by_holding_place ON holding (place, given);
CREATE INDEX by_holding_source ON holding (source);

-- Text layers: never changed, never deleted.
CREATE TABLE layer (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    source BLOB NOT NULL REFERENCES source (hash),
    text TEXT NOT NULL
);
CREATE TRIGGER layer_never_changes BEFORE UPDATE ON layer
BEGIN SELECT RAISE(ABORT, 'a text layer is never changed'); END;
CREATE TRIGGER layer_never_goes BEFORE DELETE ON layer
BEGIN SELECT RAISE(ABORT, 'a text layer is never deleted'); END;
CREATE TRIGGER source_never_changes BEFORE UPDATE ON source
BEGIN SELECT RAISE(ABORT, 'a source is never changed'); END;
CREATE TRIGGER source_never_goes BEFORE DELETE ON source
BEGIN SELECT RAISE(ABORT, 'a source is never deleted'); END;

-- What people put right: append-only, each row chained to the one before.
CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    made TEXT NOT NULL,
    who TEXT NOT NULL,
    via TEXT NOT NULL,
    why TEXT NOT NULL,
    verb TEXT NOT NULL,
    text_hash BLOB,
    path TEXT,
    start INTEGER,
    end INTEGER,
    quote TEXT,
    before TEXT,
    after TEXT,
    other_hash BLOB,
    other_path TEXT,
    other_start INTEGER,
    other_end INTEGER,
    other_quote TEXT,
    other_before TEXT,
    other_after TEXT,
    value TEXT,
    undoes INTEGER REFERENCES correction (id),
    previous BLOB NOT NULL,
    digest BLOB NOT NULL
);
CREATE TRIGGER correction_never_changes BEFORE UPDATE ON correction
BEGIN SELECT RAISE(ABORT, 'a correction is never changed; undo it by another one'); END;
CREATE TRIGGER correction_never_goes BEFORE DELETE ON correction
BEGIN SELECT RAISE(ABORT, 'a correction is never deleted; undo it by another one'); END;

-- ---- derived ----

CREATE TABLE issue (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    paper TEXT,
    date TEXT,
    folder TEXT,
    grouping TEXT NOT NULL
);

CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    text_hash BLOB NOT NULL REFERENCES layer (hash),
    source BLOB NOT NULL REFERENCES source (hash),
    format TEXT NOT NULL,
    encoding TEXT NOT NULL,
    issue INTEGER NOT NULL REFERENCES issue (id),
    paper TEXT,
    paper_basis TEXT,
    date TEXT,
    date_basis TEXT,
    page_no TEXT,
    page_no_basis TEXT,
    day TEXT,
    newness INTEGER NOT NULL UNIQUE
);
CREATE INDEX by_page_path ON page (path);
CREATE INDEX by_page_text ON page (text_hash);
CREATE INDEX by_page_issue ON page (issue);

CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    page INTEGER NOT NULL REFERENCES page (id),
    headline TEXT,
    headline_at TEXT,
    kicker TEXT,
    kicker_at TEXT,
    deck TEXT,
    deck_at TEXT,
    byline TEXT,
    byline_at TEXT,
    place TEXT,
    place_at TEXT,
    agency TEXT,
    agency_at TEXT,
    date TEXT,
    date_basis TEXT,
    dateline_at TEXT,
    jump_from TEXT,
    jump_to TEXT,
    head TEXT NOT NULL,
    tail TEXT NOT NULL,
    status TEXT NOT NULL,
    losses TEXT NOT NULL,
    reference TEXT,
    reference_basis TEXT,
    text TEXT NOT NULL,
    map BLOB NOT NULL
);
CREATE INDEX by_article_page ON article (page);

CREATE TABLE fragment (
    article INTEGER NOT NULL REFERENCES article (id),
    ordinal INTEGER NOT NULL,
    page INTEGER NOT NULL REFERENCES page (id),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    PRIMARY KEY (article, ordinal)
) WITHOUT ROWID;
CREATE INDEX by_fragment_page ON fragment (page);

CREATE TABLE zone (
    page INTEGER NOT NULL REFERENCES page (id),
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    role TEXT NOT NULL,
    duplicate INTEGER NOT NULL,
    articles TEXT NOT NULL,
    PRIMARY KEY (page, ordinal)
) WITHOUT ROWID;

CREATE TABLE story (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    headline TEXT,
    agency TEXT,
    date TEXT,
    established TEXT NOT NULL,
    printings INTEGER NOT NULL,
    papers INTEGER NOT NULL,
    loci INTEGER NOT NULL,
    undecided INTEGER NOT NULL,
    substantive INTEGER NOT NULL,
    records INTEGER NOT NULL
);
CREATE INDEX by_story_date ON story (date);

CREATE TABLE witness (
    story INTEGER NOT NULL REFERENCES story (id),
    ordinal INTEGER NOT NULL,
    siglum TEXT NOT NULL,
    article INTEGER NOT NULL REFERENCES article (id),
    relation TEXT NOT NULL,
    coverage TEXT NOT NULL,
    agreements BLOB NOT NULL,
    PRIMARY KEY (story, ordinal)
) WITHOUT ROWID;
CREATE INDEX by_witness_article ON witness (article);

CREATE TABLE locus (
    story INTEGER NOT NULL REFERENCES story (id),
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    lemma INTEGER NOT NULL,
    decision TEXT NOT NULL,
    confidence INTEGER NOT NULL,
    moved INTEGER,
    substance TEXT,
    conjecture TEXT,
    PRIMARY KEY (story, ordinal)
) WITHOUT ROWID;

CREATE TABLE reading (
    story INTEGER NOT NULL,
    locus INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    text TEXT NOT NULL,
    kind TEXT,
    cause TEXT,
    probability INTEGER NOT NULL,
    witnesses TEXT NOT NULL,
    grounds TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (story, locus, ordinal),
    FOREIGN KEY (story, locus) REFERENCES locus (story, ordinal)
) WITHOUT ROWID;

CREATE TABLE related (
    story INTEGER NOT NULL REFERENCES story (id),
    ordinal INTEGER NOT NULL,
    other INTEGER NOT NULL REFERENCES story (id),
    relation TEXT NOT NULL,
    spans TEXT NOT NULL,
    PRIMARY KEY (story, ordinal)
) WITHOUT ROWID;

CREATE TABLE mention (
    id INTEGER PRIMARY KEY,
    page INTEGER NOT NULL REFERENCES page (id),
    start INTEGER NOT NULL,
    spans TEXT NOT NULL,
    article INTEGER REFERENCES article (id),
    text_start INTEGER,
    text_end INTEGER,
    kind TEXT NOT NULL,
    value TEXT,
    unit TEXT,
    low TEXT,
    high TEXT,
    low_open INTEGER NOT NULL,
    high_open INTEGER NOT NULL,
    bound TEXT NOT NULL,
    part TEXT,
    zone TEXT,
    relative INTEGER NOT NULL,
    reference TEXT,
    reference_basis TEXT,
    numeral TEXT,
    flags TEXT NOT NULL,
    rule TEXT NOT NULL
);
CREATE INDEX by_mention_page ON mention (page, start);

CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    rule TEXT NOT NULL,
    label TEXT NOT NULL,
    story INTEGER NOT NULL REFERENCES story (id),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    origins INTEGER NOT NULL,
    printings INTEGER NOT NULL,
    flags TEXT NOT NULL,
    type TEXT,
    status TEXT,
    force TEXT,
    sector TEXT,
    deadline TEXT,
    day TEXT,
    same INTEGER NOT NULL,
    haystack TEXT NOT NULL
);
CREATE INDEX by_record_kind ON record (kind, day);
CREATE INDEX by_record_story ON record (story);
CREATE INDEX by_record_same ON record (same);

CREATE TABLE field (
    record INTEGER NOT NULL REFERENCES record (id),
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    printed INTEGER NOT NULL,
    basis TEXT NOT NULL,
    PRIMARY KEY (record, ordinal)
) WITHOUT ROWID;

-- One row for each word of a field that the ledger can be filtered by.
CREATE TABLE term (
    record INTEGER NOT NULL REFERENCES record (id),
    facet TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (record, facet, word)
) WITHOUT ROWID;
CREATE INDEX by_term_word ON term (facet, word, record);

CREATE TABLE record_story (
    record INTEGER NOT NULL REFERENCES record (id),
    ordinal INTEGER NOT NULL,
    story INTEGER NOT NULL REFERENCES story (id),
    PRIMARY KEY (record, ordinal)
) WITHOUT ROWID;
CREATE INDEX by_record_story_story ON record_story (story);

-- The record's own evidence has an empty field name.
CREATE TABLE evidence (
    record INTEGER NOT NULL REFERENCES record (id),
    field TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    story INTEGER NOT NULL REFERENCES story (id),
    witness INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article (id),
    page INTEGER NOT NULL REFERENCES page (id),
    spans TEXT NOT NULL,
    PRIMARY KEY (record, field, ordinal)
) WITHOUT ROWID;
CREATE INDEX by_evidence_page ON evidence (page);

CREATE TABLE alternative (
    record INTEGER NOT NULL REFERENCES record (id),
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    reading TEXT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (record, ordinal)
) WITHOUT ROWID;

CREATE TABLE link (
    id INTEGER PRIMARY KEY,
    source INTEGER REFERENCES record (id),
    target INTEGER NOT NULL REFERENCES record (id),
    verb TEXT NOT NULL,
    rule TEXT NOT NULL
);
CREATE INDEX by_link_source ON link (source);
CREATE INDEX by_link_target ON link (target);

CREATE TABLE diagnostic (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    message TEXT NOT NULL,
    path TEXT,
    page INTEGER REFERENCES page (id),
    start INTEGER,
    end INTEGER,
    hints TEXT NOT NULL
);
CREATE INDEX by_diagnostic_page ON diagnostic (page);

-- Corrections that no longer find their place.
CREATE TABLE review_item (
    id INTEGER PRIMARY KEY,
    correction INTEGER NOT NULL REFERENCES correction (id),
    reason TEXT NOT NULL
);

-- Our own terms of each page's folded text, newest page last; holds no text itself.
CREATE VIRTUAL TABLE page_index USING fts5 (terms, content = '', tokenize = 'ascii');
CREATE VIRTUAL TABLE page_terms USING fts5vocab (page_index, 'row');
