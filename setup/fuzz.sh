#!/usr/bin/env bash
# cargo-fuzz at one version, where it is not there yet. Prints nothing when it is.
. "$(dirname "$0")/common.sh"
VERSION=0.13.2
TOOLS="$CACHE/cargo-fuzz-$VERSION"
[ -x "$TOOLS/bin/cargo-fuzz" ] && exit 0
say "Building cargo-fuzz $VERSION"
cargo install --quiet --locked --version "$VERSION" --root "$TOOLS" cargo-fuzz \
  || fail "cargo-fuzz could not be built. Check the network and run the same command again."
