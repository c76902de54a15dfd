#!/usr/bin/env python3
"""Makes lang/zh/simplified.tsv: which traditional characters are written with which simplified one.

    apt-get install opencc && python3 benchsuite/simplified_characters.py > lang/zh/simplified.tsv

Every character of the blocks of Han is asked for by itself, so that no phrases are consulted. The facts are those of
Open Chinese Convert (OpenCC 1.1, Apache License 2.0, https://github.com/BYVoid/OpenCC): traditional forms of the
mainland standard, of Taiwan and of Hong Kong. Characters whose simplified form takes another number of bytes in UTF-8
are left out, so that folding a text keeps every place, and so are a few that simplified texts print too.
"""
import subprocess

# These are characters of the mainland standard too, in other words.
ALSO_SIMPLE = "著乾夥徵"
BLOCKS = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)]
WAYS = ["t2s", "tw2s", "hk2s"]

characters = [chr(code) for first, last in BLOCKS for code in range(first, last + 1)]
asked = "\n".join(characters)
simplified = {}
for way in WAYS:
    answer = subprocess.run(["opencc", "-c", f"{way}.json"], input=asked, capture_output=True, text=True, check=True).stdout
    for traditional, plain in zip(characters, answer.split("\n")):
        if len(plain) == 1 and plain != traditional and traditional not in ALSO_SIMPLE and len(plain.encode()) == len(traditional.encode()):
            simplified.setdefault(traditional, plain)
# What others are simplified to is simple already.
for plain in set(simplified.values()):
    simplified.pop(plain, None)
rows = {}
for traditional, plain in simplified.items():
    rows.setdefault(plain, []).append(traditional)
print("# Traditional characters by the simplified one that they are written with, made by benchsuite/simplified_characters.py")
print("# from OpenCC 1.1 (Apache License 2.0). For matching only; what is shown is what was printed.")
print("to\tfrom")
for plain in sorted(rows):
    print(plain + "\t" + "".join(sorted(rows[plain])))
