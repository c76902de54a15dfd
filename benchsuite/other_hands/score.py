#!/usr/bin/env python3
"""Scores `shiliu segment` on the pages of other_hands, each page read by itself.

    score.py [--set dev|held|all] [--program PATH] [--show DIR]

B3      character B-cubed F1 over the non-blank characters that the truth gives to an article; a
        character that the program puts into no article is a cluster of its own
prec, rec   its two halves
whole   articles of which one segment has at least 95 % and nearly nothing else (5 %)
bound   F1 of the places where one article (or furniture) ends and another begins, to two characters
joined  of the articles printed in several pieces, those of which one segment has at least 90 % and
        which are at least half of that segment
head    articles whose headline is the printed one (none where none is printed); with its
        kicker before it or its deck behind it is right too
cut     B3 of cutting at lines with heading marks, or, on a page without any, at short lines
        without punctuation that follow a stop
--program truth scores the truth itself: every figure but the last must be 1, or it fails.
--show DIR writes a page's lines with the article of the truth and the segment of the program.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from bisect import bisect_right
from collections import Counter
from pathlib import Path

import compose

TERMINAL = "。！？”）…；)"
PUNCTUATION = "。，、；！？…"


def truth_labels(text, truth):
    labels = [None] * len(text)  # None: blank
    places = [None] * len(text)
    for start, end, label, place in truth["runs"]:
        for i in range(start, end):
            labels[i] = label
            places[i] = None if place is None else place + i - start
    return labels, places


def program_labels(text, segments):
    """For each character the segment's number, or None."""
    labels = [None] * len(text)
    for number, segment in enumerate(segments):
        for fragment in segment["fragments"]:
            for i in range(fragment["start"], fragment["end"]):
                labels[i] = number
    return labels


def cut_labels(text):
    """The baseline: a new segment at each heading mark, or at each short line without punctuation."""
    lines = text.split("\n")
    marked = any(line.startswith("#") for line in lines)
    labels, number, before = [], 0, "。"
    for line in lines:
        words = line.strip()
        if marked:
            new = words.startswith("#")
        else:
            new = 4 <= len(words) <= 30 and not any(c in PUNCTUATION for c in words) and before in TERMINAL
        number += new
        labels += [number] * (len(line) + 1)
        before = words[-1] if words else before
    return labels[: len(text)]


def b_cubed(gold, found):
    pairs, of_gold, of_found = Counter(), Counter(), Counter()
    alone = 0
    for i, label in enumerate(gold):
        if label in (None, compose.FURNITURE, compose.SHARED):
            continue
        cluster = found[i]
        if cluster is None:
            alone += 1
            cluster = ("alone", i)
        pairs[label, cluster] += 1
        of_gold[label] += 1
        of_found[cluster] += 1
    total = sum(of_gold.values())
    precision = sum(n * n / of_found[cluster] for (_, cluster), n in pairs.items()) / total
    recall = sum(n * n / of_gold[label] for (label, _), n in pairs.items()) / total
    return 2 * precision * recall / (precision + recall), precision, recall


def boundaries(labels, scored):
    """Numbers of the non-blank characters before which the label changes."""
    found, before = set(), None
    for number, i in enumerate(scored):
        label = labels[i]
        if number and label != before:
            found.add(number)
        before = label
    return found


def boundary_f1(gold, found):
    scored = [i for i, label in enumerate(gold) if label is not None and label != compose.SHARED]
    ours, true = boundaries(found, scored), boundaries(gold, scored)

    def hits(some, others):
        return sum(any(n + d in others for d in (0, -1, 1, -2, 2)) for n in some)

    if not ours or not true:
        return float(ours == true)
    precision, recall = hits(ours, true) / len(ours), hits(true, ours) / len(true)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def plain(headline):
    return re.sub(r"[\s#*]", "", headline) if headline else ""


def score_page(text, truth, segments):
    gold, places = truth_labels(text, truth)
    found = program_labels(text, segments)
    apart = list(gold)
    for i, label in enumerate(gold):
        starts = truth["articles"][label]["loose"] if label and label != compose.SHARED else None
        if starts and places[i] is not None:
            apart[i] = f"{label}{bisect_right(starts, places[i])}"
    result = {}
    # Notices under one name may be one article or many: the truth that is nearer counts.
    result["b3"], result["prec"], result["rec"] = max(b_cubed(each, found) for each in (gold, apart))
    result["bound"] = max(boundary_f1(each, found) for each in (gold, apart))
    result["cut"] = b_cubed(gold, cut_labels(text))[0]
    sizes = Counter(label for label in found if label is not None)
    scored_sizes = Counter(
        found[i] for i, label in enumerate(gold) if found[i] is not None and label not in (None, compose.SHARED)
    )
    whole = broken = joined = heads = headed = 0
    article_count = 0
    result["articles"] = {}
    for name, article in truth["articles"].items():
        places = [i for i, label in enumerate(gold) if label == name]
        if not places or article["loose"]:
            continue
        article_count += 1
        inside = Counter(found[i] for i in places if found[i] is not None)
        best, held = inside.most_common(1)[0] if inside else (None, 0)
        share = held / len(places)
        purity = held / scored_sizes[best] if best is not None else 0.0
        # Pieces: runs of this article parted by characters of other articles.
        pieces, last = 0, None
        for i, label in enumerate(gold):
            if label in (None, compose.FURNITURE, compose.SHARED):
                continue
            if label == name and last != name:
                pieces += 1
            last = label
        whole += share >= 0.95 and purity >= 0.95
        if pieces > 1:
            broken += 1
            joined += share >= 0.9 and purity >= 0.5
        right = None
        if article["headline_scored"]:
            headed += 1
            given = plain(segments[best]["headline"]) if best is not None else ""
            printed = plain(article["headline"])
            kicker, deck = plain("".join(article["kicker"])), plain("".join(article["deck"]))
            right = given == printed or bool(printed) and given in (kicker + printed, printed + deck)
            heads += right
        result["articles"][name] = {
            "share": share, "purity": purity, "pieces": pieces, "head": right,
            "best": best, "given": segments[best]["headline"] if best is not None else None,
        }
    result["whole"] = whole, article_count
    result["joined"] = joined, broken
    result["head"] = heads, headed
    kept = [i for i, label in enumerate(gold) if label == compose.FURNITURE]
    result["furniture"] = sum(found[i] is None for i in kept), len(kept)
    return result


