// Nodes by hash, through a bounded cache.
#pragma once

#include <cstddef>
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
// alive (pointer swizzling as in LeanStore, made safe by generations).
class NodeCache {
 public:
  explicit NodeCache(std::size_t budget) : budget_(budget) {}

  NodePtr find(const Hash& hash, CacheRef& ref);
  // Null when `ref` is stale.
  const Node* find(CacheRef ref);
  CacheRef insert(const Hash& hash, NodePtr node);
  void clear();

 private:
  struct Slot {
    Hash hash;
    NodePtr node;
    std::uint32_t generation = 1;
    bool recently_used = false;
  };
  std::size_t budget_;
  std::size_t used_ = 0;
  std::size_t hand_ = 0;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::unordered_map<Hash, std::uint32_t> index_;
};

// Reads and writes nodes. Not thread-safe; chunks and cache must outlive it.
class NodeStore {
 public:
  NodeStore(ChunkStore& chunks, NodeCache& cache) : chunks_(chunks), cache_(cache) {}

  // Throws Corruption when the node is missing, damaged or malformed.
  NodePtr get(const Hash& hash);
  // Child i of an internal node; also throws Corruption unless its level is exactly one less, its
  // row count and last key are those the parent states, and its first key is above the previous
  // child's last.
  NodePtr child(const Node& parent, std::size_t i);
  // Queues an encoded node in the chunk store.
  Hash put(Bytes body);

  ChunkStore& chunks() { return chunks_; }

 private:
  ChunkStore& chunks_;
  NodeCache& cache_;
};

}  // namespace vkv
