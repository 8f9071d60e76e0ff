#!/usr/bin/env bash
# instructions.sh PROGRAM PINNED [--pin]
#
# Counts the instructions of a few operations under callgrind, on a plain and on a versioned table,
# prints them for one operation each, and fails when one is more than 10 % off its number in PINNED
# (--pin writes that file anew). A one-row commit is only shown: its time is hashed, and where an
# index takes the hash differs from run to run. The counts hold for the compiler and SQLite that
# PINNED names in its first line: elsewhere, and without valgrind, nothing is compared (exit status
# 77).
set -euo pipefail

program=$1
pinned=$2
pin=${3:-}

skip() {
  echo "skipped: $1"
  exit 77
}

command -v valgrind >/dev/null || skip "valgrind is not installed"
environment=$("$program" environment)
read -r pinned_environment <"$pinned"
[[ $pin == --pin || $environment == "$pinned_environment" ]] ||
  skip "pinned for $pinned_environment; this is $environment"

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

# Processors differ in what OpenSSL and libc would choose; these are what every x86-64 has.
export OPENSSL_ia32cap=0

for kind in plain vkv; do
  "$program" prepare "$kind" "$directory/$kind.db"
done

# count OPERATION TIMES KIND: instructions for one.
count() {
  cp "$directory/$3.db" "$directory/copy.db"
  valgrind --tool=callgrind --callgrind-out-file="$directory/out" --collect-atstart=no \
    --toggle-collect=vkv_measured "$program" "$1" "$3" "$directory/copy.db" \
    >"$directory/log" 2>&1 || { cat "$directory/log"; exit 1; }
  echo $(($(sed -n 's/^totals: //p' "$directory/out") / $2))
}

failed=0
counts=$environment$'\n'
printf '%-24s %10s %10s %6s %10s\n' operation plain vkv ratio pinned
while read -r operation times; do
  plain=$(count "$operation" "$times" plain)
  vkv=$(count "$operation" "$times" vkv)
  expected=$(sed -n "s/^$operation //p" "$pinned")
  verdict=
  if [[ -n $expected ]] && ((vkv * 100 > expected * 110 || vkv * 100 < expected * 90)); then
    verdict="  more than 10 % off"
    failed=1
  fi
  printf '%-24s %10d %10d %6s %10s%s\n' "$operation" "$plain" "$vkv" \
    "$((vkv / plain)).$(printf %02d $((vkv * 100 / plain % 100)))" "${expected:--}" "$verdict"
  [[ $operation == one_row_commit ]] || counts+="$operation $vkv"$'\n'
done < <("$program" operations)

if [[ $pin == --pin ]]; then
  printf %s "$counts" >"$pinned"
  exit 0
fi
exit $failed
