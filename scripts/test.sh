#!/usr/bin/env bash
# The whole test run: what it needs, vet, generated code, all tests on SQLite, then on PostgreSQL.
# Goes on after a failure, so that one run shows them all; the exit code tells.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=()
step() {
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  if "$@"; then echo "== $name: good, $((SECONDS - start)) s"; else
    failed+=("$name")
    echo "== $name: FAILED, $((SECONDS - start)) s"
  fi
}

# vet shares its cache with the build when both do without C.
vet() { CGO_ENABLED=0 go vet ./... && (cd tools && CGO_ENABLED=0 go vet ./...); }

# No cached results: browsers, ledgers and files beside the repository are not seen by the cache.
# SQLite is C turned into Go: the detector would watch each of its instructions, ten times slower, and what it guards with its own
# locks is not ours to mend. Everything that calls it is watched. Pointer checks are for unsafe code, of which we write none.
# Tests live in short bursts of garbage, with memory to spare: collecting it took a third of their time.
# One package more than there are cores at a time: some wait for a server that is slow on purpose, or for a browser.
at_once=$(($(nproc) + 1))
race=(env GOGC=400 CGO_ENABLED=1 go test -race -p "$at_once" '-gcflags=all=-d=checkptr=0' '-gcflags=modernc.org/...=-race=false -d=checkptr=0' -count=1 -timeout 40m)
plain=(env GOGC=400 CGO_ENABLED=0 go test -p "$at_once" -trimpath -count=1 -timeout 40m)

# The longest package starts first, so that a second core never waits for it at the end.
sqlite() {
  local rest
  rest=$(go list ./... | grep -vx errera.eu/errera/internal/cli) || return 1
  # shellcheck disable=SC2086 # one word per package
  (unset ERRERA_TEST_POSTGRES && "${race[@]}" ./internal/cli $rest) && (cd tools && go test -count=1 ./...)
}

# Packages whose tests reach the database; the others would only say the same again.
database_packages() {
  CGO_ENABLED=1 go list -test -f '{{if eq .Name "main"}}{{.ImportPath}} {{join .Deps " "}}{{end}}' ./... |
    awk '$1 ~ /\.test$/ && / errera\.eu\/errera\/internal\/db( |$)/ { sub(/\.test$/, "", $1); print $1 }'
}

# The same Go code runs beside another engine: the detector watches where goroutines meet it, the rest goes without. Both use one server at
# the same time, since the longest package mostly waits for its browsers.
watched='errera.eu/errera/internal/(db|job)(/.*)?'

postgres() {
  local packages
  packages=$(database_packages | grep -vxE "$watched|errera.eu/errera/internal/cli") || { echo 'no package touches the database'; return 1; }
  # shellcheck disable=SC2086 # one word per package
  scripts/with-postgres.sh scripts/test.sh beside ./internal/cli $packages
}

beside() {
  local watching good=0
  "${race[@]}" ./internal/db/... ./internal/job/... & watching=$!
  "${plain[@]}" "$@" || good=1
  wait "$watching" || good=1
  return "$good"
}

if [ "${1:-}" = beside ]; then
  "$@"
  exit
fi

step 'what the tests need' scripts/install-test-tools.sh
step 'vet' vet
step 'generated code' scripts/generated.sh
step 'tests on SQLite' sqlite
step 'tests on PostgreSQL' postgres

if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
echo "all good, ${SECONDS} s"
