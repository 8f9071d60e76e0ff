#!/usr/bin/env bash
# usage: demo_test.sh <build directory> <demo.sql>   — the demo's output on the small inventory beside
# this script must be demo.expected, with hashes and days replaced; on this machine's inventory it
# must succeed. With UPDATE=1 in the environment the output becomes the expected one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
demo=$(realpath "$2")
found=$(mktemp)
trap 'rm -f "$found"' EXIT
cd "$1"

sed "s|/var/lib/dpkg/status|$here/status|" "$demo" | sqlite3 :memory: 2>&1 |
  sed -E 's/\b[0-9a-f]{64}\b/<hash>/g; s/\b[0-9a-f]{12}\b/<hash>      /g
          s/\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b/<day>     /g' > "$found"
if [[ ${UPDATE:-} == 1 ]]; then
  cp "$found" "$here/demo.expected"
fi
diff -u --label expected --label found "$here/demo.expected" "$found"

if [[ -e /var/lib/dpkg/status ]]; then
  sqlite3 -bail :memory: < "$demo" > /dev/null
fi
