#!/usr/bin/env python3
"""Writes the mean of tables of weights that were learned on different draws of pages: it does better than either.

    python3 benchsuite/mean_tables.py ONE.tsv OTHER.tsv ... > lang/zh/streams.tsv
"""

import sys


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def main(paths):
    for rows in zip(*map(read, paths), strict=True):
        if len(rows[0]) < 2 or rows[0][0] == "group":
            print("\t".join(rows[0]))
            continue
        figures = [list(map(int, row[1].split(" "))) for row in rows]
        means = (round(sum(cells) / len(cells)) for cells in zip(*figures, strict=True))
        print(rows[0][0] + "\t" + " ".join(map(str, means)))


if __name__ == "__main__":
    main(sys.argv[1:])
