#!/usr/bin/env bash
# Copies from node_modules exactly what the pages serve into the folder that the binary embeds.
# Runs no code of any package.
set -euo pipefail
cd "$(dirname "$0")/.."

from=node_modules
to=internal/web/assets/dist
inter=$from/@fontsource-variable/inter

find "$to" -mindepth 1 ! -name .gitkeep -delete

# The source map is not served, so the file must not point at it. It is by far the largest file: embedded small, as it is sent.
sed 's|/\*# sourceMappingURL=[^*]*\*/||' "$from/@tabler/core/dist/css/tabler.min.css" | gzip -9n > "$to/tabler.min.css.gz"
cp "$from/htmx.org/dist/htmx.min.js" "$to/htmx.min.js"

# Dutch, English and French need two of the font's subsets; the style sheet keeps only those two.
awk '
  /^\/\* inter-/ { keep = ($2 == "inter-latin-wght-normal" || $2 == "inter-latin-ext-wght-normal") }
  keep { sub(/url\(\.\/files\//, "url("); print }
' "$inter/wght.css" > "$to/inter.css"
cp "$inter/files/inter-latin-wght-normal.woff2" "$inter/files/inter-latin-ext-wght-normal.woff2" "$to/"
faces=$(grep -c '@font-face' "$to/inter.css")
[ "$faces" = 2 ] || { echo "inter.css holds $faces faces, not 2: the font package has changed its form" >&2; exit 1; }

# The map is drawn by the program itself: its countries are embedded, but not served.
map=internal/web/worldmap/dist
find "$map" -mindepth 1 ! -name .gitkeep -delete
cp "$from/world-atlas/countries-110m.json" "$map/"

# Written last: make reads it as the sign that the folder is whole.
{
  echo 'Errera serves these files of others, unchanged but for file paths.'
  printf '\n== tabler.min.css (@tabler/core), MIT ==\n\n'
  head -c 1000 "$from/@tabler/core/dist/css/tabler.min.css" | awk '/^ \*/ { print } /\*\// { exit }'
  printf '\n== inter-*.woff2, inter.css (@fontsource-variable/inter) ==\n\n'
  cat "$inter/LICENSE"
  printf '\n== htmx.min.js (htmx.org) ==\n\n'
  cat "$from/htmx.org/LICENSE"
  printf '\n== countries of the map (world-atlas; outlines by Natural Earth, public domain) ==\n\n'
  cat "$from/world-atlas/LICENSE"
} > "$to/THIRD-PARTY.txt"
