#!/usr/bin/env python3
"""Prints articles as well recognised pages have them: whole, one behind the other, now and then with one fault.

    plain.py [--pages N] [--seed S] ARTICLES.jsonl > plain.laid

Most pages are like this, and what is learned from bad ones alone takes them apart. A page has one to six neighbours of the file, with a
paragraph a line or lines as wide as a column, headings marked or not. Every third page has one fault: an article is cut by the one behind it, its
last paragraphs stand before its headline or at the end of the page. Input and output are those of relay.py, for `learn --laid` and score_laid.py.
"""

import argparse
import json
import random
from pathlib import Path

WIDTHS = (0, 0, 0, 0, 14, 18, 22, 26)
MARKS = ("# ", "## ", "### ", "", "")
FAULTS = ("cut", "before", "tail")


class Laid:
    """A page as far as it is printed."""

    def __init__(self, width, marks):
        self.width, self.marks = width, marks
        self.text, self.cells = [], []

    def say(self, text, owner, kind, place=0):
        first = None
        for i, c in enumerate(text + "\n"):
            last = i == len(text)
            if last or c.isspace():
                if first is not None:
                    self.cells.append([first[0], len(self.text), owner, kind, place + first[1] if kind == "T" else 0])
                    first = None
            elif first is None:
                first = (len(self.text), i)
            if not last:
                self.text.append(c)

    def line(self, text, owner, kind, place=0):
        self.say(text, owner, kind, place)
        self.text.append("\n")

    def mark(self, marks):
        self.text.extend(marks)

    def paragraphs(self, pieces, owner):
        for text, place in pieces:
            self.paragraph(text, owner, place)

    def paragraph(self, text, owner, place):
        step = self.width or len(text)
        for at in range(0, len(text), step):
            self.line(text[at : at + step], owner, "T", place + at)
        if not self.width:
            self.text.append("\n")


def pieces_of(article):
    """Its paragraphs, each with its place."""
    paragraphs = list(article["paragraphs"])
    paragraphs[0] = article["dateline"] + paragraphs[0]
    paragraphs[-1] += article["tail"]
    places, at = [], 0
    for text in paragraphs:
        places.append((text, at))
        at += len(text) + 1
    return places


def heads(page, article, owner):
    if article["kicker"]:
        page.line(article["kicker"], owner, "K")
    if article["headline"]:
        page.mark(page.marks)
        page.line(article["headline"], owner, "H")
        page.text.append("\n")
    if article["deck"]:
        page.line(article["deck"], owner, "D")
    if article["byline"]:
        page.line(article["byline"], owner, "B")


def cut_in_two(pieces, chance):
    """Before and behind a cut in the middle of a paragraph."""
    at = chance.randrange(len(pieces))
    text, place = pieces[at]
    middle = chance.randrange(len(text) // 4, len(text) * 3 // 4 + 1)
    if middle < 2 or len(text) - middle < 2:
        return pieces[: at + 1], pieces[at + 1 :]
    return pieces[:at] + [(text[:middle], place)], [(text[middle:], place + middle)] + pieces[at + 1 :]


def laid(articles, chance, whole):
    page = Laid(chance.choice(WIDTHS), chance.choice(MARKS))
    fault = chance.choice(FAULTS) if chance.random() < 0.34 and not whole else None
    hurt = chance.randrange(len(articles))
    # Pieces that are still to be printed, and whose they are.
    kept = ([], 0)
    for owner, article in enumerate(articles, 1):
        pieces = pieces_of(article)
        waiting = []
        if owner - 1 == hurt and len(pieces) > 2:
            if fault == "before":
                count = chance.randrange(1, min(4, len(pieces)))
                page.paragraphs(pieces[-count:], owner)
                pieces = pieces[:-count]
            elif fault in ("cut", "tail") and owner < len(articles):
                pieces, waiting = cut_in_two(pieces, chance)
        heads(page, article, owner)
        page.paragraphs(pieces, owner)
        if fault == "cut":
            # What the article before left comes behind this one.
            page.paragraphs(*kept)
            kept = ([], 0)
        if waiting:
            kept = (waiting, owner)
        if page.width:
            page.text.append("\n")
    page.paragraphs(*kept)
    return page


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", action="store_true", help="no faults")
    parser.add_argument("articles", type=Path)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    file = [json.loads(line) for line in options.articles.open(encoding="utf-8")]
    for number in range(options.pages):
        near = chance.randrange(len(file) - 9)
        page = laid(chance.sample(file[near : near + 10], chance.randrange(1, 7)), chance, options.whole)
        ending = "md" if page.marks else "txt"
        page = {"name": f"plain-{number}.{ending}", "text": "".join(page.text), "cells": page.cells}
        print(json.dumps(page, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
