#!/usr/bin/env bash
# Fuzzes every reader:  fuzz/run.sh SECONDS [TARGET…]
# With a nightly compiler and cargo-fuzz: by coverage, from seeds/ and the corpus of earlier runs in corpus/. Without:
# the stable driver over mutated seeds. The last lines say which of the two ran. What breaks is in artifacts/.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:?usage: fuzz/run.sh SECONDS [TARGET…]}
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(text markdown html alto page_xml hocr pdf archives)
python3 make_seeds.py
if cargo +nightly --version >/dev/null 2>&1 && cargo fuzz --version >/dev/null 2>&1; then
    status=0
    for target in "${targets[@]}"; do
        mkdir -p "corpus/$target" "artifacts/$target"
        # Memory and time limits are libFuzzer's; the sanitiser stays off, because our code has no unsafe block.
        log=$(mktemp)
        (cd .. && cargo +nightly fuzz run --features libfuzzer --sanitizer none --release "$target" \
            "fuzz/corpus/$target" "fuzz/seeds/$target" -- \
            -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=65536 -print_final_stats=1) \
            >"$log" 2>&1 || status=1
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        size=$(find "corpus/$target" -type f | wc -l)
        found=$(find "artifacts/$target" -type f | wc -l)
        printf '%s: %s runs in %s s, corpus %s, %s broken or slow\n' "$target" "${runs:-no}" "$seconds" "$size" "$found"
        [ -n "$runs" ] || tail -5 "$log"
        [ "$found" = 0 ] || status=1
        rm -f "$log"
    done
    echo "ran: cargo-fuzz (nightly, by coverage)"
    exit "$status"
fi
echo "cargo-fuzz or a nightly compiler is not here"
status=0
cargo run --quiet --bin drive -- "$seconds" "${targets[@]}" || status=$?
echo "ran: the stable driver (mutated seeds, no coverage)"
exit "$status"
