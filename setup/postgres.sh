#!/usr/bin/env bash
# A Postgres for one test run: a fresh cluster in DIR, reached through a socket in DIR and over no network.
#   postgres.sh start DIR    prints the server's URL      postgres.sh stop DIR    removes everything
# Postgres refuses to run as root, so root hands it to the user postgres. Nothing is kept safe on disk: tests need speed.
set -euo pipefail
[ $# = 2 ] || { echo "usage: postgres.sh start|stop DIR" >&2; exit 2; }
dir=$2
programs="$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)"
[ -x "$programs/initdb" ] || { echo "Postgres is missing (Debian: apt-get install --no-install-recommends postgresql)" >&2; exit 1; }
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

case "$1" in
  start)
    # A socket's path may have 107 bytes.
    [ ${#dir} -le 80 ] || { echo "the path $dir is too long for Postgres' socket: set TMPDIR to a shorter one" >&2; exit 1; }
    mkdir -p "$dir"
    [ "$(id -u)" != 0 ] || chown postgres "$dir"
    as_postgres "$programs/initdb" -D "$dir/data" -U heard -A trust --no-sync --locale=C.UTF-8 -E UTF8 >/dev/null
    as_postgres "$programs/pg_ctl" -D "$dir/data" -w -s -l "$dir/log" start -o "-k $dir -c listen_addresses='' \
      -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" \
      || { cat "$dir/log" >&2; exit 1; }
    echo "postgres://heard@localhost/postgres?host=$dir"
    ;;
  stop)
    as_postgres "$programs/pg_ctl" -D "$dir/data" -m immediate -s stop || true
    rm -rf "$dir"
    ;;
  *) echo "usage: postgres.sh start|stop DIR" >&2; exit 2 ;;
esac
