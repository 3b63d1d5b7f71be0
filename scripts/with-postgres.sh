#!/usr/bin/env bash
# Runs a command beside a throw-away PostgreSQL and puts its address, of a user who may create databases,
# in ERRERA_TEST_POSTGRES. An address that is set already is used as it is.
# With --optional the command runs without PostgreSQL where there is none.
set -euo pipefail

optional=no
if [ "${1:-}" = --optional ]; then optional=yes; shift; fi

if [ -n "${ERRERA_TEST_POSTGRES:-}" ]; then exec "$@"; fi

if ! command -v pg_virtualenv >/dev/null || ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
  if [ "$optional" = yes ]; then exec "$@"; fi
  echo 'PostgreSQL with pg_virtualenv is missing (Debian and Ubuntu: apt-get install postgresql postgresql-common).' >&2
  exit 1
fi

# pg_virtualenv prints the server's log when its command fails; the command's own words are enough,
# so its exit code travels in a file.
code=$(mktemp)
trap 'rm -f "$code"' EXIT
export ERRERA_EXIT_CODE_FILE=$code

# -t keeps the cluster in a folder of its own, as root too, so that clusters of this machine are left alone.
# Nothing in it needs to survive a crash. Standard output belongs to the command alone.
exec 3>&1
# shellcheck disable=SC2016 # the inner shell expands these
pg_virtualenv -t -o fsync=off -o synchronous_commit=off -o full_page_writes=off \
  -o max_connections=200 -o shared_buffers=256MB -o timezone=UTC \
  bash -c '
    export ERRERA_TEST_POSTGRES="postgres://$PGUSER:$PGPASSWORD@localhost:$PGPORT/postgres?sslmode=disable"
    "$@" >&3 3>&- && rc=0 || rc=$?
    echo "$rc" > "$ERRERA_EXIT_CODE_FILE"
  ' with-postgres "$@" >&2
exit "$(cat "$code")"
