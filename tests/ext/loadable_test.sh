#!/usr/bin/env bash
# usage: loadable_test.sh <vkv.so> <version>   — what the library shows to whoever loads it.
set -euo pipefail
library=$1
version=$2
failed=0

# expect <what> <expected> <found>
expect() {
  if [[ $2 != "$3" ]]; then
    printf '%s: expected\n%s\nfound\n%s\n' "$1" "$2" "$3"
    failed=1
  fi
}

expect 'exported symbols' 'sqlite3_vkv_init' \
  "$(nm --dynamic --defined-only "$library" | awk '{print $NF}')"
expect 'unique symbols' '' "$(nm "$library" | awk '$(NF - 1) == "u" {print $NF}')"
expect 'libraries needed besides libc and libm' '' \
  "$(readelf --dynamic "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
     grep -vxE 'libc\.so\.6|libm\.so\.6|ld-linux-.*' || true)"

# The entry point is found by the file's name; a second load on one connection is harmless.
expect 'loaded twice' "$version"$'\n'"$version" "$(sqlite3 :memory: \
  ".load ${library%.so}" 'SELECT vkv_version();' ".load ${library%.so}" 'SELECT vkv_version();' 2>&1)"
expect 'loaded from SQL' "$version" "$(sqlite3 :memory: \
  "SELECT load_extension('$library');" "SELECT load_extension('$library');" 'SELECT vkv_version();' 2>&1 |
  grep .)"

# What the shell's .dump writes, read by another shell: rows, versions and uncommitted changes.
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
load=(-cmd ".load ${library%.so}")
asked="SELECT vkv_check('kv'), vkv_hash('kv'), vkv_current_commit('kv'), (SELECT count(*) FROM vkv_status('kv'));"
for encoding in UTF-8 UTF-16le; do
  rm -f "$directory"/*
  sqlite3 "${load[@]}" "$directory/one.db" "PRAGMA encoding = '$encoding'; CREATE VIRTUAL TABLE kv USING vkv;
    INSERT INTO kv VALUES('é', 1), ('b', x'00ff'); SELECT vkv_commit('kv', 'first'); UPDATE kv SET value = NULL WHERE key = 'b';" \
    >"$directory/made"
  sqlite3 "${load[@]}" "$directory/one.db" .dump >"$directory/dump.sql"
  sqlite3 "${load[@]}" "$directory/two.db" ".read $directory/dump.sql"
  expect "dumped and restored, $encoding" "$(sqlite3 "${load[@]}" "$directory/one.db" "$asked")" \
    "$(sqlite3 "${load[@]}" "$directory/two.db" "$asked")"
  expect "restored, $encoding" 'ok|1' "$(sqlite3 "${load[@]}" "$directory/two.db" "$asked" | cut -d'|' -f1,4)"
done
exit $failed
