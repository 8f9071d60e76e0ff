// PinsCommits: a store that is not alone in its database.
#pragma once

#include <vector>

#include "core/base/bytes.h"

namespace vkv {

// What a KVStore implements besides when something next to its keys stands on commits, as the
// workspaces of an SQL table do.
class PinsCommits {
 public:
  virtual ~PinsCommits() = default;
  // Their hashes, 32 raw bytes each, in any order. Garbage collection keeps them.
  virtual std::vector<Bytes> pinned_commits() = 0;
};

}  // namespace vkv
