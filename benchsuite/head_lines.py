#!/usr/bin/env python3
"""Fits lang/zh/head_lines.tsv to what `learn --head-lines` lists, and prints how often it parts the lines of a head as printed.

    cargo run --release -p shiliu-benchsuite --bin learn -- --head-lines SEEDS PROSE SEEDS SHEETS > lines.txt
    python3 benchsuite/head_lines.py lines.txt lang/zh/head_lines.tsv [TEST.txt ...]

A log-linear model over all ways to part the lines of a head (benchsuite/README.md, "Lines of heads"): stochastic gradient with
steps that shrink by what each weight has seen (AdaGrad), weights held small. Heads of prose and of the grammar count alike.
"""

import math
import random
import sys

# As in crates/press/src/segment/head_lines.rs.
GROUPS = [("structure", 108), ("headline-length", 10), ("deck-length", 10), ("kicker-beside", 8), ("kicker-marks", 6), ("deck-marks", 6), ("within-marks", 6), ("kicker-seam", 9), ("deck-seam", 9), ("within-seam", 9), ("kicker-fill", 6), ("deck-fill", 6), ("within-fill", 6), ("kicker-looks", 5), ("headline-looks", 10), ("kicker-first", 6), ("headline-first", 6), ("deck-first", 6), ("headline-begin", 8), ("headline-end", 8), ("kicker-text", 7), ("headline-text", 7)]
ROUNDS, STEP, SMALL = 10, 0.08, 1e-4


def load(path):
    heads = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if cells[0] == "head":
                heads.append((int(cells[1]), []))
            else:
                heads[-1][1].append((cells[0] == "1", [int(cell) for cell in cells[1:]]))
    return [head for head in heads if any(right for right, _ in head[1])]


def fit(heads):
    size = sum(cells for _, cells in GROUPS)
    weights, seen = [0.0] * size, [1e-6] * size
    counts = [max(1, sum(kind == of for kind, _ in heads)) for of in (0, 1)]
    share = [len(heads) / 2 / count for count in counts]
    draw = random.Random(7)
    for _ in range(ROUNDS):
        draw.shuffle(heads)
        for kind, ways in heads:
            scores = [sum(weights[cell] for cell in cells) for _, cells in ways]
            most = max(scores)
            odds = [math.exp(score - most) for score in scores]
            total = sum(odds)
            change = {}
            for odd, (right, cells) in zip(odds, ways):
                for cell in cells:
                    change[cell] = change.get(cell, 0.0) + right - odd / total
            for cell, by in change.items():
                by = share[kind] * by - SMALL * len(heads) / 10 * weights[cell]
                seen[cell] += by * by
                weights[cell] += STEP * by / math.sqrt(seen[cell])
    return weights


def report(name, heads, weights):
    for of, label in ((0, "grammar"), (1, "prose")):
        part = [ways for kind, ways in heads if kind == of]
        best = [max(ways, key=lambda way: sum(weights[cell] for cell in way[1])) for ways in part]
        if part:
            print(f"{name}, {label}: {sum(right for right, _ in best)} of {len(part)} heads parted as printed", file=sys.stderr)


if __name__ == "__main__":
    data = load(sys.argv[1])
    weights = fit(data)
    report("fitted", data, weights)
    for path in sys.argv[3:]:
        report(path, load(path), weights)
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write("# What is seen where the lines of a head are parted into kicker, headline and deck, and what it is worth, in thousandths of a bit (crates/press/src/segment/head_lines.rs); fitted, not written by hand: benchsuite/README.md, \"Lines of heads\".\n")
        out.write("group\tweights\n")
        at = 0
        for name, size in GROUPS:
            out.write(name + "\t" + " ".join(str(round(1000 * weight / math.log(2))) for weight in weights[at : at + size]) + "\n")
            at += size
