#!/usr/bin/env bash
# Says in one sentence what is missing to build Errera, or nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

stop() { echo "$*" >&2; exit 1; }

# Compares two dotted versions: is $1 at least $2?
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

command -v go >/dev/null || stop 'Errera needs Go 1.26 or newer and there is none on the PATH: see https://go.dev/dl/.'
# Inside the module the go command speaks as the toolchain that it would build with, fetched if need be.
go_version=$(go env GOVERSION 2>/dev/null) || go_version=$(cd / && go env GOVERSION)
go_version=${go_version#go}
at_least "${go_version%% *}" 1.26 || stop "Errera needs Go 1.26 or newer and this is Go $go_version: see https://go.dev/dl/."

command -v node >/dev/null || stop 'Errera needs Node 18 or newer with npm to fetch its front-end packages, and there is none on the PATH.'
node_version=$(node --version)
at_least "${node_version#v}" 18 || stop "Errera needs Node 18 or newer and this is Node ${node_version#v}."
command -v npm >/dev/null || stop 'Errera needs npm to fetch its front-end packages; Node is here without it (Debian and Ubuntu: apt-get install npm).'
