// TreeChecker: verifies trees, however many share their nodes, reading every object once.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "core/tree/node.h"

namespace vkv {

class ChunkStore;

// Bypasses the node cache. Holds, for every node it has seen, its first and last key; for every
// list and blob its size. The chunk store must outlive it.
class TreeChecker {
 public:
  explicit TreeChecker(ChunkStore& chunks) : chunks_(chunks) {}

  // Verifies what of this tree has not been seen yet: that every node and value is there and well
  // formed, every child is what its parent states, and the keys ascend through the whole tree.
  // Throws Corruption, naming the object. Uses no recursion.
  void check(const Hash& root);

  // Whether a checked tree has this node, list or blob.
  bool has_seen(const Hash& hash) const { return nodes_.contains(hash) || values_.contains(hash); }

 private:
  struct Summary {
    unsigned level = 0;
    std::uint64_t rows = 0;
    Bytes first_key;
    Bytes last_key;
  };

  // What a parent states of a child.
  struct Claim {
    Hash child;
    unsigned level = 0;
    std::uint64_t rows = 0;
    Bytes last_key;
    std::optional<Bytes> above;  // the last key of the child before it
  };

  // Of a node that may have been seen; else reads it and opens its children.
  const Summary& see(const Hash& hash);
  void open_children(const Node& node);
  void check_values(const Node& leaf);
  void check_outside_value(const StoredValue& value);
  void check_blob(const Hash& hash, std::uint64_t size);
  static void verify(const Claim& claim, const Summary& child);

  ChunkStore& chunks_;
  std::unordered_map<Hash, Summary> nodes_;
  std::unordered_map<Hash, std::uint64_t> values_;  // lists and blobs: size of their value
  std::vector<Claim> open_;
};

}  // namespace vkv
