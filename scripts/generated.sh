#!/usr/bin/env bash
# Fails when a committed *_templ.go is not what its page source makes now, has lost its source, or a page source has not its form.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -d internal/web ] || exit 0
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

# Generated in a copy, so that a check never changes the tree.
mkdir -p "$fresh/internal"
cp go.mod "$fresh/"
cp -r internal/web "$fresh/internal/web"
find "$fresh" -name '*_templ.go' -delete
templ=$(go tool -n -modfile=tools/go.mod templ)
(cd "$fresh" && "$templ" fmt internal/web && "$templ" generate -path internal/web) >/dev/null 2>"$fresh/log" || { cat "$fresh/log" >&2; exit 1; }

if ! diff -rq internal/web "$fresh/internal/web"; then
  echo 'Generated code is not up to date: run make generate and commit what it changes.' >&2
  exit 1
fi
