#!/usr/bin/env python3
"""Reprints over made texts of growing number: processor seconds, peak memory, spill and the log-log slope.

usage: reprints_scale.py MEASURE CORPUS DIR [--pages] [--seed S] [--runs N] COUNT...

MEASURE is `target/release/examples/measure`, CORPUS `target/release/corpus`. The texts stay on disk, 512 MB are for the
index. Corpora are made once and kept in DIR. Of several runs the fastest counts (the machine may be shared).
"""
import argparse
import datetime
import math
import os
import re
import subprocess


def run(command, output):
    """Processor seconds, peak in MB, and what was said."""
    with open(output, "w", encoding="utf-8") as out, open(output + ".err", "w+", encoding="utf-8") as err:
        child = subprocess.Popen(command, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        said = err.read().strip()
    if child.returncode != 0:
        raise SystemExit(f"{command[0]}: {child.returncode}: {said}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said


def main():
    options = argparse.ArgumentParser()
    options.add_argument("measure")
    options.add_argument("corpus")
    options.add_argument("directory")
    options.add_argument("counts", type=int, nargs="+")
    options.add_argument("--pages", action="store_true")
    options.add_argument("--seed", default="2")
    options.add_argument("--runs", type=int, default=1)
    given = options.parse_args()
    print(datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"), "seed", given.seed)
    points = []
    for count in given.counts:
        folder = os.path.join(given.directory, f"{'pages' if given.pages else 'articles'}-{given.seed}-{count}")
        corpus = os.path.join(folder, "corpus.jsonl")
        if not os.path.exists(corpus):
            made = [given.corpus, "--documents", str(count), "--lang", "all", "--noise", "2", "--seed", given.seed]
            subprocess.run(made + (["--pages"] if given.pages else []) + ["-o", folder], check=True)
        output = os.path.join(folder, "ours.jsonl")
        command = [given.measure, "--disk", os.path.join(folder, "spill"), corpus]
        seconds, peak, said = min((run(command, output) for _ in range(given.runs)), key=lambda one: one[0])
        texts, megabytes = re.match(r"(\d+) texts, ([\d.]+) MB", said).groups()
        spilled = re.search(r"([\d.]+) bytes spilled", said).group(1)
        load = os.getloadavg()[0]
        print(f"{texts} texts, {megabytes} MB: {seconds:.1f} CPU s ({float(megabytes) / seconds:.1f} MB/s), "
              f"peak {peak:.0f} MB, {spilled} bytes spilled a byte; load {load:.1f}", flush=True)
        score = [given.corpus, "--score", output, "--truth", os.path.join(folder, "truth.jsonl")]
        scored = subprocess.run(score, capture_output=True, text=True, check=False).stdout
        print("   ", "; ".join(line for line in scored.splitlines() if line.startswith(("pair", "mixed"))))
        points.append((math.log(float(megabytes)), math.log(seconds)))
    for (x, y), (u, v) in zip(points, points[1:]):
        print(f"slope {(v - y) / (u - x):.2f}")
    if len(points) > 2:
        (x, y), (u, v) = points[0], points[-1]
        print(f"slope over all {(v - y) / (u - x):.2f}")


if __name__ == "__main__":
    main()
