#!/usr/bin/env python3
"""Fits the log odds of lang/zh/seams.tsv to what `cargo run --example seams` lists, and prints how well they tell.

    cargo run --release -p shiliu-press --example seams -- TRUTH/segments.json PAGES > one.tsv
    python3 -m venv /tmp/odds && /tmp/odds/bin/pip install numpy scikit-learn
    /tmp/odds/bin/python benchsuite/seam_odds.py one.tsv another.tsv

One logistic regression: an offset for each cell (row, column), a slope for what the character model says and one for what the
network says, apart for rows without a word over the cut, with one, and without Han, and for its word against and for the cut.
"""

import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

ROWS, COLUMNS = 8, 5
# The network's word counts no more than so many bits (segment/evidence.rs).
MOST = 14
KINDS = ([0, 1], [2, 3, 4, 5, 6], [7])


def load(path):
    with open(path, encoding="utf-8") as lines:
        return np.array([[int(cell) for cell in line.split("\t")] for line in lines])


def features(data):
    row, column, bits = data[:, 1], data[:, 2], data[:, 3] / 8.0
    joint = np.clip(data[:, 4] / 1000.0, -MOST, MOST)
    cells = [(row == r) & (column == c) for r in range(ROWS) for c in range(COLUMNS)]
    slopes = [
        np.isin(row, kind) * part
        for say in (bits, joint)
        for kind in KINDS
        for part in (np.minimum(say, 0), np.maximum(say, 0))
    ]
    return np.stack(cells + slopes, 1).astype(float)


def told(truth, score):
    false = np.sort(score[truth == 0])[::-1]
    return "  ".join(f"{(score[truth == 1] > false[int(len(false) * share)]).mean():.3f}" for share in (0.005, 0.02, 0.05, 0.1))


def fit(data, width):
    return LogisticRegression(C=3, max_iter=5000, class_weight="balanced").fit(features(data)[:, :width], data[:, 0])


sets = [load(path) for path in sys.argv[1:]]
print("true seams told at 0.5, 2, 5 and 10 % false, fitted on the other files: cells alone; with the character model; with the network too")
for at, test in enumerate(sets):
    rest = [data for other, data in enumerate(sets) if other != at] or [test]
    train = np.vstack(rest)
    for width in (ROWS * COLUMNS, ROWS * COLUMNS + 2 * len(KINDS), ROWS * COLUMNS + 4 * len(KINDS)):
        print(sys.argv[1 + at], told(test[:, 0], fit(train, width).decision_function(features(test)[:, :width])))
model = fit(np.vstack(sets), ROWS * COLUMNS + 4 * len(KINDS))
weights = model.coef_[0] / np.log(2)
print("tenths of a bit:")
print(np.round(10 * (weights[: ROWS * COLUMNS].reshape(ROWS, COLUMNS) + model.intercept_[0] / np.log(2))).astype(int))
print("thousandths for each bit of the model, then of the network (against, for):", np.round(1000 * weights[ROWS * COLUMNS :]).astype(int))
