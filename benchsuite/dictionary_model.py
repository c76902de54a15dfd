#!/usr/bin/env python3
"""Makes lang/zh/dictionary.model: words of Chinese with frequencies and parts of speech, as a tree that is read in a few
milliseconds.

    python3 benchsuite/dictionary_model.py DICT.txt > lang/zh/dictionary.model

DICT.txt is the dictionary that comes with jieba and with the crate jieba-rs 0.11.0 (src/data/dict.txt; both MIT,
Copyright (c) 2013 Sun Junyi, Copyright (c) 2018 Paul Meng and others): a word, its frequency and its part of speech a
line. Words that hold anything but Han are left out: only runs of Han are looked up.

Format. "SLDM", version 1, the sum of all frequencies (4 bytes, little endian). Then the tree of the words' characters,
level by level, the followers of one character together and sorted; of each:
  character: as a number above the one before it in its group (7 bits a byte, low ones first)
  a byte: part of speech (1..26 its letter, 27 a name of a person, place or body, 0 no word ends here),
          32 its rarity is stated, 64 its frequency is 3, 128 it has followers
  then, where they apply: frequency, rarity in tenths of a bit, number of followers.
The first level is preceded by its number of characters. Rarity is stated where cutting the word into shorter ones makes
it less rare than its own frequency says.
"""
import math
import sys

HAN = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)]
NAMES = {"nr", "ns", "nt", "nrt", "nrfg", "nz"}


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return out


def tenth_bits(value):
    """10 log2 in whole numbers, as crates/lang/src/dictionary.rs counts it."""
    whole = value.bit_length() - 1
    mantissa = (value << 16) >> whole
    hundredths, part = whole * 1000, 500
    for _ in range(8):
        mantissa = (mantissa * mantissa) >> 16
        if mantissa >= 2 << 16:
            mantissa >>= 1
            hundredths += part
        part //= 2
    return hundredths // 100


def is_han(word):
    return all(any(first <= ord(c) <= last for first, last in HAN) for c in word)


words, total = {}, 0
for line in open(sys.argv[1], encoding="utf-8"):
    cells = line.split()
    if not cells:
        continue
    total += int(cells[1])
    if is_han(cells[0]):
        assert cells[0] not in words, cells[0]
        words[cells[0]] = (int(cells[1]), cells[2] if len(cells) > 2 else "")
assert total < 1 << 32
longest = max(map(len, words))


def likeliest(text):
    """The cut of a text into words that are most frequent together: their frequencies."""
    best = [(0.0, 0, 0)] * (len(text) + 1)
    for start in range(len(text) - 1, -1, -1):
        found = None
        for end in range(start + 1, min(len(text), start + longest) + 1):
            if text[start:end] in words:
                frequency = words[text[start:end]][0]
                odds = math.log(frequency) - math.log(total) + best[end][0]
                if found is None or odds >= found[0]:
                    found = (odds, end, frequency)
        best[start] = found or (best[start + 1][0] - math.log(total), start + 1, 1)
    at, frequencies = 0, []
    while at < len(text):
        frequencies.append(best[at][2])
        at = best[at][1]
    return frequencies


tree = {}
for word, (frequency, speech) in words.items():
    node = tree
    for character in word[:-1]:
        node = node.setdefault(character, [{}, None])[0]
    together = sum(math.log(part) - math.log(total) for part in likeliest(word)) + math.log(total)
    composed = int(math.exp(together)) + 1
    kind = 27 if speech in NAMES else ord(speech[:1] or "x") - 96
    rarity = tenth_bits(total) - tenth_bits(composed) if composed > frequency else None
    node.setdefault(word[-1], [{}, None])[1] = (frequency, kind, rarity)
out = bytearray(b"SLDM\x01") + total.to_bytes(4, "little") + varint(len(tree))
groups = [tree]
while groups:
    longer = []
    for group in groups:
        before = 0
        for character in sorted(group):
            followers, word = group[character]
            out += varint(ord(character) - before)
            before = ord(character)
            frequency, kind, rarity = word or (3, 0, None)
            stated = 32 if rarity is not None else 0
            out.append(kind | stated | (64 if frequency == 3 else 0) | (128 if followers else 0))
            if frequency != 3:
                out += varint(frequency)
            if stated:
                out += varint(max(rarity, 0))
            if followers:
                out += varint(len(followers))
                longer.append(followers)
    groups = longer
sys.stdout.buffer.write(out)
