# Targets forward to CMake; each variant builds in a directory of its own under build/.

PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc)
WERROR ?= OFF
ROWS ?= 1000000

# What a build and its tests need, and what only the lint targets do: Debian's names.
PACKAGES = g++ cmake pkg-config python3 sqlite3 libsqlite3-dev libssl-dev libboost-dev libxxhash-dev \
           nlohmann-json3-dev libgtest-dev libgmock-dev libbenchmark-dev valgrind
LINT_PACKAGES = clang-format clang-tidy
# The compiler of the builds with sanitizers, so that the tests are compiled by two compilers.
CLANG_PACKAGES = clang libclang-rt-dev
# What the store on a Redis server and its tests need; without them they are left out.
REDIS_PACKAGES = libhiredis-dev redis-server

SOURCES = $(shell git ls-files 'core/*.h' 'core/*.cpp' 'ext/*.h' 'ext/*.cpp' 'tests/*.h' 'tests/*.cpp')

# $(call install,<packages>): installs those that are missing; does nothing when none is, or where
# there is no dpkg to ask.
define install
@command -v dpkg-query >/dev/null || exit 0; \
missing=; \
for package in $(1); do \
  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || \
    missing="$$missing $$package"; \
done; \
if [ -n "$$missing" ]; then \
  if [ "$$(id -u)" -eq 0 ]; then sudo=; else sudo=sudo; fi; \
  $$sudo apt-get update && \
  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; \
fi
endef

# $(call configure,<directory>,<options>)
configure = cmake -S . -B $(1) -DCMAKE_INSTALL_PREFIX=$(PREFIX) -DVKV_WERROR=$(WERROR) $(2)
# Which of hiredis and redis-server are missing, and the option that follows.
redis_missing = $(shell echo '\#include <hiredis/hiredis.h>' | \
                  $(CXX) -E -x c++ - >/dev/null 2>&1 || echo hiredis; \
                  command -v redis-server >/dev/null || echo redis-server)
with_redis = -DVKV_WITH_REDIS=$(if $(redis_missing),OFF,ON)
with_clang = -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Debug
build = cmake --build $(1) -j $(JOBS)
test = ctest --test-dir $(1) -j $(JOBS) --output-on-failure --no-tests=error

.PHONY: all test demo bench test-asan test-tsan install format tidy clean packages \
        clang-packages lint-packages redis-packages redis

all: packages
	$(call configure,build)
	$(call build,build) --target vkv

test: packages redis
	$(call configure,build,$(with_redis))
	$(call build,build)
	$(call test,build)

demo: all
	cd build && sqlite3 :memory: < ../sql/demo.sql

bench: packages
	$(call configure,build)
	$(call build,build) --target vkv_bench
	build/tests/bench/vkv_bench --rows $(ROWS) --json build/bench_$(ROWS).json

test-asan: packages clang-packages redis
	$(call configure,build/asan,$(with_redis) $(with_clang) -DVKV_SANITIZE=address)
	$(call build,build/asan)
	$(call test,build/asan)

test-tsan: packages clang-packages redis
	$(call configure,build/tsan,$(with_redis) $(with_clang) -DVKV_SANITIZE=thread)
	$(call build,build/tsan)
	$(call test,build/tsan)

install: packages
	$(call configure,build)
	$(call build,build) --target vkv_package
	DESTDIR=$(DESTDIR) cmake --install build

format: lint-packages
	clang-format -i $(SOURCES)

tidy: packages clang-packages lint-packages redis
	$(call configure,build/tidy,$(with_redis) $(with_clang) -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
	  -DCMAKE_EXPORT_COMPILE_COMMANDS=ON)
	clang-tidy -p build/tidy --quiet $(filter %.cpp,$(SOURCES))

clean:
	rm -rf build

packages:
	$(call install,$(PACKAGES))

clang-packages:
	$(call install,$(CLANG_PACKAGES))

lint-packages:
	$(call install,$(LINT_PACKAGES))

redis-packages:
	-$(call install,$(REDIS_PACKAGES))

redis: redis-packages
	$(if $(redis_missing),@echo "*** The store on a Redis server and its tests are SKIPPED: no $(redis_missing) ***")