def truth_segments(truth):
    segments = []
    for name, article in truth["articles"].items():
        fragments = [{"start": start, "end": end} for start, end, label, _ in truth["runs"] if label == name]
        segments.append({"headline": article["headline"], "status": "truth", "fragments": fragments})
    return segments


def read_page(program, path):
    run = subprocess.run([program, "segment", str(path)], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        raise SystemExit(f"{program} segment {path}: exit {run.returncode}: {run.stderr.strip()}")
    return [json.loads(line) for line in run.stdout.splitlines() if line.strip()]


def show(text, truth, segments, result, target):
    gold, _ = truth_labels(text, truth)
    found = program_labels(text, segments)
    out = []
    for name, article in truth["articles"].items():
        scores = result["articles"].get(name)
        if scores:
            out.append(
                f"# {name}: {article['headline']} | share {scores['share']:.2f} purity {scores['purity']:.2f}"
                f" pieces {scores['pieces']} | segment {scores['best']}: {scores['given']}"
            )
    for number, segment in enumerate(segments):
        out.append(f"# segment {number}: {segment['headline']} ({segment['status']}, {len(segment['fragments'])} fragments)")
    at = 0
    for line in text.split("\n"):
        inside = [i for i in range(at, at + len(line)) if gold[i] is not None]
        true = "/".join(dict.fromkeys(gold[i] or "-" for i in inside))
        ours = "/".join(dict.fromkeys("-" if found[i] is None else str(found[i]) for i in inside))
        out.append(f"{true:4} {ours:6} {line}" if inside else "")
        at += len(line) + 1
    target.write_text("\n".join(out) + "\n", encoding="utf-8")


def share(pair):
    return f"{pair[0]}/{pair[1]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=["dev", "held", "all"], default="all")
    parser.add_argument("--program", default="shiliu")
    parser.add_argument("--show", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = []
        for name, path, truth in compose.write(Path(folder), options.set):
            text = path.read_text(encoding="utf-8")
            segments = truth_segments(truth) if options.program == "truth" else read_page(options.program, path)
            result = score_page(text, truth, segments)
            results.append((name, path.name, result))
            if options.show:
                options.show.mkdir(parents=True, exist_ok=True)
                show(text, truth, segments, result, options.show / f"{name}-{path.stem}.txt")
        if not results:
            raise SystemExit("no pages in this set")
        if options.program == "truth":
            for name, page, r in results:
                pairs = [r[key] for key in ("whole", "joined", "head", "furniture")]
                if any(n != of for n, of in pairs) or min(r["b3"], r["bound"]) < 1:
                    raise SystemExit(f"{name}/{page}: the truth does not score 1 by itself: {r}")
        print("page            B3   prec    rec  bound  whole joined   head     cut")
        for group in ("dev", "held"):
            rows = [(page, result) for name, page, result in results if name == group]
            if not rows:
                continue
            for page, r in rows:
                print(
                    f"{group + '/' + page:13}{r['b3']:.3f}  {r['prec']:.3f}  {r['rec']:.3f}  {r['bound']:.3f}"
                    f"  {share(r['whole']):>5}  {share(r['joined']):>5}  {share(r['head']):>5}   {r['cut']:.3f}"
                )
            mean = {key: sum(r[key] for _, r in rows) / len(rows) for key in ("b3", "prec", "rec", "bound", "cut")}
            sums = {key: (sum(r[key][0] for _, r in rows), sum(r[key][1] for _, r in rows)) for key in ("whole", "joined", "head", "furniture")}
            ratio = {key: n / of if of else 1.0 for key, (n, of) in sums.items()}
            print(
                f"{group + ' mean':13}{mean['b3']:.3f}  {mean['prec']:.3f}  {mean['rec']:.3f}  {mean['bound']:.3f}"
                f"  {ratio['whole']:5.2f}  {ratio['joined']:5.2f}  {ratio['head']:5.2f}   {mean['cut']:.3f}"
            )
            worst = min(r["b3"] for _, r in rows)
            print(
                f"{group} worst B3 {worst:.3f}; {sums['whole'][1]} articles, {sums['joined'][1]} in pieces,"
                f" furniture kept out {ratio['furniture']:.2f}"
            )


if __name__ == "__main__":
    sys.exit(main())
