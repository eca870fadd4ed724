#!/usr/bin/env bash
# How fast and in how much memory messages are labelled, beside the same encoder in ONNX Runtime (int8) on the same texts in the
# same run. SECONDS_EACH bounds each figure; a slow machine then measures fewer than the 128 texts of a length, or smaller
# batches, and says so.
set -euo pipefail
HERE="$(cd "$(dirname "$0")" && pwd)"; ROOT="$(cd "$HERE/../.." && pwd)"
WORK="${PB_DIR:-$ROOT/.run/bench}"; VENV="$WORK/onnx"; TEXTS="$WORK/classifier-texts.jsonl"; FOUND="$WORK/classifier-figures.jsonl"
EACH="${SECONDS_EACH:-60}"; mkdir -p "$WORK"
if [ ! -f "$VENV/complete" ]; then
  rm -rf "$VENV"; python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check onnxruntime==1.32.0 onnx==1.23.2 tokenizers==0.23.3 numpy==2.4.6
  touch "$VENV/complete"
fi
(cd "$ROOT" && cargo build --release --locked --quiet --example classifier)
heard() { "${CARGO_TARGET_DIR:-$ROOT/target}/release/examples/classifier" "$ROOT/models" "$@"; }
onnx() { "$VENV/bin/python" "$HERE/classifier_onnx.py" "$@"; }
echo "== labelling: our own messages, 2 threads on $(nproc) cores, load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
{
  for _ in 1 2 3; do heard; done
  heard "$TEXTS" "$EACH"
  onnx build "$ROOT/models" "$WORK/onnx-model" "$TEXTS" 2> >(grep -v pre-processing >&2)
  for _ in 1 2 3; do onnx load "$WORK/onnx-model"; done
  onnx measure "$WORK/onnx-model" "$TEXTS" "$EACH"
} > "$FOUND"
python3 - "$FOUND" <<'P'
import json, statistics, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
def only(key): return [line for line in lines if key in line]
for line in only("settled"):
    length = line["words"] + ("" if line["words"] == "as they are" else " words")
    print(f"\n{length}: {line['texts']} messages, {line['settled']:.0%} settled by the heads alone; a thorough look is "
          f"{line['readings']:.1f} texts for the encoder")
    print(f"  {'':46}{'texts/s':>9}{'median ms':>11}{'p95 ms':>9}   of texts in batches, one at a time")
    for row in (row for row in only("per_s") if row["words"] == line["words"]):
        print(f"  {row['who'] + ', ' + row['way']:46}{row['per_s']:9.1f}{row['median_ms']:11.1f}{row['p95_ms']:9.1f}"
              f"   {row['batched']} by {row['together']}, {row['alone']}")
print()
for who in ("Heard", "ONNX Runtime"):
    loads = [line["load_s"] for line in only("load_s") if line["who"] == who]
    memory = next(line for line in only("loaded_mb") if line["who"] == who)
    print(f"{who}: ready in {statistics.median(loads):.2f} s; memory {memory['loaded_mb']} MB when loaded, {memory['after_mb']} MB "
          f"after the run, {memory['peak_mb']} MB at most")
for line in only("compared"):
    print(f"ONNX Runtime, {line['kind']}: on {line['compared']} texts its scores and Heard's have a cosine of at least "
          f"{line['least_cosine']:.5f} and differ by at most {line['farthest']:.4f}")
P
echo "load average after: $(cut -d' ' -f1-3 /proc/loadavg)"
