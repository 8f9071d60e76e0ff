// Histories to test with: a repository in memory.
#pragma once

#include <string>
#include <vector>

#include "core/graph/repository.h"
#include "core/kv/memory.h"
#include "core/tree/node_store.h"

namespace vkv {

struct History {
  // A commit without content, written to the store. Its message keeps it apart from others.
  Hash commit(std::vector<Hash> parents, const std::string& message) {
    CommitMetadata metadata;
    metadata.message = message;
    const Hash hash =
        repository.create_commit(empty_root(), std::move(parents), std::move(metadata));
    repository.flush();
    return hash;
  }

  // `length` commits on top of `start`, oldest first.
  std::vector<Hash> chain(Hash start, std::size_t length, const std::string& name = "chain") {
    std::vector<Hash> commits;
    for (std::size_t i = 0; i < length; ++i) {
      commits.push_back(start = commit({start}, name + std::to_string(i)));
    }
    return commits;
  }

  std::int64_t now = 1'700'000'000'000;
  Memory memory;
  NodeCache cache{std::size_t{16} << 20};
  Repository repository{memory, cache, {.clock = [this] { return now; }}};
};

}  // namespace vkv
