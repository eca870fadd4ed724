#!/usr/bin/env bash
# Builds the fuzz targets and runs them: fuzz/run.sh [TARGET…]; TIME=seconds for each (default 60), two at once.
# Seeds: our sample inboxes, and, read where they lie, the gathered mail of HEARD_SHARED. What is found new goes to
# fuzz/corpus, what fails to fuzz/artifacts; both are ignored by git. Ends with 1 when anything failed.
. "$(dirname "$0")/../setup/common.sh"
PATH="$CACHE/cargo-fuzz-0.13.2/bin:$PATH"
TIME="${TIME:-60}"
SHARED="${HEARD_SHARED:-$HERE/../shared}/data/mail"
cd "$HERE"
targets=("$@"); [ ${#targets[@]} -gt 0 ] || targets=(reading forwards bounces)

# Coverage works on stable Rust as long as no sanitiser is asked for; there is no unsafe code of ours for one to look at.
step "Building the targets (the first time takes a quarter of an hour)" nice -n 19 cargo fuzz build --release --sanitizer none
BIN="${CARGO_TARGET_DIR:-$HERE/fuzz/target}/$(rustc -vV | sed -n 's/^host: //p')/release"

seeds() {
  case $1 in
    reading) find "$HERE/tests/data/sample-inbox" -mindepth 1 -type d; ls -d "$SHARED"/{malformed,bounces_autoreplies} ;;
    forwards) ls -d "$SHARED"/{forwarded,replies} ;;
    bounces) ls -d "$SHARED"/bounces_autoreplies ;;
  esac 2>/dev/null
}
fuzz() {
  local target=$1 folders
  mkdir -p "fuzz/corpus/$target" "fuzz/artifacts/$target"
  mapfile -t folders < <(seeds "$target")
  nice -n 19 "$BIN/$target" -max_total_time="$TIME" -max_len=65536 -timeout=20 -report_slow_units=2 -rss_limit_mb=1024 \
    -print_final_stats=1 -dict="$HERE/fuzz/mail.dict" -artifact_prefix="fuzz/artifacts/$target/" \
    "fuzz/corpus/$target" "${folders[@]}" > "fuzz/artifacts/$target.log" 2>&1
}
status=0 running=()
for target in "${targets[@]}"; do
  if [ ${#running[@]} -ge 2 ]; then wait "${running[0]}" || status=1; running=("${running[@]:1}"); fi
  say "Fuzzing $target for $TIME s (fuzz/artifacts/$target.log)"
  fuzz "$target" & running+=($!)
done
for one in "${running[@]}"; do wait "$one" || status=1; done
for target in "${targets[@]}"; do
  left="$(find "fuzz/artifacts/$target" -type f | wc -l)"
  runs="$(sed -n 's/^stat::number_of_executed_units: *//p' "fuzz/artifacts/$target.log")"
  say "$target: ${runs:-not known how many} inputs tried, $left kept as failing or slow in fuzz/artifacts/$target"
  [ "$left" = 0 ] || status=1
done
exit $status
