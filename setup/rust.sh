#!/usr/bin/env bash
# Rust: says what is wrong with the one that is there, or installs one with rustup when there is none (into ~/.cargo and
# ~/.rustup; nothing else is changed). Debian's own is too old. Prints nothing when all is there.
. "$(dirname "$0")/common.sh"
NEEDED="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$HERE/Cargo.toml")"
PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

if ! command -v cargo >/dev/null; then
  VERSION="$NEEDED.0"
  remedy="Install Rust $NEEDED or newer from rust-lang.org and run the same command again."
  case "$(uname -m)" in
    x86_64) sum=20a06e644b0d9bd2fbdbfd52d42540bdde820ea7df86e92e533c073da0cdd43c ;;
    aarch64) sum=e3853c5a252fca15252d07cb23a1bdd9377a8c6f3efa01531109281ae47f841c ;;
    *) fail "Rust is missing. $remedy" ;;
  esac
  say "Installing Rust $VERSION with rustup 1.28.2, into ${CARGO_HOME:-$HOME/.cargo} (about 300 MB)"
  work="$(mktemp -d "$CACHE/fetch.XXXXXX")"; trap 'rm -rf "$work"' EXIT
  curl --proto '=https' --tlsv1.2 --silent --show-error --fail --location --retry 2 --connect-timeout 20 \
    -o "$work/rustup-init" "https://static.rust-lang.org/rustup/archive/1.28.2/$(uname -m)-unknown-linux-gnu/rustup-init" \
    || fail "Rust is missing and could not be fetched. $remedy"
  echo "$sum  $work/rustup-init" | sha256sum --quiet -c - || fail "the installer of Rust is not the expected file. $remedy"
  chmod +x "$work/rustup-init"
  "$work/rustup-init" -q -y --no-modify-path --profile minimal --component clippy,rustfmt --default-toolchain "$VERSION" \
    || fail "Rust could not be installed. $remedy"
fi

have="$(cargo --version | sed 's/^cargo \([0-9.]*\).*/\1/')"
[ "$(printf '%s\n' "$NEEDED" "$have" | sort -V | head -n 1)" = "$NEEDED" ] \
  || fail "cargo is $have and Heard needs $NEEDED or newer. With rustup: rustup update stable. Without it: remove that one (Debian: apt-get remove cargo rustc) and run the same command again; then it is installed."
