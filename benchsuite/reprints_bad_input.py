#!/usr/bin/env python3
"""`shiliu reprints` on what an archive should not hold: bounded time and memory, clear errors, nothing half-written.

usage: reprints_bad_input.py SHILIU DIR [--copies N] [--only NAME]

Every case has its bounds beside it and says what it measured; the exit code is 1 where one is broken. The case without
room to spill mounts a small tmpfs, so it needs root; it says so where it may not.
"""
import argparse
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

BROKEN = []


def text_of(seed, characters):
    """Characters that share nothing with those of another seed."""
    dice = random.Random(seed)
    return "".join(chr(0x4E00 + dice.randrange(0x4000)) for _ in range(characters))


def line(identity, text, **more):
    return json.dumps({"id": identity, "text": text, **more}, ensure_ascii=False).encode() + b"\n"


def write(path, lines):
    with open(path, "wb") as file:
        for one in lines:
            file.write(one)
    return path


def run(command, output, environment=None):
    """Exit code, processor seconds, peak in MB (looked at 50 times a second: what the system says of a child that has ended
    includes the peak of this program), and what was said."""
    with open(output, "wb") as out, open(output + ".err", "wb+") as err:
        child = subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, **(environment or {})})
        peak, ended = 0, 0
        while not ended:
            time.sleep(0.02)
            with open(f"/proc/{child.pid}/status", encoding="utf-8") as status:
                peaks = [int(one.split()[1]) for one in status if one.startswith("VmHWM")]
            peak = max([peak, *peaks])
            ended, status, usage = os.wait4(child.pid, os.WNOHANG)
        code = os.waitstatus_to_exitcode(status)
        child.returncode = code
        err.seek(0)
        said = err.read().decode(errors="replace")
    return code, usage.ru_utime + usage.ru_stime, peak / 1024, said


def tell(name, holds, told):
    print(f"{'holds' if holds else 'BROKEN':7} {name}: {told}", flush=True)
    if not holds:
        BROKEN.append(name)


