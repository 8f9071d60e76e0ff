// Eviction: keeping a branch within a budget by starting it afresh without its coldest keys.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/repository.h"
#include "core/graph/touches.h"

namespace vkv {

// Whether the last segment of the key's path starts with "__": such a key is never evicted, nor
// counted.
bool is_system_key(std::string_view key);

// When eviction begins, and what it leaves at most: sizes in bytes of the values of user keys.
struct WaterMarks {
  std::int64_t high = 0;  // above 0
  std::int64_t low = 0;   // from 0 to high

  // The low water of whoever names none is 80 % of the high one, rounded down.
  static WaterMarks below(std::int64_t high) { return {high, high / 5 * 4 + high % 5 * 4 / 5}; }

  bool valid() const { return high > 0 && low >= 0 && low <= high; }
  friend bool operator==(const WaterMarks&, const WaterMarks&) = default;
};

// The total size in bytes of the values of user keys, all but system keys. Reads the first tree it
// is asked about; after that the cost follows the changes from tree to tree.
class UserBytes {
 public:
  explicit UserBytes(NodeStore& nodes) : nodes_(nodes) {}
  std::uint64_t of(const Hash& root);

 private:
  NodeStore& nodes_;
  Hash root_ = empty_root();
  std::uint64_t total_ = 0;
};

struct EvictionRequest {
  std::string_view branch;
  Hash commit;  // what to start afresh from; must be the branch's head
  std::uint64_t low_water = 0;
  // The user keys to keep, instead of as many as fit under low_water. May be null.
  const std::set<std::string, std::less<>>* keep = nullptr;
  CommitMetadata metadata;  // of the new commit
};

struct Eviction {
  Hash commit;                       // the new head, without parents
  Hash root;                         // its tree
  std::vector<std::string> dropped;  // in key order
  // What has a touch but is in neither tree.
  std::vector<std::string> gone;
};

// Drops user keys, the least recently touched first, and among those touched together the largest
// first, then in key order, until the rest takes at most low_water bytes. Then makes a commit
// without parents of what is left and swaps the head to it. Throws ConcurrencyError, having changed
// nothing that is reachable, when the head is elsewhere.
Eviction evict(Repository& repository, Touches& touches, const EvictionRequest& request);

// Forgets the touches of the keys that an eviction dropped or found to be gone. Once it stands, it
// does so whether or not this succeeds; the next eviction finds again what this left.
void forget_touches(Repository& repository, Touches& touches, const Eviction& eviction);

}  // namespace vkv
