#!/usr/bin/env python3
"""Learns lang/zh/subjects.model on: texts of one article are to be nearer to each other than to those of its neighbours.

    VENV/bin/python benchsuite/subject_contrast.py FIRST.model lang/zh/subjects.model benchsuite/prose/{summits,provinces,trade,culture,hosts,region}.jsonl FOLDER/one.jsonl

FIRST.model is what subject_model.py writes. Neighbours in a file of articles stood near each other on a page, or would stand so.

Method. Of three to six near articles a stretch is taken (60 to 250 characters) and a piece that stands behind it (25 to
130). Either is the sum of the vectors of its words, each once; half of what all of them point to is taken out, as the press crate
does. Each stretch is to be told its own piece from those of its neighbours, and each piece its stretch (van den Oord and others 2018), by the
cosine over a learned temperature; a fifth of the words is left out at a time. What is learned is added to the vectors and its
square is punished: free to move, the words learn the articles by heart (benchsuite/README.md). No sentence is kept.
"""

import json
import random
import struct
import sys
from collections import Counter

import jieba
import numpy as np
import torch
from torch import nn

from subject_model import write

STEPS, RATE, PUNISHED, TEMPERATURE, DROPPED = 1400, 1e-3, 0.02, 0.12, 0.2
PAGES, NEAR, REACH = 16, 6, 14
PIECES, STRETCHES = (25, 40, 60, 90, 130), (60, 120, 250)
SHORTEST, LEAST_TIMES, COMMON = 150, 4, 0.5


def is_word(word):
    return len(word) > 1 and "\u4e00" <= word[0] <= "\u9fff"


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    count, size = struct.unpack("<HB", data[5:8])
    vectors, at = {}, 8
    for _ in range(count):
        end = at + 1 + data[at]
        figures = np.frombuffer(data[end + 1 : end + 1 + size], np.int8).astype(np.float32)
        vectors[data[at + 1 : end].decode()] = figures * (1 << data[end])
        at = end + 1 + size
    return vectors, size


def articles(path):
    """Of each article its words and where each begins."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            text = "".join(json.loads(line)["paragraphs"])
            if len(text) >= SHORTEST:
                words = list(jieba.cut(text, HMM=False))
                yield words, np.cumsum([0] + [len(word) for word in words])


class Pages:
    def __init__(self, files, numbers):
        self.files = [[([numbers.get(word, -1) for word in words], ends) for words, ends in file] for file in files]
        self.sizes = [len(file) for file in self.files]
        self.chance = random.Random(1)

    def stretch(self, article, start, length):
        words, ends = article
        first, last = np.searchsorted(ends, start), np.searchsorted(ends, min(int(ends[-1]), start + length))
        return sorted({word for word in words[first:last] if word >= 0})

    def pair(self, article):
        total = int(article[1][-1])
        piece, before = self.chance.choice(PIECES), self.chance.choice(STRETCHES)
        if total < piece + 60:
            piece = 30
        cut = self.chance.randrange(min(60, total // 2), max(total - piece, total // 2) + 1)
        gap = self.chance.choice((0, 0, piece, 2 * piece))
        if cut + gap + piece > total:
            gap = 0
        return self.stretch(article, max(0, cut - before), before), self.stretch(article, cut + gap, piece)

    def page(self):
        file = self.files[self.chance.choices(range(len(self.files)), self.sizes)[0]]
        first = self.chance.randrange(len(file))
        near = dict.fromkeys((first + self.chance.randrange(min(REACH, len(file)))) % len(file) for _ in range(NEAR))
        pairs = [self.pair(file[number]) for number in near]
        return [pair for pair in pairs if len(pair[0]) > 4 and len(pair[1]) > 2]

    def dropped(self, words):
        return [word for word in words if self.chance.random() > DROPPED] or words


def apart(stretches, pieces):
    """Without half of what all point to, each of length one."""
    directions = [nn.functional.normalize(part, dim=1).sum(0) for part in (stretches, pieces)]
    common = nn.functional.normalize((directions[0] + directions[1]).detach(), dim=0)
    return [nn.functional.normalize(part - COMMON * (part @ common)[:, None] * common, dim=1) for part in (stretches, pieces)]


def main(first, out, paths):
    jieba.setLogLevel(60)
    torch.manual_seed(0)
    torch.set_num_threads(2)
    known, size = read(first)
    files = [list(articles(path)) for path in paths]
    times = Counter(word for file in files for words, _ in file for word in words if is_word(word))
    words = sorted(set(known) | {word for word, count in times.items() if count >= LEAST_TIMES}, key=str.encode)
    numbers = {word: number for number, word in enumerate(words)}
    start = np.zeros((len(words), size), np.float32)
    for word, figures in known.items():
        start[numbers[word]] = figures
    start /= np.mean(np.linalg.norm(list(known.values()), axis=1))
    start = torch.tensor(start)
    moved = nn.Parameter(torch.zeros_like(start))
    temperature = nn.Parameter(torch.tensor(np.log(TEMPERATURE)))
    optimiser = torch.optim.Adam([{"params": [moved], "lr": RATE}, {"params": [temperature], "lr": 1e-2}])
    pages = Pages(files, numbers)
    for step in range(STEPS):
        if step == STEPS // 2:
            for group in optimiser.param_groups:
                group["lr"] *= 0.4
        batch = []
        while len(batch) < PAGES:
            page = pages.page()
            if len(page) >= 3:
                batch.append(page)
        sums = []
        for side in (0, 1):
            texts = [pages.dropped(pair[side]) for page in batch for pair in page]
            ends = torch.tensor(np.cumsum([0] + [len(text) for text in texts])[:-1])
            flat = torch.tensor([word for text in texts for word in text])
            sums.append(nn.functional.embedding_bag(flat, start + moved, ends, mode="sum"))
        loss, at = 0, 0
        for page in batch:
            stretches, pieces = apart(*(side[at : at + len(page)] for side in sums))
            at += len(page)
            likeness = stretches @ pieces.T / torch.exp(temperature)
            truth = torch.arange(len(page))
            loss = loss + nn.functional.cross_entropy(likeness, truth) + nn.functional.cross_entropy(likeness.T, truth)
        loss = loss / (2 * PAGES) + PUNISHED * (moved**2).sum() / PAGES
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 200 == 0:
            print(f"step {step}: {loss.item():.3f}", file=sys.stderr, flush=True)
    rows = (start + moved).detach().numpy()
    kept = np.abs(rows).max(1) > 0
    write(out, [word for word, keep in zip(words, kept) if keep], rows[kept])
    print(f"{int(kept.sum())} words", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
