#!/usr/bin/env python3
"""Makes a large archive of a small one that was read: every page, article, story and record of it again, BLOCKS times
in all, each block under another name, so that no two pages hold the same text. Nothing is read again: the rows are
those that the program writes, with their numbers moved on. What lists keep ready (numbers, the queue, the index of
records) is made by `load enter`, or by `shiliu doctor --rebuild`.

    replicate.py ARCHIVE BLOCKS        (ARCHIVE is changed; its pages come from grammar/load.txt)
"""
import hashlib
import re
import sqlite3
import sys
import time

FIRST, SECOND = "棠榆槐桑枫", "舟岚汀峦渚磐泓湄崖洲"
NAMES = [a + b for a in FIRST for b in SECOND]  # the code {k} of block 0 is 棠舟
# table: columns that hold row numbers, and of which table
NUMBERS = {
    "page": {"id": "page", "newness": "newness"},
    "article": {"id": "article", "page": "page"},
    "fragment": {"article": "article", "page": "page"},
    "zone": {"page": "page"},
    "story": {"id": "story"},
    "witness": {"story": "story", "article": "article"},
    "locus": {"story": "story"},
    "reading": {"story": "story"},
    "related": {"story": "story", "other": "story"},
    "mention": {"id": "mention", "page": "page", "article": "article"},
    "record": {"id": "record", "story": "story", "same": "record"},
    "field": {"record": "record"},
    "term": {"record": "record"},
    "record_story": {"record": "record", "story": "story"},
    "evidence": {"record": "record", "story": "story", "article": "article", "page": "page"},
    "alternative": {"record": "record"},
    "link": {"id": "link", "source": "record", "target": "record"},
}
# columns with `PAGE/START-END` inside, with articles inside
PLACED = {
    "page": ("paper_basis", "date_basis", "page_no_basis"),
    "article": ("headline_at", "kicker_at", "deck_at", "byline_at", "place_at", "agency_at", "date_basis",
                "dateline_at", "reference_basis", "losses"),
    "mention": ("reference_basis",),
}
PATHS = {"holding": ("path", "given", "place", "folders"), "page": ("path",), "article": ("key",), "story": ("key",)}
HASHES = {"page": ("text_hash", "source")}


def terms(text):
    """The terms of the search index: pairs of neighbours, words whole (the texts here are their own folded form)."""
    def paired(c):
        return "\u4e00" <= c <= "\u9fff"
    def worded(c):
        return c.isalnum() and not paired(c)
    # The layout of a page is no border of a run.
    text = re.sub(r"(?<=[\u4e00-\u9fff])\n(?=[\u4e00-\u9fff])", "", text)
    out, at = [], 0
    while at < len(text):
        c = text[at]
        if paired(c):
            both = at + 1 < len(text) and paired(text[at + 1])
            out.append(text[at:at + 2] if both else c)
            at += 1
        elif worded(c):
            end = at
            while end < len(text) and worded(text[end]):
                end += 1
            out.append(text[at:end])
            at = end
        else:
            at += 1
    return " ".join(out)


def main():
    archive, blocks = sys.argv[1], int(sys.argv[2])
    db = sqlite3.connect(f"{archive}/shiliu.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN IMMEDIATE")
    step = {name: db.execute(f"SELECT coalesce(max(id), 0) FROM {name}").fetchone()[0]
            for name in ("page", "article", "story", "mention", "record", "link")}
    step["newness"] = db.execute("SELECT max(newness) FROM page").fetchone()[0]
    columns = {t: [row[1] for row in db.execute(f"PRAGMA table_info({t})")]
               for t in [*NUMBERS, "source", "holding", "layer"]}
    base = {t: db.execute(f"SELECT * FROM {t}").fetchall() for t in columns}
    begun = time.time()
    for block in range(1, blocks):
        name = NAMES[block]
        renamed = lambda text: text.replace(NAMES[0], name)
        moved = lambda path: f"{block:02}-{path}"
        hashes = {}
        rows = []
        for (number, old, size, data) in base["source"]:
            new = renamed(data.decode()).encode()
            hashes[old] = hashlib.sha256(new).digest()
            rows.append((number + block * len(base["source"]), hashes[old], size, new))
        insert(db, "source", columns["source"], rows)
        insert(db, "layer", columns["layer"],
               [(hashes[h], hashes[s], renamed(text)) for (h, s, text) in base["layer"]])
        rows = []
        for row in base["holding"]:
            row = dict(zip(columns["holding"], row))
            row["id"] += block * len(base["holding"])
            row["source"] = hashes[row["source"]]
            for column in PATHS["holding"]:
                row[column] = moved(row[column])
            rows.append(tuple(row.values()))
        insert(db, "holding", columns["holding"], rows)
        for table in NUMBERS:
            here = columns[table]
            rows = []
            for row in base[table]:
                row = dict(zip(here, row))
                for column, value in row.items():
                    if isinstance(value, str) and NAMES[0] in value:
                        row[column] = renamed(value)
                for column, of in NUMBERS[table].items():
                    if row[column] is not None:
                        row[column] += block * step[of]
                for column in PLACED.get(table, ()):
                    if row[column]:
                        row[column] = re.sub(r"(\d+)(?=/\d+-\d+)",
                                             lambda m: str(int(m[1]) + block * step["page"]), row[column])
                for column in PATHS.get(table, ()):
                    row[column] = moved(row[column])
                for column in HASHES.get(table, ()):
                    row[column] = hashes[row[column]]
                if table == "zone" and row["articles"]:
                    row["articles"] = " ".join(str(int(a) + block * step["article"]) for a in row["articles"].split())
                if table == "related":
                    row["spans"] = re.sub(r"(\d+)(?=/)", lambda m: str(int(m[1]) + block * step["article"]), row["spans"])
                if table == "record":
                    row["key"] += f"{block:02x}"
                rows.append(tuple(row.values()))
            insert(db, table, here, rows)
        texts = {h: renamed(text) for (h, _, text) in base["layer"]}
        pages = [dict(zip(columns["page"], row)) for row in base["page"]]
        db.executemany("INSERT INTO page_index (rowid, terms) VALUES (?, ?)",
                       [(p["newness"] + block * step["newness"], terms(texts[p["text_hash"]])) for p in pages])
        print(f"block {block}: {time.time() - begun:.0f} s", flush=True)
    db.execute("UPDATE meta SET value = (SELECT max(id) FROM holding) WHERE key = 'read_up_to'")
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def insert(db, table, columns, rows):
    slots = ", ".join("?" * len(columns))
    db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({slots})", rows)


main()
