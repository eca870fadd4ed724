#!/usr/bin/env bash
# The checker of accessible PDFs that tests/casework/paper.rs runs (PyPI outloud), each package checked by its hash, into the ignored
# folder setup/pdf-test/packages. Prints nothing when all is there.
. "$(dirname "$0")/common.sh"
OUT="$HERE/setup/pdf-test/packages"
PYTHON="$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" || fail "python3 is missing (Debian: apt-get install python3 python3-pip)."
# Some of the packages are compiled for one version of Python.
STAMP="$PYTHON $(uname -m) $(sha256sum < "$HERE/setup/pdf-test/requirements.txt" | cut -c1-16)"
[ "$(cat "$OUT/complete" 2>/dev/null)" = "$STAMP" ] && exit 0
case "$PYTHON" in 3.11 | 3.12 | 3.13) ;; *) fail "the checker of PDFs is pinned for Python 3.11 to 3.13, and python3 is $PYTHON: add that version's hashes to setup/pdf-test/requirements.txt, or put another python3 first in PATH." ;; esac
say "Fetching the checker of PDFs, outloud (40 MB)"
rm -rf "$OUT.new"
python3 -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: --no-warn-script-location --root-user-action=ignore \
  -r "$HERE/setup/pdf-test/requirements.txt" --target "$OUT.new" \
  || fail "the checker of PDFs could not be fetched, or a package was not the expected one. Check the network and run the same command again."
echo "$STAMP" > "$OUT.new/complete"
rm -rf "$OUT"; mv "$OUT.new" "$OUT"
