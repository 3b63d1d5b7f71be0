#!/usr/bin/env bash
# Release files: the same commit gives the same bytes on any machine with the same Go.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${VERSION:?} ${LDFLAGS:?}"

rm -rf dist
mkdir dist
for arch in amd64 arm64; do
  name=errera-$VERSION-linux-$arch
  echo "Building dist/$name"
  CGO_ENABLED=0 GOOS=linux GOARCH=$arch GOAMD64=v1 GOARM64=v8.0 GOFLAGS= \
    go build -trimpath -buildvcs=false -ldflags "$LDFLAGS" -o "dist/$name" .
  go run -C tools ./sbom -version "$VERSION" -npm-lock "$PWD/package-lock.json" "$PWD/dist/$name" > "dist/$name.cdx.json"
done
cp LICENSE internal/web/assets/dist/THIRD-PARTY.txt dist/
(cd dist && sha256sum -- * > ../SHA256SUMS.part && mv ../SHA256SUMS.part SHA256SUMS && cat SHA256SUMS)
