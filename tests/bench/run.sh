#!/usr/bin/env bash
# Speed and exactness: how mail is read (run.sh reading), how messages are labelled (run.sh classifier), how long it takes to
# find a message's case (run.sh matching), how long officers wait for their pages (run.sh lists), and the whole road on the
# shared benchmark's 500 mails beside django-helpdesk and Roundup (run.sh road). Without a word, the first four in one run.
set -euo pipefail
HERE="$(cd "$(dirname "$0")" && pwd)"; ROOT="$(cd "$HERE/../.." && pwd)"
case "${1:-all}" in
  reading) exec "$HERE/reading.sh" ;;
  classifier) exec "$HERE/classifier.sh" ;;
  matching) exec "$HERE/matching.sh" ;;
  lists) exec "$HERE/lists.sh" ;;
  all) "$HERE/reading.sh"; "$HERE/classifier.sh"; "$HERE/matching.sh"; "$HERE/lists.sh" ;;
  road) ;;
  *) echo "usage: run.sh [reading|classifier|matching|lists|road]" >&2; exit 2 ;;
esac
export HEARD_SHARED="${HEARD_SHARED:-$ROOT/../shared}"
if [ ! -d "$HEARD_SHARED/peerbench" ]; then
  echo "The benchmark's mailbox and the other systems are not here: set HEARD_SHARED to the folder that holds peerbench/." >&2
  exit 1
fi
(cd "$ROOT" && cargo build --release --locked --quiet)
export PB_DIR="${PB_DIR:-$ROOT/.run/bench}"; export PB_VENV="${PB_VENV:-$PB_DIR}"; mkdir -p "$PB_DIR"
. "$HEARD_SHARED/peerbench/common.sh"
[ -f "$CORPUS/truth.jsonl" ] || python3 "$PB_HOME/gen_mail.py" "$CORPUS"
"$PB_HOME/mailserver.sh" start
trap '"$PB_HOME/mailserver.sh" stop; "$PB_HOME/pg.sh" stop >/dev/null 2>&1 || true' EXIT
echo "== the same 500 mails, one after the other on this machine ($(nproc) cores)"
if [ -z "${SKIP_PEERS:-}" ]; then
  "$PB_HOME/bench_django_helpdesk.sh" sqlite speed
  "$PB_HOME/bench_roundup.sh" sqlite speed
fi
"$HERE/heard.sh" sqlite plain speed
"$HERE/heard.sh" sqlite model speed
"$HERE/heard.sh" postgres plain speed
echo "== exactness"
"$HERE/heard.sh" sqlite plain redeliver
KILLS="${KILLS:-20}" "$HERE/heard.sh" sqlite plain kill
KILLS="${KILLS:-20}" "$HERE/heard.sh" postgres plain kill
"$HERE/heard.sh" sqlite plain special
