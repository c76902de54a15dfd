#!/usr/bin/env python3
"""Speed of collation beside CollateX and rapidfuzz, in one run and as ratios.

usage: collation.py WITNESSES_BINARY [DIR]
needs: pip install collatex Levenshtein rapidfuzz   (collatex 2.3 does not declare that it needs Levenshtein)

CollateX aligns one token a character without segmentation; rapidfuzz gives the edit operations of one pair and nothing
more. Ours is the whole apparatus: alignment, decisions, causes. All on one core, best of the runs.
"""
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def made(binary, folder, witnesses, characters, percent):
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([binary, "--make", "independent", "--witnesses", str(witnesses), "--myriad", str(percent * 100),
                    "--characters", str(characters), "--seeds", "1", "-o", str(folder)], check=True)
    return sorted(folder.glob("*.txt"))


def ours(binary, files):
    out = subprocess.run(["taskset", "-c", "0", binary, "--speed", *map(str, files)], check=True, capture_output=True, text=True)
    words = out.stdout.split()
    return float(words[0]) / 1000, float(words[2])


def best(work, runs):
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def collatex(texts):
    from collatex import Collation, collate
    collation = Collation()
    for number, text in enumerate(texts):
        collation.add_witness({"id": f"w{number}", "tokens": [{"t": c} for c in text]})
    return lambda: collate(collation, output="table", segmentation=False)


def main():
    binary = sys.argv[1]
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
    from rapidfuzz.distance import Levenshtein
    print(f"{'task':<34}{'ours ms':>10}{'MiB':>7}{'peer ms':>12}{'ratio':>9}")
    tasks = [
        ("rapidfuzz editops, 2 x 2,500", 2, 2500, "rapidfuzz"),
        ("rapidfuzz editops, 2 x 200,000", 2, 200_000, "rapidfuzz"),
        ("CollateX, 2 x 500", 2, 500, "collatex"),
        ("CollateX, 2 x 1,000", 2, 1000, "collatex"),
        ("CollateX, 4 x 500", 4, 500, "collatex"),
        ("(no peer in time) 16 x 3,000", 16, 3000, None),
    ]
    for name, witnesses, characters, peer in tasks:
        files = made(binary, folder / f"{witnesses}x{characters}", witnesses, characters, 2)
        texts = ["".join(file.read_text(encoding="utf-8").split()) for file in files]
        seconds, memory = ours(binary, files)
        theirs = None
        if peer == "rapidfuzz":
            theirs = best(lambda: Levenshtein.editops(texts[0], texts[1]), 5 if characters < 10_000 else 1)
        elif peer == "collatex":
            theirs = best(collatex(texts), 1)
        row = f"{name:<34}{seconds * 1000:>10.2f}{memory:>7.1f}"
        print(row + (f"{theirs * 1000:>12.2f}{theirs / seconds:>9.2f}" if theirs else ""), flush=True)


if __name__ == "__main__":
    main()
