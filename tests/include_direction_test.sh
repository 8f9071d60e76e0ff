#!/usr/bin/env bash
# usage: include_direction_test.sh <source directory>   — each layer includes only layers below it.
#
# base ← kv ← tree ← graph ← store, and ext on top. SQLite's headers are for ext/ and the SQLite-backed
# stores of core/kv alone.
set -euo pipefail
cd "$1"
failed=0

# refuse <what> <files and lines>
refuse() {
  if [[ -n $2 ]]; then
    printf '%s:\n%s\n' "$1" "$2"
    failed=1
  fi
}

# includes <directory> <extended regular expression>: where one of the includes in it matches.
includes() {
  [[ -d $1 ]] || { echo "there is no directory $1" >&2; exit 1; }
  grep -rnE --include='*.h' --include='*.cpp' --include='*.in' "# *include *[<\"]($2)" "$1" || true
}

layers=(base kv tree graph store)
for i in "${!layers[@]}"; do
  above=$(IFS='|'; echo "core/(${layers[*]:i+1}|none)/|ext/|tests/")
  refuse "core/${layers[i]} includes what is above it" "$(includes "core/${layers[i]}" "$above")"
done
refuse 'ext includes tests' "$(includes ext 'tests/')"
for directory in core ext; do
  refuse "$directory includes by relative path" "$(includes "$directory" '\.\.?/')"
done

# What shows SQLite's interface, itself or through what it includes.
sqlite='sqlite3(ext)?\.h|core/kv/(sqlite|statement|shadow_tables|sqlite_store)\.h'
for layer in base tree graph store; do
  refuse "core/$layer includes SQLite" "$(includes "core/$layer" "$sqlite")"
done
refuse 'SQLite is included past core/kv/sqlite.h' \
  "$({ includes core 'sqlite3(ext)?\.h'; includes ext 'sqlite3(ext)?\.h'; } |
     grep -v '^core/kv/sqlite\.h:' || true)"
exit $failed
