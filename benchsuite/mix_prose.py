#!/usr/bin/env python3
"""Writes the articles that weights are learned from, in turn: twenty of each file of prose/ but held.jsonl, forty of the news corpus.

    python3 benchsuite/mix_prose.py FOLDER/other.jsonl > FOLDER/mixed.jsonl

FOLDER/other.jsonl comes from news_articles.py. Blocks keep their order: neighbours in a file stood, or would stand, near each other.
"""

import sys
from pathlib import Path

OWN, OTHER = 20, 40


def lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def main(other):
    folder = Path(__file__).parent / "prose"
    own = [lines(folder / f"{name}.jsonl") for name in ("states", "towns", "daily")]
    news = lines(Path(other))
    for block in range((max(map(len, own)) + OWN - 1) // OWN):
        for articles in own:
            sys.stdout.writelines(line + "\n" for line in articles[block * OWN : (block + 1) * OWN])
        sys.stdout.writelines(line + "\n" for line in news[block * OTHER : (block + 1) * OTHER])


if __name__ == "__main__":
    main(*sys.argv[1:])
