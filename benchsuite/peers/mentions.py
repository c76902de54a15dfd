"""Dates and figures: this program beside recognizers-text-suite and jionlp, one run on the same text.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install emoji==0.6.0 recognizers-text-suite jionlp
    cargo build --release -p shiliu -p shiliu-benchsuite
    /tmp/peers/bin/python benchsuite/peers/mentions.py --shared ../shared --bin target/release

Every tool gets the same paragraphs (pages cut at blank lines) with the same reference date. A fact of the truth is
found where one mention covers it. Values are compared leniently for the peers: any candidate counts, ends may be
exclusive, an open end counts as its known end. Nothing of the shared data is written anywhere.
"""

import argparse
import calendar
import datetime
import json
import re
import subprocess
import time
from collections import defaultdict
from pathlib import Path

REFERENCES = {"003": "2023-05-20"}
DEFAULT = "2025-06-16"
FIGURES = {"money", "quantity", "percent", "count", "number"}
TIMES = {"date", "date_range", "time", "datetime", "duration", "set"}


def paragraphs(shared):
    """(page, reference, start in code points, text) of every paragraph."""
    for page in sorted((shared / "pages").glob("*.txt")):
        text = page.read_text(encoding="utf-8")
        at = 0
        for piece in re.split(r"(\n[ \t\r]*\n+)", text):
            if piece.strip():
                yield page.name, REFERENCES.get(page.name[:3], DEFAULT), at, piece
            at += len(piece)


def days(edtf):
    """First and last day of an EDTF moment, None where it has none."""
    part = edtf.rstrip("~").split("-")
    try:
        year = int(part[0])
        if len(part) == 1:
            return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        code = int(part[1])
        if code > 12:
            first, months = {40: (1, 6), 41: (7, 6), 33: (1, 3), 34: (4, 3), 35: (7, 3), 36: (10, 3)}[code]
            last = first + months - 1
            return datetime.date(year, first, 1), datetime.date(year, last, calendar.monthrange(year, last)[1])
        if len(part) == 2:
            return datetime.date(year, code, 1), datetime.date(year, code, calendar.monthrange(year, code)[1])
        day = datetime.date(year, code, int(part[2][:2]))
        return day, day
    except (ValueError, KeyError):
        return None


def same_days(iso, first, last):
    """Whether a span of days is what the truth says; the end may be exclusive, an open end may miss."""
    ends = iso.split("/") if "/" in iso else [iso, iso]
    low = days(ends[0]) if ends[0] != ".." else None
    high = days(ends[1]) if ends[1] != ".." else None
    day = datetime.timedelta(days=1)
    begins = low is None or first == low[0]
    closes = high is None or last in (high[1], high[1] + day)
    if low is None and high is not None:
        return last in (high[1], high[1] + day, high[0])
    return begins and closes


def same_number(left, right):
    try:
        left, right = float(str(left).rstrip("%").replace(",", "")), float(right)
    except (TypeError, ValueError):
        return False
    return abs(left - right) <= 1e-9 * max(1.0, abs(right))


class Ours:
    name = "shiliu"

    def __init__(self, binary):
        self.binary = str(binary / "shiliu")

    def run(self, pieces):
        lines = "".join(
            json.dumps({"id": index, "text": text, "ref": day}, ensure_ascii=False) + "\n"
            for index, (_, day, _, text) in enumerate(pieces)
        )
        out = subprocess.run([self.binary, "parse", "--jsonl"], input=lines.encode(), stdout=subprocess.PIPE, check=True)
        answers = []
        for line in out.stdout.decode().splitlines():
            found = []
            for one in json.loads(line)["mentions"]:
                value = one["value"]
                number = value.get("value") if isinstance(value, dict) else None
                inner = None if isinstance(value, dict) else value
                figure = one["type"] in FIGURES
                found.append((one["start"], one["end"], figure, one["type"] in TIMES, number, inner))
            answers.append(found)
        return answers

    @staticmethod
    def right_date(inner, iso):
        if not isinstance(inner, str):
            return False
        if inner == iso or inner.startswith("P") and iso.startswith("../"):
            return True
        known = inner.split("/")[0] if inner.endswith("/..") else inner.split("/")[-1] if inner.startswith("../") else inner
        if inner.endswith("/.."):
            return iso.split("/")[0].startswith(known)
        ends = known.split("/")
        low, high = days(ends[0]), days(ends[-1])
        return bool(low and high) and same_days(iso, low[0], high[1])


