#!/usr/bin/env python3
"""Processor time of the server for each screen of the load test, one request after the other: a figure that other work
on the machine hardly changes.    cost.py PID     (shiliu serve --port 7399, on this machine)
"""
import os
import sys
import time
import urllib.request

pid, times = int(sys.argv[1]), 12


def spent():
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def screens():
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../src/load.rs")
    for line in open(source, encoding="utf-8"):
        if line.strip().startswith('("') and '", "/' in line:
            yield line.split('"')[1:4:2]


def ask(path, turn):
    number = turn * 7919 % 90000 + 1
    for slot, value in (("{n}", f"{number:04}"), ("{p}", number % 2000), ("{f}", number // 50 * 50)):
        path = path.replace(slot, str(value))
    begun = time.time()
    urllib.request.urlopen(f"http://127.0.0.1:7399{path}").read()
    return (time.time() - begun) * 1000


for name, path in screens():
    ask(path, 99)
    before = spent()
    took = sorted(ask(path, turn) for turn in range(times))
    print(f"{name:<18} processor {(spent() - before) / times:6.1f} ms  least {took[0]:7.1f}  p50 {took[times // 2]:7.1f}")
