#!/usr/bin/env bash
# Heard on the shared benchmark's mailbox: heard.sh sqlite|postgres plain|model speed|redeliver|kill|special
# Prints one line of figures, as the benchmark's own scripts do for the other systems.
set -euo pipefail
ROOT="$(cd "$(dirname "$0")/../.." && pwd)"
BENCH="${HEARD_SHARED:-$ROOT/../shared}/peerbench"
. "$BENCH/common.sh"
DB=${1:-sqlite}; LABELS=${2:-plain}; MODE=${3:-speed}
HEARD="${HEARD:-${CARGO_TARGET_DIR:-$ROOT/target}/release/heard}"
W="$PB_DIR/heard-$DB-$LABELS"; rm -rf "$W"; mkdir -p "$W"
if [ "$DB" = postgres ]; then
  "$BENCH/pg.sh" start >/dev/null; "$BENCH/pg.sh" fresh heard
  URL="postgres://postgres@127.0.0.1:${PG_PORT:-11432}/heard"
else
  URL="sqlite://$W/heard.db"
fi
export HEARD_BENCH_KEY=0123456789abcdef0123456789abcdef HEARD_BENCH_PASSWORD="$IMAP_PASS"
cat > "$W/heard.toml" <<C
[council]
name = "Bench Council"
staff_domains = ["council.example"]
complaints_address = "$MAILBOX_ADDR"
complaints_phone = "01632 960 100"
procedure_url = "https://council.example/complaints"
named_officer = { name = "Rowan Bell", role = "complaints officer", email = "rowan.bell@council.example", phone = "01632 960 101" }
advocacy = { name = "Voices", phone = "0800 496 0200", email = "help@voices.example", url = "https://voices.example" }
danger = { daytime_phone = "01632 960 110", out_of_hours_phone = "01632 960 111" }
[database]
url = "$URL"
[secrets]
key = { env = "HEARD_BENCH_KEY" }
[[mailbox]]
name = "complaints"
kind = "complaints"
address = "$MAILBOX_ADDR"
imap = { host = "127.0.0.1", port = $IMAP_PORT, security = "plain", user = "$IMAP_USER", password = { env = "HEARD_BENCH_PASSWORD" } }
[sending]
from_name = "Bench complaints"
from_address = "$MAILBOX_ADDR"
smtp = { host = "127.0.0.1", port = $SMTP_PORT, security = "plain" }
[labelling]
enabled = $([ "$LABELS" = model ] && echo true || echo false)
encoder = "$ROOT/models/encoder"
tuned = "$ROOT/models/tuned.safetensors"
heads = "$ROOT/models/heads.safetensors"
[letters]
folder = "$ROOT/config/letters"
C
cat > "$W/run.sh" <<R
cd $W; exec $HEARD serve --until-idle --config $W/heard.toml
R
export MEASURE_LOG="$W/log"
run() { python3 "$BENCH/measure.py" "$@" -- bash "$W/run.sh"; }
load() { "$BENCH/mailserver.sh" load "$1" | grep -o 'loaded [0-9]*' | cut -d' ' -f2; }
export_cases() {
  (cd "$W"; "$HEARD" cases export --json --config "$W/heard.toml" > "$W/cases.jsonl" 2>>"$W/log")
  python3 - "$W/cases.jsonl" > "$W/map.csv" <<'P'
import csv, json, sys
out = csv.writer(sys.stdout)
for line in open(sys.argv[1]):
    case = json.loads(line)
    for message in case["messages"]:
        if message["message_id"]:
            out.writerow(["<%s>" % message["message_id"], case["reference"]])
P
}
figures() { python3 -c "import json,sys;m=json.loads(sys.argv[1]);n=int(sys.argv[2]);print('msgs_per_s=%.1f wall=%s cpu=%s rss_mib=%s rc=%s kills=%s'%(n/m['wall'],m['wall'],m['cpu'],m['rss_mib'],m['rc'],m['kills']))" "$1" "$N"; }
line() { export_cases; echo "heard/$DB/$LABELS/$MODE n=$N $(figures "$J") $(python3 "$BENCH/score.py" "$W/map.csv" --ack-re 'HRD-') load=[$(cut -d' ' -f1-3 /proc/loadavg)] $*"; }
"$BENCH/mailserver.sh" start >/dev/null; "$BENCH/mailserver.sh" clear
case $MODE in
speed) N=$(load "$CORPUS"); J=$(run); line ;;
redeliver) N=$(load "$CORPUS"); run >/dev/null; export_cases; cp "$W/cases.jsonl" "$W/before.jsonl"
  load "$CORPUS" >/dev/null; J=$(run); line "$(cmp -s "$W/before.jsonl" "$W/cases.jsonl" && echo 'second delivery changed nothing' || echo 'SECOND DELIVERY CHANGED CASES')" ;;
kill) N=$(load "$CORPUS"); J=$(run --kill-after "${KILL_AFTER:-0.03}" --kills "${KILLS:-20}"); line "(rate is of the last, unkilled run; $(python3 - "$SINK" <<'P'
import collections, json, sys
ids = collections.Counter(json.loads(line)["message_id"] for line in open(sys.argv[1]))
print("letters the server took twice: %d, each under one Message-ID; different letters: %d" % (sum(n - 1 for n in ids.values()), len(ids)))
P
))" ;;
special) N=$(load "$CORPUS/special"); J=$(run --limit 120); export_cases
  echo "heard/$DB/$LABELS/special n=$N $(figures "$J") cases=$(wc -l < "$W/cases.jsonl") left=[$("$BENCH/mailserver.sh" count)]"
  python3 - "$W/cases.jsonl" "$SINK" "$CORPUS/special/truth.jsonl" <<'P'
import json, sys
cases = [json.loads(l) for l in open(sys.argv[1])]
sink = [json.loads(l) for l in open(sys.argv[2])]
print("  in cases:", sum(len(c["messages"]) for c in cases), " answered:", len(sink))
for s in sink:
    print("   ", (s["in_reply_to"] or "-").strip(), "->", ",".join(s["rcpt"]), "|", s["auto_submitted"])
P
  ;;
esac