class Recognizers:
    name = "recognizers-text-suite"

    def __init__(self):
        from recognizers_date_time import recognize_datetime
        from recognizers_number import recognize_number, recognize_ordinal, recognize_percentage
        from recognizers_number_with_unit import recognize_currency, recognize_dimension
        from recognizers_text import Culture

        self.culture = Culture.Chinese
        self.figures = [recognize_currency, recognize_dimension, recognize_percentage, recognize_number]
        self.ordinal, self.time = recognize_ordinal, recognize_datetime
        self.of_family = {
            "number": recognize_number,
            "percentage": recognize_percentage,
            "currency": recognize_currency,
            "dimension": recognize_dimension,
        }

    def run(self, pieces):
        answers = []
        for _, day, _, text in pieces:
            found = []
            for recognize in self.figures:
                for one in recognize(text, self.culture):
                    value = (one.resolution or {}).get("value")
                    found.append((one.start, one.end + 1, True, False, value, None))
            reference = datetime.datetime.fromisoformat(day)
            for one in self.time(text, self.culture, reference=reference):
                values = (one.resolution or {}).get("values") or []
                found.append((one.start, one.end + 1, False, True, None, values))
            answers.append(found)
        return answers

    @staticmethod
    def right_date(values, iso):
        for value in values or []:
            if value.get("timex") == iso:
                return True
            first, last = value.get("start") or value.get("value"), value.get("end") or value.get("value")
            try:
                first = datetime.date.fromisoformat(str(first)[:10])
                last = datetime.date.fromisoformat(str(last)[:10])
            except ValueError:
                continue
            if same_days(iso, first, last):
                return True
        return False

    def case(self, case):
        """(spans right, values right) of one case of its own suite, None where it has no model."""
        family, text = case["family"], case["in"]
        if family in self.of_family:
            found = self.of_family[family](text, self.culture)
        elif family in ("date", "daterange", "duration", "datetime"):
            reference = datetime.datetime.fromisoformat(case.get("ref") or "2016-11-07T00:00:00")
            found = self.time(text, self.culture, reference=reference)
        else:
            return None
        wanted = {(one["s"], one["e"]): one["res"] for one in case["exp"]}
        if {(one.start, one.end + 1) for one in found} != set(wanted):
            return False, False
        for one in found:
            want, have = wanted[one.start, one.end + 1], one.resolution or {}
            if "values" in want:
                if not any(left == right for left in want["values"] for right in have.get("values") or []):
                    timexes = {value.get("timex") for value in have.get("values") or []}
                    if not any(value.get("timex") in timexes for value in want["values"]):
                        return True, False
            elif not same_number(have.get("value"), str(want.get("value")).rstrip("%") or "x"):
                return True, have.get("value") is None and want.get("value") is None
        return True, True


class JioNLP:
    name = "jionlp"

    def __init__(self):
        import jionlp

        self.jio = jionlp

    def run(self, pieces):
        answers = []
        for _, day, _, text in pieces:
            year, month, number = map(int, day.split("-"))
            base = {"year": year, "month": month, "day": number}
            found = []
            for one in self.times(text, base):
                found.append((one["offset"][0], one["offset"][1], False, True, None, one["detail"].get("time")))
            for one in self.money(text):
                number = one["detail"].get("num")
                found.append((one["offset"][0], one["offset"][1], True, False, number, None))
            answers.append(found)
        return answers

    def times(self, text, base):
        try:
            return self.jio.ner.extract_time(text, time_base=base, with_parsing=True) or []
        except Exception:  # it raises on some texts; that is an empty answer
            return []

    def money(self, text):
        try:
            return self.jio.ner.extract_money(text, with_parsing=True) or []
        except Exception:
            return []

    @staticmethod
    def right_date(span, iso):
        if not isinstance(span, list) or len(span) != 2:
            return False
        try:
            first, last = (datetime.date.fromisoformat(str(end)[:10]) for end in span)
        except ValueError:
            return False
        return same_days(iso, first, last)

    def case(self, case):
        family, text = case["family"], case["in"]
        if family in ("date", "daterange", "duration", "datetime"):
            year, month, number = map(int, (case.get("ref") or "2016-11-07")[:10].split("-"))
            found = self.times(text, {"year": year, "month": month, "day": number})
        elif family == "currency":
            found = self.money(text)
        else:
            return None
        spans = {tuple(one["offset"]) for one in found} == {(one["s"], one["e"]) for one in case["exp"]}
        return spans, None


