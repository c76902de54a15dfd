#!/usr/bin/env python3
"""Writes the pages of other_hands and the truth of each of their characters.

    compose.py [--set dev|held|all] [--out DIR] [--check]

Each file SET/NN.txt holds a layout and, below it, the articles (README.md has the
commands). The page is written to OUT/SET/NAME, its truth to OUT/SET/NAME.truth.json:
`runs` [start, end, label, from] in code points of the page, where label is an article's
name, "" for furniture or "?" for what belongs to several (not scored), and from is the
place of the first character in the article's flow (null outside the flow).
The same file gives the same bytes. --check writes nothing and names every fault.
"""

import argparse
import json
import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NOT_FIRST = "·。，、；：！？”’）》〉」』】％%…—"
NOT_LAST = "“‘（《〈「『【"
DIGITS = "0123456789."
FURNITURE, SHARED = "", "?"
PARTS = "HKDBC"  # headline, kicker, deck, byline, caption: printed by name, outside the flow


class Fault(Exception):
    pass


def read_confusions():
    table = {}
    for line in (HERE / "confusions.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            left, *right = line.split()
            table[left] = right
    return table


class Article:
    """The parts of one article; `flow` is its text, paragraphs parted by line breaks."""

    def __init__(self, name):
        self.name = name
        self.parts = {part: [] for part in PARTS}
        self.paragraphs = []
        self.cursor = 0
        self.stored = {}
        self.headline = None  # as printed
        self.headline_shared = False
        self.loose = False  # notices, each of which may be an article of its own

    def close(self):
        self.flow = "\n".join(self.paragraphs)
        self.used = [False] * len(self.flow)
        self.printed_parts = {part: 0 for part in PARTS}

    def step_over_breaks(self):
        while self.cursor < len(self.flow) and self.flow[self.cursor] == "\n":
            self.used[self.cursor] = True
            self.cursor += 1


class Page:
    def __init__(self, path):
        self.path = path
        self.name = path.stem + ".txt"
        self.lines = []  # of lists of (character, label, place in the flow)
        self.articles = {}
        self.width, self.indent, self.gap, self.headgap = 0, 0, 1, 1
        self.misread, self.feet = 0.0, 0.0
        self.submark = ""
        self.random = random.Random("other hands " + path.parent.name + "/" + path.stem)
        self.last_misread = -99
        self.characters_read = 0

    # reading the file

    def read(self):
        text = self.path.read_text(encoding="utf-8")
        layout, current = [], None
        for number, line in enumerate(text.split("\n"), 1):
            head = re.fullmatch(r"=== (\w+)( loose)?", line.strip())
            if head:
                current = Article(head.group(1))
                current.loose = bool(head.group(2))
                if current.name in self.articles:
                    raise Fault(f"line {number}: a second article {current.name}")
                self.articles[current.name] = current
            elif current is None:
                layout.append((number, line))
            elif line.strip():
                part = re.match(r"([HKDBC]): (.+)", line)
                if part:
                    current.parts[part.group(1)].append(part.group(2).strip())
                else:
                    current.paragraphs.append(line.strip())
        for article in self.articles.values():
            article.close()
        self.lay_out(layout)
        self.check_all_printed()

    def check_all_printed(self):
        for article in self.articles.values():
            missing = [i for i, used in enumerate(article.used) if not used and article.flow[i] != "\n"]
            if missing:
                at = missing[0]
                raise Fault(
                    f"article {article.name}: {len(missing)} characters are neither printed nor"
                    f" skipped, from “{article.flow[at:at + 12]}”"
                )
            for part, texts in article.parts.items():
                if article.printed_parts[part] < len(texts):
                    raise Fault(f"article {article.name}: part {part} is not printed (say `{article.name} without {part}`)")

    # layout commands

    def lay_out(self, layout):
        place = 0
        while place < len(layout):
            number, line = layout[place]
            place += 1
            try:
                words = line.split()
                if not words or line.startswith("# "):
                    continue
                if words[0] == "rows":
                    columns = []
                    while place < len(layout) and layout[place][1].strip() != "end":
                        number, inner = layout[place]
                        place += 1
                        if not inner.strip():
                            continue
                        if not inner.strip().startswith("col "):
                            raise Fault("inside rows: only `col …` lines, then `end`")
                        columns.append(self.column(inner.strip()[4:]))
                    if place == len(layout):
                        raise Fault("rows without `end`")
                    place += 1
                    self.rows(columns, words[1:])
                else:
                    self.command(line.strip(), self.lines)
            except Fault as fault:
                raise Fault(f"line {number}: {fault}") from None

    def column(self, text):
        lines = []
        for command in text.split(" ; "):
            self.command(command.strip(), lines)
        return [line for line in lines if line]

    def rows(self, columns, options):
        count = int(options[0]) if options and options[0].isdigit() else 1
        glue = "glue" in options
        at = [0] * len(columns)
        while any(at[i] < len(columns[i]) for i in range(len(columns))):
            taken = []
            for i, column in enumerate(columns):
                taken.append(column[at[i] : at[i] + count])
                at[i] += count
            if glue:
                for row in range(count):
                    line = []
                    for lines in taken:
                        if row < len(lines):
                            if line:
                                line += [("　", None, None)] * 2
                            line += lines[row]
                    if line:
                        self.lines.append(line)
            else:
                for lines in taken:
                    self.lines += lines
        self.blank(self.lines)

    def command(self, text, lines):
        for name, kind in (("wrap", int), ("indent", int), ("gap", int), ("headgap", int), ("misread", float), ("feet", float)):
            found = re.fullmatch(name + r" (\d+(?:\.\d+)?)", text)
            if found:
                value = kind(found.group(1))
                setattr(self, "width" if name == "wrap" else name, value)
                return
        if text.startswith("page "):
            self.name = text[5:].strip()
        elif text.startswith("submark"):
            self.submark = (text[7:].strip() + " ") if text[7:].strip() else ""
        elif text == "space":
            lines.append([])
        elif text.startswith(("f|", "x|")):
            label = FURNITURE if text[0] == "f" else SHARED
            lines.append([(c, label, None) for c in self.damaged(text[2:].strip())])
        else:
            self.piece(text, lines)

    def piece(self, text, lines):
        name, _, rest = text.partition(" ")
        if name not in self.articles:
            raise Fault(f"no article and no command `{name}`")
        article = self.articles[name]
        rest = rest.strip()
        part = re.fullmatch(r"([HKDBC])(?: (#+|\*\*))?(?: ((?:/\d+)+))?", rest)
        if part:
            self.part(article, part, lines)
            return
        words = rest.split(" ", 1)
        verb, value = words[0], (words[1].strip() if len(words) > 1 else "")
        if verb == "j|":
            lines.append([(c, name, None) for c in self.damaged(value)])
        elif verb == "without" and value in PARTS:
            article.printed_parts[value] = len(article.parts[value])
        elif verb == "shared" and value == "H":
            article.headline_shared = True
            article.printed_parts["H"] = len(article.parts["H"])
        elif verb == "skip":
            start, end = self.stretch(article, value)
            self.use(article, start, end)
        elif verb == "def":
            key, _, value = value.partition(" ")
            article.stored[key] = self.stretch(article, value)
            self.use(article, *article.stored[key])
        elif verb == "put":
            if value not in article.stored:
                raise Fault(f"article {name} has no stored piece {value}")
            self.print_flow(article, *article.stored[value], lines)
        elif verb == "again":
            kept = article.cursor
            start, end = self.stretch(article, value)
            article.cursor = kept
            self.print_flow(article, start, end, lines, SHARED)
        elif rest.startswith((">", "@")):
            start, end = self.stretch(article, rest)
            self.use(article, start, end)
            self.print_flow(article, start, end, lines)
        else:
            raise Fault(f"not understood: {text}")

    def part(self, article, found, lines):
        part, mark, cuts = found.groups()
        cuts = cuts or ""
        index = article.printed_parts[part]
        if index >= len(article.parts[part]):
            raise Fault(f"article {article.name} has no further part {part}")
        article.printed_parts[part] += 1
        text = self.damaged(article.parts[part][index])
        if part == "H":
            article.headline = (article.headline or "") + text
        bounds = [0, *map(int, cuts.split("/")[1:]), len(text)]
        if part in "CD" and self.width and not cuts:
            bounds = [0, *(end for _, end in self.wrap(text, 0, len(text), False))]
        if sorted(set(bounds)) != bounds:
            raise Fault(f"cuts {cuts} do not fit a text of {len(text)} characters")
        if self.headgap:
            self.blank(lines)
        for start, end in zip(bounds, bounds[1:]):
            line = [(c, article.name, None) for c in text[start:end].strip()]
            if mark == "**":
                line = [("*", article.name, None)] * 2 + line + [("*", article.name, None)] * 2
            elif mark:
                line = [(c, article.name, None) for c in mark + " "] + line
            lines.append(line)
        if self.gap:
            self.blank(lines)

    # stretches of a flow

    def stretch(self, article, text):
        """`@FROM > TO`: FROM a quotation (else the cursor), TO nothing (the end), ¶N, NL, +N or a quotation."""
        start_words, _, to = text.partition(">")
        start_words, to = start_words.strip(), to.strip()
        if ">" not in text:
            raise Fault(f"a piece needs `>`: {text}")
        if start_words:
            if not start_words.startswith("@"):
                raise Fault(f"before `>` stands `@words`: {text}")
            at = article.flow.find(start_words[1:])
            if at < 0:
                raise Fault(f"article {article.name} has no “{start_words[1:]}”")
            article.cursor = at
        article.step_over_breaks()
        start = article.cursor
        if start >= len(article.flow):
            raise Fault(f"article {article.name} is at its end")
        if not to:
            end = len(article.flow)
        elif re.fullmatch(r"¶\d*", to):
            end = start
            for _ in range(int(to[1:] or 1)):
                end = article.flow.find("\n", end + 1)
                if end < 0:
                    end = len(article.flow)
                    break
        elif re.fullmatch(r"\+\d+", to):
            end = start + int(to[1:])
        elif re.fullmatch(r"\d+L", to):
            if not self.width:
                raise Fault(f"{to} needs `wrap`")
            spans = self.wrap(article.flow, start, len(article.flow), self.at_paragraph(article, start))
            end = spans[: int(to[:-1])][-1][1]
        else:
            found = article.flow.find(to, start)
            if found < 0:
                raise Fault(f"article {article.name} has no “{to}” after “{article.flow[start:start + 10]}”")
            end = found + len(to)
        if end > len(article.flow):
            raise Fault(f"article {article.name} has only {len(article.flow) - start} characters left")
        # No column begins with a stop or ends with an opening mark.
        while end < len(article.flow) and article.flow[end] in NOT_FIRST:
            end += 1
        while end < len(article.flow) and end > start + 1 and article.flow[end - 1] in NOT_LAST:
            end -= 1
        article.cursor = end
        return start, end

    def use(self, article, start, end):
        for i in range(start, end):
            if article.used[i] and article.flow[i] != "\n":
                raise Fault(f"article {article.name}: “{article.flow[i:i + 8]}” is printed twice (say `again`)")
            article.used[i] = True

    @staticmethod
    def paragraph_starts(article):
        return [0] + [i + 1 for i, c in enumerate(article.flow) if c == "\n"]

    @staticmethod
    def at_paragraph(article, start):
        return start == 0 or article.flow[start - 1] == "\n"

    def wrap(self, flow, start, end, fresh):
        """Spans of lines; a mark that may not stand first is pulled up, one that may not stand last goes down."""
        spans = []
        while start < end:
            if flow[start] == "\n":
                start, fresh = start + 1, True
                continue
            stop = flow.find("\n", start, end)
            stop = end if stop < 0 else stop
            room, cut = self.width - (self.indent if fresh else 0), start
            while cut < stop and room >= 0.5:
                room -= 0.5 if flow[cut] < "\u0250" else 1
                cut += 1
            while start + 4 < cut < stop and flow[cut - 1] in DIGITS and flow[cut] in DIGITS:
                cut -= 1
            while cut < stop and flow[cut] in NOT_FIRST:
                cut += 1
            if cut < stop and flow[cut - 1] in NOT_LAST:
                cut -= 1
            spans.append((start, cut))
            start, fresh = cut, False
        return spans

    def print_flow(self, article, start, end, lines, label=None):
        label = article.name if label is None else label
        first = self.at_paragraph(article, start)
        if self.width:
            spans = self.wrap(article.flow, start, end, first)
        else:
            spans, at = [], start
            for paragraph in article.flow[start:end].split("\n"):
                if paragraph:
                    spans.append((at, at + len(paragraph)))
                at += len(paragraph) + 1
        for from_, to in spans:
            fresh = self.at_paragraph(article, from_)
            if self.gap and fresh:
                self.blank(lines)
            text = article.flow[from_:to]
            kept = text
            if self.width and to < end and article.flow[to] != "\n" and len(text) > 6:
                if self.random.random() * 100 < self.feet:
                    kept = text[: -self.random.choice((1, 1, 2))]
            damaged = self.damaged(kept)
            line = [(" " if self.indent == 1 else "　", None, None)] * (self.indent if fresh else 0)
            short = fresh and len(text) <= 22 and self.submark and not re.search(r"[。，！？：；]", text)
            if short:
                line += [(c, label, None) for c in self.submark]
            line += [(c, label, from_ + i if label == article.name else None) for i, c in enumerate(damaged)]
            lines.append(line)
        if self.gap and (end == len(article.flow) or article.flow[end] == "\n"):
            self.blank(lines)

    # damage of characters

    def damaged(self, text):
        out = []
        for c in text:
            self.characters_read += 1
            if "一" <= c <= "鿿" and self.misread:
                choices = CONFUSIONS.get(c)
                # Not every character has a look-alike: those that have carry the whole rate.
                if choices and self.random.random() * 100 < self.misread * 4:
                    if self.characters_read - self.last_misread > 5:
                        self.last_misread = self.characters_read
                        c = self.random.choice(choices)
            out.append(c)
        return "".join(out)

    def blank(self, lines):
        if lines and lines[-1]:
            lines.append([])

    # results

    def result(self):
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        text, labels, places = [], [], []
        for line in self.lines:
            for c, label, place in line:
                text.append(c)
                labels.append(label if not c.isspace() else None)
                places.append(place)
            text.append("\n")
            labels.append(None)
            places.append(None)
        runs, i = [], 0
        while i < len(text):
            if labels[i] is None:
                i += 1
                continue
            j = i + 1
            while j < len(text) and labels[j] == labels[i] and (
                places[j] is None if places[i] is None else places[j] == places[i] + j - i
            ):
                j += 1
            runs.append([i, j, labels[i], places[i]])
            i = j
        articles = {}
        for article in self.articles.values():
            articles[article.name] = {
                "headline": article.headline,
                "headline_scored": not article.headline_shared and not article.loose,
                "loose": self.paragraph_starts(article) if article.loose else None,
                "kicker": article.parts["K"],
                "deck": article.parts["D"],
            }
        return "".join(text), {"page": self.name, "chars": len(text), "articles": articles, "runs": runs}


CONFUSIONS = read_confusions()


def compose(path):
    page = Page(path)
    try:
        page.read()
    except Fault as fault:
        raise SystemExit(f"{path}: {fault}")
    text, truth = page.result()
    covered = [False] * len(text)
    for start, end, _, _ in truth["runs"]:
        for i in range(start, end):
            if covered[i]:
                raise SystemExit(f"{path}: character {i} has two labels")
            covered[i] = True
    for i, c in enumerate(text):
        if not c.isspace() and not covered[i]:
            raise SystemExit(f"{path}: character {i} “{c}” has no label")
    return page, text, truth


def sources(name):
    folders = ["dev", "held"] if name == "all" else [name]
    return [path for folder in folders for path in sorted((HERE / folder).glob("[0-9]*.txt"), key=lambda path: int(path.stem))]


def write(out, name):
    """Writes pages and truths; gives (set, page path, truth) of each."""
    written = []
    for path in sources(name):
        page, text, truth = compose(path)
        folder = out / path.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / page.name
        target.write_text(text, encoding="utf-8", newline="")
        (folder / (page.name + ".truth.json")).write_text(
            json.dumps(truth, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
        )
        written.append((path.parent.name, target, truth))
    return written


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=["dev", "held", "all"], default="all")
    parser.add_argument("--out", type=Path, default=Path("other_hands_pages"))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check:
        for path in sources(options.set):
            page, text, truth = compose(path)
            print(f"{path.parent.name}/{path.name}: {len(page.articles)} articles, {len(text)} characters, {len(truth['runs'])} runs")
        return
    for folder, target, truth in write(options.out, options.set):
        print(f"{target}: {len(truth['articles'])} articles, {truth['chars']} characters")


if __name__ == "__main__":
    sys.exit(main())
