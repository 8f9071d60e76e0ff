// A store with a small size budget, for the tests of GCVersioned.
#pragma once

#include "core/base/clock.h"
#include "tests/store/conformance/stores.h"

namespace vkv {

inline Bytes sized(std::size_t bytes) { return Bytes(bytes, 'x'); }

struct Budget : testing::Test {
  std::shared_ptr<InterposedStore> kv =
      std::make_shared<InterposedStore>(std::make_shared<Memory>());

  // 100 bytes, down to 80.
  GCVersioned open(const std::string& branch = "main") {
    return GCVersioned(kv, {.high_water_bytes = 100, .branch = branch});
  }
  GCVersioned v{kv, {.high_water_bytes = 100}};

  // A commit of these two hours ago, to which nothing refers.
  Hash commit_long_ago(const Updates& updates) {
    const auto elsewhere = std::make_shared<Memory>();
    const Hash same = *Hash::from_hex(*Versioned(elsewhere).commit(updates).commit);
    for (const auto& [key, value] : elsewhere->items()) {
      if (key.starts_with("n") || key.starts_with("b")) kv->set(key, value);
    }
    NodeCache cache(1 << 20);
    const Hash root = Repository(*elsewhere, cache).commit(same).root;
    const auto then = [] { return system_milliseconds() - std::int64_t{2} * 3'600'000; };
    Repository repository(*kv, cache, {.clock = then});
    CommitMetadata metadata;
    metadata.message = "long ago";
    const Hash commit = repository.create_commit(root, {root_commit_hash()}, metadata);
    repository.flush();
    return commit;
  }
};

}  // namespace vkv
