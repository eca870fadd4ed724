#!/usr/bin/env bash
# libtorch 2.4.0 for CPU: the shared libraries and headers out of the published wheel (rust-bert 0.23 needs this very version).
# An existing LIBTORCH is honoured. Prints nothing when all is there.
. "$(dirname "$0")/common.sh"
if [ -n "${LIBTORCH:-}" ]; then
  [ -e "$LIBTORCH/lib/libtorch_cpu.so" ] || fail "LIBTORCH=$LIBTORCH has no lib/libtorch_cpu.so. Point it at libtorch 2.4.0, or unset it and it is fetched."
  TORCH="$LIBTORCH"
else
  TORCH="$CACHE/libtorch-2.4.0"
  if [ ! -e "$TORCH/complete" ]; then
    [ "$(uname -m)" = x86_64 ] || fail "the pinned libtorch is for x86-64. Install libtorch 2.4.0 for $(uname -m) and set LIBTORCH to its folder."
    say "Fetching libtorch 2.4.0 (812 MB download, 503 MB kept in $CACHE)"
    work="$(mktemp -d "$CACHE/fetch.XXXXXX")"; trap 'rm -rf "$work"' EXIT
    fetch_wheels "$HERE/setup/python-runtime.txt" "$work"
    for w in "$work"/*.whl; do
      case "$w" in
        */torch-*) unzip -q "$w" 'torch/lib/libtorch_cpu.so' 'torch/lib/libc10.so' 'torch/lib/libgomp-*' 'torch/include/*' -d "$work" ;;
        *) unzip -q -o "$w" -d "$work/small" ;;
      esac
    done
    rm -rf "$TORCH"; mkdir -p "$TORCH"
    mv "$work/torch/lib" "$work/torch/include" "$TORCH/"
    find "$work/small" -name 'libcudart.so.12' -exec mv {} "$TORCH/lib/" \;
    find "$work/small" -name 'libcupti.so.12' -exec mv {} "$TORCH/lib/" \;
    ln -s libtorch_cpu.so "$TORCH/lib/libtorch.so"
    touch "$TORCH/complete"
  fi
fi
mkdir -p "$HERE/.cargo"
cat > "$HERE/.cargo/config.toml.new" <<C
# Written by setup/libtorch.sh: lets plain cargo commands find libtorch.
[env]
LIBTORCH = "$TORCH"
LIBTORCH_CXX11_ABI = "0"
C
# Left alone when nothing changed: a newer file would make cargo look again at everything.
cmp -s "$HERE/.cargo/config.toml.new" "$HERE/.cargo/config.toml" && rm "$HERE/.cargo/config.toml.new" || mv "$HERE/.cargo/config.toml.new" "$HERE/.cargo/config.toml"
