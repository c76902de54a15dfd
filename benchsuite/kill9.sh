#!/usr/bin/env bash
# Kill -9 at random moments of add, review and backup, a thousand times (or as often as the first argument says), of the
# release build. Prints the dates and what was killed where.
set -euo pipefail
cd "$(dirname "$0")/.."
date -u +%Y-%m-%dT%H:%M:%SZ
SHILIU_KILLS=${1:-1000} cargo test --release --quiet -p shiliu --test crash -- --nocapture 2>&1 |
    grep -E "kills:|none lost|panicked|test result"
date -u +%Y-%m-%dT%H:%M:%SZ
