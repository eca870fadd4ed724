#!/usr/bin/env bash
# How long twenty officers wait for the queue, a case and a search, while the store grows: SQLite and Postgres, each filled to
# SIZES cases, each officer a page a second, and all of them without a pause.
set -euo pipefail
HERE="$(cd "$(dirname "$0")" && pwd)"; ROOT="$(cd "$HERE/../.." && pwd)"
WORK="${PB_DIR:-$ROOT/.run/bench}/lists"; SIZES="${SIZES:-1000 200000}"; rm -rf "$WORK"; mkdir -p "$WORK"
(cd "$ROOT" && cargo build --release --locked --quiet --example lists)
LISTS="${CARGO_TARGET_DIR:-$ROOT/target}/release/examples/lists"
cluster="$(mktemp -d "${TMPDIR:-/tmp}/heard-postgres.XXXXXX")"
trap '"$ROOT/setup/postgres.sh" stop "$cluster"; rm -rf "$WORK"' EXIT
POSTGRES="$("$ROOT/setup/postgres.sh" start "$cluster")"
echo "== queue, case and search: milliseconds a page, 20 officers at once, $(nproc) cores, load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
{
  # shellcheck disable=SC2086
  "$LISTS" "sqlite://$WORK/heard.db" "$WORK/data" $SIZES
  # shellcheck disable=SC2086
  "$LISTS" "$POSTGRES" "$WORK/data" $SIZES
} > "$WORK/figures.jsonl"
python3 - "$WORK/figures.jsonl" <<'P'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
targets = {"queue": 50, "case": 50, "search": 200}
for database in dict.fromkeys(line["database"] for line in lines):
    for way in dict.fromkeys(line["way"] for line in lines):
        print(f"{database}, {way}: median (95 of 100 within)")
        for page in targets:
            at = [line for line in lines if (line["database"], line["way"], line["page"]) == (database, way, page)]
            cells = "   ".join(f"{line['cases']:>7,} cases {line['median_ms']:7.1f} ({line['p95_ms']:.1f})" for line in at)
            within = "" if way == "without a pause" else ("within" if all(line["p95_ms"] <= targets[page] for line in at) else "NOT within") + f" {targets[page]} ms"
            print(f"  {page:7} {cells}   {within}")
P
