#!/usr/bin/env bash
# Reprint finders side by side on one made corpus: ours, rensa and datasketch; and the speed of ours against blake3
# over the same text.
#
# usage: compare.sh DIR OURS CORPUS PYTHON [MAKER OPTIONS…]
#   OURS    a command that reads a corpus and writes families: `shiliu reprints` or the example `measure`
#   CORPUS  the maker and scorer (`cargo build --release -p shiliu-benchsuite --bin corpus`)
#   PYTHON  a Python with `pip install rensa==0.5.0 datasketch==2.0.0 blake3`
#
# compare.sh /tmp/c 'target/release/shiliu reprints' target/release/corpus venv/bin/python --documents 8000 --noise 2
set -eu
directory=$1 ours=$2 corpus=$3 python=$4
shift 4
here=$(dirname "$0")
"$corpus" "$@" -o "$directory"
echo "== ours: $ours"
time $ours "$directory/corpus.jsonl" > "$directory/ours.jsonl"
"$corpus" --score "$directory/ours.jsonl" --truth "$directory/truth.jsonl"
"$python" - "$directory/corpus.jsonl" <<'PYTHON'
import json, sys, time
import blake3
texts = [json.loads(line)["text"].encode() for line in open(sys.argv[1], encoding="utf-8")]
started = time.process_time()
for text in texts:
    blake3.blake3(text).digest()
spent = time.process_time() - started
size = sum(map(len, texts))
print(f"blake3 over the same {size / 1e6:.1f} MB: {spent:.4f} CPU s, {size / 1e6 / spent:.0f} MB/s")
PYTHON
for tool in rensa datasketch; do
  echo "== $tool, threshold 0.3"
  "$python" "$here/minhash_families.py" "$tool" 0.3 "$directory/corpus.jsonl" > "$directory/$tool.jsonl"
  "$corpus" --score "$directory/$tool.jsonl" --truth "$directory/truth.jsonl"
done
