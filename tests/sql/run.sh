#!/usr/bin/env bash
# usage: run.sh <vkv_sql_shell> <script.sql>   — what the script answers must be in script.expected.
# It runs in an empty directory of its own. With UPDATE=1 in the environment the answer becomes the
# expected one, to be read before it is committed.
set -euo pipefail
shell=$(realpath "$1")
script=$(realpath "$2")
expected=${script%.sql}.expected
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

mkdir "$directory/work"
cd "$directory/work"
status=0
"$shell" "$script" > "$directory/found" || status=$?
if [[ ${UPDATE:-} == 1 ]]; then
  cp "$directory/found" "$expected"
fi
diff -u --label expected --label found "$expected" "$directory/found"
exit "$status"
