// Nodes by hash, through a bounded cache.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "core/tree/chunk_store.h"
#include "core/tree/node.h"

namespace vkv {

// The root of a tree without entries: an empty leaf. Never stored: every store knows it.
const Hash& empty_root();

// Decoded nodes keyed by hash, at most `budget` bytes of them, evicted by the CLOCK algorithm. One
// cache may serve several stores: a hash means the same bytes everywhere. Not thread-safe.
//
// A parent remembers the slot and generation its child was found in; eviction changes the
// generation, so a stale reference is noticed with one comparison and no reference keeps a node
// alive (pointer swizzling as in LeanStore, made safe by generations). A reference is good for the
// cache that gave it, alone.
class NodeCache {
 public:
  explicit NodeCache(std::size_t budget) : budget_(budget) {}
  NodeCache(const NodeCache&) = delete;
  NodeCache& operator=(const NodeCache&) = delete;

  // Null, and `ref` unchanged, when the node is not there.
  NodePtr find(const Hash& hash, CacheRef& ref);
  // Null when `ref` is stale.
  const Node* find(CacheRef ref) {
    Slot& slot = slots_[ref.slot];
    if (slot.generation != ref.generation) return nullptr;
    slot.recently_used = true;
    return slot.node.get();
  }
  // Raises the budget to `budget`, if it is below.
  void allow(std::size_t budget) { budget_ = std::max(budget_, budget); }
  // Of a hash that is not there. A node beyond the whole budget is not kept: the reference is
  // stale.
  CacheRef insert(const Hash& hash, NodePtr node);
  // To be told of a node that a newer version of its tree replaced. The last 1024 of those stay as
  // others do; one before them leaves, unless it has been found since: so that a series of commits
  // takes no more memory than its last ones need.
  void retire(CacheRef ref);
  // Makes every reference stale.
  void clear();

  // Bytes the nodes take, with what the cache itself needs for each.
  std::size_t used() const { return used_; }

 private:
  struct Slot {
    NodePtr node;  // null: free
    std::uint32_t generation = 1;
    std::uint16_t retirements = 0;  // entries of retired_
    bool recently_used = false;
  };

  static constexpr std::size_t kMostRetired = 1024;

  static std::size_t cost(const Node& node);
  void let_oldest_go();
  void make_room(std::size_t cost);
  void evict(std::uint32_t slot);
  // Stays free until taken off free_.
  std::uint32_t free_slot();

  std::size_t budget_;
  std::size_t used_ = 0;
  std::uint32_t hand_ = 0;
  std::vector<Slot> slots_ = std::vector<Slot>(1);  // the first is never used: CacheRef{} is stale
  std::vector<const Hash*> hashes_;                 // of each slot in use: its key in the index
  std::vector<std::uint32_t> free_;                 // has room for every slot
  std::unordered_map<Hash, std::uint32_t> index_;
  std::deque<CacheRef> retired_;  // the oldest first; some are stale
};

// Reads and writes nodes. Not thread-safe; chunks and cache must outlive it.
class NodeStore {
 public:
  NodeStore(ChunkStore& chunks, NodeCache& cache) : chunks_(chunks), cache_(cache) {}

  // Throws Corruption when the node is missing, damaged or malformed.
  NodePtr get(const Hash& hash);
  // Child i of an internal node, which came from a store on the same cache; also throws Corruption
  // unless the child's level is exactly one less, its row count and last key are those the parent
  // states, and its first key is above the previous child's last. A child in the cache costs a few
  // loads.
  NodePtr child(const Node& parent, std::size_t i) {
    if (const Node* cached = cache_.find(parent.child_ref(i))) return NodePtr(cached);
    return find_child(parent, i);
  }
  // Queues a well-formed encoded node in the chunk store; `cached`, when it is to be read soon.
  Hash put(BytesView body, bool cached = false);

  // To be told of a node that a newer version of its tree replaced: a root, or a child in the place
  // where its parent last found it.
  void retire_root(const Hash& root);
  void retire_child(CacheRef ref) { cache_.retire(ref); }

  ChunkStore& chunks() { return chunks_; }

 private:
  NodePtr find(const Hash& hash, CacheRef& ref);
  NodePtr find_child(const Node& parent, std::size_t i);

  ChunkStore& chunks_;
  NodeCache& cache_;
};

}  // namespace vkv
