#!/usr/bin/env bash
# Debian's packages that building (`build`) or testing (`test`) needs: installs those that are missing and starts none of
# their services. Prints nothing when all is there.
#   packages.sh build [test]
. "$(dirname "$0")/common.sh"

# package:what shows that it is there, when it came by another road than Debian's (a program, or nothing)
build="gcc:gcc g++:g++ make:make unzip:unzip python3:python3 python3-pip:pip3 nodejs:node npm:npm ca-certificates: curl:curl git:git"
test="dovecot-core: dovecot-imapd: dovecot-lmtpd: postfix: postgresql: clamav-daemon: chromium: chromium-driver: openssl:openssl poppler-utils:pdftotext procps:pgrep"

missing=()
for list in "$@"; do
  case "$list" in build | test) ;; *) fail "packages.sh knows the lists build and test, not \"$list\"." ;; esac
  # shellcheck disable=SC2086
  installed=" $(dpkg-query -W -f '${Package}=${db:Status-Status} ' $(printf '%s\n' ${!list} | sed 's/:.*//') 2>/dev/null || true)"
  for entry in ${!list}; do
    package=${entry%%:*} program=${entry#*:}
    case "$installed" in *" $package=installed "*) continue ;; esac
    [ -n "$program" ] && command -v "$program" >/dev/null && continue
    missing+=("$package")
  done
done
[ ${#missing[@]} = 0 ] && exit 0

command -v apt-get >/dev/null || fail "these are missing, and this is no Debian: ${missing[*]}. Install them and run the same command again."
if [ "$(id -u)" = 0 ]; then
  say "Installing with apt-get, as root: ${missing[*]}"
  root() { "$@"; }
elif command -v sudo >/dev/null; then
  say "Installing with apt-get, by sudo: ${missing[*]}"
  root() { sudo -- "$@"; }
else
  fail "these are missing: ${missing[*]}. As root: apt-get install --no-install-recommends ${missing[*]}. Then run the same command again."
fi

# Installing a server starts it, on every address of the machine. Debian asks /usr/sbin/policy-rc.d first: while ours is
# there, the answer is no.
POLICY=/usr/sbin/policy-rc.d
KEPT=$POLICY.kept-by-heard
restore() {
  if root test -e "$KEPT"; then root mv -f "$KEPT" "$POLICY"
  elif grep -qs 'heard set-up' "$POLICY"; then root rm -f "$POLICY"
  fi
}
LOG="$(mktemp)"
trap 'restore; rm -f "$LOG"' EXIT
trap 'exit 1' INT TERM HUP
restore # what a set-up that was killed left
[ -e "$POLICY" ] && root mv "$POLICY" "$KEPT"
printf '#!/bin/sh\n# heard set-up: start nothing while it installs\nexit 101\n' | root tee "$POLICY" >/dev/null
root chmod 755 "$POLICY"

apt() { root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 "$@" </dev/null >>"$LOG" 2>&1; }
apt update || say "The package lists could not all be fetched; going on with those that are there"
# The test brings its own configuration for Postfix, so Debian need not ask for one.
case " ${missing[*]} " in *" postfix "*)
  echo 'postfix postfix/main_mailer_type select No configuration' | root debconf-set-selections ;;
esac
# --no-remove: rather stop than take away a mail server that this machine uses.
apt install -y --no-install-recommends --no-remove "${missing[@]}" || {
  tail -n 20 "$LOG" >&2
  fail "apt-get could not install ${missing[*]} (its last words are above). If another package is in the way (only one mail server can be installed), decide which one this machine keeps; else check the network and run the same command again."
}
# Nor at the next start of the machine: the tests run their own copies.
if command -v systemctl >/dev/null; then
  case " ${missing[*]} " in *" dovecot-core "*) root systemctl disable --quiet dovecot.service dovecot.socket 2>/dev/null || true ;; esac
  case " ${missing[*]} " in *" postfix "*) root systemctl disable --quiet postfix.service 2>/dev/null || true ;; esac
  case " ${missing[*]} " in *" clamav-daemon "*) root systemctl disable --quiet clamav-daemon.service clamav-daemon.socket clamav-freshclam.service 2>/dev/null || true ;; esac
  case " ${missing[*]} " in *" postgresql "*) root systemctl disable --quiet postgresql.service 2>/dev/null || true ;; esac
fi
