#!/usr/bin/env python3
"""Scores `shiliu segment` on pages that relay.py laid out, with the measures of score.py, as means over all pages.

    relay.py --set held --copies 6 --seed 5 ../prose/held.jsonl > held-laid.jsonl
    score_laid.py PROGRAM held-laid.jsonl

Neither the layouts of held/ nor the articles of held.jsonl are read or learned from: other people's cuts through other people's texts,
on many more pages than held/ itself has.
"""

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import compose
from score import read_page, score_page


def truth_of(page):
    runs, headlines = [], {}
    for start, end, owner, kind, place in page["cells"]:
        name = f"a{owner}" if owner else compose.FURNITURE
        runs.append([start, end, compose.SHARED if kind == "A" else name, place if kind == "T" else None])
        if owner and kind != "A":
            headlines.setdefault(name, "")
            headlines[name] += page["text"][start:end] if kind == "H" else ""
    articles = {
        name: {"headline": text or None, "headline_scored": bool(text), "loose": None, "kicker": [], "deck": []}
        for name, text in headlines.items()
    }
    return {"runs": runs, "articles": articles}


def score(program, page):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / page["name"]
        path.write_text(page["text"], encoding="utf-8", newline="")
        return score_page(page["text"], truth_of(page), read_page(program, path))


def main(program, laid):
    with open(laid, encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda page: score(program, page), pages))
    for key in ("b3", "prec", "rec", "bound"):
        print(f"{key:10}{sum(result[key] for result in results) / len(results):.4f}")
    print(f"{'worst':10}{min(result['b3'] for result in results):.4f}")
    for key in ("joined", "head", "furniture"):
        some, of = (sum(result[key][at] for result in results) for at in (0, 1))
        print(f"{key:10}{some / max(of, 1):.4f}  ({some} of {of})")


if __name__ == "__main__":
    main(*sys.argv[1:])