def answers(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(one) for one in file]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("shiliu")
    options.add_argument("directory")
    options.add_argument("--copies", type=int, default=1_000_000)
    options.add_argument("--only")
    given = options.parse_args()
    os.makedirs(given.directory, exist_ok=True)
    at = lambda name: os.path.join(given.directory, name)
    ours = [given.shiliu, "reprints"]

    def case(name, seconds, megabytes, corpus, check, end=".jsonl"):
        if given.only and given.only != name:
            return
        path, out = write(at(name + end), corpus), at(name + ".out")
        code, spent, peak, said = run(ours + [path], out)
        found, why = check(code, answers(out), said)
        told = f"exit {code}, {spent:.1f} CPU s (bound {seconds}), {peak:.0f} MB (bound {megabytes}); {why}"
        tell(name, found and spent <= seconds and peak <= megabytes, told)
        for used in (path, out, out + ".err"):
            os.remove(used)

    def families(found):
        return len({one["family"] for one in found})

    story = text_of(1, 400)
    case("duplicate-ids", 5, 200,
         [line("a", story), line("b", story), line("a", text_of(2, 300)), line("c", story)],
         lambda code, found, said: (code == 1 and len(found) == 4 and 'id "a"' in said, said.splitlines()[0]))
    case("empty-and-tiny", 5, 200,
         [line(str(k), one) for k, one in enumerate(["", "山", "", "a", "\u0000", "山", " \n", "。"])],
         lambda code, found, said: (code == 0 and families(found) == 8, f"{families(found)} families of 8 texts"))
    for name, lines in [
        ("carriage-returns", b"\r".join([line("a", story)[:-1], line("b", story)[:-1], b""])),
        ("both-line-ends", b"\r\n".join([line("a", story)[:-1], line("b", story)[:-1], b""])),
        ("byte-order-mark", b"\xef\xbb\xbf" + line("a", story) + line("b", story)[:-1]),
        ("a-field-twice", line("a", story)[:-2] + b', "text": "x"}\n' + line("b", "x") + line("c", story)),
    ]:
        case(name, 5, 200, [lines],
             lambda code, found, said: (code == 0 and families(found) == (3 if len(found) == 3 else 1),
                                        f"{len(found)} texts in {families(found)} families"))
    case("not-utf8-at-all", 5, 200, [(line("a", story) * 1000).decode().encode("utf-16")],
         lambda code, found, said: (code == 1 and not found and len(said.splitlines()) < 50, said.splitlines()[-1]))
    case("a-line-of-1-GB", 20, 1100, [line("a", story), b" " * (1 << 30), b"\n", line("b", story)],
         lambda code, found, said: (code == 1 and families(found) == 1 and "line 2: longer than" in said,
                                    said.splitlines()[0]))
    half = gzip.compress(b"".join(line(f"p{k}", text_of(k // 2, 300)) for k in range(4000)), 1)
    case("half-a-gzip", 10, 200, [half[:len(half) // 2]],
         lambda code, found, said: (code == 1 and 1500 < len(found) < 2500 and families(found) <= len(found) // 2 + 1
                                    and "cannot be read to its end" in said, f"{len(found)} texts; {said.splitlines()[0]}"),
         ".jsonl.gz")
    not_utf8 = [line("good", story), b'{"id":"\xff\xfe\x80","text":"x"}\n', line("also", story), b"{broken\n"]
    case("ids-not-utf8", 5, 200, not_utf8,
         lambda code, found, said: (code == 1 and len(found) == 2 and families(found) == 1
                                    and "line 2: not UTF-8" in said and "line 4" in said, said.splitlines()[0]))
    wanted = given.only in (None, "one-text-of-200-MB")
    long = "".join(text_of(1000 + k, 10_000) for k in range(6_700 if wanted else 0))
    case("one-text-of-200-MB", 120, 2048,
         [line("long", long), line("head", long[:500]), line("tail", long[-500:]), line("other", text_of(7, 500))],
         lambda code, found, said: (code == 0 and len(found) == 4 and any(
             one["family"] == "head" for one in found[1]["families"]), f"{families(found)} families; "
             f"{[(one['id'], [(k['family'], k['relation']) for k in one['families']]) for one in found]}"[:300]))
    del long
    page = "".join(text_of(11 + k, 40) + "。" for k in range(10))
    case("copies-of-one-page", 900, 2048,
         (line(f"p{k:07}", page, series=f"s{k % 300}", date=f"2020-01-{1 + k % 3:02}") for k in range(given.copies)),
         lambda code, found, said: (code == 0 and families(found) == 1,
                                    f"{len(found)} copies in {families(found)} family"))
    advertisement = text_of(5, 60)
    count = given.copies // 10
    case("one-advertisement-on-every-page", 300, 2048,
         (line(f"p{k:07}", text_of(100 + k, 300) + advertisement + text_of(10_000_000 + k, 300), series=f"s{k % 300}",
               date=f"2020-{1 + k // 100 % 12:02}-{1 + k % 28:02}") for k in range(count)),
         lambda code, found, said: (code == 0 and families(found) == count,
                                    f"{families(found)} families of {count} pages"))
    interrupted(given, at, ours)
    no_space(given, at, ours)
    sys.exit(1 if BROKEN else 0)


def many(count):
    return (line(f"p{k:06}", text_of(k // 2, 700), series=f"s{k % 9}", date=f"2020-01-{1 + k * 28 // count:02}")
            for k in range(count))


def interrupted(given, at, ours):
    """Stopped in the middle, ten times: nothing is left in the folder for temporary files but an empty folder, and a
    work folder goes on to what one run gives."""
    if given.only not in (None, "interrupted"):
        return
    corpus = write(at("interrupted.jsonl"), many(20_000))
    packed = at("interrupted.jsonl.gz")
    with open(corpus, "rb") as plain, gzip.open(packed, "wb", 1) as out:
        out.write(plain.read())
    folder, work = at("tmp"), at("work")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(folder, exist_ok=True)
    small = ["--memory", "16"]
    left = []
    for k in range(10):
        child = subprocess.Popen(ours + small + [packed], env={**os.environ, "TMPDIR": folder},
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.3 + 0.3 * k)
        child.send_signal(signal.SIGINT if k % 2 else signal.SIGKILL)
        child.wait()
        left += [name for _, _, names in os.walk(folder) for name in names]
    tell("interrupted", not left, f"stopped ten times, files left behind: {left}")
    whole = ours + small + ["--window", "3", corpus]
    run(whole, at("whole.out"))
    stops, halves = 0, []
    while True:
        child = subprocess.Popen(whole + ["--work", work], stdout=open(at("again.out"), "wb"), stderr=subprocess.DEVNULL)
        try:
            # It gets through in the end, however busy the machine is.
            child.wait(1.5 * 1.1 ** stops)
            break
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            stops += 1
            halves = [name for name in os.listdir(work) if name.endswith(".half")] if os.path.isdir(work) else []
            if stops > 60:
                break
    same = open(at("whole.out"), "rb").read() == open(at("again.out"), "rb").read()
    tell("resumed", same, f"killed {stops} times, then the answer of one run: {same}; halves at the last stop: {halves}")


def no_space(given, at, ours):
    if given.only not in (None, "no-space"):
        return
    corpus = write(at("space.jsonl"), many(20_000))
    small = at("small")
    os.makedirs(small, exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small], check=False).returncode:
        print("not run  no-space: a tmpfs cannot be mounted here (root only)")
        return
    try:
        code, spent, peak, said = run(ours + ["--memory", "8", corpus], at("space.out"), {"TMPDIR": small})
        size, names = os.path.getsize(at("space.out")), [n for _, _, names in os.walk(small) for n in names]
        told = f"exit {code}, {spent:.1f} CPU s, {size} bytes of output, left {names}: {said.strip()[-200:]!r}"
        tell("no-space-to-spill", code == 4 and size == 0 and not names and "next: " in said, told)
        work = os.path.join(small, "work")
        code, _, _, said = run(ours + ["--memory", "8", "--window", "3", "--work", work, corpus], at("space.out"))
        names = [n for _, _, names in os.walk(small) for n in names if n.endswith(".half")]
        size = os.path.getsize(at("space.out"))
        tell("no-space-for-work", code == 4 and size == 0 and not names,
             f"exit {code}, {size} bytes of output, halves {names}: {said.strip()[-200:]!r}")
        with open("/dev/full", "wb") as full:
            child = subprocess.run(ours + [corpus], stdout=full, stderr=subprocess.PIPE, check=False)
        tell("no-space-for-output", child.returncode not in (0, 101) and b"panicked" not in child.stderr,
             f"exit {child.returncode}: {child.stderr.decode()[-160:]!r}")
    finally:
        subprocess.run(["umount", small], check=False)


if __name__ == "__main__":
    main()
