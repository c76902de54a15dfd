#!/usr/bin/env python3
"""Families by MinHash-LSH (`rensa` or `datasketch`, PyPI) in the shape that `corpus --score` reads.

usage: minhash_families.py rensa|datasketch THRESHOLD CORPUS.jsonl > families.jsonl

128 permutations, 5-grams of letters and digits, candidates verified by estimated Jaccard >= THRESHOLD, union-find.
"""
import json
import sys
import time


def grams(text):
    kept = "".join(c for c in text.lower() if c.isalnum())
    return {kept[i:i + 5] for i in range(max(1, len(kept) - 4))}


def main():
    tool, threshold, path = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    documents = [json.loads(line) for line in open(path, encoding="utf-8")]
    started = time.process_time()
    parent = list(range(len(documents)))

    def root(a):
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        return a

    def join(a, b):
        a, b = root(a), root(b)
        if a != b:
            parent[max(a, b)] = min(a, b)

    hashes = []
    if tool == "rensa":
        from rensa import RMinHash, RMinHashLSH
        # 32 bands of 4 rows: the candidates reach well under the thresholds compared; verification decides.
        index = RMinHashLSH(threshold=threshold, num_perm=128, num_bands=32)
        for n, document in enumerate(documents):
            m = RMinHash(num_perm=128, seed=42)
            m.update(list(grams(document["text"])))
            hashes.append(m)
            index.insert(n, m)
        find = index.query
    else:
        from datasketch import MinHash, MinHashLSH
        index = MinHashLSH(threshold=threshold, num_perm=128, params=(32, 4))
        for n, document in enumerate(documents):
            m = MinHash(num_perm=128)
            m.update_batch([g.encode() for g in grams(document["text"])])
            hashes.append(m)
            index.insert(n, m)
        find = index.query
    for n, m in enumerate(hashes):
        for other in find(m):
            if other < n and m.jaccard(hashes[other]) >= threshold:
                join(n, other)
    print(f"{tool} {threshold}: {time.process_time() - started:.1f} CPU s", file=sys.stderr)
    for n, document in enumerate(documents):
        print(json.dumps({"id": document["id"], "family": documents[root(n)]["id"]}))


main()
