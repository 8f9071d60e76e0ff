// HashSet: content hashes in little memory.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/base/hash.h"

namespace vkv {

// At most 55 bytes for each hash, once there are some thousand: open addressing with linear probing
// in 256 shards, by the hash's first byte, that grow by a quarter one at a time. The hash of all
// zeros, which is nobody's, is in every set.
class HashSet {
 public:
  // Whether it was not there.
  bool insert(const Hash& hash);
  bool contains(const Hash& hash) const;
  std::size_t size() const { return size_; }
  // Bytes allocated.
  std::size_t footprint() const;

 private:
  struct Shard {
    std::vector<Hash> slots;  // zeros: free
    std::size_t used = 0;
  };

  static std::size_t find(const Shard& shard, const Hash& hash);
  static void grow(Shard& shard);

  std::array<Shard, 256> shards_;
  std::size_t size_ = 0;
};

}  // namespace vkv
