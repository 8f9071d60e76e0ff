#!/usr/bin/env bash
# embed_test.sh <build directory> <source directory>: installs the build under a scratch directory,
# moves the copy elsewhere, and builds and runs the three programs against it: with find_package, and
# once more with pkg-config.
set -euo pipefail
build=$1
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

DESTDIR=$scratch/staging cmake --install "$build" --prefix /opt/vkv >"$scratch/install.log"
mv "$scratch/staging/opt/vkv" "$scratch/vkv"

# expect <what> <expected output> <command>...
expect() {
  local what=$1 expected=$2 found
  shift 2
  if ! found=$("$@" 2>&1) || [[ $found != "$expected" ]]; then
    printf '%s: expected\n%s\nfound\n%s\n' "$what" "$expected" "$found"
    exit 1
  fi
}

# run_all <directory of the programs>
run_all() {
  rm -f "$scratch/store"*
  expect "core_only" $'fast_forward\nthree_way\nhits: 21' "$1/core_only"
  expect "shared_disk" \
    "201 keys, 200 hits, 200 of 200 commits in history once, merged, child 0" \
    "$1/shared_disk" "$scratch/store"
  expect "static_extension" $'64\nage|31\nname|alice\nmodified|age|30|31' "$1/static_extension"
}

cmake -S "$source/tests/embed" -B "$scratch/cmake" -DCMAKE_PREFIX_PATH="$scratch/vkv" \
  >"$scratch/configure.log"
cmake --build "$scratch/cmake" >"$scratch/build.log"
run_all "$scratch/cmake"
# The engine brings no SQLite along.
if ldd "$scratch/cmake/core_only" | grep -q sqlite; then
  echo "core_only depends on SQLite"
  exit 1
fi

PKG_CONFIG_PATH=$(dirname "$(find "$scratch/vkv" -name vkv.pc)")
export PKG_CONFIG_PATH
mkdir "$scratch/pkgconfig"
cd "$source/tests/embed"
g++ -std=c++20 core_only.cpp -o "$scratch/pkgconfig/core_only" $(pkg-config --cflags --libs vkv-core)
g++ -std=c++20 shared_disk.cpp -o "$scratch/pkgconfig/shared_disk" $(pkg-config --cflags --libs vkv)
gcc static_extension.c -o "$scratch/pkgconfig/static_extension" $(pkg-config --cflags --libs vkv)
run_all "$scratch/pkgconfig"

# What is installed is complete: every header compiles by what is there.
find "$scratch/vkv/include/vkv" -name '*.h' -printf '#include "%P"\n' >"$scratch/headers.cpp"
expect "the headers" "" g++ -std=c++20 -fsyntax-only $(pkg-config --cflags vkv) "$scratch/headers.cpp"

# And the extension is where a shell finds it.
expect "vkv.so" "1" sqlite3 :memory: ".load $(find "$scratch/vkv" -name vkv.so)" \
  "SELECT vkv_version() <> ''"
echo "three programs, built two ways, against an installed copy"
