#!/usr/bin/env bash
# Fuzzes every reader:  fuzz/run.sh SECONDS [TARGET…]     (seconds of processor time, each target)
# With a nightly compiler and cargo-fuzz: by coverage, from seeds/ and the corpus of earlier runs in corpus/. Without:
# the stable driver over mutated seeds. The last lines say which of the two ran. What breaks is in artifacts/.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:?usage: fuzz/run.sh SECONDS [TARGET…]}
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(text markdown html alto page_xml hocr pdf archives)
python3 make_seeds.py

# Processor time of a process in seconds.
spent() {
    local numbers
    numbers=$(sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null) || return 1
    # shellcheck disable=SC2086 — the words of the line are its fields.
    set -- $numbers
    echo $(((${12} + ${13}) / $(getconf CLK_TCK)))
}

if cargo +nightly --version >/dev/null 2>&1 && cargo fuzz --version >/dev/null 2>&1; then
    # Built once, so that a long run is about one state of the readers. The sanitiser stays off, because our code has
    # no unsafe block.
    for target in "${targets[@]}"; do
        (cd .. && cargo +nightly fuzz build --features libfuzzer --sanitizer none --release --debug-assertions "$target")
    done
    host=$(rustc +nightly -vV | sed -n 's/^host: //p')
    programs=${CARGO_TARGET_DIR:-target}/$host/release
    status=0
    for target in "${targets[@]}"; do
        mkdir -p "corpus/$target" "artifacts/$target"
        log=$(mktemp)
        # Memory and time limits are libFuzzer's.
        "$programs/$target" -artifact_prefix="artifacts/$target/" -timeout=20 -rss_limit_mb=3000 -max_len=65536 \
            -print_final_stats=1 "corpus/$target" "seeds/$target" >"$log" 2>&1 &
        fuzzer=$!
        used=0
        while now=$(spent "$fuzzer"); do
            used=$now
            if [ "$used" -ge "$seconds" ]; then
                kill -TERM "$fuzzer"
                break
            fi
            sleep 1
        done
        wait "$fuzzer" || true
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        slowest=$(sed -n 's/^stat::slowest_unit_time_sec: *//p' "$log")
        size=$(find "corpus/$target" -type f | wc -l)
        found=$(find "artifacts/$target" -type f | wc -l)
        printf '%s: %s runs in %s s of processor time, slowest %s s, corpus %s, %s broken or slow\n' \
            "$target" "${runs:-no}" "$used" "${slowest:-?}" "$size" "$found"
        [ -n "$runs" ] || { tail -5 "$log"; status=1; }
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
