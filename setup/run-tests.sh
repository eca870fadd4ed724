#!/usr/bin/env bash
# The tests, with a Postgres of their own for as long as they run. Arguments go to cargo-nextest (e.g. a test's name).
. "$(dirname "$0")/common.sh"
cd "$HERE"
TOOLS="$CACHE/tools-$(sha256sum < "$HERE/setup/python-tools.txt" | cut -c1-16)"
PATH="$TOOLS:$PATH"

cluster="$(mktemp -d "${TMPDIR:-/tmp}/heard-postgres.XXXXXX")"
trap '"$HERE/setup/postgres.sh" stop "$cluster"' EXIT
trap 'exit 1' INT TERM HUP
say "Starting Postgres for the tests"
HEARD_TEST_POSTGRES="$(setup/postgres.sh start "$cluster")"
export HEARD_TEST_POSTGRES

# Dovecot and Postfix start as root only.
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || fail "the tests start mail servers: run them as root, or install sudo."
  say "The test programs run by sudo: they start mail servers"
  host="$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')"
  export "CARGO_TARGET_${host}_RUNNER=sudo -E"
fi

status=0
step "Examples in the code's documents" cargo test --doc --locked --quiet || status=1
# Last, so that its closing lines are the last ones.
if cargo nextest --version >/dev/null 2>&1; then
  step "Tests" cargo nextest run --locked ${CI:+--profile ci} "$@" || status=1
else
  step "Tests" cargo test --locked --all-targets --no-fail-fast "$@" || status=1
fi
exit $status
