#!/usr/bin/env python3
"""Lays other articles out as the pages of other_hands are laid out: pages for `learn` to learn from.

    relay.py [--set dev|held] [--copies N] [--seed S] ARTICLES.jsonl ... > laid.jsonl

A page is taken apart as its layout says: which article stands where, how far, and whether a piece ends with a paragraph, a
sentence or in the middle of one. Other articles take the place of its own, as many neighbours in a file as the page has, the longest for the
longest; every piece ends at the same share of its article and in the same manner. So the cuts are those that people
made, the texts are not theirs. Lines of the paper, captions and jump lines are printed as they stand. Of every third page the lines are
wrapped where they were not, or the other way round (not of pages with rows), of every third heading marks are left away. A page that cannot be laid out so
(too short an article) is left out and counted. From `held` only to measure (score_laid.py), never to learn.

ARTICLES are JSON Lines as in ../prose. A line of the output is {"name", "text", "cells": [[start, end, owner, kind, place]]}: places
in code points; owner 0 is the paper; kind is a letter: headline, kicker, deck, byline, caption (H K D B C), jump line J, text T, a second copy A, line
of the paper F; place is that of the first character in the article's text.
"""

import argparse
import json
import random
import re
import sys
from pathlib import Path

import compose
from compose import NOT_FIRST, NOT_LAST, Fault, Page

ENDS = "。！？”；…"


class Recorded(Page):
    """A page that keeps what its layout asks for: of each article the places where pieces begin and end."""

    def __init__(self, path):
        super().__init__(path)
        self.asked = []

    def stretch(self, article, text):
        start, end = super().stretch(article, text)
        self.asked.append((article.name, start, end))
        return start, end


def manner(flow, place):
    """How a piece ends at a place: E with the article, P with a paragraph, S with a sentence, M in the middle of one."""
    if place >= len(flow):
        return "E"
    if flow[place] == "\n" or place == 0 or flow[place - 1] == "\n":
        return "P"
    return "S" if flow[place - 1] in ENDS else "M"


class Relaid(Page):
    """The same layout with other articles."""

    def __init__(self, path, recorded, others, chance):
        super().__init__(path)
        self.random = random.Random(chance.random())
        self.recorded, self.others = recorded, others
        self.next_stretch = 0
        self.places = {}
        self.marks = chance.random() > 0.33
        self.flipped = None
        if chance.random() < 0.33 and not recorded.has_rows:
            self.flipped = 0 if recorded.wrapped else chance.choice((12, 13, 15, 16, 17, 18, 20, 21, 23, 25))
        self.shift = chance.choice((-2, -1, 0, 0, 0, 1, 2, 3))
        self.name = recorded.name

    def lay_out(self, layout):
        for article in self.articles.values():
            article.was = self.recorded.articles[article.name].flow
            if article.loose or article.name not in self.others:
                continue
            other = self.others[article.name]
            article.paragraphs = list(other["paragraphs"])
            article.paragraphs[0] = other["dateline"] + article.paragraphs[0]
            article.paragraphs[-1] += other["tail"]
            for part, name in (("H", "headline"), ("K", "kicker"), ("D", "deck"), ("B", "byline")):
                article.parts[part] = [other[name]] if other[name] else []
            article.close()
        if self.flipped is not None:
            self.width = self.flipped
            self.indent = 2 if self.flipped else 0
        super().lay_out(layout)

    def check_all_printed(self):
        pass

    def command(self, text, lines):
        if self.flipped is not None and re.fullmatch(r"(wrap|indent) \d+", text):
            return
        found = re.fullmatch(r"wrap (\d+)", text)
        if found and int(found.group(1)) > 9:
            text = f"wrap {max(9, int(found.group(1)) + self.shift)}"
        super().command(text, lines)

    def piece(self, text, lines):
        name, _, rest = text.partition(" ")
        article = self.articles.get(name)
        part = re.match(r"([HKDBC])(?=$| )", rest.strip())
        if article and part and article.printed_parts[part.group(1)] >= len(article.parts[part.group(1)]):
            return  # the other article has no such line
        if article and part and not self.marks:
            text = re.sub(r" (#+|\*\*)(?= |$)", "", text)
        cuts = re.search(r"((?:/\d+)+)$", text) if part else None
        if cuts:
            length = len(article.parts[part.group(1)][article.printed_parts[part.group(1)]])
            bounds = [int(one) for one in cuts.group(1).split("/")[1:]]
            was = len(self.recorded.articles[name].parts[part.group(1)][0])
            bounds = sorted({max(1, min(length - 1, round(one * length / max(was, 1)))) for one in bounds})
            text = text[: cuts.start()] + "".join(f"/{one}" for one in bounds)
        if article and rest.strip().startswith("without "):
            article.printed_parts[rest.strip()[8:9]] = len(article.parts[rest.strip()[8:9]])
            return
        count = len(lines)
        super().piece(text, lines)
        kind = part.group(1) if part else "J" if rest.strip().startswith("j|") else None
        for line in lines[count:] if kind else []:
            line[:] = [(c, label and label + kind, place) for c, label, place in line]

    def print_flow(self, article, start, end, lines, label=None):
        count = len(lines)
        super().print_flow(article, start, end, lines, label)
        if label == compose.SHARED:
            for line in lines[count:]:
                line[:] = [(c, label and article.name + "A", None) for c, label, _ in line]

    def stretch(self, article, text):
        name, start, end = self.recorded.asked[self.next_stretch]
        self.next_stretch += 1
        article.cursor = self.place(article, start, None)
        article.step_over_breaks()
        first = article.cursor
        last = self.place(article, end, first)
        if last <= first:
            raise Fault(f"article {name} is too short")
        article.cursor = last
        return first, last

    def use(self, article, start, end):
        for i in range(start, end):
            article.used[i] = True

    def place(self, article, was, begun):
        """Where the place of the old text is in the new one; `begun` is where the piece begins that ends there."""
        known = self.places.setdefault(article.name, {})
        # A piece that begins behind a paragraph begins where the one before it ended.
        if begun is None and was > 0 and article.was[was - 1] == "\n" and was - 1 in known:
            return known[was - 1]
        if was in known:
            return known[was]
        flow, how = article.flow, manner(article.was, was)
        if how == "E":
            return len(flow)
        if was == 0:
            return 0
        aim = round(was * len(flow) / max(len(article.was), 1))
        least = (begun or 0) + 4
        if how == "P":
            options = [i for i, c in enumerate(flow) if c == "\n"]
        elif how == "S":
            options = [i + 1 for i, c in enumerate(flow) if c in ENDS and flow[i + 1 : i + 2] not in NOT_FIRST + "\n" and i + 1 < len(flow)]
        elif self.width and begun is not None:
            options = [to for _, to in self.wrap(flow, begun, len(flow), self.at_paragraph(article, begun))]
            options = [to for to in options if to < len(flow) and manner(flow, to) == "M"]
        else:
            options = [i for i in range(1, len(flow)) if manner(flow, i) == "M" and flow[i] not in NOT_FIRST and flow[i - 1] not in NOT_LAST]
        options = [one for one in options if one >= least and one < len(flow)]
        taken = sorted((old, new) for old, new in known.items())
        low = max((new for old, new in taken if old < was), default=0)
        high = min((new for old, new in taken if old > was), default=len(flow) + 1)
        options = [one for one in options if low < one < high]
        if not options:
            raise Fault(f"article {article.name} is too short")
        known[was] = min(options, key=lambda one: (abs(one - aim), one))
        return known[was]


