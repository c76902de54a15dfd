#!/usr/bin/env python3
"""Writes the mean of tables of weights that were learned on different draws of pages: it does better than either.

    python3 benchsuite/mean_tables.py ONE.tsv OTHER.tsv ... > lang/zh/streams.tsv

A table given twice counts twice. The groups are those of the first; what an older table has not is nothing in it, but for what stands
between two pieces: its cells for other things than heads stand for the pictures and lines of the paper that it did not know apart.
"""

import sys


def read(path):
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return rows, {row[0]: list(map(int, row[1].split(" "))) for row in rows if len(row) == 2 and row[0] != "group"}


def filled(figures, count, group):
    if group == "between" and len(figures) < count:
        figures = figures + figures[4:6] * ((count - len(figures)) // 2)
    return figures + [0] * (count - len(figures))


def main(paths):
    tables = [read(path) for path in paths]
    for row in tables[0][0]:
        if row[0] not in tables[0][1]:
            print("\t".join(row))
            continue
        count = len(tables[0][1][row[0]])
        cells = zip(*(filled(table.get(row[0], []), count, row[0]) for _, table in tables), strict=True)
        print(row[0] + "\t" + " ".join(str(round(sum(each) / len(tables))) for each in cells))


if __name__ == "__main__":
    main(sys.argv[1:])
