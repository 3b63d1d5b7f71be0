#!/usr/bin/env bash
# Installs what the tests need beside Go and Node, on Debian and Ubuntu; quick when all is there.
# Without root and sudo it names what is missing and exits with 1.
set -euo pipefail

missing=()
need() { missing+=("$@"); }

has_server() { compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }
has_browser() {
  for name in chromium chromium-browser google-chrome google-chrome-stable headless-shell; do
    command -v "$name" >/dev/null && return 0
  done
  return 1
}

has_server || need postgresql
command -v pg_virtualenv >/dev/null || need postgresql-common
has_browser || need chromium
command -v xmllint >/dev/null || need libxml2-utils
command -v pdfsig >/dev/null && command -v pdftotext >/dev/null || need poppler-utils
command -v ledger >/dev/null || need ledger
command -v hledger >/dev/null || need hledger
command -v bean-check >/dev/null || need beancount
[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || need fonts-dejavu-core
command -v gcc >/dev/null || need gcc libc6-dev

[ ${#missing[@]} -gt 0 ] || exit 0

refuse() {
  echo "The tests also need: ${missing[*]}. $1" >&2
  exit 1
}
command -v apt-get >/dev/null || refuse 'Install them with the packages of this system.'
as_root=()
if [ "$(id -u)" != 0 ]; then
  # Where nobody can type a password, sudo must not ask for one.
  if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=(sudo)
  else
    refuse "Ask an administrator for: apt-get install ${missing[*]}"
  fi
fi

echo "Installing for the tests: ${missing[*]}"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
  || refuse 'apt-get could not install them.'
