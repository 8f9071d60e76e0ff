#include "core/graph/hash_set.h"

#include <algorithm>

namespace vkv {
namespace {

constexpr std::size_t kFirstSlots = 8;

std::size_t word(const Hash& hash) {
  std::size_t bits;
  std::memcpy(&bits, hash.bytes.data() + 1, sizeof bits);  // the first byte chose the shard
  return bits;
}

}  // namespace

bool HashSet::insert(const Hash& hash) {
  if (hash == Hash{}) return false;
  Shard& shard = shards_[hash.bytes[0]];
  // Full to four fifths at most, two thirds after it has grown.
  if (5 * (shard.used + 1) > 4 * shard.slots.size()) grow(shard);
  Hash& slot = shard.slots[find(shard, hash)];
  if (slot == hash) return false;
  slot = hash;
  ++shard.used;
  ++size_;
  return true;
}

bool HashSet::contains(const Hash& hash) const {
  if (hash == Hash{}) return true;
  const Shard& shard = shards_[hash.bytes[0]];
  return !shard.slots.empty() && shard.slots[find(shard, hash)] == hash;
}

std::size_t HashSet::footprint() const {
  std::size_t slots = 0;
  for (const Shard& shard : shards_) slots += shard.slots.capacity();
  return slots * sizeof(Hash) + sizeof *this;
}

// Where the hash is, or belongs.
std::size_t HashSet::find(const Shard& shard, const Hash& hash) {
  std::size_t at = word(hash) % shard.slots.size();
  while (shard.slots[at] != Hash{} && shard.slots[at] != hash) {
    if (++at == shard.slots.size()) at = 0;
  }
  return at;
}

void HashSet::grow(Shard& shard) {
  Shard larger;
  larger.slots.resize(std::max(kFirstSlots, shard.slots.size() + shard.slots.size() / 4));
  for (const Hash& hash : shard.slots) {
    if (hash != Hash{}) larger.slots[find(larger, hash)] = hash;
  }
  larger.used = shard.used;
  shard = std::move(larger);
}

}  // namespace vkv
