// Verifying a whole store.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "core/graph/repository.h"

namespace vkv {

// What the store holds, reachable or not.
struct CheckReport {
  std::uint64_t commits = 0;
  std::uint64_t chunks = 0;  // nodes, lists and blobs, each counted once
};

// Rehashes every object in the store, reachable or not; decodes every commit, tree and value
// reachable from refs and from `extra_commits` (workspaces' bases); checks parents, generations and
// that every ref and its name is valid. Reads each chunk once and bypasses every cache. Throws
// Corruption at the first problem, naming it.
CheckReport check_store(KVStore& kv, std::span<const Hash> extra_commits,
                        const std::function<void()>& checkpoint = {});

}  // namespace vkv
