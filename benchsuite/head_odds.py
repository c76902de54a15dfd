#!/usr/bin/env python3
"""Fits lang/zh/heads.tsv to what `learn --heads` lists, and prints how well it tells headlines from pieces of sentences.

    cargo run --release -p shiliu-benchsuite --bin learn -- --heads 161..320 FOLDER/other.jsonl 1..100 1001..1100 > heads.tsv
    python3 -m venv /tmp/odds && /tmp/odds/bin/pip install numpy scikit-learn
    /tmp/odds/bin/python benchsuite/head_odds.py heads.tsv lang/zh/heads.tsv [TEST.tsv ...]

One logistic regression over the cells of all groups, made pages and real prose counting alike, so that what is seldom seen
weighs little. The models of the language must not have seen the prose (benchsuite/README.md, "Streams").
"""

import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

# As in crates/press/src/segment/heads.rs.
GROUPS = [("shape", 20), ("goes-on", 11), ("goes-on-best", 9), ("comes-from", 11), ("ends", 8), ("begins", 9), ("length", 8), ("next", 7), ("headline-end", 10), ("headline-begin", 10), ("previous", 8), ("flow", 8), ("into-next", 11), ("among", 16), ("setting", 84), ("through", 10), ("through-subject", 9), ("above-subject", 9), ("below-subject", 9), ("rather-below", 9), ("form", 28), ("lead-below", 9), ("wording", 11)]


def load(path):
    with open(path, encoding="utf-8") as lines:
        return np.array([[int(cell) for cell in line.split("\t")] for line in lines])


def features(data):
    return np.hstack([np.eye(size)[data[:, 2 + at]] for at, (_, size) in enumerate(GROUPS)])


def report(name, data, model):
    for kind, label in ((0, "made pages"), (1, "real prose")):
        part = data[data[:, 0] == kind]
        if len(part):
            head, said = part[:, 1] == 1, model.predict(features(part)) == 1
            print(f"{name}, {label}: {head.sum()} heads, {(head & ~said).sum()} taken for pieces; {(~head).sum()} pieces, {(~head & ~said).sum()} told", file=sys.stderr)


data = load(sys.argv[1])
weights = np.where(data[:, 0] == 1, (data[:, 0] == 0).sum() / max((data[:, 0] == 1).sum(), 1), 1.0)
model = LogisticRegression(C=0.5, max_iter=5000).fit(features(data), data[:, 1], sample_weight=weights)
report("fitted", data, model)
for path in sys.argv[3:]:
    report(path, load(path), model)
with open(sys.argv[2], "w", encoding="utf-8") as out:
    out.write("# What is seen of a line that its shape makes a headline, and what it is worth: log odds in thousandths of a bit that it is one and no piece of a sentence (crates/press/src/segment/heads.rs); fitted, not written by hand: benchsuite/README.md, \"Heads\".\n")
    out.write("group\tweights\n")
    out.write(f"base\t{round(1000 * model.intercept_[0] / np.log(2))}\n")
    at = 0
    for name, size in GROUPS:
        figures = 1000 * model.coef_[0][at : at + size] / np.log(2)
        out.write(name + "\t" + " ".join(str(round(figure)) for figure in figures) + "\n")
        at += size
