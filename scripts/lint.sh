#!/usr/bin/env bash
# Form and correctness that needs no test run. Says all that is wrong, then fails.
set -euo pipefail
cd "$(dirname "$0")/.."

rc=0
files=$(find . -name '*.go' ! -name '*_templ.go' ! -path './node_modules/*' ! -path './dist/*')
# shellcheck disable=SC2086 # one word per file
unformatted=$(gofmt -l $files)
if [ -n "$unformatted" ]; then
  printf 'not formatted (gofmt -w):\n%s\n' "$unformatted"
  rc=1
fi
CGO_ENABLED=0 go vet ./... || rc=1
(cd tools && CGO_ENABLED=0 go vet ./...) || rc=1
CGO_ENABLED=0 go tool -modfile=tools/go.mod staticcheck ./... || rc=1
go mod verify >/dev/null || rc=1
scripts/generated.sh || rc=1
exit $rc