def score_truth(tool, pieces, answers, facts):
    by_page = defaultdict(list)
    for (page, _, start, text), found in zip(pieces, answers):
        by_page[page].append((start, start + len(text), found))
    counts = defaultdict(lambda: [0, 0, 0, 0])
    held = traps = 0
    for fact in facts:
        kind = fact["kind"]
        if kind not in ("date", "figure", "indicator", "not_figure") or fact.get("derived"):
            continue
        place = next((p for p in by_page[fact["page"]] if p[0] <= fact["start"] < p[1]), None)
        over = []
        if place:
            low, high = fact["start"] - place[0], fact["end"] - place[0]
            over = [one for one in place[2] if one[0] < high and low < one[1]]
        if kind == "not_figure":
            traps += 1
            held += not any(one[2] for one in over)
            continue
        group = "dates" if kind == "date" else "figures"
        score = counts[group]
        score[0] += 1
        if kind == "date":
            bracket = fact["text"].startswith(("(", "（"))
            covers = [one for one in over if one[0] <= low + bracket and one[1] >= high - bracket]
        else:
            covers = [one for one in over if kind == "indicator" or one[0] <= low and one[1] >= high]
        score[1] += bool(covers)
        if fact.get("value_scored") is False:
            continue
        score[2] += 1
        if kind == "date":
            score[3] += any(one[3] and tool.right_date(one[5], str(fact.get("iso"))) for one in over)
        else:
            inner = lambda one: re.sub(r"[^0-9.]", "", one[5]) if isinstance(one[5], str) else None
            score[3] += any(same_number(one[4] if one[4] is not None else inner(one), fact.get("value")) for one in over)
    return counts, held, traps


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--bin", type=Path, default=Path("target/release"))
    options = parser.parse_args()
    pieces = list(paragraphs(options.shared))
    facts = [json.loads(line) for line in open(options.shared / "gold/facts.jsonl", encoding="utf-8")]
    characters = sum(len(piece[3]) for piece in pieces)
    size = sum(len(piece[3].encode()) for piece in pieces)
    tools = [Ours(options.bin), Recognizers(), JioNLP()]
    print(f"{len(pieces)} paragraphs, {characters} characters, {size} bytes")
    speed = {}
    for tool in tools:
        # Loading is not counted: one call before the clock; ours runs a copy that is long enough to see.
        copies = 200 if tool.name == "shiliu" else 1
        tool.run(pieces[:2])
        started = time.perf_counter()
        answers = tool.run(pieces * copies)[: len(pieces)]
        seconds = time.perf_counter() - started
        speed[tool.name] = size * copies / seconds
        counts, held, traps = score_truth(tool, pieces, answers, facts)
        for group, (all_, found, scored, right) in sorted(counts.items()):
            print(f"{tool.name}\t{group}\tfound {found}/{all_} {found / all_:.3f}\tvalue right {right}/{scored} {right / scored:.3f}")
        made = sum(len(one) for one in answers)
        print(f"{tool.name}\tnot_figure held {held}/{traps} {held / traps:.3f}\tmentions {made}\t{speed[tool.name] / 1e3:.1f} kB/s")
    for tool in tools[1:]:
        print(f"speed of shiliu parse (JSON in and out) over {tool.name}: {speed['shiliu'] / speed[tool.name]:.0f} times")
    families = ["number", "percentage", "currency", "dimension", "date", "daterange", "duration", "datetime"]
    cases = [json.loads(line) for line in open(options.shared / "suites/recognizers_zh.jsonl", encoding="utf-8")]
    cases = [case for case in cases if case["tier"] == "model" and case["family"] in families]
    for tool in tools[1:]:
        table = defaultdict(lambda: [0, 0, 0])
        for case in cases:
            answer = tool.case(case)
            if answer is not None:
                score = table[case["family"]]
                score[0] += 1
                score[1] += answer[0]
                score[2] += bool(answer[1])
        for family in families:
            if family in table:
                all_, spans, values = table[family]
                shown = f"{100 * values / all_:.1f}" if tool.name != "jionlp" else "-"
                print(f"{tool.name}\t{family}\t{all_} cases\tspans {100 * spans / all_:.1f}\tvalues {shown}")
    suites = subprocess.run([str(options.bin / "mentions"), "suites"], stdout=subprocess.PIPE, check=True)
    for line in suites.stdout.decode().splitlines():
        if line.split(":")[0] in families:
            print(f"shiliu\t{line}")


if __name__ == "__main__":
    main()