def record(path):
    page = Recorded(path)
    page.read()
    layout = path.read_text(encoding="utf-8").split("=== ")[0]
    page.has_rows = any(line.startswith("rows") for line in layout.split("\n"))
    page.wrapped = bool(re.search(r"^wrap [1-9]", layout, re.M))
    return page


def relaid(path, recorded, neighbours, chance):
    """The page with these articles, or why it cannot be laid out."""
    own = [article for article in recorded.articles.values() if not article.loose and article.paragraphs]
    order = sorted(own, key=lambda article: -len(article.flow))
    longest = sorted(neighbours, key=lambda one: -sum(map(len, one["paragraphs"])))
    page = Relaid(path, recorded, {article.name: other for article, other in zip(order, longest)}, chance)
    try:
        page.read()
    except (Fault, IndexError) as fault:
        return None, str(fault)
    while page.lines and not page.lines[-1]:
        page.lines.pop()
    names = {name: number for number, name in enumerate(page.articles, 1)}
    loose = {name for name, article in page.articles.items() if article.loose}
    text, cells, at = [], [], 0
    for line in page.lines:
        for c, label, place in line:
            if label is not None and not c.isspace():
                owner = re.match(r"[a-z0-9_]*", label).group(0) if label not in ("", "?") else ""
                kind = (label[len(owner):] or "T") if owner else "F"
                if owner in loose:
                    number = 1000 + names[owner] * 100 + page.articles[owner].flow[: place or 0].count("\n")
                else:
                    number = names.get(owner, 0)
                last = cells[-1] if cells else None
                follows = last and last[1] == at and last[2] == number and last[3] == kind
                if follows and kind != "T" or follows and place is not None and last[4] + at - last[0] == place:
                    last[1] = at + 1
                else:
                    cells.append([at, at + 1, number, kind, place or 0])
            text.append(c)
            at += 1
        text.append("\n")
        at += 1
    return {"name": page.name, "text": "".join(text), "cells": cells}, None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=["dev", "held"], default="dev")
    parser.add_argument("--copies", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("articles", nargs="+", type=Path)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    files = [[json.loads(line) for line in path.open(encoding="utf-8")] for path in options.articles]
    made, faults = 0, {}
    for path in compose.sources(options.set):
        recorded = record(path)
        count = sum(1 for article in recorded.articles.values() if not article.loose and article.paragraphs)
        for copy in range(options.copies):
            for _ in range(8):
                file = chance.choice(files)
                near = chance.randrange(max(1, len(file) - count * 2))
                neighbours = chance.sample(file[near : near + count * 2], min(count, len(file)))
                page, fault = relaid(path, recorded, neighbours, chance)
                if page:
                    break
                faults[path.name] = faults.get(path.name, 0) + 1
            if page:
                stem, _, ending = page["name"].rpartition(".")
                page["name"] = f"{stem}-{copy}.{ending}"
                print(json.dumps(page, ensure_ascii=False, separators=(",", ":")))
                made += 1
    print(f"{made} pages; tries that failed: {faults}", file=sys.stderr)


if __name__ == "__main__":
    main()
