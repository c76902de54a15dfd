#!/usr/bin/env bash
# Walks the web app of a built binary in real Chromium. Builds nothing.
#   SHILIU=target/release/shiliu tests/browser/run.sh [name-of-journey…]
# CHROMIUM names the browser (default /usr/bin/chromium); SHOTS a folder for screenshots, if they are wanted.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
: "${SHILIU:?name the binary: SHILIU=target/debug/shiliu tests/browser/run.sh}"
export CHROMIUM="${CHROMIUM:-/usr/bin/chromium}"
[ -x "$CHROMIUM" ] || { echo "no browser at $CHROMIUM: install chromium or set CHROMIUM"; exit 2; }
[ -d "$root/node_modules/playwright-core" ] || (cd "$root" && npm ci --silent --no-audit --no-fund)

work=$(mktemp -d)
"$SHILIU" demo --no-open --port 0 >"$work/out" 2>"$work/err" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 600); do
    grep -q '^listening ' "$work/out" && break
    kill -0 "$server" 2>/dev/null || { cat "$work/err"; echo "the server ended before it listened"; exit 1; }
    sleep 0.1
done
BASE=$(sed -n 's/^listening \(http:.*\)\/$/\1/p' "$work/out")
[ -n "$BASE" ] || { cat "$work/err"; echo "the server did not listen within a minute"; exit 1; }
export BASE
# A second archive that stays, behind its one-time address.
"$SHILIU" init "$work/guarded" --profile lanhai >/dev/null 2>&1
"$SHILIU" add "$root/sample/pages" --archive "$work/guarded" --quiet >/dev/null 2>&1
"$SHILIU" serve --archive "$work/guarded" --port 0 >"$work/guarded.out" 2>"$work/guarded.err" &
guard=$!
trap 'kill "$server" "$guard" 2>/dev/null || true; wait "$server" "$guard" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do
    grep -q '/enter/' "$work/guarded.err" && break
    sleep 0.1
done
GUARDED=$(sed -n 's/^listening \(http:.*\)\/$/\1/p' "$work/guarded.out")
ENTRANCE=$(grep -o 'http:[^ ]*/enter/[0-9a-f]*' "$work/guarded.err")
[ -n "$GUARDED" ] && [ -n "$ENTRANCE" ] || { cat "$work/guarded.err"; echo "the guarded server printed no one-time address"; exit 1; }
export GUARDED ENTRANCE
node "$here/journeys.mjs" "$@"
