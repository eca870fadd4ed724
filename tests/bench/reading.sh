#!/usr/bin/env bash
# How fast and in how much memory mail is read, beside Python's email package on the same messages in the same run.
set -euo pipefail
HERE="$(cd "$(dirname "$0")" && pwd)"; ROOT="$(cd "$HERE/../.." && pwd)"
MAIL="${HEARD_SHARED:-$ROOT/../shared}/data/mail"
(cd "$ROOT" && cargo build --release --locked --quiet --example reading)
READING="${CARGO_TARGET_DIR:-$ROOT/target}/release/examples/reading"
mapfile -t folders < <(find "$ROOT/tests/data/sample-inbox" -mindepth 1 -type d | sort; ls -d "$MAIL"/{malformed,bounces_autoreplies} 2>/dev/null)
echo "== reading: our sample inboxes and the gathered mail, each message in memory, one core of $(nproc)"
"$READING" "${folders[@]}"
python3 "$HERE/reading.py" "${folders[@]}"
BIG="$(mktemp --suffix .eml)"; trap 'rm -f "$BIG"' EXIT
python3 - "$BIG" <<'P'
import base64, random, sys
# 100 MB of files as they are sent: base64 in lines of 76, behind a few words.
random.seed(1)
with open(sys.argv[1], "wb") as out:
    out.write(b"From: Ann Bell <ann@mail.example>\r\nTo: complaints@council.example\r\nSubject: photographs\r\n"
              b"Date: Mon, 5 Oct 2026 10:00:00 +0100\r\nMessage-ID: <big@mail.example>\r\nMIME-Version: 1.0\r\n"
              b"Content-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\n--=_b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
              b"These photographs show the state of the house.\r\n")
    piece = base64.encodebytes(random.randbytes(57 * 1024)).replace(b"\n", b"\r\n")
    for n in range(5):
        out.write(b"--=_b\r\nContent-Type: image/jpeg; name=\"%d.jpg\"\r\nContent-Transfer-Encoding: base64\r\n"
                  b"Content-Disposition: attachment\r\n\r\n" % n)
        for _ in range(20_000_000 // len(piece)):
            out.write(piece)
    out.write(b"--=_b--\r\n")
P
echo "== one message of $(($(stat -c %s "$BIG") / 1000000)) MB, from its file"
"$READING" --one "$BIG"
python3 "$HERE/reading.py" --one "$BIG"
