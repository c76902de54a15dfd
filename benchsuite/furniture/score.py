#!/usr/bin/env python3
"""Counts which lines of a paper's own (lines.txt: prices, codes, staff, folios, pointers) stay out of the article in whose midst they stand.

    cargo build --release -p shiliu-press --example segment
    python3 benchsuite/furniture/score.py target/release/examples/segment [--left]

Each line stands alone between the second and the third paragraph of the first of two stories. It is right where no article has it and
the paragraphs on both its sides are of one article, two articles in all. `--left` prints those that are not.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

FLOOD = [
    "霁州市昨天召开防汛工作调度会，副市长何柳听取了水利、应急和气象部门的汇报。",
    "会议指出，当前正值主汛期，各县区要把值班值守落到实处，做到人员、物资、预案三到位。",
    "会议要求，对病险水库逐一落实责任人，低洼地段的住户要提前转移，确保不漏一户一人。",
]
FERRY = [
    "清晨六点，老船工石满仓把缆绳解开，渡船载着四十多名菜农驶向对岸的早市。",
    "渡口停航半个月后重新开通，栈桥加固了三道，夜里添了照明灯，每天多开六个班次。",
    "石满仓说，他在这条河上撑了三十年船，现在船换成了电动的，声音小得能听见鱼跳。",
]


def is_out(program, line, folder):
    page = "\n\n".join(["防汛调度会部署值班值守", *FLOOD[:2], line, FLOOD[2], "渡口复航 菜农赶早市", *FERRY]) + "\n"
    path = Path(folder) / "page.txt"
    path.write_text(page, encoding="utf-8")
    told = subprocess.run([program, "segment", path], capture_output=True, text=True, check=True).stdout
    articles = [json.loads(article)["fragments"] for article in told.splitlines()]

    def owners(at):
        return [number for number, parts in enumerate(articles) if any(part["start"] <= at < part["end"] for part in parts)]

    behind = owners(page.index(FLOOD[2]))
    before = owners(page.index(FLOOD[1]))
    return not owners(page.index(f"\n\n{line}\n\n") + 2) and before == behind and len(articles) == 2


def main(program, *options):
    text = (Path(__file__).parent / "lines.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    with tempfile.TemporaryDirectory() as folder:
        left = [line for line in lines if not is_out(program, line, folder)]
    print(f"{len(lines) - len(left)} of {len(lines)} lines stay out of the article they stand in")
    if "--left" in options:
        print("\n".join(left))


if __name__ == "__main__":
    main(*sys.argv[1:])
