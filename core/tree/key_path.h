// KeyPath: the way to one key in one tree, read only as far as is asked.
#pragma once

#include <optional>
#include <vector>

#include "core/tree/node_store.h"

namespace vkv {

// Any call may throw Corruption. `nodes` and the key's bytes must outlive it.
class KeyPath {
 public:
  KeyPath(NodeStore& nodes, const Hash& root, BytesView key);

  // Whether both trees have the same value under the key, or neither has it. Compares the hashes of
  // the nodes on the two ways, from the roots down: where they meet, nothing below is read.
  bool leads_to_same(KeyPath& other);
  // The value under the key, borrowed from this object; absent when there is none.
  std::optional<StoredValue> value();

 private:
  // Level of the root.
  unsigned height();
  // The node of `level` on the way, and its hash; null and absent when the tree ends before the
  // key.
  const Node* node(unsigned level);
  std::optional<Hash> hash(unsigned level);

  NodeStore* nodes_;
  Hash root_;
  BytesView key_;
  std::vector<NodePtr> path_;  // root first, as far as it was read
};

}  // namespace vkv
