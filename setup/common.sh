# Shared by the set-up scripts. Downloads live outside target/, so that `cargo clean` does not fetch them again.
# shellcheck shell=bash
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="${HEARD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/heard}"
mkdir -p "$CACHE"
say() { printf '==> %s\n' "$*"; }
# step WORDS COMMAND…: says what is done, does it, and says how long it took when that was felt.
step() {
  local words=$1 began=$SECONDS; shift
  say "$words"
  "$@" || { local status=$?; printf 'stopped after %d s: %s\n' $((SECONDS - began)) "$words" >&2; return $status; }
  [ $((SECONDS - began)) -lt 2 ] || printf '    %s: %d s\n' "$words" $((SECONDS - began))
}
fail() { printf 'set-up stopped: %s\n' "$*" >&2; exit 1; }
# fetch_wheels REQUIREMENTS DIR: pip checks each file's SHA-256 against the list and stops when it differs.
fetch_wheels() {
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
    --python-version 311 --implementation cp --abi cp311 --platform manylinux2014_x86_64 --platform manylinux1_x86_64 --platform any -r "$1" -d "$2" \
    || fail "a download failed or its SHA-256 was not the expected one ($1). Check the network and run the same command again."
}
