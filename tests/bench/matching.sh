#!/usr/bin/env bash
# How long it takes to find which case a message belongs to, while the store grows: SQLite and Postgres, each filled to SIZES
# cases, and both databases' times at the smallest size to compare with.
set -euo pipefail
HERE="$(cd "$(dirname "$0")" && pwd)"; ROOT="$(cd "$HERE/../.." && pwd)"
WORK="${PB_DIR:-$ROOT/.run/bench}/matching"; SIZES="${SIZES:-1000 20000 200000}"; rm -rf "$WORK"; mkdir -p "$WORK"
(cd "$ROOT" && cargo build --release --locked --quiet --example matching)
MATCHING="${CARGO_TARGET_DIR:-$ROOT/target}/release/examples/matching"
cluster="$(mktemp -d "${TMPDIR:-/tmp}/heard-postgres.XXXXXX")"
trap '"$ROOT/setup/postgres.sh" stop "$cluster"; rm -rf "$WORK"' EXIT
POSTGRES="$("$ROOT/setup/postgres.sh" start "$cluster")"
echo "== matching: milliseconds a message, $(nproc) cores, load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
{
  # shellcheck disable=SC2086
  "$MATCHING" "sqlite://$WORK/heard.db" "$WORK/data" $SIZES
  # shellcheck disable=SC2086
  "$MATCHING" "$POSTGRES" "$WORK/data" $SIZES
} > "$WORK/figures.jsonl"
python3 - "$WORK/figures.jsonl" <<'P'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
sizes = sorted({line["cases"] for line in lines})
for database in dict.fromkeys(line["database"] for line in lines):
    print(f"{database}: median (95 of 100 within), at " + ", ".join(f"{size:,}" for size in sizes) + " cases; largest to smallest")
    whole = {size: 0.0 for size in sizes}
    for message in dict.fromkeys(line["message"] for line in lines):
        at = {line["cases"]: line for line in lines if (line["database"], line["message"]) == (database, message)}
        cells = "  ".join(f"{at[size]['median_ms']:6.2f} ({at[size]['p95_ms']:.2f})" for size in sizes)
        medians = [at[size]["median_ms"] for size in sizes]
        for size in sizes: whole[size] += at[size]["median_ms"]
        print(f"  {cells}  {max(medians) / min(medians):4.1f}x  {message}")
    print("  " + "  ".join(f"{whole[size] / 5:6.2f}       " for size in sizes) + f"  {max(whole.values()) / min(whole.values()):4.1f}x  mean of the medians")
P
